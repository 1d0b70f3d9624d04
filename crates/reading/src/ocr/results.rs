//! Cells that are settled by what else stands on their page.
//!
//! Alone in its cell, `+` looks like 十 and `±` like 土. Where a page has a column of such signs no cell of it is a ten or the
//! soil. So it is with the signal patterns of hybridisation, `2O1G` read as `201G`, and with days, `D0` read as `DO`. What was
//! seen is kept beside it.

use crate::ocr::ctc::Decoded;
use cartulary_model::Quad;

/// A cell settled by what else is on the page is less sure than a line is.
const CONFIDENCE: f32 = 0.75;

/// Settles the cells of a page; `has_dashes` says that some were found by their form.
pub(crate) fn settle(lines: &mut [(Quad, Decoded)], has_dashes: bool) {
    settle_cells(lines, usize::from(has_dashes) * 2, lone_sign, |text| LONE_SIGNS.contains(&text));
    settle_cells(lines, 0, pattern, |text| pattern_counts(text).is_some());
    settle_cells(lines, 0, day_of_infusion, is_day);
    settle_bracketed(lines);
    settle_numerals(lines);
    settle_noughts(lines);
}

/// Settles the cells that look like another, if at least two on the page are such, `known` and sure ones among them.
fn settle_cells(
    lines: &mut [(Quad, Decoded)],
    known: usize,
    other: fn(&str) -> Option<String>,
    is_sure: fn(&str) -> bool,
) {
    let alike = lines.iter().filter(|(_, line)| other(&line.text).is_some()).count();
    let sure = lines.iter().filter(|(_, line)| is_sure(&line.text)).count();
    if known + alike + sure < 2 {
        return;
    }
    for (_, line) in lines {
        if let Some(text) = other(&line.text) {
            rewrite(line, text);
        }
    }
}

/// `(一)` is a heading unless results stand in brackets beside it on the page: a "no" is not read out of a heading.
fn settle_bracketed(lines: &mut [(Quad, Decoded)]) {
    let is_result = |text: &str| matches!(text, "(+)" | "(-)" | "(±)" | "（+）" | "（-）" | "（±）");
    if lines.iter().filter(|(_, line)| is_result(&line.text)).count() < 2 {
        return;
    }
    for (_, line) in lines {
        if matches!(line.text.as_str(), "(一)" | "（一）") {
            rewrite(line, "(-)".to_owned());
        }
    }
}

/// `o` alone in a column of figures is a nought; before a line of text it is the point of a list.
fn settle_noughts(lines: &mut [(Quad, Decoded)]) {
    let is_nought = |text: &str| text == "o";
    let is_figure = |text: &&&str| {
        is_nought(text)
            || text.starts_with(|c: char| c.is_ascii_digit())
                && text.chars().all(|c| c.is_ascii_digit() || ".%".contains(c))
    };
    let noughts: Vec<usize> = (0..lines.len())
        .filter(|at| is_nought(&lines[*at].1.text) && !is_point(lines, *at))
        .filter(|at| nearest_in_column(lines, *at, true).iter().filter(is_figure).count() >= 2)
        .collect();
    for at in noughts {
        rewrite(&mut lines[at].1, "0".to_owned());
    }
}

/// Whether words stand behind a cell in its row.
fn is_point(lines: &[(Quad, Decoded)], at: usize) -> bool {
    const BEHIND: f32 = 4.0;
    let [_, top, right, bottom] = lines[at].0.bounds();
    let height = bottom - top;
    lines.iter().any(|(quad, line)| {
        let [left, upper, _, lower] = quad.bounds();
        let in_row = ((upper + lower) - (top + bottom)).abs() < height;
        let behind = (0.0..BEHIND * height).contains(&(left - right));
        in_row && behind && line.text.chars().filter(|c| c.is_alphabetic()).count() >= 3
    })
}

