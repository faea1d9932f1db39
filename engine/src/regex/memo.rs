//! The one kind of hash map of this module: each further kind would cost the page two kilobytes.

use hashbrown::HashMap;

/// What is known for a pair of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo(HashMap<u64, u32>);

impl Memo {
    #[inline(never)]
    pub(super) fn get(&self, a: u32, b: u32) -> Option<u32> {
        self.0.get(&key(a, b)).copied()
    }

    #[inline(never)]
    pub(super) fn insert(&mut self, a: u32, b: u32, known: u32) {
        self.0.insert(key(a, b), known);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

fn key(a: u32, b: u32) -> u64 {
    (u64::from(a) << 32) | u64::from(b)
}
