//! The published schema is the program's own.

use crate::support::{cartulary, root};

#[test]
fn the_schema_in_docs_is_fresh() {
    let printed = cartulary(&["schema"]).stdout;
    let kept = std::fs::read(root().join("docs/evaluation.schema.json"))
        .expect("docs/evaluation.schema.json is there");
    assert!(
        printed == kept,
        "docs/evaluation.schema.json is stale: write it with `cartulary schema > docs/evaluation.schema.json`"
    );
}
