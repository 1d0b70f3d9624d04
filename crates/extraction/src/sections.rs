//! Headings, in both languages, and what stands under them.

use crate::{
    engine::Engine,
    layout::Edges,
    lexicon::folded,
    stream::{BREAK, CELL, Span, Stream},
    words::words,
};
use cartulary_model::{ConceptId, SourceDocument};
use std::collections::BTreeMap;

/// A heading and the text under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// `sec.sec_*`.
    pub(crate) concept: ConceptId,
    /// From the heading to the next one.
    pub(crate) span: Span,
    /// The heading's own words; empty when it was given from outside.
    pub(crate) heading: Span,
}

/// Folded headings by their first character, longest first.
pub(crate) struct Headings {
    by_first: BTreeMap<char, Vec<(Vec<char>, ConceptId)>>,
}

impl Headings {
    pub(crate) fn new(catalogue: &cartulary_catalogue::Catalogue) -> Self {
        let mut by_first: BTreeMap<char, Vec<(Vec<char>, ConceptId)>> = BTreeMap::new();
        let forms = catalogue
            .heading_forms()
            .into_iter()
            .filter(|form| form.text.chars().count() > 1)
            .filter(|form| {
                !form.concept.as_str().ends_with("_date") && form.concept.as_str() != "sec.sec_patient"
            })
            .map(|form| (folded(form.text.trim_end_matches(['：', ':'])), form.concept));
        for (form, concept) in forms {
            let form: Vec<char> = form.chars().collect();
            by_first.entry(form.first().copied().unwrap_or(BREAK)).or_default().push((form, concept));
        }
        Self { by_first }
    }

    /// A heading at exactly `at`: it fills its line or cell, or a colon follows.
    fn at(&self, stream: &Stream, at: usize) -> Option<(ConceptId, usize)> {
        self.by_first.get(stream.lower.get(at)?)?.iter().find_map(|(form, concept)| {
            let end = at + form.len();
            let same = stream.lower.get(at..end)? == form.as_slice();
            let mut next = end;
            while stream.at(next) == ' ' {
                next += 1;
            }
            let closes = matches!(stream.at(next), ':' | BREAK | CELL | ']');
            (same && closes).then(|| (concept.clone(), next + usize::from(stream.at(next) == ':')))
        })
    }
}

pub(crate) fn sections(
    engine: &Engine,
    source: &SourceDocument,
    stream: &Stream,
    given: Option<ConceptId>,
) -> Vec<Section> {
    let mut sections: Vec<Section> = given
        .map(|concept| Section { concept, span: Span::new(0, stream.len()), heading: Span::new(0, 0) })
        .into_iter()
        .collect();
    let mut free = 0;
    for index in begins(stream) {
        if index < free {
            continue;
        }
        let at = skip_numbering(stream, index);
        if let Some((concept, end)) = engine.headings.at(stream, at) {
            if let Some(last) = sections.last_mut() {
                last.span.end = index;
            }
            sections.push(Section {
                concept,
                span: Span::new(index, stream.len()),
                heading: Span::new(at, end),
            });
            free = end.max(index + 1);
        }
    }
    let mut edges = Edges::new(source);
    for section in sections.iter_mut().filter(|of| !of.heading.is_empty()) {
        section.span.end = end(stream, &mut edges, section);
    }
    sections
}

/// In heights of a line: less is the slant of a photograph.
const SET_IN: f32 = 0.6;

/// Many headings are not known: what stands under one of those is not told of the family, and no list of allergies.
fn end(stream: &Stream, edges: &mut Edges<'_>, section: &Section) -> usize {
    let last = section.span.end.min(stream.len());
    let heads = row_end(stream, section.heading.end.min(last), last);
    let told_inline = !stream.trimmed(Span::new(section.heading.end.min(heads), heads)).is_empty();
    let set_in = if told_inline { None } else { first_set_in(stream, edges, section, heads) };
    let rows = match (section.concept.as_str(), told_inline) {
        ("sec.sec_family", _) => Rows::OfRelatives { told_inline },
        ("sec.sec_allergy", true) => Rows::RestOfSentence,
        ("sec.sec_allergy", false) => Rows::NotShouted,
        _ => Rows::All,
    };
    if matches!(rows, Rows::All) && set_in.is_none() {
        return last;
    }
    // `Allergies:  penicillin` over `            latex`: the list goes on below its first item.
    let heading = edges.left(stream, section.heading.start);
    let mut end = heads;
    while end + 1 < last {
        let next = row_end(stream, end + 1, last);
        let row = stream.trimmed(Span::new(end + 1, next));
        let further_in = matches!(rows, Rows::RestOfSentence)
            && edges
                .left(stream, row.start)
                .zip(heading)
                .is_some_and(|(row, heading)| row - heading > SET_IN);
        let leaves = set_in.is_some_and(|at| edges.left(stream, row.start).is_some_and(|left| left < at));
        if !row.is_empty() && !further_in && (leaves || !rows.holds(stream, row)) {
            return end;
        }
        end = next;
    }
    last
}

