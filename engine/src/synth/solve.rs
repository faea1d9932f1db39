//! Which leaves of a condition are to hold, and the values that make them: a walk down the condition
//! that turns back where no values are found, within a budget.

use crate::hir::Test;
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::synth::repair;
use crate::synth::settle::is_about_values;
use crate::synth::vars::{Slot, Vars};

/// Most turns of the walk: choices tried and values looked for.
const MAX_TRIES: u32 = 4_000;

/// A node of the plan that is to hold, or not to hold, for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Goal {
    pub(super) slot: usize,
    pub(super) node: NodeId,
    pub(super) want: bool,
    /// No single clause may be able to turn it over.
    pub(super) far: bool,
    /// It is about another stage than the event's own, and must not hold: fields are not added for
    /// its sake.
    pub(super) beside: bool,
}

/// What is asked of the fields of an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'p> {
    pub(super) slot: usize,
    pub(super) node: NodeId,
    pub(super) test: &'p Test,
    pub(super) want: bool,
    pub(super) beside: bool,
    pub(super) group: usize,
}

/// Why no values were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stuck {
    /// All choices end in a clause that no values can satisfy beside the others: this one last.
    Clash(Option<NodeId>),
    /// There were too many choices.
    Budget,
}

/// What may be spent on a rule, and what has been learnt.
#[derive(Debug)]
pub(super) struct Effort {
    /// Tests that may yet be made.
    pub(super) work: u64,
    /// What was asked of groups in vain, as numbers that tell it apart, sorted.
    pub(super) vain: Vec<u64>,
}

/// Adds something to a number that stands for a whole, in any order.
pub(super) fn mixed(sum: u64, part: u64) -> u64 {
    sum.wrapping_add((part + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31))
}

/// The state of the walk.
#[derive(Debug)]
pub(super) struct Solver<'p, 'e> {
    plan: &'p Plan,
    pub(super) vars: Vars<'p>,
    pub(super) asked: Vec<Asked<'p>>,
    /// Values that were replaced, with their variables, to be put back on the way back.
    pub(super) undo: Vec<(usize, Vec<crate::value::Value<'static>>)>,
    tries: u32,
    /// May any field have several values? Otherwise those alone that are lists by nature.
    pub(super) lists: bool,
    /// The event is there already: the less of it changes, the better.
    pub(super) mends: bool,
    pub(super) effort: &'e mut Effort,
    /// Tells questions about other sets of events apart.
    pub(super) shape: u64,
    /// The clause that failed furthest down the walk, and how far that was.
    clash: (usize, Option<NodeId>),
    /// What had been asked of the same fields by then.
    pub(super) clash_with: Vec<(NodeId, bool)>,
}

/// A choice among children, and what to return to.
struct Choice {
    goal: Goal,
    /// The children, those first that are as the goal wants them already.
    order: Vec<NodeId>,
    next: usize,
    later: Vec<Goal>,
    asked: usize,
    undo: usize,
}

impl<'p, 'e> Solver<'p, 'e> {
    /// Finds values for the fields of these events that make all goals true. `rather` is a leaf
    /// whose fields should have a value although none would do; `effort`
    /// is lessened by what was spent.
    pub(super) fn solve(
        plan: &'p Plan,
        slots: &[Slot<'p>],
        number: u32,
        goals: &[Goal],
        rather: Option<(usize, NodeId)>,
        effort: &'e mut Effort,
    ) -> Result<Vars<'p>, Stuck> {
        // Lists where they are unusual only if nothing else will do.
        Solver::solve_with(plan, slots, number, goals, rather, effort, false)
            .or_else(|_| Solver::solve_with(plan, slots, number, goals, rather, effort, true))
    }

