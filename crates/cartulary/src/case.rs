//! The whole way of one case: documents -> facts -> record -> evaluation.

use crate::papers::{self, Papers};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_extraction::{Engine, reconcile};
use cartulary_model::{
    FORMAT_VERSION, PreliminaryEvaluation, SetId, SourceDocument, evaluation::DocumentSummary,
};
use jiff::civil::Date;
use std::sync::Arc;

/// Evaluates the papers of one patient for one day.
pub(crate) fn evaluate(
    catalogue: &Arc<Catalogue>,
    library: &CriteriaLibrary,
    papers: &Papers,
    on: Date,
    sets: &[SetId],
) -> PreliminaryEvaluation {
    let documents: Vec<SourceDocument> =
        papers.documents.iter().map(|document| document.source.clone()).collect();
    let extraction = Engine::new(Arc::clone(catalogue)).extract(&documents);
    let record = reconcile(catalogue, &extraction);
    let assessment = library.evaluate(catalogue, &record, &extraction.facts, on, sets);
    let summaries = documents
        .into_iter()
        .map(|source| {
            let paper = extraction.papers.iter().find(|paper| paper.document == source.id);
            DocumentSummary {
                kind: paper.and_then(|paper| paper.kind.clone()),
                date: paper.and_then(|paper| paper.date.or(paper.sample_date)),
                source,
            }
        })
        .collect();
    PreliminaryEvaluation {
        format: FORMAT_VERSION,
        on,
        notice: catalogue.messages().get("notice"),
        documents: summaries,
        facts: extraction.facts,
        record,
        evaluations: assessment.evaluations,
        ask_for: assessment.ask_for,
        unread: papers::unread_items(catalogue, papers, &extraction.papers),
        record_sha256: assessment.record_sha256,
    }
}
