//! What must not change an answer, and what every answer is (spec §15.2), for events that come in
//! any order, tie, lack keys or have several.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::HashMap;

use eqlens_engine::eval::Recording;
use eqlens_engine::ingest::load;
use eqlens_engine::rule::IndexPatterns;
use eqlens_engine::run::{Hits, Options, ResultPosition, compile, cut, search};
use eqlens_engine::schema::Mapping;
use proptest::prelude::*;

/// An event: millisecond, what it is (0 to 4), keys.
#[derive(Clone, Debug)]
struct Event {
    time: u64,
    is: Vec<usize>,
    keys: Vec<u8>,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let is = prop::collection::vec(0_usize..5, 0..3);
    let keys = prop::collection::btree_set(0_u8..3, 0..3);
    let event = (0_u64..40, is, keys).prop_map(|(time, is, keys)| Event {
        time,
        is,
        keys: keys.into_iter().collect(),
    });
    prop::collection::vec(event, 0..40)
}

/// The same with a time of its own for each.
fn spread() -> impl Strategy<Value = Vec<Event>> {
    events().prop_map(|mut events| {
        events.iter_mut().enumerate().for_each(|(at, event)| event.time = 3 * at as u64);
        events
    })
}

fn ndjson<'e>(events: impl IntoIterator<Item = (usize, &'e Event)>) -> String {
    let line = |(id, event): (usize, &Event)| {
        let source =
            serde_json::json!({"@timestamp": event.time, "s": event.is, "k": event.keys, "n": id});
        format!("{}\n", serde_json::json!({"_id": id.to_string(), "_source": source}))
    };
    events.into_iter().map(line).collect()
}

/// The ids of the events of every match, with the match's key; `None` for a missing one.
type Answer = Vec<(String, Vec<Option<usize>>)>;

/// All that matches. Whoever watches sees the same.
fn all(query: &str, ndjson: &str) -> Answer {
    answer(query, ndjson, usize::MAX, ResultPosition::Tail)
}

fn answer(query: &str, ndjson: &str, size: usize, position: ResultPosition) -> Answer {
    let loaded = load(ndjson);
    let (mapping, options) = (Mapping::default(), Options::default());
    let compiled = compile(query, &mapping, &loaded.store, &options);
    let plan = compiled.plan.unwrap_or_else(|| panic!("{query}: {:?}", compiled.findings));
    let patterns = IndexPatterns::default();
    let found = search(&plan, &loaded.store, &patterns, &options, &mut (), &mut ());
    let (mut recording, mut trails) = (Recording::default(), Vec::new());
    let told = search(&plan, &loaded.store, &patterns, &options, &mut recording, &mut trails);
    assert_eq!((&found.all, &found.matches), (&told.all, &told.matches), "{query}");
    let id = |event: u32| loaded.store.id(event).parse().unwrap();
    match cut(&found.all, &plan, size, position) {
        Hits::Events(events) => {
            events.into_iter().map(|event| (String::new(), vec![Some(id(event))])).collect()
        }
        Hits::Joined(matches) => matches
            .into_iter()
            .map(|hit| {
                let keys = found.keys.values(hit.tuple);
                let keys: Vec<String> =
                    keys.map(|key| key.text().unwrap_or_else(|| "null".into())).collect();
                (keys.join(","), hit.events.into_iter().map(|event| event.map(id)).collect())
            })
            .collect(),
    }
}

/// A sequence: what its stages are and which must be missing, its span, what `until` is.
#[derive(Clone, Debug)]
struct Sequence {
    stages: Vec<(usize, bool)>,
    maxspan: u64,
    until: Option<usize>,
    optional: bool,
}

fn sequence() -> impl Strategy<Value = Sequence> {
    let stages = prop::collection::vec((0_usize..4, prop::bool::weighted(0.3)), 2..5);
    (stages, 1_u64..30, prop::option::of(0_usize..5), any::<bool>()).prop_map(
        |(mut stages, maxspan, until, optional)| {
            if stages.iter().all(|(_, missing)| *missing) {
                stages[0].1 = false;
            }
            Sequence { stages, maxspan, until, optional }
        },
    )
}

