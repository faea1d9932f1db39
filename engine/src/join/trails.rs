//! What came to nothing: all of it counted, some of it kept.

use hashbrown::HashMap;

use crate::join::{End, Trail, Watch};
use crate::sort;
use crate::store::Bits;

/// Most partial sequences that a run keeps.
pub const MAX_KEPT: usize = 2_000;

/// Kinds of [`End`], in its order.
const KINDS: usize = 6;

/// What became of an event in the last partial sequence that it was part of, or that it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// There was none.
    #[default]
    None,
    /// It was overwritten.
    Overwritten,
    /// The next event came too late.
    Expired,
    /// It came too late itself.
    TooLate,
    /// `until` ended it.
    Until,
    /// An event was there that must be missing.
    Discarded,
    /// It is that event.
    Unwanted,
    /// It lacks a join key.
    KeyMissing,
    /// The data ended first.
    Open,
}

/// Watches a run, and takes memory for what it keeps, not for what there was.
///
/// The bound: at most `max` partial sequences, those nearest to a match, that is with the most events,
/// and of these the first ones; one byte per event of the data; and what waits when the data end, which
/// the machine holds anyway.
#[derive(Debug)]
pub struct Trails {
    max: usize,
    /// Only those that begin with one of these events count; `None`: all.
    among: Option<Bits>,
    /// By number of events, from 0: what is kept, each with its number in the order of ends.
    kept: Vec<Vec<(u32, Trail)>>,
    n_kept: usize,
    /// By number of events, from 0: how many ended, by kind.
    counts: Vec<[u32; KINDS]>,
    n: u32,
    fates: Vec<Fate>,
    /// The first event of what an event waits in when the data end.
    waiting: HashMap<u32, u32>,
}

impl Default for Trails {
    fn default() -> Self {
        Self::new(MAX_KEPT)
    }
}

impl Trails {
    /// Keeps at most so many.
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self {
            max,
            among: None,
            kept: Vec::new(),
            n_kept: 0,
            counts: Vec::new(),
            n: 0,
            fates: Vec::new(),
            waiting: HashMap::new(),
        }
    }

    /// Counts only those that begin with one of these events, and keeps at most so many.
    #[must_use]
    pub fn among(events: Bits, max: usize) -> Self {
        Self { among: Some(events), ..Self::new(max) }
    }

    /// How many came to nothing.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n as usize
    }

    /// True where nothing did.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// How many are kept.
    #[must_use]
    pub fn n_kept(&self) -> usize {
        self.n_kept
    }

    /// How many ended like this; with `events`, of those with so many events.
    #[must_use]
    pub fn count(&self, like: End, events: Option<usize>) -> u32 {
        let counts = self.counts.iter().enumerate();
        let counts = counts.filter(|(n, _)| events.is_none_or(|events| events == *n));
        counts.filter_map(|(_, counts)| counts.get(kind(like))).sum()
    }

    /// The `most` nearest to a match of those that are kept, in the order in which they ended.
    #[must_use]
    pub fn nearest(&self, most: usize) -> Vec<&Trail> {
        let mut nearest: Vec<_> = self.kept.iter().rev().flatten().take(most).collect();
        sort::by(&mut nearest, |(one, _), (two, _)| one.cmp(two));
        nearest.into_iter().map(|(_, trail)| trail).collect()
    }

    /// What became of an event.
    #[must_use]
    pub fn fate(&self, event: u32) -> Fate {
        self.fates.get(event as usize).copied().unwrap_or_default()
    }

    /// The first event of what an event waits in when the data end.
    #[must_use]
    pub fn waits_since(&self, event: u32) -> Option<u32> {
        self.waiting.get(&event).copied()
    }

    fn meets(&mut self, event: u32, fate: Fate) {
        let at = event as usize;
        if self.fates.len() <= at {
            self.fates.resize(at + 1, Fate::None);
        }
        if let Some(slot) = self.fates.get_mut(at) {
            *slot = fate;
        }
    }
}

fn kind(end: End) -> usize {
    match end {
        End::Overwritten { .. } => 0,
        End::MaxspanExpired { .. } => 1,
        End::Until { .. } => 2,
        End::MissingEventSeen { .. } => 3,
        End::KeyMissing { .. } => 4,
        End::Open => 5,
    }
}

impl Watch for Trails {
    fn ended(&mut self, trail: Trail) {
        if let (Some(among), Some(first)) = (&self.among, trail.events.first())
            && !among.get(*first)
        {
            return;
        }
        let (fate, by) = match trail.end {
            End::Overwritten { .. } => (Fate::Overwritten, None),
            End::MaxspanExpired { by, .. } => (Fate::Expired, Some((by, Fate::TooLate))),
            End::Until { .. } => (Fate::Until, None),
            End::MissingEventSeen { by, .. } => (Fate::Discarded, Some((by, Fate::Unwanted))),
            End::KeyMissing { .. } => (Fate::KeyMissing, None),
            End::Open => (Fate::Open, None),
        };
        for event in &trail.events {
            self.meets(*event, fate);
            if let (Fate::Open, Some(first)) = (fate, trail.events.first()) {
                self.waiting.insert(*event, *first);
            }
        }
        if let Some((by, fate)) = by {
            self.meets(by, fate);
        }
        let events = trail.events.len();
        if self.counts.len() <= events {
            self.counts.resize(events + 1, [0; KINDS]);
            self.kept.resize_with(events + 1, Vec::new);
        }
        if let Some(count) = self.counts.get_mut(events).and_then(|c| c.get_mut(kind(trail.end))) {
            *count += 1;
        }
        let n = self.n;
        self.n += 1;
        if self.n_kept >= self.max {
            // The newest of the farthest makes room, where this one is nearer.
            let farthest = self.kept.iter_mut().take(events).find(|kept| !kept.is_empty());
            if farthest.and_then(Vec::pop).is_none() {
                return;
            }
            self.n_kept -= 1;
        }
        if let Some(kept) = self.kept.get_mut(events) {
            kept.push((n, trail));
            self.n_kept += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(events: std::ops::Range<u32>, end: End) -> Trail {
        Trail { tuple: None, events: events.collect(), end }
    }

    #[test]
    fn what_is_kept_does_not_grow_with_what_ended() {
        let mut trails = Trails::default();
        for at in 0..300_000 {
            trails.ended(trail(at..at + 1, End::Overwritten { by: at + 1 }));
        }
        trails.ended(trail(300_000..300_002, End::Open));
        assert_eq!((trails.len(), trails.n_kept()), (300_001, MAX_KEPT));
        assert_eq!(trails.count(End::Overwritten { by: 0 }, None), 300_000);
        assert_eq!(trails.count(End::Open, Some(2)), 1);
        // The nearest to a match is kept though it came last, and the first of the others.
        let kept = trails.nearest(usize::MAX);
        assert_eq!(kept.last().map(|trail| trail.events.len()), Some(2));
        assert_eq!(kept.first().and_then(|trail| trail.events.first()), Some(&0));
        assert_eq!(trails.nearest(1).len(), 1);
        assert_eq!(trails.fate(299_999), Fate::Overwritten);
        assert_eq!(trails.waits_since(300_001), Some(300_000));
        assert_eq!(trails.fate(300_002), Fate::None);
    }
}
