//! Today's disease, as far as the record says it.

use crate::names::{HistologySet, Names};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Assertion, ConceptId, FactId, PartialDate, PatientRecord, Temporality,
    record::{Diagnosis, Transformation},
};

/// The last current diagnosis that is stated, or why there is none.
#[derive(Clone, Debug)]
pub(crate) enum Disease<'a> {
    /// No paper states a diagnosis.
    Silent,
    /// A diagnosis is considered, none is stated.
    Possible(&'a ConceptId, Vec<FactId>),
    /// Only past diagnoses are stated.
    Historical(&'a ConceptId, Vec<FactId>),
    /// A diagnosis is stated, but something speaks against taking it for today's.
    Doubtful(Known<'a>, Doubt<'a>),
    /// A diagnosis is stated.
    Known(Known<'a>),
}

/// A stated diagnosis.
#[derive(Clone, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) concept: &'a ConceptId,
    /// Its own label group and, after a transformation, the group of transformed lymphoma.
    pub(crate) groups: Vec<&'a str>,
    pub(crate) date: Option<PartialDate>,
    pub(crate) facts: Vec<FactId>,
}

/// Why a stated diagnosis may not be today's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Doubt<'a> {
    /// The papers contradict each other.
    Conflict,
    /// A transformation is suspected; only a biopsy shows it.
    TransformationSuspected,
    /// An indolent lymphoma is stated after the transformation.
    IndolentAfterTransformation(&'a ConceptId),
}

impl<'a> Disease<'a> {
    /// Reads today's disease from a record.
    pub(crate) fn of(record: &'a PatientRecord, catalogue: &'a Catalogue, names: &'a Names) -> Self {
        let stated = |diagnosis: &&Diagnosis| diagnosis.assertion == Assertion::Present;
        let current = |diagnosis: &&Diagnosis| diagnosis.temporality == Temporality::Current;
        let Some(today) = record.diagnoses.iter().rfind(|of| stated(of) && current(of)) else {
            let considered = record.diagnoses.iter().rfind(|of| current(of) && !stated(of));
            let earlier = record.diagnoses.iter().rfind(|of| stated(of));
            return match (considered, earlier) {
                (Some(of), _) => Self::Possible(&of.concept, of.facts.clone()),
                (None, Some(of)) => Self::Historical(&of.concept, of.facts.clone()),
                (None, None) => Self::Silent,
            };
        };
        let transformation =
            record.transformation.as_ref().filter(|change| change.assertion == Assertion::Present);
        let known = Known::of(today, transformation, catalogue, names);
        match doubt(&known, transformation, record, catalogue, names) {
            Some(doubt) => Self::Doubtful(known, doubt),
            None => Self::Known(known),
        }
    }

    /// Whether the name of the disease itself tells of a transformation.
    pub(crate) fn is_transformed(&self) -> bool {
        match self {
            Self::Known(known) | Self::Doubtful(known, _) => {
                known.groups.iter().any(|group| matches!(*group, "TFL" | "TINHL" | "RICHTER"))
            }
            Self::Silent | Self::Possible(..) | Self::Historical(..) => false,
        }
    }
}

/// Today's disease as one key, for other systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodaysDisease {
    /// The entity, and behind a `/` the label group of what it was transformed from: `hist.dlbcl_nos/TFL`.
    pub key: String,
    /// Whether nothing speaks against taking it for today's.
    pub sure: bool,
    /// When it was stated.
    pub date: Option<PartialDate>,
}

impl TodaysDisease {
    pub(crate) fn of(record: &PatientRecord, catalogue: &Catalogue, names: &Names) -> Option<Self> {
        let (known, sure) = match Disease::of(record, catalogue, names) {
            Disease::Known(known) => (known, true),
            Disease::Doubtful(known, _) => (known, false),
            Disease::Silent | Disease::Possible(..) | Disease::Historical(..) => return None,
        };
        let own = catalogue.cart_group(known.concept).unwrap_or("REVIEW");
        let added = known.groups.iter().find(|group| **group != own);
        let key = match added {
            Some(group) => format!("{}/{group}", known.concept),
            None => known.concept.to_string(),
        };
        Some(Self { key, sure, date: known.date })
    }
}

