//! What a gene's bare name comes to once the words around it are read.
//!
//! ## Reads
//! Drafts of genes whose grammar found no result: their assertion, as cues and sections gave it.
//!
//! ## Never
//! Leaves "positive" on what is denied or only asked for.

use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_model::{
    Assertion, Value,
    fact::{Attr, Sign},
};

/// "without MYC rearrangement" is a negative test, of a rearrangement that is looked for there is no result.
pub(super) fn settle(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let positive = Value::Sign(Sign::Positive);
    for draft in drafts.iter_mut().filter(|of| of.rule.starts_with("genetics.") && of.value == positive) {
        if is_on_a_panel(sheet, draft) {
            draft.assertion = Some(Assertion::Hypothetical);
        }
        let doubted = matches!(draft.assertion, Some(Assertion::Possible | Assertion::Negated));
        if doubted
            && !draft.cues.is_empty()
            && !draft.cues.iter().any(|cue| is_in_clause(sheet, *cue, draft.name))
        {
            draft.assertion = Some(Assertion::Present);
        }
        match draft.assertion {
            Some(Assertion::Negated) => {
                draft.value = Value::Sign(Sign::Negative);
                if draft.rule == "genetics.fish" {
                    draft.assertion = Some(Assertion::Present);
                }
            }
            Some(Assertion::Hypothetical) => draft.value = Value::None,
            Some(Assertion::Possible | Assertion::Present) | None => {}
        }
    }
}

/// "No marrow involvement, TP53 mutation by NGS", `有MYC重排,不排除双打击`: what a comma parts from the gene is of another matter,
/// but for a list of genes: "no TP53 mutation, MYD88 mutation or CD79B mutation".
fn is_in_clause(sheet: &Sheet<'_>, cue: Span, name: Span) -> bool {
    let stream = &sheet.stream;
    let behind = cue.start >= name.end;
    let (from, to) = if behind { (name.end, cue.start) } else { (cue.end.min(name.start), name.start) };
    let mut begin = from;
    for at in from..to {
        match stream.at(at) {
            ';' | ':' | '。' => return false,
            ',' if behind => return is_said_alone(sheet, at + 1, cue),
            ',' => {
                let item = Span::new(begin, at);
                let changed = words![
                    "mutation",
                    "mutated",
                    "rearrange",
                    "deletion",
                    "fusion",
                    "variant",
                    "突变",
                    "重排",
                    "缺失",
                    "断裂",
                    "易位",
                    "融合",
                ];
                let gene = sheet.candidates_in(item).iter().any(|of| of.hit.concept.is("bio"));
                if !gene && !sheet.says(item, changed) {
                    return false;
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
    true
}

/// "TP53 mutation, suspected on p53 staining", `TP53突变,待验证`: the clause begins with the doubt and names nothing of its own.
fn is_said_alone(sheet: &Sheet<'_>, begin: usize, cue: Span) -> bool {
    let stream = &sheet.stream;
    let lead = stream.lower_text(Span::new(begin.min(cue.start), cue.start));
    let heads = matches!(lead.trim(), "" | "which" | "but" | "which was" | "which is" | "though" | "but was");
    let ends = matches!(stream.at(cue.end), ',' | ';' | '.' | '。' | ')' | '\n') || cue.end >= stream.len();
    heads && (ends || stream.reads_any(cue.end, words![" on ", " by ", " from ", " at ", " in ", " so far"]))
}

/// "The panel covers TP53 mutation": what can be found; "covers 48 genes: TP53 c.743G>A" is what was.
fn is_on_a_panel(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    const REACH: usize = 40;
    let stream = &sheet.stream;
    let bare =
        !draft.attrs.keys().any(|of| matches!(of, Attr::HgvsP | Attr::HgvsC | Attr::Vaf | Attr::Percent));
    let before = sheet.before(draft.name.start, REACH);
    let covers =
        words!["panel covers ", "panel includes ", "panel contains ", "panel comprises ", "panel tests for "];
    let lead = stream.words_in(before, covers).next_back();
    bare && lead
        .is_some_and(|of| (of.end()..draft.name.start).all(|at| !matches!(stream.at(at), ':' | '.' | ';')))
}
