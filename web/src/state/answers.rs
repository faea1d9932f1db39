//! What the worker says, and what becomes of it when it says nothing any more.

use std::mem;
use std::rc::Rc;

use eqlens_engine::desk::piece;
use eqlens_engine::wire::list::Sifted;
use eqlens_engine::wire::{LoadReport, Node, Outcome};

use crate::protocol::{Request, Response, RunId};
use crate::state::engine::{Arriving, Busy, Crash, Status};
use crate::state::list::{Found, Seek, is_near_miss};
use crate::state::model::{Order, State};
use crate::state::timeline::head::Head;
use crate::state::update::{PIECE_BYTES, rerun, send};
use crate::state::{
    Effect, Msg, anchor, assist, closely, compare, export, link, making, moves, table, timeline,
    tree,
};

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
        Msg::RunWanted => {
            if state.engine.partial.is_some() {
                // All of the events this time.
                state.engine.loaded = None;
            }
            rerun(state)
        }
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
            if state.engine.reading.is_some() && state.engine.busy.is_some() {
                return piece_read(state, run, report);
            }
            loaded(state, run, report)
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
            let mut effects = making::ask_reading(state);
            effects.extend(compare::ask(state));
            effects
        }
        Response::Rows { run, sifted } => {
            let effects = rows_came(state, run, sifted);
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
                    if let Some(explanation) = explanation.filter(|_| Some(run) == state.shown_run)
                    {
                        let event = Some(explanation.event);
                        if event == state.selected {
                            state.explained = Some(explanation);
                        } else if event == state.cell.map(|(event, _)| event) {
                            state.peek = Some(explanation);
                        }
                    }
                    Vec::new()
                }
            };
            ticked(state, run);
            effects
        }
        Response::Failing { run, failing } => {
            closely::failing_came(state, run, failing);
            Vec::new()
        }
        Response::Timeline { run, key, timeline } => timeline::answered(state, run, key, *timeline),
        Response::Cursor { run, cursor } => timeline::head::answered(state, run, cursor),
        Response::Table { run, table: rows } => table::came(state, run, rows),
        Response::Assisted { run, help } => {
            assist::answered(state, run, help);
            Vec::new()
        }
        Response::Made { run, made } => making::made(state, run, made),
        Response::Compared { run, comparison } => {
            compare::answered(state, run, *comparison);
            Vec::new()
        }
        Response::Exported { run, text } => export::answered(state, run, text),
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
    if state.engine.busy.is_none() {
        effects.extend(table::ask(state));
    }
    effects
}

/// The events are in; now it is known where the selected one is.
fn loaded(state: &mut State, run: RunId, report: LoadReport) -> Vec<Effect> {
    let Some(busy) = state.engine.busy.as_mut().filter(|busy| busy.run == run) else {
        return Vec::new();
    };
    let finds = mem::take(&mut busy.finds);
    state.engine.loaded = Some(busy.events);
    if busy.events == state.docs.events_version {
        state.report = Some(Rc::new(report));
        anchor::read(state);
        state.table.outdate();
    }
    ticked(state, run);
    if finds {
        if let Some(event) = state.wanted_event {
            return vec![Effect::Ask(Request::Explain { run, event })];
        }
        if let Some(busy) = &mut state.engine.busy {
            busy.explains = false;
        }
        ticked(state, run);
    }
    Vec::new()
}

/// A piece of a long text has been read: on to the next, or to what was waiting for it.
fn piece_read(state: &mut State, run: RunId, mut piece_report: LoadReport) -> Vec<Effect> {
    let (engine, docs) = (&mut state.engine, &state.docs);
    let Some(reading) = &mut engine.reading else { return Vec::new() };
    if engine.busy.as_ref().is_none_or(|busy| busy.run != run) {
        return Vec::new();
    }
    let report = &mut reading.report;
    if report.format.is_empty() {
        report.format = mem::take(&mut piece_report.format);
    }
    report.events += piece_report.events;
    report.skipped += piece_report.skipped;
    report.bytes += piece_report.bytes;
    let room = MOST_FINDINGS.saturating_sub(report.findings.len());
    report.findings.extend(piece_report.findings.into_iter().take(room));
    report.lines.append(&mut piece_report.lines);
    let is_newest = reading.version == docs.events_version;
    if is_newest && !reading.is_stopped {
        let next = piece(&docs.events, reading.at, PIECE_BYTES);
        if !next.is_empty() {
            reading.at += next.len();
            let events = next.to_owned();
            return vec![Effect::Ask(Request::Load { run, events, is_more: true })];
        }
    }
    let reading = engine.reading.take().unwrap_or_default();
    engine.busy = None;
    engine.is_queued = false;
    if is_newest {
        engine.loaded = Some(reading.version);
        engine.partial = Some((reading.at, reading.all)).filter(|(at, all)| at < all);
        state.report = Some(Rc::new(reading.report));
        anchor::read(state);
        state.table.outdate();
    }
    let mut effects = send(state);
    effects.extend(table::ask(state));
    effects
}

