//! Karyotypes: the ISCN string, each of its aberrations, aberrations named alone, "normal" and "complex".
//!
//! ## Reads
//! `46,XX,t(11;14)(q13;q32),del(17)(p13)[8]/46,XX[12]`, `t(8;14)`, `del(17p)`, `正常核型`, `complex karyotype`.
//!
//! ## Never
//! A failed culture is no normal karyotype.
//!
//! ## References
//! ISCN: An International System for Human Cytogenomic Nomenclature.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span, Stream},
    vocabulary::genetics::ABERRATION,
    words::words,
};
use cartulary_catalogue::Needs;
use cartulary_model::{Assertion, Value, fact::Attr};

/// Strings with their aberrations.
pub(super) fn strings(sheet: &Sheet<'_>) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut drafts = Vec::new();
    let mut done = 0;
    let commas = stream.signs_in(Span::new(2, stream.len()), |of| of == ',');
    for at in commas.map(|comma| comma + 1 + usize::from(stream.at(comma + 1) == ' ')) {
        if at < done || !begins(stream, at) {
            continue;
        }
        let Some(span) = string(stream, at) else { continue };
        done = span.end;
        let text: String = stream.text(span).chars().filter(|of| *of != ' ').collect();
        drafts.push(
            Draft::new("bio.karyotype", span, "genetics.karyotype")
                .value(Value::Text(text))
                .word(Attr::Method, "karyotype")
                .present(),
        );
        drafts.extend(aberrations(stream, span));
    }
    drafts
}

/// The `X` of `46,XX`.
fn begins(stream: &Stream, at: usize) -> bool {
    let mut comma = at - 1;
    if stream.at(comma) == ' ' && comma > 0 {
        comma -= 1;
    }
    stream.at(at) == 'X'
        && stream.at(comma) == ','
        && comma >= 2
        && stream.at(comma - 1).is_ascii_digit()
        && stream.at(comma - 2).is_ascii_digit()
}

fn string(stream: &Stream, sex: usize) -> Option<Span> {
    let comma = (sex.saturating_sub(2)..sex).rev().find(|at| stream.at(*at) == ',')?;
    let mut start = comma;
    while start > 0 && (stream.at(start - 1).is_ascii_digit() || matches!(stream.at(start - 1), '~' | '-')) {
        start -= 1;
    }
    let belongs = |of: char| {
        of.is_ascii_alphanumeric()
            || matches!(of, ',' | '(' | ')' | '+' | '-' | '/' | '[' | ']' | '<' | '>' | '~' | '?' | '.')
    };
    let mut end = sex;
    let mut depth = 0i32;
    loop {
        let of = stream.at(end);
        depth += i32::from(of == '(') - i32::from(of == ')');
        // A comma of the sentence ends it: `46,XY,FISH`.
        if of == ',' && depth == 0 && !names_part(stream, end + 1) {
            break;
        }
        let inside = depth > 0 && matches!(of, ';' | ':');
        if belongs(of) || inside || (of == ' ' && goes_on(stream, end)) {
            end += 1;
        } else {
            break;
        }
    }
    while end > sex && matches!(stream.at(end - 1), ',' | ';' | '.' | ' ' | ':' | '/') {
        end -= 1;
    }
    // A bracket that was opened before the string closes behind it.
    let count = |of: char| (start..end).filter(|at| stream.at(*at) == of).count();
    if stream.at(end - 1) == ')' && count(')') > count('(') {
        end -= 1;
    }
    (end > sex + 1).then_some(Span::new(start, end))
}

/// Whether an aberration or a sex chromosome stands behind a comma.
fn names_part(stream: &Stream, at: usize) -> bool {
    let at = at + usize::from(stream.at(at) == ' ');
    let of = stream.at(at);
    of.is_ascii_lowercase() || matches!(of, '+' | '-' | '?' | 'X' | 'Y')
}

/// A blank inside the string: beside one of its signs, with more of it behind.
fn goes_on(stream: &Stream, blank: usize) -> bool {
    let before = stream.at(blank - 1);
    let after = stream.at(blank + 1);
    let opens = matches!(after, '(' | '[' | '/' | ',' | '+' | '-');
    let aberration =
        ABERRATION.iter().any(|word| word.chars().zip(blank + 1..).all(|(of, at)| stream.at(at) == of));
    (opens && after != '-') && matches!(before, ')' | ']' | ',' | '/' | 'X' | 'Y')
        || (matches!(before, ',' | '/') && aberration)
}

