//! What is written, without any engine: shapes, marks, and nothing of who the person is.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_criteria_export::{
    bundle::bundle,
    cql::CqlExporter,
    resources::{evidence_variable, library},
};
use cartulary_model::{
    FactId, PatientRecord, SetId,
    evaluation::Role,
    record::{Patient, Sourced},
};

fn world() -> (Catalogue, CriteriaLibrary) {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue loads");
    let library = CriteriaLibrary::load(&catalogue).expect("the criteria load");
    (catalogue, library)
}

#[test]
fn every_criterion_is_asked_and_answered_by_a_definition() {
    let (catalogue, sets) = world();
    let exporter = CqlExporter::new(&catalogue, &sets);
    for set in sets.sets() {
        let cql = exporter.export(set);
        for criterion in &set.criteria {
            let id = &criterion.id;
            let (_, from_asked) = cql
                .split_once(&format!("define \"Asked: {id}\":\n"))
                .unwrap_or_else(|| panic!("{} {id}", set.id));
            let (_, answer) = from_asked
                .split_once(&format!("define \"{id}\":\n"))
                .unwrap_or_else(|| panic!("{} {id}", set.id));
            let line = answer.lines().next().unwrap_or_default().trim();
            let expected = match (criterion.verification.decides(), criterion.role) {
                (false, _) => "(null as System.Boolean)".to_owned(),
                (true, Role::Inclusion) => format!("\"Asked: {id}\""),
                (true, Role::Exclusion | Role::Warning) => format!("not \"Asked: {id}\""),
            };
            assert!(line.starts_with(&expected), "{} {id}: {line}", set.id);
        }
    }
}

#[test]
fn a_library_holds_the_cql_and_no_criterion_is_lost() {
    let (catalogue, sets) = world();
    let exporter = CqlExporter::new(&catalogue, &sets);
    for set in sets.sets() {
        let written = library(&exporter, set);
        let cql = STANDARD.decode(&written.content[0].data).expect("base64");
        assert_eq!(String::from_utf8(cql).expect("UTF-8"), exporter.export(set));
        let variable = evidence_variable(set);
        let marked = serde_json::to_string(&variable.characteristic).expect("JSON");
        let criteria = marked.matches("urn:cartulary:criterion").count();
        let warnings = variable.note.len() - usize::from(set.note.is_some());
        assert_eq!(criteria + warnings, set.criteria.len(), "{}", set.id);
    }
}

#[test]
fn alternatives_share_a_characteristic_and_exclusions_exclude() {
    let (_, sets) = world();
    let variable = evidence_variable(sets.get(&SetId::from("ZUMA-7")).expect("the set is there"));
    let expressions: Vec<(&str, bool)> = variable
        .characteristic
        .iter()
        .map(|of| (of.definition_expression.expression.as_str(), of.exclude))
        .collect();
    let alternatives = expressions.iter().filter(|(expression, _)| expression.contains(" or ")).count();
    assert_eq!(alternatives, 1, "{expressions:?}");
    assert!(expressions.iter().any(|(_, exclude)| *exclude));
    assert!(expressions.iter().all(|(expression, exclude)| expression.starts_with("not ") == *exclude));
}

#[test]
fn a_bundle_does_not_say_who_it_is() {
    let (catalogue, sets) = world();
    let sourced = |value: &str| Sourced { value: value.to_owned(), facts: vec![FactId(0)] };
    let patient = Patient {
        name: Some(sourced("Invented Person")),
        numbers: vec![sourced("A-4711")],
        sex: Some(sourced("female")),
        ..Patient::default()
    };
    let record = PatientRecord { patient, ..PatientRecord::default() };
    let json = serde_json::to_string(&bundle(&catalogue, &sets, &record, &[])).expect("JSON");
    assert_eq!(
        json,
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"patient","gender":"female"}}]}"#
    );
}
