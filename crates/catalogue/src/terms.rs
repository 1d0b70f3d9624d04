//! Concepts and their written forms.

use crate::{
    error::Problem,
    files::Files,
    table::{self, list},
};
use cartulary_model::{ConceptId, Lang, Text};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// A concept of the code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// `hist.dlbcl_nos`.
    pub id: ConceptId,
    /// Its name for people.
    pub label: Text,
    /// How papers write it.
    pub forms: Vec<Form>,
    /// Codes of other systems: `("LOINC", "777-3")`.
    pub codes: Vec<(&'static str, String)>,
    /// Remarks for people.
    pub note: String,
    /// Test methods that show it, of a biomarker: `ihc`, `flow`, `fish`, `cyto`, `ngs`, `ish`, `score`.
    pub methods: Vec<String>,
}

/// A written form of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The form.
    pub text: String,
    /// The language it belongs to.
    pub lang: Lang,
    /// What must stand around it, where the form alone says too little.
    pub needs: Option<Needs>,
}

/// What must stand around an ambiguous form before it may be taken for its concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Never taken: the form says nothing by itself.
    Never,
    /// A number with a unit or a reference range.
    LabValue,
    /// Cycles, doses, other drugs or a word of treatment.
    Therapy,
    /// A word of response, or the place of a response in a course.
    Response,
    /// A sign or percent, or other markers beside it.
    Marker,
    /// A word of diagnosis, or a pathology report.
    Diagnosis,
    /// A variant, or a word of mutation.
    Gene,
}

/// What the catalogue knows of a lymphoma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histology {
    /// WHO-HAEM5 family.
    pub family: String,
    /// Label group.
    pub cart_group: String,
    /// Classifications that have the entity.
    pub scheme: String,
}

/// What the catalogue knows of a drug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drug {
    /// `anti-CD20`, `anthracycline` ...
    pub classes: Vec<String>,
}

/// What the catalogue knows of a regimen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regimen {
    /// Components; where one of several drugs is meant, all of them stand in one entry.
    pub components: Vec<Vec<ConceptId>>,
    /// `first_line`, `salvage`, `bridging`, `maintenance`, `CNS-directed`, `HDT`, `lymphodepletion`, `local`,
    /// `transplant`, `surgery`, `other`, `none`, `car_t_step`.
    pub purposes: Vec<String>,
    /// `Y`, `N`, or `?` where a physician decides.
    pub anthracycline: String,
    /// `Y`, `N`, or `?` where a physician decides.
    pub anti_cd20: String,
}

pub(crate) struct Terms {
    pub(crate) concepts: BTreeMap<ConceptId, Concept>,
    pub(crate) histologies: BTreeMap<ConceptId, Histology>,
    pub(crate) drugs: BTreeMap<ConceptId, Drug>,
    pub(crate) regimens: BTreeMap<ConceptId, Regimen>,
}

pub(crate) fn load(files: &Files, problems: &mut Vec<Problem>) -> Terms {
    let mut loader = Loader {
        terms: Terms {
            concepts: BTreeMap::new(),
            histologies: BTreeMap::new(),
            drugs: BTreeMap::new(),
            regimens: BTreeMap::new(),
        },
        ambiguous: ambiguous(files, problems),
        problems,
    };
    loader.histologies(files);
    loader.drugs(files);
    loader.regimens(files);
    loader.labs(files);
    loader.biomarkers(files);
    loader.findings(files);
    for kind in ["section", "comorbidity", "site", "symptom", "test", "event", "person"] {
        loader.plain(files, kind);
    }
    loader.extra_forms(files);
    loader.check_ambiguous();
    loader.terms
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraFormRow {
    id: String,
    lang: Lang,
    form: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AmbiguousRow {
    form: String,
    id: String,
    needs: Needs,
    #[serde(rename = "why")]
    _why: String,
}

/// (form, concept) -> what must stand around it, with the line it was said on.
type Ambiguous = HashMap<(String, ConceptId), (Needs, u64)>;

const AMBIGUOUS: &str = "terms/ambiguous.csv";

fn ambiguous(files: &Files, problems: &mut Vec<Problem>) -> Ambiguous {
    table::read::<AmbiguousRow>(files, AMBIGUOUS, problems)
        .into_iter()
        .map(|row| ((row.of.form, ConceptId::new(row.of.id)), (row.of.needs, row.line)))
        .collect()
}

/// The columns that every kind of term has.
#[derive(Deserialize)]
struct Common {
    id: String,
    en: String,
    forms_en: String,
    zh: String,
    forms_zh: String,
    note: String,
}

macro_rules! row {
    ($name:ident { $($field:ident),* }) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name { id: String, en: String, forms_en: String, zh: String, forms_zh: String, note: String, $($field: String),* }
        impl $name {
            fn common(&self) -> Common {
                Common {
                    id: self.id.clone(), en: self.en.clone(), forms_en: self.forms_en.clone(),
                    zh: self.zh.clone(), forms_zh: self.forms_zh.clone(), note: self.note.clone(),
                }
            }
        }
    };
}
row!(HistologyRow { icdo3, icd10, icdo_check, family, cart_group, scheme });
row!(DrugRow { atc, classes });
row!(RegimenRow { components, purpose, anthracycline, anti_cd20 });
row!(LabRow { loinc, loinc_check });
row!(BiomarkerRow { methods });
row!(FindingRow { system, code });
row!(SectionRow { loinc });
row!(ComorbidityRow { icd10 });
row!(PlainRow {});

struct Loader<'a> {
    terms: Terms,
    ambiguous: Ambiguous,
    problems: &'a mut Vec<Problem>,
}

