//! Events made out of a rule, for the place for events.

use crate::desk::Desk;
use crate::diag::Severity;
use crate::rule;
use crate::span::LineIndex;
use crate::synth;
use crate::wire::Finding;
use crate::wire::Span;
use crate::wire::synth::{SynthCase, Synthesised};

impl Desk {
    /// Makes events that match a rule text and, if `near`, near misses of it. The loaded events and
    /// the last run stay as they are.
    #[must_use]
    pub fn synthesise(&self, rule_text: &str, near: bool) -> Synthesised {
        let (rule, mut findings) = rule::read(rule_text);
        let index = LineIndex::new(rule_text);
        let mut made = Synthesised::default();
        if !findings.iter().any(|found| found.kind.severity() == Severity::Error) {
            match synth::synthesise(&rule, &self.mapping, near) {
                Ok(found) => {
                    made.events = found.cases.iter().map(synth::ndjson).collect();
                    made.cases = found
                        .cases
                        .iter()
                        .map(|case| SynthCase {
                            name: case.name.clone(),
                            ids: case.events.iter().map(|event| event.id.clone()).collect(),
                            matches: case.matches.is_some(),
                            clauses: found.labels(&case.decides),
                            span: case.span.map(|span| Span::new(rule.place(span), &index)),
                        })
                        .collect();
                    made.impossible = found.impossible_words();
                    return made;
                }
                Err(refused) => findings.extend(refused.iter().map(|found| rule.placed(found))),
            }
        }
        made.findings = findings.iter().map(|found| Finding::new(found, &index, 0)).collect();
        made
    }
}
