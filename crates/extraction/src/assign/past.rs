//! What is no longer so: old illnesses, a diagnosis that a later one replaced, a value that a later one replaced.
//!
//! ## Reads
//! Historical cues, the past medical history's heading, two diagnoses or values with a turn between them.
//!
//! ## Leaves alone
//! The day the present disease was first diagnosed: it does not make the disease a former one. What is denied, or
//! told of another person, has no past of its own.

use super::assertion::is_of_patient;
use crate::{
    assertion::{Reading, contains_any, ends_with_any, says_any, starts_with_any, trimmed},
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
};
use cartulary_model::{Assertion, Temporality};

/// The temporality of one draft, by its own cues and section.
pub(super) fn temporality(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> Temporality {
    let told = draft.assertion == Some(Assertion::Present) && is_of_patient(draft);
    let historical = reading.temporality == Temporality::Historical;
    let past = match draft.concept.kind() {
        "lab" | "bio" => is_earlier_value(sheet, draft.span, draft.name),
        "find" if draft.rule.starts_with("score") || draft.rule.starts_with("stage") => {
            is_earlier_value(sheet, draft.span, draft.name)
        }
        "find" if draft.rule.starts_with("response") || is_toxicity(draft) => false,
        _ if !told => false,
        "com" => {
            historical
                || reading.background
                || reading.resolved
                || under_past(sheet, draft)
                || is_dated_illness(sheet, draft)
        }
        "find" | "sym" => {
            let ill = reading.background
                || reading.resolved
                || under_past(sheet, draft)
                || is_dated_illness(sheet, draft);
            historical || (is_illness(draft) && ill)
        }
        "hist" | "site" => historical,
        "reg" | "drug" => is_former_treatment(sheet, draft),
        _ => false,
    };
    if past { Temporality::Historical } else { Temporality::Current }
}

fn is_toxicity(draft: &Draft) -> bool {
    matches!(draft.concept.as_str(), "find.crs" | "find.icans" | "find.hlh" | "find.icaht" | "find.tls")
}

/// What is told although it has gone: an illness, a toxicity.
pub(super) fn has_been(draft: &Draft) -> bool {
    draft.concept.is("com") && draft.rule != "probe.given" || is_illness(draft) || is_toxicity(draft)
}

/// `2019年深静脉血栓`, "MI in 2015": an illness that comes and goes, told with its year.
fn is_dated_illness(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const BESIDE: usize = 14;
    let passing = matches!(
        draft.concept.as_str(),
        "com.breast_cancer"
            | "com.lung_cancer"
            | "com.gastric_cancer"
            | "com.colon_cancer"
            | "com.prostate_cancer"
            | "com.thyroid_cancer"
            | "com.aki"
            | "find.mi"
            | "find.stroke"
            | "find.dvt_pe"
            | "find.tb"
    );
    let beside = |of: &crate::dates::DateMention| {
        of.span.end + BESIDE > draft.span.start && of.span.start < draft.span.end + BESIDE
    };
    let written = sheet.date.map(cartulary_model::PartialDate::year);
    passing && sheet.mentions.iter().any(|of| beside(of) && written.is_none_or(|year| of.date.year() < year))
}

/// Findings that are illnesses of their own.
fn is_illness(draft: &Draft) -> bool {
    matches!(
        draft.concept.as_str(),
        "find.mi"
            | "find.heart_failure"
            | "find.stroke"
            | "find.seizure"
            | "find.arrhythmia"
            | "find.dvt_pe"
            | "find.tb"
            | "find.hcv_inf"
            | "find.hiv_inf"
            | "find.syphilis"
            | "find.second_malignancy"
            | "find.autoimmune"
            | "find.hbv_active"
            | "find.hbv_resolved"
    )
}

fn under_past(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    sheet.is_under(draft.span.start, &["sec.sec_pmh"])
}

/// "previously 55%", "was 3 on admission": a value whose own words say that it is old.
fn is_earlier_value(sheet: &Sheet<'_>, span: Span, name: Span) -> bool {
    let text = |of: Span| &sheet.stream.lower[of.start..of.end];
    let inside = text(span);
    let before = text(sheet.before(name.start, 14));
    let after = text(sheet.after(span.end, 22));
    let end = after.iter().position(|of| matches!(of, ',' | ';' | '。' | '.')).unwrap_or(after.len());
    let clause = &after[..end];
    let own = ["peaked at", "previously", "原为", "曾为", "最高达", "当时", "nadir", "既往", "曾高达"];
    let led = ["previously", "previous", "既往", "当时", "曾", "former", "原", "peak"];
    let falls = [
        "降至",
        "升至",
        "转阴",
        "转为",
        "改善至",
        "下降至",
        "上升至",
        "减至",
        "恢复至",
        "降到",
        "升到",
        "增至",
        "→",
        "->",
    ];
    let from = contains_any(before, &["由", "从"]) || contains_any(inside, &["由", "从"]);
    let left = [
        "at diagnosis",
        "at presentation",
        "on admission",
        "at baseline",
        "in the original",
        "in the initial",
        "on the previous",
        "on the earlier",
        "in the previous",
        "at first",
    ];
    let turn = ["now", "currently", "today", "improving", "improved", "fell", "fallen", "rose", "risen"];
    let wide = sheet.after(span.end, 48);
    let first = ["初诊", "治疗前", "入院时", "化疗前", "起病时", "at diagnosis", "on admission"];
    let since = ["现", "降至", "升至", "今日", "复查", "出院时", "目前"];
    (contains_any(before, &first) && contains_any(text(wide), &since))
        || (contains_any(clause, &left) && says_any(text(wide), &turn))
        || starts_with_any(trimmed(after), &["previously", "on admission but"])
        || contains_any(clause, &["on admission but", "at diagnosis)", "at presentation)"])
        || contains_any(inside, &own)
        || ends_with_any(trimmed(before), &led)
        || (from && starts_with_any(trimmed(after), &falls))
        || (says_any(inside, &["from"]) && starts_with_any(trimmed(after), &["to "]))
        || starts_with_any(trimmed(after), &["->", "→"])
}

/// A drug for an old illness that was stopped: `曾长期口服甲氨蝶呤,2022年停用`, "(radiotherapy)" of a cured cancer.
fn is_former_treatment(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    if !under_past(sheet, draft) {
        return false;
    }
    let sentence = sheet.sentence(draft.span.start);
    let before = &sheet.stream.lower[sentence.start..draft.span.start];
    let after = &sheet.stream.lower[draft.span.end..sentence.end.max(draft.span.end)];
    let stopped = contains_any(after, &["停用", "停药", "已停", "stopped", "discontinued"]);
    let old_illness = contains_any(before, &["癌", "carcinoma", "cancer", "tumour", "tumor"]);
    stopped || old_illness || contains_any(before, &["曾", "previously", "formerly"])
}

/// How far behind a statement another one may stand and replace it.
const FAR: usize = 160;

/// Marks what a later statement of the same document replaced.
pub(super) fn replaced(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let mut old: Vec<usize> = Vec::new();
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|index| drafts[*index].span);
    for (position, first) in order.iter().enumerate() {
        let former = &drafts[*first];
        if !is_today(former) {
            continue;
        }
        let later = order[position + 1..]
            .iter()
            .map(|index| &drafts[*index])
            .take_while(|of| of.span.start <= former.span.end + FAR)
            .filter(|of| is_of_patient(of));
        let is_old = match former.concept.kind() {
            "hist" => {
                diagnosis_was_left(sheet, former)
                    || later.clone().any(|of| {
                        of.concept.is("hist") && is_today(of) && replaces_diagnosis(sheet, former, of)
                    })
                    || later.clone().any(|of| turned_into(sheet, former, of))
            }
            "lab" | "bio" | "find" => later.clone().any(|of| replaces_value(sheet, former, of)),
            _ => false,
        };
        if is_old {
            old.push(*first);
        }
    }
    for index in old {
        drafts[index].temporality = Some(Temporality::Historical);
    }
}

