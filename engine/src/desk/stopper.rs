//! The one clause, or the one stage, that rules out most.

use hashbrown::HashSet;

use crate::desk::{Desk, Run};
use crate::diag::n;
use crate::explain::{capital, closed_window, duration, funnel, nearness};
use crate::hir::Form;
use crate::join::{End, KeySpace, Trail, Tuple};
use crate::near;
use crate::plan::{Leaf, NodeId, NodeKind, Stage};
use crate::store::Bits;
use crate::wire::nearest::Stopper;

/// So many candidates that are further away than one clause are looked at.
const MAX_LOOKS: usize = 2_000;

/// Of a long query fewer: so many nodes are.
const MAX_NODES: usize = 1_000_000;

impl Desk {
    /// What stops most events; see [`Stopper`].
    pub(super) fn stopper(&self, run: &Run) -> Option<Stopper> {
        let events = self.store.n_events();
        if events == 0 {
            return None;
        }
        if run.found.searched.count() == 0 {
            let patterns: Vec<String> =
                run.rule.indices.iter().map(|pattern| format!("`{pattern}`")).collect();
            let sentence = format!(
                "None of the {} is in an index that the rule searches: {}.",
                n(events as usize, "event"),
                patterns.join(", ")
            );
            return Some(Stopper { events, candidates: events, sentence, ..Stopper::default() });
        }
        match run.plan.form() {
            Form::Event => self.clause(run, NodeId(0)),
            form => self.empty_stage(run, form == Form::Sample).or_else(|| match form {
                Form::Sample => self.broken_sample(run),
                _ => self.broken_chain(run),
            }),
        }
    }

    /// The clause of a filter (the query, or a stage) that stops most.
    fn clause(&self, run: &Run, root: NodeId) -> Option<Stopper> {
        let (plan, recording) = (&run.plan, &run.recording);
        let category = NodeId(root.0 + 1);
        let mut others = recording.bits(root)?.clone();
        others.invert();
        others &= &run.found.searched;
        let left_out = others.count();
        if left_out == 0 {
            return None;
        }
        let mut candidates = others.clone();
        candidates &= recording.bits(category)?;
        if candidates.count() == 0 {
            let label = self.label(run, category);
            let name = label.trim_end_matches("where").trim_end();
            let field = self.nobody_has(run, category);
            let sentence = match run.found.searched.count() - left_out {
                0 => format!(
                    "None of the {} has the category `{name}`.{field}",
                    n(left_out as usize, "event")
                ),
                _ => format!(
                    "Every event of the category `{name}` matches; the other {left_out} have \
                     another one."
                ),
            };
            return Some(self.stopped_at(run, category, left_out, left_out, sentence));
        }
        // The clauses that stop a candidate all by themselves.
        let mut single = Bits::none(candidates.len());
        let mut counts = vec![0_u32; plan.nodes().len()];
        funnel::alone(plan, &run.repeats, recording, root, &candidates, &mut |leaf, turned| {
            single |= turned;
            if let Some(count) = counts.get_mut(leaf.0 as usize) {
                *count = turned.count();
            }
        });
        let (mut distance, mut of) = (1, single.count());
        if of == 0 {
            (distance, of) = (usize::MAX, 0);
            for event in candidates.iter().take((MAX_NODES / plan.nodes().len()).min(MAX_LOOKS)) {
                let holds = |leaf| recording.holds(leaf, event);
                let flips = nearness::flips(plan, &run.repeats, root, &holds);
                if flips.is_empty() || flips.len() > distance {
                    continue;
                }
                if flips.len() < distance {
                    (distance, of) = (flips.len(), 0);
                    counts.fill(0);
                }
                of += 1;
                for leaf in flips.nodes().filter(|leaf| run.repeats.first(*leaf) == *leaf) {
                    if let Some(count) = counts.get_mut(leaf.0 as usize) {
                        *count += 1;
                    }
                }
            }
        }
        // The first of those that stop most.
        let most = counts.iter().copied().max().unwrap_or_default();
        let first = counts.iter().position(|count| *count == most).filter(|_| most > 0);
        let Some(leaf) = first.map(|at| NodeId(at as u32)) else {
            let why = match run.repeats.groups().len() {
                0 => "constants alone make the condition false",
                _ => "the clauses exclude each other",
            };
            let sentence = format!("No event can match: {why}.");
            return Some(self.stopped_at(run, root, left_out, left_out, sentence));
        };
        let clause = clause_of(run, leaf);
        let label = self.label(run, clause);
        let field = self.nobody_has(run, leaf);
        let what = match (most, of, distance) {
            (_, 1, 1) => format!("The one candidate fails only at `{label}`."),
            (_, _, 1) => format!("{most} of {of} candidates fail only at `{label}`."),
            (_, 1, _) => format!(
                "No event is one clause away. The nearest is {distance} clauses away; one of them is \
                 `{label}`."
            ),
            _ => {
                let how_many = if most == of { "all".into() } else { most.to_string() };
                format!(
                    "No event is one clause away. The {of} nearest are {distance} clauses away; \
                     {how_many} of them fail at `{label}`."
                )
            }
        };
        Some(self.stopped_at(run, clause, most, of, format!("{what}{field}")))
    }

