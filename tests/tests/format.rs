//! The formatter: what it writes, and the laws it keeps.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::syntax::describe::describe;
use eqlens_engine::syntax::format::format;
use eqlens_engine::syntax::lexer::lex;
use eqlens_engine::syntax::parser::parse;
use eqlens_engine::syntax::print::{Outline, outline, print};
use eqlens_engine::syntax::token::Tok;
use eqlens_tests::paths::{external, text};
use proptest::prelude::*;

/// The tree without its places.
fn tree(query: &str) -> String {
    fn write(node: &Outline, out: &mut String) {
        out.push_str(&format!("({} {:?}", node.kind, node.text));
        node.children.iter().for_each(|child| write(child, out));
        out.push(')');
    }
    let (tree, findings) = parse(query);
    assert_eq!(findings, [], "{query}");
    let mut out = String::new();
    write(&outline(&tree, query), &mut out);
    out
}

/// Spelling of the tokens, and the comments between them without blanks at their ends. The
/// comments are found here in another way than in the formatter: by what is left beside the tokens.
fn parts(query: &str) -> (Vec<&str>, Vec<&str>) {
    let (tokens, _) = lex(query);
    let spelled = tokens.iter().map(|token| token.span.text(query)).collect();
    let mut comments = Vec::new();
    let mut end = 0;
    for token in &tokens {
        let start = token.span.start as usize;
        let mut gap = query[end..start].trim_start();
        while !gap.is_empty() {
            let mut len = gap.find('\n').unwrap_or(gap.len());
            if gap.starts_with("/*") {
                let mut depth = 0;
                len = (0..=gap.len())
                    .filter(|at| gap.is_char_boundary(*at))
                    .find(|&at| {
                        depth +=
                            i32::from(gap[..at].ends_with("/*") && !gap[..at].ends_with("*/*"));
                        depth -=
                            i32::from(gap[..at].ends_with("*/") && !gap[..at].ends_with("/*/"));
                        at > 2 && depth == 0
                    })
                    .unwrap();
            }
            comments.push(gap[..len].trim_end());
            gap = gap[len..].trim_start();
        }
        end = token.span.end as usize;
    }
    (spelled, comments)
}

/// Formats a sound query and holds the result to the laws.
fn lawful(query: &str) -> Result<String, String> {
    let formatted = format(query).map_err(|findings| format!("{query}: {findings:?}"))?;
    let problem = |what: &str| Err(format!("{what}\n--- of\n{query}\n--- came\n{formatted}\n---"));
    if !parse(&formatted).1.is_empty() || tree(&formatted) != tree(query) {
        return problem("another tree");
    }
    if parts(&formatted) != parts(query) {
        return problem("other tokens or comments");
    }
    let again = format(&formatted).unwrap();
    if again != formatted {
        return problem(&format!("formatted again it is another text:\n{again}\n"));
    }
    // The other way to write a tree, on one line and without comments.
    if tree(&print(&parse(query).0, query)) != tree(query) {
        return problem("printed it is another tree");
    }
    if formatted.lines().any(|line| line.ends_with(' ')) || formatted.contains("\n\n\n") {
        return problem("blanks at the end of a line, or too many empty lines");
    }
    Ok(formatted)
}

fn corpus() -> Vec<(String, String)> {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return Vec::new() };
    let rule = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let member = |name: &str| json[name].as_str().unwrap().to_owned();
        (member("name"), member("query"))
    };
    text(&corpus).lines().map(rule).collect()
}

#[test]
fn real_queries_keep_their_trees_tokens_and_comments() {
    let problems: Vec<String> = corpus()
        .iter()
        .filter_map(|(name, query)| lawful(query).err().map(|problem| format!("{name}: {problem}")))
        .collect();
    assert!(problems.is_empty(), "{} failed:\n{}", problems.len(), problems[0]);
}

/// On the small stack of a browser's worker, and without a step that is worked out again for each
/// link: in quadratic time the longest of these would take minutes.
#[test]
fn long_and_deep_queries_are_formatted_and_read() {
    let deep = |open: &str, close: &str| {
        format!("any where {}a == 1{}", open.repeat(190), close.repeat(190))
    };
    let queries = [
        format!("any where a == 1{}", " or a == 1".repeat(10_000)),
        format!("any where a == 1{}", " // c\n and a == 1".repeat(10_000)),
        format!("any where a in (1{})", ", \"value\"".repeat(2_609)),
        format!("any where (a == 1{})", " and (b or c)".repeat(5_000)),
        format!("any where a == 1{}", " + 1".repeat(390)),
        deep("(", ")"),
        deep("not ", ""),
        deep("f(", ")"),
        // Not in one line, so that each level is looked at.
        deep("( // c\n", ")"),
        format!("any where {}a{}", "(a and // c\n(b or ".repeat(45), "))".repeat(45)),
    ];
    let work = move || {
        for query in &queries {
            let formatted = format(query).unwrap();
            assert_eq!(format(&formatted), Ok(formatted.clone()));
            let tree = parse(query).0;
            let reading = describe(&tree, query);
            assert_eq!(reading, describe(&tree, query));
            assert!(!reading.lines.is_empty());
        }
    };
    // A megabyte in an optimised program; unoptimised frames are several times as large.
    let stack = if cfg!(debug_assertions) { 8 << 20 } else { 1 << 20 };
    std::thread::Builder::new().stack_size(stack).spawn(work).unwrap().join().unwrap();
}

