//! Criteria sets of the synthetic case. The criteria are shaped like real ones and are not clinical content.

use super::sample::Cited;
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Answer, ConceptId, CriterionId, FactId, Finding, MissingItem, SetEvaluation, SetId, Text,
    evaluation::{Role, SetKind, Summary, Verification},
};

/// A dozen sets.
pub(crate) fn few(cited: &Cited) -> Vec<SetEvaluation> {
    let mut sets = vec![
        set(
            "relma.nmpa.lbcl_3l",
            SetKind::Label,
            "relma-cel (倍诺达) · NMPA · large B-cell lymphoma after 2 lines",
            "瑞基奥仑赛（倍诺达）· NMPA · 二线治疗后的大B细胞淋巴瘤",
            "NMPA",
            Summary::Possible,
            label(cited, Answer::Met),
        ),
        set(
            "axi.nmpa.lbcl_3l",
            SetKind::Label,
            "axi-cel (Yescarta) · NMPA · large B-cell lymphoma after 2 lines",
            "阿基仑赛（奕凯达）· NMPA · 二线治疗后的大B细胞淋巴瘤",
            "NMPA",
            Summary::Possible,
            label(cited, Answer::Met),
        ),
        set(
            "axi.fda.lbcl_3l",
            SetKind::Label,
            "axi-cel (Yescarta) · FDA · large B-cell lymphoma after 2 lines",
            "阿基仑赛（Yescarta）· FDA · 二线治疗后的大B细胞淋巴瘤",
            "FDA",
            Summary::NeedsInformation,
            label(cited, Answer::Unknown),
        ),
        set(
            "ZUMA-1",
            SetKind::Trial,
            "ZUMA-1 · axi-cel · refractory large B-cell lymphoma",
            "ZUMA-1 · 阿基仑赛 · 难治性大B细胞淋巴瘤",
            "NCT02348216",
            Summary::NeedsInformation,
            trial(cited, Answer::Unknown),
        ),
        set(
            "JULIET",
            SetKind::Trial,
            "JULIET · tisa-cel · DLBCL after 2 lines",
            "JULIET · 替沙仑赛 · 二线治疗后的弥漫大B细胞淋巴瘤",
            "NCT02445248",
            Summary::NeedsInformation,
            trial(cited, Answer::Unknown),
        ),
        set(
            "TRANSCEND-NHL-001",
            SetKind::Trial,
            "TRANSCEND NHL 001 · liso-cel · large B-cell lymphoma",
            "TRANSCEND NHL 001 · 利基迈仑赛 · 大B细胞淋巴瘤",
            "NCT02631044",
            Summary::NeedsInformation,
            trial(cited, Answer::Met),
        ),
        set(
            "EBMT-EHA-2021",
            SetKind::Guideline,
            "EBMT/EHA 2021 · practice recommendations",
            "EBMT/EHA 2021 · 实践建议",
            "EBMT",
            Summary::NeedsInformation,
            guideline(cited),
        ),
        set(
            "axi.fda.fl_3l",
            SetKind::Label,
            "axi-cel (Yescarta) · FDA · follicular lymphoma after 2 lines",
            "阿基仑赛（Yescarta）· FDA · 二线治疗后的滤泡性淋巴瘤",
            "FDA",
            Summary::NotMetAsWritten,
            follicular(cited),
        ),
        set(
            "ZUMA-7",
            SetKind::Trial,
            "ZUMA-7 · axi-cel · second line",
            "ZUMA-7 · 阿基仑赛 · 二线",
            "NCT03391466",
            Summary::NotMetAsWritten,
            trial(cited, Answer::NotMet),
        ),
        set(
            "brexu.fda.mcl",
            SetKind::Label,
            "brexu-cel (Tecartus) · FDA · mantle cell lymphoma",
            "布瑞基奥仑赛（Tecartus）· FDA · 套细胞淋巴瘤",
            "FDA",
            Summary::NotApplicable,
            foreign(cited, "mantle cell lymphoma", "套细胞淋巴瘤"),
        ),
        set(
            "tisa.fda.all",
            SetKind::Label,
            "tisa-cel (Kymriah) · FDA · B-cell ALL up to 25 years",
            "替沙仑赛（Kymriah）· FDA · 25岁及以下B-ALL",
            "FDA",
            Summary::NotApplicable,
            foreign(cited, "acute lymphoblastic leukaemia", "急性淋巴细胞白血病"),
        ),
        set(
            "cilta.nmpa.mm",
            SetKind::Label,
            "cilta-cel (Carvykti) · NMPA · multiple myeloma",
            "西达基奥仑赛（卡卫荻）· NMPA · 多发性骨髓瘤",
            "NMPA",
            Summary::NotApplicable,
            foreign(cited, "multiple myeloma", "多发性骨髓瘤"),
        ),
    ];
    for set in &mut sets {
        set.reasons = reasons(set);
    }
    sets
}

