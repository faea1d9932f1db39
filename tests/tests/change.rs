//! What would have to change in an event, and which events matches need. Whatever is edited is read
//! back and run; the corpus' near misses come from `synth`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::BTreeMap;

use eqlens_engine::change;
use eqlens_engine::desk::Desk;
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::schema::Mapping;
use eqlens_engine::synth::{About, ndjson, synthesise};
use eqlens_engine::wire::change::{Action, Change};
use eqlens_tests::paths::{external, files, repository, text};

fn desk(events: &str, query: &str) -> Desk {
    let mut desk = Desk::new();
    desk.load(events);
    let outcome = desk.run(query, &|| 0.0);
    assert!(outcome.result.is_some(), "{query}: {:?}", outcome.findings);
    desk
}

fn changed(event: &str, query: &str) -> Change {
    desk(event, query).change(0).unwrap()
}

/// The edits of one event, in short.
fn edits(change: &Change) -> String {
    let one = |edit: &eqlens_engine::wire::change::FieldEdit| {
        let to = edit.to.as_deref().unwrap_or_default();
        let from = edit.from.first().map_or("", String::as_str);
        match edit.action {
            Action::Set => format!("{}={to}", edit.field),
            Action::Add => format!("{}+{to}", edit.field),
            Action::Remove => format!("{}-{from}", edit.field),
            Action::Delete => format!("{}!", edit.field),
        }
    };
    change.edits.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_kind_of_predicate_has_its_edit() {
    for (event, query, expected) in [
        (r#"{"a":"x"}"#, r#"any where a == "y""#, "a=y"),
        (r#"{"a":"Y"}"#, r#"any where a == "y""#, "a=y"),
        (r#"{"a":{"b":"x"}}"#, r#"any where a.b in ("y", "z")"#, "a.b=y"),
        (r#"{"a":"x"}"#, r#"any where a : "y*z""#, "a=yz"),
        (r#"{"a":"x"}"#, r#"any where a like "*.y""#, "a=x.y"),
        (r#"{"a":"x"}"#, r#"any where a regex "[y]{3}""#, "a=yyy"),
        (
            r#"{"source":{"ip":"8.8.8.8"}}"#,
            r#"any where cidrMatch(source.ip, "10.0.0.0/8")"#,
            "source.ip=10.0.0.1",
        ),
        (r#"{"a":3}"#, "any where a > 4", "a=5"),
        (r#"{"a":3}"#, "any where a < 3 and a >= 2", "a=2"),
        (r#"{"a":0.5}"#, "any where a > 0.75", "a=1.25"),
        (
            r#"{"a":18446744073709551614}"#,
            "any where a == 18446744073709551615",
            "a=18446744073709551615",
        ),
        (r#"{"a":9007199254740992}"#, "any where a > 9007199254740992", "a=9007199254740993"),
        (r#"{"a":false}"#, "any where a == true", "a=true"),
        // What must not be there.
        (r#"{"a":["x","y"]}"#, r#"any where not a == "x""#, "a-x"),
        (r#"{"a":["x","y","z"]}"#, r#"any where a != "x" and not a : "z*""#, "a-x a-z"),
        (r#"{"a":1}"#, "any where a == null", "a!"),
        (r#"{"a":[1,2]}"#, "any where a == null", "a!"),
        (
            r#"{"process":{"command_line":"run --bad now"}}"#,
            r#"any where not process.command_line : "*--bad*""#,
            "process.command_line=run now",
        ),
        (
            r#"{"process":{"command_line":"run it"}}"#,
            r#"any where process.command_line : "*--bad*""#,
            "process.command_line=run it --bad",
        ),
        // Arrays.
        (
            r#"{"process":{"args":["-a","-b"]}}"#,
            r#"any where process.args == "-c""#,
            "process.args+-c",
        ),
        (
            r#"{"process":{"args":["-a","-b"]}}"#,
            r#"any where process.args == "-c" and not process.args == "-a""#,
            "process.args=-c",
        ),
        (
            r#"{"process":{"args":"-a"}}"#,
            r#"any where process.args == "-a" and process.args == "-b""#,
            "process.args+-b",
        ),
        // Where everything is an array, as in `fields` of a search response, one element is no list.
        (
            r#"{"_id":"i","fields":{"a":["x"],"b":["y"]}}"#,
            r#"any where a == "z" and b == "y" and c.d == 1"#,
            "a=z c.d=1",
        ),
        // A missing field; the wrong category.
        (r#"{"b":1}"#, r#"any where a.c == "y""#, "a.c=y"),
        (r#"{"b":1}"#, "any where user.name != null", "user.name=alice"),
        (
            r#"{"event":{"category":"file"},"a":1}"#,
            "process where a == 1",
            "event.category=process",
        ),
        (r#"{"a":1}"#, "process where a == 1", "event.category=process"),
        (
            r#"{"event":{"category":["file"]},"a":1}"#,
            "process where a == 1",
            "event.category+process",
        ),
        // Functions.
        (
            r#"{"process":{"name":"ab"}}"#,
            "any where length(process.name) > 3",
            "process.name=abaaa",
        ),
        (
            r#"{"process":{"name":"ab"}}"#,
            r#"any where endsWith(process.name, ".exe")"#,
            "process.name=ab.exe",
        ),
        (
            r#"{"process":{"executable":"C:\\Windows\\a.exe"}}"#,
            r#"any where process.executable : "*\\cmd.exe""#,
            r"process.executable=C:\Windows\cmd.exe",
        ),
        (r#"{"process":{"pid":1}}"#, "any where process.pid + 3 == 10", "process.pid=7"),
        (
            r#"{"user":{"domain":"a","name":"b"}}"#,
            r#"any where concat(user.domain, "-", user.name) == "a-c""#,
            "user.name=c",
        ),
        // Several, and the nearest of alternatives.
        (r#"{"a":1,"b":1}"#, "any where a == 2 and b == 3", "a=2 b=3"),
        (r#"{"a":1,"b":1,"c":1}"#, "any where (a == 2 and b == 3) or c == 4", "c=4"),
        (
            r#"{"a":"x","b":1}"#,
            r#"any where (a == "y" or a == "z") and not a : "y*" and b == 1"#,
            "a=z",
        ),
        (r#"{"a":"x"}"#, r#"any where not (a == "x" and true) and a != null"#, "a=agent"),
    ] {
        let change = changed(event, query);
        let expected = expected.replace("a=agent", &edits(&change));
        assert_eq!(edits(&change), expected, "{query}: {}", change.sentence);
        let again = desk(change.source.as_deref().unwrap(), query);
        assert_eq!(again.matches().len(), 1, "{query}: {:?}", change.source);
        assert!(change.is_smallest, "{query}");
    }
}

#[test]
fn what_cannot_be_says_why() {
    for (event, query, words) in [
        (
            r#"{"a":"x"}"#,
            r#"any where a == "y" and not a : "Y*""#,
            "clauses 2 and 3 exclude each other",
        ),
        (r#"{"a":1}"#, "any where false", "the same for every event"),
        (r#"{"a":1}"#, "any where a == 1", "It matches as it is."),
    ] {
        let change = changed(event, query);
        assert!(change.sentence.contains(words), "{query}: {}", change.sentence);
        assert!(change.edits.is_empty() && change.source.is_none(), "{query}");
    }
    let mut desk = Desk::new();
    desk.load(r#"{"_index":"other","a":1}"#);
    desk.run("[rule]\nindex = [\"logs-*\"]\nquery = \"any where a == 2\"\n", &|| 0.0);
    assert!(desk.change(0).unwrap().sentence.contains("`other` is not searched"));
    assert_eq!(desk.change(9), None);
    assert_eq!(Desk::new().change(0), None);
}

#[test]
fn the_rest_of_the_event_stays_byte_for_byte() {
    let event = "{ \"z\" : 1.50, \"a\":{\"b\":\"x\", \"c\":[1e3 ,\"\\u00e9\"]},\"big\":18446744073709551615}";
    let change = changed(event, r#"any where a.b == "y""#);
    assert_eq!(change.source.unwrap(), event.replace("\"x\"", "\"y\""));
}

const PAIR: &str = r#"sequence by k with maxspan=5s [any where n == 1] [any where n == 2]"#;

fn at(id: &str, second: &str, key: &str, n: u32) -> String {
    let key = if key.is_empty() { String::new() } else { format!("\"k\":\"{key}\",") };
    format!("{{\"_id\":\"{id}\",\"@timestamp\":\"2026-01-01T00:00:{second}Z\",{key}\"n\":{n}}}\n")
}

#[test]
fn a_part_of_a_sequence_is_told_what_it_lacks() {
    for (events, event, expected, words) in [
        (
            at("a", "00", "x", 1) + &at("b", "06.300", "x", 2),
            1,
            "@timestamp=2026-01-01T00:00:05.000Z",
            "`b` would have to come 1.3 s earlier",
        ),
        (
            at("a", "00", "x", 1) + &at("b", "06.300", "x", 2),
            0,
            "",
            "`b` would have to come 1.3 s earlier",
        ),
        (at("a", "00", "x", 1) + &at("b", "01", "y", 2), 1, "k=x", "`k` would have to be `x`"),
        (at("a", "00", "x", 1) + &at("b", "01", "", 2), 1, "k=x", "`k` would have to be `x`"),
        (
            at("a", "00", "x", 1) + &at("c", "01", "x", 1) + &at("b", "02", "x", 2),
            0,
            "",
            "`c` would have to be gone",
        ),
        (
            at("a", "00", "x", 1) + &at("b", "01", "x", 3),
            1,
            "n=2",
            "fit stage 2. It is part of a sequence then.",
        ),
        (
            at("a", "00", "x", 1) + &at("b", "01", "y", 3),
            1,
            "n=1",
            "fit stage 1. It is part of no sequence yet.",
        ),
        (at("a", "00", "x", 1), 0, "", "The data end before"),
    ] {
        let change = desk(&events, PAIR).change(event).unwrap();
        assert_eq!(edits(&change), expected, "{}", change.sentence);
        assert!(change.sentence.contains(words), "{events}{}", change.sentence);
    }
    let sample = r#"sample by k [any where n == 1] [any where n == 2]"#;
    let change = desk(&(at("a", "00", "x", 1) + &at("b", "01", "y", 2)), sample).change(0).unwrap();
    assert_eq!(edits(&change), "k=y", "{}", change.sentence);
}

#[test]
fn corpus_near_misses_are_mended() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let corpus = text(&corpus);
    let rules = corpus.lines().enumerate().map(|(n, line)| (rule::read(line).0, n.to_string()));
    report(&rules.step_by(5).collect::<Vec<_>>());
}

#[test]
fn near_misses_of_our_own_rules_are_mended() {
    let rules = files(&repository().join("rules"), ".toml");
    let rules = rules.iter().filter(|path| !path.to_string_lossy().contains(".cases."));
    let rules: Vec<_> =
        rules.map(|path| (rule::read(&text(path)).0, path.display().to_string())).collect();
    report(&rules);
}

/// Events of other rules are far from a match: many clauses have to turn over, and share fields.
#[test]
fn events_of_other_rules_are_mended() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let corpus = text(&corpus);
    let rules: Vec<Rule> = corpus
        .lines()
        .step_by(7)
        .map(|line| Rule { indices: Vec::new(), ..rule::read(line).0 })
        .collect();
    let mut events = String::new();
    for rule in rules.iter().take(12) {
        let made = synthesise(rule, &Mapping::default(), false).unwrap();
        events.extend(made.cases.iter().map(ndjson));
    }
    let mut desk = Desk::new();
    desk.load(&events);
    let (mut tried, mut mended, mut smallest) = (0, 0, 0);
    let mut why: BTreeMap<String, u32> = BTreeMap::new();
    for rule in &rules {
        if desk.run_read((rule.clone(), Vec::new()), &rule.query, &|| 0.0).result.is_none() {
            continue;
        }
        for event in 0..desk.store().n_events() {
            let change = desk.change(event).unwrap();
            if change.sentence.starts_with("It ") {
                continue;
            }
            tried += 1;
            mended += u32::from(change.source.is_some());
            smallest += u32::from(change.is_smallest);
            if change.source.is_none() {
                *why.entry(change.sentence).or_default() += 1;
            }
        }
    }
    println!(
        "{mended} of {tried} foreign events mended, {smallest} by the fewest fields: {why:#?}"
    );
    assert!(tried > 500 && mended * 100 >= tried * 95, "{mended} of {tried}: {why:#?}");
}

/// For each near miss of an event rule: the change makes it match, and touches fields of the rule
/// alone.
fn report(rules: &[(Rule, String)]) {
    let (mut tried, mut mended, mut near) = (0, 0, 0);
    let mut why: BTreeMap<String, u32> = BTreeMap::new();
    for (rule, name) in rules {
        let Ok(made) = synthesise(rule, &Mapping::default(), true) else { continue };
        for case in &made.cases {
            let About::Clause { stage, .. } = case.about else { continue };
            if case.events.len() != 1 || stage.is_none() {
                continue;
            }
            tried += 1;
            let events = ndjson(case);
            let mut desk = Desk::new();
            desk.load(&events);
            desk.run_read((rule.clone(), Vec::new()), &rule.query, &|| 0.0);
            let Some(change) = desk.change(0) else { panic!("{name}: {events}") };
            let Some(source) = &change.source else {
                assert!(!change.sentence.is_empty());
                *why.entry(change.sentence).or_default() += 1;
                continue;
            };
            mended += 1;
            let fields = made.plan.columns();
            assert!(change.edits.iter().all(|edit| fields.contains(&edit.field.as_str())));
            let line = change::hit(source, Some("x"), &case.events[0].index);
            let mut again = Desk::new();
            again.load(&line);
            again.run_read((rule.clone(), Vec::new()), &rule.query, &|| 0.0);
            assert_eq!(again.matches().len(), 1, "{name}: {:?}\n{line}", change.edits);
            near += u32::from(change.edits.len() == 1);
        }
    }
    println!("{mended} of {tried} near misses mended, {near} with one edit; others: {why:#?}");
    assert!(mended * 100 >= tried * 95, "{mended} of {tried}: {why:#?}");
}

fn kept(desk: &Desk, keep: Option<u32>, near: u32) -> Vec<u32> {
    desk.shrink(keep, near).map(|kept| kept.events).unwrap_or_default()
}

#[test]
fn the_events_that_matches_need_are_kept() {
    let one = |n: u32| format!("{{\"_id\":\"e{n}\",  \"a\":{n}}}\n");
    let events: String = (0..9).map(one).collect();
    let desk_ = desk(&events, "any where a in (3, 5)");
    let shrunk = desk_.shrink(None, 0).unwrap();
    assert_eq!(shrunk.text, one(3) + &one(5), "bytes and order stay");
    assert_eq!(shrunk.sentence, "Kept 2 of 9 events; the same 2 matches.");
    assert_eq!(kept(&desk_, Some(7), 0), [3, 5, 7]);
    assert_eq!(kept(&desk_, None, 1), [0, 3, 5]);
    // Pipes: what they cut off is not needed.
    assert_eq!(kept(&desk(&events, "any where a > 3 | tail 2"), None, 0), [7, 8]);
    for (query, events, expected) in [
        // What overwrites the first is part of the match itself.
        (PAIR, at("a", "00", "x", 1) + &at("b", "01", "x", 1) + &at("c", "02", "x", 2), vec![1, 2]),
        // Without `until` in between there would be one match more.
        (
            "sequence by k [any where n == 1] [any where n == 2] until [any where n == 3]",
            at("a", "00", "x", 1)
                + &at("u", "01", "x", 3)
                + &at("b", "02", "x", 2)
                + &at("c", "03", "y", 1)
                + &at("d", "04", "y", 2),
            vec![3, 4],
        ),
        (
            "sequence by k [any where n == 1] [any where n == 2] [any where n == 2]",
            at("a", "00", "x", 1)
                + &at("b", "01", "x", 2)
                + &at("c", "02", "x", 2)
                + &at("d", "03", "x", 2),
            vec![0, 1, 2],
        ),
    ] {
        let desk = desk(&events, query);
        assert_eq!(kept(&desk, None, 0), expected, "{query}");
    }
}

#[test]
fn what_is_said_of_the_selected_event_stays() {
    let events = at("a", "00", "x", 1)
        + &at("b", "06", "x", 2)
        + &at("c", "07", "y", 1)
        + &at("d", "08", "y", 2)
        + &at("e", "09", "z", 7);
    let desk = desk(&events, PAIR);
    assert_eq!(kept(&desk, None, 0), [2, 3]);
    // It came too late for the first, which has to stay for that.
    assert_eq!(kept(&desk, Some(1), 0), [0, 1, 2, 3]);
}

/// Over all small sets of events: the same matches, and with any other event gone they are not.
#[test]
fn nothing_that_is_kept_can_go() {
    let query = "sequence by k with maxspan=1m [any where n == 1] ![any where n == 3] [any where n == 2] until [any where n == 4]";
    let mut seed = 7_u32;
    let mut next = |n: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % n
    };
    let ids = |desk: &Desk| -> Vec<Vec<String>> {
        let id = |event: &Option<u32>| event.map_or("-".into(), |event| desk.store().id(event));
        desk.matches().iter().map(|hit| hit.iter().map(id).collect()).collect()
    };
    let mut smaller = 0;
    for _ in 0..300 {
        let lines: Vec<String> = (0..3 + next(9))
            .map(|n| {
                at(&format!("e{n}"), &format!("{n:02}"), ["x", "y"][next(2) as usize], 1 + next(4))
            })
            .collect();
        let whole = desk(&lines.concat(), query);
        let keep = (next(2) == 0).then(|| next(lines.len() as u32));
        let kept = whole.shrink(keep, 0).unwrap();
        smaller += u32::from(kept.events.len() < lines.len());
        let said = |desk: &Desk| {
            let id = keep.map(|keep| format!("e{keep}"));
            let event = id.and_then(|id| desk.store().event_by_id(&id))?;
            desk.explain(event).map(|why| (why.headline, why.sentence))
        };
        let small = desk(&kept.text, query);
        assert_eq!((ids(&small), said(&small)), (ids(&whole), said(&whole)));
        for gone in &kept.events {
            let rest = kept.events.iter().filter(|event| *event != gone);
            let rest: String = rest.map(|event| lines[*event as usize].as_str()).collect();
            let less = desk(&rest, query);
            assert!(
                (ids(&less), said(&less)) != (ids(&whole), said(&whole)),
                "{gone} could go of {:?}\n{}",
                kept.events,
                lines.concat()
            );
        }
    }
    assert!(smaller > 200);
}

#[test]
fn other_forms_become_lines() {
    let bulk = "{\"index\":{\"_id\":\"p\",\"_index\":\"logs-a\"}}\n{\"a\":1}\n{\"index\":{\"_id\":\"q\"}}\n{\"a\":2}\n";
    let shrunk = desk(bulk, "any where a == 1").shrink(None, 0).unwrap();
    assert_eq!(shrunk.text, "{\"_id\":\"p\",\"_index\":\"logs-a\",\"_source\":{\"a\":1}}\n");
    let array = "[\n  {\n    \"a\": 1\n  },\n  {\"_id\":\"z\",\"a\": 2}\n]";
    let shrunk = desk(array, "any where a > 0").shrink(None, 0).unwrap();
    assert_eq!(shrunk.text, "{\"a\": 1}\n{\"_id\":\"z\",\"a\": 2}\n");
    let response = r#"{"hits":{"hits":[{"_id":"1","_index":"i","_source":{"a":1}},{"_id":"2","_source":{"a":2}}]}}"#;
    let shrunk = desk(response, "any where a == 1").shrink(None, 0).unwrap();
    assert_eq!(shrunk.text, "{\"_id\":\"1\",\"_index\":\"i\",\"_source\":{\"a\":1}}\n");
}
