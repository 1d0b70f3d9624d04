//! Whether an examination was negative or positive.
//!
//! ## Reads
//! "was normal", `未见淋巴瘤累及`, "biopsy-proven", "relapse on biopsy", "the marrow was normal; PET-CT was not".
//!
//! ## Never
//! A word on another test, on a marker or on an organ of the same report is no result of this one.

use super::words::{clause_end, find, find_last, has, precedes, report};
use crate::{
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        PROVED_AHEAD, RESULT_ABOUT_ELSE, RESULT_DENIED, TEST_RESULT_NEGATIVE, TEST_RESULT_POSITIVE,
        TURNED_CLEAR,
    },
    words::{List, words},
};
use cartulary_model::fact::Sign;

/// How far a test's result may stand from its name, in characters.
fn reach(id: &str) -> usize {
    match id {
        "test.bm_biopsy" => 90,
        "test.brain_mri" => 60,
        "test.biopsy" => 40,
        "test.csf" | "test.csf_cytology" => 34,
        "test.pet_ct" => 38,
        _ => 0,
    }
}

/// Negative or positive, as the sentence says it of this test.
pub(super) fn result(sheet: &Sheet<'_>, hit: &Hit) -> Option<(Sign, Span)> {
    let id = hit.concept.as_str();
    if id == "test.biopsy"
        && let Some(span) = proved(sheet, hit)
    {
        return Some((Sign::Positive, span));
    }
    let behind = own_words(sheet, hit);
    if let Some(span) = shows_more(sheet, hit, behind) {
        return Some((Sign::Positive, span));
    }
    if let Some(span) = neither(sheet, hit) {
        return Some((Sign::Negative, span));
    }
    if id == "test.brain_mri"
        && let Some(span) = shown(sheet, behind)
    {
        return Some((Sign::Positive, span));
    }
    if id == "test.biopsy" {
        let plain = words![
            "no evidence",
            "no lymphoma",
            "negative",
            "no malignan",
            "未见淋巴瘤",
            "未见肿瘤",
            "阴性",
            "未见恶性",
        ];
        let word = find(sheet, behind, plain)?;
        // "positive in the 2021 biopsy and is negative now": the result of a marker.
        return (!has(
            sheet,
            Span::new(hit.span.end, word.start),
            words!["cd", "bcl", "ki", "免疫组化", "and is", "but is"],
        ))
        .then_some((Sign::Negative, to_clause_end(sheet, word)));
    }
    let negative = find(sheet, behind, TEST_RESULT_NEGATIVE);
    // `找瘤细胞(-)`: what is looked for is no result.
    let positive = find(sheet, behind, TEST_RESULT_POSITIVE)
        .filter(|of| !sheet.stream.reads_back_any(of.start, words!["找", "查找", "寻找"]));
    let loose = id == "test.pet_ct" || id.starts_with("test.csf");
    let (sign, word) = match (negative, positive) {
        (Some(no), Some(yes)) if yes.start < no.start => (Sign::Positive, yes),
        (Some(no), _) => (Sign::Negative, no),
        (None, Some(yes)) => (Sign::Positive, yes),
        (None, None) => return elliptic(sheet, hit, behind),
    };
    let between = Span::new(hit.span.end, word.start);
    if loose && (has(sheet, between, RESULT_ABOUT_ELSE) || names_organ(sheet, between)) {
        return None;
    }
    if has(sheet, between, words!["可疑", "不除外", "suspicious", "cannot", "如", "若", "if "]) {
        return None;
    }
    if id == "test.brain_mri"
        && has(sheet, between, words!["结节", "病灶", "占位", "lesion", "nodule", "mass"])
    {
        return None;
    }
    let denied = precedes(sheet, word.start, RESULT_DENIED) && sign == Sign::Positive
        || precedes(sheet, word.start, words!["was not", "is not", "not"]) && sign == Sign::Negative;
    let sign = match (denied, sign) {
        (true, Sign::Positive) => Sign::Negative,
        (true, _) => Sign::Positive,
        (false, sign) => sign,
    };
    Some((sign, if sign == Sign::Negative { to_clause_end(sheet, word) } else { word }))
}

/// "MRI brain shows not only leptomeningeal enhancement but also ...": what it shows, and more.
fn shows_more(sheet: &Sheet<'_>, hit: &Hit, behind: Span) -> Option<Span> {
    const NEAR: usize = 24;
    let near = Span::new(behind.start, behind.end.min(behind.start + NEAR));
    let brain = hit.concept.as_str() == "test.brain_mri";
    find(sheet, near, words!["not only", "not just", "not merely"]).filter(|_| brain)
}

