//! `cartulary evaluate`: one case, from its papers to the preliminary evaluation.

use crate::{
    case,
    cli::{Evaluate, Global},
    console, knowledge, models,
    papers::{self, Papers},
    readers::{Pictures, Readers},
};
use anyhow::{Context, Result, bail};
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::SetId;
use cartulary_report::PageImage;
use jiff::{Zoned, civil::Date};
use std::process::ExitCode;

pub(super) fn run(global: &Global, options: &Evaluate) -> Result<ExitCode> {
    let found = papers::find(&options.paths)?;
    let readers = Readers::new(global, &options.reading)?;
    let catalogue = knowledge::catalogue(global)?;
    let library = knowledge::criteria(&catalogue)?;
    let sets = known_sets(&library, &options.sets)?;
    if let Err(missing) = models::reader(global, false, None).models_ready() {
        console::say(&format!("cartulary: {missing}"));
    }
    let pictures = if options.html.is_some() { Pictures::Plain } else { Pictures::No };
    let papers = papers::read(&readers, &found, pictures)?;
    let on = options.on.unwrap_or_else(today);
    let evaluation = case::evaluate(&catalogue, &library, &papers, on, &sets);
    let lang = options.lang.into();
    let to_stdout = options.json.as_deref().is_some_and(|path| path.as_os_str() == "-");
    if let Some(path) = &options.json {
        let json =
            serde_json::to_string_pretty(&evaluation).context("could not write the evaluation as JSON")?;
        console::write(Some(path), &format!("{json}\n"))?;
    }
    if let Some(path) = &options.html {
        let html = cartulary_report::html(&evaluation, &images(&papers), &catalogue, lang);
        console::write(Some(path), &html)?;
    }
    if !to_stdout {
        let summary =
            cartulary_report::terminal(&evaluation, &catalogue, lang, console::width(), console::colours());
        console::print(&format!("{summary}\n"))?;
    }
    if let Some(path) = &options.html {
        console::say(&format!("report: {}", path.display()));
    }
    let pages: usize = evaluation.documents.iter().map(|document| document.source.pages.len()).sum();
    if pages == 0 {
        bail!("no page could be read of {} file(s); each is listed above with what to do", found.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// The one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "the binary reads the clock once and hands the day on")]
pub(super) fn today() -> Date {
    Zoned::now().date()
}

fn known_sets(library: &CriteriaLibrary, asked: &[String]) -> Result<Vec<SetId>> {
    asked
        .iter()
        .map(|id| {
            let set = SetId::new(id.as_str());
            if library.get(&set).is_none() {
                bail!("there is no criteria set `{id}`; `cartulary criteria list` names them");
            }
            Ok(set)
        })
        .collect()
}

fn images(papers: &Papers) -> Vec<PageImage<'_>> {
    papers
        .documents
        .iter()
        .flat_map(|document| {
            document.images.iter().map(|image| PageImage {
                document: &document.source.id,
                page: image.page,
                media_type: image.media_type,
                bytes: &image.bytes,
            })
        })
        .collect()
}
