//! Lines of therapy.
//!
//! A line is a planned course of systemic therapy: induction with its planned consolidation, transplant and
//! maintenance. A new line begins with another regimen after progression, relapse or too little response.
//! Radiotherapy alone, surgery, steroids alone, prophylaxis, bridging and lymphodepletion are no lines
//! (convention; no label defines it).

use super::{
    Facts, by_date,
    courses::{self, Course, has_purpose, later},
    months,
};
use cartulary_model::{
    Assertion, ConceptId, Fact, FactId, Lang, PartialDate, Text,
    fact::Attr,
    record::{
        Conflict, LineOfTherapy, OtherTherapy, ReasonForEnding, Response, ResponseCategory, Sourced,
        Transformation, Transplant,
    },
};

/// What the papers tell of treatment.
pub(super) struct Told {
    pub(super) lines: Vec<LineOfTherapy>,
    pub(super) others: Vec<OtherTherapy>,
    pub(super) last_response: Option<Response>,
    pub(super) conflicts: Vec<Conflict>,
}

pub(super) fn reconcile(facts: &Facts<'_>, transformation: Option<&Transformation>) -> Told {
    let mut all = courses::courses(facts);
    in_time_order(&mut all);
    let events = events(facts);
    let mut builder = Builder { facts, events: &events, lines: Vec::new(), others: not_given(facts) };
    for course in &all {
        builder.place(course);
    }
    let (mut lines, mut others) = (builder.lines, builder.others);
    for index in 0..lines.len() {
        let next = lines.get(index + 1).and_then(|line| line.start);
        close(facts, &events, &mut lines[index], next);
    }
    set_phase(&mut lines, transformation);
    // A steroid of a regimen is no treatment of its own.
    others.retain(|other| {
        other.intent != "steroid" || !lines.iter().any(|line| line.components.contains(&other.concept))
    });
    others.sort_by(|a, b| by_date((a.start, &a.facts), (b.start, &b.facts)));
    let conflicts = count_conflict(facts, &lines);
    let last_response = last_response(&lines, &events);
    Told { lines, others, last_response, conflicts }
}

/// Dated courses by date; an undated one behind the course told before it in its paper.
fn in_time_order(all: &mut Vec<Course>) {
    let (mut dated, undated): (Vec<Course>, Vec<Course>) =
        all.drain(..).partition(|course| course.start.is_some());
    dated.sort_by_key(|course| (course.start.map(|of| (of.earliest(), of.latest())), course.told.clone()));
    for course in undated {
        let numbered = course
            .line
            .and_then(|line| dated.iter().position(|of| of.line.is_some_and(|other| other > line)));
        let after = course
            .told
            .iter()
            .flat_map(|(document, fact)| {
                dated.iter().enumerate().flat_map(move |(index, other)| {
                    other
                        .told
                        .iter()
                        .filter(move |(of, told)| of == document && told < fact)
                        .map(move |(_, told)| (*told, index))
                })
            })
            .max()
            .map(|(_, index)| index + 1);
        let place = numbered.or(after).unwrap_or(0);
        dated.insert(place.min(dated.len()), course);
    }
    *all = dated;
}

/// A response, relapse or progression.
#[derive(Clone, Debug)]
struct Event<'a> {
    fact: &'a Fact,
    date: Option<PartialDate>,
    category: Option<ResponseCategory>,
    relapse: bool,
}

fn events<'a>(facts: &Facts<'a>) -> Vec<Event<'a>> {
    let mut events: Vec<Event<'a>> = facts
        .of_kind(&["find"])
        .filter(|fact| fact.assertion == Assertion::Present)
        .filter_map(|fact| {
            let category = match fact.concept.as_str() {
                "find.cr" => Some(ResponseCategory::CR),
                "find.pr" => Some(ResponseCategory::PR),
                "find.sd" | "find.no_response" => Some(ResponseCategory::SD),
                "find.pd" => Some(ResponseCategory::PD),
                "find.relapsed" | "find.early_relapse" => None,
                _ => return None,
            };
            Some(Event { fact, date: fact.date, category, relapse: category.is_none() })
        })
        .collect();
    events.sort_by(|a, b| by_date((a.date, &[a.fact.id]), (b.date, &[b.fact.id])));
    events
}

