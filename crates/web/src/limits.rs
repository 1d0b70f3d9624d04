//! Too many tries: of one account, of one address. Kept in memory; a restart forgets it, and slows nobody down for good.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Limit {
    /// Signing in, by account.
    Account,
    /// Signing in, by address.
    SignIn,
    /// Sending papers, by address.
    Send,
    /// Links that open nothing, by address.
    Link,
}

impl Limit {
    /// So many within so many seconds.
    const fn of(self) -> (u32, u64) {
        match self {
            Self::Account => (8, 900),
            Self::SignIn => (40, 900),
            Self::Send => (120, 3_600),
            Self::Link => (60, 900),
        }
    }
}

/// Addresses and accounts remembered at a time; more, and the ones that begin anew are let go.
const REMEMBERED: usize = 20_000;

/// Counts of tries.
pub(crate) struct Limits(Mutex<HashMap<(Limit, String), (u64, u32)>>);

impl Limits {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    /// Counts a try; false: one too many. `who` is an address, or a digest of a login.
    pub(crate) fn let_in(&self, limit: Limit, who: &str, now_s: u64) -> bool {
        let (most, within) = limit.of();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= REMEMBERED {
            counts.retain(|(limit, _), (begun, _)| now_s < *begun + limit.of().1);
        }
        let (begun, count) = counts.entry((limit, who.to_owned())).or_insert((now_s, 0));
        if now_s >= *begun + within {
            (*begun, *count) = (now_s, 0);
        }
        *count += 1;
        *count <= most
    }

    /// Forgets the tries of somebody who got in.
    pub(crate) fn forget(&self, limit: Limit, who: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(limit, who.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ninth_try_waits_and_time_lets_in_again() {
        let limits = Limits::new();
        for _ in 0..8 {
            assert!(limits.let_in(Limit::Account, "a", 100));
        }
        assert!(!limits.let_in(Limit::Account, "a", 999));
        assert!(limits.let_in(Limit::Account, "b", 999));
        assert!(limits.let_in(Limit::Account, "a", 1_000));
        limits.forget(Limit::Account, "b");
        assert!((0..8).all(|_| limits.let_in(Limit::Account, "b", 1_001)));
    }
}
