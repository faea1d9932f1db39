//! Tests that stand more than once in a condition: they turn over together or not at all.

use crate::hir::{Predicate, Subject, Test};
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::sort;

use super::reason::scalar_text;

/// The leaves of a plan that ask the same, each such set a group. Only leaves of one stage are
/// put together: stages are fitted by themselves, and so are flips found for one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Per node its group, or [`ALONE`]; empty where no test repeats.
    group_of: Vec<u32>,
    /// Two or more leaves each, in source order; the groups by their first leaf.
    groups: Vec<Vec<NodeId>>,
}

/// Of a node that is in no group.
const ALONE: u32 = u32::MAX;

impl Repeats {
    /// Finds them. `a == 1` and `a != 1` are the same test (the second is negated), `a < 1` and
    /// `a >= 1` are not: with several values both may hold, without one neither does.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut stage = 0;
        let mut leaves: Vec<(String, NodeId, &Test)> = Vec::new();
        for (id, node) in plan.iter() {
            match &node.kind {
                NodeKind::Stage { .. } => stage = id.0,
                NodeKind::Leaf { leaf: Leaf::Test(test), .. } => {
                    let field = test.subject.fields().first();
                    let column = field.map_or("", |field| &field.column);
                    leaves.push((
                        format!("{stage}\0{column}\0{}", sample(&test.predicate)),
                        id,
                        test,
                    ));
                }
                _ => {}
            }
        }
        sort::by(&mut leaves, |a, b| a.0.cmp(&b.0));
        let mut groups: Vec<Vec<NodeId>> = Vec::new();
        for alike in leaves.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
            // What is alike at first sight is nearly always the same.
            let mut sets: Vec<(&Test, Vec<NodeId>)> = Vec::new();
            for (_, id, test) in alike {
                match sets.iter_mut().find(|(other, _)| is_same(test, other)) {
                    Some((_, set)) => set.push(*id),
                    None => sets.push((test, vec![*id])),
                }
            }
            groups.extend(sets.into_iter().map(|(_, set)| set).filter(|set| set.len() > 1));
        }
        sort::up(&mut groups);
        let mut group_of = Vec::new();
        if !groups.is_empty() {
            group_of = vec![ALONE; plan.nodes().len()];
            for (at, group) in groups.iter().enumerate() {
                for leaf in group {
                    if let Some(slot) = group_of.get_mut(leaf.0 as usize) {
                        *slot = at as u32;
                    }
                }
            }
        }
        Self { group_of, groups }
    }

    /// The groups, in source order.
    #[must_use]
    pub fn groups(&self) -> &[Vec<NodeId>] {
        &self.groups
    }

    /// The group that a leaf is in.
    #[must_use]
    pub fn group_of(&self, leaf: NodeId) -> Option<usize> {
        let group = self.group_of.get(leaf.0 as usize)?;
        (*group != ALONE).then_some(*group as usize)
    }

    /// The first leaf that asks the same as this one: itself, where no other does.
    #[must_use]
    pub fn first(&self, leaf: NodeId) -> NodeId {
        let group = self.group_of(leaf).and_then(|at| self.groups.get(at));
        group.and_then(|group| group.first()).copied().unwrap_or(leaf)
    }
}

/// Do both ask the same of the same values? One may be negated.
fn is_same(a: &Test, b: &Test) -> bool {
    let subjects = match (&a.subject, &b.subject) {
        // An alias is the field itself.
        (Subject::Field(a), Subject::Field(b)) => a.column == b.column && a.ty == b.ty,
        (a, b) => a == b,
    };
    subjects && a.predicate == b.predicate
}

/// A text that equal predicates share, and few others do.
fn sample(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Exists | Predicate::IsNull => String::new(),
        Predicate::Equals(scalar)
        | Predicate::Ordered(_, scalar)
        | Predicate::Within(scalar, _) => scalar_text(scalar),
        Predicate::OneOf(items, _) => items.first().map(sample).unwrap_or_default(),
        Predicate::Like(_, patterns) => {
            patterns.first().map(|pattern| pattern.pattern().to_owned()).unwrap_or_default()
        }
        Predicate::Regex(regex) => regex.patterns().next().unwrap_or_default().to_owned(),
    }
}
