//! Keys from keys: HKDF-SHA256 with a label for each use.
//!
//! ```text
//! root key (version n) ─┬─ wrapping ── wraps the key of each case, and the seed of the register
//!                       └─ check ───── 16 bytes that tell a wrong root key
//! seed ─┬─ index     search tokens
//!       ├─ signing   checkpoints (Ed25519)
//!       ├─ sessions  digests of session and upload tokens
//!       ├─ exports   pseudonyms
//!       └─ register  seals what belongs to no case
//! case key ─┬─ entries  seals bodies and fields
//!           ├─ blobs    seals originals, page images, texts
//!           └─ names    content addresses of blobs
//! ```
//!
//! A label is never used for two things, and carries the version of its scheme.

use crate::secret::Secret;
use hkdf::Hkdf;
use sha2::Sha256;

const SALT: &[u8] = b"cartulary/v1";

pub(crate) const WRAPPING: &str = "cartulary/v1/root/wrapping";
pub(crate) const CHECK: &str = "cartulary/v1/root/check";
pub(crate) const INDEX: &str = "cartulary/v1/seed/index";
pub(crate) const SIGNING: &str = "cartulary/v1/seed/signing";
pub(crate) const SESSIONS: &str = "cartulary/v1/seed/sessions";
pub(crate) const EXPORTS: &str = "cartulary/v1/seed/exports";
pub(crate) const REGISTER: &str = "cartulary/v1/seed/register";
pub(crate) const ENTRIES: &str = "cartulary/v1/case/entries";
pub(crate) const BLOBS: &str = "cartulary/v1/case/blobs";
pub(crate) const NAMES: &str = "cartulary/v1/case/names";

/// The key for one use, from the key above it.
pub(crate) fn key(above: &Secret, label: &str) -> Secret {
    versioned(above, label, 0)
}

/// The key for one use in one version.
pub(crate) fn versioned(above: &Secret, label: &str, version: u32) -> Secret {
    let mut derived = Secret::new([0; 32]);
    let info: [&[u8]; 2] = [label.as_bytes(), &version.to_be_bytes()];
    Hkdf::<Sha256>::new(Some(SALT), above.expose())
        .expand_multi_info(&info, derived.expose_mut())
        .expect("32 bytes are less than the 8,160 that HKDF-SHA256 can give");
    derived
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_label_and_version_gives_another_key() {
        let above = Secret::new([7; 32]);
        let labels = [WRAPPING, CHECK, INDEX, SIGNING, SESSIONS, EXPORTS, REGISTER, ENTRIES, BLOBS, NAMES];
        let keys: BTreeSet<[u8; 32]> = labels
            .iter()
            .flat_map(|label| (0..3).map(|version| *versioned(&above, label, version).expose()))
            .collect();
        assert_eq!(keys.len(), labels.len() * 3);
    }
}
