//! Why one event matches or does not.

use crate::desk::Desk;
use crate::explain::{self, Nulls, Reason, event_sentence, is_decisive, view};
use crate::plan::{NodeId, NodeKind};
use crate::wire;

impl Desk {
    /// Why an event matches or does not, by the last run. `None` where there is no such event or
    /// no run.
    #[must_use]
    pub fn explain(&self, event: u32) -> Option<wire::Explanation> {
        let run = self.last.as_ref()?;
        let source = self.source(event)?;
        let explainer = self.explainer(run);
        let nulls = Nulls::of(Some(source));
        let flips = explainer.flips(event);
        let event_verdict = explainer.verdict_by(event, &flips);
        let mut marks = view::Marks::default();
        let mut nodes = Vec::new();
        for (id, node) in run.plan.iter() {
            let mut verdict = wire::NodeVerdict {
                verdict: explainer.node_verdict(id, event).into(),
                decisive: false,
                reason: None,
                value: String::new(),
                note: run.clauses.parts_note(&explainer, id, event),
                text: String::new(),
                wanted: String::new(),
                values: Vec::new(),
                deciding: Vec::new(),
            };
            // The root says what the search says: what fits a stage need not be part of a match.
            if id == NodeId(0) && verdict.verdict == wire::Verdict::Holds {
                verdict.verdict = event_verdict.into();
            }
            if id == NodeId(0) && event_verdict == explain::Verdict::Unsearched {
                verdict.reason = Some(Reason::IndexNotSearched.name().to_owned());
            }
            let clause = run.clauses.name(id).and_then(|name| name.clause);
            let reason = explainer.reason(id, event, &nulls);
            match (clause, reason) {
                (Some(clause), Some(reason)) => {
                    verdict.verdict = reason.verdict.into();
                    verdict.decisive = is_decisive(&explainer, &flips, id);
                    let reason =
                        if verdict.decisive { reason.excluded_from_outside() } else { reason };
                    verdict.reason = Some(reason.reason.name().to_owned());
                    verdict.value = reason.shown().unwrap_or_default().to_owned();
                    verdict.note = reason.note();
                    verdict.text = reason.text();
                    verdict.wanted.clone_from(&reason.wanted);
                    mark(&mut marks, &reason, clause, verdict.decisive);
                    if matches!(node.kind, NodeKind::Leaf { is_category: true, .. })
                        && verdict.note.is_empty()
                    {
                        verdict.note.clone_from(&reason.field);
                    }
                    verdict.deciding = reason.deciding.iter().map(|at| *at as u32).collect();
                    verdict.values = reason.values;
                }
                // Straight under a `not`, which is the clause.
                (None, Some(reason)) => {
                    verdict.reason = Some(reason.reason.name().to_owned());
                    verdict.wanted = reason.wanted;
                    verdict.values = reason.values;
                }
                (_, None) => {}
            }
            nodes.push(verdict);
        }
        let part = run.roles.sentence(event, run, &self.store);
        let (headline, sentence) = part.unwrap_or_else(|| {
            event_sentence(&explainer, event, &flips, &nulls, &run.rule.indices)
        });
        Some(wire::Explanation {
            event,
            id: self.store.id(event),
            index: self.store.index(event),
            line: self.store.place(event)?.line,
            verdict: event_verdict.into(),
            headline,
            sentence,
            nodes,
            view: view::view(source, &marks).into_iter().map(Into::into).collect(),
        })
    }
}

/// Marks the values that decide a clause. Of a clause that fails, the only value is what one looks
/// for, even though no predicate is true of it, but only where the clause matters for the event.
fn mark(marks: &mut view::Marks, reason: &explain::LeafReason, clause: u16, decisive: bool) {
    let holds = reason.verdict == explain::Verdict::Holds;
    let positions: Vec<usize> = match (holds, reason.negated) {
        // What is not excluded is worth a mark only where it is one value.
        (true, true) | (false, false) if reason.values.len() == 1 => vec![0],
        (true, false) | (false, true) => reason.deciding.clone(),
        _ => Vec::new(),
    };
    if !holds && !decisive {
        return;
    }
    // Under a `not` even a clause that holds is what stops the event.
    let verdict = if decisive { explain::Verdict::Fails } else { reason.verdict };
    for position in positions {
        marks.add(&reason.column, position, clause, verdict);
    }
}
