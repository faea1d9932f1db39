//! Expectations for a rule out of its synthesis: the files that [`super::check`] reads.

use crate::desk::Desk;
use crate::json::quoted;
use crate::plan::NodeId;
use crate::rule::Rule;
use crate::synth::{About, Case, Synthesis, ndjson};
use crate::wire::Severity;
use crate::wire::timeline::{Ended, QueryForm};

/// The texts of two files (product §3.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// `<slug>.events.ndjson`
    pub events: String,
    /// `<slug>.cases.toml`
    pub cases: String,
}

/// Writes the cases of a synthesis of the rule that was read from `rule_text` as expectations.
#[must_use]
pub fn written(rule: &Rule, rule_text: &str, synthesis: &Synthesis) -> Written {
    let events: String = synthesis.cases.iter().map(ndjson).collect();
    let mut desk = Desk::new();
    desk.load(&events);
    let outcome = desk.run_read((rule.clone(), Vec::new()), rule_text, &|| 0.0);
    let codes: Vec<String> = outcome
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| quoted(&finding.code))
        .collect();
    let mut cases = String::new();
    if !codes.is_empty() {
        cases.push_str(&format!("warnings = [{}]\n", codes.join(", ")));
    }
    let form = outcome.result.as_ref().map(|result| result.form).unwrap_or_default();
    for case in &synthesis.cases {
        let ids: Vec<String> = case.events.iter().map(|event| quoted(&event.id)).collect();
        let matches = case.matches.as_ref().map(|stages| {
            let id = |at: &Option<usize>| at.and_then(|at| ids.get(at)).map_or("\"-\"", |id| id);
            format!("[{}]", stages.iter().map(id).collect::<Vec<_>>().join(", "))
        });
        cases.push_str(&format!(
            "\n[[case]]\nname = {}\nevents = [{}]\nmatches = [{}]\n",
            quoted(&case.name),
            ids.join(", "),
            matches.unwrap_or_default()
        ));
        if let Some(fails) = fails(&desk, form, synthesis, case) {
            cases.push_str(&format!("fails = {{ {fails} }}\n"));
        }
    }
    Written { events, cases: cases.trim_start().to_owned() }
}

/// What keeps a case from matching, where expectations have a word for it.
fn fails(desk: &Desk, form: QueryForm, synthesis: &Synthesis, case: &Case) -> Option<String> {
    let id = |at: usize| case.events.get(at).map(|event| event.id.as_str());
    let last = case.events.len().checked_sub(1)?;
    let ended = |at: usize, ended: Ended| {
        Some(format!("event = {}, reason = \"{}\"", quoted(id(at)?), ended.name()))
    };
    match case.about {
        About::Clause { event, root, .. } => {
            let id = id(event)?;
            let timeline = desk.timeline();
            let number = match timeline.stages.iter().find(|stage| stage.node == root.0) {
                Some(stage) if form != QueryForm::Event => format!("stage = {}, ", stage.number),
                _ => String::new(),
            };
            let deciding = desk.deciding(root.0, desk.store().event_by_id(id)?);
            let [(node, reason)] = deciding.as_slice() else { return None };
            let label = synthesis.labels(&[NodeId(*node)]).pop()?;
            Some(format!(
                "event = {}, {number}clause = {}, reason = \"{reason}\"",
                quoted(id),
                quoted(&label)
            ))
        }
        About::Late => ended(last, Ended::MaxspanExpired),
        About::Until => ended(last, Ended::Until),
        About::NoLast if form == QueryForm::Sequence => ended(last, Ended::OpenAtEndOfData),
        _ => None,
    }
}
