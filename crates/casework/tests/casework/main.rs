//! The work on cases, with a reader that reads plain lines: what goes right, what is refused, what happens late.

#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod clinic;
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod walk;

use cartulary_casework::{Correction, Decision, Error, FAIL_POINTS, Judgement, Parcel, Spare, Wrapped};
use cartulary_ledger::{Body, FactRef, FactStatus, Person};
use cartulary_model::{Fact, Value};
use clinic::{Clinic, REPORT, parcel};
use std::io;

#[tokio::test]
async fn a_delivery_goes_all_the_way_to_an_evaluation() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("report.txt", REPORT)]).await;
    clinic.drain().await;
    let file = clinic.file(case).await;
    let kinds: Vec<&str> = file.entries.iter().map(|entry| entry.body.kind()).collect();
    assert_eq!(kinds, ["opened", "received", "page_read", "facts_extracted", "identified", "evaluated"]);
    assert_eq!(file.person.names, ["Ann Moore"]);
    assert!(file.facts.values().any(|fact| fact.index.concept.as_str() == "hist.dlbcl_nos"));
    clinic.expect_whole().await;
}

#[tokio::test]
async fn papers_of_one_delivery_are_extracted_and_evaluated_once() {
    let clinic = Clinic::new().await;
    let more = REPORT.replace("80%", "90%");
    let case = clinic.receive(&[("a.txt", REPORT), ("b.txt", &more), ("c.txt", "A third paper.")]).await;
    clinic.drain().await;
    let file = clinic.file(case).await;
    assert_eq!(file.evaluations.len(), 1);
    assert_eq!(file.entries.iter().filter(|entry| entry.body.kind() == "facts_extracted").count(), 3);
}

#[tokio::test]
async fn a_paper_that_changes_while_it_is_received_stops_all() {
    let clinic = Clinic::new().await;
    let parcel = parcel(&[("a.txt", "before")]);
    let mut open = |_| Ok(bytes::Bytes::from_static(b"after"));
    let refused = clinic.coordinator().receive(None, &parcel, &mut open).await;
    assert!(matches!(refused, Err(Error::Paper { .. })), "{refused:?}");
    let mut fails = |_| Err(io::Error::other("gone"));
    assert!(clinic.coordinator().receive(None, &parcel, &mut fails).await.is_err());
    assert_eq!(clinic.casework.ledger().case_ids(None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn an_empty_delivery_opens_no_case() {
    let clinic = Clinic::new().await;
    let mut none = |_| Err(io::Error::other("none"));
    let refused = clinic.coordinator().receive(None, &Parcel::default(), &mut none).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

#[tokio::test]
async fn a_second_message_with_the_same_papers_is_a_second_arrival() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("a.txt", REPORT)]).await;
    let mail = Parcel {
        source: "<1@example>".to_owned(),
        channel: "mail".to_owned(),
        ..parcel(&[("a.txt", REPORT)])
    };
    for _ in 0..2 {
        clinic.send(Some(case), &mail, &[REPORT]).await;
    }
    let file = clinic.file(case).await;
    assert_eq!(file.entries.iter().filter(|entry| matches!(entry.body, Body::Received(_))).count(), 2);
    assert_eq!(file.documents.len(), 1);
    clinic.drain().await;
    assert_eq!(clinic.reads(), 1);
}

#[tokio::test]
async fn what_people_say_of_a_fact_stands_and_is_evaluated() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("report.txt", REPORT)]).await;
    clinic.drain().await;
    let (physician, coordinator) = (clinic.physician(), clinic.coordinator());
    let read = clinic.fact(case, "lab.ki67").await;
    let right = Fact { value: Value::Number(30.0), evidence: Vec::new(), ..read.fact.clone() };
    let correction = Correction { fact: read.name.clone(), right, reason: Some("misread".to_owned()) };
    physician.judge(case, Judgement::Correct(Box::new(correction))).await.unwrap();
    let stage = clinic.fact(case, "hist.dlbcl_nos").await;
    coordinator.judge(case, Judgement::Confirm(stage.name.clone())).await.unwrap();
    clinic.drain().await;
    let file = clinic.file(case).await;
    assert_eq!(file.facts[&read.name].status, FactStatus::Corrected);
    assert_eq!(file.evaluations.len(), 2, "evaluated anew, once for both");
    // The corrected fact keeps its place on the paper, and stays when the paper is read again.
    let document = *file.documents.keys().next().unwrap();
    coordinator.read_again(case, document).await.unwrap();
    clinic.drain().await;
    let now = clinic.fact(case, "lab.ki67").await;
    assert_eq!(now.fact.value, Value::Number(30.0));
    assert_eq!(now.fact.evidence, read.fact.evidence);
    // A fact that is not there cannot be judged, nor one be added without a place.
    let nowhere = Judgement::Confirm(FactRef("nowhere".into()));
    assert!(matches!(coordinator.judge(case, nowhere).await, Err(Error::Nothing { .. })));
    let placeless = Fact { evidence: Vec::new(), ..read.fact.clone() };
    assert!(coordinator.judge(case, Judgement::Add(Box::new(placeless))).await.is_err());
    let added = Fact { concept: "bio.bcl2".into(), value: Value::None, ..read.fact.clone() };
    for _ in 0..2 {
        coordinator.judge(case, Judgement::Add(Box::new(added.clone()))).await.unwrap();
    }
    let facts = coordinator.facts(case).await.unwrap();
    assert_eq!(facts.iter().filter(|(_, of)| of.fact.concept.as_str() == "bio.bcl2").count(), 1);
    clinic.expect_whole().await;
}

