//! Lists of cases, page by page, without opening one.

use super::Ledger;
use crate::{
    CaseState, Error, Result,
    db::{At, Row, Value},
    projection,
};
use cartulary_model::{ActorId, CaseId, ConceptId, Instant};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// A case in a list: what may be known without its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: CaseId,
    /// Where it stands.
    pub state: CaseState,
    /// Who looks after it.
    pub owner: Option<ActorId>,
    /// When it was opened.
    pub opened_at: Instant,
    /// When something was last added.
    pub changed_at: Instant,
    /// Documents.
    pub documents: u64,
    /// Documents that were not read, or not wholly.
    pub unread: u64,
    /// Facts.
    pub facts: u64,
    /// Evaluations.
    pub evaluations: u64,
    /// The case that goes on in its place.
    pub merged_into: Option<CaseId>,
    /// The number of entries.
    pub version: u64,
    /// When somebody of the house first answered.
    pub contact_at: Option<Instant>,
    /// Since when papers are waited for that were asked for.
    pub asked_at: Option<Instant>,
    /// The patient's last diagnosis, as the papers say.
    pub diagnosis: Option<ConceptId>,
    /// How many things there are to ask for.
    pub missing: u64,
}

/// How many cases stand in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseCount {
    /// The state.
    pub state: CaseState,
    /// The cases in it.
    pub cases: u64,
    /// Those of them that nobody has answered yet and somebody must.
    pub unanswered: u64,
}

/// A row of the access log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// Its place in the log, from 1.
    pub pos: u64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: ActorId,
    /// Which case was seen; none for lists.
    pub case: Option<CaseId>,
    /// What was done.
    pub what: String,
}

/// Which cases to list; the last changed come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Only those that stand so; without it all but merged and erased ones.
    pub state: Option<CaseState>,
    /// Only those that this person looks after.
    pub owner: Option<ActorId>,
    /// Only those after this row of the list, by its `changed_at` and `case`: the next page.
    pub after: Option<(Instant, CaseId)>,
    /// Only those that nobody has answered yet, the longest waiting first; `after` goes by `opened_at` then.
    pub unanswered: bool,
    /// At most so many.
    pub limit: u32,
}

const COLUMNS: &str = "case_id, state, owner, opened_at, changed_at, documents, unread, facts, evaluations, \
    merged_into, version, contact_at, asked_at, diagnosis, missing";

impl Ledger {
    /// A page of cases.
    ///
    /// Pages go by the last row of the page before, so that one far down costs as little as the first, and a case that
    /// changes meanwhile moves to the front and is not shown twice.
    pub async fn list(&self, query: &ListQuery) -> Result<Vec<CaseRow>> {
        let mut values: Vec<Value> = vec![i64::from(query.limit).into()];
        let mut place = |value: Value| {
            values.push(value);
            values.len()
        };
        let state = match query.state {
            Some(state) => format!("state = ${}", place(state.name().into())),
            None => "state NOT IN ('merged', 'erased')".to_owned(),
        };
        let owner = query
            .owner
            .map_or(String::new(), |owner| format!(" AND owner = ${}", place((*owner.bytes()).into())));
        let (by, way, than, only) = match query.unanswered {
            true => ("opened_at", "ASC", ">", " AND contact_at IS NULL AND state <> 'closed'"),
            false => ("changed_at", "DESC", "<", ""),
        };
        let after = query.after.map_or(String::new(), |(at, case)| {
            let (at, case) = (place(at.micros().into()), place((*case.bytes()).into()));
            format!(" AND ({by}, case_id) {than} (${at}, ${case})")
        });
        let sql = format!(
            "SELECT {COLUMNS} FROM case_row WHERE {state}{owner}{only}{after} \
             ORDER BY {by} {way}, case_id {way} LIMIT $1"
        );
        self.db().rows(At::Read, AssertSqlSafe(sql), &values).await?.iter().map(read).collect()
    }

    /// One case of the list.
    pub async fn case_row(&self, case: CaseId) -> Result<Option<CaseRow>> {
        let sql = format!("SELECT {COLUMNS} FROM case_row WHERE case_id = $1");
        let row = self.db().row(At::Read, AssertSqlSafe(sql), &[(*case.bytes()).into()]).await?;
        row.map(|row| read(&row)).transpose()
    }

    /// The number of entries in the whole register: it grows whenever something happened.
    pub async fn length(&self) -> Result<u64> {
        let row = self.db().row(At::Read, "SELECT COALESCE(MAX(pos), 0) FROM entry", &[]).await?;
        row.map_or(Ok(0), |row| unsigned(&row, 0))
    }

    /// What people call the case on the telephone: eight letters and digits, which tell nothing of it. `find_person` finds
    /// the case by it, as what is known of kind `code`.
    pub fn code(&self, case: CaseId) -> String {
        projection::code(self.keys(), case)
    }

    /// When cases that were opened since a time were opened and first answered, at most `limit`, the newest first.
    pub async fn answers(&self, since: Instant, limit: u32) -> Result<Vec<(Instant, Option<Instant>)>> {
        let sql = "SELECT opened_at, contact_at FROM case_row WHERE opened_at >= $1 \
            AND NOT (contact_at IS NULL AND state = 'closed') AND state NOT IN ('merged', 'erased') \
            ORDER BY opened_at DESC LIMIT $2";
        let rows = self.db().rows(At::Read, sql, &[since.micros().into(), i64::from(limit).into()]).await?;
        let at = Instant::from_micros;
        rows.iter().map(|row| Ok((at(row.int(0)?), row.maybe_int(1)?.map(at)))).collect()
    }

