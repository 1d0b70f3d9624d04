//! CRS, ICANS, haemophagocytosis, graft-versus-host disease with their grade.
//!
//! ## Reads
//! `CRS grade 2`, `Grade 3 ICANS`, `CRS 1级`, `G2 CRS`.
//!
//! ## References
//! ASTCT consensus grading [Lee 2019].

use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Hit, Span},
};
use cartulary_model::fact::Attr;

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Draft {
    let mut draft = Draft::new(hit.concept.clone(), hit.span, "finding.named").named_at(hit.span);
    if let Some((grade, span)) = grade(sheet, hit) {
        draft = draft.number(Attr::Grade, grade);
        draft.span = draft.span.to(span);
    }
    draft
}

fn grade(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let fits = |value: f64| (0.0..=5.0).contains(&value) && value.fract() == 0.0;
    let window = sheet.before(hit.span.start, 10).to(sheet.after(hit.span.end, 26));
    (window.start..window.end).find_map(|at| {
        let word = super::words::stands_at(stream, at, "grade ");
        let start = if word { at + 6 } else { at };
        let number = number::number_at(stream, start).filter(|of| fits(of.value))?;
        let chinese = matches!(stream.at(number.span.end), '级' | '度');
        let end = number.span.end + usize::from(chinese);
        let between = if at >= hit.span.end {
            Span::new(hit.span.end, at)
        } else {
            Span::new(end.min(hit.span.start), hit.span.start)
        };
        let parted = (between.start..between.end).any(|of| matches!(stream.at(of), ';' | '。' | ','));
        let own = !parted || super::words::has(sheet, between, &["max"]);
        ((word || chinese) && own).then_some((number.value, Span::new(at, end)))
    })
}
