//! Ann Arbor and Lugano stages [Cheson 2014].
//!
//! ## Reads
//! `Ann Arbor IVB期`, `Ⅲ期A组`, `stage IV`, `Lugano stage IV`, `ⅣB期`, `分期:IV`, `stage 4`.
//!
//! ## Leaves alone
//! Phase of a trial (`I期临床试验`), Roman numerals of other things.

use super::Claims;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Span, is_han},
};
use cartulary_model::{
    Value,
    fact::{Attr, AttrValue},
};

const STAGES: [(&str, &str, &str); 4] = [
    ("IV", "find.stage_4", "4"),
    ("III", "find.stage_3", "3"),
    ("II", "find.stage_2", "2"),
    ("I", "find.stage_1", "1"),
];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut at = 0;
    while at < sheet.stream.len() {
        match stage_at(sheet, at).filter(|draft| !claims.has(draft.span)) {
            Some(draft) => {
                at = draft.span.end;
                drafts.push(draft);
            }
            None => at += 1,
        }
    }
    drafts
}

fn stage_at(sheet: &Sheet<'_>, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    if before.is_ascii_alphanumeric() {
        return None;
    }
    let (roman, concept, end) = numeral(sheet, at)?;
    let (suffixes, after_suffix) = suffixes(sheet, end);
    if stream.at(after_suffix).is_ascii_alphanumeric() {
        return None;
    }
    let named = named_before(sheet, at);
    let mut close = after_suffix;
    while stream.at(close) == ' ' {
        close += 1;
    }
    let chinese = stream.at(close) == '期';
    if !chinese && named.is_none() {
        return None;
    }
    let mut end = if chinese { close + 1 } else { after_suffix };
    let rest = stream.lower_text(sheet.within(Span::new(end, end + 6)));
    let trial = ["临床", "试验", "单臂", "随机"].iter().any(|word| rest.starts_with(word));
    let counted = stream.at(at).is_ascii_digit() && chinese && named.is_none();
    if trial || counted {
        return None;
    }
    let mut letters = suffixes;
    // Ⅲ期A组: the group letter apart.
    if chinese
        && matches!(stream.at(end), 'A' | 'B')
        && (stream.at(end + 1) == '组' || !stream.at(end + 1).is_ascii_alphanumeric())
    {
        letters.push(stream.at(end));
        end += 1 + usize::from(stream.at(end + 1) == '组');
    }
    let span = Span::new(named.unwrap_or(at), end);
    let mut draft = Draft::new(concept, span, "stage.ann_arbor")
        .named_at(Span::new(at, end))
        .value(Value::Code(roman.to_owned()));
    for letter in letters {
        match letter.to_ascii_uppercase() {
            'A' => draft.set(Attr::BSymptoms, AttrValue::Flag(false)),
            'B' => draft.set(Attr::BSymptoms, AttrValue::Flag(true)),
            'E' => draft.set(Attr::Extranodal, AttrValue::Flag(true)),
            'S' => draft.set(Attr::Spleen, AttrValue::Flag(true)),
            _ => draft.set(Attr::Bulky, AttrValue::Flag(true)),
        }
    }
    Some(draft)
}

fn numeral(sheet: &Sheet<'_>, at: usize) -> Option<(&'static str, &'static str, usize)> {
    STAGES.iter().find_map(|(roman, concept, digit)| {
        let fits = |form: &str| form.chars().zip(at..).all(|(of, index)| sheet.stream.at(index) == of);
        if fits(roman) {
            let end = at + roman.len();
            return (sheet.stream.at(end) != 'I').then_some((*roman, *concept, end));
        }
        let single = !sheet.stream.at(at + 1).is_ascii_digit() && sheet.stream.at(at + 1) != '.';
        (fits(digit) && single).then_some((*roman, *concept, at + 1))
    })
}

fn suffixes(sheet: &Sheet<'_>, at: usize) -> (Vec<char>, usize) {
    let mut letters = Vec::new();
    let mut end = at;
    while letters.len() < 3 && matches!(sheet.stream.at(end), 'A' | 'B' | 'E' | 'S' | 'X' | 'a' | 'b') {
        letters.push(sheet.stream.at(end));
        end += 1;
    }
    // `stage I disease` and `stage IV A`: a word that goes on is no suffix.
    if sheet.stream.at(end).is_ascii_alphabetic() {
        return (Vec::new(), at);
    }
    (letters, end)
}

/// `Ann Arbor`, `Lugano`, `stage`, `分期` shortly before; the start of the words that name it.
fn named_before(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    let window = sheet.before(at, 24);
    let text = sheet.stream.lower_text(window);
    let names = ["ann arbor", "ann-arbor", "lugano", "分期", "stage", "staging"];
    let (byte, _) = names.iter().filter_map(|name| text.find(name).map(|byte| (byte, name))).min()?;
    let start = window.start + text[..byte].chars().count();
    let between = sheet.stream.lower_text(Span::new(start, at));
    let tail: String = names.iter().fold(between, |text, name| text.replace(name, ""));
    let only_glue = tail.chars().filter(|of| of.is_alphanumeric() && !is_han(*of)).count() <= 2
        && !tail.contains(',')
        && tail.chars().count() <= 8;
    only_glue.then_some(start)
}
