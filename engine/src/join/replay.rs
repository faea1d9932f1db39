//! The machine watched up to one event: what that event did, what waits, what has ended.

use std::collections::VecDeque;

use hashbrown::HashMap;

use crate::join::{End, Match, Trail, Tuple, Watch};
use crate::plan::Plan;

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

/// Watches a run that ends with the event it asks about.
///
/// Of what has ended the newest are kept, of what waits everything: at most one for each state and
/// key (spec §7.12).
#[derive(Debug, Default)]
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
    last_ordinary: usize,
    /// Per key and number of events the event that overwrote last, and the newest event of what it
    /// overwrote.
    overwrote: HashMap<(Tuple, usize), (u32, u32)>,
    /// Complete matches that an event of a trailing `![…]` discards when it comes.
    doomed: HashMap<u32, Vec<Trail>>,
}

impl Replay {
    /// Asks what `asked` does, and keeps `max_past` of what has ended.
    #[must_use]
    pub fn new(plan: &Plan, asked: Option<u32>, max_past: usize) -> Self {
        let last_ordinary = plan.stages().iter().rposition(|stage| !stage.missing);
        Self {
            asked,
            max_past,
            last_ordinary: last_ordinary.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The newest event of what made room for a partial match that waits with these events.
    #[must_use]
    pub fn overwritten_by(&self, tuple: Tuple, events: &[u32]) -> Option<u32> {
        let (by, old) = self.overwrote.get(&(tuple, events.len()))?;
        (events.last() == Some(by)).then_some(*old)
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
            (End::MissingEventSeen { by, stage }, _) if stage > self.last_ordinary => {
                self.doomed.entry(by).or_default().push(trail);
                return;
            }
            _ => {}
        }
        self.past(Over::Lost(trail));
    }
}
