//! The whole catalogue loads, and says what it holds.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use std::collections::BTreeMap;

#[test]
fn every_document_of_the_catalogue_loads() {
    let catalogue = Catalogue::embedded().unwrap();
    let library = CriteriaLibrary::load(&catalogue).unwrap_or_else(|error| panic!("{error}"));
    let mut marks: BTreeMap<String, usize> = BTreeMap::new();
    for criterion in library.sets().flat_map(|set| &set.criteria) {
        *marks.entry(format!("{:?}", criterion.verification)).or_default() += 1;
    }
    println!("{} sets, criteria by mark: {marks:?}", library.sets().count());
}
