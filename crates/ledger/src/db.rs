//! The two engines behind one face: connections, transactions, values and rows.
//!
//! This is the only file that knows what differs between SQLite and PostgreSQL. All other SQL of the crate is one text
//! for both: it uses `$1`, `RETURNING` and `ON CONFLICT`, whole numbers of 64 bits, bytes, texts and doubles only.

mod value;

pub(crate) use value::Value;

use crate::{Error, Result};
use sqlx::{
    AssertSqlSafe, Connection as _, PgPool, Row as _, SqlSafeStr, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions, SqliteRow,
        SqliteSynchronous,
    },
};
use std::{fs::File, path::Path, str::FromStr, time::Duration};

/// A register's database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// One writer, because SQLite has one; readers never wait for it. The keys lie in a file of their own.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
        keys: SqlitePool,
    },
    Postgres(PgPool),
}

/// Which of an engine's places a statement runs at. On PostgreSQL they are one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    Read,
    Write,
    Keys,
}

/// A transaction; dropped without [`Tx::commit`] it leaves nothing.
pub(crate) enum Tx {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// A row of an answer, read by the place of the column.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// How long a statement waits for another process that writes, before it gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Prepared statements kept a connection: rows are written in batches of a few sizes, each a statement.
const STATEMENTS: usize = 400;
const ROWS_AHEAD: usize = 4_096;
const READERS: u32 = 4;
const CONNECTIONS: u32 = 8;
/// Any number, the same in each process: whoever holds this lock appends.
const APPEND_LOCK: i64 = 0x6361_7274_756c_6172;
/// Another: whoever holds it changes keys.
const KEY_LOCK: i64 = APPEND_LOCK + 1;
/// Takes a lock for the rest of the transaction, which PostgreSQL ends after a minute without a word: else a process that
/// sleeps, or a machine that is gone, would hold up all others.
const LOCK: &str =
    "SELECT pg_advisory_xact_lock($1), set_config('idle_in_transaction_session_timeout', '60s', true)";

// The two pools differ in type only; this gives each engine its arm.
macro_rules! either {
    ($on:expr, $place:expr, $pool:ident => $work:expr) => {
        match $on {
            Db::Sqlite { read, write, keys } => {
                let $pool = match $place {
                    At::Read => read,
                    At::Write => write,
                    At::Keys => keys,
                };
                $work
            }
            Db::Postgres($pool) => $work,
        }
    };
}

macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $values {
            query = match value {
                Value::Int(value) => query.bind(*value),
                Value::Real(value) => query.bind(*value),
                Value::Text(value) => query.bind(value.clone()),
                Value::Bytes(value) => query.bind(value.clone()),
            };
        }
        query
    }};
}

impl Db {
    /// Opens the two files of a register in this folder, which must be there; `make` makes them.
    pub(crate) async fn sqlite(folder: &Path, make: bool) -> Result<Self> {
        let main = sqlite_options(&folder.join("register.db"), make);
        // One connection makes the file a WAL file before the readers come.
        let write = sqlite_pool(1).connect_with(main.clone()).await.map_err(Error::db("open register.db"))?;
        let read = sqlite_pool(READERS).connect_lazy_with(main.create_if_missing(false).read_only(true));
        let keys = sqlite_options(&folder.join("keys.db"), make);
        let keys = sqlite_pool(1).connect_with(keys).await.map_err(Error::db("open keys.db"))?;
        Ok(Self::Sqlite { read, write, keys })
    }

    /// Connects to a PostgreSQL database.
    pub(crate) async fn postgres(address: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(address)
            .map_err(Error::db("understand the address of the database"))?
            .application_name("cartulary")
            // A plan made for any word is bad for the common ones and the rare: a search took 260 ms by it, 10 ms by its own.
            .options([("plan_cache_mode", "force_custom_plan")])
            .statement_cache_capacity(STATEMENTS);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .test_before_acquire(true)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(Error::db("connect to the database"))?;
        Ok(Self::Postgres(pool))
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// What is known of the keys as a whole: the wrapped seed of the register, and whose keys they are.
    pub(crate) fn key_register(&self) -> &'static str {
        if self.is_sqlite() { "register" } else { "keys.register" }
    }

