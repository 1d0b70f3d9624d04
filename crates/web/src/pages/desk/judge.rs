//! What a person makes of a fact: right, wrong, or right so.

use crate::{
    App,
    error::{Failure, Outcome},
    form::Posted,
    frame::see_other,
    who::Signed,
};
use axum::extract::{Path, State};
use cartulary_casework::{Correction, Judgement};
use cartulary_ledger::{Body, Entry, FactRef};
use cartulary_model::{
    Assertion, CaseId, Comparator, ConceptId, Fact, PartialDate, Quantity, Unit, Value,
    fact::{Measurement, Sign},
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What a person makes of a fact.
#[derive(Deserialize, ToSchema)]
#[schema(as = Judgement)]
pub(crate) struct Said {
    /// `confirm`, `reject`, `correct`.
    act: String,
    /// The case that holds the fact: one that was merged into this, perhaps.
    of: String,
    /// The name of the fact in the case.
    fact: String,
    /// Where a page goes on.
    #[serde(default)]
    #[schema(ignore)]
    next: String,
    /// The right number, with its bound where it has one: `45`, `<0.05`.
    #[serde(default)]
    number: String,
    /// Its unit, one that the analyte has.
    #[serde(default)]
    unit: String,
    /// The right words, code or sign.
    #[serde(default)]
    text: String,
    /// The right day, month or year: `2026-11-26`, `2026-11`, `2026`; empty: none; left out: as it is.
    #[serde(default)]
    date: Option<String>,
    /// `present`, `negated`, `possible`, `hypothetical`; empty: as it is.
    #[serde(default)]
    assertion: String,
    /// Why, in the person's words.
    #[serde(default)]
    reason: String,
}

/// Judges a fact and goes on with the next.
pub(crate) async fn judge(State(app): State<App>, Path(case): Path<String>, posted: Posted<Said>) -> Outcome {
    let Posted { signed, form } = posted;
    let case = signed.expect_case(&app, &case).await?;
    let of = match judged(&app, &signed, case, &form).await? {
        Ok(of) => of,
        Err(key) => return Ok(see_other(&format!("/cases/{case}/desk?fact={}&problem={key}", form.next))),
    };
    // Workers append beside: what may be taken back is this person's own word on this fact.
    let file = app.casework.ledger().case(of).await?;
    let is_own = |entry: &&Arc<Entry>| entry.actor == signed.who() && judges(&entry.body, &form.fact);
    let own = file.entries.iter().rev().find(is_own).filter(|_| of == case);
    let done = own.map_or(String::new(), |entry| format!("&done={}", entry.seq));
    Ok(see_other(&format!("/cases/{case}/desk?fact={}{done}", form.next)))
}

/// Judges a fact; gives the case that holds it, or the key of what cannot be.
pub(crate) async fn judged(
    app: &App,
    signed: &Signed,
    case: CaseId,
    form: &Said,
) -> Outcome<Result<CaseId, &'static str>> {
    let of = held_by(app, signed, case, &form.of).await?;
    let fact = FactRef(form.fact.as_str().into());
    let reason = Some(form.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let judgement = match form.act.as_str() {
        "confirm" => Judgement::Confirm(fact),
        "reject" => Judgement::Reject { fact, reason },
        "correct" => {
            let held = signed.staff(app)?.facts(case).await?;
            let held = held.into_iter().find(|(_, taken)| taken.name == fact).ok_or(Failure::Absent)?;
            match corrected(app, held.1.fact, form) {
                Ok(right) => Judgement::Correct(Box::new(Correction { fact, right, reason })),
                Err(key) => return Ok(Err(key)),
            }
        }
        _ => return Err(Failure::Absent),
    };
    signed.staff(app)?.judge(of, judgement).await?;
    Ok(Ok(of))
}

fn judges(body: &Body, fact: &str) -> bool {
    match body {
        Body::FactConfirmed(said) => &*said.fact.0 == fact,
        Body::FactRejected(said) => &*said.fact.0 == fact,
        Body::FactCorrected(said) => &*said.fact.0 == fact,
        _ => false,
    }
}

/// The case itself, or one that is seen with it.
async fn held_by(app: &App, signed: &Signed, case: CaseId, of: &str) -> Outcome<CaseId> {
    let of: CaseId = of.parse().map_err(|_| Failure::Absent)?;
    let view = signed.staff(app)?.show(case).await?;
    let is_seen = view.whole.files.iter().any(|file| file.case == of);
    if is_seen { Ok(of) } else { Err(Failure::Absent) }
}

/// The fact as the person says it is, or the key of what cannot be.
fn corrected(app: &App, mut fact: Fact, form: &Said) -> Result<Fact, &'static str> {
    fact.assertion = assertion(&form.assertion)?.unwrap_or(fact.assertion);
    if let Some(said) = &form.date {
        fact.date = date(said)?;
    }
    fact.value = value(app, &fact.concept, fact.value, form)?;
    Ok(fact)
}

