//! The embedded catalogue is whole, and a wrong one is refused with file and line.

use crate::{Catalogue, Files};
use cartulary_model::{ConceptId, Quantity};
use std::collections::BTreeMap;

fn overlaid(path: &str, edit: impl Fn(&str) -> String) -> Result<Catalogue, String> {
    let original = Files::embedded().get(path).unwrap_or_default().to_owned();
    let overlay = BTreeMap::from([(path.to_owned(), edit(&original))]);
    Catalogue::load(Files::embedded().overlaid(overlay)).map_err(|error| error.to_string())
}

#[test]
fn the_embedded_catalogue_has_all_its_terms() {
    let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
    let count = |kind: &str| catalogue.concepts().filter(|concept| concept.id.is(kind)).count();
    // The figures of the lexicon the catalogue was made from: 739 rows with the 38 units.
    let lexicon =
        [("hist", 151), ("drug", 148), ("reg", 97), ("lab", 80), ("bio", 71), ("find", 101), ("sec", 53)];
    for (kind, rows) in lexicon {
        assert!(count(kind) >= rows, "{kind}: {} of {rows}", count(kind));
    }
    assert_eq!(catalogue.products().len(), 48);
}

#[test]
fn a_misspelt_column_is_refused_with_file_and_line() {
    let error = overlaid("terms/drug.csv", |text| text.replacen("classes", "clases", 1)).unwrap_err();
    assert!(error.contains("terms/drug.csv:2") && error.contains("clases"), "{error}");
}

#[test]
fn a_regimen_of_an_unknown_drug_is_refused() {
    let error = overlaid("terms/regimen.csv", |text| text.replacen("drug.rituximab", "drug.rituximap", 1))
        .unwrap_err();
    assert!(error.contains("drug.rituximap") && error.contains("regimen.csv:"), "{error}");
}

#[test]
fn a_file_with_a_misspelt_name_is_not_silently_without_effect() {
    let error = overlaid("terms/drugs.csv", |_| "id\n".to_owned()).unwrap_err();
    assert!(error.contains("no such file"), "{error}");
}

#[test]
fn a_table_that_is_compiled_in_cannot_be_replaced() {
    let error = overlaid("vocabulary/therapy.csv", |_| "list,word,note\n".to_owned()).unwrap_err();
    assert!(error.contains("no such file"), "{error}");
}

#[test]
fn units_convert_by_analyte() {
    let catalogue = Catalogue::embedded().unwrap();
    let canonical = |analyte: &str, value: f64, unit: &str| {
        catalogue.canonical(&ConceptId::from(analyte), &Quantity::new(value, unit)).map(|of| of.value)
    };
    assert_eq!(canonical("lab.creat", 1.5, "mg/dL"), Some(132.6));
    assert_eq!(canonical("lab.alb", 2.9, "g/dL"), Some(29.0));
    assert_eq!(canonical("lab.plt", 15.0, "10*4/uL"), Some(150.0));
    assert_eq!(canonical("lab.anc", 1000.0, "/uL"), Some(1.0));
    assert_eq!(canonical("lab.hb", 80.0, "mg/dL"), None);
}

#[test]
fn a_class_stands_for_its_kinds() {
    let catalogue = Catalogue::embedded().unwrap();
    let of = |drug: &str, class: &str| catalogue.is_of_class(&ConceptId::from(drug), class);
    assert!(of("drug.ibrutinib", "BTKi") && of("drug.pirtobrutinib", "BTKi"));
    assert!(of("drug.liposomal_doxorubicin", "anthracycline"));
    assert!(!of("drug.mitoxantrone", "anthracycline"));
    assert!(!of("drug.inotuzumab", "anti-CD20"));
}

/// The catalogue with files of a language over it.
fn with_replies(files: &[(&str, &str)]) -> Result<Catalogue, String> {
    let overlay = files.iter().map(|(path, text)| (format!("messages/replies/{path}"), (*text).to_owned()));
    Catalogue::load(Files::embedded().overlaid(overlay.collect())).map_err(|error| error.to_string())
}

#[test]
fn a_template_that_says_a_wrong_place_or_nothing_is_refused_with_file_and_line() {
    for (path, text, said) in [
        ("en/call_us.txt", "# Call us\n\nCall\n{fone}\n", "replies/en/call_us.txt:4: `{fone}` is no place"),
        ("en/call_us.txt", "# Call us\n\nCall {phone\n", "replies/en/call_us.txt:3: `{}` is no place"),
        ("en/close.txt", "Kind regards\n", "close.txt:1: expected `# `"),
        ("zh/ask.txt", "# 请补充\n\n请补充资料\n", "zh/ask.txt:1: `{papers}` is missing"),
        ("en/visit.txt", "# Visit\n\nPlease come.\n", "replies/zh/visit.txt:1: is missing"),
        ("zh/language.csv", "name,written\n中文,up\n", "zh/language.csv:2: expected"),
    ] {
        let error = with_replies(&[(path, text)]).unwrap_err();
        assert!(error.contains(said), "{path}: {error}");
    }
}

#[test]
fn a_template_is_a_file_and_a_language_is_a_folder() {
    let visit =
        [("en/visit.txt", "# Visit\n\nCome to {place}.\n"), ("zh/visit.txt", "# 就诊\n\n请到{place}。\n")];
    let catalogue = with_replies(&visit).unwrap();
    let zh = catalogue.replies().language("zh-CN").unwrap();
    assert!(zh.offered().any(|id| id == "visit") && !zh.offered().any(|id| id == "ask"));
    assert_eq!(zh.fill("visit", &[("place", "{name}")]), "请到{name}。");
    // A language that is not whole names every file and paper that it lacks.
    let error = with_replies(&[("de/language.csv", "name,written\nDeutsch,ltr\n")]).unwrap_err();
    assert!(error.contains("de/greeting.txt:1") && error.contains("de/papers.csv"), "{error}");
    let files = Files::embedded();
    let english = files
        .in_folder("messages/replies/en/")
        .map(|(path, text)| (path.replace("/en/", "/de/"), text.to_owned()));
    let asked =
        files.get("messages/ask.csv").unwrap().lines().skip(1).filter_map(|line| line.split_once(','));
    let papers = asked.fold("key,text\n".to_owned(), |all, (key, _)| format!("{all}{key},Befund {key}\n"));
    let overlay = english.chain([("messages/replies/de/papers.csv".to_owned(), papers)]).collect();
    let catalogue = Catalogue::load(Files::embedded().overlaid(overlay)).unwrap();
    let german = catalogue.replies().language("de").unwrap();
    assert_eq!(
        (catalogue.replies().languages().len(), german.paper("recent_pet")),
        (3, Some("Befund recent_pet"))
    );
}
