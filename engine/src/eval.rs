//! A plan over a store: one bit per event for every node (spec §3.11, §4.3).
//!
//! A leaf looks at each distinct value once and spreads the answers over the events by code; logic
//! is a handful of word operations. Elasticsearch decides every leaf to true or false before
//! `and`, `or` and `not` see it, so two values are enough.

mod computed;
mod predicate;

use crate::funcs::Failure;
use crate::hir::{Subject, Test};
use crate::plan::{Leaf, NodeId, NodeKind, Plan, Stage};
use crate::store::{Bits, Store};
use crate::ty::Type;
use crate::value::{Scalar, Value};

use predicate::Judge;

pub use computed::results;

/// Who wants to see the bits of every node.
pub trait Trace {
    /// Called once per node, children before parents.
    fn keep(&mut self, node: NodeId, bits: &Bits);
}

/// Nobody: only the answer counts.
impl Trace for () {
    fn keep(&mut self, _: NodeId, _: &Bits) {}
}

/// The bits of every node of a plan.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    bits: Vec<Option<Bits>>,
}

impl Recording {
    /// The events for which a node holds; `None` for a node that the plan does not have.
    #[must_use]
    pub fn bits(&self, node: NodeId) -> Option<&Bits> {
        self.bits.get(node.0 as usize)?.as_ref()
    }

    /// Does the node hold for the event?
    #[must_use]
    pub fn holds(&self, node: NodeId, event: u32) -> bool {
        self.bits(node).is_some_and(|bits| bits.get(event))
    }
}

impl Trace for Recording {
    fn keep(&mut self, node: NodeId, bits: &Bits) {
        let at = node.0 as usize;
        if self.bits.len() <= at {
            self.bits.resize(at + 1, None);
        }
        if let Some(slot) = self.bits.get_mut(at) {
            *slot = Some(bits.clone());
        }
    }
}

/// A leaf that could not be computed for some events, where Elasticsearch would fail the search
/// (spec §11.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The leaf.
    pub node: NodeId,
    /// What went wrong.
    pub failure: Failure,
    /// The events.
    pub events: Bits,
}

/// The bits of each stage of a plan (one for an event query), of the `until` stage, and what
/// failed; whatever the index of the events.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// Per node that is the filter of a stage, its bits; in the order of the nodes.
    filters: Vec<(NodeId, Bits)>,
    /// Leaves that could not be computed for some events.
    pub failed: Vec<Failed>,
}

impl Evaluated {
    /// What a recorded run knew of the filters of its plan, to search once more.
    #[must_use]
    pub fn recorded(plan: &Plan, recording: &Recording) -> Self {
        let filter = |stage: &Stage| Some((stage.node, recording.bits(stage.node)?.clone()));
        let mut filters: Vec<(NodeId, Bits)> = Vec::new();
        for (node, bits) in plan.stages().iter().chain(plan.until()).filter_map(filter) {
            if filters.last().is_none_or(|(last, _)| *last != node) {
                filters.push((node, bits));
            }
        }
        Self { filters, failed: Vec::new() }
    }

    /// The events that pass the filter at this node.
    #[must_use]
    pub fn filter(&self, node: NodeId) -> Option<&Bits> {
        self.filters.iter().find(|(id, _)| *id == node).map(|(_, bits)| bits)
    }
}

/// Runs all filters of a plan.
pub fn run(plan: &Plan, store: &Store, trace: &mut impl Trace) -> Evaluated {
    let mut running = Running { plan, store, trace, filters: Vec::new(), failed: Vec::new() };
    running.verdict(NodeId(0));
    Evaluated { filters: running.filters, failed: running.failed }
}

struct Running<'r, T> {
    plan: &'r Plan,
    store: &'r Store,
    trace: &'r mut T,
    filters: Vec<(NodeId, Bits)>,
    failed: Vec<Failed>,
}

