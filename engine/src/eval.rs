//! A plan over a store: one bit per event for every node (spec §3.11, §4.3).
//!
//! A leaf looks at each distinct value once and spreads the answers over the events by code; logic
//! is a handful of word operations. Elasticsearch decides every leaf to true or false before
//! `and`, `or` and `not` see it, so two values are enough.

use crate::hir::{Predicate, Test};
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::store::{Bits, Store};
use crate::value::{Case, Scalar, Value};

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

/// The events that the query matches, whatever their index.
pub fn run(plan: &Plan, store: &Store, trace: &mut impl Trace) -> Bits {
    verdict(plan, NodeId(0), store, trace)
}

/// The events for which one node holds.
fn verdict(plan: &Plan, id: NodeId, store: &Store, trace: &mut impl Trace) -> Bits {
    let n = store.n_events();
    let bits = match plan.node(id).map(|node| &node.kind) {
        Some(NodeKind::Query | NodeKind::And) => {
            let mut bits = Bits::all(n);
            for child in plan.children(id) {
                bits &= &verdict(plan, child, store, trace);
            }
            bits
        }
        Some(NodeKind::Or) => {
            let mut bits = Bits::none(n);
            for child in plan.children(id) {
                bits |= &verdict(plan, child, store, trace);
            }
            bits
        }
        Some(NodeKind::Not) => {
            let mut bits = Bits::none(n);
            for child in plan.children(id) {
                bits = verdict(plan, child, store, trace);
            }
            bits.invert();
            bits
        }
        Some(NodeKind::Leaf { leaf, .. }) => leaf_bits(leaf, store),
        None => Bits::none(n),
    };
    trace.keep(id, &bits);
    bits
}

/// Runs the test once per distinct value, then spreads the answers: an event holds when any of its
/// values does, and never when it has none (spec §3.11); `negated` turns that over (§3.13).
fn leaf_bits(leaf: &Leaf, store: &Store) -> Bits {
    let n = store.n_events();
    let test = match leaf {
        Leaf::Constant(true) => return Bits::all(n),
        Leaf::Constant(false) => return Bits::none(n),
        Leaf::Test(test) => test,
    };
    let mut bits = match store.column(&test.field.column) {
        Some(column) => {
            let by_code: Vec<bool> =
                column.dictionary().map(|value| value_holds(test, &value)).collect();
            column.events_with_any(&by_code, n)
        }
        None => Bits::none(n),
    };
    if test.negated {
        bits.invert();
    }
    bits
}

/// Does one value make the predicate of the test true? `negated` plays no part here.
#[must_use]
pub fn value_holds(test: &Test, value: &Value<'_>) -> bool {
    Scalar::coerce(value, &test.field.ty)
        .is_some_and(|scalar| scalar_holds(&test.predicate, &scalar, Case::Sensitive))
}

fn scalar_holds(predicate: &Predicate, scalar: &Scalar<'_>, case: Case) -> bool {
    match predicate {
        Predicate::Exists => true,
        Predicate::Equals(wanted) => match (scalar, wanted) {
            (Scalar::Str(found), Scalar::Str(wanted)) => case.eq(found, wanted),
            _ => scalar.compare(wanted).is_some_and(std::cmp::Ordering::is_eq),
        },
        Predicate::Ordered(op, bound) => scalar.compare(bound).is_some_and(|order| op.holds(order)),
        Predicate::Within(first, last) => {
            scalar.compare(first).is_some_and(std::cmp::Ordering::is_ge)
                && scalar.compare(last).is_some_and(std::cmp::Ordering::is_le)
        }
        Predicate::OneOf(items, case) => items.iter().any(|item| scalar_holds(item, scalar, *case)),
        Predicate::Like(_, patterns) => match scalar {
            Scalar::Str(text) => patterns.iter().any(|pattern| pattern.is_match(text)),
            _ => false,
        },
    }
}
