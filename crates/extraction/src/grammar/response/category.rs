//! CR, PR, SD, PD, no response: what was reached, after which course, when, and for how long.

use super::{condition::is_conditional, relapse, timepoint::timepoint};
use crate::{
    draft::Draft,
    grammar::therapy::{
        end_with_list,
        words::{ends, first, says, skip_spaces, stands, time_at},
    },
    sheet::Sheet,
    stream::{BREAK, Hit, Span},
    vocabulary::response::{
        CONTEXT_AHEAD, CONTEXT_BEHIND, CONTEXT_OTHER, CONTEXT_TIME, COURSE_OF_OPENS, EACH_OF_LIST_LISTED,
        IN_RESPONSE_CONTEXT, LASTED_LEAD, NOT_COURSES, STARTS_ROW_AT_VISIT, STARTS_ROW_DOUBTED, STOPPED,
        STOPPED_FOR, SUPPORT, UNREACHED, UNREACHED_BEHIND,
    },
    words::words,
};
use cartulary_model::{Assertion, ConceptId, Experiencer, fact::Attr};

/// A word of assessment before it, or a course of therapy before it in the sentence.
/// As long a name of a course may be.
const LONGEST_COURSE: usize = 40;

pub(super) fn in_response_context(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = sheet.before(hit.span.start, 26);
    let after = sheet.after(hit.span.end, 8);
    let sign = matches!(
        sheet.stream.at(hit.span.end + 1),
        '+' | '-' | '±' | '弱' | '强' | '灶' | '部' | '~' | '<' | '>'
    );
    let marker_list = sheet.stream.at(hit.span.end) == '(' && sign
        || sheet.says(after, words!["(+", "(-"]) && !sheet.says(after, words!["(deau", "(pet"]);
    // A long name begins far before it: "Tafasitamab-lenalidomide 12 cycles PR".
    let wide = Span::new(before.start.saturating_sub(LONGEST_COURSE), before.end);
    let course = sheet.candidates_in(wide).iter().any(|of| {
        (of.hit.concept.is("reg") || of.hit.concept.is("drug"))
            && of.hit.span.end > before.start
            && of.hit.span.end <= hit.span.start
    });
    let to_course = sheet
        .says(sheet.after(hit.span.end, 30), words!["only after", " to ", "after ", ", to the", "持续"])
        && course_behind(sheet, hit);
    let visited = (hit.span.start.saturating_sub(5)..hit.span.start).any(|at| {
        matches!(sheet.stream.at(at), 'd' | 'D' | 'm' | 'M' | '+') && sheet.stream.at(at + 1).is_ascii_digit()
    });
    // "CR at 3 mo, PD at 6 mo", "PR at M1".
    let timed = super::timepoint::follows_cells(sheet, hit.span)
        && super::timepoint::hanging(sheet, hit.span.end).is_some();
    // "stopped 30-Nov-2023 for PD", "changed to R-GDP for PD".
    // `因PD停用泽布替尼`
    let cause = hit.concept.as_str() == "find.pd"
        && sheet.stream.reads_back_any(hit.span.start, words!["因", "由于", "因为"])
        && sheet.stream.reads_any(
            hit.span.end,
            words!["停", "而停", "后停", "改", "换", "更换", "终止", "中止", "退出"],
        );
    let stopped = hit.concept.as_str() == "find.pd"
        && sheet.stream.reads_back_any(hit.span.start, STOPPED_FOR)
        && sheet.says(sheet.before(hit.span.start, 60), STOPPED)
        && !sheet.says(
            sheet.before(hit.span.start, 60),
            words!["be stopped", "be discontinued", "be changed", "trial", "in zuma", "arm "],
        )
        && sheet
            .candidates_in(Span::new(hit.span.start.saturating_sub(130), hit.span.start))
            .iter()
            .any(|of| matches!(of.hit.concept.kind(), "reg" | "drug"));
    !marker_list
        && (visited
            || stopped
            || cause
            || timed
            || is_in_english(sheet, hit)
            || sheet.says(before, IN_RESPONSE_CONTEXT)
            || course
            || to_course
            || starts_row(sheet, hit)
            || cell_alone(sheet, hit))
}

