//! Lines of therapy inside one text: a new line with a new regimen after relapse, progression or a poor response.
//!
//! ## Reads
//! Facts in reading order, and the words between two courses: a switch for toxicity or biology stays in its line,
//! a transplant in remission, maintenance, consolidation and prophylaxis too; drugs joined by `+` are one line.
//!
//! ## Never
//! Bridging and lymphodepletion have no line; radiotherapy alone, surgery, eradication and supportive drugs are none.
//! A line that the paper numbers keeps its number.

mod days;

use super::Text;
use crate::{
    Engine,
    language::lowered,
    vocabulary::exchange::{
        CLASS_DATES, JOINED_CUT, JOINED_FIRM, SWITCH_EXPLAINED_EXPLAINED, SWITCH_EXPLAINED_TURNS,
    },
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Assertion, ConceptId, Experiencer, Fact, Value,
    fact::{Attr, AttrValue},
};

/// The line of each fact, where it has one. `text` is the record's; `spans` are the places of the facts in it.
pub(super) fn count(
    engine: &Engine,
    text: &Text<'_>,
    spans: &[(usize, usize)],
    facts: &[Fact],
) -> Vec<Option<f64>> {
    let mut counter =
        Counter { catalogue: &engine.catalogue, text, ..Counter::empty(&engine.catalogue, text) };
    counter.stated = facts
        .iter()
        .find(|fact| fact.concept.as_str() == "event.line_count" && fact.assertion == Assertion::Present)
        .and_then(|fact| match fact.value {
            Value::Number(number) => Some(number),
            _ => None,
        });
    let mut lines: Vec<Option<f64>> =
        facts.iter().zip(spans).map(|(fact, span)| counter.told_of(fact, *span)).collect();
    days::in_order(facts, &mut lines);
    lines
}

struct Counter<'a> {
    catalogue: &'a Catalogue,
    text: &'a Text<'a>,
    /// The line being told.
    line: f64,
    /// The course told last, and where it ended.
    last: Option<(ConceptId, (usize, usize))>,
    /// A relapse or a poor response was told since.
    failed: bool,
    /// How many lines the paper itself counts.
    stated: Option<f64>,
    /// The regimen told last, and its line.
    regimen: Option<Told>,
}

/// A regimen that was told.
#[derive(Clone)]
struct Told {
    concept: ConceptId,
    span: (usize, usize),
    line: Option<f64>,
}

/// What a course is to the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// No systemic therapy against the disease, or a step before cells.
    None,
    /// Belongs to the line it follows.
    Follows,
    /// A high dose with the patient's or a donor's stem cells.
    Transplant,
    /// May open a line.
    Course,
}

impl<'a> Counter<'a> {
    fn empty(catalogue: &'a Catalogue, text: &'a Text<'a>) -> Self {
        Self { catalogue, text, line: 0.0, last: None, failed: false, stated: None, regimen: None }
    }

    /// The drugs in a bracket behind their regimen are of its line, and open none.
    fn told_of(&mut self, fact: &Fact, span: (usize, usize)) -> Option<f64> {
        let given = fact.experiencer == Experiencer::Patient && fact.assertion == Assertion::Present;
        if given
            && fact.concept.is("drug")
            && let Some(Told { span: regimen, line, .. }) = self.regimen.clone()
            && (self.is_in_list_of(regimen, span) || self.is_told_behind_colon(fact, span))
        {
            let follows = self.role(fact) != Role::None;
            return line.filter(|_| follows);
        }
        let line = self.read(fact, span);
        if given && fact.concept.is("reg") {
            self.regimen = Some(Told { concept: fact.concept.clone(), span, line });
        }
        line
    }

    /// `R-CHOP（利妥昔单抗、环磷酰胺…）`, "R-ICE x3 (rituximab, ...)": the bracket that holds the place opened at the regimen.
    fn is_in_list_of(&self, regimen: (usize, usize), span: (usize, usize)) -> bool {
        const LONGEST: usize = 200;
        const GLUE: usize = 10;
        if span.0 <= regimen.0 || span.0 - regimen.0 > LONGEST {
            return false;
        }
        let text: Vec<char> = self.text.slice(regimen.0, span.0).chars().collect();
        let mut depth = 0usize;
        let mut opened = None;
        for (at, of) in text.iter().enumerate() {
            match of {
                '(' | '（' if depth == 0 => (depth, opened) = (1, Some(at)),
                '(' | '（' => depth += 1,
                ')' | '）' => depth = depth.saturating_sub(1),
                '。' | '\n' => return false,
                _ => {}
            }
        }
        let Some(open) = opened.filter(|_| depth > 0) else { return false };
        let name_end = (regimen.1 - regimen.0).min(open);
        let glue = &text[name_end..open];
        glue.len() <= GLUE && !glue.iter().any(|of| matches!(of, ',' | '，' | ';' | '；' | '→' | '>'))
    }

