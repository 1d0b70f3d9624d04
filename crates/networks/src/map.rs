//! A map of features: an image whose pixels have many channels.

/// Channels are kept in groups of this many, so that no loop needs a remainder; channels that fill up a group are zero.
pub(crate) const LANES: usize = 16;

/// Features of a picture, row by row, the channels of a pixel together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    pub(crate) height: usize,
    pub(crate) width: usize,
    /// Numbers a pixel takes: its channels, filled up to whole lanes.
    pub(crate) stride: usize,
    pub(crate) data: Vec<f32>,
}

impl Map {
    pub(crate) fn zeros(height: usize, width: usize, stride: usize) -> Self {
        Self { height, width, stride, data: vec![0.0; height * width * stride] }
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

    /// The map with a margin of zeros around it.
    pub(crate) fn with_margin(&self, margin: Margin) -> Self {
        let height = self.height + margin.above + margin.below;
        let width = self.width + margin.left + margin.right;
        let mut framed = Self::zeros(height, width, self.stride);
        let rows = framed.data.chunks_exact_mut(width * self.stride).skip(margin.above);
        for (to, from) in rows.zip(self.data.chunks_exact(self.width * self.stride)) {
            to[margin.left * self.stride..][..from.len()].copy_from_slice(from);
        }
        framed
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

/// Cuts the work on `out`, whole `unit`s of numbers, into one part for each thread; `work` gets the index of its first
/// unit and its part.
pub(crate) fn shared(threads: usize, unit: usize, out: &mut [f32], work: impl Fn(usize, &mut [f32]) + Sync) {
    let units = out.len() / unit;
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
