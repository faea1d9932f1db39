//! Times what is asked after a run over 100,000 events: the explanation of one event, a page of 50
//! rows, the nearest events; for rules of the corpus over events made from all of them, and for one
//! rule of thousands of clauses. In microseconds.
#![allow(clippy::panic, reason = "a measurement may fail so")]

use std::time::Instant;

use eqlens_engine::desk::Desk;
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::schema::Mapping;
use eqlens_engine::synth::{ndjson, synthesise};
use eqlens_engine::wire::Filter;
use eqlens_tests::paths::{external, text};

/// Events that are loaded, at least.
const EVENTS: usize = 100_000;

/// Events that are explained for each rule, spread over all of them.
const ASKED: u32 = 20;

/// Every so manieth rule is taken where no number of rules is given as the argument.
const RULES: usize = 100;

fn main() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let rules: Vec<Rule> =
        rule::read_all(&text(&corpus)).into_iter().map(|(rule, _)| rule).collect();
    let rules_asked = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(RULES);
    let made: String = rules
        .iter()
        .filter_map(|rule| synthesise(rule, &Mapping::default(), true).ok())
        .flat_map(|made| made.cases.iter().map(ndjson).collect::<Vec<_>>())
        .collect();
    let lines: Vec<&str> = made.lines().collect();
    let events: String =
        lines.iter().cycle().take(EVENTS.max(lines.len())).flat_map(|line| [line, "\n"]).collect();
    let mut desk = Desk::new();
    let loaded = desk.load(&events).events;
    let step = (rules.len() / rules_asked.max(1)).max(1);
    let asked: Vec<&Rule> = rules.iter().step_by(step).collect();
    println!("{loaded} events, {} rules", asked.len());
    let mut times = Times::default();
    for rule in asked {
        times.ask(&mut desk, rule);
    }
    times.print();
    // One clause a line, as lists of indicators are pasted.
    let clauses: Vec<String> =
        (0..4_000).map(|n| format!("process.hash.sha256 == \"{n:064}\"")).collect();
    for (word, title) in [(" or ", "4,000 clauses joined by `or`"), (" and ", "by `and`")] {
        let mut times = Times::default();
        times.ask(&mut desk, &Rule::bare(&format!("process where {}", clauses.join(word))));
        println!("{title}");
        times.print();
    }
}

/// What each kind of question took, in microseconds.
#[derive(Default)]
struct Times {
    run: Vec<f64>,
    explain: Vec<f64>,
    rows: Vec<f64>,
    nearest: Vec<f64>,
}

impl Times {
    fn ask(&mut self, desk: &mut Desk, rule: &Rule) {
        let start = Instant::now();
        let outcome = desk.run_read((rule.clone(), Vec::new()), &rule.query, &|| 0.0);
        self.run.push(start.elapsed().as_secs_f64() * 1e6);
        assert!(outcome.result.is_some(), "{:?}: {:?}", rule.name, outcome.findings);
        let n = desk.store().n_events();
        for at in 0..ASKED {
            let start = Instant::now();
            std::hint::black_box(desk.explain(at * (n / ASKED)));
            self.explain.push(start.elapsed().as_secs_f64() * 1e6);
        }
        for filter in [Filter::All, Filter::Near] {
            let start = Instant::now();
            std::hint::black_box(desk.rows(filter, 0, 50));
            self.rows.push(start.elapsed().as_secs_f64() * 1e6);
        }
        let start = Instant::now();
        std::hint::black_box(desk.nearest(20));
        self.nearest.push(start.elapsed().as_secs_f64() * 1e6);
    }

    fn print(&mut self) {
        let kinds = [
            ("run", &mut self.run),
            ("explain", &mut self.explain),
            ("50 rows", &mut self.rows),
            ("20 nearest", &mut self.nearest),
        ];
        for (name, times) in kinds {
            times.sort_by(f64::total_cmp);
            let median = times.get(times.len() / 2).copied().unwrap_or_default();
            let most = times.last().copied().unwrap_or_default();
            println!("{name:<11} median {median:10.1} µs  max {most:10.1} µs");
        }
    }
}
