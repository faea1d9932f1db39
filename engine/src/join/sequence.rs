//! The sequence machine (spec §7.12 to §7.25): per key tuple at most one pending partial match in
//! each state. Not a search for every combination.

use std::ops::Range;

use hashbrown::HashMap;

use crate::hir::Form;
use crate::join::missing::{Checked, Moment, Slot, Unwanted};
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

/// Who wants to see what becomes of partial matches. All but [`Watch::ended`] do nothing unless
/// they are asked to, so that a run that nobody watches has no trace of them.
pub trait Watch {
    /// The next event takes its steps: told of every event of the input, in order.
    fn event(&mut self, _event: u32) {}

    /// A partial match has got its newest event and waits with these.
    fn waits(&mut self, _tuple: Tuple, _events: &[u32]) {}

    /// A match is complete, and nothing that must be missing was there.
    fn matched(&mut self, _found: &Match) {}

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

/// A sequence, ready to run over the events of an input.
pub struct Sequencer<'i> {
    input: Input<'i>,
    maxspan: Option<u64>,
    terms: Vec<Ordinary<'i>>,
    until: Option<Ordinary<'i>>,
    unwanted: Unwanted,
    has_unwanted: bool,
    n_states: usize,
}

struct Machine<'m, W> {
    sequencer: &'m Sequencer<'m>,
    /// Per key tuple the partial match pending in each state, as far as any was reached.
    slots: HashMap<Tuple, Vec<Option<Partial>>>,
    /// Millisecond per event of the match being checked.
    times: HashMap<u32, i64>,
    matches: Vec<Match>,
    watch: &'m mut W,
}

/// Runs the machine. Matches come in the order of their last event (spec §7.22).
pub fn sequence(input: Input<'_>, space: &mut KeySpace, watch: &mut impl Watch) -> Vec<Match> {
    Sequencer::new(input, space).run(space, watch)
}

impl<'i> Sequencer<'i> {
    /// Reads the filters and the keys of the stages.
    #[must_use]
    pub fn new(input: Input<'i>, space: &mut KeySpace) -> Self {
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
        let unwanted = Unwanted::new(&input, maxspan, space);
        Self { input, maxspan, terms, until, unwanted, has_unwanted, n_states }
    }

    /// Runs over the events. `space` is the one the sequence was made with.
    pub fn run(&self, space: &mut KeySpace, watch: &mut impl Watch) -> Vec<Match> {
        let mut machine = Machine {
            sequencer: self,
            slots: HashMap::new(),
            times: HashMap::new(),
            matches: Vec::new(),
            watch,
        };
        let mut tuples = Vec::new();
        for &(time, event) in self.input.ordinals {
            machine.watch.event(event);
            // Later stages first: an event is never used twice in one match.
            for term in self.terms.iter().rev() {
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
            if let Some(until) = &self.until
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

    /// What is known at a moment of the `![…]` stages that a partial or complete match has come to,
    /// given its ordinary events.
    #[must_use]
    pub fn slots(&self, tuple: Tuple, events: &[u32], moment: Moment) -> Vec<Slot> {
        if !self.has_unwanted {
            return Vec::new();
        }
        let time = |event: &u32| self.input.store.time(self.input.plan.time(), *event);
        let times: Vec<i64> =
            events.iter().filter_map(|event| Some(time(event)?.millis())).collect();
        self.unwanted.slots(tuple, &times, moment)
    }
}

impl<W: Watch> Machine<'_, W> {
    /// One event at one state under one key (spec §7.13).
    fn step(&mut self, at: usize, tuple: Tuple, time: Instant, event: u32) {
        if self.sequencer.has_unwanted {
            self.times.insert(event, time.millis());
        }
        if at == 0 {
            let start = Partial { first: time, events: vec![event] };
            if self.sequencer.n_states == 1 {
                self.complete(tuple, start.events);
            } else {
                self.put(0, tuple, start, event);
            }
            return;
        }
        let taken = self.slots.get_mut(&tuple).and_then(|slots| slots.get_mut(at - 1)?.take());
        let Some(mut partial) = taken else { return };
        let distance = time.nanos_since(partial.first);
        if let Some(maxspan) = self.sequencer.maxspan
            && distance > i128::from(maxspan) * 1_000_000
        {
            let late = distance - i128::from(maxspan) * 1_000_000;
            let late_ms = u64::try_from(late / 1_000_000).unwrap_or(u64::MAX);
            let end = End::MaxspanExpired { by: event, late_ms };
            self.watch.ended(Trail { tuple: Some(tuple), events: partial.events, end });
            return;
        }
        partial.events.push(event);
        if at + 1 == self.sequencer.n_states {
            self.complete(tuple, partial.events);
        } else {
            self.put(at, tuple, partial, event);
        }
    }

    fn put(&mut self, at: usize, tuple: Tuple, partial: Partial, by: u32) {
        self.watch.waits(tuple, &partial.events);
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
        if self.sequencer.has_unwanted {
            let times: Vec<i64> =
                events.iter().filter_map(|event| self.times.get(event).copied()).collect();
            match self.sequencer.unwanted.check(tuple, &times) {
                Checked::Kept { is_open: open } => is_open = open,
                Checked::Seen { by, stage } => {
                    let end = End::MissingEventSeen { by, stage };
                    self.watch.ended(Trail { tuple: Some(tuple), events, end });
                    return;
                }
            }
        }
        let mut ordinary = events.into_iter();
        let stages = self.sequencer.input.plan.stages().iter();
        let events =
            stages.map(|stage| if stage.missing { None } else { ordinary.next() }).collect();
        let found = Match { tuple, events, is_open };
        self.watch.matched(&found);
        self.matches.push(found);
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
