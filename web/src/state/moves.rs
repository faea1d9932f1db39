//! Looking around: tabs, panes, the list, the tree, the problems.

use std::rc::Rc;

use eqlens_engine::wire::{Filter, LoadReport, Severity};

use crate::protocol::Request;
use crate::state::docs::RuleView;
use crate::state::list::{Found, Seek, Step};
use crate::state::model::{
    EditorOrder, EventsView, Level, Order, Overlay, Pane, Place, State, Tab, Theme,
};
use crate::state::msg::TreeMove;
use crate::state::problems::TextKind;
use crate::state::{
    Effect, Msg, answers, assist, closely, compare, export, link, making, table, timeline, tree,
};

pub(super) fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::RuleViewChosen(view) => state.docs.choose_view(view),
        Msg::RuleCaretMoved(at) => {
            state.at_caret = node_at(state, at);
            state.tree_node = state.at_caret.or(state.tree_node);
        }
        Msg::RuleHovered(at) => state.pointed = at.and_then(|at| node_at(state, at)),
        Msg::EventsViewChosen(view) => {
            state.events_view = view;
            state.docs.is_in_editor |= view == EventsView::Text;
            if view == EventsView::Table
                && let Some(event) = state.selected
            {
                return table::selected(state, event);
            }
            return table::ask(state);
        }
        Msg::Table(msg) => return table::update(state, msg),
        Msg::EventLineEntered(line) => return line_entered(state, line),
        Msg::TabChosen(tab) => {
            state.tab = tab;
            state.pane = Pane::Result;
            state.pointed = None;
            state.pointed_place = None;
            let mut effects = timeline::ask(state);
            effects.extend(making::ask_reading(state));
            effects.extend(compare::ask(state));
            return effects;
        }
        Msg::BaselineSet
        | Msg::BaselineCleared
        | Msg::BaselineEdited(_)
        | Msg::BaselineOpened(_)
        | Msg::VersionsSwapped => return compare::update(state, msg),
        Msg::Wished(wish) => return making::ask(state, wish),
        Msg::ExportWanted { what, now_ms } => return export::ask(state, what, now_ms),
        Msg::PaneChosen(pane) => state.pane = pane,
        Msg::PaneStepped(step) => return step_pane(state, step),
        Msg::DetailLeft => {
            state.level = Level::List;
            return vec![Effect::Focus(Place::Result)];
        }
        Msg::FilterChosen(filter) => return choose_filter(state, filter),
        Msg::RowsSeen { first, end } => {
            state.list.visible = (first, end);
            return ask_rows(state);
        }
        Msg::SieveTyped(_)
        | Msg::SieveWanted
        | Msg::SieveLeft
        | Msg::StripTurned(_)
        | Msg::CellPointed(_)
        | Msg::CellMoved(_)
        | Msg::WhyMoved(_)
        | Msg::ValuesToggled(_)
        | Msg::FailingWanted
        | Msg::StopperWanted => return closely::update(state, msg),
        Msg::EventChosen(event) => {
            if state.tab == Tab::Tree {
                // The table one chooses from stays that of its clause.
                state.tree_node = Some(closely::failing_node(state));
            }
            state.level = Level::Detail;
            return select(state, event);
        }
        Msg::SelectionMoved(step) => return move_selection(state, step),
        Msg::NearMissSought(step) => return seek_near_miss(state, step),
        Msg::NodePointed(node) => state.pointed = node,
        Msg::PlacePointed(place) => state.pointed_place = place,
        Msg::ClausePointed(clause) => {
            let nodes = state.shown.as_ref().map_or(&[][..], |shown| &shown.nodes);
            state.pointed = clause.and_then(|clause| tree::clause_node(nodes, clause));
        }
        Msg::NodeChosen(node) => choose_node(state, node),
        Msg::NodeToggled(node) => {
            let collapsed = Rc::make_mut(&mut state.collapsed);
            if !collapsed.remove(node) {
                collapsed.insert(node);
            }
        }
        Msg::TreeMoved(step) => move_in_tree(state, step),
        Msg::AllToggled { collapse } => {
            let nodes = state.shown.as_ref().map_or(&[][..], |shown| &shown.nodes);
            state.collapsed =
                Rc::new(if collapse { tree::branches(nodes) } else { tree::Nodes::default() });
            state.tree_node = None;
        }
        Msg::Timeline(msg) => return timeline::update(state, msg),
        Msg::TreeReachShown(shows) => state.tree_shows_reach = shows,
        Msg::TimelineSvgWanted => return timeline::save_svg(state),
        Msg::TreeEventShown(shows) => state.tree_shows_event = shows,
        Msg::ProblemChosen(at) => choose_problem(state, at),
        Msg::ProblemStepped(step) => step_problem(state, step),
        Msg::NotesToggled => {
            state.shows_notes = !state.shows_notes;
            state.hides_problems &= !state.shows_notes;
            state.problem = None;
        }
        Msg::FixChosen { problem, fix } => choose_fix(state, problem, fix),
        Msg::HelpWanted { at, is_hover } => return assist::ask(state, at, is_hover),
        Msg::ProblemsToggled => state.hides_problems = !state.hides_problems,
        Msg::FileWanted => return vec![Effect::PickFile],
        Msg::ThemeToggled => {
            let theme = match state.theme_in_force() {
                Theme::Light => Theme::Dark,
                Theme::Dark => Theme::Light,
            };
            state.theme = Some(theme);
            return vec![Effect::ApplyTheme(theme)];
        }
        Msg::SystemThemeChanged(theme) => state.system_theme = theme,
        Msg::OverlayOpened(overlay) => return open_overlay(state, overlay),
        Msg::OverlayClosed => return close_overlay(state),
        Msg::OverlayLeft => state.overlay = Overlay::None,
        Msg::Escaped => {
            if state.overlay != Overlay::None {
                return close_overlay(state);
            }
            if state.level == Level::Detail && state.pane == Pane::Result {
                return update(state, Msg::DetailLeft);
            }
        }
        Msg::StaleLineWanted => {
            let is_error = |at: &usize| {
                state.problems().get(*at).is_some_and(|problem| {
                    problem.text == TextKind::Rule && problem.finding.severity == Severity::Error
                })
            };
            if let Some(at) = (0..state.problems().len()).find(is_error) {
                choose_problem(state, at);
            }
        }
        Msg::UndoWanted => order(&mut state.rule_order, Order::Undo),
        _ => {}
    }
    Vec::new()
}

