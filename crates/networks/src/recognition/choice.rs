//! The likeliest of all characters for each column.
//!
//! All classes are compared in whole numbers, which is quick and nearly right; those that come close to the best are
//! then computed again with the weights as they are, so that the choice and its probability are those of the network.

use super::Step;
use crate::activation::{Activation, exp};
use crate::linear::{Linear, Rows};
use crate::map::LANES;
use crate::sequence::{CHANNELS, STRIDE};
use archmage::prelude::*;

/// Columns decided at a time; their answers stay in the cache.
const COLUMNS: usize = 12;
/// Classes within this of the best are computed again: the whole numbers are off by a tenth of it.
const CLOSE: f32 = 2.0;
/// Classes further below the best add less than 18,710 e^-14 = 2 % of a per cent to the sum.
const FAR: f32 = 18.0;

#[derive(Clone, Debug)]
pub(super) struct Choice {
    classes: usize,
    small: Linear,
    /// The weights of each class, one after the other.
    exact: Vec<f32>,
    bias: Vec<f32>,
}

impl Choice {
    /// From a matrix stored channel by channel.
    pub(super) fn new(classes: usize, matrix: &[f32], mut bias: Vec<f32>) -> Self {
        // Some classes at a time: a row of the matrix is longer than the cache.
        const CLASSES: usize = 64;
        let mut exact = vec![0.0; classes * CHANNELS];
        for (block, weights) in exact.chunks_mut(CLASSES * CHANNELS).enumerate() {
            for (channel, row) in matrix.chunks_exact(classes).enumerate() {
                let row = &row[block * CLASSES..];
                for (weights, value) in weights.chunks_exact_mut(CHANNELS).zip(row) {
                    weights[channel] = *value;
                }
            }
        }
        let small = Linear::new(CHANNELS, classes, &bias, |channel, class| exact[class * CHANNELS + channel]);
        bias.truncate(classes);
        Self { classes, small, exact, bias }
    }

    pub(super) fn of(&self, columns: &[f32]) -> Vec<Step> {
        let wide = self.small.outputs();
        let mut rows = Rows::new(STRIDE);
        let mut answers = vec![0.0; COLUMNS * wide];
        let mut steps = Vec::with_capacity(columns.len() / STRIDE);
        for block in columns.chunks(COLUMNS * STRIDE) {
            let answers = &mut answers[..block.len() / STRIDE * wide];
            rows.take(block);
            self.small.apply(&rows, Activation::None, false, answers);
            let pairs = block.chunks_exact(STRIDE).zip(answers.chunks_exact(wide));
            steps.extend(pairs.map(|(column, answers)| self.step(column, answers)));
        }
        steps
    }

    fn step(&self, column: &[f32], answers: &[f32]) -> Step {
        let answers = &answers[..self.classes];
        let best = greatest(answers);
        let (mut class, mut chosen) = (0, f32::MIN);
        let mut sum = 0.0;
        each_above(answers, best - FAR, |index, answer| {
            let answer = if answer < best - CLOSE { answer } else { self.exact(column, index) };
            sum += exp(answer - best);
            if answer > chosen {
                (class, chosen) = (index, answer);
            }
        });
        Step { class, probability: exp(chosen - best) / sum }
    }

    fn exact(&self, column: &[f32], class: usize) -> f32 {
        let weights = &self.exact[class * CHANNELS..][..CHANNELS];
        weights.iter().zip(column).map(|(weight, value)| weight * value).sum::<f32>() + self.bias[class]
    }
}

fn greatest(values: &[f32]) -> f32 {
    incant!(best(values), [v4x, v3, scalar])
}

#[arcane]
fn best_v4x(_token: X64V4xToken, values: &[f32]) -> f32 {
    best(values)
}

#[arcane]
fn best_v3(_token: X64V3Token, values: &[f32]) -> f32 {
    best(values)
}

fn best_scalar(_token: ScalarToken, values: &[f32]) -> f32 {
    best(values)
}

#[inline(always)]
fn best(values: &[f32]) -> f32 {
    let mut best = [f32::MIN; LANES];
    let (vectors, rest) = values.as_chunks::<LANES>();
    for vector in vectors {
        for lane in 0..LANES {
            best[lane] = if vector[lane] > best[lane] { vector[lane] } else { best[lane] };
        }
    }
    best.iter().chain(rest).fold(f32::MIN, |best, value| best.max(*value))
}

/// Calls `found` for every value above a bound.
fn each_above(values: &[f32], bound: f32, mut found: impl FnMut(usize, f32)) {
    let mut groups = Vec::new();
    incant!(groups_above(values, bound, &mut groups), [v4x, v3, scalar]);
    for group in groups {
        let lanes = values[group * LANES..].iter().take(LANES).enumerate();
        lanes
            .filter(|(_, value)| **value > bound)
            .for_each(|(lane, value)| found(group * LANES + lane, *value));
    }
}

#[arcane]
fn groups_above_v4x(_token: X64V4xToken, values: &[f32], bound: f32, groups: &mut Vec<usize>) {
    groups_above(values, bound, groups);
}

#[arcane]
fn groups_above_v3(_token: X64V3Token, values: &[f32], bound: f32, groups: &mut Vec<usize>) {
    groups_above(values, bound, groups);
}

fn groups_above_scalar(_token: ScalarToken, values: &[f32], bound: f32, groups: &mut Vec<usize>) {
    groups_above(values, bound, groups);
}

/// The groups of lanes in which a value is above the bound. Few are, so a group is looked at as a whole.
#[inline(always)]
fn groups_above(values: &[f32], bound: f32, groups: &mut Vec<usize>) {
    let (vectors, rest) = values.as_chunks::<LANES>();
    for (index, vector) in vectors.iter().enumerate() {
        let mut any = false;
        for value in vector {
            any |= *value > bound;
        }
        if any {
            groups.push(index);
        }
    }
    if rest.iter().any(|value| *value > bound) {
        groups.push(vectors.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_is_that_of_the_exact_weights() {
        let classes = 70;
        let weight = |channel: usize, class: usize| ((channel * 31 + class * 17) % 23) as f32 / 23.0 - 0.5;
        let matrix: Vec<f32> =
            (0..CHANNELS * classes).map(|place| weight(place / classes, place % classes)).collect();
        let bias: Vec<f32> = (0..classes).map(|class| class as f32 / 100.0).collect();
        let choice = Choice::new(classes, &matrix, bias.clone());
        let mut columns = vec![0.0; 30 * STRIDE];
        for (place, value) in columns.iter_mut().enumerate() {
            let channel = place % STRIDE;
            *value = if channel < CHANNELS { ((place * 37) % 101) as f32 / 50.0 - 1.0 } else { 0.0 };
        }
        for (step, column) in choice.of(&columns).iter().zip(columns.chunks_exact(STRIDE)) {
            let logits: Vec<f32> = (0..classes)
                .map(|class| bias[class] + (0..CHANNELS).map(|c| column[c] * weight(c, class)).sum::<f32>())
                .collect();
            let best = (0..classes).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap_or(0);
            let sum: f32 = logits.iter().map(|logit| (logit - logits[best]).exp()).sum();
            assert_eq!(step.class, best);
            assert!((step.probability - 1.0 / sum).abs() < 0.02, "{} for {}", step.probability, 1.0 / sum);
        }
    }
}
