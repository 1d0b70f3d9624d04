//! `cartulary rotate-key`: exchanges the root key. Interrupted, it is run again and goes on.

use super::{bar, count};
use crate::{
    cli::RotateKey,
    console,
    register::{self, MachineEntropy, Source},
};
use anyhow::{Context, Result, anyhow};
use cartulary_casework::Casework;
use cartulary_ledger::{Passphrase, Place};
use cartulary_vault::{PassphraseHeader, RootKey};
use std::process::ExitCode;

pub(in crate::commands) fn run(options: &RotateKey) -> Result<ExitCode> {
    let place = register::place(&options.register)?;
    let old = Source::of(&options.register)?;
    let source = Source::next(&options.to, &place.folder)?;
    let new = New::of(source, &place)?;
    register::run(async {
        // The old key opens the register, or nothing is made.
        let Some(casework) = opened(&place, &old, &new).await? else {
            console::say(&format!("{} is in use already; nothing was left to do", new.source.name()));
            return Ok(());
        };
        let outcome = rotate(&casework, &new, &place).await;
        casework.ledger().clone().close().await?;
        let keys = outcome?;
        settle(&place, new.header.clone())?;
        console::say(&format!(
            "{} wrapped anew; from here on the register opens with {} only. Keep the old key as long as backups of that time.",
            count(keys, "key"),
            new.source.name()
        ));
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The key that a rotation goes to, and what must be kept before anything is wrapped with it.
struct New {
    source: Source,
    key: RootKey,
    /// Of a passphrase: how it becomes the key.
    header: Option<PassphraseHeader>,
    /// The file of the key is yet to be written.
    is_unwritten: bool,
}

impl New {
    fn of(source: Source, place: &Place) -> Result<Self> {
        if let Source::File(path) = &source
            && !path.exists()
        {
            let key = RootKey::generate(&mut MachineEntropy);
            return Ok(Self { source, key, header: None, is_unwritten: true });
        }
        // What an interrupted rotation began with is gone on with.
        let next = place.passphrase()?.next;
        let header = next.unwrap_or_else(|| PassphraseHeader::new(&mut MachineEntropy));
        let key = source.key_with(place, &header)?;
        let header = matches!(source, Source::Passphrase(_)).then_some(header);
        Ok(Self { source, key, header, is_unwritten: false })
    }

    /// Durable before anything is wrapped with it.
    fn keep(&self, place: &Place) -> Result<()> {
        match (&self.source, &self.header) {
            (Source::File(path), _) if self.is_unwritten => {
                Ok(self.key.write_file(path, Some(&place.folder))?)
            }
            (_, Some(header)) => {
                let next = Some(header.clone());
                Ok(place.set_passphrase(&Passphrase { next, ..place.passphrase()? })?)
            }
            _ => Ok(()),
        }
    }

    /// The keys under which the register may be open already, each with how it is made of the passphrase.
    fn in_use(&self, place: &Place) -> Result<Vec<(Option<PassphraseHeader>, RootKey)>> {
        match &self.source {
            Source::Passphrase(text) => {
                let known = place.passphrase()?;
                let key = |of: &PassphraseHeader| Ok((Some(of.clone()), RootKey::from_passphrase(text, of)?));
                known.headers().map(key).collect()
            }
            Source::File(_) | Source::Credential(_) => Ok(vec![(None, self.key.clone())]),
        }
    }
}

async fn rotate(casework: &Casework, new: &New, place: &Place) -> Result<u64> {
    new.keep(place)?;
    let bar = bar(None, "keys wrapped anew");
    let mut keys = 0;
    casework
        .ledger()
        .rotate(&new.key, |done| {
            keys = done;
            bar.set_position(done);
        })
        .await
        .context("the rotation was not ended: run it again with the same keys")?;
    bar.finish_and_clear();
    Ok(keys)
}

/// After the last key is wrapped: only the new way is tried from here on.
fn settle(place: &Place, header: Option<PassphraseHeader>) -> Result<()> {
    let (known, now) = (place.passphrase()?, Passphrase { current: header, next: None });
    if known == now { Ok(()) } else { Ok(place.set_passphrase(&now)?) }
}

/// The register under the old root key; nothing when only the new one opens it any more.
async fn opened(place: &Place, old: &Source, new: &New) -> Result<Option<Casework>> {
    let mut refused = anyhow!("{} is not that of this register", old.name());
    match old.keys(place) {
        Ok(keys) => {
            for root in keys {
                match register::open_with(place, &root, Some(&new.key)).await {
                    Err(error) if register::is_wrong_key(&error) => {
                        refused = error.context(format!("{} is not that of this register", old.name()));
                    }
                    other => return other.map(Some),
                }
            }
        }
        Err(error) => refused = error,
    }
    for (header, root) in new.in_use(place)? {
        if let Ok(casework) = register::open_with(place, &root, None).await {
            casework.ledger().clone().close().await?;
            settle(place, header)?;
            return Ok(None);
        }
    }
    Err(refused)
}
