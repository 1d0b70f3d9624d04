//! Laboratory and organ-function values, and serology.
//!
//! ## Reads
//! `血小板 45 ↓ 10^9/L 125-350` in any order of columns, `LDH 845 U/L (ref 135-225)`, `肌酐(酶法) 78 umol/L`,
//! `PLT(x10^9/L) 45`, `HBsAg 阴性`, `HBV DNA <20 IU/mL`, `LVEF 62%`; courses (`PLT 142 -> 61 -> 19`) and columns of
//! dates; `乙肝五项 - + - - +`; tests that are awaited or asked for, as such.
//!
//! ## Leaves alone
//! A value whose unit cannot be read keeps its number and has no unit: it answers no criterion. A number of a
//! criterion ("needs ANC >= 1.0") is no value of the patient; "1.6 x ULN" keeps its
//! number with the unit `[ULN]`, which is converted to nothing, and "2x normal" is none.
//! `未检测`, "not done", "haemolysed" are no results.
//!
//! ## References
//! Conversions stand with their sources in `catalogue/units`; the five markers of hepatitis B in `panel.rs`.

mod bilirubin;
mod columns;
mod counter;
mod course;
mod flag;
mod fluid;
mod graft;
mod grid;
mod international;
mod joined;
mod later;
mod listed;
mod names;
mod panel;
mod previous;
mod reader;
mod replaced;
mod respectively;
mod row;
mod serology;
mod sign_before;
mod signs;
mod stated_once;
mod status;
mod stays;
mod together;
mod voided;
mod words;

pub(crate) use replaced::replaced;

use super::Claims;
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, Hit, Span, Stream},
    vocabulary::lab::{OTHER_AGENTS, REFERENCE_ACTIVITY_DISEASE, REFERENCE_ACTIVITY_YARDSTICK},
    words::{Place, words},
};
use cartulary_model::{Comparator, ConceptId, Value};
use columns::Columns;
use row::Cells;
use serology::Outcome;

/// Analytes that answer in signs.
const SEROLOGY: [&str; 22] = [
    "lab.hbsag",
    "lab.anti_hbs",
    "lab.hbeag",
    "lab.anti_hbe",
    "lab.anti_hbc",
    "lab.anti_hcv",
    "lab.hiv",
    "lab.tp_ab",
    "lab.rpr",
    "lab.htlv",
    "lab.tspot",
    "lab.sarscov2",
    "lab.hcg",
    "lab.cmv_igg",
    "lab.cmv_igm",
    "lab.ebv_vca",
    "lab.ebv_vca_igm",
    "lab.ebv_ebna",
    "lab.other_igg",
    "lab.hbc_igm",
    "lab.hbv_five",
    "lab.hbv_rest",
];
/// Quantities whose names hold that of an analyte, `嗜酸性粒细胞`, "mean cell haemoglobin": found so that the analyte is
/// not, and their values so that they are no other's.
const NOT_READ: &str = "lab.other";
const VIRAL_LOAD: [&str; 4] = ["lab.hbv_dna", "lab.hcv_rna", "lab.ebv_dna", "lab.cmv_dna"];

/// A name of an analyte in the text.
#[derive(Clone)]
struct Name {
    hit: Hit,
    /// The form may mean something else: only a value with its own unit or a range makes it the analyte.
    weak: bool,
    /// Recognition spelt it with look-alike signs.
    misspelt: bool,
}

impl Name {
    fn id(&self) -> &str {
        self.hit.concept.as_str()
    }

    fn span(&self) -> Span {
        self.hit.span
    }

