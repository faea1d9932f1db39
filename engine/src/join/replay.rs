//! The machine watched up to one event: what that event did, what waits, what has ended.

use std::cell::RefCell;
use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};

use crate::join::missing::{Moment, Slot};
use crate::join::sequence::{self, Machine, Rules, Slots, Step};
use crate::join::{End, Input, KeySpace, Match, Trail, Tuple, Watch};
use crate::plan::Plan;
use crate::time::Instant;

/// What an event did to the partial matches of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// One waits with this event as its newest, the first or a further one.
    Waits {
        /// Its key.
        tuple: Tuple,
        /// Its events.
        events: Vec<u32>,
    },
    /// One has ended.
    Ends(Over),
}

/// What a partial match has become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// A match.
    Matched(Match),
    /// Nothing.
    Lost(Trail),
}

/// What ended, and with which event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The event.
    pub event: u32,
    /// What it ended as.
    pub over: Over,
}

/// The steps of a run, kept so that the machine can be run over the first of them again.
///
/// Keys have the numbers that the run gave them: both meet them in the same order.
#[derive(Debug)]
pub struct Stepper {
    /// The events that take part, in order.
    events: Vec<(Instant, u32)>,
    /// Per event of the store its place among them.
    places: Vec<u32>,
    /// The steps, each with the place of its event.
    steps: Vec<(u32, Step)>,
    rules: Rules,
    /// States along the way, in order, as far as a replay has come.
    saved: RefCell<Vec<Saved>>,
}

/// States that are saved at most: a replay goes over an eighth of the events or less, and they take no
/// more memory than eight times what waits.
const MAX_SAVED: usize = 8;

/// Fewer events than these are replayed sooner than a state is copied.
const MIN_STRETCH: usize = 8_192;

/// The state of the machine before an event.
#[derive(Debug)]
struct Saved {
    /// Place of the event.
    place: usize,
    /// Its first step.
    step: usize,
    slots: Slots,
    replay: Replay,
}

impl Stepper {
    /// Works out the steps of the events of an input.
    #[must_use]
    pub fn new(input: Input<'_>) -> Self {
        let mut keys = KeySpace::default();
        let mut places = vec![u32::MAX; input.store.n_events() as usize];
        let mut steps = Vec::new();
        let mut n = 0_u32;
        let rules = sequence::steps(input, &mut keys, |_, event, step| {
            if step == Step::Comes {
                if let Some(place) = places.get_mut(event as usize) {
                    *place = n;
                }
                n += 1;
            }
            steps.push((n - 1, step));
        });
        Self { events: input.ordinals.to_vec(), places, steps, rules, saved: RefCell::default() }
    }

    /// The events that take part, in order.
    #[must_use]
    pub fn events(&self) -> &[(Instant, u32)] {
        &self.events
    }

    /// The place of an event among them, from 0.
    #[must_use]
    pub fn place(&self, event: u32) -> Option<usize> {
        self.places
            .get(event as usize)
            .map(|place| *place as usize)
            .filter(|n| *n < self.events.len())
    }

    /// Its time; `None` where it takes no part.
    #[must_use]
    pub fn time(&self, event: u32) -> Option<Instant> {
        self.place(event).and_then(|place| self.events.get(place)).map(|(time, _)| *time)
    }

    /// The keys under which an event takes part, in no particular order.
    #[must_use]
    pub fn tuples_of(&self, event: u32) -> Vec<Tuple> {
        let Some(place) = self.place(event) else { return Vec::new() };
        let start = self.steps.partition_point(|(at, _)| (*at as usize) < place);
        let of_event = self.steps.iter().skip(start).take_while(|(at, _)| *at as usize == place);
        let mut tuples: Vec<Tuple> = of_event.filter_map(|(_, step)| step.tuple()).collect();
        self.rules.unwanted.tuples_of(event, &mut tuples);
        tuples
    }

    /// The machine after the first `seen` events, the last of which is asked about if `asks`; of what
    /// has ended at most `max_past` are kept, the same in every call.
    #[must_use]
    pub fn replay(&self, plan: &Plan, seen: usize, asks: bool, max_past: usize) -> Replay {
        let last = seen.checked_sub(1).and_then(|last| self.events.get(last));
        let asked = last.map(|(_, event)| *event).filter(|_| asks);
        let mut saved = self.saved.borrow_mut();
        let from = saved.iter().rfind(|saved| saved.place < seen);
        let (mut slots, mut replay, mut start) = (Slots::default(), Replay::new(plan, max_past), 0);
        if let Some(from) = from {
            (slots, replay, start) = (from.slots.clone(), from.replay.clone(), from.step);
        }
        replay.asked = asked;
        let stretch = (self.events.len() / MAX_SAVED).max(MIN_STRETCH);
        let mut machine = Machine::new(&self.rules, slots, &mut replay);
        for (at, (place, step)) in self.steps.iter().enumerate().skip(start) {
            let place = *place as usize;
            let Some(&(time, event)) = self.events.get(place).filter(|_| place < seen) else {
                break;
            };
            let is_new = saved.last().is_none_or(|last| last.place < place);
            if *step == Step::Comes && place > 0 && place.is_multiple_of(stretch) && is_new {
                let (slots, replay) = (machine.slots.clone(), machine.watch.clone());
                saved.push(Saved { place, step: at, slots, replay });
            }
            machine.apply(time, event, *step);
        }
        machine.finish();
        replay
    }

