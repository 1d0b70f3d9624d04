//! `cartulary init`: makes a register, and its root key where the file is not there.

use crate::{
    cli::Init,
    console,
    register::{self, MachineEntropy},
};
use anyhow::{Result, bail};
use cartulary_vault::RootKey;
use std::process::ExitCode;

pub(in crate::commands) fn run(options: &Init) -> Result<ExitCode> {
    let options = &options.register;
    let place = register::place(options)?;
    let Some(path) = &options.root_key else {
        bail!(
            "where shall the root key be? give a file outside of the data folder with --root-key FILE, \
             or set CARTULARY_ROOT_KEY"
        );
    };
    // Made first, so that a key inside of it is noticed.
    register::folder(&place.folder)?;
    let is_new = !path.exists();
    let root = if is_new {
        let root = RootKey::generate(&mut MachineEntropy);
        root.write_file(path, Some(&place.folder))?;
        root
    } else {
        RootKey::from_file(path, Some(&place.folder))?
    };
    let id = register::run(async {
        let casework = register::init(&place, &root).await?;
        let id = casework.ledger().register();
        casework.ledger().clone().close().await?;
        Ok(id)
    })?;
    let engine = if place.database.is_some() { "PostgreSQL" } else { "SQLite" };
    console::say(&format!("register {id} on {engine} in {}", place.folder.display()));
    if is_new {
        console::say(&format!(
            "new root key in {}: without it nothing in the register can be read. Keep a copy in a safe, \
             never beside the data.",
            path.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}
