//! Any text, as each kind of paper: no panic, and every quote stands at its span.
#![no_main]

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{
    Engine,
    exchange::{self, Record},
};
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, LazyLock};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads"))));

const KINDS: [Option<&str>; 8] = [
    None,
    Some("pathology"),
    Some("genetics"),
    Some("imaging"),
    Some("lab"),
    Some("discharge"),
    Some("letter"),
    Some("message"),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let record = Record {
        id: "fuzz".into(),
        text: String::from_utf8_lossy(rest).into_owned(),
        doc_type: KINDS[usize::from(first % 8)].map(str::to_owned),
        section: None,
        doc_date: (first & 8 != 0).then(|| "2024-05-06".parse().expect("a date")),
    };
    let chars: Vec<char> = record.text.chars().collect();
    for fact in exchange::extract(&ENGINE, &record).facts {
        let quoted: String = chars[fact.span.0 as usize..fact.span.1 as usize].iter().collect();
        assert_eq!(quoted, fact.quote);
        assert!(!quoted.is_empty());
    }
});
