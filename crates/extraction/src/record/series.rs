//! Values in time: laboratory, stages, scores, markers, virology; and what contradicts.

use super::{Facts, by_date};
use cartulary_model::{
    Assertion, ConceptId, Fact, FactId, PartialDate, Temporality, Text, Value,
    fact::{Attr, Measurement, Sign},
    record::{Biomarker, Conflict, LabValue, ScoreValue, Sourced, Stage, VirologyResult},
};
use std::collections::BTreeMap;

const VIROLOGY: [&str; 16] = [
    "lab.hbsag",
    "lab.anti_hbs",
    "lab.hbeag",
    "lab.anti_hbe",
    "lab.anti_hbc",
    "lab.anti_hcv",
    "lab.hiv",
    "lab.tp_ab",
    "lab.rpr",
    "lab.hbv_dna",
    "lab.hcv_rna",
    "lab.ebv_dna",
    "lab.cmv_dna",
    "lab.htlv",
    "lab.cmv_igg",
    "lab.ebv_vca",
];

fn is_virology(concept: &ConceptId) -> bool {
    VIROLOGY.contains(&concept.as_str())
}

/// Measured values by analyte. The same value of the same day from two sheets is one value with both facts.
pub(super) fn labs(facts: &Facts<'_>) -> BTreeMap<ConceptId, Vec<LabValue>> {
    let mut labs: BTreeMap<ConceptId, Vec<LabValue>> = BTreeMap::new();
    for fact in facts
        .of_kind(&["lab"])
        .filter(|fact| fact.assertion == Assertion::Present && !is_virology(&fact.concept))
    {
        let Value::Measurement(measurement) = &fact.value else { continue };
        if fact.concept.as_str() == "lab.ki67" || is_past(facts, fact) {
            continue;
        }
        let date = facts.date(fact);
        let series = labs.entry(fact.concept.clone()).or_default();
        match series.iter_mut().find(|of| of.date == date && same_value(&of.measurement, measurement)) {
            Some(known) => {
                known.facts.push(fact.id);
                if known.measurement.reference.is_none() {
                    known.measurement.reference = measurement.reference;
                }
            }
            None => series.push(LabValue {
                date,
                measurement: measurement.clone(),
                caveats: caveats(facts, fact),
                facts: vec![fact.id],
            }),
        }
    }
    for series in labs.values_mut() {
        series.sort_by(|a, b| by_date((a.date, &a.facts), (b.date, &b.facts)));
    }
    labs
}

/// A value of the past that has no day of its own, or the day of the one that replaced it, must not pass for
/// today's: a series takes an undated value for the latest.
fn is_past(facts: &Facts<'_>, fact: &Fact) -> bool {
    fact.temporality == Temporality::Historical
        && (fact.date.is_none()
            || facts.of_kind(&["lab"]).any(|other| {
                other.concept == fact.concept
                    && other.temporality == Temporality::Current
                    && facts.date(other) == facts.date(fact)
            }))
}

/// A result of the past beside today's on the same paper: `由阳性转阴`. Alone it is kept, for what was once positive
/// asks for precautions.
fn was_replaced(facts: &Facts<'_>, fact: &Fact) -> bool {
    is_past(facts, fact)
        && facts.of_kind(&["lab"]).any(|other| {
            other.concept == fact.concept
                && other.document() == fact.document()
                && other.temporality == Temporality::Current
                && other.assertion == Assertion::Present
        })
}

fn same_value(a: &Measurement, b: &Measurement) -> bool {
    match (&a.canonical, &b.canonical) {
        (Some(x), Some(y)) => (x.value - y.value).abs() < 1e-9 && x.comparator == y.comparator,
        (None, None) => a.printed == b.printed,
        _ => false,
    }
}