#[tokio::test]
async fn a_person_says_who_it_is_and_the_machine_leaves_it() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("report.txt", REPORT)]).await;
    let person = Person { names: vec!["Anna Moore".to_owned()], ..Person::default() };
    clinic.coordinator().identify(case, person).await.unwrap();
    clinic.drain().await;
    assert_eq!(clinic.file(case).await.person.names, ["Anna Moore"]);
}

#[tokio::test]
async fn a_decision_needs_a_reason_and_what_it_rests_on() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("report.txt", REPORT)]).await;
    let decision = |reason: &str, evaluation| Decision {
        decision: "accept".to_owned(),
        set: None,
        reason: reason.to_owned(),
        evaluation,
    };
    let physician = clinic.physician();
    assert!(physician.decide(case, &decision("  ", None)).await.is_err());
    assert!(physician.decide(case, &decision("fits", Some(99))).await.is_err());
    let other = Decision { decision: "maybe".to_owned(), ..decision("fits", None) };
    assert!(physician.decide(case, &other).await.is_err());
    physician.decide(case, &decision("fits", None)).await.unwrap();
    assert_eq!(clinic.file(case).await.decisions[0].reason, "fits");
}

#[tokio::test]
async fn joined_cases_are_seen_and_evaluated_as_one_and_can_be_parted() {
    let clinic = Clinic::new().await;
    let (a, b) = (
        clinic.receive(&[("a.txt", REPORT)]).await,
        clinic.receive(&[("b.txt", "ECOG 1.\nName: Ann Moore")]).await,
    );
    clinic.drain().await;
    let coordinator = clinic.coordinator();
    coordinator.merge(b, a).await.unwrap();
    clinic.drain().await;
    assert!(coordinator.merge(b, a).await.is_err() && coordinator.merge(a, b).await.is_err());
    assert!(coordinator.merge(a, a).await.is_err());
    let view = coordinator.show(b).await.unwrap();
    assert_eq!((view.whole.case(), view.whole.documents().len()), (a, 2));
    assert_eq!(view.evaluation.unwrap().documents.len(), 2);
    // Papers for the joined case go where it is seen.
    clinic.send(Some(b), &parcel(&[("c.txt", "late")]), &["late"]).await;
    assert_eq!(clinic.file(a).await.documents.len(), 2);
    coordinator.unmerge(b).await.unwrap();
    clinic.drain().await;
    assert_eq!(coordinator.show(b).await.unwrap().whole.case(), b);
    clinic.expect_whole().await;
}

/// Day before month, as only the second date of the first paper tells.
const DAY_FIRST: &str =
    "Name: Ann Moore\nDiagnosis: diffuse large B-cell lymphoma, 05/04/2023.\nAdmitted 25/04/2023.\n";
const EITHER: &str = "Name: Ann Moore\nCT on 03/05/2023: Deauville 4.\nKi-67 80% on 06/07/2023.\n";