impl<'a> Known<'a> {
    fn of(
        today: &'a Diagnosis,
        transformation: Option<&'a Transformation>,
        catalogue: &'a Catalogue,
        names: &'a Names,
    ) -> Self {
        let group = |concept: &'a ConceptId| catalogue.cart_group(concept).unwrap_or("REVIEW");
        let mut known = Self {
            concept: &today.concept,
            groups: vec![group(&today.concept)],
            date: today.date,
            facts: today.facts.clone(),
        };
        let Some(change) = transformation else { return known };
        known.facts.extend(&change.facts);
        if names.is_indolent(known.concept, known.groups[0])
            && let Some(to) = &change.to
            && !later(today.date, change.date)
        {
            // The papers list the indolent lymphoma as a diagnosis and tell of its transformation.
            known.concept = to;
            known.groups = vec![group(to)];
            known.date = change.date;
        }
        let Some(from) = &change.from else { return known };
        if names.is_indolent(known.concept, known.groups[0]) || matches!(known.groups[0], "NONE" | "REVIEW") {
            return known;
        }
        match group(from) {
            "FL" => known.groups.push("TFL"),
            // Richter's transformation: no label's sentence names it, so the large-cell group is not taken for granted.
            "CLL" => known.groups = vec!["RICHTER"],
            of if names.is_indolent(from, of) => known.groups.push("TINHL"),
            _ => {}
        }
        known
    }

    /// Whether one of its groups, or the entity itself, is in the set.
    pub(crate) fn is_in(&self, set: &HistologySet) -> bool {
        self.groups.iter().any(|group| set.contains(Some(self.concept), group))
    }

    /// Its groups, to tell one family of diseases from another; where the diagnosis names no family, what it may
    /// turn out to be.
    pub(crate) fn reach(&self, names: &Names) -> HistologySet {
        if let Some(may_be) = names.may_be(self.concept)
            && !names.has_family(self.groups[0])
        {
            return may_be.clone();
        }
        HistologySet {
            groups: self.groups.iter().map(|group| (*group).to_owned()).collect(),
            ..HistologySet::default()
        }
    }
}

fn doubt<'a>(
    known: &Known<'_>,
    transformation: Option<&'a Transformation>,
    record: &PatientRecord,
    catalogue: &Catalogue,
    names: &Names,
) -> Option<Doubt<'a>> {
    let conflict = record
        .conflicts
        .iter()
        .any(|conflict| conflict.about == known.concept.as_str() || conflict.about.starts_with("diagnos"));
    if conflict || another_disease_today(known, transformation, record, catalogue, names) {
        return Some(Doubt::Conflict);
    }
    if !names.is_indolent(known.concept, known.groups[0]) {
        return None;
    }
    if let Some(to) = transformation.and_then(|change| change.to.as_ref()) {
        return Some(Doubt::IndolentAfterTransformation(to));
    }
    let suspected = record
        .transformation
        .as_ref()
        .is_some_and(|change| change.assertion == Assertion::Possible && !later(known.date, change.date));
    let said = |id: &str, considered_only: bool| {
        let Some(state) = record.findings.get(id) else { return false };
        let asserted = if considered_only { &[][..] } else { &state.asserted };
        state.possible.iter().chain(asserted).any(|fact| !later(known.date, fact.date))
    };
    let finding = said("find.suspected_transformation", false) || said("find.transformation", true);
    let is_aggressive = |concept: &ConceptId| {
        catalogue.cart_group(concept).is_some_and(|group| {
            !names.is_indolent(concept, group) && !matches!(group, "NONE" | "UNSPEC" | "REVIEW")
        })
    };
    let aggressive_considered = record.diagnoses.iter().any(|other| {
        other.assertion == Assertion::Possible
            && other.temporality == Temporality::Current
            && !later(known.date, other.date)
            && is_aggressive(&other.concept)
    });
    (suspected || finding || aggressive_considered).then_some(Doubt::TransformationSuspected)
}

/// Whether the papers state another kind of disease as today's, and neither dates nor a transformation tell which it is.
fn another_disease_today(
    known: &Known<'_>,
    transformation: Option<&Transformation>,
    record: &PatientRecord,
    catalogue: &Catalogue,
    names: &Names,
) -> bool {
    let explained = |concept: &ConceptId| {
        transformation.is_some_and(|change| {
            change.from.as_ref() == Some(concept)
                || change.to.as_ref() == Some(concept)
                || catalogue.cart_group(concept).is_some_and(|group| names.is_indolent(concept, group))
        })
    };
    record.diagnoses.iter().any(|other| {
        let group = catalogue.cart_group(&other.concept).unwrap_or_default();
        other.assertion == Assertion::Present
            && other.temporality == Temporality::Current
            && other.concept != *known.concept
            && names.has_family(group)
            && !known.groups.iter().any(|own| names.same_family(own, group))
            && !later(known.date, other.date)
            && !explained(&other.concept)
    })
}

/// Whether the first is known to be after the second.
fn later(first: Option<PartialDate>, second: Option<PartialDate>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => second.interval().before(first.interval()) == Some(true),
        _ => false,
    }
}
