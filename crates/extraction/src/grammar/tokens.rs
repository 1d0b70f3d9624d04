//! The tokens of a sentence that names markers or genes: names, signs, percents, known words, separators.
//!
//! ## Reads
//! A passage around hits of the lexicon, once from left to right, with the word table of the grammar that asks.
//!
//! ## Never
//! The whole text: a passage is a sentence with a hit in it, and what its wrapped lines go on with.

use crate::{
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Span, Stream, is_han},
    vocabulary::genetics::JOINTS,
};
use cartulary_catalogue::hash::Table;
use cartulary_model::Comparator;
use std::sync::LazyLock;

/// A percent or a range of percents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Percent {
    pub(super) low: f64,
    pub(super) high: f64,
}

/// What a token is; `W` is the grammar's own word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind<W> {
    /// The index of a hit.
    Name(usize),
    Word(W),
    /// So many plus signs.
    Plus(usize),
    Minus,
    PlusMinus,
    /// `3+`.
    Grade(u32),
    Percent(Percent),
    Number(f64),
    Open,
    Close,
    Comma,
    And,
    Slash,
    Colon,
    Semi,
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<W> {
    pub(super) kind: Kind<W>,
    pub(super) span: Span,
    /// A misread character was put right.
    pub(super) repaired: bool,
}

/// A word of a grammar.
struct Listed<W> {
    /// Its second and third characters, by which most words are passed over.
    second: Option<char>,
    third: Option<char>,
    word: &'static str,
    code: W,
}

/// A grammar's words by their first character.
pub(super) struct Vocabulary<W> {
    ascii: [Vec<Listed<W>>; 128],
    others: Table<char, Vec<Listed<W>>>,
}

