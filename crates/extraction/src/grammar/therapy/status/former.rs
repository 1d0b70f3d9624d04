//! Plans of before: `本拟R-DHAP,因肾功能不全改为R-GemOx`, and rules for a class of patients, `CR者行自体移植`.

use crate::{
    grammar::therapy::{
        count::Territory,
        name::Name,
        words::{last_end, says},
    },
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::therapy::{BEGUN_SINCE, CHANGED_TO, FORMER_PLAN},
    words::words,
};

/// `CR患者行自体移植`, `PD者换R-GemOx`: what is done with those who reach a response is a rule, and no fact of this patient.
pub(super) fn is_for_a_class(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BACK: usize = 16;
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, BACK);
    let clause = (before.start..before.end)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | '。' | BREAK))
        .map_or(before.start, |at| at + 1);
    let class = words![
        "cr者",
        "pr者",
        "sd者",
        "pd者",
        "cr患者",
        "pr患者",
        "sd患者",
        "pd患者",
        "缓解者",
        "进展者",
        "复发者"
    ];
    let own = sheet.before(name.span.start, 2 * BACK);
    let judged = says(stream, own, words!["评价", "评估", "评效", "疗效", "周期后"]);
    !judged && says(stream, Span::new(clause, name.span.start), class)
}

/// What became of a plan that is told as one of before: `本拟R-DHAP,因肾功能不全改为R-GemOx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Former {
    /// Planned, and another course was taken.
    Left,
    /// Taken in the place of what was planned.
    TakenInstead,
}

/// Nothing where the change itself is planned or under a condition, or where a part of the plan was given.
pub(super) fn former_plan(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Former> {
    const BESIDE: usize = 16;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let open = words!["若", "如", "拟", "考虑", "建议", "待", "计划", "准备", "打算", "是否", "需"];
    let planned = last_end(stream, Span::new(sentence.start, name.span.start), FORMER_PLAN)?;
    let gap = Span::new(planned, name.span.start);
    let stops = |of: Span| (of.start..of.end).any(|at| matches!(stream.at(at), ';' | '。' | BREAK));
    let commas = |of: Span| (of.start..of.end).any(|at| stream.at(at) == ',');
    if stops(gap) || says(stream, gap, open) {
        return None;
    }
    if let Some(change) = last_end(stream, gap, CHANGED_TO) {
        let near = Span::new(change, name.span.start);
        let assessed = says(
            stream,
            sheet.after(name.span.end, 2 * BESIDE),
            words!["疗效", "评效", ",cr", ",pr", ",sd", ",pd", "达cr", "达pr", "后cr", "后pr", "后pd"],
        );
        // A change of plans is no proof that the new one was carried out.
        let given = is_told_as_begun(sheet, name, own) || assessed;
        return (!commas(near) && near.len() <= BESIDE && given).then_some(Former::TakenInstead);
    }
    let rest = Span::new(name.span.end, sentence.end);
    let change = stream.words_beginning(rest, CHANGED_TO).next()?;
    let between = Span::new(name.span.end, change.start());
    let part = words!["完成", "已", "程", "周期", "疗程", "第", "次", "后"];
    if commas(gap) || stops(between) || says(stream, between, open) || says(stream, between, part) {
        return None;
    }
    let other = sheet
        .candidates_in(Span::new(change.start(), change.end() + BESIDE))
        .iter()
        .any(|of| matches!(of.hit.concept.kind(), "reg" | "drug") && of.hit.concept != name.concept);
    other.then_some(Former::Left)
}

/// `桥接予奥布替尼150mg qd已开始`, `改为来那度胺维持,现第5月`: told behind the name as going on or over.
pub(super) fn is_told_as_begun(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 24;
    let stream = &sheet.stream;
    let behind = Span::new(name.span.end, own.end.min(name.span.end + REACH).max(name.span.end));
    let Some(word) = stream.words_beginning(behind, BEGUN_SINCE).next() else { return false };
    let gap = stream.lower_text(Span::new(name.span.end, word.start()));
    let bare = ["方案", "治疗", "维持", "口服", "静滴", "每日", "每天", "一次", "两次", "桥接", "片"]
        .iter()
        .fold(gap.to_owned(), |gap, word| gap.replace(word, ""));
    let next = stream.at(word.end());
    let counted = next.is_ascii_digit() || "一二三四五六七八九十两".contains(next);
    let ends = matches!(next, ',' | ';' | '。' | ')' | BREAK | CELL);
    // `现第5月`, `今日第1天`: the word itself opens a count.
    let numbered = stream.at(word.end() - 1) == '第';
    !bare.chars().any(crate::stream::is_han) && !bare.contains(';') && (ends || counted || numbered)
}
