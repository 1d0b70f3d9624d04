//! Taking a statement out of a record may make an answer unknown, and never makes one met or not met.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::{Answer, CriterionId, PatientRecord, SetId};
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
    let assessment = WORLD.library.evaluate(&WORLD.catalogue, record, &[], on, &[]);
    let rows = assessment.evaluations.into_iter().flat_map(|evaluation| {
        let set = evaluation.set;
        evaluation.findings.into_iter().map(move |finding| ((set.clone(), finding.criterion), finding.answer))
    });
    rows.collect()
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

#[test]
fn much_is_answered() {
    let answered = answers(&WORLD.record).values().filter(|answer| **answer != Answer::Unknown).count();
    assert!(answered > 60, "only {answered} criteria are answered: the property below would say little");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn forgetting_never_answers(keep in prop::collection::vec(prop::bool::weighted(0.7), 40)) {
        let before = answers(&WORLD.record);
        for (criterion, is) in answers(&without(&keep)) {
            let was = before[&criterion];
            prop_assert!(is == was || is == Answer::Unknown, "{:?}: {:?} became {:?}", criterion, was, is);
        }
    }
}
