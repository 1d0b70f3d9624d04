//! Laboratory and organ-function values, and serology.
//!
//! ## Reads
//! `血小板 45 ↓ 10^9/L 125-350` in any order of columns, `LDH 845 U/L (ref 135-225)`, `肌酐(酶法) 78 umol/L`,
//! `PLT(x10^9/L) 45`, `HBsAg 阴性`, `HBV DNA <20 IU/mL`, `LVEF 62%`.
//!
//! ## Leaves alone
//! A value whose unit cannot be read keeps its number and has no unit: it answers no criterion.
//! `待回报`, `未检测`, "pending" are no results.

mod serology;

use super::Claims;
use crate::{
    draft::Draft,
    number::{self, Number},
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span},
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Assertion, Comparator, ConceptId, Quantity, Unit, Value,
    fact::{Attr, AttrValue, Flag, Measurement, ReferenceRange},
};

/// Analytes that answer in signs.
const SEROLOGY: [&str; 13] = [
    "lab.hbsag",
    "lab.anti_hbs",
    "lab.hbeag",
    "lab.anti_hbe",
    "lab.anti_hbc",
    "lab.anti_hcv",
    "lab.hiv",
    "lab.tp_ab",
    "lab.rpr",
    "lab.htlv",
    "lab.tspot",
    "lab.sarscov2",
    "lab.hcg",
];
const VIRAL_LOAD: [&str; 4] = ["lab.hbv_dna", "lab.hcv_rna", "lab.ebv_dna", "lab.cmv_dna"];
/// How far a value may stand from its analyte, in characters of prose.
const PROSE_REACH: usize = 26;

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let is_name = |hit: &&Hit| hit.concept.as_str() != "lab.ki67" && !begins_unit(sheet, hit.span);
    let hits: Vec<&Hit> = sheet.hits(&["lab"], &[Needs::LabValue]).filter(is_name).collect();
    let mut drafts: Vec<Draft> = Vec::new();
    for (index, hit) in hits.iter().enumerate() {
        if claims.has(hit.span) || drafts.iter().any(|draft| draft.span.overlaps(hit.span)) {
            continue;
        }
        let next =
            hits[index + 1..].iter().find(|of| of.concept != hit.concept && of.span.start >= hit.span.end);
        let limit = window_end(sheet, hit, next.map(|of| of.span.start));
        let needs_unit =
            sheet.candidates.iter().any(|of| of.hit == **hit && of.needs == Some(Needs::LabValue));
        drafts.extend(row(sheet, hit, limit, needs_unit));
    }
    let shared = serology::shared_results(sheet, &hits, &drafts);
    drafts.extend(shared);
    serology::parallel_results(sheet, &hits, &mut drafts);
    for draft in &mut drafts {
        under_condition(sheet, draft);
    }
    drafts
}

/// "once ANC is above 1.0", "if the CRP is falling": a condition is no result.
fn under_condition(sheet: &Sheet<'_>, draft: &mut Draft) {
    let before = sheet.stream.lower_text(sheet.before(draft.name.start, 26));
    let conditions = [
        "once ",
        "if ",
        "until ",
        "provided ",
        "provided the ",
        "when the ",
        "unless ",
        "如",
        "若",
        "待",
        "直至",
    ];
    let near = conditions.iter().filter_map(|word| before.rfind(word)).max();
    let separated =
        near.is_some_and(|byte| before[byte..].contains([',', ';', '。']) || before[byte..].contains("如下"));
    if near.is_some() && !separated && !sheet.is_kind(&["sec.doc_lab", "sec.doc_cbc"]) {
        draft.assertion = Some(Assertion::Hypothetical);
    }
}

/// The K of `K/uL` is no potassium, the T of `T/L` no temperature.
fn begins_unit(sheet: &Sheet<'_>, span: Span) -> bool {
    let unit = sheet.engine.units.at(&sheet.stream, span.start);
    unit.is_some_and(|(_, of)| of.end > span.end)
}

/// A row ends with its line, its sentence, or the next analyte.
fn window_end(sheet: &Sheet<'_>, hit: &Hit, next: Option<usize>) -> usize {
    let stream = &sheet.stream;
    let stop = (hit.span.end..stream.len())
        .find(|at| matches!(stream.at(*at), BREAK | '。' | ';'))
        .unwrap_or(stream.len());
    next.map_or(stop, |at| at.min(stop))
}

