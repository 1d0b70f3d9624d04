//! What detection and recognition have in common: a stem that makes channels of colours, and stages of blocks.

use crate::LoadError;
use crate::activation::Activation;
use crate::block::{Block, Plan};
use crate::convolution::{Convolution, Pointwise, Shape};
use crate::map::{Map, padded, shared, strip};
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

    /// Goes over the picture in strips, which stay in the cache through all the filters.
    pub(crate) fn apply(&self, picture: &Map, threads: usize) -> Map {
        let (height, width) = (picture.height.div_ceil(4), picture.width.div_ceil(4));
        let mut out = Map::to_fill(height, width, padded(2 * self.channels));
        let line = width * out.stride;
        // Strips have scales of their own, so the same ones are cut whatever the number of threads.
        let rows = strip(width, out.stride);
        shared(threads, rows * line, &mut out.data, |first, part| {
            for (index, strip) in part.chunks_mut(rows * line).enumerate() {
                let first = (first + index) * rows;
                let made = self.strip(picture, first, strip.len() / line);
                strip.copy_from_slice(&made.data[usize::from(first > 0) * line..][..strip.len()]);
            }
        });
        out
    }

    /// The rows of results from `first` on, with one row too many above and below where the picture goes on: what lies
    /// at the strip's edge was made without its neighbours.
    fn strip(&self, picture: &Map, first: usize, rows: usize) -> Map {
        let top = (4 * first).saturating_sub(4);
        let bottom = (4 * (first + rows) + 4).min(picture.height);
        let mut part = Map::to_fill(bottom - top, picture.width, picture.stride);
        let line = picture.width * picture.stride;
        part.data.copy_from_slice(&picture.data[top * line..bottom * line]);
        self.whole(&part)
    }

    fn whole(&self, picture: &Map) -> Map {
        let threads = 1;
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

/// A stage has at least one block.
pub(crate) fn run(blocks: &[Block], map: &Map, threads: usize) -> Map {
    let mut made: Option<Map> = None;
    for block in blocks {
        made = Some(block.apply(made.as_ref().unwrap_or(map), threads));
    }
    made.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stem whose weights look like chance.
    fn stem() -> Stem {
        let numbers = |count: usize, seed: usize| -> Vec<f32> {
            (0..count).map(|index| ((index * 7919 + seed * 104_729) % 199) as f32 / 199.0 - 0.45).collect()
        };
        let filter = |inputs: usize, stride: usize, outputs: usize, side: usize, step: usize| {
            let shape = Shape { inputs, stride, outputs, side, step };
            let weight = numbers(outputs * inputs * side * side, inputs + side);
            Convolution::new(shape, Activation::Relu, &weight, &numbers(outputs, 3))
        };
        Stem {
            first: filter(3, COLOURS, 16, 3, 2),
            narrow: filter(16, 16, 8, 2, 1),
            wide: filter(8, 16, 16, 2, 1),
            join: filter(32, 32, 16, 3, 2),
            mix: Pointwise::new(16, 32, Activation::None, &numbers(512, 9), &numbers(32, 5)),
            channels: 16,
        }
    }

    #[test]
    fn threads_do_not_change_the_answer() {
        let mut picture = Map::zeros(512, 512, COLOURS);
        for (index, value) in picture.data.iter_mut().enumerate() {
            *value = if index % COLOURS < 3 { ((index * 37) % 96) as f32 / 48.0 - 1.0 } else { 0.0 };
        }
        let stem = stem();
        let one = stem.apply(&picture, 1);
        assert!(one.data.len() > 200_000, "enough for threads to start");
        for threads in [2, 3, 5] {
            assert_eq!(stem.apply(&picture, threads).data, one.data, "{threads} threads");
        }
    }

    #[test]
    fn strips_give_what_the_whole_picture_gives() {
        let mut picture = Map::zeros(160, 64, COLOURS);
        for (index, value) in picture.data.iter_mut().enumerate() {
            *value = if index % COLOURS < 3 { ((index * 31) % 64) as f32 / 32.0 - 1.0 } else { 0.0 };
        }
        let stem = stem();
        let whole = stem.whole(&picture);
        let greatest = whole.data.iter().fold(0.0f32, |greatest, value| greatest.max(value.abs()));
        for (first, rows) in [(0, 40), (0, 7), (7, 9), (16, 24)] {
            let part = stem.strip(&picture, first, rows);
            let line = whole.width * whole.stride;
            let part = &part.data[usize::from(first > 0) * line..][..rows * line];
            for (a, b) in part.iter().zip(&whole.data[first * line..]) {
                // The strips have scales of their own.
                assert!((a - b).abs() < 0.05 * greatest, "{a} for {b} in rows {first}, {rows}");
            }
        }
    }
}
