//! What the worker says, and what becomes of it when it says nothing any more.

use std::mem;
use std::rc::Rc;

use eqlens_engine::wire::{Node, Outcome, Rows};

use crate::protocol::{Request, Response, RunId};
use crate::state::engine::{Arriving, Busy, Crash, Status};
use crate::state::list::{Found, Seek, is_near_miss};
use crate::state::model::{Order, State};
use crate::state::timeline::head::Head;
use crate::state::update::{rerun, send};
use crate::state::{Effect, Msg, assist, link, making, moves, timeline, tree};

pub(super) fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Settled(run) if run == state.engine.run => {
            if state.engine.busy.is_some() {
                state.engine.is_queued = true;
                return Vec::new();
            }
            send(state)
        }
        Msg::RunGrewLong(run) => {
            if state.engine.busy.as_ref().is_some_and(|busy| busy.run == run) {
                state.engine.status = Status::Running { is_long: true };
            }
            Vec::new()
        }
        Msg::RunStopped => stopped(state),
        Msg::RunWanted => rerun(state),
        Msg::Answered { response, after_ms } => answered(state, response, after_ms),
        Msg::WorkerDied(message) => died(state, &message),
        Msg::CrashDismissed => {
            state.engine.crash = None;
            Vec::new()
        }
        Msg::CrashQuestioned => {
            if let Some(crash) = &mut state.engine.crash {
                crash.shows_message = !crash.shows_message;
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn answered(state: &mut State, response: Response, after_ms: u32) -> Vec<Effect> {
    let mut effects = match response {
        Response::Loaded { run, report } => {
            if let Some(busy) = state.engine.busy.as_ref().filter(|busy| busy.run == run) {
                state.engine.loaded = Some(busy.events);
                if busy.events == state.docs.events_version {
                    state.selected = state.selected.filter(|event| *event < report.events);
                    state.report = Some(Rc::new(report));
                }
                ticked(state, run);
            }
            Vec::new()
        }
        Response::MappingSet { run, report } => {
            if run == state.engine.run {
                state.mapping = Rc::new(report);
            }
            ticked(state, run);
            Vec::new()
        }
        Response::Outcome { run, outcome } => {
            outcome_came(state, run, *outcome, after_ms);
            making::ask_reading(state)
        }
        Response::Rows { run, rows } => {
            let effects = rows_came(state, run, rows);
            ticked(state, run);
            effects
        }
        Response::Explained { run, explanation } => {
            let explanation = explanation.map(|boxed| Rc::new(*boxed));
            let effects = match &mut state.engine.arriving {
                Some(arriving) if arriving.run == run => {
                    arriving.explanation = explanation;
                    commit(state)
                }
                _ => {
                    if let Some(explanation) = explanation
                        && Some(run) == state.shown_run
                        && Some(explanation.event) == state.selected
                    {
                        state.explained = Some(explanation);
                    }
                    Vec::new()
                }
            };
            ticked(state, run);
            effects
        }
        Response::Timeline { run, timeline } => timeline::answered(state, run, *timeline),
        Response::Cursor { run, cursor } => timeline::head::answered(state, run, cursor),
        Response::Assisted { run, help } => {
            assist::answered(state, run, help);
            Vec::new()
        }
        Response::Made { run, made } => making::made(state, run, made),
        Response::LinkMade { run, fragment } => link::made(state, run, fragment),
        Response::LinkRead { run, investigation } => link::read(state, run, investigation),
        Response::Decoded { run, name, decoded } => link::decoded(state, run, &name, decoded),
        Response::Garbled { message } => died(state, &message),
    };
    let is_free = state.engine.busy.is_none();
    if is_free && state.engine.open_requests.is_empty() {
        state.engine.replays = 0;
    }
    if is_free && state.engine.is_queued {
        state.engine.is_queued = false;
        effects.extend(send(state));
    }
    effects
}

/// One answer of the run the worker is busy with has come.
fn ticked(state: &mut State, run: RunId) {
    let engine = &mut state.engine;
    let Some(busy) = engine.busy.as_mut().filter(|busy| busy.run == run) else { return };
    busy.awaited = busy.awaited.saturating_sub(1);
    if busy.awaited == 0 {
        engine.busy = None;
        if matches!(engine.status, Status::Running { .. }) {
            engine.status = if engine.is_queued { Status::Settling } else { Status::Done };
        }
    }
}

fn outcome_came(state: &mut State, run: RunId, outcome: Outcome, after_ms: u32) {
    let engine = &mut state.engine;
    let Some(busy) = engine.busy.as_mut().filter(|busy| busy.run == run) else { return };
    if busy.rules.is_empty() {
        return;
    }
    let rule = busy.rules.remove(0);
    let is_last = busy.rules.is_empty();
    engine.round_ms = after_ms;
    // Older than the newest edit: counted, but not shown.
    if run == engine.run {
        let outcome = Rc::new(outcome);
        if outcome.result.is_some() {
            let outcome = Rc::clone(&outcome);
            engine.arriving = Some(Arriving { run, rule, outcome, rows: None, explanation: None });
        }
        if is_last {
            let rev = state.docs.rule_rev;
            state.docs.recognised(&outcome);
            if state.docs.rule_rev != rev {
                // A document that arrives is read from the top, not from where a paste ends.
                moves::order(&mut state.rule_order, Order::Reveal(0, 0));
            }
            state.read = Some(outcome);
        }
    }
    ticked(state, run);
}

fn rows_came(state: &mut State, run: RunId, rows: Rows) -> Vec<Effect> {
    let filter = state.filter();
    match &mut state.engine.arriving {
        Some(arriving) if arriving.run == run => {
            arriving.rows = Some(rows);
            let explains = state.engine.busy.as_ref().is_some_and(|busy| busy.explains);
            if explains { Vec::new() } else { commit(state) }
        }
        _ if Some(run) == state.shown_run && rows.filter == filter => {
            state.list.take(rows);
            go_on_seeking(state)
        }
        _ => Vec::new(),
    }
}

/// Shows the result that has arrived whole.
fn commit(state: &mut State) -> Vec<Effect> {
    let Some(arriving) = state.engine.arriving.take() else { return Vec::new() };
    let old = state.shown.as_ref().map_or(&[][..], |shown| &shown.nodes);
    if !is_same_shape(old, &arriving.outcome.nodes) {
        state.collapsed = Rc::new(tree::folded(&arriving.outcome.nodes));
        state.tree_node = None;
        state.pointed = None;
        state.at_caret = None;
    }
    state.shown = Some(arriving.outcome);
    state.shown_run = Some(arriving.run);
    state.shown_rule = arriving.rule;
    state.is_shown_held = true;
    state.list.chunks = Rc::default();
    state.list.asked.clear();
    if let Some(rows) = arriving.rows.filter(|rows| rows.filter == state.filter()) {
        state.list.take(rows);
    }
    let events = state.result().map_or(0, |result| result.events);
    if let Some(event) = state.wanted_event.take() {
        state.selected = Some(event);
    }
    state.selected = state.selected.filter(|event| *event < events);
    state.explained =
        arriving.explanation.filter(|explained| Some(explained.event) == state.selected);
    let mut effects = moves::ask_rows(state);
    effects.extend(timeline::ask(state));
    effects.extend(go_on_seeking(state));
    if state.selected.is_none() {
        effects.extend(select_first(state));
    } else if state.explained.is_none() {
        effects.extend(moves::ask_explanation(state));
    }
    effects
}

fn is_same_shape(old: &[Node], new: &[Node]) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| old.kind == new.kind && old.parent == new.parent)
}