#[tokio::test]
async fn joined_cases_are_read_as_the_papers_of_one_patient() {
    let clinic = Clinic::new().await;
    let said = async |case| {
        let facts = clinic.coordinator().facts(case).await.unwrap();
        let mut said: Vec<String> = facts
            .iter()
            .map(|(_, of)| format!("{} {:?} {:?}", of.fact.concept, of.fact.date, of.fact.value))
            .collect();
        said.sort();
        said
    };
    let together = clinic.receive(&[("a.txt", DAY_FIRST), ("b.txt", EITHER)]).await;
    let (a, b) = (clinic.receive(&[("a.txt", DAY_FIRST)]).await, clinic.receive(&[("b.txt", EITHER)]).await);
    clinic.drain().await;
    let alone = said(b).await;
    clinic.coordinator().merge(b, a).await.unwrap();
    clinic.drain().await;
    assert_eq!(said(a).await, said(together).await);
    clinic.coordinator().unmerge(b).await.unwrap();
    clinic.drain().await;
    assert_eq!(said(b).await, alone, "parted, it is read by itself again");
    assert_ne!(said(a).await.len() + alone.len(), 0);
    clinic.expect_whole().await;
}

#[tokio::test]
async fn traditional_and_simplified_characters_find_each_other() {
    let clinic = Clinic::new().await;
    let old = clinic.receive(&[("a.txt", "診斷：瀰漫大B細胞淋巴瘤\n")]).await;
    let new = clinic.receive(&[("b.txt", "诊断：弥漫大B细胞淋巴瘤\n")]).await;
    clinic.drain().await;
    for words in ["細胞淋巴瘤", "细胞淋巴瘤"] {
        let found = clinic.coordinator().search(words, 10).await.unwrap();
        let cases: Vec<_> = found.cases.iter().map(|of| of.hit.case).collect();
        assert!(cases.contains(&old) && cases.contains(&new), "{words}: {cases:?}");
        assert!(found.cases.iter().all(|of| !of.lines.is_empty()), "{words}");
    }
    clinic.expect_whole().await;
}

#[tokio::test]
async fn a_case_is_kept_until_the_day_is_over_where_the_clinic_is() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("a.txt", REPORT)]).await;
    clinic.drain().await;
    // By UTC the day is 2025-10-09.
    let at = |day| clinic.casework.clone().with_days(day).administrator(clinic.who(3));
    at(|_| jiff::civil::date(2025, 10, 9)).retain(case, Some("2025-10-10"), "the law").await.unwrap();
    let behind = at(|_| jiff::civil::date(2025, 10, 9)).erase(case, "asked").await;
    assert!(matches!(behind, Err(Error::Refused(_))), "{behind:?}");
    at(|_| jiff::civil::date(2025, 10, 10)).erase(case, "asked").await.unwrap();
}

#[tokio::test]
async fn a_paper_that_was_taken_back_counts_for_nothing() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("a.txt", REPORT), ("b.txt", "ECOG 1.")]).await;
    clinic.drain().await;
    let coordinator = clinic.coordinator();
    assert!(coordinator.undo(case, 1, "mistake").await.is_err(), "an opening is no mistake");
    assert!(coordinator.undo(case, 2, " ").await.is_err());
    coordinator.undo(case, 2, "another patient's").await.unwrap();
    assert!(coordinator.undo(case, 2, "again").await.is_err());
    clinic.drain().await;
    let view = coordinator.show(case).await.unwrap();
    assert_eq!(view.whole.documents().len(), 1);
    assert_eq!(view.evaluation.unwrap().documents.len(), 1);
    clinic.expect_whole().await;
}

#[tokio::test]
async fn a_case_that_must_be_kept_is_not_erased() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("a.txt", REPORT)]).await;
    clinic.drain().await;
    let administrator = clinic.administrator();
    administrator.retain(case, Some("2999-01-01"), "the law").await.unwrap();
    assert!(matches!(administrator.erase(case, "asked").await, Err(Error::Refused(_))));
    assert!(administrator.retain(case, Some("soon"), "x").await.is_err());
    administrator.retain(case, None, "the patient wishes it").await.unwrap();
    let kept = administrator.kept(case).await.unwrap();
    let erasure = administrator.erase(case, "asked").await.unwrap();
    assert_eq!(erasure.blobs, kept.blobs.len());
    assert!(administrator.erase(case, "asked").await.unwrap().already);
    assert_eq!(clinic.casework.blobs().list().await.unwrap().blobs, []);
    // Work that waits for what is gone ends without a fuss.
    clinic.drain().await;
    clinic.expect_whole().await;
}

