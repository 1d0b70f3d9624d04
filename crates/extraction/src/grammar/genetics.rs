//! FISH, karyotypes, sequence variants.
//!
//! ## Reads
//! `MYC断裂重排阳性(45%)`, `BCL2、BCL6均未见断裂`, `IGH::BCL2 fusion detected in 61% of nuclei`, `MYC not rearranged`,
//! `deletion of TP53 (17p13.1) in 62%`, `KMT2D p.Q2416* 突变频率22.4%`, `no variants in CARD11, TP53 or PIM1`,
//! `SOCS1、CD58野生型`, `46,XX,t(11;14)(q13;q32)[8]/46,XX[12]`, tests that are asked for.
//!
//! ## Never
//! An amplification, a gain or protein expression is no rearrangement (a double hit needs rearrangements).
//! A gene that was not covered or whose test failed has no result; a threshold is none.

mod copies;
mod excepted;
mod fraction;
mod gene;
mod item;
mod karyotype;
mod line;
mod notation;
mod pending;
mod pieces;
mod respective;
mod variant;
mod verdict;
mod words;

use super::{Claims, tokens};
use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Assertion, Value,
    fact::{Attr, Sign},
};
use std::sync::LazyLock;

/// Built once: it is a constant.
static VOCABULARY: LazyLock<tokens::Vocabulary<words::Word>> = LazyLock::new(|| {
    let undone = words::NOT_DONE.iter().map(|of| (*of, words::Word::NotDone));
    tokens::Vocabulary::new(words::WORDS.iter().copied().chain(undone))
});

pub(crate) fn read(sheet: &Sheet<'_>, _claims: &Claims) -> Vec<Draft> {
    let mut drafts = karyotype::strings(sheet);
    drafts.extend(karyotype::named(sheet, &drafts));
    let genes = gene::genes(sheet, &drafts);
    if genes.is_empty() {
        drafts.extend(in_diagnosis(sheet, &drafts));
        return drafts;
    }
    let names: Vec<Span> = genes.iter().map(|gene| gene.span).collect();
    let vocabulary = &*VOCABULARY;
    for passage in tokens::passages(sheet, &names) {
        let mut read = tokens::tokens(&sheet.stream, passage, &names, vocabulary);
        part_at_denials(sheet, &mut read);
        leave_regimens(sheet, &mut read);
        let context = verdict::Context::new(sheet, passage, vocabulary);
        for item in item::items(&read, &genes) {
            for draft in verdict::facts(sheet, &read, &genes, &item, &context) {
                say_once(&mut drafts, draft);
            }
        }
    }
    respective::settle(sheet, &mut drafts);
    drafts.extend(in_diagnosis(sheet, &drafts));
    without_absent_partners(sheet, &mut drafts);
    drafts
}

/// `MYC重排改为DA-EPOCH-R`: the letters of a regimen say nothing of the gene.
fn leave_regimens(sheet: &Sheet<'_>, read: &mut [tokens::Token<words::Word>]) {
    const LONGEST: usize = 16;
    for token in read.iter_mut().filter(|of| of.span.len() == 1 && matches!(of.kind, tokens::Kind::Word(_))) {
        let near = Span::new(token.span.start.saturating_sub(LONGEST), token.span.end);
        let inside = |of: Span| of.len() > 1 && of.start <= token.span.start && token.span.end <= of.end;
        let near = sheet.candidates_in(near);
        if near.iter().any(|of| of.hit.concept.is("reg") && inside(of.hit.span)) {
            token.kind = tokens::Kind::Other;
        }
    }
}

/// "MYC rearranged without BCL2 rearrangement", `MYC重排不伴BCL2重排`: what is denied so begins another statement.
fn part_at_denials(sheet: &Sheet<'_>, read: &mut Vec<tokens::Token<words::Word>>) {
    let parting = words![
        "with no ",
        "and no ",
        "without",
        "lacking",
        "in the absence of",
        "不伴",
        "不伴有",
        "无伴",
        "未伴",
        "未合并",
        "不合并"
    ];
    let mut at = 1;
    while at < read.len() {
        let start = read[at].span.start;
        let told = read[..at].iter().any(|of| matches!(of.kind, tokens::Kind::Name(_)));
        if told && sheet.stream.reads_any(start, parting) {
            let turn = tokens::Kind::Word(words::Word::Turns);
            read.insert(at, tokens::Token { kind: turn, span: Span::new(start, start), repaired: false });
            at += 1;
        }
        at += 1;
    }
}

