//! Whether a name stands for the disease: not for a department, a tissue, an infiltrate or a purpose.

use crate::{
    lexicon::Candidate,
    sheet::Sheet,
    stream::{Hit, Span, is_han},
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
    [
        "诊断",
        "确诊",
        "考虑",
        "符合",
        "转化为",
        "转为",
        "diagnosis: ",
        "diagnosis of ",
        "transformed to ",
        "transformation to ",
    ]
    .iter()
    .any(|word| sheet.stream.reads_back(span.start, word).is_some())
}

/// Behind a short name: it is a cell, a pattern or a part of a follicle.
const TISSUE_BEHIND: [&str; 68] = [
    " transformation",
    "样转化",
    "细胞区",
    "区增",
    "区扩",
    "区细胞",
    "结构",
    "中心",
    "树突",
    "样",
    "生长",
    "旁",
    "间区",
    "增生",
    "植入",
    "辅助",
    "上皮",
    "细胞增",
    "细胞呈",
    "细胞样",
    "细胞表达",
    "细胞标记",
    "状",
    "性增生",
    "性生长",
    "性结构",
    "腺癌",
    "癌",
    "腺瘤",
    "细胞弥漫",
    "细胞浸润",
    "细胞散在",
    "细胞阳性",
    "细胞(",
    "细胞性",
    "细胞来源",
    "组织",
    " cells",
    " cell (",
    " pattern",
    " dendritic",
    " architecture",
    " hyperplasia",
    " growth",
    " thyroid",
    " carcinoma",
    " helper",
    " adenoma",
    " conjunctivitis",
    " structure",
    " area",
    " zone",
    " colon",
    " differentiation",
    " b cells",
    " b-cells",
    " expansion",
    " tissue",
    " phase",
    " centre cells",
    " center cells",
    " t cell",
    " t-cell",
    " mesh",
    " neoplasm",
    " variant",
    " morphology",
    "-cell",
];

/// `套细胞区`, `滤泡树突细胞网`, "marginal zone hyperplasia", `霍奇金样细胞`, `大B细胞浸润`.
fn is_tissue(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const SHORT: [&str; 22] = [
        "滤泡",
        "套细胞",
        "边缘区",
        "脾边缘区",
        "大b",
        "大b细胞",
        "霍奇金",
        "伯基特",
        "灰区",
        "外周t",
        "非霍奇金",
        "follicular",
        "mantle cell",
        "marginal zone",
        "splenic marginal zone",
        "nodal marginal zone",
        "lymphoplasmacytic",
        "hodgkin",
        "burkitt",
        "malt",
        "non-hodgkin",
        "small lymphocytic",
    ];
    let stream = &sheet.stream;
    let length = hit.span.end - hit.span.start;
    let short = SHORT.iter().any(|word| word.chars().count() == length && stream.reads(hit.span.start, word));
    if !short {
        return false;
    }
    // 甲状腺滤泡, 继发性滤泡, 见滤泡: a structure.
    let before =
        ["甲状腺", "继发", "淋巴", "次级", "初级", "见", "残存", "生发中心", "个", "多个", "萎缩", "卵泡"];
    let structure = stream.reads(hit.span.start, "滤泡")
        && before.iter().any(|word| stream.reads_back(hit.span.start, word).is_some());
    // 间变性大B, 弥漫分布的大B细胞
    structure || TISSUE_BEHIND.iter().any(|word| stream.reads(hit.span.end, word))
}

/// 淋巴瘤科, 淋巴瘤中心, "lymphoma clinic": a place; `抗淋巴瘤治疗` a purpose.
fn is_department(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const PLACES: [&str; 30] = [
        "科",
        "中心",
        "病区",
        "病房",
        "专科",
        "门诊",
        "协会",
        "国际预后",
        "联盟",
        "专病",
        "群",
        "病友",
        "之家",
        "指南",
        "医生",
        "专家",
        "诊疗",
        " clinic",
        " unit",
        " centre",
        " center",
        " service",
        " team",
        " ward",
        " department",
        " nurse",
        " mdt",
        " society",
        " group",
        " association",
    ];
    let stream = &sheet.stream;
    let more = [
        " multidisciplinary",
        " programme",
        " program",
        " specialist",
        " consultant",
        " trial",
        " study",
        " international prognostic",
        " in general",
        "综合",
        " guideline",
        " panel",
        "基因",
        "panel",
    ];
    PLACES.iter().chain(more.iter()).any(|place| stream.reads(hit.span.end, place))
        || [
            "抗",
            "anti-",
            "anti",
            "you treat ",
            "do you accept ",
            "specialise in ",
            "specialize in ",
            "experience with ",
            "能治",
            "治不治",
            "收不收",
        ]
        .iter()
        .any(|word| stream.reads_back(hit.span.start, word).is_some())
}

