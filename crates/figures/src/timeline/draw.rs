//! From what is drawn to SVG.

mod signs;

use super::{Mark, Row, RowKind, Sign, TimelineInput, scale::Scale};
use crate::svg::{Svg, fit, number, text_width};
use cartulary_model::{Lang, PartialDate};
use signs::{interval, sign_at};

const SIZE: f64 = 12.5;
const LEVEL: f64 = 22.0;
const BAR: f64 = 12.0;
/// How far under the axis the day of the evaluation is named.
const ON: f64 = 32.0;
const INK: &str = "#1c2733";
const MUTED: &str = "#566270";
const RULE: &str = "#d5dbe0";
const STRIPE: &str = "#f3f5f6";

/// Where things stand, top to bottom.
struct Layout {
    /// Labels stand beside the bars, not over them.
    is_wide: bool,
    left: f64,
    right: f64,
    levels: Vec<usize>,
    level_height: f64,
    rows_top: f64,
    row_height: f64,
    axis: f64,
}

impl Layout {
    fn of(view: &TimelineInput) -> Self {
        let width = f64::from(view.width);
        let is_wide = view.width >= 700;
        let left = if is_wide { 210.0 } else { 4.0 };
        let right = width - if is_wide { 20.0 } else { 8.0 };
        let levels = match Scale::of(view, left, right) {
            Some(scale) if is_wide => stack(view, &scale, right),
            Some(_) => (0..view.marks.len()).collect(),
            None => Vec::new(),
        };
        let level_height = if is_wide { LEVEL } else { 2.0 * LEVEL };
        let lane = levels.iter().max().map_or(0.0, |level| (*level as f64 + 1.0) * level_height);
        let rows_top = 14.0 + lane;
        let row_height = if is_wide { 44.0 } else { 58.0 };
        let axis = rows_top + view.rows.len() as f64 * row_height + 6.0;
        Self { is_wide, left, right, levels, level_height, rows_top, row_height, axis }
    }
}

/// Draws the whole.
pub(super) fn draw(view: &TimelineInput, lang: Lang) -> String {
    let layout = Layout::of(view);
    let mut body = Svg::new();
    let mut bottom = 10.0;
    if let Some(scale) = Scale::of(view, layout.left, layout.right) {
        grid(&mut body, view, &layout, &scale);
        lane(&mut body, view, &layout, &scale);
        for (index, row) in view.rows.iter().enumerate() {
            let top = layout.rows_top + index as f64 * layout.row_height;
            draw_row(&mut body, row, top, &layout, &scale);
        }
        bottom = layout.axis + ON + 8.0;
    }
    bottom = undated(&mut body, view, bottom);
    bottom = legend(&mut body, view, bottom);

    let mut svg = Svg::new();
    let title_id = format!("{}-title", view.id);
    let description_id = format!("{}-desc", view.id);
    svg.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", "timeline"),
            ("viewBox", &format!("0 0 {} {}", view.width, number(bottom))),
            ("role", "img"),
            ("lang", lang.tag()),
            ("aria-labelledby", &format!("{title_id} {description_id}")),
            ("font-family", "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"),
            ("font-size", &number(SIZE)),
        ],
    );
    svg.text("title", &[("id", &title_id)], &view.title);
    svg.text("desc", &[("id", &description_id)], &view.description);
    let mut out = svg.finish();
    out.push_str(&body.finish());
    out.push_str("</svg>");
    out
}

/// Gives each event of the lane the first level on which its label covers no other.
fn stack(view: &TimelineInput, scale: &Scale, right: f64) -> Vec<usize> {
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    view.marks
        .iter()
        .map(|mark| {
            let (from, to) = extent(mark, scale, right);
            let is_free = |spans: &Vec<(f64, f64)>| spans.iter().all(|(a, b)| to < *a || from > *b);
            let level = taken.iter().position(is_free).unwrap_or(taken.len());
            if level == taken.len() {
                taken.push(Vec::new());
            }
            taken[level].push((from, to));
            level
        })
        .collect()
}

