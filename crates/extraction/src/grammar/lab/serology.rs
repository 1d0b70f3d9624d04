//! Serology and viral loads: results in words and signs, alone or shared by a list, and numbers against a limit.

use super::{
    Name, VIRAL_LOAD,
    flag::flag_at,
    row::{Cells, outside_brackets},
    sign_before::{attribute, attributed_sign, leading_sign},
    signs::{Reported, final_sign, immunity, misspelt_sign, unremarkable},
    status,
};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{CELL, Hit, Span, is_han},
    vocabulary::lab::{DEFINITION_COUNTS, EARLIER_SIGN_LEADS, LIMIT_WORDS, STATUS_UNOBTAINED},
    words::{List, Place, coded, words},
};
use cartulary_model::{
    Assertion, Comparator, Experiencer, Temporality, Value,
    fact::{Attr, Sign},
};

/// What the words behind a name say.
pub(super) enum Outcome {
    /// Results, or that one is awaited.
    Said(Vec<Draft>),
    /// That there is none.
    Unsaid,
    /// Nothing.
    Silent,
}

/// `阴性`, `(+)`, "not detected", "non-reactive", `NR` in the row; awaited, or not done.
pub(super) fn result(sheet: &Sheet<'_>, name: &Name, limit: usize) -> Outcome {
    let hit = &name.hit;
    // `余阴性` names and says at once.
    let from = if name.id() == "lab.hbv_rest" { hit.span.start } else { hit.span.end };
    let window = Span::new(from, limit.min(hit.span.end + 70).max(hit.span.end));
    if is_awaited_for_a_plan(sheet, hit.span.start) {
        return Outcome::Unsaid;
    }
    if let Some((sign, span)) = attributed_sign(sheet, hit.span.start) {
        let draft = Draft::new(name.id(), span.to(hit.span), "lab.sign_before")
            .named_at(hit.span)
            .value(Value::Sign(sign))
            .present();
        return Outcome::Said(vec![draft]);
    }
    let found = glued_sign(sheet, hit).map(|of| (of, false)).or_else(|| {
        final_sign(sheet, window)
            .or_else(|| immunity(sheet, hit, window))
            .or_else(|| unremarkable(sheet, name, window))
            .map(|of| (of, false))
            .or_else(|| misspelt_sign(sheet, window).map(|of| (of, true)))
    });
    let said = found.filter(|((reported, _), _)| *reported != Reported::Pending);
    let before_sign =
        Span::new(window.start, said.map_or(window.end, |((_, span), _)| span.start).max(window.start));
    if let Some(draft) = status::pending(sheet, name, before_sign.end) {
        return Outcome::Said(vec![draft]);
    }
    if status::is_unobtained(sheet, before_sign) || sheet.says(window_head(before_sign), STATUS_UNOBTAINED) {
        return Outcome::Unsaid;
    }
    let Some(((reported, span), misspelt)) = found else { return Outcome::Silent };
    let Some(sign) = reported.sign() else { return Outcome::Unsaid };
    if !is_of_the_name(sheet, hit, span) {
        return Outcome::Silent;
    }
    let sign = match limit_in_bracket(sheet, hit, sign, span) {
        None => sign,
        Some(sign) if name.is_serology() => sign,
        Some(_) => return Outcome::Silent,
    };
    let sign =
        if sign == Sign::Positive && is_found_false(sheet, name, span.end) { Sign::Negative } else { sign };
    let between = sheet.stream.text(Span::new(hit.span.end.min(span.start), span.start));
    if is_definition(&between) {
        return Outcome::Unsaid;
    }
    // `HBsAg阳性率高的地区`: of a population.
    if sheet.stream.at(span.end) == '率' {
        return Outcome::Unsaid;
    }
    if VIRAL_LOAD.contains(&name.id()) && sign == Sign::Positive {
        // "CMV PCR positive at 1,850 IU/mL": the number tells more.
        let led = sheet.stream.words_at(span.end, words![" at ", " with ", ", ", " (", ": "]).next_back();
        let counted = led.filter(|of| {
            sheet.stream.at(of.end() + usize::from(sheet.stream.at(of.end()) == '<')).is_ascii_digit()
        });
        let cells = counted.and_then(|_| Cells::read(sheet, hit, limit)).filter(|of| of.unit.is_some());
        if let Some(cells) = cells {
            return Outcome::Said(vec![cells.draft(sheet, hit)]);
        }
    }
    if VIRAL_LOAD.contains(&name.id()) && has_value(sheet, hit, limit) {
        return Outcome::Silent;
    }
    let closing = usize::from(sheet.stream.at(span.end) == ')' && between.contains('('));
    // A mark behind the result belongs to its words: `2350.00 COI 反应性 ↑`.
    let behind = span.end + closing + usize::from(sheet.stream.at(span.end + closing) == ' ');
    let mark = flag_at(sheet, behind)
        .filter(|(_, after)| *after <= limit && matches!(sheet.stream.at(behind), '↑' | '↓'));
    let end = mark.map_or(span.end + closing, |(_, after)| after);
    let mut draft = Draft::new(name.id(), Span::new(hit.span.start, end), "lab.sign")
        .named_at(hit.span)
        .value(Value::Sign(sign))
        .present()
        .confidence(0.95);
    if misspelt || name.misspelt {
        draft.marks_repair();
    }
    Outcome::Said(with_conversion(sheet, hit, draft, span))
}