/// "i.e. PD by Lugano criteria", "nothing until PD in 2020": the words right beside it, in a paper on the lymphoma.
fn is_in_english(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const BESIDE: usize = 44;
    let stream = &sheet.stream;
    let capital = (hit.span.start..hit.span.end).all(|at| stream.at(at).is_ascii_uppercase());
    // Receptors, dialysis and creatinine stand among other stains and values.
    let near = Span::new(hit.span.start.saturating_sub(BESIDE), hit.span.end + BESIDE);
    let other = sheet.candidates_in(near).iter().filter(|of| of.needs.is_none()).any(|of| {
        !of.hit.span.overlaps(hit.span)
            && (of.hit.concept.is("bio")
                || of.hit.concept.is("lab") && of.hit.concept.as_str() != "lab.suvmax")
            || of.hit.concept.as_str() == "find.dialysis"
    });
    if sheet.says(sheet.sentence(hit.span.start), CONTEXT_OTHER) {
        return false;
    }
    // "Feb 2024 PD", "ASCT in 2023. PD 02/2024"
    let day_ahead =
        sheet.mentions.iter().any(|of| of.span.end < hit.span.start && hit.span.start <= of.span.end + 2);
    let day_behind = sheet.mentions.iter().any(|of| of.span.start == hit.span.end + 1);
    let opens = skip_spaces(stream, sheet.sentence(hit.span.start).start) == hit.span.start;
    let ahead = stream.reads_back_any(hit.span.start, CONTEXT_AHEAD) || day_ahead || day_behind && opens;
    let closed = matches!(stream.at(hit.span.end), '.' | ',' | ';' | ')' | BREAK)
        || hit.span.end >= stream.len()
        || day_behind
        || stream.reads_any(hit.span.end, CONTEXT_TIME);
    capital && !other && (ahead && closed || stream.reads_any(hit.span.end, CONTEXT_BEHIND))
}

fn course_behind(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let after = sheet.after(hit.span.end, 50);
    sheet.candidates_in(after).iter().any(|of| of.hit.concept.is("reg") && of.hit.span.end <= after.end)
}

/// `R-DHAP×4 PR,CR持续2年`, `D28 BM(-),CR。`: the response is a clause of its own.
fn starts_row(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let before = hit.span.start.checked_sub(1).map_or(' ', |at| stream.at(at));
    let before =
        if before == ' ' { hit.span.start.checked_sub(2).map_or(' ', |at| stream.at(at)) } else { before };
    let alone = matches!(before, ',' | ':' | ';' | '(')
        // "R-CHOP, 6 cycles. CR (PET/CT 07/30/2024).": a sentence of its own.
        || matches!(before, '.' | '。') && sheet.sentence(hit.span.start).start + 1 >= hit.span.start;
    let ends = matches!(stream.at(hit.span.end), '。' | ',' | ';' | '.' | BREAK | ')')
        || stream.reads_any(hit.span.end, STARTS_ROW_DOUBTED)
        || stands(stream, hit.span.end, "持续")
        // "CR (PET/CT 07/30/2024)": the examination it was found by.
        || stream.reads_any(hit.span.end, words![" (pet", "(pet", " (ct ", "(ct ", " on pet", " by pet", " on ct", " by ct"])
        || stands(stream, hit.span.end, " (d");
    let last_column = is_last_column(sheet, hit);
    let markers = sheet
        .candidates_in(Span::new(hit.span.start.saturating_sub(19), hit.span.end + 12))
        .iter()
        .any(|of| of.hit.concept.is("bio") && !of.hit.span.overlaps(hit.span));
    let first_word = skip_spaces(stream, sheet.sentence(hit.span.start).start) == hit.span.start;
    let at_visit = (first_word || before == ';') && stream.reads_any(hit.span.end, STARTS_ROW_AT_VISIT);
    !markers && (alone && ends || at_visit || last_column)
}

