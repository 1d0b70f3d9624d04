use super::{Reader, serology::TestResult};
use crate::{context::Context, document::Fields, kernel::Verdict, phrases::Say};
use cartulary_model::{FactId, Text};

/// ## What it asks
/// Whether hepatitis B, hepatitis C, HIV or syphilis is active, from the pattern of the tests.
///
/// Hepatitis B: surface antigen negative and core antibody negative, or viral DNA not detected, is not active. Core
/// antibody alone is a resolved or occult infection: it is no exclusion in the trials seen, and DNA is needed. Surface
/// antigen positive needs DNA too; without detectable DNA a physician decides. Hepatitis C: RNA decides.
///
/// ## Unknown when
/// the tests that decide were not read, are at the border or contradict each other.
///
/// ## References
/// - eligibility facts 5.4 (five-marker pattern) and 2 (virology of the trials)
#[derive(Clone, Debug, PartialEq)]
pub struct Infection {
    virus: Virus,
}

/// An infection that is screened for before cells are collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Virus {
    /// Hepatitis B.
    Hbv,
    /// Hepatitis C.
    Hcv,
    /// HIV.
    Hiv,
    /// Syphilis.
    Syphilis,
}

impl Infection {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let virus = match reader.word(fields, "infection", &["hbv", "hcv", "hiv", "syphilis"])? {
            "hbv" => Virus::Hbv,
            "hcv" => Virus::Hcv,
            "hiv" => Virus::Hiv,
            _ => Virus::Syphilis,
        };
        Some(Self { virus })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let name = context.label_of(match self.virus {
            Virus::Hbv => "find.hbv_active",
            Virus::Hcv => "find.hcv_inf",
            Virus::Hiv => "find.hiv_inf",
            Virus::Syphilis => "find.syphilis",
        });
        context.say(Say::AskInfection, &[name])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        match self.virus {
            Virus::Hbv => hbv(context),
            Virus::Hcv => hcv(context),
            Virus::Hiv => hiv(context),
            Virus::Syphilis => syphilis(context),
        }
    }
}

fn hbv<'a>(context: &Context<'a>) -> Verdict<'a> {
    let surface = Test::read(context, "lab.hbsag");
    let core = Test::read(context, "lab.anti_hbc");
    let dna = Test::read(context, "lab.hbv_dna");
    let facts = || [&surface, &core, &dna].into_iter().flat_map(|test| test.result.facts.clone()).collect();
    let unknown = |say, missing| Verdict::unknown(context.say(say, &[]), facts(), missing);
    match (surface.is(), core.is(), dna.is()) {
        (_, _, Some(true)) => Verdict::met(dna.words(context), facts()),
        (Some(true), _, Some(false)) => unknown(Say::HbvCarrier, Vec::new()),
        (Some(true), _, None) => unknown(Say::HbvCarrier, vec!["hbv_dna"]),
        (Some(false), _, Some(false)) => {
            let why = context.joined(surface.words(context), dna.words(context), Say::And);
            Verdict::not_met(why, facts())
        }
        (Some(false), Some(false), None) => {
            let why = context.joined(surface.words(context), core.words(context), Say::And);
            Verdict::not_met(why, facts())
        }
        (Some(false), Some(true), None) => unknown(Say::HbvCoreOnly, vec!["hbv_dna"]),
        (Some(false), None, None) => unknown(Say::CoreNotTested, vec!["virology"]),
        (None, ..) => stated(context, "find.hbv_active", &surface),
    }
}

fn hcv<'a>(context: &Context<'a>) -> Verdict<'a> {
    let antibody = Test::read(context, "lab.anti_hcv");
    let rna = Test::read(context, "lab.hcv_rna");
    let facts = || antibody.result.facts.iter().chain(&rna.result.facts).copied().collect::<Vec<FactId>>();
    match (antibody.is(), rna.is()) {
        (_, Some(true)) => Verdict::met(rna.words(context), facts()),
        (_, Some(false)) => Verdict::not_met(rna.words(context), facts()),
        (Some(false), None) => Verdict::not_met(antibody.words(context), facts()),
        (Some(true), None) => Verdict::unknown(context.say(Say::HcvNeedsRna, &[]), facts(), vec!["hcv_rna"]),
        (None, None) => stated(context, "find.hcv_inf", &antibody),
    }
}

fn hiv<'a>(context: &Context<'a>) -> Verdict<'a> {
    let test = Test::read(context, "lab.hiv");
    match test.is() {
        Some(positive) => Verdict::known(positive, test.words(context), test.result.facts.clone()),
        None => stated(context, "find.hiv_inf", &test),
    }
}

fn syphilis<'a>(context: &Context<'a>) -> Verdict<'a> {
    let test = Test::read(context, "lab.tp_ab");
    match test.is() {
        Some(false) => Verdict::not_met(test.words(context), test.result.facts.clone()),
        // The specific antibody stays positive after cure.
        Some(true) => {
            let why = context.say(Say::SyphilisToPhysician, &[]);
            Verdict::unknown(why, test.result.facts.clone(), Vec::new())
        }
        None => stated(context, "find.syphilis", &test),
    }
}

/// Where no test answers, a stated infection or its denial does.
fn stated<'a>(context: &Context<'a>, finding: &'static str, test: &Test) -> Verdict<'a> {
    let name = context.label_of(finding);
    let state = context.record.findings.get(finding);
    let first = |asserted: bool| {
        state.and_then(|state| if asserted { state.asserted.first() } else { state.denied.first() })
    };
    match (first(true), first(false)) {
        (Some(fact), None) => {
            let why = context.say(Say::FindingStated, &[name, super::date(fact.date)]);
            Verdict::met(why, vec![fact.fact])
        }
        (None, Some(fact)) => Verdict::not_met(context.say(Say::FindingDenied, &[name]), vec![fact.fact]),
        _ => Verdict::unknown(test.words(context), test.result.facts.clone(), vec!["virology"]),
    }
}

/// A test and its latest result.
struct Test {
    concept: &'static str,
    result: TestResult,
}

impl Test {
    fn read(context: &Context<'_>, concept: &'static str) -> Self {
        Self { concept, result: TestResult::of(context, concept) }
    }

    fn is(&self) -> Option<bool> {
        self.result.positive
    }

    fn words(&self, context: &Context<'_>) -> cartulary_model::Text {
        self.result.words(context, context.label_of(self.concept))
    }
}
