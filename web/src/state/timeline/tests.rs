use eqlens_engine::wire::timeline::{QueryForm, Stage};

use super::*;
use crate::protocol::Response;
use crate::state::tests::shown;
use crate::state::{Msg, update};

/// A stage; `missing` for `![…]`.
pub(crate) fn stage(number: u16, missing: bool) -> Stage {
    Stage {
        number,
        term: number,
        nth: 1,
        label: "process".to_owned(),
        missing,
        until: false,
        node: number.into(),
        count: 3,
    }
}

/// An event at a time of day.
pub(crate) fn event(event: u32, time_ms: i64) -> EventRef {
    let time = Some(format!("1970-01-01T00:00:{:02}.{:03}Z", time_ms / 1000, time_ms % 1000));
    EventRef { event, id: format!("e{event}"), time_ms: Some(time_ms), time }
}

pub(crate) fn trace(
    ended: Ended,
    stage: u16,
    events: Vec<Option<EventRef>>,
    by: Option<EventRef>,
) -> Trace {
    Trace {
        keys: vec![Some("8c1f".to_owned()), None],
        host: "web-01".to_owned(),
        label: "perl".to_owned(),
        ended,
        stage,
        events,
        unwanted_stage: by.as_ref().filter(|_| ended == Ended::MissingEventSeen).map(|_| 3),
        by,
        late_ms: None,
        field: None,
        outcome: "ended in some way".to_owned(),
        sentence: "It ended in some way.".to_owned(),
        slots: Vec::new(),
    }
}

/// `sequence with maxspan=5s [process] [network] ![process]`, 22 s of data, one trace of most
/// kinds.
pub(crate) fn systemd() -> Timeline {
    let at = |n: u32, ms: i64| Some(event(n, ms));
    Timeline {
        form: QueryForm::Sequence,
        keys: vec!["host.id".to_owned(), "entity_id".to_owned()],
        stages: vec![stage(1, false), stage(2, false), stage(3, true)],
        maxspan_ms: Some(5_000),
        start_ms: 0,
        end_ms: 22_000,
        density: vec![1, 0, 3],
        matched: 1,
        total: 6,
        traces: vec![
            trace(Ended::Matched, 3, vec![at(1, 2_100), at(2, 3_400), None], None),
            trace(Ended::MaxspanExpired, 1, vec![at(3, 5_000)], at(4, 11_300)),
            trace(Ended::Overwritten, 1, vec![at(5, 9_200)], at(6, 11_600)),
            trace(Ended::KeyMissing, 2, vec![None, at(7, 11_900)], None),
            trace(Ended::MissingEventSeen, 2, vec![at(8, 12_000), at(9, 13_200)], at(10, 15_100)),
            trace(Ended::OpenAtEndOfData, 1, vec![at(11, 20_200)], None),
        ],
        ..Timeline::default()
    }
}

/// The page with the tab open and the timeline there.
fn opened() -> State {
    let mut state = shown();
    let effects = update(&mut state, Msg::TabChosen(Tab::Timeline));
    let run = state.shown_run.unwrap();
    assert_eq!(effects, [Effect::Ask(Request::Timeline { run })]);
    let response = Response::Timeline { run, timeline: Box::new(systemd()) };
    update(&mut state, Msg::Answered { response, after_ms: 1 });
    state
}

fn feed(state: &mut State, msg: TimelineMsg) -> Vec<Effect> {
    update(state, Msg::Timeline(msg))
}

#[test]
fn the_timeline_is_asked_for_once_and_only_while_it_is_open() {
    let mut state = opened();
    assert!(update(&mut state, Msg::TabChosen(Tab::Tree)).is_empty());
    assert!(update(&mut state, Msg::TabChosen(Tab::Timeline)).is_empty());
}

#[test]
fn an_answer_of_an_older_run_is_dropped() {
    let mut state = opened();
    let response = Response::Timeline { run: RunId(99), timeline: Box::default() };
    update(&mut state, Msg::Answered { response, after_ms: 1 });
    assert_eq!(state.timeline.timeline.unwrap().total, 6);
}

#[test]
fn keys_act_only_in_the_tab() {
    let mut state = opened();
    state.tab = Tab::Tree;
    feed(&mut state, TimelineMsg::Zoomed { percent: 50, permille: None });
    assert_eq!(state.timeline.range, None);
}

#[test]
fn events_are_stepped_through_in_time_across_lanes() {
    let mut state = opened();
    state.selected = None;
    let mut seen = Vec::new();
    for _ in 0..12 {
        feed(&mut state, TimelineMsg::EventStepped(Step::Next));
        seen.extend(state.selected);
    }
    assert_eq!(seen, [1, 2, 3, 5, 4, 6, 7, 8, 9, 10, 11, 11]);
    feed(&mut state, TimelineMsg::EventStepped(Step::Previous));
    assert_eq!((state.selected, state.timeline.current(state.selected)), (Some(10), Some(4)));
}

#[test]
fn a_step_brings_its_event_into_view() {
    let mut state = opened();
    feed(&mut state, TimelineMsg::EventChosen { trace: 0, event: 1 });
    feed(&mut state, TimelineMsg::Zoomed { percent: 10, permille: None });
    assert!(state.timeline.shown().shows(2_100), "zoomed around the selected event");
    assert!(!state.timeline.shown().shows(20_200));
    feed(&mut state, TimelineMsg::TraceStepped(Step::Last));
    assert_eq!(state.selected, Some(11));
    assert!(state.timeline.shown().shows(20_200));
    feed(&mut state, TimelineMsg::Fitted);
    assert_eq!(state.timeline.shown(), state.timeline.all());
}

#[test]
fn a_trace_can_fill_the_width() {
    let mut state = opened();
    feed(&mut state, TimelineMsg::ZoomedTo(0));
    let shown = state.timeline.shown();
    assert!(shown.shows(2_100) && shown.shows(3_400) && shown.span() < 8_000.0);
}

#[test]
fn only_matches_can_be_shown() {
    let mut state = opened();
    feed(&mut state, TimelineMsg::OnlyMatched(true));
    assert_eq!(state.timeline.lanes(), [0]);
}

#[test]
fn the_place_stays_while_the_data_do() {
    let mut state = opened();
    feed(&mut state, TimelineMsg::Zoomed { percent: 50, permille: Some(0) });
    let zoomed = state.timeline.range;
    state.timeline.take(RunId(8), systemd());
    assert_eq!(state.timeline.range, zoomed);
    state.timeline.take(RunId(9), Timeline { end_ms: 9, ..systemd() });
    assert_eq!(state.timeline.range, None);
}
