//! The course of one analyte: `PLT 142 -> 61 -> 19`, "from 188 to 96 and now 31", `由21.3降至7.4`, "62% (previously 55%)".
//!
//! Every value is a fact. One that the text says has been replaced is historical; its date is its own.

use super::{
    counter::is_counter,
    flag::flag_at,
    row::{Cells, canonical, closing, day_with_value, has_day_before, is_own, worded_comparator},
    words::{self, Link},
};
use crate::{
    draft::Draft,
    number::{self, Number, Slot},
    sheet::Sheet,
    stream::{CELL, Hit, Span},
    vocabulary::{
        lab::{BEHIND_REMARK, SAID_EARLIER},
        response::VALUE_VISITS,
    },
    words::words,
};
use cartulary_model::{
    Comparator, PartialDate, Quantity, Temporality, Unit, Value,
    fact::{Attr, AttrValue, Flag, Measurement, ReferenceRange},
};

/// How far the next value of a course may stand behind the last, in characters.
const REACH: usize = 60;

type Dated = Option<(PartialDate, Span)>;

/// A later mention of the analyte's value.
pub(super) struct Step {
    number: Number,
    unit: Option<Unit>,
    reference: Option<ReferenceRange>,
    flag: Option<Flag>,
    span: Span,
    link: Link,
    date: Dated,
    visit: Option<String>,
    repaired: bool,
}

/// The values that follow the first one. Units are shared: the last value of a course often has the only one.
pub(super) fn steps(sheet: &Sheet<'_>, hit: &Hit, cells: &mut Cells, limit: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut from = cells.end;
    let mut known = cells.unit.clone();
    while let Some(step) = next(sheet, hit, from, limit, known.as_ref()) {
        from = step.span.end;
        known = step.unit.clone().or(known);
        // "612 (prev 2,940 on 03/05, 7,115 on 30/04)": what goes on behind an older value is older too.
        let older = steps.last().is_some_and(|of| of.link == Link::Backward) && step.link == Link::Listed;
        let link = if older { Link::Backward } else { step.link };
        steps.push(Step { link, ..step });
    }
    let known = cells.unit.clone().or_else(|| steps.iter().find_map(|step| step.unit.clone()));
    for step in &mut steps {
        step.unit = step.unit.take().or_else(|| known.clone());
    }
    cells.unit = known;
    steps
}

/// Facts of the first value and the steps, older ones as such.
pub(super) fn drafts(sheet: &Sheet<'_>, hit: &Hit, cells: Cells, steps: Vec<Step>) -> Vec<Draft> {
    let gap = sheet.stream.lower_text(Span::new(hit.span.end, cells.number.span.start));
    let (end, value) = (cells.end, cells.number.span.start);
    let extreme = words::is_extreme(gap.trim()) && hit.concept.as_str() != "lab.suvmax";
    let mut drafts = vec![cells.draft(sheet, hit)];
    drafts[0].date = hung(sheet, end).or_else(|| heading(sheet, value)).filter(|_| !steps.is_empty());
    if let Some((visit, _)) = visit_behind(sheet, end) {
        drafts[0].set(Attr::Timepoint, AttrValue::Text(visit));
    }
    if extreme {
        drafts[0].temporality = Some(Temporality::Historical);
    }
    // The day in the brackets is that of the older value alone.
    let aside = steps.iter().any(|step| step.link == Link::Backward && step.date.is_some());
    if aside && drafts[0].date.is_none() {
        drafts[0].date = sheet.sample_date;
    }
    let mut current = 0;
    for step in steps {
        let link = step.link;
        let visit = step.visit.clone();
        let mut draft = step.draft(sheet, hit);
        if let Some(visit) = visit {
            draft.set(Attr::Timepoint, AttrValue::Text(visit));
        }
        match link {
            Link::Forward | Link::Listed => {
                drafts[current].temporality = Some(Temporality::Historical);
                current = drafts.len();
            }
            Link::Backward | Link::Extreme => draft.temporality = Some(Temporality::Historical),
        }
        drafts.push(draft);
    }
    drafts
}

