//! The key of one case.

use crate::{
    VaultError, derive,
    seal::{self, Context},
    secret::Secret,
    stream::{self, Owner},
};
use cartulary_model::{BlobId, CaseId, Entropy};
use zeroize::Zeroizing;

/// The key of one case, which seals everything that belongs to it. Whoever destroys its wrapped form erases the case.
///
/// It knows its case: what one case sealed never opens as another's.
#[derive(Clone, Debug)]
pub struct CaseKey {
    case: CaseId,
    entries: Secret,
    blobs: Secret,
    names: Secret,
}

impl CaseKey {
    pub(crate) fn of(case: CaseId, key: &Secret) -> Self {
        Self {
            case,
            entries: derive::key(key, derive::ENTRIES),
            blobs: derive::key(key, derive::BLOBS),
            names: derive::key(key, derive::NAMES),
        }
    }

    /// Whose key it is.
    pub const fn case(&self) -> CaseId {
        self.case
    }

    /// Seals an entry's body or a field.
    pub fn seal(&self, context: &Context<'_>, plain: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        seal::seal(&self.entries, self.case.bytes(), context, plain, entropy)
    }

    /// Opens what [`seal`](Self::seal) made in the same context.
    ///
    /// # Errors
    ///
    /// [`VaultError::Damaged`] when a bit was changed, or when it comes from another case or place.
    pub fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        seal::open(&self.entries, self.case.bytes(), context, sealed)
    }

    /// The name under which these bytes are kept for this case: a keyed hash of their hash.
    ///
    /// Without the key nobody can tell whether a known file is here, or whether two cases have the same one.
    pub fn blob_id(&self, plain: &[u8]) -> BlobId {
        let hash = blake3::hash(plain);
        BlobId::from_bytes(*blake3::keyed_hash(self.names.expose(), hash.as_bytes()).as_bytes())
    }

    /// Seals bytes to be kept as a blob under this name.
    pub fn seal_blob(&self, blob: BlobId, plain: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        let mut prefix = [0; stream::PREFIX];
        entropy.fill(&mut prefix);
        self.seal_blob_with(blob, plain, &prefix)
    }

    pub(crate) fn seal_blob_with(
        &self,
        blob: BlobId,
        plain: &[u8],
        prefix: &[u8; stream::PREFIX],
    ) -> Vec<u8> {
        stream::seal(&self.blobs, self.owner(blob), plain, prefix)
    }

    /// Opens a blob and checks that its bytes are those that have this name.
    ///
    /// # Errors
    ///
    /// [`VaultError::Damaged`] when it was changed, cut, or stands under another blob's or case's name.
    pub fn open_blob(&self, blob: BlobId, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let plain = stream::open(&self.blobs, self.owner(blob), sealed)?;
        if self.blob_id(&plain) == blob {
            Ok(plain)
        } else {
            Err(VaultError::Damaged { what: format!("blob {blob}") })
        }
    }

    const fn owner(&self, blob: BlobId) -> Owner {
        Owner { case: self.case, blob }
    }
}
