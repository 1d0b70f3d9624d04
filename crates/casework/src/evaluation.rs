//! Papers and facts to the preliminary evaluation. Pure: the same papers, facts and day give the same answer, whether they
//! come out of the register or straight from files.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_extraction::{Extraction, Paper, language, reconcile};
use cartulary_model::{
    FORMAT_VERSION, Page, PreliminaryEvaluation, SetId, SourceDocument, Unread,
    document::{QualityNote, UnreadReason},
    evaluation::{DocumentSummary, UnreadItem},
};
use jiff::civil::Date;

/// What is known of a case.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The papers that were read.
    pub sources: &'a [SourceDocument],
    /// The names of papers that did not get as far as being read, and why.
    pub unopened: &'a [(String, Unread)],
    /// The facts, and what kinds of papers they stand on.
    pub extraction: &'a Extraction,
}

/// Evaluates what is known for a day: all sets, or those named.
pub fn evaluate(
    catalogue: &Catalogue,
    library: &CriteriaLibrary,
    known: &Known<'_>,
    on: Date,
    sets: &[SetId],
) -> PreliminaryEvaluation {
    let Known { sources, extraction, .. } = *known;
    let record = reconcile(catalogue, extraction);
    let assessment = library.evaluate(catalogue, &record, &extraction.facts, on, sets);
    let summaries = sources.iter().map(|source| {
        let paper = extraction.papers.iter().find(|paper| paper.document == source.id);
        DocumentSummary {
            kind: paper.and_then(|paper| paper.kind.clone()),
            date: paper.and_then(|paper| paper.date.or(paper.sample_date)),
            source: source.clone(),
        }
    });
    PreliminaryEvaluation {
        format: FORMAT_VERSION,
        on,
        notice: catalogue.messages().get("notice"),
        documents: summaries.collect(),
        facts: extraction.facts.clone(),
        record,
        evaluations: assessment.evaluations,
        ask_for: assessment.ask_for,
        unread: unread_items(catalogue, known),
        record_sha256: assessment.record_sha256,
    }
}

/// Everything that was not read, in words, with what to do.
fn unread_items(catalogue: &Catalogue, known: &Known<'_>) -> Vec<UnreadItem> {
    let of = |source: &SourceDocument, unread: Unread| (Some(source.id.clone()), source.name.clone(), unread);
    let wholly = known
        .sources
        .iter()
        .flat_map(|source| source.unread.iter().map(move |unread| (source, unread.clone())));
    let partly = known
        .sources
        .iter()
        .flat_map(|source| source.pages.iter().flat_map(partly_unread).map(move |unread| (source, unread)));
    let cut = known
        .sources
        .iter()
        .filter_map(|source| cut(source, &known.extraction.papers).map(|unread| (source, unread)));
    let of_documents = wholly.chain(partly).chain(cut).map(|(source, unread)| of(source, unread));
    let unopened = known.unopened.iter().map(|(name, unread)| (None, name.clone(), unread.clone()));
    of_documents
        .chain(unopened)
        .map(|(document, name, unread)| {
            let key = format!("unread.{}", crate::reading::key_of(unread.reason));
            let text = catalogue.messages().get(&key);
            UnreadItem { document, name, unread, text }
        })
        .collect()
}

fn cut(source: &SourceDocument, papers: &[Paper]) -> Option<Unread> {
    let is_cut = papers.iter().any(|paper| paper.document == source.id && paper.cut);
    let detail = format!("more than {} facts", cartulary_extraction::MOST_FACTS);
    is_cut.then_some(Unread { page: None, reason: UnreadReason::TooMany, detail })
}

/// What of a page that was read may all the same be missing.
fn partly_unread(page: &Page) -> Vec<Unread> {
    let unread = |reason: UnreadReason, detail: String| Unread { page: Some(page.number), reason, detail };
    let poor = is_poor(page).then(|| unread(UnreadReason::PoorQuality, String::new()));
    let foreign =
        language::foreign(&page.text()).map(|of| unread(UnreadReason::OtherLanguage, of.to_string()));
    let garbled = language::is_gibberish(&page.text()).then(|| {
        unread(UnreadReason::Damaged, "the characters of this page are words of no language".to_owned())
    });
    poor.into_iter().chain(foreign).chain(garbled).collect()
}

/// A picture of which parts cannot have been read, although lines of it were.
fn is_poor(page: &Page) -> bool {
    let hinders = |note: &QualityNote| {
        use QualityNote::{Blurred, CutOff, Dark, LowConfidence, UnreadLines};
        matches!(note, Blurred | Dark | LowConfidence | UnreadLines | CutOff)
    };
    !page.lines.is_empty() && page.quality.iter().any(hinders)
}
