//! Readings of the condition's nodes: rows of the annotated tree, gaps of the clause strip,
//! numbers in the margin, the node at a place.

use eqlens_engine::wire::{Explanation, Node, NodeKind, Verdict};

use crate::state::text::{counted, number};
use crate::state::window::Window;

/// One row of the annotated tree. A `not` straight above a leaf and its leaf are one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// The node it stands for.
    pub node: u16,
    /// The node whose values it shows; differs from `node` for a `not` with its leaf.
    pub leaf: u16,
    /// Clause number.
    pub clause: Option<u16>,
    /// Indentation; the category and the top of the condition have 0.
    pub depth: u16,
    /// True for stages, `and`, `or` and a `not` over more than a leaf.
    pub is_op: bool,
}

/// The rows of the annotated tree, top to bottom.
#[must_use]
pub fn rows(nodes: &[Node]) -> Vec<TreeRow> {
    let mut rows = Vec::with_capacity(nodes.len());
    // Shift of the depth below each node: the query takes no level.
    for (at, node) in nodes.iter().enumerate() {
        let index = at as u16;
        let depth = node.depth.saturating_sub(1);
        match node.kind {
            NodeKind::Query | NodeKind::Sequence | NodeKind::Sample => {}
            NodeKind::Leaf if merged_into(nodes, node).is_some() => {
                if let Some(last) = rows.last_mut() {
                    let row: &mut TreeRow = last;
                    row.leaf = index;
                }
            }
            kind => rows.push(TreeRow {
                node: index,
                leaf: index,
                clause: node.clause,
                depth,
                is_op: matches!(kind, NodeKind::And | NodeKind::Or | NodeKind::Stage)
                    || kind == NodeKind::Not && node.clause.is_none(),
            }),
        }
    }
    rows
}

/// The `not` that a leaf is shown with.
fn merged_into(nodes: &[Node], leaf: &Node) -> Option<u16> {
    let parent = leaf.parent?;
    let above = nodes.get(usize::from(parent))?;
    (leaf.clause.is_none() && above.kind == NodeKind::Not && above.clause.is_some())
        .then_some(parent)
}

/// The node whose row shows this node.
#[must_use]
pub fn row_node(nodes: &[Node], node: u16) -> u16 {
    nodes
        .get(usize::from(node))
        .filter(|node| node.kind == NodeKind::Leaf)
        .and_then(|leaf| merged_into(nodes, leaf))
        .unwrap_or(node)
}

/// The innermost node around a place of the source, in UTF-16 units.
#[must_use]
pub fn node_at(nodes: &[Node], at_utf16: u32) -> Option<u16> {
    let holds = |node: &Node| (node.span.start_utf16..=node.span.end_utf16).contains(&at_utf16);
    let at = nodes.iter().rposition(|node| node.kind != NodeKind::Query && holds(node))?;
    Some(row_node(nodes, at as u16))
}

/// The node that carries a clause number.
#[must_use]
pub fn clause_node(nodes: &[Node], clause: u16) -> Option<u16> {
    nodes.iter().position(|node| node.clause == Some(clause)).map(|at| at as u16)
}

/// What a stage is called: `Stage 1`, `Filter 1`, `Missing event 3`, `Until`.
#[must_use]
pub fn stage_name(nodes: &[Node], at: u16) -> String {
    let Some(stage) = nodes.get(usize::from(at)) else { return String::new() };
    let title = if stage.title.is_empty() { "Stage" } else { &stage.title };
    if title == "Until" { title.to_owned() } else { format!("{title} {}", stage_number(nodes, at)) }
}

/// The number of a stage, from 1, as the timeline counts: a term with `runs=3` stands for three in a
/// row, `2\u{2013}4`.
#[must_use]
pub fn stage_number(nodes: &[Node], at: u16) -> String {
    let before = nodes.get(..usize::from(at)).unwrap_or(nodes);
    let stages = before.iter().filter(|node| node.kind == NodeKind::Stage);
    let first = stages.map(|stage| runs(&stage.label)).sum::<u32>() + 1;
    match nodes.get(usize::from(at)).map_or(1, |stage| runs(&stage.label)) {
        0 | 1 => first.to_string(),
        runs => format!("{first}\u{2013}{}", first + runs - 1),
    }
}

/// How often a term stands in a row, by what is written after its bracket.
fn runs(label: &str) -> u32 {
    let after = label.rsplit_once("runs").map(|(_, after)| after.trim_start_matches([' ', '=']));
    let digits = after.map(|after| {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        after.get(..end).unwrap_or_default()
    });
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(1)
}

/// Nodes that are closed at first: lists too long to be read as a tree.
#[must_use]
pub fn folded(nodes: &[Node]) -> Nodes {
    let mut parts = vec![0_u32; nodes.len()];
    for parent in nodes.iter().filter_map(|node| node.parent) {
        if let Some(count) = parts.get_mut(usize::from(parent)) {
            *count += 1;
        }
    }
    let is_long = |(_, count): &(usize, u32)| *count > FOLDED_FROM;
    parts.into_iter().enumerate().filter(is_long).map(|(at, _)| at as u16).collect()
}

/// With more parts than this a node is closed at first.
const FOLDED_FROM: u32 = 32;

/// For each clause: does a gap stand before its cell? Gaps fall where the strip passes into or
/// out of a group; the category belongs to the first group.
#[must_use]
pub fn gaps(nodes: &[Node]) -> Vec<bool> {
    let clauses = nodes.iter().filter(|node| node.clause.is_some());
    let groups: Vec<_> = clauses
        .map(|node| if node.kind == NodeKind::Category { None } else { node.parent })
        .collect();
    let mut before = None;
    groups
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let gap = at > 0 && before.is_some() && *group != before;
            before = *group;
            gap
        })
        .collect()
}

