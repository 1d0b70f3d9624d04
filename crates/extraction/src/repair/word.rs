//! Latin words: letters taken for each other, a blank inside a word, a word broken over the end of a line.

use super::{Edit, changes_line, number, vocabulary::Vocabulary};
use crate::{
    stream::{BREAK, Span, Stream},
    vocabulary::repair::NOT_A_FRAGMENT,
};

/// How long a word of letters alone must be to be set right: shorter ones are too near to other words.
const LONG: usize = 7;
/// How long a word with a digit among its letters must be.
const WITH_DIGIT: usize = 4;

/// A run of letters and digits.
pub(super) struct Token {
    pub(super) span: Span,
    known: bool,
}

pub(super) fn edits(vocabulary: &Vocabulary, stream: &Stream, edits: &mut Vec<Edit>) {
    let mut reader = Reader { vocabulary, stream, skeleton: String::new(), last: None, before: None };
    let mut at = 0;
    while at < stream.len() {
        if !stream.chars[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        while at < stream.len() && stream.chars[at].is_ascii_alphanumeric() {
            at += 1;
        }
        reader.token(Span::new(start, at), edits);
    }
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    stream: &'a Stream,
    skeleton: String,
    last: Option<Token>,
    /// The word before `last`.
    before: Option<Span>,
}

impl Reader<'_> {
    fn token(&mut self, span: Span, edits: &mut Vec<Edit>) {
        let first = self.stream.chars[span.start];
        if first.is_ascii_digit() && self.stream.chars[span.start..span.end].iter().all(char::is_ascii_digit)
        {
            self.before = self.last.as_ref().map(|last| last.span);
            self.last = None;
            return;
        }
        let mut known = self.vocabulary.knows_signs(&self.stream.lower[span.start..span.end]);
        let previous = self.last.as_ref().map(|last| last.span).or(self.before);
        if !known {
            let edit = self
                .joined(span, false)
                .or_else(|| self.damaged(span))
                .or_else(|| number::edit(self.stream, span, previous));
            known = edit.is_some();
            edits.extend(edit);
        } else if let Some(edit) = self.joined(span, true).or_else(|| self.wrapped(span)) {
            edits.push(edit);
        }
        if !known && let Some(edit) = self.wrapped(span) {
            edits.push(edit);
        }
        self.before = self.last.as_ref().map(|last| last.span);
        self.last = Some(Token { span, known });
    }

    /// The words of a span in small letters.
    fn text(&self, span: Span) -> String {
        self.stream.lower[span.start..span.end].iter().collect()
    }

    /// A word of which letters were taken for others.
    fn damaged(&mut self, span: Span) -> Option<Edit> {
        let chars = &self.stream.chars[span.start..span.end];
        let letters = chars.iter().filter(|of| of.is_ascii_alphabetic()).count();
        let mixed = letters < chars.len() && letters >= 2 && chars.len() >= WITH_DIGIT;
        // No word begins with `rn`, and no capital I stands inside small letters.
        let inside = chars.windows(2).any(|of| of[0].is_ascii_lowercase() && of[1] == 'I');
        let begins_so = (self.stream.reads(span.start, "rn") || inside) && chars.len() >= WITH_DIGIT;
        let stroke = small_l_among_capitals(chars);
        if !(mixed || begins_so || stroke || (letters == chars.len() && letters >= LONG)) {
            return None;
        }
        if mixed && self.is_name_with_number(span) {
            return None;
        }
        // Among capitals the stroke is an I before it is anything else.
        let word = self.text(span);
        let capital: String = word.chars().map(|of| if of == 'l' { 'i' } else { of }).collect();
        if stroke && self.vocabulary.knows(&capital) {
            let written = self.vocabulary.written(&capital).unwrap_or(&capital);
            return Some(Edit::new(span, in_case_of(chars, &capital, written)));
        }
        if chars.len() < WITH_DIGIT {
            return None;
        }
        self.vocabulary.skeleton(&word, &mut self.skeleton);
        let right = self.vocabulary.with_skeleton(&self.skeleton)?;
        let written = self.vocabulary.written(right).unwrap_or(right);
        Some(Edit::new(span, in_case_of(chars, right, written)))
    }

    /// `ANC1.2`, `LDH1`: a word that nothing but its value touches; the 1 is none of its letters, as it is of `B-cel1`.
    fn is_name_with_number(&self, span: Span) -> bool {
        const LEAST: usize = 3;
        let word = &self.stream.lower[span.start..span.end];
        let letters = word.iter().take_while(|of| of.is_ascii_alphabetic()).count();
        letters >= LEAST
            && self.stream.chars[span.start].is_ascii_uppercase()
            && word[letters..].iter().all(char::is_ascii_digit)
            && self.vocabulary.knows_signs(&word[..letters])
    }

    /// Two pieces of one word: a blank in it, or the hyphen at the end of a line.
    fn joined(&mut self, span: Span, known: bool) -> Option<Edit> {
        let last = self.last.as_ref()?;
        // A blank inside a word leaves small letters behind it.
        if !self.stream.chars[span.start].is_lowercase() {
            return None;
        }
        let gap = Span::new(last.span.end, span.start);
        let blank = gap.end - gap.start == 1 && self.stream.at(gap.start) == ' ';
        let hyphen = self.stream.at(gap.start) == '-'
            && (gap.start..gap.end).any(|at| changes_line(self.stream, at))
            && (gap.start + 1..gap.end).all(|at| matches!(self.stream.at(at), ' ' | BREAK));
        let length = last.span.end - last.span.start + span.end - span.start;
        if !(blank || hyphen) || length < LONG || (blank && last.known && known) {
            return None;
        }
        let last = last.span;
        if !self.vocabulary.begins_word(&self.stream.lower[last.start..last.end]) {
            return None;
        }
        let previous = self.text(last);
        if blank && NOT_A_FRAGMENT.contains(&previous.as_str()) {
            return None;
        }
        let whole = previous + &self.text(span);
        let right = if self.vocabulary.knows(&whole) {
            whole.as_str()
        } else {
            self.vocabulary.skeleton(&whole, &mut self.skeleton);
            self.vocabulary.with_skeleton(&self.skeleton)?
        };
        let span = Span::new(last.start, span.end);
        let written = self.vocabulary.written(right).unwrap_or(right);
        let into = in_case_of(&self.stream.chars[last.start..last.end], right, written);
        Some(if blank { Edit::new(span, into) } else { Edit::joined(span, into) })
    }

    /// A term of two words with the end of a line between them.
    fn wrapped(&mut self, span: Span) -> Option<Edit> {
        let last = self.last.as_ref()?;
        let gap = Span::new(last.span.end, span.start);
        if gap.end - gap.start != 1 || self.stream.at(gap.start) != BREAK {
            return None;
        }
        self.vocabulary
            .are_neighbours(&format!("{} {}", self.text(last.span), self.text(span)))
            .then(|| Edit::joined(gap, vec![' ']))
    }
}

