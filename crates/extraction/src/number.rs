//! Numbers, units and reference ranges at a place of the stream.
//!
//! A misread letter is put right only here, inside a slot that must be a number, and the repair is marked.

use crate::stream::{Span, Stream};
use cartulary_catalogue::UnitForm;
use cartulary_model::{Comparator, Unit, fact::ReferenceRange};

/// A number as printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) comparator: Comparator,
    pub(crate) span: Span,
    /// A letter stood for a digit.
    pub(crate) repaired: bool,
}

/// Reads a comparator and a number at exactly `at`; not inside a word.
pub(crate) fn number_at(stream: &Stream, at: usize) -> Option<Number> {
    let (_, begin) = comparator_at(stream, at);
    (!word_before(stream, begin)).then(|| number_behind(stream, at)).flatten()
}

/// Reads a number directly behind a name: recognition drops the space of `ECOG 1` and `SUVmax 15.2`.
pub(crate) fn number_behind(stream: &Stream, at: usize) -> Option<Number> {
    let (comparator, begin) = comparator_at(stream, at);
    let (digits, end, repaired) = digits_at(stream, begin)?;
    let mut value: f64 = digits.parse().ok()?;
    let mut end = end;
    // 1.2x10^5 and 1.2E5 are one number; 45x10^9/L is a number and its unit.
    if let Some((exponent, after)) = power_at(stream, end) {
        value *= 10f64.powi(exponent);
        end = after;
    }
    Some(Number { value, comparator, span: Span::new(at, end), repaired })
}

fn comparator_at(stream: &Stream, at: usize) -> (Comparator, usize) {
    let (comparator, mut next) = match (stream.at(at), stream.at(at + 1)) {
        ('<', '=') => (Comparator::AtMost, at + 2),
        ('>', '=') => (Comparator::AtLeast, at + 2),
        ('<', _) => (Comparator::Less, at + 1),
        ('>', _) => (Comparator::Greater, at + 1),
        ('≤', _) => (Comparator::AtMost, at + 1),
        ('≥', _) => (Comparator::AtLeast, at + 1),
        _ => (Comparator::Equal, at),
    };
    while next > at && stream.at(next) == ' ' {
        next += 1;
    }
    (comparator, next)
}

/// Digits with one decimal point; thousands separators dropped; `O l I S B Z` inside a run of digits repaired.
fn digits_at(stream: &Stream, at: usize) -> Option<(String, usize, bool)> {
    let mut digits = String::new();
    let mut repaired = false;
    let mut index = at;
    loop {
        let of = stream.at(index);
        let next = stream.at(index + 1);
        if of.is_ascii_digit() {
            digits.push(of);
        } else if of == '.' && next.is_ascii_digit() && !digits.contains('.') && !digits.is_empty() {
            digits.push('.');
        } else if of == ',' && thousands(stream, index, &digits) {
        } else if let Some(digit) = misread(of) {
            if !beside_digit(stream, at, index) {
                break;
            }
            digits.push(digit);
            repaired = true;
        } else {
            break;
        }
        index += 1;
    }
    let ends_well = !stream.at(index).is_ascii_alphabetic() || !repaired;
    (digits.starts_with(|of: char| of.is_ascii_digit()) && ends_well).then_some((digits, index, repaired))
}

fn thousands(stream: &Stream, comma: usize, digits: &str) -> bool {
    let three = (1..=3).all(|ahead| stream.at(comma + ahead).is_ascii_digit());
    three && !stream.at(comma + 4).is_ascii_digit() && !digits.is_empty() && digits.len() <= 3
}

fn misread(of: char) -> Option<char> {
    match of {
        'O' | 'o' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        'S' => Some('5'),
        'B' => Some('8'),
        'Z' => Some('2'),
        _ => None,
    }
}

/// A misread letter stands directly beside a digit of the same number.
fn beside_digit(stream: &Stream, start: usize, index: usize) -> bool {
    let digit = |at: usize| stream.at(at).is_ascii_digit();
    let run = |of: char| of.is_ascii_digit() || misread(of).is_some() || of == '.';
    let mut end = index;
    while run(stream.at(end)) {
        end += 1;
    }
    if stream.at(end).is_ascii_alphabetic() {
        return false;
    }
    (start..end).any(digit)
}

fn word_before(stream: &Stream, at: usize) -> bool {
    at > 0
        && (stream.at(at - 1).is_ascii_alphanumeric() || stream.at(at - 1) == '.')
        && !matches!(stream.at(at - 1), 'x')
}

