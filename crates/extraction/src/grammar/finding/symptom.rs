//! Symptoms, with the temperature of a fever and the weight that was lost.
//!
//! ## Reads
//! `低热，体温最高37.8℃`, "lost 8 kg", "weight, however, is down 9 kg", `瘦了十来斤`, "afebrile", `不咳嗽`, `体重无明显变化`.
//!
//! ## Never
//! The reaction of an allergy (`青霉素过敏（皮疹）`) is no symptom of today.

use super::words::{clause_end, find, follows, has, precedes, skip_spaces};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        SPELLED_NUMBERED, SPELLED_UNIT, SYMPTOM_PART, USED_UP, WEIGHT_TOLD_DOWN, WEIGHT_TOLD_LOST,
        WEIGHT_TOLD_STABLE, WITH_WEIGHT_ITSELF,
    },
    words::words,
};
use cartulary_model::{Assertion, Comparator, Experiencer, Quantity, Value, fact::Measurement};

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    // 黄疸性肝炎, 出血性膀胱炎: part of the name of an illness.
    let part = follows(sheet, hit.span.end, SYMPTOM_PART) || is_used_up(sheet, hit.span);
    if part || is_reaction(sheet, hit) || is_of_a_lesion(sheet, hit) {
        return None;
    }
    let mut draft = Draft::new(hit.concept.clone(), hit.span, "finding.named").named_at(hit.span);
    if precedes(sheet, hit.span.start, words!["不", "没", "没有", "也不", "也没", "未"])
        && !precedes(
            sheet,
            hit.span.start,
            words!["要不", "不得不", "并非没有", "不是没有", "并不是没有", "并非没", "不是没", "不是不"],
        )
    {
        draft.assertion = Some(Assertion::Negated);
    }
    // "She nursed her father ... asked whether her own cough and fevers": the patient's again.
    let own = Span::new(sheet.before(hit.span.start, 24).start, hit.span.start);
    if has(sheet, own, words!["her own", "his own", "my own"]) {
        draft.experiencer = Some(Experiencer::Patient);
        draft.assertion = draft.assertion.or(Some(Assertion::Present));
    }
    match hit.concept.as_str() {
        "sym.fever" => Some(with_temperature(sheet, hit, draft)),
        "sym.weight_loss" => Some(with_weight(sheet, hit.span.end, draft)),
        _ => Some(draft),
    }
}

/// "the block was exhausted", "all options are exhausted": a thing is used up, no person is tired.
fn is_used_up(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.stream.is_word(span, "exhausted") && has(sheet, sheet.before(span.start, 30), USED_UP)
}

/// "with surrounding oedema", `周围水肿`: what a picture shows around a lesion.
fn is_of_a_lesion(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    hit.concept.as_str() == "sym.oedema"
        && (sheet.is_kind(&["sec.doc_pet", "sec.doc_ct", "sec.doc_mri", "sec.doc_us"])
            || precedes(
                sheet,
                hit.span.start,
                words!["surrounding", "vasogenic", "perilesional", "周围", "脑", "瘤周", "cerebral"],
            ))
}

/// "Codeine causes nausea", `头孢过敏（皮疹）`: what an allergy did.
fn is_reaction(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    if sheet.is_under(hit.span.start, &["sec.sec_allergy"]) {
        return true;
    }
    let sentence = sheet.sentence(hit.span.start);
    let before = Span::new(sentence.start.max(hit.span.start.saturating_sub(72)), hit.span.start);
    let Some(allergy) = find(sheet, before, words!["allerg", "anaphyla", "hypersensitiv", "过敏"]) else {
        return false;
    };
    let between = Span::new(allergy.end, hit.span.start);
    if has(sheet, between, words!["表现为", "出现", "causing", "caus"]) {
        return true;
    }
    !has(sheet, between, words![",", "and ", "but ", "has ", "无过敏"])
        || has(sheet, between, words!["(", "rash"])
}

/// A hit of `sym.afebrile`: the denial of fever.
pub(super) fn afebrile(hit: &Hit) -> Draft {
    let mut draft = Draft::new("sym.fever", hit.span, "finding.afebrile").named_at(hit.span);
    draft.assertion = Some(Assertion::Negated);
    draft
}

/// A hit of `sym.temperature`: a temperature of fever without its word, `体温39.2℃`, "Tmax 38.9".
pub(super) fn temperature(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let (printed, span) =
        celsius(sheet, Span::new(hit.span.end, clause_end(sheet, hit.span.end).min(hit.span.end + 16)))
            .or_else(|| bare_celsius(sheet, Span::new(hit.span.end, hit.span.end + 16)))
            .or_else(|| fahrenheit(sheet, Span::new(hit.span.end, hit.span.end + 16)))?;
    let sentence = sheet.sentence(hit.span.start);
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < sentence.start);
    let named = sheet.candidates[index..]
        .iter()
        .take_while(|of| of.hit.span.start < sentence.end)
        .any(|of| of.hit.concept.as_str() == "sym.fever");
    let bound =
        words!["以上", "及以上", "或以上", "以下", "时", "请", "即", " or above", " or higher", " or more"];
    let unsaid = precedes(sheet, hit.span.start, words!["if", "above", "如", "若"])
        || sheet.stream.reads_any(span.end, bound)
        // `出院医嘱:T≥38.0℃随时就诊`
        || printed.comparator != Comparator::Equal
            && sheet.is_under(hit.span.start, &["sec.sec_instructions", "sec.sec_plan"]);
    (!named && !unsaid && in_celsius(&printed) >= 37.5).then(|| {
        Draft::new("sym.fever", hit.span.to(span), "finding.temperature")
            .named_at(hit.span)
            .value(measured(printed))
    })
}

