use eqlens_engine::wire::cursor::{Cursor, CursorAt, Did, Happened, Slot, SlotState};
use eqlens_engine::wire::timeline::{Ended, Point, QueryForm, Stage, Standing, Track};

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
        text: "process where true".to_owned(),
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
    let slot = |state, from, to| {
        vec![Slot { stage: 3, state, by: None, from_ms: Some(from), to_ms: Some(to) }]
    };
    let with = |slots: Vec<Slot>, trace: Trace| Trace { slots, ..trace };
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
            with(
                slot(SlotState::Satisfied, 3_400, 7_100),
                trace(Ended::Matched, 3, vec![at(1, 2_100), at(2, 3_400), None], None),
            ),
            trace(Ended::MaxspanExpired, 1, vec![at(3, 5_000)], at(4, 11_300)),
            trace(Ended::Overwritten, 1, vec![at(5, 9_200)], at(6, 11_600)),
            trace(Ended::KeyMissing, 2, vec![None, at(7, 11_900)], None),
            with(
                slot(SlotState::Violated, 13_200, 17_000),
                trace(
                    Ended::MissingEventSeen,
                    2,
                    vec![at(8, 12_000), at(9, 13_200)],
                    at(10, 15_100),
                ),
            ),
            trace(Ended::OpenAtEndOfData, 1, vec![at(11, 20_200)], None),
        ],
        ..Timeline::default()
    }
}

/// An event query with two matches and a near miss on two hosts.
pub(crate) fn tracks() -> Timeline {
    let point = |event: u32, standing| Point {
        event,
        id: format!("e{event}"),
        time_ms: i64::from(event) * 1_000,
        standing,
    };
    let track = |host: &str, points: Vec<Point>| Track {
        host: host.to_owned(),
        hosts: 1,
        points,
        ..Track::default()
    };
    use Standing::{Matches, Near, Searched};
    Timeline {
        form: QueryForm::Event,
        end_ms: 9_000,
        matched: 2,
        total: 2,
        tracks: vec![
            track("web-01", vec![point(1, Matches), point(4, Searched), point(9, Matches)]),
            track("db-02", vec![point(3, Near)]),
        ],
        ..Timeline::default()
    }
}

/// The page with the tab open and the timeline there.
fn opened() -> State {
    let mut state = shown();
    let effects = update(&mut state, Msg::TabChosen(Tab::Timeline));
    let run = state.shown_run.unwrap();
    assert_eq!(effects, [Effect::Ask(Request::Timeline { run, key: None })]);
    let response = Response::Timeline { run, key: None, timeline: Box::new(systemd()) };
    update(&mut state, Msg::Answered { response, after_ms: 1 });
    state
}

fn feed(state: &mut State, msg: TimelineMsg) -> Vec<Effect> {
    update(state, Msg::Timeline(msg))
}

#[test]
fn the_timeline_is_asked_for_once_and_only_while_it_is_open() {
    let mut state = opened();
    assert!(update(&mut state, Msg::TabChosen(Tab::Matches)).is_empty());
    assert!(update(&mut state, Msg::TabChosen(Tab::Timeline)).is_empty());
}