    /// The first stage that no event fits; for a search that finds nothing.
    fn empty_stage(&self, run: &Run, is_sample: bool) -> Option<Stopper> {
        let word = if is_sample { "Filter" } else { "Stage" };
        let stages = run.plan.stages().iter().enumerate();
        let mut before = None;
        for (at, stage) in stages.filter(|(_, stage)| !stage.missing) {
            let fits = fits(run, stage);
            if fits > 0 {
                before = Some((at, fits));
                continue;
            }
            let searched = n(run.found.searched.count() as usize, "event");
            let what = match before {
                Some((before, fits)) => format!(
                    "{word} {} fits {}, {} {} fits none.",
                    before + 1,
                    n(fits as usize, "event"),
                    word.to_ascii_lowercase(),
                    at + 1
                ),
                None => format!("{word} {} fits none of the {searched}.", at + 1),
            };
            let inner = self.clause(run, stage.node).unwrap_or_default();
            let sentence = format!("{what} {}", inner.sentence).trim_end().to_owned();
            return Some(Stopper { node: stage.node.0, sentence, ..inner });
        }
        None
    }

    /// Where most of the partial sequences that got furthest end.
    fn broken_chain(&self, run: &Run) -> Option<Stopper> {
        let ordinary: Vec<(usize, &Stage)> =
            run.plan.stages().iter().enumerate().filter(|(_, stage)| !stage.missing).collect();
        let kept = run.trails.nearest(usize::MAX);
        let reached = kept.iter().map(|trail| reached(trail)).max()?;
        let first = ordinary.first()?.0;
        // Where none got through the first stage, those that lack a key of a later one say nothing.
        let begins = |trail: &Trail| match trail.end {
            End::KeyMissing { stage, .. } => stage == first,
            _ => true,
        };
        let matched = !run.found.all.is_empty();
        let place = |at: usize| ordinary.get(at).copied();
        let said = |upto: usize| {
            let fits: Vec<String> = ordinary
                .iter()
                .take(upto)
                .skip(upto.saturating_sub(2))
                .map(|(at, stage)| {
                    format!("stage {} fits {}", at + 1, n(fits(run, stage) as usize, "event"))
                })
                .collect();
            fits.join(" and ")
        };
        // By which end most of them came to nothing.
        let mut kinds: Vec<(u32, &Trail)> = Vec::new();
        let furthest =
            || kept.iter().filter(|trail| self::reached(trail) == reached && begins(trail));
        for trail in furthest() {
            let kind = std::mem::discriminant(&trail.end);
            let is_kind = |other: &Trail| std::mem::discriminant(&other.end) == kind;
            if kinds.iter().any(|(_, other)| is_kind(other)) {
                continue;
            }
            let count = match trail.end {
                // Those of other stages do not count.
                End::KeyMissing { .. } => furthest().filter(|other| is_kind(other)).count() as u32,
                end => run.trails.count(end, Some(trail.events.len())),
            };
            kinds.push((count, trail));
        }
        let candidates = kinds.iter().map(|(count, _)| count).sum();
        // That one took the place of another says nothing of why both came to nothing.
        let is_other = |(_, trail): &&(u32, &Trail)| !matches!(trail.end, End::Overwritten { .. });
        let most = kinds.iter().filter(is_other).map(|(count, _)| *count).max();
        let (events, trail) = most
            .and_then(|most| kinds.iter().filter(is_other).find(|(n, _)| *n == most))
            .or(kinds.first())?;
        let events = *events;
        let has_keys = run.plan.stages().iter().any(|stage| !stage.keys.is_empty());
        let same_key = if has_keys { " with the same key" } else { "" };
        let why = match (&trail.end, place(reached)) {
            (End::KeyMissing { stage, key }, _) => {
                let stage = run.plan.stages().get(*stage)?;
                let field = stage.keys.get(*key).map_or("", |key| &key.field.name);
                format!("none of them has the key `{field}`{}", self.instead_of(field))
            }
            (End::MissingEventSeen { stage, .. }, _) => {
                let stage = run.plan.stages().get(*stage).map(|found| (*stage, found))?;
                let sentence = format!(
                    "Every stage was found, but an event came that fits stage {}, which must not happen.",
                    stage.0 + 1
                );
                return Some(self.stopped_at(run, stage.1.node, events, candidates, sentence));
            }
            (End::Until { .. }, _) => "an event of the `until` term came before".into(),
            (End::MaxspanExpired { .. }, _) => {
                let late = furthest().filter_map(|trail| match trail.end {
                    End::MaxspanExpired { late_ms, .. } => Some(late_ms),
                    _ => None,
                });
                let late = duration(late.min().unwrap_or_default());
                format!("those{same_key} came too late, by {late} at best")
            }
            (_, Some((at, stage))) if !matched => {
                let (before_at, before) = place(reached.checked_sub(1)?)?;
                // Of more than are kept, every event that fits the stage stands for them.
                let every = (run.trails.len() > run.trails.n_kept())
                    .then(|| run.recording.bits(before.node))
                    .flatten();
                let waiting: Vec<u32> = match every {
                    Some(every) => every.iter().collect(),
                    None => furthest().filter_map(|trail| trail.events.last().copied()).collect(),
                };
                match self.keys_meet(run, before, stage, &waiting) {
                    Meeting::NoKey(key) => {
                        let field = stage.keys.get(key).map_or("", |key| &key.field.name);
                        format!("none of them has the key `{field}`{}", self.instead_of(field))
                    }
                    Meeting::Never => {
                        let (at, before_at) = (at + 1, before_at + 1);
                        format!("none of stage {at} has the same key as one of stage {before_at}")
                    }
                    Meeting::Some => {
                        let first = trail.events.first();
                        let waited = first.and_then(|first| run.waited_ms(&self.store, *first));
                        match closed_window(&run.plan, waited) {
                            Some(allowed) => {
                                let allowed = duration(allowed);
                                format!("none{same_key} came in the {allowed} allowed")
                            }
                            None => format!(
                                "none came after an event of stage {}{same_key}",
                                before_at + 1
                            ),
                        }
                    }
                }
            }
            _ => "no such event came after them".into(),
        };
        let (_, stage) = place(reached)?;
        let sentence = if matched {
            format!(
                "{events} of the {candidates} partial matches that got furthest end before stage \
                 {}: {why}.",
                place(reached)?.0 + 1
            )
        } else {
            capital(&format!("{}, but {why}.", said(reached + 1)))
        };
        Some(self.stopped_at(run, stage.node, events, candidates, sentence))
    }

