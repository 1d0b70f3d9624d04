//! Which row goes on in the next: wrapped lines become one paragraph, over the foot of a page too.

use super::{Row, rows::Cell};
use crate::stream::{Stream, is_han};
use cartulary_model::SourceDocument;

/// A block's text margins, to tell a wrapped line from a short one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margins {
    left: f32,
    right: f32,
}

impl Margins {
    pub(super) fn of(cells: &[Cell]) -> Self {
        let left = cells.iter().map(|cell| cell.left).fold(f32::INFINITY, f32::min);
        let right = cells.iter().map(|cell| cell.right).fold(f32::NEG_INFINITY, f32::max);
        Self { left, right }
    }
}

/// Narrower than so many heights of its lines no text is wrapped.
const NARROWEST: f32 = 10.0;

/// A paragraph goes on when its line reaches the right margin without a full stop and the next line is the
/// paragraph's own.
pub(super) fn continues(document: &SourceDocument, row: &Row, next: &Row) -> bool {
    if row.running || next.running {
        return false;
    }
    let (Some(cell), [following]) = (row.cells.last(), next.cells.as_slice()) else { return false };
    // The last cell of a table row goes on below itself, with nothing beside it.
    if row.cells.len() > 1 && (following.left - cell.left).abs() > cell.height {
        return false;
    }
    let width = row.margins.right - row.margins.left;
    if width <= 0.0 {
        return false;
    }
    let text = document.pages[row.page].lines[cell.index].text.trim_end();
    let begins = document.pages[next.page].lines[following.index].text.trim_start();
    let (Some(last), Some(first)) = (text.chars().last(), begins.chars().next()) else { return false };
    // Of a list of short answers the widest one is no wrapped line.
    if width < NARROWEST * cell.height && is_labelled(text) {
        return false;
    }
    let ended = matches!(last, '。' | '.' | '；' | ';' | '!' | '?' | '：' | ':');
    let itemised = is_item(begins);
    let room = (row.margins.right - cell.right) / width;
    let turned = row.page != next.page || row.block != next.block;
    let close = (following.middle - cell.middle).abs() < 2.2 * cell.height.max(following.height);
    let bulleted = begins.starts_with(['-', '•', '*']);
    let prose =
        room < 0.4 && last.is_ascii_alphabetic() && !bulleted && text.split_whitespace().nth(5).is_some();
    // A line of a sentence that is not done, and the next begins with a small letter.
    let sentence = room < 0.75
        && last.is_ascii_lowercase()
        && first.is_ascii_lowercase()
        && text.split_whitespace().nth(4).is_some()
        && begins.split_whitespace().nth(1).is_some();
    let prose = prose || sentence || room < 0.4 && is_chinese_prose(text) && !begins_anew(begins);
    let long =
        prose || room < 0.12 || (room < 0.25 && (first.is_lowercase() || matches!(last, '，' | ',' | '、')));
    let carries_on = if turned { row.cells.len() == 1 && room < 0.12 } else { close && long };
    let parted = close && !turned && parts_a_word(text) && first.is_ascii_alphabetic();
    let awaited =
        close && row.cells.len() == 1 && !itemised && awaits_value(text) && begins_with_value(begins);
    let goes_on = (!ended && !itemised && carries_on) || parted || awaited;
    // What is said of the whole text of both lines is asked last: most lines end their paragraph.
    if !goes_on {
        return false;
    }
    // The rows of a table printed with bars or tabs stay apart.
    let tabular = |row: &str| row.contains(['|', '\t']);
    let days = is_day_label(begins) || (begins_with_day(text) && begins_with_day(begins));
    if tabular(text) || tabular(begins) || days || is_heading(begins) {
        return false;
    }
    // A question with boxes to tick is a row of a form.
    let boxed = |line: &str| ["[ ]", "[x]", "[X]", "☐", "☑", "☒", "□"].iter().any(|of| line.contains(of));
    if boxed(begins) && !boxed(text) {
        return false;
    }
    let drawn = |line: &str| !line.contains(char::is_alphanumeric);
    if drawn(text) || drawn(begins) {
        return false;
    }
    let columns = (fields(text), fields(begins));
    if is_head_row(text) || (columns.0 > 1 && columns.1 > 1) || columns.1 > 2 {
        return false;
    }
    !(is_labelled(text) && is_labelled(begins))
}

