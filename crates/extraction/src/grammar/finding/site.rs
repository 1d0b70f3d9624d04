//! Sites of disease.
//!
//! ## Reads
//! `骨髓、肺受累`, "no pulmonary or hepatic involvement", "stage IV (bone, liver)", `双肺未见异常`, `睾丸复发`,
//! "hepatic foci, ?involvement", `胃MALT淋巴瘤`.
//!
//! ## Never
//! An organ that is only named, measured against (Deauville), inflamed, cystic or infarcted is no site of disease.
//!
//! ## References
//! Lugano staging [Cheson 2014] for what counts as involvement.

use super::site_doubt::explained;
use super::site_sense::{belongs_to_another, heads_a_picture, is_aim, is_not_the_organ};
use super::words::{clause_end, clause_start, find, find_last, has, precedes, skip_spaces, stands_at};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        BEGINS_WITH_SITE, LISTED_ANNOUNCES, LISTED_STAGE, SAID_NORMAL_BUT, SITE_GONE, SITE_LESION,
        SITE_NORMAL, SITE_STRONG,
    },
    words::words,
};
use cartulary_model::{Assertion, Temporality};

/// A hit of a test and, where a later result is told beside it, a second fact.
pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    if is_excepted(sheet, hit)
        || is_not_the_organ(sheet, hit)
        || is_aim(sheet, hit)
        || heads_a_picture(sheet, hit)
    {
        return None;
    }
    let statement = statement(sheet, hit.span);
    if belongs_to_another(sheet, hit, statement) {
        return None;
    }
    let mut draft = Draft::new(hit.concept.clone(), hit.span, "finding.named").named_at(hit.span);
    let sentence = sheet.sentence(hit.span.start);
    let told = |span: Span| Span::new(span.start, span.end.min(sentence.end).max(span.start));
    let gone = find(sheet, told(after(statement, hit)), SITE_GONE)
        .or_else(|| find(sheet, before(statement, hit), SITE_GONE))
        // "The only thing that has not gone is a node".
        .filter(|word| {
            !precedes(sheet, word.start, words!["not", "never"]) && !has(sheet, *word, words!["not gone"])
        });
    let lesion = || has(sheet, statement, SITE_LESION) || has(sheet, statement, SITE_STRONG);
    if let Some(gone) = gone.filter(|_| lesion()) {
        draft.span = hit.span.to(gone);
        draft.temporality = Some(Temporality::Historical);
        return Some(draft.present());
    }
    if let Some(normal) = said_normal(sheet, hit, statement) {
        draft.span = hit.span.to(normal);
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    if let Some(word) = is_the_exception(sheet, hit, statement) {
        draft.span = hit.span.to(word);
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    let word = disease_word(sheet, hit, statement)
        .filter(|word| !is_of_next_site(sheet, hit, *word))
        .or_else(|| named_behind_bracket(sheet, hit));
    let listed = is_listed(sheet, hit);
    if word.is_none() && !listed {
        return None;
    }
    if let Some(word) = word {
        draft.span = hit.span.to(word);
    }
    if word.is_some_and(|of| is_denied_directly(sheet, hit, of)) {
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    if let Some(no) = answered_no(sheet, hit, draft.span.end) {
        draft.span = draft.span.to(no);
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    if !listed && !has(sheet, statement, SITE_STRONG) {
        draft.rule = "finding.lesion";
    }
    explained(sheet, hit, statement, draft)
}

/// "uptake in the left frontal lobe: CNS involvement cannot be excluded": the word behind the colon is of the site named there.
fn is_of_next_site(sheet: &Sheet<'_>, hit: &Hit, word: Span) -> bool {
    let Some(colon) = (hit.span.end..word.start).find(|at| sheet.stream.at(*at) == ':') else { return false };
    let next = sheet.candidates_in(Span::new(colon, word.end));
    next.iter().any(|of| {
        of.hit.span.start > colon
            && of.hit.span.overlaps(word)
            && (of.hit.concept.is("site") || of.hit.concept.name().contains("cns"))
    })
}

/// "liver and marrow show no FDG-avid disease": the denial stands right before the word of disease.
fn is_denied_directly(sheet: &Sheet<'_>, hit: &Hit, word: Span) -> bool {
    let gap = sheet.stream.lower_text(Span::new(hit.span.end.min(word.start), word.start));
    let gap =
        ["fdg-", "fdg ", "metabolically ", "abnormal "].iter().fold(gap, |gap, of| gap.trim_end_matches(of));
    gap.ends_with(" no ") || gap.ends_with(" without ")
}

/// "Lungs: no infiltrates.", "Stomach: no wall thickening": the answer behind the colon begins with a denial, and that of
/// what is named. "no change in the nodules", "no effusion, but nodules" say that there are some.
fn answered_no(sheet: &Sheet<'_>, hit: &Hit, named: usize) -> Option<Span> {
    let colon = hit.span.end;
    let answer = skip_spaces(&sheet.stream, colon + 1);
    let denied = sheet.stream.reads_any(answer, words!["no ", "without ", "none ", "nil ", "未见", "无"]);
    let gap = sheet.stream.lower_text(Span::new(answer.min(named), named));
    let other = [
        ",", ";", "but ", "change", "interval", "new ", "longer", "crease", "growth", "regress", "progress",
        "变化", "新发", "增大",
    ];
    let others = other.iter().any(|word| gap.contains(word));
    (sheet.stream.at(colon) == ':' && denied && !others).then(|| Span::new(answer, answer + 2))
}

/// `除脾脏外,肝脏、骨骼及双肺未见异常`: what is said of the others is not said of it.
fn is_excepted(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let from = hit.span.start.saturating_sub(8);
    let opened = (from..hit.span.start).rev().find(|at| matches!(stream.at(*at), '除' | ',' | '。'));
    let behind = (hit.span.end..hit.span.end + 8).take_while(|at| !matches!(stream.at(*at), ',' | '。'));
    let closed = behind.into_iter().any(|at| stream.at(at) == '外');
    opened.is_some_and(|at| stream.at(at) == '除') && closed
}

/// "the spleen and bone marrow are involved, the liver is not": the verb stands with the sites before.
fn is_the_exception(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> Option<Span> {
    const REACH: usize = 70;
    let begin = skip_spaces(&sheet.stream, hit.span.end);
    let word = ["is not", "are not", "was not", "were not"]
        .iter()
        .find(|word| stands_at(&sheet.stream, begin, word))
        .map(|word| Span::new(begin, begin + word.chars().count()))?;
    let ends = matches!(sheet.stream.at(word.end), '.' | ',' | ';' | '。' | '\n' | ')');
    let from = sheet.sentence(hit.span.start).start.max(hit.span.start.saturating_sub(REACH));
    let told = Span::new(from.min(statement.start), hit.span.start);
    (ends && has(sheet, told, SITE_STRONG)).then_some(word)
}

fn after(statement: Span, hit: &Hit) -> Span {
    Span::new(hit.span.end, statement.end)
}

fn before(statement: Span, hit: &Hit) -> Span {
    Span::new(statement.start, hit.span.start)
}

/// The nearest word of disease: the organ's own before that of another.
fn disease_word(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> Option<Span> {
    let behind = find(sheet, after(statement, hit), SITE_STRONG)
        .or_else(|| find(sheet, after(statement, hit), SITE_LESION));
    let ahead = || {
        find_last(sheet, before(statement, hit), SITE_STRONG)
            .or_else(|| find_last(sheet, before(statement, hit), SITE_LESION))
    };
    let own = matches!(sheet.stream.lower_text(hit.span), "肿大淋巴结" | "nodal mass").then_some(hit.span);
    let own = own.or_else(|| is_large_node(sheet, hit, statement).then_some(hit.span));
    own.or(behind)
        .or_else(ahead)
        .or_else(|| beside_disease(sheet, hit))
        .or_else(|| super::site_diagnosis::shown(sheet, hit))
}

/// "24 mm left iliac node", "multiple level II-IV nodes, largest 2.8 cm", "matted right axillary nodes": a node that is told with
/// a size above one and a half centimetres, or with a word that no healthy one is told with.
fn is_large_node(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> bool {
    const AHEAD: usize = 34;
    const BEHIND: usize = 26;
    /// The long axis from which Lugano takes a node for a large one [Cheson 2014].
    const LARGE: f64 = 15.0;
    let stream = &sheet.stream;
    let plain = matches!(stream.lower_text(hit.span), "node" | "nodes" | "lymph node" | "lymph nodes");
    if hit.concept.as_str() != "site.lymph_node" || !plain {
        return false;
    }
    let sentence = sheet.sentence(hit.span.start);
    let ahead = Span::new(statement.start.max(hit.span.start.saturating_sub(AHEAD)), hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + BEHIND).max(hit.span.end));
    let large = |span: Span| {
        (span.start..span.end).any(|at| {
            crate::number::number_at(stream, at).is_some_and(|of| {
                let unit = skip_spaces(stream, of.span.end);
                let scale = if stream.reads(unit, "mm") { 1.0 } else { 10.0 };
                stream.reads_any(unit, words!["cm", "mm"])
                    && of.value * scale > LARGE
                    && of.comparator == cartulary_model::Comparator::Equal
            })
        })
    };
    let taken = has(sheet, behind, words!["biops", "excis", "core", "specimen", "resect", "dissect"]);
    let told = words!["rubbery", "matted", "enlarging", "bulky", "conglomerate"];
    let harmless = words![
        "calcified",
        "sentinel",
        "benign",
        "reactive",
        "normal",
        "insignificant",
        "not significant",
        "granulomat",
        "abscess",
        "below",
        "less than",
        "all <",
        "not enlarged",
        "fatty hilum"
    ];
    let specimen = sheet.is_kind(&["sec.doc_pathology", "sec.doc_pathology_consult", "sec.doc_ihc"]);
    !taken
        && !specimen
        && !has(sheet, sentence, harmless)
        && (large(ahead) || large(behind) || has(sheet, ahead, told))
}

/// "ileocaecal DLBCL", "DLBCL of the testis": a disease by its short name, directly beside the organ.
fn beside_disease(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    const REACH: usize = 40;
    let next = sheet
        .candidates_in(Span::new(hit.span.end, hit.span.end + 2))
        .iter()
        .find(|of| of.hit.concept.is("hist"))
        .map(|of| of.hit.span);
    let of_organ = precedes(sheet, hit.span.start, words!["of the", "of", "in the"]);
    let from = clause_start(sheet, hit.span.start).max(hit.span.start.saturating_sub(REACH));
    let led = || {
        sheet
            .candidates_in(Span::new(from, hit.span.start))
            .iter()
            .rev()
            .find(|of| of.hit.concept.is("hist") && of.hit.span.end <= hit.span.start)
            .filter(|of| {
                let gap = sheet.stream.lower_text(Span::new(of.hit.span.end, hit.span.start));
                let bare = gap.split(['(', ')']).step_by(2).collect::<String>();
                matches!(bare.trim(), "of" | "of the" | "in the")
            })
            .map(|of| of.hit.span)
    };
    next.or_else(|| if of_organ { led() } else { None })
}

/// `(胃体)MALT淋巴瘤`: the disease is named behind the bracket.
fn named_behind_bracket(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let close = clause_end(sheet, hit.span.end);
    let index = sheet.candidates.partition_point(|of| of.hit.span.start <= close);
    let next = sheet.candidates.get(index)?;
    let glue = Span::new(close + 1, next.hit.span.start.max(close + 1));
    let taken = glue.end <= close + 12 && has(sheet, glue, words!["切除", "活检", "标本", "穿刺", "肿物"]);
    let named = next.hit.concept.is("hist") && (next.hit.span.start <= close + 2 || taken);
    (sheet.stream.at(close) == ')' && named).then_some(next.hit.span)
}

/// The clause around a site; a list of sites goes on over its commas.
fn statement(sheet: &Sheet<'_>, span: Span) -> Span {
    let mut start = clause_start(sheet, span.start);
    let mut end = clause_end(sheet, span.end);
    for _ in 0..8 {
        let Some(before) = start.checked_sub(1).filter(|at| sheet.stream.at(*at) == ',') else { break };
        if !ends_with_site(sheet, before) {
            break;
        }
        start = clause_start(sheet, before);
    }
    for _ in 0..8 {
        let own = has(sheet, Span::new(span.end, end), SITE_STRONG)
            || has(sheet, Span::new(span.end, end), SITE_LESION);
        if own
            || sheet.stream.at(end) != ','
            || !ends_with_site(sheet, end)
            || !begins_with_site(sheet, end + 1)
        {
            break;
        }
        end = clause_end(sheet, end + 1);
    }
    Span::new(start, end)
}

fn ends_with_site(sheet: &Sheet<'_>, comma: usize) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.end <= comma);
    sheet.candidates[..index]
        .iter()
        .rev()
        .take(3)
        .any(|of| of.hit.concept.is("site") && comma - of.hit.span.end <= 2)
}

fn begins_with_site(sheet: &Sheet<'_>, at: usize) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < at);
    let words = |span: Span| !has(sheet, span, BEGINS_WITH_SITE);
    sheet.candidates[index..].iter().take(3).any(|of| {
        of.hit.concept.is("site") && of.hit.span.start <= at + 12 && words(Span::new(at, of.hit.span.start))
    })
}

/// "stage IV (bone, liver)", `受累部位:肝、骨`, `IVB期(累及胰腺)`: a list that something before it announces.
fn is_listed(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let from = sentence.start.max(hit.span.start.saturating_sub(100));
    let mut depth = 0i32;
    let opened = (from..hit.span.start).rev().find(|at| match sheet.stream.at(*at) {
        ')' => {
            depth += 1;
            false
        }
        '(' if depth > 0 => {
            depth -= 1;
            false
        }
        '(' | ':' | '[' => depth == 0,
        _ => false,
    });
    let Some(opened) = opened else { return false };
    let label = Span::new(sentence.start.max(opened.saturating_sub(26)), opened);
    let stage = sheet.stream.at(opened) != ':'
        && (has(sheet, label, words!["stage", "ann arbor", "lugano"])
            || precedes(sheet, opened, LISTED_STAGE));
    let headed = ["sites", "sites of involvement", "部位"]
        .iter()
        .any(|word| stream_ends(sheet, opened, word) && sheet.stream.at(opened) == ':');
    // "Definitely not involved: brain, testes": what it announces is spared.
    let spared = has(sheet, label, words!["not involved", "uninvolved", "not affected", "未受累", "未累及"]);
    (stage || headed || has(sheet, label, LISTED_ANNOUNCES))
        && !spared
        && !has(sheet, Span::new(opened, hit.span.start), words!["spared", "未", "无", "no ", "not "])
}

/// "Sites: liver, bone marrow": the label is the word alone.
fn stream_ends(sheet: &Sheet<'_>, at: usize, word: &str) -> bool {
    sheet.stream.reads_back(at, word).is_some_and(|start| start == sheet.sentence(start).start)
}

/// `双肺未见异常放射性浓聚`, "the liver is normal", "lungs clear": nothing there.
fn said_normal(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> Option<Span> {
    let behind = after(statement, hit);
    let normal = find(sheet, behind, SITE_NORMAL)?;
    // Words like "normal" say something of disease only in a report of an examination.
    let loose = ["clear", "normal", "正常", "清晰", "unremarkable"];
    let examined = sheet.is_kind(&[
        "sec.doc_pet",
        "sec.doc_ct",
        "sec.doc_mri",
        "sec.doc_us",
        "sec.doc_pathology",
        "sec.doc_bm_biopsy",
    ]);
    let is_loose = loose.iter().any(|word| super::words::stands_at(&sheet.stream, normal.start, word));
    let near = normal.start - hit.span.end <= 40;
    (near
        && (examined || !is_loose)
        && !has(sheet, Span::new(hit.span.end, normal.start + 6), SAID_NORMAL_BUT))
    .then_some(normal)
}
