//! Courses that were refused, ruled out, left out or never begun.
//!
//! ## Reads
//! `拒绝`, "declined", "not a candidate for R-CHOP, an autograft or CAR-T", "was prescribed but never taken", `未行`; "must continue for a
//! year after CAR-T", which tells nothing of CAR-T.
//!
//! ## Leaves alone
//! A course broken off after so many cycles: until then it was given.

use super::{chinese::has_own_object, goes_on_itself, without_courses};
use crate::{
    grammar::therapy::{
        count::Territory,
        name::{Name, is_cell_therapy},
        words::{last_end, says, skip_spaces, stands},
    },
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::therapy::{
        IN_REFUSED_LIST_JOINED, KEPT_BACK, LEFT_OUT, OFFERED, REFUSED, REFUSED_AFTER, REFUSED_OBJECTS,
        RULE_ORDERS, RULE_TOLD, RULED_OUT, RULED_OUT_AFTER, RULES_OUT_A_LIST, STATUS_REFUSED, STOPPED_TAKING,
        TOLD_AS_PAST,
    },
    words::words,
};

/// `拒绝CAR-T`, "declined allogeneic transplant", "said no to the trial drug glofitamab".
pub(super) fn is_refused(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 36;
    const OBJECT: usize = 24;
    let stream = &sheet.stream;
    let before = Span::new(own.start.max(name.span.start.saturating_sub(REACH)), name.span.start);
    let refused = last_end(stream, before, REFUSED).is_some_and(|end| {
        let gap = Span::new(end, name.span.start);
        // "She wanted to avoid hair loss with R-CHOP".
        let object = if stream.reads_back_any(end, words!["avoid "]) { 4 } else { OBJECT };
        let turns = words![
            "but had",
            "but received",
            "but got",
            "but accepted",
            "but agreed",
            "but later",
            "but then"
        ];
        let had = says(stream, sheet.after(name.span.end, OBJECT + OBJECT), turns);
        name.span.start - end <= object && !had && !says(stream, gap, STATUS_REFUSED)
    });
    // "She turned lenalidomide down".
    let turned = stream
        .reads_back_any(name.span.start, words!["turned ", "turned the ", "turned an ", "turns "])
        && stream.reads_any(name.span.end, words![" down"]);
    refused || turned || is_refused_after(sheet, name, own) || is_in_refused_list(sheet, name)
}

/// "transplant was offered and declined", "R-CHOP was proposed but she did not want it", `建议CAR-T,家属不同意`: a refusal
/// behind that has no object of its own.
pub(super) fn is_refused_after(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 60;
    /// With a bracket in between.
    const FAR: usize = 100;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let after = Span::new(name.span.end, own.end.min(name.span.end + FAR).min(sentence.end));
    let begins = |at: usize| {
        !stream.at(at).is_ascii_alphabetic() || crate::grammar::therapy::words::starts_word(stream, at)
    };
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
    // "She was offered R-CHOP and had 3 cycles, now prefers observation".
    let had = gap.contains("and had ") || gap.contains("then had ") || gap.contains("received ");
    // `R-CHOP 6程后患者放弃`: it had been given; `CAR-T,商议后未同意` had not.
    let counted = words!["月后", "程后", "期后", "周后", "天后", "年后", "次后"];
    let had = had || gap.starts_with('后') || stream.text_has(gap, counted);
    gap.chars().count() <= most && !had && !gap.contains(['未', ';']) && has_no_object(sheet, end)
}

/// "Considered but rejected because of the eGFR": weighed and left by those who treat, whom nobody else is named beside.
pub(super) fn is_weighed(sheet: &Sheet<'_>, name: &Name) -> bool {
    let sentence = sheet.sentence(name.span.start);
    let behind = Span::new(name.span.end, sentence.end.min(name.span.end + 110).max(name.span.end));
    let words = words![
        "considered but rejected",
        "considered and rejected",
        "discussed but rejected",
        "discussed and rejected"
    ];
    let Some(end) = last_end(&sheet.stream, behind, words) else { return false };
    !sheet
        .stream
        .reads_any(end, words![" by him", " by her", " by the patient", " by patient", " by the family"])
}

/// Nothing is named behind the verb, or only a pronoun or a reason: "refused it", "declined because of ...".
pub(super) fn has_no_object(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, end);
    at >= stream.len()
        || matches!(stream.at(at), ',' | ';' | '.' | '。' | ')' | BREAK | CELL)
        || stream.reads_any(at, REFUSED_OBJECTS)
}

