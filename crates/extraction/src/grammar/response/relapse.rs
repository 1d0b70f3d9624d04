//! Relapse and refractory disease, with the time since the treatment before.

use super::{
    category::{course_of, each_of_list},
    condition::is_conditional,
    senses::is_of_another_illness,
    timepoint,
};
use crate::{
    draft::Draft,
    grammar::therapy::words::{ends, is_dated, says, skip_spaces, stands, time_at},
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::response::{
        BACK_SUBJECTS, BEHIND, DENIALS, LAY, OF_ALL_GENERAL, OTHER_SENSE_GUARDED, OTHER_SENSE_RESULT,
        OTHER_SENSE_VERDICT, OTHER_SENSE_WORD_OF_RISK,
    },
    words::words,
};
use cartulary_model::{Assertion, fact::Attr};

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit, courses: &[Draft]) -> Vec<Draft> {
    let of_other = matches!(hit.concept.as_str(), "find.relapsed" | "find.early_relapse")
        && !is_lay(sheet, hit)
        && is_of_another_illness(sheet, hit);
    let elsewhere = of_other
        || gets_well(sheet, hit)
        || is_other_sense(sheet, hit)
        || is_said_better(sheet, hit)
        || is_of_all(sheet, hit);
    if is_conditional(sheet, hit.span) || elsewhere {
        return Vec::new();
    }
    // "He was not refractory to first line": no such response is told.
    let refers = hit.concept.as_str() == "find.refractory" && refers_to_a_course(sheet, hit);
    if refers && sheet.stream.reads_back_any(hit.span.start, words!["not ", "never ", "not been ", "wasn't "])
    {
        return Vec::new();
    }
    if refers {
        let draft = refractory_to(sheet, hit, courses);
        let each = each_of_list(sheet, courses, &draft);
        return [draft].into_iter().chain(each).collect();
    }
    let mut draft = Draft::new(hit.concept.as_str(), hit.span, "response.relapse").named_at(hit.span);
    if is_denied(sheet, hit) {
        draft.assertion = Some(Assertion::Negated);
    }
    let relapsed = matches!(hit.concept.as_str(), "find.relapsed" | "find.early_relapse");
    if let Some((interval, span)) = interval(sheet, hit.span).filter(|_| relapsed) {
        draft = draft.word(Attr::Interval, interval);
        draft.span = draft.span.to(span);
    }
    // "Relapse at month 6": the visit after the cells that found it.
    if let Some(visit) = timepoint::visit_of_event(sheet, draft.span).filter(|_| relapsed) {
        draft = draft.word(Attr::Timepoint, visit);
    }
    let further = if relapsed { further_days(sheet, hit) } else { Vec::new() };
    std::iter::once(draft).chain(further).collect()
}

/// "Relapse / progression dates: Oct 2023, May 2024", `复发时间：2022-03、2024-01`: a relapse of each day behind the first.
fn further_days(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    const LABEL: usize = 34;
    const LIST: usize = 70;
    let stream = &sheet.stream;
    let labels = words!["dates:", "dates :", "date(s):", "日期:", "时间:"];
    let Some(label) = stream.words_in(sheet.after(hit.span.end, LABEL), labels).next() else {
        return Vec::new();
    };
    let days = sheet.mentions_in(Span::new(label.end(), stream.len().min(label.end() + LIST)));
    let listed = |pair: &&[crate::dates::DateMention]| {
        let glue = stream.lower_text(Span::new(pair[0].span.end, pair[1].span.start.max(pair[0].span.end)));
        matches!(glue.trim(), "," | ";" | "、" | "and" | ", and" | "&" | "及" | "和")
    };
    days.windows(2)
        .take_while(listed)
        .map(|pair| {
            let day = &pair[1];
            let mut draft = Draft::new(hit.concept.as_str(), day.span, "response.relapse").named_at(hit.span);
            draft.date = Some((day.date, day.span));
            draft
        })
        .collect()
}

/// `复发难治DLBCL患者可选择…`, "relapsed DLBCL patients": told of patients in general.
fn is_of_all(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    says(&sheet.stream, sheet.after(hit.span.end, 26), OF_ALL_GENERAL)
}

/// `未复发`, "not relapsed", "never recurred": denied by the word in front.
fn is_denied(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    sheet.stream.reads_back_any(hit.span.start, DENIALS)
}

/// `又长出来了`, "is back": in lay words.
fn is_lay(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    sheet.stream.reads_any(hit.span.start, LAY)
}

