use super::Reader;
use crate::{
    context::Context,
    disease::{Disease, Doubt, Known},
    document::Fields,
    kernel::Verdict,
    names::HistologySet,
    phrases::Say,
};
use cartulary_model::{FactId, Text};

/// ## What it asks
/// Whether today's disease is one of the label groups or entities of the sentence. `physician` lists the groups on
/// which the sentence is silent: US labels say "large B-cell lymphoma, *including* ...", so an entity that is not
/// named is not excluded.
///
/// A lymphoma transformed from follicular lymphoma counts as transformed follicular lymphoma and as its own group.
///
/// ## Unknown when
/// no paper states a current diagnosis; it is only considered; the papers contradict each other; a transformation is
/// suspected without a biopsy; the name is too unspecific (follicular lymphoma without grade may be 3B); the entity
/// is one that a physician must place.
///
/// ## References
/// - eligibility facts 1.3 (label groups) and 4.2 (transformation, grade)
/// - every label and trial
#[derive(Clone, Debug, PartialEq)]
pub struct Histology {
    counts: HistologySet,
    physician: HistologySet,
}

impl Histology {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("histology", reader.log)?;
        let counts = reader.names.histology_set(node, reader.catalogue, reader.log);
        let physician = fields
            .take("physician")
            .map(|node| reader.names.histology_set(node, reader.catalogue, reader.log))
            .unwrap_or_default();
        Some(Self { counts, physician })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let (what, others) = (self.counts.words(context), self.physician.words(context));
        let args = [(&what).into(), (&others).into()];
        match (what.en.is_empty(), others.en.is_empty()) {
            (true, _) => context.say(Say::AskPhysicianOnly, &[(&others).into()]),
            (false, true) => context.say(Say::AskHistology, &args),
            (false, false) => context.say(Say::AskHistologyPhysician, &args),
        }
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let report = || vec!["pathology_report"];
        match &context.disease {
            Disease::Silent => Verdict::unknown(context.say(Say::NoDiagnosis, &[]), Vec::new(), report()),
            Disease::Possible(concept, facts) => {
                let why = context.say(Say::OnlyPossible, &[context.label(concept)]);
                Verdict::unknown(why, facts.clone(), report())
            }
            Disease::Historical(concept, facts) => {
                let why = context.say(Say::OnlyHistorical, &[context.label(concept)]);
                Verdict::unknown(why, facts.clone(), report())
            }
            Disease::Doubtful(known, doubt) => Self::doubtful(context, known, *doubt),
            Disease::Known(known) => self.known(context, known),
        }
    }

    fn doubtful<'a>(context: &Context<'a>, known: &Known<'_>, doubt: Doubt<'_>) -> Verdict<'a> {
        let disease = context.label(known.concept);
        let (why, missing) = match doubt {
            Doubt::Conflict => (context.say(Say::DiagnosisConflict, &[disease]), "pathology_report"),
            Doubt::TransformationSuspected => {
                (context.say(Say::TransformationSuspected, &[disease]), "transformation_biopsy")
            }
            Doubt::IndolentAfterTransformation(to) => (
                context.say(Say::RelapsedAfterTransformation, &[disease, context.label(to)]),
                "transformation_biopsy",
            ),
        };
        Verdict::unknown(why, known.facts.clone(), vec![missing])
    }

    fn known<'a>(&self, context: &Context<'a>, known: &Known<'_>) -> Verdict<'a> {
        let say = |say| context.say(say, &[context.label(known.concept), super::date(known.date)]);
        let facts = known.facts.clone();
        if let Some(may_be) = context.names.may_be(known.concept) {
            return self.unspecific(context, known, may_be, facts);
        }
        if known.is_in(&self.counts) {
            return Verdict::met(say(Say::DiseaseNamed), facts);
        }
        match known.groups[0] {
            "UNSPEC" => Verdict::unknown(say(Say::DiseaseTooUnspecific), facts, vec!["pathology_report"]),
            "REVIEW" => Verdict::unknown(say(Say::DiseaseToPhysician), facts, Vec::new()),
            _ if known.is_in(&self.physician) => {
                Verdict::unknown(say(Say::DiseaseToPhysician), facts, Vec::new())
            }
            _ => Verdict::not_met(say(Say::DiseaseNotNamed), facts),
        }
    }

    /// A name that may turn out to be several: all of them in the set, none of them, or ask.
    fn unspecific<'a>(
        &self,
        context: &Context<'a>,
        known: &Known<'_>,
        may_be: &HistologySet,
        facts: Vec<FactId>,
    ) -> Verdict<'a> {
        let say = |say| context.say(say, &[context.label(known.concept), super::date(known.date)]);
        // A group of which the set names single entities only may be in it.
        let named =
            |set: &HistologySet, group: &str| set.concepts.iter().any(|of| context.group_of(of) == group);
        let all_in = |set: &HistologySet| {
            may_be.groups.iter().all(|group| set.contains(None, group))
                && may_be
                    .concepts
                    .iter()
                    .all(|concept| set.contains(Some(concept), context.group_of(concept)))
        };
        let some_in = |set: &HistologySet| {
            may_be.groups.iter().any(|group| set.contains(None, group) || named(set, group))
                || may_be
                    .concepts
                    .iter()
                    .any(|concept| set.contains(Some(concept), context.group_of(concept)))
        };
        let review = known.groups[0] == "REVIEW";
        if all_in(&self.counts) && !review {
            return Verdict::met(say(Say::DiseaseNamed), facts);
        }
        let none = !some_in(&self.counts) && !some_in(&self.physician);
        if none && (!review || !self.is_of_family(context, known)) {
            return Verdict::not_met(say(Say::DiseaseNotNamed), facts);
        }
        let entities_tell = may_be.groups.len() + may_be.concepts.len() > 1;
        match (review && !entities_tell, known.concept.as_str()) {
            (true, _) => Verdict::unknown(say(Say::DiseaseToPhysician), facts, Vec::new()),
            (false, "hist.fl_nos" | "hist.fl_3_nos") => {
                Verdict::unknown(say(Say::DiseaseTooUnspecific), facts, vec!["fl_grade"])
            }
            (false, _) => Verdict::unknown(say(Say::DiseaseTooUnspecific), facts, vec!["pathology_report"]),
        }
    }

    /// Whether the disease is of a family that this sentence is about; if not, the set is for another disease.
    fn is_of_family(&self, context: &Context<'_>, known: &Known<'_>) -> bool {
        let reach = known.reach(context.names);
        let of_disease: Vec<&str> = context.names.families(&reach, context.catalogue).collect();
        [&self.counts, &self.physician]
            .into_iter()
            .flat_map(|set| context.names.families(set, context.catalogue))
            .any(|family| of_disease.contains(&family))
    }

    /// Whether the disease, which the sentence does not name, is of another kind than those that it names.
    pub(crate) fn is_for_another_disease(&self, context: &Context<'_>) -> bool {
        matches!(&context.disease, Disease::Known(known) if !self.is_of_family(context, known))
    }
}
