//! Response, relapse, progression, refractory disease.
//!
//! ## Reads
//! `评效CR`, `达PR`, `疗效评估：完全缓解`, "achieved complete remission", "with progressive disease", `3个月后复发`,
//! "relapse after 10 months", `难治`.
//!
//! ## Leaves alone
//! CR and PR among markers (calretinin, progesterone receptor), PD-1, stable vital signs.
//!
//! ## References
//! - Cheson 2014 (Lugano categories)

use super::Claims;
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Hit, Span},
};
use cartulary_catalogue::Needs;
use cartulary_model::{Assertion, ConceptId, Value, fact::Attr};

const CATEGORIES: [&str; 4] = ["find.cr", "find.pr", "find.sd", "find.pd"];
const STATES: [&str; 5] =
    ["find.relapsed", "find.refractory", "find.primary_refractory", "find.rr", "find.early_relapse"];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for candidate in &sheet.candidates {
        let hit = &candidate.hit;
        if claims.has(hit.span) || drafts.iter().any(|draft| draft.span.overlaps(hit.span)) {
            continue;
        }
        let id = hit.concept.as_str();
        if CATEGORIES.contains(&id) {
            let stands = candidate.needs.is_none() || in_response_context(sheet, hit);
            if stands && !is_other_sense(sheet, hit) {
                drafts.push(category(sheet, hit));
            }
        } else if STATES.contains(&id) {
            drafts.push(state(sheet, hit));
        }
    }
    drafts.extend(line_count(sheet));
    drafts
}

/// A word of assessment before it, or a course of therapy before it in the sentence.
fn in_response_context(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = sheet.before(hit.span.start, 26);
    let after = sheet.after(hit.span.end, 8);
    let words = [
        "达",
        "评",
        "疗效",
        "缓解",
        "response",
        "achiev",
        "remission",
        "best",
        "获",
        "后",
        "restaging",
        "assess",
        "reached",
        "示",
        "状态",
        "维持",
        "取得",
        "with",
        "then",
        "->",
        "→",
        "pet",
        "in ",
    ];
    let marker_list = sheet.says(after, &["(+", "(-", "("])
        && !sheet.says(after, &["(cr", "(pr", "(pd", "(sd", "(20", "(deau", "(pet"]);
    let course = sheet.candidates.iter().any(|of| {
        (of.hit.concept.is("reg") || of.hit.concept.is("drug"))
            && of.hit.span.end <= hit.span.start
            && of.hit.span.start >= before.start
    });
    !marker_list && (sheet.says(before, &words) || course || cell_alone(sheet, hit))
}

/// A table cell that holds nothing else.
fn cell_alone(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = hit.span.start.checked_sub(1).map_or('\n', |at| sheet.stream.at(at));
    let after = sheet.stream.at(hit.span.end);
    matches!(before, '\t' | '\n') && matches!(after, '\t' | '\n' | ' ' | '(')
}

fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let after = sheet.stream.lower_text(sheet.after(hit.span.end, 10));
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 8));
    after.starts_with("-1")
        || after.starts_with("-l1")
        || after.starts_with("期")
        || after.starts_with("性病")
        || after.starts_with("性加重")
        || before.ends_with("病程")
        || before.ends_with("完全缓解, ")
        || before.ends_with("生命体征")
        || after.starts_with("-free")
        || after.starts_with(" free")
}

fn category(sheet: &Sheet<'_>, hit: &Hit) -> Draft {
    let mut draft = Draft::new(hit.concept.as_str(), hit.span, "response.category").named_at(hit.span);
    // `CR` is no cue-bound finding, but "未达CR", "not in CR", "if progression" are.
    let reading = sheet.modifiers.read(hit.span);
    let unreached = sheet.says(sheet.before(hit.span.start, 6), &["未达", "未获", "未能", "not in"]);
    if unreached {
        draft.assertion = Some(Assertion::Negated);
    } else if reading.assertion == Assertion::Possible {
        // 评估为可能 is doubt; `提示`/`考虑PD` states an assessment.
        let considered = sheet.says(sheet.before(hit.span.start, 6), &["考虑", "评估"]);
        let doubted = sheet.says(sheet.after(hit.span.end, 4), &["可能", "不除外", "不能除外", "待排", "?"]);
        let stated = considered && !doubted;
        draft.assertion = Some(if stated { Assertion::Present } else { Assertion::Possible });
    }
    if let Some(after) = therapy_before(sheet, hit.span.start) {
        draft = draft.word(Attr::After, after.as_str());
    }
    if let Some(timepoint) = timepoint(sheet, hit) {
        draft = draft.word(Attr::Timepoint, timepoint);
    }
    draft
}

