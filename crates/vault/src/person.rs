//! How a person of the staff is known: by a password, and by a code of their telephone.

use crate::{PassphraseHeader, RootKey, VaultError, hex};
use cartulary_model::Entropy;
use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Characters of the shortest password.
pub const SHORTEST_PASSWORD: usize = 12;
/// Bytes of the secret that a telephone keeps, as [RFC 4226, section 4] asks.
const SECRET: usize = 20;
/// Seconds for which a code holds.
const STEP: u64 = 30;

/// A password as it is kept: what argon2id made of it, and with which numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password {
    header: PassphraseHeader,
    digest: String,
}

impl Password {
    /// Keeps a password: argon2id with 46 MiB, one pass, one lane [OWASP ASVS 5.0, appendix C].
    ///
    /// # Errors
    ///
    /// [`VaultError::Passphrase`] when it is shorter than [`SHORTEST_PASSWORD`].
    pub fn new(password: &str, entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        let header =
            PassphraseHeader { memory_mib: 46, passes: 1, lanes: 1, ..PassphraseHeader::new(entropy) };
        let digest = digest(password, &header)?;
        Ok(Self { header, digest })
    }

    /// Whether this is the password. Takes as long whether it is or not.
    pub fn is(&self, password: &str) -> bool {
        let found = digest(password, &self.header);
        found.is_ok_and(|found| blake3::hash(found.as_bytes()) == blake3::hash(self.digest.as_bytes()))
    }
}

/// What stands in the register can open nothing else: it is digested once more, under a name of its own.
fn digest(password: &str, header: &PassphraseHeader) -> Result<String, VaultError> {
    let key = RootKey::from_passphrase(password, header)?;
    Ok(blake3::derive_key("cartulary/v1/password", key.secret().expose())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// The second factor: what a telephone and the register both know. Codes are those of [RFC 6238] with SHA-1, six digits and
/// 30 seconds, which every telephone's programme can.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSecret(String);

impl CodeSecret {
    /// Draws a new one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; SECRET];
        entropy.fill(&mut bytes);
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The secret as a person types it into a telephone.
    pub fn text(&self) -> String {
        self.totp().secret().to_base32()
    }

    /// The step of the code, if it is one of now: 30 seconds early or late are let pass. A step must not be let in twice.
    pub fn step(&self, code: &str, now_s: u64) -> Option<u64> {
        let digits: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        let is_code = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit());
        is_code.then(|| self.totp().check(&digits, now_s)).flatten()
    }

    /// The code of now, for tests and the demo.
    pub fn code(&self, now_s: u64) -> String {
        self.totp().generate(now_s).to_string()
    }

    fn totp(&self) -> Totp {
        let bytes = hex::read(&self.0).unwrap_or_default();
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP)
            .with_secret(Secret::from(bytes))
            .build_noncompliant()
    }
}

impl std::fmt::Debug for CodeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;
    impl Entropy for Sevens {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn the_password_opens_and_another_does_not() {
        let kept = Password::new("correct horse battery", &mut Sevens).unwrap();
        assert!(kept.is("correct horse battery"));
        assert!(!kept.is("correct horse battery!"));
        assert!(!kept.is("short"));
        assert!(Password::new("eleven char", &mut Sevens).is_err());
        let read: Password = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        assert!(read.is("correct horse battery"));
    }

    /// [RFC 6238, appendix B], the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let text: String = b"12345678901234567890".iter().map(|byte| format!("{byte:02x}")).collect();
        let secret = CodeSecret(text);
        assert_eq!(secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (now, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(secret.step(code, now), Some(now / 30), "{now}");
            assert_eq!(secret.step(code, now + 30), Some(now / 30));
            assert_eq!(secret.step(code, now + 90), None);
            assert_eq!(secret.code(now), code);
        }
        for bad in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(secret.step(bad, 59), None, "{bad}");
        }
        assert_eq!(secret.step(" 287 082 ", 59), Some(1));
    }
}
