//! The points behind the name of a scale: one value, a range, an old and a new one.
//!
//! ## Reads
//! `1分`, `0-1`, `3 of 5`, `由3分改善至1分`, "was 3 on admission but is 1 today", "3, possibly 4", `2分(治疗前为5分)`,
//! `(年龄、LDH、分期)共3分`.
//!
//! ## Leaves alone
//! Counts of other things (`ECOG 2024-03`, `IPI 3 cycles`), bounds.

use super::{Named, risk};
use crate::{
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Span, is_han},
    vocabulary::{
        past::NOW,
        score::{
            BACK, DOUBT, EARLIER_BEHIND, FROM, GLUE, INTO, LATER_BEHIND, LEGEND_DEFINED, LEGEND_MEANINGS,
            OTHER_UNITS, TOTAL,
        },
    },
    words::{List, Place, coded, words},
};
use cartulary_model::Comparator;

/// When a value held, by the words of change beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Unsaid,
    Old,
    New,
}

/// Points of a scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) value: f64,
    pub(super) span: Span,
    pub(super) when: When,
    pub(super) doubted: bool,
    pub(super) repaired: bool,
}

/// Reads the points behind a name, not further than `limit`.
pub(super) fn read(sheet: &Sheet<'_>, of: Named, limit: usize) -> Vec<Point> {
    let sentence_end = sheet.sentence(of.name.end.saturating_sub(1)).end;
    let limit = limit.min(sentence_end);
    let Some((at, when)) = first_place(sheet, of.name.end, limit) else {
        return total(sheet, of, limit).into_iter().collect();
    };
    let changed = when == When::Old;
    let Some(mut first) = point(sheet, of, at, of.name.start, changed) else {
        return total(sheet, of, limit).into_iter().collect();
    };
    let Some((mut second, relation)) = second(sheet, of, first.span.end, limit) else {
        return vec![first];
    };
    match relation {
        Relation::Newer => (first.when, second.when) = (When::Old, When::New),
        Relation::Older => (first.when, second.when) = (When::New, When::Old),
        Relation::Doubted => second.doubted = true,
        Relation::Beside if changed => (first.when, second.when) = (When::Old, When::New),
        Relation::Beside => return vec![first],
    }
    let mut points = vec![first, second];
    // `2→3→1`: only the last is of today.
    while let Some((mut next, Relation::Newer)) =
        points.last().and_then(|last| self::second(sheet, of, last.span.end, limit))
    {
        next.when = When::New;
        points.iter_mut().for_each(|point| point.when = When::Old);
        points.push(next);
    }
    points
}

/// How a second value stands to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Newer,
    Older,
    Doubted,
    Beside,
}

/// Where the first points stand: behind words that only lead to them.
fn first_place(sheet: &Sheet<'_>, from: usize, limit: usize) -> Option<(usize, When)> {
    const REACH: usize = 40;
    let stream = &sheet.stream;
    let mut when = When::Unsaid;
    let mut at = from;
    while at < limit.min(from + REACH) {
        if let Some(mention) = sheet.mentions.iter().find(|of| of.span.start == at && of.span.end - at > 4) {
            at = mention.span.end;
            continue;
        }
        let scale_name =
            stream.reads(at, "5分法") || stream.reads(at, "5-point") || stream.reads(at, "5 point");
        if !scale_name && starts_number(sheet, at) {
            return Some((at, when));
        }
        if let Some(end) = legend_in_bracket(sheet, at) {
            at = end;
        } else if let Some(length) = word_at(sheet, at, FROM) {
            when = When::Old;
            at += length;
        } else if let Some(length) = word_at(sheet, at, GLUE) {
            at += length;
        } else if let Some((_, length)) = risk::group_at(sheet, at) {
            at += length;
        } else if let Some(end) = visit_end(sheet, at) {
            at = end;
        } else if matches!(stream.at(at), ' ' | CELL | '-') {
            at += 1;
        } else {
            return None;
        }
    }
    None
}

/// "Deauville at M1 was 3": the visit between the scale and its points.
fn visit_end(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    let stream = &sheet.stream;
    let digits = (at + 1..at + 4).find(|of| !stream.at(*of).is_ascii_digit())?;
    let named = matches!(stream.at(at), 'M' | 'D') && digits > at + 1 && on_word_start(sheet, at);
    let told = stream.reads_any(digits + 1, words!["was ", "is ", ": ", "= "])
        || matches!(stream.at(digits), ':' | '=');
    (named && told).then_some(digits)
}

