//! A diagnosis that a later clause takes up by a word of its own: `该诊断不成立`, "this diagnosis was later refuted".
//!
//! ## Reads
//! The word right at the head of a clause, its verdict, and the last diagnosis of the sentence before it.

use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_model::Assertion;

pub(super) fn settle(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let stream = &sheet.stream;
    let whole = Span::new(0, stream.len());
    let again = words![
        "该诊断",
        "此诊断",
        "上述诊断",
        "这一诊断",
        "原诊断",
        "this diagnosis",
        "that diagnosis",
        "the former diagnosis",
    ];
    for place in stream.words_in(whole, again) {
        const REACH: usize = 24;
        let behind = sheet.after(place.end(), REACH);
        let end = stream.first_sign_in(behind, |of| matches!(of, ',' | ';' | '。')).unwrap_or(behind.end);
        let verdict = Span::new(behind.start, end);
        let refuted = words![
            "不成立",
            "不支持",
            "被推翻",
            "被否定",
            "已排除",
            "予以排除",
            "不予支持",
            "有误",
            "refuted",
            "excluded",
            "ruled out",
            "revised",
            "rejected",
            "abandoned",
            "not confirmed",
            "wrong",
        ];
        if stream.words_in(verdict, refuted).next().is_none() {
            continue;
        }
        const BACK: usize = 140;
        let from = place.start().saturating_sub(BACK);
        let last = drafts
            .iter_mut()
            .filter(|of| of.concept.is("hist") && of.name.start >= from && of.name.end <= place.start())
            .max_by_key(|of| of.name.start);
        if let Some(draft) = last {
            draft.assertion = Some(Assertion::Negated);
            draft.cues.push(Span::new(place.start(), end));
        }
    }
}
