//! Keys that lie in a database: wrapped, with the version of what wraps them.

use crate::{VaultError, cipher, secret::Secret};
use cartulary_model::Entropy;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

const FORMAT: u8 = 1;
const VERSION: std::ops::Range<usize> = 1..5;
const NONCE: std::ops::Range<usize> = 5..5 + cipher::NONCE;
const LENGTH: usize = NONCE.end + 32 + cipher::TAG;

/// A key that only the root key of its version opens, and only for the place it was made for.
///
/// ```text
/// byte 0      1          5         29                      77
///      format version(4) nonce(24) sealed key(32) + tag(16)
/// ```
///
/// In texts and JSON it is written as 154 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WrappedKey([u8; LENGTH]);

/// What a wrapped key is for; it opens for nothing else.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// The key of the case with this id.
    Case([u8; 16]),
    /// The seed of the register.
    Seed,
}

impl WrappedKey {
    /// Takes stored bytes.
    ///
    /// # Errors
    ///
    /// [`VaultError::Format`] when they are not 77 bytes of this format; whether they open is not asked here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let bytes: [u8; LENGTH] = bytes
            .try_into()
            .map_err(|_| misread(format!("it has {} bytes, expected {LENGTH}", bytes.len())))?;
        if bytes[0] != FORMAT {
            return Err(misread(format!("its format is {}, this version knows {FORMAT}", bytes[0])));
        }
        Ok(Self(bytes))
    }

    /// The bytes to store.
    pub const fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The version of the root key that opens it.
    pub fn version(&self) -> u32 {
        self.0[VERSION].iter().fold(0, |version, byte| version << 8 | u32::from(*byte))
    }

    pub(crate) fn wrap(
        wrapping: &Secret,
        version: u32,
        purpose: Purpose,
        key: &Secret,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let nonce = cipher::nonce(entropy);
        let mut sealed = Vec::with_capacity(LENGTH - NONCE.end);
        cipher::seal(wrapping, &nonce, &purpose.about(version), key.expose(), &mut sealed);
        let mut bytes = [0; LENGTH];
        bytes[0] = FORMAT;
        bytes[VERSION].copy_from_slice(&version.to_be_bytes());
        bytes[NONCE].copy_from_slice(&nonce);
        bytes[NONCE.end..].copy_from_slice(&sealed);
        Self(bytes)
    }

    pub(crate) fn open(&self, wrapping: &Secret, purpose: Purpose) -> Option<Secret> {
        let nonce = self.0[NONCE].try_into().ok()?;
        let plain = cipher::open(wrapping, &nonce, &purpose.about(self.version()), &self.0[NONCE.end..])?;
        Secret::from_slice(&plain)
    }
}

impl Purpose {
    /// What the seal is about: changing case, purpose or version breaks it.
    fn about(self, version: u32) -> Vec<u8> {
        let mut about = b"cartulary/v1/wrapped/".to_vec();
        match self {
            Self::Case(case) => {
                about.extend_from_slice(b"case/");
                about.extend_from_slice(&case);
            }
            Self::Seed => about.extend_from_slice(b"seed/"),
        }
        about.extend_from_slice(&version.to_be_bytes());
        about
    }
}

fn misread(why: String) -> VaultError {
    VaultError::Format { what: "a wrapped key", why }
}

impl fmt::Display for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey(version {}, ..)", self.version())
    }
}

impl FromStr for WrappedKey {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        Self::from_bytes(&crate::hex::read(text).ok_or_else(|| misread("it is not hexadecimal".to_owned()))?)
    }
}

impl TryFrom<String> for WrappedKey {
    type Error = VaultError;

    fn try_from(text: String) -> Result<Self, VaultError> {
        text.parse()
    }
}

impl From<WrappedKey> for String {
    fn from(key: WrappedKey) -> Self {
        key.to_string()
    }
}
