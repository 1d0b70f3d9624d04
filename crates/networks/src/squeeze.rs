//! Weighing channels by what they hold on the whole: squeeze and excitation.

use crate::LoadError;
use crate::activation::hard_sigmoid;
use crate::map::Map;
use crate::onnx::Weights;

/// Two small matrices that make a weight for each channel of the means of all.
#[derive(Clone, Debug)]
pub(crate) struct Squeeze {
    channels: usize,
    inner: Vec<f32>,
    inner_bias: Vec<f32>,
    outer: Vec<f32>,
    outer_bias: Vec<f32>,
    slope: f32,
    /// Whether the weighed map is added to the map.
    added: bool,
}

impl Squeeze {
    /// Loads one with a fourth of the channels inside. `slope` is that of its hard sigmoid.
    pub(crate) fn load(
        weights: &mut Weights,
        channels: usize,
        slope: f32,
        added: bool,
    ) -> Result<Self, LoadError> {
        let few = channels / 4;
        Ok(Self {
            channels,
            inner: weights.take("Conv", &[few, channels, 1, 1])?,
            inner_bias: weights.take("Add", &[1, few, 1, 1])?,
            outer: weights.take("Conv", &[channels, few, 1, 1])?,
            outer_bias: weights.take("Add", &[1, channels, 1, 1])?,
            slope,
            added,
        })
    }

    pub(crate) fn apply(&self, map: &mut Map) {
        let mut weights = self.weights(&map.means());
        weights.resize(map.stride, 0.0);
        for pixel in map.data.chunks_exact_mut(map.stride) {
            for (value, weight) in pixel.iter_mut().zip(&weights) {
                *value *= weight;
            }
        }
    }

    fn weights(&self, means: &[f32]) -> Vec<f32> {
        let product = |matrix: &[f32], bias: &[f32], values: &[f32]| -> Vec<f32> {
            let rows = matrix.chunks_exact(values.len()).zip(bias);
            rows.map(|(row, bias)| row.iter().zip(values).map(|(a, b)| a * b).sum::<f32>() + bias).collect()
        };
        let inner: Vec<f32> = product(&self.inner, &self.inner_bias, &means[..self.channels])
            .iter()
            .map(|x| x.max(0.0))
            .collect();
        let outer = product(&self.outer, &self.outer_bias, &inner);
        let own = if self.added { 1.0 } else { 0.0 };
        outer.iter().map(|x| own + hard_sigmoid(*x, self.slope)).collect()
    }
}
