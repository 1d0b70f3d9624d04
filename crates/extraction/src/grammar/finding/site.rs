//! Sites of disease.
//!
//! ## Reads
//! `骨髓、肺受累`, "no pulmonary or hepatic involvement", "stage IV (bone, liver)", `双肺未见异常`, `睾丸复发`,
//! "hepatic foci, ?involvement", `胃MALT淋巴瘤`.
//!
//! ## Never
//! An organ that is only named, measured against (Deauville), inflamed, cystic or infarcted is no site of disease.
//!
//! ## References
//! Lugano staging [Cheson 2014] for what counts as involvement.

use super::site_words::{BENIGN, DOUBT, GONE, LESION, NORMAL, STRONG};
use super::words::{clause_end, clause_start, find, find_last, follows, has, precedes};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span, is_han},
};
use cartulary_model::{Assertion, Temporality};

/// Disease in a site, its denial, or nothing.
pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    if is_not_the_organ(sheet, hit) || is_aim(sheet, hit) || heads_a_picture(sheet, hit) {
        return None;
    }
    let statement = statement(sheet, hit.span);
    if belongs_to_another(sheet, hit, statement) {
        return None;
    }
    let mut draft = Draft::new(hit.concept.clone(), hit.span, "finding.named").named_at(hit.span);
    if let Some(gone) =
        find(sheet, after(statement, hit), &GONE).or_else(|| find(sheet, before(statement, hit), &GONE))
    {
        if has(sheet, statement, &LESION) || has(sheet, statement, &STRONG) {
            draft.span = hit.span.to(gone);
            draft.temporality = Some(Temporality::Historical);
            return Some(draft.present());
        }
    }
    if let Some(normal) = said_normal(sheet, hit, statement) {
        draft.span = hit.span.to(normal);
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    let word = disease_word(sheet, hit, statement).or_else(|| named_behind_bracket(sheet, hit));
    let listed = is_listed(sheet, hit);
    if word.is_none() && !listed {
        return None;
    }
    if let Some(word) = word {
        draft.span = hit.span.to(word);
    }
    if !listed && !has(sheet, statement, &STRONG) {
        draft.rule = "finding.lesion";
    }
    explained(sheet, hit, statement, draft)
}

fn after(statement: Span, hit: &Hit) -> Span {
    Span::new(hit.span.end, statement.end)
}

fn before(statement: Span, hit: &Hit) -> Span {
    Span::new(statement.start, hit.span.start)
}