/// "HIV screen reactive; Western blot negative: false positive": called so behind a confirming test that was negative. A doubt
/// ("possible false positive", "to rule out a false positive") leaves the screen as it is.
fn is_found_false(sheet: &Sheet<'_>, name: &Name, from: usize) -> bool {
    const REACH: usize = 150;
    let stream = &sheet.stream;
    let behind = sheet.within(Span::new(from, from + REACH));
    let called = words!["false positive", "false-positive", "为假阳性"];
    let Some(word) = stream.words_in(behind, called).next().filter(|_| name.id() == "lab.hiv") else {
        return false;
    };
    let lead = Span::new(from, word.start());
    let confirmed = words![
        "blot negative",
        "blot was negative",
        "immunoblot negative",
        "assay negative",
        "assay was negative",
        "confirmatory test negative",
        "confirmatory test was negative",
        "确证试验阴性",
        "确证阴性"
    ];
    let doubts = words![
        "possible", "possibly", "probable", "probably", "likely", "?", "may ", "might ", "rule out",
        "exclude", "pending", "awaited", "not ", "no ", "donor", "考虑", "疑", "除外", "排除", "可能", "待",
        "供者", "不"
    ];
    sheet.says(lead, confirmed) && !sheet.says(Span::new(from, word.end()), doubts)
}

/// Behind a number with its comparator a bracket that holds nothing but a limit and a result word says what counts as such:
/// `8.94 S/CO [<1.00 non-reactive]`, "0.38 (neg <1.0)". What the number then is; nothing where the bracket says more, or no
/// number stands right behind the name.
fn limit_in_bracket(sheet: &Sheet<'_>, hit: &Hit, sign: Sign, word: Span) -> Option<Sign> {
    const LONGEST: usize = 30;
    const APART: usize = 4;
    let stream = &sheet.stream;
    let near = hit.span.end.max(word.start.saturating_sub(LONGEST));
    let open = (near..word.start).rev().find(|at| matches!(stream.at(*at), '(' | '[' | ')' | ']'))?;
    let close = (word.end..word.end + LONGEST).find(|at| matches!(stream.at(*at), ')' | ']' | '(' | '['))?;
    if !matches!(stream.at(open), '(' | '[') || !matches!(stream.at(close), ')' | ']') {
        return None;
    }
    let mark = (open..close).find(|at| matches!(stream.at(*at), '<' | '>' | '≤' | '≥'))?;
    let equal = mark + 1 + usize::from(stream.at(mark + 1) == '=');
    let bound = number::number_behind(stream, equal + usize::from(stream.at(equal) == ' '))?.value;
    let bare = sheet.stream.lower_text(Span::new(open + 1, close)).to_owned();
    let bare = LIMIT_WORDS.iter().fold(bare, |bare, word| bare.replace(word, " "));
    if bare.chars().any(char::is_alphabetic) {
        return None;
    }
    let number = Cells::read(sheet, hit, open)?.number;
    let lead = outside_brackets(stream.lower_text(Span::new(hit.span.end, number.span.start)));
    // A titre `1:80`, "1st sample".
    let titre = (hit.span.end + 1..open).any(|at| stream.at(at) == ':' && stream.at(at - 1).is_ascii_digit())
        || number.span.end > open
        || stream.reads_any(number.span.end, words!["st ", "nd ", "rd ", "th "]);
    if titre || lead.chars().filter(|of| of.is_alphabetic()).count() > APART {
        return None;
    }
    let below = matches!(stream.at(mark), '<' | '≤');
    let within = match number.comparator {
        Comparator::Less | Comparator::AtMost => below.then_some(number.value <= bound)?,
        Comparator::Greater | Comparator::AtLeast => (!below).then_some(number.value >= bound)?,
        Comparator::Equal if below => number.value < bound,
        Comparator::Equal => number.value > bound,
    };
    match (within, sign) {
        (true, sign) => Some(sign),
        (false, Sign::Positive) => Some(Sign::Negative),
        (false, Sign::Negative) => Some(Sign::Positive),
        (false, _) => None,
    }
}

