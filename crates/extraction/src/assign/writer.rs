//! Who writes a message in English, and what is told of the writer or of another patient.
//!
//! ## Reads
//! "it's Carla (pts daughter)", "Her brother here"; "the bad ICANS was the other chap".

use super::kin;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Span, Stream},
    words::words,
};
use cartulary_model::Experiencer;

/// "(pts daughter)", "(patient's son)": the bracket says who writes.
pub(super) fn signs_as_kin_of_patient(stream: &Stream, kin: usize) -> bool {
    let of = ["pts ", "pt's ", "pt’s ", "patient's ", "patient’s ", "patients ", "her ", "his "];
    let start = of.iter().find_map(|word| stream.reads_back(kin, word));
    start.is_some_and(|at| at > 0 && stream.at(at - 1) == '(')
}

/// "Her brother here.", "Wife of the patient writing": somebody else than the patient writes.
pub(super) fn is_relative(sheet: &Sheet<'_>) -> bool {
    const OPENING: usize = 60;
    let stream = &sheet.stream;
    let here = words![" here", " speaking", " writing", ")"];
    let opening = Span::new(0, stream.len().min(OPENING));
    stream.words_in(opening, here).any(|of| {
        let word = (of.start().saturating_sub(12)..of.start()).find(|at| {
            kin::at(stream, *at).is_some()
                && !(*at..of.start()).any(|of| matches!(stream.at(of), ' ' | '.' | ','))
        });
        word.is_some_and(|at| {
            stream.reads_back_any(at, words!["her ", "his ", "pts ", "pt's ", "patient's ", "the patient's "])
        })
    })
}

/// "The bad ICANS was the other chap", "... belongs to another patient".
pub(super) fn is_of_another_patient(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let whose = words![
        " was the other chap",
        " was the other patient",
        " was the other man",
        " was the other woman",
        " was the other lady",
        " was the other gentleman",
        " was the other guy",
        " was the other one",
        " was in the other patient",
        " was another patient",
        " is another patient",
        " belongs to another patient",
        " belonged to another patient",
    ];
    sheet.stream.reads_any(draft.span.end.max(draft.name.end), whose)
}

/// `乙肝那张是我弟的`, `这份化验单…是我哥的`: the paper on it is of somebody else's.
pub(super) fn is_on_paper_of_kin(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let stream = &sheet.stream;
    let paper = words!["那张是", "那份是", "那个是", "那页是", "的化验单是", "的报告是", "那张化验单是"];
    let Some(whose) = stream.words_at(draft.name.end, paper).next_back() else { return false };
    let owner = words!["我", "他", "她"];
    let at = stream.words_at(whose.end(), owner).next_back().map_or(whose.end(), |of| of.end());
    let kin = words![
        "弟", "哥", "姐", "妹", "爸", "妈", "老公", "老婆", "儿子", "女儿", "爱人", "丈夫", "妻子", "同事",
        "邻居"
    ];
    stream.words_at(at, kin).next().is_some()
}

/// `我爸没有乙肝,有乙肝的是我`: in a message on a relative what "is me" is the writer's.
pub(super) fn is_told_as_writers(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let stream = &sheet.stream;
    let end = draft.name.end;
    let Some(me) = stream.words_at(end, words!["的是我", "的是我自己", "的人是我"]).next_back()
    else {
        return false;
    };
    let behind = stream.at(me.end());
    stream.reads_back_any(draft.name.start, words!["有", "得", "患", "得过", "患有"])
        && (me.end() >= stream.len() || !behind.is_alphanumeric())
}

/// A day that is told of a relative's or the writer's illness is not the patient's.
pub(crate) fn keep_their_days(drafts: &mut [Draft]) {
    let theirs: Vec<Span> = drafts
        .iter()
        .filter(|of| of.experiencer.is_some_and(|whose| whose != Experiencer::Patient))
        .filter_map(|of| of.date.map(|(_, day)| (of, day)))
        .filter(|(of, day)| is_near(of.span, *day))
        .map(|(_, day)| day)
        .collect();
    if theirs.is_empty() {
        return;
    }
    let own = drafts.iter_mut().filter(|of| of.experiencer == Some(Experiencer::Patient));
    for draft in own.filter(|of| of.date.is_some_and(|(_, day)| theirs.contains(&day))) {
        if !draft.date.is_some_and(|(_, day)| is_near(draft.span, day)) {
            draft.date = None;
        }
    }
}

/// Inside the words of a fact or right behind them.
fn is_near(of: Span, day: Span) -> bool {
    const BEHIND: usize = 16;
    of.start <= day.start && day.start <= of.end + BEHIND
}