    /// Do events of a stage have a key with which these partial sequences wait for them?
    fn keys_meet(&self, run: &Run, before: &Stage, stage: &Stage, waiting: &[u32]) -> Meeting {
        let mut space = KeySpace::default();
        let of_before = space.stage(before, &self.store);
        let of_stage = space.stage(stage, &self.store);
        let mut tuples: Vec<Tuple> = Vec::new();
        let mut wanted: HashSet<Tuple> = HashSet::new();
        for last in waiting {
            if of_before.tuples(*last, &mut space, &mut tuples).is_ok() {
                wanted.extend(tuples.iter().copied());
            }
        }
        let mut lacking = None;
        let mut some_have = false;
        let Some(mut fits) = run.recording.bits(stage.node).cloned() else { return Meeting::Never };
        fits &= &run.found.searched;
        for event in fits.iter() {
            match of_stage.tuples(event, &mut space, &mut tuples) {
                Ok(()) if tuples.iter().any(|tuple| wanted.contains(tuple)) => {
                    return Meeting::Some;
                }
                Ok(()) => some_have = true,
                Err(key) => lacking = lacking.or(Some(key)),
            }
        }
        match lacking {
            Some(key) if !some_have => Meeting::NoKey(key),
            _ => Meeting::Never,
        }
    }