/// The last course told before, not further than the paragraph.
fn therapy_before(sheet: &Sheet<'_>, at: usize) -> Option<ConceptId> {
    let paragraph = (0..at).rev().find(|of| sheet.stream.at(*of) == '\n').map_or(0, |of| of + 1);
    let from = paragraph.max(at.saturating_sub(220));
    sheet
        .candidates
        .iter()
        .rev()
        .filter(|of| of.needs.is_none_or(|needs| needs == Needs::Therapy))
        .map(|of| &of.hit)
        .find(|hit| hit.span.end <= at && hit.span.start >= from && is_course(sheet, hit))
        .map(|hit| hit.concept.clone())
}

fn is_course(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    if hit.concept.is("reg") {
        return true;
    }
    let classes = sheet.catalogue().drug_classes(&hit.concept);
    hit.concept.is("drug")
        && !classes.is_empty()
        && !classes.iter().any(|class| {
            ["corticosteroid", "growth factor", "HBV antiviral", "immunoglobulin", "antiepileptic"]
                .iter()
                .any(|of| class.starts_with(of))
        })
}

pub(super) fn timepoint(sheet: &Sheet<'_>, hit: &Hit) -> Option<String> {
    if let Some(day) = day_after_infusion(sheet, hit.span) {
        return Some(day);
    }
    let window = sheet.before(hit.span.start, 40);
    let text = sheet.stream.lower_text(window);
    let words = [
        ("中期", "interim"),
        ("interim", "interim"),
        ("end of treatment", "eot"),
        ("end-of-treatment", "eot"),
        ("末次化疗后", "eot"),
        ("化疗结束", "eot"),
        ("治疗结束", "eot"),
        ("best response", "best"),
        ("最佳疗效", "best"),
    ];
    words
        .iter()
        .filter_map(|(word, code)| text.rfind(word).map(|byte| (byte, *code)))
        .max()
        .map(|(_, code)| code.to_owned())
}

/// `Day 90`, `D28`, `+28天`, `Month 3`, `M1`, `回输后1月`: the visit that a finding belongs to, after an infusion of cells.
fn day_after_infusion(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    let sentence = sheet.sentence(span.start);
    let around = Span::new(sentence.start.max(span.start.saturating_sub(60)), span.start);
    let infused = ["回输", "输注", "infus", "car-t", "-cel", "leucel", "cart", "post-infusion"]
        .iter()
        .any(|word| sheet.says(Span::new(around.start.saturating_sub(40), sentence.end), &[word]));
    if !infused {
        return None;
    }
    (around.start..around.end).rev().find_map(|at| {
        let before = at.checked_sub(1).map_or(' ', |of| sheet.stream.at(of));
        if before.is_ascii_alphanumeric() {
            return None;
        }
        let rest = sheet.stream.lower_text(sheet.within(Span::new(at, at + 6)));
        let prefixes = [
            ("day ", "D", 4),
            ("day+", "D", 4),
            ("d+", "D", 2),
            ("d", "D", 1),
            ("month ", "M", 6),
            ("m", "M", 1),
        ];
        if let Some((_, code, skip)) = prefixes
            .iter()
            .find(|(prefix, _, skip)| rest.starts_with(prefix) && sheet.stream.at(at + skip).is_ascii_digit())
        {
            let number = number::number_behind(&sheet.stream, at + skip)?;
            let ends = !sheet.stream.at(number.span.end).is_ascii_alphanumeric();
            return (ends && number.value.fract() == 0.0).then(|| format!("{code}{}", number.value));
        }
        let number = number::number_at(&sheet.stream, at)?;
        let unit = sheet.stream.lower_text(sheet.within(Span::new(number.span.end, number.span.end + 8)));
        let unit = unit.trim_start();
        let code = if unit.starts_with('天') {
            "D"
        } else if unit.starts_with("个月") || unit.starts_with('月') || unit.starts_with("month") {
            "M"
        } else {
            return None;
        };
        let dated = sheet.mentions.iter().any(|of| of.span.overlaps(number.span));
        (!dated && number.value.fract() == 0.0).then(|| format!("{code}{}", number.value))
    })
}

fn state(sheet: &Sheet<'_>, hit: &Hit) -> Draft {
    let mut draft = Draft::new(hit.concept.as_str(), hit.span, "response.relapse").named_at(hit.span);
    if let Some((months, span)) = interval(sheet, hit.span) {
        draft = draft.word(Attr::Interval, format!("{months} mo"));
        draft.span = draft.span.to(span);
    }
    draft
}

