//! Looking closely: what fits a text, one cell of a strip, the values of a clause, the events that a
//! node of the condition stops.

use std::rc::Rc;

use eqlens_engine::wire::list::Failing;
use eqlens_engine::wire::{Explanation, Filter, Node, NodeKind, NodeVerdict, Verdict};

use crate::protocol::{Request, RunId};
use crate::state::list::{CHUNK, STRIP, Step, strip};
use crate::state::model::{Place, State, Tab};
use crate::state::msg::TreeMove;
use crate::state::text::counted;
use crate::state::tree::{self, TreeRow, row_node, rows};
use crate::state::{Effect, Msg};

pub(super) fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::SieveTyped(text) => {
            state.list.text = text;
            // While an answer is on its way, the last text waits for it.
            return if state.list.sifting.is_none() { ask_sifted(state) } else { Vec::new() };
        }
        Msg::SieveWanted if state.tab == Tab::Matches => return vec![Effect::Focus(Place::Sieve)],
        Msg::SieveLeft => return vec![Effect::Focus(Place::Result)],
        Msg::StripTurned(step) => turn_strip(state, step),
        Msg::CellPointed(cell) => return point(state, cell),
        Msg::CellMoved(step) => return move_cell(state, step),
        Msg::WhyMoved(step) => move_in_why(state, step),
        Msg::ValuesToggled(node) => {
            let is_open = state.values.is_some_and(|(open, _)| open == node);
            state.values = (!is_open).then_some((node, None));
        }
        Msg::FailingWanted => return list_failing(state),
        Msg::StopperWanted => {
            let stopper = state.result().and_then(|result| result.stopper.as_ref());
            if let Some(node) = stopper.and_then(|stopper| u16::try_from(stopper.node).ok()) {
                state.tab = Tab::Tree;
                state.tree_node = Some(node);
                return vec![Effect::Focus(Place::Result)];
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Asks for the first rows that fit the text, whatever is there of the list.
pub(super) fn ask_sifted(state: &mut State) -> Vec<Effect> {
    let Some(run) = state.shown_run.filter(|_| state.is_shown_held) else { return Vec::new() };
    let text = Rc::clone(&state.list.text);
    state.list.sifting = Some(Rc::clone(&text));
    let count = state.list.height().div_ceil(CHUNK).max(1) * CHUNK;
    let (filter, text) = (state.filter(), text.to_string());
    vec![Effect::Ask(Request::Rows { run, filter, text, first: 0, count })]
}

fn nodes(state: &State) -> &[Node] {
    state.shown.as_ref().map_or(&[][..], |shown| &shown.nodes)
}

/// First and one past the last clause that the strips show, from 0.
#[must_use]
pub fn strip_window(state: &State) -> (usize, usize) {
    let clauses = nodes(state).iter().filter(|node| node.clause.is_some()).count();
    let row = state.selected.and_then(|event| state.list.row(state.list.position(event)?));
    let deciding = row.and_then(|row| row.cells.iter().position(|cell| cell.decisive));
    strip(clauses, state.list.strip, deciding)
}

fn turn_strip(state: &mut State, step: Step) {
    let (first, _) = strip_window(state);
    state.list.strip =
        Some(if step == Step::Next { first + STRIP } else { first.saturating_sub(STRIP) });
}

/// Points at a cell: its clause is marked everywhere, and what it found is asked for.
fn point(state: &mut State, cell: Option<(u32, u16)>) -> Vec<Effect> {
    if state.cell == cell {
        return Vec::new();
    }
    state.cell = cell;
    state.pointed = cell.and_then(|(_, clause)| tree::clause_node(nodes(state), clause));
    let Some((event, _)) = cell else { return Vec::new() };
    let is_known = |of: &Option<Rc<Explanation>>| of.as_ref().is_some_and(|of| of.event == event);
    match state.shown_run.filter(|_| state.is_shown_held) {
        Some(run) if !is_known(&state.explained) && !is_known(&state.peek) => {
            vec![Effect::Ask(Request::Explain { run, event })]
        }
        _ => Vec::new(),
    }
}

fn move_cell(state: &mut State, step: Step) -> Vec<Effect> {
    let Some(event) = state.selected else { return Vec::new() };
    let last = nodes(state).iter().filter_map(|node| node.clause).max().unwrap_or(0);
    let row = state.list.position(event).and_then(|index| state.list.row(index));
    let deciding = row.and_then(|row| row.cells.iter().position(|cell| cell.decisive));
    let to = match (state.cell.filter(|(of, _)| *of == event), step) {
        (Some((_, clause)), Step::Next) => clause.saturating_add(1),
        (Some((_, clause)), _) => clause.saturating_sub(1),
        (None, _) => deciding.map_or(1, |at| at as u16 + 1),
    };
    if last == 0 {
        return Vec::new();
    }
    let to = to.clamp(1, last);
    state.list.strip = Some(usize::from(to) - 1);
    point(state, Some((event, to)))
}

/// What the pointed-at cell says, in words: clause, verdict, value.
#[must_use]
pub fn cell_words(state: &State) -> Option<String> {
    let (event, clause) = state.cell?;
    let at = usize::from(tree::clause_node(nodes(state), clause)?);
    let row = state.list.row(state.list.position(event)?)?;
    let cell = row.cells.get(usize::from(clause).checked_sub(1)?)?;
    let verdict = match cell.verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::Missing => "fails for want of a value",
        Verdict::Unsearched => "was not asked: the index is not searched",
    };
    let mut explained = [&state.explained, &state.peek].into_iter().flatten();
    let found = explained.find(|of| of.event == event).and_then(|of| of.nodes.get(at));
    let label = nodes(state).get(at).map_or("", |node| node.label.as_str());
    let mut words = format!("Clause {clause} `{}` {verdict}", label.replace('`', "'"));
    if let Some(NodeVerdict { value, note, .. }) = found {
        if !value.is_empty() {
            words.push_str(&format!(": `{}`", value.replace('`', "'")));
        }
        if !note.is_empty() {
            words.push_str(&format!(" ({note})"));
        }
    }
    if cell.decisive && cell.verdict != Verdict::Unsearched {
        words.push_str("; it decides");
    }
    Some(words)
}

/// One line of the tree of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyItem {
    /// A row of the condition.
    Row(TreeRow),
    /// A value of the clause above it, by its place among the values.
    Value(TreeRow, u32),
}