fn rewrite(line: &mut Decoded, text: String) {
    let read = std::mem::replace(&mut line.text, text);
    line.confidence = line.confidence.min(CONFIDENCE);
    line.seen.get_or_insert(read);
}

/// Writes the strokes of a column of Roman numerals as such: `1`, `Ⅱ`, `Ⅲ` under each other are no figures.
fn settle_numerals(lines: &mut [(Quad, Decoded)]) {
    let settled: Vec<(usize, String)> = (0..lines.len())
        .filter_map(|at| {
            let strokes = strokes(&lines[at].1.text)?;
            let signs = column_of_numerals(lines, at)?;
            let rest: String = lines[at].1.text.chars().skip(strokes).collect();
            Some((at, format!("{}{rest}", signs[strokes - 1])))
        })
        .collect();
    for (at, text) in settled {
        let count = text.chars().count();
        let line = &mut lines[at].1;
        if line.text.chars().count() != count {
            line.edges = (0..=count).map(|edge| edge as f32 / count as f32).collect();
        }
        rewrite(line, text);
    }
}

/// How many strokes a cell begins with, if that may be a numeral and what follows is no number.
fn strokes(text: &str) -> Option<usize> {
    let count = text.chars().take_while(|c| "1l|I".contains(*c)).count();
    let rest: Vec<char> = text.chars().skip(count).collect();
    let apart = rest.first().is_none_or(|c| !c.is_ascii_alphanumeric() && !".,:-/%+×^".contains(*c));
    ((1..=3).contains(&count) && rest.len() <= 3 && apart).then_some(count)
}

/// The numerals that a cell's column is written in: half of the cells nearest to it, at least two, are numerals or strokes,
/// one of them is a sure numeral, and none is a figure. Elsewhere in the column of values of a form stands what it may.
fn column_of_numerals(lines: &[(Quad, Decoded)], at: usize) -> Option<[&'static str; 3]> {
    const ONE_SIGN: [&str; 3] = ["Ⅰ", "Ⅱ", "Ⅲ"];
    const LETTERS: [&str; 3] = ["I", "II", "III"];
    let texts = nearest_in_column(lines, at, false);
    let is_figure = |text: &str| {
        strokes(text).is_none() && text.chars().all(|c| c.is_ascii_digit() || c == '.') && !text.is_empty()
    };
    let begins = |text: &str, signs: &[&str]| {
        let rest = signs.iter().find_map(|sign| text.strip_prefix(sign));
        rest.is_some_and(|rest| {
            rest.chars().count() <= 3 && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        })
    };
    let of_one_sign = |text: &&&str| begins(text, &["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"]);
    let of_letters = |text: &&&str| begins(text, &["III", "II", "IV"]);
    let numerals =
        texts.iter().filter(|text| of_one_sign(text) || of_letters(text) || strokes(text).is_some());
    let enough = numerals.count() >= (texts.len().div_ceil(2)).max(2);
    if !enough || texts.iter().any(|text| is_figure(text)) {
        return None;
    }
    if texts.iter().any(|text| of_one_sign(&text)) {
        return Some(ONE_SIGN);
    }
    texts.iter().any(|text| of_letters(&text)).then_some(LETTERS)
}

/// The cells next to one above and below it, four at most.
fn nearest_in_column(lines: &[(Quad, Decoded)], at: usize, to_right: bool) -> Vec<&str> {
    const NEAREST: usize = 4;
    let [left, top, right, bottom] = lines[at].0.bounds();
    let of_column = |quad: &Quad| {
        let [other_left, _, other_right, _] = quad.bounds();
        let middles = (other_left + other_right - left - right).abs() / 2.0;
        let at_right = to_right && (other_right - right).abs() < bottom - top;
        at_right || (other_left - left).abs() < bottom - top || middles < (bottom - top) / 2.0
    };
    let mut column: Vec<(f32, &str)> = lines
        .iter()
        .enumerate()
        .filter(|(other, (quad, _))| *other != at && of_column(quad))
        .map(|(_, (quad, line))| ((quad.bounds()[1] - top).abs(), line.text.as_str()))
        .collect();
    column.sort_by(|a, b| a.0.total_cmp(&b.0));
    column.into_iter().take(NEAREST).map(|(_, text)| text).collect()
}