/// `R-ICE 2 11/2020-12/2020 PD`: the last column of a row, behind its days.
fn is_last_column(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let index = sheet.mentions.partition_point(|of| of.span.end < hit.span.start.saturating_sub(1));
    let days = sheet.mentions.get(index);
    days.is_some_and(|of| of.until.is_some() && of.span.end + 1 == hit.span.start)
}

/// "Line Regimen Cycles Dates Best response 1 R-CHOP ...": the heading of the last column.
fn headed_best(sheet: &Sheet<'_>, hit: &Hit) -> Option<String> {
    const REACH: usize = 400;
    let sentence = sheet.sentence(hit.span.start);
    let row = Span::new(sentence.start.max(hit.span.start.saturating_sub(REACH)), hit.span.start);
    ((is_last_column(sheet, hit) || is_field_of_course(sheet, hit))
        && says(&sheet.stream, row, words!["best response", "best resp "]))
    .then(|| "best".to_owned())
}

/// A table cell that holds nothing else.
fn cell_alone(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = hit.span.start.checked_sub(1).map_or('\n', |at| sheet.stream.at(at));
    let after = sheet.stream.at(hit.span.end);
    matches!(before, '\t' | '\n') && matches!(after, '\t' | '\n' | ' ' | '(')
        || is_between_bars(sheet, hit)
        || is_field_of_course(sheet, hit)
}

/// `R-CHOP    12/2021 - 04/2022    6    PR    completed`: a field of a row that begins with a course.
fn is_field_of_course(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const FEWEST: usize = 3;
    let stream = &sheet.stream;
    let Some(row) = stream.short_row(hit.span.start) else { return false };
    let course = sheet
        .candidates_in(Span::new(row.start, hit.span.start))
        .iter()
        .any(|of| matches!(of.hit.concept.kind(), "reg" | "drug"));
    let alone = |field: &Span| {
        let rest = stream.lower_text(Span::new(hit.span.end.min(field.end), field.end)).trim_start();
        let dated = sheet.mention_at(hit.span.end + 1).is_some();
        field.start == hit.span.start
            && (rest.is_empty() || rest.starts_with(['(', ',', ';', '>', '→']) || dated)
    };
    course && {
        let fields = stream.fields(row);
        fields.len() >= FEWEST && fields.iter().any(alone)
    }
}

/// `| CR |`: a cell of a table in a text.
fn is_between_bars(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let before = (0..hit.span.start).rev().map(|at| stream.at(at)).find(|of| *of != ' ');
    let after = (hit.span.end..stream.len()).map(|at| stream.at(at)).find(|of| *of != ' ');
    let row = Span::new(sheet.row_start(hit.span.start), hit.span.start);
    let course = sheet.candidates_in(row).iter().any(|of| matches!(of.hit.concept.kind(), "reg" | "drug"));
    course && before == Some('|') && after.is_none_or(|of| matches!(of, '|' | BREAK))
}

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit, courses: &[Draft]) -> Vec<Draft> {
    if is_conditional(sheet, hit.span) || is_of_symptom(sheet, hit) || is_of_other_treatment(sheet, hit) {
        return Vec::new();
    }
    let mut draft = Draft::new(hit.concept.as_str(), hit.span, "response.category").named_at(hit.span);
    draft.assertion = asserted(sheet, hit);
    if sheet.modifiers.read(hit.span).assertion == Assertion::Hypothetical && draft.assertion.is_none() {
        draft.assertion = Some(Assertion::Present);
    }
    let after = course_of(sheet, hit.span, courses)
        .filter(|course| !is_why_begun(sheet, hit, course))
        .or_else(|| stopped_for(sheet, hit, courses));
    if let Some(after) = after {
        draft = draft.word(Attr::After, after.concept.as_str());
    }
    // Nothing is assessed on the day of the infusion: `day 0` in another cell is the transplant's.
    let visit = timepoint(sheet, hit).filter(|of| of != "D0");
    if let Some(timepoint) = visit.or_else(|| headed_best(sheet, hit)) {
        draft = draft.word(Attr::Timepoint, timepoint);
    }
    let progressed = hit.concept.as_str() == "find.pd";
    if let Some((interval, span)) = relapse::ahead(sheet, hit.span).filter(|(_, span)| {
        progressed && (stands(&sheet.stream, span.end, "后") || ends(&sheet.stream, span.start, "后"))
    }) {
        draft = draft.word(Attr::Interval, interval);
        draft.span = draft.span.to(span);
    }
    if let Some((time, span)) = lasted(sheet, hit) {
        draft = draft.word(Attr::Duration, time);
        draft.span = draft.span.to(span);
    }
    if sheet.modifiers.read(hit.span).experiencer == Experiencer::Donor {
        draft.experiencer = Some(Experiencer::Patient);
    }
    let both = both_failed(sheet, hit, courses, &mut draft);
    let each = each_of_list(sheet, courses, &draft);
    [draft].into_iter().chain(both).chain(each).collect()
}

