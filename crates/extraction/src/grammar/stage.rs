//! Ann Arbor and Lugano stages [Cheson 2014].
//!
//! ## Reads
//! `Ann Arbor IVB期`, `Ⅲ期A组`, `stage IV, no B symptoms`, `Lugano stage IV`, `ⅣB期（Lugano）`, `ⅡAE期`, `stage IIBX`, `bulky stage II`,
//! `stage 4`, in a message `4期` and `四期`; a misread numeral (`stage lVB`) behind the word for a stage.
//!
//! ## Leaves alone
//! Phase of a trial (`I期临床试验`), stages of other diseases (`stage 3 CKD`, `stage I, breast cancer`), Rai and Binet, the
//! components of an index (`Ⅲ-Ⅳ期(1分)`), conditions of a trial.
//!
//! ## References
//! - Carbone 1971 (Ann Arbor); Lister 1989 (Cotswolds: X); Cheson 2014 (Lugano)

mod numeral;
mod other;
mod suffix;

use super::{
    Claims,
    past::{self, Past},
};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span, is_han},
    vocabulary::stage::{
        BETWEEN, NAMES, OTHER_TIME_AHEAD, OTHER_TIME_BEHIND, SCALE_BEHIND_JOINTS, STANDS_TREATED,
    },
    words::{Place, words},
};
use cartulary_model::{
    Value,
    fact::{Attr, AttrValue},
};

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut told: Vec<(Draft, Past)> = Vec::new();
    let mut at = 0;
    // Nearly every place is passed over here.
    let next = |from: usize| {
        let rest = sheet.stream.chars.get(from..)?;
        rest.iter().position(|of| numeral::may_begin(*of)).map(|ahead| from + ahead)
    };
    while let Some(begin) = next(at) {
        at = begin;
        let former = told.last().map(|(draft, _)| draft.span.end);
        match stage_at(sheet, at, former).filter(|(draft, _)| !claims.has(draft.span)) {
            Some((draft, past)) => {
                at = draft.span.end.max(at + 1);
                told.push((draft, past));
            }
            None => at += 1,
        }
    }
    // Told twice alike, the stage of the first visit is still the stage.
    past::settle(&mut told, |newer, older| (&newer.concept, &newer.value) != (&older.concept, &older.value));
    told.into_iter().map(|(draft, _)| draft).collect()
}

fn stage_at(sheet: &Sheet<'_>, at: usize, former: Option<usize>) -> Option<(Draft, Past)> {
    let stream = &sheet.stream;
    let glued = at > 0 && stream.at(at - 1).is_ascii_alphanumeric() && !is_han(stream.at(at));
    if glued {
        return None;
    }
    let numeral = numeral::at(sheet, at)?;
    let suffix = suffix::behind(sheet, numeral.end)?;
    let named = named_behind(sheet, at);
    let period = period_end(sheet, suffix.end);
    let by_letters = || {
        numeral.is_roman
            && (stands_by_letters(sheet, at, &suffix) || stands_behind_another(sheet, at, &suffix, former))
    };
    if !stands(sheet, at, &numeral, named.is_some(), period) && !by_letters() {
        return None;
    }
    let mut end = period.unwrap_or(suffix.end);
    let small = sheet.is_kind(&["sec.doc_message"]);
    let group = period.and_then(|after| suffix::group(sheet, after, small));
    if let Some((_, after)) = group {
        end = after;
    }
    let start = named.unwrap_or(at);
    let span =
        Span::new(bulky_before(sheet, start).unwrap_or(start), scale_behind(sheet, end).unwrap_or(end));
    if other::is_other(sheet, span, end) || past::is_condition(sheet, span) {
        return None;
    }
    let mut draft = Draft::new(numeral.concept, span, "stage.ann_arbor")
        .named_at(Span::new(at, end))
        .value(Value::Code(numeral.roman.to_owned()))
        .present();
    if numeral.repaired {
        draft.marks_repair();
    }
    for letter in suffix.letters.iter().copied().chain(group.map(|(letter, _)| letter)) {
        set(&mut draft, letter);
    }
    if span.start < start {
        draft.set(Attr::Bulky, AttrValue::Flag(true));
    }
    suffix::words(sheet, &mut draft);
    if stream.at(draft.span.end) == '?' || start > 0 && stream.at(start - 1) == '?' {
        draft.assertion = Some(cartulary_model::Assertion::Possible);
    }
    let past = past::past(sheet, span.start, draft.span.end);
    Some((draft, past))
}

/// A Roman numeral needs 期 or a name; a digit or a Chinese numeral needs a name, or 期 in a message.
fn stands(
    sheet: &Sheet<'_>,
    at: usize,
    numeral: &numeral::Numeral,
    named: bool,
    period: Option<usize>,
) -> bool {
    let stream = &sheet.stream;
    if named {
        return !numeral.is_han || period.is_some();
    }
    let Some(after) = period else { return false };
    if numeral.repaired {
        return false;
    }
    if numeral.is_roman {
        return true;
    }
    let counted = at > 0 && matches!(stream.at(at - 1), '第' | '前' | '后' | '共' | '每' | '-' | '~' | '.');
    let treated = stream.reads_any(after, STANDS_TREATED);
    // `DLBCL四期`: right behind the name of the lymphoma.
    let blank = usize::from(at > 0 && stream.at(at - 1) == ' ');
    let of_lymphoma = sheet.candidates_in(Span::new(at.saturating_sub(24), at)).iter().any(|of| {
        // Of CLL the numeral may be one of Rai.
        of.hit.concept.is("hist")
            && of.hit.concept.as_str() != "hist.cll_sll"
            && of.hit.span.end == at - blank
    });
    if of_lymphoma && !treated {
        return true;
    }
    // `弥漫大B,四期,IPI 4分`: a clause of its own.
    let alone = at > 0
        && matches!(stream.at(at - 1), ',' | '。' | ';')
        && matches!(stream.at(after), ',' | '。' | ';' | BREAK);
    (alone || sheet.is_kind(&["sec.doc_message"])) && !counted && !treated
}

