//! The whole catalogue loads, and every indication and study that was found has its set.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::{CriteriaLibrary, CriteriaSet, Criterion, need::Need};
use cartulary_model::{
    SetId,
    evaluation::{Role, SetKind},
};
use std::{collections::BTreeMap, sync::LazyLock};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().expect("the catalogue loads"));
static LIBRARY: LazyLock<CriteriaLibrary> =
    LazyLock::new(|| CriteriaLibrary::load(&CATALOGUE).unwrap_or_else(|error| panic!("{error}")));

fn set(id: &str) -> &'static CriteriaSet {
    LIBRARY.get(&SetId::from(id)).unwrap_or_else(|| panic!("{id} has no set"))
}

/// The rows of `studies.csv`: set, kind, rows, found, not_found, note. None of the first five holds a comma.
fn studies() -> Vec<BTreeMap<&'static str, &'static str>> {
    let text = CATALOGUE.file("studies.csv").expect("studies.csv is there");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    lines.map(|line| head.iter().copied().zip(line.splitn(6, ',')).collect()).collect()
}

fn word(kind: SetKind) -> &'static str {
    match kind {
        SetKind::Label => "label",
        SetKind::Trial => "trial",
        SetKind::Guideline => "guideline",
    }
}

#[test]
fn every_indication_has_its_set() {
    for product in CATALOGUE.products() {
        let set = set(product.indication.as_str());
        assert_eq!((set.kind, &set.product), (SetKind::Label, &product.product), "{}", set.id);
        assert_eq!(set.authority, product.regulator, "{}", set.id);
    }
    let labels = LIBRARY.sets().filter(|set| set.kind == SetKind::Label).count();
    assert_eq!(labels, CATALOGUE.products().len(), "a label without a row in products.csv");
}

#[test]
fn every_study_of_which_something_was_found_has_its_set() {
    let mut expected = 0;
    for study in studies().iter().filter(|study| study["kind"] != "label") {
        let found: usize = study["found"].parse().expect("a number");
        let set = set(study["set"]);
        assert_eq!(word(set.kind), study["kind"], "{}", set.id);
        assert!(found > 0 && !set.criteria.is_empty(), "{}", set.id);
        expected += 1;
    }
    let others = LIBRARY.sets().filter(|set| set.kind != SetKind::Label).count();
    assert_eq!(others, expected, "a study without a row in studies.csv");
}

#[test]
fn an_indication_that_is_not_approved_is_never_possible() {
    for product in CATALOGUE.products().iter().filter(|of| of.indication.as_str().ends_with("_pending")) {
        let waits = |criterion: &&Criterion| criterion.id.as_str() == "approval";
        let approval = set(product.indication.as_str()).criteria.iter().find(waits);
        assert!(approval.is_some_and(|of| of.decides()), "{} must wait for a physician", product.indication);
    }
}

#[test]
fn every_criterion_is_told_in_two_languages_with_its_source() {
    for set in LIBRARY.sets() {
        assert_eq!(set.sha256.len(), 64, "{}", set.id);
        for criterion in &set.criteria {
            let at = format!("{} {}", set.id, criterion.id);
            assert!(!criterion.source.is_empty(), "{at} has no source");
            assert!(!criterion.text.en.is_empty(), "{at} has no English");
            let chinese = criterion.text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(
                chinese || criterion.text.zh.starts_with("ECOG"),
                "{at} has no Chinese: {}",
                criterion.text.zh
            );
        }
    }
}

/// Organ function, blood counts and scores stand in protocols: a number failed there speaks against no product.
#[test]
fn no_label_decides_by_a_laboratory_value() {
    for set in LIBRARY.sets().filter(|set| set.kind == SetKind::Label) {
        for criterion in set.criteria.iter().filter(|of| of.role != Role::Warning) {
            assert!(!asks_for_a_value(&criterion.need), "{} {}", set.id, criterion.id);
        }
    }
}

fn asks_for_a_value(need: &Need) -> bool {
    match need {
        Need::Lab(_) | Need::Uln(_) | Need::CreatinineClearance(_) | Need::Score(_) => true,
        Need::All(needs) | Need::Any(needs) | Need::AtLeast(_, needs) => needs.iter().any(asks_for_a_value),
        Need::Not(need) => asks_for_a_value(need),
        _ => false,
    }
}

/// A question in words names its analyte, drug or period: no part of it is empty.
#[test]
fn every_question_is_told_in_words() {
    for set in LIBRARY.sets() {
        for criterion in &set.criteria {
            let words = LIBRARY.question(&CATALOGUE, criterion);
            let at = format!("{} {}: {words:?}", set.id, criterion.id);
            for text in [&words.en, &words.zh] {
                assert!(text.chars().count() >= 4 && !text.contains('{'), "{at}");
            }
            for hole in ["  ", "()", "（）", " ;", "；；", " ,", ": ;", "or  or", " )"] {
                assert!(!words.en.contains(hole) && !words.zh.contains(hole), "{at}");
            }
            assert!(!words.en.ends_with([' ', ':', ',']), "{at}");
        }
    }
}
