//! Real rules and hand-written queries over real telemetry in flat field names, read in place; skips,
//! saying so, where it is not at hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::HashMap;

use eqlens_engine::ingest::{Loader, decode};
use eqlens_engine::rule::{self, IndexPatterns};
use eqlens_engine::run::{Hits, Options, compile, search};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use eqlens_tests::paths::{external, text};
use serde_json::{Value, json};

/// Fields of the Elastic Common Schema that have a flat name in the telemetry.
const ALIASES: [(&str, &str); 19] = [
    ("process.name", "process_name"),
    ("process.command_line", "command_line"),
    ("process.executable", "process_path"),
    ("process.pid", "pid"),
    ("process.entity_id", "unique_pid"),
    ("process.parent.name", "parent_process_name"),
    ("process.parent.executable", "parent_process_path"),
    ("process.parent.pid", "ppid"),
    ("process.parent.entity_id", "unique_ppid"),
    ("user.name", "user_name"),
    ("registry.path", "registry_path"),
    ("registry.key", "registry_key"),
    ("registry.value", "registry_value"),
    ("dll.path", "image_path"),
    ("dll.name", "image_name"),
    ("file.path", "file_path"),
    ("file.name", "file_name"),
    ("destination.ip", "destination_address"),
    ("source.ip", "source_address"),
];

fn mapping() -> Mapping {
    let mut properties = serde_json::Map::new();
    for (alias, path) in ALIASES {
        let ty = match path {
            "pid" | "ppid" => "long",
            "destination_address" | "source_address" => "ip",
            _ => "keyword",
        };
        properties.insert(path.into(), json!({"type": ty}));
        properties.insert(alias.into(), json!({"type": "alias", "path": path}));
    }
    for (name, value) in [("host.os.type", "windows"), ("host.id", "h"), ("event.type", "start")] {
        properties.insert(name.into(), json!({"type": "constant_keyword", "value": value}));
    }
    Mapping::parse(&json!({"properties": properties}).to_string()).unwrap()
}

/// The events of a file, as the engine and as JSON reads them.
fn events(file: &str) -> Option<(Store, Vec<Value>)> {
    let bytes = std::fs::read(external(file)?).unwrap();
    let decoded = decode(bytes, usize::MAX).unwrap();
    let mut loader = Loader::new();
    let added = loader.add(&decoded.text);
    assert_eq!((decoded.skipped, added.skipped), (0, 0), "{file}");
    let json: Vec<Value> =
        decoded.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Some((loader.finish(), json))
}

fn options() -> Options {
    Options { event_category_field: "event_type".into(), ..Options::default() }
}

/// All events or sequences that match.
fn all(query: &str, store: &Store) -> Vec<Vec<usize>> {
    let compiled = compile(query, &Mapping::default(), store, &options());
    let plan = compiled.plan.unwrap_or_else(|| panic!("{query}: {:?}", compiled.findings));
    let patterns = IndexPatterns::default();
    match search(&plan, store, &patterns, &options(), &mut (), &mut ()).all {
        Hits::Events(events) => events.into_iter().map(|event| vec![event as usize]).collect(),
        Hits::Joined(matches) => matches
            .into_iter()
            .map(|hit| hit.events.into_iter().flatten().map(|event| event as usize).collect())
            .collect(),
    }
}

const FILES: [&str; 2] = ["data/regsvr32.ndjson", "data/atomic-red-team.ndjson.gz"];

#[test]
fn every_public_rule_runs_over_telemetry_and_finds_what_it_may() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let library = rule::read_all(&text(&corpus));
    for file in FILES {
        let Some((mut store, json)) = events(file) else { return };
        for mapping in [Mapping::default(), mapping()] {
            store.hold_as(&mapping);
            let (mut ran, mut matched) = (0, Vec::new());
            for (rule, _) in &library {
                let Some(plan) = compile(&rule.query, &mapping, &store, &options()).plan else {
                    continue;
                };
                ran += 1;
                let patterns = IndexPatterns::new(&rule.indices);
                let found = search(&plan, &store, &patterns, &options(), &mut (), &mut ());
                if found.all.is_empty() {
                    continue;
                }
                matched.push(rule.name.clone().unwrap_or_default());
                // An event query that names a category finds events of it alone.
                let category = rule.query.split_whitespace().next().unwrap();
                if let Hits::Events(events) = &found.all
                    && category != "any"
                {
                    for event in events {
                        assert_eq!(json[*event as usize]["event_type"], category, "{}", rule.query);
                    }
                }
            }
            println!("{file}: {ran} of {} rules run, {matched:?} match", library.len());
            assert!(ran * 100 >= library.len() * 98, "{file}: {ran}");
        }
    }
}

