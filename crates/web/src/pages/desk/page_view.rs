//! A page as a picture with its places over it, or as its text where it has no picture.

use super::{Held, Leaf};
use crate::{App, words::Words};
use cartulary_casework::CaseView;
use cartulary_model::{Origin, Quad, fact::Status};

/// A page to look at.
pub(crate) struct PageView {
    pub(crate) number: usize,
    pub(crate) title: String,
    /// The size as it is looked at, upright.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Turns the page as sent upright.
    pub(crate) turn: String,
    pub(crate) own_width: u32,
    pub(crate) own_height: u32,
    pub(crate) picture: Option<String>,
    pub(crate) lines: Vec<TextLine>,
    pub(crate) boxes: Vec<Lit>,
    /// Where a fact may be added: document, part, page.
    pub(crate) place: String,
}

/// A line of a page without a picture.
pub(crate) struct TextLine {
    pub(crate) text: String,
    /// Where each character begins, so that a box stands over what it means whatever font the browser has.
    pub(crate) xs: String,
    pub(crate) y: f32,
    pub(crate) size: f32,
}

/// A place of a fact.
pub(crate) struct Lit {
    pub(crate) fact: String,
    pub(crate) points: String,
    pub(crate) class: &'static str,
    pub(crate) title: String,
}

/// A page in the strip.
pub(crate) struct Strip {
    pub(crate) number: usize,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) notes: Vec<String>,
    pub(crate) is_first: bool,
    pub(crate) paper: usize,
}

/// A page with all its places.
pub(crate) fn view(leaf: &Leaf, number: usize, held: &[Held], w: &Words) -> PageView {
    let page = &leaf.page;
    let (own_width, own_height) = (page.width.max(1), page.height.max(1));
    let (turn, width, height) = upright(page.rotation, own_width, own_height);
    let picture = leaf
        .has_picture
        .then(|| format!("/cases/{}/documents/{}/{}/{}", leaf.case, leaf.document, leaf.part, page.number));
    let lines = if picture.is_some() { Vec::new() } else { page.lines.iter().map(text_line).collect() };
    let mut boxes = Vec::new();
    for held in held {
        for place in held.places.iter().filter(|place| place.leaf == number) {
            let class = match (place.is_value, held.fact.status) {
                (false, _) => "cue",
                (true, Status::Read) => "value",
                (true, Status::Confirmed | Status::Corrected) => "value confirmed",
                (true, Status::Rejected) => "value rejected",
            };
            let lit = |quad: &Quad| Lit {
                fact: held.key.clone(),
                points: points(quad),
                class,
                title: held.fact.quote().to_owned(),
            };
            boxes.extend(place.quads.iter().map(lit));
        }
    }
    let paper = leaf.paper.to_string();
    let title = w.with_two("page-title", "paper", &paper, "page", &page.number.to_string());
    PageView {
        number,
        title: format!("{title} · {}", leaf.name),
        width,
        height,
        turn,
        own_width,
        own_height,
        picture,
        lines,
        boxes,
        place: format!("{}.{}.{}", leaf.document, leaf.part, page.number),
    }
}

/// What turns a page upright, and its size then.
fn upright(rotation: u16, width: u32, height: u32) -> (String, u32, u32) {
    match rotation {
        90 => (format!("translate(0 {width}) rotate(-90)"), height, width),
        180 => (format!("translate({width} {height}) rotate(180)"), width, height),
        270 => (format!("translate({height} 0) rotate(90)"), height, width),
        _ => (String::new(), width, height),
    }
}

fn points(quad: &Quad) -> String {
    quad.0.map(|[x, y]| format!("{x:.1},{y:.1}")).join(" ")
}

fn text_line(line: &cartulary_model::Line) -> TextLine {
    let [_, top, _, bottom] = line.quad.bounds();
    let begin = |at: usize| format!("{:.1}", line.quad_of(at, at + 1).bounds()[0]);
    let xs: Vec<String> = (0..line.text.chars().count()).map(begin).collect();
    let (y, size) = (bottom - (bottom - top) * 0.22, (bottom - top) * 0.8);
    TextLine { text: line.text.clone(), xs: xs.join(" "), y, size }
}

/// The strip of all pages.
pub(crate) fn strips(app: &App, leaves: &[Leaf], view: &CaseView, w: &Words) -> Vec<Strip> {
    let mut before = None;
    let documents = view.whole.documents();
    // What is suggested of a paper stands on its first page; nothing is dropped for it.
    let same_sheet = |leaf: &Leaf| {
        let (.., of) = documents.iter().find(|(_, id, _)| *id == leaf.document)?;
        let other = documents.iter().position(|(_, id, _)| Some(*id) == of.resembles)? + 1;
        Some(w.with("page-same", "paper", &format!("{}{other}", w.t("paper-letter"))))
    };
    leaves
        .iter()
        .enumerate()
        .map(|(number, leaf)| {
            let is_first = before.replace((leaf.document, leaf.part)) != Some((leaf.document, leaf.part));
            let kind = view
                .evaluation
                .as_ref()
                .and_then(|of| of.documents.iter().find(|of| of.source.id == leaf.source)?.kind.clone());
            let kind = kind.map_or_else(
                || w.t("kind-unknown"),
                |id| app.catalogue.label(&id, w.language.catalogue).to_owned(),
            );
            let mut notes: Vec<String> = leaf
                .page
                .quality
                .iter()
                .map(|note| {
                    let key = serde_json::to_value(note)
                        .ok()
                        .and_then(|of| of.as_str().map(str::to_owned))
                        .unwrap_or_default();
                    let key = format!("report.quality.{key}");
                    let messages = app.catalogue.messages();
                    if messages.has(&key) {
                        messages.get(&key).in_lang(w.language.catalogue).to_owned()
                    } else {
                        key
                    }
                })
                .collect();
            if leaf.page.origin == Origin::Ocr {
                notes.insert(0, w.t("page-photo"));
            }
            notes.extend(is_first.then(|| same_sheet(leaf)).flatten());
            let title = w.with_two(
                "page-title",
                "paper",
                &leaf.paper.to_string(),
                "page",
                &leaf.page.number.to_string(),
            );
            Strip {
                number,
                title: format!("{title} · {}", leaf.name),
                kind,
                notes,
                is_first,
                paper: leaf.paper,
            }
        })
        .collect()
}
