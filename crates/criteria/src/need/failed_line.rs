use super::Reader;
use crate::{
    context::Context,
    document::Fields,
    kernel::Verdict,
    lines::{self, Counted, Holds, line_words},
    names::DrugSet,
    period::Period,
    phrases::{Arg, Say},
};
use cartulary_model::{
    Assertion, DateInterval, FactId, PartialDate, Text,
    record::{LineOfTherapy, ReasonForEnding, Response, ResponseCategory},
};

/// ## What it asks
/// Whether the `first` or the `last` line failed: refractory, or relapse `within` a time of it (at any time without
/// `within`). `containing` names what the line must have held; where it did not, a physician decides.
///
/// *Refractory*: a paper says so, or the best response is one of `refractory` (progressive or stable disease). Stable
/// disease may need so many cycles (`sd_after_cycles`). A progression more than three months after the last dose is no
/// response to the line: what the best one was is then unknown. A partial response is a physician's question: no label says
/// whether it is refractory. `refractory = []` asks for the relapse alone, `relapse = false` for refractoriness alone.
///
/// *Relapse within*: the time is computed from every anchor that the papers give: start, last dose, the assessment at
/// the end, the interval as stated. FDA labels do not say which one is meant, so all of them must agree. `from =
/// "completion"` (EU labels) takes last dose, assessment and stated interval, `from = "last_dose"` only the last dose.
///
/// ## Unknown when
/// the relapse or every anchor is undated; the anchors stand on both sides of the limit; only the start or only the
/// end is known, the label does not say from where it counts, and the time lies within six months of the limit; the
/// line was given before a transformation.
///
/// ## References
/// - eligibility facts 4.1 (definitions that contradict each other; how to compute) and 4.3
/// - [Crump 2017] refractory; [Locke 2022] ZUMA-7
#[derive(Clone, Debug, PartialEq)]
pub struct FailedLine {
    last: bool,
    from_number: u32,
    refractory: Vec<ResponseCategory>,
    sd_after_cycles: Option<u32>,
    within: Option<Period>,
    relapse: bool,
    from: From,
    containing: Vec<DrugSet>,
}

/// From where the time to relapse is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// The sentence does not say.
    Unstated,
    Completion,
    LastDose,
}

/// How near to the limit a single anchor must not lie.
const DOUBT_MONTHS: i32 = 6;

