//! How many events get how far into a condition, and which of its clauses alone stops them.

use crate::eval::Recording;
use crate::explain::Repeats;
use crate::explain::columns::with_flipped;
use crate::explain::nearness::MAX_SINGLES;
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::store::Bits;

/// Per node, how many of the searched events get to it and satisfy it.
///
/// An event gets to the query if it is searched, to the parts of what it got to one after the other:
/// of `and` (and of category and condition) it gets to the next part only if all before it hold; of
/// `or`, and of the stages of a sequence or sample, it gets to each; of `not` to what stands under
/// it, so that there it is counted if it is about to be excluded.
#[must_use]
pub fn reach(plan: &Plan, recording: &Recording, searched: &Bits) -> Vec<u32> {
    // The events that get to the next node of each depth.
    let mut coming: Vec<Bits> = vec![searched.clone()];
    let mut reach = Vec::with_capacity(plan.nodes().len());
    for (id, node) in plan.iter() {
        let depth = usize::from(node.depth);
        coming.truncate(depth + 1);
        let (Some(bits), Some(here)) = (recording.bits(id), coming.last_mut()) else {
            reach.push(0);
            continue;
        };
        reach.push(here.count_with(bits));
        let inside = (!matches!(node.kind, NodeKind::Leaf { .. })).then(|| here.clone());
        let parent = node.parent.and_then(|parent| plan.node(parent));
        if parent.is_some_and(|parent| !parent.kind.is_any()) {
            *here &= bits;
        }
        coming.extend(inside);
    }
    reach
}

/// Per test of `root`, in source order, the events of a set for which turning it over, and nothing
/// else, would turn over the root; tests for which there are none may be left out. A test that
/// stands more than once is turned everywhere at once, and comes once: at its first leaf. Of these
/// no more are tried than by [`distances`](super::distances).
pub fn alone(
    plan: &Plan,
    repeats: &Repeats,
    recording: &Recording,
    root: NodeId,
    among: &Bits,
    tell: &mut dyn FnMut(NodeId, &Bits),
) {
    let mut told = |leaves: &[NodeId], turned: &Bits| {
        if let Some(first) = leaves.first() {
            tell(*first, turned);
        }
    };
    alone_in(plan, repeats, recording, root, among, &mut told);
}

/// The events of a set that miss by one test for want of a value: it is the first of those that
/// would do, and one of its leaves has no value to look at.
pub(crate) fn wanting(
    plan: &Plan,
    repeats: &Repeats,
    recording: &Recording,
    among: &Bits,
    is_missing: &dyn Fn(NodeId, u32) -> bool,
) -> Bits {
    let mut open = among.clone();
    let mut wanting = Bits::none(among.len());
    alone_in(plan, repeats, recording, NodeId(0), among, &mut |leaves, turned| {
        let mut turned = turned.clone();
        turned &= &open;
        open ^= &turned;
        for event in
            turned.iter().filter(|event| leaves.iter().any(|leaf| is_missing(*leaf, *event)))
        {
            wanting.set(event);
        }
    });
    wanting
}

type Tell<'t> = &'t mut dyn FnMut(&[NodeId], &Bits);

/// The same with all leaves of each test.
fn alone_in(
    plan: &Plan,
    repeats: &Repeats,
    recording: &Recording,
    root: NodeId,
    among: &Bits,
    tell: Tell<'_>,
) {
    let Some(end) = plan.node(root).map(|node| node.end) else { return };
    let within = |group: &&Vec<NodeId>| group.iter().any(|leaf| (root..end).contains(leaf));
    let groups = repeats.groups().iter().take(MAX_SINGLES).filter(within).map(Vec::as_slice);
    let groups: Vec<&[NodeId]> = groups.collect();
    let mut walk = Walk { plan, repeats, recording, root, among, groups: &groups, tell };
    walk.down(root, among.clone());
}

struct Walk<'w> {
    plan: &'w Plan,
    repeats: &'w Repeats,
    recording: &'w Recording,
    root: NodeId,
    among: &'w Bits,
    /// The tests that stand more than once and are still to come.
    groups: &'w [&'w [NodeId]],
    tell: Tell<'w>,
}

impl Walk<'_> {
    /// `open`: the events for which the root turns with this node.
    fn down(&mut self, id: NodeId, mut open: Bits) {
        let plan = self.plan;
        let Some(node) = plan.node(id) else { return };
        if let NodeKind::Leaf { leaf, .. } = &node.kind {
            let is_single = matches!(leaf, Leaf::Test(_)) && self.repeats.group_of(id).is_none();
            if is_single && !open.holds_none() {
                (self.tell)(&[id], &open);
            }
            return self.tell_groups(node.end);
        }
        if matches!(node.kind, NodeKind::Not) {
            return plan.children(id).for_each(|child| self.down(child, open.clone()));
        }
        // A part matters for an event where no other part has settled the whole: where `and` fails
        // by one part, by that one only. How many have is counted up to two.
        let n = open.len();
        let (mut some, mut several) = (Bits::none(n), Bits::none(n));
        for child in plan.children(id) {
            let settles = self.settles(&node.kind, child, n);
            let mut both = some.clone();
            both &= &settles;
            several |= &both;
            some |= &settles;
        }
        several.invert();
        open &= &several;
        if open.holds_none() {
            return self.tell_groups(node.end);
        }
        some.invert();
        for child in plan.children(id) {
            let mut inside = self.settles(&node.kind, child, n);
            inside |= &some;
            inside &= &open;
            self.down(child, inside);
        }
        self.tell_groups(node.end);
    }

    /// The events for which this part makes the whole what it is, whatever the others say.
    fn settles(&self, kind: &NodeKind, child: NodeId, n: u32) -> Bits {
        let mut bits = self.recording.bits(child).cloned().unwrap_or_else(|| Bits::none(n));
        if !kind.is_any() {
            bits.invert();
        }
        bits
    }

    /// Tells of the tests that stand more than once, the first time before this node.
    fn tell_groups(&mut self, end: NodeId) {
        while let Some((group, rest)) = self.groups.split_first().filter(|(group, _)| {
            group.iter().find(|leaf| **leaf >= self.root).is_some_and(|first| *first < end)
        }) {
            self.groups = rest;
            let bits = with_flipped(self.plan, self.root, self.recording, self.among.len(), group);
            let mut turned = bits.into_owned();
            if let Some(bits) = self.recording.bits(self.root) {
                turned ^= bits;
            }
            turned &= self.among;
            let below = group.partition_point(|leaf| *leaf < self.root);
            (self.tell)(group.get(below..).unwrap_or_default(), &turned);
        }
    }
}
