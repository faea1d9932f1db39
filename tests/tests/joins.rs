//! Laws of sequences and samples (spec §15.2): the machine against its definition, and what must
//! not change an answer.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::HashMap;

use eqlens_engine::desk::Desk;
use eqlens_engine::ingest::load;
use eqlens_engine::join::{Trail, Trails};
use eqlens_engine::rule::IndexPatterns;
use eqlens_engine::run::{Hits, Options, ResultPosition, compile, cut, search};
use eqlens_engine::schema::Mapping;
use eqlens_engine::wire::cursor::{CursorAt, Happened};
use eqlens_engine::wire::timeline::{Ended, EventRef, Timeline};
use eqlens_engine::wire::{Filter, Verdict};
use proptest::prelude::*;

/// An event: second, stages it fits, keys. Ids are positions.
type Event = (u8, Vec<usize>, Vec<u8>);

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event =
        (0_u8..30, prop::collection::vec(0_usize..4, 0..3), prop::collection::vec(0_u8..3, 0..3));
    prop::collection::vec(event, 0..40)
}

fn ndjson(events: &[Event]) -> String {
    let line = |(time, stages, keys): &Event| {
        let json = serde_json::json!({
            "@timestamp": i64::from(*time) * 1000, "s": stages, "k": keys,
        });
        format!("{json}\n")
    };
    events.iter().map(line).collect()
}

/// The positions of the events of every match, in order.
fn run(query: &str, events: &[Event], options: &Options) -> Vec<Vec<Option<u32>>> {
    let loaded = load(&ndjson(events));
    let plan = compile(query, &Mapping::default(), &loaded.store, options).plan.unwrap();
    let patterns = IndexPatterns::default();
    let found = search(&plan, &loaded.store, &patterns, options, &mut (), &mut ());
    match found.all {
        Hits::Joined(matches) => matches.into_iter().map(|hit| hit.events).collect(),
        Hits::Events(_) => panic!("{query} searches single events"),
    }
}

/// Positions in the order of spec §7.2.
fn ordered(events: &[Event]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|at| events[*at].0);
    order
}

fn keys_of(event: &Event) -> Vec<u8> {
    let mut keys: Vec<u8> = Vec::new();
    for key in &event.2 {
        if !keys.contains(key) {
            keys.push(*key);
        }
    }
    keys
}

/// Spec §7.13, word for word, for stages 0 to `n - 1` and the `until` stage 3.
fn defined(events: &[Event], n: usize, maxspan: Option<u8>, until: bool) -> Vec<Vec<Option<u32>>> {
    let mut slots: HashMap<(u8, usize), Vec<usize>> = HashMap::new();
    let mut found = Vec::new();
    for at in ordered(events) {
        let event = &events[at];
        for stage in (0..n).rev().filter(|stage| event.1.contains(stage)) {
            for key in keys_of(event) {
                let mut events_so_far = Vec::new();
                if stage > 0 {
                    let Some(taken) = slots.remove(&(key, stage - 1)) else { continue };
                    if maxspan.is_some_and(|span| event.0 - events[taken[0]].0 > span) {
                        continue;
                    }
                    events_so_far = taken;
                }
                events_so_far.push(at);
                if stage + 1 == n {
                    found.push(events_so_far.into_iter().map(|at| Some(at as u32)).collect());
                } else {
                    slots.insert((key, stage), events_so_far);
                }
            }
        }
        if until && event.1.contains(&3) {
            for key in keys_of(event) {
                slots.retain(|(slot, _), _| *slot != key);
            }
        }
    }
    found
}

fn query(n: usize, maxspan: Option<u8>, until: bool) -> String {
    let span = maxspan.map(|span| format!(" with maxspan={span}s")).unwrap_or_default();
    let stages: String = (0..n).map(|stage| format!(" [any where s == {stage}]")).collect();
    let until = if until { " until [any where s == 3]" } else { "" };
    format!("sequence by k{span}{stages}{until}")
}

