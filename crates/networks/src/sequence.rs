//! The columns of a line looked at together: the part of recognition that knows what stands beside a character.

use crate::LoadError;
use crate::activation::{Activation, exp};
use crate::convolution::Pointwise;
use crate::map::padded;
use crate::onnx::Weights;
use archmage::prelude::*;

/// Channels of a column.
pub(crate) const CHANNELS: usize = 120;
/// Numbers a column takes.
pub(crate) const STRIDE: usize = 128;
/// Parts of the channels that attend for themselves, and their size.
const HEADS: usize = 8;
const HEAD: usize = CHANNELS / HEADS;
/// Channels between the two matrices of a layer.
const INNER: usize = 240;

/// Brings a column's numbers to mean 0 and variance 1, then to a learnt scale and shift.
#[derive(Clone, Debug)]
pub(crate) struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Norm {
    pub(crate) fn load(weights: &mut Weights) -> Result<Self, LoadError> {
        Ok(Self { scale: weights.take("Mul", &[CHANNELS])?, shift: weights.take("Add", &[CHANNELS])? })
    }

    pub(crate) fn apply(&self, columns: &[f32]) -> Vec<f32> {
        const EPSILON: f32 = 1e-5;
        let mut out = vec![0.0; columns.len()];
        for (column, out) in columns.chunks_exact(STRIDE).zip(out.chunks_exact_mut(STRIDE)) {
            let column = &column[..CHANNELS];
            let mean = column.iter().sum::<f32>() / CHANNELS as f32;
            let variance = column.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / CHANNELS as f32;
            let inverse = 1.0 / (variance + EPSILON).sqrt();
            for (channel, out) in out[..CHANNELS].iter_mut().enumerate() {
                *out = (column[channel] - mean) * inverse * self.scale[channel] + self.shift[channel];
            }
        }
        out
    }
}

/// One layer: each column takes what it needs from all the others, then is thought over by itself.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    before_attention: Norm,
    questions: Pointwise,
    scale: f32,
    answers: Pointwise,
    before_thought: Norm,
    widen: Pointwise,
    narrow: Pointwise,
}

impl Layer {
    pub(crate) fn load(weights: &mut Weights) -> Result<Self, LoadError> {
        Ok(Self {
            before_attention: Norm::load(weights)?,
            questions: matrix(weights, CHANNELS, 3 * CHANNELS, Activation::None)?,
            scale: weights.take("Mul", &[1])?[0],
            answers: matrix(weights, CHANNELS, CHANNELS, Activation::None)?,
            before_thought: Norm::load(weights)?,
            widen: matrix(weights, CHANNELS, INNER, Activation::Swish)?,
            narrow: matrix(weights, INNER, CHANNELS, Activation::None)?,
        })
    }

    pub(crate) fn apply(&self, columns: &mut [f32]) {
        let count = columns.len() / STRIDE;
        let wide = padded(3 * CHANNELS);
        let mut questions = vec![0.0; count * wide];
        self.questions.rows(&self.before_attention.apply(columns), &mut questions);
        let seen = incant!(attend(&questions, wide, self.scale), [v4x, v3, scalar]);
        let mut answers = vec![0.0; columns.len()];
        self.answers.rows(&seen, &mut answers);
        add(columns, &answers);
        let mut inner = vec![0.0; count * padded(INNER)];
        self.widen.rows(&self.before_thought.apply(columns), &mut inner);
        self.narrow.rows(&inner, &mut answers);
        add(columns, &answers);
    }
}

fn add(columns: &mut [f32], others: &[f32]) {
    for (value, other) in columns.iter_mut().zip(others) {
        *value += other;
    }
}

/// A matrix stored input by output, with a bias.
fn matrix(
    weights: &mut Weights,
    inputs: usize,
    outputs: usize,
    function: Activation,
) -> Result<Pointwise, LoadError> {
    let weight = weights.take("MatMul", &[inputs, outputs])?;
    let bias = weights.take("Add", &[outputs])?;
    Ok(Pointwise::from_columns(inputs, outputs, function, &weight, &bias))
}

