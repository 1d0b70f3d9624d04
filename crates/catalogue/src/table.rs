//! Strict CSV: every column known, every row complete, every error with file and line.

use crate::{error::Problem, files::Files};
use serde::de::DeserializeOwned;

/// A row and the line it stands on.
pub(crate) struct Row<T> {
    pub(crate) line: u64,
    pub(crate) of: T,
}

/// Reads a table; a missing file or a row that does not fit is a problem, the good rows are returned.
pub(crate) fn read<T: DeserializeOwned>(
    files: &Files,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Vec<Row<T>> {
    let Some(text) = files.get(path) else {
        problems.push(Problem { file: path.into(), line: 1, what: "the file is missing".into() });
        return Vec::new();
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            problems.push(Problem { file: path.into(), line: 1, what: plain(&error) });
            return Vec::new();
        }
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let row = record.and_then(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            record.deserialize(Some(&headers)).map(|of| Row { line, of })
        });
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problems.push(Problem { file: path.into(), line, what: plain(&error) });
            }
        }
    }
    rows
}

/// The CSV crate prefixes its messages with positions that stand in the problem already.
fn plain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} fields; expected {expected_len}, as the header has")
        }
        _ => error.to_string(),
    }
}

/// Splits a `|`-separated cell.
pub(crate) fn list(cell: &str) -> Vec<String> {
    cell.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
