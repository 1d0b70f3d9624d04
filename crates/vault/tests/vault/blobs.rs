//! The folder store on the machine's own disk.

use crate::chance::Chance;
use bytes::Bytes;
use cartulary_model::{BlobId, CaseId, Instant};
use cartulary_vault::{Blobs, CaseKey, Keys, RootKey, VaultError};
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const EVER: Instant = Instant::from_micros(i64::MAX);

pub(crate) fn case_key(number: i64) -> CaseKey {
    let mut chance = Chance::new(number as u64);
    let (keys, _) = Keys::create(&RootKey::generate(&mut chance), 1, &mut chance);
    let case = CaseId::new(Instant::from_micros(number * 1000), &mut chance);
    keys.new_case_key(case, &mut chance).0
}

fn store() -> (TempDir, PathBuf, Blobs) {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("blobs");
    let blobs = Blobs::in_folder(&root).unwrap();
    (folder, root, blobs)
}

fn place(root: &Path, blob: BlobId) -> PathBuf {
    let name = blob.to_string();
    root.join(&name[..2]).join(name)
}

#[tokio::test]
async fn bytes_come_back_and_the_same_bytes_are_kept_once() {
    let (_folder, root, blobs) = store();
    let (key, mut chance) = (case_key(1), Chance::new(1));
    for length in [0, 1, 65_536, 200_000] {
        let paper = Bytes::from(chance.bytes(length));
        let blob = blobs.put(&key, paper.clone(), &mut chance).await.unwrap();
        let written = fs::metadata(place(&root, blob)).unwrap().ino();
        assert_eq!(blobs.put(&key, paper.clone(), &mut chance).await.unwrap(), blob);
        assert_eq!(fs::metadata(place(&root, blob)).unwrap().ino(), written);
        assert_eq!(blobs.get(&key, blob).await.unwrap().as_slice(), paper);
    }
    let listing = blobs.list().await.unwrap();
    assert_eq!((listing.blobs.len(), listing.foreign.len(), listing.parts), (4, 0, 0));
    let empty = listing.blobs.iter().map(|(_, length)| *length).min();
    assert_eq!(empty, Some(4 + 1 + 19 + 16));
}

#[tokio::test]
async fn files_and_folders_are_the_owners_alone() {
    let (_folder, root, blobs) = store();
    let blob = blobs.put(&case_key(1), Bytes::from_static(b"x"), &mut Chance::new(1)).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&root), 0o700);
    assert_eq!(mode(place(&root, blob).parent().unwrap()), 0o700);
    assert_eq!(mode(&place(&root, blob)), 0o600);
}

#[tokio::test]
async fn nothing_readable_lies_on_the_disk() {
    let (_folder, root, blobs) = store();
    let paper = Bytes::from_static("徐女士 follicular lymphoma".as_bytes());
    let blob = blobs.put(&case_key(1), paper.clone(), &mut Chance::new(1)).await.unwrap();
    let kept = fs::read(place(&root, blob)).unwrap();
    assert!(!kept.windows(8).any(|part| paper.windows(8).any(|plain| plain == part)));
}

#[tokio::test]
async fn a_deleted_blob_is_gone() {
    let (_folder, _, blobs) = store();
    let key = case_key(1);
    let blob = blobs.put(&key, Bytes::from_static(b"x"), &mut Chance::new(1)).await.unwrap();
    assert!(blobs.delete(blob).await.unwrap());
    assert!(!blobs.delete(blob).await.unwrap());
    assert!(!blobs.delete(BlobId::from_bytes([9; 32])).await.unwrap());
    assert!(matches!(blobs.get(&key, blob).await, Err(VaultError::Missing(missing)) if missing == blob));
}