proptest! {
    #[test]
    fn the_machine_does_what_its_definition_says(
        events in events(), n in 2_usize..4, maxspan in prop::option::of(1_u8..15), until in any::<bool>(),
    ) {
        let query = query(n, maxspan, until);
        let found = run(&query, &events, &Options::default());
        prop_assert_eq!(found, defined(&events, n, maxspan, until), "{}", query);
    }

    #[test]
    fn every_sequence_is_one(
        events in events(), maxspan in prop::option::of(1_u8..15),
    ) {
        let order = ordered(&events);
        let place = |event: u32| order.iter().position(|at| *at == event as usize).unwrap();
        for hit in run(&query(3, maxspan, false), &events, &Options::default()) {
            let hit: Vec<u32> = hit.into_iter().flatten().collect();
            for (stage, event) in hit.iter().enumerate() {
                prop_assert!(events[*event as usize].1.contains(&stage));
            }
            prop_assert!(hit.windows(2).all(|pair| place(pair[0]) < place(pair[1])));
            let times = |event: u32| events[event as usize].0;
            let span = times(hit[hit.len() - 1]) - times(hit[0]);
            prop_assert!(maxspan.is_none_or(|maxspan| span <= maxspan));
            let common = |key: &u8| hit.iter().all(|event| events[*event as usize].2.contains(key));
            prop_assert!((0..3_u8).any(|key| common(&key)));
        }
    }

    #[test]
    fn events_of_a_foreign_key_change_nothing(events in events(), foreign in events()) {
        let query = query(2, Some(9), true);
        let alone = run(&query, &events, &Options::default());
        // The foreign events come first in the input, so their positions shift the others.
        let shift = foreign.len() as u32;
        let mut mixed: Vec<Event> =
            foreign.into_iter().map(|(time, stages, _)| (time, stages, vec![9])).collect();
        mixed.extend(events.iter().cloned());
        let found: Vec<Vec<Option<u32>>> = run(&query, &mixed, &Options::default())
            .into_iter()
            .filter(|hit| hit.iter().flatten().all(|event| *event >= shift))
            .map(|hit| hit.into_iter().map(|event| event.map(|event| event - shift)).collect())
            .collect();
        prop_assert_eq!(found, alone);
    }

    #[test]
    fn samples_hold_one_event_per_filter_and_none_twice(events in events(), per_key in 1_usize..4) {
        let query = "sample by k [any where s == 0] [any where s == 1] [any where s == 2]";
        let options = Options { max_samples_per_key: per_key, ..Options::default() };
        let found = run(query, &events, &options);
        for hit in &found {
            let hit: Vec<u32> = hit.iter().copied().flatten().collect();
            for (filter, event) in hit.iter().enumerate() {
                prop_assert!(events[*event as usize].1.contains(&filter));
            }
            prop_assert!(hit[0] != hit[1] && hit[1] != hit[2] && hit[0] != hit[2]);
        }
        // As many as there are combinations, up to the limit of each key.
        let mut expected = 0;
        for key in 0..3_u8 {
            let fits = |filter: usize| {
                let fits = events.iter().enumerate();
                let fits = fits.filter(move |(_, e)| e.1.contains(&filter) && e.2.contains(&key));
                fits.map(|(at, _)| at).collect::<Vec<_>>()
            };
            let mut n = 0;
            for a in fits(0) {
                for b in fits(1) {
                    n += fits(2).iter().filter(|c| a != b && **c != a && **c != b).count();
                }
            }
            expected += n.min(per_key);
        }
        prop_assert_eq!(found.len(), expected);
    }
}

/// A term of a random sequence: the value of `s` it wants, how often, and whether it must be missing.
type Term = (usize, usize, bool);

fn terms() -> impl Strategy<Value = Vec<Term>> {
    prop::collection::vec((0_usize..4, 1_usize..3, prop::bool::weighted(0.25)), 2..5)
}

