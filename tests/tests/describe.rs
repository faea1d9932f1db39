//! Queries read aloud: what is said, and that nothing is lost or added by saying it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use eqlens_engine::rule;
use eqlens_engine::syntax::describe::describe;
use eqlens_engine::syntax::lexer::lex;
use eqlens_engine::syntax::parser::parse;
use eqlens_engine::syntax::print::{Outline, outline};
use eqlens_engine::syntax::token::{Tok, Token};
use eqlens_engine::wire;
use eqlens_tests::paths::{external, text};
use proptest::prelude::*;

/// The tree without places and without parentheses that change nothing; `None` where the query
/// cannot be parsed.
fn tree(query: &str) -> Option<String> {
    fn bare(node: &Outline) -> &Outline {
        if node.kind == "parenthesis" { bare(&node.children[0]) } else { node }
    }
    /// `(a and b) and c` leans to the left by itself, so that its operands are three.
    fn operands<'o>(node: &'o Outline, kind: &str, out: &mut Vec<&'o Outline>) {
        let node = bare(node);
        if node.kind != kind {
            return out.push(node);
        }
        operands(&node.children[0], kind, out);
        out.extend(node.children[1..].iter().map(bare));
    }
    fn write(node: &Outline, query: &str, out: &mut String) {
        let node = bare(node);
        let mut children: Vec<&Outline> = node.children.iter().map(bare).collect();
        if ["and", "or"].contains(&node.kind) {
            children.clear();
            operands(node, node.kind, &mut children);
        }
        out.push_str(&format!("({} {:?}", node.kind, node.text));
        if node.kind == "runs" {
            // Its name, which must be `runs`, but is read in any case.
            let option = node.span.text(query);
            out.push_str(lex(option).0[0].span.text(option));
        }
        children.into_iter().for_each(|child| write(child, query, out));
        out.push(')');
    }
    let (tree, findings) = parse(query);
    let mut out = String::new();
    write(&outline(&tree, query), query, &mut out);
    findings.is_empty().then_some(out)
}

fn read(query: &str) -> String {
    describe(&parse(query).0, query).text()
}

/// Which trees and which readings belong together, so far.
#[derive(Default)]
struct Pairs {
    readings: HashMap<u64, (u64, String)>,
    trees: HashMap<u64, u64>,
}

impl Pairs {
    /// Adds a query; tells of another one with the same reading and another tree, or the other way
    /// round.
    fn add(&mut self, query: &str) -> Result<(), String> {
        let hash = |text: &str| {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            hasher.finish()
        };
        let Some(tree) = tree(query).map(|tree| hash(&tree)) else { return Ok(()) };
        let reading = read(query);
        let hashed = hash(&reading);
        let known = self.readings.entry(hashed).or_insert_with(|| (tree, query.to_owned()));
        if known.0 != tree {
            return Err(format!("two queries read\n{reading}---\n{query}\n---\n{}", known.1));
        }
        if *self.trees.entry(tree).or_insert(hashed) != hashed {
            return Err(format!("a spelling of the same tree reads otherwise:\n{reading}{query}"));
        }
        Ok(())
    }
}

/// What may stand in place of a token, for the most part without making the query senseless.
fn others(tokens: &[Token], at: usize, query: &str) -> &'static [&'static str] {
    let before_list = tokens.get(at + 1).is_some_and(|next| next.span.text(query) == "(");
    match &tokens[at].kind {
        Tok::Str(_) => &[
            "5",
            "null",
            "true",
            "-1",
            "\"\"",
            "\"*\"",
            "\"A\"",
            "\"a\"",
            "\"a?\"",
            "\"a\\\"b\"",
            "\"a'b\"",
            "\"a\\nb\"",
            "\"a\\\\nb\"",
            "\"a\\\", \\\"b\"",
            "\"\"\"raw\\\"\"\"",
            "\"a\", \"b\"",
            "x",
        ],
        Tok::Number(_) => &["5", "5.0", "50", "1", "\"5\""],
        Tok::Ident if before_list => {
            &["f", "length", "startsWith~", "startsWith", "endsWith", "cidrMatch"]
        }
        Tok::Ident | Tok::QuotedIdent(_) => {
            &["x", "`x`", "`a b`", "args", "a.b", "missing", "not x", "m", "s"]
        }
        _ => match tokens[at].span.text(query) {
            "==" | "!=" | "<" | "<=" | ">" | ">=" => {
                &["==", "!=", "<", "<=", ">", ">=", ":", "like", "+"]
            }
            ":" | "like" | "like~" | "regex" | "regex~" | "in" | "in~" if before_list => {
                &[":", "like", "like~", "regex", "regex~", "in", "in~", "not in", "not in~"]
            }
            ":" | "like" | "like~" | "regex" | "regex~" => {
                &[":", "like", "like~", "regex", "regex~", "==", "!="]
            }
            "and" | "or" => &["and", "or", "and not", "or not", "and x or"],
            "where" => &["where not", "where x and", "where x or", "where not not"],
            "not" => &["", "not not"],
            "(" => &["(not ", "((x) and ", "((x) or ("],
            "?" => &[""],
            "[" => &["!["],
            "any" => &["\"any\"", "process"],
            "maxspan" => &["maxspan", "runs"],
            _ => &[""],
        },
    }
}

