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
    stream::{Span, Stream},
    vocabulary::person::{DONATES_TO_WRITER, FORMER, NOT_ME, OWN_WORDS, WRITER},
    words::{List, Place, words},
};
use cartulary_model::Experiencer;

/// Words for the same relative.
const KIN: [&List; 18] = [
    words!["mother", "mum", "mom", "mam", "mummy", "母亲", "妈妈", "妈", "其母"],
    words!["father", "dad", "daddy", "父亲", "爸爸", "爸", "其父"],
    words!["husband", "老公", "丈夫", "其夫"],
    words!["wife", "老婆", "妻子", "其妻"],
    words!["brother", "哥哥", "弟弟", "大哥", "二哥", "小弟", "哥", "其兄", "其弟", "其哥"],
    words!["sister", "姐姐", "妹妹", "大姐", "二姐", "小妹", "姐", "其姐", "其妹"],
    words!["son", "儿子", "其子"],
    words!["daughter", "女儿", "其女"],
    words!["grandmother", "grandma", "granny", "nan", "奶奶", "姥姥", "外婆", "祖母", "外祖母"],
    words!["grandfather", "grandpa", "granddad", "爷爷", "姥爷", "外公", "祖父", "外祖父"],
    words!["father-in-law", "岳父", "公公", "老丈人"],
    words!["mother-in-law", "岳母", "婆婆", "丈母娘"],
    words!["aunt", "姨妈", "姑姑", "姑妈", "大姨", "小姨", "姨"],
    words!["uncle", "叔叔", "伯伯", "舅舅", "大伯"],
    words!["cousin", "表哥", "表姐", "表弟", "表妹", "堂哥", "堂姐", "堂弟", "堂妹"],
    words!["partner", "爱人"],
    words!["niece", "侄女"],
    words!["nephew", "侄子"],
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
        let stream = &sheet.stream;
        let whole = Span::new(0, stream.len());
        let kin = |at: &usize| {
            let at = *at;
            kin_at(stream, at)
                .filter(|_| !is_of_another(stream, at) && !is_sender(stream, at))
                .map(|kin| (at, kin))
        };
        let named = stream.words_beginning(whole, words!["患者是我", "病人是我", "patient is my "]).next();
        let places = kin_places(stream);
        let first = named.map(|of| of.start()).and_then(|from| {
            let from = places.partition_point(|at| *at < from)..places.partition_point(|at| *at < from + 20);
            places[from].iter().find_map(kin)
        });
        let all = || places.iter().filter_map(kin);
        let first = first.or_else(|| all().find(|(at, _)| !is_former(stream, *at))).or_else(|| all().next());
        let not_me = stream.words_beginning(whole, NOT_ME).next().is_some();
        let own = stream.words_beginning(whole, OWN_WORDS).next().map(|of| of.start());
        let writer = own.filter(|_| !not_me);
        // `我儿子给我配上型了`: the relative is the writer's donor.
        if stream.words_beginning(whole, DONATES_TO_WRITER).next().is_some() {
            return Self::Writer;
        }
        match (first, writer) {
            (Some((at, _)), Some(own)) if own < at => Self::Writer,
            (Some((_, kin)), _) => Self::Relative(kin),
            (None, _) => Self::Writer,
        }
    }
}

/// Where a word for a relative begins, in order.
fn kin_places(stream: &Stream) -> Vec<usize> {
    let whole = Span::new(0, stream.len());
    let mut places: Vec<usize> =
        KIN.iter().flat_map(|words| stream.words_beginning(whole, *words)).map(|of| of.start()).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// `[21:14] 女儿: 您好`: the name of who writes, at the head of a message.
fn is_sender(stream: &Stream, at: usize) -> bool {
    let before = stream.lower[..at].iter().rev().find(|of| **of != ' ');
    let heads = before.is_none_or(|of| matches!(of, ']' | '\n' | '\t'));
    let closes = |of: &Place| stream.lower.get(of.end()) == Some(&':');
    heads && KIN.iter().any(|words| stream.words_at(at, *words).any(|of| closes(&of)))
}

/// `我奶奶当年就是淋巴瘤走的,现在我爸…`: a relative of whom an old illness or a death is told is not written about.
fn is_former(stream: &Stream, at: usize) -> bool {
    let text = &stream.lower;
    let end =
        (at..text.len()).find(|of| matches!(text[*of], ',' | '。' | ';' | '.' | '\n')).unwrap_or(text.len());
    // `得结核的是他岳父`, "father-in-law is the one with the TB": somebody else is told apart.
    let before = &text[at.saturating_sub(4)..at];
    let apart = ends_with_any(stream, before, words!["的是", "的是他", "的是她", "的是我"]);
    apart || contains_any(stream, &text[at..end], FORMER)
}

/// "his brother", `他哥哥`: a relative of the one who is written about.
fn is_of_another(stream: &Stream, at: usize) -> bool {
    const POSSESSIVE: usize = 6;
    let before = &stream.lower[at.saturating_sub(POSSESSIVE)..at];
    says_any(stream, before, words!["his", "her", "their"])
        || ends_with_any(stream, before, words!["他", "她", "他的", "她的", "其"])
}

/// The relative a word at this place names; writers' names for themselves do not count.
fn kin_at(stream: &Stream, at: usize) -> Option<usize> {
    let letter = |at: usize| stream.lower.get(at).is_some_and(char::is_ascii_alphabetic);
    let inside = |of: &Place| letter(of.end()) || (at > 0 && letter(at - 1));
    let latin = stream.lower.get(at).is_some_and(char::is_ascii);
    let before = &stream.lower[at.saturating_sub(10)..at];
    let writer = contains_any(stream, before, WRITER);
    // The longest word decides: "mother-in-law" is no mother.
    let longest = KIN
        .iter()
        .enumerate()
        .flat_map(|(row, words)| stream.words_at(at, *words).map(move |of| (row, of)))
        .filter(|(_, of)| !(latin && inside(of)))
        .max_by_key(|(_, of)| of.end());
    longest.filter(|_| !writer).map(|(row, _)| row)
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
            (Told::Relative(_), Some(cue)) if is_sender(&sheet.stream, cue.start) => Experiencer::Patient,
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
    let own = says_any(&sheet.stream, before, words!["i had", "i have", "i also had", "i also have"])
        && says_any(&sheet.stream, whole, words!["myself", "also", "too"]);
    own || contains_any(&sheet.stream, before, words!["我自己", "我本人", "我也得过", "我也有"])
}

/// "This woman, whose aunt died of CLL, has NMZL": the clause on the relatives is over.
fn is_of_main_clause(sheet: &Sheet<'_>, cue: Span, at: usize) -> bool {
    const LEAD: usize = 12;
    let text = &sheet.stream.lower;
    if at < cue.end
        || !contains_any(&sheet.stream, &text[cue.start.saturating_sub(LEAD)..cue.start], words!["whose "])
    {
        return false;
    }
    contains_any(
        &sheet.stream,
        &text[cue.end..at],
        words![", has ", ", is ", ", was ", ", presents ", ", presented "],
    )
}

/// "my mother" is the patient a message is about; "his mother" and "our father" are relatives.
fn is_patient(sheet: &Sheet<'_>, patient: usize, cue: Span) -> bool {
    let stream = &sheet.stream;
    let of_cue = (cue.start..cue.end).find_map(|at| kin_at(stream, at).map(|kin| (at, kin)));
    of_cue.is_some_and(|(at, kin)| kin == patient && !is_of_another(stream, at))
}
