//! A range coder: bits in as much space as they come as a surprise.

/// Writes bits or reads them; the walk does not know which.
pub(crate) trait Coder {
    /// The next bit, which is 1 with a chance of `chance` in 65,536. One that writes writes `bit`
    /// and returns it; one that reads does not look at it.
    fn bit(&mut self, chance: u32, bit: u32) -> u32;
}

/// What is still possible: numbers from `low` to `high`.
struct Range {
    low: u32,
    high: u32,
}

impl Range {
    const WHOLE: Self = Self { low: 0, high: u32::MAX };

    /// The last number of the part that stands for 1.
    fn middle(&self, chance: u32) -> u32 {
        self.low + ((u64::from(self.high - self.low) * u64::from(chance)) >> 16) as u32
    }

    fn narrow(&mut self, middle: u32, bit: u32) {
        match bit {
            1 => self.high = middle,
            _ => self.low = middle + 1,
        }
    }

    /// The first byte, once it is the same for all numbers.
    fn settled(&mut self) -> Option<u8> {
        let byte = (self.high >> 24) as u8;
        if (self.low >> 24) as u8 != byte {
            return None;
        }
        self.low <<= 8;
        self.high = (self.high << 8) | 255;
        Some(byte)
    }
}

pub(crate) struct Encoder {
    range: Range,
    written: Vec<u8>,
}

impl Default for Encoder {
    fn default() -> Self {
        Self { range: Range::WHOLE, written: Vec::new() }
    }
}

impl Encoder {
    /// All that was written.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.written.extend(self.range.high.to_be_bytes());
        self.written
    }
}

impl Coder for Encoder {
    fn bit(&mut self, chance: u32, bit: u32) -> u32 {
        self.range.narrow(self.range.middle(chance), bit);
        while let Some(byte) = self.range.settled() {
            self.written.push(byte);
        }
        bit
    }
}

pub(crate) struct Decoder {
    range: Range,
    /// The number that was written, as much of it as is needed.
    number: u32,
    packed: Vec<u8>,
    next: usize,
}

impl Decoder {
    /// Reads from byte `start` on.
    pub(crate) fn new(packed: Vec<u8>, start: usize) -> Self {
        let mut new = Self { range: Range::WHOLE, number: 0, packed, next: start };
        (0..4).for_each(|_| new.shift());
        new
    }

    /// Behind the end there are zeros.
    fn shift(&mut self) {
        let byte = self.packed.get(self.next).copied().unwrap_or(0);
        self.number = (self.number << 8) | u32::from(byte);
        self.next += 1;
    }
}

impl Coder for Decoder {
    fn bit(&mut self, chance: u32, _: u32) -> u32 {
        let middle = self.range.middle(chance);
        let bit = u32::from(self.number <= middle);
        self.range.narrow(middle, bit);
        while self.range.settled().is_some() {
            self.shift();
        }
        bit
    }
}