/// A line of Chinese sentences that stops within one: `病史:病人於2022年10月發現腫大，切片確診瀰漫性`.
fn is_chinese_prose(line: &str) -> bool {
    const FEWEST: usize = 12;
    let within = line.trim_end_matches(['，', ',', '、', '；', ';']);
    let marked = within.contains(['，', '。', '；', '、', ',', ';']);
    let last = line.chars().next_back();
    let open = last.is_some_and(|of| of.is_alphanumeric() || is_han(of) || matches!(of, '，' | ',' | '、'));
    marked && open && line.chars().filter(|of| is_han(*of)).count() >= FEWEST
}

/// A label, a day, or a mark of a list: what is no rest of a sentence.
fn begins_anew(line: &str) -> bool {
    is_labelled(line)
        || begins_with_day(line)
        || line.starts_with(['【', '[', '-', '•', '*', '★', '①', '②', '③', '④', '⑤'])
}

/// `1. Continue entecavir`, `2、`, `二、检测结果`, `（三）`; `9.6` is a number.
fn is_item(line: &str) -> bool {
    let numeral = |of: char| "一二三四五六七八九十".contains(of);
    let bare = line.trim_start_matches(['(', '（']);
    let rest = bare.trim_start_matches(numeral);
    if rest.len() < bare.len() && rest.starts_with(['、', '．', ')', '）']) {
        return true;
    }
    let mut signs = line.chars();
    let digit = signs.next().is_some_and(|of| of.is_ascii_digit());
    let mark = signs.next().is_some_and(|of| ".、)）".contains(of));
    digit && mark && !(line[1..].starts_with('.') && signs.next().is_some_and(|of| of.is_ascii_digit()))
}

/// `45×10^9/L，乳酸脱氢酶`, "platelets 45 and LDH": the last of several values of a sentence is a name.
fn awaits_value(line: &str) -> bool {
    let named = line.chars().next_back().is_some_and(char::is_alphabetic);
    named
        && line.contains(|of: char| of.is_ascii_digit())
        && (line.contains(['，', ',', '、', '；', ';']) || line.contains(" and "))
}

/// `520 U/L`, `45×10^9/L`: a number and the unit of a measurement.
fn begins_with_value(line: &str) -> bool {
    const UNITS: [&str; 17] = [
        "×", "x10", "x 10", "*10", "u/l", "iu", "g/l", "g/dl", "mg", "ug", "μ", "µ", "umol", "mmol", "ng",
        "pg", "k/",
    ];
    let rest = line.trim_start_matches(|of: char| of.is_ascii_digit() || of == '.');
    let unit = rest.trim_start().to_lowercase();
    rest.len() < line.len() && UNITS.iter().any(|of| unit.starts_with(of))
}

/// `Positive: CD20, PAX5` over `Negative: CD3`: a field each, though nothing ends the first. A label begins with a capital, so
/// that a wrapped sentence with a colon is none.
fn is_labelled(line: &str) -> bool {
    const LONGEST: usize = 24;
    let Some((label, rest)) = line.split_once([':', '：']) else { return false };
    let begins = label.chars().next().is_some_and(|first| first.is_uppercase() || is_han(first));
    let is_ratio =
        rest.starts_with(|of: char| of.is_ascii_digit()) && label.ends_with(|of: char| of.is_ascii_digit());
    begins && !is_ratio && label.chars().count() <= LONGEST && !label.contains([',', '，', '、', '.', '。'])
}

