//! The Timeline tab: what of it is shown, and how one moves in it.

pub mod head;
pub mod lanes;
pub mod names;
pub mod rows;
pub mod scale;
pub mod svg;

use std::rc::Rc;

use eqlens_engine::wire::timeline::{EventRef, Timeline, Trace};

use crate::protocol::{Request, RunId};
use crate::state::list::Step;
use crate::state::model::{Place, State, Tab};
use crate::state::timeline::head::Head;
use crate::state::timeline::rows::{Row, Spot, rows};
use crate::state::timeline::scale::Range;
use crate::state::{Effect, moves};

/// Rows of a table shown at first, and how many more at a time.
pub const PAGE: usize = 100;

/// What of the timeline is shown.
#[derive(Clone, Debug, Default)]
pub struct TimelineTab {
    /// The answer of the worker.
    pub timeline: Option<Rc<Timeline>>,
    /// The run it is of.
    pub of: Option<RunId>,
    /// What was zoomed to; `None` shows all.
    pub range: Option<Range>,
    /// The table in place of the drawing.
    pub is_table: bool,
    /// Only what matched.
    pub only_matched: bool,
    /// Pages of a table beyond the first.
    pub more: usize,
    /// The rows of the drawing.
    pub rows: Rc<[Row]>,
    /// Only the traces of this key.
    pub key: Option<Vec<Option<String>>>,
    /// The answer about all keys, while `timeline` is the one about `key`.
    of_all: Option<Rc<Timeline>>,
    /// The lane one is in, as an index of the traces.
    pub trace: Option<usize>,
    /// The mark the arrow keys went to: its row, and itself.
    pub spot: Option<(usize, Spot)>,
    /// The play-head.
    pub head: Head,
    /// The drawing is to be saved once it is there.
    wants_svg: bool,
}

/// Something that happened in the tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineMsg {
    /// Zoomed to `percent` of the stretch shown; the point at `permille` of the width stays.
    Zoomed {
        /// 50 shows half as much, 200 twice as much.
        percent: u16,
        /// `None`: the selected event, else the middle.
        permille: Option<u16>,
    },
    /// Moved by a part of the width; positive shows what came later.
    Panned {
        /// Thousandths of the width.
        permille: i32,
    },
    /// The overview was clicked.
    Centred {
        /// Thousandths of all data.
        permille: u16,
    },
    /// F.
    Fitted,
    /// A trace is to fill the width.
    ZoomedTo(usize),
    /// The table or the drawing was chosen.
    TableChosen(bool),
    /// T.
    TableToggled,
    /// Only what matched, or everything.
    OnlyMatched(bool),
    /// More rows of a table are wanted.
    MoreWanted,
    /// Only the key of this trace, or all of them.
    KeyChosen(Option<usize>),
    /// An event of a lane was chosen.
    EventChosen {
        /// Index of the trace; any number in a track.
        trace: usize,
        /// The event.
        event: u32,
    },
    /// Arrows up and down: to the next or previous row.
    RowStepped(Step),
    /// Arrows to the sides: to the next or previous mark of the row.
    MarkStepped(Step),
    /// Enter: the mark the arrows went to.
    SpotChosen,
    /// `.` and `,`: the play-head on or back by an event.
    HeadStepped(Step),
    /// The play-head starts or stops to go on by itself.
    PlayToggled,
    /// Time for its next step.
    Ticked,
}

impl TimelineTab {
    /// All of the data.
    #[must_use]
    pub fn all(&self) -> Range {
        let ends = self.timeline.as_ref().map_or((0, 0), |all| (all.start_ms, all.end_ms));
        Range::around(ends.0, ends.1)
    }

    /// What is shown of it.
    #[must_use]
    pub fn shown(&self) -> Range {
        self.range.unwrap_or_else(|| self.all())
    }

    fn zoom_to(&mut self, range: Range) {
        let all = self.all();
        self.range = Some(range).filter(|range| *range != all);
    }

