//! `cartulary criteria`: what a physician and an operator see of the sets, and what they are told of a mistake.

use crate::support::{cartulary, root};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Output};

fn criteria(arguments: &[&str]) -> Output {
    cartulary(&[&["criteria"], arguments].concat())
}

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", complained(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn parsed(output: &Output) -> Value {
    serde_json::from_str(&said(output)).expect("JSON")
}

/// A folder with the built-in `axi.fda.lbcl_3l`, one text in it put in place of another.
fn changed(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text =
        fs::read_to_string(root().join("catalogue/criteria/axi.fda.lbcl_3l.toml")).expect("the set is there");
    assert!(text.contains(old), "{old}");
    fs::write(folder.path().join("axi.fda.lbcl_3l.toml"), text.replacen(old, new, 1)).expect("written");
    folder
}

fn path_in(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_string_lossy().into_owned()
}

#[test]
fn the_list_counts_the_marks_of_every_set() {
    let words = said(&criteria(&["list"]));
    let rows = parsed(&criteria(&["list", "--json"]));
    let rows = rows.as_array().expect("a list");
    let of_kind = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).count();
    let files = fs::read_dir(root().join("catalogue/criteria")).expect("the folder is there").count();
    assert_eq!(rows.len(), files);
    let (guidelines, labels, trials) = (of_kind("guideline"), of_kind("label"), of_kind("trial"));
    let heads = format!("{files} sets ({guidelines} guidelines, {labels} labels, {trials} trials)");
    assert!(words.contains(&heads), "{words}");
    let marked: u64 = rows
        .iter()
        .flat_map(|row| row["marks"].as_object().expect("marks").values())
        .filter_map(Value::as_u64)
        .sum();
    let criteria: u64 = rows.iter().filter_map(|row| row["criteria"].as_u64()).sum();
    assert_eq!(marked, criteria);
    assert!(rows.iter().all(|row| row["sha256"].as_str().is_some_and(|hash| hash.len() == 64)));
}

