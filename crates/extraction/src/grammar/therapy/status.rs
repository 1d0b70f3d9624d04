//! Whether a course was given, goes on, is planned, was refused or ruled out.
//!
//! ## Reads
//! `拟`, `若…则`, "if ... would be considered" over every course named behind it until the text turns to what was done;
//! `拒绝`, "declined"; `暂不考虑`, "not a candidate for"; "no response to R-ICE" denies the response and not R-ICE;
//! `目前…中`, "since", "on which she remains" (ongoing); "Can he get CAR-T?" (asked for).

mod chinese;

use super::{
    count::Territory,
    name::{Name, is_cell_therapy},
    words::{ends, last_end, says, skip_spaces, stands},
};
use crate::{
    assertion::Reading,
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::therapy::{
        ASKED_DONE, BEGUN, BEGUN_SINCE, BEGUN_TO_PREPARE, BEING_TAKEN, CARRIED_OUT, CHANGED_TO,
        CHOSEN_INSTEAD, CONDITION, CONDITIONAL_PASSED, CONDITIONAL_TURN, CONDITIONAL_WATCHED,
        DENIES_THE_COURSE_OTHER, DENIES_THE_COURSE_VERB, DENIES_THE_COURSE_WHAT_FOLLOWS, FACT_ADMITTED,
        FACT_DONE, FORMER_PLAN, GIVEN_AFTER, GIVEN_DONE, GIVEN_ONGOING_AFTER, GIVEN_ONGOING_BEFORE,
        IN_REFUSED_LIST_JOINED, INSTRUCTED_CONDITIONS, INSTRUCTED_ORDERS, INTENDED, KEPT_BACK,
        LAST_WORD_PSEUDO, OFFERED, ONGOING_ANTIVIRAL, ONGOING_ENDED, ONGOING_STILL, OPTION, PLAN_AFTER_FACT,
        PLAN_GOES_ON, PLANNED_ADJECTIVE, REFUSED, REFUSED_AFTER, REFUSED_OBJECTS, RULE_ORDERS, RULE_TOLD,
        RULED_OUT, RULED_OUT_AFTER, RULES_OUT_A_LIST, STATUS_REFUSED, TOLD_AS_PAST, WHETHER,
    },
    words::{List, Place, words},
};
use cartulary_model::Assertion;
pub(super) use chinese::is_added;
use chinese::{explains, has_object_behind, has_own_object, is_alternative, is_prepared};

/// What is said of a course.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Status {
    /// Nothing where the cues decide.
    pub(super) assertion: Option<Assertion>,
    pub(super) word: Option<&'static str>,
    /// Spoken of only in a condition that denies it ("then no R-CHOP"): no fact.
    pub(super) drop: bool,
}

impl Status {
    fn of(assertion: Assertion, word: &'static str) -> Self {
        Self { assertion: Some(assertion), word: Some(word), drop: false }
    }
}

