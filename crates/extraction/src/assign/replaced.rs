//! What a later statement of the same document replaced: a diagnosis, a value, a stage.
//!
//! ## Reads
//! Two diagnoses or values with a turn between them: now, then, transformed to, 现, 此次, 降至, or a later year.
//!
//! ## Leaves alone
//! Two lymphomas of one specimen: "with areas of", `同一标本`. What is denied or told of another person.

use super::assertion::is_of_patient;
use crate::{
    assertion::{contains_any, ends_with_any, says_any, starts_with_any, trimmed},
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::assertion::{
        PRESENT_DISEASE, REPLACES_DIAGNOSIS_ASIDE, REPLACES_VALUE_FIRST, REPLACES_VALUE_TURN,
        TOLD_OF_BEFORE_BEGINS, TURNED, TURNED_WORDS,
    },
    words::words,
};
use cartulary_catalogue::hash::Table;
use cartulary_model::{Assertion, Temporality};

/// How far behind a statement another one may stand and replace it.
const FAR: usize = 160;

/// "FISH in 2020 was negative for MYC; the present sample shows ...": a marker of an earlier year, told otherwise in a clause
/// without one.
fn is_of_earlier_year(sheet: &Sheet<'_>, former: &Draft, of: &Draft) -> bool {
    if !former.concept.is("bio") || of.value == former.value || !is_today(of) {
        return false;
    }
    let clause = |draft: &Draft| {
        let sentence = sheet.sentence(draft.span.start);
        let stop = |of: char| matches!(of, ';' | '。');
        let before = Span::new(sentence.start, draft.span.start);
        let start = sheet.stream.signs_in(before, stop).next_back().map_or(sentence.start, |at| at + 1);
        let behind = Span::new(draft.span.end, sentence.end.max(draft.span.end));
        let end = sheet.stream.signs_in(behind, stop).next().unwrap_or(behind.end);
        Span::new(start, end)
    };
    let (own, other) = (clause(former), clause(of));
    let past = |of: &crate::dates::DateMention| {
        sheet.date.is_none_or(|paper| of.date.year() < paper.year()) && !of.relative
    };
    other.start >= own.end
        && sheet.mentions_in(own).iter().any(past)
        && sheet.mentions_in(other).is_empty()
        && is_one_paragraph(sheet, own, other)
}

fn is_one_paragraph(sheet: &Sheet<'_>, first: Span, second: Span) -> bool {
    !(first.end..second.start).any(|at| sheet.stream.at(at) == BREAK)
}

/// Marks what a later statement of the same document replaced.
pub(super) fn mark(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let mut old: Vec<usize> = Vec::new();
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|index| drafts[*index].span);
    let concepts = concepts(drafts);
    let mut of_concept: Vec<Vec<usize>> = vec![Vec::new(); drafts.len()];
    for (index, concept) in concepts.iter().enumerate() {
        of_concept[*concept].push(index);
    }
    for (position, first) in order.iter().enumerate() {
        let former = &drafts[*first];
        let same = || of_concept[concepts[*first]].iter().map(|of| &drafts[*of]);
        let absent =
            former.concept.is("bio") && former.assertion == Some(Assertion::Negated) && is_of_patient(former);
        let told_anew =
            |of: &Draft| is_of_older_specimen(sheet, former, of) || is_of_earlier_year(sheet, former, of);
        if absent && same().any(told_anew) {
            old.push(*first);
        }
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
                    || (had_been(sheet, former) || was_called(sheet, former))
                        && drafts
                            .iter()
                            .any(|of| of.concept.is("hist") && told_now(of) && is_other(sheet, former, of))
                    || later.clone().any(|of| {
                        of.concept.is("hist") && is_today(of) && replaces_diagnosis(sheet, former, of)
                    })
                    || later.clone().any(|of| turned_into(sheet, former, of))
            }
            "lab" | "bio" | "find" => {
                later.clone().any(|of| replaces_value(sheet, former, of))
                    || same().any(|of| is_of_older_specimen(sheet, former, of))
                    || same().any(|of| is_told_of_before(sheet, former, of))
                    || same().any(|of| is_of_earlier_year(sheet, former, of))
            }
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

