//! `eqlens synth`.

use crate::support::Dir;

const QUERY: &str = "sequence by host.id with maxspan=5s [process where process.name : \"a*\"] \
                     [network where destination.port == 443]";
const RULE: &str = "[rule]\nname = \"Pairs\"\nindex = [\"logs-endpoint.*\"]\nquery = '''any where \
                    process.name : \"a*\" and not process.args == \"-q\"'''\n";

#[test]
fn events_that_were_made_match_when_they_are_fed_back() {
    let dir = Dir::new("synth_feed_back").with("r.toml", RULE);
    for source in [["--query", QUERY], ["--rule", "r.toml"]] {
        let made = dir.eqlens(&["synth", source[0], source[1]]);
        assert_eq!((made.code, made.err.as_str()), (0, ""));
        let args = ["run", source[0], source[1], "--events", "-"];
        let found = dir.eqlens_with_input(&args, &made.out);
        assert_eq!(found.code, 0, "{}", made.out);
        let explained = ["explain", source[0], source[1], "--events", "-"];
        assert_eq!(dir.eqlens_with_input(&explained, &made.out).code, 0);
    }
}

#[test]
fn near_misses_carry_the_name_of_their_case() {
    let dir = Dir::new("synth_near").with("r.toml", RULE);
    let made = dir.eqlens(&["synth", "--rule", "r.toml", "--near"]);
    assert_eq!(made.code, 0);
    let lines = made.lines();
    let names: Vec<_> = lines.iter().map(|line| line["case"].as_str().unwrap()).collect();
    let fails = "fails `not process.args == \"-q\"`";
    assert_eq!(names, ["match", "fails `process.name : \"a*\"`", fails]);
    assert_eq!(lines[0]["_index"], "logs-endpoint.events-default");
    // What is about the hit is no part of the event, and changes nothing.
    let found = dir.eqlens_with_input(&["run", "--rule", "r.toml", "--events", "-"], &made.out);
    assert_eq!(found.json()["hits"]["total"]["value"], 1);

    let made = dir.eqlens(&["synth", "--rule", "r.toml", "--near", "--format", "json"]);
    let lines = made.lines();
    assert_eq!(lines[0]["matches"], serde_json::json!([["m1"]]));
    assert_eq!(lines[2]["clauses"], serde_json::json!(["not process.args == \"-q\""]));
    assert_eq!(lines[2]["events"][0]["_source"]["process"]["args"], "-q");
    assert!(lines[3]["impossible"].as_str().unwrap().contains("any where"));
}

#[test]
fn expectations_that_were_written_hold_and_are_never_overwritten() {
    let dir = Dir::new("synth_cases").with("r.toml", RULE).with("q.eql", QUERY);
    for (rule, cases) in [("r.toml", "r.cases.toml"), ("q.eql", "q.cases.toml")] {
        let made = dir.eqlens(&["synth", "--rule", rule, "--cases", cases]);
        assert_eq!((made.code, made.out.as_str()), (0, ""), "{}", made.err);
        let tested = dir.eqlens(&["test", cases]);
        assert_eq!(tested.code, 0, "{}", tested.out);
        assert!(tested.lines()[0]["passed"].as_u64().unwrap() >= 3);
        let again = dir.eqlens(&["synth", "--rule", rule, "--cases", cases]);
        assert_eq!(again.code, 2);
        assert!(again.err.contains("cannot write"), "{}", again.err);
    }
    let bad = dir.eqlens(&["synth", "--rule", "r.toml", "--cases", "r.txt"]);
    assert_eq!(bad.code, 2);
}

#[test]
fn what_cannot_match_exits_1_and_what_is_refused_2() {
    let dir = Dir::new("synth_exit");
    let none = dir.eqlens(&["synth", "--query", "any where n > 5 and n == null"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    assert_eq!(none.err.matches("match").count(), 1, "{}", none.err);
    assert!(none.err.starts_with("no event can match: no values"), "{}", none.err);
    assert!(none.err.contains("n == null"), "{}", none.err);
    let near = dir.eqlens(&["synth", "--near", "--query", "any where n > 5"]);
    assert_eq!(near.code, 0);
    assert!(near.err.starts_with("1 near miss cannot be made"), "{}", near.err);
    let refused = dir.eqlens(&["synth", "--query", "any where"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("E-"), "{}", refused.err);
}
