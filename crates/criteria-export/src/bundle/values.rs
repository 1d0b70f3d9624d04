//! What was measured, scored, tested or counted, as Observations.

use super::{Source, day, subject};
use crate::{
    fhir::{
        CodeableConcept, Extension, ExtensionValue, Observation, ObservationValue, Quantity, ReferenceRange,
        Resource, UCUM,
    },
    rounded,
};
use cartulary_model::{
    Assertion, Comparator, PartialDate,
    fact::{Attr, Measurement, Sign},
    quantity,
    record::{Biomarker, LabValue, VirologyResult},
};

pub(super) fn values(source: Source<'_>) -> Vec<Resource> {
    let mut out = Out { resources: Vec::new() };
    let record = source.record;
    for (analyte, values) in &record.labs {
        for value in values {
            out.add(source.concept(analyte), value.date, lab(source, value));
        }
    }
    for (score, values) in &record.scores {
        for value in values {
            let number = ObservationValue::Quantity(plain(value.value));
            out.add(CodeableConcept::ours(score), value.date, Parts::of(number));
        }
    }
    for (test, results) in &record.virology {
        for result in results {
            out.add(source.concept(test), result.date, virology(result));
        }
    }
    for marker in &record.biomarkers {
        out.add(source.concept(&marker.concept), marker.date, biomarker(marker));
    }
    stated(source, &mut out);
    out.resources
}

/// What is stated of the patient and has no resource of its own.
fn stated(source: Source<'_>, out: &mut Out) {
    let record = source.record;
    if let Some(age) = &record.patient.age {
        let years = ObservationValue::Quantity(plain(age.years));
        out.add(CodeableConcept::ours("age"), age.on, Parts::of(years));
    }
    if let Some(response) = &record.status.last_response {
        let category = CodeableConcept::ours(&format!("{:?}", response.category));
        let parts = Parts::of(ObservationValue::Concept(category));
        out.add(CodeableConcept::ours("last-response"), response.date, parts);
    }
    if let Some(count) = &record.status.stated_line_count {
        let parts = Parts::of(ObservationValue::Integer(count.value));
        out.add(CodeableConcept::ours("lines-stated"), None, parts);
    }
    if record.completeness.treatment_history.is_some() {
        let parts = Parts::of(ObservationValue::Boolean(true));
        out.add(CodeableConcept::ours("treatment-history-complete"), None, parts);
    }
}

/// The Observations so far.
struct Out {
    resources: Vec<Resource>,
}

/// What differs from one Observation to the next.
struct Parts {
    value: Option<ObservationValue>,
    is_final: bool,
    extension: Vec<Extension>,
    upper: Option<f64>,
}

impl Parts {
    fn of(value: ObservationValue) -> Self {
        Self { value: Some(value), is_final: true, extension: Vec::new(), upper: None }
    }
}

impl Out {
    fn add(&mut self, code: CodeableConcept, date: Option<PartialDate>, parts: Parts) {
        let upper = parts.upper.map(|high| ReferenceRange { high: plain(high) });
        self.resources.push(Resource::Observation(Box::new(Observation {
            id: format!("value-{}", self.resources.len() + 1),
            extension: parts.extension,
            status: if parts.is_final { "final" } else { "preliminary" },
            code,
            subject: subject(),
            effective_date_time: day(date),
            value: parts.value,
            reference_range: upper.into_iter().collect(),
        })));
    }
}

/// The value in the analyte's own unit; as printed beside it, with what makes it less telling.
fn lab(source: Source<'_>, value: &LabValue) -> Parts {
    let on_room_air = value.facts.iter().any(|id| {
        let fact = source.facts.iter().find(|fact| fact.id == *id);
        fact.and_then(|fact| fact.flag(Attr::RoomAir)) == Some(true)
    });
    let mut extension = vec![printed(&value.measurement)];
    let circumstances = value.caveats.iter().map(String::as_str).chain(on_room_air.then_some("room_air"));
    extension.extend(circumstances.map(|what| Extension::code("circumstance", what)));
    Parts {
        value: value.measurement.canonical.as_ref().map(|of| ObservationValue::Quantity(quantity(of))),
        is_final: true,
        extension,
        upper: upper(&value.measurement),
    }
}

/// The sign where there is one, else the number as printed.
fn virology(result: &VirologyResult) -> Parts {
    let measured = result.measurement.as_ref();
    let number = || measured.map(|of| ObservationValue::Quantity(quantity(&of.printed)));
    Parts {
        value: result.sign.map(sign).or_else(number),
        is_final: true,
        extension: measured.map(printed).into_iter().collect(),
        upper: measured.and_then(upper),
    }
}

/// Doubtful and pending results are not final.
fn biomarker(marker: &Biomarker) -> Parts {
    Parts {
        value: marker.sign.map(sign),
        is_final: marker.assertion == Assertion::Present,
        extension: Vec::new(),
        upper: None,
    }
}

fn sign(sign: Sign) -> ObservationValue {
    let code = match sign {
        Sign::Positive => "positive",
        Sign::Negative => "negative",
        Sign::Equivocal => "equivocal",
        Sign::Restricted => "restricted",
    };
    ObservationValue::Concept(CodeableConcept::ours(code))
}

fn printed(measurement: &Measurement) -> Extension {
    Extension::ours("printed", ExtensionValue::Quantity(quantity(&measurement.printed)))
}

fn upper(measurement: &Measurement) -> Option<f64> {
    measurement.reference.and_then(|range| range.high)
}

fn plain(value: f64) -> Quantity {
    Quantity { value: rounded(value), comparator: None, unit: None, system: None, code: None }
}

fn quantity(of: &quantity::Quantity) -> Quantity {
    let comparator = match of.comparator {
        Comparator::Equal => None,
        Comparator::Less => Some("<"),
        Comparator::AtMost => Some("<="),
        Comparator::AtLeast => Some(">="),
        Comparator::Greater => Some(">"),
    };
    let unit = of.unit.as_ref().map(|unit| unit.as_str().to_owned());
    Quantity {
        value: rounded(of.value),
        comparator: comparator.map(str::to_owned),
        system: unit.is_some().then_some(UCUM),
        unit: unit.clone(),
        code: unit,
    }
}
