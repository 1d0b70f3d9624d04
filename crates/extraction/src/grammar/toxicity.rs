//! CRS, ICANS, HLH after cell therapy, with their ASTCT grade [Lee 2019].
//!
//! ## Reads
//! `CRS 2级`, "grade 1 CRS on day 3", "CRS peaked at grade 2", "did not exceed grade 1", `CRS max gr 2`, `G2 CRS`,
//! `CRS分级:第1天0级,第4天3级,第8天降至1级` (two events; grade 0 is none), "ICANS: no".
//!
//! ## Leaves alone
//! A toxicity under a condition ("if CRS of grade 2 or more occurs").

use super::{
    Claims,
    response::visit_of_clause,
    therapy::words::{count_at, ends, first, says, skip_spaces, stands, starts_word},
};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span},
    vocabulary::toxicity::{
        ANSWERED, AT_LEAST, BARE_ENDS, BARE_MOST, CONDITIONAL_ENGLISH, CONDITIONAL_FOR, DEVELOPED_NOT,
        EVENTS_OVER, GRADE_AT, GRADE_RISES, PLANNING, TOLD_OF_OTHERS,
    },
    words::{Place, words},
};
use cartulary_model::{Assertion, Temporality, fact::Attr};

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut last: Option<Span> = None;
    let glued = glued_names(sheet);
    let mut hits: Vec<&Hit> = sheet.candidates.iter().map(|of| &of.hit).chain(&glued).collect();
    hits.sort_by_key(|of| of.span);
    for hit in hits {
        let named = matches!(
            hit.concept.as_str(),
            "find.crs" | "find.icans" | "find.hlh" | "find.icaht" | "find.tls"
        );
        if !named || claims.has(hit.span) || last.is_some_and(|of| of.overlaps(hit.span)) {
            continue;
        }
        last = Some(hit.span);
        // `HLH/MAS`: two names of one event.
        let again = drafts.last().is_some_and(|of| {
            of.concept == hit.concept && hit.span.start <= of.span.end + 2 && hit.span.start >= of.name.end
        });
        if !again {
            drafts.extend(events(sheet, hit));
        }
    }
    drafts
}

/// "ICANS in 25%", "CRS up to 90%": how many have it. "CRS with SpO2 88%" is a patient's.
fn is_share(sheet: &Sheet<'_>, end: usize) -> bool {
    const REACH: usize = 20;
    let text = sheet.stream.lower_text(sheet.after(end, REACH)).trim_start();
    let number = text.find(|of: char| of.is_ascii_digit()).unwrap_or(text.len());
    let (lead, rest) = text.split_at(number);
    let rest = rest.trim_start_matches(|of: char| of.is_ascii_digit() || matches!(of, '.' | '-'));
    let leads = ["", "in", "in about", "in up to", "up to", "about", "约", "发生率约"];
    leads.contains(&lead.trim()) && rest.trim_start().starts_with('%')
}

/// `CRS2级、ICANS1级`: the grade stands at the name without a blank, so that the lexicon sees no whole word.
fn glued_names(sheet: &Sheet<'_>) -> Vec<Hit> {
    let stream = &sheet.stream;
    let whole = Span::new(0, stream.len());
    let names = stream.words_beginning(whole, words!["crs", "icans"]);
    names
        .filter(|of| of.start() == 0 || !stream.at(of.start() - 1).is_ascii_alphanumeric())
        .filter(|of| stream.at(of.end()).is_ascii_digit() && matches!(stream.at(of.end() + 1), '级' | '度'))
        .map(|of| {
            let concept = if stream.reads(of.start(), "crs") { "find.crs" } else { "find.icans" };
            Hit { span: of.span(), concept: concept.into() }
        })
        .collect()
}

