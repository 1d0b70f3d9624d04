//! The type of a file, found in its bytes. Names lie: a phone calls everything `IMG_0001.jpg`.

use crate::failure::Failure;
use crate::plain;

/// What the bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    /// A picture the `image` crate decodes, with its media type.
    Picture(image::ImageFormat),
    Docx,
    Zip,
    Mail,
    Html,
    /// Plain text in a known encoding.
    Text(&'static encoding_rs::Encoding),
    /// An office file behind a password.
    Locked,
    /// Something else: its media type and what to call it to a person.
    Other {
        media_type: &'static str,
        seems: &'static str,
    },
}

impl Kind {
    pub(crate) fn media_type(&self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Picture(format) => format.to_mime_type(),
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Zip => "application/zip",
            Self::Mail => "message/rfc822",
            Self::Html => "text/html",
            Self::Text(_) => "text/plain",
            Self::Locked => "application/x-ole-storage",
            Self::Other { media_type, .. } => media_type,
        }
    }
}

/// Finds the type; an empty file has none and is the caller's business.
pub(crate) fn sniff(bytes: &[u8]) -> Kind {
    picture(bytes)
        .or_else(|| mail(bytes))
        .or_else(|| pdf(bytes))
        .or_else(|| zip(bytes))
        .or_else(|| ole(bytes))
        .or_else(|| signature(bytes))
        .or_else(|| container_of_media(bytes))
        .or_else(|| textual(bytes))
        .unwrap_or(Kind::Other { media_type: "application/octet-stream", seems: "unknown bytes" })
}

/// The refusal of a kind that is not read, in words a person can act on.
pub(crate) fn refusal(media_type: &str, seems: &str) -> Failure {
    Failure::unsupported(format!("it seems to be {seems} ({media_type})"))
}

fn picture(bytes: &[u8]) -> Option<Kind> {
    use image::ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
    let format = image::guess_format(bytes).ok()?;
    // "BM" alone is too weak a sign: a letter may begin with it. The real header repeats a small size.
    let plausible = format != Bmp || bytes.get(15..18) == Some(&[0, 0, 0]);
    (plausible && matches!(format, Bmp | Gif | Jpeg | Png | Tiff | WebP)).then_some(Kind::Picture(format))
}

/// Before PDF: a short mail with a PDF in it has the PDF's signature near its own beginning.
fn mail(bytes: &[u8]) -> Option<Kind> {
    plain::looks_like_mail(bytes).then_some(Kind::Mail)
}

fn pdf(bytes: &[u8]) -> Option<Kind> {
    // Readers accept rubbish before the header; mail gateways add it.
    let head = &bytes[..bytes.len().min(1024)];
    contains(head, b"%PDF-").then_some(Kind::Pdf)
}

fn zip(bytes: &[u8]) -> Option<Kind> {
    if !(bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")) {
        return None;
    }
    // The central directory, at the end, names the parts without unpacking them.
    let tail = &bytes[bytes.len().saturating_sub(256 * 1024)..];
    let office = |part: &[u8]| contains(tail, part);
    let other = |media_type, seems| Kind::Other { media_type, seems };
    Some(if office(b"word/document") {
        Kind::Docx
    } else if office(b"xl/workbook") {
        let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        other(sheet, "an Excel workbook")
    } else if office(b"ppt/presentation") {
        let slides = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
        other(slides, "a PowerPoint presentation")
    } else if office(b"AndroidManifest.xml") {
        other("application/vnd.android.package-archive", "an Android programme")
    } else {
        Kind::Zip
    })
}

fn ole(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return None;
    }
    let utf16 = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    if contains(bytes, &utf16("EncryptedPackage")) {
        return Some(Kind::Locked);
    }
    Some(Kind::Other {
        media_type: "application/x-ole-storage",
        seems: "an old Word, Excel or PowerPoint file; save it as DOCX or PDF",
    })
}

