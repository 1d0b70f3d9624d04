//! Two readings of one value: on one side of the bound they answer, on both sides they are unknown and both are shown.

use cartulary_catalogue::{Catalogue, Files};
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::{Answer, Finding, PatientRecord, SetId};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::LazyLock};

#[path = "support/case.rs"]
#[expect(dead_code, reason = "only the record's form is used here")]
mod case;

const SET: &str = r#"id = "T"
kind = "trial"
product = "axi_cel"
authority = "test"
version = "1"
title = { en = "Test", zh = "测试" }
sources = ["none"]

[[criterion]]
id = "plt"
role = "inclusion"
text = { en = "Platelets", zh = "血小板" }
need = { lab = "lab.plt", at_least = "50 10*9/L" }
verification = "V"

[[criterion]]
id = "low"
role = "exclusion"
text = { en = "Few platelets", zh = "血小板低" }
need = { lab = "lab.plt", below = "50 10*9/L" }
verification = "V"
"#;

static WORLD: LazyLock<(Catalogue, CriteriaLibrary)> = LazyLock::new(|| {
    let overlay = BTreeMap::from([("criteria/T.toml".to_owned(), SET.to_owned())]);
    let catalogue = Catalogue::load(Files::embedded().overlaid(overlay)).expect("the catalogue loads");
    let library = CriteriaLibrary::load(&catalogue).expect("the criteria load");
    (catalogue, library)
});

/// The findings for platelets of some days of June 2026.
fn platelets(values: &[(u32, u32)]) -> Vec<Finding> {
    let (catalogue, library) = &*WORLD;
    let rows: String = values
        .iter()
        .map(|(value, day)| {
            format!("{{ is = \"lab.plt\", value = \"{value} 10*9/L\", date = \"2026-06-{day:02}\" }},\n")
        })
        .collect();
    let case = format!("about = \"platelets\"\non = \"2026-07-01\"\n[record]\nlab = [\n{rows}]\n");
    let case: case::Case = toml::from_str(&case).expect("the record reads");
    let (record, facts): (PatientRecord, _) = case.record.build(catalogue);
    let on = jiff::civil::date(2026, 7, 1);
    let only = [SetId::from("T")];
    let assessment = library.evaluate(catalogue, &record, &facts, on, &only);
    assessment.evaluations.into_iter().next().expect("the set is there").findings
}

#[test]
fn the_reason_is_one_sentence_in_two_languages() {
    let findings = platelets(&[(48, 28)]);
    assert_eq!(findings[0].why.en, "Platelet count 48 ×10⁹/L on 2026-06-28, below 50 ×10⁹/L");
    assert_eq!(findings[0].why.zh, "血小板计数 48 ×10⁹/L（2026-06-28），低于50 ×10⁹/L");
    assert_eq!((findings[0].answer, findings[1].answer), (Answer::NotMet, Answer::NotMet));
}

proptest! {
    #[test]
    fn two_readings_of_one_day_answer_only_together(first in 1u32..100, second in 1u32..100) {
        let findings = platelets(&[(first, 20), (second, 20)]);
        let expected = match (first >= 50, second >= 50) {
            (true, true) => Answer::Met,
            (false, false) => Answer::NotMet,
            _ => Answer::Unknown,
        };
        for finding in &findings {
            prop_assert_eq!(finding.answer, expected);
            prop_assert_eq!(finding.evidence.len(), 2);
            for value in [first, second] {
                let shown = format!("{value} ×10⁹/L");
                prop_assert!(finding.why.en.contains(&shown) && finding.why.zh.contains(&shown), "{:?}", finding.why);
            }
            prop_assert_eq!(finding.missing.is_empty(), expected != Answer::Unknown);
            prop_assert!(finding.why.en.contains("50 ×10⁹/L") && finding.why.zh.contains("50 ×10⁹/L"));
        }
    }

    /// Only the newest day counts, in whatever order the papers came.
    #[test]
    fn the_order_of_the_papers_is_nothing(
        (values, shuffled) in prop::collection::vec((1u32..100, 5u32..28), 1..6)
            .prop_flat_map(|values| (Just(values.clone()), Just(values).prop_shuffle())),
    ) {
        let newest = values.iter().map(|(_, day)| *day).max().unwrap_or(0);
        let enough: Vec<bool> =
            values.iter().filter(|(_, day)| *day == newest).map(|(value, _)| *value >= 50).collect();
        let expected = match (enough.contains(&true), enough.contains(&false)) {
            (true, false) => Answer::Met,
            (false, true) => Answer::NotMet,
            _ => Answer::Unknown,
        };
        let answers = |values: &[(u32, u32)]| -> Vec<Answer> {
            platelets(values).iter().map(|finding| finding.answer).collect()
        };
        prop_assert_eq!(answers(&values), vec![expected; 2]);
        prop_assert_eq!(answers(&shuffled), vec![expected; 2]);
    }
}
