//! Signatures of files that are not read, each with words a person can act on.

use super::Kind;

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
    (0, b"\x00\x00\x00\x0cjP  ", "image/jp2", "a JPEG 2000 picture; send it as JPEG"),
    (
        0,
        b"\x78\x9f\x3e\x22",
        "application/ms-tnef",
        "an Outlook winmail.dat; ask for the papers as plain attachments",
    ),
    (0, b"%!PS", "application/postscript", "a PostScript file; save it as PDF"),
    (0, b"ITSF", "application/vnd.ms-htmlhelp", "a help file"),
    (0, b"AC10", "image/vnd.dwg", "a technical drawing"),
    (40, b" EMF", "image/emf", "a drawing (Windows Metafile); save it as PDF"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf", "a drawing (Windows Metafile); save it as PDF"),
    (0, b"8BPS", "image/vnd.adobe.photoshop", "a Photoshop picture"),
    (0, b"SQLite format 3", "application/vnd.sqlite3", "a database"),
    (0, b"wOF2", "font/woff2", "a font"),
];

/// The kind by its signature.
pub(crate) fn kind(bytes: &[u8]) -> Option<Kind> {
    SIGNATURES
        .iter()
        .find(|(offset, magic, ..)| bytes.get(*offset..).is_some_and(|rest| rest.starts_with(magic)))
        .map(|&(_, _, media_type, seems)| Kind::Other { media_type, seems })
}
