//! The formatter: what it writes, and the laws it keeps.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::syntax::format::{WIDTH, format};
use eqlens_engine::syntax::lexer::lex;
use eqlens_engine::syntax::parser::parse;
use eqlens_engine::syntax::print::{Outline, outline};
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
    if parse(&formatted).1 != [] || tree(&formatted) != tree(query) {
        return problem("another tree");
    }
    if parts(&formatted) != parts(query) {
        return problem("other tokens or comments");
    }
    let again = format(&formatted).unwrap();
    if again != formatted {
        return problem(&format!("formatted again it is another text:\n{again}\n"));
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
