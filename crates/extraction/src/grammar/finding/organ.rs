//! The size of spleen and liver.
//!
//! ## Reads
//! `脾不大`, `肝脾肋下未触及`, "spleen normal in size", "palpable spleen 6 cm below the costal margin", `脾肋下3cm`.
//!
//! ## Leaves alone
//! Lesions in the organ, which are sites of disease.

use super::words::{clause_end, clause_start, find, follows, has, precedes, stands_at};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{NODES, ORGAN_LARGE, ORGAN_NOT_LARGE},
    words::words,
};
use cartulary_model::Assertion;

/// Whether the organ is large; nothing when its size is not spoken of.
pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Option<Option<Draft>> {
    let concept = match hit.concept.as_str() {
        "site.spleen" => "find.splenomegaly",
        "site.liver" => "find.hepatomegaly",
        _ => return None,
    };
    let end = clause_end(sheet, hit.span.end).min(hit.span.end + 34);
    let behind = Span::new(hit.span.end, end);
    // 肝脾不大 is one statement, made of the spleen.
    if concept == "find.hepatomegaly"
        && follows(sheet, hit.span.end, words!["脾", "、脾", "and spleen", "or spleen"])
        && sized(sheet, behind)
    {
        return Some(None);
    }
    if let Some(word) = find(sheet, behind, ORGAN_NOT_LARGE).filter(|word| is_own(sheet, hit, *word)) {
        return Some(Some(draft(concept, hit, word, Some(Assertion::Negated))));
    }
    if let Some(span) = measured_and_normal(sheet, hit) {
        return Some(Some(draft(concept, hit, span, Some(Assertion::Negated))));
    }
    if let Some(span) = elliptic(sheet, hit) {
        return Some(Some(draft(concept, hit, span, Some(Assertion::Negated))));
    }
    if let Some(span) = below_the_ribs(sheet, hit, behind) {
        return Some(Some(draft(concept, hit, span, Some(Assertion::Present))));
    }
    if stands_at(&sheet.stream, hit.span.end, "大")
        && !follows(sheet, hit.span.end + 1, words!["小", "部", "于", "片", "b"])
    {
        return Some(Some(draft(concept, hit, Span::new(hit.span.end, hit.span.end + 1), None)));
    }
    if precedes(sheet, hit.span.start, words!["palpable", "enlarged"]) {
        return Some(Some(draft(concept, hit, Span::new(hit.span.end, end), None)));
    }
    let word = find(sheet, behind, ORGAN_LARGE).filter(|word| is_own(sheet, hit, *word))?;
    (!has(sheet, Span::new(hit.span.end, word.start), words!["淋巴结", "node", "lesion", "病灶"]))
        .then(|| Some(draft(concept, hit, word, None)))
}

/// `淋巴结摸着又大了`, `颈部淋巴结多发肿大`: what Chinese says of the nodes, not the nodes that are large.
pub(super) fn nodes(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    if hit.concept.as_str() != "site.lymph_node" {
        return None;
    }
    let end = clause_end(sheet, hit.span.end).min(hit.span.end + 8);
    let word = find(sheet, Span::new(hit.span.end, end), NODES)?;
    let between = Span::new(hit.span.end, word.start);
    let mut draft = draft("find.lymphadenopathy", hit, word, None);
    if has(sheet, between, words!["未", "无", "没"]) {
        draft.assertion = Some(Assertion::Negated);
    }
    (!has(sheet, between, words!["的", "、"])).then_some(draft)
}

fn sized(sheet: &Sheet<'_>, behind: Span) -> bool {
    has(sheet, behind, ORGAN_NOT_LARGE)
        || has(sheet, behind, ORGAN_LARGE)
        || has(sheet, behind, words!["肋下"])
}

/// The word speaks of this organ, not of what is in it.
fn is_own(sheet: &Sheet<'_>, hit: &Hit, word: Span) -> bool {
    let between = Span::new(hit.span.end, word.start);
    !has(sheet, between, words!["lesion", "node", "结节", "病灶", "淋巴结", "囊肿", "mass", "、"])
        || stands_at(&sheet.stream, word.start, "不大")
}

fn draft(concept: &'static str, hit: &Hit, word: Span, assertion: Option<Assertion>) -> Draft {
    let mut draft = Draft::new(concept, hit.span.to(word), "finding.organ_size").named_at(hit.span);
    draft.assertion = assertion;
    draft
}

/// "Spleen 11 cm, not enlarged", "liver (14.2 cm), normal".
fn measured_and_normal(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let stream = &sheet.stream;
    let begin = (hit.span.end..hit.span.end + 12).find(|at| stream.at(*at).is_ascii_digit())?;
    let led = stream.lower_text(Span::new(hit.span.end, begin));
    let size = crate::number::number_at(stream, begin).filter(|_| {
        matches!(
            led.trim().trim_start_matches(':').trim(),
            "" | "(" | "is" | "size" | "at" | "measures" | "length"
        )
    })?;
    let unit = stream.words_at(size.span.end, words![" cm", "cm", " mm", "mm", " cm)", "cm)"]).next_back()?;
    let normal = words![
        ", not enlarged",
        ", normal",
        ", within normal",
        ", unremarkable",
        " (normal)",
        ", not significantly enlarged"
    ];
    // "Spleen 15 cm, normal liver": of the next organ.
    let ends = |at: usize| {
        matches!(stream.at(at), '.' | ',' | ';' | ')' | crate::stream::BREAK)
            || at >= stream.len()
            || stream.reads_any(at, words![" in size", " for age", " limits"])
    };
    stream.words_at(unit.end(), normal).rev().find(|of| ends(of.end())).map(|of| Span::new(begin, of.end()))
}

/// "The nodes have enlarged; the spleen has not."
fn elliptic(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let word =
        find(sheet, Span::new(hit.span.end, hit.span.end + 9), words!["has not", "is not", "was not"])?;
    let last = matches!(sheet.stream.at(word.end), '.' | ';' | ',' | '\n');
    let sentence = sheet.sentence(hit.span.start);
    let told = Span::new(sentence.start.saturating_sub(80), hit.span.start);
    (last && has(sheet, told, words!["enlarged", "bigger", "larger", "grown"])).then_some(word)
}

/// `脾肋下3cm`, "6 cm below the costal margin".
fn below_the_ribs(sheet: &Sheet<'_>, hit: &Hit, behind: Span) -> Option<Span> {
    let ribs = find(
        sheet,
        behind,
        words!["肋下", "肋缘下", "below the costal margin", "below costal margin", "below the left costal"],
    )
    .or_else(|| find(sheet, Span::new(behind.start, behind.end + 12), words!["cm below"]))?;
    let number = (behind.start..behind.end.max(ribs.end + 6))
        .find_map(|at| crate::number::number_at(&sheet.stream, at));
    let clause = Span::new(clause_start(sheet, hit.span.start), behind.end);
    let denied = has(sheet, clause, words!["未", "无", "no ", "not "]);
    number.filter(|of| of.value > 0.0 && !denied).map(|of| ribs.to(of.span))
}
