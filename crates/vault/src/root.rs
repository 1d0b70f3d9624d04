//! The root key, from which all others come.

mod file;
mod passphrase;

pub use passphrase::PassphraseHeader;

use crate::{VaultError, hex, secret::Secret};
use cartulary_model::Entropy;
use std::path::Path;
use zeroize::Zeroizing;

/// What the text of a root key begins with, so that nothing else is taken for one.
const MARK: &str = "cartulary-root-key-1:";

/// The key above all keys: 32 bytes that never stand in the register, its database, its backups or a log.
#[derive(Clone, Debug)]
pub struct RootKey(Secret);

impl RootKey {
    /// Draws a new one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(Secret::random(entropy))
    }

    /// Reads a key file.
    ///
    /// # Errors
    ///
    /// [`VaultError::KeyPlace`] when others than the owner can read the file, when it lies inside `data` (whose copies
    /// would carry key and lock together), or when it holds no root key. [`VaultError::Io`] when it cannot be read.
    pub fn from_file(path: &Path, data: Option<&Path>) -> Result<Self, VaultError> {
        file::read(path, data, file::Readers::OwnerOnly)
    }

    /// Reads a key that the service manager hands over: the file `name` in its folder of credentials.
    ///
    /// The folder belongs to the service alone, so a mode that lets the group read is accepted there.
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file), and when `name` is not a plain file name.
    pub fn from_credential(credentials: &Path, name: &str) -> Result<Self, VaultError> {
        let path = credentials.join(name);
        if Path::new(name).file_name() != Some(name.as_ref()) {
            return Err(VaultError::KeyPlace {
                path,
                why: "a credential has a plain name, no path".to_owned(),
            });
        }
        file::read(&path, None, file::Readers::Service)
    }

    /// Makes the key of a passphrase: argon2id with the numbers and the salt of the header.
    ///
    /// Takes a moment and the header's memory, by intent. White space at the ends does not count, and neither does the
    /// keyboard: the text is brought to one Unicode form (NFKC) first.
    ///
    /// # Errors
    ///
    /// [`VaultError::Passphrase`] when it is shorter than 12 characters, or when the header asks for less than is safe
    /// or more than is sane.
    pub fn from_passphrase(passphrase: &str, header: &PassphraseHeader) -> Result<Self, VaultError> {
        passphrase::stretch(passphrase, header).map(Self)
    }

    /// Reads a passphrase out of a file: its first line. The file is held to what [`from_file`](Self::from_file) asks of
    /// the file of a key.
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file), and when the first line is empty.
    pub fn passphrase_in_file(path: &Path, data: Option<&Path>) -> Result<Zeroizing<String>, VaultError> {
        let text = file::read_text(path, data, file::Readers::OwnerOnly)?;
        let line = text.lines().next().unwrap_or_default().trim();
        if line.is_empty() {
            let why = "its first line is empty, expected a passphrase".to_owned();
            return Err(VaultError::KeyPlace { path: path.to_owned(), why });
        }
        Ok(Zeroizing::new(line.to_owned()))
    }

    /// Writes the key into a new file that only its owner can read, and returns when it is on the disk.
    ///
    /// # Errors
    ///
    /// [`VaultError::KeyPlace`] when the file would lie inside `data`; [`VaultError::Io`] when it exists already or
    /// cannot be written.
    pub fn write_file(&self, path: &Path, data: Option<&Path>) -> Result<(), VaultError> {
        file::write(path, data, &self.text())
    }

    /// The key as one line of text, for the file and for a copy on paper in a safe.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(MARK.len() + 64));
        text.push_str(MARK);
        for byte in self.0.expose() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
            }
        }
        text
    }

    /// Reads the text of a key; white space around it does not count.
    ///
    /// # Errors
    ///
    /// [`VaultError::Format`] when it is another text.
    pub fn from_text(text: &str) -> Result<Self, VaultError> {
        let why = || format!("expected one line, {MARK} and 64 hexadecimal digits");
        text.trim()
            .strip_prefix(MARK)
            .and_then(hex::read)
            .map(Zeroizing::new)
            .and_then(|bytes| Secret::from_slice(&bytes))
            .map(Self)
            .ok_or_else(|| VaultError::Format { what: "a root key", why: why() })
    }

    pub(crate) const fn secret(&self) -> &Secret {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_reads_back_and_other_texts_do_not() {
        let key = RootKey(Secret::new(std::array::from_fn(|at| at as u8 * 7)));
        let text = key.text();
        assert!(text.starts_with("cartulary-root-key-1:00070e15"));
        assert_eq!(RootKey::from_text(&format!(" {}\r\n", *text)).unwrap().text(), text);
        for bad in ["", MARK, &text[1..], &text[..text.len() - 1], &format!("{}00", *text)] {
            assert!(RootKey::from_text(bad).is_err(), "{bad}");
        }
    }
}
