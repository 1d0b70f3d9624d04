//! The words for a transformation: which of them mean one, how surely, and how they are asserted.

use crate::{
    sheet::Sheet,
    stream::{Hit, Span, is_han},
    vocabulary::transformation::{
        ASSERTION, ASSERTION_DOUBTED, ASSERTION_WORRIED, OLD_DISEASE_IN_NAMES, OTHER_SENSE_AHEAD,
        OTHER_SENSE_BEHIND, PROGRESSED_TO, VERBS, WIDENED_KINDS,
    },
    words::words,
};
use cartulary_model::{Assertion, ConceptId};

/// How much a word says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It names the event: Richter, `tFL`, "large-cell transformation".
    Named,
    /// A word for transforming: a lymphoma must stand beside it.
    Word,
    /// A verb of change: an old and a new lymphoma must stand beside it.
    Verb,
}

/// A word for a transformation.
#[derive(Clone, Debug)]
pub(super) struct Trigger {
    pub(super) concept: String,
    pub(super) span: Span,
    pub(super) weight: Weight,
}

pub(super) fn triggers(sheet: &Sheet<'_>) -> Vec<Trigger> {
    let mut triggers: Vec<Trigger> = Vec::new();
    for hit in sheet.candidates.iter().filter(|of| of.needs.is_none()).map(|of| &of.hit) {
        let Some(weight) = weight(sheet, hit) else { continue };
        if is_other_sense(sheet, hit.span) || triggers.last().is_some_and(|last| last.span.overlaps(hit.span))
        {
            continue;
        }
        let span = widened(sheet, hit.span);
        triggers.push(Trigger { concept: hit.concept.as_str().to_owned(), span, weight });
    }
    triggers.extend(turned(sheet));
    triggers.extend(progressed(sheet));
    triggers.sort_by_key(|trigger| trigger.span.start);
    triggers
}

/// `滤泡2级转大b`: a sender's bare 转 before the new disease.
fn turned(sheet: &Sheet<'_>) -> Vec<Trigger> {
    let names = sheet.candidates.iter().filter(|of| of.hit.concept.is("hist")).map(|of| of.hit.span.start);
    names
        .filter(|start| sheet.stream.reads_back(*start, "转").is_some())
        .map(|start| Trigger {
            concept: "find.transformation".to_owned(),
            span: Span::new(start - 1, start),
            weight: Weight::Verb,
        })
        .collect()
}

/// "FL progressed to DLBCL", "progression of CLL to DLBCL": from one lymphoma to another, and not the progression of one.
fn progressed(sheet: &Sheet<'_>) -> Vec<Trigger> {
    const FAR: usize = 60;
    let stream = &sheet.stream;
    let names: Vec<Span> =
        sheet.candidates.iter().filter(|of| of.hit.concept.is("hist")).map(|of| of.hit.span).collect();
    let to = names.iter().filter_map(|name| {
        let word = stream.words_ending(name.start, PROGRESSED_TO).next()?;
        Some(Span::new(word.start(), name.start - 1))
    });
    let of = names.windows(2).filter_map(|pair| {
        let [old, new] = pair else { return None };
        let joined = stream.lower_text(Span::new(old.end, new.start.max(old.end)));
        let before = sheet.before(old.start, FAR);
        let word = stream.words_in(before, words!["progression of "]).next_back()?.span();
        let only = !stream.lower_text(Span::new(word.end, old.start)).contains([',', ';']);
        (matches!(joined.trim(), "to" | "to a" | "into" | "to an") && only)
            .then(|| Span::new(word.start, word.end - 1))
    });
    to.chain(of)
        .map(|span| Trigger { concept: "find.transformation".to_owned(), span, weight: Weight::Verb })
        .collect()
}

fn weight(sheet: &Sheet<'_>, hit: &Hit) -> Option<Weight> {
    let id = hit.concept.as_str();
    let word = sheet.stream.lower_text(hit.span);
    match id {
        "hist.tfl" | "hist.tmzl" | "hist.tinhl" | "hist.transformed_nos" => Some(Weight::Named),
        _ if crate::grammar::diagnosis::is_richter(id) => Some(Weight::Named),
        "find.suspected_transformation" => Some(Weight::Word),
        "find.transformation" if VERBS.contains(&word) => Some(Weight::Verb),
        "find.transformation"
            if word.starts_with("histol") || word == "组织学转化" || word == "大细胞转化" =>
        {
            Some(Weight::Named)
        }
        "find.transformation" if word == "transformation" || is_judged(sheet, hit.span) => {
            Some(Weight::Named)
        }
        "find.transformation" => Some(Weight::Word),
        _ => None,
    }
}

/// `符合转化`, `疑转化`: a pathologist's judgement.
fn is_judged(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.stream.reads_back_any(span.start, words!["符合", "考虑", "疑", "疑似", "可疑", "病理证实", "证实"])
        || sheet.stream.reads_any(span.end, words!["可能", "待排", "不除外"])
}

