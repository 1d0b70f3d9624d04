//! Fingerprints: what an evaluation was made from, so that a later one can tell what has changed.

use cartulary_model::PatientRecord;
use sha2::{Digest, Sha256};

/// Fingerprints of criteria documents. The named sets of `sets.toml` are part of what a document means, so they are part
/// of its fingerprint.
#[derive(Clone)]
pub(crate) struct Fingerprints {
    names: Sha256,
}

impl Fingerprints {
    pub(crate) fn new(names: &str) -> Self {
        let mut hasher = Sha256::new();
        update(&mut hasher, names);
        hasher.update([0]);
        Self { names: hasher }
    }

    pub(crate) fn of(&self, document: &str) -> String {
        let mut hasher = self.names.clone();
        update(&mut hasher, document);
        hex(hasher)
    }
}

/// The fingerprint of a record: the same statements give the same one on any machine.
#[must_use]
pub fn record_fingerprint(record: &PatientRecord) -> String {
    let mut hasher = Sha256::new();
    // A record is maps with text keys, numbers and texts: its JSON has one form and cannot fail.
    hasher.update(serde_json::to_vec(record).unwrap_or_default());
    hex(hasher)
}

/// Line ends differ between editors and mean nothing.
fn update(hasher: &mut Sha256, text: &str) {
    for line in text.lines() {
        hasher.update(line.trim_end());
        hasher.update([b'\n']);
    }
}

fn hex(hasher: Sha256) -> String {
    hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        hex.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or_default());
        hex.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or_default());
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_set_is_part_of_what_a_document_means_and_line_ends_are_not() {
        let before = Fingerprints::new("indolent = []\n");
        assert_eq!(before.of("a\nb\n"), before.of("a\r\nb  \r\n"));
        assert_ne!(before.of("a\nb\n"), before.of("a\nc\n"));
        assert_ne!(before.of("a\n"), Fingerprints::new("indolent = [\"FL\"]\n").of("a\n"));
        assert_eq!(before.of("a").len(), 64);
    }

    #[test]
    fn another_record_has_another_fingerprint() {
        let mut record = PatientRecord::default();
        let empty = record_fingerprint(&record);
        record.completeness.treatment_history = Some(Vec::new());
        assert_ne!(record_fingerprint(&record), empty);
        // SHA-256 of the empty record's JSON: a change of this value breaks the comparison with saved evaluations.
        assert!(empty.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()));
    }
}