/// The mark with its label, from left to right.
fn extent(mark: &Mark, scale: &Scale, right: f64) -> (f64, f64) {
    let (from, to) = scale.interval(mark.when);
    let width = text_width(&mark.label, SIZE) + 17.0;
    if to + width <= right { (from - 8.0, to + width + 8.0) } else { (from - width - 8.0, to + 8.0) }
}

fn grid(svg: &mut Svg, view: &TimelineInput, layout: &Layout, scale: &Scale) {
    let ticks = scale.ticks();
    let years: Vec<f64> = ticks.iter().filter(|tick| tick.is_year).map(|tick| tick.x).collect();
    for (index, from) in years.iter().enumerate().step_by(2) {
        let to = years.get(index + 1).copied().unwrap_or(layout.right);
        let (x, width) = (number(*from), number(to - from));
        let attributes =
            [("class", "tl-stripe"), ("x", &*x), ("y", "6"), ("width", &*width), ("fill", STRIPE)];
        let height = number(layout.axis - 6.0);
        svg.empty("rect", &[&attributes[..], &[("height", &*height)]].concat());
    }
    line(svg, "tl-rule", RULE, (layout.left, layout.axis), (layout.right, layout.axis), None);
    for tick in &ticks {
        line(svg, "tl-rule", RULE, (tick.x, layout.axis), (tick.x, layout.axis + 5.0), None);
        let class = if tick.is_year { "tl-year" } else { "tl-month" };
        let weight = if tick.is_year { "600" } else { "400" };
        let place = (tick.x, layout.axis + 18.0);
        label(
            svg,
            place,
            "middle",
            &[("class", class), ("fill", MUTED), ("font-weight", weight)],
            &tick.label,
        );
    }
    let (on, words) = &view.on;
    if scale.holds(*on) {
        let x = scale.x(*on);
        line(svg, "tl-on", MUTED, (x, 6.0), (x, layout.axis), Some("1 3"));
        let anchor = if x > (layout.left + layout.right) / 2.0 { "end" } else { "start" };
        let shift = if anchor == "end" { -4.0 } else { 4.0 };
        let muted = [("class", "tl-muted"), ("fill", MUTED), ("font-size", "11")];
        // Under the axis, where no label of a row can stand.
        label(svg, (x + shift, layout.axis + ON), anchor, &muted, words);
    }
}

fn lane(svg: &mut Svg, view: &TimelineInput, layout: &Layout, scale: &Scale) {
    for (mark, level) in view.marks.iter().zip(&layout.levels) {
        let level_top = 18.0 + *level as f64 * layout.level_height;
        let y = if layout.is_wide { level_top } else { level_top + 20.0 };
        let (from, to) = scale.interval(mark.when);
        let centre = f64::midpoint(from, to);
        if mark.sign == Sign::Transformation {
            line(svg, "tl-transformation", "#8a3ffc", (centre, y), (centre, layout.axis), Some("4 3"));
        }
        interval(svg, mark.when, (from, to), y);
        sign_at(svg, mark.sign, (centre, y), mark.when.precision() < 3);
        let width = text_width(&mark.label, SIZE) + 17.0;
        let ink = [("class", "tl-ink"), ("fill", INK)];
        if !layout.is_wide {
            // Over its mark, as near as the edges allow.
            let text = fit(&mark.label, SIZE, layout.right);
            let is_near_the_edge = centre - 8.0 + text_width(&text, SIZE) > layout.right;
            let (x, anchor) = if is_near_the_edge { (layout.right, "end") } else { (centre - 8.0, "start") };
            label(svg, (x, level_top + 4.5), anchor, &ink, &text);
        } else if to + width <= layout.right {
            label(svg, (to + 12.0, y + 4.5), "start", &ink, &mark.label);
        } else {
            let text = fit(&mark.label, SIZE, from - 14.0);
            label(svg, (from - 12.0, y + 4.5), "end", &ink, &text);
        }
    }
}