/// How something is stated; nothing where nobody says.
pub(crate) fn assertion(text: &str) -> Result<Option<Assertion>, &'static str> {
    Ok(Some(match text {
        "" => return Ok(None),
        "present" => Assertion::Present,
        "negated" => Assertion::Negated,
        "possible" => Assertion::Possible,
        "hypothetical" => Assertion::Hypothetical,
        _ => return Err("assertion"),
    }))
}

/// A day, month or year; nothing where the words are empty.
pub(crate) fn date(text: &str) -> Result<Option<PartialDate>, &'static str> {
    let text = Some(text.trim()).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| "date")).transpose()
}

fn value(app: &App, concept: &ConceptId, old: Value, form: &Said) -> Result<Value, &'static str> {
    Ok(match old {
        Value::None => Value::None,
        Value::Number(_) => Value::Number(number(&form.number)?),
        Value::Measurement(of) => Value::Measurement(measured(app, concept, &of, &form.number, &form.unit)?),
        Value::Code(_) => Value::Code(words(&form.text)?),
        Value::Text(_) => Value::Text(words(&form.text)?),
        Value::Date(_) => Value::Date(form.text.trim().parse().map_err(|_| "date")?),
        Value::Sign(old) => Value::Sign(sign(&form.text).unwrap_or(old)),
    })
}

fn words(text: &str) -> Result<String, &'static str> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty()).ok_or("text")
}

fn sign(text: &str) -> Option<Sign> {
    serde_json::from_value(serde_json::Value::String(text.trim().to_owned())).ok()
}

/// A number with how it bounds the true one: `<0.05`, `≥ 10`.
fn bounded(text: &str) -> Result<(Comparator, f64), &'static str> {
    use Comparator::{AtLeast, AtMost, Equal, Greater, Less};
    let signs = [
        ("<=", AtMost),
        (">=", AtLeast),
        ("≤", AtMost),
        ("≥", AtLeast),
        ("<", Less),
        (">", Greater),
        ("=", Equal),
    ];
    let text = text.trim();
    let found = signs.into_iter().find_map(|(sign, comparator)| Some((comparator, text.strip_prefix(sign)?)));
    let (comparator, rest) = found.unwrap_or((Equal, text));
    Ok((comparator, number(rest)?))
}

/// A number as people write it: `4,5` and `4.5`, nothing else.
pub(crate) fn number(text: &str) -> Result<f64, &'static str> {
    let text = text.trim().replace(',', ".");
    text.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or("number")
}

/// A measurement in a unit that the analyte knows; the reference range stays that of the paper.
pub(crate) fn measured(
    app: &App,
    concept: &ConceptId,
    old: &Measurement,
    text: &str,
    unit: &str,
) -> Result<Measurement, &'static str> {
    let (comparator, value) = bounded(text)?;
    let unit = Some(unit.trim()).filter(|unit| !unit.is_empty()).map(Unit::new);
    let printed = Quantity { value, comparator, unit };
    let canonical = app.catalogue.canonical(concept, &printed);
    if app.catalogue.analyte(concept).is_some() && canonical.is_none() {
        return Err("unit");
    }
    // The paper's mark was of its number, its range in its unit: what nobody touched stays.
    if printed == old.printed {
        return Ok(old.clone());
    }
    let reference = old.reference.filter(|_| printed.unit == old.printed.unit);
    Ok(Measurement { printed, canonical, reference, flag: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_that_nobody_touched_stays_and_one_that_was_taken_away_goes() {
        for (text, expected) in [
            ("45", Ok((Comparator::Equal, 45.0))),
            ("<0.05", Ok((Comparator::Less, 0.05))),
            ("≥ 10", Ok((Comparator::AtLeast, 10.0))),
            ("<=4,5", Ok((Comparator::AtMost, 4.5))),
            ("<", Err("number")),
            ("4 5", Err("number")),
            ("NaN", Err("number")),
        ] {
            assert_eq!(bounded(text), expected, "{text}");
        }
    }

    #[test]
    fn what_nobody_said_is_left_and_what_is_no_answer_is_refused() {
        assert_eq!(assertion(""), Ok(None));
        assert_eq!(assertion("possible"), Ok(Some(Assertion::Possible)));
        assert_eq!(assertion("no"), Err("assertion"));
        assert_eq!(date(" "), Ok(None));
        assert_eq!(date("2026-11"), Ok(Some("2026-11".parse().unwrap())));
        assert_eq!(date("soon"), Err("date"));
        let said = |json: &str| serde_json::from_str::<Said>(json).unwrap().date;
        assert_eq!(said(r#"{"act":"correct","of":"c","fact":"f"}"#), None, "the day stays");
        assert_eq!(said(r#"{"act":"correct","of":"c","fact":"f","date":""}"#), Some(String::new()), "no day");
    }
}
