//! The boxed reader as casework wants it, and what else the jobs are done with.

use crate::{
    cli::{Global, Reading},
    knowledge,
    papers::Paper,
    readers::{Pictures, Readers},
};
use anyhow::Result;
use cartulary_casework::{Picture, Read, ReadStep, Sheet, Tools};
use cartulary_extraction::Engine;
use std::sync::Arc;

/// What stands in entries as the programme that caused them.
pub(crate) const VERSION: &str = concat!("cartulary ", env!("CARGO_PKG_VERSION"));

/// Reads originals of the vault in the box.
pub(crate) struct SandboxReader {
    readers: Readers,
}

impl SandboxReader {
    pub(crate) fn new(global: &Global, reading: &Reading) -> Result<Self> {
        Ok(Self { readers: Readers::behind(global, reading)? })
    }
}

impl Read for SandboxReader {
    fn version(&self) -> String {
        VERSION.to_owned()
    }

    fn read(&self, name: &str, bytes: &[u8], step: &(dyn Fn(ReadStep) + Sync)) -> Result<Vec<Sheet>, String> {
        let paper = Paper { name: name.to_owned(), path: std::path::PathBuf::new() };
        let documents = self
            .readers
            .read_one(&paper, bytes, Pictures::Plain, &|page, pages| step(ReadStep { page, pages }))
            .map_err(|error| error.to_string())?;
        let sheet = |document: cartulary_reading::ReadDocument| Sheet {
            source: document.source,
            pictures: document
                .images
                .into_iter()
                .map(|image| Picture {
                    page: image.page,
                    media_type: image.media_type.to_owned(),
                    bytes: image.bytes,
                })
                .collect(),
        };
        Ok(documents.into_iter().map(sheet).collect())
    }
}

/// Everything a worker needs.
pub(crate) fn tools(global: &Global, reading: &Reading) -> Result<Arc<Tools>> {
    let reader = SandboxReader::new(global, reading)?;
    let catalogue = knowledge::catalogue(global)?;
    let library = knowledge::criteria(&catalogue)?;
    Ok(Arc::new(Tools {
        reader: Arc::new(reader),
        engine: Engine::new(Arc::clone(&catalogue)),
        extractor: VERSION.to_owned(),
        catalogue,
        library,
        day: super::day_of,
    }))
}
