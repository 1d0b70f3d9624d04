//! What a person at a terminal sees while documents are read: pages done, and seconds left.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    collections::BTreeMap,
    io::{self, IsTerminal},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A line on a terminal; nothing where there is none. May be told of from several threads.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    count: Mutex<Count>,
}

/// What is done of what is known.
#[derive(Clone, Debug, Default)]
struct Count {
    files: usize,
    files_done: usize,
    /// Pages of files that are done.
    pages_done: u32,
    /// Pages done and all pages of the files that are being read.
    open: BTreeMap<usize, (u32, u32)>,
}

impl Progress {
    pub(crate) fn new(files: usize) -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(1000), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        let count = Mutex::new(Count { files, ..Count::default() });
        Self { bar, begun: Instant::now(), count }
    }

    /// A page of a file is done.
    pub(crate) fn page(&self, file: usize, name: &str, page: u32, pages: u32) {
        self.tell(name, |count| {
            count.open.insert(file, (page, pages));
        });
    }

    /// A file is done, of so many pages.
    pub(crate) fn file(&self, file: usize, name: &str, pages: u32) {
        self.tell(name, |count| {
            count.open.remove(&file);
            count.files_done += 1;
            count.pages_done += pages;
        });
    }

    /// Takes the line away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn tell(&self, name: &str, change: impl FnOnce(&mut Count)) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut count);
        let share = count.share();
        self.bar.set_position((share * 1000.0) as u64);
        let words = count.words(self.begun.elapsed());
        let name: String = name.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
        self.bar.set_message(format!("{words} · {name}"));
    }
}

impl Count {
    fn pages(&self) -> u32 {
        self.pages_done + self.open.values().map(|(done, _)| done).sum::<u32>()
    }

    /// How much is done, taking files not yet begun for as long as those that are known.
    fn share(&self) -> f64 {
        let known = self.pages_done + self.open.values().map(|(_, pages)| pages).sum::<u32>();
        let files = self.files_done + self.open.len();
        if files == 0 {
            return 0.0;
        }
        let expected = f64::from(known.max(1)) * self.files as f64 / files as f64;
        (f64::from(self.pages()) / expected).min(1.0)
    }

    fn words(&self, elapsed: Duration) -> String {
        let Self { files, files_done, .. } = self;
        let pages = self.pages();
        let share = self.share();
        let mut words = format!("{pages} pages, {files_done} of {files} files");
        if share > 0.0 && share < 1.0 {
            let left = elapsed.as_secs_f64() * (1.0 - share) / share;
            words.push_str(&format!(", about {left:.0} s left"));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_left_follow_from_pages_done_and_files_to_come() {
        let open = BTreeMap::from([(1, (2, 10))]);
        let count = Count { files: 4, files_done: 1, pages_done: 10, open };
        // Two files have 20 pages, so four have 40, of which 12 are done in 12 seconds.
        assert_eq!(count.words(Duration::from_secs(12)), "12 pages, 1 of 4 files, about 28 s left");
    }

    #[test]
    fn nothing_known_promises_nothing() {
        let count = Count { files: 3, ..Count::default() };
        assert_eq!(count.words(Duration::from_secs(5)), "0 pages, 0 of 3 files");
    }
}
