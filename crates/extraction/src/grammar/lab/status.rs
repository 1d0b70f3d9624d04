//! What keeps a name or a number from being a result: not done, awaited, asked for, or part of a criterion.

use super::{Name, SEROLOGY, row::Cells};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{CELL, Hit, Span},
};
use cartulary_model::{Assertion, Comparator, fact::Attr};

/// No result will come of this sample.
pub(super) const UNOBTAINED: &[&str] = &[
    "未检测",
    "未做",
    "未查",
    "未测",
    "未检查",
    "未行",
    "未报",
    "拒查",
    "溶血",
    "脂血",
    "标本",
    "凝集",
    "凝块",
    "污染",
    "不足",
    "无法",
    "not tested",
    "not done",
    "not performed",
    "not available",
    "not measured",
    "not checked",
    "n/a",
    "haemoly",
    "hemoly",
    "clotted",
    "clumped",
    "insufficient",
    "unable",
    "see comment",
    "specimen",
    "sample lost",
    "qns",
    "unsuitable",
    "cancelled",
    "canceled",
    "重抽",
    "未送",
    "缺如",
    "未提供",
    "unknown",
    "不详",
    "未知",
];
/// The result is still to come.
pub(super) const PENDING: &[&str] = &[
    "待回",
    "待报",
    "待出",
    "待复",
    "待查",
    "待检",
    "待测",
    "待结果",
    "待确",
    "待验",
    "结果未回",
    "未回",
    "未归",
    "未出",
    "结果待",
    "送检中",
    "已送检",
    "检测中",
    "尚未出",
    "尚未回",
    "已外送",
    "已抽",
    "pending",
    "awaited",
    "to follow",
    "outstanding",
    "sent, result",
    "sent - result",
    "sent; result",
    "另报",
    "预计",
    "not yet back",
    "not back",
    "still out",
    "requested",
    "has been sent",
    "have been sent",
    "was sent",
    "were sent",
    "in progress",
    "not yet available",
    "not yet reported",
    "awaiting",
    "being repeated",
    "tbc",
    "tbd",
    "已送",
];
/// Somebody asks for the test.
const ASKED: &[&str] = &[
    "check",
    "recheck",
    "re-check",
    "repeat",
    "monitor",
    "request",
    "send",
    "order",
    "measure",
    "awaiting",
    "waiting for",
    "await",
    "await the",
    "chase",
    "add on",
    "pending:",
    "to follow:",
    "outstanding:",
];
const ASKED_HAN: &[&str] = &["查", "测", "监测", "检测", "完善", "化验", "复查", "送检", "筛查", "评估"];
const WILL_HAN: &[&str] =
    &["建议", "拟", "需", "应", "待", "请", "定期", "计划", "必要时", "尚需", "还需", "嘱", "下次", "予"];
/// Requirements that a number may belong to.
const REQUIRES: &[&str] = &[
    "requir",
    "criteri",
    "eligib",
    "inclusion",
    "exclusion",
    "threshold",
    "must ",
    "needs ",
    "need ",
    "should be",
    "at least",
    "target",
    "aim ",
    "aiming",
    "goal",
    "protocol",
    "transfuse ",
    "keep ",
    "maintain ",
    "入组",
    "入选",
    "纳入",
    "排除标准",
    "标准",
    "要求",
    "需满足",
    "需达",
    "必须",
    "条件",
    "阈值",
    "目标",
    "须",
    "方可",
    "才能",
    "应≥",
    "应>",
    "需≥",
    "需>",
];
const CONDITIONS: &[&str] = &[
    "once ",
    "if ",
    "until ",
    "provided ",
    "when ",
    "unless ",
    "whenever ",
    "as soon as ",
    "for a ",
    "only if ",
    "如",
    "若",
    "待",
    "直至",
    "当",
    "直到",
    "一旦",
];

/// Whether something between the name and the number says that there is no result.
pub(super) fn is_unobtained(sheet: &Sheet<'_>, gap: Span) -> bool {
    gap.end > gap.start + 2 && sheet.says(gap, UNOBTAINED)
}

