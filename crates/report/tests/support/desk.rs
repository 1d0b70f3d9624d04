//! A desk to lay synthetic papers on: lines get quads, facts find their own place by their quote.

use cartulary_model::{
    ConceptId, DocumentId, Evidence, Fact, FactId, Line, Origin, Page, PartialDate, Quad, RuleId,
    SourceDocument,
    evaluation::DocumentSummary,
    fact::{EvidenceRole, Method},
};

/// Papers and the facts read from them.
#[derive(Default)]
pub(crate) struct Desk {
    /// The papers.
    pub(crate) documents: Vec<DocumentSummary>,
    /// The facts.
    pub(crate) facts: Vec<Fact>,
}

/// A paper: its pages are lists of lines.
pub(crate) struct Paper<'a> {
    /// File name.
    pub(crate) name: &'a str,
    /// `sec.doc_*`.
    pub(crate) kind: &'a str,
    /// Day of the report.
    pub(crate) date: &'a str,
    /// Photo or text.
    pub(crate) origin: Origin,
    /// How far the photo is turned.
    pub(crate) rotation: u16,
    /// Lines by page.
    pub(crate) pages: &'a [&'a [&'a str]],
}

const WIDTH: f32 = 1240.0;
const HEIGHT: f32 = 1754.0;

impl Desk {
    /// Lays a paper on the desk and gives its place, from 0.
    pub(crate) fn lay(&mut self, paper: &Paper<'_>) -> usize {
        let number = self.documents.len() + 1;
        let pages = paper.pages.iter().enumerate().map(|(index, lines)| page(index, lines, paper)).collect();
        self.documents.push(DocumentSummary {
            kind: Some(ConceptId::new(paper.kind)),
            date: paper.date.parse().ok(),
            source: SourceDocument {
                id: DocumentId::new(format!("doc{number:02}")),
                name: paper.name.to_owned(),
                media_type: if paper.name.ends_with("jpg") { "image/jpeg" } else { "application/pdf" }
                    .to_owned(),
                sha256: format!("{number:064x}"),
                pages,
                unread: Vec::new(),
            },
        });
        number - 1
    }

    /// Adds a fact at the first place of a paper that has the quote.
    pub(crate) fn read(
        &mut self,
        paper: usize,
        concept: &str,
        quote: &str,
        change: impl FnOnce(&mut Fact),
    ) -> FactId {
        let id = FactId(u32::try_from(self.facts.len()).unwrap() + 1);
        let mut fact = Fact {
            id,
            concept: ConceptId::new(concept),
            value: cartulary_model::Value::None,
            assertion: cartulary_model::Assertion::Present,
            experiencer: cartulary_model::Experiencer::Patient,
            temporality: cartulary_model::Temporality::Current,
            date: self.documents[paper].date,
            attrs: std::collections::BTreeMap::new(),
            evidence: vec![self.place(paper, quote, EvidenceRole::Value)],
            method: Method::Rule(RuleId::new("sample")),
            confidence: if self.documents[paper].source.pages[0].origin == Origin::Ocr { 0.962 } else { 1.0 },
            status: cartulary_model::fact::Status::Read,
        };
        change(&mut fact);
        self.facts.push(fact);
        id
    }

    /// The place of a quote.
    pub(crate) fn place(&self, paper: usize, quote: &str, role: EvidenceRole) -> Evidence {
        let document = &self.documents[paper].source;
        for page in &document.pages {
            for (index, line) in page.lines.iter().enumerate() {
                if let Some(at) = line.text.find(quote) {
                    let from = line.text[..at].chars().count();
                    let to = from + quote.chars().count();
                    return Evidence {
                        role,
                        document: document.id.clone(),
                        page: page.number,
                        line: u32::try_from(index).unwrap(),
                        span: (u32::try_from(from).unwrap(), u32::try_from(to).unwrap()),
                        quote: quote.to_owned(),
                        quads: vec![line.quad_of(from, to)],
                    };
                }
            }
        }
        panic!("no line of {} has `{quote}`", document.name);
    }
}

/// A partial date.
pub(crate) fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

fn page(index: usize, lines: &[&str], paper: &Paper<'_>) -> Page {
    let lines = lines.iter().enumerate().map(|(row, text)| line(row, text, paper.rotation)).collect();
    let (width, height) = if paper.rotation % 180 == 90 { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
    Page {
        number: u32::try_from(index).unwrap() + 1,
        width: width as u32,
        height: height as u32,
        origin: paper.origin,
        rotation: paper.rotation,
        lines,
        quality: Vec::new(),
    }
}

fn line(row: usize, text: &str, rotation: u16) -> Line {
    let mut edges = vec![0.0];
    for c in text.chars() {
        edges.push(edges.last().unwrap() + advance(c));
    }
    let width = edges.last().copied().unwrap().max(1.0);
    let top = 120.0 + row as f32 * 54.0;
    let upright = Quad::upright(90.0, top, 90.0 + width, top + 36.0);
    let turn = |[x, y]: [f32; 2]| match rotation {
        90 => [HEIGHT - y, x],
        180 => [WIDTH - x, HEIGHT - y],
        270 => [y, WIDTH - x],
        _ => [x, y],
    };
    Line {
        text: text.to_owned(),
        quad: Quad(upright.0.map(turn)),
        confidence: 0.97,
        char_edges: edges.iter().map(|edge| edge / width).collect(),
        seen: None,
    }
}

/// How far a character advances on the synthetic page, in pixels.
pub(crate) fn advance(c: char) -> f32 {
    if c >= '\u{1100}' { 28.0 } else { 15.0 }
}
