//! The Matches tab: which events, and why.

use std::rc::Rc;

use eqlens_engine::wire::timeline::QueryForm;
use eqlens_engine::wire::{Explanation, Filter, Outcome, RunResult};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::{Chunks, Step, total};
use crate::state::model::Level;
use crate::state::text::{self, number};
use crate::view::detail::{DetailProps, detail};
use crate::view::list::List;
use crate::view::parts::segmented::{Segment, segmented};

/// What the tab needs.
pub struct MatchesProps {
    /// The outcome on the page; has a result.
    pub outcome: Rc<Outcome>,
    /// The filter in force.
    pub filter: Filter,
    /// See [`List`].
    pub chunks: Rc<Chunks>,
    /// See [`List`].
    pub gaps: Rc<[bool]>,
    /// See [`List`].
    pub reveal: Option<(u32, u32)>,
    /// The selected event.
    pub selected: Option<u32>,
    /// Why it matches or not.
    pub explained: Option<Rc<Explanation>>,
    /// The marked node.
    pub marked: Option<u16>,
    /// List or detail, in a narrow window.
    pub level: Level,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Filter, list, detail.
pub fn matches_tab(props: &MatchesProps) -> Html {
    let Some(result) = &props.outcome.result else { return Html::default() };
    let on = &props.on;
    let rows = total(result, props.filter);
    let level = match props.level {
        Level::List => "list",
        Level::Detail => "detail",
    };
    html! {
        // As high as all events would need, whatever the filter and the rule leave of them.
        <div class="matches" data-level={level} ~style={format!("--events:{}", result.events)}>
            <div class="matches__tool">
                { filters(result, props.filter, on) }
                if result.form != QueryForm::Event {
                    <span class="matches__note">{ text::matches(result.form, result.matches) }</span>
                }
            </div>
            if rows > 0 {
                <List chunks={Rc::clone(&props.chunks)} total={rows} selected={props.selected}
                    is_event={result.form == QueryForm::Event}
                    gaps={Rc::clone(&props.gaps)} reveal={props.reveal} on={on.clone()} />
            } else {
                <p class="matches__none" tabindex="0" data-focus="result">
                    { nothing(result, props.filter) }
                </p>
            }
            <div class="matches__crumb">
                <button class="button" type="button" data-kind="plain" data-focus="back"
                    onclick={on.reform(|_: MouseEvent| Msg::DetailLeft)}>
                    { format!("\u{2039} All {}", number(rows.into())) }
                </button>
                <span class="matches__push" />
                <button class="button" type="button" data-kind="plain" aria-label="Previous event"
                    onclick={on.reform(|_: MouseEvent| Msg::SelectionMoved(Step::Previous))}>
                    { "\u{2191}" }
                </button>
                <button class="button" type="button" data-kind="plain" aria-label="Next event"
                    onclick={on.reform(|_: MouseEvent| Msg::SelectionMoved(Step::Next))}>
                    { "\u{2193}" }
                </button>
            </div>
            if let Some(explained) = &props.explained {
                { detail(&DetailProps {
                    outcome: Rc::clone(&props.outcome),
                    explained: Rc::clone(explained),
                    marked: props.marked,
                    on: on.clone(),
                }) }
            }
        </div>
    }
}

fn filters(result: &RunResult, chosen: Filter, on: &Callback<Msg>) -> Html {
    let segment = |filter: Filter, label: &str| Segment {
        text: format!("{label} {}", number(total(result, filter).into())).into(),
        is_pressed: filter == chosen,
        press: on.reform(move |_| Msg::FilterChosen(filter)),
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