/// The next value, if what stands in between joins it to the last.
fn next(sheet: &Sheet<'_>, hit: &Hit, from: usize, limit: usize, known: Option<&Unit>) -> Option<Step> {
    let stream = &sheet.stream;
    let slot = Slot { measured: true, spaced: false };
    let own_date = hung(sheet, from);
    let mut gap = String::new();
    let mut date: Dated = None;
    let mut visit = None;
    let mut at = visit_behind(sheet, from).map_or(from, |(_, end)| end);
    let mut number = None;
    while at < limit.min(from + REACH) {
        if let Some(end) = remark_before_course(sheet, at, limit) {
            at = end;
            continue;
        }
        if let Some((code, end)) = visit_at(sheet, at) {
            visit = Some(code);
            at = end;
            continue;
        }
        if let Some((found, span)) = date_from(sheet, at) {
            let own = own_date.is_some_and(|(_, of)| of == span);
            date = if own { date } else { Some((found, span)) };
            at = span.end;
            continue;
        }
        // `| 26/01 388 H`: a day whose year is not known.
        if let Some(end) = day_with_value(sheet, at) {
            at = end;
            continue;
        }
        // The head of an arrow is no comparator.
        let arrow = stream.at(at) == '>' && at > 0 && matches!(stream.at(at - 1), '-' | '=' | '>');
        match number::number_in(stream, at, slot).filter(|of| of.span.end <= limit && !arrow) {
            Some(found) if is_counter(sheet, found.span) => at = found.span.end,
            Some(found) => {
                number = Some(found);
                break;
            }
            None => {
                gap.push(stream.lower[at]);
                at += 1;
            }
        }
    }
    // `0.8g/L(01-24),...升至`: the bracket of the value's own day says nothing more.
    let gap = gap.replace("()", "");
    // "48% on this week's echo (62% in 2021)": how it was measured stands between the value and its bracket.
    let measured_by = gap.trim_end().ends_with('(')
        && [" on ", " by ", " at "].iter().any(|word| gap.starts_with(word))
        && !gap.contains([',', ';', '。', '.']);
    let gap = if measured_by && known.is_some() { "(".to_owned() } else { gap };
    // `12/01 612 H | 26/01 388 H`: a day opens the next item of a row.
    let dated_item = matches!(gap.trim(), "|" | "," | ";")
        && (date.is_some() || number.is_some_and(|of| has_day_before(sheet, of.span)));
    // `83   23/04/2024   >=75 x10^9/L`: what a trial asks for is no later value.
    let demanded = |of: &Number| matches!(of.comparator, Comparator::AtLeast | Comparator::AtMost);
    let mut number = number.filter(|of| !demanded(of) && (dated_item || !gap.contains([CELL, '|'])))?;
    number.comparator = worded_comparator(&gap, number.comparator);
    let gap = if dated_item { ", ".to_owned() } else { gap };
    let dated = dated_item || date.is_some() || own_date.is_some() || visit.is_some();
    let step = read(sheet, hit, number, limit)?;
    // `IgG 3.9 g/L → IVIG 20 g`, `WBC 0.5 → G-CSF 300 μg`: the dose of what was given for it.
    let given = |of: &crate::lexicon::Candidate| {
        matches!(of.hit.concept.kind(), "drug" | "reg") && of.hit.span.end + 1 >= number.span.start
    };
    if sheet.candidates_in(Span::new(from, number.span.start)).iter().any(given) {
        return None;
    }
    let link = words::link(&gap)?;
    let earlier = date.is_some_and(|(_, span)| is_said_earlier(sheet, span)) && own_date.is_none();
    // `58% (62% in November 2025)`: a dated value in brackets is the one of before.
    let aside = gap.trim() == "("
        && own_date.is_none()
        && hung(sheet, step.span.end).is_some_and(|(date, _)| {
            let today = sheet.sample_date.map(|(day, _)| day).or(sheet.date);
            // Nobody tells today's value by its year.
            today.map_or(date.month().is_none(), |day| date < day)
        });
    // `61 (on D+6 180)`: a bracket with a visit of its own, beside a value without one.
    let visited = visit.is_some() && gap.trim_start().starts_with('(') && visit_behind(sheet, from).is_none();
    // "58% (68% before anthracyclines)"
    let of_before = gap.trim() == "("
        && stream.reads_any(
            step.span.end,
            words![" before", " prior to", " pre-", " pre ", " at baseline", " at diagnosis", " initially"],
        );
    let earlier = earlier || aside || visited || of_before;
    let link = if is_now(sheet, step.span.end) {
        Link::Forward
    } else if link == Link::Listed && (earlier || is_then(sheet, step.span.end)) {
        Link::Backward
    } else {
        link
    };
    let visit = visit_behind(sheet, step.span.end).map(|(code, _)| code).or(visit);
    let listed = dated || link == Link::Backward || (known.is_some() && step.unit.as_ref() == known);
    // Behind the end of a sentence only the same unit and a word of a course go on with it.
    let next_sentence = gap.contains([';', '。']) && (step.unit.is_none() || link == Link::Listed);
    if (link == Link::Listed && !listed) || next_sentence {
        return None;
    }
    // A bare number needs an arrow, or a word of a course; in brackets too: `(was 22 on Monday)`.
    let date = hung(sheet, step.span.end).or(date);
    Some(Step { link, date, visit, ..step })
}