    fn solve_with(
        plan: &'p Plan,
        slots: &[Slot<'p>],
        number: u32,
        goals: &[Goal],
        rather: Option<(usize, NodeId)>,
        effort: &'e mut Effort,
        lists: bool,
    ) -> Result<Vars<'p>, Stuck> {
        let shape = slots.iter().enumerate().fold(u64::from(lists), |sum, (at, slot)| {
            let except = slot.except.map_or(0, |key| key as u64 + 1) << 1 | u64::from(slot.joined);
            mixed(sum, (at as u64) << 48 | u64::from(slot.stage.node.0) << 16 | except)
        });
        let mut solver = Self::new(plan, Vars::new(plan, slots, number), effort, lists);
        solver.shape = shape;
        if let Some((slot, node)) = rather {
            let fields = solver.vars.test(node).map(|test| test.subject.fields());
            for field in fields.unwrap_or_default() {
                let var = solver.vars.var_of(slot, &field.column);
                if let Some(var) = var.and_then(|var| solver.vars.vars.get_mut(var)) {
                    var.rather = true;
                }
            }
        }
        // Keys have values before anything is asked of them.
        for var in 0..solver.vars.vars.len() {
            let group = solver.vars.vars.get(var).filter(|var| var.must || var.number > 0);
            if let Some(group) = group.map(|var| var.group) {
                solver.settle(group);
            }
        }
        solver.walk(goals).map(|()| solver.vars)
    }

    pub(super) fn new(plan: &'p Plan, vars: Vars<'p>, effort: &'e mut Effort, lists: bool) -> Self {
        Self {
            plan,
            vars,
            asked: Vec::new(),
            undo: Vec::new(),
            tries: MAX_TRIES,
            lists,
            mends: false,
            effort,
            shape: u64::from(lists),
            clash: (0, None),
            clash_with: Vec::new(),
        }
    }

    pub(super) fn walk(&mut self, goals: &[Goal]) -> Result<(), Stuck> {
        let mut todo: Vec<Goal> = goals.iter().rev().copied().collect();
        let mut later: Vec<Goal> = Vec::new();
        let mut choices: Vec<Choice> = Vec::new();
        loop {
            let mut sound = true;
            while let Some(goal) = todo.pop() {
                if !self.expand(goal, &mut todo, &mut later) {
                    sound = false;
                    break;
                }
            }
            if sound {
                if later.is_empty() {
                    return Ok(());
                }
                let goal = later.remove(0);
                let (asked, undo) = (self.asked.len(), self.undo.len());
                let order = self.order(goal);
                choices.push(Choice { goal, order, next: 0, later: later.clone(), asked, undo });
            }
            // The next alternative of the last choice that has one.
            loop {
                let Some(choice) = choices.last_mut() else {
                    let stuck = Stuck::Clash(self.clash.1);
                    return Err(if self.effort.work == 0 { Stuck::Budget } else { stuck });
                };
                self.tries = self.tries.saturating_sub(1);
                if self.tries == 0 || self.effort.work == 0 {
                    return Err(Stuck::Budget);
                }
                self.asked.truncate(choice.asked);
                while self.undo.len() > choice.undo {
                    let Some((var, values)) = self.undo.pop() else { break };
                    if let Some(var) = self.vars.vars.get_mut(var) {
                        var.values = values;
                    }
                }
                todo.clear();
                let n = choice.next;
                choice.next += 1;
                if alternative(choice.goal, &choice.order, n, &mut todo) {
                    later.clone_from(&choice.later);
                    break;
                }
                choices.pop();
            }
        }
    }

    /// What a goal means for the parts of its node. False where it cannot be.
    fn expand(&mut self, goal: Goal, todo: &mut Vec<Goal>, later: &mut Vec<Goal>) -> bool {
        let Some(node) = self.plan.node(goal.node) else { return false };
        let before = todo.len();
        let children = self.plan.children(goal.node);
        match &node.kind {
            NodeKind::Leaf { leaf: Leaf::Constant(value), .. } => {
                if *value != goal.want {
                    self.note(goal.node);
                }
                return *value == goal.want;
            }
            NodeKind::Leaf { leaf: Leaf::Test(test), .. } => return self.ask(goal, test),
            NodeKind::Not => {
                todo.extend(children.map(|node| Goal { node, want: !goal.want, ..goal }));
            }
            kind if kind.is_any() != goal.want => {
                todo.extend(children.map(|node| Goal { node, ..goal }));
            }
            _ => later.push(goal),
        }
        // In the order of the source.
        if let Some(new) = todo.get_mut(before..) {
            new.reverse();
        }
        true
    }

