//! `cartulary case list`

use super::{
    super::{json, table::Table},
    short, when, who,
};
use crate::{cli::CaseList, console, register};
use anyhow::Result;
use cartulary_casework::Listed;
use cartulary_ledger::{CaseState, ListQuery};
use serde_json::json;
use std::process::ExitCode;

pub(super) fn run(options: &CaseList) -> Result<ExitCode> {
    let state = options.state.as_deref().and_then(CaseState::named);
    let query = ListQuery { state, limit: options.limit, ..ListQuery::default() };
    register::with(&options.register, async |casework| {
        let listed = casework.coordinator(register::operator()).list(&query).await?;
        if options.json {
            console::print(&json(&listed.iter().map(as_json).collect::<Vec<_>>())?)?;
            return Ok(ExitCode::SUCCESS);
        }
        if listed.is_empty() {
            console::say("no case; `cartulary receive` opens one");
            return Ok(ExitCode::SUCCESS);
        }
        let mut table =
            Table::new(&["case", "state", "changed", "papers", "unread", "facts", "patient"], &[3, 4, 5]);
        for Listed { row, person, .. } in &listed {
            table.row([
                short(row.case),
                row.state.name().to_owned(),
                when(row.changed_at),
                row.documents.to_string(),
                if row.unread == 0 { "-".to_owned() } else { row.unread.to_string() },
                row.facts.to_string(),
                who(person),
            ]);
        }
        console::print(&table.text())?;
        if listed.len() == options.limit as usize {
            console::say(&format!("the first {}; --limit N shows more", options.limit));
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn as_json(listed: &Listed) -> serde_json::Value {
    let Listed { row, person, .. } = listed;
    json!({
        "case": row.case,
        "state": row.state.name(),
        "owner": row.owner,
        "opened_at": row.opened_at.to_string(),
        "changed_at": row.changed_at.to_string(),
        "documents": row.documents,
        "unread": row.unread,
        "facts": row.facts,
        "evaluations": row.evaluations,
        "merged_into": row.merged_into,
        "version": row.version,
        "person": person,
    })
}
