//! Every form of events, as tables.

use proptest::prelude::*;

use super::*;
use crate::schema::ValueTypes as _;
use crate::store::{Sources, TimeFields};
use crate::ty::Type;

fn values(loaded: &Loaded, field: &str, event: u32) -> Vec<String> {
    let column = loaded.store.column(field);
    column.map(|c| c.values_of(event).map(|v| v.to_string()).collect()).unwrap_or_default()
}

#[test]
fn a_damaged_element_of_an_array_costs_no_other() {
    for (text, events, skipped) in [
        ("[{\"a\":1},{\"a\":1,},{\"a\":2}]", 2, 1),
        ("[{\"a\":1},{\"a\":x},{\"a\":2}]", 2, 1),
        ("[{\"a\":1},{\"a\":[1,}},{\"a\":2}]", 2, 1),
        ("[{\"a\":1},\n{\"a\":\"un},\n{\"a\":2}]", 2, 1),
        ("[\n  {\"a\":1},\n  {\"a\":\n,\n  {\"a\":2}\n]", 2, 1),
        ("[{\"a\":1},nope,{\"a\":2}]", 1, 1),
        ("{\n\"a\":1}\n{\n\"a\":}\n{\n\"a\":2}", 2, 1),
    ] {
        let loaded = load(text);
        assert_eq!((loaded.store.n_events(), loaded.skipped), (events, skipped), "{text}");
    }
}

#[test]
fn nested_dotted_and_mixed_names_are_one_field() {
    // Spec §3.7, §3.8.
    let loaded = load(
        "{\"a\":{\"b.c\":1}}\n{\"a.b\":{\"c\":2}}\n{\"a.b.c\":3}\n{\"a\":[{\"b\":{\"c\":4}},{\"b\":{\"c\":[5,[6]]}}]}\n",
    );
    assert_eq!(loaded.format, "NDJSON");
    let all: Vec<_> = (0..4).map(|event| values(&loaded, "a.b.c", event)).collect();
    assert_eq!(all, [vec!["1"], vec!["2"], vec!["3"], vec!["4", "5", "6"]]);
}

#[test]
fn nothing_counts_as_missing() {
    // Spec §3.9, §3.10.
    let loaded = load("{\"x\":null}\n{\"x\":[]}\n{\"x\":[null]}\n{\"x\":{}}\n{\"x\":[\"a\",null]}");
    assert_eq!(loaded.store.n_events(), 5);
    assert_eq!(loaded.store.column("x").unwrap().dictionary().count(), 1);
    assert_eq!(values(&loaded, "x", 4), ["a"]);
}

#[test]
fn a_bad_line_is_reported_and_the_others_load() {
    let text = "{\"a\":1}\n\n{\"a\":2 \"b\"}\n{\"a\":3}\n[1]\n{\"a\":4} x\n{\"a\":\"cut";
    let loaded = load(text);
    assert_eq!((loaded.store.n_events(), loaded.skipped), (2, 4));
    let found: Vec<_> =
        loaded.findings.iter().map(|f| (f.span.text(text), f.kind.message())).collect();
    assert_eq!(
        found,
        [
            ("\"b\"", "line skipped: expected `,` or `}` after the value".to_owned()),
            ("[", "line skipped: an event is a JSON object, found an array".into()),
            ("x", "line skipped: expected the end of the line".into()),
            ("\"cut", "line skipped: this string is not closed".into()),
        ]
    );
    assert_eq!(loaded.store.lines().collect::<Vec<_>>(), [1, 4]);
}

#[test]
fn hits_give_id_index_and_source() {
    let loaded = load(
        "{\"_index\":\"logs-a\",\"_id\":\"x1\",\"_score\":null,\"_source\":{\"a\":1},\"sort\":[5]}\n{\"_id\":\"x2\",\"a\":2}\n{\"a\":3}",
    );
    let store = &loaded.store;
    assert_eq!((store.id(0), store.id(1), store.id(2)), ("x1".into(), "x2".into(), "2".into()));
    assert_eq!((store.index(0), store.index(1)), ("logs-a".into(), String::new()));
    assert_eq!(values(&loaded, "a", 0), ["1"]);
    assert!(store.column("sort").is_none() && store.column("_id").is_none());
}