/// A query, and what it says of an event, written down a second time.
type Told = (&'static str, fn(&Value) -> bool);

fn is(event: &Value, field: &str, wanted: &str) -> bool {
    event[field].as_str() == Some(wanted)
}

fn like(event: &Value, field: &str, check: fn(&str) -> bool) -> bool {
    event[field].as_str().is_some_and(|text| check(&text.to_ascii_lowercase()))
}

const QUERIES: [Told; 14] = [
    ("process where process_name == \"cmd.exe\"", |e| {
        is(e, "event_type", "process") && is(e, "process_name", "cmd.exe")
    }),
    ("any where process_name : \"CMD.EXE\"", |e| like(e, "process_name", |n| n == "cmd.exe")),
    ("any where process_name != \"cmd.exe\"", |e| !is(e, "process_name", "cmd.exe")),
    ("registry where registry_path : \"*\\\\Run*\"", |e| {
        is(e, "event_type", "registry") && like(e, "registry_path", |p| p.contains("\\run"))
    }),
    ("any where image_name in~ (\"NTDLL.DLL\", \"kernel32.dll\")", |e| {
        like(e, "image_name", |n| n == "ntdll.dll" || n == "kernel32.dll")
    }),
    ("any where pid > 5000 and not process_name : \"svchost*\"", |e| {
        e["pid"].as_i64() > Some(5000) && !like(e, "process_name", |n| n.starts_with("svchost"))
    }),
    ("process where command_line regex~ \".*reg(svr32)?(\\\\.exe)?.*/s.*\"", |e| {
        is(e, "event_type", "process")
            && like(e, "command_line", |line| {
                line.find("reg").is_some_and(|at| line[at..].contains("/s"))
            })
    }),
    ("any where length(command_line) > 100", |e| {
        e["command_line"].as_str().is_some_and(|line| line.encode_utf16().count() > 100)
    }),
    ("any where subtype == null", |e| e["subtype"].is_null()),
    ("any where destination_port != null and number(destination_port) < 1024", |e| {
        e["destination_port"].as_str().is_some_and(|port| port.parse::<u32>().unwrap() < 1024)
    }),
    ("any where cidrMatch(source_address, \"10.0.0.0/8\", \"192.168.0.0/16\")", |e| {
        like(e, "source_address", |ip| ip.starts_with("10.") || ip.starts_with("192.168."))
    }),
    ("any where timestamp % 1000000 == 0 and timestamp / 10000000 > 13188357182", |e| {
        let ticks = e["timestamp"].as_i64().unwrap();
        ticks % 1_000_000 == 0 && ticks / 10_000_000 > 13_188_357_182
    }),
    ("any where endsWith~(process_path, concat(\"\\\\\", process_name))", |e| {
        let tail = e["process_name"].as_str().map(|name| format!("\\{name}").to_ascii_lowercase());
        let path = e["process_path"].as_str().map(str::to_ascii_lowercase);
        path.is_some_and(|path| path.ends_with(&tail.unwrap()))
    }),
    ("any where ppid == 4 or user_name : (\"bob\", \"SYSTEM\")", |e| {
        e["ppid"] == 4 || like(e, "user_name", |user| user == "bob" || user == "system")
    }),
];

#[test]
fn flat_queries_find_what_they_say() {
    for file in FILES {
        let Some((store, json)) = events(file) else { return };
        for (query, holds) in QUERIES {
            let mut found: Vec<usize> = all(query, &store).into_iter().flatten().collect();
            found.sort_unstable();
            let wanted: Vec<usize> = (0..json.len()).filter(|at| holds(&json[*at])).collect();
            assert_eq!(found, wanted, "{file}: {query}");
            println!("{file}: {} by {query}", found.len());
        }
    }
}

#[test]
fn flat_sequences_find_what_they_say() {
    let query = "sequence by unique_pid with maxspan=2s \
                 [process where subtype == \"create\"] [image_load where image_name : \"ntdll.dll\"]";
    for file in FILES {
        let Some((store, json)) = events(file) else { return };
        let mut order: Vec<usize> = (0..json.len()).collect();
        order.sort_by_key(|at| json[*at]["@timestamp"].as_i64());
        let mut pending: HashMap<&str, usize> = HashMap::new();
        let mut wanted = Vec::new();
        for at in order {
            let event = &json[at];
            let key = event["unique_pid"].as_str().unwrap();
            if is(event, "event_type", "image_load")
                && like(event, "image_name", |n| n == "ntdll.dll")
                && let Some(start) = pending.remove(key)
            {
                let time = |at: usize| json[at]["@timestamp"].as_i64().unwrap();
                if time(at) - time(start) <= 2000 {
                    wanted.push(vec![start, at]);
                }
            } else if is(event, "event_type", "process") && is(event, "subtype", "create") {
                pending.insert(key, at);
            }
        }
        println!("{file}: {} sequences", wanted.len());
        assert_eq!(all(query, &store), wanted, "{file}");
    }
}
