//! One file cannot fill the memory: a text of ever more facts is read so far and says so.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{
    Engine, MOST_FACTS,
    exchange::{self, Record},
};
use std::sync::Arc;

#[test]
fn a_text_of_too_many_facts_is_cut_and_says_so() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let text = "HBsAg阴性。CD20阳性。".repeat(MOST_FACTS);
    let record: Record =
        serde_json::from_value(serde_json::json!({ "id": "long", "text": text })).expect("a record");
    let answer = exchange::extract(&engine, &record);
    assert!(answer.facts.len() >= MOST_FACTS, "only {} facts", answer.facts.len());
    assert!(answer.facts.len() < MOST_FACTS + 5_000, "{} facts", answer.facts.len());
    assert!(answer.unread.iter().any(|of| of.contains(&MOST_FACTS.to_string())), "{:?}", answer.unread);
}
