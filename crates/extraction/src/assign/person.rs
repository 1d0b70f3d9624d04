//! Of whom a draft is told: the patient, a relative, a donor, somebody else.
//!
//! ## Reads
//! Experiencer cues and the family history's heading. In a message the relative written about is the patient: the
//! first one named, unless the writer speaks of their own illness. "His mum", "our father", `我爷爷` beside them are family.
//!
//! ## Leaves alone
//! Treatments of donors: what is given of a donor is given to the patient.

use crate::{
    assertion::{Reading, contains_any, ends_with_any, says_any},
    draft::Draft,
    sheet::Sheet,
    stream::Span,
    vocabulary::person::{DONATES_TO_WRITER, FORMER, NOT_ME, OWN_WORDS, WRITER},
};
use cartulary_model::Experiencer;

/// Words for the same relative.
const KIN: [&[&str]; 18] = [
    &["mother", "mum", "mom", "mam", "mummy", "母亲", "妈妈", "妈", "其母"],
    &["father", "dad", "daddy", "父亲", "爸爸", "爸", "其父"],
    &["husband", "老公", "丈夫", "其夫"],
    &["wife", "老婆", "妻子", "其妻"],
    &["brother", "哥哥", "弟弟", "大哥", "二哥", "小弟", "哥", "其兄", "其弟", "其哥"],
    &["sister", "姐姐", "妹妹", "大姐", "二姐", "小妹", "姐", "其姐", "其妹"],
    &["son", "儿子", "其子"],
    &["daughter", "女儿", "其女"],
    &["grandmother", "grandma", "granny", "nan", "奶奶", "姥姥", "外婆", "祖母", "外祖母"],
    &["grandfather", "grandpa", "granddad", "爷爷", "姥爷", "外公", "祖父", "外祖父"],
    &["father-in-law", "岳父", "公公", "老丈人"],
    &["mother-in-law", "岳母", "婆婆", "丈母娘"],
    &["aunt", "姨妈", "姑姑", "姑妈", "大姨", "小姨", "姨"],
    &["uncle", "叔叔", "伯伯", "舅舅", "大伯"],
    &["cousin", "表哥", "表姐", "表弟", "表妹", "堂哥", "堂姐", "堂弟", "堂妹"],
    &["partner", "爱人"],
    &["niece", "侄女"],
    &["nephew", "侄子"],
];

/// Who the patient of a message is.
pub(crate) enum Told {
    /// The document is no message: relatives are relatives.
    Record,
    /// The writer is the patient, or names no relative.
    Writer,
    /// The relative of this row of [`KIN`] is the patient.
    Relative(usize),
}

impl Told {
    pub(crate) fn new(sheet: &Sheet<'_>) -> Self {
        if !sheet.is_kind(&["sec.doc_message"]) {
            return Self::Record;
        }
        let text = &sheet.stream.lower;
        let own = OWN_WORDS;
        let kin = |at: usize| {
            kin_at(text, at).filter(|_| !is_of_another(text, at) && !is_sender(text, at)).map(|kin| (at, kin))
        };
        let named = (0..text.len()).find(|at| {
            ["患者是我", "病人是我", "patient is my "].iter().any(|word| starts_at(text, *at, word))
        });
        let first = named.and_then(|at| (at..text.len().min(at + 20)).find_map(kin));
        let all = || (0..text.len()).filter_map(kin);
        let first = first.or_else(|| all().find(|(at, _)| !is_former(text, *at))).or_else(|| all().next());
        let not_me = (0..text.len()).any(|at| NOT_ME.iter().any(|word| starts_at(text, at, word)));
        let writer =
            (0..text.len()).filter(|_| !not_me).find(|at| own.iter().any(|word| starts_at(text, *at, word)));
        // `我儿子给我配上型了`: the relative is the writer's donor.
        if (0..text.len()).any(|at| DONATES_TO_WRITER.iter().any(|word| starts_at(text, at, word))) {
            return Self::Writer;
        }
        match (first, writer) {
            (Some((at, _)), Some(own)) if own < at => Self::Writer,
            (Some((_, kin)), _) => Self::Relative(kin),
            (None, _) => Self::Writer,
        }
    }
}

/// `[21:14] 女儿: 您好`: the name of who writes, at the head of a message.
fn is_sender(text: &[char], at: usize) -> bool {
    let before = text[..at].iter().rev().find(|of| **of != ' ');
    let heads = before.is_none_or(|of| matches!(of, ']' | '\n' | '\t'));
    let closes = |word: &&str| starts_at(text, at, word) && text.get(at + word.chars().count()) == Some(&':');
    heads && KIN.iter().flat_map(|words| words.iter()).any(closes)
}

