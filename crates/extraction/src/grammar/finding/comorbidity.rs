//! Other illnesses.
//!
//! ## Reads
//! `高血压病史15年`, "treated hepatitis C", `8年前因甲状腺乳头状癌手术`, "tuberculosis was considered ... but was ruled out".
//!
//! ## Leaves alone
//! The name of a test (`乙肝两对半`), of a department, "PE:" (physical examination), TB with a number (bilirubin).

use super::words::{clause_end, clause_start, find, follows, has, precedes, skip_spaces, stands_at};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        A_TEST_LISTED, A_TEST_OWN, DURATION_UNITS, PAST_AHEAD, PAST_TOLD, RELATIVES_TOO_BOTH,
        RULED_OUT_LATER, TICKED_OFF, VIRUS_LIST,
    },
    words::{List, words},
};
use cartulary_model::{Assertion, Experiencer, Temporality, fact::Attr};

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    // CKD-EPI is a formula.
    let formula = hit.concept.as_str() == "com.ckd" && sheet.stream.reads(hit.span.end, "-epi");
    if formula || is_other_sense(sheet, hit) {
        return None;
    }
    let mut draft = Draft::new(hit.concept.clone(), hit.span, "finding.named").named_at(hit.span);
    if matches!(
        hit.concept.as_str(),
        "find.heart_failure" | "find.arrhythmia" | "find.mi" | "find.stroke" | "find.seizure"
    ) {
        draft.confidence = 0.85;
    }
    if let Some((years, end)) = duration(sheet, hit) {
        draft = draft.word(Attr::Duration, years);
        draft.cues.push(Span::new(hit.span.end, end));
    }
    // 浅表淋巴结未触及肿大: the form itself denies.
    let denies = hit.concept.as_str() == "find.lymphadenopathy" && has(sheet, hit.span, words!["未", "无"]);
    if denies || answered_no(sheet, hit) || ruled_out_later(sheet, hit) {
        draft.assertion = Some(Assertion::Negated);
    } else if is_past(sheet, hit) {
        let reading = sheet.modifiers.read(hit.span);
        if reading.assertion == Assertion::Present && reading.experiencer == Experiencer::Patient {
            draft.temporality = Some(Temporality::Historical);
        }
    }
    Some(draft)
}

/// "No personal or family history of thrombosis", `否认个人及家族肿瘤史`: one denial of two people.
pub(super) fn of_relatives_too(sheet: &Sheet<'_>, hit: &Hit, own: &Draft) -> Option<Draft> {
    let before = sheet.before(hit.span.start, 44);
    let both = find(sheet, before, RELATIVES_TOO_BOTH)?;
    let mut draft = own.clone();
    draft.span = both.to(hit.span);
    draft.experiencer = Some(Experiencer::Family);
    Some(draft)
}

fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let behind = |words: &List| follows(sheet, hit.span.end, words);
    let form = stream.text(hit.span);
    // `Hospital: TB-660214`: letters before a number of the hospital.
    let numbered = form.len() <= 4
        && form.is_ascii()
        && stream.at(hit.span.end) == '-'
        && (1..=3).all(|of| stream.at(hit.span.end + of).is_ascii_digit());
    if numbered {
        return true;
    }
    match hit.concept.as_str() {
        "com.hepatitis_e" if form.is_ascii() && names_a_test(sheet, hit) => true,
        "com.hepatitis_b" | "com.hepatitis" | "find.hcv_inf" | "find.hiv_inf" | "find.syphilis"
            if names_a_test(sheet, hit) =>
        {
            true
        }
        // 人免疫缺陷病毒 is HIV, of which a test is told.
        "com.immunodeficiency" => behind(words!["病毒", " virus"]),
        "com.transfusion" => behind(words!["科", "前"]),
        "find.pregnancy" => behind(words!["试验"]),
        "find.tb" if form.eq_ignore_ascii_case("tb") => {
            (stream.at(hit.span.end)..=stream.at(hit.span.end)).any(|of| of == ':')
                || digit_behind(sheet, hit)
        }
        // The pattern of a serology, not an illness: 1、4、5阳性(小三阳).
        "com.hepatitis_b" if matches!(form.as_str(), "小三阳" | "大三阳") => {
            precedes(sheet, hit.span.start, words!["("])
        }
        "find.syphilis" | "find.hiv_inf" => has(
            sheet,
            Span::new(hit.span.end, clause_end(sheet, hit.span.end)),
            words!["阴性", "阳性", "negative", "positive", "(-)", "(+)"],
        ),
        // 急性淋巴细胞白血病 has its own name; `套细胞淋巴瘤白血病期` is the lymphoma in the blood.
        "com.leukemia" => {
            precedes(
                sheet,
                hit.span.start,
                words!["细胞", "母细胞", "lymphoblastic", "lymphocytic", "hairy cell", "cell", "lymphoid"],
            ) || behind(words!["期", "相", "样", "性播散", "性改变", "性浸润", "性侵犯", "化"])
        }
        // "CKD 3 months after cisplatin": a length of time and no stage.
        "com.ckd" => {
            form.ends_with(|of: char| of.is_ascii_digit())
                && stream.reads_any(hit.span.end, words![" month", " week", " day", " year", " cycle"])
        }
        // "Please advise. TIA": thanks in advance.
        _ if form == "TIA" => is_thanks(sheet, hit),
        "find.dvt_pe" if form == "PE" => stream.at(hit.span.end) == ':',
        "com.gastritis" | "com.peptic_ulcer" | "com.gerd" => behind(words!["prophyla"]),
        _ => digit_behind(sheet, hit) && form.chars().all(|of| of.is_ascii_uppercase()) && form.len() <= 3,
    }
}

