//! Convolutions in which every channel is looked at for itself.

use crate::LoadError;
use crate::activation::{Activation, multiply_add};
use crate::map::{LANES, Map, padded, shared, strip};
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
        let [height, width] = self.size_of_result(input);
        let mut out = Map::to_fill(height, width, input.stride);
        let line = width * input.stride;
        shared(threads, line, &mut out.data, |first, part| {
            let rows = strip(width, input.stride);
            for (index, strip) in part.chunks_mut(rows * line).enumerate() {
                self.rows(input, first + index * rows, strip);
            }
        });
        out
    }

    /// Rows and columns of the result.
    pub(crate) fn size_of_result(&self, input: &Map) -> [usize; 2] {
        [(input.height - 1) / self.step[0] + 1, (input.width - 1) / self.step[1] + 1]
    }

    /// Computes whole rows of results, from the row `first` on.
    pub(crate) fn rows(&self, input: &Map, first: usize, out: &mut [f32]) {
        let [_, width] = self.size_of_result(input);
        let count = out.len() / (width * input.stride);
        let top = (first * self.step[0]) as isize - (self.height / 2) as isize;
        let needed = (count - 1) * self.step[0] + self.height;
        let framed = input.framed_rows(top, needed, self.width / 2);
        let place = Place { filter: self, framed: &framed, width };
        incant!(rows(place, out), [v4x, v3, scalar]);
    }
}

/// Which results are computed of what: rows of so many results each.
#[derive(Clone, Copy)]
struct Place<'a> {
    filter: &'a Depthwise,
    framed: &'a Map,
    width: usize,
}

/// Results side by side that are computed at a time: one after the other, each would wait for its own last sum.
const TOGETHER: usize = 6;

/// What a few results side by side are computed of.
struct Window<'a, const HEIGHT: usize, const WIDTH: usize> {
    /// The pixels under the filter, a slice for each of its rows, the first lane of the group in front.
    rows: [&'a [f32]; HEIGHT],
    taps: &'a [[f32; LANES]],
    bias: &'a [f32; LANES],
    stride: usize,
    along: usize,
}

/// Goes over rows, groups of lanes and windows; `$sums` computes a window, the function comes last.
macro_rules! every_window {
    ($token:expr, $sums:ident, $fused:expr, $place:expr, $out:expr, $height:literal, $width:literal) => {{
        let Place { filter, framed, width } = $place;
        let stride = framed.stride;
        let line = framed.width * stride;
        let (biases, _) = filter.bias.as_chunks::<LANES>();
        for (y, out) in $out.chunks_exact_mut(width * stride).enumerate() {
            let top = y * filter.step[0];
            for (group, bias) in biases.iter().enumerate() {
                let at = group * LANES;
                let taps = &filter.taps[group * $height * $width..][..$height * $width];
                let mut x = 0;
                while x < width {
                    let from = x * filter.step[1] * stride + at;
                    let rows = std::array::from_fn(|row| &framed.data[(top + row) * line..][..line][from..]);
                    let window =
                        Window::<$height, $width> { rows, taps, bias, stride, along: filter.step[1] };
                    let out = &mut out[x * stride + at..];
                    if width - x >= TOGETHER {
                        let sums = $sums::<$height, $width, TOGETHER>($token, &window);
                        store::<$fused, TOGETHER>(filter.function, &sums, stride, out);
                        x += TOGETHER;
                    } else {
                        let sums = $sums::<$height, $width, 1>($token, &window);
                        store::<$fused, 1>(filter.function, &sums, stride, out);
                        x += 1;
                    }
                }
            }
        }
    }};
}

macro_rules! by_size {
    ($token:expr, $sums:ident, $fused:expr, $place:expr, $out:expr) => {
        match ($place.filter.height, $place.filter.width) {
            (3, 3) => every_window!($token, $sums, $fused, $place, $out, 3, 3),
            (5, 5) => every_window!($token, $sums, $fused, $place, $out, 5, 5),
            (7, 7) => every_window!($token, $sums, $fused, $place, $out, 7, 7),
            (1, 7) => every_window!($token, $sums, $fused, $place, $out, 1, 7),
            // No network has another.
            _ => {}
        }
    };
}

#[arcane]
fn rows_v4x(token: X64V4xToken, place: Place<'_>, out: &mut [f32]) {
    by_size!(token, sums_v4x, true, place, out);
}

#[arcane]
fn rows_v3(token: X64V3Token, place: Place<'_>, out: &mut [f32]) {
    by_size!(token, sums_v3, true, place, out);
}

fn rows_scalar(token: ScalarToken, place: Place<'_>, out: &mut [f32]) {
    by_size!(token, sums_scalar, false, place, out);
}

