//! The tables that are made from case files: what lists, counts and searches ask instead of opening every case.
//!
//! A case file gives its rows as a pure function. An append writes the difference between the rows before and after, in
//! the transaction of the entries; a rebuild writes all of them; `verify` compares them. They hold no name and no words.

mod held;
mod rows;
mod tables;

pub(crate) use held::{Held, held};
pub(crate) use rows::{Tokens, code, rows, text_rows};
pub(crate) use tables::{Table, dump};

use crate::{
    Result,
    db::{Tx, Value},
};
use cartulary_model::{BlobId, CaseId};
use std::collections::{BTreeMap, BTreeSet};

/// Rows by table and key; the key is the encoding of the key's columns.
pub(crate) type Rows = BTreeMap<(Table, Vec<u8>), Vec<Value>>;

/// Puts a row among rows.
pub(crate) fn put(rows: &mut Rows, table: Table, row: Vec<Value>) {
    rows.insert((table, key(&row[..table.keys()])), row);
}

/// What must change in the tables: first the removals, then the rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// All rows of these cases go.
    cases: BTreeSet<CaseId>,
    /// All search tokens of these documents go.
    documents: BTreeSet<(CaseId, BlobId)>,
    /// The cases that any row is of.
    seen: BTreeSet<CaseId>,
    /// Rows to write, or to take away.
    rows: BTreeMap<(Table, Vec<u8>), Written>,
}

#[derive(Clone, Debug)]
struct Written {
    row: Vec<Value>,
    stays: bool,
}

impl Change {
    /// What turns the rows of a case before into those after.
    pub(crate) fn between(case: CaseId, before: &Rows, after: Rows) -> Self {
        let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
        let mut rows: BTreeMap<_, _> =
            gone.map(|(key, row)| (key.clone(), Written { row: row.clone(), stays: false })).collect();
        let new = after.into_iter().filter(|(key, row)| before.get(key) != Some(row));
        rows.extend(new.map(|(key, row)| (key, Written { row, stays: true })));
        Self { rows, seen: BTreeSet::from([case]), ..Self::default() }
    }

    /// All rows of a case anew.
    pub(crate) fn whole(case: CaseId, after: Rows) -> Self {
        let mut change = Self::between(case, &Rows::new(), after);
        change.cases.insert(case);
        change
    }

    /// The search tokens of a document anew.
    pub(crate) fn document(&mut self, case: CaseId, document: BlobId, after: Rows) {
        let mut change = Self::between(case, &Rows::new(), after);
        change.documents.insert((case, document));
        self.then(change);
    }

    /// Adds what must change after this.
    pub(crate) fn then(&mut self, later: Self) {
        // Removals are written first, so what was to be written of these before must not be written after.
        for case in later.cases.intersection(&self.seen) {
            self.rows.retain(|(table, _), written| !table.is_of(&written.row, *case, None));
        }
        for (case, document) in later.documents.intersection(&self.documents) {
            self.rows.retain(|(table, _), written| !table.is_of(&written.row, *case, Some(*document)));
        }
        self.seen.extend(later.seen);
        self.cases.extend(later.cases);
        self.documents.extend(later.documents);
        self.rows.extend(later.rows);
    }

    /// Writes the change.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        for case in &self.cases {
            for table in Table::ALL {
                tx.run(table.delete_case(), &[(*case.bytes()).into()]).await?;
            }
        }
        for (case, document) in &self.documents {
            let values = [(*case.bytes()).into(), (*document.bytes()).into()];
            tx.run("DELETE FROM search_token WHERE case_id = $1 AND document = $2", &values).await?;
        }
        let mut stay: BTreeMap<Table, Vec<Vec<Value>>> = BTreeMap::new();
        for ((table, _), written) in self.rows {
            if written.stays {
                stay.entry(table).or_default().push(written.row);
            } else {
                tx.run(table.delete_row(), &written.row[..table.keys()]).await?;
            }
        }
        for (table, rows) in stay {
            tx.insert(table.name(), table.columns(), table.upsert(), &rows).await?;
        }
        Ok(())
    }
}

/// Key columns as bytes that are equal only for equal keys.
fn key(values: &[Value]) -> Vec<u8> {
    let mut key = Vec::new();
    for value in values {
        let bytes = match value {
            Value::Int(value) => value.map(|value| value.to_be_bytes().to_vec()),
            Value::Real(value) => value.map(|value| value.to_be_bytes().to_vec()),
            Value::Text(value) => value.as_ref().map(|value| value.as_bytes().to_vec()),
            Value::Bytes(value) => value.clone(),
        };
        let bytes = bytes.unwrap_or_default();
        key.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        key.extend_from_slice(&bytes);
    }
    key
}
