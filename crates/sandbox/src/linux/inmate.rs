//! One child, seen from the parent: what it says, until when it may, and how it ended.

use crate::frame::{Frame, Stream};
use crate::linux::door;
use crate::linux::zygote::{EXIT_UNLOCKED, Notice};
use crate::wire::kind;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read, retry_on_intr};
use rustix::process::{Signal, pidfd_send_signal};
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// How long a child that was killed, or closed its pipe, may take to be gone.
const GRACE: Duration = Duration::from_secs(5);
const CHUNK: usize = 64 * 1024;

/// A child at work. Dropped, it is killed.
#[derive(Debug)]
pub struct Inmate {
    answer: OwnedFd,
    status: OwnedFd,
    handle: Option<OwnedFd>,
    pid: Option<i32>,
    stream: Stream,
    chunk: Vec<u8>,
    /// Whether it has locked itself in. From then on it is not believed that it cannot.
    locked: bool,
    unlockable: Option<String>,
    /// Whether it is known to be gone.
    gone: bool,
}

/// What is heard of a child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A frame: its kind and its body.
    Frame(u8, Vec<u8>),
    /// It has ended.
    End(End),
}

/// How a child ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with a good status.
    Exited,
    /// By itself, with another status.
    Failed(i32),
    /// It asked for more memory than it may have.
    OutOfMemory,
    /// Its stack was used up.
    StackOverflow,
    /// It tried a system call that is not allowed.
    Forbidden,
    /// By this signal: it crashed, or someone ended it.
    Signal(i32),
    /// It was killed because it took too long.
    OverTime,
    /// It was killed because what it sent was no frame.
    Garbage,
    /// The lock does not shut on this system, and why.
    Unlockable(String),
    /// The zygote died, and the child with it.
    ZygoteDied,
}

impl Inmate {
    pub(crate) fn new(answer: OwnedFd, status: OwnedFd) -> Self {
        let (stream, chunk) = (Stream::default(), vec![0; CHUNK]);
        Self {
            answer,
            status,
            handle: None,
            pid: None,
            stream,
            chunk,
            locked: false,
            unlockable: None,
            gone: false,
        }
    }

    /// Waits for the next frame or the end; when it is not there by the deadline, kills the child.
    pub fn next(&mut self, deadline: Instant) -> Heard {
        self.hear_until(deadline).unwrap_or_else(|| Heard::End(self.kill(End::OverTime)))
    }

    /// Waits for the next frame or the end; nothing when neither is there by the deadline.
    pub fn hear_until(&mut self, deadline: Instant) -> Option<Heard> {
        loop {
            match self.stream.next() {
                Ok(Some(Frame { kind: kind::LOCKED, .. })) if !self.locked => self.locked = true,
                Ok(Some(Frame { kind: kind::UNLOCKABLE, body })) if !self.locked => {
                    self.unlockable = Some(String::from_utf8_lossy(&body).into_owned());
                }
                Ok(Some(Frame { kind, body })) => return Some(Heard::Frame(kind, body)),
                Ok(None) => match self.fill(deadline) {
                    Fill::More => {}
                    Fill::Late => return None,
                    Fill::Over => return Some(Heard::End(self.end())),
                },
                Err(_) => return Some(Heard::End(self.last_words())),
            }
        }
    }

