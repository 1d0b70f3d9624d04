//! A table of word lists becomes a Rust module, and a wrong one is refused with file and line.

#[path = "../build/lists.rs"]
mod lists;
#[path = "../build/written.rs"]
mod written;

use lists::module;

#[test]
fn a_list_becomes_a_constant() {
    let table = "list,word,note\nx.no_more,停用,Words of an end.\nx.no_more,\"a \"\"b\"\", c \",\n";
    let text = "pub(crate) mod x {\n    // Words of an end.\n    pub(crate) const NO_MORE: &crate::words::List = \
                &crate::words::List::numbered(0, &[\n        \
                \"停用\",\n        \"a \\\"b\\\", c \",\n    ]);\n}\n";
    let mut numbered = Vec::new();
    assert_eq!(module("x", table, &mut numbered).as_deref(), Ok(text));
    let table = "list,word,code,note\nx.sex,男,male,\n";
    let text = "pub(crate) mod x {\n    pub(crate) const SEX: &crate::words::Coded = \
                &crate::words::Coded::numbered(1, &[\n        (\"男\", \"male\"),\n    ]);\n}\n";
    assert_eq!(module("x", table, &mut numbered).as_deref(), Ok(text));
    assert_eq!(numbered, [vec!["停用", "a \"b\", c "], vec!["男"]]);
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
        let problems = module("x", table, &mut Vec::new()).err().unwrap_or_default();
        assert!(problems.len() == 1 && problems[0].starts_with(told), "{table}: {problems:?}");
    }
}

#[test]
fn lists_in_the_code_are_read_from_its_text() {
    let source = "let a = has(words![\"no \", \"不\\\"\"]);\n// words![not a list]\nlet b = my_words![1];\n\
                  let c = words![\n    // Why it is there.\n    \"x\",\n];\n";
    assert_eq!(written::lists(source), Ok(vec![vec!["no ".to_owned(), "不\"".into()], vec!["x".into()]]));
    // As `crate::words` begins to reckon.
    assert_eq!(written::hash(&[]), 0xcbf2_9ce4_8422_2325);
    assert_eq!(written::lists("let a = 1;\nlet b = words![LIST];\n"), Err(2));
}

#[test]
fn a_list_in_the_code_is_known_by_where_its_words_part() {
    let hash =
        |words: &[&str]| written::hash(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    assert_eq!(hash(&["no", "none"]), hash(&["no", "none"]));
    assert_ne!(hash(&["no", "none"]), hash(&["non", "one"]));
}
