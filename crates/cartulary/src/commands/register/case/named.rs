//! Facts and papers of a case by what people write for them.

use anyhow::{Result, bail};
use cartulary_casework::{CaseView, TakenFact};
use cartulary_model::{BlobId, CaseId};

/// The fact of this name; of this concept, or with a name that begins so, where only one is.
pub(super) fn fact_of<'a>(facts: &'a [(CaseId, TakenFact)], text: &str) -> Result<(CaseId, &'a TakenFact)> {
    let given = |of: &&(CaseId, TakenFact)| &*of.1.name.0 == text;
    if let Some((case, fact)) = facts.iter().find(given) {
        return Ok((*case, fact));
    }
    let may_be: Vec<_> = facts
        .iter()
        .filter(|(_, of)| of.fact.concept.as_str() == text || of.name.0.starts_with(text))
        .collect();
    match may_be.as_slice() {
        [(case, fact)] => Ok((*case, fact)),
        [] => bail!("the case has no fact {text}; `cartulary case show CASE --facts` tells their names"),
        _ => bail!(
            "{} facts of the case are {text}: give the name that `case show --facts` tells",
            may_be.len()
        ),
    }
}

/// The paper of this number in `case show`, or of this id.
pub(super) fn paper_of(view: &CaseView, text: &str) -> Result<(CaseId, BlobId)> {
    let papers = view.whole.documents();
    let by_number = text.parse::<usize>().ok().and_then(|number| papers.get(number.checked_sub(1)?));
    let by_id = text.parse::<BlobId>().ok().and_then(|id| papers.iter().find(|(_, other, _)| *other == id));
    match by_number.or(by_id) {
        Some((case, id, _)) => Ok((*case, *id)),
        None => bail!(
            "the case has no paper {text}: it has {}, numbered as `cartulary case show` tells",
            super::super::count(papers.len(), "paper")
        ),
    }
}
