//! The one cipher: XChaCha20-Poly1305.
//!
//! Its nonces of 24 bytes can be drawn at random for as many messages as anybody will write, so that no counter has to
//! survive a crash or a restored backup. It needs no special instructions to run in constant time.

use crate::secret::Secret;
use cartulary_model::Entropy;
use chacha20poly1305::{AeadInOut, Key, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

pub(crate) const NONCE: usize = 24;
pub(crate) const TAG: usize = 16;

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
    let tag = cipher(key)
        .encrypt_inout_detached(&XNonce::from(*nonce), about, (&mut sealed[begin..]).into())
        .expect("what lies in memory is shorter than 256 GiB");
    sealed.extend_from_slice(&tag);
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
    cipher(key)
        .decrypt_inout_detached(&XNonce::from(*nonce), about, plain.as_mut_slice().into(), &Tag::from(*tag))
        .ok()?;
    Some(plain)
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key.expose()))
}
