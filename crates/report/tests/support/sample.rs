//! A synthetic patient, made by hand for tests: follicular lymphoma 2022, R-CHOP x6 in complete response, relapse
//! after three months as high-grade B-cell lymphoma, R-GDP x2 with stable disease. No real person, no real paper.

use super::desk::{Desk, Paper, date};
use super::sets;
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Assertion, ConceptId, Experiencer, Fact, FactId, MissingItem, Origin, PreliminaryEvaluation, Quantity,
    Temporality, Text, Unread, Value,
    document::{QualityNote, UnreadReason},
    evaluation::{AskFor, UnreadItem},
    fact::{Attr, AttrValue, EvidenceRole, Flag, Measurement, ReferenceRange, Sign},
    record::{
        AgeStatement, Conflict, Diagnosis, DiseaseStatus, IdentityMismatch, LineOfTherapy, OtherTherapy,
        Patient, PatientRecord, ReasonForEnding, Response, ResponseCategory, Sourced, StatusStatement,
        Transformation,
    },
};

/// The facts that findings rest on.
pub(crate) struct Cited {
    /// Follicular lymphoma.
    pub(crate) follicular: FactId,
    /// High-grade B-cell lymphoma.
    pub(crate) high_grade: FactId,
    /// R-CHOP.
    pub(crate) r_chop: FactId,
    /// R-GDP.
    pub(crate) r_gdp: FactId,
    /// Stable disease.
    pub(crate) stable: FactId,
    /// CD19.
    pub cd19: FactId,
    /// Platelets, two sheets.
    pub(crate) platelets: [FactId; 2],
    /// Neutrophils.
    pub(crate) neutrophils: FactId,
    /// Creatinine.
    pub(crate) creatinine: FactId,
    /// ECOG.
    pub(crate) ecog: FactId,
    /// Hepatitis B core antibody.
    pub(crate) core_antibody: FactId,
    /// No CNS involvement.
    pub(crate) no_cns: FactId,
    /// Age.
    pub(crate) age: FactId,
}

/// The sample; `many` adds every indication of the catalogue.
pub(crate) fn evaluation(catalogue: &Catalogue, many: bool) -> PreliminaryEvaluation {
    let mut desk = Desk::default();
    let (cited, record) = read_papers(&mut desk);
    let evaluations = if many { sets::many(&cited, catalogue) } else { sets::few(&cited) };
    let notice = catalogue.messages().get("notice");
    let ask_for = asks(&evaluations);
    let document = desk.documents[2].source.id.clone();
    PreliminaryEvaluation {
        format: cartulary_model::FORMAT_VERSION,
        on: jiff::civil::date(2023, 11, 10),
        notice,
        documents: desk.documents,
        facts: desk.facts,
        record,
        record_sha256: String::new(),
        evaluations,
        ask_for,
        unread: vec![
            UnreadItem {
                document: Some(document),
                name: "03-pet-ct-2023.jpg".into(),
                unread: Unread { page: Some(2), reason: UnreadReason::NoText, detail: String::new() },
                text: Text::new(
                    "The photo of page 2 is blurred and no text was found. Ask for a new photo in daylight, flat on a table.",
                    "第2页照片模糊，未识别到文字。请在自然光下将报告平放后重新拍摄。",
                ),
            },
            UnreadItem {
                document: None,
                name: "基因检测.pdf".into(),
                unread: Unread {
                    page: None,
                    reason: UnreadReason::Encrypted,
                    detail: "encrypted PDF".into(),
                },
                text: Text::new(
                    "The file does not open without a password. Ask for the password or for an unprotected copy.",
                    "文件需密码才能打开。请索取密码或未加密的副本。",
                ),
            },
        ],
    }
}