    /// `R-CHOP方案化疗,具体:利妥昔单抗600mg d0,表柔比星120mg d1`: behind the colon stands what the regimen is made of.
    fn is_told_behind_colon(&self, fact: &Fact, span: (usize, usize)) -> bool {
        const LEAD: usize = 14;
        let Some(Told { concept, span: regimen, .. }) = &self.regimen else { return false };
        if span.0 <= regimen.1 {
            return false;
        }
        let text = self.text.slice(regimen.1, span.0);
        let colon = text.chars().take(LEAD).any(|of| matches!(of, ':' | '：'));
        colon && !text.contains(['。', '\n', '→']) && self.is_part(concept, &fact.concept)
    }

    /// A drug of the regimen, or of the class of one of its drugs: epirubicin for doxorubicin, vindesine for vincristine.
    fn is_part(&self, regimen: &ConceptId, drug: &ConceptId) -> bool {
        let classes = self.catalogue.drug_classes(drug);
        let alike = |of: &ConceptId| {
            of == drug || self.catalogue.drug_classes(of).iter().any(|class| classes.contains(class))
        };
        self.catalogue.regimen(regimen).is_some_and(|of| of.components.iter().flatten().any(alike))
    }

    fn read(&mut self, fact: &Fact, span: (usize, usize)) -> Option<f64> {
        let of_patient = fact.experiencer == Experiencer::Patient && fact.assertion == Assertion::Present;
        if !of_patient {
            return None;
        }
        match fact.concept.as_str() {
            "find.pd" | "find.sd" | "find.no_response" | "find.relapsed" | "find.early_relapse" => {
                self.failed = true;
                return None;
            }
            _ if !matches!(fact.concept.kind(), "reg" | "drug") => return None,
            _ => {}
        }
        let role = self.role(fact);
        if role == Role::None || self.is_date_of_class(fact, span) {
            return None;
        }
        if let Some(AttrValue::Number(line)) = fact.attrs.get(&Attr::Line) {
            self.line = *line;
            return self.told(fact, span, Some(*line));
        }
        match role {
            Role::None => None,
            Role::Follows => (self.line > 0.0).then_some(self.line),
            Role::Transplant => self.transplant(fact, span),
            Role::Course => self.course(fact, span),
        }
    }

    fn told(&mut self, fact: &Fact, span: (usize, usize), line: Option<f64>) -> Option<f64> {
        self.last = Some((fact.concept.clone(), span));
        self.failed = false;
        line
    }

    /// In remission of a line it stays in it; straight after a relapse it is a line of its own.
    fn transplant(&mut self, fact: &Fact, span: (usize, usize)) -> Option<f64> {
        if self.line == 0.0 {
            return None;
        }
        if self.failed {
            self.line += 1.0;
        }
        self.told(fact, span, Some(self.line))
    }

    fn course(&mut self, fact: &Fact, span: (usize, usize)) -> Option<f64> {
        let same = match &self.last {
            None => false,
            Some((concept, (start, end))) => {
                // "intolerant of ibrutinib": the reason may stand before the course.
                let lead = self.between(start.saturating_sub(20), *start);
                let intolerant = ["intoleran", "不耐受", "不能耐受"].iter().any(|word| lead.contains(word));
                let between = self.between(*end, span.0);
                let again = *concept == fact.concept && !self.failed;
                again
                    || (!self.failed && self.adds_antibody(concept, &fact.concept))
                    || self.is_joined(&between, fact)
                    || self.names_drugs_before(concept, &between, fact, span)
                    || (!self.failed && self.is_added(span))
                    || (!self.failed && (intolerant || self.is_switch(&between)))
                    || (!self.failed
                        && self.is_left_for_reason(&self.between(start.saturating_sub(40), *start), &between))
                    || (!self.failed && self.is_switch_explained(&format!("{lead}{between}"), span))
                    || (!self.failed && self.is_adjunct(fact))
            }
        };
        if !same || self.line == 0.0 {
            // "Surgery in 1999, R-CHOP x8 for relapse in 2006": something stood before the first course told.
            let again = self.line == 0.0 && self.is_for_relapse(span);
            self.line += if again { 2.0 } else { 1.0 };
        }
        if self.says_last(span)
            && let Some(stated) = self.stated
        {
            self.line = stated;
        }
        self.told(fact, span, Some(self.line))
    }

