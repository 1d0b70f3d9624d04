//! Random records. The people are invented; what they have is chosen near the limits that the sets ask about.

use crate::{random::Random, words::Words};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Assertion, Comparator, ConceptId, Experiencer, Fact, FactId, PartialDate, PatientRecord, Quantity,
    RuleId, Temporality, Text, Value,
    fact::{Attr, AttrValue, Measurement, Method, ReferenceRange, Sign, Status},
    record::{
        AgeStatement, Biomarker, Conflict, DatedFact, Diagnosis, DiseaseStatus, FindingState, LabValue,
        LineOfTherapy, OtherTherapy, Patient, ReasonForEnding, Response, ResponseCategory, ScoreValue,
        Sourced, StatusStatement, Transformation, Transplant, VirologyResult,
    },
};
use jiff::{
    ToSpan,
    civil::{Date, date},
};

/// Days of evaluation: an ordinary one, the end of a month, a day that few years have.
const DAYS: [Date; 3] = [date(2026, 7, 1), date(2026, 3, 31), date(2028, 2, 29)];

const RESPONSES: [ResponseCategory; 4] =
    [ResponseCategory::PD, ResponseCategory::SD, ResponseCategory::PR, ResponseCategory::CR];

/// Findings that say that the disease is relapsed or refractory, and one that does not.
const STATUS: [&str; 5] =
    ["find.rr", "find.relapsed", "find.refractory", "find.primary_refractory", "find.cr"];

/// A patient on a day.
pub(crate) struct Case {
    pub(crate) on: Date,
    pub(crate) record: PatientRecord,
    pub(crate) facts: Vec<Fact>,
}

/// Makes the patient of a seed.
pub(crate) fn case(seed: u64, words: &Words, catalogue: &Catalogue) -> Case {
    let mut random = Random::new(seed);
    let on = *random.pick(&DAYS);
    let mut maker = Maker { random, on, words, catalogue, facts: Vec::new() };
    let record = maker.record();
    Case { on, record, facts: maker.facts }
}

struct Maker<'w> {
    random: Random,
    on: Date,
    words: &'w Words,
    catalogue: &'w Catalogue,
    facts: Vec<Fact>,
}

