//! What the tables hold, read back.

use super::{Rows, Table, put};
use crate::{
    Result,
    db::{Tx, Value},
};
use cartulary_model::CaseId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the tables hold of a range of cases.
#[derive(Default)]
pub(crate) struct Held {
    /// The rows by case.
    pub(crate) cases: BTreeMap<CaseId, Rows>,
    /// Rows whose id is none of a case.
    pub(crate) strange: Rows,
}

/// The rows of the projections in a range of cases; without `texts` not the words of documents.
pub(crate) async fn held(tx: &mut Tx, range: &[Value; 2], texts: bool) -> Result<Held> {
    let mut held = Held::default();
    for table in Table::ALL {
        let sql = if *table == Table::Search && !texts { SEARCH_OF_FILES } else { table.select() };
        for row in tx.rows(sql, range).await? {
            let row = table.read(&row)?;
            let rows = match case_of(*table, &row) {
                Some(case) => held.cases.entry(case).or_default(),
                None => &mut held.strange,
            };
            put(rows, *table, row);
        }
    }
    Ok(held)
}

/// The search tokens of case files, without those of their documents.
const SEARCH_OF_FILES: &str = "SELECT token, case_id, document, times FROM search_token \
    WHERE case_id >= $1 AND case_id <= $2 AND LENGTH(document) = 0";

fn case_of(table: Table, row: &[Value]) -> Option<CaseId> {
    let at = table.columns().iter().position(|name| *name == "case_id")?;
    match row.get(at) {
        Some(Value::Bytes(Some(id))) => Uuid::from_slice(id).ok().map(CaseId::from_uuid),
        _ => None,
    }
}
