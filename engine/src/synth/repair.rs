//! The least change of an event that is there, with which a query or a stage of it holds: the same
//! walk as for events that are made, from what the event has, the ways first that turn the fewest
//! clauses over.

use crate::eval::test_holds;
use crate::hir::{Predicate, Subject};
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::synth::solve::{Asked, Effort, Goal, Solver, Stuck};
use crate::synth::values::written;
use crate::synth::vars::{Slot, Vars};
use crate::time::Instant;
use crate::value::{Scalar, Value};

/// Most tests of values for one event.
const MAX_WORK: u64 = 400_000;

/// More clauses than this cannot be turned: a constant is among them.
const FAR: u32 = 1 << 20;

/// What an event has in a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// Its values, as the index holds them.
    pub values: Vec<Value<'static>>,
    /// Do they stand in an array?
    pub is_list: bool,
}

/// What a field is to have instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Mended {
    /// The field's column.
    pub column: String,
    /// Its values from then on; none where it is to go.
    pub values: Vec<Value<'static>>,
    /// The leaf that wants it.
    pub leaf: Option<NodeId>,
}

/// Why no change was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A clause that is the same for every event stands in the way.
    Constant,
    /// No values suit all of these leaves; true where that is so of the two alone.
    Clash(Vec<NodeId>, bool),
    /// There were too many choices to try them all.
    Budget,
}

/// How many leaves must turn over for the node to be as wanted; [`FAR`] and more if a constant must.
pub(super) fn cost(vars: &Vars<'_>, id: NodeId, want: bool) -> u32 {
    let Some(node) = vars.plan.node(id) else { return FAR };
    match &node.kind {
        NodeKind::Leaf { leaf: Leaf::Constant(value), .. } => u32::from(*value != want) * FAR,
        NodeKind::Leaf { leaf: Leaf::Test(test), .. } => u32::from(vars.holds(0, test) != want),
        kind => {
            let want = want != matches!(kind, NodeKind::Not);
            let children = vars.plan.children(id).map(|child| cost(vars, child, want));
            if kind.is_any() == want && !matches!(kind, NodeKind::Not) {
                children.min().unwrap_or(FAR)
            } else {
                children.fold(0, u32::saturating_add)
            }
        }
    }
}

/// Finds other values for as few fields of an event as it can, so that `root` (the query, or a stage
/// of it) holds, and says how many leaves must turn over at least. `held` tells what the event has
/// in a column.
///
/// # Errors
/// Why none were found.
pub fn repair(
    plan: &Plan,
    root: NodeId,
    held: &dyn Fn(&str) -> Held,
) -> Result<(Vec<Mended>, u32), Stopped> {
    let stages = plan.stages().iter().chain(plan.until());
    let Some(stage) = stages.into_iter().find(|stage| stage.node == root) else {
        return Err(Stopped::Constant);
    };
    let time = Instant::from_millis(0);
    let slot = Slot { stage, joined: false, except: None, apart: false, time };
    let goal = Goal { slot: 0, node: root, want: true, far: false, beside: false };
    let vars = || {
        let mut vars = Vars::new(plan, std::slice::from_ref(&slot), 0);
        for var in &mut vars.vars {
            let Held { values, is_list } = held(var.column);
            // The event's own time is never taken away.
            var.must = var.time.take().is_some() && !values.is_empty();
            (var.rather, var.number, var.is_list) = (false, 0, is_list);
            var.values.clone_from(&values);
            var.held = values;
        }
        vars
    };
    let least = cost(&vars(), root, true);
    if least >= FAR {
        return Err(Stopped::Constant);
    }
    let mut effort = Effort { work: MAX_WORK, vain: Vec::new() };
    let mut clash = Vec::new();
    let mut budget = false;
    for lists in [false, true] {
        let mut solver = Solver::new(plan, vars(), &mut effort, lists);
        solver.mends = true;
        match solver.walk(&[goal]) {
            Ok(()) => return Ok((solver.changes(root), least)),
            Err(stuck) => {
                budget |= stuck == Stuck::Budget;
                clash.clone_from(&solver.clash_with);
            }
        }
    }
    if budget {
        return Err(Stopped::Budget);
    }
    // Is there one of the others that it cannot be with, whatever the rest of the rule says?
    let Some((last, wanted)) = clash.pop() else { return Err(Stopped::Clash(Vec::new(), false)) };
    for (other, want) in &clash {
        let mut effort = Effort { work: MAX_WORK / 8, vain: Vec::new() };
        let mut solver = Solver::new(plan, vars(), &mut effort, true);
        solver.mends = true;
        let goals =
            [(last, wanted), (*other, *want)].map(|(node, want)| Goal { node, want, ..goal });
        if matches!(solver.walk(&goals), Err(Stuck::Clash(_))) {
            return Err(Stopped::Clash(vec![*other, last], true));
        }
    }
    Err(Stopped::Clash(vec![last], false))
}

