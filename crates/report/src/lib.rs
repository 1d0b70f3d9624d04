//! The preliminary evaluation for people: as text for a terminal, as one self-contained HTML file.
//!
//! Both are pure functions of the evaluation and the catalogue's words. Neither ever says that a patient is or is
//! not suitable: they show what the papers say, what each criteria set asks, and what is missing. A physician decides.
//!
//! | module | does |
//! |---|---|
//! | `view` | from the evaluation to what a page shows, in words already |
//! | `page` | from the view to HTML (templates in `templates/`, style and script in `assets/`) |
//! | `terminal` | to text of a given width |
//! | `words` | looks words up in the catalogue |
//! | `clean` | makes hostile text harmless |

mod clean;
mod facts;
mod page;
mod terminal;
mod view;
mod words;

use cartulary_catalogue::Catalogue;
use cartulary_model::{DocumentId, Lang, PreliminaryEvaluation};
use words::Words;

/// The picture of one page: the image that was sent, or the page as rendered.
#[derive(Clone, Copy, Debug)]
pub struct PageImage<'a> {
    /// The document.
    pub document: &'a DocumentId,
    /// The page, from 1.
    pub page: u32,
    /// For example `image/jpeg`.
    pub media_type: &'a str,
    /// The file's bytes.
    pub bytes: &'a [u8],
}

/// Where the picture of one page is to be had.
#[derive(Clone, Debug)]
pub struct PageLink<'a> {
    /// The document.
    pub document: &'a DocumentId,
    /// The page, from 1.
    pub page: u32,
    /// The address of the picture.
    pub href: String,
}

pub use facts::{FactLine, FactLines, fact_lines};
pub use page::{SCRIPT, STYLE};

/// The evaluation as HTML that stands inside of another page. That page brings [`STYLE`] and [`SCRIPT`].
pub fn sheet(
    evaluation: &PreliminaryEvaluation,
    links: &[PageLink<'_>],
    catalogue: &Catalogue,
    lang: Lang,
) -> String {
    page::sheet(evaluation, links, Words::new(catalogue, lang))
}

/// The evaluation on one printed page, as HTML that stands inside of another page. That page brings [`STYLE`].
pub fn summary(evaluation: &PreliminaryEvaluation, catalogue: &Catalogue, lang: Lang) -> String {
    page::summary(evaluation, Words::new(catalogue, lang))
}

/// What stands on that page as data with all its words, for a PDF, and the course of the disease as SVG where it has dates.
pub fn one_page(
    evaluation: &PreliminaryEvaluation,
    catalogue: &Catalogue,
    lang: Lang,
) -> (serde_json::Value, Option<String>) {
    page::data::one_page(evaluation, Words::new(catalogue, lang))
}

/// Whether a page of HTML is a report of ours, which a newer one may take the place of, and no paper that somebody sent.
pub fn is_report(html: &str) -> bool {
    html.contains("<meta name=\"generator\" content=\"Cartulary\">")
}

/// The evaluation as one HTML file: no network, no other file, readable without its script.
///
/// Pages without an image show the text that was read. Every image is embedded once.
pub fn html(
    evaluation: &PreliminaryEvaluation,
    images: &[PageImage<'_>],
    catalogue: &Catalogue,
    lang: Lang,
) -> String {
    page::render(evaluation, images, Words::new(catalogue, lang))
}

/// The evaluation as text, `width` columns wide; `colour` adds ANSI codes, never meaning.
pub fn terminal(
    evaluation: &PreliminaryEvaluation,
    catalogue: &Catalogue,
    lang: Lang,
    width: usize,
    colour: bool,
) -> String {
    terminal::render(evaluation, Words::new(catalogue, lang), width, colour)
}
