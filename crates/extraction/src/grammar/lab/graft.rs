//! One test of two people: the donor of a graft and the patient.
//!
//! ## Reads
//! "CMV IgG: donor neg, recipient pos", `CMV serology D-/R+`, `CMV IgG 供者阴性，患者阳性`: directly behind the name, in either order.

use super::Name;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{CELL, Span},
    words::{List, words},
};
use cartulary_model::{Experiencer, Value, fact::Sign};

const DONOR: &List = words!["donor", "d", "供者", "供体"];
const PATIENT: &List = words!["recipient", "patient", "pt", "r", "患者", "受者", "本人"];

const POSITIVE: &List = words!["positive", "pos", "reactive", "+ve", "+", "(+)", "阳性", "(阳性)"];
const NEGATIVE: &List =
    words!["negative", "neg", "non-reactive", "nonreactive", "-ve", "-", "(-)", "阴性", "(阴性)"];

/// The results of both, if the words behind the name tell of both.
pub(super) fn both(sheet: &Sheet<'_>, name: &Name) -> Option<Vec<Draft>> {
    let from = past(sheet, name.span().end, &[' ', ':', '-', CELL, '(']);
    let first = one(sheet, name, from)?;
    let second = one(sheet, name, past(sheet, first.span.end, &[' ', ',', '/', ';', '、', CELL]))?;
    (first.experiencer != second.experiencer).then(|| vec![first, second])
}

fn one(sheet: &Sheet<'_>, name: &Name, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let (person, end) = [(Experiencer::Donor, DONOR), (Experiencer::Patient, PATIENT)]
        .into_iter()
        .find_map(|(person, list)| Some((person, stream.words_at(at, list).next_back()?.end())))?;
    let sign = past(sheet, end, &[' ', ':', CELL]);
    let (value, end) = [(Sign::Negative, NEGATIVE), (Sign::Positive, POSITIVE)]
        .into_iter()
        .find_map(|(value, list)| Some((value, stream.words_at(sign, list).next_back()?.end())))?;
    if stream.at(end).is_ascii_alphanumeric() {
        return None;
    }
    let draft = Draft::new(name.id(), Span::new(at, end), "lab.sign").named_at(name.span());
    Some(Draft { experiencer: Some(person), ..draft.value(Value::Sign(value)).present() })
}

fn past(sheet: &Sheet<'_>, from: usize, signs: &[char]) -> usize {
    (from..sheet.stream.len()).find(|at| !signs.contains(&sheet.stream.at(*at))).unwrap_or(sheet.stream.len())
}
