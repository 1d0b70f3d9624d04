//! From the evaluation to what a page shows: plain structures of words, numbers and links.
//!
//! Nothing here knows HTML. The templates and the terminal only place what stands here.

mod brief;
mod documents;
mod facts;
mod header;
mod matrix;
mod papers;
mod sets;
mod value;
mod warnings;

pub(crate) use brief::{Brief, BriefLine, BriefSet, brief};
pub(crate) use documents::{DocumentView, Images, PageView, documents, embedded, linked, pages};
pub(crate) use facts::{FactGroup, FactRow, fact_groups};
pub(crate) use header::{Header, header};
pub(crate) use matrix::{Matrix, matrices};
pub(crate) use papers::{Chip, Papers};
pub(crate) use sets::{AnswerWords, AskView, SetGroup, answer_words, ask_for, set_groups};
pub(crate) use warnings::{ConflictView, MismatchView, UnreadView, conflicts, mismatches, unread};

use crate::words::Words;
use cartulary_figures::TimelineInput;
use cartulary_model::PreliminaryEvaluation;

/// The course of the disease, with its words.
pub(crate) fn timeline(evaluation: &PreliminaryEvaluation, width: u32, words: Words<'_>) -> TimelineInput {
    let concept = |id: &_| words.concept(id);
    let message = |key: &str, places: &[(&str, &str)]| words.fill(key, places);
    let figure_words = cartulary_figures::Words { concept: &concept, message: &message };
    TimelineInput::of(&evaluation.record, evaluation.on, width, figure_words)
}