/// `lPI`, `HlV`, `FlSH`, `lgG`: a small `l` where a capital stands.
fn small_l_among_capitals(chars: &[char]) -> bool {
    let capitals = chars.iter().filter(|of| of.is_ascii_uppercase()).count();
    let small = chars.iter().filter(|of| of.is_ascii_lowercase()).count();
    let strokes = chars.iter().filter(|of| **of == 'l').count();
    let immunoglobulin = matches!(chars, ['l', 'g', 'A' | 'G' | 'M' | 'E' | 'D' | 'H']);
    chars.len() >= 3 && ((strokes > 0 && strokes == small && capitals >= 2) || immunoglobulin)
}

/// The word in the case of the damaged one; a word of mixed case as the catalogue writes it.
fn in_case_of(damaged: &[char], word: &str, written: &str) -> Vec<char> {
    let letters = || damaged.iter().filter(|of| of.is_ascii_alphabetic());
    let inner = |at: usize| at > 0 && damaged[at] == 'I' && damaged[at - 1].is_ascii_lowercase();
    let capitals = (0..damaged.len()).filter(|at| damaged[*at].is_ascii_uppercase() && !inner(*at)).count();
    let small = letters().filter(|of| of.is_ascii_lowercase() && **of != 'l').count();
    let first_capital = damaged.first().is_some_and(char::is_ascii_uppercase);
    match (capitals, small) {
        (0, _) => word.chars().collect(),
        (1, _) if first_capital && small > 0 => {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
        }
        (_, 0) => word.to_uppercase().chars().collect(),
        _ => written.chars().collect(),
    }
}
