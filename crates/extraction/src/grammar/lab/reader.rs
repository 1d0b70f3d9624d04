//! The walk along a row: what each character of it begins.

use super::{
    counter::is_counter,
    flag::flag_at,
    joined,
    row::{closing, day_and_month, is_dated},
};
use crate::{
    number::{self, Number, RangeRead, Slot},
    sheet::Sheet,
    stream::{CELL, Span},
};
use cartulary_model::{
    Comparator, ConceptId, Unit,
    fact::{Flag, ReferenceRange},
};

/// A row while it is read.
pub(super) struct Reader<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) limit: usize,
    pub(super) slot: Slot,
    pub(super) concept: &'a ConceptId,
    /// Where the name ends: a value may touch it, `PLT45×10^9/L`.
    pub(super) begin: usize,
    pub(super) at: usize,
    pub(super) prose: usize,
    pub(super) number: Option<Number>,
    pub(super) unit: Option<Unit>,
    pub(super) reference: Option<ReferenceRange>,
    pub(super) range_span: Option<(ReferenceRange, Span)>,
    pub(super) flag: Option<Flag>,
    pub(super) end: usize,
    pub(super) in_table: bool,
    /// The limit of a criterion stood before the value.
    pub(super) answered: bool,
    pub(super) repaired: bool,
    pub(super) reach: usize,
}

