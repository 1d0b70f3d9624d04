//! One set: each criterion with its words, the question it asks, its source and its mark.

use super::{kind, mark, no_such_set, role};
use anyhow::Result;
use cartulary_catalogue::Catalogue;
use cartulary_criteria::{CriteriaLibrary, CriteriaSet, Criterion};
use cartulary_model::{Lang, SetId, Text};
use std::fmt::Write as _;

pub(super) fn run(
    catalogue: &Catalogue,
    library: &CriteriaLibrary,
    id: &str,
    lang: Option<Lang>,
) -> Result<String> {
    let set = library.get(&SetId::new(id)).ok_or_else(|| no_such_set(library, id))?;
    let mut text = head(set, lang);
    for criterion in &set.criteria {
        text.push('\n');
        text.push_str(&shown(catalogue, library, criterion, lang));
    }
    text.push_str(
        "\nV seen in a source; P mainly seen; L, M from memory: computed, shown, and never decides.\n",
    );
    Ok(text)
}

fn head(set: &CriteriaSet, lang: Option<Lang>) -> String {
    let mut text = String::new();
    for title in in_langs(&set.title, lang) {
        let _ = writeln!(text, "{title}");
    }
    let _ = writeln!(
        text,
        "{}  {}, {}, version {}, sha256 {}",
        set.id,
        kind(set.kind),
        set.authority,
        set.version,
        set.sha256.get(..12).unwrap_or(&set.sha256)
    );
    let _ = writeln!(text, "seen in: {}", set.sources.join("; "));
    if let Some(note) = &set.note {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

fn shown(
    catalogue: &Catalogue,
    library: &CriteriaLibrary,
    criterion: &Criterion,
    lang: Option<Lang>,
) -> String {
    let mut text = String::new();
    let alternative = criterion.one_of.as_ref().map(|group| format!(", one of `{group}`"));
    let _ = writeln!(
        text,
        "[{}] {} ({}{})",
        mark(criterion.verification),
        criterion.id,
        role(criterion.role),
        alternative.unwrap_or_default()
    );
    let mut row = |name: &str, words: &str| {
        let _ = writeln!(text, "      {name:<8} {words}");
    };
    for words in in_langs(&criterion.text, lang) {
        row("text", words);
    }
    for words in in_langs(&library.question(catalogue, criterion), lang) {
        row("asks", words);
    }
    row("source", &criterion.source);
    if let Some(seen) = &criterion.seen {
        row("seen", seen);
    }
    if let Some(note) = &criterion.note {
        row("note", note);
    }
    text
}

/// In one language, or in both.
fn in_langs(text: &Text, lang: Option<Lang>) -> Vec<&str> {
    match lang {
        Some(lang) => vec![text.in_lang(lang)],
        None => vec![&text.en, &text.zh],
    }
}
