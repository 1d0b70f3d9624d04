//! Random walks: what a register holds after any sequence of acts is what a naive model holds, on both engines.
//!
//! The model knows nothing of chains, keys, caches or projections: lists of entries, and what they mean, told in a
//! second way.

use crate::support::{Clinic, Engine, noted, opened, undone};
use cartulary_ledger::*;
use cartulary_model::{ActorId, CaseId};
use proptest::{prelude::*, sample::Index, test_runner::Config};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Step {
    Open,
    Note(Index, u8),
    Undo(Index, Index),
    Merge(Index, Index),
    Unmerge(Index),
    /// The same act again, under its name.
    Again(Index),
    /// An act of somebody who did not look.
    Late(Index),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Open),
        6 => (any::<Index>(), any::<u8>()).prop_map(|(case, note)| Step::Note(case, note)),
        4 => (any::<Index>(), any::<Index>()).prop_map(|(case, seq)| Step::Undo(case, seq)),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Step::Merge(a, b)),
        2 => any::<Index>().prop_map(Step::Unmerge),
        1 => any::<Index>().prop_map(Step::Again),
        1 => any::<Index>().prop_map(Step::Late),
        1 => Just(Step::Reopen),
    ]
}

/// A case in the model: its entries, as words.
#[derive(Clone, Debug)]
enum Said {
    Opened,
    Note(String),
    Undo(usize),
    Into(CaseId),
    From(CaseId),
    Apart(CaseId),
}

/// Whether an entry counts: it does unless a later undoing that counts names it.
fn counts(entries: &[Said], at: usize) -> bool {
    let fixed = !matches!(entries[at], Said::Note(_) | Said::Undo(_));
    let undoes = |later: usize| {
        matches!(&entries[later], Said::Undo(target) if *target == at) && counts(entries, later)
    };
    fixed || !(at + 1..entries.len()).any(undoes)
}

fn notes(entries: &[Said]) -> Vec<String> {
    let counted = (0..entries.len()).filter(|at| counts(entries, *at));
    counted
        .filter_map(|at| if let Said::Note(text) = &entries[at] { Some(text.clone()) } else { None })
        .collect()
}

fn merges(entries: &[Said]) -> (Option<CaseId>, BTreeSet<CaseId>) {
    let (mut into, mut from) = (None, BTreeSet::new());
    for said in entries {
        match said {
            Said::Into(case) => into = Some(*case),
            Said::From(case) => {
                from.insert(*case);
            }
            Said::Apart(case) => {
                into = into.filter(|other| other != case);
                from.remove(case);
            }
            Said::Opened | Said::Note(_) | Said::Undo(_) => {}
        }
    }
    (into, from)
}

