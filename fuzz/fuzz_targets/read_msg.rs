//! An Outlook message: any compound file, read without models: an answer with a reason, no panic.
#![no_main]

use cartulary_fuzz::{OLE, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read(&[OLE, data].concat()));
