//! Taking a statement out of a record, or a day out of a date, may make an answer unknown, and never makes one met or not
//! met; the order of the papers changes nothing.
//!
//! `PROPTEST_CASES=1000000` asks for so many random records.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::{Answer, CriterionId, PartialDate, PatientRecord, SetId};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::LazyLock};

#[path = "support/case.rs"]
#[expect(dead_code, reason = "only the record's form is used here")]
mod case;

/// A record in which every statement stands alone, so that none corrects another.
const RICH: &str = include_str!("rich.toml");

struct World {
    catalogue: Catalogue,
    library: CriteriaLibrary,
    record: PatientRecord,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue loads");
    let library = CriteriaLibrary::load(&catalogue).expect("the criteria load");
    let case: case::Case = toml::from_str(RICH).expect("the record reads");
    let (record, _) = case.record.build(&catalogue);
    World { catalogue, library, record }
});

type Answers = BTreeMap<(SetId, CriterionId), Answer>;

fn answers(record: &PatientRecord) -> Answers {
    let on = jiff::civil::date(2026, 7, 1);
    let screened = WORLD.library.screen(&WORLD.catalogue, record, &[], on, &[]);
    let rows = screened.into_iter().flat_map(|of| {
        let answers = of.set.criteria.iter().zip(of.answers);
        answers.map(|(criterion, given)| ((of.set.id.clone(), criterion.id.clone()), given.answer))
    });
    rows.collect()
}

/// The answers of the record as it is.
static BEFORE: LazyLock<Answers> = LazyLock::new(|| answers(&WORLD.record));

fn unchanged_or_unknown(after: Answers) -> Result<(), TestCaseError> {
    for (criterion, is) in after {
        let was = BEFORE[&criterion];
        prop_assert!(is == was || is == Answer::Unknown, "{:?}: {:?} became {:?}", criterion, was, is);
    }
    Ok(())
}

/// The record without the statements of which `keep` says no.
fn without(keep: &[bool]) -> PatientRecord {
    let mut record = WORLD.record.clone();
    let mut keep = keep.iter().copied().cycle();
    let mut forget = || keep.next() == Some(false);
    record.labs.retain(|_, _| !forget());
    record.findings.retain(|_, _| !forget());
    record.virology.retain(|_, _| !forget());
    record.scores.retain(|_, _| !forget());
    record.biomarkers.retain(|_| !forget());
    record.diagnoses.retain(|_| !forget());
    if forget() {
        record.completeness.treatment_history = None;
    }
    if forget() {
        record.patient.birth_date = None;
    }
    if forget() {
        record.patient.sex = None;
    }
    for line in &mut record.lines {
        if forget() {
            line.failed_on = None;
        }
        if forget() {
            line.best_response = None;
        }
        if forget() {
            line.end = None;
        }
    }
    record
}

/// The record with days, or months too, taken out of some of its dates.
fn blurred(levels: &[u8]) -> PatientRecord {
    let mut record = WORLD.record.clone();
    let mut levels = levels.iter().copied().cycle();
    let mut blur = |date: &mut Option<PartialDate>| {
        let length = [10, 7, 4][levels.next().unwrap_or(0) as usize % 3];
        if let Some(known) = date {
            let text: String = known.to_string().chars().take(length).collect();
            *known = text.parse().expect("the start of a date is a date");
        }
    };
    for line in &mut record.lines {
        blur(&mut line.start);
        blur(&mut line.end);
        blur(&mut line.failed_on);
    }
    record.labs.values_mut().flatten().for_each(|value| blur(&mut value.date));
    record.scores.values_mut().flatten().for_each(|value| blur(&mut value.date));
    record.virology.values_mut().flatten().for_each(|value| blur(&mut value.date));
    record.biomarkers.iter_mut().for_each(|marker| blur(&mut marker.date));
    record.diagnoses.iter_mut().for_each(|diagnosis| blur(&mut diagnosis.date));
    let findings = record.findings.values_mut();
    findings.flat_map(|state| &mut state.denied).for_each(|denied| blur(&mut denied.date));
    if let Some(birth) = &mut record.patient.birth_date {
        let mut date = Some(birth.value);
        blur(&mut date);
        birth.value = date.unwrap_or(birth.value);
    }
    record
}

#[test]
fn much_is_answered() {
    let answered = BEFORE.values().filter(|answer| **answer != Answer::Unknown).count();
    assert!(answered > 60, "only {answered} criteria are answered: the property below would say little");
}

/// The cohort's answers are the case's answers, without the words.
#[test]
fn screening_answers_as_evaluating_does() {
    let on = jiff::civil::date(2026, 7, 1);
    let screened = WORLD.library.screen(&WORLD.catalogue, &WORLD.record, &[], on, &[]);
    let told = WORLD.library.evaluate(&WORLD.catalogue, &WORLD.record, &[], on, &[]);
    assert_eq!(screened.len(), told.evaluations.len());
    for of in screened {
        let evaluation = told.evaluations.iter().find(|told| told.set == of.set.id).expect("the same sets");
        assert_eq!(of.summary, evaluation.summary, "{}", of.set.id);
        for (given, finding) in of.answers.iter().zip(&evaluation.findings) {
            let missing: Vec<&str> = finding.missing.iter().map(|item| item.item.as_str()).collect();
            assert_eq!((given.answer, &given.evidence), (finding.answer, &finding.evidence), "{}", of.set.id);
            assert_eq!(given.missing, missing, "{} {}", of.set.id, finding.criterion);
        }
    }
}

proptest! {
    #[test]
    fn forgetting_never_answers(keep in prop::collection::vec(prop::bool::weighted(0.7), 40)) {
        unchanged_or_unknown(answers(&without(&keep)))?;
    }

    #[test]
    fn blurring_a_date_never_answers(levels in prop::collection::vec(0u8..3, 40)) {
        unchanged_or_unknown(answers(&blurred(&levels)))?;
    }
}
