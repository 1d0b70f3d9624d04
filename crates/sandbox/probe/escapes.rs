//! Ways out of the box. Each tries what a child that was taken over would try, and says whether it worked.

#![expect(unsafe_code, reason = "an attacker calls the kernel directly")]

use libc::{c_int, c_long, c_void};
use std::ffi::CStr;
use std::io::{Error, Result};
use std::ptr::{null, null_mut};

type Escape = fn() -> Result<()>;

/// All of them, by name.
pub(crate) const ESCAPES: &[(&str, Escape)] = &[
    ("open a file", || open(c"/etc/hostname", libc::O_RDONLY)),
    ("open a file by openat2", openat2),
    ("read the list of users", || open(c"/etc/passwd", libc::O_RDONLY)),
    ("read the environment", || open(c"/proc/self/environ", libc::O_RDONLY)),
    ("read the memory of itself", || open(c"/proc/self/mem", libc::O_RDWR)),
    ("list a folder", || open(c"/", libc::O_RDONLY | libc::O_DIRECTORY)),
    ("look at a file", || call(libc::SYS_newfstatat, &[at(), text(c"/etc/passwd"), room(), 0])),
    ("write a file", || open(c"/dev/null", libc::O_WRONLY)),
    ("make a file", || absent(open(c"/no-such-folder/file", libc::O_WRONLY | libc::O_CREAT))),
    ("make a folder", || absent(call(libc::SYS_mkdirat, &[at(), text(c"/no-such-folder/f"), 0o700]))),
    ("remove a file", || absent(call(libc::SYS_unlinkat, &[at(), text(c"/no-such-file"), 0]))),
    ("rename a file", || {
        absent(call(libc::SYS_renameat2, &[at(), text(c"/no-such-1"), at(), text(c"/no-such-2"), 0]))
    }),
    ("link a file", || absent(call(libc::SYS_symlinkat, &[text(c"x"), at(), text(c"/no-such-folder/link")]))),
    ("change a mode", || absent(call(libc::SYS_fchmodat, &[at(), text(c"/no-such-file"), 0o777]))),
    ("connect by TCP", || connect(libc::AF_INET, libc::SOCK_STREAM)),
    ("connect by TCP over IPv6", || socket(libc::AF_INET6, libc::SOCK_STREAM)),
    ("send by UDP", || connect(libc::AF_INET, libc::SOCK_DGRAM)),
    ("connect to a local socket", || socket(libc::AF_UNIX, libc::SOCK_STREAM)),
    ("make a raw socket", || socket(libc::AF_NETLINK, libc::SOCK_RAW)),
    ("listen", listen),
    ("make a pair of sockets", || call(libc::SYS_socketpair, &[libc::AF_UNIX as c_long, 1, 0, room()])),
    ("fork", || fork(libc::SIGCHLD as c_long)),
    ("fork with its memory shared", || fork((libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD) as c_long)),
    ("fork by clone3", clone3),
    ("make a thread in a new namespace", || fork((libc::CLONE_NEWUSER | libc::SIGCHLD) as c_long)),
    ("run a programme", || run(c"/bin/true")),
    ("run a programme from memory", run_from_memory),
    ("make memory to run", || memory(libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC)),
    ("turn memory into a programme", executable),
    ("make a file in memory", || call(libc::SYS_memfd_create, &[text(c"x"), 0])),
    ("trace its parent", || attach(parent())),
    ("let itself be traced", || call(libc::SYS_ptrace, &[0, 0, 0, 0])),
    ("end its parent", || call(libc::SYS_kill, &[parent(), 0])),
    ("end its parent by a thread", || call(libc::SYS_tgkill, &[parent(), parent(), 0])),
    ("signal everyone", || call(libc::SYS_kill, &[-1, 0])),
    ("open its parent", || call(libc::SYS_pidfd_open, &[parent(), 0])),
    ("read the memory of its parent", || vm(libc::SYS_process_vm_readv)),
    ("write the memory of its parent", || vm(libc::SYS_process_vm_writev)),
    ("set up io_uring", || {
        let mut parameters = [0_u8; 256];
        call(libc::SYS_io_uring_setup, &[1, parameters.as_mut_ptr() as c_long])
    }),
    ("load a BPF programme", || given(call(libc::SYS_bpf, &[0, room(), 72]))),
    ("count events", || given(call(libc::SYS_perf_event_open, &[room(), 0, -1, -1, 0]))),
    ("handle page faults", || given(call(libc::SYS_userfaultfd, &[1]))),
    ("mount", || given(call(libc::SYS_mount, &[text(c"none"), text(c"/no-such"), text(c"tmpfs"), 0, 0]))),
    ("leave its namespaces", || call(libc::SYS_unshare, &[libc::CLONE_FS as c_long])),
    ("enter a namespace", || given(call(libc::SYS_setns, &[0, 0]))),
    ("become someone else", || call(libc::SYS_setuid, &[own_user()])),
    ("change its root", || call(libc::SYS_chroot, &[text(c"/")])),
    ("read keys", || given(call(libc::SYS_keyctl, &[0, -3, 0]))),
    ("open a file by its handle", || given(call(libc::SYS_open_by_handle_at, &[at(), room(), 0]))),
    ("make shared memory", || call(libc::SYS_shmget, &[0, 4096, 0o1600])),
    ("make a message queue", || call(libc::SYS_msgget, &[0, 0o1600])),
    ("let its memory be dumped", || call(libc::SYS_prctl, &[libc::PR_SET_DUMPABLE as c_long, 1])),
    ("outlive its parent", || call(libc::SYS_prctl, &[libc::PR_SET_PDEATHSIG as c_long, 0])),
    ("raise a limit", || {
        let more = libc::rlimit { rlim_cur: 4096, rlim_max: 4096 };
        call(libc::SYS_prlimit64, &[0, libc::RLIMIT_NOFILE as c_long, std::ptr::from_ref(&more) as c_long, 0])
    }),
    ("duplicate a descriptor", || call(libc::SYS_dup, &[0])),
    ("control a device", || given(call(libc::SYS_ioctl, &[0, libc::TIOCSTI as c_long, room()]))),
    ("receive a descriptor", || given(call(libc::SYS_recvmsg, &[0, room(), 0]))),
    ("load a module", || given(call(libc::SYS_finit_module, &[0, text(c""), 0]))),
    ("restart the machine with other magic", || given(call(libc::SYS_reboot, &[0, 0, 0]))),
    ("set the clock", || given(call(libc::SYS_clock_settime, &[9_999, room()]))),
    ("name the machine", || given(call(libc::SYS_sethostname, &[room(), -1]))),
];

