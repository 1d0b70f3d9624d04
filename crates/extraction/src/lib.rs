//! From positioned lines to grounded facts, and from facts to one patient record.
//!
//! ```text
//! lines -> rows and paragraphs (layout) -> normalised stream -> sentences, sections, dates
//!       -> concept hits (lexicon) -> grammars -> assertion and date -> facts -> record (reconcile)
//! ```
//! Pure: no file, no clock. Every fact quotes the paper, names its rule, and says how sure it is. What is not
//! written is not a fact; silence never becomes "no".

mod assertion;
mod assign;
mod choices;
mod dates;
mod doctype;
mod draft;
mod engine;
pub mod exchange;
mod grammar;
pub mod language;
mod layout;
mod lexicon;
mod misread;
mod number;
pub mod probe;
mod record;
mod repair;
pub mod rule_docs;
mod sections;
mod segment;
mod sheet;
mod stream;
mod trie;
mod vocabulary;
mod walk;
mod words;

pub use engine::{Engine, Extraction, MOST_FACTS, Paper};
pub use record::reconcile;
pub use sheet::Hint;