/// `低热,体温最高37.8℃`, "fever up to 38.9 C", "39.1 °C fever": the temperature belongs to the fever.
fn with_temperature(sheet: &Sheet<'_>, hit: &Hit, mut draft: Draft) -> Draft {
    let behind = sheet.after(hit.span.end, 18);
    let before = Span::new(sheet.before(hit.span.start, 8).start, hit.span.start);
    let bare = || bare_celsius(sheet, Span::new(hit.span.end, behind.end.min(hit.span.end + 8)));
    let Some((printed, span)) = celsius(sheet, behind).or_else(|| celsius(sheet, before)).or_else(bare)
    else {
        return draft;
    };
    draft.span = hit.span.to(span);
    draft.value(measured(printed))
}

fn celsius(sheet: &Sheet<'_>, window: Span) -> Option<(Quantity, Span)> {
    (window.start..window.end).find_map(|at| {
        let number = number::number_at(&sheet.stream, at)?;
        // 发烧39度
        if sheet.stream.at(number.span.end) == '度' && (35.0..=43.0).contains(&number.value) {
            return Some((Quantity::new(number.value, "Cel"), Span::new(at, number.span.end + 1)));
        }
        // "T 38.6 C", "spiked 39.1C"
        let blank = usize::from(sheet.stream.at(number.span.end) == ' ');
        let letter = number.span.end + blank;
        if sheet.stream.at(letter) == 'C'
            && !sheet.stream.at(letter + 1).is_alphanumeric()
            && (35.0..=43.0).contains(&number.value)
        {
            return Some((Quantity::new(number.value, "Cel"), Span::new(at, letter + 1)));
        }
        let (unit, span) =
            sheet.engine.units.at(&sheet.stream, skip_spaces(&sheet.stream, number.span.end))?;
        let fits = unit.as_str() == "Cel" && (35.0..=43.0).contains(&number.value);
        let printed = Quantity { value: number.value, comparator: number.comparator, unit: Some(unit) };
        fits.then_some((printed, Span::new(at, span.end)))
    })
}

/// A temperature that is a fever whoever measures it: 38 degrees and more.
pub(super) fn is_fever(draft: &Draft) -> bool {
    const FEVER: f64 = 38.0;
    matches!(&draft.value, Value::Measurement(of) if in_celsius(&of.printed) >= FEVER)
}

/// "fever 38.6": no unit, and a number that only a body's temperature has.
fn bare_celsius(sheet: &Sheet<'_>, window: Span) -> Option<(Quantity, Span)> {
    let stream = &sheet.stream;
    let at = (window.start..window.end).find(|at| stream.at(*at).is_ascii_digit())?;
    let led = stream.lower_text(Span::new(window.start, at));
    let number = number::number_at(stream, at)?;
    let glued = stream.at(number.span.end).is_alphanumeric() || stream.at(number.span.end) == '%';
    let fits = (37.3..=42.5).contains(&number.value) && number.span.end - at >= 4 && !glued;
    (fits
        && matches!(
            led.trim(),
            "" | "of" | "to" | "up to" | "till" | "was" | ":" | "最高" | "至" | "达" | "到"
        ))
    .then(|| (Quantity::new(number.value, "Cel"), Span::new(at, number.span.end)))
}

/// "temp 100.9", "Tmax 101.4 F": a number that only a fever in Fahrenheit has.
fn fahrenheit(sheet: &Sheet<'_>, window: Span) -> Option<(Quantity, Span)> {
    let stream = &sheet.stream;
    let at = (window.start..window.end).find(|at| stream.at(*at).is_ascii_digit())?;
    let led = stream.lower_text(Span::new(window.start, at));
    let number = number::number_at(stream, at)?;
    let letter = number.span.end + usize::from(stream.at(number.span.end) == ' ');
    let named = matches!(stream.at(letter), 'F' | 'f') && !stream.at(letter + 1).is_alphanumeric();
    let end = if named { letter + 1 } else { number.span.end };
    let bare = !stream.at(number.span.end).is_alphanumeric() && stream.at(number.span.end) != '%';
    let fits = (99.5..=107.0).contains(&number.value) && (named || bare && number.span.end - at >= 5);
    (fits && matches!(led.trim(), "" | "of" | "to" | "up to" | "was" | ":"))
        .then(|| (Quantity::new(number.value, FAHRENHEIT), Span::new(at, end)))
}

const FAHRENHEIT: &str = "[degF]";

