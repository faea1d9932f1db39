//! The selection follows its event while the events are edited.

use super::*;

/// The page with four events, of which the one on the third line is selected.
fn page_of_four() -> State {
    let mut state = shown();
    edit(&mut state, "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}");
    feed(&mut state, [Msg::EventChosen(2)]);
    state.explained = Some(Rc::new(explanation(2)));
    state
}

/// Types a text of events and has it answered; events on broken lines are none.
fn edit(state: &mut State, text: &str) {
    let effects = feed(state, [Msg::EventsEdited(text.into())]);
    let events = text.lines().filter(|line| !line.contains("broken")).count();
    play(state, effects, &sound(u32::try_from(events).unwrap()));
}

/// The selected event, the event that is explained, the line that is marked, and the one said to be
/// broken.
fn selection(state: &State) -> (Option<u32>, Option<u32>, Option<u32>, Option<u32>) {
    let explained = state.explained.as_ref().map(|explained| explained.event);
    (state.selected, explained, state.selected_line(), state.unread_line())
}

#[test]
fn a_broken_line_above_moves_the_selection_with_its_event() {
    let mut state = page_of_four();
    assert_eq!(selection(&state), (Some(2), Some(2), Some(3), None));
    edit(&mut state, "{\"a\":broken\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}");
    assert_eq!(selection(&state), (Some(1), Some(1), Some(3), None));
    edit(&mut state, "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}");
    assert_eq!(selection(&state), (Some(2), Some(2), Some(3), None));
    edit(&mut state, "{\"a\":1}\n{\"new\":0}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}");
    assert_eq!(selection(&state), (Some(3), Some(3), Some(4), None));
}

#[test]
fn an_event_whose_own_line_breaks_is_not_replaced_and_comes_back() {
    let mut state = page_of_four();
    for text in ["{\"c\":broken", "{\"c\":3broken"] {
        edit(&mut state, &format!("{{\"a\":1}}\n{{\"b\":2}}\n{text}\n{{\"d\":4}}"));
        assert_eq!(selection(&state), (None, None, Some(3), Some(3)));
        assert_eq!(state.engine.status, Status::Done);
    }
    // Neither another run nor another edit chooses for the visitor meanwhile.
    let effects = feed(&mut state, [Msg::RuleEdited("any where true".into())]);
    play(&mut state, effects, &sound(3));
    assert_eq!(selection(&state), (None, None, Some(3), Some(3)));
    edit(&mut state, "{\"0\":0}\n{\"a\":1}\n{\"b\":2}\n{\"c\":3broken\n{\"d\":4}");
    assert_eq!(selection(&state), (None, None, Some(4), Some(4)));
    edit(&mut state, "{\"0\":0}\n{\"a\":1}\n{\"b\":2}\n{\"c\":33}\n{\"d\":4}");
    assert_eq!(selection(&state), (Some(3), Some(3), Some(4), None));
}

#[test]
fn another_event_can_be_chosen_while_the_line_is_broken() {
    let mut state = page_of_four();
    edit(&mut state, "{\"a\":1}\n{\"b\":2}\n{\"c\":broken\n{\"d\":4}");
    let effects = feed(&mut state, [Msg::EventChosen(0)]);
    play(&mut state, effects, &sound(3));
    assert_eq!(selection(&state), (Some(0), Some(0), Some(1), None));
    edit(&mut state, "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}");
    assert_eq!(selection(&state), (Some(0), Some(0), Some(1), None));
}

#[test]
fn an_event_that_is_deleted_gives_way_to_the_first_to_look_at() {
    let mut state = page_of_four();
    edit(&mut state, "{\"a\":1}\n{\"b\":2}\n{\"d\":4}");
    assert_eq!(selection(&state), (Some(2), Some(2), Some(3), None), "the first near miss");
    assert_eq!((&state.anchor, state.events_order.order), (&None, Order::None), "nothing scrolls");
}

#[test]
fn keys_that_come_faster_than_answers_lose_nothing() {
    let mut state = page_of_four();
    feed(&mut state, [Msg::EventsEdited("{\"a\":broken\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}".into())]);
    let run = state.engine.run;
    let first = feed(&mut state, [Msg::Settled(run)]);
    // While it is on its way, one line is put before all.
    let text = "{\"0\":0}\n{\"a\":broken\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}";
    let second = feed(&mut state, [Msg::EventsEdited(text.into())]);
    play(&mut state, first, &sound(3));
    play(&mut state, second, &sound(4));
    assert_eq!(selection(&state), (Some(2), Some(2), Some(4), None));
    assert_eq!((&state.engine.busy, state.engine.status), (&None, Status::Done));
}

#[test]
fn the_cursor_chooses_the_event_of_its_line_and_no_other() {
    let mut state = page_of_four();
    let text = "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":broken";
    let effects = feed(&mut state, [Msg::EventsEdited(text.into())]);
    assert_eq!(feed(&mut state, [Msg::EventLineEntered(1)]), [], "not read yet");
    play(&mut state, effects, &sound(3));
    let span = Span { line: 4, ..Span::default() };
    let findings = refused().findings.into_iter().map(|found| Finding { span, ..found }).collect();
    let report = LoadReport { findings, ..state.report.as_deref().unwrap().clone() };
    state.report = Some(Rc::new(report));
    feed(&mut state, [Msg::EventLineEntered(4)]);
    assert_eq!(state.selected, Some(2), "the event above the broken line is another");
    feed(&mut state, [Msg::EventLineEntered(2)]);
    assert_eq!(state.selected, Some(1));
}
