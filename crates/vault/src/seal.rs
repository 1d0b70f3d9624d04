//! Sealed bytes: what they are about is part of the seal.

use crate::{VaultError, cipher, secret::Secret};
use cartulary_model::Entropy;
use zeroize::Zeroizing;

const FORMAT: u8 = 1;

/// How much longer sealed bytes are than plain ones: format, nonce and tag.
pub const OVERHEAD: usize = 1 + cipher::NONCE + cipher::TAG;

/// What sealed bytes are and where they stand. They open with the same context only, so that nothing can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// What it is: `entry`, `case_row.name`. One kind for each table and column.
    pub kind: &'a str,
    /// Which of these: the entry's place in its case file, the row's number.
    pub sequence: u64,
}

impl<'a> Context<'a> {
    /// A context.
    pub const fn new(kind: &'a str, sequence: u64) -> Self {
        Self { kind, sequence }
    }

    /// The context as bytes; lengths before texts, so that no two contexts have the same.
    fn about(&self, owner: &[u8]) -> Vec<u8> {
        let mut about = b"cartulary/v1/sealed/".to_vec();
        for part in [owner, self.kind.as_bytes()] {
            about.extend_from_slice(&(part.len() as u64).to_be_bytes());
            about.extend_from_slice(part);
        }
        about.extend_from_slice(&self.sequence.to_be_bytes());
        about
    }
}

/// Seals for an owner: the id of a case, or nothing for the register.
pub(crate) fn seal(
    key: &Secret,
    owner: &[u8],
    context: &Context<'_>,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Vec<u8> {
    let nonce = cipher::nonce(entropy);
    let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD);
    sealed.push(FORMAT);
    sealed.extend_from_slice(&nonce);
    cipher::seal(key, &nonce, &context.about(owner), plain, &mut sealed);
    sealed
}

/// Opens what [`seal`] made with the same key, owner and context.
pub(crate) fn open(
    key: &Secret,
    owner: &[u8],
    context: &Context<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let damaged = || VaultError::Damaged { what: format!("{} {}", context.kind, context.sequence) };
    let (format, rest) = sealed.split_first().ok_or_else(damaged)?;
    if *format != FORMAT {
        return Err(damaged());
    }
    let (nonce, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
    cipher::open(key, nonce, &context.about(owner), rest).ok_or_else(damaged)
}
