//! `cartulary read --overlay`: a picture of each page with boxes around what was read, made by the child that read it.

use anyhow::{Context, Result};
use cartulary_reading::ReadDocument;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Longest name of a picture, in characters; file systems have 255 bytes, and a Chinese character takes three.
const LONGEST_NAME: usize = 70;

/// A folder of pictures.
pub(super) struct Overlay {
    folder: PathBuf,
    names: BTreeSet<String>,
}

impl Overlay {
    pub(super) fn new(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("could not make the folder {}", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), names: BTreeSet::new() })
    }

    /// Writes the pictures of a document as `NAME-PAGE.jpg`.
    pub(super) fn write(&mut self, document: &ReadDocument) -> Result<()> {
        if document.images.is_empty() {
            return Ok(());
        }
        let name = self.name(&document.source.name);
        for image in &document.images {
            let path = self.folder.join(format!("{name}-{}.jpg", image.page));
            std::fs::write(&path, &image.bytes)
                .with_context(|| format!("could not write {}", path.display()))?;
        }
        Ok(())
    }

    /// A name that is safe in a folder, and was not given before.
    fn name(&mut self, of: &str) -> String {
        let safe = safe(of);
        let numbered = (2..).map(|number| format!("{safe}.{number}"));
        let name = std::iter::once(safe.clone()).chain(numbered).find(|name| !self.names.contains(name));
        let name = name.unwrap_or(safe);
        self.names.insert(name.clone());
        name
    }
}

/// Names come from strangers: only letters and digits of any script, and what cannot lead anywhere.
fn safe(name: &str) -> String {
    let kept = |char: char| if char.is_alphanumeric() || "-._".contains(char) { char } else { '_' };
    let name: String = name.trim_start_matches(['.', '/']).chars().map(kept).collect();
    let long = name.chars().count().saturating_sub(LONGEST_NAME);
    // The end tells more than the folders at the beginning.
    let name: String = name.chars().skip(long).collect();
    if name.is_empty() { "document".to_owned() } else { name.trim_start_matches('.').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder_and_apart() {
        let mut overlay = Overlay { folder: PathBuf::new(), names: BTreeSet::new() };
        assert_eq!(overlay.name("../../etc/cron.d/x"), "etc_cron.d_x");
        assert_eq!(overlay.name("病理 报告.pdf"), "病理_报告.pdf");
        assert_eq!(overlay.name("a/b.pdf"), "a_b.pdf");
        assert_eq!(overlay.name("a b.pdf"), "a_b.pdf.2");
        assert_eq!(overlay.name("mail.eml » \0\u{202e}gpj.exe"), "mail.eml_____gpj.exe");
        assert!(overlay.name(&"长".repeat(400)).chars().count() <= LONGEST_NAME + 2);
        assert_eq!(overlay.name(""), "document");
    }
}