pub(super) fn status(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Status {
    // "If the insurance says no to Kymriah": nobody has refused it yet.
    if is_refused(sheet, name, own) && Plan::before(sheet, name) != Some(Plan::Condition) {
        return Status::of(Assertion::Negated, "refused");
    }
    // "Is he too old for CAR-T?" asks.
    if is_asked(sheet, name) {
        return Status::of(Assertion::Hypothetical, "planned");
    }
    if is_stopped_under_condition(sheet, name) {
        return Status { drop: true, ..Status::default() };
    }
    if is_end_of_rule(sheet, name) {
        return Status { drop: true, ..Status::default() };
    }
    if is_ruled_out(sheet, name, own) || is_in_ruled_out_list(sheet, name) {
        let conditional = Plan::before(sheet, name) == Some(Plan::Condition)
            && says(
                &sheet.stream,
                sheet.before(name.span.start, 6),
                words!["不用", "不做", "不打", "不行", "不给"],
            );
        return Status { drop: conditional, ..Status::of(Assertion::Negated, "not_planned") };
    }
    if crate::grammar::is_standing_order(sheet, name.span) || is_prepared(sheet, name) {
        return Status::of(Assertion::Hypothetical, "planned");
    }
    if explains(sheet, name) {
        return present(sheet, name, own);
    }
    if is_for_a_class(sheet, name) {
        return Status { drop: true, ..Status::default() };
    }
    match former_plan(sheet, name, own) {
        Some(Former::Left) => return Status::of(Assertion::Negated, "not_planned"),
        Some(Former::TakenInstead) => return present(sheet, name, own),
        None => {}
    }
    let reading = sheet.modifiers.read(name.span);
    if is_doubted(sheet, name, &reading) {
        return Status { assertion: Some(Assertion::Possible), word: None, drop: false };
    }
    if let Some(planned) = planned(sheet, name, own) {
        return planned;
    }
    match reading.assertion {
        Assertion::Possible | Assertion::Hypothetical if is_being_taken(sheet, name) => {
            Status::of(Assertion::Present, "ongoing")
        }
        Assertion::Negated if goes_on_itself(sheet, name) || is_left_midway(sheet, name, own) => {
            present(sheet, name, own)
        }
        // "DVT under R-CHOP (resolved)": what went away is the event.
        Assertion::Negated if reading.resolved => present(sheet, name, own),
        Assertion::Negated if !denies_the_course(sheet, name, &reading.cues) => present(sheet, name, own),
        Assertion::Negated => Status::of(Assertion::Negated, "not_planned"),
        // `不除外感染,曾用伏立康唑`: the doubt of an earlier clause is about something else.
        Assertion::Possible if is_told_apart(sheet, name, &reading) => present(sheet, name, own),
        Assertion::Possible => {
            Status { assertion: Some(Assertion::Hypothetical), word: Some("planned"), drop: false }
        }
        Assertion::Hypothetical
            if is_fact(sheet, name, own)
                || super::count::is_part_given(sheet, name)
                || is_told_behind_plan(sheet, name, &reading) =>
        {
            present(sheet, name, own)
        }
        Assertion::Hypothetical => Status { assertion: None, word: Some("planned"), drop: false },
        Assertion::Present => present(sheet, name, own),
    }
}

fn present(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Status {
    let ongoing = is_ongoing(sheet, name, own);
    Status { assertion: Some(Assertion::Present), word: ongoing.then_some("ongoing"), drop: false }
}

/// "Maybe she had R-CHOP", `患者是否曾行CAR-T治疗不详`: a course of the past that may have been given, or not.
fn is_doubted(sheet: &Sheet<'_>, name: &Name, reading: &Reading) -> bool {
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, 40);
    let asked = last_end(stream, before, WHETHER);
    let cue = reading.cues.iter().map(|of| of.end).filter(|end| *end <= name.span.start).max();
    let doubt = cue.filter(|_| reading.assertion == Assertion::Possible);
    let Some(from) = asked.max(doubt) else { return false };
    let gap = Span::new(from, name.span.start);
    says(stream, gap, TOLD_AS_PAST) && !says(stream, gap, words![",", ";", "。"])
}

/// `如获批,奥布替尼停用`, "if she bleeds, stop ibrutinib": the end of a course that is told elsewhere.
fn is_stopped_under_condition(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let stopped = stands(stream, skip_spaces(stream, name.span.end), "停")
        || stream.reads_back_any(name.span.start, words!["stop ", "hold ", "discontinue ", "停用", "停"]);
    stopped && Plan::before(sheet, name) == Some(Plan::Condition)
}

/// "maybe mosunetuzumab. for now only on ibrutinib": the words directly before it say that it is being taken.
fn is_being_taken(sheet: &Sheet<'_>, name: &Name) -> bool {
    let clause = sheet.before(name.span.start, 24);
    // "On glofitamab, C3 due next week."
    let begin = skip_spaces(&sheet.stream, sheet.sentence(name.span.start).start);
    let heads = begin + 3 == name.span.start && sheet.stream.reads(begin, "on ");
    (heads || sheet.stream.reads_back_any(name.span.start, BEING_TAKEN))
        && !says(&sheet.stream, clause, CONDITION)
}

/// Whether a clause with a word of giving of its own stands between the doubt and the course.
fn is_told_apart(sheet: &Sheet<'_>, name: &Name, reading: &Reading) -> bool {
    let stream = &sheet.stream;
    let Some(cue) = reading.cues.iter().map(|of| of.end).filter(|end| *end <= name.span.start).max() else {
        return false;
    };
    let comma = (cue..name.span.start).rev().find(|at| stream.at(*at) == ',');
    let own = comma.map(|at| Span::new(at + 1, name.span.start));
    let told = own.is_some_and(|own| says(stream, own, TOLD_AS_PAST));
    let behind = ["后进展", "后复发", "后达", "治疗后", "后仍"];
    told || comma.is_some() && behind.iter().any(|word| stands(stream, name.span.end, word))
}

/// "Instead of the planned third cycle he received Pola-BR", "two of an intended three, then proceeded to an autograft": a verb
/// of giving stands between the word of the plan and the course.
fn is_told_behind_plan(sheet: &Sheet<'_>, name: &Name, reading: &Reading) -> bool {
    let stream = &sheet.stream;
    let cue = reading.cues.iter().filter(|of| of.end <= name.span.start).max_by_key(|of| of.end);
    let adjective = |cue: &Span| {
        let text = stream.lower_text(*cue);
        PLANNED_ADJECTIVE.iter().any(|word| text.contains(word.trim_end()))
    };
    let Some(cue) = cue.filter(|of| adjective(of)) else { return false };
    let gap = Span::new(cue.end, name.span.start);
    last_end(stream, gap, TOLD_AS_PAST).is_some_and(|told| {
        !says(stream, gap, CONDITION) && !says(stream, Span::new(told, name.span.start), INTENDED)
    })
}

/// "bortezomib refused, ibrutinib ongoing": its own word stands directly behind it.
fn goes_on_itself(sheet: &Sheet<'_>, name: &Name) -> bool {
    let at = skip_spaces(&sheet.stream, name.span.end);
    sheet.stream.reads_any(
        at,
        words![
            "ongoing",
            "continues",
            "continuing",
            "continued",
            "started",
            "was started",
            "is ongoing",
            "given"
        ],
    )
}

/// `拒绝CAR-T`, "declined allogeneic transplant", "said no to the trial drug glofitamab".
fn is_refused(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 36;
    const OBJECT: usize = 24;
    let stream = &sheet.stream;
    let before = Span::new(own.start.max(name.span.start.saturating_sub(REACH)), name.span.start);
    let refused = last_end(stream, before, REFUSED).is_some_and(|end| {
        let gap = Span::new(end, name.span.start);
        name.span.start - end <= OBJECT && !says(stream, gap, STATUS_REFUSED)
    });
    refused || is_refused_after(sheet, name, own) || is_in_refused_list(sheet, name)
}

/// "transplant was offered and declined", "R-CHOP was proposed but she did not want it", `建议CAR-T,家属不同意`: a refusal
/// behind that has no object of its own.
fn is_refused_after(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 60;
    /// With a bracket in between.
    const FAR: usize = 100;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let after = Span::new(name.span.end, own.end.min(name.span.end + FAR).min(sentence.end));
    let begins = |at: usize| !stream.at(at).is_ascii_alphabetic() || super::words::starts_word(stream, at);
    let fitting = stream.words_beginning(after, REFUSED_AFTER).find(|of| begins(of.start()));
    let Some(at) = fitting.map(|of| of.start()) else { return false };
    let end = stream.words_at(at, REFUSED_AFTER).next_back().map_or(at, |of| of.end());
    let gap = &without_asides(stream.lower_text(Span::new(name.span.end, at)));
    let lead = Span::new(own.start.max(name.span.start.saturating_sub(24)), name.span.start);
    let offered = says(stream, Span::new(name.span.end, at), OFFERED) || says(stream, lead, OFFERED);
    // "Was planned for an autograft but the patient refused".
    let turned = ["but ", "但"].iter().any(|word| gap.trim_start().starts_with(word));
    let most = if offered {
        REACH
    } else if turned {
        24
    } else {
        10
    };
    gap.chars().count() <= most && !gap.contains(['未', ';']) && has_no_object(sheet, end)
}

/// Nothing is named behind the verb, or only a pronoun or a reason: "refused it", "declined because of ...".
fn has_no_object(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, end);
    at >= stream.len()
        || matches!(stream.at(at), ',' | ';' | '.' | '。' | ')' | BREAK | CELL)
        || stream.reads_any(at, REFUSED_OBJECTS)
}

