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

/// When a slot is looked at: what is known then, and what is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The millisecond; nothing later is looked at.
    pub now: i64,
    /// No event of this millisecond is still to come.
    pub is_over: bool,
    /// So many of the events in order have come.
    pub seen: u32,
}

impl Moment {
    /// The earliest millisecond that an event still to come can have.
    fn next(self) -> i64 {
        self.now.saturating_add(i64::from(self.is_over))
    }
}

/// What is known of a `![…]` stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotState {
    /// No unwanted event can come any more.
    Satisfied,
    /// One was there: the sequence cannot match.
    Violated,
    /// One may still come, or be made harmless by what comes.
    Undecided,
}

/// A `![…]` stage of one partial or complete match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Position of the stage in the sequence.
    pub stage: usize,
    /// What is known.
    pub state: SlotState,
    /// The unwanted event; of an undecided slot, one that may yet turn out harmless.
    pub by: Option<u32>,
    /// The milliseconds from which and to which no such event may be there, as far as they are
    /// bounded; those beside an ordinary event exclusive, those at a distance of `maxspan` inclusive.
    pub from: Option<i64>,
    /// See `from`.
    pub to: Option<i64>,
}

/// The missing-event stages of a sequence with their events per key, in time order.
#[derive(Debug)]
pub(super) struct Unwanted {
    /// Position in the sequence, number of ordinary stages before it, events.
    stages: Vec<(usize, usize, ByKey)>,
    /// Positions whose stage only repeats the one before (`runs`).
    repeated: Vec<usize>,
    n_ordinary: usize,
    maxspan: Option<u64>,
    /// Time of the last searched event.
    end_of_data: i64,
}

/// Per key the events: milliseconds, event, and place in the order.
type ByKey = HashMap<Tuple, Vec<(i64, u32, u32)>>;