/// `HBeAb为竞争法,S/CO≤1.00为阳性`: what counts as positive is no result.
fn is_definition(between: &str) -> bool {
    let limit = between.contains(['≤', '≥', '<', '>', '＜', '＞']);
    limit && DEFINITION_COUNTS.iter().any(|word| between.trim_end().ends_with(word))
}

fn window_head(window: Span) -> Span {
    Span::new(window.start, window.end.min(window.start + 14))
}

/// `由阳性转阴`, "positive ... turned negative": what it was is a fact of the past.
pub(super) fn with_conversion(sheet: &Sheet<'_>, hit: &Hit, first: Draft, span: Span) -> Vec<Draft> {
    let turned =
        Span::new(span.end, sheet.sentence(span.end.saturating_sub(1)).end.min(span.end + 54).max(span.end));
    let turned = sheet.within(turned);
    let turns = coded![
        Sign;
        ("转阴", Sign::Negative),
        ("转为阴性", Sign::Negative),
        ("变为阴性", Sign::Negative),
        ("转阳", Sign::Positive),
        ("转为阳性", Sign::Positive),
        ("turned negative", Sign::Negative),
        ("became negative", Sign::Negative),
        ("now negative", Sign::Negative),
        ("is negative today", Sign::Negative),
        ("is negative on repeat", Sign::Negative),
        ("was negative on repeat", Sign::Negative),
        ("negative on repeat today", Sign::Negative),
        ("is negative again", Sign::Negative),
        ("is positive now", Sign::Positive),
        ("is negative now", Sign::Negative),
        ("is positive today", Sign::Positive),
        ("转为本次阴性", Sign::Negative),
        ("本次转为阴性", Sign::Negative),
        ("本次阴性", Sign::Negative),
        ("转为本次阳性", Sign::Positive),
        ("now undetectable", Sign::Negative),
        ("became undetectable", Sign::Negative),
        ("now not detected", Sign::Negative),
        ("now non-reactive", Sign::Negative),
        ("转为低于检测下限", Sign::Negative),
        ("降至检测下限以下", Sign::Negative),
        ("降至检测下限", Sign::Negative),
        ("turned positive", Sign::Positive),
        ("now positive", Sign::Positive),
    ];
    let found = sheet.stream.first_inside(turned, turns).into_iter().min_by_key(|of| of.start());
    let same_sentence = |of: &Place| !sheet.says(Span::new(turned.start, of.start()), words!["。", ";"]);
    let Some(turn) = found.filter(same_sentence) else {
        if let Some(later) = super::later::result(sheet, hit, &first, span.end) {
            let replaced = later.temporality != Some(Temporality::Historical);
            let temporality = if replaced { Some(Temporality::Historical) } else { first.temporality };
            return vec![Draft { temporality, ..first }, later];
        }
        let earlier = earlier_sign(sheet, hit, turned);
        return [first].into_iter().chain(earlier).collect();
    };
    let start = turn.start();
    let after = Draft::new(hit.concept.as_str(), turn.span(), "lab.converted")
        .named_at(hit.span)
        .value(Value::Sign(turns.code(turn)))
        .present();
    // "negative in 2022 and is positive now": the day behind the first result is its own.
    let today = sheet.says(turn.span(), words!["now", "today", "repeat", "again"]);
    let date = sheet
        .mentions
        .iter()
        .rev()
        .find(|of| of.span.start >= hit.span.end && of.span.end <= start)
        .filter(|_| !today);
    let after = Draft { date: date.map(|of| (of.date, of.span)), ..after };
    vec![Draft { temporality: Some(Temporality::Historical), ..first }, after]
}

