//! What people at the terminal say of a case, by the commands.

use crate::register::{CHINESE, Desk, ENGLISH};
use serde_json::Value;

impl Desk {
    fn with_register() -> Self {
        let mut desk = Self::bare(false);
        desk.set("CARTULARY_ROOT_KEY", &desk.text("root.key"));
        desk.good(&["init"]);
        desk
    }

    fn fact(&self, case: &str, concept: &str) -> Value {
        let shown = self.json(&["case", "show", case, "--json"]);
        let facts = shown["facts"].as_array().unwrap();
        let found = facts.iter().find(|of| of["fact"]["concept"] == concept);
        found.unwrap_or_else(|| panic!("no {concept} in {facts:?}")).clone()
    }

    fn kinds(&self, case: &str) -> Vec<String> {
        let shown = self.json(&["case", "show", case, "--json"]);
        let entries = shown["entries"].as_array().unwrap();
        entries.iter().filter_map(|of| of["body"]["kind"].as_str()).map(str::to_owned).collect()
    }
}

#[test]
fn facts_are_confirmed_corrected_rejected_and_added() {
    let desk = Desk::with_register();
    let paper = desk.paper("report.txt", ENGLISH);
    let case = desk.receive(&[&paper]);
    desk.good(&["worker", "--drain"]);
    let name = desk.fact(&case, "lab.ki67")["name"].as_str().unwrap().to_owned();
    let done = desk.json(&["case", "confirm", &case, &name, "hist.dlbcl_nos", "--json"]);
    assert_eq!((done["done"].as_str(), done["facts"].as_array().map(Vec::len)), (Some("confirmed"), Some(2)));
    assert_eq!(desk.fact(&case, "hist.dlbcl_nos")["fact"]["status"], "confirmed");
    desk.good(&[
        "case", "correct", &case, &name, "--value", "30", "--unit", "%", "--date", "2023-06", "--reason",
        "misread",
    ]);
    let fact = desk.fact(&case, "lab.ki67")["fact"].clone();
    assert_eq!((&fact["status"], &fact["date"]), (&"corrected".into(), &"2023-06".into()), "{fact}");
    assert!(fact["value"].to_string().contains("30"), "{fact}");
    assert!(desk.bad(&["case", "correct", &case, &name]).contains("says nothing new"));
    assert!(desk.bad(&["case", "correct", &case, &name, "--date", "soon"]).contains("is no day"));
    assert!(desk.bad(&["case", "correct", &case, &name, "--concept", "x.y"]).contains("no concept"));
    desk.good(&["case", "reject", &case, &name, "--reason", "another patient's"]);
    assert_eq!(desk.fact(&case, "lab.ki67")["fact"]["status"], "rejected");
    assert!(desk.bad(&["case", "reject", &case, "lab.nothing"]).contains("no fact"));
    let add = ["case", "add-fact", &case, "bio.bcl2_ihc", "--paper", "1", "--value", "positive", "--quote"];
    desk.good(&[&add[..], &["CD20 positive"]].concat());
    let added = desk.fact(&case, "bio.bcl2_ihc")["fact"].clone();
    assert_eq!(added["evidence"][0]["quote"], "CD20 positive");
    assert!(desk.bad(&[&add[..], &["not there"]].concat()).contains("no line of the paper"));
    assert!(desk.bad(&[&add[..], &["i"]].concat()).contains("places of the paper"));
    // The people's word is evaluated, and stays when the paper is read again.
    desk.good(&["case", "read-again", &case]);
    desk.good(&["worker", "--drain"]);
    assert_eq!(desk.fact(&case, "lab.ki67")["fact"]["status"], "rejected");
    desk.verify();
}

