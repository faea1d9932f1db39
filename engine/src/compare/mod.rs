//! Two versions of a rule over the same events: the matches that one has alone, and why.
//!
//! A match is its events: single events by position, sequences and samples by the tuple of theirs. Of
//! those a version has alone, a gained and a lost one with the same join keys count as one that has
//! changed. All of it is read from the bits of two recorded runs, and from the partial sequences that
//! begin with an event of these matches; the machine makes them again, so that memory goes with what is
//! explained and not with what there was.

mod causes;
#[cfg(test)]
mod memory_tests;
mod pairs;
mod sentence;
mod settings;
#[cfg(test)]
mod tests;

use crate::diag::{Diagnostic, Severity};
use crate::eval::Recording;
use crate::explain::{Clauses, summary};
use crate::hir::Checked;
use crate::join::{KeyValue, Trails, Tuple};
use crate::plan::Plan;
use crate::rule::{IndexPatterns, Rule};
use crate::run::{Compiled, Found, Hits, Options, ResultPosition, compile, cut, search};
use crate::schema::Mapping;
use crate::sort;
use crate::store::{Bits, Store};
use crate::wire::compare::{Change, Changes, ClauseState, Comparison};
use crate::wire::timeline::QueryForm;

use causes::{Causes, Side};
pub use sentence::refused;

/// Most matches of each kind that are listed.
const MAX_LISTED: usize = 200;

/// Most matches of each kind that are asked what decided them.
const MAX_EXPLAINED: usize = 5_000;

/// A rule that could run, and its recorded run.
#[derive(Debug)]
pub struct Version {
    pub(crate) rule: Rule,
    pub(crate) plan: Plan,
    pub(crate) clauses: Clauses,
    checked: Checked,
    recording: Recording,
    found: Found,
    hits: Vec<Hit>,
}

/// One match.
#[derive(Debug)]
struct Hit {
    events: Vec<Option<u32>>,
    tuple: Option<Tuple>,
}

impl Version {
    /// Compiles a rule and runs it over these events.
    ///
    /// # Errors
    /// What is wrong with its query; places are of the query.
    pub fn run(rule: Rule, mapping: &Mapping, store: &Store) -> Result<Self, Vec<Diagnostic>> {
        let options = Options::default().for_rule(&rule);
        let compiled = compile(&rule.query, mapping, store, &options);
        let Compiled { checked: Some(checked), plan: Some(plan), .. } = compiled else {
            let mut findings = compiled.findings;
            findings.retain(|found| found.kind.severity() == Severity::Error);
            return Err(findings);
        };
        // What came to nothing is asked for later, and only of the events of some matches.
        let (mut recording, mut trails) = (Recording::default(), Trails::new(0));
        let patterns = IndexPatterns::new(&rule.indices);
        let found = search(&plan, store, &patterns, &options, &mut recording, &mut trails);
        let hits = match cut(&found.all, &plan, usize::MAX, ResultPosition::Tail) {
            Hits::Events(events) => events
                .into_iter()
                .map(|event| Hit { events: vec![Some(event)], tuple: None })
                .collect(),
            Hits::Joined(matches) => matches
                .into_iter()
                .map(|hit| Hit { events: hit.events, tuple: Some(hit.tuple) })
                .collect(),
        };
        let clauses = Clauses::new(&plan, &rule.query);
        Ok(Self { rule, plan, clauses, checked, recording, found, hits })
    }

    /// How many matches there are.
    #[must_use]
    pub fn matches(&self) -> u32 {
        self.hits.len() as u32
    }

    /// What it searches for.
    #[must_use]
    pub fn form(&self) -> QueryForm {
        self.plan.form().into()
    }

    /// The events of the matches of some lists that are asked what decided them.
    fn events_of(&self, lists: &[&[usize]], store: &Store) -> Bits {
        let mut events = Bits::none(store.n_events());
        let asked = lists.iter().flat_map(|list| list.iter().take(MAX_EXPLAINED));
        let hits = asked.filter_map(|at| self.hits.get(*at));
        hits.flat_map(|hit| hit.events.iter().flatten()).for_each(|event| events.set(*event));
        events
    }

    fn keys(&self, hit: &Hit) -> Vec<Option<String>> {
        self.key_values(hit.tuple).into_iter().map(KeyValue::text).collect()
    }

