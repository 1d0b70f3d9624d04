//! What a line of text says: PP-OCRv6 small, recognition.

mod choice;

use crate::LoadError;
use crate::activation::Activation;
use crate::backbone::{COLOURS, Stem, run, stage};
use crate::block::Block;
use crate::convolution::Pointwise;
use crate::depthwise::Depthwise;
use crate::map::Map;
use crate::onnx::Weights;
use crate::sequence::{CHANNELS, Layer, Norm};
use choice::Choice;

/// The name under which the file keeps its characters, one a line.
const CHARACTERS: &str = "character";
/// Classes: a blank, 18,708 characters, and the space.
const CLASSES: usize = 18_710;
/// Height of the map behind the last stage.
const LAST_HEIGHT: usize = 3;

/// What the network sees in one column of eight pixels: the likeliest class, and how sure it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Step {
    /// 0 is nothing or the same character still; the others are the characters in their order, then the space.
    pub class: usize,
    /// From 0 to 1.
    pub probability: f32,
}

/// The network that reads lines.
#[derive(Clone, Debug)]
pub struct Recognition {
    stem: Stem,
    stages: [Vec<Block>; 3],
    shortcut: Pointwise,
    entry: Pointwise,
    neighbours: Depthwise,
    layers: [Layer; 2],
    norm: Norm,
    choice: Choice,
    characters: String,
}

impl Recognition {
    /// The height of a line, in pixels.
    pub const HEIGHT: usize = 48;
    /// Pixels a step stands for; the width of a line must be a multiple of it.
    pub const STEP: usize = 8;

    /// Takes the weights of `PP-OCRv6_rec_small.onnx`.
    pub fn load(onnx: &[u8]) -> Result<Self, LoadError> {
        let mut weights = Weights::parse(onnx)?;
        let characters = weights.text(CHARACTERS).unwrap_or_default().to_owned();
        let all = &mut weights;
        let lower = Some([2, 1]);
        let stem = Stem::load(all, 48)?;
        let stages = [
            stage(all, None, 96, &[true, false, false])?,
            stage(all, lower, 192, &[true, false, true, false, true, false])?,
            stage(all, lower, 384, &[true, false])?,
        ];
        let shortcut = normed_pointwise(all, 384)?;
        let entry = normed_pointwise(all, 384)?;
        let neighbours = normed_depthwise(all)?;
        let layers = [Layer::load(all)?, Layer::load(all)?];
        let norm = Norm::load(all)?;
        let matrix = all.take("MatMul", &[CHANNELS, CLASSES])?;
        let bias = all.take("Add", &[CLASSES])?;
        let choice = Choice::new(CLASSES, &matrix, bias);
        weights.finish()?;
        Ok(Self { stem, stages, shortcut, entry, neighbours, layers, norm, choice, characters })
    }

    /// The characters, one a line.
    pub fn characters(&self) -> &str {
        &self.characters
    }

    /// Reads a line: rows of blue, green and red from -1 to 1 and a zero, [`Self::HEIGHT`] rows of them. The answer has
    /// a step for each eight columns, and none if the numbers are not those of such a line.
    pub fn run(&self, pixels: Vec<f32>) -> Vec<Step> {
        let width = pixels.len() / (Self::HEIGHT * COLOURS);
        if width == 0 || !width.is_multiple_of(Self::STEP) || pixels.len() != width * Self::HEIGHT * COLOURS {
            return Vec::new();
        }
        let picture = Map { height: Self::HEIGHT, width, stride: COLOURS, data: pixels };
        let mut map = self.stem.apply(&picture, 1);
        for stage in &self.stages {
            map = run(stage, &map, 1);
        }
        self.choice.of(&self.in_context(&columns(&map)))
    }

    /// The columns of the line, each knowing its neighbours.
    fn in_context(&self, columns: &Map) -> Vec<f32> {
        let shortcut = self.shortcut.apply(columns, 1);
        let entry = self.entry.apply(columns, 1);
        let mut around = self.neighbours.apply(&entry, 1);
        add(&mut around.data, &entry.data);
        for layer in &self.layers {
            layer.apply(&mut around.data);
        }
        let mut out = self.norm.apply(&around.data);
        add(&mut out, &shortcut.data);
        out
    }
}

fn add(values: &mut [f32], others: &[f32]) {
    for (value, other) in values.iter_mut().zip(others) {
        *value += other;
    }
}

/// The mean of every three rows and two columns.
fn columns(map: &Map) -> Map {
    let stride = map.stride;
    let mut out = Map::zeros(1, map.width / 2, stride);
    let share = 1.0 / (2 * LAST_HEIGHT) as f32;
    for line in map.data.chunks_exact(map.width * stride).take(LAST_HEIGHT) {
        for (pair, out) in line.chunks_exact(2 * stride).zip(out.data.chunks_exact_mut(stride)) {
            let (left, right) = pair.split_at(stride);
            for ((out, left), right) in out.iter_mut().zip(left).zip(right) {
                *out += share * (left + right);
            }
        }
    }
    out
}

fn normed_pointwise(weights: &mut Weights, inputs: usize) -> Result<Pointwise, LoadError> {
    let weight = weights.take("Conv", &[CHANNELS, inputs, 1, 1])?;
    let (weight, bias) = weights.normed(weight, CHANNELS)?;
    Ok(Pointwise::new(inputs, CHANNELS, Activation::Swish, &weight, &bias))
}

fn normed_depthwise(weights: &mut Weights) -> Result<Depthwise, LoadError> {
    const SIZE: [usize; 2] = [1, 7];
    let weight = weights.take("Conv", &[CHANNELS, 1, SIZE[0], SIZE[1]])?;
    let (weight, bias) = weights.normed(weight, CHANNELS)?;
    Ok(Depthwise::new(CHANNELS, SIZE, [1, 1], Activation::Swish, &weight, &bias))
}
