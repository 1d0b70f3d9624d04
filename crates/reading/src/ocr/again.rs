//! Doubtful words, read again with a little more or a little less room around them.
//!
//! What the network reads of a small cell can hang on a pixel at its edge: `17↓↓` came out as `171`, `×10⁹/L` as `×10/L`. A
//! cell of which one character was doubtful is cut out twice more, and where the three readings differ another two times;
//! the one that most agree on is taken. Where they disagree it is kept doubtful, whatever the network says of itself.

use crate::ocr::band::Band;
use crate::ocr::ctc::Decoded;

/// Reads bands.
pub(crate) type Read<'a> = &'a dyn Fn(&[&Band]) -> Result<Vec<Decoded>, String>;

/// A character less certain than this makes its line doubtful.
const DOUBTFUL: f32 = 0.9;
/// A line longer than this, in heights of it, holds words that bear each other out, and costs too much.
const LONG: f32 = 14.0;
/// Room at both ends, above and below, in heights of the line.
const ROOM: [[f32; 3]; 4] = [[0.0, -0.06, -0.06], [0.0, 0.08, 0.08], [0.25, -0.06, -0.06], [0.12, 0.0, 0.1]];
/// So many of them are asked first.
const FIRST: usize = 2;
/// So many of the five readings agree where one can be relied on.
const AGREED: usize = 4;
/// How sure a reading is at most on which fewer agree.
const CONTESTED: f32 = 0.75;

/// Settles doubtful lines by a vote of readings. Where the first two say the same as the line, no others are asked.
pub(crate) fn settle(lines: &mut [Decoded], bands: &[Band], read: Read<'_>) -> Result<(), String> {
    let doubtful: Vec<usize> = (0..lines.len()).filter(|at| is_doubtful(&lines[*at], &bands[*at])).collect();
    let first = read_with(&ROOM[..FIRST], &doubtful, bands, read)?;
    let borne_out = |at: usize, answers: &[Decoded]| {
        let line = &lines[at];
        !lacks_power(&line.text) && answers.iter().all(|of| alike(&of.text, &line.text))
    };
    let open = doubtful.into_iter().zip(first).filter(|(at, answers)| !borne_out(*at, answers));
    let (open, mut answers): (Vec<usize>, Vec<Vec<Decoded>>) = open.unzip();
    let further = read_with(&ROOM[FIRST..], &open, bands, read)?;
    for ((at, answers), further) in open.into_iter().zip(&mut answers).zip(further) {
        answers.extend(further);
        let [length, height] = bands[at].size();
        vote(&mut lines[at], answers, length / height);
    }
    Ok(())
}

/// Reads lines with more or less room; the answers line by line.
fn read_with(
    room: &[[f32; 3]],
    lines: &[usize],
    bands: &[Band],
    read: Read<'_>,
) -> Result<Vec<Vec<Decoded>>, String> {
    let mut again = Vec::with_capacity(room.len() * lines.len());
    for at in lines {
        again.extend(room.iter().map(|[ends, above, below]| bands[*at].grown(*ends, *above, *below)));
    }
    let answers = read(&again.iter().collect::<Vec<_>>())?;
    Ok(answers.chunks_exact(room.len()).map(<[Decoded]>::to_vec).collect())
}

fn is_doubtful(line: &Decoded, band: &Band) -> bool {
    let [length, height] = band.size();
    (line.weakest < DOUBTFUL && length < LONG * height) || lacks_power(&line.text)
}

/// `×10/L`: a ten that is counted in a litre has lost its power.
fn lacks_power(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    text.match_indices("10/").any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let litre = text[at + 3..].starts_with(['L', 'l']);
        litre && before.is_none_or(|c| "×xX*([（".contains(c))
    })
}

/// Takes the reading that most agree on, the more certain one of two that as many agree on.
fn vote(line: &mut Decoded, answers: &[Decoded], heights: f32) {
    let readings: Vec<&Decoded> = std::iter::once(&*line).chain(answers).collect();
    let votes = |one: &Decoded| readings.iter().filter(|other| alike(&one.text, &other.text)).count();
    let lost = |one: &Decoded| lacks_power(&one.text);
    let rank = |at: &usize| (!lost(readings[*at]), votes(readings[*at]), readings[*at].weakest);
    let order = |a: &usize, b: &usize| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal);
    // What came out empty everywhere else is not thrown away.
    let best = (0..readings.len()).filter(|at| !readings[*at].text.is_empty()).max_by(order).unwrap_or(0);
    let agreed = votes(readings[best]);
    // What no other reading bears out is no better.
    let borne_out = agreed > 1 || lost(readings[0]);
    let other = borne_out && !alike(&line.text, &readings[best].text);
    if other {
        let mut taken = readings[best].clone();
        let ends = best.checked_sub(1).map_or(0.0, |room| ROOM[room][0] / heights);
        for edge in &mut taken.edges {
            *edge = (*edge * (1.0 + 2.0 * ends) - ends).clamp(0.0, 1.0);
        }
        taken.seen = Some(std::mem::take(&mut line.text));
        *line = taken;
    }
    if agreed < AGREED {
        line.confidence = line.confidence.min(CONTESTED);
    }
}

