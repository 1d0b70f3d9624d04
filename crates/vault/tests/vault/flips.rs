//! Whatever is sealed comes back, and whatever was changed is found.

use crate::{blobs::case_key, chance::Chance};
use cartulary_vault::{Context, VaultError, WrappedKey};
use proptest::prelude::*;

const CHUNK: usize = 65_536;
const SEALED_CHUNK: usize = CHUNK + 16;
const HEADER: usize = 24;

/// Lengths around the ends of chunks as well as short ones.
fn lengths() -> impl Strategy<Value = usize> {
    prop_oneof![
        0..200_usize,
        (0..4_usize, 0..3_usize).prop_map(|(chunks, more)| (chunks * CHUNK + more).saturating_sub(1))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sealed_comes_back(plain in prop::collection::vec(any::<u8>(), 0..2000), kind in ".{0,20}", seq: u64) {
        let (key, mut chance) = (case_key(1), Chance::new(seq));
        let context = Context::new(&kind, seq);
        let sealed = key.seal(&context, &plain, &mut chance);
        let opened = key.open(&context, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), &plain[..]);
        prop_assert_ne!(key.seal(&context, &plain, &mut chance), sealed, "never the same nonce");
    }

    #[test]
    fn every_changed_bit_and_cut_is_found(plain in prop::collection::vec(any::<u8>(), 0..40), seq: u64) {
        let key = case_key(1);
        let context = Context::new("entry", seq);
        let sealed = key.seal(&context, &plain, &mut Chance::new(seq));
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let opened = key.open(&context, &changed);
            prop_assert!(matches!(opened, Err(VaultError::Damaged { .. })), "bit {}", bit);
        }
        for length in 0..sealed.len() {
            prop_assert!(key.open(&context, &sealed[..length]).is_err(), "cut to {}", length);
        }
        prop_assert!(key.open(&context, &[&sealed[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_context_is_read_one_way(kind in "[a-z.]{0,6}", other in "[a-z.]{0,6}", seq in 0..3_u64, more in 0..3_u64) {
        prop_assume!((&kind, seq) != (&other, more));
        let key = case_key(1);
        let sealed = key.seal(&Context::new(&kind, seq), b"x", &mut Chance::new(1));
        prop_assert!(key.open(&Context::new(&other, more), &sealed).is_err());
    }

    #[test]
    fn blobs_come_back_and_changed_ones_do_not(length in lengths(), seed: u64, bits in prop::collection::vec(any::<usize>(), 20)) {
        let (key, mut chance) = (case_key(1), Chance::new(seed));
        let plain = chance.bytes(length);
        let blob = key.blob_id(&plain);
        let sealed = key.seal_blob(blob, &plain, &mut chance);
        let opened = key.open_blob(blob, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), &plain[..]);
        for bit in bits {
            let mut changed = sealed.clone();
            let bit = bit % (sealed.len() * 8);
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(key.open_blob(blob, &changed).is_err(), "bit {}", bit);
        }
    }

    #[test]
    fn two_cases_never_name_a_file_alike(plain in prop::collection::vec(any::<u8>(), 0..100), one in 1..1000_i64, more in 1..1000_i64) {
        prop_assert_ne!(case_key(one).blob_id(&plain), case_key(one + more).blob_id(&plain));
    }

    #[test]
    fn strange_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let key = case_key(1);
        prop_assert!(key.open(&Context::new("entry", 1), &bytes).is_err());
        prop_assert!(key.open_blob(key.blob_id(b""), &bytes).is_err());
        let with_magic = [b"CTLB\x01".as_slice(), &bytes].concat();
        prop_assert!(key.open_blob(key.blob_id(b""), &with_magic).is_err());
        drop(WrappedKey::from_bytes(&bytes));
    }
}

/// The chunks of a sealed blob, after its header.
fn chunks(sealed: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (header, body) = sealed.split_at(HEADER);
    (header.to_vec(), body.chunks(SEALED_CHUNK).map(<[u8]>::to_vec).collect())
}

#[test]
fn chunks_cannot_be_swapped_repeated_dropped_or_cut() {
    let (key, mut chance) = (case_key(1), Chance::new(3));
    let plain = chance.bytes(3 * CHUNK);
    let blob = key.blob_id(&plain);
    let sealed = key.seal_blob(blob, &plain, &mut chance);
    let (header, parts) = chunks(&sealed);
    assert_eq!(parts.len(), 3);
    let opens =
        |header: &[u8], order: &[&[u8]]| key.open_blob(blob, &[header, &order.concat()].concat()).is_ok();
    let [a, b, c] = [&parts[0][..], &parts[1][..], &parts[2][..]];
    assert!(opens(&header, &[a, b, c]));
    for order in [
        &[b, a, c][..],
        &[a, c, b],
        &[a, b],
        &[a],
        &[],
        &[a, b, c, c],
        &[a, b, b],
        &[a, a, c],
        &[a, c],
        &[a, b, &c[..c.len() - 1]],
        &[a, b, c, &[0]],
    ] {
        assert!(!opens(&header, order));
    }
    // A chunk of another sealing of the same blob, and the header of that.
    let (other_header, other) = chunks(&key.seal_blob(blob, &plain, &mut chance));
    assert!(!opens(&header, &[a, &other[1], c]));
    assert!(!opens(&other_header, &[a, b, c]));
}

#[test]
fn the_forms_on_disk_stay_readable() {
    // Sealed once by the first version, with the keys of the seeds below; a change of format must still open them.
    let key = case_key(7);
    let entry = key.seal(&Context::new("entry", 2), b"CR at month 3", &mut Chance::new(7));
    let blob = key.blob_id(b"a page");
    let sealed = key.seal_blob(blob, b"a page", &mut Chance::new(8));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(hex(&entry), include_str!("formats/entry-1.hex").trim());
    assert_eq!(format!("{blob}\n{}", hex(&sealed)), include_str!("formats/blob-1.hex").trim());
}
