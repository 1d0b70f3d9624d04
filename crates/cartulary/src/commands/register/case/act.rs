//! What somebody does on a case, each by the handle of the role that may: `cartulary case decide` and the like.

use super::{
    super::{case_of, json},
    named::{fact_of, paper_of},
    short,
};
use crate::{
    cli::{self, On},
    console, register,
};
use anyhow::{Result, bail};
use cartulary_casework::{Casework, Decision, Judgement};
use cartulary_model::{ActorId, CaseId};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Finds the case, does something on it, and says what was done.
pub(super) fn on(
    options: &On,
    work: impl AsyncFnOnce(&Casework, CaseId) -> Result<(String, Value)>,
) -> Result<ExitCode> {
    register::with(&options.register, async |casework| {
        let case = case_of(casework, &options.case).await?;
        let (said, mut done) = work(casework, case).await?;
        if options.json {
            done["case"] = json!(case);
            console::print(&json(&done)?)?;
        } else {
            console::say(&format!("case {}: {said}", short(case)));
        }
        Ok(ExitCode::SUCCESS)
    })
}

pub(super) fn confirm(options: &cli::Confirm) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let coordinator = casework.coordinator(register::operator());
        let facts = coordinator.facts(case).await?;
        // All of them are found before the first is confirmed.
        let named: Vec<_> = options.facts.iter().map(|name| fact_of(&facts, name)).collect::<Result<_>>()?;
        for (of, fact) in &named {
            coordinator.judge(*of, Judgement::Confirm(fact.name.clone())).await?;
        }
        let names: Vec<_> = named.iter().map(|(_, fact)| &fact.name).collect();
        let said = super::super::count(names.len(), "fact confirmed|facts confirmed");
        Ok((said, json!({ "done": "confirmed", "facts": names })))
    })
}

pub(super) fn reject(options: &cli::Reject) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let coordinator = casework.coordinator(register::operator());
        let facts = coordinator.facts(case).await?;
        let (of, fact) = fact_of(&facts, &options.fact)?;
        let (name, reason) = (fact.name.clone(), options.reason.clone());
        coordinator.judge(of, Judgement::Reject { fact: name.clone(), reason }).await?;
        Ok((format!("{} does not count any more", name.0), json!({ "done": "rejected", "facts": [name] })))
    })
}

pub(super) fn decide(options: &cli::Decide) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let physician = casework.physician(register::operator());
        let newest = physician.show(case).await?.whole.own().evaluations.last().map(|of| of.seq);
        let decision = Decision {
            decision: options.decision.clone(),
            set: options.set.as_deref().map(Into::into),
            reason: options.reason.clone(),
            evaluation: options.evaluation.or(newest),
        };
        physician.decide(case, &decision).await?;
        let done =
            json!({ "done": "decided", "decision": decision.decision, "evaluation": decision.evaluation });
        Ok((format!("decided: {}", decision.decision), done))
    })
}

pub(super) fn merge(options: &cli::Merge) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let into = case_of(casework, &options.into).await?;
        casework.coordinator(register::operator()).merge(case, into).await?;
        Ok((format!("goes on in case {}", short(into)), json!({ "done": "merged", "into": into })))
    })
}

pub(super) fn unmerge(options: &cli::Unmerge) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        casework.coordinator(register::operator()).unmerge(case).await?;
        Ok(("stands by itself again".to_owned(), json!({ "done": "unmerged" })))
    })
}

pub(super) fn undo(options: &cli::Undo) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        casework.coordinator(register::operator()).undo(case, options.entry, &options.reason).await?;
        let said = format!("entry {} counts for nothing any more", options.entry);
        Ok((said, json!({ "done": "undone", "entry": options.entry })))
    })
}

pub(super) fn note(options: &cli::Note) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        casework.coordinator(register::operator()).note(case, &options.text).await?;
        Ok(("noted".to_owned(), json!({ "done": "noted" })))
    })
}

pub(super) fn assign(options: &cli::Assign) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let owner = person(&options.to)?;
        casework.coordinator(register::operator()).assign(case, owner).await?;
        let said = owner.map_or_else(|| "nobody".to_owned(), |owner| owner.to_string());
        Ok((format!("is looked after by {said}"), json!({ "done": "assigned", "owner": owner })))
    })
}

/// Whoever the command line names.
fn person(text: &str) -> Result<Option<ActorId>> {
    match text {
        "nobody" => Ok(None),
        "me" => Ok(Some(register::operator())),
        _ => match (text.parse::<u32>(), text.parse::<ActorId>()) {
            (Ok(user), _) => Ok(Some(register::user(user))),
            (_, Ok(id)) => Ok(Some(id)),
            _ => {
                bail!("`{text}` names nobody: write me, nobody, the number of a user, or the id of a person")
            }
        },
    }
}

pub(super) fn consent(options: &cli::Consent) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let coordinator = casework.coordinator(register::operator());
        let scope = options.scope.as_str();
        if options.withdraw {
            coordinator.withdraw(case, scope, options.reason.clone()).await?;
            let done = json!({ "done": "withdrawn", "scope": scope });
            return Ok((format!("the consent to {scope} was withdrawn"), done));
        }
        let document = match &options.paper {
            Some(paper) => Some(paper_of(&coordinator.show(case).await?, paper)?.1),
            None => None,
        };
        coordinator.consent(case, scope, document).await?;
        let done = json!({ "done": "consented", "scope": scope, "document": document });
        Ok((format!("consent to {scope} was given"), done))
    })
}

pub(super) fn retention(options: &cli::Retention) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let until = options.until.as_deref();
        casework.administrator(register::operator()).retain(case, until, &options.reason).await?;
        let said = until.map_or_else(|| "until somebody says".to_owned(), |until| format!("until {until}"));
        Ok((format!("is kept {said}"), json!({ "done": "retained", "until": until })))
    })
}

pub(super) fn read_again(options: &cli::ReadAgain) -> Result<ExitCode> {
    on(&options.on, async |casework, case| {
        let coordinator = casework.coordinator(register::operator());
        let view = coordinator.show(case).await?;
        let papers: Vec<_> = if options.papers.is_empty() {
            view.whole.documents().into_iter().map(|(case, id, _)| (case, id)).collect()
        } else {
            options.papers.iter().map(|paper| paper_of(&view, paper)).collect::<Result<_>>()?
        };
        for (case, document) in &papers {
            coordinator.read_again(*case, *document).await?;
        }
        let words = super::super::count(papers.len(), "paper waits|papers wait");
        let documents: Vec<_> = papers.iter().map(|(_, document)| document).collect();
        let said = format!("{words} to be read again; `cartulary worker --drain` does it");
        Ok((said, json!({ "done": "queued", "documents": documents })))
    })
}