/// "3.1 (CVVH for 2 days), now 1.2": a bracket without a value, behind which the course goes on; where it ends.
fn remark_before_course(sheet: &Sheet<'_>, at: usize, limit: usize) -> Option<usize> {
    let stream = &sheet.stream;
    let end = (stream.at(at) == '(').then(|| closing(sheet, at, limit)).flatten()?;
    let slot = Slot { measured: true, spaced: false };
    let valued = (at + 1..end)
        .filter_map(|of| number::number_in(stream, of, slot))
        .any(|of| !is_counter(sheet, of.span));
    let next = (end..end + 3).find(|of| !matches!(stream.at(*of), ',' | ' ' | ';')).unwrap_or(end);
    (!valued && stream.reads_any(next, BEHIND_REMARK)).then_some(end)
}

/// `D3`, `day 5`, `M1`, `第3天` at exactly this place: the visit of a value, with its end.
fn visit_at(sheet: &Sheet<'_>, at: usize) -> Option<(String, usize)> {
    let stream = &sheet.stream;
    if at > 0 && stream.at(at - 1).is_ascii_alphanumeric() {
        return None;
    }
    let (word, code) = VALUE_VISITS.iter().find(|(word, _)| stream.reads(at, word))?;
    let from = at + word.chars().count();
    let digits = (from..from + 3).take_while(|of| stream.at(*of).is_ascii_digit()).count();
    let end = from + digits;
    let han = word.starts_with('第');
    let ends = if han {
        matches!(stream.at(end), '天')
    } else {
        let point = stream.at(end) == '.' && stream.at(end + 1).is_ascii_digit();
        !stream.at(end).is_alphanumeric() && !point
    };
    (digits > 0 && ends)
        .then(|| (format!("{code}{}", stream.text(Span::new(from, end))), end + usize::from(han)))
}

/// ` on D3`, `(M6)` directly behind a value.
fn visit_behind(sheet: &Sheet<'_>, at: usize) -> Option<(String, usize)> {
    let at = [" on ", " at ", " (", "(", " "]
        .iter()
        .find(|word| sheet.stream.reads(at, word))
        .map(|word| at + word.len())?;
    visit_at(sheet, at)
}

/// "(last month 121)", `上周同期 45`: a day that is told as one before today.
fn is_said_earlier(sheet: &Sheet<'_>, date: Span) -> bool {
    let words = sheet.stream.lower_text(date);
    SAID_EARLIER.iter().any(|word| words.starts_with(word) || words.ends_with(word))
}

/// "10.1 a week ago", "64 last week": the words of the past behind the value.
fn is_then(sheet: &Sheet<'_>, at: usize) -> bool {
    let after = sheet.stream.lower_text(sheet.within(Span::new(at, at + 22)));
    let clause = after.split([',', ';', '.', ')']).next().unwrap_or_default();
    clause.contains(" ago") || sheet.stream.text_begins(clause.trim_start(), SAID_EARLIER)
}

/// "12 now", "31 today": the word of the present behind the value.
fn is_now(sheet: &Sheet<'_>, at: usize) -> bool {
    let after = sheet.stream.lower_text(sheet.within(Span::new(at, at + 16)));
    sheet.stream.text_begins(
        after.trim_start(),
        words![
            "now",
            "today",
            "currently",
            "this morning",
            "at discharge",
            "on discharge",
            "this week",
            "this month",
            "at present",
            "at the moment",
            "yesterday"
        ],
    )
}

