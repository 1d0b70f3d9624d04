//! Messages made in code, taken apart again.

use super::*;

type File = CompoundFile<Cursor<Vec<u8>>>;

fn put(file: &mut File, path: &str, bytes: &[u8]) {
    file.create_stream(path).unwrap().write_all(bytes).unwrap();
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Properties of a message: header, then 1 March 2024 as the day on which it was sent.
fn properties(header: usize) -> Vec<u8> {
    let mut bytes = vec![0; header];
    bytes.extend([0x40, 0, 0x39, 0, 6, 0, 0, 0]);
    let days: u64 = 154_557;
    bytes.extend((days * 24 * 3600 * 10_000_000).to_le_bytes());
    bytes
}

fn message(file: &mut File, at: &str, subject: &str, header: usize) {
    put(file, &format!("{at}__properties_version1.0"), &properties(header));
    put(file, &format!("{at}__substg1.0_0037001F"), &utf16(subject));
    put(file, &format!("{at}__substg1.0_0C1A001F"), &utf16("A Daughter"));
    put(file, &format!("{at}__substg1.0_1000001F"), &utf16("请看附件。\r\nKi-67 80%"));
}

/// A message with a text file and a message in it.
pub(crate) fn outlook_file() -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    message(&mut file, "/", "母亲的病理报告", 32);
    file.create_storage("/__attach_version1.0_#00000000").unwrap();
    put(&mut file, "/__attach_version1.0_#00000000/__substg1.0_3707001F", &utf16("lab.txt"));
    put(&mut file, "/__attach_version1.0_#00000000/__substg1.0_37010102", b"PLT 45");
    let embedded = "/__attach_version1.0_#00000001/__substg1.0_3701000D";
    file.create_storage_all(embedded).unwrap();
    message(&mut file, &format!("{embedded}/"), "inner", 24);
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn head_words_and_attachments_come_apart() {
    let message = open(&outlook_file()).unwrap();
    let expected = "Subject: 母亲的病理报告\nFrom: A Daughter\nDate: 2024-03-01\n\n请看附件。\nKi-67 80%";
    assert_eq!(message.text(), expected);
    assert_eq!(message.enclosures[0], ("lab.txt".into(), Ok(b"PLT 45".to_vec())));
}

#[test]
fn a_message_in_a_message_is_a_message() {
    let outer = open(&outlook_file()).unwrap();
    let inner = outer.enclosures[1].1.clone().unwrap();
    assert!(open(&inner).unwrap().text().starts_with("Subject: inner\nFrom: A Daughter\nDate: 2024-03-01\n"));
}

#[test]
fn an_attachment_that_is_not_there_is_reported() {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    message(&mut file, "/", "s", 32);
    file.create_storage("/__attach_version1.0_#00000000").unwrap();
    file.flush().unwrap();
    let bytes = file.into_inner().into_inner();
    let failure = open(&bytes).unwrap().enclosures[0].1.clone().unwrap_err();
    assert!(failure.detail.contains("ask for the file"));
}

#[test]
fn a_cut_message_is_damaged_and_no_panic() {
    let whole = outlook_file();
    for length in (8..whole.len()).step_by(97) {
        let _ = open(&whole[..length]);
    }
}