/// The dozen and every indication of the catalogue.
pub(crate) fn many(cited: &Cited, catalogue: &Catalogue) -> Vec<SetEvaluation> {
    let mut sets = few(cited);
    for product in catalogue.products() {
        let id = product.indication.as_str();
        if sets.iter().any(|set| set.set.as_str() == id) {
            continue;
        }
        let (summary, findings) = if id.contains("lbcl_3l") {
            (Summary::NeedsInformation, label(cited, Answer::Unknown))
        } else if id.contains("lbcl_2l") {
            (Summary::NotMetAsWritten, label(cited, Answer::NotMet))
        } else if id.contains(".fl_") {
            (Summary::NotMetAsWritten, follicular(cited))
        } else {
            (Summary::NotApplicable, foreign(cited, "another disease", "其他疾病"))
        };
        let english = format!(
            "{} ({}) · {} · {}",
            product.generic,
            product.brand,
            product.regulator,
            product.cart_groups.join(", ")
        );
        let chinese = product.chinese.first().map_or(product.generic.as_str(), String::as_str);
        let chinese = format!("{chinese} · {} · {}", product.regulator, product.cart_groups.join("、"));
        let mut set = set(id, SetKind::Label, &english, &chinese, &product.regulator, summary, findings);
        set.reasons = reasons(&set);
        sets.push(set);
    }
    sets.sort_by_key(|set| set.summary);
    sets
}

fn set(
    id: &str,
    kind: SetKind,
    en: &str,
    zh: &str,
    authority: &str,
    summary: Summary,
    findings: Vec<Finding>,
) -> SetEvaluation {
    SetEvaluation {
        set: SetId::new(id),
        kind,
        title: Text::new(en, zh),
        product: id.split('.').next().unwrap_or_default().into(),
        authority: authority.into(),
        version: "2025-02".into(),
        sha256: String::new(),
        summary,
        reasons: Vec::new(),
        findings,
    }
}

/// The first two findings that speak against it, else that are unknown, else that are met.
fn reasons(set: &SetEvaluation) -> Vec<Text> {
    let wanted = match set.summary {
        Summary::Possible => Answer::Met,
        Summary::NeedsInformation => Answer::Unknown,
        Summary::NotMetAsWritten | Summary::NotApplicable => Answer::NotMet,
    };
    set.findings
        .iter()
        .filter(|finding| finding.answer == wanted)
        .take(2)
        .map(|finding| finding.why.clone())
        .collect()
}

