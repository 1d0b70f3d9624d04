//! Reads the documents of an evaluation (`cartulary evaluate --json`) again and prints facts and record as JSON.
//!
//! For work on the engine: reading images is slow, extraction is not.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, reconcile};
use cartulary_model::SourceDocument;
use std::{error::Error, fs::File, io::Write as _, sync::Arc};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: explain EVALUATION.json")?;
    let evaluation: serde_json::Value = serde_json::from_reader(File::open(path)?)?;
    let documents: Vec<SourceDocument> = serde_json::from_value(evaluation["documents"].clone())?;
    let catalogue = Arc::new(Catalogue::embedded()?);
    let extraction = Engine::new(Arc::clone(&catalogue)).extract(&documents);
    let record = reconcile(&catalogue, &extraction);
    let papers: Vec<_> = extraction
        .papers
        .iter()
        .map(|paper| serde_json::json!({"document": paper.document, "kind": paper.kind, "date": paper.date, "sample_date": paper.sample_date}))
        .collect();
    let answer = serde_json::json!({"documents": evaluation["documents"], "papers": papers, "facts": extraction.facts, "record": record});
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string(&answer)?)?;
    Ok(())
}
