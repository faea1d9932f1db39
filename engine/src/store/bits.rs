//! Sets of events: one bit each.

use std::ops::{BitAndAssign, BitOrAssign, BitXorAssign};

/// One bit per event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// All `len` bits clear.
    #[must_use]
    pub fn none(len: u32) -> Self {
        Self { words: vec![0; len.div_ceil(64) as usize], len }
    }

    /// All `len` bits set.
    #[must_use]
    pub fn all(len: u32) -> Self {
        let mut bits = Self { words: vec![u64::MAX; len.div_ceil(64) as usize], len };
        bits.clear_tail();
        bits
    }

    /// Number of events.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// True for a set over no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an event; nothing happens past the end.
    pub fn set(&mut self, event: u32) {
        if let Some(word) = self.words.get_mut((event / 64) as usize) {
            *word |= 1 << (event % 64);
        }
    }

    /// Takes an event out; nothing happens past the end.
    pub fn clear(&mut self, event: u32) {
        if let Some(word) = self.words.get_mut((event / 64) as usize) {
            *word &= !(1 << (event % 64));
        }
    }

    /// Is the event in the set?
    #[must_use]
    pub fn get(&self, event: u32) -> bool {
        self.words.get((event / 64) as usize).is_some_and(|word| word >> (event % 64) & 1 == 1)
    }

    /// How many events are in the set.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// The first event of the set.
    #[must_use]
    pub fn first(&self) -> Option<u32> {
        let at = self.words.iter().position(|word| *word != 0)?;
        Some(at as u32 * 64 + self.words.get(at)?.trailing_zeros())
    }

    /// The events of the set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }

    /// The bits of 64 events, the first of which is `64 * at`; past the end clear.
    #[must_use]
    pub fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or_default()
    }

    /// Holds the set no event?
    #[must_use]
    pub fn holds_none(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many events are in both sets.
    #[must_use]
    pub fn count_with(&self, other: &Self) -> u32 {
        self.words.iter().zip(&other.words).map(|(a, b)| (a & b).count_ones()).sum()
    }

    /// Turns every bit over.
    pub fn invert(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.clear_tail();
    }

    fn clear_tail(&mut self) {
        let used = self.len % 64;
        if let Some(last) = self.words.last_mut().filter(|_| used != 0) {
            *last &= (1 << used) - 1;
        }
    }
}

impl BitAndAssign<&Self> for Bits {
    fn bitand_assign(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= b;
        }
    }
}

impl BitOrAssign<&Self> for Bits {
    fn bitor_assign(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a |= b;
        }
    }
}

impl BitXorAssign<&Self> for Bits {
    fn bitxor_assign(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a ^= b;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_past_the_end_stay_clear() {
        let mut bits = Bits::all(70);
        assert_eq!(bits.count(), 70);
        bits.invert();
        assert_eq!(bits.count(), 0);
        bits.set(69);
        bits.set(500);
        assert!(bits.get(69) && !bits.get(68) && !bits.get(500));
        assert_eq!(bits.count_with(&Bits::all(70)), 1);
        bits.set(3);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 69]);
        assert_eq!(Bits::all(0).count(), 0);
    }
}
