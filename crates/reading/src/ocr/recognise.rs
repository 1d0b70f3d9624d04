//! What the lines say. Lines of like width are read together, batches are shared out among the lanes.

use crate::ocr::crop::{self, Crop, HEIGHT};
use crate::ocr::ctc::Decoded;
use crate::ocr::models::Models;
use crate::ocr::runtime::Threads;
use cartulary_model::Quad;
use image::RgbImage;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Narrow lines ("II", "-", an arrow) are read better with room around them.
const MIN_WIDTH: usize = 96;
/// Pixel columns of one batch: the network's answer is 75 kB for every eighth column.
const BATCH_COLUMNS: usize = 2048;
/// Lines of one batch.
const BATCH_LINES: usize = 8;
/// Pixels a step of the network's answer stands for.
const STEP: f32 = 8.0;
/// The value of grey, which the network was trained to see as nothing.
const PADDING: f32 = 0.0;

/// Reads every quad; the answers are in the quads' order.
pub(crate) fn lines(models: &Models, picture: &RgbImage, quads: &[Quad]) -> Result<Vec<Decoded>, String> {
    let batches = batches(quads);
    let answers: Mutex<Vec<Decoded>> = Mutex::new(vec![Decoded::default(); quads.len()]);
    let next = AtomicUsize::new(0);
    let work = |lane: usize| -> Result<(), String> {
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            let crops = batch.iter().map(|line| crop::cut(picture, &quads[*line]));
            let decoded = read_batch(models, &crops.collect::<Vec<_>>(), lane)?;
            let mut answers = answers.lock().map_err(|error| error.to_string())?;
            for (line, decoded) in batch.iter().zip(decoded) {
                answers[*line] = decoded;
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let work = &work;
        let lanes: Vec<_> = (0..models.lanes()).map(|lane| scope.spawn(move || work(lane))).collect();
        lanes
            .into_iter()
            .try_for_each(|lane| lane.join().unwrap_or_else(|_| Err("text recognition panicked".to_owned())))
    })?;
    answers.into_inner().map_err(|error| error.to_string())
}

/// Indices of lines of like width, the widest first so that no lane is left with a long line at the end.
fn batches(quads: &[Quad]) -> Vec<Vec<usize>> {
    let widths: Vec<usize> = quads.iter().map(input_width).collect();
    let mut order: Vec<usize> = (0..quads.len()).collect();
    order.sort_by_key(|line| std::cmp::Reverse(widths[*line]));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for line in order {
        let fits = |batch: &Vec<usize>| {
            let widest = widths[batch[0]];
            batch.len() < BATCH_LINES
                && (batch.len() + 1) * widest <= BATCH_COLUMNS
                && widths[line] * 10 >= widest * 9
        };
        match batches.last_mut().filter(|batch| fits(batch)) {
            Some(batch) => batch.push(line),
            None => batches.push(vec![line]),
        }
    }
    batches
}

fn input_width(quad: &Quad) -> usize {
    let [length, height] = crop::size(quad);
    (HEIGHT as f32 * length / height) as usize
}

fn read_batch(models: &Models, crops: &[Crop], lane: usize) -> Result<Vec<Decoded>, String> {
    let widest = crops.iter().map(|crop| crop.width).max().unwrap_or(0);
    let width = widest.max(MIN_WIDTH).next_multiple_of(STEP as usize);
    let mut input = vec![PADDING; crops.len() * 3 * HEIGHT * width];
    for (crop, target) in crops.iter().zip(input.chunks_exact_mut(3 * HEIGHT * width)) {
        let rows = crop.planes.chunks_exact(crop.width);
        for (row, target) in rows.zip(target.chunks_exact_mut(width)) {
            target[..crop.width].copy_from_slice(row);
        }
    }
    let shape = [crops.len(), 3, HEIGHT, width];
    let output = models.recognition.run(input, shape, Threads::Lane(lane))?;
    let [lines, steps, classes] = output.shape[..] else {
        return Err(format!("recognition answered with shape {:?}", output.shape));
    };
    if lines != crops.len() || classes != models.alphabet.classes() {
        return Err(format!("recognition answered with shape {:?}", output.shape));
    }
    let answers = output.data.chunks_exact(steps * classes);
    let decode = |(answer, crop): (&[f32], &Crop)| models.alphabet.decode(answer, crop.width as f32 / STEP);
    Ok(answers.zip(crops).map(decode).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_like_width_share_a_batch_and_long_lines_come_first() {
        let line = |length: f32| Quad::upright(0.0, 0.0, length, 48.0);
        let quads = [100.0, 1500.0, 96.0, 1000.0, 940.0].map(line);
        assert_eq!(
            batches(&quads),
            vec![vec![1], vec![3, 4], vec![0, 2]],
            "two lines of 1000 columns are within one batch"
        );
    }
}
