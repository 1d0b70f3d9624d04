//! `cartulary init`: makes a register, and its root key where the file is not there.

use crate::{
    cli::Init,
    console,
    register::{self, MachineEntropy, Source, originals},
};
use anyhow::{Result, bail};
use cartulary_ledger::{Passphrase, Place};
use cartulary_vault::{PassphraseHeader, RootKey};
use std::process::ExitCode;

pub(in crate::commands) fn run(options: &Init) -> Result<ExitCode> {
    let bucket = options.blobs.as_deref().map(originals::bucket).transpose()?;
    let place = register::place(&options.register)?;
    if place.folder.join("register.toml").exists() {
        bail!("{}: there is a register already; give another folder", place.folder.display());
    }
    let source = Source::for_new(&options.register)?;
    // Made first, so that a key inside of it is noticed.
    register::folder(&place.folder)?;
    let new = root_key(&source, &place)?;
    let made = register::run(async {
        let casework = register::init(&place, bucket.as_ref(), &new.key).await?;
        let id = casework.ledger().register();
        casework.ledger().clone().close().await?;
        Ok(id)
    });
    if made.is_err() && new.wrote_header && !place.folder.join("keys.db").exists() {
        // The folder was refused, and nothing is sealed with the passphrase yet.
        let _ = place.set_passphrase(&Passphrase::default());
    }
    let id = made?;
    let engine = if place.database.is_some() { "PostgreSQL" } else { "SQLite" };
    console::say(&format!("register {id} on {engine} in {}", place.folder.display()));
    if let Some(bucket) = bucket {
        console::say(&format!("originals in the bucket {} at {}", bucket.name, bucket.endpoint));
    }
    tell(&source, new.wrote_file);
    Ok(ExitCode::SUCCESS)
}

/// The root key of a new register.
struct NewRoot {
    key: RootKey,
    wrote_file: bool,
    wrote_header: bool,
}

/// Makes the key, or takes it from where it is; what is made is durable when this returns.
fn root_key(source: &Source, place: &Place) -> Result<NewRoot> {
    let mut new =
        NewRoot { key: RootKey::generate(&mut MachineEntropy), wrote_file: false, wrote_header: false };
    match source {
        Source::File(path) if !path.exists() => {
            new.key.write_file(path, Some(&place.folder))?;
            new.wrote_file = true;
        }
        Source::File(_) | Source::Credential(_) => {
            new.key = source.key_with(place, &PassphraseHeader::new(&mut MachineEntropy))?;
        }
        Source::Passphrase(_) => {
            // An attempt before this may have sealed the seed already: its header is used again.
            let left = place.passphrase()?.current;
            new.wrote_header = left.is_none();
            let header = left.unwrap_or_else(|| PassphraseHeader::new(&mut MachineEntropy));
            new.key = source.key_with(place, &header)?;
            if new.wrote_header {
                place.set_passphrase(&Passphrase { current: Some(header), next: None })?;
            }
        }
    }
    Ok(new)
}

fn tell(source: &Source, wrote_file: bool) {
    match source {
        Source::File(path) if wrote_file => console::say(&format!(
            "new root key in {}: without it nothing in the register can be read. Keep a copy in a safe, \
             never beside the data.",
            path.display()
        )),
        Source::Passphrase(_) => console::say(
            "the root key is made of the passphrase: without it nothing in the register can be read. Keep it in a \
             safe, never beside the data.",
        ),
        Source::File(_) | Source::Credential(_) => {}
    }
}
