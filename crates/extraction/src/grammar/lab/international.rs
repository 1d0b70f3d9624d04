//! International units whose I was read as a one.
//!
//! ## Reads
//! `HBV-DNA <201U/mL` as < 20 IU/mL, `1.2×10^31U/mL`: of an analyte that is measured in international units and in no others,
//! the one that touches the unit is its first letter. The repair is marked.
//!
//! ## Leaves alone
//! `CA125 201U/mL`, `LDH 2451U/L`, which are measured in units; `HBV-DNA 2011U/mL`, which some
//! write for 2011 IU/mL: of a limit and of a power of thirty-one there is no doubt, of that there is. It has no unit.

use super::row::Cells;
use crate::{
    sheet::Sheet,
    stream::{Hit, Span},
    words::words,
};
use cartulary_model::Unit;

pub(super) fn settle(cells: &mut Cells, sheet: &Sheet<'_>, hit: &Hit) {
    let (start, end) = (cells.number.span.start, cells.number.span.end);
    let stream = &sheet.stream;
    let canonical = sheet.catalogue().analyte(&hit.concept).map(|of| of.canonical.as_str());
    let Some(per) = stream.words_at(end, words!["u/ml", "u/l"]).next_back() else { return };
    let international = canonical.is_some_and(|unit| unit.contains("[IU]"));
    let touches = end > start + 1 && stream.at(end - 1) == '1' && stream.at(end - 2).is_ascii_digit();
    if !(international && touches) || stream.at(per.end()).is_ascii_alphanumeric() {
        return;
    }
    let text: String = stream.lower_text(Span::new(start, end - 1)).chars().filter(|of| *of != ' ').collect();
    if !(text.starts_with('<') || text.contains("10^")) {
        return;
    }
    let Some(value) = value_of(&text) else { return };
    cells.number.value = value;
    cells.number.span = Span::new(start, end - 1);
    cells.unit = Some(Unit::new(if per.word() == 0 { "[IU]/mL" } else { "[IU]/L" }));
    cells.end = cells.end.max(per.end());
    cells.repaired = true;
}

/// The value of `<20`, `1.5`, `1.2x10^3`.
fn value_of(text: &str) -> Option<f64> {
    let number = text.trim_start_matches(['<', '>', '≤', '≥', '=']);
    match number.split_once("10^") {
        Some((factor, power)) => {
            let factor = factor.trim_end_matches(['x', '×', '*']);
            Some(factor.parse::<f64>().ok()? * 10f64.powi(power.parse().ok()?))
        }
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_without_its_last_figure() {
        for (text, value) in
            [("<20", Some(20.0)), ("1.5", Some(1.5)), ("1.2x10^3", Some(1200.0)), ("1,2", None)]
        {
            assert_eq!(value_of(text), value, "{text}");
        }
    }
}
