//! Days of the week: "platelets were 88 on Tuesday", "will start on Monday", "next Thurs", `下周三`, `上周五`.
//!
//! ## Never
//! A weekday of every week ("Tuesdays", `每周三`), the day of a meeting ("MDT on Friday") and a name beside its date
//! ("Tue 4/1") are no days of their own.

use super::{
    said::{Said, When},
    words::{follows_word, one_of, skip_any},
};
use crate::{
    stream::{Span, Stream},
    vocabulary::dates::{WEEKDAY_ASKED, WEEKDAY_MEETING},
    words::words,
};
use cartulary_model::PartialDate;
use jiff::{ToSpan as _, civil::Date};

/// The names with the number of the day, Monday being 1; the longer ones first.
const NAMES: [(&str, i8); 18] = [
    ("monday", 1),
    ("tuesday", 2),
    ("wednesday", 3),
    ("thursday", 4),
    ("friday", 5),
    ("saturday", 6),
    ("sunday", 7),
    ("tues", 2),
    ("weds", 3),
    ("thurs", 4),
    ("mon", 1),
    ("tue", 2),
    ("wed", 3),
    ("thur", 4),
    ("thu", 4),
    ("fri", 5),
    ("sat", 6),
    ("sun", 7),
];

/// All names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// Whose week a weekday is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Week {
    /// "on Tuesday": the last one, or of a plan the next one.
    Told,
    /// "next Tuesday".
    Next,
    /// "last Tuesday".
    Past,
    /// `下周二`: of the calendar week so many weeks from the paper's.
    Of(i8),
}

/// An English weekday that a word before it asks for.
pub(super) fn english(stream: &Stream, at: usize) -> Option<Said> {
    let (name, day) = NAMES.into_iter().find(|(name, _)| {
        super::words::starts_with(stream, at, name) && !stream.at(at + name.len()).is_alphabetic()
    })?;
    let end = at + name.len();
    // "Tue 4/1", "Friday 14 June", "Fri, 2 May": the date itself follows. "sat 94%" is a saturation.
    let behind = skip_any(stream, end, " ,.(");
    if stream.at(behind).is_ascii_digit() || super::words::month_name(stream, behind).is_some() {
        return None;
    }
    let week = if stream.reads_back_any(at, words!["next ", "this coming ", "coming "]) {
        Week::Next
    } else if stream.reads_back_any(at, words!["last ", "past "]) {
        Week::Past
    } else {
        Week::Told
    };
    let asked = week != Week::Told || follows_word(stream, at, WEEKDAY_ASKED) || is_owning(stream, end);
    (asked && !is_meeting(stream, at)).then(|| Said::new(at, end, When::Weekday { day, week }))
}

/// "before Thursday's flu/cy".
fn is_owning(stream: &Stream, end: usize) -> bool {
    stream.reads_any(end, words!["'s ", "’s "])
}

/// A day on which somebody meets is none of what is told of in the sentence.
fn is_meeting(stream: &Stream, at: usize) -> bool {
    const REACH: usize = 40;
    let begin = (at.saturating_sub(REACH)..at)
        .rev()
        .find(|of| matches!(stream.at(*of), '.' | ';' | ',' | ':' | crate::stream::BREAK))
        .map_or_else(|| at.saturating_sub(REACH), |of| of + 1);
    stream.words_in(Span::new(begin, at + REACH / 2), WEEKDAY_MEETING).next().is_some()
}

/// `下周三`, `上周五`, `本周四`, `这周二`, `星期一`.
pub(super) fn chinese(stream: &Stream, at: usize) -> Option<Said> {
    let (begin, week) = match stream.at(at) {
        '下' => (at + 1, Week::Of(1)),
        '上' => (at + 1, Week::Of(-1)),
        '本' | '这' => (at + 1, Week::Of(0)),
        _ => (at, Week::Told),
    };
    if week == Week::Told && stream.reads_back_any(at, words!["每", "各", "下", "上", "本", "这", "双", "单"])
    {
        return None;
    }
    let begin = if stream.at(begin) == '个' { begin + 1 } else { begin };
    let name = one_of(stream, begin, words!["周", "星期", "礼拜"])?;
    let day = match stream.at(name) {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '日' | '天' => 7,
        _ => return None,
    };
    // `三周一次`, `周三次` count; `一周一疗` too.
    let counted = begin > 0 && matches!(stream.at(begin - 1), '一' | '二' | '三' | '两' | '0'..='9')
        || matches!(stream.at(name + 1), '次' | '疗' | '程' | '个' | '天' | '期' | '内' | '前' | '后');
    (!counted).then(|| Said::new(at, name + 1, When::Weekday { day, week }))
}

/// "On Monday she will start glofitamab", "the PET is on Thursday", "before Thursday's flu/cy": a day to come.
pub(super) fn is_ahead(stream: &Stream, span: Span) -> bool {
    const REACH: usize = 44;
    let end = (span.end..(span.end + REACH).min(stream.len()))
        .find(|at| matches!(stream.at(*at), ',' | ';' | '.' | crate::stream::BREAK))
        .unwrap_or((span.end + REACH).min(stream.len()));
    let comes = words![
        " will ",
        " starts",
        " begins",
        " is to ",
        " is due",
        " is booked",
        "'ll ",
        " going to ",
        " is planned"
    ];
    stream.words_in(Span::new(span.end, end.max(span.end)), comes).next().is_some()
        || stream
            .reads_back_any(span.start, words![" is on ", " are on ", "'s on ", "before ", " not until "])
}

/// The day that is meant.
pub(super) fn reckoned(anchor: Date, day: i8, week: Week, planned: bool) -> Option<PartialDate> {
    let today = anchor.weekday().to_monday_one_offset();
    let away = match week {
        Week::Of(weeks) => i32::from(day) - i32::from(today) + 7 * i32::from(weeks),
        Week::Next => ahead(today, day),
        Week::Told if planned => ahead(today, day),
        Week::Past => -ahead(day, today),
        Week::Told => -(i32::from(today) - i32::from(day)).rem_euclid(7),
    };
    anchor.checked_add(away.days()).ok().map(PartialDate::from)
}

/// One to seven days.
fn ahead(from: i8, to: i8) -> i32 {
    (i32::from(to) - i32::from(from) - 1).rem_euclid(7) + 1
}
