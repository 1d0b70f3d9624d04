//! The process that forks a child for each document.
//!
//! It has loaded what reading needs, has one thread at work, and has seen no byte of a stranger: the document and the order
//! to read it pass through it as descriptors that it does not open. So a child inherits nothing of another document.

use crate::frame::{self, FRAME_BYTES};
use crate::limits::Limits;
use crate::linux::{door, lock};
use crate::wire::kind;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{SeekFrom, seek};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::{Pid, PidfdFlags, WaitOptions, WaitStatus, pidfd_open, waitpid};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

/// The child could not lock itself in; its last frame says why.
pub(crate) const EXIT_UNLOCKED: i32 = 91;
/// The child could not read its order or its input.
const EXIT_NO_INPUT: i32 = 92;

/// What the children do.
pub trait Work {
    /// Loads what reading needs, in the zygote, before the first child and again whenever more is needed.
    ///
    /// Threads that it starts must sleep when it returns, and no child may need them. It must be quick when nothing
    /// is left to load.
    fn prepare(&mut self, heavy: bool);

    /// Does the work, in a child that is locked in.
    fn run(&mut self, order: &[u8], input: Vec<u8>, outlet: &Outlet);
}

/// What the parent tells the zygote of a child that it wants.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Summons {
    pub(crate) limits: Limits,
    /// Whether everything must be loaded that text recognition needs.
    pub(crate) heavy: bool,
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Notice {
    /// It runs, under this process number; its pidfd comes with this.
    Runs(i32),
    /// It has ended, with this status of `wait`.
    Ended(i32),
    /// It could not be forked, with this error number.
    NotForked(i32),
    /// So many other threads of the zygote are at work, and a fork would lose what they hold.
    Threads(usize),
}

/// Where a child puts its answer.
pub struct Outlet {
    pipe: Mutex<File>,
}

impl Outlet {
    /// Sends a frame. A child to which nobody listens ends.
    pub fn send(&self, kind: u8, body: &[u8]) {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = frame::encode(kind, body);
        if body.len() > FRAME_BYTES || pipe.write_all(&whole).is_err() {
            leave(1);
        }
    }

    /// Sends bytes that are no frame; for tests of the parent.
    pub fn send_raw(&self, bytes: &[u8]) {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        if pipe.write_all(bytes).is_err() {
            leave(1);
        }
    }

    /// Ends the process at once, with a good status.
    pub fn finish(&self) -> ! {
        leave(0)
    }
}

/// Runs as the zygote: its standard input is the socket to the parent. Returns when the parent is gone.
pub fn serve(mut work: impl Work) -> ExitCode {
    let control = std::io::stdin();
    enter(control.as_fd());
    work.prepare(false);
    let mut children: Vec<Child> = Vec::new();
    loop {
        let mut polled = vec![PollFd::from_borrowed_fd(control.as_fd(), PollFlags::IN)];
        polled.extend(children.iter().map(|child| PollFd::new(&child.pidfd, PollFlags::IN)));
        match poll(&mut polled, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return ExitCode::FAILURE,
        }
        let called = !polled[0].revents().is_empty();
        let ended: Vec<bool> = polled[1..].iter().map(|child| !child.revents().is_empty()).collect();
        drop(polled);
        let mut ended = ended.into_iter();
        children.retain(|child| !ended.next().unwrap_or(false) || !child.has_ended());
        if called && !answer(control.as_fd(), &mut work, &mut children) {
            // Children die with the zygote: each asked the kernel for it.
            return ExitCode::SUCCESS;
        }
    }
}

/// A child, seen from the zygote.
struct Child {
    pid: Pid,
    pidfd: OwnedFd,
    /// Where the parent waits for news of this child.
    status: OwnedFd,
}

impl Child {
    /// Tells the parent how the child ended, if it has.
    fn has_ended(&self) -> bool {
        let Ok(Some((_, status))) = waitpid(Some(self.pid), WaitOptions::NOHANG) else { return false };
        tell(&self.status, Notice::Ended(WaitStatus::as_raw(status)), &[]);
        true
    }
}

/// Leaves behind what a zygote has no use for.
fn enter(control: BorrowedFd<'_>) {
    std::panic::set_hook(Box::new(|_| {}));
    close_above(control, 3);
    // Where memory runs out, the kernel is to end a child and not another programme.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    let _ = rustix::thread::set_no_new_privs(true);
}

/// Answers one call of the parent; false when it is gone.
fn answer(control: BorrowedFd<'_>, work: &mut impl Work, children: &mut Vec<Child>) -> bool {
    let Ok((message, descriptors)) = door::receive(control) else { return false };
    if message.is_empty() {
        return false;
    }
    let Ok([status, order, input, pipe]) = <[OwnedFd; 4]>::try_from(descriptors) else { return false };
    let Ok(summons) = serde_json::from_slice::<Summons>(&message) else { return false };
    work.prepare(summons.heavy);
    let awake = awake();
    if awake != 0 {
        tell(&status, Notice::Threads(awake), &[]);
        return true;
    }
    let zygote = rustix::process::getpid();
    match fork() {
        Err(error) => tell(&status, Notice::NotForked(error.raw_os_error()), &[]),
        Ok(None) => inside(work, zygote, &summons.limits, &order, &input, &pipe),
        Ok(Some(pid)) => match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(pidfd) => {
                tell(&status, Notice::Runs(pid.as_raw_nonzero().get()), &[pidfd.as_fd()]);
                children.push(Child { pid, pidfd, status });
            }
            Err(error) => {
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
                let _ = waitpid(Some(pid), WaitOptions::empty());
                tell(&status, Notice::NotForked(error.raw_os_error()), &[]);
            }
        },
    }
    true
}

