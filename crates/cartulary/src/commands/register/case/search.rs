//! `cartulary case search`

use super::{
    super::{json, table::clean},
    short, who,
};
use crate::{cli::CaseSearch, console, register};
use anyhow::Result;
use cartulary_casework::FoundCase;
use serde_json::json;
use std::process::ExitCode;

pub(super) fn run(options: &CaseSearch) -> Result<ExitCode> {
    let query = options.words.join(" ");
    register::with(&options.register, async |casework| {
        let found = casework.coordinator(register::operator()).search(&query, options.limit).await?;
        if options.json {
            let cases: Vec<_> = found.cases.iter().map(as_json).collect();
            console::print(&json(&json!({ "cases": cases, "complete": found.complete }))?)?;
            return Ok(ExitCode::SUCCESS);
        }
        if found.cases.is_empty() {
            console::say("no case holds all of these words");
        }
        for case in &found.cases {
            console::print(&words(case))?;
        }
        if !found.complete {
            console::say(
                "the words are so common that only the newest 10,000 papers were looked at; add a rarer word",
            );
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn words(found: &FoundCase) -> String {
    let mut text = format!("{}  {}", short(found.hit.seen_in), who(&found.person));
    if found.hit.seen_in != found.hit.case {
        text.push_str(&format!("  (in case {}, joined into it)", short(found.hit.case)));
    }
    text.push('\n');
    if !found.documents.is_empty() {
        text.push_str(&format!("    {}\n", clean(&found.documents.join(", "))));
    }
    for line in &found.lines {
        text.push_str(&format!("    │ {}\n", clean(line)));
    }
    text
}

fn as_json(found: &FoundCase) -> serde_json::Value {
    json!({
        "case": found.hit.case,
        "seen_in": found.hit.seen_in,
        "times": found.hit.times,
        "documents": found.hit.documents,
        "names": found.documents,
        "lines": found.lines,
        "person": found.person,
    })
}