/// Queries that differ in one token, or in one pair of parentheses.
fn mutants(query: &str, seed: u64, n: usize) -> Vec<String> {
    let tokens: Vec<Token> =
        lex(query).0.into_iter().filter(|token| token.kind != Tok::End).collect();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let word = |at: usize| tokens.get(at).map_or("", |token: &Token| token.span.text(query));
    let place = |at: usize| tokens[at].span;
    let joins = |at: usize| ["and", "or", "", "]", ")"].contains(&word(at));
    let mut made = Vec::new();
    for _ in 0..n {
        let a = random(tokens.len());
        let (start, end) = (place(a).start as usize, place(a).end as usize);
        made.push(match random(6) {
            // Without the next pair of parentheses.
            0 => {
                let mut depth = 0;
                let Some(open) = (a..tokens.len()).find(|&at| word(at) == "(") else { continue };
                let close = (open..tokens.len()).find(|&at| {
                    depth += i32::from(word(at) == "(");
                    depth -= i32::from(word(at) == ")");
                    depth == 0
                });
                let (open, close) =
                    (place(open).start as usize, place(close.unwrap()).start as usize);
                format!("{} {} {}", &query[..open], &query[open + 1..close], &query[close + 1..])
            }
            // With a further pair, from one operand to another.
            1 | 2 => {
                let Some(first) =
                    (a..tokens.len()).find(|&at| ["where", "and", "or"].contains(&word(at)))
                else {
                    continue;
                };
                let mut ends = (first + 1..tokens.len()).filter(|&at| joins(at + 1));
                let Some(last) = ends.nth(random(4)) else { continue };
                let (start, end) = (place(first).end as usize, place(last).end as usize);
                format!("{} ({}) {}", &query[..start], &query[start..end], &query[end..])
            }
            _ => {
                let others = others(&tokens, a, query);
                format!("{} {} {}", &query[..start], others[random(others.len())], &query[end..])
            }
        });
    }
    made
}

#[test]
fn real_queries_and_their_neighbours_never_read_the_same() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let mut pairs = Pairs::default();
    let mut problems = Vec::new();
    for (n, line) in text(&corpus).lines().enumerate() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = json["query"].as_str().unwrap();
        problems.extend(pairs.add(query).err());
        for mutant in mutants(query, n as u64, 5) {
            problems.extend(pairs.add(&mutant).err());
        }
    }
    println!("{} readings of {} trees", pairs.readings.len(), pairs.trees.len());
    assert!(problems.is_empty(), "{} failed: {}", problems.len(), problems[0]);
}