struct Builder<'a, 'f> {
    facts: &'a Facts<'f>,
    events: &'a [Event<'f>],
    lines: Vec<LineOfTherapy>,
    others: Vec<OtherTherapy>,
}

impl Builder<'_, '_> {
    fn place(&mut self, course: &Course) {
        let catalogue = self.facts.catalogue;
        let purpose = |of: &str| has_purpose(catalogue, &course.concept, of);
        let intent = course.intent.as_deref().unwrap_or_default();
        if purpose("HDT") || purpose("transplant") || intent == "conditioning" || intent == "mobilisation" {
            return self.transplant(course);
        }
        // Several drugs for the brain treat a disease there; one drug is given against it beforehand.
        let treats_brain = purpose("CNS-directed") && course.components.len() > 2 && intent != "prophylaxis";
        if let Some(reason) = no_line(&purpose, intent).filter(|_| !treats_brain) {
            return self.other(course, reason);
        }
        let maintenance = intent == "maintenance" || (purpose("maintenance") && !purpose("salvage"));
        if (maintenance || intent == "consolidation") && !self.lines.is_empty() {
            return self.continued(course);
        }
        match self.lines.last() {
            Some(last) if self.adds_antibody(last, course) && !self.failed_between(last, course) => {
                self.strengthen(course);
            }
            Some(last) if course.added && !self.failed_between(last, course) => self.add(course),
            Some(last) if !self.begins_new_line(last, course) => self.extend(course),
            _ => self.begin(course),
        }
    }

    fn begins_new_line(&self, last: &LineOfTherapy, course: &Course) -> bool {
        let cell_therapy = is_cell_therapy(self.facts, course) != last.cell_therapy;
        if cell_therapy || course.line.is_some_and(|line| line > last.number) {
            return true;
        }
        if last.regimen.as_ref() == Some(&course.concept)
            && last.components == course.components.iter().cloned().collect::<Vec<_>>()
        {
            return self.failed_between(last, course);
        }
        true
    }

    /// CHOP and then R-CHOP: the same drugs with an anti-CD20 antibody added.
    fn adds_antibody(&self, last: &LineOfTherapy, course: &Course) -> bool {
        let antibody = |drug: &&ConceptId| {
            self.facts.catalogue.drug_classes(drug).iter().any(|class| class == "anti-CD20")
        };
        let bare: Vec<&ConceptId> = course.components.iter().filter(|drug| !antibody(drug)).collect();
        let added =
            bare.len() < course.components.len() && !last.components.iter().any(|drug| antibody(&drug));
        added && !bare.is_empty() && last.components.iter().collect::<Vec<_>>() == bare
    }

    /// Relapse, progression or too little response between two courses.
    fn failed_between(&self, last: &LineOfTherapy, course: &Course) -> bool {
        self.events.iter().any(|event| {
            let fails =
                event.relapse || matches!(event.category, Some(ResponseCategory::PD | ResponseCategory::SD));
            let after = last
                .end
                .or(last.start)
                .zip(event.date)
                .is_some_and(|(end, date)| date.latest() >= end.earliest());
            let before =
                course.start.zip(event.date).is_some_and(|(start, date)| date.earliest() <= start.latest());
            fails && after && before
        })
    }

    fn begin(&mut self, course: &Course) {
        let number = u32::try_from(self.lines.len() + 1).unwrap_or(u32::MAX);
        let regimen = course.concept.is("reg").then(|| course.concept.clone());
        self.lines.push(LineOfTherapy {
            number,
            regimen,
            label: label(self.facts, course),
            components: course.components.iter().cloned().collect(),
            cycles_given: course.cycles,
            start: course.start,
            end: course.end,
            cell_therapy: is_cell_therapy(self.facts, course),
            facts: told(course),
            ..LineOfTherapy::default()
        });
    }

