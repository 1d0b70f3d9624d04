//! FHIR R4 4.0.1 as far as it is written here. What is absent is not written.

use serde::Serialize;
use serde_json::{Value as Json, json};

/// Names what is ours: concepts, conditions, extensions.
pub const CONCEPTS: &str = "urn:cartulary:concept";

/// The code system of units.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";
/// Why an element is absent.
pub(crate) const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// A text in another language.
const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";
/// The code system of `Library.type`.
const LIBRARY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/library-type";

/// The code system of `Condition.clinicalStatus`.
const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
/// The code system of `Condition.verificationStatus`.
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

/// A code of a system.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coding {
    /// The system.
    pub system: String,
    /// The code.
    pub code: String,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// A concept as codes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CodeableConcept {
    /// Its codes.
    pub coding: Vec<Coding>,
}

impl CodeableConcept {
    /// A code of our own.
    pub fn ours(code: &str) -> Self {
        Self::of(CONCEPTS, code)
    }

    /// The state of a condition.
    pub(crate) fn clinical(code: &str) -> Self {
        Self::of(CLINICAL, code)
    }

    /// How sure a condition is.
    pub(crate) fn verification(code: &str) -> Self {
        Self::of(VERIFICATION, code)
    }

    /// A library of logic.
    pub(crate) fn logic_library() -> Self {
        Self::of(LIBRARY_TYPE, "logic-library")
    }

    fn of(system: &str, code: &str) -> Self {
        Self { coding: vec![Coding { system: system.to_owned(), code: code.to_owned(), display: None }] }
    }

    /// The same with a name for people.
    #[must_use]
    pub fn called(mut self, name: Option<&str>) -> Self {
        if let Some(coding) = self.coding.first_mut() {
            coding.display = name.map(str::to_owned);
        }
        self
    }
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// `<`, `<=`, `>=`, `>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparator: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// UCUM, when there is a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<&'static str>,
    /// The unit's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A named addition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extension {
    /// Its name.
    pub url: String,
    /// Its value.
    #[serde(flatten)]
    pub value: ExtensionValue,
}

/// The value of an addition.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub enum ExtensionValue {
    #[serde(rename = "valueBoolean")]
    Boolean(bool),
    #[serde(rename = "valueInteger")]
    Integer(u32),
    #[serde(rename = "valueCode")]
    Code(String),
    #[serde(rename = "valueString")]
    String(String),
    #[serde(rename = "valueDateTime")]
    DateTime(String),
    #[serde(rename = "valueQuantity")]
    Quantity(Quantity),
}

impl Extension {
    /// An addition of our own, named by its last word.
    pub fn ours(name: &str, value: ExtensionValue) -> Self {
        Self { url: format!("urn:cartulary:{name}"), value }
    }

    /// A code.
    pub(crate) fn code(name: &str, code: &str) -> Self {
        Self::ours(name, ExtensionValue::Code(code.to_owned()))
    }
}

/// A link to another resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reference {
    /// `Patient/patient`.
    pub reference: String,
}

impl Reference {
    pub(crate) fn to(reference: impl Into<String>) -> Self {
        Self { reference: reference.into() }
    }
}

/// From a day to a day, each as precise as known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Period {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

/// A collection of resources about one patient.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
    resource_type: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    /// The resources.
    pub entry: Vec<Entry>,
}

impl Bundle {
    /// A collection.
    pub fn collection(resources: impl IntoIterator<Item = Resource>) -> Self {
        let entry = resources.into_iter().map(|resource| Entry { resource }).collect();
        Self { resource_type: "Bundle", kind: "collection", entry }
    }
}

/// One resource of a Bundle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The resource.
    pub resource: Resource,
}

/// The resources that are written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "resourceType")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub enum Resource {
    Patient(Patient),
    Condition(Condition),
    Observation(Box<Observation>),
    EpisodeOfCare(EpisodeOfCare),
    MedicationAdministration(MedicationAdministration),
    Procedure(Procedure),
    DetectedIssue(DetectedIssue),
    Library(Library),
    EvidenceVariable(Box<EvidenceVariable>),
}

