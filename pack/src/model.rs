//! Foretells bits. For each of a few contexts (what came before, looked at in different ways) a byte
//! remembers which bits followed; what comes after such a memory is counted; and a mixer, one of many
//! small ones, weighs these forecasts and learns from each bit which of them to trust (M. Mahoney,
//! Adaptive Weighing of Context Models for Lossless Data Compression, 2005).

use crate::coder::Coder;
use crate::odds::{CERTAIN, Odds};
use crate::past::Past;
use crate::program::{CONTEXTS, Context, Symbols};
use crate::states::{FRESH, States};
use crate::trees::{Step, Tree};

/// Seven nodes of a tree, three bits deep, each a byte with the state of a context there, above a byte
/// that tells whose they are.
type Group = u64;

/// Levels of a group.
const LEVELS: u32 = 3;

/// Groups of one context, as a power of two. More would not fit a processor's cache.
const GROUP_BITS: u32 = 16;

/// Forecasts that are mixed: of the contexts, and of the repetition.
const VOICES: usize = CONTEXTS + 1;

/// What a voice counts for at first, and how fast that changes.
const FIRST_WEIGHT: f32 = 0.3;
const LEARNING: f32 = 0.002 / CERTAIN as f32;

/// A bit that was foretold as well as this, of 65,536, teaches nothing.
const EXPECTED: i32 = 300;

/// A repetition as long as this is asked about whole bytes first.
const SURE: usize = 16;

/// A chance follows a bit by one in two to the power of this.
const RATE: u32 = 7;

/// Mixers of one kind: by level in the tree, whether there is a repetition, and how many contexts
/// know something.
const MIXERS: usize = 4 * 2 * VOICES;

/// What is known of the bytes of one kind.
struct Kind {
    tree: Tree,
    /// The chance of a 1 after each state of each context.
    chances: [[u16; 256]; CONTEXTS],
    /// The same of repetitions, by their length and what they say.
    repetitions: [u16; 64],
    /// The chance that a long repetition has the whole byte right, by its length.
    whole: [u16; 32],
    mixers: Vec<[f32; VOICES]>,
}

/// The tables that never change.
struct Tables {
    states: States,
    odds: Odds,
}

pub(crate) struct Model<C> {
    pub(crate) coder: C,
    tables: Tables,
    kinds: Vec<Kind>,
    groups: Vec<Group>,
    past: Past,
}

impl<C: Coder> Model<C> {
    /// That has seen nothing, for bytes with these codes, one for each kind.
    pub(crate) fn new(coder: C, trees: Vec<Tree>) -> Self {
        let states = States::new();
        let kind = |tree| Kind {
            tree,
            chances: [*states.first(); CONTEXTS],
            repetitions: [1 << 15; 64],
            whole: [65_000; 32],
            mixers: vec![[FIRST_WEIGHT; VOICES]; MIXERS],
        };
        let kinds = trees.into_iter().map(kind).collect();
        Self {
            coder,
            tables: Tables { states, odds: Odds::new() },
            kinds,
            groups: vec![0; CONTEXTS << GROUP_BITS],
            past: Past::new(),
        }
    }
}

impl<C: Coder> Symbols for Model<C> {
    fn symbol(&mut self, number: usize, context: &Context, known: u8) -> u8 {
        let Some(kind) = self.kinds.get_mut(number) else { return 0 };
        if let Some((byte, length)) = self.past.expected().filter(|(_, length)| *length >= SURE) {
            let Some(chance) = kind.whole.get_mut(length.ilog2() as usize & 31) else { return 0 };
            let before = *chance;
            let bit = self.coder.bit(u32::from(before), u32::from(byte == known));
            *chance =
                if bit == 1 { before + ((65_500 - before) >> 6) } else { before - (before >> 6) };
            if bit == 1 {
                self.past.push(byte);
                return byte;
            }
            self.past.stop();
        }
        let known = kind.tree.code(known);
        let mut repetition =
            self.past.expected().map(|(byte, length)| (kind.tree.code(byte), length));
        let mut path = 1u32;
        let mut inner = 0;
        let mut level = 0;
        let mut places = [0; CONTEXTS];
        let mut groups = [0; CONTEXTS];
        let byte = loop {
            let way = path.wrapping_add((number as u32) << 20);
            for (((place, group), context), index) in
                places.iter_mut().zip(&mut groups).zip(context).zip(0..)
            {
                *place = find(&mut self.groups, &self.tables.states, index, hash(*context, way));
                *group = self.groups.get(*place).copied().unwrap_or_default();
            }
            let mut node = 1;
            let mut found = None;
            for _ in 0..LEVELS {
                let expected = repetition.map(|(code, length)| (code.bit(level), length));
                let mut bit =
                    Bit { kind, tables: &self.tables, groups: &mut groups, node, level, expected };
                let bit = bit.code(&mut self.coder, known.bit(level));
                repetition = repetition.filter(|(code, _)| code.bit(level) == bit);
                level += 1;
                node = node * 2 + bit;
                path = path * 2 + bit;
                match kind.tree.step(inner, bit) {
                    Step::Inner(next) => inner = next,
                    Step::Byte(byte) => {
                        found = Some(byte);
                        break;
                    }
                }
            }
            for (place, group) in places.iter().zip(&groups) {
                if let Some(held) = self.groups.get_mut(*place) {
                    *held = *group;
                }
            }
            if let Some(byte) = found {
                break byte;
            }
        };
        self.past.push(byte);
        byte
    }

