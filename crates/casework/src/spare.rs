//! What receipts and work that broke off left in the vault: found, and removed when it is old.
//!
//! Bytes are laid down before the entry that names them, so whoever is stopped in between leaves blobs without an entry. They
//! do no harm, but they are a patient's papers, kept for nobody. A receipt that is sent again may still count on them: why
//! removing is safe beside it stands with the blobs in `vault`, and rests on the order here: first the old blobs are listed,
//! then the entries are read, then each blob is looked at again and removed in one step that no receipt comes between.

use crate::{Casework, Result};
use cartulary_model::{BlobId, Instant};
use std::collections::BTreeSet;

/// Blobs that nobody has touched for so long may be removed: longer than any receipt takes.
pub(crate) const AGE_US: i64 = 24 * 3_600 * 1_000_000;

/// Blobs that no entry names and nobody has put for a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spare {
    /// The blobs with their sealed lengths in bytes.
    pub blobs: Vec<(BlobId, u64)>,
    /// Files that were never written to their end, as old.
    pub parts: usize,
}

impl Spare {
    /// Bytes of the blobs.
    pub fn bytes(&self) -> u64 {
        self.blobs.iter().map(|(_, size)| size).sum()
    }
}

impl Casework {
    /// Removes what is spare, and says what it was.
    ///
    /// Only for a register that is whole: of one that was set back, the papers since then would look spare.
    ///
    /// # Errors
    ///
    /// When a case cannot be opened: then nobody knows what it names, and nothing is removed. When the vault refuses.
    pub async fn clean_spare(&self) -> Result<Spare> {
        let before = Instant::from_micros(self.ledger.now().micros().saturating_sub(AGE_US));
        let old = self.blobs.untouched(before).await?;
        let named: BTreeSet<BlobId> = self.all_kept().await?.into_iter().map(|(_, blob)| blob).collect();
        let mut spare = Spare::default();
        for (blob, size) in old.into_iter().filter(|(blob, _)| !named.contains(blob)) {
            if self.blobs.delete_untouched(blob, before).await? {
                spare.blobs.push((blob, size));
            }
        }
        spare.parts = self.blobs.clean(before).await?;
        Ok(spare)
    }
}
