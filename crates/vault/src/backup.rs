//! Backups sealed to people whose keys are not on the server.
//!
//! The form is `age` version 1 with X25519 recipients, so that a backup can be opened without this programme, by any
//! tool that knows the form. Whoever takes the server gets no key to its backups.
//!
//! The one place that draws randomness of its own: the crate `age` takes the operating system's.

use crate::VaultError;
use age::{
    DecryptError, Decryptor, Encryptor, Identity,
    secrecy::ExposeSecret,
    stream::{StreamReader, StreamWriter},
    x25519,
};
use std::{
    fmt,
    io::{self, Read, Write},
    str::FromStr,
};
use zeroize::Zeroizing;

/// Somebody who may open a backup: the public text `age1..`.
#[derive(Clone, PartialEq, Eq)]
pub struct BackupRecipient(x25519::Recipient);

/// What opens a backup. It belongs into a safe, never onto the server.
pub struct BackupIdentity(x25519::Identity);

/// Seals what is written into it. Only [`finish`](Self::finish) makes it whole: a sealed stream without its end is
/// refused when it is opened.
pub struct BackupWriter<W: Write>(StreamWriter<W>);

/// Opens what is read from it.
///
/// A changed or cut stream ends in an error of kind `InvalidData` or `UnexpectedEof`. What was read before it is
/// genuine as far as it goes, but not the whole: throw it away.
pub struct BackupReader<R: Read>(StreamReader<R>);

/// Begins a backup that each of these people can open alone.
///
/// # Errors
///
/// [`VaultError::Format`] without recipients; [`VaultError::Io`] when the output refuses.
pub fn seal_backup<W: Write>(
    recipients: &[BackupRecipient],
    output: W,
) -> Result<BackupWriter<W>, VaultError> {
    let recipients = recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients)
        .map_err(|error| VaultError::Format { what: "the recipients of a backup", why: error.to_string() })?;
    encryptor.wrap_output(output).map(BackupWriter).map_err(failed("write"))
}

/// Opens a backup.
///
/// # Errors
///
/// [`VaultError::KeyPlace`] when it is sealed to other people; [`VaultError::Damaged`] when its head was changed;
/// [`VaultError::Format`] when it is no sealed backup; [`VaultError::Io`] when the input cannot be read.
pub fn open_backup<R: Read>(identity: &BackupIdentity, input: R) -> Result<BackupReader<R>, VaultError> {
    let decryptor = Decryptor::new(input).map_err(refused)?;
    let identities = std::iter::once(&identity.0 as &dyn Identity);
    decryptor.decrypt(identities).map(BackupReader).map_err(refused)
}

impl<W: Write> BackupWriter<W> {
    /// Writes the end, and gives the output back. Syncing it is the caller's.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the output refuses.
    pub fn finish(self) -> Result<W, VaultError> {
        self.0.finish().map_err(failed("finish"))
    }
}

impl<W: Write> Write for BackupWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<R: Read> Read for BackupReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
}

impl BackupIdentity {
    /// Draws a new one, from the operating system's randomness.
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Its public half, for the server.
    pub fn recipient(&self) -> BackupRecipient {
        BackupRecipient(self.0.to_public())
    }

    /// Its text, `AGE-SECRET-KEY-1..`, for the safe.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }
}

impl FromStr for BackupIdentity {
    type Err = VaultError;

    /// Reads an identity file: the first line that is no comment.
    fn from_str(text: &str) -> Result<Self, VaultError> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let read = lines.next().unwrap_or_default().parse().map(Self);
        read.map_err(|why: &str| VaultError::Format { what: "the key of a backup", why: why.to_owned() })
    }
}

impl FromStr for BackupRecipient {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let read = text.trim().parse().map(Self);
        read.map_err(|why: &str| VaultError::Format { what: "a recipient of backups", why: why.to_owned() })
    }
}

impl fmt::Display for BackupRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for BackupRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BackupRecipient({self})")
    }
}

impl fmt::Debug for BackupIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupIdentity(..)")
    }
}

fn refused(error: DecryptError) -> VaultError {
    match error {
        DecryptError::Io(source) => failed("read")(source),
        DecryptError::NoMatchingKeys => VaultError::KeyPlace {
            path: "the backup's key".into(),
            why: "the backup is sealed to other people; ask one of them to open it".to_owned(),
        },
        DecryptError::InvalidMac | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            VaultError::Damaged { what: "the head of the backup".to_owned() }
        }
        other => VaultError::Format { what: "a sealed backup", why: other.to_string() },
    }
}

fn failed(doing: &'static str) -> impl FnOnce(io::Error) -> VaultError {
    move |source| VaultError::Io { doing, path: "the backup".into(), source }
}
