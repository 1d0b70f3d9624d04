//! `cartulary receive`: papers into a case of the register, once.

use super::{bar, case_of, count, json, table::clean};
use crate::{
    cli::Receive,
    console,
    papers::{self, Paper},
    register,
};
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use cartulary_casework::{Parcel, Receipt, Wrapped};
use serde_json::json;
use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

pub(in crate::commands) fn run(options: &Receive) -> Result<ExitCode> {
    let found = papers::find(&options.paths)?;
    let parcel = wrapped(options, &found)?;
    register::with(&options.register, async |casework| {
        let case = match &options.case {
            Some(text) => Some(case_of(casework, text).await?),
            None => None,
        };
        let bar = bar(Some(found.len() as u64), "papers");
        let mut open = |place: usize| -> io::Result<Bytes> {
            bar.set_position(place as u64);
            opened(&found[place]).map(Bytes::from).map_err(io::Error::other)
        };
        let coordinator = casework.coordinator(register::operator());
        let receipt = coordinator.receive(case, &parcel, &mut open).await?;
        bar.finish_and_clear();
        tell(&receipt, options.json)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Looks at every paper before anything is received, so that one that cannot be opened stops all.
fn wrapped(options: &Receive, found: &[Paper]) -> Result<Parcel> {
    let mut papers = Vec::with_capacity(found.len());
    for (place, paper) in found.iter().enumerate() {
        let bytes = opened(paper)
            .map_err(anyhow::Error::msg)
            .with_context(|| format!("could not open {}: nothing was received", paper.path.display()))?;
        if bytes.is_empty() {
            console::say(&format!("cartulary: {} is empty; it is kept as it is", called(&paper.name, place)));
        }
        papers.push(Wrapped::of(paper.name.as_str(), cartulary_reading::media_type(&bytes), &bytes));
    }
    if papers.is_empty() {
        bail!("no paper was named: nothing was received");
    }
    let (channel, from, source) = (options.channel.clone(), options.from.clone(), options.source.clone());
    Ok(Parcel { channel, from, source, papers, inquiry: None })
}

/// The bytes of a paper as they are kept: without the place where a photograph was taken, as when it is sent by a page.
fn opened(paper: &Paper) -> Result<Vec<u8>, String> {
    let bytes = papers::open(&paper.path).map_err(|unread| unread.detail)?;
    Ok(cartulary_reading::without_location(&bytes).unwrap_or(bytes))
}

/// A paper as it is told of. Its name may be a patient's: a terminal shows it, a log must not hold it.
fn called(name: &str, place: usize) -> String {
    if io::stderr().is_terminal() { clean(name) } else { format!("paper {}", place + 1) }
}

fn tell(receipt: &Receipt, as_json: bool) -> Result<()> {
    if as_json {
        let papers = receipt
            .papers
            .iter()
            .map(|paper| json!({ "name": paper.name, "document": paper.document, "known": paper.known }));
        let value = json!({
            "case": receipt.case,
            "opened": receipt.opened,
            "received": receipt.first,
            "papers": papers.collect::<Vec<_>>(),
        });
        return console::print(&json(&value)?);
    }
    let papers = count(receipt.papers.len(), "paper");
    console::say(&match (receipt.first, receipt.opened) {
        (false, _) => format!("received before: {papers}, nothing was done"),
        (true, true) => format!("received {papers} into a new case"),
        (true, false) => format!("received {papers}"),
    });
    if receipt.first {
        for (place, paper) in receipt.papers.iter().enumerate().filter(|(_, paper)| paper.known) {
            console::say(&format!(
                "  {}: the same bytes are in the case already; kept as one document",
                called(&paper.name, place)
            ));
        }
    }
    console::print(&format!("{}\n", receipt.case))
}
