//! What is made of the rule: formatted, read aloud, events.

use super::*;

/// Plays the worker, and then the run that follows.
fn settle(state: &mut State, effects: Vec<Effect>) {
    play(state, effects, &sound(4));
    let run = state.engine.run;
    let effects = feed(state, [Msg::Settled(run)]);
    play(state, effects, &sound(4));
}

fn type_rule(state: &mut State, rule: &str) {
    let effects = feed(state, [Msg::RuleEdited(rule.into())]);
    settle(state, effects);
}

#[test]
fn a_formatted_rule_takes_the_place_of_what_was_typed() {
    let mut state = shown();
    type_rule(&mut state, "any where true");
    let rev = state.docs.rule_rev;
    let effects = feed(&mut state, [Msg::Wished(Wish::Format)]);
    settle(&mut state, effects);
    assert_eq!((&*state.docs.rule, state.docs.rule_rev), ("ANY where true", rev + 1));
    assert!(state.notices.is_empty());
}

#[test]
fn what_was_typed_meanwhile_is_not_overwritten() {
    let mut state = shown();
    type_rule(&mut state, "any where true");
    let effects = feed(&mut state, [Msg::Wished(Wish::Format)]);
    let [Effect::Ask(Request::Make { run, .. })] = effects[..] else { panic!("{effects:?}") };
    type_rule(&mut state, "any where false");
    let made = made("any where true", Wish::Format);
    feed(&mut state, [answer(Response::Made { run, made })]);
    assert_eq!(&*state.docs.rule, "any where false");
}

#[test]
fn a_rule_that_cannot_be_formatted_stays_and_it_says_why() {
    let mut state = shown();
    type_rule(&mut state, "broken");
    for _ in 0..2 {
        let effects = feed(&mut state, [Msg::Wished(Wish::Format)]);
        settle(&mut state, effects);
    }
    assert_eq!(&*state.docs.rule, "broken");
    assert_eq!(state.notices, [Notice::NotMade("it is broken".into())], "once");
}

#[test]
fn made_events_replace_those_of_an_example_and_keep_the_visitors_own() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::Wished(Wish::Events)]);
    settle(&mut state, effects);
    assert_eq!((&*state.docs.events, state.aside.is_some()), ("{\"made\": 1}", false));
    feed(&mut state, [Msg::EventsEdited("{\"mine\": 1}".into())]);
    let effects = feed(&mut state, [Msg::Wished(Wish::Events)]);
    settle(&mut state, effects);
    assert_eq!(&*state.docs.events, "{\"made\": 1}");
    // Made again, for another rule.
    type_rule(&mut state, "any where false");
    let effects = feed(&mut state, [Msg::Wished(Wish::Events)]);
    settle(&mut state, effects);
    assert!(matches!(state.notices[..], [Notice::PutAside { .. }]), "{:?}", state.notices);
    feed(&mut state, [Msg::AsideWanted]);
    assert_eq!(&*state.docs.events, "{\"mine\": 1}");
}

#[test]
fn what_was_said_of_made_events_goes_with_them() {
    let mut state = shown();
    feed(&mut state, [Msg::EventsEdited("{\"mine\": 1}".into())]);
    let effects = feed(&mut state, [Msg::Wished(Wish::Events)]);
    settle(&mut state, effects);
    assert_eq!(state.notices.len(), 1);
    feed(&mut state, [Msg::EventsEdited("{\"others\": 1}".into())]);
    assert_eq!(state.notices, []);
}

#[test]
fn the_words_of_a_rule_are_asked_for_once_and_only_where_they_are_shown() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::TabChosen(Tab::Rule)]);
    settle(&mut state, effects);
    let words = |state: &State| state.making.reading_of(&state.docs.rule).is_some();
    assert!(words(&state));
    assert_eq!(feed(&mut state, [Msg::TabChosen(Tab::Tree), Msg::TabChosen(Tab::Rule)]), []);
    type_rule(&mut state, "any where true");
    assert!(words(&state), "a new rule is read anew");
    feed(&mut state, [Msg::TabChosen(Tab::Tree)]);
    type_rule(&mut state, "any where false");
    assert!(!words(&state));
}

