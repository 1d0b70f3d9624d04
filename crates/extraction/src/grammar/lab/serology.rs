//! Serology and viral loads: results in words and signs, alone, shared by a list, or in parallel lists.

use super::{Cells, SEROLOGY, VIRAL_LOAD};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{CELL, Hit, Span, is_han},
};
use cartulary_model::{
    Assertion, Comparator, Value,
    fact::{Attr, Sign},
};

/// `阴性`, `(+)`, "not detected", "non-reactive" in the row.
pub(super) fn sign_result(sheet: &Sheet<'_>, hit: &Hit, limit: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let window = Span::new(hit.span.end, limit.min(hit.span.end + 60));
    let (sign, found) = glued_sign(sheet, hit).or_else(|| final_sign(sheet, window))?;
    let mut span = Span::new(hit.span.start, found.end);
    let between = stream.text(Span::new(hit.span.end, found.start));
    // A name that goes on, or a sentence in between, belongs to something else.
    let words = between.chars().filter(|of| is_han(*of) || of.is_alphabetic()).count();
    let cells = between.contains(CELL);
    if words > 30 || (words > 22 && !cells) || (between.contains(',') && words > 6 && !cells) {
        return None;
    }
    let mut draft = Draft::new(hit.concept.as_str(), span, "lab.sign").named_at(hit.span);
    if sign == Reported::Pending {
        draft.assertion = Some(Assertion::Hypothetical);
        return Some(draft.word(Attr::Status, "pending"));
    }
    if VIRAL_LOAD.contains(&hit.concept.as_str()) && between.chars().any(|of| of.is_ascii_digit()) {
        return None;
    }
    if stream.at(found.end) == ')' {
        span.end += 1;
    }
    let value = if sign == Reported::Positive {
        Sign::Positive
    } else if sign == Reported::Equivocal {
        Sign::Equivocal
    } else {
        Sign::Negative
    };
    Some(Draft { span, ..draft }.value(Value::Sign(value)).present().confidence(0.95))
}

/// `HBsAg+`, `HBeAg-`: a sign touching the name, nothing behind it.
fn glued_sign(sheet: &Sheet<'_>, hit: &Hit) -> Option<(Reported, Span)> {
    let reported = match sheet.stream.at(hit.span.end) {
        '+' => Reported::Positive,
        '-' => Reported::Negative,
        _ => return None,
    };
    let after = sheet.stream.at(hit.span.end + 1);
    let ends = !after.is_alphanumeric() && !matches!(after, '+' | '-');
    ends.then(|| (reported, Span::new(hit.span.end, hit.span.end + 1)))
}

/// "initially reactive, confirmatory Western blot negative": the confirmed result is the result.
fn final_sign(sheet: &Sheet<'_>, window: Span) -> Option<(Reported, Span)> {
    let wide =
        sheet.within(Span::new(window.start, sheet.sentence(window.start).end.min(window.start + 120)));
    let text = sheet.stream.lower_text(wide);
    let confirmed =
        ["confirmatory", "reported as", "确证", "复检"].iter().filter_map(|word| text.find(word)).min();
    match confirmed {
        Some(byte) => first_sign(sheet, Span::new(wide.start + text[..byte].chars().count(), wide.end)),
        None => first_sign(sheet, window),
    }
}

/// What a result word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::grammar) enum Reported {
    Positive,
    Negative,
    Equivocal,
    Pending,
}

const REPORTED: [(&str, Reported); 34] = [
    ("未检测", Reported::Pending),
    ("未做", Reported::Pending),
    ("未查", Reported::Pending),
    ("待回", Reported::Pending),
    ("结果未回", Reported::Pending),
    ("pending", Reported::Pending),
    ("not tested", Reported::Pending),
    ("not done", Reported::Pending),
    ("awaited", Reported::Pending),
    ("未检测到", Reported::Negative),
    ("未检出", Reported::Negative),
    ("阴性", Reported::Negative),
    ("not detected", Reported::Negative),
    ("undetectable", Reported::Negative),
    ("non-reactive", Reported::Negative),
    ("nonreactive", Reported::Negative),
    ("non reactive", Reported::Negative),
    ("negative", Reported::Negative),
    ("低于检测下限", Reported::Negative),
    ("低于最低检测", Reported::Negative),
    ("(-)", Reported::Negative),
    ("neg", Reported::Negative),
    ("target not detected", Reported::Negative),
    ("弱阳性", Reported::Equivocal),
    ("equivocal", Reported::Equivocal),
    ("可疑", Reported::Equivocal),
    ("(±)", Reported::Equivocal),
    ("阳性", Reported::Positive),
    ("检出", Reported::Positive),
    ("reactive", Reported::Positive),
    ("positive", Reported::Positive),
    ("(+)", Reported::Positive),
    ("detected", Reported::Positive),
    ("pos", Reported::Positive),
];