/// `ECOG (0-4): 2`, `Karnofsky (10-100) =`: the ends of the scale, where a value may follow them.
fn legend_in_bracket(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    let stream = &sheet.stream;
    let low = (stream.at(at) == '(').then(|| number::number_behind(stream, at + 1)).flatten()?;
    let (_, end) = range_end(sheet, low.span.end, false)?;
    let led = stream.at(end) == ')' && {
        let behind = end + 1 + usize::from(stream.at(end + 1) == ' ');
        matches!(stream.at(behind), ':' | '=') || stream.at(behind).is_ascii_digit()
    };
    led.then_some(end + 1)
}

/// A digit, a bound, or a letter that recognition made of a digit and that stands alone: `ECOG l`.
fn starts_number(sheet: &Sheet<'_>, at: usize) -> bool {
    let of = sheet.stream.at(at);
    of.is_ascii_digit()
        || matches!(of, '<' | '>' | '≤' | '≥')
        || misread_alone(sheet, at).is_some()
        || number_word(sheet, at).is_some()
}

/// "ECOG of zero".
fn number_word(sheet: &Sheet<'_>, at: usize) -> Option<(f64, usize)> {
    let words = coded![
        f64;
        ("zero", 0.0),
        ("one", 1.0),
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
    ];
    let found = sheet.stream.words_at(at, words).find(|of| is_whole(sheet, *of))?;
    on_word_start(sheet, at).then(|| (words.code(found), found.end()))
}

fn misread_alone(sheet: &Sheet<'_>, at: usize) -> Option<f64> {
    let stream = &sheet.stream;
    let alone = |at: usize| !stream.at(at).is_ascii_alphanumeric();
    let apart = at > 0 && alone(at - 1) && alone(at + 1);
    match stream.at(at) {
        'l' | '|' | 'I' if apart => Some(1.0),
        'O' | 'o' if apart => Some(0.0),
        'Z' if apart => Some(2.0),
        _ => None,
    }
}

/// The longest of the words that stands at `at` whole.
fn word_at(sheet: &Sheet<'_>, at: usize, words: &List) -> Option<usize> {
    let whole = sheet.stream.words_at(at, words).rev().find(|of| is_whole(sheet, *of));
    whole.map(|of| of.end() - at)
}

/// Whether a Latin word does not go on.
fn is_whole(sheet: &Sheet<'_>, of: Place) -> bool {
    let letter = |at: usize| sheet.stream.at(at).is_ascii_alphabetic();
    !(letter(of.end() - 1) && letter(of.end()))
}

/// The points at `at`, with the far end of a range, the denominator and `分`.
fn point(sheet: &Sheet<'_>, of: Named, at: usize, start: usize, changed: bool) -> Option<Point> {
    let stream = &sheet.stream;
    let fits = |value: f64| {
        (of.scale.low..=of.scale.high).contains(&value) && (of.scale.decimals || value.fract() == 0.0)
    };
    let (mut value, mut end, repaired) = match (misread_alone(sheet, at), number_word(sheet, at)) {
        (Some(value), _) => (value, at + 1, true),
        (None, Some((value, after))) => (value, after, false),
        (None, None) => {
            // "MIPI 5,9"
            let slot = number::Slot { measured: of.scale.decimals, ..number::Slot::default() };
            let number = if of.scale.decimals {
                number::number_in(stream, at, slot).or_else(|| number::number_behind(stream, at))?
            } else {
                number::number_behind(stream, at)?
            };
            if number.comparator != Comparator::Equal {
                return None;
            }
            (number.value, number.span.end, number.repaired)
        }
    };
    if !fits(value) {
        return None;
    }
    let far = range_end(sheet, end, changed).filter(|(far, _)| fits(*far) && *far > value);
    if is_legend(sheet, far.map_or(end, |(_, after)| after), far.is_some()) {
        return None;
    }
    if let Some((far, after)) = far {
        // Of a range the worse end is the safer one; a high Karnofsky score is the better one.
        value = if of.scale.concept == "find.kps" { value } else { far };
        end = after;
    }
    end = denominator_end(sheet, end);
    if OTHER_UNITS.iter().any(|unit| stream.reads(end, unit)) || stream.at(end).is_ascii_alphabetic() {
        return None;
    }
    for unit in ["分", "级", "%", " points", " point"] {
        if stream.reads(end, unit) {
            end += unit.chars().count();
        }
    }
    Some(Point { value, span: Span::new(start, end), when: When::Unsaid, doubted: false, repaired })
}

