//! The concepts: every written form of the catalogue where the walk met it, leftmost-longest.
//!
//! A form of several concepts gives several hits; which of them stand is decided by what is around them
//! (`terms/ambiguous.csv` says what each ambiguous form needs).

mod misread;

use crate::{
    stream::{Hit, Span, Stream, is_han},
    walk::{Met, Reader, Walk, Words},
    words::words,
};
use cartulary_catalogue::{Catalogue, Needs};
use cartulary_model::ConceptId;
use std::collections::BTreeMap;

/// A form's concepts with what each needs, and whether the case must be as written.
#[derive(Clone, Debug)]
struct Entry {
    concept: ConceptId,
    needs: Option<Needs>,
    /// The form as written, when its case must match.
    exact: Option<String>,
    /// A value may follow the name without a space.
    measured: bool,
}

/// All forms.
pub(crate) struct Lexicon {
    entries: Vec<Vec<Entry>>,
    skeletons: misread::Skeletons,
}

/// A form found, before its surroundings were looked at.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) hit: Hit,
    pub(crate) needs: Option<Needs>,
}

/// Kinds that are not facts of their own: headings and units have their own readers.
const NOT_SCANNED: [&str; 2] = ["sec", "unit"];
/// Rows of the lexicon that are cues or are read by a grammar of their own.
const READ_BY_GRAMMAR: [&str; 14] = [
    "find.neg_generic",
    "find.pos_generic",
    "find.suspected",
    "find.focal",
    "find.not_done",
    "find.suffix_e",
    "find.suffix_s",
    "find.suffix_x",
    "find.stage_1",
    "find.stage_2",
    "find.stage_2b",
    "find.stage_3",
    "find.stage_4",
    "find.cns_negated",
];

impl Lexicon {
    /// Its forms go to the words of the walk.
    pub(crate) fn new(catalogue: &Catalogue, words: &mut Words) -> Self {
        let mut forms: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for concept in catalogue.concepts().filter(|concept| is_scanned(&concept.id)) {
            for form in concept.forms.iter().filter(|form| form.needs != Some(Needs::Never)) {
                let folded = folded(&form.text);
                if folded.trim().is_empty() {
                    continue;
                }
                let exact = case_matters(&form.text, &concept.id).then(|| fold_keeping_case(&form.text));
                let measured = concept.id.is("lab") || is_scale(&concept.id);
                let entry = Entry { concept: concept.id.clone(), needs: form.needs, exact, measured };
                let entries = forms.entry(folded).or_default();
                if !entries.iter().any(|of| of.concept == entry.concept && of.exact == entry.exact) {
                    entries.push(entry);
                }
            }
        }
        words.learn(Reader::Terms, forms.keys().map(String::as_str));
        Self { entries: forms.into_values().collect(), skeletons: misread::Skeletons::new(catalogue) }
    }

    /// Every form in the stream that stands on word boundaries, in order.
    pub(crate) fn scan(&self, stream: &Stream, walk: &Walk, met: &[Met]) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        // Boundaries are asked first: "disease progress" in "disease progressed" is none and must not hide "progressed".
        let stands = |span| on_boundaries(stream, span) || value_glued(stream, span);
        for (span, word) in walk.longest(met, Reader::Terms, stands) {
            let whole = on_boundaries(stream, span);
            for entry in &self.entries[word] {
                if !whole && !entry.measured {
                    continue;
                }
                if entry.exact.as_ref().is_some_and(|exact| !stream.is_written(span, exact)) {
                    continue;
                }
                let hit = Hit { span, concept: entry.concept.clone() };
                // `Cr78umol/L`, but `CR7` is a bed.
                let short = !whole
                    && span.end - span.start < SURE_NAME
                    && entry.concept.is("lab")
                    && entry.concept.as_str() != "lab.hb";
                let needs = if short { Some(Needs::LabValue) } else { entry.needs };
                candidates.push(Candidate { hit, needs });
            }
        }
        let loose = self.skeletons.scan(stream, &candidates);
        if !loose.is_empty() {
            candidates.extend(loose);
            candidates.sort_by_key(|of| of.hit.span);
        }
        candidates
    }
}

/// `ECOG1分`, `KPS80`: the points may follow the name of a scale directly.
fn is_scale(id: &ConceptId) -> bool {
    let scales = ["find.ecog", "find.kps", "find.deauville", "find.ipi", "find.flipi", "find.mipi"];
    scales.contains(&id.as_str()) || id.as_str().ends_with("_ipi") || id.as_str().ends_with("aaipi")
}

