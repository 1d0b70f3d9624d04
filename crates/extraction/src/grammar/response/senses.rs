//! Words of response that speak of something else: survival, another illness, a toxicity that went away.

use crate::{
    number,
    sheet::Sheet,
    stream::{BREAK, Hit, Span, is_han},
    vocabulary::response::{
        ALMOST, DISEASE_PICTURE, HEART_PICTURE, NO_VERDICT_SAMPLE, NOT_JUDGED, OTHER_ILLNESS,
        OTHER_SENSE_BEHIND, OTHER_SENSE_CLEAR, OTHER_THAN_DISEASE, OWN_DISEASE, SUPPORT_ANSWERED,
        WHOLE_DISEASE,
    },
    words::words,
};
use cartulary_model::Assertion;

pub(super) fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let after = sheet.stream.lower_text(sheet.after(hit.span.end, 12));
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 12));
    let ahead = ["病程", "完全缓解, ", "生命体征", "time to ", "无", "slow ", "血压", "病情", "循环"];
    let stable = hit.concept.as_str() == "find.sd";
    // "CSF cytology was clear": no response of the lymphoma.
    let clear = sheet.stream.lower_text(hit.span).ends_with("clear")
        && OTHER_SENSE_CLEAR
            .iter()
            .any(|word| sheet.stream.lower_text(sheet.before(hit.span.start, 30)).contains(word));
    clear
        || stable && sheet.stream.text_ends(before, OTHER_THAN_DISEASE)
        || is_of_one_lesion(sheet, hit)
        || grows_worse(sheet, hit)
        || is_of_an_organ(sheet, hit)
        || answers_to_support(sheet, hit)
        || is_of_class(sheet, hit)
        || is_not_judged(sheet, hit)
        || is_measured(sheet, hit)
        || is_of_another_trade(sheet, hit)
        || sheet.stream.lower_text(hit.span).ends_with("remission") && is_of_another_illness(sheet, hit)
        || sheet.stream.text_begins(after, OTHER_SENSE_BEHIND)
        || sheet.stream.text_ends(before, words!["假性", "pseudo", "pseudo-"])
        || is_of_toxicity(sheet, hit)
        || sheet.stream.text_ends(before, words!["near ", "near-", "almost ", "nearly "])
        || after.starts_with(" rate")
        || after.starts_with(" interval")
        || ahead[..2].iter().any(|word| before.ends_with(word))
        || before.ends_with("time to ")
        || stable && (ahead[5..].iter().any(|word| before.ends_with(word)) || before.ends_with(ahead[2]))
        || before.ends_with("无") && after.starts_with("生存")
        || hit.concept.as_str() == "find.no_response" && is_no_verdict(sheet, hit, before, after)
}

/// `胼胝体病灶消失`: one lesion is gone; "all lesions", `原病灶消失` are the disease.
fn is_of_one_lesion(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let placed = hit.span.start > 0 && is_han(stream.at(hit.span.start - 1));
    stream.reads(hit.span.start, "病灶消失")
        && placed
        && !stream.reads_back_any(hit.span.start, WHOLE_DISEASE)
}

/// "kidney disease is stable", "GVHD disease returned": of the lymphoma's disease no organ stands before the word.
pub(super) fn is_of_an_organ(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const WORD: usize = 16;
    let stream = &sheet.stream;
    if !stream.reads(hit.span.start, "disease ") {
        return false;
    }
    let before = stream.lower_text(sheet.before(hit.span.start, WORD));
    let word = before.trim_end().rsplit(|of: char| !of.is_ascii_alphabetic()).next().unwrap_or_default();
    before.ends_with(' ') && !word.is_empty() && !OWN_DISEASE.contains(&word)
}

/// "CRS responded completely to tocilizumab", "ITP responded partially to steroids".
fn answers_to_support(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const NEAR: usize = 40;
    let stream = &sheet.stream;
    if !sheet.says(hit.span, words!["respon", "remission was", "remission is"]) || hit.span.len() < 12 {
        return false;
    }
    let before = sheet.before(hit.span.start, NEAR);
    let other = sheet.candidates_in(before).iter().any(|of| {
        matches!(of.hit.concept.kind(), "sym" | "com")
            || matches!(of.hit.concept.as_str(), "find.crs" | "find.icans" | "find.hlh" | "find.gvhd")
    });
    other
        || stream.reads_any(hit.span.end, SUPPORT_ANSWERED)
        || sheet.says(before, words!["pain", "vaccin", "itp", "aiha", "cough", "crs", "icans"])
}