impl FailedLine {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("failed_line", reader.log)?;
        let mut inner = reader.log.fields(node);
        let last = reader.word(&mut inner, "line", &["first", "last"])? == "last";
        let from_number = inner.count("from_number", reader.log).unwrap_or(1);
        let refractory = match inner.take("refractory") {
            Some(node) => super::last_response::categories(node, reader),
            None => vec![ResponseCategory::PD, ResponseCategory::SD],
        };
        let sd_after_cycles = inner.count("sd_after_cycles", reader.log);
        let within = inner.take("within").and_then(|node| Period::read(node, reader.log));
        let relapse = inner.take("relapse").and_then(|node| reader.log.flag(node)).unwrap_or(true);
        let from = if inner.has("from") {
            match reader.word(&mut inner, "from", &["completion", "last_dose"])? {
                "completion" => From::Completion,
                _ => From::LastDose,
            }
        } else {
            From::Unstated
        };
        let mut containing = Vec::new();
        if let Some(node) = inner.take("containing") {
            for item in reader.log.list(node)? {
                containing.push(reader.drugs(item)?);
            }
        }
        inner.finish(reader.log);
        Some(Self { last, from_number, refractory, sd_after_cycles, within, relapse, from, containing })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let responses = Text::same(super::last_response::names(&self.refractory));
        let refractory = match (self.refractory.is_empty(), self.sd_after_cycles) {
            (true, _) => Text::default(),
            (false, None) => context.say(Say::AskRefractory, &[(&responses).into()]),
            (false, Some(cycles)) => {
                let args = [(&responses).into(), Arg::Number(f64::from(cycles))];
                context.say(Say::AskRefractoryCycles, &args)
            }
        };
        let period = self.within.map(|within| context.period(within)).unwrap_or_default();
        let relapse = match (self.relapse, self.within, self.from) {
            (false, ..) => Text::default(),
            (true, None, _) => context.say(Say::AskRelapse, &[]),
            (true, Some(_), From::Unstated) => context.say(Say::AskRelapseWithin, &[(&period).into()]),
            (true, Some(_), From::Completion) => context.say(Say::AskRelapseCompletion, &[(&period).into()]),
            (true, Some(_), From::LastDose) => context.say(Say::AskRelapseLastDose, &[(&period).into()]),
        };
        let ways = context.either(&[refractory, relapse]);
        let mut whole = match (self.last, self.from_number) {
            (false, _) => context.say(Say::AskFirstLine, &[(&ways).into()]),
            (true, 1) => context.say(Say::AskLastLine, &[(&ways).into()]),
            (true, number) => {
                context.say(Say::AskLastLineFrom, &[Arg::Number(f64::from(number)), (&ways).into()])
            }
        };
        for set in &self.containing {
            whole = context.say(Say::AskContaining, &[(&whole).into(), (&set.name).into()]);
        }
        whole
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        lines::in_both_phases(context, |counted| self.of_phase(context, counted))
    }

    fn of_phase<'a>(&self, context: &Context<'a>, counted: &[Counted<'a>]) -> Verdict<'a> {
        let found = if self.last { counted.last() } else { counted.first() };
        let Some(Counted { line, sure }) = found.copied().filter(|of| of.line.number >= self.from_number)
        else {
            let complete = context.history_is_complete();
            let why = context.say(Say::NoLines, &[]);
            return if complete {
                Verdict::not_met(why, context.completeness_facts().to_vec())
            } else {
                Verdict::unknown(why, Vec::new(), vec!["treatment_history"])
            };
        };
        let mut parts = Vec::with_capacity(2);
        if !self.refractory.is_empty() {
            parts.push(self.was_refractory(context, line));
        }
        if self.relapse {
            parts.push(self.relapsed(context, line));
        }
        let failed = Verdict::any(parts);
        if !sure {
            return lines::phase_unknown(context, line);
        }
        self.of_what(context, line, failed)
    }

    /// A failed line of another kind than the sentence names is a physician's question, never "not met".
    fn of_what<'a>(&self, context: &Context<'a>, line: &LineOfTherapy, failed: Verdict<'a>) -> Verdict<'a> {
        for set in &self.containing {
            let missing = match lines::line_holds(context, line, set) {
                Holds::Yes => continue,
                Holds::DrugsUnknown => vec!["regimen_drugs"],
                Holds::Physician(_) | Holds::No => Vec::new(),
            };
            let words = line_words(context, line);
            let why = context.say(Say::NotChemoimmunotherapy, &[(&words).into(), (&set.name).into()]);
            return Verdict::unknown(why, line.facts.clone(), missing);
        }
        failed
    }

    fn was_refractory<'a>(&self, context: &Context<'a>, line: &LineOfTherapy) -> Verdict<'a> {
        let words = line_words(context, line);
        if let Some(fact) = self.stated_refractory(context, line) {
            return Verdict::met(context.say(Say::RefractoryStated, &[(&words).into()]), vec![fact]);
        }
        let Some(best) = line.best_response.as_ref().filter(|best| !is_later_progression(line, best)) else {
            let item = if self.last { "last_line_response" } else { "first_line_response" };
            let why = context.say(Say::BestResponseUnknown, &[(&words).into()]);
            return Verdict::unknown(why, line.facts.clone(), vec![item]);
        };
        let name = super::last_response::name(best.category);
        let say = |say| context.say(say, &[(&words).into(), Arg::Same(name)]);
        let facts = best.facts.clone();
        if self.refractory.contains(&best.category) {
            let needed = self.sd_after_cycles.filter(|_| best.category == ResponseCategory::SD);
            return match (needed, line.cycles_given) {
                (Some(_), None) => Verdict::unknown(say(Say::CyclesUnknown), facts, vec!["cycles_given"]),
                (Some(cycles), Some(given)) if given < cycles => {
                    Verdict::unknown(say(Say::BestResponseToPhysician), facts, Vec::new())
                }
                _ => Verdict::met(say(Say::BestResponseCounts), facts),
            };
        }
        match best.category {
            ResponseCategory::CR => Verdict::not_met(say(Say::BestResponse), facts),
            ResponseCategory::PR | ResponseCategory::SD | ResponseCategory::PD => {
                Verdict::unknown(say(Say::BestResponseToPhysician), facts, Vec::new())
            }
        }
    }

    /// "Primary refractory" is said of the first line, "refractory" of the last one.
    fn stated_refractory(&self, context: &Context<'_>, line: &LineOfTherapy) -> Option<FactId> {
        let is_last = context.record.lines.last().is_some_and(|last| last.number == line.number);
        let is_first = context.record.lines.first().is_some_and(|first| first.number == line.number);
        context
            .record
            .status
            .statements
            .iter()
            .filter(|of| of.assertion == Assertion::Present)
            .find(|of| match of.concept.as_str() {
                "find.primary_refractory" => is_first,
                "find.refractory" => is_last && !is_before(of.date, line.start),
                _ => false,
            })
            .map(|of| of.fact)
    }

    fn relapsed<'a>(&self, context: &Context<'a>, line: &LineOfTherapy) -> Verdict<'a> {
        let words = line_words(context, line);
        let (relapse, mut facts) = relapse_of(context, line);
        facts.extend(&line.facts);
        let Some(within) = self.within else {
            let ended_by = matches!(
                line.reason_for_ending,
                Some(ReasonForEnding::Relapse | ReasonForEnding::Progression)
            );
            return if relapse.is_some() || ended_by || line.months_to_relapse.is_some() {
                Verdict::met(context.say(Say::RelapseAnyTime, &[(&words).into()]), facts)
            } else {
                let why = context.say(Say::RelapseUndated, &[(&words).into()]);
                Verdict::unknown(why, facts, vec!["relapse_date"])
            };
        };
        let anchors = Anchors::of(line, relapse, within);
        if relapse.is_none() && anchors.of.is_empty() {
            let why = context.say(Say::RelapseUndated, &[(&words).into()]);
            return Verdict::unknown(why, facts, vec!["relapse_date"]);
        }
        self.by_clock(context, line, &anchors, relapse, within, facts)
    }

    fn by_clock<'a>(
        &self,
        context: &Context<'a>,
        line: &LineOfTherapy,
        anchors: &Anchors,
        relapse: Option<PartialDate>,
        within: Period,
        facts: Vec<FactId>,
    ) -> Verdict<'a> {
        let words = line_words(context, line);
        let dates_item = if self.last { "last_line_dates" } else { "first_line_dates" };
        let asked: Vec<&Anchor> = anchors
            .of
            .iter()
            .filter(|of| match self.from {
                From::Unstated => true,
                From::Completion => !of.is_start,
                From::LastDose => matches!(of.say, Say::MonthsFromLastDose),
            })
            .collect();
        let spans = anchors.words(context);
        let period = context.period(within);
        let say = |say| {
            context.say(say, &[(&words).into(), super::date(relapse), (&spans).into(), (&period).into()])
        };
        if asked.is_empty() {
            // The last dose is never before the first: within the time from the start is within it from the end. A stated
            // interval does not say from where it counts, and may count from a later day.
            if anchors.of.iter().any(|of| of.is_start && of.within == Some(true)) {
                return Verdict::met(say(Say::RelapseWithin), facts);
            }
            let why = context.say(Say::RelapseNoAnchor, &[(&words).into(), super::date(relapse)]);
            return Verdict::unknown(why, facts, vec![dates_item]);
        }
        let one_kind = asked.iter().all(|of| of.is_start) || asked.iter().all(|of| !of.is_start);
        if self.from == From::Unstated && one_kind && asked.iter().any(|of| of.near) {
            return Verdict::unknown(say(Say::RelapseOneAnchor), facts, vec![dates_item]);
        }
        if asked.iter().all(|of| of.within == Some(true)) {
            Verdict::met(say(Say::RelapseWithin), facts)
        } else if asked.iter().all(|of| of.within == Some(false)) {
            Verdict::not_met(say(Say::RelapseLater), facts)
        } else {
            let vague = asked.iter().any(|of| of.within.is_none());
            let missing = if vague { vec![dates_item, "relapse_date"] } else { Vec::new() };
            Verdict::unknown(say(Say::RelapseStraddles), facts, missing)
        }
    }
}

