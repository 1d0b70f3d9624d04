//! Lines of therapy as questions see them: what a line contained, and which lines count.

use crate::{
    context::Context,
    kernel::Verdict,
    names::DrugSet,
    phrases::{Arg, Say},
};
use cartulary_model::{
    Assertion, ConceptId, FactId, PartialDate, Text,
    record::{LineOfTherapy, OtherTherapy},
};

/// Whether a therapy contained a drug of a set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Holds {
    Yes,
    /// A physician decides whether this drug counts.
    Physician(ConceptId),
    /// Its drugs are not all known.
    DrugsUnknown,
    No,
}

/// Whether a line contained a drug of the set.
///
/// The drug list decides, never the acronym: where papers give only an acronym that stands for several regimens
/// (R-CEOP: epirubicin or etoposide), the drugs in which they differ are unknown.
pub(crate) fn line_holds(context: &Context<'_>, line: &LineOfTherapy, set: &DrugSet) -> Holds {
    if set.cell_therapy && line.cell_therapy {
        return Holds::Yes;
    }
    let mut drugs = line.components.iter().chain(&line.continued_with);
    if drugs.clone().any(|drug| set.counts.contains(drug)) {
        return Holds::Yes;
    }
    let mut unsure = drugs.find(|drug| set.physician.contains(*drug)).cloned().map(Holds::Physician);
    let named = line.regimen.iter().chain(line.continued_with.iter().filter(|of| of.is("reg")));
    for regimen in named {
        let from_name = regimen_holds(context, regimen, line, set);
        if from_name == Holds::Yes {
            return Holds::Yes;
        }
        if from_name != Holds::No && unsure.is_none() {
            unsure = Some(from_name);
        }
    }
    unsure.unwrap_or_else(|| unread_drugs(context, line, set))
}

/// What a regimen's name says, for the drugs that the papers do not list.
fn regimen_holds(context: &Context<'_>, regimen: &ConceptId, line: &LineOfTherapy, set: &DrugSet) -> Holds {
    let own = line.regimen.as_ref() == Some(regimen);
    if own && !line.components.is_empty() {
        return Holds::No;
    }
    let choices = context.catalogue.regimen(regimen).map_or(&[][..], |known| known.components.as_slice());
    let (mut may_hold, mut doubtful) = (false, None);
    for choice in choices {
        if choice.iter().all(|drug| set.counts.contains(drug)) {
            return Holds::Yes;
        }
        may_hold |= choice.iter().any(|drug| set.counts.contains(drug));
        doubtful = doubtful.or(choice.iter().find(|drug| set.physician.contains(*drug)));
    }
    match doubtful {
        _ if may_hold => Holds::DrugsUnknown,
        Some(drug) => Holds::Physician(drug.clone()),
        None => Holds::No,
    }
}

/// A line without drugs and name may hold anything; an acronym of several regimens may hold what they differ in.
fn unread_drugs(context: &Context<'_>, line: &LineOfTherapy, set: &DrugSet) -> Holds {
    if line.cell_therapy && line.components.is_empty() {
        // Cells whose target is not told may be directed against any.
        let may_be = set.counts.iter().any(|drug| context.catalogue.is_of_class(drug, "CAR-T"));
        return if may_be { Holds::DrugsUnknown } else { Holds::No };
    }
    if line.regimen.is_some() || line.cell_therapy {
        return Holds::No;
    }
    let regimens = context.names.regimens_written(&line.label);
    let holding = regimens
        .iter()
        .filter_map(|regimen| context.catalogue.regimen(regimen))
        .filter(|regimen| {
            regimen.components.iter().any(|choice| choice.iter().all(|drug| set.counts.contains(drug)))
        })
        .count();
    if line.components.is_empty() {
        return match holding {
            0 if !regimens.is_empty() => Holds::No,
            all if all == regimens.len() && all > 0 => Holds::Yes,
            _ => Holds::DrugsUnknown,
        };
    }
    // The drug list is there: it is silent only on the drugs in which the acronym's regimens differ.
    let tells = |drug: &ConceptId| {
        let having = regimens.iter().filter(|regimen| has_component(context, regimen, drug)).count();
        having > 0 && having < regimens.len()
    };
    if holding > 0 && holding < regimens.len() && !line.components.iter().any(tells) {
        Holds::DrugsUnknown
    } else {
        Holds::No
    }
}