/// `拒绝CAR-T及自体移植`, "declined CAR-T and an autograft": nothing but courses between the refusal and this one.
fn is_in_refused_list(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 60;
    let before = sheet.before(name.span.start, REACH);
    last_end(&sheet.stream, before, REFUSED).is_some_and(|end| {
        let gap = without_courses(sheet, Span::new(end, name.span.start));
        let joined = IN_REFUSED_LIST_JOINED.iter().fold(gap.clone(), |gap, word| gap.replace(word, ""));
        gap.chars().count() < name.span.start - end && joined.trim_matches([' ', ',']).is_empty()
    })
}

/// `暂不考虑allo-HSCT`, "too weak for R-CHOP", "would have offered R-DHAP and an autograft".
fn is_ruled_out(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let before = Span::new(sentence.start.max(name.span.start.saturating_sub(40)), name.span.start);
    let ruled = last_end(stream, before, RULED_OUT).is_some_and(|end| {
        let gap = Span::new(end, name.span.start);
        let courses = without_courses(sheet, gap);
        let most = if stream.reads_back_any(end, words!["instead of ", "in place of ", "rather than "]) {
            36
        } else {
            22
        };
        courses.chars().count() <= most
            && !courses.contains([',', ';', '。'])
            // "Rather than an autograft he received axi-cel": a verb of giving begins what was done.
            && !says(stream, gap, TOLD_AS_PAST)
            && !sheet.stream.text_has(&courses, words!["改", "so ", "予", "therefore", "but "])
    });
    // `未放疗`, `未移植`: the denial directly before the name.
    if stream.reads_back_any(name.span.start, words!["未", "从未", "未曾", "并未", "均未", "没有过", "没"])
        && crate::stream::is_han(stream.at(name.span.start))
    {
        return true;
    }
    // `因神经毒性去长春新碱`, `R-CHOP(去长春新碱)`: left out of its regimen.
    let left_out = stream
        .reads_back_any(name.span.start, words!["去", "减去", "减掉", "免用", "免予", "免去", "删去"])
        && !stream
            .reads_back_any(name.span.start, words!["过去", "回去", "失去", "前去", "年去", "月去", "日去"])
        && !stream.reads_any(name.span.end, words!["治疗", "输注", "中心", "病房", "医院", "行", "科"]);
    if left_out && name.concept.is("drug") && !is_cell_therapy(sheet, &name.concept) {
        return true;
    }
    // "The autograft that had been planned was never carried out".
    let near = Span::new(name.span.end, own.end.min(name.span.end + 32));
    let intended = says(
        stream,
        near,
        words![
            "planned",
            "proposed",
            "intended",
            "foreseen",
            "envisaged",
            "discussed",
            "considered",
            "prescribed"
        ],
    );
    let after = Span::new(name.span.end, own.end.min(name.span.end + if intended { 56 } else { 24 }));
    let ruled_after = stream.first_of_each(after, RULED_OUT_AFTER).into_iter().any(|place| {
        let gap = Span::new(name.span.end, place.start());
        // "after axi-cel: no CRS": the answer must end there.
        let end = skip_spaces(stream, place.end());
        if is_left_midway(sheet, name, own) {
            return false;
        }
        let answers = stream.at(place.start()) != ':'
            || matches!(stream.at(end), ',' | ';' | '.' | '。' | ')' | BREAK | CELL)
            || end >= stream.len()
            || stream.reads_any(end, words!["行", "用", "做", "予", "进行"]);
        // "completed R-CHOP x6 and decided against maintenance", "but omitted vincristine": what follows is what was left.
        let turns = stream.reads_any(place.start(), words!["and ", "but "]);
        let stops = stream.reads_any(end, words!["because", "due ", "as ", "since ", "owing", "on account"])
            || end >= stream.len()
            || matches!(stream.at(end), ',' | ';' | '.' | '。' | ')' | BREAK | CELL);
        answers
            && (stops || !turns)
            && !sheet.says(gap, words!["and ", "但", "now "])
            && !has_own_object(sheet, gap, place.end())
            && !is_ended(sheet, name, place.end())
    });
    ruled || ruled_after || is_kept_back(sheet, name, own)
}

/// "R-CHOP was abandoned after two cycles", "rituximab was omitted from cycle 1", "a dose of R-CHOP was withheld": it had been given.
fn is_ended(sheet: &Sheet<'_>, name: &Name, behind: usize) -> bool {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, behind);
    let after = stands(stream, at, "after ").then(|| skip_spaces(stream, at + "after ".len()));
    let counted = after.is_some_and(|at| {
        super::words::count_at(stream, at).is_some()
            || stream
                .reads_any(at, words!["the first ", "the second ", "the third ", "cycle ", "c1", "c2", "c3"])
    });
    counted
        || stream.reads_any(at, words!["from cycle", "from the first", "from the last", "from c1"])
        || stream.reads_back_any(name.span.start, words!["dose of ", "doses of ", "cycle of ", "cycles of "])
}