/// "Please advise. TIA": at the end of a request, with nothing told behind it.
fn is_thanks(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 40;
    let stream = &sheet.stream;
    let before = Span::new(hit.span.start.saturating_sub(REACH), hit.span.start);
    let asks = has(
        sheet,
        before,
        words!["advise", "thank", "please", "grateful", "regards", "appreciate", "help", "?"],
    );
    let rest = stream.trimmed(Span::new(hit.span.end, stream.len()));
    let ends = (hit.span.end..stream.len())
        .find(|at| stream.at(*at) == '\n')
        .is_some_and(|at| (hit.span.end..at).all(|of| matches!(stream.at(of), ' ' | '.' | ',' | '!')));
    asks && (ends || (rest.start..rest.end).all(|of| matches!(stream.at(of), '.' | ',' | '!')))
}

/// `TB 12.3`: a laboratory value.
fn digit_behind(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let at = skip_spaces(&sheet.stream, hit.span.end);
    number::number_at(&sheet.stream, at).is_some_and(|of| of.value < 1900.0)
}

/// `高血压: 无`, "diabetes: none": a form that was filled in.
pub(super) fn answered_no(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    // `HLH/MAS: no`: two names of one thing.
    let slash = sheet.stream.at(hit.span.end) == '/';
    let name_end = || (hit.span.end + 1..hit.span.end + 8).find(|at| !sheet.stream.at(*at).is_alphabetic());
    let end = if slash { name_end().unwrap_or(hit.span.end) } else { hit.span.end };
    matches!(sheet.stream.at(end), ':' | '\t')
        && follows(sheet, end + 1, words!["no", "none", "无", "否", "absent", "nil", "(-)"])
}

/// "Tuberculosis was considered because of the nodule but was ruled out by three cultures", `后排除`.
fn ruled_out_later(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + 120));
    let Some(word) = find(sheet, behind, RULED_OUT_LATER) else { return false };
    let between = Span::new(hit.span.end, word.start);
    // "has not been excluded" leaves it open.
    if has(
        sheet,
        Span::new(word.start.saturating_sub(9).max(between.start), word.start),
        words!["not ", "not yet "],
    ) {
        return false;
    }
    let other = sheet.candidates[sheet.candidates.partition_point(|of| of.hit.span.start < between.start)..]
        .iter()
        .take_while(|of| of.hit.span.start < between.end)
        .any(|of| matches!(of.hit.concept.kind(), "com" | "hist"));
    !other
}

/// `治愈`, "treated", `8年前`, `术后`: an illness of the past.
fn is_past(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    // A stented coronary artery is still diseased.
    if hit.concept.as_str() == "com.coronary_disease" {
        return false;
    }
    let stream = &sheet.stream;
    let start = clause_start(sheet, hit.span.start);
    let end = clause_end(sheet, hit.span.end);
    let before = Span::new(start, hit.span.start);
    let behind = Span::new(hit.span.end, end.min(hit.span.end + 40));
    let next = Span::new(end, clause_end(sheet, end + 1).min(end + 24));
    let after = words![
        "治愈",
        "已治愈",
        "治好",
        "已愈",
        "痊愈",
        "已恢复",
        "已痊愈",
        "cured",
        "resolved",
        "recovered",
        "years ago",
        "months ago",
        "in childhood",
        "as a child",
        "as a teenager",
        "in remission since",
        "手术",
        "术后",
        "根治",
        "行pci",
        "支架",
    ];
    precedes(sheet, hit.span.start, PAST_AHEAD)
        || has(sheet, before, PAST_TOLD)
        || has(sheet, behind, after)
        || (stream.at(end) == ','
            && has(
                sheet,
                next,
                words![
                    "治愈",
                    "已治愈",
                    "治好",
                    "已愈",
                    "痊愈",
                    "已恢复",
                    "已痊愈",
                    "cured",
                    "resolved",
                    "recovered",
                    "years ago",
                    "months ago",
                ],
            ))
        || has_past_year(sheet, hit)
        || (stands_at(stream, hit.span.end, "史") && has(sheet, before, words!["既往"]))
}

