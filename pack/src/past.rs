//! Repetitions: what follows may be what followed the last time.

/// Places for what came after the same operations, as a power of two.
const PLACES: u32 = 18;

/// The bytes so far, and where in them a repetition goes on.
pub(crate) struct Past {
    bytes: Vec<u8>,
    /// Where what came after each key begins.
    starts: Vec<u32>,
    next: usize,
    /// For how many bytes the repetition has been right, and one; 0 is none.
    length: usize,
}

impl Past {
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new(), starts: vec![0; 1 << PLACES], next: 0, length: 0 }
    }

    /// What follows may be what followed the last time with this key.
    pub(crate) fn seek(&mut self, key: u32) {
        let place = (key.wrapping_mul(0x9E37_79B1) >> (32 - PLACES)) as usize;
        if let Some(start) = self.starts.get_mut(place) {
            if self.length == 0 && *start > 0 {
                (self.next, self.length) = (*start as usize, 1);
            }
            *start = self.bytes.len() as u32;
        }
    }

    /// The byte that is next in a repetition, and how long that is.
    pub(crate) fn expected(&self) -> Option<(u8, usize)> {
        let byte = self.bytes.get(self.next).filter(|_| self.length > 0)?;
        Some((*byte, self.length))
    }

    /// It is none.
    pub(crate) fn stop(&mut self) {
        self.length = 0;
    }

    /// The byte that came.
    pub(crate) fn push(&mut self, byte: u8) {
        if self.expected().is_some_and(|(expected, _)| expected == byte) {
            self.next += 1;
            self.length += 1;
        } else {
            self.length = 0;
        }
        self.bytes.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::Past;

    #[test]
    fn a_repetition_lasts_as_long_as_it_is_right() {
        let mut past = Past::new();
        for byte in [1, 2, 3, 4] {
            past.push(byte);
            past.seek(byte.into());
        }
        assert_eq!(past.expected(), None);
        past.push(2);
        past.seek(2);
        assert_eq!(past.expected(), Some((3, 1)));
        past.push(3);
        assert_eq!(past.expected(), Some((4, 2)));
        past.push(5);
        assert_eq!(past.expected(), None);
    }
}
