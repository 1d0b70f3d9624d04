//! Lymphomas, their grade, and cell of origin.
//!
//! ## Reads
//! `滤泡性淋巴瘤3A级`, `FL grade 3a`, `follicular lymphoma, WHO grade 1-2`, `弥漫大B细胞淋巴瘤，non-GCB型`.
//!
//! ## Leaves alone
//! The name of the hospital's lymphoma department, of a trial or a leaflet.

use super::Claims;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Hit, Span},
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Value,
    fact::{Attr, AttrValue},
};

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let pathology = sheet.is_kind(&[
        "sec.doc_pathology",
        "sec.doc_pathology_consult",
        "sec.doc_discharge",
        "sec.doc_referral",
        "sec.doc_ihc",
    ]);
    let needs: &[Needs] =
        if pathology { &[Needs::Diagnosis] } else { &[Needs::Diagnosis][..usize::from(false)] };
    let mut drafts: Vec<Draft> = Vec::new();
    let named = sheet.candidates.iter().filter(|of| {
        let graded = graded(sheet, &of.hit).is_some();
        of.hit.concept.is("hist")
            && of.needs.is_none_or(|need| needs.contains(&need) || (need == Needs::Diagnosis && graded))
    });
    for hit in named.map(|of| &of.hit) {
        if claims.has(hit.span)
            || is_department(sheet, hit)
            || drafts.iter().any(|draft| draft.span.overlaps(hit.span))
        {
            continue;
        }
        drafts.push(diagnosis(sheet, hit));
    }
    drafts.extend(cell_of_origin(sheet, claims));
    drafts
}

/// 淋巴瘤科, 淋巴瘤中心, "lymphoma clinic": a place; "抗淋巴瘤治疗" a purpose.
fn is_department(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let after = sheet.stream.lower_text(sheet.after(hit.span.end, 14));
    let places = [
        "科",
        "中心",
        "病区",
        "病房",
        "专科",
        "门诊",
        "协会",
        "国际预后",
        "细胞",
        " clinic",
        " unit",
        " centre",
        " center",
        " service",
        " team",
        " ward",
        " department",
        " nurse",
        " mdt",
        " multidisciplinary",
        " programme",
        " program",
        " society",
        " group",
    ];
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 2));
    places.iter().any(|place| after.starts_with(place)) || before.ends_with('抗')
}

fn diagnosis(sheet: &Sheet<'_>, hit: &Hit) -> Draft {
    let (concept, span) = graded(sheet, hit).unwrap_or_else(|| (hit.concept.as_str().to_owned(), hit.span));
    let mut draft = Draft::new(concept.as_str(), span, "diagnosis.name").named_at(hit.span);
    if let Some(grade) =
        concept.strip_prefix("hist.fl_").filter(|grade| grade.starts_with(|of: char| of.is_ascii_digit()))
    {
        draft.set(Attr::Grade, AttrValue::Text(grade.replace('_', "-").to_uppercase()));
    }
    draft
}

/// The grade of a follicular lymphoma behind its name: it decides the label group.
fn graded(sheet: &Sheet<'_>, hit: &Hit) -> Option<(String, Span)> {
    if !matches!(hit.concept.as_str(), "hist.fl_nos" | "hist.fl_classic" | "hist.fl_3_nos") {
        return None;
    }
    let stream = &sheet.stream;
    let window = Span::new(hit.span.start, sheet.after(hit.span.end, 34).end);
    let end = (hit.span.end..window.end)
        .find(|at| matches!(stream.at(*at), '。' | ';' | BREAK))
        .unwrap_or(window.end);
    let text = stream.lower_text(Span::new(hit.span.end, end.max(hit.span.end)));
    let compact: String = text.chars().filter(|of| !of.is_whitespace()).collect();
    let grades = [
        ("1-2", "fl_1_2"),
        ("i-ii", "fl_1_2"),
        ("1~2", "fl_1_2"),
        ("1/2", "fl_1_2"),
        ("3a", "fl_3a"),
        ("iiia", "fl_3a"),
        ("3b", "fl_3b"),
        ("iiib", "fl_3b"),
        ("iii", "fl_3_nos"),
        ("ii", "fl_2"),
        ("3", "fl_3_nos"),
        ("2", "fl_2"),
        ("1", "fl_1"),
        ("i", "fl_1"),
    ];
    let tail = compact
        .trim_start_matches([',', '(', ':', '-'])
        .trim_start_matches("who")
        .trim_start_matches("grade")
        .trim_start_matches("分级")
        .trim_start_matches([':', '为'])
        .trim_start_matches("grade");
    let named_before = compact.contains("grade") || compact.contains("分级");
    let (mark, code) = grades.iter().find(|(mark, _)| tail.starts_with(mark))?;
    let rest = &tail[mark.len()..];
    // A digit that goes on is a date or a number; Chinese needs 级, English the word grade.
    let fits =
        rest.starts_with('级') || (named_before && !rest.starts_with(|of: char| of.is_ascii_alphanumeric()));
    if !fits {
        return None;
    }
    let last: Vec<char> = mark.chars().collect();
    let span_end = (hit.span.end..end).find(|at| {
        let here: String = (*at + 1 - last.len().min(*at + 1)..=*at).map(|of| stream.lower[of]).collect();
        here.ends_with(*last.last().unwrap_or(&' '))
            && stream
                .lower_text(Span::new(hit.span.end, at + 1))
                .chars()
                .filter(|of| !of.is_whitespace())
                .collect::<String>()
                .ends_with(mark)
    })?;
    let span_end = span_end + 1 + usize::from(stream.at(span_end + 1) == '级');
    Some((format!("hist.{code}"), Span::new(hit.span.start, span_end)))
}

/// `GCB型`, `non-GCB`, `非生发中心型`: read apart from the diagnosis, as a property of the tumour.
fn cell_of_origin(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let text: String = sheet.stream.lower.iter().collect();
    let forms = [
        ("non-gcb", "non_gcb"),
        ("nongcb", "non_gcb"),
        ("非生发中心", "non_gcb"),
        ("非gcb", "non_gcb"),
        ("活化b细胞", "abc"),
        ("activated b-cell", "abc"),
        ("生发中心b细胞", "gcb"),
        ("生发中心型", "gcb"),
        ("生发中心来源", "gcb"),
        ("germinal centre b-cell", "gcb"),
        ("germinal center b-cell", "gcb"),
        ("gcb", "gcb"),
    ];
    let mut drafts: Vec<Draft> = Vec::new();
    for (form, code) in forms {
        for (byte, _) in text.match_indices(form) {
            let start = text[..byte].chars().count();
            let span = Span::new(start, start + form.chars().count());
            let inside = start > 0 && matches!(sheet.stream.at(start - 1), '非' | '-') && code == "gcb";
            let inside = inside || !crate::lexicon::on_boundaries(&sheet.stream, span);
            if inside || claims.has(span) || drafts.iter().any(|draft| draft.span.overlaps(span)) {
                continue;
            }
            drafts.push(
                Draft::new("bio.hans", span, "diagnosis.cell_of_origin").value(Value::Code(code.to_owned())),
            );
        }
    }
    drafts
}
