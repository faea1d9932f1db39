//! Regular expressions as values, and their derivatives.
//!
//! The derivative of an expression by a character is the expression for what may follow that
//! character. Equal expressions are one value: the constructors bring them to a normal form, so
//! that a pattern has few derivatives and these can serve as the states of an automaton. A
//! concatenation is pushed into a union on its left; unions then hold the pieces of the pattern
//! that may come next, at most one for each of its positions, and not ever deeper trees.

use super::chars::{self, Class, Range};
use super::memo::Memo;

/// An expression of one [`Arena`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Expr(pub(super) u32);

/// Matches no text.
pub(super) const NOTHING: Expr = Expr(0);
/// Matches the empty text alone.
pub(super) const EMPTY_TEXT: Expr = Expr(1);
/// Matches every text.
pub(super) const EVERYTHING: Expr = Expr(2);

/// As `max` of a repetition: no upper limit.
pub(super) const UNBOUNDED: u32 = u32::MAX;

/// A stretch of one of the pools.
#[derive(Clone, Copy, Debug)]
struct List {
    start: usize,
    len: usize,
}

impl List {
    fn range(self) -> std::ops::Range<usize> {
        self.start..self.start + self.len
    }
}

#[derive(Clone, Copy, Debug)]
enum Node {
    /// One character of a set, which is in normal form; the empty set is [`NOTHING`].
    Set(List),
    EmptyText,
    /// The left side is neither a concatenation nor a union.
    Concat(Expr, Expr),
    /// Sorted, at least two, at most one set, none of them a union.
    Union(List),
    /// As for `Union`.
    Inter(List),
    /// Not itself a complement.
    Not(Expr),
    /// `min` is 0 if `inner` matches the empty text.
    Repeat {
        inner: Expr,
        min: u32,
        max: u32,
    },
}

/// Where expressions live; each is there once.
#[derive(Clone, Debug)]
pub(super) struct Arena {
    nodes: Vec<Node>,
    /// For each node: does it match the empty text?
    nullable: Vec<bool>,
    /// The parts of unions and intersections.
    parts: Vec<Expr>,
    /// The ranges of sets.
    ranges: Vec<Range>,
    /// By the digest of a node, counted up past nodes of the same digest.
    index: Memo,
    concats: Memo,
    derivatives: Memo,
}

impl Arena {
    pub(super) fn new() -> Self {
        let mut arena = Self {
            nodes: Vec::new(),
            nullable: Vec::new(),
            parts: Vec::new(),
            ranges: Vec::new(),
            index: Memo::default(),
            concats: Memo::default(),
            derivatives: Memo::default(),
        };
        // In the order of their constants.
        arena.set(Vec::new());
        arena.intern(Node::EmptyText);
        arena.intern(Node::Not(NOTHING));
        arena
    }

    /// How much the arena holds, in entries of a few bytes each.
    pub(super) fn cost(&self) -> usize {
        self.nodes.len()
            + self.parts.len()
            + self.ranges.len()
            + self.concats.len()
            + self.derivatives.len()
    }

    /// All sets of characters that occur.
    pub(super) fn sets(&self) -> Vec<&[Range]> {
        let set = |node: &Node| match node {
            Node::Set(list) => self.ranges.get(list.range()),
            _ => None,
        };
        self.nodes.iter().filter_map(set).collect()
    }

    /// Does the expression match the empty text?
    pub(super) fn nullable(&self, expr: Expr) -> bool {
        self.nullable.get(expr.0 as usize).is_some_and(|nullable| *nullable)
    }

    /// One character out of the ranges, which may overlap.
    pub(super) fn set(&mut self, ranges: Vec<Range>) -> Expr {
        let start = self.ranges.len();
        self.ranges.extend(chars::normal(ranges));
        let before = self.nodes.len();
        let expr = self.intern(Node::Set(List { start, len: self.ranges.len() - start }));
        if self.nodes.len() == before {
            self.ranges.truncate(start);
        }
        expr
    }

