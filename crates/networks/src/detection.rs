//! Where text is on a picture: PP-OCRv6 small, detection.

use crate::LoadError;
use crate::activation::Activation;
use crate::backbone::{COLOURS, Stem, run, side_by_side, stage};
use crate::block::Block;
use crate::convolution::{Convolution, Doubling, Pointwise, Shape};
use crate::depthwise::Depthwise;
use crate::map::{Map, padded, shared};
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

    fn apply(&self, map: &Map, threads: usize) -> Map {
        let mut out = self.mix.apply(&self.filter.apply(map, threads), threads);
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
        let mut map = self.stem.apply(&picture(rgb, width, height), threads);
        let mut maps = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            map = run(stage, map, threads);
            maps.push(map.clone());
        }
        maps.reverse();
        let together = self.neck(&maps, threads);
        let found = self.join.apply(&together, threads);
        let mut found = self.finish.apply(&self.double.apply(&found, threads), threads);
        TextMap { width, height, probability: std::mem::take(&mut found.data) }
    }

    /// Each level gets what the coarser ones saw; all of them meet at the size of the finest.
    fn neck(&self, maps: &[Map], threads: usize) -> Map {
        let mut refined = Vec::with_capacity(self.levels.len());
        let mut coarser: Option<Map> = None;
        for ((map, level), refinement) in maps.iter().zip(&self.levels).zip(&self.refinements) {
            let mut own = level.apply(map, threads);
            if let Some(coarser) = &coarser {
                add_enlarged(&mut own, coarser);
            }
            refined.push(refinement.apply(&own, threads));
            coarser = Some(own);
        }
        let finest = &maps[maps.len() - 1];
        let enlarged: Vec<Map> = refined
            .iter()
            .map(|map| {
                let mut out = Map::zeros(finest.height, finest.width, map.stride);
                add_enlarged(&mut out, map);
                out
            })
            .collect();
        side_by_side(&enlarged.iter().collect::<Vec<_>>(), FEW)
    }
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
