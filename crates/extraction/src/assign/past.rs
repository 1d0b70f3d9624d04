//! What is no longer so by its own words: old illnesses, old values, treatments that were stopped.
//!
//! ## Reads
//! Historical cues, the past medical history's heading, the year of an illness that passes.
//!
//! ## Leaves alone
//! The day the present disease was first diagnosed: it does not make the disease a former one. What is denied, or
//! told of another person, has no past of its own.

use super::assertion::is_of_patient;
use crate::{
    assertion::{Reading, contains_any, ends_with_any, says_any, starts_with_any, trimmed},
    draft::Draft,
    sheet::Sheet,
    stream::Span,
    vocabulary::assertion::{
        EARLIER_VALUE_FALLS, EARLIER_VALUE_FIRST, EARLIER_VALUE_LED, EARLIER_VALUE_LEFT, EARLIER_VALUE_OWN,
        EARLIER_VALUE_SINCE, EARLIER_VALUE_TURN, KNOWN_BEFORE_LED, PREGNANCY_PAST, UNDER_EARLIER_LABEL_OLD,
        UNDER_EARLIER_LABEL_TESTS,
    },
    vocabulary::lab::{ARROW_RESULTS, COUNTER_AFTER},
    words::words,
};
use cartulary_model::{Assertion, Temporality};

/// The temporality of one draft, by its own cues and section.
pub(super) fn temporality(sheet: &Sheet<'_>, draft: &Draft, reading: &Reading) -> Temporality {
    let told = draft.assertion == Some(Assertion::Present) && is_of_patient(draft);
    let historical = reading.temporality == Temporality::Historical;
    let past = match draft.concept.kind() {
        "lab" | "bio" => {
            is_earlier_value(sheet, draft.span, draft.name) || is_under_earlier_label(sheet, draft.name)
        }
        "find" if draft.rule.starts_with("score") || draft.rule.starts_with("stage") => {
            is_earlier_value(sheet, draft.span, draft.name)
        }
        "find" if draft.rule.starts_with("response") || is_toxicity(draft) => false,
        "com" if draft.assertion == Some(Assertion::Present) && !is_of_patient(draft) => {
            had_once(sheet, draft)
        }
        _ if !told => false,
        // `陈旧性肺结核`
        "com" | "find" if is_healed_by_name(sheet, draft) || is_over(sheet, draft) => true,
        "com" if is_carried(sheet, draft) => false,
        "com" => {
            let listed = reading.background || under_past(sheet, draft);
            historical
                || (listed && !is_treated(sheet, draft))
                || reading.resolved
                || is_dated_illness(sheet, draft)
        }
        "sym" if is_of_presentation(sheet, draft) => true,
        "find" | "sym" => {
            let ill = reading.background
                || reading.resolved
                || under_past(sheet, draft)
                || is_dated_illness(sheet, draft);
            historical || (is_illness(draft) && ill)
        }
        "hist" => {
            // What another hospital called it; the illness of an examination's request is the present one.
            let referred = words!["referring diagnosis:", "referring diagnosis: "];
            historical && !persists(sheet, draft)
                || known_before(sheet, draft)
                || is_amended(sheet, draft)
                || is_cured_of_youth(sheet, draft)
                || sheet.stream.reads_back_any(draft.name.start, referred)
        }
        "site" => historical || is_of_presentation(sheet, draft),
        "reg" | "drug" => is_former_treatment(sheet, draft),
        _ => false,
    };
    if past { Temporality::Historical } else { Temporality::Current }
}

/// `陈旧性肺结核`, `陈旧性心肌梗死`: the name says that it is an old one.
fn is_healed_by_name(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let old = words!["陈旧性", "陈旧"];
    sheet.stream.reads_any(draft.name.start, old) || sheet.stream.reads_back_any(draft.name.start, old)
}

