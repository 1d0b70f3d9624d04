//! The inner loops, once for each kind of processor.

use super::{DEPTH, GROUP, Linear, Rows, Scale, Tile, WIDEST};
use crate::activation::{Activation, gelu, multiply_add, sigmoid};
use crate::map::LANES;
use crate::memory;
use archmage::prelude::*;

/// Sums of one group of rows and one panel of columns.
type Sums<const VECTORS: usize> = [[[i32; LANES]; VECTORS]; GROUP];

/// The rows of a group, as the instructions take them: four numbers in one, a byte or two for each.
struct Group<'a, const SIZE: usize> {
    rows: [&'a [[u8; SIZE]]; GROUP],
}

impl<'a, const SIZE: usize> Group<'a, SIZE> {
    #[inline(always)]
    fn of(numbers: &'a [u8], quads: usize, first: usize) -> Self {
        let (numbers, _) = numbers.as_chunks::<SIZE>();
        let row = |index: usize| &numbers[(first + index) * quads..][..quads];
        Self { rows: [row(0), row(1), row(2), row(3), row(4), row(5)] }
    }
}

/// Where the results of a group go.
struct Target<'a> {
    linear: &'a Linear,
    rows: &'a Rows,
    function: Activation,
    onto: bool,
    out: &'a mut [f32],
}

impl Target<'_> {
    /// Makes real numbers of sums, applies the function, and stores them.
    #[inline(always)]
    fn store<const FUSED: bool, const VECTORS: usize>(
        &mut self,
        row: usize,
        column: usize,
        sums: &Sums<VECTORS>,
    ) {
        // A loop for each function: what does not change inside a loop is decided outside.
        match self.function {
            Activation::None => self.put::<FUSED, VECTORS>(row, column, sums, |x| x),
            Activation::Relu => {
                self.put::<FUSED, VECTORS>(row, column, sums, |x| Activation::Relu.apply::<FUSED>(x));
            }
            Activation::Gelu => self.put::<FUSED, VECTORS>(row, column, sums, gelu::<FUSED>),
            Activation::Swish => {
                self.put::<FUSED, VECTORS>(row, column, sums, |x| Activation::Swish.apply::<FUSED>(x));
            }
            Activation::HardSwish => {
                self.put::<FUSED, VECTORS>(row, column, sums, |x| Activation::HardSwish.apply::<FUSED>(x));
            }
            Activation::Sigmoid => self.put::<FUSED, VECTORS>(row, column, sums, sigmoid),
        }
    }

    #[inline(always)]
    fn put<const FUSED: bool, const VECTORS: usize>(
        &mut self,
        first_row: usize,
        first_column: usize,
        sums: &Sums<VECTORS>,
        function: impl Fn(f32) -> f32,
    ) {
        let wide = self.linear.outputs;
        let held = self.out.len() / wide;
        for vector in 0..VECTORS {
            let column = first_column + vector * LANES;
            let part = |of: &[f32]| -> [f32; LANES] {
                let mut part = [0.0; LANES];
                part.copy_from_slice(&of[column..column + LANES]);
                part
            };
            let (scale, total, bias) =
                (part(&self.linear.scale), part(&self.linear.sums), part(&self.linear.bias));
            for (offset, sums) in sums.iter().enumerate().take(held.saturating_sub(first_row)) {
                let row = first_row + offset;
                let (low, step) = (self.rows.low[row], self.rows.step[row]);
                let (out, _) = self.out[row * wide + column..].as_chunks_mut::<LANES>();
                let out = &mut out[0];
                for lane in 0..LANES {
                    let sum = sums[vector][lane] as f32;
                    let value = multiply_add::<FUSED>(low, total[lane], bias[lane]);
                    let value = function(multiply_add::<FUSED>(sum, step * scale[lane], value));
                    out[lane] = if self.onto { out[lane] + value } else { value };
                }
            }
        }
    }
}

/// The sums of one tile, brought to their places. They are written where they are read: to return them would copy them.
macro_rules! tile {
    ($target:expr, $token:expr, $fused:expr, $sums:ident, $vectors:literal, $row:expr, $column:expr, $group:expr, $panel:expr) => {{
        let mut sums = [[[0; LANES]; $vectors]; GROUP];
        $sums::<$vectors>($token, $group, $panel, &mut sums);
        $target.store::<$fused, $vectors>($row, $column, &sums)
    }};
}

