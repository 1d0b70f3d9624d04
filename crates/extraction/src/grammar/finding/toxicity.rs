//! CRS, ICANS, haemophagocytosis, graft-versus-host disease with their grade.
//!
//! ## Reads
//! `CRS grade 2`, `Grade 3 ICANS`, `CRS 1级`, `G2 CRS`.
//!
//! ## References
//! ASTCT consensus grading [Lee 2019].

use super::words::{clause_start, follows, has, stands_at};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::toxicity::GRADE,
    words::words,
};
use cartulary_model::{Assertion, Temporality, fact::Attr};

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    let mut draft = Draft::new(hit.concept.clone(), hit.span, "finding.named").named_at(hit.span);
    if super::comorbidity::answered_no(sheet, hit) {
        draft.assertion = Some(Assertion::Negated);
        return vec![draft];
    }
    let told = course(sheet, hit);
    if !told.is_empty() {
        return told;
    }
    draft.temporality = Some(Temporality::Current);
    if let Some((grade, span)) = grade(sheet, hit) {
        draft = draft.number(Attr::Grade, grade);
        draft.span = draft.span.to(span);
    }
    vec![draft]
}

/// `CRS分级:第1天0级,第4天3级(低血压),第8天降至1级`: a course of grades, of which 0 is no event.
fn course(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    if !follows(sheet, hit.span.end, words!["分级", "评级", "grades"]) {
        return Vec::new();
    }
    let behind = sheet.after(hit.span.end, 90);
    let mut drafts = Vec::new();
    let mut at = behind.start;
    while at < behind.end {
        let number = number::number_at(&sheet.stream, at)
            .filter(|of| is_grade(of.value) && matches!(sheet.stream.at(of.span.end), '级' | '度'));
        let Some(number) = number else {
            at += 1;
            continue;
        };
        at = number.span.end;
        let start = clause_start(sheet, number.span.start).max(hit.span.start);
        if number.value > 0.0 {
            let span = Span::new(start, number.span.end + 1);
            drafts.push(
                Draft::new(hit.concept.clone(), span, "finding.toxicity_course")
                    .named_at(number.span)
                    .number(Attr::Grade, number.value)
                    .present(),
            );
        }
    }
    if drafts.len() > 1 { drafts } else { Vec::new() }
}

fn is_grade(value: f64) -> bool {
    (0.0..=5.0).contains(&value) && value.fract() == 0.0
}

fn grade(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let window = sheet.before(hit.span.start, 10).to(sheet.after(hit.span.end, 26));
    (window.start..window.end).find_map(|at| {
        let word = GRADE
            .iter()
            .find(|word| stands_at(stream, at, word) && stream.at(at + word.len()).is_ascii_digit());
        let start = word.map_or(at, |word| at + word.len());
        let number = match word {
            Some(_) => number::number_behind(stream, start),
            None => number::number_at(stream, start),
        };
        let number = number.filter(|of| is_grade(of.value))?;
        let chinese = matches!(stream.at(number.span.end), '级' | '度');
        let end = number.span.end + usize::from(chinese);
        let between = if at >= hit.span.end {
            Span::new(hit.span.end, at)
        } else {
            Span::new(end.min(hit.span.start), hit.span.start)
        };
        let parted = (between.start..between.end).any(|of| matches!(stream.at(of), ';' | '。' | ','));
        let own = !parted || has(sheet, between, words!["max"]);
        ((word.is_some() || chinese) && own).then_some((number.value, Span::new(at, end)))
    })
}