/// "plasmablastic transformation", "blastoid transformation": the kind before the word belongs to it.
fn widened(sheet: &Sheet<'_>, span: Span) -> Span {
    let start = WIDENED_KINDS.iter().filter_map(|kind| sheet.stream.reads_back(span.start, kind)).min();
    Span::new(start.unwrap_or(span.start), span.end)
}

/// The kind of a "plasmablastic transformation" is the new disease.
pub(super) fn new_disease_in(sheet: &Sheet<'_>, span: Span) -> Option<(ConceptId, Span)> {
    let kinds = [
        ("plasmablastic", "hist.pbl"),
        ("浆母细胞", "hist.pbl"),
        ("hodgkin", "hist.chl"),
        ("burkitt", "hist.bl"),
    ];
    kinds.iter().find(|(word, _)| sheet.stream.reads(span.start, word)).map(|(word, concept)| {
        (ConceptId::from(*concept), Span::new(span.start, span.start + word.chars().count()))
    })
}

/// `tFL`, "transformed follicular lymphoma", `转化型边缘区淋巴瘤`: the old disease inside the word.
pub(super) fn old_disease_in(sheet: &Sheet<'_>, span: Span) -> Option<(ConceptId, Span)> {
    let text = sheet.stream.lower_text(span);
    OLD_DISEASE_IN_NAMES
        .iter()
        .find(|(word, _)| text.contains(word))
        .map(|(_, concept)| (ConceptId::from(*concept), span))
}

/// `转化医学`, `转化率`, `血清学转化`, "transformed lymphocytes", the TRANSFORM trial.
fn is_other_sense(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    let trial = stream.text(span).starts_with("TRANSFORM");
    // 转为阴性, 转为门诊, 变成, 进展为PD: the verb needs a disease, which its weight asks for.
    trial
        || stream.reads_back_any(span.start, words!["non-", "non ", "un"])
            && stream.reads(span.start, "transformed")
        || stream.reads_any(span.end, OTHER_SENSE_BEHIND)
        || stream.reads_back_any(span.start, OTHER_SENSE_AHEAD)
}

/// Cues decide, with the words that pathologists use about transformation.
pub(super) fn assertion(sheet: &Sheet<'_>, trigger: &Trigger, read: Assertion) -> Assertion {
    let stream = &sheet.stream;
    let span = trigger.span;
    // "non-transformed FL".
    if stream.reads_back_any(span.start, words!["non-", "non ", "un"]) {
        return Assertion::Negated;
    }
    let before = stream.lower_text(sheet.before(span.start, 28));
    let clause = before.rsplit([',', ';', '。']).next().unwrap_or_default();
    let after = stream.lower_text(sheet.after(span.end, 60));
    let says = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(clause, words!["家属诉", "自述", "据称", "称\"", "reportedly", "told that", "诉外院"])
    {
        return Assertion::Hypothetical;
    }
    let next = after.trim_start_matches([' ', '"', '\'']);
    if says(clause, words!["risk of", "if ", "should ", "in case of", "警惕", "若", "如", "预防", "风险"])
        || sheet.stream.text_begins(next, words!["风险", "的风险", " risk", "可能性小"])
    {
        return Assertion::Hypothetical;
    }
    if says(
        clause,
        words![
            "不排除",
            "不除外",
            "不能排除",
            "不能除外",
            "无法排除",
            "无法除外",
            "未排除",
            "cannot exclude",
            "not exclude",
        ],
    ) {
        return Assertion::Possible;
    }
    let worried = says(clause, ASSERTION_WORRIED)
        && !says(clause, words!["不考虑", "不支持", "不除外", "不能除外", "可除外"]);
    if says(clause, ASSERTION)
        && !says(clause, words!["非霍奇金", "不能排除", "无法排除", "无法除外", "可能"])
    {
        return Assertion::Negated;
    }
    if worried
        && says(after, words!["shows only", "only cll", "仅见", "仅为", "was excluded", "已排除", "excluded"])
    {
        return Assertion::Negated;
    }
    let doubted = sheet.stream.text_begins(next, ASSERTION_DOUBTED);
    if doubted || worried && read != Assertion::Negated {
        return Assertion::Possible;
    }
    match read {
        // "would be compatible with Richter transformation" doubts; a plan is no transformation.
        Assertion::Hypothetical if says(clause, words!["compatible", "consistent"]) => Assertion::Possible,
        Assertion::Negated if refers_to_it(sheet, span) => Assertion::Present,
        other => other,
    }
}

/// `转化后`, "since transformation": the event is taken for granted.
fn refers_to_it(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    stream.reads_any(span.end, words!["后", "前", "时"]) && is_han(stream.at(span.end))
        || stream.reads_back_any(span.start, words!["since ", "after ", "before ", "prior to "])
}