/// "Since 09.2023 on lenalidomide, because of progress of disease": the progression came before the course that it is the reason for.
fn is_why_begun(sheet: &Sheet<'_>, hit: &Hit, course: &Draft) -> bool {
    const LEAD: usize = 30;
    let stream = &sheet.stream;
    let reason = words!["because of ", "due to ", "owing to ", "on account of ", "for "];
    if hit.concept.as_str() != "find.pd"
        || course.name.end > hit.span.start
        || !stream.reads_back_any(hit.span.start, reason)
    {
        return false;
    }
    let sentence = sheet.sentence(hit.span.start);
    let lead = Span::new(sentence.start.max(course.name.start.saturating_sub(LEAD)), course.name.start);
    let between = Span::new(course.name.end, hit.span.start);
    let begun = words![
        "since ",
        "started ",
        "commenced ",
        "begun ",
        "began ",
        "switched to ",
        "changed to ",
        "moved to "
    ];
    course.name.start >= sentence.start
        && says(stream, lead, begun)
        && !says(
            stream,
            between,
            words!["stop", "discontinu", "ended", "until", "abandon", "switched", "changed"],
        )
}

/// `因PD停用泽布替尼`: the course that was stopped for it.
fn stopped_for<'a>(sheet: &Sheet<'_>, hit: &Hit, courses: &'a [Draft]) -> Option<&'a Draft> {
    let verbs = words!["停用", "停", "而停用", "后停用", "停止", "终止", "中止", "停服"];
    let verb = sheet.stream.words_at(hit.span.end, verbs).next_back()?;
    courses.iter().find(|of| of.name.start == verb.end())
}

/// `胸闷症状部分缓解`, "partial response of the oedema to diuretics": a symptom that eased, and no response of the disease.
fn is_of_symptom(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const NEAR: usize = 8;
    let stream = &sheet.stream;
    let before = sheet.before(hit.span.start, NEAR);
    let from = (before.start..before.end)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | ':' | '。'))
        .map_or(before.start, |at| at + 1);
    let lead = Span::new(from, hit.span.start);
    let eased = stream.lower_text(hit.span).contains("缓解");
    let symptom = sheet
        .candidates_in(lead)
        .iter()
        .any(|of| of.hit.concept.is("sym") && of.hit.span.end <= hit.span.start);
    eased
        && (symptom
            || says(
                stream,
                lead,
                words![
                    "症状", "体征", "不适", "水肿", "浮肿", "胸闷", "气促", "气短", "喘", "疼", "痛", "瘙痒",
                    "皮疹"
                ],
            ))
}

