//! Which read lines lie on which segments of the truth.
//!
//! A reader may read two cells as one line, or one line in two pieces; neither is an error. So lines and segments that share
//! a place are put in one group, and a group is compared as a whole.

use crate::pages::corpus::{Picture, Point, ReadLine, Reading};

/// Share of a line or a segment that must lie on the other for the two to belong together.
const ENOUGH: f32 = 0.35;
/// How far from the middle of a line, in halves of its height, a point still is on it.
const REACH: f32 = 1.3;

/// Segments and read lines that cover each other, each in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Places in the picture's segments.
    pub segments: Vec<usize>,
    /// Places in the reading's lines.
    pub lines: Vec<usize>,
}

/// The groups of a picture; one without lines was not read, one without segments does not stand there.
#[must_use]
pub fn groups(picture: &Picture, reading: &Reading) -> Vec<Group> {
    let segments: Vec<Strip> = picture.lines.iter().map(|segment| Strip::of_band(&segment.band)).collect();
    let lines: Vec<Strip> = reading.lines.iter().map(Strip::of_line).collect();
    let on_segments: Vec<Vec<f32>> = lines.iter().map(|line| line.shares(&segments)).collect();
    let on_lines: Vec<Vec<f32>> = segments.iter().map(|segment| segment.shares(&lines)).collect();
    let counts = |segment: &usize| !picture.lines[*segment].ignore;
    let kept = |line: &usize| {
        let shares = picture.lines.iter().zip(&on_segments[*line]);
        shares.filter(|(segment, _)| segment.ignore).map(|(_, share)| share).sum::<f32>() < 0.5
    };
    let joined = |segment: usize, line: usize| {
        on_segments[line][segment] >= ENOUGH || on_lines[segment][line] >= ENOUGH
    };
    let mut free = Group {
        segments: (0..segments.len()).filter(counts).collect(),
        lines: (0..lines.len()).filter(kept).collect(),
    };
    let mut groups = Vec::new();
    while !free.segments.is_empty() {
        let mut group = free.flood(joined);
        sort_lines(&mut group, &segments, &lines, &on_segments);
        groups.push(group);
    }
    groups.extend(free.lines.into_iter().map(|line| Group { segments: vec![], lines: vec![line] }));
    groups
}

impl Group {
    /// Takes out the first segment and all that hangs together with it.
    fn flood(&mut self, joined: impl Fn(usize, usize) -> bool) -> Self {
        let mut group = Self { segments: vec![self.segments.remove(0)], lines: vec![] };
        let (mut segments_done, mut lines_done) = (0, 0);
        while segments_done < group.segments.len() || lines_done < group.lines.len() {
            if let Some(segment) = group.segments.get(segments_done) {
                segments_done += 1;
                group.lines.extend(self.lines.extract_if(.., |line| joined(*segment, *line)));
            } else if let Some(line) = group.lines.get(lines_done) {
                lines_done += 1;
                group.segments.extend(self.segments.extract_if(.., |segment| joined(*segment, *line)));
            }
        }
        group.segments.sort_unstable();
        group
    }
}

/// Lines in the order of the segments that they lie on, and along one segment in its direction.
fn sort_lines(group: &mut Group, segments: &[Strip], lines: &[Strip], on_segments: &[Vec<f32>]) {
    let direction = segments[group.segments[0]].direction();
    let key = |line: usize| {
        let home = group.segments.iter().position(|segment| on_segments[line][*segment] >= 0.2);
        let home = home.unwrap_or_else(|| {
            let most = group.segments.iter().enumerate();
            let best = most.max_by(|a, b| on_segments[line][*a.1].total_cmp(&on_segments[line][*b.1]));
            best.map_or(0, |(order, _)| order)
        });
        (home, dot(lines[line].centre(), direction))
    };
    let mut keyed: Vec<((usize, f32), usize)> = group.lines.iter().map(|line| (key(*line), *line)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    group.lines = keyed.into_iter().map(|(_, line)| line).collect();
}

/// A line of text as places along its middle, each with half the height there.
#[derive(Clone, Debug)]
struct Strip {
    middle: Vec<Point>,
    half: f32,
}

impl Strip {
    fn of_band(band: &[[f32; 4]]) -> Self {
        let middle =
            band.iter().map(|[x, y, under_x, under_y]| [(x + under_x) / 2.0, (y + under_y) / 2.0]).collect();
        let height: f32 =
            band.iter().map(|[x, y, a, b]| (x - a).hypot(y - b)).sum::<f32>() / band.len().max(1) as f32;
        Self { middle, half: (height / 2.0).max(1.0) }
    }

    fn of_line(line: &ReadLine) -> Self {
        let [a, b, c, d] = line.quad;
        Self::of_band(&[[a[0], a[1], d[0], d[1]], [b[0], b[1], c[0], c[1]]])
    }

    fn length(&self) -> f32 {
        self.middle.windows(2).map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1])).sum()
    }

    fn centre(&self) -> Point {
        let (first, last) = (self.middle[0], self.middle[self.middle.len() - 1]);
        [(first[0] + last[0]) / 2.0, (first[1] + last[1]) / 2.0]
    }

    fn direction(&self) -> Point {
        let (first, last) = (self.middle[0], self.middle[self.middle.len() - 1]);
        let length = (last[0] - first[0]).hypot(last[1] - first[1]).max(1e-3);
        [(last[0] - first[0]) / length, (last[1] - first[1]) / length]
    }

    /// Points along its middle, close enough that none of another line is passed over.
    fn samples(&self) -> Vec<Point> {
        let count = (self.length() / (self.half * 0.6)).ceil().clamp(5.0, 400.0) as usize;
        let last = (self.middle.len() - 1) as f32;
        let at = |index: usize| {
            let t = (index as f32 + 0.5) / count as f32 * last;
            let from = (t as usize).min(self.middle.len().saturating_sub(2));
            let (a, b, share) =
                (self.middle[from], self.middle[(from + 1).min(self.middle.len() - 1)], t - from as f32);
            [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
        };
        (0..count).map(at).collect()
    }

    /// How far a point is from the middle, in halves of the height; nothing when it is not on the line.
    fn distance(&self, point: Point) -> Option<f32> {
        let pieces = self.middle.windows(2).filter_map(|pair| {
            let (a, b) = (pair[0], pair[1]);
            let (along, length) = ([b[0] - a[0], b[1] - a[1]], (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-3));
            let way = [point[0] - a[0], point[1] - a[1]];
            let along_by = dot(way, along) / length;
            let off = (way[0] * along[1] - way[1] * along[0]).abs() / length / self.half;
            let slack = self.half * 0.3;
            (along_by >= -slack && along_by <= length + slack && off <= REACH).then_some(off)
        });
        pieces.min_by(f32::total_cmp)
    }

    /// Which share of it lies on each of the others; a point lies on the nearest only.
    fn shares(&self, others: &[Self]) -> Vec<f32> {
        let mut shares = vec![0.0; others.len()];
        let samples = self.samples();
        for point in &samples {
            let near =
                others.iter().enumerate().filter_map(|(index, other)| Some((index, other.distance(*point)?)));
            if let Some((index, _)) = near.min_by(|a, b| a.1.total_cmp(&b.1)) {
                shares[index] += 1.0 / samples.len() as f32;
            }
        }
        shares
    }
}