const LONE_SIGNS: [&str; 8] = ["+", "-", "—", "±", "++", "+++", "(+)", "(-)"];

fn lone_sign(text: &str) -> Option<String> {
    let sign = match text {
        "十" => "+",
        "土" => "±",
        _ => return None,
    };
    Some(sign.to_owned())
}

/// `2O1G`, `1R1G2F`: how many signals of orange, green, red, yellow, aqua, blue or fused ones a cell shows.
fn pattern_counts(text: &str) -> Option<usize> {
    let text: Vec<char> = text.chars().collect();
    let is_pair = |pair: &[char]| matches!(pair, [count, colour] if count.is_ascii_digit() && "OGRYAFB".contains(*colour));
    (text.len() > 2 && text.chunks(2).all(is_pair)).then_some(text.len() / 2)
}

/// A pattern whose orange was read as nought, or its nought as orange.
fn pattern(text: &str) -> Option<String> {
    let letter = |(at, c): (usize, char)| match c {
        '0' if at % 2 == 1 => 'O',
        'O' if at % 2 == 0 => '0',
        other => other,
    };
    let orange: String = text.chars().enumerate().map(letter).collect();
    let green = text.chars().any(|c| "GRYAFB".contains(c));
    (orange != text && green && pattern_counts(&orange).is_some()).then_some(orange)
}

/// `DO` among `D7` and `D14`: the day of infusion.
fn day_of_infusion(text: &str) -> Option<String> {
    matches!(text, "DO" | "Do").then(|| "D0".to_owned())
}

