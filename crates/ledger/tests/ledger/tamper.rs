//! Tampering: whoever holds the disk changes the databases behind the register's back, and each change is found.
//!
//! `CARTULARY_TAMPERINGS` says how many (a thousand take some minutes). Each is named by its number, from which it is
//! made again: `CARTULARY_TAMPERING=137` does only that one.

use crate::{
    postgres,
    support::{Clinic, Engine, Seeded, facts, identified, index, noted, undone},
};
use cartulary_ledger::*;
use cartulary_model::{ActorId, Entropy};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection, TypeInfo as _, ValueRef as _,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A table that must not be changed: the database it is in, its key, its other columns.
struct Target {
    keys: bool,
    table: &'static str,
    key: &'static [&'static str],
    rest: &'static [&'static str],
}

macro_rules! targets {
    ($($in:ident $table:literal [$($key:literal),+] [$($rest:literal),*];)+) => {
        &[$(Target { keys: matches!(stringify!($in).as_bytes(), b"keys"), table: $table, key: &[$($key),+], rest: &[$($rest),*] }),+]
    };
}

const TARGETS: &[Target] = targets! {
    main "entry" ["pos"] ["act", "case_id", "seq", "kind", "at", "actor", "body", "prev", "hash", "chain", "once"];
    main "access" ["pos"] ["at", "actor", "case_id", "what", "prev", "hash"];
    main "checkpoint" ["n"] ["at", "pos", "chain", "access_pos", "access", "prev", "signature"];
    keys "case_key" ["case_id"] ["version", "wrapped"];
    main "register" ["name"] ["value"];
    main "case_row" ["case_id"] ["state", "owner", "opened_at", "changed_at", "documents", "unread", "facts",
        "evaluations", "merged_into", "version"];
    main "person_token" ["case_id", "what", "token"] [];
    main "document_row" ["case_id", "document"] ["channel", "media_type", "size", "received_at", "state", "pages"];
    main "fact_row" ["case_id", "fact"] ["document", "concept", "assertion", "status", "number", "unit", "on_date"];
    main "search_token" ["token", "case_id", "document"] ["times"];
};

#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

enum Thief {
    Sqlite { main: Box<SqliteConnection>, keys: Box<SqliteConnection> },
    Postgres(Box<PgConnection>),
}

macro_rules! cells {
    ($row:expr, $int:pat, $real:pat, $bytes:pat) => {
        (0..$row.len())
            .map(|at| {
                let raw = $row.try_get_raw(at).unwrap();
                if raw.is_null() {
                    return Cell::Null;
                }
                match raw.type_info().name() {
                    $int => Cell::Int($row.get(at)),
                    $real => Cell::Real($row.get(at)),
                    $bytes => Cell::Bytes($row.get(at)),
                    _ => Cell::Text($row.get(at)),
                }
            })
            .collect()
    };
}

impl Thief {
    async fn new(clinic: &Clinic) -> Self {
        let mut thief = match &clinic.place.database {
            Some(address) => Self::Postgres(Box::new(PgConnection::connect(address).await.unwrap())),
            None => {
                let connect = async |name: &str| {
                    let path = clinic.place.folder.join(name);
                    Box::new(SqliteConnection::connect(&path.to_string_lossy()).await.unwrap())
                };
                Self::Sqlite { main: connect("register.db").await, keys: connect("keys.db").await }
            }
        };
        thief.drop_triggers().await;
        thief
    }

    async fn drop_triggers(&mut self) {
        let sql = if let Self::Sqlite { .. } = self {
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        } else {
            "SELECT DISTINCT trigger_name || ' ON ' || event_object_table FROM information_schema.triggers"
        };
        for row in self.rows(false, sql).await {
            let Cell::Text(name) = &row[0] else { panic!() };
            assert!(self.run(false, &format!("DROP TRIGGER {name}")).await);
        }
        if let Self::Postgres(_) = self {
            for table in ["entry", "access", "checkpoint"] {
                self.run(false, &format!("DROP TRIGGER IF EXISTS {table}_is_not_emptied ON {table}")).await;
            }
        }
    }

