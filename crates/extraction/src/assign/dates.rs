//! The date that governs each fact.
//!
//! ## Reads
//! The dates of the sheet: one inside the words, one that hangs on them, one in their clause, one in their
//! sentence, the date at the head of the row or paragraph, the day of the specimen.
//!
//! ## Leaves alone
//! First and last day of a treatment are set by the therapy grammar.

mod brackets;
mod course;
mod interval;
mod rows;

use crate::{
    assertion::{contains_any, says_any, starts_with_any},
    dates::DateMention,
    draft::Draft,
    grammar::{counts_days_since, is_cell_therapy, is_in_dated_row},
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::dates::{
        COMPARED_CHINESE, COMPARED_ENGLISH, JOINS, STARTS_THERE_VERBS, TODAY, TURNS_TO_TODAY,
    },
    words::{Place, words},
};
use cartulary_model::{
    PartialDate, Temporality,
    fact::{Attr, AttrValue},
};
use course::{days_of_older_values, is_of_what_came_before, is_of_what_came_next};
use rows::{above, before_in_row, over_block};

/// How far back a date may stand, in characters, for events of a course told in one paragraph.
const CARRY: usize = 160;

/// Gives each undated draft the date that governs it.
pub(crate) fn dates(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let older = days_of_older_values(sheet, drafts);
    for draft in drafts.iter_mut().filter(|draft| draft.date.is_none()) {
        draft.date = match draft.concept.kind() {
            "pt" => None,
            // "was 20% in 2018 and is 80% now": the day of the sentence is the former result's.
            "bio" | "lab" if draft.rule == "marker.later" => hanging(sheet, draft.span),
            // A relapse so long after something is not of the day of that.
            _ if draft.attrs.contains_key(&Attr::Interval) => {
                own_clause(sheet, draft).and_then(|dated| interval::after(sheet, draft, dated))
            }
            _ if is_counted(draft) => {
                own_clause(sheet, draft).filter(|(_, day)| !is_of_infusion(sheet, draft, *day))
            }
            "lab" | "bio" if !draft.attrs.contains_key(&Attr::Timepoint) => hanging(sheet, draft.span)
                .or_else(|| leading(sheet, draft.span))
                .or_else(|| own_sentence(sheet, draft).filter(|_| !is_sheet(sheet)))
                .or_else(|| heads(sheet, draft.span).filter(|_| !is_sheet(sheet)))
                .or_else(|| before_in_row(sheet, draft.span))
                // A value of the past is none of this specimen.
                .or(sheet.sample_date.filter(|_| draft.temporality != Some(Temporality::Historical)))
                .or_else(|| {
                    let today = draft.temporality != Some(Temporality::Historical);
                    above(sheet, draft.span).filter(|_| today && is_sheet(sheet))
                })
                .or_else(|| carried(sheet, draft))
                .or_else(|| over_block(sheet, draft))
                .or_else(|| of_the_scan(sheet, draft)),
            _ if draft.rule == "therapy.course" => governing(sheet, draft)
                .filter(|(_, day)| !is_of_what_came_next(sheet, draft, *day))
                .filter(|(_, day)| {
                    !(day.start < draft.name.start && counts_days_since(&sheet.stream, draft.name.end))
                }),
            _ => governing(sheet, draft),
        };
        // "75 on admission and is 90 today": a day told behind an older value is the newer one's.
        let behind = draft.date.is_some_and(|(_, span)| {
            draft.temporality == Some(Temporality::Historical)
                && draft.concept.is("lab")
                && span.start >= clause(sheet, draft.span).end
        });
        draft.date = draft.date.filter(|_| !behind);
        if draft.rule.starts_with("response.") {
            draft.date = draft.date.and_then(|dated| at_the_end(sheet, draft, dated));
        }
        let other_row = |span: Span| sheet.row_start(span.start) != sheet.row_start(draft.span.start);
        draft.date =
            draft.date.filter(|(_, span)| !other_row(*span) || !is_in_dated_row(sheet, draft.span.start));
        let taken = |day: Span| older.iter().any(|(of, bracket)| *of == day && !bracket.overlaps(draft.span));
        draft.date =
            draft.date.filter(|(_, day)| !taken(*day) && !brackets::tells_of_another(sheet, draft, *day));
        let span = draft.date.map(|(_, span)| span);
        if sheet.mentions.iter().any(|of| of.season && Some(of.span) == span) {
            draft.attrs.insert(Attr::DatePrecision, AttrValue::Text("season".into()));
        }
    }
}

