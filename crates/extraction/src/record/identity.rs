//! Whose papers these are, and which of them seem to be somebody else's.
//!
//! Papers of two people in one folder are never merged silently: those that contradict the others' name together
//! with sex, birth date or number are set aside and shown.

use crate::{engine::Extraction, vocabulary::record::NUMBERS_OF_PERSON};
use cartulary_model::{
    DocumentId, Fact, FactId, PartialDate, Text, Value,
    record::{AgeStatement, Conflict, IdentityMismatch, Patient, Sourced},
};
use std::collections::BTreeMap;

type Result = (Patient, Vec<IdentityMismatch>, Vec<Conflict>);

pub(super) fn reconcile(extraction: &Extraction) -> Result {
    let people = people(extraction);
    let mut groups = groups(&people);
    // The person most papers speak of; of equal counts the one with more facts, then of the earlier paper.
    let weight = |group: &Vec<usize>| {
        let facts: usize = group
            .iter()
            .map(|index| {
                extraction
                    .facts
                    .iter()
                    .filter(|fact| fact.document() == Some(&people[*index].document))
                    .count()
            })
            .sum();
        (group.len(), facts)
    };
    groups.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a[0].cmp(&b[0])));
    let main: Vec<&Person<'_>> = groups.first().into_iter().flatten().map(|index| &people[*index]).collect();
    let mismatch = groups.iter().skip(1).flatten().map(|index| mismatch(&people[*index], &main)).collect();
    (patient(&main, extraction), mismatch, birth_conflict(&main))
}

/// What one document says of its person.
struct Person<'a> {
    document: DocumentId,
    names: Vec<&'a Fact>,
    births: Vec<&'a Fact>,
    sexes: Vec<&'a Fact>,
    ages: Vec<&'a Fact>,
    numbers: Vec<&'a Fact>,
    date: Option<PartialDate>,
}

fn people(extraction: &Extraction) -> Vec<Person<'_>> {
    // In the order of the papers, which is that of their days: document ids are hashes and say nothing.
    let place: BTreeMap<&DocumentId, usize> =
        extraction.papers.iter().enumerate().map(|(index, paper)| (&paper.document, index)).collect();
    let mut by_document: BTreeMap<(Option<usize>, &DocumentId), Person<'_>> = BTreeMap::new();
    for fact in extraction.facts.iter().filter(|fact| fact.concept.is("pt") && fact.is_of_patient()) {
        let Some(document) = fact.document() else { continue };
        let index = place.get(document).copied();
        let person = by_document.entry((index, document)).or_insert_with(|| Person {
            document: document.clone(),
            names: Vec::new(),
            births: Vec::new(),
            sexes: Vec::new(),
            ages: Vec::new(),
            numbers: Vec::new(),
            date: index.and_then(|index| extraction.papers[index].date),
        });
        match fact.concept.as_str() {
            "pt.name" => person.names.push(fact),
            "pt.birth_date" => person.births.push(fact),
            "pt.sex" => person.sexes.push(fact),
            "pt.age" => person.ages.push(fact),
            _ => person.numbers.push(fact),
        }
    }
    by_document.into_values().collect()
}