    /// The ways to reach a goal, those that cost nothing first.
    fn order(&mut self, goal: Goal) -> Vec<NodeId> {
        let plan = self.plan;
        if self.mends {
            let mut order: Vec<(u32, NodeId)> = plan
                .children(goal.node)
                .map(|child| (repair::cost(&self.vars, child, goal.want), child))
                .collect();
            crate::sort::by(&mut order, |one, two| one.0.cmp(&two.0));
            return order.into_iter().map(|(_, child)| child).collect();
        }
        let (mut order, others): (Vec<NodeId>, Vec<NodeId>) =
            plan.children(goal.node).partition(|child| self.truth(goal.slot, *child) == goal.want);
        order.extend(others);
        order
    }

    /// Does the node hold for the event as it stands?
    fn truth(&self, slot: usize, id: NodeId) -> bool {
        match self.plan.node(id).map(|node| &node.kind) {
            Some(NodeKind::Leaf { leaf: Leaf::Constant(value), .. }) => *value,
            Some(NodeKind::Leaf { leaf: Leaf::Test(test), .. }) => self.vars.holds(slot, test),
            Some(NodeKind::Not) => !self.plan.children(id).any(|child| self.truth(slot, child)),
            Some(kind) if kind.is_any() => {
                self.plan.children(id).any(|child| self.truth(slot, child))
            }
            _ => self.plan.children(id).all(|child| self.truth(slot, child)),
        }
    }

    fn note(&mut self, node: NodeId) {
        if self.clash.1.is_none() || self.asked.len() >= self.clash.0 {
            self.clash = (self.asked.len(), Some(node));
            if self.mends {
                let group = self.asked.last().map(|asked| asked.group);
                let asked = self.asked.iter().filter(|asked| Some(asked.group) == group);
                self.clash_with = asked.map(|asked| (asked.node, asked.want)).collect();
            }
        }
    }

    /// Asks something of the fields of an event, and finds other values for them if need be.
    fn ask(&mut self, goal: Goal, test: &'p Test) -> bool {
        let Goal { slot, want, beside, .. } = goal;
        let Some(group) = self.vars.group_of(slot, test).filter(|_| !goal.far) else {
            return false;
        };
        self.asked.push(Asked { slot, node: goal.node, test, want, beside, group });
        if self.vars.holds(slot, test) == want {
            if !beside && !self.mends && self.is_bare(slot, test) {
                // If there is nothing better, it is enough as it is.
                self.settle(group);
            }
            return true;
        }
        if self.settle(group) {
            return true;
        }
        self.note(goal.node);
        false
    }

    /// Has the test a field without a value that should rather have one, as what it looks for or
    /// excludes does?
    fn is_bare(&self, slot: usize, test: &Test) -> bool {
        let values = is_about_values(test);
        test.subject.fields().iter().any(|field| {
            let var = self.vars.var_of(slot, &field.column).and_then(|var| self.vars.vars.get(var));
            var.is_some_and(|var| (var.rather || values) && var.values.is_empty())
        })
    }
}

/// The goals of the `n`th way to reach a goal for which one child is enough; false where there are
/// no more ways. Two children that speak against the opposite keep it from being one clause away.
fn alternative(goal: Goal, children: &[NodeId], n: usize, todo: &mut Vec<Goal>) -> bool {
    let count = children.len();
    let mut push = |at: usize, far: bool| {
        let child = children.get(at % count.max(1)).copied();
        todo.extend(child.map(|node| Goal { node, far, ..goal }));
        child.is_some()
    };
    match n {
        n if !goal.far => n < count && push(n, false),
        n if n < count && count > 1 => push(n + 1, false) && push(n, false),
        n => {
            let n = if count > 1 { n - count } else { n };
            n < count && push(n, true)
        }
    }
}
