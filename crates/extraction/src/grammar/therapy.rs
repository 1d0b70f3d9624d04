//! Regimens, drugs, transplant, radiotherapy, cell therapy.
//!
//! ## Reads
//! `R-CHOP方案化疗6周期`, `R-CHOP×6`, `6 cycles of R-CHOP`, `第3程R-CHOP` (a number, not a count), `拟行` (planned),
//! `利妥昔单抗维持`, `桥接`, `预防`, `清淋`, `拒绝自体移植`, several drugs of one regimen.
//!
//! ## Never
//! The drugs of a regimen are read from the drug list when one is printed; an acronym alone is only a hint:
//! R-CEOP is epirubicin in China and etoposide in North America.

use super::Claims;
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span, is_han},
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Assertion, ConceptId,
    fact::{Attr, AttrValue},
};

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut hits: Vec<Hit> = sheet
        .candidates
        .iter()
        .filter(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"))
        .filter(|of| {
            of.needs.is_none() || (of.needs == Some(Needs::Therapy) && in_therapy_context(sheet, of.hit.span))
        })
        .map(|of| of.hit.clone())
        .filter(|hit| !claims.has(hit.span))
        .collect();
    hits.dedup_by(|later, earlier| later.span == earlier.span && prefer(sheet, earlier, later));
    hits.iter().filter(|hit| !is_other_sense(sheet, hit)).map(|hit| therapy(sheet, hit)).collect()
}

/// Of two regimens with one form the language decides: a Chinese paper's R-CEOP has epirubicin.
fn prefer(sheet: &Sheet<'_>, earlier: &mut Hit, later: &Hit) -> bool {
    let chinese = sheet.stream.chars.iter().filter(|of| is_han(**of)).count() * 5 > sheet.stream.len();
    if earlier.concept.as_str() == "reg.r_ceop_epi" && later.concept.as_str() == "reg.r_ceop_eto" && !chinese
    {
        earlier.concept = later.concept.clone();
    }
    // 大剂量甲氨蝶呤 is a regimen and a drug: the regimen says more.
    if later.concept.is("reg") && earlier.concept.is("drug") {
        earlier.concept = later.concept.clone();
    }
    true
}

/// Cycles, doses, drugs or a word of treatment nearby.
fn in_therapy_context(sheet: &Sheet<'_>, span: Span) -> bool {
    let around = sheet.before(span.start, 24).to(sheet.after(span.end, 24));
    let words = [
        "方案",
        "化疗",
        "周期",
        "疗程",
        "程",
        "治疗",
        "cycle",
        "chemo",
        "regimen",
        "therapy",
        "treated",
        "received",
        "given",
        "mg",
        "予",
        "联合",
        "x6",
        "x4",
        "line",
        "courses",
        "then",
        "followed by",
        "started",
        "salvage",
    ];
    sheet.says(around, &words)
        || times(sheet, span.end).is_some()
        || cycles_before(sheet, span.start).is_some()
}

/// `利妥昔单抗过敏`, `CHOP-like toxicity`, a drug in an allergy section: not a treatment.
fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    sheet.is_under(hit.span.start, &["sec.sec_allergy"])
        || sheet.says(sheet.after(hit.span.end, 5), &["过敏", " allergy"])
}

fn therapy(sheet: &Sheet<'_>, hit: &Hit) -> Draft {
    let concept = without_antibody(sheet, hit);
    let mut draft = Draft::new(concept.as_str(), hit.span, "therapy.course").named_at(hit.span);
    if concept != hit.concept {
        draft = draft.word(Attr::Pattern, "without_anti_cd20");
    }
    count_cycles(sheet, hit, &mut draft);
    if let Some((intent, span)) = intent(sheet, hit) {
        draft.set(Attr::Intent, AttrValue::Text(intent.to_owned()));
        draft.cues.push(span);
    }
    if let Some((line, span)) = line_number(sheet, hit) {
        draft.set(Attr::Line, AttrValue::Number(line));
        draft.cues.push(span);
    }
    set_status(sheet, hit, &mut draft);
    set_period(sheet, hit, &mut draft);
    draft
}

/// The lexicon lists `ICE` under R-ICE: a form without the antibody is the regimen without it, and is said so.
fn without_antibody(sheet: &Sheet<'_>, hit: &Hit) -> ConceptId {
    if hit_form_lacks_antibody(sheet, hit) {
        ConceptId::new(format!("{}@chemo", hit.concept))
    } else {
        hit.concept.clone()
    };
    hit.concept.clone()
}

