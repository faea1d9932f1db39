//! The sequence machine (spec §7.12 to §7.25): per key tuple at most one pending partial match in
//! each state. Not a search for every combination.

use std::ops::Range;

use hashbrown::HashMap;

use crate::hir::Form;
use crate::join::missing::{Checked, Unwanted};
use crate::join::{Input, KeySpace, Match, StageKeys, Tuple};
use crate::plan::{NodeId, Stage};
use crate::sort;
use crate::store::Bits;
use crate::time::Instant;

/// Why a partial match ended without becoming a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A newer event of the same state and key took its place (spec §7.14).
    Overwritten {
        /// That event.
        by: u32,
    },
    /// The next event came too late (spec §7.19).
    MaxspanExpired {
        /// That event.
        by: u32,
        /// By how many milliseconds.
        late_ms: u64,
    },
    /// An `until` event came (spec §7.20).
    Until {
        /// That event.
        by: u32,
    },
    /// An event that must be missing was there (spec §7.26).
    MissingEventSeen {
        /// That event.
        by: u32,
        /// Position of the stage that forbids it.
        stage: usize,
    },
    /// The event lacks a required key of the stage (spec §7.10).
    KeyMissing {
        /// Position of the stage in the sequence.
        stage: usize,
        /// Position of the key.
        key: usize,
    },
    /// The data ended first.
    Open,
}

/// A partial match that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Its join keys; `None` where one is missing.
    pub tuple: Option<Tuple>,
    /// Its events, one per ordinary stage reached.
    pub events: Vec<u32>,
    /// Why it ended.
    pub end: End,
}

/// Who wants to see what came to nothing.
pub trait Watch {
    /// A partial match has ended.
    fn ended(&mut self, trail: Trail);
}

/// Nobody: only the matches count.
impl Watch for () {
    fn ended(&mut self, _: Trail) {}
}

impl Watch for Vec<Trail> {
    fn ended(&mut self, trail: Trail) {
        self.push(trail);
    }
}

/// An ordinary term, or the one after `until`.
struct Ordinary<'s> {
    node: NodeId,
    /// Position of its first stage in the sequence, missing-event stages counted.
    position: usize,
    /// Its states: one, or as many as `runs` says.
    states: Range<usize>,
    filter: Bits,
    keys: StageKeys<'s>,
}

/// A partial match: its events so far and the time of the first.
struct Partial {
    first: Instant,
    events: Vec<u32>,
}

struct Machine<'m, W> {
    input: Input<'m>,
    maxspan: Option<u64>,
    /// Per key tuple the partial match pending in each state, as far as any was reached.
    slots: HashMap<Tuple, Vec<Option<Partial>>>,
    unwanted: Unwanted,
    has_unwanted: bool,
    /// Millisecond per event of the match being checked.
    times: HashMap<u32, i64>,
    n_states: usize,
    matches: Vec<Match>,
    watch: &'m mut W,
}

/// Runs the machine. Matches come in the order of their last event (spec §7.22).
pub fn sequence<'i>(input: Input<'i>, space: &mut KeySpace, watch: &mut impl Watch) -> Vec<Match> {
    let maxspan = match input.plan.form() {
        Form::Sequence { maxspan } => maxspan,
        _ => None,
    };
    let mut terms: Vec<Ordinary<'_>> = Vec::new();
    let mut n_states = 0;
    let mut term = |stage: &'i Stage, position, states| Ordinary {
        node: stage.node,
        position,
        states,
        filter: input.filter(stage.node),
        keys: space.stage(stage, input.store),
    };
    for (position, stage) in input.plan.stages().iter().enumerate() {
        if stage.missing {
            continue;
        }
        n_states += 1;
        match terms.last_mut() {
            // What `runs` repeats has its filter and its keys in common.
            Some(last) if last.node == stage.node => last.states.end = n_states,
            _ => terms.push(term(stage, position, n_states - 1..n_states)),
        }
    }
    let until = input.plan.until().map(|until| term(until, usize::MAX, 0..0));
    let has_unwanted = input.plan.stages().iter().any(|stage| stage.missing);
    let mut machine = Machine {
        input,
        maxspan,
        slots: HashMap::new(),
        unwanted: Unwanted::new(&input, maxspan, space),
        has_unwanted,
        times: HashMap::new(),
        n_states,
        matches: Vec::new(),
        watch,
    };
    let mut tuples = Vec::new();
    for &(time, event) in input.ordinals {
        // Later stages first: an event is never used twice in one match.
        for term in terms.iter().rev() {
            if !term.filter.get(event) {
                continue;
            }
            match term.keys.tuples(event, space, &mut tuples) {
                Ok(()) => {
                    for at in term.states.clone().rev() {
                        for tuple in &tuples {
                            machine.step(at, *tuple, time, event);
                        }
                    }
                }
                Err(key) => {
                    let end = End::KeyMissing { stage: term.position, key };
                    machine.watch.ended(Trail { tuple: None, events: vec![event], end });
                }
            }
        }
        if let Some(until) = &until
            && until.filter.get(event)
            && until.keys.tuples(event, space, &mut tuples).is_ok()
        {
            for tuple in &tuples {
                machine.clear(*tuple, event);
            }
        }
    }
    machine.finish()
}