/// Who it is about. Names and numbers are not written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Patient {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
}

/// Today's disease, a finding, a statement on the state of the disease.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Condition {
    pub id: String,
    pub clinical_status: CodeableConcept,
    pub verification_status: CodeableConcept,
    pub category: Vec<CodeableConcept>,
    pub code: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_date: Option<String>,
}

/// A value, a score, a test, a marker, or a statement that has no resource of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Observation {
    pub id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    pub status: &'static str,
    pub code: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_date_time: Option<String>,
    #[serde(flatten)]
    pub value: Option<ObservationValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reference_range: Vec<ReferenceRange>,
}

/// What was observed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub enum ObservationValue {
    #[serde(rename = "valueQuantity")]
    Quantity(Quantity),
    #[serde(rename = "valueCodeableConcept")]
    Concept(CodeableConcept),
    #[serde(rename = "valueInteger")]
    Integer(u32),
    #[serde(rename = "valueBoolean")]
    Boolean(bool),
}

/// The printed upper limit, in the unit as printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct ReferenceRange {
    pub high: Quantity,
}

/// A line of therapy; FHIR has no resource for one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct EpisodeOfCare {
    pub id: String,
    pub extension: Vec<Extension>,
    pub status: &'static str,
    #[serde(rename = "type")]
    pub kind: Vec<CodeableConcept>,
    pub patient: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
}

/// A drug that was given, may have been given, or is denied.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct MedicationAdministration {
    pub id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    pub status: &'static str,
    pub medication_codeable_concept: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_period: Option<Period>,
    /// Says that no day is known: FHIR wants one or the reason.
    #[serde(rename = "_effectiveDateTime", skip_serializing_if = "Option::is_none")]
    pub no_effective: Option<Json>,
}

/// A transplant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Procedure {
    pub id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    pub status: &'static str,
    pub code: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performed_date_time: Option<String>,
}

/// Papers that contradict each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct DetectedIssue {
    pub id: String,
    pub status: &'static str,
    pub code: CodeableConcept,
    pub patient: Reference,
}

/// A CQL library.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Library {
    pub id: String,
    pub url: String,
    pub version: String,
    pub name: String,
    pub title: String,
    #[serde(rename = "_title")]
    pub title_in_chinese: Json,
    pub status: &'static str,
    #[serde(rename = "type")]
    pub kind: CodeableConcept,
    pub description: String,
    pub content: Vec<Attachment>,
}

/// A text inside a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Attachment {
    pub content_type: &'static str,
    /// Base64.
    pub data: String,
}

/// A set's criteria as the characteristics of a group of patients.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct EvidenceVariable {
    pub id: String,
    pub extension: Vec<Extension>,
    pub url: String,
    pub version: String,
    pub name: String,
    pub title: String,
    #[serde(rename = "_title")]
    pub title_in_chinese: Json,
    pub status: &'static str,
    pub description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<Annotation>,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub characteristic: Vec<Characteristic>,
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Annotation {
    pub text: String,
}

/// One criterion, or several of which one is enough.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Characteristic {
    pub extension: Vec<Extension>,
    pub description: String,
    #[serde(rename = "_description")]
    pub description_in_chinese: Json,
    pub definition_expression: Expression,
    pub exclude: bool,
}

/// An expression of a library.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are FHIR's")]
pub struct Expression {
    pub language: &'static str,
    pub expression: String,
    /// The library's url.
    pub reference: String,
}

/// The Chinese of a text that stands in English.
pub(crate) fn in_chinese(text: &str) -> Json {
    json!({ "extension": [{ "url": TRANSLATION, "extension": [
        { "url": "lang", "valueCode": "zh-Hans" },
        { "url": "content", "valueString": text },
    ] }] })
}
