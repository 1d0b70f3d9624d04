//! Standing orders: `出现CRS时予托珠单抗`, `PLT<20×10^9/L时输注血小板`: what is to be done when something comes.
//!
//! ## Leaves alone
//! What came and was treated: it has a day, a course or an outcome (`D3出现CRS时予托珠单抗后好转`).

use crate::{
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::therapy::{STANDING_OUTCOMES, STANDING_TRIGGERS, STANDING_VERBS},
    words::words,
};

/// Whether the words at a span are the case or the order of a standing order.
pub(crate) fn is_standing_order(sheet: &Sheet<'_>, span: Span) -> bool {
    const REACH: usize = 60;
    let stream = &sheet.stream;
    // Most words stand far from any 时.
    let near = Span::new(span.start.saturating_sub(REACH), span.end + REACH);
    if !sheet.says(near, words!["时"]) {
        return false;
    }
    let ends = |at: &usize| matches!(stream.at(*at), ';' | '。' | BREAK);
    let sentence = sheet.sentence(span.start);
    let start = (sentence.start..span.start).rev().find(ends).map_or(sentence.start, |at| at + 1);
    let end = (span.end..sentence.end.min(span.end + REACH))
        .find(ends)
        .unwrap_or(sentence.end.min(span.end + REACH));
    let clause = Span::new(start.max(span.start.saturating_sub(REACH)), end.max(span.end));
    let Some(when) = order_near(sheet, clause, span) else { return false };
    let from = (clause.start..when).rev().find(|at| stream.at(*at) == ',').map_or(clause.start, |at| at + 1);
    let case = Span::new(from, when);
    let until = (when + 2..clause.end).find(|at| stream.at(*at) == ',').unwrap_or(clause.end);
    let within = span.start >= from && span.start < until;
    let day = sheet.mentions.iter().any(|of| of.span.start >= start && of.span.end <= end)
        || (clause.start..when).any(|at| {
            matches!(stream.at(at), 'D' | 'd' | '第')
                && stream.at(at + 1).is_ascii_digit()
                && !stream.at(at.saturating_sub(1)).is_ascii_alphanumeric()
        });
    within && sheet.says(case, STANDING_TRIGGERS) && !day && !sheet.says(clause, STANDING_OUTCOMES)
}

/// The `时` nearest to the words behind which an order begins: `时予`, `时,可给予`, `时输注`.
fn order_near(sheet: &Sheet<'_>, clause: Span, span: Span) -> Option<usize> {
    let stream = &sheet.stream;
    let ordered = |at: &usize| {
        if stream.at(*at) != '时' {
            return false;
        }
        let mut verb = at + 1;
        while matches!(stream.at(verb), ',' | '可' | '应' | '则' | '即' | '需') {
            verb += 1;
        }
        stream.reads_any(verb, STANDING_VERBS)
            && !stream.reads_back_any(
                *at,
                words!["同", "当", "小", "按", "及", "定", "临", "暂", "有", "随", "平", "届"],
            )
    };
    let before = (clause.start..span.start).rev().find(ordered);
    let behind = (span.end..clause.end).find(ordered);
    behind.filter(|at| !(span.end..*at).any(|of| stream.at(of) == ',')).or(before)
}