/// `Deauville 4分为摄取轻度高于肝脏`, "1 = no uptake", `0-1分为低危`: what the points of a scale mean.
fn is_legend(sheet: &Sheet<'_>, end: usize, range: bool) -> bool {
    let stream = &sheet.stream;
    let after = if stream.at(end) == '分' { end + 1 } else { end };
    let sign = if stream.at(after) == ' ' { after + 1 } else { after };
    let means = stream.reads(after, "为") && stream.reads_any(after + 1, LEGEND_MEANINGS);
    let equals = stream.at(sign) == '=' && !stream.at(sign + 1).is_ascii_digit();
    let defined = range && stream.reads_any(after, LEGEND_DEFINED);
    equals || means || defined || range && stream.reads(after, "为")
}

/// `0-1`, `1~2`, `3至4`, "0 to 1", `0/1`.
fn range_end(sheet: &Sheet<'_>, at: usize, changed: bool) -> Option<(f64, usize)> {
    let stream = &sheet.stream;
    let sign = stream.at(at);
    let skipped = match sign {
        '-' | '~' if stream.at(at + 1) != '>' => 1,
        '至' => 1,
        '分' if matches!(stream.at(at + 1), '-' | '~') => 2,
        ' ' if !changed && stream.reads(at, " to ") => 4,
        _ => return None,
    };
    let far = number::number_behind(stream, at + skipped)?;
    (stream.at(at + skipped).is_ascii_digit()).then_some((far.value, far.span.end))
}

/// `4/5`, `3 of 5`: what it is out of.
fn denominator_end(sheet: &Sheet<'_>, at: usize) -> usize {
    let stream = &sheet.stream;
    for sign in ["/", " / ", " of ", " out of "] {
        if stream.reads(at, sign) {
            let from = at + sign.chars().count();
            let digits = (from..from + 3).take_while(|of| stream.at(*of).is_ascii_digit()).count();
            if digits > 0 && !matches!(stream.at(from + digits), '/' | '.') {
                return from + digits;
            }
        }
    }
    at
}

/// A second value that is told with the first.
fn second(sheet: &Sheet<'_>, of: Named, from: usize, limit: usize) -> Option<(Point, Relation)> {
    const REACH: usize = 44;
    let stream = &sheet.stream;
    let mut at = from;
    let mut relation = None;
    let mut begins = from;
    while at < limit.min(from + REACH) {
        if relation.is_none() && starts_number(sheet, at) {
            begins = at;
            relation = is_of_today(sheet, from, at)
                .then_some(Relation::Newer)
                .or_else(|| is_of_before(sheet, from, at).then_some(Relation::Older));
        }
        // "FLIPI was 2 in 2016 and would be 4 now"
        if relation.is_none()
            && let Some(day) = sheet.mentions.iter().find(|of| of.span.start == at && of.span.end - at >= 4)
        {
            at = day.span.end;
            continue;
        }
        if relation.is_some() && starts_number(sheet, at) {
            return point(sheet, of, at, begins, true)
                .map(|point| (point, relation.unwrap_or(Relation::Beside)));
        }
        let step = [(INTO, Relation::Newer), (BACK, Relation::Older), (DOUBT, Relation::Doubted)]
            .into_iter()
            .filter_map(|(words, kind)| word_at(sheet, at, words).map(|length| (length, kind)))
            // "ECOG 1 today, 3 on admission": behind its value it is of that.
            .filter(|(length, _)| {
                let figure = at + length + usize::from(matches!(stream.at(at + length), ' ' | ':'));
                !stream.reads(at, "today") || stream.at(figure).is_ascii_digit()
            })
            // "ECOG 1 last month, 3 today": behind its value it is of that.
            .filter(|(length, kind)| {
                let leads = stream.at(at + length) == ' ' && stream.at(at + length + 1).is_ascii_digit();
                *kind != Relation::Older || !stream.reads(at, "last ") || leads
            })
            .max_by_key(|(length, _)| *length);
        // "ECOG 1 now (last month 0)": the word of today is of the value before it.
        let of_former = |length: usize, kind: Relation| {
            matches!(kind, Relation::Newer) && relation.is_none() && stream.reads(at + length, " (")
        };
        if let Some((length, _)) = step.filter(|(length, kind)| of_former(*length, *kind)) {
            at += length;
        } else if let Some((length, kind)) = step.filter(|_| on_word_start(sheet, at)) {
            if relation.is_none() {
                begins = at;
            }
            relation = Some(kind);
            at += length;
        } else if let Some(length) = word_at(sheet, at, GLUE).filter(|_| relation.is_some()) {
            at += length;
        } else if let Some(scan) = stream
            .words_at(at, words!["pet-ct", "pet/ct", "pet", "ipet-2", "ipet", "ct"])
            .next_back()
            .filter(|_| relation.is_none() && of.scale.concept == "find.deauville")
        {
            at = scan.end();
        } else if relation.is_none() && (stream.reads(at, "病灶") || stream.reads(at, "左右")) {
            at += 2;
        } else if may_pass(stream.at(at), relation.is_some())
            || relation.is_none() && leads_to_today(sheet, at)
        {
            at += 1;
        } else {
            return None;
        }
    }
    None
}

