//! What stands around the names of markers, in two languages.

mod around;
mod results;

pub(super) use around::AROUND;
pub(super) use results::RESULTS;

use cartulary_model::fact::Sign;

/// A known word of a marker sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Word {
    /// A result.
    Result(Sign),
    /// Opens a list of which the sign is said.
    Opens(Sign),
    /// `表达`: a result behind its marker, else it opens a list.
    Expresses,
    Intensity(&'static str),
    Extent(&'static str),
    Pattern(&'static str),
    /// Cells other than the tumour's.
    Background(&'static str),
    /// Left over, reactive: what follows is not the tumour.
    Residual,
    /// "small T cells": beside large ones, or the tumour itself.
    Small,
    Tumour,
    /// `CD3 highlights background T cells`.
    Highlights,
    Pending,
    /// Opens a list of what was asked for: `加做CD30、ALK`.
    Orders,
    /// `can be added if needed`.
    Optional,
    NotDone,
    /// `no CD10 expression`.
    No,
    Past,
    Now,
    /// Past when a later specimen is told of too: `the 2019 biopsy was ...; the current biopsy ...`.
    Specimen,
    /// What follows is a condition.
    If,
    /// `compared with the biopsy of 2021`: the past is not what is told.
    Compared,
    Turns,
    /// What a drug or a cell product is called by is no stain: `CD19 CAR-T`, `抗CD20`.
    Carrier,
    Anti,
    /// A count of cells, not a stain: `CD4/CD8比值`, `CD4+T细胞计数`.
    Count,
    Filler,
}