fn hit_form_lacks_antibody(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let form = sheet.stream.lower_text(hit.span);
    let named_with = hit.concept.name().starts_with("r_") || hit.concept.name() == "da_epoch_r";
    let written_with =
        form.starts_with('r') || form.ends_with("-r") || form.contains("利妥昔") || form.contains("-r-");
    named_with && form.is_ascii() && !written_with
}

fn count_cycles(sheet: &Sheet<'_>, hit: &Hit, draft: &mut Draft) {
    if hit_form_lacks_antibody(sheet, hit) {
        draft.set(Attr::Pattern, AttrValue::Text("without_anti_cd20".to_owned()));
    }
    if let Some((number, span)) = cycle_number(sheet, hit) {
        draft.set(Attr::CycleNo, AttrValue::Number(number));
        draft.span = draft.span.to(span);
        return;
    }
    let found = times(sheet, hit.span.end)
        .or_else(|| cycles_before(sheet, hit.span.start))
        .or_else(|| bare_count(sheet, hit))
        .or_else(|| cycles_after(sheet, hit.span.end));
    if let Some((cycles, span, doses)) = found {
        let attr = if doses { Attr::Doses } else { Attr::Cycles };
        draft.set(attr, AttrValue::Number(cycles));
        draft.span = draft.span.to(span);
    }
}

type Count = (f64, Span, bool);

/// `x6`, `*6` directly behind.
fn times(sheet: &Sheet<'_>, at: usize) -> Option<Count> {
    let stream = &sheet.stream;
    let mut begin = at;
    while stream.at(begin) == ' ' {
        begin += 1;
    }
    if !matches!(stream.at(begin), 'x' | 'X' | '*') {
        return None;
    }
    begin += 1;
    while stream.at(begin) == ' ' {
        begin += 1;
    }
    let number = number::number_at(stream, begin)?;
    let unit = unit_after(sheet, number.span.end);
    let end = unit.map_or(number.span.end, |(end, _)| end);
    let fits =
        (1.0..=24.0).contains(&number.value) && !matches!(stream.at(number.span.end), 'm' | 'g' | '%' | '.');
    fits.then_some((number.value, Span::new(at, end), unit.is_some_and(|(_, doses)| doses)))
}

const CYCLE_UNITS: &[&str] = &[
    "个周期",
    "个疗程",
    "个程",
    "周期",
    "疗程",
    "程",
    "cycles",
    "cycle",
    "courses",
    "course",
    "次",
    "doses",
    "dose",
    "infusions",
    "blocks",
    "疗",
];

/// A unit of cycles at a place, and whether it counts doses.
fn unit_after(sheet: &Sheet<'_>, at: usize) -> Option<(usize, bool)> {
    let mut begin = at;
    while sheet.stream.at(begin) == ' ' {
        begin += 1;
    }
    CYCLE_UNITS.iter().find_map(|unit| {
        let length = unit.chars().count();
        let same = sheet.stream.lower_text(sheet.within(Span::new(begin, begin + length))) == *unit;
        same.then(|| (begin + length, matches!(*unit, "次" | "doses" | "dose" | "infusions")))
    })
}

const NUMBER_WORDS: [(&str, f64); 20] = [
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("一", 1.0),
    ("两", 2.0),
    ("二", 2.0),
    ("三", 3.0),
    ("四", 4.0),
    ("五", 5.0),
    ("六", 6.0),
    ("七", 7.0),
    ("八", 8.0),
    ("十", 10.0),
];

fn number_word(sheet: &Sheet<'_>, at: usize) -> Option<(f64, usize)> {
    if let Some(number) = number::number_at(&sheet.stream, at) {
        return Some((number.value, number.span.end));
    }
    NUMBER_WORDS.iter().find_map(|(word, value)| {
        let length = word.chars().count();
        (sheet.stream.lower_text(sheet.within(Span::new(at, at + length))) == *word)
            .then_some((*value, at + length))
    })
}

/// `6 cycles of R-CHOP`, `6程R-CHOP`, `six courses of`.
fn cycles_before(sheet: &Sheet<'_>, at: usize) -> Option<Count> {
    let window = sheet.before(at, 30);
    (window.start..at).rev().find_map(|begin| {
        let before = begin.checked_sub(1).map_or(' ', |of| sheet.stream.at(of));
        if before.is_ascii_alphanumeric() || matches!(before, '第' | '.') {
            return None;
        }
        let (value, end) = number_word(sheet, begin)?;
        let (unit_end, doses) = unit_after(sheet, end)?;
        let between = sheet.stream.lower_text(sheet.within(Span::new(unit_end, at.max(unit_end))));
        let glue: String =
            between.replace("of", "").replace("方案", "").replace("化疗", "").replace("的", "");
        let near = unit_end <= at && glue.trim().chars().count() <= 2 && !glue.contains([',', '。']);
        (near && (1.0..=24.0).contains(&value) && value.fract() == 0.0).then_some((
            value,
            Span::new(begin, unit_end),
            doses,
        ))
    })
}

