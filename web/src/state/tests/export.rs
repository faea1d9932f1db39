//! What leaves the page, and examples that open where there is something to see.

use super::*;
use crate::protocol;
use crate::state::export::{Export, hindrance};

const NOW: i64 = 1_773_388_800_000;

fn wanted(what: Export) -> Msg {
    Msg::ExportWanted { what, now_ms: NOW }
}

/// The text an export gives, in the order it was carried out: what is copied or saved, and the rest.
fn exported(state: &mut State, what: Export) -> Vec<Effect> {
    let effects = feed(state, [wanted(what)]);
    play(state, effects, &sound(4))
}

#[test]
fn a_note_is_copied_and_what_became_of_it_is_said() {
    let mut state = shown();
    feed(&mut state, [Msg::OverlayOpened(Overlay::Export)]);
    let rest = exported(&mut state, Export::CopyNote);
    let [Effect::Focus(_), Effect::Copy(text)] = &rest[..] else { panic!("{rest:?}") };
    for part in ["now_ms: Some(1773388800000)", "in_page: true", "link: None"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let event = state.selected.unwrap();
    assert!(text.contains(&format!("event: Some({event})")), "{text}");
    assert_eq!(
        (state.overlay, &state.export.said),
        (Overlay::None, &None),
        "not before it is there"
    );
    let size = text.len();
    feed(&mut state, [Msg::Copied(true)]);
    assert_eq!(state.export.said.as_deref(), Some(&*format!("Case note copied, {size} B")));
    feed(&mut state, [Msg::RuleEdited("any where 1 == 1".into())]);
    assert_eq!(state.export.said, None, "that was of another result");
}

#[test]
fn a_refused_clipboard_says_what_else_there_is() {
    let mut state = shown();
    exported(&mut state, Export::CopyNote);
    feed(&mut state, [Msg::Copied(false)]);
    let said = state.export.said.as_deref().unwrap();
    assert!(said.ends_with("save the note instead"), "{said}");
}

#[test]
fn files_are_named_after_the_rule() {
    let mut state = shown();
    let named = |name: &str, state: &mut State| {
        let mut outcome = sound(4);
        outcome.rule.name = Some(name.to_owned());
        state.read = Some(Rc::new(outcome));
        let rest = exported(state, Export::SaveNote);
        match &rest[..] {
            [Effect::SaveFile { name, mime: "text/markdown", .. }] => name.clone(),
            other => panic!("{other:?}"),
        }
    };
    for (name, file) in [
        ("Openssl Client or Server", "openssl-client-or-server-case-note.md"),
        ("../..\\ <é>", "eqlens-case-note.md"),
        ("--a  b--", "a-b-case-note.md"),
    ] {
        assert_eq!(named(name, &mut state), file);
    }
    assert!(named(&"x".repeat(400), &mut state).len() < 80);
    let rest = exported(&mut state, Export::SaveMatches);
    let [Effect::SaveFile { name, mime, text }] = &rest[..] else { panic!("{rest:?}") };
    assert!(name.ends_with("-matches.ndjson"), "{name}");
    assert_eq!((*mime, text.as_str()), ("application/x-ndjson", "Matches"));
    assert_eq!(state.export.said.as_deref(), Some("1 match: saved, 7 B"));
}

#[test]
fn what_cannot_leave_says_why_and_does_nothing() {
    let mut state = shown();
    assert_eq!(hindrance(&state, Export::CopyNote), None);
    let mut none = sound(4);
    none.result.as_mut().unwrap().matches = 0;
    state.shown = Some(Rc::new(none));
    assert_eq!(hindrance(&state, Export::SaveMatches), Some("Nothing matches"));
    assert_eq!(hindrance(&state, Export::SaveNote), None);
    assert_eq!(feed(&mut state, [wanted(Export::SaveMatches)]), []);
    state.read = Some(Rc::new(refused()));
    assert!(hindrance(&state, Export::CopyNote).unwrap().starts_with("The rule has an error"));
    let effects = feed(&mut state, [Msg::Cleared]);
    play(&mut state, effects, &sound(0));
    assert_eq!(hindrance(&state, Export::CopyNote), Some("There is no result yet"));
    assert_eq!(feed(&mut state, [wanted(Export::CopyNote)]), []);
}

#[test]
fn an_event_is_copied_as_it_was() {
    let mut state = shown();
    let effects = feed(&mut state, [wanted(Export::CopyEvent(2))]);
    let asked = |effect: &Effect| {
        matches!(effect, Effect::Ask(Request::Export { export: protocol::Export::Event(2), .. }))
    };
    assert!(effects.iter().any(asked), "{effects:?}");
    play(&mut state, effects, &sound(4));
    assert_eq!(state.export.copied, None);
    feed(&mut state, [Msg::Copied(true)]);
    assert_eq!(state.export.copied, Some(2));
}

#[test]
fn a_note_has_the_link_that_was_copied_while_it_is_of_the_same_texts() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::OverlayOpened(Overlay::Share)]);
    play(&mut state, effects, &sound(4));
    let text = |state: &mut State| match &exported(state, Export::CopyNote)[..] {
        [.., Effect::Copy(text)] => text.to_string(),
        other => panic!("{other:?}"),
    };
    feed(&mut state, [Msg::CopyWanted, Msg::OverlayClosed]);
    let shared = state.share.link.clone().unwrap();
    feed(&mut state, [Msg::Copied(true)]);
    let with = text(&mut state);
    assert!(with.contains(&*shared), "{with}");
    feed(&mut state, [Msg::Copied(true), Msg::EventsEdited("{}".into())]);
    let effects = vec![Effect::Settle { run: state.engine.run, ms: 0 }];
    play(&mut state, effects, &sound(1));
    assert!(text(&mut state).contains("link: None"), "of other events");
}