/// `套细胞淋巴瘤,ⅣB,IPI 5`: a numeral with its letters, alone between signs, behind the name of a lymphoma.
fn stands_by_letters(sheet: &Sheet<'_>, at: usize, suffix: &suffix::Suffix) -> bool {
    let stream = &sheet.stream;
    let apart = |of: char| matches!(of, ',' | ' ' | '(' | ')' | ';' | '。' | '、' | '\t');
    let alone =
        at > 0 && apart(stream.at(at - 1)) && (suffix.end >= stream.len() || apart(stream.at(suffix.end)));
    // `FL grade IIIA, stage IV`: a grade.
    let grade = |word: &&str| stream.reads_back(at, word).is_some();
    if ["grade ", "grade: ", "gr ", "分级", "级别"].iter().any(grade) {
        return false;
    }
    let joined = !suffix.letters.is_empty() && suffix.end - at <= 6 && stream.at(at + 1) != ' ';
    let from = sheet.sentence(at).start.max(at.saturating_sub(40));
    let lymphoma = || {
        sheet
            .candidates
            .iter()
            .any(|of| of.hit.concept.is("hist") && of.hit.span.start >= from && of.hit.span.end <= at)
    };
    alone && joined && lymphoma()
}

/// "stage IIB at diagnosis, IVA now", "at first relapse it had been IE": behind another stage, with a time of its own.
fn stands_behind_another(
    sheet: &Sheet<'_>,
    at: usize,
    suffix: &suffix::Suffix,
    former: Option<usize>,
) -> bool {
    const REACH: usize = 90;
    let stream = &sheet.stream;
    let near = former.is_some_and(|end| end < at && at - end <= REACH);
    let whole = !suffix.letters.is_empty() && !stream.at(suffix.end).is_alphanumeric();
    let other = sheet.says(sheet.before(at, 24), words!["grade", "ward", "class", "retinopathy", "nyha"]);
    let led = stream.reads_back_any(at, OTHER_TIME_AHEAD);
    near && whole && !other && (led || stream.reads_any(suffix.end, OTHER_TIME_BEHIND))
}

fn set(draft: &mut Draft, letter: char) {
    match letter.to_ascii_uppercase() {
        'A' => draft.set(Attr::BSymptoms, AttrValue::Flag(false)),
        'B' => draft.set(Attr::BSymptoms, AttrValue::Flag(true)),
        'E' => draft.set(Attr::Extranodal, AttrValue::Flag(true)),
        'S' => draft.set(Attr::Spleen, AttrValue::Flag(true)),
        _ => draft.set(Attr::Bulky, AttrValue::Flag(true)),
    }
}

/// Behind 期, spaces skipped.
fn period_end(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    let close = (at..at + 3).find(|of| sheet.stream.at(*of) != ' ')?;
    (sheet.stream.at(close) == '期').then_some(close + 1)
}

/// Goes backwards over names and glue; the start of the first name, if there is one.
fn named_behind(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    const REACH: usize = 44;
    let stream = &sheet.stream;
    let mut start = None;
    let mut end = at;
    while end > at.saturating_sub(REACH) && end > 0 {
        let name = stream.words_ending(end, NAMES).next().map(Place::start);
        let boundary = |begin: usize| {
            is_han(stream.at(begin)) || begin == 0 || !stream.at(begin - 1).is_ascii_alphabetic()
        };
        if let Some(begin) = name.filter(|begin| boundary(*begin)) {
            start = Some(begin);
            end = begin;
            continue;
        }
        let mut glue = stream.words_ending(end, BETWEEN).map(Place::start);
        match glue.find(|begin| !stream.at(*begin).is_ascii_alphabetic() || boundary(*begin)) {
            Some(begin) => end = begin,
            None => break,
        }
    }
    start
}

/// "bulky stage II": the word before the name.
fn bulky_before(sheet: &Sheet<'_>, start: usize) -> Option<usize> {
    sheet.stream.words_ending(start, words!["bulky ", "bulky-", "伴大包块"]).next().map(Place::start)
}

/// `Ⅳ期B组(Ann Arbor)`, `stage IV, Lugano`: the system named behind.
fn scale_behind(sheet: &Sheet<'_>, end: usize) -> Option<usize> {
    let stream = &sheet.stream;
    let skipped = SCALE_BEHIND_JOINTS
        .iter()
        .find(|word| stream.reads(end, word))
        .map_or(0, |word| word.chars().count());
    let start = (end + skipped..end + skipped + 4).find(|at| !matches!(stream.at(*at), ' ' | '(' | ','))?;
    let opened = (end..start).any(|at| stream.at(at) == '(');
    let name = ["ann arbor", "ann-arbor", "annarbor", "lugano"]
        .iter()
        .find(|word| start > end && stream.reads(start, word))?;
    let after = start + name.chars().count();
    // `Ⅱ期,Ann Arbor Ⅳ期`: the name belongs to the next numeral.
    let close =
        (after..after + 12).find(|at| !(stream.at(*at).is_alphanumeric() || stream.at(*at) == ' '))?;
    let alone = !(after..close).any(|at| matches!(stream.at(at), 'I' | 'V' | '期'));
    alone.then(|| if opened && stream.at(close) == ')' { close + 1 } else { after })
}