impl<'p> Solver<'p, '_> {
    /// The fields that are not as they were. One that may as well stay is put back.
    fn changes(mut self, root: NodeId) -> Vec<Mended> {
        let is_changed = |solver: &Self, at: usize| {
            solver.vars.vars.get(at).is_some_and(|var| var.values != var.held)
        };
        for at in 0..self.vars.vars.len() {
            let Some(var) = self.vars.vars.get(at).filter(|_| is_changed(&self, at)) else {
                continue;
            };
            let (new, held) = (var.values.clone(), var.held.clone());
            self.set(at, held);
            if cost(&self.vars, root, true) > 0 {
                self.set(at, new);
            }
        }
        let mut changes = Vec::new();
        for at in 0..self.vars.vars.len() {
            let Some(var) = self.vars.vars.get(at).filter(|_| is_changed(&self, at)) else {
                continue;
            };
            // The leaf that is not as wanted without the change.
            let held = [var.held.as_slice()];
            let looks = |asked: &&Asked<'p>| {
                asked.test.subject.fields().iter().any(|field| *field.column == *var.column)
            };
            let wants = |asked: &&Asked<'p>| {
                asked.test.subject.fields().len() > 1 || test_holds(asked.test, &held) != asked.want
            };
            let leaf = self.asked.iter().filter(looks).find(wants).map(|asked| asked.node);
            changes.push(Mended { column: var.column.into(), values: var.values.clone(), leaf });
        }
        changes
    }

    /// What a field that holds a list has with these values: what is there as far as it may stay,
    /// and they.
    pub(super) fn beside(
        &self,
        at: usize,
        new: Vec<Value<'static>>,
        asked: &[Asked<'p>],
    ) -> Vec<Value<'static>> {
        let Some(var) = self.vars.vars.get(at).filter(|var| var.is_list) else { return new };
        if asked.iter().any(Asked::needs_absence) {
            return new;
        }
        let may_stay = |value: &&Value<'static>| {
            asked.iter().all(|asked| {
                asked.needs_value()
                    || asked.test.subject.fields().len() > 1
                    || !asked.is_true_of(value)
            })
        };
        let mut values: Vec<_> = var.held.iter().filter(may_stay).cloned().collect();
        for value in new {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    /// Is it enough to take values out of a list, or to add to a text, or to take words out of it?
    pub(super) fn mended(&mut self, at: usize, asked: &[Asked<'p>]) -> bool {
        let Some(var) = self.vars.vars.get(at) else { return false };
        let (column, ty, is_list) = (var.column, var.ty, var.is_list);
        if is_list {
            return !var.held.is_empty()
                && self.attempt(at, Vec::new(), asked)
                && self.vars.vars.get(at).is_some_and(|var| !var.values.is_empty());
        }
        let [Value::Str(held)] = var.held.as_slice() else { return false };
        let held = held.clone();
        let is_line = held.contains(' ') || column.ends_with("line");
        let mut all: Vec<String> = Vec::new();
        for asked in asked.iter().filter(|asked| asked.needs_value()) {
            match (&asked.test.subject, &asked.test.predicate) {
                (Subject::Field(_), Predicate::Like(_, patterns)) => {
                    let ends = patterns.iter().filter_map(|p| p.pattern().strip_prefix('*'));
                    // Another file in the same folder.
                    all.extend(ends.take(3).filter(|_| !is_line).map(|end| {
                        let slash = end.chars().next().filter(|c| matches!(c, '/' | '\\'));
                        let folder = slash.and_then(|slash| held.rsplit_once(slash));
                        format!("{}{end}", folder.map_or(&*held, |(folder, _)| folder))
                    }));
                }
                (Subject::Computed(_), _) => {}
                _ => continue,
            }
            let mut n = 0;
            asked.offer(column, ty, true, &mut |scalar| {
                if let Some(Value::Str(text)) = written(scalar, ty) {
                    if is_line {
                        all.push(format!("{held} {}", text.trim_start()));
                    } else if matches!(asked.test.subject, Subject::Computed(_)) {
                        all.push(format!("{held}{text}"));
                        all.push(format!("{text}{held}"));
                    }
                }
                n += 1;
                n >= 12
            });
        }
        let words: Vec<&str> = held.split(' ').collect();
        all.extend((1..words.len().min(200)).filter_map(|end| {
            let (before, after) = words.split_at_checked(end)?;
            Some([before, after.get(1..)?].concat().join(" "))
        }));
        all.into_iter().any(|text| {
            written(Scalar::Str(text.into()), ty)
                .is_some_and(|value| self.attempt(at, vec![value], asked))
        })
    }

    /// Is another value for one of several fields enough?
    pub(super) fn one_of_several(
        &mut self,
        members: &[usize],
        pools: &[Vec<Vec<Value<'static>>>],
        asked: &[Asked<'p>],
    ) -> bool {
        let held = |solver: &mut Self| {
            for (at, pool) in members.iter().zip(pools) {
                solver.set(*at, pool.first().cloned().unwrap_or_default());
            }
        };
        for (at, pool) in members.iter().zip(pools) {
            held(self);
            for values in pool {
                self.set(*at, values.clone());
                self.effort.work = self.effort.work.saturating_sub(1 + asked.len() as u64);
                if self.effort.work == 0 {
                    return false;
                }
                if self.all_hold(asked) {
                    return true;
                }
            }
        }
        false
    }
}
