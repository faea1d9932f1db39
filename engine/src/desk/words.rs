//! A rule text written otherwise: formatted, or read aloud. Neither needs events.

use crate::desk::Desk;
use crate::diag::Severity;
use crate::rule;
use crate::span::LineIndex;
use crate::wire::reading::Reading;
use crate::wire::{Edit, Finding, Span};

impl Desk {
    /// What has to be replaced in a rule text so that its query is formatted; nothing where it is.
    ///
    /// # Errors
    /// What is wrong with the rule: a query with errors is left alone.
    pub fn format(&self, rule_text: &str) -> Result<Vec<Edit>, Vec<Finding>> {
        let (rule, findings) = rule::read(rule_text);
        let index = LineIndex::new(rule_text);
        let errors =
            |findings: Vec<_>| findings.iter().map(|f| Finding::new(f, &index, 0)).collect();
        if findings.iter().any(|found| found.kind.severity() == Severity::Error) {
            return Err(errors(findings));
        }
        let edits = rule.formatted(rule_text).map_err(errors)?;
        let edit = |(span, text)| Edit { span: Span::new(span, &index), text };
        Ok(edits.into_iter().map(edit).collect())
    }

    /// The query of a rule text in plain English. `None` where there is none that can be read.
    #[must_use]
    pub fn describe(&self, rule_text: &str) -> Option<Reading> {
        Reading::of(&rule::read(rule_text).0, rule_text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_formatted_and_read_in_its_place() {
        let text = "[rule]\nquery = \'\'\'process  where a==1\'\'\'\n";
        let mut formatted = text.to_owned();
        for edit in Desk::new().format(text).unwrap().iter().rev() {
            formatted.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        assert_eq!(formatted, text.replace("  where a==1", " where a == 1"));
        assert_eq!(Desk::new().format(&formatted), Ok(Vec::new()));
        let reading = Desk::new().describe(text).unwrap();
        assert_eq!(reading.lines[0].span.start, 18);
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let refused = Desk::new().format("any where a = 1 or").unwrap_err();
        assert_eq!(refused.first().map(|found| found.code.as_str()), Some("E-203"));
        assert_eq!(Desk::new().describe("any where a ="), None);
        assert_eq!(Desk::new().describe("{\"sigma\": 1}"), None);
    }
}
