//! Small pages, read in several ways.

use super::*;
use crate::pages::corpus::{Point, ReadLine, Segment};

/// A line of the page: ten pixels a character, forty pixels a line.
fn quad(row: usize, count: usize) -> [Point; 4] {
    let (top, end) = (row as f32 * 40.0, count as f32 * 10.0);
    [[0.0, top], [end, top], [end, top + 20.0], [0.0, top + 20.0]]
}

fn picture(lines: &[&str]) -> Picture {
    let segment = |(row, text): (usize, &&str)| {
        let [a, b, c, d] = quad(row, text.chars().count());
        let band = vec![[a[0], a[1], d[0], d[1]], [b[0], b[1], c[0], c[1]]];
        Segment { text: (*text).to_owned(), band, ignore: false }
    };
    let none = String::new;
    let lines = lines.iter().enumerate().map(segment).collect();
    Picture { file: none(), page: none(), kind: none(), language: none(), held_out: false, turn: 90, lines }
}

fn read(picture: &Picture, lines: &[&str]) -> Score {
    let line = |(row, text): (usize, &&str)| ReadLine {
        text: (*text).to_owned(),
        quad: quad(row, picture.lines[row].text.chars().count()),
        confidence: Some(0.9),
    };
    let lines = lines.iter().enumerate().filter(|(_, text)| !text.is_empty()).map(line).collect();
    score(picture, &Reading { turn: Some(90), lines, ..Reading::default() })
}

#[test]
fn a_perfect_reading_has_no_errors() {
    let page = picture(&["血小板 PLT 45×10⁹/L ↓", "CD20(+)"]);
    let score = read(&page, &["血小板PLT45×109/L↓", "CD20（＋）"]);
    assert_eq!((score.tally.characters().wrong, score.tally.critical.wrong), (0, 0));
    assert_eq!((score.tally.han.all, score.tally.critical.all), (3, 3));
    assert_eq!(score.tally.orientation, Count { wrong: 0, all: 1 });
    assert!(score.differences.is_empty());
    assert!(score.trials.iter().all(|trial| trial.right));
}

#[test]
fn errors_are_counted_by_the_class_of_the_character() {
    let score = read(&picture(&["血小板 45 x"]), &["血小极 46 x"]);
    assert_eq!(score.tally.han, Count { wrong: 1, all: 3 });
    assert_eq!(score.tally.other, Count { wrong: 1, all: 3 });
    assert_eq!(score.tally.critical, Count { wrong: 1, all: 1 });
    assert_eq!(score.differences.len(), 1);
}

#[test]
fn a_figure_too_many_makes_a_number_wrong() {
    for wrong in ["145", "451", "4.5", "-45", "45↑"] {
        assert_eq!(read(&picture(&["45"]), &[wrong]).tally.critical, Count { wrong: 1, all: 1 }, "{wrong}");
    }
    assert_eq!(read(&picture(&["45"]), &["45|"]).tally.critical.wrong, 0);
}

#[test]
fn what_was_not_read_is_wrong_in_full() {
    let score = read(&picture(&["PLT 45", "HGB 79"]), &["PLT 45", ""]);
    assert_eq!((score.tally.other.wrong, score.tally.critical.wrong, score.tally.unread), (5, 1, 1));
}

#[test]
fn the_line_with_the_error_is_the_one_that_was_wrong() {
    let score = read(&picture(&["alpha", "beta"]), &["alpha", "bet"]);
    assert_eq!(score.trials.iter().map(|trial| trial.right).collect::<Vec<_>>(), [true, false]);
}
