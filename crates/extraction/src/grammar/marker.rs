//! Protein expression: immunohistochemistry and flow cytometry.
//!
//! ## Reads
//! `CD20（弥漫强+）`, `Ki-67（约80%+）`, `CD3、CD5均（-）`, `CD3（T细胞+）` (background), `CD20+CD79a+CD3-`, `CD10 (-)`,
//! `positive for CD20 and CD10; negative for CD5`, `表达CD19，不表达CD5`, `CD19 lost`, `kappa-restricted`, `dim PAX5`,
//! `not a double expressor`, misread names and signs (`CDl0（一）`).
//!
//! ## Leaves alone
//! A marker without a result, one that was not done, and the target of a drug (`CD19 CAR-T`).
//! A stain that is to follow is pending.

mod answered;
mod bystander;
mod later;
mod list;
mod method;
mod slot;
mod stain;
mod words;

use super::{Claims, tokens};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span, is_han},
    vocabulary::marker::{DOUBLE_EXPRESSORS_DENIED, LATER_SPECIMEN, WRITTEN_SO_REACHED},
    words::words,
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Assertion, Value,
    fact::{Attr, Sign},
};
use list::Outcome;
use std::sync::LazyLock;

/// Built once: it is a constant.
static VOCABULARY: LazyLock<tokens::Vocabulary<words::Word>> =
    LazyLock::new(|| tokens::Vocabulary::new(words::RESULTS.iter().chain(words::AROUND).copied()));

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts = double_expressors(sheet);
    let hits = hits(sheet, claims);
    if hits.is_empty() {
        return drafts;
    }
    let names: Vec<Span> = hits.iter().map(|hit| hit.span).collect();
    let vocabulary = &*VOCABULARY;
    let methods = method::Methods::new(sheet, &names);
    let same = |a: usize, b: usize| hits[a].concept == hits[b].concept;
    for passage in tokens::passages(sheet, &names) {
        let read = tokens::tokens(&sheet.stream, passage, &names, vocabulary);
        let outcomes = list::read(&read, &same);
        drafts.extend(facts(sheet, &hits, outcomes, &methods));
    }
    answered::read(sheet, &mut drafts);
    answered::behind_aside(sheet, &mut drafts);
    answered::as_reported(sheet, &mut drafts);
    bystander::set(sheet, &mut drafts);
    let later = later::read(sheet, &mut drafts);
    drafts.extend(later);
    drafts
}