pub(super) fn order(slot: &mut EditorOrder, order: Order) {
    *slot = EditorOrder { seq: slot.seq + 1, order };
}

fn node_at(state: &State, at: u32) -> Option<u16> {
    // Of a stale result the places are no longer right.
    let shown = state.shown.as_ref().filter(|_| !state.is_stale())?;
    tree::node_at(&shown.nodes, state.docs.shown_window().source_at(at))
}

fn line_entered(state: &mut State, line: u32) -> Vec<Effect> {
    // Lines count in the text as it stands, and the event above a broken one is another.
    let is_read = state.engine.loaded == Some(state.docs.events_version);
    let is_whole = |report: &&Rc<LoadReport>| report.findings.iter().all(|it| it.span.line != line);
    let Some(report) = state.report.as_ref().filter(|_| is_read).filter(is_whole) else {
        return Vec::new();
    };
    let before = report.lines.partition_point(|start| *start <= line);
    let event = before.checked_sub(1).and_then(|at| u32::try_from(at).ok());
    match event {
        Some(event) if state.result().is_some() => {
            let effects = select(state, event);
            // The visitor is in the text already; it must not scroll away.
            state.events_order.order = Order::None;
            reveal_row(state, event);
            effects
        }
        _ => Vec::new(),
    }
}

fn step_pane(state: &mut State, step: Step) -> Vec<Effect> {
    let at = Pane::ALL.iter().position(|pane| *pane == state.pane).unwrap_or(0);
    let all = Pane::ALL.len();
    let next = if step == Step::Previous { at + all - 1 } else { at + 1 } % all;
    state.pane = Pane::ALL.get(next).copied().unwrap_or_default();
    match state.pane {
        Pane::Rule => order(&mut state.rule_order, Order::Focus),
        Pane::Events => match state.events_view {
            EventsView::Text => order(&mut state.events_order, Order::Focus),
            EventsView::Table => return vec![Effect::Focus(Place::Table)],
            EventsView::Mapping => order(&mut state.mapping_order, Order::Focus),
        },
        Pane::Result => return vec![Effect::Focus(Place::Result)],
    }
    Vec::new()
}

pub(super) fn choose_filter(state: &mut State, filter: Filter) -> Vec<Effect> {
    if state.filter() == filter && state.list.choice.is_some() {
        return Vec::new();
    }
    let is_new = state.filter() != filter;
    state.list.choice = Some(filter);
    if is_new {
        state.list.clear();
        state.list.visible = (0, state.list.height());
        reveal(state, 0);
        if state.list.sieve.is_some() {
            return closely::ask_sifted(state);
        }
    }
    ask_rows(state)
}