    fn key_values(&self, tuple: Option<Tuple>) -> Vec<&KeyValue> {
        tuple.into_iter().flat_map(|tuple| self.found.keys.values(tuple)).collect()
    }
}

/// Compares two runs over the same events. Findings and names of the rules are not filled in, and
/// places are of the queries.
#[must_use]
pub fn compare(old: &Version, new: &Version, store: &Store) -> Comparison {
    let mut comparison = Comparison::default();
    let pairs = pairs::pairs(old, new);
    comparison.settings = settings::settings(old, new, &pairs);
    comparison.clauses = pairs.iter().map(|pair| pair.clause(old, new)).collect();
    comparison.same_rule =
        comparison.settings.is_empty() && pairs.iter().all(|pair| pair.state == ClauseState::Kept);

    let (mut lost, mut gained, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
    for pair in matched(&identities(old), &identities(new)) {
        match pair {
            (Some(_), Some(new)) => unchanged.push(new),
            (Some(old), None) => lost.push(old),
            (None, Some(new)) => gained.push(new),
            (None, None) => {}
        }
    }
    let changed = changed(old, new, &mut lost, &mut gained);
    for list in [&mut lost, &mut gained, &mut unchanged] {
        sort::up(list);
    }

    let rows = Rows { store, old, new };
    let causes = Causes::new(&pairs, &comparison.settings, store);
    let before: Vec<usize> = changed.iter().map(|pair| pair.0).collect();
    let after: Vec<usize> = changed.iter().map(|pair| pair.1).collect();
    // Each version is asked about the matches that the other one has.
    let old_side = Side::old(old, &pairs, new.events_of(&[&gained, &after], store));
    let new_side = Side::new(new, &pairs, old.events_of(&[&lost, &before], store));
    let mut decided = Decided {
        clauses: vec![0; comparison.clauses.len()],
        settings: vec![0; comparison.settings.len()],
        explained: 0,
    };
    // A match to show, and those to ask what decided them until one of them knows.
    let mut fill = |version: &Version, at: usize, asked: &[(usize, bool)], row: &mut Change| {
        for (at, is_gain) in asked {
            let (version, winner, loser) =
                if *is_gain { (new, &new_side, &old_side) } else { (old, &old_side, &new_side) };
            if row.clauses.is_empty()
                && row.settings.is_empty()
                && let Some(hit) = version.hits.get(*at)
            {
                causes.find(winner, loser, hit, row);
            }
        }
        decided.count(row);
        rows.fill(version, at, row)
    };
    comparison.gained = list(gained.len(), |n, row| {
        let at = *gained.get(n)?;
        fill(new, at, &[(at, true)], row)
    });
    comparison.lost = list(lost.len(), |n, row| {
        let at = *lost.get(n)?;
        fill(old, at, &[(at, false)], row)
    });
    comparison.changed = list(changed.len(), |n, row| {
        let (before, after) = *changed.get(n)?;
        row.old_ids = rows.ids(&old.hits.get(before)?.events);
        fill(new, after, &[(before, false), (after, true)], row)
    });
    comparison.unchanged = list(unchanged.len(), |n, row| rows.fill(new, *unchanged.get(n)?, row));
    for (clause, times) in comparison.clauses.iter_mut().zip(&decided.clauses) {
        clause.decides = *times;
    }
    for (setting, times) in comparison.settings.iter_mut().zip(&decided.settings) {
        setting.decides = *times;
    }
    comparison.old.matches = Some(old.matches());
    comparison.new.matches = Some(new.matches());
    comparison.same_matches =
        comparison.gained.total == 0 && comparison.lost.total == 0 && comparison.changed.total == 0;
    comparison.sentence = sentence::sentence(&comparison, decided.explained);
    comparison
}

/// How often each clause and setting decided.
struct Decided {
    clauses: Vec<u32>,
    settings: Vec<u32>,
    /// Changes that were asked.
    explained: u32,
}

impl Decided {
    fn count(&mut self, row: &Change) {
        self.explained += 1;
        for (counts, decided) in
            [(&mut self.clauses, &row.clauses), (&mut self.settings, &row.settings)]
        {
            for at in decided {
                if let Some(count) = counts.get_mut(*at as usize) {
                    *count += 1;
                }
            }
        }
    }
}

/// The first ones of a list; `fill` is asked about a few more than are listed.
fn list(total: usize, mut fill: impl FnMut(usize, &mut Change) -> Option<()>) -> Changes {
    let mut changes = Changes { total: total as u32, ..Changes::default() };
    for at in 0..total.min(MAX_EXPLAINED) {
        let mut row = Change::default();
        if fill(at, &mut row).is_some() && at < MAX_LISTED {
            changes.rows.push(row);
        }
    }
    changes.left_out = changes.total - changes.rows.len() as u32;
    changes
}

struct Rows<'r> {
    store: &'r Store,
    old: &'r Version,
    new: &'r Version,
}