fn row(sheet: &Sheet<'_>, hit: &Hit, limit: usize, needs_unit: bool) -> Option<Draft> {
    let share = as_share(sheet, hit);
    let hit = &share.unwrap_or_else(|| hit.clone());
    let id = hit.concept.as_str();
    if id == "lab.temp" && sheet.says(sheet.before(hit.span.start, 8), &["热", "fever", "发烧"]) {
        return None;
    }
    if id == "lab.suvmax" && is_reference_activity(sheet, hit) {
        return None;
    }
    if SEROLOGY.contains(&id) || VIRAL_LOAD.contains(&id) {
        if let Some(draft) = serology::sign_result(sheet, hit, limit) {
            return Some(draft);
        }
        if SEROLOGY.contains(&id) && id != "lab.anti_hbs" && id != "lab.hcg" {
            return serology::titre(sheet, hit, limit);
        }
    }
    if is_series(sheet, hit, limit) {
        return None;
    }
    let mut cells = Cells::read(sheet, hit, limit)?;
    cells.infer_unit(sheet, &hit.concept);
    cells.repair_power(sheet, hit, limit);
    let own_unit = cells.unit.as_ref().is_some_and(|unit| {
        let analyte = sheet.catalogue().analyte(&hit.concept);
        analyte.is_some_and(|of| of.canonical == *unit || of.factors.contains_key(unit))
    });
    if needs_unit && !own_unit && cells.reference.is_none() {
        return None;
    }
    let bare =
        sheet.catalogue().analyte(&hit.concept).is_none_or(|analyte| analyte.canonical.as_str() == "1");
    let prose = cells.unit.is_none() && cells.reference.is_none() && !cells.in_table && !bare;
    // In prose a number far from its analyte, without a unit, may be anything.
    if prose && cells.number.span.start > hit.span.end + 6 {
        return None;
    }
    Some(cells.draft(sheet, hit))
}

/// `Neutrophils % 39` is the share of the cells, not their number.
fn as_share(sheet: &Sheet<'_>, hit: &Hit) -> Option<Hit> {
    let share = match hit.concept.as_str() {
        "lab.anc" => "lab.neut_pct",
        "lab.alc" => "lab.lymph_pct",
        _ => return None,
    };
    let mut at = hit.span.end;
    while sheet.stream.at(at) == ' ' {
        at += 1;
    }
    (sheet.stream.at(at) == '%')
        .then(|| Hit { span: Span::new(hit.span.start, at + 1), concept: share.into() })
}

/// `212 -> 48`, `| 142 | 61 | 19`: several values of one analyte. Which is of which day must not be guessed.
fn is_series(sheet: &Sheet<'_>, hit: &Hit, limit: usize) -> bool {
    let rest = sheet.stream.text(sheet.within(Span::new(hit.span.end, limit)));
    let arrow = ["->", "→", "=>"].iter().any(|sign| rest.contains(sign));
    let columns = rest.split('|').skip(1).filter(|cell| cell.trim().parse::<f64>().is_ok()).count();
    arrow || columns >= 2
}

/// The activity of liver or blood pool is a yardstick and no lesion.
fn is_reference_activity(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 12));
    let yardstick = ["血池", "本底", "blood pool", "reference activity", "background"];
    let near = before.trim_end();
    let organ = near.ends_with("liver")
        || near.ends_with('肝')
        || near.ends_with("肝脏")
        || near.ends_with("纵隔血池");
    let disease = ["病灶", "结节", "lesion", "focal", "浓聚", "肿", "node"];
    yardstick.iter().any(|word| before.contains(word))
        || (organ && (sheet.says(sentence, &yardstick) || !sheet.says(sentence, &disease)))
}

/// What stands in a row: value, unit, range, flag, in any order.
struct Cells {
    number: Number,
    unit: Option<Unit>,
    reference: Option<ReferenceRange>,
    flag: Option<Flag>,
    end: usize,
    in_table: bool,
    /// A letter or sign was put right.
    repaired: bool,
}