    /// Whether it worked and touched something.
    async fn run(&mut self, keys: bool, sql: &str) -> bool {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite { keys: connection, .. } if keys => sql.execute(&mut **connection).await.is_ok(),
            Self::Sqlite { main, .. } => sql.execute(&mut **main).await.is_ok(),
            Self::Postgres(connection) => sql.execute(&mut **connection).await.is_ok(),
        }
    }

    async fn rows(&mut self, keys: bool, sql: &str) -> Vec<Vec<Cell>> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite { main, keys: other } => {
                let connection = if keys { other } else { main };
                let rows = sqlx::query(sql).fetch_all(&mut **connection).await.unwrap();
                rows.iter().map(|row| cells!(row, "INTEGER", "REAL", "BLOB")).collect()
            }
            Self::Postgres(connection) => {
                let rows = sqlx::query(sql).fetch_all(&mut **connection).await.unwrap();
                rows.iter().map(|row| cells!(row, "INT8", "FLOAT8", "BYTEA")).collect()
            }
        }
    }

    async fn end(self) {
        match self {
            Self::Sqlite { main, keys } => {
                main.close().await.unwrap();
                keys.close().await.unwrap();
            }
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }

    fn literal(&self, cell: &Cell) -> String {
        match cell {
            Cell::Null => "NULL".to_owned(),
            Cell::Int(number) => number.to_string(),
            Cell::Real(number) => format!("{number:?}"),
            Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Cell::Bytes(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                if matches!(self, Self::Postgres(_)) {
                    format!("'\\x{hex}'::bytea")
                } else {
                    format!("x'{hex}'")
                }
            }
        }
    }

    fn table(&self, target: &Target) -> String {
        if target.keys && matches!(self, Self::Postgres(_)) {
            format!("keys.{}", target.table)
        } else {
            target.table.to_owned()
        }
    }

    /// A row of a table: its columns, and the condition that names it.
    async fn pick(&mut self, target: &Target, dice: &mut Dice) -> Option<(Vec<Cell>, String)> {
        let columns = [target.key, target.rest].concat().join(", ");
        let (table, key) = (self.table(target), target.key.join(", "));
        let sql = format!("SELECT {columns} FROM {table} ORDER BY {key}");
        let mut rows = self.rows(target.keys, &sql).await;
        if rows.is_empty() {
            return None;
        }
        let row = rows.swap_remove(dice.below(rows.len()));
        let named =
            target.key.iter().zip(&row).map(|(name, cell)| format!("{name} = {}", self.literal(cell)));
        let named = named.collect::<Vec<_>>().join(" AND ");
        Some((row, named))
    }
}

struct Dice(Seeded);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_be_bytes(bytes) % end as u64) as usize
    }

    fn flip(&mut self, cell: &Cell) -> Cell {
        match cell {
            Cell::Null => Cell::Null,
            Cell::Int(number) => Cell::Int(number ^ (1 << self.below(40))),
            Cell::Real(number) => Cell::Real(number + 0.5),
            Cell::Text(text) => {
                let mut letters: Vec<char> = text.chars().collect();
                if letters.is_empty() {
                    return Cell::Text("x".to_owned());
                }
                let at = self.below(letters.len());
                letters[at] = if letters[at] == 'x' { 'y' } else { 'x' };
                Cell::Text(letters.into_iter().collect())
            }
            Cell::Bytes(bytes) if bytes.is_empty() => Cell::Bytes(vec![1]),
            Cell::Bytes(bytes) => {
                let mut bytes = bytes.clone();
                let at = self.below(bytes.len());
                bytes[at] ^= 1 << self.below(8);
                Cell::Bytes(bytes)
            }
        }
    }
}

/// Does something bad; gives what, or nothing when the dice fell on something that cannot be done.
async fn tamper(thief: &mut Thief, dice: &mut Dice) -> Option<String> {
    let target = &TARGETS[[0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9][dice.below(13)]];
    let table = thief.table(target);
    match dice.below(10) {
        0..=4 => {
            let (row, named) = thief.pick(target, dice).await?;
            let at = dice.below(row.len());
            let column = [target.key, target.rest].concat()[at];
            let flipped = dice.flip(&row[at]);
            if flipped == row[at] {
                return None;
            }
            let flipped = thief.literal(&flipped);
            let sql = format!("UPDATE {table} SET {column} = {flipped} WHERE {named}");
            thief.run(target.keys, &sql).await.then_some(format!("a bit of {table}.{column} where {named}"))
        }
        5 | 6 => {
            let (_, named) = thief.pick(target, dice).await?;
            let sql = format!("DELETE FROM {table} WHERE {named}");
            thief.run(target.keys, &sql).await.then_some(format!("deleted from {table} where {named}"))
        }
        7 | 8 => swap(thief, target, dice).await,
        _ => truncate(thief, dice).await,
    }
}

