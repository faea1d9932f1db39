//! Times parse + check + compile of every rule of the corpus (product §5): the median and the slowest
//! of each rule's best of several runs, in microseconds.
#![allow(clippy::panic, reason = "a measurement may fail so")]

use std::time::Instant;

use eqlens_engine::rule;
use eqlens_engine::run::{Options, compile};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use eqlens_tests::paths::{external, text};

/// Runs of each rule; the best one counts, the others were disturbed.
const RUNS: usize = 20;

fn main() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let rules = rule::read_all(&text(&corpus));
    let (mapping, store, options) = (Mapping::default(), Store::default(), Options::default());
    let mut times: Vec<(f64, usize, &str)> = rules
        .iter()
        .map(|(rule, _)| {
            let best = (0..RUNS)
                .map(|_| {
                    let start = Instant::now();
                    let compiled = compile(&rule.query, &mapping, &store, &options);
                    let took = start.elapsed();
                    std::hint::black_box(&compiled);
                    took.as_secs_f64() * 1e6
                })
                .fold(f64::MAX, f64::min);
            (best, rule.query.len(), rule.name.as_deref().unwrap_or_default())
        })
        .collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(median), Some(slowest)) = (times.get(times.len() / 2), times.last()) else { return };
    let sum: f64 = times.iter().map(|(time, ..)| time).sum();
    println!("{} rules, parse + check + compile", times.len());
    println!("median  {:8.1} µs", median.0);
    println!("mean    {:8.1} µs", sum / times.len() as f64);
    println!("slowest {:8.1} µs, {} bytes", slowest.0, slowest.1);
}
