//! The JSON Schema of a criteria document, for editors that complete and check while a physician writes.
//!
//! The reading itself is stricter: it knows concepts, units and named sets. A test holds the keys here to those that the
//! readers take.

use serde_json::{Value, json};

/// A question: its word, what it asks, its fields (the first is the word itself), an example in TOML.
struct Question {
    word: &'static str,
    asks: &'static str,
    fields: fn() -> Value,
    example: &'static str,
}

const QUESTIONS: &[Question] = &[
    Question {
        word: "histology",
        asks: "Whether today's disease is one of these label groups, named sets or hist.* entities",
        fields: || json!({ "histology": { "type": "array", "items": text() }, "physician": texts() }),
        example: r#"{ histology = ["DLBCL_NOS", "HGBL"], physician = ["LBCL_OTHER"] }"#,
    },
    Question {
        word: "prior_lines",
        asks: "How many lines of therapy were given, and with which drugs among them",
        fields: || {
            json!({ "prior_lines": table(json!({
                "at_least": count(), "at_most": count(), "including": lists(), "not_alone": texts(),
            })) })
        },
        example: r#"{ prior_lines = { at_least = 2, including = ["anti-cd20", ["anthracycline", "drug.bendamustine"]] } }"#,
    },
    Question {
        word: "failed_line",
        asks: "Whether the first or last line failed: refractory, or relapse within a time",
        fields: || {
            json!({ "failed_line": table(json!({
                "line": { "enum": ["first", "last"] }, "from_number": count(),
                "refractory": { "type": "array", "items": { "enum": ["PD", "SD", "PR", "CR"] } },
                "sd_after_cycles": count(), "within": period(), "relapse": flag(),
                "from": { "enum": ["completion", "last_dose"] }, "containing": lists(),
            })) })
        },
        example: r#"{ failed_line = { line = "first", within = "12 mo", from = "completion" } }"#,
    },
    Question {
        word: "disease_status",
        asks: "Whether the disease is relapsed or refractory today",
        fields: || json!({ "disease_status": { "enum": ["relapsed_or_refractory"] } }),
        example: r#"{ disease_status = "relapsed_or_refractory" }"#,
    },
    Question {
        word: "last_response",
        asks: "Whether the best response to the last line is one of these",
        fields: || json!({ "last_response": { "type": "array", "items": { "enum": ["PD", "SD", "PR", "CR"] } } }),
        example: r#"{ last_response = ["SD", "PD"] }"#,
    },
    Question {
        word: "transplant",
        asks: "Whether a transplant was given, and whether the disease came back after it",
        fields: || {
            json!({
                "transplant": { "enum": ["autologous", "allogeneic"] }, "relapse": flag(), "relapse_within": period(),
            })
        },
        example: r#"{ transplant = "autologous", relapse_within = "12 mo" }"#,
    },
    Question {
        word: "exposure",
        asks: "Whether a drug or class of drugs was ever given",
        fields: || json!({ "exposure": texts() }),
        example: r#"{ exposure = "anti-cd19" }"#,
    },
    Question {
        word: "washout",
        asks: "Whether so much time has passed since a drug or class of drugs",
        fields: || json!({ "washout": texts(), "at_least": period() }),
        example: r#"{ washout = "steroid", at_least = "7 d" }"#,
    },
    Question {
        word: "lab",
        asks: "The latest value of an analyte against a bound with a unit",
        fields: || {
            json!({
                "lab": concept("lab"), "at_least": quantity(), "above": quantity(), "at_most": quantity(),
                "below": quantity(), "within": period(), "without": { "enum": ["transfusion"] }, "room_air": flag(),
                "after_last": texts(),
            })
        },
        example: r#"{ lab = "lab.plt", at_least = "50 10*9/L", within = "14 d", without = "transfusion" }"#,
    },
    Question {
        word: "uln",
        asks: "The latest values against a multiple of the upper limit that the report prints",
        fields: || json!({ "uln": texts(), "at_most": number(), "above": number() }),
        example: r#"{ uln = ["lab.alt", "lab.ast"], at_most = 2.5 }"#,
    },
    Question {
        word: "cockcroft_gault",
        asks: "Creatinine clearance, printed or computed; eGFR is no clearance",
        fields: || {
            json!({ "cockcroft_gault": table(json!({
                "at_least": quantity(), "above": quantity(), "at_most": quantity(), "below": quantity(),
            })) })
        },
        example: r#"{ cockcroft_gault = { at_least = "60 mL/min" } }"#,
    },
    Question {
        word: "score",
        asks: "The latest value of a score against a bound",
        fields: || {
            json!({
                "score": { "enum": ["ecog", "deauville", "kps", "ipi", "flipi"] }, "within": period(),
                "at_least": number(), "above": number(), "at_most": number(), "below": number(),
            })
        },
        example: r#"{ score = "ecog", at_most = 1 }"#,
    },
    Question {
        word: "age",
        asks: "Age in completed years against a bound",
        fields: || {
            json!({ "age": table(json!({
                "at_least": number(), "above": number(), "at_most": number(), "below": number(),
            })) })
        },
        example: "{ age = { at_least = 18 } }",
    },
    Question {
        word: "sex",
        asks: "The patient's sex",
        fields: || json!({ "sex": { "enum": ["female", "male"] } }),
        example: r#"{ sex = "female" }"#,
    },
    Question {
        word: "finding",
        asks: "Whether a paper states (met) or denies (not met) one of these findings; silence is unknown",
        fields: || json!({ "finding": texts(), "also_shown_by": texts(), "history": flag(), "within": period() }),
        example: r#"{ finding = "find.mi", within = "6 mo" }"#,
    },
    Question {
        word: "test",
        asks: "The latest result of a serology or nucleic-acid test",
        fields: || json!({ "test": concept("lab"), "is": { "enum": ["positive", "negative"] } }),
        example: r#"{ test = "lab.hbsag", is = "positive" }"#,
    },
    Question {
        word: "infection",
        asks: "Whether an infection is active, by the pattern of its tests",
        fields: || json!({ "infection": { "enum": ["hbv", "hcv", "hiv", "syphilis"] } }),
        example: r#"{ infection = "hbv" }"#,
    },
    Question {
        word: "biomarker",
        asks: "A marker of the tumour in the latest specimen",
        fields: || {
            json!({
                "biomarker": concept("bio"), "is": { "enum": ["positive", "negative"] }, "after_last": texts(),
            })
        },
        example: r#"{ biomarker = "bio.cd19", is = "positive", after_last = "anti-cd19" }"#,
    },
    Question {
        word: "measurable",
        asks: "Measurable disease after the last line",
        fields: || json!({ "measurable": { "const": true } }),
        example: "{ measurable = true }",
    },
    Question {
        word: "judge",
        asks: "A question in words that only a physician answers: unknown until then",
        fields: || json!({ "judge": words() }),
        example: r#"{ judge = { en = "Is it so?", zh = "是否如此？" } }"#,
    },
    Question {
        word: "all",
        asks: "All of these questions",
        fields: || json!({ "all": needs() }),
        example: r#"{ all = [{ sex = "female" }] }"#,
    },
    Question {
        word: "any",
        asks: "One of these questions or more",
        fields: || json!({ "any": needs() }),
        example: r#"{ any = [{ sex = "female" }] }"#,
    },
    Question {
        word: "of",
        asks: "At least so many of these questions",
        fields: || json!({ "of": needs(), "at_least": count() }),
        example: r#"{ of = [{ sex = "female" }, { measurable = true }], at_least = 1 }"#,
    },
    Question {
        word: "not",
        asks: "The opposite; unknown stays unknown",
        fields: || json!({ "not": { "$ref": "#/$defs/need" } }),
        example: r#"{ not = { sex = "female" } }"#,
    },
];

