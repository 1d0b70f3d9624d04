//! Evaluates a case: facts as people left them -> record -> answers, in the vault -> `evaluated`.

use super::{TRIES, Task, aside};
use crate::{
    Error, Result,
    casework::json,
    evaluation::{Known, evaluate},
};
use cartulary_ledger::{Act, Body, CaseFile, Evaluated, Identified, Person, SetAnswer, failpoint};
use cartulary_model::{ActorId, PreliminaryEvaluation, evaluation::Summary, record::Patient};
use std::sync::Arc;

pub(crate) const EVALUATE: &str = "evaluate";

pub(super) async fn run(task: &Task<'_>) -> Result<()> {
    // A case that was merged meanwhile is evaluated with the one that it is seen in.
    let case = task.casework.seen_in(task.case()?).await?;
    for _ in 0..TRIES {
        let whole = task.casework.whole(case).await?;
        let told = task.casework.told(&whole).await?;
        let tools = Arc::clone(task.tools);
        let on = tools.today(task.casework.ledger.now());
        let evaluation = aside(move || {
            let known =
                Known { sources: &told.sources, unopened: &told.unopened, extraction: &told.extraction };
            evaluate(&tools.catalogue, &tools.library, &known, on, &[])
        })
        .await?;
        let Some(key) = whole.key(case) else { return task.end_without().await };
        let evaluation = without_lines(evaluation);
        let bytes = json(case, "an evaluation", &evaluation)?;
        let blob = key.blob_id(&bytes);
        if whole.own().evaluations.last().is_some_and(|last| last.blob == blob) {
            if task.end_as_seen(&whole.files).await? {
                return Ok(());
            }
            continue;
        }
        task.casework.put(key, bytes).await?;
        failpoint::pass("evaluate.kept");
        let mut entries: Vec<Body> =
            identified(whole.own(), &evaluation.record.patient).into_iter().collect();
        entries.push(
            Evaluated {
                blob,
                record_sha256: evaluation.record_sha256.clone(),
                sets: answers(&evaluation),
                diagnosis: evaluation.record.diagnoses.last().map(|of| of.concept.clone()),
                missing: u32::try_from(evaluation.ask_for.len()).unwrap_or(u32::MAX),
            }
            .into(),
        );
        let act = Act::on(ActorId::MACHINE, case, whole.own().version, entries).seen(Some(case), EVALUATE);
        // A word on a case that was merged into this one counts too.
        let merged = whole.files.iter().skip(1);
        let act = merged.fold(act, |act, file| act.expecting(file.case, file.version));
        if task.end(act).await? {
            return Ok(());
        }
    }
    Err(Error::Busy(case))
}

/// The lines of the pages lie with the readings already.
fn without_lines(mut evaluation: PreliminaryEvaluation) -> PreliminaryEvaluation {
    let pages = evaluation.documents.iter_mut().flat_map(|document| &mut document.source.pages);
    pages.for_each(|page| page.lines.clear());
    evaluation
}

fn answers(evaluation: &PreliminaryEvaluation) -> Vec<SetAnswer> {
    let answer = |summary: Summary| match summary {
        Summary::Possible => "possible",
        Summary::NeedsInformation => "needs_information",
        Summary::NotMetAsWritten => "not_met_as_written",
        Summary::NotApplicable => "not_applicable",
    };
    let of = |set: &cartulary_model::SetEvaluation| SetAnswer {
        set: set.set.clone(),
        sha256: set.sha256.clone(),
        answer: answer(set.summary).to_owned(),
    };
    evaluation.evaluations.iter().map(of).collect()
}

/// Who the papers say the patient is, where no person has said it and it is not known so already.
fn identified(file: &CaseFile, patient: &Patient) -> Option<Body> {
    let counted = file.entries.iter().rev().filter(|entry| file.counts(entry.seq));
    let last =
        counted.filter(|entry| matches!(entry.body, Body::Identified(_))).map(|entry| entry.actor).next();
    if last.is_some_and(|actor| actor != ActorId::MACHINE) {
        return None;
    }
    let person = Person {
        names: patient.name.iter().map(|name| name.value.clone()).collect(),
        born: patient.birth_date.as_ref().map(|born| born.value.to_string()),
        sex: patient.sex.as_ref().map(|sex| sex.value.clone()),
        numbers: patient.numbers.iter().map(|number| number.value.clone()).collect(),
        ..Person::default()
    };
    let is_news = person != Person::default() && person != file.person;
    is_news.then(|| Identified { person }.into())
}
