//! Lines of text that are not straight: a page that does not lie flat bends them.
//!
//! A rectangle around a bent line holds pieces of its neighbours. Its own course is followed instead: a polynomial
//! through the middles of its columns, and the text cut out along it.

use cartulary_model::Quad;

type Point = [f32; 2];

/// A line whose course departs from the straight by less of its height than this is straight.
const STRAIGHT: f32 = 0.12;
/// A line shorter than this, in heights, has no course to speak of.
const SHORT: f32 = 5.0;
/// Pieces a band is cut into, at most.
const PIECES: usize = 24;

/// Where a line runs: points along its upper edge, and opposite to each a point along its lower edge.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Band {
    upper: Vec<Point>,
    lower: Vec<Point>,
    /// The share of the length at each pair of points, from 0 to 1.
    shares: Vec<f32>,
    length: f32,
    height: f32,
}

impl Band {
    /// The straight band that a quad is.
    pub(crate) fn straight(quad: &Quad) -> Self {
        let [a, b, c, d] = quad.0;
        let length = distance(a, b).max(distance(d, c)).max(1.0);
        let height = distance(a, d).max(distance(b, c)).max(1.0);
        Self { upper: vec![a, b], lower: vec![d, c], shares: vec![0.0, 1.0], length, height }
    }

    fn new(upper: Vec<Point>, lower: Vec<Point>) -> Self {
        let middles: Vec<Point> = upper.iter().zip(&lower).map(|(a, b)| between(*a, *b, 0.5)).collect();
        let mut shares = vec![0.0];
        let mut length = 0.0;
        for pair in middles.windows(2) {
            length += distance(pair[0], pair[1]);
            shares.push(length);
        }
        let length = length.max(1.0);
        let heights = upper.iter().zip(&lower).map(|(a, b)| distance(*a, *b));
        let height = (heights.sum::<f32>() / upper.len() as f32).max(1.0);
        shares.iter_mut().for_each(|share| *share /= length);
        Self { upper, lower, shares, length, height }
    }

    /// Length along the text and height across it.
    pub(crate) fn size(&self) -> [f32; 2] {
        [self.length, self.height]
    }

    /// The points of the upper and of the lower edge at a share of the length.
    pub(crate) fn at(&self, along: f32) -> [Point; 2] {
        let next = self.shares.partition_point(|share| *share <= along).clamp(1, self.shares.len() - 1);
        let (from, to) = (self.shares[next - 1], self.shares[next]);
        let part = (along - from) / (to - from).max(1e-6);
        [&self.upper, &self.lower].map(|edge| between(edge[next - 1], edge[next], part))
    }

    /// The quad of its ends.
    pub(crate) fn quad(&self) -> Quad {
        let last = self.upper.len() - 1;
        Quad([self.upper[0], self.upper[last], self.lower[last], self.lower[0]])
    }

    /// The part of it between two shares of its length.
    pub(crate) fn part(&self, from: f32, to: f32) -> Self {
        let inner = self.shares.iter().copied().filter(|share| (from..to).contains(share) && *share > from);
        let ends: Vec<[Point; 2]> = std::iter::once(from)
            .chain(inner)
            .chain(std::iter::once(to))
            .map(|share| self.at(share))
            .collect();
        Self::new(
            ends.iter().map(|[upper, _]| *upper).collect(),
            ends.iter().map(|[_, lower]| *lower).collect(),
        )
    }

    /// The band with more room around it, in shares of its height: at its ends, above and below.
    pub(crate) fn grown(&self, ends: f32, above: f32, below: f32) -> Self {
        let along = ends * self.height / self.length;
        let part = self.part(-along, 1.0 + along);
        let across = |upper: &Point, lower: &Point| {
            [between(*upper, *lower, -above), between(*upper, *lower, 1.0 + below)]
        };
        let edges: Vec<[Point; 2]> = part.upper.iter().zip(&part.lower).map(|(a, b)| across(a, b)).collect();
        Self::new(
            edges.iter().map(|[upper, _]| *upper).collect(),
            edges.iter().map(|[_, lower]| *lower).collect(),
        )
    }

    /// The band in a picture whose sides are so many times longer.
    pub(crate) fn scaled(&self, stretch: Point) -> Self {
        let scale = |edge: &[Point]| edge.iter().map(|[x, y]| [x * stretch[0], y * stretch[1]]).collect();
        Self::new(scale(&self.upper), scale(&self.lower))
    }
}