/// Exchanges columns of two rows.
async fn swap(thief: &mut Thief, target: &Target, dice: &mut Dice) -> Option<String> {
    let table = thief.table(target);
    let ((a, named_a), (b, named_b)) = (thief.pick(target, dice).await?, thief.pick(target, dice).await?);
    if target.rest.is_empty() || named_a == named_b {
        return None;
    }
    // All columns, or one: a row in another's place, or a value in another's row.
    let whole = dice.below(2) == 0;
    let one = dice.below(target.rest.len());
    let chosen: Vec<usize> = (0..target.rest.len()).filter(|at| whole || *at == one).collect();
    let keys = target.key.len();
    if chosen.iter().all(|at| a[keys + at] == b[keys + at]) {
        return None;
    }
    let mut set = async |row: &[Cell], named: &str, unless: Option<&str>| {
        let sets: Vec<String> = chosen
            .iter()
            .map(|at| {
                let value = unless.filter(|_| target.rest[*at] == "seq" || target.rest[*at] == "once");
                format!(
                    "{} = {}",
                    target.rest[*at],
                    value.map_or_else(|| thief.literal(&row[keys + at]), str::to_owned)
                )
            })
            .collect();
        thief.run(target.keys, &format!("UPDATE {table} SET {} WHERE {named}", sets.join(", "))).await
    };
    // What is unique is put out of the way first.
    let away =
        if target.table == "entry" { Some(if one == 10 && !whole { "NULL" } else { "-1" }) } else { None };
    if away == Some("-1") && whole {
        return None;
    }
    let done =
        set(&b, &named_a, away).await && set(&a, &named_b, None).await && set(&b, &named_a, None).await;
    done.then_some(format!("exchanged {table} where {named_a} and where {named_b}"))
}

/// Cuts the end off, with all that would tell: what a thorough thief can do without the keys.
async fn truncate(thief: &mut Thief, dice: &mut Dice) -> Option<String> {
    let count = thief.rows(false, "SELECT pos FROM entry").await.len();
    let kept = dice.below(count - 1) + 1;
    let gone = format!("SELECT case_id FROM entry GROUP BY case_id HAVING MIN(pos) > {kept}");
    let thorough = dice.below(2) == 0;
    if thorough {
        for table in ["case_row", "person_token", "document_row", "fact_row", "search_token"] {
            thief.run(false, &format!("DELETE FROM {table} WHERE case_id IN ({gone})")).await;
        }
        thief.run(false, &format!("DELETE FROM checkpoint WHERE pos > {kept}")).await;
    }
    let done = thief.run(false, &format!("DELETE FROM entry WHERE pos > {kept}")).await;
    done.then_some(format!("cut off after {kept}, thorough: {thorough}"))
}

/// A register with all that can be tampered with.
async fn victim(engine: Engine) -> Clinic {
    let clinic = Clinic::new(engine).await;
    let mut cases = Vec::new();
    for number in 0..8 {
        let case = clinic.case_with(&format!("report {number} 淋巴瘤 lymphoma")).await;
        let document = *clinic.ledger.case(case).await.unwrap().documents.keys().next().unwrap();
        let more = vec![
            facts(document, clinic.blob(), vec![index("a", 1.5), index("b", 2.5)]),
            identified(&format!("Person {number}")),
            noted("one"),
            noted("two"),
            undone(6),
        ];
        let act = Act::on(clinic.actor(), case, 3, more).seen(Some(case), "case.show").once([number; 32]);
        clinic.ledger.append(act).await.unwrap();
        clinic.ledger.checkpoint().await.unwrap();
        cases.push(case);
    }
    let act = Act::on(ActorId::MACHINE, cases[0], 8, vec![MergedInto { case: cases[1] }.into()]).and_on(
        cases[1],
        8,
        vec![MergedFrom { case: cases[0] }.into()],
    );
    clinic.ledger.append(act).await.unwrap();
    clinic.append(cases[2], 8, vec![ErasureOrdered { reason: "asked".to_owned() }.into()]).await;
    clinic.ledger.erase(ActorId::MACHINE, cases[2], None).await.unwrap();
    clinic
        .ledger
        .log_access(clinic.actor(), vec![Access { case: None, what: "list".to_owned() }])
        .await
        .unwrap();
    clinic.ledger.clone().close().await.unwrap();
    clinic
}

