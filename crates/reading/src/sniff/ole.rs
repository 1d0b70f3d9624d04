//! Compound files: old Word and Excel, Outlook messages, office files behind a password. What they are stands in the
//! names of their first storages.

use super::Kind;
use crate::outlook::compound;
use crate::workbook::Form;

pub(super) const SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The kind of a compound file; nothing for other bytes.
pub(crate) fn kind(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(SIGNATURE) {
        return None;
    }
    let Ok(file) = compound(bytes) else {
        return Some(other("application/x-ole-storage", "a damaged old office file; save it as PDF"));
    };
    let names: Vec<String> =
        file.read_root_storage().take(1000).map(|entry| entry.name().to_owned()).collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    Some(if has("EncryptedPackage") {
        Kind::Locked
    } else if has("__properties_version1.0") || has("__substg1.0_") {
        Kind::Outlook
    } else if has("WordDocument") {
        other("application/msword", "an old Word file (.doc); open it in Word and save it as PDF or DOCX")
    } else if has("PowerPoint") {
        other("application/vnd.ms-powerpoint", "an old PowerPoint file; save it as PDF")
    } else if has("Workbook") || has("Book") {
        Kind::Workbook(Form::Old)
    } else {
        other("application/x-ole-storage", "an old office file or an embedded object; save it as PDF")
    })
}

fn other(media_type: &'static str, seems: &'static str) -> Kind {
    Kind::Other { media_type, seems }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cfb::CompoundFile;
    use std::io::Cursor;

    fn with_stream(name: &str) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream(name).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn a_compound_file_is_known_by_its_streams() {
        let table = [
            ("/WordDocument", "application/msword"),
            ("/PowerPoint Document", "application/vnd.ms-powerpoint"),
            ("/Workbook", "application/vnd.ms-excel"),
            ("/Book", "application/vnd.ms-excel"),
            ("/__properties_version1.0", "application/vnd.ms-outlook"),
            ("/EncryptedPackage", "application/x-ole-storage"),
            ("/Something", "application/x-ole-storage"),
        ];
        for (name, media_type) in table {
            let kind = kind(&with_stream(name)).unwrap();
            assert_eq!(kind.media_type(), media_type, "{name}");
            assert_eq!(kind == Kind::Locked, name == "/EncryptedPackage");
        }
    }

    #[test]
    fn an_old_word_file_says_what_to_do() {
        let Some(Kind::Other { seems, .. }) = kind(&with_stream("/WordDocument")) else { panic!("refused") };
        assert!(seems.contains("save it as PDF or DOCX"));
    }

    #[test]
    fn a_damaged_one_is_named_and_other_bytes_are_none() {
        assert!(matches!(kind(&with_stream("/Workbook")[..600]), Some(Kind::Other { .. })));
        assert_eq!(kind(b"PK\x03\x04"), None);
    }
}
