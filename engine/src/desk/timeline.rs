//! The last run as a timeline: traces of a sequence, groups of a sample.

use crate::desk::tracks::tracks;
use crate::desk::{Desk, Run};
use crate::explain::{clipped, duration, summary, trail_words};
use crate::hir::Form;
use crate::join::{
    self, End, Group, KeySpace, KeyValue, MAX_KEPT, Match, Moment, Stepper, Trail, Trails, Tuple,
    keys_of,
};
use crate::plan::NodeId;
use crate::run::{Hits, ResultPosition, cut};
use crate::sort;
use crate::wire::cursor::{Slot, SlotState};
use crate::wire::timeline as wire;

/// Most traces or groups that are given.
const MAX_TRACES: usize = MAX_KEPT;

/// Most traces of some keys, where they are asked for.
const MAX_OF_KEY: usize = 20_000;

/// Slices of the density.
const SLICES: usize = 160;

/// Events of a filter that a group names.
const MAX_FOUND: usize = 10;

/// Characters of a filter in a sentence.
const FILTER_CHARS: usize = 60;

impl Desk {
    /// How the last run's sequences formed or died, or its samples came together. Empty where there
    /// was no run.
    #[must_use]
    pub fn timeline(&self) -> wire::Timeline {
        self.timeline_for(None)
    }

    /// The same for some keys only, with all of their partial sequences: the run itself keeps only
    /// those nearest to a match.
    #[must_use]
    pub fn timeline_of(&self, of: &wire::Of) -> wire::Timeline {
        self.timeline_for(Some(of))
    }

    fn timeline_for(&self, of: Option<&wire::Of>) -> wire::Timeline {
        let Some(run) = &self.last else { return wire::Timeline::default() };
        let drawing = Drawing { desk: self, run, keys: &run.found.keys };
        let mut timeline = wire::Timeline {
            form: run.plan.form().into(),
            keys: drawing.key_names(),
            stages: drawing.stages(),
            ..wire::Timeline::default()
        };
        drawing.range(&mut timeline);
        // What a pipe cuts off is no match.
        let shown = cut(&run.found.all, &run.plan, usize::MAX, ResultPosition::Tail);
        match (run.plan.form(), &shown) {
            (Form::Sequence { maxspan }, Hits::Joined(matches)) => {
                timeline.maxspan_ms = maxspan;
                drawing.traces(matches, of, &mut timeline);
            }
            (Form::Sample, Hits::Joined(matches)) => drawing.groups(matches, of, &mut timeline),
            (_, Hits::Events(events)) => {
                timeline.matched = events.len() as u32;
                timeline.total = timeline.matched;
                let ends = (timeline.start_ms, timeline.end_ms);
                timeline.tracks = tracks(self, run, events, ends, SLICES);
            }
            (Form::Event, Hits::Joined(_)) => {}
        }
        timeline
    }
}

impl Desk {
    /// The partial sequences that got furthest, then in the order of their first events.
    pub(super) fn furthest_traces(&self, run: &Run, count: usize) -> Vec<wire::Trace> {
        let drawing = Drawing { desk: self, run, keys: &run.found.keys };
        // One whose key is missing has not even begun.
        let reached = |trail: &Trail| match trail.end {
            End::KeyMissing { .. } => 0,
            _ => trail.events.len(),
        };
        let start = |trail: &Trail| trail.events.first().and_then(|event| drawing.millis(*event));
        let mut trails = run.trails.nearest(usize::MAX);
        sort::by(&mut trails, |a, b| {
            reached(b).cmp(&reached(a)).then_with(|| start(a).cmp(&start(b)))
        });
        trails.into_iter().take(count).map(|trail| drawing.trail(trail, None)).collect()
    }

    /// The keys without a sample for which most filters found events, in the order of the keys.
    pub(super) fn fullest_groups(&self, run: &Run, count: usize) -> Vec<wire::Group> {
        let drawing = Drawing { desk: self, run, keys: &run.found.keys };
        let found = |group: &Group| group.filters.iter().filter(|e| !e.is_empty()).count();
        let mut groups: Vec<&Group> =
            run.found.groups.iter().filter(|group| group.matches.is_empty()).collect();
        sort::by(&mut groups, |a, b| found(b).cmp(&found(a)));
        groups.into_iter().take(count).map(|group| drawing.group(group, &[])).collect()
    }
}