#[arcane]
fn attend_v4x(_token: X64V4xToken, questions: &[f32], wide: usize, scale: f32) -> Vec<f32> {
    attend(questions, wide, scale)
}

#[arcane]
fn attend_v3(_token: X64V3Token, questions: &[f32], wide: usize, scale: f32) -> Vec<f32> {
    attend(questions, wide, scale)
}

fn attend_scalar(_token: ScalarToken, questions: &[f32], wide: usize, scale: f32) -> Vec<f32> {
    attend(questions, wide, scale)
}

/// For each column and head: the values of all columns, weighed by how well their keys fit its query.
#[inline(always)]
fn attend(questions: &[f32], wide: usize, scale: f32) -> Vec<f32> {
    let count = questions.len() / wide;
    let mut seen = vec![0.0; count * STRIDE];
    // Keys of a head with the columns running fastest, so that a query meets many keys at once.
    let mut keys = vec![0.0; HEAD * count];
    let mut fits = vec![0.0; count];
    for head in 0..HEADS {
        let part =
            |column: usize, kind: usize| &questions[column * wide + kind * CHANNELS + head * HEAD..][..HEAD];
        for column in 0..count {
            for (place, key) in part(column, 1).iter().enumerate() {
                keys[place * count + column] = *key;
            }
        }
        for column in 0..count {
            fits.fill(0.0);
            for (query, keys) in part(column, 0).iter().zip(keys.chunks_exact(count)) {
                for (fit, key) in fits.iter_mut().zip(keys) {
                    *fit += query * scale * key;
                }
            }
            let sum = to_weights(&mut fits);
            let mut value = [0.0; HEAD];
            for (other, weight) in fits.iter().enumerate() {
                for (value, from) in value.iter_mut().zip(part(other, 2)) {
                    *value += weight * from;
                }
            }
            let out = &mut seen[column * STRIDE + head * HEAD..][..HEAD];
            for (out, value) in out.iter_mut().zip(value) {
                *out = value / sum;
            }
        }
    }
    seen
}

/// Makes weights of fits, and gives their sum.
#[inline(always)]
fn to_weights(fits: &mut [f32]) -> f32 {
    let best = fits.iter().fold(f32::MIN, |best, fit| best.max(*fit));
    let mut sum = 0.0;
    for fit in fits {
        *fit = exp(*fit - best);
        sum += *fit;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_asks_for_one_gets_that_one() {
        let wide = padded(3 * CHANNELS);
        let mut questions = vec![0.0; 3 * wide];
        for column in 0..3 {
            for head in 0..HEADS {
                let at = |kind: usize| column * wide + kind * CHANNELS + head * HEAD;
                // The query of every column is the key of the last.
                questions[at(0)] = 100.0;
                questions[at(1)] = column as f32;
                questions[at(2)] = 10.0 * column as f32;
            }
        }
        let seen = attend(&questions, wide, 1.0);
        for column in 0..3 {
            assert!((seen[column * STRIDE] - 20.0).abs() < 1e-4);
            assert_eq!(seen[column * STRIDE + CHANNELS], 0.0);
        }
    }

    #[test]
    fn a_norm_leaves_mean_zero_and_variance_one() {
        let norm = Norm { scale: vec![1.0; CHANNELS], shift: vec![0.0; CHANNELS] };
        let mut column: Vec<f32> = (0..CHANNELS).map(|channel| channel as f32).collect();
        column.resize(STRIDE, 0.0);
        let out = norm.apply(&column);
        let mean = out.iter().sum::<f32>() / CHANNELS as f32;
        let variance = out.iter().map(|x| x * x).sum::<f32>() / CHANNELS as f32;
        assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-3);
    }
}