/// `拒绝CAR-T及自体移植`, "declined CAR-T and an autograft": nothing but courses between the refusal and this one.
pub(super) fn is_in_refused_list(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 60;
    let before = sheet.before(name.span.start, REACH);
    last_end(&sheet.stream, before, REFUSED).is_some_and(|end| {
        let gap = without_courses(sheet, Span::new(end, name.span.start));
        let joined = IN_REFUSED_LIST_JOINED.iter().fold(gap.clone(), |gap, word| gap.replace(word, ""));
        gap.chars().count() < name.span.start - end && joined.trim_matches([' ', ',']).is_empty()
    })
}

/// `暂不考虑allo-HSCT`, "too weak for R-CHOP", "would have offered R-DHAP and an autograft".
pub(super) fn is_ruled_out(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
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
            // "He cannot receive more doxorubicin after R-CHOP x6": what had been given is the reason.
            && !says(stream, gap, words!["after ", "because ", "following ", "since ", "again "])
            && !sheet.stream.text_has(&courses, words!["改", "so ", "予", "therefore", "but "])
    });
    // "She no longer takes lenalidomide": she did.
    if stream.reads_back_any(name.span.start, STOPPED_TAKING) {
        return false;
    }
    // `未放疗`, `未移植`: the denial directly before the name.
    if stream.reads_back_any(name.span.start, words!["未", "从未", "未曾", "并未", "均未", "没有过", "没"])
        && crate::stream::is_han(stream.at(name.span.start))
    {
        return true;
    }
    // `因神经毒性去长春新碱`, `R-CHOP(去长春新碱)`: left out of its regimen.
    let left_out = stream
        .reads_back_any(name.span.start, words!["去", "减去", "减掉", "免用", "免予", "免去", "删去"])
        && !stream.reads_back_any(
            name.span.start,
            words!["过去", "回去", "失去", "前去", "年去", "月去", "日去", "出去", "外出去"],
        )
        && !stream
            .reads_any(name.span.end, words!["治疗", "输注", "中心", "病房", "医院", "行", "科", "药", "后"]);
    // "R-CHOP x6 (vincristine omitted C4-6)"
    let omitted = stream.reads_any(name.span.end, LEFT_OUT) && has_regimen_before(sheet, name);
    if (left_out || omitted) && name.concept.is("drug") && !is_cell_therapy(sheet, &name.concept) {
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
            "prescribed",
            "made",
            "manufactured",
            "produced",
            "ordered",
            "approved",
            "available"
        ],
    );
    // "Radiotherapy to the bulky mediastinal mass is not intended".
    let aimed =
        stream.reads_any(name.span.end, words![" to the ", " to her ", " to his ", " of the ", " for the "]);
    let reach = if intended || aimed { 56 } else { 24 };
    let after = Span::new(name.span.end, own.end.min(name.span.end + reach));
    let ruled_after = stream.first_of_each(after, RULED_OUT_AFTER).into_iter().any(|place| {
        let gap = Span::new(name.span.end, place.start());
        // "after axi-cel: no CRS": the answer must end there.
        let end = skip_spaces(stream, place.end());
        if is_left_midway(sheet, name, own) {
            return false;
        }
        // `自体移植未果`: of a transplant or cells, directly behind them; "R-CHOP 4程后动员失败" tells of the harvest.
        if stream.reads_any(place.start(), words!["动员失败", "未果", "未遂", "不合格", "制备不合格"])
            && (!gap.is_empty()
                || name.concept.is("reg") && !name.concept.as_str().ends_with("sct")
                || name.concept.is("drug") && !is_cell_therapy(sheet, &name.concept))
        {
            return false;
        }
        if stream.reads_any(place.start(), words!["不适用", "不宜"]) && !gap.is_empty() {
            return false;
        }
        // `首次单采后制备失败`: the cells were collected.
        if name.concept.as_str().contains("apheresis")
            && stream
                .reads_any(place.start(), words!["制备", "生产", "manufactur", "product failed", "不合格"])
        {
            return false;
        }
        // "HLH after tisa-cel was ruled out": it is the toxicity that was.
        if comes_after_its_cause(sheet, name) {
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
        // "R-CHOP x6, then the PET was never done".
        let test = sheet
            .candidates_in(gap)
            .iter()
            .any(|of| of.hit.concept.is("test") && of.hit.span.start >= gap.start);
        answers
            && !test
            && (stops || !turns)
            && !sheet.says(gap, words!["and ", "但", "now "])
            && !has_own_object(sheet, gap, place.end())
            && !is_ended(sheet, name, place.end())
    });
    ruled || ruled_after || is_kept_back(sheet, name, own)
}