fn events(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    if is_of_nerves(sheet, hit) {
        return Vec::new();
    }
    // "the risks, including CRS", `可能出现CRS`: what may come is no event.
    if is_conditional(sheet, hit) || sheet.modifiers.read(hit.span).feared {
        return Vec::new();
    }
    // `骨髓可见噬血现象`: a picture under the microscope, not the syndrome.
    if sheet.stream.reads_any(hit.span.end, words!["现象", "细胞现象", "细胞"])
        && !sheet.stream.reads_any(hit.span.end, words!["细胞综合征", "细胞性淋巴", "细胞淋巴", "细胞性组织"])
    {
        return Vec::new();
    }
    let graded = course_of_grades(sheet, hit);
    if !graded.is_empty() {
        return graded;
    }
    let mut draft = Draft::new(hit.concept.as_str(), hit.span, "toxicity.event").named_at(hit.span);
    draft.temporality =
        Some(if is_of_before(sheet, hit) { Temporality::Historical } else { Temporality::Current });
    draft.assertion = answered(sheet, hit);
    if says(&sheet.stream, sheet.after(hit.span.end, 12), words!["grade zero", "grade nil", "零级"]) {
        draft.assertion = Some(Assertion::Negated);
    }
    // As a cue "did not develop" denies what follows it: "he did not develop CRS".
    let behind = skip_spaces(&sheet.stream, hit.span.end);
    let word = sheet.stream.words_at(behind, DEVELOPED_NOT).next_back();
    // "CRS did not develop beyond grade 1": it was there.
    let further = word.is_some_and(|of| {
        sheet.stream.reads_any(of.end(), words![" beyond", " further", " above", " past", " into"])
    });
    if word.is_some() && !further {
        draft.assertion = Some(Assertion::Negated);
    }
    if let Some((grade, span)) = grade(sheet, hit) {
        if grade == 0.0 {
            draft.assertion = Some(Assertion::Negated);
        } else {
            draft = draft.number(Attr::Grade, grade);
            // "did not exceed grade 1": it was there.
            // "grade 2 ICANS was suspected" stays a suspicion.
            let doubted = sheet.modifiers.read(hit.span).assertion == Assertion::Possible;
            if draft.assertion != Some(Assertion::Negated) && !doubted && !denied_before(sheet, hit) {
                draft.assertion = Some(Assertion::Present);
            }
        }
        draft.span = draft.span.to(span);
        if stands(&sheet.stream, span.start, MISREAD_ONE) {
            draft.marks_repair();
        }
    }
    // "CRS resolved by day 6": it was there.
    let over = says(&sheet.stream, sheet.after(hit.span.end, 16), EVENTS_OVER);
    if over && draft.assertion.is_none() && !denied_before(sheet, hit) {
        draft.assertion = Some(Assertion::Present);
    }
    // `CRS已恢复`: it was there and is over.
    let recovered = words!["已恢复", "已完全恢复", "已缓解", "已好转", "已消失", "已痊愈"];
    if sheet.stream.reads_any(hit.span.end, recovered) {
        draft.temporality = Some(Temporality::Historical);
    }
    if draft.assertion != Some(Assertion::Negated)
        && let Some(visit) = visit_of_clause(sheet, draft.span)
    {
        draft = draft.word(Attr::Timepoint, visit);
    }
    vec![draft]
}

