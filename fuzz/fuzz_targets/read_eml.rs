//! A mail, read without models: an answer with a reason, no panic.
#![no_main]

use cartulary_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read(&[b"From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\n", data].concat()));
