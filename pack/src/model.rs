//! Foretells bits. For each of a few contexts (what came before, looked at in different ways) it is
//! kept how often 1 came and what the last bits were; a mixer, one of many small ones chosen by the
//! kind of byte, weighs the forecasts and learns from each bit which to trust (M. Mahoney, Adaptive
//! Weighing of Context Models for Lossless Data Compression, 2005).

use crate::coder::Coder;
use crate::program::{CONTEXTS, Context, KINDS, Symbols};
use crate::trees::{Code, Step, Trees};

/// Seven nodes of a tree, three bits deep, behind a tag that tells whose they are. A node holds the
/// chance of 1 (16 bits), the last bits behind a leading 1 (8 bits), and how many bits there were
/// (8 bits).
type Group = [u32; 8];

/// A node that has seen nothing.
const FRESH: u32 = 1 << 31 | 1 << 8;

/// Groups of one context, as a power of two. More would not fit a processor's cache.
const GROUP_BITS: u32 = 16;

/// How many bits a node counts: beyond, old ones are forgotten.
const MOST_SEEN: u32 = 127;

/// Places for what came after the same operations.
const START_BITS: u32 = 18;

/// Forecasts that are mixed: one for each context, one of the repetition, a constant, and two that
/// fill the last of four lanes.
const VOICES: usize = CONTEXTS + 4;

/// What a voice counts for at first, and how fast that changes.
const FIRST_WEIGHT: f32 = 0.18;
const LEARNING: f32 = 0.002;

/// Steps of the table of [`Tables::chance`] from 0 to one end, and for each unit.
const HALF: f32 = 2048.0;
const STEPS: f32 = 170.0;

/// No bit is more certain than this, in 65,536.
const LEAST: u32 = 24;

/// The logistic function and its inverse.
struct Tables {
    /// Of steps, the chance in 65,536.
    chances: Vec<u16>,
    /// Of a chance in 4,096, the logarithm of the odds.
    odds: Vec<f32>,
    /// By how much, in 32,768, a node follows a bit after so many others.
    rates: Vec<i32>,
}

impl Tables {
    fn new() -> Self {
        let x = |step: u32| (step as f32 - HALF) / STEPS;
        // e to the power of a 170th, from its series, so that it is the same everywhere.
        let one = 1.0 / f64::from(STEPS);
        let base = 1.0 + one * (1.0 + one / 2.0 * (1.0 + one / 3.0 * (1.0 + one / 4.0)));
        let mut power = 1.0;
        let mut above = Vec::new();
        for _ in 0..2048 {
            above.push((65_536.0 * power / (1.0 + power)) as u16);
            power *= base;
        }
        let below = above.iter().rev().map(|chance| (65_536 - u32::from(*chance)) as u16);
        let chances: Vec<u16> = below.chain(above.iter().copied()).collect();
        let mut step = 0;
        let odds = (0..4096u32)
            .map(|chance| {
                while chances.get(step).is_some_and(|c| u32::from(*c) < chance * 16 + 8) {
                    step += 1;
                }
                x(step as u32)
            })
            .collect();
        let rates = (0..=MOST_SEEN).map(|seen| 327_680 / (seen as i32 * 10 + 16)).collect();
        Self { chances, odds, rates }
    }

    fn odds(&self, chance: u32) -> f32 {
        self.odds.get(chance as usize >> 4).copied().unwrap_or_default()
    }

    fn chance(&self, odds: f32) -> u32 {
        let step = (odds * STEPS + HALF).clamp(0.0, 2.0 * HALF - 1.0) as usize;
        let chance = self.chances.get(step).copied().unwrap_or_default();
        u32::from(chance).clamp(LEAST, 65_536 - LEAST)
    }
}