/// "R-CHOP x6 03/2022-08/2022, CMR, relapse": a response to a course is of its last day; when it came back is not told.
fn at_the_end(sheet: &Sheet<'_>, draft: &Draft, dated: (PartialDate, Span)) -> Dated {
    let until = sheet.mentions.iter().find(|of| of.span == dated.1).and_then(|of| of.until);
    let apart = !dated.1.overlaps(draft.span) && dated.1.end <= draft.name.start;
    match until.filter(|_| apart) {
        None => Some(dated),
        Some(_) if draft.rule == "response.relapse" => None,
        Some(until) => Some((until, dated.1)),
    }
}

/// A pathologist's or radiologist's report of one specimen or examination.
fn is_examination(sheet: &Sheet<'_>) -> bool {
    let kinds = [
        "sec.doc_pathology",
        "sec.doc_pathology_consult",
        "sec.doc_ihc",
        "sec.doc_fish",
        "sec.doc_ngs",
        "sec.doc_pet",
        "sec.doc_ct",
        "sec.doc_mri",
        "sec.doc_us",
        "sec.doc_echo",
        "sec.doc_bm_biopsy",
        "sec.doc_bm_smear",
        "sec.doc_flow",
        "sec.doc_csf",
    ];
    sheet.is_kind(&kinds)
}

/// A laboratory sheet or report has one date for all its values.
fn is_sheet(sheet: &Sheet<'_>) -> bool {
    let values = sheet.sample_date.is_some()
        && !sheet.is_kind(&[
            "sec.doc_discharge",
            "sec.doc_referral",
            "sec.doc_admission",
            "sec.doc_message",
            "sec.doc_progress",
            "sec.doc_outpatient",
        ]);
    values
        || sheet.is_kind(&["sec.doc_lab", "sec.doc_cbc", "sec.doc_chem", "sec.doc_virology", "sec.doc_coag"])
}

type Dated = Option<(cartulary_model::PartialDate, Span)>;

/// A date that hangs on the words is theirs.
fn hanging(sheet: &Sheet<'_>, span: Span) -> Dated {
    sheet.mentions.iter().find(|of| hangs_on(sheet, span, of.span)).map(|of| (of.date, of.span))
}

/// `No change from 11/28/2023 (LVEF 63%)`: the day before the bracket is the value's in it.
fn leading(sheet: &Sheet<'_>, span: Span) -> Dated {
    let opens = span.start.checked_sub(1).filter(|at| sheet.stream.at(*at) == '(')?;
    let closed = (span.end..span.end + 2).any(|at| sheet.stream.at(at) == ')');
    let end = if opens > 0 && sheet.stream.at(opens - 1) == ' ' { opens - 1 } else { opens };
    let before = sheet.mentions.iter().find(|of| of.span.end == end && of.date.day().is_some());
    before.filter(|_| closed).map(|of| (of.date, of.span))
}

/// How far behind words a date may hang on them.
const REACH: usize = 26;

/// `in October 2022`, `(2022-08-08)`, `on PET 22/07/2019`, `, starting in August` directly behind the words.
fn hangs_on(sheet: &Sheet<'_>, words: Span, date: Span) -> bool {
    if date.start < words.end || date.start > words.end + REACH {
        return false;
    }
    let glue = sheet.stream.lower_text(Span::new(words.end, date.start));
    // A day that begins the next line is told over what stands there.
    let next_line =
        glue.trim().is_empty() && !sheet.stream.is_same_line(words.end.saturating_sub(1), date.start);
    if opens_aside(sheet, date) || next_line {
        return false;
    }
    !glue.contains(BREAK) && (GLUE.contains(&glue.trim()) || starts_there(glue.trim()))
}

/// `SUVmax 31.2 (08/10/2026: 5.2 x 3.9 cm, SUVmax 8.4)`: the day that opens a bracket is of what stands in it.
fn opens_aside(sheet: &Sheet<'_>, date: Span) -> bool {
    let opened = date.start.checked_sub(1).is_some_and(|at| sheet.stream.at(at) == '(');
    opened && sheet.stream.at(date.end) == ':'
}

