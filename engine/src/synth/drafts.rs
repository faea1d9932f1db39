//! What is to be made of a rule: events that match, and for each thing that can go wrong events with
//! which it does.

use crate::explain::Clauses;
use crate::explain::clauses::leaf_of;
use crate::hir::Form;
use crate::plan::{NodeId, NodeKind, Plan, Stage};
use crate::synth::natural::START;
use crate::synth::solve::{Effort, Goal, Solver, Stuck};
use crate::synth::vars::{Slot, Vars};
use crate::synth::verify::deciding;
use crate::synth::{About, Impossible, Why};
use crate::time::Instant;

/// Most cases that are made of one rule, and most tests of values for one of them and for all.
const MAX_CASES: usize = 2_000;
const MAX_WORK_EACH: u64 = 30_000;
const MAX_WORK: u64 = 5_000_000;

/// Steps between events, in microseconds, where nothing hurries; half of it is what stands between.
const STEP: u64 = 1_000_000;

/// Events of a case before they are written.
pub(super) struct Draft<'p> {
    pub(super) about: About,
    pub(super) slots: Vec<Slot<'p>>,
    pub(super) vars: Vars<'p>,
    /// Per stage the event of the match that is expected; `None` where none is.
    pub(super) expect: Option<Vec<Option<usize>>>,
    /// The clauses each of which alone decides, and over which event.
    pub(super) decides: Vec<NodeId>,
}

/// What a draft is made from.
struct Plot<'p> {
    slots: Vec<Slot<'p>>,
    goals: Vec<Goal>,
    rather: Option<(usize, NodeId)>,
    matches: bool,
}

/// Makes the drafts of a rule.
pub(super) struct Drafting<'p> {
    plan: &'p Plan,
    clauses: &'p Clauses,
    /// The stages that have an event.
    ordinary: Vec<&'p Stage>,
    /// Half a step and the span, in microseconds.
    half: u64,
    span: Option<u64>,
    effort: Effort,
    /// Work for the cases to come.
    left: u64,
    pub(super) drafts: Vec<Draft<'p>>,
    pub(super) impossible: Vec<Impossible>,
}

impl<'p> Drafting<'p> {
    pub(super) fn new(plan: &'p Plan, clauses: &'p Clauses) -> Self {
        let ordinary: Vec<&Stage> = plan.stages().iter().filter(|stage| !stage.missing).collect();
        let span = match plan.form() {
            Form::Sequence { maxspan } => maxspan.map(|ms| ms.saturating_mul(1000)),
            _ => None,
        };
        // All events and one more on either side find room in the span, on whole milliseconds if
        // there are so many.
        let half =
            span.map_or(STEP / 2, |span| (span / (2 * ordinary.len() as u64 + 2)).min(STEP / 2));
        let half = if half >= 1000 { half / 1000 * 1000 } else { half };
        Self {
            plan,
            clauses,
            ordinary,
            half,
            span,
            effort: Effort { work: MAX_WORK_EACH, vain: Vec::new() },
            left: MAX_WORK,
            drafts: Vec::new(),
            impossible: Vec::new(),
        }
    }

    /// The events that match. False where there can be none.
    pub(super) fn the_match(&mut self) -> bool {
        let plot = self.plot();
        match self.draft(About::Match, plot) {
            Ok(draft) => {
                self.drafts.push(draft);
                true
            }
            Err(stuck) => {
                self.refuse(About::Match, stuck);
                false
            }
        }
    }

    /// What narrowly fails to match.
    pub(super) fn near_misses(&mut self) {
        let clauses = self.clauses;
        for clause in clauses.nodes() {
            self.clause(*clause);
        }
        if self.plan.form() != Form::Event {
            self.structure();
        }
    }

    fn refuse(&mut self, about: About, stuck: Stuck) {
        let why = match stuck {
            Stuck::Clash(node) => Why::Clash(node),
            Stuck::Budget => Why::Budget,
        };
        self.impossible.push(Impossible { about, why });
    }

