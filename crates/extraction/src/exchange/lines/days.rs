//! Lines in the order of their days: a paper may tell the last course first, "ibrutinib since 2023, previously BR x6 (2017)".

use cartulary_model::{
    Fact, PartialDate,
    fact::{Attr, AttrValue},
};

/// Lines told in one run of courses with one number.
struct Group {
    line: f64,
    facts: Vec<usize>,
    begun: Option<PartialDate>,
    /// The number that the paper itself gives.
    stated: Option<f64>,
}

/// Numbers lines anew where the days of their courses contradict the order in which they are told, and every number that the
/// paper states is kept by it.
pub(super) fn in_order(facts: &[Fact], lines: &mut [Option<f64>]) {
    let mut groups = groups(facts, lines);
    let dated: Vec<PartialDate> = groups.iter().filter_map(|of| of.begun).collect();
    let in_order = dated.windows(2).all(|pair| pair[0].earliest() <= pair[1].latest());
    if dated.len() < 2 || in_order || groups.first().is_none_or(|of| of.begun.is_none()) {
        return;
    }
    let mut before = None;
    for group in &mut groups {
        // A course without a day followed the one that was told before it.
        group.begun = group.begun.or(before);
        before = group.begun;
    }
    groups.sort_by_key(|of| of.begun.map(PartialDate::earliest));
    let numbered = || groups.iter().zip(1u8..).map(|(group, number)| (group, f64::from(number)));
    if numbered().any(|(group, number)| group.stated.is_some_and(|stated| stated != number)) {
        return;
    }
    for (group, number) in numbered() {
        group.facts.iter().for_each(|index| lines[*index] = Some(number));
    }
}

fn groups(facts: &[Fact], lines: &[Option<f64>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(line) = *line else { continue };
        let fact = &facts[index];
        let stated = match fact.attrs.get(&Attr::Line) {
            Some(AttrValue::Number(number)) => Some(*number),
            _ => None,
        };
        let begun = begun(fact);
        // "As third line, previously BR x6 (2017)": what began before it is none of the line whose number is stated.
        let before = |of: &Group| {
            of.stated.is_some()
                && stated.is_none()
                && begun.zip(of.begun).is_some_and(|(own, line)| own.latest() < line.earliest())
        };
        match groups.iter_mut().find(|of| of.line == line && !before(of)) {
            Some(group) => {
                group.facts.push(index);
                group.stated = group.stated.or(stated);
                group.begun = match (group.begun, begun) {
                    (Some(a), Some(b)) if b.earliest() < a.earliest() => Some(b),
                    (a, b) => a.or(b),
                };
            }
            None => groups.push(Group { line, facts: vec![index], begun, stated }),
        }
    }
    groups
}

/// Its own first day: the day of a sentence may be that of something else.
fn begun(fact: &Fact) -> Option<PartialDate> {
    match fact.attrs.get(&Attr::Start) {
        Some(AttrValue::Date(date)) => Some(*date),
        _ => None,
    }
}
