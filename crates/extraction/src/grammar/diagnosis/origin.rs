//! Cell of origin [Hans 2004]: read apart from the diagnosis, as a property of the tumour.
//!
//! ## Reads
//! `GCB型`, `non-GCB`, `非生发中心型`, "germinal centre B-cell type", `ABC型`, "activated B-cell".
//!
//! ## Leaves alone
//! The names of the groups where none is chosen (`GCB/non-GCB分型未做`), germinal centres as tissue.

use crate::{
    draft::Draft,
    grammar::{Claims, phrases::Topic},
    lexicon::on_boundaries,
    sheet::Sheet,
    stream::Span,
    vocabulary::diagnosis::{CHOICE_AHEAD, CHOICE_BEHIND},
    words::words,
};
use cartulary_model::Value;

pub(super) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut drafts: Vec<Draft> = Vec::new();
    for phrase in &sheet.phrases {
        let Topic::Origin(code) = phrase.topic else { continue };
        let span = phrase.span;
        let denied = span.start > 0 && code == "gcb" && matches!(stream.at(span.start - 1), '非' | '-');
        let apart =
            on_boundaries(stream, span) || stream.reads(span.end, "b-cell") || stream.reads(span.end, " b");
        if denied || !apart || claims.has(span) || is_choice(sheet, span) || !is_origin(sheet, span, code) {
            continue;
        }
        let again = drafts.last().is_some_and(|last| {
            last.value == Value::Code(code.to_owned()) && span.start - last.span.end <= 16
        });
        if !again {
            drafts.push(
                Draft::new("bio.hans", span, "diagnosis.cell_of_origin").value(Value::Code(code.to_owned())),
            );
        }
    }
    drafts
}

/// `GCB/non-GCB`, `GCB或ABC`, "GCB vs non-GCB": both are named, none is chosen.
fn is_choice(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    let behind = stream.reads_any(span.end, CHOICE_BEHIND);
    let ahead = stream.reads_back_any(span.start, CHOICE_AHEAD);
    behind || ahead
}

/// Three bare letters need the tumour beside them.
fn is_origin(sheet: &Sheet<'_>, span: Span, code: &str) -> bool {
    if code != "abc" || span.end - span.start > 3 {
        return true;
    }
    let capitals = sheet.stream.text(span) == "ABC";
    capitals
        && sheet.says(
            sheet.before(span.start, 40),
            words!["dlbcl", "大b", "diffuse large", "hans", "coo", "cell of origin", "细胞起源"],
        )
}
