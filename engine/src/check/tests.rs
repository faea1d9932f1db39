//! What the checker says of queries; what it lets pass is tested by the conformance tables.

use crate::check::{Context, MissingFields, check};
use crate::ingest::load;
use crate::schema::{Mapping, Schema};
use crate::syntax::parser::parse;

const EVENTS: &str = r#"{"s":"a","n":1,"b":true,"ip":"10.0.0.1","@timestamp":"2026-01-01","source":{"ip":"1.1.1.1"},"m":1}
{"m":"x"}"#;

fn codes(source: &str, missing_fields: MissingFields) -> Vec<(&'static str, String)> {
    let (query, findings) = parse(source);
    assert_eq!(findings, [], "{source}");
    let loaded = load(EVENTS);
    let mapping = Mapping::default();
    let context = Context {
        source,
        schema: Schema { mapping: &mapping, values: &loaded.store },
        category_field: "event.category",
        missing_fields,
        has_events: true,
    };
    let (checked, findings) = check(&query, context);
    let refused = findings.iter().any(|f| f.kind.severity() == crate::diag::Severity::Error);
    assert_eq!(checked.is_none(), refused, "{source}: {findings:?}");
    findings.iter().map(|f| (f.kind.code(), f.span.text(source).to_owned())).collect()
}

#[test]
fn type_mistakes_have_code_and_place() {
    for (source, expected) in [
        ("any where s", &[("E-407", "s")][..]),
        ("any where \"a\" and b", &[("E-407", "\"a\"")]),
        ("any where n : \"1\"", &[("E-408", "n")]),
        ("any where source.ip : \"10.*\"", &[("E-408", "source.ip")]),
        ("any where n in~ (1)", &[("E-408", "n")]),
        ("any where n in (1, \"x\")", &[("E-409", "\"x\"")]),
        ("any where s == n", &[("E-410", "n")]),
        ("any where s in (\"a\", n)", &[("E-411", "n")]),
        ("any where s == -\"a\"", &[("E-418", "\"a\"")]),
        ("any where 1 / 0 == n", &[("E-422", "/")]),
        ("any where @timestamp == \"yesterday\"", &[("E-423", "\"yesterday\"")]),
        ("any where n == \"abc\"", &[("E-423", "\"abc\"")]),
        ("any where source.ip == \"10.0.0.0/99\"", &[("E-423", "\"10.0.0.0/99\"")]),
        ("any where b > true", &[("E-425", ">")]),
        ("any where lenght(s) > 1", &[("E-402", "lenght")]),
        ("any where s < null", &[("L-09", "<")]),
        ("any where nope == 1", &[("L-08", "nope")]),
        ("any where s == n and s", &[("E-410", "n"), ("E-407", "s")]),
    ] {
        let found = codes(source, MissingFields::Null);
        let found: Vec<_> = found.iter().map(|(code, text)| (*code, text.as_str())).collect();
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn sound_queries_pass() {
    for source in [
        "any where s == \"a\" and n == 1 and b and b == true and not b != false",
        "any where n == \"1\" and s == 1 and 5 < n and n == 2 * 21",
        "any where @timestamp >= \"2026-01\" and source.ip == \"10.0.0.0/8\"",
        "any where ?nope == 1 and m == 1 and m == \"x\" and m : \"x*\"",
        "any where (s == \"a\") == false and null != s",
        "process where process.name : \"x\"",
    ] {
        assert_eq!(codes(source, MissingFields::Null), [], "{source}");
    }
}

#[test]
fn unknown_fields_are_errors_only_where_asked() {
    assert_eq!(codes("any where process.name == \"a\"", MissingFields::Error), []);
    assert_eq!(
        codes("any where proces.name == \"a\"", MissingFields::Error),
        [("E-401", "proces.name".to_owned())]
    );
}
