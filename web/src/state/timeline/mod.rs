//! The Timeline tab: what of it is shown, and how one moves in it.

pub mod lanes;
pub mod scale;

use std::rc::Rc;

use eqlens_engine::wire::Filter;
use eqlens_engine::wire::timeline::{Ended, EventRef, Timeline, Trace};

use crate::protocol::{Request, RunId};
use crate::state::list::{Seek, Step};
use crate::state::model::{State, Tab};
use crate::state::timeline::scale::Range;
use crate::state::{Effect, moves};

/// Lanes, rows or groups shown at first, and how many more at a time.
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
    /// Pages of lanes beyond the first.
    pub more: usize,
    /// The lane one is in, as an index of the traces.
    pub trace: Option<usize>,
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
    /// More lanes are wanted.
    MoreWanted,
    /// An event of a lane was chosen.
    EventChosen {
        /// Index of the trace.
        trace: usize,
        /// The event.
        event: u32,
    },
    /// `.` and `,`: the next or previous event in time.
    EventStepped(Step),
    /// The next or previous lane.
    TraceStepped(Step),
    /// A match of an event query was chosen, by its place among the matches.
    MatchChosen(u32),
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
        self.trace = None;
        self.only_matched &= timeline.matched > 0;
        self.of = Some(run);
        self.timeline = Some(Rc::new(timeline));
    }

    /// The traces in view, by index.
    #[must_use]
    pub fn lanes(&self) -> Vec<usize> {
        let traces = self.timeline.as_ref().map_or(&[][..], |all| &all.traces);
        let fits = |trace: &Trace| !self.only_matched || trace.ended == Ended::Matched;
        let all = traces.iter().enumerate().filter(|(_, trace)| fits(trace));
        all.map(|(at, _)| at).take(PAGE * (self.more + 1)).collect()
    }

    /// The trace the selected event is looked at in: the one it was chosen in, else the first
    /// that has it.
    #[must_use]
    pub fn current(&self, selected: Option<u32>) -> Option<usize> {
        let (all, event) = (self.timeline.as_ref()?, selected?);
        let has = |at: &usize| all.traces.get(*at).is_some_and(|trace| is_in(trace, event));
        self.trace.filter(has).or_else(|| self.lanes().into_iter().find(has))
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
pub(super) fn ask(state: &State) -> Vec<Effect> {
    match state.shown_run.filter(|_| state.is_shown_held) {
        Some(run) if state.tab == Tab::Timeline && state.timeline.of != Some(run) => {
            vec![Effect::Ask(Request::Timeline { run })]
        }
        _ => Vec::new(),
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
        TimelineMsg::TableToggled => tab.is_table = !tab.is_table,
        TimelineMsg::OnlyMatched(only) => tab.only_matched = only,
        TimelineMsg::MoreWanted => tab.more += 1,
        TimelineMsg::EventChosen { trace, event } => return choose(state, trace, event),
        TimelineMsg::EventStepped(step) => return step_event(state, step),
        TimelineMsg::TraceStepped(step) => return step_trace(state, step),
        TimelineMsg::MatchChosen(at) => {
            let mut effects = moves::choose_filter(state, Filter::Matches);
            effects.extend(moves::seek(state, Seek::Index(at)));
            return effects;
        }
    }
    Vec::new()
}

fn time_of(timeline: &Timeline, event: u32) -> Option<i64> {
    let all = timeline.traces.iter().flat_map(events_of);
    all.filter(|one| one.event == event).find_map(|one| one.time_ms)
}

/// Selects an event in its lane and brings it into view.
fn choose(state: &mut State, trace: usize, event: u32) -> Vec<Effect> {
    let tab = &mut state.timeline;
    tab.trace = Some(trace);
    let time = tab.timeline.as_ref().and_then(|timeline| time_of(timeline, event));
    if let Some(time) = time.filter(|time| !tab.shown().shows(*time)) {
        tab.range = Some(tab.shown().centred(time as f64, tab.all()));
    }
    moves::select(state, event)
}

/// Goes through the events of the lanes in the order of time.
fn step_event(state: &mut State, step: Step) -> Vec<Effect> {
    let Some(timeline) = state.timeline.timeline.clone() else { return Vec::new() };
    let lanes = state.timeline.lanes();
    let mut all: Vec<(Option<i64>, usize, u32)> = Vec::new();
    for at in lanes {
        let events = timeline.traces.get(at).into_iter().flat_map(events_of);
        all.extend(events.map(|event| (event.time_ms, at, event.event)));
    }
    all.sort_unstable();
    // An event that stands in several lanes is one step, in the first of them.
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|(_, _, event)| seen.insert(*event));
    let here = all.iter().position(|(_, _, event)| Some(*event) == state.selected);
    match stepped(step, here, all.len()).and_then(|at| all.get(at)) {
        Some((_, trace, event)) => choose(state, *trace, *event),
        None => Vec::new(),
    }
}

/// Goes from lane to lane, to the first event of each.
fn step_trace(state: &mut State, step: Step) -> Vec<Effect> {
    let Some(timeline) = state.timeline.timeline.clone() else { return Vec::new() };
    let lanes = state.timeline.lanes();
    let current = state.timeline.current(state.selected);
    let here = lanes.iter().position(|at| Some(*at) == current);
    let to = stepped(step, here, lanes.len()).and_then(|at| lanes.get(at)).copied();
    let event = to.and_then(|at| events_of(timeline.traces.get(at)?).next());
    match to.zip(event) {
        Some((trace, event)) => choose(state, trace, event.event),
        None => Vec::new(),
    }
}

fn stepped(step: Step, here: Option<usize>, len: usize) -> Option<usize> {
    let last = len.checked_sub(1)?;
    Some(match (step, here) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None) => last,
        (Step::Next, Some(at)) => (at + 1).min(last),
        (Step::Previous, Some(at)) => at.saturating_sub(1),
    })
}

#[cfg(test)]
pub(crate) mod tests;
