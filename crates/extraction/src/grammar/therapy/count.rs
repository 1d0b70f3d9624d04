//! How often a course was given: cycles, doses, the cycle that is being given.
//!
//! ## Reads
//! `R-CHOP×6`, `6 cycles of R-CHOP`, `five of six planned cycles`, `four further cycles`, `R-CHOP计划6程,实际完成4程` (four),
//! `cycles 5 and 6 were given as R-CVP` (two), `BR (6)`, `six R-CHOP`, `R-GDP twice`, `第3程R-CHOP` and `R-CHOP #3` (a number, no count).

mod bare;
mod behind;
mod cycle;
mod part;
mod short;
mod stopped;

pub(super) use behind::completed_in_all;
pub(super) use cycle::{
    cycle_number, cycles_numbered, ended_with, first_to_last, is_in_a_cycle, is_numbered_of_whole,
    numbered_over_time,
};
pub(super) use part::is_part_given;
pub(super) use short::given_of_planned;
pub(super) use stopped::given_until_stop;

use bare::bare;
use behind::{behind_bracket, behind_dose};

use super::{
    name::Name,
    words::{count_at, ends, is_dated, says, skip_spaces, stands, starts_word, without_any},
};
use crate::{
    dates::DateMention,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::therapy::{
        COUNT_BETWEEN, COUNT_GIVEN, COUNT_GLUE, COUNT_ONLY, COUNT_OTHER, COUNT_PLANNED, LEFT_AFTER_TURNS,
        NUMBERED_RANGE_AS_OTHER, TIMES_OF_DAYS,
    },
    words::words,
};

/// A count and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) value: f64,
    pub(super) span: Span,
    pub(super) unit: Unit,
    pub(super) planned: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Cycles,
    /// `次`, `x4`: cycles of a regimen, doses of a drug.
    Times,
    Doses,
}

/// The stretch of text that belongs to one course: from the course before to the course behind, in the sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Territory {
    pub(super) start: usize,
    pub(super) end: usize,
}

pub(super) fn territory(sheet: &Sheet<'_>, names: &[Name], index: usize) -> Territory {
    let name = &names[index];
    let sentence = sheet.sentence(name.span.start);
    let start = names[..index].last().map_or(sentence.start, |of| of.span.end.max(sentence.start));
    let list = list_of(sheet, name);
    let next = names[index + 1..].iter().find(|of| list.is_none_or(|list| of.span.start >= list.end));
    let behind = next.map_or(sentence.end, |of| of.span.start.min(sentence.end));
    // What stands behind the list is told of the regimen.
    let listed = names[..index]
        .iter()
        .rev()
        .take(LONGEST_LIST)
        .filter_map(|of| list_of(sheet, of))
        .find(|list| list.start <= name.span.start && name.span.end <= list.end);
    let end = listed.map_or(behind, |list| behind.min(list.end));
    Territory { start: start.min(name.span.start), end: end.max(name.span.end) }
}

/// How many drugs a regimen may have.
const LONGEST_LIST: usize = 8;

/// `Pola-R-GemOx (polatuzumab vedotin, rituximab, gemcitabine, oxaliplatin)`: the drugs of a regimen in brackets behind it.
fn list_of(sheet: &Sheet<'_>, name: &Name) -> Option<Span> {
    if let Some(aside) = aside_of(sheet, name) {
        return Some(aside);
    }
    let end = super::period::end_with_list(sheet, name.span);
    let list = Span::new(name.span.end, end);
    let drugs = sheet.candidates_in(list).iter().filter(|of| of.hit.concept.is("drug")).count();
    // `R-CEOP方案(E=依托泊苷)6程`, `R-CHOP(表柔比星90mg)×6`: one drug, and the count of the regimen behind it.
    let behind = skip_spaces(&sheet.stream, end);
    let counted = || {
        matches!(sheet.stream.at(behind), 'x' | 'X' | '*')
            || count_at(&sheet.stream, behind).and_then(|(_, end)| unit_after(sheet, end)).is_some()
    };
    (name.concept.is("reg") && end > name.span.end && (drugs > 1 || drugs == 1 && counted())).then_some(list)
}