/// `因神经毒性去长春新碱`, `硼替佐米致神经毒性2级`: the bare word is ICANS only where cells or a bispecific are told of, and
/// no other drug stands right before or behind it.
fn is_of_nerves(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const BESIDE: usize = 14;
    if !sheet.stream.is_word(hit.span, "神经毒性") {
        return false;
    }
    let course = |span: Span| {
        let own =
            sheet.candidates_in(span).iter().filter(|of| matches!(of.hit.concept.kind(), "reg" | "drug"));
        own.map(|of| &of.hit).next_back()
    };
    // The drug that did it stands before, what is left out for it behind; what is given against it tells nothing.
    let before = sheet.before(hit.span.start, BESIDE);
    let clause = (before.start..before.end)
        .rev()
        .find(|at| matches!(sheet.stream.at(*at), ',' | ';' | '。' | BREAK))
        .map_or(before.start, |at| at + 1);
    if let Some(of) = course(Span::new(clause, before.end)) {
        return !engages_cells(sheet, of);
    }
    let left_out = sheet.stream.reads_any(hit.span.end, words!["去", "停", "减", "免"]);
    if left_out && course(sheet.after(hit.span.end, BESIDE / 2)).is_some_and(|of| !engages_cells(sheet, of)) {
        return true;
    }
    let told = |of: &Hit| {
        matches!(of.concept.as_str(), "find.crs" | "find.icans") && of.span != hit.span
            || of.concept.is("drug") && engages_cells(sheet, of)
    };
    !(sheet.candidates.iter().any(|of| told(&of.hit))
        || says(&sheet.stream, Span::new(0, sheet.stream.len()), words!["回输", "car-t", "双抗", "双特异"]))
}

/// CAR-T, or an antibody that binds T cells.
fn engages_cells(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let classes = sheet.catalogue().drug_classes(&hit.concept);
    classes.iter().any(|of| of.contains("CAR-T") || of.contains("bispecific"))
}

/// `既往3级CRS`, "prior grade 3 CRS": of an earlier treatment or visit.
fn is_of_before(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let window = sheet.before(hit.span.start, 20);
    let before = sheet.stream.lower_text(window);
    let before = before.rsplit([',', ';', '。', '.']).next().unwrap_or_default().trim_start();
    sheet.stream.text_begins(
        before,
        words!["prior ", "previous ", "既往", "上次", "前次", "曾有", "曾发生", "曾出现"],
    )
}

fn is_conditional(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let before = sheet.before(hit.span.start, 24);
    // The neurotoxicity of vincristine or cytarabine is another one.
    if says(
        stream,
        before,
        words!["peripheral", "周围", "外周", "vincristine", "长春", "cerebellar", "bortezomib"],
    ) {
        return true;
    }
    // "CRS prophylaxis", `CRS预防`: it has not come.
    let behind = skip_spaces(stream, hit.span.end);
    // "CRS occurs in about 10%", "ICANS up to 60%": what a leaflet says of others.
    if hit.concept.as_str() == "find.tls" && stream.reads_any(skip_spaces(stream, hit.span.end), PLANNING) {
        return true;
    }
    let told = Span::new(hit.span.end, sheet.after(hit.span.end, 40).end);
    if sheet.says(told, TOLD_OF_OTHERS) || is_share(sheet, hit.span.end) {
        return true;
    }
    if stream.reads_any(behind, words!["prophylaxis", "prevention", "预防", "的预防", "风险"]) {
        return true;
    }
    // "for ICANS of any grade start dexamethasone", "for CRS of grade 2 or more": what is done when it comes.
    let classed = stream.reads_any(hit.span.end, words![" of any grade", " any grade", " of whatever grade"])
        || is_at_least(sheet, hit.span.end);
    let told =
        sheet.says(sheet.after(hit.span.end, 60), words!["got ", "was given", "were given", "received"]);
    let opens = sheet.stream.reads_back_any(hit.span.start, words!["only for "])
        || skip_spaces(stream, sheet.sentence(hit.span.start).start) + "for ".len() == hit.span.start
        || stream.reads_back_any(
            hit.span.start,
            words![
                "; for ",
                ": for ",
                ", for ",
                "be given for ",
                "to give for ",
                "give for ",
                "reserved for ",
                "indicated for ",
                "kept for ",
                "held for ",
                "escalate for "
            ],
        );
    if classed
        && opens
        && !told
        && !denied_before(sheet, hit)
        && stream.reads_back_any(hit.span.start, CONDITIONAL_FOR)
    {
        return true;
    }
    // "dexamethasone for any ICANS"; behind "no need for any tocilizumab, CRS grade 1" it was there.
    if stream.reads_back_any(hit.span.start, words!["for any ", "for any grade ", "for any grade of "]) {
        return true;
    }
    (before.start..before.end).any(|at| {
        let english = starts_word(stream, at) && stream.reads_any(at, CONDITIONAL_ENGLISH);
        english
            || stream.reads_any(at, words!["若", "如出现", "如发生", "一旦", "警惕", "监测", "预防", "注意"])
    })
}