    /// Takes in an answer. The place one has zoomed to stays while the data do.
    pub fn take(&mut self, run: RunId, timeline: Timeline) {
        let ends = |timeline: &Timeline| (timeline.start_ms, timeline.end_ms, timeline.form);
        if self.timeline.as_deref().map(ends) != Some(ends(&timeline)) {
            self.range = None;
            self.more = 0;
        }
        self.of_all = None;
        self.key = self.key.take().filter(|key| timeline.traces.iter().any(|one| one.keys == *key));
        self.head.is_playing = false;
        self.of = Some(run);
        self.replace(Rc::new(timeline));
    }

    fn replace(&mut self, timeline: Rc<Timeline>) {
        self.trace = None;
        self.only_matched &= timeline.matched > 0;
        self.timeline = Some(timeline);
        self.arrange();
    }

    /// Takes in an answer about one key.
    fn take_key(&mut self, timeline: Timeline) {
        let of_all = self.timeline.clone();
        self.of_all = self.of_all.take().or(of_all);
        self.replace(Rc::new(timeline));
    }

    /// Asks for the key whose traces alone are shown, where some may have been left out.
    fn ask_key(&self) -> Vec<Effect> {
        let is_cut = |all: &Rc<Timeline>| all.traces.len() < all.total as usize;
        match (self.of, &self.key) {
            (Some(run), Some(key))
                if self.of_all.is_none() && self.timeline.as_ref().is_some_and(is_cut) =>
            {
                vec![Effect::Ask(Request::Timeline { run, key: Some(key.clone()) })]
            }
            _ => Vec::new(),
        }
    }

    /// There is no result any more.
    pub fn forget(&mut self) {
        self.timeline = None;
        self.of_all = None;
        self.of = None;
        self.head = Head::default();
        self.arrange();
    }

    /// Makes the rows anew.
    fn arrange(&mut self) {
        let made = self.timeline.as_ref();
        let made = made.map(|all| rows(all, self.only_matched, self.key.as_deref()));
        self.rows = made.unwrap_or_default().into();
        self.spot = None;
    }

    /// The trace the selected event is looked at in: the one it was chosen in, else the first
    /// that has it.
    #[must_use]
    pub fn current(&self, selected: Option<u32>) -> Option<usize> {
        let (all, event) = (self.timeline.as_ref()?, selected?);
        let has = |at: &usize| all.traces.get(*at).is_some_and(|trace| is_in(trace, event));
        let all = || self.rows.iter().flat_map(Row::traces).copied();
        self.trace.filter(has).or_else(|| all().find(has))
    }

    /// The row the selected event is looked at in.
    #[must_use]
    pub fn current_row(&self, selected: Option<u32>) -> Option<usize> {
        if let Some(trace) = self.current(selected) {
            return self.rows.iter().position(|row| row.traces().contains(&trace));
        }
        let (all, event) = (self.timeline.as_ref()?, selected?);
        let has = |row: &Row| {
            matches!(row, Row::Track(_)) && row.points(all).any(|point| point.event == event)
        };
        self.rows.iter().position(has)
    }

    /// Brings a moment into view.
    fn show(&mut self, time_ms: i64) {
        if !self.shown().shows(time_ms) {
            self.range = Some(self.shown().centred(time_ms as f64, self.all()));
        }
    }
}

/// The events of a trace and the one that ended it.
pub fn events_of(trace: &Trace) -> impl Iterator<Item = &EventRef> {
    trace.events.iter().flatten().chain(&trace.by)
}

fn is_in(trace: &Trace, event: u32) -> bool {
    events_of(trace).any(|one| one.event == event)
}

/// Asks for the timeline of the result on the page, where the tab is open and lacks it.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    match state.shown_run.filter(|_| state.is_shown_held) {
        Some(run) if state.tab == Tab::Timeline && state.timeline.of != Some(run) => {
            vec![Effect::Ask(Request::Timeline { run, key: None })]
        }
        _ => head::follow(state),
    }
}

