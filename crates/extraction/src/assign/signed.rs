//! Lists whose items are answered by a sign or a word of their own: `(-) cough, (+) rash`, "Fever -, weight loss +",
//! "fever no, sweats no, weight loss yes".
//!
//! ## Reads
//! At least two items of a sentence with such answers. Where the first item begins with its sign, signs stand before
//! items; else behind them.
//!
//! ## Leaves alone
//! A dash before every item and no plus: points of a list. Items of more than a few words, and results of tests.

use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_model::Assertion;

/// An item of a list has at most so many words.
const LONGEST: usize = 7;

/// What the answer of its item says of a draft; nothing if the sentence is no such list.
pub(super) fn answer(sheet: &Sheet<'_>, draft: &Draft) -> Option<Assertion> {
    let kind = matches!(draft.concept.kind(), "sym" | "com" | "event" | "find" | "site");
    let told = may_be_answered(draft) || draft.rule.starts_with("response.");
    if kind
        && told
        && let Some(is_so) = in_field(sheet, draft.name)
    {
        return Some(asserted(is_so));
    }
    if !kind || draft.concept.is("site") || !may_be_answered(draft) {
        return None;
    }
    let sentence = sheet.sentence(draft.name.start);
    let items = items(sheet, sentence);
    let at = items.iter().position(|item| item.start <= draft.name.start && draft.name.end <= item.end)?;
    let texts: Vec<&str> = items.iter().map(|item| sheet.stream.lower_text(*item).trim()).collect();
    let leads: Vec<Option<bool>> = texts.iter().map(|text| lead(text)).collect();
    if leads[0].is_some() {
        // "Problems: - CKD, + new AF, - diabetes": points of a list of illnesses.
        let listed = draft.concept.is("com") && !texts[0].starts_with('(');
        // "- headache 3 days, - seizure yesterday, + CNS relapse": points that tell something.
        let told = |text: &&str| {
            text.contains(|of: char| of.is_ascii_digit())
                || ["yesterday", "today", "known", "after", "since"].iter().any(|word| text.contains(word))
        };
        let listed = listed
            || !texts[0].starts_with('(') && (texts.iter().any(told) || leads.iter().any(Option::is_none));
        let bracketed = !listed && (texts[0].starts_with('(') || leads.contains(&Some(true)));
        let signed = leads.iter().flatten().count();
        return leads[at].filter(|_| bracketed && signed > 1).map(asserted);
    }
    let tails: Vec<Option<bool>> = texts.iter().map(|text| tail(text)).collect();
    // "sweats yes": nothing but the name and its answer.
    let alone = || {
        let rest = sheet.stream.lower_text(Span::new(draft.name.end, items[at].end)).trim();
        let lead = sheet.stream.trimmed(Span::new(items[at].start, draft.name.start));
        lead.is_empty() && matches!(rest.trim_end_matches('.'), "yes" | "no")
    };
    tails[at].filter(|_| tails.iter().flatten().count() > 1 || alone()).map(asserted)
}

/// `Fever: no     Night sweats: yes`, `发热：无    盗汗：有`, `Prior CAR-T: no   Prior ASCT: yes`: fields of a row that hold a name
/// and its answer; the answer of one field says nothing of the next.
fn in_field(sheet: &Sheet<'_>, name: Span) -> Option<bool> {
    answer_of(sheet, name, true)
}

/// The answer behind the name in its own field. `R-CHOP    None` in two columns may tell of complications.
pub(crate) fn in_own_field(sheet: &Sheet<'_>, name: Span) -> Option<bool> {
    answer_of(sheet, name, false)
}

fn answer_of(sheet: &Sheet<'_>, name: Span, over_fields: bool) -> Option<bool> {
    /// The answer follows the name, a word like "involvement" and a sign at most between.
    const REACH: usize = 40;
    let stream = &sheet.stream;
    // Behind most names no answer stands, and their rows are not parted.
    let answers = words![
        "yes", "present", "positive", "no", "none", "nil", "absent", "denied", "denies", "negative", "有",
        "是", "无", "否"
    ];
    let behind = Span::new(name.end, stream.len().min(name.end + REACH).max(name.end));
    stream.words_in(behind, answers).next()?;
    let fields = answered_fields(sheet, stream.short_row(name.start)?);
    let place = fields.iter().position(|of| of.start <= name.start && name.end <= of.end)?;
    let field = fields[place];
    let mut rest = stream.lower_text(Span::new(name.end, field.end)).trim();
    for word in ["given", "received", "done", "involvement", "disease", "therapy"] {
        rest = rest.strip_prefix(word).map_or(rest, str::trim_start);
    }
    let rest = rest.trim_start_matches([':', '-', '–', ' ']).trim();
    let (label, text) = match rest.is_empty() {
        true => (true, fields.get(place + 1).map_or("", |next| stream.lower_text(*next)).trim()),
        false => (false, rest),
    };
    let leads = stream.trimmed(Span::new(field.start, name.start));
    let bare = leads.is_empty() || stream.lower_text(leads).split(' ').count() <= 2;
    let says = |words: &[&str]| {
        words.iter().any(|word| {
            text.strip_prefix(word).is_some_and(|rest| {
                rest.is_empty() || rest.trim_start().starts_with(['(', ',', ';']) || rest == "."
            })
        })
    };
    let several = fields.len() > 1 || label;
    (bare && several && (over_fields || !label) && (says(&YES) || says(&NO))).then(|| says(&YES))
}