/// A number for the concept of each draft: the same for the same.
fn concepts(drafts: &[Draft]) -> Vec<usize> {
    let mut numbers: Table<&str, usize> = Table::default();
    let mut told = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        told.push(*numbers.entry(draft.concept.as_str()).or_insert(index));
    }
    told
}

fn is_today(draft: &Draft) -> bool {
    draft.assertion == Some(Assertion::Present)
        && is_of_patient(draft)
        && draft.temporality != Some(Temporality::Historical)
}

/// A diagnosis of now, a doubted one too: "our review favours high-grade B-cell lymphoma".
fn told_now(draft: &Draft) -> bool {
    is_today(draft)
        || draft.assertion == Some(Assertion::Possible)
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
        &sheet.stream,
        before,
        words![
            "transformed from ",
            "evolved from ",
            "arising from ",
            "transformation from ",
            "transformation of ",
        ],
    ) || (contains_any(&sheet.stream, before, words!["由", "自"])
        && contains_any(&sheet.stream, after, words!["转化", "演变", "进展而"]))
}

/// "MALT lymphoma had been diagnosed in 2009. The present DLBCL ...": told in the past perfect.
fn had_been(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let after = sheet.after(draft.name.end, 14);
    let after = &sheet.stream.lower[after.start..after.end];
    starts_with_any(&sheet.stream, trimmed(after), words!["had been ", "had previously", "had already"])
}

/// "The referring hospital called it Burkitt lymphoma; our review favours ...": what others named it before it was looked at
/// again.
fn was_called(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 60;
    let named = words![
        "called it ",
        "called it a ",
        "labelled it ",
        "labeled it ",
        "reported it as ",
        "read it as ",
        "signed out as ",
        "reported as ",
        "外院诊断为",
        "外院考虑",
        "原诊断",
        "原诊断为"
    ];
    let anew = words![
        "review", "revis", "reclass", "favour", "favor", "会诊", "我院", "本院", "复核", "更正", "修正"
    ];
    let behind = Span::new(draft.name.end, sheet.stream.len().min(draft.name.end + REACH));
    sheet.stream.reads_back_any(draft.name.start, named) && sheet.says(behind, anew)
}

/// Whether two diagnoses have different codes and both name a lymphoma.
fn is_other(sheet: &Sheet<'_>, former: &Draft, later: &Draft) -> bool {
    let code = |draft: &Draft| sheet.catalogue().exchange_code(&draft.concept).code;
    let (old, new) = (code(former), code(later));
    let unnamed = |of: &str| matches!(of, "lymphoma_unspecified" | "nhl_unspecified");
    old != new && !unnamed(&old) && !unnamed(&new)
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
    let between = &sheet.stream.lower[former.span.end..later.span.start];
    let of_today = contains_any(&sheet.stream, between, PRESENT_DISEASE);
    if same_grade || (unnamed(&old) && !of_today) || unnamed(&new) {
        return false;
    }
    let turned = of_today
        || says_any(&sheet.stream, between, TURNED_WORDS)
        || contains_any(&sheet.stream, between, TURNED);
    let from_to = ends_from(sheet, former) && says_any(&sheet.stream, between, words!["to", "至", "为"]);
    let aside = contains_any(&sheet.stream, between, REPLACES_DIAGNOSIS_ASIDE);
    // `CLL病史6年,2024-02活检示DLBCL`: an old disease, and what is found now.
    let years =
        contains_any(&sheet.stream, between, words!["病史", "年,", "余年", "year history", "years ago"])
            && contains_any(&sheet.stream, between, words!["活检", "病理", "biopsy", "示", "确诊"]);
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
        &sheet.stream,
        words,
        words![
            "turned into",
            "has transformed",
            "转化为",
            "转化成",
            "转成",
            "transformed to",
            "transformed into"
        ],
    )
}