/// Whether opening or verifying finds something.
async fn is_found(clinic: &Clinic) -> bool {
    match clinic.place.open(&clinic.root, None, clinic.world()).await {
        Err(_) => true,
        Ok(ledger) => {
            let thorough = Thorough { texts: true, witnesses: Vec::new() };
            let found = !matches!(ledger.verify(&thorough, |_| {}).await, Ok(report) if report.is_clean());
            ledger.close().await.ok();
            found
        }
    }
}

fn numbers(usual: u64) -> std::ops::Range<u64> {
    let asked = |name: &str| std::env::var(name).ok().and_then(|asked| asked.parse().ok());
    match asked("CARTULARY_TAMPERING") {
        Some(one) => one..one + 1,
        None => 0..asked("CARTULARY_TAMPERINGS").unwrap_or(usual),
    }
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap().flatten() {
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

async fn each_is_found(engine: Engine, usual: u64) {
    let mut clinic = victim(engine).await;
    let whole = clinic.place.clone();
    assert!(!is_found(&clinic).await, "the register was not clean to begin with");
    let mut missed = Vec::new();
    for number in numbers(usual) {
        clinic.place.folder = clinic.folder.path().join("tampered");
        copy(&whole.folder, &clinic.place.folder);
        clinic.place.database = whole.database.as_deref().map(postgres::copy_of);
        let mut dice = Dice(Seeded(number));
        let mut thief = Thief::new(&clinic).await;
        let what = loop {
            if let Some(what) = tamper(&mut thief, &mut dice).await {
                break what;
            }
        };
        thief.end().await;
        if !is_found(&clinic).await {
            missed.push(format!("{number}: {what}"));
        }
        if let Some(address) = &clinic.place.database {
            postgres::drop(address);
        }
    }
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_tampering_with_sqlite_is_found() {
    each_is_found(Engine::Sqlite, 60).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_tampering_with_postgres_is_found() {
    if !postgres::left_out() {
        each_is_found(Engine::Postgres, 12).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_an_earlier_day_is_found() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let mut days: Vec<PathBuf> = Vec::new();
    for day in 0..5 {
        let ledger = clinic.another().await;
        let act = Act::on(ActorId::MACHINE, clinic.case_id(), 0, vec![crate::support::opened(), noted("x")]);
        ledger.append(act).await.unwrap();
        ledger.close().await.unwrap();
        let kept = clinic.folder.path().join(format!("day{day}"));
        copy(&clinic.place.folder, &kept);
        days.push(kept);
    }
    clinic.ledger.clone().close().await.unwrap();
    let today = clinic.folder.path().join("today");
    copy(&clinic.place.folder, &today);
    for day in &days[..4] {
        for set_back in [vec!["register.db"], vec!["register.db", "keys.db"], vec!["keys.db"]] {
            copy(&today, &clinic.place.folder);
            for file in &set_back {
                fs::copy(day.join(file), clinic.place.folder.join(file)).unwrap();
            }
            assert!(is_found(&clinic).await, "{set_back:?} of {}", day.display());
        }
    }
    copy(&today, &clinic.place.folder);
    assert!(!is_found(&clinic).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_bad_entry_is_named() {
    let clinic = victim(Engine::Sqlite).await;
    let mut thief = Thief::new(&clinic).await;
    let sql = "UPDATE entry SET body = x'00' WHERE seq = 5 AND case_id = (SELECT MIN(case_id) FROM entry)";
    assert!(thief.run(false, sql).await);
    thief.end().await;
    let ledger = clinic.another().await;
    let report = ledger.verify(&Thorough::default(), |_| {}).await.unwrap();
    let first = report.faults[0].entry.unwrap();
    assert_eq!((Some(first.case), first.seq), (ledger.case_ids(None, 1).await.unwrap().first().copied(), 5));
    assert!(report.faults[0].what.contains("it was changed"), "{}", report.faults[0]);
    assert!(matches!(ledger.case(first.case).await, Err(Error::Damaged(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_line_of_the_witness_is_found() {
    let clinic = victim(Engine::Sqlite).await;
    let path = clinic.place.folder.join("checkpoints.log");
    let text = fs::read(&path).unwrap();
    let mut dice = Dice(Seeded(1));
    for _ in 0..40 {
        let mut changed = text.clone();
        let at = dice.below(changed.len());
        changed[at] ^= 1 << dice.below(7);
        fs::write(&path, &changed).unwrap();
        assert!(is_found(&clinic).await, "byte {at}");
    }
}
