//! Fluids that are not blood: what urine, an effusion or a lavage holds is no value of the blood.
//!
//! ## Reads
//! `尿肌酐`, `胸水:LDH 1560 U/L,白蛋白 22 g/L`, "pleural fluid LDH 1890 U/L, albumin 14 g/L", "creatinine (urine)",
//! `U-Creatinine`; `前白蛋白`, `微量白蛋白`, which are other proteins.
//!
//! ## Leaves alone
//! Spinal fluid, which the caller knows; `尿酸` and `尿素` of the blood; an effusion that is only told of before blood
//! values: `双侧胸腔积液,LDH 560`.

use super::Name;
use crate::{
    sheet::Sheet,
    stream::{Span, is_han},
    vocabulary::lab::{FLUID_LEADS, FLUID_SHEETS, FLUIDS, NO_URINE},
    words::{Place, words},
};

/// A value that was measured in another fluid, or another protein with the analyte's name in its own.
pub(super) fn is_of_other_fluid(sheet: &Sheet<'_>, name: &Name) -> bool {
    is_other_protein(sheet, name)
        || is_named_behind(sheet, name.span().end)
        || is_named_before(sheet, name.span().start)
        || is_sheet_of_fluid(sheet, name.span().start)
}

/// `前白蛋白`, `尿微量白蛋白`, "prealbumin". `治疗前白蛋白 32 g/L` is albumin: before the word for "before" stands what it was before.
fn is_other_protein(sheet: &Sheet<'_>, name: &Name) -> bool {
    let (stream, start) = (&sheet.stream, name.span().start);
    if name.id() != "lab.alb" {
        return false;
    }
    if stream.reads_back_any(start, words!["微量", "微", "糖化", "micro", "pre", "glycated "]) {
        return true;
    }
    let pre = stream.reads_back_any(start, words!["前"])
        && (start < 2
            || !is_han(stream.at(start - 2))
            || stream.reads_back_any(start - 1, words!["血清", "血浆", "示", "查", "清", "低"]));
    let milligrams = sheet.says(sheet.after(name.span().end, 16), words!["mg/l"]);
    pre || stream.reads_back_any(start, words!["前"]) && milligrams
}

/// `肌酐(尿)`, "Creatinine, urine": the fluid stands between the name and its value.
fn is_named_behind(sheet: &Sheet<'_>, end: usize) -> bool {
    const REACH: usize = 18;
    let behind = sheet.after(end, REACH);
    let until = (behind.start..behind.end).find(|at| sheet.stream.at(*at).is_ascii_digit());
    let behind = Span::new(end, until.unwrap_or(behind.end));
    let opens = |at: usize| at > 0 && matches!(sheet.stream.at(at - 1), '(' | ',' | ' ' | '[');
    fluids(sheet, behind).any(|of| opens(of.start) && of.start <= end + 2)
}

/// The fluid as an attribute of the name or of the list it stands in, or as a heading before a colon.
fn is_named_before(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(at);
    let lead = Span::new(sheet.row_start(at).max(sentence.start).min(at), at);
    let Some(fluid) = fluids(sheet, lead).last() else { return false };
    let gap = Span::new(fluid.end, at);
    let blood = words!["plasma", "serum", "blood", "血清", "血浆", "外周血", "血常规", "血生化", "血"];
    if sheet.says(gap, blood) {
        return false;
    }
    let text = stream.lower_text(gap);
    let direct = is_lead_of_values(text);
    let headed = stream.text_begins(text.trim_start_matches("常规").trim_start_matches("生化"), words![":"]);
    // `胸水LDH 1560 U/L,白蛋白 22 g/L`: a list of what the effusion holds goes on. One urine value ends with its comma.
    let urine = sheet.stream.reads_any(fluid.start, words!["尿", "urin", "u-"]);
    let listed = !urine && begins_with_analyte(sheet, fluid.end);
    direct || headed || listed
}

/// ` `, `中`, ` analysis showed `: nothing but words that lead from the fluid to what it holds.
fn is_lead_of_values(text: &str) -> bool {
    let words = FLUID_LEADS.iter().fold(text.to_owned(), |text, word| text.replace(word, ""));
    words.chars().all(|of| matches!(of, ' ' | '-'))
}

fn begins_with_analyte(sheet: &Sheet<'_>, at: usize) -> bool {
    let start = at + usize::from(sheet.stream.at(at) == ' ');
    let near = Span::new(start, start + 1);
    sheet.candidates_in(near).iter().any(|of| of.hit.concept.is("lab"))
}

/// Where another fluid is named: `尿` not in `尿酸` or `利尿`, "u-" only at the begin of a word.
fn fluids(sheet: &Sheet<'_>, within: Span) -> impl Iterator<Item = Span> {
    let stream = &sheet.stream;
    let whole = move |of: &Place| {
        let latin = stream.lower.get(of.start()).is_some_and(char::is_ascii_alphabetic);
        !(latin && of.start() > 0 && stream.at(of.start() - 1).is_ascii_alphanumeric())
    };
    let other = move |of: &Place| {
        stream.at(of.start()) == '尿'
            && (stream.reads_any(of.end(), NO_URINE)
                || stream.reads_back_any(
                    of.start(),
                    words!["利", "排", "脱", "钠", "无", "导", "血", "少", "多", "夜", "沫"],
                ))
    };
    stream.words_in(within, FLUIDS).filter(whole).filter(move |of| !other(of)).map(Place::span)
}

/// The nearest title above the rows is that of a sheet of another fluid: `尿常规`, "Urinalysis", `胸水生化`.
fn is_sheet_of_fluid(sheet: &Sheet<'_>, at: usize) -> bool {
    const ROWS: usize = 16;
    const LONGEST: usize = 40;
    let blood =
        words!["blood", "serum", "haematology", "hematology", "血", "生化全", "肝肾功", "biochemistry"];
    let mut row = sheet.row_start(at);
    for _ in 0..ROWS {
        let Some(before) = row.checked_sub(1) else { return false };
        let start = sheet.row_start(before);
        let text = Span::new(start, before);
        let titled = before - start <= LONGEST
            && !(start..before).any(|of| sheet.stream.at(of).is_ascii_digit())
            && !sheet.candidates_in(text).iter().any(|of| of.hit.concept.is("lab") && of.needs.is_none());
        // `尿常规:未见异常` tells a result and heads nothing.
        let mut end = before;
        while end > start && matches!(sheet.stream.at(end - 1), ' ' | ':' | ')' | ']') {
            end -= 1;
        }
        if titled && sheet.stream.words_ending(end, FLUID_SHEETS).any(|of| of.start() >= start) {
            return true;
        }
        if titled && sheet.says(text, blood) {
            return false;
        }
        row = start;
    }
    false
}