    /// The one text after the other.
    pub(super) fn concat(&mut self, left: Expr, right: Expr) -> Expr {
        match (left, right) {
            (NOTHING, _) | (_, NOTHING) => return NOTHING,
            (EMPTY_TEXT, other) | (other, EMPTY_TEXT) => return other,
            (EVERYTHING, other) | (other, EVERYTHING) if self.nullable(other) => {
                return EVERYTHING;
            }
            _ => {}
        }
        if let Some(known) = self.concats.get(left.0, right.0) {
            return Expr(known);
        }
        let expr = match self.node(left) {
            Node::Concat(first, rest) => {
                let rest = self.concat(rest, right);
                self.concat(first, rest)
            }
            Node::Union(list) => {
                let parts = list.range().map(|at| {
                    let part = self.part(at);
                    self.concat(part, right)
                });
                let parts = parts.collect();
                self.union(parts)
            }
            _ => match self.node(right) {
                Node::Concat(EVERYTHING, _) if left == EVERYTHING => right,
                _ => self.intern(Node::Concat(left, right)),
            },
        };
        self.concats.insert(left.0, right.0, expr.0);
        expr
    }

    /// What any of the parts matches.
    pub(super) fn union(&mut self, parts: Vec<Expr>) -> Expr {
        let (mut flat, mut ranges) = (Vec::with_capacity(parts.len()), Vec::new());
        for part in parts {
            match self.node(part) {
                Node::Union(list) => {
                    for at in list.range() {
                        self.union_part(self.part(at), &mut flat, &mut ranges);
                    }
                }
                _ => self.union_part(part, &mut flat, &mut ranges),
            }
        }
        if !ranges.is_empty() {
            flat.push(self.set(ranges));
        }
        crate::sort::up(&mut flat);
        flat.dedup();
        if flat.contains(&EVERYTHING) {
            return EVERYTHING;
        }
        if flat.contains(&EMPTY_TEXT)
            && flat.iter().filter(|part| self.nullable(**part)).count() > 1
        {
            flat.retain(|part| *part != EMPTY_TEXT);
        }
        match *flat.as_slice() {
            [] => NOTHING,
            [one] => one,
            _ => self.intern_parts(&flat, Node::Union),
        }
    }

    fn union_part(&self, part: Expr, flat: &mut Vec<Expr>, ranges: &mut Vec<Range>) {
        match self.set_of(part) {
            Some(set) => ranges.extend_from_slice(set),
            None => flat.push(part),
        }
    }

    /// What all parts match.
    pub(super) fn inter(&mut self, parts: Vec<Expr>) -> Expr {
        let (mut flat, mut ranges) = (Vec::with_capacity(parts.len()), None);
        for part in parts {
            match self.node(part) {
                Node::Inter(list) => {
                    for at in list.range() {
                        self.inter_part(self.part(at), &mut flat, &mut ranges);
                    }
                }
                _ => self.inter_part(part, &mut flat, &mut ranges),
            }
        }
        if let Some(ranges) = ranges {
            flat.push(self.set(ranges));
        }
        crate::sort::up(&mut flat);
        flat.dedup();
        flat.retain(|part| *part != EVERYTHING);
        if flat.contains(&NOTHING) {
            return NOTHING;
        }
        if flat.contains(&EMPTY_TEXT) {
            let all = flat.iter().all(|part| self.nullable(*part));
            return if all { EMPTY_TEXT } else { NOTHING };
        }
        match *flat.as_slice() {
            [] => EVERYTHING,
            [one] => one,
            _ => self.intern_parts(&flat, Node::Inter),
        }
    }

    fn inter_part(&self, part: Expr, flat: &mut Vec<Expr>, ranges: &mut Option<Vec<Range>>) {
        match self.set_of(part) {
            Some(set) => {
                *ranges = Some(match ranges.take() {
                    Some(others) => chars::both(&others, set),
                    None => set.to_vec(),
                });
            }
            None => flat.push(part),
        }
    }

    /// What the expression does not match.
    pub(super) fn not(&mut self, expr: Expr) -> Expr {
        match self.node(expr) {
            Node::Not(inner) => inner,
            _ => self.intern(Node::Not(expr)),
        }
    }

