//! `eqlens link`.

use serde_json::json;

use crate::support::{Dir, golden, repository};

const EVENTS: &str =
    "{\"_id\":\"a\", \"n\" : 1.0, \"secret\":\"x\"}\n{\"_id\":\"b\",\"n\":2,\"@timestamp\":1000}\n";
const RULE: &str = "# é\r\n[rule]\nname = \"Ones\"\nquery = 'any where n == 1'\n\n";

fn encode(dir: &Dir, args: &[&str]) -> String {
    let answer = dir.eqlens(&[&["link", "encode"], args].concat());
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{args:?}");
    assert_eq!(answer.out.lines().count(), 1);
    answer.out.trim_end().to_owned()
}

#[test]
fn what_is_encoded_is_decoded_byte_for_byte() {
    let dir = Dir::new("link_files").with("r.toml", RULE).with("e.ndjson", EVENTS);
    let base = "https://x.example/eqlens/";
    let link = encode(&dir, &["--rule", "r.toml", "--events", "e.ndjson", "--base", base]);
    assert!(link.starts_with("https://x.example/eqlens/#v0.r."), "{link}");
    let answer = dir.eqlens(&["link", "decode", &link, "--out", "case/one"]);
    assert_eq!((answer.code, answer.out.as_str(), answer.err.as_str()), (0, "", ""));
    assert_eq!(dir.read("case/one/rule.toml").unwrap(), RULE);
    assert_eq!(dir.read("case/one/events.ndjson").unwrap(), EVENTS);
    golden("link_meta", &dir.read("case/one/meta.json").unwrap());
    assert_eq!(dir.read("case/one/rule.eql"), None);
}

#[test]
fn a_link_of_a_query_is_a_fragment_and_prints_as_a_record() {
    let dir = Dir::new("link_record");
    let link = encode(&dir, &["--query", "any where true"]);
    assert!(link.starts_with("#v0.r."), "{link}");
    let record = dir.eqlens(&["link", "decode", &link]).json();
    assert_eq!((&record["rule"], &record["events"]), (&json!("any where true"), &json!("")));
    assert!(record["matches"].is_null(), "nothing was searched");
    let piped = dir.eqlens_with_input(&["link", "decode", "-"], &format!("{link}\n"));
    assert_eq!(piped.json(), record);
    dir.eqlens(&["link", "decode", &link, "--out", "."]);
    assert_eq!(dir.read("rule.eql").as_deref(), Some("any where true"));
}

#[test]
fn projected_events_hold_only_what_the_rule_reads() {
    let dir = Dir::new("link_project").with("r.toml", RULE).with("e.ndjson", EVENTS);
    let args = ["--rule", "r.toml", "--events", "e.ndjson", "--project"];
    let record = dir.eqlens(&["link", "decode", &encode(&dir, &args)]).json();
    let expected = "{\"_id\":\"a\",\"n\":1.0}\n{\"_id\":\"b\",\"n\":2,\"@timestamp\":1000}\n";
    assert_eq!((&record["events"], &record["matches"]), (&json!(expected), &json!(1)));
}

#[test]
fn projected_events_match_as_before() {
    let dir = Dir::new("link_projected_rule");
    let rule = repository("rules/openssl_client_or_server.toml");
    let events = repository("rules/openssl_client_or_server.events.ndjson");
    let args = ["--rule", &rule, "--events", &events];
    let whole = encode(&dir, &args);
    let link = encode(&dir, &[&args[..], &["--project"]].concat());
    assert!(link.len() * 2 < whole.len(), "{} of {}", link.len(), whole.len());
    dir.eqlens(&["link", "decode", &link, "--out", "."]);
    let run = ["run", "--rule", "rule.toml", "--events", "events.ndjson"];
    assert_eq!(dir.eqlens(&run).ids(), dir.eqlens(&[&["run"], &args[..]].concat()).ids());
}

#[test]
fn a_bad_link_exits_2_and_says_what_is_wrong() {
    let dir = Dir::new("link_bad").with("bad.eql", "any where").with("e.ndjson", EVENTS);
    let link = encode(&dir, &["--query", "any where n == 1 and m == \"some text\""]);
    let cut = &link[..link.len() - 5];
    for (link, part) in [
        (cut, "truncated"),
        ("#v0", "truncated"),
        ("#v9.r.AAAA", "version"),
        ("hello", "not a link"),
        ("#v0.r.!!!!", "damaged"),
    ] {
        let answer = dir.eqlens(&["link", "decode", link]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{link}");
        assert!(answer.err.contains(part), "{link}: {}", answer.err);
    }
    let args = ["link", "encode", "--rule", "bad.eql", "--events", "e.ndjson"];
    let carried = dir.eqlens(&args);
    assert_eq!(carried.code, 0, "a broken rule is worth showing to somebody");
    assert!(carried.err.contains("cannot run"), "{}", carried.err);
    let projected = dir.eqlens(&[&args[..], &["--project"]].concat());
    assert_eq!((projected.code, projected.out.as_str()), (2, ""));
}
