//! Whether a name stands for the disease: not for a department, a tissue, an infiltrate or a purpose.

use crate::{
    lexicon::Candidate,
    sheet::Sheet,
    stream::{Hit, Span, is_han},
    vocabulary::diagnosis::{
        DEPARTMENT, DEPARTMENT_MORE, DEPARTMENT_PLACES, INVOLVEMENT_AHEAD, INVOLVEMENT_BEHIND,
        MANTLE_VARIANT_DENIED, OF_A_FRIEND_OTHERS, STILL_SO, THE_KNOWN_DISEASE_ASKED,
        THE_KNOWN_DISEASE_KNOWN, TISSUE_BEFORE, TISSUE_BEHIND, TISSUE_SHORT, TOLD_AS_DIAGNOSIS,
    },
    words::words,
};
use cartulary_catalogue::Needs;

pub(super) fn names_disease(sheet: &Sheet<'_>, candidate: &Candidate) -> bool {
    let hit = &candidate.hit;
    if is_department(sheet, hit) || is_tissue(sheet, hit) {
        return false;
    }
    if hit.concept.as_str() == "hist.lymphoma_nos" && is_involvement(sheet, hit) {
        return false;
    }
    match candidate.needs {
        None => true,
        Some(Needs::Diagnosis) => stands_short(sheet, hit),
        Some(_) => false,
    }
}

/// `FL`, `HL`, `套细胞`, "mantle cell": short names stand for the disease where papers speak of diseases.
fn stands_short(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    if super::grade::of(sheet, hit).is_some() {
        return true;
    }
    let words =
        ["sec.doc_lab", "sec.doc_cbc", "sec.doc_chem", "sec.doc_virology", "sec.doc_coag", "sec.doc_echo"];
    if sheet.is_kind(&words) {
        return false;
    }
    let abbreviation = (hit.span.start..hit.span.end).all(|at| stream.at(at).is_ascii_uppercase());
    let reports = [
        "sec.doc_pathology",
        "sec.doc_pathology_consult",
        "sec.doc_ihc",
        "sec.doc_discharge",
        "sec.doc_referral",
        "sec.doc_message",
        "sec.doc_pet",
        "sec.doc_outpatient",
        "sec.doc_admission",
        "sec.doc_progress",
    ];
    if abbreviation {
        // `5 FL` is a volume, `FL 30 cm` a length.
        let measured = hit.span.start > 1
            && stream.at(hit.span.start - 1) == ' '
            && stream.at(hit.span.start - 2).is_ascii_digit();
        return sheet.is_kind(&reports) && (!measured || sheet.is_kind(&["sec.doc_message"]));
    }
    if stream.reads(hit.span.start, "blastoid") || stream.reads(hit.span.start, "leg type") {
        return false;
    }
    sheet.is_kind(&[
        "sec.doc_message",
        "sec.doc_referral",
        "sec.doc_discharge",
        "sec.doc_outpatient",
        "sec.doc_admission",
        "sec.doc_progress",
    ]) || told_as_diagnosis(sheet, hit.span)
}

fn told_as_diagnosis(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.stream.reads_back_any(span.start, TOLD_AS_DIAGNOSIS)
}

/// `套细胞区`, `滤泡树突细胞网`, "marginal zone hyperplasia", `霍奇金样细胞`, `大B细胞浸润`.
fn is_tissue(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let length = hit.span.end - hit.span.start;
    let short =
        TISSUE_SHORT.iter().any(|word| word.chars().count() == length && stream.reads(hit.span.start, word));
    if !short {
        return false;
    }
    // 甲状腺滤泡, 继发性滤泡, 见滤泡: a structure.
    let structure =
        stream.reads(hit.span.start, "滤泡") && stream.reads_back_any(hit.span.start, TISSUE_BEFORE);
    // 间变性大B, 弥漫分布的大B细胞
    structure || stream.reads_any(hit.span.end, TISSUE_BEHIND)
}

/// 淋巴瘤科, 淋巴瘤中心, "lymphoma clinic": a place; `抗淋巴瘤治疗` a purpose.
fn is_department(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    DEPARTMENT_PLACES.iter().chain(DEPARTMENT_MORE.iter()).any(|place| stream.reads(hit.span.end, place))
        || stream.reads_back_any(hit.span.start, DEPARTMENT)
}

/// `淋巴瘤浸润`, `未见淋巴瘤累及`, "involvement by lymphoma", "lymphoma cells", "relapsed lymphoma": where it is or what it does, not which.
fn is_involvement(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    stream.reads_any(hit.span.end, INVOLVEMENT_BEHIND)
        || INVOLVEMENT_AHEAD.iter().any(|word| whole_before(sheet, hit.span.start, word))
}

fn whole_before(sheet: &Sheet<'_>, end: usize, word: &str) -> bool {
    sheet.stream.reads_back(end, word).is_some_and(|begin| {
        begin == 0 || is_han(sheet.stream.at(begin)) || !sheet.stream.at(begin - 1).is_ascii_alphabetic()
    })
}

/// `不是双打`, `并非滤泡`, "not a Burkitt lymphoma": denied directly before the name, lists included (`不是滤泡也不是套细胞`).
pub(super) fn is_denied_by_word(sheet: &Sheet<'_>, span: Span) -> bool {
    let non = words!["non-", "non "];
    sheet.stream.reads_back_any(span.start, words!["不是", "并非", "并不是", "不属于", "而非", "而不是"])
        || sheet.stream.reads_back_any(span.start, non)
}

/// "progression of the double-hit lymphoma", "his known MCL": doubt is about what the disease does.
pub(super) fn is_the_known_disease(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.stream.reads_back_any(span.start, THE_KNOWN_DISEASE_KNOWN)
        && !sheet.says(sheet.before(span.start, 44), THE_KNOWN_DISEASE_ASKED)
}

/// `复核仍为NMZL`, "remains nodal marginal zone lymphoma": so today.
pub(super) fn is_still_so(sheet: &Sheet<'_>, span: Span) -> bool {
    sheet.stream.reads_back_any(span.start, STILL_SO)
}

/// "a friend with Hodgkin's", `病友也是套细胞`: nobody of the family.
pub(super) fn is_of_a_friend(sheet: &Sheet<'_>, span: Span) -> bool {
    let text = sheet.stream.lower_text(sheet.before(span.start, 30));
    let clause = text.rsplit([',', '。', ';', '.']).next().unwrap_or_default();
    sheet.stream.text_has(clause, OF_A_FRIEND_OTHERS)
}

/// "Mantle cell lymphoma, MIPI 7.2, blastoid morphology": the variant is told apart from the name.
pub(super) fn mantle_variant(sheet: &Sheet<'_>, span: Span) -> Option<&'static str> {
    let around = sheet.before(span.start, 14).to(sheet.after(span.end, 44));
    if sheet.says(around, MANTLE_VARIANT_DENIED) {
        return None;
    }
    if sheet.says(around, words!["blastoid", "母细胞样", "母细胞型", "母细胞变", "母细胞亚型"])
    {
        return Some("hist.mcl_blastoid");
    }
    sheet.says(around, words!["pleomorphic", "多形性"]).then_some("hist.mcl_pleomorphic")
}