/// "Not a candidate for: R-CHOP (EF), autologous SCT (age 81), venetoclax": one word rules out a list. A colon, or an "or"
/// or "and" between its items, tells that it is one: "not a candidate for CAR-T, R-GemOx x4" is none.
fn is_in_ruled_out_list(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 140;
    const REST: usize = 60;
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, REACH);
    let Some(end) = last_end(stream, before, RULES_OUT_A_LIST) else { return false };
    let given = super::count::times(sheet, name.span.end).is_some() || goes_on_itself(sheet, name);
    if given || says(stream, sheet.after(name.span.end, 14), words!["was ", "were ", "is being "]) {
        return false;
    }
    let between = without_asides(&without_courses(sheet, Span::new(end, name.span.start)));
    let colon = stream.reads_back_any(end, words![":", ": "]) || between.starts_with(':');
    let mut joined = colon;
    let glue = between.split([' ', ',', '/', ':']).filter(|word| !word.is_empty()).all(|word| {
        joined |= matches!(word, "or" | "and" | "nor");
        matches!(word, "or" | "and" | "nor" | "a" | "an" | "any" | "another" | "further" | "even")
    });
    // "autologous SCT, CAR-T or R-ICE": the "or" may stand behind this item.
    let rest = without_asides(&without_courses(sheet, sheet.after(name.span.end, REST)));
    let follows = rest.trim_start_matches([' ', ',']);
    let last = follows.strip_prefix("and ").is_some_and(|of| matches!(of.trim(), "" | "."));
    glue && (joined || last || follows.starts_with("or ") || follows.starts_with("nor "))
}