/// Signatures at a fixed place: offset, bytes, media type, name.
const SIGNATURES: &[(usize, &[u8], &str, &str)] = &[
    (128, b"DICM", "application/dicom", "a DICOM image"),
    (0, b"MZ", "application/x-msdownload", "a Windows programme"),
    (0, b"\x7fELF", "application/x-executable", "a Linux programme"),
    (0, b"\xca\xfe\xba\xbe", "application/x-mach-binary", "a programme"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary", "a macOS programme"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar", "a RAR archive; send it as ZIP"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "a 7z archive; send it as ZIP"),
    (0, b"\x1f\x8b", "application/gzip", "a gzip archive; send it as ZIP"),
    (0, b"BZh", "application/x-bzip2", "a bzip2 archive; send it as ZIP"),
    (0, b"\xfd7zXZ\0", "application/x-xz", "an xz archive; send it as ZIP"),
    (257, b"ustar", "application/x-tar", "a tar archive; send it as ZIP"),
    (0, b"ID3", "audio/mpeg", "a sound recording"),
    (0, b"\xff\xfb", "audio/mpeg", "a sound recording"),
    (0, b"\xff\xf1", "audio/aac", "a sound recording"),
    (0, b"fLaC", "audio/flac", "a sound recording"),
    (0, b"OggS", "application/ogg", "a sound recording"),
    (0, b"#!AMR", "audio/amr", "a voice message"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm", "a video"),
    (0, b"FLV", "video/x-flv", "a video"),
    (0, b"\x00\x00\x01\xba", "video/mpeg", "a video"),
    (0, b"{\\rtf", "application/rtf", "an RTF text; save it as DOCX or PDF"),
    (0, b"\x00\x00\x00\x0cjP  ", "image/jp2", "a JPEG 2000 picture; send it as JPEG"),
    (0, b"8BPS", "image/vnd.adobe.photoshop", "a Photoshop picture"),
    (0, b"SQLite format 3", "application/vnd.sqlite3", "a database"),
    (0, b"wOF2", "font/woff2", "a font"),
];

fn signature(bytes: &[u8]) -> Option<Kind> {
    SIGNATURES
        .iter()
        .find(|(offset, magic, ..)| bytes.get(*offset..).is_some_and(|rest| rest.starts_with(magic)))
        .map(|&(_, _, media_type, seems)| Kind::Other { media_type, seems })
}

/// RIFF and ISO media files, whose kind stands in their second word.
fn container_of_media(bytes: &[u8]) -> Option<Kind> {
    let other = |media_type, seems| Some(Kind::Other { media_type, seems });
    let brand = bytes.get(8..12)?;
    if bytes.starts_with(b"RIFF") {
        return match brand {
            b"WAVE" => other("audio/wav", "a sound recording"),
            _ => other("video/x-msvideo", "a video"),
        };
    }
    if bytes.get(4..8)? != b"ftyp" {
        return None;
    }
    match brand {
        b"heic" | b"heix" | b"mif1" | b"msf1" | b"hevc" => {
            other("image/heic", "a HEIC picture; send it as JPEG")
        }
        b"avif" | b"avis" => other("image/avif", "an AVIF picture; send it as JPEG"),
        b"M4A " | b"M4B " => other("audio/mp4", "a sound recording"),
        _ => other("video/mp4", "a video"),
    }
}

fn textual(bytes: &[u8]) -> Option<Kind> {
    let encoding = plain::encoding_of(bytes)?;
    let head = &bytes[..bytes.len().min(512)];
    let head = head.trim_ascii_start().to_ascii_lowercase();
    let is_html = head.starts_with(b"<!doctype html") || head.starts_with(b"<html");
    Some(if is_html { Kind::Html } else { Kind::Text(encoding) })
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media_type(bytes: &[u8]) -> &'static str {
        sniff(bytes).media_type()
    }

    #[test]
    fn the_name_does_not_matter_only_the_bytes() {
        assert_eq!(media_type(b"%PDF-1.7\n%..."), "application/pdf");
        assert_eq!(media_type(b"\r\n\r\n%PDF-1.4"), "application/pdf");
        assert_eq!(media_type(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), "image/jpeg");
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png");
        assert_eq!(media_type(b"GIF89a......"), "image/gif");
        assert_eq!(media_type(b"RIFF\x10\0\0\0WEBPVP8 "), "image/webp");
    }

    #[test]
    fn what_is_not_read_is_called_by_its_name() {
        let mp4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2";
        assert_eq!(media_type(mp4), "video/mp4");
        assert_eq!(media_type(b"\0\0\0\x18ftypheic\0\0\0\0"), "image/heic");
        assert_eq!(media_type(b"MZ\x90\0\x03\0\0\0"), "application/x-msdownload");
        assert_eq!(media_type(b"RIFF\x10\0\0\0WAVEfmt "), "audio/wav");
        let mut dicom = vec![0; 128];
        dicom.extend_from_slice(b"DICM\x02\0\0\0");
        assert_eq!(media_type(&dicom), "application/dicom");
    }

    #[test]
    fn a_letter_that_begins_with_a_signature_is_text() {
        assert_eq!(media_type(b"BMI 22.1 kg/m2, height 168 cm"), "text/plain");
        assert_eq!(media_type("BZD 未用".as_bytes()), "text/plain");
    }

    #[test]
    fn random_bytes_are_unknown() {
        let mut state = 1u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(4096)
        .collect();
        assert_eq!(media_type(&noise), "application/octet-stream");
    }

    #[test]
    fn a_mail_is_known_by_its_headers() {
        let mail = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: report\r\n\r\nHello";
        assert_eq!(sniff(mail), Kind::Mail);
        assert_eq!(sniff(b"Subject: 42 year old woman\nwith lymphoma").media_type(), "text/plain");
    }
}