/// `six R-CHOP`, `2 R-ICE`, `BR (6)`: a count without its word, directly beside.
fn bare_count(sheet: &Sheet<'_>, hit: &Hit) -> Option<Count> {
    if !hit.concept.is("reg") {
        return None;
    }
    let stream = &sheet.stream;
    let fits = |value: f64| (1.0..=12.0).contains(&value) && value.fract() == 0.0;
    if stream.at(hit.span.end) == ' ' && stream.at(hit.span.end + 1) == '(' {
        let number = number::number_at(stream, hit.span.end + 2).filter(|of| fits(of.value))?;
        return (stream.at(number.span.end) == ')')
            .then(|| (number.value, Span::new(hit.span.end + 1, number.span.end + 1), false));
    }
    let window = sheet.before(hit.span.start, 7);
    (window.start..hit.span.start).find_map(|at| {
        let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
        if before.is_alphanumeric() || matches!(before, '-' | '/' | '.' | '第') {
            return None;
        }
        let (value, end) = number_word(sheet, at)?;
        (fits(value) && end + 1 == hit.span.start && stream.at(end) == ' ')
            .then(|| (value, Span::new(at, end), false))
    })
}

/// `R-CHOP方案化疗6周期`, `R-CHOP, 6 cycles`, `R-CHOP共6程`, `R-CHOP (6 cycles)`.
fn cycles_after(sheet: &Sheet<'_>, at: usize) -> Option<Count> {
    let window = sheet.after(at, 46);
    (at..window.end).find_map(|begin| {
        let before = sheet.stream.at(begin.saturating_sub(1));
        if before.is_ascii_alphanumeric() || matches!(before, '第' | '.' | '-' | '/') {
            return None;
        }
        let (value, end) = number_word(sheet, begin)?;
        let (unit_end, doses) = unit_after(sheet, end)?;
        let between = sheet.stream.lower_text(Span::new(at, begin));
        let other_course = [
            "后", "then", "followed", "予", "再", "改", "换", "行", ";", "。", "\n", "拟", "计划", "planned",
        ]
        .iter()
        .any(|word| between.contains(word));
        let another = sheet
            .candidates
            .iter()
            .any(|of| of.hit.concept.is("reg") && of.hit.span.start >= at && of.hit.span.end <= begin);
        let fits = (1.0..=24.0).contains(&value) && value.fract() == 0.0;
        (fits && !other_course && !another).then_some((value, Span::new(begin, unit_end), doses))
    })
}

/// `第3程`, `第 3 周期`, `C3D1`, `cycle 3`: the cycle being given.
fn cycle_number(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let around = sheet.before(hit.span.start, 12).to(sheet.after(hit.span.end, 16));
    (around.start..around.end).find_map(|at| {
        if stream.at(at) == '第' {
            let (value, end) = number_word(sheet, at + 1)?;
            let (unit_end, _) = unit_after(sheet, end)?;
            return Some((value, Span::new(at, unit_end)));
        }
        if stream.lower_text(sheet.within(Span::new(at, at + 6))) == "cycle "
            && stream.at(at + 6).is_ascii_digit()
        {
            let number = number::number_at(stream, at + 6)?;
            return Some((number.value, Span::new(at, number.span.end)));
        }
        None
    })
}

const INTENTS: &[(&str, &str)] = &[
    ("维持", "maintenance"),
    ("maintenance", "maintenance"),
    ("桥接", "bridging"),
    ("bridging", "bridging"),
    ("bridged", "bridging"),
    ("as a bridge", "bridging"),
    ("清淋", "lymphodepletion"),
    ("lymphodeplet", "lymphodepletion"),
    ("预处理", "conditioning"),
    ("conditioning", "conditioning"),
    ("cns prophylaxis", "prophylaxis"),
    ("中枢预防", "prophylaxis"),
    ("预防性", "prophylaxis"),
    ("预防中枢", "prophylaxis"),
    ("prophyla", "prophylaxis"),
    ("巩固", "consolidation"),
    ("consolidat", "consolidation"),
    ("抗病毒", "antiviral"),
    ("antiviral", "antiviral"),
    ("动员", "mobilisation"),
    ("mobilisation", "mobilisation"),
    ("mobilization", "mobilisation"),
    ("鞘内", "prophylaxis"),
    ("鞘注", "prophylaxis"),
];

