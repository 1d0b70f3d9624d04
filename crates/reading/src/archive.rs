//! The parts of a ZIP file, counted while they unpack: what its directory says of sizes is the sender's word.

use crate::failure::Failure;
use crate::{limits, plain};
use cartulary_model::document::UnreadReason;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// What may still be unpacked of one message or archive, all its levels together.
pub(crate) struct Budget {
    parts: usize,
    bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { parts: limits::PARTS, bytes: limits::UNPACKED_BYTES }
    }
}

impl Budget {
    /// Takes one part of some bytes; says no when either is used up.
    pub(crate) fn take(&mut self, bytes: u64) -> Result<(), Failure> {
        if self.parts == 0 {
            let detail = format!("more than {} parts", limits::PARTS);
            return Err(Failure::too_many(detail));
        }
        self.parts -= 1;
        self.bytes = self
            .bytes
            .checked_sub(bytes)
            .ok_or_else(|| Failure::too_large("the parts unpack to too many bytes"))?;
        Ok(())
    }
}

/// One part of an archive.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) bytes: Result<Vec<u8>, Failure>,
}

/// An open ZIP file.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    password: Option<&'a str>,
}

impl<'a> Archive<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Failure> {
        // Opening reads the whole directory; a million entries would cost more memory than the file has bytes.
        let entries = bytes.windows(4).filter(|four| four == b"PK\x01\x02").count();
        if entries > 20 * limits::PARTS {
            return Err(Failure::too_many(format!("an archive of {entries} parts")));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(refusal)?;
        Ok(Self { zip, password: None })
    }

    /// With the password of its parts.
    pub(crate) fn with_password(self, password: Option<&'a str>) -> Self {
        Self { password, ..self }
    }

    pub(crate) fn len(&self) -> usize {
        self.zip.len()
    }

    /// The part, unpacked within the budget; nothing for folders and macOS resource forks, which are no documents.
    pub(crate) fn part(&mut self, index: usize, budget: &mut Budget) -> Option<Part> {
        let entry = match self.zip.by_index_raw(index) {
            Ok(entry) => entry,
            Err(error) => {
                return Some(Part { name: format!("part {}", index + 1), bytes: Err(refusal(error)) });
            }
        };
        let name = decoded_name(entry.name_raw());
        let is_symlink = entry.is_symlink();
        if entry.is_dir() || is_housekeeping(&name) {
            return None;
        }
        drop(entry);
        let bytes = if is_symlink {
            Err(Failure::unsupported("a link, not a file"))
        } else {
            self.unpack(index, budget)
        };
        Some(Part { name, bytes })
    }

    /// A part by its exact name, if there is one.
    pub(crate) fn named(&mut self, name: &str, budget: &mut Budget) -> Option<Result<Vec<u8>, Failure>> {
        let index = self.zip.index_for_name(name)?;
        Some(self.unpack(index, budget))
    }

    /// The names of all parts.
    pub(crate) fn names(&self) -> Vec<String> {
        self.zip.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    fn unpack(&mut self, index: usize, budget: &mut Budget) -> Result<Vec<u8>, Failure> {
        let entry = match self.password {
            Some(password) => self.zip.by_index_decrypt(index, password.as_bytes()),
            None => self.zip.by_index(index),
        };
        let entry = entry.map_err(refusal)?;
        let by_ratio = entry.compressed_size().saturating_mul(limits::RATIO);
        let most = by_ratio.max(limits::RATIO_FREE_BYTES).min(limits::FILE_BYTES as u64).min(budget.bytes);
        let mut bytes = Vec::new();
        let mut bounded = entry.take(most + 1);
        bounded.read_to_end(&mut bytes).map_err(|error| Failure::damaged(error.to_string()))?;
        if bytes.len() as u64 > most {
            return Err(Failure::too_large(format!("it unpacks to more than {most} bytes")));
        }
        budget.take(bytes.len() as u64)?;
        Ok(bytes)
    }
}

/// Names from Chinese Windows are GBK without a word about it.
fn decoded_name(raw: &[u8]) -> String {
    match plain::encoding_of(raw) {
        Some(encoding) => plain::decode(raw, encoding),
        None => String::from_utf8_lossy(raw).into_owned(),
    }
}

fn is_housekeeping(name: &str) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX/") || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

fn refusal(error: ZipError) -> Failure {
    let detail = error.to_string();
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Failure::new(UnreadReason::Encrypted, detail)
        }
        ZipError::UnsupportedArchive(words) if words.contains("AES") => {
            let detail = "it is encrypted with AES; ask for it without a password";
            Failure::new(UnreadReason::Encrypted, detail)
        }
        ZipError::UnsupportedArchive(_) => Failure::unsupported(detail),
        _ => Failure::damaged(detail),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    /// A ZIP file of these parts, made in memory.
    pub(crate) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, bytes) in parts {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn parts_of(bytes: &[u8]) -> Vec<Part> {
        let mut budget = Budget::default();
        let mut archive = Archive::open(bytes).unwrap();
        (0..archive.len()).filter_map(|index| archive.part(index, &mut budget)).collect()
    }

    #[test]
    fn folders_and_resource_forks_are_no_documents() {
        let bytes = zipped(&[
            ("scans/1.txt", b"one"),
            ("__MACOSX/scans/._1.txt", b"fork"),
            ("scans/.DS_Store", b"x"),
        ]);
        let parts = parts_of(&bytes);
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].name, "scans/1.txt");
        assert_eq!(parts[0].bytes, Ok(b"one".to_vec()));
    }

    #[test]
    fn a_bomb_is_cut_while_it_unpacks() {
        let bytes = zipped(&[("zeros", &vec![0; 30_000_000])]);
        assert!(bytes.len() < 100_000);
        let parts = parts_of(&bytes);
        let failure = parts[0].bytes.clone().unwrap_err();
        assert_eq!(failure.reason, UnreadReason::TooLarge);
    }

    #[test]
    fn a_name_that_climbs_is_a_name_and_nothing_more() {
        let parts = parts_of(&zipped(&[("../../etc/cron.d/x", b"text")]));
        assert_eq!(parts[0].name, "../../etc/cron.d/x");
    }

    #[test]
    fn names_in_gbk_are_read() {
        let (raw, _, _) = encoding_rs::GB18030.encode("病理报告.pdf");
        assert_eq!(decoded_name(&raw), "病理报告.pdf");
    }

    #[test]
    fn the_budget_holds_over_all_parts() {
        let mut budget = Budget { parts: 2, bytes: 10 };
        assert!(budget.take(8).is_ok());
        assert_eq!(budget.take(8).unwrap_err().reason, UnreadReason::TooLarge);
        assert_eq!(budget.take(0).unwrap_err().reason, UnreadReason::TooMany);
    }

    #[test]
    fn rubbish_is_damaged() {
        let failure = Archive::open(b"PK\x03\x04rubbish").err().unwrap();
        assert_eq!(failure.reason, UnreadReason::Damaged);
    }
}
