//! Assertion, experiencer, temporality and date of each draft, from cues, sections and dates around it.

mod dates;

pub(crate) use dates::{clause, dates};

use crate::{draft::Draft, sheet::Sheet};
use cartulary_model::{Assertion, Experiencer, Temporality};

/// Fills in what the grammar left open.
pub(crate) fn assertions(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut() {
        let reading = sheet.modifiers.read(draft.name);
        let message = sheet.is_kind(&["sec.doc_message"]);
        let family_section = sheet.is_under(draft.span.start, &["sec.sec_family"]);
        if draft.experiencer.is_none() {
            draft.experiencer = Some(match reading.experiencer {
                _ if family_section => Experiencer::Family,
                // In a relative's own message "my mother" is the patient.
                Experiencer::Family if message => Experiencer::Patient,
                other => other,
            });
        }
        if draft.assertion.is_none() {
            draft.assertion = Some(section_default(sheet, draft, reading.assertion));
        }
        if draft.temporality.is_none() {
            draft.temporality = Some(temporality(sheet, draft, reading.temporality));
        }
        draft.cues.extend(reading.cues);
    }
}

/// What is planned or asked for under its heading is no fact of the past.
fn section_default(sheet: &Sheet<'_>, draft: &Draft, read: Assertion) -> Assertion {
    let kind = draft.concept.kind();
    let plan = sheet.is_under(draft.span.start, &["sec.sec_plan"]) && !is_prescribed(sheet, draft);
    let asked = sheet.is_under(draft.span.start, &["sec.sec_indication"]);
    match read {
        Assertion::Present if plan && matches!(kind, "reg" | "drug" | "test") => Assertion::Hypothetical,
        Assertion::Present if asked && draft.rule == "finding.named" && matches!(kind, "find" | "site") => {
            Assertion::Possible
        }
        // A plan or a question is about what is to be done, not about the disease: "would you assess ... lymphoma".
        Assertion::Hypothetical if (kind == "hist" || is_state(draft)) && !asks_for_disease(sheet, draft) => {
            Assertion::Present
        }
        other => other,
    }
}

/// "relapsed" and "refractory" before the name of the disease are part of it.
fn is_state(draft: &Draft) -> bool {
    let before_name = ["find.relapsed", "find.refractory", "find.primary_refractory", "find.rr"];
    before_name.contains(&draft.concept.as_str())
}

/// `if it is lymphoma`, `排查淋巴瘤`: the disease itself is in question.
fn asks_for_disease(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    sheet.says(
        sheet.before(draft.name.start, 24),
        &[
            "if ",
            "如",
            "若",
            "evaluate for",
            "evaluation for",
            "risk of",
            "screening for",
            "警惕",
            "注意",
            "待",
        ],
    )
}

/// "previously 55%", "was 3 on admission", "stage III at diagnosis": a value that another one has replaced.
fn is_earlier_value(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let inside = sheet.stream.lower_text(draft.span);
    let before = sheet.stream.lower_text(sheet.before(draft.name.start, 12));
    let after = sheet.stream.lower_text(sheet.after(draft.span.end, 22));
    let clause = after.split([',', ';', '。', '.']).next().unwrap_or_default();
    let replaced = ["at diagnosis", "at presentation", "on admission but", "初诊时"];
    let was = ["peaked at", "previously reported", "原为", "曾为"];
    let trails = clause.trim_start().starts_with("previously");
    trails
        || replaced.iter().any(|word| clause.contains(word))
        || was.iter().any(|word| inside.contains(word))
        || before.trim_end().ends_with("previously")
        || before.ends_with("既往")
}

/// A drug with its dose, or one to go on with, is being taken: `继续恩替卡韦0.5mg`.
fn is_prescribed(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let after = sheet.stream.lower_text(sheet.after(draft.name.end, 12));
    let before = sheet.stream.lower_text(sheet.before(draft.name.start, 4));
    let dosed = after.starts_with(|of: char| of == ' ' || of.is_ascii_digit())
        && (after.contains("mg") || after.contains('g'));
    draft.concept.is("drug") && (dosed || before.contains("继续") || before.contains("continue"))
}

fn temporality(sheet: &Sheet<'_>, draft: &Draft, read: Temporality) -> Temporality {
    // In English notes the past medical history lists what is so today too; words like "history of" decide.
    let section = sheet.section(draft.span.start).filter(|section| section.concept.as_str() == "sec.sec_pmh");
    let of_past_section =
        section.is_some_and(|section| crate::stream::is_han(sheet.stream.at(section.heading.start)));
    match draft.concept.kind() {
        // The present disease's first diagnosis is not "historical"; only words like 原为 make it so.
        "lab" | "bio" if is_earlier_value(sheet, draft) => Temporality::Historical,
        "find" if draft.rule.starts_with("score") || draft.rule.starts_with("stage") => {
            if is_earlier_value(sheet, draft) { Temporality::Historical } else { Temporality::Current }
        }
        _ if draft.assertion != Some(Assertion::Present)
            || draft.experiencer != Some(Experiencer::Patient) =>
        {
            Temporality::Current
        }
        "hist" | "find" | "com" | "sym" => {
            if of_past_section && draft.concept.is("com") {
                Temporality::Historical
            } else {
                read
            }
        }
        _ => Temporality::Current,
    }
}