/// `血小板输注无效`, `抗结核治疗3月无效`: what failed was given against something else.
fn is_of_other_treatment(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const NEAR: usize = 16;
    let stream = &sheet.stream;
    if hit.concept.as_str() != "find.no_response" || !crate::stream::is_han(stream.at(hit.span.start)) {
        return false;
    }
    let before = sheet.before(hit.span.start, NEAR);
    let from = (before.start..before.end)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | ':' | '。'))
        .map_or(before.start, |at| at + 1);
    let lead = Span::new(from, hit.span.start);
    let course = sheet.candidates_in(lead).iter().any(|of| of.hit.concept.is("reg"));
    !course
        && says(
            stream,
            lead,
            words![
                "输注",
                "血小板",
                "红细胞",
                "抗结核",
                "抗感染",
                "抗生素",
                "抗菌",
                "抗真菌",
                "抗病毒",
                "抗炎",
                "消炎",
                "对症",
                "升白",
                "升板",
                "升血小板",
                "利尿",
                "止痛",
                "镇痛",
                "降压",
                "退热",
                "头孢",
                "青霉素",
                "中药",
                "中医",
                "理疗",
                "止吐",
                "止咳",
                "通便",
                "抗凝",
                "溶栓",
                "抑酸",
                "胰岛素"
            ],
        )
}

fn asserted(sheet: &Sheet<'_>, hit: &Hit) -> Option<Assertion> {
    // `CR` is no cue-bound finding, but "未达CR", "not in CR", "if progression" are.
    let reading = sheet.modifiers.read(hit.span);
    let before = sheet.before(hit.span.start, 22);
    let unreached =
        sheet.says(sheet.before(hit.span.start, 7), UNREACHED) || sheet.says(before, UNREACHED_BEHIND);
    if hit.concept.as_str() == "find.no_response" {
        return Some(Assertion::Present);
    }
    if unreached {
        return Some(Assertion::Negated);
    }
    match reading.assertion {
        Assertion::Possible => {
            // 评估为可能 is doubt; `提示`/`考虑PD` states an assessment.
            let considered = sheet.says(sheet.before(hit.span.start, 6), words!["考虑", "评估"]);
            let doubted =
                sheet.says(sheet.after(hit.span.end, 4), words!["可能", "不除外", "不能除外", "待排", "?"]);
            Some(if considered && !doubted { Assertion::Present } else { Assertion::Possible })
        }
        // "no CRS ... CR": a denial does not reach a response of a later clause.
        Assertion::Negated if !denied_here(sheet, hit, &reading.cues) => Some(Assertion::Present),
        _ => None,
    }
}

fn denied_here(sheet: &Sheet<'_>, hit: &Hit, cues: &[Span]) -> bool {
    let Some(cue) = cues.last().filter(|cue| cue.end <= hit.span.start) else { return true };
    let gap = Span::new(cue.end, hit.span.start);
    let short = gap.end - gap.start <= 24;
    short && !says(&sheet.stream, gap, words![","]) && !says(&sheet.stream, gap, words!["达", "评", "示"])
}

/// Whether a response can follow a course: given, against the disease, no step before the cells.
pub(super) fn is_course(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let given = !matches!(draft.assertion, Some(Assertion::Hypothetical | Assertion::Negated));
    let step = matches!(draft.concept.as_str(), "reg.leukapheresis" | "reg.watch_wait" | "reg.bridging")
        || draft.concept.as_str().starts_with("reg.ld_")
        || matches!(draft.attrs.get(&Attr::Intent), Some(cartulary_model::fact::AttrValue::Text(of)) if matches!(of.as_str(), "prophylaxis" | "lymphodepletion" | "conditioning" | "antiviral" | "another_illness" | "mobilisation" | "maintenance"));
    let classes = sheet.catalogue().drug_classes(&draft.concept);
    let support =
        classes.iter().any(|class| NOT_COURSES.iter().chain(SUPPORT).any(|of| class.starts_with(of)));
    let drug = draft.concept.is("reg") || !classes.is_empty();
    given && drug && !step && !support
}

