//! Where text is on a picture: PP-OCRv6 small, detection.

use crate::LoadError;
use crate::activation::Activation;
use crate::backbone::{COLOURS, Stem, run, stage};
use crate::block::Block;
use crate::convolution::{Convolution, Doubling, Pointwise, Shape};
use crate::depthwise::Depthwise;
use crate::map::{Map, padded, shared, strip};
use crate::memory;
use crate::onnx::Weights;
use crate::squeeze::Squeeze;

/// The sides of a picture must be multiples of this.
const MULTIPLE: usize = 32;
/// Channels of each level where the levels meet, and after.
const LEVEL: usize = 96;
const FEW: usize = 24;
/// The slope of the hard sigmoid where the levels meet.
const SLOPE: f32 = 0.2;

/// For every pixel the probability that it belongs to the middle of a line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextMap {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row by row.
    pub probability: Vec<f32>,
}

/// The network that finds text.
#[derive(Clone, Debug)]
pub struct Detection {
    stem: Stem,
    stages: [Vec<Block>; 4],
    /// From the coarsest level to the finest.
    levels: [Level; 4],
    refinements: [Refinement; 4],
    join: Convolution,
    double: Doubling,
    finish: Doubling,
}

/// Brings a stage's channels to the common number.
#[derive(Clone, Debug)]
struct Level {
    mix: Pointwise,
    squeeze: Squeeze,
}

impl Level {
    fn load(weights: &mut Weights, channels: usize) -> Result<Self, LoadError> {
        let mix = Pointwise::load_without_bias(weights, channels, LEVEL)?;
        Ok(Self { mix, squeeze: Squeeze::load(weights, LEVEL, SLOPE, true)? })
    }

    fn apply(&self, map: &Map, threads: usize) -> Map {
        let mut out = self.mix.apply(map, threads);
        self.squeeze.apply(&mut out);
        out
    }
}

/// Looks around each pixel of a level, and keeps few channels.
#[derive(Clone, Debug)]
struct Refinement {
    filter: Depthwise,
    mix: Pointwise,
    squeeze: Squeeze,
}

impl Refinement {
    fn load(weights: &mut Weights) -> Result<Self, LoadError> {
        Ok(Self {
            filter: Depthwise::load(weights, LEVEL, [7, 7], [1, 1])?,
            mix: Pointwise::load_without_bias(weights, LEVEL, FEW)?,
            squeeze: Squeeze::load(weights, FEW, SLOPE, true)?,
        })
    }

    /// Goes over the map in strips, so that what the filter makes of all of it is nowhere kept.
    fn apply(&self, map: &Map, threads: usize) -> Map {
        let mut out = Map::to_fill(map.height, map.width, self.mix.outputs());
        let (line, seen_line) = (out.width * out.stride, map.width * map.stride);
        let rows = strip(map.width, map.stride);
        shared(threads, line, &mut out.data, |first, part| {
            let mut seen = Map::to_fill(rows, map.width, map.stride);
            for (index, strip) in part.chunks_mut(rows * line).enumerate() {
                let seen = &mut seen.data[..strip.len() / line * seen_line];
                self.filter.rows(map, first + index * rows, seen);
                self.mix.rows(seen, strip);
            }
        });
        self.squeeze.apply(&mut out);
        out
    }
}

impl Detection {
    /// Takes the weights of `PP-OCRv6_det_small.onnx`.
    pub fn load(onnx: &[u8]) -> Result<Self, LoadError> {
        let mut weights = Weights::parse(onnx)?;
        let all = &mut weights;
        let halved = Some([2, 2]);
        let stem = Stem::load(all, 24)?;
        let stages = [
            stage(all, None, 48, &[true, false])?,
            stage(all, halved, 96, &[true, false])?,
            stage(all, halved, 192, &[true, false, true, false])?,
            stage(all, halved, 384, &[true, false])?,
        ];
        let levels =
            [Level::load(all, 384)?, Level::load(all, 192)?, Level::load(all, 96)?, Level::load(all, 48)?];
        let refinements =
            [Refinement::load(all)?, Refinement::load(all)?, Refinement::load(all)?, Refinement::load(all)?];
        let join = Shape { inputs: 4 * FEW, stride: padded(4 * FEW), outputs: FEW, side: 3, step: 1 };
        let join = Convolution::load(all, join, Activation::Relu)?;
        let double = Doubling::load(all, FEW, FEW, Activation::Relu)?;
        let finish = Doubling::load(all, FEW, 1, Activation::Sigmoid)?;
        weights.finish()?;
        Ok(Self { stem, stages, levels, refinements, join, double, finish })
    }

