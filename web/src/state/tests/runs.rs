//! Runs, stale answers, crashes.

use super::*;

fn settle(state: &State) -> Msg {
    Msg::Settled(state.engine.run)
}

fn settled(state: &mut State) -> Vec<Effect> {
    let run = state.engine.run;
    feed(state, [Msg::Settled(run)])
}

fn asks(effects: &[Effect]) -> Vec<&'static str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask(Request::Load { .. }) => Some("load"),
            Effect::Ask(Request::Run { .. }) => Some("run"),
            Effect::Ask(Request::Rows { .. }) => Some("rows"),
            Effect::Ask(Request::Explain { .. }) => Some("explain"),
            Effect::Ask(Request::MakeLink { .. }) => Some("make link"),
            Effect::Ask(Request::ReadLink { .. }) => Some("read link"),
            Effect::Respawn => Some("respawn"),
            _ => None,
        })
        .collect()
}

#[test]
fn an_edit_raises_the_run_and_is_kept() {
    let mut state = shown();
    let before = state.engine.run;
    let effects = feed(&mut state, [Msg::RuleEdited("file where true".into())]);
    let run = before.next();
    assert_eq!(effects, [Effect::Settle { run, ms: 0 }, Effect::SaveSoon]);
    assert_eq!(state.origin, Origin::Draft);
    let effects = feed(&mut state, [Msg::Settled(run)]);
    assert_eq!(asks(&effects), ["run", "rows", "explain"], "the events are loaded already");
    assert!(effects.contains(&Effect::Watch(run)));
}

#[test]
fn only_the_newest_edit_is_asked_for() {
    let mut state = shown();
    feed(&mut state, [Msg::RuleEdited("a".into())]);
    let old = settle(&state);
    feed(&mut state, [Msg::RuleEdited("ab".into())]);
    assert_eq!(feed(&mut state, [old]), []);
    let effects = settled(&mut state);
    assert!(effects.iter().any(|effect| {
        matches!(effect, Effect::Ask(Request::Run { rule, .. }) if rule == "ab")
    }));
}

#[test]
fn an_edit_during_a_run_waits_for_it_and_drops_its_answer() {
    let mut state = shown();
    feed(&mut state, [Msg::RuleEdited("a".into())]);
    let first = settled(&mut state);
    let shown_before = state.shown.clone();
    feed(&mut state, [Msg::RuleEdited("ab".into())]);
    assert_eq!(settled(&mut state), [], "one run at a time");
    let mut last = Vec::new();
    for effect in first {
        if let Effect::Ask(request) = effect {
            last = feed(&mut state, [answer(reply(request, &refused()))]);
        }
    }
    assert_eq!(asks(&last), ["run", "rows", "explain"]);
    assert_eq!(state.shown, shown_before);
    assert!(!state.is_stale(), "the dropped answer left no trace");
    play(&mut state, last, &sound(3));
    assert_eq!(state.result().map(|result| result.events), Some(3));
    assert_eq!(state.engine.status, Status::Done);
}

#[test]
fn a_broken_rule_keeps_the_last_result() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::RuleEdited("process where".into())]);
    play(&mut state, effects, &refused());
    assert!(state.is_stale());
    assert_eq!(state.result().map(|result| result.events), Some(4));
    assert_eq!(state.problems().len(), 1);
    feed(&mut state, [Msg::StaleLineWanted]);
    assert_eq!(state.rule_order.order, crate::state::model::Order::GoTo(8, 9));
}

#[test]
fn new_events_under_a_broken_rule_are_run_with_the_last_sound_one() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::RuleEdited("process where".into())]);
    play(&mut state, effects, &refused());
    feed(&mut state, [Msg::EventsEdited("{}".into())]);
    let effects = settled(&mut state);
    assert_eq!(asks(&effects), ["load", "run", "run", "rows"], "the selected event is gone");
    let mut outcomes = [sound(1), refused()].into_iter();
    for effect in effects {
        if let Effect::Ask(request) = effect {
            let outcome = match request {
                Request::Run { .. } => outcomes.next().unwrap(),
                _ => Outcome::default(),
            };
            feed(&mut state, [answer(reply(request, &outcome))]);
        }
    }
    assert!(state.is_stale());
    assert_eq!(state.result().map(|result| result.events), Some(1));
    assert_eq!(&*state.shown_rule, "process where true");
}