/// `淋巴瘤浸润`, `未见淋巴瘤累及`, "involvement by lymphoma", "lymphoma cells", "relapsed lymphoma": where it is or what it does, not which.
fn is_involvement(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let behind = [
        "浸润",
        "侵犯",
        "侵及",
        "累及",
        "受累",
        "受侵",
        "细胞",
        "中枢",
        "骨髓",
        "治疗",
        "化疗",
        "残留",
        "残余",
        "复发",
        "进展",
        "相关",
        "负荷",
        "病灶",
        "病变",
        "患者",
        "病人",
        "转移",
        "播散",
        "活动",
        "活性",
        "依据",
        "证据",
        "缓解",
        "分期",
        "分型",
        "评效",
        "免疫",
        "组织",
        "伴",
        "国际",
        "可能来源",
        "转化",
        "成分",
        "克隆",
        "表型",
        "标志",
        " involvement",
        " infiltrat",
        " cell",
        " deposit",
        " relapse",
        " recurrence",
        " progression",
        " treatment",
        " therapy",
        " patient",
        "-related",
        "-associated",
        " burden",
        " lesion",
        " activity",
        " infiltrate",
        "-directed",
        " panel",
        " b cells",
        " tissue",
        " remission",
        " specimen",
        " screen",
    ];
    let ahead = [
        "involvement by ",
        "involvement with ",
        "infiltration by ",
        "infiltration with ",
        "involved by ",
        "infiltrated by ",
        "involved with ",
        "evidence of ",
        "evidence of residual ",
        "residual ",
        "recurrent ",
        "active ",
        "relapsed ",
        "refractory ",
        "site of ",
        "sites of ",
        "transformed ",
        "recurrence of ",
        "progression of ",
        "relapse of ",
        "nature of the ",
        "involvement of ",
        "persistent ",
        "viable ",
        "nodal ",
        "infiltration of ",
        "the ",
        "her ",
        "his ",
        "this ",
        "their ",
        "治疗",
        "复发",
        "残留",
        "转化型",
        "转化的",
        "转化性",
        "难治",
        "未见",
        "既往",
        "该",
        "本次",
        "原",
        "与",
    ];
    behind.iter().any(|word| stream.reads(hit.span.end, word))
        || ahead.iter().any(|word| whole_before(sheet, hit.span.start, word))
}

fn whole_before(sheet: &Sheet<'_>, end: usize, word: &str) -> bool {
    sheet.stream.reads_back(end, word).is_some_and(|begin| {
        begin == 0 || is_han(sheet.stream.at(begin)) || !sheet.stream.at(begin - 1).is_ascii_alphabetic()
    })
}

/// `不是双打`, `并非滤泡`, "not a Burkitt lymphoma": denied directly before the name, lists included (`不是滤泡也不是套细胞`).
pub(super) fn is_denied_by_word(sheet: &Sheet<'_>, span: Span) -> bool {
    ["不是", "并非", "并不是", "不属于", "而非", "而不是"]
        .iter()
        .any(|word| sheet.stream.reads_back(span.start, word).is_some())
}

/// "progression of the double-hit lymphoma", "his known MCL": doubt is about what the disease does.
pub(super) fn is_the_known_disease(sheet: &Sheet<'_>, span: Span) -> bool {
    const KNOWN: [&str; 8] = [
        "of the ",
        "of his ",
        "of her ",
        "of known ",
        " known ",
        "of their ",
        "已知",
        "of previously diagnosed ",
    ];
    const ASKED: [&str; 7] = [
        "diagnosis of the",
        "possibility of",
        "features of",
        "suspicion of",
        "history of",
        "subtype of",
        "variant of",
    ];
    KNOWN.iter().any(|word| sheet.stream.reads_back(span.start, word).is_some())
        && !sheet.says(sheet.before(span.start, 44), &ASKED)
}

/// `复核仍为NMZL`, "remains nodal marginal zone lymphoma": so today.
pub(super) fn is_still_so(sheet: &Sheet<'_>, span: Span) -> bool {
    ["仍为", "仍是", "仍考虑", "仍符合", "仍", "still ", "remains ", "remains a ", "现为", "目前为"]
        .iter()
        .any(|word| sheet.stream.reads_back(span.start, word).is_some())
}

/// "a friend with Hodgkin's", `病友也是套细胞`: nobody of the family.
pub(super) fn is_of_a_friend(sheet: &Sheet<'_>, span: Span) -> bool {
    const OTHERS: [&str; 11] = [
        "friend",
        "neighbour",
        "neighbor",
        "colleague",
        "roommate",
        "朋友",
        "病友",
        "同事",
        "邻居",
        "室友",
        "同病房",
    ];
    let text = sheet.stream.lower_text(sheet.before(span.start, 30));
    let clause = text.rsplit([',', '。', ';', '.']).next().unwrap_or_default();
    OTHERS.iter().any(|word| clause.contains(word))
}

/// "Mantle cell lymphoma, MIPI 7.2, blastoid morphology": the variant is told apart from the name.
pub(super) fn mantle_variant(sheet: &Sheet<'_>, span: Span) -> Option<&'static str> {
    const DENIED: [&str; 6] =
        ["no blastoid", "not blastoid", "non-blastoid", "无母细胞", "非母细胞", "without blastoid"];
    let around = sheet.before(span.start, 14).to(sheet.after(span.end, 44));
    if sheet.says(around, &DENIED) {
        return None;
    }
    if sheet.says(around, &["blastoid", "母细胞样", "母细胞型", "母细胞变", "母细胞亚型"]) {
        return Some("hist.mcl_blastoid");
    }
    sheet.says(around, &["pleomorphic", "多形性"]).then_some("hist.mcl_pleomorphic")
}
