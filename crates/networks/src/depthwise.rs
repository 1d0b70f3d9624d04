//! Convolutions in which every channel is looked at for itself.

use crate::LoadError;
use crate::activation::{Activation, multiply_add};
use crate::map::{LANES, Map, Margin, padded, shared};
use crate::onnx::Weights;
use archmage::prelude::*;

/// A filter for each channel. It looks as far to one side as to the other.
#[derive(Clone, Debug)]
pub(crate) struct Depthwise {
    height: usize,
    width: usize,
    /// Rows and columns from one result to the next.
    step: [usize; 2],
    /// For each group of lanes: the filter's taps, row by row.
    taps: Vec<[f32; LANES]>,
    bias: Vec<f32>,
    function: Activation,
}

impl Depthwise {
    pub(crate) fn new(
        channels: usize,
        [height, width]: [usize; 2],
        step: [usize; 2],
        function: Activation,
        weight: &[f32],
        bias: &[f32],
    ) -> Self {
        let groups = padded(channels) / LANES;
        let mut taps = vec![[0.0; LANES]; groups * height * width];
        let mut filled = vec![0.0; groups * LANES];
        filled[..channels].copy_from_slice(bias);
        for channel in 0..channels {
            for tap in 0..height * width {
                let group = channel / LANES * height * width;
                taps[group + tap][channel % LANES] = weight[channel * height * width + tap];
            }
        }
        Self { height, width, step, taps, bias: filled, function }
    }

    /// A filter with a bias, as the backbones have it.
    pub(crate) fn load(
        weights: &mut Weights,
        channels: usize,
        size: [usize; 2],
        step: [usize; 2],
    ) -> Result<Self, LoadError> {
        let weight = weights.take("Conv", &[channels, 1, size[0], size[1]])?;
        let bias = weights.take("Add", &[1, channels, 1, 1])?;
        Ok(Self::new(channels, size, step, Activation::None, &weight, &bias))
    }

    pub(crate) fn apply(&self, input: &Map, threads: usize) -> Map {
        let (above, left) = (self.height / 2, self.width / 2);
        let framed = input.with_margin(Margin { above, below: above, left, right: left });
        let height = (input.height - 1) / self.step[0] + 1;
        let width = (input.width - 1) / self.step[1] + 1;
        let mut out = Map::zeros(height, width, input.stride);
        shared(threads, width * input.stride, &mut out.data, |first, part| {
            incant!(rows(self, &framed, first, width, part), [v4x, v3, scalar]);
        });
        out
    }
}

#[arcane]
fn rows_v4x(
    _token: X64V4xToken,
    filter: &Depthwise,
    framed: &Map,
    first: usize,
    width: usize,
    out: &mut [f32],
) {
    rows::<true>(filter, framed, first, width, out);
}

#[arcane]
fn rows_v3(
    _token: X64V3Token,
    filter: &Depthwise,
    framed: &Map,
    first: usize,
    width: usize,
    out: &mut [f32],
) {
    rows::<true>(filter, framed, first, width, out);
}

fn rows_scalar(
    _token: ScalarToken,
    filter: &Depthwise,
    framed: &Map,
    first: usize,
    width: usize,
    out: &mut [f32],
) {
    rows::<false>(filter, framed, first, width, out);
}

/// Rows of results, from the row `first` on. A size known when this is compiled keeps the taps in registers.
#[inline(always)]
fn rows<const FUSED: bool>(filter: &Depthwise, framed: &Map, first: usize, width: usize, out: &mut [f32]) {
    match (filter.height, filter.width) {
        (3, 3) => sized::<FUSED, 3, 3>(filter, framed, first, width, out),
        (5, 5) => sized::<FUSED, 5, 5>(filter, framed, first, width, out),
        (7, 7) => sized::<FUSED, 7, 7>(filter, framed, first, width, out),
        (1, 7) => sized::<FUSED, 1, 7>(filter, framed, first, width, out),
        // No network has another; `load` takes no others.
        _ => {}
    }
}

