//! Numbers, units and reference ranges at a place of the stream.
//!
//! A misread letter is put right only here, inside a slot that must be a number, and the repair is marked.

mod units;

pub(crate) use units::{UnitRead, Units};

use crate::{
    stream::{BREAK, Span, Stream},
    vocabulary::lab::{RANGE, RANGE_BEHIND, RANGE_FROM, RANGE_UP_TO, RANGE_WORDS},
    words::Place,
};
use cartulary_model::{Comparator, fact::ReferenceRange};

/// A number as printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) comparator: Comparator,
    pub(crate) span: Span,
    /// A letter stood for a digit.
    pub(crate) repaired: bool,
}

/// What the place of a number allows beyond plain digits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slot {
    /// A measured value: a decimal comma (`3,6`), a unit touching repaired digits (`1O1g/L`).
    pub(crate) measured: bool,
    /// The row was recognised with a space after every character: `7 8 . 4`.
    pub(crate) spaced: bool,
}

/// Reads a comparator and a number at exactly `at`; not inside a word.
pub(crate) fn number_at(stream: &Stream, at: usize) -> Option<Number> {
    number_in(stream, at, Slot::default())
}

/// Reads a number at exactly `at`, not inside a word, with the freedoms of its slot.
pub(crate) fn number_in(stream: &Stream, at: usize, slot: Slot) -> Option<Number> {
    // At most places asked for neither a number begins nor its comparator.
    let of = stream.at(at);
    if !is_digit(of) && !matches!(of, '<' | '>' | '≤' | '≥') {
        return None;
    }
    let (_, begin) = comparator_at(stream, at);
    (!word_before(stream, begin)).then(|| read_number(stream, at, slot)).flatten()
}

/// Reads a number directly behind a name: recognition drops the space of `ECOG 1` and `SUVmax 15.2`.
pub(crate) fn number_behind(stream: &Stream, at: usize) -> Option<Number> {
    number_touching(stream, at, Slot::default())
}

/// The same, with the freedoms of its slot: `PLT45×10^9/L`.
pub(crate) fn number_touching(stream: &Stream, at: usize, slot: Slot) -> Option<Number> {
    read_number(stream, at, slot)
}