/// 32 degrees Fahrenheit are 0 degrees Celsius, 9 of theirs 5 of ours.
fn in_celsius(printed: &Quantity) -> f64 {
    let degrees = printed.value;
    match printed.unit.as_ref().map(cartulary_model::Unit::as_str) {
        Some(FAHRENHEIT) => ((degrees - 32.0) / 1.8 * 10.0).round() / 10.0,
        _ => degrees,
    }
}

fn measured(printed: Quantity) -> Value {
    let canonical = match printed.unit.as_ref().map(cartulary_model::Unit::as_str) {
        Some(FAHRENHEIT) => Quantity::new(in_celsius(&printed), "Cel"),
        _ => printed.clone(),
    };
    Value::Measurement(Measurement { canonical: Some(canonical), printed, reference: None, flag: None })
}

const MASS_UNITS: [(&str, Option<&str>); 11] = [
    ("kg", Some("kg")),
    ("千克", Some("kg")),
    ("公斤", Some("kg")),
    ("kilos", Some("kg")),
    ("kilo", Some("kg")),
    ("%", Some("%")),
    ("斤", None),
    ("lbs", None),
    ("lb", None),
    ("pounds", None),
    ("stone", None),
];

/// A weight behind a place: value where the unit has a code, and its span.
fn weight(sheet: &Sheet<'_>, window: Span) -> Option<(Option<Quantity>, Span)> {
    let stream = &sheet.stream;
    (window.start..window.end).find_map(|at| {
        let number = number::number_at(stream, at)?;
        let start = skip_spaces(stream, number.span.end);
        let (word, unit) = MASS_UNITS.iter().find(|(word, _)| {
            super::words::stands_at(stream, start, word) || unit_behind_digit(sheet, start, word)
        })?;
        let span = Span::new(at, start + word.chars().count());
        Some((unit.map(|unit| Quantity::new(number.value, unit)), span))
    })
}

/// `8kg`: the unit directly behind the digit.
fn unit_behind_digit(sheet: &Sheet<'_>, at: usize, word: &str) -> bool {
    word.chars().zip(at..).all(|(of, index)| sheet.stream.lower.get(index) == Some(&of))
}

fn with_weight(sheet: &Sheet<'_>, from: usize, mut draft: Draft) -> Draft {
    let window = Span::new(from, clause_end(sheet, from).min(from + 26));
    // "12 kg weight loss", "8 kg of weight loss"
    let before = Span::new(sheet.before(draft.name.start, 10).start, draft.name.start);
    let ahead = weight(sheet, before).filter(|(_, span)| draft.name.start - span.end <= 4);
    let Some((printed, span)) = weight(sheet, window).or(ahead) else { return draft };
    // "from 70 to 58 kg": the weight itself, not what was lost.
    let itself = has(sheet, Span::new(draft.name.end, span.start.max(draft.name.end)), WITH_WEIGHT_ITSELF);
    draft.span = draft.span.to(span);
    match printed.filter(|_| !itself) {
        Some(printed) => draft.value(measured(printed)),
        None => draft,
    }
}

/// A hit of `sym.weight`: "lost 8 kg", "weight ... is down 9 kg", `体重3月内下降8kg`, `体重无明显变化`, "weight stable".
pub(super) fn weight_told(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let sentence = sheet.sentence(hit.span.start);
    let lost = has(sheet, hit.span, WEIGHT_TOLD_LOST);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + 34));
    let mut draft = Draft::new("sym.weight_loss", hit.span, "finding.weight").named_at(hit.span);
    if lost && follows(sheet, hit.span.end, words!["no weight", "no kilo"]) {
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    if lost {
        // "CD19 is lost, CD22 weak in 60%": another clause is of another thing.
        let behind = Span::new(behind.start, clause_end(sheet, behind.start).min(behind.end));
        let (_, span) = weight(sheet, behind).or_else(|| spelled(sheet, behind).map(|span| (None, span)))?;
        let near = span.start - hit.span.end <= 16;
        draft.span = hit.span.to(span);
        return near.then(|| with_weight(sheet, hit.span.end, draft));
    }
    let near = Span::new(hit.span.end, behind.end.min(hit.span.end + 20));
    if let Some(word) = find(sheet, near, WEIGHT_TOLD_STABLE) {
        draft.span = hit.span.to(word);
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    let down = find(sheet, behind, WEIGHT_TOLD_DOWN)?;
    draft.span = hit.span.to(down);
    let mut draft = with_weight(sheet, down.end, draft);
    let between = Span::new(hit.span.end, down.start);
    draft.assertion = has(sheet, between, words!["无", "未", "没", "not "]).then_some(Assertion::Negated);
    Some(draft)
}

/// `十来斤`, "a stone", "two stone".
fn spelled(sheet: &Sheet<'_>, behind: Span) -> Option<Span> {
    let clause = Span::new(behind.start, clause_end(sheet, behind.start).min(behind.end));
    let unit = find(sheet, clause, SPELLED_UNIT)?;
    let numbered = has(sheet, Span::new(clause.start, unit.start), SPELLED_NUMBERED);
    (numbered || follows(sheet, clause.start, words!["weight"])).then_some(unit)
}
