//! `cartulary case correct` and `cartulary case add-fact`: what a fact says, from words of the command line.

use super::{
    act::on,
    named::{fact_of, paper_of},
};
use crate::{
    cli::{self, Global, Says},
    knowledge, register,
};
use anyhow::{Result, anyhow, bail};
use cartulary_casework::{Correction, Judgement, Reading};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Assertion, ConceptId, Evidence, Fact, FactId, PartialDate, Quantity, Value,
    fact::{Experiencer, Measurement, Method, Sign, Status, Temporality},
    quantity::{Comparator, Unit},
};
use serde_json::json;
use std::{collections::BTreeMap, process::ExitCode};

pub(super) fn correct(global: &Global, options: &cli::Correct) -> Result<ExitCode> {
    let catalogue = knowledge::catalogue(global)?;
    on(&options.on, async |casework, case| {
        let coordinator = casework.coordinator(register::operator());
        let facts = coordinator.facts(case).await?;
        let (of, read) = fact_of(&facts, &options.fact)?;
        let mut right = read.fact.clone();
        if let Some(concept) = &options.concept {
            right.concept = known(&catalogue, concept)?;
        }
        say(&catalogue, &mut right, &options.says)?;
        if right == read.fact {
            bail!("this says nothing new: give --value, --unit, --date, --assertion or --concept");
        }
        let name = read.name.clone();
        let correction = Correction { fact: name.clone(), right, reason: options.reason.clone() };
        coordinator.judge(of, Judgement::Correct(Box::new(correction))).await?;
        Ok((format!("{} was corrected", name.0), json!({ "done": "corrected", "facts": [name] })))
    })
}

pub(super) fn add(global: &Global, options: &cli::AddFact) -> Result<ExitCode> {
    let catalogue = knowledge::catalogue(global)?;
    let concept = known(&catalogue, &options.concept)?;
    on(&options.on, async |casework, case| {
        let coordinator = casework.coordinator(register::operator());
        let view = coordinator.show(case).await?;
        let (of, document) = paper_of(&view, &options.paper)?;
        let reading = coordinator.reading(of, document).await?;
        let evidence = vec![place(&reading, &options.quote, options.page)?];
        let mut fact = Fact {
            id: FactId(0),
            concept,
            value: Value::None,
            assertion: Assertion::Present,
            experiencer: Experiencer::Patient,
            temporality: Temporality::Current,
            date: None,
            attrs: BTreeMap::new(),
            evidence,
            // The desk puts the person's name here.
            method: Method::Person { name: String::new(), at: String::new() },
            confidence: 1.0,
            status: Status::Confirmed,
        };
        say(&catalogue, &mut fact, &options.says)?;
        let concept = fact.concept.clone();
        coordinator.judge(of, Judgement::Add(Box::new(fact))).await?;
        Ok((format!("{concept} was added"), json!({ "done": "added", "concept": concept })))
    })
}

fn known(catalogue: &Catalogue, concept: &str) -> Result<ConceptId> {
    let id = ConceptId::from(concept);
    match catalogue.concept(&id) {
        Some(_) => Ok(id),
        None => {
            bail!("the catalogue has no concept `{concept}`: give an id such as lab.ki67 or hist.dlbcl_nos")
        }
    }
}

/// Puts into a fact what the command line says of it.
fn say(catalogue: &Catalogue, fact: &mut Fact, says: &Says) -> Result<()> {
    if let Some(text) = &says.value {
        fact.value = value(catalogue, fact, text.trim(), says.unit.as_deref())?;
    } else if says.unit.is_some() {
        bail!("--unit belongs to a value: give --value too");
    }
    if let Some(text) = &says.date {
        fact.date = Some(day(text)?);
    }
    if let Some(said) = says.assertion {
        fact.assertion = match said {
            cli::Said::Present => Assertion::Present,
            cli::Said::Negated => Assertion::Negated,
            cli::Said::Possible => Assertion::Possible,
            cli::Said::Hypothetical => Assertion::Hypothetical,
        };
    }
    Ok(())
}

