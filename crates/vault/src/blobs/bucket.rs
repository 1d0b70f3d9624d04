//! Blobs in a bucket of an S3-compatible service.
//!
//! The service sees sealed bytes under names that say nothing, their lengths, and when they are read.

use super::Listing;
use crate::VaultError;
use cartulary_model::BlobId;
use futures_util::TryStreamExt;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, Checksum},
    path::Path,
};
use std::{fmt, io, time::Duration};
use zeroize::Zeroizing;

/// Where a bucket is, and how to enter.
#[derive(Clone)]
pub struct BucketSettings {
    /// The service: `https://s3.hospital.example`. Without TLS only on this machine.
    pub endpoint: String,
    /// The region that signatures name; many services take any.
    pub region: String,
    /// The bucket, which must exist.
    pub bucket: String,
    /// What all names in it begin with, without slashes at the ends; may be empty.
    pub prefix: String,
    /// The id of the access key.
    pub access_key: String,
    /// The access key itself.
    pub secret: Zeroizing<String>,
}

impl fmt::Debug for BucketSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BucketSettings({}, {}, {}, ..)", self.endpoint, self.bucket, self.prefix)
    }
}

/// A bucket.
pub(super) struct Bucket {
    store: AmazonS3,
    prefix: Path,
}

impl Bucket {
    pub(super) fn open(settings: &BucketSettings) -> Result<Self, VaultError> {
        let refuse = |why: String| VaultError::Format { what: "the settings of the bucket", why };
        let prefix = Path::parse(&settings.prefix).map_err(|error| refuse(error.to_string()))?;
        let is_plain = is_plain(&settings.endpoint).map_err(refuse)?;
        // Whoever started first has chosen; any choice is a whole one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let store = AmazonS3Builder::new()
            .with_endpoint(settings.endpoint.trim_end_matches('/'))
            .with_allow_http(is_plain)
            .with_region(&settings.region)
            .with_bucket_name(&settings.bucket)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(settings.secret.as_str())
            // The service then refuses what was changed on the way.
            .with_checksum_algorithm(Checksum::SHA256)
            .with_client_options(client(is_plain))
            .with_retry(retry())
            .build()
            .map_err(|error| refuse(error.to_string()))?;
        Ok(Self { store, prefix })
    }

    /// Keeps sealed bytes; the service answers when they are durable.
    pub(super) async fn put(&self, blob: BlobId, sealed: Vec<u8>) -> Result<(), VaultError> {
        let place = self.place(blob);
        self.store.put(&place, sealed.into()).await.map_err(failed("store", &place))?;
        Ok(())
    }

    pub(super) async fn get(&self, blob: BlobId) -> Result<Option<Vec<u8>>, VaultError> {
        let place = self.place(blob);
        let found = match self.store.get(&place).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed("read", &place)(error)),
        };
        Ok(Some(found.bytes().await.map_err(failed("read", &place))?.to_vec()))
    }

    pub(super) async fn delete(&self, blob: BlobId) -> Result<(), VaultError> {
        let place = self.place(blob);
        match self.store.delete(&place).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("remove", &place)(error)),
        }
    }

    pub(super) async fn list(&self) -> Result<Listing, VaultError> {
        let mut listing = Listing::default();
        let mut found = self.store.list(Some(&self.prefix));
        while let Some(object) = found.try_next().await.map_err(failed("list", &self.prefix))? {
            let blob = object.location.filename().and_then(|name| name.parse::<BlobId>().ok());
            match blob.filter(|blob| self.place(*blob) == object.location) {
                Some(blob) => listing.blobs.push((blob, object.size)),
                None => listing.foreign.push(object.location.as_ref().into()),
            }
        }
        listing.blobs.sort_unstable();
        listing.foreign.sort_unstable();
        Ok(listing)
    }

    fn place(&self, blob: BlobId) -> Path {
        let name = blob.to_string();
        self.prefix.clone().join(&name[..2]).join(name)
    }
}

/// Whether an endpoint goes without TLS, which is refused beyond this machine.
fn is_plain(endpoint: &str) -> Result<bool, String> {
    if endpoint.starts_with("https://") {
        return Ok(false);
    }
    let rest = endpoint.strip_prefix("http://").ok_or_else(|| format!("{endpoint} is no https address"))?;
    let host = rest.split('/').next().unwrap_or_default();
    let name =
        if host.starts_with('[') { host } else { host.rsplit_once(':').map_or(host, |(name, _)| name) };
    if matches!(name, "localhost" | "127.0.0.1") || name.starts_with("[::1]") {
        Ok(true)
    } else {
        Err(format!("{endpoint} is reached without TLS; give an https address"))
    }
}

/// A service that hangs must not hang us: a slow answer is an error, which the caller may try again.
fn client(is_plain: bool) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(is_plain)
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(Duration::from_secs(60))
}

fn retry() -> RetryConfig {
    RetryConfig {
        max_retries: 3,
        retry_timeout: Duration::from_secs(30),
        backoff: BackoffConfig { max_backoff: Duration::from_secs(5), ..BackoffConfig::default() },
    }
}

fn failed(doing: &'static str, place: &Path) -> impl FnOnce(Error) -> VaultError {
    move |error| {
        let kind = match &error {
            Error::NotFound { .. } => io::ErrorKind::NotFound,
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
            _ => io::ErrorKind::Other,
        };
        VaultError::Io { doing, path: place.as_ref().into(), source: io::Error::new(kind, error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        for (endpoint, expected) in [
            ("https://s3.hospital.example", Ok(false)),
            (&format!("http://{}:9000", std::net::Ipv4Addr::LOCALHOST), Ok(true)),
            ("http://localhost/", Ok(true)),
            ("http://[::1]:9000", Ok(true)),
        ] {
            assert_eq!(is_plain(endpoint), expected);
        }
        for bad in
            ["http://s3.hospital.example", "http://127.0.0.1.example:80", "ftp://localhost", "", "localhost"]
        {
            assert!(is_plain(bad).is_err(), "{bad}");
        }
    }
}
