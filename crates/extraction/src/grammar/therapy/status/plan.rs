//! Courses that are planned, asked for, or hang on a condition.
//!
//! ## Reads
//! `拟`, "if ... would be considered", "R-ICE if he progresses", "observe; glofitamab on progression", "opted for axi-cel" behind a refusal.
//!
//! ## Leaves alone
//! What was counted, dated or told behind the words of a plan: it was given.

use super::{
    Status,
    chinese::{has_object_behind, is_alternative},
    is_fact, without_courses,
};
use crate::{
    grammar::therapy::{
        count::Territory,
        name::Name,
        words::{ends, is_dated, last_end, says, skip_spaces, stands},
    },
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::therapy::{
        ASKED_DONE, CHOSEN_INSTEAD, CONDITION, CONDITIONAL_PASSED, CONDITIONAL_TURN, CONDITIONAL_WATCHED,
        FACT_DONE, GIVEN_AFTER, GIVEN_DONE, INSTRUCTED_CONDITIONS, INSTRUCTED_ORDERS, INTENDED,
        LAST_WORD_PSEUDO, OPTION, PLAN_AFTER_FACT, PLAN_GOES_ON, REFUSED, RULES_OUT_A_LIST, TOLD_AS_PAST,
    },
    words::{List, Place, words},
};
use cartulary_model::Assertion;

/// Why what follows is not done yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    Intended,
    Condition,
    /// Asked for, spoken of as an option: no plan of the treating team.
    Option,
}