    fn is_serology(&self) -> bool {
        SEROLOGY.contains(&self.id())
    }
}

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let names = names::find(sheet, claims);
    let mut drafts = panel::read(sheet, &names);
    let (joined, ratios) = together::read(sheet, &names);
    let (gridded, headings) = grid::read(sheet, &names);
    let (listed, members) = listed::read(sheet, &names);
    let mut of_panels: Vec<Span> =
        drafts.iter().map(|draft| draft.name).chain(ratios).chain(headings).chain(members).collect();
    of_panels.sort();
    drafts.extend(joined);
    drafts.extend(listed);
    drafts.extend(gridded);
    let columns = Columns::new(sheet);
    let mut reached = 0;
    let mut sure_before = false;
    for (index, name) in names.iter().enumerate() {
        if name.span().start < reached || of_panels.binary_search(&name.span()).is_ok() {
            continue;
        }
        let listed = sure_before && index > 0 && follows_value(sheet, &names[index - 1], name);
        let name = &Name { weak: name.weak && !listed, ..name.clone() };
        sure_before = !name.weak;
        let ends = Ends {
            row: row_end(sheet, &names, index, &[BREAK, '。', ';']),
            course: row_end(sheet, &names, index, &[BREAK]),
        };
        let found = one(sheet, name, ends, &columns);
        reached = found.iter().map(|draft| draft.span.end).max().unwrap_or(reached);
        drafts.extend(found);
    }
    drafts.sort_by_key(|draft| draft.name);
    let later = respectively::read(sheet, &mut drafts);
    drafts.extend(later);
    drafts.sort_by_key(|draft| draft.name);
    drafts.extend(serology::shared_results(sheet, &names, &drafts));
    drafts.extend(status::asked(sheet, &names, &drafts));
    serology::of_the_donor(sheet, &mut drafts);
    panel::expand(sheet, &mut drafts);
    panel::keep_summary(sheet, &mut drafts);
    voided::set(sheet, &mut drafts);
    previous::set(sheet, &mut drafts);
    drafts.extend(bilirubin::read(sheet, &drafts));
    stated_once::share(sheet, &mut drafts);
    drafts.retain(|draft| draft.concept.as_str() != NOT_READ && !is_advice(sheet, draft));
    drafts
}

/// `出院医嘱:ANC<0.5或PLT<20即返院`: a bound in what the patient is told to do is when to do it.
fn is_advice(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let Value::Measurement(of) = &draft.value else { return false };
    of.printed.comparator != Comparator::Equal
        && !VIRAL_LOAD.contains(&draft.concept.as_str())
        && sheet.is_under(draft.name.start, &["sec.sec_instructions", "sec.sec_plan"])
}

/// A row ends with its line, its sentence, or the next analyte; `白细胞计数 WBC` is one analyte named twice.
fn row_end(sheet: &Sheet<'_>, names: &[Name], index: usize, stops: &[char]) -> usize {
    let stream = &sheet.stream;
    let own = &names[index];
    let ends = |next: &&Name| {
        next.hit.concept != own.hit.concept || !is_alias(sheet, own.span().end, next.span().start)
    };
    let next = names[index + 1..]
        .iter()
        .filter(|next| next.span().start >= own.span().end)
        .find(ends)
        .map_or(stream.len(), |next| next.span().start);
    (own.span().end..next).find(|at| stops.contains(&stream.at(*at))).unwrap_or(next)
}

fn is_alias(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    let parted =
        |at: usize| sheet.stream.at(at).is_ascii_digit() || matches!(sheet.stream.at(at), ',' | ';' | '+');
    to.saturating_sub(from) <= 12 && !(from..to).any(parted)
}

/// How far a name's row reaches, and how far its course: "LDH 1,440 U/L; it is now 198 U/L".
#[derive(Clone, Copy)]
struct Ends {
    row: usize,
    course: usize,
}

/// What is said of one name.
fn one(sheet: &Sheet<'_>, name: &Name, ends: Ends, columns: &Columns) -> Vec<Draft> {
    if let Some(both) = graft::both(sheet, name).filter(|_| name.is_serology()) {
        return both;
    }
    let limit = ends.row;
    if is_other(sheet, name) {
        return Vec::new();
    }
    if name.is_serology() || VIRAL_LOAD.contains(&name.id()) {
        match serology::result(sheet, name, limit) {
            Outcome::Said(drafts) => return drafts,
            Outcome::Unsaid => return Vec::new(),
            Outcome::Silent if name.is_serology() => {
                return serology::titre(sheet, name, limit).into_iter().collect();
            }
            Outcome::Silent => {}
        }
    }
    if let Some(dated) = columns.read(sheet, name) {
        return dated;
    }
    if let Some(stay) = stays::read(sheet, name) {
        return stay;
    }
    measured(sheet, name, ends)
}