/// The JSON Schema (draft 2020-12) of a criteria document.
#[must_use]
pub fn schema() -> Value {
    let mut criterion = table(json!({
        "id": text(), "role": { "enum": ["inclusion", "exclusion", "warning"] }, "text": words(),
        "need": { "$ref": "#/$defs/need" }, "verification": {
            "enum": ["V", "P", "L", "M"],
            "description": "V seen in a source; P mainly seen; L, M from memory: never decides",
        },
        "source": text(), "seen": text(), "note": text(), "one_of": text(),
    }));
    criterion["required"] = json!(["id", "role", "text", "need", "verification"]);
    let mut document = table(json!({
        "id": text(), "kind": { "enum": ["label", "trial", "guideline"] }, "product": text(), "authority": text(),
        "version": text(), "title": words(), "sources": texts(), "trials": texts(), "note": text(),
        "criterion": { "type": "array", "items": { "$ref": "#/$defs/criterion" } },
    }));
    document["required"] =
        json!(["id", "kind", "product", "authority", "version", "title", "sources", "criterion"]);
    document["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    document["title"] = json!("Criteria set");
    let any: Vec<Value> = QUESTIONS.iter().map(of_question).collect();
    document["$defs"] = json!({ "criterion": criterion, "need": { "anyOf": any } });
    document
}

fn of_question(question: &Question) -> Value {
    let mut of = table((question.fields)());
    of["description"] = json!(format!("{}. Example: {}", question.asks, question.example));
    of["required"] = match question.word {
        "washout" | "of" => json!([question.word, "at_least"]),
        "test" | "biomarker" => json!([question.word, "is"]),
        word => json!([word]),
    };
    of
}

fn table(properties: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn text() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

fn texts() -> Value {
    json!({ "anyOf": [text(), { "type": "array", "items": text() }] })
}

/// A list in which an inner list means one of these.
fn lists() -> Value {
    json!({ "type": "array", "items": texts() })
}

fn words() -> Value {
    let mut of = table(json!({ "en": text(), "zh": text() }));
    of["required"] = json!(["en", "zh"]);
    of
}

fn needs() -> Value {
    json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/need" } })
}

fn number() -> Value {
    json!({ "type": "number" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": 999 })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn period() -> Value {
    json!({ "type": "string", "pattern": "^[1-9][0-9]{0,2} (d|wk|mo|a)$" })
}

fn quantity() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? .+$" })
}

fn concept(kind: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{kind}\\.[a-z0-9_]+$") })
}

#[cfg(test)]
mod tests;
