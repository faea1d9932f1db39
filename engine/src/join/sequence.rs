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

/// Everything, without a bound: what tests compare with.
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

/// A partial match: its events so far and the time of the first; their milliseconds, where a check
/// for missing events asks for them.
#[derive(Clone, Debug)]
struct Partial {
    first: Instant,
    events: Vec<u32>,
    times: Vec<i64>,
}

/// What waits: per key tuple the partial match in each state, as far as any was reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots(HashMap<Tuple, Vec<Option<Partial>>>);

/// What a sequence does with its events, whatever these are.
#[derive(Debug)]
pub(super) struct Rules {
    maxspan: Option<u64>,
    /// Per stage: is it `![…]`?
    missing: Vec<bool>,
    has_unwanted: bool,
    pub(super) unwanted: Unwanted,
    n_states: usize,
}

/// What an event does to the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It comes; first of all, and of events that do nothing else too.
    Comes,
    /// It passes the filter of a state under a key.
    State {
        /// The state.
        at: u32,
        /// The key.
        tuple: Tuple,
    },
    /// It passes the filter of a stage, but lacks a key.
    Lacks {
        /// Position of the stage.
        stage: u32,
        /// Position of the key.
        key: u32,
    },
    /// It passes the filter after `until` under a key.
    Until {
        /// The key.
        tuple: Tuple,
    },
}

impl Step {
    pub(super) fn tuple(self) -> Option<Tuple> {
        match self {
            Self::State { tuple, .. } | Self::Until { tuple } => Some(tuple),
            Self::Comes | Self::Lacks { .. } => None,
        }
    }
}

/// A sequence, ready to run over the events of an input.
struct Sequencer<'i> {
    input: Input<'i>,
    terms: Vec<Ordinary<'i>>,
    until: Option<Ordinary<'i>>,
    rules: Rules,
}

pub(super) struct Machine<'m, W> {
    rules: &'m Rules,
    pub(super) slots: Slots,
    matches: Vec<Match>,
    pub(super) watch: &'m mut W,
}

/// Runs the machine. Matches come in the order of their last event (spec §7.22).
pub fn sequence(input: Input<'_>, space: &mut KeySpace, watch: &mut impl Watch) -> Vec<Match> {
    let sequencer = Sequencer::new(input, space);
    let mut machine = Machine::new(&sequencer.rules, Slots::default(), watch);
    sequencer.each_step(space, |time, event, step| machine.apply(time, event, step));
    machine.finish()
}

/// The steps of a sequence over an input, one after the other, and the rules that they follow.
pub(super) fn steps(
    input: Input<'_>,
    space: &mut KeySpace,
    tell: impl FnMut(Instant, u32, Step),
) -> Rules {
    let sequencer = Sequencer::new(input, space);
    sequencer.each_step(space, tell);
    sequencer.rules
}

impl<'i> Sequencer<'i> {
    /// Reads the filters and the keys of the stages.
    fn new(input: Input<'i>, space: &mut KeySpace) -> Self {
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
        let missing: Vec<bool> = input.plan.stages().iter().map(|stage| stage.missing).collect();
        let has_unwanted = missing.contains(&true);
        let unwanted = Unwanted::new(&input, maxspan, space);
        let rules = Rules { maxspan, missing, has_unwanted, unwanted, n_states };
        Self { input, terms, until, rules }
    }

    /// Tells what the events do, in order.
    fn each_step(&self, space: &mut KeySpace, mut tell: impl FnMut(Instant, u32, Step)) {
        let mut tuples = Vec::new();
        for &(time, event) in self.input.ordinals {
            tell(time, event, Step::Comes);
            // Later stages first: an event is never used twice in one match.
            for term in self.terms.iter().rev() {
                if !term.filter.get(event) {
                    continue;
                }
                match term.keys.tuples(event, space, &mut tuples) {
                    Ok(()) => {
                        for at in term.states.clone().rev() {
                            for tuple in &tuples {
                                tell(time, event, Step::State { at: at as u32, tuple: *tuple });
                            }
                        }
                    }
                    Err(key) => {
                        let (stage, key) = (term.position as u32, key as u32);
                        tell(time, event, Step::Lacks { stage, key });
                    }
                }
            }
            if let Some(until) = &self.until
                && until.filter.get(event)
                && until.keys.tuples(event, space, &mut tuples).is_ok()
            {
                for tuple in &tuples {
                    tell(time, event, Step::Until { tuple: *tuple });
                }
            }
        }
    }
}

