//! The facts of a case as rows to be judged.

use super::{Leaf, leaf_of};
use crate::{App, error::Outcome, who::Signed, words::Words};
use cartulary_casework::CaseView;
use cartulary_ledger::FactRef;
use cartulary_model::{
    CaseId, Evidence, Fact, FactId, PreliminaryEvaluation, Quad, Value,
    fact::{EvidenceRole, Status},
};
use cartulary_report::{FactLine, fact_lines};
use std::collections::BTreeSet;

/// A fact with the name by which it is judged, and where it stands.
pub(crate) struct Held {
    /// Names it on the page.
    pub(crate) key: String,
    pub(crate) case: CaseId,
    pub(crate) name: FactRef,
    pub(crate) fact: Fact,
    pub(crate) places: Vec<Place>,
}

/// A place of a fact on a page.
pub(crate) struct Place {
    pub(crate) leaf: usize,
    pub(crate) quads: Vec<Quad>,
    pub(crate) is_value: bool,
}

impl Held {
    /// The page of its value.
    pub(crate) fn first_leaf(&self) -> Option<usize> {
        self.places
            .iter()
            .find(|place| place.is_value)
            .or_else(|| self.places.first())
            .map(|place| place.leaf)
    }
}

/// Facts that belong together.
pub(crate) struct Group {
    pub(crate) key: &'static str,
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

/// A fact to be judged.
pub(crate) struct Row {
    pub(crate) key: String,
    pub(crate) case: CaseId,
    pub(crate) name: String,
    pub(crate) line: FactLine,
    pub(crate) leaf: Option<usize>,
    /// `read`, `confirmed`, `corrected`, `rejected`.
    pub(crate) state: &'static str,
    pub(crate) in_conflict: bool,
    pub(crate) must_check: bool,
    /// What the form of a correction begins with.
    pub(crate) number: String,
    pub(crate) unit: String,
    pub(crate) units: Vec<String>,
    pub(crate) text: String,
    pub(crate) date: String,
    pub(crate) assertion: &'static str,
    /// Which fields the form has: `number`, `text`, `sign`, `none`.
    pub(crate) form: &'static str,
}

/// All facts of a case, with where they stand.
pub(crate) async fn hold(app: &App, signed: &Signed, view: &CaseView, leaves: &[Leaf]) -> Outcome<Vec<Held>> {
    let facts = signed.staff(app)?.facts(view.whole.case()).await?;
    let held = facts.into_iter().zip(1_u32..).map(|((case, taken), number)| {
        let mut fact = taken.fact;
        fact.id = FactId(number);
        let places = fact.evidence.iter().filter_map(|of| {
            let leaf = leaf_of(leaves, &of.document, of.page)?;
            let is_value = of.role == EvidenceRole::Value;
            Some(Place { leaf, quads: quads(of, &leaves[leaf]), is_value })
        });
        Held { key: fact.id.to_string(), case, name: taken.name, places: places.collect(), fact }
    });
    Ok(held.collect())
}

/// The boxes of a place; of its line where it has none of its own.
fn quads(of: &Evidence, leaf: &Leaf) -> Vec<Quad> {
    if !of.quads.is_empty() {
        return of.quads.clone();
    }
    let line = usize::try_from(of.line).ok().and_then(|line| leaf.page.lines.get(line));
    line.map(|line| line.quad).into_iter().collect()
}

/// The rows by group, in the words of the report.
pub(crate) fn groups(app: &App, w: &Words, view: &CaseView, held: &[Held]) -> Vec<Group> {
    let Some(mut evaluation) = view.evaluation.clone().or_else(|| none(app)) else { return Vec::new() };
    let conflicting = conflicting(&evaluation);
    evaluation.facts = held.iter().map(|held| held.fact.clone()).collect();
    let lines = fact_lines(&evaluation, &app.catalogue, w.language.catalogue);
    let of = |id: FactId| held.iter().find(|held| held.fact.id == id);
    let groups = lines.into_iter().map(|group| Group {
        key: group.key,
        title: group.title,
        rows: group
            .lines
            .into_iter()
            .filter_map(|line| Some(row(app, of(line.id)?, line, &conflicting)))
            .collect(),
    });
    groups.collect()
}

/// Before the first evaluation there are facts all the same.
fn none(app: &App) -> Option<PreliminaryEvaluation> {
    let on = super::super::on_site(app, app.casework.ledger().now()).date();
    serde_json::from_value(serde_json::json!({
        "format": cartulary_model::FORMAT_VERSION, "on": on, "notice": app.catalogue.messages().get("notice"),
        "documents": [], "facts": [], "record": cartulary_model::PatientRecord::default(), "evaluations": [],
        "ask_for": [], "unread": [], "record_sha256": ""
    }))
    .ok()
}

/// Document, page, line, span and concept.
type FactPlace = (String, u32, u32, (u32, u32), String);

/// What a fact is known by in an evaluation and here.
fn place_of(fact: &Fact) -> Option<FactPlace> {
    let at = fact.evidence.first()?;
    Some((at.document.to_string(), at.page, at.line, at.span, fact.concept.to_string()))
}

fn conflicting(evaluation: &PreliminaryEvaluation) -> BTreeSet<FactPlace> {
    let ids = evaluation
        .record
        .conflicts
        .iter()
        .flat_map(|conflict| conflict.sides.iter().flat_map(|side| &side.facts));
    let ids: BTreeSet<FactId> = ids.copied().collect();
    evaluation.facts.iter().filter(|fact| ids.contains(&fact.id)).filter_map(place_of).collect()
}

fn row(app: &App, held: &Held, line: FactLine, conflicting: &BTreeSet<FactPlace>) -> Row {
    let fact = &held.fact;
    let state = match fact.status {
        Status::Read => "read",
        Status::Confirmed => "confirmed",
        Status::Corrected => "corrected",
        Status::Rejected => "rejected",
    };
    let in_conflict = place_of(fact).is_some_and(|place| conflicting.contains(&place));
    let (form, number, unit, text) = match &fact.value {
        Value::Measurement(of) => {
            let unit = of.printed.unit.as_ref().map_or("", |unit| unit.as_str());
            (
                "number",
                format!("{}{}", of.printed.comparator.sign(), of.printed.value),
                unit.to_owned(),
                String::new(),
            )
        }
        Value::Number(number) => ("number", number.to_string(), String::new(), String::new()),
        Value::Code(text) | Value::Text(text) => ("text", String::new(), String::new(), text.clone()),
        Value::Sign(_) => ("sign", String::new(), String::new(), serde_word(&fact.value)),
        Value::Date(date) => ("text", String::new(), String::new(), date.to_string()),
        Value::None => ("none", String::new(), String::new(), String::new()),
    };
    let analyte = app.catalogue.analyte(&fact.concept);
    let units = analyte.map_or(Vec::new(), |of| {
        std::iter::once(&of.canonical).chain(of.factors.keys()).map(|unit| unit.as_str().to_owned()).collect()
    });
    Row {
        key: held.key.clone(),
        case: held.case,
        name: held.name.0.to_string(),
        leaf: held.first_leaf(),
        state,
        must_check: fact.status == Status::Read && (line.is_unsure || in_conflict),
        in_conflict,
        number,
        unit,
        units,
        text,
        date: fact.date.map(|date| date.to_string()).unwrap_or_default(),
        assertion: assertion(fact),
        form,
        line,
    }
}

fn serde_word(value: &Value) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json["of"].as_str().unwrap_or_default().to_owned()
}

fn assertion(fact: &Fact) -> &'static str {
    use cartulary_model::Assertion::{Hypothetical, Negated, Possible, Present};
    match fact.assertion {
        Present => "present",
        Negated => "negated",
        Possible => "possible",
        Hypothetical => "hypothetical",
    }
}

/// Disagreements between papers, and what stands in the way of an evaluation, in words.
pub(crate) fn warnings(w: &Words, view: &CaseView) -> (Vec<String>, Vec<String>) {
    let Some(evaluation) = &view.evaluation else { return (Vec::new(), Vec::new()) };
    let lang = w.language.catalogue;
    let conflicts = evaluation.record.conflicts.iter().map(|of| of.text.in_lang(lang).to_owned()).collect();
    let mismatches = evaluation.record.identity_mismatch.iter().map(|of| of.text.in_lang(lang).to_owned());
    let unread = evaluation.unread.iter().map(|of| format!("{}: {}", of.name, of.text.in_lang(lang)));
    (conflicts, mismatches.chain(unread).collect())
}