/// The way out of this name.
pub(crate) fn find(name: &str) -> Option<Escape> {
    ESCAPES.iter().find(|(known, _)| *known == name).map(|(_, escape)| *escape)
}

/// The numbers below 1,024 that are open descriptors.
pub(crate) fn open_descriptors() -> Vec<c_int> {
    // SAFETY: F_GETFD takes a number and changes nothing.
    (0..1024).filter(|number| unsafe { libc::fcntl(*number, libc::F_GETFD) } != -1).collect()
}

fn call(number: c_long, arguments: &[c_long]) -> Result<()> {
    let [a, b, c, d, e, f] = std::array::from_fn(|index| arguments.get(index).copied().unwrap_or(0));
    // SAFETY: each probe gives numbers, or addresses of what outlives the call and is as large as the call expects.
    match unsafe { libc::syscall(number, a, b, c, d, e, f) } {
        -1 => Err(Error::last_os_error()),
        _ => Ok(()),
    }
}

/// A refusal of the arguments, which are wrong on purpose, shows that the kernel listened: the call is not blocked.
fn given(outcome: Result<()>) -> Result<()> {
    outcome.or_else(|error| match error.raw_os_error() {
        Some(libc::EACCES | libc::ENOSYS) => Err(error),
        _ => Ok(()),
    })
}

/// That the file does not exist shows the same.
fn absent(outcome: Result<()>) -> Result<()> {
    outcome.or_else(|error| if error.raw_os_error() == Some(libc::ENOENT) { Ok(()) } else { Err(error) })
}

fn text(text: &CStr) -> c_long {
    text.as_ptr() as c_long
}

/// Some bytes to write into or read from.
fn room() -> c_long {
    static ROOM: [std::sync::atomic::AtomicU8; 512] = [const { std::sync::atomic::AtomicU8::new(0) }; 512];
    ROOM.as_ptr() as c_long
}

fn at() -> c_long {
    c_long::from(libc::AT_FDCWD)
}

fn own_user() -> c_long {
    // SAFETY: it takes nothing and cannot fail.
    c_long::from(unsafe { libc::syscall(libc::SYS_getuid) } as i32)
}