impl Plan {
    /// The last word of a plan before the course, unless the text has turned to what was done.
    pub(super) fn before(sheet: &Sheet<'_>, name: &Name) -> Option<Self> {
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
pub(super) fn last_word(sheet: &Sheet<'_>, span: Span, words: &List) -> Option<usize> {
    let stream = &sheet.stream;
    let mut until = span.end;
    loop {
        let end = last_end(stream, Span::new(span.start, until), words)?;
        // The longest of those that end here.
        let start = stream.words_ending(end, words).next().map_or(end - 1, Place::start);
        let latin = stream.at(start).is_ascii_alphabetic();
        let inside = latin && start > 0 && stream.at(start - 1).is_ascii_alphanumeric();
        let pseudo = stream.reads_back_any(end, LAST_WORD_PSEUDO);
        // "up to 3 May 2023 and radiotherapy": a month.
        let dated = stands(stream, start, "may ") && is_dated(sheet, start);
        // "C5 (of 6 intended) R-CHOP": so many shall be given, and this is one of them.
        let whole = stream.at(end) == ')'
            && (start.saturating_sub(4)..start).any(|at| stream.at(at).is_ascii_digit());
        let subject = dated
            || whole
            || stands(stream, start, "if ") && ends(stream, start, "as ")
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
pub(super) fn is_a_count(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    let planned = ends(stream, end, "planned ");
    planned && stream.reads_any(skip_spaces(stream, end), words!["cycle", "course", "dose"])
}

/// A plan reaches on over commas until a clause tells what is done.
pub(super) fn plan_goes_on(sheet: &Sheet<'_>, from: usize, name: &Name) -> bool {
    let stream = &sheet.stream;
    !(from..name.span.start)
        .any(|at| stream.at(at) == ',' && stream.reads_any(skip_spaces(stream, at + 1), PLAN_GOES_ON))
}

/// An option is spoken of in its own clause, and in a list that goes on.
pub(super) fn clause_goes_on(sheet: &Sheet<'_>, from: usize, name: &Name) -> bool {
    let gap = without_courses(sheet, Span::new(from.min(name.span.start), name.span.start));
    let han = gap.chars().filter(|of| crate::stream::is_han(*of)).count();
    // "Options: glofitamab, epcoritamab, loncastuximab": nothing but courses behind the colon.
    let listed = sheet.stream.reads_back_any(from, words![": "])
        && gap.split([' ', ',', '+', '/']).all(|word| matches!(word, "" | "or" | "and"));
    listed || gap.matches(',').count() <= 1 && han <= 14 && gap.chars().count() <= 60
}

pub(super) fn planned(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Status> {
    if crate::grammar::therapy::count::is_part_given(sheet, name) {
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

/// "Plan for discharge, day 15 after axi-cel", "awaiting the PET after R-CHOP": what is planned comes after the course, where
/// the sentence names no other course before it and no condition.
pub(super) fn comes_after(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let before = Span::new(sentence.start, name.span.start);
    let after =
        stream.reads_back_any(name.span.start, words!["after ", "following ", "post ", "post-", "since "]);
    let other = sheet.candidates_in(before).iter().any(|of| matches!(of.hit.concept.kind(), "reg" | "drug"));
    let plan = Plan::before(sheet, name);
    let reading = sheet.modifiers.read(name.span);
    let told_of_later = plan.is_some() || reading.assertion == Assertion::Hypothetical;
    let conditional = plan == Some(Plan::Condition) || reading.condition.is_some();
    // "Up to 10% of recipients develop HLH after axi-cel, she was told".
    let of_others =
        says(stream, before, words!["recipients", "patients", "% of ", "risk of", " can ", " may "]);
    after && !of_others && !other && told_of_later && !conditional && !plan_after(sheet, name)
}

/// "R-GemOx or, failing that, radiotherapy will be decided": the verb behind a list of courses.
pub(super) fn plan_after(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let span = Span::new(name.span.end, sentence.end.min(name.span.end + 80));
    let Some(place) = stream.words_beginning(span, GIVEN_AFTER).next() else {
        return false;
    };
    let at = place.start();
    if begins_another(sheet, place) {
        return false;
    }
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
    if parted && crate::grammar::therapy::count::times(sheet, name.span.end).is_some() {
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

/// "She completed R-CHOP and will start lenalidomide": what begins stands behind the verb.
fn begins_another(sheet: &Sheet<'_>, verb: Place) -> bool {
    let begins = [" start", " begin", " commence"];
    let text = sheet.stream.lower_text(verb.span());
    let object = Span::new(verb.end(), verb.end() + 10);
    begins.iter().any(|word| text.ends_with(word))
        && sheet.candidates_in(object).iter().any(|of| matches!(of.hit.concept.kind(), "reg" | "drug"))
}

/// "Bridge with pola-BR only if there is progression", "start ibrutinib if she relapses": an order under a condition.
pub(super) fn is_instructed(sheet: &Sheet<'_>, name: &Name) -> bool {
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
pub(super) fn is_chosen_instead(sheet: &Sheet<'_>, name: &Name) -> bool {
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
pub(super) fn is_conditional_behind(sheet: &Sheet<'_>, name: &Name) -> bool {
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
    // "Flu/Cy from 3 June provided that ...": the day of the plan stands between.
    if let Some(word) = stream.first_word_at(at, words!["from ", "on ", "in ", "for "])
        && let Some(day) = sheet.mention_at(word.end())
    {
        at = skip_spaces(stream, day.span.end);
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

/// "Yescarta or Tecartus?"
fn offers_a_choice(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let Some(or) = stream.words_at(name.span.end, words![" or ", "还是"]).next_back() else { return false };
    let other = sheet.candidates_in(Span::new(or.end(), or.end() + 1));
    other.iter().any(|of| {
        of.hit.span.start == or.end()
            && matches!(of.hit.concept.kind(), "reg" | "drug")
            && stream.at(of.hit.span.end) == '?'
    })
}

/// "Can he get CAR-T?", `能做CAR-T吗`.
pub(super) fn is_asked(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let after = Span::new(name.span.end, sentence.end.min(name.span.end + 8));
    let ends_so = says(stream, after, words!["吗", "?", "么?", "呢"]) && !says(stream, after, words![","])
        || offers_a_choice(sheet, name);
    let before = Span::new(sentence.start.max(name.span.start.saturating_sub(24)), name.span.start);
    let done = says(stream, before, ASKED_DONE);
    (ends_so || is_alternative(sheet, name)) && !done
}