/// `axi-` / `cel`, `R-` / `CHOP`: a name that a line end parts at its hyphen. `HBsAg-` and `CD10-` are results.
fn parts_a_word(text: &str) -> bool {
    let Some(before) = text.strip_suffix('-') else { return false };
    let stem = before.rsplit(|of: char| !of.is_ascii_alphanumeric()).next().unwrap_or_default();
    let prose = before.split_whitespace().count() >= 2;
    let lower = stem.len() >= 3 && stem.bytes().all(|of| of.is_ascii_lowercase());
    let letters = matches!(stem, "R" | "G" | "DA" | "O" | "HD");
    prose && (lower || letters)
}

/// How many fields a line has that are set apart by blanks, as in a table printed with a typewriter. The blanks behind
/// a full stop part sentences.
fn fields(text: &str) -> usize {
    const ENDS: [char; 8] = ['.', '。', '!', '?', ';', '；', ':', '：'];
    if !has_wide_blank(text) {
        return 1;
    }
    let wide = text.trim().replace(['\u{3000}', '\u{a0}'], "  ");
    let mut count = 1;
    let mut rest = wide.as_str();
    while let Some(at) = rest.find("  ") {
        count += usize::from(!rest[..at].ends_with(ENDS));
        rest = rest[at..].trim_start();
    }
    count
}

/// Whether fields can be set apart in a line; in most there is one blank at a time.
fn has_wide_blank(text: &str) -> bool {
    text.contains("  ") || (!text.is_ascii() && text.contains(['\u{3000}', '\u{a0}']))
}

/// `检查日期：2026-11-12    镇静：无`: labels set apart by blanks fill one row; what stands under it is another answer.
fn is_head_row(text: &str) -> bool {
    const LONGEST: usize = 24;
    if !has_wide_blank(text) {
        return false;
    }
    let labelled = |field: &str| {
        let label = field.trim_start().split([':', '：']).next().unwrap_or_default();
        label.len() < field.trim_start().len() && (1..=LONGEST).contains(&label.chars().count())
    };
    let wide = text.replace(['\u{3000}', '\u{a0}'], "  ");
    let fields: Vec<&str> = wide.split("  ").filter(|field| !field.trim().is_empty()).collect();
    fields.iter().filter(|field| labelled(field)).count() >= 2
}

/// Rows that begin with a day each are rows of a table.
fn begins_with_day(row: &str) -> bool {
    let row = row.trim_start();
    let year = row.chars().take_while(char::is_ascii_digit).count();
    year == 4 && row[4..].starts_with(['-', '.', '/', '年'])
}

/// `Current medications:`, `目前用药：`: a label with nothing behind it opens what follows.
fn is_heading(line: &str) -> bool {
    line.trim_end().ends_with([':', '：']) && is_labelled(line)
}

/// `11-14：WBC 0.22`: what the day of a label tells is not told in the row before.
fn is_day_label(row: &str) -> bool {
    let number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|of| of.is_ascii_digit());
    let Some((day, rest)) = row.trim_start().split_once([':', '：']) else { return false };
    let parts = day.trim_end().split_once(['-', '/', '.']);
    parts.is_some_and(|(month, day)| number(month) && number(day))
        && !rest.starts_with(|of: char| of.is_ascii_digit())
}

/// Latin words that were wrapped are parted by a space; Chinese is not.
pub(super) fn needs_space(stream: &Stream, document: &SourceDocument, next: &Row) -> bool {
    let last = stream.chars.last().copied().unwrap_or(' ');
    let text = next.cells.first().map(|cell| document.pages[next.page].lines[cell.index].text.as_str());
    let first = text.and_then(|text| text.trim_start().chars().next());
    let chinese = |of: char| is_han(of) || matches!(of, '，' | '、' | '（' | '）' | '(' | ')' | ',');
    !(chinese(last) && first.is_some_and(chinese)) && last != '-'
}
