//! A map of features: an image whose pixels have many channels.

use crate::memory;

/// Channels are kept in groups of this many, so that no loop needs a remainder; channels that fill up a group are zero.
pub(crate) const LANES: usize = 16;

/// Features of a picture, row by row, the channels of a pixel together.
#[derive(Debug, Default)]
pub(crate) struct Map {
    pub(crate) height: usize,
    pub(crate) width: usize,
    /// Numbers a pixel takes: its channels, filled up to whole lanes.
    pub(crate) stride: usize,
    pub(crate) data: Vec<f32>,
}

impl Map {
    pub(crate) fn zeros(height: usize, width: usize, stride: usize) -> Self {
        let mut map = Self::to_fill(height, width, stride);
        map.data.fill(0.0);
        map
    }

    /// A map of which every number is about to be written.
    pub(crate) fn to_fill(height: usize, width: usize, stride: usize) -> Self {
        Self { height, width, stride, data: memory::numbers(height * width * stride) }
    }

    pub(crate) fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// The mean of each channel over all pixels. Lines are summed first, so that no small number meets a great sum.
    pub(crate) fn means(&self) -> Vec<f32> {
        let mut total = vec![0.0f32; self.stride];
        let mut line_sum = vec![0.0f32; self.stride];
        for line in self.data.chunks_exact(self.width * self.stride) {
            line_sum.fill(0.0);
            for pixel in line.chunks_exact(self.stride) {
                for (sum, value) in line_sum.iter_mut().zip(pixel) {
                    *sum += value;
                }
            }
            for (total, sum) in total.iter_mut().zip(&line_sum) {
                *total += sum;
            }
        }
        let pixels = self.pixels() as f32;
        total.iter().map(|sum| sum / pixels).collect()
    }

    /// Rows of the map with a margin of zeros beside them, from `top` on, which may lie above or below the map.
    pub(crate) fn framed_rows(&self, top: isize, rows: usize, beside: usize) -> Self {
        let mut framed = Self::to_fill(rows, self.width + 2 * beside, self.stride);
        let inner = self.width * self.stride;
        let margin = beside * self.stride;
        for (index, to) in framed.data.chunks_exact_mut(inner + 2 * margin).enumerate() {
            let row = top.checked_add_unsigned(index).and_then(|row| usize::try_from(row).ok());
            let Some(row) = row.filter(|row| *row < self.height) else {
                to.fill(0.0);
                continue;
            };
            to[..margin].fill(0.0);
            to[margin..margin + inner].copy_from_slice(&self.data[row * inner..][..inner]);
            to[margin + inner..].fill(0.0);
        }
        framed
    }
}

/// Rows of a map that are worked on at a time, so that they stay in the cache with what is made of them.
pub(crate) fn strip(width: usize, stride: usize) -> usize {
    const NUMBERS: usize = 64 * 1024;
    (NUMBERS / (width * stride).max(1)).clamp(2, 32)
}

impl Clone for Map {
    fn clone(&self) -> Self {
        let mut map = Self::to_fill(self.height, self.width, self.stride);
        map.data.copy_from_slice(&self.data);
        map
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        memory::keep_numbers(std::mem::take(&mut self.data));
    }
}

/// Pixels of zeros around a map.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Margin {
    pub(crate) above: usize,
    pub(crate) below: usize,
    pub(crate) left: usize,
    pub(crate) right: usize,
}

/// Cuts the work on `out`, `unit`s of numbers of which the last may be shorter, into one part for each thread; `work` gets the index of its first
/// unit and its part.
pub(crate) fn shared(threads: usize, unit: usize, out: &mut [f32], work: impl Fn(usize, &mut [f32]) + Sync) {
    let units = out.len().div_ceil(unit);
    if threads < 2 || out.len() < WORTH_A_THREAD {
        return work(0, out);
    }
    let each = units.div_ceil(threads);
    std::thread::scope(|scope| {
        for (index, part) in out.chunks_mut(each * unit).enumerate() {
            let work = &work;
            scope.spawn(move || work(index * each, part));
        }
    });
}

/// Results below which starting threads costs more than it saves.
const WORTH_A_THREAD: usize = 200_000;

/// Channels filled up to whole lanes.
pub(crate) fn padded(channels: usize) -> usize {
    channels.next_multiple_of(LANES)
}