/// "MYC break-apart: rearranged. IGH/MYC fusion: not detected": a gene that is broken is so with another partner.
fn without_absent_partners(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let is =
        |draft: &Draft, sign: Sign| draft.concept.as_str() == "bio.myc_r" && draft.value == Value::Sign(sign);
    if !drafts.iter().any(|draft| is(draft, Sign::Positive)) {
        return;
    }
    let of_a_partner =
        |draft: &Draft| sheet.says(draft.span, words!["igh", "t(8;14)", "t(2;8)", "t(8;22)", "融合"]);
    drafts.retain(|draft| !(is(draft, Sign::Negative) && of_a_partner(draft)));
}

/// The rearrangement, or the loss, that a name at a place stands for where genes are looked at.
pub(super) fn rearrangement_at(sheet: &Sheet<'_>, span: Span) -> Option<&'static str> {
    let own = sheet.candidates_in(span).iter().filter(|of| of.hit.span == span);
    own.filter_map(|of| gene::gene(sheet, &of.hit)).find_map(|of| of.rearrangement.or(of.loss))
}

/// `t(14;18)易位,IGH/BCL2融合阳性`: one finding under two names is one fact.
fn say_once(drafts: &mut Vec<Draft>, draft: Draft) {
    const NEAR: usize = 4;
    let again = |last: &Draft| {
        last.rule == "genetics.fish"
            && draft.rule == "genetics.fish"
            && last.concept == draft.concept
            && last.value == draft.value
            && draft.span.start >= last.span.end
            && draft.span.start - last.span.end <= NEAR
    };
    match drafts.last_mut().filter(|last| again(last)) {
        Some(last) => {
            last.span.end = draft.span.end;
            for (attr, value) in draft.attrs {
                last.attrs.entry(attr).or_insert(value);
            }
        }
        None => drafts.push(draft),
    }
}

/// `高级别B细胞淋巴瘤伴MYC及BCL2重排`: the name of the disease states rearrangements that are told nowhere else.
fn in_diagnosis(sheet: &Sheet<'_>, told: &[Draft]) -> Vec<Draft> {
    const NAMED: [(&str, &str); 3] = [("myc", "bio.myc_r"), ("bcl2", "bio.bcl2_r"), ("bcl6", "bio.bcl6_r")];
    let mut drafts: Vec<Draft> = Vec::new();
    for hit in sheet
        .hits(&["hist"], &[Needs::Diagnosis])
        .filter(|hit| hit.concept.as_str().starts_with("hist.hgbl_"))
    {
        let stream = &sheet.stream;
        if !sheet.says(hit.span, words!["重排", "rearrange"]) {
            continue;
        }
        for (gene, concept) in NAMED {
            let place = (hit.span.start..hit.span.end)
                .find_map(|at| tokens::matches(stream, at, gene).map(|end| Span::new(at, end)));
            let known = told.iter().chain(&drafts).any(|of| of.concept.as_str() == concept);
            if let Some(span) = place.filter(|_| !known) {
                let mut draft = Draft::new(concept, span, "genetics.in_diagnosis").named_at(hit.span);
                // "considering this patient with": the patient is considered, not the disease.
                if sheet.modifiers.read(hit.span).assertion == Assertion::Hypothetical {
                    draft.assertion = Some(Assertion::Present);
                }
                if crate::assign::is_in_differential(sheet, hit.span) {
                    draft.assertion = Some(Assertion::Possible);
                }
                drafts.push(draft.value(Value::Sign(Sign::Positive)).word(Attr::Method, "fish"));
            }
        }
    }
    drafts
}
