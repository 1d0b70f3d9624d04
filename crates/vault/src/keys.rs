//! The keys of a register, made of its root key.

use crate::{
    CaseKey, Context, RootKey, Signature, VaultError, WrappedKey, derive, seal, secret::Secret, sign,
    wrapped::Purpose,
};
use cartulary_model::{CaseId, Entropy};
use zeroize::Zeroizing;

/// The keys of a register.
///
/// Two layers: the root key, which can be exchanged, wraps; the register's seed and the keys of the cases, which stay,
/// do the work. So a new root key needs no document sealed again, no search token made anew, no signature renewed.
#[derive(Clone, Debug)]
pub struct Keys {
    wrapping: Wrapping,
    older: Vec<Wrapping>,
    check: [u8; 16],
    seed: Secret,
    index: Secret,
    signing: Secret,
    sessions: Secret,
    exports: Secret,
    register: Secret,
}

/// What a root key wraps with.
#[derive(Clone, Debug)]
struct Wrapping {
    version: u32,
    key: Secret,
}

impl Wrapping {
    fn of(root: &RootKey, version: u32) -> Self {
        Self { version, key: derive::versioned(root.secret(), derive::WRAPPING, version) }
    }
}

impl Keys {
    /// Makes the keys of a new register: draws its seed, to be stored wrapped beside the register.
    pub fn create(root: &RootKey, version: u32, entropy: &mut dyn Entropy) -> (Self, WrappedKey) {
        Self::around(root, version, Secret::random(entropy), entropy)
    }

    /// Opens the keys of a register with its wrapped seed.
    ///
    /// # Errors
    ///
    /// [`VaultError::WrongKey`] when this root key did not wrap the seed.
    pub fn open(root: &RootKey, seed: &WrappedKey) -> Result<Self, VaultError> {
        let version = seed.version();
        let wrapping = Wrapping::of(root, version);
        let seed = seed.open(&wrapping.key, Purpose::Seed).ok_or(VaultError::WrongKey { version })?;
        Ok(Self::of(root, wrapping, seed))
    }

    /// The same register under a new root key: keys to go on with, and the wrapped seed to store.
    ///
    /// Every [`WrappedKey`] must then go through [`rewrap`](Self::rewrap); until the last has, both root keys are
    /// needed ([`with_older`](Self::with_older)).
    pub fn rotate(&self, root: &RootKey, version: u32, entropy: &mut dyn Entropy) -> (Self, WrappedKey) {
        Self::around(root, version, self.seed.clone(), entropy)
    }

    /// Also unwraps what an older root key wrapped, while a rotation is under way.
    #[must_use]
    pub fn with_older(mut self, root: &RootKey, version: u32) -> Self {
        self.older.push(Wrapping::of(root, version));
        self
    }

    /// The version of the root key that wraps.
    pub const fn version(&self) -> u32 {
        self.wrapping.version
    }

    /// Sixteen bytes that stand for root key and version and give away neither: stored, they tell a wrong root key
    /// before anything is touched.
    pub const fn check_value(&self) -> [u8; 16] {
        self.check
    }

    /// Draws the key of a new case.
    pub fn new_case_key(&self, case: CaseId, entropy: &mut dyn Entropy) -> (CaseKey, WrappedKey) {
        let key = Secret::random(entropy);
        (CaseKey::of(case, &key), self.wrap(case, &key, entropy))
    }

    /// The key of a case.
    ///
    /// # Errors
    ///
    /// [`VaultError::OtherVersion`] when it is wrapped under a root key that was not given; [`VaultError::Damaged`] when
    /// it was changed, or is the key of another case.
    pub fn unwrap(&self, case: CaseId, wrapped: &WrappedKey) -> Result<CaseKey, VaultError> {
        Ok(CaseKey::of(case, &self.key_of(case, wrapped)?))
    }

