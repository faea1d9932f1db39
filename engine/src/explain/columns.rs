//! The distances of all events at once: 64 of them at a time, a number as eight words that hold one
//! binary digit of each.

use std::borrow::Cow;

use crate::eval::Recording;
use crate::explain::Repeats;
use crate::explain::nearness::MAX_SINGLES;
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::store::{Bits, Store};

/// Eight digits of 64 numbers, the lowest first. The greatest number, 255, is "far", and what is
/// more is 255 as well.
type Digits = [u64; 8];

const NONE: Digits = [0; 8];
const FAR_OFF: Digits = [u64::MAX; 8];

/// For every event at once, how many flips it is from a match; 255 for "far". Where tests stand
/// more than once, 0 and 1 are exact and every other number may be too large.
#[must_use]
pub fn distances(plan: &Plan, repeats: &Repeats, recording: &Recording, store: &Store) -> Vec<u8> {
    let n = store.n_events();
    let columns = Columns::new(plan, repeats, recording);
    let mut distances: Vec<u8> = Vec::with_capacity(n as usize);
    for at in 0..n.div_ceil(64) {
        let digits = columns.cost(NodeId(0), true, at as usize);
        for bit in 0..(n - at * 64).min(64) {
            let digit = |(place, word): (usize, &u64)| ((word >> bit & 1) as u8) << place;
            distances.push(digits.iter().enumerate().map(digit).sum());
        }
    }
    for group in repeats.groups().iter().take(MAX_SINGLES) {
        let matches = with_flipped(plan, NodeId(0), recording, n, group);
        for event in matches.iter() {
            if let Some(distance) = distances.get_mut(event as usize) {
                *distance = (*distance).min(1);
            }
        }
    }
    distances
}

/// What is known of the nodes of a plan.
struct Columns<'c> {
    plan: &'c Plan,
    /// Per node, if it is a leaf: for which events it holds, and whether it may turn.
    leaves: Vec<Option<(Option<&'c Bits>, bool)>>,
}

impl<'c> Columns<'c> {
    /// Tests that stand more than once stay as they are.
    fn new(plan: &'c Plan, repeats: &Repeats, recording: &'c Recording) -> Self {
        let leaf = |(id, node): (NodeId, &crate::plan::Node)| match &node.kind {
            NodeKind::Leaf { leaf, .. } => {
                let turns = matches!(leaf, Leaf::Test(_)) && repeats.group_of(id).is_none();
                Some((recording.bits(id), turns))
            }
            _ => None,
        };
        Self { plan, leaves: plan.iter().map(leaf).collect() }
    }

    /// Of a leaf: the events, of these 64, for which it does not say `want`, and whether it may turn.
    fn leaf(&self, id: NodeId, want: bool, at: usize) -> Option<(u64, bool)> {
        let (bits, turns) = (*self.leaves.get(id.0 as usize)?)?;
        let holds = bits.map_or(0, |bits| bits.word(at));
        Some((if want { !holds } else { holds }, turns))
    }

    /// What it costs to make a node say `want`, for these 64 events.
    fn cost(&self, id: NodeId, want: bool, at: usize) -> Digits {
        if let Some((differs, turns)) = self.leaf(id, want, at) {
            let mut digits = if turns { NONE } else { [differs; 8] };
            if let Some(lowest) = digits.first_mut() {
                *lowest = differs;
            }
            return digits;
        }
        let Some(node) = self.plan.node(id) else { return FAR_OFF };
        let mut children = self.plan.children(id);
        match &node.kind {
            NodeKind::Not => children.next().map_or(FAR_OFF, |child| self.cost(child, !want, at)),
            // All must: the sum.
            kind if kind.is_any() != want => {
                let mut sum = NONE;
                for child in children {
                    match self.leaf(child, want, at) {
                        Some((differs, true)) => add(&mut sum, 0, differs),
                        Some((differs, false)) => {
                            sum.iter_mut().for_each(|digit| *digit |= differs)
                        }
                        None => {
                            let cost = self.cost(child, want, at);
                            for (place, digit) in cost.iter().enumerate() {
                                add(&mut sum, place, *digit);
                            }
                        }
                    }
                }
                sum
            }
            // One must: the least. What leaves say is gathered first: where none may turn and does
            // not say it, and where one at least says it.
            _ => {
                let (mut differs, mut turns) = (u64::MAX, false);
                let mut least = FAR_OFF;
                for child in children {
                    if let Some((word, may)) = self.leaf(child, want, at) {
                        differs &= word;
                        turns |= may;
                    } else {
                        least = lesser(&least, &self.cost(child, want, at));
                    }
                }
                let mut of_leaves = if turns { NONE } else { [differs; 8] };
                if let Some(lowest) = of_leaves.first_mut() {
                    *lowest = differs;
                }
                lesser(&least, &of_leaves)
            }
        }
    }
}

/// Adds one digit to each of the numbers.
fn add(sum: &mut Digits, place: usize, mut carry: u64) {
    for digit in sum.iter_mut().skip(place) {
        if carry == 0 {
            return;
        }
        let both = *digit & carry;
        *digit ^= carry;
        carry = both;
    }
    // What runs over is far, and stays so.
    sum.iter_mut().for_each(|digit| *digit |= carry);
}

/// The lesser number of each two.
fn lesser(a: &Digits, b: &Digits) -> Digits {
    let (mut less, mut same) = (0, u64::MAX);
    for (a, b) in a.iter().zip(b).rev() {
        less |= same & !a & b;
        same &= !(a ^ b);
    }
    let mut least = *b;
    for (digit, a) in least.iter_mut().zip(a) {
        *digit = (*digit & !less) | (a & less);
    }
    least
}

/// The events for which the node holds if these leaves, in source order, say the opposite.
pub(super) fn with_flipped<'r>(
    plan: &Plan,
    id: NodeId,
    recording: &'r Recording,
    n: u32,
    leaves: &[NodeId],
) -> Cow<'r, Bits> {
    let bits = recording.bits(id).map_or_else(|| Cow::Owned(Bits::none(n)), Cow::Borrowed);
    let Some(node) = plan.node(id) else { return bits };
    let first = leaves.partition_point(|leaf| *leaf < id);
    if leaves.get(first).is_none_or(|leaf| *leaf >= node.end) {
        return bits;
    }
    let mut children =
        plan.children(id).map(|child| with_flipped(plan, child, recording, n, leaves));
    Cow::Owned(match &node.kind {
        NodeKind::Leaf { .. } => {
            let mut bits = bits.into_owned();
            bits.invert();
            bits
        }
        NodeKind::Not => {
            let mut bits = children.next().map_or_else(|| Bits::none(n), Cow::into_owned);
            bits.invert();
            bits
        }
        kind if kind.is_any() => children.fold(Bits::none(n), |mut sum, child| {
            sum |= child.as_ref();
            sum
        }),
        _ => children.fold(Bits::all(n), |mut sum, child| {
            sum &= child.as_ref();
            sum
        }),
    })
}