fn is_day(text: &str) -> bool {
    let number = text.strip_prefix('D').map(|number| number.trim_start_matches(['+', '-']));
    number.is_some_and(|number| (1..4).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(cells: &[&str]) -> Vec<String> {
        let line = |text: &&str| {
            (
                Quad::upright(0.0, 0.0, 1.0, 1.0),
                Decoded { text: (*text).to_owned(), confidence: 0.9, ..Decoded::default() },
            )
        };
        let mut lines: Vec<(Quad, Decoded)> = cells.iter().map(line).collect();
        settle(&mut lines, false);
        lines.into_iter().map(|(_, line)| line.text).collect()
    }

    #[test]
    fn a_column_of_signs_has_no_tens_in_it() {
        assert_eq!(settled(&["CD19", "十", "CD20", "-"]), ["CD19", "+", "CD20", "-"]);
        assert_eq!(settled(&["十", "十", "土"]), ["+", "+", "±"]);
        assert_eq!(settled(&["(+)", "（一）", "(-)"]), ["(+)", "(-)", "(-)"]);
    }

    #[test]
    fn a_ten_among_words_stays() {
        assert_eq!(settled(&["第", "十", "章"]), ["第", "十", "章"]);
        assert_eq!(settled(&["十二指肠", "-", "+"]), ["十二指肠", "-", "+"]);
        assert_eq!(settled(&["（一）", "主诉"]), ["（一）", "主诉"]);
        assert_eq!(settled(&["（一）", "（一）", "-", "—", "+"]), ["（一）", "（一）", "-", "—", "+"]);
    }

    #[test]
    fn an_o_in_a_column_of_figures_is_a_nought() {
        let figures = column(&[("12.5", 0.0), ("o", 15.0), ("3", 15.0), ("o", 15.0)]);
        assert_eq!(figures, ["12.5", "0", "3", "0"]);
        assert_eq!(column(&[("ICANS", 0.0), ("o", 15.0), ("o", 15.0), ("o", 15.0)])[1..], ["0", "0", "0"]);
        assert_eq!(column(&[("Plan", 0.0), ("o", 15.0), ("Fever", 0.0)])[1], "o");
    }

    #[test]
    fn the_points_of_a_list_are_no_noughts() {
        let line = |text: &str, left: f32, row: f32| {
            let quad = Quad::upright(left, 30.0 * row, left + 10.0 * text.len() as f32, 30.0 * row + 20.0);
            (quad, Decoded { text: text.to_owned(), confidence: 0.9, ..Decoded::default() })
        };
        let rows = ["no fever", "CT in May", "rituximab"].iter().zip([0.0, 1.0, 2.0]);
        let mut lines: Vec<_> =
            rows.flat_map(|(text, row)| [line("o", 0.0, row), line(text, 30.0, row)]).collect();
        settle(&mut lines, false);
        assert_eq!(lines.iter().filter(|(_, line)| line.text == "o").count(), 3);
    }

    /// Cells under each other, from the given left edges.
    fn column(cells: &[(&str, f32)]) -> Vec<String> {
        let line = |(row, (text, left)): (usize, &(&str, f32))| {
            let top = 30.0 * row as f32;
            let count = text.chars().count();
            let edges = (0..=count).map(|at| at as f32 / count as f32).collect();
            let decoded = Decoded { text: (*text).to_owned(), confidence: 0.9, edges, ..Decoded::default() };
            (Quad::upright(*left, top, left + 10.0 * count as f32, top + 20.0), decoded)
        };
        let mut lines: Vec<(Quad, Decoded)> = cells.iter().enumerate().map(line).collect();
        settle(&mut lines, false);
        assert!(lines.iter().all(|(_, line)| line.edges.len() == line.text.chars().count() + 1));
        lines.into_iter().map(|(_, line)| line.text).collect()
    }

    #[test]
    fn a_column_of_numerals_has_no_figures_in_it() {
        let read = [("线数", 0.0), ("1", 2.0), ("11", 0.0), ("Ⅲ", 1.0), ("1维", 0.0)];
        assert_eq!(column(&read), ["线数", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅰ维"]);
        assert_eq!(
            column(&[("Line", 0.0), ("1", 0.0), ("1(m)", 0.0), ("II", 0.0)])[1..],
            ["I", "I(m)", "II"]
        );
        assert_eq!(column(&[("1", 0.0), ("2", 0.0), ("Ⅲ", 0.0)]), ["1", "2", "Ⅲ"], "figures and a grade");
        assert_eq!(column(&[("1", 200.0), ("Ⅲ", 0.0)]), ["1", "Ⅲ"], "another column");
        let form = [("男", 0.0), ("弥漫大B", 0.0), ("11", 0.0), ("Ⅲ期", 0.0), ("良好", 0.0)];
        assert_eq!(column(&form)[2], "11", "a number among the values of a form");
        assert_eq!(column(&[("11.5", 0.0), ("1/1", 0.0), ("Ⅲ", 0.0)]), ["11.5", "1/1", "Ⅲ"]);
    }

    #[test]
    fn patterns_of_signals_have_colours() {
        assert_eq!(settled(&["101G2F", "202G", "103"]), ["1O1G2F", "2O2G", "103"]);
        assert_eq!(settled(&["2R2G", "1F101G"]), ["2R2G", "1F1O1G"]);
        assert_eq!(settled(&["OR2G", "1R2G"]), ["0R2G", "1R2G"]);
        assert_eq!(settled(&["102G", "ward"]), ["102G", "ward"], "a room");
        assert_eq!(settled(&["2020", "1010", "10G", "20G"]), ["2020", "1010", "10G", "20G"]);
    }

    #[test]
    fn the_day_of_infusion_stands_among_days() {
        assert_eq!(settled(&["DO", "D7", "D28"]), ["D0", "D7", "D28"]);
        assert_eq!(settled(&["DO", "not"]), ["DO", "not"]);
    }
}