/// ` of grade 2 or more`, ` >= 2`, ` grade >= 2`: so much or more.
fn is_at_least(sheet: &Sheet<'_>, at: usize) -> bool {
    const REACH: usize = 24;
    let stream = &sheet.stream;
    let behind = sheet.after(at, REACH);
    let clause = (behind.start..behind.end)
        .find(|of| matches!(stream.at(*of), ',' | ';' | '.' | '。' | ':' | BREAK))
        .unwrap_or(behind.end);
    says(stream, Span::new(at, clause), AT_LEAST)
}

/// `ICANS: no`, `CRS:有`, "CRS yes", `CRS1级,ICANS无`.
fn answered(sheet: &Sheet<'_>, hit: &Hit) -> Option<Assertion> {
    let stream = &sheet.stream;
    let none = stream.first_word_at(hit.span.end, words!["无", "未见", "未发生", "未出现"]);
    let closes = |at: usize| matches!(stream.at(at), ',' | ';' | '。' | ')' | BREAK | CELL);
    if none.is_some_and(|of| closes(of.end())) {
        return Some(Assertion::Negated);
    }
    let row_end = (hit.span.end..stream.len().min(hit.span.end + 24))
        .find(|at| stream.at(*at) == BREAK)
        .unwrap_or(hit.span.end + 24);
    let colon =
        (hit.span.end..row_end.min(hit.span.end + 8)).find(|at| matches!(stream.at(*at), ':' | '\t'))?;
    let answer = skip_spaces(stream, colon + 1);
    if stream.reads_any(answer, words!["no", "none", "无", "否", "absent", "nil", "未", "(-)", "0级"]) {
        return Some(Assertion::Negated);
    }
    stream.reads_any(answer, ANSWERED).then_some(Assertion::Present)
}

fn denied_before(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = sheet.before(hit.span.start, 10);
    says(&sheet.stream, before, words!["no ", "无", "未", "without ", "never "])
}

/// The grade in the words around, up to the next toxicity.
fn grade(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let before = sheet.before(hit.span.start, 12);
    let behind = (hit.span.end..sheet.after(hit.span.end, 34).end).find_map(|at| grade_at(sheet, at)).filter(
        |(_, span)| {
            let gap = Span::new(hit.span.end, span.start);
            let other = sheet
                .candidates_in(gap)
                .iter()
                .any(|of| matches!(of.hit.concept.as_str(), "find.crs" | "find.icans" | "find.hlh"));
            // "CRS, grade 1"; of "CRS, grade 2 ICANS" the grade is the next one's.
            let closes = matches!(stream.at(span.end), '.' | ',' | ';' | ')' | BREAK)
                || span.end >= stream.len()
                || stream.reads_any(span.end, words![" on ", " at ", " from ", " with ", " by ", " max"]);
            let beside = stream.lower_text(gap) == ", "
                && closes
                && !sheet
                    .candidates_in(Span::new(span.end, span.end + 3))
                    .iter()
                    .any(|of| matches!(of.hit.concept.as_str(), "find.crs" | "find.icans" | "find.hlh"));
            let list = says(stream, gap, words![";", "。"])
                || (!beside
                    && says(stream, gap, words![","])
                    && !says(stream, gap, words!["max", "最高", "yes", "最大", "peak"]));
            // `3级CRS、1级ICANS`: behind the word that joins them the next item begins.
            let next = stream.reads_any(
                skip_spaces(stream, gap.start),
                words!["、", "和", "及", "与", "以及", "伴", "and "],
            ) && !stream
                .reads_any(skip_spaces(stream, gap.start), words!["and it ", "and this ", "and that "]);
            !other && !list && !next && !says(stream, gap, words!["below", "less than"])
        },
    );
    let ahead = || {
        (before.start..before.end).rev().find_map(|at| grade_at(sheet, at)).filter(|(_, span)| {
            let gap = stream.lower_text(Span::new(span.end.min(hit.span.start), hit.span.start));
            span.end <= hit.span.start
                && !gap.contains([',', ';', '。', '、'])
                && gap.trim().chars().count() <= 5
        })
    };
    // `CRS2级`: glued to the name.
    let glued = stream.at(hit.span.end).to_digit(10).filter(|of| *of <= 5);
    if let Some(grade) = glued.filter(|_| matches!(stream.at(hit.span.end + 1), '级' | '度')) {
        return Some(worse(sheet, (f64::from(grade), Span::new(hit.span.end, hit.span.end + 2))));
    }
    // `CRS 2级 ICANS 1级`: the grade right behind the name is its own.
    let own = behind.filter(|(_, span)| span.start <= hit.span.end + 2);
    own.or_else(|| bare(sheet, hit)).or_else(ahead).or(behind).map(|found| worse(sheet, found))
}

