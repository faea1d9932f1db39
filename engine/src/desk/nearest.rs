//! What comes nearest to a match of the last run.

use crate::desk::{Desk, Run};
use crate::explain::{Explainer, Nulls, event_sentence, is_decisive, nearness};
use crate::hir::Form;
use crate::plan::NodeId;
use crate::sort;
use crate::wire::nearest::{NearClause, NearEvent, Nearest};

impl Desk {
    /// The events that do not match, at most `count`, nearest first, then in time order; of a
    /// sequence or sample also the partial matches that got furthest. Empty where there was no run.
    #[must_use]
    pub fn nearest(&self, count: u32) -> Nearest {
        let mut nearest = Nearest::default();
        let Some(run) = &self.last else { return nearest };
        let count = count as usize;
        let mut found = self.by_distance(run);
        nearest.total = found.len() as u32;
        // The few that are asked for, of the many that were counted.
        let farthest = farthest_wanted(&found, count);
        found.retain(|(distance, _)| *distance <= farthest);
        sort::by(&mut found, |a, b| a.0.cmp(&b.0));
        let explainer = self.explainer(run);
        let events = found.iter().take(count);
        nearest.events = events
            .map(|(distance, event)| self.near_event(run, &explainer, *event, *distance))
            .collect();
        match run.plan.form() {
            Form::Event => {}
            Form::Sequence { .. } => nearest.traces = self.furthest_traces(run, count),
            Form::Sample => nearest.groups = self.fullest_groups(run, count),
        }
        nearest
    }

    /// The events that do not match, in time order, with their distances. Of a sequence those that
    /// fit no stage: the others are told of by traces.
    fn by_distance(&self, run: &Run) -> Vec<(u32, u32)> {
        let joined = run.plan.form() != Form::Event;
        let others = run.order.iter().copied().filter(|event| {
            let fits = joined && run.recording.holds(NodeId(0), *event);
            let searched = run.found.searched.get(*event);
            !(run.found.matches.get(*event) || (fits && searched))
        });
        let others: Vec<u32> = others.collect();
        // What columns do not tell for sure is looked at event by event.
        let known = |event: &u32| run.repeats.groups().is_empty() && run.distance(*event) < u8::MAX;
        let distances: Vec<Option<u32>> = if others.iter().all(known) {
            others.iter().map(|event| Some(run.distance(*event).into())).collect()
        } else {
            nearness::exact_distances(&run.plan, &run.repeats, &run.recording, &others)
        };
        let away = |event: u32| u32::from(!run.found.searched.get(event));
        let found = others.iter().zip(distances);
        found.filter_map(|(event, distance)| Some((distance? + away(*event), *event))).collect()
    }

    fn near_event(
        &self,
        run: &Run,
        explainer: &Explainer<'_>,
        event: u32,
        distance: u32,
    ) -> NearEvent {
        let nulls = Nulls::of(self.source(event));
        let flips = explainer.flips(event);
        let clauses = run.clauses.nodes().iter().zip(1_u16..);
        let clauses = clauses.filter(|(node, _)| is_decisive(explainer, &flips, **node));
        let clauses = clauses.filter_map(|(node, number)| {
            let reason = explainer.reason(*node, event, &nulls)?.excluded_from_outside();
            Some(NearClause {
                node: node.0,
                clause: number,
                label: run.clauses.name(*node)?.label.clone(),
                reason: reason.reason.name().to_owned(),
                value: reason.shown().unwrap_or_default().to_owned(),
                wanted: reason.wanted,
            })
        });
        let clauses = clauses.collect();
        let (headline, sentence) =
            event_sentence(explainer, event, &flips, &nulls, &run.rule.indices);
        let time = self.store.time(run.plan.time(), event);
        NearEvent {
            event,
            id: self.store.id(event),
            time: time.map(|time| time.to_string()),
            distance,
            is_exact: flips.is_exact(),
            clauses,
            headline,
            sentence,
        }
    }
}

/// The distance up to which there are at least so many, or all.
fn farthest_wanted(found: &[(u32, u32)], count: usize) -> u32 {
    let mut per_distance = [0_usize; 64];
    for (distance, _) in found {
        if let Some(n) = per_distance.get_mut(*distance as usize) {
            *n += 1;
        }
    }
    let mut sum = 0;
    let enough = per_distance.iter().position(|n| {
        sum += n;
        sum >= count
    });
    enough.map_or(u32::MAX, |distance| distance as u32)
}
