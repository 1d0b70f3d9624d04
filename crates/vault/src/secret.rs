//! Thirty-two secret bytes.

use cartulary_model::Entropy;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A key: never shown, and overwritten when it is no longer needed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) fn random(entropy: &mut dyn Entropy) -> Self {
        let mut secret = Self([0; 32]);
        entropy.fill(&mut secret.0);
        secret
    }

    /// Copies from a slice of the right length.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) const fn expose_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
