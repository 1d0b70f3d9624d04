//! The one cipher: XChaCha20-Poly1305.
//!
//! Its nonces of 24 bytes can be drawn at random for as many messages as anybody will write, so that no counter has to
//! survive a crash or a restored backup. It needs no special instructions to run in constant time.
//!
//! It is ChaCha20-Poly1305 (RFC 8439) under a key that HChaCha20 makes of the key and the first 16 bytes of the nonce
//! (draft-irtf-cfrg-xchacha-03, section 2.3). `ring` does the first: what is written in Rust alone
//! took four times as long for an entry of a case. What it leaves in memory is a key for one message.

use crate::secret::Secret;
use cartulary_model::Entropy;
use chacha20::{R20, hchacha};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, Tag, UnboundKey};
use zeroize::{Zeroize as _, Zeroizing};

pub(crate) const NONCE: usize = 24;
pub(crate) const TAG: usize = 16;
/// Of a nonce, what makes the key of the message.
const OF_KEY: usize = 16;

/// Draws a nonce.
pub(crate) fn nonce(entropy: &mut dyn Entropy) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    entropy.fill(&mut nonce);
    nonce
}

/// Appends ciphertext and tag of `plain` to `sealed`.
pub(crate) fn seal(key: &Secret, nonce: &[u8; NONCE], about: &[u8], plain: &[u8], sealed: &mut Vec<u8>) {
    let begin = sealed.len();
    sealed.reserve(plain.len() + TAG);
    sealed.extend_from_slice(plain);
    let tag = of_message(key, nonce)
        .seal_in_place_separate_tag(rest(nonce), Aad::from(about), &mut sealed[begin..])
        .expect("what lies in memory is shorter than 256 GiB");
    sealed.extend_from_slice(tag.as_ref());
}

/// The plain bytes of ciphertext and tag; nothing if one bit of key, nonce, `about` or bytes is another.
pub(crate) fn open(
    key: &Secret,
    nonce: &[u8; NONCE],
    about: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (text, tag) = sealed.split_last_chunk::<TAG>()?;
    let mut plain = Zeroizing::new(text.to_vec());
    of_message(key, nonce)
        .open_in_place_separate_tag(rest(nonce), Aad::from(about), Tag::from(*tag), &mut plain, 0..)
        .ok()?;
    Some(plain)
}

/// The key of one message.
fn of_message(key: &Secret, nonce: &[u8; NONCE]) -> LessSafeKey {
    let (first, _) = nonce.split_first_chunk::<OF_KEY>().expect("a nonce has 24 bytes");
    let mut own = hchacha::<R20>(&(*key.expose()).into(), &(*first).into());
    let made = UnboundKey::new(&CHACHA20_POLY1305, &own).expect("a key has 32 bytes");
    own.zeroize();
    LessSafeKey::new(made)
}

/// What is left of a nonce, after the four empty bytes that stand where the short nonces have a number.
fn rest(nonce: &[u8; NONCE]) -> Nonce {
    let mut rest = [0; 12];
    rest[4..].copy_from_slice(&nonce[OF_KEY..]);
    Nonce::assume_unique_for_key(rest)
}
