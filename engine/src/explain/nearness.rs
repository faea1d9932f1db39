//! How far an event is from a match: the least number of tests that must turn over.
//!
//! A test that stands once turns on its own, which makes the answer a sum and a minimum over the
//! tree: for `and` to become true all its failing parts must, for it to become false the cheapest
//! part must, and the other way round for `or`. A test that stands more than once turns everywhere
//! at once: whether each of these turns is tried out, and for every choice the tree gives the rest.
//! Choices that cannot be better than the best one so far are not followed up, by a bound from the
//! same sums: a leaf of a test that stands three times costs a third.

use hashbrown::HashMap;

use crate::eval::Recording;
use crate::explain::Repeats;
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::sort;

/// What a flip costs: a number that many others divide, so that parts of it stay whole.
const WHOLE: u32 = 2520;

/// What cannot be, at any cost.
const FAR: u32 = u32::MAX;

/// Up to so many tests that stand more than once every choice is tried.
pub const MAX_REPEATS: usize = 20;

/// With more of them, so many nodes are looked at and so many single flips are tried.
const MAX_LOOKS: usize = 2_000_000;
pub(super) const MAX_SINGLES: usize = 256;

/// The smallest set of tests whose flip would make one event match. Among several the one is taken
/// whose first differing test stands further ahead in the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flips {
    leaves: Vec<NodeId>,
    tests: usize,
    is_exact: bool,
}

impl Default for Flips {
    fn default() -> Self {
        Self { leaves: Vec::new(), tests: 0, is_exact: true }
    }
}

impl Flips {
    /// The leaves that turn, in source order: of a test that stands more than once all of them.
    /// Empty for a match.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.leaves.iter().copied()
    }

    /// How many tests turn; one that stands more than once counts once.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tests
    }

    /// True for a match, and where no flip helps.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Does the set hold this leaf?
    #[must_use]
    pub fn contains(&self, leaf: NodeId) -> bool {
        self.leaves.binary_search(&leaf).is_ok()
    }

    /// No smaller set helps. False only where more than [`MAX_REPEATS`] tests stand more than once
    /// and not every choice was tried: fewer flips may do then, and of an empty set it is not known
    /// that none helps.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }
}

/// The flips that one event needs so that `root` holds: the query, or one stage of it. `holds`
/// tells what each leaf says of the event. Constants never flip. Of a sequence or sample it is the
/// stage with the fewest.
pub fn flips(
    plan: &Plan,
    repeats: &Repeats,
    root: NodeId,
    holds: &dyn Fn(NodeId) -> bool,
) -> Flips {
    let joined = matches!(
        plan.node(root).map(|node| &node.kind),
        Some(NodeKind::Sequence | NodeKind::Sample)
    );
    if !joined {
        return Search::new(plan, repeats, root, holds).run();
    }
    let mut best: Option<Flips> = None;
    let mut is_exact = true;
    for stage in plan.children(root) {
        let search = Search::new(plan, repeats, stage, holds);
        if search.holds_already {
            return Flips::default();
        }
        let found = search.run();
        is_exact &= found.is_exact;
        let fewest = best.as_ref().map_or(usize::MAX, Flips::len);
        if !found.is_empty() && found.len() < fewest {
            best = Some(found);
        }
    }
    let best = best.unwrap_or_default();
    Flips { is_exact: is_exact || best.len() == 1, ..best }
}

/// What is done with a test that stands more than once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Open,
    Keep,
    Flip,
}

struct Search<'s> {
    plan: &'s Plan,
    repeats: &'s Repeats,
    root: NodeId,
    end: u32,
    /// What each leaf below the root says, by position from the root.
    values: Vec<bool>,
    /// Flips it takes to make a node true and to make it false, in parts of [`WHOLE`].
    costs: Vec<(u32, u32)>,
    /// The tests that stand more than once below the root: by group how often, and what is done.
    times: Vec<u32>,
    choices: Vec<Choice>,
    groups: Vec<usize>,
    best: Option<Flips>,
    /// Evaluations of the tree that are left.
    left: usize,
    /// The root holds for the event.
    holds_already: bool,
}

impl<'s> Search<'s> {
    fn new(
        plan: &'s Plan,
        repeats: &'s Repeats,
        root: NodeId,
        holds: &dyn Fn(NodeId) -> bool,
    ) -> Self {
        let end = plan.node(root).map_or(root.0, |node| node.end.0);
        let mut times = vec![0; repeats.groups().len()];
        let values = (root.0..end).map(|at| {
            let id = NodeId(at);
            if !matches!(plan.node(id).map(|node| &node.kind), Some(NodeKind::Leaf { .. })) {
                return false;
            }
            if let Some(n) = repeats.group_of(id).and_then(|group| times.get_mut(group)) {
                *n += 1;
            }
            holds(id)
        });
        let values: Vec<bool> = values.collect();
        let groups = times.iter().enumerate().filter(|(_, n)| **n > 1).map(|(at, _)| at);
        let mut search = Self {
            plan,
            repeats,
            root,
            end,
            costs: vec![(FAR, FAR); values.len()],
            values,
            groups: groups.collect(),
            choices: vec![Choice::Keep; times.len()],
            times,
            best: None,
            left: usize::MAX,
            holds_already: false,
        };
        search.holds_already = search.evaluate() == 0;
        search
    }

