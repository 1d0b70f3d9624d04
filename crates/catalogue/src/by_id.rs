//! What the catalogue knows of concepts, in the order of their ids and found without a search.

use crate::hash::Table;
use cartulary_model::ConceptId;
use std::collections::BTreeMap;

/// A map that is asked for every mention of a paper, and told in order.
#[derive(Clone, Debug)]
pub(crate) struct ById<T> {
    ordered: Vec<(ConceptId, T)>,
    places: Table<ConceptId, usize>,
}

impl<T> From<BTreeMap<ConceptId, T>> for ById<T> {
    fn from(map: BTreeMap<ConceptId, T>) -> Self {
        let places = map.keys().cloned().zip(0..).collect();
        Self { ordered: map.into_iter().collect(), places }
    }
}

impl<T> ById<T> {
    pub(crate) fn get(&self, id: &ConceptId) -> Option<&T> {
        self.places.get(id).map(|place| &self.ordered[*place].1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ConceptId, &T)> {
        self.ordered.iter().map(|(id, of)| (id, of))
    }
}