fn dot(a: Point, b: Point) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::corpus::Segment;

    /// A word that begins here, of so many characters of ten pixels, twenty pixels high.
    fn quad(x: f32, y: f32, count: usize) -> [Point; 4] {
        let end = x + 10.0 * count as f32;
        [[x, y], [end, y], [end, y + 20.0], [x, y + 20.0]]
    }

    fn picture(segments: &[(&str, f32, f32)]) -> Picture {
        let lines = segments.iter().map(|(text, x, y)| {
            let [a, b, c, d] = quad(*x, *y, text.len());
            let band = vec![[a[0], a[1], d[0], d[1]], [b[0], b[1], c[0], c[1]]];
            Segment { text: (*text).to_owned(), band, ignore: *text == "STAMP" }
        });
        let none = String::new;
        let lines = lines.collect();
        Picture {
            file: none(),
            page: none(),
            kind: none(),
            language: none(),
            held_out: false,
            turn: 0,
            lines,
        }
    }

    fn reading(lines: &[(&str, f32, f32)]) -> Reading {
        let line = |(text, x, y): &(&str, f32, f32)| ReadLine {
            text: (*text).to_owned(),
            quad: quad(*x, *y, text.len()),
            confidence: None,
        };
        Reading { lines: lines.iter().map(line).collect(), ..Reading::default() }
    }

    fn group(segments: &[usize], lines: &[usize]) -> Group {
        Group { segments: segments.to_vec(), lines: lines.to_vec() }
    }

    #[test]
    fn a_line_read_in_pieces_is_one_line() {
        let found = groups(
            &picture(&[("abcdefgh", 0.0, 0.0)]),
            &reading(&[("efgh", 40.0, 1.0), ("abcd", 0.0, -1.0)]),
        );
        assert_eq!(found, [group(&[0], &[1, 0])]);
    }

    #[test]
    fn two_cells_read_as_one_line_are_compared_as_one() {
        let found =
            groups(&picture(&[("ab", 0.0, 0.0), ("-", 60.0, 0.0)]), &reading(&[("ab    -", 0.0, 2.0)]));
        assert_eq!(found, [group(&[0, 1], &[0])]);
    }

    #[test]
    fn lines_below_each_other_stay_apart() {
        let page = picture(&[("abcd", 0.0, 0.0), ("efgh", 0.0, 26.0)]);
        let found = groups(&page, &reading(&[("abcd", 0.0, 5.0), ("efgh", 0.0, 31.0)]));
        assert_eq!(found, [group(&[0], &[0]), group(&[1], &[1])]);
    }

    #[test]
    fn what_was_not_read_and_what_is_not_there_are_groups_of_their_own() {
        let found = groups(&picture(&[("abcd", 0.0, 0.0)]), &reading(&[("wood", 0.0, 300.0)]));
        assert_eq!(found, [group(&[0], &[]), group(&[], &[0])]);
    }

    #[test]
    fn a_stamp_is_neither_right_nor_wrong() {
        assert_eq!(groups(&picture(&[("STAMP", 0.0, 0.0)]), &reading(&[("STAMB", 0.0, 0.0)])), []);
        assert_eq!(groups(&picture(&[("STAMP", 0.0, 0.0)]), &reading(&[])), []);
    }

    #[test]
    fn pieces_are_ordered_along_a_line_that_is_turned() {
        // Turned by 180 degrees: the first letter is at the right.
        let mut page = picture(&[("abcdefgh", 0.0, 0.0)]);
        page.lines[0].band.reverse();
        assert_eq!(
            groups(&page, &reading(&[("dcba", 0.0, 0.0), ("hgfe", 40.0, 0.0)])),
            [group(&[0], &[1, 0])]
        );
    }
}
