//! Places at which a test stops the whole programme dead, as a power cut would.
//!
//! Off unless armed, which only tests do, and the binary in a build for tests, on the word of whoever tests it. Each place
//! is before or after something becomes durable, so stopping at all of them visits every state that a crash can leave.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

/// The places of this crate.
pub const POINTS: &[&str] = &[
    "init.begun",
    "init.tables_made",
    "init.key_tables_made",
    "init.seed_written",
    "init.id_written",
    "init.note_written",
    "init.note_renamed",
    "append.prepared",
    "append.keys_before_commit",
    "append.keys_committed",
    "append.begun",
    "append.decided",
    "append.entries_written",
    "append.projections_written",
    "append.jobs_written",
    "append.access_written",
    "append.checkpoint_written",
    "append.before_commit",
    "append.committed",
    "append.answered",
    "witness.before_write",
    "witness.written",
    "witness.synced",
    "job.before_claim",
    "job.claimed",
    "job.before_finish",
    "job.finished",
    "job.failed",
    "erase.ordered",
    "erase.before_destroy",
    "erase.destroyed",
    "erase.wiped",
    "erase.done",
    "rotate.seed_written",
    "rotate.before_commit",
    "rotate.committed",
    "rotate.wiped",
    "rotate.before_last",
    "rotate.done",
    "rebuild.before_commit",
    "rebuild.committed",
    "copy.begun",
    "copy.done",
];

struct Armed {
    point: String,
    left: AtomicU32,
    then: fn(),
}

static ARMED: OnceLock<Armed> = OnceLock::new();

/// Stops the programme when it passes this point for the `time`-th time, the first being 1. Works once a programme.
pub fn arm(point: impl Into<String>, time: u32) {
    // No destructor runs and nothing is flushed.
    arm_with(point, time, || std::process::abort());
}

/// The same with another end: `then` is called where the programme would be stopped.
pub fn arm_with(point: impl Into<String>, time: u32, then: fn()) {
    let _ = ARMED.set(Armed { point: point.into(), left: AtomicU32::new(time), then });
}

/// Passes a point. Crates above this one have points of their own.
pub fn pass(point: &'static str) {
    let Some(armed) = ARMED.get() else { return };
    if armed.point == point && armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
        (armed.then)();
    }
}