    /// Runs the machine over all that is done under some keys, or for want of a key by the events, at
    /// a position of the stages, that `lacks` is true of.
    pub fn run_under(
        &self,
        tuples: &[Tuple],
        lacks: &dyn Fn(u32, usize) -> bool,
        watch: &mut impl Watch,
    ) {
        let mut machine = Machine::new(&self.rules, Slots::default(), watch);
        let tuples: HashSet<Tuple> = tuples.iter().copied().collect();
        for (place, step) in &self.steps {
            let Some(&(time, event)) = self.events.get(*place as usize) else { break };
            let is_meant = match *step {
                Step::State { tuple, .. } | Step::Until { tuple } => tuples.contains(&tuple),
                Step::Lacks { stage, .. } => lacks(event, stage as usize),
                Step::Comes => true,
            };
            if is_meant {
                machine.apply(time, event, *step);
            }
        }
        machine.finish();
    }

    /// What is known at a moment of the `![…]` stages that a partial or complete match has come to,
    /// given its ordinary events.
    #[must_use]
    pub fn slots(&self, tuple: Tuple, events: &[u32], moment: Moment) -> Vec<Slot> {
        let times = events.iter().filter_map(|event| Some(self.time(*event)?.millis()));
        self.rules.unwanted.slots(tuple, &times.collect::<Vec<_>>(), moment)
    }
}

/// Watches a run that ends with the event it asks about.
///
/// Of what has ended the newest are kept, of what waits everything: at most one for each state and
/// key (spec §7.12).
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// What the asked event did, in the order in which it did it.
    pub did: Vec<Done>,
    /// What waits, in the order of keys and stages.
    pub pending: Vec<(Tuple, Vec<u32>)>,
    /// What has ended, the newest last.
    pub past: VecDeque<Past>,
    /// How many have ended.
    pub n_past: u32,
    asked: Option<u32>,
    current: u32,
    max_past: usize,
    /// The stages, as [`Match::events`] has them: is each `![…]`?
    missing: Vec<bool>,
    /// Per key and number of events the event that overwrote last, and the newest event of what it
    /// overwrote.
    overwrote: HashMap<(Tuple, usize), (u32, u32)>,
    /// Complete matches that an event of a trailing `![…]` discards when it comes. Until then they
    /// are matches like others: it is not known yet.
    doomed: HashMap<u32, Vec<Trail>>,
}

impl Replay {
    /// Keeps `max_past` of what has ended.
    fn new(plan: &Plan, max_past: usize) -> Self {
        let missing = plan.stages().iter().map(|stage| stage.missing).collect();
        Self { max_past, missing, ..Self::default() }
    }

    /// The newest event of what made room for a partial match that waits with these events.
    #[must_use]
    pub fn overwritten_by(&self, tuple: Tuple, events: &[u32]) -> Option<u32> {
        let (by, old) = self.overwrote.get(&(tuple, events.len()))?;
        (events.last() == Some(by)).then_some(*old)
    }

    /// What a complete sequence is that nothing discards.
    fn as_match(&self, trail: &Trail) -> Over {
        let mut events = trail.events.iter().copied();
        let missing = self.missing.iter();
        let events = missing.map(|missing| if *missing { None } else { events.next() });
        let tuple = trail.tuple.unwrap_or(Tuple(0));
        Over::Matched(Match { tuple, events: events.collect(), is_open: false })
    }

    fn is_asked(&self) -> bool {
        self.asked == Some(self.current)
    }

    fn past(&mut self, over: Over) {
        if self.is_asked() {
            self.did.push(Done::Ends(over.clone()));
        }
        self.n_past += 1;
        if self.past.len() >= self.max_past {
            self.past.pop_front();
        }
        self.past.push_back(Past { event: self.current, over });
    }
}

impl Watch for Replay {
    fn event(&mut self, event: u32) {
        self.current = event;
        if self.doomed.is_empty() {
            return;
        }
        for trail in self.doomed.remove(&event).unwrap_or_default() {
            // It was a match so far.
            let was = self.as_match(&trail);
            self.past.retain(|past| past.over != was);
            self.n_past -= 1;
            self.past(Over::Lost(trail));
        }
    }

    fn waits(&mut self, tuple: Tuple, events: &[u32]) {
        if self.is_asked() {
            self.did.push(Done::Waits { tuple, events: events.to_vec() });
        }
    }

    fn matched(&mut self, found: &Match) {
        self.past(Over::Matched(found.clone()));
    }

    fn ended(&mut self, trail: Trail) {
        match (trail.end, trail.tuple) {
            (End::Open, tuple) => {
                self.pending.extend(tuple.map(|tuple| (tuple, trail.events)));
                return;
            }
            (End::Overwritten { by }, Some(tuple)) => {
                let old = trail.events.last().copied().unwrap_or_default();
                self.overwrote.insert((tuple, trail.events.len()), (by, old));
            }
            // What stands at the end is seen only later.
            (End::MissingEventSeen { by, stage }, _)
                if self.missing.iter().skip(stage).all(|missing| *missing) =>
            {
                self.past(self.as_match(&trail));
                self.doomed.entry(by).or_default().push(trail);
                return;
            }
            _ => {}
        }
        self.past(Over::Lost(trail));
    }
}
