//! Findings, comorbidities, symptoms, sites, tests and events that a paper states, denies or doubts.
//!
//! ## Never
//! Silence says nothing: only a named finding becomes a fact.

use super::Claims;
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{Hit, Span},
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Quantity, Value,
    fact::{Attr, Measurement, Sign},
};

/// Read by other grammars.
const ELSEWHERE: [&str; 23] = [
    "find.response_unknown",
    "find.cr",
    "find.pr",
    "find.sd",
    "find.pd",
    "find.relapsed",
    "find.refractory",
    "find.primary_refractory",
    "find.rr",
    "find.early_relapse",
    "find.transformation",
    "find.suspected_transformation",
    "find.kps",
    "find.ipi",
    "find.flipi",
    "find.mipi",
    "find.no_response",
    "find.crs",
    "find.icans",
    "find.hlh",
    "event.line_count",
    "event.infusion",
    "event.criteria",
];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for hit in sheet.hits(&["find", "com", "sym", "site", "test", "event"], &[Needs::Diagnosis]) {
        let id = hit.concept.as_str();
        let known = ELSEWHERE.contains(&id)
            || claims.has(hit.span)
            || drafts.iter().any(|draft| draft.span == hit.span && draft.concept == hit.concept);
        if known {
            continue;
        }
        if hit.concept.is("site") && !is_involved(sheet, hit) && !said_normal(sheet, hit) {
            continue;
        }
        if let Some(draft) = draft(sheet, hit) {
            drafts.push(draft);
        }
    }
    drafts.extend(normal_examinations(sheet));
    drafts.extend(effusions(sheet, &drafts));
    drafts.extend(infiltrated_marrow(sheet));
    drafts.extend(fit_for_transplant(sheet));
    drafts
}

/// A site is a fact only where the sentence speaks of disease in it.
fn is_involved(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let around = sheet.before(hit.span.start, 26).to(sheet.after(hit.span.end, 30));
    let words = [
        "受累",
        "侵犯",
        "浸润",
        "累及",
        "病灶",
        "肿大",
        "代谢增高",
        "摄取增高",
        "suv",
        "包块",
        "肿块",
        "占位",
        "involve",
        "infiltrat",
        "lesion",
        "avid",
        "uptake",
        "enlarged",
        "mass",
        "disease in",
        "stage iv",
        "adenopathy",
    ];
    sheet.says(around, &words)
}

fn draft(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let id = hit.concept.as_str();
    let after = sheet.stream.lower_text(sheet.after(hit.span.end, 10));
    // 妊娠试验, 淋巴瘤输血科, `allergies: none`: words around decide.
    let mut draft = Draft::new(id, hit.span, "finding.named").named_at(hit.span);
    match id {
        "com.hepatitis_b" | "com.hepatitis" if names_a_test(sheet, hit) => return None,
        "com.transfusion" if after.starts_with('科') || after.starts_with('前') => return None,
        "find.pregnancy" if after.starts_with("试验") => return None,
        "find.heart_failure" | "find.arrhythmia" | "find.mi" | "find.stroke" | "find.seizure" => {
            draft.confidence = 0.85;
        }
        "test.ct" if sheet.says(sheet.before(hit.span.start, 4), &["pet", "spe"]) => return None,
        _ => {}
    }
    let answer = after.trim_start_matches([':', ' ', '\t']);
    if after.starts_with([':', '\t'])
        && ["no", "none", "无", "否", "absent", "nil"].iter().any(|word| answer.starts_with(word))
    {
        draft.assertion = Some(cartulary_model::Assertion::Negated);
    }
    if hit.concept.is("site") && said_normal(sheet, hit) {
        draft.assertion = Some(cartulary_model::Assertion::Negated);
    }
    if matches!(id, "find.crs" | "find.icans" | "find.hlh" | "find.gvhd")
        && let Some((grade, span)) = toxicity_grade(sheet, hit)
    {
        draft = draft.number(Attr::Grade, grade);
        draft.span = draft.span.to(span);
    }
    if id == "sym.fever" {
        draft = with_temperature(sheet, hit, draft);
    }
    if hit.concept.is("com")
        && let Some((years, end)) = duration(sheet, hit)
    {
        draft = draft.word(Attr::Duration, years);
        draft.cues.push(Span::new(hit.span.end, end));
    }
    if hit.concept.is("test") {
        draft = test_result(sheet, hit, draft);
    }
    Some(draft)
}