/// `格菲妥单抗(奥妥珠单抗预处理后)7周期`: the drug that prepares for another stands in a bracket behind it, and the count
/// behind the bracket is the other's.
pub(super) fn aside_of(sheet: &Sheet<'_>, name: &Name) -> Option<Span> {
    const LONGEST: usize = 60;
    let stream = &sheet.stream;
    let open = skip_spaces(stream, name.span.end);
    if stream.at(open) != '(' {
        return None;
    }
    let close = (open..open + LONGEST).find(|at| stream.at(*at) == ')')?;
    let inside = Span::new(open, close);
    let prepares = says(
        stream,
        inside,
        words![
            "预处理",
            "pre-treatment",
            "pretreatment",
            "premedication",
            "pre-dose",
            "after obinutuzumab",
            "lead-in"
        ],
    );
    let counted = count_at(stream, skip_spaces(stream, close + 1)).is_some()
        || stream.at(skip_spaces(stream, close + 1)) == 'x';
    (prepares && counted).then(|| Span::new(name.span.end, close + 1))
}

const UNITS: [(&str, Unit); 28] = [
    ("个cycles", Unit::Cycles),
    ("个cycle", Unit::Cycles),
    ("个周期", Unit::Cycles),
    ("个疗程", Unit::Cycles),
    ("个程", Unit::Cycles),
    ("周期", Unit::Cycles),
    ("疗程", Unit::Cycles),
    ("程", Unit::Cycles),
    ("疗", Unit::Cycles),
    ("cycles", Unit::Cycles),
    ("cycle", Unit::Cycles),
    ("cyc1es", Unit::Cycles),
    ("courses", Unit::Cycles),
    ("course", Unit::Cycles),
    ("rounds", Unit::Cycles),
    ("round", Unit::Cycles),
    ("cyc", Unit::Cycles),
    ("blocks", Unit::Cycles),
    ("次", Unit::Times),
    ("times", Unit::Times),
    ("个剂量", Unit::Doses),
    ("剂", Unit::Doses),
    ("针", Unit::Doses),
    ("doses", Unit::Doses),
    ("dose", Unit::Doses),
    ("infusions", Unit::Doses),
    ("infusion", Unit::Doses),
    ("injections", Unit::Doses),
];

/// A unit of cycles behind a number, with what it counts; adjectives between are skipped.
pub(super) fn unit_after(sheet: &Sheet<'_>, at: usize) -> Option<(usize, Unit, bool)> {
    let stream = &sheet.stream;
    let mut begin = skip_spaces(stream, at);
    let mut planned = false;
    while let Some(word) = COUNT_BETWEEN.iter().find(|word| stands(stream, begin, word)) {
        planned |= *word == "planned ";
        begin += word.len();
    }
    let (word, unit) = UNITS.iter().find(|(word, _)| stands(stream, begin, word))?;
    let end = begin + word.trim_end().chars().count();
    let latin = word.is_ascii() && stream.at(end).is_ascii_alphabetic();
    (!latin).then_some((end, *unit, planned))
}

pub(super) fn fits(value: f64) -> bool {
    (1.0..=36.0).contains(&value) && value.fract() == 0.0
}

/// `x6`, `*6`, "weekly x4" behind a name.
pub(super) fn times(sheet: &Sheet<'_>, at: usize) -> Option<Count> {
    let stream = &sheet.stream;
    let mut begin = skip_spaces(stream, at);
    for word in [
        "方案",
        "化疗",
        "weekly ",
        "q3w ",
        "q21d ",
        "单药",
        "regimen ",
        "chemotherapy ",
        "was given ",
        "given ",
        "were given ",
        "administered ",
        "delivered ",
    ] {
        if stands(stream, begin, word) {
            begin = skip_spaces(stream, begin + word.chars().count());
        }
    }
    begin = behind_dose(sheet, begin);
    if stream.at(begin).is_ascii_digit() {
        return times_behind(sheet, at, begin);
    }
    if !matches!(stream.at(begin), 'x' | 'X' | '*') {
        return None;
    }
    let number = number::number_behind(stream, skip_spaces(stream, begin + 1))?;
    let after = skip_spaces(stream, number.span.end);
    let of_days = TIMES_OF_DAYS.iter().any(|word| {
        stands(stream, after, word) && !stands(stream, after, "周期") && !stands(stream, after, "weekly")
    });
    // "maintenance x2y"
    let years = stream.at(after) == 'y' && !stream.at(after + 1).is_ascii_alphabetic()
        || stream.reads_any(after, words!["year", "yr"]);
    if !fits(number.value) || of_days || years || matches!(stream.at(number.span.end), 'm' | 'g' | '%' | '^')
    {
        return None;
    }
    let (end, unit) = unit_after(sheet, number.span.end)
        .map_or((number.span.end, Unit::Times), |(end, unit, _)| (end, unit));
    Some(Count { value: number.value, span: Span::new(at, end), unit, planned: false })
}

