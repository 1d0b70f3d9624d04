//! The five markers of hepatitis B as a panel, and results given in the order of their names.
//!
//! ## Reads
//! `乙肝五项 - + - - +`, `两对半：1、4、5阳性`, `大三阳`, `HBsAg / anti-HBs / HBeAg: neg / pos / neg`, names over a row
//! of signs, `余乙肝四项阴性` for the markers that were not named.
//!
//! ## References
//! The fixed order of Chinese sheets (乙肝五项, 两对半): HBsAg, HBsAb, HBeAg, HBeAb, HBcAb.

use super::{Name, serology, signs::Reported};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::lab::SKIP_LEAD,
    words::words,
};
use cartulary_model::{Value, fact::Sign};

/// The fixed order of the panel.
const FIVE: [&str; 5] = ["lab.hbsag", "lab.anti_hbs", "lab.hbeag", "lab.anti_hbe", "lab.anti_hbc"];

/// Panels and lists that are read as a whole; the names they hold are not read again.
pub(super) fn read(sheet: &Sheet<'_>, names: &[Name]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for name in names {
        // `1、4、5阳性(小三阳)` says it twice.
        let said = drafts.last().is_some_and(|of: &Draft| of.span.end + 2 >= name.span().start);
        match name.id() {
            "lab.hbv_five" => drafts.extend(five(sheet, name.span())),
            "lab.hbv_big" | "lab.hbv_small" if said => {}
            "lab.hbv_big" => drafts.extend(pattern(name.span(), &[0, 2, 4])),
            "lab.hbv_small" => drafts.extend(pattern(name.span(), &[0, 3, 4])),
            _ => {}
        }
    }
    drafts.extend(parallel(sheet, names));
    drafts
}

/// `大三阳`: 1, 3 and 5 are positive; of the others nothing is said.
fn pattern(span: Span, positive: &[usize]) -> Vec<Draft> {
    positive.iter().map(|index| marker(FIVE[*index], span, span, Sign::Positive, "lab.panel")).collect()
}

fn marker(id: &str, name: Span, span: Span, sign: Sign, rule: &'static str) -> Draft {
    let mut draft = Draft::new(id, span, rule).named_at(name).value(Value::Sign(sign));
    if !matches!(rule, "lab.panel") {
        draft = draft.present();
    }
    draft
}

/// Five signs in the fixed order, or the numbers of the positive ones.
fn five(sheet: &Sheet<'_>, name: Span) -> Vec<Draft> {
    let begin = skip_lead(sheet, name.end);
    let signs = signs(sheet, begin, 5);
    if let ([first, .., last], 5) = (&signs[..], signs.len()) {
        let span = Span::new(first.1.start, last.1.end);
        let read = FIVE.iter().zip(&signs).filter_map(|(id, (reported, _))| {
            reported.sign().map(|sign| marker(id, name, span, sign, "lab.panel_signs"))
        });
        return read.collect();
    }
    let each = numbered_each(sheet, name, begin);
    if each.is_empty() { numbered(sheet, name, begin) } else { each }
}

/// `1(-)2(+)3(-)4(-)5(+)`, `1阴2阳`: each place of the order with its own sign.
fn numbered_each(sheet: &Sheet<'_>, name: Span, begin: usize) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut at = begin;
    let mut read: Vec<(usize, Reported, Span)> = Vec::new();
    while let Some(place) = stream.at(at).to_digit(10).filter(|of| (1..=5).contains(of)) {
        let mut sign = at + 1;
        while matches!(stream.at(sign), '.' | '、' | ':' | ' ') {
            sign += 1;
        }
        let Some((reported, end)) = sign_at(sheet, sign) else { break };
        read.push((place as usize - 1, reported, Span::new(at, end)));
        at = end;
        while matches!(stream.at(at), ' ' | ',' | '、' | ';' | '/') {
            at += 1;
        }
    }
    let rising = read.windows(2).all(|pair| pair[0].0 < pair[1].0);
    if read.len() < 2 || !rising {
        return Vec::new();
    }
    let signs = read.into_iter().filter_map(|(place, reported, span)| {
        reported.sign().map(|sign| Draft {
            cues: vec![span],
            ..marker(FIVE[place], name, span, sign, "lab.panel_signs")
        })
    });
    signs.collect()
}

