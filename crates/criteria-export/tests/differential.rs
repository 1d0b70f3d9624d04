//! Exported CQL, evaluated by the reference engine, answers as our own engine does, or says null for a reason that has a
//! name.
//!
//! Needs node and the packages of `check/` (`npm ci` there); `./test` sees to both. `CQL_RECORDS=400` asks for so many
//! records, `CQL_SEED=7` for other ones, `CQL_SETS=all` for every set.

#[path = "differential/classes.rs"]
mod classes;
#[path = "differential/generator.rs"]
mod generator;
#[path = "differential/random.rs"]
mod random;
#[path = "differential/words.rs"]
mod words;

use cartulary_catalogue::Catalogue;
use cartulary_criteria::{CriteriaLibrary, CriteriaSet, need::Outline};
use cartulary_criteria_export::{bundle::bundle, cql::CqlExporter};
use cartulary_model::{
    Answer, CriterionId,
    evaluation::{Role, Verification},
};
use classes::Class;
use generator::Case;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use words::Words;

/// Together they ask every kind of question that any set asks.
const SETS: [&str; 8] = [
    "CN-BNHL-toxicity-2022",
    "EBMT-EHA-2021",
    "JULIET",
    "TRANSCEND-CLL-004",
    "liso.fda.fl_3l",
    "TRANSCEND-NHL-001",
    "ZUMA-1",
    "ZUMA-7",
];

/// Questions that documents may ask and no built-in set asks.
const QUESTIONS: &str = include_str!("differential/questions.toml");

struct World {
    catalogue: Catalogue,
    library: CriteriaLibrary,
    questions: CriteriaSet,
}

impl World {
    fn load() -> Self {
        let catalogue = Catalogue::embedded().expect("the embedded catalogue loads");
        let library = CriteriaLibrary::load(&catalogue).expect("the criteria load");
        let questions = CriteriaLibrary::parse_one(&catalogue, "questions.toml", QUESTIONS);
        let questions = questions.unwrap_or_else(|error| panic!("{error}"));
        Self { catalogue, library, questions }
    }

    fn sets(&self) -> Vec<&CriteriaSet> {
        let all = std::env::var("CQL_SETS").is_ok_and(|value| value == "all");
        let built_in = self.library.sets().filter(|set| all || SETS.contains(&set.id.as_str()));
        built_in.chain([&self.questions]).collect()
    }
}

#[test]
fn the_sets_of_the_check_ask_every_kind_of_question() {
    let world = World::load();
    let kinds = |sets: &mut dyn Iterator<Item = &CriteriaSet>| {
        let mut kinds = BTreeSet::new();
        for criterion in sets.flat_map(|set| &set.criteria) {
            add_kinds(&world.library.outline(criterion), &mut kinds);
        }
        kinds
    };
    let chosen = kinds(&mut world.library.sets().filter(|set| SETS.contains(&set.id.as_str())));
    assert_eq!(chosen, kinds(&mut world.library.sets()));
}

fn add_kinds(outline: &Outline, kinds: &mut BTreeSet<String>) {
    let shown = format!("{outline:?}");
    kinds.insert(shown.split([' ', '(', '{']).next().unwrap_or_default().to_owned());
    match outline {
        Outline::All(parts) | Outline::Any(parts) | Outline::AtLeast(_, parts) => {
            parts.iter().for_each(|part| add_kinds(part, kinds));
        }
        Outline::Not(part) => add_kinds(part, kinds),
        _ => {}
    }
}

#[test]
#[ignore = "needs node and npm ci in check/; ./test runs it"]
fn cql_answers_as_the_engine_does() {
    let world = World::load();
    let words = Words::new(&world.catalogue, &world.library);
    let number = |name: &str, default: u64| {
        std::env::var(name)
            .map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
    };
    let (records, seed) = (number("CQL_RECORDS", 40), number("CQL_SEED", 1));
    let cases: Vec<Case> = (0..records)
        .map(|index| {
            generator::case(seed.wrapping_mul(1_000_003).wrapping_add(index), &words, &world.catalogue)
        })
        .collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let given = evaluate(&world, &cases, folder.path());
    let tally = compare(&world, &cases, &given);
    println!("{}", tally.words(records));
    assert!(
        tally.unnamed.is_empty(),
        "{} differences without a name, first:\n{}",
        tally.unnamed.len(),
        tally.first()
    );
    // A record of which nothing is known would show nothing.
    assert!(tally.agreed_known * 10 > tally.compared, "few answers are met or not met");
    assert!(tally.agreed.len() == 3, "all three answers are compared");
}

/// Record, set -> definition -> answer.
type Given = BTreeMap<(usize, String), BTreeMap<String, Answer>>;