/// The timeline came; the play-head goes to the selected event.
pub(super) fn answered(
    state: &mut State,
    run: RunId,
    key: Option<Vec<Option<String>>>,
    timeline: Timeline,
) -> Vec<Effect> {
    if Some(run) != state.shown_run {
        return Vec::new();
    }
    if key.is_some() {
        if state.timeline.key == key && state.timeline.of == Some(run) {
            state.timeline.take_key(timeline);
        }
        return Vec::new();
    }
    state.timeline.take(run, timeline);
    let mut effects = head::follow(state);
    effects.extend(state.timeline.ask_key());
    if std::mem::take(&mut state.timeline.wants_svg) {
        effects.extend(svg::save(state));
    }
    effects
}

/// The drawing is wanted as a file, from wherever; it is asked for where it is not there.
pub(super) fn save_svg(state: &mut State) -> Vec<Effect> {
    match state.shown_run.filter(|_| state.is_shown_held) {
        Some(run) if state.timeline.of != Some(run) => {
            state.timeline.wants_svg = true;
            vec![Effect::Ask(Request::Timeline { run, key: None })]
        }
        _ => svg::save(state),
    }
}

pub(super) fn update(state: &mut State, msg: TimelineMsg) -> Vec<Effect> {
    if state.tab != Tab::Timeline {
        return Vec::new();
    }
    let tab = &mut state.timeline;
    let (all, shown) = (tab.all(), tab.shown());
    match msg {
        TimelineMsg::Zoomed { percent, permille } => {
            let selected = state.selected.and_then(|event| time_of(tab.timeline.as_ref()?, event));
            let at = match (permille, selected.filter(|at| shown.shows(*at))) {
                (Some(permille), _) => f64::from(permille) / 1000.0,
                (None, Some(at)) => shown.x(at, 1.0),
                (None, None) => 0.5,
            };
            tab.zoom_to(shown.zoomed(f64::from(percent) / 100.0, at, all));
        }
        TimelineMsg::Panned { permille } => {
            tab.zoom_to(shown.panned(f64::from(permille) / 1000.0, all));
        }
        TimelineMsg::Centred { permille } => {
            let at = all.start + all.span() * f64::from(permille) / 1000.0;
            tab.zoom_to(shown.centred(at, all));
        }
        TimelineMsg::Fitted => tab.range = None,
        TimelineMsg::ZoomedTo(at) => {
            let timeline = tab.timeline.clone();
            let trace = timeline.as_ref().and_then(|timeline| timeline.traces.get(at));
            let times = || trace.into_iter().flat_map(events_of).filter_map(|event| event.time_ms);
            if let (Some(first), Some(last)) = (times().min(), times().max()) {
                let span = timeline.as_ref().and_then(|timeline| timeline.maxspan_ms).unwrap_or(0);
                // A long window must not make its events one dot.
                let span = span.min(last.abs_diff(first).saturating_mul(4));
                let around = Range::around(first, last.max(first.saturating_add_unsigned(span)));
                let room = around.span() * 0.1;
                let wide = Range { start: around.start - room, end: around.end + room };
                tab.zoom_to(wide.zoomed(1.0, 0.5, all));
            }
        }
        TimelineMsg::TableChosen(is_table) => tab.is_table = is_table,
        TimelineMsg::TableToggled => {
            tab.is_table = !tab.is_table;
            // The focus may have been in what goes.
            return vec![Effect::Focus(Place::Result)];
        }
        TimelineMsg::OnlyMatched(only) => {
            tab.only_matched = only;
            tab.arrange();
        }
        TimelineMsg::KeyChosen(trace) => {
            if trace.is_some() && tab.of_all.is_some() {
                // It is shown already.
                return Vec::new();
            }
            let traces = tab.timeline.as_ref().map_or(&[][..], |all| &all.traces);
            tab.key = trace.and_then(|at| traces.get(at)).map(|trace| trace.keys.clone());
            tab.more = 0;
            match tab.of_all.take() {
                Some(all) => tab.replace(all),
                None => tab.arrange(),
            }
            return tab.ask_key();
        }
        TimelineMsg::MoreWanted => tab.more += 1,
        TimelineMsg::EventChosen { trace, event } => return choose(state, trace, event),
        TimelineMsg::RowStepped(step) => step_row(state, step),
        TimelineMsg::MarkStepped(step) => step_mark(state, step),
        TimelineMsg::SpotChosen => {
            if let Some((_, (_, trace, event))) = tab.spot {
                return choose(state, trace, event);
            }
        }
        TimelineMsg::HeadStepped(step) => {
            tab.head.is_playing = false;
            return head::step(state, step);
        }
        TimelineMsg::PlayToggled => return head::play(state),
        TimelineMsg::Ticked => return head::ticked(state),
    }
    Vec::new()
}

