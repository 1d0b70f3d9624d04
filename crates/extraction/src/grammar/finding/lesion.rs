//! New lesions, new nodes, bulky masses.
//!
//! ## Reads
//! "new FDG-avid focus in the L3 vertebral body", `未见新发病灶`, "new 2 cm mesenteric node", "the splenic lesion ... is new",
//! `大包块10.8cm`, "bulky 12 x 9 cm retroperitoneal mass".
//!
//! ## Leaves alone
//! "bulky" behind a stage, which is the stage's own suffix; a swelling that made the patient come (`新发右颈肿物`).

use super::words::{clause_end, clause_start, find, find_last, follows, has};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        BULKY_IN_BRACKETS_MASS, BULKY_MASS, LESION_NODES, LESION_OTHER, LESIONS, NEW_LESION,
    },
    words::words,
};
use cartulary_model::{Quantity, Value, fact::Measurement};

/// A hit of `find.new`: what is new.
pub(super) fn new(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let end = clause_end(sheet, hit.span.end).min(hit.span.end + 48);
    let behind = Span::new(hit.span.end, end);
    if is_legend(sheet, hit.span.start) {
        return None;
    }
    let lesion = find(sheet, behind, LESIONS);
    let node = find(sheet, behind, LESION_NODES);
    let (concept, word) = match (lesion, node) {
        (Some(lesion), Some(node)) if node.start < lesion.start => ("find.new_lymphadenopathy", node),
        (None, Some(node)) => ("find.new_lymphadenopathy", node),
        (Some(lesion), _) => ("find.new_lesion", lesion),
        (None, None) => return is_new(sheet, hit),
    };
    (!has(sheet, Span::new(hit.span.end, word.start), LESION_OTHER))
        .then(|| Draft::new(concept, hit.span.to(word), "finding.new_lesion").named_at(hit.span.to(word)))
}

/// "5 = new lesions", `5分为新发病灶`: the legend of a scale says what its points mean.
fn is_legend(sheet: &Sheet<'_>, at: usize) -> bool {
    const REACH: usize = 26;
    let stream = &sheet.stream;
    let from = sheet.sentence(at).start.max(at.saturating_sub(REACH));
    (from..at).any(|of| {
        let equals = stream.at(of) == '=' && stream.at(of + 1) == ' ' && !stream.at(of + 2).is_ascii_digit();
        let points = stream.reads(of, "分为") && of > 0 && stream.at(of - 1).is_ascii_digit();
        equals || points
    })
}

/// "the splenic lesion, which had not been present in May, is new".
fn is_new(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let predicate = super::words::precedes(sheet, hit.span.start, words!["is", "are", "为"]);
    let sentence = sheet.sentence(hit.span.start);
    let before = Span::new(sentence.start.max(hit.span.start.saturating_sub(90)), hit.span.start);
    let lesion = find_last(sheet, before, NEW_LESION).filter(|_| predicate)?;
    let concept = if sheet.stream.at(lesion.start) == 'n' && sheet.stream.at(lesion.start + 2) == 'd' {
        "find.new_lymphadenopathy"
    } else {
        "find.new_lesion"
    };
    Some(Draft::new(concept, lesion.to(hit.span), "finding.new_lesion").named_at(hit.span).present())
}

/// A hit of `find.bulky`: with its size, when it is not the suffix of a stage.
pub(super) fn bulky(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let clause = Span::new(clause_start(sheet, hit.span.start), clause_end(sheet, hit.span.end));
    let own = has(sheet, hit.span, words!["mass", "disease", "块"]);
    let behind = Span::new(hit.span.end, clause.end.min(hit.span.end + 44));
    let mass = find(sheet, behind, BULKY_MASS);
    let stage_before = Span::new(clause.start.max(hit.span.start.saturating_sub(14)), hit.span.start);
    let suffix = has(sheet, stage_before, words!["stage", "期"])
        && mass.is_none()
        && !has(sheet, hit.span, words!["块"]);
    // "bulky (11.2 cm)": the size in brackets stands for the mass.
    let sized = is_sized(sheet, hit);
    // "mediastinal bulk of 12 cm"
    let measured = follows(sheet, hit.span.end, words!["of"]) && size(sheet, behind).is_some();
    if !own && !sized && mass.is_none() && !suffix {
        return bulky_in_brackets(sheet, hit).or_else(|| measured.then(|| with_size(sheet, hit, behind)));
    }
    if suffix || sheet.stream.lower_text(hit.span) == "bulk" {
        return None;
    }
    let mut draft = Draft::new("find.bulky", hit.span, "finding.bulky").named_at(hit.span);
    draft.span = mass.map_or(draft.span, |word| draft.span.to(word));
    let window =
        Span::new(clause.start.max(hit.span.start.saturating_sub(12)), clause.end.min(draft.span.end + 20));
    if let Some((size, span)) = size(sheet, window) {
        draft.span = draft.span.to(span);
        draft = draft.value(Value::Measurement(size));
    }
    Some(draft)
}

fn with_size(sheet: &Sheet<'_>, hit: &Hit, window: Span) -> Draft {
    let draft = Draft::new("find.bulky", hit.span, "finding.bulky").named_at(hit.span);
    match size(sheet, window) {
        Some((size, span)) => Draft { span: hit.span.to(span), ..draft }.value(Value::Measurement(size)),
        None => draft,
    }
}

/// `融合肿块最大径11cm(bulky)`: the word in brackets behind the mass and its size.
fn bulky_in_brackets(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    const REACH: usize = 30;
    let stream = &sheet.stream;
    let open = hit.span.start.checked_sub(1).filter(|at| stream.at(*at) == '(')?;
    let from = clause_start(sheet, open).max(open.saturating_sub(REACH));
    let ahead = Span::new(from.min(open), open);
    let mass = find(sheet, ahead, BULKY_IN_BRACKETS_MASS)?;
    let closed = stream.at(hit.span.end) == ')';
    let draft = with_size(sheet, hit, ahead);
    closed.then(|| Draft { span: mass.to(hit.span), ..draft })
}