fn ends_from(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let before = sheet.before(draft.name.start, 6);
    ends_with_any(&sheet.stream, &sheet.stream.lower[before.start..before.end], words!["from ", "由", "从"])
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
    const FAR: usize = 100;
    // "9.2 today, 10.1 a week ago": an old value replaces nothing.
    let comparable = same_quantity(former, later) && later.temporality != Some(Temporality::Historical);
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
    contains_any(&sheet.stream, before, REPLACES_VALUE_FIRST)
        || contains_any(
            &sheet.stream,
            &sheet.stream.lower[former.span.start..former.span.end],
            REPLACES_VALUE_FIRST,
        )
        || contains_any(
            &sheet.stream,
            own_clause(between),
            words!["at diagnosis", "presentation", "on admission", "at baseline", "initially"],
        )
        || contains_any(&sheet.stream, between, REPLACES_VALUE_TURN)
        || says_any(&sheet.stream, between, words!["now", "currently", "today", "recovered"])
        || (contains_any(&sheet.stream, before, words!["由", "从"])
            && contains_any(&sheet.stream, whole, words!["至", "到"]))
        || (says_any(&sheet.stream, before, words!["from"]) && says_any(&sheet.stream, between, words!["to"]))
}

/// `2021年首次送检标本TP53野生型;2024年复发标本检出TP53 p.R175H`: of two verdicts on one marker the one with the earlier
/// year is the former.
fn is_of_older_specimen(sheet: &Sheet<'_>, former: &Draft, other: &Draft) -> bool {
    let told = matches!(other.assertion, Some(Assertion::Present | Assertion::Negated));
    if !(former.concept.is("bio") && former.concept == other.concept && told && is_of_patient(other)) {
        return false;
    }
    let differs =
        former.value != other.value || former.assertion != other.assertion || former.attrs != other.attrs;
    let year = |draft: &Draft| {
        let sentence = sheet.sentence(draft.span.start);
        let before = Span::new(sentence.start, draft.span.start);
        let stop = sheet.stream.signs_in(before, |of| matches!(of, ';' | '。')).next_back();
        let from = stop.map_or(sentence.start, |at| at + 1);
        sheet
            .mentions
            .iter()
            .rev()
            .find(|of| of.span.start >= from && of.span.end <= draft.span.start)
            .map(|of| of.date)
    };
    differs && matches!((year(former), year(other)), (Some(a), Some(b)) if a.latest() < b.earliest())
}

/// "Last week was Hb 10.1 and platelet 64", "In May it was LDH 210": the sentence speaks of before, and another gives
/// the value of today.
fn is_told_of_before(sheet: &Sheet<'_>, former: &Draft, other: &Draft) -> bool {
    if !former.concept.is("lab")
        || former.concept != other.concept
        || !is_today(other)
        || former.value == other.value
    {
        return false;
    }
    let own = sheet.sentence(former.span.start);
    let text = trimmed(&sheet.stream.lower[own.start..former.span.start.max(own.start)]);
    let month = starts_with_any(&sheet.stream, text, words!["in "])
        && (contains_any(&sheet.stream, text, words![" was ", " were "])
            || ends_with_any(&sheet.stream, text, words![" was", " were"]));
    own != sheet.sentence(other.span.start)
        && (starts_with_any(&sheet.stream, text, TOLD_OF_BEFORE_BEGINS) || month)
}

/// "CD20 negative after rituximab; at diagnosis CD20 was positive": what follows the semicolon is the later value's.
fn own_clause(between: &[char]) -> &[char] {
    let end = between.iter().position(|of| *of == ';').unwrap_or(between.len());
    &between[..end]
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