fn is_scanned(id: &ConceptId) -> bool {
    !NOT_SCANNED.contains(&id.kind())
        && !READ_BY_GRAMMAR.contains(&id.as_str())
        && !id.as_str().starts_with("find.ecog_")
        && !id.as_str().starts_with("find.deauville_")
        && !id.is("pt")
}

/// Short abbreviations without a lower-case letter keep their case (`PR`, `ALL`, `AST`); markers, laboratory
/// codes and anything with Han do not, since papers write `cd20` and `plt`.
fn case_matters(form: &str, id: &ConceptId) -> bool {
    let letters = form.chars().filter(char::is_ascii_alphabetic).count();
    let all_capitals = !form.chars().any(char::is_lowercase);
    let english_word = matches!(
        form,
        "ALL"
            | "AST"
            | "ALT"
            | "GOT"
            | "MINE"
            | "ICE"
            | "SMILE"
            | "CA"
            | "NA"
            | "Cr"
            | "Ca"
            | "Na"
            | "K"
            | "P"
            | "T"
    );
    // `做了6次r-chop`, `rchop`: with its antibody a regimen is no word of a language.
    let regimen = id.is("reg") && letters >= 4 && (form.starts_with("R-") || form == "RCHOP");
    let lenient = (matches!(id.kind(), "bio" | "lab") || regimen) && !english_word;
    let mixed_short = letters <= 3 && !all_capitals && form.chars().any(char::is_uppercase);
    form.is_ascii() && letters > 0 && !lenient && ((all_capitals && letters <= 5) || mixed_short)
}

/// A form as the stream would have it, its case kept.
pub(crate) fn fold_keeping_case(form: &str) -> String {
    let mut stream = Stream::default();
    stream.push_line(crate::stream::LinePlace::new(0, 0), form);
    stream.chars.into_iter().collect()
}

/// A form as the stream would have it, lower-cased.
pub(crate) fn folded(form: &str) -> String {
    let mut stream = Stream::default();
    stream.push_line(crate::stream::LinePlace::new(0, 0), form);
    stream.lower.into_iter().collect()
}

/// A Latin form must not go on with a letter or digit on either side; Chinese has no word boundaries.
pub(crate) fn on_boundaries(stream: &Stream, span: Span) -> bool {
    let word =
        |of: char| of.is_ascii_alphanumeric() || (!of.is_ascii() && !is_han(of) && of.is_alphanumeric());
    let first = stream.at(span.start);
    let last = stream.at(span.end - 1);
    let before = if span.start == 0 { ' ' } else { stream.at(span.start - 1) };
    let after = stream.at(span.end);
    let starts = !word(first) || !word(before) || (before.is_ascii_digit() && follows_date(stream, span));
    // A count may follow a regimen or a drug directly: `R-CHOPx6`.
    let times = matches!(after, 'x' | '*') && stream.at(span.end + 1).is_ascii_digit();
    let ends = !word(last) || !word(after) || times || (after.is_ascii_digit() && is_counted(stream, span));
    starts && ends
}

/// `R-CHOP6程`, `GDP2周期`: a count and its unit glued to the name.
fn is_counted(stream: &Stream, span: Span) -> bool {
    let end = (span.end..span.end + 2).find(|at| !stream.at(*at).is_ascii_digit()).unwrap_or(span.end + 2);
    let unit = if stream.at(end) == '个' { end + 1 } else { end };
    stream.at(span.end - 1).is_ascii_alphabetic()
        && span.end - span.start >= 2
        && stream.reads_any(unit, words!["程", "周期", "疗程", "次"])
}

/// `2024-06-20PET-CT`: the last digits of a date stand before the name.
fn follows_date(stream: &Stream, span: Span) -> bool {
    let digit = |at: Option<usize>| at.is_some_and(|at| stream.at(at).is_ascii_digit());
    let Some(day) =
        (1..=2).filter_map(|back| span.start.checked_sub(back)).take_while(|at| digit(Some(*at))).last()
    else {
        return false;
    };
    let sign = day.checked_sub(1);
    stream.at(span.start).is_ascii_alphabetic()
        && span.end - span.start >= 2
        && sign.is_some_and(|at| matches!(stream.at(at), '-' | '/' | '.'))
        && digit(day.checked_sub(2))
}

/// A shorter name that touches its number needs more than the number.
const SURE_NAME: usize = 3;

/// A value directly behind an analyte's name, as many write it: `PLT45×10^9/L`, `HB92g/L`; the space lost in recognition:
/// `SUVmax15.2`.
fn value_glued(stream: &Stream, span: Span) -> bool {
    let name = stream.at(span.end - 1).is_ascii_alphabetic();
    let starts = span.start == 0 || !stream.at(span.start - 1).is_ascii_alphanumeric();
    name && starts && stream.at(span.end).is_ascii_digit()
}