/// "CRS progressed to grade 4", "her cough progressed": what grew worse is a toxicity or a complaint.
fn grows_worse(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const NEAR: usize = 24;
    const LINKS: [&str; 8] = ["", "has", "had", "then", "also", "which", "quickly", "rapidly"];
    let stream = &sheet.stream;
    let verb = hit.concept.as_str() == "find.pd" && stream.reads(hit.span.start, "progress");
    let before = sheet.before(hit.span.start, NEAR);
    let subject = sheet.candidates_in(before).iter().rev().find(|of| of.hit.span.end <= hit.span.start);
    let of_other = subject.is_some_and(|of| {
        let gap = stream.lower_text(Span::new(of.hit.span.end, hit.span.start));
        let other = of.hit.concept.is("sym")
            || matches!(
                of.hit.concept.as_str(),
                "find.crs" | "find.icans" | "find.hlh" | "find.icaht" | "find.tls"
            );
        other && gap.trim().split(' ').all(|word| LINKS.contains(&word))
    });
    verb && (of_other
        || stream.reads_any(hit.span.end, words![" to grade", " to a grade", " to g2", " to g3", " to g4"]))
}

/// `达CR者每3月随访`, `SD/PD者改二线`, `CR患者行自体移植`: a rule for those who reach it, not what this patient reached.
fn is_of_class(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let mut end = hit.span.end;
    let named = words!["cr", "pr", "sd", "pd", "cmr", "pmr"];
    while let Some(word) =
        stream.first_word_at(end + 1, named).filter(|_| matches!(stream.at(end), '/' | '、' | '或'))
    {
        end = word.end();
    }
    let opens = hit.span.start == 0
        || matches!(
            stream.at(hit.span.start - 1),
            ',' | ';' | '。' | ':' | '达' | '/' | '、' | '或' | '到' | BREAK
        );
    // `6周期后评价:PR患者出院`: the verdict of this patient, and a new sentence.
    let judged =
        sheet.says(sheet.before(hit.span.start, 10), words!["评价", "评估", "评效", "疗效", "周期后"]);
    stream.at(end) == '者' || opens && !judged && stream.reads_any(end, words!["患者", "病人", "的患者"])
}

/// `尚不能判定为CR`, `难以判定CR还是PR`, `接近CR`, `几乎达到CR`: no response that was found.
fn is_not_judged(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const NEAR: usize = 14;
    let stream = &sheet.stream;
    let before = sheet.before(hit.span.start, NEAR);
    let clause = (before.start..before.end)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | '。' | BREAK))
        .map_or(before.start, |at| at + 1);
    let open = sheet.says(Span::new(clause, hit.span.start), NOT_JUDGED);
    let denied = sheet.modifiers.read(hit.span).assertion == Assertion::Negated;
    let near = stream.reads_back_any(hit.span.start, ALMOST)
        && !stream.reads_back_any(hit.span.start, words!["最近", "近期", "临近", "邻近", "附近"]);
    open && !denied || near
}

/// `CR 88 umol/L` is creatinine.
fn is_measured(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let Some(number) = number::number_at(stream, hit.span.end + 1) else { return false };
    let at = number.span.end + usize::from(stream.at(number.span.end) == ' ');
    let unit = sheet.engine.units.read(stream, at);
    hit.span.end - hit.span.start == 2 && unit.is_some_and(|of| of.unit.as_str().contains('/'))
}

