use super::Reader;
use crate::{context::Context, document::Fields, kernel::Verdict, lines, names::DrugSet, phrases::Say};
use cartulary_model::Text;

/// ## What it asks
/// Whether a drug of a class was ever given, in a line or beside the lines, or is stated to have been given.
///
/// ## Unknown when
/// none was read and no paper and no person says that the history of treatment is complete; a line's drugs are not
/// known; a physician must place the drug.
///
/// ## References
/// - eligibility facts 5.2 (tafasitamab, loncastuximab, blinatumomab are CD19-directed)
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure {
    pub(super) drugs: DrugSet,
}

impl Exposure {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("exposure", reader.log)?;
        Some(Self { drugs: reader.drugs(node)? })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        context.say(Say::AskExposure, &[(&self.drugs.name).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        lines::had(context, &self.drugs)
    }
}