const YES: [&str; 5] = ["yes", "present", "positive", "有", "是"];
const NO: [&str; 9] = ["no", "none", "nil", "absent", "denied", "denies", "negative", "无", "否"];

/// The fields of a row, parted behind an answer too: `糖尿病：无 高血压：有`.
fn answered_fields(sheet: &Sheet<'_>, row: Span) -> Vec<Span> {
    let stream = &sheet.stream;
    let answers = words![":no", ": no", ":yes", ": yes", ":none", ": none", ":无", ":有", ":否", ":是"];
    let mut parted = Vec::new();
    for field in stream.fields(row) {
        let mut start = field.start;
        for at in field.start + 1..field.end {
            let blank = stream.at(at) == ' ' || stream.was_parted(at);
            if blank && stream.reads_back_any(at, answers) && opens_label(sheet, Span::new(at, field.end)) {
                parted.push(stream.trimmed(Span::new(start, at)));
                start = at;
            }
        }
        parted.push(stream.trimmed(Span::new(start, field.end)));
    }
    parted
}

/// "Bone marrow involvement: yes", not "no change in the nodules" or "no CRS; ICANS: none".
fn opens_label(sheet: &Sheet<'_>, rest: Span) -> bool {
    const LONGEST: usize = 30;
    let stream = &sheet.stream;
    let label = stream.trimmed(rest);
    let first = stream.at(label.start);
    let colon = (label.start..label.end.min(label.start + LONGEST))
        .find(|at| matches!(stream.at(*at), ':' | ',' | ';' | '.' | '。'));
    (first.is_uppercase() || crate::stream::is_han(first)) && colon.is_some_and(|at| stream.at(at) == ':')
}

fn may_be_answered(draft: &Draft) -> bool {
    draft.rule.starts_with("finding.") || draft.rule.starts_with("toxicity.")
}

fn asserted(is_so: bool) -> Assertion {
    if is_so { Assertion::Present } else { Assertion::Negated }
}

/// The items of a sentence, behind its label.
fn items(sheet: &Sheet<'_>, sentence: Span) -> Vec<Span> {
    let stream = &sheet.stream;
    let label = (sentence.start..sentence.end).find(|at| matches!(stream.at(*at), ':' | ','));
    let begin = label.filter(|at| stream.at(*at) == ':').map_or(sentence.start, |at| at + 1);
    let parts = |at: &usize| matches!(stream.at(*at), ',' | ';' | '\t' | '\n');
    let ends = (begin..sentence.end).filter(parts).chain([sentence.end]);
    let mut start = begin;
    let mut items = Vec::new();
    for end in ends {
        if end > start {
            items.push(Span::new(start, end));
        }
        start = end + 1;
    }
    items
}

/// The sign that an item begins with.
fn lead(item: &str) -> Option<bool> {
    let sign = |rest: &str| rest.starts_with(' ') && rest.trim_start().starts_with(char::is_alphabetic);
    let is = |mark: &str| item.strip_prefix(mark).is_some_and(sign);
    let (so, not) = (is("(+)") || is("+"), is("(-)") || is("-"));
    ((so || not) && item.split_whitespace().count() <= LONGEST).then_some(so)
}

/// The answer that an item ends with.
fn tail(item: &str) -> Option<bool> {
    let item = item.trim_end_matches(['.', '。']);
    let ends = |words: &[&str]| {
        words.iter().any(|word| item.strip_suffix(word).is_some_and(|rest| rest.ends_with(' ')))
    };
    let (so, not) = (ends(&["+", "(+)", "yes"]), ends(&["-", "(-)", "no"]));
    let apart = !item.contains([':', '(']) || item.ends_with(')');
    ((so || not) && apart && item.split_whitespace().count() <= LONGEST).then_some(so)
}
