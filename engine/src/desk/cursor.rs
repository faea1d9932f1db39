//! The matcher stepped event by event: a replay of the machine up to one event (spec §7.13).

use crate::desk::timeline::{Drawing, ended};
use crate::desk::{Desk, Run, roles};
use crate::eval::Evaluated;
use crate::explain::duration;
use crate::hir::Form;
use crate::join::{Done, End, Input, Match, Moment, Over, Past, Replay, Stepper, Trail, Tuple};
use crate::plan::NodeId;
use crate::sort;
use crate::store::Store;
use crate::time::Instant;
use crate::wire::cursor::{self as wire, CursorAt, Happened, SlotState};
use crate::wire::timeline::Ended;

/// Most partial matches that are given.
const MAX_PENDING: usize = 200;

/// Most ended sequences that are given.
const MAX_PAST: usize = 50;

/// Most things that one event did that are given; only one with many key values does so much.
const MAX_DID: usize = 200;

/// So many of them are told in the sentence.
const TOLD: usize = 3;

impl Desk {
    /// The state of the last run's matcher after one event. `None` where there was no run or it is of
    /// no sequence, where there is no such event, or the event takes no part (spec §7.3): it has no
    /// time, or its index is not searched.
    #[must_use]
    pub fn cursor(&self, at: CursorAt) -> Option<wire::Cursor> {
        let run = self.last.as_ref()?;
        let Form::Sequence { maxspan } = run.plan.form() else { return None };
        let stepper = run.stepper(&self.store);
        let relevant = stepper.events();
        let (at, event) = match at {
            CursorAt::Nth(0) => (0, None),
            CursorAt::Nth(n) => (n as usize, Some(relevant.get(n as usize - 1)?.1)),
            CursorAt::Event(event) => (run.place(&self.store, event)?, Some(event)),
        };
        let seen = relevant.get(..at)?;
        let is_relevant = event.is_some() && seen.last().map(|(_, last)| *last) == event;
        let replay = stepper.replay(&run.plan, at, is_relevant, MAX_PAST);
        let mut cursor = wire::Cursor {
            at: at as u32,
            total: relevant.len() as u32,
            n_pending: replay.pending.len() as u32,
            n_ended: replay.n_past,
            ..wire::Cursor::default()
        };
        let Some(event) = event else {
            cursor.sentence = "Before the first event nothing waits.".into();
            return Some(cursor);
        };
        let now = self.store.time(run.plan.time(), event)?;
        let next = relevant.get(at).map(|(time, _)| time.millis());
        let stepping = Stepping {
            drawing: Drawing { desk: self, run, keys: &run.found.keys },
            stepper,
            event,
            now,
            moment: Moment {
                now: now.millis(),
                is_over: next != Some(now.millis()),
                seen: at as u32,
            },
            maxspan,
        };
        cursor.event = Some(stepping.drawing.event(event));
        let did = replay.did.iter().take(MAX_DID).map(|done| stepping.did(done));
        cursor.did = did.collect();
        cursor.pending = stepping.pending(&replay);
        cursor.ended = replay.past.iter().rev().map(|past| stepping.past(past)).collect();
        if cursor.did.is_empty() {
            cursor.did.push(stepping.nothing(&cursor.pending));
        }
        let kind = stepping.kind();
        let name = stepping.name();
        cursor.label = joined(&[&kind, &name]);
        let kind = if kind.is_empty() { kind } else { format!("`{kind}`") };
        // Fields and values in place of a name would read as part of the sentence.
        let name = if name.contains(": ") { format!("`{name}`") } else { name };
        let who = joined(&[&format!("Event {}", stepping.id(event)), &kind, &name]);
        let mut did: Vec<&str> = cursor.did.iter().map(|did| did.sentence.as_str()).collect();
        let more = match replay.did.len().saturating_sub(TOLD) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        did.truncate(TOLD);
        cursor.sentence = format!("{who}: {}{more}.", did.join("; "));
        Some(cursor)
    }
}

impl Run {
    /// The steps of the relevant events; see [`wire::Cursor::at`].
    pub(super) fn stepper(&self, store: &Store) -> &Stepper {
        self.stepper.get_or_init(|| {
            let passes = |(_, event): &&(Instant, u32)| self.recording.holds(NodeId(0), *event);
            let relevant: Vec<_> = self.found.ordinals.iter().filter(passes).copied().collect();
            let evaluated = Evaluated::recorded(&self.plan, &self.recording);
            Stepper::new(Input {
                plan: &self.plan,
                store,
                searched: &self.found.searched,
                evaluated: &evaluated,
                ordinals: &relevant,
            })
        })
    }