/// What stands in the margin of the rule editor before a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarginEntry {
    /// Line within the shown text, from 1.
    pub line: u32,
    /// Events for which the clause alone holds; `None` for a line on which only a stage begins.
    pub count: Option<u32>,
    /// Their part of all searched events.
    pub share: f64,
    /// All clauses that start on the line, in words.
    pub title: String,
    /// The number of the stage that begins here, or those of the first and the last; empty where none
    /// does.
    pub stage: String,
    /// What they are called.
    pub stage_title: String,
    /// They must be missing.
    pub is_missing: bool,
}

/// The margin: for each line that clauses start on, the smallest of their counts, and the numbers of
/// the stages.
#[must_use]
pub fn margin(nodes: &[Node], searched: u32, window: &Window) -> Vec<MarginEntry> {
    let mut entries: Vec<MarginEntry> = Vec::new();
    for (at, node) in (0_u16..).zip(nodes) {
        let Some((line, _)) = window.place(&node.span) else { continue };
        let is_stage = node.kind == NodeKind::Stage;
        if !is_stage && (node.clause.is_none() || node.count.is_none()) {
            continue;
        }
        let here = entries.iter().position(|entry| entry.line == line);
        let here = here.unwrap_or_else(|| {
            entries.push(MarginEntry { line, ..MarginEntry::default() });
            entries.len() - 1
        });
        let Some(entry) = entries.get_mut(here) else { continue };
        if is_stage {
            let name = stage_name(nodes, at);
            let is_missing = name.starts_with("Missing");
            let number = if name == "Until" { "u".to_owned() } else { stage_number(nodes, at) };
            if entry.stage.is_empty() {
                (entry.stage, entry.stage_title, entry.is_missing) = (number, name, is_missing);
            } else {
                let first = entry.stage.split('\u{2013}').next().unwrap_or_default();
                let last = number.rsplit('\u{2013}').next().unwrap_or_default();
                entry.stage = format!("{first}\u{2013}{last}");
                entry.stage_title = format!("{}, {name}", entry.stage_title);
                entry.is_missing &= is_missing;
            }
        }
        let (Some(clause), Some(count)) = (node.clause, node.count) else { continue };
        let (n, all) = (number(count.into()), counted(searched, "event", "events"));
        let verb = if searched == 1 { "satisfies" } else { "satisfy" };
        let far = node.reach.map_or_else(String::new, |reach| match reach {
            1 => "; 1 gets this far".to_owned(),
            reach => format!("; {} get this far", number(reach.into())),
        });
        let told = format!("{n} of {all} {verb} clause {clause} alone{far}");
        let title = if entry.title.is_empty() { told } else { format!("{}\n{told}", entry.title) };
        entry.title = title;
        if entry.count.is_none_or(|least| count < least) {
            entry.count = Some(count);
            entry.share = f64::from(count) / f64::from(searched.max(1));
        }
    }
    entries
}

/// The nodes of the outline that are not inside a collapsed one.
#[must_use]
pub fn outline(nodes: &[Node], collapsed: &Nodes) -> Vec<u16> {
    let mut hidden = Nodes::default();
    let mut shown = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let index = at as u16;
        let inside = |parent| hidden.contains(parent) || collapsed.contains(parent);
        if node.parent.is_some_and(inside) {
            hidden.insert(index);
        } else {
            shown.push(index);
        }
    }
    shown
}

/// True for a node with nodes below it.
#[must_use]
pub fn has_children(nodes: &[Node], node: u16) -> bool {
    nodes.get(usize::from(node) + 1).is_some_and(|next| next.parent == Some(node))
}

/// Some nodes of a condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nodes(Vec<u16>);

impl Nodes {
    /// Is the node one of them?
    #[must_use]
    pub fn contains(&self, node: u16) -> bool {
        self.0.binary_search(&node).is_ok()
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the node, which may be one of them already.
    pub fn insert(&mut self, node: u16) {
        if let Err(at) = self.0.binary_search(&node) {
            self.0.insert(at, node);
        }
    }

    /// Takes the node away; says whether it was one of them.
    pub fn remove(&mut self, node: u16) -> bool {
        let found = self.0.binary_search(&node);
        found.is_ok_and(|at| {
            self.0.remove(at);
            true
        })
    }
}

impl FromIterator<u16> for Nodes {
    fn from_iter<I: IntoIterator<Item = u16>>(nodes: I) -> Self {
        let mut all = Self::default();
        for node in nodes {
            all.insert(node);
        }
        all
    }
}

/// The nodes that could be collapsed, except for the query.
#[must_use]
pub fn branches(nodes: &[Node]) -> Nodes {
    nodes.iter().filter_map(|node| node.parent).filter(|parent| *parent > 0).collect()
}

/// The row of the first clause that decides, if any does.
#[must_use]
pub fn decisive(nodes: &[Node], explanation: &Explanation) -> Option<u16> {
    let at = explanation.nodes.iter().zip(nodes).position(|(verdict, node)| {
        verdict.decisive
            && (node.clause.is_some() || node.kind == NodeKind::Leaf)
            && verdict.verdict != Verdict::Unsearched
    })?;
    Some(row_node(nodes, at as u16))
}

/// In one or two words, what an operator node is called in trees.
#[must_use]
pub fn op_word(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::And => "and",
        NodeKind::Or => "or",
        NodeKind::Not => "not",
        NodeKind::Query
        | NodeKind::Sequence
        | NodeKind::Sample
        | NodeKind::Stage
        | NodeKind::Category
        | NodeKind::Leaf => "",
    }
}