    /// "CHOP 3 courses, then R-CHOP 5 courses": the same drugs with an antibody added are the same line.
    fn adds_antibody(&self, last: &ConceptId, next: &ConceptId) -> bool {
        let (Some(last), Some(next)) = (self.catalogue.regimen(last), self.catalogue.regimen(next)) else {
            return false;
        };
        let antibody = |of: &Vec<ConceptId>| {
            of.iter().all(|drug| self.catalogue.drug_classes(drug).iter().any(|class| class == "anti-CD20"))
        };
        let bare: Vec<_> = next.components.iter().filter(|of| !antibody(of)).collect();
        let added = bare.len() < next.components.len() && !last.components.iter().any(antibody);
        added && !bare.is_empty() && last.components.iter().collect::<Vec<_>>() == bare
    }

    /// "cisplatin with rituximab (R-DHAP)", `加用来那度胺（R2-CHOP）`: the regimen that the drugs before the bracket make up.
    fn names_drugs_before(&self, last: &ConceptId, between: &str, fact: &Fact, span: (usize, usize)) -> bool {
        let opened = matches!(between.trim(), "(" | "（");
        let closed = self.between(span.0, span.1 + 12).contains([')', '）']);
        let holds = self
            .catalogue
            .regimen(&fact.concept)
            .is_some_and(|of| of.components.iter().any(|one_of| one_of.contains(last)));
        opened && closed && holds && last.is("drug")
    }

    /// `第4程起加用泽布替尼`: added to the course that goes on.
    fn is_added(&self, span: (usize, usize)) -> bool {
        const LEAD: usize = 8;
        let words = self.between(span.0.saturating_sub(LEAD), span.1);
        ["起加用", "程加用", "周期加用", "开始加用", "基础上加用", "基础上联合", "起联合", "时加用"]
            .iter()
            .any(|word| words.contains(word))
    }

    fn between(&self, from: usize, to: usize) -> String {
        if from >= to {
            return String::new();
        }
        lowered(self.text.slice(from, to))
    }

    /// `R-CHOP×6+HD-MTX×2`, `泽布替尼联合来那度胺`, "acalabrutinib and venetoclax".
    fn is_joined(&self, between: &str, fact: &Fact) -> bool {
        // Most courses stand farther apart.
        if between.chars().nth(14).is_some() {
            return false;
        }
        let firm = JOINED_FIRM.iter().any(|word| between.contains(word));
        let listed = self.stated.is_some();
        let drugs = fact.concept.is("drug") && self.last.as_ref().is_some_and(|(last, _)| last.is("drug"));
        let loose = drugs
            && !listed
            && [" and ", "和", "及", "、"].contains(&between.trim_matches(|of: char| of.is_ascii_digit()));
        let cut = JOINED_CUT.iter().any(|word| between.contains(word));
        // `CTX 1.2g d1,多柔比星80mg d1`: a list of drugs with their doses is one course.
        let dose = |of: char| of.is_ascii_digit() || " .,，、/-~mgdwq²^2mivgtt".contains(of);
        let dosed = drugs && between.chars().any(|of| of.is_ascii_digit()) && between.chars().all(dose);
        dosed || !cut && (firm || loose)
    }

    /// Toxicity or biology changed the regimen, not the disease.
    fn is_switch(&self, between: &str) -> bool {
        const REASONS: [&str; 66] = [
            "fibrillation",
            "held for",
            "bleeding",
            "rash",
            "neutropenia",
            "cytopenia",
            "thrombocytopenia",
            "房颤",
            "出血",
            "骨髓抑制",
            "血小板",
            "皮疹",
            "心力衰竭",
            "心衰",
            "心功能",
            "毒性",
            "不耐受",
            "不能耐受",
            "不良反应",
            "副作用",
            "神经病变",
            "肝功能",
            "感染",
            "过敏",
            "双打击",
            "双表达",
            "三打击",
            "fish",
            "强化",
            "升级",
            "减量",
            "ejection",
            "lvef",
            "ef ",
            "toxicity",
            "intoleran",
            "neuropathy",
            "heart failure",
            "cardiac",
            "cardiomyopathy",
            "double-hit",
            "double hit",
            "escalat",
            "intensif",
            "de-escalat",
            "allerg",
            "side effect",
            "adverse",
            "poorly tolerated",
            "not tolerated",
            "reduced to",
            "switched because",
            "palpitation",
            "bruis",
            "diarrh",
            "arthralgia",
            "headache",
            "hypertension",
            "not for progression",
            "same line",
            "same-line",
            "aki",
            "renal",
            "同一线",
            "支",
            "因",
        ];
        between.chars().count() <= 160 && REASONS[..64].iter().any(|word| between.contains(word))
    }

