//! Nothing that is typed or pasted makes the engine fail or wait: real queries with tokens and
//! characters deleted, doubled, swapped and put in, and texts that are long in every way. Skips,
//! saying so, where the queries are not at hand. Times are held in release builds only.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::time::{Duration, Instant};

use eqlens_engine::run::{Options, compile};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use eqlens_engine::syntax::lexer::lex;
use eqlens_tests::mistakes::Dice;
use eqlens_tests::paths::{external, text};

/// Texts that are put in anywhere.
const PIECES: [&str; 36] = [
    "(",
    ")",
    "[",
    "]",
    "![",
    "\"",
    "'",
    "`",
    "\\",
    "/*",
    "*/",
    "//",
    "?",
    ".",
    ",",
    ":",
    "=",
    "==",
    "!",
    "|",
    "\n",
    "\u{a0}",
    "\u{1f600}",
    "not ",
    " and ",
    " or ",
    " in ",
    " where ",
    " by ",
    "1e9",
    "sequence ",
    "until ",
    "with maxspan=",
    "{",
    "\"\"\"",
    "is null",
];

fn mutated(query: &str, dice: &mut Dice) -> String {
    let mut text = query.to_owned();
    for _ in 0..1 + dice.below(3) {
        let (tokens, _) = lex(&text);
        let Some(span) = dice.of(&tokens).map(|token| token.span) else { break };
        let (start, end) = (span.start as usize, span.end as usize);
        let token = text[start..end].to_owned();
        match dice.below(6) {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(end, &format!(" {token}")),
            2 => {
                let other = dice.of(&tokens).unwrap().span.text(&text).to_owned();
                text.replace_range(start..end, &other);
            }
            3 => text.insert_str(start, dice.of(&PIECES).unwrap()),
            4 => text.insert_str(end, dice.of(&PIECES).unwrap()),
            _ => {
                // A character less.
                let at = (start..end).find(|at| text.is_char_boundary(*at));
                if let Some(at) = at {
                    text.remove(at);
                }
            }
        }
    }
    text
}

/// Compiles, and says how long it took. A place outside the text, or within a character, fails.
fn timed(query: &str) -> Duration {
    let start = Instant::now();
    let (mapping, store) = (Mapping::default(), Store::default());
    let compiled = compile(query, &mapping, &store, &Options::default());
    let took = start.elapsed();
    assert!(compiled.findings.len() <= 40);
    for finding in &compiled.findings {
        let (from, to) = (finding.span.start as usize, finding.span.end as usize);
        assert!(query.get(from..to).is_some(), "{query}");
        let mut edits: Vec<_> = finding.fixes.iter().take(1).flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        for (span, _) in &edits {
            assert!(query.get(span.start as usize..span.end as usize).is_some(), "{query}");
        }
        let overlap = edits.windows(2).any(|two| two[0].0.end > two[1].0.start);
        assert!(!overlap, "{query}: {:?}", finding.fixes);
    }
    took
}

#[test]
fn mutated_queries_never_fail_and_are_quick() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let corpus = text(&corpus);
    let mut queries: Vec<String> = corpus
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|json| json["query"].as_str().unwrap().to_owned())
        .collect();
    // The short ones, where a mutation reaches more, take more of the time.
    queries.sort_by_key(String::len);
    let wanted = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    let mut dice = Dice::new(11);
    let mut slowest = (Duration::ZERO, String::new());
    for n in 0..wanted {
        let upto = if n % 50 == 0 { queries.len() } else { queries.len() / 4 };
        let query = mutated(&queries[dice.below(upto)], &mut dice);
        let mut took = timed(&query);
        // What was slow once may have been disturbed; what is slow stays so.
        for _ in 0..5 {
            if took > slowest.0 {
                took = took.min(timed(&query));
            }
        }
        if took > slowest.0 {
            slowest = (took, query);
        }
    }
    println!("{wanted} mutations, slowest {:?} of {} bytes", slowest.0, slowest.1.len());
    if !cfg!(debug_assertions) {
        assert!(slowest.0 < Duration::from_millis(10), "{:?}", slowest);
    }
}

#[test]
fn long_texts_take_time_in_proportion() {
    let n = if cfg!(debug_assertions) { 5_000 } else { 100_000 };
    let pieces = [
        "(",
        "not ",
        "-",
        "f(",
        "x in (",
        "[",
        "![",
        "]",
        ")",
        "?",
        "x.",
        "a:",
        "\"",
        "`",
        "/*",
        "'",
        "\"a\"b ",
        "\\",
        "{",
        ",",
        "| head ",
        "a b ",
        "by a ",
        "x == ",
        "is ",
        "1_0 ",
        "contains ",
        "x contains (",
        "a(\n",
        " (\n",
        ")\n",
        "[process where ",
        "x:f(",
        "x:f()",
        "process where ",
        "\u{201c}a",
        "of [",
        "!",
        "#\n",
        "# \"",
        "5.",
        "until [a where b] ",
        "a and b, ",
        "sequnce ",
        "x between 1 and ",
        "\"a, ",
        "'a\n",
        "$ ",
        "x not like ",
        "exists ",
        "\"\"\"",
        "\\\"",
        "adn ",
        "x is not null and ",
        "with maxspan=5s ",
        "1 < ",
        "\"a\" ",
    ];
    let mut slowest = (Duration::ZERO, String::new());
    for piece in pieces {
        for start in
            ["any where ", "sequence by x ", "", "any where x in (", "sequence [any where "]
        {
            let query = format!("{start}{}", piece.repeat(n));
            let took = timed(&query);
            if took > slowest.0 {
                slowest = (took, format!("{start}{piece}"));
            }
        }
    }
    println!("slowest {:?}: `{}…`", slowest.0, slowest.1);
    // A megabyte is read within a second; what grows with the square of the length is not.
    if !cfg!(debug_assertions) {
        assert!(slowest.0 < Duration::from_secs(1), "{slowest:?}");
    }
}
