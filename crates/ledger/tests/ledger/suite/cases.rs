//! Cases: what was appended is there, and is found.

use crate::support::{Clinic, facts, identified, index, noted, opened, read, received, undone};
use cartulary_ledger::*;
use cartulary_model::ActorId;
use serde_json::json;

pub(super) async fn a_case_comes_back_as_it_was_appended(clinic: Clinic) {
    let (case, document, owner) = (clinic.case_id(), clinic.blob(), clinic.actor());
    let entries = vec![opened(), received(document), noted("第一次来电 first call")];
    let done = clinic.append(case, 0, entries.clone()).await;
    assert!(done.first);
    assert_eq!(done.cases, [(case, 3)]);
    clinic.append(case, 3, vec![Assigned { owner: Some(owner) }.into()]).await;

    let file = clinic.another().await.case(case).await.unwrap();
    assert_eq!(file.version, 4);
    assert_eq!(file.entries[..3].iter().map(|entry| entry.body.clone()).collect::<Vec<_>>(), entries);
    assert_eq!(file.owner, Some(owner));
    assert_eq!(file.documents[&document].name, "report.pdf");
    assert_eq!(*file, *clinic.ledger.case(case).await.unwrap());
    let row = clinic.ledger.case_row(case).await.unwrap().unwrap();
    assert_eq!((row.state, row.documents, row.unread, row.version), (CaseState::Received, 1, 1, 4));
}

pub(super) async fn a_second_look_finds_what_another_process_appended(clinic: Clinic) {
    let case = clinic.case_id();
    clinic.append(case, 0, vec![opened()]).await;
    let other = clinic.another().await;
    assert_eq!(other.case(case).await.unwrap().version, 1);
    clinic.append(case, 1, vec![noted("a")]).await;
    assert_eq!(other.case(case).await.unwrap().notes[0].text, "a");
    other.append(Act::on(ActorId::MACHINE, case, 2, vec![noted("b")])).await.unwrap();
    assert_eq!(clinic.ledger.case(case).await.unwrap().notes.len(), 2);
    assert!(clinic.verify().await.is_clean());
}

/// The length at which a case is read in two parts lies among these.
pub(super) async fn a_long_case_is_opened_whole_while_it_grows(clinic: Clinic) {
    let case = clinic.case_id();
    clinic.append(case, 0, vec![opened()]).await;
    clinic.append(case, 1, vec![noted("第一次来电"); 489]).await;
    let writing = async {
        for version in 490..520 {
            let act = Act::on(ActorId::MACHINE, case, version, vec![noted("and so on")]);
            let act = if version == 499 { act.once([7; 32]) } else { act };
            clinic.ledger.append(act).await.unwrap();
        }
    };
    let looking = async {
        let mut seen = vec![0];
        while *seen.last().unwrap() < 520 {
            seen.push(clinic.another().await.case(case).await.unwrap().version);
        }
        seen
    };
    let ((), seen) = tokio::join!(writing, looking);
    assert!(seen.is_sorted(), "{seen:?}");
    let file = clinic.another().await.case(case).await.unwrap();
    assert_eq!(*file, *clinic.ledger.case(case).await.unwrap());
    assert!(file.entries.iter().map(|entry| entry.seq).eq(1..=520));
}

pub(super) async fn undoing_an_undoing_restores(clinic: Clinic) {
    let case = clinic.case_with("platelets 98").await;
    let before = clinic.ledger.dump_projections().await.unwrap();
    clinic.append(case, 3, vec![undone(3)]).await;
    let file = clinic.ledger.case(case).await.unwrap();
    assert!(!file.counts(3) && file.counts(2));
    assert!(clinic.ledger.search("platelets", 9).await.unwrap().hits.is_empty());
    clinic.append(case, 4, vec![undone(4)]).await;
    assert_eq!(clinic.ledger.search("platelets", 9).await.unwrap().hits.len(), 1);
    let without_times = |lines: Vec<String>| -> Vec<String> {
        lines.into_iter().filter(|line| !line.starts_with("case_row")).collect()
    };
    let after = clinic.ledger.dump_projections().await.unwrap();
    assert_eq!(without_times(after), without_times(before));
    // The first entry, and what was sent, happened.
    clinic.append(case, 5, vec![undone(1)]).await;
    assert!(clinic.ledger.case(case).await.unwrap().counts(1));
}

