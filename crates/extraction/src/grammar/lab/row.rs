//! What stands in the row of an analyte: value, unit, range, flag, in any order.

use super::{international, reader::Reader, words as around};
use crate::{
    draft::Draft,
    number::{self, Number, Slot},
    sheet::Sheet,
    stream::{Hit, Span, Stream, is_han},
    vocabulary::lab::{
        DAY_LEADS, FOREIGN_ELSEWHERE, LIMITS, MULTIPLE_LIMIT, MULTIPLE_TIMES, ROOM_AIR, UPPER_LIMIT,
    },
    words::{Place, words},
};
use cartulary_model::{
    Comparator, ConceptId, Quantity, Unit, Value,
    fact::{Attr, AttrValue, Flag, Measurement, ReferenceRange},
};

/// How far a value may stand from its analyte, in characters of prose.
const PROSE_REACH: usize = 34;

/// The unit of a multiple of the upper limit; no analyte is converted from it.
const TIMES_LIMIT: &str = "[ULN]";

/// What stands in a row.
pub(super) struct Cells {
    pub(super) number: Number,
    pub(super) unit: Option<Unit>,
    pub(super) reference: Option<ReferenceRange>,
    pub(super) flag: Option<Flag>,
    pub(super) end: usize,
    in_table: bool,
    /// What stands before the value belongs to it: the share of a count, the limit of a criterion.
    counted: bool,
    /// A letter or sign was put right.
    pub(super) repaired: bool,
}

/// `乳酸脱氢酶 ---- 120-250`: the cell of the result holds no result.
fn is_dashed(sheet: &Sheet<'_>, after: usize) -> bool {
    let stream = &sheet.stream;
    let begin = (after..stream.len()).find(|at| !matches!(stream.at(*at), ' ' | '\t' | ':' | '|'));
    begin.is_some_and(|at| (at..at + 2).all(|of| matches!(stream.at(of), '-' | '—' | '–' | '/' | '*')))
}

/// Echocardiograms and oximeters give a range for a result; of a sheet's row without one only the reference is printed.
fn is_told_by_range(concept: &ConceptId) -> bool {
    matches!(concept.as_str(), "lab.lvef" | "lab.spo2" | "lab.temp" | "lab.suvmax")
}

/// `FLIPI 3/5 (age, Hgb, LDH) and is 4/5 now`: what stands behind the bracket is not of the last name listed in it.
fn is_last_of_bracket(sheet: &Sheet<'_>, name: Span) -> bool {
    const REACH: usize = 60;
    let before = Span::new(name.start.saturating_sub(REACH), name.start);
    let open = || sheet.stream.signs_in(before, |of| matches!(of, '(' | ')')).next_back();
    sheet.stream.at(name.end) == ')'
        && open().is_some_and(|at| {
            let listed = Span::new(at + 1, name.start);
            sheet.stream.at(at) == '(' && sheet.stream.signs_in(listed, |of| of == ',').next().is_some()
        })
}

/// More thousands of one kind of cell in a microlitre, told without a unit, are another number.
const MOST_CELLS: f64 = 50.0;

