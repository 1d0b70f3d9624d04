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
use cartulary_ledger::FactRef;
use cartulary_model::{
    Assertion, CaseId, ConceptId, Fact, PartialDate, Quantity, Unit, Value,
    fact::{Measurement, Sign},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Said {
    act: String,
    /// The case that holds the fact: one that was merged into this, perhaps.
    of: String,
    fact: String,
    /// Where to go on.
    #[serde(default)]
    next: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    assertion: String,
    #[serde(default)]
    reason: String,
}

/// Judges a fact and goes on with the next.
pub(crate) async fn judge(State(app): State<App>, Path(case): Path<String>, posted: Posted<Said>) -> Outcome {
    let Posted { signed, form } = posted;
    let case = signed.expect_case(&app, &case).await?;
    let of = held_by(&app, &signed, case, &form.of).await?;
    let fact = FactRef(form.fact.clone());
    let reason = Some(form.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let judgement = match form.act.as_str() {
        "confirm" => Judgement::Confirm(fact),
        "reject" => Judgement::Reject { fact, reason },
        "correct" => {
            let held = signed.staff(&app)?.facts(case).await?;
            let held = held.into_iter().find(|(_, taken)| taken.name == fact).ok_or(Failure::Absent)?;
            match corrected(&app, held.1.fact, &form) {
                Ok(right) => Judgement::Correct(Box::new(Correction { fact, right, reason })),
                Err(key) => {
                    return Ok(see_other(&format!("/cases/{case}/desk?fact={}&problem={key}", form.next)));
                }
            }
        }
        _ => return Err(Failure::Absent),
    };
    signed.staff(&app)?.judge(of, judgement).await?;
    let seq = app.casework.ledger().case(of).await?.version;
    let done = if of == case { format!("&done={seq}") } else { String::new() };
    Ok(see_other(&format!("/cases/{case}/desk?fact={}{done}", form.next)))
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
    fact.assertion = match form.assertion.as_str() {
        "" => fact.assertion,
        "present" => Assertion::Present,
        "negated" => Assertion::Negated,
        "possible" => Assertion::Possible,
        "hypothetical" => Assertion::Hypothetical,
        _ => return Err("assertion"),
    };
    fact.date = match form.date.trim() {
        "" => None,
        text => Some(text.parse::<PartialDate>().map_err(|_| "date")?),
    };
    fact.value = value(app, &fact.concept, fact.value, form)?;
    Ok(fact)
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
    let value = number(text)?;
    let printed = Quantity {
        value,
        unit: Some(unit.trim()).filter(|unit| !unit.is_empty()).map(Unit::new),
        ..old.printed.clone()
    };
    let canonical = app.catalogue.canonical(concept, &printed);
    if app.catalogue.analyte(concept).is_some() && canonical.is_none() {
        return Err("unit");
    }
    // What the paper marked was the other number.
    Ok(Measurement { printed, canonical, reference: old.reference, flag: None })
}
