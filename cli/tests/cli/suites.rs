//! Elasticsearch's own EQL suites, run through the process where they are at hand. A case is right
//! when the ids of all returned events, laid end to end, are one of the accepted answers, for both
//! result positions.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::Dir;

/// Names of the cases that come out wrong, with what came out; `None` where the suite is absent.
fn wrong(suite: &str) -> Option<(usize, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let file = |ending: &str| folder.join(format!("{suite}.{ending}")).canonicalize().ok();
    let (Some(cases), Some(events), Some(mapping)) =
        (file("cases.ndjson"), file("events.ndjson"), file("mapping.json"))
    else {
        println!("skipped: the suite `{suite}` is not at hand");
        return None;
    };
    let dir = Dir::new(&format!("suite_{suite}"));
    let cases = fs::read_to_string(cases).unwrap();
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        for position in ["head", "tail"] {
            let text = |key: &str| case[key].as_str().map(str::to_owned);
            let mut args: Vec<String> = vec!["run".into(), "--query".into()];
            args.push(text("query").unwrap());
            for (option, key) in [
                ("--event-category-field", "event_category_field"),
                ("--timestamp-field", "timestamp_field"),
                ("--tiebreaker-field", "tiebreaker_field"),
            ] {
                if let Some(value) = text(key) {
                    args.extend([option.to_owned(), value]);
                }
            }
            for (option, key) in
                [("--size", "size"), ("--max-samples-per-key", "max_samples_per_key")]
            {
                if let Some(value) = case[key].as_u64() {
                    args.extend([option.to_owned(), value.to_string()]);
                }
            }
            args.extend(["--result-position".into(), position.into()]);
            args.extend(["--events".into(), events.display().to_string()]);
            args.extend(["--mapping".into(), mapping.display().to_string()]);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let answer = dir.eqlens(&args);
            let name = format!("{} ({position})", case["name"].as_str().unwrap());
            if answer.code == 2 {
                wrong.push(format!("{name}: {}", answer.err.lines().next().unwrap_or_default()));
                continue;
            }
            let response = answer.json();
            let id_field = case["id_field"].as_str().unwrap();
            let found = ids(&response, id_field);
            if !case["accept"].as_array().unwrap().contains(&found) {
                wrong.push(format!("{name}: {found}, not {}", case["accept"]));
            } else if let Some(expected) = case["join_keys"].as_array() {
                let found = keys(&response);
                let expected: Vec<&str> = expected.iter().map(|k| k.as_str().unwrap()).collect();
                if found != expected {
                    wrong.push(format!("{name}: keys {found:?}, not {expected:?}"));
                }
            }
        }
    }
    Some((cases.lines().count(), wrong))
}

/// The ids of all returned events; -1 for a missing one.
fn ids(response: &Value, field: &str) -> Value {
    let hits = &response["hits"];
    let groups: Vec<&Value> = match hits["sequences"].as_array() {
        Some(sequences) => sequences.iter().map(|sequence| &sequence["events"]).collect(),
        None => vec![&hits["events"]],
    };
    let events = groups.into_iter().flat_map(|events| events.as_array().unwrap());
    let id = |event: &Value| match event["missing"] {
        Value::Bool(true) => Value::from(-1),
        _ => event["_source"][field].clone(),
    };
    events.map(id).collect()
}

/// The join keys of all sequences or samples, as text.
fn keys(response: &Value) -> Vec<String> {
    let sequences = response["hits"]["sequences"].as_array().unwrap();
    let keys = sequences.iter().flat_map(|sequence| sequence["join_keys"].as_array().unwrap());
    keys.map(|key| key.as_str().map_or_else(|| key.to_string(), str::to_owned)).collect()
}

fn all_right(suite: &str) {
    let Some((n, wrong)) = wrong(suite) else { return };
    println!("{suite}: {n} cases, {} answers wrong", wrong.len());
    assert!(wrong.is_empty(), "{suite}, {n} cases:\n{}", wrong.join("\n"));
}

#[test]
fn the_endgame_suite_comes_out_right() {
    all_right("endgame");
}

#[test]
fn the_missing_events_suite_comes_out_right() {
    all_right("missing-events");
}

#[test]
fn the_sample_suite_comes_out_right() {
    all_right("sample");
}
