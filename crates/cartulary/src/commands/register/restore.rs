//! `cartulary restore`: a backup back into an empty folder, verified before it is called a register.

use super::{
    backup::{
        FILES, REGISTER, VAULT,
        manifest::{Manifest, PackedFile, hex},
        place_of, postgres,
    },
    bar, count, empty_folder,
};
use crate::{
    cli::Restore,
    console,
    register::{self, MachineEntropy, Source, originals},
};
use anyhow::{Context, Result, anyhow, bail};
use cartulary_casework::Casework;
use cartulary_ledger::{BucketPlace, Place, Thorough};
use cartulary_model::BlobId;
use cartulary_vault::{BackupIdentity, Blobs, RootKey, VaultError, open_backup};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

pub(in crate::commands) fn run(options: &Restore) -> Result<ExitCode> {
    let place = register::place(&options.register)?;
    let bucket = options.blobs.as_deref().map(originals::bucket).transpose()?;
    let source = Source::of(&options.register)?;
    if let Source::File(path) = &source {
        // Looked at before hours of copying.
        RootKey::from_file(path, Some(&place.folder))?;
    }
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
    let vault = Vault::of(bucket, &place)?;
    let outcome = put_back(options, &manifest, &identity, &place, &vault, &source);
    if outcome.is_err() {
        // What is not whole must not look like a register. A database is left to its owner.
        clear(&place.folder);
        vault.clear(&manifest);
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
    vault: &Vault,
    source: &Source,
) -> Result<()> {
    let folder = &place.folder;
    let held = folder.join("restoring");
    register::folder(&held)?;
    unpack(&options.folder.join(REGISTER), identity, &manifest.files, "files", |name, read| {
        FILES.contains(&name).then(|| lay_down(read, &held.join(name)))
    })?;
    unpack(&options.folder.join(VAULT), identity, &manifest.vault, "files of the vault", |name, read| {
        let blob: BlobId = name.parse().ok()?;
        Some(vault.lay_down(blob, read))
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
    // The originals may lie elsewhere than when they were backed up.
    if place.bucket()?.as_ref() != vault.bucket() {
        place.set_bucket(vault.bucket())?;
    }
    sync(folder)?;
    register::run(async {
        let casework = register::open(place, source).await?;
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

/// Where the originals go.
enum Vault {
    Folder(PathBuf),
    Bucket(BucketPlace, Blobs),
}

impl Vault {
    fn of(bucket: Option<BucketPlace>, place: &Place) -> Result<Self> {
        let Some(bucket) = bucket else {
            let folder = place.folder.join(originals::FOLDER);
            register::folder(&folder)?;
            return Ok(Self::Folder(folder));
        };
        let blobs = register::run(originals::enter_empty(&bucket))?;
        Ok(Self::Bucket(bucket, blobs))
    }

    const fn bucket(&self) -> Option<&BucketPlace> {
        match self {
            Self::Folder(_) => None,
            Self::Bucket(bucket, _) => Some(bucket),
        }
    }

    /// Keeps a sealed original; gives the digest of its bytes.
    fn lay_down(&self, blob: BlobId, from: &mut dyn Read) -> Result<String> {
        match self {
            Self::Folder(folder) => lay_down(from, &folder.join(place_of(&blob.to_string()))),
            Self::Bucket(_, blobs) => {
                let mut sealed = Vec::new();
                from.read_to_end(&mut sealed)?;
                let digest = hex(&Sha256::digest(&sealed));
                register::run(async { Ok(blobs.put_sealed(blob, sealed, &mut MachineEntropy).await?) })?;
                Ok(digest)
            }
        }
    }

    /// Takes out of a bucket what a restoring laid into it.
    fn clear(&self, manifest: &Manifest) {
        let Self::Bucket(_, blobs) = self else { return };
        let cleared = register::run(async {
            for blob in manifest.vault.iter().filter_map(|file| file.name.parse().ok()) {
                blobs.delete(blob).await?;
            }
            Ok(())
        });
        if let Err(error) = cleared {
            console::say(&format!("cartulary: some originals stay in the bucket: {error:#}"));
        }
    }
}

/// Opens a sealed file and lays down what it holds, each as the manifest has it. `lay` gives the digest of what it laid
/// down, and nothing for a name that it does not know.
fn unpack(
    path: &Path,
    identity: &BackupIdentity,
    expected: &[PackedFile],
    what: &'static str,
    lay: impl Fn(&str, &mut dyn Read) -> Option<Result<String>>,
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
        let foreign = || anyhow!("{} holds {name}, which its manifest does not name", path.display());
        let known = left.remove(name.as_str()).ok_or_else(foreign)?;
        let laid = lay(&name, &mut entry).ok_or_else(foreign)?;
        if laid.with_context(broken)? != known.sha256 {
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

fn lay_down(from: &mut dyn Read, to: &Path) -> Result<String> {
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
