//! The table of the loaded events: which stretch of it the page holds, and what it is looking for.

use std::rc::Rc;

use eqlens_engine::wire::table::{self as wire, TableRow};

use crate::protocol::{Request, RunId};
use crate::state::docs::EVENTS_EDITOR_BYTES;
use crate::state::model::{EventsView, State};
use crate::state::{Effect, moves};

/// Rows that are asked for beyond either end of those in view.
const MARGIN: u32 = 48;

/// Most rows asked for at once.
const MOST: u32 = 400;

/// The table and where one is in it.
#[derive(Clone, Debug, Default)]
pub struct EventsTable {
    /// In time order; else in that of the input.
    pub by_time: bool,
    /// The stretch that is held.
    pub held: Rc<wire::Table>,
    /// Position the table should bring into view; the number tells one request from the next.
    pub reveal: Option<(u32, u32)>,
    /// First and one past the last row in view.
    visible: (u32, u32),
    /// Newest question, and whether it is still open.
    run: RunId,
    is_asked: bool,
    /// What is held is not of the newest events and the newest result.
    is_old: bool,
    /// The position to be selected as soon as its row is here.
    target: Option<u32>,
    /// The event to be brought into view, wherever it stands.
    around: Option<u32>,
    /// Where the selected event stands in time order: the event, and its position.
    place: Option<(u32, u32)>,
}

/// What can happen in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableMsg {
    /// These rows are in view.
    Seen { first: u32, end: u32 },
    /// An order was chosen.
    Sorted { by_time: bool },
    /// So many rows on, or back; the ends are as far as it goes.
    Moved(i32),
}

impl EventsTable {
    /// The row at a position, where it is held.
    fn row(&self, at: u32) -> Option<&TableRow> {
        self.held.rows.get(at.checked_sub(self.held.first)? as usize)
    }

    fn position(&self, event: u32) -> Option<u32> {
        if !self.by_time {
            return Some(event);
        }
        let held = self.held.rows.iter().position(|row| row.event == event);
        let held = held.map(|at| self.held.first + at as u32);
        held.or(self.place.filter(|(of, _)| *of == event).map(|(_, at)| at))
    }

    fn bring(&mut self, at: u32) {
        let seq = self.reveal.map_or(0, |(seq, _)| seq + 1);
        self.reveal = Some((seq, at));
    }

    /// The worker that was asked is gone.
    pub(super) fn forget_question(&mut self) {
        self.is_asked = false;
        self.is_old = true;
    }

    /// Events or result have changed.
    pub(super) fn outdate(&mut self) {
        self.is_old = true;
        self.place = None;
    }
}

pub(super) fn update(state: &mut State, msg: TableMsg) -> Vec<Effect> {
    let table = &mut state.table;
    match msg {
        TableMsg::Seen { first, end } => table.visible = (first, end),
        TableMsg::Sorted { by_time } if table.by_time == by_time => {}
        TableMsg::Sorted { by_time } => {
            table.by_time = by_time;
            table.outdate();
            table.target = None;
            match state.selected {
                Some(event) => table.around = Some(event),
                None => table.bring(0),
            }
        }
        TableMsg::Moved(by) => return moved(state, by),
    }
    ask(state)
}

fn moved(state: &mut State, by: i32) -> Vec<Effect> {
    let total = state.report.as_ref().map_or(0, |report| report.events);
    let Some(last) = total.checked_sub(1) else { return Vec::new() };
    let table = &mut state.table;
    let here = table.target.or(state.selected.and_then(|event| table.position(event)));
    let at = match here {
        Some(here) => here.saturating_add_signed(by).min(last),
        // The first key selects where one is.
        None if by == i32::MAX => last,
        None if by == i32::MIN => 0,
        None => table.visible.0.min(last),
    };
    table.target = Some(at);
    table.bring(at);
    let mut effects = arrive(state);
    effects.extend(ask(state));
    effects
}

/// Selects the row that is sought, where it is known which event that is.
fn arrive(state: &mut State) -> Vec<Effect> {
    let table = &mut state.table;
    let Some(at) = table.target else { return Vec::new() };
    let event = if table.by_time { table.row(at).map(|row| row.event) } else { Some(at) };
    let Some(event) = event else { return Vec::new() };
    table.target = None;
    table.place = Some((event, at));
    let effects = moves::select(state, event);
    moves::reveal_row(state, event);
    effects
}

/// An event was selected: the table shows it.
pub(super) fn selected(state: &mut State, event: u32) -> Vec<Effect> {
    let table = &mut state.table;
    match table.position(event) {
        Some(at) => table.bring(at),
        None => table.around = Some(event),
    }
    ask(state)
}

/// Asks for the rows in view, where they are not held; one question at a time.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    let is_loaded = state.engine.loaded == Some(state.docs.events_version);
    let table = &mut state.table;
    if state.events_view != EventsView::Table || !is_loaded || table.is_asked {
        return Vec::new();
    }
    let total = state.report.as_ref().map_or(0, |report| report.events);
    let (mut first, mut end) = table.visible;
    if let Some(target) = table.target {
        (first, end) = (target, target + 1);
    }
    let held_end = table.held.first + table.held.rows.len() as u32;
    let is_held = table.held.first <= first.min(total) && end.min(total) <= held_end;
    if is_held && !table.is_old && table.around.is_none() {
        return Vec::new();
    }
    let count = end.saturating_sub(first).saturating_add(2 * MARGIN).min(MOST);
    first = first.saturating_sub(MARGIN);
    table.is_asked = true;
    table.is_old = false;
    table.run = table.run.next();
    let (run, by_time, around) = (table.run, table.by_time, table.around);
    vec![Effect::Ask(Request::Table { run, by_time, first, count, around })]
}

/// Rows have come.
pub(super) fn came(state: &mut State, run: RunId, rows: wire::Table) -> Vec<Effect> {
    let table = &mut state.table;
    if run != table.run {
        return Vec::new();
    }
    table.is_asked = false;
    table.held = Rc::new(rows);
    if let Some(event) = table.around.take()
        && let Some(at) = table.held.found
    {
        table.place = Some((event, at));
        table.bring(at);
    }
    let mut effects = arrive(state);
    effects.extend(ask(state));
    effects
}

/// Where a text of events is shown at first: a long one as a table.
pub(super) fn fitting_view(text: &str) -> EventsView {
    if text.len() > EVENTS_EDITOR_BYTES { EventsView::Table } else { EventsView::Text }
}