    /// From `min` to `max` times, the latter perhaps [`UNBOUNDED`].
    pub(super) fn repeat(&mut self, inner: Expr, min: u32, max: u32) -> Expr {
        let min = if self.nullable(inner) { 0 } else { min };
        match (inner, min, max) {
            (_, 0, 0) | (EMPTY_TEXT, ..) | (NOTHING, 0, _) => return EMPTY_TEXT,
            (NOTHING, ..) => return NOTHING,
            (EVERYTHING, ..) => return EVERYTHING,
            (_, 1, 1) => return inner,
            (_, 0, UNBOUNDED) if self.set_of(inner) == Some(&[chars::ANY]) => return EVERYTHING,
            _ => {}
        }
        match self.node(inner) {
            // `(a?)*`, `(a*){2,3}`, `(a{0,2}){3}`: no number in between is left out.
            Node::Repeat { inner, min: 0, max: inner_max } => {
                let max = match (inner_max, max) {
                    (UNBOUNDED, _) | (_, UNBOUNDED) => UNBOUNDED,
                    (a, b) => a.saturating_mul(b),
                };
                self.repeat(inner, 0, max)
            }
            // `(a+){2,3}`
            Node::Repeat { inner, min: 1, max: UNBOUNDED } => self.repeat(inner, min, UNBOUNDED),
            _ => self.intern(Node::Repeat { inner, min, max }),
        }
    }

    /// What may follow a character of the class in a text that the expression matches. `sample` is
    /// any character of the class.
    pub(super) fn derivative(&mut self, expr: Expr, class: Class, sample: u32) -> Expr {
        if let Some(known) = self.derivatives.get(expr.0, class.into()) {
            return Expr(known);
        }
        let result = match self.node(expr) {
            Node::Set(list) => {
                let set = self.ranges.get(list.range()).unwrap_or_default();
                if chars::contains(set, sample) { EMPTY_TEXT } else { NOTHING }
            }
            Node::EmptyText => NOTHING,
            Node::Concat(left, right) => {
                let head = self.derivative(left, class, sample);
                let head = self.concat(head, right);
                if self.nullable(left) {
                    let tail = self.derivative(right, class, sample);
                    self.union(vec![head, tail])
                } else {
                    head
                }
            }
            Node::Union(list) => {
                let parts = self.derivatives_of(list, class, sample);
                self.union(parts)
            }
            Node::Inter(list) => {
                let parts = self.derivatives_of(list, class, sample);
                self.inter(parts)
            }
            Node::Not(inner) => {
                let inner = self.derivative(inner, class, sample);
                self.not(inner)
            }
            // If `inner` matches the empty text, the first round that is not empty may be a later
            // one; what is left then is within what is left after the first.
            Node::Repeat { inner, min, max } => {
                let first = self.derivative(inner, class, sample);
                let max = if max == UNBOUNDED { UNBOUNDED } else { max - 1 };
                let rest = self.repeat(inner, min.saturating_sub(1), max);
                self.concat(first, rest)
            }
        };
        self.derivatives.insert(expr.0, class.into(), result.0);
        result
    }

    fn derivatives_of(&mut self, list: List, class: Class, sample: u32) -> Vec<Expr> {
        list.range().map(|at| self.derivative(self.part(at), class, sample)).collect()
    }

    /// Takes over an expression of an arena that began as a copy of this one.
    pub(super) fn import(&mut self, from: &Self, expr: Expr) -> Expr {
        let mut known = Memo::default();
        let shared = self.nodes.len();
        self.import_with(from, expr, shared, &mut known)
    }

    /// Takes over an expression of any other arena; only the constants are in common.
    pub(super) fn import_other(&mut self, from: &Self, expr: Expr) -> Expr {
        self.import_with(from, expr, EVERYTHING.0 as usize + 1, &mut Memo::default())
    }

    fn import_with(&mut self, from: &Self, expr: Expr, shared: usize, known: &mut Memo) -> Expr {
        if (expr.0 as usize) < shared {
            return expr;
        }
        if let Some(known) = known.get(expr.0, 0) {
            return Expr(known);
        }
        let mut import = |expr| self.import_with(from, expr, shared, known);
        let imported = match from.node(expr) {
            Node::Set(list) => self.set(from.ranges.get(list.range()).unwrap_or_default().to_vec()),
            Node::EmptyText => EMPTY_TEXT,
            Node::Concat(left, right) => {
                let (left, right) = (import(left), import(right));
                self.concat(left, right)
            }
            Node::Union(list) => {
                let parts = list.range().map(|at| import(from.part(at))).collect();
                self.union(parts)
            }
            Node::Inter(list) => {
                let parts = list.range().map(|at| import(from.part(at))).collect();
                self.inter(parts)
            }
            Node::Not(inner) => {
                let inner = import(inner);
                self.not(inner)
            }
            Node::Repeat { inner, min, max } => {
                let inner = import(inner);
                self.repeat(inner, min, max)
            }
        };
        known.insert(expr.0, 0, imported.0);
        imported
    }