proptest! {
    #[test]
    fn every_reading_of_a_join_says_the_same(
        events in events(), terms in terms(), optional in any::<bool>(), maxspan in 1_u8..20,
        until in prop::option::of(0_usize..4), pipe in prop::option::of((any::<bool>(), 0_usize..4)),
        is_sample in any::<bool>(),
    ) {
        let key = if optional { "?k" } else { "k" };
        let mut wanted = Vec::new();
        let mut query = String::new();
        // One ordinary term at least.
        for (at, (value, runs, missing)) in terms.iter().enumerate() {
            let missing = *missing && at > 0 && !is_sample;
            let runs = if is_sample { 1 } else { *runs };
            let bang = if missing { "!" } else { "" };
            query.push_str(&format!(" {bang}[any where s == {value}]"));
            if runs > 1 {
                query.push_str(&format!(" with runs={runs}"));
            }
            wanted.extend(std::iter::repeat_n((*value, missing), runs));
        }
        let query = if is_sample {
            format!("sample by {key}{query}")
        } else {
            let until = until.map(|value| format!(" until [any where s == {value}]"));
            let pipe = pipe.map(|(head, n)| format!(" | {} {n}", if head { "head" } else { "tail" }));
            let (until, pipe) = (until.unwrap_or_default(), pipe.unwrap_or_default());
            format!("sequence by {key} with maxspan={maxspan}s{query}{until}{pipe}")
        };
        let loaded = load(&ndjson(&events));
        let options = Options::default();
        let compiled = compile(&query, &Mapping::default(), &loaded.store, &options);
        // Without a second stage it is refused.
        let Some(plan) = compiled.plan else {
            prop_assert!(wanted.len() < 2, "{}: {:?}", query, compiled.findings);
            return Ok(());
        };
        let patterns = IndexPatterns::default();
        let found = search(&plan, &loaded.store, &patterns, &options, &mut (), &mut ());
        let Hits::Joined(matches) = cut(&found.all, &plan, usize::MAX, ResultPosition::Tail) else {
            panic!("{query} searches single events");
        };
        let matches: Vec<Vec<Option<u32>>> = matches.into_iter().map(|hit| hit.events).collect();
        let part = |event: u32| matches.iter().flatten().any(|found| *found == Some(event));

        let mut desk = Desk::new();
        desk.load(&ndjson(&events));
        let result = desk.run(&query, &|| 0.0).result.unwrap();
        prop_assert_eq!(result.matches as usize, matches.len(), "{}", query);
        prop_assert_eq!(desk.matches(), matches.clone(), "{}", query);
        for row in desk.rows(Filter::All, 0, u32::MAX).rows {
            let holds = part(row.event);
            prop_assert_eq!(row.verdict == Verdict::Holds, holds, "{} on {}", query, row.event);
            prop_assert_eq!(result.verdicts[row.event as usize], row.verdict);
            prop_assert_eq!(desk.explain(row.event).unwrap().verdict, row.verdict);
        }
        let listed = desk.rows(Filter::Matches, 0, u32::MAX).rows;
        prop_assert!(listed.iter().all(|row| part(row.event)), "{}", query);

        let timeline = desk.timeline();
        prop_assert_eq!(timeline.matched as usize, matches.len(), "{}", query);
        let fits = |event: u32, stage: usize| events[event as usize].1.contains(&wanted[stage].0);
        let mut matched: Vec<Vec<Option<u32>>> = Vec::new();
        for trace in &timeline.traces {
            let ids: Vec<Option<u32>> =
                trace.events.iter().map(|event| event.as_ref().map(|event| event.event)).collect();
            for (stage, event) in ids.iter().enumerate() {
                prop_assert!(event.is_none_or(|event| fits(event, stage)), "{}: {:?}", query, ids);
                // Only what must be missing has no event, and what came before a lack of a key.
                let lacks_key = trace.ended == Ended::KeyMissing;
                prop_assert!(event.is_some() != wanted[stage].1 || lacks_key, "{}: {:?}", query, ids);
            }
            if trace.ended == Ended::Matched {
                matched.push(ids);
            }
        }
        if is_sample {
            let samples = timeline.groups.iter().flat_map(|group| &group.samples);
            matched = samples
                .map(|sample| sample.iter().map(|event| Some(event.event)).collect())
                .collect();
        }
        let sorted = |mut lists: Vec<Vec<Option<u32>>>| {
            lists.sort();
            lists
        };
        prop_assert_eq!(sorted(matched), sorted(matches), "{}", query);
    }
}