/// "became reactive on 4 February, having been non-reactive on 3 January": the result before the turn.
fn earlier_sign(sheet: &Sheet<'_>, hit: &Hit, behind: Span) -> Option<Draft> {
    const NEAR: usize = 3;
    let behind = sheet.within(behind);
    let from = sheet.stream.first_inside(behind, EARLIER_SIGN_LEADS).first()?.end();
    let (reported, span) = super::signs::first_sign(sheet, Span::new(from, from + 24))?;
    let told = span.start <= from + NEAR && !sheet.says(Span::new(behind.start, from), words!["。", ";"]);
    let date = sheet.mentions.iter().find(|of| of.span.start >= span.end && of.span.start <= span.end + 5);
    let draft = Draft::new(hit.concept.as_str(), date.map_or(span, |of| span.to(of.span)), "lab.before_turn")
        .named_at(hit.span)
        .value(Value::Sign(reported.sign().filter(|_| told)?))
        .present();
    let date = date.map(|of| (of.date, of.span));
    Some(Draft { temporality: Some(Temporality::Historical), date, ..draft })
}

/// Whether a result behind a name is of this name: no sentence and no other name may stand in between.
fn is_of_the_name(sheet: &Sheet<'_>, hit: &Hit, sign: Span) -> bool {
    if sign.start < hit.span.end {
        return true;
    }
    // "HBsAg and a positive anti-HBc": of the name behind it.
    let next = sign.end + usize::from(sheet.stream.at(sign.end) == ' ');
    let is_next = sheet.candidates_in(Span::new(next, next + 1)).iter().any(|of| of.hit.concept.is("lab"));
    if is_next && attribute(sheet, next).is_some() {
        return false;
    }
    let between = sheet.stream.text(Span::new(hit.span.end, sign.start));
    // "Surface antibody 312 mIU/mL with core neg": its own result is the number.
    if between.chars().any(|of| of.is_ascii_digit()) && between.ends_with("core ") {
        return false;
    }
    let words = between.chars().filter(|of| is_han(*of) || of.is_alphabetic()).count();
    let cells = between.contains(CELL);
    let confirmed =
        ["confirm", "reported as", "确证"].iter().any(|word| between.to_lowercase().contains(word));
    confirmed || !(words > 30 || (words > 22 && !cells) || (between.contains(',') && words > 8 && !cells))
}

/// Whether a viral load has a number of its own.
fn has_value(sheet: &Sheet<'_>, hit: &Hit, limit: usize) -> bool {
    Cells::read(sheet, hit, limit).is_some_and(|cells| cells.belongs(sheet, hit, false))
}

/// `HBsAg+`, `HBeAg -`, `HIV: NR`: a sign directly behind the name, nothing behind it.
fn glued_sign(sheet: &Sheet<'_>, hit: &Hit) -> Option<(Reported, Span)> {
    let stream = &sheet.stream;
    let past = |from: usize| {
        (from..stream.len()).find(|at| !matches!(stream.at(*at), ' ' | ':' | CELL)).unwrap_or(stream.len())
    };
    let kinds =
        words!["4th gen", "4th generation", "fourth generation", "screen", "combo", "total", "w/ reflex"];
    let mut at = past(hit.span.end);
    if let Some(kind) = stream.words_at(at, kinds).next_back() {
        at = past(kind.end());
    }
    let letters = (at..at + 3).take_while(|of| stream.at(*of).is_alphanumeric()).count();
    let (reported, end) = match (stream.at(at), stream.at(at + 1), letters) {
        ('N', 'R', 2) => (Reported::Negative, at + 2),
        ('N', 'D', 2) if VIRAL_LOAD.contains(&hit.concept.as_str()) => (Reported::Negative, at + 2),
        ('R', _, 1) if at > hit.span.end => (Reported::Positive, at + 1),
        ('+', _, _) => (Reported::Positive, (at..).find(|of| stream.at(*of) != '+')?),
        // "HBsAg - sample haemolysed"
        ('-', ' ', _) if sheet.says(sheet.after(at, 26), STATUS_UNOBTAINED) => return None,
        ('-', _, _) => (Reported::Negative, at + 1),
        ('±', _, _) => (Reported::Equivocal, at + 1),
        _ => return None,
    };
    let after = stream.at(end);
    let ends = (!after.is_alphanumeric() || is_han(after)) && !matches!(after, '+' | '-' | '>');
    ends.then(|| (reported, Span::new(at, end)))
}

