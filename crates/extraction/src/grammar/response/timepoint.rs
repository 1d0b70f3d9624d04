//! At which visit something was found: interim, end of treatment, best, or a day or month after cells or a transplant.
//!
//! ## Reads
//! `Day 90`, `D28`, `+100天`, `Month 3`, `M1`, "at one month", "6-month", `回输后28天`, `术后3月`, `中期`, `EOT`, "best response".

use crate::{
    grammar::therapy::words::{count_at, ends, says, skip_spaces, stands, starts_word},
    number,
    sheet::Sheet,
    stream::{BREAK, Hit, Span, is_han},
    vocabulary::response::{
        COUNTED_FROM_CELLS, COUNTED_LEAD, COUNTED_TRAIL, TIMEPOINT_DAYS, TIMEPOINT_MONTHS, TIMEPOINT_PHASES,
    },
    words::{Place, words},
};

pub(in crate::grammar) fn timepoint(sheet: &Sheet<'_>, hit: &Hit) -> Option<String> {
    // "PET at day 28 showed CMR; the interim PET was PR": the word of its own clause.
    phase_of_clause(sheet, hit.span).or_else(|| visit(sheet, hit.span)).or_else(|| phase(sheet, hit.span))
}

/// The phase that stands before a response in its clause, if no visit does.
fn phase_of_clause(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    const REACH: usize = 40;
    let stream = &sheet.stream;
    let from = sheet.sentence(span.start).start.max(span.start.saturating_sub(REACH));
    let stops = |at: &usize| matches!(stream.at(*at), ',' | ';' | BREAK);
    let clause = Span::new((from..span.start).rev().find(stops).map_or(from, |at| at + 1), span.start);
    let of = stream.words_beginning(clause, TIMEPOINT_PHASES).next_back()?;
    let whole = !TIMEPOINT_PHASES[of.word()].0.is_ascii() || starts_word(stream, of.start());
    // "Best response CR 1 year after CAR-T": the visit behind tells more.
    let behind = Span::new(span.end, sheet.after(span.end, 20).end);
    let end = (behind.start..behind.end).find(stops).unwrap_or(behind.end);
    let told = first_in(sheet, Span::new(span.end, end)).is_some();
    (whole && !told && last_in(sheet, clause).is_none()).then(|| TIMEPOINT_PHASES.code(of).to_owned())
}

/// The phase in the same sentence, nearer words first; a phase behind the response only in its clause.
fn phase(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    let stream = &sheet.stream;
    let before = Span::new(sheet.sentence(span.start).start.max(span.start.saturating_sub(44)), span.start);
    let fits = |of: &Place| !TIMEPOINT_PHASES[of.word()].0.is_ascii() || starts_word(stream, of.start());
    let ahead = stream.words_beginning(before, TIMEPOINT_PHASES).rev().find(fits).and_then(|of| {
        let first = stream.words_at(of.start(), TIMEPOINT_PHASES).filter(fits).min_by_key(|of| of.word())?;
        Some((first.end(), TIMEPOINT_PHASES.code(first)))
    });
    let ahead = ahead.filter(|(end, _)| !other_response_between(sheet, Span::new(*end, span.start)));
    let after = Span::new(span.end, sheet.after(span.end, 30).end);
    let behind = || {
        let stop = (after.start..after.end).find(|at| matches!(stream.at(*at), ',' | ';'));
        let clause = Span::new(after.start, stop.unwrap_or(after.end));
        let at = stream.words_beginning(clause, TIMEPOINT_PHASES).next()?.start();
        stream.first_word_at(at, TIMEPOINT_PHASES).map(|of| TIMEPOINT_PHASES.code(of))
    };
    ahead.map(|(_, code)| code).or_else(behind).map(str::to_owned)
}

/// The phase was said of another response.
fn other_response_between(sheet: &Sheet<'_>, gap: Span) -> bool {
    sheet.candidates_in(gap).iter().any(|of| {
        of.hit.span.end <= gap.end
            && matches!(of.hit.concept.as_str(), "find.cr" | "find.pr" | "find.sd" | "find.pd")
    })
}

