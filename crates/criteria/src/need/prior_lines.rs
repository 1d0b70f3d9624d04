use super::Reader;
use crate::{
    context::Context,
    document::Fields,
    kernel::Verdict,
    lines::{self, Counted},
    names::DrugSet,
    phrases::{Arg, Say},
};
use cartulary_model::{FactId, Text};

/// ## What it asks
/// How many lines of systemic therapy were given (`at_least`, `at_most`), and whether drugs of certain classes were
/// among them (`including`; a list in the list means one of these). `not_alone` names drugs that make no line by
/// themselves: rituximab alone counts for a label, not for some trials.
///
/// After a transformation the number is counted twice: in all, and since the transformation. Where the answers differ,
/// a physician decides; no label says whether lines given for the indolent lymphoma count.
///
/// ## Unknown when
/// fewer lines were read than are needed, or a drug was not found, and no paper and no person says that the history
/// of treatment is complete; a paper counts more lines than were read; a line is known by an acronym that does not
/// tell its drugs; a drug is one that a physician must place (mitoxantrone as an anthracycline).
///
/// ## References
/// - eligibility facts 4.3 (convention, from memory; no label defines a line) and 5.2 (regimen names)
#[derive(Clone, Debug, PartialEq)]
pub struct PriorLines {
    pub(super) at_least: Option<u32>,
    pub(super) at_most: Option<u32>,
    pub(super) including: Vec<DrugSet>,
    pub(super) not_alone: Option<DrugSet>,
}

impl PriorLines {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("prior_lines", reader.log)?;
        let mut inner = reader.log.fields(node);
        let at_least = inner.count("at_least", reader.log);
        let at_most = inner.count("at_most", reader.log);
        let mut including = Vec::new();
        if let Some(node) = inner.take("including") {
            for item in reader.log.list(node)? {
                including.push(reader.drugs(item)?);
            }
        }
        let not_alone = inner.take("not_alone").and_then(|node| reader.drugs(node));
        if at_least.is_none() && at_most.is_none() && including.is_empty() {
            reader.log.problem(node.at, "expected at_least, at_most or including");
        }
        inner.finish(reader.log);
        Some(Self { at_least, at_most, including, not_alone })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let mut parts = Vec::with_capacity(1 + self.including.len());
        if self.at_least.is_some() || self.at_most.is_some() {
            parts.push(context.say(Say::AskLines, &[(&self.bound(context)).into()]));
        }
        let including = |set: &DrugSet| context.say(Say::AskLinesIncluding, &[(&set.name).into()]);
        parts.extend(self.including.iter().map(including));
        let whole = context.both(&parts);
        match &self.not_alone {
            Some(set) => context.say(Say::AskNotAlone, &[(&whole).into(), (&set.name).into()]),
            None => whole,
        }
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let mut parts = Vec::with_capacity(1 + self.including.len());
        if self.at_least.is_some() || self.at_most.is_some() {
            parts.push(lines::in_both_phases(context, |counted| self.number(context, counted)));
        }
        parts.extend(self.including.iter().map(|set| lines::had(context, set)));
        Verdict::all(parts)
    }

    fn number<'a>(&self, context: &Context<'a>, counted: &[Counted<'a>]) -> Verdict<'a> {
        let range = Range::of(self, context, counted);
        let bound = self.bound(context);
        let facts: Vec<FactId> = counted.iter().flat_map(|of| of.line.facts.iter().copied()).collect();
        let least = self.at_least.map_or(0, |count| count as usize);
        let most = self.at_most.map_or(usize::MAX, |count| count as usize);
        let words = lines::count_words(context, counted.len());
        let say = |say| context.say(say, &[(&words).into(), (&bound).into()]);
        let upper = range.complete.then_some(range.high);
        if range.low > most || upper.is_some_and(|high| high < least) {
            return Verdict::not_met(
                say(Say::LinesNotSo),
                with_completeness(context, facts, range.low <= most),
            );
        }
        if range.low >= least && (most == usize::MAX || upper.is_some_and(|high| high <= most)) {
            return Verdict::met(
                say(Say::LinesEnough),
                with_completeness(context, facts, most != usize::MAX),
            );
        }
        if counted.is_empty() && context.record.lines.is_empty() {
            return Verdict::unknown(context.say(Say::NoLines, &[]), facts, vec!["treatment_history"]);
        }
        if let Some(stated) = range.stated {
            let args = [(&words).into(), Arg::Number(f64::from(stated)), (&bound).into()];
            return Verdict::unknown(context.say(Say::LinesStated, &args), facts, vec!["treatment_history"]);
        }
        if range.complete {
            if let Some(unsure) = counted.iter().find(|of| !of.sure) {
                return lines::phase_unknown(context, unsure.line);
            }
            return Verdict::unknown(say(Say::LinesDoubtful), facts, Vec::new());
        }
        Verdict::unknown(say(Say::LinesOpen), facts, vec!["treatment_history"])
    }

    fn bound(&self, context: &Context<'_>) -> Text {
        let of =
            |say, count: Option<u32>| count.map(|count| context.say(say, &[Arg::Number(f64::from(count))]));
        match (of(Say::AtLeast, self.at_least), of(Say::AtMost, self.at_most)) {
            (Some(least), Some(most)) => context.joined(least, most, Say::And),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Text::default(),
        }
    }
}

/// The numbers of lines that are possible, as far as they were read.
struct Range {
    low: usize,
    high: usize,
    complete: bool,
    /// What a paper counts, when that is another number.
    stated: Option<u32>,
}

impl Range {
    fn of(need: &PriorLines, context: &Context<'_>, counted: &[Counted<'_>]) -> Self {
        let alone = |of: &Counted<'_>| {
            need.not_alone.as_ref().is_some_and(|set| {
                !of.line.components.is_empty()
                    && of.line.components.iter().all(|drug| set.counts.contains(drug))
            })
        };
        let counts = counted.iter().filter(|of| of.sure && !alone(of)).count();
        let read = context.record.lines.len() as u32;
        let numbered = context.record.lines.iter().map(|line| line.number).max().unwrap_or(0);
        let stated = context.record.status.stated_line_count.as_ref().map(|stated| stated.value);
        let more = stated.max(Some(numbered)).filter(|stated| *stated > read);
        // A paper that counts fewer may be older than the last line; only a conflict that was noted speaks against it.
        let fewer = stated.filter(|stated| *stated < read && context.conflict_about("lines").is_some());
        Self {
            low: fewer.map_or(counts, |stated| counts.min(stated as usize)),
            high: counted.len(),
            complete: context.history_is_complete() && more.is_none(),
            stated: more.or(fewer),
        }
    }
}

fn with_completeness(context: &Context<'_>, mut facts: Vec<FactId>, rests_on_it: bool) -> Vec<FactId> {
    if rests_on_it {
        facts.extend(context.completeness_facts());
    }
    facts
}