/// What may stand between words and the date that hangs on them.
const GLUE: [&str; 12] =
    ["", "(", "in", "on", "dated", "of", "since", "于", ":", "on pet", "on ct", "was diagnosed in"];

/// `starting in`, `was done on`, `booked for`, `followed on`: a verb of the words with the date as its object.
fn starts_there(glue: &str) -> bool {
    let glue = glue.trim_start_matches([',', '(', ' ']);
    let glue = glue.strip_prefix("was ").or_else(|| glue.strip_prefix("were ")).unwrap_or(glue);
    let verb = glue.split(' ').next().unwrap_or_default();
    let rest = glue.strip_prefix(verb).unwrap_or_default().trim();
    let ends = ["", "on", "in", "for", "been on", "the", "on the", "out on", "from"];
    STARTS_THERE_VERBS.contains(&verb) && ends.contains(&rest)
}

/// The date inside the words, else one that hangs on them, else the nearest of their clause, else the last one
/// before them in their sentence.
fn own_sentence(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    let span = draft.span;
    let sentence = sheet.sentence(span.start);
    // Most sentences have no date, and their clauses need not be sought.
    let around = sentence.to(span);
    if !sheet.mentions.iter().any(|of| of.span.end > around.start && of.span.start <= around.end + REACH) {
        return None;
    }
    let wide = bounds(sheet, span);
    let narrow = clause(sheet, span);
    let own = clause(sheet, draft.name);
    let within = |of: &Span| of.start >= own.start && of.end <= own.end;
    let overlaps = |of: &&DateMention| of.span.overlaps(span) && !is_of_older_film(sheet, of.span);
    let inside = || sheet.mentions.iter().filter(overlaps).find(|of| within(&of.span));
    let across = || sheet.mentions.iter().find(overlaps);
    // "FL (2014, watched) with transformation to DLBCL, GCB type, in Feb 2024"
    let later_day = || {
        let told = matches!(draft.concept.kind(), "hist" | "test")
            || matches!(draft.rule, "transformation.stated" | "diagnosis.cell_of_origin");
        let behind = |of: &&DateMention| of.span.start >= span.end && of.span.end <= sentence.end;
        let led = |of: &&DateMention| sheet.stream.reads_back_any(of.span.start, words!["in ", "on "]);
        sheet.mentions.iter().find(behind).filter(|_| told).filter(led)
    };
    let before = |from: usize| {
        let told = |of: &&DateMention| of.span.end <= span.start && of.span.start >= from;
        let last = sheet.mentions.iter().rev().filter(told).find(|of| !is_compared(sheet, of.span))?;
        // "HIV positive since 2011, CD4 210": the year is that of the illness.
        let since = draft.concept.is("lab")
            && last.date.month().is_none()
            && sheet.stream.reads_back_any(last.span.start, words!["since ", "自"]);
        if since {
            return None;
        }
        if later_day().is_some() && is_aside_of_another(sheet, last.span, span) {
            return None;
        }
        // `回输后第3天发热,诊断CRS`: the toxicity is of that day; nothing behind it is of the day of the infusion.
        let far = last.counted.is_some() && last.span.start < narrow.start;
        (!far || matches!(draft.concept.kind(), "sym" | "event")).then_some(last)
    };
    let after = |to: usize| {
        let next = sheet.mentions.iter().find(|of| of.span.start >= span.end && of.span.end <= to);
        next.filter(|of| !is_of_what_came_before(sheet, draft, of.span)).filter(|of| {
            !is_of_next_examination(sheet, draft, of.span)
                && !is_compared(sheet, of.span)
                && !opens_aside(sheet, of.span)
        })
    };
    let hung = || sheet.mentions.iter().find(|of| hangs_on(sheet, span, of.span));
    let near =
        inside().or_else(hung).or_else(|| before(narrow.start)).or_else(across).or_else(|| after(narrow.end));
    if near.is_none() && is_of_today(sheet, draft) {
        return None;
    }
    near.or_else(|| before(wide.start))
        .or_else(|| after(wide.end))
        .or_else(|| {
            let day = later_day()?;
            let bracketed = |of: &DateMention| {
                of.span.start >= sentence.start && is_aside_of_another(sheet, of.span, span)
            };
            sheet.mentions.iter().any(bracketed).then_some(day)
        })
        .or_else(|| {
            before(sentence.start).filter(|of| {
                !is_of_diagnosis(sheet, draft, of) && !turns_to_today(sheet, of.span.end, span.start)
            })
        })
        .map(|of| (of.date, of.span))
}