/// The visit told in the clause of a toxicity, a symptom or a score: `D+2 CRS 2级`, `回输后第3天发热`, `回输后D90,ECOG 0`.
pub(in crate::grammar) fn visit_of_clause(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    if !follows_cells(sheet, span) {
        return None;
    }
    let stream = &sheet.stream;
    let sentence = sheet.sentence(span.start);
    let stops = |at: &usize| matches!(stream.at(*at), ',' | ';' | BREAK);
    let clause_start = (sentence.start..span.start).rev().find(stops).map_or(sentence.start, |at| at + 1);
    let clause_end = (span.end..sentence.end).find(stops).unwrap_or(sentence.end);
    let heading = clause_start.checked_sub(1).filter(|at| stream.at(*at) == ',').and_then(|comma| {
        let start = (sentence.start..comma).rev().find(stops).map_or(sentence.start, |at| at + 1);
        // A clause that says no more than the visit heads what follows it.
        (comma - start <= HEADING).then(|| last_in(sheet, Span::new(start, comma))).flatten()
    });
    last_in(sheet, Span::new(clause_start, span.start))
        .or_else(|| first_in(sheet, Span::new(span.end, clause_end.min(span.end + 14))))
        .or(heading)
}

/// How long the clause may be that only names a visit: `随访表:回输后D90`.
const HEADING: usize = 14;

/// The visit that a finding belongs to, after an infusion of cells or a transplant.
pub(in crate::grammar) fn visit(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    if !follows_cells(sheet, span) {
        return None;
    }
    let stream = &sheet.stream;
    let sentence = sheet.sentence(span.start);
    let clause_start = (sentence.start..span.start)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | BREAK))
        .map_or(sentence.start, |at| at + 1);
    let clause_end = (span.end..sentence.end)
        .find(|at| matches!(stream.at(*at), ',' | ';' | BREAK))
        .unwrap_or(sentence.end);
    if let Some(visit) = hanging(sheet, span.end) {
        return Some(visit);
    }
    let in_clause = last_in(sheet, Span::new(clause_start, span.start));
    let behind = || first_in(sheet, Span::new(span.end, clause_end.min(span.end + 30)));
    // `第6天ICANS 1级,12月底复查PET-CT评PR`: a clause with a date of its own has no visit of another clause.
    let own_date = || {
        let first = sheet.mentions.partition_point(|of| of.span.start < clause_start);
        sheet.mentions.get(first).is_some_and(|of| of.counted.is_none() && of.span.end <= span.start)
    };
    let told = Span::new(sentence.start.max(span.start.saturating_sub(120)), clause_start);
    let in_sentence = || if own_date() { None } else { last_in(sheet, told) };
    let row = row_start(sheet, span.start);
    let in_row = || first_in(sheet, Span::new(row, sentence.start.min(row + 34).max(row)));
    let in_title = || title(sheet, span.start);
    in_clause.or_else(behind).or_else(in_sentence).or_else(in_row).or_else(in_title)
}

/// "Relapse at month 6", "at M9 biopsy-proven relapse", `第6个月…复发`: the visit in the clause of an event after cells.
pub(super) fn visit_of_event(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    if !follows_cells(sheet, span) {
        return None;
    }
    hanging(sheet, span.end).or_else(|| {
        let sentence = sheet.sentence(span.start);
        let stops = |at: &usize| matches!(sheet.stream.at(*at), ';' | BREAK);
        let from = (sentence.start..span.start).rev().find(stops).map_or(sentence.start, |at| at + 1);
        // Only what is told as a visit: "at M9", `第6个月`.
        let leads = words!["at ", "by ", "on ", "第", "post-infusion ", "postinfusion "];
        let told = sheet.stream.words_in(Span::new(from, span.start), leads).rev().find_map(|of| {
            let at = if sheet.stream.at(of.start()) == '第' { of.start() } else { of.end() };
            visit_at(sheet, at, span.start)
        });
        told.or_else(|| super::heads::of_part(sheet, span.start))
    })
}

/// `D+7: WBC 0.4`, "D28 post axi-cel: ANC 0.6": the visit that heads a sentence, before its colon.
pub(in crate::grammar) fn heading_visit(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    const LONGEST: usize = 34;
    // `D+7: WBC 0.4; ferritin 12,480`: a semicolon does not end what the visit heads.
    let start = head_sentence(sheet, span.start);
    let colon = (start..span.start.min(start + LONGEST))
        .find(|at| sheet.stream.at(*at) == ':')
        .filter(|_| follows_cells(sheet, Span::new(start, start)))?;
    visit_at(sheet, skip_spaces(&sheet.stream, start), colon)
}

/// "PR at M1 deepening to CR at M3", "CR by month 6": the visit that hangs directly on the words before a place.
pub(super) fn hanging(sheet: &Sheet<'_>, at: usize) -> Option<String> {
    const REACH: usize = 16;
    let lead = sheet.stream.words_at(at, words![" at ", " by ", " on ", " at the ", " (at "]).next_back()?;
    visit_at(sheet, lead.end(), sheet.after(lead.end(), REACH).end)
}

