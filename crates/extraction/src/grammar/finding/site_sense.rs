//! When an organ's name names something else.
//!
//! ## Reads
//! `肝功能`, "renal impairment" (function), `预防中枢` (an aim), "uptake above liver" (a yardstick), `腹膜后淋巴结` (a region of
//! nodes), "MRI whole spine:" (what was examined).

use super::words::{follows, has, precedes, skip_spaces, stands_at, stands_at_any};
use crate::{
    sheet::Sheet,
    stream::{Hit, Span, is_han},
    vocabulary::finding::{
        AIM_FAINT, AIM_MEDIASTINAL, AIM_REFERENCE, AIM_SAMPLED, NOT_THE_ORGAN_CHINESE, NOT_THE_ORGAN_ENGLISH,
        NOT_THE_ORGAN_REGION,
    },
    words::words,
};

/// "MRI whole spine:": the part of the body that was examined.
pub(super) fn heads_a_picture(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    sheet.stream.at(hit.span.end) == ':'
        && has(
            sheet,
            sheet.before(hit.span.start, 16),
            words!["mri", "ct", "ultrasound", "mr", "增强", "平扫"],
        )
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
    let behind = hit.span.end;
    // 锁骨上 and 胸骨旁 are regions of nodes.
    let region = hit.concept.name() == "bone"
        && (precedes(sheet, hit.span.start, words!["锁"]) || follows(sheet, behind, NOT_THE_ORGAN_REGION));
    if region {
        return true;
    }
    if is_han(sheet.stream.at(hit.span.end - 1)) {
        let own = stands_at(&sheet.stream, behind, "病灶") || stands_at(&sheet.stream, behind, "病变");
        return !own && stands_at_any(&sheet.stream, behind, NOT_THE_ORGAN_CHINESE);
    }
    let at = skip_spaces(&sheet.stream, behind);
    NOT_THE_ORGAN_ENGLISH.iter().any(|word| stands_at(&sheet.stream, at, word.trim_start()))
}

/// `预防中枢`, "CNS prophylaxis", "compared with liver", `骨髓外`, a diagnosis that is named by its organ.
pub(super) fn is_aim(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let reference = matches!(hit.concept.name(), "liver" | "mediastinum" | "spleen")
        && has(sheet, sheet.before(hit.span.start, 14), AIM_REFERENCE);
    let aimed = precedes(sheet, hit.span.start, words!["预防", "预防性"]) && hit.concept.name() == "cns";
    let measured = matches!(hit.concept.name(), "liver" | "mediastinum")
        && follows(sheet, hit.span.end, words!["suv", "blood pool", "本底", "血池"]);
    let faint = has(sheet, sheet.after(hit.span.end, 50), AIM_FAINT) && hit.concept.name() == "lymph_node";
    let outside = follows(sheet, hit.span.end, words!["外"]) && hit.concept.name() == "bone_marrow";
    let primary =
        hit.concept.name() == "cns" && precedes(sheet, hit.span.start, words!["原发", "原发性", "primary"]);
    let mediastinal = hit.concept.name() == "mediastinum"
        && (follows(sheet, hit.span.end, AIM_MEDIASTINAL)
            || precedes(sheet, hit.span.start, words!["原发", "primary"]));
    let sampled = hit.concept.name() == "lymph_node" && follows(sheet, hit.span.end, AIM_SAMPLED);
    reference || measured || faint || aimed || outside || primary || mediastinal || sampled
}
