//! Signatures of checkpoints: Ed25519.

use crate::{VaultError, hex, secret::Secret};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A signature of 64 bytes, written as 128 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signature([u8; 64]);

impl Signature {
    /// Takes a stored signature.
    ///
    /// # Errors
    ///
    /// [`VaultError::Format`] when it has not 64 bytes; whether it is right is for [`verify`] to say.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let why = || format!("it has {} bytes, expected 64", bytes.len());
        bytes.try_into().map(Self).map_err(|_| VaultError::Format { what: "a signature", why: why() })
    }

    /// The 64 bytes.
    pub const fn bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

/// Whether the holder of the key signed exactly this message.
///
/// Needs no secret, so that a witness elsewhere can ask. Keys and signatures that would fit several messages are
/// refused (strict verification).
pub fn verify(verify_key: &[u8; 32], message: &[u8], signature: &Signature) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    VerifyingKey::from_bytes(verify_key).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

pub(crate) fn sign(seed: &Secret, message: &[u8]) -> Signature {
    Signature(SigningKey::from_bytes(seed.expose()).sign(message).to_bytes())
}

pub(crate) fn verify_key(seed: &Secret) -> [u8; 32] {
    SigningKey::from_bytes(seed.expose()).verifying_key().to_bytes()
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

impl FromStr for Signature {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        Self::from_bytes(&hex::read(text).unwrap_or_default())
    }
}

impl TryFrom<String> for Signature {
    type Error = VaultError;

    fn try_from(text: String) -> Result<Self, VaultError> {
        text.parse()
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> Self {
        signature.to_string()
    }
}
