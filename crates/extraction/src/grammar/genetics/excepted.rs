//! What a denial leaves out: "no abnormality other than a TP53 mutation", `除MYC重排外未见异常`.

use crate::{
    sheet::Sheet,
    stream::Span,
    words::{Place, words},
};

/// How far before the gene the exception may open.
const BEFORE: usize = 16;

/// How far behind it the Chinese one closes.
const BEHIND: usize = 8;

pub(super) fn is_excepted(sheet: &Sheet<'_>, gene: Span) -> bool {
    let stream = &sheet.stream;
    let opens = words![
        "other than ",
        "apart from ",
        "aside from ",
        "except for ",
        "except ",
        "bar ",
        "besides ",
        "save for ",
        "with the exception of ",
    ];
    let near = |of: &Place| {
        let gap = stream.lower_text(Span::new(of.end(), gene.start));
        matches!(gap, "" | "a " | "an " | "the " | "her " | "his " | "one ")
    };
    let english = stream.words_in(sheet.before(gene.start, BEFORE), opens).any(|of| near(&of));
    let chinese = stream.reads_back_any(gene.start, words!["除", "除了", "除有", "除外"])
        && stream.words_in(sheet.after(gene.end, BEHIND), words!["外", "以外", "之外"]).next().is_some();
    english || chinese
}