type Sums<const COUNT: usize> = [[f32; LANES]; COUNT];

#[rite(import_intrinsics)]
fn sums_v4x<const HEIGHT: usize, const WIDTH: usize, const COUNT: usize>(
    _token: X64V4xToken,
    window: &Window<'_, HEIGHT, WIDTH>,
) -> Sums<COUNT> {
    let mut sums = [_mm512_loadu_ps(window.bias); COUNT];
    for (row, taps) in window.rows.iter().zip(window.taps.chunks_exact(WIDTH)) {
        for (column, tap) in taps.iter().enumerate() {
            let tap = _mm512_loadu_ps(tap);
            for (index, sum) in sums.iter_mut().enumerate() {
                let pixel = first_lanes(&row[(index * window.along + column) * window.stride..]);
                *sum = _mm512_fmadd_ps(_mm512_loadu_ps(pixel), tap, *sum);
            }
        }
    }
    // Loops, not closures: a closure would not have the instructions of this function.
    let mut out = [[0.0; LANES]; COUNT];
    for (out, sum) in out.iter_mut().zip(sums) {
        _mm512_storeu_ps(out, sum);
    }
    out
}

#[rite(import_intrinsics)]
fn sums_v3<const HEIGHT: usize, const WIDTH: usize, const COUNT: usize>(
    _token: X64V3Token,
    window: &Window<'_, HEIGHT, WIDTH>,
) -> Sums<COUNT> {
    const HALF: usize = LANES / 2;
    let (bias, _) = window.bias.as_chunks::<HALF>();
    let mut sums = [[_mm256_loadu_ps(&bias[0]), _mm256_loadu_ps(&bias[1])]; COUNT];
    for (row, taps) in window.rows.iter().zip(window.taps.chunks_exact(WIDTH)) {
        for (column, tap) in taps.iter().enumerate() {
            let (tap, _) = tap.as_chunks::<HALF>();
            let tap = [_mm256_loadu_ps(&tap[0]), _mm256_loadu_ps(&tap[1])];
            for (index, sums) in sums.iter_mut().enumerate() {
                let pixel = first_lanes(&row[(index * window.along + column) * window.stride..]);
                let (pixel, _) = pixel.as_chunks::<HALF>();
                for ((sum, tap), pixel) in sums.iter_mut().zip(tap).zip(pixel) {
                    *sum = _mm256_fmadd_ps(_mm256_loadu_ps(pixel), tap, *sum);
                }
            }
        }
    }
    let mut out = [[0.0; LANES]; COUNT];
    for (out, sums) in out.iter_mut().zip(sums) {
        let (halves, _) = out.as_chunks_mut::<HALF>();
        for (half, sum) in halves.iter_mut().zip(sums) {
            _mm256_storeu_ps(half, sum);
        }
    }
    out
}

fn sums_scalar<const HEIGHT: usize, const WIDTH: usize, const COUNT: usize>(
    _token: ScalarToken,
    window: &Window<'_, HEIGHT, WIDTH>,
) -> Sums<COUNT> {
    let mut sums = [*window.bias; COUNT];
    for (row, taps) in window.rows.iter().zip(window.taps.chunks_exact(WIDTH)) {
        for (column, tap) in taps.iter().enumerate() {
            for (index, sum) in sums.iter_mut().enumerate() {
                let pixel = first_lanes(&row[(index * window.along + column) * window.stride..]);
                for lane in 0..LANES {
                    sum[lane] = multiply_add::<false>(pixel[lane], tap[lane], sum[lane]);
                }
            }
        }
    }
    sums
}

#[inline(always)]
fn first_lanes(values: &[f32]) -> &[f32; LANES] {
    let (lanes, _) = values.as_chunks::<LANES>();
    &lanes[0]
}

#[inline(always)]
fn store<const FUSED: bool, const COUNT: usize>(
    function: Activation,
    sums: &Sums<COUNT>,
    stride: usize,
    out: &mut [f32],
) {
    match function {
        Activation::HardSwish => put(sums, stride, out, |x| Activation::HardSwish.apply::<FUSED>(x)),
        Activation::Swish => put(sums, stride, out, |x| Activation::Swish.apply::<FUSED>(x)),
        _ => put(sums, stride, out, |x| x),
    }
}

#[inline(always)]
fn put<const COUNT: usize>(
    sums: &Sums<COUNT>,
    stride: usize,
    out: &mut [f32],
    function: impl Fn(f32) -> f32,
) {
    for (index, sum) in sums.iter().enumerate() {
        let (out, _) = out[index * stride..].as_chunks_mut::<LANES>();
        for lane in 0..LANES {
            out[0][lane] = function(sum[lane]);
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