/// The first result word of a span; of several that begin at one place, the longest.
pub(in crate::grammar) fn first_sign(sheet: &Sheet<'_>, window: Span) -> Option<(Reported, Span)> {
    let text = sheet.stream.lower_text(sheet.within(window));
    let (byte, length, reported) = REPORTED
        .iter()
        .filter_map(|(word, reported)| {
            let byte = text.find(word)?;
            let before = text[..byte].chars().last().unwrap_or(' ');
            let after = text[byte + word.len()..].chars().next().unwrap_or(' ');
            let latin = word.starts_with(|of: char| of.is_ascii_alphabetic());
            let whole = !latin || (!before.is_ascii_alphabetic() && !after.is_ascii_alphabetic());
            whole.then_some((byte, word.len(), *reported))
        })
        .min_by_key(|(byte, length, _)| (*byte, std::cmp::Reverse(*length)))?;
    let start = window.start + text[..byte].chars().count();
    let end = start + text[byte..byte + length].chars().count();
    Some((reported, Span::new(start, end)))
}

/// A serology value printed as a number with the laboratory's own limit: `HBsAg 0.01 IU/mL <0.05`, `S/CO 0.08 <1.0`.
pub(super) fn titre(sheet: &Sheet<'_>, hit: &Hit, limit: usize) -> Option<Draft> {
    let cells = Cells::read(sheet, hit, limit)?;
    let high = cells.reference.and_then(|reference| reference.high);
    let low = cells.reference.and_then(|reference| reference.low);
    let inverted = matches!(hit.concept.as_str(), "lab.anti_hbc" | "lab.anti_hbe");
    let sign = match (high, low) {
        (Some(high), _) if cells.number.comparator == Comparator::Equal => {
            Some(if cells.number.value <= high { Sign::Negative } else { Sign::Positive })
        }
        (None, Some(low)) if inverted && cells.number.comparator == Comparator::Equal => {
            Some(if cells.number.value >= low { Sign::Negative } else { Sign::Positive })
        }
        _ => None,
    }?;
    let draft = cells.draft(sheet, hit);
    Some(Draft { rule: "lab.titre", ..draft }.value(Value::Sign(sign)).confidence(0.8))
}

/// `HBsAg / anti-HBs / HBeAg: neg / pos / neg`: as many results as names, in the same order.
pub(super) fn parallel_results(sheet: &Sheet<'_>, hits: &[&Hit], drafts: &mut Vec<Draft>) {
    let slashed = |a: &Hit, b: &Hit| {
        sheet.stream.text(Span::new(a.span.end.min(b.span.start), b.span.start)).trim() == "/"
    };
    let serology: Vec<&Hit> =
        hits.iter().copied().filter(|hit| SEROLOGY.contains(&hit.concept.as_str())).collect();
    let mut start = 0;
    while start < serology.len() {
        let mut end = start + 1;
        while end < serology.len() && slashed(serology[end - 1], serology[end]) {
            end += 1;
        }
        let names = &serology[start..end];
        start = end;
        if names.len() < 3 {
            continue;
        }
        let from = names[names.len() - 1].span.end;
        let rest = Span::new(from, sheet.sentence(from).end);
        let mut results: Vec<(Reported, Span)> = Vec::new();
        let mut at = rest.start;
        while let Some((reported, span)) =
            first_sign(sheet, Span::new(at, rest.end)).filter(|_| results.len() < names.len())
        {
            results.push((reported, span));
            at = span.end;
        }
        drafts.retain(|draft| !names.iter().any(|name| draft.name == name.span));
        if results.len() == names.len() {
            for (name, (reported, span)) in names.iter().zip(results) {
                let sign = if reported == Reported::Positive { Sign::Positive } else { Sign::Negative };
                let draft = Draft::new(name.concept.as_str(), name.span, "lab.parallel")
                    .named_at(name.span)
                    .present();
                drafts.push(Draft { cues: vec![span], ..draft.value(Value::Sign(sign)) });
            }
        }
    }
}

/// `Hepatitis B, hepatitis C and HIV serology negative`: a result said of a list of tests.
pub(super) fn shared_results(sheet: &Sheet<'_>, hits: &[&Hit], drafts: &[Draft]) -> Vec<Draft> {
    let mut shared: Vec<Draft> = Vec::new();
    for (index, hit) in hits.iter().enumerate().rev() {
        let own = drafts.iter().any(|draft| draft.span.overlaps(hit.span));
        let Some(next) = hits.get(index + 1).filter(|_| !own && SEROLOGY.contains(&hit.concept.as_str()))
        else {
            continue;
        };
        let glue = sheet.stream.lower_text(Span::new(hit.span.end.min(next.span.start), next.span.start));
        let listed =
            matches!(glue.trim().trim_matches([',', '、']).trim(), "" | "and" | "和" | "及" | "/" | "or");
        let result = drafts.iter().chain(&shared).find(|draft| draft.name == next.span);
        if let Some(result) = result.filter(|_| listed) {
            shared.push(Draft {
                concept: hit.concept.clone(),
                span: hit.span,
                name: hit.span,
                ..result.clone()
            });
        }
    }
    shared
}