/// Which rows below its first a section goes on with.
#[derive(Clone, Copy)]
enum Rows {
    All,
    NotShouted,
    RestOfSentence,
    OfRelatives { told_inline: bool },
}

impl Rows {
    fn holds(self, stream: &Stream, row: Span) -> bool {
        match self {
            Self::All => true,
            Self::NotShouted => !is_shouted(stream, row),
            Self::RestOfSentence => is_rest_of_sentence(stream, row),
            Self::OfRelatives { told_inline } => {
                names_relative(stream, row)
                    || if told_inline { is_rest_of_sentence(stream, row) } else { !is_headed(stream, row) }
            }
        }
    }
}

fn row_end(stream: &Stream, at: usize, last: usize) -> usize {
    (at..last).find(|of| stream.at(*of) == BREAK).unwrap_or(last)
}

/// Where the rows under a heading begin that stand further in than it does; nothing where they stand flush with it.
fn first_set_in(stream: &Stream, edges: &mut Edges<'_>, section: &Section, heads: usize) -> Option<f32> {
    let last = section.span.end.min(stream.len());
    let heading = edges.left(stream, section.heading.start)?;
    let row = stream.trimmed(Span::new((heads + 1).min(last), last));
    let first = edges.left(stream, row.start).filter(|_| !row.is_empty())?;
    (first - heading > SET_IN).then_some(heading + SET_IN)
}

/// "Mother: breast cancer", `兄患肝癌`: relatives stand at the head of the row.
fn names_relative(stream: &Stream, row: Span) -> bool {
    const REACH: usize = 30;
    let head = Span::new(row.start, row.end.min(row.start + REACH));
    let kin = words![
        "mother", "father", "brother", "sister", "sibling", "parent", "son", "daughter", "child", "aunt",
        "uncle", "cousin", "grand", "maternal", "paternal", "twin", "niece", "nephew", "relative", "famil",
        "父", "母", "兄", "弟", "姐", "妹", "祖", "子女", "家人", "亲属", "家族", "叔", "姑", "舅", "姨"
    ];
    stream.words_in(head, kin).next().is_some()
}

/// A row behind a comma, or one that begins with a small letter behind one that no full stop ended.
fn is_rest_of_sentence(stream: &Stream, row: Span) -> bool {
    let before = (0..row.start).rev().map(|at| stream.at(at)).find(|of| !matches!(*of, ' ' | BREAK));
    matches!(before, Some(',' | '、'))
        || stream.at(row.start).is_lowercase() && !matches!(before, Some('.' | '。' | ';' | '!'))
}

/// `2. HAEMATOLOGICAL DISEASE`, `O/E :`, `体格检查:`: a row that begins anew.
fn is_headed(stream: &Stream, row: Span) -> bool {
    const LONGEST: usize = 30;
    let numbered =
        stream.at(row.start).is_ascii_digit() && matches!(stream.at(row.start + 1), '.' | '、' | ')');
    let colon = (row.start..row.end.min(row.start + LONGEST)).any(|at| stream.at(at) == ':');
    numbered || colon || is_shouted(stream, row)
}

fn is_shouted(stream: &Stream, row: Span) -> bool {
    stream.text(row).chars().filter(|of| of.is_ascii_uppercase()).count() > 3
        && !stream.text(row).contains(|of: char| of.is_lowercase())
}

/// Where headings can begin: at the start of a row, a cell or a sentence, as in "PMH: asthma. FH: father with CLL."
fn begins(stream: &Stream) -> impl Iterator<Item = usize> {
    let behind = |sign: usize| {
        let directly = matches!(stream.at(sign), BREAK | CELL | '。' | ';' | '[');
        let over_blank = matches!(stream.at(sign), '.' | ';') && stream.at(sign + 1) == ' ';
        directly.then_some(sign + 1).into_iter().chain(over_blank.then_some(sign + 2))
    };
    let ends = |of: char| matches!(of, BREAK | CELL | '。' | ';' | '[' | '.');
    let signs = stream.signs_in(Span::new(0, stream.len()), ends);
    [0].into_iter().chain(signs.flat_map(behind)).filter(|at| *at < stream.len())
}

/// Skips `一、`, `1.`, `(2)`, `[`.
fn skip_numbering(stream: &Stream, at: usize) -> usize {
    let mut index = at;
    while index < at + 4
        && (stream.at(index).is_ascii_digit() || "一二三四五六七八九十、.()[ ".contains(stream.at(index)))
    {
        index += 1;
    }
    index
}