    fn extend(&mut self, course: &Course) {
        if let Some(last) = self.lines.last_mut() {
            last.end = later(last.end, course.end);
            last.cycles_given = last.cycles_given.max(course.cycles);
            last.facts.extend(told(course));
        }
    }

    /// R-CHOP with zanubrutinib from its fourth cycle: one line with the drugs of both.
    fn add(&mut self, course: &Course) {
        let label = label(self.facts, course);
        self.extend(course);
        if let Some(last) = self.lines.last_mut() {
            last.label = format!("{} + {label}", last.label);
            last.components.extend(course.components.iter().cloned());
            last.components.sort();
            last.components.dedup();
        }
    }

    /// CHOP that went on as R-CHOP: one line with the drugs and the cycles of both.
    fn strengthen(&mut self, course: &Course) {
        let label = label(self.facts, course);
        if let Some(last) = self.lines.last_mut() {
            last.label = format!("{}, {label}", last.label);
            last.regimen = Some(course.concept.clone());
            last.components = course.components.iter().cloned().collect();
            last.cycles_given = match (last.cycles_given, course.cycles) {
                (Some(before), Some(after)) => Some(before + after),
                _ => None,
            };
            last.end = later(last.end, course.end);
            last.facts.extend(told(course));
        }
    }

    fn continued(&mut self, course: &Course) {
        let line = self.line_at(course.start);
        if let Some(line) = line {
            if !line.continued_with.contains(&course.concept) {
                line.continued_with.push(course.concept.clone());
            }
            line.end = later(line.end, course.end);
            line.facts.extend(told(course));
        }
    }

    fn transplant(&mut self, course: &Course) {
        let is_transplant = matches!(course.concept.as_str(), "reg.asct" | "reg.allosct");
        let start = course.start;
        let Some(line) = self.line_at(start) else { return self.other(course, "transplant") };
        if is_transplant {
            line.transplant = Some(Transplant { concept: course.concept.clone(), date: start });
        }
        line.end = later(line.end, course.end);
        line.facts.extend(told(course));
    }

    /// The line a consolidation belongs to: the last one begun before it.
    fn line_at(&mut self, date: Option<PartialDate>) -> Option<&mut LineOfTherapy> {
        let index = self.lines.iter().rposition(|line| {
            date.zip(line.start).is_none_or(|(date, start)| start.earliest() <= date.latest())
        })?;
        self.lines.get_mut(index)
    }

    fn other(&mut self, course: &Course, intent: &str) {
        self.others.push(OtherTherapy {
            concept: course.concept.clone(),
            label: label(self.facts, course),
            intent: intent.to_owned(),
            assertion: Assertion::Present,
            start: course.start,
            end: course.end,
            facts: told(course),
        });
    }
}

/// Why a course is no line of its own.
fn no_line(purpose: &dyn Fn(&str) -> bool, intent: &str) -> Option<&'static str> {
    let by_intent = match intent {
        "bridging" => Some("bridging"),
        "lymphodepletion" => Some("lymphodepletion"),
        "prophylaxis" => Some("prophylaxis"),
        "antiviral" => Some("antiviral"),
        "another_illness" => Some("another_illness"),
        _ => None,
    };
    let by_purpose = [
        ("local", "radiotherapy"),
        ("lymphodepletion", "lymphodepletion"),
        ("CNS-directed", "prophylaxis"),
        ("surgery", "surgery"),
        ("none", "observation"),
        ("car_t_step", "car_t_step"),
        ("other", "other"),
    ];
    by_intent.or_else(|| by_purpose.iter().find(|(of, _)| purpose(of)).map(|(_, reason)| *reason))
}

fn is_cell_therapy(facts: &Facts<'_>, course: &Course) -> bool {
    course.components.iter().chain([&course.concept]).any(|drug| facts.catalogue.is_of_class(drug, "CAR-T"))
}

