//! The record does not depend on the order of the papers, nor on what their bytes hash to.
//!
//! Facts are numbered by the order of document ids, and ids are hashes. So each case is reconciled again with its
//! papers shuffled and renamed at random; the records must agree but for the numbers of facts.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, reconcile};
use cartulary_model::{Line, Page, Quad, SourceDocument};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::{Arc, OnceLock};

struct Tools {
    catalogue: Arc<Catalogue>,
    engine: Engine,
}

fn tools() -> &'static Tools {
    static TOOLS: OnceLock<Tools> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let catalogue = Arc::new(Catalogue::embedded().expect("the catalogue loads"));
        Tools { engine: Engine::new(Arc::clone(&catalogue)), catalogue }
    })
}

/// One case: papers as texts. A lymphoma that relapsed and transformed, told by six papers that overlap.
const PAPERS: [&str; 7] = [
    "出院小结\n姓名：周一苇 性别：女 年龄：52岁 住院号：A100231\n出院日期：2021-08-20\n2021年2月确诊滤泡性淋巴瘤2级，\
     Ann Arbor Ⅲ期A组。2021年3月起R-CHOP方案化疗6周期，末次2021-07-05，疗效评价PR。\nHb 98 g/L，PLT 152×10^9/L，LDH 310 U/L。\n",
    "出院小结\n姓名：周一苇 性别：女 年龄：53岁 住院号：A100231\n出院日期：2022-06-02\n患者2022年4月复发，\
     2022年5月起予R-GDP 2周期，疗效评价PD。ECOG 1分。\n",
    "病理诊断报告\n姓名：周一苇 性别：女 年龄：53岁\n报告日期：2022-04-18\n（左颈）淋巴结活检：弥漫大B细胞淋巴瘤，\
     非生发中心型，由滤泡性淋巴瘤转化。\n免疫组化：CD20（+），CD19（+），CD10（-），BCL6（+），MUM1（+），Ki-67（约80%+）。\n",
    "检验报告单\n姓名：周一苇 性别：女 年龄：53岁\n采样日期：2022-06-20\n血小板 96 10^9/L 125-350\n白细胞 3.1 10^9/L 3.5-9.5\n\
     HBsAg 阴性\nHBcAb 阳性\n",
    "检验报告单\n姓名：周一苇 性别：女 年龄：53岁\n采样日期：2022-05-11\n血小板 210 10^9/L 125-350\n乳酸脱氢酶 455 U/L 120-250\n",
    "Dear colleague,\nRe: Zhou Yiwei\nMs Zhou was diagnosed with follicular lymphoma in February 2021. She had 6 cycles of R-CHOP \
     from March to July 2021 with a partial response, relapsed in April 2022 and progressed on 2 cycles of R-GDP.\n",
    "检验报告单\n姓名：陈大川 性别：男 年龄：71岁\n采样日期：2022-05-30\n血小板 12 10^9/L 125-350\n",
];

fn document(text: &str, id: &str) -> SourceDocument {
    let lines = text.lines().enumerate().map(|(row, line)| {
        let top = row as f32 * 40.0;
        Line {
            text: line.to_owned(),
            quad: Quad::upright(0.0, top, 20.0 * line.chars().count() as f32, top + 24.0),
            confidence: 1.0,
            ..Line::default()
        }
    });
    let page = Page { number: 1, width: 1654, height: 2339, lines: lines.collect(), ..Page::default() };
    SourceDocument {
        id: id.into(),
        name: String::new(),
        media_type: "application/pdf".into(),
        sha256: String::new(),
        pages: vec![page],
        unread: vec![],
    }
}

/// The record without the numbers of facts; documents by their text's number.
fn record(order: &[usize], names: &[String]) -> Value {
    let documents: Vec<SourceDocument> =
        order.iter().map(|index| document(PAPERS[*index], &names[*index])).collect();
    let extraction = tools().engine.extract(&documents);
    let record = reconcile(&tools().catalogue, &extraction);
    let mut value = serde_json::to_value(record).expect("a record is JSON");
    without_ids(&mut value, names);
    value
}

fn without_ids(value: &mut Value, names: &[String]) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| key != "facts" && key != "fact" && key != "treatment_history");
            fields.values_mut().for_each(|of| without_ids(of, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|of| without_ids(of, names)),
        Value::String(text) => {
            if let Some(index) = names.iter().position(|name| name == text) {
                *text = format!("paper {index}");
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn the_case_is_told_by_its_papers_together() {
    let names: Vec<String> = (0..PAPERS.len()).map(|index| format!("d{index}")).collect();
    let told = record(&(0..PAPERS.len()).collect::<Vec<_>>(), &names);
    let lines = told["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert_eq!((&lines[0]["regimen"], &lines[0]["cycles_given"]), (&"reg.r_chop".into(), &6.into()));
    assert_eq!((&lines[1]["regimen"], &lines[1]["cycles_given"]), (&"reg.r_gdp".into(), &2.into()));
    assert_eq!(told["transformation"]["to"], "hist.dlbcl_nos");
    assert_eq!(told["identity_mismatch"][0]["document"], "paper 6");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_order_and_no_hash_changes_the_record(
        order in Just((0..PAPERS.len()).collect::<Vec<_>>()).prop_shuffle(),
        hashes in proptest::collection::vec("[0-9a-f]{12}", PAPERS.len()),
    ) {
        let plain: Vec<String> = (0..PAPERS.len()).map(|index| format!("d{index}")).collect();
        let hashed: Vec<String> = hashes.iter().enumerate().map(|(index, hash)| format!("{hash}-{index}")).collect();
        let usual = record(&(0..PAPERS.len()).collect::<Vec<_>>(), &plain);
        let turned = record(&order, &hashed);
        for (part, of) in usual.as_object().expect("a record has parts") {
            prop_assert_eq!(&turned[part], of, "{}", part);
        }
    }
}
