//! Stains that are told of other cells than the tumour's, and thresholds that are named beside a marker.
//!
//! ## Reads
//! "ringed by CD3+ T cells", "EBER: scattered small bystander cells only, tumor negative", "Cyclin D1: nuclear staining of
//! endothelium only"; "(MYC cut-off 40%)", which is no result.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::Span,
    vocabulary::marker::{AROUND_THE_TUMOUR, BYSTANDERS},
    words::words,
};
use cartulary_model::{
    Value,
    fact::{Attr, AttrValue, Sign},
};

/// Markers of T cells that are told of cells beside the tumour.
const OF_T_CELLS: [&str; 7] = ["bio.cd2", "bio.cd3", "bio.cd4", "bio.cd5", "bio.cd7", "bio.cd8", "bio.cd43"];

pub(super) fn set(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let stream = &sheet.stream;
    let limits = words![" cut-off", " cutoff", " cut off", " threshold"];
    drafts.retain(|of| !(of.rule == "marker.stain" && stream.reads_any(of.name.end, limits)));
    for draft in drafts.iter_mut().filter(|of| of.rule == "marker.stain") {
        let positive = matches!(draft.value, Value::Sign(Sign::Positive) | Value::None);
        if !positive || draft.attrs.contains_key(&Attr::Background) {
            continue;
        }
        let around = is_around_the_tumour(sheet, draft) || is_denied_of_the_tumour(sheet, draft);
        let cells = if around { Some("T cells") } else { of_bystanders(sheet, draft) };
        if let Some(cells) = cells {
            draft.value = Value::Sign(Sign::Negative);
            draft.attrs.remove(&Attr::Extent);
            draft.attrs.remove(&Attr::Pattern);
            draft.set(Attr::Background, AttrValue::Text(cells.to_owned()));
        }
    }
}

/// "ringed by CD3+ T cells".
fn is_around_the_tumour(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const NEAR: usize = 26;
    let stream = &sheet.stream;
    let cells = words![" t cells", " t-cells", " t lymphocytes", " t-lymphocytes", " small t cells"];
    let sentence = sheet.sentence(draft.span.start);
    let before = Span::new(sentence.start.max(draft.name.start.saturating_sub(NEAR)), draft.name.start);
    OF_T_CELLS.contains(&draft.concept.as_str())
        && stream.reads_any(draft.span.end, cells)
        && sheet.says(before, AROUND_THE_TUMOUR)
}

/// `CD5(背景T细胞+,瘤细胞-)`: the bracket tells both.
fn is_denied_of_the_tumour(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const LONGEST: usize = 24;
    let stream = &sheet.stream;
    let open = draft.name.end;
    if stream.at(open) != '(' || !OF_T_CELLS.contains(&draft.concept.as_str()) {
        return false;
    }
    let close = (open..open + LONGEST).find(|at| stream.at(*at) == ')' && stream.at(at - 2) != '(');
    let inside = Span::new(open + 1, close.unwrap_or(open + 1));
    sheet.says(inside, words!["瘤细胞-", "瘤细胞阴性", "肿瘤-", "肿瘤阴性", "瘤细胞(-"])
        && sheet.says(inside, words!["t细胞+", "t细胞阳性", "t细胞(+", "t淋巴细胞+"])
}

/// The marker heads what stains, which is not the tumour, and no more than that.
fn of_bystanders(sheet: &Sheet<'_>, draft: &Draft) -> Option<&'static str> {
    const REACH: usize = 80;
    let stream = &sheet.stream;
    let head = draft.name.end;
    if stream.at(head) != ':' {
        return None;
    }
    let sentence = sheet.sentence(head);
    let end = (head..sentence.end.min(head + REACH))
        .find(|at| stream.at(*at) == ';')
        .unwrap_or(sentence.end.min(head + REACH));
    let told = Span::new(head, end);
    let other = sheet
        .candidates_in(told)
        .iter()
        .any(|of| of.hit.concept.is("bio") && of.hit.span.start > head && of.hit.span.end <= end);
    let cells = stream.words_in(told, BYSTANDERS).next()?;
    let only = sheet.says(
        told,
        words![
            " only",
            "tumor negative",
            "tumour negative",
            "tumor cells negative",
            "tumour cells negative",
            "tumour cells are negative",
            "tumor cells are negative"
        ],
    );
    (only && !other).then(|| BYSTANDERS[cells.word()])
}
