//! The only place where the state changes.
//!
//! No clock, storage, DOM or worker in here: whatever must happen outside is returned as
//! effects. This file holds the entry and the edits; the rest is by theme: `answers` (the
//! worker), `moves` (looking around), `link` (links, drafts, files).

use std::rc::Rc;

use eqlens_engine::desk::piece;

use crate::protocol::Request;
use crate::state::boot::Boot;
use crate::state::compare::Base;
use crate::state::engine::{Busy, Reading, Status};
use crate::state::list::CHUNK;
use crate::state::model::{Origin, State};
use crate::state::{Effect, Msg, anchor, answers, closely, compare, link, making, moves};

/// The state the page starts in, and what is to be done first.
#[must_use]
pub fn start(boot: Boot) -> (State, Vec<Effect>) {
    let mut state = State::new(&boot);
    let effects = link::start(&mut state, boot);
    (state, effects)
}

/// Takes in what happened; answers with what is to be done.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut effects = follow(state, msg);
    effects.extend(closely::ask_failing(state));
    effects
}

fn follow(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::RuleEdited(text) => {
            if *text == *state.docs.shown_rule() {
                return Vec::new();
            }
            if state.docs.edit_rule(text) {
                compare::came(state, Base::Pasted);
            }
            edited(state)
        }
        Msg::EventsEdited(text) => {
            if text == state.docs.events {
                return Vec::new();
            }
            anchor::edit(state, text);
            edited(state)
        }
        Msg::MappingEdited(text) => {
            if text == state.docs.mapping {
                return Vec::new();
            }
            state.docs.edit_mapping(text);
            edited(state)
        }
        Msg::Settled(_)
        | Msg::RunGrewLong(_)
        | Msg::RunStopped
        | Msg::RunWanted
        | Msg::Answered { .. }
        | Msg::WorkerDied(_)
        | Msg::CrashDismissed
        | Msg::CrashQuestioned => answers::update(state, msg),
        Msg::ExampleChosen(_)
        | Msg::Cleared
        | Msg::AsideWanted
        | Msg::FileOpened { .. }
        | Msg::FileRefused(_)
        | Msg::ShareTitleEdited(_)
        | Msg::ShareIncludeChosen(_)
        | Msg::CopyWanted
        | Msg::Copied(_)
        | Msg::AddressChanged { .. }
        | Msg::LinkKept
        | Msg::DraftWanted
        | Msg::SaveDue
        | Msg::PageLeft
        | Msg::StoreRefused(_)
        | Msg::StoreTook
        | Msg::NoticesDismissed
        | Msg::NoticeDismissed(_) => link::update(state, msg),
        _ => moves::update(state, msg),
    }
}

/// After an edit: run, and keep it.
pub(super) fn edited(state: &mut State) -> Vec<Effect> {
    match &mut state.origin {
        Origin::Example => state.origin = Origin::Draft,
        Origin::Link(link) => link.is_edited = true,
        Origin::Draft => {}
    }
    state.is_unsaved = true;
    making::went_on(state);
    state.pointed = None;
    state.pointed_place = None;
    state.at_caret = None;
    let mut effects = rerun(state);
    effects.push(Effect::SaveSoon);
    effects
}

/// Raises the run and has it started in a moment.
pub(super) fn rerun(state: &mut State) -> Vec<Effect> {
    let engine = &mut state.engine;
    engine.run = engine.run.next();
    engine.replays = 0;
    engine.status = Status::Settling;
    state.export.said = None;
    state.export.copied = None;
    if state.docs.rule.trim().is_empty() {
        forget_result(state);
    }
    vec![Effect::Settle { run: state.engine.run, ms: state.engine.settle_ms() }]
}

/// Takes the result off the page.
pub(super) fn forget_result(state: &mut State) {
    state.read = None;
    state.shown = None;
    state.shown_run = None;
    state.is_shown_held = false;
    state.engine.arriving = None;
    state.timeline.forget();
    state.list.clear();
    state.selected = None;
    state.explained = None;
    state.cell = None;
    state.values = None;
    state.failing = None;
    state.failing_of = None;
    state.pointed = None;
    state.pointed_place = None;
    state.at_caret = None;
    state.tree_node = None;
    state.collapsed = Rc::default();
}

/// How much of a long text is sent at once: the worker takes about a tenth of a second for it.
pub(super) const PIECE_BYTES: usize = 8_000_000;

/// Sends the newest run with all it needs: the events where the worker lacks them, the rule, the
/// visible rows, the selected event.
pub(super) fn send(state: &mut State) -> Vec<Effect> {
    let run = state.engine.run;
    let version = state.docs.events_version;
    let mut effects = Vec::new();
    let mut rules = Vec::new();
    let is_loaded = state.engine.loaded == Some(version);
    if !is_loaded {
        state.is_shown_held = false;
        state.engine.partial = None;
        let events = &state.docs.events;
        let first = piece(events, 0, PIECE_BYTES);
        let (at, all) = (first.len(), events.len());
        effects.push(Effect::Ask(Request::Load { run, events: first.to_owned(), is_more: false }));
        if at < all {
            // The rest of it comes piece by piece, and then everything else.
            state.engine.reading = Some(Reading { version, at, all, ..Reading::default() });
            state.engine.busy = Some(Busy { run, events: version, awaited: 1, ..Busy::default() });
            state.engine.status = Status::Running { is_long: false };
            return effects;
        }
    }
    // The last sound rule first: should the new one be refused, its result stays, over the events
    // as they are now.
    if !state.is_shown_held && state.shown.is_some() && state.shown_rule != state.docs.rule {
        rules.push(Rc::clone(&state.shown_rule));
    }
    let mapping = &state.docs.mapping;
    let is_new = state.engine.mapped.is_some() || !mapping.trim().is_empty();
    if is_new && state.engine.mapped != Some(state.docs.mapping_version) {
        effects.push(Effect::Ask(Request::SetMapping { run, mapping: mapping.to_string() }));
        state.engine.mapped = Some(state.docs.mapping_version);
    }
    if !state.docs.rule.trim().is_empty() {
        rules.push(Rc::clone(&state.docs.rule));
    }
    let ask = |rule: &Rc<str>| Effect::Ask(Request::Run { run, rule: rule.to_string() });
    effects.extend(rules.iter().map(ask));
    let (mut explains, mut finds) = (false, false);
    if !rules.is_empty() {
        let first = state.list.visible.0 / CHUNK * CHUNK;
        let count = state.list.visible.1.saturating_sub(first).div_ceil(CHUNK).max(1) * CHUNK;
        let filter = state.filter();
        let text = state.list.text.to_string();
        effects.push(Effect::Ask(Request::Rows { run, filter, text, first, count }));
        if anchor::current(state).is_some() {
            // Where the selected event stands among them is known once they are read.
            (explains, finds) = (!is_loaded, !is_loaded);
        } else if let Some(event) = state.wanted_event.or(state.selected) {
            effects.push(Effect::Ask(Request::Explain { run, event }));
            explains = true;
        }
    }
    if effects.is_empty() {
        state.engine.status = Status::Idle;
        return effects;
    }
    let awaited = u8::try_from(effects.len() + usize::from(finds)).unwrap_or(u8::MAX);
    state.engine.busy = Some(Busy { run, rules, events: version, awaited, explains, finds });
    state.engine.status = Status::Running { is_long: false };
    effects.push(Effect::Watch(run));
    effects
}
