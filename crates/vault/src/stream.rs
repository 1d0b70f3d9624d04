//! The sealed form of a blob: chunks that cannot be swapped, reordered, dropped or cut off.
//!
//! ```text
//! "CTLB" format(1) prefix(19)  then chunks: ciphertext of 64 KiB (the last: less) + tag(16)
//! nonce of a chunk  = prefix(19) || number(4) || last(1)
//! what it is about  = label || case(16) || blob(32) || number(8) || last(1)
//! ```
//!
//! The last chunk says that it is the last and is never full unless it is the only way to end: a blob whose length is a
//! multiple of 64 KiB ends with a full chunk marked last, an empty blob is one empty chunk.

use crate::{VaultError, cipher, secret::Secret};
use cartulary_model::{BlobId, CaseId};
use zeroize::Zeroizing;

/// Plain bytes in a chunk.
pub(crate) const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + cipher::TAG;
const MAGIC: &[u8; 4] = b"CTLB";
const FORMAT: u8 = 1;
pub(crate) const PREFIX: usize = cipher::NONCE - 5;
const HEADER: usize = MAGIC.len() + 1 + PREFIX;

/// Whose blob it is, and its name.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) case: CaseId,
    pub(crate) blob: BlobId,
}

/// The bytes that sealing makes of this many plain bytes.
pub(crate) const fn sealed_length(plain: usize) -> usize {
    let chunks = if plain == 0 { 1 } else { plain.div_ceil(CHUNK) };
    HEADER + plain + chunks * cipher::TAG
}

/// Seals a blob.
///
/// The prefix is drawn at random for each: 19 bytes, so that two blobs of a case never share a nonce.
pub(crate) fn seal(key: &Secret, owner: Owner, plain: &[u8], prefix: &[u8; PREFIX]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(sealed_length(plain.len()));
    sealed.extend_from_slice(MAGIC);
    sealed.push(FORMAT);
    sealed.extend_from_slice(prefix);
    let (full, rest) = whole_chunks(plain, CHUNK);
    for (number, chunk) in (0..).zip(&full) {
        cipher::seal(key, &nonce(prefix, number, false), &owner.about(number, false), chunk, &mut sealed);
    }
    let number = count(full.len());
    cipher::seal(key, &nonce(prefix, number, true), &owner.about(number, true), rest, &mut sealed);
    sealed
}

/// Opens a sealed blob.
pub(crate) fn open(key: &Secret, owner: Owner, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let damaged = || VaultError::Damaged { what: format!("blob {}", owner.blob) };
    let rest =
        sealed.strip_prefix(MAGIC).and_then(|rest| rest.strip_prefix(&[FORMAT])).ok_or_else(damaged)?;
    let (prefix, body) = rest.split_first_chunk::<PREFIX>().ok_or_else(damaged)?;
    let (full, last) = whole_chunks(body, SEALED_CHUNK);
    // Never grows while it is filled: a copy that is left behind would not be overwritten.
    let mut plain = Zeroizing::new(Vec::with_capacity(body.len()));
    for (number, chunk) in (0..).zip(&full) {
        let nonce = nonce(prefix, number, false);
        plain.extend_from_slice(
            &cipher::open(key, &nonce, &owner.about(number, false), chunk).ok_or_else(damaged)?,
        );
    }
    let number = count(full.len());
    let nonce = nonce(prefix, number, true);
    plain
        .extend_from_slice(&cipher::open(key, &nonce, &owner.about(number, true), last).ok_or_else(damaged)?);
    Ok(plain)
}

/// All chunks before the last, and the last: full if the bytes fill it, empty only if there are none.
fn whole_chunks(bytes: &[u8], size: usize) -> (Vec<&[u8]>, &[u8]) {
    let mut chunks: Vec<&[u8]> = bytes.chunks(size).collect();
    let last = chunks.pop().unwrap_or_default();
    (chunks, last)
}

fn nonce(prefix: &[u8; PREFIX], number: u32, last: bool) -> [u8; cipher::NONCE] {
    let mut nonce = [0; cipher::NONCE];
    nonce[..PREFIX].copy_from_slice(prefix);
    nonce[PREFIX..PREFIX + 4].copy_from_slice(&number.to_be_bytes());
    nonce[PREFIX + 4] = u8::from(last);
    nonce
}

fn count(chunks: usize) -> u32 {
    u32::try_from(chunks).expect("what lies in memory has fewer than 2^32 chunks")
}

impl Owner {
    fn about(self, number: u32, last: bool) -> Vec<u8> {
        let mut about = b"cartulary/v1/blob/".to_vec();
        about.extend_from_slice(self.case.bytes());
        about.extend_from_slice(self.blob.bytes());
        about.extend_from_slice(&u64::from(number).to_be_bytes());
        about.push(u8::from(last));
        about
    }
}
