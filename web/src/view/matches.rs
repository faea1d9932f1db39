//! The Matches tab: which events, and why.

use std::rc::Rc;

use eqlens_engine::wire::change::Change;
use eqlens_engine::wire::timeline::QueryForm;
use eqlens_engine::wire::{Explanation, Filter, Outcome, RunResult, Verdict};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::{Chunks, Sieve, Step, total};
use crate::state::model::Level;
use crate::state::text::{self, number};
use crate::view::detail::{DetailProps, detail};
use crate::view::list::List;
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::prose;
use crate::view::parts::segmented::{Segment, segmented};
use crate::view::parts::tells::Tells;
use crate::view::parts::{glyph, strip};
use crate::view::stopper::stopper;

/// What the tab needs.
pub struct MatchesProps {
    /// The outcome on the page; has a result.
    pub outcome: Rc<Outcome>,
    /// The filter in force.
    pub filter: Filter,
    /// See [`List`].
    pub chunks: Rc<Chunks>,
    /// See [`List`].
    pub window: strip::Window,
    /// See [`List`].
    pub cell: Option<(u32, u16)>,
    /// What that cell says, in words.
    pub cell_words: Option<String>,
    /// What was typed over the list.
    pub text: Rc<str>,
    /// What was read of it.
    pub sieve: Option<Sieve>,
    /// Rows of the list.
    pub rows: u32,
    /// See [`List`].
    pub reveal: Option<(u32, u32)>,
    /// Lines that could not be read.
    pub skipped: u32,
    /// The selected event.
    pub selected: Option<u32>,
    /// The line it would stand on, where none can be read there.
    pub unread: Option<u32>,
    /// Why it matches or not.
    pub explained: Option<Rc<Explanation>>,
    /// What would have to change in the event, once it was asked for.
    pub change: Option<Rc<Change>>,
    /// The events are lines of JSON.
    pub is_lines: bool,
    /// The marked node.
    pub marked: Option<u16>,
    /// The event whose JSON is on the clipboard.
    pub copied: Option<u32>,
    /// See [`WhyProps`](crate::view::why::WhyProps).
    pub values: Option<(u16, Option<u32>)>,
    /// List or detail, in a narrow window.
    pub level: Level,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Filter, list, detail.
pub fn matches_tab(props: &MatchesProps) -> Html {
    let Some(result) = &props.outcome.result else { return Html::default() };
    let on = &props.on;
    let rows = props.rows;
    let level = match props.level {
        Level::List => "list",
        Level::Detail => "detail",
    };
    html! {
        // As high as all events would need, whatever the filter and the rule leave of them, and were
        // every line whole.
        <div class="matches" data-level={level} ~style={format!("--events:{}", result.events.saturating_add(props.skipped))}>
            <div class="matches__tool">
                { filters(result, props.filter, on) }
                if result.form != QueryForm::Event {
                    <span class="matches__note">{ text::matches(result.form, result.matches) }</span>
                }
                { sieve(props, total(result, props.filter)) }
            </div>
            { stopper(Some(result), true, on) }
            if rows > 0 {
                <List chunks={Rc::clone(&props.chunks)} total={rows} selected={props.selected}
                    is_event={result.form == QueryForm::Event}
                    window={props.window.clone()} cell={props.cell} reveal={props.reveal}
                    on={on.clone()} />
                { foot(props) }
            } else if props.sieve.is_some() {
                <div class="matches__none" tabindex="0" data-focus="result">
                    <p>{ "No event here fits the filter." }</p>
                    { button(Kind::Outlined, "Clear the filter",
                        on.tell(|| Msg::SieveTyped(Rc::default()))) }
                </div>
            } else {
                <p class="matches__none" tabindex="0" data-focus="result">
                    { nothing(result, props.filter) }
                </p>
            }
            <div class="matches__crumb">
                <button class="button" type="button" data-kind="plain" data-focus="back"
                    onclick={on.tell::<MouseEvent>(|| Msg::DetailLeft)}>
                    { format!("\u{2039} All {}", number(rows.into())) }
                </button>
                <span class="matches__push" />
                <button class="button" type="button" data-kind="plain" aria-label="Previous event"
                    onclick={on.tell::<MouseEvent>(|| Msg::SelectionMoved(Step::Previous))}>
                    { "\u{2191}" }
                </button>
                <button class="button" type="button" data-kind="plain" aria-label="Next event"
                    onclick={on.tell::<MouseEvent>(|| Msg::SelectionMoved(Step::Next))}>
                    { "\u{2193}" }
                </button>
            </div>
            if let Some(explained) = &props.explained {
                { detail(&DetailProps {
                    outcome: Rc::clone(&props.outcome),
                    explained: Rc::clone(explained),
                    change: props.change.clone(),
                    is_lines: props.is_lines,
                    marked: props.marked,
                    copied: props.copied,
                    values: props.values,
                    on: on.clone(),
                }) }
            } else if let Some(line) = props.unread {
                <section class="detail" aria-label="The selected event">
                    <div class="detail__sentence" aria-live="polite">
                        <p class="detail__text">
                            { format!("No event can be read on line {}. ", number(line.into())) }
                            { "The selected one is back here as soon as its line is whole." }
                        </p>
                    </div>
                </section>
            }
        </div>
    }
}

/// The field that leaves only what fits it, and how much that is.
fn sieve(props: &MatchesProps, all: u32) -> Html {
    let on = &props.on;
    let oninput = on.reform(|event: InputEvent| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        Msg::SieveTyped(field.map(|field| field.value()).unwrap_or_default().into())
    });
    let onkeydown = {
        let on = on.clone();
        move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowDown" | "Enter" => {
                event.prevent_default();
                on.emit(Msg::SieveLeft);
            }
            "Escape" => {
                event.prevent_default();
                on.emit(Msg::SieveTyped(Rc::default()));
                on.emit(Msg::SieveLeft);
            }
            _ => {}
        }
    };
    let said = props.sieve.as_ref().map(|sieve| {
        let shown = format!("{} of {}", number(sieve.total.into()), number(all.into()));
        let how = match &sieve.trouble {
            Some(trouble) => html! {
                <span class="matches__trouble" title={trouble.to_string()}>
                    { "read as words: " }{ prose(trouble) }
                </span>
            },
            None if sieve.is_condition => html! { <span>{ "by condition" }</span> },
            None => Html::default(),
        };
        html! { <><span>{ shown }</span>{ how }</> }
    });
    html! {
        <>
            <span class="matches__said" role="status">{ for said }</span>
            <input class="matches__field" type="search" aria-label="Filter" data-focus="sieve"
                placeholder="Filter, e.g. host.name : web-*" autocomplete="off" spellcheck="false"
                value={props.text.to_string()} {oninput} {onkeydown} />
        </>
    }
}