/// "Pregnancy at 23", "ITP in pregnancy", "last pregnancy 2011"; "latent TB, isoniazid completed 2020"; "hepatitis C, SVR12":
/// what is over by the words beside it.
fn is_over(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const AHEAD: usize = 16;
    const BEHIND: usize = 48;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(draft.name.start);
    let before = Span::new(sentence.start.max(draft.name.start.saturating_sub(AHEAD)), draft.name.start);
    let behind = Span::new(draft.name.end, sentence.end.min(draft.name.end + BEHIND).max(draft.name.end));
    let says = |of: Span, list| stream.words_in(of, list).next().is_some();
    match draft.concept.as_str() {
        "find.pregnancy" => {
            let weeks =
                says(behind, words!["week", "/40", "due ", "expected", "now", "current", "trimester"]);
            let age = stream.reads(behind.start, " at ") && stream.at(behind.start + 4).is_ascii_digit();
            let ahead = ends_with_any(stream, &stream.lower[before.start..before.end], PREGNANCY_PAST);
            !weeks && (age || ahead)
        }
        "find.tb" => {
            let treated = says(behind, words!["completed", "treated", "course of"]);
            treated
                && !says(
                    behind,
                    words![
                        "being treated",
                        "to be ",
                        "not ",
                        "inadequately",
                        "untreated",
                        "relaps",
                        "since ",
                        "now ",
                        "month "
                    ],
                )
        }
        "find.hbv_resolved" => true,
        // "Past, resolved hepatitis B": told so by the word before it.
        "com.hepatitis_b" => {
            let name = stream.lower_text(draft.name);
            let own = name.starts_with("resolved") || name.starts_with("past ");
            own || stream
                .reads_back_any(draft.name.start, words!["resolved ", "past, resolved ", "cleared ", "past "])
        }
        "find.hcv_inf" | "com.hepatitis" => {
            says(behind, words!["svr", "sustained virolog", "eradicated"])
                && !says(behind, words!["no svr", "not ", "never", "due", "awaited", "pending"])
        }
        _ => false,
    }
}

/// "At presentation she had lost 11 kg": of the day the disease was found, told with its day or in the pluperfect.
fn is_of_presentation(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 60;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(draft.name.start);
    let before = Span::new(sentence.start.max(draft.name.start.saturating_sub(REACH)), draft.name.start);
    let begin = words![
        "at presentation",
        "at first presentation",
        "at diagnosis",
        "at first diagnosis",
        "at initial diagnosis"
    ];
    stream.words_in(before, begin).next_back().is_some_and(|of| {
        let gap = Span::new(of.end(), draft.name.start);
        let had = words![" she had ", " he had ", " they had ", " patient had ", " had "];
        let dated = sheet.mentions.iter().any(|day| day.span.start >= gap.start && day.span.end <= gap.end);
        (dated || stream.words_in(gap, had).next().is_some())
            && stream.words_in(gap, words!["now", "today", "since", ";"]).next().is_none()
    })
}

/// "ORIGINAL DIAGNOSIS: DLBCL" over "AMENDED DIAGNOSIS: HGBL": what the first report had said.
fn is_amended(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let stream = &sheet.stream;
    stream.reads_back_any(
        draft.name.start,
        words!["original diagnosis: ", "original diagnosis:", "initial report: "],
    ) && stream
        .words_in(Span::new(0, stream.len()), words!["amended diagnosis", "revised diagnosis"])
        .next()
        .is_some()
}

/// "HBV carrier", `乙肝病毒携带者` under the past history: whoever carries a virus carries it today.
fn is_carried(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let words = words!["carrier", "carriage", "携带"];
    draft.concept.as_str() == "com.hepatitis_b"
        && sheet.stream.words_in(draft.name, words).next().is_some()
        && !sheet.stream.reads_back_any(draft.name.start, words!["former ", "previous ", "曾为", "曾"])
}

/// `丈夫曾患乙型肝炎`: a relative's illness that has been.
fn had_once(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let before = sheet.before(draft.name.start, 8);
    ends_with_any(
        &sheet.stream,
        &sheet.stream.lower[before.start..before.end],
        words!["曾患", "曾患有", "曾有", "曾得", "曾得过", "曾患过", "曾感染", "曾确诊", "曾罹患"],
    )
}

/// `既往DLBCL诊断明确,此次…`: the disease of before, of which a new one is told apart.
fn known_before(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const NEAR: usize = 6;
    let before = sheet.before(draft.name.start, NEAR);
    let sentence = sheet.sentence(draft.name.start);
    let after = &sheet.stream.lower[draft.name.end..sentence.end.max(draft.name.end)];
    ends_with_any(&sheet.stream, &sheet.stream.lower[before.start..before.end], KNOWN_BEFORE_LED)
        && contains_any(&sheet.stream, after, words!["此次", "本次", "现", "今", "目前", "近", "再"])
}

/// "The underlying CLL persists in the marrow".
fn persists(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let still = words![" persists", " remains", " is still ", " is again ", " continues"];
    sheet.stream.reads_any(draft.name.end, still)
}

fn is_toxicity(draft: &Draft) -> bool {
    matches!(draft.concept.as_str(), "find.crs" | "find.icans" | "find.hlh" | "find.icaht" | "find.tls")
}

/// What is told although it has gone: an illness, a toxicity.
pub(super) fn has_been(draft: &Draft) -> bool {
    draft.concept.is("com") && draft.rule != "probe.given" || is_illness(draft) || is_toxicity(draft)
}