#[test]
fn arrays_and_pretty_objects_are_recognised() {
    let array = load(" [ {\"a\":1},\n {\"a\":2} ] ");
    assert_eq!((array.format, array.store.n_events(), array.skipped), ("JSON array", 2, 0));
    let pretty = load("{\n \"a\": 1\n}\n{\n \"a\": 2\n}");
    assert_eq!((pretty.format, pretty.store.n_events()), ("JSON", 2));
    assert_eq!(pretty.store.lines().collect::<Vec<_>>(), [1, 4]);
    let cut = load("[{\"a\":1},{\"a\":");
    assert_eq!((cut.store.n_events(), cut.skipped), (1, 1));
    let more = load("[{\"a\":1}]\n{\"a\":2}");
    assert_eq!((more.store.n_events(), more.skipped), (1, 1));
    assert_eq!(load("").format, "no events");
    assert_eq!(load("\u{feff}{\"a\":1}").store.n_events(), 1);
}

/// Index, id and source of every event.
fn events(loaded: &Loaded, text: &str) -> Vec<(String, String, String)> {
    let mut sources = Sources::default();
    sources.push(loaded.json.clone().unwrap_or_else(|| text.to_owned()));
    let store = &loaded.store;
    let of = |event| {
        let source = sources.event(store, event).unwrap().to_owned();
        (store.index(event), store.id(event), source)
    };
    (0..store.n_events()).map(of).collect()
}

/// The same, as words.
fn listed(loaded: &Loaded, text: &str) -> Vec<String> {
    events(loaded, text).iter().map(|(i, id, source)| format!("{i} {id} {source}")).collect()
}

fn messages(loaded: &Loaded) -> Vec<String> {
    loaded.findings.iter().map(|found| found.kind.message()).collect()
}

