//! The word lists of `catalogue/vocabulary`, a module an area and a constant a list, as `build.rs` makes them.

include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));
