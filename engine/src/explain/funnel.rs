//! How many events get how far into a condition, and which of its clauses alone stops them.

use crate::eval::Recording;
use crate::explain::Repeats;
use crate::explain::nearness::with_flipped;
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

/// Per test of `root` the events for which turning it over, and nothing else, would turn over the
/// root. A test that stands more than once is turned everywhere at once, and comes once: at its
/// first leaf.
pub fn alone(
    plan: &Plan,
    repeats: &Repeats,
    recording: &Recording,
    root: NodeId,
    n: u32,
    tell: &mut dyn FnMut(NodeId, &Bits),
) {
    walk(plan, repeats, recording, root, Bits::all(n), tell);
    let Some(end) = plan.node(root).map(|node| node.end) else { return };
    for group in repeats.groups() {
        let Some(first) = group.iter().find(|leaf| (root..end).contains(leaf)) else { continue };
        let mut turned = with_flipped(plan, root, recording, n, group);
        if let Some(bits) = recording.bits(root) {
            turned ^= bits;
        }
        tell(*first, &turned);
    }
}

/// `open`: the events for which the root turns with this node.
fn walk(
    plan: &Plan,
    repeats: &Repeats,
    recording: &Recording,
    id: NodeId,
    open: Bits,
    tell: &mut dyn FnMut(NodeId, &Bits),
) {
    let Some(node) = plan.node(id) else { return };
    if let NodeKind::Leaf { leaf, .. } = &node.kind {
        if matches!(leaf, Leaf::Test(_)) && repeats.group_of(id).is_none() {
            tell(id, &open);
        }
        return;
    }
    // A part matters for an event where no other part has settled the whole: where `and` fails by
    // one part, by that one only. How many have is counted up to two.
    let settles = |child: NodeId| {
        let mut bits = recording.bits(child).cloned().unwrap_or_else(|| Bits::none(open.len()));
        if !node.kind.is_any() {
            bits.invert();
        }
        bits
    };
    let is_not = matches!(node.kind, NodeKind::Not);
    let (mut some, mut several) = (Bits::none(open.len()), Bits::none(open.len()));
    for child in plan.children(id).filter(|_| !is_not) {
        let bits = settles(child);
        let mut both = some.clone();
        both &= &bits;
        several |= &both;
        some |= &bits;
    }
    for child in plan.children(id) {
        let mut inside = open.clone();
        if !is_not {
            // The others that settle it: `several` where this one does, `some` where not.
            let mine = settles(child);
            let mut others = some.clone();
            others ^= &mine;
            others |= &several;
            others.invert();
            inside &= &others;
        }
        walk(plan, repeats, recording, child, inside, tell);
    }
}
