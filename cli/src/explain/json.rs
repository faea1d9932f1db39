//! Explanations as JSON (product §3.1).

use serde::Serialize;

use eqlens_engine::wire::timeline::{Ended, Group, Trace};
use eqlens_engine::wire::{Explanation, Node, NodeKind, NodeVerdict, Outcome, Span, Verdict};

/// One event.
#[derive(Serialize)]
pub(super) struct EventLine<'o> {
    #[serde(rename = "_id")]
    id: &'o str,
    verdict: bool,
    sentence: String,
    tree: Option<Tree<'o>>,
}

/// A node of the condition, and what it says of the event.
#[derive(Serialize)]
struct Tree<'o> {
    kind: NodeKind,
    span: Span,
    verdict: bool,
    /// The node on one line; not for nodes that only hold others together.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<&'o [String]>,
    /// What would satisfy it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<&'o str>,
    children: Vec<Self>,
}

/// Does the event match, as `run` decides?
pub(super) fn matches(explanation: &Explanation) -> bool {
    explanation.verdict == Verdict::Holds
}

/// The headline and what more there is to say.
pub(super) fn sentence(explanation: &Explanation) -> String {
    format!("{} {}", explanation.headline, explanation.sentence).trim_end().to_owned()
}

pub(super) fn event<'o>(outcome: &'o Outcome, explanation: &'o Explanation) -> EventLine<'o> {
    let mut nodes = outcome.nodes.iter().zip(&explanation.nodes).peekable();
    let mut tree = nodes.next().map(|root| subtree(root, &mut nodes));
    if let Some(root) = &mut tree {
        // Its verdict is that of the event: also where only the index keeps it out.
        root.verdict = matches(explanation);
    }
    let verdict = matches(explanation);
    EventLine { id: &explanation.id, verdict, sentence: sentence(explanation), tree }
}

/// A node with all that follow and lie deeper.
fn subtree<'o, I>(
    (node, says): (&'o Node, &'o NodeVerdict),
    rest: &mut std::iter::Peekable<I>,
) -> Tree<'o>
where
    I: Iterator<Item = (&'o Node, &'o NodeVerdict)>,
{
    let mut children = Vec::new();
    while let Some(child) = rest.next_if(|(next, _)| next.depth > node.depth) {
        children.push(subtree(child, rest));
    }
    let is_leaf = matches!(node.kind, NodeKind::Leaf | NodeKind::Category);
    Tree {
        kind: node.kind,
        span: node.span,
        verdict: says.verdict == Verdict::Holds,
        text: is_leaf.then_some(node.label.as_str()),
        reason: says.reason.as_deref(),
        values: is_leaf.then_some(says.values.as_slice()),
        wanted: (!says.wanted.is_empty()).then_some(says.wanted.as_str()),
        children,
    }
}

/// A partial or complete sequence.
#[derive(Serialize)]
pub(super) struct TraceLine<'t> {
    keys: &'t [Option<String>],
    stage: u16,
    /// Null for a stage that wants its event missing.
    events: Vec<Option<&'t str>>,
    ended: Ended,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'t str>,
    sentence: &'t str,
}

pub(super) fn trace(trace: &Trace) -> TraceLine<'_> {
    TraceLine {
        keys: &trace.keys,
        stage: trace.stage,
        events: trace.events.iter().map(|event| event.as_ref().map(|e| e.id.as_str())).collect(),
        ended: trace.ended,
        by: trace.by.as_ref().map(|event| event.id.as_str()),
        late_ms: trace.late_ms,
        field: trace.field.as_deref(),
        sentence: &trace.sentence,
    }
}

/// The events of one join key.
#[derive(Serialize)]
pub(super) struct GroupLine<'g> {
    keys: &'g [Option<String>],
    /// Per filter the ids of the first events it found.
    filters: Vec<Vec<&'g str>>,
    /// Per filter how many it found.
    counts: Vec<u32>,
    verdict: bool,
    sentence: &'g str,
}

pub(super) fn group(group: &Group) -> GroupLine<'_> {
    let filters = group.filters.iter();
    GroupLine {
        keys: &group.keys,
        filters: filters
            .map(|filter| filter.events.iter().map(|event| event.id.as_str()).collect())
            .collect(),
        counts: group.filters.iter().map(|filter| filter.count).collect(),
        verdict: !group.samples.is_empty(),
        sentence: &group.sentence,
    }
}
