//! One analyst's desk: the loaded events, the rule, and what came of it.
//!
//! The page's worker, the JavaScript package and the tests ask their questions here. Events are
//! loaded once; a rule is compiled and run over them, and everything asked afterwards (rows,
//! explanations) is read from that run's bits.

#[cfg(test)]
mod answers_tests;
mod assist;
mod change;
mod compare;
mod cursor;
#[cfg(test)]
mod cursor_tests;
mod explained;
mod grounds;
mod list;
mod matches;
mod nearest;
mod note;
mod pieces;
mod questions;
mod roles;
mod rows;
mod shrink;
mod stopper;
mod synth;
mod table;
mod timeline;
mod tracks;
mod words;

use std::cell::OnceCell;

use crate::complete::Known;
use crate::diag::{Diagnostic, Severity};
use crate::eval::Recording;
use crate::explain::{self, Clauses, Explainer, Repeats, funnel};
use crate::hir::Form;
use crate::ingest::{Decoded, decode, load};
use crate::join::{Stepper, Trails};
use crate::lint::{self, Allowed};
use crate::plan::{NodeId, NodeKind, Plan};
use crate::rule::{self, IndexPatterns, Rule};
use crate::run::{Found, Options, ResultPosition, compile, cut, search};
use crate::schema::{Mapping, Schema};
use crate::span::LineIndex;
use crate::store::{Bits, Sources, Store};
use crate::wire;

pub use pieces::piece;

/// The loaded events and the last run that had a result.
#[derive(Debug, Default)]
pub struct Desk {
    sources: Sources,
    store: Store,
    mapping: Mapping,
    last: Option<Run>,
    /// What is known of every field; found out when it is first asked for.
    known: OnceCell<Known>,
    /// What was typed over the result list; of these events and this mapping.
    sieve: Option<list::Sieve>,
    /// Per event, which fields the line is of that sums it up; once somebody looks for words in it.
    shapes: OnceCell<Vec<explain::Shape>>,
    /// How far the pieces before the last one go.
    extent: pieces::Extent,
    /// Pieces have come since the values were held as the mapping says.
    is_unsettled: bool,
}

/// A run and what is needed to answer questions about it.
#[derive(Debug)]
struct Run {
    /// The rule as it was run.
    rule: Rule,
    plan: Plan,
    clauses: Clauses,
    repeats: Repeats,
    recording: Recording,
    found: Found,
    /// Per event, clauses to a match; see [`explain::distances`].
    distances: Vec<u8>,
    /// Partial sequences that came to nothing.
    trails: Trails,
    /// What each event is in a sequence or sample.
    roles: roles::Roles,
    /// What the matcher does, once somebody steps it.
    stepper: OnceCell<Stepper>,
    /// All events in time order, and those of the filters.
    order: Vec<u32>,
    matches: Vec<u32>,
    near: Vec<u32>,
}

impl Desk {
    /// An empty desk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A desk over events that were read elsewhere.
    #[must_use]
    pub fn over(sources: Sources, store: Store) -> Self {
        Self { sources, store, ..Self::default() }
    }

    /// Replaces the events. Lines that cannot be read are reported and skipped. The last run is
    /// forgotten, since its bits are of the old events.
    pub fn load(&mut self, events: &str) -> wire::LoadReport {
        self.load_decoded(Decoded { text: events.to_owned(), ..Decoded::default() })
    }

    /// The same from bytes, which may be gzipped or UTF-16, see [`decode`].
    ///
    /// # Errors
    /// In words, where they are no text or more than `limit` bytes of it; the events stay.
    pub fn load_bytes(&mut self, bytes: Vec<u8>, limit: usize) -> Result<wire::LoadReport, String> {
        let decoded = decode(bytes, limit).map_err(|finding| finding.message())?;
        Ok(self.load_decoded(decoded))
    }

