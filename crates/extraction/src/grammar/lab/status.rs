//! What keeps a name or a number from being a result: not done, awaited, asked for, or part of a criterion.

use super::{Name, SEROLOGY, row::Cells};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{CELL, Hit, Span},
    vocabulary::lab::{
        AIM, CONDITION, CONDITION_PROMPTS, LIMIT_LEADS, PRINTED_LIMIT, STATUS_ASKED, STATUS_ASKED_HAN,
        STATUS_CONDITIONS, STATUS_HOLDS, STATUS_PENDING, STATUS_REQUIRED, STATUS_REQUIRES, STATUS_UNOBTAINED,
        STATUS_WILL_HAN,
    },
    words::words,
};
use cartulary_model::{Assertion, Comparator, fact::Attr};

/// Whether something between the name and the number says that there is no result.
pub(super) fn is_unobtained(sheet: &Sheet<'_>, gap: Span) -> bool {
    gap.end > gap.start + 2 && sheet.says(gap, STATUS_UNOBTAINED)
}

/// `β2-MG待回报`, "ferritin is pending": a test without a result yet.
pub(super) fn pending(sheet: &Sheet<'_>, name: &Name, limit: usize) -> Option<Draft> {
    let end = clause_end(sheet, name.span().end, limit.clamp(name.span().end, name.span().end + 48));
    // "HBV DNA sent, result not back"
    let of_result = words![
        ", result not back",
        ", results not back",
        ", result pending",
        ", results pending",
        ", result awaited",
        ", result outstanding"
    ];
    let end = sheet.stream.words_at(end, of_result).next().map_or(end, |of| of.end());
    let window = Span::new(name.span().end, end);
    let cue_end = sheet.stream.words_in(window, STATUS_PENDING).next()?.end();
    let unobtained = sheet.says(window, STATUS_UNOBTAINED) && !sheet.says(window, words!["未回"]);
    let known = !name.weak || SEROLOGY.contains(&name.id());
    (!unobtained && known).then(|| awaited(name, Span::new(name.span().start, cue_end), "lab.pending"))
}

fn awaited(name: &Name, span: Span, rule: &'static str) -> Draft {
    let mut draft = Draft::new(name.id(), span, rule).named_at(name.span()).word(Attr::Status, "pending");
    draft.assertion = Some(Assertion::Hypothetical);
    draft
}

fn clause_end(sheet: &Sheet<'_>, from: usize, to: usize) -> usize {
    (from..to).find(|at| matches!(sheet.stream.at(*at), ',' | CELL)).unwrap_or(to)
}

/// "check ferritin and CRP today", `建议查HBV-DNA定量`, "waiting for LDH": names without a value that are asked for.
pub(super) fn asked(sheet: &Sheet<'_>, names: &[Name], drafts: &[Draft]) -> Vec<Draft> {
    let mut found: Vec<Draft> = Vec::new();
    let mut before: Option<Span> = None;
    for name in names {
        let listed = before.take().filter(|of| is_listed(sheet, of.end, name.span().start)).is_some();
        let after = drafts.partition_point(|draft| draft.name.start < name.span().start);
        let said = drafts[after.saturating_sub(3)..].iter().take(6).any(|of| of.span.overlaps(name.span()));
        if said || name.weak || !(listed || is_asked(sheet, name.span().start)) || followed(sheet, name) {
            continue;
        }
        before = Some(name.span());
        found.push(awaited(name, name.span(), "lab.asked"));
    }
    found
}

/// A name that goes on into a number or a verdict was read and left alone on purpose.
fn followed(sheet: &Sheet<'_>, name: &Name) -> bool {
    let after = sheet.stream.lower_text(sheet.after(name.span().end, 8));
    let after = after.trim_start();
    sheet.stream.text_begins(after, words!["正常", "normal", "is ", "was ", "were ", ">", "<", "≥", "≤"])
        || after.starts_with(|of: char| of.is_ascii_digit())
}

fn is_asked(sheet: &Sheet<'_>, at: usize) -> bool {
    let clause = sheet.before(at, 30);
    let start = (clause.start..clause.end)
        .rev()
        .find(|of| matches!(sheet.stream.at(*of), ',' | CELL))
        .map_or(clause.start, |of| of + 1);
    let text = sheet.stream.lower_text(Span::new(start, at));
    let text = text.trim_end();
    let near = text
        .trim_end_matches(" the")
        .trim_end_matches(" a")
        .trim_end_matches(" his")
        .trim_end_matches(" her");
    let english = STATUS_ASKED.iter().any(|word| {
        near.strip_suffix(word).is_some_and(|rest| !rest.ends_with(|of: char| of.is_ascii_alphabetic()))
    });
    let chinese =
        sheet.stream.text_ends(text, STATUS_ASKED_HAN) && sheet.stream.text_has(text, STATUS_WILL_HAN);
    english || chinese || is_awaited(sheet, at, text)
}

/// `待HBV-DNA回报后…`, `等LDH结果`: a result that something waits for.
fn is_awaited(sheet: &Sheet<'_>, at: usize, before: &str) -> bool {
    const BACK: usize = 24;
    let waits = sheet.stream.text_ends(before, words!["待", "等待", "等", "要等", "待复查"]);
    waits && {
        let after = sheet.stream.lower_text(sheet.after(at, BACK));
        let clause = after.split([',', ';', '。']).next().unwrap_or_default();
        sheet.stream.text_has(clause, words!["回报", "结果", "报告", "回来", "出来", "归", "回"])
    }
}

