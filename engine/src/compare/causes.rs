//! Why one version has a match that the other lacks.

use std::cell::OnceCell;

use crate::compare::pairs::{self, Pair};
use crate::compare::settings::{
    CATEGORY, FORM, INDICES, KEYS, LOGIC, MAXSPAN, PIPES, STAGES, TIEBREAKER, TIME, UNTIL,
};
use crate::compare::{Hit, Version, sentence};
use crate::eval::Evaluated;
use crate::explain::{trail_words, waited_ms};
use crate::hir::Form;
use crate::join::{End, Input, KeySpace, KeyValue, Trail, Trails, keys_of, sequence};
use crate::plan::{NodeId, NodeKind, Stage};
use crate::run::Hits;
use crate::sort;
use crate::store::{Bits, Store};
use crate::wire::compare::{Change, ClauseState, Setting};

/// Most partial sequences of a version that are kept, those nearest to a match; a few for each match
/// that is explained.
const MAX_TRAILS: usize = 20_000;

/// A version, and which of its nodes belong to which pair of clauses.
pub(super) struct Side<'s> {
    version: &'s Version,
    by_node: Vec<Option<usize>>,
    word: &'static str,
    /// The events that it is asked about.
    asked: Bits,
    /// What began with them and came to nothing, by first event and in the order of ends; and how much
    /// of that was not kept.
    trails: OnceCell<(Vec<Trail>, usize)>,
    /// The events of its sequences or samples before pipes, sorted.
    uncut: OnceCell<Vec<&'s [Option<u32>]>>,
}

impl<'s> Side<'s> {
    pub(super) fn old(version: &'s Version, pairs: &[Pair], asked: Bits) -> Self {
        Self::new_side(version, pairs::by_node(version, pairs, true), "old", asked)
    }

    pub(super) fn new(version: &'s Version, pairs: &[Pair], asked: Bits) -> Self {
        Self::new_side(version, pairs::by_node(version, pairs, false), "new", asked)
    }

    fn new_side(
        version: &'s Version,
        by_node: Vec<Option<usize>>,
        word: &'static str,
        asked: Bits,
    ) -> Self {
        let (trails, uncut) = (OnceCell::new(), OnceCell::new());
        Self { version, by_node, word, asked, trails, uncut }
    }

    /// Has it a match of these events, were it not for its pipes?
    fn finds(&self, events: &[Option<u32>]) -> bool {
        match &self.version.found.all {
            Hits::Events(_) => {
                events.first().copied().flatten().is_some_and(|event| self.holds(NodeId(0), event))
            }
            Hits::Joined(all) => {
                let uncut = self.uncut.get_or_init(|| {
                    let mut uncut: Vec<_> = all.iter().map(|hit| hit.events.as_slice()).collect();
                    sort::up(&mut uncut);
                    uncut
                });
                uncut.binary_search(&events).is_ok()
            }
        }
    }

    /// What began with the events that it is asked about and came to nothing; see the field.
    pub(super) fn trails(&self, store: &Store) -> &(Vec<Trail>, usize) {
        self.trails.get_or_init(|| {
            let Version { plan, found, recording, .. } = self.version;
            let mut watch = Trails::among(self.asked.clone(), MAX_TRAILS);
            if matches!(plan.form(), Form::Sequence { .. }) {
                let evaluated = Evaluated::recorded(plan, recording);
                let (searched, ordinals) = (&found.searched, &found.ordinals);
                let input = Input { plan, store, searched, evaluated: &evaluated, ordinals };
                sequence(input, &mut KeySpace::default(), &mut watch);
            }
            let mut kept: Vec<Trail> = watch.nearest(MAX_TRAILS).into_iter().cloned().collect();
            sort::by(&mut kept, |one, other| one.events.first().cmp(&other.events.first()));
            (kept, watch.len() - watch.n_kept())
        })
    }

    fn holds(&self, node: NodeId, event: u32) -> bool {
        self.version.recording.holds(node, event)
    }

    fn trails_of<'t>(&'t self, event: u32, store: &Store) -> impl Iterator<Item = &'t Trail> {
        let (trails, _) = self.trails(store);
        let from = trails.partition_point(|trail| trail.events.first() < Some(&event));
        let rest = trails.get(from..).unwrap_or_default().iter();
        rest.take_while(move |trail| trail.events.first() == Some(&event))
    }
}

/// Finds what decided a match.
pub(super) struct Causes<'c> {
    pairs: &'c [Pair],
    settings: &'c [Setting],
    store: &'c Store,
}

impl<'c> Causes<'c> {
    pub(super) fn new(pairs: &'c [Pair], settings: &'c [Setting], store: &'c Store) -> Self {
        Self { pairs, settings, store }
    }

