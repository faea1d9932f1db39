//! Tests of `update` as a whole: `(state, messages)` to `(state, effects)`.

use std::rc::Rc;

use eqlens_engine::wire::change::Change;
use eqlens_engine::wire::list::{Failing, Sifted};
use eqlens_engine::wire::reading::{Reading, ReadingKind, ReadingLine, ReadingPart};
use eqlens_engine::wire::timeline::QueryForm;
use eqlens_engine::wire::{
    Cell, Edit, Explanation, Filter, Finding, Investigation, LoadReport, Node, NodeKind,
    NodeVerdict, Outcome, Row, Rows, Rule, RunResult, Severity, Span, Verdict,
};

use crate::protocol::{
    Bytes, Decoded, Help, Kept, Made, MappingReport, Request, Response, RunId, Wish,
};
use crate::state::boot::{Boot, Example};
use crate::state::draft::{Draft, Stored};
use crate::state::engine::Status;
use crate::state::list::Step;
use crate::state::model::{Level, Notice, Order, Origin, Overlay, Tab};
use crate::state::update::start;
use crate::state::{Effect, Msg, State, update};

mod anchor;
mod closely;
mod compare;
mod export;
mod help;
mod links;
mod making;
mod margin;
mod runs;
mod table;

pub(super) static EXAMPLES: [Example; 1] = [Example {
    title: "openssl",
    about: "",
    group: "",
    tab: Tab::Matches,
    event: None,
    rule: "process where true",
    events: "{}\n{}\n{}\n{}",
}];

