//! A fact that the papers say and the machine did not see: its place first, then what it is.

use super::judge::{assertion, date, measured, number};
use crate::{
    App,
    error::{Failure, Outcome},
    form::Posted,
    frame::see_other,
    who::Signed,
};
use axum::extract::{Path, State};
use cartulary_casework::Judgement;
use cartulary_model::{
    Assertion, BlobId, CaseId, ConceptId, Evidence, Fact, FactId, Lang, Line, Quantity, Value,
    fact::{EvidenceRole, Measurement, Method, Status},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A fact that a person read.
#[derive(Deserialize, ToSchema)]
#[schema(as = AddedFact)]
pub(crate) struct Said {
    /// Document, part (from 0) and page (from 1), with points between.
    place: String,
    /// The corners of the box, in pixels of the page, with commas between: left, top, right, bottom.
    area: String,
    /// What it is of, as an id of the catalogue: `lab.plt`.
    concept: String,
    /// The number, with its bound where it has one.
    #[serde(default)]
    number: String,
    /// Its unit, one that the analyte has.
    #[serde(default)]
    unit: String,
    /// The words.
    #[serde(default)]
    text: String,
    /// The day, month or year.
    #[serde(default)]
    date: String,
    /// `present`, `negated`, `possible`, `hypothetical`; empty: present.
    #[serde(default)]
    assertion: String,
    /// Where a page goes on.
    #[serde(default)]
    #[schema(ignore)]
    page: usize,
}

/// Concepts that may be added, by name: what is said of a patient, not what heads a paper.
pub(crate) fn concepts(app: &App, lang: Lang) -> Vec<(String, String)> {
    let is_said = |id: &ConceptId| !["sec", "pt", "unit"].contains(&id.kind());
    let mut all: Vec<(String, String)> = app
        .catalogue
        .concepts()
        .filter(|concept| is_said(&concept.id))
        .map(|concept| (concept.id.to_string(), concept.label.in_lang(lang).to_owned()))
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// Adds a fact.
pub(crate) async fn add(State(app): State<App>, Path(case): Path<String>, posted: Posted<Said>) -> Outcome {
    let Posted { signed, form } = posted;
    let case = signed.expect_case(&app, &case).await?;
    let problem = match added(&app, &signed, case, &form).await? {
        Ok(()) => String::new(),
        Err(problem) => format!("&problem={problem}"),
    };
    Ok(see_other(&format!("/cases/{case}/desk?page={}{problem}", form.page)))
}

/// Adds a fact; gives the key of what cannot be.
pub(crate) async fn added(
    app: &App,
    signed: &Signed,
    case: CaseId,
    form: &Said,
) -> Outcome<Result<(), &'static str>> {
    let view = signed.staff(app)?.show(case).await?;
    let mut place = form.place.split('.');
    let document: BlobId = place.next().unwrap_or_default().parse().map_err(|_| Failure::Absent)?;
    let (part, page) = (next(&mut place)?, next(&mut place)?);
    let of = view.whole.documents().into_iter().find(|(_, id, _)| *id == document).map(|(case, ..)| case);
    let of: CaseId = of.ok_or(Failure::Absent)?;
    let reading = signed.staff(app)?.reading(of, document).await?;
    let paper = reading.papers.get(part).ok_or(Failure::Absent)?;
    let sheet = paper
        .source
        .pages
        .iter()
        .find(|sheet| usize::try_from(sheet.number) == Ok(page))
        .ok_or(Failure::Absent)?;
    let evidence = evidence(&paper.source.id, sheet.number, &sheet.lines, &form.area);
    if evidence.is_empty() {
        return Ok(Err("place"));
    }
    let fact = match fact(app, form, evidence) {
        Ok(fact) => fact,
        Err(problem) => return Ok(Err(problem)),
    };
    signed.staff(app)?.judge(of, Judgement::Add(Box::new(fact))).await?;
    Ok(Ok(()))
}

fn next<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Outcome<usize> {
    parts.next().and_then(|part| part.parse().ok()).ok_or(Failure::Absent)
}

/// The lines under the box, whole: a person's fact too has the words that it rests on.
fn evidence(document: &cartulary_model::DocumentId, page: u32, lines: &[Line], area: &str) -> Vec<Evidence> {
    let corners: Vec<f32> = area.split(',').filter_map(|of| of.trim().parse().ok()).collect();
    let [left, top, right, bottom] = corners[..] else { return Vec::new() };
    let mut found = Vec::new();
    for (line, number) in lines.iter().zip(0_u32..) {
        let [l, t, r, b] = line.quad.bounds();
        let height = (b.min(bottom) - t.max(top)).max(0.0);
        let is_under = height > (b - t) * 0.4 && r.min(right) > l.max(left);
        if is_under {
            let count = u32::try_from(line.text.chars().count()).unwrap_or(u32::MAX);
            found.push(Evidence {
                role: EvidenceRole::Value,
                document: document.clone(),
                page,
                line: number,
                span: (0, count),
                quote: line.text.clone(),
                quads: vec![line.quad],
            });
        }
    }
    found
}

fn fact(app: &App, form: &Said, evidence: Vec<Evidence>) -> Result<Fact, &'static str> {
    let concept = ConceptId::new(form.concept.trim());
    app.catalogue.concept(&concept).ok_or("concept")?;
    let value = if app.catalogue.analyte(&concept).is_some() {
        let none =
            Measurement { printed: Quantity::new(0.0, "1"), canonical: None, reference: None, flag: None };
        Value::Measurement(measured(app, &concept, &none, &form.number, &form.unit)?)
    } else if !form.number.trim().is_empty() {
        Value::Number(number(&form.number)?)
    } else if !form.text.trim().is_empty() {
        Value::Text(form.text.trim().to_owned())
    } else {
        Value::None
    };
    let (date, assertion) = (date(&form.date)?, assertion(&form.assertion)?);
    Ok(Fact {
        id: FactId(0),
        concept,
        value,
        assertion: assertion.unwrap_or(Assertion::Present),
        experiencer: cartulary_model::Experiencer::Patient,
        temporality: cartulary_model::Temporality::Current,
        date,
        attrs: BTreeMap::new(),
        evidence,
        method: Method::Person { name: String::new(), at: String::new() },
        confidence: 1.0,
        status: Status::Corrected,
    })
}
