//! The root key, from which all others come.

use crate::secret::Secret;
use cartulary_model::Entropy;

/// The key above all keys: 32 bytes that never stand in the register, its database, its backups or a log.
#[derive(Clone, Debug)]
pub struct RootKey(Secret);

impl RootKey {
    /// Draws a new one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(Secret::random(entropy))
    }

    pub(crate) const fn secret(&self) -> &Secret {
        &self.0
    }
}