fn read_papers(desk: &mut Desk) -> (Cited, PatientRecord) {
    let photo = Origin::Ocr;
    let pathology = desk.lay(&Paper {
        name: "01-病理-2022.jpg",
        kind: "sec.doc_pathology",
        date: "2022-05-06",
        origin: photo,
        rotation: 0,
        pages: &[&[
            "示例市第一人民医院 病理诊断报告单",
            "病理号：2022-06183   姓名：徐静怡   性别：女   年龄：40岁",
            "送检部位：左颈部淋巴结（切除活检）",
            "病理诊断：滤泡性淋巴瘤，2级。未见弥漫性大B细胞成分。",
            "免疫组化：CD20(+)，CD10(+)，BCL2(+)，Ki-67(约25%+)",
            "报告日期：2022-05-06",
        ]],
    });
    let discharge = desk.lay(&Paper {
        name: "02-出院小结-2022.jpg",
        kind: "sec.doc_discharge",
        date: "2022-11-18",
        origin: photo,
        rotation: 0,
        pages: &[
            &[
                "示例市第一人民医院 出院小结",
                "姓名：徐静怡  女  41岁  住院号：00882143",
                "入院诊断：滤泡性淋巴瘤2级，Ⅲ期A",
                "诊疗经过：2022年6月2日起行R-CHOP方案化疗，至2022-11-08共6程。",
                "疗末PET-CT评估为完全缓解（CR），Deauville评分2分。",
            ],
            &[
                "既往史：否认高血压、糖尿病史。母亲患乳腺癌。",
                "出院医嘱：1. 定期复查。2. 拟行利妥昔单抗维持治疗。",
            ],
        ],
    });
    let pet = desk.lay(&Paper {
        name: "03-pet-ct-2023.jpg",
        kind: "sec.doc_pet",
        date: "2023-02-20",
        origin: photo,
        rotation: 0,
        pages: &[&[
            "PET-CT检查报告   徐静怡   女   41岁",
            "检查日期：2023-02-20",
            "腹膜后多发肿大淋巴结，较大者约72mm×45mm，SUVmax 24.6。",
            "脾脏代谢增高。",
            "印象：淋巴瘤复发可能，Deauville 5分；Ⅳ期。",
        ]],
    });
    let second = desk.lay(&Paper {
        name: "04-病理-2023.jpg",
        kind: "sec.doc_pathology",
        date: "2023-03-08",
        origin: photo,
        rotation: 0,
        pages: &[&[
            "示例大学附属医院 病理诊断报告单",
            "姓名：徐静怡   性别：女   年龄：41岁",
            "送检材料：腹膜后淋巴结穿刺活检",
            "病理诊断：高级别B细胞淋巴瘤，非特指型；结合病史，考虑由滤泡性淋巴瘤转化。",
            "免疫组化：CD19(+)，CD20(+，约90%)，CD10(+)，BCL6(+)，MUM1(-)，c-MYC(70%+)，Ki-67(90%+)",
            "报告日期：2023-03-08",
        ]],
    });
    let fish = desk.lay(&Paper {
        name: "05-fish-ngs-2023.pdf",
        kind: "sec.doc_fish",
        date: "2023-03-15",
        origin: Origin::Text,
        rotation: 0,
        pages: &[&[
            "Molecular pathology report",
            "Patient: XU Jingyi    Date of birth: 1982-03    Collected: 2023-03-06",
            "MYC (8q24) rearrangement: DETECTED in 62% of nuclei",
            "BCL2 (18q21) rearrangement: not detected",
            "BCL6 (3q27) rearrangement: not detected",
            "NGS: TP53 c.743G>A p.R248Q, VAF 41.5%; CREBBP p.R1446C, VAF 33%",
        ]],
    });
    let blood = desk.lay(&Paper {
        name: "06-血常规-2023-10-25.jpg",
        kind: "sec.doc_cbc",
        date: "2023-10-25",
        origin: photo,
        rotation: 90,
        pages: &[&[
            "检验报告单（血常规、生化）   徐静怡   女",
            "采集时间：2023-10-25 07:42",
            "白细胞 WBC 3.1 ↓ ×10^9/L 3.5-9.5",
            "中性粒细胞 NEUT# 1.62 ↓ ×10^9/L 1.8-6.3",
            "血红蛋白 HGB 98 ↓ g/L 115-150",
            "血小板 PLT 45 ↓ ×10^9/L 125-350",
            "肌酐 CREA 62 μmol/L 41-73",
            "总胆红素 TBIL 12.4 μmol/L 0-21",
            "乳酸脱氢酶 LDH 486 ↑ U/L 120-250",
        ]],
    });
    let virology = desk.lay(&Paper {
        name: "07-传染病筛查-2023-10-25.jpg",
        kind: "sec.doc_virology",
        date: "2023-10-25",
        origin: photo,
        rotation: 0,
        pages: &[&[
            "传染病筛查   徐静怡   女",
            "乙肝表面抗原 HBsAg 0.01 IU/mL 阴性",
            "乙肝核心抗体 anti-HBc 8.72 S/CO 阳性",
            "HBV-DNA <20 IU/mL",
            "HIV抗原/抗体 阴性",
            "丙肝抗体 anti-HCV 阴性",
        ]],
    });
    let letter = desk.lay(&Paper { name: "08-referral-letter.docx", kind: "sec.doc_referral", date: "2023-11-02", origin: Origin::Text, rotation: 0, pages: &[&[
        "Dear colleagues,", "Re: Ms Xu Jingyi, 41 years, ECOG 1", "Thank you for seeing this lady with follicular lymphoma grade 3A, relapsed three months after R-CHOP.",
        "In March 2023 a biopsy showed transformation to high-grade B-cell lymphoma. She then received R-GDP x2", "(first cycle 22 March 2023); the scan in June showed stable disease.",
        "There is no CNS involvement. Platelets last week were 61 x10^9/L.", "We ask whether CAR-T is an option; leukapheresis is planned for December.", "<script>alert('not a script')</script> Yours \"sincerely\" \u{202E}"]] });
    let other = desk.lay(&Paper {
        name: "09-心脏彩超.jpg",
        kind: "sec.doc_echo",
        date: "2023-10-20",
        origin: photo,
        rotation: 0,
        pages: &[&[
            "超声心动图   姓名：许敬毅   性别：男   年龄：67岁",
            "左室射血分数 LVEF 38%",
            "少量心包积液。",
        ]],
    });
    desk.documents[blood].source.pages[0].quality = vec![QualityNote::LowConfidence];
    desk.documents[pet].source.pages[0].quality = vec![QualityNote::Blurred, QualityNote::Dark];
    desk.documents[pet].source.unread =
        vec![Unread { page: Some(2), reason: UnreadReason::NoText, detail: String::new() }];

    let name = desk.read(pathology, "pt.name", "徐静怡", |f| f.value = Value::Text("徐静怡".into()));
    let sex = desk.read(pathology, "pt.sex", "女", |f| f.value = Value::Code("female".into()));
    let number = desk.read(discharge, "pt.number", "00882143", |f| f.value = Value::Text("00882143".into()));
    let born = desk.read(fish, "pt.birth_date", "1982-03", |f| f.value = Value::Date(date("1982-03")));
    let age = desk.read(letter, "pt.age", "41 years", |f| f.value = Value::Number(41.0));

    let follicular = desk.read(pathology, "hist.fl_2", "滤泡性淋巴瘤，2级", |_| {});
    desk.read(pathology, "hist.dlbcl_nos", "弥漫性大B细胞成分", |f| f.assertion = Assertion::Negated);
    let grade_3a = desk.read(letter, "hist.fl_3a", "follicular lymphoma grade 3A", |f| {
        f.temporality = Temporality::Historical;
    });
    let high_grade = desk.read(second, "hist.hgbl_nos", "高级别B细胞淋巴瘤，非特指型", |_| {});
    let transformed = desk.read(second, "find.transformation", "考虑由滤泡性淋巴瘤转化", |f| {
        f.attrs.insert(Attr::From, AttrValue::Text("hist.fl_nos".into()));
    });
    let relapsed = desk.read(letter, "find.relapsed", "relapsed three months after R-CHOP", |f| {
        f.date = Some(date("2023-02"));
        f.attrs.insert(Attr::Interval, AttrValue::Text("3 mo".into()));
    });
    desk.read(pet, "find.relapsed", "淋巴瘤复发可能", |f| f.assertion = Assertion::Possible);

    let r_chop = desk.read(discharge, "reg.r_chop", "R-CHOP方案", |f| {
        f.date = Some(date("2022-06-02"));
        f.attrs.insert(Attr::Cycles, AttrValue::Number(6.0));
        f.attrs.insert(Attr::End, AttrValue::Date(date("2022-11-08")));
    });
    let complete = desk.read(discharge, "find.cr", "完全缓解（CR）", |f| {
        f.date = Some(date("2022-11"));
        f.attrs.insert(Attr::Timepoint, AttrValue::Text("eot".into()));
        f.attrs.insert(Attr::After, AttrValue::Text("reg.r_chop".into()));
    });
    desk.read(discharge, "reg.r_maint", "利妥昔单抗维持治疗", |f| {
        f.assertion = Assertion::Hypothetical;
        f.attrs.insert(Attr::Status, AttrValue::Text("planned".into()));
    });
    let r_gdp = desk.read(letter, "reg.r_gdp", "R-GDP x2", |f| {
        f.date = Some(date("2023-03-22"));
        f.attrs.insert(Attr::Cycles, AttrValue::Number(2.0));
    });
    let stable = desk.read(letter, "find.sd", "stable disease", |f| f.date = Some(date("2023-06")));

    marker(desk, pathology, "bio.cd20", "CD20(+)", Sign::Positive, None);
    marker(desk, pathology, "bio.cd10", "CD10(+)", Sign::Positive, None);
    marker(desk, pathology, "bio.bcl2_ihc", "BCL2(+)", Sign::Positive, None);
    let cd19 = marker(desk, second, "bio.cd19", "CD19(+)", Sign::Positive, None);
    marker(desk, second, "bio.cd20", "CD20(+，约90%)", Sign::Positive, Some(90.0));
    marker(desk, second, "bio.mum1", "MUM1(-)", Sign::Negative, None);
    marker(desk, second, "bio.myc_ihc", "c-MYC(70%+)", Sign::Positive, Some(70.0));
    marker(desk, fish, "bio.myc_r", "MYC (8q24) rearrangement: DETECTED", Sign::Positive, Some(62.0));
    marker(desk, fish, "bio.bcl2_r", "BCL2 (18q21) rearrangement: not detected", Sign::Negative, None);
    marker(desk, fish, "bio.bcl6_r", "BCL6 (3q27) rearrangement: not detected", Sign::Negative, None);
    desk.read(fish, "bio.tp53_mut", "TP53 c.743G>A p.R248Q, VAF 41.5%", |f| {
        f.value = Value::Sign(Sign::Positive);
        f.attrs.insert(Attr::HgvsC, AttrValue::Text("c.743G>A".into()));
        f.attrs.insert(Attr::HgvsP, AttrValue::Text("p.R248Q".into()));
        f.attrs.insert(Attr::Vaf, AttrValue::Number(41.5));
    });
    desk.read(second, "lab.ki67", "Ki-67(90%+)", |f| f.value = measured(90.0, "%", None, None));

    desk.read(discharge, "find.stage_3", "Ⅲ期A", |f| f.value = Value::Code("III".into()));
    desk.read(pet, "find.stage_4", "Ⅳ期", |f| f.value = Value::Code("IV".into()));
    desk.read(discharge, "find.deauville_2", "Deauville评分2分", |f| f.value = Value::Number(2.0));
    let deauville = desk.place(pet, "Deauville 5分", EvidenceRole::Value);
    desk.read(pet, "find.deauville_5", "Deauville 5分", |f| {
        f.value = Value::Number(5.0);
        f.evidence.push(cartulary_model::Evidence { role: EvidenceRole::Heading, ..deauville });
    });
    let ecog = desk.read(letter, "find.ecog_1", "ECOG 1", |f| f.value = Value::Number(1.0));

    let low = Some(Flag::Low);
    lab(desk, blood, "lab.wbc", "WBC 3.1", (3.1, "10*9/L"), (3.5, 9.5), low);
    let neutrophils = lab(desk, blood, "lab.anc", "NEUT# 1.62", (1.62, "10*9/L"), (1.8, 6.3), low);
    lab(desk, blood, "lab.hb", "HGB 98", (98.0, "g/L"), (115.0, 150.0), low);
    let sheet = lab(desk, blood, "lab.plt", "PLT 45", (45.0, "10*9/L"), (125.0, 350.0), low);
    let drawn_on = desk.place(blood, "2023-10-25", EvidenceRole::Date);
    let row = desk.facts.iter_mut().find(|fact| fact.id == sheet).unwrap();
    row.evidence.push(drawn_on);
    row.confidence = 0.71;
    let told = desk.read(letter, "lab.plt", "Platelets last week were 61 x10^9/L", |f| {
        f.date = Some(date("2023-10"));
        f.value = measured(61.0, "10*9/L", None, None);
    });
    let creatinine = lab(desk, blood, "lab.creat", "CREA 62", (62.0, "umol/L"), (41.0, 73.0), None);
    lab(desk, blood, "lab.tbil", "TBIL 12.4", (12.4, "umol/L"), (0.0, 21.0), None);
    lab(desk, blood, "lab.ldh", "LDH 486", (486.0, "U/L"), (120.0, 250.0), Some(Flag::High));
    desk.read(pet, "lab.suvmax", "SUVmax 24.6", |f| f.value = measured(24.6, "1", None, None));

    desk.read(virology, "lab.hbsag", "HBsAg 0.01 IU/mL 阴性", |f| f.value = Value::Sign(Sign::Negative));
    let core_antibody = desk.read(virology, "lab.anti_hbc", "anti-HBc 8.72 S/CO 阳性", |f| {
        f.value = Value::Sign(Sign::Positive);
    });
    desk.read(virology, "lab.hbv_dna", "HBV-DNA <20 IU/mL", |f| {
        f.value = measured(20.0, "[IU]/mL", None, None);
        if let Value::Measurement(of) = &mut f.value {
            of.printed.comparator = cartulary_model::Comparator::Less;
        }
    });
    desk.read(virology, "lab.hiv", "HIV抗原/抗体 阴性", |f| f.value = Value::Sign(Sign::Negative));

    desk.read(discharge, "com.hypertension", "高血压", |f| f.assertion = Assertion::Negated);
    desk.read(discharge, "com.diabetes", "糖尿病", |f| f.assertion = Assertion::Negated);
    desk.read(discharge, "com.breast_cancer", "乳腺癌", |f| f.experiencer = Experiencer::Family);
    let no_cns =
        desk.read(letter, "find.cns_active", "no CNS involvement", |f| f.assertion = Assertion::Negated);
    desk.read(
        letter,
        "test.biopsy",
        "<script>alert('not a script')</script> Yours \"sincerely\" \u{202E}",
        |f| {
            f.confidence = 0.4;
        },
    );

    let strange_name = desk.read(other, "pt.name", "许敬毅", |f| f.value = Value::Text("许敬毅".into()));
    let strange_sex = desk.read(other, "pt.sex", "男", |f| f.value = Value::Code("male".into()));
    desk.read(other, "lab.lvef", "LVEF 38%", |f| f.value = measured(38.0, "%", None, None));

    let sourced = |value: &str, fact: FactId| Sourced { value: value.to_owned(), facts: vec![fact] };
    let concept = |id: &str| ConceptId::new(id);
    let response =
        |category, day: &str, fact| Response { category, date: Some(date(day)), facts: vec![fact] };
    let diagnosis = |id: &str, day: &str, temporality, fact| Diagnosis {
        concept: concept(id),
        date: Some(date(day)),
        assertion: Assertion::Present,
        temporality,
        by_pathology: true,
        facts: vec![fact],
    };
    let record = PatientRecord {
        patient: Patient {
            name: Some(sourced("徐静怡", name)),
            birth_date: Some(Sourced { value: date("1982-03"), facts: vec![born] }),
            age: Some(AgeStatement { years: 41.0, on: Some(date("2023-11-02")), facts: vec![age] }),
            sex: Some(sourced("female", sex)),
            numbers: vec![sourced("00882143", number)],
        },
        diagnoses: vec![
            diagnosis("hist.fl_2", "2022-05-06", Temporality::Historical, follicular),
            diagnosis("hist.hgbl_nos", "2023-03-08", Temporality::Current, high_grade),
        ],
        transformation: Some(Transformation {
            from: Some(concept("hist.fl_2")),
            to: Some(concept("hist.hgbl_nos")),
            date: Some(date("2023-03-08")),
            assertion: Assertion::Present,
            facts: vec![transformed],
        }),
        lines: vec![
            LineOfTherapy {
                number: 1,
                regimen: Some(concept("reg.r_chop")),
                label: "R-CHOP".into(),
                cycles_given: Some(6),
                start: Some(date("2022-06-02")),
                end: Some(date("2022-11-08")),
                best_response: Some(response(ResponseCategory::CR, "2022-11", complete)),
                reason_for_ending: Some(ReasonForEnding::Relapse),
                failed_on: Some(date("2023-02")),
                months_to_relapse: Some(3.0),
                facts: vec![r_chop],
                ..LineOfTherapy::default()
            },
            LineOfTherapy {
                number: 2,
                regimen: Some(concept("reg.r_gdp")),
                label: "R-GDP".into(),
                cycles_given: Some(2),
                start: Some(date("2023-03-22")),
                best_response: Some(response(ResponseCategory::SD, "2023-06", stable)),
                facts: vec![r_gdp],
                ..LineOfTherapy::default()
            },
        ],
        other_therapies: vec![
            therapy("reg.r_maint", "rituximab", "maintenance", Assertion::Hypothetical, None),
            therapy("drug.entecavir", "entecavir", "antiviral", Assertion::Present, Some("2023")),
            therapy("drug.prednisone", "prednisone", "steroid", Assertion::Present, None),
        ],
        status: DiseaseStatus {
            statements: vec![StatusStatement {
                concept: concept("find.relapsed"),
                assertion: Assertion::Present,
                date: Some(date("2023-02")),
                months_since: Some(3.0),
                fact: relapsed,
            }],
            last_response: Some(response(ResponseCategory::SD, "2023-06", stable)),
            stated_line_count: None,
        },
        conflicts: vec![
            Conflict {
                about: "hist.fl_nos".into(),
                text: Text::new(
                    "Two grades of the follicular lymphoma of 2022.",
                    "2022年滤泡性淋巴瘤的分级有两种说法。",
                ),
                sides: vec![sourced("hist.fl_2", follicular), sourced("hist.fl_3a", grade_3a)],
            },
            Conflict {
                about: "lab.plt".into(),
                text: Text::new(
                    "Two platelet counts of the same days stand on different sides of 50 ×10⁹/L.",
                    "同期两次血小板计数分别低于和高于50 ×10⁹/L。",
                ),
                sides: vec![sourced("45 ×10⁹/L (2023-10-25)", sheet), sourced("61 ×10⁹/L (2023-10)", told)],
            },
        ],
        identity_mismatch: vec![IdentityMismatch {
            document: desk.documents[other].source.id.clone(),
            text: Text::new(
                "Name, sex and age differ from all other papers.",
                "姓名、性别和年龄均与其他资料不一致。",
            ),
            facts: vec![strange_name, strange_sex],
        }],
        ..PatientRecord::default()
    };
    let platelets = [sheet, told];
    let cited = Cited {
        follicular,
        high_grade,
        r_chop,
        r_gdp,
        stable,
        cd19,
        platelets,
        neutrophils,
        creatinine,
        ecog,
        core_antibody,
        no_cns,
        age,
    };
    (cited, record)
}

