//! From the view to one HTML file.

pub(crate) mod data;
mod places;

use crate::{
    PageImage, PageLink,
    view::{
        self, AnswerWords, AskView, Brief, ConflictView, DocumentView, FactGroup, Header, Matrix,
        MismatchView, PageView, Papers, SetGroup, UnreadView,
    },
    words::Words,
};
use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cartulary_figures::{Entry, timeline};
use cartulary_model::{Answer, PreliminaryEvaluation};
use sha2::{Digest, Sha256};

/// The style of the report.
pub const STYLE: &str = include_str!("../assets/report.css");
/// The script of the report.
pub const SCRIPT: &str = include_str!("../assets/report.js");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    w: Words<'a>,
    policy: String,
    style: &'static str,
    script: &'static str,
    places: String,
    notice: String,
    header: Header,
    wide_timeline: String,
    narrow_timeline: String,
    entries: Vec<Entry>,
    mismatches: Vec<MismatchView>,
    conflicts: Vec<ConflictView>,
    unread: Vec<UnreadView>,
    groups: Vec<SetGroup>,
    asks: Vec<AskView>,
    matrix: Option<Matrix>,
    other_matrix: Option<Matrix>,
    facts: Vec<FactGroup>,
    documents: Vec<DocumentView>,
    pages: Vec<PageView>,
}

impl Page<'_> {
    /// The three answers, for legends.
    fn answers(&self) -> [AnswerWords; 3] {
        [Answer::Met, Answer::NotMet, Answer::Unknown].map(|answer| view::answer_words(answer, self.w))
    }

    fn warning_count(&self) -> usize {
        self.mismatches.len() + self.conflicts.len() + self.unread.len()
    }

    /// When an entry of the course was, in figures.
    fn when(&self, entry: &Entry) -> String {
        match (entry.start, entry.end) {
            (Some(start), Some(end)) if start != end => format!("{start} – {end}"),
            (Some(start), _) => start.to_string(),
            (None, _) => self.w.t("no_date"),
        }
    }
}

/// The same inside of a page of somebody else, who brings style, script and pictures as files.
#[derive(Template)]
#[template(path = "sheet.html")]
struct Sheet<'a>(Page<'a>);

impl<'a> std::ops::Deref for Sheet<'a> {
    type Target = Page<'a>;

    fn deref(&self) -> &Page<'a> {
        &self.0
    }
}

/// Renders the whole file.
pub(crate) fn render(
    evaluation: &PreliminaryEvaluation,
    images: &[PageImage<'_>],
    words: Words<'_>,
) -> String {
    let page = page(evaluation, &view::embedded(images), words);
    // Writing to a string cannot fail; should a template ever refuse, the file says so instead of being empty.
    page.render().unwrap_or_else(|error| format!("<!doctype html><title>Cartulary</title><p>{error}"))
}

/// Renders what stands in another page.
pub(crate) fn sheet(evaluation: &PreliminaryEvaluation, links: &[PageLink<'_>], words: Words<'_>) -> String {
    let sheet = Sheet(page(evaluation, &view::linked(links), words));
    sheet.render().unwrap_or_else(|error| format!("<p>{error}</p>"))
}

/// The case on one page.
#[derive(Template)]
#[template(path = "summary.html")]
struct Summary<'a> {
    w: Words<'a>,
    header: Header,
    is_dated: bool,
    course: String,
    brief: Brief,
}

/// Width of the course on a page of A4, in pixels of CSS.
const PAPER: u32 = 860;

/// Renders what stands on one page.
pub(crate) fn summary(evaluation: &PreliminaryEvaluation, words: Words<'_>) -> String {
    let papers = Papers::of(evaluation, words);
    let course = view::timeline(evaluation, PAPER, words);
    let summary = Summary {
        w: words,
        header: view::header(&papers, words),
        is_dated: !course.entries().is_empty(),
        course: timeline(&course, words.lang()),
        brief: view::brief(&papers, words),
    };
    summary.render().unwrap_or_else(|error| format!("<p>{error}</p>"))
}

fn page<'a>(evaluation: &PreliminaryEvaluation, images: &view::Images<'_>, words: Words<'a>) -> Page<'a> {
    let papers = Papers::of(evaluation, words);
    let course = view::timeline(evaluation, 1080, words);
    let narrow_course = view::timeline(evaluation, 350, words);
    let (matrix, other_matrix) = view::matrices(&papers, words);
    Page {
        w: words,
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        places: places::json(&papers),
        notice: words.said(&evaluation.notice),
        header: view::header(&papers, words),
        wide_timeline: timeline(&course, words.lang()),
        narrow_timeline: timeline(&narrow_course, words.lang()),
        entries: course.entries(),
        mismatches: view::mismatches(&papers, words),
        conflicts: view::conflicts(&papers, words),
        unread: view::unread(&papers, words),
        groups: view::set_groups(&papers, words),
        asks: view::ask_for(&papers, words),
        matrix,
        other_matrix,
        facts: view::fact_groups(&papers, words),
        documents: view::documents(&papers, words),
        pages: view::pages(&papers, images, words),
    }
}

/// The file may show its own style, its own script and embedded pictures, and reach nothing.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; img-src data:; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}