impl Cells {
    pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit, limit: usize) -> Option<Self> {
        if is_dashed(sheet, hit.span.end) || is_last_of_bracket(sheet, hit.span) {
            return None;
        }
        let apart = digits_apart(sheet, hit.span.end);
        if apart == Some(false) {
            return None;
        }
        let slot = Slot { measured: true, spaced: apart.is_some() || is_spaced(sheet, hit.span) };
        let mut reader = Reader {
            sheet,
            limit,
            slot,
            concept: &hit.concept,
            begin: hit.span.end,
            at: hit.span.end,
            prose: 0,
            number: None,
            unit: None,
            reference: None,
            range_span: None,
            flag: None,
            end: hit.span.end,
            in_table: false,
            answered: false,
            repaired: false,
            reach: if is_uptake(&hit.concept) { 2 * PROSE_REACH } else { PROSE_REACH },
        };
        while reader.at < limit && reader.step() {}
        let printed =
            reader.range_span.is_some_and(|(_, of)| names_limits(sheet, Span::new(hit.span.end, of.end)));
        if !printed && is_told_by_range(&hit.concept) {
            reader.range_alone();
        }
        let mut cells = Self {
            number: reader.number?,
            unit: reader.unit,
            reference: reader.reference,
            flag: reader.flag,
            end: reader.end,
            in_table: reader.in_table,
            counted: reader.answered,
            repaired: reader.repaired,
        };
        cells.count_of_share(sheet, hit, limit);
        cells.range_as_value(sheet);
        cells.range_in_words(sheet, hit);
        cells.comparator_in_words(sheet, hit);
        if let Some(end) = multiple_of_limit(sheet, cells.number.span).filter(|end| *end <= limit) {
            cells.unit = Some(Unit::new(TIMES_LIMIT));
            cells.end = cells.end.max(end);
            return Some(cells);
        }
        (!is_multiple(sheet, &cells) && !is_half_of_pair(sheet, hit, &cells)).then_some(cells)
    }

    /// `Neutrophils 61% (1.77)`, `NEUT 61.0 % 1.77 10^9/L`: behind the share of the white cells stands the count.
    fn count_of_share(&mut self, sheet: &Sheet<'_>, hit: &Hit, limit: usize) {
        let share = self.unit.as_ref().is_some_and(|unit| unit.as_str() == "%");
        if !share || self.unit.as_ref().is_none_or(|unit| is_own(sheet, &hit.concept, unit)) {
            return;
        }
        let stream = &sheet.stream;
        let past = |at: usize| at + usize::from(stream.at(at) == ' ');
        let at = past(self.end);
        let opened = matches!(stream.at(at), '(' | '[');
        let slot = Slot { measured: true, spaced: false };
        let Some(number) = number::number_in(stream, at + usize::from(opened), slot) else { return };
        // Of a count without its unit so many cells are none: "Neutrophils 61% (75)" is another share.
        if number.value > MOST_CELLS && sheet.engine.units.read(stream, past(number.span.end)).is_none() {
            return;
        }
        let unit = sheet.engine.units.read(stream, past(number.span.end));
        let own = unit.as_ref().is_some_and(|of| is_own(sheet, &hit.concept, &of.unit));
        let mut end = unit.as_ref().filter(|_| own).map_or(number.span.end, |of| of.span.end);
        if !(own || opened && unit.is_none()) || opened && !matches!(stream.at(end), ')' | ']') || end > limit
        {
            return;
        }
        end += usize::from(opened);
        self.reference =
            number::range_in(stream, past(end), slot).filter(|of| of.span.end <= limit).map(|of| {
                end = of.span.end;
                of.range
            });
        (self.number, self.unit, self.end) = (number, unit.map(|of| of.unit), end);
        self.counted = true;
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

    /// "LVEF 50 to 55%": two ends of an estimate, where no word says that it changed.
    fn range_in_words(&mut self, sheet: &Sheet<'_>, hit: &Hit) {
        let stream = &sheet.stream;
        let at = self.number.span.end;
        let before = stream.lower_text(Span::new(hit.span.end, self.number.span.start));
        let changed =
            ["from", "fell", "rose", "dropped", "creas", "improved"].iter().any(|word| before.contains(word));
        if changed || !is_told_by_range(&hit.concept) || !stream.reads(at, " to ") {
            return;
        }
        let Some(second) = number::number_at(stream, at + 4).filter(|of| of.value > self.number.value) else {
            return;
        };
        let Some((unit, span)) = sheet.engine.units.at(stream, second.span.end) else { return };
        self.number.comparator = Comparator::AtLeast;
        self.number.span.end = second.span.end;
        self.end = self.end.max(span.end);
        self.unit = Some(unit);
    }

    /// `低于10`, "above 1.0": a comparator in words directly before the number.
    fn comparator_in_words(&mut self, sheet: &Sheet<'_>, hit: &Hit) {
        let gap = sheet.stream.lower_text(Span::new(hit.span.end, self.number.span.start));
        self.number.comparator = worded_comparator(gap, self.number.comparator);
    }

    /// Ejection fractions printed without a sign; G/L read as g/L; a power that lost its nine.
    pub(super) fn settle_unit(&mut self, sheet: &Sheet<'_>, hit: &Hit, limit: usize) {
        let (id, value) = (hit.concept.as_str(), self.number.value);
        if self.unit.is_none() && id == "lab.lvef" && (15.0..=85.0).contains(&value) {
            self.unit = Some(Unit::new("%"));
        }
        if self.unit.is_none() && id == "lab.temp" && (34.0..=43.0).contains(&value) {
            self.unit = Some(Unit::new("Cel"));
        }
        let misread = self.unit.as_ref().is_some_and(|unit| unit.as_str() == "g/L");
        if misread && id == "lab.plt" {
            // For platelets only 10^9/L can be meant.
            self.unit = Some(Unit::new("10*9/L"));
            self.repaired = true;
        }
        self.thousands(sheet, hit);
        self.repair_power(sheet, hit, limit);
        international::settle(self, sheet, hit);
    }

    /// `plt 42K`, "platelets 62k": thousands, and of a blood count those in a microlitre.
    fn thousands(&mut self, sheet: &Sheet<'_>, hit: &Hit) {
        let end = self.number.span.end;
        let count =
            sheet.catalogue().analyte(&hit.concept).is_some_and(|of| of.canonical.as_str() == "10*9/L");
        let k = matches!(sheet.stream.at(end), 'k' | 'K') && !sheet.stream.at(end + 1).is_alphanumeric();
        if count && k && self.unit.is_none() && sheet.stream.at(end + 1) != '/' {
            self.unit = Some(Unit::new("10*3/uL"));
            self.end = self.end.max(end + 1);
        }
    }

    /// `10°/L`, `x109/L`, `x103/L`: recognition loses the superscript nine. A blood count per litre is printed in
    /// 10^9/L and nothing else, so the slot says what stood there; the repair is marked.
    fn repair_power(&mut self, sheet: &Sheet<'_>, hit: &Hit, limit: usize) {
        let count =
            sheet.catalogue().analyte(&hit.concept).is_some_and(|of| of.canonical.as_str() == "10*9/L");
        if !count || self.unit.is_some() {
            return;
        }
        let from = self.number.span.end;
        let rest = sheet.stream.lower_text(sheet.within(Span::new(from, limit.min(from + 40).max(from))));
        let found = rest.match_indices("10").find_map(|(byte, _)| {
            let before = rest[..byte].chars().last().unwrap_or(' ');
            if !rest[..byte].chars().all(|of| of.is_ascii_digit() || " x*↑↓\thl.-~".contains(of)) {
                return None;
            }
            let tail = &rest[byte + 2..];
            let slash = tail.find('/')?;
            // Of `10/L` nothing tells what its power was: it is no unit.
            let lost = (1..=2).contains(&tail[..slash].chars().count())
                && !tail[..slash].contains(['.', ' ', '\t', '-']);
            let per_litre = tail[slash + 1..].starts_with('l')
                && !tail[slash + 2..].starts_with(|of: char| of.is_ascii_alphabetic());
            (lost && per_litre && !before.is_ascii_digit() && before != '.').then(|| byte + 2 + slash + 2)
        });
        if let Some(byte) = found {
            self.unit = Some(Unit::new("10*9/L"));
            self.end = self.end.max(from + rest[..byte].chars().count());
            self.repaired = true;
        }
    }

    /// Whether the number is a multiple of the upper limit: what follows it is no course of such multiples.
    pub(super) fn is_multiple(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| unit.as_str() == TIMES_LIMIT)
    }

    /// Whether the number is the analyte's: by its unit or range, or by nothing but words of a value in between.
    pub(super) fn belongs(&self, sheet: &Sheet<'_>, hit: &Hit, weak: bool) -> bool {
        let own_unit = self.unit.as_ref().is_some_and(|unit| is_own(sheet, &hit.concept, unit));
        if self.unit.is_some() && !own_unit && is_foreign(sheet, &hit.concept, self.unit.as_ref()) {
            return false;
        }
        if self.counted {
            return true;
        }
        if weak && !own_unit && self.reference.is_none() {
            let near = self.number.span.start <= hit.span.end + 2 && is_han(sheet.stream.at(hit.span.start));
            return near && sheet.is_kind(&["sec.doc_message"]);
        }
        let gap = Span::new(hit.span.end, self.number.span.start);
        if is_uptake(&hit.concept) && around::leads_to_value(sheet.stream.lower_text(gap)) {
            return true;
        }
        let words = without_days(sheet, gap);
        let words = outside_brackets(&words);
        let words = &*words;
        let plain = || around::is_plain(words);
        let held = self.in_table || self.reference.is_some() || own_unit;
        held && (self.in_table || gap.end - gap.start <= PROSE_REACH) || plain()
    }

    pub(super) fn draft(self, sheet: &Sheet<'_>, hit: &Hit) -> Draft {
        let printed =
            Quantity { value: self.number.value, comparator: self.number.comparator, unit: self.unit };
        let measurement = Measurement {
            canonical: canonical(sheet, &hit.concept, &printed),
            printed,
            reference: self.reference,
            flag: self.flag,
        };
        let known_unit = measurement.canonical.is_some();
        let mut draft = Draft::new(hit.concept.as_str(), Span::new(hit.span.start, self.end), "lab.row")
            .named_at(hit.span)
            .value(Value::Measurement(measurement))
            .present()
            .confidence(if known_unit { 0.95 } else { 0.5 });
        draft.cues.push(Span::new(self.number.span.start, self.end));
        if self.number.repaired || self.repaired {
            draft.marks_repair();
        }
        if hit.concept.as_str() == "lab.spo2" && is_room_air(sheet, draft.span) {
            draft.set(Attr::RoomAir, AttrValue::Flag(true));
        }
        draft
    }
}