/// A value of the kind that the fact has, or that its concept and the words ask for.
fn value(catalogue: &Catalogue, fact: &Fact, text: &str, unit: Option<&str>) -> Result<Value> {
    let sign = match text {
        "positive" | "阳性" => Some(Sign::Positive),
        "negative" | "阴性" => Some(Sign::Negative),
        "equivocal" => Some(Sign::Equivocal),
        "restricted" => Some(Sign::Restricted),
        _ => None,
    };
    if let Some(sign) = sign {
        return Ok(Value::Sign(sign));
    }
    let is_measured =
        matches!(fact.value, Value::Measurement(_)) || catalogue.analyte(&fact.concept).is_some();
    if is_measured {
        return measured(catalogue, fact, text, unit);
    }
    if unit.is_some() {
        bail!("{} has no unit", fact.concept);
    }
    Ok(match (&fact.value, text.parse::<f64>()) {
        (Value::Text(_), _) => Value::Text(text.to_owned()),
        (Value::Date(_), _) => Value::Date(day(text)?),
        (_, Ok(number)) if number.is_finite() => Value::Number(number),
        _ => match day(text) {
            Ok(day) => Value::Date(day),
            Err(_) => Value::Code(text.to_owned()),
        },
    })
}

/// A measured value: its unit as given, or that of the value in whose place it comes.
fn measured(catalogue: &Catalogue, fact: &Fact, text: &str, unit: Option<&str>) -> Result<Value> {
    let (comparator, number) = compared(text);
    let number: f64 = number
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(|| anyhow!("`{text}` is no measured value: write a number, such as 5.2 or <0.1"))?;
    let before = match &fact.value {
        Value::Measurement(before) => Some(before),
        _ => None,
    };
    let unit = unit.map(Unit::new).or_else(|| before.and_then(|before| before.printed.unit.clone()));
    let printed = Quantity { value: number, comparator, unit };
    let canonical = catalogue.canonical(&fact.concept, &printed);
    if canonical.is_none() {
        let known = printed.unit.as_ref().map_or_else(|| "none".to_owned(), |unit| unit.as_str().to_owned());
        bail!("the unit of {} is not understood ({known}): give another with --unit", fact.concept);
    }
    let reference = before.and_then(|before| before.reference);
    Ok(Value::Measurement(Measurement { printed, canonical, reference, flag: None }))
}

/// A sign before a number, and the number.
fn compared(text: &str) -> (Comparator, &str) {
    let signs = [
        ("<=", Comparator::AtMost),
        ("≤", Comparator::AtMost),
        (">=", Comparator::AtLeast),
        ("≥", Comparator::AtLeast),
        ("<", Comparator::Less),
        (">", Comparator::Greater),
    ];
    let found = signs.iter().find_map(|(sign, of)| Some((*of, text.strip_prefix(sign)?.trim_start())));
    found.unwrap_or((Comparator::Equal, text))
}

fn day(text: &str) -> Result<PartialDate> {
    text.parse().map_err(|_| anyhow!("`{text}` is no day: write it as 2026-11-26, 2026-11 or 2026"))
}

/// Where words stand on a paper; they must stand there once.
fn place(reading: &Reading, quote: &str, page: Option<u32>) -> Result<Evidence> {
    let quote = quote.trim();
    let mut places = Vec::new();
    for paper in &reading.papers {
        let pages = paper.source.pages.iter().filter(|of| page.is_none_or(|page| of.number == page));
        for of in pages {
            for (number, line) in (0_u32..).zip(&of.lines) {
                places.extend(line.text.match_indices(quote).map(|(at, _)| (paper, of, number, line, at)));
            }
        }
    }
    match places.as_slice() {
        _ if quote.is_empty() => bail!("the words of the paper are missing: give --quote"),
        [] => bail!("no line of the paper holds these words; `cartulary export` shows what was read"),
        [(paper, page, number, line, at)] => {
            let start = line.text[..*at].chars().count();
            let end = start + quote.chars().count();
            let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            Ok(Evidence {
                role: cartulary_model::fact::EvidenceRole::Value,
                document: paper.source.id.clone(),
                page: page.number,
                line: *number,
                span: (narrow(start), narrow(end)),
                quote: quote.to_owned(),
                quads: vec![line.quad_of(start, end)],
            })
        }
        _ => bail!(
            "these words stand in {} places of the paper: give more of the line, or --page",
            places.len()
        ),
    }
}
