//! CAR-T products and their indications.

use crate::{
    error::Problem,
    files::Files,
    table::{self, list},
};
use cartulary_model::SetId;
use serde::Deserialize;

/// One indication of one product with one regulator. The facts and their verification marks stand in
/// `products.csv`; the criteria that follow from them in `criteria/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// `axi_cel`.
    pub product: String,
    /// International non-proprietary name.
    pub generic: String,
    /// Trade name.
    pub brand: String,
    /// Chinese names, the first for people.
    pub chinese: Vec<String>,
    /// `CD19` or `BCMA`.
    pub target: String,
    /// `FDA`, `EMA`, `NMPA`, `MHRA`.
    pub regulator: String,
    /// `axi.fda.lbcl_3l`.
    pub indication: SetId,
    /// Label groups of the indication.
    pub cart_groups: Vec<String>,
    /// As the source says it.
    pub condition: String,
    /// Day, month or year of approval, as far as known.
    pub date: String,
    /// `V`, `P`, `L`, `M` or `N`.
    pub verification: String,
    /// Where it was seen.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    product_id: String,
    generic: String,
    brand: String,
    chinese: String,
    target: String,
    #[serde(rename = "costimulatory")]
    _costimulatory: String,
    #[serde(rename = "vector")]
    _vector: String,
    regulator: String,
    indication_id: String,
    cart_groups: String,
    #[serde(rename = "min_prior_lines")]
    _min_prior_lines: Option<u32>,
    condition: String,
    #[serde(rename = "population")]
    _population: String,
    date: String,
    #[serde(rename = "approval_type")]
    _approval_type: String,
    #[serde(rename = "remark")]
    _remark: String,
    source: String,
    verification: String,
}

pub(crate) fn load(files: &Files, problems: &mut Vec<Problem>) -> Vec<Product> {
    const PATH: &str = "products.csv";
    let mut products: Vec<Product> = Vec::new();
    for row in table::read::<Row>(files, PATH, problems) {
        let mut problem = |what: String| problems.push(Problem { file: PATH.into(), line: row.line, what });
        if !["V", "P", "L", "M", "N"].contains(&row.of.verification.as_str()) {
            problem(format!("`{}` is no verification mark; expected V, P, L, M or N", row.of.verification));
        }
        let indication = SetId::new(row.of.indication_id);
        if products.iter().any(|product| product.indication == indication) {
            problem(format!("indication `{indication}` stands twice"));
        }
        products.push(Product {
            product: row.of.product_id,
            generic: row.of.generic,
            brand: row.of.brand,
            chinese: list(&row.of.chinese),
            target: row.of.target,
            regulator: row.of.regulator,
            indication,
            cart_groups: list(&row.of.cart_groups),
            condition: row.of.condition,
            date: row.of.date,
            verification: row.of.verification,
            source: row.of.source,
        });
    }
    products
}
