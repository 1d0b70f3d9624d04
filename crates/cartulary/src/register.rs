//! The register as the commands have it: where it lies, with which key, on a runtime of its own.
//!
//! Only these commands start a runtime; `evaluate`, `read` and `extract` know nothing of it.

pub(crate) mod originals;
mod reader;
mod root;
mod world;

pub(crate) use reader::{VERSION, tools};
pub(crate) use root::Source;
pub(crate) use world::{MachineClock, MachineEntropy, day_of, operator, user};

use crate::cli::Register;
use anyhow::{Context, Result, bail};
use cartulary_casework::{Casework, ReadingTexts};
use cartulary_ledger::{BucketPlace, Error as LedgerError, Place};
use cartulary_vault::{Blobs, RootKey, VaultError};
use std::{fs::DirBuilder, future::Future, os::unix::fs::DirBuilderExt as _, path::Path, sync::Arc};
use tokio::runtime::Builder;
use world::{NoTexts, world};

/// Runs a command of the register on a runtime of one thread.
pub(crate) fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    run_on(&mut Builder::new_current_thread(), work)
}

/// Runs a server on as many threads as the machine has.
pub(crate) fn run_on_many<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    run_on(&mut Builder::new_multi_thread(), work)
}

fn run_on<T>(builder: &mut Builder, work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = builder.enable_all().build().context("could not start the runtime")?;
    let outcome = runtime.block_on(work);
    // What blocks and was given up must not keep the programme.
    runtime.shutdown_background();
    outcome
}

/// Opens the register, lends it, and closes it with a last checkpoint, however the work ended.
pub(crate) fn with<T>(options: &Register, work: impl AsyncFnOnce(&Casework) -> Result<T>) -> Result<T> {
    let place = place(options)?;
    // Asked first of the whole, so that a wrong folder is named as what it is, before anybody types a passphrase.
    run(expect_register(&place))?;
    let source = Source::of(options)?;
    run(async {
        let casework = open(&place, &source).await?;
        let outcome = work(&casework).await;
        let closed = casework.ledger().clone().close().await;
        let value = outcome?;
        closed.context("could not write the last checkpoint")?;
        Ok(value)
    })
}

/// Makes a register whose clock is somebody else's, for the demo.
pub(crate) async fn init_at(
    place: &Place,
    root: &RootKey,
    clock: Arc<dyn cartulary_model::Clock>,
) -> Result<Casework> {
    folder(&place.folder)?;
    let store = Blobs::in_folder(&place.folder.join(originals::FOLDER))?;
    let world = cartulary_ledger::World { clock, ..world(ReadingTexts::new(store.clone())) };
    Ok(Casework::new(place.init(root, world).await?, store).with_days(day_of))
}

/// Opens a register that is there.
pub(crate) async fn open(place: &Place, source: &Source) -> Result<Casework> {
    expect_register(place).await?;
    let keys = source.keys(place)?;
    let last = keys.len().saturating_sub(1);
    for (at, root) in keys.iter().enumerate() {
        match open_with(place, root, None).await {
            Err(error) if is_wrong_key(&error) && at < last => {}
            Err(error) if is_wrong_key(&error) => {
                return Err(error.context(format!("{} is not that of this register", source.name())));
            }
            other => return other,
        }
    }
    bail!("{} gives no key", source.name())
}

/// Opens a register that is there with a key, and with another while a rotation is under way.
pub(crate) async fn open_with(place: &Place, root: &RootKey, older: Option<&RootKey>) -> Result<Casework> {
    let blobs = originals::open(place)?;
    let ledger = place.open(root, older, world(ReadingTexts::new(blobs.clone()))).await?;
    Ok(Casework::new(ledger, blobs).with_days(day_of))
}

/// Whether opening was refused because of the key alone.
pub(crate) fn is_wrong_key(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<LedgerError>(), Some(LedgerError::Vault(VaultError::WrongKey { .. })))
}

/// Refuses a folder that is no register, before a key is asked for.
async fn expect_register(place: &Place) -> Result<()> {
    if place.folder.join("register.toml").is_file() {
        return Ok(());
    }
    if place.database.is_some() {
        bail!(
            "{}: this is not the data folder of that database; give the one it was made with, or restore it",
            place.folder.display()
        );
    }
    // The ledger says what is wrong with the folder; nothing is made.
    let any = RootKey::generate(&mut MachineEntropy);
    let refused = place.open(&any, None, world(Arc::new(NoTexts))).await;
    bail!(refused.err().map_or_else(|| "there is no register".to_owned(), |error| error.to_string()));
}

/// Makes a register, or makes one to the end.
pub(crate) async fn init(place: &Place, bucket: Option<&BucketPlace>, root: &RootKey) -> Result<Casework> {
    let folder = place.folder.join(originals::FOLDER);
    let made = bucket.is_none() && !folder.exists();
    let store = match bucket {
        Some(bucket) => originals::enter_empty(bucket).await?,
        None => Blobs::in_folder(&folder)?,
    };
    match place.init_with(bucket, root, world(ReadingTexts::new(store.clone()))).await {
        Ok(ledger) => Ok(Casework::new(ledger, store).with_days(day_of)),
        Err(error) => {
            // Nothing is left behind in a folder that was refused.
            if made {
                let _ = std::fs::remove_dir_all(&folder);
            }
            Err(error.into())
        }
    }
}

/// Where the register lies, as the options say.
pub(crate) fn place(options: &Register) -> Result<Place> {
    let Some(folder) = options.data.clone() else {
        bail!("where is the register? give its folder with --data DIR, or set CARTULARY_DATA");
    };
    let mut place = Place::folder(folder);
    place.database.clone_from(&options.database);
    place.witness.clone_from(&options.witness);
    Ok(place)
}

/// Makes a folder that only its owner enters, if it is not there.
pub(crate) fn folder(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("could not make the folder {}", path.display()))
}