/// Findings about the events that are kept.
const MOST_FINDINGS: usize = 100;

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

fn rows_came(state: &mut State, run: RunId, sifted: Sifted) -> Vec<Effect> {
    let filter = state.filter();
    let mut effects = Vec::new();
    if state.list.sifting.as_deref() == Some(&sifted.text) {
        state.list.sifting = None;
        if *state.list.text != *sifted.text {
            effects = closely::ask_sifted(state);
        }
    }
    match &mut state.engine.arriving {
        Some(arriving) if arriving.run == run => {
            arriving.rows = Some(sifted);
            let explains = state.engine.busy.as_ref().is_some_and(|busy| busy.explains);
            if !explains {
                effects.extend(commit(state));
            }
        }
        _ if Some(run) == state.shown_run
            && sifted.rows.filter == filter
            && *sifted.text == *state.list.text =>
        {
            if state.list.take_sifted(sifted) {
                moves::reveal(state, 0);
                effects.extend(moves::ask_rows(state));
            }
            effects.extend(go_on_seeking(state));
        }
        _ => {}
    }
    effects
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
    state.table.outdate();
    state.list.chunks = Rc::default();
    state.list.asked.clear();
    state.list.sifting = None;
    state.peek = None;
    let mut effects = Vec::new();
    match arriving.rows {
        Some(sifted)
            if sifted.rows.filter == state.filter() && *sifted.text == *state.list.text =>
        {
            state.list.take_sifted(sifted);
        }
        _ if !state.list.text.is_empty() => effects = closely::ask_sifted(state),
        _ => state.list.sieve = None,
    }
    let events = state.result().map_or(0, |result| result.events);
    let is_away = anchor::current(state).is_some();
    if is_away || state.wanted_event.is_some() {
        state.selected = state.wanted_event.take();
    }
    state.selected = state.selected.filter(|event| *event < events);
    let is_gone = state.explained.is_some();
    state.explained =
        arriving.explanation.filter(|explained| Some(explained.event) == state.selected);
    effects.extend(moves::ask_rows(state));
    effects.extend(timeline::ask(state));
    effects.extend(go_on_seeking(state));
    if state.selected.is_none() {
        if !is_away {
            effects.extend(select_first(state));
            if is_gone {
                // The visitor has edited it away, and is still in the text: it must not scroll.
                state.events_order.order = Order::None;
            }
        }
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
    let first = state.list.chunks.get(0).and_then(|rows| {
        let near = rows.iter().position(|row| is_near_miss(row, filter)).unwrap_or(0);
        rows.get(near).map(|row| (near as u32, row.event))
    });
    match first {
        Some((at, event)) => {
            moves::reveal(state, at);
            moves::select(state, event)
        }
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
    engine.reading = None;
    engine.mapped = None;
    engine.busy = None;
    engine.is_queued = false;
    engine.arriving = None;
    state.list.asked.clear();
    state.list.seek = None;
    state.compare.lost();
    state.list.sifting = None;
    state.failing_of = None;
    state.table.forget_question();
    state.is_shown_held = false;
    state.timeline.head = Head::default();
}

fn stopped(state: &mut State) -> Vec<Effect> {
    if let Some(reading) = &mut state.engine.reading {
        // What was read is kept.
        reading.is_stopped = true;
        return Vec::new();
    }
    let files = state.engine.open_requests.len();
    state.engine.open_requests.retain(|open| !matches!(open, Request::Decode { .. }));
    if state.engine.open_requests.len() < files {
        // The worker is at a file and hears nothing: another one takes over, with what was here.
        respawn(state);
        let mut effects = vec![Effect::Respawn];
        effects.extend(state.engine.open_requests.iter().cloned().map(Effect::Ask));
        effects.extend(send(state));
        return effects;
    }
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
        let events = state.docs.events.to_string();
        effects.push(Effect::Ask(Request::Load { run, events, is_more: false }));
        state.engine.busy = Some(Busy { run, events: version, awaited: 1, ..Busy::default() });
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