/// A text without what stands in brackets.
fn without_asides(text: &str) -> String {
    let mut depth = 0usize;
    text.chars()
        .filter(|of| {
            let inside = depth > 0;
            match of {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            !inside && *of != '('
        })
        .collect()
}

/// "Entecavir must continue for 12 months after CAR-T", "no driving for 8 weeks after axi-cel": a rule whose time is
/// reckoned from a course says neither that it was given nor that it will be.
fn is_end_of_rule(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 90;
    const TIME: usize = 26;
    let stream = &sheet.stream;
    let reckoned = stream.reads_back_any(
        name.span.start,
        words!["after ", "following ", "post ", "after the ", "following the ", "after his ", "after her "],
    );
    let sentence = sheet.sentence(name.span.start);
    let within =
        |reach: usize| Span::new(sentence.start.max(name.span.start.saturating_sub(reach)), name.span.start);
    let time = within(TIME);
    let long = says(stream, time, words!["month", "week", "day", "year"]);
    let clause = within(REACH);
    // "Levetiracetam until day 30 after CAR-T": a drug and its time, nothing told of it.
    let until = stream.words_in(time, words!["until ", "till "]).next().is_some_and(|of| {
        let lead = without_courses(sheet, Span::new(sentence.start, of.start()));
        let lead = lead.trim();
        lead.len() < of.start() - sentence.start
            && lead.split(' ').all(|word| word.is_empty() || is_dose(word))
    });
    let ruled = last_end(stream, clause, RULE_ORDERS).is_some();
    let told = says(stream, clause, RULE_TOLD);
    let counted = super::count::times(sheet, name.span.end).is_some();
    let parted = says(stream, clause, words!["currently", "now ", ", 1", ", 2", ", 3"])
        || stream.reads_any(name.span.end, words![" in "]);
    reckoned && long && (ruled || until) && !told && !counted && !parted && !is_dated_behind(sheet, name)
}

/// `500`, `mg`, `bd`: words of a prescription.
fn is_dose(word: &str) -> bool {
    word.chars().all(|of| of.is_ascii_digit() || of == '.')
        || matches!(word, "mg" | "g" | "bd" | "od" | "daily" | "po" | "bid" | "tds" | "twice")
}

/// "after auto-SCT (June 2023)": a course with its day was given.
fn is_dated_behind(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BESIDE: usize = 8;
    sheet.mentions.iter().any(|of| of.span.start >= name.span.end && of.span.start <= name.span.end + BESIDE)
}

/// "The original plan of R-CHOP x6 was abandoned after 2 cycles": until then it was given.
fn is_left_midway(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    super::count::given_until_stop(sheet, name, own).is_some()
}

/// "Tocilizumab was ready but they did not give it": a clause behind that takes it up with a pronoun.
fn is_kept_back(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 60;
    // "Entecavir prior to rituximab, but he did not take it": the other is what was not taken.
    if sheet.stream.reads_back_any(name.span.start, words!["prior to ", "before ", "after ", "alongside "]) {
        return false;
    }
    let until = own.end.min(name.span.end + REACH).min(sheet.sentence(name.span.start).end);
    says(&sheet.stream, Span::new(name.span.end, until.max(name.span.end)), KEPT_BACK)
}

/// The text of a span without the names of courses in it.
pub(in crate::grammar) fn without_courses(sheet: &Sheet<'_>, span: Span) -> String {
    const LONGEST: usize = 80;
    let named: Vec<Span> = sheet
        .candidates_in(Span::new(span.start.saturating_sub(LONGEST), span.end))
        .iter()
        .filter(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"))
        .map(|of| of.hit.span)
        .collect();
    (span.start..span.end)
        .filter(|at| !named.iter().any(|of| of.start <= *at && *at < of.end))
        .map(|at| sheet.stream.lower.get(at).copied().unwrap_or(' '))
        .collect()
}

/// Why what follows is not done yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    Intended,
    Condition,
    /// Asked for, spoken of as an option: no plan of the treating team.
    Option,
}

impl Plan {
    /// The last word of a plan before the course, unless the text has turned to what was done.
    fn before(sheet: &Sheet<'_>, name: &Name) -> Option<Self> {
        let stream = &sheet.stream;
        let sentence = sheet.sentence(name.span.start);
        let row = (sentence.start..name.span.start)
            .rev()
            .find(|at| matches!(stream.at(*at), BREAK | CELL))
            .map_or(sentence.start, |at| at + 1);
        let span = Span::new(row.max(name.span.start.saturating_sub(140)), name.span.start);
        let done = last_word(sheet, span, GIVEN_DONE).unwrap_or(span.start);
        let condition = last_word(sheet, Span::new(span.start, name.span.start), CONDITION);
        let rest = Span::new(done.max(span.start), name.span.start);
        let intended = last_word(sheet, rest, INTENDED).filter(|end| !is_a_count(sheet, *end));
        // "Not a candidate for CAR-T, started R-GemOx": what is ruled out is no option.
        let option =
            last_word(sheet, rest, OPTION).filter(|end| !stream.reads_back_any(*end, RULES_OUT_A_LIST));
        if condition.is_some_and(|at| at >= done) {
            return Some(Self::Condition);
        }
        match (intended, option) {
            (Some(a), Some(b)) if a >= b => Some(Self::Intended),
            (Some(_), Some(b)) if clause_goes_on(sheet, b, name) => Some(Self::Option),
            (None, Some(b)) if clause_goes_on(sheet, b, name) => Some(Self::Option),
            (Some(a), _) if plan_goes_on(sheet, a, name) => Some(Self::Intended),
            _ => None,
        }
    }
}

/// The end of the last of these words that stands by itself: `will ` not in "still ", `拟` not in 模拟, `待` not in 待遇.
fn last_word(sheet: &Sheet<'_>, span: Span, words: &List) -> Option<usize> {
    let stream = &sheet.stream;
    let mut until = span.end;
    loop {
        let end = last_end(stream, Span::new(span.start, until), words)?;
        // The longest of those that end here.
        let start = stream.words_ending(end, words).next().map_or(end - 1, Place::start);
        let latin = stream.at(start).is_ascii_alphabetic();
        let inside = latin && start > 0 && stream.at(start - 1).is_ascii_alphanumeric();
        let pseudo = stream.reads_back_any(end, LAST_WORD_PSEUDO);
        let subject = stands(stream, start, "if ") && ends(stream, start, "as ")
            || stands(stream, end, "not tolerate")
            || stands(stream, end, "not be tolerated");
        if !inside && !pseudo && !subject {
            return Some(end);
        }
        until = end.saturating_sub(1).max(span.start);
        if until <= span.start {
            return None;
        }
    }
}

/// `R-CHOP (six planned)`, "five of six planned cycles", `计划6程`: how many were planned, not whether.
fn is_a_count(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    let planned = ends(stream, end, "planned ");
    planned && stream.reads_any(skip_spaces(stream, end), words!["cycle", "course", "dose"])
}

/// A plan reaches on over commas until a clause tells what is done.
fn plan_goes_on(sheet: &Sheet<'_>, from: usize, name: &Name) -> bool {
    let stream = &sheet.stream;
    !(from..name.span.start)
        .any(|at| stream.at(at) == ',' && stream.reads_any(skip_spaces(stream, at + 1), PLAN_GOES_ON))
}

/// An option is spoken of in its own clause, and in a list that goes on.
fn clause_goes_on(sheet: &Sheet<'_>, from: usize, name: &Name) -> bool {
    let gap = without_courses(sheet, Span::new(from.min(name.span.start), name.span.start));
    let han = gap.chars().filter(|of| crate::stream::is_han(*of)).count();
    // "Options: glofitamab, epcoritamab, loncastuximab": nothing but courses behind the colon.
    let listed = sheet.stream.reads_back_any(from, words![": "])
        && gap.split([' ', ',', '+', '/']).all(|word| matches!(word, "" | "or" | "and"));
    listed || gap.matches(',').count() <= 1 && han <= 14 && gap.chars().count() <= 60
}

fn planned(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Status> {
    if super::count::is_part_given(sheet, name) {
        return None;
    }
    let plan = Plan::before(sheet, name);
    let after = plan_after(sheet, name)
        || is_instructed(sheet, name)
        || is_conditional_behind(sheet, name)
        || is_chosen_instead(sheet, name);
    let none = sheet.stream.reads_back_any(name.span.start, words!["no "])
        && sheet.stream.reads_any(name.span.end, words![" given", " was given", " could be given"]);
    if none || sheet.stream.reads_any(name.span.end, words![" naive", "-naive", " naïve", "-naïve"]) {
        return Some(Status::of(Assertion::Negated, "not_planned"));
    }
    let question = is_asked(sheet, name);
    if (plan.is_none() && !after && !question) || is_fact(sheet, name, own) {
        return None;
    }
    let option = Status { assertion: Some(Assertion::Hypothetical), word: Some("planned"), drop: false };
    Some(option)
}

/// "R-GemOx or, failing that, radiotherapy will be decided": the verb behind a list of courses.
fn plan_after(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let span = Span::new(name.span.end, sentence.end.min(name.span.end + 80));
    let Some(at) = stream.words_beginning(span, GIVEN_AFTER).next().map(Place::start) else {
        return false;
    };
    let gap = without_courses(sheet, Span::new(name.span.end, at));
    // `R-CHOP 4程后PR,择期行自体移植`: the plan is about what stands behind the verb.
    let parted = (name.span.end..at).any(|of| matches!(stream.at(of), ',' | ';'));
    // "She is on glofitamab, cycle 4 will commence on Monday": the next cycle of what is being given.
    if says(stream, Span::new(name.span.end, at), words!["cycle"])
        || stream.reads_back_any(name.span.start, words!["is on ", "remains on ", "has had "])
    {
        return false;
    }
    // "R-ICE x2 given, autograft may follow": what was counted is not what follows.
    if parted && super::count::times(sheet, name.span.end).is_some() {
        return false;
    }
    if parted && stands(stream, at, "择期") && has_object_behind(sheet, at + 2) {
        return false;
    }
    // "tocilizumab and dexamethasone are held in stock": "and" before another course begins no clause.
    let named = gap.chars().count() < at - name.span.end;
    let joined =
        gap.trim_start().strip_prefix("and ").filter(|rest| named || rest.split_whitespace().count() <= 2);
    let listed = joined.unwrap_or(&gap);
    let fact = sheet.stream.text_has(listed, PLAN_AFTER_FACT);
    let short = gap.chars().filter(|of| *of == ',').count() <= 2 && gap.chars().count() <= 44;
    !fact && short
}

/// "Bridge with pola-BR only if there is progression", "start ibrutinib if she relapses": an order under a condition.
fn is_instructed(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let begin = skip_spaces(stream, sentence.start);
    let short = name.span.start.saturating_sub(begin) <= 24;
    let ordered = INSTRUCTED_ORDERS
        .iter()
        .any(|word| stands(stream, begin, word) && stream.at(begin + word.len()) == ' ');
    let behind = skip_spaces(stream, name.span.end);
    short && ordered && stream.reads_any(behind, INSTRUCTED_CONDITIONS)
}

/// "She declined an autograft and opted for axi-cel": wanted, unless a count, a day or a verb behind says that it was given.
fn is_chosen_instead(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 24;
    const BEHIND: usize = 30;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let near = Span::new(sentence.start.max(name.span.start.saturating_sub(REACH)), name.span.start);
    let Some(chosen) = last_end(stream, near, CHOSEN_INSTEAD) else { return false };
    let refused = says(stream, Span::new(sentence.start, chosen), REFUSED);
    let behind = sheet.after(name.span.end, BEHIND);
    let given = (behind.start..behind.end).any(|at| stream.at(at).is_ascii_digit())
        || says(stream, behind, FACT_DONE)
        || says(stream, behind, TOLD_AS_PAST);
    refused && !given && !says(stream, Span::new(chosen, name.span.start), words![",", ";"])
}

/// "R-ICE if he progresses", "R-GemOx as bridge should LDH climb", "observe; glofitamab on progression".
fn is_conditional_behind(sheet: &Sheet<'_>, name: &Name) -> bool {
    const WATCHED: usize = 60;
    let stream = &sheet.stream;
    // `自体移植前评估`: what is examined before it.
    if stream.reads_any(name.span.end, words!["前评估", "前动员", "前准备"]) {
        return true;
    }
    let mut at = skip_spaces(stream, name.span.end);
    while let Some(word) = stream.first_word_at(at, CONDITIONAL_PASSED) {
        at = skip_spaces(stream, word.end());
    }
    // "R-CHOP, if I remember rightly" is told.
    let sentence = sheet.sentence(name.span.start);
    let told = stream.reads_any(at, words!["if i ", "if we ", "if memory", "if any", "if only", "if not "])
        || says(stream, Span::new(sentence.start, name.span.start), TOLD_AS_PAST);
    if !told && stream.reads_any(at, INSTRUCTED_CONDITIONS) {
        return true;
    }
    // "R-ICE at relapse" was given, but not where the disease is watched or another treatment goes on.
    let before = Span::new(name.span.start.saturating_sub(WATCHED), name.span.start);
    let watched = says(stream, before, CONDITIONAL_WATCHED);
    // "Observation from 2015; R-CHOP on progression in 2018, CR": told of the past.
    let behind = sheet.after(name.span.end, WATCHED);
    let dated = (behind.start..behind.end).any(|at| stream.at(at).is_ascii_digit())
        || says(stream, behind, words!["ongoing", "since", "with cr", ", cr", "response"]);
    watched && !dated && stream.reads_any(at, CONDITIONAL_TURN)
}

/// "Can he get CAR-T?", `能做CAR-T吗`.
fn is_asked(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let after = Span::new(name.span.end, sentence.end.min(name.span.end + 8));
    let ends_so = says(stream, after, words!["吗", "?", "么?", "呢"]) && !says(stream, after, words![","]);
    let before = Span::new(sentence.start.max(name.span.start.saturating_sub(24)), name.span.start);
    let done = says(stream, before, ASKED_DONE);
    (ends_so || is_alternative(sheet, name)) && !done
}

/// A course with a count or a past verb beside it was given, whatever was planned of it.
fn has_begun(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, name.span.end);
    let begun = stream.reads_any(at, BEGUN);
    begun && !says(stream, sheet.after(at, 16), BEGUN_TO_PREPARE)
}

/// `CR患者行自体移植`, `PD者换R-GemOx`: what is done with those who reach a response is a rule, and no fact of this patient.
fn is_for_a_class(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BACK: usize = 16;
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, BACK);
    let clause = (before.start..before.end)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | '。' | BREAK))
        .map_or(before.start, |at| at + 1);
    let class = words![
        "cr者",
        "pr者",
        "sd者",
        "pd者",
        "cr患者",
        "pr患者",
        "sd患者",
        "pd患者",
        "缓解者",
        "进展者",
        "复发者"
    ];
    let own = sheet.before(name.span.start, 2 * BACK);
    let judged = says(stream, own, words!["评价", "评估", "评效", "疗效", "周期后"]);
    !judged && says(stream, Span::new(clause, name.span.start), class)
}

