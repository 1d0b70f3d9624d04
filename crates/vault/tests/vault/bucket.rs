//! The bucket store against a real S3 server, `moto`, which `tests/s3-server` installs.
//!
//! Without the server the tests say so and pass, unless `S3_TESTS=required` is set, as `./test` does.

use crate::{
    blobs::case_key,
    chance::Chance,
    http::{self, Server},
};
use bytes::Bytes;
use cartulary_model::Instant;
use cartulary_vault::{Blobs, BucketSettings, VaultError};
use zeroize::Zeroizing;

fn settings(server: &Server) -> BucketSettings {
    BucketSettings {
        endpoint: format!("http://{}", server.address),
        region: "us-east-1".to_owned(),
        bucket: "papers".to_owned(),
        prefix: "register/one".to_owned(),
        access_key: "test".to_owned(),
        secret: Zeroizing::new("not a secret".to_owned()),
    }
}

/// A server with an empty bucket; nothing where none is installed.
fn start() -> Option<(Server, Blobs)> {
    let server = Server::start()?;
    assert_eq!(http::put(&server.address, "/papers", b""), 200);
    let blobs = Blobs::in_bucket(&settings(&server)).unwrap();
    Some((server, blobs))
}

#[tokio::test]
async fn bytes_come_back_from_a_bucket_and_are_kept_once() {
    let Some((_server, blobs)) = start() else { return };
    let (key, mut chance) = (case_key(1), Chance::new(1));
    for length in [0, 1, 65_536, 3_000_000] {
        let paper = Bytes::from(chance.bytes(length));
        let blob = blobs.put(&key, paper.clone(), &mut chance).await.unwrap();
        assert_eq!(blobs.put(&key, paper.clone(), &mut chance).await.unwrap(), blob);
        assert_eq!(blobs.get(&key, blob).await.unwrap().as_slice(), paper);
    }
    let listing = blobs.list().await.unwrap();
    assert_eq!((listing.blobs.len(), listing.foreign.len()), (4, 0));
    assert_eq!(blobs.clean(Instant::from_micros(i64::MAX)).await.unwrap(), 0);

    let (blob, _) = listing.blobs[0];
    assert!(blobs.delete(blob).await.unwrap());
    assert!(blobs.delete(blob).await.unwrap());
    assert!(matches!(blobs.get(&key, blob).await, Err(VaultError::Missing(missing)) if missing == blob));
}

#[tokio::test]
async fn a_scrub_of_a_bucket_tells_what_is_lost_changed_and_foreign() {
    let Some((server, blobs)) = start() else { return };
    let (key, mut chance) = (case_key(1), Chance::new(1));
    let mut kept = Vec::new();
    for number in 0..3_u8 {
        kept.push(blobs.put(&key, Bytes::from(vec![number; 100]), &mut chance).await.unwrap());
    }
    let name = kept[0].to_string();
    let place = format!("/papers/register/one/{}/{name}", &name[..2]);
    assert_eq!(http::put(&server.address, &place, b"something else"), 200);
    assert_eq!(http::put(&server.address, "/papers/register/one/notes.txt", b"foreign"), 200);
    assert_eq!(http::put(&server.address, "/papers/register/two/x", b"of another register"), 200);
    blobs.delete(kept[1]).await.unwrap();

    let scrub = blobs.scrub(kept.iter().map(|blob| (key.clone(), *blob)).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(
        (scrub.damaged.as_slice(), scrub.missing.as_slice(), scrub.good),
        (&kept[..1], &kept[1..2], 1)
    );
    assert_eq!(scrub.foreign, [std::path::PathBuf::from("register/one/notes.txt")]);
    assert_eq!(scrub.unexpected, []);

    // The same bytes heal it.
    blobs.put(&key, Bytes::from(vec![0; 100]), &mut chance).await.unwrap();
    assert_eq!(blobs.get(&key, kept[0]).await.unwrap().as_slice(), [0; 100]);
}

#[tokio::test]
async fn a_bucket_that_is_away_promises_nothing_and_works_again_later() {
    let Some((mut server, blobs)) = start() else { return };
    let (key, mut chance) = (case_key(1), Chance::new(1));
    let paper = Bytes::from_static(b"a discharge summary");
    server.stop();
    let refused = blobs.put(&key, paper.clone(), &mut chance).await.unwrap_err();
    assert!(matches!(refused, VaultError::Io { .. }), "{refused}");
    server.start_again();
    assert_eq!(http::put(&server.address, "/papers", b""), 200);
    let blob = blobs.put(&key, paper.clone(), &mut chance).await.unwrap();
    assert_eq!(blobs.get(&key, blob).await.unwrap().as_slice(), paper);
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_told() {
    let Some((server, _)) = start() else { return };
    let blobs =
        Blobs::in_bucket(&BucketSettings { bucket: "other".to_owned(), ..settings(&server) }).unwrap();
    let put = blobs.put(&case_key(1), Bytes::from_static(b"x"), &mut Chance::new(1)).await;
    assert!(matches!(put, Err(VaultError::Io { .. })), "{put:?}");
    let listed = blobs.list().await;
    assert!(matches!(listed, Err(VaultError::Io { .. })), "{listed:?}");
    assert!(blobs.scrub(Vec::new()).await.is_err());
}

#[test]
fn settings_are_refused_and_shown_without_the_secret() {
    let good = BucketSettings {
        endpoint: "https://s3.hospital.example".to_owned(),
        region: "us-east-1".to_owned(),
        bucket: "papers".to_owned(),
        prefix: String::new(),
        access_key: "key".to_owned(),
        secret: Zeroizing::new("hush".to_owned()),
    };
    assert!(Blobs::in_bucket(&good).is_ok());
    assert_eq!(format!("{good:?}"), "BucketSettings(https://s3.hospital.example, papers, , ..)");
    for bad in [
        BucketSettings { endpoint: "http://s3.hospital.example".to_owned(), ..good.clone() },
        BucketSettings { prefix: "a//b".to_owned(), ..good.clone() },
    ] {
        assert!(matches!(Blobs::in_bucket(&bad), Err(VaultError::Format { .. })), "{bad:?}");
    }
}
