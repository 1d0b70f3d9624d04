//! The papers that were sent, and their pages.

use super::{
    papers::{Papers, Quote},
    value::key_of,
};
use crate::{PageImage, PageLink, clean::clean, words::Words};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cartulary_model::{DocumentId, Origin, Page, evaluation::DocumentSummary};
use std::collections::{BTreeMap, BTreeSet};

/// A paper in the list.
pub(crate) struct DocumentView {
    pub(crate) number: usize,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) date: String,
    /// `3 pages, read from a photo or scan`.
    pub(crate) pages: String,
    pub(crate) facts: usize,
    /// What makes it less sure, and whether it was set aside.
    pub(crate) notes: Vec<String>,
}

/// A page to look at.
pub(crate) struct PageView {
    /// `p3-1`: the third document's first page.
    pub(crate) id: String,
    pub(crate) document: usize,
    pub(crate) number: u32,
    pub(crate) title: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rotation: u16,
    /// A `data:` URI or an address; nothing for a page without a picture.
    pub(crate) image: Option<String>,
    pub(crate) lines: Vec<Quote>,
}

/// The list of papers.
pub(crate) fn documents(papers: &Papers<'_>, words: Words<'_>) -> Vec<DocumentView> {
    let mut facts = BTreeMap::new();
    for place in papers.evaluation.facts.iter().filter_map(|fact| papers.main_place(fact)) {
        *facts.entry(&place.document).or_insert(0) += 1;
    }
    let all = papers.evaluation.documents.iter().enumerate();
    all.map(|(index, of)| DocumentView {
        number: index + 1,
        kind: kind(of, words),
        name: clean(&of.source.name),
        date: of.date.map_or_else(|| words.t("no_date"), |date| date.to_string()),
        pages: pages_in_words(of, words),
        facts: facts.get(&of.source.id).copied().unwrap_or_default(),
        notes: notes(of, papers, words),
    })
    .collect()
}

/// Where the pictures of pages are.
pub(crate) type Images<'a> = BTreeMap<(&'a DocumentId, u32), String>;

/// Pictures inside of the file.
pub(crate) fn embedded<'a>(images: &[PageImage<'a>]) -> Images<'a> {
    images.iter().map(|image| ((image.document, image.page), data_uri(image))).collect()
}

/// Pictures at addresses.
pub(crate) fn linked<'a>(links: &[PageLink<'a>]) -> Images<'a> {
    links.iter().map(|link| ((link.document, link.page), link.href.clone())).collect()
}

/// Every page that was read, with its picture where there is one.
pub(crate) fn pages(papers: &Papers<'_>, images: &Images<'_>, words: Words<'_>) -> Vec<PageView> {
    let mut views = Vec::new();
    for (index, of) in papers.evaluation.documents.iter().enumerate() {
        for page in &of.source.pages {
            let image = images.get(&(&of.source.id, page.number));
            views.push(page_view(index + 1, of, page, image.cloned(), words));
        }
    }
    views
}

fn page_view(
    document: usize,
    of: &DocumentSummary,
    page: &Page,
    image: Option<String>,
    words: Words<'_>,
) -> PageView {
    let number = page.number.to_string();
    let place = words.fill("place", &[("document", &document.to_string()), ("page", &number)]);
    PageView {
        id: format!("p{document}-{number}"),
        document,
        number: page.number,
        title: format!("{place} · {} · {}", kind(of, words), clean(&of.source.name)),
        width: page.width,
        height: page.height,
        rotation: page.rotation,
        image,
        lines: page.lines.iter().map(|line| Quote::new(&line.text)).collect(),
    }
}

fn kind(of: &DocumentSummary, words: Words<'_>) -> String {
    of.kind.as_ref().map_or_else(|| words.t("document.unknown_kind"), |kind| words.concept(kind))
}

fn pages_in_words(of: &DocumentSummary, words: Words<'_>) -> String {
    let is_ocr = of.source.pages.iter().any(|page| page.origin == Origin::Ocr);
    let origin = words.t(if is_ocr { "origin.ocr" } else { "origin.text" });
    words.join(&[words.count("count.of_pages", of.source.pages.len()), origin])
}

fn notes(of: &DocumentSummary, papers: &Papers<'_>, words: Words<'_>) -> Vec<String> {
    let set_aside = papers.evaluation.record.identity_mismatch.iter().any(|m| m.document == of.source.id);
    let mut notes: Vec<String> = set_aside.then(|| words.t("document.set_aside")).into_iter().collect();
    let qualities: BTreeSet<_> = of.source.pages.iter().flat_map(|page| &page.quality).collect();
    notes.extend(qualities.into_iter().map(|note| words.t(&format!("quality.{}", key_of(note)))));
    if !of.source.unread.is_empty() {
        notes.push(words.count("document.unread", of.source.unread.len()));
    }
    notes
}

/// Media types that a page may show. Anything else is served as if it were a JPEG, and then simply does not show.
fn data_uri(image: &PageImage<'_>) -> String {
    let known = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/svg+xml"];
    let media_type = known.into_iter().find(|known| *known == image.media_type).unwrap_or("image/jpeg");
    let mut uri = format!("data:{media_type};base64,");
    STANDARD.encode_string(image.bytes, &mut uri);
    uri
}
