use super::Reader;
use crate::{
    context::Context,
    document::{Fields, Node},
    kernel::Verdict,
    lines::line_words,
    phrases::{Arg, Say},
};
use cartulary_model::{Text, record::ResponseCategory};

/// ## What it asks
/// Whether the best response to the last line is one of these.
///
/// ## Unknown when
/// no line was read, or no response to the last one.
///
/// ## References
/// - [Cheson 2014]; ZUMA-1 (refractory to the last line)
#[derive(Clone, Debug, PartialEq)]
pub struct LastResponse {
    pub(super) categories: Vec<ResponseCategory>,
}

impl LastResponse {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("last_response", reader.log)?;
        Some(Self { categories: categories(node, reader) })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let responses = Text::same(names(&self.categories));
        context.say(Say::AskLastResponse, &[(&responses).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let Some(line) = context.record.lines.last() else {
            return Verdict::unknown(context.say(Say::NoLines, &[]), Vec::new(), vec!["treatment_history"]);
        };
        let words = line_words(context, line);
        let Some(best) = &line.best_response else {
            let why = context.say(Say::BestResponseUnknown, &[(&words).into()]);
            return Verdict::unknown(why, line.facts.clone(), vec!["last_line_response"]);
        };
        let why = context.say(Say::BestResponse, &[(&words).into(), Arg::Same(name(best.category))]);
        Verdict::known(self.categories.contains(&best.category), why, best.facts.clone())
    }
}

/// The letters of a response, the same in both languages.
pub(super) fn name(category: ResponseCategory) -> &'static str {
    match category {
        ResponseCategory::PD => "PD",
        ResponseCategory::SD => "SD",
        ResponseCategory::PR => "PR",
        ResponseCategory::CR => "CR",
    }
}

/// Several responses in a row.
pub(super) fn names(categories: &[ResponseCategory]) -> String {
    categories.iter().map(|category| name(*category)).collect::<Vec<_>>().join(" / ")
}

pub(super) fn categories(node: &Node, reader: &mut Reader<'_, '_>) -> Vec<ResponseCategory> {
    let all = [ResponseCategory::PD, ResponseCategory::SD, ResponseCategory::PR, ResponseCategory::CR];
    let mut found = Vec::new();
    for (at, text) in reader.log.texts(node) {
        match all.iter().find(|category| name(**category) == text) {
            Some(category) => found.push(*category),
            None => reader.log.problem(at, format!("`{text}` is no response; expected PD, SD, PR or CR")),
        }
    }
    found
}