/// `1、4、5阳性`, `145(+)`: which of the five are positive.
fn numbered(sheet: &Sheet<'_>, name: Span, begin: usize) -> Vec<Draft> {
    let stream = &sheet.stream;
    let mut at = begin;
    let mut places = Vec::new();
    while matches!(stream.at(at), '1'..='5' | ',' | '、' | ' ' | '第' | '.' | '/' | '和' | '及') {
        places.extend(stream.at(at).to_digit(10).map(|of| of as usize - 1));
        at += 1;
    }
    while matches!(stream.at(at), '项' | '均' | '为' | '(') && stream.at(at + 1) != '+' {
        at += 1;
    }
    let rising = places.windows(2).all(|pair| pair[0] < pair[1]);
    let Some((Reported::Positive, end)) = sign_at(sheet, at).filter(|_| rising && !places.is_empty()) else {
        return Vec::new();
    };
    let span = Span::new(begin, end);
    places.iter().map(|place| marker(FIVE[*place], name, span, Sign::Positive, "lab.panel_signs")).collect()
}

/// As many results as names, in the same order: `A / B / C: neg / pos / neg`, or a row of signs under the names.
fn parallel(sheet: &Sheet<'_>, names: &[Name]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut start = 0;
    while start < names.len() {
        let mut end = start + 1;
        while end < names.len()
            && names[end].is_serology()
            && names[end - 1].is_serology()
            && is_beside(sheet, names[end - 1].span().end, names[end].span().start)
        {
            end += 1;
        }
        let run = &names[start..end];
        start = end;
        if run.len() < 2 {
            continue;
        }
        let begin = skip_lead(sheet, run[run.len() - 1].span().end);
        let signs = signs(sheet, begin, run.len());
        if signs.len() == run.len() {
            drafts.extend(run.iter().zip(signs).filter_map(|(name, (reported, span))| {
                let draft = marker(name.id(), name.span(), name.span(), reported.sign()?, "lab.parallel");
                Some(Draft { cues: vec![span], ..draft })
            }));
        }
    }
    drafts
}

fn is_beside(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    let glue = sheet.stream.text(Span::new(from.min(to), to));
    glue.chars().all(|of| matches!(of, ' ' | '/' | ',' | '、' | '|' | CELL | '+'))
        && glue.chars().count() <= 4
}

/// Past `：`, `结果`, `依次为`, quotes and one line break between names and signs.
fn skip_lead(sheet: &Sheet<'_>, from: usize) -> usize {
    let stream = &sheet.stream;
    let mut at = from;
    let mut breaks = 0;
    loop {
        let before = at;
        at = order_told(sheet, at).unwrap_or(at);
        while matches!(stream.at(at), ' ' | ':' | '"' | CELL | '=' | '|')
            || (stream.at(at) == '(' && matches!(stream.at(at + 2), '、' | '/' | ',' | ' ' | '+' | '-'))
            || (stream.at(at) == BREAK && breaks == 0 && at < stream.len())
        {
            breaks += usize::from(stream.at(at) == BREAK);
            at += 1;
        }
        if let Some(word) = SKIP_LEAD.iter().find(|word| stands(sheet, at, word)) {
            at += word.chars().count();
        }
        if at == before {
            return at;
        }
    }
}

/// The end of a bracket that only says in which order the signs come, or how it was tested: `(1-5项依次)`, `(定性)`.
fn order_told(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    const LONGEST: usize = 24;
    let stream = &sheet.stream;
    let close = (at..at + LONGEST).find(|of| stream.at(*of) == ')').filter(|_| stream.at(at) == '(')?;
    let inside = Span::new(at, close);
    sheet.says(inside, words!["依次", "顺序", "1-5", "1~5", "in order", "定性", "定量"]).then_some(close + 1)
}

fn stands(sheet: &Sheet<'_>, at: usize, word: &str) -> bool {
    word.chars().zip(at..).all(|(of, place)| sheet.stream.lower.get(place) == Some(&of))
}

/// Signs side by side, at most `most` and none behind them.
fn signs(sheet: &Sheet<'_>, begin: usize, most: usize) -> Vec<(Reported, Span)> {
    let mut found = Vec::new();
    let mut at = begin;
    while let Some((reported, end)) = sign_at(sheet, at) {
        found.push((reported, Span::new(at, end)));
        at = end;
        while matches!(sheet.stream.at(at), ' ' | '/' | ',' | '、' | '|' | CELL) {
            at += 1;
        }
        if found.len() > most {
            return Vec::new();
        }
    }
    found
}