/// Brings an event into view in the result list, where its row is loaded.
pub(super) fn reveal_row(state: &mut State, event: u32) {
    if let Some(index) = state.list.position(event) {
        reveal(state, index);
    }
}

pub(super) fn reveal(state: &mut State, index: u32) {
    let seq = state.list.reveal.map_or(0, |(seq, _)| seq + 1);
    state.list.reveal = Some((seq, index));
}

/// Asks for the visible rows that are not there.
pub(super) fn ask_rows(state: &mut State) -> Vec<Effect> {
    let (total, filter) = (state.total(), state.filter());
    let Some(run) = state.shown_run.filter(|_| state.is_shown_held) else { return Vec::new() };
    let wanted = state.list.wanted(total);
    let text = &state.list.text;
    let ask = |(first, count)| {
        Effect::Ask(Request::Rows { run, filter, text: text.to_string(), first, count })
    };
    wanted.into_iter().map(ask).collect()
}

/// Asks why the selected event matches or not.
pub(super) fn ask_explanation(state: &State) -> Vec<Effect> {
    match (state.shown_run.filter(|_| state.is_shown_held), state.selected) {
        (Some(run), Some(event)) => vec![Effect::Ask(Request::Explain { run, event })],
        _ => Vec::new(),
    }
}

/// Selects an event; its explanation follows.
pub(super) fn select(state: &mut State, event: u32) -> Vec<Effect> {
    if state.selected == Some(event) {
        return Vec::new();
    }
    state.selected = Some(event);
    state.anchor = None;
    // Down a column of the strips the cursor keeps its clause.
    state.cell = state.cell.map(|(_, clause)| (event, clause));
    state.values = None;
    state.list.strip = None;
    state.pointed = None;
    state.at_caret = None;
    if let Some(line) = state.selected_line() {
        order(&mut state.events_order, Order::Line(line));
    }
    let mut effects = ask_explanation(state);
    effects.extend(table::selected(state, event));
    effects.extend(timeline::head::follow(state));
    effects
}

fn move_selection(state: &mut State, step: Step) -> Vec<Effect> {
    let total = state.total();
    let Some(last) = total.checked_sub(1) else { return Vec::new() };
    let here = state.selected.and_then(|event| state.list.position(event));
    let target = match (step, here) {
        (Step::First, _) => 0,
        (Step::Last, _) => last,
        (Step::Next, Some(at)) => (at + 1).min(last),
        (Step::Previous, Some(at)) => at.saturating_sub(1),
        (Step::Next | Step::Previous, None) => state.list.visible.0.min(last),
    };
    seek(state, Seek::Index(target))
}

fn seek_near_miss(state: &mut State, step: Step) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.filter() == Filter::Matches {
        effects = choose_filter(state, Filter::Near);
    }
    let here = state.selected.and_then(|event| state.list.position(event));
    let is_forward = step != Step::Previous;
    let from = match (here, is_forward) {
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
        (None, true) => Some(0),
        (None, false) => state.total().checked_sub(1),
    };
    if let Some(from) = from {
        effects.extend(seek(state, Seek::NearMiss { from, is_forward }));
    }
    effects
}

/// Selects what is sought, or asks for the rows it may be in.
pub(super) fn seek(state: &mut State, seek: Seek) -> Vec<Effect> {
    match answers::found(state, seek) {
        Found::Event { index, event } => {
            reveal(state, index);
            select(state, event)
        }
        Found::NotLoaded(chunk, seek) => {
            state.list.seek = Some(seek);
            let filter = state.filter();
            match (state.shown_run.filter(|_| state.is_shown_held), state.list.want(chunk)) {
                (Some(run), Some((first, count))) => {
                    let text = state.list.text.to_string();
                    vec![Effect::Ask(Request::Rows { run, filter, text, first, count })]
                }
                _ => Vec::new(),
            }
        }
        Found::Nothing => Vec::new(),
    }
}

fn choose_node(state: &mut State, node: u16) {
    state.tree_node = Some(node);
    let shown = state.shown.as_ref().filter(|_| !state.is_stale());
    let span = shown.and_then(|shown| shown.nodes.get(usize::from(node))).map(|node| node.span);
    if let Some((from, to)) = span.and_then(|span| state.docs.shown_window().range(&span)) {
        order(&mut state.rule_order, Order::Reveal(from, to));
    }
}