/// One of each kind.
const ENDS: [End; 6] = [
    End::Overwritten { by: 0 },
    End::MaxspanExpired { by: 0, late_ms: 0 },
    End::Until { by: 0 },
    End::MissingEventSeen { by: 0, stage: 0 },
    End::KeyMissing { stage: 0, key: 0 },
    End::Open,
];

/// How an end is called outside.
pub(super) fn ended(end: End) -> wire::Ended {
    match end {
        End::Overwritten { .. } => wire::Ended::Overwritten,
        End::MaxspanExpired { .. } => wire::Ended::MaxspanExpired,
        End::Until { .. } => wire::Ended::Until,
        End::MissingEventSeen { .. } => wire::Ended::MissingEventSeen,
        End::KeyMissing { .. } => wire::Ended::KeyMissing,
        End::Open => wire::Ended::OpenAtEndOfData,
    }
}

/// Engine terms into those of the wire.
pub(super) struct Drawing<'d> {
    pub(super) desk: &'d Desk,
    pub(super) run: &'d Run,
    /// Whose numbers the tuples have.
    pub(super) keys: &'d KeySpace,
}

impl Drawing<'_> {
    pub(super) fn millis(&self, event: u32) -> Option<i64> {
        Some(self.desk.store.time(self.run.plan.time(), event)?.millis())
    }

    pub(super) fn event(&self, event: u32) -> wire::EventRef {
        let time = self.desk.store.time(self.run.plan.time(), event);
        wire::EventRef {
            event,
            id: self.desk.store.id(event),
            time_ms: time.map(crate::time::Instant::millis),
            time: time.map(|time| time.to_string()),
        }
    }

    /// Per key position the fields of the stages, each once.
    pub(super) fn key_names(&self) -> Vec<String> {
        let stages = self.run.plan.stages();
        let n = stages.first().map_or(0, |stage| stage.keys.len());
        let names = (0..n).map(|at| {
            let mut names: Vec<&str> = Vec::new();
            for key in stages.iter().filter_map(|stage| stage.keys.get(at)) {
                if !names.contains(&key.field.name.as_ref()) {
                    names.push(&key.field.name);
                }
            }
            names.join(" · ")
        });
        names.collect()
    }

    fn stages(&self) -> Vec<wire::Stage> {
        if self.run.plan.form() == Form::Event {
            return Vec::new();
        }
        let plan = &self.run.plan;
        let ordinary = plan.stages().iter().map(|stage| (stage, false));
        let until = plan.until().map(|stage| (stage, true));
        let (mut last, mut term, mut nth) = (None, 0, 0);
        let stages = ordinary.chain(until).enumerate().map(|(at, (stage, until))| {
            // What `runs` repeats shares its node.
            let again = last == Some(stage.node);
            (term, nth) = if again { (term, nth + 1) } else { (term + 1, 1) };
            last = Some(stage.node);
            let category = NodeId(stage.node.0 + 1);
            let name = self.run.clauses.name(category);
            let label = name.map(|name| name.label.trim_end_matches("where").trim().to_owned());
            let bits = self.run.recording.bits(stage.node);
            wire::Stage {
                number: at as u16 + 1,
                term,
                nth,
                label: label.unwrap_or_default(),
                text: self
                    .run
                    .clauses
                    .name(stage.node)
                    .map(|n| n.filter.clone())
                    .unwrap_or_default(),
                missing: stage.missing,
                until,
                node: stage.node.0,
                count: bits.map_or(0, |bits| bits.count_with(&self.run.found.searched)),
            }
        });
        stages.collect()
    }

    fn range(&self, timeline: &mut wire::Timeline) {
        let ordinals = &self.run.found.ordinals;
        timeline.without_time = self.run.found.searched.count() - ordinals.len() as u32;
        let (Some((first, _)), Some((last, _))) = (ordinals.first(), ordinals.last()) else {
            return;
        };
        (timeline.start_ms, timeline.end_ms) = (first.millis(), last.millis());
        let span = timeline.end_ms.abs_diff(timeline.start_ms).max(1) as f64;
        let mut density = vec![0_u32; SLICES];
        for (time, _) in ordinals.iter() {
            let at = time.millis().abs_diff(timeline.start_ms) as f64 / span * (SLICES - 1) as f64;
            if let Some(slice) = density.get_mut(at as usize) {
                *slice += 1;
            }
        }
        timeline.density = density;
    }

    fn traces(&self, matches: &[Match], of: Option<&wire::Of>, timeline: &mut wire::Timeline) {
        let mut again = Trails::new(MAX_OF_KEY);
        let (mut trails, mut most) = (&self.run.trails, MAX_TRACES);
        let mut matches: Vec<&Match> = matches.iter().collect();
        if let Some(of) = of {
            let stepper = self.run.stepper(&self.desk.store);
            let tuples = match of {
                wire::Of::Event(event) => stepper.tuples_of(*event),
                wire::Of::Keys(texts) => self.keys.reading(texts),
            };
            let lacks = |event: u32, stage: usize| match of {
                wire::Of::Event(asked) => *asked == event,
                wire::Of::Keys(texts) => {
                    texts.contains(&None) && self.keys_at(stage, event) == *texts
                }
            };
            stepper.run_under(&tuples, &lacks, &mut again);
            matches.retain(|hit| tuples.contains(&hit.tuple));
            (trails, most) = (&again, MAX_OF_KEY);
        }
        timeline.matched = matches.len() as u32;
        timeline.total = (matches.len() + trails.len()) as u32;
        let counts = ENDS.map(|end| (ended(end), trails.count(end, None))).into_iter();
        let counts = [(wire::Ended::Matched, timeline.matched)].into_iter().chain(counts);
        timeline.ended = counts.filter(|(_, count)| *count > 0).collect();
        // Only `![…]` has slots to look at.
        let has_slots = self.run.plan.stages().iter().any(|stage| stage.missing);
        let stepper = has_slots.then(|| self.run.stepper(&self.desk.store));
        let rest = most.saturating_sub(matches.len());
        let matched = matches.iter().take(most).map(|hit| self.matched(hit, stepper));
        let trails = trails.nearest(rest);
        let trails = trails.into_iter().map(|trail| self.trail(trail, stepper));
        let mut traces: Vec<wire::Trace> = matched.chain(trails).collect();
        let start = |trace: &wire::Trace| {
            trace.events.iter().flatten().next().and_then(|event| event.time_ms)
        };
        sort::by(&mut traces, |one, two| start(one).cmp(&start(two)));
        timeline.traces = traces;
    }

    /// The keys that an event has for a stage, or for `until` behind them, lacking ones too.
    pub(super) fn keys_at(&self, stage: usize, event: u32) -> Vec<Option<String>> {
        let stage = self.run.plan.stages().iter().chain(self.run.plan.until()).nth(stage);
        let values = stage.map(|stage| keys_of(stage, &self.desk.store, event));
        values.unwrap_or_default().iter().map(KeyValue::text).collect()
    }

    pub(super) fn keys(&self, tuple: Tuple) -> Vec<Option<String>> {
        self.keys.values(tuple).map(KeyValue::text).collect()
    }

    pub(super) fn host(&self, event: Option<u32>) -> String {
        self.first_of("host.name", event)
    }

    pub(super) fn first_of(&self, field: &str, event: Option<u32>) -> String {
        event
            .and_then(|event| self.desk.store.column(field)?.values_of(event).next())
            .map(|value| value.to_string())
            .unwrap_or_default()
    }

    /// What an event is in few words.
    pub(super) fn label(&self, event: Option<u32>) -> String {
        let name = self.first_of("process.name", event);
        if !name.is_empty() {
            return name;
        }
        let line = event.map(|event| summary(&self.desk.store, event)).unwrap_or_default();
        line.chars().take(40).collect()
    }

    pub(super) fn matched(&self, hit: &Match, stepper: Option<&Stepper>) -> wire::Trace {
        let events: Vec<u32> = hit.events.iter().flatten().copied().collect();
        let (first, last) = (events.first().copied(), events.last().copied());
        let took = || {
            let (first, last) = (self.millis(first?)?, self.millis(last?)?);
            Some(last.abs_diff(first))
        };
        let took = took().filter(|took| *took > 0).map(duration);
        let within = |word: &str| match &took {
            Some(took) => format!("{word} {took}"),
            None => "at one moment".to_owned(),
        };
        let mut sentence = format!("Every stage was found {}.", within("within"));
        if hit.is_open {
            sentence.push_str(
                " The data end before the window of the last `![…]` does: the unwanted event may \
                 still come.",
            );
        }
        wire::Trace {
            keys: self.keys(hit.tuple),
            host: self.host(first),
            label: self.label(first),
            ended: wire::Ended::Matched,
            stage: hit.events.len() as u16,
            events: hit.events.iter().map(|event| event.map(|event| self.event(event))).collect(),
            by: None,
            unwanted_stage: None,
            late_ms: None,
            field: None,
            outcome: format!("matched {}", within("in")),
            sentence,
            slots: self.known_slots(stepper, hit.tuple, &events, None),
        }
    }

    pub(super) fn trail(&self, trail: &Trail, stepper: Option<&Stepper>) -> wire::Trace {
        let plan = &self.run.plan;
        let first = trail.events.first().copied();
        let waited = first.and_then(|first| self.run.waited_ms(&self.desk.store, first));
        let (outcome, sentence) = trail_words(trail, plan, &self.desk.store, waited);
        let mut skipped = 0;
        let (mut by, mut unwanted_stage, mut late_ms, mut field) = (None, None, None, None);
        let mut keys = trail.tuple.map(|tuple| self.keys(tuple)).unwrap_or_default();
        match trail.end {
            End::Overwritten { by: event } | End::Until { by: event } => by = Some(event),
            End::MaxspanExpired { by: event, late_ms: late } => {
                (by, late_ms) = (Some(event), Some(late));
            }
            End::MissingEventSeen { by: event, stage } => {
                (by, unwanted_stage) = (Some(event), Some(stage as u16 + 1));
            }
            End::KeyMissing { stage, key } => {
                // The stages before it are not part of the trail.
                skipped = stage;
                let named = plan.stages().get(stage).and_then(|stage| stage.keys.get(key));
                field = named.map(|key| key.field.name.to_string());
                keys = first.map(|event| self.keys_at(stage, event)).unwrap_or_default();
            }
            End::Open => {}
        }
        let ended = ended(trail.end);
        let events = self.reached(skipped, &trail.events);
        let until = by.filter(|_| ended != wire::Ended::MissingEventSeen);
        let slots = trail.tuple.map(|tuple| self.known_slots(stepper, tuple, &trail.events, until));
        wire::Trace {
            keys,
            host: self.host(first),
            label: self.label(first),
            ended,
            stage: events.len() as u16,
            events,
            by: by.map(|event| self.event(event)),
            unwanted_stage,
            late_ms,
            field,
            outcome,
            sentence,
            slots: slots.unwrap_or_default(),
        }
    }

    /// One entry per stage that was reached: the events with `None` for the missing-event stages, and
    /// for so many stages before them.
    pub(super) fn reached(&self, skipped: usize, events: &[u32]) -> Vec<Option<wire::EventRef>> {
        let mut reached = vec![None; skipped];
        let mut events = events.iter();
        for stage in self.run.plan.stages().iter().skip(skipped) {
            if events.len() == 0 {
                break;
            }
            let event = if stage.missing { None } else { events.next() };
            reached.push(event.map(|event| self.event(*event)));
        }
        reached
    }

    /// What was known of the `![…]` stages when an event came; without one, what the data say.
    fn known_slots(
        &self,
        stepper: Option<&Stepper>,
        tuple: Tuple,
        events: &[u32],
        until: Option<u32>,
    ) -> Vec<Slot> {
        let Some(stepper) = stepper else { return Vec::new() };
        let end = self.run.found.ordinals.last().map_or(0, |(last, _)| last.millis());
        let now = until.and_then(|event| self.millis(event)).unwrap_or(end);
        let moment = Moment { now, is_over: true, seen: u32::MAX };
        self.slots(&stepper.slots(tuple, events, moment))
    }

    pub(super) fn slots(&self, slots: &[join::Slot]) -> Vec<Slot> {
        let slot = |slot: &join::Slot| Slot {
            stage: slot.stage as u16 + 1,
            state: match slot.state {
                join::SlotState::Satisfied => SlotState::Satisfied,
                join::SlotState::Violated => SlotState::Violated,
                join::SlotState::Undecided => SlotState::Undecided,
            },
            by: slot.by.map(|event| self.event(event)),
            from_ms: slot.from,
            to_ms: slot.to,
        };
        slots.iter().map(slot).collect()
    }

    fn groups(&self, matches: &[Match], of: Option<&wire::Of>, timeline: &mut wire::Timeline) {
        let is_asked = |group: &&Group| match of {
            None => true,
            Some(wire::Of::Event(event)) => {
                group.filters.iter().any(|events| events.contains(event))
            }
            Some(wire::Of::Keys(texts)) => self.keys(group.tuple) == *texts,
        };
        let groups: Vec<&Group> = self.run.found.groups.iter().filter(is_asked).collect();
        let samples = groups.iter().map(|group| group.matches.len());
        timeline.matched = if of.is_none() { matches.len() } else { samples.sum() } as u32;
        timeline.total = groups.len() as u32;
        let complete = groups.iter().filter(|group| !group.matches.is_empty()).count();
        let mut spare = MAX_TRACES.saturating_sub(complete);
        let kept = groups.into_iter().filter(|group| {
            if group.matches.is_empty() {
                let keep = spare > 0;
                spare = spare.saturating_sub(1);
                return keep;
            }
            true
        });
        timeline.groups = kept.take(MAX_TRACES).map(|group| self.group(group, matches)).collect();
    }

    /// The filters without an event, and the key that they have none of:
    /// ``filter 2, `any where n == 2`, nor filter 3, `any where n == 3`, with `k` = `z` ``.
    fn lacking(&self, empty: &[usize], group: &Group) -> String {
        let stages = self.run.plan.stages();
        let filter = |at: &usize| {
            let name = stages.get(*at).and_then(|stage| self.run.clauses.name(stage.node));
            let text = clipped(name.map_or("", |name| &name.filter), FILTER_CHARS);
            format!("filter {}, `{}`", at + 1, text.replace('`', "'"))
        };
        let filters: Vec<String> = empty.iter().map(filter).collect();
        let keys =
            empty.first().and_then(|at| stages.get(*at)).map_or(&[][..], |stage| &stage.keys);
        let keys = keys.iter().zip(self.keys(group.tuple)).map(|(key, value)| match value {
            Some(value) => format!("`{}` = `{}`", key.field.name, value.replace('`', "'")),
            None => format!("no `{}`", key.field.name),
        });
        format!("{}, with {}", filters.join(", nor "), keys.collect::<Vec<_>>().join(" and "))
    }

    pub(super) fn group(&self, group: &Group, matches: &[Match]) -> wire::Group {
        let samples = matches.get(group.matches.clone()).unwrap_or_default();
        let filters = group.filters.iter().enumerate();
        let empty: Vec<usize> =
            filters.filter(|(_, events)| events.is_empty()).map(|(at, _)| at).collect();
        let sentence = match (samples.len(), empty.as_slice()) {
            (1, _) => "One sample.".into(),
            (0, []) => "The filters share their events: no event may be used twice.".into(),
            (0, lacking) => format!("No event fits {}.", self.lacking(lacking, group)),
            (n, _) => format!("{n} samples."),
        };
        let filters = group.filters.iter().map(|events| wire::GroupFilter {
            events: events.iter().take(MAX_FOUND).map(|event| self.event(*event)).collect(),
            count: events.len() as u32,
        });
        wire::Group {
            keys: self.keys(group.tuple),
            filters: filters.collect(),
            samples: samples
                .iter()
                .map(|hit| hit.events.iter().flatten().map(|event| self.event(*event)).collect())
                .collect(),
            sentence,
        }
    }
}
