//! What detection and recognition have in common: a stem that makes channels of colours, and stages of blocks.

use crate::LoadError;
use crate::activation::Activation;
use crate::block::{Block, Plan};
use crate::convolution::{Convolution, Pointwise, Shape};
use crate::map::{Map, padded};
use crate::onnx::Weights;

/// Numbers a pixel of the picture takes: its three colours and a zero.
pub(crate) const COLOURS: usize = 4;

/// Makes a fourth of the height and width, and the first channels.
#[derive(Clone, Debug)]
pub(crate) struct Stem {
    first: Convolution,
    narrow: Convolution,
    wide: Convolution,
    join: Convolution,
    mix: Pointwise,
    /// Channels after the first filter.
    channels: usize,
}

impl Stem {
    /// `channels` after the first filter; twice as many leave the stem.
    pub(crate) fn load(weights: &mut Weights, channels: usize) -> Result<Self, LoadError> {
        let half = channels / 2;
        let mut filter = |inputs, stride, outputs, side, step| {
            let shape = Shape { inputs, stride, outputs, side, step };
            Convolution::load(weights, shape, Activation::Relu)
        };
        let first = filter(3, COLOURS, channels, 3, 2)?;
        let narrow = filter(channels, padded(channels), half, 2, 1)?;
        let wide = filter(half, padded(half), channels, 2, 1)?;
        let join = filter(2 * channels, 2 * channels, channels, 3, 2)?;
        let mix = Pointwise::load(weights, channels, 2 * channels, Activation::Relu)?;
        Ok(Self { first, narrow, wide, join, mix, channels })
    }

    pub(crate) fn apply(&self, picture: &Map, threads: usize) -> Map {
        let first = self.first.apply(picture, threads);
        let second = self.wide.apply(&self.narrow.apply(&first, threads), threads);
        let pooled = largest_of_four(&first);
        let both = side_by_side(&[&pooled, &second], self.channels);
        self.mix.apply(&self.join.apply(&both, threads), threads)
    }
}

/// The largest of each pixel and its neighbours to the right and below. What is outside counts as zero, which is right
/// behind a function that leaves nothing below zero.
fn largest_of_four(map: &Map) -> Map {
    let mut out = map.clone();
    let line = map.width * map.stride;
    for (y, row) in out.data.chunks_exact_mut(line).enumerate() {
        let from = |y: usize, ahead: usize| map.data.get(y * line + ahead..(y + 1) * line).unwrap_or(&[]);
        for other in [from(y, map.stride), from(y + 1, 0), from(y + 1, map.stride)] {
            for (value, other) in row.iter_mut().zip(other) {
                *value = if *other > *value { *other } else { *value };
            }
        }
    }
    out
}

/// The first `channels` of several maps of one size, one map's after the other's, without gaps.
pub(crate) fn side_by_side(maps: &[&Map], channels: usize) -> Map {
    let stride = padded(channels * maps.len());
    let mut out = Map::zeros(maps[0].height, maps[0].width, stride);
    for (index, map) in maps.iter().enumerate() {
        for (to, from) in out.data.chunks_exact_mut(stride).zip(map.data.chunks_exact(map.stride)) {
            to[index * channels..][..channels].copy_from_slice(&from[..channels]);
        }
    }
    out
}

/// Loads the blocks of a stage: the first, if `entry` is given, halves the size and widens. `squeezed` says of each of
/// the others whether it weighs its channels.
pub(crate) fn stage(
    weights: &mut Weights,
    entry: Option<[usize; 2]>,
    channels: usize,
    squeezed: &[bool],
) -> Result<Vec<Block>, LoadError> {
    let first = entry.map(|step| Plan {
        inputs: channels / 2,
        inner: channels,
        outputs: channels,
        step,
        squeezed: false,
    });
    let others = squeezed.iter().map(|squeezed| Plan {
        inputs: channels,
        inner: 2 * channels,
        outputs: channels,
        step: [1, 1],
        squeezed: *squeezed,
    });
    first.into_iter().chain(others).map(|plan| Block::load(weights, plan)).collect()
}

pub(crate) fn run(blocks: &[Block], map: Map, threads: usize) -> Map {
    blocks.iter().fold(map, |map, block| block.apply(&map, threads))
}
