//! The system calls that are left to a locked process: to compute, to take memory, to read its input, to answer.
//!
//! Any other call ends the process at once; only to open a file is merely refused. None of those below names a file, a socket or another process.

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use std::collections::BTreeMap;

type Error = Box<dyn std::error::Error>;

/// Calls that are allowed whatever their arguments.
const FREE: &[c_long] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_close,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
];

/// What a C library asks of `clone` for a thread, and of nothing else: everything shared, no new namespace.
const THREAD: c_long = (libc::CLONE_VM
    | libc::CLONE_FS
    | libc::CLONE_FILES
    | libc::CLONE_SIGHAND
    | libc::CLONE_THREAD
    | libc::CLONE_SYSVSEM
    | libc::CLONE_SETTLS
    | libc::CLONE_PARENT_SETTID
    | libc::CLONE_CHILD_CLEARTID) as c_long;

/// musl adds a flag that the kernel ignores.
const DETACHED: c_long = libc::CLONE_DETACHED as c_long;

/// The filters of a process, in the order in which they are to be applied.
///
/// `clone3` hands its flags over in memory, where a filter cannot see them; told that it does not exist, a C library
/// uses `clone`, whose flags stand in a register. To open a file is refused and not punished: the standard library asks
/// a file how many processors it may use, and goes on without an answer.
pub(crate) fn filters(own_pid: u32) -> Result<[BpfProgram; 3], Error> {
    let answered = |call: c_long, error: i32| -> Result<BpfProgram, Error> {
        let only = BTreeMap::from([(call, Vec::new())]);
        let action = SeccompAction::Errno(error as u32);
        Ok(SeccompFilter::new(only, SeccompAction::Allow, action, arch()?)?.try_into()?)
    };
    let last =
        SeccompFilter::new(allowed(own_pid)?, SeccompAction::KillProcess, SeccompAction::Allow, arch()?)?;
    let no_files = answered(libc::SYS_openat, libc::EACCES)?;
    Ok([answered(libc::SYS_clone3, libc::ENOSYS)?, no_files, last.try_into()?])
}

fn arch() -> Result<seccompiler::TargetArch, Error> {
    Ok(std::env::consts::ARCH.try_into()?)
}

fn allowed(own_pid: u32) -> Result<BTreeMap<c_long, Vec<SeccompRule>>, Error> {
    let not_executable = || masked(2, libc::PROT_EXEC as u64, 0);
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> = FREE.iter().map(|call| (*call, Vec::new())).collect();
    // Answered with an error by the filters before.
    rules.insert(libc::SYS_clone3, Vec::new());
    rules.insert(libc::SYS_openat, Vec::new());
    rules.insert(libc::SYS_clone, vec![equal(0, THREAD as u64)?, equal(0, (THREAD | DETACHED) as u64)?]);
    rules.insert(libc::SYS_mmap, vec![not_executable()?]);
    rules.insert(libc::SYS_mprotect, vec![not_executable()?]);
    // abort() sends a signal to its own process.
    rules.insert(libc::SYS_tgkill, vec![equal(0, u64::from(own_pid))?]);
    // The standard library, built for debugging, asks before it closes.
    rules.insert(libc::SYS_fcntl, vec![equal(1, libc::F_GETFD as u64)?]);
    rules.insert(libc::SYS_prctl, vec![equal(0, libc::PR_SET_NAME as u64)?]);
    Ok(rules)
}

fn equal(argument: u8, value: u64) -> Result<SeccompRule, Error> {
    rule(argument, SeccompCmpOp::Eq, value)
}

fn masked(argument: u8, mask: u64, value: u64) -> Result<SeccompRule, Error> {
    rule(argument, SeccompCmpOp::MaskedEq(mask), value)
}

fn rule(argument: u8, how: SeccompCmpOp, value: u64) -> Result<SeccompRule, Error> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Qword, how, value)?;
    Ok(SeccompRule::new(vec![condition])?)
}
