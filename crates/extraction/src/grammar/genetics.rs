//! FISH and other rearrangements, copy number, sequence variants.
//!
//! ## Reads
//! `MYC断裂重排阳性(45%)`, `BCL6未见断裂`, `IGH::BCL2 fusion detected in 61% of nuclei`, `MYC not rearranged`,
//! `KMT2D p.Q2416* 突变频率22.4%`, `TP53未检出突变`, `TP53 wild type`.
//!
//! ## Never
//! An amplification, a gain or protein expression is no rearrangement (a double hit needs rearrangements).

use super::{
    Claims,
    lab::{Reported, first_sign},
};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span},
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Assertion, Value,
    fact::{Attr, Sign},
};

const REARRANGED: [&str; 16] = [
    "重排",
    "断裂",
    "易位",
    "融合",
    "分离",
    "rearrange",
    "translocation",
    "fusion",
    "break-apart",
    "break apart",
    "split",
    "t(",
    "::",
    "igh/",
    "breakapart",
    "r(",
];
const COPIES: [&str; 7] = ["扩增", "拷贝数", "增益", "amplif", "gain", "copy number", "多拷贝"];
const LOST: [&str; 5] = ["缺失", "deletion", "del(", "loss", "17p-"];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let hits: Vec<&Hit> =
        sheet.hits(&["bio"], &[Needs::Marker, Needs::Gene]).filter(|hit| !claims.has(hit.span)).collect();
    for (index, hit) in hits.iter().enumerate() {
        if drafts.iter().any(|draft| draft.span.overlaps(hit.span)) {
            continue;
        }
        let own = spoken(sheet, &hits, index);
        let draft = fish(sheet, hit, own).or_else(|| variant(sheet, hit, own.end));
        drafts.extend(draft);
    }
    drafts
}

/// The gene a concept speaks of, and the concept of its rearrangement.
fn gene(hit: &Hit) -> Option<(&'static str, &'static str)> {
    Some(match hit.concept.as_str() {
        "bio.myc_ihc" | "bio.myc_r" | "bio.myc_amp" => ("MYC", "bio.myc_r"),
        "bio.bcl2_ihc" | "bio.bcl2_r" => ("BCL2", "bio.bcl2_r"),
        "bio.bcl6_ihc" | "bio.bcl6_r" => ("BCL6", "bio.bcl6_r"),
        "bio.igh_bcl2" => ("IGH::BCL2", "bio.igh_bcl2"),
        "bio.igh_ccnd1" => ("IGH::CCND1", "bio.igh_ccnd1"),
        "bio.cyclin_d1" => ("CCND1", "bio.igh_ccnd1"),
        "bio.irf4_r" => ("IRF4", "bio.irf4_r"),
        "bio.del17p" => ("TP53", "bio.del17p"),
        "bio.tp53_mut" | "bio.p53_ihc" => ("TP53", "bio.del17p"),
        "bio.del11q" => ("ATM", "bio.del11q"),
        "bio.del13q" => ("13q", "bio.del13q"),
        "bio.bcr_abl" => ("BCR::ABL1", "bio.bcr_abl"),
        "bio.kmt2a_r" => ("KMT2A", "bio.kmt2a_r"),
        _ => return None,
    })
}

/// The clause of one probe: to the next probe or the next stop.
fn clause(sheet: &Sheet<'_>, hit: &Hit, next: Option<usize>) -> Span {
    let stream = &sheet.stream;
    let table = (hit.span.end..stream.len().min(hit.span.end + 40)).any(|at| stream.at(at) == CELL);
    let stops = |of: char| matches!(of, BREAK | ';' | '。') || (of == ',' && !table);
    let stop = (hit.span.end..stream.len())
        .find(|at| stops(stream.at(*at)) || (stream.at(*at) == '.' && stream.at(at + 1) == ' '))
        .unwrap_or(stream.len());
    Span::new(hit.span.start, next.map_or(stop, |at| at.min(stop)))
}

