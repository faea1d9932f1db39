//! What else may be asked at the desk; none of it changes the last run.

use crate::desk::Desk;
use crate::diag::Severity;
use crate::explain::{Nulls, is_decisive};
use crate::lint;
use crate::plan::NodeId;
use crate::rule;
use crate::run::{Hits, Options, ResultPosition, compile, cut};
use crate::scan::Scanner;
use crate::span::LineIndex;
use crate::wire;

impl Desk {
    /// What is wrong with a rule text, for the loaded events: everything that can be told without
    /// running it, infos included.
    #[must_use]
    pub fn check(&self, rule_text: &str) -> Vec<wire::Finding> {
        let (rule, mut findings) = rule::read(rule_text);
        if !findings.iter().any(|found| found.kind.severity() == Severity::Error) {
            let options = Options::default().for_rule(&rule);
            let compiled = compile(&rule.query, &self.mapping, &self.store, &options);
            let found = lint::findings(
                &compiled,
                &rule,
                &self.mapping,
                &self.store,
                &lint::Allowed::default(),
            );
            findings.extend(found.iter().map(|found| rule.placed(found)));
        }
        let index = LineIndex::new(rule_text);
        findings.iter().map(|found| wire::Finding::new(found, &index, 0)).collect()
    }

    /// Which rules of some texts match the loaded events. A text may hold many rules.
    #[must_use]
    pub fn scan(&self, rule_texts: &[String]) -> Vec<wire::scan::Scanned> {
        let scanner = Scanner::new(&self.store, &self.mapping);
        let rules = rule_texts.iter().flat_map(|text| rule::read_all(text));
        rules.map(|(rule, findings)| scanner.scan(&rule, &findings)).collect()
    }

    /// The events of each match of the last run, in the order of the answer, pipes applied: of a
    /// sequence one entry per stage, `None` for a missing-event stage.
    #[must_use]
    pub fn matches(&self) -> Vec<Vec<Option<u32>>> {
        let Some(run) = &self.last else { return Vec::new() };
        match cut(&run.found.all, &run.plan, usize::MAX, ResultPosition::Tail) {
            Hits::Events(events) => events.into_iter().map(|event| vec![Some(event)]).collect(),
            Hits::Joined(matches) => matches.into_iter().map(|hit| hit.events.to_vec()).collect(),
        }
    }

    /// The clauses that would have to turn over for `node` (the query, or a stage of it) to hold for
    /// the event: position among the nodes and name of the reason. Empty where it holds, and where
    /// there is no such event or no run.
    #[must_use]
    pub fn deciding(&self, node: u32, event: u32) -> Vec<(u32, &'static str)> {
        let Some(run) = &self.last else { return Vec::new() };
        let explainer = self.explainer(run);
        let flips = explainer.flips_for(NodeId(node), event);
        let clauses = run.clauses.nodes().iter().copied();
        let decisive = clauses.filter(|clause| is_decisive(&explainer, &flips, *clause));
        let nulls = Nulls::of(self.source(event));
        let reason = |clause| explainer.reason(clause, event, &nulls);
        decisive
            .filter_map(|clause| {
                Some((clause.0, reason(clause)?.excluded_from_outside().reason.name()))
            })
            .collect()
    }

    /// The fields the last run's query reads, category, keys and time among them, each once: columns,
    /// as the events name them.
    /// `None` where there was no run.
    #[must_use]
    pub fn fields_read(&self) -> Option<Vec<String>> {
        let run = self.last.as_ref()?;
        Some(run.plan.columns().into_iter().map(str::to_owned).collect())
    }
}
