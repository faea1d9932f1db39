//! Times a run over 100,000 events and what is asked after it: the explanation of one event, a page
//! of 50 rows, the nearest events, the time line, the matcher's state, words typed over the result list
//! key by key; for rules of the corpus over
//! events made from all of them, and for rules of thousands of clauses. In microseconds.
//!
//! Arguments, both optional: how many rules of each form, and a file of events to take instead.
#![allow(clippy::panic, reason = "a measurement may fail so")]

use std::hint::black_box;
use std::time::Instant;

use eqlens_engine::desk::Desk;
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::schema::Mapping;
use eqlens_engine::synth::{ndjson, synthesise};
use eqlens_engine::wire::Filter;
use eqlens_engine::wire::cursor::CursorAt;
use eqlens_tests::paths::{external, text};

/// Events that are loaded, at least, where they are made.
const EVENTS: usize = 100_000;

/// Events that are explained for each rule, spread over all of them.
const ASKED: u32 = 20;

/// Rules of each form, where no other number is given.
const RULES: usize = 12;

/// What is typed over the result list.
const TYPED: &str = "powershell -enc";

/// Runs of each rule.
const RUNS: usize = 5;

fn main() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let rules: Vec<Rule> =
        rule::read_all(&text(&corpus)).into_iter().map(|(rule, _)| rule).collect();
    let mut arguments = std::env::args().skip(1);
    let asked = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(RULES);
    let events = arguments.next().map_or_else(|| made(&rules), |file| text(file.as_ref()));
    let mut desk = Desk::new();
    let loaded = desk.load(&events).events;
    println!("{loaded} events, {RUNS} runs of each rule");
    let is_joined = |rule: &&Rule| rule.query.starts_with("sequence");
    let (joined, single): (Vec<&Rule>, Vec<&Rule>) = rules.iter().partition(is_joined);
    for (title, rules) in [("event rules", single), ("sequences", joined)] {
        let mut times = Times::default();
        let step = (rules.len() / asked.max(1)).max(1);
        let rules: Vec<&Rule> = rules.into_iter().step_by(step).take(asked).collect();
        for rule in &rules {
            times.ask(&mut desk, rule);
        }
        println!("{} {title}", rules.len());
        times.print();
    }
    // Every event takes its steps, and every second one ends what the first began.
    let mut times = Times::default();
    times.ask(&mut desk, &Rule::bare("sequence with maxspan=1h [any where true] [any where true]"));
    println!("a sequence of which every event is part");
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

/// Events that each of the rules finds, or nearly, over and over.
fn made(rules: &[Rule]) -> String {
    let made: String = rules
        .iter()
        .filter_map(|rule| synthesise(rule, &Mapping::default(), true).ok())
        .flat_map(|made| made.cases.iter().map(ndjson).collect::<Vec<_>>())
        .collect();
    let lines: Vec<&str> = made.lines().collect();
    lines.iter().cycle().take(EVENTS.max(lines.len())).flat_map(|line| [line, "\n"]).collect()
}

/// What each kind of question took, in microseconds.
#[derive(Default)]
struct Times {
    run: Vec<f64>,
    first: Vec<f64>,
    explain: Vec<f64>,
    rows: Vec<f64>,
    nearest: Vec<f64>,
    timeline: Vec<f64>,
    first_cursor: Vec<f64>,
    cursor: Vec<f64>,
    first_key: Vec<f64>,
    key: Vec<f64>,
}

fn time<T>(times: &mut Vec<f64>, what: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let answer = black_box(what());
    times.push(start.elapsed().as_secs_f64() * 1e6);
    answer
}

impl Times {
    fn ask(&mut self, desk: &mut Desk, rule: &Rule) {
        for _ in 0..RUNS {
            let outcome = time(&mut self.run, || {
                desk.run_read((rule.clone(), Vec::new()), &rule.query, &|| 0.0)
            });
            assert!(outcome.result.is_some(), "{:?}: {:?}", rule.name, outcome.findings);
        }
        let n = desk.store().n_events();
        for at in 0..ASKED {
            let times = if at == 0 { &mut self.first } else { &mut self.explain };
            time(times, || desk.explain(at * (n / ASKED)));
        }
        for filter in [Filter::All, Filter::Near] {
            time(&mut self.rows, || desk.rows(filter, 0, 50));
        }
        time(&mut self.nearest, || desk.nearest(20));
        time(&mut self.timeline, || desk.timeline());
        // Typed and deleted again.
        for end in (1..=TYPED.len()).chain((1..TYPED.len()).rev()) {
            let times = if end == 1 { &mut self.first_key } else { &mut self.key };
            time(times, || desk.sifted(&TYPED[..end], Filter::All, 0, 50));
        }
        let Some(total) = desk.cursor(CursorAt::Nth(0)).map(|cursor| cursor.total) else { return };
        time(&mut self.first_cursor, || desk.cursor(CursorAt::Nth(total / 2)));
        for _ in 0..RUNS {
            for at in [total / 2, total] {
                time(&mut self.cursor, || desk.cursor(CursorAt::Nth(at)));
            }
        }
    }

    fn print(&mut self) {
        let kinds = [
            ("run", &mut self.run),
            ("explain, first", &mut self.first),
            ("explain, then", &mut self.explain),
            ("50 rows", &mut self.rows),
            ("20 nearest", &mut self.nearest),
            ("time line", &mut self.timeline),
            ("cursor, first", &mut self.first_cursor),
            ("cursor, then", &mut self.cursor),
            ("key, first", &mut self.first_key),
            ("key, then", &mut self.key),
        ];
        for (name, times) in kinds.into_iter().filter(|(_, times)| !times.is_empty()) {
            times.sort_by(f64::total_cmp);
            let median = times.get(times.len() / 2).copied().unwrap_or_default();
            let least = times.first().copied().unwrap_or_default();
            let most = times.last().copied().unwrap_or_default();
            println!("{name:<14} min {least:10.1} µs  median {median:10.1} µs  max {most:10.1} µs");
        }
    }
}