/// `R-CHOP 6x until May`: the sign behind its number, and no other number behind the sign.
fn times_behind(sheet: &Sheet<'_>, at: usize, begin: usize) -> Option<Count> {
    let stream = &sheet.stream;
    let number = number::number_behind(stream, begin).filter(|of| fits(of.value))?;
    let end = number.span.end + 1;
    // "R-CHOP 6c"
    let signed =
        matches!(stream.at(number.span.end), 'x' | 'X' | '#' | 'c') && !stream.at(end).is_alphanumeric();
    let counted = signed && !stream.at(skip_spaces(stream, end)).is_ascii_digit();
    counted.then(|| Count {
        value: number.value,
        span: Span::new(at, end),
        unit: Unit::Times,
        planned: false,
    })
}

/// Whether no count stands directly beside a name.
pub(super) fn nothing_counted(sheet: &Sheet<'_>, span: Span) -> bool {
    let after = skip_spaces(&sheet.stream, span.end);
    times(sheet, span.end).is_none()
        && count_at(&sheet.stream, after).and_then(|(_, end)| unit_after(sheet, end)).is_none()
}

/// How often this course was given.
pub(super) fn count(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    in_row(sheet, name.span)
        .map(|(count, _)| count)
        .or_else(|| cycles_numbered(sheet, name, own))
        .or_else(|| given_after(sheet, name, own))
        .or_else(|| given_of_planned(sheet, name, own))
        .or_else(|| times(sheet, name.span.end))
        .or_else(|| behind_bracket(sheet, name))
        .or_else(|| before(sheet, name, own))
        .or_else(|| numbered_range(sheet, name, own))
        .or_else(|| bare(sheet, name, own))
        .or_else(|| after(sheet, name, own))
        .or_else(|| in_cell(sheet, name, own))
        .or_else(|| left_after(sheet, name, own))
}

/// `R-CHOP | 11/03/2019 | 24/06/2019 | 6 cycles (3 + 3)`: a cell of the course's row that begins with a count.
fn in_cell(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    const REACH: usize = 120;
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + REACH);
    let row = (name.span.end..until).find(|at| stream.at(*at) == BREAK).unwrap_or(until);
    (name.span.end..row).filter(|at| stream.at(*at) == CELL).find_map(|at| {
        let (value, end) = count_at(stream, at + 1).filter(|(value, _)| fits(*value))?;
        let (end, unit, planned) = unit_after(sheet, end)?;
        (end <= row).then_some(Count { value, span: Span::new(at + 1, end), unit, planned })
    })
}

/// `R-CHOP 6 01/2021-05/2021`: the count and the days of a row whose columns a text lost.
pub(super) fn in_row<'s>(sheet: &'s Sheet<'_>, name: Span) -> Option<(Count, &'s DateMention)> {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, name.end);
    if at == name.end || !stream.at(at).is_ascii_digit() {
        return None;
    }
    let number = number::number_behind(stream, at).filter(|of| fits(of.value))?;
    let behind = skip_spaces(stream, number.span.end);
    let first = sheet.mentions.partition_point(|of| of.span.start < behind);
    let days = sheet.mentions.get(first).filter(|of| of.span.start == behind && of.until.is_some())?;
    let span = Span::new(at, number.span.end);
    Some((Count { value: number.value, span, unit: Unit::Cycles, planned: false }, days))
}

/// "R-CHOP was escalated to DA-EPOCH-R after cycle 1": what was given before the switch.
fn left_after(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    const GAP: usize = 40;
    let stream = &sheet.stream;
    if own.end.saturating_sub(name.span.end) > GAP {
        return None;
    }
    let gap = stream.lower_text(Span::new(name.span.end, own.end));
    if !sheet.stream.text_ends(gap.trim_end(), LEFT_AFTER_TURNS) {
        return None;
    }
    let until = sheet.sentence(name.span.start).end.min(own.end + GAP);
    let at = (own.end..until).find(|at| stands(stream, *at, " after "))? + " after ".len();
    let at = if stands(stream, at, "the ") { at + "the ".len() } else { at };
    let numbered = stands(stream, at, "cycle ").then(|| count_at(stream, at + "cycle ".len())).flatten();
    let counted = || count_at(stream, at).filter(|(_, end)| unit_after(sheet, *end).is_some());
    let first = || stands(stream, at, "first cycle").then_some((1.0, at + "first cycle".len()));
    let (value, _) = numbered.or_else(counted).or_else(first).filter(|(value, _)| fits(*value))?;
    Some(Count { value, span: name.span, unit: Unit::Cycles, planned: false })
}

