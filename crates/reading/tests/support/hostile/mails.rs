//! Mails of a million parts, and Outlook files that lead to themselves.

use super::{Hostile, archives, noise};

const HEAD: &str = "From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n";

pub(crate) const FILES: &[Hostile] = &[
    Hostile::new("million-parts.eml", million_parts),
    Hostile::new("fifteen-thousand-parts.eml", || parts(15_000)),
    Hostile::new("twenty-thousand-deep.eml", twenty_thousand_deep),
    Hostile::new("mails-in-mails.eml", mails_in_mails),
    Hostile::new("header-flood.eml", header_flood),
    Hostile::new("header-of-ten-megabytes.eml", || {
        format!("{HEAD}X-A: {}\r\n\r\nhello", "a".repeat(10_000_000)).into_bytes()
    }),
    Hostile::new("base64-that-is-none.eml", base64_that_is_none),
    Hostile::new("name-that-climbs.eml", name_that_climbs),
    Hostile::new("eicar.eml", eicar),
    Hostile::new("winmail.eml", winmail),
    Hostile::new("without-an-end.eml", || {
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n").into_bytes()
    }),
    Hostile::new("calendar.eml", calendar),
    Hostile::new("noise.msg", || [&OLE[..], &noise(60_000)].concat()),
    Hostile::new("signature-only.msg", || OLE.to_vec()),
    Hostile::new("sectors-in-a-loop.msg", sectors_in_a_loop),
];

const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn parts(count: usize) -> Vec<u8> {
    let head = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    [head.as_bytes(), &b"--b\r\n\r\nx\r\n".repeat(count), b"--b--\r\n"].concat()
}

fn million_parts() -> Vec<u8> {
    parts(1_000_000)
}

fn twenty_thousand_deep() -> Vec<u8> {
    let level =
        |depth: usize| format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
    let deep: String = (0..20_000).map(level).collect();
    format!("{HEAD}{deep}\r\nwords\r\n").into_bytes()
}

fn mails_in_mails() -> Vec<u8> {
    let level =
        "Content-Type: message/rfc822\r\n\r\nFrom: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\n";
    format!("{HEAD}{}\r\nwords\r\n", level.repeat(20_000)).into_bytes()
}

fn header_flood() -> Vec<u8> {
    format!("{HEAD}{}\r\nhello", "X-Flood: 1\r\n".repeat(500_000)).into_bytes()
}

fn base64_that_is_none() -> Vec<u8> {
    let head = format!(
        "{HEAD}Content-Type: application/pdf; name=\"r.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    [head.into_bytes(), noise(10_000)].concat()
}

fn attached(name: &str, bytes: &str) -> Vec<u8> {
    format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n\
         Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{bytes}\r\n--b--\r\n"
    )
    .into_bytes()
}

fn name_that_climbs() -> Vec<u8> {
    attached("../../../../etc/cron.d/job", "* * * * * root true")
}

fn eicar() -> Vec<u8> {
    attached("invoice.com", archives::EICAR)
}

fn winmail() -> Vec<u8> {
    attached("winmail.dat", "\x78\u{9f}\x3e\x22")
}

fn calendar() -> Vec<u8> {
    format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: text/calendar\r\n\r\n\
         BEGIN:VCALENDAR\r\nSUMMARY:visit\r\nEND:VCALENDAR\r\n--b--\r\n"
    )
    .into_bytes()
}

/// The table of sectors says of the first sector that the first follows.
fn sectors_in_a_loop() -> Vec<u8> {
    let mut bytes = vec![0; 512 * 3];
    bytes[..8].copy_from_slice(&OLE);
    bytes[24..32].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0]);
    bytes[32] = 6;
    bytes[44] = 1;
    bytes[56..58].copy_from_slice(&[0, 0x10]);
    bytes[48..52].copy_from_slice(&1u32.to_le_bytes());
    bytes[60..64].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    bytes[68..72].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    bytes[76..80].copy_from_slice(&0u32.to_le_bytes());
    bytes[80..512].fill(0xFF);
    bytes[512..516].copy_from_slice(&0xFFFF_FFFDu32.to_le_bytes());
    bytes[516..520].copy_from_slice(&1u32.to_le_bytes());
    bytes
}
