//! Results that stand in front of the test they are of.
//!
//! ## Reads
//! "with a negative anti-HBc", "negative for HBsAg, anti-HCV and HIV", `阴性:HBsAg、HIV`, "screen: negative HBsAg, positive anti-HBc".
//!
//! ## Leaves alone
//! "HBsAg negative, HBV DNA ...": there it is of the name before it.

use super::signs::is_spoilt_denial;
use crate::{
    sheet::Sheet,
    stream::Span,
    words::{List, words},
};
use cartulary_model::{Value, fact::Sign};

/// "with a negative anti-HBc", "an isolated positive HBcAb": a result word in front of its name, behind an article or the like.
/// Without one ("HBsAg negative, HBV DNA ...") it is of the name in front of it.
pub(super) fn attributed_sign(sheet: &Sheet<'_>, at: usize) -> Option<(Sign, Span)> {
    // "does not have a positive HBsAg", "requires a negative HIV test": told of nobody.
    attribute(sheet, at).filter(|(_, span)| {
        let before = sheet.before(span.start, 24);
        !sheet.says(before, ATTRIBUTE_UNSAID)
    })
}

/// A result word in front of a name, behind an article or the like, whatever is said of it.
pub(super) fn attribute(sheet: &Sheet<'_>, at: usize) -> Option<(Sign, Span)> {
    let window = sheet.before(at, 32);
    let text = sheet.stream.lower_text(window);
    let ahead = text.strip_suffix(' ')?;
    let (word, sign) = ATTRIBUTED.iter().find(|(word, _)| ahead.ends_with(word))?;
    let rest = &ahead[..ahead.len() - word.len()];
    let leads = ATTRIBUTE_LEADS.iter().any(|lead| {
        rest.strip_suffix(lead).is_some_and(|rest| !rest.ends_with(|of: char| of.is_alphanumeric()))
    });
    let start = window.start + rest.chars().count();
    let leads = leads || heads_its_clause(sheet, start, at);
    (leads && (*sign != Sign::Positive || !is_spoilt_denial(rest)))
        .then_some((*sign, Span::new(start, start + word.chars().count())))
}

/// "Hepatitis screen: negative HBsAg, positive anti-HBc": the result opens its clause, and no other follows the name. In
/// "HBsAg: negative HIV: positive" it is the answer to the name before.
fn heads_its_clause(sheet: &Sheet<'_>, result: usize, name: usize) -> bool {
    const REACH: usize = 30;
    const LABEL: usize = 24;
    let stream = &sheet.stream;
    let back = (0..result).rev().find(|at| stream.at(*at) != ' ');
    let opens = back.is_none_or(|at| match stream.at(at) {
        ',' | ';' | '。' | '.' | '(' => true,
        '-' => stream.at(at.saturating_sub(1)) == ' ',
        ':' => {
            let label = Span::new(at.saturating_sub(LABEL), at);
            !sheet.candidates_in(label).iter().any(|of| of.hit.concept.is("lab") && of.hit.span.end == at)
        }
        _ => result == sheet.sentence(name).start,
    });
    let behind = stream.lower_text(sheet.after(name, REACH));
    let clause = behind.split([',', ';', '。']).next().unwrap_or_default();
    // "HBsAg 0.01, negative HBsAb 312": a figure is the test's own result.
    opens
        && !clause.contains(|of: char| of == ':' || of.is_ascii_digit())
        && !stream.text_has(clause, words!["positive", "negative", "reactive", "detect"])
}

/// Results that stand before a name.
const ATTRIBUTED: [(&str, Sign); 8] = [
    ("non-reactive", Sign::Negative),
    ("nonreactive", Sign::Negative),
    ("undetectable", Sign::Negative),
    ("negative", Sign::Negative),
    ("reactive", Sign::Positive),
    ("positive", Sign::Positive),
    ("detectable", Sign::Positive),
    ("equivocal", Sign::Equivocal),
];

/// Words before such a result that deny it, ask for it or only speak of it.
const ATTRIBUTE_UNSAID: &List = words![
    "not ",
    "n't ",
    "no ",
    "never ",
    "without ",
    "if ",
    "case of ",
    "require",
    "need",
    "should",
    "would",
    "could",
    "must",
    "may ",
    "might ",
    "rule out",
    "exclude",
    "does ",
    "whether ",
    "history of ",
    "previous",
    "prior "
];

/// What such a result stands behind.
const ATTRIBUTE_LEADS: [&str; 11] = [
    "a ",
    "an ",
    "isolated ",
    "despite ",
    "persistently ",
    "repeatedly ",
    "has ",
    "had ",
    "despite the ",
    "passively ",
    "known ",
];

/// "negative for ", `阴性：`, `均阴性(` directly before the first name of a list.
pub(super) fn leading_sign(sheet: &Sheet<'_>, at: usize) -> Option<(Value, Span)> {
    const LEADS: [(&str, Sign); 16] = [
        ("negative for", Sign::Negative),
        ("negative for both", Sign::Negative),
        ("negative for all of", Sign::Negative),
        ("non-reactive for", Sign::Negative),
        ("nonreactive for", Sign::Negative),
        ("negative:", Sign::Negative),
        ("non-reactive:", Sign::Negative),
        ("not detected:", Sign::Negative),
        ("negative (", Sign::Negative),
        ("阴性:", Sign::Negative),
        ("阴性(", Sign::Negative),
        ("positive for", Sign::Positive),
        ("reactive for", Sign::Positive),
        ("positive:", Sign::Positive),
        ("阳性:", Sign::Positive),
        ("阳性(", Sign::Positive),
    ];
    let window = sheet.before(at, 22);
    let text = sheet.stream.lower_text(window);
    let text = text.trim_end();
    // "Negative HBsAg and anti-HCV.": the sentence begins with the result.
    let opens = [("negative", Sign::Negative), ("neg", Sign::Negative), ("positive", Sign::Positive)];
    let begins = opens.iter().find(|(word, _)| {
        let head = sheet.sentence(at).start;
        text.ends_with(word) && head + word.chars().count() == window.start + text.chars().count()
    });
    let (word, sign) = begins.or_else(|| LEADS.iter().find(|(word, _)| text.ends_with(word)))?;
    let start = window.start + text[..text.len() - word.len()].chars().count();
    Some((Value::Sign(*sign), Span::new(start, start + word.chars().count())))
}
