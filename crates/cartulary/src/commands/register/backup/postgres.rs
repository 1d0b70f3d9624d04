//! A database of PostgreSQL copied and put back by its own programmes.

use anyhow::{Context, Result, bail};
use std::{
    path::Path,
    process::{Command, Stdio},
};

/// Writes all of a database into a file, as it is at one moment.
pub(in crate::commands::register) fn dump(address: &str, to: &Path) -> Result<()> {
    let mut command = programme("pg_dump", address);
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(to);
    ended(command, "pg_dump")
}

/// Puts a file that [`dump`] wrote into an empty database.
pub(in crate::commands::register) fn restore(address: &str, from: &Path) -> Result<()> {
    let mut command = programme("pg_restore", address);
    command.args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname="]);
    command.arg(from);
    ended(command, "pg_restore")
}

/// The address goes by the environment, which other users cannot see: it may hold a password.
fn programme(name: &str, address: &str) -> Command {
    let mut command = Command::new(name);
    let (rest, query) = address.split_once('?').unwrap_or((address, ""));
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let (place, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, host) = place.rsplit_once('@').unwrap_or(("", place));
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    let (host, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let said = [
        ("PGUSER", user),
        ("PGPASSWORD", password),
        ("PGHOST", host),
        ("PGPORT", port),
        ("PGDATABASE", database),
    ];
    for (variable, value) in said.into_iter().filter(|(_, value)| !value.is_empty()) {
        command.env(variable, decoded(value));
    }
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match key {
            "host" => command.env("PGHOST", decoded(value)),
            "port" => command.env("PGPORT", decoded(value)),
            "sslmode" => command.env("PGSSLMODE", decoded(value)),
            _ => &mut command,
        };
    }
    command
}

fn ended(mut command: Command, name: &str) -> Result<()> {
    let told = command.stdin(Stdio::null()).output().with_context(|| {
        format!("could not start {name}: install the programmes of PostgreSQL of the server's version")
    })?;
    if !told.status.success() {
        let why = String::from_utf8_lossy(&told.stderr);
        bail!("{name} failed: {}", why.lines().next_back().unwrap_or("it did not say why"));
    }
    Ok(())
}

/// Undoes `%40` and the like.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn an_address_goes_by_the_environment() {
        let command =
            programme("pg_dump", "postgres://ann:p%40ss@db.example:5433/reg?host=/run/pg&sslmode=require");
        let said = |name: &str| {
            command
                .get_envs()
                .find(|(key, _)| *key == OsStr::new(name))
                .and_then(|(_, value)| value?.to_str())
        };
        assert_eq!(said("PGUSER"), Some("ann"));
        assert_eq!(said("PGPASSWORD"), Some("p@ss"));
        assert_eq!(said("PGHOST"), Some("/run/pg"));
        assert_eq!(said("PGPORT"), Some("5433"));
        assert_eq!(said("PGDATABASE"), Some("reg"));
        assert_eq!(said("PGSSLMODE"), Some("require"));
        assert_eq!(command.get_args().count(), 0);
    }
}
