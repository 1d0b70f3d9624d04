//! The names of analytes in a text.

use super::{Claims, Name, SEROLOGY};
use crate::{
    sheet::Sheet,
    stream::{BREAK, Hit, Span},
    vocabulary::lab::COUNT_ALONE,
    words::words,
};
use cartulary_catalogue::Needs;

/// Names as written, and names that recognition spelt with look-alikes where nothing else was read.
pub(super) fn find(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Name> {
    let mut names: Vec<Name> = sheet
        .candidates
        .iter()
        .filter(|of| of.hit.concept.is("lab") && of.needs.is_none_or(|needs| needs == Needs::LabValue))
        .map(|of| Name { hit: of.hit.clone(), weak: of.needs.is_some(), misspelt: false })
        .collect();
    let written = names.len();
    for hit in sheet.engine.lookalikes.scan(&sheet.stream) {
        let after = names[..written].partition_point(|name| name.span().end <= hit.span.start);
        let known = names[..written].get(after).is_some_and(|name| {
            let inside = hit.span.end - hit.span.start > name.span().end - name.span().start;
            name.span().overlaps(hit.span) && !inside
        });
        if !known {
            let weak = hit.span.end - hit.span.start <= 3 && !SEROLOGY.contains(&hit.concept.as_str());
            names.push(Name { hit, weak, misspelt: true });
        }
    }
    let counted = differential(sheet, &names);
    names.extend(counted);
    let counted = count_of_share(sheet, &names);
    names.extend(counted);
    names.retain(|name| {
        name.id() != "lab.ki67"
            && !is_verb(sheet, name.span())
            && !begins_unit(sheet, name.span())
            && !is_subclass(sheet, name)
            && !is_of_hundred(sheet, name.span())
            && !claims.has(name.span())
    });
    names.sort_by_key(|name| (name.span().start, std::cmp::Reverse(name.span().end), name.weak));
    names.dedup_by(|next, before| before.span().overlaps(next.span()) && before.span() != next.span());
    names
}

/// `WBC 0.8×10^9/L,N 0.12×10^9/L`: behind the white cells a single letter with a count of cells names a part of them.
fn differential(sheet: &Sheet<'_>, names: &[Name]) -> Vec<Name> {
    const REACH: usize = 44;
    let stream = &sheet.stream;
    let mut found = Vec::new();
    for white in names.iter().filter(|of| of.id() == "lab.wbc") {
        let after = sheet.after(white.span().end, REACH);
        // A letter in a cell of its own is a mark: `WBC | 3.1 | L`.
        let alone = |at: usize| {
            let before = at - 1 - usize::from(stream.at(at - 1) == ' ');
            matches!(stream.at(before), ',' | '、' | ';' | '(' | '[')
                && (stream.at(at + 1).is_ascii_digit()
                    || matches!(stream.at(at + 1), ' ' | ':') && stream.at(at + 2).is_ascii_digit())
        };
        for at in (after.start + 1..after.end).filter(|at| alone(*at)) {
            let concept = match stream.at(at) {
                'N' => "lab.anc",
                'L' => "lab.alc",
                _ => continue,
            };
            let span = Span::new(at, at + 1);
            let known = names.iter().any(|of| of.span().overlaps(span));
            if !known {
                found.push(Name { hit: Hit { span, concept: concept.into() }, weak: true, misspelt: false });
            }
        }
    }
    found
}

/// `中性粒细胞比例45%,绝对值0.54×10^9/L`: behind the share the count, told without its name.
fn count_of_share(sheet: &Sheet<'_>, names: &[Name]) -> Vec<Name> {
    const REACH: usize = 16;
    let shares = names.iter().filter_map(|of| {
        let concept = match of.id() {
            "lab.neut_pct" => "lab.anc",
            "lab.lymph_pct" => "lab.alc",
            _ => return None,
        };
        let near = sheet.after(of.span().end, REACH);
        let word = sheet.stream.words_in(near, COUNT_ALONE).next()?.span();
        // `NEUT% 45, WBC count 3.2`: nothing but the sign of a list before it.
        let blank = usize::from(sheet.stream.at(word.start - 1) == ' ');
        let led = matches!(sheet.stream.at(word.start - 1 - blank), ',' | '、' | ';' | '(');
        (led && !names.iter().any(|of| of.span().overlaps(word))).then(|| Name {
            hit: Hit { span: word, concept: concept.into() },
            weak: false,
            misspelt: false,
        })
    });
    shares.collect()
}

/// "He got 6 R-CHOP": the transaminase GOT is written with capitals.
fn is_verb(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.stream.is_written(span, "got")
}

/// The K of `K/uL` is no potassium, the T of `T/L` no temperature.
fn begins_unit(sheet: &Sheet<'_>, span: Span) -> bool {
    let unit = sheet.engine.units.at(&sheet.stream, span.start);
    unit.is_some_and(|(_, of)| of.end > span.end)
}

/// `/100 WBC`: so many red cells beside a hundred white ones.
fn is_of_hundred(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.stream.reads_back_any(span.start, words!["/100 ", "/100", "per 100 ", "/ 100 ", "100个"])
}

/// `IgG4 1.2 g/L`, `LDH1 61 U/L`: one of the four subclasses, of the five isoenzymes. In `IgG4.2` the number is the value.
fn is_subclass(sheet: &Sheet<'_>, name: &Name) -> bool {
    let (stream, end) = (&sheet.stream, name.span().end);
    let numbered = matches!(name.id(), "lab.igg" | "lab.ldh") && matches!(stream.at(end), '1'..='5');
    let value = end + 1 + usize::from(matches!(stream.at(end + 1), ' ' | ':' | BREAK));
    numbered && value > end + 1 && stream.at(value + usize::from(stream.at(value) == ' ')).is_ascii_digit()
}
