//! Which clause of one version is which of the other.

use hashbrown::HashMap;

use crate::compare::Version;
use crate::explain::clauses::{leaf_of, one_line};
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::syntax::parser::parse;
use crate::syntax::print::print;
use crate::wire::compare::{Clause, ClausePair, ClauseState};

/// Most pairs of clauses that are looked at for likeness: what is left of longer rules counts as
/// added and removed.
const MAX_LOOKED_AT: usize = 1_000_000;

/// A clause of one version, or of both.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) state: ClauseState,
    pub(super) old: Option<NodeId>,
    pub(super) new: Option<NodeId>,
}

impl Pair {
    /// As it leaves the engine; the place is in the query.
    pub(super) fn clause(&self, old: &Version, new: &Version) -> ClausePair {
        ClausePair {
            state: self.state,
            old: self.old.map(|node| clause(old, node)),
            new: self.new.map(|node| clause(new, node)),
            decides: 0,
        }
    }
}

/// The text of a clause on one line; of the category without its `where`.
fn text(version: &Version, node: NodeId) -> String {
    let Some(found) = version.plan.node(node) else { return String::new() };
    let text = one_line(found.span.text(&version.rule.query));
    match found.kind {
        NodeKind::Leaf { is_category: true, .. } => {
            text.trim_end_matches("where").trim_end().to_owned()
        }
        _ => text,
    }
}

fn clause(version: &Version, node: NodeId) -> Clause {
    let span = version.plan.node(node).map(|node| node.span).unwrap_or_default();
    let bits = version.recording.bits(node);
    Clause {
        number: version.clauses.name(node).and_then(|name| name.clause).map_or(0, u32::from),
        place: place(&version.plan, node),
        text: text(version, node),
        count: bits.map_or(0, |bits| bits.count_with(&version.found.searched)),
        // The desk knows the text around the query.
        span: crate::wire::Span { start: span.start, end: span.end, ..Default::default() },
    }
}

/// `stage 2`, `filter 1` or `until`; empty in an event query.
fn place(plan: &Plan, node: NodeId) -> String {
    let mut number = 0;
    let word = match plan.node(NodeId(0)).map(|node| &node.kind) {
        Some(NodeKind::Sequence) => "stage",
        Some(NodeKind::Sample) => "filter",
        _ => return String::new(),
    };
    for stage in plan.children(NodeId(0)).take_while(|stage| *stage <= node) {
        number += 1;
        if matches!(plan.node(stage).map(|n| &n.kind), Some(NodeKind::Stage { until: true, .. })) {
            return "until".into();
        }
    }
    format!("{word} {number}")
}

/// What is looked at when clauses are paired.
struct Told {
    node: NodeId,
    /// Its text without comments and layout.
    canonical: String,
    place: String,
    /// The field it reads first; the same for all categories.
    field: String,
    title: &'static str,
    negated: bool,
}

fn told(version: &Version) -> Vec<Told> {
    let plan = &version.plan;
    let of = |node: &NodeId| {
        let raw = plan.node(*node)?.span.text(&version.rule.query);
        let (leaf, inner, negated) = leaf_of(plan, *node)?;
        let is_category = matches!(
            plan.node(inner).map(|node| &node.kind),
            Some(NodeKind::Leaf { is_category: true, .. })
        );
        let field = match leaf {
            _ if is_category => "(category)",
            Leaf::Test(test) => test.subject.fields().first().map_or("", |field| &field.name),
            Leaf::Constant(_) => "",
        };
        Some(Told {
            node: *node,
            canonical: if is_category { text(version, *node) } else { canonical(raw) },
            place: place(plan, *node),
            field: field.to_owned(),
            title: version.clauses.name(inner).map_or("", |name| name.title),
            negated,
        })
    };
    version.clauses.nodes().iter().filter_map(of).collect()
}

/// The text of a clause as the printer writes it.
fn canonical(text: &str) -> String {
    const BEFORE: &str = "any where ";
    let query = format!("{BEFORE}{text}");
    let printed = print(&parse(&query).0, &query);
    printed.strip_prefix(BEFORE).map_or(printed.clone(), str::to_owned)
}

