//! The register against its witnesses.

use super::Report;
use crate::{
    Error, Ledger, Result,
    checkpoint::{Checkpoint, SELECT_ONE, Witness},
    db::Tx,
};
use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

/// A witness as it was before the register was looked at.
pub(super) struct Seen {
    path: PathBuf,
    /// Bytes; none where there is no such file.
    length: Option<u64>,
}

/// Notes how long the witnesses are. A line is written when its checkpoint stands in the register, so a register that is
/// looked at after this holds all of them.
pub(super) fn seen(ledger: &Ledger, others: &[PathBuf]) -> Vec<Seen> {
    let own = Witness::of(&ledger.place().folder, ledger.witness_folder().as_deref());
    let length = |path: &PathBuf| fs::metadata(path).ok().map(|file| file.len());
    own.files().iter().chain(others).map(|path| Seen { path: path.clone(), length: length(path) }).collect()
}

/// Compares each line with the register.
pub(super) async fn compare(witnesses: &[Seen], tx: &mut Tx, report: &mut Report) -> Result<()> {
    for Seen { path, length } in witnesses {
        match length {
            Some(length) => one(path, *length, tx, report).await?,
            None => report.fault(None, format!("the witness {} is missing", path.display())),
        }
    }
    Ok(())
}

async fn one(path: &Path, length: u64, tx: &mut Tx, report: &mut Report) -> Result<()> {
    let file = File::open(path).map_err(Error::io("read the witness", path))?;
    for (number, line) in BufReader::new(file.take(length)).split(b'\n').enumerate() {
        let line = line.map_err(Error::io("read the witness", path))?;
        let line = String::from_utf8_lossy(&line);
        let told = match serde_json::from_str::<Checkpoint>(&line) {
            Ok(seen) => differs(&seen, &line, tx).await?,
            Err(_) if line.is_empty() || is_torn(&line, tx).await? => continue,
            Err(_) => Some("is damaged".to_owned()),
        };
        report.witnessed += 1;
        if let Some(told) = told {
            report.fault(None, format!("line {} of the witness {} {told}", number + 1, path.display()));
        }
    }
    Ok(())
}

async fn differs(seen: &Checkpoint, line: &str, tx: &mut Tx) -> Result<Option<String>> {
    let held = held(seen.n, tx).await?;
    Ok(match held {
        None => Some(format!("has seen checkpoint {}, which the register lacks: it was set back", seen.n)),
        Some(held) if held.line().trim_end() != line => {
            Some(format!("has seen another checkpoint {}: it or the register was changed", seen.n))
        }
        Some(_) => None,
    })
}

async fn held(n: u64, tx: &mut Tx) -> Result<Option<Checkpoint>> {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    let row = tx.row(SELECT_ONE, &[n.into()]).await?;
    row.map(|row| Checkpoint::read(&row)).transpose()
}

/// Whether a crash may have left this line: the beginning of a line that should stand there.
async fn is_torn(line: &str, tx: &mut Tx) -> Result<bool> {
    const START: &str = "{\"n\":";
    let Some(rest) = line.strip_prefix(START) else { return Ok(START.starts_with(line)) };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() == rest.len() {
        return Ok(true);
    }
    let Ok(n) = digits.parse() else { return Ok(false) };
    Ok(held(n, tx).await?.is_some_and(|held| held.line().starts_with(line)))
}
