//! The hashes that hold the register together. Whoever changes, drops, adds or moves anything breaks one of them.
//!
//! ```text
//! case A   hash 1 ── hash 2 ─────────── hash 3        an entry's hash holds the one before it in its case
//! case B                    ── hash 1 ─
//! register chain 1 ─ chain 2 ─ chain 3 ─ chain 4      a chain holds the one before it in the register
//! checkpoint                     n = 1, signed        a checkpoint holds a chain, the access log, and the one before it
//! ```

use cartulary_model::{ActorId, CaseId, Instant};

/// A hash of 32 bytes.
pub(crate) type Hash = [u8; 32];

/// What stands before the first of a chain.
pub(crate) const START: Hash = [0; 32];

/// The parts of an entry that its hash holds.
pub(crate) struct Sealed<'a> {
    pub(crate) case: CaseId,
    pub(crate) seq: u64,
    pub(crate) kind: &'a str,
    pub(crate) at: Instant,
    pub(crate) actor: ActorId,
    pub(crate) body: &'a [u8],
    pub(crate) once: Option<&'a [u8]>,
}

/// The hash of an entry after the one with the hash `prev` in its case.
pub(crate) fn entry(prev: &Hash, entry: &Sealed<'_>) -> Hash {
    let mut of = Hasher::of("entry");
    of.part(entry.case.bytes());
    of.part(&entry.seq.to_be_bytes());
    of.part(entry.kind.as_bytes());
    of.part(&entry.at.micros().to_be_bytes());
    of.part(entry.actor.bytes());
    of.part(entry.body);
    of.part(prev);
    of.maybe(entry.once);
    of.end()
}

/// The chain of the register after an entry with this hash at place `pos`, appended in the act that began at `act`.
pub(crate) fn chain(before: &Hash, pos: i64, act: i64, hash: &Hash) -> Hash {
    let mut of = Hasher::of("chain");
    of.part(before);
    of.part(&pos.to_be_bytes());
    of.part(&act.to_be_bytes());
    of.part(hash);
    of.end()
}

/// The hash of a row of the access log after the one with the hash `prev`.
pub(crate) fn access(
    prev: &Hash,
    pos: i64,
    at: Instant,
    actor: ActorId,
    case: Option<CaseId>,
    what: &str,
) -> Hash {
    let mut of = Hasher::of("access");
    of.part(prev);
    of.part(&pos.to_be_bytes());
    of.part(&at.micros().to_be_bytes());
    of.part(actor.bytes());
    of.maybe(case.as_ref().map(|case| case.bytes().as_slice()));
    of.part(what.as_bytes());
    of.end()
}

/// The digest of any parts under a name.
pub(crate) fn digest(name: &str, parts: &[&[u8]]) -> Hash {
    let mut of = Hasher::of(name);
    parts.iter().for_each(|part| of.part(part));
    of.end()
}

/// Each part with its length before it, so that no two lists of parts have the same bytes. They are gathered and hashed in
/// one go: many small pieces would cost more than what is in them.
struct Hasher(Vec<u8>);

impl Hasher {
    fn of(name: &str) -> Self {
        let mut hasher = Self(Vec::with_capacity(1_024));
        hasher.part(b"cartulary/register/v1");
        hasher.part(name.as_bytes());
        hasher
    }

    fn part(&mut self, part: &[u8]) {
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
    }

    fn maybe(&mut self, part: Option<&[u8]>) {
        self.part(&[u8::from(part.is_some())]);
        self.part(part.unwrap_or_default());
    }

    fn end(self) -> Hash {
        *blake3::hash(&self.0).as_bytes()
    }
}
