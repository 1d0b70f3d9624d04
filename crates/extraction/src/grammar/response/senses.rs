//! Words of response that speak of something else: survival, another illness, a toxicity that went away.

use crate::{
    number,
    sheet::Sheet,
    stream::{BREAK, Hit, Span},
    vocabulary::response::{ALMOST, NO_VERDICT_SAMPLE, NOT_JUDGED, OTHER_SENSE_BEHIND, OTHER_SENSE_CLEAR},
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
        || is_of_class(sheet, hit)
        || is_not_judged(sheet, hit)
        || is_measured(sheet, hit)
        || is_of_another_illness(sheet, hit)
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
    stream.at(end) == '者' || opens && stream.reads_any(end, words!["患者", "病人", "的患者"])
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

/// "ulcerative colitis in remission": another illness directly before it.
fn is_of_another_illness(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 40;
    if !sheet.stream.lower_text(hit.span).ends_with("remission") {
        return false;
    }
    let before = sheet.candidates_in(sheet.before(hit.span.start, REACH));
    let last = before.iter().rev().find(|of| of.hit.span.end <= hit.span.start);
    last.is_some_and(|of| {
        let gap = sheet.stream.lower_text(Span::new(of.hit.span.end, hit.span.start));
        of.hit.concept.is("com")
            && matches!(gap.trim(), "" | "in" | "is in" | "now in" | "which is in" | "currently in")
    })
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
    sample || after.starts_with("率") || (vague && !course && !treated)
}