/// `FL grade 2 (2014, W&W) with transformation`: the day stands in a bracket that is closed before the words, behind
/// something else.
fn is_aside_of_another(sheet: &Sheet<'_>, date: Span, words: Span) -> bool {
    const REACH: usize = 40;
    let signs =
        |from: usize, to: usize| sheet.stream.signs_in(Span::new(from, to), |of| matches!(of, '(' | ')'));
    let opened = signs(date.start.saturating_sub(REACH), date.start).next_back();
    let closed = signs(date.end, words.start.max(date.end)).next();
    opened.is_some_and(|at| sheet.stream.at(at) == '(') && closed.is_some_and(|at| sheet.stream.at(at) == ')')
}

/// "ECOG 4 in January, ECOG 2 now": the clause says that it is of today, so a day of another clause is not its own.
fn is_of_today(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let own = clause(sheet, draft.span);
    says_any(&sheet.stream, &sheet.stream.lower[own.start..own.end], TODAY)
}

/// "the biopsy was taken last Tuesday and the PET-CT is from 4 March": the date behind is that of the examination
/// it stands beside. "A marrow and an echocardiogram are booked for 3 June" shares its day.
fn is_of_next_examination(sheet: &Sheet<'_>, draft: &Draft, date: Span) -> bool {
    const LISTED: usize = 14;
    let from = draft.span.end + LISTED;
    let between = sheet.candidates_in(Span::new(from, date.start.max(from)));
    draft.concept.is("test") && between.iter().any(|of| of.hit.concept.is("test"))
}

/// `Mantle cell lymphoma 2019, progression on ibrutinib`: the year behind a disease is the year of its diagnosis, not
/// that of what came of it.
fn is_of_diagnosis(sheet: &Sheet<'_>, draft: &Draft, date: &DateMention) -> bool {
    let year = date.date.month().is_none() && date.until.is_none();
    let told = matches!(draft.concept.kind(), "find" | "reg" | "drug" | "test" | "site");
    let beside = Span::new(date.span.start.saturating_sub(40), date.span.start);
    year && told
        && sheet
            .candidates_in(beside)
            .iter()
            .any(|of| of.hit.concept.is("hist") && of.hit.span.end + 1 == date.span.start)
}

/// `D28评效CR`, `M3 PET: PD`: what is told by a day or month after the infusion has no other date than its clause's.
fn is_counted(draft: &Draft) -> bool {
    let Some(AttrValue::Text(point)) = draft.attrs.get(&Attr::Timepoint) else { return false };
    point.starts_with(['D', 'M']) && point.ends_with(|of: char| of.is_ascii_digit())
}

/// "Tisa-cel Jan 2023: PR at M1": the month before is that of the infusion which the visit is counted from.
fn is_of_infusion(sheet: &Sheet<'_>, draft: &Draft, day: Span) -> bool {
    const REACH: usize = 24;
    let before = Span::new(day.start.saturating_sub(REACH), day.start);
    let beside = |of: &Span| {
        matches!(sheet.stream.lower_text(Span::new(of.end, day.start)).trim(), "" | "in" | "on" | "(")
    };
    day.end <= draft.name.start
        && sheet.candidates_in(before).iter().any(|of| {
            let cells = is_cell_therapy(sheet, &of.hit.concept)
                || matches!(of.hit.concept.as_str(), "event.infusion" | "reg.asct" | "reg.allosct");
            cells && of.hit.span.end <= day.start && beside(&of.hit.span)
        })
}

/// A date of the draft's own clause.
fn own_clause(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    if sheet.mentions.is_empty() {
        return None;
    }
    let own = clause(sheet, draft.name);
    let within = |of: &&DateMention| {
        let behind = of.span.start >= draft.span.end;
        of.span.start >= own.start
            && of.span.end <= own.end
            && !(behind && is_of_what_came_before(sheet, draft, of.span))
    };
    sheet.mentions.iter().find(within).map(|of| (of.date, of.span)).or_else(|| hanging(sheet, draft.span))
}