    /// The filter that most keys lack, of those for which most filters found events.
    fn broken_sample(&self, run: &Run) -> Option<Stopper> {
        if !run.found.all.is_empty() {
            return None;
        }
        let found = |filters: &[Vec<u32>]| filters.iter().filter(|e| !e.is_empty()).count();
        let Some(most) = run.found.groups.iter().map(|group| found(&group.filters)).max() else {
            let stage = run.plan.stages().first()?;
            let keys: Vec<String> =
                stage.keys.iter().map(|key| format!("`{}`", key.field.name)).collect();
            let sentence = format!(
                "Every filter fits events, but none of them has all keys: {}.",
                keys.join(", ")
            );
            return Some(self.stopped_at(run, stage.node, 0, 0, sentence));
        };
        let fullest = || run.found.groups.iter().filter(|group| found(&group.filters) == most);
        let candidates = fullest().count() as u32;
        let lacks = |at: usize| {
            fullest().filter(|group| group.filters.get(at).is_some_and(Vec::is_empty)).count()
        };
        let n_filters = run.plan.stages().len();
        let mut worst = (0, 0);
        for at in 0..n_filters {
            let n = lacks(at);
            if n > worst.1 {
                worst = (at, n);
            }
        }
        let stage = run.plan.stages().get(worst.0)?;
        let sentence = if worst.1 == 0 {
            "Every filter fits events of one key, but they share them: no event may be used twice."
                .into()
        } else {
            format!(
                "Every filter fits events, but no key has all of them: {} of the {} with {most} of \
                 {n_filters} filters lack filter {}.",
                worst.1,
                n(candidates as usize, "key"),
                worst.0 + 1
            )
        };
        Some(self.stopped_at(run, stage.node, worst.1 as u32, candidates, sentence))
    }

    fn stopped_at(
        &self,
        run: &Run,
        node: NodeId,
        events: u32,
        candidates: u32,
        sentence: String,
    ) -> Stopper {
        let clause = run.clauses.name(node).and_then(|name| name.clause);
        Stopper { node: node.0, clause, events, candidates, sentence }
    }

    fn label(&self, run: &Run, node: NodeId) -> String {
        let name = run.clauses.name(node);
        name.map(|name| name.label.replace('`', "'")).unwrap_or_default()
    }

    /// A sentence about a field of the leaf that none of the searched events has.
    fn nobody_has(&self, run: &Run, leaf: NodeId) -> String {
        let Some(NodeKind::Leaf { leaf: Leaf::Test(test), .. }) =
            run.plan.node(leaf).map(|node| &node.kind)
        else {
            return String::new();
        };
        let nobody = |column: &str| {
            let column = self.store.column(column);
            column.is_none_or(|column| {
                column.events(self.store.n_events()).count_with(&run.found.searched) == 0
            })
        };
        // Without a value a negated test holds.
        let field = test.subject.fields().iter().find(|field| nobody(&field.column));
        match field.filter(|_| !test.negated) {
            Some(field) => {
                format!(" No event has `{}`{}.", field.name, self.instead_of(&field.name))
            }
            None => String::new(),
        }
    }

    /// The name that events have and that is most like this one, if it is no name of theirs.
    fn instead_of(&self, field: &str) -> String {
        let named = self.store.fields().filter(|(_, column)| !column.is_empty());
        let names = near::nearest(field, named.map(|(name, _)| name));
        names.first().map(|name| format!("; they have `{name}`")).unwrap_or_default()
    }
}

/// How the keys of two stages come together.
enum Meeting {
    /// Some are the same.
    Some,
    /// None is.
    Never,
    /// No event of the second has a value for the key at this position.
    NoKey(usize),
}

/// Ordinary stages that a trail got through.
fn reached(trail: &Trail) -> usize {
    if matches!(trail.end, End::KeyMissing { .. }) { 0 } else { trail.events.len() }
}

/// Searched events that pass the filter of a stage.
fn fits(run: &Run, stage: &Stage) -> u32 {
    run.recording.bits(stage.node).map_or(0, |bits| bits.count_with(&run.found.searched))
}

/// The clause that a leaf is, or is the better part of.
fn clause_of(run: &Run, leaf: NodeId) -> NodeId {
    let is_clause = |node: NodeId| run.clauses.name(node).is_some_and(|name| name.clause.is_some());
    if is_clause(leaf) {
        return leaf;
    }
    run.plan.node(leaf).and_then(|node| node.parent).unwrap_or(leaf)
}