/// `CRS grade 2`, `Grade 3 ICANS`, `CRS 1级`, `G2 CRS`: the ASTCT grade [Lee 2019].
fn toxicity_grade(sheet: &Sheet<'_>, hit: &Hit) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let fits = |value: f64| (0.0..=5.0).contains(&value) && value.fract() == 0.0;
    let window = sheet.before(hit.span.start, 10).to(sheet.after(hit.span.end, 26));
    (window.start..window.end).find_map(|at| {
        let grade = stream.lower_text(sheet.within(Span::new(at, at + 6))) == "grade ";
        let start = if grade { at + 6 } else { at };
        let number = number::number_at(stream, start).filter(|of| fits(of.value))?;
        let chinese = matches!(stream.at(number.span.end), '级' | '度');
        let end = number.span.end + usize::from(chinese);
        let between = if at >= hit.span.end {
            Span::new(hit.span.end, at)
        } else {
            Span::new(end.min(hit.span.start), hit.span.start)
        };
        let own =
            !stream.text(between).contains([';', '。', ',']) || stream.lower_text(between).contains("max");
        ((grade || chinese) && own).then_some((number.value, Span::new(at, end)))
    })
}

/// `低热,体温最高37.8℃`, "fever up to 38.9 C": the temperature belongs to the fever.
fn with_temperature(sheet: &Sheet<'_>, hit: &Hit, draft: Draft) -> Draft {
    let window = sheet.after(hit.span.end, 16);
    let found = (window.start..window.end).find_map(|at| {
        let number = number::number_at(&sheet.stream, at)?;
        let (unit, span) = sheet.engine.units.at(&sheet.stream, skip_space(sheet, number.span.end))?;
        let fits = unit.as_str() == "Cel" && (35.0..=43.0).contains(&number.value);
        fits.then_some((number, unit, span.end))
    });
    let Some((number, unit, end)) = found else { return draft };
    let printed = Quantity { value: number.value, comparator: number.comparator, unit: Some(unit) };
    let measurement = Measurement { canonical: Some(printed.clone()), printed, reference: None, flag: None };
    let span = hit.span.to(Span::new(hit.span.start, end));
    Draft { span, ..draft }.value(Value::Measurement(measurement))
}

fn skip_space(sheet: &Sheet<'_>, mut at: usize) -> usize {
    while sheet.stream.at(at) == ' ' {
        at += 1;
    }
    at
}

/// `病史20年`, "for 20 years": how long, in UCUM years or months.
fn duration(sheet: &Sheet<'_>, hit: &Hit) -> Option<(String, usize)> {
    let window = sheet.after(hit.span.end, 16);
    (window.start..window.end).find_map(|at| {
        let number = number::number_at(&sheet.stream, at)?;
        let start = skip_space(sheet, number.span.end);
        let units = [
            ("余年", "a"),
            ("多年", "a"),
            ("年", "a"),
            ("years", "a"),
            ("year", "a"),
            ("个月", "mo"),
            ("月", "mo"),
            ("months", "mo"),
        ];
        let rest = sheet.stream.lower_text(sheet.within(Span::new(start, start + 6)));
        let (word, unit) = units.iter().find(|(word, _)| rest.starts_with(word))?;
        let is_year = number.value > 1000.0;
        (!is_year).then(|| (format!("{} {unit}", number.value), start + word.chars().count()))
    })
}

/// `乙肝两对半`, "Hepatitis B, hepatitis C and HIV serology": the name of a test, not of an illness.
fn names_a_test(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let rest = sheet.after(hit.span.end, 44);
    let stop = (rest.start..rest.end)
        .find(|at| matches!(sheet.stream.at(*at), '.' | ';' | '。'))
        .unwrap_or(rest.end);
    let tests = [
        "两对半",
        "三系",
        "五项",
        "表面",
        "核心",
        "e抗",
        "抗原",
        "抗体",
        "dna",
        "筛查",
        "检查",
        "serology",
        "screen",
        "antigen",
        "antibod",
        "testing",
        "status",
    ];
    sheet.says(Span::new(hit.span.end, stop), &tests)
}