/// What became of a plan that is told as one of before: `本拟R-DHAP,因肾功能不全改为R-GemOx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Former {
    /// Planned, and another course was taken.
    Left,
    /// Taken in the place of what was planned.
    TakenInstead,
}

/// Nothing where the change itself is planned or under a condition, or where a part of the plan was given.
fn former_plan(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Former> {
    const BESIDE: usize = 16;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let open = words!["若", "如", "拟", "考虑", "建议", "待", "计划", "准备", "打算", "是否", "需"];
    let planned = last_end(stream, Span::new(sentence.start, name.span.start), FORMER_PLAN)?;
    let gap = Span::new(planned, name.span.start);
    let stops = |of: Span| (of.start..of.end).any(|at| matches!(stream.at(at), ';' | '。' | BREAK));
    let commas = |of: Span| (of.start..of.end).any(|at| stream.at(at) == ',');
    if stops(gap) || says(stream, gap, open) {
        return None;
    }
    if let Some(change) = last_end(stream, gap, CHANGED_TO) {
        let near = Span::new(change, name.span.start);
        let assessed = says(
            stream,
            sheet.after(name.span.end, 2 * BESIDE),
            words!["疗效", "评效", ",cr", ",pr", ",sd", ",pd", "达cr", "达pr", "后cr", "后pr", "后pd"],
        );
        // A change of plans is no proof that the new one was carried out.
        let given = is_told_as_begun(sheet, name, own) || assessed;
        return (!commas(near) && near.len() <= BESIDE && given).then_some(Former::TakenInstead);
    }
    let rest = Span::new(name.span.end, sentence.end);
    let change = stream.words_beginning(rest, CHANGED_TO).next()?;
    let between = Span::new(name.span.end, change.start());
    let part = words!["完成", "已", "程", "周期", "疗程", "第", "次", "后"];
    if commas(gap) || stops(between) || says(stream, between, open) || says(stream, between, part) {
        return None;
    }
    let other = sheet
        .candidates_in(Span::new(change.start(), change.end() + BESIDE))
        .iter()
        .any(|of| matches!(of.hit.concept.kind(), "reg" | "drug") && of.hit.concept != name.concept);
    other.then_some(Former::Left)
}

/// `桥接予奥布替尼150mg qd已开始`, `改为来那度胺维持,现第5月`: told behind the name as going on or over.
fn is_told_as_begun(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 24;
    let stream = &sheet.stream;
    let behind = Span::new(name.span.end, own.end.min(name.span.end + REACH).max(name.span.end));
    let Some(word) = stream.words_beginning(behind, BEGUN_SINCE).next() else { return false };
    let gap = stream.lower_text(Span::new(name.span.end, word.start()));
    let bare = ["方案", "治疗", "维持", "口服", "静滴", "每日", "每天", "一次", "两次", "桥接", "片"]
        .iter()
        .fold(gap.to_owned(), |gap, word| gap.replace(word, ""));
    let next = stream.at(word.end());
    let counted = next.is_ascii_digit() || "一二三四五六七八九十两".contains(next);
    let ends = matches!(next, ',' | ';' | '。' | ')' | BREAK | CELL);
    // `现第5月`, `今日第1天`: the word itself opens a count.
    let numbered = stream.at(word.end() - 1) == '第';
    !bare.chars().any(crate::stream::is_han) && !bare.contains(';') && (ends || counted || numbered)
}

/// "pending", with what is awaited behind it, where cycles were counted: "axi-cel pending insurance approval" was not given.
fn awaits_another(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 14;
    let stream = &sheet.stream;
    let behind = Span::new(name.span.end, sheet.after(name.span.end, REACH).end);
    let word = stream.words_in(behind, words![" pending "]).next();
    let counted = super::count::times(sheet, name.span.end).is_some();
    counted && word.is_some_and(|word| stream.at(word.end()).is_alphabetic())
}

fn is_fact(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    let stream = &sheet.stream;
    // "after the last rituximab dose": it was given.
    if stream.reads_back_any(name.span.start, words!["the last ", "last dose of ", "last cycle of ", "末次"])
    {
        return true;
    }
    // "We recommended R-CHOP, which was started on 3 May": the plan was carried out.
    let behind = Span::new(name.span.end, own.end.min(name.span.end + 46).max(name.span.end));
    if has_begun(sheet, name)
        || says(stream, behind, CARRIED_OUT)
        || is_left_midway(sheet, name, own)
        || is_told_as_begun(sheet, name, own)
    {
        return true;
    }
    if is_being_taken(sheet, name) {
        return true;
    }
    // "R-GemOx x1 pending CAR-T manufacture": it is the other that is awaited.
    if awaits_another(sheet, name) {
        return true;
    }
    // "ibrutinib will be continued": it is being taken.
    if stream.reads_any(
        skip_spaces(stream, name.span.end),
        words!["will be continued", "should be continued", "is to be continued", "will continue"],
    ) {
        return true;
    }
    let after = Span::new(name.span.end, own.end.min(name.span.end + 46));
    let before = Span::new(own.start.max(name.span.start.saturating_sub(30)), name.span.start);
    let admitted = says(stream, before, FACT_ADMITTED);
    let counted = stream.at(skip_spaces(stream, name.span.end)) == '('
        && says(
            stream,
            Span::new(name.span.end, own.end.min(name.span.end + 20)),
            words![" planned)", "planned)"],
        );
    let given = stands(stream, skip_spaces(stream, name.span.end), "计划")
        || stands(stream, skip_spaces(stream, name.span.end), "原计划");
    let plan = Plan::before(sheet, name);
    let fact_after = says(stream, after, FACT_DONE)
        && !says(
            stream,
            after,
            words!["will be given", "once completed", "when completed", "after completed"],
        );
    // `计划行6周期R-CHOP,目前已完成2周期`: how much of the plan is done.
    let partly = says(stream, after, words!["已完成", "现已完成", "实际完成", "已行"])
        && super::count::given_after(sheet, name, own).is_some();
    if plan == Some(Plan::Intended) && partly || super::count::given_of_planned(sheet, name, own).is_some() {
        return true;
    }
    if plan.is_some() && !admitted {
        let told = super::count::given_after(sheet, name, own).is_some();
        return told || fact_after && (given || plan == Some(Plan::Option));
    }
    let after_all = || super::count::given_after(sheet, name, own).is_some();
    fact_after || admitted || counted || given || after_all()
}

/// "no response to two cycles of R-ICE", "needed no treatment until 2018 (R-CVP ...)": something else is denied.
fn denies_the_course(sheet: &Sheet<'_>, name: &Name, cues: &[Span]) -> bool {
    let stream = &sheet.stream;
    let Some(cue) = cues.last() else { return true };
    if cue.start >= name.span.end {
        if is_ended(sheet, name, cue.end) {
            return false;
        }
        let gap = stream.lower_text(Span::new(name.span.end, cue.start));
        let what_follows = says(
            stream,
            Span::new(cue.end, (cue.end + 14).min(stream.len())),
            DENIES_THE_COURSE_WHAT_FOLLOWS,
        );
        return gap.chars().count() <= 12 && !gap.contains([',', ';']) && !what_follows;
    }
    if is_aside(sheet, Span::new(cue.end, name.span.start)) {
        return false;
    }
    let gap = without_courses(sheet, Span::new(cue.end, name.span.start));
    // "Rather than an autograft he received axi-cel", "not recommended for transplant, R-GemOx x4 given".
    let anew = sheet.stream.text_has(&gap, words![" he ", " she ", " they ", "patient "])
        && sheet.stream.text_has(&gap, TOLD_AS_PAST);
    if anew || gap.contains(',') && super::count::times(sheet, name.span.end).is_some() {
        return false;
    }
    let verb = sheet.stream.text_has(&gap, DENIES_THE_COURSE_VERB);
    // "never responded to O-CHOP, nor to R-DHAP": the response is denied.
    if gap.trim_start().starts_with("to ") || gap.trim() == "to" {
        return false;
    }
    let dose = gap.trim().starts_with("dose")
        || gap.trim().starts_with("further")
        || gap.trim().starts_with("prior")
        || gap.trim().starts_with("previous");
    dose || (!sheet.stream.text_has(&gap, DENIES_THE_COURSE_OTHER) && !verb && gap.chars().count() <= 40)
}

/// `心包未见积液(多柔比星累积180mg/m2)`: what is denied stands before the bracket, and the course is told in it.
fn is_aside(sheet: &Sheet<'_>, gap: Span) -> bool {
    let stream = &sheet.stream;
    let opened = (gap.start..gap.end).rev().find(|at| matches!(stream.at(*at), '(' | ')'));
    opened.filter(|at| stream.at(*at) == '(').is_some_and(|open| {
        sheet.candidates_in(Span::new(gap.start, open)).iter().any(|of| {
            matches!(of.hit.concept.kind(), "find" | "site" | "sym" | "com" | "hist" | "lab" | "bio" | "test")
        })
    })
}

/// Taken or given today.
fn is_ongoing(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    let stream = &sheet.stream;
    let before = Span::new(own.start.max(name.span.start.saturating_sub(30)), name.span.start);
    let from = last_word(sheet, before, GIVEN_ONGOING_BEFORE);
    let taken = from.is_some_and(|end| {
        let gap = Span::new(end, name.span.start);
        !says(stream, gap, words!["已", "完成", "尚", "后", ".", ";", "过"])
    });
    let after = Span::new(name.span.end, own.end.min(name.span.end + 30));
    let stays = stream.first_of_each(after, GIVEN_ONGOING_AFTER).into_iter().any(|place| {
        let gap = stream.lower_text(Span::new(name.span.end, place.start()));
        !gap.contains(['后', ';'])
            && !gap.contains("relaps")
            && (GIVEN_ONGOING_AFTER[place.word()] != "since" || !gap.contains([',', ')']))
    });
    let still = says(stream, Span::new(name.span.end, own.end.min(name.span.end + 90)), ONGOING_STILL);
    let ended = says(stream, Span::new(name.span.end, own.end.min(name.span.end + 40)), ONGOING_ENDED);
    let on = ends(stream, name.span.start, "on ") && matches!(sentence_lead(sheet, name), Lead::On);
    let antiviral = sheet.catalogue().drug_classes(&name.concept).iter().any(|of| of == "HBV antiviral")
        && says(stream, Span::new(before.start, own.end), ONGOING_ANTIVIRAL)
        && !says(stream, before, words!["started", "曾"]);
    (taken || stays || still || on || antiviral) && !ended && !is_cell_therapy(sheet, &name.concept)
}

enum Lead {
    On,
    Other,
}

/// "On acalabrutinib since Feb" opens the sentence; "this remains lymphoma on zanubrutinib" states it too; "progressed on" does not.
fn sentence_lead(sheet: &Sheet<'_>, name: &Name) -> Lead {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let lead = stream.lower_text(Span::new(sentence.start, name.span.start));
    let lead = lead.trim_start();
    let opens = lead == "on "
        || lead.ends_with(", on ")
        || lead.ends_with("is on ")
        || lead.ends_with("lymphoma on ")
        || lead.ends_with("he on ");
    let other = sheet.stream.text_has(lead, words!["progress", "relaps", "respon", "while on", "failed"]);
    if opens && !other { Lead::On } else { Lead::Other }
}
