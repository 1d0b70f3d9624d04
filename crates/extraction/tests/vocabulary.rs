//! A table of word lists becomes a Rust module, and a wrong one is refused with file and line.

#[path = "../build/lists.rs"]
mod lists;

use lists::module;

#[test]
fn a_list_becomes_a_constant() {
    let table = "list,word,note\nx.no_more,停用,Words of an end.\nx.no_more,\"a \"\"b\"\", c \",\n";
    let text = "pub(crate) mod x {\n    // Words of an end.\n    pub(crate) const NO_MORE: &[&str] = &[\n        \
                \"停用\",\n        \"a \\\"b\\\", c \",\n    ];\n}\n";
    assert_eq!(module("x", table).as_deref(), Ok(text));
    let table = "list,word,code,note\nx.sex,男,male,\n";
    let text = "pub(crate) mod x {\n    pub(crate) const SEX: &[(&str, &str)] = &[\n        (\"男\", \"male\"),\n    ];\n}\n";
    assert_eq!(module("x", table).as_deref(), Ok(text));
}

#[test]
fn a_wrong_row_is_told_with_its_line() {
    let cases = [
        ("list,word\n", "x.csv:1: the columns are `list,word`"),
        ("list,word,note\nx.a,b\n", "x.csv:2: the row has 2 fields"),
        ("list,word,note\nx.a,,\n", "x.csv:2: the word is empty"),
        ("list,word,note\nx.a,b,\nx.a,b,\n", "x.csv:3: `b` stands twice in `x.a`"),
        ("list,word,note\nx.a,b ,\n", "x.csv:2: `b ` begins or ends with a space"),
        ("list,word,note\ny.a,b,\n", "x.csv:2: the list `y.a` is not of this area"),
        ("list,word,note\nx.A,b,\n", "x.csv:2: `A` names no list"),
        ("list,word,note\nx.a,b,\nx.c,b,\nx.a,d,\n", "x.csv:4: `x.a` goes on here"),
        ("list,word,note\nx.a,\"b,\n", "x.csv:2: a quote is not closed"),
        ("list,word,note\nx.a,\"b\"c,\n", "x.csv:2: text behind a closing quote"),
        ("list,word,code,note\nx.a,b,c,\nx.a,d,,\n", "x.csv:3: `x.a` has words with and without a code"),
    ];
    for (table, told) in cases {
        let problems = module("x", table).err().unwrap_or_default();
        assert!(problems.len() == 1 && problems[0].starts_with(told), "{table}: {problems:?}");
    }
}
