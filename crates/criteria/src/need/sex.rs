use super::Reader;
use crate::{context::Context, document::Fields, kernel::Verdict, phrases::Say};
use cartulary_model::Text;

/// ## What it asks
/// The patient's sex, where another question only concerns one (pregnancy).
///
/// ## Unknown when
/// no paper says it, or papers contradict each other.
///
/// ## References
/// - pregnancy criteria of the trials
#[derive(Clone, Debug, PartialEq)]
pub struct Sex {
    pub(super) is: &'static str,
}

impl Sex {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        Some(Self { is: reader.word(fields, "sex", &["female", "male"])? })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let sex = context.say(if self.is == "female" { Say::Female } else { Say::Male }, &[]);
        context.say(Say::AskSex, &[(&sex).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let stated = context.record.patient.sex.as_ref();
        let conflict = context.conflict_about("patient.sex");
        let known = stated.filter(|sex| matches!(sex.value.as_str(), "female" | "male"));
        match (known, conflict) {
            (Some(sex), None) => {
                let word = context.say(if sex.value == "female" { Say::Female } else { Say::Male }, &[]);
                let why = context.say(Say::Sex, &[(&word).into()]);
                Verdict::known(sex.value == self.is, why, sex.facts.clone())
            }
            (_, conflict) => {
                let facts = conflict.unwrap_or_default();
                Verdict::unknown(context.say(Say::SexUnknown, &[]), facts, vec!["sex"])
            }
        }
    }
}