/// The clause that speaks of a probe: its own, or that of the next where only a list parts them
/// (`MYC and BCL2 rearranged`, "no MYC, BCL2 or BCL6 rearrangement").
fn spoken(sheet: &Sheet<'_>, hits: &[&Hit], index: usize) -> Span {
    let hit = hits[index];
    let next = (index + 1..hits.len()).find(|of| hits[*of].span.start >= hit.span.end);
    let Some(next) = next else { return clause(sheet, hit, None) };
    let between = sheet.stream.lower_text(Span::new(hit.span.end, hits[next].span.start));
    let word = between.trim().trim_matches([',', '、', '/']).trim();
    let listed = matches!(word, "" | "and" | "和" | "及" | "与" | "or" | "或")
        && between.chars().count() <= 6
        && !between.contains([CELL, BREAK]);
    if listed && gene(hits[next]).is_some() == gene(hit).is_some() {
        return Span::new(hit.span.start, spoken(sheet, hits, next).end);
    }
    let other = hits[index + 1..].iter().find(|of| of.span.start >= hit.span.end && gene(of) != gene(hit));
    clause(sheet, hit, other.map(|of| of.span.start))
}

fn fish(sheet: &Sheet<'_>, hit: &Hit, own: Span) -> Option<Draft> {
    let (gene, rearrangement) = gene(hit)?;
    let text = sheet.stream.lower_text(own);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let by_name = hit.concept.as_str() == rearrangement;
    let fish_paper = sheet.is_kind(&["sec.doc_fish"]);
    let rearranged = has(&REARRANGED) || by_name;
    let concept = if has(&COPIES) && gene == "MYC" {
        "bio.myc_amp"
    } else if gene == "TP53" && !(has(&LOST) && !text.contains("突变") && !text.contains("mutation")) {
        return None;
    } else if rearranged || (gene == "TP53" && has(&LOST)) || (fish_paper && !protein_words(&text)) {
        rearrangement
    } else {
        return None;
    };
    if asks_for_fish(sheet, hit, &text) {
        let draft =
            Draft::new(concept, hit.span, "genetics.fish").named_at(hit.span).word(Attr::Status, "pending");
        return Some(Draft { assertion: Some(Assertion::Hypothetical), ..draft });
    }
    let (sign, span) = result(sheet, own, hit)?;
    let mut draft = Draft::new(concept, hit.span.to(span), "genetics.fish")
        .named_at(hit.span)
        .present()
        .word(Attr::Method, "fish");
    match sign {
        Reported::Pending => {
            draft.assertion = Some(Assertion::Hypothetical);
            return Some(draft.word(Attr::Status, "pending"));
        }
        Reported::Negative => {
            draft = draft.value(Value::Sign(Sign::Negative));
            if concept == "bio.myc_amp" {
                draft.assertion = Some(Assertion::Negated);
            }
        }
        Reported::Equivocal => {
            draft.assertion = Some(Assertion::Possible);
            draft = draft.value(Value::Sign(Sign::Equivocal));
        }
        Reported::Positive => draft = draft.value(Value::Sign(Sign::Positive)),
    }
    if let Some((percent, end)) = percent(sheet, Span::new(hit.span.end, own.end)) {
        draft.span.end = draft.span.end.max(end);
        draft = draft.number(Attr::Percent, percent);
    }
    Some(draft)
}

/// `建议行MYC、BCL2、BCL6 FISH检测`: a test that is to be made has no result.
fn asks_for_fish(sheet: &Sheet<'_>, hit: &Hit, own: &str) -> bool {
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 30));
    let asked = ["建议", "待", "拟", "suggest", "recommend", "pending", "to follow"]
        .iter()
        .any(|word| before.contains(word));
    let test =
        own.contains("fish") || own.contains("荧光原位") || own.contains("检测") || before.contains("fish");
    asked && test
}

fn protein_words(text: &str) -> bool {
    ["%+", "蛋白", "protein", "表达", "ihc"].iter().any(|word| text.contains(word))
}

