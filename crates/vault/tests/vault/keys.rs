//! What the keys promise: who opens what, and what stays the same when the root key is exchanged.

use crate::chance::Chance;
use cartulary_model::{CaseId, Instant};
use cartulary_vault::{Context, Keys, OVERHEAD, RootKey, Signature, VaultError, WrappedKey, verify};

fn case(number: i64) -> CaseId {
    CaseId::new(Instant::from_micros(number * 1000), &mut Chance::new(0))
}

#[test]
fn the_seed_opens_with_its_root_key_alone() {
    let mut entropy = Chance::new(1);
    let (root, other) = (RootKey::generate(&mut entropy), RootKey::generate(&mut entropy));
    let (keys, seed) = Keys::create(&root, 1, &mut entropy);
    let again = Keys::open(&root, &seed).unwrap();
    assert_eq!(again.check_value(), keys.check_value());
    assert_eq!(again.token("name", "徐"), keys.token("name", "徐"));
    let refused = Keys::open(&other, &seed).unwrap_err();
    assert!(matches!(refused, VaultError::WrongKey { version: 1 }), "{refused}");
}

#[test]
fn a_case_key_opens_for_its_case_alone() {
    let mut entropy = Chance::new(2);
    let (keys, _) = Keys::create(&RootKey::generate(&mut entropy), 1, &mut entropy);
    let (key, wrapped) = keys.new_case_key(case(1), &mut entropy);
    let context = Context::new("entry", 1);
    let sealed = key.seal(&context, b"CD19 positive", &mut entropy);
    assert_eq!(sealed.len(), b"CD19 positive".len() + OVERHEAD);
    let unwrapped = keys.unwrap(case(1), &wrapped).unwrap();
    assert_eq!(unwrapped.open(&context, &sealed).unwrap().as_slice(), b"CD19 positive");
    assert!(matches!(keys.unwrap(case(2), &wrapped), Err(VaultError::Damaged { .. })));
    let (other, _) = keys.new_case_key(case(2), &mut entropy);
    assert!(other.open(&context, &sealed).is_err());
    for elsewhere in [Context::new("entry", 2), Context::new("entrx", 1), Context::new("", 1)] {
        assert!(key.open(&elsewhere, &sealed).is_err(), "{elsewhere:?}");
    }
}

#[test]
fn a_new_root_key_changes_the_wrapping_and_nothing_else() {
    let mut entropy = Chance::new(3);
    let (root, next) = (RootKey::generate(&mut entropy), RootKey::generate(&mut entropy));
    let (old, _) = Keys::create(&root, 1, &mut entropy);
    let (key, wrapped) = old.new_case_key(case(1), &mut entropy);
    let sealed = key.seal(&Context::new("entry", 1), b"relapse", &mut entropy);
    let (new, seed) = old.rotate(&next, 2, &mut entropy);
    assert_ne!(old.check_value(), new.check_value());
    assert_eq!(old.token("word", "cd19"), new.token("word", "cd19"));
    assert_eq!(old.verify_key(), Keys::open(&next, &seed).unwrap().verify_key());

    let rewrapped = old.rewrap(&new, case(1), &wrapped, &mut entropy).unwrap();
    assert_eq!((wrapped.version(), rewrapped.version()), (1, 2));
    let key = new.unwrap(case(1), &rewrapped).unwrap();
    assert_eq!(key.open(&Context::new("entry", 1), &sealed).unwrap().as_slice(), b"relapse");
    // Run again after an interruption: what is done stays as it is.
    assert_eq!(old.rewrap(&new, case(1), &rewrapped, &mut entropy).unwrap(), rewrapped);

    let early = new.unwrap(case(1), &wrapped).unwrap_err();
    assert!(matches!(early, VaultError::OtherVersion { wanted: 1, given: 2 }), "{early}");
    assert!(new.with_older(&root, 1).unwrap(case(1), &wrapped).is_ok());
    assert!(matches!(old.unwrap(case(1), &rewrapped), Err(VaultError::OtherVersion { wanted: 2, given: 1 })));
}

#[test]
fn a_wrapped_key_reads_back_from_bytes_and_text() {
    let mut entropy = Chance::new(4);
    let (keys, seed) = Keys::create(&RootKey::generate(&mut entropy), 0x0102_0304, &mut entropy);
    assert_eq!(seed.version(), 0x0102_0304);
    assert_eq!(keys.version(), seed.version());
    assert_eq!(WrappedKey::from_bytes(seed.bytes()).unwrap(), seed);
    assert_eq!(seed.to_string().parse::<WrappedKey>().unwrap(), seed);
    let json = serde_json::to_string(&seed).unwrap();
    assert_eq!(serde_json::from_str::<WrappedKey>(&json).unwrap(), seed);
    assert!(WrappedKey::from_bytes(&seed.bytes()[1..]).is_err());
    let mut newer = seed.bytes().to_vec();
    newer[0] = 2;
    let refused = WrappedKey::from_bytes(&newer).unwrap_err().to_string();
    assert_eq!(refused, "could not understand a wrapped key: its format is 2, this version knows 1");
    assert!("zz".parse::<WrappedKey>().is_err());
}