#[test]
fn answers_of_a_search_give_their_hits() {
    for (text, format, wanted) in [
        (
            r#"{"took":1,"hits":{"total":{"value":2},"hits":[{"_index":"l","_id":"a","_score":1.0,"_source":{"x":1},"sort":[7]},{"_id":"b","_source":{"x":2}}]},"aggregations":{"n":3}}"#,
            "_search response",
            &["l a {\"x\":1}", " b {\"x\":2}"][..],
        ),
        (
            r#"{"hits":{"total":{"value":1},"events":[{"_index":"l","_id":"a","_source":{"x":1}}]},"is_partial":false}"#,
            "_eql/search response",
            &["l a {\"x\":1}"],
        ),
        // An event of two sequences, and one that is not there.
        (
            r#"{"hits":{"sequences":[{"join_keys":["k"],"events":[{"_index":"l","_id":"a","_source":{"x":1}},{"_index":"","_id":"","_source":{},"missing":true}]},{"events":[{"_index":"l","_id":"b","_source":{"x":2}},{"_index":"l","_id":"a","_source":{"x":1}},{"_index":"m","_id":"a","_source":{"x":3}}]}]}}"#,
            "_eql/search response",
            &["l a {\"x\":1}", "l b {\"x\":2}", "m a {\"x\":3}"],
        ),
        (r#"{"took":3,"hits":{"total":{"value":0},"hits":[]}}"#, "_search response", &[]),
        (
            r#"{"hits":{"hits":[{"_index":"l","_id":"a","fields":{"x.y":[1]},"_ignored":["z"]}]}}"#,
            "_search response with `fields`",
            &["l a {\"x.y\":[1]}"],
        ),
        // Nothing of the event was asked for.
        (
            r#"{"hits":{"hits":[{"_index":"l","_id":"a","sort":[1],"highlight":{"x":["y"]}}]}}"#,
            "_search response",
            &[r#"l a {"_index":"l","_id":"a","sort":[1],"highlight":{"x":["y"]}}"#],
        ),
    ] {
        let loaded = load(text);
        assert_eq!((loaded.format, loaded.skipped), (format, 0), "{text}");
        assert_eq!(listed(&loaded, text), wanted, "{text}");
        for name in ["took", "sort", "highlight.x", "aggregations.n", "missing", "hits.total.value"]
        {
            assert!(loaded.store.names().all(|known| known != name), "{name} in {text}");
        }
        // The same over many lines.
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        let pretty = serde_json::to_string_pretty(&json).unwrap();
        let again = load(&pretty);
        assert_eq!((again.format, again.skipped), (format, 0), "{pretty}");
        assert_eq!(events(&again, &pretty).len(), wanted.len());
    }
}

#[test]
fn events_of_a_response_have_their_lines() {
    let text = "{\n \"hits\": {\n  \"hits\": [\n   {\n    \"_id\": \"a\",\n    \"_source\": {\n     \"x\": 1\n    }\n   },\n   {\n    \"_id\": \"b\",\n    \"_source\": {}\n   }\n  ]\n }\n}";
    let loaded = load(text);
    assert_eq!(loaded.store.lines().collect::<Vec<_>>(), [4, 10]);
}

#[test]
fn a_cut_response_keeps_the_events_before_the_cut() {
    let text = r#"{"hits":{"hits":[{"_id":"a","_source":{"x":1}},{"_id":"b","_sour"#;
    let loaded = load(text);
    assert_eq!(listed(&loaded, text), [" a {\"x\":1}"]);
    assert_eq!((loaded.skipped, loaded.findings.len()), (1, 1));
}

#[test]
fn a_document_may_have_a_field_called_hits() {
    for text in [
        r#"{"hits":3}"#,
        r#"{"hits":{"total":3,"hits":[1,2]}}"#,
        r#"{"hits":{"hits":[{"x":1}]}}"#,
        r#"{"hits":{"events":{"_id":"a"}}}"#,
    ] {
        let loaded = load(text);
        assert_eq!((loaded.format, loaded.store.n_events()), ("NDJSON", 1), "{text}");
        assert!(loaded.store.names().all(|name| name.starts_with("hits")), "{text}");
        assert!(loaded.store.names().next().is_some(), "{text}");
    }
}

#[test]
fn fields_stand_in_for_the_source() {
    let names = |loaded: &Loaded| {
        let mut names: Vec<_> = loaded.store.names().map(str::to_owned).collect();
        names.sort_unstable();
        names
    };
    for (text, format, source, fields) in [
        (
            r#"{"_id":"a","fields":{"process.name":["sh"],"process.args":["a","b"]},"sort":[1],"highlight":{"x":["y"]},"ignored_field_values":{"z":["w"]}}"#,
            "NDJSON with `fields`",
            r#"{"process.name":["sh"],"process.args":["a","b"]}"#,
            &["process.args", "process.name"][..],
        ),
        // Beside a source they are not read, whichever comes first.
        (
            r#"{"_id":"a","fields":{"x":["1"]},"_source":{"y":1},"highlight":{"h":["1"]}}"#,
            "NDJSON",
            r#"{"y":1}"#,
            &["y"],
        ),
        (r#"{"_source":{"y":1},"fields":{"x":["1"]}}"#, "NDJSON", r#"{"y":1}"#, &["y"]),
        // Fields of one's own, as log shippers write them.
        (
            r#"{"fields":{"env":["prod"]},"message":"m"}"#,
            "NDJSON",
            r#"{"fields":{"env":["prod"]},"message":"m"}"#,
            &["fields.env", "message"],
        ),
        (
            r#"{"message":"m","fields":{"env":["prod"]}}"#,
            "NDJSON",
            r#"{"message":"m","fields":{"env":["prod"]}}"#,
            &["fields.env", "message"],
        ),
        (
            r#"{"_id":"a","fields":{"env":"prod"}}"#,
            "NDJSON",
            r#"{"_id":"a","fields":{"env":"prod"}}"#,
            &["fields.env"],
        ),
        (r#"{"fields":"all"}"#, "NDJSON", r#"{"fields":"all"}"#, &["fields"]),
    ] {
        let loaded = load(text);
        assert_eq!(loaded.format, format, "{text}");
        assert_eq!(events(&loaded, text)[0].2, source, "{text}");
        assert_eq!(names(&loaded), fields, "{text}");
    }
    let shipped = load(r#"{"fields":{"env":["a"]},"m":1}"#);
    assert_eq!(values(&shipped, "fields.env", 0), ["a"]);
}

#[test]
fn bulk_bodies_name_index_and_id_on_lines_of_their_own() {
    let text = r#"{"index":{"_index":"l","_id":"a","pipeline":"p"}}
{"x":1}
{"delete":{"_index":"l","_id":"z"}}
{ "create" : { "_index" : "m" } }
{"x":2}

{"update":{"_id":7,"_index":"l"}}
{"doc":{"x":3},"doc_as_upsert":true}
{"update":{"_id":"s"}}
{"script":{"source":"x"}}
{"update":{"_id":"u"}}
{"script":{"source":"x"},"upsert":{"x":4}}
{"index":{}}
{"x":
{"index":{"_id":"lost"}}
{"index":{"_id":"b"}}
{"x":5}
{"x":6}
{"create":{"_id":"end"}}
"#;
    let loaded = load(text);
    assert_eq!(loaded.format, "_bulk body");
    assert_eq!(
        listed(&loaded, text),
        [
            "l a {\"x\":1}",
            "m 1 {\"x\":2}",
            "l 7 {\"x\":3}",
            " u {\"x\":4}",
            " b {\"x\":5}",
            " 5 {\"x\":6}"
        ]
    );
    assert_eq!(loaded.store.lines().collect::<Vec<_>>(), [2, 5, 8, 12, 17, 18]);
    assert_eq!(
        messages(&loaded),
        [
            "line skipped: this update has no `doc`",
            "line skipped: expected a value, found the end",
            "line skipped: this action has no document on the next line",
            "line skipped: this action has no document on the next line",
        ]
    );
    let first = |text| load(text).format;
    assert_eq!(first("{\"index\":{\"number\":1}}"), "NDJSON");
    assert_eq!(first("{\"index\":\"l\"}"), "NDJSON");
    assert_eq!(first("{\"index\":{},\"x\":1}"), "NDJSON");
}

#[test]
fn csv_of_discover_becomes_hits() {
    let text = "\u{feff}\"@timestamp\",\"_id\",\"_index\",\"_score\",\"process.args\",\"process.pid\",note\r\n\
        \"Nov 21, 2026 @ 12:48:55.003\",a,l,-,\"[\"\"x\"\",\"\"y, z\"\"]\",1 234,\"two\nlines, \"\"quoted\"\"\"\r\n\
        2026-11-21T12:00:00Z,b,,-,\"p, q\",-,(empty)\r\n\r\n\
        too,few\r\n\
        \"Dec 1, 2026 @ 00:00:00.000\",\"c\"x,l,-,-,7,-\n\
        -,d,-,-,[not json,8,-";
    let loaded = load(text);
    assert_eq!((loaded.format, loaded.skipped), ("CSV", 2));
    assert_eq!(
        listed(&loaded, text),
        [
            r#"l a {"@timestamp":"2026-11-21T12:48:55.003Z","process.args":["x","y, z"],"process.pid":"1 234","note":"two\nlines, \"quoted\""}"#,
            r#" b {"@timestamp":"2026-11-21T12:00:00Z","process.args":"p, q","note":""}"#,
            r#" d {"process.args":"[not json","process.pid":"8"}"#,
        ]
    );
    assert_eq!(loaded.store.lines().collect::<Vec<_>>(), [2, 4, 8]);
    let found: Vec<_> =
        loaded.findings.iter().map(|f| (f.span.text(text), f.kind.message())).collect();
    assert_eq!(
        found,
        [
            ("too", "line skipped: this record has 2 cells, the header has 7".to_owned()),
            ("x", "line skipped: expected `,` after the closing quote".into()),
        ]
    );
    assert_eq!(values(&loaded, "process.args", 0), ["x", "y, z"]);
}

#[test]
fn csv_is_told_by_its_header() {
    for (text, format, n_events) in [
        ("a,b\n1,2\n3,4", "CSV", 2),
        ("a;b\n1;2,5", "CSV", 1),
        ("a\tb\n1\t2", "CSV", 1),
        ("_source\n\"{\"\"x\"\":\n 1}\"\n\"{\"\"x\"\"\"", "CSV", 1),
        ("@timestamp,_source\n-,\"{\"\"x\"\":1}\"", "CSV", 1),
        ("a,b", "CSV", 0),
        ("\n \ta,b\n1,2", "CSV", 1),
        ("x\n{\"n\":1}", "NDJSON", 1),
        ("\"abc\"\n{\"n\":1}", "NDJSON", 1),
        ("some words, and more\n{\"n\":1}", "NDJSON", 1),
        ("1,2,3", "NDJSON", 0),
        ("process where x in (\"a\",\"b\")", "a rule", 0),
    ] {
        let loaded = load(text);
        assert_eq!((loaded.format, loaded.store.n_events()), (format, n_events), "{text}");
    }
    let source = load("@timestamp,_source\n-,\"{\"\"x\"\":1}\"");
    assert_eq!(values(&source, "x", 0), ["1"]);
    let deep = |n: usize| format!("a,_source\n1,\"{}1{}\"", "{\"\"x\"\":".repeat(n), "}".repeat(n));
    let loaded = |n: usize| (load(&deep(n)).store.n_events(), load(&deep(n)).findings.len());
    assert_eq!((loaded(198), loaded(199)), ((1, 0), (0, 1)));
    let unclosed = load("a,b\n1,2\n\"3,4\n5,6\n");
    assert_eq!((unclosed.store.n_events(), unclosed.skipped), (2, 1));
}

#[test]
fn texts_of_different_forms_are_one_store() {
    let texts = [
        "{\"x\":1}\n{\"_id\":\"0\",\"x\":2}",
        "[{\"x\":3}]",
        "",
        "x,y\n4,5",
        "{\"hits\":{\"hits\":[{\"_id\":\"h\",\"_source\":{\"x\":6}}]}}",
    ];
    let (mut loader, mut sources, mut formats) = (Loader::new(), Sources::default(), Vec::new());
    for text in texts {
        let added = loader.add(text);
        formats.push((added.format, added.events));
        sources.push(added.json.unwrap_or_else(|| text.to_owned()));
    }
    let store = loader.finish();
    assert_eq!(
        formats,
        [("NDJSON", 2), ("JSON array", 1), ("no events", 0), ("CSV", 1), ("_search response", 1)]
    );
    let all: Vec<_> =
        (0..store.n_events()).map(|event| sources.event(&store, event).unwrap()).collect();
    let second = "{\"_id\":\"0\",\"x\":2}";
    assert_eq!(all, ["{\"x\":1}", second, "{\"x\":3}", "{\"x\":\"4\",\"y\":\"5\"}", "{\"x\":6}"]);
    // An id that is written wins over the position of another event.
    let found: Vec<_> =
        ["0", "2", "h", "4", "1", "9", "+2", ""].map(|id| store.event_by_id(id)).into();
    assert_eq!(found, [Some(1), Some(2), Some(4), None, None, None, None, None]);
}

#[test]
fn the_data_stream_stands_for_an_index_that_is_not_named() {
    for (text, index) in [
        (
            r#"{"data_stream":{"type":"logs","dataset":"a.b","namespace":"default"}}"#,
            "logs-a.b-default",
        ),
        (
            r#"{"_index":"x","data_stream":{"type":"logs","dataset":"a.b","namespace":"default"}}"#,
            "x",
        ),
        (r#"{"data_stream":{"type":"logs","namespace":"default"}}"#, ""),
    ] {
        let loaded = load(text);
        assert_eq!(loaded.store.index(0), index, "{text}");
        assert_eq!(values(&loaded, "data_stream.type", 0), ["logs"]);
    }
}

#[test]
fn doubled_members_and_deep_nesting() {
    // Spec §3.7.
    let twice = load(r#"{"a":1,"a":2,"a":{"b":3},"a.b":4}"#);
    assert_eq!(
        (values(&twice, "a", 0), values(&twice, "a.b", 0)),
        (vec!["1".into(), "2".into()], vec!["3".into(), "4".into()])
    );
    let deep = format!("{}1{}", "{\"a\":".repeat(300), "}".repeat(300));
    let loaded = load(&format!("{{\"x\":1}}\n{deep}\n{{\"x\":2}}"));
    assert_eq!((loaded.store.n_events(), loaded.skipped), (2, 1));
    assert!(loaded.store.names().all(|name| name == "x"));
}

#[test]
fn elements_that_are_no_objects_do_not_end_an_array() {
    let loaded = load("[1, {\"a\":1}, [{}], \"x\", {\"a\":2}]");
    assert_eq!((loaded.store.n_events(), loaded.skipped), (2, 3));
    for text in ["{\n\"a\":1}\n x", "{\n\"a\":1}\n\"x", "[{},x]", "[{},\"x]", "[{} {}]"] {
        let loaded = load(text);
        assert_eq!((loaded.store.n_events(), loaded.skipped), (1, 1), "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![
                "{\"a\":1}", "\n", "[", "]", "{", "}", ",", "\"", "\"hits\":", "{\"hits\":{\"hits\":[",
                "{\"_id\":\"x\",\"fields\":{\"a\":[1]}}", "{\"index\":{}}", "a,b\n", "\r", "é", "-",
                "\"_source\":", "{\"update\":{}}", "\"doc\":", "{\"sequences\":[{\"events\":[",
            ]).prop_map(|text| text.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..4),
            Just(vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]),
            Just(vec![0xff, 0xfe]),
        ], 0..24),
    ) {
        let bytes = pieces.concat();
        if let Ok(decoded) = decode(bytes, 1 << 16) {
            let loaded = load(&decoded.text);
            let all = events(&loaded, &decoded.text);
            let are_objects = all.iter().all(|(_, _, source)| source.starts_with('{'));
            prop_assert!(are_objects);
        }
    }

    #[test]
    fn a_cut_text_keeps_its_complete_lines(
        form in 0..4_usize, n in 1..6_usize, at in any::<prop::sample::Index>(),
    ) {
        let lines = |line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
        let text = match form {
            0 => lines(&|i| format!("{{\"x\":{i}}}\n")),
            1 => lines(&|i| format!("{{\"index\":{{\"_id\":\"{i}\"}}}}\n{{\"x\":{i}}}\n")),
            2 => format!("x,y\n{}", lines(&|i| format!("{i},\"é\"\n"))),
            _ => format!("[\n{}{{}}]", lines(&|i| format!("{{\"x\":{i}}},\n"))),
        };
        let mut cut = at.index(text.len() + 1);
        while !text.is_char_boundary(cut) { cut -= 1; }
        let text = text.get(..cut).unwrap();
        let lines = text.matches('\n').count();
        let complete = match form { 0 => lines, 1 => lines / 2, _ => lines.saturating_sub(1) };
        let n_events = load(text).store.n_events() as usize;
        prop_assert!(n_events >= complete && n_events <= complete + 1, "{n_events} of {text}");
    }
}

#[test]
fn events_come_in_time_order() {
    let loaded = load(
        "{\"@timestamp\":\"2026-01-02\"}\n{}\n{\"@timestamp\":\"2026-01-01\"}\n{\"@timestamp\":1767312000000}",
    );
    assert_eq!(loaded.store.time_order(&TimeFields::new("@timestamp")), [2, 0, 3, 1]);
}

#[test]
fn ties_are_broken_by_values_of_any_kind() {
    let order = |events: &str, ty: Type| {
        let fields =
            TimeFields { tiebreaker: Some(("t".into(), ty)), ..TimeFields::new("@timestamp") };
        let lines = events.split_whitespace().map(|tie| match tie {
            "-" => "{\"@timestamp\":1}\n".to_owned(),
            tie => format!("{{\"@timestamp\":1,\"t\":{tie}}}\n"),
        });
        load(&lines.collect::<String>()).store.time_order(&fields)
    };
    // Numbers by value, texts by bytes, a missing one last; equal ones as they stand.
    assert_eq!(
        order(r#"10 - 9 9.0 9007199254740993 9007199254740992"#, Type::Integer),
        [2, 3, 0, 5, 4, 1]
    );
    assert_eq!(order(r#""b" - "a" "B" "a""#, Type::String), [3, 2, 4, 0, 1]);
    assert_eq!(order(r#"10 9 "9""#, Type::String), [0, 1, 2]);
    assert_eq!(order(r#""10" 9"#, Type::Integer), [1, 0]);
    // What holds both has one order all the same.
    assert_eq!(order(r#""y" 1 "x" - 0 true"#, Type::Mixed), [5, 4, 1, 2, 0, 3]);
}

#[test]
fn what_comes_along_with_a_copy_is_no_obstacle() {
    let lines = load("{\"a\":1},\n{\"a\":2},\n{\"a\":3}\n");
    assert_eq!((lines.format, lines.store.n_events(), lines.skipped), ("NDJSON", 3, 0));
    let answer = "# GET logs-*/_search 200 OK\n{\n \"hits\": {\"hits\": [{\"_id\": \"x\", \"_source\": {\"a\": 1}}]}\n}\n";
    let loaded = load(answer);
    assert_eq!(
        (loaded.format, loaded.store.n_events(), loaded.skipped),
        ("_search response", 1, 0)
    );
    assert_eq!(loaded.store.place(0).unwrap().line, 3);
    assert_eq!(load("GET x/_search\nno answer").store.n_events(), 0);
}
