//! The pictures, their truth, and what a reader read of them, as JSON lines.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{fs, path::Path};

/// A point in pixels of a picture.
pub type Point = [f32; 2];

/// A picture of a page and everything that stands on it.
#[derive(Clone, Debug, Deserialize)]
pub struct Picture {
    /// The file's name in the folder of the truth.
    pub file: String,
    /// Name of the page.
    pub page: String,
    /// How it was made worse; `clean` for a good scan.
    pub kind: String,
    /// `zh` or `en`, by most of its words.
    pub language: String,
    /// Whether nobody may tune a reader on it.
    pub held_out: bool,
    /// How far its text is turned, clockwise, in degrees.
    pub turn: u16,
    /// Its segments in the order of the page.
    pub lines: Vec<Segment>,
}

/// One visual line of one cell or paragraph.
#[derive(Clone, Debug, Deserialize)]
pub struct Segment {
    /// What stands there.
    pub text: String,
    /// Points along its upper and lower edge: x and y above, x and y below.
    pub band: Vec<[f32; 4]>,
    /// Stamps and signatures: reading them is neither right nor wrong.
    #[serde(default)]
    pub ignore: bool,
}

/// What a reader made of a picture.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The picture's file name.
    pub file: String,
    /// How far it found the text turned; nothing for a reader that does not say.
    #[serde(default)]
    pub turn: Option<u16>,
    /// How long it took.
    #[serde(default)]
    pub millis: f64,
    /// Processor time of it.
    #[serde(default)]
    pub cpu_millis: f64,
    /// The greatest memory so far.
    #[serde(default)]
    pub rss_mb: f64,
    /// What was read.
    pub lines: Vec<ReadLine>,
}

/// A line, a cell or a word as read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ReadLine {
    /// The text as read.
    pub text: String,
    /// Its corners: where it begins above, ends above, ends below, begins below.
    pub quad: [Point; 4],
    /// How sure the reader is.
    #[serde(default)]
    pub confidence: Option<f32>,
}

/// Which pictures of the corpus to take.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only pages whose name contains this.
    pub page: Option<String>,
    /// The pages that nobody tunes on, instead of the others.
    pub held_out: bool,
    /// At most so many, drawn by lot.
    pub limit: Option<usize>,
}

/// The pictures of a corpus.
///
/// # Errors
/// When the truth is missing or is no truth.
pub fn pictures(folder: &Path, choice: &Choice) -> Result<Vec<Picture>> {
    let path = folder.join("truth.jsonl");
    let all: Vec<Picture> = json_lines(&path).context("run benches/pages/render first")?;
    let wanted = |picture: &Picture| {
        picture.held_out == choice.held_out
            && choice.kind.as_ref().is_none_or(|kind| *kind == picture.kind)
            && choice.page.as_ref().is_none_or(|page| picture.page.contains(page.as_str()))
    };
    let chosen: Vec<Picture> = all.into_iter().filter(wanted).collect();
    Ok(spread(chosen, choice.limit))
}

/// Some of the pictures, in their order. They are drawn by their names, so that each kind has its chance, fewer are part of
/// more, and the next run takes the same.
fn spread(mut pictures: Vec<Picture>, limit: Option<usize>) -> Vec<Picture> {
    let mut lots: Vec<u64> = pictures.iter().map(|picture| lot(&picture.file)).collect();
    lots.sort_unstable();
    if let Some(last) = limit.and_then(|limit| lots.get(limit)) {
        pictures.retain(|picture| lot(&picture.file) < *last);
    }
    pictures
}

/// A number that looks like chance (Fowler, Noll and Vo 1991, with a last mix so that like names are not near).
fn lot(name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(31)
}

/// A value a line of a file.
///
/// # Errors
/// When the file cannot be read or a line is something else.
pub fn json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    numbered
        .map(|(number, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("line {} of {} is not as expected", number + 1, path.display()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(file: usize) -> Picture {
        let (page, kind, language) = (String::new(), String::new(), String::new());
        Picture { file: file.to_string(), page, kind, language, held_out: false, turn: 0, lines: vec![] }
    }

    #[test]
    fn a_limit_draws_the_same_pictures_each_time_and_fewer_of_the_same() {
        let files = |limit| -> Vec<String> {
            spread((0..90).map(picture).collect(), limit).into_iter().map(|picture| picture.file).collect()
        };
        let (few, more) = (files(Some(7)), files(Some(20)));
        assert_eq!((few.len(), more.len(), files(None).len(), files(Some(100)).len()), (7, 20, 90, 90));
        assert!(few.iter().all(|file| more.contains(file)));
        assert_ne!(few, files(None)[..7]);
    }
}