/// `β2-MG待回报`, "ferritin is pending": a test without a result yet.
pub(super) fn pending(sheet: &Sheet<'_>, name: &Name, limit: usize) -> Option<Draft> {
    let end = clause_end(sheet, name.span().end, limit.clamp(name.span().end, name.span().end + 48));
    let window = Span::new(name.span().end, end);
    let text = sheet.stream.lower_text(window);
    let word = PENDING.iter().filter_map(|word| text.find(word).map(|byte| (byte, word))).min()?;
    let unobtained = UNOBTAINED.iter().any(|of| text.contains(of)) && !text.contains("未回");
    let cue_end = window.start + text[..word.0].chars().count() + word.1.chars().count();
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
    ["正常", "normal", "is ", "was ", "were ", ">", "<", "≥", "≤"].iter().any(|word| after.starts_with(word))
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
    let english = ASKED.iter().any(|word| {
        near.strip_suffix(word).is_some_and(|rest| !rest.ends_with(|of: char| of.is_ascii_alphabetic()))
    });
    let chinese =
        ASKED_HAN.iter().any(|word| text.ends_with(word)) && WILL_HAN.iter().any(|word| text.contains(word));
    english || chinese || is_awaited(sheet, at, text)
}

/// `待HBV-DNA回报后…`, `等LDH结果`: a result that something waits for.
fn is_awaited(sheet: &Sheet<'_>, at: usize, before: &str) -> bool {
    const BACK: usize = 24;
    let waits = ["待", "等待", "等", "要等", "待复查"].iter().any(|word| before.ends_with(word));
    waits && {
        let after = sheet.stream.lower_text(sheet.after(at, BACK));
        let clause = after.split([',', ';', '。']).next().unwrap_or_default();
        ["回报", "结果", "报告", "回来", "出来", "归", "回"].iter().any(|word| clause.contains(word))
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
    let bound = cells.number.comparator != Comparator::Equal;
    let sentence = sheet.sentence(hit.span.start);
    let before = Span::new(sentence.start.max(hit.span.start.saturating_sub(120)), hit.span.start);
    if bound && sheet.says(before, REQUIRES) {
        return true;
    }
    let gap = Span::new(hit.span.end, cells.number.span.start);
    if sheet.says(
        gap,
        &["must ", "should ", "at least", "needs ", "need ", "to be ", "需", "应", "须", "要求", "至少"],
    ) {
        return true;
    }
    if is_printed_limit(sheet, gap, cells) {
        return true;
    }
    let near = sheet.stream.lower_text(sheet.before(hit.span.start, 26));
    let cue = CONDITIONS
        .iter()
        .filter_map(|word| near.rfind(word).filter(|byte| begins_word(near, *byte)).map(|byte| (byte, *word)))
        .max();
    let conditional = cue.is_some_and(|(byte, word)| {
        let rest = &near[byte + word.len()..];
        !rest.contains([',', ';', '。']) && !rest.starts_with("下") && !rest.starts_with("时")
    });
    if conditional && !sheet.is_kind(&["sec.doc_lab", "sec.doc_cbc"]) {
        return true;
    }
    let after = sheet.stream.lower_text(sheet.after(cells.end, 6));
    let prompts = ["would", "should", "will ", "warrants", "prompts", "triggers", "mandates"];
    let later = sheet.stream.lower_text(sheet.after(cells.end, 12));
    if bound && prompts.iter().any(|word| later.trim_start().starts_with(word)) {
        return true;
    }
    bound
        && ["时", "者", "为正常", "属正常", "以上", "以下", "方可", "即", "则"]
            .iter()
            .any(|word| after.starts_with(word))
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
    let limits = ["参考", "reference", "target", "目标", "正常值", "正常范围", "normal range"];
    limits.iter().any(|word| words.contains(word))
        || (bound && words.trim().trim_end_matches([':', '(']).trim_end() == "normal")
}

fn begins_word(text: &str, byte: usize) -> bool {
    !text[..byte].ends_with(|of: char| of.is_ascii_alphabetic())
}