impl Rows<'_> {
    fn ids(&self, events: &[Option<u32>]) -> Vec<String> {
        events.iter().map(|event| event.map_or("-".into(), |event| self.store.id(event))).collect()
    }

    /// What a match is; `None` where there is none at this place.
    fn fill(&self, version: &Version, at: usize, row: &mut Change) -> Option<()> {
        let hit = version.hits.get(at)?;
        row.events.clone_from(&hit.events);
        row.ids = self.ids(&hit.events);
        row.keys = version.keys(hit);
        let first = hit.events.iter().flatten().next().copied()?;
        // The other version may order by another field; one of the two has a time for the event.
        let time = |version: &Version| self.store.time(version.plan.time(), first);
        let time = time(version).or_else(|| time(self.new)).or_else(|| time(self.old));
        row.time = time.map(|time| time.to_string());
        row.summary = summary(self.store, first);
        Some(())
    }
}

/// What tells the matches of a version apart: their events.
fn identities(version: &Version) -> Vec<Vec<u8>> {
    let bytes = |event: &Option<u32>| event.map_or(0, |event| u64::from(event) + 1).to_be_bytes();
    version.hits.iter().map(|hit| hit.events.iter().flat_map(bytes).collect()).collect()
}

/// Positions of equal names in two lists, and of those that only one has. A name that comes more
/// than once is matched as often as both have it.
fn matched(old: &[Vec<u8>], new: &[Vec<u8>]) -> Vec<(Option<usize>, Option<usize>)> {
    let sorted = |names: &[Vec<u8>]| {
        let mut order: Vec<usize> = (0..names.len()).collect();
        sort::by(&mut order, |one, two| names.get(*one).cmp(&names.get(*two)));
        order
    };
    let (olds, news) = (sorted(old), sorted(new));
    let (mut olds, mut news) = (olds.into_iter().peekable(), news.into_iter().peekable());
    let mut found = Vec::new();
    loop {
        let order = match (olds.peek(), news.peek()) {
            (None, None) => return found,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(one), Some(two)) => old.get(*one).cmp(&new.get(*two)),
        };
        let one = if order.is_le() { olds.next() } else { None };
        let two = if order.is_ge() { news.next() } else { None };
        found.push((one, two));
    }
}

/// Takes out of both lists the matches that share their join keys, pair by pair: positions in the
/// old and in the new version, in the order of the new one. Without keys, or with other ones, none
/// do.
fn changed(
    old: &Version,
    new: &Version,
    lost: &mut Vec<usize>,
    gained: &mut Vec<usize>,
) -> Vec<(usize, usize)> {
    if settings::keys(old) != settings::keys(new) || settings::keys(new).is_empty() {
        return Vec::new();
    }
    let names = |version: &Version, list: &[usize]| -> Vec<Vec<u8>> {
        let hits = list.iter().filter_map(|at| version.hits.get(*at));
        hits.map(|hit| format!("{:?}", version.keys(hit)).into_bytes()).collect()
    };
    let pairs = matched(&names(old, lost), &names(new, gained));
    let mut changed = Vec::new();
    let (mut only_lost, mut only_gained) = (Vec::new(), Vec::new());
    for pair in pairs {
        let one = pair.0.and_then(|at| lost.get(at).copied());
        let two = pair.1.and_then(|at| gained.get(at).copied());
        match (one, two) {
            (Some(one), Some(two)) => changed.push((two, one)),
            (Some(one), None) => only_lost.push(one),
            (_, two) => only_gained.extend(two),
        }
    }
    (*lost, *gained) = (only_lost, only_gained);
    sort::up(&mut changed);
    changed.into_iter().map(|(two, one)| (one, two)).collect()
}
