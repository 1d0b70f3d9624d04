//! The parent's side: starts the zygote when it is first needed, and again when it has died.

use crate::BoxError;
use crate::limits::Limits;
use crate::linux::door;
use crate::linux::inmate::Inmate;
use crate::linux::zygote::Summons;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// How the zygote is started.
#[derive(Clone, Debug)]
pub struct Start {
    /// The programme; nothing for the one that is running.
    pub program: Option<PathBuf>,
    /// Its arguments, which make it call [`serve`](crate::serve).
    pub arguments: Vec<OsString>,
}

/// Bytes for children to read, which nobody can change any more, not even this process.
#[derive(Debug)]
pub struct Input {
    memory: OwnedFd,
}

impl Input {
    /// A sealed copy of the bytes.
    pub fn new(bytes: &[u8]) -> std::io::Result<Self> {
        let memory = memfd_create("document", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        let mut file = File::from(memory);
        file.write_all(bytes)?;
        let memory = OwnedFd::from(file);
        fcntl_add_seals(&memory, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
        Ok(Self { memory })
    }
}

/// Keeps a zygote and asks it for children. May be used from several threads.
#[derive(Debug)]
pub struct Keeper {
    start: Start,
    zygote: Mutex<Option<Zygote>>,
}

#[derive(Debug)]
struct Zygote {
    process: Child,
    control: OwnedFd,
}

impl Drop for Zygote {
    fn drop(&mut self) {
        // It would go by itself once the socket is closed; waiting for that leaves no process behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Keeper {
    /// Nothing is started yet.
    pub fn new(start: Start) -> Self {
        Self { start, zygote: Mutex::new(None) }
    }

    /// Starts the zygote, so that it loads while the parent does something else.
    pub fn warm(&self) -> Result<(), BoxError> {
        let mut zygote = self.zygote.lock().unwrap_or_else(PoisonError::into_inner);
        if zygote.is_none() {
            *zygote = Some(self.spawn()?);
        }
        Ok(())
    }

    /// The process number of the zygote, if one runs.
    pub fn zygote_pid(&self) -> Option<u32> {
        let zygote = self.zygote.lock().unwrap_or_else(PoisonError::into_inner);
        zygote.as_ref().map(|zygote| zygote.process.id())
    }

    /// Asks for a child that carries out an order on an input.
    pub fn summon(
        &self,
        order: &[u8],
        input: &Input,
        limits: Limits,
        heavy: bool,
    ) -> Result<Inmate, BoxError> {
        let not_running = |error: Errno| BoxError::NotRunning(error.to_string());
        let order = Input::new(order).map_err(|error| BoxError::NotRunning(error.to_string()))?;
        let (answer, pipe) = pipe_with(PipeFlags::CLOEXEC).map_err(not_running)?;
        let (status, theirs) = door::pair().map_err(not_running)?;
        let message = serde_json::to_vec(&Summons { limits, heavy })
            .map_err(|error| BoxError::NotRunning(error.to_string()))?;
        let descriptors = [theirs.as_fd(), order.memory.as_fd(), input.memory.as_fd(), pipe.as_fd()];
        let mut zygote = self.zygote.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = zygote.as_ref()
            && door::send(running.control.as_fd(), &message, &descriptors).is_ok()
        {
            return Ok(Inmate::new(answer, status));
        }
        let fresh = self.spawn()?;
        door::send(fresh.control.as_fd(), &message, &descriptors).map_err(not_running)?;
        *zygote = Some(fresh);
        Ok(Inmate::new(answer, status))
    }

    fn spawn(&self) -> Result<Zygote, BoxError> {
        let failed = |error: std::io::Error| BoxError::NotRunning(error.to_string());
        let (control, theirs) = door::pair().map_err(|error| failed(error.into()))?;
        // The running programme itself, also when its file was replaced since it started.
        let program = self.start.program.clone().unwrap_or_else(|| PathBuf::from("/proc/self/exe"));
        let process = Command::new(program)
            .args(&self.start.arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        Ok(Zygote { process, control })
    }
}
