//! Stages and phases that are not the lymphoma's.

use crate::{sheet::Sheet, stream::Span};

/// Directly behind: a phase of a trial, a disease that has stages of its own.
const BEHIND: [&str; 45] = [
    "临床",
    "试验",
    "单臂",
    "随机",
    "研究",
    "愈合",
    "手术",
    "clinical trial",
    "trial",
    "study",
    "ckd",
    "chronic kidney",
    "kidney",
    "renal",
    "chronic renal",
    "hypertension",
    "copd",
    "heart failure",
    "nyha",
    "breast",
    "lung cancer",
    "colon",
    "colorectal",
    "prostate",
    "cervical",
    "bladder",
    "gastric cancer",
    "melanoma",
    "pressure",
    "ulcer",
    "sarcoidosis",
    "endometri",
    "gvhd",
    "慢性肾",
    "肾功能",
    "肾病",
    "高血压",
    "矽肺",
    "尘肺",
    "压疮",
    "乳腺癌",
    "肺癌",
    "结肠癌",
    "carcinoma",
    "adenocarcinoma",
];
/// Shortly before in the clause: another disease or another system.
const BEFORE: [&str; 44] = [
    "ckd",
    "kidney disease",
    "renal",
    "copd",
    "nyha",
    "gvhd",
    "rai ",
    "rai:",
    "binet",
    "r-iss",
    " iss ",
    "durie",
    "tnm",
    "figo",
    "murphy",
    "phase",
    "cancer",
    "carcinoma",
    "melanoma",
    "sarcoma",
    "adenoca",
    "hypertension",
    "fibrosis",
    "cirrhosis",
    "ulcer",
    "慢性肾",
    "肾病",
    "肾功能",
    "肾脏病",
    "高血压",
    "糖尿病",
    "肺癌",
    "乳腺癌",
    "胃癌",
    "肠癌",
    "宫颈癌",
    "前列腺癌",
    "甲状腺癌",
    "肝癌",
    "膀胱癌",
    "矽肺",
    "尘肺",
    "压疮",
    "encephalopathy",
];

/// Whether the stage is one of another disease, another system, or a phase of a trial.
pub(super) fn is_other(sheet: &Sheet<'_>, span: Span, end: usize) -> bool {
    let stream = &sheet.stream;
    let from = (end..end + 2).find(|at| !matches!(stream.at(*at), ' ' | '(')).unwrap_or(end);
    if BEHIND.iter().any(|word| stream.reads(from, word)) {
        return true;
    }
    if stream.reads(from, "(乳腺") || stream.reads(from, "高血压") {
        return true;
    }
    // `stage I breast cancer` in other word order, `CKD stage 3`: the nearest disease before decides.
    let window = sheet.before(span.start, 34);
    let text = stream.lower_text(window);
    let clause = text.rsplit(['。', ';', '\t']).next().unwrap_or_default();
    let Some(other) = BEFORE.iter().filter_map(|word| clause.rfind(word)).max() else { return false };
    let own = ["lymphoma", "淋巴瘤", "dlbcl", "fl ", "mcl", "hodgkin", "ann arbor", "lugano"]
        .iter()
        .filter_map(|word| clause.rfind(word))
        .max();
    // Words of the stage itself (`Ann Arbor`) belong to a lymphoma.
    let inside = stream.lower_text(span);
    own.is_none_or(|own| own < other) && !inside.contains("arbor") && !inside.contains("lugano")
}