    fn run(mut self) -> Flips {
        if self.holds_already {
            return Flips::default();
        }
        // Nothing chosen yet: what holds with each test kept where it is.
        self.take(0);
        let tries_all = self.groups.len() <= MAX_REPEATS;
        let mut is_exact = true;
        if !self.groups.is_empty() {
            if !tries_all {
                self.left = MAX_LOOKS / self.values.len().max(1);
                self.guess();
            }
            self.set_all(Choice::Open);
            is_exact = self.descend(0, 0, tries_all);
        }
        let best = self.best.unwrap_or_default();
        // One is the least there is.
        Flips { is_exact: is_exact || best.tests == 1, ..best }
    }

    fn set(&mut self, group: usize, choice: Choice) {
        if let Some(slot) = self.choices.get_mut(group) {
            *slot = choice;
        }
    }

    fn set_all(&mut self, choice: Choice) {
        self.choices.fill(choice);
    }

    /// Tries all choices from the one at position `next` on, of which `flipped` are flips so far.
    /// `ties`: also those that are as good as the best one. False where it had to stop.
    fn descend(&mut self, next: usize, flipped: u32, ties: bool) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let cost = self.evaluate();
        if cost == FAR {
            return true;
        }
        let bound = (flipped + cost.div_ceil(WHOLE)) as usize;
        if let Some(best) = &self.best
            && (bound > best.tests || (bound == best.tests && !ties))
        {
            return true;
        }
        let Some(group) = self.groups.get(next).copied() else {
            self.take(flipped);
            return true;
        };
        self.set(group, Choice::Keep);
        let mut is_done = self.descend(next + 1, flipped, ties);
        self.set(group, Choice::Flip);
        is_done &= self.descend(next + 1, flipped + 1, ties);
        self.set(group, Choice::Open);
        is_done
    }

    /// A good set, where there are too many choices: each flip alone, then those the bound counts
    /// on, closed under what repeats.
    fn guess(&mut self) {
        for at in 0..self.groups.len().min(MAX_SINGLES) {
            let Some(group) = self.groups.get(at).copied() else { continue };
            self.set(group, Choice::Flip);
            if self.evaluate() == 0 {
                self.take(1);
            }
            self.set(group, Choice::Keep);
        }
        if self.best.as_ref().is_some_and(|best| best.tests == 1) {
            return;
        }
        self.set_all(Choice::Open);
        let mut flipped = 0;
        for _ in 0..8 {
            if self.evaluate() == FAR {
                return;
            }
            let mut leaves = Vec::new();
            self.collect(self.root, true, &mut leaves);
            let before = flipped;
            for group in leaves.iter().filter_map(|leaf| self.repeats.group_of(*leaf)) {
                if self.choices.get(group) == Some(&Choice::Open)
                    && self.times.get(group).is_some_and(|n| *n > 1)
                {
                    self.set(group, Choice::Flip);
                    flipped += 1;
                }
            }
            if flipped == before {
                break;
            }
        }
        for choice in self.choices.iter_mut().filter(|choice| **choice == Choice::Open) {
            *choice = Choice::Keep;
        }
        self.evaluate();
        self.take(flipped);
    }

    /// Notes what was evaluated last, if it is better than the best so far. Nothing may be open.
    fn take(&mut self, flipped: u32) {
        let cost = self.cost(self.root, true);
        if cost == FAR {
            return;
        }
        let tests = (flipped + cost / WHOLE) as usize;
        if self.best.as_ref().is_some_and(|best| best.tests < tests) {
            return;
        }
        let mut leaves = Vec::new();
        self.collect(self.root, true, &mut leaves);
        for group in self.groups.iter().filter(|at| self.choices.get(**at) == Some(&Choice::Flip)) {
            let all = self.repeats.groups().get(*group).into_iter().flatten();
            leaves.extend(all.filter(|leaf| (self.root.0..self.end).contains(&leaf.0)));
        }
        sort::up(&mut leaves);
        let firsts = |leaves: &[NodeId]| -> Vec<NodeId> {
            leaves.iter().copied().filter(|leaf| self.is_first(*leaf)).collect()
        };
        let is_better = self
            .best
            .as_ref()
            .is_none_or(|best| tests < best.tests || firsts(&leaves) < firsts(&best.leaves));
        if is_better {
            self.best = Some(Flips { leaves, tests, is_exact: true });
        }
    }

    /// Is it the first leaf below the root of its test?
    fn is_first(&self, leaf: NodeId) -> bool {
        let group = self.repeats.group_of(leaf).and_then(|at| self.repeats.groups().get(at));
        let mut below = group.into_iter().flatten().filter(|other| **other >= self.root);
        below.next().is_none_or(|first| *first == leaf)
    }

    fn cost(&self, node: NodeId, want: bool) -> u32 {
        let at = node.0.checked_sub(self.root.0).map(|at| at as usize);
        let (to_true, to_false) =
            at.and_then(|at| self.costs.get(at)).copied().unwrap_or((FAR, FAR));
        if want { to_true } else { to_false }
    }

    /// Works out all costs under the choices as they are; that of the root.
    fn evaluate(&mut self) -> u32 {
        for at in (self.root.0..self.end).rev() {
            let id = NodeId(at);
            let Some(node) = self.plan.node(id) else { continue };
            let cost = match &node.kind {
                NodeKind::Leaf { leaf, .. } => self.leaf_cost(id, leaf),
                kind => self.plan.children(id).fold(neutral(kind), |sum, child| {
                    combine(kind, sum, (self.cost(child, true), self.cost(child, false)))
                }),
            };
            if let Some(slot) = self.costs.get_mut((at - self.root.0) as usize) {
                *slot = cost;
            }
        }
        self.cost(self.root, true)
    }

    fn leaf_cost(&self, id: NodeId, leaf: &Leaf) -> (u32, u32) {
        let (value, turn) = match leaf {
            Leaf::Constant(value) => (*value, FAR),
            Leaf::Test(_) => {
                let value = self.values.get((id.0 - self.root.0) as usize) == Some(&true);
                let group = self.repeats.group_of(id);
                let times = group.and_then(|at| self.times.get(at)).copied().unwrap_or(1);
                match group.and_then(|at| self.choices.get(at)) {
                    Some(Choice::Open) if times > 1 => (value, WHOLE / times),
                    Some(Choice::Keep) if times > 1 => (value, FAR),
                    Some(Choice::Flip) if times > 1 => (!value, FAR),
                    _ => (value, WHOLE),
                }
            }
        };
        if value { (0, turn) } else { (turn, 0) }
    }

    /// Walks down the cheapest way to give `node` the value `want`.
    fn collect(&self, node: NodeId, want: bool, leaves: &mut Vec<NodeId>) {
        if self.cost(node, want) == 0 {
            return;
        }
        let all = match self.plan.node(node).map(|node| &node.kind) {
            Some(NodeKind::Leaf { .. }) => return leaves.push(node),
            Some(NodeKind::Not) => {
                for child in self.plan.children(node) {
                    self.collect(child, !want, leaves);
                }
                return;
            }
            Some(kind) if kind.is_any() => !want,
            _ => want,
        };
        if all {
            for child in self.plan.children(node) {
                self.collect(child, want, leaves);
            }
        } else if let Some(cheapest) =
            self.plan.children(node).min_by_key(|child| self.cost(*child, want))
        {
            self.collect(cheapest, want, leaves);
        }
    }
}