#[test]
fn an_answer_of_an_older_run_is_dropped() {
    let mut state = opened();
    let response = Response::Timeline { run: RunId(99), key: None, timeline: Box::default() };
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

/// Answers the question about the matcher that is among the effects.
fn cursor(state: &mut State, effects: &[Effect], events: &[u32]) -> Vec<Effect> {
    let [.., Effect::Ask(Request::Cursor { run, at })] = effects else { panic!("{effects:?}") };
    let (at, here) = match at {
        CursorAt::Nth(at) => {
            (*at as usize, at.checked_sub(1).and_then(|at| events.get(at as usize)).copied())
        }
        CursorAt::Event(event) => (events.iter().filter(|one| *one <= event).count(), Some(*event)),
    };
    let what = match here.is_some_and(|here| events.contains(&here)) {
        true => Happened::Started,
        false => Happened::Nothing,
    };
    let did = Did {
        what,
        stage: (what == Happened::Started).into(),
        keys: Vec::new(),
        sentence: String::new(),
    };
    let cursor = Cursor {
        at: at as u32,
        total: events.len() as u32,
        event: here.map(|one| event(one, i64::from(one) * 1_000)),
        did: vec![did],
        ..Cursor::default()
    };
    let response = Response::Cursor { run: *run, cursor: Some(Box::new(cursor)) };
    update(state, Msg::Answered { response, after_ms: 1 })
}

/// Steps and answers.
fn step(state: &mut State, msg: TimelineMsg, events: &[u32]) -> Vec<Effect> {
    let effects = feed(state, msg);
    cursor(state, &effects, events)
}

fn at(state: &State) -> u32 {
    state.timeline.head.cursor.as_ref().unwrap().at
}

#[test]
fn the_play_head_steps_the_matcher_and_the_selection_goes_with_it() {
    let mut state = shown();
    update(&mut state, Msg::TabChosen(Tab::Timeline));
    let run = state.shown_run.unwrap();
    let response = Response::Timeline { run, key: None, timeline: Box::new(systemd()) };
    let effects = update(&mut state, Msg::Answered { response, after_ms: 1 });
    let ask = Effect::Ask(Request::Cursor { run, at: CursorAt::Event(2) });
    assert_eq!(effects, [ask], "it begins where the selection is");
    let events = [1, 3, 5];
    cursor(&mut state, &effects, &events);
    assert_eq!((at(&state), state.selected), (1, Some(2)), "which no stage fits");
    let steps = [(Step::Next, 3), (Step::Next, 5), (Step::Previous, 3), (Step::Previous, 1)];
    for (to, selected) in steps {
        step(&mut state, TimelineMsg::HeadStepped(to), &events);
        assert_eq!(state.selected, Some(selected));
    }
    let effects = feed(&mut state, TimelineMsg::HeadStepped(Step::Previous));
    assert!(effects.is_empty(), "before the first event there is nothing to see");
    let behind = feed(&mut state, TimelineMsg::EventChosen { trace: 0, event: 2 });
    cursor(&mut state, &behind, &events);
    step(&mut state, TimelineMsg::HeadStepped(Step::Previous), &events);
    assert_eq!(state.selected, Some(1), "back from an event between two");
}

#[test]
fn the_play_head_goes_to_a_mark_that_is_chosen() {
    let mut state = opened();
    let effects = feed(&mut state, TimelineMsg::EventChosen { trace: 0, event: 1 });
    // The answer to the first question is still on its way.
    assert!(!effects.iter().any(|one| matches!(one, Effect::Ask(Request::Cursor { .. }))));
    let run = state.shown_run.unwrap();
    let first = [Effect::Ask(Request::Cursor { run, at: CursorAt::Event(2) })];
    let effects = cursor(&mut state, &first, &[1, 2, 3]);
    assert_eq!(effects, [Effect::Ask(Request::Cursor { run, at: CursorAt::Event(1) })]);
    cursor(&mut state, &effects, &[1, 2, 3]);
    assert_eq!((at(&state), state.selected), (1, Some(1)));
}

#[test]
fn it_plays_until_the_end_and_only_when_told_to() {
    let mut state = opened();
    let run = state.shown_run.unwrap();
    let first = [Effect::Ask(Request::Cursor { run, at: CursorAt::Event(2) })];
    let events = [3, 4];
    assert!(cursor(&mut state, &first, &events).is_empty());
    assert!(feed(&mut state, TimelineMsg::Ticked).is_empty());
    let effects = step(&mut state, TimelineMsg::PlayToggled, &events);
    assert_eq!((at(&state), effects.last()), (1, Some(&Effect::PlaySoon)));
    let effects = step(&mut state, TimelineMsg::Ticked, &events);
    assert!(!effects.contains(&Effect::PlaySoon), "the end");
    assert_eq!((at(&state), state.timeline.head.is_playing), (2, false));
    step(&mut state, TimelineMsg::PlayToggled, &events);
    assert_eq!((at(&state), state.timeline.head.is_playing), (1, true), "from the start again");
    feed(&mut state, TimelineMsg::PlayToggled);
    assert!(feed(&mut state, TimelineMsg::Ticked).is_empty(), "stopped");
}

#[test]
fn arrows_go_from_mark_to_mark_and_enter_chooses() {
    let mut state = opened();
    state.selected = None;
    feed(&mut state, TimelineMsg::RowStepped(Step::Next));
    let spot = |state: &State| state.timeline.spot.map(|(row, spot)| (row, spot.2));
    assert_eq!(spot(&state), Some((0, 1)));
    feed(&mut state, TimelineMsg::MarkStepped(Step::Next));
    assert_eq!(spot(&state), Some((0, 2)));
    feed(&mut state, TimelineMsg::MarkStepped(Step::Next));
    assert_eq!(spot(&state), Some((0, 2)), "the last of its lane");
    feed(&mut state, TimelineMsg::RowStepped(Step::Next));
    assert_eq!(spot(&state), Some((1, 3)), "the nearest in time");
    feed(&mut state, TimelineMsg::RowStepped(Step::Last));
    assert_eq!(spot(&state), Some((5, 11)));
    assert_eq!(state.selected, None);
    feed(&mut state, TimelineMsg::SpotChosen);
    assert_eq!((state.selected, state.timeline.current(Some(11))), (Some(11), Some(5)));
}

#[test]
fn an_event_of_a_track_is_chosen_like_any_other() {
    let mut state = shown();
    update(&mut state, Msg::TabChosen(Tab::Timeline));
    let run = state.shown_run.unwrap();
    let response = Response::Timeline { run, key: None, timeline: Box::new(tracks()) };
    let effects = update(&mut state, Msg::Answered { response, after_ms: 1 });
    assert!(effects.is_empty(), "there is no matcher to step");
    feed(&mut state, TimelineMsg::EventChosen { trace: 0, event: 3 });
    assert_eq!(state.timeline.current_row(state.selected), Some(4));
    feed(&mut state, TimelineMsg::RowStepped(Step::Previous));
    assert_eq!(state.timeline.spot.map(|(row, spot)| (row, spot.2)), Some((3, 4)));
}

#[test]
fn a_step_out_of_view_brings_its_event_into_view() {
    let mut state = opened();
    feed(&mut state, TimelineMsg::EventChosen { trace: 0, event: 1 });
    feed(&mut state, TimelineMsg::Zoomed { percent: 10, permille: None });
    assert!(state.timeline.shown().shows(2_100), "zoomed around the selected event");
    assert!(!state.timeline.shown().shows(20_200));
    feed(&mut state, TimelineMsg::RowStepped(Step::Last));
    assert!(state.timeline.shown().shows(20_200));
    feed(&mut state, TimelineMsg::Fitted);
    assert_eq!(state.timeline.shown(), state.timeline.all());
}

#[test]
fn the_drawing_is_saved_under_the_name_of_the_rule() {
    let mut state = opened();
    let effects = update(&mut state, Msg::TimelineSvgWanted);
    let [Effect::SaveFile { name, mime, text }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((name.as_str(), *mime), ("eql-query-timeline.svg", "image/svg+xml"));
    assert!(text.contains("1 matched of 6"));
    // From another tab it is asked for first.
    let mut state = shown();
    let run = state.shown_run.unwrap();
    let effects = update(&mut state, Msg::TimelineSvgWanted);
    assert_eq!(effects, [Effect::Ask(Request::Timeline { run, key: None })]);
    let response = Response::Timeline { run, key: None, timeline: Box::new(systemd()) };
    let effects = update(&mut state, Msg::Answered { response, after_ms: 1 });
    assert!(matches!(&effects[..], [Effect::SaveFile { .. }]), "{effects:?}");
}

#[test]
fn the_table_takes_the_focus_that_the_drawing_had() {
    let mut state = opened();
    assert_eq!(feed(&mut state, TimelineMsg::TableToggled), [Effect::Focus(Place::Result)]);
    assert!(state.timeline.is_table);
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
    assert_eq!(state.timeline.rows[..], [Row::Trace(0)]);
}

#[test]
fn a_key_whose_traces_were_left_out_is_asked_for() {
    let key = systemd().traces[1].keys.clone();
    let of_key = |total: u32| Timeline {
        traces: systemd().traces.into_iter().filter(|trace| trace.keys == key).collect(),
        total,
        ..systemd()
    };
    // All there is has come: nothing to ask.
    let mut state = opened();
    assert!(feed(&mut state, TimelineMsg::KeyChosen(Some(1))).is_empty());
    // Some has not.
    let mut state = opened();
    let run = state.shown_run.unwrap();
    state.timeline.take(run, Timeline { total: 9_000, ..systemd() });
    let effects = feed(&mut state, TimelineMsg::KeyChosen(Some(1)));
    let asked = Some(key.clone());
    assert_eq!(effects, [Effect::Ask(Request::Timeline { run, key: asked.clone() })]);
    let answer = |state: &mut State, key: Option<Vec<Option<String>>>, total: u32| {
        let response = Response::Timeline { run, key, timeline: Box::new(of_key(total)) };
        update(state, Msg::Answered { response, after_ms: 1 });
        state.timeline.timeline.as_ref().unwrap().total
    };
    assert_eq!(answer(&mut state, Some(vec![Some("another".into())]), 1), 9_000, "overtaken");
    assert_eq!(answer(&mut state, asked.clone(), 5_000), 5_000);
    assert!(state.timeline.rows.len() == of_key(0).traces.len());
    assert!(feed(&mut state, TimelineMsg::KeyChosen(None)).is_empty());
    assert_eq!(state.timeline.timeline.as_ref().unwrap().total, 9_000, "all keys again");
    assert_eq!(answer(&mut state, asked, 5_000), 9_000, "it is wanted no more");
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
