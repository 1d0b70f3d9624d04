//! `cartulary backup`: copies the register while it is used.
//!
//! ```text
//! DIR/manifest.json   what is in it, with hashes, signed by the register
//! DIR/register.age    tar of the databases, the witness and the note, sealed to the recipients
//! DIR/vault.age       tar of the blobs, which are sealed under the keys of their cases as well
//! ```
//!
//! First the databases, then the blobs: what came meanwhile is a blob too many, never one too few.

pub(super) mod manifest;
mod pack;
pub(super) mod postgres;

use super::{bar, count, empty_folder};
use crate::{cli::Backup, console, register};
use anyhow::{Context, Result};
use cartulary_casework::Casework;
use cartulary_ledger::Access;
use cartulary_vault::BackupRecipient;
use manifest::{FORMAT, Manifest, PackedFile};
use pack::Pack;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// The two sealed files.
pub(super) const REGISTER: &str = "register.age";
pub(super) const VAULT: &str = "vault.age";
/// The files of a register beside the blobs, in the order in which they are put back: the note last, for with it the
/// folder is a register.
pub(super) const FILES: [&str; 6] =
    ["keys.db", "register.db", "database.dump", "checkpoints.log", "passphrase.toml", "register.toml"];

pub(in crate::commands) fn run(options: &Backup) -> Result<ExitCode> {
    let recipients = options
        .to
        .iter()
        .map(|text| text.parse().with_context(|| format!("`{text}` names nobody who could open a backup")))
        .collect::<Result<Vec<BackupRecipient>>>()?;
    empty_folder(&options.folder)?;
    register::with(&options.register, async |casework| {
        let outcome = write(casework, &options.folder, &recipients).await;
        if outcome.is_err() {
            // Half a backup must not be taken for one.
            remove_parts(&options.folder);
        }
        let manifest = outcome?;
        tell_the_log(casework).await;
        console::say(&format!(
            "backup of {} and {} in {}, to be opened by {}",
            count(manifest.cases, "case"),
            count(manifest.vault.len(), "file of the vault|files of the vault"),
            options.folder.display(),
            count(recipients.len(), "key holder"),
        ));
        Ok(ExitCode::SUCCESS)
    })
}

/// Everything went out of the register: that stands in its log, and the page for the administrator says when.
async fn tell_the_log(casework: &Casework) {
    let row = Access { case: None, what: Access::BACKUP.to_owned() };
    if let Err(error) = casework.ledger().log_access(register::operator(), vec![row]).await {
        console::say(&format!(
            "cartulary: the backup is whole; that it was made could not be written down: {error}"
        ));
    }
}

async fn write(casework: &Casework, folder: &Path, recipients: &[BackupRecipient]) -> Result<Manifest> {
    let copy = folder.join("copy");
    register::folder(&copy)?;
    casework.ledger().copy_to(&copy).await?;
    if let Some(address) = &casework.ledger().place().database {
        postgres::dump(address, &copy.join("database.dump"))?;
    }
    let checkpoint = casework.ledger().last_checkpoint().await?;
    let cases = casework.ledger().case_counts().await?.iter().map(|of| of.cases).sum();
    let mut pack = Pack::begin(&folder.join(REGISTER), recipients)?;
    let mut files = Vec::new();
    for name in FILES.iter().filter(|name| copy.join(name).is_file()) {
        files.push(pack.add(name, &copy.join(name))?);
    }
    let register_part = pack.finish(REGISTER)?;
    fs::remove_dir_all(&copy).with_context(|| format!("could not remove {}", copy.display()))?;
    let (vault, vault_part) = blobs(casework, &folder.join(VAULT), recipients).await?;
    let mut manifest = Manifest {
        format: FORMAT,
        register: casework.ledger().register().to_string(),
        made_at: casework.ledger().now().to_string(),
        by: register::VERSION.to_owned(),
        cases,
        checkpoint: checkpoint.map_or(0, |of| of.n),
        files,
        vault,
        parts: vec![register_part, vault_part],
        verify_key: String::new(),
        signature: String::new(),
    };
    manifest.sign(casework.ledger().keys())?;
    manifest.write(folder)?;
    Ok(manifest)
}

async fn blobs(
    casework: &Casework,
    to: &Path,
    recipients: &[BackupRecipient],
) -> Result<(Vec<PackedFile>, PackedFile)> {
    let listing = casework.blobs().list().await?;
    for path in &listing.foreign {
        console::say(&format!("cartulary: {} is not ours and is not backed up", path.display()));
    }
    let bar = bar(Some(listing.blobs.len() as u64), "files of the vault");
    let mut pack = Pack::begin(to, recipients)?;
    let mut files = Vec::with_capacity(listing.blobs.len());
    for (blob, _) in listing.blobs {
        // Nothing: erased since it was listed.
        if let Some(sealed) = casework.blobs().sealed(blob).await? {
            files.push(pack.add_bytes(&blob.to_string(), &sealed)?);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok((files, pack.finish(VAULT)?))
}

/// Where a blob lies in the folder of blobs.
pub(super) fn place_of(name: &str) -> PathBuf {
    Path::new(&name[..2]).join(name)
}

fn remove_parts(folder: &Path) {
    let _ = fs::remove_dir_all(folder.join("copy"));
    for name in [REGISTER, VAULT, manifest::NAME] {
        let _ = fs::remove_file(folder.join(name));
    }
}