fn label(facts: &Facts<'_>, course: &Course) -> String {
    let name = |concept: &ConceptId| facts.catalogue.label(concept, Lang::En).to_owned();
    if course.concept.as_str() == "reg.btki_mono" && !course.components.is_empty() {
        return course.components.iter().map(name).collect::<Vec<_>>().join(" + ");
    }
    if course.concept.is("drug") && course.components.len() > 1 {
        return course.components.iter().map(name).collect::<Vec<_>>().join(" + ");
    }
    name(&course.concept)
}

fn told(course: &Course) -> Vec<FactId> {
    course.told.iter().map(|(_, fact)| *fact).collect()
}

/// Planned, refused and supportive treatment.
fn not_given(facts: &Facts<'_>) -> Vec<OtherTherapy> {
    let mut others: Vec<OtherTherapy> = Vec::new();
    for fact in facts.of_kind(&["reg", "drug"]) {
        let supportive = fact.concept.is("drug") && !courses::is_antitumour(facts.catalogue, &fact.concept);
        let intent = match fact.assertion {
            Assertion::Hypothetical => "planned",
            Assertion::Negated if fact.word(Attr::Status) == Some("refused") => "refused",
            Assertion::Negated => "not_given",
            Assertion::Possible => "doubtful",
            Assertion::Present if supportive => supportive_intent(facts, fact),
            Assertion::Present => continue,
        };
        match others.iter_mut().find(|of| of.concept == fact.concept && of.intent == intent) {
            Some(known) => {
                known.facts.push(fact.id);
                known.start = super::diagnoses::earlier(known.start, fact.date);
            }
            None => others.push(OtherTherapy {
                concept: fact.concept.clone(),
                label: facts.catalogue.label(&fact.concept, Lang::En).to_owned(),
                intent: intent.to_owned(),
                assertion: fact.assertion,
                start: fact.day(Attr::Start).or(fact.date),
                end: fact.day(Attr::End),
                facts: vec![fact.id],
            }),
        }
    }
    others
}

fn supportive_intent(facts: &Facts<'_>, fact: &Fact) -> &'static str {
    let class = |of: &str| facts.catalogue.is_of_class(&fact.concept, of);
    if class("HBV antiviral") {
        "antiviral"
    } else if class("corticosteroid") {
        "steroid"
    } else {
        "supportive"
    }
}

/// Responses, relapse and the reason for ending.
fn close(facts: &Facts<'_>, events: &[Event<'_>], line: &mut LineOfTherapy, next: Option<PartialDate>) {
    let own: Vec<&Event<'_>> = events.iter().filter(|event| belongs(facts, event, line, next)).collect();
    let response = |event: &&Event<'_>| {
        event.category.map(|category| Response { category, date: event.date, facts: vec![event.fact.id] })
    };
    let responses: Vec<Response> = own.iter().filter_map(response).collect();
    line.best_response = responses
        .iter()
        // The first time the best response was stated, by the statement that dates it best.
        .max_by_key(|of| (of.category, of.date.map_or(0, PartialDate::precision), std::cmp::Reverse(of.date)))
        .cloned();
    line.last_response =
        responses.iter().rev().find(|of| of.date.is_some()).or_else(|| responses.last()).cloned();
    let relapse = own.iter().find(|event| event.relapse);
    let progression = own.iter().find(|event| event.category == Some(ResponseCategory::PD));
    // A date that cannot lie before the line's end says when it failed; "2022" alone only that it did.
    let after_end = |date: &PartialDate| line.end.is_none_or(|end| date.earliest() >= end.earliest());
    let failing = own.iter().filter(|event| event.relapse || event.category == Some(ResponseCategory::PD));
    let dates: Vec<PartialDate> = failing.clone().filter_map(|event| event.date).collect();
    line.failed_on = dates
        .iter()
        .copied()
        .filter(after_end)
        .min_by_key(|date| date.earliest())
        .or_else(|| dates.iter().copied().max_by_key(|date| date.latest()));
    line.months_to_relapse = failing.filter_map(|event| months(event.fact)).next();
    let toxicity = facts.all.iter().any(|fact| {
        fact.concept.as_str() == "event.toxicity"
            && fact.assertion == Assertion::Present
            && line.facts.iter().any(|of| of.0.abs_diff(fact.id.0) <= 4)
    });
    let best = line.best_response.as_ref().map(|of| of.category);
    line.reason_for_ending = if toxicity {
        Some(ReasonForEnding::Toxicity)
    } else if relapse.is_some() && (best == Some(ResponseCategory::CR) || progression.is_none()) {
        Some(ReasonForEnding::Relapse)
    } else if progression.is_some() {
        Some(ReasonForEnding::Progression)
    } else if best == Some(ResponseCategory::SD) {
        Some(ReasonForEnding::InsufficientResponse)
    } else if line.cycles_given.is_some() && best.is_some() {
        Some(ReasonForEnding::Completed)
    } else {
        None
    };
    line.facts.extend(own.iter().map(|event| event.fact.id));
    line.facts.sort();
    line.facts.dedup();
}

