//! The table of the events: what is asked for, and what is selected.

use eqlens_engine::wire::table::{Table, TableCell, TableRow};

use super::*;
use crate::state::docs::EVENTS_EDITOR_BYTES;
use crate::state::model::EventsView;
use crate::state::page::{MOST_NOTICES, Pane};
use crate::state::table::TableMsg;

/// Events there are; in time order the last of the input comes first.
const EVENTS: u32 = 1_000;

/// What the engine would answer.
pub(super) fn rows(by_time: bool, first: u32, count: u32, around: Option<u32>) -> Table {
    let place = |at: u32| if by_time { EVENTS - 1 - at } else { at };
    let found = around.filter(|event| *event < EVENTS).map(place);
    let first = found.map_or(first, |found| found.saturating_sub(count / 2));
    let row = |at: u32| TableRow {
        event: place(at),
        id: String::new(),
        verdict: None,
        time: None,
        host: TableCell::default(),
        cells: Vec::new(),
        summary: String::new(),
    };
    let rows = (first..(first + count).min(EVENTS)).map(row).collect();
    Table { columns: Vec::new(), total: EVENTS, first, found, rows }
}

/// The page over a thousand events, with the table open and its first rows in view.
fn opened() -> State {
    let (mut state, effects) = page();
    play(&mut state, effects, &sound(EVENTS));
    let effects = feed(&mut state, [Msg::EventsEdited("{}\n".repeat(EVENTS as usize).into())]);
    play(&mut state, effects, &sound(EVENTS));
    act(&mut state, Msg::EventsViewChosen(EventsView::Table));
    act(&mut state, Msg::Table(TableMsg::Seen { first: 0, end: 30 }));
    state
}

/// What was asked for while the message and all that follows from it were dealt with.
fn act(state: &mut State, msg: Msg) -> Vec<(u32, u32)> {
    let effects = update(state, msg);
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Ask(Request::Table { first, count, .. }) => Some((*first, *count)),
        _ => None,
    });
    let asked = asked.collect();
    play(state, effects, &sound(EVENTS));
    asked
}

fn moved(by: i32) -> Msg {
    Msg::Table(TableMsg::Moved(by))
}

#[test]
fn only_rows_that_are_not_held_are_asked_for() {
    let mut state = opened();
    assert_eq!(state.table.held.rows.len(), 96);
    let seen = |first| Msg::Table(TableMsg::Seen { first, end: first + 30 });
    assert_eq!(act(&mut state, seen(60)), []);
    assert_eq!(act(&mut state, seen(500)), [(452, 126)]);
    assert_eq!(act(&mut state, seen(520)), []);
    // While an answer is under way nothing more is asked; then what is in view by that time.
    let effects = feed(&mut state, [seen(100)]);
    assert_eq!(feed(&mut state, [seen(300)]), []);
    play(&mut state, effects, &sound(EVENTS));
    assert_eq!(state.table.held.first, 252);
}

#[test]
fn keys_move_the_one_selection_in_either_order() {
    let mut state = opened();
    act(&mut state, Msg::EventChosen(5));
    act(&mut state, moved(1));
    assert_eq!(state.selected, Some(6));
    act(&mut state, moved(i32::MAX));
    assert_eq!((state.selected, state.table.reveal.map(|it| it.1)), (Some(999), Some(999)));
    act(&mut state, moved(-30));
    assert_eq!(state.selected, Some(969));
    act(&mut state, Msg::Table(TableMsg::Sorted { by_time: true }));
    assert_eq!(state.table.reveal.map(|it| it.1), Some(30), "the selected event stays in view");
    act(&mut state, moved(1));
    assert_eq!(state.selected, Some(968));
    // Its row is far from what is held: it is selected when it comes.
    act(&mut state, moved(i32::MAX));
    assert_eq!(state.selected, Some(0));
    act(&mut state, moved(i32::MIN));
    assert_eq!(state.selected, Some(999));
    assert_eq!(state.explained.as_ref().map(|it| it.event), Some(999));
}