    /// The processor time that the child has had; nothing when that cannot be told.
    pub fn processor_time(&mut self) -> Option<Duration> {
        if self.pid.is_none() && !self.gone {
            let _ = self.hear(Instant::now());
        }
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid?)).ok()?;
        // After the name, which is in brackets and may hold anything: state, ten numbers, then time as user and system.
        let numbers: Vec<u64> =
            stat.rsplit(')').next()?.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
        let [user, system] = numbers[..] else { return None };
        let ticks = rustix::param::clock_ticks_per_second().max(1);
        Some(Duration::from_millis((user + system) * 1000 / ticks))
    }

    /// Kills the child, waits until it is gone, and gives back what is to be said of it.
    pub fn kill(&mut self, why: End) -> End {
        self.strike();
        self.verdict(Instant::now() + GRACE);
        why
    }

    fn strike(&mut self) {
        if !self.gone && self.handle.is_none() {
            // The handle comes with the first notice.
            let _ = self.hear(Instant::now() + GRACE);
        }
        if let Some(handle) = &self.handle {
            let _ = pidfd_send_signal(handle, Signal::KILL);
        }
    }

    fn fill(&mut self, deadline: Instant) -> Fill {
        match wait(&self.answer, deadline) {
            Waited::Late => return Fill::Late,
            Waited::Ready => {}
        }
        match retry_on_intr(|| read(&self.answer, &mut self.chunk)) {
            Ok(0) | Err(_) => Fill::Over,
            Ok(count) => {
                self.stream.push(&self.chunk[..count]);
                Fill::More
            }
        }
    }

    /// The pipe carries what is no frame. A dying runtime writes there too; anything else is garbage.
    fn last_words(&mut self) -> End {
        let soon = Instant::now() + GRACE;
        while self.stream.rest().len() < CHUNK {
            match self.fill(soon) {
                Fill::More => {}
                Fill::Late | Fill::Over => break,
            }
        }
        let words = String::from_utf8_lossy(self.stream.rest()).into_owned();
        match self.end() {
            End::Signal(_) if words.contains("memory allocation of") => End::OutOfMemory,
            End::Signal(_) if words.contains("has overflowed its stack") => End::StackOverflow,
            End::Signal(signal) => End::Signal(signal),
            End::OverTime | End::Exited | End::Failed(_) => End::Garbage,
            other => other,
        }
    }

    /// The pipe is closed: how did it end? Half a frame is no answer, however good the status.
    fn end(&mut self) -> End {
        let status = match self.verdict(Instant::now() + GRACE) {
            News::Notice(Notice::Ended(status)) => status,
            News::Notice(Notice::NotForked(error)) => {
                let error = Errno::from_raw_os_error(error);
                return End::Unlockable(format!("no process could be forked ({error})"));
            }
            News::Notice(Notice::Threads(count)) => {
                return End::Unlockable(format!("{count} threads are at work in the process that forks"));
            }
            News::Gone => return End::ZygoteDied,
            // It closed its pipe and lives on.
            News::Late | News::Notice(Notice::Runs(_)) => return self.kill(End::Garbage),
        };
        match (status & 0x7f, (status >> 8) & 0xff) {
            (0, EXIT_UNLOCKED) if !self.locked => End::Unlockable(self.unlockable.take().unwrap_or_default()),
            (0, 0) if self.stream.rest().is_empty() => End::Exited,
            (0, 0) => End::Garbage,
            (0, code) => End::Failed(code),
            (libc::SIGSYS, _) => End::Forbidden,
            (libc::SIGXCPU, _) => End::OverTime,
            (signal, _) => End::Signal(signal),
        }
    }

    /// The last news of the zygote on this child.
    fn verdict(&mut self, until: Instant) -> News {
        loop {
            match self.hear(until) {
                News::Notice(Notice::Runs(_)) => {}
                last => return last,
            }
        }
    }

    fn hear(&mut self, until: Instant) -> News {
        if wait(&self.status, until) == Waited::Late {
            return News::Late;
        }
        let Ok((message, descriptors)) = door::receive(self.status.as_fd()) else { return News::Gone };
        self.handle = descriptors.into_iter().next().or(self.handle.take());
        let news = serde_json::from_slice(&message).map_or(News::Gone, News::Notice);
        match news {
            News::Notice(Notice::Runs(pid)) => self.pid = Some(pid),
            _ => self.gone = true,
        }
        news
    }
}

impl Drop for Inmate {
    fn drop(&mut self) {
        if !self.gone {
            self.strike();
        }
    }
}

/// What the zygote says of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Notice(Notice),
    /// The zygote itself is gone, and the child with it.
    Gone,
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fill {
    More,
    Late,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waited {
    Ready,
    Late,
}

fn wait(descriptor: &OwnedFd, deadline: Instant) -> Waited {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).ok();
        match poll(&mut [PollFd::new(descriptor, PollFlags::IN)], timeout.as_ref()) {
            Ok(0) => return Waited::Late,
            Err(Errno::INTR) => {}
            Ok(_) | Err(_) => return Waited::Ready,
        }
    }
}