    fn load_decoded(&mut self, decoded: Decoded) -> wire::LoadReport {
        let Decoded { text, skipped, findings } = decoded;
        let loaded = load(&text);
        self.last = None;
        let findings: Vec<_> = findings.iter().chain(&loaded.findings).collect();
        let findings = if findings.is_empty() {
            Vec::new()
        } else {
            let index = LineIndex::new(&text);
            findings.into_iter().map(|found| wire::Finding::new(found, &index, 0)).collect()
        };
        self.store = loaded.store;
        self.is_unsettled = false;
        self.store.hold_as(&self.mapping);
        self.forget();
        let bytes = text.len() as u64;
        self.sources = Sources::default();
        self.extent = pieces::Extent::default();
        self.sources.push(loaded.json.unwrap_or(text));
        wire::LoadReport {
            format: loaded.format.to_owned(),
            events: self.store.n_events(),
            skipped: skipped + loaded.skipped,
            bytes,
            findings,
            lines: self.store.lines().collect(),
        }
    }

    /// Uses another mapping from the next run on.
    pub fn set_mapping(&mut self, mapping: Mapping) {
        self.mapping = mapping;
        self.is_unsettled = false;
        self.store.hold_as(&self.mapping);
        self.forget();
    }

    /// Forgets what was found out about other events, or by another mapping.
    fn forget(&mut self) {
        (self.known, self.shapes) = (OnceCell::new(), OnceCell::new());
        self.sieve = None;
    }

    /// The loaded events.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Reads the rule text, compiles its query and runs it over the events. A refused query
    /// leaves the last result in place. Findings of every level are told, those of the lints of the
    /// data among them. `clock` gives milliseconds.
    pub fn run(&mut self, rule_text: &str, clock: &dyn Fn() -> f64) -> wire::Outcome {
        self.run_read(rule::read(rule_text), rule_text, clock)
    }

    /// Runs a rule that was read from a text, with what was found wrong in its document.
    pub fn run_read(
        &mut self,
        read: (Rule, Vec<Diagnostic>),
        rule_text: &str,
        clock: &dyn Fn() -> f64,
    ) -> wire::Outcome {
        self.run_with(read, rule_text, Options::default(), clock)
    }

    /// The same as a search is told beside its rule; what the rule says itself counts more.
    pub fn run_with(
        &mut self,
        (rule, mut findings): (Rule, Vec<Diagnostic>),
        rule_text: &str,
        options: Options,
        clock: &dyn Fn() -> f64,
    ) -> wire::Outcome {
        let start = clock();
        self.settle();
        let index = LineIndex::new(rule_text);
        let readable = !findings.iter().any(|found| found.kind.severity() == Severity::Error);
        let mut outcome = wire::Outcome {
            query_span: rule.query_span().map(|span| wire::Span::new(span, &index)),
            escaped_span: rule.escaped_span(rule_text).map(|span| wire::Span::new(span, &index)),
            rule: rule.clone(),
            findings: findings.drain(..).map(|f| wire::Finding::new(&f, &index, 0)).collect(),
            ..wire::Outcome::default()
        };
        if !readable {
            return outcome;
        }
        let options = options.for_rule(&rule);
        let compiled = compile(&rule.query, &self.mapping, &self.store, &options);
        let allowed = Allowed::default();
        let mut tell = |findings: Vec<Diagnostic>| {
            let placed = findings.iter();
            let placed = placed.map(|found| wire::Finding::new(&rule.placed(found), &index, 0));
            outcome.findings.extend(placed);
        };
        let of_text = lint::findings(&compiled, &rule, &self.mapping, &self.store, &allowed);
        let (Some(plan), Some(checked)) = (compiled.plan, compiled.checked) else {
            tell(of_text);
            return outcome;
        };
        let patterns = IndexPatterns::new(&rule.indices);
        let mut recording = Recording::default();
        let mut trails = Trails::default();
        let found = search(&plan, &self.store, &patterns, &options, &mut recording, &mut trails);
        let all = lint::data::add(
            of_text,
            &lint::data::Context {
                text: lint::Context {
                    source: &rule.query,
                    tree: &compiled.tree,
                    checked: &checked,
                    schema: Schema { mapping: &self.mapping, values: &self.store },
                    rule: &rule,
                },
                store: &self.store,
                plan: &plan,
                recording: &recording,
                found: &found,
                trails: &trails,
            },
        );
        tell(lint::silence(all, &rule.query, &allowed));
        let order = self.store.time_order(plan.time());
        let repeats = Repeats::new(&plan);
        let distances = explain::distances(&plan, &repeats, &recording, &self.store);
        let mut run = Run {
            clauses: Clauses::new(&plan, &rule.query),
            matches: order.iter().copied().filter(|e| found.matches.get(*e)).collect(),
            near: Vec::new(),
            roles: roles::Roles::new(&plan, &found.all),
            trails,
            stepper: OnceCell::new(),
            plan,
            repeats,
            recording,
            found,
            distances,
            rule: rule.clone(),
            order,
        };
        run.near = run
            .order
            .iter()
            .copied()
            .filter(|&event| {
                if run.plan.form() != Form::Event {
                    return run.found.searched.get(event) && run.recording.holds(NodeId(0), event);
                }
                let distance = run.distance(event);
                // An event that only its index keeps out is near as well.
                if run.found.searched.get(event) { distance <= 1 } else { distance == 0 }
            })
            .collect();
        outcome.nodes = nodes(&run, &rule, &index);
        outcome.result = Some(self.result(&run));
        self.last = Some(run);
        if let Some(result) = &mut outcome.result {
            result.took_us = ((clock() - start) * 1000.0) as u32;
        }
        outcome
    }