impl Loader<'_> {
    fn histologies(&mut self, files: &Files) {
        const PATH: &str = "terms/histology.csv";
        for row in table::read::<HistologyRow>(files, PATH, self.problems) {
            let HistologyRow { icdo3, icd10, icdo_check, family, cart_group, scheme, .. } = &row.of;
            let check = if icdo_check == "memory" { "ICD-O-3 (unverified)" } else { "ICD-O-3" };
            let codes = vec![(check, icdo3.clone()), ("ICD-10", icd10.clone())];
            let histology =
                Histology { family: family.clone(), cart_group: cart_group.clone(), scheme: scheme.clone() };
            if let Some(id) = self.add(PATH, row.line, "hist", row.of.common(), codes) {
                self.terms.histologies.insert(id, histology);
            }
        }
    }

    fn drugs(&mut self, files: &Files) {
        const PATH: &str = "terms/drug.csv";
        for row in table::read::<DrugRow>(files, PATH, self.problems) {
            let drug = Drug { classes: list(&row.of.classes) };
            let codes = vec![("ATC", row.of.atc.clone())];
            if let Some(id) = self.add(PATH, row.line, "drug", row.of.common(), codes) {
                self.terms.drugs.insert(id, drug);
            }
        }
    }

    fn regimens(&mut self, files: &Files) {
        const PATH: &str = "terms/regimen.csv";
        for row in table::read::<RegimenRow>(files, PATH, self.problems) {
            let RegimenRow { components, purpose, anthracycline, anti_cd20, .. } = &row.of;
            let regimen = Regimen {
                components: components
                    .split('+')
                    .filter(|part| !part.is_empty())
                    .map(|part| list(part).into_iter().map(ConceptId::new).collect())
                    .collect(),
                purposes: list(purpose),
                anthracycline: anthracycline.clone(),
                anti_cd20: anti_cd20.clone(),
            };
            for drug in regimen.components.iter().flatten() {
                if !self.terms.drugs.contains_key(drug) {
                    self.problem(PATH, row.line, format!("`{drug}` is no drug of terms/drug.csv"));
                }
            }
            if let Some(id) = self.add(PATH, row.line, "reg", row.of.common(), Vec::new()) {
                self.terms.regimens.insert(id, regimen);
            }
        }
    }

    fn labs(&mut self, files: &Files) {
        const PATH: &str = "terms/lab.csv";
        for row in table::read::<LabRow>(files, PATH, self.problems) {
            let system = if row.of.loinc_check == "memory" { "LOINC (unverified)" } else { "LOINC" };
            let codes = vec![(system, row.of.loinc.clone())];
            self.add(PATH, row.line, "lab", row.of.common(), codes);
        }
    }

    fn biomarkers(&mut self, files: &Files) {
        const PATH: &str = "terms/biomarker.csv";
        for row in table::read::<BiomarkerRow>(files, PATH, self.problems) {
            let id = self.add(PATH, row.line, "bio", row.of.common(), Vec::new());
            if let Some(concept) = id.and_then(|id| self.terms.concepts.get_mut(&id)) {
                concept.methods = list(&row.of.methods);
            }
        }
    }

    fn findings(&mut self, files: &Files) {
        const PATH: &str = "terms/finding.csv";
        for row in table::read::<FindingRow>(files, PATH, self.problems) {
            let system = if row.of.system == "LOINC" { "LOINC (unverified)" } else { "ICD-10" };
            let codes = vec![(system, row.of.code.clone())];
            self.add(PATH, row.line, "find", row.of.common(), codes);
        }
    }

    fn plain(&mut self, files: &Files, kind: &str) {
        let path = format!("terms/{kind}.csv");
        let prefix = match kind {
            "section" => "sec",
            "comorbidity" => "com",
            "symptom" => "sym",
            "person" => "pt",
            other => other,
        };
        if kind == "section" {
            for row in table::read::<SectionRow>(files, &path, self.problems) {
                let codes = vec![("LOINC", row.of.loinc.clone())];
                self.add(&path, row.line, prefix, row.of.common(), codes);
            }
        } else if kind == "comorbidity" {
            for row in table::read::<ComorbidityRow>(files, &path, self.problems) {
                let codes = vec![("ICD-10", row.of.icd10.clone())];
                self.add(&path, row.line, prefix, row.of.common(), codes);
            }
        } else {
            for row in table::read::<PlainRow>(files, &path, self.problems) {
                self.add(&path, row.line, prefix, row.of.common(), Vec::new());
            }
        }
    }

    fn add(
        &mut self,
        path: &str,
        line: u64,
        prefix: &str,
        row: Common,
        codes: Vec<(&'static str, String)>,
    ) -> Option<ConceptId> {
        let id = ConceptId::new(row.id);
        if !id.is(prefix) || id.name().is_empty() {
            self.problem(path, line, format!("id `{id}` must begin with `{prefix}.`"));
            return None;
        }
        if self.terms.concepts.contains_key(&id) {
            self.problem(path, line, format!("id `{id}` stands twice"));
            return None;
        }
        if row.en.is_empty() || row.zh.is_empty() {
            self.problem(path, line, format!("`{id}` needs a name in both languages"));
            return None;
        }
        let forms = self.forms(&id, &row.forms_en, &row.forms_zh);
        let codes = codes.into_iter().filter(|(_, code)| !code.is_empty()).collect();
        let label = Text::new(row.en, row.zh);
        self.terms.concepts.insert(
            id.clone(),
            Concept { id: id.clone(), label, forms, codes, note: row.note, methods: Vec::new() },
        );
        Some(id)
    }

    fn forms(&self, id: &ConceptId, en: &str, zh: &str) -> Vec<Form> {
        let of =
            |cell: &str, lang: Lang| list(cell).into_iter().map(move |text| (text, lang)).collect::<Vec<_>>();
        of(en, Lang::En)
            .into_iter()
            .chain(of(zh, Lang::Zh))
            .map(|(text, lang)| {
                let needs = self.ambiguous.get(&(text.clone(), id.clone())).map(|(needs, _)| *needs);
                Form { text, lang, needs }
            })
            .collect()
    }

    /// Forms that papers use and the lexicon's own rows lack.
    fn extra_forms(&mut self, files: &Files) {
        const PATH: &str = "terms/extra_forms.csv";
        for row in table::read::<ExtraFormRow>(files, PATH, self.problems) {
            let ExtraFormRow { id, lang, form: text } = row.of;
            let id = ConceptId::new(id);
            let needs = self.ambiguous.get(&(text.clone(), id.clone())).map(|(needs, _)| *needs);
            match self.terms.concepts.get_mut(&id) {
                Some(concept) if concept.forms.iter().any(|form| form.text == text) => {}
                Some(concept) => concept.forms.push(Form { text, lang, needs }),
                None => self.problem(PATH, row.line, format!("`{id}` is no concept of terms/")),
            }
        }
    }

    fn check_ambiguous(&mut self) {
        let mut rows: Vec<_> = self.ambiguous.iter().map(|(key, (_, line))| (*line, key.clone())).collect();
        rows.sort();
        for (line, (form, id)) in rows {
            let known = self
                .terms
                .concepts
                .get(&id)
                .is_some_and(|concept| concept.forms.iter().any(|of| of.text == form));
            if !known {
                self.problem(AMBIGUOUS, line, format!("`{form}` is no form of `{id}`"));
            }
        }
    }

    fn problem(&mut self, path: &str, line: u64, what: String) {
        self.problems.push(Problem { file: path.to_owned(), line, what });
    }
}