#[test]
fn a_set_is_shown_with_question_source_and_mark_in_both_languages() {
    let words = said(&criteria(&["show", "ZUMA-1"]));
    for part in [
        "[V] plt (inclusion)",
        "asks     latest Platelet count at least 75 ×10⁹/L, not older than 30 days",
        "asks     最近一次血小板计数不低于75 ×10⁹/L，30天以内",
        "source   Blood Adv table",
        "[M] ecog (inclusion)",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
    let english = said(&criteria(&["show", "ZUMA-1", "--lang", "en"]));
    assert!(!english.contains("血小板"), "{english}");
    let unknown = criteria(&["show", "zuma"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(complained(&unknown).contains("near it: ZUMA-1, ZUMA-2"), "{}", complained(&unknown));
}

#[test]
fn every_set_can_be_shown() {
    let rows = parsed(&criteria(&["list", "--json"]));
    for row in rows.as_array().expect("a list") {
        let id = row["set"].as_str().expect("an id");
        let words = said(&criteria(&["show", id]));
        assert!(
            words.matches("asks     ").count() as u64 >= 2 * row["criteria"].as_u64().unwrap_or(0),
            "{words}"
        );
        assert!(!words.contains("asks     \n") && !words.contains('{'), "{words}");
    }
}

#[test]
fn a_folder_of_ones_own_is_checked_whole() {
    let folder = changed("version = \"", "version = \"2099-");
    let words = said(&criteria(&["check", &folder.path().to_string_lossy()]));
    assert!(words.contains("axi.fda.lbcl_3l (label) with"), "{words}");
    assert!(words.contains("is well formed"), "{words}");
}

#[test]
fn each_mistake_is_told_with_its_place() {
    let mistakes = [
        ("need =", "nead =", "unknown key `nead`; expected one of id, role, text, verification, need"),
        ("at_least = 2", "at_least = \"two\"", "expected a number, found a text"),
        ("anti-cd19", "anti-cd99", "`anti-cd99` is no set of drugs; expected a drug.* concept or one of"),
        ("verification = \"V\"", "verification = \"N\"", "the source was not found: leave the criterion out"),
        ("DLBCL_NOS", "DLBCL", "`DLBCL` is no histology; expected a hist.* concept"),
    ];
    for (old, new, expected) in mistakes {
        let folder = changed(old, new);
        let output = criteria(&["check", &folder.path().to_string_lossy()]);
        let words = complained(&output);
        assert_eq!(output.status.code(), Some(1), "{words}");
        let place = format!("{}:", path_in(&folder, "axi.fda.lbcl_3l.toml"));
        let line = words
            .lines()
            .find(|line| line.contains(expected))
            .unwrap_or_else(|| panic!("{expected}\n{words}"));
        let numbers = line.trim().strip_prefix(&place).unwrap_or_else(|| panic!("{place}\n{line}"));
        assert_eq!(numbers.split(':').take(2).filter_map(|of| of.parse::<u32>().ok()).count(), 2, "{line}");
    }
}

#[test]
fn an_impossible_unit_and_a_circle_of_sets_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let zuma = fs::read_to_string(root().join("catalogue/criteria/ZUMA-1.toml")).expect("the set is there");
    fs::write(folder.path().join("ZUMA-1.toml"), zuma.replacen("75 10*9/L", "75 mg/dL", 1)).expect("written");
    let sets = fs::read_to_string(root().join("catalogue/sets.toml")).expect("the sets are there");
    let circle = sets.replacen(
        "[drugs.anti-cd20]",
        "[drugs.a]\nname = { en = \"a\", zh = \"a\" }\nwith = [\"b\"]\n\n[drugs.b]\nname = { en = \"b\", zh = \"b\" }\nwith = [\"a\"]\n\n[drugs.anti-cd20]",
        1,
    );
    fs::write(folder.path().join("sets.toml"), circle).expect("written");
    let output = criteria(&["check", &folder.path().to_string_lossy()]);
    let words = complained(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("`mg/dL` is no unit of lab.plt; expected 10*9/L"), "{words}");
    assert!(
        words.contains("sets.toml:") && words.contains("the sets go in a circle: a -> b -> a"),
        "{words}"
    );
    assert!(words.contains(&path_in(&folder, "sets.toml")), "{words}");
}

#[test]
fn what_changed_between_two_documents_is_told() {
    let folder = changed("prior_lines = { at_least = 2 }", "prior_lines = { at_least = 1 }");
    let path = path_in(&folder, "axi.fda.lbcl_3l.toml");
    let words = said(&criteria(&["diff", "axi.fda.lbcl_3l", &path]));
    assert!(words.contains("axi.fda.lbcl_3l prior_lines: asks another question"), "{words}");
    assert!(
        words.contains("- lines of therapy at least 2") && words.contains("+ lines of therapy at least 1"),
        "{words}"
    );
    assert_eq!(said(&criteria(&["diff", "ZUMA-1", "ZUMA-1"])), "no criterion changed\n");
    let rows = parsed(&criteria(&["diff", "axi.fda.lbcl_3l", &path, "--json"]));
    assert_eq!(rows[0]["difference"], "question");
    let unlike = criteria(&["diff", "ZUMA-1", "x.json"]);
    assert!(complained(&unlike).contains("are of two kinds; expected two evaluations"));
}

fn evaluated(folder: &Path, name: &str, on: &str, more: &[&str]) -> String {
    let paper = folder.join("letter.txt");
    fs::write(&paper, "Diagnosis: mantle cell lymphoma (2024-01-10). CBC 2026-06-20: PLT 210 10^9/L.")
        .expect("written");
    let out = folder.join(name).to_string_lossy().into_owned();
    let paper = paper.to_string_lossy().into_owned();
    let output = cartulary(&[&["evaluate", &paper, "--on", on, "--json", &out], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    out
}

#[test]
fn what_changed_between_two_evaluations_is_told_with_its_cause() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let before = evaluated(folder.path(), "before.json", "2026-07-01", &[]);
    let after = evaluated(folder.path(), "after.json", "2027-07-01", &[]);
    assert_eq!(said(&criteria(&["diff", &before, &before])), "no verdict changed\n");
    let rows = parsed(&criteria(&["diff", &before, &after, "--json"]));
    let rows = rows.as_array().expect("a list");
    let platelets = rows.iter().find(|row| row["set"] == "EBMT-EHA-2021" || row["criterion"] == "plt");
    let platelets = platelets.unwrap_or_else(|| panic!("the platelets have grown old: {rows:?}"));
    assert_eq!(platelets["causes"], json!(["day"]), "{platelets}");
    let saved: Value = serde_json::from_str(&fs::read_to_string(&before).expect("written")).expect("JSON");
    assert_eq!(saved["record_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(saved["evaluations"][0]["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn a_dry_run_tells_who_becomes_possible() {
    let folder = changed("prior_lines = { at_least = 2 }", "prior_lines = { at_least = 1 }");
    let path = path_in(&folder, "axi.fda.lbcl_3l.toml");
    let line = |complete: bool| {
        json!({
            "number": 1, "regimen": "reg.r_chop", "label": "R-CHOP", "start": "2025-01-05", "end": "2025-05-20",
            "best_response": { "category": "PD", "date": "2025-06-01", "facts": [] }, "failed_on": "2025-06-01",
            "components": [], "continued_with": [], "cell_therapy": false, "facts": [],
            "cycles_given": if complete { json!(6) } else { Value::Null },
        })
    };
    let record = |id: &str, diagnosis: &str| {
        let mut record: Value =
            serde_json::to_value(cartulary_model::PatientRecord::default()).expect("JSON");
        record["patient"]["birth_date"] = json!({ "value": "1970-01-01", "facts": [] });
        record["completeness"]["treatment_history"] = json!([]);
        record["diagnoses"] = json!([{
            "concept": diagnosis, "date": "2024-12-20", "assertion": "present", "temporality": "current",
            "by_pathology": true, "facts": [],
        }]);
        record["lines"] = json!([line(true)]);
        json!({ "id": id, "record": record }).to_string()
    };
    let records = path_in(&folder, "records.jsonl");
    let lines = [record("a", "hist.dlbcl_nos"), String::new(), record("b", "hist.mcl")];
    fs::write(&records, lines.join("\n")).expect("written");
    let report = parsed(&criteria(&["dry-run", &path, &records, "--on", "2026-07-01", "--json"]));
    assert_eq!(report["records"], 2, "{report}");
    assert_eq!(report["changes"].as_array().map(Vec::len), Some(1), "{report}");
    assert_eq!(report["changes"][0]["record"], "a");
    assert_eq!(report["changes"][0]["before"], "not_met_as_written");
    assert_eq!(report["changes"][0]["after"], "possible");
    let words = said(&criteria(&["dry-run", &path, &records, "--on", "2026-07-01"]));
    assert!(words.contains("becomes possible (1):\n  a: not met as written -> possible"), "{words}");
    assert!(words.contains("prior_lines: not met -> met"), "{words}");
    fs::write(&records, "{}\n").expect("written");
    let broken = criteria(&["dry-run", &path, &records]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(complained(&broken).contains("line 1 of"), "{}", complained(&broken));
}

#[test]
fn the_schema_in_docs_is_fresh() {
    let printed = criteria(&["schema"]).stdout;
    let kept = fs::read(root().join("docs/criteria.schema.json")).unwrap_or_default();
    assert!(
        printed == kept,
        "docs/criteria.schema.json is stale: write it with `cartulary criteria schema > docs/criteria.schema.json`"
    );
}

#[test]
fn a_set_is_exported_as_cql_and_fhir() {
    let cql = said(&criteria(&["export", "ZUMA-1", "--to", "cql"]));
    for part in [
        "library \"ZUMA_1\" version '2026-11'",
        "using FHIR version '4.0.1'",
        "define \"Asked: plt\":",
        "/* not stated in CQL: failed_line:",
        "(null as System.Boolean) // from memory: computed above, and never decides",
    ] {
        assert!(cql.contains(part), "{part}");
    }
    let bundle = parsed(&criteria(&["export", "ZUMA-1", "JULIET", "--to", "fhir"]));
    let entries = bundle["entry"].as_array().expect("entries");
    let kinds: Vec<&str> =
        entries.iter().filter_map(|entry| entry["resource"]["resourceType"].as_str()).collect();
    assert_eq!(kinds, ["Library", "EvidenceVariable", "Library", "EvidenceVariable"]);
    let variable = &entries[1]["resource"];
    let platelets = variable["characteristic"]
        .as_array()
        .and_then(|all| all.iter().find(|of| of["extension"][0]["valueCode"] == "plt"))
        .expect("the platelets are a characteristic");
    assert_eq!(platelets["extension"][1]["valueCode"], "V");
    assert_eq!(platelets["definitionExpression"]["expression"], "\"plt\"");
    let chinese = &platelets["_description"]["extension"][0]["extension"][1]["valueString"];
    assert!(chinese.as_str().is_some_and(|text| text.contains("血小板")), "{platelets}");
}

#[test]
fn an_export_says_what_to_do() {
    let unknown = criteria(&["export", "zuma", "--to", "cql"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(complained(&unknown).contains("near it: ZUMA-1"), "{}", complained(&unknown));
    let several = criteria(&["export", "ZUMA-1", "ZUMA-7", "--to", "cql"]);
    assert!(complained(&several).contains("--out DIR"), "{}", complained(&several));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = path_in(&folder, "file");
    fs::write(&file, "").expect("written");
    let refused = criteria(&["export", "ZUMA-1", "--to", "cql", "--out", &file]);
    assert!(complained(&refused).contains("could not make the folder"), "{}", complained(&refused));
    let out = path_in(&folder, "out");
    let names = said(&criteria(&["export", "ZUMA-1", "ZUMA-7", "--to", "fhir", "--out", &out]));
    assert_eq!(names.lines().count(), 2);
    assert!(names.lines().all(|name| Path::new(name).is_file()), "{names}");
}
