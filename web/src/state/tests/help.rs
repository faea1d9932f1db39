//! Help for the rule editor, notes, and fixes from the list of problems.

use eqlens_engine::wire::{Edit, Fix};

use super::*;
use crate::protocol::Help;
use crate::state::model::Order;
use crate::state::problems::SILENCE;

fn asked(state: &mut State, at: u32, is_hover: bool) -> RunId {
    let effects = feed(state, [Msg::HelpWanted { at, is_hover }]);
    let [Effect::Ask(Request::Assist { run, .. })] = &effects[..] else { panic!("{effects:?}") };
    *run
}

fn help(run: RunId, is_hover: bool, text: &str) -> Msg {
    let help = Help { is_hover, texts: vec![text.to_owned()], ..Help::default() };
    answer(Response::Assisted { run, help })
}

fn said(state: &State) -> &str {
    state.assist.help.as_ref().map_or("", |help| &help.texts[0])
}

#[test]
fn only_the_newest_question_of_a_kind_is_answered() {
    let mut state = shown();
    let first = asked(&mut state, 1, false);
    let word = asked(&mut state, 1, true);
    let second = asked(&mut state, 2, false);
    feed(&mut state, [help(first, false, "first")]);
    assert_eq!(said(&state), "");
    feed(&mut state, [help(word, true, "word")]);
    assert_eq!(said(&state), "word");
    feed(&mut state, [help(second, false, "second")]);
    assert_eq!(said(&state), "second");
}

#[test]
fn places_are_counted_from_the_start_of_the_document() {
    let mut state = shown();
    let text = "\u{1f600} query = '''any where x'''";
    let span = Span { start: 16, end: 27, start_utf16: 14, end_utf16: 25, line: 1, column: 14 };
    let outcome = Outcome { query_span: Some(span), ..Outcome::default() };
    state.docs.replace(draft(text));
    state.docs.recognised(&outcome);
    let effects = feed(&mut state, [Msg::HelpWanted { at: 3, is_hover: false }]);
    let [Effect::Ask(Request::Assist { at, rule, .. })] = &effects[..] else { panic!() };
    assert_eq!((*at, rule.as_str()), (17, text));
}

#[test]
fn where_escapes_are_read_the_query_is_asked_about_as_it_is_shown() {
    let mut state = shown();
    let text = r#"{"query":"any where x == \"c\""}"#;
    let span = Span { start: 10, end: 30, start_utf16: 10, end_utf16: 30, line: 1, column: 11 };
    let outcome = Outcome { escaped_span: Some(span), ..Outcome::default() };
    state.docs.replace(draft(text));
    state.docs.recognised(&outcome);
    let effects = feed(&mut state, [Msg::HelpWanted { at: 17, is_hover: false }]);
    let [Effect::Ask(Request::Assist { at, rule, .. })] = &effects[..] else { panic!() };
    assert_eq!((*at, rule.as_str()), (17, "any where x == \"c\""));
}

fn finding(code: &str, severity: Severity, start: u32, end: u32) -> Finding {
    let span = Span { start, end, start_utf16: start, end_utf16: end, line: 1, column: 1 };
    let edit = Edit { span, text: "x".to_owned() };
    Finding {
        severity,
        code: code.to_owned(),
        message: String::new(),
        help: None,
        span,
        fixes: vec![Fix { title: "Mend".to_owned(), edits: vec![edit] }],
    }
}

/// The page with these findings about a rule of this text.
fn with_findings(rule: &str, findings: Vec<Finding>) -> State {
    let (mut state, effects) = page();
    let end = rule.len() as u32;
    let span = Span { start: 0, end, start_utf16: 0, end_utf16: end, line: 1, column: 1 };
    let mut outcome = sound(4);
    outcome.query_span = Some(span);
    outcome.findings = findings;
    play(&mut state, effects, &outcome);
    let effects = feed(&mut state, [Msg::RuleEdited(rule.into())]);
    play(&mut state, effects, &outcome);
    state
}

#[test]
fn notes_are_shown_on_demand() {
    let findings =
        vec![finding("R-1", Severity::Info, 0, 1), finding("L-1", Severity::Warning, 2, 3)];
    let mut state = with_findings("any where a == 1", findings);
    let codes = |state: &State| {
        state.problems().iter().map(|it| it.finding.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!((codes(&state), state.notes()), (vec!["L-1".to_owned()], 1));
    feed(&mut state, [Msg::ProblemsToggled, Msg::NotesToggled]);
    assert_eq!(codes(&state), ["L-1", "R-1"]);
    assert!(!state.hides_problems, "what is asked for is seen");
    feed(&mut state, [Msg::NotesToggled]);
    assert_eq!(codes(&state), ["L-1"]);
}

#[test]
fn a_fix_is_ordered_from_the_editor_of_its_text() {
    let findings =
        vec![finding("L-2", Severity::Warning, 4, 5), finding("E-1", Severity::Error, 2, 3)];
    let mut state = with_findings("any where a == 1", findings);
    let seq = state.rule_order.seq;
    feed(&mut state, [Msg::FixChosen { problem: 1, fix: 0 }]);
    assert_eq!(state.rule_order.order, Order::Fix(1, 0));
    assert!(state.rule_order.seq > seq);
    feed(&mut state, [Msg::FixChosen { problem: 9, fix: 0 }]);
    assert_eq!(state.rule_order.order, Order::Fix(1, 0), "there is no such problem");
}

#[test]
fn a_lint_can_be_kept_by_a_comment_and_an_error_cannot() {
    for (rule, expected) in [
        ("any where a == 1", "any where a == 1 /* eqlens: allow L-2 */"),
        ("any where\n  a == 1", "// eqlens: allow L-2\nany where\n  a == 1"),
        (
            "// eqlens: allow L-10, L-11\nany where a",
            "// eqlens: allow L-10, L-11, L-2\nany where a",
        ),
        ("any where a /* eqlens: allow L-10 */", "any where a /* eqlens: allow L-10, L-2 */"),
    ] {
        let findings =
            vec![finding("E-1", Severity::Error, 2, 3), finding("L-2", Severity::Warning, 4, 5)];
        let state = with_findings(rule, findings);
        let problems = state.problems();
        let titles = |at: usize| {
            problems[at].finding.fixes.iter().map(|fix| fix.title.as_str()).collect::<Vec<_>>()
        };
        assert_eq!((titles(0), titles(1)), (vec!["Mend"], vec!["Mend", SILENCE]));
        let edit = &problems[1].finding.fixes[1].edits[0];
        let mut text = rule.to_owned();
        text.insert_str(edit.span.start as usize, &edit.text);
        assert_eq!(text, expected);
    }
}

#[test]
fn a_problem_says_for_how_many_events_its_clause_holds() {
    // The second leaf stands at 40, a place of eight bytes; what reaches over it is of no clause.
    let rule = "any where a == 1".repeat(10);
    let findings =
        vec![finding("L-1", Severity::Warning, 41, 43), finding("L-2", Severity::Warning, 44, 52)];
    let state = with_findings(&rule, findings);
    let holds: Vec<_> = state.problems().iter().map(|problem| problem.holds).collect();
    assert_eq!(holds, [Some((3, 4)), None]);
}