/// Under the list: what the pointed-at cell says, else what the shapes mean; and the way to the other
/// clauses where there are too many for one strip.
fn foot(props: &MatchesProps) -> Html {
    let on = &props.on;
    let key = |verdict: Verdict, word: &'static str| {
        html! {
            <span class="matches__key">
                <i class="strip__cell" data-verdict={glyph::verdict_name(verdict)} />{ word }
            </span>
        }
    };
    let legend = || {
        html! {
            <span class="matches__legend">
                { key(Verdict::Holds, "holds") }{ key(Verdict::Fails, "fails") }
                { key(Verdict::Missing, "no value") }
                <span class="matches__key">
                    <i class="strip__cell" data-verdict="fails" data-decisive="true" />{ "decides" }
                </span>
            </span>
        }
    };
    let (first, end) = props.window.shown;
    let all = props.window.gaps.len();
    let turn = |step: Step, sign: &'static str, name: &'static str, is_last: bool| {
        let onclick = on.tell_of::<MouseEvent, _>(step, Msg::StripTurned);
        html! {
            <button class="button" type="button" data-kind="small" aria-label={name}
                disabled={is_last} {onclick}>
                { sign }
            </button>
        }
    };
    html! {
        <div class="matches__foot">
            <span class="matches__cell" aria-live="polite">
                { match &props.cell_words {
                    Some(words) => prose(words),
                    None => legend(),
                } }
            </span>
            if end - first < all {
                <span class="matches__turn" role="group" aria-label="Clauses shown">
                    { turn(Step::Previous, "\u{2039}", "Clauses before", first == 0) }
                    <span>{ format!("Clauses {}\u{2013}{end} of {all}", first + 1) }</span>
                    { turn(Step::Next, "\u{203a}", "Clauses after", end == all) }
                </span>
            }
        </div>
    }
}

fn filters(result: &RunResult, chosen: Filter, on: &Callback<Msg>) -> Html {
    let segment = |filter: Filter, label: &str| Segment {
        text: format!("{label} {}", number(total(result, filter).into())).into(),
        is_pressed: filter == chosen,
        press: on.tell_of(filter, Msg::FilterChosen),
    };
    let is_event = result.form == QueryForm::Event;
    let all = [
        segment(Filter::All, "All"),
        segment(Filter::Matches, "Matches"),
        segment(
            Filter::Near,
            if is_event { "Matches and near misses" } else { "Matches and candidates" },
        ),
    ];
    segmented("Events shown", all)
}

fn nothing(result: &RunResult, filter: Filter) -> &'static str {
    let is_event = result.form == QueryForm::Event;
    match filter {
        _ if result.events == 0 => "There are no events yet.",
        _ if !is_event && result.near == 0 => "No event fits any stage.",
        _ if !is_event => "Nothing matches. Some events fit a stage: see the candidates.",
        Filter::Matches if result.near > 0 => {
            "No event matches. Some are one clause away: see the near misses."
        }
        Filter::Matches => "No event matches.",
        Filter::Near | Filter::All => "No event matches, and none is one clause away from it.",
    }
}
