//! Clauses: the numbered parts of a condition, with names and texts to show.

use crate::hir::Predicate;
use crate::plan::{Leaf, Node, NodeId, NodeKind, Plan};
use crate::syntax::ast::Comparison;

/// Longest label that is shown whole; a longer list is abridged.
const LABEL_CHARS: usize = 64;

/// Numbers, titles and labels of the nodes of one plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    /// Per node of the plan.
    names: Vec<Name>,
    /// The clauses in order: their nodes.
    nodes: Vec<NodeId>,
}

/// How a node is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Name of the construct, e.g. `Equals`.
    pub title: &'static str,
    /// Its text on one line.
    pub label: String,
    /// Of a term, what stands in its brackets, on one line.
    pub filter: String,
    /// Number of the clause, from 1, where it is one.
    pub clause: Option<u16>,
}

impl Clauses {
    /// Names the nodes of a plan of the query `source`.
    ///
    /// A clause is the category, a leaf, or a `not` straight above a leaf, which then has no
    /// number of its own.
    #[must_use]
    pub fn new(plan: &Plan, source: &str) -> Self {
        let mut clauses = Self::default();
        for (id, node) in plan.iter() {
            let is_leaf = matches!(node.kind, NodeKind::Leaf { .. });
            let is_clause = if is_leaf {
                !node.parent.is_some_and(|parent| is_not_over_leaf(plan, parent))
            } else {
                is_not_over_leaf(plan, id)
            };
            let clause = is_clause.then(|| {
                clauses.nodes.push(id);
                clauses.nodes.len() as u16
            });
            let text = node.span.text(source);
            clauses.names.push(Name {
                title: title(plan, node),
                label: label(&node.kind, text),
                filter: filter(&node.kind, text),
                clause,
            });
        }
        clauses
    }

    /// How a node is called.
    #[must_use]
    pub fn name(&self, node: NodeId) -> Option<&Name> {
        self.names.get(node.0 as usize)
    }

    /// The nodes that are clauses, in the order of their numbers.
    #[must_use]
    pub fn nodes(&self) -> &[NodeId] {
        &self.nodes
    }
}

/// The leaf a clause asks about, and whether a `not` above turns it over.
#[must_use]
pub fn leaf_of(plan: &Plan, clause: NodeId) -> Option<(&Leaf, NodeId, bool)> {
    match &plan.node(clause)?.kind {
        NodeKind::Leaf { leaf, .. } => Some((leaf, clause, false)),
        NodeKind::Not if is_not_over_leaf(plan, clause) => {
            let inner = plan.children(clause).next()?;
            match &plan.node(inner)?.kind {
                NodeKind::Leaf { leaf, .. } => Some((leaf, inner, true)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_not_over_leaf(plan: &Plan, id: NodeId) -> bool {
    matches!(plan.node(id).map(|node| &node.kind), Some(NodeKind::Not))
        && plan.children(id).all(|child| {
            matches!(plan.node(child).map(|node| &node.kind), Some(NodeKind::Leaf { .. }))
        })
}

fn title(plan: &Plan, node: &Node) -> &'static str {
    let above = || node.parent.and_then(|parent| plan.node(parent));
    match &node.kind {
        NodeKind::Query => "Query",
        NodeKind::Sequence => "Sequence",
        NodeKind::Sample => "Sample",
        NodeKind::Stage { until: true, .. } => "Until",
        NodeKind::Stage { missing: true, .. } => "Missing event",
        NodeKind::Stage { .. } if above().is_some_and(|node| node.kind == NodeKind::Sample) => {
            "Filter"
        }
        NodeKind::Stage { .. } => "Stage",
        NodeKind::And => "And",
        NodeKind::Or => "Or",
        NodeKind::Not => "Not",
        NodeKind::Leaf { is_category: true, .. } => "Category",
        NodeKind::Leaf { leaf: Leaf::Constant(_), .. } => "Constant",
        NodeKind::Leaf { leaf: Leaf::Test(test), .. } => match (&test.predicate, test.negated) {
            (Predicate::Exists, false) => "Exists",
            (Predicate::Exists, true) => "Missing",
            (Predicate::IsNull, false) => "Is null",
            (Predicate::IsNull, true) => "Has a value",
            (Predicate::Equals(_), false) => "Equals",
            (Predicate::Equals(_) | Predicate::Within(..), true) => "Differs",
            (Predicate::Ordered(Comparison::Less | Comparison::LessEqual, _), _) => "Below",
            (Predicate::Ordered(..), _) => "Above",
            (Predicate::Within(..), false) => "Within",
            (Predicate::OneOf(..), false) => "In",
            (Predicate::OneOf(..), true) => "Not in",
            (Predicate::Like(..) | Predicate::Regex(_), _) => "Matches",
        },
    }
}

/// The text of a node on one line.
fn label(kind: &NodeKind, text: &str) -> String {
    match kind {
        NodeKind::Query => return "query".into(),
        // `sequence by host.id with maxspan=5s`, without its terms.
        NodeKind::Sequence | NodeKind::Sample => {
            return one_line(text.split('[').next().unwrap_or(text).trim_end_matches('!'));
        }
        // The keys and options after the bracket; the filter stands below.
        NodeKind::Stage { .. } => {
            return one_line(text.rsplit(']').next().unwrap_or_default());
        }
        NodeKind::And => return "and".into(),
        NodeKind::Or => return "or".into(),
        _ => {}
    }
    let mut line = one_line(text);
    if line.chars().count() > LABEL_CHARS
        && let (Some(open), true) = (line.find('('), line.ends_with(')'))
    {
        let n = line.matches("\", \"").count() + 1;
        line.truncate(open);
        line.push_str(&format!("({n} values)"));
    }
    line
}

/// What stands in the brackets of a term.
fn filter(kind: &NodeKind, text: &str) -> String {
    let inner =
        || text.split_once('[')?.1.rsplit_once(']').map(|(inner, _)| one_line(inner.trim()));
    let is_term = matches!(kind, NodeKind::Stage { .. });
    inner().filter(|_| is_term).unwrap_or_default()
}

/// White space folded to single blanks, comments kept, blanks inside parentheses trimmed.
pub(crate) fn one_line(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.replace("( ", "(").replace(" )", ")")
}