/// The parent may have lost interest, so a failure to tell it is none.
fn tell(status: &OwnedFd, notice: Notice, descriptors: &[BorrowedFd<'_>]) {
    if let Ok(message) = serde_json::to_vec(&notice) {
        let _ = door::send(status.as_fd(), &message, descriptors);
    }
}

/// How many other threads are awake, after waiting a moment for them to fall asleep.
///
/// A library that loads networks may leave a pool of threads behind. Asleep they hold no lock that a child would miss.
fn awake() -> usize {
    let own = rustix::thread::gettid().as_raw_nonzero().to_string();
    let count = || {
        let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        let others = tasks.filter(|task| task.file_name().to_str() != Some(&own));
        others.filter(|task| !is_asleep(&task.path().join("stat"))).count()
    };
    for _ in 0..200 {
        if count() == 0 {
            return 0;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    count()
}

/// Whether the thread of this file in `/proc` sleeps, or is gone. Its state follows its name, which is in brackets.
fn is_asleep(stat: &std::path::Path) -> bool {
    let Ok(stat) = std::fs::read_to_string(stat) else { return true };
    stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('S'))
}

#[expect(unsafe_code, reason = "no safe library forks")]
fn fork() -> Result<Option<Pid>, Errno> {
    // SAFETY: no other thread is awake, as was just seen, so none holds a lock that it could not release in the child.
    let pid = unsafe { libc::fork() };
    if pid < 0 {
        let number = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EAGAIN);
        return Err(Errno::from_raw_os_error(number));
    }
    Ok(Pid::from_raw(pid))
}

/// The life of a child: takes its three descriptors, locks itself in, works, ends.
fn inside(
    work: &mut impl Work,
    zygote: Pid,
    limits: &Limits,
    order: &OwnedFd,
    input: &OwnedFd,
    pipe: &OwnedFd,
) -> ! {
    let (Some(order), Some(input)) = (whole(order), furnish(input, pipe)) else { leave(EXIT_NO_INPUT) };
    let outlet = Outlet { pipe: Mutex::new(adopt(1)) };
    if let Err(lock::Unlockable(why)) = lock::shut(zygote, limits) {
        outlet.send(kind::UNLOCKABLE, why.as_bytes());
        leave(EXIT_UNLOCKED);
    }
    outlet.send(kind::LOCKED, &[]);
    let mut bytes = Vec::new();
    // Bounded, because reading to the end of a plain file asks for its size with a call that is gone.
    if input.take(u64::MAX).read_to_end(&mut bytes).is_err() {
        leave(EXIT_NO_INPUT);
    }
    work.run(&order, bytes, &outlet);
    leave(0)
}

/// Puts the input on descriptor 0 and the pipe on 1 and, for the last words of a runtime, on 2; closes all others.
fn furnish(input: &OwnedFd, pipe: &OwnedFd) -> Option<File> {
    seek(input, SeekFrom::Start(0)).ok()?;
    rustix::stdio::dup2_stdin(input).ok()?;
    rustix::stdio::dup2_stdout(pipe).ok()?;
    rustix::stdio::dup2_stderr(pipe).ok()?;
    close_above(std::io::stdin().as_fd(), 3);
    Some(adopt(0))
}

/// The order was written by the parent, not by a stranger; it is still not understood here.
fn whole(order: &OwnedFd) -> Option<Vec<u8>> {
    seek(order, SeekFrom::Start(0)).ok()?;
    let mut bytes = Vec::new();
    File::from(order.try_clone().ok()?).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[expect(unsafe_code, reason = "descriptors 0 and 1 were put in place by number")]
fn adopt(descriptor: i32) -> File {
    // SAFETY: `furnish` has opened it, and nothing else of this process closes it: the process ends without unwinding.
    unsafe { File::from_raw_fd(descriptor) }
}

/// Closes every descriptor from this number on; those of Rust are gone with the process that does this.
fn close_above(_kept: BorrowedFd<'_>, first: u32) {
    #[expect(unsafe_code, reason = "closing by number what was inherited by number")]
    // SAFETY: the callers are a zygote that has opened nothing yet and a child that never touches again what its
    // zygote had open: it ends by `leave`, so that no owner closes a number twice.
    let closed =
        retry_on_intr(|| match unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) } {
            0 => Ok(()),
            _ => Err(Errno::NOSYS),
        });
    if closed.is_err() {
        leave(EXIT_NO_INPUT);
    }
}

/// Ends the process without destructors: what they would do is not this process's to do.
fn leave(status: i32) -> ! {
    #[expect(unsafe_code, reason = "the library's exit runs what the zygote registered")]
    // SAFETY: _exit takes a number and does not return.
    unsafe {
        libc::_exit(status)
    }
}