fn caveats(facts: &Facts<'_>, fact: &Fact) -> Vec<String> {
    let mut caveats = Vec::new();
    if fact.flag(Attr::OcrFixed) == Some(true) {
        caveats.push("ocr_fixed".to_owned());
    }
    if matches!(&fact.value, Value::Measurement(of) if of.canonical.is_none()) {
        caveats.push("unit_unreadable".to_owned());
    }
    let near = |concept: &str, days: i32| {
        facts.all.iter().any(|other| {
            let same_paper = other.document() == fact.document();
            let close = other.date.zip(facts.date(fact)).is_some_and(|(given, taken)| {
                let gap = taken.latest().since(given.earliest()).map_or(i32::MAX, |span| span.get_days());
                (0..=days).contains(&gap)
            });
            other.concept.as_str() == concept
                && other.assertion == Assertion::Present
                && (close || (same_paper && other.date.is_none()))
        })
    };
    let blood_count = matches!(fact.concept.as_str(), "lab.plt" | "lab.hb");
    if blood_count && near("com.transfusion", 7) {
        caveats.push("transfused".to_owned());
    }
    if (fact.concept.as_str() == "lab.anc" && near("drug.gcsf", 14))
        || (fact.concept.as_str() == "lab.plt" && near("drug.tpo", 14))
    {
        caveats.push("growth_factor".to_owned());
    }
    caveats
}

pub(super) fn stages(facts: &Facts<'_>) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for fact in facts
        .of_kind(&["find"])
        .filter(|fact| fact.concept.name().starts_with("stage_") && fact.assertion == Assertion::Present)
    {
        let Value::Code(code) = &fact.value else { continue };
        let date = facts.date(fact);
        let b_symptoms = fact.flag(Attr::BSymptoms);
        match stages.iter_mut().find(|of| of.stage == *code && of.date == date && of.b_symptoms == b_symptoms)
        {
            Some(known) => known.facts.push(fact.id),
            None => stages.push(Stage { stage: code.clone(), b_symptoms, date, facts: vec![fact.id] }),
        }
    }
    stages.sort_by(|a, b| by_date((a.date, &a.facts), (b.date, &b.facts)));
    stages
}

pub(super) fn scores(facts: &Facts<'_>) -> BTreeMap<String, Vec<ScoreValue>> {
    let mut scores: BTreeMap<String, Vec<ScoreValue>> = BTreeMap::new();
    // A value that the paper itself calls an old one is no point of the series: it has no day of its own.
    let told = |fact: &&Fact| {
        fact.assertion == Assertion::Present && fact.temporality == cartulary_model::Temporality::Current
    };
    for fact in facts.of_kind(&["find"]).filter(told) {
        let Value::Number(value) = fact.value else { continue };
        let whole = fact.concept.name();
        // `ecog_1` is a value of ECOG, `nccn_ipi` a scale.
        let name = if whole.ends_with("ipi") { whole } else { whole.split('_').next().unwrap_or_default() };
        let name = name.to_owned();
        let date = facts.date(fact);
        let series = scores.entry(name).or_default();
        match series.iter_mut().find(|of| of.date == date && of.value == value) {
            Some(known) => known.facts.push(fact.id),
            None => series.push(ScoreValue { value, date, facts: vec![fact.id] }),
        }
    }
    for series in scores.values_mut() {
        series.sort_by(|a, b| by_date((a.date, &a.facts), (b.date, &b.facts)));
    }
    scores
}

pub(super) fn biomarkers(facts: &Facts<'_>) -> Vec<Biomarker> {
    let mut biomarkers: Vec<Biomarker> = Vec::new();
    let of_tumour = facts
        .all
        .iter()
        .copied()
        .filter(|fact| {
            fact.is_of_patient() && (fact.concept.is("bio") || fact.concept.as_str() == "lab.ki67")
        })
        .filter(|fact| fact.assertion != Assertion::Negated || fact.value != Value::None);
    for fact in of_tumour {
        let marker = biomarker(facts, fact);
        let same = |of: &Biomarker| {
            of.concept == marker.concept
                && of.sign == marker.sign
                && of.percent == marker.percent
                && of.date == marker.date
                && of.method == marker.method
                && of.assertion == marker.assertion
        };
        match biomarkers.iter_mut().find(|of| same(of)) {
            Some(known) => known.facts.extend(marker.facts),
            None => biomarkers.push(marker),
        }
    }
    biomarkers.sort_by(|a, b| {
        a.concept.cmp(&b.concept).then_with(|| by_date((a.date, &a.facts), (b.date, &b.facts)))
    });
    biomarkers
}

