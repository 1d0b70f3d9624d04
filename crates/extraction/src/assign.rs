//! Assertion, experiencer, temporality and date of each draft, from cues, sections and dates around it.

mod assertion;
mod dates;
mod genes;
mod inverted;
mod kin;
mod legend;
mod named_again;
mod outdated;
mod past;
mod person;
mod replaced;
mod reporter;
mod signed;
mod steps;
mod unchanged;
mod visits;
mod writer;

pub(crate) use assertion::{assert_alone, assertions, is_in_differential};
pub(crate) use dates::{clause, dates};
pub(crate) use legend::without_legends;
pub(crate) use outdated::outdated;
pub(crate) use person::{Written, patient_relative};
pub(crate) use signed::in_own_field as answer_in_field;
pub(crate) use steps::not_of_another_step;
pub(crate) use visits::visits;
pub(crate) use writer::keep_their_days;
