//! Days that are of another course than the words they stand beside.

use crate::{
    draft::Draft,
    grammar::leads_to_next,
    sheet::Sheet,
    stream::Span,
    vocabulary::dates::{CAME_BEFORE, CAME_NEXT},
    words::words,
};
use cartulary_model::{Temporality, fact::Attr};

/// "he relapsed after the autograft of 12 May 2021": the day is that of the course it came after.
pub(super) fn is_of_what_came_before(sheet: &Sheet<'_>, draft: &Draft, date: Span) -> bool {
    if !draft.rule.starts_with("response.") {
        return false;
    }
    let gap = Span::new(draft.span.end.min(date.start), date.start);
    let came_after = words![" after ", " following ", " since ", " post ", " from "];
    let Some(word) = sheet.stream.words_in(gap, came_after).next() else { return false };
    // "PR after R-ICE in June": that is the day of the response.
    let own = |of: &crate::lexicon::Candidate| {
        matches!(of.hit.concept.kind(), "reg" | "drug")
            && of.hit.span.end <= date.start
            && sheet.stream.lower_text(Span::new(of.hit.span.end, date.start)).trim() == "of"
    };
    sheet.candidates_in(Span::new(word.end(), date.start)).iter().any(own)
}

/// "48% on this week's echo (62% in 2021)": days inside brackets that an older value there has as its own.
pub(super) fn days_of_older_values(sheet: &Sheet<'_>, drafts: &[Draft]) -> Vec<(Span, Span)> {
    const LONGEST: usize = 40;
    let of_one = |draft: &Draft| {
        let (_, day) = draft.date.filter(|_| draft.rule == "lab.course")?;
        let from = draft.span.start.saturating_sub(LONGEST);
        let open = (from..draft.span.start).rev().find(|at| matches!(sheet.stream.at(*at), '(' | ')'))?;
        let close = (day.end..day.end + LONGEST).find(|at| matches!(sheet.stream.at(*at), '(' | ')'))?;
        let bracket = sheet.stream.at(open) == '(' && sheet.stream.at(close) == ')';
        (bracket && draft.temporality == Some(Temporality::Historical))
            .then(|| (day, Span::new(open, close + 1)))
    };
    drafts.iter().filter_map(of_one).collect()
}

/// "After R-CHOP and R-ICE he proceeded to autograft in May 2021": the day is that of the course that came after.
pub(super) fn is_of_what_came_next(sheet: &Sheet<'_>, draft: &Draft, day: Span) -> bool {
    if leads_to_next(sheet, draft.span.end, day) {
        return true;
    }
    const LEAD: usize = 40;
    let stream = &sheet.stream;
    let told = draft.attrs.contains_key(&Attr::Start) || draft.attrs.contains_key(&Attr::End);
    if told || day.start < draft.span.end {
        return false;
    }
    let lead = Span::new(
        sheet.sentence(draft.name.start).start.max(draft.name.start.saturating_sub(LEAD)),
        draft.name.start,
    );
    let after = stream.words_in(lead, CAME_BEFORE).next().is_some()
        && !stream.words_in(lead, words![". ", ";", "。"]).any(|_| true);
    let gap = Span::new(draft.span.end, day.start);
    let next = sheet.candidates_in(gap).iter().any(|of| matches!(of.hit.concept.kind(), "reg" | "drug"));
    after && next && stream.words_in(gap, CAME_NEXT).next().is_some()
}