/// `2019年深静脉血栓`, "MI in 2015": an illness that comes and goes, told with its year.
fn is_dated_illness(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const BESIDE: usize = 14;
    let passing = matches!(
        draft.concept.as_str(),
        "com.breast_cancer"
            | "com.lung_cancer"
            | "com.gastric_cancer"
            | "com.colon_cancer"
            | "com.prostate_cancer"
            | "com.thyroid_cancer"
            | "com.aki"
            | "com.herpes_zoster"
            | "com.covid_19"
            | "com.pneumonia"
            | "find.mi"
            | "find.stroke"
            | "find.dvt_pe"
            | "find.tb"
    );
    let beside = |of: &crate::dates::DateMention| {
        of.span.end + BESIDE > draft.span.start && of.span.start < draft.span.end + BESIDE
    };
    let written = sheet.date.map(cartulary_model::PartialDate::year);
    passing && sheet.mentions.iter().any(|of| beside(of) && written.is_none_or(|year| of.date.year() < year))
}

/// Findings that are illnesses of their own.
fn is_illness(draft: &Draft) -> bool {
    matches!(
        draft.concept.as_str(),
        "find.mi"
            | "find.heart_failure"
            | "find.stroke"
            | "find.seizure"
            | "find.arrhythmia"
            | "find.dvt_pe"
            | "find.tb"
            | "find.hcv_inf"
            | "find.hiv_inf"
            | "find.syphilis"
            | "find.second_malignancy"
            | "find.autoimmune"
            | "find.hbv_active"
            | "find.hbv_resolved"
    )
}

/// "Hypertension, on amlodipine", `高血压病史5年,口服氨氯地平`: an illness under treatment is one of today.
fn is_treated(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 28;
    let after = sheet.after(draft.span.end, REACH);
    let text = &sheet.stream.lower[after.start..after.end];
    let end = text.iter().position(|of| matches!(of, '.' | ';' | '。' | '\n')).unwrap_or(text.len());
    let begins = trimmed(&text[..end]);
    starts_with_any(
        &sheet.stream,
        begins,
        words!["on ", ", on ", ", takes ", ", treated with ", "treated with ", ", controlled", "controlled"],
    )
}

fn under_past(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    sheet.is_under(draft.span.start, &["sec.sec_pmh"])
}

/// "previously 55%", "was 3 on admission": a value whose own words say that it is old.
fn is_earlier_value(sheet: &Sheet<'_>, span: Span, name: Span) -> bool {
    let text = |of: Span| &sheet.stream.lower[of.start..of.end];
    let inside = text(span);
    let before = text(sheet.before(name.start, 14));
    let after = text(sheet.after(span.end, 22));
    let end = after.iter().position(|of| matches!(of, ',' | ';' | '。' | '.')).unwrap_or(after.len());
    let clause = &after[..end];
    let from = contains_any(&sheet.stream, before, words!["由", "从"])
        || contains_any(&sheet.stream, inside, words!["由", "从"]);
    // "ECOG 1 now (last month 0)": the word of today stands first.
    if starts_with_any(
        &sheet.stream,
        trimmed(after),
        words!["now (", "today (", "currently (", "now, ", "today, "],
    ) {
        return false;
    }
    let wide = sheet.after(span.end, 48);
    (contains_any(&sheet.stream, before, EARLIER_VALUE_FIRST)
        && contains_any(&sheet.stream, text(wide), EARLIER_VALUE_SINCE))
        || (contains_any(&sheet.stream, clause, EARLIER_VALUE_LEFT)
            && says_any(&sheet.stream, text(wide), EARLIER_VALUE_TURN))
        || is_in_bracket_of_before(sheet, name)
        || starts_with_any(&sheet.stream, trimmed(after), words!["previously", "on admission but"])
        || contains_any(
            &sheet.stream,
            clause,
            words!["on admission but", "at diagnosis)", "at presentation)"],
        )
        || contains_any(&sheet.stream, inside, EARLIER_VALUE_OWN)
        || ends_with_any(&sheet.stream, trimmed(before), EARLIER_VALUE_LED)
        || (from && starts_with_any(&sheet.stream, trimmed(after), EARLIER_VALUE_FALLS))
        || (says_any(&sheet.stream, inside, words!["from"])
            && starts_with_any(&sheet.stream, trimmed(after), words!["to "]))
        || leads_to_newer(sheet, span.end)
}

/// "SUVmax 6.8 (prev. 10.5 x 8.1 cm, SUVmax 19.2)": a bracket that opens with the word of before.
fn is_in_bracket_of_before(sheet: &Sheet<'_>, name: Span) -> bool {
    const LONGEST: usize = 44;
    let stream = &sheet.stream;
    let from = name.start.saturating_sub(LONGEST);
    let open = (from..name.start).rev().find(|at| matches!(stream.at(*at), '(' | ')'));
    open.is_some_and(|at| {
        stream.at(at) == '('
            && stream
                .words_at(at + 1, words!["prev ", "prev. ", "previously ", "prior ", "was "])
                .next_back()
                .is_some_and(|of| stream.at(of.end()).is_ascii_digit() || stream.reads(of.end(), "suv"))
    })
}

