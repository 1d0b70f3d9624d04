//! Power cuts, full disks and failing disks: what was acknowledged is there, whatever happens.
//!
//! `SEEDS=2000 cargo nextest run -p cartulary-vault power` runs more lives; a failure names its seed.

use crate::{
    chance::Chance,
    lossy::{EIO, ENOSPC, Faults, LossyDisk},
};
use bytes::Bytes;
use cartulary_model::{BlobId, CaseId, Instant};
use cartulary_vault::{Blobs, CaseKey, Keys, RootKey, VaultError};
use std::{collections::BTreeMap, path::Path, sync::Arc};

const DISK: &str = "/disk";
const ROOT: &str = "/disk/blobs";

/// A hospital on a bad disk.
struct World {
    disk: LossyDisk,
    chance: Chance,
    keys: Vec<CaseKey>,
    /// What may be put, so that the same comes again.
    papers: Vec<Bytes>,
    /// What was acknowledged: whose it is, and what.
    kept: BTreeMap<BlobId, (usize, Bytes)>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let (register, _) = Keys::create(&RootKey::generate(&mut chance), 1, &mut chance);
        let keys = (0..3).map(|number| {
            let case = CaseId::new(Instant::from_micros(number), &mut chance);
            register.new_case_key(case, &mut chance).0
        });
        let keys = keys.collect();
        let lengths = [0, 1, 100, 5000, 65_535, 65_536, 65_537, 140_000];
        let papers = lengths.map(|length| Bytes::from(chance.bytes(length))).to_vec();
        let disk = LossyDisk::new(seed, Path::new(DISK));
        Self { disk, chance, keys, papers, kept: BTreeMap::new() }
    }

    fn open(&self) -> Result<Blobs, VaultError> {
        Blobs::on_disk(Arc::new(self.disk.clone()), Path::new(ROOT))
    }

    async fn put(&mut self, blobs: &Blobs) -> Result<BlobId, VaultError> {
        let owner = self.chance.below(self.keys.len());
        let paper = self.papers[self.chance.below(self.papers.len())].clone();
        let blob = blobs.put(&self.keys[owner], paper.clone(), &mut self.chance).await?;
        self.kept.insert(blob, (owner, paper));
        Ok(blob)
    }

    /// Does things until the power goes or the day is over.
    async fn work(&mut self, blobs: &Blobs) {
        for _ in 0..self.chance.below(25) {
            match self.chance.below(12) {
                0 => {
                    // Once it was asked for, it may be gone or not.
                    let Some((blob, _)) = self.kept.pop_first() else { continue };
                    drop(blobs.delete(blob).await);
                }
                1 => drop(blobs.clean(Instant::from_micros(i64::MAX)).await),
                2 => {
                    let Some((blob, (owner, paper))) = self.kept.last_key_value() else { continue };
                    match blobs.get(&self.keys[*owner], *blob).await {
                        Ok(bytes) => assert_eq!(bytes.as_slice(), paper),
                        Err(error) => assert!(matches!(error, VaultError::Io { .. }), "{error}"),
                    }
                }
                _ => drop(self.put(blobs).await),
            }
        }
    }

    /// After a restart, on a disk that works: all that was acknowledged is whole, and nothing torn can be seen.
    async fn check(&mut self) {
        let blobs = self.open().unwrap();
        let expected = self.kept.iter().map(|(blob, (owner, _))| (self.keys[*owner].clone(), *blob));
        let expected: Vec<_> = expected.collect();
        let scrub = blobs.scrub(expected).await.unwrap();
        assert!(scrub.is_whole() && scrub.good == self.kept.len(), "{scrub:?}");
        assert_eq!(scrub.foreign, Vec::<std::path::PathBuf>::new());
        for blob in scrub.unexpected {
            let mut opened = Vec::new();
            for key in &self.keys {
                opened.extend(blobs.get(key, blob).await.ok());
            }
            assert_eq!(opened.len(), 1, "an unfinished blob is whole or not to be seen");
        }
        for (blob, (owner, paper)) in &self.kept {
            assert_eq!(blobs.get(&self.keys[*owner], *blob).await.unwrap().as_slice(), paper);
        }
        blobs.clean(Instant::from_micros(i64::MAX)).await.unwrap();
        assert_eq!(blobs.list().await.unwrap().parts, 0);
    }
}

