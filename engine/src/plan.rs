//! The query as a flat arena of conditions, and the stages that refer to it, ready to run.

use crate::hir::{Checked, Condition, ConditionKind, EventQuery, Form, Key, Pipe, Term, Test};
use crate::span::Span;
use crate::store::TimeFields;

/// Position of a node in [`Plan::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A query, lowered. Node 0 is the query itself: category and condition of an event query; of a
/// sequence or sample its terms, the one after `until` last, each with category and condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    nodes: Vec<Node>,
    form: Form,
    stages: Vec<Stage>,
    until: Option<Stage>,
    pipes: Vec<Pipe>,
    time: TimeFields,
}

/// One stage of a sequence (`runs` expanded) or filter of a sample; an event query has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The node whose bits say which events pass its filter.
    pub node: NodeId,
    /// Its join keys.
    pub keys: Vec<Key>,
    /// `![…]`
    pub missing: bool,
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
    /// A whole query of single events: all children hold.
    Query,
    /// A sequence: true of an event that passes the filter of some stage.
    Sequence,
    /// A sample: likewise.
    Sample,
    /// A term of one of these: all children hold.
    Stage {
        /// `![…]`
        missing: bool,
        /// Stands after `until`.
        until: bool,
    },
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

impl NodeKind {
    /// Does it hold where any of its children does? All others with children want all of them, but
    /// for `not`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Or | Self::Sequence | Self::Sample)
    }
}

impl Plan {
    /// What is searched for.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The stages in order, `runs` expanded.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage after `until`.
    #[must_use]
    pub fn until(&self) -> Option<&Stage> {
        self.until.as_ref()
    }

    /// `head` and `tail`, from left to right.
    #[must_use]
    pub fn pipes(&self) -> &[Pipe] {
        &self.pipes
    }

    /// Where the order of events is read from.
    #[must_use]
    pub fn time(&self) -> &TimeFields {
        &self.time
    }

    /// What one of its results is called.
    #[must_use]
    pub fn whole(&self) -> &'static str {
        match self.form {
            Form::Event => "match",
            Form::Sequence { .. } => "sequence",
            Form::Sample => "sample",
        }
    }

    /// What the parts of a joined query are called.
    #[must_use]
    pub fn part(&self) -> &'static str {
        if self.form == Form::Sample { "filter" } else { "stage" }
    }

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

    /// The columns the plan looks at, each once: those of conditions, of join keys and of the order
    /// of events.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let tests = self.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Leaf { leaf: Leaf::Test(test), .. } => Some(test.subject.fields()),
            _ => None,
        });
        let keys = self.stages.iter().chain(&self.until).flat_map(|stage| &stage.keys);
        let mut columns: Vec<&str> = tests
            .flatten()
            .chain(keys.map(|key| &key.field))
            .map(|field| field.column.as_ref())
            .chain([self.time.timestamp.as_ref()])
            .chain(self.time.tiebreaker.as_ref().map(|(column, _)| column.as_ref()))
            .collect();
        crate::sort::up(&mut columns);
        columns.dedup();
        columns
    }
}

/// Lowers a checked query over events in the order of `time`.
#[must_use]
pub fn lower(query: &Checked, time: TimeFields) -> Plan {
    let mut lowering = Lowering { nodes: Vec::new() };
    let mut stages = Vec::new();
    let mut until = None;
    match (query.form, query.terms.as_slice()) {
        (Form::Event, [term]) => {
            let node = lowering.filter(NodeKind::Query, &term.filter, term.filter.span, None);
            stages.push(Stage { node, keys: Vec::new(), missing: false });
        }
        (form, terms) => {
            let kind = if form == Form::Sample { NodeKind::Sample } else { NodeKind::Sequence };
            let root = lowering.open(kind, query.span, None);
            for term in terms {
                let stage = lowering.term(term, false, root);
                stages.extend(std::iter::repeat_n(stage, term.runs as usize));
            }
            until = query.until.as_ref().map(|term| lowering.term(term, true, root));
            lowering.close(root);
        }
    }
    let pipes = query.pipes.clone();
    Plan { nodes: lowering.nodes, form: query.form, stages, until, pipes, time }
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

    fn term(&mut self, term: &Term, until: bool, root: NodeId) -> Stage {
        let kind = NodeKind::Stage { missing: term.missing, until };
        let node = self.filter(kind, &term.filter, term.span, Some(root));
        Stage { node, keys: term.keys.clone(), missing: term.missing }
    }

    /// Category and condition under a node of this kind.
    fn filter(
        &mut self,
        kind: NodeKind,
        filter: &EventQuery,
        span: Span,
        parent: Option<NodeId>,
    ) -> NodeId {
        let id = self.open(kind, span, parent);
        let leaf = filter.category.clone().map_or(Leaf::Constant(true), Leaf::Test);
        let category = NodeKind::Leaf { leaf, is_category: true };
        let leaf = self.open(category, filter.category_span, Some(id));
        self.close(leaf);
        self.condition(&filter.condition, id, true);
        self.close(id);
        id
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
