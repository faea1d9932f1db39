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
        now: &|| crate::time::Instant::from_millis(0),
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
        ("any where n like 5", &[("E-408", "n")]),
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
fn structure_mistakes_have_code_and_place() {
    for (source, expected) in [
        (
            "sequence with maxspan=5s by s [any where b] [any where b]",
            &[("E-301", "with maxspan=5s by s")][..],
        ),
        ("sequence [any where b] by s [any where b]", &[("E-302", "[any where b]")]),
        ("sequence [any where b] [any where b] by s, n", &[("E-302", "by s, n")]),
        ("sequence by length(s) [any where b] [any where b]", &[("E-303", "length(s)")]),
        ("sequence with maxspan=0s [any where b] [any where b]", &[("E-304", "0")]),
        (
            "sequence with maxspan=-9223372036854775808s [any where b] [any where b]",
            &[("E-304", "-9223372036854775808")],
        ),
        ("sequence with maxspan=5 [any where b] [any where b]", &[("E-305", "5")]),
        ("sequence with maxspan=5sec [any where b] [any where b]", &[("E-306", "sec")]),
        ("sequence with maxspan=1e3s [any where b] [any where b]", &[("E-307", "1e3")]),
        ("sequence [any where b] with times=2 [any where b]", &[("E-308", "times")]),
        ("sequence [any where b] with runs=0 [any where b]", &[("E-309", "0")]),
        ("sequence [any where b] with runs=1.5 [any where b]", &[("E-309", "1.5")]),
        ("sequence [any where b] with runs=101", &[("E-310", "101")]),
        (
            "sequence [any where b] with runs=100 [any where b] with runs=100 [any where n == 1] with runs=57",
            &[("E-311", "[any where n == 1] with runs=57")],
        ),
        ("sequence [any where b]", &[("E-312", "sequence [any where b]")]),
        (
            "sequence [any where b] until [any where b]",
            &[("E-312", "sequence [any where b] until [any where b]")],
        ),
        ("sequence [any where b] ![any where b]", &[("E-313", "![any where b]")]),
        (
            "sequence with maxspan=1s ![any where b] ![any where b]",
            &[("E-314", "sequence with maxspan=1s ![any where b] ![any where b]")],
        ),
        ("sample by s [any where b] ![any where b]", &[("E-315", "![any where b]")]),
        (
            "sequence [any where b] [any where b] until ![any where b]",
            &[("E-316", "![any where b]")],
        ),
        ("sample by s [any where b]", &[("E-317", "sample by s [any where b]")]),
        (
            "sample by s [any where b] [any where b] [any where b] [any where b] [any where b] [any where n == 6]",
            &[("E-318", "[any where n == 6]")],
        ),
        ("sequence with maxspan=9223372036854775808d [any where b] [any where b]", &[]),
        (
            "sequence [any where b] with runs=99999999999999999999 [any where b]",
            &[("E-310", "99999999999999999999")],
        ),
        ("any where b | head 18446744073709551615", &[]),
        ("sample [any where b] [any where b]", &[("E-319", "[any where b]")]),
        ("sample by s [any where b] by s [any where b] by n", &[("E-320", "s")]),
        ("sample by s [any where b] [any where b] | head 1", &[("E-321", "| head 1")]),
        ("sample by s with maxspan=5s [any where b] [any where b]", &[("E-322", "maxspan")]),
        ("sample by s [any where b] [any where b] until [any where n == 1]", &[("E-322", "until")]),
        ("join by s [any where b] [any where b]", &[("E-323", "join")]),
        ("any where b | heda 5", &[("E-326", "heda")]),
        ("any where b | count", &[("E-327", "| count")]),
        ("any where b | head", &[("E-328", "| head")]),
        ("any where b | head 1, 2", &[("E-328", "| head 1, 2")]),
        ("any where b | head 1.5", &[("E-329", "1.5")]),
        ("any where b | head -1", &[("E-329", "-1")]),
        ("any where b | head n", &[("E-329", "n")]),
    ] {
        let found = codes(source, MissingFields::Null);
        let found: Vec<_> = found.iter().map(|(code, text)| (*code, text.as_str())).collect();
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn mistakes_in_calls_have_code_and_place() {
    for (source, expected) in [
        ("any where length(s, s) > 1", &[("E-403", "length")][..]),
        ("any where length(n) > 1", &[("E-404", "n")]),
        ("any where substring(s, 1.5) == \"a\"", &[("E-404", "1.5")]),
        ("any where cidrMatch(s)", &[("E-403", "cidrMatch")]),
        ("any where cidrMatch(n, \"10.0.0.0/8\")", &[("E-404", "n")]),
        ("any where cidrMatch(source.ip, s)", &[("E-405", "s")]),
        ("any where number(s, n) == 1", &[("E-405", "n")]),
        ("any where length~(s) > 1", &[("E-406", "length~")]),
        ("any where length(s)", &[("E-407", "length(s)")]),
        ("any where length(s) : \"1\"", &[("E-408", "length(s)")]),
        ("any where length(s) in (1, \"x\")", &[("E-409", "\"x\"")]),
        ("any where length(s) == length(ip)", &[("E-410", "ip")]),
        ("any where n in (1, length(s))", &[("E-411", "s")]),
        ("any where s + n in (1)", &[("E-418", "n in (1)")]),
        ("any where s regex \"a\\\\b\"", &[("E-419", "\\\\b")]),
        ("any where s regex \"\"\"(?i)a\"\"\"", &[("E-420", "(?")]),
        ("any where cidrMatch(source.ip, \"10.0.0.0/33\")", &[("E-421", "\"10.0.0.0/33\"")]),
        ("any where n / 0 == 1", &[("E-422", "/")]),
        ("any where divide(n, 0) == 1", &[("E-422", "divide")]),
        ("any where string(b and b) == \"true\"", &[("E-424", "b and b")]),
        ("any where length(s) == \"x\"", &[("E-423", "\"x\"")]),
        ("any where s regex \"^a\"", &[("L-22", "^")]),
        ("any where s regex~ \"[a-c]\"", &[("L-23", "a-c")]),
        ("any where number(\"z\") == 1", &[("L-40", "number")]),
        ("sequence [any where b] by s [any where b] by n", &[("L-49", "n")]),
        (
            "sequence [any where b] by @timestamp [any where b] by source.ip",
            &[("E-416", "source.ip")],
        ),
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
        "any where length(s) > 1 and -n < 5 and n + 1 * 2 == 3 and string(n) : \"1*\"",
        "any where concat(s, n, b) != null and null == (n > 1) and ?nope == ?nada",
        "any where cidrMatch(ip, \"10.0.0.0/8\", \"::/0\") and string(cidrMatch(ip, \"::/0\")) == \"true\"",
        "any where substring(s, 1, null) == \"a\" and number(string(n), 10) in (1, 2)",
        "any where @timestamp > \"now-1d/d\" and length(s) > 2 * 3",
        "sequence by s with maxspan=1d [any where b] by n with runs=2 ![any where b] by m until [any where b] by n",
        "sample by ?s [any where b] by n [any where b] by m",
        "any where b | head 2+3 | tail 0",
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
