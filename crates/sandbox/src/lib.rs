//! Reads each document in a process of its own that can do nothing but read it.
//!
//! Files come from strangers, and a parser may have a flaw that lets a file take it over. So no parser runs in the
//! process of the user. Each document is read in a child that has its bytes, a pipe for the answer, and no file, no
//! network, no other process, a bounded memory and a bounded time.
//!
//! ```text
//! cartulary read, extract, evaluate          cartulary reader              a child a document
//! ┌──────────────────────────┐  memfds,      ┌──────────────────┐  fork   ┌─────────────────────┐
//! │ asks, watches the clock, ├──pipe───────► │ networks, fonts; ├───────► │ locks itself, reads │
//! │ kills, judges the answer │ ◄── pidfd, ── │ has seen no byte │         │ answers, exits      │
//! └──────────▲───────────────┘    how it     │ of a stranger    │         └─────────┬───────────┘
//!            │                    ended      └──────────────────┘                   │
//!            └──────────────────────── answer, a frame a page ──────────────────────┘
//! ```
//!
//! | module | does |
//! |---|---|
//! | `boxed` | reads a file: deadlines, one careful retry, what was read before a death is kept |
//! | `draft` | puts the answer of one or several children together |
//! | `judge` | holds an answer to what an honest reader can say |
//! | `wire`, `frame` | what crosses the pipe, and how |
//! | `work` | what the child does once it is locked in |
//! | `linux::keeper`, `linux::inmate` | the side of the user: starts the zygote, watches one child |
//! | `linux::zygote` | the process that forks a child for each document |
//! | `linux::lock`, `linux::calls` | what a child gives up, and the system calls that are left |
//!
//! Invariant: the parent trusts no byte of an answer. Invariant: no byte of a document is parsed before the lock is
//! shut; where the lock cannot be shut nothing is read.

mod boxed;
mod draft;
#[cfg(target_os = "linux")]
mod frame;
mod judge;
mod limits;
mod wire;
mod work;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere as linux;

pub use boxed::{BoxedReader, Request, Step};
pub use limits::{Deadlines, Limits};
pub use linux::inmate::{End, Heard, Inmate};
pub use linux::keeper::{Input, Keeper, Start};
pub use linux::zygote::{Outlet, Work, serve};
pub use work::ReadingWork;

/// Documents cannot be read in a box on this machine, or the box cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoxError {
    /// The system lacks what the box is made of.
    #[error("the reader cannot be locked in on this system: {0}; to read without a box, pass --no-sandbox")]
    Unlockable(String),
    /// The zygote does not start or keeps dying.
    #[error("the process that reads documents does not run: {0}; try again, or pass --no-sandbox")]
    NotRunning(String),
}
