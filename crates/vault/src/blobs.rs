//! The bytes that are kept: originals, page images, texts, sealed and named by what they are.

#[cfg(feature = "s3")]
mod bucket;
mod disk;
mod folder;

#[cfg(feature = "s3")]
pub use bucket::BucketSettings;
pub use disk::{Disk, DiskEntry, DiskFile, DiskKind, LocalDisk};
pub use folder::Listing;

use crate::{CaseKey, VaultError, stream};
use bytes::Bytes;
use cartulary_model::{BlobId, Entropy, Instant};
use folder::Folder;
use std::{collections::BTreeMap, fmt, io, path::Path, sync::Arc};
use zeroize::Zeroizing;

/// A store of sealed bytes: a folder, or a bucket of an S3-compatible service.
///
/// A blob never changes. Putting the same bytes for the same case again gives the same name and keeps one copy.
/// Needs a runtime of tokio; the work itself is done on its threads for blocking work.
#[derive(Clone)]
pub struct Blobs(Place);

#[derive(Clone)]
enum Place {
    Folder(Arc<Folder>),
    #[cfg(feature = "s3")]
    Bucket(Arc<bucket::Bucket>),
}

/// What a look at every blob found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrub {
    /// How many were expected, opened, and are what their names say.
    pub good: usize,
    /// Expected, here, and not what their names say: restore them from a backup.
    pub damaged: Vec<BlobId>,
    /// Expected and not here: restore them from a backup.
    pub missing: Vec<BlobId>,
    /// Here and not expected: left by a receipt that was not finished, or by an erasure. May be deleted.
    pub unexpected: Vec<BlobId>,
    /// What others put into the folder; never touched.
    pub foreign: Vec<std::path::PathBuf>,
}

impl Scrub {
    /// Whether nothing has to be restored.
    pub const fn is_whole(&self) -> bool {
        self.damaged.is_empty() && self.missing.is_empty()
    }
}

impl Blobs {
    /// Opens a folder on this machine, and makes it if its parent is there.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when it cannot be made or synced.
    pub fn in_folder(root: &Path) -> Result<Self, VaultError> {
        Self::on_disk(Arc::new(LocalDisk), root)
    }

    /// The same on another disk.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the folder cannot be made or synced.
    pub fn on_disk(disk: Arc<dyn Disk>, root: &Path) -> Result<Self, VaultError> {
        Folder::open(disk, root).map(|folder| Self(Place::Folder(Arc::new(folder))))
    }

    /// Opens a bucket. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`VaultError::Format`] when the settings make no sense.
    #[cfg(feature = "s3")]
    pub fn in_bucket(settings: &BucketSettings) -> Result<Self, VaultError> {
        bucket::Bucket::open(settings).map(|bucket| Self(Place::Bucket(Arc::new(bucket))))
    }

    /// Keeps bytes for a case, and returns their name once a power cut can no longer lose them.
    ///
    /// What is already here is opened and checked, and written anew if it is damaged.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the store refuses: nothing is promised then, and the same call may be made again.
    pub async fn put(
        &self,
        key: &CaseKey,
        plain: Bytes,
        entropy: &mut dyn Entropy,
    ) -> Result<BlobId, VaultError> {
        let put = Put::new(key, plain, entropy);
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || put.into_folder(&folder)).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => put.into_bucket(bucket).await,
        }
    }

    /// The bytes of a blob, checked against its name.
    ///
    /// # Errors
    ///
    /// [`VaultError::Missing`], [`VaultError::Damaged`], or [`VaultError::Io`] when the store cannot be read now.
    pub async fn get(&self, key: &CaseKey, blob: BlobId) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let key = key.clone();
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || open(&key, blob, folder.get(blob)?.as_deref())).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => {
                let sealed = bucket.get(blob).await?;
                blocking(move || open(&key, blob, sealed.as_deref())).await
            }
        }
    }

    /// The sealed bytes of a blob as they lie in the store, for a copy of the store; nothing when it is not here.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the store cannot be read now.
    pub async fn sealed(&self, blob: BlobId) -> Result<Option<Vec<u8>>, VaultError> {
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.get(blob)).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => bucket.get(blob).await,
        }
    }

    /// Puts sealed bytes back under their name, durably. Whether they are what the name stands for only a scrub tells, for
    /// it has the keys.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the store refuses.
    pub async fn put_sealed(
        &self,
        blob: BlobId,
        sealed: Vec<u8>,
        entropy: &mut dyn Entropy,
    ) -> Result<(), VaultError> {
        let mut suffix = [0; 8];
        entropy.fill(&mut suffix);
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.put(blob, &sealed, u64::from_be_bytes(suffix))).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => bucket.put(blob, sealed).await,
        }
    }

    /// Removes a blob for good; whether it was here (a bucket cannot tell, and says yes).
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the store refuses; the same call may be made again.
    pub async fn delete(&self, blob: BlobId) -> Result<bool, VaultError> {
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.delete(blob)).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => bucket.delete(blob).await.map(|()| true),
        }
    }

    /// What lies in the store.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when it cannot be listed.
    pub async fn list(&self) -> Result<Listing, VaultError> {
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.list()).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => bucket.list().await,
        }
    }

    /// Removes what interrupted processes left half written and nobody has touched since `before`; how many. A day
    /// before now is safe beside running processes, and any time when none runs.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when something cannot be removed.
    pub async fn clean(&self, before: Instant) -> Result<usize, VaultError> {
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.clean(before)).await
            }
            // An object is there as a whole or not at all.
            #[cfg(feature = "s3")]
            Place::Bucket(_) => Ok(0),
        }
    }

    /// The blobs that nobody has put since `before`, with their sealed lengths in bytes. Put again counts as put.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the store cannot be listed, [`VaultError::Unable`] where it cannot tell.
    pub async fn untouched(&self, before: Instant) -> Result<Vec<(BlobId, u64)>, VaultError> {
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.untouched(before)).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(_) => Err(VaultError::Unable(IN_A_BUCKET)),
        }
    }

    /// Removes a blob unless somebody has put it since `before`; whether it did. Safe beside processes that put the same
    /// blob again: they keep it or write it anew. Whether anything names the blob is for the caller to know, who reads
    /// the names after [`untouched`](Self::untouched), and gives a `before` of a day ago or more.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the store refuses, or knows no locks; [`VaultError::Unable`] where it cannot be safe.
    pub async fn delete_untouched(&self, blob: BlobId, before: Instant) -> Result<bool, VaultError> {
        match &self.0 {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.delete_untouched(blob, before)).await
            }
            #[cfg(feature = "s3")]
            Place::Bucket(_) => Err(VaultError::Unable(IN_A_BUCKET)),
        }
    }

    /// Opens every expected blob and compares it with its name.
    ///
    /// # Errors
    ///
    /// [`VaultError::Io`] when the store itself cannot be listed or read: this says nothing about the blobs.
    pub async fn scrub(
        &self,
        expected: impl IntoIterator<Item = (CaseKey, BlobId)>,
    ) -> Result<Scrub, VaultError> {
        let listing = self.list().await?;
        let mut unexpected: BTreeMap<BlobId, u64> = listing.blobs.into_iter().collect();
        let mut scrub = Scrub { foreign: listing.foreign, ..Scrub::default() };
        for (key, blob) in expected {
            unexpected.remove(&blob);
            match self.get(&key, blob).await {
                Ok(_) => scrub.good += 1,
                Err(VaultError::Missing(_)) => scrub.missing.push(blob),
                Err(VaultError::Damaged { .. }) => scrub.damaged.push(blob),
                Err(error) => return Err(error),
            }
        }
        scrub.unexpected = unexpected.into_keys().collect();
        Ok(scrub)
    }
}

