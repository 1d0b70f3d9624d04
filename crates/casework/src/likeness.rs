//! The same sheet in other clothes: a scan and a photograph of it, a PDF and its print.
//!
//! Recognition reads two pictures of a sheet a little differently, so lines are compared as words without spaces and signs,
//! and a share of them is enough. It is a suggestion for a person: nothing is ever dropped for it.

use crate::reading::Reading;
use std::collections::BTreeSet;

/// Lines with fewer characters are on many papers (`male`, a page number) and tell nothing.
const SHORTEST: usize = 6;
/// Papers with fewer telling lines are not compared.
const FEWEST: usize = 4;
/// So large a share of the lines of the shorter paper must stand on the other one.
const SHARE: f64 = 0.6;

/// What of a reading is compared.
pub(crate) struct Likeness(BTreeSet<String>);

impl Likeness {
    pub(crate) fn of(reading: &Reading) -> Self {
        let lines = reading.papers.iter().flat_map(|paper| &paper.source.pages).flat_map(|page| &page.lines);
        let bare = |text: &str| -> String {
            text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        Self(lines.map(|line| bare(&line.text)).filter(|line| line.chars().count() >= SHORTEST).collect())
    }

    /// How much of the shorter paper stands on the other one; nothing where either is too short to tell.
    pub(crate) fn share(&self, other: &Self) -> Option<f64> {
        let shorter = self.0.len().min(other.0.len());
        let longer = self.0.len().max(other.0.len());
        // A letter that quotes a report is not the report.
        if shorter < FEWEST || longer > shorter * 2 {
            return None;
        }
        let common = self.0.intersection(&other.0).count();
        let share = common as f64 / shorter as f64;
        (share >= SHARE).then_some(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::ReadPaper;
    use cartulary_model::{Line, Page, SourceDocument};

    fn reading(lines: &[&str]) -> Reading {
        let line = |text: &&str| Line { text: (*text).to_owned(), ..Line::default() };
        let page = Page { lines: lines.iter().map(line).collect(), ..Page::default() };
        let source = SourceDocument {
            id: "d".into(),
            name: String::new(),
            media_type: String::new(),
            sha256: String::new(),
            pages: vec![page],
            unread: Vec::new(),
        };
        Reading { format: 1, reader: String::new(), papers: vec![ReadPaper { source, pictures: Vec::new() }] }
    }

    const SHEET: [&str; 5] = [
        "Pathology report 2023-06",
        "Diffuse large B-cell lymphoma",
        "CD20 (+), CD3 (-), Ki-67 80%",
        "Specimen: lymph node, neck",
        "Reported by Dr. Chen",
    ];

    #[test]
    fn a_photograph_of_a_sheet_resembles_it() {
        let mut seen = SHEET;
        seen[2] = "CD2O (+), CD3 (-), Ki-67 8O%";
        seen[0] = "Pathology  report: 2023 06";
        let (a, b) = (Likeness::of(&reading(&SHEET)), Likeness::of(&reading(&seen)));
        assert_eq!(a.share(&b), Some(0.8));
    }

    #[test]
    fn another_report_on_the_same_form_does_not() {
        let other = [
            "Pathology report 2023-06",
            "Follicular lymphoma, grade 2",
            "CD10 (+), BCL2 (+)",
            "Specimen: lymph node, groin",
            "Reported by Dr. Chen",
        ];
        assert_eq!(Likeness::of(&reading(&SHEET)).share(&Likeness::of(&reading(&other))), None);
    }

    #[test]
    fn papers_of_a_line_or_two_are_not_compared() {
        let short = Likeness::of(&reading(&SHEET[..2]));
        assert_eq!(short.share(&short), None);
    }
}
