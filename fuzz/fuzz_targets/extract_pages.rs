//! Pages as JSON, boxes and all: whatever parses is extracted and reconciled without a panic.
#![no_main]

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, reconcile};
use cartulary_model::{Page, SourceDocument};
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, LazyLock};

static TOOLS: LazyLock<(Arc<Catalogue>, Engine)> = LazyLock::new(|| {
    let catalogue = Arc::new(Catalogue::embedded().expect("the catalogue loads"));
    (Arc::clone(&catalogue), Engine::new(catalogue))
});

fuzz_target!(|data: &[u8]| {
    let Ok(pages) = serde_json::from_slice::<Vec<Page>>(data) else { return };
    let document = |id: &str, pages: Vec<Page>| SourceDocument {
        id: id.into(),
        name: String::new(),
        media_type: "application/pdf".into(),
        sha256: String::new(),
        pages,
        unread: vec![],
    };
    let half = pages.len() / 2;
    let (front, back) = (pages[..half].to_vec(), pages[half..].to_vec());
    let extraction = TOOLS.1.extract(&[document("a", front), document("b", back)]);
    let _ = reconcile(&TOOLS.0, &extraction);
});
