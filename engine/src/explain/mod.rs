//! Why an event matches or not: readings of the bits of a recorded run, never a second evaluation.

pub mod clauses;
mod columns;
pub mod funnel;
pub mod nearness;
mod reason;
mod repeats;
mod sentence;
mod summary;
mod trail;
pub mod view;
mod wanted;

use crate::eval::Recording;
use crate::hir::{FieldRef, Test};
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::store::{Bits, Store};

pub use clauses::Clauses;
pub use columns::distances;
pub use nearness::Flips;
pub use reason::{LeafReason, Reason};
pub use repeats::Repeats;
pub(crate) use sentence::clipped;
pub use sentence::{capital, event_sentence, few_words, is_decisive, joined};
pub use summary::{Shape, Summaries, summary};
pub use trail::{closed_window, duration, trail_words, waited_ms};
pub use view::Nulls;

/// Verdict on an event or a node, as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Matches; holds.
    Holds,
    /// Does not.
    Fails,
    /// Does not, for want of a value (spec §4.3).
    Missing,
    /// The event's index is not searched.
    Unsearched,
}

/// A recorded run, ready to be asked about single events.
#[derive(Clone, Copy, Debug)]
pub struct Explainer<'e> {
    /// What was run.
    pub plan: &'e Plan,
    /// Clause numbers and names of the plan.
    pub clauses: &'e Clauses,
    /// The tests of the plan that stand more than once.
    pub repeats: &'e Repeats,
    /// The bits of every node.
    pub recording: &'e Recording,
    /// The events it ran over.
    pub store: &'e Store,
    /// The events in an index that is searched.
    pub searched: &'e Bits,
    /// The events that match, or are part of what matches.
    pub matches: &'e Bits,
}

impl Explainer<'_> {
    /// Does the node hold for the event, and if not, for want of a value?
    #[must_use]
    pub fn node_verdict(&self, node: NodeId, event: u32) -> Verdict {
        if self.recording.holds(node, event) {
            return Verdict::Holds;
        }
        match self.plan.node(node).map(|node| &node.kind) {
            Some(NodeKind::Leaf { leaf: Leaf::Test(test), .. }) => {
                // Without a value a negated test holds, so this one is not.
                if self.empty_field(test, event).is_some() {
                    Verdict::Missing
                } else {
                    Verdict::Fails
                }
            }
            _ => Verdict::Fails,
        }
    }

    /// The first field of the test without a value in this event.
    pub(super) fn empty_field<'t>(&self, test: &'t Test, event: u32) -> Option<&'t FieldRef> {
        test.subject.fields().iter().find(|field| {
            let column = self.store.column(&field.column);
            column.is_none_or(|column| column.codes_of(event).is_empty())
        })
    }

    /// Does the event match, or is it part of a sequence or sample that does? It is shown as
    /// missing where one clause stops it, for want of a value.
    #[must_use]
    pub fn event_verdict(&self, event: u32) -> Verdict {
        self.verdict_by(event, &self.flips(event))
    }

    /// The same where the flips that the event needs are known.
    #[must_use]
    pub fn verdict_by(&self, event: u32, flips: &Flips) -> Verdict {
        if !self.searched.get(event) {
            return Verdict::Unsearched;
        }
        if self.matches.get(event) {
            return Verdict::Holds;
        }
        // Of a test that stands several times a negated one may hold.
        let is_missing = |node| self.node_verdict(node, event) == Verdict::Missing;
        if flips.len() == 1 && flips.nodes().any(is_missing) {
            return Verdict::Missing;
        }
        Verdict::Fails
    }

    /// The smallest set of clauses that, flipped, would make the event match.
    #[must_use]
    pub fn flips(&self, event: u32) -> Flips {
        self.flips_for(NodeId(0), event)
    }

    /// The smallest set of clauses that, flipped, would make one node hold for the event.
    #[must_use]
    pub fn flips_for(&self, node: NodeId, event: u32) -> Flips {
        nearness::flips(self.plan, self.repeats, node, &|node| self.recording.holds(node, event))
    }

    /// Why the clause at this node holds or fails. `None` where the node is no clause.
    #[must_use]
    pub fn reason(&self, node: NodeId, event: u32, nulls: &Nulls<'_>) -> Option<LeafReason> {
        reason::reason(self, node, event, nulls)
    }
}
