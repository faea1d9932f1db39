//! `eqlens compare`.

use crate::support::{Dir, golden};

const EVENTS: &str = r#"{"_id":"a","@timestamp":"2026-01-01T00:00:01Z","event":{"category":"process"},"process":{"name":"sh"}}
{"_id":"b","@timestamp":"2026-01-01T00:00:02Z","event":{"category":"process"},"process":{"name":"bash"}}
{"_id":"c","@timestamp":"2026-01-01T00:00:03Z","event":{"category":"process"},"process":{"name":"zsh"}}
"#;

fn rule(more: &str, query: &str) -> String {
    format!("[rule]\nname = \"Shells\"\n{more}query = '''{query}'''\n")
}

fn dir(name: &str) -> Dir {
    let old = "process where process.name in (\"sh\", \"bash\")";
    let new = "process where process.name in (\"sh\", \"zsh\")";
    Dir::new(name)
        .with("e.ndjson", EVENTS)
        .with("old.toml", rule("", old))
        .with("new.toml", rule("max_signals = 50\nindex = [\"logs-*\"]\n", new))
        .with("new.eql", new)
        .with("same.toml", rule("", "process  where process.name in (\"sh\", \"bash\")"))
        .with("bad.eql", "process where\n  process.name = \"sh\"")
}

#[test]
fn the_exit_code_says_whether_the_matches_differ() {
    let dir = dir("compare_exit");
    for (old, new, code) in
        [("old.toml", "same.toml", 0), ("old.toml", "new.toml", 1), ("old.toml", "new.eql", 1)]
    {
        let answer = dir.eqlens(&["compare", old, new, "--events", "e.ndjson"]);
        assert_eq!((answer.code, answer.err.as_str()), (code, ""), "{old} {new}");
        assert_eq!(answer.json()["same_matches"], code == 0);
    }
    let same = dir.eqlens(&["compare", "old.toml", "same.toml", "--events", "e.ndjson"]).json();
    assert_eq!(same["same_rule"], true);
    assert_eq!(same["sentence"], "Both versions are the same rule, with 2 matches.");
}

#[test]
fn a_difference_reads_as_a_diff() {
    let dir = dir("compare_text");
    let args = ["compare", "old.toml", "new.toml", "--events", "e.ndjson", "--format", "text"];
    golden("compared", &dir.eqlens(&args).out);
}

#[test]
fn a_broken_version_is_named_and_the_other_still_counts() {
    let dir = dir("compare_broken");
    let args = ["compare", "old.toml", "bad.eql", "--events", "e.ndjson", "--format", "text"];
    let answer = dir.eqlens(&args);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("--> bad.eql:2:16"), "{}", answer.err);
    assert!(answer.err.contains("The new version cannot run"), "{}", answer.err);
    assert!(answer.err.contains("The old one has 2 matches."), "{}", answer.err);
}

#[test]
fn patterns_of_the_command_line_count_for_both() {
    let dir = dir("compare_options");
    let events = EVENTS.replace("{\"_id\"", "{\"_index\":\"other\",\"_id\"");
    let dir = dir.with("o.ndjson", events);
    let args = ["compare", "old.toml", "new.toml", "--events", "o.ndjson"];
    assert_eq!(dir.eqlens(&args).json()["gained"]["total"], 0);
    let all = dir.eqlens(&[&args[..], &["--all-indices"]].concat()).json();
    assert_eq!(all["gained"]["total"], 1);
}
