//! The tables, and how an older register gets those of today.

use crate::{
    Error, Result,
    db::{At, Db},
};

/// Each step of the schema in order: SQLite's register, SQLite's keys, PostgreSQL's both. Only added to.
const STEPS: &[[&str; 3]] = &[
    [
        include_str!("../migrations/sqlite/0001_register.sql"),
        include_str!("../migrations/sqlite/keys_0001.sql"),
        include_str!("../migrations/postgres/0001_register.sql"),
    ],
    [
        include_str!("../migrations/sqlite/0002_slips.sql"),
        "",
        include_str!("../migrations/postgres/0002_slips.sql"),
    ],
    [
        include_str!("../migrations/sqlite/0003_counted.sql"),
        "",
        include_str!("../migrations/postgres/0003_counted.sql"),
    ],
];

/// The newest schema that this programme knows.
pub(crate) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Refuses a schema that a newer programme made; changes nothing.
pub(crate) async fn check(db: &Db) -> Result<()> {
    for place in [At::Write, At::Keys] {
        let found = found(db, place).await?;
        if found > newest() {
            return Err(Error::NewerSchema { found, known: newest() });
        }
    }
    Ok(())
}

/// Makes the tables that are missing, each step whole or not at all.
pub(crate) async fn bring_up(db: &Db, place: At) -> Result<()> {
    let column = match (db.is_sqlite(), place) {
        (true, At::Keys) => 1,
        (true, At::Read | At::Write) => 0,
        (false, At::Keys) => return Ok(()),
        (false, At::Read | At::Write) => 2,
    };
    let known = usize::try_from(found(db, place).await?).unwrap_or(0);
    for (number, step) in STEPS.iter().enumerate().skip(known) {
        db.script(place, step[column], i64::try_from(number + 1).unwrap_or(i64::MAX)).await?;
    }
    Ok(())
}

/// The schema of a database; 0 where there is none.
pub(crate) async fn found(db: &Db, place: At) -> Result<i64> {
    if !db.has_table(place, "register").await? {
        return Ok(0);
    }
    let row = db.row(place, "SELECT value FROM register WHERE name = 'schema'", &[]).await?;
    let text = row.map(|row| row.text(0)).transpose()?;
    let understood = text.as_deref().map(str::parse).transpose();
    understood
        .map(Option::unwrap_or_default)
        .map_err(|_| Error::Damaged("the number of the schema".to_owned()))
}
