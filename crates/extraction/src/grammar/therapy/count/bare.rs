//! `six R-CHOP`, `2 R-ICE`, `BR (6)`, "4 of a planned 6 R-CHOP": a count without the word for what it counts.

use super::{Count, Territory, Unit, fits, part};
use crate::{
    grammar::therapy::{
        name::Name,
        words::{count_at, is_dated, skip_spaces, stands},
    },
    number,
    sheet::Sheet,
    stream::Span,
    words::words,
};

/// `six R-CHOP`, `2 R-ICE`, `BR (6)`, `R-GDP twice`: a count without its word, directly beside.
pub(super) fn bare(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    let stream = &sheet.stream;
    let after = skip_spaces(stream, name.span.end);
    let weekly = [" weekly", " daily", " a week", " a day"];
    for (word, value) in [
        ("twice", 2.0),
        ("once", 1.0),
        ("two times", 2.0),
        ("was given once", 1.0),
        ("was given twice", 2.0),
        ("given once", 1.0),
        ("given twice", 2.0),
    ] {
        if stands(stream, after, word) && !weekly.iter().any(|of| stands(stream, after + word.len(), of)) {
            return Some(Count {
                value,
                span: Span::new(after, after + word.len()),
                unit: Unit::Times,
                planned: false,
            });
        }
    }
    if stream.at(after) == '('
        && !name.concept.is("drug")
        && let Some((value, end)) = count_at(stream, after + 1).filter(|(value, _)| fits(*value))
        && let Some(close) = [")", "#)", " cyc)"].iter().find(|close| stands(stream, end, close))
    {
        return Some(Count {
            value,
            span: Span::new(after, end + close.len()),
            unit: Unit::Cycles,
            planned: false,
        });
    }
    if !name.concept.is("reg") {
        return None;
    }
    if let Some(count) = pieces_before(sheet, name, own).or_else(|| number_alone(sheet, name)) {
        return Some(count);
    }
    // "4 of a planned 6 R-CHOP"
    const BACK: usize = 32;
    let from = own.start.max(name.span.start.saturating_sub(BACK));
    (from..name.span.start).find_map(|at| {
        let (value, mut end) = count_at(stream, at).filter(|_| !part::is_whole(stream, at))?;
        // `3 of 6 R-CHOP`: three were given. `2 x HD-MTX`.
        if let Some((_, of)) = part::whole_behind(stream, end) {
            end = of;
        } else if stands(stream, end, " x ") {
            end += 2;
        } else if stands(stream, end, "x ") || stands(stream, end, "# ") {
            end += 1;
        }
        let inside = at > 0 && matches!(stream.at(at - 1), '-' | '/' | '.' | '第');
        let beside = end + 1 == name.span.start && stream.at(end) == ' ';
        (beside && !inside && (1.0..=12.0).contains(&value) && value.fract() == 0.0 && !is_dated(sheet, at))
            .then(|| Count { value, span: Span::new(at, end), unit: Unit::Cycles, planned: false })
    })
}

/// "R-CHOP 6, came back after 1 year": in a message the number alone, where nothing says what it counts.
fn number_alone(sheet: &Sheet<'_>, name: &Name) -> Option<Count> {
    const MOST: f64 = 8.0;
    let stream = &sheet.stream;
    let at = name.span.end + 1;
    if stream.at(name.span.end) != ' '
        || !stream.at(at).is_ascii_digit()
        || !sheet.is_kind(&["sec.doc_message"])
    {
        return None;
    }
    let number = number::number_behind(stream, at).filter(|of| fits(of.value) && of.value <= MOST)?;
    let end = number.span.end;
    let stops = matches!(stream.at(end), ',' | ';' | '.') && !stream.at(end + 1).is_ascii_digit()
        || stream.reads_any(end, words![" no response", " then", " with "]);
    stops.then(|| Count { value: number.value, span: Span::new(at, end), unit: Unit::Cycles, planned: false })
}

/// `打了6个BR`: the number and 个 directly before the regimen.
fn pieces_before(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    let stream = &sheet.stream;
    let piece = name.span.start.checked_sub(1).filter(|at| stream.at(*at) == '个')?;
    let from = own.start.max(piece.saturating_sub(2));
    (from..piece).find_map(|at| {
        let (value, end) = count_at(stream, at).filter(|(value, end)| *end == piece && fits(*value))?;
        let planned = stream.reads_back_any(at, words!["计划", "拟", "要"]);
        Some(Count { value, span: Span::new(at, end + 1), unit: Unit::Cycles, planned })
    })
}
