//! Explanations as JSON (product §3.1).

use serde::Serialize;

use eqlens_engine::wire::cursor::{Cursor, Did, Slot, SlotState};
use eqlens_engine::wire::timeline::{Ended, EventRef, Group, Timeline, Trace};
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
        events: ids(&trace.events),
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
    /// The filters that found none.
    missing: Vec<MissingLine<'g>>,
    verdict: bool,
    sentence: &'g str,
}

/// A filter without an event under a join key.
#[derive(Serialize)]
struct MissingLine<'g> {
    /// Its number, from 1.
    filter: u16,
    /// What stands in its brackets.
    text: &'g str,
}

pub(super) fn group<'g>(group: &'g Group, timeline: &'g Timeline) -> GroupLine<'g> {
    let filters = group.filters.iter();
    let missing = timeline.stages.iter().zip(filters.clone()).filter(|(_, found)| found.count == 0);
    let missing = missing.map(|(stage, _)| MissingLine { filter: stage.number, text: &stage.text });
    GroupLine {
        keys: &group.keys,
        filters: filters
            .map(|filter| filter.events.iter().map(|event| event.id.as_str()).collect())
            .collect(),
        counts: group.filters.iter().map(|filter| filter.count).collect(),
        missing: missing.collect(),
        verdict: !group.samples.is_empty(),
        sentence: &group.sentence,
    }
}

fn ids(events: &[Option<EventRef>]) -> Vec<Option<&str>> {
    events.iter().map(|event| event.as_ref().map(|event| event.id.as_str())).collect()
}

/// The state of the matcher after an event.
#[derive(Serialize)]
pub(super) struct CursorLine<'c> {
    /// The event.
    #[serde(rename = "_id")]
    id: Option<&'c str>,
    at: u32,
    total: u32,
    sentence: &'c str,
    did: &'c [Did],
    pending: Vec<PendingLine<'c>>,
    n_pending: u32,
    ended: Vec<PastLine<'c>>,
    n_ended: u32,
}

/// A partial match that waits.
#[derive(Serialize)]
struct PendingLine<'c> {
    keys: &'c [Option<String>],
    stage: u16,
    events: Vec<Option<&'c str>>,
    window_ends_ms: Option<i64>,
    left_ms: Option<u64>,
    is_late: bool,
    is_now: bool,
    change: &'c str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slots: Vec<SlotLine<'c>>,
}

/// What has ended.
#[derive(Serialize)]
struct PastLine<'c> {
    keys: &'c [Option<String>],
    ended: Ended,
    outcome: &'c str,
    ago_ms: u64,
    is_now: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slots: Vec<SlotLine<'c>>,
}

/// A `![…]` stage.
#[derive(Serialize)]
struct SlotLine<'c> {
    stage: u16,
    state: SlotState,
    by: Option<&'c str>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
}

fn slots(slots: &[Slot]) -> Vec<SlotLine<'_>> {
    let line = slots.iter().map(|slot| SlotLine {
        stage: slot.stage,
        state: slot.state,
        by: slot.by.as_ref().map(|event| event.id.as_str()),
        from_ms: slot.from_ms,
        to_ms: slot.to_ms,
    });
    line.collect()
}

pub(super) fn cursor(cursor: &Cursor) -> CursorLine<'_> {
    let pending = cursor.pending.iter().map(|chain| PendingLine {
        keys: &chain.keys,
        stage: chain.stage,
        events: ids(&chain.events),
        window_ends_ms: chain.window_ends_ms,
        left_ms: chain.left_ms,
        is_late: chain.is_late,
        is_now: chain.is_now,
        change: &chain.change,
        slots: slots(&chain.slots),
    });
    let ended = cursor.ended.iter().map(|past| PastLine {
        keys: &past.keys,
        ended: past.ended,
        outcome: &past.outcome,
        ago_ms: past.ago_ms,
        is_now: past.is_now,
        slots: slots(&past.slots),
    });
    CursorLine {
        id: cursor.event.as_ref().map(|event| event.id.as_str()),
        at: cursor.at,
        total: cursor.total,
        sentence: &cursor.sentence,
        did: &cursor.did,
        pending: pending.collect(),
        n_pending: cursor.n_pending,
        ended: ended.collect(),
        n_ended: cursor.n_ended,
    }
}