#[inline(always)]
fn sized<const FUSED: bool, const HEIGHT: usize, const WIDTH: usize>(
    filter: &Depthwise,
    framed: &Map,
    first: usize,
    width: usize,
    out: &mut [f32],
) {
    let stride = framed.stride;
    let line = framed.width * stride;
    let [down, along] = filter.step;
    for (y, out) in out.chunks_exact_mut(width * stride).enumerate() {
        let top = (first + y) * down;
        for group in 0..stride / LANES {
            let at = group * LANES;
            let bias = &filter.bias[at..][..LANES];
            let taps = &filter.taps[group * HEIGHT * WIDTH..][..HEIGHT * WIDTH];
            let rows: [&[f32]; HEIGHT] =
                std::array::from_fn(|row| &framed.data[(top + row) * line..][..line]);
            for x in 0..width {
                let mut sum = [0.0; LANES];
                sum.copy_from_slice(bias);
                for (row, taps) in rows.iter().zip(taps.chunks_exact(WIDTH)) {
                    for (column, tap) in taps.iter().enumerate() {
                        let pixel = &row[(x * along + column) * stride + at..][..LANES];
                        for lane in 0..LANES {
                            sum[lane] = multiply_add::<FUSED>(pixel[lane], tap[lane], sum[lane]);
                        }
                    }
                }
                let out = &mut out[x * stride + at..][..LANES];
                for lane in 0..LANES {
                    out[lane] = filter.function.apply::<FUSED>(sum[lane]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, pixel by pixel.
    fn slow(
        input: &Map,
        channels: usize,
        [height, width]: [usize; 2],
        step: [usize; 2],
        weight: &[f32],
    ) -> Vec<f32> {
        let rows = (input.height - 1) / step[0] + 1;
        let columns = (input.width - 1) / step[1] + 1;
        let mut out = Vec::new();
        for y in 0..rows {
            for x in 0..columns {
                for channel in 0..channels {
                    let mut sum = channel as f32;
                    for v in 0..height {
                        for u in 0..width {
                            let at = |place: usize, step: usize, tap: usize, half: usize| {
                                (place * step + tap).checked_sub(half)
                            };
                            let (row, column) = (at(y, step[0], v, height / 2), at(x, step[1], u, width / 2));
                            if let (Some(row), Some(column)) = (row, column)
                                && row < input.height
                                && column < input.width
                            {
                                let pixel = input.data[(row * input.width + column) * input.stride + channel];
                                sum += pixel * weight[(channel * height + v) * width + u];
                            }
                        }
                    }
                    out.push(sum);
                }
            }
        }
        out
    }

    #[test]
    fn filters_agree_with_their_definition() {
        for (size, step) in
            [([3, 3], [1, 1]), ([3, 3], [2, 1]), ([5, 5], [2, 2]), ([7, 7], [1, 1]), ([1, 7], [1, 1])]
        {
            let channels = 20;
            let mut input = Map::zeros(9, 7, padded(channels));
            for (index, value) in input.data.iter_mut().enumerate() {
                *value = if index % 32 < channels { (index % 17) as f32 - 8.0 } else { 0.0 };
            }
            let count = channels * size[0] * size[1];
            let weight: Vec<f32> = (0..count).map(|index| (index % 11) as f32 - 5.0).collect();
            let bias: Vec<f32> = (0..channels).map(|channel| channel as f32).collect();
            let filter = Depthwise::new(channels, size, step, Activation::None, &weight, &bias);
            let out = filter.apply(&input, 1);
            let expected = slow(&input, channels, size, step, &weight);
            let found: Vec<f32> =
                out.data.chunks_exact(out.stride).flat_map(|pixel| pixel[..channels].to_vec()).collect();
            assert_eq!(found, expected, "{size:?} {step:?}");
        }
    }
}