#[test]
fn an_example_opens_where_there_is_something_to_see_and_says_what() {
    static LOOK: [Example; 2] = [
        EXAMPLES[0],
        Example {
            about: "the third",
            tab: Tab::Timeline,
            event: Some(2),
            rule: "any where true",
            ..EXAMPLES[0]
        },
    ];
    let (mut state, effects) = start(Boot { examples: &LOOK, ..Boot::default() });
    play(&mut state, effects, &sound(4));
    let choose = |state: &mut State, at| {
        let effects = feed(state, [Msg::ExampleChosen(at)]);
        play(state, effects, &sound(4));
    };
    choose(&mut state, 1);
    assert_eq!((state.tab, state.selected), (Tab::Timeline, Some(2)));
    assert_eq!(state.notices, [Notice::Look("the third")]);
    feed(&mut state, [Msg::TabChosen(Tab::Matches)]);
    assert_eq!(state.notices, [Notice::Look("the third")], "it stays to be read");
    choose(&mut state, 0);
    assert_eq!((state.tab, &state.notices[..]), (Tab::Matches, &[][..]));
    choose(&mut state, 1);
    choose(&mut state, 1);
    feed(&mut state, [Msg::NoticeDismissed(0)]);
    assert!(state.notices.is_empty(), "once, and gone when dismissed");
}

#[test]
fn menus_take_the_focus_and_give_it_back() {
    use crate::state::model::Place;
    let mut state = shown();
    for (menu, button) in
        [(Overlay::Export, Place::ExportButton), (Overlay::Examples, Place::ExamplesButton)]
    {
        let effects = feed(&mut state, [Msg::OverlayOpened(menu)]);
        assert_eq!(effects, [Effect::Focus(Place::MenuItem)]);
        assert_eq!(feed(&mut state, [Msg::Escaped]), [Effect::Focus(button)]);
        feed(&mut state, [Msg::OverlayOpened(menu)]);
        assert_eq!(feed(&mut state, [Msg::OverlayOpened(menu)]), [Effect::Focus(button)]);
        feed(&mut state, [Msg::OverlayOpened(menu)]);
        assert_eq!(feed(&mut state, [Msg::OverlayLeft]), [], "the focus is elsewhere already");
    }
}
