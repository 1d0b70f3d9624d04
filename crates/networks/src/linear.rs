//! Rows of numbers times a matrix, in whole numbers of eight bits.
//!
//! A row `a` is written as `low + step q` with `q` from 0 to 255, a column `w` of the matrix as `scale p` with `p`
//! from -127 to 127. Then `a w = scale (step Σ q p + low Σ p)`: the sum of products of small whole numbers is exact,
//! and the rest is one multiplication a result. The rows bring a scale each, so a bright pixel costs a dark one nothing.

mod tile;

use crate::activation::Activation;
use crate::map::{LANES, padded};
use crate::memory;
use archmage::prelude::*;

/// Rows that are multiplied at a time: their sums fill the registers.
const GROUP: usize = 6;
/// Vectors of columns that are multiplied at a time, where the registers hold the sums of so many.
const WIDEST: usize = 4;
/// Rows of a block: its numbers stay in the cache while the whole matrix passes.
pub(crate) const BLOCK: usize = 48;
/// Numbers that one instruction multiplies and adds for each column.
const DEPTH: usize = 4;

/// Sixteen columns of a matrix, four rows of it: what one instruction takes.
type Tile = [i8; LANES * DEPTH];

/// A matrix of small whole numbers, with what is needed to make real numbers of the sums.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    /// Length of a row, filled up to whole lanes.
    inputs: usize,
    /// Columns, filled up to whole lanes.
    outputs: usize,
    /// Vectors of columns in a panel.
    widest: usize,
    /// Panels of so many vectors of columns, the last perhaps of fewer, each from the first row of the matrix to the last.
    tiles: Vec<Tile>,
    scale: Vec<f32>,
    /// Sum of the column's numbers, scaled: what the lowest value of a row is multiplied with.
    sums: Vec<f32>,
    bias: Vec<f32>,
}

/// Rows brought to eight bits. There may be some behind the last one, to fill a group.
#[derive(Debug)]
pub(crate) struct Rows {
    quads: usize,
    numbers: Vec<u8>,
    low: Vec<f32>,
    step: Vec<f32>,
}

/// Numbers are `low + step q`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Scale {
    pub(crate) low: f32,
    pub(crate) step: f32,
}

impl Scale {
    /// The scale of many numbers, in which zero stays zero: a margin of nothing can be put around them.
    pub(crate) fn of(values: &[f32]) -> Self {
        let (low, high) = incant!(tile::bounds(values), [v4x, v3, scalar]);
        let (low, high) = (low.min(0.0), high.max(0.0));
        let step = (high - low) / 255.0;
        Self { low: if step > 0.0 { (low / step).round() * step } else { 0.0 }, step }
    }

    /// The number that stands for zero.
    pub(crate) fn zero(self) -> u8 {
        if self.step > 0.0 { (-self.low / self.step).round() as u8 } else { 0 }
    }

    /// Brings numbers to eight bits.
    pub(crate) fn shrink(self, values: &[f32], numbers: &mut [u8]) {
        incant!(tile::shrink_by(self, values, numbers), [v4x, v3, scalar]);
    }
}

impl Linear {
    /// A matrix whose element for input `i` and output `o` is `weight(i, o)`; inputs from `inputs` and outputs from
    /// `outputs` on fill up lanes and are zero.
    pub(crate) fn new(
        inputs: usize,
        outputs: usize,
        bias: &[f32],
        weight: impl Fn(usize, usize) -> f32,
    ) -> Self {
        let (deep, wide) = (padded(inputs), padded(outputs));
        let mut small = vec![0i8; deep * wide];
        let mut scale = vec![0.0; wide];
        let mut sums = vec![0.0; wide];
        for output in 0..outputs {
            let column = || (0..inputs).map(|input| weight(input, output));
            let greatest = column().fold(0.0f32, |greatest, value| greatest.max(value.abs()));
            scale[output] = greatest / 127.0;
            let inverse = if greatest > 0.0 { 127.0 / greatest } else { 0.0 };
            let mut sum = 0;
            for (input, value) in column().enumerate() {
                let number = rounded(value * inverse);
                small[input * wide + output] = number;
                sum += i32::from(number);
            }
            sums[output] = scale[output] * sum as f32;
        }
        let mut filled = vec![0.0; wide];
        filled[..bias.len()].copy_from_slice(bias);
        let widest = incant!(tile::widest(), [v4x, v3, scalar]);
        let tiles = tiles(&small, deep, wide, widest);
        Self { inputs: deep, outputs: wide, widest, tiles, scale, sums, bias: filled }
    }

    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Multiplies rows, applies the function, and adds what is in `out` already if `onto` is set.
    /// `out` holds whole rows of `outputs` numbers, not more than `rows` has.
    pub(crate) fn apply(&self, rows: &Rows, function: Activation, onto: bool, out: &mut [f32]) {
        debug_assert_eq!(rows.quads * DEPTH, self.inputs);
        debug_assert!(out.len().div_ceil(self.outputs) <= rows.low.len());
        incant!(tile::multiply(self, rows, function, onto, out), [v4x, v3, scalar]);
    }

    /// The panels: where each begins among the columns, and its tiles.
    fn panels(&self) -> impl Iterator<Item = (usize, &[Tile])> {
        let quads = self.inputs / DEPTH;
        let wide = self.widest * LANES;
        let panels = self.tiles.chunks(quads * self.widest);
        panels.enumerate().map(move |(index, panel)| (index * wide, panel))
    }
}

