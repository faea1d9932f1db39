//! What a context remembers of the bits that followed it, in one byte: about how many zeros and ones
//! there were, and for short pasts which came last. A bit that contradicts makes the memory of the
//! others fade: the past of a program says less than its last lines.

/// The state that has seen nothing.
pub(crate) const FRESH: u8 = 0;

/// How the states follow each other.
pub(crate) struct States {
    /// The next state after a 0 and after a 1.
    next: [[u8; 256]; 2],
    /// How much it has seen.
    seen: [u8; 256],
    /// The chance of a 1, in 65,536, as long as nothing better is known.
    first: [u16; 256],
}

/// Of a state, and of the last bit: in long pasts it does not matter.
#[derive(Clone, Copy, PartialEq)]
struct Past {
    zeros: u8,
    ones: u8,
    last: Option<u8>,
}

/// The most bits of one kind that are told apart, by how many there are of the other, rarer one.
const MOST: [u8; 6] = [40, 30, 12, 8, 6, 5];

/// Pasts shorter than this remember the last bit.
const SHORT: u8 = 14;

impl Past {
    fn fits(zeros: u8, ones: u8) -> bool {
        MOST.get(usize::from(zeros.min(ones))).is_some_and(|most| zeros.max(ones) <= *most)
    }

    /// All of them, the empty one first.
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for total in 0..=MOST[0] {
            for zeros in (0..=total).filter(|zeros| Self::fits(*zeros, total - zeros)) {
                let ones = total - zeros;
                let is_told = zeros > 0 && ones > 0 && total < SHORT;
                let lasts: &[Option<u8>] = if is_told { &[Some(0), Some(1)] } else { &[None] };
                all.extend(lasts.iter().map(|last| Self { zeros, ones, last: *last }));
            }
        }
        all
    }

    fn after(self, bit: u8) -> Self {
        let (mut zeros, mut ones) = match bit {
            0 => (self.zeros + 1, faded(self.ones)),
            _ => (faded(self.zeros), self.ones + 1),
        };
        while !Self::fits(zeros, ones) {
            let more = if zeros > ones { &mut zeros } else { &mut ones };
            *more -= 1;
        }
        Self { zeros, ones, last: Some(bit) }
    }
}

/// How many are remembered after one that contradicts.
fn faded(count: u8) -> u8 {
    match count {
        0..=2 => count,
        3..=5 => count - 1,
        6..=12 => count / 2 + 1,
        _ => (count / 3 + 2).min(7),
    }
}

impl States {
    pub(crate) fn new() -> Self {
        let all = Past::all();
        let number = |past: Past| {
            let is_it = |one: &Past| *one == past || *one == Past { last: None, ..past };
            all.iter().position(is_it).unwrap_or_default() as u8
        };
        let mut states = Self { next: [[FRESH; 256]; 2], seen: [0; 256], first: [0; 256] };
        let [after_zero, after_one] = &mut states.next;
        let numbers =
            after_zero.iter_mut().zip(after_one).zip(&mut states.seen).zip(&mut states.first);
        for (past, (((after_zero, after_one), seen), first)) in all.iter().zip(numbers) {
            let (zeros, ones) = (u32::from(past.zeros), u32::from(past.ones));
            *first = (((ones * 10 + 4) << 16) / ((zeros + ones) * 10 + 8)) as u16;
            *after_zero = number(past.after(0));
            *after_one = number(past.after(1));
            *seen = past.zeros + past.ones;
        }
        states
    }

    pub(crate) fn next(&self, state: u8, bit: u32) -> u8 {
        let [after_zero, after_one] = &self.next;
        let next = if bit == 0 { after_zero } else { after_one };
        next.get(usize::from(state)).copied().unwrap_or_default()
    }

    pub(crate) fn first(&self) -> &[u16; 256] {
        &self.first
    }

    pub(crate) fn seen(&self, state: u8) -> u8 {
        self.seen.get(usize::from(state)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{FRESH, Past, States};

    #[test]
    fn there_are_no_more_states_than_a_byte_can_tell() {
        assert!(Past::all().len() <= 256);
    }

    #[test]
    fn what_was_always_so_is_surer_the_longer_it_was() {
        let states = States::new();
        let mut state = FRESH;
        for seen in 0..40 {
            assert_eq!(states.seen(state), seen);
            state = states.next(state, 1);
        }
        assert_eq!(states.next(state, 1), state);
        assert!(states.seen(states.next(state, 0)) < 10);
    }

    #[test]
    fn short_pasts_know_what_came_last() {
        let states = States::new();
        let after = |bits: &[u32]| bits.iter().fold(FRESH, |state, bit| states.next(state, *bit));
        assert_ne!(after(&[0, 1]), after(&[1, 0]));
        assert_eq!(after(&[0, 0, 1]), after(&[0, 0, 1]));
    }
}
