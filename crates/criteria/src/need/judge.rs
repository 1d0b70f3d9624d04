use super::Reader;
use crate::{context::Context, document::Fields, kernel::Verdict, phrases::Say};
use cartulary_model::Text;

/// ## What it asks
/// A question in words. It is always unknown, until a physician answers it: no paper is searched.
///
/// ## Unknown when
/// always.
///
/// ## References
/// - criteria that no record answers: intent to transplant, adequate marrow, infection on the day of infusion
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    question: Text,
}

impl Judge {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("judge", reader.log)?;
        let question = crate::names::read_text(node, reader.log)?;
        if !(question.en.ends_with('?') && question.zh.ends_with('？')) {
            reader.log.problem(node.at, "expected a question in both languages, ending in ? and ？");
        }
        Some(Self { question })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        context.say(Say::AskJudge, &[(&self.question).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        Verdict::unknown(context.say(Say::Judge, &[(&self.question).into()]), Vec::new(), Vec::new())
    }
}
