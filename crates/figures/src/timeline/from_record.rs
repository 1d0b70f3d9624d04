//! From the patient's record to what is drawn.

use super::{Mark, Row, RowKind, Sign, TimelineInput, Words};
use cartulary_model::{
    Assertion, PartialDate, PatientRecord,
    record::{Diagnosis, LineOfTherapy, OtherTherapy, ReasonForEnding, Transformation},
};
use jiff::civil::Date;
use std::collections::BTreeSet;

impl TimelineInput {
    /// The drawing of a record, `on` the day of the evaluation.
    pub fn of(record: &PatientRecord, on: Date, width: u32, words: Words<'_>) -> Self {
        let say = |key: &str| (words.message)(key, &[]);
        let mut view = Self {
            id: format!("timeline-{width}"),
            width,
            title: say("timeline.title"),
            description: String::new(),
            on: (on, say("timeline.on")),
            marks: Vec::new(),
            rows: Vec::new(),
            undated: Vec::new(),
            undated_title: say("timeline.undated"),
            legend: Vec::new(),
        };
        for diagnosis in record.diagnoses.iter().filter(|diagnosis| !is_the_transformation(diagnosis, record))
        {
            view.add_event(diagnosis.date, Sign::Diagnosis, diagnosis_label(diagnosis, words));
        }
        if let Some(transformation) = &record.transformation {
            view.add_event(
                transformation.date,
                Sign::Transformation,
                transformation_label(transformation, words),
            );
        }
        for line in &record.lines {
            view.add_row(row_of_line(line, words));
        }
        let given = record.other_therapies.iter().filter(|therapy| {
            matches!(therapy.assertion, Assertion::Present)
                && !matches!(therapy.intent.as_str(), "planned" | "refused")
        });
        for therapy in given {
            view.add_row(row_of_other(therapy, words));
        }
        view.marks.sort_by_key(|mark| (mark.when.earliest(), mark.sign));
        view.legend = legend(&view, words);
        view.description = description(&view);
        view
    }

    fn add_event(&mut self, when: Option<PartialDate>, sign: Sign, label: String) {
        match when {
            Some(when) => {
                let again =
                    |mark: &Mark| mark.sign == sign && mark.label == label && mark.when.may_equal(when);
                if !self.marks.iter().any(again) {
                    self.marks.push(Mark { sign, when, label });
                }
            }
            None if !self.undated.contains(&label) => self.undated.push(label),
            None => {}
        }
    }

    fn add_row(&mut self, row: Row) {
        if row.start.is_none() && row.end.is_none() && row.marks.is_empty() {
            self.undated.push(if row.detail.is_empty() {
                row.label
            } else {
                format!("{} · {}", row.label, row.detail)
            });
        } else {
            self.rows.push(row);
        }
    }
}

