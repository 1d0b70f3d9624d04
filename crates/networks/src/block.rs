//! A block of the backbones: each channel is filtered for itself, weighed, and then all are mixed by two matrices with
//! a function between them.

use crate::LoadError;
use crate::activation::Activation;
use crate::depthwise::Depthwise;
use crate::linear::{BLOCK, Linear, Rows};
use crate::map::{Map, shared, strip};
use crate::memory;
use crate::onnx::Weights;
use crate::squeeze::Squeeze;

/// What differs from block to block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) inputs: usize,
    /// Channels between the two matrices.
    pub(crate) inner: usize,
    pub(crate) outputs: usize,
    /// Rows and columns from one result to the next.
    pub(crate) step: [usize; 2],
    /// Whether channels are weighed.
    pub(crate) squeezed: bool,
}

/// One block, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    filter: Depthwise,
    squeeze: Option<Squeeze>,
    widen: Linear,
    narrow: Linear,
    /// Whether the result is added to what went into the matrices.
    added: bool,
}

impl Block {
    pub(crate) fn load(weights: &mut Weights, plan: Plan) -> Result<Self, LoadError> {
        let Plan { inputs, inner, outputs, step, squeezed } = plan;
        let filter = Depthwise::load(weights, inputs, [3, 3], step)?;
        let squeeze = squeezed.then(|| Squeeze::load(weights, inputs, 1.0 / 6.0, false)).transpose()?;
        let mut linear = |from: usize, to: usize| -> Result<Linear, LoadError> {
            let weight = weights.take("Conv", &[to, from, 1, 1])?;
            let bias = weights.take("Add", &[1, to, 1, 1])?;
            Ok(Linear::new(from, to, &bias, |input, output| weight[output * from + input]))
        };
        let (widen, narrow) = (linear(inputs, inner)?, linear(inner, outputs)?);
        Ok(Self { filter, squeeze, widen, narrow, added: step == [1, 1] })
    }

    pub(crate) fn apply(&self, input: &Map, threads: usize) -> Map {
        match &self.squeeze {
            // The weights of channels need the whole map.
            Some(squeeze) => {
                let mut map = self.filter.apply(input, threads);
                squeeze.apply(&mut map);
                self.mix(map, threads)
            }
            None => self.filter_and_mix(input, threads),
        }
    }

    fn mix(&self, mut map: Map, threads: usize) -> Map {
        shared(threads, map.stride, &mut map.data, |_, part| Mixer::new(self).in_place(part));
        map
    }

    /// Filters and mixes a few rows at a time.
    fn filter_and_mix(&self, input: &Map, threads: usize) -> Map {
        let [height, width] = self.filter.size_of_result(input);
        let mut out = Map::to_fill(height, width, self.narrow.outputs());
        let line = width * out.stride;
        shared(threads, line, &mut out.data, |first, part| {
            let mut mixer = Mixer::new(self);
            let rows = strip(width, input.stride);
            for (index, strip) in part.chunks_mut(rows * line).enumerate() {
                let first = first + index * rows;
                if self.added {
                    self.filter.rows(input, first, strip);
                    mixer.in_place(strip);
                } else {
                    let mut filtered = Map::to_fill(strip.len() / line, width, input.stride);
                    self.filter.rows(input, first, &mut filtered.data);
                    mixer.put(&filtered.data, strip);
                }
            }
        });
        out
    }
}

/// A few pixels on their way through the two matrices; they stay in the cache.
struct Mixer<'a> {
    block: &'a Block,
    widening: Rows,
    wide: Vec<f32>,
    narrowing: Rows,
}

impl Drop for Mixer<'_> {
    fn drop(&mut self) {
        memory::keep_numbers(std::mem::take(&mut self.wide));
    }
}

impl<'a> Mixer<'a> {
    fn new(block: &'a Block) -> Self {
        Self {
            block,
            widening: Rows::new(block.widen.inputs()),
            wide: memory::numbers(BLOCK * block.widen.outputs()),
            narrowing: Rows::new(block.narrow.inputs()),
        }
    }

    /// Adds to each pixel what the matrices make of it.
    fn in_place(&mut self, pixels: &mut [f32]) {
        for few in pixels.chunks_mut(BLOCK * self.block.widen.inputs()) {
            self.widen(few);
            self.block.narrow.apply(&self.narrowing, Activation::None, true, few);
        }
    }

    /// Writes what the matrices make of each pixel.
    fn put(&mut self, pixels: &[f32], out: &mut [f32]) {
        let from = pixels.chunks(BLOCK * self.block.widen.inputs());
        for (few, out) in from.zip(out.chunks_mut(BLOCK * self.block.narrow.outputs())) {
            self.widen(few);
            self.block.narrow.apply(&self.narrowing, Activation::None, false, out);
        }
    }

    /// Takes pixels through the first matrix and the function.
    fn widen(&mut self, pixels: &[f32]) {
        let count = pixels.len() / self.block.widen.inputs();
        let wide = &mut self.wide[..count * self.block.widen.outputs()];
        self.widening.take(pixels);
        self.block.widen.apply(&self.widening, Activation::Gelu, false, wide);
        self.narrowing.take(wide);
    }
}