impl WhyItem {
    /// The row it belongs to.
    #[must_use]
    pub fn row(&self) -> &TreeRow {
        match self {
            Self::Row(row) | Self::Value(row, _) => row,
        }
    }
}

/// The values that a row of the tree can be opened to.
#[must_use]
pub fn values_of<'e>(explained: &'e Explanation, row: &TreeRow) -> &'e [String] {
    let own = explained.nodes.get(usize::from(row.node)).map_or(&[][..], |node| &node.values);
    let of_leaf =
        || explained.nodes.get(usize::from(row.leaf)).map_or(&[][..], |node| &node.values);
    if own.is_empty() { of_leaf() } else { own }
}

/// The lines of the tree of an event, top to bottom: the values of the open clause under it.
#[must_use]
pub fn why_items(nodes: &[Node], explained: &Explanation, open: Option<u16>) -> Vec<WhyItem> {
    let mut items = Vec::new();
    for row in rows(nodes) {
        items.push(WhyItem::Row(row));
        if open == Some(row.node) {
            let values = 0..values_of(explained, &row).len() as u32;
            items.extend(values.map(|at| WhyItem::Value(row, at)));
        }
    }
    items
}

fn move_in_why(state: &mut State, step: TreeMove) {
    let (Some(shown), Some(explained)) = (state.shown.clone(), state.explained.clone()) else {
        return;
    };
    let open = state.values.map(|(node, _)| node);
    let items = why_items(&shown.nodes, &explained, open);
    let cursor = state.marked();
    let value = state.values.and_then(|(node, at)| at.filter(|_| Some(node) == cursor));
    let is_here = |item: &WhyItem| match item {
        WhyItem::Row(row) => value.is_none() && Some(row.node) == cursor,
        WhyItem::Value(row, at) => value == Some(*at) && Some(row.node) == cursor,
    };
    let here = items.iter().position(is_here);
    let last = items.len().saturating_sub(1);
    let item = here.and_then(|at| items.get(at));
    let mut to = match (step, here) {
        (TreeMove::Step(Step::Next), Some(at)) => (at + 1).min(last),
        (TreeMove::Step(Step::Previous), Some(at)) => at.saturating_sub(1),
        (TreeMove::Step(Step::Last), _) => last,
        (_, at) => at.filter(|_| !matches!(step, TreeMove::Step(_))).unwrap_or(0),
    };
    match (step, item) {
        (TreeMove::Right, Some(WhyItem::Row(row))) if open == Some(row.node) => {
            to = (to + 1).min(last);
        }
        (TreeMove::Right, Some(WhyItem::Row(row))) if !values_of(&explained, row).is_empty() => {
            state.values = Some((row.node, None));
        }
        (TreeMove::Left, Some(WhyItem::Row(row))) if open == Some(row.node) => state.values = None,
        (TreeMove::Left, Some(item)) => {
            let node = item.row().node;
            let up = match item {
                WhyItem::Value(..) => Some(node),
                WhyItem::Row(_) => shown.nodes.get(usize::from(node)).and_then(|node| node.parent),
            };
            let is_up = |item: &WhyItem| matches!(item, WhyItem::Row(row) if Some(row.node) == up);
            to = items.iter().position(is_up).unwrap_or(to);
        }
        _ => {}
    }
    match items.get(to) {
        Some(WhyItem::Row(row)) => {
            state.pointed = Some(row.node);
            state.values = state.values.map(|(node, _)| (node, None));
        }
        Some(WhyItem::Value(row, at)) => {
            state.pointed = Some(row.node);
            state.values = Some((row.node, Some(*at)));
        }
        None => {}
    }
}