/// "EF 52% on CMR" is a picture of the heart, "PR 160 ms" of its rhythm, "CR 1.0" beside other values creatinine, "PD
/// catheter" of dialysis, "SD 2.1 above the mean" of statistics.
fn is_of_another_trade(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const BESIDE: usize = 40;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(hit.span.start);
    let near = Span::new(
        sentence.start.max(hit.span.start.saturating_sub(BESIDE)),
        sentence.end.min(hit.span.end + BESIDE).max(hit.span.end),
    );
    let after = Span::new(hit.span.end, near.end);
    match stream.lower_text(hit.span) {
        "cmr" => {
            // "CMR: LVEF 52%", "52% on CMR", "cardiac CMR showed"; "EOT: CMR, LVEF 55%" is the response.
            let pictured = stream.at(hit.span.end) == ':'
                || stream.reads_any(hit.span.end, words![" showed", " shows", ")"])
                || stream.reads_back_any(hit.span.start, words!["on ", "by ", "cardiac ", "("]);
            pictured
                && stream.words_in(near, HEART_PICTURE).next().is_some()
                && stream.words_in(sentence, DISEASE_PICTURE).next().is_none()
        }
        // "PR interval" of the heart, "PR bleeding" of the rectum.
        "pr" => {
            let other = words![
                " interval",
                " depression",
                " segment",
                " bleed",
                " blood",
                " haem",
                " hemorrh",
                " exam",
                " loss",
                " mass"
            ];
            stream.reads_any(hit.span.end, other) || measured_in(sheet, hit, "ms")
        }
        "sd" => {
            stream.reads_any(hit.span.end, words![" card"])
                || stream
                    .words_in(after, words!["above the mean", "below the mean", "from the mean"])
                    .next()
                    .is_some()
        }
        "pd" => {
            stream.reads_any(hit.span.end, words![" catheter", " dialys", " fluid", " exchange"])
                || stream.words_in(sentence, words!["parkinson", "levodopa", "madopar"]).next().is_some()
        }
        "cr" => is_creatinine(sheet, hit, near),
        _ => false,
    }
}

fn measured_in(sheet: &Sheet<'_>, hit: &Hit, unit: &str) -> bool {
    number::number_at(&sheet.stream, hit.span.end + 1)
        .is_some_and(|of| sheet.stream.reads(of.span.end + 1, unit) || sheet.stream.reads(of.span.end, unit))
}

/// "CR 1.0, plt 88": a number that is no year and has no unit of time, ends its item, and has another value beside it.
fn is_creatinine(sheet: &Sheet<'_>, hit: &Hit, near: Span) -> bool {
    let stream = &sheet.stream;
    let Some(number) = number::number_at(stream, hit.span.end + 1) else { return false };
    let ends = matches!(stream.at(number.span.end), ',' | ';' | '.' | '。' | '\n')
        && !stream.at(number.span.end + 1).is_ascii_digit();
    let year = (1950.0..2100.0).contains(&number.value);
    let values =
        sheet.candidates_in(near).iter().any(|of| of.hit.concept.is("lab") && of.hit.span != hit.span);
    stream.at(hit.span.end) == ' ' && ends && !year && values
}

/// "Ulcerative colitis in remission", "melanoma 2012, recurred 2015", "effusion drained, not recurred": the illness named
/// before it in its clause has come back or gone, where neither the lymphoma nor a course is named there.
pub(super) fn is_of_another_illness(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 60;
    const GAP: usize = 44;
    const BEHIND: usize = 14;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(hit.span.start);
    let start = (sentence.start..hit.span.start)
        .rev()
        .find(|at| matches!(stream.at(*at), ';' | '。' | '\n'))
        .map_or(sentence.start, |at| at + 1);
    let before = Span::new(start.max(hit.span.start.saturating_sub(REACH)), hit.span.start);
    let of_disease = |of: Span| {
        // "Breast carcinoma 2009, lumpectomy and RT, in remission": rays are given for that as well.
        sheet.candidates_in(of).iter().any(|of| {
            matches!(of.hit.concept.kind(), "hist" | "reg" | "drug") && of.hit.concept.as_str() != "reg.rt"
        }) || stream
            .words_in(of, words!["lymphoma", "disease", "淋巴瘤", "cycle", "cart", "car-t"])
            .next()
            .is_some()
    };
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + BEHIND).max(hit.span.end));
    let named = sheet
        .candidates_in(before)
        .iter()
        .filter(|of| of.hit.span.end <= hit.span.start && comes_back(of.hit.concept.as_str()))
        .map(|of| of.hit.span.end)
        .next_back();
    let other = stream.words_in(before, OTHER_ILLNESS).next_back().map(|of| of.end());
    let Some(end) = named.max(other).filter(|end| hit.span.start - end.min(&hit.span.start) <= GAP) else {
        return false;
    };
    let course = sheet.candidates_in(before).iter().any(|of| {
        matches!(of.hit.concept.kind(), "hist" | "reg" | "drug") && of.hit.concept.as_str() != "reg.rt"
    });
    let gap = Span::new(end.min(before.end), before.end);
    // "She had a stroke in 2019 and relapsed in 2021": a verb of its own behind "and" is the patient's.
    let treated = words![" rt", " radio", " xrt", " chemo", " surgery", " resection", " mastectomy"];
    let turns = |of: crate::words::Place| !stream.reads_any(of.end() - 1, treated);
    if stream.words_in(gap, words![" and ", " then ", " but "]).any(turns) {
        return false;
    }
    !course
        && !of_disease(gap)
        && !of_disease(behind)
        && stream.words_in(behind, words![" pet", " ct", "biops", "scan"]).next().is_none()
}

