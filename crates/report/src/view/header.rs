//! Who and what: the lines on top.

use super::{
    papers::Papers,
    value::{coded, key_of},
};
use crate::{clean::clean, words::Words};
use cartulary_model::{
    Assertion, DateInterval, Temporality,
    record::{Patient, PatientRecord},
};
use jiff::civil::Date;

/// The lines on top.
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) age: String,
    pub(crate) sex: String,
    pub(crate) birth_date: String,
    pub(crate) numbers: Vec<String>,
    pub(crate) on: String,
    /// The disease in one line.
    pub(crate) disease: String,
    /// Papers, pages, facts, unread: the number and its noun.
    pub(crate) counts: Vec<(usize, String)>,
}

/// Makes the lines on top.
pub(crate) fn header(papers: &Papers<'_>, words: Words<'_>) -> Header {
    let evaluation = papers.evaluation;
    let patient = &evaluation.record.patient;
    let name = patient.name.as_ref().map(|name| clean(&name.value));
    let pages = evaluation.documents.iter().map(|of| of.source.pages.len()).sum();
    let counts = [
        ("count.papers", evaluation.documents.len()),
        ("count.pages", pages),
        ("count.facts", evaluation.facts.len()),
        ("count.unread", evaluation.unread.len()),
    ];
    Header {
        name: name.unwrap_or_else(|| words.t("header.no_name")),
        age: age(patient, evaluation.on, words),
        sex: patient.sex.as_ref().map_or_else(|| words.t("header.no_sex"), |sex| coded(&sex.value, words)),
        birth_date: patient
            .birth_date
            .as_ref()
            .map(|date| words.fill("header.born", &[("date", &date.value.to_string())]))
            .unwrap_or_default(),
        numbers: patient.numbers.iter().map(|number| clean(&number.value)).collect(),
        on: evaluation.on.to_string(),
        disease: disease(&evaluation.record, words),
        counts: counts.map(|(key, count)| (count, words.count(key, count))).to_vec(),
    }
}

/// Age on the day of the evaluation, as exact as the date of birth; else as a paper states it.
fn age(patient: &Patient, on: Date, words: Words<'_>) -> String {
    if let Some(born) = &patient.birth_date {
        let DateInterval { earliest, latest } = born.value.interval();
        let (least, most) = (years(latest, on), years(earliest, on));
        let range = if least == most { most.to_string() } else { format!("{least}–{most}") };
        return words.fill("header.age", &[("years", &range)]);
    }
    let Some(stated) = &patient.age else { return words.t("header.no_age") };
    let years = stated.years.to_string();
    match stated.on {
        Some(day) => words.fill("header.age_on", &[("years", &years), ("date", &day.to_string())]),
        None => words.fill("header.age", &[("years", &years)]),
    }
}

fn years(born: Date, on: Date) -> i16 {
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    on.year() - born.year() - i16::from(!had_birthday)
}

/// `High-grade B-cell lymphoma, from follicular lymphoma 2023-03; relapsed; 2 lines of therapy; last response SD`.
fn disease(record: &PatientRecord, words: Words<'_>) -> String {
    let today = record
        .diagnoses
        .iter()
        .rev()
        .find(|diagnosis| diagnosis.temporality == Temporality::Current)
        .or_else(|| record.diagnoses.last());
    let Some(today) = today else { return words.t("header.no_diagnosis") };
    let mut parts = vec![words.concept(&today.concept)];
    if today.assertion == Assertion::Possible {
        parts[0] = words.fill("timeline.possible", &[("what", &parts[0])]);
    }
    if let Some(transformation) = &record.transformation
        && let Some(from) = &transformation.from
    {
        parts.push(words.fill("header.from", &[("from", &words.concept(from))]));
    }
    let mut stated = Vec::new();
    for statement in record.status.statements.iter().filter(|of| of.assertion == Assertion::Present) {
        let name = words.concept(&statement.concept);
        if !stated.contains(&name) {
            stated.push(name);
        }
    }
    parts.extend(stated);
    let lines = record.lines.len();
    parts.push(words.count("header.lines", lines));
    if let Some(last) = &record.status.last_response {
        let category = key_of(last.category);
        parts.push(match last.date {
            Some(date) => {
                words.fill("header.last_on", &[("response", &category), ("date", &date.to_string())])
            }
            None => words.fill("header.last", &[("response", &category)]),
        });
    }
    parts.join(" · ")
}
