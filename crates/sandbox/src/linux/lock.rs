//! What a child gives up before it looks at the first byte of its document.

use crate::limits::Limits;
use crate::linux::calls;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, Ruleset, RulesetAttr,
    RulesetStatus, Scope,
};
use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, Signal, getppid, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit, setsid,
};
use std::fmt::Display;

/// The lock does not shut, and why.
#[derive(Debug)]
pub(crate) struct Unlockable(pub(crate) String);

fn failed<E: Display>(what: &'static str) -> impl FnOnce(E) -> Unlockable {
    move |error| Unlockable(format!("{what}: {error}"))
}

/// Locks the calling process and all threads that it will have. There is no way back.
///
/// The process must have one thread, no descriptor but those that it is to keep, and an empty environment.
pub(crate) fn shut(zygote: Pid, limits: &Limits) -> Result<(), Unlockable> {
    setsid().map_err(failed("setsid"))?;
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(failed("PR_SET_PDEATHSIG"))?;
    // The zygote may have died before the line above.
    if getppid() != Some(zygote) {
        return Err(Unlockable("the process that forked is gone".to_owned()));
    }
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(failed("PR_SET_DUMPABLE"))?;
    few_heaps(limits);
    limit(limits)?;
    rustix::thread::set_no_new_privs(true).map_err(failed("PR_SET_NO_NEW_PRIVS"))?;
    no_files_no_network()?;
    few_calls()
}

/// Each heap of the C library reserves up to 128 MiB of the address space that is about to be limited.
fn few_heaps(limits: &Limits) {
    #[cfg(target_env = "gnu")]
    {
        let heaps = i32::try_from(limits.heaps).unwrap_or(1);
        #[expect(unsafe_code, reason = "the C library's allocator has no other switch")]
        // SAFETY: mallopt takes two numbers and is called while the process has one thread.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, heaps);
        }
    }
    #[cfg(not(target_env = "gnu"))]
    let _ = limits;
}

fn limit(limits: &Limits) -> Result<(), Unlockable> {
    let all = [
        (Resource::As, limits.address_space),
        (Resource::Cpu, limits.processor_seconds),
        (Resource::Nofile, 8),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Memlock, 0),
        (Resource::Msgqueue, 0),
    ];
    for (resource, value) in all {
        let both = Rlimit { current: Some(value), maximum: Some(value) };
        setrlimit(resource, both).map_err(failed("setrlimit"))?;
    }
    Ok(())
}

/// Handles every right that Landlock knows and grants none. Below its fourth version it cannot forbid connections.
fn no_files_no_network() -> Result<(), Unlockable> {
    const BEST: ABI = ABI::V7;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(BEST))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(BEST)))
        .and_then(|rules| rules.scope(Scope::from_all(BEST)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(failed("Landlock"))?;
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. } if effective_abi >= ABI::V4 => {}
        LandlockStatus::Available { effective_abi, .. } => {
            return Err(Unlockable(format!("{effective_abi} is there, 4 is needed (Linux 6.7)")));
        }
        LandlockStatus::NotEnabled => {
            return Err(Unlockable("Landlock is not enabled in this kernel (`lsm=`)".to_owned()));
        }
        LandlockStatus::NotImplemented => {
            return Err(Unlockable("this kernel has no Landlock (Linux 6.7 is needed)".to_owned()));
        }
    }
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(Unlockable("Landlock is there and does not hold".to_owned()));
    }
    Ok(())
}

fn few_calls() -> Result<(), Unlockable> {
    let filters = calls::filters(std::process::id())
        .map_err(|error| Unlockable(format!("the list of system calls: {error}")))?;
    for filter in &filters {
        seccompiler::apply_filter_all_threads(filter).map_err(failed("seccomp"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::net::{TcpListener, TcpStream};

    /// The second wall, without the first: Landlock binds the thread that asks for it.
    #[test]
    fn landlock_alone_keeps_files_and_connections_away() {
        let open_port = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = open_port.local_addr().unwrap();
        assert!(std::fs::read("/proc/self/stat").is_ok() && TcpStream::connect(address).is_ok());
        let refused = std::thread::spawn(move || {
            no_files_no_network().unwrap();
            let kind = |outcome: std::io::Result<()>| outcome.map_err(|error| error.kind());
            [
                kind(std::fs::read("/proc/self/stat").map(drop)),
                kind(std::fs::read_dir("/").map(drop)),
                kind(std::fs::write("/dev/null", "x")),
                kind(TcpStream::connect(address).map(drop)),
                kind(TcpListener::bind("127.0.0.1:0").map(drop)),
            ]
        });
        assert_eq!(refused.join().unwrap(), [Err(ErrorKind::PermissionDenied); 5]);
    }
}
