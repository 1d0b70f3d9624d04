//! The values that the questions of one library ask for, as definitions: an engine works each of them out once.

use super::words::{identifier, text};
use std::{collections::BTreeSet, fmt::Write as _};

/// The codes that were named.
#[derive(Debug, Default)]
pub(super) struct ValueSets {
    codes: BTreeSet<String>,
}

impl ValueSets {
    /// The name of `Newest: ..`, all values of a code that may be the latest.
    pub(super) fn newest(&mut self, code: &str) -> String {
        self.codes.insert(code.to_owned());
        identifier(&format!("Newest: {code}"))
    }

    /// All definitions.
    pub(super) fn definitions(&self) -> String {
        let mut out = String::new();
        for code in &self.codes {
            let (name, code) = (identifier(&format!("Newest: {code}")), text(code));
            let _ = writeln!(out, "define {name}:\n  Newest((\"Values\" V where V.code = {code}))\n");
        }
        out
    }
}