/// "ECOG was 2 before treatment, is 0 today": a bare figure with today behind it, and nothing else named between.
fn is_of_today(sheet: &Sheet<'_>, from: usize, at: usize) -> bool {
    let behind = sheet.stream.lower_text(sheet.after(at + 1, 14));
    let named = sheet
        .candidates_in(Span::new(from, at))
        .iter()
        .any(|of| !matches!(of.hit.concept.kind(), "sec" | "event"));
    !named
        && (sheet.stream.text_begins(behind.trim_start(), NOW)
            || sheet.stream.reads_any(at + 1, LATER_BEHIND))
}

/// "ECOG 1 today, 3 on admission", "FLIPI 4 now, 2 in 2016": directly behind the first value another with its own time.
fn is_of_before(sheet: &Sheet<'_>, from: usize, at: usize) -> bool {
    const GAP: usize = 14;
    let gap = sheet.stream.lower_text(Span::new(from, at));
    let beside = at - from <= GAP
        && gap.contains([',', ';', '('])
        && gap.replace("now", "").replace("today", "").chars().all(|of| matches!(of, ' ' | ',' | ';' | '('));
    let behind = (at..).find(|of| !sheet.stream.at(*of).is_ascii_digit()).unwrap_or(at + 1);
    let dated = sheet
        .stream
        .words_at(behind, words![" in ", " on "])
        .next_back()
        .is_some_and(|of| sheet.mentions.iter().any(|day| day.span.start == of.end()));
    beside && (dated || sheet.stream.reads_any(behind, EARLIER_BEHIND))
}

/// `入院ECOG 3分,经支持治疗今评1分`: a few words of Chinese before the word of today.
fn leads_to_today(sheet: &Sheet<'_>, at: usize) -> bool {
    const FEW: usize = 8;
    let stream = &sheet.stream;
    let today = stream.words_in(sheet.after(at, FEW), words!["今评", "现评", "复评"]).next();
    is_han(stream.at(at)) && today.is_some_and(|of| (at..of.start()).all(|at| is_han(stream.at(at))))
}

fn on_word_start(sheet: &Sheet<'_>, at: usize) -> bool {
    !(sheet.stream.at(at).is_ascii_alphabetic() && at > 0 && sheet.stream.at(at - 1).is_ascii_alphabetic())
}

/// Between a value and the word of change plain words may stand (`on admission`); behind the word only signs.
fn may_pass(of: char, related: bool) -> bool {
    match of {
        ' ' | '-' | CELL => true,
        ',' | '(' | ':' | '分' | '级' => !related || matches!(of, ' ' | '('),
        BREAK | ';' | '。' => false,
        _ => !related && of.is_ascii_lowercase(),
    }
}

/// `IPI(年龄、LDH、分期)3分`, `IPI:年龄>60岁(1分)、…,共3分`: the sum behind its parts.
fn total(sheet: &Sheet<'_>, of: Named, limit: usize) -> Option<Point> {
    const REACH: usize = 90;
    if !of.scale.prognostic {
        return None;
    }
    let stream = &sheet.stream;
    let end = limit.min(of.name.end + REACH);
    let opens = (of.name.end..of.name.end + 2).find(|at| stream.at(*at) == '(');
    let behind_bracket = opens
        .and_then(|open| (open..end).find(|at| stream.at(*at) == ')'))
        .and_then(|close| first_place(sheet, close + 1, end))
        .and_then(|(at, _)| point(sheet, of, at, of.name.start, false));
    behind_bracket.or_else(|| {
        (of.name.end..end).find_map(|at| {
            let length = word_at(sheet, at, TOTAL)?;
            let (place, _) = first_place(sheet, at + length, end)?;
            point(sheet, of, place, at, false)
        })
    })
}