/// An event belongs to the line whose time it falls in, else to the therapy it is said to follow.
fn belongs(facts: &Facts<'_>, event: &Event<'_>, line: &LineOfTherapy, next: Option<PartialDate>) -> bool {
    let named = event.fact.word(Attr::After).map(ConceptId::from);
    let names_this = named.as_ref().is_some_and(|of| {
        line.regimen.as_ref() == Some(of)
            || line.components.contains(of)
            || line.continued_with.contains(of)
            || line.transplant.as_ref().is_some_and(|transplant| transplant.concept == *of)
    });
    let Some(date) = event.date else { return names_this };
    let begun = line.start.is_none_or(|start| start.earliest() <= date.latest());
    let before_next = next.is_none_or(|next| date.earliest() <= next.latest());
    // On the day the next line begins, the words say which one is meant.
    let at_the_border = next.is_some_and(|next| next.may_equal(date));
    let _ = facts;
    match line.start {
        Some(_) => {
            begun
                && before_next
                && (!at_the_border
                    || names_this
                    || event.relapse
                    || event.category == Some(ResponseCategory::PD))
        }
        None => names_this,
    }
}

fn set_phase(lines: &mut [LineOfTherapy], transformation: Option<&Transformation>) {
    let Some(date) = transformation.filter(|of| of.assertion == Assertion::Present).and_then(|of| of.date)
    else {
        return;
    };
    for line in lines {
        line.before_transformation = line.start.and_then(|start| start.interval().before(date.interval()));
    }
}

fn last_response(lines: &[LineOfTherapy], events: &[Event<'_>]) -> Option<Response> {
    let dated = events.iter().rev().find(|event| event.category.is_some() && event.date.is_some());
    let stated = dated.and_then(|event| {
        event.category.map(|category| Response { category, date: event.date, facts: vec![event.fact.id] })
    });
    stated.or_else(|| lines.iter().rev().find_map(|line| line.last_response.clone()))
}

/// A stated number of lines that differs from the built one is shown, not settled.
fn count_conflict(facts: &Facts<'_>, lines: &[LineOfTherapy]) -> Vec<Conflict> {
    let Some(stated) = super::line_count(facts) else { return Vec::new() };
    if stated.value as usize == lines.len() {
        return Vec::new();
    }
    vec![Conflict {
        about: "lines".into(),
        text: Text::new(
            format!(
                "A paper counts {} line(s) of therapy; {} could be built from what was read.",
                stated.value,
                lines.len()
            ),
            format!("资料自述治疗线数为 {} 线，根据读取内容可整理出 {} 线。", stated.value, lines.len()),
        ),
        sides: vec![
            Sourced { value: stated.value.to_string(), facts: stated.facts },
            Sourced {
                value: lines.len().to_string(),
                facts: lines.iter().flat_map(|line| line.facts.first().copied()).collect(),
            },
        ],
    }]
}