/// "bulky (11.2 cm)": nothing but a size in the brackets.
pub(super) fn is_sized(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const SIZE: usize = 14;
    follows(sheet, hit.span.end, words!["("])
        && (hit.span.end..hit.span.end + SIZE).any(|at| sheet.stream.reads(at, "cm)"))
}

/// The longest side of `12×9cm`, "12 x 9 cm", `10.8cm`.
fn size(sheet: &Sheet<'_>, window: Span) -> Option<(Measurement, Span)> {
    let stream = &sheet.stream;
    let mut longest: Option<(f64, Span)> = None;
    let mut at = window.start;
    while at < window.end {
        let Some(number) = number::number_at(stream, at).filter(|of| of.value < 60.0) else {
            at += 1;
            continue;
        };
        let joins = follows(sheet, number.span.end, words!["x", "*", "cm", "厘米"]);
        if joins && longest.is_none_or(|(value, _)| number.value > value) {
            longest = Some((number.value, number.span));
        }
        at = number.span.end.max(at + 1);
    }
    let in_cm = find(sheet, Span::new(window.start, window.end + 4), words!["cm", "厘米"])?;
    let (value, span) = longest.filter(|(_, span)| span.end <= in_cm.end)?;
    let printed = Quantity::new(value, "cm");
    let measurement = Measurement { canonical: Some(printed.clone()), printed, reference: None, flag: None };
    Some((measurement, span.to(in_cm)))
}

/// "An 11.4 cm mesenteric nodal conglomerate", `肠系膜包块11.2cm`: a mass of ten centimetres or more is bulky whether the word is
/// said or not [Lister 1989, Cotswolds; Cheson 2014].
pub(super) fn bulky_by_size(sheet: &Sheet<'_>, drafts: &[Draft]) -> Vec<Draft> {
    const BEFORE: usize = 44;
    const BEHIND: usize = 18;
    const BULKY: f64 = 10.0;
    let stream = &sheet.stream;
    let whole = Span::new(0, stream.len());
    let masses = words![" mass", " bulk", "conglomerate", "包块", "肿块", "肿物", "团块", "融合灶"];
    let mut found: Vec<Draft> = Vec::new();
    for word in stream.words_in(whole, masses) {
        let clause = Span::new(clause_start(sheet, word.start()), clause_end(sheet, word.end()));
        let window = Span::new(
            clause.start.max(word.start().saturating_sub(BEFORE)),
            clause.end.min(word.end() + BEHIND),
        );
        let Some((measured, place)) = size(sheet, window) else { continue };
        let near = Span::new(clause.start, sheet.after(clause.end, BEFORE).end.max(clause.end));
        let other = words![
            "resect",
            "excised",
            "removed",
            "haemangioma",
            "hemangioma",
            "cyst",
            "adenoma",
            "lipoma",
            "fibroid",
            "density",
            "myoma",
            "abscess",
            "haematoma",
            "hematoma",
            "切除",
            "已切",
            "囊肿",
            "血管瘤",
            "肌瘤",
            "脓肿",
            "血肿",
            "脂肪瘤",
        ];
        let told = measured.printed.value >= BULKY
            && !stream.at(word.end()).is_ascii_alphabetic()
            && !has(sheet, near, other);
        // "Gastric mass at 35 cm from the incisors" is a depth.
        let depth = sheet
            .stream
            .reads_any(place.end, words![" from", "处", " proximal", " distal", " above", " below"])
            || has(sheet, Span::new(window.start, place.start), words!["距", "离", " at "]);
        let told = told && !depth && !is_over(sheet, near, place);
        let legend = has(sheet, window, words!["≥", ">", "<", "≤", "at least", "if ", "no ", "无", "未"]);
        let span = Span::new(place.start.min(word.start()), place.end.max(word.end()));
        let sentence = sheet.sentence(word.start());
        let known = drafts.iter().chain(&found).any(|of| {
            of.concept.as_str() == "find.bulky"
                && sentence.start <= of.span.start
                && of.span.start < sentence.end
        });
        if told && !legend && !known {
            let draft = Draft::new("find.bulky", span, "finding.bulky").named_at(word.span());
            found.push(draft.value(Value::Measurement(measured)));
        }
    }
    found
}

/// "was 12 cm, now 4 cm", "decreased from 12 cm", `原12cm`: an earlier size. "Now 11.3 x 8.0 cm (was 7.9 x 6.2)" is today's, and so is
/// what a report tells in the past ("the mass was 12 cm") and a primary mass (`原发肿块12cm`).
fn is_over(sheet: &Sheet<'_>, near: Span, size: Span) -> bool {
    let (before, behind) = (Span::new(near.start, size.start), Span::new(size.end, near.end));
    let today = has(sheet, before, words!["now ", "currently ", "现约", "现为", "现测", "目前", "今"]);
    let earlier = words![
        "previous",
        "decreased from ",
        "reduced from ",
        "shrunk from ",
        "shrank from ",
        "down from ",
        "原来",
        "原先",
        "原约",
        "原为",
        "原大小"
    ];
    let leads = sheet.stream.reads_back_any(size.start, words!["(was ", "原", "由", "从"]);
    let since = words![
        "now ",
        "decreased to ",
        "reduced to ",
        "shrunk to ",
        "shrank to ",
        "缩小",
        "减小",
        ",现",
        "现约",
        "现为",
        "目前"
    ];
    !today && (leads || has(sheet, before, earlier)) || has(sheet, behind, since)
}
