//! "4 prior lines", `既往3线治疗`, `三线治疗失败`: what the paper itself counts.

use crate::{
    draft::Draft,
    grammar::therapy::words::{count_at, ends, says, skip_spaces},
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span},
    vocabulary::response::{COUNTS_FAILED, COUNTS_SAID},
    words::words,
};
use cartulary_model::Value;

/// A number right before the words.
pub(super) fn read(sheet: &Sheet<'_>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for hit in
        sheet.candidates.iter().map(|of| &of.hit).filter(|of| of.concept.as_str() == "event.line_count")
    {
        let fits = |value: &f64| (1.0..=15.0).contains(value);
        if let Some((value, end)) =
            number_behind(sheet, hit).filter(|(value, _)| fits(value) || *value == 0.0)
        {
            let span = Span::new(hit.span.start, end);
            let draft = Draft::new("event.line_count", span, "response.line_count");
            drafts.push(draft.value(Value::Number(value)));
            continue;
        }
        let Some((value, start)) = number_before(sheet, hit).filter(|(value, _)| fits(value)) else {
            continue;
        };
        let chinese = crate::stream::is_han(sheet.stream.at(hit.span.start));
        let bare = sheet.stream.lower_text(hit.span) == "lines";
        let vague = bare
            && sheet.stream.reads_any(hit.span.end, words![" since", " of the", " of print", " of text"]);
        if vague
            || (chinese && !counts(sheet, hit, start))
            || drafts.iter().any(|of| of.span.overlaps(hit.span))
        {
            continue;
        }
        let span = Span::new(start, hit.span.end);
        drafts.push(Draft::new("event.line_count", span, "response.line_count").value(Value::Number(value)));
    }
    drafts
}

/// `三线治疗` is the third line, or three lines: that they were given before or failed makes it a count.
fn counts(sheet: &Sheet<'_>, hit: &Hit, start: usize) -> bool {
    let stream = &sheet.stream;
    let before = sheet.before(start, 8);
    let said = says(stream, before, COUNTS_SAID);
    let failed = stream.reads_any(hit.span.end, COUNTS_FAILED);
    // `既往一线治疗(具体不详),二线GDP`: the first of several that are told.
    let next = words!["二线", "三线", "四线"];
    let ordinal = ends(stream, start, "第")
        || says(stream, Span::new(hit.span.end, sheet.sentence(start).end.max(hit.span.end)), next);
    let named = says(stream, Span::new(start.saturating_sub(4), start), words!["行", "予"]) && !said;
    !ordinal && !named && (said || failed)
}

/// "Prior lines of therapy: 4", `prior lines = 2`: the number behind the words and their colon.
fn number_behind(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, usize)> {
    let stream = &sheet.stream;
    let of = words![" of therapy", " of treatment", " of systemic therapy", " of systemic treatment"];
    let end = stream.words_at(hit.span.end, of).next_back().map_or(hit.span.end, |word| word.end());
    let mark = skip_spaces(stream, end);
    // "Prior tx (n=4)".
    if let Some(word) = stream.words_at(mark, words!["(n=", "(n ="]).next_back() {
        let (value, end) = count_at(stream, skip_spaces(stream, word.end()))?;
        return (stream.at(end) == ')').then_some((value, end + 1));
    }
    let at = skip_spaces(stream, mark + 1);
    let marked = matches!(stream.at(mark), ':' | '=');
    let (value, end) = marked.then(|| count_at(stream, at)).flatten()?;
    let aside = stream.at(end) == ' ' && stream.at(end + 1) == '(';
    let ends = aside || end >= stream.len() || matches!(stream.at(end), ',' | ';' | '.' | BREAK | CELL);
    // "Prior therapies: 1. R-CHOP 2. R-ICE" is a list.
    let listed =
        value == 1.0 && stream.at(end) == '.' && stream.at(skip_spaces(stream, end + 1)).is_alphanumeric();
    let decimal = stream.at(end) == '.' && stream.at(end + 1).is_ascii_digit();
    (value.fract() == 0.0 && ends && !listed && !decimal).then_some((value, end))
}

fn number_before(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, usize)> {
    let stream = &sheet.stream;
    let from = hit.span.start.saturating_sub(12);
    (from..hit.span.start).find_map(|at| {
        let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
        if before.is_ascii_alphanumeric()
            || matches!(before, '≥' | '>' | '<' | '≤' | '.')
            || says(stream, Span::new(at.saturating_sub(10), at), words!["at least", "minimum"])
        {
            return None;
        }
        let (value, end) = count_at(stream, at)
            .or_else(|| number::number_at(stream, at).map(|of| (of.value, of.span.end)))?;
        let gap = stream.lower_text(Span::new(end.min(hit.span.start), hit.span.start));
        let near = end <= hit.span.start && ["", " ", "个", "条", " different ", " separate "].contains(&gap);
        (near && value.fract() == 0.0).then_some((value, at))
    })
}
