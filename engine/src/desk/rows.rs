//! The result list of the last run, by stretches.

use crate::desk::{Desk, Run, roles};
use crate::explain::{self, Explainer, Nulls, few_words, is_decisive, summary};
use crate::plan::NodeId;
use crate::wire;

impl Desk {
    /// A stretch of the result list of the last run; empty where there was none.
    #[must_use]
    pub fn rows(&self, filter: wire::Filter, first: u32, count: u32) -> wire::Rows {
        let Some(run) = &self.last else { return wire::Rows { filter, ..wire::Rows::default() } };
        self.rows_of(run, run.filtered(filter), filter, first, count)
    }

    /// A stretch of some events of the list.
    pub(super) fn rows_of(
        &self,
        run: &Run,
        events: &[u32],
        filter: wire::Filter,
        first: u32,
        count: u32,
    ) -> wire::Rows {
        let explainer = self.explainer(run);
        let from = (first as usize).min(events.len());
        let upto = from.saturating_add(count as usize).min(events.len());
        let rows = events.get(from..upto).unwrap_or_default();
        wire::Rows {
            filter,
            total: events.len() as u32,
            first: from as u32,
            rows: rows.iter().map(|&event| self.row(run, &explainer, event)).collect(),
        }
    }

    fn row(&self, run: &Run, explainer: &Explainer<'_>, event: u32) -> wire::Row {
        let flips = explainer.flips(event);
        let verdict = explainer.verdict_by(event, &flips);
        let unsearched = verdict == explain::Verdict::Unsearched;
        let cells = run.clauses.nodes().iter().map(|&clause| wire::Cell {
            verdict: if unsearched {
                wire::Verdict::Unsearched
            } else {
                explainer.node_verdict(clause, event).into()
            },
            decisive: !unsearched && is_decisive(explainer, &flips, clause),
        });
        let why = || {
            if unsearched {
                return format!("{} is not searched", self.store.index(event));
            }
            if let Some(part) = run.roles.words(event, run, &self.store) {
                return part;
            }
            if run.recording.holds(NodeId(0), event) && !run.found.matches.get(event) {
                return roles::CUT.into();
            }
            if flips.is_empty() && verdict == explain::Verdict::Fails {
                return if flips.is_exact() { "no event can match" } else { "see its clauses" }
                    .into();
            }
            let clauses = run.clauses.nodes().iter();
            let first = clauses.copied().find(|clause| is_decisive(explainer, &flips, *clause));
            let nulls = Nulls::of(self.source(event));
            let reason = first.and_then(|clause| explainer.reason(clause, event, &nulls));
            reason.map(|reason| few_words(&reason.excluded_from_outside())).unwrap_or_default()
        };
        let host = self.store.column("host.name");
        wire::Row {
            event,
            id: self.store.id(event),
            time: self.store.time(run.plan.time(), event).map(|time| time.to_string()),
            host: host.and_then(|host| host.values_of(event).next()).map(|host| host.to_string()),
            summary: summary(&self.store, event),
            verdict: verdict.into(),
            stages: roles::marks(&run.plan, &run.recording, event),
            why: why(),
            cells: cells.collect(),
        }
    }
}
