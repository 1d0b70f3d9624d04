//! A criteria set as a CQL library on the FHIR R4 model.
//!
//! A library is one text: the guards that every library shares, the sets of drugs that its questions name, and two
//! definitions a criterion. `"Asked: ID"` is the question; `"ID"` is the answer as the set uses it: turned for exclusions
//! and warnings, and null where the source was not verified. No definition says where the whole set stands.

mod diseases;
mod drugs;
mod question;
mod values;
mod words;

use diseases::Diseases;
use drugs::DrugSets;
use question::Writer;
use values::ValueSets;

use cartulary_catalogue::Catalogue;
use cartulary_criteria::{CriteriaLibrary, CriteriaSet, Criterion, need::Outline};
use cartulary_model::evaluation::Role;
use std::fmt::Write as _;
use words::{comment, identifier, text};

/// What keeps "nobody wrote of it" apart from "it is not so", and the views of the record.
const GUARDS: &str = include_str!("guards.cql");

/// Writes criteria sets as CQL. Building one asks the engine about every disease of the catalogue; keep it for many sets.
#[derive(Debug)]
pub struct CqlExporter<'a> {
    catalogue: &'a Catalogue,
    library: &'a CriteriaLibrary,
    diseases: Diseases,
}

impl<'a> CqlExporter<'a> {
    /// Prepares to export sets of a library. The catalogue is the one that the library was loaded from.
    pub fn new(catalogue: &'a Catalogue, library: &'a CriteriaLibrary) -> Self {
        Self { catalogue, library, diseases: Diseases::new(catalogue, library) }
    }

    /// The set as the text of a CQL library.
    pub fn export(&self, set: &CriteriaSet) -> String {
        let (mut drugs, mut values) = (DrugSets::default(), ValueSets::default());
        let mut criteria = String::new();
        for criterion in &set.criteria {
            criteria.push_str(&self.criterion(set, criterion, &mut drugs, &mut values));
        }
        let mut cql = head(set);
        cql.push_str(GUARDS);
        cql.push('\n');
        cql.push_str(&self.diseases.definitions(self.catalogue));
        cql.push_str(&values.definitions());
        cql.push_str(&drugs.definitions(self.catalogue));
        let _ = writeln!(cql, "// Criteria {}\n", "-".repeat(102));
        cql.push_str(&criteria);
        cql
    }

    fn criterion(
        &self,
        set: &CriteriaSet,
        criterion: &Criterion,
        drugs: &mut DrugSets,
        values: &mut ValueSets,
    ) -> String {
        let outline = self.library.outline(criterion);
        let mut writer = Writer { exporter: self, set, drugs, values };
        let question = writer.question(&outline);
        let mut out = String::new();
        for line in [&criterion.text.en, &criterion.text.zh] {
            let _ = writeln!(out, "// {}", comment(line));
        }
        let mark = criterion.verification;
        let _ = writeln!(out, "// {mark:?} | {}", comment(&criterion.source));
        let asked = identifier(&format!("Asked: {}", criterion.id));
        let _ = writeln!(out, "define {asked}:\n  {question}\n");
        let answer = answer(criterion, &asked);
        let _ = writeln!(out, "define {}:\n  {answer}\n", identifier(criterion.id.as_str()));
        out
    }
}

/// Whether CQL asks less than the criterion does: a part of the question is exported as null.
pub fn is_left_out(outline: &Outline) -> bool {
    match outline {
        Outline::Other(_) => true,
        Outline::All(parts) | Outline::Any(parts) | Outline::AtLeast(_, parts) => {
            parts.iter().any(is_left_out)
        }
        Outline::Not(part) => is_left_out(part),
        _ => false,
    }
}

/// The answer as the set uses it.
fn answer(criterion: &Criterion, asked: &str) -> String {
    if !criterion.verification.decides() {
        return "(null as System.Boolean) // from memory: computed above, and never decides".to_owned();
    }
    match criterion.role {
        Role::Inclusion => asked.to_owned(),
        Role::Exclusion | Role::Warning => format!("not {asked} // true: nothing stands in the way"),
    }
}

/// The name of the library of a set: letters, digits and `_`.
pub fn library_name(set: &CriteriaSet) -> String {
    set.id.as_str().chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect()
}

fn head(set: &CriteriaSet) -> String {
    let mut out = String::new();
    for line in [&set.title.en, &set.title.zh] {
        let _ = writeln!(out, "// {}", comment(line));
    }
    let _ = writeln!(out, "// {} version {}, sha256 {}", set.id, comment(&set.version), set.sha256);
    for source in &set.sources {
        let _ = writeln!(out, "// seen in: {}", comment(source));
    }
    out.push_str(
        "//\n// Exported, never written by hand. True, false and null are met, not met and unknown; a physician decides.\n\
         // The record it reads is a Bundle in the conventions of docs/criteria.md, not any FHIR record.\n",
    );
    let _ = writeln!(out, "library {} version {}", identifier(&library_name(set)), text(&set.version));
    out.push_str(
        "\nusing FHIR version '4.0.1'\n\n// The day of the evaluation.\nparameter \"On\" System.Date\n\ncontext Patient\n\n",
    );
    out
}