fn biomarker(facts: &Facts<'_>, fact: &Fact) -> Biomarker {
    let words = [Attr::Intensity, Attr::Extent, Attr::Background, Attr::HgvsP, Attr::HgvsC]
        .iter()
        .filter_map(|attr| fact.word(*attr));
    let mut detail: Vec<String> = words.map(str::to_owned).collect();
    if let Some(fraction) = fact.number(Attr::Vaf) {
        detail.push(format!("VAF {fraction}%"));
    }
    if let (Some(low), Some(high)) = (fact.number(Attr::PercentLow), fact.number(Attr::PercentHigh)) {
        detail.push(format!("{low}-{high}%"));
    }
    let measured = match &fact.value {
        Value::Measurement(of) => Some(of.printed.value),
        _ => None,
    };
    Biomarker {
        concept: fact.concept.clone(),
        method: fact.word(Attr::Method).map(str::to_owned),
        sign: match fact.value {
            Value::Sign(sign) => Some(sign),
            _ => None,
        },
        percent: fact.number(Attr::Percent).or(measured),
        detail: match &fact.value {
            Value::Code(code) => code.clone(),
            _ => detail.join(", "),
        },
        assertion: if fact.assertion == Assertion::Negated { Assertion::Present } else { fact.assertion },
        date: facts.date(fact),
        facts: vec![fact.id],
    }
}

pub(super) fn virology(facts: &Facts<'_>) -> BTreeMap<ConceptId, Vec<VirologyResult>> {
    let mut virology: BTreeMap<ConceptId, Vec<VirologyResult>> = BTreeMap::new();
    for fact in facts
        .of_kind(&["lab"])
        .filter(|fact| is_virology(&fact.concept) && fact.assertion == Assertion::Present)
        .filter(|fact| !was_replaced(facts, fact))
    {
        let (sign, measurement) = match &fact.value {
            Value::Sign(sign) => (Some(*sign), None),
            Value::Measurement(of) => (below_limit(of), Some(of.clone())),
            _ => continue,
        };
        let date = facts.date(fact);
        let series = virology.entry(fact.concept.clone()).or_default();
        match series.iter_mut().find(|of| of.date == date && of.sign == sign && of.measurement == measurement)
        {
            Some(known) => known.facts.push(fact.id),
            None => series.push(VirologyResult { sign, measurement, date, facts: vec![fact.id] }),
        }
    }
    for series in virology.values_mut() {
        series.sort_by(|a, b| by_date((a.date, &a.facts), (b.date, &b.facts)));
    }
    virology
}

/// "<20 IU/mL" is below the detection limit: not detected. A number is a number.
fn below_limit(measurement: &Measurement) -> Option<Sign> {
    use cartulary_model::Comparator::{AtMost, Less};
    match measurement.printed.comparator {
        Less | AtMost => Some(Sign::Negative),
        _ if measurement.printed.value > 0.0 => Some(Sign::Positive),
        _ => None,
    }
}

