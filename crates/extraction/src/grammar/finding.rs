//! Findings, other illnesses, symptoms, sites, tests and events that a paper states, denies or doubts.
//!
//! One file a kind of statement; each is anchored at a hit of the lexicon.
//!
//! ## Never
//! Silence says nothing: only a named finding becomes a fact.

mod comorbidity;
mod effusion;
mod examined;
mod fitness;
mod lesion;
mod organ;
mod site;
mod site_diagnosis;
mod site_doubt;
mod site_sense;
mod specimen;
mod symptom;
mod test;
mod test_result;
mod toxicity;

use super::{Claims, words};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    words::words,
};
use cartulary_catalogue::{ExchangeCode, Needs};
use cartulary_model::{
    Assertion, Experiencer,
    fact::{Attr, AttrValue},
};

/// Read by other grammars.
const ELSEWHERE: [&str; 38] = [
    "event.diagnosis",
    "event.therapy_start",
    "find.response_unknown",
    "find.cr",
    "find.pr",
    "find.sd",
    "find.pd",
    "find.relapsed",
    "find.refractory",
    "find.primary_refractory",
    "find.rr",
    "find.early_relapse",
    "find.transformation",
    "find.suspected_transformation",
    "find.kps",
    "find.ipi",
    "find.flipi",
    "find.mipi",
    "find.ecog",
    "find.deauville",
    "find.aaipi",
    "find.saaipi",
    "find.r_ipi",
    "find.nccn_ipi",
    "find.cns_ipi",
    "find.risk_low",
    "find.risk_intermediate",
    "find.risk_high",
    "find.no_response",
    "find.crs",
    "find.icans",
    "find.hlh",
    "find.icaht",
    "find.tls",
    "event.line_count",
    "event.infusion",
    "event.criteria",
    "event.status_post",
];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for hit in sheet.hits(&["find", "com", "sym", "site", "test", "event"], &[Needs::Diagnosis]) {
        let seen =
            drafts.iter().rev().take(6).any(|draft| draft.name == hit.span && draft.concept == hit.concept);
        // 睾丸复发 is a relapse and says where.
        let where_relapsed = hit.concept.is("site")
            && words::follows(sheet, hit.span.end, words!["复发", "relapse", "recurrence"]);
        // "stage III, bulky (10 cm)" is the stage's suffix and a mass of a known size.
        let mass_of_stage = hit.concept.as_str() == "find.bulky" && lesion::is_sized(sheet, hit);
        let claimed = claims.has(hit.span) && !where_relapsed && !mass_of_stage;
        if ELSEWHERE.contains(&hit.concept.as_str()) || seen || claimed {
            continue;
        }
        let of_new_node = hit.concept.as_str() == "site.lymph_node"
            && drafts.iter().rev().take(6).any(|draft| {
                draft.concept.as_str() == "find.new_lymphadenopathy" && draft.span.overlaps(hit.span)
            });
        if of_new_node {
            continue;
        }
        drafts.extend(statements(sheet, hit));
    }
    // `T 39.1 C`: the letter needs its value, which a fever is told by.
    for hit in sheet.hits(&["lab"], &[Needs::LabValue]).filter(|hit| hit.concept.as_str() == "lab.temp") {
        let fever = symptom::temperature(sheet, hit).filter(|of| {
            // `T 41.2 %` are cells: the letter needs its degrees; `体温39.1℃` says itself what it is.
            let letter = hit.span.len() == 1 && !sheet.stream.at(of.span.end - 1).is_ascii_digit();
            letter || sheet.stream.reads(hit.span.start, "体温") && symptom::is_fever(of)
        });
        let known = |of: &Draft| drafts.iter().any(|draft| draft.span.overlaps(of.span));
        if let Some(fever) = fever.filter(|of| !known(of)) {
            drafts.push(fever);
        }
    }
    let large = lesion::bulky_by_size(sheet, &drafts);
    drafts.extend(large);
    drafts.sort_by_key(|draft| draft.name);
    without_repeats(sheet, drafts)
}