/// A word of purpose in the same clause.
fn intent(sheet: &Sheet<'_>, hit: &Hit) -> Option<(&'static str, Span)> {
    let class = sheet.catalogue().drug_classes(&hit.concept);
    let clause = clause(sheet, hit.span);
    let text = sheet.stream.lower_text(clause);
    let at = hit.span.start - clause.start;
    let found = INTENTS
        .iter()
        .filter_map(|(word, intent)| {
            let byte = text.find(word)?;
            let start = text[..byte].chars().count();
            let distance = start.abs_diff(at);
            // The word must belong to this course, not to the next one in the clause.
            (distance <= 26).then_some((
                distance,
                *intent,
                Span::new(clause.start + start, clause.start + start + word.chars().count()),
            ))
        })
        .filter(|(_, _, span)| !another_between(sheet, hit, *span))
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, intent, span)| (intent, span));
    if found.is_none() && class.iter().any(|of| of == "HBV antiviral") {
        return Some(("antiviral", hit.span));
    }
    found
}

fn another_between(sheet: &Sheet<'_>, hit: &Hit, word: Span) -> bool {
    let (from, to) =
        if word.start >= hit.span.end { (hit.span.end, word.start) } else { (word.end, hit.span.start) };
    sheet
        .candidates
        .iter()
        .any(|of| (of.hit.concept.is("reg")) && of.hit.span.start >= from && of.hit.span.end <= to)
}

/// The piece between commas and stops.
fn clause(sheet: &Sheet<'_>, span: Span) -> Span {
    let sentence = sheet.sentence(span.start);
    let stops = |at: &usize| matches!(sheet.stream.at(*at), ',' | BREAK | '。');
    let start = (sentence.start..span.start).rev().find(stops).map_or(sentence.start, |at| at + 1);
    let end = (span.end..sentence.end).find(stops).unwrap_or(sentence.end);
    Span::new(start, end.max(span.end))
}

/// `一线`, `second-line`, `2nd line`, `line 3`.
fn line_number(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, Span)> {
    let window = sheet.before(hit.span.start, 18).to(sheet.after(hit.span.end, 14));
    let text = sheet.stream.lower_text(window);
    let words = [
        ("一线", 1.0),
        ("二线", 2.0),
        ("三线", 3.0),
        ("四线", 4.0),
        ("五线", 5.0),
        ("first-line", 1.0),
        ("second-line", 2.0),
        ("third-line", 3.0),
        ("fourth-line", 4.0),
        ("first line", 1.0),
        ("second line", 2.0),
        ("third line", 3.0),
        ("fourth line", 4.0),
        ("1st line", 1.0),
        ("2nd line", 2.0),
        ("3rd line", 3.0),
        ("line 1", 1.0),
        ("line 2", 2.0),
        ("line 3", 3.0),
        ("line 4", 4.0),
    ];
    words
        .iter()
        .filter_map(|(word, line)| {
            let byte = text.find(word)?;
            let start = window.start + text[..byte].chars().count();
            let span = Span::new(start, start + word.chars().count());
            (!another_between(sheet, hit, span)).then_some((span.start.abs_diff(hit.span.start), *line, span))
        })
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, line, span)| (line, span))
}