/// Whether the transformation's mark already says what this diagnosis would say at the same place.
fn is_the_transformation(diagnosis: &Diagnosis, record: &PatientRecord) -> bool {
    record.transformation.as_ref().is_some_and(|of| {
        let is_same_day = match (of.date, diagnosis.date) {
            (Some(one), Some(other)) => one.may_equal(other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        of.to.as_ref() == Some(&diagnosis.concept) && of.assertion == diagnosis.assertion && is_same_day
    })
}

fn diagnosis_label(diagnosis: &Diagnosis, words: Words<'_>) -> String {
    let name = (words.concept)(&diagnosis.concept);
    match diagnosis.assertion {
        Assertion::Possible => (words.message)("timeline.possible", &[("what", &name)]),
        Assertion::Present | Assertion::Negated | Assertion::Hypothetical => name,
    }
}

fn transformation_label(transformation: &Transformation, words: Words<'_>) -> String {
    let label = match &transformation.to {
        Some(to) => (words.message)("timeline.transformed_to", &[("to", &(words.concept)(to))]),
        None => (words.message)("timeline.transformation", &[]),
    };
    match transformation.assertion {
        Assertion::Possible => (words.message)("timeline.possible", &[("what", &label)]),
        Assertion::Present | Assertion::Negated | Assertion::Hypothetical => label,
    }
}

fn row_of_line(line: &LineOfTherapy, words: Words<'_>) -> Row {
    let say = |key: &str, places: &[(&str, &str)]| (words.message)(key, places);
    let mut details = Vec::new();
    if let Some(cycles) = line.cycles_given {
        details.push(say("timeline.cycles", &[("count", &cycles.to_string())]));
    }
    let continued: Vec<String> =
        line.continued_with.iter().map(|course| short(&(words.concept)(course))).collect();
    if !continued.is_empty() {
        details.push(say("timeline.continued", &[("what", &continued.join(", "))]));
    }
    let mut marks = Vec::new();
    if let Some(best) = &line.best_response {
        let category = format!("{:?}", best.category);
        details.push(say("timeline.best", &[("response", &category)]));
        if let Some(when) = best.date {
            marks.push(Mark { sign: Sign::Response(best.category), when, label: category });
        }
    }
    if let Some(last) = &line.last_response
        && line.best_response.as_ref().is_none_or(|best| best.category != last.category)
        && let Some(when) = last.date
    {
        marks.push(Mark { sign: Sign::Response(last.category), when, label: format!("{:?}", last.category) });
    }
    if let Some(transplant) = &line.transplant {
        let label = (words.concept)(&transplant.concept);
        match transplant.date {
            Some(when) => marks.push(Mark { sign: Sign::Transplant, when, label }),
            None => details.push(label),
        }
    }
    if let Some(failure) = failure_label(line, words) {
        match line.failed_on {
            Some(when) => marks.push(Mark { sign: Sign::Relapse, when, label: failure }),
            None => details.push(failure),
        }
    }
    let kind = if line.cell_therapy { RowKind::CellTherapy } else { RowKind::Line };
    let label = format!("{}. {}", line.number, line_name(line, words));
    Row { label, detail: details.join(" · "), kind, start: line.start, end: line.end, marks }
}

/// `R2` of `R2 (lenalidomide-rituximab)`: beside a bar there is little room.
fn short(name: &str) -> String {
    name.split_once(" (").map_or(name, |(short, _)| short).to_owned()
}

/// A regimen's name is the same in every language; single drugs have a name in each.
fn line_name(line: &LineOfTherapy, words: Words<'_>) -> String {
    if line.regimen.is_some() || line.components.is_empty() {
        return line.label.clone();
    }
    let names: Vec<String> = line.components.iter().map(|drug| (words.concept)(drug)).collect();
    names.join(" + ")
}

/// How a line failed, in words; nothing when no paper says that it did.
fn failure_label(line: &LineOfTherapy, words: Words<'_>) -> Option<String> {
    let key = match line.reason_for_ending {
        Some(ReasonForEnding::Relapse) => "timeline.relapse",
        Some(ReasonForEnding::Progression) => "timeline.progression",
        Some(_) | None if line.failed_on.is_some() => "timeline.failed",
        Some(_) | None => return None,
    };
    let what = (words.message)(key, &[]);
    let months = line.months_to_relapse.map(|months| months.to_string());
    Some(months.map_or_else(
        || what.clone(),
        |months| (words.message)("timeline.after_months", &[("what", &what), ("months", &months)]),
    ))
}

fn row_of_other(therapy: &OtherTherapy, words: Words<'_>) -> Row {
    let key = format!("intent.{}", therapy.intent);
    Row {
        label: (words.concept)(&therapy.concept),
        detail: (words.message)(&key, &[]),
        kind: RowKind::Other,
        start: therapy.start,
        end: therapy.end,
        marks: Vec::new(),
    }
}

/// The signs that the drawing uses, each once.
fn legend(view: &TimelineInput, words: Words<'_>) -> Vec<(Sign, String)> {
    let mut signs: BTreeSet<Sign> = view.marks.iter().map(|mark| mark.sign).collect();
    for row in &view.rows {
        signs.insert(Sign::Bar);
        signs.extend(row.marks.iter().map(|mark| mark.sign));
        if row.start.is_some() != row.end.is_some() {
            signs.insert(Sign::OpenEnd);
        }
    }
    let dates = view.marks.iter().map(|mark| Some(mark.when)).chain(
        view.rows
            .iter()
            .flat_map(|row| [row.start, row.end].into_iter().chain(row.marks.iter().map(|m| Some(m.when)))),
    );
    if dates.flatten().any(|when| when.precision() < 3) {
        signs.insert(Sign::Uncertain);
    }
    signs.into_iter().map(|sign| (sign, (words.message)(legend_key(sign), &[]))).collect()
}

fn legend_key(sign: Sign) -> &'static str {
    use cartulary_model::record::ResponseCategory::{CR, PD, PR, SD};
    match sign {
        Sign::Diagnosis => "legend.diagnosis",
        Sign::Transformation => "legend.transformation",
        Sign::Response(CR) => "legend.cr",
        Sign::Response(PR) => "legend.pr",
        Sign::Response(SD) => "legend.sd",
        Sign::Response(PD) => "legend.pd",
        Sign::Relapse => "legend.relapse",
        Sign::Transplant => "legend.transplant",
        Sign::Bar => "legend.bar",
        Sign::Uncertain => "legend.uncertain",
        Sign::OpenEnd => "legend.open",
    }
}

fn description(view: &TimelineInput) -> String {
    let lines: Vec<String> = view
        .entries()
        .iter()
        .map(|entry| match (entry.start, entry.end) {
            (Some(start), Some(end)) => format!("{start} – {end} {}", entry.text),
            (Some(start), None) => format!("{start} {}", entry.text),
            (None, _) => entry.text.clone(),
        })
        .collect();
    lines.join("; ")
}