fn move_in_tree(state: &mut State, step: TreeMove) {
    let Some(shown) = state.shown.clone() else { return };
    let nodes = &shown.nodes;
    let visible = tree::outline(nodes, &state.collapsed);
    let node = state.tree_cursor();
    let here = visible.iter().position(|at| *at == node).unwrap_or(0);
    let is_open = tree::has_children(nodes, node) && !state.collapsed.contains(node);
    let at = match step {
        TreeMove::Step(Step::Next) => here + 1,
        TreeMove::Step(Step::Previous) => here.saturating_sub(1),
        TreeMove::Step(Step::First) => 0,
        TreeMove::Step(Step::Last) => visible.len().saturating_sub(1),
        TreeMove::Right if is_open => here + 1,
        TreeMove::Right => {
            Rc::make_mut(&mut state.collapsed).remove(node);
            here
        }
        TreeMove::Left if is_open => {
            Rc::make_mut(&mut state.collapsed).insert(node);
            here
        }
        TreeMove::Left => {
            let parent = nodes.get(usize::from(node)).and_then(|node| node.parent);
            parent.and_then(|parent| visible.iter().position(|at| *at == parent)).unwrap_or(here)
        }
    };
    if let Some(node) = visible.get(at.min(visible.len().saturating_sub(1))).copied() {
        choose_node(state, node);
        state.pointed = Some(tree::row_node(nodes, node)).filter(|node| *node > 0);
    }
}

fn choose_problem(state: &mut State, at: usize) {
    let problems = state.problems();
    let Some(problem) = problems.get(at) else { return };
    state.problem = Some(at);
    match problem.text {
        TextKind::Rule => {
            state.pane = Pane::Rule;
            let span = problem.finding.span;
            let (from, to) = problem.range.unwrap_or_else(|| {
                state.docs.choose_view(RuleView::Source);
                (span.start_utf16, span.end_utf16)
            });
            order(&mut state.rule_order, Order::GoTo(from, to));
        }
        TextKind::Mapping => {
            state.pane = Pane::Events;
            state.events_view = EventsView::Mapping;
            if let Some((from, to)) = problem.range {
                order(&mut state.mapping_order, Order::GoTo(from, to));
            }
        }
        TextKind::Events => {
            state.pane = Pane::Events;
            state.events_view = EventsView::Text;
            state.docs.is_in_editor = true;
            if let Some((from, to)) = problem.range {
                order(&mut state.events_order, Order::GoTo(from, to));
            }
        }
    }
}

fn choose_fix(state: &mut State, at: usize, fix: usize) {
    let problems = state.problems();
    let Some(problem) = problems.get(at) else { return };
    let before = problems.iter().take(at).filter(|other| other.text == problem.text).count();
    // The editor of the text takes the focus: what changed is there, and undo.
    choose_problem(state, at);
    let slot = match problem.text {
        TextKind::Rule => &mut state.rule_order,
        TextKind::Mapping => &mut state.mapping_order,
        TextKind::Events => &mut state.events_order,
    };
    order(slot, Order::Fix(before as u32, fix as u32));
    state.problem = None;
}

fn step_problem(state: &mut State, step: Step) {
    let all = state.problems().len();
    if all == 0 {
        return;
    }
    let next = match (state.problem, step) {
        (None, Step::Previous) => all - 1,
        (None, _) => 0,
        (Some(at), Step::Previous) => (at + all - 1) % all,
        (Some(at), _) => (at + 1) % all,
    };
    choose_problem(state, next);
}

fn open_overlay(state: &mut State, overlay: Overlay) -> Vec<Effect> {
    if state.overlay == overlay {
        // The button of a menu closes it, too.
        let is_menu = matches!(overlay, Overlay::Examples | Overlay::Export);
        return if is_menu { close_overlay(state) } else { Vec::new() };
    }
    state.overlay = overlay;
    match overlay {
        Overlay::Share => link::open_share(state),
        Overlay::Examples | Overlay::Export => vec![Effect::Focus(Place::MenuItem)],
        Overlay::Shortcuts | Overlay::None => Vec::new(),
    }
}

pub(super) fn close_overlay(state: &mut State) -> Vec<Effect> {
    let opener = match std::mem::take(&mut state.overlay) {
        Overlay::None => return Vec::new(),
        Overlay::Examples => Place::ExamplesButton,
        Overlay::Export => Place::ExportButton,
        // A dialog gives the focus back to where it was.
        Overlay::Share | Overlay::Shortcuts => return Vec::new(),
    };
    vec![Effect::Focus(opener)]
}
