//! Convolutions that mix the channels of several pixels: the pixels under the filter become one row of numbers.

use crate::LoadError;
use crate::activation::Activation;
use crate::linear::{BLOCK, Linear, Rows, Scale};
use crate::map::{Map, Margin, padded, shared};
use crate::memory;
use crate::onnx::Weights;

/// A filter over all channels.
#[derive(Clone, Debug)]
pub(crate) struct Convolution {
    height: usize,
    width: usize,
    step: usize,
    margin: Margin,
    linear: Linear,
    function: Activation,
}

/// The size of a filter and how it goes over the map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Channels of the input, and the numbers a pixel of it takes.
    pub(crate) inputs: usize,
    pub(crate) stride: usize,
    pub(crate) outputs: usize,
    /// Rows and columns of the filter, which is a square.
    pub(crate) side: usize,
    pub(crate) step: usize,
}

impl Convolution {
    /// A filter from weights in the order output, input, row, column.
    pub(crate) fn new(shape: Shape, function: Activation, weight: &[f32], bias: &[f32]) -> Self {
        let Shape { inputs, stride, outputs, side, step } = shape;
        let linear = Linear::new(side * side * stride, outputs, bias, |place, output| {
            let (tap, input) = (place / stride, place % stride);
            if input < inputs { weight[(output * inputs + input) * side * side + tap] } else { 0.0 }
        });
        // A filter of two looks to the right and below only.
        let before = (side - 1) / 2;
        let after = side - 1 - before;
        let margin = Margin { above: before, below: after, left: before, right: after };
        Self { height: side, width: side, step, margin, linear, function }
    }

    /// A filter with a bias.
    pub(crate) fn load(weights: &mut Weights, shape: Shape, function: Activation) -> Result<Self, LoadError> {
        let weight = weights.take("Conv", &[shape.outputs, shape.inputs, shape.side, shape.side])?;
        let bias = weights.take("Add", &[1, shape.outputs, 1, 1])?;
        Ok(Self::new(shape, function, &weight, &bias))
    }

    pub(crate) fn apply(&self, input: &Map, threads: usize) -> Map {
        let framed = Framed::of(input, self.margin);
        let height = (input.height - 1) / self.step + 1;
        let width = (input.width - 1) / self.step + 1;
        let mut out = Map::to_fill(height, width, self.linear.outputs());
        let unit = width * out.stride;
        shared(threads, unit, &mut out.data, |first, part| {
            let mut rows = Rows::new(self.linear.inputs());
            for (y, line) in part.chunks_exact_mut(unit).enumerate() {
                for (block, out) in line.chunks_mut(BLOCK * self.linear.outputs()).enumerate() {
                    let count = out.len() / self.linear.outputs();
                    let top = (first + y) * self.step;
                    rows.fill(count, framed.scale, |index, row| {
                        let left = (block * BLOCK + index) * self.step;
                        framed.gather([top, left], [self.height, self.width], row);
                    });
                    self.linear.apply(&rows, self.function, false, out);
                }
            }
        });
        out
    }
}

/// A map in eight bits, with a margin of zeros.
struct Framed {
    scale: Scale,
    /// Numbers of a row and of a pixel.
    line: usize,
    stride: usize,
    numbers: Vec<u8>,
}

impl Framed {
    fn of(map: &Map, margin: Margin) -> Self {
        let scale = Scale::of(&map.data);
        let zero = scale.zero();
        let inner = map.width * map.stride;
        let (left, right) = (margin.left * map.stride, margin.right * map.stride);
        let line = left + inner + right;
        let mut numbers = memory::bytes((map.height + margin.above + margin.below) * line);
        for (y, to) in numbers.chunks_exact_mut(line).enumerate() {
            let row = y.checked_sub(margin.above).filter(|row| *row < map.height);
            let Some(row) = row else {
                to.fill(zero);
                continue;
            };
            to[..left].fill(zero);
            scale.shrink(&map.data[row * inner..][..inner], &mut to[left..left + inner]);
            to[left + inner..].fill(zero);
        }
        Self { scale, line, stride: map.stride, numbers }
    }

    /// The pixels of a rectangle, row after row.
    fn gather(&self, [top, left]: [usize; 2], [height, width]: [usize; 2], patch: &mut [u8]) {
        let length = width * self.stride;
        for (row, part) in patch.chunks_exact_mut(length).take(height).enumerate() {
            part.copy_from_slice(&self.numbers[(top + row) * self.line + left * self.stride..][..length]);
        }
    }
}

impl Drop for Framed {
    fn drop(&mut self) {
        memory::keep_bytes(std::mem::take(&mut self.numbers));
    }
}

/// A product of each pixel with a matrix.
#[derive(Clone, Debug)]
pub(crate) struct Pointwise {
    linear: Linear,
    function: Activation,
}