fn is_today(draft: &Draft) -> bool {
    draft.assertion == Some(Assertion::Present)
        && is_of_patient(draft)
        && draft.temporality != Some(Temporality::Historical)
}

/// "transformed from follicular lymphoma", `由滤泡性淋巴瘤转化而来`.
fn diagnosis_was_left(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let before = sheet.before(draft.name.start, 20);
    let before = &sheet.stream.lower[before.start..before.end];
    let after = sheet.after(draft.name.end, 12);
    let after = &sheet.stream.lower[after.start..after.end];
    contains_any(
        before,
        &[
            "transformed from ",
            "evolved from ",
            "arising from ",
            "transformation from ",
            "transformation of ",
        ],
    ) || (contains_any(before, &["由", "自"]) && contains_any(after, &["转化", "演变", "进展而"]))
}

/// A second lymphoma after a turn: now, then, transformed to, 现, 此次, or a later year.
fn replaces_diagnosis(sheet: &Sheet<'_>, former: &Draft, later: &Draft) -> bool {
    if later.span.start < former.span.end {
        return false;
    }
    let code = |draft: &Draft| sheet.catalogue().exchange_code(&draft.concept).code;
    let (old, new) = (code(former), code(later));
    let unnamed = |of: &str| matches!(of, "lymphoma_unspecified" | "nhl_unspecified");
    let same_grade = old == new && former.concept == later.concept;
    if same_grade || unnamed(&old) || unnamed(&new) {
        return false;
    }
    let between = &sheet.stream.lower[former.span.end..later.span.start];
    let turned = says_any(between, &["now", "then", "turned into", "subsequently", "later", "changed to"])
        || contains_any(
            between,
            &[
                "transformation to",
                "transformed to",
                "transformed into",
                "transformation into",
                "progressed to",
                "evolved to",
                "evolved into",
                "evolving into",
                "richter",
                "此次",
                "本次",
                "现",
                "转化为",
                "转化成",
                "转为",
                "转变为",
                "进展为",
                "演变为",
                "变成",
            ],
        );
    let from_to = ends_from(sheet, former) && says_any(between, &["to", "至", "为"]);
    let aside =
        contains_any(between, &["vs", "versus", "成分", "areas of", "同一", "synchronous", "concurrent"]);
    // `CLL病史6年,2024-02活检示DLBCL`: an old disease, and what is found now.
    let years = contains_any(between, &["病史", "年,", "余年", "year history", "years ago"])
        && contains_any(between, &["活检", "病理", "biopsy", "示", "确诊"]);
    (turned || from_to || years || (old != new && years_part(sheet, former, later)))
        && !(aside && !turned && !from_to)
}