#[test]
fn an_event_selected_elsewhere_comes_into_view() {
    let mut state = opened();
    act(&mut state, Msg::Table(TableMsg::Sorted { by_time: true }));
    act(&mut state, Msg::EventChosen(400));
    assert_eq!(state.table.reveal.map(|it| it.1), Some(599));
}

#[test]
fn a_new_result_and_a_new_worker_are_asked_again() {
    let mut state = opened();
    let before = Rc::clone(&state.table.held);
    let effects = update(&mut state, Msg::RuleEdited("any where true".into()));
    play(&mut state, effects, &sound(EVENTS));
    assert!(!Rc::ptr_eq(&state.table.held, &before));
    let effects = feed(
        &mut state,
        [Msg::Table(TableMsg::Seen { first: 700, end: 730 }), Msg::WorkerDied("gone".into())],
    );
    play(&mut state, effects, &sound(EVENTS));
    assert_eq!(state.table.held.first, 652);
}

#[test]
fn long_events_open_as_a_table_and_stay_out_of_the_editor() {
    let (mut state, effects) = page();
    play(&mut state, effects, &sound(4));
    let text = "{}\n".repeat(EVENTS_EDITOR_BYTES / 3 + 1);
    let bytes = Bytes(Rc::new(text.into_bytes()));
    let effects = feed(&mut state, [Msg::FileOpened { name: "a.ndjson".into(), bytes }]);
    play(&mut state, effects, &sound(4));
    assert_eq!((state.events_view, state.docs.is_in_editor), (EventsView::Table, false));
    feed(&mut state, [Msg::PaneChosen(Pane::Rule)]);
    feed(&mut state, [Msg::EventsViewChosen(EventsView::Text)]);
    assert!(state.docs.is_in_editor);
}

#[test]
fn notices_are_few_and_the_newest_is_first() {
    let mut state = shown();
    for name in ["a", "b", "b", "c", "d"] {
        feed(&mut state, [Msg::FileRefused(name.into())]);
    }
    assert_eq!(state.notices.len(), MOST_NOTICES);
    assert_eq!(state.notices[0], Notice::FileUnreadable("d".into()));
    assert_eq!(state.notices[2], Notice::FileUnreadable("b".into()));
    feed(&mut state, [Msg::NoticesDismissed]);
    assert_eq!(state.notices, []);
}

#[test]
fn a_fragment_that_is_no_link_is_told() {
    let boot = |fragment: &str| Boot {
        examples: &EXAMPLES,
        fragment: Some(fragment.to_owned()),
        tab: Some(Tab::Tree),
        ..Boot::default()
    };
    let (mut state, _) = start(boot("#foo"));
    assert_eq!(state.notices, [Notice::NoLink("#foo".into())]);
    assert_eq!(state.tab, Tab::Tree, "the tab is that of the last visit");
    let edits = None;
    feed(&mut state, [Msg::AddressChanged { fragment: Some("#bar".into()), edits }]);
    assert_eq!(state.notices, [Notice::NoLink("#bar".into())]);
    let effects = feed(&mut state, [Msg::TabChosen(Tab::Rule), Msg::PageLeft]);
    assert_eq!(effects, [Effect::KeepTab(Tab::Rule)]);
}

/// A text of several pieces, as a file; answers with the effects of its first load.
fn long_file(state: &mut State) -> Vec<Effect> {
    let text = format!("{{\"a\":\"{}\"}}\n", "x".repeat(99)).repeat(200_000);
    let bytes = Bytes(Rc::new(text.into_bytes()));
    let effects = feed(state, [Msg::FileOpened { name: "a.ndjson".into(), bytes }]);
    let [Effect::Ask(decode)] = &effects[..] else { panic!("{effects:?}") };
    let effects = feed(state, [answer(reply(decode.clone(), &sound(4)))]);
    let settle = effects.into_iter().find_map(|effect| match effect {
        Effect::Settle { run, .. } => Some(run),
        _ => None,
    });
    feed(state, [Msg::Settled(settle.unwrap())])
}

