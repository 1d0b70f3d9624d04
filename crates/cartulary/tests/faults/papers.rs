//! Deliveries with many duplicates, what must become of them, and whether it has.

use crate::{
    desk::{Desk, entries, text},
    seeded::Seeded,
    sheets::sheet,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

/// Papers of a delivery.
pub(crate) const PAPERS: usize = 10;

/// What comes together.
pub(crate) struct Delivery {
    /// The delivery whose case it goes to; none: it opens one, or is one that was sent before.
    into: Option<usize>,
    /// The delivery whose papers these are, sent again.
    again: Option<usize>,
    /// The numbers of its sheets; some stand twice.
    sheets: Vec<usize>,
}

/// Deliveries of `documents` papers together: new cases with sheets that come twice; more for a case, half of it known
/// there; whole deliveries once more.
pub(crate) fn plan(documents: usize, seed: u64) -> Vec<Delivery> {
    let mut chance = Seeded(seed);
    let mut next = 0;
    let mut fresh = |count: usize| {
        next += count;
        (next - count..next).collect::<Vec<_>>()
    };
    let mut plan: Vec<Delivery> = Vec::new();
    for number in 0..documents.div_ceil(PAPERS) {
        let firsts: Vec<usize> =
            (0..number).filter(|at| plan[*at].into.is_none() && plan[*at].again.is_none()).collect();
        let earlier = |chance: &mut Seeded| firsts[chance.below(firsts.len())];
        plan.push(match chance.below(10) {
            0 if number > 2 => {
                let of = earlier(&mut chance);
                let mut sheets = plan[of].sheets.clone();
                sheets.reverse();
                Delivery { into: None, again: Some(of), sheets }
            }
            1..=3 if number > 2 => {
                let of = earlier(&mut chance);
                let known = plan[of].sheets.iter().take(PAPERS / 2).copied();
                let sheets = known.chain(fresh(PAPERS / 2)).collect();
                Delivery { into: Some(of), again: None, sheets }
            }
            _ => {
                let mut sheets = fresh(PAPERS - 2);
                sheets.extend([sheets[0], sheets[3]]);
                Delivery { into: None, again: None, sheets }
            }
        });
    }
    plan
}

/// Whoever brings the deliveries, and notes what the register acknowledged.
pub(crate) struct Clerk<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) plan: Vec<Delivery>,
    /// By delivery: the case that was acknowledged.
    cases: BTreeMap<usize, String>,
    /// By case: the documents that were acknowledged.
    documents: BTreeMap<String, BTreeSet<String>>,
    pub(crate) acknowledged: usize,
}

impl<'a> Clerk<'a> {
    pub(crate) fn new(desk: &'a Desk, plan: Vec<Delivery>) -> Self {
        for (number, delivery) in plan.iter().enumerate() {
            for (place, of) in delivery.sheets.iter().enumerate() {
                let (ending, bytes) = sheet(*of);
                desk.lay(&format!("papers/{number}"), &format!("{place}-{of}.{ending}"), &bytes);
            }
        }
        Self { desk, plan, cases: BTreeMap::new(), documents: BTreeMap::new(), acknowledged: 0 }
    }

    /// The command that brings a delivery; always the same.
    pub(crate) fn command(&self, number: usize) -> Command {
        let folder = self.desk.text(&format!("papers/{number}"));
        let mut arguments = vec!["receive", &folder, "--json"];
        if let Some(of) = self.plan[number].into {
            arguments.extend(["--case", &self.cases[&of]]);
        }
        self.desk.command(&arguments)
    }

    /// Notes an acknowledgement, if it was printed to its end.
    pub(crate) fn note(&mut self, number: usize, printed: &[u8]) -> bool {
        let Ok(told) = serde_json::from_slice::<Value>(printed) else { return false };
        let case = text(&told["case"]);
        let before = self.cases.insert(number, case.clone());
        assert!(before.is_none_or(|before| before == case), "delivery {number} was received into two cases");
        let papers = told["papers"].as_array().unwrap();
        assert_eq!(papers.len(), self.plan[number].sheets.len());
        self.documents.entry(case).or_default().extend(papers.iter().map(|paper| text(&paper["document"])));
        self.acknowledged += 1;
        true
    }

    /// Brings a delivery undisturbed.
    pub(crate) fn bring(&mut self, number: usize) {
        let output = self.command(number).output().unwrap();
        assert!(self.note(number, &output.stdout), "delivery {number}: {}", crate::desk::said(&output));
    }

    /// The delivery whose case a delivery ends in.
    fn home(&self, number: usize) -> usize {
        self.plan[number].into.or(self.plan[number].again).unwrap_or(number)
    }

    /// Looks whether each document stands exactly once in its case with the bytes that were sent, and nothing else is there;
    /// with `read`, whether each was read and its facts were taken exactly once. Gives the number of documents.
    pub(crate) fn check(&self, read: bool) -> usize {
        let mut sheets: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let mut arrivals: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, delivery) in self.plan.iter().enumerate() {
            let case = self.cases[&number].as_str();
            assert_eq!(case, self.cases[&self.home(number)], "delivery {number} came into another case");
            sheets.entry(case).or_default().extend(&delivery.sheets);
            if delivery.again.is_none() {
                *arrivals.entry(case).or_default() += delivery.sheets.len();
            }
        }
        let found: BTreeSet<String> = self.desk.cases().into_iter().collect();
        assert_eq!(found, sheets.keys().map(|case| (*case).to_owned()).collect(), "cases");
        let mut count = 0;
        for (case, sheets) in &sheets {
            self.check_case(case, sheets, arrivals[case], read);
            count += sheets.len();
        }
        self.desk.verify();
        count
    }

    fn check_case(&self, case: &str, sheets: &BTreeSet<usize>, arrivals: usize, read: bool) {
        let out = self.desk.text("out");
        let _ = fs::remove_dir_all(&out);
        self.desk.good(&["export", case, &out]);
        let originals = fs::read_dir(self.desk.path("out/originals")).unwrap();
        let mut originals: Vec<Vec<u8>> =
            originals.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
        let mut sent: Vec<Vec<u8>> = sheets.iter().map(|number| sheet(*number).1).collect();
        originals.sort();
        sent.sort();
        assert!(
            originals == sent,
            "case {case} holds {} documents, {} were sent",
            originals.len(),
            sent.len()
        );
        let shown: Value =
            serde_json::from_slice(&fs::read(self.desk.path("out/case.json")).unwrap()).unwrap();
        let documents = shown["documents"].as_array().unwrap();
        let came: u64 = documents.iter().map(|document| document["arrivals"].as_u64().unwrap()).sum();
        assert_eq!(came as usize, arrivals, "arrivals in case {case}");
        let ids: BTreeSet<String> = documents.iter().map(|document| text(&document["document"])).collect();
        assert!(self.documents[case].is_subset(&ids), "case {case} lost an acknowledged document");
        if read {
            each_was_read_once(&shown);
        }
    }
}

/// Whether a case has, for each of its documents, exactly one entry of its reading and one of its facts.
pub(crate) fn each_was_read_once(case: &Value) {
    let mut said: BTreeMap<(String, String), usize> = BTreeMap::new();
    for entry in entries(case) {
        *said.entry(entry).or_default() += 1;
    }
    for document in case["documents"].as_array().unwrap() {
        let id = text(&document["document"]);
        for kind in ["page_read", "facts_extracted"] {
            let times = said.get(&(kind.to_owned(), id.clone())).copied().unwrap_or(0);
            assert_eq!(times, 1, "{kind} of document {id} of case {}: {said:?}", case["case"]);
        }
    }
}
