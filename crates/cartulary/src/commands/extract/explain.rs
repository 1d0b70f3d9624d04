//! `cartulary extract --explain`: each fact with its rule, its words and what made it so, for people.

use cartulary_extraction::{
    exchange::{Answer, Record},
    rule_docs,
};
use cartulary_model::{
    Fact,
    fact::{EvidenceRole, Method},
};
use std::fmt::Write as _;

/// One text of the exchange form.
pub(super) fn record(record: &Record, answer: &Answer) -> String {
    let mut out = format!("{}  {}\n", record.id, record.text.replace('\n', "⏎"));
    for fact in &answer.facts {
        let _ = writeln!(out, "  {}  {}", rule_docs::said(fact), place(fact.span));
        let _ = writeln!(out, "    rule {}  {}", fact.rule, rule_docs::link(&fact.rule));
        for cue in &fact.cues {
            let _ = writeln!(out, "    {} «{}»  {}", role(cue.role), cue.quote, place(cue.span));
        }
    }
    for unread in &answer.unread {
        let _ = writeln!(out, "  not read: {unread}");
    }
    out
}

/// One fact of a document.
pub(super) fn fact(fact: &Fact) -> String {
    let mut out =
        format!("  {} {:?} {:?} {:?}", fact.concept, fact.assertion, fact.experiencer, fact.temporality);
    let _ = match fact.date {
        Some(date) => writeln!(out, " {date}  {}", value(fact)),
        None => writeln!(out, "  {}", value(fact)),
    };
    if let Method::Rule(rule) = &fact.method {
        let _ =
            writeln!(out, "    rule {rule}  {}  sure {:.2}", rule_docs::link(rule.as_str()), fact.confidence);
    }
    for of in &fact.evidence {
        let _ = writeln!(
            out,
            "    {} «{}»  page {} line {} {}",
            role(of.role),
            of.quote,
            of.page,
            of.line,
            place(of.span)
        );
    }
    out
}

fn value(fact: &Fact) -> String {
    let mut out = match &fact.value {
        cartulary_model::Value::None => String::new(),
        other => serde_json::to_value(other).map_or(String::new(), |value| value["of"].to_string()),
    };
    for (name, value) in &fact.attrs {
        let _ = write!(out, " {name:?}: {}", serde_json::to_string(value).unwrap_or_default());
    }
    out
}

fn role(role: EvidenceRole) -> &'static str {
    match role {
        EvidenceRole::Value => "words",
        EvidenceRole::Cue => "cue",
        EvidenceRole::Heading => "heading",
        EvidenceRole::Date => "date",
    }
}

fn place((start, end): (u32, u32)) -> String {
    format!("{start}-{end}")
}
