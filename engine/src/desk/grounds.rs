//! The clauses a verdict rests on, with the values that decided: for notes and exported matches.

use crate::desk::{Desk, Run};
use crate::explain::{Nulls, Verdict, is_decisive};
use crate::plan::{NodeId, NodeKind};

/// One clause and what decided it.
pub(super) struct Ground {
    /// Number of the clause, from 1.
    pub(super) clause: u16,
    /// Its text, long lists abridged.
    pub(super) label: String,
    /// Why it holds or fails, of the closed list.
    pub(super) reason: &'static str,
    /// The field it looks at; empty for a constant.
    pub(super) field: String,
    /// The values that decided; all of them where none alone did.
    pub(super) values: Vec<String>,
    /// Beside the values: `value 2 of 5`.
    pub(super) note: String,
    /// The reason as a sentence; empty where the values say it all.
    pub(super) sentence: String,
}

impl Desk {
    /// The clauses of a node that holds (or fails) for an event because of them: of an `or` only the
    /// sides that do.
    pub(super) fn grounds(&self, run: &Run, root: NodeId, event: u32) -> Vec<Ground> {
        let holds = |node: NodeId| run.recording.holds(node, event);
        let end = run.plan.node(root).map_or(root, |node| node.end);
        let mut counts = vec![false; run.plan.nodes().len()];
        let mut chosen = Vec::new();
        for (id, node) in run.plan.iter().skip(root.0 as usize).take((end.0 - root.0) as usize) {
            let rests = id == root
                || node.parent.is_some_and(|parent| {
                    let is_not =
                        matches!(run.plan.node(parent).map(|node| &node.kind), Some(NodeKind::Not));
                    counts.get(parent.0 as usize) == Some(&true)
                        && (is_not || holds(id) == holds(parent))
                });
            if let Some(slot) = counts.get_mut(id.0 as usize) {
                *slot = rests;
            }
            if rests {
                chosen.push(id);
            }
        }
        chosen.into_iter().filter_map(|id| self.ground(run, id, event, false)).collect()
    }

    /// The clauses that, turned, would make an event match (or fit a stage).
    pub(super) fn obstacles(&self, run: &Run, event: u32) -> Vec<Ground> {
        let explainer = self.explainer(run);
        let flips = explainer.flips(event);
        let clauses = run.clauses.nodes().iter().copied();
        let decisive = clauses.filter(|clause| is_decisive(&explainer, &flips, *clause));
        decisive.filter_map(|clause| self.ground(run, clause, event, true)).collect()
    }

    fn ground(&self, run: &Run, node: NodeId, event: u32, is_decisive: bool) -> Option<Ground> {
        let name = run.clauses.name(node)?;
        let clause = name.clause?;
        let reason = self.explainer(run).reason(node, event, &Nulls::of(self.source(event)))?;
        let reason = if is_decisive { reason.excluded_from_outside() } else { reason };
        let (note, sentence) = (reason.note(), reason.text());
        let deciding = reason.deciding.iter().filter_map(|at| reason.values.get(*at)).cloned();
        let deciding: Vec<String> = deciding.collect();
        Some(Ground {
            clause,
            label: name.label.clone(),
            reason: reason.reason.name(),
            field: reason.field,
            values: if deciding.is_empty() { reason.values } else { deciding },
            note,
            sentence,
        })
    }

    /// `holds`, `fails`, `missing` or `unsearched`.
    pub(super) fn verdict_name(&self, run: &Run, event: u32) -> &'static str {
        match self.explainer(run).event_verdict(event) {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Missing => "missing",
            Verdict::Unsearched => "unsearched",
        }
    }
}
