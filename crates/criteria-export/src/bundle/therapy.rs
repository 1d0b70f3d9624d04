//! Lines of therapy as EpisodeOfCare, their drugs as MedicationAdministration, transplants as Procedure.
//!
//! FHIR has no line of therapy. A drug with the status `completed` was given; with `unknown` it may have been: it is one
//! of several that the regimen's name can stand for; with `not-done` the papers deny it.

use super::{Source, day, subject};
use crate::fhir::{
    ABSENT, CodeableConcept, EpisodeOfCare, Extension, ExtensionValue, MedicationAdministration, Period,
    Procedure, Reference, Resource,
};
use cartulary_model::{
    Assertion, ConceptId, PartialDate,
    record::{LineOfTherapy, OtherTherapy, ReasonForEnding},
};
use serde_json::json;
use std::collections::BTreeSet;

/// The transplants, which are regimens of the catalogue.
const TRANSPLANTS: [&str; 2] = ["reg.asct", "reg.allosct"];

pub(super) fn therapy(source: Source<'_>) -> Vec<Resource> {
    let mut out = Vec::new();
    for (index, line) in source.record.lines.iter().enumerate() {
        let place = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let drugs = Named::of(source, line);
        out.push(episode(line, place, drugs.unread));
        out.extend(drugs.administrations(source, line, place));
        out.extend(transplants(source, line, place));
    }
    for (index, other) in source.record.other_therapies.iter().enumerate() {
        out.extend(beside(source, other, index + 1));
    }
    out
}

fn episode(line: &LineOfTherapy, place: u32, unread: bool) -> Resource {
    let integer = |name, number| Extension::ours(name, ExtensionValue::Integer(number));
    let date = |name, date: Option<PartialDate>| {
        date.map(|date| Extension::ours(name, ExtensionValue::DateTime(date.to_string())))
    };
    let flag = |name, flag| Extension::ours(name, ExtensionValue::Boolean(flag));
    let mut extension = vec![integer("place", place), integer("number", line.number)];
    let response = |of: &cartulary_model::record::Response| format!("{:?}", of.category);
    extension.extend(line.best_response.as_ref().map(|of| Extension::code("best-response", &response(of))));
    extension.extend(line.last_response.as_ref().map(|of| Extension::code("last-response", &response(of))));
    let last = line.last_response.as_ref().or(line.best_response.as_ref());
    extension.extend(date("last-response-day", last.and_then(|of| of.date)));
    extension.extend(date("failed", line.failed_on));
    extension.extend(line.reason_for_ending.map(|reason| Extension::code("ended", ended(reason))));
    extension.extend(line.before_transformation.map(|before| flag("before-transformation", before)));
    extension.extend(line.cell_therapy.then(|| flag("cell-therapy", true)));
    extension.extend(unread.then(|| flag("drugs-not-known", true)));
    Resource::EpisodeOfCare(EpisodeOfCare {
        id: format!("line-{place}"),
        extension,
        status: "finished",
        kind: vec![CodeableConcept::ours("line-of-therapy").called(Some(&line.label))],
        patient: subject(),
        period: period(line.start, line.end),
    })
}

fn ended(reason: ReasonForEnding) -> &'static str {
    match reason {
        ReasonForEnding::Completed => "completed",
        ReasonForEnding::Relapse => "relapse",
        ReasonForEnding::Progression => "progression",
        ReasonForEnding::InsufficientResponse => "insufficient_response",
        ReasonForEnding::Toxicity => "toxicity",
        ReasonForEnding::Other => "other",
    }
}

fn period(start: Option<PartialDate>, end: Option<PartialDate>) -> Option<Period> {
    (start.is_some() || end.is_some()).then(|| Period { start: day(start), end: day(end) })
}

/// The drugs of a line, as far as lists and names tell.
#[derive(Debug, Default)]
struct Named {
    listed: Vec<ConceptId>,
    /// Told by the name of the regimen, or going on beside the list.
    by_name: BTreeSet<ConceptId>,
    /// One of several that the name can stand for.
    perhaps: BTreeSet<ConceptId>,
    /// Nothing tells them.
    unread: bool,
}

impl Named {
    fn of(source: Source<'_>, line: &LineOfTherapy) -> Self {
        let mut named = Self { listed: line.components.clone(), ..Self::default() };
        for of in &line.continued_with {
            if of.is("drug") {
                named.by_name.insert(of.clone());
            } else if line.regimen.as_ref() != Some(of) || line.components.is_empty() {
                named.add_regimen(source, of);
            }
        }
        match &line.regimen {
            Some(regimen) if line.components.is_empty() => named.add_regimen(source, regimen),
            Some(_) => {}
            None => named.add_written(source, line),
        }
        named
    }

    fn add_regimen(&mut self, source: Source<'_>, regimen: &ConceptId) {
        let Some(known) = source.catalogue.regimen(regimen) else { return };
        for choice in &known.components {
            match choice.as_slice() {
                [only] => {
                    self.by_name.insert(only.clone());
                }
                several => self.perhaps.extend(several.iter().cloned()),
            }
        }
    }

