//! Maps for what every word of a paper, and every mention, is looked up in.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

/// Every word of a paper is looked up, and the tables are the catalogue's own: a plain hash is enough.
#[derive(Default)]
pub struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (pieces, rest) = bytes.as_chunks::<8>();
        for piece in pieces {
            self.write_u64(u64::from_le_bytes(*piece));
        }
        if !rest.is_empty() {
            self.write_u64(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, of: u8) {
        self.write_u64(u64::from(of));
    }

    fn write_u32(&mut self, of: u32) {
        self.write_u64(u64::from(of));
    }

    fn write_u64(&mut self, of: u64) {
        self.0 = (self.0.rotate_left(23) ^ of).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_u128(&mut self, of: u128) {
        self.write_u64(of as u64);
        self.write_u64((of >> 64) as u64);
    }

    fn write_usize(&mut self, of: usize) {
        self.write_u64(of as u64);
    }
}

/// A map whose keys come from the catalogue.
pub type Table<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;
/// A set whose members come from the catalogue.
pub type Known<K> = HashSet<K, BuildHasherDefault<WordHasher>>;
