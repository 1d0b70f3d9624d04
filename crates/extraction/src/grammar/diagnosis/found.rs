//! The day a lymphoma was found, and how long it has been known.
//!
//! ## Reads
//! `2019-03确诊DLBCL`, "diagnosed in March 2019", "CLL since 2012", `FL 2016`, "found incidentally in the summer of 2014",
//! `上个月查出来`; `CLL病史6年`, `慢淋10年`.
//!
//! ## Leaves alone
//! A diagnosis without a day; the day of a relative's diagnosis; a period (`2009-2022`).

use crate::{
    dates::DateMention,
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Span, is_han},
    vocabulary::diagnosis::{DURATION_GLUE, HEADING_BEFORE, HEADING_BEHIND, SINCE_NOUN, SINCE_STATE, WEAK},
};
use cartulary_model::{
    Experiencer, PartialDate,
    fact::{Attr, AttrValue},
};

/// Events of diagnosis that have a day.
pub(super) fn read(sheet: &Sheet<'_>, diagnoses: &[Draft]) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for candidate in sheet.candidates.iter().filter(|of| of.hit.concept.as_str() == "event.diagnosis") {
        let word = candidate.hit.span;
        if is_heading(sheet, word) || is_weak(sheet, word) && !names_lymphoma(sheet, word, diagnoses) {
            continue;
        }
        let dated = date_of(sheet, word).map(|of| (of.date, of.span, of.season));
        let bare = || {
            bare_year(sheet, word.end)
                .filter(|(_, span)| hangs(sheet, word.end, span.start))
                .map(|(date, span)| (date, span, false))
        };
        let Some((date, span, season)) = dated.or_else(bare).filter(|_| is_of_patient(sheet, word)) else {
            continue;
        };
        let mut draft = Draft::new("event.diagnosis", word.to(span), "diagnosis.found").named_at(word);
        draft.date = Some((date, span));
        if season {
            draft.set(Attr::DatePrecision, AttrValue::Text("season".into()));
        }
        drafts.push(draft);
    }
    for diagnosis in diagnoses.iter().filter(|of| of.rule == "diagnosis.name") {
        let told =
            drafts.iter().any(|of| sheet.sentence(of.span.start) == sheet.sentence(diagnosis.span.start));
        let Some((date, span)) =
            since(sheet, diagnosis.span).filter(|_| !told && is_of_patient(sheet, diagnosis.name))
        else {
            continue;
        };
        let mut draft = Draft::new("event.diagnosis", diagnosis.span.to(span), "diagnosis.since")
            .named_at(diagnosis.name);
        draft.date = Some((date, span));
        drafts.push(draft);
    }
    once_a_day(drafts)
}

/// `入院诊断:`, `病理诊断`: a heading.
fn is_heading(sheet: &Sheet<'_>, word: Span) -> bool {
    let stream = &sheet.stream;
    let plain = stream.reads(word.start, "诊断") && word.end - word.start == 2;
    plain
        && (stream.at(word.end) == ':'
            || HEADING_BEFORE.iter().any(|of| stream.reads_back(word.start, of).is_some())
            || HEADING_BEHIND.iter().any(|of| stream.reads(word.end, of)))
}

/// Words that tell of other findings too.
fn is_weak(sheet: &Sheet<'_>, word: Span) -> bool {
    WEAK.iter().any(|of| sheet.stream.reads(word.start, of))
}

/// A lymphoma in the same sentence, or no other disease there; `确诊乳腺癌` is another day.
fn names_lymphoma(sheet: &Sheet<'_>, word: Span, diagnoses: &[Draft]) -> bool {
    let sentence = sheet.sentence(word.start);
    let inside = |span: Span| span.start >= sentence.start && span.end <= sentence.end;
    let own = diagnoses.iter().any(|of| of.rule == "diagnosis.name" && inside(of.span));
    let other = sheet.candidates.iter().any(|of| {
        of.hit.concept.is("com") && inside(of.hit.span) && of.hit.span.start.abs_diff(word.end) <= 12
    });
    let strong = ["确诊", "病理确诊", "was diagnosed", "found incidentally"];
    !other && (own || strong.iter().any(|of| sheet.stream.reads(word.start, of)))
}

fn once_a_day(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        if !kept.iter().any(|of| of.date == draft.date) {
            kept.push(draft);
        }
    }
    kept
}

fn is_of_patient(sheet: &Sheet<'_>, word: Span) -> bool {
    let reading = sheet.modifiers.read(word);
    let own = match reading.experiencer {
        Experiencer::Patient => true,
        Experiencer::Family => sheet.is_kind(&["sec.doc_message"]),
        Experiencer::Donor | Experiencer::Other => false,
    };
    own && reading.assertion == cartulary_model::Assertion::Present
        && !sheet.is_under(word.start, &["sec.sec_family"])
}