fn row_start(sheet: &Sheet<'_>, at: usize) -> usize {
    (0..at)
        .rev()
        .take(300)
        .find(|of| sheet.stream.at(*of) == BREAK)
        .map_or(at.saturating_sub(300), |of| of + 1)
}

/// A follow-up form has its visit in the first row.
fn title(sheet: &Sheet<'_>, at: usize) -> Option<String> {
    let end = (0..at.min(120)).find(|of| sheet.stream.at(*of) == BREAK)?;
    last_in(sheet, Span::new(0, end))
}

/// Cells or a transplant were named in the paper.
pub(super) fn follows_cells(sheet: &Sheet<'_>, span: Span) -> bool {
    let named = || {
        sheet.candidates.iter().any(|of| {
            matches!(
                of.hit.concept.as_str(),
                "event.infusion" | "reg.asct" | "reg.allosct" | "drug.car_t_nos" | "find.crs" | "find.icans"
            ) || of.hit.concept.is("drug") && crate::grammar::therapy::is_cell_therapy(sheet, &of.hit.concept)
        })
    };
    *sheet.names_cells.get_or_init(named) || {
        // "Day +28: PR; CMR at D+90": days are counted from an infusion.
        let start = head_sentence(sheet, span.start);
        let begin = skip_spaces(&sheet.stream, start);
        let worded = ["day ", "month "].iter().find(|word| stands(&sheet.stream, begin, word));
        let head = worded.map_or(5, |word| word.len() + 4);
        first_in(sheet, Span::new(begin, (begin + head).min(sheet.sentence(begin).end))).is_some()
            || scan_counts(sheet, start, sheet.sentence(span.start).end)
    }
}

/// "PET at M1: PR": of a scan they are counted from an infusion too.
fn scan_counts(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    let leads = words!["pet at m", "pet at d+", "pet at day ", "scan at m", "scan at day ", "pet at month "];
    sheet
        .stream
        .words_in(Span::new(from, to.max(from)), leads)
        .any(|of| sheet.stream.at(of.end()).is_ascii_digit())
}

/// Where the first of the sentences that semicolons join begins.
fn head_sentence(sheet: &Sheet<'_>, at: usize) -> usize {
    let mut start = sheet.sentence(at).start;
    let before = |at: usize| (0..at).rev().find(|of| sheet.stream.at(*of) != ' ');
    while let Some(end) = before(start).filter(|at| sheet.stream.at(*at) == ';') {
        start = sheet.sentence(end).start;
    }
    start
}

/// The visit that begins at a place and ends exactly at another.
pub(super) fn visit_ending(sheet: &Sheet<'_>, at: usize, end: usize) -> Option<String> {
    let visit = visit_at(sheet, at, end)?;
    // Not the end of a longer one: it must not fit into less.
    (end > 0 && visit_at(sheet, at, end - 1).is_none()).then_some(visit)
}

/// The visit at exactly this place.
pub(super) fn visit_at_place(sheet: &Sheet<'_>, at: usize, until: usize) -> Option<String> {
    visit_at(sheet, at, until)
}

fn last_in(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    (span.start..span.end).rev().find_map(|at| visit_at(sheet, at, span.end))
}

fn first_in(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    (span.start..span.end).find_map(|at| visit_at(sheet, at, span.end))
}

/// A visit at exactly `at`.
fn visit_at(sheet: &Sheet<'_>, at: usize, until: usize) -> Option<String> {
    let stream = &sheet.stream;
    let glued = at > 0 && stream.at(at - 1).is_ascii_alphanumeric();
    // `375 mg/m2`, `1.79 m2`: an area.
    let before = at.checked_sub(1 + usize::from(at > 0 && stream.at(at - 1) == ' ')).map(|of| stream.at(of));
    let area = stands(stream, at, "m2") && before.is_some_and(|of| of == '/' || of.is_ascii_digit());
    if glued || area {
        return None;
    }
    // The day a toxicity began is no visit.
    let began =
        |_: &String| stream.reads_back_any(at, words!["onset ", "onset on ", "onset: ", "since ", "from "]);
    told_at(sheet, at, until).filter(|visit| !began(visit))
}