fn time_of(timeline: &Timeline, event: u32) -> Option<i64> {
    let all = timeline.traces.iter().flat_map(events_of);
    let time = all.filter(|one| one.event == event).find_map(|one| one.time_ms);
    let mut points = timeline.tracks.iter().flat_map(|track| &track.points);
    time.or_else(|| Some(points.find(|point| point.event == event)?.time_ms))
}

/// Selects an event in its lane and brings it into view.
fn choose(state: &mut State, trace: usize, event: u32) -> Vec<Effect> {
    let tab = &mut state.timeline;
    tab.head.is_playing = false;
    tab.trace = Some(trace).filter(|at| {
        let traces = tab.timeline.as_ref().map_or(&[][..], |all| &all.traces);
        traces.get(*at).is_some_and(|trace| is_in(trace, event))
    });
    tab.spot = tab.spot.filter(|(_, spot)| (spot.1, spot.2) == (trace, event));
    let time = tab.timeline.as_ref().and_then(|timeline| time_of(timeline, event));
    if let Some(time) = time {
        tab.show(time);
    }
    moves::select(state, event)
}

/// Where the arrow keys are: where they went, else at the selected event, else nowhere.
fn here(state: &State) -> Option<(usize, Spot)> {
    let tab = &state.timeline;
    tab.spot.or_else(|| {
        let row = tab.current_row(state.selected)?;
        let spots = tab.rows.get(row)?.spots(tab.timeline.as_ref()?);
        let is_it = |spot: &Spot| {
            Some(spot.2) == state.selected && tab.trace.is_none_or(|trace| trace == spot.1)
        };
        Some((row, spots.into_iter().find(is_it)?))
    })
}

fn go(state: &mut State, row: usize, spot: Spot) {
    if let Some(time) = spot.0 {
        state.timeline.show(time);
    }
    state.timeline.spot = Some((row, spot));
}

/// To the mark of another row that is nearest in time. Rows without any are passed over.
fn step_row(state: &mut State, step: Step) {
    let Some(timeline) = state.timeline.timeline.clone() else { return };
    let rows = Rc::clone(&state.timeline.rows);
    let here = here(state);
    let time = here.and_then(|(_, spot)| spot.0).unwrap_or(i64::MIN);
    let nearest = |row: usize| {
        let spots = rows.get(row)?.spots(&timeline);
        let away = |spot: &Spot| spot.0.map_or(u64::MAX, |at| at.abs_diff(time));
        Some((row, spots.into_iter().min_by_key(away)?))
    };
    let at = here.map(|(row, _)| row);
    let found = match step {
        Step::Next => (at.map_or(0, |at| at + 1)..rows.len()).find_map(nearest),
        Step::First => (0..rows.len()).find_map(nearest),
        Step::Previous => (0..at.unwrap_or(rows.len())).rev().find_map(nearest),
        Step::Last => (0..rows.len()).rev().find_map(nearest),
    };
    if let Some((row, spot)) = found {
        go(state, row, spot);
    }
}

/// To the next mark of the row, in time.
fn step_mark(state: &mut State, step: Step) {
    let Some(timeline) = state.timeline.timeline.clone() else { return };
    let Some((row, spot)) = here(state) else { return step_row(state, Step::First) };
    let spots = state.timeline.rows.get(row).map(|row| row.spots(&timeline)).unwrap_or_default();
    let at = spots.iter().position(|one| *one == spot);
    let at = match (step, at) {
        (Step::Previous, Some(at)) => at.checked_sub(1),
        (Step::Next, Some(at)) => Some(at + 1),
        _ => Some(0),
    };
    if let Some(spot) = at.and_then(|at| spots.get(at)) {
        go(state, row, *spot);
    }
}

#[cfg(test)]
pub(crate) mod tests;
