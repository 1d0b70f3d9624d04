//! The clinical knowledge: terms, drugs and regimens, analytes and units, products, criteria documents, messages.
//!
//! Knowledge is data in the folder `catalogue/`, which a hospital can read and change. The folder is embedded in
//! the binary; [`Files::overlaid`] puts a hospital's own files over it. Loading is strict: an unknown column, a
//! double id or a reference to nothing is an error with file and line, never a shrug.
//!
//! This crate opens no file itself: the binary hands the overlay's texts in.

mod by_id;
mod cues;
mod error;
mod exchange;
mod files;
pub mod hash;
mod messages;
mod products;
mod replies;
mod rules;
mod script;
mod sections;
mod table;
mod terms;
mod units;

pub use cues::{Cue, CueClass, CueDirection};
pub use error::{CatalogueError, Problem};
pub use exchange::ExchangeCode;
pub use files::Files;
pub use messages::Messages;
pub use products::Product;
pub use replies::{Replies, ReplyLanguage};
pub use rules::{Rule, RuleExample};
pub use script::{Confusions, simplified};
pub use sections::DocumentKindForm;
pub use terms::{Concept, Drug, Form, Histology, Needs, Regimen};
pub use units::{Analyte, UnitForm};

use by_id::ById;
use cartulary_model::{ConceptId, Lang, Quantity, RuleId};
use std::collections::BTreeMap;

/// Everything in `catalogue/`, loaded and checked.
#[derive(Clone, Debug)]
pub struct Catalogue {
    files: Files,
    concepts: ById<Concept>,
    histologies: ById<Histology>,
    drugs: ById<Drug>,
    regimens: ById<Regimen>,
    analytes: ById<Analyte>,
    units: Vec<UnitForm>,
    products: Vec<Product>,
    messages: Messages,
    replies: Replies,
    cues: Vec<Cue>,
    exchange: exchange::ExchangeCodes,
    rules: BTreeMap<RuleId, Rule>,
    confusions: Confusions,
}

impl Catalogue {
    /// Loads the catalogue that the binary carries.
    ///
    /// # Errors
    /// The embedded catalogue is checked by a test; an error here means a broken build.
    pub fn embedded() -> Result<Self, CatalogueError> {
        Self::load(Files::embedded())
    }

    /// Loads a catalogue from its files' texts.
    ///
    /// # Errors
    /// Every problem found, each with file and line.
    pub fn load(files: Files) -> Result<Self, CatalogueError> {
        let mut problems = Vec::new();
        let terms = terms::load(&files, &mut problems);
        let analytes = units::load_analytes(&files, &terms.concepts, &mut problems);
        let units = units::load_forms(&files, &mut problems);
        let products = products::load(&files, &mut problems);
        let messages = messages::load(&files, &mut problems);
        let replies = replies::load(&files, &mut problems);
        let cues = cues::load(&files, &mut problems);
        let exchange = exchange::load(&files, &terms.concepts, &mut problems);
        let rules = rules::load(&files, &mut problems);
        let confusions = script::load(&files, &mut problems);
        files.check_names(&mut problems);
        if !problems.is_empty() {
            return Err(CatalogueError { problems });
        }
        Ok(Self {
            files,
            concepts: terms.concepts.into(),
            histologies: terms.histologies.into(),
            drugs: terms.drugs.into(),
            regimens: terms.regimens.into(),
            analytes: analytes.into(),
            units,
            products,
            messages,
            replies,
            cues,
            exchange,
            rules,
            confusions,
        })
    }

    /// All concepts, in order of their ids.
    pub fn concepts(&self) -> impl Iterator<Item = &Concept> {
        self.concepts.iter().map(|(_, concept)| concept)
    }

    /// One concept.
    pub fn concept(&self, id: &ConceptId) -> Option<&Concept> {
        self.concepts.get(id)
    }

    /// A concept's name for people; its id when the catalogue does not know it.
    pub fn label<'a>(&'a self, id: &'a ConceptId, lang: Lang) -> &'a str {
        self.concept(id).map_or(id.as_str(), |concept| concept.label.in_lang(lang))
    }

    /// What the catalogue knows of a lymphoma beyond its name.
    pub fn histology(&self, id: &ConceptId) -> Option<&Histology> {
        self.histologies.get(id)
    }

    /// The label group of a lymphoma: `DLBCL_NOS`, `FL`, `MCL`, `NONE`, `REVIEW`, `UNSPEC` ...
    pub fn cart_group(&self, id: &ConceptId) -> Option<&str> {
        self.histology(id).map(|histology| histology.cart_group.as_str())
    }

    /// A drug's classes, for example `anti-CD20`, `anthracycline`, `BTKi covalent`.
    pub fn drug_classes(&self, id: &ConceptId) -> &[String] {
        self.drugs.get(id).map_or(&[], |drug| drug.classes.as_slice())
    }

    /// Whether a drug is of a class. A class stands for its kinds: `BTKi` for `BTKi covalent`.
    pub fn is_of_class(&self, drug: &ConceptId, class: &str) -> bool {
        self.drug_classes(drug)
            .iter()
            .any(|of| of == class || of.strip_prefix(class).is_some_and(|rest| rest.starts_with(' ')))
    }

    /// All drugs.
    pub fn drugs(&self) -> impl Iterator<Item = (&ConceptId, &Drug)> {
        self.drugs.iter()
    }

    /// A regimen's components and purpose.
    pub fn regimen(&self, id: &ConceptId) -> Option<&Regimen> {
        self.regimens.get(id)
    }

    /// An analyte's canonical unit, conversions and plausible range.
    pub fn analyte(&self, id: &ConceptId) -> Option<&Analyte> {
        self.analytes.get(id)
    }

    /// A quantity in the analyte's canonical unit; nothing when the unit is missing or not convertible.
    pub fn canonical(&self, analyte: &ConceptId, quantity: &Quantity) -> Option<Quantity> {
        self.analyte(analyte)?.canonical(quantity)
    }

    /// Every written form of every unit, longest first.
    pub fn unit_forms(&self) -> &[UnitForm] {
        &self.units
    }

    /// CAR-T products' indications.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Sentences for people in every language.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// The templates of messages to people, by language.
    pub fn replies(&self) -> &Replies {
        &self.replies
    }

    /// A concept's type and code in the exchange form.
    pub fn exchange_code(&self, id: &ConceptId) -> ExchangeCode {
        self.exchange.of(id)
    }

    /// Type and code of a concept said in these words; nothing when it is no fact of the exchange form.
    pub fn exchange_code_of(&self, id: &ConceptId, words: &str) -> Option<ExchangeCode> {
        self.exchange.of_words(id, words)
    }

    /// Words that negate, doubt, plan, date or transfer what stands beside them.
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }

    /// The rules of extraction in words, by id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// What a rule of extraction reads.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// What recognition takes for what.
    pub fn confusions(&self) -> &Confusions {
        &self.confusions
    }

    /// The criteria documents: file name and TOML text. The `criteria` crate knows their form.
    pub fn criteria_documents(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.in_folder("criteria/")
    }

    /// One file's text, for a crate that knows its form.
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path)
    }
}

#[cfg(test)]
mod tests;
