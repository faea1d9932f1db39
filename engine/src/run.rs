//! Compile, search, cut: the way of one query.

use crate::check::{Context, MissingFields, check};
use crate::diag::{Diagnostic, Severity};
use crate::eval::{self, Trace};
use crate::plan::{Plan, lower};
use crate::rule::{IndexPatterns, Rule};
use crate::schema::{Mapping, Schema};
use crate::store::{Bits, Store};
use crate::syntax::ast::Query;
use crate::syntax::parser::parse;

pub use crate::rule::ResultPosition;

/// What a search is told beside its query (spec §10.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Field of the event category.
    pub event_category_field: String,
    /// Field of the time.
    pub timestamp_field: String,
    /// Field that breaks ties of time.
    pub tiebreaker_field: Option<String>,
    /// Most results that are returned.
    pub size: usize,
    /// Which end of the matches is returned.
    pub result_position: ResultPosition,
    /// What a field nobody knows is.
    pub missing_fields: MissingFields,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            event_category_field: "event.category".into(),
            timestamp_field: "@timestamp".into(),
            tiebreaker_field: None,
            size: 10,
            result_position: ResultPosition::Tail,
            missing_fields: MissingFields::Null,
        }
    }
}

impl Options {
    /// The options with what the rule itself says of its fields (product §3.1).
    #[must_use]
    pub fn for_rule(mut self, rule: &Rule) -> Self {
        if let Some(field) = &rule.event_category_override {
            self.event_category_field.clone_from(field);
        }
        if let Some(field) = &rule.timestamp_field {
            self.timestamp_field.clone_from(field);
        }
        if let Some(field) = &rule.tiebreaker_field {
            self.tiebreaker_field = Some(field.clone());
        }
        if let Some(size) = rule.search.size {
            self.size = size as usize;
        }
        if let Some(position) = rule.search.result_position {
            self.result_position = position;
        }
        self
    }
}

/// What became of a query text.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The tree, whole or with holes.
    pub tree: Query,
    /// What can be run; `None` where the query is refused.
    pub plan: Option<Plan>,
    /// What was found, in source order.
    pub findings: Vec<Diagnostic>,
}

/// Parses, checks and lowers a query for these events.
#[must_use]
pub fn compile(query: &str, mapping: &Mapping, store: &Store, options: &Options) -> Compiled {
    let (tree, mut findings) = parse(query);
    // Errors of one phase stop the next (spec §11).
    if findings.iter().any(|finding| finding.kind.severity() == Severity::Error) {
        return Compiled { tree, plan: None, findings };
    }
    let (checked, more) = check(
        &tree,
        Context {
            source: query,
            schema: Schema { mapping, values: store },
            category_field: &options.event_category_field,
            missing_fields: options.missing_fields,
            has_events: store.n_events() > 0,
        },
    );
    findings.extend(more);
    let refused = findings.iter().any(|finding| finding.kind.severity() == Severity::Error);
    let plan = checked.filter(|_| !refused).map(|checked| lower(&checked));
    Compiled { tree, plan, findings }
}

/// The events that match, in an index that is searched.
#[derive(Clone, Debug)]
pub struct Found {
    /// Events in a searched index.
    pub searched: Bits,
    /// Those of them that match.
    pub matches: Bits,
}

/// Runs a plan.
pub fn search(
    plan: &Plan,
    store: &Store,
    patterns: &IndexPatterns,
    trace: &mut impl Trace,
) -> Found {
    let searched = store.events_in(|index| patterns.search(index));
    let mut matches = eval::run(plan, store, trace);
    matches &= &searched;
    Found { searched, matches }
}

/// The matches that are returned, in time order (spec §9.4, §10.9).
#[must_use]
pub fn cut(found: &Found, store: &Store, options: &Options) -> Vec<u32> {
    let order = store.time_order(&options.timestamp_field, options.tiebreaker_field.as_deref());
    let mut hits: Vec<u32> = order.into_iter().filter(|event| found.matches.get(*event)).collect();
    match options.result_position {
        ResultPosition::Head => hits.truncate(options.size),
        ResultPosition::Tail => {
            hits.drain(..hits.len().saturating_sub(options.size));
        }
    }
    hits
}