/// Two values of one analyte on one day, or two signs of one marker on one specimen, that cannot both be true.
pub(super) fn conflicts(facts: &Facts<'_>) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for (concept, series) in labs(facts) {
        for (date, same_day) in by_day(series.iter().map(|of| {
            (
                of.date,
                format!("{}", of.measurement.printed),
                of.facts.clone(),
                of.measurement.canonical.as_ref().map(|of| of.value),
            )
        })) {
            let numbers: Vec<f64> = same_day.iter().filter_map(|(_, _, value)| *value).collect();
            // SUVs differ from lesion to lesion, weights of one day by rounding.
            let many_lesions = matches!(
                concept.as_str(),
                "lab.suvmax" | "lab.temp" | "lab.weight" | "lab.bm_blast" | "lab.mrd" | "lab.glu"
            );
            let apart =
                numbers.iter().any(|a| numbers.iter().any(|b| (a - b).abs() > 0.02 * a.abs().max(b.abs())));
            if apart && !many_lesions {
                conflicts.push(conflict(
                    facts,
                    &concept,
                    date,
                    same_day.into_iter().map(|(text, facts, _)| (text, facts)).collect(),
                ));
            }
        }
    }
    for (concept, series) in virology(facts) {
        let signs = series.iter().map(|of| {
            (
                of.date,
                of.sign.map(|sign| format!("{sign:?}").to_lowercase()).unwrap_or_default(),
                of.facts.clone(),
                None,
            )
        });
        for (date, same_day) in by_day(signs) {
            let positive = same_day.iter().any(|of| of.0 == "positive");
            let negative = same_day.iter().any(|of| of.0 == "negative");
            if positive && negative {
                conflicts.push(conflict(
                    facts,
                    &concept,
                    date,
                    same_day.into_iter().map(|(text, facts, _)| (text, facts)).collect(),
                ));
            }
        }
    }
    conflicts.extend(marker_conflicts(facts));
    conflicts
}

type Side = (String, Vec<FactId>, Option<f64>);

fn by_day(
    values: impl Iterator<Item = (Option<PartialDate>, String, Vec<FactId>, Option<f64>)>,
) -> Vec<(PartialDate, Vec<Side>)> {
    let mut days: BTreeMap<PartialDate, Vec<Side>> = BTreeMap::new();
    for (date, text, facts, value) in values {
        if let Some(date) = date.filter(|of| of.day().is_some()) {
            days.entry(date).or_default().push((text, facts, value));
        }
    }
    days.into_iter().filter(|(_, sides)| sides.len() > 1).collect()
}

fn marker_conflicts(facts: &Facts<'_>) -> Vec<Conflict> {
    type Specimen = (ConceptId, Option<String>, PartialDate);
    let mut by_marker: BTreeMap<Specimen, Vec<(String, Vec<FactId>)>> = BTreeMap::new();
    for marker in biomarkers(facts) {
        if let (Some(date), Some(sign)) = (marker.date.filter(|of| of.day().is_some()), marker.sign) {
            // Reactive cells and part of the tumour differ on one slide; only plain contradictions count.
            if marker.detail.is_empty() && marker.assertion == Assertion::Present {
                by_marker
                    .entry((marker.concept, marker.method, date))
                    .or_default()
                    .push((format!("{sign:?}").to_lowercase(), marker.facts));
            }
        }
    }
    by_marker
        .into_iter()
        .filter(|(_, sides)| {
            sides.iter().any(|of| of.0 == "positive") && sides.iter().any(|of| of.0 == "negative")
        })
        .map(|((concept, _, date), sides)| conflict(facts, &concept, date, sides))
        .collect()
}

fn conflict(
    facts: &Facts<'_>,
    concept: &ConceptId,
    date: PartialDate,
    sides: Vec<(String, Vec<FactId>)>,
) -> Conflict {
    use cartulary_model::Lang::{En, Zh};
    let (en, zh) = (facts.catalogue.label(concept, En), facts.catalogue.label(concept, Zh));
    Conflict {
        about: concept.as_str().to_owned(),
        text: Text::new(
            format!("{en}: different results for {date}."),
            format!("{zh}：{date} 的结果不一致。"),
        ),
        sides: sides.into_iter().map(|(value, facts)| Sourced { value, facts }).collect(),
    }
}