async fn live(seed: u64) {
    let mut world = World::new(seed);
    for _ in 0..4 {
        let once_in = world.chance.once_in(2).then(|| 5 + world.chance.below(60));
        let off_at = world.chance.once_in(2).then(|| world.chance.below(120) as u64);
        world.disk.fail(Faults { once_in, off_at, window: None });
        if let Ok(blobs) = world.open() {
            world.work(&blobs).await;
        }
        world.disk.cut_power();
        world.check().await;
    }
}

fn seeds() -> u64 {
    std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(150)
}

#[tokio::test]
async fn what_was_acknowledged_survives_any_power_cut() {
    for seed in 0..seeds() {
        let lived = tokio::spawn(live(seed)).await;
        assert!(lived.is_ok(), "seed {seed}: {lived:?}");
    }
}

/// One operation fails, then all is well: nothing is promised falsely, and the same store heals.
#[tokio::test]
async fn every_single_failure_is_told_and_heals_without_a_restart() {
    let mut failed = 0;
    for code in [EIO, ENOSPC] {
        for count in [1, 2, 5] {
            for at in 0..40 {
                failed += one_failure(at, count, code).await;
            }
        }
    }
    assert!(failed > 100, "the failures were met: {failed}");
}

async fn one_failure(at: u64, count: u64, code: i32) -> usize {
    let mut world = World::new(at);
    let blobs = world.open().unwrap();
    world.disk.fail(Faults { window: Some((at, count, code)), ..Faults::default() });
    let mut failed = 0;
    for _ in 0..6 {
        if let Err(error) = world.put(&blobs).await {
            let VaultError::Io { source, .. } = &error else { panic!("{error}") };
            assert_eq!(source.raw_os_error(), Some(code), "{error}");
            failed += 1;
        }
    }
    while world.disk.operations() < at + count {
        drop(world.put(&blobs).await);
    }
    for _ in 0..6 {
        world.put(&blobs).await.unwrap();
    }
    world.disk.cut_power();
    world.check().await;
    failed
}

/// The sender tries again until it is told yes, and the power goes at once.
#[tokio::test]
async fn a_yes_after_a_failure_is_worth_as_much() {
    for code in [EIO, ENOSPC] {
        for at in 0..12 {
            let mut world = World::new(at);
            let blobs = world.open().unwrap();
            world.disk.fail(Faults { window: Some((at, 1, code)), ..Faults::default() });
            let (key, paper) = (world.keys[0].clone(), world.papers[5].clone());
            let mut put = blobs.put(&key, paper.clone(), &mut world.chance).await;
            if put.is_err() {
                put = blobs.put(&key, paper.clone(), &mut world.chance).await;
            }
            world.kept.insert(put.unwrap(), (0, paper));
            world.disk.fail(Faults::default());
            assert_eq!(blobs.list().await.unwrap().parts, 0, "what was begun is taken away");
            world.disk.cut_power();
            world.check().await;
        }
    }
}

#[tokio::test]
async fn a_rotten_bit_is_found_and_healed_by_the_same_bytes() {
    let mut world = World::new(1);
    let blobs = world.open().unwrap();
    let key = world.keys[0].clone();
    let paper = Bytes::from_static(b"a pathology report");
    let blob = blobs.put(&key, paper.clone(), &mut world.chance).await.unwrap();
    let name = blob.to_string();
    world.disk.rot(&Path::new(ROOT).join(&name[..2]).join(&name), 777);
    assert!(matches!(blobs.get(&key, blob).await, Err(VaultError::Damaged { .. })));
    let scrub = blobs.scrub([(key.clone(), blob)]).await.unwrap();
    assert_eq!((scrub.damaged.as_slice(), scrub.good, scrub.is_whole()), (&[blob][..], 0, false));
    blobs.put(&key, paper.clone(), &mut world.chance).await.unwrap();
    assert_eq!(blobs.get(&key, blob).await.unwrap().as_slice(), paper);
}