fn loads(effects: &[Effect]) -> Vec<(usize, bool)> {
    let load = |effect: &Effect| match effect {
        Effect::Ask(Request::Load { events, is_more, .. }) => Some((events.len(), *is_more)),
        _ => None,
    };
    effects.iter().filter_map(load).collect()
}

/// Answers the first request among the effects.
fn answered(state: &mut State, effects: Vec<Effect>) -> Vec<Effect> {
    let first = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(request) => Some(request),
        _ => None,
    });
    update(state, answer(reply(first.unwrap(), &sound(9))))
}

#[test]
fn a_long_text_is_read_piece_by_piece_and_then_run() {
    let mut state = shown();
    let first = long_file(&mut state);
    assert_eq!(loads(&first), [(7_999_992, false)]);
    assert_eq!(state.reading().map(|it| it.2), Some(21_600_000));
    let second = answered(&mut state, first);
    assert_eq!(loads(&second), [(7_999_992, true)]);
    assert_eq!(state.report, None, "nothing is said of half the events");
    let third = answered(&mut state, second);
    assert_eq!(loads(&third), [(5_600_016, true)]);
    let rest = answered(&mut state, third);
    assert_eq!(state.report.as_ref().map(|report| report.events), Some(200_000));
    assert_eq!((loads(&rest), state.reading()), (vec![], None));
    play(&mut state, rest, &sound(9));
    assert_eq!((state.engine.status, state.engine.partial), (Status::Done, None));
}

#[test]
fn a_stopped_reading_keeps_what_was_read() {
    let mut state = shown();
    let first = long_file(&mut state);
    assert_eq!(feed(&mut state, [Msg::RunStopped]), []);
    let rest = answered(&mut state, first);
    assert_eq!(loads(&rest), []);
    assert_eq!(state.engine.partial, Some((7_999_992, 21_600_000)));
    play(&mut state, rest, &sound(9));
    assert_eq!(state.report.as_ref().map(|report| report.events), Some(74_074));
    assert!(state.result().is_some());
    let effects = feed(&mut state, [Msg::RunWanted]);
    let [Effect::Settle { run, .. }] = effects[..] else { panic!("{effects:?}") };
    assert_eq!(loads(&feed(&mut state, [Msg::Settled(run)])), [(7_999_992, false)]);
}

#[test]
fn an_edit_of_the_events_ends_the_reading_of_older_ones() {
    let mut state = shown();
    let first = long_file(&mut state);
    let effects = feed(&mut state, [Msg::EventsEdited("{}".into())]);
    let [Effect::Settle { run, .. }, ..] = effects[..] else { panic!("{effects:?}") };
    assert_eq!(feed(&mut state, [Msg::Settled(run)]), []);
    let rest = answered(&mut state, first);
    assert_eq!(loads(&rest), [(2, false)]);
    play(&mut state, rest, &sound(1));
    assert_eq!(state.report.as_ref().map(|report| report.events), Some(1));
}

#[test]
fn a_file_the_worker_is_at_is_given_up() {
    let mut state = shown();
    let before = Rc::clone(&state.docs.events);
    let bytes = Bytes(Rc::new(vec![b' '; EVENTS_EDITOR_BYTES + 1]));
    feed(&mut state, [Msg::FileOpened { name: "a.gz".into(), bytes }]);
    assert_eq!(state.reading().map(|it| it.0), Some("a.gz".into()));
    let effects = feed(&mut state, [Msg::RunStopped]);
    assert_eq!(effects[0], Effect::Respawn);
    play(&mut state, effects, &sound(4));
    assert_eq!((&state.docs.events, state.engine.status), (&before, Status::Done));
    assert_eq!(state.reading(), None);
}
