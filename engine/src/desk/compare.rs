//! Two versions of a rule over the loaded events.

use crate::compare::{Version, compare, refused};
use crate::desk::Desk;
use crate::diag::{Diagnostic, Severity};
use crate::rule::{self, Rule};
use crate::span::{self, LineIndex};
use crate::wire;
use crate::wire::compare::Comparison;

impl Desk {
    /// What a new version of a rule text matches that the old one does not, and the other way
    /// round, and which clauses made the difference. The last run stays as it is. Where a version
    /// cannot run it says so, and the other one still counts.
    #[must_use]
    pub fn compare(&self, old_text: &str, new_text: &str) -> Comparison {
        self.compare_read((rule::read(old_text), old_text), (rule::read(new_text), new_text))
    }

    /// The same of rules that were read from their texts, with what was found wrong in their
    /// documents.
    #[must_use]
    pub fn compare_read(
        &self,
        old: ((Rule, Vec<Diagnostic>), &str),
        new: ((Rule, Vec<Diagnostic>), &str),
    ) -> Comparison {
        let indices = (LineIndex::new(old.1), LineIndex::new(new.1));
        let (mut before, was) = self.version(old.0, &indices.0);
        let (mut after, is) = self.version(new.0, &indices.1);
        let (Some(was), Some(is)) = (was, is) else {
            let mut comparison = Comparison { old: before, new: after, ..Comparison::default() };
            comparison.sentence = refused(&comparison);
            return comparison;
        };
        let mut comparison = compare(&was, &is, &self.store);
        for pair in &mut comparison.clauses {
            let sides = [(&mut pair.old, &was, &indices.0), (&mut pair.new, &is, &indices.1)];
            for (clause, version, index) in sides {
                if let Some(clause) = clause {
                    let in_query = span::Span::new(clause.span.start, clause.span.end);
                    clause.span = wire::Span::new(version.rule.place(in_query), index);
                }
            }
        }
        (before.matches, after.matches) = (comparison.old.matches, comparison.new.matches);
        (comparison.old, comparison.new) = (before, after);
        comparison
    }

    /// What is to be told of a version, and its run if it could run.
    fn version(
        &self,
        (rule, mut findings): (Rule, Vec<Diagnostic>),
        index: &LineIndex<'_>,
    ) -> (wire::compare::Version, Option<Version>) {
        let mut told = wire::compare::Version {
            name: rule.name.clone(),
            query_span: rule.query_span().map(|span| wire::Span::new(span, index)),
            ..Default::default()
        };
        findings.retain(|found| found.kind.severity() == Severity::Error);
        let mut ran = None;
        if findings.is_empty() {
            match Version::run(rule.clone(), &self.mapping, &self.store) {
                Ok(version) => {
                    (told.matches, told.form) = (Some(version.matches()), version.form());
                    ran = Some(version);
                }
                Err(refused) => findings = refused.iter().map(|found| rule.placed(found)).collect(),
            }
        }
        told.findings = findings.iter().map(|found| wire::Finding::new(found, index, 0)).collect();
        (told, ran)
    }
}
