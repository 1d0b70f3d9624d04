//! The register as the commands have it: where it lies, with which key, on a runtime of its own.
//!
//! Only these commands start a runtime; `evaluate`, `read` and `extract` know nothing of it.

mod reader;
mod world;

pub(crate) use reader::{VERSION, tools};
pub(crate) use world::{MachineClock, MachineEntropy, day_of, operator};

use crate::cli::Register;
use anyhow::{Context, Result, bail};
use cartulary_casework::{Casework, ReadingTexts};
use cartulary_ledger::Place;
use cartulary_vault::{Blobs, RootKey};
use std::{
    fs::DirBuilder,
    future::Future,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};
use world::{NoTexts, world};

/// The folder of the blobs in the data folder.
const BLOBS: &str = "blobs";
/// The name of the root key among the credentials of a service manager.
const CREDENTIAL: &str = "cartulary-root-key";

/// Runs a command of the register on a runtime of one thread.
pub(crate) fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("could not start the runtime")?;
    let outcome = runtime.block_on(work);
    // What blocks and was given up must not keep the programme.
    runtime.shutdown_background();
    outcome
}

/// Opens the register, lends it, and closes it with a last checkpoint, however the work ended.
pub(crate) fn with<T>(options: &Register, work: impl AsyncFnOnce(&Casework) -> Result<T>) -> Result<T> {
    with_older(options, None, work)
}

/// The same while a rotation is under way, which `older` was the root key before.
pub(crate) fn with_older<T>(
    options: &Register,
    older: Option<&RootKey>,
    work: impl AsyncFnOnce(&Casework) -> Result<T>,
) -> Result<T> {
    let place = place(options)?;
    let root = root_key(options)?;
    run(async {
        let casework = open(&place, &root, older).await?;
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
    let store = Blobs::in_folder(&place.folder.join(BLOBS))?;
    let world = cartulary_ledger::World { clock, ..world(ReadingTexts::new(store.clone())) };
    Ok(Casework::new(place.init(root, world).await?, store))
}

/// Runs a command of the register on as many threads as the machine has: for servers.
pub(crate) fn run_on_many<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("could not start the runtime")?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    outcome
}

/// Opens a register that is there.
pub(crate) async fn open(place: &Place, root: &RootKey, older: Option<&RootKey>) -> Result<Casework> {
    let blobs = place.folder.join(BLOBS);
    // Asked first of the whole, so that a wrong folder is named as what it is.
    let is_register = place.folder.join("register.toml").is_file();
    if is_register && !blobs.is_dir() {
        bail!(
            "{}: blobs is missing: the folder was copied in part; copy all of it, or restore a backup",
            place.folder.display()
        );
    }
    if !is_register && place.database.is_some() {
        bail!(
            "{}: this is not the data folder of that database; give the one it was made with, or restore it",
            place.folder.display()
        );
    }
    if !is_register {
        // The ledger says what is wrong with the folder; nothing is made.
        let refused = place.open(root, older, world(Arc::new(NoTexts))).await;
        bail!(refused.err().map_or_else(|| "there is no register".to_owned(), |error| error.to_string()));
    }
    let blobs = Blobs::in_folder(&blobs)?;
    let ledger = place.open(root, older, world(ReadingTexts::new(blobs.clone()))).await?;
    Ok(Casework::new(ledger, blobs))
}

/// Makes a register, or makes one to the end.
pub(crate) async fn init(place: &Place, root: &RootKey) -> Result<Casework> {
    folder(&place.folder)?;
    let blobs = place.folder.join(BLOBS);
    if place.folder.join("register.toml").exists() {
        bail!("{}: there is a register already; give another folder", place.folder.display());
    }
    let made = !blobs.exists();
    let store = Blobs::in_folder(&blobs)?;
    match place.init(root, world(ReadingTexts::new(store.clone()))).await {
        Ok(ledger) => Ok(Casework::new(ledger, store)),
        Err(error) => {
            // Nothing is left behind in a folder that was refused.
            if made {
                let _ = std::fs::remove_dir(&blobs);
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

/// The root key: of a file, or from the service manager.
pub(crate) fn root_key(options: &Register) -> Result<RootKey> {
    if let Some(path) = &options.root_key {
        return Ok(RootKey::from_file(path, options.data.as_deref())?);
    }
    match std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from) {
        Some(folder) if folder.join(CREDENTIAL).is_file() => {
            Ok(RootKey::from_credential(&folder, CREDENTIAL)?)
        }
        _ => bail!(
            "which root key? give its file with --root-key FILE, or set CARTULARY_ROOT_KEY; \
             `cartulary init` makes a new one"
        ),
    }
}

/// Makes a folder that only its owner enters, if it is not there.
pub(crate) fn folder(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("could not make the folder {}", path.display()))
}
