//! Stages and phases that are not the lymphoma's.

use crate::{
    sheet::Sheet,
    stream::Span,
    vocabulary::stage::{OTHER_BEFORE, OTHER_BEHIND, OTHER_OWN},
};

/// Whether the stage is one of another disease, another system, or a phase of a trial.
pub(super) fn is_other(sheet: &Sheet<'_>, span: Span, end: usize) -> bool {
    let stream = &sheet.stream;
    let from = (end..end + 2).find(|at| !matches!(stream.at(*at), ' ' | '(')).unwrap_or(end);
    if stream.reads_any(from, OTHER_BEHIND) {
        return true;
    }
    if stream.reads(from, "(乳腺") || stream.reads(from, "高血压") {
        return true;
    }
    // `stage I breast cancer` in other word order, `CKD stage 3`: the nearest disease before decides.
    let window = sheet.before(span.start, 34);
    let text = stream.lower_text(window);
    let clause = text.rsplit(['。', ';', '\t']).next().unwrap_or_default();
    let Some(other) = OTHER_BEFORE.iter().filter_map(|word| clause.rfind(word)).max() else { return false };
    let own = OTHER_OWN.iter().filter_map(|word| clause.rfind(word)).max();
    // Words of the stage itself (`Ann Arbor`) belong to a lymphoma.
    let inside = stream.lower_text(span);
    own.is_none_or(|own| own < other) && !inside.contains("arbor") && !inside.contains("lugano")
}
