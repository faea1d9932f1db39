//! A code for the bytes of each kind, frequent ones short (Huffman): where a byte takes three
//! decisions instead of eight, it is unpacked in less than half the time.

use crate::coder::Coder;
use crate::program::{Context, KINDS, Symbols};

/// The longest code.
const LONGEST: u32 = 15;

/// How often each byte of each kind comes.
pub(crate) struct Counts(Vec<[u32; 256]>);

impl Default for Counts {
    fn default() -> Self {
        Self(vec![[0; 256]; KINDS])
    }
}

impl Symbols for Counts {
    fn symbol(&mut self, kind: usize, _: &Context, known: u8) -> u8 {
        if let Some(count) = self.0.get_mut(kind).and_then(|all| all.get_mut(usize::from(known))) {
            *count += 1;
        }
        known
    }

    fn seek(&mut self, _: u32) {}
}

/// How long the code of each byte of each kind is; 0 where the byte never comes.
pub(crate) type Lengths = Vec<[u8; 256]>;

impl Counts {
    pub(crate) fn lengths(&self) -> Lengths {
        self.0.iter().map(lengths).collect()
    }
}

/// Huffman's lengths. What is rare counts as less rare than it is, which keeps codes short enough.
fn lengths(counts: &[u32; 256]) -> [u8; 256] {
    let floor = counts.iter().sum::<u32>() / 4096;
    let mut lengths = [0u8; 256];
    let mut open: Vec<(u32, Vec<u8>)> = (0..=255u8)
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(byte, count)| (count + floor, vec![byte]))
        .collect();
    if let [(_, only)] = open.as_slice() {
        lengths = std::array::from_fn(|byte| u8::from(only.contains(&(byte as u8))));
    }
    while open.len() > 1 {
        open.sort_by(|(one, _), (other, _)| other.cmp(one));
        let (Some((one, mut bytes)), Some((other, more))) = (open.pop(), open.pop()) else { break };
        bytes.extend(more);
        for byte in &bytes {
            if let Some(length) = lengths.get_mut(usize::from(*byte)) {
                *length += 1;
            }
        }
        open.push((one + other, bytes));
    }
    lengths
}

/// The bits of a byte, the first the highest, and how many there are.
#[derive(Clone, Copy, Default)]
pub(crate) struct Code {
    pub(crate) bits: u32,
    pub(crate) length: u32,
}

impl Code {
    /// The bit at a level, 0 where the code is shorter.
    pub(crate) fn bit(self, level: u32) -> u32 {
        (self.bits << level >> (self.length.max(1) - 1)) & 1
    }
}

/// The code of one kind.
pub(crate) struct Tree {
    codes: [Code; 256],
    /// Per inner node where 0 and 1 lead: another inner node, or 256 and the byte. The first is the
    /// root.
    nodes: Vec<[u16; 2]>,
}

/// What [`Tree::step`] finds.
pub(crate) enum Step {
    Inner(u16),
    Byte(u8),
}

impl Tree {
    /// One tree for each kind, of these lengths, which the coder writes.
    pub(crate) fn write(lengths: Lengths, coder: &mut impl Coder) -> Vec<Self> {
        code(lengths, coder)
    }

    /// One tree for each kind, whose lengths the coder reads.
    pub(crate) fn read(coder: &mut impl Coder) -> Vec<Self> {
        code(vec![[0; 256]; KINDS], coder)
    }

    /// The codes of these lengths, in order of length and byte.
    fn new(lengths: &[u8; 256]) -> Self {
        let mut tree = Self { codes: [Code::default(); 256], nodes: vec![[256; 2]] };
        let mut next = 0;
        for length in 1..=LONGEST {
            for byte in (0..=255u8).zip(lengths).filter(|(_, l)| u32::from(**l) == length) {
                tree.put(byte.0, Code { bits: next, length });
                next += 1;
            }
            next *= 2;
        }
        tree
    }

    fn put(&mut self, byte: u8, code: Code) {
        if let Some(place) = self.codes.get_mut(usize::from(byte)) {
            *place = code;
        }
        let mut node = 0;
        for left in (0..code.length).rev() {
            let fresh = self.nodes.len() as u16;
            let to = |nodes: &mut Vec<[u16; 2]>| {
                let place = nodes.get_mut(node)?.get_mut((code.bits >> left & 1) as usize)?;
                match left {
                    0 => *place = 256 + u16::from(byte),
                    _ if *place >= 256 && fresh < 256 => *place = fresh,
                    _ => (),
                }
                Some(*place)
            };
            let Some(next) = to(&mut self.nodes) else { return };
            if next == fresh {
                self.nodes.push([256; 2]);
            }
            node = usize::from(next);
        }
    }

    /// The code of a byte; empty where it never comes.
    pub(crate) fn code(&self, byte: u8) -> Code {
        self.codes.get(usize::from(byte)).copied().unwrap_or_default()
    }

    /// Where a bit leads from an inner node.
    pub(crate) fn step(&self, node: u16, bit: u32) -> Step {
        let to = self.nodes.get(usize::from(node)).and_then(|both| both.get(bit as usize));
        match to.copied().unwrap_or(256) {
            inner @ 0..256 => Step::Inner(inner),
            byte => Step::Byte(byte as u8),
        }
    }
}

/// Each length in four bits, foretold from the length before it.
fn code(mut lengths: Lengths, coder: &mut impl Coder) -> Vec<Tree> {
    let mut chances = [[1u32 << 15; 16]; 16];
    let mut before = 0;
    for length in lengths.iter_mut().flatten() {
        let mut read = 1;
        for place in (0..4).rev() {
            let seen = chances.get_mut(before).and_then(|all| all.get_mut(read));
            let Some(chance) = seen else { continue };
            let bit = coder.bit(*chance, u32::from(*length >> place) & 1);
            *chance = (*chance * 15 + bit * 65_000 + 200) / 16;
            read = read * 2 + bit as usize;
        }
        before = read - 16;
        *length = before as u8;
    }
    lengths.iter().map(Tree::new).collect()
}