/// Documents grouped by person: each joins the greatest group that it does not contradict.
fn groups(people: &[Person<'_>]) -> Vec<Vec<usize>> {
    // Those that say most are placed first, so that a bare page does not found a group of its own.
    let mut order: Vec<usize> = (0..people.len()).collect();
    let said = |person: &Person<'_>| {
        person.names.len().min(1)
            + person.births.len().min(1)
            + person.numbers.len().min(1)
            + person.sexes.len().min(1)
    };
    order.sort_by_key(|index| (std::cmp::Reverse(said(&people[*index])), *index));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let home = groups
            .iter_mut()
            .rev()
            .filter(|group| group.iter().all(|other| !contradict(&people[index], &people[*other])))
            .max_by_key(|group| group.len());
        match home {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// Two documents speak of different people when their names differ and nothing else ties them,
/// or when sex or birth date differ beside another difference.
fn contradict(a: &Person<'_>, b: &Person<'_>) -> bool {
    let same_number = a
        .numbers
        .iter()
        .any(|of| b.numbers.iter().any(|other| unspaced(&text(of)) == unspaced(&text(other))));
    let same_birth = a.births.iter().any(|of| {
        b.births.iter().any(|other| date(of).zip(date(other)).is_some_and(|(x, y)| x.may_equal(y)))
    });
    let names = compare_names(a, b);
    let sex = differ(&a.sexes, &b.sexes);
    let birth = !a.births.is_empty() && !b.births.is_empty() && !same_birth;
    let age = age_differs(a, b);
    if same_number && !(names == Names::Different && (sex || birth)) {
        return false;
    }
    match names {
        Names::Different => !same_birth || sex,
        Names::Same => sex && birth,
        Names::Unknown => u8::from(sex) + u8::from(birth) + u8::from(age) >= 2 || (birth && !same_birth),
    }
}

#[derive(PartialEq, Eq)]
enum Names {
    Same,
    Different,
    Unknown,
}

fn compare_names(a: &Person<'_>, b: &Person<'_>) -> Names {
    let mut compared = false;
    for first in &a.names {
        for second in &b.names {
            let (first, second) = (text(first), text(second));
            if first.is_ascii() != second.is_ascii() {
                continue;
            }
            compared = true;
            if alike(&first, &second) {
                return Names::Same;
            }
        }
    }
    if compared { Names::Different } else { Names::Unknown }
}

/// Equal but for case, order and title, or one character misread or masked in a Chinese name.
fn alike(a: &str, b: &str) -> bool {
    if a.is_ascii() {
        let words = |name: &str| {
            let mut words: Vec<String> = name
                .split(|of: char| !of.is_alphabetic())
                .map(str::to_lowercase)
                .filter(|word| word.len() > 1 && !["mr", "mrs", "ms", "dr", "miss"].contains(&word.as_str()))
                .collect();
            words.sort();
            words
        };
        let (first, second) = (words(a), words(b));
        let shared = first.iter().filter(|word| second.contains(word)).count();
        return shared >= first.len().min(second.len()).min(2) && shared > 0;
    }
    let (first, second): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let masked = |of: &char| matches!(of, '*' | '某' | 'x' | 'X' | '×');
    let differing = first.iter().zip(&second).filter(|(x, y)| x != y && !masked(x) && !masked(y)).count();
    first.len() == second.len() && (differing == 0 || (differing == 1 && first.len() >= 3))
}

fn differ(a: &[&Fact], b: &[&Fact]) -> bool {
    !a.is_empty()
        && !b.is_empty()
        && !a.iter().any(|of| b.iter().any(|other| unspaced(&text(of)) == unspaced(&text(other))))
}

/// Ages more than the years between the papers, and one for a birthday, apart.
fn age_differs(a: &Person<'_>, b: &Person<'_>) -> bool {
    let (Some(first), Some(second)) =
        (a.ages.first().and_then(|of| number(of)), b.ages.first().and_then(|of| number(of)))
    else {
        return false;
    };
    let years = match (a.date, b.date) {
        (Some(x), Some(y)) => f64::from(x.year() - y.year()),
        _ => return (first - second).abs() > 10.0,
    };
    ((first - second) - years).abs() > 2.0
}

fn text(fact: &Fact) -> String {
    match &fact.value {
        Value::Text(text) | Value::Code(text) => text.clone(),
        _ => String::new(),
    }
}

/// `943 476 5919` is 9434765919.
fn unspaced(number: &str) -> String {
    number.replace([' ', '-'], "")
}

fn date(fact: &Fact) -> Option<PartialDate> {
    match fact.value {
        Value::Date(date) => Some(date),
        _ => None,
    }
}

fn number(fact: &Fact) -> Option<f64> {
    match fact.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn mismatch(person: &Person<'_>, main: &[&Person<'_>]) -> IdentityMismatch {
    let mut what: Vec<(&str, &str)> = Vec::new();
    let any = |test: &dyn Fn(&Person<'_>) -> bool| main.iter().any(|other| test(other));
    if any(&|other| compare_names(person, other) == Names::Different) {
        what.push(("name", "姓名"));
    }
    if any(&|other| differ(&person.sexes, &other.sexes)) {
        what.push(("sex", "性别"));
    }
    if any(&|other| !person.births.is_empty() && differ(&person.births, &other.births)) {
        what.push(("date of birth", "出生日期"));
    }
    if any(&|other| age_differs(person, other)) {
        what.push(("age", "年龄"));
    }
    if any(&|other| differ(&person.numbers, &other.numbers)) {
        what.push(("hospital number", "住院号"));
    }
    let list =
        |pick: fn(&(&str, &str)) -> String, glue: &str| what.iter().map(pick).collect::<Vec<_>>().join(glue);
    let en = list(|of| of.0.to_owned(), ", ");
    let zh = list(|of| of.1.to_owned(), "、");
    let own = person
        .names
        .iter()
        .chain(&person.sexes)
        .chain(&person.births)
        .chain(&person.ages)
        .chain(&person.numbers);
    let mut facts: Vec<FactId> = own.map(|fact| fact.id).collect();
    facts.extend(
        main.iter()
            .flat_map(|other| other.names.iter().chain(&other.sexes).chain(&other.births))
            .map(|fact| fact.id),
    );
    facts.sort();
    facts.dedup();
    IdentityMismatch {
        document: person.document.clone(),
        text: Text::new(
            format!(
                "This paper seems to be another person's ({en} differ). Its values are set aside until a person decides."
            ),
            format!("此资料疑似属于他人（{zh}不一致），其数值已搁置，待人工确认。"),
        ),
        facts,
    }
}

fn patient(main: &[&Person<'_>], extraction: &Extraction) -> Patient {
    Patient {
        name: most_said(main.iter().flat_map(|of| &of.names), |fact| Some(text(fact))),
        birth_date: most_said(main.iter().flat_map(|of| &of.births), date),
        sex: most_said(main.iter().flat_map(|of| &of.sexes), |fact| Some(text(fact))),
        age: latest_age(main, extraction),
        numbers: numbers(main),
    }
}

/// The value most facts give; of equal counts the greater, so that the order of papers does not matter.
fn most_said<'a, T: Ord + Clone + 'a>(
    facts: impl Iterator<Item = &'a &'a Fact>,
    value: impl Fn(&Fact) -> Option<T>,
) -> Option<Sourced<T>> {
    let mut said: BTreeMap<T, Vec<FactId>> = BTreeMap::new();
    for fact in facts {
        if let Some(value) = value(fact) {
            said.entry(value).or_default().push(fact.id);
        }
    }
    said.into_iter().max_by_key(|(value, facts)| (facts.len(), value.clone())).map(|(value, mut facts)| {
        facts.sort();
        Sourced { value, facts }
    })
}

fn latest_age(main: &[&Person<'_>], _: &Extraction) -> Option<AgeStatement> {
    let mut ages: Vec<(Option<PartialDate>, f64, FactId)> = main
        .iter()
        .flat_map(|person| {
            person.ages.iter().filter_map(|fact| number(fact).map(|years| (person.date, years, fact.id)))
        })
        .collect();
    ages.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (on, years, _) = ages.last()?;
    let facts = ages.iter().filter(|of| of.0 == *on && of.1 == *years).map(|of| of.2).collect();
    Some(AgeStatement { years: *years, on: *on, facts })
}

fn numbers(main: &[&Person<'_>]) -> Vec<Sourced<String>> {
    let mut numbers: BTreeMap<String, (String, Vec<FactId>)> = BTreeMap::new();
    let of_person = |fact: &&&Fact| {
        // A specimen's or examination's number names a paper, not a person.
        let label = fact.quote().to_lowercase();
        NUMBERS_OF_PERSON.iter().any(|word| label.contains(word))
    };
    for fact in main.iter().flat_map(|of| &of.numbers).filter(of_person) {
        let text = text(fact);
        let (value, facts) = numbers.entry(unspaced(&text)).or_insert_with(|| (text.clone(), Vec::new()));
        // Of several ways to write it the same one, whatever the order of the papers.
        if text < *value {
            *value = text;
        }
        facts.push(fact.id);
    }
    numbers.into_values().map(|(value, facts)| Sourced { value, facts }).collect()
}

fn birth_conflict(main: &[&Person<'_>]) -> Vec<Conflict> {
    let mut said: BTreeMap<PartialDate, Vec<FactId>> = BTreeMap::new();
    for fact in main.iter().flat_map(|of| &of.births) {
        if let Some(date) = date(fact) {
            said.entry(date).or_default().push(fact.id);
        }
    }
    let dates: Vec<PartialDate> = said.keys().copied().collect();
    let differ = dates.iter().any(|a| dates.iter().any(|b| !a.may_equal(*b)));
    if !differ {
        return Vec::new();
    }
    vec![Conflict {
        about: "patient.birth_date".into(),
        text: Text::new("The papers give different dates of birth.", "各份资料的出生日期不一致。"),
        sides: said.into_iter().map(|(date, facts)| Sourced { value: date.to_string(), facts }).collect(),
    }]
}
