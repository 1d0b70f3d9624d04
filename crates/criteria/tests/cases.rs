//! Runs every case of `tests/cases/`. A new case is a new file.

#[path = "support/case.rs"]
mod case;

use cartulary_catalogue::{Catalogue, Files};
use cartulary_criteria::{Assessment, CriteriaLibrary, CriteriaSet, Screening};
use cartulary_model::{
    Answer, ConceptId, Finding, SetEvaluation, SetId,
    evaluation::{Role, SetKind, Summary},
};
use case::{Case, Expect};
use std::{collections::BTreeMap, fs, path::Path};

#[test]
fn every_case_answers_as_expected() {
    let catalogue = Catalogue::embedded().unwrap();
    let library = CriteriaLibrary::load(&catalogue).unwrap_or_else(|error| panic!("{error}"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 20, "cases are missing");
    let mut wrong = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let mut case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!case.about.is_empty(), "{name} says what it shows");
        let (record, facts) = std::mem::take(&mut case.record).build(&catalogue);
        for concept in concepts_in(&text).filter(|of| catalogue.concept(of).is_none()) {
            wrong.push(format!("{name}: there is no concept {concept}"));
        }
        let on = case.on.parse().unwrap();
        let own = (!case.own.is_empty()).then(|| with_own(&case, &name));
        let (catalogue, library) = own.as_ref().map_or((&catalogue, &library), |own| (&own.0, &own.1));
        let assessment = library.evaluate(catalogue, &record, &facts, on, &[]);
        let mut tell = |problem| wrong.push(format!("{name}: {problem}"));
        check_all(&case, library, &assessment, &mut tell);
        check_questions(&case, catalogue, library, &mut tell);
        for screened in library.screen(catalogue, &record, &facts, on, &[]) {
            check_screened(&screened, &assessment, &mut tell);
        }
    }
    assert!(wrong.is_empty(), "{} unexpected answers:\n{}", wrong.len(), wrong.join("\n"));
}

/// The concepts that a text names between quotation marks.
fn concepts_in(text: &str) -> impl Iterator<Item = ConceptId> {
    const KINDS: [&str; 9] = ["hist", "drug", "reg", "lab", "find", "bio", "com", "sym", "site"];
    let named = |quoted: &&str| {
        quoted.split_once('.').is_some_and(|(kind, id)| KINDS.contains(&kind) && !id.contains(' '))
    };
    text.split('"').filter(named).map(ConceptId::from)
}

/// The catalogue and its sets with the case's own one.
fn with_own(case: &Case, name: &str) -> (Catalogue, CriteriaLibrary) {
    let overlay = BTreeMap::from([("criteria/own.toml".to_owned(), case.document())]);
    let catalogue = Catalogue::load(Files::embedded().overlaid(overlay)).expect("the catalogue loads");
    let library = CriteriaLibrary::load(&catalogue).unwrap_or_else(|error| panic!("{name}: {error}"));
    (catalogue, library)
}

/// The questions of the case's own set, in words.
fn check_questions(
    case: &Case,
    catalogue: &Catalogue,
    library: &CriteriaLibrary,
    wrong: &mut impl FnMut(String),
) {
    for own in &case.own {
        let set = library.get(&SetId::from("own")).expect("the own set is there");
        let criterion =
            set.criteria.iter().find(|of| of.id.as_str() == own.id).expect("the criterion is there");
        let question = library.question(catalogue, criterion);
        let asks = own.asks.as_deref().unwrap_or_default();
        if question.zh.is_empty() || question.en.is_empty() || !question.en.contains(asks) {
            wrong(format!("own {} asks {:?}, expected {asks:?}", own.id, question.en));
        }
    }
}

/// Without words a set stands where it stands with them, on the same facts.
fn check_screened(screened: &Screening<'_>, assessment: &Assessment, wrong: &mut impl FnMut(String)) {
    let spoken =
        assessment.evaluations.iter().find(|of| of.set == screened.set.id).expect("each set is evaluated");
    if spoken.summary != screened.summary {
        wrong(format!("{} is {} without words", spoken.set, word(&screened.summary)));
    }
    for (finding, silent) in spoken.findings.iter().zip(&screened.answers) {
        if (finding.answer, &finding.evidence) != (silent.answer, &silent.evidence) {
            wrong(format!("{} {} is {} without words", spoken.set, finding.criterion, word(&silent.answer)));
        }
    }
}

fn check_all(
    case: &Case,
    library: &CriteriaLibrary,
    assessment: &Assessment,
    wrong: &mut impl FnMut(String),
) {
    for expect in &case.expect {
        match assessment.evaluations.iter().find(|of| of.set.as_str() == expect.set) {
            Some(evaluation) => check_set(expect, evaluation, wrong),
            None => wrong(format!("there is no set {}", expect.set)),
        }
    }
    for evaluation in &assessment.evaluations {
        let set = library.get(&evaluation.set).expect("an evaluated set is there");
        // A guideline is no product, and most are about no one disease.
        if let Some(expected) = &case.every_set
            && evaluation.kind != SetKind::Guideline
            && word(&evaluation.summary) != *expected
        {
            wrong(format!("{} is {}, expected {expected}", evaluation.set, word(&evaluation.summary)));
        }
        for finding in &evaluation.findings {
            check_invariants(set, finding, case.nothing_is_known, wrong);
        }
    }
    let order = assessment.evaluations.iter().map(|of| (of.summary, of.kind == SetKind::Guideline));
    if !order.is_sorted() {
        wrong("the possible ones do not come first, or guidelines not after products".to_owned());
    }
    check_asked(assessment, wrong);
    let asked: Vec<&str> = assessment.ask_for.iter().map(|ask| ask.item.item.as_str()).collect();
    if let Some(first) = &case.ask_first
        && asked.first() != Some(&first.as_str())
    {
        wrong(format!("asks for {asked:?}, expected {first} first"));
    }
    for item in case.ask.iter().filter(|item| !asked.contains(&item.as_str())) {
        wrong(format!("asks for {asked:?}, expected {item}"));
    }
    for item in case.do_not_ask.iter().filter(|item| asked.contains(&item.as_str())) {
        wrong(format!("asks for {item}"));
    }
}