/// "from grade 1 to grade 3", `1级→2级`, `由1级进展至3级`, "grade 2, which worsened to grade 4": the worst that it rose to.
fn worse(sheet: &Sheet<'_>, (grade, span): (f64, Span)) -> (f64, Span) {
    let stream = &sheet.stream;
    let rises = stream.reads_back_any(span.start, words!["from "]);
    let from_to = || stream.words_at(span.end, words![" to ", " then to ", " through to "]).next_back();
    let named = || stream.words_at(span.end, GRADE_RISES).next_back();
    let next = match (named(), from_to().filter(|_| rises)) {
        (Some(of), _) => grade_at(sheet, of.end()),
        (None, Some(of)) => grade_at(sheet, of.end()).or_else(|| bare_grade(sheet, of.end())),
        (None, None) => None,
    };
    let Some((value, end)) = next.filter(|(_, of)| of.start >= span.end) else { return (grade, span) };
    let (worst, whole) = worse(sheet, (value, span.to(end)));
    // What it fell to is not what it was at its worst.
    if worst > grade { (worst, whole) } else { (grade, span) }
}

/// The figure of "to 3" behind a first grade.
fn bare_grade(sheet: &Sheet<'_>, at: usize) -> Option<(f64, Span)> {
    let value = sheet.stream.at(at).to_digit(10).filter(|of| (1..=4).contains(of))?;
    let counts = sheet.stream.reads_any(at + 1, words![" day", " week", " hour"]);
    let alone = !sheet.stream.at(at + 1).is_alphanumeric() && !counts;
    alone.then(|| (f64::from(value), Span::new(at, at + 1)))
}

/// `CRS 1`, `ICANS: 0`: the figure right behind the name, which counts nothing else.
fn bare(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let colon = skip_spaces(stream, hit.span.end);
    let begin = skip_spaces(stream, colon + usize::from(stream.at(colon) == ':'));
    let most = stream.words_at(begin, BARE_MOST).map(Place::end).max();
    let at = most.map_or(begin, |end| skip_spaces(stream, end));
    let end = at + 1;
    let value = stream.at(at).to_digit(10).filter(|value| *value <= 4)?;
    let ends = matches!(stream.at(end), ',' | '.' | ';' | ')' | CELL | BREAK)
        || end >= stream.len()
        // `CRS 2/ICANS 1`, `CRS 1 (D2)`
        || stream.at(end) == '/' && stream.at(end + 1).is_ascii_alphabetic()
        || stream.reads_any(end, BARE_ENDS);
    let decimal = stream.at(end) == '.' && stream.at(end + 1).is_ascii_digit();
    (at > hit.span.end && ends && !decimal).then(|| (f64::from(value), Span::new(at, end)))
}

