//! The three neural networks of text recognition, run on the processor: how a page is turned, where text is, and what
//! a line says.
//!
//! The networks are PP-LCNet (orientation) and PP-OCRv6 small (detection, recognition). Their architectures are
//! written out in [`Orientation`], [`Detection`] and [`Recognition`]; their weights come from the ONNX files.
//!
//! What makes them fast, in the order of its weight:
//!
//! * nine tenths of the work are products of a pixel's channels with a matrix. They are computed in whole numbers of
//!   eight bits, 64 multiplications an instruction where the processor has AVX-512 VNNI, 16 with AVX2 (see `linear`);
//! * each pixel is brought to eight bits with a scale of its own, so that no calibration is needed and little is lost;
//! * the two matrices of a block and the function between them are applied to a few pixels at a time, which never
//!   leave the cache (see `block`);
//! * channels of a pixel lie together, so that every loop runs over whole vectors.
//!
//! The same sums are computed on every processor; with AVX2 alone it takes some two to three times as long, without it
//! much longer.
//!
//! No clock, no file, no thread but those that [`Detection::run`] is allowed; nothing here is `unsafe`: the processor
//! is asked what it can do by the crate `archmage`.

mod activation;
mod backbone;
mod block;
mod convolution;
mod depthwise;
mod detection;
mod linear;
mod map;
mod memory;
mod onnx;
mod orientation;
mod recognition;
mod sequence;
mod squeeze;

pub use detection::{Detection, TextMap};
pub use orientation::Orientation;
pub use recognition::{Recognition, Step};

/// A model file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model file does not load: {what}")]
pub struct LoadError {
    what: String,
}

impl LoadError {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}