/// One sign at exactly this place: `(+)`, `-`, `阳`, `neg`, `NR`.
fn sign_at(sheet: &Sheet<'_>, at: usize) -> Option<(Reported, usize)> {
    const WORDS: [(&str, Reported); 20] = [
        ("(+)", Reported::Positive),
        ("(-)", Reported::Negative),
        ("(±)", Reported::Equivocal),
        ("阳性", Reported::Positive),
        ("阴性", Reported::Negative),
        ("(阳)", Reported::Positive),
        ("(阴)", Reported::Negative),
        ("阳", Reported::Positive),
        ("阴", Reported::Negative),
        ("non-reactive", Reported::Negative),
        ("nonreactive", Reported::Negative),
        ("reactive", Reported::Positive),
        ("not detected", Reported::Negative),
        ("detected", Reported::Positive),
        ("positive", Reported::Positive),
        ("negative", Reported::Negative),
        ("pos", Reported::Positive),
        ("neg", Reported::Negative),
        ("nr", Reported::Negative),
        ("r", Reported::Positive),
    ];
    let stream = &sheet.stream;
    for (word, reported) in WORDS {
        let end = at + word.chars().count();
        let latin = word.starts_with(|of: char| of.is_ascii_alphabetic());
        if stands(sheet, at, word) && !(latin && stream.at(end).is_ascii_alphanumeric()) {
            return Some((reported, end));
        }
    }
    match (stream.at(at), stream.at(at + 1)) {
        ('-', of) if of.is_alphanumeric() || of == '>' => None,
        ('+', _) => Some((Reported::Positive, at + 1)),
        ('-', _) => Some((Reported::Negative, at + 1)),
        ('±', _) => Some((Reported::Equivocal, at + 1)),
        _ => None,
    }
}

/// `乙肝五项均阴性` says it of all five, `余乙肝四项阴性` of those that the sentence did not name.
pub(super) fn expand(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let is_group = |draft: &Draft| matches!(draft.concept.as_str(), "lab.hbv_five" | "lab.hbv_rest");
    let groups: Vec<Draft> = drafts.iter().filter(|draft| is_group(draft)).cloned().collect();
    drafts.retain(|draft| !is_group(draft));
    keep_written_out(sheet, drafts);
    for group in groups {
        let sentence = sheet.sentence(group.name.start);
        let named: Vec<&str> = FIVE
            .into_iter()
            .filter(|id| {
                let here = |draft: &&Draft| {
                    let own = draft.experiencer == group.experiencer;
                    own && sentence.start <= draft.name.start && draft.name.start < sentence.end
                };
                drafts.iter().filter(here).any(|draft| draft.concept.as_str() == *id)
            })
            .collect();
        let rest = group.concept.as_str() == "lab.hbv_rest";
        let negative = group.value == Value::Sign(Sign::Negative);
        // "the others" without one that was named, and five positive results at once, are nothing to rely on.
        if !negative
            || serology::is_awaited(&group)
            || (rest && named.is_empty())
            || (!rest && !named.is_empty())
        {
            continue;
        }
        let missing: Vec<&str> = FIVE.into_iter().filter(|id| !named.contains(id)).collect();
        drafts.extend(missing.into_iter().map(|id| Draft { concept: id.into(), ..group.clone() }));
    }
}

/// `HBsAg(+) HBeAg(+) HBcAb(+)，即大三阳`: the name of the pattern adds nothing to what is written out.
fn keep_written_out(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let written: Vec<(Span, String)> = drafts
        .iter()
        .filter(|draft| draft.rule != "lab.panel" && FIVE.contains(&draft.concept.as_str()))
        .map(|draft| (sheet.sentence(draft.name.start), draft.concept.to_string()))
        .collect();
    drafts.retain(|draft| {
        let own = sheet.sentence(draft.name.start);
        draft.rule != "lab.panel"
            || !written.iter().any(|(of, id)| *of == own && id == draft.concept.as_str())
    });
}

/// "RPR 1:8, TPHA positive: syphilis POSITIVE": the conclusion stands for the tests it draws on.
pub(super) fn keep_summary(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let conclusions: Vec<(Span, Span)> = drafts
        .iter()
        .filter(|draft| draft.concept.as_str() == "lab.tp_ab")
        .filter(|draft| {
            let before = sheet.stream.text(sheet.before(draft.name.start, 2));
            before.trim_end().ends_with(':') || before.trim_end().ends_with('=')
        })
        .map(|draft| (draft.name, sheet.sentence(draft.name.start)))
        .collect();
    drafts.retain(|draft| {
        let test = matches!(draft.concept.as_str(), "lab.tp_ab" | "lab.rpr");
        !(test
            && conclusions
                .iter()
                .any(|(name, sentence)| sentence.start <= draft.name.start && draft.name.start < name.start))
    });
}
