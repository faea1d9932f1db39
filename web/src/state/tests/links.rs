//! Links and drafts.

use super::*;

fn opened(fragment: &str, stored: Stored) -> State {
    let boot =
        Boot { fragment: Some(fragment.into()), stored, examples: &EXAMPLES, ..Boot::default() };
    let (mut state, effects) = start(boot);
    play(&mut state, effects, &sound(1));
    state
}

fn is_written(effects: &[Effect]) -> Option<&Draft> {
    effects.iter().find_map(|effect| match effect {
        Effect::WriteDraft(draft) => Some(draft),
        _ => None,
    })
}

#[test]
fn the_link_comes_before_the_draft_and_leaves_it_alone() {
    let mut state = opened("#v0.x", Stored::Draft(draft("mine")));
    assert_eq!(&*state.docs.rule, "file where true");
    assert_eq!(state.tab, Tab::Tree);
    feed(&mut state, [Msg::RuleEdited("file where false".into())]);
    let effects = feed(&mut state, [Msg::SaveDue]);
    assert_eq!(is_written(&effects), None);
    assert!(matches!(&effects[..], [Effect::WriteLinkEdits { .. }]));
    let effects = feed(&mut state, [Msg::DraftWanted]);
    assert!(effects.contains(&Effect::ClearAddress));
    assert_eq!(&*state.docs.rule, "mine");
    assert_eq!(state.origin, Origin::Draft);
}

#[test]
fn a_kept_link_becomes_the_draft_and_the_old_one_can_be_had_back() {
    let mut state = opened("#v0.x", Stored::Draft(draft("mine")));
    let effects = feed(&mut state, [Msg::LinkKept]);
    assert_eq!(is_written(&effects).map(|draft| &*draft.rule), Some("file where true"));
    assert_eq!(state.aside, Some(draft("mine")));
    feed(&mut state, [Msg::AsideWanted]);
    assert_eq!(&*state.docs.rule, "mine");
}

#[test]
fn a_cut_link_is_said_and_the_draft_shown() {
    let state = opened("#v0.cut", Stored::Draft(draft("mine")));
    assert_eq!(&*state.docs.rule, "mine");
    assert_eq!(state.notices, [Notice::LinkUnreadable("truncated".into())]);
    let state = opened("#v0.cut", Stored::Nothing);
    assert_eq!(state.origin, Origin::Example);
}

#[test]
fn a_link_opened_later_saves_the_draft_first() {
    let mut state = shown();
    feed(&mut state, [Msg::RuleEdited("my own work".into())]);
    let fragment = Some("#v0.x".to_owned());
    let ask = feed(&mut state, [Msg::AddressChanged { fragment, edits: None }]);
    let [Effect::Ask(request)] = &ask[..] else { panic!() };
    let effects = feed(&mut state, [answer(reply(request.clone(), &sound(1)))]);
    assert_eq!(is_written(&effects).map(|draft| &*draft.rule), Some("my own work"));
    assert_eq!(&*state.docs.rule, "file where true");
    feed(&mut state, [Msg::AddressChanged { fragment: None, edits: None }]);
    assert_eq!(&*state.docs.rule, "my own work");
}

#[test]
fn a_link_that_cannot_be_read_changes_nothing() {
    let mut state = shown();
    feed(&mut state, [Msg::RuleEdited("my own work".into())]);
    let fragment = Some("#v0.cut".to_owned());
    let ask = feed(&mut state, [Msg::AddressChanged { fragment, edits: None }]);
    play(&mut state, ask, &sound(1));
    assert_eq!(&*state.docs.rule, "my own work");
    assert_eq!(state.notices.len(), 1);
}

#[test]
fn edits_on_a_link_survive_a_reload() {
    let boot = Boot {
        fragment: Some("#v0.x".into()),
        link_edits: Some(draft("edited before")),
        examples: &EXAMPLES,
        ..Boot::default()
    };
    let (mut state, effects) = start(boot);
    play(&mut state, effects, &sound(1));
    assert_eq!(&*state.docs.rule, "edited before");
    assert!(matches!(&state.origin, Origin::Link(link) if link.is_edited));
}

#[test]
fn other_fragments_are_not_links() {
    let boot = Boot { fragment: Some("#top".into()), examples: &EXAMPLES, ..Boot::default() };
    let (state, _) = start(boot);
    assert_eq!(state.origin, Origin::Example);
}

#[test]
fn a_link_that_kills_the_worker_twice_is_given_up() {
    let boot = Boot { fragment: Some("#v0.x".into()), examples: &EXAMPLES, ..Boot::default() };
    let (mut state, _) = start(boot);
    let effects = feed(&mut state, [Msg::WorkerDied("boom".into())]);
    assert!(matches!(&effects[..], [Effect::Respawn, Effect::Ask(Request::ReadLink { .. })]));
    feed(&mut state, [Msg::WorkerDied("boom".into())]);
    assert_eq!(state.origin, Origin::Example);
    assert!(matches!(&state.notices[..], [Notice::LinkUnreadable(_)]));
}