/// The node whose events the tree tab lists: what was chosen in tree or rule, else the clause that
/// decides about the selected event. What is only pointed at changes nothing.
#[must_use]
pub fn failing_node(state: &State) -> u16 {
    let decisive = || {
        let (shown, explained) = (state.shown.as_ref()?, state.explained.as_ref()?);
        tree::decisive(&shown.nodes, explained)
    };
    let node = state.tree_node.or(state.at_caret).or_else(decisive).unwrap_or(0);
    row_node(nodes(state), node)
}

/// Asks for the events that the chosen node stops, where the tree tab shows others or none.
pub(super) fn ask_failing(state: &mut State) -> Vec<Effect> {
    let run = state.shown_run.filter(|_| state.is_shown_held && state.tab == Tab::Tree);
    let Some(run) = run.filter(|_| !nodes(state).is_empty()) else { return Vec::new() };
    let node = failing_node(state);
    if state.failing_of == Some((run, node)) {
        return Vec::new();
    }
    state.failing_of = Some((run, node));
    vec![Effect::Ask(Request::Failing { run, node })]
}

pub(super) fn failing_came(state: &mut State, run: RunId, failing: Option<Failing>) {
    // What comes for a node that is no longer the chosen one is overtaken by another question.
    let node = failing.as_ref().map(|failing| failing.node);
    if state.failing_of == node.map(|node| (run, node)) {
        state.failing = failing.map(Rc::new);
    }
}

/// The condition by which the list shows what the chosen node stops, as the rule has it; `None` where
/// the node is no condition by itself.
#[must_use]
pub fn failing_condition(state: &State) -> Option<String> {
    let node = nodes(state).get(usize::from(failing_node(state)))?;
    if !matches!(node.kind, NodeKind::And | NodeKind::Or | NodeKind::Not | NodeKind::Leaf) {
        return None;
    }
    let place = node.span.start as usize..node.span.end as usize;
    let text = state.docs.rule.get(place).filter(|_| !state.is_stale())?;
    let lines = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A comment would hide what follows it on the line.
    (!lines.contains("//")).then(|| format!("not ({lines})"))
}

fn list_failing(state: &mut State) -> Vec<Effect> {
    let Some(text) = failing_condition(state) else { return Vec::new() };
    state.tab = Tab::Matches;
    state.list.choice = Some(Filter::All);
    state.list.text = text.into();
    let mut effects = ask_sifted(state);
    effects.push(Effect::Focus(Place::Result));
    effects
}

/// What the table of events says above itself: how many the node lets through, and how many not.
#[must_use]
pub fn failing_words(failing: &Failing) -> String {
    let Failing { holds, fails, .. } = failing;
    match (*holds, *fails) {
        (_, 0) => format!("holds for all {}", counted(*holds, "event", "events")),
        (0, fails) => format!("holds for none, fails for {}", counted(fails, "event", "events")),
        (holds, fails) => format!("holds for {holds}, fails for {fails}"),
    }
}

/// True for a value of which the test of its clause is true.
#[must_use]
pub fn is_value_decisive(explained: &Explanation, row: &TreeRow, at: u32) -> bool {
    let of = |node: u16| {
        explained.nodes.get(usize::from(node)).is_some_and(|node| node.deciding.contains(&at))
    };
    of(row.node) || of(row.leaf)
}
