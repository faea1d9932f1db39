//! Stages of missing events: completed matches are checked and kept or discarded (spec §7.26 to
//! §7.34). Only millisecond timestamps count (§16.8).

use hashbrown::HashMap;

use crate::join::{Input, KeySpace, Tuple};
use crate::plan::Stage;

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    /// Nothing unwanted.
    Kept {
        /// A trailing stage was judged before its window closed.
        is_open: bool,
    },
    /// An unwanted event, and the position of the stage that forbids it.
    Seen {
        /// The event.
        by: u32,
        /// Position of the stage.
        stage: usize,
    },
}

/// The missing-event stages of a sequence with their events per key, in time order.
pub(super) struct Unwanted {
    /// Position in the sequence, number of ordinary stages before it, events.
    stages: Vec<(usize, usize, ByKey)>,
    n_ordinary: usize,
    maxspan: Option<u64>,
    /// Time of the last searched event.
    end_of_data: i64,
}

type ByKey = HashMap<Tuple, Vec<(i64, u32)>>;

impl Unwanted {
    pub(super) fn new(input: &Input<'_>, maxspan: Option<u64>, space: &mut KeySpace) -> Self {
        let mut stages = Vec::new();
        let mut n_ordinary = 0;
        for (position, stage) in input.plan.stages().iter().enumerate() {
            if stage.missing {
                // What `runs` repeats asks the same again.
                if position > 0
                    && input.plan.stages().get(position - 1).map(|s| s.node) == Some(stage.node)
                {
                    continue;
                }
                stages.push((position, n_ordinary, events_by_key(input, stage, space)));
            } else {
                n_ordinary += 1;
            }
        }
        let end_of_data = input.ordinals.last().map_or(i64::MIN, |(time, _)| time.millis());
        Self { stages, n_ordinary, maxspan, end_of_data }
    }

    /// Checks a match: the milliseconds of its ordinary events, in order.
    pub(super) fn check(&self, tuple: Tuple, times: &[i64]) -> Checked {
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else {
            return Checked::Kept { is_open: false };
        };
        let (mut latest, mut earliest) = (None, None);
        let (mut leads, mut trails) = (false, false);
        for (position, before, by_key) in &self.stages {
            let events = by_key.get(&tuple).map(Vec::as_slice).unwrap_or_default();
            let found = |(time, event): &(i64, u32)| (*time, *event, *position);
            if *before == 0 {
                leads = true;
                let upto = events.partition_point(|(time, _)| *time < first);
                let event = upto.checked_sub(1).and_then(|at| events.get(at)).map(found);
                latest = latest.max(event);
            } else if *before == self.n_ordinary {
                trails = true;
                let from = events.partition_point(|(time, _)| *time <= last);
                let event = events.get(from).map(found);
                earliest = match (earliest, event) {
                    (Some(a), Some(b)) => Some(std::cmp::min::<(i64, u32, usize)>(a, b)),
                    (a, b) => a.or(b),
                };
            } else {
                let (previous, next) = (times.get(before - 1), times.get(*before));
                let (Some(&previous), Some(&next)) = (previous, next) else { continue };
                let from = events.partition_point(|(time, _)| *time <= previous);
                if let Some((_, by)) = events.get(from).filter(|(time, _)| *time < next) {
                    return Checked::Seen { by: *by, stage: *position };
                }
            }
        }
        // The first time never comes after the second one.
        let within = |from: i64, to: i64| self.maxspan.is_none_or(|span| to.abs_diff(from) <= span);
        // Is there a window of the span that covers the match and no unwanted event?
        let seen = match (leads, trails) {
            (true, false) => latest.filter(|(time, ..)| within(*time, last)),
            (false, true) => earliest.filter(|(time, ..)| within(first, *time)),
            _ => {
                earliest.filter(|(right, ..)| latest.is_some_and(|(left, ..)| within(left, *right)))
            }
        };
        match seen {
            Some((_, by, stage)) => Checked::Seen { by, stage },
            None => {
                let closes = self.maxspan.map(|span| first.saturating_add_unsigned(span));
                let is_open = trails && closes.is_some_and(|closes| self.end_of_data < closes);
                Checked::Kept { is_open }
            }
        }
    }
}

/// The events that pass the filter of the stage, by key tuple, in time order (spec §7.27).
fn events_by_key(input: &Input<'_>, stage: &Stage, space: &mut KeySpace) -> ByKey {
    let filter = input.filter(stage.node);
    let keys = space.stage(stage, input.store);
    let mut by_key = ByKey::new();
    let mut tuples = Vec::new();
    for (time, event) in input.ordinals {
        if filter.get(*event) && keys.tuples(*event, space, &mut tuples).is_ok() {
            for tuple in &tuples {
                by_key.entry(*tuple).or_default().push((time.millis(), *event));
            }
        }
    }
    by_key
}
