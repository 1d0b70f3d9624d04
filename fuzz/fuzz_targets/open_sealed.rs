//! What lies on a disk that somebody wrote upon: keys, sealed bodies and blobs. Nothing opens but what was sealed, and
//! nothing panics.
#![no_main]

use cartulary_model::{CaseId, Entropy, Instant};
use cartulary_vault::{CaseKey, Context, Keys, PassphraseHeader, RootKey, Signature, WrappedKey};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

struct Zeros;

impl Entropy for Zeros {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

static KEYS: LazyLock<(Keys, CaseKey)> = LazyLock::new(|| {
    let keys = Keys::create(&RootKey::generate(&mut Zeros), 1, &mut Zeros).0;
    let case = CaseId::new(Instant::from_micros(0), &mut Zeros);
    let key = keys.new_case_key(case, &mut Zeros).0;
    (keys, key)
});

fuzz_target!(|data: &[u8]| {
    let (keys, key) = &*KEYS;
    let context = Context::new("entry", 1);
    if let Ok(wrapped) = WrappedKey::from_bytes(data) {
        assert_eq!(wrapped.to_string().parse::<WrappedKey>().ok(), Some(wrapped.clone()));
        drop(keys.unwrap(key.case(), &wrapped));
    }
    drop(key.open(&context, data));
    if let Ok(text) = std::str::from_utf8(data) {
        drop(RootKey::from_text(text));
        drop(text.parse::<WrappedKey>());
        drop(text.parse::<Signature>());
        drop(serde_json::from_str::<PassphraseHeader>(text));
    }
    open_changed(key, &context, data);
});

/// Lays the bytes over something that was sealed: unless they change nothing, it must not open.
fn open_changed(key: &CaseKey, context: &Context<'_>, data: &[u8]) {
    let [at, over @ ..] = data else { return };
    let plain = vec![7; usize::from(*at) * 300];
    let blob = key.blob_id(&plain);
    for (is_blob, sealed) in
        [(true, key.seal_blob(blob, &plain, &mut Zeros)), (false, key.seal(context, &plain, &mut Zeros))]
    {
        let mut changed = sealed.clone();
        let begin = usize::from(*at) * 77 % changed.len();
        changed.iter_mut().skip(begin).zip(over).for_each(|(byte, over)| *byte ^= over);
        let opened = if is_blob { key.open_blob(blob, &changed) } else { key.open(context, &changed) };
        assert_eq!(opened.is_ok(), changed == sealed);
    }
}