/// How long after the last dose an assessment may still tell of the response to it.
const ASSESSED_WITHIN: Period = Period::months(3);
/// How long after the first dose, where the last one is not known.
const TREATED_WITHIN: Period = Period::months(6);

/// Whether the only thing that is known is a progression long after the line: what the best response was is not.
fn is_later_progression(line: &LineOfTherapy, best: &Response) -> bool {
    let (ResponseCategory::PD, Some(date)) = (best.category, best.date) else { return false };
    match (line.end, line.start) {
        (Some(end), _) => ASSESSED_WITHIN.holds(end.interval(), date.interval()) != Some(true),
        (None, Some(start)) => TREATED_WITHIN.holds(start.interval(), date.interval()) != Some(true),
        (None, None) => true,
    }
}

/// The relapse or progression after a line; for the last line also as the papers state it of the disease.
fn relapse_of(context: &Context<'_>, line: &LineOfTherapy) -> (Option<PartialDate>, Vec<FactId>) {
    if let Some(failed) = line.failed_on
        && !is_long_before_end(line, failed)
    {
        return (Some(failed), Vec::new());
    }
    let is_last = context.record.lines.last().is_some_and(|last| last.number == line.number);
    let from = line.end.or(line.start);
    let stated = context.record.status.statements.iter().filter(|of| {
        is_last
            && of.assertion == Assertion::Present
            && matches!(of.concept.as_str(), "find.relapsed" | "find.early_relapse")
            && of.date.is_some()
            && !is_before(of.date, from)
    });
    match stated.min_by_key(|of| of.date.map(PartialDate::earliest)) {
        Some(of) => (of.date, vec![of.fact]),
        None => (None, Vec::new()),
    }
}

