//! What each event is in a sequence or sample: part of matches, part of a trail, or neither.

use hashbrown::HashMap;

use crate::desk::Run;
use crate::eval::Recording;
use crate::explain::{closed_window, trail_words, waited_ms};
use crate::hir::{FieldRef, Form};
use crate::join::{End, Fate, Trail, Trails};
use crate::plan::Plan;
use crate::run::{Hits, ResultPosition, cut};
use crate::store::Store;
use crate::time::Instant;

/// Parts of events; empty for an event query.
#[derive(Debug, Default)]
pub(super) struct Roles {
    by_event: HashMap<u32, Role>,
}

#[derive(Debug, Default)]
struct Role {
    /// Number of the match and of the stage, each from 1.
    parts: Vec<(u32, u16)>,
    /// It is part of a match that a pipe cut off.
    is_cut: bool,
}

/// Of an event whose match a pipe cut off.
pub(super) const CUT: &str = "cut off by a pipe";

impl Roles {
    pub(super) fn new(plan: &Plan, all: &Hits) -> Self {
        let mut roles = Self::default();
        if plan.form() == Form::Event {
            return roles;
        }
        if let Hits::Joined(hits) = all {
            for event in hits.iter().flat_map(|hit| hit.events.iter().flatten()) {
                roles.by_event.entry(*event).or_default().is_cut = true;
            }
        }
        if let Hits::Joined(matches) = cut(all, plan, usize::MAX, ResultPosition::Tail) {
            for (n, hit) in matches.iter().enumerate() {
                for (stage, event) in hit.events.iter().enumerate() {
                    if let Some(event) = event {
                        let part = (n as u32 + 1, stage as u16 + 1);
                        roles.by_event.entry(*event).or_default().parts.push(part);
                    }
                }
            }
        }
        roles
    }

    /// Its part in few words; `None` for an event without one.
    pub(super) fn words(&self, event: u32, run: &Run, store: &Store) -> Option<String> {
        let plan = &run.plan;
        let fate = run.trails.fate(event);
        let role = self.by_event.get(&event);
        if role.is_none() && fate == Fate::None {
            let fits = !stages(plan, &run.recording, event).is_empty();
            let none = match plan.form() {
                Form::Event => return None,
                Form::Sequence { .. } if store.time(plan.time(), event).is_none() => "no time",
                Form::Sequence { .. } => "nothing pending",
                Form::Sample => "no complete group",
            };
            return fits.then(|| none.to_owned());
        }
        let parts = role.map(|role| role.parts.as_slice()).unwrap_or_default();
        if let Some((n, stage)) = parts.first() {
            let what = plan.whole();
            let more = match parts.len() {
                1 => String::new(),
                n => format!(" and {} more", n - 1),
            };
            return Some(format!("{what} {n}, {} {stage}{more}", plan.part()));
        }
        if role.is_some_and(|role| role.is_cut) {
            return Some(CUT.into());
        }
        let waited = run.trails.waits_since(event).and_then(|first| run.waited_ms(store, first));
        let words = match fate {
            Fate::None => return None,
            Fate::Overwritten => "overwritten",
            Fate::TooLate => "too late",
            Fate::Expired => "maxspan expired",
            Fate::Until => "ended by until",
            Fate::Unwanted => "unwanted here",
            Fate::Discarded => "unwanted event seen",
            Fate::KeyMissing => "join key missing",
            Fate::Open if closed_window(plan, waited).is_some() => "maxspan expired",
            Fate::Open => "open at the end",
        };
        Some(words.into())
    }

    /// Headline and sentence about its part; `None` for an event without one.
    pub(super) fn sentence(
        &self,
        event: u32,
        run: &Run,
        store: &Store,
    ) -> Option<(String, String)> {
        let trail = run.trail_of(store, event);
        self.sentence_among(event, run, store, trail.as_ref(), &run.found.ordinals)
    }

    /// The same of a run over some of the events, in this order, with the last trail of the event
    /// there.
    pub(super) fn sentence_among(
        &self,
        event: u32,
        run: &Run,
        store: &Store,
        trail: Option<&Trail>,
        ordinals: &[(Instant, u32)],
    ) -> Option<(String, String)> {
        let what = run.plan.whole();
        let role = self.by_event.get(&event);
        if role.is_none() && trail.is_none() {
            let stages = stages(&run.plan, &run.recording, event);
            let first = stages.first().filter(|_| run.found.searched.get(event))?;
            let why = run.why_unused(event, *first, store);
            return Some((
                format!("Fits {}, but is part of no {what}.", self::stage(&run.plan, *first)),
                format!("Its clauses hold, but {why}."),
            ));
        }
        let all = role.map(|role| role.parts.as_slice()).unwrap_or_default();
        if !all.is_empty() {
            let parts: Vec<String> = all
                .iter()
                .take(5)
                .map(|(n, stage)| format!("{n} ({} {stage})", run.plan.part()))
                .collect();
            let more = all.len().saturating_sub(5);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let plural = if all.len() > 1 { "s" } else { "" };
            return Some((
                format!("Part of a {what} that matches."),
                format!("It belongs to {what}{plural} {}{more}.", parts.join(", ")),
            ));
        }
        if role.is_some_and(|role| role.is_cut) {
            return Some((
                format!("Part of a {what} that a pipe cuts off."),
                format!("The {what} is found, and then left out by `head` or `tail`."),
            ));
        }
        let trail = trail?;
        let stages = stages(&run.plan, &run.recording, event);
        let headline = match stages.first() {
            Some(first) => {
                format!("Fits {}, but is part of no {what}.", self::stage(&run.plan, *first))
            }
            None => format!("Is part of no {what}."),
        };
        let waited = run.waited_among(store, *trail.events.first()?, ordinals);
        Some((headline, trail_words(trail, &run.plan, store, waited).1))
    }
}