/// `双肺未见异常放射性浓聚`, `脾脏大小、形态正常`, "the liver is normal": nothing there.
fn said_normal(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let end = (hit.span.end..stream.len().min(hit.span.end + 30))
        .find(|at| matches!(stream.at(*at), ',' | ';' | '。' | '.' | '\n'))
        .unwrap_or(stream.len().min(hit.span.end + 30));
    let clause = stream.lower_text(Span::new(hit.span.end, end.max(hit.span.end)));
    let normal = [
        "未见异常",
        "未见明显异常",
        "未见明确",
        "无异常",
        "正常",
        "未见肿大",
        "未见占位",
        "未见明显",
        "未见淋巴瘤",
        "show no",
        "shows no",
        "are clear",
        "is clear",
        "normal",
        "unremarkable",
        "no focal",
        "uninvolved",
        "not involved",
    ];
    let disease = ["部分", "余", "除", "但"];
    normal.iter().any(|word| clause.contains(word)) && !disease.iter().any(|word| clause.contains(word))
}

/// `心包未见积液`, `双侧胸腔少量积液`, "No pleural or pericardial effusion": the cavity and the fluid stand apart.
fn effusions(sheet: &Sheet<'_>, known: &[Draft]) -> Vec<Draft> {
    const CAVITIES: [(&str, &str); 9] = [
        ("心包", "find.pericardial_effusion"),
        ("胸腔", "find.pleural_effusion"),
        ("胸膜腔", "find.pleural_effusion"),
        ("腹盆腔", "find.ascites"),
        ("腹腔", "find.ascites"),
        ("盆腔", "find.ascites"),
        ("pericardial", "find.pericardial_effusion"),
        ("pleural", "find.pleural_effusion"),
        ("peritoneal", "find.ascites"),
    ];
    let stream = &sheet.stream;
    let mut drafts: Vec<Draft> = Vec::new();
    for at in 0..stream.len() {
        for (cavity, concept) in CAVITIES {
            let name = Span::new(at, at + cavity.chars().count());
            if stream.lower_text(sheet.within(name)) != cavity {
                continue;
            }
            let rest = stream.lower_text(sheet.after(name.end, 26));
            let fluid = ["积液", "effusion", "fluid"]
                .iter()
                .filter_map(|word| rest.find(word).map(|byte| (byte, *word)))
                .min();
            let Some((byte, word)) = fluid.filter(|(byte, _)| !rest[..*byte].contains([',', '。', ';']))
            else {
                continue;
            };
            let end = name.end + rest[..byte].chars().count() + word.chars().count();
            let span = Span::new(name.start, end);
            if known
                .iter()
                .chain(&drafts)
                .any(|draft| draft.span.overlaps(name) && draft.concept.as_str() == concept)
            {
                continue;
            }
            let mut draft = Draft::new(concept, span, "finding.effusion").named_at(name);
            if ["未见", "无", "no "].iter().any(|word| rest[..byte].contains(word)) {
                draft.assertion = Some(cartulary_model::Assertion::Negated);
            }
            drafts.push(draft);
        }
    }
    drafts
}

/// `骨髓活检:可见淋巴瘤细胞侵犯`: a marrow that was found infiltrated.
fn infiltrated_marrow(sheet: &Sheet<'_>) -> Vec<Draft> {
    let found = [
        "可见淋巴瘤",
        "见淋巴瘤",
        "可见肿瘤细胞",
        "淋巴瘤细胞侵犯",
        "淋巴瘤浸润",
        "淋巴瘤累及",
        "infiltrated by",
        "involved by",
        "involvement by",
    ];
    let hits = sheet
        .hits(&["test", "site"], &[])
        .filter(|hit| matches!(hit.concept.as_str(), "test.bm_biopsy" | "site.bone_marrow"));
    hits.filter_map(|hit| {
        let rest = Span::new(hit.span.end, sheet.after(hit.span.end, 30).end);
        let text = sheet.stream.lower_text(rest);
        let (byte, word) = found.iter().filter_map(|word| text.find(word).map(|byte| (byte, *word))).min()?;
        let denied =
            ["未", "无", "no ", "not ", "，但", "可疑", "不除外"].iter().any(|of| text[..byte].contains(of));
        let end = rest.start + text[..byte].chars().count() + word.chars().count();
        (!denied).then(|| {
            Draft::new("find.bm_involved", Span::new(hit.span.start, end), "finding.marrow")
                .named_at(hit.span)
                .present()
        })
    })
    .collect()
}