/// The clause around some words: to the next comma, or to a word that joins another statement.
pub(crate) fn clause(sheet: &Sheet<'_>, span: Span) -> Span {
    let wide = bounds(sheet, span);
    let joins = |span: Span| {
        let places = sheet.stream.words_beginning(span, JOINS).map(Place::start);
        places.filter(|at| sheet.stream.at(*at) == ' ')
    };
    let start = joins(Span::new(wide.start, span.start)).next_back().map_or(wide.start, |at| at + 1);
    let end = joins(Span::new(span.end, wide.end)).next().unwrap_or(wide.end);
    Span::new(start, end)
}

/// The piece of the sentence around some words without any sign that ends a clause.
fn bounds(sheet: &Sheet<'_>, span: Span) -> Span {
    let sentence = sheet.sentence(span.start);
    let digits = |of: usize| sheet.stream.at(of).is_ascii_digit();
    // A comma inside a date or a number is none.
    let is_stop =
        |at: &usize| sheet.stream.at(*at) != ',' || !(*at > 0 && digits(*at - 1) && digits(*at + 1));
    let stops =
        |span: Span| sheet.stream.signs_in(span, |of| matches!(of, CELL | BREAK | '→' | ',')).filter(is_stop);
    let start = stops(Span::new(sentence.start, span.start)).next_back().map_or(sentence.start, |at| at + 1);
    let end = stops(Span::new(span.end, sentence.end)).next().unwrap_or(sentence.end.max(span.end));
    Span::new(start, end)
}

fn governing(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    let own = own_sentence(sheet, draft)
        .or_else(|| of_first_cycle(sheet, draft))
        .or_else(|| under_headline(sheet, draft))
        .or_else(|| heads(sheet, draft.span).filter(|_| !is_history_of_examination(sheet, draft)))
        .or_else(|| beside(sheet, draft));
    let told = matches!(draft.concept.kind(), "reg" | "drug" | "hist" | "test" | "event")
        || matches!(
            draft.rule,
            "response.category" | "response.relapse" | "response.transformation" | "score.points"
        );
    // Examination reports are dated as a whole.
    let reached = matches!(draft.concept.as_str(), "find.cr" | "find.pr" | "find.sd")
        && (sheet.is_under(draft.span.start, &["sec.sec_history", "sec.sec_indication"])
            || is_history_of_examination(sheet, draft));
    let shown = matches!(draft.concept.kind(), "site" | "find" | "hist" | "test")
        && is_examination(sheet)
        // A response told in the history was not reached on the day of the examination.
        && !reached;
    if shown
        && own.is_none_or(|(date, _)| sheet.sample_date.is_some_and(|(sample, _)| date.may_equal(sample)))
    {
        return sheet.sample_date;
    }
    if own.is_some() || !told || is_history_of_examination(sheet, draft) && !draft.concept.is("hist") {
        return own;
    }
    carried(sheet, draft)
}

/// `临床病史：…R-CHOP 6周期后CR` on a pathologist's sheet: treatment and its response are told there as history, and are not
/// of the day at the head of the sheet.
fn is_history_of_examination(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let treated = matches!(draft.concept.kind(), "reg" | "drug");
    let response = matches!(draft.concept.as_str(), "find.cr" | "find.pr" | "find.sd");
    let of_tissue = sheet.is_kind(&[
        "sec.doc_pathology",
        "sec.doc_pathology_consult",
        "sec.doc_ihc",
        "sec.doc_fish",
        "sec.doc_ngs",
        "sec.doc_bm_biopsy",
        "sec.doc_bm_smear",
        "sec.doc_flow",
        "sec.doc_csf",
    ]);
    treated && is_examination(sheet) || response && of_tissue
}

/// A date at the start of the row, or in the short heading above the paragraph, governs what stands there:
/// `11/21/2023 | Baseline PET/CT ...`, `Examination, June 11, 2024` over its paragraph.
fn heads(sheet: &Sheet<'_>, span: Span) -> Dated {
    const HEADING: usize = 44;
    if sheet.mentions.is_empty() {
        return None;
    }
    let own = sheet.row_start(span.start);
    let above = if own > 0 { sheet.row_start(own - 1) } else { own };
    // "Three months later she noticed ..." opens a story and heads no row.
    let starts = sheet.mentions.iter().find(|of| of.span.start >= own && of.span.start <= own + 2);
    let starts = starts.filter(|of| !sheet.says(of.span, words![" later", " after that"]));
    // A day told in the paragraph itself stands nearer than one over it.
    let told = sheet.mentions.iter().any(|of| of.span.start >= own && of.span.end <= span.start);
    let short = own > above && own - above <= HEADING && !told;
    let headed = sheet.mentions.iter().rev().find(|of| short && of.span.start >= above && of.span.end < own);
    starts
        .or(headed)
        .filter(|of| !is_compared(sheet, of.span) && !turns_to_today(sheet, of.span.end, span.start))
        .map(|of| (of.date, of.span))
}

