//! The text part of a Word file, read without models: an answer with a reason, no panic.
#![no_main]

use cartulary_fuzz::{package, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read(&package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", data)])));
