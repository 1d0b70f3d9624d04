//! Scores what a reader made of pictures of pages, against the exact truth of `benches/pages`.
//!
//! | module | does |
//! |---|---|
//! | `corpus` | the pictures, their truth, and what a reader read of them, as JSON lines |
//! | `fold` | what counts as the same character |
//! | `place` | which read lines lie on which segments of the truth |
//! | `align` | the least changes from the one text to the other |
//! | `tokens` | the words that must be exactly right: numbers, percentages, signs, flags |
//! | `score` | errors by class, over all pictures |
//! | `calibration` | whether a confidence of 0.9 means right nine times of ten |
//! | `meter` | time and memory of this process |
//! | `table` | what is printed |

pub mod align;
pub mod calibration;
pub mod corpus;
pub mod fold;
pub mod meter;
pub mod place;
pub mod score;
pub mod table;
pub mod tokens;
