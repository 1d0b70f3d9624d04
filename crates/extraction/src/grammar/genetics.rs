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

mod gene;
mod item;
mod karyotype;
mod notation;
mod verdict;
mod words;

use super::{Claims, tokens};
use crate::{draft::Draft, sheet::Sheet, stream::Span};

pub(crate) fn read(sheet: &Sheet<'_>, _claims: &Claims) -> Vec<Draft> {
    let mut drafts = karyotype::strings(sheet);
    drafts.extend(karyotype::named(sheet, &drafts));
    let genes = gene::genes(sheet, &drafts);
    if genes.is_empty() {
        return drafts;
    }
    let names: Vec<Span> = genes.iter().map(|gene| gene.span).collect();
    let vocabulary = tokens::Vocabulary::new(words::WORDS);
    for passage in tokens::passages(sheet, &names) {
        let read = tokens::tokens(&sheet.stream, passage, &names, &vocabulary);
        let context = verdict::Context::new(sheet, passage, &vocabulary);
        for item in item::items(&read, &genes) {
            drafts.extend(verdict::facts(sheet, &read, &genes, &item, &context));
        }
    }
    drafts
}
