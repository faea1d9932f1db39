//! Lints that look at the loaded events and at what the last run made of them.
//!
//! They read the bits of the run, the columns and the outcome of a join; a condition is never
//! worked out anew, so that they cost little beside the run itself. Who tests a rule loads few
//! events: that something did not happen among them is an info, that it cannot happen a warning.

mod case;
mod category;
mod keys;
mod machine;
mod stages;
mod values;

use crate::diag::Diagnostic;
use crate::eval::Recording;
use crate::join::Trails;
use crate::lint;
use crate::plan::{NodeId, NodeKind, Plan, Stage};
use crate::run::Found;
use crate::store::{Bits, Store};

/// What a lint of the data looks at.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The query and its rule.
    pub text: lint::Context<'c>,
    /// The loaded events; never none.
    pub store: &'c Store,
    /// The query as it ran.
    pub plan: &'c Plan,
    /// The bits of its nodes.
    pub recording: &'c Recording,
    /// What it found.
    pub found: &'c Found,
    /// Partial sequences that came to nothing.
    pub trails: &'c Trails,
}

/// A filter of the query with what passes it.
struct Part<'c> {
    /// How it is called: `stage 2`, `` `until` ``, `the query`.
    name: String,
    stage: &'c Stage,
    role: Role,
    /// Position among the stages.
    at: usize,
    /// The searched events that pass.
    bits: Bits,
    /// How many.
    count: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Of single events: the whole query.
    Query,
    /// A term whose event must come.
    Ordinary,
    /// A term whose event must not come.
    Missing,
    /// The term after `until`.
    Until,
}

impl<'c> Context<'c> {
    /// The searched events for which a node holds.
    fn passing(&self, node: NodeId) -> Bits {
        let mut bits = self.found.searched.clone();
        if let Some(recorded) = self.recording.bits(node) {
            bits &= recorded;
        }
        bits
    }

    /// How many they are.
    fn count(&self, node: NodeId) -> u32 {
        self.recording.bits(node).map_or(0, |bits| bits.count_with(&self.found.searched))
    }

    /// The filters in order, that of `until` last; what `runs` repeats stands for itself once.
    fn parts(&self) -> Vec<Part<'c>> {
        let mut parts: Vec<Part<'c>> = Vec::new();
        let stages = self.plan.stages().iter().chain(self.plan.until());
        for (at, stage) in stages.enumerate() {
            if parts.last().is_some_and(|last| last.stage.node == stage.node) {
                continue;
            }
            let kind = self.plan.node(stage.node).map(|node| &node.kind);
            let (role, name) = match kind {
                Some(NodeKind::Stage { until: true, .. }) => (Role::Until, "`until`".into()),
                Some(NodeKind::Stage { missing, .. }) => {
                    let role = if *missing { Role::Missing } else { Role::Ordinary };
                    (role, format!("stage {}", at + 1))
                }
                _ => (Role::Query, "the query".into()),
            };
            let bits = self.passing(stage.node);
            let count = bits.count();
            parts.push(Part { name, stage, role, at, bits, count });
        }
        parts
    }

    /// The searched events that would pass the filter around a leaf if the leaf held for others
    /// than it does; with the node of the filter.
    fn passing_if(&self, leaf: NodeId, mut bits: Bits) -> (NodeId, Bits) {
        let mut at = leaf;
        while let Some(parent) = self.plan.node(at).and_then(|node| node.parent) {
            let Some(kind) = self.plan.node(parent).map(|node| &node.kind) else { break };
            match kind {
                NodeKind::Sequence | NodeKind::Sample => break,
                NodeKind::Not => bits.invert(),
                _ => {
                    let others = self.plan.children(parent).filter(|child| *child != at);
                    for other in others.filter_map(|other| self.recording.bits(other)) {
                        if kind.is_any() { bits |= other } else { bits &= other }
                    }
                }
            }
            at = parent;
        }
        bits &= &self.found.searched;
        (at, bits)
    }
}

/// A lint of the data.
type Check = fn(&Context<'_>, &[Part<'_>], &mut Vec<Diagnostic>);

/// The lints of the data.
const CHECKS: &[Check] =
    &[case::check, category::check, keys::check, machine::check, stages::check, values::check];

/// What the events show about a query that ran over them, in no particular order; see
/// [`lint::silence`].
#[must_use]
pub fn findings(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if context.store.n_events() == 0 {
        return findings;
    }
    if context.found.searched.count() == 0 {
        stages::nothing_searched(context, &mut findings);
        return findings;
    }
    let parts = context.parts();
    for check in CHECKS {
        check(context, &parts, &mut findings);
    }
    findings
}

/// What is to be told of a query that ran: the findings of its text, those of the data, and what
/// could not be computed. Where the data say what the text made suspect, it is told once: as the
/// data say it, unless they make less of it.
#[must_use]
pub fn add(mut text: Vec<Diagnostic>, context: &Context<'_>) -> Vec<Diagnostic> {
    let mut of_data = findings(context);
    of_data.extend(context.found.warnings.iter().cloned());
    let twins = |old: &Diagnostic, new: &Diagnostic| {
        let apart = new.span.end <= old.span.start || old.span.end <= new.span.start;
        new.kind.code() == old.kind.code() && !apart
    };
    of_data.retain(|new| {
        let milder = |old: &Diagnostic| new.kind.severity() > old.kind.severity();
        !text.iter().any(|old| twins(old, new) && milder(old))
    });
    text.retain(|old| !of_data.iter().any(|new| twins(old, new)));
    text.extend(of_data);
    text
}

#[cfg(test)]
mod tests;
