//! Bounds against values, intervals of values and values in other units.

use super::*;
use proptest::prelude::*;

fn limit(sign: Comparator, value: f64, unit: &str, canonical: f64) -> Limit {
    Limit { sign, value: canonical, written: Quantity::new(value, unit) }
}

fn bare(limits: &[(Comparator, f64)]) -> Bound {
    Bound { limits: limits.iter().map(|(sign, value)| limit(*sign, *value, "1", *value)).collect() }
}

fn value(comparator: Comparator, value: f64) -> Quantity {
    Quantity { value, comparator, unit: None }
}

#[test]
fn each_sign_decides_at_its_limit() {
    let at_limit = [
        (Comparator::AtLeast, true),
        (Comparator::Greater, false),
        (Comparator::AtMost, true),
        (Comparator::Less, false),
    ];
    for (sign, holds) in at_limit {
        let bound = bare(&[(sign, 50.0)]);
        assert_eq!(bound.holds(&value(Comparator::Equal, 50.0)), Some(holds), "{sign:?}");
        assert_eq!(bound.holds_for(50.0, 50.0), Some(holds), "{sign:?}");
    }
}

#[test]
fn a_value_below_detection_is_an_interval() {
    let low = value(Comparator::Less, 20.0);
    assert_eq!(bare(&[(Comparator::Less, 30.0)]).holds(&low), Some(true));
    assert_eq!(bare(&[(Comparator::AtLeast, 20.0)]).holds(&low), Some(false));
    assert_eq!(bare(&[(Comparator::AtLeast, 10.0)]).holds(&low), None);
    // One broken limit is enough, whatever the other says.
    assert_eq!(bare(&[(Comparator::AtLeast, 10.0), (Comparator::Greater, 40.0)]).holds(&low), Some(false));
    assert_eq!(bare(&[(Comparator::Greater, 40.0), (Comparator::AtLeast, 10.0)]).holds(&low), Some(false));
}

/// Both ends break the bound and 45 keeps it.
#[test]
fn an_interval_around_two_limits_is_open() {
    let bound = bare(&[(Comparator::Greater, 30.0), (Comparator::Less, 60.0)]);
    assert_eq!(bound.holds_for(30.0, 60.0), None);
    assert_eq!(bound.holds_for(20.0, 70.0), None);
    assert_eq!(bound.holds_for(31.0, 59.0), Some(true));
    assert_eq!(bound.holds_for(60.0, 70.0), Some(false));
    assert_eq!(bound.holds_for(60.0, f64::INFINITY), Some(false));
    assert_eq!(bound.holds_for(40.0, f64::INFINITY), None);
}

#[test]
fn a_value_in_another_unit_is_told_in_the_criterion_s_unit() {
    let bound = Bound { limits: vec![limit(Comparator::AtMost, 1.5, "mg/dL", 25.65)] };
    let printed = Quantity::new(34.2, "umol/L");
    assert_eq!(bound.converted(&printed, &printed), Some(Quantity::new(2.0, "mg/dL")));
    let same = Quantity::new(1.2, "mg/dL");
    assert_eq!(bound.converted(&same, &Quantity::new(20.52, "umol/L")), None);
    let none = Bound { limits: vec![limit(Comparator::Greater, 0.0, "mg/dL", 0.0)] };
    assert_eq!(none.converted(&printed, &printed), None);
}

/// 1.5 mg/dL is 25.65 µmol/L: a paper that prints 25.7 rounds, and does not say on which side.
#[test]
fn a_converted_value_within_rounding_lies_at_the_limit() {
    let bound = Bound { limits: vec![limit(Comparator::AtMost, 1.5, "mg/dL", 25.65)] };
    let at_limit =
        |number, unit| bound.is_at_limit(&Quantity::new(number, unit), &Quantity::new(number, "umol/L"));
    assert!(at_limit(25.7, "umol/L"));
    assert!(at_limit(25.6, "umol/L"));
    assert!(!at_limit(25.8, "umol/L"));
    assert!(!at_limit(25.5, "umol/L"));
    assert!(!at_limit(25.65, "mg/dL"), "in the criterion's own unit the number is exact");
    let edge = Bound { limits: vec![limit(Comparator::AtMost, 1.0, "mg/dL", 200.0)] };
    assert!(edge.is_at_limit(&Quantity::new(201.0, "umol/L"), &Quantity::new(201.0, "umol/L")));
}

#[test]
fn a_bare_number_is_shown_without_a_unit() {
    assert_eq!(shown(&Quantity::new(3.0, "1")), Text::same("3"));
    assert_eq!(shown(&Quantity::new(3.0, "mg/dL")), Text::same("3 mg/dL"));
}

fn sign() -> impl Strategy<Value = Comparator> {
    prop::sample::select(vec![Comparator::AtLeast, Comparator::Greater, Comparator::AtMost, Comparator::Less])
}

proptest! {
    /// An answer on an interval is the answer on every value in it.
    #[test]
    fn an_interval_answers_only_when_every_value_does(
        limits in prop::collection::vec((sign(), 0i32..40), 1..3), low in 0i32..40, width in 0i32..20,
    ) {
        let limits: Vec<(Comparator, f64)> = limits.iter().map(|(sign, at)| (*sign, f64::from(*at))).collect();
        let bound = bare(&limits);
        let (low, high) = (f64::from(low), f64::from(low + width));
        let answers: Vec<Option<bool>> = (0..=width * 4)
            .map(|step| bound.holds(&value(Comparator::Equal, low + f64::from(step) / 4.0)))
            .collect();
        if let Some(answer) = bound.holds_for(low, high) {
            prop_assert!(answers.iter().all(|of| *of == Some(answer)));
        } else if limits.len() == 1 {
            prop_assert!(answers.contains(&Some(true)) && answers.contains(&Some(false)));
        }
    }

    /// A narrower interval keeps every answer of a wider one.
    #[test]
    fn knowing_more_never_flips_an_answer(
        limits in prop::collection::vec((sign(), 0i32..40), 1..3), low in 0i32..40, width in 0i32..20,
        from in 0i32..20, to in 0i32..20,
    ) {
        let limits: Vec<(Comparator, f64)> = limits.iter().map(|(sign, at)| (*sign, f64::from(*at))).collect();
        let bound = bare(&limits);
        let wide = bound.holds_for(f64::from(low), f64::from(low + width));
        let (inner_low, inner_high) = (low + from.min(width), low + width - to.min(width - from.min(width)));
        let narrow = bound.holds_for(f64::from(inner_low), f64::from(inner_high));
        prop_assert!(wide.is_none() || wide == narrow);
    }
}
