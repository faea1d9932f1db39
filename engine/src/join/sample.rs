//! Samples: per key tuple one event per filter, in any order (spec §8.2).

use hashbrown::HashMap;

use crate::join::{Input, KeySpace, Match, Tuple};
use crate::sort;
use crate::store::Bits;

/// The events of one key tuple, filter by filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its join keys.
    pub tuple: Tuple,
    /// Per filter the events that pass it.
    pub filters: Vec<Vec<u32>>,
    /// Where its samples stand among the matches.
    pub matches: std::ops::Range<usize>,
}

/// All key groups in ascending order of their keys, and the samples taken from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sampled {
    /// The groups; those that lack events for some filter too.
    pub groups: Vec<Group>,
    /// The samples.
    pub matches: Vec<Match>,
}

/// Draws samples, at most `per_key` from one key tuple. Candidates come in ordinal order, events
/// without a time last in the order of the input (§8.4).
#[must_use]
pub fn sample(input: Input<'_>, space: &mut KeySpace, per_key: usize) -> Sampled {
    let n_filters = input.plan.stages().len();
    let mut with_time = Bits::none(input.store.n_events());
    for (_, event) in input.ordinals {
        with_time.set(*event);
    }
    let without = (0..input.store.n_events()).filter(|event| !with_time.get(*event));
    let order: Vec<u32> = input.ordinals.iter().map(|(_, event)| *event).chain(without).collect();
    let mut groups: HashMap<Tuple, Vec<Vec<u32>>> = HashMap::new();
    let mut tuples = Vec::new();
    for (at, stage) in input.plan.stages().iter().enumerate() {
        let filter = input.filter(stage.node);
        let keys = space.stage(stage, input.store);
        for event in order.iter().copied().filter(|event| filter.get(*event)) {
            if keys.tuples(event, space, &mut tuples).is_err() {
                continue;
            }
            for tuple in &tuples {
                let group = groups.entry(*tuple).or_insert_with(|| vec![Vec::new(); n_filters]);
                if let Some(found) = group.get_mut(at) {
                    found.push(event);
                }
            }
        }
    }
    let mut groups: Vec<(Tuple, Vec<Vec<u32>>)> = groups.into_iter().collect();
    sort::by(&mut groups, |a, b| space.values(a.0).cmp(space.values(b.0)));
    let mut sampled = Sampled::default();
    for (tuple, filters) in groups {
        let before = sampled.matches.len();
        let mut drawing = Drawing { filters: &filters, per_key, rows: Vec::new() };
        drawing.draw(&mut Vec::with_capacity(n_filters));
        sampled.matches.extend(drawing.rows.into_iter().map(|row| Match {
            tuple,
            events: row.into_iter().map(Some).collect(),
            is_open: false,
        }));
        let matches = before..sampled.matches.len();
        sampled.groups.push(Group { tuple, filters, matches });
    }
    sampled
}

struct Drawing<'d> {
    filters: &'d [Vec<u32>],
    per_key: usize,
    rows: Vec<Vec<u32>>,
}

impl Drawing<'_> {
    /// Depth first: the first filter in the order of its candidates, within it the second, and so
    /// on, without using an event twice.
    fn draw(&mut self, row: &mut Vec<u32>) {
        let Some(candidates) = self.filters.get(row.len()) else {
            self.rows.push(row.clone());
            return;
        };
        for candidate in candidates {
            if self.rows.len() >= self.per_key {
                return;
            }
            if row.contains(candidate) {
                continue;
            }
            row.push(*candidate);
            if self.can_finish(row) {
                self.draw(row);
            }
            row.pop();
        }
    }

    /// Can the remaining filters each get an event of their own? Without this look ahead the
    /// search could walk through every combination of the filters before a hopeless one.
    fn can_finish(&self, row: &[u32]) -> bool {
        let rest = self.filters.get(row.len()..).unwrap_or_default();
        // A filter with as many free events as there are filters left can always be served, so no
        // more than these need be looked at.
        let free: Vec<Vec<u32>> = rest
            .iter()
            .map(|events| {
                let free = events.iter().copied().filter(|event| !row.contains(event));
                free.take(rest.len()).collect()
            })
            .collect();
        distinct(&free, &mut Vec::new())
    }
}

/// Is there a choice of one event per list in which no event comes twice? The lists are few and
/// short.
fn distinct(lists: &[Vec<u32>], used: &mut Vec<u32>) -> bool {
    let Some((first, rest)) = lists.split_first() else { return true };
    first.iter().any(|event| {
        if used.contains(event) {
            return false;
        }
        used.push(*event);
        let found = distinct(rest, used);
        used.pop();
        found
    })
}