/// "fit for autologous transplant", `适合自体移植`: the denial of being ineligible.
fn fit_for_transplant(sheet: &Sheet<'_>) -> Vec<Draft> {
    const PHRASES: [&str; 9] = [
        "fit for autologous",
        "fit for transplant",
        "eligible for autologous",
        "eligible for transplant",
        "transplant-eligible",
        "transplant eligible",
        "candidate for autologous transplant",
        "适合自体移植",
        "符合移植条件",
    ];
    let text: String = sheet.stream.lower.iter().collect();
    PHRASES
        .iter()
        .flat_map(|phrase| text.match_indices(phrase))
        .filter_map(|(byte, phrase)| {
            let start = text[..byte].chars().count();
            let span = Span::new(start, start + phrase.chars().count());
            let before = sheet.stream.lower_text(sheet.before(start, 10));
            let denied = ["not ", "不", "in", "un", "un-", "whether ", "是否", "non-"]
                .iter()
                .any(|word| before.ends_with(word));
            let plain = sheet.modifiers.read(span).assertion == cartulary_model::Assertion::Present;
            (!denied && plain).then(|| {
                let mut draft = Draft::new("find.asct_ineligible", span, "finding.transplant_fitness");
                draft.assertion = Some(cartulary_model::Assertion::Negated);
                draft
            })
        })
        .collect()
}

/// A test whose sentence says it was normal or negative.
fn test_result(sheet: &Sheet<'_>, hit: &Hit, draft: Draft) -> Draft {
    let rest = Span::new(hit.span.end, sheet.after(hit.span.end, 40).end);
    let normal = [
        "未见异常",
        "未见明显异常",
        "阴性",
        "negative",
        "normal",
        "unremarkable",
        "no evidence",
        "未见淋巴瘤",
        "未见肿瘤",
        "no lymphoma",
    ];
    if matches!(hit.concept.as_str(), "test.bm_biopsy" | "test.csf" | "test.brain_mri")
        && sheet.says(rest, &normal)
    {
        return draft.value(Value::Sign(Sign::Negative)).present();
    }
    draft
}

/// `头颅MRI未见异常`, "CSF cytology negative": a stated absence of disease in the nervous system or marrow.
fn normal_examinations(sheet: &Sheet<'_>) -> Vec<Draft> {
    let normal = [
        "未见异常",
        "未见明显异常",
        "未见明确异常",
        "未见异常强化",
        "未见占位",
        "未见肿瘤细胞",
        "未见淋巴瘤",
        "未见异型",
        "未查见",
        "阴性",
        "negative",
        "normal",
        "unremarkable",
        "no evidence of",
        "no intracranial",
        "no abnormal",
        "no lymphoma",
        "no malignant",
        "no parenchymal",
        "uninvolved",
        "not involved",
    ];
    sheet
        .hits(&["test"], &[])
        .filter_map(|hit| {
            let concept = match hit.concept.as_str() {
                "test.brain_mri" | "test.csf" => "find.cns_active",
                "test.bm_biopsy" => "find.bm_involved",
                _ => return None,
            };
            let rest = Span::new(hit.span.end, sheet.after(hit.span.end, 48).end);
            let text = sheet.stream.lower_text(rest);
            let (byte, word) =
                normal.iter().filter_map(|word| text.find(word).map(|byte| (byte, *word))).min()?;
            let doubted = ["可疑", "不除外", "考虑", "suspicious", "cannot"]
                .iter()
                .any(|word| text[..byte].contains(word));
            let start = rest.start + text[..byte].chars().count();
            let span = Span::new(hit.span.start, start + word.chars().count());
            (!doubted && !text[..byte].contains("正常范围")).then(|| {
                let mut draft = Draft::new(concept, span, "finding.normal_examination").named_at(hit.span);
                draft.assertion = Some(cartulary_model::Assertion::Negated);
                draft
            })
        })
        .collect()
}
