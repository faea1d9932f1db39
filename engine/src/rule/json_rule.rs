//! Rules and search requests as JSON: rule API, rule export, `_eql/search`.

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::node::{Document, Node};
use crate::rule::{Rule, fields, json};
use crate::sort;
use crate::span::Span;

const FORM: &str = "JSON rule";
const REQUEST: &str = "EQL search request";

/// Begins like JSON, or like a request of Kibana's console. A table of TOML begins with a bracket
/// as well, but no name follows a bracket in JSON.
pub(super) fn looks_like(text: &str) -> bool {
    let start = text.trim_start();
    let list = start.strip_prefix('[').map(str::trim_start);
    start.starts_with('{')
        || list.is_some_and(|rest| {
            rest.starts_with(['{', ']', '"', '-']) || rest.starts_with(|c: char| c.is_ascii_digit())
        })
        || request_line(text).is_some()
}

/// The first line that is neither blank nor a comment, where it is a request: its path, and where
/// the body begins.
fn request_line(text: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        let (method, path) = line.split_once(' ')?;
        let is_request = matches!(method, "GET" | "POST" | "PUT") && !path.trim().contains(' ');
        return is_request.then_some((path.trim(), at));
    }
    None
}

/// The index patterns of `/<targets>/_eql/search`.
fn targets(path: &str) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default().trim_start_matches('/');
    let targets = path.strip_suffix("/_eql/search").unwrap_or_default();
    let targets = targets.split(',').filter(|target| !target.is_empty());
    targets.map(|target| target.replace("%2A", "*").replace("%2a", "*")).collect()
}

/// A text as rules.
struct Found {
    rules: Vec<(Rule, Vec<Diagnostic>)>,
    /// Values that could not be read at all.
    broken: Vec<Diagnostic>,
    /// What the text holds instead of a rule.
    instead: &'static str,
}

fn find(text: &str) -> Found {
    let request = request_line(text);
    let start = request.map_or(0, |(_, start)| start);
    // No sound JSON holds three quotes in a row.
    let is_console = request.is_some() || text.contains("\"\"\"");
    let console = is_console.then(|| json::from_console(text, start)).flatten();
    let document = match console {
        Some(mended) => Document::mended(mended),
        None => Document::as_it_is(text),
    };
    let (values, mistakes) = json::values(&document.text, start);
    let mut candidates = Vec::new();
    for value in &values {
        collect(value, &mut candidates);
    }
    let broken = mistakes.into_iter().map(|mistake| {
        let kind = DiagKind::BadDocument { form: FORM, reason: mistake.reason };
        Diagnostic::new(kind, document.place(Span::empty(mistake.at as u32)))
    });
    let broken = broken.collect();
    let is_event = |node: &Node| EVENT_MEMBERS.iter().any(|name| node.get(name).is_some());
    let instead = match candidates.iter().find(|node| !is_rule(node)) {
        Some(node) if is_event(node) => "event data",
        _ => "JSON without a rule",
    };
    let rules = candidates.into_iter().filter(|node| is_rule(node)).map(|node| {
        let form = if is_request(node) { REQUEST } else { FORM };
        let (mut rule, findings) = fields::read(&document, node, form);
        if let Some((path, _)) = request.filter(|_| rule.indices.is_empty()) {
            rule.indices = targets(path);
        }
        (rule, findings)
    });
    Found { rules: rules.collect(), broken, instead }
}

/// The objects that may be rules: of lists, of the `data` of a `_find` answer, of packaged assets.
fn collect<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    let inner = ["data", "rules"].iter().filter_map(|name| node.get(name));
    let lists: Vec<&Node> = inner.filter(|list| !list.elements().is_empty()).collect();
    if let Some(attributes) = node.get("attributes").filter(|node| is_rule(node)) {
        found.push(attributes);
    } else if !is_rule(node) && !lists.is_empty() {
        lists.into_iter().for_each(|list| collect(list, found));
    } else if node.is_table() && !is_other_line(node) {
        found.push(node);
    }
    node.elements().iter().for_each(|element| collect(element, found));
}

/// Lines of an export that are no rules: exceptions, connectors, the summary (Kibana specification
/// §K8.3).
fn is_other_line(node: &Node) -> bool {
    ["exported_count", "list_id", "item_id", "attributes"]
        .iter()
        .any(|name| node.get(name).is_some())
        && node.get("query").is_none()
        && node.get("risk_score").is_none()
}

/// Members of events and of the answers to searches.
const EVENT_MEMBERS: [&str; 8] =
    ["@timestamp", "event", "_source", "_index", "hits", "event.category", "process", "host"];

/// Members of a rule; the first group is enough for itself.
fn is_rule(node: &Node) -> bool {
    let has = |name: &str| node.get(name).is_some();
    if ["query", "rule_id", "risk_score"].into_iter().any(has) {
        return true;
    }
    let n =
        ["name", "language", "type", "severity", "description"].into_iter().filter(|it| has(it));
    n.count() > 0 && !EVENT_MEMBERS.into_iter().any(has)
}

/// A request has a query and nothing that names or rates it.
fn is_request(node: &Node) -> bool {
    let has = |name: &str| node.get(name).is_some();
    !["name", "rule_id", "risk_score", "severity", "type", "language"].into_iter().any(has)
}

/// Every rule of the text, with its own findings; values that cannot be read come as rules
/// without a query.
pub(super) fn read_all(text: &str) -> Vec<(Rule, Vec<Diagnostic>)> {
    let found = find(text);
    let mut all = found.rules;
    all.extend(found.broken.into_iter().map(|broken| {
        let rule = Rule { form: FORM.into(), document: broken.span, ..Rule::default() };
        (rule, vec![broken])
    }));
    sort::by(&mut all, |one, two| one.0.document.start.cmp(&two.0.document.start));
    all
}

/// The first rule in EQL; what else there is, is said.
pub(super) fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let mut found = find(text);
    let is_eql = |(_, findings): &(Rule, Vec<Diagnostic>)| {
        findings.iter().all(|finding| !finding.kind.is_other_rule())
    };
    let chosen = found.rules.iter().position(is_eql).unwrap_or(0);
    if chosen >= found.rules.len() {
        let rule = Rule { form: FORM.into(), ..Rule::default() };
        let instead = DiagKind::NotARule(found.instead);
        let instead = Diagnostic::new(instead, Span::empty(0));
        let broken = found.broken.into_iter().next().filter(|_| found.instead != "event data");
        return (rule, vec![broken.unwrap_or(instead)]);
    }
    let (rule, mut findings) = found.rules.remove(chosen);
    if !found.rules.is_empty() {
        let name = |(other, _): &(Rule, _)| other.name.clone().unwrap_or_else(|| "no name".into());
        let kind = DiagKind::OtherRules(found.rules.iter().map(name).collect());
        findings.push(Diagnostic::new(kind, Span::empty(rule.document.start)));
    }
    findings.extend(found.broken.into_iter().map(|broken| match broken.kind {
        DiagKind::BadDocument { reason, .. } => {
            Diagnostic::new(DiagKind::PartSkipped(reason), broken.span)
        }
        _ => broken,
    }));
    (rule, findings)
}
