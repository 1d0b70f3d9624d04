//! Courses of treatment: the mentions of one regimen in several papers joined into one course.

use super::{Facts, diagnoses::earlier};
use cartulary_catalogue::Catalogue;
use cartulary_model::{Assertion, ConceptId, DocumentId, Fact, FactId, PartialDate, fact::Attr};
use std::collections::BTreeSet;

/// One course: a regimen given over some time.
#[derive(Clone, Debug)]
pub(super) struct Course {
    pub(super) concept: ConceptId,
    pub(super) components: BTreeSet<ConceptId>,
    pub(super) start: Option<PartialDate>,
    pub(super) end: Option<PartialDate>,
    pub(super) cycles: Option<u32>,
    pub(super) line: Option<u32>,
    pub(super) intent: Option<String>,
    /// It was added to the course that went on.
    pub(super) added: bool,
    /// Where it is told: document and fact, in reading order.
    pub(super) told: Vec<(DocumentId, FactId)>,
}

/// Drugs that treat no lymphoma.
const SUPPORTIVE: [&str; 16] = [
    "corticosteroid",
    "growth factor",
    "HBV antiviral",
    "immunoglobulin",
    "antiepileptic",
    "immunosuppressant",
    "anti-IL-6R",
    "anti-IL-6",
    "CRS treatment",
    "ICANS treatment",
    "IL-1 antagonist",
    "antifolate",
    "antiviral",
    "antifungal",
    "JAK inhibitor",
    "T-cell depleting",
];

/// Whether a drug is given against the disease.
pub(crate) fn is_antitumour(catalogue: &Catalogue, drug: &ConceptId) -> bool {
    let classes = catalogue.drug_classes(drug);
    !classes.is_empty() && !classes.iter().any(|class| SUPPORTIVE.contains(&class.as_str()))
}

/// The purposes of a regimen that are no line.
pub(super) fn has_purpose(catalogue: &Catalogue, concept: &ConceptId, purpose: &str) -> bool {
    catalogue.regimen(concept).is_some_and(|regimen| regimen.purposes.iter().any(|of| of == purpose))
}

/// Courses that were given.
pub(super) fn courses(facts: &Facts<'_>) -> Vec<Course> {
    let given: Vec<&Fact> =
        facts.of_kind(&["reg", "drug"]).filter(|fact| fact.assertion == Assertion::Present).collect();
    let mut courses: Vec<Course> = Vec::new();
    let regimens: Vec<&Fact> = given.iter().copied().filter(|fact| fact.concept.is("reg")).collect();
    let mut mentions: Vec<Course> = regimens.iter().map(|fact| mention(facts, fact)).collect();
    let drugs: Vec<&Fact> = given
        .into_iter()
        .filter(|fact| fact.concept.is("drug") && is_antitumour(facts.catalogue, &fact.concept))
        .collect();
    let mut alone = absorb_components(facts, &mut mentions, &drugs);
    // What the heart has had of an anthracycline is no course of it.
    alone.retain(|fact| fact.word(Attr::Pattern) != Some("cumulative_dose"));
    mentions.extend(combinations(facts, &alone));
    // Dated mentions found a course; undated ones join it.
    mentions.sort_by_key(|of| {
        (
            of.start.is_none(),
            of.start.map(|date| (date.earliest(), date.latest())),
            of.concept.clone(),
            of.told.clone(),
        )
    });
    for mention in mentions {
        match home(&mut courses, &mention) {
            Some(course) => join(course, mention),
            None => courses.push(mention),
        }
    }
    drop_told_by_regimen(facts, &mut courses);
    courses.retain(|course| says_more_than_a_name(facts, course));
    courses
}

/// A name without date, count, line or response is a mention and no course that could be placed.
fn says_more_than_a_name(facts: &Facts<'_>, course: &Course) -> bool {
    let followed =
        facts.of_kind(&["find"]).any(|fact| fact.word(Attr::After) == Some(course.concept.as_str()));
    let unspecific = course.concept.as_str() == "drug.car_t_nos" && course.start.is_none();
    let placed =
        course.start.is_some() || course.cycles.is_some() || course.line.is_some() || course.intent.is_some();
    !unspecific && (placed || followed || course.concept.is("reg"))
}

fn mention(facts: &Facts<'_>, fact: &Fact) -> Course {
    let start = fact.day(Attr::Start).or(fact.date);
    let without_antibody = fact.word(Attr::Pattern) == Some("without_anti_cd20");
    let components = facts
        .catalogue
        .regimen(&fact.concept)
        .map(|regimen| {
            regimen
                .components
                .iter()
                // One of several drugs: which one must be read from a drug list.
                .filter(|&one_of| one_of.len() == 1)
                .map(|one_of| one_of[0].clone())
                .filter(|drug| !(without_antibody && facts.catalogue.is_of_class(drug, "anti-CD20")))
                .collect()
        })
        .unwrap_or_default();
    Course {
        concept: fact.concept.clone(),
        components,
        start,
        end: fact.day(Attr::End).or(start),
        cycles: fact.number(Attr::Cycles).map(|cycles| cycles as u32),
        line: fact.number(Attr::Line).map(|line| line as u32),
        intent: fact.word(Attr::Intent).map(str::to_owned),
        added: fact.word(Attr::Pattern) == Some("added"),
        told: fact.document().map(|document| (document.clone(), fact.id)).into_iter().collect(),
    }
}