fn label(cited: &Cited, history: Answer) -> Vec<Finding> {
    let mut findings = vec![
        histology(cited, Answer::Met),
        finding(
            "prior_lines",
            ("Two or more lines of systemic therapy", "接受过两线或以上系统治疗"),
            history,
            match history {
                Answer::Met => ("R-CHOP x6 and R-GDP x2 make two lines.", "R-CHOP 6程与R-GDP 2程共两线。"),
                Answer::NotMet => (
                    "Two lines were read; this indication is for one line.",
                    "读到两线治疗；该适应证针对一线治疗后。",
                ),
                Answer::Unknown => (
                    "Two lines were read; whether R-GDP counts is unknown while its end is unknown.",
                    "读到两线治疗；R-GDP结束情况不详，能否计为一线未知。",
                ),
            },
            &[cited.r_chop, cited.r_gdp],
        ),
        finding(
            "age",
            ("Adult", "成人"),
            Answer::Met,
            ("41 years on 2023-11-10.", "2023-11-10时41岁。"),
            &[cited.age],
        ),
        exclusion(finding(
            "pcnsl",
            ("Not primary CNS lymphoma", "非原发中枢神经系统淋巴瘤"),
            Answer::Met,
            ("No paper says so; the lymphoma is nodal.", "无相关记录；病变为结内。"),
            &[cited.no_cns],
        )),
    ];
    if history == Answer::Unknown {
        findings[1].missing = vec![missing(
            "treatment_history",
            (
                "The complete treatment history: every regimen with first and last day and cycles",
                "完整治疗经过：各方案起止日期及疗程数",
            ),
            "sec.doc_discharge",
        )];
    }
    findings
}

fn trial(cited: &Cited, history: Answer) -> Vec<Finding> {
    let mut findings = label(cited, history);
    findings.push(finding(
        "refractory_def",
        (
            "Refractory: stable disease of six months or less, or progression, after the last line",
            "难治：末次治疗后疾病进展，或疾病稳定不超过6个月",
        ),
        Answer::Met,
        ("Best response to R-GDP was stable disease (2023-06).", "R-GDP最佳疗效为疾病稳定（2023-06）。"),
        &[cited.stable],
    ));
    findings.push(finding(
        "ecog",
        ("ECOG 0 or 1", "ECOG 0–1分"),
        Answer::Met,
        ("ECOG 1 in the letter of 2023-11-02.", "2023-11-02转诊信：ECOG 1分。"),
        &[cited.ecog],
    ));
    findings.push(finding(
        "anc",
        ("Neutrophils at least 1.0 ×10⁹/L", "中性粒细胞≥1.0 ×10⁹/L"),
        Answer::Met,
        ("1.62 ×10⁹/L on 2023-10-25.", "2023-10-25为1.62 ×10⁹/L。"),
        &[cited.neutrophils],
    ));
    let mut platelets = finding(
        "plt",
        ("Platelets at least 50 ×10⁹/L", "血小板≥50 ×10⁹/L"),
        Answer::Unknown,
        (
            "45 and 61 ×10⁹/L in the same days stand on both sides of the bound.",
            "同期45与61 ×10⁹/L，分处界值两侧。",
        ),
        &cited.platelets,
    );
    platelets.missing = vec![missing("lab.plt", ("A blood count of this week", "本周血常规"), "sec.doc_cbc")];
    findings.push(platelets);
    findings.push(finding(
        "creat_or_egfr",
        ("Creatinine clearance at least 60 mL/min", "肌酐清除率≥60 mL/min"),
        Answer::Met,
        (
            "Creatinine 62 µmol/L; clearance by any weight above 40 kg is over 60.",
            "肌酐62 µmol/L，体重超过40 kg时清除率均>60。",
        ),
        &[cited.creatinine],
    ));
    let mut heart = finding(
        "lvef",
        ("Ejection fraction at least 50%", "左室射血分数≥50%"),
        Answer::Unknown,
        ("No echocardiography of this patient was read.", "未读到本患者的超声心动图。"),
        &[],
    );
    heart.missing = vec![missing(
        "lab.lvef",
        ("An echocardiography report with the ejection fraction", "含左室射血分数的超声心动图报告"),
        "sec.doc_echo",
    )];
    findings.push(heart);
    findings.push(exclusion(finding(
        "cns_lymphoma",
        ("No active CNS involvement", "无活动性中枢受累"),
        Answer::Met,
        ("The letter denies it.", "转诊信否认。"),
        &[cited.no_cns],
    )));
    let mut hepatitis = exclusion(finding(
        "hbv",
        ("No active hepatitis B", "无活动性乙型肝炎"),
        Answer::Met,
        (
            "HBsAg negative, HBV DNA below 20 IU/mL; core antibody positive.",
            "HBsAg阴性，HBV DNA<20 IU/mL；核心抗体阳性。",
        ),
        &[cited.core_antibody],
    ));
    hepatitis.verification = Verification::P;
    findings.push(hepatitis);
    let mut vaccine = exclusion(finding(
        "live_vaccine",
        ("No live vaccine in the last six weeks", "近6周未接种活疫苗"),
        Answer::Unknown,
        ("No paper speaks of vaccines.", "资料未提及疫苗接种。"),
        &[],
    ));
    vaccine.verification = Verification::M;
    findings.push(vaccine);
    findings
}