    fn draft(&mut self, about: About, plot: Plot<'p>) -> Result<Draft<'p>, Stuck> {
        if self.drafts.len() >= MAX_CASES {
            return Err(Stuck::Budget);
        }
        let number = self.drafts.len() as u32 + 1;
        let Plot { slots, goals, rather, matches } = plot;
        if self.left == 0 {
            return Err(Stuck::Budget);
        }
        // Without a match there is nothing to miss: it may cost more.
        let allowed = if number == 1 { 20 * MAX_WORK_EACH } else { MAX_WORK_EACH };
        self.effort.work = allowed;
        let solved = Solver::solve(self.plan, &slots, number, &goals, rather, &mut self.effort);
        let spent = allowed - self.effort.work + 4 * self.plan.nodes().len() as u64;
        self.left = self.left.saturating_sub(spent);
        let vars = solved?;
        let expect = matches.then(|| {
            let mut next = 0..self.ordinary.len();
            let stages = self.plan.stages().iter();
            stages.map(|stage| if stage.missing { None } else { next.next() }).collect()
        });
        let mut draft = Draft { about, slots, vars, expect, decides: Vec::new() };
        if let About::Clause { event, root, .. } = about {
            let holds = |node: NodeId| {
                draft.vars.test(node).is_some_and(|test| draft.vars.holds(event, test))
            };
            draft.decides = deciding(self.plan, self.clauses, root, &holds);
        }
        Ok(draft)
    }

    /// When the next case begins: far enough from the one before to be no part of it.
    fn start(&self) -> i64 {
        let span = self.span.unwrap_or(0).min(30 * 86_400_000_000) / 1000;
        START + self.drafts.len() as i64 * (2 * span as i64 + 60_000)
    }

    /// So many half steps after the start.
    fn time(&self, halves: i64) -> Instant {
        moved(self.start(), halves.saturating_mul(self.half as i64))
    }

    fn slot(&self, stage: &'p Stage, halves: i64) -> Slot<'p> {
        Slot { stage, joined: true, except: None, apart: false, time: self.time(halves) }
    }

    /// One event for each stage, and what makes them match.
    fn plot(&self) -> Plot<'p> {
        let mut plot = Plot { slots: Vec::new(), goals: Vec::new(), rather: None, matches: true };
        for (at, stage) in self.ordinary.iter().enumerate() {
            plot.slots.push(self.slot(stage, 2 * at as i64));
            plot.goals.push(Goal {
                slot: at,
                node: stage.node,
                want: true,
                far: false,
                beside: false,
            });
            // An event that ends its own sequence is of no use, but for the last one (spec §7.20).
            if let Some(until) = self.plan.until().filter(|_| at + 1 < self.ordinary.len()) {
                plot.goals.push(Goal {
                    slot: at,
                    node: until.node,
                    want: false,
                    far: false,
                    beside: true,
                });
            }
        }
        plot
    }

    /// One more event, which passes the filter of this stage.
    fn add(&self, plot: &mut Plot<'p>, stage: &'p Stage, halves: i64) {
        let slot = plot.slots.len();
        plot.slots.push(self.slot(stage, halves));
        plot.goals.push(Goal { slot, node: stage.node, want: true, far: false, beside: false });
    }

    /// When an event of a missing-event stage, or of `until`, would be in the way.
    fn moment(&self, position: usize) -> i64 {
        let stages = self.plan.stages().iter();
        let before = stages.take(position).filter(|stage| !stage.missing).count() as i64;
        2 * before - 1
    }

    /// A case where the clause decides, alone if that can be.
    fn clause(&mut self, clause: NodeId) {
        let Some((leaf, node, _)) = leaf_of(self.plan, clause) else { return };
        let root = self.root(clause);
        let at = self.plan.stages().iter().rposition(|stage| stage.node == root);
        let until = self.plan.until().filter(|until| until.node == root);
        let mut about = About::Clause { clause, event: 0, root, stage: at };
        if matches!(leaf, crate::plan::Leaf::Constant(_)) {
            self.impossible.push(Impossible { about, why: Why::Constant });
            return;
        }
        let ordinary = self.ordinary.iter().rposition(|stage| stage.node == root);
        let mut last = Stuck::Clash(None);
        let ways = [(true, true), (true, false), (false, true), (false, false)];
        // An event that stands beside those of the match should be none of theirs, if it can.
        let beside = ordinary.is_none();
        for (far, joined, apart) in ways
            .into_iter()
            .flat_map(|(far, joined)| [(far, joined, true), (far, joined, false)])
            .filter(|(_, _, apart)| beside || !apart)
        {
            if !far && self.drafts.iter().any(|draft| draft.decides.contains(&clause)) {
                return;
            }
            let mut plot = self.plot();
            let slot = match (ordinary, at.and_then(|at| self.plan.stages().get(at)), until) {
                (Some(slot), ..) => slot,
                (None, Some(stage), _) | (None, None, Some(stage)) => {
                    let halves = at.map_or(1, |at| self.moment(at));
                    self.add(&mut plot, stage, halves);
                    plot.slots.len() - 1
                }
                _ => return,
            };
            let Some(own) = plot.slots.get_mut(slot) else { return };
            if !joined && own.stage.keys.is_empty() {
                continue;
            }
            own.joined = joined;
            own.apart = apart;
            plot.matches = ordinary.is_none();
            plot.goals.retain(|goal| goal.slot != slot);
            plot.rather = Some((slot, node));
            self.fail_by(root, node, slot, far, &mut plot.goals);
            for stage in self.ordinary.iter().filter(|_| apart) {
                let goal = Goal { slot, node: stage.node, want: false, far: false, beside: true };
                if !plot.goals.contains(&goal) {
                    plot.goals.push(goal);
                }
            }
            if let About::Clause { event, .. } = &mut about {
                *event = slot;
            }
            match self.draft(about, plot) {
                Ok(draft) if draft.decides.contains(&clause) => {
                    self.drafts.push(draft);
                    return;
                }
                // Others decide as well or instead.
                Ok(_) => {}
                Err(stuck) => last = stuck,
            }
        }
        self.refuse(about, last);
    }

    /// The stage or query a node is part of.
    fn root(&self, node: NodeId) -> NodeId {
        let mut at = node;
        while let Some(found) = self.plan.node(at) {
            if matches!(found.kind, NodeKind::Query | NodeKind::Stage { .. }) {
                break;
            }
            match found.parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// Goals by which this leaf alone keeps the root from holding: what stands beside it on the way
    /// is as a match needs it where all is needed, and of no help where one thing is enough.
    fn fail_by(&self, root: NodeId, leaf: NodeId, slot: usize, far: bool, goals: &mut Vec<Goal>) {
        let mut good = true;
        let mut at = root;
        while at != leaf {
            let Some(node) = self.plan.node(at) else { return };
            let mut on_way = leaf;
            let one_is_enough = node.kind.is_any() == good;
            for child in self.plan.children(at) {
                let end = self.plan.node(child).map_or(child, |child| child.end);
                if (child..end).contains(&leaf) {
                    on_way = child;
                } else if one_is_enough {
                    goals.push(Goal { slot, node: child, want: !good, far, beside: false });
                } else {
                    goals.push(Goal { slot, node: child, want: good, far: false, beside: false });
                }
            }
            good ^= matches!(node.kind, NodeKind::Not);
            at = on_way;
        }
        goals.insert(0, Goal { slot, node: leaf, want: !good, far: false, beside: false });
    }

    /// Keys, times and order.
    fn structure(&mut self) {
        let Some(last) = self.ordinary.len().checked_sub(1) else { return };
        let is_sequence = self.plan.form() != Form::Sample;
        let stages = self.plan.stages();
        if last > 0 {
            let n_keys = self.ordinary.get(last).map_or(0, |stage| stage.keys.len());
            for key in 0..n_keys {
                let mut plot = self.plot();
                if let Some(slot) = plot.slots.get_mut(last) {
                    slot.except = Some(key);
                }
                self.miss(About::Key(key), plot);
            }
            let mut plot = self.plot();
            plot.slots.pop();
            plot.goals.retain(|goal| goal.slot < last);
            self.miss(About::NoLast, plot);
        }
        if !is_sequence {
            return;
        }
        if last > 0 {
            if let Some(span) = self.span {
                let mut plot = self.plot();
                if let Some(slot) = plot.slots.get_mut(last) {
                    slot.time =
                        moved(self.start(), i64::try_from(span).unwrap_or(i64::MAX / 4) + 1000);
                }
                self.miss(About::Late, plot);
            }
            let mut plot = self.plot();
            for (slot, halves) in plot.slots.iter_mut().rev().zip(0..) {
                slot.time = self.time(2 * halves);
            }
            self.miss(About::Order, plot);
            if let Some(until) = self.plan.until() {
                let mut plot = self.plot();
                self.add(&mut plot, until, 1);
                self.miss(About::Until, plot);
            }
        }
        let ends = |leading: bool| {
            let mut stages = stages.iter().enumerate();
            let end = if leading { -1 } else { 2 * last as i64 + 1 };
            stages.find(|(at, stage)| stage.missing && self.moment(*at) == end).map(|(at, _)| at)
        };
        let (lead, trail) = (ends(true), ends(false));
        for (at, stage) in stages.iter().enumerate() {
            let again = at.checked_sub(1).and_then(|before| stages.get(before));
            if !stage.missing || again.is_some_and(|before| before.node == stage.node) {
                continue;
            }
            let mut plot = self.plot();
            let halves = self.moment(at);
            self.add(&mut plot, stage, halves);
            // The window slides away from an unwanted event on one side (spec §7.29).
            let other = if halves < 0 { trail } else { lead };
            let is_end = halves < 0 || halves > 2 * last as i64;
            if let Some(other) = other.filter(|_| is_end)
                && let Some(stage) = stages.get(other)
            {
                self.add(&mut plot, stage, self.moment(other));
            }
            self.miss(About::Unwanted(at), plot);
        }
    }

    fn miss(&mut self, about: About, mut plot: Plot<'p>) {
        plot.matches = false;
        match self.draft(about, plot) {
            Ok(draft) => self.drafts.push(draft),
            Err(stuck) => self.refuse(about, stuck),
        }
    }
}

/// A time so many microseconds after another one, in milliseconds.
fn moved(millis: i64, by: i64) -> Instant {
    let start = Instant::from_millis(millis);
    let micros = i64::from(start.nanos / 1000).saturating_add(by);
    Instant {
        seconds: start.seconds.saturating_add(micros.div_euclid(1_000_000)),
        nanos: micros.rem_euclid(1_000_000) as u32 * 1000,
    }
}