/// A sequence over the stages of some terms, `![…]` among them; the first is ordinary unless
/// `leads`.
fn written(terms: &[Term], leads: bool, maxspan: u8, until: Option<usize>) -> String {
    let mut query = format!("sequence by k with maxspan={maxspan}s");
    for (at, (value, runs, missing)) in terms.iter().enumerate() {
        let bang = if *missing && (at > 0 || leads) { "!" } else { "" };
        query.push_str(&format!(" {bang}[any where s == {value}]"));
        if *runs > 1 {
            query.push_str(&format!(" with runs={runs}"));
        }
    }
    let until = until.map(|value| format!(" until [any where s == {value}]"));
    query + &until.unwrap_or_default()
}

/// A desk after a run over these events; `None` where the query is refused.
fn desk_after(query: &str, events: &[Event]) -> Option<Desk> {
    let mut desk = Desk::new();
    desk.load(&ndjson(events));
    desk.run(query, &|| 0.0).result?;
    Some(desk)
}

fn positions(events: &[Option<EventRef>]) -> Vec<Option<u32>> {
    events.iter().map(|event| event.as_ref().map(|event| event.event)).collect()
}

/// The events and `![…]` stages of what is open when the data end, sorted.
fn open(timeline: &Timeline) -> Vec<String> {
    let open = timeline.traces.iter().filter(|trace| trace.ended == Ended::OpenAtEndOfData);
    let mut open: Vec<String> =
        open.map(|trace| format!("{:?} {:?}", positions(&trace.events), trace.slots)).collect();
    open.sort();
    open
}

fn count(timeline: &Timeline, ended: Ended) -> u32 {
    timeline.ended.iter().find(|(other, _)| *other == ended).map_or(0, |(_, count)| *count)
}