impl Cells {
    fn read(sheet: &Sheet<'_>, hit: &Hit, limit: usize) -> Option<Self> {
        let stream = &sheet.stream;
        let units = &sheet.engine.units;
        let (mut unit, mut reference, mut flag) = (None, None, None);
        let mut number: Option<Number> = None;
        let mut in_table = false;
        let mut end = hit.span.end;
        let mut at = hit.span.end;
        let mut prose = 0;
        while at < limit {
            let of = stream.at(at);
            in_table |= of == CELL;
            if matches!(of, ' ' | CELL | ':' | '=' | '*' | '|') {
                at += 1;
                continue;
            }
            if let Some((found, after)) = flag_at(sheet, at) {
                flag = flag.or(Some(found));
                at = after;
                end = if number.is_some() { at } else { end };
                continue;
            }
            if number.is_some() || of == '(' {
                let inner = at + usize::from(of == '(');
                if let Some((found, span)) = units.at(stream, inner).filter(|_| unit.is_none()) {
                    unit = Some(found);
                    at = span.end + usize::from(of == '(' && stream.at(span.end) == ')');
                    end = if number.is_some() { at } else { end };
                    continue;
                }
            }
            if let Some((found, span)) = number::range_at(stream, at).filter(|(_, span)| span.end <= limit) {
                let bound = stream.at(at).is_ascii_digit() || of == '(' || of == '[';
                if reference.is_none() && (number.is_some() || bound) && !is_date(sheet, span) {
                    reference = Some(found);
                    at = span.end;
                    end = if number.is_some() { at } else { end };
                    continue;
                }
            }
            if number.is_none() {
                if let Some(found) = number::number_at(stream, at)
                    .filter(|of| of.span.end <= limit && !is_date(sheet, of.span))
                {
                    at = found.span.end;
                    end = at;
                    number = Some(found);
                    continue;
                }
                if of == '(' {
                    at = closing(sheet, at, limit)?;
                    continue;
                }
                prose += 1;
                if prose > PROSE_REACH || matches!(of, ',' | '、') && prose > 2 {
                    break;
                }
                at += 1;
                continue;
            }
            // Behind the value only cells of the same row belong to it.
            if !in_table || !matches!(stream.at(at.saturating_sub(1)), CELL | ' ') || prose > PROSE_REACH {
                break;
            }
            prose += 1;
            at += 1;
        }
        let mut cells = Self { number: number?, unit, reference, flag, end, in_table, repaired: false };
        cells.range_as_value(sheet);
        Some(cells)
    }

    /// `LVEF 60-65%`: a range where no other number stands is the result, at least its lower end.
    fn range_as_value(&mut self, sheet: &Sheet<'_>) {
        let stream = &sheet.stream;
        let at = self.number.span.end;
        if self.reference.is_none()
            && matches!(stream.at(at), '-' | '~')
            && stream.at(at + 1).is_ascii_digit()
            && let Some(second) =
                number::number_at(stream, at + 1).filter(|second| second.value > self.number.value)
        {
            self.number.comparator = Comparator::AtLeast;
            self.end = self.end.max(second.span.end);
            if self.unit.is_none()
                && let Some((unit, span)) = sheet.engine.units.at(stream, second.span.end)
            {
                self.unit = Some(unit);
                self.end = self.end.max(span.end);
            }
        }
    }

    /// A percent sign glued to the number; a unit in the table's header; ejection fractions printed without a sign.
    fn infer_unit(&mut self, sheet: &Sheet<'_>, concept: &ConceptId) {
        if self.unit.is_none() && concept.as_str() == "lab.lvef" && (15.0..=85.0).contains(&self.number.value)
        {
            self.unit = Some(Unit::new("%"));
        }
        if self.unit.is_none() && concept.as_str() == "lab.temp" && (34.0..=43.0).contains(&self.number.value)
        {
            self.unit = Some(Unit::new("Cel"));
        }
        // "ALT 35 U" and "IU/L" are U/L; "5.2 x10" lost its tail and stays without a unit.
        if let Some(unit) = &self.unit {
            let known = sheet
                .catalogue()
                .analyte(concept)
                .is_none_or(|analyte| analyte.canonical == *unit || analyte.factors.contains_key(unit));
            if !known && unit.as_str() == "g/L" && concept.as_str() == "lab.plt" {
                // G/L read as g/L: for platelets only 10^9/L can be meant.
                self.unit = Some(Unit::new("10*9/L"));
            }
        }
    }