/// "Neither the MRI brain nor the CSF cytology showed any CNS disease".
fn neither(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    const REACH: usize = 60;
    let pair = precedes(sheet, hit.span.start, words!["neither", "neither the", "nor", "nor the"]);
    let before = Span::new(sheet.before(hit.span.start, REACH).start, hit.span.start);
    let verb = words![
        "showed any",
        "show any",
        "shows any",
        "revealed any",
        "reveals any",
        "found any",
        "demonstrated any"
    ];
    let said = find(sheet, sheet.after(hit.span.end, REACH), verb)?;
    (pair && has(sheet, before, words!["neither"])).then_some(said)
}

/// "MRI brain: enhancing lesion in the right frontal lobe": what a picture shows, neither denied nor doubted.
fn shown(sheet: &Sheet<'_>, behind: Span) -> Option<Span> {
    let lesion = words![
        "enhancing lesion",
        "enhancing mass",
        "leptomeningeal enhancement",
        "leptomeningeal lymphoma",
        "leptomeningeal disease",
        "leptomeningeal involvement",
        "leptomeningeal spread"
    ];
    let word = find(sheet, behind, lesion)?;
    let plain = |at: usize| !matches!(sheet.stream.at(at), '.' | '。' | ';');
    let lead = Span::new(behind.start, word.start);
    let told = (lead.start..lead.end).all(plain) && !has(sheet, lead, SHOWN_NOT);
    let tail = Span::new(word.end, clause_end(sheet, word.end));
    let doubted = has(sheet, Span::new(word.end, sheet.after(word.end, 50).end), SHOWN_DOUBTED)
        || has(sheet, tail, SHOWN_NOT);
    (told && !doubted).then_some(word)
}

/// Words that deny or doubt what a picture would show.
const SHOWN_NOT: &List = words![
    "failed to",
    "fails to",
    "neither ",
    "nor ",
    "rules out",
    "ruled out",
    "excludes",
    "no ",
    "not ",
    "without",
    "resolved",
    "resolution",
    "subtle",
    "possible",
    "?",
    "suspicious",
    "may ",
    "previous",
    "prior",
    "old "
];
const SHOWN_DOUBTED: &List =
    words!["equivocal", "?", "indeterminate", "cannot", "possible", "unlikely", "vs ", "versus"];

fn to_clause_end(sheet: &Sheet<'_>, word: Span) -> Span {
    let end = clause_end(sheet, word.end).min(word.end + 40);
    sheet.stream.trimmed(word.to(Span::new(word.start, end)))
}

/// The words behind a test until another test is named.
fn own_words(sheet: &Sheet<'_>, hit: &Hit) -> Span {
    let behind = report(sheet, hit.span.end, reach(hit.concept.as_str()));
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < behind.start);
    let next = sheet.candidates[index..]
        .iter()
        .find(|of| {
            // "CSF cytology and flow cytometry were negative": one result of both.
            let joined = has(
                sheet,
                Span::new(behind.start, of.hit.span.start),
                words!["and ", "n ", "及", "和", "、", "&"],
            ) && of.hit.span.start < behind.start + 8;
            of.hit.span.start >= behind.end || (of.hit.concept.is("test") && !joined)
        })
        .map_or(behind.end, |of| of.hit.span.start.min(behind.end));
    Span::new(behind.start, next)
}

fn names_organ(sheet: &Sheet<'_>, span: Span) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < span.start);
    sheet.candidates[index..]
        .iter()
        .take_while(|of| of.hit.span.start < span.end)
        .any(|of| of.hit.concept.is("site"))
}

/// "biopsy-proven", "confirmed by biopsy", "relapse on biopsy", `活检证实`.
fn proved(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let own = find(sheet, hit.span, words!["proven", "confirmed"]).is_some();
    let before = Span::new(sheet.before(hit.span.start, 24).start, hit.span.start);
    let told = find_last(sheet, before, PROVED_AHEAD).filter(|word| hit.span.start - word.end <= 12);
    let behind = find(
        sheet,
        sheet.after(hit.span.end, 14),
        words!["confirmed", "confirms", "proved", "proven", "证实复发"],
    );
    own.then_some(hit.span).or(told).or(behind)
}

/// "The marrow was normal; PET-CT was not."
fn elliptic(sheet: &Sheet<'_>, hit: &Hit, behind: Span) -> Option<(Sign, Span)> {
    let word = find(sheet, behind, words!["was not", "were not", "is not"])?;
    let last = matches!(sheet.stream.at(word.end), '.' | ';' | ',' | '\n' | '。');
    let told = Span::new(hit.span.start.saturating_sub(80), hit.span.start);
    if !last {
        return None;
    }
    if has(sheet, told, words!["normal", "negative", "clear"]) {
        return Some((Sign::Positive, word));
    }
    has(sheet, told, words!["positive", "abnormal"]).then_some((Sign::Negative, word))
}

/// "was positive now clear", `阳性，现已转阴`: the later result.
pub(super) fn turned(sheet: &Sheet<'_>, from: Span) -> Option<(Sign, Span)> {
    let behind = sheet.after(from.end, 22);
    let clear = find(sheet, behind, TURNED_CLEAR)?;
    Some((Sign::Negative, clear))
}