fn draw_row(svg: &mut Svg, row: &Row, top: f64, layout: &Layout, scale: &Scale) {
    let middle = if layout.is_wide { top + 24.0 } else { top + 40.0 };
    row_label(svg, row, top, layout);
    let ends = bar(svg, row, middle, scale);
    for mark in &row.marks {
        let (mut from, to) = scale.interval(mark.when);
        if mark.sign == Sign::Relapse
            && let Some(ended) = row.end.or(row.start).map(|date| scale.x(date.earliest()))
            && ended < to
        {
            // A line fails after it was given: the part of the interval before that is no possible day.
            from = from.max(ended);
        }
        let centre = f64::midpoint(from, to);
        match mark.sign {
            Sign::Response(_) => {
                let y = middle - BAR / 2.0 - 9.0;
                interval(svg, mark.when, (from, to), y);
                sign_at(svg, mark.sign, (centre, y), mark.when.precision() < 3);
            }
            Sign::Relapse => {
                if let Some((_, end)) = ends
                    && end < centre
                {
                    line(svg, "tl-remission", MUTED, (end, middle), (centre, middle), Some("1 3"));
                }
                interval(svg, mark.when, (from, to), middle);
                sign_at(svg, mark.sign, (centre, middle), mark.when.precision() < 3);
                beside(svg, mark, (from, to), middle, layout, ends);
            }
            Sign::Diagnosis
            | Sign::Transformation
            | Sign::Transplant
            | Sign::Bar
            | Sign::Uncertain
            | Sign::OpenEnd => {
                let y = middle + BAR / 2.0 + 7.0;
                interval(svg, mark.when, (from, to), y);
                sign_at(svg, mark.sign, (centre, y), mark.when.precision() < 3);
                beside(svg, mark, (from, to), y, layout, None);
            }
        }
    }
}

fn row_label(svg: &mut Svg, row: &Row, top: f64, layout: &Layout) {
    let ink = [("class", "tl-ink"), ("fill", INK), ("font-weight", "600")];
    let muted = [("class", "tl-muted"), ("fill", MUTED), ("font-size", "11.5")];
    if layout.is_wide {
        let room = layout.left - 16.0;
        label(svg, (0.0, top + 20.0), "start", &ink, &fit(&row.label, SIZE * 1.05, room));
        label(svg, (0.0, top + 35.0), "start", &muted, &fit(&row.detail, 11.5, room));
    } else {
        let name = fit(&row.label, SIZE * 1.05, layout.right * 0.5);
        label(svg, (0.0, top + 14.0), "start", &ink, &name);
        let from = text_width(&name, SIZE * 1.08) + 10.0;
        label(svg, (from, top + 14.0), "start", &muted, &fit(&row.detail, 11.5, layout.right - from));
    }
}

/// A label right of a mark, or left of it where there is no room, without covering the bar.
fn beside(
    svg: &mut Svg,
    mark: &Mark,
    (from, to): (f64, f64),
    y: f64,
    layout: &Layout,
    bar: Option<(f64, f64)>,
) {
    let ink = [("class", "tl-ink"), ("fill", INK), ("font-size", "11.5")];
    let width = text_width(&mark.label, 11.5);
    if to + 10.0 + width <= layout.right {
        label(svg, (to + 10.0, y + 4.0), "start", &ink, &mark.label);
    } else if bar.is_none_or(|(_, end)| from - 12.0 - width > end) {
        label(svg, (from - 10.0, y + 4.0), "end", &ink, &mark.label);
    } else {
        label(svg, (layout.right, y + 18.0), "end", &ink, &mark.label);
    }
}