fn read_number(stream: &Stream, at: usize, slot: Slot) -> Option<Number> {
    let (comparator, begin) = comparator_at(stream, at);
    let (mut value, mut end, mut repaired) = match plain_digits(stream, begin, slot) {
        Some((value, end)) => (value, end, false),
        None => {
            let (digits, end, repaired) = digits_at(stream, begin, slot)?;
            (digits.parse().ok()?, end, repaired)
        }
    };
    // 1.2x10^5 and 1.2E5 are one number; 45x10^9/L is a number and its unit.
    if let Some((exponent, after, mended)) = power_at(stream, end) {
        value *= 10f64.powi(exponent);
        end = after;
        repaired |= mended;
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

/// Most numbers: digits, perhaps a point and digits, and behind them no sign that could be one of the number. Of all others
/// `digits_at` decides.
fn plain_digits(stream: &Stream, at: usize, slot: Slot) -> Option<(f64, usize)> {
    /// So many digits are a whole number that no rounding touches, and so is the power of ten that parts them.
    const MOST: usize = 15;
    let run = |from: usize| (from..).take_while(|at| stream.at(*at).is_ascii_digit()).count();
    let whole = run(at);
    if slot.spaced || !(1..=MOST).contains(&whole) {
        return None;
    }
    let point = at + whole;
    let decimals = if stream.at(point) == '.' { run(point + 1) } else { 0 };
    let end = if decimals > 0 { point + 1 + decimals } else { point };
    let goes_on = match stream.at(end) {
        '.' => decimals == 0 && is_digit(stream.at(end + 1)),
        ',' => is_digit(stream.at(end + 1)),
        ' ' => slot.measured && parted_thousands(stream, end),
        '·' => true,
        of => misread(of).is_some(),
    };
    // `145.000/µl`: a measured value may have a point that parts thousands.
    let is_grouped = slot.measured && decimals > 2;
    if whole + decimals > MOST || goes_on || is_grouped {
        return None;
    }
    let digits = (at..point).chain(point + 1..end).filter_map(|at| stream.at(at).to_digit(10));
    let value = digits.fold(0u64, |value, digit| 10 * value + u64::from(digit));
    let power = (0..decimals).fold(1u64, |power, _| 10 * power);
    Some((value as f64 / power as f64, end))
}

/// Digits with one decimal point; thousands separators dropped; `O l I S B Z` inside a run of digits repaired.
fn digits_at(stream: &Stream, at: usize, slot: Slot) -> Option<(String, usize, bool)> {
    // Most places asked for hold no number.
    if !is_digit(stream.at(at)) || is_border(stream, at) {
        return None;
    }
    let mut digits = String::with_capacity(8);
    let mut repaired = false;
    let mut index = at;
    loop {
        let of = stream.at(index);
        let next = stream.at(after_gap(stream, index + 1, slot));
        if of.is_ascii_digit() {
            digits.push(of);
        } else if of == '.' && slot.measured && thousands_of_count(stream, index, &digits) {
        } else if is_point(of, next, slot) && !digits.contains('.') && !digits.is_empty() {
            digits.push('.');
        } else if of == ',' && thousands(stream, index, &digits) {
        } else if of == ' ' && slot.measured && digits.len() <= 3 && parted_thousands(stream, index) {
            repaired = true;
        } else if of == ',' && slot.measured && decimal_comma(stream, index, &digits) {
            digits.push('.');
            repaired = true;
        } else if let Some(digit) = misread(of) {
            let opens = index == at && opens_thousands(stream, index);
            if is_border(stream, index) || !(opens || beside_digit(stream, at, index, slot)) {
                break;
            }
            digits.push(digit);
            repaired = true;
        } else {
            break;
        }
        index += 1;
        let past = after_gap(stream, index, slot);
        if past > index && (is_digit(stream.at(past)) || stream.at(past) == '.') {
            index = past;
        }
    }
    let ends_well = !repaired || !stream.at(index).is_ascii_alphabetic() || begins_tail(stream, index, slot);
    (digits.starts_with(|of: char| of.is_ascii_digit()) && ends_well).then_some((digits, index, repaired))
}

/// A decimal point, raised in British print (`3·2`).
fn is_point(of: char, next: char, slot: Slot) -> bool {
    (of == '.' && is_digit(next)) || (of == '·' && slot.measured && next.is_ascii_digit())
}

fn is_digit(of: char) -> bool {
    of.is_ascii_digit() || misread(of).is_some()
}

/// Past the single space that recognition put between the characters of a spaced row.
fn after_gap(stream: &Stream, index: usize, slot: Slot) -> usize {
    let alone = || !stream.at(index + 2).is_alphanumeric();
    if slot.spaced && stream.at(index) == ' ' && alone() { index + 1 } else { index }
}

/// A power or a unit may touch repaired digits: `1.9x1O9/L`, `1O1g/L`.
fn begins_tail(stream: &Stream, index: usize, slot: Slot) -> bool {
    let power =
        matches!(stream.at(index), 'x' | 'X') && matches!(stream.at(index + 1), '1' | 'l' | 'I' | ' ');
    power || (slot.measured && matches!(stream.at(index), 'g' | 'm' | 'u' | 'U' | 'n' | 'p' | 'K' | 'k'))
}

/// `3,6`: a comma with one or two digits behind it, which can part neither thousands nor items of a list. A Chinese comma
/// looks the same here: in `98，9/12复查`, `92，3-5日`, `5，10%` the second number is another.
fn decimal_comma(stream: &Stream, comma: usize, digits: &str) -> bool {
    let behind = (comma + 1..).take_while(|at| is_digit(stream.at(*at))).count();
    let ends = stream.at(comma + 1 + behind);
    (1..=2).contains(&behind)
        && !digits.contains('.')
        && !digits.is_empty()
        && (matches!(ends, ' ' | 'x' | '\t' | '.' | ')' | BREAK)
            || is_decimal_range(stream, comma + 1 + behind)
            || lists_on(stream, comma + 1 + behind))
}

/// `9,8, platelets`: the comma of the list has a blank and a Latin word behind it, so the one without is of the number.
fn lists_on(stream: &Stream, mark: usize) -> bool {
    matches!(stream.at(mark), ',' | ';')
        && stream.at(mark + 1) == ' '
        && stream.at(mark + 2).is_ascii_alphabetic()
}

/// `13,5-17,2`: both ends of a range have their comma.
fn is_decimal_range(stream: &Stream, dash: usize) -> bool {
    let digits = |from: usize| (from..from + 4).take_while(|at| stream.at(*at).is_ascii_digit()).count();
    let whole = digits(dash + 1);
    let comma = dash + 1 + whole;
    matches!(stream.at(dash), '-' | '–') && whole > 0 && stream.at(comma) == ',' && digits(comma + 1) > 0
}

/// Three digits of a number, one or two of which may be misread: `24O`.
fn is_group_of_three(stream: &Stream, from: usize) -> bool {
    let zeros = (from..from + 3).all(|at| matches!(stream.at(at), 'O' | '0'));
    // `l,O45`
    let after_zero = stream.at(from) == 'O' && (from + 1..from + 3).all(|at| stream.at(at).is_ascii_digit());
    (from..from + 3).all(|at| is_digit(stream.at(at)))
        && (zeros || after_zero || stream.at(from).is_ascii_digit())
        && !is_digit(stream.at(from + 3))
}

/// `1 ,O48`: a blank that recognition put before the comma of thousands.
fn parted_thousands(stream: &Stream, blank: usize) -> bool {
    stream.at(blank) == ' ' && stream.at(blank + 1) == ',' && is_group_of_three(stream, blank + 2)
}

/// `l,24O`: a one that was misread before thousands.
fn opens_thousands(stream: &Stream, at: usize) -> bool {
    matches!(stream.at(at), 'l' | 'I') && stream.at(at + 1) == ',' && is_group_of_three(stream, at + 2)
}

/// `12,500`, and `1,35,000` as India parts a lakh.
fn thousands(stream: &Stream, comma: usize, digits: &str) -> bool {
    let are_digits =
        |from: usize, count: usize| (from..from + count).all(|at| stream.at(at).is_ascii_digit());
    let is_group = |comma: usize| is_group_of_three(stream, comma + 1);
    let is_lakh =
        |comma: usize| are_digits(comma + 1, 2) && stream.at(comma + 3) == ',' && is_group(comma + 3);
    let behind_lakh = comma >= 3 && stream.at(comma - 3) == ',' && digits.len() <= 5;
    (is_group(comma) && !digits.is_empty() && (digits.len() <= 3 || behind_lakh))
        || (is_lakh(comma) && (1..=2).contains(&digits.len()))
}

/// `145.000/µl`: a point before three digits of cells in a microlitre parts thousands. No laboratory counts thousandths of
/// a cell.
fn thousands_of_count(stream: &Stream, point: usize, digits: &str) -> bool {
    let three = (1..=3).all(|ahead| is_digit(stream.at(point + ahead)));
    let unit = point + 4 + usize::from(stream.at(point + 4) == ' ');
    let of_volume = matches!(stream.at(unit + 1), 'u' | 'U' | 'µ' | 'μ')
        || matches!((stream.at(unit + 1), stream.at(unit + 2)), ('m' | 'c', 'm') | ('c', 'u'));
    let group = three && (1..=3).contains(&digits.len()) && !digits.contains('.');
    group
        && (stream.at(unit) == '/' && of_volume
            || !digits.starts_with('0')
                && !is_digit(stream.at(point + 4))
                && (names_before(stream, point, crate::words::words!["ldh"])
                    && !stream.reads_any(unit, crate::words::words!["ukat", "µkat", "μkat", "nkat"])
                    || counts_in_thousands(stream, point) && writes_decimal_commas(stream, point)))
}

/// Of what is measured with commas only ferritin, antibodies, enzymes and cells go into thousands: `B2M 3.125 mg/L` does not.
fn counts_in_thousands(stream: &Stream, place: usize) -> bool {
    let names = crate::words::words![
        "ferritin", "ldh", "crp", "ck", "il-2r", "sil", "thrombo", "leuko", "platelet", "plt", "wbc"
    ];
    names_before(stream, place, names)
}

fn names_before(stream: &Stream, place: usize, names: &crate::words::List) -> bool {
    const NAME: usize = 30;
    let before = crate::stream::Span::new(place.saturating_sub(NAME), place);
    stream.words_in(before, names).next().is_some()
}

/// `Ferritin 2.450 ug/l, CRP 12,4 mg/l`: measured values around this place have commas for points, and none has a point.
fn writes_decimal_commas(stream: &Stream, place: usize) -> bool {
    const AROUND: usize = 400;
    let near = place.saturating_sub(AROUND)..stream.len().min(place + AROUND);
    let is_decimal = |at: usize| {
        let count = (at + 1..).take_while(|of| stream.at(*of).is_ascii_digit()).count();
        let unit = at + 1 + count + usize::from(stream.at(at + 1 + count) == ' ');
        let per = (unit..unit + 6).any(|of| matches!(stream.at(of), '/' | '%'));
        let letter = stream.at(unit).is_ascii_alphabetic() || stream.at(unit) == '%';
        at > 0 && stream.at(at - 1).is_ascii_digit() && (1..=2).contains(&count) && letter && per
    };
    let written = |mark: char| near.clone().any(|at| stream.at(at) == mark && is_decimal(at));
    written(',') && !written('.')
}

/// `ALT|45|U/L`: where a line has several bars, they part its cells and none of them is a misread 1.
fn is_border(stream: &Stream, at: usize) -> bool {
    if stream.at(at) != '|' {
        return false;
    }
    let ahead = (at + 1..stream.len()).take_while(|of| stream.at(*of) != BREAK);
    let behind = (0..at).rev().take_while(|of| stream.at(*of) != BREAK);
    ahead.chain(behind).any(|of| stream.at(of) == '|')
}

fn misread(of: char) -> Option<char> {
    match of {
        'O' | 'o' | 'Q' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        'S' => Some('5'),
        'B' => Some('8'),
        'Z' => Some('2'),
        _ => None,
    }
}

/// A misread letter stands directly beside a digit of the same number.
fn beside_digit(stream: &Stream, start: usize, index: usize, slot: Slot) -> bool {
    // `<10lU/mL`: the letter is the first of the unit.
    if matches!(stream.at(index), 'l' | 'I') && stream.at(index + 1) == 'U' {
        return false;
    }
    let run = |of: char| is_digit(of) || of == '.';
    let mut end = index;
    while run(stream.at(end)) {
        end += 1;
        let past = after_gap(stream, end, slot);
        end = if run(stream.at(past)) { past } else { end };
    }
    let after = stream.at(end);
    // The S of `0.02S/CO` and the I of `0.05IU` begin a unit.
    let signal = after == '/' && matches!(stream.at(end + 1), 'C' | 'N');
    let international = after == 'U' && stream.at(end - 1) == 'I';
    if signal || international || (after.is_ascii_alphabetic() && !begins_tail(stream, end, slot)) {
        return false;
    }
    (start..end).any(|at| stream.at(at).is_ascii_digit())
}

fn word_before(stream: &Stream, at: usize) -> bool {
    at > 0
        && (stream.at(at - 1).is_ascii_alphanumeric() || matches!(stream.at(at - 1), '.' | 'α'..='ω'))
        && !matches!(stream.at(at - 1), 'x')
}

/// `x10^5`, `E+05`, `*10*5` behind a number: exponent, end, and whether a letter stood for a digit.
fn power_at(stream: &Stream, at: usize) -> Option<(i32, usize, bool)> {
    let mut index = at;
    while stream.at(index) == ' ' {
        index += 1;
    }
    let mut repaired = false;
    let mut cursor = if matches!(stream.at(index), 'x' | 'X' | '*') {
        let one = index + 1 + usize::from(stream.at(index + 1) == ' ');
        let (first, second) = (stream.at(one), stream.at(one + 1));
        if !matches!(first, '1' | 'l' | 'I') || !matches!(second, '0' | 'O' | 'o') {
            return None;
        }
        repaired = first != '1' || second != '0';
        one + 2
    } else if matches!(stream.at(at), 'E' | 'e') && matches!(stream.at(at + 1), '+' | '0'..='9') {
        at + 1
    } else {
        return None;
    };
    if matches!(stream.at(cursor), '^' | '*' | '+' | 'E') {
        cursor += 1;
    }
    let exponent_start = cursor;
    while stream.at(cursor).is_ascii_digit() && cursor - exponent_start < 2 {
        cursor += 1;
    }
    let exponent: i32 = (exponent_start..cursor).map(|of| stream.at(of)).collect::<String>().parse().ok()?;
    let mut volume = cursor;
    while stream.at(volume) == ' ' {
        volume += 1;
    }
    // A count per litre or microlitre belongs to the unit.
    let per_volume = stream.at(volume) == '/' && {
        while stream.at(volume + 1) == ' ' {
            volume += 1;
        }
        matches!(stream.at(volume + 1), 'L' | 'l' | 'u' | 'm' | '1')
    };
    (!per_volume && exponent > 0).then_some((exponent, cursor, repaired))
}

/// A reference range read at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RangeRead {
    pub(crate) range: ReferenceRange,
    pub(crate) span: Span,
    /// A letter stood for a digit.
    pub(crate) repaired: bool,
}

/// A printed reference range at exactly `at`: `3.5-9.5`, `3.5~9.5`, `(135-225)`, `<5`, `≤40`, `[57-111]`,
/// `(正常值120-250)`, `(ULN 225)`.
pub(crate) fn range_in(stream: &Stream, at: usize, slot: Slot) -> Option<RangeRead> {
    let bracket = matches!(stream.at(at), '(' | '[');
    let begin = at + usize::from(bracket);
    // The last letter of "down" is no N of a norm.
    let inside = stream.at(begin).is_ascii_alphabetic()
        && begin.checked_sub(1).is_some_and(|before| stream.at(before).is_ascii_alphabetic());
    let index = if inside { begin } else { skip_words(stream, begin, RANGE_WORDS) };
    let said = stream.lower.get(begin..index.min(stream.lower.len())).unwrap_or(&[]);
    let upper_only = said.windows(3).any(|of| of == ['u', 'l', 'n'])
        || said.windows(5).any(|of| of == ['u', 'p', 'p', 'e', 'r'])
        || said.contains(&'上');
    // Without a word of a range "up to" may be a course.
    let bound =
        bound_in_words(stream, index).filter(|of| !said.is_empty() || bracket && says_normal(stream, of.1));
    let index = bound.map_or(index, |(_, end)| end);
    let first = number_in(stream, index, slot)?;
    let mut repaired = first.repaired;
    let (range, mut end) = if first.comparator != Comparator::Equal {
        (one_sided(&first), first.span.end)
    } else if let Some(second) = second_limit(stream, &first, slot, bracket || !said.is_empty()) {
        repaired |= second.repaired;
        (ReferenceRange { low: Some(first.value), high: Some(second.value) }, second.span.end)
    } else if let Some((comparator, _)) = bound {
        (one_sided(&Number { comparator, ..first }), first.span.end)
    } else if upper_only {
        (ReferenceRange { low: None, high: Some(first.value) }, first.span.end)
    } else {
        return None;
    };
    if bracket && bound.is_some() {
        end = stream.words_at(end, RANGE_BEHIND).map(Place::end).max().unwrap_or(end);
    }
    if bracket && matches!(stream.at(end), ')' | ']') {
        end += 1;
    }
    Some(RangeRead { range, span: Span::new(at, end), repaired })
}

/// "normal up to 250": on which side the limit is that stands behind these words, and where they end.
fn bound_in_words(stream: &Stream, at: usize) -> Option<(Comparator, usize)> {
    let ends = |list| stream.words_at(at, list).map(Place::end).max();
    let upper = ends(RANGE_UP_TO).map(|end| (Comparator::AtMost, end));
    upper.or_else(|| ends(RANGE_FROM).map(|end| (Comparator::AtLeast, end)))
}

/// `(up to 250 is normal)`: behind the limit the bracket says that it is one.
fn says_normal(stream: &Stream, at: usize) -> bool {
    let limit = number_behind(stream, at).filter(|of| of.comparator == Comparator::Equal);
    limit.is_some_and(|of| stream.reads_any(of.span.end, RANGE_BEHIND))
}

/// Whether a word that leads to a reference range stands here.
pub(crate) fn says_range(stream: &Stream, at: usize) -> bool {
    stream.reads_any(at, RANGE)
}

fn one_sided(limit: &Number) -> ReferenceRange {
    let upper = matches!(limit.comparator, Comparator::Less | Comparator::AtMost);
    ReferenceRange { low: (!upper).then_some(limit.value), high: upper.then_some(limit.value) }
}

/// The number behind the dash of a range.
///
/// `240 to 1,015` is a course unless something says that a range follows.
fn second_limit(stream: &Stream, first: &Number, slot: Slot, named: bool) -> Option<Number> {
    let mut dash = first.span.end;
    while stream.at(dash) == ' ' {
        dash += 1;
    }
    let word = [" to ", "至"].iter().find(|word| named && stands(stream, first.span.end, word));
    let mut next = match word {
        Some(word) => first.span.end + word.chars().count(),
        None => dash + (dash..).take_while(|&of| matches!(stream.at(of), '-' | '~')).count(),
    };
    if next == dash && word.is_none() {
        return None;
    }
    while stream.at(next) == ' ' {
        next += 1;
    }
    let second = number_in(stream, next, slot)?;
    (second.value >= first.value && second.comparator == Comparator::Equal).then_some(second)
}

fn stands(stream: &Stream, at: usize, word: &str) -> bool {
    word.chars().zip(at..).all(|(of, place)| stream.lower.get(place) == Some(&of))
}

fn skip_words(stream: &Stream, at: usize, words: &[&str]) -> usize {
    let mut index = at;
    loop {
        let before = index;
        while stream.at(index) == ' ' {
            index += 1;
        }
        for word in words {
            if stands(stream, index, word) {
                index += word.chars().count();
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

    fn stream(text: &str) -> Stream {
        let mut stream = Stream::default();
        stream.push_line(LinePlace::new(0, 0), text);
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
        assert_eq!(value("O.31x1O9/L"), Some((0.31, Equal, true)));
        assert_eq!(value("0.02S/CO"), Some((0.02, Equal, false)));
        assert_eq!(value("OS"), None);
        assert_eq!(value("IB"), None);
    }

    #[test]
    fn numbers_of_a_measured_slot() {
        let value = |text: &str, spaced: bool| {
            number_in(&stream(text), 0, Slot { measured: true, spaced }).map(|of| (of.value, of.repaired))
        };
        assert_eq!(value("3,6 x10^9/L", false), Some((3.6, true)));
        assert_eq!(value("1O1g/L", false), Some((101.0, true)));
        assert_eq!(value("7 8 . 4 umol/L", true), Some((78.4, false)));
        assert_eq!(value("4 O 5 U/L", true), Some((405.0, true)));
        assert_eq!(value("1,204 U/L", false), Some((1204.0, false)));
        assert_eq!(value("O", false), None);
    }

    #[test]
    fn ranges_as_papers_print_them() {
        let range =
            |text: &str| range_in(&stream(text), 0, Slot::default()).map(|of| (of.range.low, of.range.high));
        assert_eq!(range("125-350"), Some((Some(125.0), Some(350.0))));
        assert_eq!(range("(ref 135-225)"), Some((Some(135.0), Some(225.0))));
        assert_eq!(range("3.5～9.5"), Some((Some(3.5), Some(9.5))));
        assert_eq!(range("3.5--9.5"), Some((Some(3.5), Some(9.5))));
        assert_eq!(range("<0.05"), Some((None, Some(0.05))));
        assert_eq!(range("(正常值120-250)"), Some((Some(120.0), Some(250.0))));
        assert_eq!(range("(ULN 225)"), Some((None, Some(225.0))));
        assert_eq!(range("45"), None);
    }
}
