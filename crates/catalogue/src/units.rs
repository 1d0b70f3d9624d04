//! Units as papers write them, and how an analyte's units convert.

use crate::{
    error::Problem,
    files::Files,
    table::{self, list},
    terms::Concept,
};
use cartulary_model::{ConceptId, Quantity, Unit};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How an analyte is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Analyte {
    /// The unit that values are compared in.
    pub canonical: Unit,
    /// Other units and the factor to the canonical one.
    pub factors: BTreeMap<Unit, f64>,
    /// Values outside are misread or mistyped, in the canonical unit.
    pub plausible: (f64, f64),
}

impl Analyte {
    /// The quantity in the canonical unit; nothing when its unit is missing or not of this analyte.
    ///
    /// An analyte without a unit (INR, SUVmax) takes a bare number.
    pub fn canonical(&self, quantity: &Quantity) -> Option<Quantity> {
        let factor = match &quantity.unit {
            Some(unit) if *unit == self.canonical => 1.0,
            Some(unit) => *self.factors.get(unit)?,
            None if self.canonical.as_str() == "1" => 1.0,
            None => return None,
        };
        // Twelve significant digits: 2.9 g/dL is 29 g/L and not 28.999999999999996.
        let value = (quantity.value * factor * 1e9).round() / 1e9;
        Some(Quantity { value, comparator: quantity.comparator, unit: Some(self.canonical.clone()) })
    }

    /// Whether a value in the canonical unit can be true of a living person.
    pub fn is_plausible(&self, value: f64) -> bool {
        (self.plausible.0..=self.plausible.1).contains(&value)
    }
}

/// A written form of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitForm {
    /// As written.
    pub text: String,
    /// UCUM.
    pub unit: Unit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnalyteRow {
    id: String,
    canonical: String,
    conversions: String,
    plausible_low: f64,
    plausible_high: f64,
    #[serde(rename = "source")]
    _source: String,
}

pub(crate) fn load_analytes(
    files: &Files,
    concepts: &BTreeMap<ConceptId, Concept>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<ConceptId, Analyte> {
    const PATH: &str = "units/analytes.csv";
    let mut analytes = BTreeMap::new();
    for row in table::read::<AnalyteRow>(files, PATH, problems) {
        let id = ConceptId::new(row.of.id);
        let mut problem = |what: String| problems.push(Problem { file: PATH.into(), line: row.line, what });
        if !concepts.contains_key(&id) {
            problem(format!("`{id}` is no concept of terms/"));
        }
        let mut factors = BTreeMap::new();
        for conversion in list(&row.of.conversions) {
            match conversion.split_once('=').map(|(unit, factor)| (unit, factor.parse::<f64>())) {
                Some((unit, Ok(factor))) if factor > 0.0 => {
                    factors.insert(Unit::new(unit), factor);
                }
                _ => problem(format!("`{conversion}` is no conversion; expected UNIT=FACTOR")),
            }
        }
        if row.of.plausible_low >= row.of.plausible_high {
            problem(format!("the plausible range of `{id}` is empty"));
        }
        let analyte = Analyte {
            canonical: Unit::new(row.of.canonical),
            factors,
            plausible: (row.of.plausible_low, row.of.plausible_high),
        };
        if analytes.insert(id.clone(), analyte).is_some() {
            problem(format!("`{id}` stands twice"));
        }
    }
    analytes
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitRow {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "en")]
    _en: String,
    forms: String,
    ucum: String,
    #[serde(rename = "note")]
    _note: String,
}

pub(crate) fn load_forms(files: &Files, problems: &mut Vec<Problem>) -> Vec<UnitForm> {
    let mut forms = Vec::new();
    for row in table::read::<UnitRow>(files, "terms/unit.csv", problems) {
        if row.of.ucum.is_empty() {
            continue;
        }
        for text in list(&row.of.forms) {
            forms.push(UnitForm { text, unit: Unit::new(row.of.ucum.clone()) });
        }
    }
    forms.sort_by(|a, b| {
        b.text.chars().count().cmp(&a.text.chars().count()).then_with(|| a.text.cmp(&b.text))
    });
    forms.dedup();
    forms
}