pub(super) fn is_listed(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    let glue = sheet.stream.lower_text(Span::new(from.min(to), to));
    // A virus named without a test of its own stands in lists: `HIV/HBV/HCV negative`.
    let glue = glue.replace("hbv", "");
    let glue = glue.trim().trim_matches([',', '、', '(', ')', '/']).trim();
    matches!(
        glue,
        "" | "and" | "和" | "及" | "与" | "/" | "or" | "&" | "plus" | "as well as" | "和/或" | "以及"
    )
}

/// "needs ANC >= 1.0", `入组标准：PLT≥75`, "if Hb <70", `PLT<20时输注`: a number of a rule and not of the patient.
pub(super) fn is_condition(sheet: &Sheet<'_>, hit: &Hit, cells: &Cells) -> bool {
    let worded = is_bound_in_words(sheet, hit, cells);
    let bound = cells.number.comparator != Comparator::Equal;
    let sentence = sheet.sentence(hit.span.start);
    let before = Span::new(sentence.start.max(hit.span.start.saturating_sub(120)), hit.span.start);
    // "She needs transfusions, platelets below 20": a bound in words is one of its own clause. `入组要求血小板大于50，射血分数50%以上` goes on.
    let listed = crate::stream::is_han(sheet.stream.at(hit.span.start));
    let clause = (before.start..before.end).rev().find(|at| matches!(sheet.stream.at(*at), ',' | ';' | ':'));
    let own = Span::new(clause.map_or(before.start, |at| at + 1), before.end);
    // Right behind the bound: "platelets <20, transfusion required" tells a count.
    let behind = sheet.stream.lower_text(sheet.after(cells.end, 30)).trim_start();
    if bound && !worded && sheet.says(before, STATUS_REQUIRES)
        || worded && sheet.says(if listed { before } else { own }, STATUS_REQUIRES)
        || (bound || worded) && sheet.stream.text_begins(behind, STATUS_REQUIRED)
        || sheet.says(before.to(hit.span), AIM)
    {
        return true;
    }
    // "our upper limit for ferritin is 400"
    if sheet.stream.reads_back_any(hit.span.start, LIMIT_LEADS) {
        return true;
    }
    let gap = Span::new(hit.span.end, cells.number.span.start);
    if sheet.says(gap, CONDITION) {
        return true;
    }
    if is_printed_limit(sheet, gap, cells) {
        return true;
    }
    let near = sheet.before(hit.span.start, 26);
    let letter = |at: usize| at > near.start && sheet.stream.lower[at - 1].is_ascii_alphabetic();
    let cue = sheet.stream.last_inside(near, STATUS_CONDITIONS).into_iter();
    let cue = cue.filter(|of| !letter(of.start())).max_by_key(|of| (of.start(), of.end()));
    let conditional = cue.is_some_and(|of| {
        let rest = sheet.stream.lower_text(Span::new(of.end(), near.end));
        !rest.contains([',', ';', '。']) && !rest.starts_with("下") && !rest.starts_with("时")
    });
    if conditional && !sheet.is_kind(&["sec.doc_lab", "sec.doc_cbc"]) {
        return true;
    }
    let after = sheet.stream.lower_text(sheet.after(cells.end, 6));
    let later = sheet.stream.lower_text(sheet.after(cells.end, 12));
    if bound && sheet.says(near, STATUS_HOLDS) {
        return true;
    }
    if bound && sheet.stream.text_begins(later.trim_start(), CONDITION_PROMPTS) {
        return true;
    }
    bound
        && sheet
            .stream
            .text_begins(after, words!["时", "者", "为正常", "属正常", "以上", "以下", "方可", "即", "则"])
}

/// "platelets over 50", "ANC of at least 1".
fn is_bound_in_words(sheet: &Sheet<'_>, hit: &Hit, cells: &Cells) -> bool {
    let gap = Span::new(hit.span.end, cells.number.span.start);
    let behind = sheet.stream.reads_any(cells.end, words!["以上", "以下", "及以上"]);
    behind
        || gap.len() < 20
            && sheet.says(
                gap,
                words![
                    "over ",
                    "above ",
                    "at least ",
                    "more than ",
                    "greater than ",
                    "below ",
                    "under ",
                    "less than ",
                    "至少",
                    "大于",
                    "高于",
                    "超过",
                    "不低于",
                    "低于",
                    "小于"
                ],
            )
}

/// "ferritin normal 30-400", "CRP target < 5", `铁蛋白参考值30-400`: the limits, where no result stands.
fn is_printed_limit(sheet: &Sheet<'_>, gap: Span, cells: &Cells) -> bool {
    let words = sheet.stream.lower_text(gap);
    if words.contains(|of: char| of.is_ascii_digit()) {
        return false;
    }
    let end = cells.number.span.end;
    let range = matches!(sheet.stream.at(end), '-' | '~') && sheet.stream.at(end + 1).is_ascii_digit();
    let bound = range || cells.number.comparator != Comparator::Equal;
    sheet.stream.text_has(words, PRINTED_LIMIT)
        || (bound && words.trim().trim_end_matches([':', '(']).trim_end() == "normal")
}
