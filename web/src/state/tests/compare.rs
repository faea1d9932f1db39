//! The rule beside its baseline.

use eqlens_engine::wire::compare::{Comparison, Version};

use crate::state::compare::Base;

use super::*;

/// The versions that the effects ask to compare.
fn asked(effects: &[Effect]) -> Vec<(RunId, &str, &str)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask(Request::Compare { run, old, new }) => Some((*run, &**old, &**new)),
            _ => None,
        })
        .collect()
}

/// Types a rule and plays the run, but not the comparison: what is asked for in the end.
fn typed(state: &mut State, rule: &str) -> Vec<Effect> {
    feed(state, [Msg::RuleEdited(rule.into())]);
    run(state)
}

fn run(state: &mut State) -> Vec<Effect> {
    let run = state.engine.run;
    let effects = feed(state, [Msg::Settled(run)]);
    let mut rest = Vec::new();
    for effect in effects {
        if let Effect::Ask(request) = effect {
            rest.extend(update(state, answer(reply(request, &sound(4)))));
        }
    }
    rest
}

fn compared(run: RunId, matches: Option<u32>) -> Msg {
    let version = |matches| Version { matches, ..Version::default() };
    let comparison =
        Comparison { old: version(Some(1)), new: version(matches), ..Comparison::default() };
    answer(Response::Compared { run, comparison: Box::new(comparison) })
}

#[test]
fn an_edit_is_compared_with_the_example_as_it_was_loaded_while_the_tab_is_open() {
    let mut state = shown();
    assert_eq!(state.compare.base(), Base::Example);
    assert_eq!(feed(&mut state, [Msg::TabChosen(Tab::Compare)]), [], "nothing differs yet");
    feed(&mut state, [Msg::TabChosen(Tab::Matches)]);
    assert_eq!(asked(&typed(&mut state, "process where false")), [], "the tab is not open");
    let effects = feed(&mut state, [Msg::TabChosen(Tab::Compare)]);
    assert_eq!(asked(&effects), [(RunId(1), "process where true", "process where false")]);
    assert_eq!(feed(&mut state, [Msg::TabChosen(Tab::Compare)]), [], "once");
    let effects = typed(&mut state, "process where x");
    assert_eq!(asked(&effects), [(RunId(2), "process where true", "process where x")]);
}

#[test]
fn stale_answers_are_dropped_and_a_broken_rule_keeps_the_last_comparison() {
    let mut state = shown();
    feed(&mut state, [Msg::TabChosen(Tab::Compare)]);
    typed(&mut state, "process where a");
    typed(&mut state, "process where ab");
    feed(&mut state, [compared(RunId(1), Some(1))]);
    assert!(state.compare.found.is_none());
    feed(&mut state, [compared(RunId(2), Some(2))]);
    assert_eq!(state.compare.found.as_ref().map(|found| &*found.new), Some("process where ab"));
    typed(&mut state, "process where abc");
    feed(&mut state, [compared(RunId(3), None)]);
    assert!(state.compare.refused.is_some());
    assert_eq!(state.compare.found.as_ref().map(|found| &*found.new), Some("process where ab"));
    typed(&mut state, "process where abcd");
    feed(&mut state, [compared(RunId(4), Some(0))]);
    assert!(state.compare.refused.is_none());
}

#[test]
fn new_events_and_a_new_worker_are_asked_again() {
    let mut state = shown();
    feed(&mut state, [Msg::TabChosen(Tab::Compare)]);
    typed(&mut state, "process where a");
    feed(&mut state, [Msg::EventsEdited("{}".into())]);
    assert_eq!(feed(&mut state, [Msg::TabChosen(Tab::Compare)]), [], "not over the old events");
    assert_eq!(asked(&run(&mut state)).len(), 1);
    feed(&mut state, [Msg::WorkerDied("boom".into())]);
    assert!(state.compare.found.is_none());
    let effects = feed(&mut state, [Msg::TabChosen(Tab::Compare)]);
    assert_eq!(effects, [], "the new worker has no events yet");
}

#[test]
fn a_baseline_is_set_kept_with_the_draft_swapped_and_cleared() {
    let mut state = shown();
    feed(&mut state, [Msg::BaselineSet]);
    assert_eq!(feed(&mut state, [Msg::SaveDue]), [], "an untouched example is not kept");
    typed(&mut state, "any where a");
    feed(&mut state, [Msg::BaselineSet]);
    typed(&mut state, "any where b");
    let effects = feed(&mut state, [Msg::SaveDue]);
    let [Effect::WriteDraft(written)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((&*written.rule, &*written.baseline), ("any where b", "any where a"));

    let stored = Stored::Draft(written.clone());
    let (mut state, effects) = start(Boot { examples: &EXAMPLES, stored, ..Boot::default() });
    play(&mut state, effects, &sound(4));
    assert_eq!((state.compare.base(), &**state.compare.baseline()), (Base::Set, "any where a"));
    feed(&mut state, [Msg::VersionsSwapped]);
    assert_eq!((&*state.docs.rule, &**state.compare.baseline()), ("any where a", "any where b"));
    feed(&mut state, [Msg::BaselineCleared]);
    assert_eq!((state.compare.base(), &**state.compare.baseline()), (Base::Draft, "any where b"));
    feed(&mut state, [Msg::BaselineEdited("any where c".into())]);
    assert_eq!(&**state.compare.baseline(), "any where c");
}

#[test]
fn what_comes_onto_the_page_is_what_edits_are_compared_with() {
    let mut state = shown();
    typed(&mut state, "file where a_rule_of_my_own == 1");
    assert_eq!(state.compare.base(), Base::Pasted);
    typed(&mut state, "file where a_rule_of_my_own == 12");
    assert_eq!(&**state.compare.baseline(), "file where a_rule_of_my_own == 1");
    let bytes = Bytes(Rc::new(b"any where true".to_vec()));
    let effects = update(&mut state, Msg::FileOpened { name: "r.eql".into(), bytes });
    play(&mut state, effects, &sound(4));
    assert_eq!((state.compare.base(), &**state.compare.baseline()), (Base::File, "any where true"));
    feed(&mut state, [Msg::BaselineSet]);
    let effects = feed(&mut state, [Msg::ExampleChosen(0)]);
    play(&mut state, effects, &sound(4));
    assert_eq!(state.compare.base(), Base::Example, "of another rule it would say nothing");
    let effects =
        feed(&mut state, [Msg::AddressChanged { fragment: Some("#v0.whole".into()), edits: None }]);
    play(&mut state, effects, &sound(4));
    assert_eq!(
        (state.compare.base(), &**state.compare.baseline()),
        (Base::Link, "file where true")
    );
}