/// The course of an island whose columns, one after the other from `left` on, reach from the first to the second number;
/// nothing if it is straight. `margin` says of a width and a height how far the text reaches beyond its island.
pub(crate) fn course(
    left: usize,
    columns: &[(usize, usize)],
    margin: impl Fn(f32, f32) -> f32,
) -> Option<Band> {
    let count = columns.len() as f32;
    let mut heights: Vec<f32> = columns.iter().map(|(top, bottom)| (bottom - top + 1) as f32).collect();
    let middles: Vec<f32> = columns.iter().map(|(top, bottom)| (top + bottom) as f32 / 2.0).collect();
    let middle = heights.len() / 2;
    let (_, height, _) = heights.select_nth_unstable_by(middle, f32::total_cmp);
    let height = *height;
    if count < SHORT * height {
        return None;
    }
    // From -1 at the left end to 1 at the right one.
    let place = |column: f32| 2.0 * column / (count - 1.0) - 1.0;
    let fit = cubic(middles.iter().enumerate().map(|(column, middle)| (place(column as f32), *middle)))?;
    let value = |x: f32| fit[0] + x * (fit[1] + x * (fit[2] + x * fit[3]));
    let chord = |x: f32| value(-1.0) + (value(1.0) - value(-1.0)) * (x + 1.0) / 2.0;
    let pieces = ((count / (2.0 * height)) as usize).clamp(4, PIECES);
    let places: Vec<f32> = (0..=pieces).map(|piece| 2.0 * piece as f32 / pieces as f32 - 1.0).collect();
    let sag = places.iter().map(|x| (value(*x) - chord(*x)).abs()).fold(0.0, f32::max);
    if sag < STRAIGHT * height {
        return None;
    }
    let margin = margin(count, height);
    let half = height / 2.0 + margin;
    let reach = 1.0 + 2.0 * margin / (count - 1.0);
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for x in places {
        let x = x * reach;
        // Beyond the ends the course goes on straight: a polynomial does not.
        let inner = x.clamp(-1.0, 1.0);
        let slope = fit[1] + inner * (2.0 * fit[2] + inner * 3.0 * fit[3]);
        let y = value(inner) + (x - inner) * slope;
        let steep = slope * 2.0 / (count - 1.0);
        let norm = (1.0 + steep * steep).sqrt();
        let column = left as f32 + (x + 1.0) / 2.0 * (count - 1.0);
        let across = [-steep / norm * half, half / norm];
        upper.push([column - across[0], y - across[1]]);
        lower.push([column + across[0], y + across[1]]);
    }
    Some(Band::new(upper, lower))
}

/// The cubic of least squares; nothing where the points do not determine one.
fn cubic(points: impl Iterator<Item = (f32, f32)>) -> Option<[f32; 4]> {
    let mut rows = [[0.0f64; 5]; 4];
    for (x, y) in points {
        let powers = [1.0, x, x * x, x * x * x].map(f64::from);
        for (row, power) in rows.iter_mut().zip(powers) {
            for (value, other) in row.iter_mut().zip(powers) {
                *value += power * other;
            }
            row[4] += power * f64::from(y);
        }
    }
    // Gauss's elimination; the matrix is symmetric and positive, so no exchange of rows is needed.
    for pivot in 0..4 {
        let top = rows[pivot];
        if top[pivot].abs() < 1e-9 {
            return None;
        }
        for row in rows.iter_mut().skip(pivot + 1) {
            let factor = row[pivot] / top[pivot];
            for (value, other) in row.iter_mut().zip(top) {
                *value -= factor * other;
            }
        }
    }
    let mut answer = [0.0f64; 4];
    for index in (0..4).rev() {
        let known: f64 = (index + 1..4).map(|later| rows[index][later] * answer[later]).sum();
        answer[index] = (rows[index][4] - known) / rows[index][index];
    }
    Some(answer.map(|value| value as f32))
}

fn between([ax, ay]: Point, [bx, by]: Point, part: f32) -> Point {
    [ax + (bx - ax) * part, ay + (by - ay) * part]
}

fn distance(a: Point, b: Point) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of an island of height 9 whose middle runs along a function.
    fn columns(count: usize, middle: impl Fn(f32) -> f32) -> Vec<(usize, usize)> {
        (0..count)
            .map(|column| {
                let middle = middle(column as f32).round() as usize;
                (middle - 4, middle + 4)
            })
            .collect()
    }

    #[test]
    fn a_level_and_a_tilted_line_are_straight() {
        assert_eq!(course(10, &columns(300, |_| 50.0), |_, _| 5.0), None);
        assert_eq!(course(10, &columns(300, |x| 50.0 + 0.2 * x), |_, _| 5.0), None);
    }

    #[test]
    fn an_arc_is_followed() {
        let arc = |x: f32| 100.0 - 20.0 * (1.0 - ((x - 150.0) / 150.0).powi(2));
        let band = course(10, &columns(301, arc), |_, _| 6.0).expect("it is bent");
        for share in [0.1f32, 0.25, 0.5, 0.8] {
            let [upper, lower] = band.at(share);
            let middle = between(upper, lower, 0.5);
            let expected = arc(middle[0] - 10.0);
            assert!((middle[1] - expected).abs() < 1.0, "{middle:?} for {expected}");
            assert!((distance(upper, lower) - 21.0).abs() < 1.0, "height 9 and a margin of 6 on both sides");
        }
        assert!(band.at(0.0)[0][0] < 10.0, "it reaches beyond the island");
    }

    #[test]
    fn a_part_runs_along_the_whole() {
        let straight = Band::straight(&Quad::upright(10.0, 20.0, 110.0, 40.0)).part(0.25, 0.75);
        assert_eq!(straight.size(), [50.0, 20.0]);
        assert_eq!(straight.at(0.0), [[35.0, 20.0], [35.0, 40.0]]);
        let arc = |x: f32| 100.0 - 20.0 * (1.0 - ((x - 150.0) / 150.0).powi(2));
        let bent = course(10, &columns(301, arc), |_, _| 6.0).expect("it is bent");
        let part = bent.part(0.3, 0.9);
        for (share, of_whole) in [(0.0, 0.3), (0.5, 0.6), (1.0, 0.9)] {
            assert!(distance(part.at(share)[0], bent.at(of_whole)[0]) < 2.0, "{share}");
        }
    }

    #[test]
    fn a_straight_band_is_its_quad() {
        let band = Band::straight(&Quad::upright(10.0, 20.0, 110.0, 40.0));
        assert_eq!(band.size(), [100.0, 20.0]);
        assert_eq!(band.at(0.5), [[60.0, 20.0], [60.0, 40.0]]);
    }
}