    /// A line without a regimen: its label may stand for one or several.
    fn add_written(&mut self, source: Source<'_>, line: &LineOfTherapy) {
        if line.cell_therapy {
            self.unread = line.components.is_empty();
            return;
        }
        let regimens: Vec<BTreeSet<&ConceptId>> = source
            .library
            .regimens_written(&line.label)
            .iter()
            .filter_map(|regimen| source.catalogue.regimen(regimen))
            .map(|regimen| regimen.components.iter().flatten().collect())
            .collect();
        let all: BTreeSet<&ConceptId> = regimens.iter().flatten().copied().collect();
        let in_each = |drug: &&ConceptId| regimens.iter().all(|regimen| regimen.contains(*drug));
        let (shared, differing): (Vec<&ConceptId>, Vec<&ConceptId>) = all.iter().copied().partition(in_each);
        if line.components.is_empty() {
            self.unread = regimens.is_empty();
            self.by_name.extend(shared.into_iter().cloned());
            self.perhaps.extend(differing.into_iter().cloned());
        } else if !differing.iter().any(|drug| line.components.contains(drug)) {
            self.perhaps.extend(differing.into_iter().cloned());
        }
    }

    fn administrations(self, source: Source<'_>, line: &LineOfTherapy, place: u32) -> Vec<Resource> {
        let beside = || Extension::ours("not-in-list", ExtensionValue::Boolean(true));
        let listed = self.listed.iter().map(|drug| (drug, "completed", None));
        let by_name = self.by_name.iter().map(|drug| (drug, "completed", Some(beside())));
        let perhaps = self.perhaps.iter().map(|drug| (drug, "unknown", Some(beside())));
        let all = listed.chain(by_name).chain(perhaps).enumerate();
        all.map(|(index, (drug, status, extension))| {
            Resource::MedicationAdministration(MedicationAdministration {
                id: format!("line-{place}-drug-{}", index + 1),
                extension: extension.into_iter().collect(),
                context: Some(Reference::to(format!("EpisodeOfCare/line-{place}"))),
                ..administration(source, drug, status, line.start, line.end)
            })
        })
        .collect()
    }
}

fn administration(
    source: Source<'_>,
    drug: &ConceptId,
    status: &'static str,
    start: Option<PartialDate>,
    end: Option<PartialDate>,
) -> MedicationAdministration {
    let effective_period = period(start, end);
    let no_effective = effective_period
        .is_none()
        .then(|| json!({ "extension": [{ "url": ABSENT, "valueCode": "unknown" }] }));
    MedicationAdministration {
        id: String::new(),
        extension: Vec::new(),
        status,
        medication_codeable_concept: source.concept(drug),
        subject: subject(),
        context: None,
        effective_period,
        no_effective,
    }
}

/// The transplants of a line.
fn transplants(source: Source<'_>, line: &LineOfTherapy, place: u32) -> Vec<Resource> {
    let mut out = Vec::new();
    for concept in TRANSPLANTS.map(ConceptId::from) {
        let own = line.transplant.as_ref().filter(|of| of.concept == concept);
        let named = line.regimen.as_ref() == Some(&concept) || line.continued_with.contains(&concept);
        let date = match own {
            Some(transplant) => transplant.date,
            None if named => line.end,
            None => continue,
        };
        let extension = vec![Extension::ours("place", ExtensionValue::Integer(place))];
        let id = format!("line-{place}-{}", concept.name());
        out.push(procedure(source, id, &concept, "completed", date, extension));
    }
    out
}

fn procedure(
    source: Source<'_>,
    id: String,
    concept: &ConceptId,
    status: &'static str,
    date: Option<PartialDate>,
    extension: Vec<Extension>,
) -> Resource {
    Resource::Procedure(Procedure {
        id,
        extension,
        status,
        code: source.concept(concept),
        subject: subject(),
        performed_date_time: day(date),
    })
}

/// A therapy that is no line: given, or denied. What is only planned is not written.
fn beside(source: Source<'_>, other: &OtherTherapy, place: usize) -> Vec<Resource> {
    let status = match (other.assertion, other.intent.as_str()) {
        (Assertion::Negated, _) => "not-done",
        (Assertion::Present, intent) if intent != "planned" && intent != "refused" => "completed",
        _ => return Vec::new(),
    };
    let id = format!("other-{place}");
    if TRANSPLANTS.contains(&other.concept.as_str()) {
        return vec![procedure(source, id, &other.concept, status, other.start, Vec::new())];
    }
    let mut drugs = vec![other.concept.clone()];
    if let Some(regimen) = source.catalogue.regimen(&other.concept).filter(|_| status == "completed") {
        let told = regimen.components.iter().filter(|choice| choice.len() == 1);
        drugs = told.flatten().cloned().collect();
    }
    let given = drugs.iter().enumerate();
    given
        .map(|(index, drug)| {
            Resource::MedicationAdministration(MedicationAdministration {
                id: format!("{id}-drug-{}", index + 1),
                ..administration(source, drug, status, other.start, other.end)
            })
        })
        .collect()
}
