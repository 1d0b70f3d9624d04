//! Where the originals lie: in the data folder, or in a bucket of an S3-compatible service.
//!
//! Which bucket stands in `register.toml`. How to enter it comes from the environment, by the names that other programmes
//! use for it, and the access key may come from the service manager.

use anyhow::{Context, Result, bail};
use cartulary_ledger::{BucketPlace, Place};
use cartulary_vault::{Blobs, BucketSettings};
use std::{env, path::PathBuf};
use zeroize::Zeroizing;

/// The folder of the blobs in the data folder.
pub(crate) const FOLDER: &str = "blobs";
/// The name of the bucket's access key among the credentials of a service manager.
const CREDENTIAL: &str = "cartulary-s3-secret";

/// The bucket that `s3://BUCKET/PREFIX` names, at the service that the environment names.
pub(crate) fn bucket(address: &str) -> Result<BucketPlace> {
    let (name, prefix) = named(address)?;
    let region = said(&["AWS_REGION", "AWS_DEFAULT_REGION"]).unwrap_or_else(|| "us-east-1".to_owned());
    match said(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]) {
        Some(endpoint) => Ok(BucketPlace { endpoint, region, name, prefix }),
        None => bail!("where is the bucket? set AWS_ENDPOINT_URL to the address of the service"),
    }
}

/// Name and prefix of a bucket.
fn named(address: &str) -> Result<(String, String)> {
    let wrong = || format!("`{address}` names no bucket: write it as s3://BUCKET or s3://BUCKET/PREFIX");
    let rest = address.strip_prefix("s3://").with_context(wrong)?.trim_end_matches('/');
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    if name.is_empty() || name.chars().any(|char| !char.is_ascii_alphanumeric() && !"-._".contains(char)) {
        bail!(wrong());
    }
    Ok((name.to_owned(), prefix.to_owned()))
}

/// Opens the place of the originals that a register names; a folder must be there.
pub(crate) fn open(place: &Place) -> Result<Blobs> {
    if let Some(bucket) = place.bucket()? {
        return enter(&bucket);
    }
    let folder = place.folder.join(FOLDER);
    if !folder.is_dir() {
        bail!(
            "{}: blobs is missing: the folder was copied in part; copy all of it, or restore a backup",
            place.folder.display()
        );
    }
    Ok(Blobs::in_folder(&folder)?)
}

/// Opens a bucket. A service that has moved since is named by the environment.
pub(crate) fn enter(bucket: &BucketPlace) -> Result<Blobs> {
    let endpoint = said(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]);
    let (access_key, secret) = access()?;
    let settings = BucketSettings {
        endpoint: endpoint.unwrap_or_else(|| bucket.endpoint.clone()),
        region: bucket.region.clone(),
        bucket: bucket.name.clone(),
        prefix: bucket.prefix.clone(),
        access_key,
        secret,
    };
    Ok(Blobs::in_bucket(&settings)?)
}

/// Opens a bucket for a new register: it must answer, and hold nothing under this prefix.
pub(crate) async fn enter_empty(bucket: &BucketPlace) -> Result<Blobs> {
    let blobs = enter(bucket)?;
    let named = || format!("the bucket {} at {}", bucket.name, bucket.endpoint);
    let found = blobs.list().await.with_context(|| format!("could not look into {}", named()))?;
    if !(found.blobs.is_empty() && found.foreign.is_empty()) {
        bail!("{} holds something under `{}`: give another prefix", named(), bucket.prefix);
    }
    Ok(blobs)
}

fn access() -> Result<(String, Zeroizing<String>)> {
    let Some(key) = said(&["AWS_ACCESS_KEY_ID"]) else {
        bail!("the originals lie in a bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    };
    if let Some(secret) = said(&["AWS_SECRET_ACCESS_KEY"]) {
        return Ok((key, Zeroizing::new(secret)));
    }
    let handed = env::var_os("CREDENTIALS_DIRECTORY").map(|folder| PathBuf::from(folder).join(CREDENTIAL));
    match handed.filter(|path| path.is_file()) {
        Some(path) => {
            let text = std::fs::read_to_string(&path).map(Zeroizing::new);
            let text = text.with_context(|| format!("could not read the credential {CREDENTIAL}"))?;
            Ok((key, Zeroizing::new(text.trim().to_owned())))
        }
        None => bail!(
            "the secret of the bucket's access key is missing: set AWS_SECRET_ACCESS_KEY, or let the service \
             manager hand over the credential {CREDENTIAL}"
        ),
    }
}

/// The first of these variables that is set to something.
fn said(variables: &[&str]) -> Option<String> {
    variables.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_bucket_is_named_with_or_without_a_prefix() {
        let place = |address: &str| named(address).ok();
        let is = |name: &str, prefix: &str| Some((name.to_owned(), prefix.to_owned()));
        assert_eq!(place("s3://papers"), is("papers", ""));
        assert_eq!(place("s3://papers/"), is("papers", ""));
        assert_eq!(place("s3://papers/register/one/"), is("papers", "register/one"));
        for bad in ["papers", "s3://", "s3:///x", "https://papers", "s3://a b", "s3://a@b/c"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
