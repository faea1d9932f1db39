//! Many rules over the same events: which of them match (product J5).

use std::collections::HashMap;

use crate::diag::{Diagnostic, Severity};
use crate::rule::{IndexPatterns, Rule};
use crate::run::{Options, compile, search};
use crate::schema::Mapping;
use crate::store::Store;
use crate::wire::scan::{ScanError, ScanMatches, Scanned};

/// Matches that are named; all are counted.
const FIRST: usize = 10;

/// Runs rules one after the other. What they have in common is worked out once.
#[derive(Debug)]
pub struct Scanner<'s> {
    store: &'s Store,
    mapping: &'s Mapping,
    /// Time orders of the events, by timestamp and tiebreaker field.
    orders: HashMap<(String, Option<String>), Vec<u32>>,
}

impl<'s> Scanner<'s> {
    /// A scanner over these events.
    #[must_use]
    pub fn new(store: &'s Store, mapping: &'s Mapping) -> Self {
        Self { store, mapping, orders: HashMap::new() }
    }

    /// Runs one rule; `findings` are those about its document.
    pub fn scan(&mut self, rule: &Rule, findings: &[Diagnostic]) -> Scanned {
        let mut scanned = Scanned {
            rule_id: None,
            name: rule.name.clone(),
            count: None,
            matches: ScanMatches::Events(Vec::new()),
            error: first_error(findings),
        };
        if scanned.error.is_some() {
            return scanned;
        }
        let options = Options::default().for_rule(rule);
        let compiled = compile(&rule.query, self.mapping, self.store, &options);
        let Some(plan) = compiled.plan else {
            scanned.error = first_error(&compiled.findings);
            return scanned;
        };
        let patterns = IndexPatterns::new(&rule.indices);
        let found = search(&plan, self.store, &patterns, &mut ());
        let count = found.matches.count();
        scanned.count = Some(count);
        if count > 0 {
            let store = self.store;
            let first =
                self.order(options).iter().filter(|event| found.matches.get(**event)).take(FIRST);
            let ids = first.map(|event| store.id(*event)).collect();
            scanned.matches = ScanMatches::Events(ids);
        }
        scanned
    }

    /// The events in the time order of a rule; sorted once for all rules of the same fields.
    fn order(&mut self, options: Options) -> &[u32] {
        let Options { timestamp_field, tiebreaker_field, .. } = options;
        let store = self.store;
        let key = (timestamp_field, tiebreaker_field);
        self.orders
            .entry(key)
            .or_insert_with_key(|(time, tie)| store.time_order(time, tie.as_deref()))
    }
}

fn first_error(findings: &[Diagnostic]) -> Option<ScanError> {
    let error = findings.iter().find(|found| found.kind.severity() == Severity::Error)?;
    Some(ScanError { code: error.kind.code().to_owned(), message: error.kind.message() })
}
