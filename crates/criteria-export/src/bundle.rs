//! A record as a FHIR Bundle, with just what the exported CQL reads. The conventions stand in `docs/criteria.md`.

mod therapy;
mod values;

use crate::fhir::{Bundle, CodeableConcept, Condition, DetectedIssue, Patient, Reference, Resource};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::{
    Assertion, ConceptId, Fact, Lang, PartialDate, PatientRecord,
    record::{DatedFact, FindingState},
};

/// The patient's id in the Bundle.
const PATIENT: &str = "patient";

/// What all parts of a Bundle look at.
#[derive(Clone, Copy, Debug)]
struct Source<'a> {
    catalogue: &'a Catalogue,
    library: &'a CriteriaLibrary,
    record: &'a PatientRecord,
    facts: &'a [Fact],
}

/// The record as a Bundle. The catalogue is the one that the library was loaded from; names and numbers of the person
/// are not written.
pub fn bundle(
    catalogue: &Catalogue,
    library: &CriteriaLibrary,
    record: &PatientRecord,
    facts: &[Fact],
) -> Bundle {
    let source = Source { catalogue, library, record, facts };
    let mut resources = vec![patient(record)];
    resources.extend(disease(source));
    resources.extend(findings(source));
    resources.extend(statements(source));
    resources.extend(issues(source));
    resources.extend(values::values(source));
    resources.extend(therapy::therapy(source));
    Bundle::collection(resources)
}

impl Source<'_> {
    fn concept(&self, id: &ConceptId) -> CodeableConcept {
        let name = self.catalogue.concept(id).map(|known| known.label.in_lang(Lang::En));
        CodeableConcept::ours(id.as_str()).called(name)
    }
}

fn subject() -> Reference {
    Reference::to(format!("Patient/{PATIENT}"))
}

fn day(date: Option<PartialDate>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn patient(record: &PatientRecord) -> Resource {
    let of = &record.patient;
    Resource::Patient(Patient {
        id: PATIENT.to_owned(),
        gender: of.sex.as_ref().map(|sex| sex.value.clone()),
        birth_date: of.birth_date.as_ref().map(|birth| birth.value.to_string()),
    })
}

/// A condition of one of our categories.
fn condition(
    id: String,
    category: &str,
    code: CodeableConcept,
    (clinical, verification): (&str, &str),
    date: Option<PartialDate>,
) -> Resource {
    Resource::Condition(Condition {
        id,
        clinical_status: CodeableConcept::clinical(clinical),
        verification_status: CodeableConcept::verification(verification),
        category: vec![CodeableConcept::ours(category)],
        code,
        subject: subject(),
        recorded_date: day(date),
    })
}

/// Today's disease as reconciled, and whether the papers state a transformation.
fn disease(source: Source<'_>) -> Vec<Resource> {
    let mut out = Vec::new();
    if let Some(today) = source.library.todays_disease(source.catalogue, source.record) {
        let state = ("active", if today.sure { "confirmed" } else { "unconfirmed" });
        let code = CodeableConcept::ours(&today.key);
        out.push(condition("disease".to_owned(), "todays-disease", code, state, today.date));
    }
    let transformation = source.record.transformation.as_ref();
    if let Some(change) = transformation.filter(|change| change.assertion == Assertion::Present) {
        let code = change.to.as_ref().map(|to| source.concept(to));
        let code = code.unwrap_or_else(|| CodeableConcept::ours("find.transformation"));
        let state = ("active", "confirmed");
        out.push(condition("transformation".to_owned(), "transformation", code, state, change.date));
    }
    out
}

fn findings(source: Source<'_>) -> Vec<Resource> {
    let mut out = Vec::new();
    for (finding, state) in &source.record.findings {
        let FindingState { asserted, historical, denied, possible } = state;
        let mut add = |dated: &[DatedFact], state: (&str, &str)| {
            for of in dated {
                let id = format!("finding-{}", out.len() + 1);
                out.push(condition(id, "finding", source.concept(finding), state, of.date));
            }
        };
        add(asserted, ("active", "confirmed"));
        add(historical, ("inactive", "confirmed"));
        add(denied, ("inactive", "refuted"));
        add(possible, ("active", "provisional"));
    }
    out
}

/// Relapsed, refractory: as stated.
fn statements(source: Source<'_>) -> Vec<Resource> {
    let mut out = Vec::new();
    for statement in &source.record.status.statements {
        let state = match statement.assertion {
            Assertion::Present => ("active", "confirmed"),
            Assertion::Negated => ("inactive", "refuted"),
            Assertion::Possible | Assertion::Hypothetical => ("active", "provisional"),
        };
        let id = format!("status-{}", out.len() + 1);
        let code = source.concept(&statement.concept);
        out.push(condition(id, "disease-status", code, state, statement.date));
    }
    out
}

fn issues(source: Source<'_>) -> Vec<Resource> {
    let conflicts = source.record.conflicts.iter().enumerate();
    let issue = |(place, conflict): (usize, &cartulary_model::record::Conflict)| {
        Resource::DetectedIssue(DetectedIssue {
            id: format!("conflict-{}", place + 1),
            status: "preliminary",
            code: CodeableConcept::ours(&conflict.about),
            patient: subject(),
        })
    };
    conflicts.map(issue).collect()
}
