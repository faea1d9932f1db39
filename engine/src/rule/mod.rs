//! Rule documents: recognised by content, with the query and what else is read from them
//! (product §2.2).
//!
//! TOML and JSON become the same tree (`node`) and are read by the same members (`fields`); pages
//! have labels (`page`). Whatever the form, a rule knows where in the text each part of its query
//! stands (`source_map`), so that findings about the query point into the text as pasted.

mod comments;
mod fields;
mod format;
mod indices;
mod json;
mod json_rule;
mod literal;
mod mend;
mod node;
mod page;
mod source_map;
#[cfg(test)]
mod tests;
mod toml;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;

pub use indices::IndexPatterns;
pub use literal::{escaped, unescaped};
pub use source_map::SourceMap;

/// Largest rule text that is read, in bytes (product §5).
pub const MAX_BYTES: usize = 1_000_000;

/// A rule text and what was read from it. Members that the text lacks are empty or `None`; what
/// Kibana takes for them is told by methods (Kibana specification §K1.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Rule {
    /// In words, what the text was taken for: `EQL query`, `rule page (Markdown)`, …
    pub form: String,
    /// True where the text is nothing but a query.
    pub is_bare: bool,
    /// Where the rule stands in the text: one of the values of a JSON document, otherwise all.
    #[serde(skip)]
    #[borsh(skip)]
    pub document: Span,
    /// The query.
    pub query: String,
    /// Where the query stands in the text.
    #[serde(skip)]
    #[borsh(skip)]
    pub places: SourceMap,
    /// Identity of the rule (`rule_id`).
    pub id: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// What it detects, on one line.
    pub description: Option<String>,
    /// Language of the query.
    pub language: Option<String>,
    /// Type of the rule.
    pub rule_type: Option<String>,
    /// `low`, `medium`, `high`, `critical`.
    pub severity: Option<String>,
    /// 0 to 100.
    pub risk_score: Option<u32>,
    /// Index patterns; empty means every index.
    pub indices: Vec<String>,
    /// How often it runs, e.g. `5m`.
    pub interval: Option<String>,
    /// How far it looks back, e.g. `now-9m`.
    pub from: Option<String>,
    /// Up to when it looks.
    pub to: Option<String>,
    /// Alerts per execution.
    pub max_signals: Option<u32>,
    /// Tags.
    pub tags: Vec<String>,
    /// Addresses of further reading.
    pub references: Vec<String>,
    /// ATT&CK: tactics with their techniques. A technique without a tactic stands at the top.
    pub threat: Vec<Threat>,
    /// Version.
    pub version: Option<u32>,
    /// Authors.
    pub authors: Vec<String>,
    /// Licence.
    pub license: Option<String>,
    /// Field of the time by which executions select events.
    pub timestamp_override: Option<String>,
    /// Field of the event category, where the rule names its own.
    pub event_category_override: Option<String>,
    /// Field of the time, where the rule names its own.
    pub timestamp_field: Option<String>,
    /// Field that breaks ties of time.
    pub tiebreaker_field: Option<String>,
    /// What must be set up, in Markdown.
    pub setup: Option<String>,
    /// Investigation guide, in Markdown.
    pub note: Option<String>,
    /// Oldest version of the stack that runs it.
    pub min_stack_version: Option<String>,
    /// `production`, `development`, …
    pub maturity: Option<String>,
    /// Integrations whose events it reads.
    pub integrations: Vec<String>,
    /// `default` for a building block, whose alerts are not shown by themselves.
    pub building_block_type: Option<String>,
    /// What a search request says beside the query.
    pub search: SearchOptions,
}

/// A tactic, technique or sub-technique of ATT&CK (Kibana specification §K10.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Threat {
    /// `TA0002`, `T1059`, `T1059.004`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub reference: Option<String>,
    /// Techniques of a tactic, sub-techniques of a technique.
    pub below: Vec<Threat>,
}

/// Members of a search request that concern what is returned (specification §10.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct SearchOptions {
    /// Most results.
    pub size: Option<u32>,
    /// Which end of the matches is returned.
    pub result_position: Option<ResultPosition>,
    /// Samples per join key.
    pub max_samples_per_key: Option<u32>,
}

/// Which end of the matches is returned (specification §9.4).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ResultPosition {
    /// The first ones.
    Head,
    /// The last ones.
    #[default]
    Tail,
}

impl Rule {
    /// A text that is nothing but a query.
    #[must_use]
    pub fn bare(query: &str) -> Self {
        let all = Span::new(0, query.len() as u32);
        Self {
            form: "EQL query".into(),
            is_bare: true,
            document: all,
            query: query.to_owned(),
            places: SourceMap::verbatim(all),
            ..Self::default()
        }
    }

    /// Where the query stands in the text; `None` where it is not there to the letter and in one
    /// piece.
    #[must_use]
    pub fn query_span(&self) -> Option<Span> {
        self.places.contiguous()
    }

    /// Where the query stands in `text`, from which the rule was read, between double quotes that
    /// know escapes, so that [`unescaped`] reads it there and [`escaped`] writes it. `None` where it
    /// stands otherwise.
    #[must_use]
    pub fn escaped_span(&self, text: &str) -> Option<Span> {
        let place = self.place(Span::new(0, self.query.len() as u32));
        let forbidden = self.places.forbidden;
        // Strings of Kibana's console are read as JSON's; its triple quotes know no escapes.
        let is_raw = !forbidden.contains('\\')
            || forbidden.contains('\n')
                && text.get(..place.start as usize)?.trim_end().ends_with("\"\"\"");
        if is_raw {
            return None;
        }
        let found = unescaped(place.text(text))?;
        found.iter().map(|(c, _)| *c).eq(self.query.chars()).then_some(place)
    }