impl<'m, W: Watch> Machine<'m, W> {
    /// A machine in which these wait.
    pub(super) fn new(rules: &'m Rules, slots: Slots, watch: &'m mut W) -> Self {
        Self { rules, slots, matches: Vec::new(), watch }
    }

    pub(super) fn apply(&mut self, time: Instant, event: u32, step: Step) {
        match step {
            Step::Comes => self.watch.event(event),
            Step::State { at, tuple } => self.step(at as usize, tuple, time, event),
            Step::Lacks { stage, key } => {
                let end = End::KeyMissing { stage: stage as usize, key: key as usize };
                self.watch.ended(Trail { tuple: None, events: vec![event], end });
            }
            Step::Until { tuple } => self.clear(tuple, event),
        }
    }

    /// One event at one state under one key (spec §7.13).
    fn step(&mut self, at: usize, tuple: Tuple, time: Instant, event: u32) {
        let millis = self.rules.has_unwanted.then(|| time.millis());
        if at == 0 {
            let times = millis.into_iter().collect();
            let start = Partial { first: time, events: vec![event], times };
            if self.rules.n_states == 1 {
                self.complete(tuple, start);
            } else {
                self.put(0, tuple, start, event);
            }
            return;
        }
        let taken = self.slots.0.get_mut(&tuple).and_then(|slots| slots.get_mut(at - 1)?.take());
        let Some(mut partial) = taken else { return };
        let distance = time.nanos_since(partial.first);
        if let Some(maxspan) = self.rules.maxspan
            && distance > i128::from(maxspan) * 1_000_000
        {
            let late = distance - i128::from(maxspan) * 1_000_000;
            let late_ms = u64::try_from(late / 1_000_000).unwrap_or(u64::MAX);
            let end = End::MaxspanExpired { by: event, late_ms };
            self.watch.ended(Trail { tuple: Some(tuple), events: partial.events, end });
            return;
        }
        partial.events.push(event);
        partial.times.extend(millis);
        if at + 1 == self.rules.n_states {
            self.complete(tuple, partial);
        } else {
            self.put(at, tuple, partial, event);
        }
    }

    fn put(&mut self, at: usize, tuple: Tuple, partial: Partial, by: u32) {
        self.watch.waits(tuple, &partial.events);
        let slots = self.slots.0.entry(tuple).or_default();
        // Most keys never get beyond the first states of a long sequence.
        if slots.len() <= at {
            slots.resize_with(at + 1, || None);
        }
        if let Some(old) = slots.get_mut(at).and_then(|slot| slot.replace(partial)) {
            let end = End::Overwritten { by };
            self.watch.ended(Trail { tuple: Some(tuple), events: old.events, end });
        }
    }

    fn complete(&mut self, tuple: Tuple, found: Partial) {
        let Partial { events, times, .. } = found;
        let mut is_open = false;
        if self.rules.has_unwanted {
            match self.rules.unwanted.check(tuple, &times) {
                Checked::Kept { is_open: open } => is_open = open,
                Checked::Seen { by, stage } => {
                    let end = End::MissingEventSeen { by, stage };
                    self.watch.ended(Trail { tuple: Some(tuple), events, end });
                    return;
                }
            }
        }
        let mut ordinary = events.into_iter();
        let missing = self.rules.missing.iter();
        let events = missing.map(|missing| if *missing { None } else { ordinary.next() }).collect();
        let found = Match { tuple, events, is_open };
        self.watch.matched(&found);
        self.matches.push(found);
    }

    fn clear(&mut self, tuple: Tuple, by: u32) {
        for slot in self.slots.0.get_mut(&tuple).into_iter().flatten() {
            if let Some(partial) = slot.take() {
                let end = End::Until { by };
                self.watch.ended(Trail { tuple: Some(tuple), events: partial.events, end });
            }
        }
    }

    pub(super) fn finish(mut self) -> Vec<Match> {
        let mut open: Vec<(Tuple, Vec<u32>)> = self
            .slots
            .0
            .drain()
            .flat_map(|(tuple, slots)| slots.into_iter().map(move |slot| (tuple, slot)))
            .filter_map(|(tuple, slot)| Some((tuple, slot?.events)))
            .collect();
        sort::up(&mut open);
        for (tuple, events) in open {
            self.watch.ended(Trail { tuple: Some(tuple), events, end: End::Open });
        }
        self.matches
    }
}