/// Tokens of an expression, at any rate longer than a line now and then.
fn expression() -> impl Strategy<Value = Vec<String>> + Clone {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let operand = prop::sample::select(vec![
        "host.os.type",
        "event . type",
        "? user . id",
        "a",
        "`odd ``name`` of a field` . x",
        "-1",
        "- 2.50",
        "007",
        ".5e3",
        "null",
        "length ( process . name )",
        "f~ ( a , \"b\" , 3 )",
        "g ( )",
        "\"a \\\"quoted\\\" text\"",
        "\"\"\"raw \\ text\"\"\"",
        "a + b * - 3",
        "\"// no comment /*\"",
    ])
    .prop_map(lexed);
    let list =
        prop::collection::vec(operand.clone(), 1..14).prop_map(|items| items.join(&",".to_owned()));
    let patterns = prop::collection::vec(
        prop::sample::select(vec!["\"a*\"", "\"?:\\\\Windows\\\\*\"", "\"\"\"[a-z]+\"\"\"", "5"]),
        1..12,
    )
    .prop_map(|items| items.join(" , "));
    let leaf = prop_oneof![
        operand.clone(),
        (operand.clone(), prop::sample::select(vec!["==", "!=", "<", ">="]), operand.clone())
            .prop_map(|(a, op, b)| [a, vec![op.to_owned()], b].concat()),
        (operand.clone(), prop::sample::select(vec!["in", "in~", "not in", "not in~"]), list)
            .prop_map(move |(a, op, b)| [
                vec!["(".into()],
                a,
                vec![")".into()],
                words(op),
                vec!["(".into()],
                b,
                vec![")".into()]
            ]
            .concat()),
        (
            prop::sample::select(vec!["x", "event.action"]),
            prop::sample::select(vec![":", "like", "regex~"]),
            patterns
        )
            .prop_map(|(a, op, b)| lexed(&format!("{a} {op} ( {b} )"))),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|a| [vec!["not".into(), "(".into()], a, vec![")".into()]].concat()),
            inner.clone().prop_map(|a| [vec!["(".into()], a, vec![")".into()]].concat()),
            (prop::collection::vec(inner, 2..7), any::<bool>()).prop_map(|(operands, and)| {
                operands.join(&(if and { "and" } else { "or" }).to_owned())
            }),
        ]
    })
}

/// The texts of the tokens.
fn lexed(text: &str) -> Vec<String> {
    let (tokens, findings) = lex(text);
    assert_eq!(findings, []);
    let tokens = tokens.iter().filter(|token| token.kind != Tok::End);
    tokens.map(|token| token.span.text(text).to_owned()).collect()
}

fn query() -> impl Strategy<Value = Vec<String>> {
    let filter = (prop::sample::select(vec!["any", "process", "\"my-data\""]), expression())
        .prop_map(|(category, condition)| [lexed(category), lexed("where"), condition].concat());
    let term = (
        any::<bool>(),
        filter.clone(),
        prop::sample::select(vec!["", "by a . b , c", "with runs = 3"]),
    )
        .prop_map(|(missing, filter, tail)| {
            let open = if missing { "![" } else { "[" };
            [vec![open.to_owned()], filter, vec!["]".into()], lexed(tail)].concat()
        });
    let header = prop::sample::select(vec![
        "sequence",
        "sequence by a , b with maxspan = 5 m",
        "sample by process . entity_id",
        "sequence with maxspan = 1",
    ]);
    let joined = (header, prop::collection::vec(term.clone(), 1..4), prop::option::of(term))
        .prop_map(|(header, terms, until)| {
            let until = until.filter(|_| header.starts_with("sequence"));
            let until = until.map(|term| [lexed("until"), term].concat()).unwrap_or_default();
            [lexed(header), terms.concat(), until].concat()
        });
    let pipes = prop::sample::select(vec!["", "| head 5", "| tail 3 | count a , b"]);
    (prop_oneof![filter, joined], pipes).prop_map(|(body, pipes)| [body, lexed(pipes)].concat())
}

/// Gaps between tokens; `#` becomes a number.
const GAPS: [&str; 14] = [
    " ",
    " ",
    " ",
    "\n",
    "\r\n\t",
    "\n\n",
    " \n \n\n",
    " // at the end #\n",
    "\n// on its own #\r\n",
    " /* inside # */ ",
    "\n  /* own /* nested # */ */\n\n",
    " /* two\n   lines # */",
    "\n\n/* leads # */ ",
    " // one #\n\n // two #\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn random_queries_keep_their_trees_tokens_and_comments(
        tokens in query(),
        gaps in prop::collection::vec(0..GAPS.len() * 3, 40),
    ) {
        let mut source = String::new();
        for (n, token) in tokens.iter().enumerate() {
            // Mostly plain blanks, so that something stays on a line.
            let gap = GAPS.get(gaps[(n * 7 + n / 40) % gaps.len()]).unwrap_or(&" ");
            source.push_str(&gap.replace('#', &n.to_string()));
            source.push_str(token);
        }
        source.push_str(GAPS[gaps[0] % GAPS.len()]);
        if let Err(problem) = lawful(&source) {
            prop_assert!(false, "{}", problem);
        }
    }
}
