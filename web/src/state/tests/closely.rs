//! Looking closely: the text over the list, cells, values, the events a node stops.

use super::*;
use crate::state::closely::{cell_words, failing_condition, failing_node, strip_window};
use crate::state::model::Place;
use crate::state::msg::TreeMove;

/// The texts that rows are asked for.
fn asked(effects: &[Effect]) -> Vec<&str> {
    fn text(effect: &Effect) -> Option<&str> {
        match effect {
            Effect::Ask(Request::Rows { text, .. }) => Some(text),
            _ => None,
        }
    }
    effects.iter().filter_map(text).collect()
}

#[test]
fn typing_leaves_the_rows_that_fit_and_the_selection() {
    let mut state = shown();
    feed(&mut state, [Msg::EventChosen(2)]);
    assert_eq!(state.total(), 2);
    let effects = update(&mut state, Msg::SieveTyped("0".into()));
    assert_eq!(asked(&effects), ["0"]);
    // What was loaded stays until the answer is there, and typing on waits for it.
    assert_eq!((state.total(), state.list.row(1).is_some()), (2, true));
    assert_eq!(asked(&update(&mut state, Msg::SieveTyped("02".into()))), Vec::<&str>::new());
    let rest = play(&mut state, effects, &sound(4));
    assert!(rest.is_empty());
    let sieve = state.list.sieve.clone().unwrap();
    assert_eq!((&*sieve.text, sieve.total, state.total()), ("02", 0, 0));
    assert_eq!(state.selected, Some(2), "the selection stays");
    let effects = update(&mut state, Msg::SieveTyped("".into()));
    play(&mut state, effects, &sound(4));
    assert_eq!((state.list.sieve.is_none(), state.total()), (true, 2));
}

#[test]
fn a_text_stays_through_a_run_and_another_filter_and_goes_with_another_example() {
    let mut state = shown();
    let effects = update(&mut state, Msg::SieveTyped("2".into()));
    play(&mut state, effects, &sound(4));
    let effects = update(&mut state, Msg::RuleEdited("any where false".into()));
    play(&mut state, effects, &sound(4));
    assert_eq!((state.total(), state.list.row(0).map(|row| row.event)), (1, Some(2)));
    let effects = update(&mut state, Msg::FilterChosen(Filter::All));
    assert_eq!(asked(&effects), ["2"]);
    play(&mut state, effects, &sound(4));
    assert_eq!(state.total(), 1);
    let effects = update(&mut state, Msg::ExampleChosen(0));
    play(&mut state, effects, &sound(4));
    assert_eq!((&*state.list.text, state.total()), ("", 2));
}

#[test]
fn a_text_typed_during_a_run_is_asked_for_after_it() {
    let mut state = shown();
    let mut effects = update(&mut state, Msg::RuleEdited("any where false".into()));
    effects.extend(update(&mut state, Msg::SieveTyped("0".into())));
    play(&mut state, effects, &sound(4));
    assert_eq!(state.list.sieve.as_ref().map(|sieve| &*sieve.text), Some("0"));
    assert_eq!((state.total(), state.list.sifting.is_none()), (1, true));
}

#[test]
fn the_field_is_reached_and_left_by_keyboard() {
    let mut state = shown();
    assert_eq!(update(&mut state, Msg::SieveWanted), [Effect::Focus(Place::Sieve)]);
    assert_eq!(update(&mut state, Msg::SieveLeft), [Effect::Focus(Place::Result)]);
    state.tab = Tab::Rule;
    assert_eq!(update(&mut state, Msg::SieveWanted), []);
}

