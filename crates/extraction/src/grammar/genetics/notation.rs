//! HGVS notation and exon numbers.
//!
//! ## References
//! HGVS nomenclature: `c.743G>A`, `p.(Arg248Gln)`, `p.Q2416*`, `p.?`.

use crate::stream::{BREAK, CELL, Span, Stream};

/// A notation as printed, and where it ends.
pub(super) type Notation = (String, usize);

/// `p.Q2416*`, `p.(Arg248Gln)`, `c.743G>A`, `c.69+1G>A` in a span; bare `L265P` becomes `p.L265P`.
pub(super) fn protein(stream: &Stream, span: Span) -> Option<Notation> {
    prefixed(stream, span, 'p').or_else(|| bare(stream, span))
}

pub(super) fn coding(stream: &Stream, span: Span) -> Option<Notation> {
    prefixed(stream, span, 'c')
}

fn prefixed(stream: &Stream, span: Span, prefix: char) -> Option<Notation> {
    let start = (span.start..span.end).find(|at| {
        stream.at(*at) == prefix
            && stream.at(at + 1) == '.'
            && (*at == 0 || !stream.at(at - 1).is_ascii_alphanumeric())
    })?;
    let belongs = |of: char| {
        of.is_ascii_alphanumeric() || matches!(of, '.' | '*' | '_' | '>' | '+' | '-' | '=' | '?' | '^')
    };
    let mut end = start + 2;
    // OCR and typesetters leave a space behind the point.
    if stream.at(end) == ' ' {
        end += 1;
    }
    let bracket = stream.at(end) == '(';
    end += usize::from(bracket);
    let body = end;
    while belongs(stream.at(end)) {
        end += 1;
    }
    while end > body && matches!(stream.at(end - 1), '.' | '-' | '^') {
        end -= 1;
    }
    // "CD19 weak, c. 30%", "p. 3": a number alone is no change.
    let spaced = stream.at(start + 2) == ' ';
    let named = end > body && (!spaced || (body..end).any(|at| stream.at(at).is_ascii_alphabetic()));
    end += usize::from(bracket && stream.at(end) == ')');
    let text: String = stream.text(Span::new(start, end)).chars().filter(|of| *of != ' ').collect();
    named.then_some((text, end))
}

const AMINO_ACIDS: &str = "ACDEFGHIKLMNPQRSTVWY";

/// `L265P`, `C481S`, `R163fs`, `Q2416*` without the prefix.
fn bare(stream: &Stream, span: Span) -> Option<Notation> {
    let starts = (span.start..span.end).filter(|at| {
        AMINO_ACIDS.contains(stream.at(*at))
            && stream.at(at + 1).is_ascii_digit()
            && (*at == 0
                || !(stream.at(at - 1).is_ascii_alphanumeric() || matches!(stream.at(at - 1), '.' | '_')))
    });
    for start in starts {
        let mut end = start + 1;
        while stream.at(end).is_ascii_digit() {
            end += 1;
        }
        let rest = stream.at(end);
        let frame = rest == 'f' && stream.at(end + 1) == 's';
        if !(AMINO_ACIDS.contains(rest) || rest == '*' || frame) || end - start < 3 {
            continue;
        }
        end += 1;
        if frame {
            while stream.at(end).is_ascii_alphanumeric() || stream.at(end) == '*' {
                end += 1;
            }
        }
        if !stream.at(end).is_ascii_alphanumeric() {
            return Some((format!("p.{}", stream.text(Span::new(start, end))), end));
        }
    }
    None
}

/// `exon 8`, `exon8`, `ex 8`, `第8外显子`, `8号外显子`, and a bare number in a column under the heading "exon".
pub(super) fn exon(stream: &Stream, span: Span, column: bool) -> Option<(f64, usize)> {
    let lower = |at: usize| stream.lower.get(at).copied().unwrap_or(BREAK);
    let says = |at: usize, word: &str| word.chars().zip(at..).all(|(of, place)| lower(place) == of);
    for at in span.start..span.end {
        let boundary = at == 0 || !stream.at(at - 1).is_ascii_alphanumeric();
        let latin =
            ["exon", "ex."].iter().find(|word| boundary && says(at, word)).map(|word| at + word.len());
        let after = latin.or_else(|| says(at, "外显子").then_some(at + 3));
        if let Some(after) = after {
            let glued = (after..after + 2).find(|of| stream.at(*of) != ' ').unwrap_or(after);
            if let Some(found) = integer(stream, glued) {
                return Some(found);
            }
        }
        // The version of a transcript is no exon: `NM_000546.6:exon5`.
        let version = at > 0 && stream.at(at - 1) == '.';
        let han = (boundary && !version).then(|| integer(stream, at)).flatten();
        if let Some((number, end)) = han
            && ["外显子", "号外显子", "exon"].iter().any(|word| says(end, word) || says(end + 1, word))
        {
            return Some((number, end + 3));
        }
    }
    column.then(|| alone(stream, span)).flatten()
}

fn integer(stream: &Stream, at: usize) -> Option<(f64, usize)> {
    let end = (at..at + 3).take_while(|of| stream.at(*of).is_ascii_digit()).count() + at;
    if end == at || stream.at(end).is_ascii_digit() {
        return None;
    }
    stream.text(Span::new(at, end)).parse().ok().map(|number| (number, end))
}

/// A whole number between blanks.
fn alone(stream: &Stream, span: Span) -> Option<(f64, usize)> {
    let blank = |of: char| matches!(of, ' ' | CELL | BREAK);
    (span.start + 1..span.end).find_map(|at| {
        let (number, end) = integer(stream, at).filter(|_| blank(stream.at(at - 1)))?;
        (blank(stream.at(end)) && (1.0..=150.0).contains(&number)).then_some((number, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;

    fn stream(text: &str) -> (Stream, Span) {
        let mut stream = Stream::default();
        stream.push_line(LinePlace::new(0, 0), text);
        let span = Span::new(0, stream.len());
        (stream, span)
    }

    #[test]
    fn a_notation_is_kept_as_printed() {
        for (text, p, c) in [
            ("c.743G>A p.(Arg248Gln) VAF 41%", Some("p.(Arg248Gln)"), Some("c.743G>A")),
            ("c.305-2A>G\tp.?\t-\t21.5%", Some("p.?"), Some("c.305-2A>G")),
            ("p.Q2416* 22%", Some("p.Q2416*"), None),
            ("L265P detected", Some("p.L265P"), None),
            ("R163fs", Some("p.R163fs"), None),
            ("3-4 signals in C3", None, None),
        ] {
            let (stream, span) = stream(text);
            assert_eq!(protein(&stream, span).map(|of| of.0).as_deref(), p, "{text}");
            assert_eq!(coding(&stream, span).map(|of| of.0).as_deref(), c, "{text}");
        }
    }

    #[test]
    fn exons_in_two_languages() {
        for (text, number) in
            [("exon8", 8.0), ("exon 26", 26.0), ("第7外显子", 7.0), ("第5号外显子", 5.0), ("8外显子", 8.0)]
        {
            let (stream, span) = stream(text);
            assert_eq!(exon(&stream, span, false).map(|of| of.0), Some(number), "{text}");
        }
    }
}
