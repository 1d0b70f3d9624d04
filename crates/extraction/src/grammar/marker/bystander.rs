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
    Temporality, Value,
    fact::{Attr, AttrValue, Sign},
};

/// Markers of T cells that are told of cells beside the tumour.
const OF_T_CELLS: [&str; 7] = ["bio.cd2", "bio.cd3", "bio.cd4", "bio.cd5", "bio.cd7", "bio.cd8", "bio.cd43"];

pub(super) fn set(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let stream = &sheet.stream;
    let limits = words![" cut-off", " cutoff", " cut off", " threshold"];
    drafts.retain(|of| !(of.rule == "marker.stain" && stream.reads_any(of.name.end, limits)));
    // `CD30(+)系背景活化细胞着色`: what is stained is no tumour.
    let others = words![
        "系背景",
        "为背景",
        "是背景",
        "系反应性",
        "为反应性",
        "系间质",
        "为间质",
        "系残留",
        "系浸润的t",
        "考虑为背景",
        "系内皮",
        "系组织细胞",
        "为组织细胞",
    ];
    let behind = |of: &Draft| of.span.end + usize::from(stream.at(of.span.end) == ')');
    drafts.retain(|of| !(of.rule == "marker.stain" && stream.reads_any(behind(of), others)));
    let told: Vec<Draft> = stains_of_others(sheet, drafts);
    drafts.extend(told);
    for draft in drafts.iter_mut().filter(|of| of.rule == "marker.stain") {
        if is_of_slides_under_review(sheet, draft) {
            draft.temporality = None;
        }
        let positive = matches!(draft.value, Value::Sign(Sign::Positive) | Value::None);
        if !positive || draft.attrs.contains_key(&Attr::Background) {
            continue;
        }
        if is_scored_negative(sheet, draft) {
            draft.value = Value::Sign(Sign::Negative);
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

/// "EBER-ISH picks out bystander lymphocytes only", "EBER-ISH signal limited to scattered bystander lymphocytes".
fn stains_of_others(sheet: &Sheet<'_>, drafts: &[Draft]) -> Vec<Draft> {
    const REACH: usize = 64;
    let stream = &sheet.stream;
    let verbs = words![
        " picks out ",
        " signal limited to ",
        " limited to ",
        " confined to ",
        " restricted to ",
        " seen only in ",
        " only in ",
        " is seen only in ",
        " signal confined to ",
        " signal only in ",
        ": scattered ",
        "): scattered ",
    ];
    let markers = sheet.candidates.iter().filter(|of| of.hit.concept.is("bio"));
    let unread = markers.filter(|of| !drafts.iter().any(|draft| draft.span.overlaps(of.hit.span)));
    unread
        .filter_map(|of| {
            let name = of.hit.span;
            let method = stream.words_at(name.end, words!["-ish", " ish", " staining", " stain"]).next_back();
            let verb = stream.words_at(method.map_or(name.end, |of| of.end()), verbs).next_back()?;
            let behind = sheet.after(verb.end(), REACH);
            let end =
                stream.first_sign_in(behind, |of| matches!(of, ',' | ';' | '.' | '。')).unwrap_or(behind.end);
            let clause = Span::new(verb.end(), end);
            let cells = stream.words_in(clause, BYSTANDERS).next()?;
            let only = sheet.says(clause, words!["bystander", "background", "reactive", " only"]);
            only.then(|| {
                Draft::new(of.hit.concept.clone(), Span::new(name.start, cells.end()), "marker.stain")
                    .named_at(name)
                    .value(Value::Sign(Sign::Negative))
                    .present()
                    .word(Attr::Background, BYSTANDERS[cells.word()])
            })
        })
        .collect()
}

/// "CD30: scattered large cells only (<5%), scored as negative": the last word on few cells.
fn is_scored_negative(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 60;
    let stream = &sheet.stream;
    let behind = Span::new(draft.span.end, sheet.after(draft.span.end, REACH).end);
    let end = stream.first_sign_in(behind, |of| matches!(of, ';' | '。')).unwrap_or(behind.end);
    let next = sheet
        .candidates_in(behind)
        .iter()
        .find(|of| of.hit.concept.is("bio"))
        .map_or(end, |of| of.hit.span.start);
    let own = Span::new(behind.start, end.min(next).max(behind.start));
    let few = draft.attrs.contains_key(&Attr::Extent) || draft.attrs.contains_key(&Attr::Percent);
    let scored = words![
        "scored as negative",
        "scored negative",
        "regarded as negative",
        "considered negative",
        "interpreted as negative",
        "reported as negative",
        "judged negative",
        "taken as negative",
        "counted as negative",
        "判为阴性",
        "判读为阴性",
        "视为阴性",
        "按阴性",
        "计为阴性",
        "判定为阴性",
    ];
    few && sheet.says(own, scored)
}

/// `会诊意见:原片CD30(+)`: the slides that were sent are the ones that are judged.
fn is_of_slides_under_review(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let sentence = sheet.sentence(draft.span.start);
    let before = Span::new(sentence.start, draft.span.start.max(sentence.start));
    draft.temporality == Some(Temporality::Historical)
        && sheet.says(before, words!["会诊"])
        && sheet.says(before, words!["原片"])
        && !sheet.says(before, words!["既往", "对比", "比较", "年", "此次", "本次", "现"])
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
    // "EBER-ISH labels rare small bystander lymphocytes", "patchy + in endothelial cells and histiocytes only".
    let behind = Span::new(draft.span.end, sheet.after(draft.span.end, REACH).end);
    let clause =
        stream.first_sign_in(behind, |of| matches!(of, ',' | ';' | '.' | '。')).unwrap_or(behind.end);
    let clause = Span::new(behind.start, clause);
    let cells = stream.words_in(clause, BYSTANDERS).next();
    let bystander = sheet.says(clause, words!["bystander"]);
    let inside =
        stream.reads_any(clause.start, words![" in ", " labels ", " highlights ", " stains ", " marks "]);
    if let Some(cells) = cells.filter(|_| bystander || inside && sheet.says(clause, words![" only"])) {
        return Some(BYSTANDERS[cells.word()]);
    }
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