impl Pointwise {
    pub(crate) fn new(
        inputs: usize,
        outputs: usize,
        function: Activation,
        weight: &[f32],
        bias: &[f32],
    ) -> Self {
        let linear = Linear::new(inputs, outputs, bias, |input, output| weight[output * inputs + input]);
        Self { linear, function }
    }

    pub(crate) fn load(
        weights: &mut Weights,
        inputs: usize,
        outputs: usize,
        function: Activation,
    ) -> Result<Self, LoadError> {
        let weight = weights.take("Conv", &[outputs, inputs, 1, 1])?;
        let bias = weights.take("Add", &[1, outputs, 1, 1])?;
        Ok(Self::new(inputs, outputs, function, &weight, &bias))
    }

    /// A matrix stored input by output.
    pub(crate) fn from_columns(
        inputs: usize,
        outputs: usize,
        function: Activation,
        weight: &[f32],
        bias: &[f32],
    ) -> Self {
        let linear = Linear::new(inputs, outputs, bias, |input, output| weight[input * outputs + output]);
        Self { linear, function }
    }

    pub(crate) fn load_without_bias(
        weights: &mut Weights,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, LoadError> {
        let weight = weights.take("Conv", &[outputs, inputs, 1, 1])?;
        Ok(Self::new(inputs, outputs, Activation::None, &weight, &[]))
    }

    /// Numbers a pixel of the results takes.
    pub(crate) fn outputs(&self) -> usize {
        self.linear.outputs()
    }

    pub(crate) fn apply(&self, input: &Map, threads: usize) -> Map {
        let mut out = Map::to_fill(input.height, input.width, self.linear.outputs());
        shared(threads, out.stride, &mut out.data, |first, part| {
            let from = &input.data[first * input.stride..];
            self.rows(&from[..part.len() / self.linear.outputs() * input.stride], part);
        });
        out
    }

    /// Multiplies rows one after the other.
    pub(crate) fn rows(&self, input: &[f32], out: &mut [f32]) {
        let mut rows = Rows::new(self.linear.inputs());
        let blocks = input.chunks(BLOCK * self.linear.inputs());
        for (input, out) in blocks.zip(out.chunks_mut(BLOCK * self.linear.outputs())) {
            rows.take(input);
            self.linear.apply(&rows, self.function, false, out);
        }
    }
}

/// Makes four pixels of each: a transposed convolution of two by two with a step of two.
#[derive(Clone, Debug)]
pub(crate) struct Doubling {
    /// Results for the upper left, upper right, lower left and lower right pixel, one after the other.
    linear: Linear,
    function: Activation,
    stride: usize,
}

impl Doubling {
    pub(crate) fn load(
        weights: &mut Weights,
        inputs: usize,
        outputs: usize,
        function: Activation,
    ) -> Result<Self, LoadError> {
        let weight = weights.take("ConvTranspose", &[inputs, outputs, 2, 2])?;
        let bias = weights.take("Add", &[1, outputs, 1, 1])?;
        // A single channel is not filled up: four of them are one vector's beginning.
        let stride = if outputs == 1 { 1 } else { padded(outputs) };
        let all: Vec<f32> =
            (0..4 * stride).map(|place| bias.get(place % stride).copied().unwrap_or(0.0)).collect();
        let linear = Linear::new(inputs, 4 * stride, &all, |input, place| {
            let (corner, output) = (place / stride, place % stride);
            if output < outputs { weight[(input * outputs + output) * 4 + corner] } else { 0.0 }
        });
        Ok(Self { linear, function, stride })
    }

    pub(crate) fn apply(&self, input: &Map, threads: usize) -> Map {
        let (height, width) = (2 * input.height, 2 * input.width);
        let mut out = Map::to_fill(height, width, self.stride);
        let line = width * self.stride;
        shared(threads, 2 * line, &mut out.data, |first, part| {
            let mut rows = Rows::new(self.linear.inputs());
            let mut corners = vec![0.0; BLOCK * self.linear.outputs()];
            for (y, lines) in part.chunks_exact_mut(2 * line).enumerate() {
                let from =
                    &input.data[(first + y) * input.width * input.stride..][..input.width * input.stride];
                for (block, from) in from.chunks(BLOCK * input.stride).enumerate() {
                    rows.take(from);
                    let corners = &mut corners[..from.len() / input.stride * self.linear.outputs()];
                    self.linear.apply(&rows, self.function, false, corners);
                    self.spread(corners, block * BLOCK, line, lines);
                }
            }
        });
        out
    }

    /// Puts the four results of each pixel in their places on two lines.
    fn spread(&self, corners: &[f32], first: usize, line: usize, lines: &mut [f32]) {
        for (index, four) in corners.chunks_exact(self.linear.outputs()).enumerate() {
            let x = 2 * (first + index) * self.stride;
            let (upper, lower) = four[..4 * self.stride].split_at(2 * self.stride);
            lines[x..x + 2 * self.stride].copy_from_slice(upper);
            lines[line + x..line + x + 2 * self.stride].copy_from_slice(lower);
        }
    }
}
