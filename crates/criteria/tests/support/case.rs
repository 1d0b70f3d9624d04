//! Cases as data: a record in a small form, and what each criterion is expected to answer.
//!
//! The people of these cases are invented.

use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Assertion, Comparator, ConceptId, Experiencer, Fact, FactId, PartialDate, PatientRecord, Quantity,
    RuleId, Temporality, Text, Value,
    fact::{Attr, AttrValue, Measurement, Method, ReferenceRange, Sign, Status},
    record::{
        AgeStatement, Biomarker, Conflict, DatedFact, Diagnosis, LabValue, LineOfTherapy, OtherTherapy,
        ReasonForEnding, Response, ResponseCategory, ScoreValue, Sourced, StatusStatement, Transformation,
        Transplant, VirologyResult,
    },
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One file of `tests/cases/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case shows.
    pub(crate) about: String,
    /// The day of the evaluation.
    pub(crate) on: String,
    /// The patient.
    #[serde(default)]
    pub(crate) record: Record,
    /// Questions that no set asks in this way: criteria of a set `own`.
    #[serde(default)]
    pub(crate) own: Vec<Own>,
    /// The kind of that set.
    pub(crate) own_kind: Option<String>,
    /// What is expected of a set.
    #[serde(default)]
    pub(crate) expect: Vec<Expect>,
    /// The summary expected of every set.
    pub(crate) every_set: Option<String>,
    /// Whether every deciding criterion of every set is unknown.
    #[serde(default)]
    pub(crate) nothing_is_known: bool,
    /// The item that is asked for before all others.
    pub(crate) ask_first: Option<String>,
    /// Items that must be asked for.
    #[serde(default)]
    pub(crate) ask: Vec<String>,
    /// Items that must not be asked for.
    #[serde(default)]
    pub(crate) do_not_ask: Vec<String>,
}

/// A criterion of the set `own`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Own {
    pub(crate) id: String,
    /// As a criteria document writes it, without the braces.
    pub(crate) need: String,
    pub(crate) role: Option<String>,
    pub(crate) verification: Option<String>,
    /// Words of the question in English.
    pub(crate) asks: Option<String>,
}

impl Case {
    /// The set `own` as a document.
    pub(crate) fn document(&self) -> String {
        let kind = self.own_kind.as_deref().unwrap_or("trial");
        let head = format!(
            "id = \"own\"\nkind = \"{kind}\"\nproduct = \"axi_cel\"\nauthority = \"test\"\nversion = \"1\"\n\
             title = {{ en = \"Own\", zh = \"自定\" }}\nsources = [\"none\"]\n"
        );
        self.own.iter().fold(head, |text, own| {
            let role = own.role.as_deref().unwrap_or("inclusion");
            let verification = own.verification.as_deref().unwrap_or("V");
            format!(
                "{text}\n[[criterion]]\nid = \"{}\"\nrole = \"{role}\"\nverification = \"{verification}\"\n\
                 text = {{ en = \"Own\", zh = \"自定\" }}\nneed = {{ {} }}\n",
                own.id, own.need
            )
        })
    }
}

/// What is expected of one set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) set: String,
    pub(crate) summary: Option<String>,
    #[serde(default)]
    pub(crate) met: Vec<String>,
    #[serde(default)]
    pub(crate) not_met: Vec<String>,
    #[serde(default)]
    pub(crate) unknown: Vec<String>,
    /// Criterion -> words of its reason in English.
    #[serde(default)]
    pub(crate) why: BTreeMap<String, String>,
    /// Words of a leading reason in English.
    #[serde(default)]
    pub(crate) reasons: Vec<String>,
    /// Words that no leading reason holds.
    #[serde(default)]
    pub(crate) no_reasons: Vec<String>,
    /// Criterion -> what it asks for, exactly.
    #[serde(default)]
    pub(crate) missing: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Record {
    born: Option<PartialDate>,
    age: Option<f64>,
    age_on: Option<PartialDate>,
    sex: Option<String>,
    complete: bool,
    stated_lines: Option<u32>,
    diagnosis: Vec<DiagnosisForm>,
    transformation: Option<TransformationForm>,
    line: Vec<LineForm>,
    other: Vec<OtherForm>,
    lab: Vec<LabForm>,
    score: Vec<ScoreForm>,
    virology: Vec<TestForm>,
    marker: Vec<TestForm>,
    finding: Vec<FindingForm>,
    status: Vec<FindingForm>,
    lesion: Vec<LesionForm>,
    conflict: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DiagnosisForm {
    is: ConceptId,
    date: Option<PartialDate>,
    #[serde(default)]
    historical: bool,
    #[serde(default)]
    possible: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransformationForm {
    from: Option<ConceptId>,
    to: Option<ConceptId>,
    date: Option<PartialDate>,
    #[serde(default)]
    possible: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineForm {
    regimen: Option<ConceptId>,
    label: String,
    drugs: Option<Vec<ConceptId>>,
    cycles: Option<u32>,
    start: Option<PartialDate>,
    end: Option<PartialDate>,
    best: Option<ResponseCategory>,
    best_on: Option<PartialDate>,
    last: Option<ResponseCategory>,
    last_on: Option<PartialDate>,
    ended_for: Option<ReasonForEnding>,
    failed_on: Option<PartialDate>,
    months_to_relapse: Option<f64>,
    transplant: Option<ConceptId>,
    transplant_on: Option<PartialDate>,
    #[serde(default)]
    continued_with: Vec<ConceptId>,
    before_transformation: Option<bool>,
    #[serde(default)]
    cell_therapy: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherForm {
    is: ConceptId,
    intent: String,
    date: Option<PartialDate>,
    #[serde(default)]
    assertion: Assertion,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabForm {
    is: ConceptId,
    /// `48 10*9/L`, `<20 [IU]/mL`, or a number without unit.
    value: String,
    high: Option<f64>,
    date: Option<PartialDate>,
    #[serde(default)]
    caveats: Vec<String>,
    #[serde(default)]
    room_air: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScoreForm {
    is: String,
    value: f64,
    date: Option<PartialDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestForm {
    is: ConceptId,
    sign: Option<Sign>,
    /// A number with a unit, as of a laboratory value.
    value: Option<String>,
    high: Option<f64>,
    date: Option<PartialDate>,
    #[serde(default)]
    possible: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingForm {
    is: ConceptId,
    #[serde(default)]
    assertion: Assertion,
    #[serde(default)]
    historical: bool,
    date: Option<PartialDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LesionForm {
    site: ConceptId,
    mm: f64,
    date: Option<PartialDate>,
    #[serde(default)]
    of: Experiencer,
    #[serde(default)]
    assertion: Assertion,
    #[serde(default)]
    temporality: Temporality,
}

/// Numbers the facts that stand behind a record.
struct Facts(Vec<Fact>);

impl Facts {
    fn next(&mut self) -> FactId {
        let id = FactId(self.0.len() as u32);
        self.0.push(Fact {
            id,
            concept: ConceptId::from("find.neg_generic"),
            value: Value::None,
            assertion: Assertion::Present,
            experiencer: Experiencer::Patient,
            temporality: Temporality::Current,
            date: None,
            attrs: BTreeMap::new(),
            evidence: Vec::new(),
            method: Method::Rule(RuleId::from("test")),
            confidence: 1.0,
            status: Status::Read,
        });
        id
    }
}

impl Record {
    /// The patient record and the facts behind it.
    pub(crate) fn build(self, catalogue: &Catalogue) -> (PatientRecord, Vec<Fact>) {
        let mut facts = Facts(Vec::new());
        let mut record = PatientRecord::default();
        record.patient.birth_date = self.born.map(|value| Sourced { value, facts: vec![facts.next()] });
        record.patient.age =
            self.age.map(|years| AgeStatement { years, on: self.age_on, facts: vec![facts.next()] });
        record.patient.sex = self.sex.map(|value| Sourced { value, facts: vec![facts.next()] });
        record.completeness.treatment_history = self.complete.then(|| vec![facts.next()]);
        record.status.stated_line_count =
            self.stated_lines.map(|value| Sourced { value, facts: vec![facts.next()] });
        for form in self.diagnosis {
            record.diagnoses.push(Diagnosis {
                concept: form.is,
                date: form.date,
                assertion: if form.possible { Assertion::Possible } else { Assertion::Present },
                temporality: if form.historical { Temporality::Historical } else { Temporality::Current },
                by_pathology: true,
                facts: vec![facts.next()],
            });
        }
        record.transformation = self.transformation.map(|form| Transformation {
            from: form.from,
            to: form.to,
            date: form.date,
            assertion: if form.possible { Assertion::Possible } else { Assertion::Present },
            facts: vec![facts.next()],
        });
        for (index, form) in self.line.into_iter().enumerate() {
            record.lines.push(form.build(index as u32 + 1, catalogue, &mut facts));
        }
        for form in self.other {
            record.other_therapies.push(OtherTherapy {
                label: form.is.to_string(),
                concept: form.is,
                intent: form.intent,
                assertion: form.assertion,
                start: form.date,
                end: form.date,
                facts: vec![facts.next()],
            });
        }
        for form in self.lab {
            let (concept, value) = form.build(catalogue, &mut facts);
            record.labs.entry(concept).or_default().push(value);
        }
        for form in self.score {
            let value = ScoreValue { value: form.value, date: form.date, facts: vec![facts.next()] };
            record.scores.entry(form.is).or_default().push(value);
        }
        for form in self.virology {
            let measurement = form.value.map(|value| Measurement {
                printed: quantity(&value),
                canonical: None,
                reference: form.high.map(|high| ReferenceRange { low: None, high: Some(high) }),
                flag: None,
            });
            let result =
                VirologyResult { sign: form.sign, measurement, date: form.date, facts: vec![facts.next()] };
            record.virology.entry(form.is).or_default().push(result);
        }
        for form in self.marker {
            record.biomarkers.push(Biomarker {
                concept: form.is,
                method: Some("ihc".into()),
                sign: form.sign,
                percent: None,
                detail: String::new(),
                assertion: if form.possible { Assertion::Possible } else { Assertion::Present },
                date: form.date,
                facts: vec![facts.next()],
            });
        }
        for form in self.finding {
            let dated = DatedFact { date: form.date, fact: facts.next() };
            let state = record.findings.entry(form.is).or_default();
            match (form.assertion, form.historical) {
                (Assertion::Present, false) => state.asserted.push(dated),
                (Assertion::Present, true) => state.historical.push(dated),
                (Assertion::Negated, _) => state.denied.push(dated),
                (Assertion::Possible | Assertion::Hypothetical, _) => state.possible.push(dated),
            }
        }
        for form in self.status {
            record.status.statements.push(StatusStatement {
                concept: form.is,
                assertion: form.assertion,
                date: form.date,
                months_since: None,
                fact: facts.next(),
            });
        }
        for form in self.lesion {
            let id = facts.next();
            let fact = &mut facts.0[id.0 as usize];
            fact.concept = form.site;
            fact.date = form.date;
            fact.experiencer = form.of;
            fact.assertion = form.assertion;
            fact.temporality = form.temporality;
            fact.attrs.insert(Attr::SizeMm, AttrValue::Number(form.mm));
        }
        for about in self.conflict {
            record.conflicts.push(Conflict { about, text: Text::default(), sides: Vec::new() });
        }
        (record, facts.0)
    }
}

impl LineForm {
    fn build(self, number: u32, catalogue: &Catalogue, facts: &mut Facts) -> LineOfTherapy {
        let of_regimen = || {
            let known = self.regimen.as_ref().and_then(|regimen| catalogue.regimen(regimen));
            known.map(|known| known.components.iter().map(|choice| choice[0].clone()).collect())
        };
        let mut response =
            |category: ResponseCategory, date| Response { category, date, facts: vec![facts.next()] };
        let best_response = self.best.map(|category| response(category, self.best_on));
        let last_response = self.last.map(|category| response(category, self.last_on));
        LineOfTherapy {
            number,
            components: self.drugs.clone().or_else(of_regimen).unwrap_or_default(),
            regimen: self.regimen,
            label: self.label,
            cycles_given: self.cycles,
            start: self.start,
            end: self.end,
            best_response,
            last_response,
            reason_for_ending: self.ended_for,
            failed_on: self.failed_on,
            months_to_relapse: self.months_to_relapse,
            transplant: self.transplant.map(|concept| Transplant { concept, date: self.transplant_on }),
            continued_with: self.continued_with,
            before_transformation: self.before_transformation,
            cell_therapy: self.cell_therapy,
            facts: vec![facts.next()],
        }
    }
}

impl LabForm {
    fn build(self, catalogue: &Catalogue, facts: &mut Facts) -> (ConceptId, LabValue) {
        let printed = quantity(&self.value);
        let id = facts.next();
        if self.room_air {
            facts.0[id.0 as usize].attrs.insert(Attr::RoomAir, AttrValue::Flag(true));
        }
        let canonical = catalogue.canonical(&self.is, &printed);
        let reference = self.high.map(|high| ReferenceRange { low: None, high: Some(high) });
        let measurement = Measurement { printed, canonical, reference, flag: None };
        (self.is, LabValue { date: self.date, measurement, caveats: self.caveats, facts: vec![id] })
    }
}

/// `48 10*9/L`, `<20 [IU]/mL`, `>=90 mL/min`, or a number without unit.
fn quantity(text: &str) -> Quantity {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let digits = number.trim_start_matches(['<', '>', '=']);
    let mut printed = Quantity::new(digits.parse().expect("a number"), unit);
    printed.comparator = match &number[..number.len() - digits.len()] {
        "<" => Comparator::Less,
        "<=" => Comparator::AtMost,
        ">" => Comparator::Greater,
        ">=" => Comparator::AtLeast,
        _ => Comparator::Equal,
    };
    if unit.is_empty() {
        printed.unit = None;
    }
    printed
}