/// The condition of the openssl rule, as the engine lists it.
pub(super) fn openssl_nodes() -> Vec<Node> {
    use NodeKind::{And, Category, Leaf, Not, Or, Query};
    // Kind, parent, depth, clause, label.
    type Line = (NodeKind, Option<u16>, u16, Option<u16>, &'static str);
    let table: [Line; 18] = [
        (Query, None, 0, None, "process"),
        (Category, Some(0), 1, Some(1), "process"),
        (And, Some(0), 1, None, "and"),
        (Leaf, Some(2), 2, Some(2), "host.os.type == \"linux\""),
        (Leaf, Some(2), 2, Some(3), "event.type == \"start\""),
        (Leaf, Some(2), 2, Some(4), "event.action in (\"exec\", \"exec_event\", \"start\")"),
        (Leaf, Some(2), 2, Some(5), "process.name == \"openssl\""),
        (Or, Some(2), 2, None, "or"),
        (And, Some(7), 3, None, "and"),
        (Leaf, Some(8), 4, Some(6), "process.args == \"s_client\""),
        (Leaf, Some(8), 4, Some(7), "process.args : (\"-connect\", \"*:*\")"),
        (Not, Some(8), 4, Some(8), "not process.args == \"-showcerts\""),
        (Leaf, Some(11), 5, None, "process.args == \"-showcerts\""),
        (And, Some(7), 3, None, "and"),
        (Leaf, Some(13), 4, Some(9), "process.args == \"s_server\""),
        (Leaf, Some(13), 4, Some(10), "process.args == \"-port\""),
        (Not, Some(2), 2, Some(11), "not process.parent.executable in (2 paths)"),
        (Leaf, Some(16), 3, None, "process.parent.executable in (2 paths)"),
    ];
    let place = |at: usize| {
        let start = u32::try_from(at).unwrap() * 10;
        Span {
            start,
            end: start + 8,
            line: u32::try_from(at).unwrap() + 1,
            column: 1,
            start_utf16: start,
            end_utf16: start + 8,
        }
    };
    let node = |(at, (kind, parent, depth, clause, label)): (usize, _)| Node {
        kind,
        parent,
        depth,
        title: format!("{kind:?}"),
        label: str::to_owned(label),
        span: place(at),
        clause,
        count: Some(3),
        reach: Some(3),
    };
    table.into_iter().enumerate().map(node).collect()
}

/// The page after its start, with the first example asked for.
pub(super) fn page() -> (State, Vec<Effect>) {
    start(Boot { examples: &EXAMPLES, base: "http://x/".into(), ..Boot::default() })
}

/// Feeds messages; answers with the effects of the last.
pub(super) fn feed(state: &mut State, msgs: impl IntoIterator<Item = Msg>) -> Vec<Effect> {
    msgs.into_iter().map(|msg| update(state, msg)).last().unwrap_or_default()
}

/// A result over `events` events, of which the first matches and the second nearly.
pub(super) fn sound(events: u32) -> Outcome {
    Outcome {
        rule: Rule { is_bare: true, ..Rule::default() },
        query_span: None,
        escaped_span: None,
        findings: Vec::new(),
        nodes: openssl_nodes(),
        result: Some(RunResult {
            form: QueryForm::Event,
            events,
            searched: events,
            matches: 1,
            near: 1,
            took_us: 400,
            verdicts: vec![Verdict::Fails; events as usize],
            stopper: None,
        }),
    }
}

/// What a broken rule gives.
pub(super) fn refused() -> Outcome {
    Outcome {
        findings: vec![Finding {
            severity: Severity::Error,
            code: "E-203".to_owned(),
            message: "expected a value".to_owned(),
            help: None,
            span: Span { start: 8, end: 9, line: 1, column: 9, start_utf16: 8, end_utf16: 9 },
            fixes: Vec::new(),
        }],
        ..Outcome::default()
    }
}

pub(super) fn row(event: u32, verdict: Verdict) -> Row {
    Row {
        event,
        id: event.to_string(),
        time: None,
        host: None,
        summary: String::new(),
        verdict,
        stages: Vec::new(),
        why: String::new(),
        cells: vec![Cell { verdict, decisive: verdict != Verdict::Holds }],
    }
}

pub(super) fn explanation(event: u32) -> Explanation {
    let node = |at| NodeVerdict {
        verdict: Verdict::Fails,
        decisive: at == 11,
        reason: None,
        value: String::new(),
        note: String::new(),
        text: String::new(),
        wanted: String::new(),
        values: ["a".to_owned(), "b".to_owned()][..if at == 11 { 2 } else { 0 }].to_vec(),
        deciding: Vec::new(),
    };
    Explanation {
        event,
        id: event.to_string(),
        index: String::new(),
        line: event + 1,
        verdict: Verdict::Fails,
        headline: String::new(),
        sentence: String::new(),
        nodes: (0..18).map(node).collect(),
        view: Vec::new(),
    }
}

pub(super) fn answer(response: Response) -> Msg {
    Msg::Answered { response, after_ms: 1 }
}

/// Plays the worker: answers every request among the effects, and what follows from the answers.
pub(super) fn play(state: &mut State, effects: Vec<Effect>, outcome: &Outcome) -> Vec<Effect> {
    let mut rest = Vec::new();
    let mut open = effects;
    while !open.is_empty() {
        let mut next = Vec::new();
        for effect in open {
            let msg = match effect {
                Effect::Settle { run, .. } => Msg::Settled(run),
                Effect::Ask(request) => answer(reply(request, outcome)),
                other => {
                    rest.push(other);
                    continue;
                }
            };
            next.extend(update(state, msg));
        }
        open = next;
    }
    rest
}

fn made(rule: &str, wish: Wish) -> Made {
    match wish {
        Wish::Format if rule.contains("broken") => Made::Format(Err("it is broken".into())),
        Wish::Format => {
            let span = Span { start: 0, end: 3, ..Span::default() };
            Made::Format(Ok(vec![Edit { span, text: "ANY".into() }]))
        }
        Wish::Events => Made::Events(Ok("{\"made\": 1}".into())),
        Wish::Reading => {
            let part = ReadingPart { kind: ReadingKind::Word, text: rule.into() };
            let line = ReadingLine { depth: 0, parts: vec![part], span: Span::default() };
            Made::Reading(Some(Reading { lines: vec![line] }))
        }
        Wish::Change(event) => Made::Change(Some(Change { event, ..Change::default() })),
        Wish::Try { .. } => Made::Tried(Some("{\"tried\": 1}".into())),
        Wish::Keep { .. } if rule.contains("all") => Made::Kept(None),
        Wish::Keep { event, .. } => Made::Kept(Some(Kept {
            text: "{\"kept\": 1}".into(),
            count: 1,
            event: event.map(|_| 0),
        })),
    }
}

fn reply(request: Request, outcome: &Outcome) -> Response {
    match request {
        Request::Load { run, events, .. } => {
            let whole = |(line, text): (u32, &str)| (!text.contains("broken")).then_some(line);
            let lines: Vec<u32> = (1..).zip(events.lines()).filter_map(whole).collect();
            let events = u32::try_from(lines.len()).unwrap();
            Response::Loaded { run, report: LoadReport { events, lines, ..LoadReport::default() } }
        }
        Request::SetMapping { run, .. } => {
            Response::MappingSet { run, report: MappingReport { fields: 1, findings: Vec::new() } }
        }
        Request::Run { run, .. } => Response::Outcome { run, outcome: Box::new(outcome.clone()) },
        Request::Rows { run, filter, text, first, .. } => {
            let mut all = vec![row(0, Verdict::Holds), row(2, Verdict::Fails)];
            all.retain(|row| text.is_empty() || row.id == text);
            let total = u32::try_from(all.len()).unwrap();
            let rows = if first == 0 { all } else { Vec::new() };
            let rows = Rows { filter, total, first, rows };
            Response::Rows { run, sifted: Sifted { text, rows, ..Sifted::default() } }
        }
        Request::Failing { run, node } => {
            let failing = Failing { node, holds: 3, fails: 1, ..Failing::default() };
            Response::Failing { run, failing: Some(failing) }
        }
        Request::Explain { run, event } => {
            Response::Explained { run, explanation: Some(Box::new(explanation(event))) }
        }
        Request::Assist { run, at, is_hover, .. } => {
            Response::Assisted { run, help: Help { at, is_hover, ..Help::default() } }
        }
        Request::Table { run, by_time, first, count, around } => {
            Response::Table { run, table: table::rows(by_time, first, count, around) }
        }
        Request::Timeline { run, key } => Response::Timeline { run, key, timeline: Box::default() },
        Request::Cursor { run, .. } => Response::Cursor { run, cursor: None },
        Request::Make { run, rule, wish } => Response::Made { run, made: made(&rule, wish) },
        Request::Compare { run, .. } => Response::Compared { run, comparison: Box::default() },
        Request::Export { run, export } => {
            Response::Exported { run, text: Some(format!("{export:?}")) }
        }
        Request::MakeLink { run, .. } => {
            Response::LinkMade { run, fragment: Ok("#v0.made".into()) }
        }
        Request::Decode { run, name, bytes } => {
            let text = String::from_utf8(bytes.0.to_vec()).map_err(|_| "no text".to_owned());
            let decoded = text.map(|text| Decoded { text, trouble: None });
            Response::Decoded { run, name, decoded }
        }
        Request::ReadLink { run, fragment } => {
            let read = Investigation {
                title: "a title".into(),
                rule: "file where true".into(),
                events: "{}".into(),
                tab: "tree".into(),
                ..Investigation::default()
            };
            let is_whole = fragment != "#v0.cut";
            let investigation = if is_whole { Ok(Box::new(read)) } else { Err("truncated".into()) };
            Response::LinkRead { run, investigation }
        }
    }
}

/// The page with the first example evaluated.
pub(super) fn shown() -> State {
    let (mut state, effects) = page();
    play(&mut state, effects, &sound(4));
    state
}

pub(super) fn draft(rule: &str) -> Draft {
    Draft { rule: rule.into(), events: "{}".into(), ..Draft::default() }
}

#[test]
fn a_first_visit_shows_the_example_and_explains_its_near_miss() {
    let state = shown();
    assert_eq!(state.origin, Origin::Example);
    assert_eq!(state.engine.status, Status::Done);
    assert_eq!(state.selected, Some(2));
    assert_eq!(state.explained.map(|explained| explained.event), Some(2));
}

#[test]
fn what_decides_is_marked_until_something_is_pointed_at() {
    let mut state = shown();
    assert_eq!(state.marked(), Some(11));
    feed(&mut state, [Msg::RuleCaretMoved(33)]);
    assert_eq!(state.marked(), Some(3));
    feed(&mut state, [Msg::ClausePointed(Some(8))]);
    assert_eq!(state.marked(), Some(11));
    feed(&mut state, [Msg::ClausePointed(None), Msg::EventChosen(0)]);
    assert_eq!(state.at_caret, None, "a new selection is looked at afresh");
}

#[test]
fn a_place_in_a_not_with_its_leaf_is_the_row_of_both() {
    let mut state = shown();
    feed(&mut state, [Msg::RuleHovered(Some(123))]);
    assert_eq!(state.pointed, Some(11));
}

#[test]
fn arrows_select_and_ask_for_the_explanation() {
    let mut state = shown();
    let run = state.shown_run.unwrap();
    let effects = feed(&mut state, [Msg::SelectionMoved(Step::First)]);
    assert_eq!(effects, [Effect::Ask(Request::Explain { run, event: 0 })]);
    assert_eq!(state.level, Level::List);
    let effects = feed(&mut state, [Msg::NearMissSought(Step::Next)]);
    assert_eq!(effects, [Effect::Ask(Request::Explain { run, event: 2 })]);
    assert_eq!(feed(&mut state, [Msg::NearMissSought(Step::Next)]), []);
}

#[test]
fn a_filter_asks_for_its_own_rows() {
    let mut state = shown();
    let run = state.shown_run.unwrap();
    feed(&mut state, [Msg::RowsSeen { first: 0, end: 20 }]);
    let effects = feed(&mut state, [Msg::FilterChosen(Filter::All)]);
    let ask = Request::Rows { run, filter: Filter::All, text: String::new(), first: 0, count: 64 };
    assert_eq!(effects, [Effect::Ask(ask)]);
    assert_eq!(state.selected, Some(2), "the selection stays");
}

#[test]
fn the_outline_closes_and_climbs() {
    use crate::state::msg::TreeMove;
    let mut state = shown();
    feed(&mut state, [Msg::NodeChosen(9), Msg::TreeMoved(TreeMove::Left)]);
    assert_eq!(state.tree_node, Some(8));
    feed(&mut state, [Msg::TreeMoved(TreeMove::Left)]);
    assert!(state.collapsed.contains(8));
    feed(&mut state, [Msg::TreeMoved(TreeMove::Step(Step::Next))]);
    assert_eq!(state.tree_node, Some(13), "what is closed is passed over");
}

#[test]
fn escape_closes_what_floats_then_the_detail() {
    let mut state = shown();
    feed(&mut state, [Msg::EventChosen(0), Msg::OverlayOpened(Overlay::Shortcuts), Msg::Escaped]);
    assert_eq!((state.overlay, state.level), (Overlay::None, Level::Detail));
    feed(&mut state, [Msg::Escaped]);
    assert_eq!(state.level, Level::List);
}

#[test]
fn a_broken_store_is_said_once_and_the_example_shown() {
    let boot = Boot {
        examples: &EXAMPLES,
        stored: Stored::Broken("unexpected end".into()),
        ..Boot::default()
    };
    let (mut state, _) = start(boot);
    assert_eq!(state.origin, Origin::Example);
    let said = state.store_trouble.clone().unwrap();
    assert!(said.contains("set aside"));
    feed(&mut state, [Msg::StoreRefused("full".into())]);
    assert_eq!(state.store_trouble, Some(said));
}

#[test]
fn an_example_never_costs_the_draft() {
    let boot = Boot {
        examples: &EXAMPLES,
        stored: Stored::Draft(draft("any where true")),
        ..Boot::default()
    };
    let (mut state, _) = start(boot);
    feed(&mut state, [Msg::ExampleChosen(0)]);
    assert_eq!(&*state.docs.rule, EXAMPLES[0].rule);
    assert_eq!(state.notices, [Notice::PutAside { what: "the example" }]);
    feed(&mut state, [Msg::AsideWanted]);
    assert_eq!(&*state.docs.rule, "any where true");
    assert_eq!(state.notices, []);
}

#[test]
fn typing_in_an_example_keeps_the_draft_that_gave_way() {
    let stored = Stored::Draft(draft("any where true"));
    let (mut state, _) = start(Boot { examples: &EXAMPLES, stored, ..Boot::default() });
    feed(&mut state, [Msg::ExampleChosen(0)]);
    assert_eq!(feed(&mut state, [Msg::SaveDue]), [], "looking at an example writes nothing");
    feed(&mut state, [Msg::RuleEdited("process where false".into())]);
    let effects = feed(&mut state, [Msg::SaveDue]);
    let [Effect::WriteDraft(new), Effect::WriteAside(old)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((&*new.rule, &*old.rule), ("process where false", "any where true"));
    // Back and forth, as often as one likes.
    feed(&mut state, [Msg::AsideWanted]);
    assert_eq!(&*state.docs.rule, "any where true");
    feed(&mut state, [Msg::AsideWanted]);
    assert_eq!(&*state.docs.rule, "process where false");
    // After a reload it is still there.
    let boot = Boot { examples: &EXAMPLES, aside: Some(old.clone()), ..Boot::default() };
    let (mut state, _) = start(boot);
    feed(&mut state, [Msg::AsideWanted]);
    assert_eq!(&*state.docs.rule, "any where true");
}

#[test]
fn a_mapping_goes_with_the_draft_and_comes_before_the_run() {
    let mut state = shown();
    feed(&mut state, [Msg::MappingEdited("{}".into())]);
    let run = state.engine.run;
    let effects = feed(&mut state, [Msg::Settled(run)]);
    let set = Request::SetMapping { run, mapping: "{}".into() };
    assert_eq!(effects.first(), Some(&Effect::Ask(set)));
    play(&mut state, effects, &sound(4));
    assert_eq!((state.mapping.fields, state.engine.status), (1, Status::Done));
    let effects = feed(&mut state, [Msg::SaveDue]);
    let [Effect::WriteDraft(written)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(&*written.mapping, "{}");
    // A new worker has none: it is told again, and before that nothing is.
    feed(&mut state, [Msg::WorkerDied("boom".into())]);
    assert_eq!(state.engine.mapped, Some(state.docs.mapping_version));
}

#[test]
fn trouble_with_the_store_goes_when_it_takes_things_again() {
    let mut state = shown();
    feed(&mut state, [Msg::StoreRefused("full".into())]);
    assert!(state.store_trouble.is_some());
    feed(&mut state, [Msg::StoreTook]);
    assert_eq!(state.store_trouble, None);
}

#[test]
fn files_are_told_apart_by_name_and_content() {
    let mut state = shown();
    let mut open = |name: &str, text: &str| {
        let bytes = Bytes(Rc::new(text.as_bytes().to_vec()));
        let effects = update(&mut state, Msg::FileOpened { name: name.into(), bytes });
        play(&mut state, effects, &sound(4));
        (state.docs.rule.to_string(), state.docs.events.to_string())
    };
    assert_eq!(open("a.ndjson", "{\"process\":1}").1, "{\"process\":1}");
    let events = "{\"process\":2}";
    assert_eq!(open("log.txt", events).1, events, "lines of JSON are events by any name");
    assert_eq!(open("rule.txt", "any where true"), ("any where true".into(), events.into()));
    assert_eq!(open("rule.toml", "[rule]"), ("[rule]".into(), events.into()));
    assert_eq!(open("t.txt", "[metadata]\n"), ("[metadata]\n".into(), events.into()));
    let bare = "{\"rule_id\":\"a\",\"query\":\"any where true\"}";
    assert_eq!(open("r1.json", bare), (bare.into(), events.into()));
    let rule = "{\"query\":\"any where true\",\"language\":\"eql\"}";
    assert_eq!(open("rule.ndjson", rule), (rule.into(), events.into()));
    assert_eq!(open("A.CSV.GZ", "x,y"), (rule.into(), "x,y".into()));
    assert_eq!(state.origin, Origin::Draft);
}

#[test]
fn a_file_that_is_no_text_is_said_and_changes_nothing() {
    let mut state = shown();
    let before = state.texts();
    let bytes = Bytes(Rc::new(vec![0xff]));
    let effects = update(&mut state, Msg::FileOpened { name: "a.zip".into(), bytes });
    play(&mut state, effects, &sound(4));
    assert_eq!(state.texts(), before);
    assert_eq!(state.notices, [Notice::FileUnreadable("`a.zip`: no text".into())]);
    assert!(state.engine.open_requests.is_empty());
}

#[test]
fn a_file_that_kills_the_worker_twice_is_given_up() {
    let mut state = shown();
    let bytes = Bytes(Rc::new(Vec::new()));
    let asked = update(&mut state, Msg::FileOpened { name: "a.gz".into(), bytes });
    let again = update(&mut state, Msg::WorkerDied("out of memory".into()));
    assert!(again.contains(&asked[0]), "asked once more");
    let last = update(&mut state, Msg::WorkerDied("out of memory".into()));
    assert!(!last.contains(&asked[0]));
    assert!(matches!(&state.notices[..], [Notice::FileUnreadable(why)] if why.contains("a.gz")));
}

#[test]
fn sharing_makes_a_link_of_what_is_chosen() {
    let mut state = shown();
    let effects = feed(&mut state, [Msg::OverlayOpened(Overlay::Share)]);
    play(&mut state, effects, &sound(4));
    assert_eq!(state.share.link.as_deref(), Some("http://x/#v0.made"));
    let link: Rc<str> = "http://x/#v0.made".into();
    assert_eq!(feed(&mut state, [Msg::CopyWanted]), [Effect::Copy(link)]);
    let effects = feed(&mut state, [Msg::ShareIncludeChosen(crate::state::share::Include::Rule)]);
    let [Effect::Ask(Request::MakeLink { investigation, .. })] = &effects[..] else { panic!() };
    assert_eq!(investigation.events, "");
    assert_eq!(investigation.rule, "process where true");
    assert_eq!(state.share.link, None, "the old link must not be copied by mistake");
}

#[test]
fn a_tab_of_a_later_version_opens_the_first() {
    assert_eq!(Tab::named("holograms"), Tab::Matches);
}

#[test]
fn run_ids_go_round() {
    assert_eq!(RunId(u32::MAX).next(), RunId(0));
}