/// A serology value printed as a number with the laboratory's own limit: `HBsAg 0.01 IU/mL <0.05`, `S/CO 0.08 <1.0`.
pub(super) fn titre(sheet: &Sheet<'_>, name: &Name, limit: usize) -> Option<Draft> {
    let hit = &name.hit;
    let cells = Cells::read(sheet, hit, limit)?;
    let sign = sign_of_titre(name.id(), &cells)?;
    if status::is_condition(sheet, hit, &cells) {
        return None;
    }
    let draft = cells.draft(sheet, hit);
    Some(Draft { rule: "lab.titre", ..draft }.value(Value::Sign(sign)).confidence(0.8))
}

/// The printed limit decides; without one the cut-off ratio of 1, or 10 mIU/mL of the protecting antibody.
///
/// Anti-HBe and anti-HBc are often measured by competition, where low is positive: without a limit they stay unread.
fn sign_of_titre(id: &str, cells: &Cells) -> Option<Sign> {
    let (value, comparator) = (cells.number.value, cells.number.comparator);
    let range = cells.reference;
    let unit = cells.unit.as_ref().map(|unit| unit.as_str().to_owned()).unwrap_or_default();
    let inverted = matches!(id, "lab.anti_hbc" | "lab.anti_hbe");
    let exact = comparator == Comparator::Equal;
    if let Some(high) = range.and_then(|of| of.high) {
        let at_most = matches!(comparator, Comparator::Less | Comparator::AtMost) && value <= high;
        let above = matches!(comparator, Comparator::Greater | Comparator::AtLeast) && value >= high;
        return (exact || at_most || above).then_some(if at_most || (exact && value <= high) {
            Sign::Negative
        } else {
            Sign::Positive
        });
    }
    if let Some(low) = range.and_then(|of| of.low).filter(|_| inverted && exact) {
        return Some(if value >= low { Sign::Negative } else { Sign::Positive });
    }
    let cut_off = match (id, unit.as_str()) {
        ("lab.anti_hbs", "m[IU]/mL" | "[IU]/L" | "U/L") => 10.0,
        ("lab.hbsag", "[IU]/mL") => 0.05,
        (_, "{S_CO}") if !inverted => 1.0,
        _ => return None,
    };
    let below = matches!(comparator, Comparator::Less | Comparator::AtMost) && value <= cut_off;
    Some(if below || (value < cut_off && exact) { Sign::Negative } else { Sign::Positive })
}

