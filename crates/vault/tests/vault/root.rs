//! Where a root key may lie.

use crate::chance::Chance;
use cartulary_vault::{RootKey, VaultError};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A place for a key, with a data folder beside it.
struct House(TempDir);

impl House {
    fn new() -> Self {
        let house = Self(TempDir::new().unwrap());
        fs::create_dir(house.data()).unwrap();
        house
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn why(result: Result<RootKey, VaultError>) -> String {
    let error = result.unwrap_err();
    assert!(matches!(error, VaultError::KeyPlace { .. }), "{error}");
    error.to_string()
}

#[test]
fn a_written_key_reads_back_and_is_the_owners_alone() {
    let house = House::new();
    let (path, data) = (house.at("root.key"), house.data());
    let key = RootKey::generate(&mut Chance::new(9));
    key.write_file(&path, Some(&data)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o400);
    assert_eq!(RootKey::from_file(&path, Some(&data)).unwrap().text(), key.text());
    set_mode(&path, 0o600);
    assert!(RootKey::from_file(&path, Some(&data)).is_ok());
    assert!(
        matches!(key.write_file(&path, Some(&data)), Err(VaultError::Io { .. })),
        "a key is never overwritten"
    );
}

#[test]
fn a_key_that_others_can_reach_is_refused_with_the_cure() {
    let house = House::new();
    let path = house.at("root.key");
    RootKey::generate(&mut Chance::new(9)).write_file(&path, None).unwrap();
    for mode in [0o440, 0o404, 0o644, 0o660, 0o602, 0o601, 0o700, 0o777, 0o4400] {
        set_mode(&path, mode);
        let told = why(RootKey::from_file(&path, None));
        assert!(told.ends_with(&format!("run `chmod 0400 {}`", path.display())), "{told}");
    }
}

#[test]
fn a_key_beside_what_it_locks_is_refused() {
    let house = House::new();
    let (inside, data) = (house.data().join("root.key"), house.data());
    let key = RootKey::generate(&mut Chance::new(9));
    let refused = key.write_file(&inside, Some(&data)).unwrap_err();
    assert!(matches!(refused, VaultError::KeyPlace { .. }), "{refused}");
    key.write_file(&inside, None).unwrap();
    assert!(why(RootKey::from_file(&inside, Some(&data))).contains("inside the data folder"));
    let link = house.at("link.key");
    symlink(&inside, &link).unwrap();
    assert!(why(RootKey::from_file(&link, Some(&data))).contains("inside the data folder"));
    let detour = house.data().join("..").join("data").join("root.key");
    assert!(why(RootKey::from_file(&detour, Some(&data))).contains("inside the data folder"));
}

#[test]
fn other_files_are_no_keys() {
    let house = House::new();
    let path = house.at("root.key");
    for content in [&b""[..], b"secret", &[0xff; 32], b"cartulary-root-key-1:00"] {
        fs::write(&path, content).unwrap();
        set_mode(&path, 0o400);
        why(RootKey::from_file(&path, None));
        fs::remove_file(&path).unwrap();
    }
    assert!(why(RootKey::from_file(&house.data(), None)).contains("no file"));
    assert!(matches!(RootKey::from_file(&path, None), Err(VaultError::Io { .. })));
}

#[test]
fn the_service_manager_hands_a_key_over() {
    let house = House::new();
    let key = RootKey::generate(&mut Chance::new(9));
    let path = house.at("root-key");
    key.write_file(&path, None).unwrap();
    set_mode(&path, 0o440);
    assert_eq!(RootKey::from_credential(house.0.path(), "root-key").unwrap().text(), key.text());
    set_mode(&path, 0o444);
    why(RootKey::from_credential(house.0.path(), "root-key"));
    for name in ["../root-key", "data/x", "", ".."] {
        why(RootKey::from_credential(house.0.path(), name));
    }
}