    fn result(&self, run: &Run) -> wire::RunResult {
        let explainer = self.explainer(run);
        let n = self.store.n_events();
        // Only an event one clause away can be missing; the others need no closer look.
        let mut one_away = Bits::none(n);
        (0..n).filter(|event| run.distance(*event) == 1).for_each(|event| one_away.set(event));
        one_away &= &run.found.searched;
        let missing =
            funnel::wanting(&run.plan, &run.repeats, &run.recording, &one_away, &|leaf, event| {
                explainer.node_verdict(leaf, event) == explain::Verdict::Missing
            });
        let verdicts = (0..n).map(|event| {
            if !run.found.searched.get(event) {
                wire::Verdict::Unsearched
            } else if run.found.matches.get(event) {
                wire::Verdict::Holds
            } else if missing.get(event) {
                wire::Verdict::Missing
            } else {
                wire::Verdict::Fails
            }
        });
        let shown = cut(&run.found.all, &run.plan, usize::MAX, ResultPosition::Tail);
        wire::RunResult {
            form: run.plan.form().into(),
            events: self.store.n_events(),
            searched: run.found.searched.count(),
            matches: shown.len() as u32,
            near: run.near.len() as u32 - run.matches.len() as u32,
            took_us: 0,
            verdicts: verdicts.collect(),
            stopper: self.stopper(run),
        }
    }

    fn explainer<'d>(&'d self, run: &'d Run) -> Explainer<'d> {
        Explainer {
            plan: &run.plan,
            clauses: &run.clauses,
            repeats: &run.repeats,
            recording: &run.recording,
            store: &self.store,
            searched: &run.found.searched,
            matches: &run.found.matches,
        }
    }

    /// The event's JSON as it was loaded; of CSV, the JSON it was turned into.
    #[must_use]
    pub fn source(&self, event: u32) -> Option<&str> {
        self.sources.event(&self.store, event)
    }
}

impl Run {
    /// The events a filter shows, in time order.
    fn filtered(&self, filter: wire::Filter) -> &[u32] {
        match filter {
            wire::Filter::All => &self.order,
            wire::Filter::Matches => &self.matches,
            wire::Filter::Near => &self.near,
        }
    }

    /// Clauses that keep an event from a match, as far as columns tell.
    fn distance(&self, event: u32) -> u8 {
        self.distances.get(event as usize).copied().unwrap_or(u8::MAX)
    }
}

