//! Expectations that travel with a rule: `<slug>.cases.toml` (product §3.5).

use std::path::Path;

use eqlens_engine::desk::Desk;
use eqlens_engine::wire::{Explanation, Filter, Outcome, Severity, Verdict};
use serde::Deserialize;

use crate::paths::text;

/// A cases file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectations {
    /// Codes of the warnings the rule is known to give.
    #[serde(default)]
    warnings: Vec<String>,
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Ids of the events that take part; all of them where it is absent.
    events: Option<Vec<String>>,
    matches: Vec<Vec<String>>,
    fails: Option<Fails>,
}

/// The one clause that keeps an event from matching.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fails {
    event: String,
    clause: String,
    reason: String,
}

/// Runs the cases of a rule file. One line per failure; and how many cases there were.
#[must_use]
pub fn check_rule(rule_file: &Path) -> (usize, Vec<String>) {
    let rule = text(rule_file);
    let events = text(&rule_file.with_extension("events.ndjson"));
    let expectations: Expectations =
        match toml::from_str(&text(&rule_file.with_extension("cases.toml"))) {
            Ok(expectations) => expectations,
            Err(error) => return (0, vec![error.to_string()]),
        };
    let mut failures = Vec::new();
    let mut desk = Desk::new();
    let report = desk.load(&events);
    if report.skipped > 0 {
        failures.push(format!("{} event lines cannot be read", report.skipped));
    }
    let outcome = desk.run(&rule, &|| 0.0);
    let warnings: Vec<&str> = outcome
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Info)
        .map(|finding| finding.code.as_str())
        .collect();
    if warnings != expectations.warnings {
        failures.push(format!("warnings {warnings:?}, expected {:?}", expectations.warnings));
    }
    for case in &expectations.case {
        if let Err(reason) = case.check(&rule, &events) {
            failures.push(format!("{}: {reason}", case.name));
        }
    }
    (expectations.case.len(), failures)
}

impl Case {
    fn check(&self, rule: &str, events: &str) -> Result<(), String> {
        let chosen = match &self.events {
            None => events.to_owned(),
            Some(ids) => choose(events, ids)?,
        };
        let mut desk = Desk::new();
        desk.load(&chosen);
        let outcome = desk.run(rule, &|| 0.0);
        let rows = desk.rows(Filter::Matches, 0, u32::MAX).rows;
        let matches: Vec<Vec<String>> = rows.into_iter().map(|row| vec![row.id]).collect();
        if matches != self.matches {
            return Err(format!("matches {matches:?}, expected {:?}", self.matches));
        }
        match &self.fails {
            None => Ok(()),
            Some(fails) => fails.check(&desk, &outcome, rule),
        }
    }
}

impl Fails {
    fn check(&self, desk: &Desk, outcome: &Outcome, rule: &str) -> Result<(), String> {
        let all = desk.rows(Filter::All, 0, u32::MAX).rows;
        let row = all.iter().find(|row| row.id == self.event).ok_or("no such event")?;
        let explanation: Explanation = desk.explain(row.event).ok_or("no explanation")?;
        let decisive: Vec<_> = outcome
            .nodes
            .iter()
            .zip(&explanation.nodes)
            .filter(|(_, verdict)| verdict.decisive)
            .collect();
        let [(node, verdict)] = decisive.as_slice() else {
            return Err(format!("{} clauses decide, expected one", decisive.len()));
        };
        let clause = rule.get(node.span.start as usize..node.span.end as usize);
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if clause.map(one_line) != Some(one_line(&self.clause)) {
            return Err(format!("`{}` decides, expected `{}`", node.label, self.clause));
        }
        if verdict.reason.as_deref() != Some(self.reason.as_str()) {
            return Err(format!("reason {:?}, expected {}", verdict.reason, self.reason));
        }
        if verdict.verdict == Verdict::Holds {
            return Err("the clause holds".into());
        }
        Ok(())
    }
}

/// The lines of the events with these ids.
fn choose(events: &str, ids: &[String]) -> Result<String, String> {
    let mut chosen = String::new();
    for id in ids {
        let mark = format!("\"_id\":\"{id}\"");
        let spaced = format!("\"_id\": \"{id}\"");
        let line = events.lines().find(|line| line.contains(&mark) || line.contains(&spaced));
        chosen.push_str(line.ok_or_else(|| format!("no event `{id}`"))?);
        chosen.push('\n');
    }
    Ok(chosen)
}