/// Result words of a probe, denials in front of it included.
fn result(sheet: &Sheet<'_>, own: Span, hit: &Hit) -> Option<(Reported, Span)> {
    let text = sheet.stream.lower_text(own);
    let at = |word: &str| {
        text.find(word).map(|byte| {
            let start = own.start + text[..byte].chars().count();
            Span::new(start, start + word.chars().count())
        })
    };
    let negative = [
        "未见断裂",
        "未见重排",
        "未见分离",
        "未检测到",
        "未检出",
        "未发现",
        "未见",
        "无断裂",
        "无重排",
        "not rearranged",
        "no rearrangement",
        "not detected",
        "no evidence",
        "intact",
        "normal",
        "正常",
        "阴性",
        "negative",
        "(-)",
        "absent",
        "未扩增",
    ];
    let positive = [
        "可见断裂",
        "检测到",
        "检出",
        "阳性",
        "存在",
        "可见",
        "positive",
        "detected",
        "rearranged",
        "present",
        "(+)",
        "断裂",
        "identified",
        "seen",
        "伴",
    ];
    if let Some((Reported::Pending, span)) = first_sign(sheet, Span::new(hit.span.end, own.end)) {
        return Some((Reported::Pending, span));
    }
    if text.contains("equivocal") || text.contains("可疑") || text.contains("临界") {
        return Some((Reported::Equivocal, hit.span));
    }
    // "No MYC rearrangement", 未见MYC重排, 无MYC断裂.
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 14));
    let denied = ["no ", "未见", "无", "未检出", "未检测到", "未发现", "without ", "no evidence of "]
        .iter()
        .any(|word| before.ends_with(word));
    if denied {
        return Some((Reported::Negative, hit.span));
    }
    if sheet.modifiers.read(hit.span).assertion == Assertion::Negated {
        return Some((Reported::Negative, hit.span));
    }
    if let Some(span) = negative.iter().find_map(|word| at(word)) {
        return Some((Reported::Negative, span));
    }
    if let Some(span) = positive.iter().find_map(|word| at(word)) {
        return Some((Reported::Positive, span));
    }
    if (own.start..own.end).any(|at| sheet.stream.at(at) == '%') {
        return Some((Reported::Positive, hit.span));
    }
    // A named rearrangement in a pathology sentence is a statement: "with MYC and BCL2 rearrangements".
    let found_before =
        ["检出", "检测到", "阳性", "detected", "positive for", "伴"].iter().any(|word| before.contains(word));
    (found_before || text.contains("rearrangement")).then_some((Reported::Positive, hit.span))
}

fn percent(sheet: &Sheet<'_>, span: Span) -> Option<(f64, usize)> {
    (span.start..span.end)
        .filter(|at| {
            sheet.stream.at(*at).is_ascii_digit() && !sheet.stream.at(at.saturating_sub(1)).is_ascii_digit()
        })
        .find_map(|at| {
            let number = number::number_at(&sheet.stream, at)?;
            let mut end = number.span.end;
            while sheet.stream.at(end) == ' ' {
                end += 1;
            }
            (sheet.stream.at(end) == '%').then_some((number.value, end + 1))
        })
}