/// The bar of a treatment; gives back where it begins and ends.
fn bar(svg: &mut Svg, row: &Row, middle: f64, scale: &Scale) -> Option<(f64, f64)> {
    let (class, fill) = match row.kind {
        RowKind::Line => ("tl-line", "#2f6690"),
        RowKind::CellTherapy => ("tl-cell", "#7b3f8c"),
        RowKind::Other => ("tl-other", "#7d8a97"),
    };
    let height = if row.kind == RowKind::Other { BAR - 5.0 } else { BAR };
    let mut rect = |from: f64, to: f64, is_certain: bool| {
        let (x, y) = (number(from), number(middle - height / 2.0));
        let (width, height) = (number((to - from).max(3.0)), number(height));
        let base = [("x", &*x), ("y", &*y), ("width", &*width), ("height", &*height), ("fill", fill)];
        if is_certain {
            svg.empty("rect", &[&base[..], &[("class", class), ("rx", "2")]].concat());
        } else {
            let faint = [
                ("class", class),
                ("rx", "2"),
                ("fill-opacity", "0.22"),
                ("stroke", fill),
                ("stroke-dasharray", "3 2"),
            ];
            svg.empty("rect", &[&base[..], &faint].concat());
        }
    };
    let is_exact = |date: PartialDate| date.precision() == 3;
    match (row.start, row.end) {
        (Some(start), Some(end)) => {
            let (first, last) = (scale.x(start.earliest()), scale.x(end.latest()));
            let (sure_from, sure_to) = (scale.x(start.latest()), scale.x(end.earliest()));
            if !is_exact(start) || !is_exact(end) {
                rect(first, last, false);
            }
            if sure_to >= sure_from {
                rect(sure_from, sure_to, true);
            }
            Some((first, last))
        }
        (Some(known), None) | (None, Some(known)) => {
            let (from, to) = scale.interval(known);
            rect(from, to, is_exact(known));
            let is_start = row.start.is_some();
            let tip = if is_start { to.max(from + 3.0) + 26.0 } else { from - 26.0 };
            let root = if is_start { to.max(from + 3.0) } else { from };
            line(svg, class, fill, (root, middle), (tip, middle), Some("3 3"));
            let back = if is_start { -5.0 } else { 5.0 };
            line(svg, class, fill, (tip, middle), (tip + back, middle - 4.0), None);
            line(svg, class, fill, (tip, middle), (tip + back, middle + 4.0), None);
            Some((from.min(tip), to.max(tip)))
        }
        (None, None) => None,
    }
}

fn undated(svg: &mut Svg, view: &TimelineInput, mut y: f64) -> f64 {
    if view.undated.is_empty() {
        return y;
    }
    y += 18.0;
    let ink = [("class", "tl-ink"), ("fill", INK), ("font-weight", "600")];
    label(svg, (0.0, y), "start", &ink, &view.undated_title);
    for text in &view.undated {
        y += 18.0;
        let text = fit(text, SIZE, f64::from(view.width) - 14.0);
        label(svg, (12.0, y), "start", &[("class", "tl-ink"), ("fill", INK)], &text);
    }
    y + 6.0
}

fn legend(svg: &mut Svg, view: &TimelineInput, y: f64) -> f64 {
    let (mut x, mut y) = (8.0, y + 16.0);
    let muted = [("class", "tl-muted"), ("fill", MUTED), ("font-size", "11.5")];
    for (sign, words) in &view.legend {
        let width = text_width(words, 11.5) + 44.0;
        if x + width > f64::from(view.width) && x > 8.0 {
            (x, y) = (8.0, y + 20.0);
        }
        signs::legend_sign(svg, *sign, (x + 4.0, y - 4.0));
        label(svg, (x + 20.0, y), "start", &muted, words);
        x += width;
    }
    y + 10.0
}

fn label(svg: &mut Svg, (x, y): (f64, f64), anchor: &str, style: &[(&str, &str)], text: &str) {
    let (x, y) = (number(x), number(y));
    svg.text("text", &[&[("x", &*x), ("y", &*y), ("text-anchor", anchor)], style].concat(), text);
}

fn line(svg: &mut Svg, class: &str, stroke: &str, from: (f64, f64), to: (f64, f64), dashes: Option<&str>) {
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
    let ends = [("x1", &*x1), ("y1", &*y1), ("x2", &*x2), ("y2", &*y2)];
    let style = [("class", class), ("stroke", stroke), ("stroke-dasharray", dashes.unwrap_or("none"))];
    svg.empty("line", &[&ends[..], &style].concat());
}