/// "HLH after tisa-cel", "fever under R-CHOP": the course is told to place what came of it.
pub(super) fn comes_after_its_cause(sheet: &Sheet<'_>, name: &Name) -> bool {
    const NEAR: usize = 14;
    let stream = &sheet.stream;
    let link = words![" after ", " following ", " under ", " during ", " post ", " due to ", " from "];
    let Some(link) = stream.words_ending(name.span.start, link).next() else { return false };
    sheet.candidates_in(Span::new(link.start().saturating_sub(NEAR), link.start())).iter().any(|of| {
        of.hit.span.end == link.start() && matches!(of.hit.concept.kind(), "find" | "sym" | "event" | "com")
    })
}

/// "R-CHOP was abandoned after two cycles", "rituximab was omitted from cycle 1", "a dose of R-CHOP was withheld": it had been given.
pub(super) fn is_ended(sheet: &Sheet<'_>, name: &Name, behind: usize) -> bool {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, behind);
    let after = stands(stream, at, "after ").then(|| skip_spaces(stream, at + "after ".len()));
    let counted = after.is_some_and(|at| {
        crate::grammar::therapy::words::count_at(stream, at).is_some()
            || stream
                .reads_any(at, words!["the first ", "the second ", "the third ", "cycle ", "c1", "c2", "c3"])
    });
    counted
        || stream.reads_any(at, words!["from cycle", "from the first", "from the last", "from c1"])
        || stream.reads_back_any(name.span.start, words!["dose of ", "doses of ", "cycle of ", "cycles of "])
}

/// "Not a candidate for: R-CHOP (EF), autologous SCT (age 81), venetoclax": one word rules out a list. A colon, or an "or"
/// or "and" between its items, tells that it is one: "not a candidate for CAR-T, R-GemOx x4" is none.
pub(super) fn is_in_ruled_out_list(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 140;
    const REST: usize = 60;
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, REACH);
    let Some(end) = last_end(stream, before, RULES_OUT_A_LIST) else { return false };
    let given =
        crate::grammar::therapy::count::times(sheet, name.span.end).is_some() || goes_on_itself(sheet, name);
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

/// A regimen stands before the drug in its sentence.
fn has_regimen_before(sheet: &Sheet<'_>, name: &Name) -> bool {
    let before = Span::new(sheet.sentence(name.span.start).start.min(name.span.start), name.span.start);
    sheet.candidates_in(before).iter().any(|of| of.hit.concept.is("reg") && of.hit.span.end <= before.end)
}

/// A text without what stands in brackets.
pub(super) fn without_asides(text: &str) -> String {
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
pub(super) fn is_end_of_rule(sheet: &Sheet<'_>, name: &Name) -> bool {
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
    let counted = crate::grammar::therapy::count::times(sheet, name.span.end).is_some();
    let parted = says(stream, clause, words!["currently", "now ", ", 1", ", 2", ", 3"])
        || stream.reads_any(name.span.end, words![" in "]);
    reckoned && long && (ruled || until) && !told && !counted && !parted && !is_dated_behind(sheet, name)
}

/// `500`, `mg`, `bd`: words of a prescription.
pub(super) fn is_dose(word: &str) -> bool {
    word.chars().all(|of| of.is_ascii_digit() || of == '.')
        || matches!(word, "mg" | "g" | "bd" | "od" | "daily" | "po" | "bid" | "tds" | "twice")
}

/// "after auto-SCT (June 2023)": a course with its day was given.
pub(super) fn is_dated_behind(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BESIDE: usize = 8;
    sheet.mentions.iter().any(|of| of.span.start >= name.span.end && of.span.start <= name.span.end + BESIDE)
}

/// "The original plan of R-CHOP x6 was abandoned after 2 cycles": until then it was given.
pub(super) fn is_left_midway(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    crate::grammar::therapy::count::given_until_stop(sheet, name, own).is_some()
}

/// "Tocilizumab was ready but they did not give it": a clause behind that takes it up with a pronoun.
pub(super) fn is_kept_back(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const REACH: usize = 60;
    // "Entecavir prior to rituximab, but he did not take it": the other is what was not taken.
    if sheet.stream.reads_back_any(name.span.start, words!["prior to ", "before ", "after ", "alongside "]) {
        return false;
    }
    let until = own.end.min(name.span.end + REACH).min(sheet.sentence(name.span.start).end);
    says(&sheet.stream, Span::new(name.span.end, until.max(name.span.end)), KEPT_BACK)
}