/// `我奶奶当年就是淋巴瘤走的,现在我爸…`: a relative of whom an old illness or a death is told is not written about.
fn is_former(text: &[char], at: usize) -> bool {
    let end =
        (at..text.len()).find(|of| matches!(text[*of], ',' | '。' | ';' | '.' | '\n')).unwrap_or(text.len());
    // `得结核的是他岳父`, "father-in-law is the one with the TB": somebody else is told apart.
    let apart = ends_with_any(&text[at.saturating_sub(4)..at], &["的是", "的是他", "的是她", "的是我"]);
    apart || contains_any(&text[at..end], FORMER)
}

/// "his brother", `他哥哥`: a relative of the one who is written about.
fn is_of_another(text: &[char], at: usize) -> bool {
    const POSSESSIVE: usize = 6;
    let before = &text[at.saturating_sub(POSSESSIVE)..at];
    says_any(before, &["his", "her", "their"]) || ends_with_any(before, &["他", "她", "他的", "她的", "其"])
}

/// The relative a word at this place names; writers' names for themselves do not count.
fn kin_at(text: &[char], at: usize) -> Option<usize> {
    let ends = |word: &str| {
        let end = at + word.chars().count();
        let latin = word.is_ascii();
        starts_at(text, at, word)
            && (!latin
                || (!text.get(end).is_some_and(char::is_ascii_alphabetic)
                    && (at == 0 || !text[at - 1].is_ascii_alphabetic())))
    };
    let from = at.saturating_sub(10);
    let before = &text[from..at];
    let writer = contains_any(before, WRITER);
    // The longest word decides: "mother-in-law" is no mother.
    let longest = KIN
        .iter()
        .enumerate()
        .flat_map(|(row, words)| words.iter().map(move |word| (row, *word)))
        .filter(|(_, word)| ends(word))
        .max_by_key(|(_, word)| word.len());
    longest.filter(|_| !writer).map(|(row, _)| row)
}

fn starts_at(text: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(offset, of)| text.get(at + offset) == Some(&of))
}

/// The person a draft is told of.
pub(crate) fn experiencer(sheet: &Sheet<'_>, told: &Told, draft: &Draft, reading: &Reading) -> Experiencer {
    let family_section = sheet.is_under(draft.span.start, &["sec.sec_family"]);
    match reading.experiencer {
        Experiencer::Donor
            if matches!(draft.concept.kind(), "reg" | "drug" | "site")
                || draft.rule.starts_with("response")
                || draft.rule.starts_with("stage") =>
        {
            Experiencer::Patient
        }
        Experiencer::Family => match (told, reading.told_of) {
            (Told::Relative(_), Some(cue)) if is_sender(&sheet.stream.lower, cue.start) => {
                Experiencer::Patient
            }
            (Told::Relative(kin), Some(cue)) if is_patient(sheet, *kin, cue) => Experiencer::Patient,
            (_, Some(cue)) if is_of_main_clause(sheet, cue, draft.name.start) => Experiencer::Patient,
            _ => Experiencer::Family,
        },
        Experiencer::Patient if matches!(told, Told::Relative(_)) && is_of_writer(sheet, draft) => {
            Experiencer::Family
        }
        Experiencer::Patient if family_section && !reading.of_patient => Experiencer::Family,
        other => other,
    }
}

/// "I had lymphoma myself" in a message about somebody else.
fn is_of_writer(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let sentence = sheet.sentence(draft.name.start);
    let before = &sheet.stream.lower[sentence.start..draft.name.start];
    let whole = &sheet.stream.lower[sentence.start..sentence.end];
    let own = says_any(before, &["i had", "i have", "i also had", "i also have"])
        && says_any(whole, &["myself", "also", "too"]);
    own || contains_any(before, &["我自己", "我本人", "我也得过", "我也有"])
}

/// "This woman, whose aunt died of CLL, has NMZL": the clause on the relatives is over.
fn is_of_main_clause(sheet: &Sheet<'_>, cue: Span, at: usize) -> bool {
    const LEAD: usize = 12;
    let text = &sheet.stream.lower;
    if at < cue.end || !contains_any(&text[cue.start.saturating_sub(LEAD)..cue.start], &["whose "]) {
        return false;
    }
    contains_any(&text[cue.end..at], &[", has ", ", is ", ", was ", ", presents ", ", presented "])
}

/// "my mother" is the patient a message is about; "his mother" and "our father" are relatives.
fn is_patient(sheet: &Sheet<'_>, patient: usize, cue: Span) -> bool {
    let text = &sheet.stream.lower;
    let of_cue = (cue.start..cue.end).find_map(|at| kin_at(text, at).map(|kin| (at, kin)));
    of_cue.is_some_and(|(at, kin)| kin == patient && !is_of_another(text, at))
}
