//! Strict reading of a TOML text: every value keeps its place, every unknown key is a problem.
//!
//! `serde` would stop at the first mistake and lose its column inside nested tables; a physician who edits a
//! document wants to see all of them at once.

use crate::error::Problem;
use toml::de::{DeTable, DeValue};

/// A value and the byte it begins at.
pub(crate) struct Node {
    pub(crate) at: usize,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Text(String),
    Number(f64),
    Flag(bool),
    List(Vec<Node>),
    Table(Vec<Entry>),
    Date,
}

/// A key of a table with its value.
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: usize,
    pub(crate) node: Node,
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Date => "a date",
        }
    }
}

/// The problems of one document.
pub(crate) struct Log<'t> {
    file: &'t str,
    text: &'t str,
    pub(crate) problems: Vec<Problem>,
}

impl<'t> Log<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, problems: Vec::new() }
    }

    /// Notes a problem at a byte of the text.
    pub(crate) fn problem(&mut self, at: usize, what: impl Into<String>) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what: what.into(),
        });
    }

    fn expected(&mut self, node: &Node, what: &str) {
        self.problem(node.at, format!("expected {what}, found {}", node.value.kind()));
    }

    /// The document as a tree; nothing when it is no TOML.
    pub(crate) fn parse(&mut self) -> Option<Node> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            self.problem(error.span().map_or(0, |span| span.start), error.message());
        }
        errors.is_empty().then(|| Node { at: root.span().start, value: table(root.get_ref()) })
    }

    pub(crate) fn text(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.expected(node, "a text");
                None
            }
        }
    }

    pub(crate) fn number(&mut self, node: &Node) -> Option<f64> {
        match &node.value {
            Value::Number(number) => Some(*number),
            _ => {
                self.expected(node, "a number");
                None
            }
        }
    }

    pub(crate) fn flag(&mut self, node: &Node) -> Option<bool> {
        match &node.value {
            Value::Flag(flag) => Some(*flag),
            _ => {
                self.expected(node, "true or false");
                None
            }
        }
    }

    pub(crate) fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        match &node.value {
            Value::List(items) => Some(items),
            _ => {
                self.expected(node, "a list");
                None
            }
        }
    }

    /// A list of texts, or one text, each with its place.
    pub(crate) fn texts(&mut self, node: &Node) -> Vec<(usize, String)> {
        match &node.value {
            Value::Text(text) => vec![(node.at, text.clone())],
            Value::List(items) => {
                items.iter().filter_map(|item| self.text(item).map(|text| (item.at, text))).collect()
            }
            _ => {
                self.expected(node, "a text or a list of texts");
                Vec::new()
            }
        }
    }

    pub(crate) fn entries<'n>(&mut self, node: &'n Node) -> &'n [Entry] {
        match &node.value {
            Value::Table(entries) => entries,
            _ => {
                self.expected(node, "a table");
                &[]
            }
        }
    }

    /// The fields of a table, to be taken one by one.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node) -> Fields<'n> {
        Fields { at: node.at, left: self.entries(node).iter().collect(), known: Vec::new() }
    }
}

/// The fields of a table; what is left when the reader is done is a problem.
pub(crate) struct Fields<'n> {
    pub(crate) at: usize,
    left: Vec<&'n Entry>,
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// Whether the key stands there and was not taken yet.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.left.iter().any(|entry| entry.key == key)
    }

    /// Takes an optional field.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let place = self.left.iter().position(|entry| entry.key == key)?;
        Some(&self.left.remove(place).node)
    }

    /// Takes a field that must be there.
    pub(crate) fn require(&mut self, key: &'static str, log: &mut Log<'_>) -> Option<&'n Node> {
        let node = self.take(key);
        if node.is_none() {
            log.problem(self.at, format!("`{key}` is missing"));
        }
        node
    }

    pub(crate) fn text(&mut self, key: &'static str, log: &mut Log<'_>) -> Option<String> {
        self.take(key).and_then(|node| log.text(node))
    }

    pub(crate) fn required_text(&mut self, key: &'static str, log: &mut Log<'_>) -> Option<String> {
        self.require(key, log).and_then(|node| log.text(node))
    }

    pub(crate) fn number(&mut self, key: &'static str, log: &mut Log<'_>) -> Option<f64> {
        self.take(key).and_then(|node| log.number(node))
    }

    pub(crate) fn count(&mut self, key: &'static str, log: &mut Log<'_>) -> Option<u32> {
        let node = self.take(key)?;
        let number = log.number(node)?;
        if number.fract() == 0.0 && (0.0..1000.0).contains(&number) {
            Some(number as u32)
        } else {
            log.problem(node.at, format!("expected a whole number from 0, found {number}"));
            None
        }
    }

    pub(crate) fn flag(&mut self, key: &'static str, log: &mut Log<'_>) -> bool {
        self.take(key).and_then(|node| log.flag(node)).unwrap_or(false)
    }

    pub(crate) fn texts(&mut self, key: &'static str, log: &mut Log<'_>) -> Vec<(usize, String)> {
        self.take(key).map(|node| log.texts(node)).unwrap_or_default()
    }

    /// Ends the reading: what was not taken is misspelt or does not belong here.
    pub(crate) fn finish(self, log: &mut Log<'_>) {
        for entry in self.left {
            log.problem(
                entry.at,
                format!("unknown key `{}`; expected one of {}", entry.key, self.known.join(", ")),
            );
        }
    }
}

fn table(table: &DeTable<'_>) -> Value {
    let entries = table.iter().map(|(key, value)| Entry {
        key: key.get_ref().to_string(),
        at: key.span().start,
        node: Node { at: value.span().start, value: plain(value.get_ref()) },
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by_key(|entry| entry.at);
    Value::Table(entries)
}

fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            Value::Number(number.as_str().replace('_', "").parse().unwrap_or(f64::NAN))
        }
        DeValue::Float(number) => Value::Number(number.as_str().replace('_', "").parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(items) => Value::List(
            items.iter().map(|item| Node { at: item.span().start, value: plain(item.get_ref()) }).collect(),
        ),
        DeValue::Table(inner) => table(inner),
    }
}
