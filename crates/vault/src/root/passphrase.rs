//! The root key of a passphrase: argon2id.

use crate::{VaultError, hex, secret::Secret};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use cartulary_model::Entropy;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The least that is accepted, as [OWASP ASVS 5.0, appendix C] asks; and the most, so that a changed header cannot make
/// the start take all memory.
const MEMORY_MIB: std::ops::RangeInclusive<u32> = 46..=4096;
const PASSES: std::ops::RangeInclusive<u32> = 1..=64;
const LANES: std::ops::RangeInclusive<u32> = 1..=16;
const SALT: usize = 16;
const SHORTEST: usize = 12;

/// How a passphrase becomes a key. Not secret; it is stored beside the register, and without it the passphrase opens
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassphraseHeader {
    /// Memory, in MiB.
    pub memory_mib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes that could run side by side.
    pub lanes: u32,
    /// Sixteen random bytes, in hexadecimal digits.
    pub salt: String,
}

impl PassphraseHeader {
    /// A header for a new register: 64 MiB, one lane, three passes, and a fresh salt.
    pub fn new(entropy: &mut dyn Entropy) -> Self {
        let mut salt = [0; SALT];
        entropy.fill(&mut salt);
        let salt = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { memory_mib: 64, passes: 3, lanes: 1, salt }
    }

    fn params(&self) -> Result<Params, VaultError> {
        let in_bounds = MEMORY_MIB.contains(&self.memory_mib)
            && PASSES.contains(&self.passes)
            && LANES.contains(&self.lanes);
        if !in_bounds {
            return Err(refuse(format!(
                "the header asks for {} MiB, {} passes, {} lanes; expected {MEMORY_MIB:?} MiB, {PASSES:?} and {LANES:?}",
                self.memory_mib, self.passes, self.lanes
            )));
        }
        Params::new(self.memory_mib * 1024, self.passes, self.lanes, Some(32))
            .map_err(|error| refuse(error.to_string()))
    }

    fn salt(&self) -> Result<[u8; SALT], VaultError> {
        let salt = hex::read(&self.salt).and_then(|salt| salt.try_into().ok());
        salt.ok_or_else(|| refuse(format!("the header's salt is not {SALT} bytes in hexadecimal digits")))
    }
}

pub(super) fn stretch(passphrase: &str, header: &PassphraseHeader) -> Result<Secret, VaultError> {
    let (params, salt) = (header.params()?, header.salt()?);
    let text = normal(passphrase);
    if text.chars().count() < SHORTEST {
        return Err(refuse(format!("it has fewer than {SHORTEST} characters; take several words")));
    }
    let mut key = Secret::new([0; 32]);
    let mut memory = Zeroizing::new(vec![Block::default(); params.block_count()]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(text.as_bytes(), &salt, key.expose_mut(), memory.as_mut_slice())
        .map_err(|error| refuse(error.to_string()))?;
    Ok(key)
}

/// One form of the text, whatever keyboard it came from; in a buffer that never moves.
fn normal(passphrase: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(passphrase.len() * 18));
    text.extend(passphrase.trim().nfkc());
    text
}

fn refuse(why: String) -> VaultError {
    VaultError::Passphrase(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> PassphraseHeader {
        let salt = "00112233445566778899aabbccddeeff".to_owned();
        PassphraseHeader { memory_mib: 46, passes: 1, lanes: 1, salt }
    }

    #[test]
    fn the_same_words_give_the_same_key_on_any_keyboard() {
        let key = |text: &str| *stretch(text, &header()).unwrap().expose();
        let composed = key("caf\u{e9} and four words");
        assert_eq!(key("  cafe\u{301} and four words\n"), composed);
        assert_ne!(key("cafe and four words"), composed);
        let other = PassphraseHeader { salt: "ff".repeat(16), ..header() };
        assert_ne!(*stretch("caf\u{e9} and four words", &other).unwrap().expose(), composed);
    }

    #[test]
    fn weak_and_absurd_headers_are_refused() {
        let long = "correct horse battery staple";
        for header in [
            PassphraseHeader { memory_mib: 45, ..header() },
            PassphraseHeader { memory_mib: u32::MAX, ..header() },
            PassphraseHeader { passes: 0, ..header() },
            PassphraseHeader { passes: 65, ..header() },
            PassphraseHeader { lanes: 0, ..header() },
            PassphraseHeader { salt: "00".to_owned(), ..header() },
            PassphraseHeader { salt: "zz".repeat(16), ..header() },
        ] {
            assert!(matches!(stretch(long, &header), Err(VaultError::Passphrase(_))), "{header:?}");
        }
        let short = stretch("three words", &header()).unwrap_err().to_string();
        assert!(short.contains("fewer than 12 characters"), "{short}");
    }

    #[test]
    fn a_new_header_is_accepted() {
        struct Sevens;
        impl Entropy for Sevens {
            fn fill(&mut self, bytes: &mut [u8]) {
                bytes.fill(7);
            }
        }
        let header = PassphraseHeader::new(&mut Sevens);
        assert_eq!(header.salt, "07".repeat(16));
        assert!(header.params().is_ok() && header.salt().is_ok());
    }
}