/// `未吸氧状态下SpO2 97%`, "97% on room air": said just before or in the clause behind the value.
fn is_room_air(sheet: &Sheet<'_>, span: Span) -> bool {
    let after = sheet.after(span.end, 24);
    let clause = (after.start..after.end).find(|at| sheet.stream.at(*at) == ',').unwrap_or(after.end);
    sheet.says(sheet.before(span.start, 14), ROOM_AIR)
        || sheet.says(span, ROOM_AIR)
        || sheet.says(Span::new(after.start, clause), ROOM_AIR)
}

/// `铁蛋白参考值30-400`, "ferritin normal 30-400": the printed limits, where no result stands.
fn names_limits(sheet: &Sheet<'_>, words: Span) -> bool {
    sheet.says(words, LIMITS)
}

/// The value in the analyte's canonical unit, if a living person can have it.
///
/// Haemoglobin in mmol/L is rounded to whole g/L: the factor is no more exact than that.
pub(super) fn canonical(sheet: &Sheet<'_>, concept: &ConceptId, printed: &Quantity) -> Option<Quantity> {
    let analyte = sheet.catalogue().analyte(concept)?;
    let mut canonical = sheet.catalogue().canonical(concept, printed)?;
    if concept.as_str() == "lab.hb" && printed.unit.as_ref().is_some_and(|unit| unit.as_str() == "mmol/L") {
        canonical.value = canonical.value.round();
    }
    analyte.is_plausible(canonical.value).then_some(canonical)
}

