//! What the words right around a course say beyond doubt, whatever is planned or denied elsewhere in the sentence.
//!
//! ## Reads
//! "We had planned liso-cel but axi-cel was used", `申请使用瑞基奥仑赛，既往R-CHOP治疗失败`, `原计划自体移植，未实施`, "tisa-cel failed release but was
//! given", "axi-cel on 8 March" in a paper of February.

use crate::{
    draft::Draft,
    grammar::therapy::{name::Name, words::says},
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::therapy::{FOLLOWED_BY_NOTHING, ORIGINALLY, TOLD_AS_PAST},
    words::words,
};
use cartulary_model::{
    Assertion,
    fact::{Attr, AttrValue},
};

/// So many days of plans a paper may name.
const MOST_AHEAD: usize = 3;

/// "... but axi-cel was used", "requested on 2 January and infused on 4 February", `既往R-CHOP、R-ICE治疗失败`.
pub(super) fn is_given(sheet: &Sheet<'_>, name: &Name) -> bool {
    const NEAR: usize = 60;
    let stream = &sheet.stream;
    let taken = [" was used", " was given", " was infused", " was administered", " was chosen and given"];
    let instead = stream.reads_back_any(name.span.start, words!["but ", "but then ", "but instead "])
        && taken.iter().any(|word| stream.reads(name.span.end, word));
    let sentence = sheet.sentence(name.span.start);
    let behind = Span::new(name.span.end, sentence.end.min(name.span.end + NEAR).max(name.span.end));
    let after_all = says(
        stream,
        behind,
        words![
            "but was given",
            "but was infused",
            "but was still given",
            "but was still infused",
            "and infused on ",
            "and was infused on ",
            "and given on ",
            "and was given on "
        ],
    );
    // `申请使用瑞基奥仑赛，既往R-CHOP、R-ICE治疗失败`
    let clause = (sentence.start..name.span.start)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | '。' | BREAK))
        .map(|at| at + 1);
    let failed = says(stream, behind, words!["治疗失败", "后复发", "后进展", "治疗无效", "无效"]);
    let before =
        clause.is_some_and(|at| stream.reads_any(at, words!["既往", "曾用", "曾行", "曾接受"])) && failed;
    // "after axi-cel (infused 1 Feb 2025)"
    let told = stream.reads_any(
        name.span.end,
        words![" (infused ", " (given ", ", infused ", ", given on ", " (reinfused "],
    );
    instead || after_all || before || told
}

/// `原计划自体移植，未实施`: the plan of before, and right behind it that nothing came of it.
pub(super) fn came_to_nothing(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let behind = name.span.end + usize::from(matches!(stream.at(name.span.end), ',' | '('));
    stream.reads_back_any(name.span.start, ORIGINALLY) && stream.reads_any(behind, FOLLOWED_BY_NOTHING)
}

/// "Axi-cel on 8 March" in a paper of February: what begins after the paper was written is planned, unless it is told as done.
pub(in crate::grammar::therapy) fn plan_ahead(sheet: &Sheet<'_>, name: &Name, draft: &mut Draft) {
    let Some(AttrValue::Date(start)) = draft.attrs.get(&Attr::Start) else { return };
    let present =
        !matches!(draft.assertion, Some(Assertion::Hypothetical | Assertion::Negated | Assertion::Possible));
    let ahead = start.day().is_some()
        && sheet.date.is_some_and(|paper| paper.day().is_some() && start.earliest() > paper.latest());
    // Where much is told of later days, the paper was written later than was thought.
    let later = |paper: cartulary_model::PartialDate| {
        let days = sheet.mentions.iter().filter(|of| of.date.day().is_some() && !of.relative);
        days.filter(|of| of.date.earliest() > paper.latest()).count()
    };
    if sheet.date.is_some_and(|paper| later(paper) > MOST_AHEAD) {
        return;
    }
    let (before, behind) = (sheet.before(name.span.start, 24), sheet.after(name.span.end, 24));
    // A course with its last day is told as over, and the paper's own day may have been taken from elsewhere.
    let told = draft.attrs.contains_key(&Attr::End)
        || says(&sheet.stream, before, TOLD_AS_PAST)
        || says(&sheet.stream, before, words!["given", "infused", "received"])
        || says(&sheet.stream, behind, words!["was ", "were ", "given", "infused", "received", "已", "了"]);
    if present && ahead && !told {
        draft.assertion = Some(Assertion::Hypothetical);
        draft.set(Attr::Status, AttrValue::Text("planned".to_owned()));
    }
}