    /// A place in the query as a place in the rule text. Where parts of the text were left out
    /// between, they lie within it.
    #[must_use]
    pub fn place(&self, in_query: Span) -> Span {
        self.places.place(in_query)
    }

    /// A finding about the query as one about the rule text. Fixes that cannot be carried out
    /// there are dropped.
    #[must_use]
    pub fn placed(&self, finding: &Diagnostic) -> Diagnostic {
        Diagnostic {
            kind: finding.kind.clone(),
            span: self.place(finding.span),
            fixes: finding.fixes.iter().filter_map(|fix| self.places.fix(fix)).collect(),
        }
    }

    /// How often it runs.
    #[must_use]
    pub fn interval_or_default(&self) -> &str {
        self.interval.as_deref().unwrap_or("5m")
    }

    /// How far it looks back.
    #[must_use]
    pub fn from_or_default(&self) -> &str {
        self.from.as_deref().unwrap_or("now-6m")
    }

    /// Up to when it looks.
    #[must_use]
    pub fn to_or_default(&self) -> &str {
        self.to.as_deref().unwrap_or("now")
    }

    /// Alerts per execution.
    #[must_use]
    pub fn max_signals_or_default(&self) -> u32 {
        self.max_signals.unwrap_or(100)
    }

    /// ATT&CK ids with their names, each once: every tactic, what lies below it, the next one.
    #[must_use]
    pub fn threat_ids(&self) -> Vec<(&str, &str)> {
        fn add<'r>(threats: &'r [Threat], found: &mut Vec<(&'r str, &'r str)>) {
            for threat in threats {
                if !found.iter().any(|(id, _)| *id == threat.id) {
                    found.push((&threat.id, &threat.name));
                }
                add(&threat.below, found);
            }
        }
        let mut found = Vec::new();
        add(&self.threat, &mut found);
        found
    }

    /// The same in a text in which `by` bytes stand before.
    fn shifted(mut self, by: u32) -> Self {
        self.document = self.document.shifted(by);
        self.places = self.places.shifted(by);
        self
    }
}

/// Takes a text for what it looks like. Of a document of several rules, the first in EQL is read.
/// Spans of the findings are of the whole text.
#[must_use]
pub fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    if text.len() > MAX_BYTES {
        let kind = DiagKind::SourceTooLong { bytes: text.len(), limit: MAX_BYTES };
        return (Rule::bare(""), vec![Diagnostic::new(kind, Span::empty(0))]);
    }
    let (text, mark) = without_mark(text);
    shifted(read_plain(text), mark)
}

/// Every rule of a text, in its order, each with its own findings: several of a JSON document,
/// otherwise one. A part that cannot be read counts as a rule without a query. Spans are of the
/// whole text, whose size has no limit here.
#[must_use]
pub fn read_all(text: &str) -> Vec<(Rule, Vec<Diagnostic>)> {
    let (plain, mark) = without_mark(text);
    let rules = if json_rule::looks_like(plain) {
        json_rule::read_all(plain)
    } else {
        vec![read_plain(plain)]
    };
    rules.into_iter().map(|rule| shifted(rule, mark)).collect()
}

fn read_plain(text: &str) -> (Rule, Vec<Diagnostic>) {
    if !is_dict(text) && json_rule::looks_like(text) {
        return json_rule::read(text);
    }
    if toml::looks_like(text) {
        return toml::read(text);
    }
    if page::looks_like(text) {
        return page::read(text);
    }
    let other = if is_dict(text) { Some("a Python dict") } else { foreign(text) };
    match other {
        Some(found) => {
            let finding = Diagnostic::new(DiagKind::NotARule(found), Span::empty(0));
            (Rule { form: found.to_owned(), ..Rule::default() }, vec![finding])
        }
        None => (Rule::bare(text), Vec::new()),
    }
}

/// JSON with single quotes, as Python prints it.
fn is_dict(text: &str) -> bool {
    let start = text.trim_start().trim_start_matches('[').trim_start();
    start.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('\''))
}

/// What is plainly no rule: one sentence instead of a flood of findings about its characters.
fn foreign(text: &str) -> Option<&'static str> {
    let has_line = |start: &str| text.lines().any(|line| line.trim_end() == start);
    let start = text.trim_start();
    let first = start.lines().next().unwrap_or_default();
    if start.starts_with("<!") || start.starts_with("<html") || start.starts_with("<?xml") {
        return Some("markup");
    }
    if start.starts_with("<Event") {
        return Some("event data");
    }
    if first.contains("@timestamp") && first.contains(',') && !first.contains(" where ") {
        return Some("event data");
    }
    let mut words = first.split_whitespace();
    if matches!(words.next(), Some("rule")) && first.len() < 200 && words.next().is_some() && {
        has_line("condition:") || text.contains("\n    condition:")
    } {
        return Some("a YARA rule");
    }
    (has_line("logsource:") && has_line("detection:")).then_some("a Sigma rule")
}

/// The text without a byte order mark, and the length of the mark.
fn without_mark(text: &str) -> (&str, u32) {
    text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, 3))
}

fn shifted((rule, mut findings): (Rule, Vec<Diagnostic>), by: u32) -> (Rule, Vec<Diagnostic>) {
    for finding in &mut findings {
        finding.span = finding.span.shifted(by);
    }
    (rule.shifted(by), findings)
}