/// Whether the day lies more than a month before the last dose: nobody goes on with a therapy that failed, so one of
/// the two days is wrong and neither is taken.
fn is_long_before_end(line: &LineOfTherapy, failed: PartialDate) -> bool {
    line.end.is_some_and(|end| failed.latest() < Period::months(1).before(end.earliest()))
}

/// The time to relapse, from each point that the papers give.
struct Anchors {
    of: Vec<Anchor>,
}

struct Anchor {
    say: Say,
    is_start: bool,
    /// Months, lowest and highest.
    months: (f64, f64),
    within: Option<bool>,
    /// Whether the time may lie within six months of the limit.
    near: bool,
}

impl Anchors {
    fn of(line: &LineOfTherapy, relapse: Option<PartialDate>, within: Period) -> Self {
        let mut of = Vec::with_capacity(4);
        if let Some(relapse) = relapse.map(PartialDate::interval) {
            let mut dated = |say, is_start, date: Option<PartialDate>| {
                if let Some(from) = date.map(PartialDate::interval) {
                    of.push(Anchor {
                        say,
                        is_start,
                        months: (
                            months(from.latest, relapse.earliest),
                            months(from.earliest, relapse.latest),
                        ),
                        within: within.holds(from, relapse),
                        near: is_near(from, relapse, within),
                    });
                }
            };
            dated(Say::MonthsFromStart, true, line.start);
            dated(Say::MonthsFromLastDose, false, line.end);
            dated(Say::MonthsFromAssessment, false, assessed_at_end(line, relapse));
        }
        if let Some(stated) = line.months_to_relapse {
            let limit = within.in_months();
            // A paper rounds to months: at the limit it does not tell the side.
            let within = ((stated - limit).abs() >= 0.5).then_some(stated < limit);
            let near = (stated - limit).abs() <= f64::from(DOUBT_MONTHS);
            of.push(Anchor {
                say: Say::MonthsStated,
                is_start: false,
                months: (stated, stated),
                within,
                near,
            });
        }
        Self { of }
    }

    fn words(&self, context: &Context<'_>) -> Text {
        if context.is_silent() {
            return Text::default();
        }
        self.of.iter().fold(Text::default(), |words, anchor| {
            let (low, high) = anchor.months;
            let span =
                if (high - low).abs() < 0.05 { format!("{low:.1}") } else { format!("{low:.1}–{high:.1}") };
            let one = context.say(anchor.say, &[Arg::Same(&span)]);
            context.joined(words, one, Say::And)
        })
    }
}

/// The assessment of the response at the end of a line, if it is dated after the last dose and before the relapse.
fn assessed_at_end(line: &LineOfTherapy, relapse: DateInterval) -> Option<PartialDate> {
    let end = line.end?;
    let response = line.last_response.as_ref()?;
    let date = response.date?;
    let good = matches!(response.category, ResponseCategory::CR | ResponseCategory::PR);
    (good && date.earliest() >= end.earliest() && date.latest() <= relapse.earliest).then_some(date)
}

fn is_near(from: DateInterval, event: DateInterval, within: Period) -> bool {
    let low = within.with_months(from.earliest, -DOUBT_MONTHS);
    let high = within.with_months(from.latest, DOUBT_MONTHS);
    event.latest >= low && event.earliest <= high
}

fn months(from: jiff::civil::Date, to: jiff::civil::Date) -> f64 {
    let days = from.until(to).map_or(0, |span| span.get_days());
    f64::from(days) / 30.44
}

fn is_before(first: Option<PartialDate>, second: Option<PartialDate>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => first.interval().before(second.interval()) == Some(true),
        _ => false,
    }
}