/// The date that stands with the word: directly behind it, else the last before it in the clause, else the next one of the clause.
fn date_of<'s>(sheet: &'s Sheet<'_>, word: Span) -> Option<&'s DateMention> {
    const REACH: usize = 60;
    let sentence = sheet.sentence(word.start);
    let ends = |at: &usize| matches!(sheet.stream.at(*at), ',' | ';' | CELL | BREAK | '。');
    let start = (sentence.start.max(word.start.saturating_sub(REACH))..word.start)
        .rev()
        .find(ends)
        .map_or(sentence.start.max(word.start.saturating_sub(REACH)), |at| at + 1);
    let end = (word.end..sentence.end.min(word.end + REACH))
        .find(ends)
        .unwrap_or(sentence.end.min(word.end + REACH));
    let hung = sheet.mentions.iter().find(|of| {
        of.span.start >= word.end
            && of.span.start <= word.end + 9
            && of.span.start < end
            && hangs(sheet, word.end, of.span.start)
    });
    let before = sheet.mentions.iter().rev().find(|of| of.span.end <= word.start && of.span.start >= start);
    let after = sheet
        .mentions
        .iter()
        .find(|of| of.span.start >= word.end && of.span.end <= end && is_told_behind(sheet, word, of));
    hung.or(before).or(after)
}

fn hangs(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    let glue = sheet.stream.lower_text(Span::new(from, to));
    matches!(
        glue.trim(),
        "" | "in"
            | "on"
            | "于"
            | ":"
            | "("
            | "since"
            | "in early"
            | "in late"
            | "back in"
            | "was"
            | "is"
            | "日期:"
            | "时间:"
            | "日期"
    )
}

/// "diagnosed with DLBCL last year", "diagnosed with FL in 2016": English tells the day behind the disease.
fn is_told_behind(sheet: &Sheet<'_>, word: Span, mention: &DateMention) -> bool {
    let between = sheet.stream.lower_text(Span::new(word.end, mention.span.start));
    let english = !is_han(sheet.stream.at(word.end.saturating_sub(1)));
    english
        && !["relaps", "progress", "treat", "start", "receiv", "then", "transform", "biops", "died"]
            .iter()
            .any(|other| between.contains(other))
}

/// "CLL since 2012", `FL 2016`, "NLPHL in 1998,": the year hangs on the name.
fn since(sheet: &Sheet<'_>, name: Span) -> Option<(PartialDate, Span)> {
    const WORDS: [&str; 10] = [
        "since",
        "in",
        "",
        "known since",
        "diagnosed in",
        "from",
        "first diagnosed in",
        "originally diagnosed in",
        "found in",
        "(",
    ];
    let stream = &sheet.stream;
    if is_han(stream.at(name.end.saturating_sub(1))) {
        return None;
    }
    let mention =
        sheet.mentions.iter().find(|of| of.span.start >= name.end && of.span.start <= name.end + 24);
    if mention.is_some_and(|of| of.until.is_some()) {
        return None;
    }
    let (date, span) = mention
        .filter(|of| !of.relative)
        .map(|of| (of.date, of.span))
        .or_else(|| bare_year(sheet, name.end))?;
    let glue = stream.lower_text(Span::new(name.end, span.start));
    let hung = WORDS.contains(&glue.trim()) && !glue.contains(BREAK);
    let period = matches!(stream.at(span.end), '-' | '~' | '/');
    let state = stream.reads_back_any(name.start, SINCE_STATE);
    let noun = stream.reads_any(span.end, SINCE_NOUN);
    (hung && !period && !state && !noun).then_some((date, span))
}

/// A year that stands alone behind a name.
fn bare_year(sheet: &Sheet<'_>, from: usize) -> Option<(PartialDate, Span)> {
    let stream = &sheet.stream;
    let at = (from..from + 14).find(|at| stream.at(*at).is_ascii_digit())?;
    let digits = (at..at + 5).take_while(|of| stream.at(*of).is_ascii_digit()).count();
    let year: i16 = stream.text(Span::new(at, at + digits)).parse().ok()?;
    let fits = digits == 4 && (1960..2100).contains(&year) && !stream.at(at + 4).is_ascii_alphanumeric();
    PartialDate::from_year(year).filter(|_| fits).map(|date| (date, Span::new(at, at + 4)))
}

/// `病史6年`, `10年`, "for 8 years" directly behind a name: years and where they end.
pub(super) fn duration(sheet: &Sheet<'_>, from: usize) -> Option<(String, usize)> {
    let stream = &sheet.stream;
    let mut at = from;
    for _ in 0..4 {
        match DURATION_GLUE.iter().find(|word| stream.reads(at, word)) {
            Some(word) => at += word.chars().count(),
            None => break,
        }
    }
    let number = number::number_at(stream, at)
        .filter(|of| (1.0..=60.0).contains(&of.value) && of.value.fract() == 0.0)?;
    let end = number.span.end + usize::from(matches!(stream.at(number.span.end), '余' | '多'));
    let (unit, length) = [("个月", "mo"), ("年", "a"), (" years", "a"), (" year", "a"), (" months", "mo")]
        .iter()
        .find(|(word, _)| stream.reads(end, word))
        .map(|(word, unit)| (*unit, word.chars().count()))?;
    let after = end + length;
    let dated = matches!(stream.at(after), '前' | '后')
        || stream.at(after).is_ascii_digit()
        || stream.reads(after, " ago")
        || stream.reads(after, "起")
        || stream.reads(after, " later")
        || stream.reads(after, " after");
    (!dated).then(|| (format!("{} {unit}", number.value), after))
}