/// Hits of markers, one a place.
fn hits(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Hit> {
    let mut hits: Vec<Hit> = sheet
        .hits(&["bio", "lab"], &[Needs::Marker])
        .filter(|hit| is_protein(sheet, hit) && !claims.has(hit.span) && is_written_so(sheet, hit))
        .filter(|hit| !is_of_graft(sheet, hit) && !is_counted_in_blood(sheet, hit) && !is_clone(sheet, hit))
        .filter_map(|hit| light_chain(sheet, hit))
        .collect();
    hits.dedup_by(|b, a| a.span.overlaps(b.span));
    hits
}

/// `CD19 neg (clone LE-CD19)`: the name of the antibody's clone, and no second result.
fn is_clone(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const LONGEST: usize = 20;
    let stream = &sheet.stream;
    let near = sheet.before(hit.span.start, LONGEST);
    let clone = stream.words_in(near, words!["clone ", "clone: ", "clone:", "克隆号", "克隆:"]).next_back();
    clone.is_some_and(|of| {
        (of.end()..hit.span.start).all(|at| stream.at(at).is_ascii_alphanumeric() || stream.at(at) == '-')
    })
}

/// `回输CD34+细胞3.2×10^6/kg`: the cells of a graft, and no stain.
fn is_of_graft(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let counted = sheet.says(sheet.after(hit.span.end, 24), words!["/kg"]);
    hit.concept.as_str() == "bio.cd34"
        && (counted
            || stream.reads_back_any(hit.span.start, words!["回输", "采集", "动员", "分选", "输注", "采得"]))
}

/// `CD19+ 0 个/μL`, `B细胞(CD19+) 0.0 %`, `CD3+CD4+ 98 cells/μL`: so many cells of the blood, and no stain.
fn is_counted_in_blood(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const GAP: usize = 14;
    let stream = &sheet.stream;
    if !hit.concept.name().starts_with("cd") || !matches!(stream.at(hit.span.end), '+' | '-') {
        return false;
    }
    let glue =
        |of: char| matches!(of, '+' | '-' | ' ' | ')' | ':' | '\t' | '细' | '胞' | 'C' | 'D' | 'c' | 'd');
    // `CD3+CD4+ 98`: the digits of the next name are of the glue.
    let mut at = hit.span.end;
    while at < hit.span.end + GAP && glue(stream.at(at)) {
        at += 1;
        if matches!(stream.at(at - 1), 'D' | 'd') {
            while stream.at(at).is_ascii_digit() {
                at += 1;
            }
        }
    }
    let Some(number) = crate::number::number_at(stream, at) else { return false };
    let unit = number.span.end + usize::from(stream.at(number.span.end) == ' ');
    let cells = stream.reads_any(unit, words!["个/", "cells/", "cell/", "/μl", "/ul", "/mm3", "个"]);
    let share = stream.at(unit) == '%' && {
        let before = sheet.before(hit.span.start, GAP);
        number.value == 0.0 || sheet.says(before, words!["外周血", "淋巴细胞亚群", "b细胞(", "t细胞("])
    };
    cells || share
}

fn is_protein(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    if hit.concept.as_str() == "lab.ki67" {
        return true;
    }
    let concept = sheet.catalogue().concept(&hit.concept);
    concept
        .is_some_and(|of| of.methods.iter().any(|method| matches!(method.as_str(), "ihc" | "flow" | "ish")))
}

/// Abbreviations that are words of other trades too: taken in capitals and beside another marker only.
const UNSURE: [&str; 14] = [
    "bio.er_receptor",
    "bio.pr_receptor",
    "bio.calretinin",
    "bio.igg_ihc",
    "bio.iga_ihc",
    "bio.igm",
    "bio.sma",
    "bio.mal",
    "bio.erg",
    "bio.trap",
    "bio.synaptophysin",
    "bio.nse",
    "bio.ck",
    "bio.p16",
];

fn is_written_so(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let short = hit.span.end - hit.span.start <= 4;
    // `持续CR,CD19+B细胞缺失`: a response that was reached.
    let response = matches!(hit.concept.as_str(), "bio.calretinin" | "bio.pr_receptor")
        && sheet.stream.reads_back_any(hit.span.start, WRITTEN_SO_REACHED);
    if response {
        return false;
    }
    !(short && UNSURE.contains(&hit.concept.as_str()))
        || (hit.span.start..hit.span.end).any(|at| sheet.stream.at(at).is_ascii_uppercase())
}

/// The facts of one passage.
fn facts(sheet: &Sheet<'_>, hits: &[Hit], outcomes: Vec<Outcome>, methods: &method::Methods) -> Vec<Draft> {
    let unsure = |hit: &Hit| UNSURE.contains(&hit.concept.as_str()) && hit.span.end - hit.span.start <= 4;
    // Immunoglobulins are measured in serum and in virology too.
    let globulin = |hit: &Hit| hit.concept.as_str().starts_with("bio.ig");
    let signed =
        outcomes.iter().filter(|(name, stain)| stain.sign.is_some() && !globulin(&hits[*name])).count();
    let sure = signed > 1 || outcomes.iter().any(|(name, _)| !unsure(&hits[*name]));
    outcomes
        .into_iter()
        .filter(|(name, _)| sure || !unsure(&hits[*name]))
        .filter_map(|(name, mut stain)| {
            let hit = Some(&hits[name]).filter(|hit| may_be(hit, stain.sign))?;
            stain.repaired |= is_misread(sheet, hit);
            if stain.sign == Some(Sign::Negative) && is_lost_in_part(sheet, hit) {
                (stain.sign, stain.percent, stain.extent) = (Some(Sign::Positive), None, Some("partial"));
            }
            if stain.sign == Some(Sign::Positive) && is_of_background_cells(sheet, hit) {
                stain.background = Some("T cells");
            }
            stain.past |= stain.dated && has_later_specimen(sheet, hit.span);
            if stain.past {
                stain.date = past_date(sheet, hit.span);
            }
            let method = methods.of(sheet, hit.span, stain.percent.is_some())?;
            stain.draft(hit, method)
        })
        .collect()
}

/// "background CD3+ CD4+ T cells", "CD3+ T cells in the background": the stained cells are others than the tumour's.
fn is_of_background_cells(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 22;
    const OF_T_CELLS: [&str; 6] = ["bio.cd2", "bio.cd3", "bio.cd4", "bio.cd5", "bio.cd7", "bio.cd8"];
    if !OF_T_CELLS.contains(&hit.concept.as_str()) {
        return false;
    }
    let sentence = sheet.sentence(hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + REACH).max(hit.span.end));
    let stops = |at: usize| matches!(sheet.stream.at(at), ',' | ';' | '(');
    let cells =
        sheet.stream.words_in(behind, words!["t cell", "t-cell", "t lymphocyte", "t-lymphocyte"]).next();
    let told = words!["background", "reactive", "admixed", "surrounding", "scattered"];
    // Of a lymphoma of T cells they are the tumour's.
    let of_t_cells = words![
        "t-cell lymphoma",
        "t cell lymphoma",
        "t-cell neoplas",
        "ptcl",
        "aitl",
        "alcl",
        "ctcl",
        "sptcl",
        "mycosis",
        "sezary",
        "sézary",
        "nk/t",
        "atll",
        "t-pll",
        "tfh"
    ];
    cells.is_some_and(|of| {
        const BEFORE: usize = 30;
        const AFTER: usize = 20;
        let near = Span::new(
            sentence.start.max(hit.span.start.saturating_sub(BEFORE)),
            sentence.end.min(of.end() + AFTER).max(of.end()),
        );
        !(behind.start..of.start()).any(stops)
            && sheet.stream.words_in(near, told).next().is_some()
            && sheet.stream.words_in(Span::new(0, sheet.stream.len()), of_t_cells).next().is_none()
    })
}

