//! Whether a course was given, goes on, is planned, was refused or ruled out.
//!
//! ## Reads
//! `拟`, `若…则`, "if ... would be considered" over every course named behind it until the text turns to what was done;
//! `拒绝`, "declined"; `暂不考虑`, "not a candidate for"; "no response to R-ICE" denies the response and not R-ICE;
//! `目前…中`, "since", "on which she remains" (ongoing); "Can he get CAR-T?" (asked for).

mod beside;
mod chinese;
mod former;
mod heading;
mod plain;
mod plan;
mod ruled_out;
mod under_way;
mod unreal;

use super::{
    count::Territory,
    name::{Name, is_cell_therapy},
    words::{ends, last_end, says, skip_spaces, stands},
};
use crate::{
    assertion::Reading,
    sheet::Sheet,
    stream::Span,
    vocabulary::therapy::{
        BEGUN, BEGUN_TO_PREPARE, BEING_TAKEN, CARRIED_OUT, CONDITION, DENIES_THE_COURSE_OTHER,
        DENIES_THE_COURSE_VERB, DENIES_THE_COURSE_WHAT_FOLLOWS, FACT_ADMITTED, FACT_DONE,
        GIVEN_ONGOING_AFTER, GIVEN_ONGOING_BEFORE, INTENDED, ONGOING_ANTIVIRAL, ONGOING_ENDED, ONGOING_STILL,
        PLANNED_ADJECTIVE, STOPPED_TAKING, TOLD_AS_PAST, WHETHER,
    },
    words::words,
};
use cartulary_model::Assertion;
pub(super) use chinese::is_added;
use chinese::{explains, is_prepared};
use former::{Former, former_plan, is_for_a_class, is_told_as_begun};
pub(super) use plain::plan_ahead;
use plan::{Plan, is_asked, last_word, planned};
use ruled_out::{
    comes_after_its_cause, is_end_of_rule, is_ended, is_in_ruled_out_list, is_left_midway, is_refused,
    is_ruled_out,
};

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
    // `Prior CAR-T: no   Prior ASCT: yes`: a field of a form with its answer.
    match crate::assign::answer_in_field(sheet, name.span) {
        Some(true) => return present(sheet, name, own),
        Some(false) => return Status::of(Assertion::Negated, "not_planned"),
        None => {}
    }
    if heading::is_told_beside(sheet, name) || plain::is_given(sheet, name) {
        return present(sheet, name, own);
    }
    if plain::came_to_nothing(sheet, name) || unreal::never_came(sheet, name) {
        return Status::of(Assertion::Negated, "not_planned");
    }
    // "Insurance says no to CAR T unless I have 2 lines": it is still open.
    if sheet.stream.reads_any(name.span.end, words![" unless "]) && is_refused(sheet, name, own) {
        return Status::of(Assertion::Hypothetical, "planned");
    }
    // "If the insurance says no to Kymriah": nobody has refused it yet.
    if (is_refused(sheet, name, own) || beside::is_refused(sheet, name))
        && Plan::before(sheet, name) != Some(Plan::Condition)
    {
        let word = if ruled_out::is_weighed(sheet, name) { "not_planned" } else { "refused" };
        return Status::of(Assertion::Negated, word);
    }
    // "Is he too old for CAR-T?" asks.
    if is_asked(sheet, name) {
        return Status::of(Assertion::Hypothetical, "planned");
    }
    // "Mosunetuzumab in the future".
    let later = sheet.stream.reads_any(name.span.end, words![" in the future", " in future"]);
    if later && sheet.modifiers.read(name.span).assertion == Assertion::Present {
        return Status::of(Assertion::Hypothetical, "planned");
    }
    if is_stopped_under_condition(sheet, name) {
        return Status { drop: true, ..Status::default() };
    }
    if is_end_of_rule(sheet, name) {
        return Status { drop: true, ..Status::default() };
    }
    if is_ruled_out(sheet, name, own)
        || is_in_ruled_out_list(sheet, name)
        || beside::is_ruled_out(sheet, name)
    {
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
    if plan::comes_after(sheet, name) || is_what_it_did(sheet, name) {
        return present(sheet, name, own);
    }
    // `HBV DNA待回报,恩替卡韦继续口服`: what goes on is no plan.
    if stands_on(sheet, name) && Plan::before(sheet, name) != Some(Plan::Condition) {
        return Status::of(Assertion::Present, "ongoing");
    }
    if let Some(planned) = planned(sheet, name, own) {
        return planned;
    }
    if beside::is_planned(sheet, name) {
        return Status::of(Assertion::Hypothetical, "planned");
    }
    match reading.assertion {
        Assertion::Possible | Assertion::Hypothetical if is_being_taken(sheet, name) => {
            Status::of(Assertion::Present, "ongoing")
        }
        Assertion::Negated if sheet.stream.reads_back_any(name.span.start, STOPPED_TAKING) => {
            present(sheet, name, own)
        }
        Assertion::Negated if goes_on_itself(sheet, name) || is_left_midway(sheet, name, own) => {
            present(sheet, name, own)
        }
        // `R-CHOP    None` under "Complications".
        Assertion::Negated
            if reading.cues.iter().all(|cue| cue.start >= name.span.end)
                && crate::choices::tells_of_harms(&sheet.stream, name.span.start) =>
        {
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
        Assertion::Present if heading::is_plan(sheet, name) => Status::of(Assertion::Hypothetical, "planned"),
        Assertion::Present => present(sheet, name, own),
    }
}

/// `恩替卡韦继续口服`: right behind its name stands that it is gone on with.
fn stands_on(sheet: &Sheet<'_>, name: &Name) -> bool {
    let goes_on = words!["继续口服", "继续服用", "继续应用", "继续使用", "继续抗病毒", "继续维持", "继续中"];
    name.concept.is("drug") && sheet.stream.reads_any(name.span.end, goes_on)
}

/// "Screening for R-CHOP cardiotoxicity", "query ibrutinib-related AF": what is asked is what the course did.
fn is_what_it_did(sheet: &Sheet<'_>, name: &Name) -> bool {
    let done =
        words![" cardiotox", "-related", " related", "-induced", "-associated", "-refractory", " resistance"];
    sheet.stream.reads_any(name.span.end, done) && Plan::before(sheet, name) != Some(Plan::Condition)
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
    // `如果复发就上格菲妥单抗,现在还在用R2`: the condition is another clause's.
    let near = sheet.before(name.span.start, 24);
    let comma = (near.start..near.end).rev().find(|at| sheet.stream.at(*at) == ',');
    let clause = Span::new(comma.map_or(near.start, |at| at + 1), near.end);
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

/// A course with a count or a past verb beside it was given, whatever was planned of it.
fn has_begun(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, name.span.end);
    let begun = stream.reads_any(at, BEGUN);
    begun && !says(stream, sheet.after(at, 16), BEGUN_TO_PREPARE)
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
        || super::count::is_in_a_cycle(sheet, name, own)
        || super::count::is_numbered_of_whole(sheet, name, own)
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
        if is_ended(sheet, name, cue.end) || comes_after_its_cause(sheet, name) {
            return false;
        }
        // "After R-CHOP x6 the PET was negative": the picture was.
        let of_other = sheet.candidates_in(Span::new(name.span.end, cue.start)).iter().any(|of| {
            matches!(
                of.hit.concept.kind(),
                "test" | "find" | "sym" | "site" | "com" | "bio" | "lab" | "event"
            )
        });
        if of_other {
            return false;
        }
        let gap = stream.lower_text(Span::new(name.span.end, cue.start));
        let what_follows = says(
            stream,
            Span::new(cue.end, (cue.end + 14).min(stream.len())),
            DENIES_THE_COURSE_WHAT_FOLLOWS,
        );
        // `R-CHOP 6程后患者放弃`: it had been given.
        return gap.chars().count() <= 12 && !gap.contains([',', ';', '后']) && !what_follows;
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
        // `R-CHOP 6程,现口服来那度胺`: of the drug behind it.
        let told_now =
            ["currently", "at present", "at the moment"].contains(&GIVEN_ONGOING_AFTER[place.word()]);
        let reach = if told_now { 20 } else { 1 };
        let next = sheet.candidates_in(Span::new(place.end(), place.end() + reach));
        let stops = |at: usize| matches!(stream.at(at), ',' | ';' | '.' | '。' | '\n' | '(');
        let of_next = next.iter().any(|next| {
            matches!(next.hit.concept.kind(), "reg" | "drug")
                && !(place.end()..next.hit.span.start).any(stops)
        });
        !of_next
            && !gap.contains(['后', ';'])
            && !gap.contains("relaps")
            && (GIVEN_ONGOING_AFTER[place.word()] != "since" || !gap.contains([',', ')']))
    });
    let still = says(stream, Span::new(name.span.end, own.end.min(name.span.end + 90)), ONGOING_STILL);
    let ended = says(stream, Span::new(name.span.end, own.end.min(name.span.end + 40)), ONGOING_ENDED);
    let paced = words![
        "on monthly ",
        "on weekly ",
        "on daily ",
        "on regular ",
        "on oral ",
        "on low-dose ",
        "on prophylactic "
    ];
    let on = ends(stream, name.span.start, "on ") && matches!(sentence_lead(sheet, name), Lead::On)
        || stream.reads_back_any(name.span.start, paced);
    let antiviral = sheet.catalogue().drug_classes(&name.concept).iter().any(|of| of == "HBV antiviral")
        && says(stream, Span::new(before.start, own.end), ONGOING_ANTIVIRAL)
        && !says(stream, before, words!["started", "曾"]);
    let under_way = under_way::is_told(sheet, name, own);
    (taken || stays || still || on || antiviral || under_way)
        && !ended
        && !is_cell_therapy(sheet, &name.concept)
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
    let since = sheet.stream.text_begins(lead, words!["since "]) && lead.ends_with(" on ");
    // "MCL on zanubrutinib"
    let disease = || {
        let near = Span::new(name.span.start.saturating_sub(34), name.span.start);
        lead.ends_with(" on ")
            && sheet
                .candidates_in(near)
                .iter()
                .any(|of| of.hit.concept.is("hist") && of.hit.span.end + 4 == name.span.start)
    };
    let opens = since
        || disease()
        || lead == "on "
        || lead.ends_with(", on ")
        || lead.ends_with("is on ")
        || lead.ends_with("lymphoma on ")
        || lead.ends_with("he on ");
    let other = sheet.stream.text_has(lead, words!["progress", "relaps", "respon", "while on", "failed"]);
    if opens && !other { Lead::On } else { Lead::Other }
}