    /// Writes into `row` why `winner` has this match, and `loser` has not.
    pub(super) fn find(&self, winner: &Side<'_>, loser: &Side<'_>, hit: &Hit, row: &mut Change) {
        row.why = self.words(winner, loser, hit, row).unwrap_or_default();
        sort::up(&mut row.clauses);
        row.clauses.dedup();
        let clauses = row.clauses.iter();
        let words: Vec<String> = clauses
            .filter_map(|at| {
                let pair = self.pairs.get(*at as usize)?;
                let sides = match winner.word {
                    "new" => (loser.version, winner.version),
                    _ => (winner.version, loser.version),
                };
                Some(sentence::of_clause(&pair.clause(sides.0, sides.1)))
            })
            .collect();
        if !words.is_empty() {
            let tail = if row.why.is_empty() { String::new() } else { format!(": {}", row.why) };
            row.why = format!("{}{tail}", words.join("; "));
        }
    }

    fn words(
        &self,
        winner: &Side<'_>,
        loser: &Side<'_>,
        hit: &Hit,
        row: &mut Change,
    ) -> Option<String> {
        let events = hit.events.as_slice();
        let (won, lost) = (winner.version, loser.version);
        if self.set(FORM, row) {
            return Some(format!("the {} version searches for something else", loser.word));
        }
        let outside = events.iter().flatten().find(|event| !lost.found.searched.get(**event));
        if let Some(event) = outside {
            self.set(INDICES, row);
            let index = self.store.index(*event);
            return Some(format!("`{index}` is not searched by the {} version", loser.word));
        }
        let first = events.first().copied().flatten();
        let is_cut = lost.found.all.len() > lost.hits.len() && loser.finds(events);
        if is_cut {
            self.set(PIPES, row);
            return Some(format!("a pipe of the {} version cuts it off", loser.word));
        }
        if won.plan.form() == Form::Event {
            return self.clauses((winner, NodeId(0)), (loser, NodeId(0)), first?, row);
        }
        let stages = (won.plan.stages(), lost.plan.stages());
        if stages.0.len() == stages.1.len() {
            for ((event, one), other) in events.iter().zip(stages.0).zip(stages.1) {
                let Some(event) = event.filter(|event| !loser.holds(other.node, *event)) else {
                    continue;
                };
                let words = self.clauses((winner, one.node), (loser, other.node), event, row);
                if words.is_some() {
                    return words;
                }
            }
        } else {
            self.set(STAGES, row);
        }
        if !row.clauses.is_empty() {
            return None;
        }
        if let Some(words) = self.keys(stages.1, events) {
            self.set(KEYS, row);
            return Some(words);
        }
        let words = self.trail(winner, loser, hit, row).unwrap_or_else(|| {
            let settings = [STAGES, KEYS, MAXSPAN, UNTIL, TIME, TIEBREAKER];
            if settings.iter().any(|name| self.set(name, row)) {
                return format!("the {} version takes other events", loser.word);
            }
            match lost.plan.form() {
                Form::Sample => format!("the {} version draws another sample", loser.word),
                _ => format!("in the {} version its events are taken otherwise", loser.word),
            }
        });
        Some(match loser.trails(self.store).1 {
            0 => words,
            n => format!("{words}; {n} more partial sequences of it were not looked at"),
        })
    }

    /// Notes a setting that decided, if it differs.
    fn set(&self, name: &str, row: &mut Change) -> bool {
        let at = self.settings.iter().position(|setting| setting.name == name);
        if let Some(at) = at.filter(|at| !row.settings.contains(&(*at as u32))) {
            row.settings.push(at as u32);
        }
        at.is_some()
    }

