//! What is said of a lesion: harmless, doubted, denied or stated.
//!
//! ## Reads
//! `肾上腺结节,代谢增高,考虑淋巴瘤浸润`, ", 2.1 cm, in keeping with an adenoma", "physiological versus lymphomatous",
//! "no palpable cervical or axillary nodes".

use super::words::{clause_end, find, find_last, follows, has, precedes};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        DENIED_ACROSS, DIRECTLY_DENIED, EXCEPTED, EXPLAINED_DENIED, EXPLANATION_SAYS_WHAT, SITE_BENIGN,
        SITE_DOUBT, SITE_STRONG, STATED_DENIALS,
    },
    words::words,
};
use cartulary_model::Assertion;

/// Harmless, doubted or stated: what the clause and those after it say of the lesion.
pub(super) fn explained(sheet: &Sheet<'_>, hit: &Hit, statement: Span, mut draft: Draft) -> Option<Draft> {
    let next = explanation(sheet, statement.end);
    let both = statement.to(next);
    let strong = has(sheet, statement, SITE_STRONG) || has(sheet, next, SITE_STRONG);
    let own_doubt = has(sheet, statement, words!["equivocal", "indeterminate", "questionable", "?"]);
    let harmless = has(sheet, statement, SITE_BENIGN) || has(sheet, next, SITE_BENIGN);
    if harmless && !strong && !own_doubt {
        return None;
    }
    let denied =
        sheet.modifiers.read(hit.span).assertion == Assertion::Negated || directly_denied(sheet, hit);
    let between = Span::new(hit.span.end, draft.span.end.max(hit.span.end));
    // "no disease other than the testis": what a denial leaves out is so.
    let denied = denied && !has(sheet, Span::new(draft.span.start, hit.span.start), EXCEPTED);
    let denied = (denied && !is_stated(sheet, hit)) || has(sheet, between, EXPLAINED_DENIED);
    let undecided = has(
        sheet,
        statement,
        words![
            "not been excluded",
            "not been ruled out",
            "not ruled out",
            "not be ruled out",
            "not be excluded"
        ],
    );
    let denied = denied && !undecided;
    let doubted = own_doubt
        || undecided
        || has(sheet, next, SITE_DOUBT)
        || has(sheet, between, SITE_DOUBT)
        || (harmless && has(sheet, both, SITE_DOUBT));
    if is_stated(sheet, hit) && !doubted {
        draft.assertion = Some(Assertion::Present);
    } else if denied {
        if is_but_one_region(sheet, hit) {
            return None;
        }
        draft.assertion = Some(Assertion::Negated);
    } else if doubted {
        draft.assertion = Some(Assertion::Possible);
        if let Some(word) = find(sheet, next, SITE_STRONG) {
            draft.span = draft.span.to(word);
        }
    }
    Some(draft)
}

/// `双侧颈部未及肿大淋巴结,唯右侧腹股沟可及一枚淋巴结`: of some regions only.
fn is_but_one_region(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const REACH: usize = 40;
    let behind = sheet.after(hit.span.end, REACH);
    let Some(but) =
        find(sheet, behind, words!["唯", "惟", "仅", "只有", "但", " but ", " except ", " only "])
    else {
        return false;
    };
    // What is felt for: a picture that shows none denies the site.
    let felt = sheet
        .says(sheet.before(hit.span.start, 12), words!["未及", "未触及", "未扪及", "未触到", "palpable"]);
    felt && hit.concept.as_str() == "site.lymph_node"
        && has(sheet, Span::new(but.end, behind.end), words!["淋巴结", "node"])
}

/// "stage IV, no B symptoms) lymphoma involving bone marrow and spleen": a denial before the verb is over.
fn is_stated(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = sheet.before(hit.span.start, 40);
    let Some(verb) = find_last(sheet, before, words!["involving", "involves", "infiltrating"]) else {
        return false;
    };
    let list = Span::new(verb.end, hit.span.start);
    let ahead = Span::new(sheet.before(verb.start, 30).start, verb.start);
    let open = find_last(sheet, ahead, words![")"]).map_or(ahead.start, |close| close.end);
    !has(sheet, list, words!["but ", "not ", ";"]) && !has(sheet, Span::new(open, verb.start), STATED_DENIALS)
}

/// `未见肿大淋巴结`, "no enlarged nodes": the denial stands directly before.
fn directly_denied(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    if precedes(sheet, hit.span.start, DIRECTLY_DENIED) {
        return true;
    }
    // "no palpable cervical, axillary or inguinal lymph nodes": a list of regions before the one noun.
    let before = sheet.before(hit.span.start, 64);
    find_last(sheet, before, words!["no "]).is_some_and(|no| {
        let list = Span::new(no.end, hit.span.start);
        // "No hepatomegaly: the spleen is involved"
        let told_apart = (list.start..list.end).any(|at| sheet.stream.at(at) == ':');
        !told_apart && !has(sheet, list, DENIED_ACROSS)
    })
}

/// The clauses behind a lesion that say what it is: `,代谢增高,考虑淋巴瘤浸润`, ", 2.1 cm, in keeping with an adenoma".
fn explanation(sheet: &Sheet<'_>, end: usize) -> Span {
    let nothing = Span::new(end, end);
    let mut from = end;
    for _ in 0..3 {
        if sheet.stream.at(from) != ',' {
            return nothing;
        }
        let to = clause_end(sheet, from + 1);
        let clause = Span::new(from + 1, to);
        if follows(sheet, from + 1, EXPLANATION_SAYS_WHAT)
            || follows(sheet, from + 1, SITE_DOUBT)
            || has(sheet, clause, words!["?"])
        {
            let more = sheet.stream.at(to) == ',' && follows(sheet, to + 1, words!["?"]);
            return Span::new(from + 1, if more { clause_end(sheet, to + 1) } else { to });
        }
        if names_another(sheet, clause)
            || follows(sheet, from + 1, words!["with", "and", "but", "伴", "余", "其余"])
        {
            return nothing;
        }
        from = to;
    }
    nothing
}

fn names_another(sheet: &Sheet<'_>, clause: Span) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < clause.start);
    sheet.candidates[index..]
        .iter()
        .take_while(|of| of.hit.span.start < clause.end)
        .any(|of| matches!(of.hit.concept.kind(), "site" | "test" | "hist"))
}
