//! The whole way of one case: documents -> facts -> record -> evaluation.

use crate::papers::Papers;
use cartulary_casework::evaluation::{self, Known};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_extraction::Engine;
use cartulary_model::{PreliminaryEvaluation, SetId, SourceDocument};
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
    let sources: Vec<SourceDocument> =
        papers.documents.iter().map(|document| document.source.clone()).collect();
    let extraction = Engine::new(Arc::clone(catalogue)).extract(&sources);
    let known = Known { sources: &sources, unopened: &papers.unopened, extraction: &extraction };
    evaluation::evaluate(catalogue, library, &known, on, sets)
}