    /// The table of case keys: a file of its own here, a schema of its own there.
    pub(crate) fn case_key(&self) -> &'static str {
        if self.is_sqlite() { "case_key" } else { "keys.case_key" }
    }

    /// A column of bytes of all rows, one after another. SQLite takes the bytes for a text on the way, whatever they are.
    pub(crate) fn joined(&self, column: &str) -> String {
        if self.is_sqlite() {
            format!("CAST(string_agg({column}, '') AS BLOB)")
        } else {
            format!("string_agg({column}, ''::bytea)")
        }
    }

    /// Makes a claim step over rows that another worker is claiming. SQLite has one writer and needs no such word.
    pub(crate) fn step_over(&self) -> &'static str {
        if self.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" }
    }

    /// Begins a transaction that only reads, on one state of the database.
    pub(crate) async fn reading(&self) -> Result<Tx> {
        match self {
            Self::Sqlite { read, .. } => read.begin().await.map(Tx::Sqlite),
            Self::Postgres(pool) => {
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map(Tx::Postgres)
            }
        }
        .map_err(Error::db("begin to read"))
    }

    /// Begins a transaction that appends: no other process appends until it ends.
    ///
    /// So places in the chain have no gaps, and what the transaction reads of the chain stays true until it commits.
    pub(crate) async fn appending(&self) -> Result<Tx> {
        let begun = match self {
            Self::Sqlite { write, .. } => write.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        };
        let mut tx = begun.map_err(Error::db("begin to write"))?;
        if !self.is_sqlite() {
            tx.run(LOCK, &[APPEND_LOCK.into()]).await?;
        }
        Ok(tx)
    }

    /// Begins a transaction that changes keys: no other process does until it ends.
    pub(crate) async fn keys(&self) -> Result<Tx> {
        let begun = match self {
            Self::Sqlite { keys, .. } => keys.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        };
        let mut tx = begun.map_err(Error::db("begin to write keys"))?;
        if !self.is_sqlite() {
            tx.run(LOCK, &[KEY_LOCK.into()]).await?;
        }
        Ok(tx)
    }

    /// Runs one statement; gives the number of rows that it touched.
    pub(crate) async fn run(&self, place: At, sql: impl SqlSafeStr, values: &[Value]) -> Result<u64> {
        let sql = sql.into_sql_str();
        either!(self, place, pool => bound!(sql, values).execute(pool).await.map(|done| done.rows_affected()))
            .map_err(Error::db("write"))
    }

    /// The rows that a statement gives.
    pub(crate) async fn rows(&self, place: At, sql: impl SqlSafeStr, values: &[Value]) -> Result<Vec<Row>> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite { read, write, keys } => {
                let pool = match place {
                    At::Read => read,
                    At::Write => write,
                    At::Keys => keys,
                };
                let rows = bound!(sql, values).fetch_all(pool).await.map_err(Error::db("read"))?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(pool) => {
                let rows = bound!(sql, values).fetch_all(pool).await.map_err(Error::db("read"))?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The only row that a statement gives, or nothing.
    pub(crate) async fn row(&self, place: At, sql: impl SqlSafeStr, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(place, sql, values).await?.pop())
    }

    /// Runs a text of many statements and writes down the schema that it makes, all or none.
    pub(crate) async fn script(&self, place: At, sql: &'static str, schema: i64) -> Result<()> {
        let note = "INSERT INTO register (name, value) VALUES ('schema', $1) \
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        macro_rules! whole {
            ($pool:expr) => {{
                let mut connection = $pool.acquire().await.map_err(Error::db("connect"))?;
                let mut tx = connection.begin().await.map_err(Error::db("begin to write"))?;
                sqlx::raw_sql(sql).execute(&mut *tx).await.map_err(Error::db("make the tables"))?;
                let noted = sqlx::query(note).bind(schema.to_string()).execute(&mut *tx).await;
                noted.map_err(Error::db("make the tables"))?;
                tx.commit().await.map_err(Error::db("make the tables"))
            }};
        }
        either!(self, place, pool => whole!(pool))
    }

    /// Whether there is such a table.
    pub(crate) async fn has_table(&self, place: At, name: &str) -> Result<bool> {
        let sql = if self.is_sqlite() {
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1"
        } else {
            "SELECT 1::BIGINT FROM information_schema.tables WHERE table_schema = 'public' AND table_name = $1"
        };
        Ok(self.row(place, sql, &[name.into()]).await?.is_some())
    }

    /// Writes over what deleted keys have left: in the file, its journal, and the table's free space.
    ///
    /// SQLite fills freed bytes with zeros (`secure_delete`), but the journal still holds the page as it was.
    pub(crate) async fn wipe_old_keys(&self) -> Result<()> {
        match self {
            Self::Sqlite { .. } => {
                self.rows(At::Keys, "PRAGMA wal_checkpoint(TRUNCATE)", &[]).await.map(|_| ())
            }
            Self::Postgres(pool) => sqlx::raw_sql("VACUUM (FULL) keys.case_key")
                .execute(pool)
                .await
                .map(|_| ())
                .map_err(Error::db("wipe old keys")),
        }
    }

    /// Before and after writing much: gives SQLite's writer memory for the pages that are written again and again, and
    /// lets the journal grow before it is copied back. PostgreSQL has its own settings for this.
    pub(crate) async fn make_room(&self, much: bool) -> Result<()> {
        if !self.is_sqlite() {
            return Ok(());
        }
        let (cache, journal) = if much { (-65_536, 32_000) } else { (-2_000, 1_000) };
        for sql in [format!("PRAGMA cache_size = {cache}"), format!("PRAGMA wal_autocheckpoint = {journal}")]
        {
            self.rows(At::Write, AssertSqlSafe(sql), &[]).await?;
        }
        if !much {
            self.rows(At::Write, "PRAGMA wal_checkpoint(TRUNCATE)", &[]).await?;
            self.rows(At::Write, "PRAGMA shrink_memory", &[]).await?;
        }
        Ok(())
    }

    /// What the engine itself finds wrong with its files.
    pub(crate) async fn integrity(&self) -> Result<Vec<String>> {
        if !self.is_sqlite() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for (place, name) in [(At::Read, "register.db"), (At::Keys, "keys.db")] {
            for row in self.rows(place, "PRAGMA quick_check(10)", &[]).await? {
                let told = row.text(0)?;
                if told != "ok" {
                    found.push(format!("{name}: {told}"));
                }
            }
        }
        Ok(found)
    }

    /// Copies the two files of SQLite, consistent within each, while others go on writing.
    ///
    /// PostgreSQL has its own programmes for this.
    pub(crate) async fn copy_to(&self, folder: &Path) -> Result<()> {
        // Keys last: a case that is opened in between has a key in the copy and no entry, never an entry and no key.
        for (at, name) in [(At::Read, "register.db"), (At::Keys, "keys.db")] {
            let to = folder.join(name);
            let path = to.to_string_lossy().into_owned();
            self.run(at, "VACUUM INTO $1", &[path.into()]).await?;
            File::open(&to).and_then(|file| file.sync_all()).map_err(Error::io("sync", &to))?;
        }
        Ok(())
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write, keys } => {
                read.close().await;
                write.close().await;
                keys.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn sqlite_options(path: &Path, make: bool) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(make)
        .journal_mode(SqliteJournalMode::Wal)
        .locking_mode(SqliteLockingMode::Normal)
        // NORMAL may lose the last commits in a power cut, and they have been acknowledged.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        // Each row comes from another thread: few wake-ups for many rows.
        .row_buffer_size(ROWS_AHEAD)
        .statement_cache_capacity(STATEMENTS)
}

fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
}

impl Tx {
    /// Runs one statement; gives the number of rows that it touched.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<u64> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(tx) => bound!(sql, values).execute(&mut **tx).await.map(|done| done.rows_affected()),
            Self::Postgres(tx) => {
                bound!(sql, values).execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
        .map_err(Error::db("write"))
    }

    /// The rows that a statement gives.
    pub(crate) async fn rows(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Vec<Row>> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(tx) => {
                let rows = bound!(sql, values).fetch_all(&mut **tx).await.map_err(Error::db("read"))?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(tx) => {
                let rows = bound!(sql, values).fetch_all(&mut **tx).await.map_err(Error::db("read"))?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The only row that a statement gives, or nothing.
    pub(crate) async fn row(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(sql, values).await?.pop())
    }

    /// Inserts rows, many a statement. `tail` is what follows the values, such as `ON CONFLICT ..`.
    pub(crate) async fn insert(
        &mut self,
        into: &'static str,
        columns: &'static [&'static str],
        tail: &'static str,
        rows: &[Vec<Value>],
    ) -> Result<()> {
        if let Self::Postgres(tx) = self {
            return insert_arrays(tx, into, columns, tail, rows).await;
        }
        let mut rest = rows;
        while !rest.is_empty() {
            // Powers of two, so that few different statements are prepared.
            let most = BOUND_AT_ONCE / columns.len();
            let count = 1 << rest.len().min(most).ilog2();
            let (now, later) = rest.split_at(count);
            let values: Vec<Value> = now.iter().flatten().cloned().collect();
            self.run(AssertSqlSafe(insertion(into, columns, tail, count)), &values).await?;
            rest = later;
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(Error::db("commit"))
    }
}

/// Values bound in one statement; SQLite takes 32,766.
const BOUND_AT_ONCE: usize = 4_096;
/// Rows inserted by one statement of PostgreSQL.
const ROWS_AT_ONCE: usize = 4_096;

/// Inserts rows into PostgreSQL: an array a column, so that a statement is the same for any number of rows and is planned
/// once, where a list of values is planned anew for each.
async fn insert_arrays(
    tx: &mut sqlx::Transaction<'static, sqlx::Postgres>,
    into: &str,
    columns: &[&str],
    tail: &str,
    rows: &[Vec<Value>],
) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let kinds: Vec<&str> = first.iter().map(Value::array).collect();
    let places = kinds.iter().zip(1..).map(|(kind, at)| format!("${at}::{kind}[]"));
    let sql = format!(
        "INSERT INTO {into} ({}) SELECT * FROM UNNEST({}) {tail}",
        columns.join(", "),
        places.collect::<Vec<_>>().join(", ")
    );
    for some in rows.chunks(ROWS_AT_ONCE) {
        let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
        for column in 0..columns.len() {
            let values = some.iter().map(|row| &row[column]);
            query = match first[column] {
                Value::Int(_) => query.bind(values.map(Value::int).collect::<Vec<_>>()),
                Value::Real(_) => query.bind(values.map(Value::real).collect::<Vec<_>>()),
                Value::Text(_) => query.bind(values.map(Value::text).collect::<Vec<_>>()),
                Value::Bytes(_) => query.bind(values.map(Value::bytes).collect::<Vec<_>>()),
            };
        }
        query.execute(&mut **tx).await.map_err(Error::db("write"))?;
    }
    Ok(())
}

/// SQLite looks a numbered parameter up by walking along all of them: thousands would cost millions of steps. Where they
/// come in their order anyway, they have no number there.
fn insertion(into: &str, columns: &[&str], tail: &str, rows: usize) -> String {
    let mut sql = format!("INSERT INTO {into} ({}) VALUES ", columns.join(", "));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            sql.push_str(if column == 0 { "?" } else { ", ?" });
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
}

/// `$from, $from+1, ..`: the inside of an `IN (..)`. The count is rounded up to a power of two; [`padded`] fits it.
pub(crate) fn list(from: usize, count: usize) -> String {
    let count = count.next_power_of_two();
    (from..from + count).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
}

/// Repeats the last value, so that the values fit a [`list`] of as many.
pub(crate) fn padded(mut values: Vec<Value>) -> Vec<Value> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

macro_rules! column {
    ($(#[$doc:meta])* $name:ident, $ty:ty) => {
        $(#[$doc])*
        pub(crate) fn $name(&self, column: usize) -> Result<$ty> {
            match self {
                Self::Sqlite(row) => row.try_get(column),
                Self::Postgres(row) => row.try_get(column),
            }
            .map_err(Error::db("understand a row"))
        }
    };
}

impl Row {
    column!(int, i64);
    column!(maybe_int, Option<i64>);
    column!(maybe_real, Option<f64>);
    column!(text, String);
    column!(maybe_text, Option<String>);
    column!(bytes, Vec<u8>);
    column!(maybe_bytes, Option<Vec<u8>>);

    /// Bytes of a length that is known.
    pub(crate) fn array<const N: usize>(&self, column: usize) -> Result<[u8; N]> {
        let bytes = self.bytes(column)?;
        let found = bytes.len();
        bytes.try_into().map_err(|_| Error::Damaged(format!("a value of {found} bytes, expected {N}")))
    }
}