#[test]
fn words_mark_their_place_before_a_slow_run_has_said_anything() {
    let mut state = shown();
    type_rule(&mut state, "any where true");
    feed(&mut state, [Msg::RuleEdited("process where a == 1".into())]);
    let place = Span { start: 14, end: 20, start_utf16: 14, end_utf16: 20, ..Span::default() };
    feed(&mut state, [Msg::PlacePointed(Some(place))]);
    assert_eq!(state.mark(), Some((14, 20, "linked")));
    feed(&mut state, [Msg::PlacePointed(None)]);
    assert_ne!(state.mark().map(|mark| mark.2), Some("linked"));
}

#[test]
fn what_would_have_to_change_is_shown_until_the_texts_or_the_event_change() {
    let mut state = shown();
    let event = state.selected.unwrap();
    let ask = |state: &mut State| {
        let effects = feed(state, [Msg::Wished(Wish::Change(event))]);
        play(state, effects, &sound(4));
        state.making.change_of(state.selected).is_some()
    };
    assert!(ask(&mut state));
    assert!(!ask(&mut state), "asked again, it goes");
    assert!(ask(&mut state));
    feed(&mut state, [Msg::EventChosen(event + 1)]);
    assert_eq!(state.making.change_of(state.selected), None);
    feed(&mut state, [Msg::EventChosen(event)]);
    type_rule(&mut state, "any where true");
    assert_eq!(state.making.change_of(Some(event)), None);
}

#[test]
fn an_event_that_was_changed_comes_last_and_is_selected() {
    let mut state = shown();
    let before = state.docs.events.to_string();
    let wish = Wish::Try { event: 2, is_line: true };
    let (rev, epoch) = (state.docs.events_rev, state.docs.epoch);
    let effects = feed(&mut state, [Msg::Wished(wish)]);
    play(&mut state, effects, &sound(5));
    let run = state.engine.run;
    let effects = feed(&mut state, [Msg::Settled(run)]);
    play(&mut state, effects, &sound(5));
    assert_eq!(*state.docs.events, format!("{before}\n{{\"tried\": 1}}"));
    // The editor takes it over as an edit, which undo takes back.
    assert_eq!((state.docs.events_rev, state.docs.epoch), (rev + 1, epoch));
    assert_eq!(state.selected, Some(4));
    // Of a text that has changed meanwhile it is of no use.
    let effects = feed(&mut state, [Msg::Wished(wish), Msg::EventsEdited("{}".into())]);
    settle(&mut state, effects);
    assert_eq!(&*state.docs.events, "{}");
}

#[test]
fn only_needed_events_are_kept_and_the_others_can_be_had_back() {
    let mut state = shown();
    feed(&mut state, [Msg::EventsEdited("{\"mine\": 1}\n{}".into())]);
    settle(&mut state, Vec::new());
    let wish = Wish::Keep { event: Some(1), is_now: true };
    let effects = feed(&mut state, [Msg::Wished(wish)]);
    settle(&mut state, effects);
    assert_eq!(&*state.docs.events, "{\"kept\": 1}");
    assert!(matches!(state.notices[..], [Notice::PutAside { .. }]), "{:?}", state.notices);
    feed(&mut state, [Msg::AsideWanted]);
    assert_eq!(&*state.docs.events, "{\"mine\": 1}\n{}");
    type_rule(&mut state, "all of them");
    let effects = feed(&mut state, [Msg::Wished(wish)]);
    settle(&mut state, effects);
    assert!(matches!(state.notices[..], [.., Notice::NotMade(_)]), "{:?}", state.notices);
}

#[test]
fn the_share_dialog_offers_what_is_needed() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::OverlayOpened(Overlay::Share)]);
    play(&mut state, effects, &sound(4));
    assert_eq!(state.making.n_kept(), Some(1));
    let wish = Wish::Keep { event: None, is_now: true };
    let effects = feed(&mut state, [Msg::Wished(wish)]);
    let is_link = |effect: &Effect| matches!(effect, Effect::Ask(Request::MakeLink { .. }));
    assert!(effects.iter().any(is_link), "the link is of the fewer events: {effects:?}");
    assert_eq!((&*state.docs.events, state.making.n_kept()), ("{\"kept\": 1}", None));
}
