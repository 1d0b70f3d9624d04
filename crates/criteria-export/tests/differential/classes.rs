//! Why CQL may answer otherwise than our engine. Every class but those named here is a failure.
//!
//! In every class CQL says null where we answer: no class lets CQL answer where we do not, or answer the opposite.

use cartulary_criteria::{CriteriaLibrary, need::Outline};
use cartulary_criteria_export::cql::is_left_out;
use cartulary_model::{Answer, PatientRecord, record::LineOfTherapy};

/// A reason to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A part of the question is exported as null.
    NotStated,
    /// The engine knows the drugs of a line by what the names of several regimens share; the Bundle tells single drugs.
    DrugsByName,
}

impl Class {
    pub(crate) const ALL: [Self; 2] = [Self::NotStated, Self::DrugsByName];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotStated => "not stated in CQL",
            Self::DrugsByName => "drugs known by the name of a regimen only",
        }
    }
}

/// The class of a difference, if it has one.
pub(crate) fn class(
    ours: Answer,
    cql: Answer,
    outline: &Outline,
    record: &PatientRecord,
    library: &CriteriaLibrary,
) -> Option<Class> {
    if cql != Answer::Unknown || ours == Answer::Unknown {
        return None;
    }
    if is_left_out(outline) {
        return Some(Class::NotStated);
    }
    if asks_for_drugs(outline) && record.lines.iter().any(|line| is_by_name(line, library)) {
        return Some(Class::DrugsByName);
    }
    None
}

/// Whether some drug of a line is told by names only: no list, an acronym of several regimens, a regimen that goes on.
fn is_by_name(line: &LineOfTherapy, library: &CriteriaLibrary) -> bool {
    let several = line.regimen.is_none() && library.regimens_written(&line.label).len() > 1;
    line.components.is_empty() || several || line.continued_with.iter().any(|of| of.is("reg"))
}

fn asks_for_drugs(outline: &Outline) -> bool {
    match outline {
        Outline::PriorLines { including, .. } => !including.is_empty(),
        Outline::Exposure(_) | Outline::Washout { .. } => true,
        Outline::Lab { after_last, .. } | Outline::Biomarker { after_last, .. } => after_last.is_some(),
        Outline::All(parts) | Outline::Any(parts) | Outline::AtLeast(_, parts) => {
            parts.iter().any(asks_for_drugs)
        }
        Outline::Not(part) => asks_for_drugs(part),
        _ => false,
    }
}
