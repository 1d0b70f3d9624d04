//! A blob that nothing names is removed when it is old, and never while somebody is about to name it.

use crate::{blobs::case_key, chance::Chance};
use bytes::Bytes;
use cartulary_model::{BlobId, Instant};
use cartulary_vault::{Blobs, CaseKey, Disk, DiskEntry, DiskFile, LocalDisk};
use std::{
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex},
    time::{Duration, UNIX_EPOCH},
};
use tempfile::TempDir;

/// A disk of this machine whose remover waits at one of its steps.
#[derive(Default)]
struct Waiting {
    at: Option<Step>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Lock,
    Look,
    Remove,
}

#[derive(Default)]
struct State {
    waits: bool,
    goes_on: bool,
}

impl Waiting {
    fn step(&self, step: Step) {
        if self.at != Some(step) {
            return;
        }
        let mut state = self.state.lock().unwrap();
        state.waits = true;
        self.changed.notify_all();
        while !state.goes_on {
            state = self.changed.wait(state).unwrap();
        }
    }

    fn until_it_waits(&self) {
        let mut state = self.state.lock().unwrap();
        while !state.waits {
            state = self.changed.wait(state).unwrap();
        }
    }

    fn go_on(&self) {
        self.state.lock().unwrap().goes_on = true;
        self.changed.notify_all();
    }
}

/// The same disk as whoever puts has it, who never waits.
struct Shared(Arc<Waiting>);

impl Disk for Shared {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        LocalDisk.create(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        LocalDisk.read(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        LocalDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.step(Step::Remove);
        LocalDisk.remove(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        LocalDisk.make_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        LocalDisk.sync_folder(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<DiskEntry>> {
        LocalDisk.list(path)
    }

    fn modified(&self, path: &Path) -> io::Result<Instant> {
        self.0.step(Step::Look);
        LocalDisk.modified(path)
    }

    fn touch(&self, path: &Path) -> io::Result<()> {
        LocalDisk.touch(path)
    }

    fn lock(&self, path: &Path, shared: bool) -> io::Result<Box<dyn Send>> {
        if !shared {
            self.0.step(Step::Lock);
        }
        LocalDisk.lock(path, shared)
    }
}

const LONG_AGO: u64 = 1_700_000_000;
/// Between then and now.
const BEFORE: Instant = Instant::from_micros(1_720_000_000_000_000);

struct Store {
    _folder: TempDir,
    root: PathBuf,
    blobs: Blobs,
    key: CaseKey,
    paper: Bytes,
    blob: BlobId,
}

impl Store {
    /// A store with one paper, laid down long ago.
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("blobs");
        let blobs = Blobs::in_folder(&root).unwrap();
        let (key, paper) = (case_key(1), Bytes::from_static(b"the paper of a receipt that broke off"));
        let blob = blobs.put(&key, paper.clone(), &mut Chance::new(1)).await.unwrap();
        let store = Self { _folder: folder, root, blobs, key, paper, blob };
        store.make_old();
        store
    }

    fn make_old(&self) {
        let name = self.blob.to_string();
        let file = OpenOptions::new().write(true).open(self.root.join(&name[..2]).join(name)).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(LONG_AGO)).unwrap();
    }
}

#[tokio::test]
async fn what_is_old_is_listed_and_removed_and_what_was_put_again_stays() {
    let store = Store::new().await;
    assert_eq!(store.blobs.untouched(BEFORE).await.unwrap(), store.blobs.list().await.unwrap().blobs);
    store.blobs.put(&store.key, store.paper.clone(), &mut Chance::new(2)).await.unwrap();
    assert_eq!(store.blobs.untouched(BEFORE).await.unwrap(), []);
    assert!(!store.blobs.delete_untouched(store.blob, BEFORE).await.unwrap());
    store.make_old();
    assert!(store.blobs.delete_untouched(store.blob, BEFORE).await.unwrap());
    assert!(!store.blobs.delete_untouched(store.blob, BEFORE).await.unwrap());
    let listing = store.blobs.list().await.unwrap();
    assert_eq!((listing.blobs, listing.foreign, listing.parts), (Vec::new(), Vec::new(), 0));
}

/// Whoever puts comes at each step of the remover: what he is given back is there afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_puts_at_any_step_of_the_remover_finds_the_blob_afterwards() {
    for (step, is_removed) in [(Step::Lock, false), (Step::Look, true), (Step::Remove, true)] {
        let store = Store::new().await;
        let waiting = Arc::new(Waiting { at: Some(step), ..Waiting::default() });
        let remover = Blobs::on_disk(Arc::new(Shared(Arc::clone(&waiting))), &store.root).unwrap();
        let blob = store.blob;
        let removing = tokio::spawn(async move { remover.delete_untouched(blob, BEFORE).await.unwrap() });
        let waits = Arc::clone(&waiting);
        tokio::task::spawn_blocking(move || waits.until_it_waits()).await.unwrap();
        let (blobs, key, paper) = (store.blobs.clone(), store.key.clone(), store.paper.clone());
        let putting = tokio::spawn(async move { blobs.put(&key, paper, &mut Chance::new(3)).await.unwrap() });
        // Before the lock the put is done first; within it, it has to wait, and would be done by now if it did not.
        let patience = if step == Step::Lock { usize::MAX } else { 300 };
        for _ in 0..patience {
            if putting.is_finished() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        waiting.go_on();
        assert_eq!(putting.await.unwrap(), blob);
        assert_eq!(removing.await.unwrap(), is_removed, "{step:?}");
        assert_eq!(store.blobs.get(&store.key, blob).await.unwrap().as_slice(), store.paper, "{step:?}");
    }
}