/// The number with its own unit, flag and range; nothing when it measures something else.
fn read(sheet: &Sheet<'_>, hit: &Hit, number: Number, limit: usize) -> Option<Step> {
    let stream = &sheet.stream;
    let mut end = number.span.end;
    let mut at = end + usize::from(stream.at(end) == ' ');
    let unit = sheet.engine.units.read(stream, at).filter(|of| of.span.end <= limit);
    if let Some(read) = &unit {
        if !is_own(sheet, &hit.concept, &read.unit) {
            return None;
        }
        end = read.span.end;
    } else if stream.at(number.span.end).is_alphabetic() || matches!(stream.at(at), 'x' | '%' | '倍') {
        return None;
    }
    at = end + usize::from(stream.at(end) == ' ');
    let flag = flag_at(sheet, at).filter(|(_, after)| *after <= limit);
    end = flag.map_or(end, |(_, after)| after);
    at = end + usize::from(stream.at(end) == ' ');
    let slot = Slot { measured: true, spaced: false };
    let bracket = matches!(stream.at(at), '(' | '[');
    let range =
        bracket.then(|| number::range_in(stream, at, slot)).flatten().filter(|of| of.span.end <= limit);
    end = range.map_or(end, |of| of.span.end);
    Some(Step {
        repaired: number.repaired || unit.as_ref().is_some_and(|of| of.repaired),
        number,
        unit: unit.map(|of| of.unit),
        reference: range.map(|of| of.range),
        flag: flag.map(|(of, _)| of),
        span: Span::new(number.span.start, end),
        link: Link::Listed,
        date: None,
        visit: None,
    })
}

impl Step {
    fn draft(self, sheet: &Sheet<'_>, hit: &Hit) -> Draft {
        value_draft(sheet, hit, self.number, self.unit, self.span).map_measurement(
            |of| {
                of.reference = self.reference;
                of.flag = self.flag;
            },
            self.date,
            self.repaired,
        )
    }
}

impl Draft {
    fn map_measurement(mut self, fill: impl FnOnce(&mut Measurement), date: Dated, repaired: bool) -> Self {
        if let Value::Measurement(of) = &mut self.value {
            fill(of);
        }
        self.date = date;
        if repaired {
            self.marks_repair();
        }
        self
    }
}

/// A value that stands apart from the analyte's name.
pub(super) fn value_draft(
    sheet: &Sheet<'_>,
    hit: &Hit,
    number: Number,
    unit: Option<Unit>,
    span: Span,
) -> Draft {
    let printed = Quantity { value: number.value, comparator: number.comparator, unit };
    let measurement = Measurement {
        canonical: canonical(sheet, &hit.concept, &printed),
        printed,
        reference: None,
        flag: None,
    };
    let confidence = if measurement.canonical.is_some() { 0.9 } else { 0.5 };
    let mut draft = Draft::new(hit.concept.as_str(), span, "lab.course")
        .named_at(hit.span)
        .value(Value::Measurement(measurement))
        .present()
        .confidence(confidence);
    draft.cues.push(hit.span);
    draft
}

/// The date that begins at exactly this place.
fn date_from(sheet: &Sheet<'_>, at: usize) -> Dated {
    let after = sheet.mentions.partition_point(|mention| mention.span.start < at);
    sheet.mentions.get(after).filter(|of| of.span.start == at).map(|of| (of.date, of.span))
}

/// `12-28 402`: the day right before a value.
fn heading(sheet: &Sheet<'_>, value: usize) -> Dated {
    let mention = sheet.mentions.iter().find(|of| of.span.end < value && of.span.end + 2 >= value)?;
    (sheet.stream.at(value - 1) == ' ').then_some((mention.date, mention.span))
}

/// `on 3 May`, `(05-12)`, `in January` directly behind a value is its date.
fn hung(sheet: &Sheet<'_>, at: usize) -> Dated {
    let after = sheet.mentions.partition_point(|mention| mention.span.start < at);
    let mention = sheet.mentions.get(after).filter(|of| of.span.start <= at + 6)?;
    let glue = sheet.stream.lower_text(Span::new(at, mention.span.start));
    // "61 yesterday": a day told in words needs no word before it.
    let spoken = glue == " " && sheet.stream.at(mention.span.start).is_ascii_alphabetic();
    (spoken || matches!(glue.trim(), "on" | "in" | "(" | "于" | "@" | "/" | "(on" | "["))
        .then_some((mention.date, mention.span))
}
