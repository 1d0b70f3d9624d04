//! Names that hold letters and figures of one shape: `FOXO1`, `HBsAg`, `CD10`.
//!
//! `O` and `0`, `I`, `l` and `1`, a small `s` and a large one differ in nothing but their height, and the network has no
//! lexicon. A word that has the shape of a name in `names.txt`, and of that name alone, is that name. Each character is
//! replaced by one, so that places stay right. Words of other letters are not touched: `C0L` is no name.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The names by their shape.
static NAMES: LazyLock<HashMap<Vec<char>, &'static str>> = LazyLock::new(|| {
    let names = include_str!("names.txt").lines().filter(|name| !name.is_empty());
    names.map(|name| (name.chars().map(shape).collect(), name)).collect()
});

/// The text with its names settled; nothing if none needed it.
pub(crate) fn settled(text: &str) -> Option<String> {
    let read: Vec<char> = text.chars().collect();
    let mut settled = read.clone();
    let mut start = 0;
    while start < read.len() {
        let length = read[start..].iter().take_while(|c| is_inner(**c)).count();
        let word = start..start + length;
        for part in parts(&read[word.clone()]) {
            let part = word.start + part.start..word.start + part.end;
            if let Some(name) = name(&read[part.clone()]) {
                settled.splice(part, name);
            }
        }
        start += length + 1;
    }
    (settled != read).then(|| settled.into_iter().collect())
}

fn is_inner(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// The whole word, or what stands between its hyphens where the whole is no name: `BCL2-IRF4`.
fn parts(word: &[char]) -> Vec<std::ops::Range<usize>> {
    let hyphens = if name(word).is_some() { 0 } else { word.len() };
    let mut ends: Vec<usize> = (0..hyphens).filter(|at| word[*at] == '-').collect();
    ends.push(word.len());
    let mut start = 0;
    ends.into_iter().map(|end| std::mem::replace(&mut start, end + 1)..end).collect()
}

/// The name that a word has the shape of.
fn name(word: &[char]) -> Option<Vec<char>> {
    let shapes: Vec<char> = word.iter().copied().map(shape).collect();
    // `C02` and `P04` are codes and beds as well as names.
    let is_code = word.len() < 4 && word.iter().any(char::is_ascii_digit);
    let known = NAMES.get(&shapes).filter(|_| word.len() > 2 && !is_code).map(|name| name.chars().collect());
    known.or_else(|| cluster(word))
}

/// `CDl9`, `CD2O`: a cluster of differentiation has a number.
fn cluster(word: &[char]) -> Option<Vec<char>> {
    let number = word.strip_prefix(&['C', 'D'])?;
    let figure = |c: &char| match c {
        'l' | 'I' => Some('1'),
        'O' | 'o' => Some('0'),
        digit => digit.is_ascii_digit().then_some(*digit),
    };
    let figures: Option<Vec<char>> = number.iter().map(figure).collect();
    let has_figure = number.iter().any(char::is_ascii_digit);
    let figures = figures.filter(|figures| has_figure && figures.len() < 4 && figures[0] != '0')?;
    Some(['C', 'D'].into_iter().chain(figures).collect())
}

/// One character for all that look alike.
fn shape(c: char) -> char {
    match c {
        'O' | 'o' | '0' => '0',
        'I' | 'l' | '1' => '1',
        'S' | 'V' | 'C' | 'W' | 'X' | 'Z' => c.to_ascii_lowercase(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_their_shape() {
        for (read, expected) in [
            ("F0X01 amplified", "FOXO1 amplified"),
            ("S0CS1 exon 2", "SOCS1 exon 2"),
            ("HBSAg NON-REACTIVE", "HBsAg NON-REACTIVE"),
            ("anti-HBS 14.8", "anti-HBs 14.8"),
            ("KCI 20 mmol/L", "KCl 20 mmol/L"),
            ("sUVmax 19.9", "SUVmax 19.9"),
            ("T3151 71%", "T315I 71%"),
            ("lL-6 12, IL-1O", "IL-6 12, IL-10"),
            ("CDl9(+), CD2O-", "CD19(+), CD20-"),
            ("MUMl(+)", "MUM1(+)"),
            ("350mgl/mL", "350mgl/mL"),
            ("NOTCHl-mut", "NOTCH1-mut"),
            ("BCL2-lRF4", "BCL2-IRF4"),
            ("HC03 22", "HCO3 22"),
        ] {
            assert_eq!(settled(read).unwrap_or_else(|| read.to_owned()), expected, "{read}");
        }
    }

    #[test]
    fn other_words_stay() {
        for read in [
            "FOXO1",
            "HBsAg",
            "CD20",
            "CD",
            "CDO",
            "CDI",
            "C0L",
            "10",
            "02",
            "CO",
            "ID",
            "IL",
            "COP-1",
            "CD103",
            "CDC20",
            "P0",
            "C02.1",
            "P04",
            "1D3",
            "SO4",
            "1D3x",
            "弥漫大B",
        ] {
            assert_eq!(settled(read), None, "{read}");
        }
    }

    #[test]
    fn no_two_names_have_one_shape() {
        let names = include_str!("names.txt").lines().filter(|name| !name.is_empty()).count();
        assert_eq!(NAMES.len(), names);
        assert!(NAMES.iter().all(|(shape, name)| shape.len() == name.len() && name.is_ascii()));
    }
}
