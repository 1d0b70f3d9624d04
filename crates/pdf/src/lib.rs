//! The case on one page as PDF.
//!
//! What stands on the page comes as JSON (`cartulary_report::one_page`), how it looks is the template
//! [`summary.typ`](../templates/summary.typ). Nothing of it comes from the network or, but for the fonts, from a file.

#[cfg(feature = "typst")]
mod printer;

#[cfg(feature = "typst")]
pub use printer::{Error, Printer};