impl Sequence {
    fn text(&self) -> String {
        let stage = |(is, missing): &(usize, bool)| {
            format!(" {}[any where s == {is}]", if *missing { "!" } else { "" })
        };
        let stages: String = self.stages.iter().map(stage).collect();
        let until = self.until.map(|is| format!(" until [any where s == {is}]"));
        let mark = if self.optional { "?" } else { "" };
        let until = until.unwrap_or_default();
        format!("sequence by {mark}k with maxspan={}ms{stages}{until}", self.maxspan)
    }

    /// The keys that an event counts for.
    fn keys(&self, event: &Event) -> Vec<Option<u8>> {
        match event.keys.as_slice() {
            [] if self.optional => vec![None],
            keys => keys.iter().copied().map(Some).collect(),
        }
    }

    /// Spec §7.13 for the ordinary stages, then §7.28 and §7.29 for the others, word for word.
    fn defined(&self, events: &[Event]) -> Answer {
        let ordinary: Vec<usize> =
            self.stages.iter().filter(|(_, missing)| !missing).map(|(is, _)| *is).collect();
        let last = ordinary.len() - 1;
        let mut order: Vec<usize> = (0..events.len()).collect();
        order.sort_by_key(|at| events[*at].time);
        let mut slots: HashMap<(Option<u8>, usize), Vec<usize>> = HashMap::new();
        let mut found = Vec::new();
        for at in order {
            let event = &events[at];
            for stage in (0..=last).rev().filter(|stage| event.is.contains(&ordinary[*stage])) {
                for key in self.keys(event) {
                    let mut partial = Vec::new();
                    if stage > 0 {
                        let Some(taken) = slots.remove(&(key, stage - 1)) else { continue };
                        if event.time - events[taken[0]].time > self.maxspan {
                            continue;
                        }
                        partial = taken;
                    }
                    partial.push(at);
                    if stage < last {
                        slots.insert((key, stage), partial);
                    } else if self.keeps(events, key, &partial) {
                        found.push((key, partial));
                    }
                }
            }
            if self.until.is_some_and(|until| event.is.contains(&until)) {
                for key in self.keys(event) {
                    slots.retain(|(slot, _), _| *slot != key);
                }
            }
        }
        let written = |(key, ordinary): (Option<u8>, Vec<usize>)| {
            let mut ordinary = ordinary.into_iter();
            let stages = self.stages.iter();
            let ids = stages.map(|(_, missing)| if *missing { None } else { ordinary.next() });
            (key.map_or("null".into(), |key| key.to_string()), ids.collect())
        };
        found.into_iter().map(written).collect()
    }

    fn keeps(&self, events: &[Event], key: Option<u8>, ordinary: &[usize]) -> bool {
        let times: Vec<u64> = ordinary.iter().map(|at| events[*at].time).collect();
        let (first, last) = (times[0], times[times.len() - 1]);
        let unwanted = |is: usize| {
            let of_key = events.iter().filter(move |event| self.keys(event).contains(&key));
            of_key.filter(move |event| event.is.contains(&is)).map(|event| event.time)
        };
        let (mut before, mut after) = (None, None);
        let (mut leads, mut trails) = (false, false);
        let mut seen = 0;
        for (is, missing) in &self.stages {
            if !missing {
                seen += 1;
            } else if seen == 0 {
                leads = true;
                before = before.max(unwanted(*is).filter(|time| *time < first).max());
            } else if seen == times.len() {
                trails = true;
                let next = unwanted(*is).filter(|time| *time > last).min();
                after = after.into_iter().chain(next).min();
            } else {
                let (previous, next) = (times[seen - 1], times[seen]);
                if unwanted(*is).any(|time| previous < time && time < next) {
                    return false;
                }
            }
        }
        let span = self.maxspan;
        match (leads, trails) {
            (true, false) => before.is_none_or(|before| last - before > span),
            (false, true) => after.is_none_or(|after| after - first > span),
            _ => before.is_none_or(|b| after.is_none_or(|a| a - b > span)),
        }
    }
}

fn whole(events: &[Event]) -> String {
    ndjson(events.iter().enumerate())
}

