//! The course of the disease on one axis of time.
//!
//! What is known to the day is a sharp mark; what is known to the month or year is an interval. Nothing is drawn
//! where no paper gives a date: such entries are listed beside the drawing. What is only planned is not drawn.

mod draw;
mod from_record;
mod scale;

use cartulary_model::{Lang, PartialDate, record::ResponseCategory};
use jiff::civil::Date;

/// What the drawing shows, in words already.
#[derive(Clone, Debug)]
pub struct TimelineInput {
    /// Prefix of element ids, so that two drawings can stand on one page.
    pub id: String,
    /// Width in pixels; under 700 the labels stand over the bars instead of beside them.
    pub width: u32,
    /// For the `<title>`.
    pub title: String,
    /// For the `<desc>`: the course in words.
    pub description: String,
    /// The day of the evaluation and its label.
    pub on: (Date, String),
    /// Events of the disease itself: diagnoses and transformation.
    pub marks: Vec<Mark>,
    /// A row a treatment.
    pub rows: Vec<Row>,
    /// What has no date, in words.
    pub undated: Vec<String>,
    /// The heading over it.
    pub undated_title: String,
    /// The signs that occur, in words.
    pub legend: Vec<(Sign, String)>,
}

/// An event at a time.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its sign.
    pub sign: Sign,
    /// When.
    pub when: PartialDate,
    /// In words.
    pub label: String,
}

/// A treatment.
#[derive(Clone, Debug)]
pub struct Row {
    /// For example `1. R-CHOP`.
    pub label: String,
    /// For example `6 cycles, best CR`.
    pub detail: String,
    /// How it is drawn.
    pub kind: RowKind,
    /// First day.
    pub start: Option<PartialDate>,
    /// Last day.
    pub end: Option<PartialDate>,
    /// Responses, relapse, transplant.
    pub marks: Vec<Mark>,
}

/// How a treatment is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// A line of therapy.
    Line,
    /// CAR-T or another cell therapy.
    CellTherapy,
    /// Treatment that is no line.
    Other,
}

/// A sign of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A diagnosis.
    Diagnosis,
    /// Change to an aggressive lymphoma.
    Transformation,
    /// A response, with its category.
    Response(ResponseCategory),
    /// Relapse or progression.
    Relapse,
    /// A transplant.
    Transplant,
    /// A treatment with known days.
    Bar,
    /// A date known to the month or year.
    Uncertain,
    /// A treatment whose other end no paper gives.
    OpenEnd,
}

/// Looks a sentence up by its key and fills its places.
pub type Message<'a> = dyn Fn(&str, &[(&str, &str)]) -> String + 'a;

/// Where the drawing's words come from.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// A concept's name.
    pub concept: &'a dyn Fn(&cartulary_model::ConceptId) -> String,
    /// A sentence by its key, with its places filled.
    pub message: &'a Message<'a>,
}

/// One event or treatment in words, for readers who do not see the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// First day.
    pub start: Option<PartialDate>,
    /// Last day, if it is not one event.
    pub end: Option<PartialDate>,
    /// What the sign is.
    pub sign: Sign,
    /// In words.
    pub text: String,
}

impl TimelineInput {
    /// Everything in order of time, undated last.
    pub fn entries(&self) -> Vec<Entry> {
        let event = |mark: &Mark| Entry {
            start: Some(mark.when),
            end: None,
            sign: mark.sign,
            text: mark.label.clone(),
        };
        let mut entries: Vec<Entry> = self.marks.iter().map(event).collect();
        for row in &self.rows {
            let text = [row.label.as_str(), &row.detail].iter().filter(|part| !part.is_empty()).fold(
                String::new(),
                |joined, part| {
                    if joined.is_empty() { (*part).to_owned() } else { format!("{joined} · {part}") }
                },
            );
            entries.push(Entry { start: row.start.or(row.end), end: row.end, sign: Sign::Bar, text });
            entries.extend(
                row.marks
                    .iter()
                    .map(|mark| Entry { text: format!("{} ({})", mark.label, row.label), ..event(mark) }),
            );
        }
        entries.sort_by_key(|entry| entry.start.map(PartialDate::earliest));
        entries.extend(self.undated.iter().map(|text| Entry {
            start: None,
            end: None,
            sign: Sign::Uncertain,
            text: text.clone(),
        }));
        entries
    }
}

/// Draws the course of the disease.
///
/// The result is one `<svg>` with `viewBox`, `role="img"`, `<title>` and `<desc>`.
pub fn timeline(view: &TimelineInput, lang: Lang) -> String {
    draw::draw(view, lang)
}