/// Puts the drugs of a printed list into the regimen told just before; returns the drugs that stand alone.
fn absorb_components<'a>(facts: &Facts<'_>, mentions: &mut [Course], drugs: &[&'a Fact]) -> Vec<&'a Fact> {
    const REACH: u32 = 14;
    let mut alone = Vec::new();
    for drug in drugs {
        let near = mentions.iter_mut().filter(|course| {
            course.told.iter().any(|(document, told)| {
                Some(document) == drug.document() && told.0.abs_diff(drug.id.0) <= REACH
            })
        });
        let mut absorbed = false;
        for course in near {
            if takes(facts.catalogue, course, &drug.concept) {
                absorbed = true;
                lengthen(course, drug);
            }
        }
        if !absorbed {
            alone.push(*drug);
        }
    }
    alone
}

/// The last dose of a component ends the course: "last capsule of lenalidomide on 6 April 2023".
fn lengthen(course: &mut Course, drug: &Fact) {
    let Some((end, date)) = course.end.zip(drug.date) else { return };
    let days = date.earliest().since(end.latest()).map_or(0, |span| span.get_days());
    if (1..=300).contains(&days) {
        course.end = Some(date);
    }
}

/// Drugs that stand in for each other in a regimen of the same name.
const STAND_INS: [&[&str]; 4] = [
    &["drug.cisplatin", "drug.carboplatin"],
    &["drug.vincristine", "drug.vindesine"],
    &["drug.doxorubicin", "drug.epirubicin", "drug.liposomal_doxorubicin", "drug.pirarubicin"],
    &["drug.prednisone", "drug.prednisolone", "drug.dexamethasone", "drug.methylprednisolone"],
];

fn takes(catalogue: &Catalogue, course: &mut Course, drug: &ConceptId) -> bool {
    if course.components.contains(drug) {
        return true;
    }
    let choices =
        catalogue.regimen(&course.concept).map(|regimen| regimen.components.clone()).unwrap_or_default();
    if choices.iter().any(|one_of| one_of.len() > 1 && one_of.contains(drug)) {
        course.components.insert(drug.clone());
        return true;
    }
    for group in STAND_INS.iter().filter(|group| group.contains(&drug.as_str())) {
        let named = course.components.iter().find(|of| group.contains(&of.as_str())).cloned();
        if let Some(named) = named {
            course.components.remove(&named);
            course.components.insert(drug.clone());
            return true;
        }
    }
    false
}

/// Drugs told together, on one day or in one breath, are one combination.
fn combinations(facts: &Facts<'_>, drugs: &[&Fact]) -> Vec<Course> {
    let mut groups: Vec<Vec<&Fact>> = Vec::new();
    for drug in drugs {
        let beside = groups.iter_mut().find(|group| {
            group.last().is_some_and(|last| {
                last.document() == drug.document()
                    && drug.id.0.abs_diff(last.id.0) <= 2
                    && same_place(last, drug)
                    && last.date == drug.date
            })
        });
        match beside {
            Some(group) => group.push(drug),
            None => groups.push(vec![drug]),
        }
    }
    groups.into_iter().map(|group| combination(facts, &group)).collect()
}

fn same_place(a: &Fact, b: &Fact) -> bool {
    let line = |fact: &Fact| fact.evidence.first().map(|of| (of.page, of.line));
    line(a) == line(b)
}

fn combination(facts: &Facts<'_>, group: &[&Fact]) -> Course {
    let components: BTreeSet<ConceptId> = group.iter().map(|fact| fact.concept.clone()).collect();
    let first = group[0];
    let mut course = mention(facts, first);
    course.concept = named(facts.catalogue, &components).unwrap_or_else(|| first.concept.clone());
    course.components = components;
    for other in &group[1..] {
        course.told.extend(other.document().map(|document| (document.clone(), other.id)));
        course.intent = course.intent.or_else(|| other.word(Attr::Intent).map(str::to_owned));
        course.end = later(course.end, other.day(Attr::End));
    }
    // Obinutuzumab before glofitamab prepares for it; the two together prepare for nothing.
    let prepares = |fact: &&Fact| fact.word(Attr::Intent) == Some("conditioning");
    if !group.iter().all(prepares) {
        course.intent = course.intent.filter(|intent| intent != "conditioning");
    }
    course
}

/// The regimen that is exactly these drugs.
fn named(catalogue: &Catalogue, components: &BTreeSet<ConceptId>) -> Option<ConceptId> {
    if components.len() == 1 {
        let drug = components.iter().next()?;
        return catalogue.is_of_class(drug, "BTKi").then(|| ConceptId::from("reg.btki_mono"));
    }
    catalogue
        .concepts()
        .filter(|concept| concept.id.is("reg"))
        .find(|concept| {
            catalogue.regimen(&concept.id).is_some_and(|regimen| {
                regimen.components.len() == components.len()
                    && regimen
                        .components
                        .iter()
                        .all(|one_of| one_of.len() == 1 && components.contains(&one_of[0]))
                    && !regimen.purposes.iter().any(|of| of == "lymphodepletion" || of == "HDT")
            })
        })
        .map(|concept| concept.id.clone())
}

/// A course of the same regimen at a time that fits.
fn home<'c>(courses: &'c mut [Course], mention: &Course) -> Option<&'c mut Course> {
    let fits = |course: &Course| {
        course.concept == mention.concept
            && same_drugs(course, mention)
            && course.line.is_none_or(|line| mention.line.is_none_or(|other| line == other))
            && same_phase(course, mention)
            && near(course, mention)
    };
    courses.iter_mut().rev().find(|course| fits(course))
}