impl Run {
    /// The last partial sequence that an event was part of, or that it ended by coming too late or
    /// where it should not have come. The run keeps only some, so those of its keys are made again.
    pub(super) fn trail_of(&self, store: &Store, event: u32) -> Option<Trail> {
        if self.trails.fate(event) == Fate::None {
            return None;
        }
        let mut again = Trails::new(usize::MAX);
        let mut trails = self.trails.nearest(usize::MAX);
        if trails.len() < self.trails.len() {
            let stepper = self.stepper(store);
            stepper.run_under(&stepper.tuples_of(event), &|one, _| one == event, &mut again);
            trails = again.nearest(usize::MAX);
        }
        trails.into_iter().rfind(|trail| concerns(trail, event)).cloned()
    }

    /// How long the searched events go on after the first event of a trail, in milliseconds; `None`
    /// where it has no time.
    pub(super) fn waited_ms(&self, store: &Store, first: u32) -> Option<u64> {
        self.waited_among(store, first, &self.found.ordinals)
    }

    /// Why an event that fits a stage is part of nothing, and ended nothing either.
    fn why_unused(&self, event: u32, stage: u16, store: &Store) -> String {
        let plan = &self.plan;
        if plan.form() == Form::Sample {
            let has = |filter: &Vec<u32>| filter.contains(&event);
            let groups = || self.found.groups.iter().filter(|group| group.filters.iter().any(has));
            let Some(group) = groups().next() else {
                let is_empty = |field: &FieldRef| {
                    let column = store.column(&field.column);
                    column.is_none_or(|column| column.values_of(event).next().is_none())
                };
                let keys = plan.stages().get(usize::from(stage) - 1).map(|stage| &stage.keys);
                let lacks = keys.and_then(|keys| keys.iter().find(|key| is_empty(&key.field)));
                let name = lacks.map_or("", |key| &key.field.name);
                return format!("it lacks the key `{name}`");
            };
            if groups().any(|group| !group.matches.is_empty()) {
                return "the sample of its key is made of other events".into();
            }
            return match group.filters.iter().position(Vec::is_empty) {
                Some(lacks) => format!("no event with its key fits filter {}", lacks + 1),
                None => {
                    "no event may be used twice, and its key has too few for all filters".into()
                }
            };
        }
        let of_key = if plan.stages().iter().all(|stage| stage.keys.is_empty()) {
            ""
        } else {
            " with its key"
        };
        if store.time(plan.time(), event).is_none() {
            let field = &plan.time().timestamp;
            return format!("it has no time in `{field}`, and no sequence sees it without one");
        }
        match plan.stages().get(usize::from(stage) - 1) {
            None => format!("there was nothing{of_key} to end when it came"),
            Some(at) if at.missing => format!("there was nothing{of_key} that it could spoil"),
            Some(_) => format!("nothing{of_key} waited for stage {stage} when it came"),
        }
    }

    fn waited_among(&self, store: &Store, first: u32, ordinals: &[(Instant, u32)]) -> Option<u64> {
        waited_ms(first, &self.plan, ordinals, store)
    }
}

/// Was the event part of this partial sequence, or did it end it by coming too late or where it
/// should not have come?
pub(super) fn concerns(trail: &Trail, event: u32) -> bool {
    trail.events.contains(&event)
        || match trail.end {
            End::MaxspanExpired { by, .. } | End::MissingEventSeen { by, .. } => by == event,
            _ => false,
        }
}

/// A stage by its number; the one after the last is the `until` term.
pub(super) fn stage(plan: &Plan, number: u16) -> String {
    if usize::from(number) > plan.stages().len() {
        return "the `until` term".into();
    }
    format!("{} {number}", plan.part())
}

/// The same, with 0 for the `until` term: it has no number anybody knows.
pub(super) fn marks(plan: &Plan, recording: &Recording, event: u32) -> Vec<u16> {
    let mut stages = stages(plan, recording, event);
    let n = plan.stages().len();
    stages.iter_mut().filter(|stage| usize::from(**stage) > n).for_each(|stage| *stage = 0);
    stages
}

/// The stages whose filter the event passes, from 1; none for an event query.
pub(super) fn stages(plan: &Plan, recording: &Recording, event: u32) -> Vec<u16> {
    if plan.form() == Form::Event {
        return Vec::new();
    }
    let stages = plan.stages().iter().chain(plan.until()).enumerate();
    stages
        .filter(|(_, stage)| recording.holds(stage.node, event))
        .map(|(at, _)| at as u16 + 1)
        .collect()
}