/// Goes over panels of columns and groups of rows.
macro_rules! every_tile {
    ($token:expr, $fused:expr, $sums:ident, $linear:expr, $rows:expr, $numbers:expr, $function:expr, $onto:expr, $out:expr) => {{
        let held = $out.len() / $linear.outputs;
        let quads = $linear.inputs / DEPTH;
        let mut target = Target { linear: $linear, rows: $rows, function: $function, onto: $onto, out: $out };
        for (column, panel) in $linear.panels() {
            for row in (0..held).step_by(GROUP) {
                let group = Group::of($numbers, quads, row);
                match panel.len() / quads {
                    WIDEST => tile!(target, $token, $fused, $sums, 4, row, column, &group, panel),
                    3 => tile!(target, $token, $fused, $sums, 3, row, column, &group, panel),
                    2 => tile!(target, $token, $fused, $sums, 2, row, column, &group, panel),
                    _ => tile!(target, $token, $fused, $sums, 1, row, column, &group, panel),
                }
            }
        }
    }};
}

/// Vectors of columns that go into a panel: as many as a processor multiplies at a time.
pub(super) fn widest_v4x(_token: X64V4xToken) -> usize {
    WIDEST
}

pub(super) fn widest_v3(_token: X64V3Token) -> usize {
    1
}

pub(super) fn widest_scalar(_token: ScalarToken) -> usize {
    1
}

#[arcane]
pub(super) fn multiply_v4x(
    token: X64V4xToken,
    linear: &Linear,
    rows: &Rows,
    function: Activation,
    onto: bool,
    out: &mut [f32],
) {
    every_tile!(token, true, sums_v4x, linear, rows, &rows.numbers, function, onto, out);
}

#[arcane]
pub(super) fn multiply_v3(
    token: X64V3Token,
    linear: &Linear,
    rows: &Rows,
    function: Activation,
    onto: bool,
    out: &mut [f32],
) {
    let held = (out.len() / linear.outputs).next_multiple_of(GROUP);
    let numbers = &rows.numbers[..held * linear.inputs];
    let mut doubled = memory::bytes(2 * numbers.len());
    for (pair, number) in doubled.as_chunks_mut().0.iter_mut().zip(numbers) {
        *pair = [*number, 0];
    }
    every_tile!(token, true, sums_v3, linear, rows, &doubled, function, onto, out);
    memory::keep_bytes(doubled);
}

pub(super) fn multiply_scalar(
    token: ScalarToken,
    linear: &Linear,
    rows: &Rows,
    function: Activation,
    onto: bool,
    out: &mut [f32],
) {
    every_tile!(token, false, sums_scalar, linear, rows, &rows.numbers, function, onto, out);
}

/// One instruction multiplies sixteen columns with four numbers of a row and adds them up.
#[rite(import_intrinsics)]
fn sums_v4x<const VECTORS: usize>(
    _token: X64V4xToken,
    group: &Group<'_, DEPTH>,
    panel: &[Tile],
    out: &mut Sums<VECTORS>,
) {
    let (tiles, _) = panel.as_chunks::<VECTORS>();
    let mut sums = [[_mm512_setzero_si512(); VECTORS]; GROUP];
    let [a, b, c, d, e, f] = group.rows.map(|row| &row[..tiles.len()]);
    for (quad, tiles) in tiles.iter().enumerate() {
        let numbers = [a[quad], b[quad], c[quad], d[quad], e[quad], f[quad]];
        // Loops, not closures: a closure would not have the instructions of this function.
        let mut columns = [_mm512_setzero_si512(); VECTORS];
        for (column, tile) in columns.iter_mut().zip(tiles) {
            *column = _mm512_loadu_si512(tile);
        }
        for (sums, numbers) in sums.iter_mut().zip(numbers) {
            let numbers = _mm512_set1_epi32(i32::from_ne_bytes(numbers));
            for (sum, tile) in sums.iter_mut().zip(columns) {
                *sum = _mm512_dpbusd_epi32(*sum, numbers, tile);
            }
        }
    }
    for (out, sums) in out.iter_mut().zip(sums) {
        for (out, sum) in out.iter_mut().zip(sums) {
            _mm512_storeu_si512(out, sum);
        }
    }
}

