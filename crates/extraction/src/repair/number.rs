//! Numbers in slots that can hold nothing else: dates, percentages, counts before a Chinese unit, stages, scores.
//!
//! ## Leaves alone
//! Values of laboratory rows and marker lists, whose grammars know what they expect.

use super::Edit;
use crate::{
    stream::{Span, Stream},
    vocabulary::repair::{MONTHS, SCORES, STAGES},
};

pub(super) fn edit(stream: &Stream, span: Span, previous: Option<Span>) -> Option<Edit> {
    let chars = &stream.chars[span.start..span.end];
    let read = |of: &char| is_digit_like(*of) || matches!(of, 'V' | 'A' | 'B' | 'E' | 'S' | 'X');
    if chars.len() > 8 || !chars.iter().all(read) {
        return None;
    }
    let before: String = previous
        .filter(|of| span.start - of.end <= 3)
        .map(|of| stream.lower[of.start..of.end].iter().collect())
        .unwrap_or_default();
    stage(stream, span, &before).or_else(|| score(stream, span, &before)).or_else(|| {
        let known = in_month_and_year(stream, span)
            || is_number_like(stream, span)
                && (unit_follows(stream, span)
                    || is_year(stream, span)
                    || in_date(stream, span)
                    || beside_month(stream, span, &before));
        known
            .then(|| Edit::new(span, stream.chars[span.start..span.end].iter().copied().map(digit).collect()))
    })
}

fn digit(of: char) -> char {
    match of {
        'O' | 'o' => '0',
        'l' | 'I' => '1',
        other => other,
    }
}

fn is_digit_like(of: char) -> bool {
    digit(of).is_ascii_digit()
}

/// Digits and letters taken for digits, at least one of each.
fn is_number_like(stream: &Stream, span: Span) -> bool {
    let chars = &stream.chars[span.start..span.end];
    chars.iter().all(|of| is_digit_like(*of)) && chars.iter().any(char::is_ascii_digit)
}

fn unit_follows(stream: &Stream, span: Span) -> bool {
    let next = if stream.at(span.end) == ' ' { stream.at(span.end + 1) } else { stream.at(span.end) };
    matches!(next, '%' | '年' | '月' | '日' | '岁' | '天' | '个' | '程' | '周' | '次' | '分')
}

fn is_year(stream: &Stream, span: Span) -> bool {
    let chars: Vec<char> = stream.chars[span.start..span.end].iter().copied().map(digit).collect();
    matches!(chars.as_slice(), ['2', '0', _, _] | ['1', '9', _, _])
        && !matches!(stream.at(span.end), '-' | '~')
}

/// One of three numbers with one sign between them, one of them a year: `2l/O3/2023`, `2023-O6-0l`.
fn in_date(stream: &Stream, span: Span) -> bool {
    let run = run_of_date(stream, span);
    ['/', '-', '.'].iter().any(|sign| {
        let parts: Vec<&str> = run.split(*sign).collect();
        let lengths: Vec<usize> = parts.iter().map(|of| of.len()).collect();
        let digits = parts.iter().all(|of| of.chars().all(|of| of.is_ascii_digit()));
        digits && matches!(lengths.as_slice(), [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4])
    })
}

/// The numbers and signs around a word, letters read as the digits they stand for.
fn run_of_date(stream: &Stream, span: Span) -> String {
    let part = |of: char| is_digit_like(of) || matches!(of, '/' | '-' | '.');
    let start = (0..span.start).rev().take_while(|at| part(stream.at(*at))).last().unwrap_or(span.start);
    let end =
        (span.end..stream.len()).take_while(|at| part(stream.at(*at))).last().map_or(span.end, |at| at + 1);
    let run: String = stream.chars[start..end].iter().copied().map(digit).collect();
    run.trim_end_matches(['.', '-', '/']).to_owned()
}

/// A month and its year: `O3/2O21`, `ll/2023`.
fn in_month_and_year(stream: &Stream, span: Span) -> bool {
    let run = run_of_date(stream, span);
    let Some((month, year)) = run.split_once('/') else { return false };
    let month_fits =
        (1..=2).contains(&month.len()) && month.parse::<u8>().is_ok_and(|of| (1..=12).contains(&of));
    let year_fits = year.len() == 4 && year.parse::<u16>().is_ok_and(|of| (1950..2100).contains(&of));
    let damaged = stream.chars[span.start..span.end].iter().any(|of| !of.is_ascii_digit());
    damaged && month_fits && year_fits
}

fn beside_month(stream: &Stream, span: Span, before: &str) -> bool {
    let names = |word: &str| MONTHS.iter().any(|month| word.starts_with(month));
    let start = span.end + usize::from(stream.at(span.end) == ' ');
    let next: String =
        stream.lower.get(start..stream.len().min(start + 3)).unwrap_or_default().iter().collect();
    span.end - span.start <= 2 && names(&next) || (before.len() >= 3 && names(before))
}

/// `stage lVB`, `lll期`: strokes of a Roman number.
fn stage(stream: &Stream, span: Span, before: &str) -> Option<Edit> {
    let chars = &stream.chars[span.start..span.end];
    let body = chars.iter().take_while(|of| matches!(of, 'l' | '1' | 'I' | 'V')).count();
    let rest = &chars[body..];
    let letters = rest.len() <= 2 && rest.iter().all(|of| matches!(of, 'A' | 'B' | 'E' | 'S' | 'X'));
    let asked = STAGES.contains(&before) || stream.at(span.end) == '期';
    let numeral = chars.iter().any(|of| matches!(of, 'I' | 'V'));
    let damaged = chars.contains(&'l') || (chars.contains(&'1') && numeral);
    let right = |of: &char| if matches!(of, 'l' | '1') { 'I' } else { *of };
    ((1..=4).contains(&body) && letters && damaged && asked)
        .then(|| Edit::new(span, chars.iter().map(right).collect()))
}

/// `ECOG l`, `Deauville O`, `第l程`: a single letter where a score or a count stands.
fn score(stream: &Stream, span: Span, before: &str) -> Option<Edit> {
    let single = span.end - span.start == 1 && matches!(stream.at(span.start), 'l' | 'O' | 'o');
    let counted = span.start > 0 && stream.at(span.start - 1) == '第';
    let asked = SCORES.contains(&before) || counted;
    (single && asked).then(|| Edit::new(span, vec![digit(stream.at(span.start))]))
}
