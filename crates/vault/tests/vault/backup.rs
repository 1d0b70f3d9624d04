//! Backups that the server itself cannot open.

use crate::chance::Chance;
use cartulary_vault::{BackupIdentity, BackupRecipient, RootKey, VaultError, open_backup, seal_backup};
use std::io::{Read, Write};

fn sealed(to: &[&BackupIdentity], plain: &[u8]) -> Vec<u8> {
    let recipients: Vec<BackupRecipient> = to.iter().map(|identity| identity.recipient()).collect();
    let mut writer = seal_backup(&recipients, Vec::new()).unwrap();
    for part in plain.chunks(10_000) {
        writer.write_all(part).unwrap();
    }
    writer.finish().unwrap()
}

/// What comes out, or why not.
fn opened(identity: &BackupIdentity, sealed: &[u8]) -> Result<Vec<u8>, String> {
    let mut reader = open_backup(identity, sealed).map_err(|error| error.to_string())?;
    let mut plain = Vec::new();
    reader.read_to_end(&mut plain).map_err(|error| error.to_string())?;
    Ok(plain)
}

#[test]
fn each_of_the_recipients_opens_it_alone_and_nobody_else() {
    let [one, two, other] = std::array::from_fn(|_| BackupIdentity::generate());
    for length in [0, 1, 65_535, 65_536, 200_000] {
        let plain = Chance::new(1).bytes(length);
        let sealed = sealed(&[&one, &two], &plain);
        assert_eq!(opened(&one, &sealed).unwrap(), plain);
        assert_eq!(opened(&two, &sealed).unwrap(), plain);
        let refused = opened(&other, &sealed).unwrap_err();
        assert!(refused.contains("sealed to other people"), "{refused}");
    }
}

#[test]
fn every_changed_byte_and_every_cut_is_refused() {
    let identity = BackupIdentity::generate();
    let sealed = sealed(&[&identity], b"register.db, keys.db, blobs");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(opened(&identity, &changed).is_err(), "byte {at}");
        assert!(opened(&identity, &sealed[..at]).is_err(), "cut to {at}");
    }
    assert!(opened(&identity, &[&sealed[..], b"x"].concat()).is_err());
}

#[test]
fn a_long_backup_with_one_changed_byte_is_refused() {
    let identity = BackupIdentity::generate();
    let whole = sealed(&[&identity], &Chance::new(2).bytes(300_000));
    for at in (0..whole.len()).step_by(4999) {
        let mut changed = whole.clone();
        changed[at] ^= 0x80;
        assert!(opened(&identity, &changed).is_err(), "byte {at}");
    }
}

#[test]
fn a_backup_that_was_not_finished_is_refused() {
    let identity = BackupIdentity::generate();
    let mut output = Vec::new();
    let mut writer = seal_backup(&[identity.recipient()], &mut output).unwrap();
    writer.write_all(&[7; 100_000]).unwrap();
    drop(writer);
    assert!(opened(&identity, &output).is_err());
}

#[test]
fn keys_read_back_from_their_texts() {
    let identity = BackupIdentity::generate();
    let file = format!("# made for the tests\n\n{}\n", *identity.text());
    let again: BackupIdentity = file.parse().unwrap();
    assert_eq!(again.recipient(), identity.recipient());
    assert_eq!(identity.recipient().to_string().parse::<BackupRecipient>().unwrap(), identity.recipient());
    assert!("age1nobody".parse::<BackupRecipient>().is_err());
    assert!("# nothing".parse::<BackupIdentity>().is_err());
    assert_eq!(format!("{identity:?}"), "BackupIdentity(..)");
    assert!(matches!(seal_backup(&[], Vec::new()).err(), Some(VaultError::Format { .. })));
    assert!(matches!(
        open_backup(&identity, &b"a tar file"[..]).err(),
        Some(VaultError::Format { .. } | VaultError::Io { .. })
    ));
}

#[test]
fn a_root_key_goes_into_two_safes() {
    let officers: [BackupIdentity; 2] = std::array::from_fn(|_| BackupIdentity::generate());
    let key = RootKey::generate(&mut Chance::new(3));
    let sealed = sealed(&[&officers[0], &officers[1]], key.text().as_bytes());
    let text = String::from_utf8(opened(&officers[1], &sealed).unwrap()).unwrap();
    assert_eq!(RootKey::from_text(&text).unwrap().text(), key.text());
}