impl<W: Copy> Vocabulary<W> {
    pub(super) fn new(words: impl Iterator<Item = (&'static str, W)>) -> Self {
        let mut all = Self { ascii: std::array::from_fn(|_| Vec::new()), others: Table::default() };
        for (word, code) in words {
            let mut signs = word.chars();
            let first = signs.next().unwrap_or(' ');
            let place = match all.ascii.get_mut(first as usize) {
                Some(place) => place,
                None => all.others.entry(first).or_default(),
            };
            place.push(Listed { second: signs.next(), third: signs.next(), word, code });
        }
        all
    }

    /// The words that may stand at a place by their first three characters, in the order they were given in.
    fn beginning(&self, stream: &Stream, at: usize) -> impl Iterator<Item = (&'static str, W)> {
        let lower = |at: usize| stream.lower.get(at).copied().unwrap_or(BREAK);
        let (first, next, third) = (lower(at), lower(at + 1), lower(at + 2));
        let listed = match self.ascii.get(first as usize) {
            Some(listed) => listed.as_slice(),
            None => self.others.get(&first).map_or(&[][..], Vec::as_slice),
        };
        // A hyphen may stand before a character, a line's end for a blank.
        let may = |of: char, stands: char| of == stands || stands == '-' || (of == ' ' && stands == BREAK);
        let fits = move |of: &&Listed<W>| {
            of.second.is_none_or(|second| {
                // Behind a hyphen it is not known where the third would stand.
                may(second, next) && (second != next || of.third.is_none_or(|of| may(of, third)))
            })
        };
        listed.iter().filter(fits).map(|of| (of.word, of.code))
    }

    /// What the first of the words that stands at a place is.
    pub(super) fn first_at(&self, stream: &Stream, at: usize) -> Option<W> {
        self.beginning(stream, at).find(|(word, _)| matches(stream, at, word).is_some()).map(|(_, code)| code)
    }
}

/// The words that join items, by their first characters.
static JOINING: LazyLock<Vocabulary<()>> =
    LazyLock::new(|| Vocabulary::new(JOINTS.iter().map(|word| (*word, ()))));

/// Sentences with a name in them, joined where a line was wrapped in the middle of one.
pub(super) fn passages(sheet: &Sheet<'_>, names: &[Span]) -> Vec<Span> {
    let mut passages: Vec<Span> = Vec::new();
    for name in names {
        if let Some(last) = passages.last_mut().filter(|last| last.end > name.start) {
            // A name over a line's end takes its second line along.
            if last.end < name.end {
                last.end = sheet.sentence(name.end - 1).end;
            }
            continue;
        }
        let mut span = sheet.sentence(name.start);
        while span.end < name.end || wraps(&sheet.stream, span.end) {
            let next = sheet.sentence(span.end);
            if next.end <= span.end {
                break;
            }
            span.end = next.end;
        }
        while span.start > 0 && wraps(&sheet.stream, span.start) {
            let before = sheet.sentence(span.start - 1);
            if before.start >= span.start {
                break;
            }
            span.start = before.start;
        }
        span.start = passages.last().map_or(span.start, |last| span.start.max(last.end));
        passages.push(span);
    }
    passages
}

/// Whether the sentence goes on over a line's end: no stop before it, and a word in lower case, or a list, behind it.
fn wraps(stream: &Stream, end: usize) -> bool {
    if end < 2 || end >= stream.len() {
        return false;
    }
    // `p.?` asks nothing.
    if stream.at(end - 1) == '?' && stream.at(end - 2) == '.' {
        return true;
    }
    if stream.at(end - 1) != BREAK {
        return false;
    }
    let last = (0..end - 1).rev().map(|at| stream.at(at)).find(|of| *of != ' ').unwrap_or(BREAK);
    let stopped = matches!(last, '.' | '。' | ';' | '!' | '?' | ':' | BREAK);
    let hangs = matches!(last, ',' | '、' | '-');
    !stopped && (hangs || stream.at(end).is_ascii_lowercase())
}

/// Cuts a passage into tokens; `names` are the spans of hits in order.
pub(super) fn tokens<W: Copy>(
    stream: &Stream,
    passage: Span,
    names: &[Span],
    words: &Vocabulary<W>,
) -> Vec<Token<W>> {
    let mut tokens: Vec<Token<W>> = Vec::new();
    let mut at = passage.start;
    let mut name = names.partition_point(|of| of.start < passage.start);
    while at < passage.end {
        while name < names.len() && names[name].start < at {
            name += 1;
        }
        let of = stream.at(at);
        if matches!(of, ' ' | CELL | BREAK | '~' | '"' | '\'') {
            at += 1;
            continue;
        }
        let (kind, end, repaired) = if name < names.len() && names[name].start == at {
            (Kind::Name(name), names[name].end, false)
        } else {
            next(stream, at, passage, words, &tokens)
        };
        push(&mut tokens, Token { kind, span: Span::new(at, end), repaired });
        at = end.max(at + 1);
    }
    tokens
}

fn push<W: Copy>(tokens: &mut Vec<Token<W>>, token: Token<W>) {
    match tokens.last_mut() {
        Some(last) if matches!((last.kind, token.kind), (Kind::Other, Kind::Other)) => {
            last.span.end = token.span.end;
        }
        _ => tokens.push(token),
    }
}

type Found<W> = (Kind<W>, usize, bool);

fn next<W: Copy>(
    stream: &Stream,
    at: usize,
    passage: Span,
    words: &Vocabulary<W>,
    before: &[Token<W>],
) -> Found<W> {
    sign(stream, at, before)
        .or_else(|| figure(stream, at))
        .or_else(|| {
            // `CD23dim`: a modifier glued to the name.
            let glued = before.last().is_some_and(|of| matches!(of.kind, Kind::Name(_)) && of.span.end == at);
            word(stream, at, words, glued)
        })
        .or_else(|| separator(stream, at))
        .unwrap_or_else(|| (Kind::Other, other_end(stream, at).min(passage.end), false))
}

fn separator<W>(stream: &Stream, at: usize) -> Option<Found<W>> {
    let kind = match stream.at(at) {
        '(' | '[' | '{' => Kind::Open,
        ')' | ']' | '}' => Kind::Close,
        ',' => Kind::Comma,
        '、' => Kind::And,
        ';' | '。' => Kind::Semi,
        // `p.R175H` is one word.
        '.' if !stream.at(at + 1).is_ascii_alphanumeric() => Kind::Semi,
        ':' | '=' => Kind::Colon,
        '/' => Kind::Slash,
        _ => return None,
    };
    Some((kind, at + 1, false))
}

fn sign<W: Copy>(stream: &Stream, at: usize, before: &[Token<W>]) -> Option<Found<W>> {
    let run = |of: char| (at..).take_while(|place| stream.at(*place) == of).count();
    // `+ve`, `-ve`
    let spoken = |length: usize| {
        let said = length == 1 && stream.reads(at + 1, "ve") && !stream.at(at + 3).is_alphanumeric();
        at + length + 2 * usize::from(said)
    };
    match stream.at(at) {
        '±' => Some((Kind::PlusMinus, at + 1, false)),
        '+' if stream.at(at + 1) == '/' && stream.at(at + 2) == '-' => Some((Kind::PlusMinus, at + 3, false)),
        '-' if stream.at(at + 1) == '/' && stream.at(at + 2) == '+' => Some((Kind::PlusMinus, at + 3, false)),
        '+' => Some((Kind::Plus(run('+')), spoken(run('+')), false)),
        '-' => Some((Kind::Minus, spoken(run('-')), false)),
        // Recognition reads a wide plus as ten and a wide minus as one.
        of @ ('十' | '一') if in_sign_slot(stream, at, before) => {
            Some((if of == '十' { Kind::Plus(1) } else { Kind::Minus }, at + 1, true))
        }
        _ => None,
    }
}

fn in_sign_slot<W: Copy>(stream: &Stream, at: usize, before: &[Token<W>]) -> bool {
    let opened = before
        .last()
        .is_some_and(|of| matches!(of.kind, Kind::Open | Kind::Name(_) | Kind::Percent(_) | Kind::Word(_)));
    opened && matches!(stream.at(at + 1), ')' | ',' | '、' | ';' | '。' | BREAK | CELL)
}

/// `80%`, `60-70%`, `60%~70%`, `15 to 20%`, `>90 %`, `3+`, a bare number.
fn figure<W>(stream: &Stream, at: usize) -> Option<Found<W>> {
    let first = number::number_at(stream, at)?;
    if let Some((percent, end)) = spaced_percent(stream, at) {
        return Some((Kind::Percent(percent), end, true));
    }
    if first.span.end == at + 1 && stream.at(at + 1) == '+' {
        let grade = stream.at(at).to_digit(10).filter(|of| (1..=4).contains(of));
        if let Some(grade) = grade {
            return Some((Kind::Grade(grade), at + 2, false));
        }
    }
    if let Some((percent, end, repaired)) = percent(stream, &first) {
        return Some((Kind::Percent(percent), end, repaired));
    }
    let whole = first.comparator == Comparator::Equal;
    whole.then_some((Kind::Number(first.value), first.span.end, first.repaired))
}

/// `8 O %`: digits that recognition set apart.
fn spaced_percent(stream: &Stream, at: usize) -> Option<(Percent, usize)> {
    let digit = |of: char| match of {
        'O' | 'o' => Some(0),
        'l' | 'I' => Some(1),
        other => other.to_digit(10),
    };
    let mut value = digit(stream.at(at))?;
    let mut end = at + 1;
    while stream.at(end) == ' ' && value < 100 {
        let Some(next) = digit(stream.at(end + 1)) else { break };
        value = value * 10 + next;
        end += 2;
    }
    (end > at + 1 && stream.at(end) == ' ' && stream.at(end + 1) == '%' && value <= 100)
        .then(|| (Percent { low: f64::from(value), high: f64::from(value) }, end + 2))
}

fn percent(stream: &Stream, first: &number::Number) -> Option<(Percent, usize, bool)> {
    let mut end = percent_sign(stream, first.span.end);
    let mut repaired = first.repaired;
    let mut high = first.value;
    let from = end.unwrap_or(first.span.end);
    if let Some(second) = range_end(stream, from)
        && let Some(after) = percent_sign(stream, second.span.end)
        && second.value >= first.value
    {
        high = second.value;
        repaired |= second.repaired;
        end = Some(after);
    }
    let end = end?;
    ((0.0..=100.0).contains(&first.value) && high <= 100.0).then_some((
        Percent { low: first.value, high },
        end,
        repaired,
    ))
}

fn percent_sign(stream: &Stream, at: usize) -> Option<usize> {
    let at = blank(stream, at);
    if stream.at(at) == '%' {
        return Some(at + 1);
    }
    ["percent", "per cent"].iter().find_map(|word| matches(stream, at, word))
}

/// The second number of a range: behind a dash, a tilde, `to`, `至`.
fn range_end(stream: &Stream, at: usize) -> Option<number::Number> {
    let mut at = blank(stream, at);
    let joined = match stream.at(at) {
        '-' | '~' | '至' => Some(at + 1),
        _ => matches(stream, at, "to"),
    };
    at = blank(stream, joined?);
    number::number_behind(stream, at).filter(|of| of.comparator == Comparator::Equal)
}

fn blank(stream: &Stream, mut at: usize) -> usize {
    while stream.at(at) == ' ' {
        at += 1;
    }
    at
}

fn word<W: Copy>(stream: &Stream, at: usize, words: &Vocabulary<W>, glued: bool) -> Option<Found<W>> {
    let own =
        words.beginning(stream, at).filter_map(|(word, code)| Some((spelt(stream, at, word, glued)?, code)));
    let longest = own.max_by_key(|(end, _)| *end).map(|(end, code)| (Kind::Word(code), end, false));
    let and = JOINING.beginning(stream, at).filter_map(|(word, ())| matches(stream, at, word)).max();
    match (longest, and) {
        (Some(found), Some(end)) if found.1 >= end => Some(found),
        (_, Some(end)) => Some((Kind::And, end, false)),
        (found, None) => found,
    }
}

/// The end of a word at exactly `at`; a hyphen or a line's end inside it does not matter.
pub(super) fn matches(stream: &Stream, at: usize, word: &str) -> Option<usize> {
    spelt(stream, at, word, false)
}

fn spelt(stream: &Stream, at: usize, word: &str, glued: bool) -> Option<usize> {
    let lower = |at: usize| stream.lower.get(at).copied().unwrap_or(BREAK);
    let first = word.chars().next()?;
    if lower(at) != first {
        return None;
    }
    let latin = |of: char| !is_han(of) && of.is_alphanumeric();
    if latin(first) && !glued && at > 0 && latin(stream.at(at - 1)) {
        return None;
    }
    let mut end = at;
    for of in word.chars() {
        let here = lower(end);
        let wrapped = end > at && here == '-' && {
            let next = end + 1 + usize::from(matches!(lower(end + 1), BREAK | ' '));
            lower(next) == of && next > end
        };
        end = if here == of || (of == ' ' && matches!(here, BREAK | '-')) {
            end + 1
        } else if wrapped {
            end + 2 + usize::from(matches!(lower(end + 1), BREAK | ' '))
        } else {
            return None;
        };
    }
    let last = word.chars().next_back().unwrap_or(first);
    (!latin(last) || !latin(stream.at(end))).then_some(end)
}

/// A foreign word, or one Han character.
fn other_end(stream: &Stream, at: usize) -> usize {
    let latin = |of: char| !is_han(of) && of.is_alphanumeric();
    if !latin(stream.at(at)) {
        return at + 1;
    }
    (at..).find(|place| !latin(stream.at(*place))).unwrap_or(at + 1)
}