fn therapy(
    concept: &str,
    label: &str,
    intent: &str,
    assertion: Assertion,
    start: Option<&str>,
) -> OtherTherapy {
    OtherTherapy {
        concept: ConceptId::new(concept),
        label: label.into(),
        intent: intent.into(),
        assertion,
        start: start.map(date),
        end: None,
        facts: Vec::new(),
    }
}

fn marker(
    desk: &mut Desk,
    paper: usize,
    concept: &str,
    quote: &str,
    sign: Sign,
    percent: Option<f64>,
) -> FactId {
    desk.read(paper, concept, quote, |fact: &mut Fact| {
        fact.value = Value::Sign(sign);
        if let Some(percent) = percent {
            fact.attrs.insert(Attr::Percent, AttrValue::Number(percent));
        }
    })
}

fn lab(
    desk: &mut Desk,
    paper: usize,
    concept: &str,
    quote: &str,
    (value, unit): (f64, &str),
    range: (f64, f64),
    flag: Option<Flag>,
) -> FactId {
    desk.read(paper, concept, quote, |fact| fact.value = measured(value, unit, Some(range), flag))
}

fn measured(value: f64, unit: &str, range: Option<(f64, f64)>, flag: Option<Flag>) -> Value {
    Value::Measurement(Measurement {
        printed: Quantity::new(value, unit),
        canonical: None,
        reference: range.map(|(low, high)| ReferenceRange { low: Some(low), high: Some(high) }),
        flag,
    })
}

fn asks(evaluations: &[cartulary_model::SetEvaluation]) -> Vec<AskFor> {
    let mut asks: Vec<AskFor> = Vec::new();
    for set in evaluations {
        for item in set.findings.iter().flat_map(|finding| &finding.missing) {
            match asks.iter_mut().find(|ask| ask.item.item == item.item) {
                Some(ask) => ask.decides.push(set.set.clone()),
                None => asks.push(AskFor { item: MissingItem::clone(item), decides: vec![set.set.clone()] }),
            }
        }
    }
    for ask in &mut asks {
        ask.decides.sort();
        ask.decides.dedup();
    }
    asks.sort_by_key(|ask| std::cmp::Reverse(ask.decides.len()));
    asks
}