#[tokio::test]
async fn what_others_put_there_is_told_and_never_touched() {
    let (_folder, root, blobs) = store();
    let (key, mut chance) = (case_key(1), Chance::new(1));
    let blob = blobs.put(&key, Bytes::from_static(b"x"), &mut chance).await.unwrap();
    let shard = place(&root, blob).parent().unwrap().to_owned();
    let elsewhere = BlobId::from_bytes([blob.bytes()[0] ^ 1; 32]).to_string();
    let foreign = [
        root.join("notes.txt"),
        root.join("AB"),
        root.join("incoming").join("movie.part"),
        root.join("incoming").join(format!("{blob}.1")),
        shard.join("copy of report.pdf"),
        shard.join(blob.to_string().to_uppercase()),
        shard.join(elsewhere),
    ];
    for path in &foreign {
        fs::write(path, b"somebody else's").unwrap();
    }
    let link = shard.join("link");
    symlink("/etc/hostname", &link).unwrap();
    fs::create_dir(root.join("lost+found")).unwrap();

    let mut expected: Vec<PathBuf> = foreign.to_vec();
    expected.extend([link, root.join("lost+found")]);
    expected.sort();
    assert_eq!(blobs.clean(EVER).await.unwrap(), 0);
    let scrub = blobs.scrub([(key, blob)]).await.unwrap();
    assert_eq!((scrub.foreign, scrub.good), (expected, 1));
    assert!(foreign.iter().all(|path| fs::read(path).unwrap() == b"somebody else's"));
}

#[tokio::test]
async fn leftovers_are_cleaned_by_age() {
    let (_folder, root, blobs) = store();
    let left = root.join("incoming").join(format!("{}.00000000000000ff", BlobId::from_bytes([3; 32])));
    fs::write(&left, b"half").unwrap();
    assert_eq!(blobs.list().await.unwrap().parts, 1);
    assert_eq!(blobs.clean(Instant::from_micros(0)).await.unwrap(), 0, "it may still be written");
    assert_eq!(blobs.clean(EVER).await.unwrap(), 1);
    assert!(!left.exists());
}

#[tokio::test]
async fn a_scrub_tells_what_is_lost_changed_and_left_over() {
    let (_folder, root, blobs) = store();
    let (key, mut chance) = (case_key(1), Chance::new(1));
    let mut kept = Vec::new();
    for number in 0..4_u8 {
        kept.push(blobs.put(&key, Bytes::from(vec![number; 100]), &mut chance).await.unwrap());
    }
    fs::remove_file(place(&root, kept[0])).unwrap();
    fs::copy(place(&root, kept[3]), place(&root, kept[1])).unwrap();
    let expected = kept[..3].iter().map(|blob| (key.clone(), *blob));
    let scrub = blobs.scrub(expected).await.unwrap();
    assert_eq!(scrub.missing, [kept[0]]);
    assert_eq!(scrub.damaged, [kept[1]]);
    assert_eq!(scrub.unexpected, [kept[3]]);
    assert_eq!((scrub.good, scrub.is_whole()), (1, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_of_the_same_bytes_agree() {
    let (_folder, root, blobs) = store();
    let again = Blobs::in_folder(&root).unwrap();
    let key = case_key(1);
    let paper = Bytes::from(Chance::new(5).bytes(100_000));
    let writers: Vec<_> = (0..16)
        .map(|number| {
            let blobs = if number % 2 == 0 { blobs.clone() } else { again.clone() };
            let (key, paper) = (key.clone(), paper.clone());
            tokio::spawn(async move { blobs.put(&key, paper, &mut Chance::new(number)).await.unwrap() })
        })
        .collect();
    for writer in writers {
        let blob = writer.await.unwrap();
        assert_eq!(blobs.get(&key, blob).await.unwrap().as_slice(), paper);
    }
    let listing = blobs.list().await.unwrap();
    assert_eq!((listing.blobs.len(), listing.parts), (1, 0));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let folder = TempDir::new().unwrap();
    let refused = Blobs::in_folder(&folder.path().join("no").join("blobs")).unwrap_err().to_string();
    assert!(refused.starts_with("could not make the folder"), "{refused}");
}
