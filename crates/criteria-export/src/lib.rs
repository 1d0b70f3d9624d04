//! Criteria sets for other systems: CQL, FHIR `Library` and `EvidenceVariable`; records as FHIR Bundles that they read.
//!
//! Export is one way. The engine of `criteria` decides; what is written here says the same, or less: a question that
//! CQL cannot state is exported as null, never as true or false. `tests/differential.rs` holds both to it.
//!
//! | module | holds |
//! |---|---|
//! | [`cql`] | a set as a CQL library, with a guard wherever CQL would take silence for an answer |
//! | [`fhir`] | the FHIR R4 types that are written, as far as they are used |
//! | [`resources`] | a set as `Library` and `EvidenceVariable` |
//! | [`bundle`] | a record as a Bundle |

pub mod bundle;
pub mod cql;
pub mod fhir;
pub mod resources;

/// A number with the eight decimal places that CQL knows, so that both sides compare the same number.
pub(crate) fn rounded(number: f64) -> f64 {
    let places = 1e8;
    if number.abs() < 1e7 { (number * places).round() / places } else { number }
}