/// What is asked for can still change where a set stands, and one kind of paper is asked for at one place.
fn check_asked(assessment: &Assessment, wrong: &mut impl FnMut(String)) {
    let mut papers: Vec<&str> = assessment.ask_for.iter().map(|ask| ask.item.document.as_str()).collect();
    papers.dedup();
    let together = papers.len();
    papers.sort_unstable();
    papers.dedup();
    if papers.len() != together {
        wrong(format!("asks for one kind of paper at two places: {papers:?}"));
    }
    for ask in &assessment.ask_for {
        for set in &ask.decides {
            let of = assessment.evaluations.iter().find(|of| of.set == *set);
            let can_change = of.is_some_and(|of| {
                of.summary == Summary::NeedsInformation
                    && of.findings.iter().any(|finding| finding.missing.contains(&ask.item))
            });
            if !can_change {
                wrong(format!("{} is asked for {set}, where it decides nothing", ask.item.item));
            }
        }
    }
}

fn check_set(expect: &Expect, evaluation: &SetEvaluation, wrong: &mut impl FnMut(String)) {
    let set = &expect.set;
    if let Some(summary) = &expect.summary
        && word(&evaluation.summary) != *summary
    {
        wrong(format!(
            "{set} is {}, expected {summary}; {:?}",
            word(&evaluation.summary),
            evaluation.reasons
        ));
    }
    let answers =
        [(&expect.met, Answer::Met), (&expect.not_met, Answer::NotMet), (&expect.unknown, Answer::Unknown)];
    for (criteria, answer) in answers {
        for criterion in criteria {
            let Some(finding) = find(evaluation, criterion) else {
                wrong(format!("{set} has no criterion {criterion}"));
                continue;
            };
            if finding.answer != answer {
                let got = word(&finding.answer);
                wrong(format!("{set} {criterion} is {got}, expected {}: {}", word(&answer), finding.why.en));
            }
        }
    }
    let told = |words: &String| evaluation.reasons.iter().any(|reason| reason.en.contains(words.as_str()));
    for words in expect.reasons.iter().filter(|words| !told(words)) {
        wrong(format!("{set} gives the reasons {:?}, expected {words:?}", evaluation.reasons));
    }
    for words in expect.no_reasons.iter().filter(|words| told(words)) {
        wrong(format!("{set} gives the reasons {:?}, expected none with {words:?}", evaluation.reasons));
    }
    for (criterion, words) in &expect.why {
        let why = find(evaluation, criterion).map_or("", |finding| &finding.why.en);
        if !why.contains(words.as_str()) {
            wrong(format!("{set} {criterion} says {why:?}, expected {words:?}"));
        }
    }
    for (criterion, items) in &expect.missing {
        let missing: Vec<&str> = find(evaluation, criterion)
            .map(|finding| finding.missing.iter().map(|missing| missing.item.as_str()).collect())
            .unwrap_or_default();
        if missing != items.iter().map(String::as_str).collect::<Vec<_>>() {
            wrong(format!("{set} {criterion} asks for {missing:?}, expected {items:?}"));
        }
    }
}

/// What holds for every finding of every patient.
fn check_invariants(
    set: &CriteriaSet,
    finding: &Finding,
    nothing_is_known: bool,
    wrong: &mut impl FnMut(String),
) {
    let at = format!("{} {}", set.id, finding.criterion);
    if finding.why.en.is_empty() || finding.why.zh.is_empty() {
        wrong(format!("{at} gives no reason"));
    }
    if finding.answer != Answer::Unknown && !finding.verification.decides() {
        wrong(format!("{at} answers from memory"));
    }
    if finding.answer != Answer::Unknown && !finding.missing.is_empty() {
        wrong(format!("{at} answers and asks"));
    }
    if finding.answer == Answer::Met && finding.evidence.is_empty() && finding.role == Role::Inclusion {
        wrong(format!("{at} is met without evidence: {}", finding.why.en));
    }
    if nothing_is_known && finding.answer != Answer::Unknown {
        wrong(format!("{at} is {} though nothing is known: {}", word(&finding.answer), finding.why.en));
    }
}

fn find<'e>(evaluation: &'e SetEvaluation, criterion: &str) -> Option<&'e Finding> {
    evaluation.findings.iter().find(|finding| finding.criterion.as_str() == criterion)
}

/// The word that a value is written as in JSON.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[test]
fn only_the_sets_asked_for_are_evaluated() {
    let catalogue = Catalogue::embedded().unwrap();
    let library = CriteriaLibrary::load(&catalogue).unwrap();
    let only = [SetId::from("ZUMA-7"), SetId::from("axi.fda.lbcl_2l")];
    let record = cartulary_model::PatientRecord::default();
    let assessment = library.evaluate(&catalogue, &record, &[], jiff::civil::date(2026, 7, 1), &only);
    let sets: Vec<&str> = assessment.evaluations.iter().map(|of| of.set.as_str()).collect();
    assert_eq!(sets, ["axi.fda.lbcl_2l", "ZUMA-7"]);
}
