//! Bounds on numbers: at least, above, at most, below, and two of them together.

use crate::{
    context::Context,
    document::{Fields, Log},
    phrases::Say,
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{Comparator, ConceptId, Quantity, Text};

const SIGNS: [(&str, Comparator); 4] = [
    ("at_least", Comparator::AtLeast),
    ("above", Comparator::Greater),
    ("at_most", Comparator::AtMost),
    ("below", Comparator::Less),
];

/// One or two limits that a number must keep.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    limits: Vec<Limit>,
}

#[derive(Clone, Debug, PartialEq)]
struct Limit {
    sign: Comparator,
    /// In the analyte's canonical unit.
    value: f64,
    /// As the criterion writes it.
    written: Quantity,
}

impl Bound {
    /// Reads bounds that are bare numbers.
    pub(crate) fn of_numbers(fields: &mut Fields<'_>, log: &mut Log<'_>) -> Option<Self> {
        let mut limits = Vec::new();
        for (key, sign) in SIGNS {
            if let Some(value) = fields.number(key, log) {
                let written = Quantity { value, comparator: Comparator::Equal, unit: None };
                limits.push(Limit { sign, value, written });
            }
        }
        Self::checked(limits, fields, log)
    }

    /// Reads bounds with a unit of the analyte, as in `"1.5 mg/dL"`.
    pub(crate) fn of_quantities(
        fields: &mut Fields<'_>,
        analyte: &ConceptId,
        catalogue: &Catalogue,
        log: &mut Log<'_>,
    ) -> Option<Self> {
        let mut limits = Vec::new();
        for (key, sign) in SIGNS {
            let Some(node) = fields.take(key) else { continue };
            let Some(text) = log.text(node) else { continue };
            let (number, unit) = text.split_once(' ').unwrap_or((&text, "1"));
            let Ok(value) = number.parse::<f64>() else {
                log.problem(node.at, format!("`{text}` is no quantity; expected a number and a unit"));
                continue;
            };
            let written = Quantity::new(value, unit);
            match catalogue.canonical(analyte, &written) {
                Some(canonical) => limits.push(Limit { sign, value: canonical.value, written }),
                None => log.problem(node.at, impossible_unit(unit, analyte, catalogue)),
            }
        }
        Self::checked(limits, fields, log)
    }

    fn checked(limits: Vec<Limit>, fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Self> {
        if limits.is_empty() {
            log.problem(fields.at, "a bound is missing; expected at_least, above, at_most or below");
            return None;
        }
        Some(Self { limits })
    }

    /// Each limit: its sign, its value in the canonical unit, and the unit that the criterion writes.
    pub(crate) fn limits(&self) -> impl Iterator<Item = (Comparator, f64, &str)> {
        self.limits.iter().map(|limit| {
            let unit = limit.written.unit.as_ref().map_or("", |unit| unit.as_str());
            (limit.sign, limit.value, unit)
        })
    }

    /// Whether the value, in the canonical unit, keeps every limit.
    pub(crate) fn holds(&self, value: &Quantity) -> Option<bool> {
        let mut all = Some(true);
        for limit in &self.limits {
            match value.satisfies(limit.sign, limit.value) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    /// Whether an interval of possible values keeps every limit: all of them, none of them, or it depends.
    ///
    /// The ends decide of each limit alone, and only of each alone: both ends of 30 to 60 break "above 30 and below 60",
    /// and 45 keeps it.
    pub(crate) fn holds_for(&self, low: f64, high: f64) -> Option<bool> {
        let keeps = |limit: &Limit, value: f64| {
            Quantity { value, comparator: Comparator::Equal, unit: None }.satisfies(limit.sign, limit.value)
        };
        let mut all = Some(true);
        for limit in &self.limits {
            match (keeps(limit, low), keeps(limit, high)) {
                (Some(true), Some(true)) => {}
                (Some(false), Some(false)) => return Some(false),
                _ => all = None,
            }
        }
        all
    }

    /// Whether a converted value lies so near a limit that rounding on paper decides: 25.7 µmol/L is 1.5 mg/dL.
    pub(crate) fn is_at_limit(&self, printed: &Quantity, canonical: &Quantity) -> bool {
        self.limits.iter().any(|limit| {
            printed.unit != limit.written.unit
                && (canonical.value - limit.value).abs() <= 0.005 * limit.value.abs()
        })
    }

    /// The value in the unit that the criterion is written in, where the paper prints another.
    pub(crate) fn converted(&self, printed: &Quantity, canonical: &Quantity) -> Option<Quantity> {
        let limit = self.limits.first()?;
        if printed.unit == limit.written.unit || limit.written.value == 0.0 {
            return None;
        }
        let value = canonical.value * limit.written.value / limit.value;
        Some(Quantity { value: (value * 100.0).round() / 100.0, ..limit.written.clone() })
    }

    /// How the value stands to the bound, in words: `below 50 ×10⁹/L`.
    pub(crate) fn relation(
        &self,
        context: &Context<'_>,
        holds: bool,
        of: impl Fn(&Self) -> Option<bool>,
    ) -> Text {
        let mut words = Text::default();
        if context.is_silent() {
            return words;
        }
        for limit in &self.limits {
            let alone = Self { limits: vec![limit.clone()] };
            // Only the limits that decide are named: of two, the one that is broken.
            if of(&alone) != Some(holds) {
                continue;
            }
            let relation = context.say(word(limit.sign, holds), &[(&shown(&limit.written)).into()]);
            words = context.joined(words, relation, Say::And);
        }
        words
    }

    /// The bound itself, in words: `at least 50 ×10⁹/L`.
    pub(crate) fn text(&self, context: &Context<'_>) -> Text {
        if context.is_silent() {
            return Text::default();
        }
        self.limits.iter().fold(Text::default(), |words, limit| {
            let relation = context.say(word(limit.sign, true), &[(&shown(&limit.written)).into()]);
            context.joined(words, relation, Say::And)
        })
    }
}

fn shown(written: &Quantity) -> Text {
    let plain = match &written.unit {
        Some(unit) if unit.as_str() == "1" => written.value.to_string(),
        _ => written.to_string(),
    };
    Text::new(plain.clone(), plain)
}

fn word(sign: Comparator, holds: bool) -> Say {
    match (sign, holds) {
        (Comparator::AtLeast | Comparator::Equal, true) => Say::AtLeast,
        (Comparator::AtLeast | Comparator::Equal, false) => Say::NotAtLeast,
        (Comparator::Greater, true) => Say::Above,
        (Comparator::Greater, false) => Say::NotAbove,
        (Comparator::AtMost, true) => Say::AtMost,
        (Comparator::AtMost, false) => Say::NotAtMost,
        (Comparator::Less, true) => Say::Below,
        (Comparator::Less, false) => Say::NotBelow,
    }
}

fn impossible_unit(unit: &str, analyte: &ConceptId, catalogue: &Catalogue) -> String {
    match catalogue.analyte(analyte) {
        Some(known) => {
            let others = known.factors.keys().map(|unit| format!(" or {unit}")).collect::<String>();
            format!("`{unit}` is no unit of {analyte}; expected {}{others}", known.canonical)
        }
        None => format!("{analyte} is not measured in any unit that units/analytes.csv knows"),
    }
}

#[cfg(test)]
mod tests;