    /// Finds text on a picture of red, green and blue bytes whose sides are multiples of 32; a picture of another size
    /// gives an empty map. `threads` work on it.
    pub fn run(&self, rgb: &[u8], width: usize, height: usize, threads: usize) -> TextMap {
        let whole = width.is_multiple_of(MULTIPLE) && height.is_multiple_of(MULTIPLE) && width * height > 0;
        if !whole || rgb.len() != 3 * width * height {
            return TextMap { width: 0, height: 0, probability: Vec::new() };
        }
        let stem = self.stem.apply(&picture(rgb, width, height), threads);
        let mut maps: Vec<Map> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let made = run(stage, maps.last().unwrap_or(&stem), threads);
            maps.push(made);
        }
        drop(stem);
        maps.reverse();
        let together = self.neck(maps, threads);
        let found = self.join.apply(&together, threads);
        drop(together);
        let mut found = self.finish.apply(&self.double.apply(&found, threads), threads);
        let probability = std::mem::take(&mut found.data);
        // The maps of a whole picture are large, and nothing that follows needs such.
        memory::release();
        TextMap { width, height, probability }
    }

    /// Each level gets what the coarser ones saw; all of them meet at the size of the finest.
    fn neck(&self, maps: Vec<Map>, threads: usize) -> Map {
        let mut refined = Vec::with_capacity(self.levels.len());
        let mut coarser: Option<Map> = None;
        for ((map, level), refinement) in maps.into_iter().zip(&self.levels).zip(&self.refinements) {
            let mut own = level.apply(&map, threads);
            drop(map);
            if let Some(coarser) = &coarser {
                add_enlarged(&mut own, coarser);
            }
            refined.push(refinement.apply(&own, threads));
            coarser = Some(own);
        }
        drop(coarser);
        together(&refined)
    }
}

/// The levels at the size of the finest, the last: the channels of one after those of the other, from the coarsest on.
fn together(levels: &[Map]) -> Map {
    let [height, width] = levels.last().map_or([0, 0], |finest| [finest.height, finest.width]);
    let mut out = Map::zeros(height, width, padded(FEW * levels.len()));
    let stride = out.stride;
    for (index, level) in levels.iter().enumerate() {
        let times = width / level.width;
        for (y, line) in out.data.chunks_exact_mut(width * stride).enumerate() {
            let from = &level.data[y / times * level.width * level.stride..];
            for (x, pixel) in line.chunks_exact_mut(stride).enumerate() {
                let from = &from[x / times * level.stride..][..FEW];
                pixel[index * FEW..][..FEW].copy_from_slice(from);
            }
        }
    }
    out
}

/// Adds a coarser map, each of its pixels as often as the finer map has pixels in its place.
fn add_enlarged(fine: &mut Map, coarse: &Map) {
    let times = fine.width / coarse.width;
    let (stride, width) = (fine.stride, fine.width);
    shared(1, width * stride, &mut fine.data, |first, part| {
        for (y, line) in part.chunks_exact_mut(width * stride).enumerate() {
            let row = (first + y) / times;
            for (x, pixel) in line.chunks_exact_mut(stride).enumerate() {
                let from = &coarse.data[(row * coarse.width + x / times) * stride..][..stride];
                for (value, other) in pixel.iter_mut().zip(from) {
                    *value += other;
                }
            }
        }
    });
}

/// Colours as the networks were trained: blue, green, red from -1 to 1.
fn picture(rgb: &[u8], width: usize, height: usize) -> Map {
    let mut map = Map::zeros(height, width, COLOURS);
    for (pixel, colours) in map.data.chunks_exact_mut(COLOURS).zip(rgb.chunks_exact(3)) {
        for (value, colour) in pixel.iter_mut().zip(colours.iter().rev()) {
            *value = f32::from(*colour) / 127.5 - 1.0;
        }
    }
    map
}