#[test]
fn slow_runs_let_the_typing_settle() {
    let mut state = shown();
    state.engine.round_ms = 90;
    let effects = feed(&mut state, [Msg::RuleEdited("a".into())]);
    assert!(matches!(effects[0], Effect::Settle { ms: 90, .. }));
}

#[test]
fn a_long_run_can_be_stopped() {
    let mut state = shown();
    feed(&mut state, [Msg::RuleEdited("a".into())]);
    settled(&mut state);
    let run = state.engine.run;
    feed(&mut state, [Msg::RunGrewLong(run)]);
    assert_eq!(state.engine.status, Status::Running { is_long: true });
    let effects = feed(&mut state, [Msg::RunStopped]);
    assert_eq!(asks(&effects), ["respawn", "load"]);
    assert_eq!(state.engine.status, Status::Cancelled);
    play(&mut state, effects, &sound(4));
    assert_eq!(state.engine.status, Status::Cancelled, "loading is not running");
    assert!(state.shown.is_some());
}

#[test]
fn a_crash_is_replayed_once_with_everything() {
    let mut state = shown();
    let (rule, selected) = (state.docs.rule.clone(), state.selected);
    let effects = feed(&mut state, [Msg::WorkerDied("boom".into())]);
    assert_eq!(asks(&effects), ["respawn", "load", "run", "rows", "explain"]);
    play(&mut state, effects, &sound(4));
    let crash = state.engine.crash.clone().unwrap();
    assert_eq!((&*crash.message, crash.is_final), ("boom", false));
    assert_eq!((state.docs.rule.clone(), state.selected), (rule, selected));
    let again = feed(&mut state, [Msg::WorkerDied("boom".into())]);
    assert_eq!(asks(&again).len(), 5, "the replay went well, so a later crash has one, too");
}

#[test]
fn a_second_crash_over_the_same_request_is_final_until_the_next_edit() {
    let mut state = shown();
    feed(&mut state, [Msg::WorkerDied("boom".into())]);
    let effects = feed(&mut state, [Msg::WorkerDied("boom".into())]);
    assert_eq!(asks(&effects), ["respawn"]);
    assert_eq!(state.engine.status, Status::Failed);
    assert!(state.engine.crash.as_ref().is_some_and(|crash| crash.is_final));
    assert_eq!(feed(&mut state, [Msg::EventChosen(0)]), [], "an empty worker is not asked");
    feed(&mut state, [Msg::RuleEdited("file where true".into())]);
    let effects = settled(&mut state);
    assert_eq!(asks(&effects)[..1], ["load"]);
}

#[test]
fn a_crash_over_an_explanation_does_not_loop() {
    let mut state = shown();
    let mut effects = feed(&mut state, [Msg::EventChosen(0)]);
    let mut respawns = 0;
    // A worker that dies of every explanation.
    while !effects.is_empty() && respawns < 9 {
        let mut next = Vec::new();
        for effect in effects {
            match effect {
                Effect::Ask(Request::Explain { .. }) => {
                    next = feed(&mut state, [Msg::WorkerDied("boom".into())]);
                    respawns += 1;
                    break;
                }
                Effect::Ask(request) => {
                    next = feed(&mut state, [answer(reply(request, &sound(4)))]);
                }
                _ => {}
            }
        }
        effects = next;
    }
    assert_eq!(respawns, 2);
}

#[test]
fn a_rule_wiped_out_takes_its_result_along() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::RuleEdited(" ".into())]);
    play(&mut state, effects, &sound(4));
    assert_eq!(state.shown, None);
    assert_eq!(state.engine.status, Status::Idle);
}
