//! How fast the keys of all cases are wrapped anew, and bytes are sealed and opened, in processor time.

use anyhow::{Context as _, Result};
use cartulary_benches::cpu_time;
use cartulary_model::{CaseId, Entropy, Instant};
use cartulary_vault::{Context, Keys, PassphraseHeader, RootKey};
use std::hint::black_box;

const CASES: i64 = 100_000;
const ENTRIES: u32 = 200_000;
const BLOB: usize = 64 << 20;

/// Numbers in a row: fast, and good for nothing else.
struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            self.0 += 1;
            part.copy_from_slice(&self.0.to_le_bytes()[..part.len()]);
        }
    }
}

pub(crate) fn speed() -> Result<()> {
    let mut entropy = Counter(0);
    let (old, _) = Keys::create(&RootKey::generate(&mut entropy), 1, &mut entropy);
    let (new, _) = old.rotate(&RootKey::generate(&mut entropy), 2, &mut entropy);
    let wrapped: Vec<_> = (0..CASES)
        .map(|number| {
            let case = CaseId::new(Instant::from_micros(number), &mut entropy);
            (case, old.new_case_key(case, &mut entropy).1)
        })
        .collect();
    let begun = cpu_time()?;
    for (case, key) in &wrapped {
        black_box(old.rewrap(&new, *case, key, &mut entropy)?);
    }
    println!("wrap {CASES} keys anew: {:.2} CPU-s", since(begun)?);
    let begun = cpu_time()?;
    for (case, key) in &wrapped {
        black_box(old.unwrap(*case, key)?);
    }
    println!("unwrap {CASES} keys for use: {:.2} CPU-s", since(begun)?);
    sealing(&old, &mut entropy)?;
    let begun = cpu_time()?;
    RootKey::from_passphrase("a passphrase of a bench", &PassphraseHeader::new(&mut entropy))?;
    println!("a root key of a passphrase: {:.2} CPU-s", since(begun)?);
    Ok(())
}

fn sealing(keys: &Keys, entropy: &mut Counter) -> Result<()> {
    let (key, _) = keys.new_case_key(CaseId::new(Instant::from_micros(0), entropy), entropy);
    let body = [7; 500];
    let begun = cpu_time()?;
    for number in 0..ENTRIES {
        let context = Context::new("entry", u64::from(number));
        let sealed = key.seal(&context, &body, entropy);
        black_box(key.open(&context, &sealed)?);
    }
    println!("seal and open an entry of 500 bytes: {:.2} CPU-us", since(begun)? / f64::from(ENTRIES) * 1e6);
    let plain = vec![7; BLOB];
    let begun = cpu_time()?;
    let blob = key.blob_id(&plain);
    let sealed = key.seal_blob(blob, &plain, entropy);
    println!("name and seal blobs: {:.0} MB/CPU-s", BLOB as f64 / 1e6 / since(begun)?);
    let begun = cpu_time()?;
    key.open_blob(blob, &sealed).context("a blob that was just sealed")?;
    println!("open and check blobs: {:.0} MB/CPU-s", BLOB as f64 / 1e6 / since(begun)?);
    Ok(())
}

fn since(begun: std::time::Duration) -> Result<f64> {
    Ok((cpu_time()? - begun).as_secs_f64())
}