pub(super) fn only_glue(text: &str) -> bool {
    if text.contains("then") {
        return false;
    }
    let bare = without_any(text.to_owned(), COUNT_GLUE);
    bare.chars().filter(|of| !of.is_whitespace()).count() <= 1
        && !bare.contains([',', '。', ';', '、', '+', '/', '(', '及', '和', '与', '后'])
}

/// `6 cycles of R-CHOP`, `6程R-CHOP`, `five of six planned cycles of R-CHOP`.
fn before(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(44));
    (from..name.span.start).rev().find_map(|at| {
        let (value, end) = count_at(stream, at)?;
        if at > 0 && matches!(stream.at(at - 1), '第' | '.' | '/' | '-') || is_dated(sheet, at) {
            return None;
        }
        let of_planned = part::whole_behind(stream, end);
        let (unit_end, unit, planned) = unit_after(sheet, of_planned.map_or(end, |(_, end)| end))?;
        let planned = planned && of_planned.is_none();
        // Of `five of six planned cycles` the first number was given.
        if part::is_whole(stream, at) {
            return None;
        }
        let glue = stream.lower_text(Span::new(unit_end.min(name.span.start), name.span.start));
        // `R-CHOP方案6周期:利妥昔单抗`: the count before the colon is that of the regimen before it.
        let before_list = glue.contains(':')
            && own.start > 0
            && at - own.start.min(at) <= 8
            && names_course_before(sheet, own.start);
        if before_list || is_count_of_former(sheet, own.start, at) {
            return None;
        }
        let planned = planned
            || stream.reads_back_any(at, words!["计划", "拟", "拟行", "planned "])
                && !is_part_given(sheet, name);
        (unit_end <= name.span.start && fits(value) && only_glue(glue)).then_some(Count {
            value,
            span: Span::new(at, unit_end),
            unit,
            planned,
        })
    })
}

/// "R-mini-CHOP for 6 cycles with vincristine": the count stands right behind the course before.
fn is_count_of_former(sheet: &Sheet<'_>, start: usize, at: usize) -> bool {
    let beside = matches!(sheet.stream.lower_text(Span::new(start.min(at), at)).trim(), "" | "for" | "x");
    at > start && beside && names_course_before(sheet, start)
}

/// Whether a course ends right where this territory begins.
fn names_course_before(sheet: &Sheet<'_>, start: usize) -> bool {
    const LONGEST: usize = 30;
    sheet
        .candidates_in(Span::new(start.saturating_sub(LONGEST), start))
        .iter()
        .any(|of| of.hit.span.end == start && (of.hit.concept.is("reg") || of.hit.concept.is("drug")))
}

/// `cycles 5 and 6 were given as R-CVP`: two cycles.
fn numbered_range(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(50));
    let begins =
        stream.words_beginning(Span::new(from, name.span.start), words!["cycles ", "courses "]).rev();
    begins.filter(|of| starts_word(stream, of.start())).find_map(|begins| {
        let at = begins.start();
        let (low, low_end) = count_at(stream, begins.end())?;
        let glue = skip_spaces(stream, low_end);
        let join = stream.first_word_at(glue, words!["and ", "to ", "-", "& ", "through "])?;
        let (high, end) = number::number_behind(stream, skip_spaces(stream, join.end()))
            .map(|of| (of.value, of.span.end))?;
        let rest = stream.lower_text(Span::new(end, name.span.start));
        let as_other = sheet.stream.text_begins(rest.trim_start(), NUMBERED_RANGE_AS_OTHER);
        (high > low && as_other && rest.chars().count() <= 24 && !rest.contains(',')).then_some(Count {
            value: high - low + 1.0,
            span: Span::new(at, end),
            unit: Unit::Cycles,
            planned: false,
        })
    })
}

/// `计划8程,仅行5程`, "planned for six cycles but received only three": what was given after all.
pub(super) fn given_after(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + 60);
    stream.words_beginning(Span::new(name.span.end, until), COUNT_ONLY).find_map(|of| {
        let longest = stream.words_at(of.start(), COUNT_ONLY).next_back()?;
        let number_at = skip_spaces(stream, longest.end());
        let (value, end) = count_at(stream, number_at).filter(|(value, _)| fits(*value))?;
        let unit = unit_after(sheet, end);
        if stream.reads_any(end, words![" remain", " are still", " are planned", " are to "]) {
            return None;
        }
        let (end, unit) = unit.map_or((end, Unit::Cycles), |(end, unit, _)| (end, unit));
        (end <= own.end).then_some(Count { value, span: Span::new(number_at, end), unit, planned: false })
    })
}

