//! What the parser makes of sound and of broken queries.

use crate::syntax::parser::parse;
use crate::syntax::print::print;

/// The canonical text of a query without findings.
fn canonical(source: &str) -> String {
    let (query, findings) = parse(source);
    assert_eq!(findings, [], "{source}");
    print(&query, source)
}

/// Codes of the findings and the text each points at.
fn findings(source: &str) -> Vec<(&'static str, &str)> {
    let (_, findings) = parse(source);
    findings.iter().map(|f| (f.kind.code(), f.span.text(source))).collect()
}

#[test]
fn sound_queries_are_read_and_printed() {
    for source in [
        "process where true",
        "any where a == 1 and b != 2 or not c < 3",
        "\"my-category\" where x : (\"a*\", \"b\")",
        "any where x not in~ (\"a\", \"b\") and not (y like \"z\" or ?w.v == null)",
        "any where -x + 2 * (3 - y) >= 1.5 and f~(a, g(b)) == true",
        "any where `my-field`.`6th` == \"\\\"\\\\\" and rule.`any` == 1",
        "sequence by host.id with maxspan=5s [a where true] by x ![b where x regex \"c\"] by y with runs=2 until [c where false] by z | head 5 | tail 2",
        "sample by host [a where true] [b where true] by ?x",
    ] {
        let printed = canonical(source);
        assert_eq!(printed, source);
        assert_eq!(canonical(&printed), printed);
    }
}

#[test]
fn operators_bind_as_specified() {
    let tree = |source: &str| {
        let (query, _) = parse(source);
        format!("{:?}", crate::syntax::print::outline(&query, source).children[0].children[1].kind)
    };
    // Spec §2.3, §2.2, §2.6.
    assert_eq!(tree("any where not a == 1 and b"), "\"and\"");
    assert_eq!(tree("any where a or b and c"), "\"or\"");
    assert_eq!(tree("any where x in (1, 2) == true"), "\"comparison\"");
    assert_eq!(tree("any where a + b in (1, 2)"), "\"arithmetic\"");
}

#[test]
fn mistakes_have_code_and_place() {
    for (source, expected) in [
        ("any where x = 1", &[("E-203", "=")][..]),
        ("any where 1 < x < 5", &[("E-204", "<")]),
        ("any where a == 1 AND b == 2", &[("E-205", "AND")]),
        ("any where NOT a == 1", &[("E-205", "NOT")]),
        ("process WHERE true", &[("E-205", "WHERE")]),
        ("any where network.by == 1", &[("E-206", "by")]),
        ("any where x not like \"a\"", &[("E-207", "not like")]),
        ("any where x in ()", &[("E-208", ")")]),
        ("any where x in (1,)", &[("E-208", ")")]),
        ("any where x : y", &[("E-209", "y")]),
        ("where true", &[("E-210", "where")]),
        ("process.name == \"a\"", &[("E-210", "process")]),
        ("event.category where true", &[("E-211", "event.category")]),
        ("process name == \"a\"", &[("E-212", "name")]),
        ("any where (a == 1", &[("E-213", "(")]),
        ("any where a == 1)", &[("E-213", ")")]),
        ("any where user.?id == 1", &[("E-215", "?")]),
        ("any where child of [process where true]", &[("E-324", "child")]),
        ("any where x[0] == 1", &[("E-325", "0")]),
        ("any where x ==", &[("E-202", "")]),
        ("any where x == and y == 1", &[("E-201", "and")]),
        ("any where a == 1 && b == 2", &[("E-101", "&&")]),
        ("any where a == 1 || b == 2", &[("E-201", "||")]),
        ("any where a <> 1", &[("E-201", "<>")]),
        ("any where a == \u{201c}x\u{201d}", &[("E-101", "\u{201c}x\u{201d}")]),
        ("any\u{a0}where a == 1", &[("E-101", "\u{a0}")]),
        ("any where a === 1", &[("E-201", "===")]),
        ("any where a == 1 b == 2", &[("E-201", "b")]),
        ("", &[("E-202", "")]),
    ] {
        assert_eq!(findings(source), expected, "{source}");
    }
}

#[test]
fn independent_mistakes_are_reported_together() {
    let source = "any where a = 1 and b == 'x' and c not like \"y\" and d ==";
    assert_eq!(
        findings(source),
        [("E-203", "="), ("E-106", "'x'"), ("E-207", "not like"), ("E-202", "")]
    );
}

#[test]
fn recovery_keeps_the_sound_parts() {
    let source = "any where a == 1 and b == and c == 3";
    let (query, _) = parse(source);
    assert_eq!(print(&query, source), "any where a == 1 and b ==  and c == 3");
}

#[test]
fn nesting_is_limited_and_never_overflows() {
    for open in ["(", "not ", "-", "f(", "x in ("] {
        let source = format!("any where {}", open.repeat(50_000));
        let (_, findings) = parse(&source);
        assert!(!findings.is_empty(), "{open}");
    }
    let chain = format!("any where a == 1{}", " or a == 1".repeat(20_000));
    assert_eq!(parse(&chain).1, []);
    assert_eq!(canonical(&chain), chain);
    let sum = format!("any where a == 1{}", " + 1".repeat(20_000));
    assert_eq!(findings(&sum), [("E-214", "+")]);
    let nested = format!("any where {}1{}", "(".repeat(150), " + 1 + 1 + 1 + 1)".repeat(150));
    assert_eq!(findings(&nested)[0].0, "E-214");
    let deep = format!("any where {}a{} == 1", "(".repeat(90), ")".repeat(90));
    assert_eq!(parse(&deep).1, []);
}