fn set_status(sheet: &Sheet<'_>, hit: &Hit, draft: &mut Draft) {
    // A sequencing report names drugs a variant may respond to; a class of cells is no treatment that was given.
    let of_report = sheet.is_kind(&["sec.doc_ngs", "sec.doc_fish"]) && hit.concept.is("drug");
    let unspecific = hit.concept.as_str() == "drug.car_t_nos";
    let told = sheet.says(
        sheet.before(hit.span.start, 10).to(sheet.after(hit.span.end, 10)),
        &["予", "接受", "行", "回输", "输注", "received", "treated", "given", "infus"],
    );
    if (of_report || unspecific) && !told && sheet.modifiers.read(hit.span).assertion == Assertion::Present {
        draft.assertion = Some(Assertion::Hypothetical);
    }
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 16));
    let after = sheet.stream.lower_text(sheet.after(hit.span.end, 12));
    let refused = ["拒绝", "不同意", "declined", "refused"];
    if refused.iter().any(|word| before.contains(word) || (after.contains(word) && !after.contains("未"))) {
        draft.set(Attr::Status, AttrValue::Text("refused".into()));
        draft.assertion = Some(Assertion::Negated);
        return;
    }
    let reading = sheet.modifiers.read(hit.span);
    if reading.assertion == Assertion::Hypothetical {
        draft.set(Attr::Status, AttrValue::Text("planned".into()));
        if let Some(AttrValue::Number(cycles)) = draft.attrs.remove(&Attr::Cycles) {
            draft.set(Attr::CyclesPlanned, AttrValue::Number(cycles));
        }
    }
    // Veins "for apheresis" or a unit that does it: only one that was done is a fact.
    let step = hit.concept.as_str() == "reg.leukapheresis";
    let done = ["行", "完成", "于", "underwent", "collected", "performed", "completed", "was", "had"];
    if step && !sheet.says(sheet.before(hit.span.start, 12).to(sheet.after(hit.span.end, 14)), &done) {
        draft.assertion = Some(Assertion::Hypothetical);
    }
    let ongoing =
        ["目前", "现口服", "规律服用", "长期服用", "至今", "currently", "ongoing", "continues", "remains on"];
    if ongoing.iter().any(|word| before.contains(word) || after.contains(word)) {
        draft.set(Attr::Status, AttrValue::Text("ongoing".into()));
    }
}

/// `2020年5月起R-CHOP`, "from May 2020", "since 2021": the first day of the course.
fn begun(sheet: &Sheet<'_>, hit: &Hit, draft: &mut Draft) {
    let window = sheet.before(hit.span.start, 24);
    let before = sheet
        .mentions
        .iter()
        .rev()
        .find(|of| of.span.end <= hit.span.start && of.span.start >= window.start && of.until.is_none());
    let start = before.filter(|of| {
        let glue = sheet.stream.lower_text(Span::new(of.span.end, hit.span.start));
        glue.starts_with('起') || glue.contains("开始") || glue.contains("起始")
    });
    let after = sheet.after(hit.span.end, 26);
    let since = sheet
        .mentions
        .iter()
        .find(|of| of.span.start >= hit.span.end && of.span.end <= after.end && of.until.is_none())
        .filter(|of| {
            let glue = sheet.stream.lower_text(Span::new(hit.span.end, of.span.start));
            ["from", "since", "started", "starting", "commenced"].iter().any(|word| glue.contains(word))
                && !glue.contains([',', ';'])
        });
    if let Some(mention) = start.or(since) {
        draft.set(Attr::Start, AttrValue::Date(mention.date));
    }
}

/// The end of a regimen with the drug list behind it: `Pola-R-GemOx (polatuzumab, ...) on 8 August`.
fn end_with_list(sheet: &Sheet<'_>, hit: &Hit) -> usize {
    let stream = &sheet.stream;
    let mut at = hit.span.end;
    while matches!(stream.at(at), ' ' | '方' | '案') {
        at += 1;
    }
    if stream.at(at) != '(' {
        return hit.span.end;
    }
    (at..stream.len().min(at + 160)).find(|of| stream.at(*of) == ')').map_or(hit.span.end, |of| of + 1)
}

/// `2022-06-01至2022-10-20`, `from March to July 2020`: first and last day of the course.
fn set_period(sheet: &Sheet<'_>, hit: &Hit, draft: &mut Draft) {
    begun(sheet, hit, draft);
    let sentence = sheet.sentence(hit.span.start);
    let row_start = (sentence.start..hit.span.start)
        .rev()
        .find(|at| sheet.stream.at(*at) == BREAK)
        .map_or(sentence.start, |at| at + 1);
    let ranges: Vec<_> = sheet
        .mentions
        .iter()
        .filter(|of| of.until.is_some() && of.span.start >= row_start && of.span.end <= sentence.end)
        .collect();
    let nearest = ranges.iter().filter(|of| !another_between(sheet, hit, of.span)).min_by_key(|of| {
        if of.span.end <= hit.span.start {
            hit.span.start - of.span.end
        } else {
            of.span.start.saturating_sub(end_with_list(sheet, hit))
        }
    });
    if let Some(range) = nearest {
        let distance = if range.span.end <= hit.span.start {
            hit.span.start - range.span.end
        } else {
            range.span.start.saturating_sub(end_with_list(sheet, hit))
        };
        if distance <= 60 {
            draft.set(Attr::Start, AttrValue::Date(range.date));
            if let Some(until) = range.until {
                draft.set(Attr::End, AttrValue::Date(until));
            }
            draft.date = Some((range.date, range.span));
        }
    }
    let _ = CELL;
}