/// `R-CHOP方案化疗6周期`, `R-CHOP, 6 cycles`, `计划6程,实际完成4程`, `of which he has had 2 cycles`.
fn after(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    const REACH: usize = 84;
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + REACH);
    let until = until.min(end_of_course(sheet, Span::new(name.span.end, until)));
    let mut found: Option<Count> = None;
    let mut at = name.span.end;
    let mut clause = name.span.end;
    while at < until {
        if matches!(stream.at(at), ',' | '(' | ')') {
            clause = at + 1;
        }
        let Some((value, end)) = count_at(stream, at).or_else(|| glued(sheet, name, at)) else {
            at += 1;
            continue;
        };
        let skipped = is_ordinal(sheet, at)
            || is_dated(sheet, at)
            || says(stream, Span::new(at.saturating_sub(4).max(name.span.end), at), words!["每", "every"]);
        let planned_alone = stands(stream, skip_spaces(stream, end), "planned");
        let whole = [" of ", "/"]
            .iter()
            .find(|word| stands(stream, end, word))
            .and_then(|word| count_at(stream, end + word.len()))
            .map_or(end, |(_, of)| of);
        let counted = unit_after(sheet, whole).filter(|_| !skipped && fits(value) && !planned_alone);
        if let Some((unit_end, unit, planned)) = counted
            && (!belongs_to_next(sheet, unit_end, own.end)
                || stream.lower_text(Span::new(name.span.end, at)).trim() == "for")
        {
            let lead = Span::new(clause.max(at.saturating_sub(16)), at);
            let given = says(stream, lead, COUNT_GIVEN)
                && !says(stream, lead, words!["计划共", "拟共", "计划行", "计划予"]);
            let planned = planned && whole == end
                || (!given && says(stream, lead, COUNT_PLANNED))
                || stands(stream, skip_spaces(stream, unit_end), "planned");
            let here = clause == name.span.end || skip_spaces(stream, clause) == at || given || planned;
            let count = Count { value, span: Span::new(at, unit_end), unit, planned };
            if here && given {
                return Some(count);
            }
            if here && found.is_none_or(|of| of.planned && !planned) {
                found = Some(count);
            }
            at = unit_end;
        } else {
            at = end.max(at + 1);
        }
    }
    found
}

/// `R-GDP2程`: the number stands at the name without a blank.
fn glued(sheet: &Sheet<'_>, name: &Name, at: usize) -> Option<(f64, usize)> {
    let stream = &sheet.stream;
    let beside = at == name.span.end && stream.at(at).is_ascii_digit();
    let number = number::number_behind(stream, at).filter(|_| beside)?;
    let end = number.span.end;
    let counted =
        unit_after(sheet, end).is_some() && crate::stream::is_han(stream.at(skip_spaces(stream, end)));
    counted.then_some((number.value, end))
}

/// `第3程`, `C3`, `cycle 3`: a number of a cycle.
fn is_ordinal(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    ends(stream, at, "第")
        || ends(stream, at, "cycle ")
        || ends(stream, at, "cycles ")
        || ends(stream, at, "#")
        || ends(stream, at, "d")
        || ends(stream, at, ".")
        || ends(stream, at, "-")
}

/// What follows the course ends the search: a response, a relapse, the next treatment.
pub(super) fn end_of_course(sheet: &Sheet<'_>, span: Span) -> usize {
    let word = (span.start..span.end)
        .find(|at| sheet.stream.reads_any(*at, COUNT_OTHER) || matches!(sheet.stream.at(*at), BREAK | CELL));
    until_event(sheet, span).min(word.unwrap_or(span.end))
}

/// Up to the first response or relapse.
pub(super) fn until_event(sheet: &Sheet<'_>, span: Span) -> usize {
    let event = sheet.candidates_in(span).iter().find(|of| {
        matches!(
            of.hit.concept.as_str(),
            "find.cr" | "find.pr" | "find.sd" | "find.pd" | "find.relapsed" | "find.no_response"
        )
    });
    event.map_or(span.end, |of| of.hit.span.start)
}

/// `R-CHOP后予2程R-ICE`: the count right before the next course is that course's.
fn belongs_to_next(sheet: &Sheet<'_>, unit_end: usize, next: usize) -> bool {
    let course = sheet
        .candidates_in(Span::new(next, next + 1))
        .iter()
        .any(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"));
    if !course || next < unit_end || next - unit_end > 16 {
        return false;
    }
    // `R-CHOP方案6周期:利妥昔单抗…`: behind the colon stand the drugs of the regimen that was counted.
    let gap = sheet.stream.lower_text(Span::new(unit_end, next));
    !gap.contains([':', BREAK]) && only_glue(gap)
}