pub(super) async fn a_merge_is_seen_and_taken_back(clinic: Clinic) {
    let (a, b) = (clinic.case_with("lymphoma").await, clinic.case_with("rituximab").await);
    let act = Act::on(ActorId::MACHINE, a, 3, vec![MergedInto { case: b }.into()]).and_on(
        b,
        3,
        vec![MergedFrom { case: a }.into()],
    );
    let done = clinic.ledger.append(act).await.unwrap();
    assert_eq!(done.cases, [(a, 4), (b, 4)]);
    assert_eq!(clinic.ledger.case_row(a).await.unwrap().unwrap().state, CaseState::Merged);
    let hits = clinic.ledger.search("lymphoma", 9).await.unwrap().hits;
    assert_eq!((hits[0].case, hits[0].seen_in), (a, b));
    let shown = clinic.ledger.list(&ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
    assert_eq!(shown.iter().map(|row| row.case).collect::<Vec<_>>(), [b]);

    let act = Act::on(ActorId::MACHINE, a, 4, vec![Unmerged { case: b }.into()]).and_on(
        b,
        4,
        vec![Unmerged { case: a }.into()],
    );
    clinic.ledger.append(act).await.unwrap();
    assert_eq!(clinic.ledger.case(a).await.unwrap().merged_into, None);
    assert!(clinic.ledger.case(b).await.unwrap().merged_from.is_empty());
    assert_eq!(clinic.ledger.search("lymphoma", 9).await.unwrap().hits[0].seen_in, a);
}

pub(super) async fn what_a_person_said_of_a_fact_outlives_a_new_extraction(clinic: Clinic) {
    let (case, document) = (clinic.case_id(), clinic.blob());
    let first = facts(document, clinic.blob(), vec![index("a", 1.0), index("b", 2.0), index("c", 3.0)]);
    clinic.append(case, 0, vec![opened(), received(document), first]).await;
    let corrected = FactCorrected {
        fact: FactRef("b".into()),
        index: index("b", 20.0),
        content: json!({"value": 20}),
        reason: Some("misread".to_owned()),
    };
    let judged = vec![
        FactConfirmed { fact: FactRef("a".into()) }.into(),
        corrected.into(),
        FactAdded { index: index("d", 4.0), content: json!({}) }.into(),
    ];
    clinic.append(case, 3, judged).await;
    let second = facts(document, clinic.blob(), vec![index("b", 2.5), index("e", 5.0)]);
    clinic.append(case, 6, vec![second]).await;

    let file = clinic.ledger.case(case).await.unwrap();
    let seen: Vec<_> =
        file.facts.iter().map(|(fact, held)| (&*fact.0, held.status, held.index.number.unwrap())).collect();
    assert_eq!(
        seen,
        [
            ("a", FactStatus::Confirmed, 1.0),
            ("b", FactStatus::Corrected, 20.0),
            ("d", FactStatus::Added, 4.0),
            ("e", FactStatus::Read, 5.0),
        ]
    );
    assert!(clinic.verify().await.is_clean());
}

pub(super) async fn words_of_papers_notes_and_names_are_found(clinic: Clinic) {
    let chinese = clinic.case_with("病理诊断：弥漫大B细胞淋巴瘤，CD20 阳性").await;
    let english = clinic.case_with("Diffuse large B-cell lymphoma, CD20 positive, lymphoma stage IV").await;
    clinic.append(chinese, 3, vec![identified("王小明"), noted("referred by Dr. Müller")]).await;
    let found = async |query: &str| -> Vec<_> {
        let found = clinic.ledger.search(query, 9).await.unwrap();
        assert!(found.complete);
        found.hits.into_iter().map(|hit| hit.case).collect()
    };
    assert_eq!(found("淋巴瘤").await, [chinese]);
    assert_eq!(found("淋巴").await, [chinese]);
    assert_eq!(found("LYMPHOMA").await, [english]);
    assert_eq!(found("cd20").await, [english, chinese]);
    assert_eq!(found("cd20 lymphoma stage").await, [english]);
    assert_eq!(found("白血病").await, []);
    assert_eq!(found("muller 小明").await, [chinese]);
    assert_eq!(found("").await, []);
    let hit = &clinic.ledger.search("lymphoma cd20", 9).await.unwrap().hits[0];
    assert_eq!((hit.times, hit.documents.len()), (3, 1));
}

pub(super) async fn a_person_is_found_by_what_is_known(clinic: Clinic) {
    let case = clinic.case_id();
    let person = Person {
        names: vec!["Wang Xiaoming".to_owned(), "王小明".to_owned()],
        numbers: vec!["MRN 00-123".to_owned()],
        phones: vec!["+86 138 0013 8000".to_owned()],
        ..Person::default()
    };
    clinic.append(case, 0, vec![opened(), Identified { person }.into()]).await;
    for (what, text) in
        [("name", "wang xiao-ming"), ("name", "王 小明"), ("number", "mrn00123"), ("phone", "8613800138000")]
    {
        assert_eq!(clinic.ledger.find_person(what, text).await.unwrap(), [case], "{what} {text}");
    }
    assert_eq!(clinic.ledger.find_person("number", "王小明").await.unwrap(), []);
    let person = Person { names: vec!["Li Na".to_owned()], ..Person::default() };
    clinic.append(case, 2, vec![Identified { person }.into()]).await;
    assert_eq!(clinic.ledger.find_person("name", "王小明").await.unwrap(), []);
    assert_eq!(clinic.ledger.find_person("name", "li na").await.unwrap(), [case]);
}

pub(super) async fn lists_go_page_by_page(clinic: Clinic) {
    let owner = clinic.actor();
    let mut made = Vec::new();
    for number in 0..10 {
        let case = clinic.case_id();
        let body = Opened { channel: "mail".to_owned(), owner: (number % 2 == 0).then_some(owner) };
        clinic.append(case, 0, vec![body.into()]).await;
        made.push(case);
    }
    made.reverse();
    let mut query = ListQuery { limit: 3, ..ListQuery::default() };
    let mut seen = Vec::new();
    loop {
        let page = clinic.ledger.list(&query).await.unwrap();
        let Some(last) = page.last() else { break };
        query.after = Some((last.changed_at, last.case));
        seen.extend(page.into_iter().map(|row| row.case));
    }
    assert_eq!(seen, made);
    let query =
        ListQuery { owner: Some(owner), state: Some(CaseState::Opened), limit: 9, ..ListQuery::default() };
    assert_eq!(clinic.ledger.list(&query).await.unwrap().len(), 5);
    assert_eq!(
        clinic.ledger.case_counts().await.unwrap(),
        [CaseCount { state: CaseState::Opened, cases: 10, unanswered: 10 }]
    );
    assert_eq!(clinic.ledger.case_ids(None, 99).await.unwrap().len(), 10);
}

pub(super) async fn a_rebuild_makes_the_same_rows(clinic: Clinic) {
    let a = clinic.case_with("one two 淋巴瘤").await;
    let b = clinic.case_with("three").await;
    let document = clinic.blob();
    let more = vec![
        received(document),
        facts(document, clinic.blob(), vec![index("x", 1.5)]),
        identified("王小明"),
        undone(3),
        Infused { on: "2026-11-01".to_owned(), product: "axi-cel".to_owned(), content: json!(null) }.into(),
    ];
    clinic.append(a, 3, more).await;
    clinic.append(b, 3, vec![ErasureOrdered { reason: "asked".to_owned() }.into()]).await;
    clinic.ledger.erase(ActorId::MACHINE, b, None).await.unwrap();
    let before = clinic.ledger.dump_projections().await.unwrap();
    assert!(before.len() > 8);
    assert_eq!(clinic.ledger.rebuild(|_| {}).await.unwrap(), 2);
    assert_eq!(clinic.ledger.dump_projections().await.unwrap(), before);
}

pub(super) async fn wrong_projections_are_told_and_mended(clinic: Clinic) {
    let case = clinic.case_with("one two three").await;
    clinic.append(case, 3, vec![read(clinic.blob(), clinic.reading("x"))]).await;
    let before = clinic.ledger.dump_projections().await.unwrap();
    for (sql, told) in [
        ("UPDATE case_row SET documents = 7", "case_row"),
        ("DELETE FROM search_token WHERE times = 1", "search_token"),
        ("UPDATE document_row SET state = 'received'", "document_row"),
    ] {
        clinic.steal(sql).await;
        let report = clinic.verify().await;
        assert_eq!(report.faults.len(), 1, "{sql}");
        assert!(report.faults[0].to_string().contains(told), "{}", report.faults[0]);
        clinic.ledger.rebuild(|_| {}).await.unwrap();
        assert_eq!(clinic.ledger.dump_projections().await.unwrap(), before);
    }
    let literal = if clinic.place.database.is_some() { "'\\xAA'" } else { "x'AA'" };
    clinic.steal(&format!("INSERT INTO course_row VALUES ({literal}, 1, 'x', '2026')")).await;
    let told = clinic.verify().await.faults;
    assert!(told.len() == 1 && told[0].to_string().contains("of no case"), "{told:?}");
    clinic.ledger.rebuild(|_| {}).await.unwrap();
    assert_eq!(clinic.ledger.dump_projections().await.unwrap(), before);
    assert!(clinic.verify().await.is_clean());
}

/// A question that still waits for its channel has asked nobody: the case must not look as if the patient were waited for.
pub(crate) async fn only_what_was_sent_asks_and_answers(clinic: Clinic) {
    let case = clinic.case_id();
    clinic.append(case, 0, vec![opened()]).await;
    let asks = |message: &str, asks: &[&str]| MessageQueued {
        message: message.to_owned(),
        channel: "mail".to_owned(),
        to: "a@b.example".to_owned(),
        text: "please".to_owned(),
        asks: asks.iter().map(|ask| (*ask).to_owned()).collect(),
    };
    let sent = |message: &str| MessageSent { message: message.to_owned(), receipt: None };
    let row = async || clinic.ledger.case_row(case).await.unwrap().unwrap();
    clinic.append(case, 1, vec![asks("a", &["pathology"]).into()]).await;
    let waiting = row().await;
    assert_eq!((waiting.state, waiting.contact_at, waiting.asked_at), (CaseState::Opened, None, None));
    clinic.append(case, 2, vec![sent("a").into()]).await;
    let asked = row().await;
    assert_eq!(asked.state, CaseState::Asked);
    assert!(asked.contact_at.is_some() && asked.asked_at == asked.contact_at);
    let decided =
        Decided { decision: "wait".to_owned(), set: None, reason: "r".to_owned(), evaluation: None };
    clinic.append(case, 3, vec![decided.into(), asks("b", &[]).into()]).await;
    assert_eq!(row().await.state, CaseState::Decided);
    clinic.append(case, 5, vec![sent("b").into()]).await;
    assert_eq!(row().await.state, CaseState::Answered);
    assert_eq!(row().await.asked_at, None);
}

/// A second person presses `right` on what a first corrected: the correction stands, also after it was rejected between.
pub(crate) async fn a_correction_that_another_confirms_stays(clinic: Clinic) {
    let case = clinic.case_id();
    let (document, read) = (clinic.blob(), index("a", 45.0));
    let fact = read.fact.clone();
    let content = serde_json::json!({ "value": 54 });
    let right = index("a", 54.0);
    let corrected =
        FactCorrected { fact: fact.clone(), index: right, content: content.clone(), reason: None };
    let extracted = facts(document, clinic.blob(), vec![read]);
    let confirmed = || Body::from(FactConfirmed { fact: fact.clone() });
    let rejected = FactRejected { fact: fact.clone(), reason: None };
    clinic
        .append(case, 0, vec![opened(), received(document), extracted, corrected.into(), confirmed()])
        .await;
    let held = |file: &CaseFile| (file.facts[&fact].status, file.facts[&fact].content.clone());
    let file = clinic.ledger.case(case).await.unwrap();
    assert_eq!(held(&file), (FactStatus::Corrected, Some(content.clone())));
    clinic.append(case, 5, vec![rejected.into(), confirmed()]).await;
    let file = clinic.ledger.case(case).await.unwrap();
    assert_eq!(held(&file), (FactStatus::Corrected, Some(content)));
}