/// A sequence variant or its absence.
fn variant(sheet: &Sheet<'_>, hit: &Hit, stop: usize) -> Option<Draft> {
    let concept = sheet.catalogue().concept(&hit.concept)?;
    if !concept.methods.iter().any(|method| method == "ngs") {
        return None;
    }
    let stream = &sheet.stream;
    if sheet.says(sheet.after(hit.span.end, 10), &["抑制剂", "inhibitor"]) {
        return None;
    }
    let sentence = sheet.sentence(hit.span.start);
    let end = variant_end(sheet, hit, stop).min(sentence.end).min(hit.span.end + 120);
    let window = Span::new(hit.span.end, end.max(hit.span.end));
    let text = stream.lower_text(window);
    let protein = notation(sheet, window, "p.");
    let coding = notation(sheet, window, "c.");
    let fraction = allele_fraction(sheet, window);
    let negative = [
        "未检出",
        "未检测到",
        "未见突变",
        "未突变",
        "未发现",
        "野生型",
        "wild type",
        "wild-type",
        "not detected",
        "no mutation",
        "no variant",
        "no pathogenic",
        "阴性",
        "未见",
    ];
    let positive = ["突变", "mutation", "mutated", "variant", "变异", "检出", "阳性"];
    let before = stream.lower_text(sheet.before(hit.span.start, 8));
    let denied_before = ["no ", "未检出", "未见", "无", "未检测到"].iter().any(|word| before.ends_with(word));
    let denied =
        negative.iter().filter_map(|word| text.find(word).map(|byte| (byte, word.chars().count()))).min();
    let stated =
        positive.iter().filter_map(|word| text.find(word).map(|byte| (byte, word.chars().count()))).min();
    let close = |found: Option<(usize, usize)>| {
        found
            .filter(|(byte, _)| text[..*byte].chars().count() <= 40)
            .map(|(byte, length)| window.start + text[..byte].chars().count() + length)
    };
    let named = stream.lower_text(hit.span).contains("突变") || stream.lower_text(hit.span).contains("l265p");
    let mut draft = Draft::new(hit.concept.as_str(), hit.span, "genetics.variant")
        .named_at(hit.span)
        .word(Attr::Method, "ngs");
    if protein.is_none() && coding.is_none() && fraction.is_none() {
        if let Some(end) = close(denied).or(denied_before.then_some(hit.span.end)) {
            draft.span.end = end;
            draft.assertion = Some(Assertion::Negated);
            return Some(draft.value(Value::Sign(Sign::Negative)));
        }
        if !named && close(stated).is_none() {
            return None;
        }
        draft.span.end = close(stated).unwrap_or(hit.span.end);
        return Some(draft.value(Value::Sign(Sign::Positive)));
    }
    draft.assertion = Some(Assertion::Present);
    let mut end = draft.span.end;
    for (attr, found) in [(Attr::HgvsP, protein), (Attr::HgvsC, coding)] {
        if let Some((text, after)) = found {
            draft = draft.word(attr, text);
            end = end.max(after);
        }
    }
    if let Some((value, after)) = fraction {
        draft = draft.number(Attr::Vaf, value);
        end = end.max(after);
    }
    draft.span.end = end;
    Some(draft.value(Value::Sign(Sign::Positive)))
}

/// A variant's row goes on over commas and cells, to the next gene.
fn variant_end(sheet: &Sheet<'_>, hit: &Hit, stop: usize) -> usize {
    let genes = sheet.hits(&["bio"], &[Needs::Marker, Needs::Gene]);
    let next = genes.map(|of| of.span.start).find(|start| *start >= hit.span.end);
    next.filter(|start| *start >= stop).unwrap_or(if next.is_some() { stop } else { usize::MAX })
}

/// `p.Q2416*`, `p.(Arg248Gln)`, `c.743G>A`.
fn notation(sheet: &Sheet<'_>, window: Span, prefix: &str) -> Option<(String, usize)> {
    let stream = &sheet.stream;
    let text = stream.lower_text(window);
    let byte = text.find(prefix)?;
    let start = window.start + text[..byte].chars().count();
    let belongs =
        |of: char| of.is_ascii_alphanumeric() || matches!(of, '.' | '*' | '_' | '>' | '+' | '-' | '=' | '?');
    let mut end = start + prefix.len();
    let bracket = stream.at(end) == '(';
    end += usize::from(bracket);
    while belongs(stream.at(end)) {
        end += 1;
    }
    end += usize::from(bracket && stream.at(end) == ')');
    let notation = stream.text(Span::new(start, end)).trim_end_matches(['.', '-']).to_owned();
    (notation.len() > prefix.len() + 1).then_some((notation, end))
}

fn allele_fraction(sheet: &Sheet<'_>, window: Span) -> Option<(f64, usize)> {
    let (value, end) = percent(sheet, window)?;
    let text = sheet.stream.lower_text(Span::new(window.start, end));
    let words = ["频率", "丰度", "vaf", "allele", "比例", "fraction", "突变"];
    let in_table = (window.start..end).any(|at| sheet.stream.at(at) == CELL);
    (words.iter().any(|word| text.contains(word)) || in_table).then_some((value, end))
}
