//! A mistake in a criteria document is reported with its place and with what was expected.

use cartulary_catalogue::{Catalogue, Files};
use cartulary_criteria::{CriteriaError, CriteriaLibrary};
use std::collections::BTreeMap;

const GOOD: &str = r#"id = "test"
kind = "label"
product = "axi_cel"
authority = "FDA"
version = "1"
title = { en = "Test", zh = "测试" }
sources = ["none"]

[[criterion]]
id = "one"
role = "inclusion"
text = { en = "One", zh = "一" }
need = { lab = "lab.plt", at_least = "50 10*9/L" }
verification = "V"
"#;

fn problems(toml: &str) -> String {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue loads");
    match CriteriaLibrary::parse_one(&catalogue, "test.toml", toml) {
        Ok(_) => "no problem".to_owned(),
        Err(error) => shown(&error),
    }
}

fn shown(error: &CriteriaError) -> String {
    error.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The good document with one text put in place of another.
fn with(old: &str, new: &str) -> String {
    assert!(GOOD.contains(old), "{old}");
    problems(&GOOD.replacen(old, new, 1))
}

#[test]
fn the_good_document_is_good() {
    assert_eq!(problems(GOOD), "no problem");
}

#[test]
fn a_misspelt_key_names_the_known_ones() {
    let problem = with("at_least =", "at_leest =");
    assert!(problem.contains("test.toml:13:8: a bound is missing; expected at_least"), "{problem}");
    assert!(
        problem.contains("test.toml:13:27: unknown key `at_leest`; expected one of lab, at_least"),
        "{problem}"
    );
    let problem = with("sources =", "source =");
    assert!(problem.contains("test.toml:7:1: unknown key `source`; expected one of id, kind"), "{problem}");
}

#[test]
fn an_unknown_concept_is_named() {
    let problem = with("lab.plt", "lab.platelets");
    assert!(
        problem.starts_with("test.toml:13:16: `lab.platelets` is no concept of the catalogue"),
        "{problem}"
    );
    let problem = with(r#"lab = "lab.plt", at_least = "50 10*9/L""#, r#"histology = ["DLBCL"]"#);
    assert!(problem.contains("`DLBCL` is no histology; expected a hist.* concept"), "{problem}");
    assert!(problem.contains("DLBCL_NOS"), "{problem}");
    let problem = with(r#"lab = "lab.plt", at_least = "50 10*9/L""#, r#"exposure = "anti-cd91""#);
    assert!(
        problem.contains("`anti-cd91` is no set of drugs; expected a drug.* concept or one of alkylator"),
        "{problem}"
    );
}

#[test]
fn an_impossible_unit_names_the_possible_ones() {
    let problem = with("50 10*9/L", "50 mg/dL");
    assert_eq!(
        problem.lines().next().unwrap(),
        "test.toml:13:38: `mg/dL` is no unit of lab.plt; expected 10*9/L or /mm3 or /uL or 10*3/mm3 or 10*3/uL or 10*4/mm3 or 10*4/uL or 10*5/uL"
    );
}

#[test]
fn a_criterion_stands_once() {
    let second = GOOD.split_once("[[criterion]]").unwrap().1;
    let problem = problems(&format!("{GOOD}[[criterion]]{second}"));
    assert_eq!(problem, "test.toml:15:1: the criterion `one` stands twice");
}

#[test]
fn what_was_not_found_is_not_written() {
    let problem = with(r#"verification = "V""#, r#"verification = "N""#);
    assert!(
        problem.starts_with("test.toml:14:16: verification N means that the source was not found"),
        "{problem}"
    );
    let problem = with(r#"verification = "V""#, r#"verification = "X""#);
    assert!(problem.contains("`X` does not fit; expected V or P or L or M"), "{problem}");
}

#[test]
fn every_problem_is_reported_at_once() {
    let text = GOOD.replacen("FDA", "FDA\"\nextra = \"x", 1).replacen("inclusion", "included", 1);
    let problem = problems(&text);
    assert!(problem.contains("test.toml:5:1: unknown key `extra`"), "{problem}");
    assert!(
        problem.contains("test.toml:12:8: `included` does not fit; expected inclusion or exclusion"),
        "{problem}"
    );
}

#[test]
fn a_broken_text_says_where_it_breaks() {
    assert!(
        problems("id = \"test\nkind = 1").starts_with("test.toml:1:"),
        "{}",
        problems("id = \"test\nkind = 1")
    );
    assert!(problems("").contains("`id` is missing"));
}

#[test]
fn a_question_that_is_none_lists_the_questions() {
    let problem = with(r#"lab = "lab.plt", at_least = "50 10*9/L""#, r#"platelets = 50"#);
    assert!(
        problem.starts_with("test.toml:13:8: no question; expected one of histology, prior_lines"),
        "{problem}"
    );
    let problem = with(r#"lab = "lab.plt", at_least = "50 10*9/L""#, r#"all = []"#);
    assert!(problem.contains("`all` of nothing"), "{problem}");
    let problem =
        with(r#"lab = "lab.plt", at_least = "50 10*9/L""#, r#"washout = "steroid", at_least = "7 days""#);
    assert!(problem.contains("`7 days` is no period; expected a number and d, wk, mo or a"), "{problem}");
}

/// Loads the embedded catalogue with some files put over it.
fn overlaid(files: &[(&str, &str)]) -> String {
    let overlay: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let catalogue =
        Catalogue::load(Files::embedded().overlaid(overlay)).expect("the overlay is one of texts");
    match CriteriaLibrary::load(&catalogue) {
        Ok(_) => "no problem".to_owned(),
        Err(error) => shown(&error),
    }
}

#[test]
fn sets_do_not_go_in_a_circle() {
    let catalogue = Catalogue::embedded().unwrap();
    let sets = catalogue.file("sets.toml").unwrap();
    let circle = sets.replacen(
        "[drugs.anti-cd20]",
        "[drugs.a]\nname = { en = \"a\", zh = \"a\" }\nwith = [\"b\"]\n\n[drugs.b]\nname = { en = \"b\", zh = \"b\" }\nwith = [\"a\"]\n\n[drugs.anti-cd20]",
        1,
    );
    let line = circle.lines().position(|line| line == "with = [\"a\"]").unwrap() + 1;
    let problem = overlaid(&[("sets.toml", &circle)]);
    assert!(
        problem.contains(&format!("sets.toml:{line}:9: the sets go in a circle: a -> b -> a")),
        "{problem}"
    );
}

#[test]
fn a_set_stands_once_and_in_its_own_file() {
    let problem = overlaid(&[("criteria/other.toml", GOOD)]);
    assert_eq!(
        problem,
        "criteria/other.toml:1:1: the set `test` stands in another file; expected criteria/test.toml"
    );
    let problem = overlaid(&[("criteria/zuma.toml", &GOOD.replacen("\"test\"", "\"ZUMA-1\"", 1))]);
    assert!(problem.contains("the id `ZUMA-1` stands twice"), "{problem}");
}

#[test]
fn a_sentence_with_other_places_is_reported() {
    let catalogue = Catalogue::embedded().unwrap();
    let sentences = catalogue.file("messages/criteria.csv").unwrap();
    let broken = sentences.replace(
        "{months} months as a paper states,资料写明{months}",
        "{month} months as a paper states,资料写明{month}",
    );
    let problem = overlaid(&[("messages/criteria.csv", &broken)]);
    assert!(problem.contains("messages/criteria.csv:"), "{problem}");
    assert!(
        problem.contains("`why.months_stated` has the place `month`; expected one of months"),
        "{problem}"
    );
}

const LAB: &str = r#"lab = "lab.plt", at_least = "50 10*9/L""#;

#[test]
fn a_bound_is_a_number_and_a_unit() {
    let problem = with(r#""50 10*9/L""#, "50");
    assert!(problem.contains("expected a text"), "{problem}");
    let problem = with("50 10", "fifty 10");
    assert!(problem.contains("`fifty 10*9/L` is no quantity; expected a number and a unit"), "{problem}");
    let problem = with("lab.plt", "lab.tp_ab");
    assert!(problem.contains("lab.tp_ab is not measured in any unit"), "{problem}");
    let problem = with(LAB, r#"uln = "lab.alt""#);
    assert!(problem.contains("a bound is missing; expected at_most or above"), "{problem}");
}

#[test]
fn a_part_of_a_question_that_does_not_fit_says_what_would() {
    for (need, expected) in [
        (r#"at_least = 3, of = [{ sex = "female" }]"#, "expected at_least = 1 to 1 beside `of`"),
        (r#"of = [{ sex = "female" }]"#, "expected at_least = 1 to 1 beside `of`"),
        (r#"sex = "woman""#, "`woman` does not fit; expected female or male"),
        (r#"lab = "lab.ldh", at_most = "250 U/L""#, "sets.toml does not say how to ask for `lab.ldh`"),
        (r#"measurable = false"#, "expected true; for the opposite write `not`"),
        (r#"last_response = ["NR"]"#, "`NR` is no response; expected PD, SD, PR or CR"),
        (r#"prior_lines = {}"#, "expected at_least, at_most or including"),
        (r#"judge = { en = "It is so.", zh = "是否如此？" }"#, "expected a question in both languages"),
        (r#"judge = { en = "Is it so?", zh = "如此。" }"#, "expected a question in both languages"),
    ] {
        let problem = with(LAB, need);
        assert!(problem.starts_with("test.toml:13:") && problem.contains(expected), "{need}: {problem}");
    }
}

#[test]
fn what_the_code_asks_for_is_in_the_sets() {
    let catalogue = Catalogue::embedded().unwrap();
    let sets = catalogue.file("sets.toml").unwrap();
    let problem = overlaid(&[(
        "sets.toml",
        &sets.replacen("[ask.fl_grade]\ndocument = \"sec.doc_pathology\"\n", "", 1),
    )]);
    assert!(problem.contains("sets.toml:1:1: [ask.fl_grade] is missing; the code asks for it"), "{problem}");
    let problem = overlaid(&[
        ("sets.toml", &sets.replacen("\"kps\", ", "", 1)),
        ("criteria/test.toml", &GOOD.replacen(LAB, "score = \"kps\", at_least = 60", 1)),
    ]);
    assert!(problem.contains("sets.toml does not say how to ask for the score `kps`"), "{problem}");
}