#[tokio::test]
async fn the_result_of_a_worker_that_slept_is_refused() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("a.txt", REPORT)]).await;
    let slept = clinic.worker();
    // The first worker reads; meanwhile its claim runs out and another does the work.
    let gate = clinic.hold_reader();
    let step = tokio::spawn(async move { slept.step().await });
    gate.until_reading().await;
    clinic.pass_s(120);
    clinic.drain().await;
    gate.open();
    step.await.unwrap().unwrap();
    let file = clinic.file(case).await;
    assert_eq!(file.entries.iter().filter(|entry| matches!(entry.body, Body::PageRead(_))).count(), 1);
    assert_eq!(clinic.casework.ledger().job_counts().await.unwrap(), Default::default());
    clinic.expect_whole().await;
}

#[tokio::test]
async fn a_sheet_twice_is_told_also_when_both_are_read_at_the_same_time() {
    let clinic = Clinic::new().await;
    let sheet = "Haemoglobin 92 g/L\nPlatelets 45 x10^9/L\nLeukocytes 3.1 x10^9/L\nCreatinine 69 umol/L\n";
    let photo = format!("{sheet}Page 1 of 1\n");
    let case = clinic.receive(&[("sheet.txt", sheet), ("photo.txt", &photo), ("other.txt", REPORT)]).await;
    let first = clinic.worker();
    let gate = clinic.hold_reader();
    let step = tokio::spawn(async move { first.step().await });
    gate.until_reading().await;
    clinic.drain().await;
    gate.open();
    step.await.unwrap().unwrap();
    clinic.drain().await;
    let file = clinic.file(case).await;
    let of = |name: &str| file.documents.iter().find(|(_, of)| of.name == name).unwrap();
    let ((sheet, of_sheet), (photo, of_photo)) = (of("sheet.txt"), of("photo.txt"));
    let told = [(of_sheet.resembles, photo), (of_photo.resembles, sheet)];
    assert_eq!(
        told.iter().filter(|(told, other)| *told == Some(**other)).count(),
        1,
        "one points to the other"
    );
    assert_eq!(of("other.txt").1.resembles, None);
    clinic.expect_whole().await;
}

#[tokio::test]
async fn a_reader_that_is_not_there_costs_time_and_no_paper() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("a.txt", REPORT)]).await;
    clinic.break_reader(true);
    let done = clinic.worker().step().await.unwrap().unwrap();
    assert!(done.failed.is_some_and(|failed| failed.again && failed.why.contains("broken")));
    clinic.break_reader(false);
    clinic.pass_s(60);
    clinic.drain().await;
    assert_eq!(clinic.file(case).await.evaluations.len(), 1);
}

#[tokio::test]
async fn seeing_is_logged_before_it_is_shown() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("a.txt", REPORT)]).await;
    let physician = clinic.physician();
    physician.show(case).await.unwrap();
    let document = *clinic.file(case).await.documents.keys().next().unwrap();
    assert_eq!(physician.original(case, document).await.unwrap(), REPORT.as_bytes());
    let seen: Vec<String> = clinic
        .casework
        .ledger()
        .accesses(Some(case), None, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.what)
        .collect();
    assert_eq!(seen, ["document.original", "case.show", "receive"]);
}

#[test]
fn a_paper_knows_its_digest_and_size() {
    let paper = Wrapped::of("a", "text/plain", b"abc");
    assert_eq!((paper.size, paper.sha256[0]), (3, 0xba));
}

#[tokio::test]
async fn what_no_entry_names_is_removed_after_a_day_and_nothing_else() {
    let clinic = Clinic::new().await;
    let case = clinic.receive(&[("report.txt", REPORT)]).await;
    clinic.drain().await;
    let key = clinic.casework.ledger().key(case).await.unwrap();
    let spare = clinic.casework.blobs().put(&key, "nobody's".into(), &mut clinic::Seeded(3)).await.unwrap();
    // The clock of the clinic stands long before the day on which its files are written.
    assert_eq!(clinic.casework.clean_spare().await.unwrap(), Spare::default());
    clinic.pass_s(50 * 365 * 24 * 3_600);
    let removed = clinic.casework.clean_spare().await.unwrap();
    assert_eq!(removed.blobs.iter().map(|(blob, _)| *blob).collect::<Vec<_>>(), [spare]);
    assert!(removed.bytes() > 8);
    clinic.expect_whole().await;
}

#[test]
fn each_fail_point_stands_in_the_list() {
    let mut passed = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let points = text.split("failpoint::pass(\"").skip(1).filter_map(|rest| rest.split('"').next());
            passed.extend(points.map(str::to_owned));
        }
    }
    passed.sort();
    let mut listed: Vec<&str> = FAIL_POINTS.to_vec();
    listed.sort_unstable();
    assert_eq!(passed, listed);
}
