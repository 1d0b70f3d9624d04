//! The walk by cases.

use super::Report;
use crate::{
    Ledger, Result,
    db::Tx,
    ledger::StoredEntry,
    projection::{Rows, held},
    recount::{Cases, KeyState, between},
};
use cartulary_model::{CaseId, EntryId};
use std::collections::BTreeMap;

pub(super) async fn walk(
    ledger: &Ledger,
    tx: &mut Tx,
    texts: bool,
    report: &mut Report,
    told: &mut impl FnMut(u64),
) -> Result<()> {
    let mut cases = Cases::new();
    let mut last = None;
    loop {
        let some = cases.next(tx).await?;
        let to = some.last().map(|entries| entries[0].case);
        let mut keys = ledger.keys_between(last, to).await?;
        let mut held = held(tx, &between(last, to), texts).await?;
        for entries in &some {
            let case = entries[0].case;
            let key = keys.remove(&case).unwrap_or(KeyState::Missing);
            let rows = held.cases.remove(&case).unwrap_or_default();
            one(ledger, entries, &key, rows, texts, report).await?;
        }
        spare(keys, report);
        for case in held.cases.keys() {
            report
                .fault(None, format!("case {case} stands in the projections and has no entry: run rebuild"));
        }
        for (table, _) in held.strange.keys() {
            report.fault(None, format!("{} holds a row of no case: run rebuild", table.name()));
        }
        told(report.entries);
        if some.is_empty() {
            return Ok(());
        }
        last = to;
    }
}

async fn one(
    ledger: &Ledger,
    entries: &[StoredEntry],
    key: &KeyState,
    held: Rows,
    texts: bool,
    report: &mut Report,
) -> Result<()> {
    report.cases += 1;
    report.entries += entries.len() as u64;
    report.erased += u64::from(matches!(key, KeyState::Destroyed));
    let recounted = ledger.recount(entries, key, texts).await?;
    // What an entry with a fault comes to is unknown: its projections would be told of twice.
    let sound = recounted.faults.is_empty();
    for (entry, what) in recounted.faults {
        report.fault(Some(entry), what);
    }
    if sound && recounted.rows != held {
        let table = differing(&recounted.rows, &held);
        let last = EntryId { case: recounted.file.case, seq: recounted.file.version };
        report.fault(Some(last), format!("{table} holds something else than the entries say: run rebuild"));
    }
    Ok(())
}

/// The first table whose rows differ.
fn differing(a: &Rows, b: &Rows) -> &'static str {
    let only = a.iter().find(|(key, row)| b.get(*key) != Some(row));
    let other = b.iter().find(|(key, row)| a.get(*key) != Some(row));
    only.or(other).map_or("a projection", |((table, _), _)| table.name())
}

fn spare(keys: BTreeMap<CaseId, KeyState>, report: &mut Report) {
    for (case, key) in keys {
        match key {
            KeyState::Broken(error) => report.fault(None, format!("the key of case {case}: {error}")),
            KeyState::Destroyed => {
                report.fault(
                    None,
                    format!("the key of case {case} was destroyed, and its entries are missing"),
                );
            }
            KeyState::There(_) | KeyState::Missing => report.spare_keys += 1,
        }
    }
}