/// The nodes of the condition, with counts.
fn nodes(run: &Run, rule: &Rule, index: &LineIndex<'_>) -> Vec<wire::Node> {
    let kind = |kind: &NodeKind| match kind {
        NodeKind::Query => wire::NodeKind::Query,
        NodeKind::Sequence => wire::NodeKind::Sequence,
        NodeKind::Sample => wire::NodeKind::Sample,
        NodeKind::Stage { .. } => wire::NodeKind::Stage,
        NodeKind::And => wire::NodeKind::And,
        NodeKind::Or => wire::NodeKind::Or,
        NodeKind::Not => wire::NodeKind::Not,
        NodeKind::Leaf { is_category: true, .. } => wire::NodeKind::Category,
        NodeKind::Leaf { .. } => wire::NodeKind::Leaf,
    };
    let reach = funnel::reach(&run.plan, &run.recording, &run.found.searched);
    let nodes = run.plan.iter().zip(reach).map(|((id, node), reach)| {
        let name = run.clauses.name(id);
        let bits = run.recording.bits(id);
        wire::Node {
            kind: kind(&node.kind),
            parent: node.parent.map(|parent| parent.0 as u16),
            depth: node.depth,
            title: name.map(|name| name.title.to_owned()).unwrap_or_default(),
            label: name.map(|name| name.label.clone()).unwrap_or_default(),
            span: wire::Span::new(rule.place(node.span), index),
            clause: name.and_then(|name| name.clause),
            count: bits.map(|bits| bits.count_with(&run.found.searched)),
            reach: Some(reach),
        }
    });
    nodes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_of_a_query_with_escapes_point_at_their_place() {
        let rule = "[rule]\nquery = \"any where a == \\\"x\\\" and b = 1\"\n";
        let outcome = Desk::new().run(rule, &|| 0.0);
        let [finding] = outcome.findings.as_slice() else { panic!("{:?}", outcome.findings) };
        assert_eq!(finding.code, "E-203");
        let place = |span: &wire::Span| span.start as usize..span.end as usize;
        assert_eq!(rule.get(place(&finding.span)), Some("="));
        let mut mended = rule.to_owned();
        let edit = &finding.fixes[0].edits[0];
        mended.replace_range(place(&edit.span), &edit.text);
        assert_eq!(mended, rule.replace("b = 1", "b == 1"));
        // What the fix brings would need an escape here.
        let outcome = Desk::new().run("[rule]\nquery = \"any where a == 'x'\"\n", &|| 0.0);
        assert_eq!(outcome.findings[0].code, "E-106");
        assert!(outcome.findings[0].fixes.is_empty());
    }

    #[test]
    fn a_refused_rule_leaves_the_last_result() {
        let mut desk = Desk::new();
        desk.load("{\"a\":1}\n{\"a\":2}");
        assert!(desk.run("any where a == 1", &|| 0.0).result.is_some());
        assert!(desk.run("any where a = ", &|| 0.0).result.is_none());
        assert_eq!(desk.rows(wire::Filter::Matches, 0, 9).total, 1);
        desk.load("{\"a\":1}");
        assert_eq!(desk.rows(wire::Filter::All, 0, 9).total, 0);
    }

    #[test]
    fn csv_is_explained_by_its_json_and_placed_by_its_records() {
        let mut desk = Desk::new();
        let csv = "process.name,note\nsh,\"two\nlines\"\nbash,x\n";
        let report = desk.load_bytes(csv.into(), 1_000).unwrap();
        assert_eq!((report.format.as_str(), report.lines), ("CSV", vec![2, 4]));
        assert!(desk.run("any where process.name == \"bash\"", &|| 0.0).result.is_some());
        assert_eq!(desk.source(1), Some(r#"{"process.name":"bash","note":"x"}"#));
        let explained = desk.explain(1).unwrap();
        let lines = explained.view.iter();
        assert!(
            lines
                .flat_map(|line| &line.parts)
                .any(|part| part.text == "\"bash\"" && part.mark.is_some())
        );
        assert!(desk.load_bytes(b"{}".to_vec(), 1).is_err());
        assert_eq!(desk.store().n_events(), 2);
    }
}