impl<W: Watch> Machine<'_, W> {
    /// One event at one state under one key (spec §7.13).
    fn step(&mut self, at: usize, tuple: Tuple, time: Instant, event: u32) {
        if self.has_unwanted {
            self.times.insert(event, time.millis());
        }
        if at == 0 {
            let start = Partial { first: time, events: vec![event] };
            if self.n_states == 1 {
                self.complete(tuple, start.events);
            } else {
                self.put(0, tuple, start, event);
            }
            return;
        }
        let taken = self.slots.get_mut(&tuple).and_then(|slots| slots.get_mut(at - 1)?.take());
        let Some(mut partial) = taken else { return };
        let distance = time.nanos_since(partial.first);
        if let Some(maxspan) = self.maxspan
            && distance > i128::from(maxspan) * 1_000_000
        {
            let late = distance - i128::from(maxspan) * 1_000_000;
            let late_ms = u64::try_from(late / 1_000_000).unwrap_or(u64::MAX);
            let end = End::MaxspanExpired { by: event, late_ms };
            self.watch.ended(Trail { tuple: Some(tuple), events: partial.events, end });
            return;
        }
        partial.events.push(event);
        if at + 1 == self.n_states {
            self.complete(tuple, partial.events);
        } else {
            self.put(at, tuple, partial, event);
        }
    }

    fn put(&mut self, at: usize, tuple: Tuple, partial: Partial, by: u32) {
        let slots = self.slots.entry(tuple).or_default();
        // Most keys never get beyond the first states of a long sequence.
        if slots.len() <= at {
            slots.resize_with(at + 1, || None);
        }
        if let Some(old) = slots.get_mut(at).and_then(|slot| slot.replace(partial)) {
            let end = End::Overwritten { by };
            self.watch.ended(Trail { tuple: Some(tuple), events: old.events, end });
        }
    }

    fn complete(&mut self, tuple: Tuple, events: Vec<u32>) {
        let mut is_open = false;
        if self.has_unwanted {
            let times: Vec<i64> =
                events.iter().filter_map(|event| self.times.get(event).copied()).collect();
            match self.unwanted.check(tuple, &times) {
                Checked::Kept { is_open: open } => is_open = open,
                Checked::Seen { by, stage } => {
                    let end = End::MissingEventSeen { by, stage };
                    self.watch.ended(Trail { tuple: Some(tuple), events, end });
                    return;
                }
            }
        }
        let mut ordinary = events.into_iter();
        let stages = self.input.plan.stages().iter();
        let events =
            stages.map(|stage| if stage.missing { None } else { ordinary.next() }).collect();
        self.matches.push(Match { tuple, events, is_open });
    }

    fn clear(&mut self, tuple: Tuple, by: u32) {
        for slot in self.slots.get_mut(&tuple).into_iter().flatten() {
            if let Some(partial) = slot.take() {
                let end = End::Until { by };
                self.watch.ended(Trail { tuple: Some(tuple), events: partial.events, end });
            }
        }
    }

    fn finish(mut self) -> Vec<Match> {
        let mut open: Vec<(Tuple, Vec<u32>)> = self
            .slots
            .drain()
            .flat_map(|(tuple, slots)| slots.into_iter().map(move |slot| (tuple, slot)))
            .filter_map(|(tuple, slot)| Some((tuple, slot?.events)))
            .collect();
        sort::by(&mut open, Ord::cmp);
        for (tuple, events) in open {
            self.watch.ended(Trail { tuple: Some(tuple), events, end: End::Open });
        }
        self.matches
    }
}
