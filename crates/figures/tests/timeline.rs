//! The drawing of the course of the disease.

#![expect(clippy::unwrap_used, reason = "a test stops where its own material is wrong")]

use cartulary_figures::{TimelineInput, Words, timeline};
use cartulary_model::{
    Assertion, ConceptId, Lang, PatientRecord, Temporality,
    record::{
        Diagnosis, LineOfTherapy, OtherTherapy, ReasonForEnding, Response, ResponseCategory, Transformation,
    },
};

fn diagnosis(concept: &str, date: Option<&str>) -> Diagnosis {
    Diagnosis {
        concept: ConceptId::new(concept),
        date: date.map(|date| date.parse().unwrap()),
        assertion: Assertion::Present,
        temporality: Temporality::Current,
        by_pathology: true,
        facts: Vec::new(),
    }
}

fn therapy(label: &str, assertion: Assertion, start: Option<&str>) -> OtherTherapy {
    OtherTherapy {
        concept: ConceptId::new(label),
        label: label.to_owned(),
        intent: "bridging".into(),
        assertion,
        start: start.map(|date| date.parse().unwrap()),
        end: None,
        facts: Vec::new(),
    }
}

fn record() -> PatientRecord {
    PatientRecord {
        diagnoses: vec![
            diagnosis("follicular", Some("2022-05")),
            diagnosis("high-grade", Some("2023-03-08")),
        ],
        transformation: Some(Transformation {
            from: Some(ConceptId::new("follicular")),
            to: Some(ConceptId::new("high-grade")),
            date: Some("2023-03-08".parse().unwrap()),
            assertion: Assertion::Present,
            facts: Vec::new(),
        }),
        lines: vec![LineOfTherapy {
            number: 1,
            label: "R-CHOP".into(),
            cycles_given: Some(6),
            start: "2022-06-02".parse().ok(),
            end: "2022-11".parse().ok(),
            best_response: Some(Response {
                category: ResponseCategory::CR,
                date: "2022-11-20".parse().ok(),
                facts: Vec::new(),
            }),
            reason_for_ending: Some(ReasonForEnding::Relapse),
            failed_on: "2023-02".parse().ok(),
            ..LineOfTherapy::default()
        }],
        other_therapies: vec![
            therapy("planned-cells", Assertion::Hypothetical, Some("2023-12")),
            therapy("radiotherapy", Assertion::Present, None),
        ],
        ..PatientRecord::default()
    }
}

fn view(record: &PatientRecord, width: u32) -> TimelineInput {
    let concept = |id: &ConceptId| id.to_string();
    let message = |key: &str, places: &[(&str, &str)]| {
        places.iter().fold(key.to_owned(), |text, (_, value)| format!("{text} {value}"))
    };
    let words = Words { concept: &concept, message: &message };
    TimelineInput::of(record, jiff::civil::date(2023, 11, 10), width, words)
}

/// Reads the drawing as XML; panics where it is none.
fn check(svg: &str) {
    let mut reader = quick_xml::Reader::from_str(svg);
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
    for part in ["viewBox=", "role=\"img\"", "<title ", "<desc "] {
        assert!(svg.contains(part), "{part}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
}

#[test]
fn the_course_is_well_formed_at_every_width() {
    for width in [320, 350, 700, 1080] {
        for lang in [Lang::En, Lang::Zh] {
            check(&timeline(&view(&record(), width), lang));
        }
    }
}

#[test]
fn nothing_planned_is_drawn_and_nothing_undated_is_placed() {
    let view = view(&record(), 1080);
    let svg = timeline(&view, Lang::En);
    assert!(!svg.contains("planned-cells"));
    assert_eq!(view.undated, ["radiotherapy · intent.bridging"]);
    assert!(view.rows.iter().all(|row| row.label != "radiotherapy"));
}

#[test]
fn a_diagnosis_that_is_the_transformation_is_marked_once() {
    let marks: Vec<String> = view(&record(), 1080).marks.iter().map(|mark| mark.label.clone()).collect();
    assert_eq!(marks, ["follicular", "timeline.transformed_to high-grade"]);
}

#[test]
fn the_entries_are_in_order_of_time() {
    let entries = view(&record(), 1080).entries();
    let texts: Vec<String> = entries
        .iter()
        .map(|entry| {
            format!("{} {}", entry.start.map_or_else(String::new, |date| date.to_string()), entry.text)
        })
        .collect();
    assert_eq!(
        texts,
        [
            "2022-05 follicular",
            "2022-06-02 1. R-CHOP · timeline.cycles 6 · timeline.best CR",
            "2022-11-20 CR (1. R-CHOP)",
            "2023-02 timeline.relapse (1. R-CHOP)",
            "2023-03-08 timeline.transformed_to high-grade",
            " radiotherapy · intent.bridging",
        ]
    );
}

#[test]
fn a_hostile_label_is_only_text() {
    let mut record = record();
    record.lines[0].label = "<script>alert(1)</script>\u{1b}".into();
    let svg = timeline(&view(&record, 1080), Lang::En);
    check(&svg);
    assert!(!svg.contains("<script") && !svg.contains('\u{1b}'));
}

#[test]
fn an_empty_record_and_a_long_life_are_drawn() {
    check(&timeline(&view(&PatientRecord::default(), 1080), Lang::En));
    let mut long = record();
    long.diagnoses.push(diagnosis("long ago", Some("1901")));
    check(&timeline(&view(&long, 350), Lang::En));
    let mut one_day = PatientRecord::default();
    one_day.diagnoses.push(diagnosis("once", Some("2199-12-31")));
    check(&timeline(&view(&one_day, 350), Lang::En));
}
