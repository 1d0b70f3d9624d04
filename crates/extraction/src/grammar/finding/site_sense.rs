//! When an organ's name names something else.
//!
//! ## Reads
//! `肝功能`, "renal impairment" (function), `预防中枢` (an aim), "uptake above liver" (a yardstick), `腹膜后淋巴结` (a region of
//! nodes), "MRI whole spine:" (what was examined).

use super::words::{follows, has, precedes, skip_spaces, stands_at};
use crate::{
    sheet::Sheet,
    stream::{Hit, Span, is_han},
};

/// "MRI whole spine:": the part of the body that was examined.
pub(super) fn heads_a_picture(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    sheet.stream.at(hit.span.end) == ':'
        && has(sheet, sheet.before(hit.span.start, 16), &["mri", "ct", "ultrasound", "mr", "增强", "平扫"])
}

/// A nodal region with its nodes (`腹膜后淋巴结`), soft tissue beside a named site: the other site is meant.
pub(super) fn belongs_to_another(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> bool {
    let names = |span: Span, fits: &dyn Fn(&str) -> bool| {
        let index = sheet.candidates.partition_point(|of| of.hit.span.start < span.start);
        sheet.candidates[index..]
            .iter()
            .take_while(|of| of.hit.span.start < span.end)
            .any(|of| of.hit.span != hit.span && fits(of.hit.concept.as_str()))
    };
    let nodes =
        |id: &str| matches!(id, "site.lymph_node" | "find.lymphadenopathy" | "find.new_lymphadenopathy");
    let site = |id: &str| id.starts_with("site.");
    match hit.concept.name() {
        "retroperitoneum" | "mediastinum" | "pleura" => names(Span::new(hit.span.end, statement.end), &nodes),
        "soft_tissue" | "bowel" => names(statement, &site),
        _ => false,
    }
}

/// `肝功能`, `肝炎`, "renal impairment", "pulmonary embolism": the organ's function or another illness.
pub(super) fn is_not_the_organ(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const CHINESE: [&str; 92] = [
        "切片",
        "活检",
        "病理",
        "肿块病理",
        "肿块活检",
        "肿块穿刺",
        "肿块切除",
        "肿物病理",
        "肿物活检",
        "肿物穿刺",
        "肿物切除",
        "包块活检",
        "包块穿刺",
        "包块病理",
        "占位穿刺",
        "门",
        "淋巴结",
        "门区",
        "功",
        "炎",
        "癌",
        "素",
        "科",
        "门静",
        "静脉",
        "动脉",
        "硬化",
        "糖",
        "酶",
        "毒",
        "囊肿",
        "损",
        "衰",
        "脂",
        "病毒",
        "豆",
        "移植",
        "穿",
        "血池",
        "性脑病",
        "本底",
        "昏",
        "栓",
        "结核",
        "气肿",
        "大泡",
        "水肿",
        "纤维化",
        "孢",
        "源性",
        "虚",
        "气",
        "折",
        "疏松",
        "痛",
        "盆",
        "关节",
        "龄",
        "扫描",
        "密度",
        "显像",
        "坏死",
        "镜",
        "肠外科",
        "管",
        "液",
        "酸",
        "纳",
        "溃疡",
        "结石",
        "小球",
        "盂",
        "积水",
        "综合征",
        "彩",
        "超",
        "病",
        "瘙痒",
        "黏膜白斑",
        "外科",
        "听诊",
        "杂音",
        "呼吸音",
        "不适",
        "内科",
        "水平",
        "摄取水平",
        "皮质",
        "切除术后",
        "预防",
        "区域",
        "音",
    ];
    const ENGLISH: [&str; 50] = [
        "hilar",
        "hilum",
        "nodes",
        "node ",
        "lymph",
        "function",
        "impairment",
        "failure",
        "insufficiency",
        "embol",
        "hypertension",
        "artery",
        "vein",
        "oedema",
        "edema",
        "toxicity",
        "cyst",
        "colic",
        "calcul",
        "stone",
        "transplant",
        "reserve",
        "flexure",
        "enzyme",
        "steatosis",
        "profile",
        "clearance",
        "replacement",
        "outflow",
        "reaction",
        "tuberculosis",
        "scan",
        "marrow",
        "rate",
        "sounds",
        "murmur",
        "surgeon",
        "clinic",
        "team",
        "reservoir",
        "prophyla",
        "-directed",
        "directed",
        "penetrat",
        "-ipi",
        " ipi",
        "biopsy",
        "tests",
        "blood pool",
        "background",
    ];
    let behind = hit.span.end;
    // 锁骨上 and 胸骨旁 are regions of nodes.
    let region = hit.concept.name() == "bone"
        && (precedes(sheet, hit.span.start, &["锁"])
            || follows(sheet, behind, &["旁", "后方", "下区", "下淋巴", "marr", "marrow"]));
    if region {
        return true;
    }
    if is_han(sheet.stream.at(hit.span.end - 1)) {
        let own = stands_at(&sheet.stream, behind, "病灶") || stands_at(&sheet.stream, behind, "病变");
        return !own && CHINESE.iter().any(|word| stands_at(&sheet.stream, behind, word));
    }
    let at = skip_spaces(&sheet.stream, behind);
    ENGLISH.iter().any(|word| stands_at(&sheet.stream, at, word.trim_start()))
}

/// `预防中枢`, "CNS prophylaxis", "compared with liver", `骨髓外`, a diagnosis that is named by its organ.
pub(super) fn is_aim(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let reference = matches!(hit.concept.name(), "liver" | "mediastinum")
        && has(
            sheet,
            sheet.before(hit.span.start, 14),
            &["above", "below", "than", "高于", "低于", "equal to", "relative to", "相当于"],
        );
    let aimed = precedes(sheet, hit.span.start, &["预防", "预防性"]) && hit.concept.name() == "cns";
    let measured = matches!(hit.concept.name(), "liver" | "mediastinum")
        && follows(sheet, hit.span.end, &["suv", "blood pool", "本底", "血池"]);
    let faint = has(
        sheet,
        sheet.after(hit.span.end, 50),
        &[
            "deauville 1",
            "deauville 2",
            "deauville评分1",
            "deauville评分2",
            "deauville评分:1",
            "deauville评分:2",
        ],
    ) && hit.concept.name() == "lymph_node";
    let outside = follows(sheet, hit.span.end, &["外"]) && hit.concept.name() == "bone_marrow";
    let primary =
        hit.concept.name() == "cns" && precedes(sheet, hit.span.start, &["原发", "原发性", "primary"]);
    let mediastinal = hit.concept.name() == "mediastinum"
        && (follows(
            sheet,
            hit.span.end,
            &["大b", "(胸腺)大b", "large b", "b cell", "b-cell", "淋巴结", "node", "lymph node"],
        ) || precedes(sheet, hit.span.start, &["原发", "primary"]));
    let sampled = hit.concept.name() == "lymph_node"
        && follows(sheet, hit.span.end, &["活检", "穿刺", "切除", "biops", "excision", "aspirat", "清扫"]);
    reference || measured || faint || aimed || outside || primary || mediastinal || sampled
}