/// Each aberration once, at its first place.
fn aberrations(stream: &Stream, string: Span) -> Vec<Draft> {
    let mut seen: Vec<String> = Vec::new();
    let mut drafts = Vec::new();
    for part in parts(stream, string) {
        let Some(code) = code(&stream.text(part)) else { continue };
        if !seen.contains(&code) {
            seen.push(code.clone());
            drafts.push(aberration(code, part).present());
        }
    }
    drafts
}

pub(super) fn aberration(code: String, span: Span) -> Draft {
    Draft::new("bio.aberration", span, "genetics.aberration")
        .value(Value::Code(code))
        .word(Attr::Method, "karyotype")
}

/// The parts between commas and slashes outside brackets.
fn parts(stream: &Stream, string: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut depth = 0i32;
    let mut start = string.start;
    for at in string.start..=string.end {
        let of = if at == string.end { ',' } else { stream.at(at) };
        match of {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' | '/' | '[' if depth == 0 => {
                if at > start {
                    parts.push(stream.trimmed(Span::new(start, at)));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

/// `t(11;14)(q13;q32)` is t(11;14), `del(17)(p13)` is del(17p), `+12` is itself.
pub(super) fn code(part: &str) -> Option<String> {
    let part: String = part.chars().filter(|of| *of != ' ').collect();
    if let Some(rest) = part.strip_prefix(['+', '-']) {
        let whole = matches!(rest, "X" | "Y") || rest.parse::<u8>().is_ok_and(|of| (1..=22).contains(&of));
        return whole.then(|| part.clone());
    }
    let open = part.find('(')?;
    let kind = &part[..open];
    let close = open + part[open..].find(')')?;
    let chromosomes = &part[open + 1..close];
    let bands = part[close + 1..].strip_prefix('(').and_then(|of| of.split(')').next()).unwrap_or_default();
    match kind {
        "t" => Some(format!("t({chromosomes})")),
        "inv" | "ins" => Some(format!("{kind}({chromosomes})")),
        "der" => Some(part[close + 1..].find("t(").map_or_else(
            || format!("der({chromosomes})"),
            |at| {
                let rest = &part[close + 1 + at..];
                format!("der({chromosomes}){}", &rest[..rest.find(')').map_or(rest.len(), |of| of + 1)])
            },
        )),
        "del" | "add" | "dup" | "i" => {
            let arm = bands.chars().next().filter(|of| matches!(of, 'p' | 'q'));
            Some(match arm {
                Some(arm) => format!("{kind}({chromosomes}{arm})"),
                None => format!("{kind}({})", armed(chromosomes)),
            })
        }
        _ => None,
    }
}

/// `17p13` is 17p.
fn armed(locus: &str) -> &str {
    locus.find(['p', 'q']).map_or(locus, |at| &locus[..=at])
}

/// Aberrations written alone, in order: `t(8;14)(q24;q32)`, `del(17p)`.
pub(super) fn alone(stream: &Stream) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    for open in stream.signs_in(Span::new(1, stream.len()), |of| of == '(') {
        if !stream.at(open + 1).is_ascii_alphanumeric() {
            continue;
        }
        let start = (open.saturating_sub(3)..open)
            .find(|at| (*at..open).all(|of| stream.at(of).is_ascii_lowercase()))
            .unwrap_or(open);
        let kind = stream.text(Span::new(start, open));
        let known = matches!(kind.as_str(), "t" | "del" | "add" | "inv" | "dup" | "i" | "der" | "ins");
        let bounded = start == 0 || !stream.at(start - 1).is_ascii_alphanumeric();
        if !known || !bounded || found.last().is_some_and(|(_, last)| start < last.end) {
            continue;
        }
        let Some(close) = closed(stream, open) else { continue };
        if !stream.at(open + 1).is_ascii_digit() && !matches!(stream.at(open + 1), 'X' | 'Y') {
            continue;
        }
        let bands = if stream.at(close) == '(' && matches!(stream.at(close + 1), 'p' | 'q') {
            closed(stream, close).unwrap_or(close)
        } else {
            close
        };
        let span = Span::new(start, bands);
        if let Some(code) = code(&stream.text(span)) {
            found.push((code, span));
        }
    }
    found
}

/// Behind the bracket that opens at `open`.
fn closed(stream: &Stream, open: usize) -> Option<usize> {
    (open + 1..open + 24).find(|at| stream.at(*at) == ')').map(|at| at + 1)
}

/// `正常核型`, `complex karyotype` where no string is printed.
pub(super) fn named(sheet: &Sheet<'_>, strings: &[Draft]) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let of = |concept: &'static str| {
        sheet.hits(&["bio"], &[Needs::Marker, Needs::Gene]).filter(move |hit| hit.concept.as_str() == concept)
    };
    let says_karyotype = |hit: &&Hit| sheet.says(hit.span, words!["karyotyp", "核型"]);
    let hits = of("bio.complex_karyotype")
        .chain(of("bio.karyotype").filter(says_karyotype))
        .chain(of("bio.karyotype").filter(|hit| !says_karyotype(hit)));
    for hit in hits {
        let complex = hit.concept.as_str() == "bio.complex_karyotype";
        let sentence = sheet.sentence(hit.span.start);
        if strings.iter().any(|of| of.span.overlaps(sentence))
            || drafts.iter().any(|of| of.span.overlaps(sentence))
        {
            continue;
        }
        let around = Span::new(sheet.before(hit.span.start, 16).start, sheet.after(hit.span.end, 18).end);
        let draft = |value: &str| {
            Draft::new("bio.karyotype", hit.span, "genetics.karyotype")
                .value(Value::Code(value.to_owned()))
                .word(Attr::Method, "karyotype")
        };
        if complex || sheet.says(around, words!["复杂", "complex"]) {
            drafts.push(draft("complex"));
        } else if sheet.says(around, words!["待回", "pending", "未回", "awaited", "to follow"]) {
            let pending = draft("").value(Value::None).word(Attr::Status, "pending");
            drafts.push(Draft { assertion: Some(Assertion::Hypothetical), ..pending });
        } else if sheet.says(around, words!["normal", "正常", "未见异常", "未见明显异常", "no abnormality"])
            && !sheet.says(around, words!["abnormal ", "异常核型"])
            && !sheet.says(around, words!["失败", "failed", "无分裂相", "no metaphases"])
        {
            drafts.push(draft("normal").present());
        }
    }
    drafts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;

    fn read(text: &str) -> Option<String> {
        let mut stream = Stream::default();
        stream.push_line(LinePlace::new(0, 0), text);
        let at = (3..stream.len()).find(|at| begins(&stream, *at))?;
        string(&stream, at).map(|span| stream.text(span))
    }

    #[test]
    fn a_string_ends_where_the_sentence_goes_on() {
        let text = "46,XX,t(11;14)(q13;q32),del(17)(p13)[8]/46,XX[12]";
        assert_eq!(read(&format!("Karyotype: {text}.")).as_deref(), Some(text));
        assert_eq!(read("核型46,XY，FISH提示17p-").as_deref(), Some("46,XY"));
        assert_eq!(read("46, XY, t(14;18) (q32;q21) [8] / 46,XY [12] seen").map(|of| of.len()), Some(43));
        assert_eq!(read("46,XX[20]；FISH：阴性").as_deref(), Some("46,XX[20]"));
    }

    #[test]
    fn an_aberration_has_its_short_name() {
        for (printed, name) in [
            ("t(11;14)(q13;q32)", Some("t(11;14)")),
            ("del(17)(p13)", Some("del(17p)")),
            ("del(17p13)", Some("del(17p)")),
            ("add(17)(p11.2)", Some("add(17p)")),
            ("i(17)(q10)", Some("i(17q)")),
            ("+12", Some("+12")),
            ("-Y", Some("-Y")),
            ("der(14)t(14;18)(q32;q21)", Some("der(14)t(14;18)")),
            ("+mar", None),
            ("idem", None),
        ] {
            assert_eq!(code(printed).as_deref(), name, "{printed}");
        }
    }
}