fn told_at(sheet: &Sheet<'_>, at: usize, until: usize) -> Option<String> {
    let stream = &sheet.stream;
    for (code, prefixes) in [('D', TIMEPOINT_DAYS), ('M', TIMEPOINT_MONTHS)] {
        let Some(prefix) = prefixes.iter().find(|word| stands(stream, at, word)) else { continue };
        let start = at + prefix.chars().count();
        if !stream.at(start).is_ascii_digit() {
            continue;
        }
        let number = number::number_behind(stream, start).filter(|of| of.value.fract() == 0.0)?;
        let after = stream.at(number.span.end);
        let han_day = matches!(*prefix, "第" | "+");
        let ends = if han_day {
            after == '天' || after == '日' && *prefix == "第"
        } else {
            !after.is_ascii_alphanumeric()
        };
        let dose = prefix.len() == 1
            && (stands(stream, number.span.end, "-") || stands(stream, number.span.end, "~"));
        return (ends && !dose && number.span.end <= until && !is_calendar_day(sheet, at))
            .then(|| format!("{code}{}", number.value));
    }
    counted(sheet, at, until)
}

/// Up to so many years a visit is told.
const LAST_YEAR: f64 = 15.0;
/// Up to so many weeks a visit is told in days: "three weeks after the infusion" is day 21.
const LAST_WEEK: f64 = 8.0;

/// "at one month", "6-month PET", `回输后28天`, `术后3月`, `3个月评估`.
fn counted(sheet: &Sheet<'_>, at: usize, until: usize) -> Option<String> {
    let stream = &sheet.stream;
    let (value, end) = count_at(stream, at)?;
    if value.fract() != 0.0 || is_calendar_day(sheet, at) {
        return None;
    }
    let unit = skip_spaces(stream, end + usize::from(stream.at(end) == '-'));
    let whole = |word: &str| {
        let latin = word.is_ascii() && stream.at(unit + word.len()).is_ascii_alphabetic();
        stands(stream, unit, word) && !latin
    };
    let days = ["天", "日", "days", "day"].iter().find(|word| stands(stream, unit, word));
    let months =
        ["个月", "月", "months", "month", "mths", "mth", "mos", "mo"].iter().find(|word| whole(word));
    let years = ["years", "year", "yrs", "yr"].iter().find(|word| whole(word) && value <= LAST_YEAR);
    let weeks = ["周", "weeks", "week"].iter().find(|word| stands(stream, unit, word) && value <= LAST_WEEK);
    let (code, word, value) = match (days, months.or(years), weeks) {
        (Some(word), _, _) => ('D', word, value),
        (None, Some(word), _) => ('M', word, if months.is_some() { value } else { value * 12.0 }),
        (None, None, Some(word)) => ('D', word, value * 7.0),
        (None, None, None) => return None,
    };
    let after = unit + word.chars().count();
    let lead = COUNTED_LEAD.iter().any(|of| ends(stream, at, of)) || stream.at(end) == '-';
    let of_cells =
        COUNTED_FROM_CELLS.iter().any(|of| stands(stream, after, of)) || leads_to_cells(sheet, after);
    let trail = of_cells
        || COUNTED_TRAIL
            .iter()
            .any(|of| stands(stream, skip_spaces(stream, after + usize::from(stream.at(after) == ',')), of));
    // `输注后3个月PR,6个月进展`: the time stands right before the response it is of.
    let touches = after == until && stands(stream, after, "进展");
    let other = !touches && ["前", "复发", "进展", "内"].iter().any(|of| stands(stream, after, of))
        || stands(stream, after, "后复发")
        || stands(stream, after, "后进展");
    // "relapsed at 14 months" dates the relapse and no visit.
    if says(stream, Span::new(at.saturating_sub(12), at), words!["relaps", "复发", "停药"]) {
        return None;
    }
    let every = ends(stream, at, "每") || ends(stream, at, "every ");
    let interval = is_han(stream.at(at.saturating_sub(1))) && !lead && !trail && !touches;
    ((lead || trail || touches)
        && !other
        && !every
        && !interval
        && after <= until
        && !says(stream, Span::new(at.saturating_sub(3), at), words!["停药", "第"]))
    .then(|| format!("{code}{value}"))
}

/// "three months [after liso-cel]", "six months [out from axi-cel]".
fn leads_to_cells(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let words = words![
        " after ",
        " out from ",
        " on from ",
        " from ",
        " post ",
        " post-",
        " following ",
        " since ",
        " since my ",
        " since his ",
        " since her ",
        " since the ",
    ];
    let Some(word) = stream.words_at(at, words).next_back() else { return false };
    let from = word.end();
    sheet.candidates_in(Span::new(from, from + 1)).iter().any(|of| {
        of.hit.span.start == from && crate::grammar::therapy::is_cell_therapy(sheet, &of.hit.concept)
    })
}

/// Whether the place belongs to a date; a day that is counted from the infusion is a visit too.
fn is_calendar_day(sheet: &Sheet<'_>, at: usize) -> bool {
    sheet.mentions.iter().any(|of| of.counted.is_none() && of.span.start <= at && at < of.span.end)
}