/// "CD19 shows complete loss in about 60% of the tumour cells", "is lost in half of the cells": the others have it still.
fn is_lost_in_part(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 40;
    const PART: usize = 26;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + REACH).max(hit.span.end));
    let lost = words!["lost in ", "loss in ", "loss of expression in ", "loss of staining in "];
    stream.words_in(behind, lost).next().is_some_and(|of| {
        let part = Span::new(of.end(), sentence.end.min(of.end() + PART).max(of.end()));
        let of_some =
            words!["half", "some", "part of", "a subset", "subset of", "a minority", "a proportion", "third"];
        let all = words!["100", "all ", "almost all", "nearly all", "virtually all"];
        let parted = stream.words_in(part, of_some).next().is_some()
            || (part.start..part.end).any(|at| stream.at(at) == '%');
        let other = sheet
            .candidates_in(Span::new(hit.span.end, of.start()))
            .iter()
            .any(|of| of.hit.concept.is("bio"));
        parted && !other && stream.words_in(part, all).next().is_none()
    })
}

/// `kappa-restricted` is one form: the chain is its name, what is said of it stands behind.
fn light_chain(sheet: &Sheet<'_>, hit: &Hit) -> Option<Hit> {
    if hit.concept.as_str() != "bio.kappa_lambda" {
        return Some(hit.clone());
    }
    let text = sheet.stream.lower_text(hit.span);
    if text.contains('/') {
        return None;
    }
    let chains = [("kappa", "bio.kappa"), ("κ", "bio.kappa"), ("lambda", "bio.lambda"), ("λ", "bio.lambda")];
    let (name, concept) = chains.iter().find(|(name, _)| text.starts_with(name))?;
    let span = Span::new(hit.span.start, hit.span.start + name.chars().count());
    Some(Hit { span, concept: (*concept).into() })
}

/// Only a light chain is restricted.
fn may_be(hit: &Hit, sign: Option<Sign>) -> bool {
    sign != Some(Sign::Restricted) || matches!(hit.concept.as_str(), "bio.kappa" | "bio.lambda")
}

/// Whether a present specimen is told of after the dated one.
fn has_later_specimen(sheet: &Sheet<'_>, name: Span) -> bool {
    const REACH: usize = 200;
    let behind = sheet.within(Span::new(name.end, name.end + REACH));
    sheet.says(behind, LATER_SPECIMEN)
}

/// `2021年切片CD20（+）`: the year that stands with the word of the earlier specimen.
fn past_date(sheet: &Sheet<'_>, name: Span) -> Option<(cartulary_model::PartialDate, Span)> {
    let sentence = sheet.sentence(name.start);
    let before =
        sheet.mentions.iter().rev().find(|of| of.span.end <= name.start && of.span.start >= sentence.start);
    before.map(|of| (of.date, of.span))
}

/// Whether the name is no form of its concept: a character was misread.
pub(in crate::grammar) fn is_misread(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let plain = |of: char| of.is_alphanumeric();
    let Some(concept) = sheet.catalogue().concept(&hit.concept) else { return false };
    let written = || (hit.span.start..hit.span.end).map(|at| sheet.stream.at(at)).filter(|of| plain(*of));
    if written().any(is_han) {
        return false;
    }
    let alike = |of: char| {
        matches!(of.to_ascii_lowercase(), 'o' | '0' | 'l' | 'i' | '1' | 'z' | '2' | 's' | '5' | 'b' | '8')
    };
    let spelt = |text: &str| {
        let text = text.chars().filter(|of| plain(*of)).map(|of| of.to_ascii_lowercase());
        text.eq(written().map(|of| of.to_ascii_lowercase()))
    };
    written().any(alike)
        && written().all(|of| of.is_ascii())
        && !concept.forms.iter().any(|form| spelt(&form.text))
}

/// `double expressor`, `not a double expressor`, `疑双表达`.
fn double_expressors(sheet: &Sheet<'_>) -> Vec<Draft> {
    let hits =
        sheet.hits(&["bio"], &[Needs::Marker]).filter(|hit| hit.concept.as_str() == "bio.double_expressor");
    hits.map(|hit| {
        let reading = sheet.modifiers.read(hit.span).assertion;
        let before = sheet.stream.lower_text(sheet.before(hit.span.start, 12));
        let denied =
            DOUBLE_EXPRESSORS_DENIED.iter().any(|word| before.trim_end_matches("「").ends_with(word));
        let draft =
            Draft::new("bio.double_expressor", hit.span, "marker.phenotype").word(Attr::Method, "ihc");
        match reading {
            _ if denied => draft.value(Value::Sign(Sign::Negative)).present(),
            Assertion::Negated => draft.value(Value::Sign(Sign::Negative)).present(),
            Assertion::Present => draft.value(Value::Sign(Sign::Positive)).present(),
            Assertion::Possible | Assertion::Hypothetical => draft,
        }
    })
    .collect()
}