fn power_at(stream: &Stream, at: usize) -> Option<(i32, usize)> {
    let text = |from: usize, len: usize| (from..from + len).map(|index| stream.at(index)).collect::<String>();
    let mut index = at;
    while stream.at(index) == ' ' {
        index += 1;
    }
    let begins = if matches!(stream.at(index), 'x' | 'X' | '*') && text(index + 1, 2) == "10" {
        index + 3
    } else if matches!(stream.at(at), 'E' | 'e') && matches!(stream.at(at + 1), '+' | '0'..='9') {
        index = at;
        at + 1
    } else {
        return None;
    };
    let _ = index;
    let mut cursor = begins;
    if matches!(stream.at(cursor), '^' | '*' | '+' | 'E') {
        cursor += 1;
    }
    let exponent_start = cursor;
    while stream.at(cursor).is_ascii_digit() && cursor - exponent_start < 2 {
        cursor += 1;
    }
    let exponent: i32 = text(exponent_start, cursor - exponent_start).parse().ok()?;
    // A count per litre or microlitre belongs to the unit.
    let per_volume = stream.at(cursor) == '/' && matches!(stream.at(cursor + 1), 'L' | 'l' | 'u' | 'm');
    (!per_volume && exponent > 0).then_some((exponent, cursor))
}

/// Units, longest form first, with a fold for what recognition does to them.
pub(crate) struct Units {
    forms: Vec<(Vec<char>, Unit)>,
}

impl Units {
    pub(crate) fn new(forms: &[UnitForm]) -> Self {
        let mut all: Vec<(Vec<char>, Unit)> = Vec::new();
        for form in forms {
            let mut stream = Stream::default();
            stream.push_line(crate::stream::LinePlace { page: 0, line: 0 }, &form.text);
            let chars: Vec<char> = stream.chars.into_iter().filter(|of| *of != ' ').collect();
            for variant in variants(&chars) {
                if !all.iter().any(|(known, _)| *known == variant) {
                    all.push((variant, form.unit.clone()));
                }
            }
        }
        all.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Self { forms: all }
    }

    /// The unit at exactly `at`, spaces inside it skipped.
    pub(crate) fn at(&self, stream: &Stream, at: usize) -> Option<(Unit, Span)> {
        self.forms.iter().find_map(|(form, unit)| {
            let end = matches(stream, at, form)?;
            let last = form.last().copied().unwrap_or(' ');
            let goes_on = last.is_ascii_alphabetic() && stream.at(end).is_ascii_alphanumeric();
            (!goes_on).then(|| (unit.clone(), Span::new(at, end)))
        })
    }
}

/// The multiplication sign before a power is often left out, and the caret is often lost by recognition.
fn variants(form: &[char]) -> Vec<Vec<char>> {
    let mut all = vec![form.to_vec()];
    if matches!(form.first(), Some('x' | 'X')) {
        all.push(form[1..].to_vec());
    }
    let mut more = Vec::new();
    for of in &all {
        if of.starts_with(&['1', '0', '^']) {
            more.push([&of[..2], &of[3..]].concat());
            more.push([&['x'][..], &of[..2], &of[3..]].concat());
            more.push([&['x'][..], &of[..]].concat());
            more.push([&['*'][..], &of[..]].concat());
            more.push([&of[..2], &['*'][..], &of[3..]].concat());
            more.push([&of[..2], &['E'][..], &of[3..]].concat());
            more.push([&['1', 'O', '^'][..], &of[3..]].concat());
            more.push([&['x', '1', 'O', '^'][..], &of[3..]].concat());
        }
    }
    all.extend(more);
    all
}

fn matches(stream: &Stream, at: usize, form: &[char]) -> Option<usize> {
    let mut index = at;
    for (position, &of) in form.iter().enumerate() {
        while position > 0 && stream.at(index) == ' ' && of != ' ' {
            index += 1;
        }
        let here = stream.at(index);
        // G/L and g/L are different units; elsewhere the case of a unit does not matter.
        let same = here == of || (of == 'l' && here == 'L') || (of == 'L' && here == 'l');
        if !same {
            return None;
        }
        index += 1;
    }
    Some(index)
}