impl<T: Trace> Running<'_, T> {
    /// The events for which one node holds.
    fn verdict(&mut self, id: NodeId) -> Bits {
        let n = self.store.n_events();
        let plan = self.plan;
        let Some(kind) = plan.node(id).map(|node| &node.kind) else { return Bits::none(n) };
        let bits = match kind {
            NodeKind::Leaf { leaf, .. } => self.leaf(id, leaf),
            NodeKind::Not => {
                let mut bits = Bits::none(n);
                for child in plan.children(id) {
                    bits = self.verdict(child);
                }
                bits.invert();
                bits
            }
            kind if kind.is_any() => {
                let mut bits = Bits::none(n);
                for child in plan.children(id) {
                    bits |= &self.verdict(child);
                }
                bits
            }
            _ => {
                let mut bits = Bits::all(n);
                for child in plan.children(id) {
                    bits &= &self.verdict(child);
                }
                bits
            }
        };
        self.trace.keep(id, &bits);
        if matches!(kind, NodeKind::Query | NodeKind::Stage { .. }) {
            self.filters.push((id, bits.clone()));
        }
        bits
    }

    /// An event holds when any of its values does, and never when it has none (spec §3.11);
    /// `negated` turns that over (§3.13).
    fn leaf(&mut self, node: NodeId, leaf: &Leaf) -> Bits {
        let n = self.store.n_events();
        let test = match leaf {
            Leaf::Constant(true) => return Bits::all(n),
            Leaf::Constant(false) => return Bits::none(n),
            Leaf::Test(test) => test,
        };
        let mut failed = Vec::new();
        let mut bits = match &test.subject {
            Subject::Field(field) => {
                plain_bits(test, field.column.as_ref(), self.store, &mut failed)
            }
            Subject::Computed(computed) => {
                computed::bits(computed, &test.predicate, self.store, &mut failed)
            }
        };
        if test.negated {
            bits.invert();
        }
        self.failed.extend(failed.into_iter().map(|(failure, events)| Failed {
            node,
            failure,
            events,
        }));
        bits
    }
}

/// Runs the test once per distinct value, then spreads the answers.
fn plain_bits(test: &Test, column: &str, store: &Store, failed: &mut Vec<(Failure, Bits)>) -> Bits {
    let n = store.n_events();
    let Some(column) = store.column(column) else { return Bits::none(n) };
    let ty = test.subject.ty();
    let mut judge = Judge::new(&test.predicate);
    let by_code: Vec<bool> = column
        .dictionary()
        .map(|value| Scalar::coerce(&value, ty).is_some_and(|scalar| judge.holds(Some(&scalar))))
        .collect();
    if *ty == Type::Ip {
        let bad: Vec<bool> =
            column.dictionary().map(|value| Scalar::coerce(&value, &Type::Ip).is_none()).collect();
        if bad.contains(&true) {
            failed.push((Failure::BadAddress, column.events_with_any(&bad, n)));
        }
    }
    column.events_with_any(&by_code, n)
}

/// Does one value of a field make the predicate of the test true? `negated` plays no part here.
/// Always false for a computed subject.
#[must_use]
pub fn value_holds(test: &Test, value: &Value<'_>) -> bool {
    match &test.subject {
        Subject::Field(field) => Scalar::coerce(value, &field.ty)
            .is_some_and(|scalar| test.predicate.holds(Some(&scalar))),
        Subject::Computed(_) => false,
    }
}

/// Does the test hold for an event with these values? They stand in the order of the subject's
/// fields; an empty list is a missing field. What a run decides for many events by column, for one
/// that is in no store.
#[must_use]
pub fn test_holds(test: &Test, values: &[&[Value<'_>]]) -> bool {
    let holds = match &test.subject {
        Subject::Field(_) => values.iter().copied().flatten().any(|value| value_holds(test, value)),
        Subject::Computed(computed) => computed::holds_for(computed, &test.predicate, values),
    };
    holds != test.negated
}