/// `grade 2`, `gr 2`, `G2`, `2级`, `II度` at exactly `at`.
fn grade_at(sheet: &Sheet<'_>, at: usize) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let fits = |value: f64| (0.0..=5.0).contains(&value) && value.fract() == 0.0;
    if starts_word(stream, at) {
        for &word in GRADE_AT {
            if stands(stream, at, word) {
                let number = number::number_behind(stream, at + word.len()).filter(|of| fits(of.value));
                let roman = || roman_behind(stream, at + word.len());
                let spelt = || count_at(stream, at + word.len()).filter(|(value, _)| fits(*value));
                let number = number.map(|of| (of.value, of.span.end));
                if let Some((value, end)) = number.or_else(roman).or_else(spelt)
                    && !stream.at(end).is_ascii_alphanumeric()
                {
                    return Some((value, Span::new(at, end)));
                }
            }
        }
    }
    let (value, end) = number::number_at(stream, at)
        .map(|of| (of.value, of.span.end))
        .or_else(|| roman_at(stream, at))
        .or_else(|| count_at(stream, at))
        .filter(|(value, _)| fits(*value))?;
    let sign = skip_spaces(stream, end);
    matches!(stream.at(sign), '级' | '度').then(|| (value, Span::new(at, sign + 1)))
}

/// `ICANS l级`: a letter that recognition takes for a one.
const MISREAD_ONE: &str = "l";

fn roman_at(stream: &crate::stream::Stream, at: usize) -> Option<(f64, usize)> {
    roman_behind(stream, at).filter(|_| starts_word(stream, at))
}

/// `gII`: a Roman numeral that may be glued to the word before it.
fn roman_behind(stream: &crate::stream::Stream, at: usize) -> Option<(f64, usize)> {
    [("iii", 3.0), ("iv", 4.0), ("ii", 2.0), ("i", 1.0), (MISREAD_ONE, 1.0)].iter().find_map(
        |(word, value)| {
            let end = at + word.len();
            let alone = !stream.at(end).is_ascii_alphanumeric();
            (stands(stream, at, word) && alone).then_some((*value, end))
        },
    )
}

/// `CRS分级:第1天0级,第4天3级,第8天降至1级`: each day's grade is an event; grade 0 is none.
fn course_of_grades(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(hit.span.start);
    let until = sentence.end.min(hit.span.end + 90);
    let other = sheet
        .candidates_in(Span::new(hit.span.end, until))
        .iter()
        .map(|of| &of.hit)
        .find(|of| matches!(of.concept.as_str(), "find.icans" | "find.hlh" | "find.crs"));
    let until = other.map_or(until, |of| of.span.start);
    let days: Vec<usize> = (hit.span.end..until)
        .filter(|at| {
            (stream.at(*at) == '第' || stream.at(*at) == 'd' || stream.at(*at) == 'D')
                && (stream.at(at + 1).is_ascii_digit())
                && !stream.at(at.saturating_sub(1)).is_ascii_alphanumeric()
        })
        .collect();
    if days.len() < 2 {
        return Vec::new();
    }
    let mut drafts = Vec::new();
    for (index, day) in days.iter().enumerate() {
        let end = days.get(index + 1).copied().unwrap_or(until);
        let Some((grade, span)) =
            (*day..end).find_map(|at| grade_at(sheet, at)).filter(|(_, span)| span.end <= end)
        else {
            continue;
        };
        if grade > 0.0 {
            let mut draft = Draft::new(hit.concept.as_str(), Span::new(*day, span.end), "toxicity.course")
                .named_at(hit.span)
                .number(Attr::Grade, grade)
                .present();
            draft.temporality = Some(Temporality::Current);
            drafts.push(draft);
        }
    }
    let one =
        first(stream, Span::new(hit.span.end, until), "级").is_some() || ends(stream, hit.span.end, "级");
    if drafts.len() >= 2 || one && days.len() >= 2 && !drafts.is_empty() { drafts } else { Vec::new() }
}