/// A printed reference range at exactly `at`: `3.5-9.5`, `3.5~9.5`, `(135-225)`, `<5`, `≤40`, `[57-111]`.
pub(crate) fn range_at(stream: &Stream, at: usize) -> Option<(ReferenceRange, Span)> {
    let mut index = at;
    let bracket = matches!(stream.at(index), '(' | '[');
    if bracket {
        index += 1;
    }
    index = skip_words(
        stream,
        index,
        &["ref", "reference", "range", "normal", "参考", "范围", "参考值", "参考范围", ":", "."],
    );
    let first = number_at(stream, index)?;
    let (range, mut end) = if first.comparator == Comparator::Equal {
        let mut dash = first.span.end;
        while stream.at(dash) == ' ' {
            dash += 1;
        }
        let dashes = (dash..).take_while(|&of| matches!(stream.at(of), '-' | '~')).count();
        if dashes == 0 {
            return None;
        }
        let mut next = dash + dashes;
        while stream.at(next) == ' ' {
            next += 1;
        }
        let second = number_at(stream, next)?;
        if second.value < first.value || second.comparator != Comparator::Equal {
            return None;
        }
        (ReferenceRange { low: Some(first.value), high: Some(second.value) }, second.span.end)
    } else {
        let upper = matches!(first.comparator, Comparator::Less | Comparator::AtMost);
        let range =
            ReferenceRange { low: (!upper).then_some(first.value), high: upper.then_some(first.value) };
        (range, first.span.end)
    };
    if bracket && matches!(stream.at(end), ')' | ']') {
        end += 1;
    }
    Some((range, Span::new(at, end)))
}

fn skip_words(stream: &Stream, at: usize, words: &[&str]) -> usize {
    let mut index = at;
    loop {
        let before = index;
        while stream.at(index) == ' ' {
            index += 1;
        }
        for word in words {
            let length = word.chars().count();
            if word.chars().zip(index..).all(|(of, place)| stream.lower.get(place) == Some(&of)) {
                index += length;
            }
        }
        if index == before {
            return index;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;
    use cartulary_catalogue::Catalogue;

    fn stream(text: &str) -> Stream {
        let mut stream = Stream::default();
        stream.push_line(LinePlace { page: 0, line: 0 }, text);
        stream
    }

    #[test]
    fn numbers_as_papers_print_them() {
        let value = |text: &str| number_at(&stream(text), 0).map(|of| (of.value, of.comparator, of.repaired));
        use Comparator::{Equal, Less};
        assert_eq!(value("45×10⁹/L"), Some((45.0, Equal, false)));
        assert_eq!(value("1,234"), Some((1234.0, Equal, false)));
        assert_eq!(value("＜20"), Some((20.0, Less, false)));
        assert_eq!(value("1O5 x"), Some((105.0, Equal, true)));
        assert_eq!(value("3.5×10^5 copies"), Some((350_000.0, Equal, false)));
        assert_eq!(value("OS"), None);
        assert_eq!(value("IB"), None);
    }

    #[test]
    fn units_as_papers_print_them() {
        let catalogue = Catalogue::embedded().unwrap();
        let units = Units::new(catalogue.unit_forms());
        let unit = |text: &str| units.at(&stream(text), 0).map(|(of, _)| of.as_str().to_owned());
        for text in ["×10⁹/L", "10^9/L", "10*9/L", "109/L", "x1O^9/L", "G/L", "× 10^9 / L"] {
            assert_eq!(unit(text).as_deref(), Some("10*9/L"), "{text}");
        }
        assert_eq!(unit("g/L").as_deref(), Some("g/L"));
        assert_eq!(unit("μmol/L").as_deref(), Some("umol/L"));
        assert_eq!(unit("K/uL").as_deref(), Some("10*3/uL"));
        assert_eq!(unit("万/μL").as_deref(), Some("10*4/uL"));
        assert_eq!(unit("ml/min/1.73m²").as_deref(), Some("mL/min/{1.73_m2}"));
    }

    #[test]
    fn ranges_as_papers_print_them() {
        let range = |text: &str| range_at(&stream(text), 0).map(|(of, _)| (of.low, of.high));
        assert_eq!(range("125-350"), Some((Some(125.0), Some(350.0))));
        assert_eq!(range("(ref 135-225)"), Some((Some(135.0), Some(225.0))));
        assert_eq!(range("3.5～9.5"), Some((Some(3.5), Some(9.5))));
        assert_eq!(range("3.5--9.5"), Some((Some(3.5), Some(9.5))));
        assert_eq!(range("<0.05"), Some((None, Some(0.05))));
        assert_eq!(range("45"), None);
    }
}