/// Illnesses that come back or go; of diabetes and a carried virus nobody says so.
fn comes_back(concept: &str) -> bool {
    concept.starts_with("com.")
        && !concept.starts_with("com.allergy")
        && !matches!(
            concept,
            "com.hypertension"
                | "com.diabetes"
                | "com.hyperlipidemia"
                | "com.coronary_disease"
                | "com.copd"
                | "com.hepatitis_b"
                | "com.hepatitis"
                | "com.ckd"
                | "com.obesity"
                | "com.osteoporosis"
                | "com.transfusion"
                | "com.trauma_surgery"
                | "com.pneumonia"
                | "com.covid_19"
        )
        || matches!(concept, "find.arrhythmia" | "find.dvt_pe" | "find.tb" | "find.pleural_effusion")
}

/// `CRS已完全缓解`, `发热完全缓解`: what went away is a toxicity or a complaint, not the lymphoma.
fn is_of_toxicity(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const APART: usize = 4;
    let remission = matches!(hit.concept.as_str(), "find.cr" | "find.pr");
    remission
        && crate::stream::is_han(sheet.stream.at(hit.span.start))
        && sheet
            .candidates_in(Span::new(hit.span.start.saturating_sub(APART + 8), hit.span.start))
            .iter()
            .any(|of| {
                let gap = Span::new(of.hit.span.end.min(hit.span.start), hit.span.start);
                let toxic = of.hit.concept.is("sym")
                    || matches!(of.hit.concept.as_str(), "find.crs" | "find.icans" | "find.hlh" | "find.tls");
                toxic
                    && gap.end - gap.start <= APART
                    && !(gap.start..gap.end).any(|at| matches!(sheet.stream.at(at), ',' | ';' | '。'))
            })
}

/// `无效` of a sample, `无反应` of a skin test, "no response" of a caller.
fn is_no_verdict(sheet: &Sheet<'_>, hit: &Hit, before: &str, after: &str) -> bool {
    let sample = sheet.stream.text_has(before, NO_VERDICT_SAMPLE);
    let vague = sheet.stream.text(hit.span).starts_with('无')
        || sheet.stream.lower_text(hit.span).starts_with("no benefit");
    let course = sheet
        .candidates_in(Span::new(hit.span.start.saturating_sub(100), hit.span.end + 60))
        .iter()
        .any(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"));
    let treated = sheet.stream.text_has(before, words!["治疗", "化疗", "输注", "疗效", "抗生素"]);
    // "no response is available yet", "no response data": none was sought.
    let unsought = sheet.stream.reads_any(
        hit.span.end,
        words![
            " is available",
            " available",
            " assessment",
            " data",
            " evaluation",
            " has been assessed",
            " was assessed",
            " can be",
            " could be",
            " to report",
            " category",
            " yet available"
        ],
    );
    sample || unsought || after.starts_with("率") || (vague && !course && !treated)
}