/// Two instructions multiply four columns with four numbers of a row, of two bytes each, and add them up, in sums of two of
/// them. The registers hold the sums of eight columns, so a panel is gone through for one half of a vector after the other.
#[rite(import_intrinsics)]
fn sums_v3<const VECTORS: usize>(
    _token: X64V3Token,
    group: &Group<'_, { 2 * DEPTH }>,
    panel: &[Tile],
    out: &mut Sums<VECTORS>,
) {
    const HALF: usize = LANES / 2;
    let (tiles, _) = panel.as_chunks::<VECTORS>();
    let [a, b, c, d, e, f] = group.rows;
    for vector in 0..VECTORS {
        for half in 0..2 {
            let mut sums = [[_mm256_setzero_si256(); 2]; GROUP];
            for ((((((tiles, a), b), c), d), e), f) in tiles.iter().zip(a).zip(b).zip(c).zip(d).zip(e).zip(f)
            {
                let (quarters, _) = tiles[vector].as_chunks::<{ LANES }>();
                let columns = [
                    _mm256_cvtepi8_epi16(_mm_loadu_si128(&quarters[2 * half])),
                    _mm256_cvtepi8_epi16(_mm_loadu_si128(&quarters[2 * half + 1])),
                ];
                for (sums, numbers) in sums.iter_mut().zip([a, b, c, d, e, f]) {
                    let numbers = _mm256_set1_epi64x(i64::from_ne_bytes(*numbers));
                    for (sum, columns) in sums.iter_mut().zip(columns) {
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(numbers, columns));
                    }
                }
            }
            for (out, [first, second]) in out.iter_mut().zip(sums) {
                // Neighbours are added within each half of a register; then the middle two pairs change places.
                let sum = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_hadd_epi32(first, second));
                let (halves, _) = out[vector].as_chunks_mut::<HALF>();
                _mm256_storeu_si256(&mut halves[half], sum);
            }
        }
    }
}

fn sums_scalar<const VECTORS: usize>(
    _token: ScalarToken,
    group: &Group<'_, DEPTH>,
    panel: &[Tile],
    out: &mut Sums<VECTORS>,
) {
    for (quad, tiles) in panel.chunks_exact(VECTORS).enumerate() {
        for (sums, row) in out.iter_mut().zip(&group.rows) {
            let numbers = row[quad].map(i16::from);
            for (sums, tile) in sums.iter_mut().zip(tiles) {
                for lane in 0..LANES {
                    let product = |depth: usize| {
                        i32::from(numbers[depth]) * i32::from(i16::from(tile[lane * DEPTH + depth]))
                    };
                    sums[lane] += (product(0) + product(1)) + (product(2) + product(3));
                }
            }
        }
    }
}

#[arcane]
pub(super) fn shrink_v4x(token: X64V4xToken, small: &mut Rows, rows: &[f32]) {
    shrink_rows(small, rows, |row, numbers| shrink_row_v4x(token, row, numbers));
}

#[rite(import_intrinsics)]
fn shrink_row_v4x(_token: X64V4xToken, row: &[f32], numbers: &mut [u8]) -> (f32, f32) {
    let (vectors, _) = row.as_chunks::<LANES>();
    let (pairs, _) = vectors.as_chunks::<2>();
    // Two chains each, so that none waits for the other; an odd vector is looked at twice.
    let last = _mm512_loadu_ps(vectors.last().unwrap_or(&[0.0; LANES]));
    let (mut lowest, mut highest) = ([last; 2], [last; 2]);
    for pair in pairs {
        for chain in 0..2 {
            let vector = _mm512_loadu_ps(&pair[chain]);
            lowest[chain] = _mm512_min_ps(lowest[chain], vector);
            highest[chain] = _mm512_max_ps(highest[chain], vector);
        }
    }
    let low = _mm512_reduce_min_ps(_mm512_min_ps(lowest[0], lowest[1]));
    let high = _mm512_reduce_max_ps(_mm512_max_ps(highest[0], highest[1]));
    let (step, inverse) = step_between(low, high);
    let (lows, inverses) = (_mm512_set1_ps(low), _mm512_set1_ps(inverse));
    let (places, _) = numbers.as_chunks_mut::<LANES>();
    for (vector, place) in vectors.iter().zip(places) {
        let scaled = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(vector), lows), inverses);
        _mm_storeu_si128(place, _mm512_cvtusepi32_epi8(_mm512_cvtps_epi32(scaled)));
    }
    (low, step)
}