/// The value of a row with the course that follows it.
fn measured(sheet: &Sheet<'_>, name: &Name, ends: Ends) -> Vec<Draft> {
    let limit = ends.row;
    let share = as_share(sheet, &name.hit);
    let hit = share.as_ref().unwrap_or(&name.hit);
    if columns::is_unlabelled(sheet, hit, limit) {
        return columns::previous(sheet, name).unwrap_or_default();
    }
    let Some(cells) = Cells::read(sheet, hit, limit) else {
        return status::pending(sheet, name, limit).into_iter().collect();
    };
    if is_open_demand(sheet, &cells, limit) {
        return Vec::new();
    }
    let (mut cells, hit) = match past_demand(sheet, hit, &cells, limit) {
        Some((cells, behind)) => (cells, behind),
        None => (cells, hit.clone()),
    };
    let hit = &hit;
    if status::is_unobtained(sheet, Span::new(hit.span.end, cells.number.span.start)) {
        return Vec::new();
    }
    cells.settle_unit(sheet, hit, limit);
    let steps = match cells.is_multiple() {
        true => Vec::new(),
        false => course::steps(sheet, hit, &mut cells, ends.course),
    };
    if !cells.belongs(sheet, hit, name.weak) || status::is_condition(sheet, hit, &cells) {
        return Vec::new();
    }
    cells.repaired |= name.misspelt;
    let mut drafts = course::drafts(sheet, hit, cells, steps);
    if VIRAL_LOAD.contains(&name.id())
        && let Some(last) = drafts.pop()
    {
        let span = last.span;
        drafts.extend(serology::with_conversion(sheet, hit, last, span));
    }
    drafts
}

fn is_demand(sheet: &Sheet<'_>, cells: &Cells) -> bool {
    let stream = &sheet.stream;
    let asked = cells.number.span.start;
    matches!(stream.at(asked), '≥' | '≤')
        || stream.reads_any(asked, words!["<=", ">=", "=<", "=>"])
        || stream.reads_back_any(asked, words!["<=", ">=", "≥", "≤", "≥ ", "≤ ", "<= ", ">= "])
}

/// `| ANC | >=1.0 | pending |`: what is asked for, and no result yet.
fn is_open_demand(sheet: &Sheet<'_>, cells: &Cells, limit: usize) -> bool {
    let stream = &sheet.stream;
    let Some(row) = stream.short_row(cells.number.span.start).filter(|_| is_demand(sheet, cells)) else {
        return false;
    };
    let open =
        words!["pending", "not done", "awaited", "to follow", "not yet", "未查", "待查", "待回", "未做"];
    let behind = Span::new(cells.number.span.end, row.end.min(limit.max(cells.number.span.end)));
    stream.words_in(behind, open).next().is_some()
}

/// `Bilirubin   <=2.0 mg/dL   0.7`, `Platelets | ≥75 | 83 | met`: what a trial asks for stands before the value, each in a field of
/// its own.
fn past_demand(sheet: &Sheet<'_>, hit: &Hit, cells: &Cells, limit: usize) -> Option<(Cells, Hit)> {
    let stream = &sheet.stream;
    let asked = cells.number.span.start;
    if !is_demand(sheet, cells) {
        return None;
    }
    let fields = stream.fields(stream.short_row(asked)?);
    let value = fields
        .iter()
        .find(|of| of.start > asked && of.end <= limit && stream.at(of.start).is_ascii_digit())?;
    if sheet.mention_at(value.start).is_some() {
        return None;
    }
    let name = Hit { span: Span::new(hit.span.start, value.start), concept: hit.concept.clone() };
    Some((Cells::read(sheet, &name, limit)?, name))
}

/// `plts 76, Cr 91, ALT 22`, `WBC3.2,HB92`: in a list of values a short name is the analyte.
fn follows_value(sheet: &Sheet<'_>, before: &Name, name: &Name) -> bool {
    let gap = Span::new(before.span().end.min(name.span().start), name.span().start);
    let bare = |at: usize| sheet.stream.at(at).is_ascii_digit();
    let short = gap.end - gap.start <= 12 && (gap.start..gap.end).any(bare);
    let end = name.span().end;
    let value = || match sheet.stream.at(end) {
        ' ' => number::number_at(&sheet.stream, end + 1).is_some(),
        _ => number::number_behind(&sheet.stream, end).is_some(),
    };
    let comma = || matches!(sheet.stream.at(sheet.stream.trimmed(gap).end - 1), ',' | '、');
    short && comma() && value()
}

