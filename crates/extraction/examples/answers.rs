//! Prints the answers to records of the exchange form, a line a record: `answers FILE.jsonl ...`.
//!
//! For comparing two states of the engine, and for finding sentences that show a rule.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{
    Engine,
    exchange::{self, Record},
};
use std::{error::Error, fs, io::Write as _, sync::Arc};

fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::new(Arc::new(Catalogue::embedded()?));
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        for line in fs::read_to_string(path)?.lines().filter(|line| !line.trim().is_empty()) {
            let record: Record = serde_json::from_str(line)?;
            writeln!(out, "{}", serde_json::to_string(&exchange::extract(&engine, &record))?)?;
        }
    }
    Ok(())
}