proptest! {
    #[test]
    fn sequences_with_missing_events_are_what_their_definition_says(
        events in events(), sequence in sequence(),
    ) {
        let found = all(&sequence.text(), &whole(&events));
        prop_assert_eq!(found, sequence.defined(&events), "{}", sequence.text());
    }

    #[test]
    fn the_order_of_the_input_means_nothing_where_no_times_tie(
        events in spread(), sequence in sequence(), seed in any::<u64>(),
    ) {
        let mut shuffled: Vec<(usize, &Event)> = events.iter().enumerate().collect();
        shuffled.sort_by_key(|(at, _)| (*at as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
        let shuffled = ndjson(shuffled);
        let sample = "sample by k [any where s == 0] [any where s == 1]";
        for query in [sequence.text().as_str(), sample, "any where s == 2 or not k == 1"] {
            prop_assert_eq!(all(query, &shuffled), all(query, &whole(&events)), "{}", query);
        }
    }

    #[test]
    fn an_event_of_several_keys_is_as_many_events_of_one(
        events in events(), sequence in sequence(),
    ) {
        // The parts of an event have its id.
        let parts = events.iter().enumerate().flat_map(|(at, event)| {
            let keys = event.keys.iter().map(|key| vec![*key]);
            let keys: Vec<Vec<u8>> =
                if event.keys.is_empty() { vec![Vec::new()] } else { keys.collect() };
            keys.into_iter().map(move |keys| (at, Event { keys, ..event.clone() }))
        });
        let parts: Vec<(usize, Event)> = parts.collect();
        let split = ndjson(parts.iter().map(|(at, event)| (*at, event)));
        let query = sequence.text();
        // Matches that one event completes come by stage and key; that of the parts by key first.
        let sorted = |mut answer: Answer| {
            answer.sort();
            answer
        };
        prop_assert_eq!(sorted(all(&query, &split)), sorted(all(&query, &whole(&events))), "{}", query);
    }

    #[test]
    fn heads_are_prefixes_and_tails_suffixes(
        events in events(), sequence in sequence(), n in 0_usize..12, size in 0_usize..12,
    ) {
        let events = whole(&events);
        for query in [sequence.text().as_str(), "any where s == 2"] {
            let (head, tail) = (ResultPosition::Head, ResultPosition::Tail);
            let full = all(query, &events);
            let at_most = |n: usize| n.min(full.len());
            let (first, last) = (|n| &full[..at_most(n)], |n| &full[full.len() - at_most(n)..]);
            let piped = |pipe: &str| format!("{query} | {pipe} {n}");
            for position in [head, tail] {
                let get = |pipe: &str| answer(&piped(pipe), &events, size, position);
                prop_assert_eq!(get("head"), first(n.min(size)), "{}", query);
                prop_assert_eq!(get("tail"), last(n.min(size)), "{}", query);
            }
            prop_assert_eq!(answer(query, &events, n, head), first(n));
            prop_assert_eq!(answer(query, &events, n, tail), last(n));
        }
    }

    #[test]
    fn a_sequence_without_repeats_is_found_wherever_there_is_one(
        times in prop::collection::vec(prop::collection::vec(prop::option::of(0_u64..12), 3), 3),
    ) {
        // Per key each stage once at most: the machine can forget nothing.
        let mut events = Vec::new();
        for (key, times) in times.iter().enumerate() {
            for (is, time) in times.iter().enumerate() {
                events.extend(time.map(|time| Event { time, is: vec![is], keys: vec![key as u8] }));
            }
        }
        let query = "sequence by k [any where s == 0] [any where s == 1] [any where s == 2]";
        let mut found: Vec<String> =
            all(query, &whole(&events)).into_iter().map(|(key, _)| key).collect();
        found.sort();
        // Of equal times the earlier stage comes first in the input.
        let expected = times.iter().enumerate().filter(|(_, times)| match times.as_slice() {
            [Some(a), Some(b), Some(c)] => a <= b && b <= c,
            _ => false,
        });
        let expected: Vec<String> = expected.map(|(key, _)| key.to_string()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn folding_says_what_running_says(
        name in prop::sample::select(vec![
            "between", "between~", "concat", "endsWith", "endsWith~", "indexOf", "indexOf~",
            "startsWith", "startsWith~", "stringContains", "stringContains~", "length", "number",
            "substring", "add", "divide", "modulo", "multiply", "subtract", "string",
        ]),
        texts in prop::collection::vec(
            prop::sample::select(vec!["", "a", "Ab", "abAb", "\u{e9}", "\u{1f600}b", "12", "0x1f", "-7"]), 3),
        numbers in prop::collection::vec(-3_i64..6, 2),
        wanted in prop::sample::select(vec![
            "null", "true", "\"\"", "\"a\"", "\"b\"", "\"Ab\"", "\"12\"", "0", "1", "2", "-1", "31",
        ]),
    ) {
        let text = |at: usize| format!("\"{}\"", texts[at]);
        let number = |at: usize| numbers[at].to_string();
        let (constants, fields) = match name.trim_end_matches('~') {
            "between" => (vec![text(0), text(1), text(2)], vec!["a", "b", "c"]),
            "concat" | "endsWith" | "startsWith" | "stringContains" =>
                (vec![text(0), text(1)], vec!["a", "b"]),
            "indexOf" => (vec![text(0), text(1), number(0)], vec!["a", "b", "m"]),
            "length" | "number" => (vec![text(0)], vec!["a"]),
            "string" => (vec![number(0)], vec!["m"]),
            "substring" => (vec![text(0), number(0), number(1)], vec!["a", "m", "n"]),
            _ => (vec![number(0), number(1)], vec!["m", "n"]),
        };
        let event = serde_json::json!({
            "a": texts[0], "b": texts[1], "c": texts[2], "m": numbers[0], "n": numbers[1],
        });
        let store = load(&event.to_string()).store;
        let run = |args: &str| {
            let query = format!("any where {name}({args}) == {wanted}");
            let options = Options::default();
            let plan = compile(&query, &Mapping::default(), &store, &options).plan?;
            let patterns = IndexPatterns::default();
            Some(search(&plan, &store, &patterns, &options, &mut (), &mut ()).all.len())
        };
        let (folded, run) = (run(&constants.join(", ")), run(&fields.join(", ")));
        // Types are checked alike; a zero divisor is refused where it is known.
        if let (Some(folded), Some(run)) = (folded, run) {
            prop_assert_eq!(folded, run, "{}({}) == {}", name, constants.join(", "), wanted);
        }
    }
}

#[test]
fn keys_of_too_many_combinations_are_told() {
    let many: Vec<u32> = (0..101).collect();
    let event = serde_json::json!({"@timestamp": 1, "a": many, "b": many, "n": 1});
    let store = load(&event.to_string()).store;
    let options = Options::default();
    let query = "sequence by a, b [any where n == 1] [any where n == 2]";
    let plan = compile(query, &Mapping::default(), &store, &options).plan.unwrap();
    let found = search(&plan, &store, &IndexPatterns::default(), &options, &mut (), &mut ());
    let codes: Vec<&str> = found.warnings.iter().map(|warning| warning.kind.code()).collect();
    assert_eq!(codes, ["X-107"]);
}

#[test]
fn a_mapping_is_taken_back_whole() {
    let mapping = |ty: &str| {
        Mapping::parse(&format!(
            r#"{{"properties": {{"f": {{"type": "{ty}"}},
                "c": {{"type": "constant_keyword", "value": "x"}}}}}}"#
        ))
        .unwrap()
    };
    let mut store = load("{\"f\":1.7}\n{\"g\":1}").store;
    let values = |store: &eqlens_engine::store::Store, name: &str| -> Vec<String> {
        let column = store.column(name).into_iter();
        column.flat_map(|column| column.dictionary().map(|v| v.to_string())).collect()
    };
    for (ty, wanted) in [("float", "1.7000000476837158"), ("byte", "1"), ("double", "1.7")] {
        store.hold_as(&mapping(ty));
        assert_eq!(
            (values(&store, "f"), values(&store, "c")),
            (vec![wanted.into()], vec!["x".into()])
        );
    }
    store.hold_as(&Mapping::default());
    assert_eq!((values(&store, "f"), values(&store, "c")), (vec!["1.7".into()], vec![]));
    use eqlens_engine::schema::ValueTypes as _;
    assert!(store.names().all(|name| name != "c"));
}