#[arcane]
pub(super) fn shrink_v3(token: X64V3Token, small: &mut Rows, rows: &[f32]) {
    shrink_rows(small, rows, |row, numbers| shrink_row_v3(token, row, numbers));
}

#[rite(import_intrinsics)]
fn shrink_row_v3(token: X64V3Token, row: &[f32], numbers: &mut [u8]) -> (f32, f32) {
    let (low, high) = bounds_of_v3(token, row);
    let (step, inverse) = step_between(low, high);
    let (lows, inverses) = (_mm256_set1_ps(low), _mm256_set1_ps(inverse));
    let (vectors, _) = row.as_chunks::<LANES>();
    let (places, _) = numbers.as_chunks_mut::<LANES>();
    for (vector, place) in vectors.iter().zip(places) {
        let (halves, _) = vector.as_chunks::<{ LANES / 2 }>();
        let mut whole = [_mm256_setzero_si256(); 2];
        for (whole, half) in whole.iter_mut().zip(halves) {
            let scaled = _mm256_mul_ps(_mm256_sub_ps(_mm256_loadu_ps(half), lows), inverses);
            *whole = _mm256_cvtps_epi32(scaled);
        }
        // Packed within each half of a register; then the middle two quarters change places.
        let packed = _mm256_packus_epi32(whole[0], whole[1]);
        let packed = _mm256_permute4x64_epi64::<0b11_01_10_00>(packed);
        let bytes = _mm_packus_epi16(_mm256_castsi256_si128(packed), _mm256_extracti128_si256::<1>(packed));
        _mm_storeu_si128(place, bytes);
    }
    (low, step)
}

/// The lowest and the highest of numbers, whole vectors of them and at least one.
#[rite(import_intrinsics)]
fn bounds_of_v3(_token: X64V3Token, values: &[f32]) -> (f32, f32) {
    let (vectors, _) = values.as_chunks::<LANES>();
    // Two chains each, so that none waits for the other.
    let (mut lowest, mut highest) = ([_mm256_set1_ps(f32::MAX); 2], [_mm256_set1_ps(f32::MIN); 2]);
    for vector in vectors {
        let (halves, _) = vector.as_chunks::<{ LANES / 2 }>();
        for ((low, high), half) in lowest.iter_mut().zip(&mut highest).zip(halves) {
            let half = _mm256_loadu_ps(half);
            *low = _mm256_min_ps(*low, half);
            *high = _mm256_max_ps(*high, half);
        }
    }
    let low = _mm256_min_ps(lowest[0], lowest[1]);
    let high = _mm256_max_ps(highest[0], highest[1]);
    let low = _mm_min_ps(_mm256_castps256_ps128(low), _mm256_extractf128_ps::<1>(low));
    let high = _mm_max_ps(_mm256_castps256_ps128(high), _mm256_extractf128_ps::<1>(high));
    let low = _mm_min_ps(low, _mm_movehl_ps(low, low));
    let high = _mm_max_ps(high, _mm_movehl_ps(high, high));
    let low = _mm_min_ss(low, _mm_movehdup_ps(low));
    let high = _mm_max_ss(high, _mm_movehdup_ps(high));
    (_mm_cvtss_f32(low), _mm_cvtss_f32(high))
}

pub(super) fn shrink_scalar(_token: ScalarToken, small: &mut Rows, rows: &[f32]) {
    shrink_rows(small, rows, shrink_row);
}

/// Brings rows to eight bits.
#[inline(always)]
fn shrink_rows(small: &mut Rows, rows: &[f32], shrink_row: impl Fn(&[f32], &mut [u8]) -> (f32, f32)) {
    let quads = small.quads;
    let places = small.numbers.chunks_exact_mut(quads * DEPTH);
    let scales = small.low.iter_mut().zip(&mut small.step);
    for ((row, numbers), (low, step)) in rows.chunks_exact(quads * DEPTH).zip(places).zip(scales) {
        (*low, *step) = shrink_row(row, numbers);
    }
}

/// Writes a row as `low + step q`.
#[inline(always)]
fn shrink_row(row: &[f32], numbers: &mut [u8]) -> (f32, f32) {
    let (vectors, _) = row.as_chunks::<LANES>();
    let (low, high) = bounds(row);
    let (step, inverse) = step_between(low, high);
    let (places, _) = numbers.as_chunks_mut::<LANES>();
    for (vector, place) in vectors.iter().zip(places) {
        for lane in 0..LANES {
            place[lane] = ((vector[lane] - low) * inverse + ROUNDING).to_bits() as u8;
        }
    }
    (low, step)
}