async fn walk(engine: Engine, steps: Vec<Step>) {
    let mut clinic = Clinic::new(engine).await;
    let mut model: BTreeMap<CaseId, Vec<Said>> = BTreeMap::new();
    let mut named: Vec<(Act, Done)> = Vec::new();
    for (number, step) in steps.into_iter().enumerate() {
        let pick = |index: &Index| {
            (!model.is_empty()).then(|| *index.get(&model.keys().copied().collect::<Vec<_>>()))
        };
        let version = |case: CaseId| model[&case].len() as u64;
        let mut once = [0; 32];
        once[0] = u8::try_from(number).unwrap();
        once[1] = 1;
        let (act, said) =
            match step {
                Step::Open => {
                    let case = clinic.case_id();
                    (Act::on(ActorId::MACHINE, case, 0, vec![opened()]), vec![(case, Said::Opened)])
                }
                Step::Note(case, note) => {
                    let Some(case) = pick(&case) else { continue };
                    let text = format!("note{note}");
                    let act = Act::on(ActorId::MACHINE, case, version(case), vec![noted(&text)]);
                    (act, vec![(case, Said::Note(text))])
                }
                Step::Undo(case, seq) => {
                    let Some(case) = pick(&case) else { continue };
                    let at = seq.index(model[&case].len());
                    let act = Act::on(ActorId::MACHINE, case, version(case), vec![undone(at as u64 + 1)]);
                    (act, vec![(case, Said::Undo(at))])
                }
                Step::Merge(a, b) => {
                    let (Some(a), Some(b)) = (pick(&a), pick(&b)) else { continue };
                    let merged = |case: CaseId| merges(&model[&case]).0.is_some();
                    if a == b || merged(a) || merged(b) {
                        continue;
                    }
                    let act = Act::on(ActorId::MACHINE, a, version(a), vec![MergedInto { case: b }.into()])
                        .and_on(b, version(b), vec![MergedFrom { case: a }.into()]);
                    (act, vec![(a, Said::Into(b)), (b, Said::From(a))])
                }
                Step::Unmerge(case) => {
                    let Some(a) = pick(&case) else { continue };
                    let Some(b) = merges(&model[&a]).0 else { continue };
                    let act = Act::on(ActorId::MACHINE, a, version(a), vec![Unmerged { case: b }.into()])
                        .and_on(b, version(b), vec![Unmerged { case: a }.into()]);
                    (act, vec![(a, Said::Apart(b)), (b, Said::Apart(a))])
                }
                Step::Again(which) => {
                    if named.is_empty() {
                        continue;
                    }
                    let (act, done) = which.get(&named).clone();
                    let again = clinic.ledger.append(act).await.unwrap();
                    assert_eq!(again, Done { first: false, ..done });
                    continue;
                }
                Step::Late(case) => {
                    let Some(case) = pick(&case) else { continue };
                    let act = Act::on(ActorId::MACHINE, case, version(case) + 1, vec![noted("late")]);
                    assert!(matches!(clinic.ledger.append(act).await, Err(Error::Conflict { .. })));
                    continue;
                }
                Step::Reopen => {
                    clinic.ledger = clinic.another().await;
                    continue;
                }
            };
        let act = act.once(once);
        let done = clinic.ledger.append(act.clone()).await.unwrap();
        named.push((act, done));
        said.into_iter().for_each(|(case, said)| model.entry(case).or_default().push(said));
    }
    compare(&clinic, &model).await;
}

async fn compare(clinic: &Clinic, model: &BTreeMap<CaseId, Vec<Said>>) {
    for ledger in [clinic.ledger.clone(), clinic.another().await] {
        for (case, entries) in model {
            let file = ledger.case(*case).await.unwrap();
            assert_eq!(file.version, entries.len() as u64);
            assert_eq!(file.notes.iter().map(|note| note.text.clone()).collect::<Vec<_>>(), notes(entries));
            assert_eq!((file.merged_into, file.merged_from.clone()), merges(entries));
        }
    }
    for word in ["note1", "note7", "note200"] {
        let found = clinic.ledger.search(word, 1_000).await.unwrap();
        let hits: BTreeSet<_> = found.hits.iter().map(|hit| hit.case).collect();
        let expected: BTreeSet<_> = model
            .iter()
            .filter(|(_, entries)| notes(entries).iter().any(|note| note == word))
            .map(|(case, _)| *case)
            .collect();
        assert_eq!(hits, expected);
    }
    let report = clinic.verify().await;
    assert_eq!(report.faults, []);
    assert_eq!(report.cases, model.len() as u64);
    let before = clinic.ledger.dump_projections().await.unwrap();
    clinic.ledger.rebuild(|_| {}).await.unwrap();
    assert_eq!(clinic.ledger.dump_projections().await.unwrap(), before);
}

/// Runs random walks; `PROPTEST_CASES` says how many.
fn walks(engine: Engine, usual: u32) {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    let config = Config { cases: asked.unwrap_or(usual), failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    proptest!(config, |(steps in proptest::collection::vec(step(), 1..60))| {
        runtime.block_on(walk(engine, steps));
    });
}

#[test]
fn any_walk_on_sqlite_ends_where_the_model_ends() {
    walks(Engine::Sqlite, 12);
}

#[test]
fn any_walk_on_postgres_ends_where_the_model_ends() {
    if !crate::postgres::left_out() {
        walks(Engine::Postgres, 6);
    }
}