/// "CLL turned into Richter", `FL转化`: the lymphoma a stated transformation began from.
fn turned_into(sheet: &Sheet<'_>, former: &Draft, later: &Draft) -> bool {
    const FAR: usize = 24;
    let stated = later.rule == "response.transformation" && is_today(later);
    if !stated || later.span.start < former.span.end || later.span.start - former.span.end > FAR {
        return false;
    }
    let words = &sheet.stream.lower[former.span.end..later.span.end];
    contains_any(
        words,
        &["turned into", "has transformed", "转化为", "转化成", "转成", "transformed to", "transformed into"],
    )
}

fn ends_from(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let before = sheet.before(draft.name.start, 6);
    ends_with_any(&sheet.stream.lower[before.start..before.end], &["from ", "由", "从"])
}

/// The first diagnosis has its year, and a later year stands with the second.
fn years_part(sheet: &Sheet<'_>, former: &Draft, later: &Draft) -> bool {
    const BESIDE: usize = 16;
    let from = sheet.sentence(former.span.start).start.max(former.span.start.saturating_sub(BESIDE));
    let own = sheet.mentions.iter().find(|of| {
        of.span.start >= from && of.span.end <= later.span.start && of.span.start <= former.span.end + BESIDE
    });
    let other = sheet
        .mentions
        .iter()
        .rev()
        .find(|of| of.span.start >= former.span.start && of.span.end <= later.span.end + BESIDE);
    match (own, other) {
        (Some(own), Some(other)) if own.span != other.span => own.date.year() < other.date.year(),
        _ => false,
    }
}

/// `由3分改善至1分`, "fallen from 845 to 210", `初诊ⅡA期,复发时ⅣB期`: the first value is old.
fn replaces_value(sheet: &Sheet<'_>, former: &Draft, later: &Draft) -> bool {
    const FAR: usize = 60;
    let comparable = same_quantity(former, later);
    let apart = later.span.start >= former.span.end && later.span.start - former.span.end <= FAR;
    if !comparable || !apart || former.value == later.value {
        return false;
    }
    let between = &sheet.stream.lower[former.span.end..later.span.start];
    if between.contains(&BREAK) {
        return false;
    }
    let whole = &sheet.stream.lower[former.span.start..later.span.end];
    let before = sheet.before(former.span.start, 12);
    let before = &sheet.stream.lower[before.start..before.end];
    let first = [
        "at diagnosis",
        "initial",
        "at presentation",
        "baseline",
        "初诊",
        "治疗前",
        "入院时",
        "化疗前",
        "起病时",
        "initially",
    ];
    let turn = [
        "→",
        "->",
        "降至",
        "升至",
        "降到",
        "升到",
        "改善至",
        "恢复至",
        "转为",
        "转阴",
        "变为",
        "上升至",
        "下降至",
        "fallen to",
        "risen to",
        "dropped to",
        "improved to",
        "down to",
        "up to",
        "复查",
        "今日",
        "目前",
        "再分期",
        "restaged",
    ];
    contains_any(before, &first)
        || contains_any(&sheet.stream.lower[former.span.start..former.span.end], &first)
        || contains_any(
            between,
            &["at diagnosis", "presentation", "on admission", "at baseline", "initially"],
        )
        || contains_any(between, &turn)
        || says_any(between, &["now", "currently", "today", "recovered"])
        || (contains_any(before, &["由", "从"]) && contains_any(whole, &["至", "到"]))
        || (says_any(before, &["from"]) && says_any(between, &["to"]))
}

fn same_quantity(former: &Draft, later: &Draft) -> bool {
    let both = |grammar: &str| former.rule.starts_with(grammar) && later.rule.starts_with(grammar);
    let staged = both("stage");
    let scored = both("score") && score_of(former) == score_of(later);
    let measured = matches!(former.concept.kind(), "lab" | "bio") && former.concept == later.concept;
    staged || scored || measured
}

/// Points are concepts of their own: `find.ecog_3`.
fn score_of(draft: &Draft) -> &str {
    draft.concept.as_str().trim_end_matches(|of: char| of.is_ascii_digit())
}