    fn node(&self, expr: Expr) -> Node {
        self.nodes.get(expr.0 as usize).copied().unwrap_or(Node::EmptyText)
    }

    fn part(&self, at: usize) -> Expr {
        self.parts.get(at).copied().unwrap_or(NOTHING)
    }

    /// The ranges, if the expression is a set.
    fn set_of(&self, expr: Expr) -> Option<&[Range]> {
        match self.node(expr) {
            Node::Set(list) => self.ranges.get(list.range()),
            _ => None,
        }
    }

    fn intern_parts(&mut self, parts: &[Expr], node: fn(List) -> Node) -> Expr {
        let start = self.parts.len();
        self.parts.extend_from_slice(parts);
        let before = self.nodes.len();
        let expr = self.intern(node(List { start, len: parts.len() }));
        if self.nodes.len() == before {
            self.parts.truncate(start);
        }
        expr
    }

    /// The expression of a node; the node joins the arena if there is none like it.
    #[inline(never)]
    fn intern(&mut self, node: Node) -> Expr {
        let digest = self.digest(&node);
        let (high, mut low) = ((digest >> 32) as u32, digest as u32);
        while let Some(known) = self.index.get(high, low) {
            if self
                .nodes
                .get(known as usize)
                .is_some_and(|known| self.content(known) == self.content(&node))
            {
                return Expr(known);
            }
            low = low.wrapping_add(1);
        }
        // The arena is emptied long before it has so many nodes.
        let expr = Expr(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.index.insert(high, low, expr.0);
        let nullable = match node {
            Node::Set(_) => false,
            Node::EmptyText => true,
            Node::Concat(left, right) => self.nullable(left) && self.nullable(right),
            Node::Union(list) => list.range().any(|at| self.nullable(self.part(at))),
            Node::Inter(list) => list.range().all(|at| self.nullable(self.part(at))),
            Node::Not(inner) => !self.nullable(inner),
            Node::Repeat { inner, min, .. } => min == 0 || self.nullable(inner),
        };
        self.nodes.push(node);
        self.nullable.push(nullable);
        expr
    }

    /// A number that is the same for the same nodes, and seldom for others.
    fn digest(&self, node: &Node) -> u64 {
        let mut digest = 0_u64;
        // Multiplication by an odd number loses nothing; the rotation brings the high bits, which
        // depend on everything before, to where they act on everything after.
        let mut add = |word: u32| {
            digest = (digest.rotate_left(29) ^ u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        };
        let (head, list, ranges) = self.content(node);
        head.into_iter().for_each(&mut add);
        list.iter().for_each(|part| add(part.0));
        ranges.iter().for_each(|(first, last)| {
            add(*first);
            add(*last);
        });
        digest
    }

    /// What makes a node: two nodes are the same if these are, wherever their lists stand.
    fn content(&self, node: &Node) -> ([u32; 4], &[Expr], &[Range]) {
        let parts = |list: List| self.parts.get(list.range()).unwrap_or_default();
        match *node {
            Node::Set(list) => ([0; 4], &[], self.ranges.get(list.range()).unwrap_or_default()),
            Node::EmptyText => ([1, 0, 0, 0], &[], &[]),
            Node::Concat(left, right) => ([2, left.0, right.0, 0], &[], &[]),
            Node::Union(list) => ([3, 0, 0, 0], parts(list), &[]),
            Node::Inter(list) => ([4, 0, 0, 0], parts(list), &[]),
            Node::Not(inner) => ([5, inner.0, 0, 0], &[], &[]),
            Node::Repeat { inner, min, max } => ([6, inner.0, min, max], &[], &[]),
        }
    }
}
