//! Quantities: a number with the sign and the unit it was printed with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A unit in UCUM notation, for example `10*9/L`, `umol/L`, `%`, `mL/min`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Unit(String);

impl Unit {
    /// Wraps a UCUM code.
    pub fn new(ucum: impl Into<String>) -> Self {
        Self(ucum.into())
    }

    /// The UCUM code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The unit as people print it: `×10⁹/L` for `10*9/L`.
    pub fn for_people(&self) -> String {
        self.0
            .replace("10*9", "×10⁹")
            .replace("10*12", "×10¹²")
            .replace("10*3", "×10³")
            .replace("umol", "µmol")
            .replace("{1.73_m2}", "1.73 m²")
            .replace("[IU]", "IU")
            .replace("{copies}", "copies")
            .replace("Cel", "°C")
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a printed number bounds the true one. `<20` is a result: somewhere below 20.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Comparator {
    /// The number itself.
    #[default]
    #[serde(rename = "=")]
    Equal,
    /// Below the number.
    #[serde(rename = "<")]
    Less,
    /// At most the number.
    #[serde(rename = "<=")]
    AtMost,
    /// At least the number.
    #[serde(rename = ">=")]
    AtLeast,
    /// Above the number.
    #[serde(rename = ">")]
    Greater,
}

impl Comparator {
    /// The sign as printed; nothing for the number itself.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "",
            Self::Less => "<",
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
            Self::Greater => ">",
        }
    }
}

/// A number, how it bounds the true value, and its unit if one was readable.
///
/// Without a unit the number means nothing to a criterion on that analyte, unless the analyte has none.
#[derive(Clone, Debug, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// The number as printed.
    pub value: f64,
    /// How it bounds the true value.
    #[serde(default)]
    pub comparator: Comparator,
    /// The unit, UCUM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

impl Quantity {
    /// An exact number with a unit.
    pub fn new(value: f64, unit: &str) -> Self {
        Self { value, comparator: Comparator::Equal, unit: Some(Unit::new(unit)) }
    }

    /// The interval of true values: lower and upper bound, each with whether the bound itself is in it.
    pub fn bounds(&self) -> ((f64, bool), (f64, bool)) {
        let open = (f64::NEG_INFINITY, false);
        let unbounded = (f64::INFINITY, false);
        match self.comparator {
            Comparator::Equal => ((self.value, true), (self.value, true)),
            Comparator::Less => (open, (self.value, false)),
            Comparator::AtMost => (open, (self.value, true)),
            Comparator::AtLeast => ((self.value, true), unbounded),
            Comparator::Greater => ((self.value, false), unbounded),
        }
    }

    /// `Some(true)` if every true value this can stand for satisfies `sign bound`, `Some(false)` if none does,
    /// `None` if it depends. The caller has brought both to one unit.
    pub fn satisfies(&self, sign: Comparator, bound: f64) -> Option<bool> {
        let ((low, low_in), (high, high_in)) = self.bounds();
        let (all, none) = match sign {
            Comparator::AtLeast => (low >= bound, high < bound || (high == bound && !high_in)),
            Comparator::Greater => (low > bound || (low == bound && !low_in), high <= bound),
            Comparator::AtMost => (high <= bound, low > bound || (low == bound && !low_in)),
            Comparator::Less => (high < bound || (high == bound && !high_in), low >= bound),
            Comparator::Equal => (low == bound && high == bound, low > bound || high < bound),
        };
        if all {
            Some(true)
        } else if none {
            Some(false)
        } else {
            None
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.comparator.sign(), self.value)?;
        match &self.unit {
            Some(unit) if unit.as_str() == "%" => f.write_str("%"),
            Some(unit) => write!(f, " {}", unit.for_people()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn below_twenty_is_not_known_to_be_above_ten() {
        let below_twenty = Quantity { value: 20.0, comparator: Comparator::Less, unit: None };
        assert_eq!(below_twenty.satisfies(Comparator::AtLeast, 20.0), Some(false));
        assert_eq!(below_twenty.satisfies(Comparator::Less, 20.0), Some(true));
        assert_eq!(below_twenty.satisfies(Comparator::AtLeast, 10.0), None);
    }

    #[test]
    fn a_bound_is_in_or_out_as_its_sign_says() {
        let ninety_two = Quantity::new(92.0, "%");
        assert_eq!(ninety_two.satisfies(Comparator::AtLeast, 92.0), Some(true));
        assert_eq!(ninety_two.satisfies(Comparator::Greater, 92.0), Some(false));
    }

    proptest! {
        #[test]
        fn exact_numbers_always_answer(value in -1e6f64..1e6, bound in -1e6f64..1e6) {
            for sign in [Comparator::AtLeast, Comparator::Greater, Comparator::AtMost, Comparator::Less] {
                prop_assert!(Quantity::new(value, "1").satisfies(sign, bound).is_some());
            }
        }
    }
}