pub(crate) struct Model<C> {
    pub(crate) coder: C,
    trees: Trees,
    tables: Tables,
    groups: Vec<Group>,
    /// The chance of 1 after the last bits of a node, by context and kind.
    histories: Vec<u16>,
    weights: Vec<[f32; VOICES]>,
    /// All bytes so far; what may be a repetition is looked up in them.
    past: Vec<u8>,
    /// Where what came after a key begins.
    starts: Vec<u32>,
    /// Where in the past the repetition goes on, and for how long it has been right; 0 is none.
    source: usize,
    repeated: usize,
    /// How often a repetition was right, by kind, length and bit.
    repetitions: Vec<u16>,
}

impl<C: Coder> Model<C> {
    pub(crate) fn new(coder: C, trees: Trees) -> Self {
        Self {
            coder,
            trees,
            tables: Tables::new(),
            groups: vec![[0; 8]; CONTEXTS << GROUP_BITS],
            histories: vec![1 << 15; CONTEXTS * KINDS * 256],
            weights: vec![[FIRST_WEIGHT; VOICES]; KINDS * MIXERS],
            past: Vec::new(),
            starts: vec![0; 1 << START_BITS],
            source: 0,
            repeated: 0,
            repetitions: vec![1 << 15; KINDS * 64],
        }
    }

    /// The group of a context in front of these bits; emptied where it was another's.
    fn group(&mut self, context: usize, hash: u32) -> usize {
        let tag = (hash & 0xffff) | 0x10000;
        let place = (context << GROUP_BITS) + (hash >> (32 - GROUP_BITS)) as usize;
        let other = place ^ 1;
        let seen = |place: usize| self.groups.get(place).map_or((0, 0), |group| (group[0], group[1] & 255));
        let ((one, one_seen), (two, two_seen)) = (seen(place), seen(other));
        if one == tag {
            return place;
        }
        if two == tag {
            return other;
        }
        let place = if two_seen < one_seen { other } else { place };
        if let Some(group) = self.groups.get_mut(place) {
            *group = [tag, FRESH, FRESH, FRESH, FRESH, FRESH, FRESH, FRESH];
        }
        place
    }

    /// One bit: foretold, coded, learnt from.
    fn bit(&mut self, at: &Place, copy: Option<(u32, usize)>, known: u32) -> u32 {
        let mut voices = [0.0f32; VOICES];
        let mut nodes = [(0u32, 0usize); CONTEXTS];
        let mut heard = 0;
        for (context, ((voice, node), group)) in
            voices.iter_mut().zip(&mut nodes).zip(at.groups).enumerate()
        {
            let held = self.groups.get(group).and_then(|group| group.get(at.node));
            let held = held.copied().unwrap_or(FRESH);
            let history = (context * KINDS + at.kind) * 256 + (held >> 8 & 255) as usize;
            *node = (held, history);
            if held & 255 != 0 {
                let followed = self.histories.get(history).copied().unwrap_or_default();
                *voice = self.tables.odds(held >> 16) + self.tables.odds(u32::from(followed));
                heard += 1;
            }
        }
        let repetition = copy.map(|(bit, length)| (at.kind * 32 + length.min(31)) * 2 + bit as usize);
        if let Some(repetition) = repetition {
            let chance = self.repetitions.get(repetition).copied().unwrap_or_default();
            voices[CONTEXTS] = self.tables.odds(u32::from(chance));
        }
        voices[CONTEXTS + 1] = 0.3;
        let mixer = (at.kind * 4 + at.depth.min(3)) * 2 + usize::from(copy.is_some());
        let mixer = mixer * (CONTEXTS + 1) + heard;
        let Some(weights) = self.weights.get_mut(mixer) else { return 0 };
        let mut sums = [0.0f32; 4];
        for (weights, voices) in weights.chunks_exact(4).zip(voices.chunks_exact(4)) {
            for ((sum, weight), voice) in sums.iter_mut().zip(weights).zip(voices) {
                *sum += weight * voice;
            }
        }
        let chance = self.tables.chance((sums[0] + sums[1]) + (sums[2] + sums[3]));
        let bit = self.coder.bit(chance, known);

        let target = if bit == 1 { 65_535 } else { 0 };
        let error = ((bit << 16) as f32 - chance as f32) * (LEARNING / 65_536.0);
        for (weight, voice) in weights.iter_mut().zip(voices) {
            *weight += error * voice;
        }
        for ((held, history), group) in nodes.into_iter().zip(at.groups) {
            let seen = held & 255;
            let chance = (held >> 16) as i32;
            let rate = self.tables.rates.get(seen as usize).copied().unwrap_or_default();
            let chance = chance + (((target - chance) * rate) >> 15);
            let last = (held >> 8 & 255) << 1 | bit;
            let last = if last > 255 { 128 | (last & 127) } else { last };
            let held = (chance as u32) << 16 | last << 8 | (seen + 1).min(MOST_SEEN);
            if let Some(node) = self.groups.get_mut(group).and_then(|group| group.get_mut(at.node)) {
                *node = held;
            }
            if let Some(followed) = self.histories.get_mut(history) {
                let chance = i32::from(*followed);
                *followed = (chance + ((target - chance) >> 6)) as u16;
            }
        }
        if let Some(chance) = repetition.and_then(|place| self.repetitions.get_mut(place)) {
            let before = i32::from(*chance);
            *chance = (before + ((target - before) >> 6)) as u16;
        }
        bit
    }
}