impl Reader<'_> {
    /// Reads one thing of the row; false when the row has ended.
    pub(super) fn step(&mut self) -> bool {
        let of = self.sheet.stream.at(self.at);
        self.in_table |= of == CELL;
        if matches!(of, ' ' | CELL | ':' | '=' | '*' | '|') && !self.starred() {
            self.at += 1;
            return true;
        }
        if self.flag() || self.unit_here(of) || self.range(of) {
            return true;
        }
        if self.number.is_none() { self.value(of) } else { self.behind_value(of) }
    }

    /// `LVEF 38-40%`: what looked like a range is the value when no other number stands in the row.
    pub(super) fn range_alone(&mut self) {
        let Some((ReferenceRange { low: Some(low), high: Some(_) }, span)) = self.range_span else { return };
        // "EF 55-60%, previously 45%": the number behind is another result.
        let is_first = self.number.is_none_or(|number| number.span.start > span.end);
        if is_first && !matches!(self.sheet.stream.at(span.start), '(' | '[') {
            let comparator = Comparator::AtLeast;
            self.number = Some(Number { value: low, comparator, span, repaired: false });
            self.reference = None;
            self.end = self.end.max(span.end);
            if let Some((unit, of)) = self.sheet.engine.units.at(&self.sheet.stream, span.end) {
                self.unit = Some(unit);
                self.end = of.end;
            }
        }
    }

    fn starred(&self) -> bool {
        self.sheet.stream.at(self.at) == '*' && matches!(self.sheet.stream.at(self.at + 1), 'H' | 'L')
    }

    /// Moves on; what stands behind the value belongs to the fact's words.
    fn pass(&mut self, to: usize) {
        self.at = to;
        if self.number.is_some() {
            self.end = to;
        }
    }

    fn flag(&mut self) -> bool {
        let Some((found, after)) = flag_at(self.sheet, self.at).filter(|(_, after)| *after <= self.limit)
        else {
            return false;
        };
        self.flag = self.flag.or(Some(found));
        self.pass(after);
        true
    }

    /// A unit behind the value, in brackets behind the name, or bare before the value when nothing else is meant.
    fn unit_here(&mut self, of: char) -> bool {
        let stream = &self.sheet.stream;
        let opened = matches!(of, '(' | '[');
        let inner = self.at + usize::from(opened);
        if self.unit.is_some() || (self.number.is_none() && !opened && !self.stands_free()) {
            return false;
        }
        let Some(read) = self.sheet.engine.units.read(stream, inner) else { return false };
        let per = (read.span.start..read.span.end).any(|at| stream.at(at) == '/');
        let closed = matches!(stream.at(read.span.end), ')' | ']');
        if (opened && !closed) || (self.number.is_none() && !opened && !per) || read.span.end > self.limit {
            return false;
        }
        self.unit = Some(read.unit);
        self.repaired |= read.repaired;
        self.pass(read.span.end + usize::from(opened));
        true
    }

    /// `PLT10^9/L 45`: what touches the name is the unit.
    fn touches_unit(&self) -> bool {
        self.sheet.engine.units.read(&self.sheet.stream, self.at).is_some()
    }

    fn stands_free(&self) -> bool {
        self.at > 0 && matches!(self.sheet.stream.at(self.at - 1), ' ' | CELL | ',' | ':' | '|')
    }

    fn range(&mut self, of: char) -> bool {
        let stream = &self.sheet.stream;
        // `, normal range 120-246`: a comma before the words of a range.
        let comma = usize::from(of == ',' && number::says_range(stream, self.at + 2))
            + usize::from(of == ',' && stream.at(self.at + 1) == ' ');
        let begin = if comma == 2 { self.at + 2 } else { self.at };
        let begin = if of == ',' && comma < 2 && number::says_range(stream, self.at + 1) {
            self.at + 1
        } else {
            begin
        };
        let bound = of.is_ascii_digit() || matches!(of, '(' | '[') || number::says_range(stream, begin);
        if self.reference.is_some() || !(self.number.is_some() || bound) {
            return false;
        }
        let found = number::range_in(stream, begin, self.slot)
            .filter(|of| of.span.end <= self.limit && !is_dated(self.sheet, of.span));
        let Some(RangeRead { range, span, repaired }) = found else { return false };
        self.reference = Some(range);
        self.repaired |= repaired;
        self.range_span = Some((range, Span::new(begin, span.end)));
        self.pass(span.end);
        self.unit_of_limits();
        true
    }

    /// `血小板 125-350×10^9/L 45`: behind limits that stand first comes the unit, whose 10 and 9 are no values.
    fn unit_of_limits(&mut self) {
        let stream = &self.sheet.stream;
        let at = self.at + usize::from(stream.at(self.at) == ' ');
        let read = self.sheet.engine.units.read(stream, at).filter(|of| of.span.end <= self.limit);
        if let (None, Some(read)) = (self.number, read) {
            self.at = read.span.end;
            self.repaired |= read.repaired;
            self.unit = self.unit.take().or(Some(read.unit));
        }
    }

    /// The value, or what may stand before it.
    fn value(&mut self, of: char) -> bool {
        let stream = &self.sheet.stream;
        if let Some(end) = day_and_month(stream, self.at) {
            self.at = end;
            self.prose += 2;
            return true;
        }
        let found = match self.at == self.begin {
            true => number::number_touching(stream, self.at, self.slot)
                .filter(|of| !self.touches_unit() && stream.at(of.span.end) != '+'),
            false => number::number_in(stream, self.at, self.slot),
        };
        let found = found.filter(|of| of.span.end <= self.limit && !is_dated(self.sheet, of.span));
        if let Some(found) = found {
            if is_counter(self.sheet, found.span) {
                self.at = found.span.end;
                self.prose += 2;
                return true;
            }
            let whole = if self.slot.spaced {
                Some(found)
            } else {
                joined::mend(self.sheet, self.concept, found, self.limit)
            };
            let Some(whole) = whole else { return false };
            if let Some(answer) = self.behind_limit(whole) {
                self.answered = true;
                self.at = answer;
                return true;
            }
            self.number = Some(whole);
            self.pass(whole.span.end);
            return true;
        }
        if matches!(of, '(' | '[') && self.holds_value() {
            self.at += 1;
            return true;
        }
        if matches!(of, '(' | '[') {
            let Some(after) = closing(self.sheet, self.at, self.limit) else { return false };
            self.at = after;
            return true;
        }
        self.prose += 1;
        self.at += 1;
        self.prose <= self.reach && !(matches!(of, ',' | '、') && self.prose > 3)
    }

    /// `PLT >= 50 ........ 47`, `Platelets ≥ 75: 81`: behind the limit of a criterion, parted from it, stands the value.
    fn behind_limit(&self, limit: Number) -> Option<usize> {
        if limit.comparator == Comparator::Equal {
            return None;
        }
        let stream = &self.sheet.stream;
        let past = |at: usize| at + usize::from(stream.at(at) == ' ');
        let unit = self.sheet.engine.units.read(stream, past(limit.span.end));
        let end = unit.map_or(limit.span.end, |of| of.span.end);
        let at = (end..self.limit).find(|at| !matches!(stream.at(*at), ' ' | '.' | ':' | '_' | '…'))?;
        let dots = (end..at).filter(|at| matches!(stream.at(*at), '.' | '_' | '…')).count() >= 3;
        let colon = (end..at).any(|at| stream.at(at) == ':');
        let least = matches!(limit.comparator, Comparator::AtLeast | Comparator::Greater);
        let gap = least && (end..at).any(|at| stream.has_gap(at));
        let value = number::number_in(stream, at, self.slot)
            .filter(|of| of.comparator == Comparator::Equal && of.span.end <= self.limit)?;
        // "SUVmax > 5: 3 lesions": a count of other things.
        let unit = self.sheet.engine.units.read(stream, past(value.span.end)).is_some();
        let other = !unit && stream.at(past(value.span.end)).is_ascii_lowercase()
            || is_counter(self.sheet, value.span)
            || is_dated(self.sheet, value.span)
            || number::range_in(stream, at, self.slot).is_some();
        // "FLIPI: Hb < 120: 1, LDH > 240: 1": the points of an index.
        let points = !unit && colon && value.value.fract() == 0.0 && value.value <= 2.0;
        ((dots || colon || gap) && !other && !points).then_some(at)
    }

    /// `升高(4.2mg/L)`, "elevated (498)": the value with its unit, or nothing but a value, stands in the brackets.
    fn holds_value(&self) -> bool {
        let stream = &self.sheet.stream;
        number::number_in(stream, self.at + 1, self.slot).is_some_and(|found| {
            let at = found.span.end + usize::from(stream.at(found.span.end) == ' ');
            self.sheet.engine.units.read(stream, at).is_some() || self.is_bare(found)
        })
    }

    /// A number alone in its brackets, that is no year and has no other number behind the brackets: `Hb (1) 98`.
    fn is_bare(&self, found: Number) -> bool {
        let stream = &self.sheet.stream;
        let end = flag_at(self.sheet, found.span.end).map_or(found.span.end, |(_, after)| after);
        let behind = end + 1 + usize::from(stream.at(end + 1) == ' ');
        let year = found.value.fract() == 0.0 && (1950.0..2100.0).contains(&found.value);
        // "LDH raised (1), stage IV (1)": points of an index, or a footnote.
        let points = found.value.fract() == 0.0 && found.value <= 12.0;
        matches!(stream.at(end), ')' | ']') && !year && !points && !stream.at(behind).is_ascii_digit()
    }

    /// Behind the value only cells of the same row belong to it.
    fn behind_value(&mut self, of: char) -> bool {
        if of == '(' && self.is_remark() {
            let Some(after) = closing(self.sheet, self.at, self.limit) else { return false };
            self.at = after;
            return true;
        }
        let cell = matches!(self.sheet.stream.at(self.at.saturating_sub(1)), CELL | ' ');
        self.prose += 1;
        self.at += 1;
        self.in_table && cell && self.prose <= self.reach
    }

    /// `63% (Simpson) `: a bracket without a number behind the value.
    fn is_remark(&self) -> bool {
        let stream = &self.sheet.stream;
        let end = closing(self.sheet, self.at, self.limit).unwrap_or(self.at);
        end > self.at && !(self.at..end).any(|at| stream.at(at).is_ascii_digit())
    }
}