/// "EF is back to 48%", "her appetite is back": what is back is no disease, unless one is its subject.
fn gets_well(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 40;
    let stream = &sheet.stream;
    if !stream.lower_text(hit.span).starts_with("is back") {
        return false;
    }
    let sentence = sheet.sentence(hit.span.start);
    let subject = Span::new(sentence.start.max(hit.span.start.saturating_sub(REACH)), hit.span.start);
    let disease = stream.words_in(subject, BACK_SUBJECTS).next().is_some()
        || sheet.candidates_in(subject).iter().any(|of| matches!(of.hit.concept.kind(), "hist" | "site"))
        || says(stream, subject, words!["it "]);
    !disease || stream.reads_any(hit.span.end, words![" to normal", " up to", " down to", " to base"])
}

/// `脖子上又长出来了,医生说复发了`: one relapse, in the doctor's word.
fn is_said_better(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.max(hit.span.end));
    is_lay(sheet, hit)
        && sheet
            .candidates_in(behind)
            .iter()
            .any(|of| of.hit.concept.as_str() == "find.relapsed" && !is_lay(sheet, &of.hit))
}

/// "the FISH came back double-hit": a result comes back, not the disease. `复发率`, `预防复发`, "relapse risk".
fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let lay = is_lay(sheet, hit);
    let before = sheet.before(hit.span.start, 26);
    let of_result = lay
        && says(stream, before, OTHER_SENSE_RESULT)
        && !says(stream, before, words!["lymphoma", "disease", "it ", "cancer", "淋巴"]);
    // "BCL6 came back without rearrangement": what comes back with a verdict is a test.
    let of_result = of_result || super::senses::is_of_an_organ(sheet, hit);
    let of_result = of_result || lay && stream.reads_any(hit.span.end, OTHER_SENSE_VERDICT);
    let after = sheet.after(hit.span.end, 8);
    let word_of_risk = says(stream, after, OTHER_SENSE_WORD_OF_RISK) && !says(stream, after, words![","]);
    let guarded =
        stream.reads_back_any(hit.span.start, OTHER_SENSE_GUARDED) && !ends(stream, hit.span.start, "无");
    // `反复发热`: the two characters belong to two words.
    let split = stands(stream, hit.span.start, "复发") && ends(stream, hit.span.start, "反");
    let foretold = stands(stream, hit.span.start, "耐药") && is_foretold(sheet, hit.span.start);
    of_result || word_of_risk || guarded || split || foretold || symptom_recurs(sheet, hit)
}

/// `BTK C481S突变,提示对共价BTK抑制剂耐药`: what a variant lets expect of a drug has not been seen in the patient.
pub(in crate::grammar) fn is_foretold(sheet: &Sheet<'_>, at: usize) -> bool {
    const REACH: usize = 60;
    const CLAUSE: usize = 24;
    let stream = &sheet.stream;
    let before = sheet.before(at, CLAUSE);
    let clause = (before.start..before.end)
        .rev()
        .find(|of| matches!(stream.at(*of), ',' | ';' | '。'))
        .map_or(before.start, |of| of + 1);
    let towards = says(stream, Span::new(clause, at), words!["对", "与", "药物"]);
    let variant =
        says(stream, sheet.before(at, REACH), words!["突变", "变异", "基因", "位点", "vaf", "扩增", "缺失"]);
    towards && variant
}

/// "fevers have not recurred", "the rash came back": what comes back is a symptom.
fn symptom_recurs(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 22;
    let near = sheet.before(hit.span.start, REACH);
    let verb = sheet.stream.reads_any(
        hit.span.start,
        words!["recur", "came back", "come back", "has returned", "has not returned"],
    );
    let subject = sheet
        .candidates_in(near)
        .iter()
        .rev()
        .find(|of| of.hit.span.end <= hit.span.start && !of.hit.concept.is("test"));
    verb && subject.is_some_and(|of| {
        let gap = sheet.stream.lower_text(Span::new(of.hit.span.end, hit.span.start));
        let verbs = gap.split_whitespace().all(|word| {
            matches!(
                word,
                "has" | "have" | "had" | "not" | "also" | "s" | "now" | "again" | "then" | "never" | "soon"
            )
        });
        of.hit.concept.is("sym") && verbs
    })
}

fn refers_to_a_course(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    stands(&sheet.stream, skip_spaces(&sheet.stream, hit.span.end), "to ")
}

/// "refractory to the last", "refractory to R-ICE": no response to that course.
fn refractory_to(sheet: &Sheet<'_>, hit: &Hit, courses: &[Draft]) -> Draft {
    let end = sheet.after(hit.span.end, 12).end;
    let span = Span::new(hit.span.start, end);
    let mut draft =
        Draft::new("find.no_response", span, "response.refractory_to").named_at(hit.span).present();
    if let Some(course) = course_of(sheet, hit.span, courses) {
        draft = draft.word(Attr::After, course.concept.as_str());
        draft.span = Span::new(hit.span.start, hit.span.end);
    }
    draft
}

