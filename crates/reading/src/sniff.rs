//! The type of a file, found in its bytes. Names lie: a phone calls everything `IMG_0001.jpg`.

mod ole;
mod signatures;

use crate::failure::Failure;
use crate::workbook::Form;
use crate::{delimited, picture, plain};

/// What the bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    /// A picture the `image` crate decodes, with its media type.
    Picture(image::ImageFormat),
    /// A TIFF file, which may have many pages.
    Tiff,
    Heic,
    Docx,
    /// An OpenDocument text or table, with its media type.
    OpenDocument(&'static str),
    Workbook(Form),
    Rtf,
    /// An Outlook message.
    Outlook,
    Zip,
    Mail,
    Html,
    /// Plain text in a known encoding.
    Text(&'static encoding_rs::Encoding),
    /// Cells parted by a character, in a known encoding.
    Table(&'static encoding_rs::Encoding, u8),
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
            Self::Tiff => "image/tiff",
            Self::Heic => "image/heic",
            Self::OpenDocument(media_type) => media_type,
            Self::Workbook(Form::Xml) => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Workbook(Form::Old) => "application/vnd.ms-excel",
            Self::Rtf => "application/rtf",
            Self::Outlook => "application/vnd.ms-outlook",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Zip => "application/zip",
            Self::Mail => "message/rfc822",
            Self::Html => "text/html",
            Self::Text(_) => "text/plain",
            Self::Table(_, b'\t') => "text/tab-separated-values",
            Self::Table(..) => "text/csv",
            Self::Locked => "application/x-ole-storage",
            Self::Other { media_type, .. } => media_type,
        }
    }
}

/// Finds the type; an empty file has none and is the caller's business.
pub(crate) fn sniff(bytes: &[u8]) -> Kind {
    picture_of(bytes)
        .or_else(|| mail(bytes))
        .or_else(|| rtf(bytes))
        .or_else(|| pdf(bytes))
        .or_else(|| zip(bytes))
        .or_else(|| ole::kind(bytes))
        .or_else(|| signatures::kind(bytes))
        .or_else(|| container_of_media(bytes))
        .or_else(|| textual(bytes))
        .unwrap_or(Kind::Other { media_type: "application/octet-stream", seems: "unknown bytes" })
}

/// What a file seems to be, by its signature alone: nothing in it is parsed, so it may be asked outside of the box.
pub fn media_type(bytes: &[u8]) -> &'static str {
    let kind = picture_of(bytes)
        .or_else(|| mail(bytes))
        .or_else(|| rtf(bytes))
        .or_else(|| pdf(bytes))
        .or_else(|| zip(bytes))
        .or_else(|| bytes.starts_with(ole::SIGNATURE).then_some(Kind::Locked))
        .or_else(|| signatures::kind(bytes))
        .or_else(|| container_of_media(bytes))
        .or_else(|| textual(bytes));
    kind.map_or("application/octet-stream", |kind| kind.media_type())
}

/// The refusal of a kind that is not read, in words a person can act on.
pub(crate) fn refusal(media_type: &str, seems: &str) -> Failure {
    Failure::unsupported(format!("it seems to be {seems} ({media_type})"))
}

fn picture_of(bytes: &[u8]) -> Option<Kind> {
    use image::ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
    if picture::is_heic(bytes) {
        return Some(Kind::Heic);
    }
    // The library does not know TIFF files with offsets of 64 bits.
    if bytes.starts_with(b"II+\0") || bytes.starts_with(b"MM\0+") {
        return Some(Kind::Tiff);
    }
    let format = image::guess_format(bytes).ok()?;
    // "BM" alone is too weak a sign: a letter may begin with it. The real header repeats a small size.
    let plausible = format != Bmp || bytes.get(15..18) == Some(&[0, 0, 0]);
    let known = plausible && matches!(format, Bmp | Gif | Jpeg | Png | Tiff | WebP);
    known.then_some(if format == Tiff { Kind::Tiff } else { Kind::Picture(format) })
}

fn rtf(bytes: &[u8]) -> Option<Kind> {
    // Old mail programmes put a mark of UTF-8 before it.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.trim_ascii_start().starts_with(b"{\\rt").then_some(Kind::Rtf)
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
    Some(if let Some(media_type) = open_document(bytes) {
        Kind::OpenDocument(media_type)
    } else if office(b"word/document") {
        Kind::Docx
    } else if office(b"xl/workbook.bin") {
        other(
            "application/vnd.ms-excel.sheet.binary.macroenabled.12",
            "a binary Excel workbook; save it as XLSX",
        )
    } else if office(b"xl/workbook") {
        Kind::Workbook(Form::Xml)
    } else if office(b"ppt/presentation") {
        let slides = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
        other(slides, "a PowerPoint presentation; save it as PDF")
    } else if office(b"AndroidManifest.xml") {
        other("application/vnd.android.package-archive", "an Android programme")
    } else {
        Kind::Zip
    })
}

/// The type that an OpenDocument file says at its beginning, unpacked.
fn open_document(bytes: &[u8]) -> Option<&'static str> {
    const TYPES: [&str; 2] =
        ["application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"];
    let head = &bytes[..bytes.len().min(256)];
    TYPES.into_iter().find(|media_type| contains(head, format!("mimetype{media_type}").as_bytes()))
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
        b"avif" | b"avis" => other("image/avif", "an AVIF picture; send it as JPEG"),
        b"M4A " | b"M4B " => other("audio/mp4", "a sound recording"),
        _ => other("video/mp4", "a video"),
    }
}

fn textual(bytes: &[u8]) -> Option<Kind> {
    let encoding = plain::encoding_of(bytes)?;
    let head = &bytes[..bytes.len().min(512)];
    let head = head.trim_ascii_start().to_ascii_lowercase();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    // Hospital systems save tables of HTML under the names of Word and Excel.
    let is_html = [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<table", b"<meta"]
        .into_iter()
        .any(|tag| head.starts_with(tag))
        || (head.starts_with(b"<?xml") && contains(head, b"<html"));
    if is_html {
        return Some(Kind::Html);
    }
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let delimiter = delimited::delimiter(&plain::decode(sample, encoding));
    Some(delimiter.map_or(Kind::Text(encoding), |delimiter| Kind::Table(encoding, delimiter)))
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
        assert_eq!(media_type(b"\0\0\0\x18ftypavif\0\0\0\0"), "image/avif");
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
