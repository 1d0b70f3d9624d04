//! Letters and words behind the numeral: A and B, E, S, X, groups, symptoms, bulk.

use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_model::fact::{Attr, AttrValue};

/// Letters behind a numeral.
#[derive(Clone, Debug)]
pub(super) struct Suffix {
    pub(super) letters: Vec<char>,
    pub(super) end: usize,
}

fn is_letter(of: char) -> bool {
    matches!(of, 'A' | 'B' | 'E' | 'S' | 'X' | 'a' | 'b')
}

/// `IIIsA`: a small letter for the spleen, with the group behind it.
fn is_small_spleen(sheet: &Sheet<'_>, at: usize) -> bool {
    sheet.stream.at(at) == 's' && matches!(sheet.stream.at(at + 1), 'A' | 'B')
}

/// The letters at `at`, joined (`IVB`), apart (`IV B`, `IVA-E`) or missing; nothing when another word begins there.
pub(super) fn behind(sheet: &Sheet<'_>, at: usize) -> Option<Suffix> {
    let stream = &sheet.stream;
    let mut end = at;
    while end - at < 3 && (is_letter(stream.at(end)) || is_small_spleen(sheet, end)) {
        end += 1;
    }
    if stream.at(end).is_ascii_alphanumeric() {
        return None;
    }
    let mut letters: Vec<char> =
        (at..end).map(|of| if stream.at(of) == 's' { 'S' } else { stream.at(of) }).collect();
    if let Some((more, after)) = apart(sheet, end) {
        letters.extend(more);
        end = after;
    }
    Some(Suffix { letters, end })
}

/// `IV B`, `IIA, E`, `II(E)`: letters that a sign sets apart, and that nothing follows.
fn apart(sheet: &Sheet<'_>, at: usize) -> Option<(Vec<char>, usize)> {
    let stream = &sheet.stream;
    let opened = stream.at(at) == '(';
    let from = if matches!(stream.at(at), ' ' | '-' | '(') { at + 1 } else { return None };
    let end = (from..from + 4)
        .find(|of| !matches!(stream.at(*of), 'A' | 'B' | 'E' | 'S' | 'X'))
        .filter(|end| *end > from)?;
    let next = stream.at(end);
    let ends = match next {
        ')' => opened,
        '-' => false,
        ' ' => {
            !stream.reads_any(end + 1, words!["symptom", "cell", "sympt", "year", "and "])
                // "III A with FLIPI 3", "IV-A (liver)"; in "stage III A mass" it is an article.
                && (stream.at(from) != 'A'
                    || stream.at(at) == '-'
                    || stream.reads_any(end + 1, words!["with ", "by ", "at ", "disease", "(", "in "]))
        }
        other => !other.is_alphanumeric() || matches!(other, '期' | '组'),
    };
    let letters = (from..end).map(|of| stream.at(of)).collect();
    ends.then(|| (letters, end + usize::from(next == ')' && opened)))
}

/// `Ⅲ期A组`, `Ⅲ期(B组)`, `IV期B`: the group letter behind 期.
///
/// In a message the letter may be small.
pub(super) fn group(sheet: &Sheet<'_>, at: usize, small: bool) -> Option<(char, usize)> {
    let stream = &sheet.stream;
    let opened = stream.at(at) == '(';
    let apart = opened || matches!(stream.at(at), ',' | ' ' | '-');
    let from = at + usize::from(apart);
    let letter = if small { stream.at(from).to_ascii_uppercase() } else { stream.at(from) };
    let said = stream.at(from + 1) == '组';
    let ends = said || (!apart && !stream.at(from + 1).is_alphanumeric() && stream.at(from + 1) != '-');
    let closed = usize::from(opened && stream.at(from + 1 + usize::from(said)) == ')');
    (matches!(letter, 'A' | 'B' | 'X' | 'E' | 'S') && (ends || closed == 1))
        .then(|| (letter, from + 1 + usize::from(said) + closed))
}

/// The end of a short bracket right behind the stage.
fn bracket_behind(sheet: &Sheet<'_>, end: usize) -> Option<usize> {
    const LONGEST: usize = 64;
    let open = (end..end + 2).find(|at| sheet.stream.at(*at) == '(')?;
    let close = (open..open + LONGEST).find(|at| sheet.stream.at(*at) == ')')? + 1;
    let told = sheet.says(Span::new(open, close), words!["b symptoms", "bulk", "b症状", "包块"]);
    (!told && sheet.stream.at(close) == ',').then_some(close)
}