/// With nothing selected: the first near miss, or whatever comes first.
fn select_first(state: &mut State) -> Vec<Effect> {
    let filter = state.filter();
    let first = state.list.chunks.get(&0).and_then(|rows| {
        rows.iter().find(|row| is_near_miss(row, filter)).or(rows.first()).map(|row| row.event)
    });
    match first {
        Some(event) => moves::select(state, event),
        None if state.total() > 0 => {
            state.list.seek = Some(Seek::Index(0));
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Goes on with what is sought, now that more rows are there.
fn go_on_seeking(state: &mut State) -> Vec<Effect> {
    match state.list.seek.take() {
        Some(seek) => moves::seek(state, seek),
        None => Vec::new(),
    }
}

/// Ends the worker and forgets what it was busy with.
fn respawn(state: &mut State) {
    let engine = &mut state.engine;
    engine.loaded = None;
    engine.mapped = None;
    engine.busy = None;
    engine.is_queued = false;
    engine.arriving = None;
    state.list.asked.clear();
    state.list.seek = None;
    state.is_shown_held = false;
    state.timeline.head = Head::default();
}

fn stopped(state: &mut State) -> Vec<Effect> {
    let Some(busy) = state.engine.busy.clone() else { return Vec::new() };
    let was_loaded = state.engine.loaded == Some(busy.events);
    let is_queued = state.engine.is_queued;
    respawn(state);
    let mut effects = vec![Effect::Respawn];
    effects.extend(state.engine.open_requests.iter().cloned().map(Effect::Ask));
    if is_queued {
        effects.extend(send(state));
        return effects;
    }
    state.engine.status = Status::Cancelled;
    // The events are read again, so that the next edit is answered at once; unless it was they
    // that took so long.
    if was_loaded {
        let (run, version) = (state.engine.run, state.docs.events_version);
        effects.push(Effect::Ask(Request::Load { run, events: state.docs.events.to_string() }));
        let rules = Vec::new();
        state.engine.busy = Some(Busy { run, rules, events: version, awaited: 1, explains: false });
    }
    effects
}

/// The worker is dead: start another, and give it the last request once more. If that kills it
/// too, say so and wait for the next edit.
fn died(state: &mut State, message: &str) -> Vec<Effect> {
    let is_final = state.engine.replays > 0;
    let shows_message = state.engine.crash.as_ref().is_some_and(|crash| crash.shows_message);
    state.engine.crash = Some(Crash { message: message.into(), is_final, shows_message });
    respawn(state);
    let mut effects = vec![Effect::Respawn];
    if is_final {
        state.engine.status = Status::Failed;
        let open = mem::take(&mut state.engine.open_requests);
        effects.extend(link::given_up(state, &open));
        return effects;
    }
    state.engine.replays = 1;
    effects.extend(state.engine.open_requests.iter().cloned().map(Effect::Ask));
    if state.reading_link.is_none() {
        effects.extend(send(state));
    }
    effects
}

/// The position of the row before or after the selected one, for movements.
pub(super) fn found(state: &State, seek: Seek) -> Found {
    state.list.find(seek, state.filter(), state.total())
}