/// Two drugs of one class are two courses: ibrutinib, then pirtobrutinib.
fn same_drugs(course: &Course, mention: &Course) -> bool {
    course.concept.as_str() != "reg.btki_mono"
        || course.components.is_empty()
        || mention.components.is_empty()
        || course.components == mention.components
}

/// Maintenance is told as such once and without the word elsewhere; two courses only when the times differ.
fn same_phase(course: &Course, mention: &Course) -> bool {
    let phase = |of: &Course| of.intent.as_deref().is_some_and(|intent| intent == "maintenance");
    phase(course) == phase(mention)
        || course.start.zip(mention.start).is_none_or(|(a, b)| a.may_equal(b))
        || near(course, mention)
}

/// Half a year without a word between two mentions parts two courses.
fn near(course: &Course, mention: &Course) -> bool {
    let (Some(start), Some(end), Some(from), Some(to)) =
        (course.start, course.end, mention.start, mention.end)
    else {
        return true;
    };
    let gap = |first: PartialDate, second: PartialDate| {
        second.earliest().since(first.latest()).map_or(0, |span| span.get_days())
    };
    gap(end, from) <= 200 && gap(to, start) <= 200
}

fn join(course: &mut Course, mention: Course) {
    course.start = earlier(course.start, mention.start);
    course.end = later(course.end, mention.end);
    course.cycles = course.cycles.max(mention.cycles);
    course.line = course.line.or(mention.line);
    course.intent = course.intent.take().or(mention.intent);
    if course.concept.as_str() == "reg.btki_mono" && course.components.is_empty() {
        course.components = mention.components.clone();
    }
    // A stand-in read from a drug list holds for the course.
    for group in STAND_INS {
        let read = mention.components.iter().find(|of| group[1..].contains(&of.as_str()));
        if let Some(read) = read.filter(|read| !course.components.contains(*read)) {
            course.components.retain(|of| !group.contains(&of.as_str()));
            course.components.insert(read.clone());
        }
    }
    course.told.extend(mention.told);
    course.told.sort();
    course.told.dedup();
}

/// The later of two dates; of two that may be the same day the more precise one.
pub(super) fn later(a: Option<PartialDate>, b: Option<PartialDate>) -> Option<PartialDate> {
    match (a, b) {
        (Some(first), Some(second)) if first.may_equal(second) => {
            Some(if first.precision() >= second.precision() { first } else { second })
        }
        (Some(first), Some(second)) => Some(first.max(second)),
        (first, second) => first.or(second),
    }
}

/// A drug or a smaller combination told alone that a regimen of the same time contains is that regimen.
fn drop_told_by_regimen(facts: &Facts<'_>, courses: &mut Vec<Course>) {
    let all = courses.clone();
    courses.retain(|course| {
        let maintenance = course.intent.as_deref() == Some("maintenance")
            || has_purpose(facts.catalogue, &course.concept, "maintenance");
        let contained = all.iter().any(|other| {
            other.concept != course.concept
                && !course.components.is_empty()
                && course.components.len() < other.components.len()
                && course.components.iter().all(|drug| other.components.contains(drug))
                && overlaps(course, other)
        });
        maintenance || !contained
    });
    // BTKi as a class beside the drug that was named.
    let named = all.iter().any(|of| of.concept.as_str() == "reg.btki_mono" && !of.components.is_empty());
    courses.retain(|of| !(named && of.concept.as_str() == "reg.btki_mono" && of.components.is_empty()));
}

fn overlaps(course: &Course, other: &Course) -> bool {
    let (Some(start), Some(end)) = (other.start, other.end) else { return true };
    let Some(told) = course.start else { return true };
    let early = told.latest() < start.earliest();
    let late = told.earliest().since(end.latest()).map_or(0, |span| span.get_days()) > 60;
    !early && !late
}
