//! Detection-rules TOML, sound or damaged on its way.

use ::toml::de::{DeTable, DeValue};

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::fields;
use crate::rule::mend::{self, Mended};
use crate::rule::node::{Document, Node, Value};
use crate::rule::{Rule, comments};
use crate::span::Span;

const FORM: &str = "detection-rules TOML";

/// Has a table or the members of a rule. `[rule]` and `[metadata]` are never part of a query; a
/// member needs company, since `query = "x"` is also what a mistaken comparison looks like.
pub(super) fn looks_like(text: &str) -> bool {
    let has_table = |line: &str| {
        ["[rule]", "[metadata]"].iter().any(|table| {
            line.trim_start().starts_with(table) || line.contains(&format!(" {table} "))
        })
    };
    let is_member = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or_default();
        let value = value.trim_start();
        MEMBERS.contains(&name.trim()) && value.starts_with(['"', '\'', '['])
            || name.trim() == "risk_score" && value.starts_with(|c: char| c.is_ascii_digit())
    };
    let first = text.lines().find(|line| mend::is_content(line)).unwrap_or_default();
    if first.contains(" where") && !has_table(first) && !is_member(first) {
        return false;
    }
    text.lines().any(has_table)
        || is_member(first)
        || text.lines().filter(|line| is_member(line)).count() > 1
}

/// Members that tell a rule file from a query.
const MEMBERS: [&str; 14] = [
    "query",
    "name",
    "description",
    "language",
    "type",
    "severity",
    "index",
    "tags",
    "author",
    "license",
    "from",
    "interval",
    "rule_id",
    "references",
];

/// A document that was read, and what is wrong with it.
struct Read<'t> {
    document: Document<'t>,
    root: Node,
    mistakes: Vec<(Span, String)>,
}

impl<'t> Read<'t> {
    fn new(document: Document<'t>) -> Self {
        let (table, errors) = DeTable::parse_recoverable(&document.text);
        let span = |range: std::ops::Range<usize>| Span::new(range.start as u32, range.end as u32);
        let root = Node { span: span(table.span()), value: table_value(table.into_inner()) };
        let mistake = |error: &::toml::de::Error| {
            let place = document.place(span(error.span().unwrap_or_default()));
            (place, error.message().trim().replace('\n', "; "))
        };
        let mistakes = errors.iter().map(mistake).collect();
        Self { root, mistakes, document }
    }

    /// The table of the rule: `[rule]`, or the document itself, or the first table inside others
    /// that holds a query.
    fn rule(&self) -> &Node {
        let root = &self.root;
        let top = root.get("rule").filter(|node| node.is_table());
        let own = || Some(root).filter(|root| root.get("query").is_some());
        top.or_else(own).or_else(|| inner_rule(root, 0)).unwrap_or(root)
    }
}

/// Lines that a code viewer put into the query are sound TOML, but no part of the rule.
fn has_foreign_lines(read: &Read<'_>) -> bool {
    read.rule().text_of("query").is_some_and(|query| query.lines().any(mend::is_stamp))
}

pub(super) fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let mut read = Read::new(Document::as_it_is(text));
    let mut notes = Vec::new();
    let mut is_flat = false;
    if !read.mistakes.is_empty() || has_foreign_lines(&read) {
        let Mended { text: mended, left_out, put_back } = mend::mend(text);
        if left_out.is_some() || put_back > 0 {
            read = Read::new(Document::mended(mended));
            let beginning = Span::empty(0);
            notes.extend(
                left_out.map(|(n, first)| Diagnostic::new(DiagKind::LinesLeftOut(n), first)),
            );
            if put_back > 0 {
                is_flat = true;
                notes.push(Diagnostic::new(DiagKind::PutBackOnLines(put_back), beginning));
            }
        }
    }
    let (mut rule, mut findings) = fields::read(&read.document, read.rule(), FORM);
    rule.document = Span::new(0, text.len() as u32);
    if let Some(metadata) = read.root.get("metadata") {
        fields::read_metadata(&mut rule, metadata);
    }
    // One mistake often makes more of what follows it.
    if let Some((place, reason)) = read.mistakes.into_iter().next() {
        let kind = DiagKind::BadDocument { form: FORM, reason };
        findings = vec![Diagnostic::new(kind, place)];
    }
    if is_flat {
        findings.extend(comments::swallowing(&rule));
    }
    notes.append(&mut findings);
    (rule, notes)
}

/// The first table below that holds the query of a rule. Tables of a `transform` hold queries
/// of another kind.
fn inner_rule(node: &Node, depth: usize) -> Option<&Node> {
    if depth > 4 {
        return None;
    }
    let below = node.members().iter().filter(|(name, _)| name != "transform");
    let below = below.map(|(_, node)| node).chain(node.elements());
    let mut found = below.filter(|node| node.is_table() || !node.elements().is_empty());
    found.find_map(|node| {
        let is_rule = node.text_of("query").is_some();
        if is_rule { Some(node) } else { inner_rule(node, depth + 1) }
    })
}

fn table_value(table: DeTable<'_>) -> Value {
    let member = |(key, value): (::toml::Spanned<::toml::de::DeString<'_>>, _)| {
        (key.into_inner().into_owned(), node(value))
    };
    Value::Table(table.into_iter().map(member).collect())
}

fn node(value: ::toml::Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Truth(truth),
        DeValue::Datetime(date) => Value::Number(date.to_string()),
        DeValue::Array(elements) => Value::List(elements.into_iter().map(node).collect()),
        DeValue::Table(table) => table_value(table),
    };
    Node { span: Span::new(span.start as u32, span.end as u32), value }
}