/// `relapse after 10 months`, `relapse 9 months`, `停药3个月后复发`, `11mo后复发`, `半年又复发`, "9 months later", `间隔约9个月`, "came back within eighteen months".
fn interval(sheet: &Sheet<'_>, span: Span) -> Option<(String, Span)> {
    ahead(sheet, span).or_else(|| behind(sheet, span))
}

/// The nearest length of time before the word: linked by `后`, `又`, "later", "for ... and".
pub(super) fn ahead(sheet: &Sheet<'_>, span: Span) -> Option<(String, Span)> {
    let stream = &sheet.stream;
    let window = sheet.before(span.start, 34);
    (window.start..window.end).find_map(|at| {
        let glued = at > window.start
            && stream.at(at - 1).is_ascii_alphanumeric()
            && stream.at(at).is_ascii_alphanumeric();
        let time = time_at(stream, at).filter(|_| {
            !glued && (!is_inside_date(sheet, at) || ends(stream, at, "后") || ends(stream, at, "约"))
        })?;
        if time.span.end > span.start
            || ends(stream, at, "第")
            || ends(stream, at, "每")
            // `今年2月复发`: a month of the year.
            || ends(stream, at, "年")
            || ends(stream, at, ".")
            || ends(stream, at, "-")
        {
            return None;
        }
        // A longer number begins before: `18月` is not 8 months.
        if at > 0 && stream.at(at - 1).is_ascii_digit() {
            return None;
        }
        let gap = stream.lower_text(Span::new(time.span.end, span.start));
        let bare: String = gap.chars().filter(|of| !of.is_whitespace()).collect();
        let bracket = bare.starts_with('(') && bare.contains(')') || bare.starts_with("后(");
        let links = [
            "后",
            "又",
            "再",
            "时",
            "内",
            "later",
            "after",
            "and",
            "即",
            "出现",
            "余后",
            "左右",
            "首次",
            "二次",
            "髓外",
            "局部",
            "earlyandnow",
            "nowits",
            "andnow",
            "before",
            "",
        ];
        let linked =
            links.iter().any(|word| bare == *word || bare.starts_with(word) && !word.is_empty()) || bracket;
        let ago = sheet.stream.text_begins(&bare, words!["前", "ago", "earlier"]);
        let treatment = sheet.stream.text_has(&bare, words!["程", "方案", "cycle", "口服", "服药"]);
        (linked && !ago && !treatment && bare.chars().count() <= 22).then(|| (time.in_months(), time.span))
    })
}

fn behind(sheet: &Sheet<'_>, span: Span) -> Option<(String, Span)> {
    let stream = &sheet.stream;
    let dated = sheet
        .mentions
        .iter()
        .find(|of| of.span.start >= span.end && of.span.start <= span.end + 4 && !is_length(sheet, of.span))
        .map_or(span.end, |of| of.span.end);
    let window = sheet.after(dated, 40);
    (window.start..window.end).find_map(|at| {
        let time = time_at(stream, at).filter(|_| !is_inside_date(sheet, at))?;
        let gap = stream.lower_text(Span::new(dated.min(at), at));
        let bare = gap.trim().trim_start_matches([',', '(', ' ']).trim_end_matches("约").trim();
        let after = stream.lower_text(sheet.within(Span::new(time.span.end, time.span.end + 8)));
        let directly = bare.is_empty() && !after.trim_start().starts_with("ago") && !after.starts_with('前');
        let later =
            after.trim_start().starts_with("later") && !gap.contains([',', ';']) && gap.chars().count() <= 24;
        let linked = directly || later || BEHIND.contains(&bare);
        let ago = after.trim_start().starts_with("ago") || after.starts_with('前');
        (linked && !ago).then(|| (time.in_months(), time.span))
    })
}

/// A calendar date, not a length of time reckoned from today.
fn is_inside_date(sheet: &Sheet<'_>, at: usize) -> bool {
    is_dated(sheet, at)
        && !sheet.mentions.iter().any(|of| {
            // `今年2月` names a month; `3个月前` and `回输后28天` are lengths of time.
            let length = is_length(sheet, of.span) || of.counted.is_some();
            (length && of.span.start <= at || of.relative && of.span.start == at) && at < of.span.end
        })
}

/// "14 months later": a length of time, and a date only by what was told before it.
fn is_length(sheet: &Sheet<'_>, mention: Span) -> bool {
    sheet.says(mention, words![" later", " after that", " afterwards", " thereafter"])
}