/// The date cell behind a treatment in its table row.
fn beside(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    if sheet.mentions.is_empty() || !matches!(draft.concept.kind(), "reg" | "drug") {
        return None;
    }
    let rest = Span::new(draft.span.end, sheet.stream.len());
    let row_end = sheet.stream.first_sign_in(rest, |of| of == BREAK)?;
    let alone = |span: Span| {
        span.start > 0
            && sheet.stream.at(span.start - 1) == CELL
            && matches!(sheet.stream.at(span.end), CELL | BREAK)
    };
    let cell = sheet
        .mentions
        .iter()
        .find(|of| of.span.start >= draft.span.end && of.span.end <= row_end && alone(of.span));
    cell.map(|of| (of.date, of.span))
}

/// The uptake of today in a report of a scan is of the report's day.
fn of_the_scan(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    let today = draft.concept.as_str() == "lab.suvmax"
        && draft.temporality != Some(Temporality::Historical)
        && is_examination(sheet);
    let day = sheet.mentions.iter().find(|of| today && sheet.date == Some(of.date));
    day.map(|of| (of.date, of.span))
}

/// The last date told before in the same paragraph.
fn carried(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    if is_of_today(sheet, draft) {
        return None;
    }
    let from = draft.span.start.saturating_sub(CARRY);
    sheet
        .mentions
        .iter()
        .rev()
        .find(|of| of.span.end <= draft.span.start && of.span.start >= from && !of.relative)
        .filter(|of| is_over_more(sheet, draft, of.span))
        .filter(|of| !crosses_paragraph(sheet, of.span.end, draft.span.start))
        .filter(|of| !is_of_diagnosis(sheet, draft, of))
        .filter(|of| !turns_to_today(sheet, of.span.end, draft.span.start))
        .map(|of| (of.date, of.span))
}

/// What may stand before a date that leads its sentence.
const LEADS: [&str; 14] =
    ["", "in", "on", "since", "from", "until", "by", "as of", "date:", "dated", "at", "于", "自", "("];

/// Whether a date of an earlier sentence is told over what follows it: it leads its sentence, or a colon stands behind it.
/// "Hip replacement 2011. R-CHOP x 6." tells the year of the hip alone. A response has the day of an examination only; a
/// former value that of the examination that is compared with.
fn is_over_more(sheet: &Sheet<'_>, draft: &Draft, date: Span) -> bool {
    let sentence = sheet.sentence(date.start);
    let former = draft.concept.is("lab") && draft.temporality == Some(Temporality::Historical);
    if former {
        return true;
    }
    let behind = Span::new(date.end, (date.end + 3).min(sheet.stream.len()));
    let lead = sheet.stream.lower_text(Span::new(sentence.start.min(date.start), date.start));
    let heads = LEADS.contains(&lead.trim()) || sheet.stream.text(behind).contains(':')
        // `前次（2024-08-02）ALT 126`
        || draft.span.start <= date.end + 2;
    let examined = sheet.candidates_in(sentence).iter().any(|of| of.hit.concept.is("test"));
    let response = draft.rule == "response.category";
    heads && (examined || !response) && !is_compared(sheet, date)
}

/// "Progression. MRI on 16 November 2026 shows ...": an event that is a sentence of its own heads what follows, and has
/// the first day of that.
fn under_headline(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    const LONGEST: usize = 24;
    if !matches!(draft.rule, "response.category" | "response.relapse") {
        return None;
    }
    let sentence = sheet.sentence(draft.span.start);
    let alone =
        sentence.end - sentence.start <= LONGEST && sheet.row_start(draft.span.start) == sentence.start;
    let ended = sheet.stream.at(sentence.end.saturating_sub(1)) == '.'
        // "iPET after C2: PMR." has an examination of its own.
        && !(sentence.start..draft.name.start).any(|at| sheet.stream.at(at) == ':');
    if !(alone && ended) || sentence.end >= sheet.stream.len() {
        return None;
    }
    let next = sheet.sentence(sentence.end);
    let day = sheet.mentions.iter().find(|of| of.span.start >= next.start && of.span.end <= next.end)?;
    (!is_compared(sheet, day.span)).then_some((day.date, day.span))
}

