//! Regimens, drugs, transplant, radiotherapy, cell therapy.
//!
//! ## Reads
//! `R-CHOP方案化疗6周期`, `R-CHOP×6`, `6 cycles of R-CHOP`, `第3程R-CHOP` (a number, not a count), `拟行` (planned),
//! `利妥昔单抗维持`, `桥接`, `预防`, `清淋`, `拒绝自体移植`, several drugs of one regimen.
//!
//! ## Never
//! The drugs of a regimen are read from the drug list when one is printed; an acronym alone is only a hint:
//! R-CEOP is epirubicin in China and etoposide in North America.

mod count;
mod intent;
mod name;
mod period;
mod status;
mod table;
pub(super) mod words;

use super::Claims;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::therapy::{REPLACED_BY, REST_OF_COURSE_LATER, UNSPECIFIC_DONE, UNSPECIFIC_TOLD},
    words::words,
};
use cartulary_model::{
    Assertion, Experiencer,
    fact::{Attr, AttrValue},
};
use count::{Count, Territory, Unit};
pub(crate) use name::is_cell_therapy;
use name::{Name, names};
pub(crate) use period::counts_days_since;
pub(super) use period::end_with_list;
pub(super) use status::without_courses;
pub(crate) use table::{Heading as TableHeading, is_in_dated_row};

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts = courses(sheet, claims);
    drafts.extend(named_by_findings(sheet));
    drafts
}

/// Every course, whether given, planned or refused, in reading order.
fn courses(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let names = names(sheet, claims);
    let mut drafts: Vec<(usize, Draft)> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let own = count::territory(sheet, &names, index);
        if let Some(draft) = course(sheet, name, own) {
            drafts.push((name.group, draft));
        }
        if let Some(rest) = rest_of_course(sheet, name, own) {
            drafts.push((usize::MAX, rest));
        }
    }
    bridge_together(sheet, &mut drafts);
    share(&mut drafts);
    end_where_replaced(sheet, &mut drafts);
    drafts.into_iter().map(|(_, draft)| draft).collect()
}