/// A comparator in words at the end of what stands before a number; a printed one stands.
pub(super) fn worded_comparator(gap: &str, printed: Comparator) -> Comparator {
    const WORDS: [(&str, Comparator); 16] = [
        ("低于", Comparator::Less),
        ("小于", Comparator::Less),
        ("不足", Comparator::Less),
        ("below", Comparator::Less),
        ("less than", Comparator::Less),
        ("under", Comparator::Less),
        ("高于", Comparator::Greater),
        ("大于", Comparator::Greater),
        ("超过", Comparator::Greater),
        ("above", Comparator::Greater),
        ("more than", Comparator::Greater),
        ("greater than", Comparator::Greater),
        (" over", Comparator::Greater),
        ("exceeding", Comparator::Greater),
        ("at least", Comparator::AtLeast),
        ("至少", Comparator::AtLeast),
    ];
    let found = WORDS.iter().find(|(word, _)| gap.trim_end().ends_with(word));
    found.filter(|_| printed == Comparator::Equal).map_or(printed, |(_, comparator)| *comparator)
}

/// Whether the analyte is printed in this unit.
pub(super) fn is_own(sheet: &Sheet<'_>, concept: &ConceptId, unit: &Unit) -> bool {
    let analyte = sheet.catalogue().analyte(concept);
    analyte.is_some_and(|of| of.canonical == *unit || of.factors.contains_key(unit))
}

/// A percent of a count, a length, a dose or a time is no value of this analyte; other units may be new to the table.
fn is_foreign(sheet: &Sheet<'_>, concept: &ConceptId, unit: Option<&Unit>) -> bool {
    sheet.catalogue().analyte(concept).is_some()
        && unit.is_some_and(|unit| FOREIGN_ELSEWHERE.contains(&unit.as_str()))
}