/// Names and values that look like what is said around them, in every test there is.
fn tests() -> Vec<String> {
    let fields = [
        "missing",
        "?missing",
        "present",
        "the",
        "is",
        "always",
        "process.args",
        "tags",
        "escaped",
        "`null`",
        "`a b`",
        "`x is \"y\"`",
        "`?missing`",
        "all",
        "one",
    ];
    let constants = [
        "5",
        "5.0",
        "true",
        "\"a\"",
        "\"A\"",
        "\"a*\"",
        "\"\"",
        "\"a\\\"b\"",
        "\"a'b\"",
        "\"a'\\\"b\"",
        "\"a\\nb\"",
        "\"a\\\\nb\"",
        "\"a\\u{202e}b\"",
        "\"a\\\\u{202e}b\"",
        "\"escaped \\\"a\\\"\"",
        "\"a\\\" (with escapes)\"",
        "\"a (with escapes)\"",
        "\"a\\\" (any case)\"",
        "\"a\\\", \\\"b\"",
        "null",
    ];
    let mut all: Vec<String> = Vec::new();
    for field in fields {
        all.push(field.to_owned());
        for constant in constants {
            for op in ["==", "!=", "<", "<=", ">", ">=", ":", "like", "like~", "regex", "regex~"] {
                all.push(format!("{field} {op} {constant}"));
            }
            for op in ["in", "in~", "not in", "not in~"] {
                all.push(format!("{field} {op} ({constant})"));
                all.push(format!("{field} {op} ({constant}, missing, -1)"));
            }
            for op in [":", "like", "like~", "regex", "regex~"] {
                all.push(format!("{field} {op} ({constant}, \"b\")"));
            }
            all.push(format!("{constant} == {field}"));
            for call in [
                "startsWith",
                "startswith",
                "startsWith~",
                "endsWith",
                "stringContains~",
                "cidrMatch",
                "cidrmatch",
                "cidrMatch~",
                "f",
            ] {
                all.push(format!("{call}({field}, {constant})"));
                all.push(format!("{call}({field}, {constant}, \"b\")"));
            }
        }
        for other in fields {
            for op in ["==", "!=", ">"] {
                all.push(format!("{field} {op} {other}"));
            }
        }
        for value in [
            "-1",
            "+1",
            "- -1",
            "1 + 2",
            "(1 + 2) * 3",
            "1 + 2 * 3",
            "1 - (2 - 3)",
            "1 - 2 - 3",
            "length(a)",
            "Length(a)",
            "length~(a)",
            "length(length(a))",
            "f()",
            "(a == 1)",
            "(a in (1))",
            "(not a)",
            "(a and b)",
            "(a and b and c)",
            "(a and (b and c))",
            "(a or b)",
        ] {
            all.push(format!("{field} == {value}"));
            all.push(format!("{value} == {field}"));
            all.push(format!("({value}) in ({field})"));
            all.push(format!("({value}) : \"a\""));
        }
        all.push(format!("length({field}) == 3"));
        all.push(format!("Length({field}) == 3"));
        all.push(format!("-{field} in (1)"));
        all.push(format!("(-{field}) in (1)"));
        all.push(format!("{field} in (1) == true"));
    }
    all.extend(
        ["true", "false", "null", "5", "\"a\"", "-5", "not true", "not false"].map(str::to_owned),
    );
    all
}

#[test]
fn no_two_tests_read_the_same_however_they_are_joined() {
    let mut pairs = Pairs::default();
    let mut add = |query: String| {
        if let Err(problem) = pairs.add(&query) {
            panic!("{problem}");
        }
    };
    let tests = tests();
    for (n, test) in tests.iter().enumerate() {
        add(format!("any where {test}"));
        add(format!("any where not ({test})"));
        if n % 9 != 0 {
            continue;
        }
        add(format!("any where not not ({test})"));
        add(format!("any where ({test}) and x"));
        add(format!("any where not (({test}) or x)"));
        add(format!("any where not (({test}) and x)"));
    }
    // All shapes of three operands, each with every sign.
    let leaves = ["a == 1", "b : \"x\"", "c"];
    for shape in [
        "A and B and C",
        "A and (B and C)",
        "A or B or C",
        "A or (B or C)",
        "A and B or C",
        "A and (B or C)",
        "(A or B) and C",
        "A or B and C",
        "(A and B) and C",
        "((A) and (B)) and C",
    ] {
        for signs in 0..256 {
            let mut query = shape.to_owned();
            for (n, (name, leaf)) in ["A", "B", "C"].into_iter().zip(leaves).enumerate() {
                let sign = if signs >> n & 1 == 1 { "not " } else { "" };
                query = query.replace(name, &format!("{sign}{leaf}"));
            }
            let not = if signs & 8 == 8 { "not " } else { "" };
            add(format!("any where {not}({query})"));
            add(format!("any where {not}{query}"));
        }
    }
}