    /// How many cases stand in each state, and how many of them wait for a first answer.
    pub async fn case_counts(&self) -> Result<Vec<CaseCount>> {
        let sql = "SELECT state, COUNT(*), COUNT(contact_at) FROM case_row GROUP BY state ORDER BY state";
        let rows = self.db().rows(At::Read, sql, &[]).await?;
        let count = |row: &Row| {
            let (state, cases) = (state(row, 0)?, unsigned(row, 1)?);
            let is_over = matches!(state, CaseState::Closed | CaseState::Merged | CaseState::Erased);
            let unanswered = if is_over { 0 } else { cases.saturating_sub(unsigned(row, 2)?) };
            Ok(CaseCount { state, cases, unanswered })
        };
        rows.iter().map(count).collect()
    }

    /// The ids of cases after one, in the order of their ids, erased and merged ones among them, at most `limit`.
    pub async fn case_ids(&self, after: Option<CaseId>, limit: u32) -> Result<Vec<CaseId>> {
        let after = after.map_or(Vec::new(), |case| case.bytes().to_vec());
        let sql = "SELECT case_id FROM case_row WHERE case_id > $1 ORDER BY case_id LIMIT $2";
        let rows = self.db().rows(At::Read, sql, &[after.into(), i64::from(limit).into()]).await?;
        rows.iter().map(|row| Ok(CaseId::from_uuid(Uuid::from_bytes(row.array(0)?)))).collect()
    }

    /// The access log from its end, at most `limit` rows: of a case or of all, before a place where one is given.
    pub async fn accesses(
        &self,
        case: Option<CaseId>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AccessRow>> {
        let before = before.and_then(|pos| i64::try_from(pos).ok()).unwrap_or(i64::MAX);
        let mut values: Vec<Value> = vec![before.into(), i64::from(limit).into()];
        values.extend(case.map(|case| Value::from(*case.bytes())));
        let of = if case.is_some() { " AND case_id = $3" } else { "" };
        let sql = format!(
            "SELECT pos, at, actor, case_id, what FROM access WHERE pos < $1{of} ORDER BY pos DESC LIMIT $2"
        );
        let rows = self.db().rows(At::Read, AssertSqlSafe(sql), &values).await?;
        let row = |row: &Row| {
            let case = row.maybe_bytes(3)?.and_then(|id| Uuid::from_slice(&id).ok());
            Ok(AccessRow {
                pos: unsigned(row, 0)?,
                at: Instant::from_micros(row.int(1)?),
                actor: ActorId::from_uuid(Uuid::from_bytes(row.array(2)?)),
                case: case.map(CaseId::from_uuid),
                what: row.text(4)?,
            })
        };
        rows.iter().map(row).collect()
    }

    /// When something was last done, by the access log.
    pub async fn last_time(&self, what: &str) -> Result<Option<Instant>> {
        let sql = "SELECT at FROM access WHERE what = $1 ORDER BY pos DESC LIMIT 1";
        let row = self.db().row(At::Read, sql, &[what.into()]).await?;
        row.map(|row| row.int(0).map(Instant::from_micros)).transpose()
    }

    /// All rows of all projections as sorted lines: two registers whose lines are equal answer equally.
    pub async fn dump_projections(&self) -> Result<Vec<String>> {
        let mut tx = self.db().reading().await?;
        projection::dump(&mut tx).await
    }
}

fn read(row: &Row) -> Result<CaseRow> {
    let case = |bytes: Vec<u8>| Uuid::from_slice(&bytes).ok().map(CaseId::from_uuid);
    Ok(CaseRow {
        case: CaseId::from_uuid(Uuid::from_bytes(row.array(0)?)),
        state: state(row, 1)?,
        owner: row.maybe_bytes(2)?.and_then(|id| Uuid::from_slice(&id).ok()).map(ActorId::from_uuid),
        opened_at: Instant::from_micros(row.int(3)?),
        changed_at: Instant::from_micros(row.int(4)?),
        documents: unsigned(row, 5)?,
        unread: unsigned(row, 6)?,
        facts: unsigned(row, 7)?,
        evaluations: unsigned(row, 8)?,
        merged_into: row.maybe_bytes(9)?.and_then(case),
        version: unsigned(row, 10)?,
        contact_at: row.maybe_int(11)?.map(Instant::from_micros),
        asked_at: row.maybe_int(12)?.map(Instant::from_micros),
        diagnosis: row.maybe_text(13)?.map(ConceptId::new),
        missing: unsigned(row, 14)?,
    })
}

fn state(row: &Row, column: usize) -> Result<CaseState> {
    let name = row.text(column)?;
    CaseState::named(&name).ok_or_else(|| Error::Damaged(format!("a case in the unknown state {name}")))
}

fn unsigned(row: &Row, column: usize) -> Result<u64> {
    u64::try_from(row.int(column)?).map_err(|_| Error::Damaged("a negative count".to_owned()))
}
