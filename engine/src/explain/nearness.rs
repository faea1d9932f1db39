//! How far an event is from a match: the least number of clauses that must turn over.
//!
//! Every clause counts as free to turn on its own, which makes the answer a sum and a minimum
//! over the tree: for `and` to become true all its failing parts must, for it to become false the
//! cheapest part must, and the other way round for `or`.

use crate::eval::Recording;
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::store::Store;

/// More flips than this are not told apart.
const FAR: u8 = u8::MAX;

/// The smallest set of leaves whose flip would make one event match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flips {
    leaves: Vec<NodeId>,
}

impl Flips {
    /// The leaves, in source order; empty for a match.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.leaves.iter().copied()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.leaves.len()
    }

    /// True for a match, and where no flip helps.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Does the set hold this leaf, or the leaf under this `not`?
    #[must_use]
    pub fn contains(&self, leaf: NodeId) -> bool {
        self.leaves.contains(&leaf)
    }
}

/// The flips that one event needs so that `root` holds: the query, or one stage of it.
pub fn flips(plan: &Plan, root: NodeId, holds: impl Fn(NodeId) -> bool) -> Flips {
    let costs = costs(plan, &holds);
    let cost = |node: NodeId, want: bool| cost_of(&costs, node, want);
    let mut flips = Flips::default();
    // A constant in the way leaves no set of flips that helps.
    if cost(root, true) < FAR {
        collect(plan, root, true, &cost, &mut flips.leaves);
    }
    flips
}

/// Walks down the cheapest way to give `node` the value `want`.
fn collect(
    plan: &Plan,
    node: NodeId,
    want: bool,
    cost: &impl Fn(NodeId, bool) -> u8,
    leaves: &mut Vec<NodeId>,
) {
    if cost(node, want) == 0 {
        return;
    }
    let all = match plan.node(node).map(|node| &node.kind) {
        Some(NodeKind::Leaf { .. }) => return leaves.push(node),
        Some(NodeKind::Not) => {
            for child in plan.children(node) {
                collect(plan, child, !want, cost, leaves);
            }
            return;
        }
        Some(kind) if kind.is_any() => !want,
        _ => want,
    };
    if all {
        for child in plan.children(node) {
            collect(plan, child, want, cost, leaves);
        }
    } else if let Some(cheapest) = plan.children(node).min_by_key(|child| cost(*child, want)) {
        collect(plan, cheapest, want, cost, leaves);
    }
}

fn cost_of(costs: &[(u8, u8)], node: NodeId, want: bool) -> u8 {
    let (to_true, to_false) = costs.get(node.0 as usize).copied().unwrap_or((FAR, FAR));
    if want { to_true } else { to_false }
}

/// Per node, the flips it takes to make it true and to make it false.
fn costs(plan: &Plan, holds: &impl Fn(NodeId) -> bool) -> Vec<(u8, u8)> {
    let mut costs = vec![(FAR, FAR); plan.nodes().len()];
    for (id, node) in plan.iter().rev() {
        let cost = match &node.kind {
            NodeKind::Leaf { leaf: Leaf::Constant(true), .. } => (0, FAR),
            NodeKind::Leaf { leaf: Leaf::Constant(false), .. } => (FAR, 0),
            NodeKind::Leaf { .. } => {
                if holds(id) {
                    (0, 1)
                } else {
                    (1, 0)
                }
            }
            kind => plan.children(id).fold(neutral(kind), |sum, child| {
                let child = costs.get(child.0 as usize).copied().unwrap_or((FAR, FAR));
                combine(kind, sum, child)
            }),
        };
        if let Some(slot) = costs.get_mut(id.0 as usize) {
            *slot = cost;
        }
    }
    costs
}

fn neutral(kind: &NodeKind) -> (u8, u8) {
    if kind.is_any() { (FAR, 0) } else { (0, FAR) }
}

fn combine(kind: &NodeKind, sum: (u8, u8), child: (u8, u8)) -> (u8, u8) {
    match kind {
        kind if kind.is_any() => (sum.0.min(child.0), sum.1.saturating_add(child.1)),
        NodeKind::Not => (child.1, child.0),
        _ => (sum.0.saturating_add(child.0), sum.1.min(child.1)),
    }
}

/// For every event at once, how many flips it is from a match; 255 for "far".
#[must_use]
pub fn distances(plan: &Plan, recording: &Recording, store: &Store) -> Vec<u8> {
    subtree(plan, NodeId(0), recording, store.n_events() as usize).0
}

/// Columns of costs to true and to false.
fn subtree(plan: &Plan, id: NodeId, recording: &Recording, n: usize) -> (Vec<u8>, Vec<u8>) {
    let Some(node) = plan.node(id) else { return (vec![FAR; n], vec![FAR; n]) };
    match &node.kind {
        NodeKind::Leaf { leaf: Leaf::Constant(true), .. } => (vec![0; n], vec![FAR; n]),
        NodeKind::Leaf { leaf: Leaf::Constant(false), .. } => (vec![FAR; n], vec![0; n]),
        NodeKind::Leaf { .. } => {
            let to_true: Vec<u8> =
                (0..n as u32).map(|event| u8::from(!recording.holds(id, event))).collect();
            let to_false = to_true.iter().map(|cost| 1 - cost).collect();
            (to_true, to_false)
        }
        kind => {
            let (first, second) = neutral(kind);
            let mut sum = (vec![first; n], vec![second; n]);
            for child in plan.children(id) {
                let child = subtree(plan, child, recording, n);
                let sums = sum.0.iter_mut().zip(sum.1.iter_mut());
                for ((a, b), (c, d)) in sums.zip(child.0.iter().zip(&child.1)) {
                    (*a, *b) = combine(kind, (*a, *b), (*c, *d));
                }
            }
            sum
        }
    }
}
