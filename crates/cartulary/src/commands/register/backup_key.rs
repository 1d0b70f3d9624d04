//! `cartulary backup-key`: the key with which somebody opens backups.

use crate::{cli::BackupKey, console};
use anyhow::{Context, Result};
use cartulary_vault::BackupIdentity;
use std::{fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, process::ExitCode};

pub(in crate::commands) fn run(options: &BackupKey) -> Result<ExitCode> {
    let path = &options.file;
    let identity = BackupIdentity::generate();
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("could not make {}", path.display()))?;
    let text = identity.text();
    file.write_all(text.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .with_context(|| format!("could not write {}", path.display()))?;
    console::say(&format!(
        "the key is in {}: move it into a safe; who backs up needs only this public half",
        path.display()
    ));
    console::print(&format!("{}\n", identity.recipient()))?;
    Ok(ExitCode::SUCCESS)
}