/// "SUVmax of the mediastinal mass was 24.6": between uptake and number stands the lesion.
fn is_uptake(concept: &ConceptId) -> bool {
    concept.as_str() == "lab.suvmax"
}

/// The text without what stands in brackets: `(酶法)`, `(CKD-EPI)`.
pub(super) fn outside_brackets(text: &str) -> String {
    let mut depth = 0usize;
    text.chars()
        .filter(|of| {
            match of {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

/// Chinese names recognised with a space after each character: then the row's numbers are spaced too.
fn is_spaced(sheet: &Sheet<'_>, name: Span) -> bool {
    let origin = |at: usize| sheet.stream.origins.get(at).map_or(0, |of| of.at as usize);
    let length = name.end - name.start;
    let apart = origin(name.end - 1).saturating_sub(origin(name.start));
    length >= 2 && is_han(sheet.stream.at(name.start)) && apart >= 2 * (length - 1)
}

/// `1.6 x ULN`, "3 times the upper limit of normal", `2.3倍正常上限`, `正常高限1.8倍`: where the words of the multiple end.
fn multiple_of_limit(sheet: &Sheet<'_>, number: Span) -> Option<usize> {
    let stream = &sheet.stream;
    let past = |at: usize| at + usize::from(stream.at(at) == ' ');
    let behind = past(number.end);
    let times = stream.words_at(behind, MULTIPLE_TIMES).map(Place::end).max();
    let limit = |at: usize| stream.words_at(past(at), UPPER_LIMIT).map(Place::end).max();
    let named = limit(times.unwrap_or(behind));
    let before = number.start - usize::from(stream.at(number.start.saturating_sub(1)) == ' ');
    named.or_else(|| times.filter(|_| stream.reads_back_any(before, UPPER_LIMIT)))
}

/// `血小板 1 0 3 ×10^9/L`: single digits with single blanks between them right behind the name, and whether a unit follows
/// them; without one they may be numbers of their own.
fn digits_apart(sheet: &Sheet<'_>, end: usize) -> Option<bool> {
    let stream = &sheet.stream;
    let start = (end..stream.len()).find(|at| !matches!(stream.at(*at), ' ' | ':'))?;
    let single = |at: usize| stream.at(at).is_ascii_digit() || stream.at(at) == '.';
    if !stream.at(start).is_ascii_digit() {
        return None;
    }
    let mut at = start;
    while stream.at(at + 1) == ' ' && single(at + 2) && !single(at + 3) {
        at += 2;
    }
    if at == start || stream.at(at) == '.' || !matches!(stream.at(at + 1), ' ' | 'x' | '*' | '×') {
        return None;
    }
    let behind = at + 1 + usize::from(stream.at(at + 1) == ' ');
    let power = matches!(stream.at(behind), 'x' | '*' | '×');
    Some(power || sheet.engine.units.read(stream, behind).is_some())
}

/// "2x normal", "3-fold", a dose: the number is no value.
fn is_multiple(sheet: &Sheet<'_>, cells: &Cells) -> bool {
    let at = cells.number.span;
    let after = sheet.stream.lower_text(sheet.within(Span::new(at.end, at.end + 14)));
    let after = after.trim_start();
    let before = sheet.stream.lower_text(Span::new(at.start.saturating_sub(6), at.start));
    let times = after.strip_prefix(['x', '*']).map(str::trim_start);
    // `白蛋白20g`, "albumin 100 mL": a dose of the product.
    let letters: String = after.chars().take_while(char::is_ascii_alphabetic).collect();
    let rest = after.get(letters.len()..).unwrap_or_default();
    let dose = cells.unit.is_none()
        && !rest.starts_with('/')
        && matches!(letters.as_str(), "g" | "mg" | "ml" | "ug" | "mcg" | "bottles" | "vials");
    if dose || after.starts_with('瓶') || after.starts_with('支') {
        return true;
    }
    times.is_some_and(|rest| sheet.stream.text_begins(rest, MULTIPLE_LIMIT))
        || sheet.stream.text_begins(after, words!["倍", "times", "-fold", "fold", "uln"])
        || before.ends_with("上限") && after.starts_with('倍')
}

/// `total/direct bilirubin 18/6`: which number is whose cannot be said where the first name is none by itself.
fn is_half_of_pair(sheet: &Sheet<'_>, hit: &Hit, cells: &Cells) -> bool {
    let stream = &sheet.stream;
    let follows = hit.span.start > 1
        && stream.at(hit.span.start - 1) == '/'
        && stream.at(hit.span.start - 2).is_alphabetic();
    let end = cells.number.span.end;
    follows && stream.at(end) == '/' && stream.at(end + 1).is_ascii_digit()
}

/// Whether a day without its year stands right before a value.
pub(super) fn has_day_before(sheet: &Sheet<'_>, value: Span) -> bool {
    let ends = |end: usize| {
        end < value.start
            && value.start - end <= 10
            && sheet.stream.words_at(end, DAY_LEADS).any(|of| of.end() == value.start)
    };
    (4..=15).any(|back| {
        let at = value.start.checked_sub(back);
        at.is_some_and(|at| day_with_value(sheet, at).is_some_and(ends))
    })
}

/// The words of a gap: `LDH 03/05 410`, "Hb of 3 May was 88" have a day before the value, which is no word.
fn without_days(sheet: &Sheet<'_>, gap: Span) -> String {
    let mut words = String::new();
    let mut at = gap.start;
    while at < gap.end {
        let after = sheet.mentions.partition_point(|of| of.span.start < at);
        let mention = sheet.mentions.get(after).filter(|of| of.span.start == at).map(|of| of.span.end);
        match mention.or_else(|| day_with_value(sheet, at)).filter(|end| *end <= gap.end && *end > at) {
            Some(end) => at = end,
            None => {
                words.push(sheet.stream.lower[at]);
                at += 1;
            }
        }
    }
    words
}

/// The end of a day `12/01` at exactly this place, a blank and a number behind it.
pub(super) fn day_with_value(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    let stream = &sheet.stream;
    let two = |from: usize| {
        let digits = (from..from + 3).take_while(|of| stream.at(*of).is_ascii_digit()).count();
        let value = stream.text(Span::new(from, from + digits)).parse::<u8>().ok();
        value.filter(|of| (1..=31).contains(of)).map(|of| (of, from + digits))
    };
    let apart =
        at == 0 || !(stream.at(at - 1).is_alphanumeric() || matches!(stream.at(at - 1), '/' | '.' | '-'));
    let (first, slash) = two(at).filter(|_| apart)?;
    let (second, end) = two(slash + 1).filter(|_| stream.at(slash) == '/')?;
    let told = stream.words_at(end, DAY_LEADS).next_back();
    let valued = told.is_some_and(|of| stream.at(of.end()).is_ascii_digit());
    (valued && (first <= 12 || second <= 12)).then_some(end)
}

/// "Repeat creatinine 19/08.": the end of a day and its month that stand without a year and tell no value.
pub(super) fn day_and_month(stream: &Stream, at: usize) -> Option<usize> {
    let digits = |from: usize| (from..from + 3).take_while(|of| stream.at(*of).is_ascii_digit()).count();
    let number = |from: usize, count: usize| stream.text(Span::new(from, from + count)).parse::<u32>().ok();
    let (day, month) = (digits(at), digits(at + digits(at) + 1));
    let end = at + day + 1 + month;
    let apart =
        at == 0 || !(stream.at(at - 1).is_alphanumeric() || matches!(stream.at(at - 1), '/' | '.' | '-'));
    let ends = !stream.at(end).is_alphanumeric() && !matches!(stream.at(end), '/' | '%' | '^');
    let open = matches!(stream.at(end), '.' | ',') && stream.at(end + 1).is_ascii_digit();
    let dated = (1..=2).contains(&day)
        && month == 2
        && stream.at(at + day) == '/'
        && (1..=31).contains(&number(at, day)?)
        && (1..=12).contains(&number(at + day + 1, month)?);
    (dated && apart && ends && !open).then_some(end)
}

/// Whether a date stands in the span.
pub(super) fn is_dated(sheet: &Sheet<'_>, span: Span) -> bool {
    let after = sheet.mentions.partition_point(|mention| mention.span.end <= span.start);
    sheet.mentions.get(after).is_some_and(|mention| mention.span.overlaps(span))
}

pub(super) fn closing(sheet: &Sheet<'_>, at: usize, limit: usize) -> Option<usize> {
    (at + 1..limit.min(at + 30)).find(|of| matches!(sheet.stream.at(*of), ')' | ']')).map(|of| of + 1)
}