/// The course a response follows: one named behind it (`PR only after six R-CHOP`), else the last told before.
pub(super) fn course_of<'d>(sheet: &Sheet<'_>, span: Span, courses: &'d [Draft]) -> Option<&'d Draft> {
    let stream = &sheet.stream;
    let row = (0..span.start)
        .rev()
        .take(400)
        .find(|of| stream.at(*of) == BREAK)
        .map_or(span.start.saturating_sub(400), |of| of + 1);
    let sentence = sheet.sentence(span.start);
    let behind = courses.iter().filter(|of| is_course(sheet, of)).find(|of| {
        of.name.start >= span.end && of.name.start <= span.end + 56 && of.name.start < sentence.end
    });
    let linked = behind.filter(|of| {
        let gap = stream.lower_text(Span::new(span.end, of.name.start));
        let gap = gap.trim_start().trim_start_matches([',', '(']).trim_start();
        let to_it = gap.starts_with("was the best response to ")
            || gap.starts_with("was the response to ")
            || gap.starts_with("as best response to ")
            || gap.starts_with("as the best response to ");
        let other =
            sheet.stream.text_has(gap, words![";", "then ", "→", "->", ", "]) && !gap.starts_with("to the ");
        (to_it || sheet.stream.text_begins(gap, COURSE_OF_OPENS)) && !other
    });
    let from = row.max(span.start.saturating_sub(260));
    let before = || {
        courses
            .iter()
            .rev()
            .filter(|of| is_course(sheet, of))
            .find(|of| of.name.end <= span.start && of.name.start >= from)
            .map(|of| regimen_of(sheet, courses, of))
    };
    // A form with a line for each item: the course stands in a line above.
    let above = || {
        courses
            .iter()
            .rev()
            .filter(|of| is_course(sheet, of))
            .find(|of| of.name.end <= span.start && is_cells(sheet, &of.concept))
    };
    linked.or_else(before).or_else(|| in_dated_rows(sheet, span, courses)).or_else(above)
}

/// `01/07/2021 - 20/10/2021 : R-CHOP #6` over `05/11/2021 : PET CT - CMR`: in a list whose rows begin with a day, the course of
/// the rows right above.
fn in_dated_rows<'d>(sheet: &Sheet<'_>, span: Span, courses: &'d [Draft]) -> Option<&'d Draft> {
    const ROWS: usize = 3;
    let dated = |start: usize| {
        let at = skip_spaces(&sheet.stream, start);
        let first = sheet.mentions.partition_point(|of| of.span.start < at);
        sheet.mentions.get(first).is_some_and(|of| of.span.start <= at + 2)
    };
    let mut row = sheet.row_start(span.start);
    for _ in 0..ROWS {
        if !dated(row) {
            return None;
        }
        let end = row.checked_sub(1)?;
        row = sheet.row_start(end);
        let told = courses.iter().rev().filter(|of| is_course(sheet, of));
        let own = told.clone().find(|of| of.name.start >= row && of.name.end <= end);
        if own.is_some() {
            return own.filter(|_| dated(row));
        }
    }
    None
}

/// A drug of the list behind a regimen stands for the regimen: `Pola-R-GemOx (polatuzumab, ..., oxaliplatin) ... PD`.
fn regimen_of<'d>(sheet: &Sheet<'_>, courses: &'d [Draft], course: &'d Draft) -> &'d Draft {
    let holds = |of: &&Draft| {
        of.concept.is("reg")
            && of.name.end <= course.name.start
            && end_with_list(sheet, of.name) >= course.name.end
    };
    let regimen = course.concept.is("drug").then(|| courses.iter().rev().find(holds)).flatten();
    regimen.unwrap_or(course)
}

