//! Who the paper is about: header tables, the first sentence of a history, the shorthand of a message.
//!
//! ## Reads
//! `姓名:徐静怡  性别:女  年龄:41岁`; `患者,女,41岁`; `41-year-old woman`; `(66F)`, `71M`, `F, 48`, `69y`; in a message `我妈,58`, `今年63`.
//!
//! ## Leaves alone
//! Ages of relatives and donors, ages at an event (`46岁那年`, "diagnosed at 30"), conditions of a trial (`18-70岁`).

mod label;
mod narrative;

use super::{Claims, past};
use crate::{
    assign::{Written, patient_relative},
    draft::Draft,
    sheet::Sheet,
    stream::BREAK,
};
use cartulary_model::{Experiencer, Value};

pub(crate) fn read(sheet: &Sheet<'_>, _: &Claims) -> Vec<Draft> {
    let mut drafts = label::read(sheet);
    drafts.extend(label::heads_of_rows(sheet, &drafts));
    drafts.extend(label::leads_line(sheet, &drafts));
    drafts.extend(label::titled(sheet, &drafts));
    drafts.extend(label::bare_number(sheet, &drafts));
    drafts.extend(label::born(sheet, &drafts));
    drafts.retain(|draft| {
        !matches!(draft.concept.as_str(), "pt.age" | "pt.sex") || is_of_patient(sheet, draft)
    });
    let mut told = narrative::read(sheet);
    told.retain(|of| {
        !drafts.iter().any(|known| {
            let again = known.value == of.value && is_one_paragraph(sheet, known, of);
            known.concept == of.concept && (known.span.overlaps(of.span) || again)
        })
    });
    drafts.extend(told.into_iter().filter(|draft| is_of_patient(sheet, draft)));
    drafts.extend(kin(sheet, &drafts));
    drafts
}

fn is_one_paragraph(sheet: &Sheet<'_>, a: &Draft, b: &Draft) -> bool {
    let (from, to) = (a.span.end.min(b.span.end), a.span.start.max(b.span.start));
    !(from..to).any(|at| sheet.stream.at(at) == BREAK)
}

/// A relative's or donor's age is not the patient's, and neither is a condition.
fn is_of_patient(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let read = sheet.modifiers.read(draft.span).experiencer;
    let own =
        read == Experiencer::Patient || (read == Experiencer::Family && sheet.is_kind(&["sec.doc_message"]));
    // "Caller: daughter" over "Patient: 74 M".
    let own = own || sheet.stream.reads_back_any(draft.span.start, crate::words::words!["patient: ", "pt: "]);
    let family = sheet.is_under(draft.span.start, &["sec.sec_family"]);
    own && !family && !past::is_condition(sheet, draft.span)
}

/// In a relative's message the word for the relative says the patient's sex: `我爸爸`, "my mother".
/// What the message says itself is surer.
fn kin(sheet: &Sheet<'_>, known: &[Draft]) -> Option<Draft> {
    let said = known.iter().any(|draft| draft.concept.as_str() == "pt.sex");
    if said || !sheet.is_kind(&["sec.doc_message"]) {
        return None;
    }
    let (span, sex) = match patient_relative(sheet) {
        Written::By(of) => of?,
        Written::Elsewhere => return None,
    };
    Some(Draft {
        experiencer: Some(Experiencer::Patient),
        ..Draft::new("pt.sex", span, "person.kin").value(Value::Code(sex.to_owned())).present()
    })
}