/// `142 -> 61`, `positive → negative`: behind the arrow stands a result. `14 -> 1 pool`, `168 → fluids`: there stands what was
/// done, and the value is of today.
fn leads_to_newer(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    let past_blanks = |at: usize| at + usize::from(stream.at(at) == ' ');
    let sign = past_blanks(end);
    let Some(arrow) = stream.words_at(sign, words!["->", "→", "-->"]).map(|of| of.end()).max() else {
        return false;
    };
    let at = past_blanks(arrow);
    let counted = |at: usize| {
        let digits = (at..).take_while(|of| stream.at(*of).is_ascii_digit()).count();
        digits > 0 && stream.reads_any(past_blanks(at + digits), COUNTER_AFTER)
    };
    let figure = stream.at(at).is_ascii_digit() && !counted(at);
    figure
        || matches!(stream.at(at), '<' | '>' | '≤' | '≥' | '(' | '+' | '-')
        || stream.reads_any(at, ARROW_RESULTS)
}

/// "Earlier results (January 2023): HBcAb positive": the label speaks of the whole sentence.
fn is_under_earlier_label(sheet: &Sheet<'_>, name: Span) -> bool {
    const LABEL: usize = 48;
    let sentence = sheet.sentence(name.start);
    let lower = &sheet.stream.lower[sentence.start..name.start.max(sentence.start)];
    let lower = trimmed(lower);
    if !starts_with_any(&sheet.stream, lower, UNDER_EARLIER_LABEL_OLD) {
        return false;
    }
    let label = lower.iter().take(LABEL).position(|of| *of == ':');
    label.is_some_and(|end| contains_any(&sheet.stream, &lower[..end], UNDER_EARLIER_LABEL_TESTS))
}

/// `恩替卡韦已停`, `曾口服恩替卡韦,已自行停药`: what guarded against hepatitis B guards no longer.
fn is_stopped_antiviral(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 24;
    let stream = &sheet.stream;
    if !sheet.catalogue().drug_classes(&draft.concept).iter().any(|of| of == "HBV antiviral") {
        return false;
    }
    let after = sheet.after(draft.name.end, REACH);
    let next = sheet
        .candidates_in(Span::new(draft.name.end, after.end))
        .iter()
        .find(|of| of.hit.concept.is("drug") || of.hit.concept.is("reg"));
    let until = next.map_or(after.end, |of| of.hit.span.start);
    let stops = words!["已停", "停用", "停药", "停服", "停了", "已自行停", "自行停", "已经停"];
    let stopped = stream.words_beginning(Span::new(draft.name.end, until.max(draft.name.end)), stops).next();
    stopped.is_some_and(|of| {
        let lead = &stream.lower[of.start().saturating_sub(5).max(draft.name.end)..of.start()];
        !contains_any(
            stream,
            lead,
            words!["勿", "不", "未", "避免", "免", "禁", "别", "拟", "若", "如", "再", "化疗", "后"],
        )
    })
}

/// A drug for an old illness that was stopped: `曾长期口服甲氨蝶呤,2022年停用`, "(radiotherapy)" of a cured cancer.
fn is_former_treatment(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    if is_stopped_antiviral(sheet, draft) {
        return true;
    }
    if !under_past(sheet, draft) {
        return false;
    }
    let sentence = sheet.sentence(draft.span.start);
    let before = &sheet.stream.lower[sentence.start..draft.span.start];
    let after = &sheet.stream.lower[draft.span.end..sentence.end.max(draft.span.end)];
    let stopped =
        contains_any(&sheet.stream, after, words!["停用", "停药", "已停", "stopped", "discontinued"]);
    let old_illness =
        contains_any(&sheet.stream, before, words!["癌", "carcinoma", "cancer", "tumour", "tumor"]);
    stopped || old_illness || contains_any(&sheet.stream, before, words!["曾", "previously", "formerly"])
}

/// "Hodgkin lymphoma aged 19 (ABVD and mantle radiotherapy), cured": with the age then, and over.
fn is_cured_of_youth(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const AGE: usize = 40;
    let end = sheet.sentence(draft.name.start).end.max(draft.name.end);
    let behind = Span::new(draft.name.end, end);
    let near = Span::new(behind.start, end.min(behind.start + AGE));
    sheet.says(
        near,
        words![" aged ", " at age ", " at the age of ", " as a child", " as a teenager", "岁时", "年轻时"],
    ) && sheet
        .says(behind, words!["cured", "cure ", "治愈", "since then no", "never recurred", "no relapse since"])
}