    /// `10°/L`, `10/L`, `x103/L`: recognition loses the superscript nine. A blood count per litre is printed in
    /// 10^9/L and nothing else, so the slot says what stood there; the repair is marked.
    fn repair_power(&mut self, sheet: &Sheet<'_>, hit: &Hit, limit: usize) {
        let count =
            sheet.catalogue().analyte(&hit.concept).is_some_and(|of| of.canonical.as_str() == "10*9/L");
        if !count || self.unit.is_some() {
            return;
        }
        let rest = sheet.stream.lower_text(sheet.within(Span::new(hit.span.end, limit)));
        let found = rest.match_indices("10").find_map(|(byte, _)| {
            let before = rest[..byte].chars().last().unwrap_or(' ');
            let tail = &rest[byte + 2..];
            let slash = tail.find('/')?;
            let lost = tail[..slash].chars().count() <= 2 && !tail[..slash].contains(['.', ' ', '\t', '-']);
            let per_litre = tail[slash + 1..].starts_with('l')
                && !tail[slash + 2..].starts_with(|of: char| of.is_ascii_alphabetic());
            (lost && per_litre && !before.is_ascii_digit() && before != '.').then(|| byte + 2 + slash + 2)
        });
        if let Some(byte) = found {
            self.unit = Some(Unit::new("10*9/L"));
            self.end = self.end.max(hit.span.end + rest[..byte].chars().count());
            self.repaired = true;
        }
    }

    fn draft(self, sheet: &Sheet<'_>, hit: &Hit) -> Draft {
        let printed =
            Quantity { value: self.number.value, comparator: self.number.comparator, unit: self.unit };
        let mut canonical = sheet.catalogue().canonical(&hit.concept, &printed);
        let analyte = sheet.catalogue().analyte(&hit.concept);
        let implausible =
            canonical.as_ref().zip(analyte).is_some_and(|(of, analyte)| !analyte.is_plausible(of.value));
        if implausible {
            canonical = None;
        }
        let measurement = Measurement { printed, canonical, reference: self.reference, flag: self.flag };
        let known_unit = measurement.canonical.is_some();
        let mut draft = Draft::new(hit.concept.as_str(), Span::new(hit.span.start, self.end), "lab.row")
            .named_at(hit.span)
            .value(Value::Measurement(measurement))
            .present()
            .confidence(if known_unit { 0.95 } else { 0.5 });
        if self.number.repaired || self.repaired {
            draft.marks_repair();
        }
        if hit.concept.as_str() == "lab.spo2"
            && sheet
                .says(sheet.sentence(hit.span.start), &["不吸氧", "未吸氧", "room air", "自然空气", "空气下"])
        {
            draft.set(Attr::RoomAir, AttrValue::Flag(true));
        }
        draft
    }
}

fn is_date(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.mentions.iter().any(|mention| mention.span.overlaps(span))
}

fn closing(sheet: &Sheet<'_>, at: usize, limit: usize) -> Option<usize> {
    (at + 1..limit.min(at + 24)).find(|of| sheet.stream.at(*of) == ')').map(|of| of + 1)
}

/// `↑`, `↓`, `H`, `L`, `(H)`, `偏高`: a mark that stands alone.
fn flag_at(sheet: &Sheet<'_>, at: usize) -> Option<(Flag, usize)> {
    let stream = &sheet.stream;
    match stream.at(at) {
        '↑' => return Some((Flag::High, (at..).find(|of| stream.at(*of) != '↑')?)),
        '↓' => return Some((Flag::Low, (at..).find(|of| stream.at(*of) != '↓')?)),
        _ => {}
    }
    let bracket = usize::from(matches!(stream.at(at), '(' | '['));
    let letter = stream.at(at + bracket);
    let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    let alone = !before.is_ascii_alphanumeric() || before.is_ascii_digit();
    let mut end = at + bracket + 1;
    let closes = if bracket == 1 {
        matches!(stream.at(end), ')' | ']')
    } else {
        !stream.at(end).is_alphanumeric() && stream.at(end) != '/'
    };
    if bracket == 1 {
        end += 1;
    }
    let words = [
        ("high", Flag::High),
        ("low", Flag::Low),
        ("偏高", Flag::High),
        ("偏低", Flag::Low),
        ("升高", Flag::High),
        ("降低", Flag::Low),
    ];
    for (word, flag) in words {
        let length = word.chars().count();
        if stream.lower_text(sheet.within(Span::new(at, at + length))) == word
            && !stream.at(at + length).is_ascii_alphanumeric()
        {
            return Some((flag, at + length));
        }
    }
    match letter {
        'H' if alone && closes => Some((Flag::High, end)),
        'L' if alone && closes => Some((Flag::Low, end)),
        _ => None,
    }
}
