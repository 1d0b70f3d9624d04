//! Where the model files are, and the reader that uses them.

use crate::cli::Global;
use cartulary_reading::{Reader, ReaderOptions};
use std::path::PathBuf;

/// A reader as the options say, for this process or for the one that forks readers.
pub(crate) fn reader(global: &Global, keep_images: bool, password: Option<String>) -> Reader {
    Reader::new(ReaderOptions { models_dir: folder(global), threads: threads(global), keep_images, password })
}

/// Threads as asked for, else as many as the machine has, at most four.
pub(crate) fn threads(global: &Global) -> usize {
    let machine = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4);
    global.threads.map_or(machine, usize::from)
}

/// The model folder: as asked for, else `models/cache` beside the working folder or above the program.
pub(crate) fn folder(global: &Global) -> Option<PathBuf> {
    if global.models.is_some() {
        return global.models.clone();
    }
    let program = std::env::current_exe().ok();
    let above = program.iter().flat_map(|path| path.ancestors()).map(|folder| folder.join("models/cache"));
    std::iter::once(PathBuf::from("models/cache")).chain(above).find(|folder| folder.is_dir())
}