#[test]
fn a_wrapped_key_with_a_changed_bit_or_version_does_not_open() {
    let mut entropy = Chance::new(5);
    let root = RootKey::generate(&mut entropy);
    let (keys, _) = Keys::create(&root, 1, &mut entropy);
    let keys = keys.with_older(&root, 0);
    let (_, wrapped) = keys.new_case_key(case(1), &mut entropy);
    for bit in 8..wrapped.bytes().len() * 8 {
        let mut changed = wrapped.bytes().to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        let changed = WrappedKey::from_bytes(&changed).unwrap();
        assert!(keys.unwrap(case(1), &changed).is_err(), "bit {bit}");
    }
}

#[test]
fn tokens_tell_spaces_and_registers_apart() {
    let mut entropy = Chance::new(6);
    let (keys, _) = Keys::create(&RootKey::generate(&mut entropy), 1, &mut entropy);
    let (other, _) = Keys::create(&RootKey::generate(&mut entropy), 1, &mut entropy);
    assert_eq!(keys.token("a", "bc"), keys.token("a", "bc"));
    assert_ne!(keys.token("a", "bc"), keys.token("ab", "c"));
    assert_ne!(keys.token("a", "bc"), other.token("a", "bc"));
    assert_ne!(keys.token("a", "bc"), keys.pseudonym("a", "bc"));
    assert_ne!(keys.session_digest(b"1"), keys.session_digest(b"2"));
}

#[test]
fn a_checkpoint_is_verified_without_a_secret() {
    let mut entropy = Chance::new(7);
    let (keys, _) = Keys::create(&RootKey::generate(&mut entropy), 1, &mut entropy);
    let signature = keys.sign(b"checkpoint 1");
    assert!(verify(&keys.verify_key(), b"checkpoint 1", &signature));
    assert!(!verify(&keys.verify_key(), b"checkpoint 2", &signature));
    assert!(!verify(&[0; 32], b"checkpoint 1", &signature));
    let read = signature.to_string().parse::<Signature>().unwrap();
    assert_eq!(read, signature);
    assert_eq!(Signature::from_bytes(signature.bytes()).unwrap(), signature);
    assert!(Signature::from_bytes(&[0; 63]).is_err());
}

#[test]
fn what_belongs_to_no_case_is_sealed_too() {
    let mut entropy = Chance::new(8);
    let (keys, _) = Keys::create(&RootKey::generate(&mut entropy), 1, &mut entropy);
    let context = Context::new("staff.second_factor", 3);
    let sealed = keys.seal(&context, b"secret", &mut entropy);
    assert_eq!(keys.open_sealed(&context, &sealed).unwrap().as_slice(), b"secret");
    assert!(keys.open_sealed(&Context::new("staff.second_factor", 4), &sealed).is_err());
}

#[test]
fn no_secret_is_printed() {
    let mut entropy = Chance::new(9);
    let root = RootKey::generate(&mut entropy);
    let (keys, _) = Keys::create(&root, 1, &mut entropy);
    let (key, _) = keys.new_case_key(case(1), &mut entropy);
    for shown in [format!("{root:?}"), format!("{keys:?}"), format!("{key:?}")] {
        assert!(shown.contains("Secret(..)"), "{shown}");
    }
    assert_eq!(format!("{root:?}"), "RootKey(Secret(..))");
}

#[test]
fn the_same_file_in_two_cases_has_two_names() {
    let mut entropy = Chance::new(10);
    let (keys, _) = Keys::create(&RootKey::generate(&mut entropy), 1, &mut entropy);
    let (one, _) = keys.new_case_key(case(1), &mut entropy);
    let (two, _) = keys.new_case_key(case(2), &mut entropy);
    let file = b"the same pathology report";
    assert_eq!(one.blob_id(file), one.blob_id(file));
    assert_ne!(one.blob_id(file), two.blob_id(file));
    let blob = one.blob_id(file);
    let sealed = one.seal_blob(blob, file, &mut entropy);
    assert_eq!(one.open_blob(blob, &sealed).unwrap().as_slice(), file);
    assert!(two.open_blob(blob, &sealed).is_err());
    assert!(one.open_blob(two.blob_id(file), &sealed).is_err());
}