/// What a hit states, by its kind.
fn statements(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    match hit.concept.as_str() {
        "find.new" => lesion::new(sheet, hit).into_iter().collect(),
        "find.bulky" => lesion::bulky(sheet, hit).into_iter().collect(),
        "find.effusion"
        | "find.pericardial_effusion"
        | "find.pleural_effusion"
        | "find.ascites"
        | "find.pelvic_effusion" => effusion::read(sheet, hit),
        "find.asct_fit" => fitness::read(sheet, hit).into_iter().collect(),
        "find.crs" | "find.icans" | "find.hlh" | "find.gvhd" => toxicity::read(sheet, hit),
        "sym.afebrile" => vec![symptom::afebrile(hit)],
        "sym.temperature" => symptom::temperature(sheet, hit).into_iter().collect(),
        "sym.weight" => symptom::weight_told(sheet, hit).into_iter().collect(),
        id if id.starts_with("com.allergy_") => Vec::new(),
        _ => match hit.concept.kind() {
            "sym" => symptom::read(sheet, hit).into_iter().collect(),
            "site" => of_site(sheet, hit),
            "test" => test::read(sheet, hit).into_iter().chain(examined::read(sheet, hit)).collect(),
            "find" | "com" => {
                let Some(mut own) = comorbidity::read(sheet, hit) else { return Vec::new() };
                let relatives = comorbidity::of_relatives_too(sheet, hit, &own);
                own.experiencer = relatives.as_ref().map_or(own.experiencer, |_| Some(Experiencer::Patient));
                std::iter::once(own).chain(relatives).collect()
            }
            _ => vec![Draft::new(hit.concept.clone(), hit.span, "finding.named").named_at(hit.span)],
        },
    }
}

/// The size of an organ, a specimen, what a marrow showed, or disease in the site.
fn of_site(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    if let Some(sized) = organ::read(sheet, hit) {
        // 脾脏体积增大,内见低密度灶,考虑淋巴瘤浸润: the size, and what made it.
        let invaded = site::read(sheet, hit)
            .filter(|draft| draft.rule == "finding.named" && draft.assertion == Some(Assertion::Possible));
        return sized.into_iter().chain(invaded).collect();
    }
    if let Some(enlarged) = organ::nodes(sheet, hit) {
        return vec![enlarged];
    }
    let specimen = specimen::specimen(sheet, hit);
    if !specimen.is_empty() {
        return specimen;
    }
    examined::read(sheet, hit).or_else(|| site::read(sheet, hit)).into_iter().collect()
}

/// One fact for what one sentence says twice: the same code with the same assertion, of the same person.
fn without_repeats(sheet: &Sheet<'_>, drafts: Vec<Draft>) -> Vec<Draft> {
    let told: Vec<Told> = drafts.iter().map(|draft| told(sheet, draft)).collect();
    let repeats = |index: usize| {
        let own = &told[index];
        let near = index.saturating_sub(8)..told.len().min(index + 9);
        near.filter(|other| *other != index).any(|other| own.yields_to(&told[other], other < index))
    };
    let kept: Vec<bool> = (0..drafts.len()).map(|index| !repeats(index)).collect();
    drafts.into_iter().zip(kept).filter_map(|(draft, keep)| keep.then_some(draft)).collect()
}

/// What a draft says, for the comparison with its neighbours.
struct Told {
    code: ExchangeCode,
    assertion: Assertion,
    experiencer: Experiencer,
    historical: bool,
    sentence: Span,
    /// A mere lesion yields to stated involvement.
    lesion: bool,
    repeatable: bool,
    /// A result that is outstanding says more than a plan.
    pending: bool,
    planned: bool,
}

fn told(sheet: &Sheet<'_>, draft: &Draft) -> Told {
    let reading = sheet.modifiers.read(draft.name);
    let dated = draft.concept.is("test") && draft.assertion != Some(Assertion::Hypothetical);
    Told {
        code: sheet
            .catalogue()
            .exchange_code_of(&draft.concept, &sheet.stream.text(draft.name))
            .unwrap_or_else(|| ExchangeCode { kind: "-".into(), code: draft.concept.as_str().into() }),
        assertion: draft.assertion.unwrap_or(reading.assertion),
        experiencer: draft.experiencer.unwrap_or(reading.experiencer),
        historical: draft.temporality.is_some_and(|of| of == cartulary_model::Temporality::Historical),
        sentence: sheet.sentence(draft.span.start),
        lesion: draft.rule == "finding.lesion",
        pending: is_status(draft, "pending"),
        planned: is_status(draft, "planned"),
        repeatable: dated
            || draft.concept.is("event")
            || matches!(draft.rule, "finding.new_lesion" | "finding.toxicity_course"),
    }
}

fn is_status(draft: &Draft, status: &str) -> bool {
    matches!(draft.attrs.get(&Attr::Status), Some(AttrValue::Text(of)) if of == status)
}

impl Told {
    fn yields_to(&self, other: &Self, earlier: bool) -> bool {
        let same = self.code == other.code
            && self.sentence == other.sentence
            && !self.repeatable
            && !other.repeatable;
        if !same || self.experiencer != other.experiencer || self.historical != other.historical {
            return false;
        }
        if self.lesion != other.lesion
            && self.code.kind.as_ref() == "site"
            && other.assertion != Assertion::Negated
        {
            return self.lesion;
        }
        if self.pending != other.pending && self.planned != other.planned {
            return self.planned;
        }
        self.assertion == other.assertion && earlier
    }
}
