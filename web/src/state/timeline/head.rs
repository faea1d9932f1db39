//! The play-head: steps the matcher of a sequence from event to event.

use std::rc::Rc;

use eqlens_engine::wire::cursor::{Cursor, CursorAt, Happened};
use eqlens_engine::wire::timeline::QueryForm;

use crate::protocol::{Request, RunId};
use crate::state::list::Step;
use crate::state::model::{State, Tab};
use crate::state::{Effect, moves};

/// Where the play-head is.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The state of the matcher there, and the run it is of.
    pub cursor: Option<Rc<Cursor>>,
    /// The run it was asked of last.
    of: Option<RunId>,
    /// What was asked last.
    asked: Option<CursorAt>,
    /// The answer to it is on its way.
    is_asked: bool,
    /// What is to be asked next.
    wanted: Option<CursorAt>,
    /// It goes on by itself.
    pub is_playing: bool,
}

/// Whether the matcher of the result on the page can be stepped.
fn run_of(state: &State) -> Option<RunId> {
    let timeline = state.timeline.timeline.as_ref()?;
    let is_open = state.tab == Tab::Timeline && timeline.form == QueryForm::Sequence;
    state.shown_run.filter(|run| is_open && state.is_shown_held && state.timeline.of == Some(*run))
}

/// Puts the play-head somewhere. While an answer is on its way only the newest wish is kept.
fn put(state: &mut State, at: CursorAt) -> Vec<Effect> {
    let Some(run) = run_of(state) else { return Vec::new() };
    let head = &mut state.timeline.head;
    if head.is_asked && head.of == Some(run) {
        head.wanted = Some(at);
        return Vec::new();
    }
    head.is_asked = true;
    head.asked = Some(at);
    head.of = Some(run);
    vec![Effect::Ask(Request::Cursor { run, at })]
}

/// The play-head goes where the selection is, once there is something to step.
pub(in crate::state) fn follow(state: &mut State) -> Vec<Effect> {
    let Some(run) = run_of(state) else { return Vec::new() };
    let head = &state.timeline.head;
    let is_known = head.of == Some(run);
    let here = head.cursor.as_ref().and_then(|cursor| cursor.event.as_ref());
    let is_at = |event: u32| {
        let is_wanted = head.wanted.or(head.asked) == Some(CursorAt::Event(event));
        is_wanted || !head.is_asked && here.is_some_and(|here| here.event == event)
    };
    match state.selected {
        Some(event) if is_known && is_at(event) => Vec::new(),
        Some(event) => put(state, CursorAt::Event(event)),
        None if is_known => Vec::new(),
        None => put(state, CursorAt::Nth(1)),
    }
}

/// On from where the play-head is, or will be.
pub(super) fn step(state: &mut State, step: Step) -> Vec<Effect> {
    let head = &state.timeline.head;
    let Some(cursor) = &head.cursor else { return follow(state) };
    let at = match head.wanted.or(head.asked.filter(|_| head.is_asked)) {
        Some(CursorAt::Nth(at)) => at,
        _ => cursor.at,
    };
    // The play-head stands behind an event that no stage fits: back from there is what it shows.
    let is_behind = cursor.at == at
        && cursor.did.first().is_some_and(|did| did.what == Happened::Nothing && did.stage == 0);
    let at = match step {
        Step::Previous if is_behind => at.max(1),
        Step::First => 1,
        Step::Last => cursor.total,
        Step::Next => at.saturating_add(1).min(cursor.total),
        // The first event is the first there is to see.
        Step::Previous => at.saturating_sub(1).max(1).min(cursor.total),
    };
    if at == cursor.at && !head.is_asked && !is_behind {
        Vec::new()
    } else {
        put(state, CursorAt::Nth(at))
    }
}

/// Starts to play, from the beginning where it is at the end; or stops.
pub(super) fn play(state: &mut State) -> Vec<Effect> {
    let head = &mut state.timeline.head;
    head.is_playing = !head.is_playing && head.cursor.is_some();
    let is_at_end = head.cursor.as_ref().is_some_and(|cursor| cursor.at >= cursor.total);
    match (head.is_playing, is_at_end) {
        (false, _) => Vec::new(),
        (true, true) => put(state, CursorAt::Nth(1)),
        (true, false) => step(state, Step::Next),
    }
}

/// Time for the next step.
pub(super) fn ticked(state: &mut State) -> Vec<Effect> {
    if state.timeline.head.is_playing { step(state, Step::Next) } else { Vec::new() }
}

/// The state of the matcher came.
pub(in crate::state) fn answered(
    state: &mut State,
    run: RunId,
    cursor: Option<Box<Cursor>>,
) -> Vec<Effect> {
    if state.timeline.head.of != Some(run) || state.shown_run != Some(run) {
        return Vec::new();
    }
    let cursor = cursor.map(|boxed| Rc::new(*boxed));
    let head = &mut state.timeline.head;
    head.is_asked = false;
    head.cursor.clone_from(&cursor);
    if let Some(at) = head.wanted.take() {
        return put(state, at);
    }
    let Some(cursor) = cursor else {
        head.is_playing = false;
        return Vec::new();
    };
    head.is_playing &= cursor.at < cursor.total && state.tab == Tab::Timeline;
    let (is_playing, is_stepped) = (head.is_playing, matches!(head.asked, Some(CursorAt::Nth(_))));
    let mut effects = Vec::new();
    // Of an event that means nothing to the matcher the state before it was told: it stays selected.
    if let Some(event) = cursor.event.as_ref().filter(|_| is_stepped) {
        state.timeline.spot = None;
        if let Some(time) = event.time_ms {
            state.timeline.show(time);
        }
        effects.extend(moves::select(state, event.event));
    }
    if is_playing {
        effects.push(Effect::PlaySoon);
    }
    effects
}
