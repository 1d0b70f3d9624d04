//! A table of text, read without models: an answer with a reason, no panic.
#![no_main]

use cartulary_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read(&[b"a,b,c\n1,2,3\n4,5,6\n", data].concat()));