impl Maker<'_> {
    fn record(&mut self) -> PatientRecord {
        let mut record = PatientRecord {
            patient: self.patient(),
            diagnoses: self.random_diagnoses(),
            transformation: self.transformation(),
            lines: self.lines(),
            ..PatientRecord::default()
        };
        for _ in 0..self.random.below(4) {
            record.other_therapies.push(self.other());
        }
        record.status = self.status(record.lines.len());
        self.values(&mut record);
        self.findings(&mut record);
        if self.random.chance(50) {
            record.completeness.treatment_history = Some(vec![FactId(0)]);
        }
        for about in ["patient.birth_date", "patient.sex", "lines"] {
            if self.random.chance(5) {
                let conflict = Conflict { about: about.to_owned(), text: Text::default(), sides: Vec::new() };
                record.conflicts.push(conflict);
            }
        }
        record
    }

    /// A day up to so many days ago, seldom in the future, as precise as papers are.
    fn day(&mut self, most: i64) -> Option<PartialDate> {
        if self.random.chance(8) {
            return None;
        }
        let ago = if self.random.chance(5) { -20 } else { self.random.below(most as usize) as i64 };
        let text = (self.on - ago.days()).to_string();
        let length = *self.random.pick(&[10, 10, 10, 10, 10, 10, 7, 7, 4]);
        text[..length].parse().ok()
    }

    fn patient(&mut self) -> Patient {
        let sex = ["female", "male", "female", "unknown"];
        let born = if self.random.chance(50) { 20 + self.random.below(3650) as i64 } else { 0 };
        let age_days = 365 * (14 + self.random.below(60) as i64);
        let birth = self.random.maybe(75, |random| {
            let text = (self.on - (age_days + born).days()).to_string();
            text[..*random.pick(&[10, 10, 7, 4])].parse().expect("the start of a date is a date")
        });
        let on = self.day(900);
        Patient {
            birth_date: birth.map(|value| Sourced { value, facts: vec![FactId(0)] }),
            age: self.random.maybe(60, |random| AgeStatement {
                years: 15.0 + random.below(30) as f64,
                on,
                facts: vec![FactId(0)],
            }),
            sex: self.random.maybe(80, |random| Sourced {
                value: (*random.pick(&sex)).to_owned(),
                facts: vec![FactId(0)],
            }),
            ..Patient::default()
        }
    }

    fn random_diagnoses(&mut self) -> Vec<Diagnosis> {
        let count = *self.random.pick(&[0, 1, 1, 1, 1, 2]);
        (0..count)
            .map(|_| Diagnosis {
                concept: self.random.pick(&self.words.histologies).clone(),
                date: self.day(2000),
                assertion: *self.random.pick(&[Assertion::Present, Assertion::Present, Assertion::Possible]),
                temporality: if self.random.chance(85) {
                    Temporality::Current
                } else {
                    Temporality::Historical
                },
                by_pathology: true,
                facts: vec![FactId(0)],
            })
            .collect()
    }

    fn transformation(&mut self) -> Option<Transformation> {
        if !self.random.chance(25) {
            return None;
        }
        let of = self.words.histologies.clone();
        Some(Transformation {
            from: self.random.maybe(80, |random| random.pick(&of).clone()),
            to: self.random.maybe(50, |random| random.pick(&of).clone()),
            date: self.day(1500),
            assertion: *self.random.pick(&[Assertion::Present, Assertion::Present, Assertion::Possible]),
            facts: vec![FactId(0)],
        })
    }

    fn drug(&mut self) -> ConceptId {
        let place = self.random.below(self.words.drugs.len());
        self.words.drugs.iter().nth(place).expect("the sets name drugs").clone()
    }

    fn response(&mut self) -> Option<Response> {
        let date = self.day(700);
        self.random.maybe(60, |random| Response {
            category: *random.pick(&RESPONSES),
            date,
            facts: vec![FactId(0)],
        })
    }

    fn lines(&mut self) -> Vec<LineOfTherapy> {
        let count = *self.random.pick(&[0, 1, 1, 2, 2, 3, 4, 5]);
        (0..count).map(|index| self.line(index + 1)).collect()
    }

    fn line(&mut self, number: u32) -> LineOfTherapy {
        let labels = ["R-CEOP", "R-CHOP", "CAR-T", "chemotherapy", "R2", ""];
        let listed = self.random.chance(80);
        let count = 1 + self.random.below(3);
        let components = if listed { (0..count).map(|_| self.drug()).collect() } else { Vec::new() };
        let reasons = [
            ReasonForEnding::Completed,
            ReasonForEnding::Relapse,
            ReasonForEnding::Progression,
            ReasonForEnding::InsufficientResponse,
            ReasonForEnding::Toxicity,
        ];
        let transplanted = self.day(900);
        LineOfTherapy {
            number: if self.random.chance(95) { number } else { number + 2 },
            regimen: self.random.maybe(20, |random| random.pick(&self.words.regimens).clone()),
            label: (*self.random.pick(&labels)).to_owned(),
            components,
            start: self.day(1200),
            end: self.day(400),
            best_response: self.response(),
            last_response: self.response(),
            reason_for_ending: self.random.maybe(40, |random| *random.pick(&reasons)),
            failed_on: if self.random.chance(40) { self.day(500) } else { None },
            transplant: self.random.maybe(15, |random| Transplant {
                concept: ConceptId::from(*random.pick(&["reg.asct", "reg.allosct"])),
                date: transplanted,
            }),
            continued_with: if self.random.chance(15) { vec![self.drug()] } else { Vec::new() },
            before_transformation: self.random.maybe(60, |random| random.chance(50)),
            cell_therapy: self.random.chance(6),
            ..LineOfTherapy::default()
        }
    }

    fn other(&mut self) -> OtherTherapy {
        let concept = match self.random.below(10) {
            0 => ConceptId::from("reg.asct"),
            1 => ConceptId::from("reg.allosct"),
            2 => self.random.pick(&self.words.regimens).clone(),
            3 | 4 => {
                let place = self.random.below(self.words.denials.len());
                self.words.denials.iter().nth(place).expect("sets are denied by drugs").clone()
            }
            _ => self.drug(),
        };
        let assertions =
            [Assertion::Present, Assertion::Present, Assertion::Negated, Assertion::Hypothetical];
        OtherTherapy {
            concept,
            label: String::new(),
            intent: (*self.random.pick(&["bridging", "steroid", "maintenance", "planned", "refused"]))
                .to_owned(),
            assertion: *self.random.pick(&assertions),
            start: self.day(300),
            end: if self.random.chance(70) { self.day(60) } else { None },
            facts: vec![FactId(0)],
        }
    }

    fn status(&mut self, lines: usize) -> DiseaseStatus {
        let statements = (0..self.random.below(3))
            .map(|_| StatusStatement {
                concept: ConceptId::from(*self.random.pick(&STATUS)),
                assertion: *self.random.pick(&[
                    Assertion::Present,
                    Assertion::Present,
                    Assertion::Negated,
                    Assertion::Possible,
                ]),
                date: self.day(900),
                months_since: None,
                fact: FactId(0),
            })
            .collect();
        DiseaseStatus {
            statements,
            last_response: self.response(),
            stated_line_count: self.random.maybe(30, |random| Sourced {
                value: (lines + random.below(3)).saturating_sub(1) as u32,
                facts: vec![FactId(0)],
            }),
        }
    }

    fn values(&mut self, record: &mut PatientRecord) {
        for (analyte, limits) in &self.words.labs {
            let values = self.random.below(4);
            let labs = (0..values).map(|_| self.lab(analyte, limits)).collect::<Vec<_>>();
            record.labs.insert(analyte.clone(), labs);
        }
        for (score, limits) in &self.words.scores {
            let count = self.random.below(3);
            let values = (0..count).map(|_| ScoreValue {
                value: self.random.pick(limits) + self.random.below(3) as f64 - 1.0,
                date: self.day(120),
                facts: vec![FactId(0)],
            });
            let values = values.collect();
            record.scores.insert(score.clone(), values);
        }
        for test in &self.words.tests {
            let results = self.random.below(3);
            let results = (0..results).map(|_| self.test()).collect();
            record.virology.insert(test.clone(), results);
        }
        for marker in &self.words.markers {
            for _ in 0..self.random.below(3) {
                let biomarker = Biomarker {
                    concept: marker.clone(),
                    method: None,
                    sign: self.sign(),
                    percent: None,
                    detail: String::new(),
                    assertion: *self.random.pick(&[
                        Assertion::Present,
                        Assertion::Present,
                        Assertion::Present,
                        Assertion::Possible,
                    ]),
                    date: self.day(700),
                    facts: vec![FactId(0)],
                };
                record.biomarkers.push(biomarker);
            }
        }
    }

    fn sign(&mut self) -> Option<Sign> {
        let signs = [Sign::Positive, Sign::Positive, Sign::Negative, Sign::Negative, Sign::Equivocal];
        self.random.maybe(90, |random| *random.pick(&signs))
    }

    fn comparator(&mut self) -> Comparator {
        let signs = [
            Comparator::Less,
            Comparator::AtMost,
            Comparator::AtLeast,
            Comparator::Greater,
            Comparator::Equal,
        ];
        if self.random.chance(20) { *self.random.pick(&signs) } else { Comparator::Equal }
    }

    /// A value near a limit, in its canonical unit or in the unit of the criterion.
    fn lab(&mut self, analyte: &ConceptId, limits: &[(f64, String)]) -> LabValue {
        let near = [0.5, 0.9, 0.997, 1.0, 1.0, 1.002, 1.1, 2.0];
        let limit = if limits.is_empty() { 40.0 } else { self.random.pick(limits).0 };
        let units: Vec<String> = self.catalogue.analyte(analyte).map_or_else(Vec::new, |known| {
            let others = known.factors.keys().map(ToString::to_string);
            std::iter::once(known.canonical.to_string()).chain(others).collect()
        });
        let unit = if units.is_empty() { "1".to_owned() } else { self.random.pick(&units).clone() };
        // Found by converting one of the unit: factors of the catalogue are not linear for every analyte.
        let one = self.catalogue.canonical(analyte, &Quantity::new(1.0, &unit)).map_or(1.0, |of| of.value);
        let value = (limit * self.random.pick(&near) / one * 1000.0).round() / 1000.0;
        let printed = Quantity { comparator: self.comparator(), ..Quantity::new(value, &unit) };
        let canonical = self.catalogue.canonical(analyte, &printed).filter(|_| self.random.chance(93));
        let upper = [value, value / 2.5, value / 5.0, value * 2.0, value / 1.5, 0.0];
        // Two places, as laboratories print limits.
        let high = self.random.maybe(75, |random| (*random.pick(&upper) * 100.0).round() / 100.0);
        let caveats = ["transfused", "growth_factor", "ocr_fixed"];
        LabValue {
            date: self.day(70),
            measurement: Measurement {
                printed,
                canonical,
                reference: high.map(|high| ReferenceRange { low: None, high: Some(high) }),
                flag: None,
            },
            caveats: self
                .random
                .maybe(25, |random| (*random.pick(&caveats)).to_owned())
                .into_iter()
                .collect(),
            facts: vec![self.measured(analyte)],
        }
    }

    /// The fact behind a value, measured on room air or not said so.
    fn measured(&mut self, analyte: &ConceptId) -> FactId {
        let id = FactId(self.facts.len() as u32);
        let on_room_air = self.random.maybe(50, |random| (Attr::RoomAir, AttrValue::Flag(random.chance(80))));
        self.facts.push(Fact {
            id,
            concept: analyte.clone(),
            value: Value::None,
            assertion: Assertion::Present,
            experiencer: Experiencer::Patient,
            temporality: Temporality::Current,
            date: None,
            attrs: on_room_air.into_iter().collect(),
            evidence: Vec::new(),
            method: Method::Rule(RuleId::from("random")),
            confidence: 1.0,
            status: Status::Read,
        });
        id
    }

    fn test(&mut self) -> VirologyResult {
        let printed = Quantity {
            comparator: self.comparator(),
            ..Quantity::new(*self.random.pick(&[0.0, 0.05, 1.0, 20.0, 300.0]), "[IU]/mL")
        };
        let reference = self
            .random
            .maybe(50, |random| ReferenceRange { low: None, high: Some(*random.pick(&[0.05, 1.0, 20.0])) });
        let measurement = Measurement { printed, canonical: None, reference, flag: None };
        VirologyResult {
            sign: if self.random.chance(60) { self.sign() } else { None },
            measurement: self.random.maybe(70, |_| measurement),
            date: self.day(200),
            facts: vec![FactId(0)],
        }
    }

    fn findings(&mut self, record: &mut PatientRecord) {
        let transplants = ["reg.asct", "reg.allosct"].map(ConceptId::from);
        for finding in self.words.findings.iter().chain(&transplants) {
            if self.random.chance(45) {
                continue;
            }
            let is_transplant = finding.is("reg");
            let state = FindingState {
                asserted: if is_transplant { Vec::new() } else { self.dated(35) },
                historical: if is_transplant { Vec::new() } else { self.dated(20) },
                denied: self.dated(45),
                possible: if is_transplant { Vec::new() } else { self.dated(20) },
            };
            record.findings.insert(finding.clone(), state);
        }
    }

    /// None, one or two statements, so many times of a hundred.
    fn dated(&mut self, percent: usize) -> Vec<DatedFact> {
        if !self.random.chance(percent) {
            return Vec::new();
        }
        let count = *self.random.pick(&[1, 1, 2]);
        (0..count).map(|_| DatedFact { date: self.day(500), fact: FactId(0) }).collect()
    }
}