impl Unwanted {
    pub(super) fn new(input: &Input<'_>, maxspan: Option<u64>, space: &mut KeySpace) -> Self {
        let (mut stages, mut repeated) = (Vec::new(), Vec::new());
        let mut n_ordinary = 0;
        for (position, stage) in input.plan.stages().iter().enumerate() {
            if stage.missing {
                // What `runs` repeats asks the same again.
                if position > 0
                    && input.plan.stages().get(position - 1).map(|s| s.node) == Some(stage.node)
                {
                    repeated.push(position);
                    continue;
                }
                stages.push((position, n_ordinary, events_by_key(input, stage, space)));
            } else {
                n_ordinary += 1;
            }
        }
        let end_of_data = input.ordinals.last().map_or(i64::MIN, |(time, _)| time.millis());
        Self { stages, repeated, n_ordinary, maxspan, end_of_data }
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
            let found = |(time, event, _): &(i64, u32, u32)| (*time, *event, *position);
            if *before == 0 {
                leads = true;
                let upto = events.partition_point(|(time, ..)| *time < first);
                let event = upto.checked_sub(1).and_then(|at| events.get(at)).map(found);
                latest = latest.max(event);
            } else if *before == self.n_ordinary {
                trails = true;
                let from = events.partition_point(|(time, ..)| *time <= last);
                let event = events.get(from).map(found);
                earliest = match (earliest, event) {
                    (Some(a), Some(b)) => Some(std::cmp::min::<(i64, u32, usize)>(a, b)),
                    (a, b) => a.or(b),
                };
            } else {
                let (previous, next) = (times.get(before - 1), times.get(*before));
                let (Some(&previous), Some(&next)) = (previous, next) else { continue };
                let from = events.partition_point(|(time, ..)| *time <= previous);
                if let Some((_, by, _)) = events.get(from).filter(|(time, ..)| *time < next) {
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

impl Unwanted {
    /// The keys under which an event is unwanted.
    pub(super) fn tuples_of(&self, event: u32, tuples: &mut Vec<Tuple>) {
        for (.., by_key) in &self.stages {
            let has =
                |events: &[(i64, u32, u32)]| events.iter().any(|(_, other, _)| *other == event);
            let under = by_key.iter().filter(|(_, events)| has(events));
            tuples.extend(under.map(|(tuple, _)| *tuple));
        }
    }

    /// What is known of each stage that a match with ordinary events at these milliseconds has come
    /// to, by the rules of [`Unwanted::check`].
    pub(super) fn slots(&self, tuple: Tuple, times: &[i64], moment: Moment) -> Vec<Slot> {
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Vec::new() };
        let (reached, n) = (times.len(), self.n_ordinary);
        let events = |by_key: &'_ ByKey, from: i64| {
            let events = by_key.get(&tuple).map(Vec::as_slice).unwrap_or_default();
            let at = events.partition_point(|(time, ..)| *time <= from);
            let known =
                |(time, _, place): &&(i64, u32, u32)| *time <= moment.now && *place < moment.seen;
            events.get(at).filter(known).map(|(time, event, _)| (*time, *event))
        };
        let before_first = |by_key: &ByKey| {
            let events = by_key.get(&tuple).map(Vec::as_slice).unwrap_or_default();
            let upto = events.partition_point(|(time, ..)| *time < first);
            upto.checked_sub(1)
                .and_then(|at| events.get(at))
                .map(|(time, event, _)| (*time, *event))
        };
        let side = |side: usize| self.stages.iter().filter(move |(_, before, _)| *before == side);
        let (leads, trails) = (side(0).next().is_some(), side(n).next().is_some());
        // The pair that decides where both ends are guarded (spec §7.29).
        let latest = side(0).filter_map(|(.., by_key)| before_first(by_key)).max();
        let earliest = side(n).filter_map(|(.., by_key)| events(by_key, last)).min();
        let closes = |from: i64| self.maxspan.map(|span| from.saturating_add_unsigned(span));
        let within = |from: i64, to: i64| closes(from).is_none_or(|closes| to <= closes);
        let mut slots = Vec::new();
        for (stage, before, by_key) in &self.stages {
            let (state, by, from, to) = if *before == 0 {
                let by = before_first(by_key);
                let state = match by {
                    None => SlotState::Satisfied,
                    // Whatever comes, the last event comes no earlier than this.
                    Some((left, _)) => {
                        let is_complete = reached == n;
                        let end = if is_complete { last } else { last.max(moment.next()) };
                        match earliest.filter(|_| is_complete) {
                            _ if !within(left, end) => SlotState::Satisfied,
                            Some((right, _)) if !within(left, right) => SlotState::Satisfied,
                            Some(_) => SlotState::Violated,
                            None if trails && is_complete && !within(left, moment.next()) => {
                                SlotState::Satisfied
                            }
                            None if !trails && (is_complete || self.maxspan.is_none()) => {
                                SlotState::Violated
                            }
                            None => SlotState::Undecided,
                        }
                    }
                };
                let from = self.maxspan.map(|span| last.saturating_sub_unsigned(span));
                (state, by, from, Some(first))
            } else if *before > reached {
                continue;
            } else if *before == n {
                let by = events(by_key, last);
                // Of a guarded start only what stands before it can make a window too short.
                let anchor = if leads { latest.map(|(left, _)| left) } else { Some(first) };
                let state = match (anchor, by) {
                    (None, _) => SlotState::Satisfied,
                    (Some(anchor), Some((right, _))) if within(anchor, right) => {
                        SlotState::Violated
                    }
                    (Some(anchor), by) if by.is_some() || !within(anchor, moment.next()) => {
                        SlotState::Satisfied
                    }
                    _ => SlotState::Undecided,
                };
                (state, by, Some(last), closes(anchor.unwrap_or(first)))
            } else {
                let Some(&previous) = times.get(before - 1) else { continue };
                let by = events(by_key, previous);
                // The event that ends the slot, or the earliest time that it can still have.
                let next = times.get(*before).copied();
                let state = match (by, next) {
                    (Some((time, _)), _) if time < next.unwrap_or(moment.next()) => {
                        SlotState::Violated
                    }
                    (_, Some(_)) => SlotState::Satisfied,
                    (_, None) => SlotState::Undecided,
                };
                (state, by, Some(previous), next.or(closes(first)))
            };
            let by = by.map(|(_, event)| event).filter(|_| state != SlotState::Satisfied);
            slots.push(Slot { stage: *stage, state, by, from, to });
            let mut again = stage + 1;
            while self.repeated.contains(&again) {
                slots.push(Slot { stage: again, state, by, from, to });
                again += 1;
            }
        }
        slots
    }
}

/// The events that pass the filter of the stage, by key tuple, in time order (spec §7.27).
fn events_by_key(input: &Input<'_>, stage: &Stage, space: &mut KeySpace) -> ByKey {
    let filter = input.filter(stage.node);
    let keys = space.stage(stage, input.store);
    let mut by_key = ByKey::new();
    let mut tuples = Vec::new();
    for (place, (time, event)) in input.ordinals.iter().enumerate() {
        if filter.get(*event) && keys.tuples(*event, space, &mut tuples).is_ok() {
            for tuple in &tuples {
                by_key.entry(*tuple).or_default().push((time.millis(), *event, place as u32));
            }
        }
    }
    by_key
}
