//! Rule documents: recognised by content, with the query and what else is read from them
//! (product §2.2).

mod indices;
mod page;
mod toml;

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;

pub use indices::IndexPatterns;

/// Largest rule text that is read, in bytes (product §5).
pub const MAX_BYTES: usize = 1_000_000;

/// A rule text and what was read from it. Members that the text lacks are empty or `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// In words, what the text was taken for.
    pub form: &'static str,
    /// True where the text is nothing but a query.
    pub is_bare: bool,
    /// The query.
    pub query: String,
    /// Where the query stands in the text; `None` where it is not there to the letter.
    pub query_span: Option<Span>,
    /// The literal that holds the query, with its quotes, where `query_span` is `None`.
    pub query_literal: Span,
    /// Name.
    pub name: Option<String>,
    /// What it detects.
    pub description: Option<String>,
    /// `low`, `medium`, `high`, `critical`.
    pub severity: Option<String>,
    /// 0 to 100.
    pub risk_score: Option<u32>,
    /// Index patterns.
    pub indices: Vec<String>,
    /// How often it runs.
    pub interval: Option<String>,
    /// How far it looks back.
    pub from: Option<String>,
    /// Alerts per execution.
    pub max_signals: Option<u32>,
    /// Tags.
    pub tags: Vec<String>,
    /// Addresses.
    pub references: Vec<String>,
    /// ATT&CK ids with their names, each once, in the order of the text.
    pub threat: Vec<(String, String)>,
    /// Version.
    pub version: Option<u32>,
    /// Authors.
    pub authors: Vec<String>,
    /// Licence.
    pub license: Option<String>,
    /// Field of the event category, where the rule names its own.
    pub event_category_override: Option<String>,
    /// Field of the time, where the rule names its own.
    pub timestamp_field: Option<String>,
    /// Field that breaks ties of time.
    pub tiebreaker_field: Option<String>,
}

impl Rule {
    /// A place in the query as a place in the rule text; all of the literal where the query does
    /// not stand there to the letter.
    #[must_use]
    pub fn place(&self, in_query: Span) -> Span {
        self.query_span.map_or(self.query_literal, |query| in_query.shifted(query.start))
    }

    /// A finding about the query as one about the rule text.
    #[must_use]
    pub fn placed(&self, finding: &Diagnostic) -> Diagnostic {
        let fix = finding.fix.clone().filter(|_| self.query_span.is_some()).map(|mut fix| {
            for (span, _) in &mut fix.edits {
                *span = self.place(*span);
            }
            fix
        });
        Diagnostic { kind: finding.kind.clone(), span: self.place(finding.span), fix }
    }
}

/// Takes a text for what it looks like. Spans of the findings are of the whole text.
#[must_use]
pub fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    if text.len() > MAX_BYTES {
        let kind = DiagKind::SourceTooLong { bytes: text.len(), limit: MAX_BYTES };
        return (bare(""), vec![Diagnostic::new(kind, Span::empty(0))]);
    }
    if toml::looks_like(text) {
        return toml::read(text);
    }
    if page::looks_like(text) {
        return page::read(text);
    }
    if let Some((form, reason)) = unreadable(text) {
        let kind = DiagKind::BadDocument { form, reason: reason.into() };
        let rule = Rule { form, ..Rule::default() };
        return (rule, vec![Diagnostic::new(kind, Span::empty(0))]);
    }
    (bare(text), Vec::new())
}

/// What is plainly no query and not read yet: one sentence instead of a flood of findings about
/// its characters. The form, and what to do.
fn unreadable(text: &str) -> Option<(&'static str, &'static str)> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let has = |mark: &str| text.contains(mark);
    if start.starts_with(['{', '[']) && !start.starts_with("[metadata]") && has("\":") {
        return Some(("JSON document", "rules as JSON are not read yet; events belong below"));
    }
    if has("[metadata]") || (has("[rule]") && has("query = ")) {
        let reason = "it was changed on its way; paste the file as it is, or the query alone";
        return Some(("rule file whose lines were lost", reason));
    }
    if has("Rule type: eql") || (has("Rule indices") && has("Rule query")) {
        let reason = "this form is not read yet; paste its Markdown, or the query alone";
        return Some(("rule page copied as text", reason));
    }
    None
}