    /// The clauses that let an event pass one filter and not the other; words only where it is not a
    /// clause.
    fn clauses(
        &self,
        winner: (&Side<'_>, NodeId),
        loser: (&Side<'_>, NodeId),
        event: u32,
        row: &mut Change,
    ) -> Option<String> {
        let before = row.clauses.len();
        self.blame(loser.0, winner.0, loser.1, true, event, &mut row.clauses);
        if row.clauses.len() == before {
            // What the loser lacks: a clause that only the winner has.
            self.blame(winner.0, loser.0, winner.1, false, event, &mut row.clauses);
        }
        if row.clauses.len() > before {
            // What is written alike and holds in one alone reads another field.
            let mut decided = row.clauses.iter().filter_map(|at| self.pairs.get(*at as usize));
            if decided.any(|pair| pair.state == ClauseState::Kept) {
                self.set(CATEGORY, row);
            }
            return None;
        }
        self.set(LOGIC, row);
        Some("its clauses are joined otherwise".into())
    }

    /// Walks down to the clauses that would have to turn over for `node` to be `want`, and keeps
    /// those of which the other version thinks otherwise.
    fn blame(
        &self,
        side: &Side<'_>,
        other: &Side<'_>,
        node: NodeId,
        want: bool,
        event: u32,
        found: &mut Vec<u32>,
    ) {
        if side.holds(node, event) == want {
            return;
        }
        let plan = &side.version.plan;
        let all = match plan.node(node).map(|node| &node.kind) {
            Some(NodeKind::Leaf { .. }) => {
                let at = side.by_node.get(node.0 as usize).copied().flatten();
                if let Some(at) = at.filter(|at| self.differs(*at, side, other, event)) {
                    found.push(at as u32);
                }
                return;
            }
            Some(NodeKind::Not) => {
                for child in plan.children(node) {
                    self.blame(side, other, child, !want, event, found);
                }
                return;
            }
            Some(kind) if kind.is_any() => !want,
            _ => want,
        };
        let before = found.len();
        for child in plan.children(node) {
            self.blame(side, other, child, want, event, found);
            // One way is enough where any would do.
            if !all && found.len() > before {
                return;
            }
        }
    }

    /// Does a clause hold in one version alone, or is it in one alone?
    fn differs(&self, at: usize, side: &Side<'_>, other: &Side<'_>, event: u32) -> bool {
        let Some(pair) = self.pairs.get(at) else { return false };
        let (Some(old), Some(new)) = (pair.old, pair.new) else { return true };
        let (own, theirs) = if side.word == "old" { (old, new) } else { (new, old) };
        side.holds(own, event) != other.holds(theirs, event)
    }

    /// What the keys of the loser say of events that the winner joins; `None` where they join them.
    fn keys(&self, stages: &[Stage], events: &[Option<u32>]) -> Option<String> {
        if !self.settings.iter().any(|setting| setting.name == KEYS) {
            return None;
        }
        let mut first: Option<Vec<KeyValue>> = None;
        for (stage, event) in stages.iter().zip(events) {
            let Some(event) = event else { continue };
            let values = keys_of(stage, self.store, *event);
            for (key, value) in stage.keys.iter().zip(&values) {
                if !key.optional && *value == KeyValue::Missing {
                    return Some(format!(
                        "`{}` has no value in `{}`",
                        key.field.name,
                        self.store.id(*event)
                    ));
                }
            }
            let differing = first.as_ref().and_then(|first| {
                let mut both = first.iter().zip(&values);
                both.position(|(one, other)| one != other)
            });
            if let Some(key) = differing.and_then(|at| stage.keys.get(at)) {
                return Some(format!("its events differ in `{}`", key.field.name));
            }
            first.get_or_insert(values);
        }
        None
    }

    /// What became of these events in the machine of the loser.
    fn trail(
        &self,
        winner: &Side<'_>,
        loser: &Side<'_>,
        hit: &Hit,
        row: &mut Change,
    ) -> Option<String> {
        let own: Vec<u32> = hit.events.iter().copied().flatten().collect();
        let key = winner.version.key_values(hit.tuple);
        let shared = |trail: &&Trail| {
            let shared = trail.events.iter().zip(&own).take_while(|(one, other)| one == other);
            // An event of several keys begins something under each of them.
            (shared.count(), loser.version.key_values(trail.tuple) == key)
        };
        let (_, rest) = own.split_first()?;
        let begins = own.first().into_iter().flat_map(|event| loser.trails_of(*event, self.store));
        let later = rest.iter().flat_map(|event| loser.trails_of(*event, self.store));
        let trail = begins.max_by_key(shared).or_else(|| later.into_iter().next())?;
        let (plan, theirs) = (&loser.version.plan, &winner.version.plan);
        let ordinals = &loser.version.found.ordinals;
        let first = trail.events.first();
        let waited = first.and_then(|first| waited_ms(*first, plan, ordinals, self.store));
        // The stage at which the loser counts an event otherwise than the winner does.
        let ordinary = plan.stages().iter().enumerate().filter(|(_, stage)| !stage.missing);
        let reached = || ordinary.clone().map(|(at, _)| at).nth(trail.events.len().checked_sub(1)?);
        let (setting, by) = match trail.end {
            End::Overwritten { by } => (STAGES, reached().map(|at| (at, by))),
            End::MaxspanExpired { .. } => (MAXSPAN, None),
            End::Until { by } => {
                if let (Some(one), Some(other)) = (theirs.until(), plan.until()) {
                    self.blame_pass((loser, other.node), (winner, one.node), by, row);
                }
                (UNTIL, None)
            }
            End::MissingEventSeen { by, stage } => (STAGES, Some((stage, by))),
            End::KeyMissing { .. } => (KEYS, None),
            End::Open => {
                let closed = crate::explain::closed_window(plan, waited).is_some();
                (if closed { MAXSPAN } else { STAGES }, None)
            }
        };
        if let Some((at, by)) = by
            && plan.stages().len() == theirs.stages().len()
            && let (Some(other), Some(one)) = (plan.stages().get(at), theirs.stages().get(at))
        {
            self.blame_pass((loser, other.node), (winner, one.node), by, row);
        }
        if row.clauses.is_empty() {
            self.set(setting, row);
        }
        let words = trail_words(trail, plan, self.store, waited).0;
        Some(format!("{} version: {words}", loser.word))
    }

    /// The clauses that let an event into a stage of `passes` and not into that of `other`.
    fn blame_pass(
        &self,
        passes: (&Side<'_>, NodeId),
        other: (&Side<'_>, NodeId),
        event: u32,
        row: &mut Change,
    ) {
        if passes.0.holds(passes.1, event) && !other.0.holds(other.1, event) {
            self.clauses(passes, other, event, row);
        }
    }
}