/// `Hepatitis B, hepatitis C and HIV serology negative`, "negative for HBsAg, anti-HCV and HIV": a result said of a list.
pub(super) fn shared_results(sheet: &Sheet<'_>, names: &[Name], drafts: &[Draft]) -> Vec<Draft> {
    let mut shared: Vec<Draft> = Vec::new();
    for (index, name) in names.iter().enumerate().rev() {
        // "No hepatitis B, HIV negative" speaks of an illness and of a test.
        let open = (name.is_serology() || VIRAL_LOAD.contains(&name.id())) && !is_drafted(drafts, name);
        let Some(next) = names.get(index + 1).filter(|_| open) else { continue };
        if !status::is_listed(sheet, name.span().end, next.span().start) {
            continue;
        }
        let glue = sheet.stream.text(Span::new(name.span().end, next.span().start));
        let test = sheet.says(sheet.sentence(name.span().start), words!["serolog", "antibod", "screen"]);
        if name.weak && glue.contains(',') && !test {
            continue;
        }
        // The next name was read, or shares itself: it is then the last that was shared.
        let after = drafts.partition_point(|draft| draft.name < next.span());
        let read = drafts.get(after).filter(|draft| draft.name == next.span());
        let result = read.or_else(|| shared.last().filter(|draft| draft.name == next.span()));
        if let Some(result) = result.filter(|of| shares(of)) {
            shared.push(Draft {
                concept: name.hit.concept.clone(),
                span: name.span(),
                name: name.span(),
                temporality: None,
                ..result.clone()
            });
        }
    }
    let mut led: Vec<Draft> = Vec::new();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| name.is_serology()) {
        // Names were walked backwards, so what is shared stands in falling order.
        let before = shared.partition_point(|of| of.name.start > name.span().start);
        if is_drafted(drafts, name) || shared.get(before).is_some_and(|of| of.name == name.span()) {
            continue;
        }
        let lead = leading_sign(sheet, name.span().start).or_else(|| {
            let before = names[..index].last()?;
            let listed = status::is_listed(sheet, before.span().end, name.span().start);
            let of_before = led.last().filter(|of| listed && of.name == before.span())?;
            Some((of_before.value.clone(), *of_before.cues.first()?))
        });
        if let Some((value, cue)) = lead {
            let draft = Draft::new(name.id(), name.span(), "lab.sign_before").value(value).present();
            led.push(Draft { cues: vec![cue], ..draft });
        }
    }
    shared.extend(led);
    shared
}

fn is_drafted(drafts: &[Draft], name: &Name) -> bool {
    let after = drafts.partition_point(|draft| draft.name.start < name.span().start);
    drafts[after.saturating_sub(4)..].iter().take(9).any(|draft| draft.span.overlaps(name.span()))
}

/// A sign that touches its own name (`HBeAg-`) is of that name alone.
fn shares(result: &Draft) -> bool {
    let awaited = result.assertion == Some(Assertion::Hypothetical);
    let words = result.rule.starts_with("lab.sign") && result.span.end > result.name.end + 1;
    awaited || words || (result.span == result.name && matches!(result.value, Value::Sign(_)))
}

/// "CAR-T would start once HBV DNA was undetectable": what a plan waits for has not come.
fn is_awaited_for_a_plan(sheet: &Sheet<'_>, at: usize) -> bool {
    let waits = words!["once ", "once the ", "once his ", "once her ", "until ", "until the "];
    let plans = words!["would", "will ", "should", "to start", "to resume", "to begin", "to proceed", "plan"];
    sheet.stream.reads_back_any(at, waits) && sheet.says(sheet.before(at, 80), plans)
}

/// "HIV and HBsAg in the donor are pending": the donor named behind the tests.
pub(super) fn of_the_donor(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let serology = |draft: &&mut Draft| super::SEROLOGY.contains(&draft.concept.as_str());
    for draft in drafts.iter_mut().filter(serology).filter(|of| of.experiencer.is_none()) {
        let after = sheet.after(draft.name.end, 60);
        let before = sheet.before(draft.name.start, 80);
        let last = |words: &List| sheet.stream.words_in(before, words).next_back().map(Place::start);
        let donor = last(words!["donor", "供者", "供体"]);
        let patient = last(words![
            "patient",
            "recipient",
            "while she herself",
            "while he himself",
            "whereas she herself",
            "whereas he himself",
            "患者",
            "受者",
            "本人"
        ]);
        let spoken_of = donor.is_some() && donor > patient;
        let close = sheet.stream.lower_text(sheet.after(draft.span.end, 8));
        let spoken_of = spoken_of || close.trim_start().starts_with("donor");
        if spoken_of || sheet.says(after, words!["in the donor", "of the donor", "in donor", "(donor"]) {
            draft.experiencer = Some(Experiencer::Donor);
        }
    }
}

/// The word of a pending result, for whoever reads it from a draft.
pub(super) fn is_awaited(draft: &Draft) -> bool {
    draft.attrs.contains_key(&Attr::Status)
}
