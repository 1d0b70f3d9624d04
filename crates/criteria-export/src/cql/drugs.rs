//! The sets of drugs that the questions of one library name, as definitions.

use super::words::{identifier, list, text};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::need::Drugs;
use std::fmt::Write as _;

/// The sets in the order in which they were first named.
#[derive(Debug, Default)]
pub(super) struct DrugSets {
    sets: Vec<Drugs>,
}

impl DrugSets {
    /// The name of `Given: ..`, which says whether a drug of the set was ever given.
    pub(super) fn given(&mut self, drugs: &Drugs) -> String {
        identifier(&format!("Given: {}", self.name(drugs)))
    }

    /// The name of `Days of: ..`, a row a course with its last day.
    pub(super) fn days(&mut self, drugs: &Drugs) -> String {
        identifier(&format!("Days of: {}", self.name(drugs)))
    }

    /// The set's name in the library; two sets of one name are told apart by a number.
    fn name(&mut self, drugs: &Drugs) -> String {
        let place = self.sets.iter().position(|set| set == drugs).unwrap_or_else(|| {
            self.sets.push(drugs.clone());
            self.sets.len() - 1
        });
        self.name_at(place)
    }

    fn name_at(&self, place: usize) -> String {
        let name = &self.sets[place].name.en;
        let earlier = self.sets[..place].iter().filter(|set| set.name.en == *name).count();
        if earlier == 0 { name.clone() } else { format!("{name} ({})", earlier + 1) }
    }

    /// All definitions.
    pub(super) fn definitions(&self, catalogue: &Catalogue) -> String {
        let mut out = String::new();
        for (place, set) in self.sets.iter().enumerate() {
            let name = self.name_at(place);
            let _ =
                writeln!(out, "define {}:\n  {}\n", identifier(&format!("Drugs: {name}")), list(&set.counts));
            out.push_str(&given(set, &name, catalogue));
            out.push_str(&days(set, &name));
        }
        out
    }
}

/// Given: stated; doubtful: a physician must place it, or a line's drugs are not all known; not given: denied, or the
/// history is complete.
fn given(set: &Drugs, name: &str, catalogue: &Catalogue) -> String {
    let drugs = identifier(&format!("Drugs: {name}"));
    let mut stated = vec![format!("exists (\"Drugs\" D where D.given and D.drug in {drugs})")];
    if set.cell_therapy {
        stated.push("exists (\"Lines\" L where L.cells)".to_owned());
    }
    if !set.findings.is_empty() {
        let findings = list(&set.findings);
        stated
            .push(format!("exists (\"Statements\" S where S.status = 'confirmed' and S.code in {findings})"));
    }
    let perhaps = list(set.counts.union(&set.physician));
    let mut doubts =
        vec![format!("exists (\"Drugs\" D where D.line is not null and D.perhaps and D.drug in {perhaps})")];
    if !set.physician.is_empty() {
        let physician = list(&set.physician);
        doubts.push(format!(
            "exists (\"Drugs\" D where D.line is not null and D.given and D.drug in {physician})"
        ));
    }
    // Cells whose target is not told may be directed against any, and are no other drug.
    let may_be_cells = set.counts.iter().any(|drug| catalogue.is_of_class(drug, "CAR-T"));
    let unread = if may_be_cells { "L.unread" } else { "L.unread and not L.cells" };
    doubts.push(format!("exists (\"Lines\" L where {unread})"));
    let mut denials = vec!["\"History is complete\"".to_owned()];
    if !set.denied_by.is_empty() {
        let denied_by = list(&set.denied_by);
        denials.push(format!("exists (\"Drugs\" D where D.denied and D.drug in {denied_by})"));
    }
    if !set.findings.is_empty() {
        let denied = |finding: &cartulary_model::ConceptId| {
            format!("exists (\"Denied\" S where S.code = {})", text(finding.as_str()))
        };
        denials.push(set.findings.iter().map(denied).collect::<Vec<_>>().join(" and "));
    }
    format!(
        "define {}:\n  if {}\n    then true\n  else if {}\n    then null\n  else if {}\n    then false\n  else null\n\n",
        identifier(&format!("Given: {name}")),
        stated.join("\n    or "),
        doubts.join("\n    or "),
        denials.join("\n    or "),
    )
}

/// The last days of the courses; a drug outside of a line that has only a first day counts from that.
fn days(set: &Drugs, name: &str) -> String {
    let drugs = identifier(&format!("Drugs: {name}"));
    let mut out = format!(
        "define {}:\n  (\"Drugs\" D\n    where D.given and D.drug in {drugs}\n    return all Tuple {{ dated: if D.line is null then Coalesce(D.over, D.began) else D.over }})",
        identifier(&format!("Days of: {name}")),
    );
    if set.cell_therapy {
        out.push_str("\n    union (\"Lines\" L where L.cells return all Tuple { dated: L.over })");
    }
    out.push_str("\n\n");
    out
}