/// Words that look like the analyte and are something else.
fn is_other(sheet: &Sheet<'_>, name: &Name) -> bool {
    let (stream, span) = (&sheet.stream, name.span());
    if is_of_csf(sheet, name) || fluid::is_of_other_fluid(sheet, name) {
        return true;
    }
    match name.id() {
        "lab.temp" => sheet.says(sheet.before(span.start, 8), words!["热", "fever", "发烧"]),
        "lab.suvmax" => is_reference_activity(sheet, &name.hit),
        // `T淋巴细胞绝对值`, "NK lymphocytes", `CD19+淋巴细胞`: a part of the lymphocytes, not all of them.
        "lab.alc" => is_subset(sheet, span),
        // 钠尿肽 is a peptide of the heart.
        "lab.na" => {
            stream.reads_any(span.end, words!["尿", "肽", "离子通道"])
                || stream.reads_back_any(span.start, words!["利", "脑", "b型", "心房"])
        }
        // CD4/CD8 is a ratio.
        "lab.cd4" | "lab.cd8" | "lab.cd3" => {
            stream.at(span.end) == '/' && stream.at(span.end + 1).is_ascii_uppercase()
        }
        // "viral load" of another virus.
        "lab.hbv_dna" => is_other_load(sheet, span),
        // HSV IgG is no immunoglobulin level.
        "lab.igg" | "lab.igm" | "lab.iga" => sheet.says(sheet.before(span.start, 6), OTHER_AGENTS),
        "lab.plt" => {
            sheet.says(sheet.before(span.start, 4), words!["输注", "输"]) || transfused(sheet, span.end)
        }
        _ => false,
    }
}

/// `Glucose, CSF 62 mg/dL`, `脑脊液:葡萄糖3.1mmol/L`: what spinal fluid holds is no value of the blood.
fn is_of_csf(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BLOOD: [&str; 15] = [
        "lab.glu", "lab.tp", "lab.alb", "lab.cl", "lab.ldh", "lab.wbc", "lab.rbc", "lab.alc", "lab.anc",
        "lab.na", "lab.igg", "lab.iga", "lab.igm", "lab.b2m", "lab.il6",
    ];
    if !BLOOD.contains(&name.id()) {
        return false;
    }
    let (stream, span) = (&sheet.stream, name.span());
    let blood = words!["plasma", "serum", "blood", "血清", "血浆", "血糖", "外周血", "血常规"];
    // `Glucose, CSF`, `葡萄糖(脑脊液)`: the fluid behind the name, before its value.
    let behind = sheet.after(span.end, 10);
    let until = (behind.start..behind.end).find(|at| stream.at(*at).is_ascii_digit()).unwrap_or(behind.end);
    if fluids(sheet, Span::new(span.end, until)).next().is_some() {
        return true;
    }
    let sentence = sheet.sentence(span.start);
    let lead = Span::new(sheet.row_start(span.start).max(sentence.start), span.start);
    let told = fluids(sheet, lead).last().map(|of| Span::new(of.end, span.start));
    match told {
        Some(gap) if sheet.says(gap, blood) => false,
        Some(gap) => {
            let values = words![
                ":",
                "蛋白",
                "常规",
                "生化",
                "糖",
                "葡萄糖",
                "白细胞",
                "氯",
                "压力",
                "检查",
                " protein",
                " glucose",
                " white",
                " analysis",
                " chemistry",
                " cell count",
                " examination",
                " showed",
                " had ",
                " contained",
            ];
            let clause = !(gap.start..gap.end).any(|at| stream.at(at) == ',');
            clause && gap.end - gap.start <= 12 || stream.reads_any(gap.start, values)
        }
        None => is_csf_sheet(sheet, span.start),
    }
}

/// Where spinal fluid is named; G-CSF is a growth factor.
fn fluids(sheet: &Sheet<'_>, within: Span) -> impl Iterator<Item = Span> {
    let stream = &sheet.stream;
    let apart =
        |at: usize| at == 0 || !(stream.at(at - 1).is_ascii_alphanumeric() || stream.at(at - 1) == '-');
    let named = stream.words_in(within, words!["csf", "cerebrospinal fluid", "spinal fluid", "脑脊液"]);
    named.map(crate::words::Place::span).filter(move |of| apart(of.start))
}

/// The nearest heading or title above says that the sheet is of spinal fluid.
fn is_csf_sheet(sheet: &Sheet<'_>, at: usize) -> bool {
    const ROWS: usize = 10;
    let other =
        words!["blood", "serum", "haematology", "hematology", "血常规", "生化", "血清", "biochemistry"];
    let mut row = sheet.row_start(at);
    for _ in 0..ROWS {
        let Some(before) = row.checked_sub(1) else { return false };
        let start = sheet.row_start(before);
        let text = Span::new(start, before);
        let titled = before - start <= 90
            && !sheet.candidates_in(text).iter().any(|of| of.hit.concept.is("lab") && of.needs.is_none());
        if titled && sheet.says(text, other) {
            return false;
        }
        if titled && fluids(sheet, text).next().is_some() {
            return true;
        }
        row = start;
    }
    sheet.is_kind(&["sec.doc_csf"])
}

