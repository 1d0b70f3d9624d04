//! The tables of the projections, their keys, and the few statements they need.

use crate::{
    Error, Result,
    db::{Row, Tx, Value},
};
use cartulary_model::{BlobId, CaseId};
use std::fmt::Write as _;

macro_rules! tables {
    ($($variant:ident $name:literal key($($key:literal $key_kind:ident),+) rest($($rest:literal $rest_kind:ident),*);)+) => {
        /// A table of the projections.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Table { $($variant),+ }

        impl Table {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The columns, those of the key first.
            pub(crate) const fn columns(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($key,)+ $($rest),*]),+ }
            }

            const fn kinds(self) -> &'static [Kind] {
                match self { $(Self::$variant => &[$(Kind::$key_kind,)+ $(Kind::$rest_kind),*]),+ }
            }

            /// How many columns the key has.
            pub(crate) const fn keys(self) -> usize {
                match self { $(Self::$variant => [$($key),+].len()),+ }
            }

            /// What follows an insertion, so that a row that is there is replaced.
            pub(crate) const fn upsert(self) -> &'static str {
                match self { $(Self::$variant => concat!(
                    "ON CONFLICT (", tables!(@list $($key),+), ") ", tables!(@update $($rest),*)
                )),+ }
            }

            pub(crate) const fn delete_row(self) -> &'static str {
                match self { $(Self::$variant => concat!("DELETE FROM ", $name, " WHERE ", tables!(@where $($key),+))),+ }
            }

            pub(crate) const fn delete_case(self) -> &'static str {
                match self { $(Self::$variant => concat!("DELETE FROM ", $name, " WHERE case_id = $1")),+ }
            }

            /// All rows of cases from one id to another, both among them.
            pub(crate) const fn select(self) -> &'static str {
                match self { $(Self::$variant => concat!(
                    "SELECT ", tables!(@list $($key,)+ $($rest),*), " FROM ", $name,
                    " WHERE case_id >= $1 AND case_id <= $2"
                )),+ }
            }
        }
    };
    (@list $first:literal $(, $more:literal)* $(,)?) => { concat!($first $(, ", ", $more)*) };
    (@update) => { "DO NOTHING" };
    (@update $first:literal $(, $more:literal)*) => {
        concat!("DO UPDATE SET ", $first, " = excluded.", $first $(, ", ", $more, " = excluded.", $more)*)
    };
    (@where $a:literal) => { concat!($a, " = $1") };
    (@where $a:literal, $b:literal) => { concat!($a, " = $1 AND ", $b, " = $2") };
    (@where $a:literal, $b:literal, $c:literal) => { concat!($a, " = $1 AND ", $b, " = $2 AND ", $c, " = $3") };
}

tables! {
    Case "case_row" key("case_id" Bytes) rest(
        "state" Text, "owner" Bytes, "opened_at" Int, "changed_at" Int, "documents" Int, "unread" Int,
        "facts" Int, "evaluations" Int, "merged_into" Bytes, "version" Int,
        "contact_at" Int, "asked_at" Int, "diagnosis" Text, "missing" Int
    );
    Person "person_token" key("case_id" Bytes, "what" Text, "token" Bytes) rest();
    Document "document_row" key("case_id" Bytes, "document" Bytes) rest(
        "channel" Text, "media_type" Text, "size" Int, "received_at" Int, "state" Text, "pages" Int
    );
    Fact "fact_row" key("case_id" Bytes, "fact" Text) rest(
        "document" Bytes, "concept" Text, "assertion" Text, "status" Text, "number" Real, "unit" Text, "on_date" Text
    );
    Evaluation "evaluation_row" key("case_id" Bytes, "seq" Int, "set_id" Text) rest("answer" Text, "at" Int);
    Course "course_row" key("case_id" Bytes, "seq" Int) rest("what" Text, "on_date" Text);
    Search "search_token" key("token" Bytes, "case_id" Bytes, "document" Bytes) rest("times" Int);
}

/// What a column holds.
#[derive(Clone, Copy)]
enum Kind {
    Int,
    Real,
    Text,
    Bytes,
}

impl Table {
    /// Whether a row, or the key of one, is of this case, and of this document where one is given.
    pub(crate) fn is_of(self, row: &[Value], case: CaseId, document: Option<BlobId>) -> bool {
        let holds = |column: &str, bytes: &[u8]| {
            let at = self.columns().iter().position(|name| *name == column);
            at.and_then(|at| row.get(at)) == Some(&Value::from(bytes))
        };
        let of_document =
            document.is_none_or(|document| self == Self::Search && holds("document", document.bytes()));
        holds("case_id", case.bytes()) && of_document
    }

    /// A row of the table as it was selected.
    pub(crate) fn read(self, row: &Row) -> Result<Vec<Value>> {
        let read = |(at, kind): (usize, &Kind)| {
            Ok(match kind {
                Kind::Int => row.maybe_int(at)?.into(),
                Kind::Real => row.maybe_real(at)?.into(),
                Kind::Text => row.maybe_text(at)?.into(),
                Kind::Bytes => row.maybe_bytes(at)?.into(),
            })
        };
        self.kinds().iter().enumerate().map(read).collect()
    }
}

/// All rows of all projections as lines of text, sorted: two registers with equal dumps answer equally.
pub(crate) async fn dump(tx: &mut Tx) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let ends: [Value; 2] = [vec![0_u8; 16].into(), vec![0xFF_u8; 16].into()];
    for table in Table::ALL {
        for row in tx.rows(table.select(), &ends).await? {
            lines.push(line(*table, &table.read(&row)?)?);
        }
    }
    lines.sort_unstable();
    Ok(lines)
}

fn line(table: Table, row: &[Value]) -> Result<String> {
    let mut line = table.name().to_owned();
    for value in row {
        match value {
            Value::Int(Some(value)) => write!(line, "|{value}"),
            Value::Real(Some(value)) => write!(line, "|{value:?}"),
            Value::Text(Some(value)) => write!(line, "|{value}"),
            Value::Bytes(Some(value)) => {
                line.push('|');
                value.iter().try_for_each(|byte| write!(line, "{byte:02x}"))
            }
            _ => write!(line, "|-"),
        }
        .map_err(|_| Error::Damaged("a row that cannot be written as text".to_owned()))?;
    }
    Ok(line)
}
