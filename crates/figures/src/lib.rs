//! Drawings as SVG text: no script, no font file, no network.
//!
//! A drawing is a pure function of plain data. Words come in with the data, so this crate speaks no language
//! itself. Colours are presentation attributes, which a page's style sheet may override by the classes `tl-*`
//! (for a dark page); without any style sheet the drawing is complete.
//!
//! | module | draws |
//! |---|---|
//! | [`timeline()`] | the course of the disease: diagnoses, lines of therapy, responses, relapse, transformation |

mod svg;
mod timeline;

pub use timeline::{Entry, Mark, Message, Row, RowKind, Sign, TimelineInput, Words, timeline};