fn course(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Draft> {
    let said = status::status(sheet, name, own);
    if said.drop {
        return None;
    }
    let mut draft = Draft::new(name.concept.as_str(), name.span, "therapy.course").named_at(name.span);
    if is_cumulative(sheet, name) {
        draft = draft.word(Attr::Pattern, "cumulative_dose");
    }
    if lacks_antibody(sheet, name) {
        draft = draft.word(Attr::Pattern, "without_anti_cd20");
    }
    if status::is_added(sheet, name, own) {
        draft = draft.word(Attr::Pattern, "added");
    }
    if sheet.stream.text(name.span).contains('一') && sheet.stream.at(name.span.start).is_ascii_alphabetic()
    {
        draft.marks_repair();
    }
    draft.assertion = said.assertion;
    if sheet.modifiers.read(name.span).experiencer == Experiencer::Donor {
        draft.experiencer = Some(Experiencer::Patient);
    }
    if let Some(word) = said.word {
        draft.set(Attr::Status, AttrValue::Text(word.to_owned()));
    }
    if !is_cell_therapy(sheet, &name.concept)
        && !matches!(name.concept.as_str(), "reg.rt" | "reg.wbrt" | "reg.leukapheresis")
    {
        set_count(sheet, name, own, &mut draft);
    }
    // `出院医嘱:R2维持计划共6程`: ordered, and not begun.
    let ordered = draft.attrs.contains_key(&Attr::CyclesPlanned)
        && sheet.is_under(name.span.start, &["sec.sec_instructions", "sec.sec_plan"]);
    if ordered && draft.assertion == Some(Assertion::Present) {
        draft.assertion = Some(Assertion::Hypothetical);
        draft.set(Attr::Status, AttrValue::Text("planned".to_owned()));
    }
    // `格菲妥单抗(奥妥珠单抗预处理后)`: the words in the bracket are of the drug in the bracket.
    let aside = count::aside_of(sheet, name);
    let own_words =
        |span: Span| aside.is_none_or(|aside| !(aside.start <= span.start && span.end <= aside.end));
    if let Some((intent, span)) = intent::intent(sheet, name, own).filter(|(_, span)| own_words(*span)) {
        draft.set(Attr::Intent, AttrValue::Text(intent.to_owned()));
        draft.cues.push(span);
    }
    if let Some((line, span)) = intent::line(sheet, name, own) {
        draft.set(Attr::Line, AttrValue::Number(line));
        draft.cues.push(span);
    }
    period::set(sheet, name, own, &mut draft);
    count::first_to_last(sheet, name, own, &mut draft);
    count::numbered_over_time(&mut draft);
    if draft.assertion == Some(Assertion::Negated) {
        for attr in [Attr::Start, Attr::End, Attr::Duration, Attr::Cycles] {
            draft.attrs.remove(&attr);
        }
    }
    // Cells and transplants are given on one day.
    let on_a_day = is_cell_therapy(sheet, &name.concept)
        || matches!(name.concept.as_str(), "reg.asct" | "reg.allosct" | "reg.leukapheresis");
    if on_a_day && let Some(day) = draft.attrs.remove(&Attr::End) {
        draft.attrs.entry(Attr::Start).or_insert(day);
    }
    // The end of one cycle is not the end of the course.
    if draft.attrs.contains_key(&Attr::CycleNo) {
        draft.attrs.remove(&Attr::End);
    }
    status::plan_ahead(sheet, name, &mut draft);
    unspecific(sheet, name, &mut draft);
    table::fill(sheet, name.span, &mut draft);
    Some(draft)
}

/// A sequencing report names drugs a variant may respond to; a unit that does apheresis is no apheresis.
fn unspecific(sheet: &Sheet<'_>, name: &Name, draft: &mut Draft) {
    let present =
        draft.assertion != Some(Assertion::Hypothetical) && draft.assertion != Some(Assertion::Negated);
    // "BTK C481S emerged under ibrutinib": what the patient had when the variant came.
    let under = sheet.stream.reads_back_any(name.span.start, words!["under ", "emerged on ", "during "]);
    let of_report = sheet.is_kind(&["sec.doc_ngs", "sec.doc_fish"]) && name.concept.is("drug") && !under;
    let class = name.concept.as_str() == "drug.car_t_nos";
    let placed = draft.attrs.contains_key(&Attr::Start)
        || draft.attrs.contains_key(&Attr::Cycles)
        || draft.attrs.contains_key(&Attr::Line);
    let around = sheet.before(name.span.start, 14).to(sheet.after(name.span.end, 14));
    let told = placed || sheet.says(around, UNSPECIFIC_TOLD);
    if present && (of_report || class) && !told {
        draft.assertion = Some(Assertion::Hypothetical);
    }
    let step = name.concept.as_str() == "reg.leukapheresis";
    let dated = draft.attrs.contains_key(&Attr::Start);
    if present && step && !dated && !sheet.says(around, UNSPECIFIC_DONE) {
        draft.assertion = Some(Assertion::Hypothetical);
    }
}

/// The lexicon lists `ICE` under R-ICE: a form without the antibody is the regimen without it, and is said so.
fn lacks_antibody(sheet: &Sheet<'_>, name: &Name) -> bool {
    let form = sheet.stream.lower_text(name.span);
    let named_with = name.concept.name().starts_with("r_") || name.concept.name() == "da_epoch_r";
    let written_with = form.starts_with('r')
        || form.ends_with("-r")
        || form.contains("利妥昔")
        || form.contains("-r-")
        || form.contains("rituximab")
        || form.contains("r-");
    named_with && form.is_ascii() && !written_with
}

/// `多柔比星累积180mg/m2`, "previous doxorubicin 300 mg/m2", "total epirubicin dose 600 mg/m2": what the heart has had of a
/// drug, and no course of it.
fn is_cumulative(sheet: &Sheet<'_>, name: &Name) -> bool {
    const LEAST: f64 = 100.0;
    const REACH: usize = 22;
    if !name.concept.is("drug")
        || !sheet.catalogue().drug_classes(&name.concept).iter().any(|of| of == "anthracycline")
    {
        return false;
    }
    let stream = &sheet.stream;
    let around = sheet.before(name.span.start, 20).to(sheet.after(name.span.end, REACH));
    let summed = sheet.says(
        around,
        words![
            "累积",
            "累计",
            "总量",
            "总剂量",
            "cumulative",
            "previous ",
            "prior ",
            "total ",
            "lifetime",
            "既往"
        ],
    );
    let after = sheet.after(name.span.end, REACH);
    let dosed = (after.start..after.end).any(|at| {
        crate::number::number_at(stream, at).is_some_and(|of| {
            let unit = words::skip_spaces(stream, of.span.end);
            of.value >= LEAST && words::stands(stream, unit, "mg/m")
        })
    });
    summed && dosed
}

fn set_count(sheet: &Sheet<'_>, name: &Name, own: Territory, draft: &mut Draft) {
    // `R-CHOP第4程…实际共完成8程`: how many were given says more than the number of one.
    let stopped =
        count::given_until_stop(sheet, name, own).or_else(|| count::completed_in_all(sheet, name, own));
    if stopped.is_none()
        && count::cycles_numbered(sheet, name, own).is_none()
        && let Some((number, span)) = count::cycle_number(sheet, name, own)
    {
        draft.set(Attr::CycleNo, AttrValue::Number(number));
        draft.span = draft.span.to(span);
        count::ended_with(sheet, draft);
        return;
    }
    let Some(found) = stopped.or_else(|| count::count(sheet, name, own)) else { return };
    let doses = counts_doses(sheet, name, found);
    let planned = matches!(draft.attrs.get(&Attr::Status), Some(AttrValue::Text(of)) if of == "planned");
    let hypothetical = planned || draft.assertion == Some(Assertion::Hypothetical) || found.planned;
    let attr = match (doses, hypothetical) {
        (true, _) => Attr::Doses,
        (false, true) => Attr::CyclesPlanned,
        (false, false) => Attr::Cycles,
    };
    if doses && found.planned {
        return;
    }
    draft.set(attr, AttrValue::Number(found.value));
    draft.span = draft.span.to(found.span);
}

/// `次` and `x4` are cycles of a regimen, doses of an antibody or an intrathecal drug.
fn counts_doses(sheet: &Sheet<'_>, name: &Name, found: Count) -> bool {
    let single = name.concept.is("drug")
        || matches!(name.concept.as_str(), "reg.it_chemo" | "reg.r_mono" | "reg.r_maint");
    match found.unit {
        Unit::Doses => true,
        Unit::Cycles => name.concept.as_str() == "reg.it_chemo",
        Unit::Times => single && !is_cell_therapy(sheet, &name.concept),
    }
}

/// `原计划4次,仅完成2次,余2次择期进行`: what is left of a course is planned.
fn rest_of_course(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Draft> {
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + 50);
    let at = (name.span.end..until).find(|at| {
        words::stands(stream, *at, ",余")
            || words::stands(stream, *at, ",剩余")
            || words::stands(stream, *at, ", remaining ")
    })?;
    let number_at = (at + 2..at + 13).find(|of| words::count_at(stream, *of).is_some())?;
    let (value, end) = words::count_at(stream, number_at)?;
    let span = Span::new(at + 1, end + 1);
    let later = words::says(stream, sheet.after(end, 10), REST_OF_COURSE_LATER);
    let mut draft = Draft::new(name.concept.as_str(), span, "therapy.rest").named_at(span);
    draft.assertion = Some(Assertion::Hypothetical);
    let unit = if stream.at(end) == '次' { Unit::Times } else { Unit::Cycles };
    let doses = counts_doses(sheet, name, Count { value, span, unit, planned: true });
    draft.set(if doses { Attr::Doses } else { Attr::CyclesPlanned }, AttrValue::Number(value));
    draft.set(Attr::Status, AttrValue::Text("planned".into()));
    if let Some((intent, _)) = intent::intent(sheet, name, own) {
        draft.set(Attr::Intent, AttrValue::Text(intent.to_owned()));
    }
    later.then_some(draft)
}

/// "Ibrutinib was replaced by acalabrutinib in October 2020": the day the new drug began is the old one's last.
fn end_where_replaced(sheet: &Sheet<'_>, drafts: &mut [(usize, Draft)]) {
    const APART: usize = 60;
    for index in 1..drafts.len() {
        let (next, former) = (&drafts[index].1, &drafts[index - 1].1);
        let gap = Span::new(former.name.end.min(next.name.start), next.name.start);
        let begun = next.attrs.get(&Attr::Start).filter(|_| {
            next.date.is_some_and(|(_, span)| span.start >= next.name.end) && gap.end - gap.start <= APART
        });
        let drugs = former.concept.is("drug") && next.concept.is("drug");
        let from = drugs && sheet.says(gap, REPLACED_BY)
            || drugs
                && sheet.stream.lower_text(gap).trim() == "to"
                && sheet.says(sheet.before(former.name.start, 16), words!["switched from ", "changed from "]);
        if let Some(day) = begun.filter(|_| from).cloned()
            && drafts[index - 1].1.assertion == Some(Assertion::Present)
        {
            drafts[index - 1].1.attrs.entry(Attr::End).or_insert(day);
        }
    }
}

/// "Bridging had been R-GemOx x2 plus RT to the groin": what is joined to a bridge is of it.
fn bridge_together(sheet: &Sheet<'_>, drafts: &mut [(usize, Draft)]) {
    for index in 1..drafts.len() {
        let (former, next) = (&drafts[index - 1].1, &drafts[index].1);
        let gap = Span::new(former.span.end.min(next.span.start), next.span.start);
        let joined = matches!(
            sheet.stream.lower_text(gap).trim(),
            "plus" | "+" | "and" | "&" | "with" | "及" | "和" | "联合"
        );
        let bridge = former.text_of(Attr::Intent) == Some("bridging") && former.assertion == next.assertion;
        let treats = next.concept.is("reg")
            && !matches!(next.concept.as_str(), "reg.leukapheresis" | "reg.asct" | "reg.allosct");
        let open = !next.attrs.contains_key(&Attr::Intent) && !is_cell_therapy(sheet, &next.concept);
        if joined && bridge && open && treats {
            drafts[index].1.set(Attr::Intent, AttrValue::Text("bridging".into()));
        }
    }
}

/// Courses given together share their days, their line and their status: "acalabrutinib + venetoclax since Feb".
fn share(drafts: &mut [(usize, Draft)]) {
    const SHARED: [Attr; 6] =
        [Attr::Start, Attr::End, Attr::Duration, Attr::Line, Attr::Status, Attr::Intent];
    for index in 0..drafts.len() {
        for other in 0..drafts.len() {
            if index == other || drafts[index].0 != drafts[other].0 || drafts[index].0 == usize::MAX {
                continue;
            }
            if drafts[index].1.assertion != drafts[other].1.assertion {
                continue;
            }
            let (from, date) = (drafts[other].1.attrs.clone(), drafts[other].1.date);
            let drug = drafts[index].1.concept.is("drug") && drafts[other].1.concept.is("drug");
            if drug && let Some(cycles) = from.get(&Attr::Cycles) {
                drafts[index].1.attrs.entry(Attr::Cycles).or_insert_with(|| cycles.clone());
            }
            for attr in SHARED.iter().filter(|attr| drug || **attr == Attr::Line) {
                if let Some(value) = from.get(attr) {
                    drafts[index].1.attrs.entry(*attr).or_insert_with(|| value.clone());
                }
            }
            if drug && drafts[index].1.date.is_none() {
                drafts[index].1.date = date;
            }
        }
    }
}

/// "not a candidate for autologous transplant", `拒绝自体移植`, `既往CAR-T治疗` are findings of the criteria; the course is said too.
fn named_by_findings(sheet: &Sheet<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for hit in sheet.candidates.iter().map(|of| &of.hit) {
        let (concept, assertion, status) = match hit.concept.as_str() {
            "find.asct_ineligible" => ("reg.asct", Some(Assertion::Negated), Some("not_planned")),
            "find.asct_refused" => ("reg.asct", Some(Assertion::Negated), Some("refused")),
            "find.prior_cart" if is_named_behind(sheet, hit.span.end) => continue,
            "find.prior_cart" => {
                // `Prior CAR-T: no   Prior ASCT: yes`
                let answer = crate::assign::answer_in_field(sheet, hit.span);
                let assertion = answer.map(|so| if so { Assertion::Present } else { Assertion::Negated });
                ("drug.car_t_nos", assertion, None)
            }
            _ => continue,
        };
        drafts.extend(by_finding(sheet, hit, concept, assertion, status));
    }
    drafts
}

/// `既往CAR-T(2022年,liso-cel)`: the product in the brackets is the course.
fn is_named_behind(sheet: &Sheet<'_>, end: usize) -> bool {
    const LONGEST: usize = 24;
    let stream = &sheet.stream;
    let open = end + usize::from(stream.at(end) == ' ');
    let close = (open..open + LONGEST).find(|at| stream.at(*at) == ')');
    stream.at(open) == '('
        && close.is_some_and(|close| {
            sheet
                .candidates_in(Span::new(open, close))
                .iter()
                .any(|of| of.hit.concept.is("drug") && is_cell_therapy(sheet, &of.hit.concept))
        })
}

fn by_finding(
    sheet: &Sheet<'_>,
    hit: &Hit,
    concept: &str,
    assertion: Option<Assertion>,
    status: Option<&str>,
) -> Vec<Draft> {
    let named = ["自体", "auto", "asct", "car"];
    let whose = sheet.stream.lower_text(hit.span);
    let finding = Draft::new(hit.concept.as_str(), hit.span, "finding.named").named_at(hit.span);
    let mut course = Draft::new(concept, hit.span, "therapy.by_finding").named_at(hit.span);
    course.assertion = assertion;
    if let Some(status) = status {
        course = course.word(Attr::Status, status);
    }
    if named.iter().any(|word| whose.contains(word)) { vec![course, finding] } else { vec![finding] }
}
