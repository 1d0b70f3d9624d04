//! Words that recognition damaged, set right in the stream: `lymphorna`, `R-CH0P`, `main tenance`, `淋己瘤`.
//!
//! A damaged word is one that no catalogue word equals and that becomes a catalogue word when what recognition
//! takes for each other (`catalogue/confusions.csv`) is set equal: exact on that skeleton, so the pass is linear.
//! The paper's text stays as printed: the stream's characters keep their origins, and what was set right is
//! remembered, so that facts read there are marked and trusted less.
//!
//! ## Never
//! A word that is a word is left alone, and so is a skeleton that two words share. Short words are set right only
//! where a digit or a small `l` stands among capitals.

mod blank;
mod han;
mod number;
mod vocabulary;
mod word;

use crate::stream::{BREAK, Span, Stream};
use vocabulary::Vocabulary;

pub(crate) use vocabulary::Vocabulary as Repair;

/// A piece of the stream and what it is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) span: Span,
    pub(crate) into: Vec<char>,
    /// Set right, not only joined over the end of a line.
    pub(crate) repaired: bool,
}

impl Edit {
    fn new(span: Span, into: Vec<char>) -> Self {
        Self { span, into, repaired: true }
    }

    fn joined(span: Span, into: Vec<char>) -> Self {
        Self { span, into, repaired: false }
    }
}

impl Vocabulary {
    /// The stream with its damaged words set right; most streams have none and are returned as they are.
    pub(crate) fn set_right(&self, stream: Stream) -> Stream {
        let mut edits = Vec::new();
        word::edits(self, &stream, &mut edits);
        han::edits(self, &stream, &mut edits);
        blank::edits(&stream, &mut edits);
        if edits.is_empty() {
            return stream;
        }
        edits.sort_by_key(|edit| (edit.span, !edit.repaired));
        let mut end = 0;
        edits.retain(|edit| {
            let free = edit.span.start >= end;
            end = if free { edit.span.end } else { end };
            free
        });
        stream.edited(&edits)
    }
}

/// Whether a place of the stream is the end of a line of the paper, though not of a row.
fn changes_line(stream: &Stream, at: usize) -> bool {
    stream.at(at) == BREAK
        || stream
            .origins
            .get(at)
            .zip(stream.origins.get(at + 1))
            .is_some_and(|(this, next)| this.line != next.line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;
    use cartulary_catalogue::Catalogue;

    fn read_as(text: &str) -> String {
        let repair = Repair::new(&Catalogue::embedded().unwrap());
        let mut stream = Stream::default();
        for (row, line) in text.split('\n').enumerate() {
            if row > 0 {
                stream.push_separator(BREAK);
            }
            stream.push_line(LinePlace::new(0, u32::try_from(row).unwrap()), line);
        }
        repair.set_right(stream).chars.into_iter().collect()
    }

    #[test]
    fn damaged_words_are_set_right() {
        for (damaged, right) in [
            (
                "Di ffuse large B-cel1 lymphorna, stage lVB, lPI 3, ECOG l.",
                "Diffuse large B-cell lymphoma, stage IVB, IPI 3, ECOG 1.",
            ),
            ("6 cyc1es of R-CH0P", "6 cycles of R-CHOP"),
            (
                "Rituxirnab main tenance since 0ctober 2O22, no re1apse",
                "Rituximab maintenance since october 2022, no relapse",
            ),
            ("HlV Ab Neqative", "HIV Ab Negative"),
            ("H8sAg P0sitive", "HBsAg Positive"),
            ("MYC rearrangernent, BCL6 rarely", "MYC rearrangement, BCL6 rarely"),
            ("套细胞淋己瘤，弥漫大8细胞淋巴瘤", "套细胞淋巴瘤,弥漫大B细胞淋巴瘤"),
            ("R一GDP方案，2O23年O5月l2日", "R-GDP方案,2023年05月12日"),
            ("on O7 March 2O23, PET-CT 2l/O3/2023", "on 07 March 2023, PET-CT 21/03/2023"),
            (
                "Iymphoma, follicu1ar, rnantle, Hodgkln, negatlve, nucIei, CycIin D1",
                "Lymphoma, follicular, mantle, Hodgkin, negative, nuclei, Cyclin D1",
            ),
            (
                "Po1a-R-CHP, R-lCE, cornplete remission, bone rnarrow, stage 1V, Deauvi11e 4",
                "Pola-R-CHP, R-ICE, complete remission, bone marrow, stage IV, Deauville 4",
            ),
            ("第l程，6O岁，来哪度胺，利妥昔单扰", "第1程,60岁,来那度胺,利妥昔单抗"),
            ("CD5 - ve, CD20 + ve, R- CHOP x6, TP53mut", "CD5 -ve, CD20 +ve, R-CHOP x6, TP53 mut"),
            ("posi-\ntive for cyclin\nD1", "positive for cyclin D1"),
        ] {
            assert_eq!(read_as(damaged), right);
        }
    }

    #[test]
    fn words_that_are_words_stay() {
        for text in [
            "Modern burn unit; the tern was learned by a stern man from Berne.",
            "a symptomatic patient in complete remission",
            "CD20 1-2, IL-6 86.5 pg/mL, x10^9/L, T2N0M0, C1D8, 10x3",
            "患者已婚,自已要求出院",
            "HIV Ab Negative\nHCV Ab Negative",
            "15O-4OO x1O^9/L",
            "CD3(一),CD20(十)",
            "CD5 - very weak, 5 + vemurafenib, side R - 3 cm, HER2mutation",
        ] {
            assert_eq!(read_as(text), text);
        }
    }
}