/// All clauses of both versions, in the order of the new one; what it lacks stands where it was.
///
/// First those pair up that say the same, in the same stage if they can; then those that ask of the
/// same field, best with the same operator.
pub(super) fn pairs(old: &Version, new: &Version) -> Vec<Pair> {
    let (olds, news) = (told(old), told(new));
    let mut partner: Vec<Option<usize>> = vec![None; news.len()];
    let mut taken = vec![false; olds.len()];
    let pair = |with_place: bool, partner: &mut Vec<Option<usize>>, taken: &mut Vec<bool>| {
        let name = |one: &Told| {
            let place = if with_place { one.place.as_str() } else { "" };
            format!("{place}\n{}", one.canonical)
        };
        let mut free: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, one) in
            olds.iter().enumerate().rev().filter(|(at, _)| taken.get(*at) == Some(&false))
        {
            free.entry(name(one)).or_default().push(at);
        }
        for (slot, one) in partner.iter_mut().zip(&news).filter(|(slot, _)| slot.is_none()) {
            *slot = free.get_mut(&name(one)).and_then(Vec::pop);
            if let Some(taken) = slot.and_then(|at| taken.get_mut(at)) {
                *taken = true;
            }
        }
    };
    pair(true, &mut partner, &mut taken);
    pair(false, &mut partner, &mut taken);
    let is_kept: Vec<bool> = partner.iter().map(Option::is_some).collect();
    let n_kept = is_kept.iter().filter(|kept| **kept).count();
    if (olds.len() - n_kept).saturating_mul(news.len() - n_kept) <= MAX_LOOKED_AT {
        liken(&olds, &news, &mut partner, &mut taken);
    }
    let mut pairs = Vec::new();
    let removed = |from: usize, upto: usize, pairs: &mut Vec<Pair>| {
        let alone = olds.iter().zip(&taken).take(upto).skip(from).filter(|(_, taken)| !**taken);
        pairs.extend(alone.map(|(one, _)| Pair {
            state: ClauseState::Removed,
            old: Some(one.node),
            new: None,
        }));
    };
    let mut done = 0;
    for ((at, one), is_kept) in partner.iter().zip(&news).zip(is_kept) {
        if let Some(at) = at.filter(|at| *at > done) {
            removed(done, at, &mut pairs);
            done = at;
        }
        let state = match (at, is_kept) {
            (None, _) => ClauseState::Added,
            (_, true) => ClauseState::Kept,
            _ => ClauseState::Changed,
        };
        let old = at.and_then(|at| olds.get(at)).map(|old| old.node);
        pairs.push(Pair { state, old, new: Some(one.node) });
    }
    removed(done, olds.len(), &mut pairs);
    pairs
}

/// Per node of a version the pair whose clause it is; the leaf under a `not` belongs to that clause.
pub(super) fn by_node(version: &Version, pairs: &[Pair], is_old: bool) -> Vec<Option<usize>> {
    let mut found = vec![None; version.plan.nodes().len()];
    for (at, pair) in pairs.iter().enumerate() {
        let Some(node) = (if is_old { pair.old } else { pair.new }) else { continue };
        let leaf = leaf_of(&version.plan, node).map(|(_, leaf, _)| leaf);
        for node in [Some(node), leaf].into_iter().flatten() {
            if let Some(slot) = found.get_mut(node.0 as usize) {
                *slot = Some(at);
            }
        }
    }
    found
}

/// Pairs what is left by field, the likest first.
fn liken(olds: &[Told], news: &[Told], partner: &mut [Option<usize>], taken: &mut [bool]) {
    for want in (4..=7).rev() {
        for (slot, new) in partner.iter_mut().zip(news).filter(|(slot, _)| slot.is_none()) {
            let likeness = |old: &Told| {
                u32::from(!old.field.is_empty() && old.field == new.field) * 4
                    + u32::from(old.title == new.title)
                    + u32::from(old.negated == new.negated)
                    + u32::from(old.place == new.place)
            };
            let mut free = olds.iter().zip(taken.iter_mut()).enumerate();
            let found = free.find(|(_, (old, taken))| !**taken && likeness(old) >= want);
            if let Some((at, (_, taken))) = found {
                (*slot, *taken) = (Some(at), true);
            }
        }
    }
}