/// `二线：Pola-R-GemOx，共2周期` over `第1周期 2023-08-08：…`: the day of the first cycle is that of the course.
fn of_first_cycle(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    const REACH: usize = 40;
    const LEAD: usize = 14;
    let stream = &sheet.stream;
    if !draft.concept.is("reg") {
        return None;
    }
    let first =
        words!["第1周期", "第一周期", "第1程", "第一程", "第1疗程", "第一疗程", "cycle 1", "c1", "course 1"];
    let window = sheet.within(Span::new(draft.span.end, draft.span.end + REACH));
    let label =
        stream.words_in(window, first).next().filter(|of| !stream.at(of.end()).is_ascii_alphanumeric())?;
    let next = sheet.mentions.iter().find(|of| of.span.start >= label.end())?;
    (next.span.start <= label.end() + LEAD).then_some((next.date, next.span))
}

/// `2016年行ABVD 6程。本次入院诊断:...`: a date told before does not date what is told of today.
fn turns_to_today(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    let between = &sheet.stream.lower[from.min(to)..to];
    // `食管癌(2012年手术),现DLBCL`: what is said of today right before the words.
    let now = between.len() <= 24
        && contains_any(&sheet.stream, between, words![",现", ";现", "。现"])
        && !contains_any(&sheet.stream, between, words!["现病", "现象", "现场"])
        && contains_any(&sheet.stream, between, words!["癌", "手术", "术后"]);
    now || contains_any(&sheet.stream, between, TURNS_TO_TODAY)
}

/// `对比2023-11-02旧片`, "compared with the CT of 4 March": the date is that of the older examination.
fn is_compared(sheet: &Sheet<'_>, date: Span) -> bool {
    // `LABS TODAY    PRIOR 11/06/2024`
    let former = words!["prior ", "prior: ", "previous ", "previous: ", "prev ", "prev. ", "上次", "前次"];
    if sheet.stream.reads_back_any(date.start, former) {
        return true;
    }
    const LEAD: usize = 34;
    let stream = &sheet.stream;
    let from = sheet.sentence(date.start).start.max(date.start.saturating_sub(LEAD));
    let lead = &stream.lower[from.min(date.start)..date.start];
    let begin = lead.iter().rposition(|of| matches!(of, ',' | ';' | '(')).map_or(0, |at| at + 1);
    let english_clause = &lead[begin..];
    let begin = lead.iter().rposition(|of| matches!(of, ',' | ';' | '(' | ':')).map_or(0, |at| at + 1);
    let clause = &lead[begin..];
    let behind = &stream.lower[date.end.min(stream.len())..stream.len().min(date.end + 12)];
    let english = contains_any(&sheet.stream, english_clause, COMPARED_ENGLISH);
    let chinese = contains_any(&sheet.stream, clause, words!["对比", "对照", "比较"])
        || contains_any(&sheet.stream, clause, words!["与", "较"])
            && (contains_any(&sheet.stream, behind, COMPARED_CHINESE)
                // `较2022年11月片明显增大`
                || starts_with_any(&sheet.stream, behind, words!["片"]));
    english || chinese || is_of_older_film(sheet, date)
}

/// `与前片(2023-05-10)对比`, `较前(2023-11-20)增大`, `代谢高于2022年`: the day of the film that is compared with.
fn is_of_older_film(sheet: &Sheet<'_>, date: Span) -> bool {
    let stream = &sheet.stream;
    let opened = date.start.checked_sub(1).is_some_and(|at| stream.at(at) == '(');
    let lead = date.start - usize::from(opened);
    let film = words!["前片", "旧片", "老片", "原片", "较前", "比前", "与前"];
    opened && stream.reads_back_any(lead, film)
        || stream.reads_back_any(
            lead,
            words!["高于", "低于", "大于", "小于", "多于", "少于", "相较于", "相比于", "较前片"],
        )
}

fn crosses_paragraph(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|at| sheet.stream.at(at) == BREAK)
}
