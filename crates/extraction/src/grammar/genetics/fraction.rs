//! Cells with a signal among cells that were looked at: `0/200`, `12 of 200 nuclei`, `63 out of 100`.

use crate::{sheet::Sheet, stream::Span, vocabulary::genetics};

/// Fewer cells are not counted for FISH; `1/2` and `3/7` are no counts.
const FEWEST: f64 = 20.0;

/// What the words behind a gene count and judge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counted {
    /// The share of cells with the signal, in percent, and where it stands.
    pub(super) percent: Option<(f64, Span)>,
    /// "below the cut-off".
    pub(super) is_below: bool,
    /// "not informative": there is no result.
    pub(super) has_no_result: bool,
}

/// Reads on from a place to the end of its clause, or to the next gene: what is counted there is that one's.
pub(super) fn counted(sheet: &Sheet<'_>, from: usize) -> Counted {
    let sentence = sheet.sentence(from);
    let end =
        (from..sentence.end).find(|at| matches!(sheet.stream.at(*at), ';' | '\n')).unwrap_or(sentence.end);
    let clause = Span::new(from, end.max(from));
    // `BCL2 (18q21) break-apart`: the locus is the gene's own.
    let opens = from + usize::from(sheet.stream.at(from) == ' ');
    let locus =
        (sheet.stream.at(opens) == '(').then(|| (opens..clause.end).find(|at| sheet.stream.at(*at) == ')'));
    let behind = locus.flatten().unwrap_or(from);
    let genes = sheet.candidates_in(clause).iter().filter(|of| of.hit.concept.is("bio"));
    let next = genes.map(|of| of.hit.span.start).find(|start| *start >= behind);
    let span = Span::new(from, next.unwrap_or(clause.end));
    let comma = (span.start..span.end).find(|at| sheet.stream.at(*at) == ',').unwrap_or(span.end);
    let has = |list| sheet.says(span, list);
    Counted {
        percent: share(sheet, span),
        is_below: has(genetics::BELOW_CUTOFF),
        has_no_result: sheet.says(Span::new(from, comma), genetics::NO_RESULT),
    }
}

fn share(sheet: &Sheet<'_>, span: Span) -> Option<(f64, Span)> {
    let at = |place: usize| if place < span.end { sheet.stream.at(place) } else { ' ' };
    let number = |from: usize| {
        let end = (from..span.end).find(|place| !at(*place).is_ascii_digit()).unwrap_or(span.end);
        let value: f64 = sheet.stream.text(Span::new(from, end)).parse().ok()?;
        Some((value, end))
    };
    let starts = |place: &usize| at(*place).is_ascii_digit() && (*place == 0 || !is_of_word(at(*place - 1)));
    (span.start..span.end).filter(starts).find_map(|start| {
        let (part, end) = number(start)?;
        let rest = Span::new(end, span.end);
        let joined = ["/", " / ", " of ", " out of ", " of the "];
        let sign = joined.iter().find(|sign| sheet.stream.lower_text(rest).starts_with(*sign))?;
        let (whole, end) = number(end + sign.chars().count())?;
        // A full stop ends the sentence: `0/200.`
        let goes_on = is_of_word(at(end)) && (at(end) != '.' || at(end + 1).is_ascii_digit());
        let counts = whole >= FEWEST && part <= whole && !goes_on;
        let place = Span::new(start, end);
        // `(05/24)` is a month.
        let dated = sheet.mentions.iter().any(|of| of.span.overlaps(place));
        (counts && !dated).then(|| (100.0 * part / whole, place))
    })
}

fn is_of_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '/')
}