/// `relapse after 10 months`, `停药3个月后复发`, `3月后复发`, `relapsed 3 months after`, `within 3 months`.
fn interval(sheet: &Sheet<'_>, span: Span) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let window = sheet.before(span.start, 22).to(sheet.after(span.end, 30));
    (window.start..window.end).find_map(|at| {
        let before = stream.at(at.saturating_sub(1));
        if before.is_ascii_alphanumeric()
            || matches!(before, '-' | '.' | '年' | '/')
            || sheet.mentions.iter().any(|of| of.span.overlaps(Span::new(at, at + 1)) && !of.relative)
        {
            return None;
        }
        let (value, end) = number::number_at(stream, at)
            .map(|of| (of.value, of.span.end))
            .or_else(|| word_number(sheet, at))?;
        let rest = stream.lower_text(sheet.within(Span::new(end, end + 12)));
        let rest = rest.trim_start_matches([' ', '-', '余', '多']);
        let factor = if rest.starts_with("个月") || rest.starts_with("月") || rest.starts_with("month") {
            1.0
        } else if rest.starts_with("year") || rest.starts_with('年') {
            12.0
        } else if rest.starts_with("week") || rest.starts_with('周') && !rest.starts_with("周期") {
            12.0 / 52.0
        } else {
            return None;
        };
        let around = stream.lower_text(sheet.within(Span::new(at.saturating_sub(12), end + 16)));
        let linked = ["后", "after", "later", "within", "内", "of ", "停药", "结束"]
            .iter()
            .any(|word| around.contains(word));
        let unit_end =
            end + 1 + usize::from(stream.at(end) == ' ') + if rest.starts_with("month") { 5 } else { 1 };
        let close = if at >= span.end { at - span.end <= 22 } else { span.start.saturating_sub(end) <= 14 };
        (linked && close && value > 0.0)
            .then(|| ((value * factor * 10.0).round() / 10.0, Span::new(at, unit_end.min(stream.len()))))
    })
}

fn word_number(sheet: &Sheet<'_>, at: usize) -> Option<(f64, usize)> {
    let words = [
        ("three", 3.0),
        ("two", 2.0),
        ("one", 1.0),
        ("four", 4.0),
        ("five", 5.0),
        ("six", 6.0),
        ("seven", 7.0),
        ("eight", 8.0),
        ("nine", 9.0),
        ("ten", 10.0),
        ("twelve", 12.0),
        ("半", 0.5),
    ];
    words.iter().find_map(|(word, value)| {
        let length = word.chars().count();
        (sheet.stream.lower_text(sheet.within(Span::new(at, at + length))) == *word)
            .then_some((*value, at + length))
    })
}

/// "4 prior lines", `既往3线治疗`: what the paper itself counts.
fn line_count(sheet: &Sheet<'_>) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut drafts = Vec::new();
    for at in 0..stream.len() {
        let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
        if before.is_ascii_alphanumeric() {
            continue;
        }
        let Some((value, end)) = number::number_at(stream, at)
            .map(|of| (of.value, of.span.end))
            .or_else(|| word_number(sheet, at))
            .or_else(|| han_number(sheet, at))
        else {
            continue;
        };
        let rest = stream.lower_text(sheet.within(Span::new(end, end + 34)));
        let english = [
            " prior lines",
            " previous lines",
            " lines of therapy",
            " lines of treatment",
            " lines of systemic",
            " line of therapy",
            " line of treatment",
            " line of systemic",
            " prior line",
        ]
        .iter()
        .find(|word| rest.starts_with(**word));
        let chinese = rest.starts_with("线治疗") || rest.starts_with("线系统治疗");
        let counted = chinese && sheet.says(sheet.before(at, 8), &["既往", "共", "接受", "经"]);
        if (english.is_some() || counted) && (1.0..=15.0).contains(&value) && value.fract() == 0.0 {
            let span = Span::new(at, end + english.map_or(3, |word| word.chars().count()));
            drafts.push(
                Draft::new("event.line_count", span, "response.line_count").value(Value::Number(value)),
            );
        }
    }
    drafts
}

fn han_number(sheet: &Sheet<'_>, at: usize) -> Option<(f64, usize)> {
    let numbers = [('一', 1.0), ('二', 2.0), ('两', 2.0), ('三', 3.0), ('四', 4.0), ('五', 5.0), ('六', 6.0)];
    numbers.iter().find(|(of, _)| sheet.stream.at(at) == *of).map(|(_, value)| (*value, at + 1))
}