fn parent() -> c_long {
    static PARENT: std::sync::OnceLock<c_long> = std::sync::OnceLock::new();
    // SAFETY: it takes nothing and cannot fail.
    *PARENT.get_or_init(|| unsafe { libc::syscall(libc::SYS_getppid) })
}

fn open(path: &CStr, flags: c_int) -> Result<()> {
    call(libc::SYS_openat, &[at(), text(path), c_long::from(flags), 0o600])
}

fn openat2() -> Result<()> {
    let how = [0_u64; 3];
    call(libc::SYS_openat2, &[at(), text(c"/etc/passwd"), how.as_ptr() as c_long, 24])
}

fn socket(family: c_int, kind: c_int) -> Result<()> {
    call(libc::SYS_socket, &[c_long::from(family), c_long::from(kind), 0])
}

/// Connecting to a closed port of this machine: refused by the port, the way was open.
fn connect(family: c_int, kind: c_int) -> Result<()> {
    // SAFETY: numbers only.
    let socket = unsafe { libc::socket(family, kind, 0) };
    if socket < 0 {
        return Err(Error::last_os_error());
    }
    let mut address = [0_u8; 16];
    address[0] = libc::AF_INET as u8;
    address[2..8].copy_from_slice(&[0, 9, 127, 0, 0, 1]);
    let outcome = call(libc::SYS_connect, &[c_long::from(socket), address.as_ptr() as c_long, 16]);
    outcome
        .or_else(|error| if error.raw_os_error() == Some(libc::ECONNREFUSED) { Ok(()) } else { Err(error) })
}

fn listen() -> Result<()> {
    let socket = std::net::TcpListener::bind("127.0.0.1:0")?;
    drop(socket);
    Ok(())
}

fn fork(flags: c_long) -> Result<()> {
    // SAFETY: the copy does nothing but end; with shared memory its parent waits for that.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    match pid {
        // SAFETY: ends the copy.
        0 => unsafe { libc::_exit(0) },
        -1 => Err(Error::last_os_error()),
        _ => Ok(()),
    }
}

fn clone3() -> Result<()> {
    let mut arguments = [0_u64; 11];
    arguments[4] = libc::SIGCHLD as u64;
    // SAFETY: the copy does nothing but end.
    match unsafe { libc::syscall(libc::SYS_clone3, arguments.as_mut_ptr(), 88) } {
        // SAFETY: ends the copy.
        0 => unsafe { libc::_exit(0) },
        -1 => Err(Error::last_os_error()),
        _ => Ok(()),
    }
}

/// If it works, the programme takes this one's place and ends well.
fn run(path: &CStr) -> Result<()> {
    let arguments = [path.as_ptr(), null()];
    let none: [*const c_void; 1] = [null()];
    call(libc::SYS_execve, &[text(path), arguments.as_ptr() as c_long, none.as_ptr() as c_long])
}

fn run_from_memory() -> Result<()> {
    // SAFETY: a name and a number.
    let memory = unsafe { libc::memfd_create(c"programme".as_ptr(), 0) };
    if memory < 0 {
        return Err(Error::last_os_error());
    }
    let programme = std::fs::read("/bin/true")?;
    // SAFETY: the bytes outlive the call.
    unsafe { libc::write(memory, programme.as_ptr().cast(), programme.len()) };
    let none: [*const c_void; 1] = [null()];
    let empty = none.as_ptr() as c_long;
    call(
        libc::SYS_execveat,
        &[c_long::from(memory), text(c""), empty, empty, c_long::from(libc::AT_EMPTY_PATH)],
    )
}

fn memory(protection: c_int) -> Result<()> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping touches nothing that is there.
    let at = unsafe { libc::mmap(null_mut(), 4096, protection, flags, -1, 0) };
    if at == libc::MAP_FAILED { Err(Error::last_os_error()) } else { Ok(()) }
}

fn executable() -> Result<()> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping touches nothing that is there.
    let at = unsafe { libc::mmap(null_mut(), 4096, libc::PROT_READ, flags, -1, 0) };
    call(libc::SYS_mprotect, &[at as c_long, 4096, c_long::from(libc::PROT_READ | libc::PROT_EXEC)])
}

fn attach(pid: c_long) -> Result<()> {
    const SEIZE: c_long = 0x4206;
    call(libc::SYS_ptrace, &[SEIZE, pid, 0, 0])
}

/// Reads or writes no byte at no place, which is allowed to whoever may reach the process.
fn vm(number: c_long) -> Result<()> {
    call(number, &[parent(), 0, 0, 0, 0, 0])
}