proptest! {
    // Each case runs the query once per event.
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_cursor_is_what_a_run_over_the_events_so_far_leaves(
        mut events in events(), terms in terms(), leads in any::<bool>(), maxspan in 1_u8..20,
        until in prop::option::of(0_usize..4),
    ) {
        // In the order of spec §7.2, so that the first events are those before the others.
        events.sort_by_key(|event| event.0);
        let query = written(&terms, leads, maxspan, until);
        let Some(desk) = desk_after(&query, &events) else { return Ok(()) };
        let timeline = desk.timeline();
        let mut did: HashMap<Happened, u32> = HashMap::new();
        let mut taken_back = 0;
        let last_ordinary = timeline.stages.iter().filter(|stage| !stage.missing && !stage.until);
        let last_ordinary = last_ordinary.map(|stage| stage.number).max().unwrap();
        let mut at = 0;
        for event in 0..events.len() {
            let cursor = desk.cursor(CursorAt::Event(event as u32)).unwrap();
            let so_far = desk_after(&query, &events[..=event]).unwrap().timeline();
            // Whether the event is one of those that count.
            if cursor.at > at {
                at = cursor.at;
                let nth = desk.cursor(CursorAt::Nth(at));
                prop_assert_eq!(nth.as_ref(), Some(&cursor));
                for done in &cursor.did {
                    *did.entry(done.what).or_default() += 1;
                    taken_back +=
                        u32::from(done.what == Happened::Discarded && done.stage > last_ordinary);
                }
            } else {
                prop_assert_eq!(cursor.did[0].what, Happened::Nothing);
            }
            prop_assert_eq!(cursor.n_pending as usize, cursor.pending.len());
            // In the middle of a millisecond less is decided than at the end of the data.
            if events.get(event + 1).is_none_or(|next| next.0 > events[event].0) {
                let mut pending: Vec<String> = cursor
                    .pending
                    .iter()
                    .map(|chain| format!("{:?} {:?}", positions(&chain.events), chain.slots))
                    .collect();
                pending.sort();
                prop_assert_eq!(&pending, &open(&so_far), "{} after {}", query, event);
            }
            prop_assert_eq!(cursor.n_pending, count(&so_far, Ended::OpenAtEndOfData));
            prop_assert_eq!(cursor.n_ended + cursor.n_pending, so_far.total, "{} after {}", query, event);
            if cursor.n_ended as usize == cursor.ended.len() {
                for ended in Ended::ALL.into_iter().filter(|e| *e != Ended::OpenAtEndOfData) {
                    let n = cursor.ended.iter().filter(|past| past.ended == ended).count();
                    prop_assert_eq!(n as u32, count(&so_far, ended), "{} after {}", query, event);
                }
            }
        }
        // Each trace of the timeline ends at exactly one position; a match stands from its last
        // event on until the window of a trailing `![…]` is over.
        let did = |what| did.get(&what).copied().unwrap_or_default();
        prop_assert_eq!(did(Happened::Completed), timeline.matched + taken_back, "{}", query);
        for (what, ended) in [
            (Happened::Overwrote, Ended::Overwritten),
            (Happened::Expired, Ended::MaxspanExpired),
            (Happened::Until, Ended::Until),
            (Happened::Discarded, Ended::MissingEventSeen),
            (Happened::KeyMissing, Ended::KeyMissing),
        ] {
            prop_assert_eq!(did(what), count(&timeline, ended), "{} {:?}", query, what);
        }
    }

    #[test]
    fn what_is_kept_is_some_of_all_and_the_nearest_to_a_match(
        events in events(), terms in terms(), leads in any::<bool>(), maxspan in 1_u8..20,
        until in prop::option::of(0_usize..4), max in 0_usize..6,
    ) {
        let query = written(&terms, leads, maxspan, until);
        let loaded = load(&ndjson(&events));
        let options = Options::default();
        let compiled = compile(&query, &Mapping::default(), &loaded.store, &options);
        let Some(plan) = compiled.plan else { return Ok(()) };
        let patterns = IndexPatterns::default();
        let (mut all, mut some) = (Vec::<Trail>::new(), Trails::new(max));
        let told = search(&plan, &loaded.store, &patterns, &options, &mut (), &mut all);
        let kept = search(&plan, &loaded.store, &patterns, &options, &mut (), &mut some);
        let silent = search(&plan, &loaded.store, &patterns, &options, &mut (), &mut ());
        prop_assert_eq!((&told.all, &kept.all), (&silent.all, &silent.all));
        prop_assert_eq!((some.len(), some.n_kept()), (all.len(), all.len().min(max)));
        let mut nearest: Vec<(usize, &Trail)> = all.iter().enumerate().collect();
        nearest.sort_by_key(|(at, trail)| (usize::MAX - trail.events.len(), *at));
        nearest.truncate(max);
        nearest.sort_by_key(|(at, _)| *at);
        let nearest: Vec<&Trail> = nearest.into_iter().map(|(_, trail)| trail).collect();
        prop_assert_eq!(some.nearest(usize::MAX), nearest);
        for trail in &all {
            let like = |other: &&Trail| {
                std::mem::discriminant(&other.end) == std::mem::discriminant(&trail.end)
            };
            prop_assert_eq!(some.count(trail.end, None) as usize, all.iter().filter(like).count());
        }
    }
}
