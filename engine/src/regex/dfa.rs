//! The automaton of a set of patterns, built state by state as texts ask for it.

use super::Program;
use super::chars::Class;
use super::expr::{self, Arena, Expr};
use super::memo::Memo;

/// A state as the place where its transitions begin in the table; three stand for themselves.
type State = u32;

/// No text that goes on from here matches.
const DEAD: State = u32::MAX - 2;
/// Every text that goes on from here matches.
const MATCHED: State = u32::MAX - 1;
/// Not built yet.
const UNKNOWN: State = u32::MAX;

/// How much a matcher keeps. Beyond, it drops its states except for the one it is in and goes on,
/// so that memory is bounded for any pattern and text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) states: usize,
    /// Entries of the transition table, of four bytes each.
    pub(super) table: usize,
    /// See [`Arena::cost`].
    pub(super) cost: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { states: 10_000, table: 1 << 20, cost: 1 << 20 }
    }
}

/// Tests many texts against one [`super::Regex`]; keeps the states it has built.
#[derive(Debug)]
pub struct Matcher<'r> {
    program: &'r Program,
    limits: Limits,
    arena: Arena,
    /// The expression of each state; a text belongs to it if it matches what is left.
    states: Vec<Expr>,
    index: Memo,
    /// For each state and class the next state.
    table: Vec<State>,
    start: State,
}

impl<'r> Matcher<'r> {
    pub(super) fn new(program: &'r Program, limits: Limits) -> Self {
        let mut matcher = Self {
            program,
            limits,
            arena: program.arena.clone(),
            states: Vec::new(),
            index: Memo::default(),
            table: Vec::new(),
            start: UNKNOWN,
        };
        matcher.start = matcher.state(program.start);
        matcher
    }

    /// True if the whole text matches any of the patterns. Takes time in proportion to the text.
    pub fn is_match(&mut self, text: &str) -> bool {
        let program = self.program;
        let mut state = self.start;
        if state >= DEAD {
            return state == MATCHED;
        }
        for c in text.chars() {
            let class = program.classes.of(c);
            let known = self.table.get(state as usize + usize::from(class));
            state = match known {
                Some(next) if *next != UNKNOWN => *next,
                _ => self.next(state, class),
            };
            // The rest of the text makes no difference.
            if state >= DEAD {
                return state == MATCHED;
            }
        }
        self.expr(state).is_some_and(|expr| self.arena.nullable(expr))
    }

    /// Builds the transition from a state by a class.
    #[cold]
    fn next(&mut self, state: State, class: Class) -> State {
        let Some(expr) = self.expr(state) else { return DEAD };
        let full = self.states.len() >= self.limits.states
            || self.table.len() >= self.limits.table
            || self.arena.cost() >= self.limits.cost;
        let expr = if full { self.flush(expr) } else { expr };
        let state = if full { self.state(expr) } else { state };
        let sample = self.program.classes.sample(class);
        let next = self.arena.derivative(expr, class, sample);
        let next = self.state(next);
        if let Some(entry) = self.table.get_mut(state as usize + usize::from(class)) {
            *entry = next;
        }
        next
    }

    /// Drops all states, and all expressions but the given one.
    fn flush(&mut self, expr: Expr) -> Expr {
        self.states.clear();
        self.index.clear();
        self.table.clear();
        let old = std::mem::replace(&mut self.arena, self.program.arena.clone());
        self.start = self.state(self.program.start);
        self.arena.import(&old, expr)
    }

    /// The state of an expression.
    fn state(&mut self, expr: Expr) -> State {
        match expr {
            expr::NOTHING => return DEAD,
            expr::EVERYTHING => return MATCHED,
            _ => {}
        }
        if let Some(known) = self.index.get(expr.0, 0) {
            return known;
        }
        let state = State::try_from(self.table.len()).unwrap_or(DEAD);
        self.index.insert(expr.0, 0, state);
        self.states.push(expr);
        self.table.resize(self.table.len() + self.program.classes.count(), UNKNOWN);
        state
    }

    fn expr(&self, state: State) -> Option<Expr> {
        self.states.get(state as usize / self.program.classes.count()).copied()
    }

    /// How many states there are now.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.states.len()
    }
}
