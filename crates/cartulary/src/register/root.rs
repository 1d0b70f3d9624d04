//! Where the root key comes from: a file, a passphrase, the service manager.

use crate::cli::{NewKey, Register};
use anyhow::{Context, Result, bail};
use cartulary_ledger::{Passphrase, Place};
use cartulary_vault::{PassphraseHeader, RootKey};
use std::{
    env,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The name of the root key among the credentials of a service manager, where none is named.
const CREDENTIAL: &str = "cartulary-root-key";

/// Where a root key comes from.
pub(crate) enum Source {
    /// A file of its own.
    File(PathBuf),
    /// A passphrase, as it was typed or stands in a file.
    Passphrase(Zeroizing<String>),
    /// A credential of the service manager.
    Credential(String),
}

impl Source {
    /// As the options say; what is said on the command line goes before what the environment says.
    pub(crate) fn of(options: &Register) -> Result<Self> {
        let named = said(options);
        if let Some(source) = only(named, options.data.as_deref(), "the root key", false)? {
            return Ok(source);
        }
        if is_credential(CREDENTIAL) {
            return Ok(Self::Credential(CREDENTIAL.to_owned()));
        }
        let is_by_passphrase = super::place(options)?.passphrase()? != Passphrase::default();
        if is_by_passphrase && io::stdin().is_terminal() {
            return Ok(Self::Passphrase(asked("passphrase of the register: ")?));
        }
        if is_by_passphrase {
            bail!(
                "the root key of this register is a passphrase: give it with --passphrase-file FILE, \
                 or run the command on a terminal"
            );
        }
        bail!(
            "which root key? give its file with --root-key FILE, or set CARTULARY_ROOT_KEY; or give --passphrase, \
             --passphrase-file FILE or --credential NAME; `cartulary init` makes a new one"
        )
    }

    /// For a new register.
    pub(crate) fn for_new(options: &Register) -> Result<Self> {
        match only(said(options), options.data.as_deref(), "the root key", true)? {
            Some(source) => Ok(source),
            None if is_credential(CREDENTIAL) => Ok(Self::Credential(CREDENTIAL.to_owned())),
            None => bail!(
                "where shall the root key be? give a file outside of the data folder with --root-key FILE or \
                 CARTULARY_ROOT_KEY; or --passphrase, --passphrase-file FILE, or --credential NAME"
            ),
        }
    }

    /// What a rotation goes to.
    pub(crate) fn next(options: &NewKey, data: &Path) -> Result<Self> {
        let named = [
            options.new.clone().map(Said::File),
            options.new_passphrase.then_some(Said::Asked),
            options.new_passphrase_file.clone().map(Said::PassphraseFile),
            options.new_credential.clone().map(Said::Credential),
        ];
        match only(named.into_iter().flatten().collect(), Some(data), "the new root key", true)? {
            Some(source) => Ok(source),
            None => bail!(
                "which new root key? give --new FILE, --new-passphrase, --new-passphrase-file FILE, \
                 or --new-credential NAME"
            ),
        }
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => format!("the root key in {}", path.display()),
            Self::Passphrase(_) => "the passphrase".to_owned(),
            Self::Credential(name) => format!("the credential {name}"),
        }
    }

    /// The keys that it may stand for, to be tried one after the other: during the rotation of a passphrase there are two.
    pub(crate) fn keys(&self, place: &Place) -> Result<Vec<RootKey>> {
        match self {
            Self::File(path) => Ok(vec![RootKey::from_file(path, Some(&place.folder))?]),
            Self::Credential(name) => Ok(vec![credential(name)?]),
            Self::Passphrase(text) => {
                let known = place.passphrase()?;
                if known == Passphrase::default() {
                    bail!(
                        "the root key of the register in {} is not made of a passphrase: give --root-key FILE \
                         or --credential NAME",
                        place.folder.display()
                    );
                }
                known.headers().map(|header| Ok(RootKey::from_passphrase(text, header)?)).collect()
            }
        }
    }

    /// The key that it stands for, which for a passphrase is made with this header.
    pub(crate) fn key_with(&self, place: &Place, header: &PassphraseHeader) -> Result<RootKey> {
        match self {
            Self::File(path) => Ok(RootKey::from_file(path, Some(&place.folder))?),
            Self::Credential(name) => credential(name),
            Self::Passphrase(text) => Ok(RootKey::from_passphrase(text, header)?),
        }
    }
}

/// A way that was named, not yet gone.
enum Said {
    File(PathBuf),
    Asked,
    PassphraseFile(PathBuf),
    Credential(String),
}

/// The ways that the command line names; those of the environment only where it names none.
fn said(options: &Register) -> Vec<Said> {
    let is_from = |variable: &str, value: &std::ffi::OsStr| env::var_os(variable).as_deref() == Some(value);
    let ways = [
        options.root_key.clone().map(|path| {
            let from_outside = is_from("CARTULARY_ROOT_KEY", path.as_os_str());
            (from_outside, Said::File(path))
        }),
        options.passphrase.then_some((false, Said::Asked)),
        options.passphrase_file.clone().map(|path| {
            let from_outside = is_from("CARTULARY_PASSPHRASE_FILE", path.as_os_str());
            (from_outside, Said::PassphraseFile(path))
        }),
        options.credential.clone().map(|name| {
            let from_outside = is_from("CARTULARY_CREDENTIAL", name.as_ref());
            (from_outside, Said::Credential(name))
        }),
    ];
    let (outside, here): (Vec<_>, Vec<_>) = ways.into_iter().flatten().partition(|(outside, _)| *outside);
    let taken = if here.is_empty() { outside } else { here };
    taken.into_iter().map(|(_, way)| way).collect()
}

/// Goes the one way that was named. A `new` passphrase is asked for twice.
fn only(mut said: Vec<Said>, data: Option<&Path>, what: &str, new: bool) -> Result<Option<Source>> {
    let Some(way) = said.pop() else { return Ok(None) };
    if !said.is_empty() {
        bail!("{what} is named in {} ways: give one of them", said.len() + 1);
    }
    Ok(Some(match way {
        Said::File(path) => Source::File(path),
        Said::Credential(name) => Source::Credential(name),
        Said::PassphraseFile(path) => Source::Passphrase(RootKey::passphrase_in_file(&path, data)?),
        Said::Asked if new => Source::Passphrase(asked_twice()?),
        Said::Asked => Source::Passphrase(asked("passphrase of the register: ")?),
    }))
}

fn credentials() -> Option<PathBuf> {
    env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)
}

fn is_credential(name: &str) -> bool {
    credentials().is_some_and(|folder| folder.join(name).is_file())
}

fn credential(name: &str) -> Result<RootKey> {
    let Some(folder) = credentials() else {
        bail!(
            "there is no credential {name}: the service manager hands it over, with \
             LoadCredentialEncrypted={name}:FILE in the unit"
        );
    };
    Ok(RootKey::from_credential(&folder, name)?)
}

fn asked_twice() -> Result<Zeroizing<String>> {
    let first = asked("new passphrase, at least 12 characters: ")?;
    if asked("once more: ")? != first {
        bail!("the two were not the same: nothing was done");
    }
    Ok(first)
}

/// Asks on the terminal; what is typed is not shown.
fn asked(words: &str) -> Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        bail!("a passphrase is asked for on a terminal and this is none: give --passphrase-file FILE");
    }
    let terminal = terminal::Term::stderr();
    terminal.write_str(words).context("could not ask for the passphrase")?;
    let typed = terminal.read_secure_line().context("could not read the passphrase")?;
    Ok(Zeroizing::new(typed))
}
