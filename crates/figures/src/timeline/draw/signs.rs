//! The signs: each has its own shape, so that none is told by colour alone.

use super::{BAR, INK, MUTED, line};
use crate::{
    svg::{Svg, number},
    timeline::Sign,
};
use cartulary_model::{PartialDate, record::ResponseCategory};

/// The days an event can have been on; nothing when it is known to the day.
pub(super) fn interval(svg: &mut Svg, when: PartialDate, (from, to): (f64, f64), y: f64) {
    if when.precision() == 3 {
        return;
    }
    line(svg, "tl-interval", MUTED, (from, y), (to, y), None);
    for x in [from, to] {
        line(svg, "tl-interval", MUTED, (x, y - 4.0), (x, y + 4.0), None);
    }
}

/// A sign at its place, hollow when its day is uncertain.
pub(super) fn sign_at(svg: &mut Svg, sign: Sign, (x, y): (f64, f64), is_uncertain: bool) {
    match sign {
        Sign::Diagnosis => {
            polygon(
                svg,
                "tl-ink",
                INK,
                is_uncertain,
                &[(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y)],
            );
        }
        Sign::Transformation => star(svg, (x, y), is_uncertain),
        Sign::Relapse => {
            let corners = [(x - 6.5, y - 5.5), (x + 6.5, y - 5.5), (x, y + 6.5)];
            polygon(svg, "tl-relapse", "#a8322d", is_uncertain, &corners);
        }
        Sign::Transplant => {
            let corners = [
                (x - 6.0, y),
                (x - 3.0, y - 5.2),
                (x + 3.0, y - 5.2),
                (x + 6.0, y),
                (x + 3.0, y + 5.2),
                (x - 3.0, y + 5.2),
            ];
            polygon(svg, "tl-transplant", "#7b3f8c", is_uncertain, &corners);
        }
        Sign::Response(category) => response(svg, category, (x, y)),
        Sign::Bar | Sign::Uncertain | Sign::OpenEnd => {}
    }
}

/// A sign as it stands in the legend.
pub(super) fn legend_sign(svg: &mut Svg, sign: Sign, (x, y): (f64, f64)) {
    match sign {
        Sign::Bar => {
            let (left, top, height) = (number(x - 8.0), number(y - BAR / 2.0 + 2.0), number(BAR - 4.0));
            let attributes = [("class", "tl-line"), ("fill", "#2f6690"), ("rx", "2"), ("width", "16")];
            let place = [("x", &*left), ("y", &*top), ("height", &*height)];
            svg.empty("rect", &[&attributes[..], &place].concat());
        }
        Sign::Uncertain => {
            line(svg, "tl-interval", MUTED, (x - 8.0, y), (x + 8.0, y), None);
            for end in [x - 8.0, x + 8.0] {
                line(svg, "tl-interval", MUTED, (end, y - 4.0), (end, y + 4.0), None);
            }
        }
        Sign::OpenEnd => {
            line(svg, "tl-line", "#2f6690", (x - 8.0, y), (x + 8.0, y), Some("3 3"));
            line(svg, "tl-line", "#2f6690", (x + 8.0, y), (x + 3.0, y - 4.0), None);
            line(svg, "tl-line", "#2f6690", (x + 8.0, y), (x + 3.0, y + 4.0), None);
        }
        Sign::Diagnosis | Sign::Transformation | Sign::Response(_) | Sign::Relapse | Sign::Transplant => {
            sign_at(svg, sign, (x, y), false);
        }
    }
}

/// A pill with the category's letters; filled for a response, outlined for none.
fn response(svg: &mut Svg, category: ResponseCategory, (x, y): (f64, f64)) {
    let (class, colour, is_filled) = match category {
        ResponseCategory::CR => ("tl-cr", "#1b6e45", true),
        ResponseCategory::PR => ("tl-pr", "#1b6e45", false),
        ResponseCategory::SD => ("tl-sd", "#6b5a12", false),
        ResponseCategory::PD => ("tl-pd", "#a8322d", true),
    };
    let (left, top) = (number(x - 12.0), number(y - 7.5));
    let fill = if is_filled { colour } else { "#ffffff" };
    let class_of_shape = format!("{class} {}", if is_filled { "tl-filled" } else { "tl-hollow" });
    svg.empty(
        "rect",
        &[
            ("class", &*class_of_shape),
            ("x", &*left),
            ("y", &*top),
            ("width", "24"),
            ("height", "15"),
            ("rx", "7.5"),
            ("fill", fill),
            ("stroke", colour),
            ("stroke-width", "1.4"),
        ],
    );
    let ink = if is_filled { "#ffffff" } else { colour };
    let (x, y) = (number(x), number(y + 3.8));
    let class_of_letters = format!("{class} {}", if is_filled { "tl-on-filled" } else { "tl-letters" });
    svg.text(
        "text",
        &[
            ("class", &*class_of_letters),
            ("x", &*x),
            ("y", &*y),
            ("text-anchor", "middle"),
            ("font-size", "10.5"),
            ("font-weight", "700"),
            ("fill", ink),
        ],
        &format!("{category:?}"),
    );
}

/// A four-pointed star.
fn star(svg: &mut Svg, (x, y): (f64, f64), is_uncertain: bool) {
    let (long, short) = (8.0, 2.8);
    let corners = [
        (x, y - long),
        (x + short, y - short),
        (x + long, y),
        (x + short, y + short),
        (x, y + long),
        (x - short, y + short),
        (x - long, y),
        (x - short, y - short),
    ];
    polygon(svg, "tl-transformation", "#6c2bd9", is_uncertain, &corners);
}

fn polygon(svg: &mut Svg, class: &str, colour: &str, is_hollow: bool, corners: &[(f64, f64)]) {
    let points: Vec<String> = corners.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
    let class = format!("{class} {}", if is_hollow { "tl-hollow" } else { "tl-filled" });
    let fill = if is_hollow { "#ffffff" } else { colour };
    svg.empty(
        "polygon",
        &[
            ("class", &*class),
            ("points", &points.join(" ")),
            ("fill", fill),
            ("stroke", colour),
            ("stroke-width", "1.4"),
        ],
    );
}