/// Mixers of one kind: by depth in the tree, whether there is a repetition, and contexts that know
/// something.
const MIXERS: usize = 4 * 2 * (CONTEXTS + 1);

/// Where in the tree of a kind the next bit is.
struct Place {
    kind: usize,
    depth: usize,
    groups: [usize; CONTEXTS],
    /// The node within each group.
    node: usize,
}

impl<C: Coder> Symbols for Model<C> {
    fn symbol(&mut self, kind: usize, context: &Context, known: u8) -> u8 {
        let Some(tree) = self.trees.of(kind) else { return 0 };
        let code = tree.of(known);
        let mut copy = match self.past.get(self.source) {
            Some(byte) if self.repeated > 0 => tree.of(*byte),
            _ => Code::default(),
        };
        let mut at = Place { kind, depth: 0, groups: [0; CONTEXTS], node: 1 };
        let mut inner = 0;
        let mut path = 1u32;
        let byte = loop {
            if at.depth % 3 == 0 {
                at.node = 1;
                let way = path.wrapping_add((kind as u32) << 20);
                for (number, context) in context.iter().enumerate() {
                    let place = self.group(number, hash(*context, way));
                    if let Some(group) = at.groups.get_mut(number) {
                        *group = place;
                    }
                }
            }
            let of = |code: Code| code.bits >> (code.length - 1).saturating_sub(at.depth as u32) & 1;
            let expected = (copy.length > 0).then(|| (of(copy), self.repeated));
            let bit = self.bit(&at, expected, if code.length > 0 { of(code) } else { 0 });
            if expected.is_some_and(|(expected, _)| expected != bit) {
                copy.length = 0;
                self.repeated = 0;
            }
            at.depth += 1;
            at.node = at.node * 2 + bit as usize;
            path = path * 2 + bit;
            match self.trees.of(kind).map(|tree| tree.step(inner, bit)) {
                Some(Step::Inner(next)) => inner = next,
                Some(Step::Byte(byte)) => break byte,
                None => break 0,
            }
        };
        self.past.push(byte);
        if self.repeated > 0 {
            self.source += 1;
            self.repeated += 1;
        }
        byte
    }

    fn seek(&mut self, key: u32) {
        let place = (key.wrapping_mul(0x9E37_79B1) >> (32 - START_BITS)) as usize;
        if let Some(start) = self.starts.get_mut(place) {
            if self.repeated == 0 && *start > 0 {
                (self.source, self.repeated) = (*start as usize, 1);
            }
            *start = self.past.len() as u32;
        }
    }
}

/// Mixes two numbers into one, of which all bits depend on all.
pub(crate) fn hash(one: u32, other: u32) -> u32 {
    let mixed = (one ^ other.wrapping_mul(0x9E37_79B1)).wrapping_mul(0x85EB_CA6B);
    mixed ^ (mixed >> 15)
}
