//! Use cases in any order: whatever people do, nothing that was received is lost or doubled, and the register stays whole.

use crate::clinic::{Clinic, REPORT, parcel};
use cartulary_casework::{Decision, Judgement};
use cartulary_ledger::{Body, Error};
use cartulary_model::CaseId;
use std::collections::BTreeSet;

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

#[tokio::test]
async fn whatever_people_do_no_paper_is_lost_or_doubled() {
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(6);
    for seed in 0..seeds {
        walk(seed).await;
    }
}

async fn walk(seed: u64) {
    let clinic = Clinic::new().await;
    let mut dice = Dice(seed * 7_919 + 1);
    let mut cases: Vec<CaseId> = Vec::new();
    let mut sent: BTreeSet<String> = BTreeSet::new();
    for step in 0..40 {
        let case = cases.get(dice.below(cases.len())).copied();
        // What is refused is refused; the end tells whether anything was lost.
        match (dice.below(10), case) {
            (0..=2, _) | (_, None) => {
                // One text in three was sent before.
                let number = if dice.below(3) == 0 { dice.below(step + 1) } else { step };
                let text = format!("{REPORT}Sheet {seed}.{number}\n");
                let into = if dice.below(2) == 0 { case } else { None };
                let mut open = |_| Ok(bytes::Bytes::copy_from_slice(text.as_bytes()));
                let parcel = parcel(&[("a.txt", &text)]);
                if let Ok(receipt) = clinic.coordinator().receive(into, &parcel, &mut open).await {
                    cases.push(receipt.case);
                    sent.insert(text);
                }
            }
            (3..=5, _) => {
                let _ = clinic.worker().step().await.unwrap();
            }
            (6, Some(case)) => {
                let other = cases[dice.below(cases.len())];
                let _ = clinic.coordinator().merge(case, other).await;
            }
            (7, Some(case)) => {
                let _ = clinic.coordinator().unmerge(case).await;
            }
            (8, Some(case)) => {
                if let Some((of, fact)) = clinic.coordinator().facts(case).await.unwrap().into_iter().next() {
                    let reject = Judgement::Reject { fact: fact.name, reason: None };
                    clinic.physician().judge(of, reject).await.unwrap();
                }
            }
            (_, Some(case)) => {
                let (decision, reason) = ("wait".to_owned(), "more papers".to_owned());
                let decision = Decision { decision, set: None, reason, evaluation: None };
                clinic.physician().decide(case, &decision).await.unwrap();
            }
        }
    }
    clinic.drain().await;
    let mut found: Vec<String> = Vec::new();
    for case in cases.iter().collect::<BTreeSet<_>>() {
        let file = match clinic.casework.ledger().case(*case).await {
            Ok(file) => file,
            Err(Error::Erased(_)) => continue,
            Err(error) => panic!("seed {seed}: {error}"),
        };
        let key = clinic.casework.ledger().key(*case).await.unwrap();
        for document in file.documents.keys() {
            let bytes = clinic.casework.blobs().get(&key, *document).await.unwrap();
            found.push(String::from_utf8(bytes.to_vec()).unwrap());
        }
        let unread = file.documents.values().filter(|of| of.extraction.is_none()).count();
        assert_eq!(unread, 0, "seed {seed}: a paper was left out");
        let received: Vec<_> =
            file.entries.iter().filter(|of| matches!(of.body, Body::Received(_))).collect();
        assert!(received.len() >= file.documents.len());
    }
    let distinct: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(distinct, sent, "seed {seed}: something was lost or came from nowhere");
    clinic.expect_whole().await;
}
