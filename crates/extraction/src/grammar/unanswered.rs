//! Questions of a form whose answer is an empty dash: `Active GVHD: -`, `中枢侵犯 | —`.
//!
//! ## Leaves alone
//! Results of tests, for which a dash is the sign of *negative*: `HBsAg: -`.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, CELL, Stream},
};

/// Takes out what only asks: a name, a colon or the border of a cell, and a dash.
pub(super) fn leave_out(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let asks = |draft: &Draft| {
        let asked = ["finding.", "therapy.", "toxicity.", "event.", "transformation."];
        asked.iter().any(|family| draft.rule.starts_with(family))
            && is_dash_behind(&sheet.stream, draft.span.end)
    };
    drafts.retain(|draft| !asks(draft));
}

fn is_dash_behind(stream: &Stream, end: usize) -> bool {
    // A word may belong to the name: `Seizures (any)`, `GVHD, active`.
    const LONGEST: usize = 24;
    let plain = |at: &usize| stream.at(*at).is_alphabetic() || matches!(stream.at(*at), ' ' | '(' | ')');
    let Some(mark) = (end..end + LONGEST).find(|at| !plain(at)) else { return false };
    let mut at = mark + 1;
    while stream.at(at) == ' ' {
        at += 1;
    }
    let first = at;
    while stream.at(at) == '-' {
        at += 1;
    }
    let ends = matches!(stream.at(at), BREAK | CELL | ',' | ';' | '。')
        || (stream.at(at) == ' ' && stream.at(at + 1).is_alphabetic());
    matches!(stream.at(mark), ':' | CELL) && at > first && ends
}