    /// Wraps the key of a case anew under the root key of `new`.
    ///
    /// What already stands under it is given back as it is, so that an interrupted rotation is simply run again.
    ///
    /// # Errors
    ///
    /// As [`unwrap`](Self::unwrap).
    pub fn rewrap(
        &self,
        new: &Self,
        case: CaseId,
        wrapped: &WrappedKey,
        entropy: &mut dyn Entropy,
    ) -> Result<WrappedKey, VaultError> {
        if wrapped.version() == new.version() {
            return new.key_of(case, wrapped).map(|_| wrapped.clone());
        }
        Ok(new.wrap(case, &self.key_of(case, wrapped)?, entropy))
    }

    /// A token to search by: equal for equal texts in the same space, and nothing else can be learned from it without
    /// the keys.
    pub fn token(&self, space: &str, text: &str) -> [u8; 16] {
        half(&keyed(&self.index, space, text.as_bytes()))
    }

    /// What a session's or upload link's secret token is stored as.
    pub fn session_digest(&self, token: &[u8]) -> [u8; 32] {
        keyed(&self.sessions, "session", token)
    }

    /// A pseudonym for what leaves the house. Spaces (a recipient, a study) cannot be linked with each other.
    pub fn pseudonym(&self, space: &str, text: &str) -> [u8; 16] {
        half(&keyed(&self.exports, space, text.as_bytes()))
    }

    /// Signs a checkpoint.
    pub fn sign(&self, message: &[u8]) -> Signature {
        sign::sign(&self.signing, message)
    }

    /// The public key that [`verify`](crate::verify) asks for.
    pub fn verify_key(&self) -> [u8; 32] {
        sign::verify_key(&self.signing)
    }

    /// Seals what belongs to no case, such as a staff member's second factor.
    pub fn seal(&self, context: &Context<'_>, plain: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        seal::seal(&self.register, b"", context, plain, entropy)
    }

    /// Opens what [`seal`](Self::seal) made in the same context.
    ///
    /// # Errors
    ///
    /// [`VaultError::Damaged`] when a bit was changed, or when it comes from another place.
    pub fn open_sealed(
        &self,
        context: &Context<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        seal::open(&self.register, b"", context, sealed)
    }

    fn around(root: &RootKey, version: u32, seed: Secret, entropy: &mut dyn Entropy) -> (Self, WrappedKey) {
        let wrapping = Wrapping::of(root, version);
        let wrapped = WrappedKey::wrap(&wrapping.key, version, Purpose::Seed, &seed, entropy);
        (Self::of(root, wrapping, seed), wrapped)
    }

    fn of(root: &RootKey, wrapping: Wrapping, seed: Secret) -> Self {
        let check = derive::versioned(root.secret(), derive::CHECK, wrapping.version);
        Self {
            check: half(check.expose()),
            older: Vec::new(),
            index: derive::key(&seed, derive::INDEX),
            signing: derive::key(&seed, derive::SIGNING),
            sessions: derive::key(&seed, derive::SESSIONS),
            exports: derive::key(&seed, derive::EXPORTS),
            register: derive::key(&seed, derive::REGISTER),
            wrapping,
            seed,
        }
    }

    fn wrap(&self, case: CaseId, key: &Secret, entropy: &mut dyn Entropy) -> WrappedKey {
        WrappedKey::wrap(&self.wrapping.key, self.version(), Purpose::Case(*case.bytes()), key, entropy)
    }

    fn key_of(&self, case: CaseId, wrapped: &WrappedKey) -> Result<Secret, VaultError> {
        let wanted = wrapped.version();
        let wrapping = std::iter::once(&self.wrapping)
            .chain(&self.older)
            .find(|wrapping| wrapping.version == wanted)
            .ok_or(VaultError::OtherVersion { wanted, given: self.version() })?;
        wrapped
            .open(&wrapping.key, Purpose::Case(*case.bytes()))
            .ok_or_else(|| VaultError::Damaged { what: format!("the key of case {case}") })
    }
}

/// A keyed hash of a text in a space; the length of the space stands before it.
fn keyed(key: &Secret, space: &str, text: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key.expose());
    hasher.update(&(space.len() as u64).to_be_bytes());
    hasher.update(space.as_bytes());
    hasher.update(text);
    *hasher.finalize().as_bytes()
}

fn half(bytes: &[u8; 32]) -> [u8; 16] {
    std::array::from_fn(|at| bytes[at])
}