/// A bucket can neither touch an object nor remove one on the condition that nobody did.
#[cfg(feature = "s3")]
const IN_A_BUCKET: &str =
    "blobs that nothing names cannot be removed safely from a bucket in use; they do no harm";

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Place::Folder(_) => "Blobs(folder)",
            #[cfg(feature = "s3")]
            Place::Bucket(_) => "Blobs(bucket)",
        })
    }
}

/// A blob on its way into a store, with the randomness that it needs there.
struct Put {
    key: CaseKey,
    plain: Bytes,
    prefix: [u8; stream::PREFIX],
    suffix: u64,
}

impl Put {
    fn new(key: &CaseKey, plain: Bytes, entropy: &mut dyn Entropy) -> Self {
        let mut put = Self { key: key.clone(), plain, prefix: [0; stream::PREFIX], suffix: 0 };
        entropy.fill(&mut put.prefix);
        let mut suffix = [0; 8];
        entropy.fill(&mut suffix);
        put.suffix = u64::from_be_bytes(suffix);
        put
    }

    fn into_folder(self, folder: &Folder) -> Result<BlobId, VaultError> {
        let blob = self.key.blob_id(&self.plain);
        let _kept_in_place = folder.shared()?;
        // Damaged or unreadable: written anew.
        let is_kept = folder.get(blob).ok().flatten().is_some_and(|sealed| self.is_in(blob, &sealed));
        if is_kept && folder.refresh(blob)? {
            folder.settle(blob)?;
        } else {
            folder.put(blob, &self.sealed(blob), self.suffix)?;
        }
        Ok(blob)
    }

    #[cfg(feature = "s3")]
    async fn into_bucket(self, bucket: &bucket::Bucket) -> Result<BlobId, VaultError> {
        let (put, blob) = blocking(move || {
            let blob = self.key.blob_id(&self.plain);
            Ok((self, blob))
        })
        .await?;
        let kept = bucket.get(blob).await?;
        let sealed = blocking(move || {
            let is_kept = kept.is_some_and(|sealed| put.is_in(blob, &sealed));
            Ok((!is_kept).then(|| put.sealed(blob)))
        })
        .await?;
        if let Some(sealed) = sealed {
            bucket.put(blob, sealed).await?;
        }
        Ok(blob)
    }

    fn is_in(&self, blob: BlobId, sealed: &[u8]) -> bool {
        self.key.open_blob(blob, sealed).is_ok()
    }

    fn sealed(&self, blob: BlobId) -> Vec<u8> {
        self.key.seal_blob_with(blob, &self.plain, &self.prefix)
    }
}

fn open(key: &CaseKey, blob: BlobId, sealed: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    key.open_blob(blob, sealed.ok_or(VaultError::Missing(blob))?)
}

/// Ciphers and disks on the threads that may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        let source = io::Error::other(error);
        Err(VaultError::Io { doing: "finish the work on", path: "a blob".into(), source })
    })
}