/// What one of 255 steps is worth, and its inverse.
#[inline(always)]
fn step_between(low: f32, high: f32) -> (f32, f32) {
    let step = (high - low) / 255.0;
    (step, if step > 0.0 { 1.0 / step } else { 0.0 })
}

#[arcane]
pub(super) fn shrink_by_v4x(_token: X64V4xToken, scale: Scale, values: &[f32], numbers: &mut [u8]) {
    shrink_by(scale, values, numbers);
}

#[arcane]
pub(super) fn shrink_by_v3(_token: X64V3Token, scale: Scale, values: &[f32], numbers: &mut [u8]) {
    shrink_by(scale, values, numbers);
}

pub(super) fn shrink_by_scalar(_token: ScalarToken, scale: Scale, values: &[f32], numbers: &mut [u8]) {
    shrink_by(scale, values, numbers);
}

/// Writes numbers as `low + step q`.
#[inline(always)]
fn shrink_by(scale: Scale, values: &[f32], numbers: &mut [u8]) {
    let inverse = if scale.step > 0.0 { 1.0 / scale.step } else { 0.0 };
    let shift = -scale.low * inverse + ROUNDING;
    for (value, number) in values.iter().zip(numbers) {
        // The highest may come out one above 255 when the lowest was rounded.
        let shifted = value * inverse + shift;
        let shifted = if shifted > 255.0 + ROUNDING { 255.0 + ROUNDING } else { shifted };
        *number = shifted.to_bits() as u8;
    }
}

#[arcane(import_intrinsics)]
pub(super) fn bounds_v4x(_token: X64V4xToken, values: &[f32]) -> (f32, f32) {
    let (vectors, rest) = values.as_chunks::<LANES>();
    // Several chains, so that none waits for the other.
    let (fours, single) = vectors.as_chunks::<4>();
    let (mut lowest, mut highest) = ([_mm512_set1_ps(f32::MAX); 4], [_mm512_set1_ps(f32::MIN); 4]);
    for four in fours {
        for chain in 0..4 {
            let vector = _mm512_loadu_ps(&four[chain]);
            lowest[chain] = _mm512_min_ps(lowest[chain], vector);
            highest[chain] = _mm512_max_ps(highest[chain], vector);
        }
    }
    let (low, high) = bounds(single.as_flattened());
    let (low, high) = rest.iter().fold((low, high), |(low, high), value| (low.min(*value), high.max(*value)));
    let (mut all_low, mut all_high) = (lowest[0], highest[0]);
    for chain in 1..4 {
        all_low = _mm512_min_ps(all_low, lowest[chain]);
        all_high = _mm512_max_ps(all_high, highest[chain]);
    }
    (low.min(_mm512_reduce_min_ps(all_low)), high.max(_mm512_reduce_max_ps(all_high)))
}

#[arcane]
pub(super) fn bounds_v3(token: X64V3Token, values: &[f32]) -> (f32, f32) {
    let (whole, rest) = values.split_at(values.len() / LANES * LANES);
    let (low, high) = bounds_of_v3(token, whole);
    rest.iter().fold((low, high), |(low, high), value| (low.min(*value), high.max(*value)))
}

pub(super) fn bounds_scalar(_token: ScalarToken, values: &[f32]) -> (f32, f32) {
    bounds(values)
}

/// Adding it leaves a number below 2^8, rounded, in the lowest bits.
const ROUNDING: f32 = 8_388_608.0;

/// The lowest and the highest number.
#[inline(always)]
fn bounds(values: &[f32]) -> (f32, f32) {
    let (vectors, rest) = values.as_chunks::<LANES>();
    let mut lowest = [f32::MAX; LANES];
    let mut highest = [f32::MIN; LANES];
    for vector in vectors {
        for lane in 0..LANES {
            let value = vector[lane];
            lowest[lane] = if value < lowest[lane] { value } else { lowest[lane] };
            highest[lane] = if value > highest[lane] { value } else { highest[lane] };
        }
    }
    let low = lowest.iter().chain(rest).fold(f32::MAX, |low, value| low.min(*value));
    let high = highest.iter().chain(rest).fold(f32::MIN, |high, value| high.max(*value));
    (low, high)
}