fn is_cells(sheet: &Sheet<'_>, concept: &ConceptId) -> bool {
    crate::grammar::therapy::is_cell_therapy(sheet, concept)
}

/// `CR持续2年`, "CR, lasting 14 months", "was clear for 4 months", `缓解8个月`.
fn lasted(sheet: &Sheet<'_>, hit: &Hit) -> Option<(String, Span)> {
    let stream = &sheet.stream;
    let until = sheet.after(hit.span.end, 40).end;
    (hit.span.end..until).find_map(|at| {
        let time = time_at(stream, at)?;
        let gap = stream.lower_text(Span::new(hit.span.end, at));
        let told = crate::grammar::therapy::without_courses(sheet, Span::new(hit.span.end, at));
        let told = told.trim_start().trim_start_matches("after").trim_start().trim_start_matches("and");
        let bare = if gap.contains(" after ") { told } else { gap };
        let bare = bare.trim_start_matches([',', ' ', '了', '(']);
        let said = LASTED_LEAD.iter().any(|word| bare == *word || bare.trim_end() == word.trim_end());
        let event =
            says(stream, Span::new(time.span.end, (time.span.end + 2).min(stream.len())), words!["前"]);
        let alone = bare.trim().is_empty()
            && (matches!(stream.at(time.span.end), ',' | '。' | ';' | ')' | BREAK)
                // "CR 26 mo -> relapse"
                || stream.reads_any(time.span.end, words![" ->", "->", " →", "→"])
                // `达CR 16个月后复发`: it held until then.
                || stream.reads_any(time.span.end, words!["后复发", "后进展", "后再", "后疾病"]));
        ((said || alone) && !event).then(|| (time.as_printed(), time.span))
    })
}

/// "did not respond to R-CHOP nor to R-DHAP", "refractory to R-CHOP and R-ICE": no response to each.
pub(super) fn each_of_list(sheet: &Sheet<'_>, courses: &[Draft], draft: &Draft) -> Option<Draft> {
    if draft.concept.as_str() != "find.no_response" {
        return None;
    }
    let after = match draft.attrs.get(&Attr::After) {
        Some(cartulary_model::fact::AttrValue::Text(of)) => of.as_str(),
        _ => return None,
    };
    let index =
        courses.iter().position(|of| of.concept.as_str() == after && of.name.start >= draft.name.end)?;
    let (first_of, next) = (&courses[index], courses.get(index + 1)?);
    if !is_course(sheet, next) || next.name.start < first_of.span.end {
        return None;
    }
    let gap = sheet.stream.lower_text(Span::new(first_of.span.end, next.name.start));
    let listed = EACH_OF_LIST_LISTED.contains(&gap.trim());
    let regimens = first_of.concept.is("reg") || next.concept.is("reg");
    (listed && regimens).then(|| {
        let mut other = draft.clone().word(Attr::After, next.concept.as_str());
        other.rule = "response.each";
        other.span = Span::new(draft.name.start, draft.name.end + 1);
        other
    })
}

/// "Tried BR then ibrutinib, both stopped working": one progression for each of the two.
fn both_failed(sheet: &Sheet<'_>, hit: &Hit, courses: &[Draft], draft: &mut Draft) -> Option<Draft> {
    let stream = &sheet.stream;
    let lead = sheet.before(hit.span.start, 8);
    first(stream, lead, "both ")
        .or_else(|| first(stream, lead, "都"))
        .or_else(|| first(stream, lead, "均"))?;
    let negated = draft.assertion == Some(Assertion::Negated);
    let mut told = courses.iter().rev().filter(|of| is_course(sheet, of) && of.name.end <= hit.span.start);
    let _ = told.next()?;
    let earlier = told.next()?;
    let mut other = draft.clone();
    other.rule = "response.both";
    draft.span = Span::new(hit.span.start.saturating_sub(1).max(lead.start), hit.span.end);
    other = other.word(Attr::After, earlier.concept.as_str());
    (!negated).then_some(other)
}