/// `CD3+ T淋巴细胞绝对值`: the name of a subset stands before the word for lymphocytes.
fn is_subset(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    let start = span.start - usize::from(span.start > 0 && stream.at(span.start - 1) == ' ');
    let letter = start > 0
        && matches!(stream.at(start - 1), 'T' | 'B' | '+')
        && (start < 2 || !stream.at(start - 2).is_ascii_alphabetic());
    letter
        || stream.reads_back_any(start, words!["nk", "t-", "b-", "cd3", "cd4", "cd8", "cd19", "cd20", "阳性"])
}

/// "viral load", `病毒量` without the virus: of hepatitis B only where the sentence speaks of it.
fn is_other_load(sheet: &Sheet<'_>, span: Span) -> bool {
    let named = sheet.says(span, words!["hbv", "hepatitis", "乙", "dna"]);
    let near = Span::new(span.start.saturating_sub(80), span.start);
    !named
        && (!sheet.says(near, words!["hbv", "hepatitis b", "乙肝", "三阳", "hbsag", "表面抗原"])
            || sheet
                .says(sheet.before(span.start, 12), words!["ebv", "cmv", "hiv", "hcv", "eb病毒", "巨细胞"]))
}

/// `血小板2U`, "platelet transfusion": a product and not a count.
fn transfused(sheet: &Sheet<'_>, at: usize) -> bool {
    let after = sheet.stream.lower_text(sheet.after(at, 14));
    let after = after.trim_start();
    let stream = &sheet.stream;
    stream.text_begins(after, words!["transfusion", "transfused", "输注", "support", "refract"])
        || is_dose(stream, at)
}

/// `血小板1U输注`, `予PLT 1个治疗量`, "platelets 2 units": bags and no count. `20U/L` counts.
fn is_dose(stream: &Stream, name_end: usize) -> bool {
    let past = |at: usize| at + usize::from(stream.at(at) == ' ');
    let bags = words![
        "u",
        "unit",
        "units",
        "单位",
        "治疗量",
        "个治疗量",
        "治疗单位",
        "个治疗单位",
        "个单位",
        "人份",
        "袋",
        "pool",
        "pools",
        "bag",
        "bags",
        "adult dose",
        "apheresis",
        "ml",
        "毫升",
    ];
    let number = number::number_touching(stream, past(name_end), number::Slot::default());
    let end = number.map(|of| past(of.span.end));
    let told = end.and_then(|at| stream.words_at(at, bags).map(Place::end).max());
    // "platelets 45 up from 20" begins another word.
    told.is_some_and(|end| !matches!(stream.at(end), '/' | '·') && !stream.at(end).is_ascii_alphabetic())
}

/// `Neutrophils % 39` is the share of the cells, not their number.
fn as_share(sheet: &Sheet<'_>, hit: &Hit) -> Option<Hit> {
    let share = share_of(&hit.concept)?;
    let mut at = hit.span.end;
    while matches!(sheet.stream.at(at), ' ' | '(') {
        at += 1;
    }
    (sheet.stream.at(at) == '%').then(|| Hit { span: Span::new(hit.span.start, at + 1), concept: share })
}

/// The share that belongs to an absolute count.
fn share_of(concept: &ConceptId) -> Option<ConceptId> {
    match concept.as_str() {
        "lab.anc" => Some("lab.neut_pct".into()),
        "lab.alc" => Some("lab.lymph_pct".into()),
        _ => None,
    }
}

/// The activity of liver or blood pool is a yardstick and no lesion.
fn is_reference_activity(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let before = sheet.stream.lower_text(sheet.before(hit.span.start, 12));
    let near = before.trim_end();
    let organ = near.ends_with("liver")
        || near.ends_with('肝')
        || near.ends_with("肝脏")
        || near.ends_with("纵隔血池");
    let bracketed =
        organ && (hit.span.start.saturating_sub(8)..hit.span.start).any(|at| sheet.stream.at(at) == '(');
    // `FDG摄取高于肝血池(SUVmax 6.7,...)`: the bracket has the value of what lies above the yardstick.
    let above = sheet.stream.at(hit.span.start.saturating_sub(1)) == '('
        && sheet
            .says(sheet.before(hit.span.start, 14), words!["高于", "超过", "大于", "above", "higher than"]);
    if above {
        return false;
    }
    sheet.stream.text_has(before, REFERENCE_ACTIVITY_YARDSTICK)
        || bracketed
        || (organ
            && (sheet.says(sentence, REFERENCE_ACTIVITY_YARDSTICK)
                || !sheet.says(sentence, REFERENCE_ACTIVITY_DISEASE)))
}