/// The nearest whole number to one between -127 and 127, without a call.
fn rounded(value: f32) -> i8 {
    const ROUNDING: f32 = 12_582_912.0;
    (value + ROUNDING).to_bits() as i8
}

/// The numbers of a matrix in the order in which they are used.
fn tiles(small: &[i8], deep: usize, wide: usize, widest: usize) -> Vec<Tile> {
    let mut tiles = Vec::with_capacity(deep * wide / (LANES * DEPTH));
    for first in (0..wide).step_by(widest * LANES) {
        let vectors = (wide - first).min(widest * LANES) / LANES;
        for quad in 0..deep / DEPTH {
            for vector in 0..vectors {
                let column = first + vector * LANES;
                let mut tile = [0; LANES * DEPTH];
                for (place, number) in tile.iter_mut().enumerate() {
                    let (lane, depth) = (place / DEPTH, place % DEPTH);
                    *number = small[(quad * DEPTH + depth) * wide + column + lane];
                }
                tiles.push(tile);
            }
        }
    }
    tiles
}

impl Rows {
    /// Room for a block of rows of this length, filled up to whole lanes.
    pub(crate) fn new(length: usize) -> Self {
        debug_assert_eq!(length % LANES, 0);
        let quads = length / DEPTH;
        let rows = BLOCK.next_multiple_of(GROUP);
        Self { quads, numbers: memory::bytes(rows * length), low: vec![0.0; rows], step: vec![0.0; rows] }
    }

    /// Takes rows that are in eight bits already, all of one scale; `write` fills each.
    pub(crate) fn fill(&mut self, count: usize, scale: Scale, mut write: impl FnMut(usize, &mut [u8])) {
        let rows = self.numbers.chunks_exact_mut(self.quads * DEPTH).take(count);
        for (index, row) in rows.enumerate() {
            write(index, row);
            self.low[index] = scale.low;
            self.step[index] = scale.step;
        }
    }

    /// Takes a block of rows, at most [`BLOCK`] of them.
    pub(crate) fn take(&mut self, rows: &[f32]) {
        incant!(tile::shrink(self, rows), [v4x, v3, scalar]);
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        memory::keep_bytes(std::mem::take(&mut self.numbers));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look like chance and are the same each time.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn products_are_those_of_real_numbers_but_for_the_rounding() {
        for (inputs, outputs, rows) in [(16, 16, 1), (27, 24, 7), (96, 192, 48), (384, 120, 13), (768, 40, 6)]
        {
            let weights = numbers(inputs * outputs, 1);
            let bias = numbers(outputs, 2);
            let linear = Linear::new(inputs, outputs, &bias, |i, o| weights[i * outputs + o]);
            let deep = linear.inputs();
            let mut data = vec![0.0; rows * deep];
            for (row, values) in data.chunks_exact_mut(deep).enumerate() {
                values[..inputs].copy_from_slice(&numbers(inputs, 3 + row as u32));
            }
            let mut small = Rows::new(deep);
            small.take(&data);
            let mut out = vec![0.5; rows * linear.outputs()];
            linear.apply(&small, Activation::None, true, &mut out);
            for row in 0..rows {
                for output in 0..outputs {
                    let products = (0..inputs).map(|i| data[row * deep + i] * weights[i * outputs + output]);
                    let exact = 0.5 + bias[output] + products.sum::<f32>();
                    let found = out[row * linear.outputs() + output];
                    // Half a step of 1/127 and of 2/255 for each product, as chance errors.
                    let bound = 5.0 * 0.004 * (inputs as f32).sqrt();
                    assert!((found - exact).abs() < bound, "{inputs}x{outputs}: {found} for {exact}");
                }
            }
        }
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest() {
        for (value, expected) in [(0.0, 0), (-127.0, -127), (127.0, 127), (2.4, 2), (-2.6, -3), (99.51, 100)]
        {
            assert_eq!(rounded(value), expected, "{value}");
        }
    }

    #[test]
    fn a_row_of_one_value_keeps_it() {
        let linear = Linear::new(16, 16, &[0.0; 16], |i, o| if i == o { 1.0 } else { 0.0 });
        let mut rows = Rows::new(16);
        rows.take(&[0.25; 16]);
        let mut out = vec![0.0; 16];
        linear.apply(&rows, Activation::None, false, &mut out);
        assert_eq!(out, [0.25; 16]);
    }

    #[test]
    fn every_processor_gives_the_same_sums() {
        let (inputs, outputs, rows) = (192, 96, 13);
        let weights = numbers(inputs * outputs, 5);
        let bias = numbers(outputs, 6);
        let linear = Linear::new(inputs, outputs, &bias, |i, o| weights[i * outputs + o]);
        let data = numbers(inputs * rows, 7);
        let answer = |plain: bool| {
            let mut small = Rows::new(inputs);
            let mut out = vec![0.0; rows * outputs];
            if plain {
                tile::shrink_scalar(ScalarToken, &mut small, &data);
                tile::multiply_scalar(ScalarToken, &linear, &small, Activation::Relu, false, &mut out);
            } else {
                small.take(&data);
                linear.apply(&small, Activation::Relu, false, &mut out);
            }
            (small.numbers[..rows * inputs].to_vec(), out)
        };
        let ((plain, plain_out), (quick, quick_out)) = (answer(true), answer(false));
        assert_eq!(plain, quick);
        for (a, b) in plain_out.iter().zip(&quick_out) {
            assert!((a - b).abs() <= 1e-5 * a.abs().max(1.0), "{a} and {b}");
        }
    }
}
