//! Tests of the box, with children that misbehave in every way we could think of.
//!
//! They need Landlock and seccomp. Where a machine has none they fail and say so: a box that was not tried must not
//! look like one that holds.

#[cfg(target_os = "linux")]
mod bombs;
#[cfg(target_os = "linux")]
mod escape;
#[cfg(target_os = "linux")]
#[path = "../../../reading/tests/support/hostile.rs"]
#[expect(dead_code, reason = "the test of `reading` asks more of the same files")]
mod hostile;
#[cfg(target_os = "linux")]
mod hostile_answers;
#[cfg(target_os = "linux")]
mod misbehaviour;
#[cfg(target_os = "linux")]
mod reading;
#[cfg(target_os = "linux")]
mod support;