fn bare(text: &str) -> Rule {
    Rule {
        form: "EQL query",
        is_bare: true,
        query: text.to_owned(),
        query_span: Some(Span::new(0, text.len() as u32)),
        ..Rule::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_query_is_itself() {
        let (rule, findings) = read("process where true");
        assert!(rule.is_bare && findings.is_empty());
        assert_eq!(rule.query, "process where true");
    }

    #[test]
    fn a_rule_file_is_read_and_its_query_stands_where_it_says() {
        let text = include_str!("../../../rules/openssl_client_or_server.toml");
        let (rule, findings) = read(text);
        assert_eq!(findings, []);
        assert_eq!(rule.query_span.unwrap().text(text), rule.query);
        assert!(rule.query.starts_with("process where"), "{}", rule.query);
        assert_eq!(rule.name.as_deref(), Some("Openssl Client or Server Activity"));
        assert_eq!((rule.risk_score, rule.severity.as_deref()), (Some(21), Some("low")));
        assert_eq!(rule.indices.len(), 3);
        assert_eq!(rule.from.as_deref(), Some("now-9m"));
        assert!(rule.threat.contains(&("T1059.004".into(), "Unix Shell".into())));
    }

    #[test]
    fn a_rule_page_is_read() {
        let text = "---\nmapped_pages:\n---\n\n# My Rule [my-rule-1]\n\nFinds things.\nAll of them.\n\n**Rule type**: eql\n\n**Rule indices**:\n\n* logs-a-*\n* logs-b-*\n\n**Severity**: high\n\n**Risk score**: 73\n\n**Runs every**: 5m\n\n**Searches indices from**: now-9m ({{ref}}/x)\n\n**Maximum alerts per execution**: 100\n\n**References**:\n\n* [https://a.example/](https://a.example/)\n\n**Tags**:\n\n* OS: Linux\n\n**Version**: 3\n\n**Rule license**: Elastic License v2\n\n## Setup [s]\n\n```\nnot the query\n```\n\n## Rule query [q]\n\n```js\nany where\n  x == 1\n```\n\n**Framework**: MITRE ATT&CKTM\n\n* Tactic:\n\n    * Name: Execution\n    * ID: TA0002\n    * Reference URL: [https://a](https://a)\n\n* Technique:\n\n    * Name: Unix Shell\n    * ID: T1059\n";
        let (rule, findings) = read(text);
        assert_eq!(findings, []);
        assert_eq!(rule.query, "any where\n  x == 1");
        assert_eq!(rule.query_span.unwrap().text(text), rule.query);
        assert_eq!(rule.name.as_deref(), Some("My Rule"));
        assert_eq!(rule.description.as_deref(), Some("Finds things. All of them."));
        assert_eq!(rule.indices, ["logs-a-*", "logs-b-*"]);
        assert_eq!(
            (rule.risk_score, rule.version, rule.max_signals),
            (Some(73), Some(3), Some(100))
        );
        assert_eq!(rule.from.as_deref(), Some("now-9m"));
        assert_eq!(rule.references, ["https://a.example/"]);
        assert_eq!(rule.tags, ["OS: Linux"]);
        assert_eq!(
            rule.threat,
            [("TA0002".to_owned(), "Execution".to_owned()), ("T1059".into(), "Unix Shell".into())]
        );
    }

    #[test]
    fn damaged_and_foreign_documents_are_named() {
        let codes = |text: &str| read(text).1.iter().map(|f| f.kind.code()).collect::<Vec<_>>();
        assert_eq!(codes("[rule]\nname = \"a\"\n"), ["R-101"]);
        assert_eq!(codes("[rule]\nname = \nquery = 'x'\n"), ["R-102"]);
        assert_eq!(codes("[rule]\nlanguage = \"kuery\"\nquery = 'x'\n"), ["R-103"]);
        assert_eq!(codes("{\"rule_id\":\"a\",\"query\":\"any where true\"}"), ["R-102"]);
        assert_eq!(codes("[metadata] a = 1 [rule] query = 'any where true'"), ["R-102"]);
        assert_eq!(codes("Name\nRule type: eql\nRule indices:\n"), ["R-102"]);
        assert_eq!(codes("# Rule\n\n**Rule type**: eql\n"), ["R-101"]);
        assert_eq!(codes(&"x".repeat(MAX_BYTES + 1)), ["X-102"]);
    }
}