/// "prostate cancer 2015", "stroke (2010)": the year of what happened then.
fn has_past_year(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let happened = hit.concept.name().ends_with("_cancer")
        || matches!(
            hit.concept.as_str(),
            "com.melanoma" | "find.mi" | "find.stroke" | "find.dvt_pe" | "com.aki" | "com.pancreatitis"
        );
    let start = (hit.span.end..hit.span.end + 5).find(|at| sheet.stream.at(*at).is_ascii_digit());
    let year = start.and_then(|at| number::number_at(&sheet.stream, at)).map(|of| of.value);
    let now = sheet.date.map_or(2024, |date| date.year());
    happened && year.is_some_and(|year| (1940.0..f64::from(now) - 1.0).contains(&year))
}

/// `病史20年`, `10余年`, "for 20 years", "10-year history of": how long, in UCUM years or months.
fn duration(sheet: &Sheet<'_>, hit: &Hit) -> Option<(String, usize)> {
    let stream = &sheet.stream;
    let end = clause_end(sheet, hit.span.end).min(hit.span.end + 16);
    let (number, start, word, unit) = (hit.span.end..end).find_map(|at| {
        let number = number::number_at(stream, at)?;
        let start = skip_spaces(stream, number.span.end);
        let (word, unit) = DURATION_UNITS.iter().find(|(word, _)| stands_at(stream, start, word))?;
        Some((number, start, word, unit))
    })?;
    let between = Span::new(hit.span.end, number.span.start);
    let ago = follows(sheet, start + word.chars().count(), words!["前", "ago", "月", "起"]);
    let own = !has(sheet, between, words!["、", ";", "和", "及", "and "]);
    (number.value < 100.0 && !ago && own)
        .then(|| (format!("{} {unit}", number.value), start + word.chars().count()))
}

/// `乙肝两对半`, "Hepatitis B, hepatitis C and HIV serology": the name of a test, not of an illness.
/// "Hep B / Hep C / HIV: done, copy attached": what was sent or done is the tests of a list.
fn is_ticked_off(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let mut end = hit.span.end;
    let mut names = 0;
    while let Some(word) = stream.words_at(end, VIRUS_LIST).next_back() {
        names += usize::from(stream.at(word.start()).is_ascii_alphabetic());
        end = word.end();
    }
    let before = stream.words_ending(hit.span.start, VIRUS_LIST).next().is_some_and(|of| of.span().len() > 1);
    (names > 0 || before) && stream.reads_any(end, TICKED_OFF)
}

fn names_a_test(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    if is_ticked_off(sheet, hit) {
        return true;
    }
    let end = clause_end(sheet, hit.span.end).min(hit.span.end + 8);
    // "Hep B: sAg neg": the colon leads to the markers.
    // "Hep B today: sAg -".
    let day = sheet.stream.words_at(hit.span.end, words![" today", " now", " serology today"]).next_back();
    let day = day.map_or(0, |of| of.end() - hit.span.end);
    let led = if sheet.stream.at(hit.span.end + day) == ':' { day + 1 } else { 0 };
    let end = if led > 0 { sheet.after(hit.span.end + led, 8).end } else { end };
    if has(sheet, Span::new(hit.span.end + led, end), A_TEST_OWN) {
        return true;
    }
    // "Hepatitis B, hepatitis C and HIV serology are awaited": the word stands at the end of a list of names.
    let sentence = sheet.sentence(hit.span.start);
    let rest = Span::new(hit.span.end, sentence.end.min(hit.span.end + 44));
    find(sheet, rest, A_TEST_LISTED).is_some_and(|word| {
        !has(
            sheet,
            Span::new(hit.span.end, word.start),
            words!["negative", "positive", "had ", "has ", "carrier", "infection", "never", "阴性"],
        )
    })
}