    fn seek(&mut self, key: u32) {
        self.past.seek(key);
    }
}

/// The place of a context's group; emptied where it was another's.
fn find(groups: &mut [Group], states: &States, context: usize, hash: u32) -> usize {
    let tag = u64::from(hash & 255);
    let place = (context << GROUP_BITS) + (hash >> (32 - GROUP_BITS)) as usize;
    let neighbour = place ^ 1;
    let held = |place: usize| groups.get(place).copied().unwrap_or_default();
    let (one, other) = (held(place), held(neighbour));
    if one & 255 == tag {
        return place;
    }
    if other & 255 == tag {
        return neighbour;
    }
    let seen = |group: Group| states.seen((group >> 8) as u8);
    let place = if seen(other) < seen(one) { neighbour } else { place };
    if let Some(group) = groups.get_mut(place) {
        *group = tag;
    }
    place
}

/// One bit: where it is, and what it is foretold from.
struct Bit<'m> {
    kind: &'m mut Kind,
    tables: &'m Tables,
    groups: &'m mut [Group; CONTEXTS],
    node: u32,
    level: u32,
    /// What a repetition says, and its length.
    expected: Option<(u32, usize)>,
}

impl Bit<'_> {
    /// Foretold, coded, learnt from.
    fn code(&mut self, coder: &mut impl Coder, known: u32) -> u32 {
        let Self { kind, tables, groups, node, level, expected } = self;
        let node = 8 * (*node & 7);
        let mut voices = [0.0f32; VOICES];
        let mut heard = 0;
        for ((voice, chances), group) in voices.iter_mut().zip(&kind.chances).zip(groups.iter()) {
            let state = (*group >> node) as u8;
            let chance = chances.get(usize::from(state)).copied().unwrap_or_default();
            *voice = tables.odds.of(chance);
            heard += usize::from(state != FRESH);
        }
        let repetition = expected.map(|(bit, length)| length.min(31) * 2 + bit as usize);
        if let Some(chance) = repetition.and_then(|place| kind.repetitions.get(place)) {
            voices[CONTEXTS] = tables.odds.of(*chance);
        }
        let mixer =
            ((*level).min(3) as usize * 2 + usize::from(expected.is_some())) * VOICES + heard;
        let Some(weights) = kind.mixers.get_mut(mixer) else { return 0 };
        let mut sums = [0.0f32; 4];
        for (weights, voices) in weights.chunks(4).zip(voices.chunks(4)) {
            for ((sum, weight), voice) in sums.iter_mut().zip(weights).zip(voices) {
                *sum += weight * voice;
            }
        }
        let chance = tables.odds.chance((sums[0] + sums[1]) + (sums[2] + sums[3]));
        let bit = coder.bit(chance, known);

        let target = if bit == 1 { CERTAIN as i32 - 1 } else { 0 };
        let is_new = (target - chance as i32).abs() > EXPECTED;
        if is_new {
            for (chances, group) in kind.chances.iter_mut().zip(groups.iter()) {
                let state = (*group >> node) as u8;
                if let Some(held) = chances.get_mut(usize::from(state)) {
                    let chance = i32::from(*held);
                    *held = (chance + ((target - chance) >> RATE)) as u16;
                }
            }
            let error = (target - chance as i32) as f32 * LEARNING;
            for (weight, voice) in weights.iter_mut().zip(voices) {
                *weight += error * voice;
            }
            if let Some(chance) = repetition.and_then(|place| kind.repetitions.get_mut(place)) {
                let before = i32::from(*chance);
                *chance = (before + ((target - before) >> 6)) as u16;
            }
        }
        for group in groups.iter_mut() {
            let state = (*group >> node) as u8;
            *group ^= u64::from(state ^ tables.states.next(state, bit)) << node;
        }
        bit
    }
}

/// Mixes two numbers into one, of which all bits depend on all.
pub(crate) fn hash(one: u32, other: u32) -> u32 {
    let mixed = (one ^ other.wrapping_mul(0x9E37_79B1)).wrapping_mul(0x85EB_CA6B);
    mixed ^ (mixed >> 15)
}