fn guideline(cited: &Cited) -> Vec<Finding> {
    let mut target = finding(
        "target",
        ("CD19 on the latest biopsy", "最近一次活检CD19阳性"),
        Answer::Met,
        ("CD19 positive in the biopsy of 2023-03-08.", "2023-03-08活检CD19阳性。"),
        &[cited.cd19],
    );
    target.role = Role::Warning;
    let mut heart = finding(
        "lvef",
        ("Ejection fraction above 40%", "左室射血分数>40%"),
        Answer::Unknown,
        ("No echocardiography of this patient was read.", "未读到本患者的超声心动图。"),
        &[],
    );
    heart.missing = vec![missing(
        "lab.lvef",
        ("An echocardiography report with the ejection fraction", "含左室射血分数的超声心动图报告"),
        "sec.doc_echo",
    )];
    vec![histology(cited, Answer::Met), heart, target]
}

fn follicular(cited: &Cited) -> Vec<Finding> {
    let mut findings = label(cited, Answer::Met);
    findings[0] = finding(
        "histology",
        ("Follicular lymphoma", "滤泡性淋巴瘤"),
        Answer::NotMet,
        (
            "Today's disease is high-grade B-cell lymphoma, transformed from follicular lymphoma.",
            "目前疾病为由滤泡性淋巴瘤转化的高级别B细胞淋巴瘤。",
        ),
        &[cited.follicular, cited.high_grade],
    );
    findings
}

fn foreign(cited: &Cited, en: &str, zh: &str) -> Vec<Finding> {
    let text = (en, zh);
    vec![finding(
        "histology",
        text,
        Answer::NotMet,
        ("Today's disease is high-grade B-cell lymphoma.", "目前疾病为高级别B细胞淋巴瘤。"),
        &[cited.high_grade],
    )]
}

fn histology(cited: &Cited, answer: Answer) -> Finding {
    finding(
        "histology",
        (
            "Large B-cell lymphoma, including high-grade and transformed follicular",
            "大B细胞淋巴瘤，包括高级别及由滤泡性淋巴瘤转化者",
        ),
        answer,
        (
            "High-grade B-cell lymphoma, NOS, by pathology on 2023-03-08.",
            "2023-03-08病理：高级别B细胞淋巴瘤，非特指型。",
        ),
        &[cited.high_grade],
    )
}

fn exclusion(finding: Finding) -> Finding {
    Finding { role: Role::Exclusion, ..finding }
}

fn finding(id: &str, text: (&str, &str), answer: Answer, why: (&str, &str), evidence: &[FactId]) -> Finding {
    Finding {
        criterion: CriterionId::new(id),
        role: Role::Inclusion,
        text: Text::new(text.0, text.1),
        answer,
        why: Text::new(why.0, why.1),
        evidence: evidence.to_vec(),
        missing: Vec::new(),
        verification: Verification::V,
        source: "sample label, section 1.1".into(),
    }
}

fn missing(item: &str, text: (&str, &str), document: &str) -> MissingItem {
    MissingItem { item: item.into(), text: Text::new(text.0, text.1), document: ConceptId::new(document) }
}
