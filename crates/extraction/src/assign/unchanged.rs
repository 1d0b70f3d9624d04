//! States that go on: what is said not to have changed is there.
//!
//! ## Reads
//! `未诉头痛,视物模糊未再加重`, "no fever, cough unchanged": words right behind the name.
//!
//! "denied fever but not night sweats": what a denial leaves out.
//!
//! ## Leaves alone
//! A denial right in front of the name: "no cough persists", "no fever, chills or cough persists".

use crate::{assertion::Reading, draft::Draft, sheet::Sheet, stream::Span, words::words};

pub(super) fn goes_on(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> bool {
    let stream = &sheet.stream;
    let behind = words![
        "未再加重",
        "未加重",
        "未见加重",
        "无加重",
        "无明显加重",
        "未进一步加重",
        "较前未加重",
        "未好转",
        "无好转",
        "未见好转",
        "无明显好转",
        "未缓解",
        "无缓解",
        "未见缓解",
        "无明显缓解",
        "较前无缓解",
        "较前无好转",
        "未改善",
        "无改善",
        "未减轻",
        "无减轻",
        "仍存在",
        "仍有",
        "持续存在",
        "无变化",
        "无明显变化",
        "较前无变化",
        " unchanged",
        " is unchanged",
        " are unchanged",
        " persists",
        " persist",
        " has not improved",
        " have not improved",
        " not improved",
        " has not resolved",
        " not resolved",
        " is no worse",
        " no worse",
        " not worse",
        " is stable",
        " stable",
        " remains the same",
    ];
    if !stream.reads_any(draft.name.end, behind) {
        return false;
    }
    // "No fever, chills or cough persists", "no significant effusion persists": still of the denial.
    let joined = ["or ", "nor "].iter().any(|word| stream.reads_back(draft.name.start, word).is_some());
    let parted = |cue: &Span| (cue.end..draft.name.start).any(|at| matches!(stream.at(at), ',' | ';'));
    !joined && reading.cues.iter().filter(|cue| cue.end <= draft.name.start).all(parted)
}

/// "denied fever and weight loss but not night sweats": he did not deny them; `没发烧瘦了10来斤`: 了 says that it happened.
pub(super) fn is_excepted(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let stream = &sheet.stream;
    let happened = stream.reads(draft.name.start, "瘦了")
        && !stream.reads_back_any(draft.name.start, words!["没", "没有", "未", "不"]);
    if happened {
        return true;
    }
    let opens = words!["but not ", "but not the ", "though not ", "although not ", "only not "];
    let Some(not) = stream.words_ending(draft.name.start, opens).next() else { return false };
    let sentence = sheet.sentence(draft.name.start);
    let before = Span::new(sentence.start.min(not.start()), not.start());
    let denied = words!["denied ", "denies ", "denying ", "deny "];
    stream.words_in(before, denied).next().is_some()
}