fn has_component(context: &Context<'_>, regimen: &ConceptId, drug: &ConceptId) -> bool {
    context
        .catalogue
        .regimen(regimen)
        .is_some_and(|regimen| regimen.components.iter().flatten().any(|component| component == drug))
}

/// Whether a therapy that is no line contained a drug of the set. Planned and refused ones contained nothing.
pub(crate) fn other_holds(context: &Context<'_>, therapy: &OtherTherapy, set: &DrugSet) -> bool {
    let given =
        therapy.assertion == Assertion::Present && therapy.intent != "planned" && therapy.intent != "refused";
    given && is_of_set(context, therapy, set)
}

fn is_of_set(context: &Context<'_>, therapy: &OtherTherapy, set: &DrugSet) -> bool {
    set.counts.contains(&therapy.concept)
        || context.catalogue.regimen(&therapy.concept).is_some_and(|regimen| {
            regimen.components.iter().any(|choice| choice.iter().all(|drug| set.counts.contains(drug)))
        })
}

/// The facts by which papers deny every drug of the set. The denial of one finding of several denies nothing.
fn denials(context: &Context<'_>, set: &DrugSet) -> Vec<FactId> {
    let by_drug = context.record.other_therapies.iter().filter(|therapy| {
        therapy.assertion == Assertion::Negated && set.denied_by.contains(&therapy.concept)
    });
    let mut denials: Vec<FactId> = by_drug.flat_map(|therapy| therapy.facts.iter().copied()).collect();
    let by_finding: Option<Vec<FactId>> = set
        .findings
        .iter()
        .map(|finding| context.record.findings.get(finding)?.denied.first().map(|denied| denied.fact))
        .collect();
    denials.extend(by_finding.unwrap_or_default());
    denials
}

/// The latest day on which a drug of the set was or may have been given.
pub(crate) struct LastExposure {
    /// Whether any was given.
    pub(crate) any: bool,
    /// Whether every exposure has a day.
    pub(crate) dated: bool,
    /// The last day of the last exposure.
    pub(crate) until: Option<PartialDate>,
    pub(crate) facts: Vec<FactId>,
}

/// When a drug of the set was last given.
pub(crate) fn last_exposure(context: &Context<'_>, set: &DrugSet) -> LastExposure {
    let mut last = LastExposure { any: false, dated: true, until: None, facts: Vec::new() };
    let lines = context
        .record
        .lines
        .iter()
        .filter(|line| matches!(line_holds(context, line, set), Holds::Yes))
        .map(|line| (line.end, &line.facts));
    let others = context
        .record
        .other_therapies
        .iter()
        .filter(|therapy| other_holds(context, therapy, set))
        .map(|therapy| (therapy.end.or(therapy.start), &therapy.facts));
    for (end, facts) in lines.chain(others) {
        last.any = true;
        last.facts.extend(facts);
        match end {
            None => last.dated = false,
            Some(end) if last.until.is_none_or(|until| end.latest() > until.latest()) => {
                last.until = Some(end);
            }
            Some(_) => {}
        }
    }
    last
}

