//! `cartulary restore`: a backup back into an empty folder, verified before it is called a register.

use super::{
    backup::{
        FILES, REGISTER, VAULT,
        manifest::{Manifest, PackedFile, hex},
        place_of, postgres,
    },
    bar, count, empty_folder,
};
use crate::{cli::Restore, console, register};
use anyhow::{Context, Result, anyhow, bail};
use cartulary_casework::Casework;
use cartulary_ledger::{Place, Thorough};
use cartulary_vault::{BackupIdentity, RootKey, VaultError, open_backup};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    process::ExitCode,
};

pub(in crate::commands) fn run(options: &Restore) -> Result<ExitCode> {
    let place = register::place(&options.register)?;
    let root = register::root_key(&options.register)?;
    let identity: BackupIdentity = fs::read_to_string(&options.identity)
        .with_context(|| format!("could not read {}", options.identity.display()))?
        .parse()
        .with_context(|| format!("{} holds no key for backups", options.identity.display()))?;
    let manifest = Manifest::read(&options.folder)?;
    if manifest.files.iter().any(|file| file.name == "database.dump") != place.database.is_some() {
        bail!(
            "the backup is of a register on {}: {}",
            if place.database.is_some() { "SQLite" } else { "PostgreSQL" },
            if place.database.is_some() {
                "leave --database out"
            } else {
                "name an empty database with --database"
            },
        );
    }
    for part in &manifest.parts {
        expect_whole(&options.folder, part)?;
    }
    empty_folder(&place.folder)?;
    let outcome = put_back(options, &manifest, &identity, &place, &root);
    if outcome.is_err() {
        // What is not whole must not look like a register. A database is left to its owner.
        clear(&place.folder);
    }
    outcome?;
    console::say(&format!(
        "register {} as of {}: {} and {} in {}, all hashes equal",
        manifest.register,
        manifest.made_at,
        count(manifest.cases, "case"),
        count(manifest.vault.len(), "file"),
        place.folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Looks at a sealed file before anything is opened.
fn expect_whole(folder: &Path, part: &PackedFile) -> Result<()> {
    let path = folder.join(&part.name);
    let mut file = File::open(&path).with_context(|| format!("could not open {}", path.display()))?;
    let mut hasher = Sha256::new();
    io::copy(&mut file, &mut hasher).with_context(|| format!("could not read {}", path.display()))?;
    if hex(&hasher.finalize()) != part.sha256 {
        bail!("{} is not as it was written: take another backup; nothing was restored", path.display());
    }
    Ok(())
}

fn put_back(
    options: &Restore,
    manifest: &Manifest,
    identity: &BackupIdentity,
    place: &Place,
    root: &RootKey,
) -> Result<()> {
    let folder = &place.folder;
    let held = folder.join("restoring");
    register::folder(&held)?;
    unpack(&options.folder.join(REGISTER), identity, &manifest.files, "files", |name| {
        FILES.contains(&name).then(|| held.join(name))
    })?;
    let blobs = folder.join("blobs");
    register::folder(&blobs)?;
    unpack(&options.folder.join(VAULT), identity, &manifest.vault, "files of the vault", |name| {
        let is_blob = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_blob.then(|| blobs.join(place_of(name)))
    })?;
    if let Some(address) = &place.database {
        postgres::restore(address, &held.join("database.dump"))?;
        let _ = fs::remove_file(held.join("database.dump"));
    }
    for name in FILES.iter().filter(|name| held.join(name).is_file()) {
        fs::rename(held.join(name), folder.join(name))
            .with_context(|| format!("could not put {name} back"))?;
    }
    let _ = fs::remove_dir(&held);
    sync(folder)?;
    register::run(async {
        let casework = register::open(place, root, None).await?;
        let checked = check(&casework, manifest).await;
        casework.ledger().clone().close().await?;
        checked
    })
}

/// Whether it is what was backed up, by its own keys.
async fn check(casework: &Casework, manifest: &Manifest) -> Result<()> {
    manifest.expect_of(casework.ledger().keys())?;
    let bar = bar(None, "entries verified");
    let report = casework.ledger().verify(&Thorough::default(), |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    if let Some(fault) = report.faults.first() {
        bail!("the backup holds a register that is not as it was written: {fault}");
    }
    let scrub = casework.blobs().scrub(casework.all_kept().await?).await?;
    if !scrub.is_whole() {
        bail!(
            "{} of the vault are missing and {} damaged in the backup",
            count(scrub.missing.len(), "file"),
            scrub.damaged.len()
        );
    }
    Ok(())
}

/// Opens a sealed file and lays down what it holds, each as the manifest has it.
fn unpack(
    path: &Path,
    identity: &BackupIdentity,
    expected: &[PackedFile],
    what: &'static str,
    to: impl Fn(&str) -> Option<std::path::PathBuf>,
) -> Result<()> {
    let mut left: BTreeMap<&str, &PackedFile> =
        expected.iter().map(|file| (file.name.as_str(), file)).collect();
    let file = File::open(path).with_context(|| format!("could not open {}", path.display()))?;
    let sealed = open_backup(identity, BufReader::new(file)).map_err(|error| match error {
        VaultError::KeyPlace { .. } => {
            anyhow!(
                "{} is sealed to other people than the one whose key this is: nothing was restored",
                path.display()
            )
        }
        error => anyhow!(error).context(format!("could not open {}", path.display())),
    })?;
    let mut archive = tar::Archive::new(sealed);
    let bar = bar(Some(expected.len() as u64), what);
    let broken = || format!("{} is damaged: take another backup", path.display());
    for entry in archive.entries().with_context(broken)? {
        let mut entry = entry.with_context(broken)?;
        let name = entry.path().with_context(broken)?.to_string_lossy().into_owned();
        let (Some(known), Some(place)) = (left.remove(name.as_str()), to(&name)) else {
            bail!("{} holds {name}, which its manifest does not name", path.display());
        };
        if lay_down(&mut entry, &place).with_context(broken)? != known.sha256 {
            bail!("{name} of the backup is not as the manifest has it: take another backup");
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    match left.into_keys().next() {
        Some(name) => bail!("the backup lacks {name}: take another backup"),
        None => Ok(()),
    }
}

fn lay_down(from: &mut impl Read, to: &Path) -> io::Result<String> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    let mut hasher = Sha256::new();
    let mut bytes = vec![0; 256 * 1024];
    loop {
        let read = from.read(&mut bytes)?;
        if read == 0 {
            break;
        }
        hasher.update(&bytes[..read]);
        file.write_all(&bytes[..read])?;
    }
    file.sync_all()?;
    Ok(hex(&hasher.finalize()))
}

/// Makes the names of folders durable.
fn sync(folder: &Path) -> Result<()> {
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let look = || -> io::Result<Vec<std::path::PathBuf>> {
            let mut inside = Vec::new();
            for entry in fs::read_dir(&next)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    inside.push(entry.path());
                }
            }
            File::open(&next)?.sync_all()?;
            Ok(inside)
        };
        open.extend(look().with_context(|| format!("could not sync {}", next.display()))?);
    }
    Ok(())
}

/// Removes what a restoring laid into a folder that was empty before.
fn clear(folder: &Path) {
    for name in ["restoring", "blobs"] {
        let _ = fs::remove_dir_all(folder.join(name));
    }
    let names =
        FILES.iter().flat_map(|name| [(*name).to_owned(), format!("{name}-wal"), format!("{name}-shm")]);
    for name in names {
        let _ = fs::remove_file(folder.join(name));
    }
}
