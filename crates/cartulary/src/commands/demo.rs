//! `cartulary demo`: the pages of an example clinic, with invented patients in all states, in a folder that goes with it.

mod script;
mod seed;

use super::serve::{end, house, listen, logs, stop, work};
use crate::{
    cli::{self, Global},
    console, knowledge, models,
    register::{self, MachineClock, MachineEntropy},
};
use anyhow::{Context, Result, bail};
use cartulary_ledger::Place;
use cartulary_model::{Clock, Instant};
use cartulary_vault::RootKey;
use cartulary_web::{App, Mode, Site};
use std::{
    path::PathBuf,
    process::{Command, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// The machine's clock, set back while the past of the clinic is written.
struct DemoClock(AtomicI64);

impl Clock for DemoClock {
    fn now(&self) -> Instant {
        MachineClock.now().plus_micros(self.0.load(Ordering::SeqCst))
    }
}

impl DemoClock {
    /// From now on it is this time, and goes on from there.
    fn set(&self, at: Instant) {
        self.0.store(at.micros() - MachineClock.now().micros(), Ordering::SeqCst);
    }
}

/// A folder of this process, removed when the demo ends.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("cartulary-demo-{}", std::process::id()));
        if folder.exists() {
            bail!("{}: it is left from another demo; remove it", folder.display());
        }
        register::folder(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn run(global: &Global, options: &cli::Demo) -> Result<ExitCode> {
    logs();
    if !options.listen.ip().is_loopback() {
        bail!("{}: the demo's passwords stand on its pages; it is for this machine only", options.listen);
    }
    let tools = register::tools(global, &options.reading)?;
    if let Err(missing) = models::reader(global, false, None).models_ready() {
        console::say(&format!("cartulary: {missing}"));
    }
    let catalogue = knowledge::catalogue(global)?;
    let folder = Folder::make()?;
    register::run_on_many(async {
        let listener = listen(options.listen).await?;
        let address = listener.local_addr()?;
        let clock = Arc::new(DemoClock(AtomicI64::new(0)));
        let root = RootKey::generate(&mut MachineEntropy);
        let place = Place::folder(&folder.0);
        let casework = register::init_at(&place, &root, Arc::clone(&clock) as Arc<dyn Clock>).await?;
        let cases = script::all().context("the cases of the demo")?;
        let users = seed::sow(&casework, &tools, &clock, &cases).await?;
        let house = house(&casework, catalogue, &tools, Site::plain());
        console::say(&format!("an example clinic, {} invented patients: http://{address}/", cases.len()));
        console::say(&format!("  patients send at   http://{address}/send"));
        console::say(&format!("  the department at  http://{address}/sign-in (its users stand there)"));
        console::say("Ctrl+C ends it; nothing is left.");
        let workers = work(&casework, &tools, 1);
        if options.open {
            open(&format!("http://{address}/sign-in"));
        }
        let outcome =
            cartulary_web::serve(App::new(house, Mode::Plain, None, users), listener, stop()?).await;
        end(workers, &casework).await?;
        outcome.context("the server stopped")?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Asks the desktop to open a page; without a desktop the address stands on the terminal.
fn open(address: &str) {
    let _ = Command::new("xdg-open").arg(address).spawn();
}