fn neutral(kind: &NodeKind) -> (u32, u32) {
    if kind.is_any() { (FAR, 0) } else { (0, FAR) }
}

fn combine(kind: &NodeKind, sum: (u32, u32), child: (u32, u32)) -> (u32, u32) {
    match kind {
        kind if kind.is_any() => (sum.0.min(child.0), sum.1.saturating_add(child.1)),
        NodeKind::Not => (child.1, child.0),
        _ => (sum.0.saturating_add(child.0), sum.1.min(child.1)),
    }
}

/// How many flips each of these events is from a match, exactly as far as [`flips`] is; `None`
/// where none helps. Events on which all leaves agree are looked at once.
#[must_use]
pub fn exact_distances(
    plan: &Plan,
    repeats: &Repeats,
    recording: &Recording,
    events: &[u32],
) -> Vec<Option<u32>> {
    let leaves: Vec<NodeId> = plan
        .iter()
        .filter(|(_, node)| matches!(node.kind, NodeKind::Leaf { leaf: Leaf::Test(_), .. }))
        .map(|(id, _)| id)
        .collect();
    let mut known: HashMap<Vec<u8>, Option<u32>> = HashMap::new();
    let distance = |event: &u32| {
        let mut says = vec![0_u8; leaves.len().div_ceil(8)];
        for (at, leaf) in leaves.iter().enumerate() {
            if let Some(byte) = says.get_mut(at / 8) {
                *byte |= u8::from(recording.holds(*leaf, *event)) << (at % 8);
            }
        }
        *known.entry(says).or_insert_with(|| {
            if recording.holds(NodeId(0), *event) {
                return Some(0);
            }
            let found = flips(plan, repeats, NodeId(0), &|leaf| recording.holds(leaf, *event));
            (!found.is_empty()).then_some(found.len() as u32)
        })
    };
    events.iter().map(distance).collect()
}
