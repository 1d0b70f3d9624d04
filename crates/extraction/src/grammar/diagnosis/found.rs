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
};
use cartulary_model::Experiencer;

/// Events of diagnosis that have a day.
pub(super) fn read(sheet: &Sheet<'_>, diagnoses: &[Draft]) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for candidate in sheet.candidates.iter().filter(|of| of.hit.concept.as_str() == "event.diagnosis") {
        let word = candidate.hit.span;
        let Some(mention) = date_of(sheet, word).filter(|_| is_of_patient(sheet, word)) else { continue };
        let mut draft =
            Draft::new("event.diagnosis", word.to(mention.span), "diagnosis.found").named_at(word);
        draft.date = Some((mention.date, mention.span));
        drafts.push(draft);
    }
    for diagnosis in diagnoses.iter().filter(|of| of.rule == "diagnosis.name") {
        let told =
            drafts.iter().any(|of| sheet.sentence(of.span.start) == sheet.sentence(diagnosis.span.start));
        let Some(mention) =
            since(sheet, diagnosis.span).filter(|_| !told && is_of_patient(sheet, diagnosis.name))
        else {
            continue;
        };
        let mut draft = Draft::new("event.diagnosis", diagnosis.span.to(mention.span), "diagnosis.since")
            .named_at(diagnosis.name);
        draft.date = Some((mention.date, mention.span));
        drafts.push(draft);
    }
    once_a_day(drafts)
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
fn since<'s>(sheet: &'s Sheet<'_>, name: Span) -> Option<&'s DateMention> {
    let stream = &sheet.stream;
    let mention =
        sheet.mentions.iter().find(|of| of.span.start >= name.end && of.span.start <= name.end + 20)?;
    let glue = stream.lower_text(Span::new(name.end, mention.span.start));
    let words = [
        "since",
        "in",
        "",
        "known since",
        "diagnosed in",
        "from",
        "first diagnosed in",
        "originally diagnosed in",
        "found in",
    ];
    let hung = words.contains(&glue.trim())
        && !glue.contains(BREAK)
        && !is_han(stream.at(name.end.saturating_sub(1)));
    let period = matches!(stream.at(mention.span.end), '-' | '~' | '/');
    let state = ["relapsed ", "transformed ", "recurrent ", "progressive ", "refractory ", "to ", "for "]
        .iter()
        .any(|word| stream.reads_back(name.start, word).is_some());
    (hung && !period && !state && !mention.relative).then_some(mention)
}

/// `病史6年`, `10年`, "for 8 years" directly behind a name: years and where they end.
pub(super) fn duration(sheet: &Sheet<'_>, from: usize) -> Option<(String, usize)> {
    let stream = &sheet.stream;
    let glue = [" ", "病史", "史", "(", "已", "近", "约", "余", "for ", "患病", "确诊", "诊断"];
    let mut at = from;
    for _ in 0..4 {
        match glue.iter().find(|word| stream.reads(at, word)) {
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
