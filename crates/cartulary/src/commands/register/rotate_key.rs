//! `cartulary rotate-key`: exchanges the root key. Interrupted, it is run again and goes on.

use super::{bar, count};
use crate::{
    cli::RotateKey,
    console,
    register::{self, MachineEntropy},
};
use anyhow::{Context, Result};
use cartulary_casework::Casework;
use cartulary_ledger::{Error, Place};
use cartulary_vault::{RootKey, VaultError};
use std::process::ExitCode;

pub(in crate::commands) fn run(options: &RotateKey) -> Result<ExitCode> {
    let place = register::place(&options.register)?;
    let old = register::root_key(&options.register)?;
    let path = &options.new;
    let is_new = !path.exists();
    let new = if is_new {
        RootKey::generate(&mut MachineEntropy)
    } else {
        RootKey::from_file(path, Some(&place.folder))?
    };
    register::run(async {
        // The old key opens the register, or nothing is made.
        let Some(casework) = opened(&place, &old, &new).await? else {
            console::say(&format!(
                "the root key in {} is in use already; nothing was left to do",
                path.display()
            ));
            return Ok(());
        };
        let outcome = rotate(&casework, &new, is_new.then_some(path), &place).await;
        casework.ledger().clone().close().await?;
        let keys = outcome?;
        console::say(&format!(
            "{} wrapped anew; from here on the register opens with {} only. Keep the old key as long as backups of that time.",
            count(keys, "key"),
            path.display()
        ));
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn rotate(
    casework: &Casework,
    new: &RootKey,
    write_to: Option<&std::path::PathBuf>,
    place: &Place,
) -> Result<u64> {
    if let Some(path) = write_to {
        // Durable before anything is wrapped with it.
        new.write_file(path, Some(&place.folder))?;
    }
    let bar = bar(None, "keys wrapped anew");
    let mut keys = 0;
    casework
        .ledger()
        .rotate(new, |done| {
            keys = done;
            bar.set_position(done);
        })
        .await
        .context("the rotation was not ended: run it again with the same files")?;
    bar.finish_and_clear();
    Ok(keys)
}

/// The register under the old root key; nothing when only the new one opens it any more.
async fn opened(place: &Place, old: &RootKey, new: &RootKey) -> Result<Option<Casework>> {
    let refused = match register::open(place, old, Some(new)).await {
        Ok(casework) => return Ok(Some(casework)),
        Err(error) => error,
    };
    let is_wrong_key =
        matches!(refused.downcast_ref::<Error>(), Some(Error::Vault(VaultError::WrongKey { .. })));
    if is_wrong_key && let Ok(casework) = register::open(place, new, None).await {
        casework.ledger().clone().close().await?;
        return Ok(None);
    }
    Err(refused)
}