#[test]
fn the_forms_of_queries_never_read_the_same() {
    let mut pairs = Pairs::default();
    let categories =
        ["any", "\"any\"", "process", "event", "a", "no", "\"no x\"", "\"x event\"", "\"where\""];
    let headers = [
        "",
        "by k",
        "by ?k",
        "by j, k",
        "with maxspan=1s",
        "with maxspan=1",
        "with maxspan=2s",
        "with maxspan=1.0s",
        "with maxspan=1ms",
        "with maxspan=1m",
        "with maxspan=1h",
        "with maxspan=1d",
        "with maxspan=1second",
        "with maxspan=1seconds",
        "by k with maxspan=1s",
        "by `k, l`",
        "by seconds",
    ];
    let tails = [
        "",
        "by k",
        "by ?k",
        "by k, l",
        "with runs=1",
        "with runs=2",
        "with runs=2.0",
        "by k with runs=2",
    ];
    let pipes = [
        "",
        "| head 5",
        "| tail 5",
        "| head 5.0",
        "| head",
        "| head a",
        "| head 5, 5",
        "| head 5 | tail 5",
        "| tail 5 | head 5",
        "| count",
        "| count a",
    ];
    for (n, category) in categories.into_iter().enumerate() {
        for pipe in pipes {
            for condition in ["true", "false", "a == 1", "a and b"] {
                pairs.add(&format!("{category} where {condition} {pipe}")).unwrap();
            }
        }
        for header in headers.into_iter().skip(n).step_by(if n < 3 { 1 } else { 4 }) {
            for (n, tail) in tails.into_iter().enumerate() {
                // What holds of sequences holds of the others: they have the same parts.
                let words = if n < 3 { &["sequence", "sample", "join"][..] } else { &["sequence"] };
                for word in words {
                    for (open, other) in [("[", "["), ("![", "["), ("[", "![")] {
                        let terms =
                            format!("{open}{category} where true]{tail} {other}any where true]");
                        pairs.add(&format!("{word} {header} {terms}")).unwrap();
                        pairs
                            .add(&format!("{word} {header} {terms} until [any where true]{tail}"))
                            .unwrap();
                        pairs.add(&format!("{word} {header} {terms} [any where true]")).unwrap();
                    }
                }
            }
        }
    }
    println!("{} readings", pairs.readings.len());
}

#[test]
fn the_page_gets_lines_with_places_in_the_rule_text() {
    let text = r#"{"name": "n", "query": "any where a == \"x\"\n and\tb"}"#;
    let (rule, _) = rule::read(text);
    let reading = wire::reading::Reading::of(&rule, text).unwrap();
    let line = &reading.lines[1];
    assert_eq!(&text[line.span.start as usize..line.span.end as usize], r#"a == \"x\""#);
    assert_eq!(line.parts[2].text, "\"x\"");
    let broken = rule::Rule::bare("any where");
    assert_eq!(wire::reading::Reading::of(&broken, "any where"), None);
}

/// A condition of a few words, so that different ones come close to each other.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a",
        "true",
        "a == \"x\"",
        "a : \"x\"",
        "a != \"x*\"",
        "a in (\"x\")",
        "a not in (\"x\", 5)",
        "?a == null",
        "args : (\"x\", \"y*\")",
        "length(a) > 1 + 2 * 3",
        "f(a, \"x\") == b",
        "startsWith~(a, \"x\")",
        "a regex \"x\"",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("not {a}")),
            inner.clone().prop_map(|a| format!("({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} and {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a} or {b}")),
        ]
    })
}

proptest! {
    #[test]
    fn random_queries_and_their_neighbours_never_read_the_same(
        conditions in prop::collection::vec(condition(), 2..4),
        seed in any::<u64>(),
    ) {
        let mut pairs = Pairs::default();
        for condition in conditions {
            let query = format!("process where {condition}");
            let mutants = mutants(&query, seed, 12);
            for query in mutants.iter().chain([&query, &format!("process  where // so\n (({condition}))")]) {
                if let Err(problem) = pairs.add(query) {
                    prop_assert!(false, "{}", problem);
                }
            }
        }
    }
}
