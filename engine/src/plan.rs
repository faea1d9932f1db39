//! The condition as a flat arena, ready to run.

use crate::hir::{Condition, ConditionKind, EventQuery, Test};
use crate::span::Span;

/// Position of a node in [`Plan::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A query, lowered. Node 0 is the query itself: its category and its condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    nodes: Vec<Node>,
}

/// One node. Nodes stand in preorder, so the subtree of a node is the range up to its `end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands in the source.
    pub span: Span,
    /// The node it is part of; `None` for the query.
    pub parent: Option<NodeId>,
    /// Distance from the query.
    pub depth: u16,
    /// One past the last node of its subtree.
    pub end: NodeId,
}

/// Kinds of node.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// The whole query: all children hold.
    Query,
    /// All children hold.
    And,
    /// Some child holds.
    Or,
    /// The one child does not hold.
    Not,
    /// A test of the event category or of a field.
    Leaf {
        /// What it asks.
        leaf: Leaf,
        /// Is it the test before `where`?
        is_category: bool,
    },
}

/// What a leaf asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    /// Something of a field.
    Test(Test),
    /// Nothing: it is the same for every event.
    Constant(bool),
}

impl Plan {
    /// All nodes in preorder.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A node by its id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// Ids and nodes in preorder.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(id, node)| (NodeId(id as u32), node))
    }

    /// The parts of a node, in source order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.node(id).map_or(id, |node| node.end);
        let mut next = NodeId(id.0 + 1);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.node(child)?.end;
            Some(child)
        })
    }

    /// The columns the plan looks at, each once.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self
            .nodes
            .iter()
            .filter_map(|node| match &node.kind {
                NodeKind::Leaf { leaf: Leaf::Test(test), .. } => Some(test.field.column.as_ref()),
                _ => None,
            })
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// Lowers a checked query.
#[must_use]
pub fn lower(query: &EventQuery) -> Plan {
    let mut lowering = Lowering { nodes: Vec::new() };
    let root = lowering.open(NodeKind::Query, query.span, None);
    let leaf = query.category.clone().map_or(Leaf::Constant(true), Leaf::Test);
    let category = NodeKind::Leaf { leaf, is_category: true };
    let id = lowering.open(category, query.category_span, Some(root));
    lowering.close(id);
    lowering.condition(&query.condition, root, true);
    lowering.close(root);
    Plan { nodes: lowering.nodes }
}

struct Lowering {
    nodes: Vec<Node>,
}

impl Lowering {
    fn open(&mut self, kind: NodeKind, span: Span, parent: Option<NodeId>) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        let depth = parent
            .and_then(|parent| self.nodes.get(parent.0 as usize))
            .map_or(0, |parent| parent.depth + 1);
        self.nodes.push(Node { kind, span, parent, depth, end: id });
        id
    }

    fn close(&mut self, id: NodeId) {
        let end = NodeId(self.nodes.len() as u32);
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.end = end;
        }
    }

    /// `positive`: an even number of `not` stands above. A null constant never makes anything
    /// true, also under `not` (spec §4.1, §16.6); since `and`, `or` and `not` of two values are
    /// monotone or antitone, it is enough to lower it to the value that works against a match.
    fn condition(&mut self, condition: &Condition, parent: NodeId, positive: bool) {
        let (kind, parts, positive) = match &condition.kind {
            ConditionKind::And(parts) => (NodeKind::And, parts.as_slice(), positive),
            ConditionKind::Or(parts) => (NodeKind::Or, parts.as_slice(), positive),
            ConditionKind::Not(inner) => {
                (NodeKind::Not, std::slice::from_ref(inner.as_ref()), !positive)
            }
            ConditionKind::Test(test) => {
                let leaf = Leaf::Test(test.clone());
                (NodeKind::Leaf { leaf, is_category: false }, [].as_slice(), positive)
            }
            ConditionKind::Constant(value) => {
                let leaf = Leaf::Constant(value.unwrap_or(!positive));
                (NodeKind::Leaf { leaf, is_category: false }, [].as_slice(), positive)
            }
        };
        let id = self.open(kind, condition.span, Some(parent));
        for part in parts {
            self.condition(part, id, positive);
        }
        self.close(id);
    }
}