#[test]
fn a_cell_names_its_clause_and_asks_for_what_it_found() {
    let mut state = shown();
    feed(&mut state, [Msg::EventChosen(2)]);
    let effects = update(&mut state, Msg::CellPointed(Some((0, 1))));
    assert!(matches!(effects[..], [Effect::Ask(Request::Explain { event: 0, .. })]), "{effects:?}");
    play(&mut state, effects, &sound(4));
    assert_eq!(state.peek.as_ref().map(|peek| peek.event), Some(0));
    assert_eq!(cell_words(&state).as_deref(), Some("Clause 1 `process` holds"));
    assert_eq!(state.pointed, Some(1));
    update(&mut state, Msg::CellPointed(None));
    assert_eq!((cell_words(&state), state.pointed), (None, None));
    // By keyboard: from what decides on, along the strip of the selected row.
    feed(&mut state, [Msg::CellMoved(Step::Next), Msg::CellMoved(Step::Next)]);
    assert_eq!(state.cell, Some((2, 2)));
    feed(&mut state, [Msg::SelectionMoved(Step::First)]);
    assert_eq!(state.cell, Some((0, 2)), "down a column");
    assert_eq!(strip_window(&state), (0, 11));
}

#[test]
fn arrows_walk_the_clauses_and_their_values() {
    let mut state = shown();
    let effects = update(&mut state, Msg::EventChosen(2));
    play(&mut state, effects, &sound(4));
    assert_eq!(state.marked(), Some(11), "the clause that decides");
    let walk = |state: &mut State, step| {
        update(state, Msg::WhyMoved(step));
        (state.pointed, state.values)
    };
    assert_eq!(walk(&mut state, TreeMove::Right), (Some(11), Some((11, None))));
    assert_eq!(walk(&mut state, TreeMove::Right), (Some(11), Some((11, Some(0)))));
    assert_eq!(walk(&mut state, TreeMove::Step(Step::Next)), (Some(11), Some((11, Some(1)))));
    assert_eq!(walk(&mut state, TreeMove::Step(Step::Next)), (Some(13), Some((11, None))));
    assert_eq!(walk(&mut state, TreeMove::Step(Step::Previous)).1, Some((11, Some(1))));
    assert_eq!(walk(&mut state, TreeMove::Left), (Some(11), Some((11, None))));
    assert_eq!(walk(&mut state, TreeMove::Left), (Some(11), None));
    assert_eq!(walk(&mut state, TreeMove::Left), (Some(8), None), "the `and` around it");
    assert_eq!(walk(&mut state, TreeMove::Step(Step::Last)).0, Some(16));
}

#[test]
fn the_tree_lists_what_the_chosen_node_stops() {
    let mut state = shown();
    let effects = update(&mut state, Msg::EventChosen(2));
    play(&mut state, effects, &sound(4));
    let asks = |effects: &[Effect]| {
        let nodes = effects.iter().filter_map(|effect| match effect {
            Effect::Ask(Request::Failing { node, .. }) => Some(*node),
            _ => None,
        });
        nodes.collect::<Vec<_>>()
    };
    let effects = update(&mut state, Msg::TabChosen(Tab::Tree));
    assert_eq!(asks(&effects), [11], "the clause that decides");
    play(&mut state, effects, &sound(4));
    assert_eq!(state.failing.as_ref().map(|failing| failing.node), Some(11));
    // Pointing changes nothing; choosing does, and once.
    assert_eq!(asks(&update(&mut state, Msg::NodePointed(Some(3)))), Vec::<u16>::new());
    assert_eq!(asks(&update(&mut state, Msg::NodeChosen(3))), [3]);
    assert_eq!(asks(&update(&mut state, Msg::NodeChosen(3))), Vec::<u16>::new());
    // An event chosen from the table leaves the table where it is.
    update(&mut state, Msg::EventChosen(0));
    assert_eq!((failing_node(&state), state.selected), (3, Some(0)));
}

#[test]
fn what_a_clause_stops_is_shown_in_the_list() {
    let mut state = shown();
    feed(&mut state, [Msg::TabChosen(Tab::Tree), Msg::NodeChosen(3)]);
    state.docs.rule = "0123456789 ".repeat(20).into();
    assert_eq!(failing_condition(&state).as_deref(), Some("not (89 01234)"));
    let effects = update(&mut state, Msg::FailingWanted);
    assert_eq!(asked(&effects), ["not (89 01234)"]);
    assert_eq!((state.tab, state.filter()), (Tab::Matches, Filter::All));
    feed(&mut state, [Msg::TabChosen(Tab::Tree), Msg::NodeChosen(1)]);
    assert_eq!(failing_condition(&state), None, "a category is no condition by itself");
}
