//! Mistakes made mechanically in real queries: each is refused, near its place, and told once. Skips,
//! saying so, where the queries are not at hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::BTreeMap;

use eqlens_engine::diag::Severity;
use eqlens_engine::run::{Options, compile};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use eqlens_tests::mistakes::{Dice, KINDS, make};
use eqlens_tests::paths::{external, text};

/// How often a kind of mistake was made, and what was said of it.
#[derive(Default)]
struct Count {
    made: usize,
    refused: usize,
    placed: usize,
    alone: usize,
}

#[test]
fn mistakes_are_told_once_and_where_they_are() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let (mapping, store) = (Mapping::default(), Store::default());
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut dice = Dice::new(7);
    let mut n = 0;
    let show = std::env::var("EQLENS_SHOW").unwrap_or_default();
    let corpus = text(&corpus);
    for line in corpus.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = json["query"].as_str().unwrap();
        n += 1;
        if query.len() > 3_000 || n % 4 != 0 && show.is_empty() {
            continue;
        }
        for kind in KINDS {
            // Sequences are few.
            let tries = if query.starts_with('s') { 3 } else { 1 };
            for _ in 0..tries {
                let Some(made) = make(kind, query, &mut dice) else { continue };
                if !show.is_empty() && !show.starts_with(*kind) {
                    continue;
                }
                let findings = compile(&made.query, &mapping, &store, &Options::default()).findings;
                let errors: Vec<_> =
                    findings.iter().filter(|f| f.kind.severity() == Severity::Error).collect();
                let is_near = |f: &&&eqlens_engine::diag::Diagnostic| {
                    made.places.iter().any(|at| (f.span.start as usize).abs_diff(*at) <= 3)
                };
                let placed = errors.iter().any(|error| is_near(&error));
                let count = counts.entry(kind).or_default();
                count.made += 1;
                count.refused += usize::from(!errors.is_empty());
                count.placed += usize::from(placed);
                count.alone += usize::from(errors.len() == 1);
                if show == *kind && (!placed || errors.len() > 1) || show == format!("{kind}!") {
                    println!("---- {:?} {}", made.places, made.query);
                    for error in errors {
                        let place = error.span.text(&made.query);
                        println!(
                            "     {} {} `{place}` {}",
                            error.kind.code(),
                            error.span.start,
                            error.kind.message()
                        );
                    }
                }
            }
        }
    }
    let all = counts.values().fold(Count::default(), |a, b| Count {
        made: a.made + b.made,
        refused: a.refused + b.refused,
        placed: a.placed + b.placed,
        alone: a.alone + b.alone,
    });
    let percent = |part: usize, whole: usize| part as f64 * 100.0 / whole.max(1) as f64;
    for (kind, count) in &counts {
        println!(
            "{kind:32} {:5} made {:6.1} % refused {:6.1} % placed {:6.1} % alone",
            count.made,
            percent(count.refused, count.made),
            percent(count.placed, count.made),
            percent(count.alone, count.made)
        );
    }
    let (placed, alone) = (percent(all.placed, all.made), percent(all.alone, all.made));
    println!(
        "{} made, {:.2} % refused, {placed:.2} % placed, {alone:.2} % alone",
        all.made,
        percent(all.refused, all.made)
    );
    assert!(placed >= 97.0, "{placed}");
    assert!(alone >= 90.0, "{alone}");
}