/// Lets the reference engine answer.
fn evaluate(world: &World, cases: &[Case], folder: &Path) -> Given {
    let exporter = CqlExporter::new(&world.catalogue, &world.library);
    fs::create_dir(folder.join("sets")).expect("a folder");
    for set in world.sets() {
        fs::write(folder.join(format!("sets/{}.cql", set.id)), exporter.export(set)).expect("written");
    }
    let mut lines = String::new();
    for (index, case) in cases.iter().enumerate() {
        let bundle = bundle(&world.catalogue, &world.library, &case.record, &case.facts);
        let line = json!({ "id": index, "on": case.on.to_string(), "bundle": bundle });
        let _ = writeln!(lines, "{line}");
    }
    fs::write(folder.join("records.jsonl"), lines).expect("written");
    let check = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("check");
    assert!(check.join("node_modules").is_dir(), "run npm ci in {} first", check.display());
    let status = Command::new("node").arg("evaluate.mjs").arg(folder).current_dir(check).status();
    assert!(status.expect("node starts").success(), "the reference engine stopped");
    let answers = fs::read_to_string(folder.join("answers.jsonl")).expect("answers were written");
    answers.lines().map(row).collect()
}

fn row(line: &str) -> ((usize, String), BTreeMap<String, Answer>) {
    let row: Value = serde_json::from_str(line).expect("JSON");
    let answer = |value: &Value| match value {
        Value::Bool(true) => Answer::Met,
        Value::Bool(false) => Answer::NotMet,
        _ => Answer::Unknown,
    };
    let answers = row["answers"].as_object().expect("answers");
    let answers = answers.iter().map(|(name, value)| (name.clone(), answer(value))).collect();
    let record = row["record"].as_u64().expect("a number") as usize;
    ((record, row["set"].as_str().expect("a set").to_owned()), answers)
}

#[derive(Default)]
struct Tally {
    compared: usize,
    agreed_known: usize,
    agreed: BTreeMap<Answer, usize>,
    named: BTreeMap<Class, usize>,
    unnamed: Vec<String>,
}

impl Tally {
    fn words(&self, records: u64) -> String {
        let mut out = format!("{} answers of {records} records compared; the same:", self.compared);
        for (answer, count) in &self.agreed {
            let _ = write!(out, " {answer:?} {count}");
        }
        for class in Class::ALL {
            let _ = write!(out, "\n  {}: {}", class.name(), self.named.get(&class).unwrap_or(&0));
        }
        let _ = write!(out, "\n  without a name: {}", self.unnamed.len());
        out
    }

    fn first(&self) -> String {
        self.unnamed.iter().take(12).map(|line| format!("  {line}\n")).collect()
    }
}

fn compare(world: &World, cases: &[Case], given: &Given) -> Tally {
    let mut tally = Tally::default();
    for set in world.sets() {
        let asked = asked(set);
        for (index, case) in cases.iter().enumerate() {
            let cql = &given[&(index, set.id.to_string())];
            let answers = |set| {
                let screened =
                    world.library.screen_set(set, &world.catalogue, &case.record, &case.facts, case.on);
                screened.answers.into_iter().map(|of| of.answer).collect::<Vec<_>>()
            };
            let (as_set, as_asked) = (answers(set), answers(&asked));
            for ((criterion, as_set), as_asked) in set.criteria.iter().zip(as_set).zip(as_asked) {
                let outline = world.library.outline(criterion);
                let names =
                    [(criterion.id.to_string(), as_set), (format!("Asked: {}", criterion.id), as_asked)];
                for (name, ours) in names {
                    let cql = cql[&name];
                    let class = || classes::class(ours, cql, &outline, &case.record, &world.library);
                    tally.add((ours, cql), class, || format!("record {index}, {} {name}", set.id));
                }
            }
        }
    }
    tally
}

impl Tally {
    fn add(
        &mut self,
        (ours, cql): (Answer, Answer),
        class: impl Fn() -> Option<Class>,
        place: impl Fn() -> String,
    ) {
        self.compared += 1;
        if ours == cql {
            *self.agreed.entry(ours).or_default() += 1;
            self.agreed_known += usize::from(ours != Answer::Unknown);
            return;
        }
        match class() {
            Some(class) => *self.named.entry(class).or_default() += 1,
            None => self.unnamed.push(format!("{}: ours {ours:?}, CQL {cql:?}", place())),
        }
    }
}

/// The set with each question as it is asked: not turned, and whatever its mark.
fn asked(set: &CriteriaSet) -> CriteriaSet {
    let mut asked = set.clone();
    for criterion in &mut asked.criteria {
        criterion.role = Role::Inclusion;
        criterion.verification = Verification::V;
        criterion.id = CriterionId::new(format!("Asked: {}", criterion.id));
    }
    asked
}
