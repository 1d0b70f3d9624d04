//! A disk in memory that does what disks do to those who trust them.
//!
//! It keeps apart what a process sees (the cache) and what survives a power cut. At a cut every page that was not synced
//! is kept or lost by chance, alone and in any order, and so is every name in a folder; a page may be torn. A file's sync
//! that fails drops the pages that it should have written, and the next sync says that all is well, as Linux does.

use crate::chance::Chance;
use cartulary_model::Instant;
use cartulary_vault::{Disk, DiskEntry, DiskFile, DiskKind};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

const PAGE: usize = 4096;
pub(crate) const EIO: i32 = 5;
pub(crate) const ENOSPC: i32 = 28;

/// When the disk fails.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// From this operation on, for so many, with this code.
    pub(crate) window: Option<(u64, u64, i32)>,
    /// Any operation, once in so many times.
    pub(crate) once_in: Option<usize>,
    /// The power goes at this operation; everything fails until it is back.
    pub(crate) off_at: Option<u64>,
}

#[derive(Clone)]
pub(crate) struct LossyDisk(Arc<Mutex<State>>);

struct State {
    chance: Chance,
    faults: Faults,
    operations: u64,
    inodes: Vec<Inode>,
    folders: BTreeMap<PathBuf, Folder>,
}

#[derive(Default)]
struct Inode {
    cache: Vec<u8>,
    durable: Vec<u8>,
    /// Pages that are not synced: where, and what.
    pending: Vec<(usize, Vec<u8>)>,
}

#[derive(Default)]
struct Folder {
    cache: BTreeMap<OsString, Node>,
    durable: BTreeMap<OsString, Node>,
    pending: Vec<(OsString, Option<Node>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    File(usize),
    Folder,
}

impl LossyDisk {
    /// An empty disk with one folder that is there for good.
    pub(crate) fn new(seed: u64, root: &Path) -> Self {
        let folders = BTreeMap::from([(root.to_owned(), Folder::default())]);
        let chance = Chance::new(seed);
        let state = State { chance, faults: Faults::default(), operations: 0, inodes: Vec::new(), folders };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Sets when it fails, counted from here.
    pub(crate) fn fail(&self, faults: Faults) {
        let mut state = self.0.lock().unwrap();
        state.faults = faults;
        state.operations = 0;
    }

    pub(crate) fn operations(&self) -> u64 {
        self.0.lock().unwrap().operations
    }

    /// The power goes and comes back.
    pub(crate) fn cut_power(&self) {
        let mut state = self.0.lock().unwrap();
        state.faults = Faults::default();
        state.lose();
    }

    /// Changes one bit of a file, as a disk may in silence.
    pub(crate) fn rot(&self, path: &Path, bit: usize) {
        let mut state = self.0.lock().unwrap();
        let inode = state.file(path).unwrap();
        let Inode { cache, durable, .. } = &mut state.inodes[inode];
        for bytes in [cache, durable] {
            let at = bit / 8 % bytes.len();
            bytes[at] ^= 1 << (bit % 8);
        }
    }
}

impl State {
    /// Counts an operation; the error that it ends with, if it does.
    fn operation(&mut self) -> Option<io::Error> {
        let number = self.operations;
        self.operations += 1;
        let Faults { window, once_in, off_at } = self.faults;
        if off_at.is_some_and(|off| number >= off) {
            return Some(io::Error::from_raw_os_error(EIO));
        }
        if let Some((from, count, code)) =
            window.filter(|(from, count, _)| (*from..from + count).contains(&number))
        {
            assert!(count > 0 && number >= from);
            return Some(io::Error::from_raw_os_error(code));
        }
        let code = if self.chance.once_in(2) { EIO } else { ENOSPC };
        once_in.filter(|of| self.chance.once_in(*of)).map(|_| io::Error::from_raw_os_error(code))
    }

    /// Whether an operation that fails has happened all the same. Not without power.
    fn happens_anyway(&mut self) -> bool {
        let off = self.faults.off_at.is_some_and(|off| self.operations > off);
        !off && self.chance.once_in(2)
    }