#[test]
fn a_case_is_decided_noted_assigned_kept_and_undone() {
    let desk = Desk::with_register();
    let case = desk.receive(&[&desk.paper("report.txt", ENGLISH)]);
    desk.good(&["worker", "--drain"]);
    assert!(desk.bad(&["case", "decide", &case, "accept", "--reason", " "]).contains("needs a reason"));
    assert_eq!(desk.run(&["case", "decide", &case, "maybe", "--reason", "x"]).status.code(), Some(2));
    let done = desk.json(&["case", "decide", &case, "accept", "--reason", "fits", "--json"]);
    assert!(done["evaluation"].as_u64().is_some(), "{done}");
    desk.good(&["case", "note", &case, "called the referrer"]);
    desk.good(&["case", "assign", &case, "me"]);
    assert!(desk.bad(&["case", "assign", &case, "somebody"]).contains("names nobody"));
    desk.good(&["case", "consent", &case, "registry", "--paper", "1"]);
    assert!(desk.bad(&["case", "consent", &case, "registry", "--paper", "7"]).contains("no paper 7"));
    desk.good(&["case", "consent", &case, "registry", "--withdraw", "--reason", "changed her mind"]);
    assert!(desk.bad(&["case", "consent", &case, "research", "--withdraw"]).contains("no consent"));
    desk.good(&["case", "retention", &case, "--until", "2999-01-01", "--reason", "the law"]);
    assert!(
        desk.bad(&["case", "retention", &case, "--until", "soon", "--reason", "x"]).contains("is no day")
    );
    assert!(desk.bad(&["erase", &case, "--reason", "asked", "--yes"]).contains("must be kept until"));
    let shown = desk.json(&["case", "show", &case, "--json"]);
    assert_eq!(shown["state"], "decided");
    let entries = shown["entries"].as_array().unwrap();
    let noted = entries.iter().find(|of| of["body"]["kind"] == "noted").unwrap()["seq"].to_string();
    desk.good(&["case", "undo", &case, &noted, "--reason", "wrong case"]);
    assert!(desk.bad(&["case", "undo", &case, &noted, "--reason", "again"]).contains("already"));
    assert!(desk.bad(&["case", "undo", &case, "999", "--reason", "x"]).contains("no entry 999"));
    assert!(!desk.good(&["case", "show", &case]).contains("called the referrer"));
    desk.verify();
}

#[test]
fn cases_are_joined_and_parted() {
    let desk = Desk::with_register();
    let (english, chinese) = desk.with_two_cases();
    desk.good(&["case", "merge", &chinese, &english]);
    desk.good(&["worker", "--drain"]);
    let shown = desk.good(&["case", "show", &chinese]);
    assert!(shown.contains("was joined into this one") && shown.contains("report.txt"), "{shown}");
    assert!(desk.bad(&["case", "merge", &chinese, &english]).contains("joined"));
    desk.good(&["case", "unmerge", &chinese]);
    desk.good(&["worker", "--drain"]);
    assert!(desk.bad(&["case", "unmerge", &chinese]).contains("was not joined"));
    assert!(desk.kinds(&chinese).contains(&"unmerged".to_owned()));
    desk.verify();
}

#[test]
fn a_case_is_shown_in_chinese_from_head_to_foot() {
    let desk = Desk::with_register();
    let case = desk.receive(&[&desk.paper("小结.txt", CHINESE)]);
    desk.good(&["worker", "--drain"]);
    desk.good(&["case", "decide", &case, "wait", "--reason", "再等"]);
    desk.good(&["case", "note", &case, "已电话联系"]);
    let shown = desk.good(&["case", "show", &case, "--lang", "zh", "--facts", "--entries"]);
    for word in [
        "病例",
        "已决定",
        "上传",
        "资料",
        "状态",
        "已读取",
        "决定：等待",
        "备注",
        "存在",
        "条目",
        "程序",
        "王小明",
        "男",
    ] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    for word in ["case ", "opened", "received  ", "wait", "state", "present", "machine"] {
        let lines: Vec<&str> =
            shown.lines().filter(|line| !line.contains("  opened") && !line.contains("received")).collect();
        assert!(
            !lines.iter().any(|line| line.split("  ").any(|cell| cell.trim() == word.trim())),
            "{word}: {shown}"
        );
    }
    let english = desk.good(&["case", "show", &case]);
    assert!(english.contains("decided: wait") && english.contains("opened"), "{english}");
}
