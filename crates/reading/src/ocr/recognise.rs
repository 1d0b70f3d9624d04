//! What the lines say. Each line is read for itself; the lines are shared out among threads.

use crate::ocr::band::Band;
use crate::ocr::crop;
use crate::ocr::ctc::Decoded;
use crate::ocr::models::Models;
use cartulary_networks::Recognition;
use image::RgbImage;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Reads every band; the answers are in the bands' order.
pub(crate) fn lines(models: &Models, picture: &RgbImage, bands: &[&Band]) -> Result<Vec<Decoded>, String> {
    let order = widest_first(bands);
    let answers: Mutex<Vec<Decoded>> = Mutex::new(vec![Decoded::default(); bands.len()]);
    let next = AtomicUsize::new(0);
    let work = || -> Result<(), String> {
        while let Some(line) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let decoded = read_line(models, picture, bands[*line]);
            let mut answers = answers.lock().map_err(|error| error.to_string())?;
            answers[*line] = decoded;
        }
        Ok(())
    };
    if models.threads() < 2 {
        work()?;
    } else {
        std::thread::scope(|scope| {
            let lanes: Vec<_> = (0..models.threads()).map(|_| scope.spawn(work)).collect();
            lanes.into_iter().try_for_each(|lane| {
                lane.join().unwrap_or_else(|_| Err("text recognition panicked".to_owned()))
            })
        })?;
    }
    answers.into_inner().map_err(|error| error.to_string())
}

/// The widest first, so that no thread is left with a long line at the end.
fn widest_first(bands: &[&Band]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..bands.len()).collect();
    order.sort_by_key(|line| std::cmp::Reverse(crop::width(bands[*line])));
    order
}

fn read_line(models: &Models, picture: &RgbImage, band: &Band) -> Decoded {
    let crop = crop::cut(picture, band);
    let steps = models.recognition.run(crop.pixels);
    models.alphabet.decode(&steps, crop.width as f32 / Recognition::STEP as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::Quad;

    #[test]
    fn long_lines_come_first() {
        let line = |length: f32| Band::straight(&Quad::upright(0.0, 0.0, length, 48.0));
        let bands = [100.0, 1500.0, 96.0, 1000.0, 940.0].map(line);
        assert_eq!(widest_first(&bands.each_ref()), [1, 3, 4, 0, 2]);
    }
}
