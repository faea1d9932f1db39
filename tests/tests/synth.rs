//! Events made from rules: they match, and near misses fail by the clause they were made for. All of
//! it is read back from its text, one case at a time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::BTreeMap;
use std::time::Instant;

use eqlens_engine::rule::{self, Rule};
use eqlens_engine::schema::Mapping;
use eqlens_engine::synth::{About, synthesise};
use eqlens_tests::paths::{external, text};

#[test]
fn corpus_numbers() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let start = Instant::now();
    let mut slow = Vec::new();
    let (mut n, mut satisfied, mut clauses, mut near, mut events) = (0, 0, 0, 0, 0);
    let mut why: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (rule, _) in rule::read_all(&text(&corpus)) {
        let one = Instant::now();
        n += 1;
        let made = synthesise(&rule, &Mapping::default(), true).unwrap();
        satisfied += usize::from(!made.cases.is_empty());
        clauses += made.clauses.nodes().len();
        near += made.cases.len().saturating_sub(1);
        events += made.cases.iter().map(|c| c.events.len()).sum::<usize>();
        if made.cases.is_empty() {
            println!("UNSAT {:?} {:?}", rule.name, made.impossible.first());
        }
        for i in &made.impossible {
            let label = match i.about {
                About::Clause { clause, .. } => made.clauses.name(clause).unwrap().label.clone(),
                _ => String::new(),
            };
            let about = format!("{:?}", i.about);
            let about = about.split([' ', '(']).next().unwrap().to_owned();
            let w = format!("{:?}", i.why);
            let w = w.split('(').next().unwrap().to_owned();
            let other = match i.why {
                eqlens_engine::synth::Why::Clash(Some(n)) => {
                    made.clauses.name(n).unwrap().label.clone()
                }
                _ => String::new(),
            };
            why.entry(format!("{about} {w}"))
                .or_default()
                .push(format!("{}: {label} <> {other}", rule.name.clone().unwrap()));
        }
        slow.push((one.elapsed().as_millis(), rule.name.clone().unwrap(), made.cases.len()));
    }
    slow.sort();
    slow.reverse();
    println!(
        "{n} rules, {satisfied} satisfied, {clauses} clauses, {near} near, {events} events, {:?}",
        start.elapsed()
    );
    for s in slow.iter().take(8) {
        println!("{s:?}");
    }
    for (k, v) in &why {
        println!("{k}: {}", v.len());
    }
    for (k, v) in &why {
        if k.contains("Constant") {
            continue;
        }
        println!("== {k}");
        for x in v.iter().take(40) {
            println!("   {x}");
        }
    }
}
