//! Many rules over the same events: which of them match (product J5).

use crate::diag::{Diagnostic, Severity};
use crate::rule::{IndexPatterns, Rule};
use crate::run::{Hits, Options, ResultPosition, compile, cut, search};
use crate::schema::Mapping;
use crate::store::Store;
use crate::wire::scan::{ScanError, ScanMatches, Scanned};

/// Matches that are named; all are counted.
const FIRST: usize = 10;

/// Runs rules over the same events, one at a time.
#[derive(Debug)]
pub struct Scanner<'s> {
    store: &'s Store,
    mapping: &'s Mapping,
}

impl<'s> Scanner<'s> {
    /// A scanner over these events.
    #[must_use]
    pub fn new(store: &'s Store, mapping: &'s Mapping) -> Self {
        Self { store, mapping }
    }

    /// Runs one rule; `findings` are those about its document.
    pub fn scan(&self, rule: &Rule, findings: &[Diagnostic]) -> Scanned {
        let mut scanned = Scanned {
            rule_id: rule.id.clone(),
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
        let found = search(&plan, self.store, &patterns, &options, &mut (), &mut ());
        let hits = cut(&found.all, &plan, usize::MAX, ResultPosition::Tail);
        scanned.count = Some(hits.len() as u32);
        let id = |event: u32| self.store.id(event);
        scanned.matches = match hits {
            Hits::Events(events) => {
                ScanMatches::Events(events.into_iter().take(FIRST).map(id).collect())
            }
            Hits::Joined(matches) => {
                let id = |event: &Option<u32>| event.map_or_else(|| "-".to_owned(), id);
                let ids = matches.iter().take(FIRST).map(|hit| hit.events.iter().map(id).collect());
                ScanMatches::Lists(ids.collect())
            }
        };
        scanned
    }
}

fn first_error(findings: &[Diagnostic]) -> Option<ScanError> {
    let error = findings.iter().find(|found| found.kind.severity() == Severity::Error)?;
    Some(ScanError { code: error.kind.code().to_owned(), message: error.kind.message() })
}