/// Whether the patient was ever given a drug of the set.
pub(crate) fn had<'a>(context: &Context<'a>, set: &DrugSet) -> Verdict<'a> {
    let name = Arg::from(&set.name);
    let mut unsure = None;
    for line in &context.record.lines {
        let words = line_words(context, line);
        match line_holds(context, line, set) {
            Holds::Yes => {
                return Verdict::met(context.say(Say::Had, &[name, (&words).into()]), line.facts.clone());
            }
            Holds::Physician(drug) => {
                let why = context.say(Say::HadDoubtful, &[context.label(&drug), (&words).into(), name]);
                unsure = unsure.or(Some(Verdict::unknown(why, line.facts.clone(), Vec::new())));
            }
            Holds::DrugsUnknown => {
                let why = context.say(Say::DrugsUnknown, &[(&words).into(), name]);
                unsure = unsure.or(Some(Verdict::unknown(why, line.facts.clone(), vec!["regimen_drugs"])));
            }
            Holds::No => {}
        }
    }
    if let Some(therapy) = context.record.other_therapies.iter().find(|of| other_holds(context, of, set)) {
        let words = Text::new(&therapy.label, &therapy.label);
        return Verdict::met(context.say(Say::Had, &[name, (&words).into()]), therapy.facts.clone());
    }
    let stated = set.findings.iter().filter_map(|finding| context.record.findings.get(finding));
    for state in stated {
        if let Some(fact) = state.asserted.first().or(state.historical.first()) {
            return Verdict::met(context.say(Say::HadStated, &[name]), vec![fact.fact]);
        }
    }
    // "Maybe she had rituximab": neither given nor not given.
    let doubted = context
        .record
        .other_therapies
        .iter()
        .find(|of| of.assertion == Assertion::Possible && is_of_set(context, of, set));
    if let Some(therapy) = doubted {
        let words = Text::new(&therapy.label, &therapy.label);
        let why = context.say(Say::HadMaybe, &[(&words).into(), name]);
        unsure = unsure.or(Some(Verdict::unknown(why, therapy.facts.clone(), vec!["treatment_history"])));
    }
    if let Some(unsure) = unsure {
        return unsure;
    }
    let denials = denials(context, set);
    if !denials.is_empty() {
        return Verdict::not_met(context.say(Say::HadDenied, &[name]), denials);
    }
    if context.history_is_complete() {
        return Verdict::not_met(context.say(Say::HadNot, &[name]), context.completeness_facts().to_vec());
    }
    Verdict::unknown(context.say(Say::HadNotRead, &[name]), Vec::new(), vec!["treatment_history"])
}

/// A line that counts, or may count.
#[derive(Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) line: &'a LineOfTherapy,
    /// Whether it is known to count.
    pub(crate) sure: bool,
}

/// Answers on all lines and, after a transformation, on the lines since; where the two answers differ, a physician
/// decides: no label says whether lines given for the indolent lymphoma count.
pub(crate) fn in_both_phases<'a>(
    context: &Context<'a>,
    assess: impl Fn(&[Counted<'a>]) -> Verdict<'a>,
) -> Verdict<'a> {
    let all: Vec<Counted<'a>> =
        context.record.lines.iter().map(|line| Counted { line, sure: true }).collect();
    let mut total = assess(&all);
    let transformed =
        context.record.transformation.as_ref().is_some_and(|change| change.assertion == Assertion::Present)
            || context.disease.is_transformed();
    if !transformed || all.iter().all(|of| of.line.before_transformation == Some(false)) {
        return total;
    }
    let since: Vec<Counted<'a>> = all
        .iter()
        .filter(|of| of.line.before_transformation != Some(true))
        .map(|of| Counted { line: of.line, sure: of.line.before_transformation == Some(false) })
        .collect();
    let since = assess(&since);
    if total.answer == since.answer {
        total.missing.extend(since.missing);
        total.missing.sort_unstable();
        total.missing.dedup();
        return total;
    }
    let why = context.say(Say::PhasesDiffer, &[(&total.why).into(), (&since.why).into()]);
    let mut evidence = total.evidence;
    evidence.extend(since.evidence);
    evidence.extend(context.record.transformation.iter().flat_map(|change| change.facts.iter().copied()));
    let mut missing = total.missing;
    missing.extend(since.missing);
    Verdict::unknown(why, evidence, missing)
}

/// Unknown, because the line may have been given before the transformation.
pub(crate) fn phase_unknown<'a>(context: &Context<'a>, line: &LineOfTherapy) -> Verdict<'a> {
    let words = line_words(context, line);
    let why = context.say(Say::PhaseUnknown, &[(&words).into()]);
    Verdict::unknown(why, line.facts.clone(), vec!["last_line_dates"])
}

/// `line 2 (R-GDP)`.
pub(crate) fn line_words(context: &Context<'_>, line: &LineOfTherapy) -> Text {
    context.say(Say::LineN, &[Arg::Number(f64::from(line.number)), Arg::Same(&line.label)])
}

/// `2 lines`.
pub(crate) fn count_words(context: &Context<'_>, count: usize) -> Text {
    if count == 1 {
        context.say(Say::OneLine, &[])
    } else {
        context.say(Say::LineCount, &[Arg::Number(count as f64)])
    }
}