    /// How many relevant events there are up to an event; `None` where it has no place in the order.
    fn place(&self, store: &Store, event: u32) -> Option<usize> {
        let time = store.time(self.plan.time(), event)?;
        let ordinals = &self.found.ordinals;
        let start = ordinals.partition_point(|(at, _)| *at < time);
        let tied = || ordinals.iter().skip(start).take_while(|(at, _)| *at == time);
        let upto = tied().position(|(_, other)| *other == event)?;
        let before = self.stepper(store).events().partition_point(|(at, _)| *at < time);
        let tied = tied().take(upto + 1);
        Some(before + tied.filter(|(_, event)| self.recording.holds(NodeId(0), *event)).count())
    }
}

/// What the answer is worked out from.
struct Stepping<'s> {
    drawing: Drawing<'s>,
    stepper: &'s Stepper,
    event: u32,
    now: Instant,
    moment: Moment,
    maxspan: Option<u64>,
}

impl Stepping<'_> {
    fn id(&self, event: u32) -> String {
        format!("`{}`", quiet(&self.drawing.desk.store.id(event)))
    }

    /// Category and type or action of the event, e.g. `process start`.
    fn kind(&self) -> String {
        let first = |field| self.drawing.first_of(field, Some(self.event));
        let mut kind = first("event.category");
        let action = Some(first("event.type")).filter(|action| !action.is_empty());
        let action = action.unwrap_or_else(|| first("event.action"));
        if !kind.is_empty() && !action.is_empty() {
            kind.push(' ');
        }
        kind.push_str(&action);
        quiet(&kind)
    }

    /// What it is, and on which host: `openssl on web-01`.
    fn name(&self) -> String {
        let label = self.drawing.label(Some(self.event));
        let host = self.drawing.host(Some(self.event));
        let on = if host.is_empty() { host } else { format!("on {host}") };
        quiet(format!("{label} {on}").trim())
    }

    fn millis(&self, event: Option<&u32>) -> i64 {
        event.and_then(|event| self.drawing.millis(*event)).unwrap_or(self.moment.now)
    }

    /// How long ago an event was.
    fn since(&self, event: Option<&u32>) -> u64 {
        self.moment.now.abs_diff(self.millis(event))
    }

    fn ago(&self, event: Option<&u32>) -> String {
        if event == Some(&self.event) {
            return "now".into();
        }
        format!("{} ago", duration(self.since(event)))
    }

    /// The number of the stage that a partial match with so many events has reached.
    fn stage(&self, n_events: usize) -> u16 {
        let stages = self.drawing.run.plan.stages().iter().enumerate();
        let mut ordinary = stages.filter(|(_, stage)| !stage.missing);
        ordinary.nth(n_events.saturating_sub(1)).map_or(0, |(at, _)| at as u16 + 1)
    }

    fn slots(&self, tuple: Tuple, events: &[u32]) -> Vec<wire::Slot> {
        self.drawing.slots(&self.stepper.slots(tuple, events, self.moment))
    }

    /// `, unless stage 3 comes by 09:00:08.000`, of a complete match.
    fn unless(&self, slots: &[wire::Slot]) -> String {
        let open = slots.iter().rfind(|slot| slot.state == SlotState::Undecided);
        open.map_or(String::new(), |slot| {
            let by = slot.to_ms.map_or(String::new(), |to| format!(" by {}", clock(to)));
            format!(", unless stage {} comes{by}", slot.stage)
        })
    }

    fn pending(&self, replay: &Replay) -> Vec<wire::Pending> {
        let mut pending: Vec<_> = replay.pending.iter().collect();
        let changed = |events: &[u32]| events.last().and_then(|last| self.stepper.place(*last));
        // Stable: what changed with one event stays in the order of keys.
        sort::by(&mut pending, |(_, a), (_, b)| changed(b).cmp(&changed(a)));
        let chains = pending.into_iter().take(MAX_PENDING);
        chains.map(|(tuple, events)| self.waits(*tuple, events, replay)).collect()
    }

    fn waits(&self, tuple: Tuple, events: &[u32], replay: &Replay) -> wire::Pending {
        let (first, last) = (events.first(), events.last());
        let start = self.millis(first);
        let window = self.maxspan.map(|span| start.saturating_add_unsigned(span));
        let store = &self.drawing.desk.store;
        let begun = first.and_then(|first| self.stepper.time(*first));
        let waited = begun.map_or(0, |begun| self.now.nanos_since(begun));
        let stage = self.stage(events.len());
        let change = match replay.overwritten_by(tuple, events) {
            Some(old) => format!("overwrote event {}", store.id(old)),
            None if events.len() == 1 => "started".into(),
            None => format!("advanced to stage {stage}"),
        };
        let comma = if change.starts_with("started") { "" } else { "," };
        wire::Pending {
            keys: self.drawing.keys(tuple),
            host: self.drawing.host(first.copied()),
            label: self.drawing.label(first.copied()),
            stage,
            events: self.drawing.reached(0, events),
            window_ends_ms: window,
            left_ms: window.map(|end| end.saturating_sub(self.moment.now).max(0) as u64),
            is_late: self.maxspan.is_some_and(|span| waited > i128::from(span) * 1_000_000),
            is_now: last == Some(&self.event),
            change: format!("{change}{comma} {}", self.ago(last)),
            slots: self.slots(tuple, events),
        }
    }

    fn past(&self, past: &Past) -> wire::Past {
        let at = Some(&past.event);
        let store = &self.drawing.desk.store;
        let (keys, events, ended, outcome, slots) = match &past.over {
            Over::Matched(found) => {
                let events = ordinary(found);
                let slots = self.slots(found.tuple, &events);
                let when = clock(self.millis(at));
                let outcome = format!("matched at {when}{}", self.unless(&slots));
                (self.drawing.keys(found.tuple), events, Ended::Matched, outcome, slots)
            }
            Over::Lost(trail) => {
                let outcome = match trail.end {
                    End::Overwritten { by } => format!("overwritten by event {}", store.id(by)),
                    End::MaxspanExpired { .. } => "lost to maxspan".into(),
                    End::Until { by } => format!("ended by until event {}", store.id(by)),
                    End::MissingEventSeen { by, .. } => {
                        format!("discarded: event {} was there", store.id(by))
                    }
                    End::KeyMissing { stage, key } => {
                        format!("lacks {}", self.key_name(stage, key))
                    }
                    // It waits.
                    End::Open => String::new(),
                };
                let ended = ended(trail.end);
                let outcome = format!("{outcome}, {}", self.ago(at));
                let slots = trail.tuple.map(|tuple| self.slots(tuple, &trail.events));
                (self.keys(trail), trail.events.clone(), ended, outcome, slots.unwrap_or_default())
            }
        };
        wire::Past {
            keys,
            host: self.drawing.host(events.first().copied()),
            label: self.drawing.label(events.first().copied()),
            ended,
            outcome,
            ago_ms: self.since(at),
            is_now: past.event == self.event,
            slots,
        }
    }

    /// The keys of a trail; of one that lacks a required key, what its event has of them.
    fn keys(&self, trail: &Trail) -> Vec<Option<String>> {
        match (trail.tuple, trail.end, trail.events.first()) {
            (Some(tuple), ..) => self.drawing.keys(tuple),
            (None, End::KeyMissing { stage, .. }, Some(event)) => {
                self.drawing.keys_at(stage, *event)
            }
            _ => Vec::new(),
        }
    }

    fn key_name(&self, stage: usize, key: usize) -> String {
        let stage = self.drawing.run.plan.stages().get(stage);
        let key = stage.and_then(|stage| stage.keys.get(key));
        key.map(|key| key.field.name.to_string()).unwrap_or_default()
    }

    fn did(&self, done: &Done) -> wire::Did {
        let of_key = if self.drawing.key_names().is_empty() { "" } else { " of its key" };
        let id = |event: Option<&u32>| event.map(|event| self.id(*event)).unwrap_or_default();
        let (what, stage, keys, sentence) = match done {
            Done::Waits { tuple, events } => {
                let stage = self.stage(events.len());
                let keys = self.drawing.keys(*tuple);
                if events.len() == 1 {
                    let sentence = format!("starts a partial match{of_key} in stage {stage}");
                    (Happened::Started, stage, keys, sentence)
                } else {
                    let first = id(events.first());
                    let sentence =
                        format!("advances the partial match of event {first} to stage {stage}");
                    (Happened::Advanced, stage, keys, sentence)
                }
            }
            Done::Ends(Over::Matched(found)) => {
                let events = ordinary(found);
                let unless = self.unless(&self.slots(found.tuple, &events));
                let sentence = match events.as_slice() {
                    [_] => format!("is a complete sequence{unless}"),
                    events => format!(
                        "completes the sequence of event {}, which took {}{unless}",
                        id(events.first()),
                        duration(self.since(events.first()))
                    ),
                };
                let stage = self.stage(events.len());
                (Happened::Completed, stage, self.drawing.keys(found.tuple), sentence)
            }
            Done::Ends(Over::Lost(trail)) => {
                let (what, stage, sentence) = self.ended(trail);
                (what, stage, self.keys(trail), sentence)
            }
        };
        wire::Did { what, stage, keys, sentence }
    }

    fn ended(&self, trail: &Trail) -> (Happened, u16, String) {
        let id = |event: Option<&u32>| event.map(|event| self.id(*event)).unwrap_or_default();
        let (first, last) = (trail.events.first(), trail.events.last());
        let reached = self.stage(trail.events.len());
        match trail.end {
            End::Overwritten { .. } => {
                let (old, since) = (id(last), duration(self.since(last)));
                let sentence = format!(
                    "overwrites the one that had waited in stage {reached} since event {old}, \
                     {since} before"
                );
                (Happened::Overwrote, reached, sentence)
            }
            End::MaxspanExpired { late_ms, .. } => {
                let sentence = format!(
                    "comes {} too late for the partial match of event {}, which is lost",
                    duration(late_ms),
                    id(first)
                );
                (Happened::Expired, self.stage(trail.events.len() + 1), sentence)
            }
            End::Until { .. } => {
                let sentence = format!(
                    "fits `until` and ends the partial match of event {}, which had reached stage \
                     {reached}",
                    id(first)
                );
                let until = self.drawing.run.plan.stages().len() as u16 + 1;
                (Happened::Until, until, sentence)
            }
            End::MissingEventSeen { by, stage } => {
                let stage = stage as u16 + 1;
                let sentence = if by == self.event {
                    format!(
                        "fits stage {stage}, which must not happen: the complete sequence of event \
                         {} is discarded",
                        id(first)
                    )
                } else {
                    format!(
                        "completes the sequence of event {}, which is discarded: event {} fits \
                         stage {stage}, which must not happen",
                        id(first),
                        id(Some(&by))
                    )
                };
                (Happened::Discarded, stage, sentence)
            }
            End::KeyMissing { stage, key } => {
                let field = self.key_name(stage, key);
                let stage = stage as u16 + 1;
                let sentence = format!("has no `{field}`, so that stage {stage} cannot see it");
                (Happened::KeyMissing, stage, sentence)
            }
            // It waits.
            End::Open => (Happened::Nothing, reached, String::new()),
        }
    }

    /// Why the event did nothing.
    fn nothing(&self, pending: &[wire::Pending]) -> wire::Did {
        let plan = &self.drawing.run.plan;
        let fits = roles::stages(plan, &self.drawing.run.recording, self.event);
        let is_missing =
            |stage: u16| plan.stages().get(usize::from(stage) - 1).is_some_and(|s| s.missing);
        let ordinary = fits.iter().copied().find(|stage| !is_missing(*stage));
        let stage = ordinary.or(fits.first().copied()).unwrap_or(0);
        let of_key = if self.drawing.key_names().is_empty() { "" } else { " of its key" };
        let sentence = if stage == 0 {
            "fits no stage".into()
        } else if usize::from(stage) > plan.stages().len() {
            format!("fits `until`, but nothing{of_key} waits")
        } else if ordinary.is_some() {
            format!("fits stage {stage}, but nothing{of_key} waits for it")
        } else {
            let spoils = |slot: &wire::Slot| {
                slot.state == SlotState::Violated
                    && slot.by.as_ref().is_some_and(|by| by.event == self.event)
            };
            if pending.iter().flat_map(|chain| &chain.slots).any(spoils) {
                format!(
                    "fits stage {stage}, which must not happen: what waits{of_key} cannot match \
                     any more"
                )
            } else {
                format!("fits stage {stage}, which must not happen, but nothing{of_key} is harmed")
            }
        };
        let keys = match stage {
            0 => Vec::new(),
            stage => self.drawing.keys_at(usize::from(stage) - 1, self.event),
        };
        wire::Did { what: Happened::Nothing, stage, keys, sentence }
    }
}

fn ordinary(found: &Match) -> Vec<u32> {
    found.events.iter().flatten().copied().collect()
}

/// Text of an event inside a sentence, where backticks mean code.
fn quiet(text: &str) -> String {
    text.replace('`', "'")
}

/// The parts that are not empty, with commas.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// The time of day: `09:00:03.400`.
fn clock(millis: i64) -> String {
    let time = Instant::from_millis(millis).to_string();
    let time = time.split('T').nth(1).unwrap_or(&time);
    time.trim_end_matches('Z').to_owned()
}