/// A value as a document may hold it for any field, sound or not.
fn any_value() -> impl Strategy<Value = serde_json::Value> {
    prop::sample::select(vec![
        "null",
        "true",
        "0",
        "-1",
        "1",
        "1.7",
        "0.1",
        "\"0.1\"",
        "127",
        "128",
        "65504",
        "1e300",
        "9223372036854775807",
        "18446744073709551615",
        "\"\"",
        "\"a\"",
        "\"2\"",
        "\"1.10.0\"",
        "\"1.9\"",
        "\"10.0.0.1\"",
        "\"::ffff:10.0.0.1\"",
        "\"2026-03-12\"",
        "1773306080114",
        "\"2026-03-12T09:01:20.123456789Z\"",
        "[1, 2]",
        "[]",
        "{\"y\": 1}",
    ])
    .prop_map(|text| serde_json::from_str(text).unwrap())
}

fn any_type() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "byte",
        "short",
        "integer",
        "long",
        "unsigned_long",
        "half_float",
        "float",
        "double",
        "scaled_float",
        "boolean",
        "date",
        "date_nanos",
        "ip",
        "version",
        "constant_keyword",
        "wildcard",
        "keyword",
        "text",
        "flattened",
        "geo_point",
        "nested",
        "binary",
        "no_such_type",
    ])
}