/// Whether two readings hold the same characters; blanks are seen or not by chance.
fn alike(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::Quad;

    fn reading(text: &str, weakest: f32) -> Decoded {
        let count = text.chars().count().max(1);
        let edges = (0..=count).map(|at| at as f32 / count as f32).collect();
        Decoded { text: text.to_owned(), confidence: 0.95, weakest, edges, seen: None }
    }

    /// A cell of 100 by 20 pixels that reads as the first text, and then as the others.
    fn settled(first: (&str, f32), others: [&str; 4]) -> (Decoded, usize) {
        let mut lines = vec![reading(first.0, first.1)];
        let bands = [Band::straight(&Quad::upright(0.0, 0.0, 100.0, 20.0))];
        let asked = std::cell::Cell::new(0);
        let read = |bands: &[&Band]| {
            let before = asked.replace(asked.get() + bands.len());
            Ok(others.iter().skip(before).take(bands.len()).map(|text| reading(text, 0.95)).collect())
        };
        settle(&mut lines, &bands, &read).unwrap();
        (lines.remove(0), asked.get())
    }

    #[test]
    fn most_readings_decide_a_doubtful_cell() {
        let (line, _) = settled(("171", 0.6), ["17↓↓", "17↓↓", "17 ↓↓", "17↓↓"]);
        assert_eq!((line.text.as_str(), line.seen.as_deref()), ("17↓↓", Some("171")));
        assert_eq!(line.confidence, 0.95);
        let (line, _) = settled(("31↓", 0.6), ["31↓↓", "31↓", "31↓", "311"]);
        assert_eq!((line.text.as_str(), line.seen), ("31↓", None));
        assert!(line.confidence < 0.8, "two of five read otherwise");
    }

    #[test]
    fn a_sure_cell_is_not_read_again() {
        assert_eq!(settled(("17.5", 0.99), ["175"; 4]).1, 0);
    }

    #[test]
    fn where_two_more_readings_agree_no_others_are_asked() {
        let (line, asked) = settled(("17.5", 0.6), ["17.5", "17 .5", "175", "175"]);
        assert_eq!((line.text.as_str(), line.seen, line.confidence, asked), ("17.5", None, 0.95, 2));
        assert_eq!(settled(("17.5", 0.6), ["17.5", "175", "17.5", "17.5"]).1, 4);
    }

    #[test]
    fn a_cell_that_came_out_empty_is_read_again() {
        assert_eq!(settled(("", 0.0), ["↓", "↓", "", "上"]).0.text, "↓");
        assert_eq!(settled(("", 0.0), ["↓", "一", "", "上"]).0.text, "", "no two agree");
    }

    #[test]
    fn a_ten_without_its_power_is_doubtful_however_sure_it_is() {
        let (line, _) = settled(("×10/L", 1.0), ["×10/L", "×10/L", "×10⁹/L", "×10/L"]);
        assert_eq!(line.text, "×10⁹/L");
        assert!(line.confidence < 0.8);
        for text in ["110/L", "Ki-67 10/Li", "5/10/2024", "10/HPF", "2.10/L"] {
            assert!(!lacks_power(text) || text.contains("10/Li"), "{text}");
        }
    }

    #[test]
    fn what_came_out_empty_elsewhere_is_kept() {
        let (line, _) = settled(("Ⅱ", 0.5), ["", "", "", ""]);
        assert_eq!(line.text, "Ⅱ");
        assert!(line.confidence < 0.8);
    }

    #[test]
    fn places_are_those_in_the_line_itself() {
        let (line, _) = settled(("171", 0.6), ["1", "17↓↓", "2", "3"]);
        assert_eq!(line.text, "171", "nobody agrees: the more certain of them is no better");
        let (line, _) = settled(("171", 0.6), ["17↓↓", "17↓↓", "17↓↓", "x"]);
        assert!(line.edges.first() == Some(&0.0) && line.edges.last() == Some(&1.0));
    }
}
