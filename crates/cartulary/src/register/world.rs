//! The machine's clock and randomness, and who sits at it.

use cartulary_ledger::{Texts, World};
use cartulary_model::{ActorId, BlobId, Clock, Entropy, Instant};
use cartulary_vault::CaseKey;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::{
    future::Future,
    os::unix::fs::MetadataExt as _,
    pin::Pin,
    sync::{Arc, Mutex},
};

/// What the register takes from this machine.
pub(super) fn world(texts: Arc<dyn Texts>) -> World {
    World { clock: Arc::new(MachineClock), entropy: Arc::new(Mutex::new(MachineEntropy)), texts }
}

/// The texts where there is no vault.
pub(super) struct NoTexts;

impl Texts for NoTexts {
    fn text<'a>(
        &'a self,
        _: &'a CaseKey,
        reading: BlobId,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>> {
        Box::pin(async move { Err(format!("there is no vault that holds {reading}")) })
    }
}

/// The machine's clock.
pub(crate) struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "the binary reads the clock and hands the time on")]
    fn now(&self) -> Instant {
        Instant::from_micros(Timestamp::now().as_microsecond())
    }
}

/// The operating system's randomness.
pub(crate) struct MachineEntropy;

impl Entropy for MachineEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Nothing may ever be sealed with numbers that can be guessed.
            std::process::abort();
        }
    }
}

/// The day an instant is of, on this machine's calendar.
pub(crate) fn day_of(at: Instant) -> Date {
    let at = Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::system()).date()
}

/// Who runs the command: the user of this machine by number, as `00000000-0000-8000-8000-0000000003e8` for 1000. Accounts
/// of the staff come with the server.
pub(crate) fn operator() -> ActorId {
    user(std::fs::metadata("/proc/self").map_or(u32::MAX, |own| own.uid()))
}

/// A user of this machine by number, as somebody of the register.
pub(crate) fn user(user: u32) -> ActorId {
    let mut bytes = [0; 16];
    bytes[6] = 0x80;
    bytes[8] = 0x80;
    bytes[12..].copy_from_slice(&user.to_be_bytes());
    ActorId::from_uuid(uuid::Uuid::from_bytes(bytes))
}
