//! Writes the report of a synthetic patient: `cargo run -p cartulary-report --example sample -- OUT.html [en|zh] [few]`.

#![expect(clippy::unwrap_used, reason = "the synthetic papers are checked by the tests that share them")]

use anyhow::Context;
use cartulary_catalogue::Catalogue;
use cartulary_model::Lang;
use cartulary_report::PageImage;

#[path = "../tests/support/desk.rs"]
mod desk;
#[path = "../tests/support/picture.rs"]
mod picture;
#[path = "../tests/support/sample.rs"]
mod sample;
#[path = "../tests/support/sets.rs"]
mod sets;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().context("where to: give a path for the HTML file")?;
    let lang = if arguments.iter().any(|word| word == "zh") { Lang::Zh } else { Lang::En };
    let catalogue = Catalogue::embedded()?;
    let evaluation = sample::evaluation(&catalogue, !arguments.iter().any(|word| word == "few"));
    let pictures = picture::pictures(&evaluation);
    let images: Vec<PageImage<'_>> = pictures
        .iter()
        .map(|picture| PageImage {
            document: &evaluation.documents[picture.document].source.id,
            page: picture.page,
            media_type: "image/svg+xml",
            bytes: picture.svg.as_bytes(),
        })
        .collect();
    let html = cartulary_report::html(&evaluation, &images, &catalogue, lang);
    std::fs::write(path, html).with_context(|| format!("could not write {path}"))
}
