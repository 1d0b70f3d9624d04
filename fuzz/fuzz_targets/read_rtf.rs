//! An RTF file, read without models: an answer with a reason, no panic.
#![no_main]

use cartulary_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read(&[b"{\\rtf1\\ansicpg936 ", data].concat()));