/// What words behind the stage say: `stage IV, no B symptoms`, `stage II bulky`, `伴大包块`.
pub(super) fn words(sheet: &Sheet<'_>, draft: &mut Draft) {
    let said: [(&str, Attr, bool); 60] = [
        ("b symptoms: absent", Attr::BSymptoms, false),
        ("b symptoms: none", Attr::BSymptoms, false),
        ("b symptoms negative", Attr::BSymptoms, false),
        ("b symptoms: present", Attr::BSymptoms, true),
        ("b symptoms: yes", Attr::BSymptoms, true),
        ("b症状:无", Attr::BSymptoms, false),
        ("b症状:有", Attr::BSymptoms, true),
        ("no b symptoms", Attr::BSymptoms, false),
        ("no b-symptoms", Attr::BSymptoms, false),
        ("no b's", Attr::BSymptoms, false),
        ("nil b symptoms", Attr::BSymptoms, false),
        ("without b symptoms", Attr::BSymptoms, false),
        ("without b-symptoms", Attr::BSymptoms, false),
        ("b symptoms absent", Attr::BSymptoms, false),
        ("b symptoms: no", Attr::BSymptoms, false),
        ("无b症状", Attr::BSymptoms, false),
        ("无明显b症状", Attr::BSymptoms, false),
        ("不伴b症状", Attr::BSymptoms, false),
        ("b症状(-)", Attr::BSymptoms, false),
        ("b症状阴性", Attr::BSymptoms, false),
        ("with b symptoms", Attr::BSymptoms, true),
        ("with b-symptoms", Attr::BSymptoms, true),
        ("b symptoms present", Attr::BSymptoms, true),
        ("有b症状", Attr::BSymptoms, true),
        ("伴b症状", Attr::BSymptoms, true),
        ("b症状(+)", Attr::BSymptoms, true),
        ("bulky", Attr::Bulky, true),
        ("with bulky", Attr::Bulky, true),
        ("with bulk", Attr::Bulky, true),
        ("bulky (-)", Attr::Bulky, false),
        ("bulky(-)", Attr::Bulky, false),
        ("bulky: no", Attr::Bulky, false),
        ("bulky:no", Attr::Bulky, false),
        ("bulky: n", Attr::Bulky, false),
        ("bulky: absent", Attr::Bulky, false),
        ("bulky disease: no", Attr::Bulky, false),
        ("bulky disease no", Attr::Bulky, false),
        ("大包块(-)", Attr::Bulky, false),
        ("大包块:无", Attr::Bulky, false),
        ("巨块(-)", Attr::Bulky, false),
        ("non-bulky", Attr::Bulky, false),
        ("nonbulky", Attr::Bulky, false),
        ("not bulky", Attr::Bulky, false),
        ("no bulk", Attr::Bulky, false),
        ("no bulky disease", Attr::Bulky, false),
        ("without bulk", Attr::Bulky, false),
        ("无大包块", Attr::Bulky, false),
        ("无大肿块", Attr::Bulky, false),
        ("无巨块", Attr::Bulky, false),
        ("非大包块", Attr::Bulky, false),
        ("伴大包块", Attr::Bulky, true),
        ("大包块", Attr::Bulky, true),
        ("伴大肿块", Attr::Bulky, true),
        ("伴有大肿块", Attr::Bulky, true),
        ("伴有大包块", Attr::Bulky, true),
        ("伴巨大肿块", Attr::Bulky, true),
        ("伴巨块", Attr::Bulky, true),
        ("伴bulky", Attr::Bulky, true),
        ("大肿块", Attr::Bulky, true),
        ("巨块", Attr::Bulky, true),
    ];
    denied_behind(sheet, draft);
    let mut end = draft.span.end;
    // `stage IE (stomach), no B symptoms`
    if let Some(close) = bracket_behind(sheet, end) {
        end = close;
    }
    for _ in 0..3 {
        let Some(start) = (end..end + 3)
            .find(|at| !matches!(sheet.stream.at(*at), ' ' | ',' | '(' | '、' | ';' | '.' | '。'))
        else {
            return;
        };
        let Some((word, attr, value)) = said
            .iter()
            .filter(|(word, _, _)| sheet.stream.reads(start, word))
            .max_by_key(|(word, _, _)| word.chars().count())
        else {
            return;
        };
        draft.set(*attr, AttrValue::Flag(*value));
        // A mass with its size is a finding of its own.
        end = start + word.chars().count();
        let denied = word.starts_with("bulky") && !*value;
        if *attr == Attr::BSymptoms
            || denied
            || *word == "bulky" && !sheet.stream.at(start + 6).is_ascii_alphanumeric()
        {
            draft.span = Span::new(draft.span.start, end);
        } else if *value {
            return;
        }
    }
}

/// "Ann Arbor IV on the basis of marrow and CSF, no B symptoms": in the clause behind, and no other stage before it.
fn denied_behind(sheet: &Sheet<'_>, draft: &mut Draft) {
    const REACH: usize = 60;
    let end = draft.span.end;
    let sentence = sheet.sentence(draft.span.start).end.max(end);
    let behind = Span::new(end, sentence.min(end + REACH));
    let none = words!["no b symptoms", "no b-symptoms", "without b symptoms", "no b's"];
    let Some(word) = sheet.stream.words_in(behind, none).next() else { return };
    let between = Span::new(end, word.start());
    let other = words!["stage", "relapse", ";", "now ", "then ", "later"];
    if !draft.attrs.contains_key(&Attr::BSymptoms) && !sheet.says(between, other) {
        draft.set(Attr::BSymptoms, AttrValue::Flag(false));
    }
}