/// The nearest word of disease: the organ's own before that of another.
fn disease_word(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> Option<Span> {
    let behind =
        find(sheet, after(statement, hit), &STRONG).or_else(|| find(sheet, after(statement, hit), &LESION));
    let ahead = || {
        find_last(sheet, before(statement, hit), &STRONG)
            .or_else(|| find_last(sheet, before(statement, hit), &LESION))
    };
    let own =
        matches!(sheet.stream.lower_text(hit.span).as_str(), "肿大淋巴结" | "nodal mass").then_some(hit.span);
    own.or(behind).or_else(ahead)
}

/// "MRI whole spine:": the part of the body that was examined.
fn heads_a_picture(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    sheet.stream.at(hit.span.end) == ':'
        && has(sheet, sheet.before(hit.span.start, 16), &["mri", "ct", "ultrasound", "mr", "增强", "平扫"])
}

/// `(胃体)MALT淋巴瘤`: the disease is named behind the bracket.
fn named_behind_bracket(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let close = clause_end(sheet, hit.span.end);
    let index = sheet.candidates.partition_point(|of| of.hit.span.start <= close);
    let next = sheet.candidates.get(index)?;
    let glue = Span::new(close + 1, next.hit.span.start.max(close + 1));
    let taken = glue.end <= close + 12 && has(sheet, glue, &["切除", "活检", "标本", "穿刺", "肿物"]);
    let named = next.hit.concept.is("hist") && (next.hit.span.start <= close + 2 || taken);
    (sheet.stream.at(close) == ')' && named).then_some(next.hit.span)
}

/// Harmless, doubted or stated: what the clause and those after it say of the lesion.
fn explained(sheet: &Sheet<'_>, hit: &Hit, statement: Span, mut draft: Draft) -> Option<Draft> {
    let next = explanation(sheet, statement.end);
    let both = statement.to(next);
    let strong = has(sheet, statement, &STRONG) || has(sheet, next, &STRONG);
    let own_doubt = has(sheet, statement, &["equivocal", "indeterminate", "questionable", "?"]);
    let harmless = has(sheet, statement, &BENIGN) || has(sheet, next, &BENIGN);
    if harmless && !strong && !own_doubt {
        return None;
    }
    let denied =
        sheet.modifiers.read(hit.span).assertion == Assertion::Negated || directly_denied(sheet, hit);
    let between = Span::new(hit.span.end, draft.span.end.max(hit.span.end));
    let doubted = own_doubt
        || has(sheet, next, &DOUBT)
        || has(sheet, between, &DOUBT)
        || (harmless && has(sheet, both, &DOUBT));
    if denied {
        draft.assertion = Some(Assertion::Negated);
    } else if doubted {
        draft.assertion = Some(Assertion::Possible);
        if let Some(word) = find(sheet, next, &STRONG) {
            draft.span = draft.span.to(word);
        }
    }
    Some(draft)
}

/// `未见肿大淋巴结`, "no enlarged nodes": the denial stands directly before.
fn directly_denied(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let words = [
        "未见",
        "未见明显",
        "未见明确",
        "无",
        "未及",
        "未触及",
        "未扪及",
        "未探及",
        "无明显",
        "未发现",
        "未见异常",
    ];
    if precedes(sheet, hit.span.start, &words) {
        return true;
    }
    // "no palpable cervical, axillary or inguinal lymph nodes": a list of regions before the one noun.
    let before = sheet.before(hit.span.start, 64);
    find_last(sheet, before, &["no "]).is_some_and(|no| {
        let list = Span::new(no.end, hit.span.start);
        !has(
            sheet,
            list,
            &[
                "is ", "are ", "was ", "has ", "but ", "however", "shows", "with ", "longer", ";", "except",
                "and a ", "new ",
            ],
        )
    })
}

/// The clauses behind a lesion that say what it is: `,代谢增高,考虑淋巴瘤浸润`, ", 2.1 cm, in keeping with an adenoma".
fn explanation(sheet: &Sheet<'_>, end: usize) -> Span {
    const SAYS_WHAT: [&str; 29] = [
        "首先考虑",
        "多考虑",
        "考虑",
        "符合",
        "提示",
        "为",
        "请",
        "in keeping",
        "consistent",
        "compatible",
        "most",
        "represent",
        "suggest",
        "physiolog",
        "reactive",
        "benign",
        "生理性",
        "炎性",
        "炎症",
        "反应性",
        "良性",
        "淋巴瘤",
        "转移",
        "lymphom",
        "likely",
        "which",
        "this",
        "presumabl",
        "presumed",
    ];
    let nothing = Span::new(end, end);
    let mut from = end;
    for _ in 0..3 {
        if sheet.stream.at(from) != ',' {
            return nothing;
        }
        let to = clause_end(sheet, from + 1);
        let clause = Span::new(from + 1, to);
        if follows(sheet, from + 1, &SAYS_WHAT)
            || follows(sheet, from + 1, &DOUBT)
            || has(sheet, clause, &["?"])
        {
            let more = sheet.stream.at(to) == ',' && follows(sheet, to + 1, &["?"]);
            return Span::new(from + 1, if more { clause_end(sheet, to + 1) } else { to });
        }
        if names_another(sheet, clause)
            || follows(sheet, from + 1, &["with", "and", "but", "伴", "余", "其余"])
        {
            return nothing;
        }
        from = to;
    }
    nothing
}

fn names_another(sheet: &Sheet<'_>, clause: Span) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < clause.start);
    sheet.candidates[index..]
        .iter()
        .take_while(|of| of.hit.span.start < clause.end)
        .any(|of| matches!(of.hit.concept.kind(), "site" | "test" | "hist"))
}

/// A nodal region with its nodes (`腹膜后淋巴结`), soft tissue beside a named site: the other site is meant.
fn belongs_to_another(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> bool {
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
        "retroperitoneum" | "mediastinum" | "pleura" => names(after(statement, hit), &nodes),
        "soft_tissue" | "bowel" => names(statement, &site),
        _ => false,
    }
}

/// The clause around a site; a list of sites goes on over its commas.
fn statement(sheet: &Sheet<'_>, span: Span) -> Span {
    let mut start = clause_start(sheet, span.start);
    let mut end = clause_end(sheet, span.end);
    for _ in 0..8 {
        let Some(before) = start.checked_sub(1).filter(|at| sheet.stream.at(*at) == ',') else { break };
        if !ends_with_site(sheet, before) {
            break;
        }
        start = clause_start(sheet, before);
    }
    for _ in 0..8 {
        let own =
            has(sheet, Span::new(span.end, end), &STRONG) || has(sheet, Span::new(span.end, end), &LESION);
        if own
            || sheet.stream.at(end) != ','
            || !ends_with_site(sheet, end)
            || !begins_with_site(sheet, end + 1)
        {
            break;
        }
        end = clause_end(sheet, end + 1);
    }
    Span::new(start, end)
}

fn ends_with_site(sheet: &Sheet<'_>, comma: usize) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.end <= comma);
    sheet.candidates[..index]
        .iter()
        .rev()
        .take(3)
        .any(|of| of.hit.concept.is("site") && comma - of.hit.span.end <= 2)
}

fn begins_with_site(sheet: &Sheet<'_>, at: usize) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < at);
    let words = |span: Span| !has(sheet, span, &["有", "见", "is ", "was ", "shows"]);
    sheet.candidates[index..].iter().take(3).any(|of| {
        of.hit.concept.is("site") && of.hit.span.start <= at + 12 && words(Span::new(at, of.hit.span.start))
    })
}

/// "stage IV (bone, liver)", `受累部位:肝、骨`, `IVB期(累及胰腺)`: a list that something before it announces.
fn is_listed(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let from = sentence.start.max(hit.span.start.saturating_sub(100));
    let mut depth = 0i32;
    let opened = (from..hit.span.start).rev().find(|at| match sheet.stream.at(*at) {
        ')' => {
            depth += 1;
            false
        }
        '(' if depth > 0 => {
            depth -= 1;
            false
        }
        '(' | ':' | '[' => depth == 0,
        _ => false,
    });
    let Some(opened) = opened else { return false };
    let label = Span::new(sentence.start.max(opened.saturating_sub(26)), opened);
    let stage = sheet.stream.at(opened) != ':'
        && (has(sheet, label, &["stage"])
            || precedes(
                sheet,
                opened,
                &["期", "期a组", "期b组", "iva", "ivb", "ive", "iii", "iv", "ii", "组"],
            ));
    let announces =
        ["受累", "累及", "involv", "extranodal", "结外", "sites of disease", "disease sites", "侵犯部位"];
    (stage || has(sheet, label, &announces))
        && !has(sheet, Span::new(opened, hit.span.start), &["spared", "未", "无", "no ", "not "])
}

/// `双肺未见异常放射性浓聚`, "the liver is normal", "lungs clear": nothing there.
fn said_normal(sheet: &Sheet<'_>, hit: &Hit, statement: Span) -> Option<Span> {
    let behind = after(statement, hit);
    let normal = find(sheet, behind, &NORMAL)?;
    // Words like "normal" say something of disease only in a report of an examination.
    let loose = ["clear", "normal", "正常", "清晰", "unremarkable"];
    let examined = sheet.is_kind(&[
        "sec.doc_pet",
        "sec.doc_ct",
        "sec.doc_mri",
        "sec.doc_us",
        "sec.doc_pathology",
        "sec.doc_bm_biopsy",
    ]);
    let is_loose = loose.iter().any(|word| super::words::stands_at(&sheet.stream, normal.start, word));
    let but = ["部分", "余", "除", "但", "not normal", "not clear", "正常范围"];
    let near = normal.start - hit.span.end <= 40;
    (near && (examined || !is_loose) && !has(sheet, Span::new(hit.span.end, normal.start + 6), &but))
        .then_some(normal)
}

/// `肝功能`, `肝炎`, "renal impairment", "pulmonary embolism": the organ's function or another illness.
fn is_not_the_organ(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    const CHINESE: [&str; 74] = [
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
    const ENGLISH: [&str; 45] = [
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
        let own = super::words::stands_at(&sheet.stream, behind, "病灶")
            || super::words::stands_at(&sheet.stream, behind, "病变");
        return !own && CHINESE.iter().any(|word| super::words::stands_at(&sheet.stream, behind, word));
    }
    let at = super::words::skip_spaces(&sheet.stream, behind);
    ENGLISH.iter().any(|word| super::words::stands_at(&sheet.stream, at, word.trim_start()))
}

/// `预防中枢`, "CNS prophylaxis", "compared with liver", `骨髓外`, a diagnosis that is named by its organ.
fn is_aim(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let reference = matches!(hit.concept.name(), "liver" | "mediastinum")
        && has(
            sheet,
            sheet.before(hit.span.start, 14),
            &["above", "below", "than", "高于", "低于", "equal to", "relative to", "相当于"],
        );
    let aimed = precedes(sheet, hit.span.start, &["预防", "预防性"]) && hit.concept.name() == "cns";
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
    reference || aimed || outside || primary || mediastinal || sampled
}
