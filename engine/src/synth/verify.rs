//! The proof: the events as text, read and run like any others. What does not come out as it should
//! is not a case.

use crate::eval::{self, Evaluated, Recording};
use crate::explain::Clauses;
use crate::explain::clauses::leaf_of;
use crate::ingest::load;
use crate::join::{Input, KeySpace};
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::rule::IndexPatterns;
use crate::run::{Hits, Options, Searched, compile, search_in};
use crate::schema::Mapping;
use crate::store::{Bits, Store};
use crate::synth::{About, Case};

/// The clauses each of which alone, turned over, would make `root` hold; none where it holds.
pub(super) fn deciding(
    plan: &Plan,
    clauses: &Clauses,
    root: NodeId,
    holds: &dyn Fn(NodeId) -> bool,
) -> Vec<NodeId> {
    let end = plan.node(root).map_or(root, |node| node.end);
    let n = (end.0 - root.0) as usize;
    // From the end, so that children come before their parents: does the node hold, and where it
    // is not as a match needs it, which leaves alone would turn it?
    let mut known: Vec<(bool, Vec<NodeId>)> = vec![(false, Vec::new()); n];
    for id in (root.0..end.0).rev().map(NodeId) {
        let Some(node) = plan.node(id) else { continue };
        let child = |id: NodeId| known.get((id.0 - root.0) as usize);
        let found = match &node.kind {
            NodeKind::Leaf { leaf: Leaf::Constant(value), .. } => (*value, Vec::new()),
            NodeKind::Leaf { .. } => (holds(id), vec![id]),
            NodeKind::Not => {
                let inner = plan.children(id).find_map(child);
                inner.map_or((false, Vec::new()), |(value, turns)| (!value, turns.clone()))
            }
            kind => {
                let any = kind.is_any();
                let children: Vec<_> = plan.children(id).filter_map(child).collect();
                // `any`: holding children make it hold; `all`: failing ones make it fail.
                let active = children.iter().filter(|(value, _)| *value == any).count();
                let mut turns = Vec::new();
                for (value, own) in &children {
                    if active == 0 || (active == 1 && *value == any) {
                        turns.extend_from_slice(own);
                    }
                }
                ((active > 0) == any, turns)
            }
        };
        if let Some(slot) = known.get_mut((id.0 - root.0) as usize) {
            *slot = found;
        }
    }
    let turns = known.into_iter().next().filter(|(holds, _)| !holds).map(|(_, turns)| turns);
    let mut turns = turns.unwrap_or_default();
    crate::sort::up(&mut turns);
    let is_one = |clause: &NodeId| {
        leaf_of(plan, *clause).is_some_and(|(_, leaf, _)| turns.binary_search(&leaf).is_ok())
    };
    clauses.nodes().iter().copied().filter(is_one).collect()
}

/// Cases read back from their text and run.
pub(super) struct Proof {
    plan: Plan,
    store: Store,
    recording: Recording,
    evaluated: Evaluated,
    options: Options,
    searched: Bits,
}

impl Proof {
    /// Reads and runs the events of all cases at once; each case is then asked about its own.
    /// `None` where the query is refused with these events.
    pub(super) fn new(
        text: &str,
        query: &str,
        mapping: &Mapping,
        options: Options,
        patterns: &IndexPatterns,
    ) -> Option<Self> {
        let store = load(text).store;
        let plan = compile(query, mapping, &store, &options).plan?;
        let mut recording = Recording::default();
        let evaluated = eval::run(&plan, &store, &mut recording);
        let searched = store.events_in(|index| patterns.search(index));
        Some(Self { plan, store, recording, evaluated, options, searched })
    }

    /// Does the case come out as it says? `first` is the position of its first event.
    pub(super) fn confirms(&self, case: &Case, clauses: &Clauses, first: u32) -> bool {
        let mut searched = Bits::none(self.store.n_events());
        let events = first..first + case.events.len() as u32;
        events.filter(|event| self.searched.get(*event)).for_each(|event| searched.set(event));
        let input = Input {
            plan: &self.plan,
            store: &self.store,
            searched: &searched,
            evaluated: &self.evaluated,
            ordinals: &self.store.ordinals(self.plan.time(), &searched),
        };
        let Searched { all, .. } =
            search_in(input, &self.options, &mut KeySpace::default(), &mut ());
        let found: Vec<Vec<Option<u32>>> = match all {
            Hits::Events(events) => events.into_iter().map(|event| vec![Some(event)]).collect(),
            Hits::Joined(matches) => matches.into_iter().map(|hit| hit.events).collect(),
        };
        let expected = case.matches.iter().map(|stages| {
            let event = |at: &Option<usize>| at.map(|at| first + at as u32);
            stages.iter().map(event).collect::<Vec<_>>()
        });
        if !found.into_iter().eq(expected) {
            return false;
        }
        let About::Clause { event, root, .. } = case.about else { return true };
        let holds = |node: NodeId| self.recording.holds(node, first + event as u32);
        deciding(&self.plan, clauses, root, &holds) == case.decides
    }
}
