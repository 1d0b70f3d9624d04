//! What stands on the printed page as data, for whoever sets it in another way than HTML.

use crate::{
    view::{self, Brief, BriefLine, BriefSet, FactRow, Header, Papers},
    words::Words,
};
use cartulary_figures::timeline;
use cartulary_model::PreliminaryEvaluation;
use serde_json::{Value, json};

/// Width of the course on a page of A4 that is set by points.
const PAPER: u32 = 860;

/// All words of the page in its language, and the drawing of the course where there is one.
pub(crate) fn one_page(evaluation: &PreliminaryEvaluation, w: Words<'_>) -> (Value, Option<String>) {
    let papers = Papers::of(evaluation, w);
    let course = view::timeline(evaluation, PAPER, w);
    let course = (!course.entries().is_empty()).then(|| timeline(&course, w.lang()));
    let (header, brief) = (view::header(&papers, w), view::brief(&papers, w));
    let data = json!({
        "who": who(&header, w),
        "disease": header.disease,
        "counts": counts(&header, w),
        "warnings": brief.warnings,
        "course": { "title": w.t("timeline.title"), "empty": w.t("timeline.empty"), "is_drawn": course.is_some() },
        "lines": lines(&brief, w),
        "values": { "title": w.t("brief.values"), "items": brief.values.iter().map(|of| value(of, w)).collect::<Vec<_>>() },
        "sets": sets(&brief, w),
        "asks": { "title": w.t("ask.title"), "items": brief.asks, "more": brief.more_asks },
        "notice": w.said(&evaluation.notice),
    });
    (data, course)
}

fn who(header: &Header, w: Words<'_>) -> Vec<String> {
    let mut who =
        vec![header.name.clone(), header.age.clone(), header.sex.clone(), header.birth_date.clone()];
    who.extend(header.numbers.iter().map(|number| format!("{} {number}", w.t("header.number"))));
    who.retain(|of| !of.is_empty());
    who
}

fn counts(header: &Header, w: Words<'_>) -> Vec<String> {
    let on = format!("{} {}", w.t("header.on"), header.on);
    [on].into_iter().chain(header.counts.iter().map(|(_, noun)| noun.clone())).collect()
}

fn lines(brief: &Brief, w: Words<'_>) -> Value {
    let row = |of: &BriefLine| {
        [&of.number.to_string(), &of.what, &of.cycles, &of.when, &of.best, &of.failed, &of.place]
            .map(Clone::clone)
    };
    let head = [
        "brief.line",
        "brief.what",
        "brief.cycles",
        "brief.when",
        "brief.best",
        "brief.failed",
        "facts.place",
    ];
    json!({
        "title": w.t("brief.lines"),
        "head": head.map(|key| w.t(key)),
        "rows": brief.lines.iter().map(row).collect::<Vec<_>>(),
    })
}

fn value(of: &FactRow, w: Words<'_>) -> Value {
    let value = if of.value.is_empty() { w.t("brief.stated") } else { of.value.clone() };
    let said = of.said.iter().map(|(_, word)| word.clone()).chain(of.flag.clone());
    let date = if of.date.is_empty() { w.t("no_date") } else { of.date.clone() };
    let check = if of.is_unsure { w.t("facts.check") } else { String::new() };
    json!({
        "name": of.name, "value": value, "said": said.collect::<Vec<_>>(), "date": date, "place": of.chip.place, "check": check,
    })
}

fn sets(brief: &Brief, w: Words<'_>) -> Value {
    let answers = brief.sets.first().map(|of| &of.counts);
    let answers =
        answers.into_iter().flatten().map(|(answer, _)| format!("{} {}", answer.shape, answer.word));
    let head = [w.t("brief.indication"), w.t("brief.standing")].into_iter().chain(answers);
    let row = |of: &BriefSet| {
        let counts = of.counts.iter().map(|(_, count)| count.to_string());
        [of.title.clone(), of.standing.clone()].into_iter().chain(counts).collect::<Vec<_>>()
    };
    let trials = brief.trials.iter().map(|(title, count)| format!("{title} {count}"));
    let trials = brief.trials.first().map(|_| w.t("brief.trials")).into_iter().chain(trials);
    json!({
        "title": w.t("brief.criteria"),
        "head": head.collect::<Vec<_>>(),
        "rows": brief.sets.iter().map(row).collect::<Vec<_>>(),
        "more": brief.more_sets,
        "reason": w.t("brief.reason"),
        "reasons": brief.reasons,
        "trials": trials.collect::<Vec<_>>(),
    })
}