    fn folder(&mut self, path: &Path) -> io::Result<&mut Folder> {
        self.folders.get_mut(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn set(&mut self, path: &Path, node: Option<Node>) -> io::Result<()> {
        let (parent, name) = (path.parent().unwrap(), path.file_name().unwrap().to_owned());
        let folder = self.folder(parent)?;
        match node {
            Some(node) => drop(folder.cache.insert(name.clone(), node)),
            None => drop(folder.cache.remove(&name).ok_or(io::ErrorKind::NotFound)?),
        }
        folder.pending.push((name, node));
        Ok(())
    }

    fn file(&mut self, path: &Path) -> io::Result<usize> {
        let name = path.file_name().unwrap().to_owned();
        match self.folder(path.parent().unwrap())?.cache.get(&name) {
            Some(Node::File(inode)) => Ok(*inode),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// What a power cut leaves.
    fn lose(&mut self) {
        for inode in &mut self.inodes {
            for (at, page) in std::mem::take(&mut inode.pending) {
                let kept = match self.chance.below(4) {
                    0 => 0,
                    1 => self.chance.below(page.len() + 1),
                    _ => page.len(),
                };
                write_at(&mut inode.durable, at, &page[..kept]);
            }
            inode.cache.clone_from(&inode.durable);
        }
        let mut lost = Vec::new();
        for folder in self.folders.values_mut() {
            for (name, node) in std::mem::take(&mut folder.pending) {
                if self.chance.once_in(2) {
                    change(&mut folder.durable, name, node);
                }
            }
            folder.cache.clone_from(&folder.durable);
        }
        for path in self.folders.keys().filter(|path| path.components().count() > 2) {
            let named = path.ancestors().take_while(|path| path.components().count() > 2).all(|path| {
                let parent = self.folders.get(path.parent().unwrap());
                parent.is_some_and(|folder| folder.durable.contains_key(path.file_name().unwrap()))
            });
            if !named {
                lost.push(path.clone());
            }
        }
        self.folders.retain(|path, _| !lost.contains(path));
    }
}

fn change(names: &mut BTreeMap<OsString, Node>, name: OsString, node: Option<Node>) {
    match node {
        Some(node) => drop(names.insert(name, node)),
        None => drop(names.remove(&name)),
    }
}

/// Writes into a file; what lies between its end and there is zero.
fn write_at(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let end = at + bytes.len();
    file.resize(file.len().max(end), 0);
    file[at..end].copy_from_slice(bytes);
}

impl Disk for LossyDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.0.lock().unwrap();
        if let Some(error) = state.operation() {
            return Err(error);
        }
        if state.file(path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let inode = state.inodes.len();
        state.inodes.push(Inode::default());
        state.set(path, Some(Node::File(inode)))?;
        Ok(Box::new(OpenFile { disk: self.clone(), inode }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut state = self.0.lock().unwrap();
        if let Some(error) = state.operation() {
            return Err(error);
        }
        let inode = state.file(path)?;
        Ok(state.inodes[inode].cache.clone())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let failed = state.operation();
        if failed.is_none() || state.happens_anyway() {
            let inode = state.file(from)?;
            state.folder(to.parent().unwrap())?;
            state.set(from, None)?;
            state.set(to, Some(Node::File(inode)))?;
        }
        failed.map_or(Ok(()), Err)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let failed = state.operation();
        if failed.is_none() || state.happens_anyway() {
            state.file(path)?;
            state.set(path, None)?;
        }
        failed.map_or(Ok(()), Err)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let failed = state.operation();
        if (failed.is_none() || state.happens_anyway()) && !state.folders.contains_key(path) {
            state.set(path, Some(Node::Folder))?;
            state.folders.insert(path.to_owned(), Folder::default());
        }
        failed.map_or(Ok(()), Err)
    }

    // Names that could not be synced stay to be synced: a file system whose journal fails stops altogether.
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if let Some(error) = state.operation() {
            return Err(error);
        }
        let folder = state.folder(path)?;
        for (name, node) in std::mem::take(&mut folder.pending) {
            change(&mut folder.durable, name, node);
        }
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<DiskEntry>> {
        let mut state = self.0.lock().unwrap();
        if let Some(error) = state.operation() {
            return Err(error);
        }
        let names = state.folder(path)?.cache.clone();
        let entry = |(name, node)| {
            let kind = match node {
                Node::File(inode) => DiskKind::File(state.inodes[inode].cache.len() as u64),
                Node::Folder => DiskKind::Folder,
            };
            DiskEntry { name, kind, modified: Instant::from_micros(0) }
        };
        Ok(names.into_iter().map(entry).collect())
    }

    fn modified(&self, path: &Path) -> io::Result<Instant> {
        self.0.lock().unwrap().file(path).map(|_| Instant::from_micros(0))
    }

    fn touch(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let failed = state.operation();
        state.file(path)?;
        failed.map_or(Ok(()), Err)
    }

    // Its tests have one process and remove nothing.
    fn lock(&self, _: &Path, _: bool) -> io::Result<Box<dyn Send>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

struct OpenFile {
    disk: LossyDisk,
    inode: usize,
}

impl DiskFile for OpenFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.0.lock().unwrap();
        let failed = state.operation();
        let written = if failed.is_some() { state.chance.below(bytes.len() + 1) } else { bytes.len() };
        let inode = &mut state.inodes[self.inode];
        for page in bytes[..written].chunks(PAGE) {
            inode.pending.push((inode.cache.len(), page.to_vec()));
            inode.cache.extend_from_slice(page);
        }
        failed.map_or(Ok(()), Err)
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.0.lock().unwrap();
        let failed = state.operation();
        let inode = &mut state.inodes[self.inode];
        let pending = std::mem::take(&mut inode.pending);
        if let Some(error) = failed {
            return Err(error);
        }
        for (at, page) in pending {
            write_at(&mut inode.durable, at, &page);
        }
        Ok(())
    }
}