proptest! {
    #[test]
    fn under_any_mapping_a_value_is_below_equal_or_above(
        types in prop::collection::vec(any_type(), 1..3),
        values in prop::collection::vec((0_usize..3, any_value()), 0..12),
        literal in prop::sample::select(vec![
            "0", "1", "1.7", "0.1", "127", "9223372036854775807", "18446744073709551615", "\"a\"",
            "\"1.10.0\"", "\"10.0.0.1\"", "\"2026-03-12\"", "\"2026-03-12T09:01:20Z\"",
        ]),
    ) {
        let indices = types.iter().enumerate().map(|(at, ty)| {
            let field = serde_json::json!({"type": ty, "scaling_factor": 100, "value": "a"});
            (at.to_string(), serde_json::json!({"mappings": {"properties": {"x": field}}}))
        });
        let mapping: serde_json::Map<String, serde_json::Value> = indices.collect();
        let mapping = serde_json::Value::from(mapping).to_string();
        let mapping = Mapping::parse(&mapping).unwrap();
        let events: String = values
            .iter()
            .map(|(index, value)| {
                let hit = serde_json::json!({"_index": index.to_string(), "_source": {"x": value}});
                format!("{hit}\n")
            })
            .collect();
        let mut store = load(&events).store;
        store.hold_as(&mapping);
        let run = |condition: &str| {
            let query = format!("any where {condition}");
            let options = Options::default();
            let plan = compile(&query, &mapping, &store, &options).plan?;
            let patterns = IndexPatterns::default();
            let found = search(&plan, &store, &patterns, &options, &mut (), &mut ());
            Some((0..store.n_events()).map(|event| found.matches.get(event)).collect::<Vec<_>>())
        };
        let of = |op: &str| run(&format!("x {op} {literal}"));
        let (Some(equal), Some(unequal)) = (of("=="), of("!=")) else { return Ok(()) };
        for (event, (_, value)) in values.iter().enumerate() {
            prop_assert!(equal[event] != unequal[event]);
            let (Some(below), Some(above), Some(upto), Some(from)) =
                (of("<"), of(">"), of("<="), of(">="))
            else {
                continue;
            };
            // Of several values each may be something else; the index of a scaled_float rounds what
            // it looks for and not the bounds of a range.
            if value.is_array() || types.contains(&"scaled_float") {
                continue;
            }
            let places = [below[event], equal[event], above[event]];
            let n = places.iter().filter(|holds| **holds).count();
            prop_assert!(n <= 1, "{literal}: {value} {places:?} under {types:?}");
            prop_assert_eq!(upto[event], below[event] || equal[event], "{} {}", value, literal);
            prop_assert_eq!(from[event], above[event] || equal[event], "{} {}", value, literal);
        }
    }
}