    /// `因房颤停用伊布替尼,换为泽布替尼`: the reason stands before the course that was left.
    fn is_left_for_reason(&self, lead: &str, between: &str) -> bool {
        let clause = lead.rsplit(['。', ';', '；', '.']).next().unwrap_or_default();
        let left = ["停用", "停", "停服", "stopped ", "stopping ", "discontinued "];
        left.iter().any(|word| clause.ends_with(word))
            && self.is_switch(clause)
            && ["换", "改", "switch", "replaced", "changed"].iter().any(|word| between.contains(word))
    }

    /// "switched to DA-EPOCH-R when FISH showed MYC and BCL2 rearrangement": the reason stands behind.
    fn is_switch_explained(&self, between: &str, span: (usize, usize)) -> bool {
        const REACH: usize = 60;
        // The count behind the reason may have drawn the reason into the span.
        let behind = self.between(span.0, span.1 + REACH);
        let clause = behind.split(['.', '。', ';', ',']).next().unwrap_or_default();
        let explained = SWITCH_EXPLAINED_EXPLAINED.iter().any(|word| clause.contains(word));
        SWITCH_EXPLAINED_TURNS.iter().any(|word| between.contains(word))
            && explained
            && self.is_switch(clause)
    }

    /// "EF 48% after anthracyclines": a class of drugs that only dates something.
    fn is_date_of_class(&self, fact: &Fact, span: (usize, usize)) -> bool {
        const REACH: usize = 40;
        let before = self.between(span.0.saturating_sub(REACH), span.0);
        fact.concept.as_str() == "drug.anthracycline" && CLASS_DATES.iter().any(|word| before.ends_with(word))
    }

    /// Methotrexate for the brain beside a course is no line of its own.
    fn is_adjunct(&self, fact: &Fact) -> bool {
        self.line > 0.0 && matches!(fact.concept.as_str(), "reg.hd_mtx" | "reg.it_chemo")
    }

    /// "R-CHOP for relapse in 2006", "R-ICE at first relapse".
    fn is_for_relapse(&self, span: (usize, usize)) -> bool {
        let behind = self.between(span.1, span.1 + 24);
        let behind = behind.trim_start();
        ["for relapse", "for first relapse", "for the relapse", "at relapse", "at first relapse"]
            .iter()
            .any(|word| behind.starts_with(word))
    }

    /// "the last being", `末线为` before the course.
    fn says_last(&self, span: (usize, usize)) -> bool {
        let before = self.between(span.0.saturating_sub(24), span.0);
        [
            "last being",
            "last line",
            "last was ",
            "latest was ",
            "the last was",
            "most recent",
            "most recently",
            "末线",
            "最后一线",
            "末次方案",
        ]
        .iter()
        .any(|word| before.contains(word))
    }

    fn role(&self, fact: &Fact) -> Role {
        let id = fact.concept.as_str();
        match fact.word(Attr::Intent) {
            Some(
                "bridging" | "lymphodepletion" | "conditioning" | "mobilisation" | "antiviral"
                | "another_illness",
            ) => {
                return Role::None;
            }
            Some("maintenance" | "consolidation" | "prophylaxis")
                if !matches!(id, "reg.asct" | "reg.allosct") =>
            {
                return self.follower(fact);
            }
            _ => {}
        }
        if matches!(id, "reg.asct" | "reg.allosct") {
            return Role::Transplant;
        }
        match self.catalogue.regimen(&fact.concept) {
            Some(regimen) => {
                let has = |of: &str| regimen.purposes.iter().any(|purpose| purpose == of);
                let none = [
                    "local",
                    "lymphodepletion",
                    "surgery",
                    "other",
                    "none",
                    "car_t_step",
                    "transplant",
                    "HDT",
                ];
                if none.iter().any(|of| has(of)) || id == "reg.wbrt" {
                    Role::None
                } else if has("maintenance") && !has("first_line") {
                    Role::Follows
                } else if id == "reg.it_chemo" {
                    if self.line > 0.0 { Role::Follows } else { Role::None }
                } else {
                    Role::Course
                }
            }
            None if self.catalogue.drug_classes(&fact.concept).is_empty() => {
                if fact.concept.is("reg") {
                    Role::Course
                } else {
                    Role::None
                }
            }
            None if crate::record::is_antitumour(self.catalogue, &fact.concept) => Role::Course,
            None => Role::None,
        }
    }

    /// Prophylaxis with aciclovir is of no line.
    fn follower(&self, fact: &Fact) -> Role {
        let classes = self.catalogue.drug_classes(&fact.concept);
        let supportive = fact.concept.is("drug")
            && !crate::record::is_antitumour(self.catalogue, &fact.concept)
            && !classes.iter().any(|of| of == "antimetabolite");
        if supportive { Role::None } else { Role::Follows }
    }
}
