//! What each event is in a sequence or sample: part of matches, part of a trail, or neither.

use hashbrown::HashMap;

use crate::desk::Run;
use crate::eval::Recording;
use crate::explain::{closed_window, trail_words};
use crate::hir::Form;
use crate::join::{End, Trail};
use crate::plan::Plan;
use crate::run::{Found, Hits, ResultPosition, cut};
use crate::store::Store;

/// Parts of events; empty for an event query.
#[derive(Debug, Default)]
pub(super) struct Roles {
    by_event: HashMap<u32, Role>,
}

#[derive(Debug, Default)]
struct Role {
    /// Number of the match and of the stage, each from 1.
    parts: Vec<(u32, u16)>,
    /// The last trail it was part of.
    trail: Option<u32>,
    /// It is part of a match that a pipe cut off.
    is_cut: bool,
}

/// Of an event whose match a pipe cut off.
pub(super) const CUT: &str = "cut off by a pipe";

impl Roles {
    pub(super) fn new(plan: &Plan, found: &Found, trails: &[Trail]) -> Self {
        let mut roles = Self::default();
        if plan.form() == Form::Event {
            return roles;
        }
        if let Hits::Joined(all) = &found.all {
            for event in all.iter().flat_map(|hit| hit.events.iter().flatten()) {
                roles.by_event.entry(*event).or_default().is_cut = true;
            }
        }
        if let Hits::Joined(matches) = cut(&found.all, plan, usize::MAX, ResultPosition::Tail) {
            for (n, hit) in matches.iter().enumerate() {
                for (stage, event) in hit.events.iter().enumerate() {
                    if let Some(event) = event {
                        let part = (n as u32 + 1, stage as u16 + 1);
                        roles.by_event.entry(*event).or_default().parts.push(part);
                    }
                }
            }
        }
        for (at, trail) in trails.iter().enumerate() {
            let by = match trail.end {
                End::MaxspanExpired { by, .. } => Some(by),
                End::MissingEventSeen { by, .. } => Some(by),
                _ => None,
            };
            for event in trail.events.iter().copied().chain(by) {
                roles.by_event.entry(event).or_default().trail = Some(at as u32);
            }
        }
        roles
    }

    /// Its part in few words; `None` for an event without one.
    pub(super) fn words(&self, event: u32, run: &Run, store: &Store) -> Option<String> {
        let plan = &run.plan;
        let Some(role) = self.by_event.get(&event) else {
            let fits = !stages(plan, &run.recording, event).is_empty();
            let none = match plan.form() {
                Form::Event => return None,
                Form::Sequence { .. } => "nothing pending",
                Form::Sample => "no complete group",
            };
            return fits.then(|| none.to_owned());
        };
        if let Some((n, stage)) = role.parts.first() {
            let what = if plan.form() == Form::Sample { "sample" } else { "sequence" };
            let more = match role.parts.len() {
                1 => String::new(),
                n => format!(" and {} more", n - 1),
            };
            return Some(format!("{what} {n}, stage {stage}{more}"));
        }
        if role.is_cut {
            return Some(CUT.into());
        }
        let trail = run.trails.get(role.trail? as usize)?;
        Some(match trail.end {
            End::Overwritten { .. } => "overwritten".into(),
            End::MaxspanExpired { by, .. } if by == event => "too late".into(),
            End::MaxspanExpired { .. } => "maxspan expired".into(),
            End::Until { .. } => "ended by until".into(),
            End::MissingEventSeen { by, .. } if by == event => "unwanted here".into(),
            End::MissingEventSeen { .. } => "unwanted event seen".into(),
            End::KeyMissing { .. } => "join key missing".into(),
            End::Open if closed_window(plan, run.waited_ms(store, trail)).is_some() => {
                "maxspan expired".into()
            }
            End::Open => "open at the end".into(),
        })
    }

    /// Headline and sentence about its part; `None` for an event without one.
    pub(super) fn sentence(
        &self,
        event: u32,
        run: &Run,
        store: &Store,
    ) -> Option<(String, String)> {
        let is_sample = run.plan.form() == Form::Sample;
        let what = if is_sample { "sample" } else { "sequence" };
        let Some(role) = self.by_event.get(&event) else {
            let stages = stages(&run.plan, &run.recording, event);
            let first = stages.first().filter(|_| run.found.searched.get(event))?;
            let why = if is_sample {
                "its key group lacks an event for another stage"
            } else {
                "nothing was pending for its key when it came"
            };
            return Some((
                format!("Fits {}, but is part of no {what}.", self::stage(&run.plan, *first)),
                format!("Its clauses hold; {why}."),
            ));
        };
        if !role.parts.is_empty() {
            let parts: Vec<String> = role
                .parts
                .iter()
                .take(5)
                .map(|(n, stage)| format!("{n} (stage {stage})"))
                .collect();
            let more = role.parts.len().saturating_sub(5);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let plural = if role.parts.len() > 1 { "s" } else { "" };
            return Some((
                format!("Part of a {what} that matches."),
                format!("It belongs to {what}{plural} {}{more}.", parts.join(", ")),
            ));
        }
        if role.is_cut {
            return Some((
                format!("Part of a {what} that a pipe cuts off."),
                format!("The {what} is found, and then left out by `head` or `tail`."),
            ));
        }
        let trail = run.trails.get(role.trail? as usize)?;
        let stages = stages(&run.plan, &run.recording, event);
        let headline = match stages.first() {
            Some(first) => {
                format!("Fits {}, but is part of no {what}.", self::stage(&run.plan, *first))
            }
            None => format!("Is part of no {what}."),
        };
        Some((headline, trail_words(trail, &run.plan, store, run.waited_ms(store, trail)).1))
    }
}

impl Run {
    /// How long the searched events go on after the first event of a trail, in milliseconds; `None`
    /// where it has no time.
    pub(super) fn waited_ms(&self, store: &Store, trail: &Trail) -> Option<u64> {
        let first = store.time(self.plan.time(), *trail.events.first()?)?;
        let (last, _) = self.found.ordinals.last()?;
        u64::try_from(last.millis().checked_sub(first.millis())?).ok()
    }
}

/// A stage by its number; the one after the last is the `until` term.
fn stage(plan: &Plan, number: u16) -> String {
    if usize::from(number) > plan.stages().len() {
        "the `until` term".into()
    } else {
        format!("stage {number}")
    }
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
