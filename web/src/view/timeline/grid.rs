//! Keys and filters of a sample: which events each filter found for each key.

use eqlens_engine::wire::timeline::{EventRef, Group, GroupFilter, Stage};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::{counted, number};
use crate::state::timeline::names::short_keys;
use crate::state::timeline::{PAGE, TimelineMsg};
use crate::view::parts::code::prose;
use crate::view::parts::tells::Tells;
use crate::view::timeline::TimelineProps;
use crate::view::timeline::lanes_glyph;

pub(super) fn grid(props: &TimelineProps) -> Html {
    let timeline = &props.timeline;
    let shown = PAGE.saturating_mul(props.pages + 1);
    let key = |name: &String| html! { <th scope="col"><code>{ name.clone() }</code></th> };
    let filter = |stage: &Stage| {
        html! {
            <th scope="col">
                { format!("{} {}", stage.number, stage.label) }
                <span class="timeline__count">{ number(stage.count.into()) }</span>
            </th>
        }
    };
    let more = props.on.tell::<MouseEvent>(|| Msg::Timeline(TimelineMsg::MoreWanted));
    html! {
        <div class="timeline__twin" tabindex="0" data-focus="result" role="region"
            aria-label="Keys and filters">
            if timeline.groups.is_empty() {
                <p class="timeline__none">{ "No event with a full key fits any filter." }</p>
            } else {
                <table class="timeline__table">
                    <thead>
                        <tr>
                            { for timeline.keys.iter().map(key) }
                            { for timeline.stages.iter().map(filter) }
                            <th scope="col">{ "Samples" }</th>
                            <th scope="col">{ "Why" }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for timeline.groups.iter().take(shown).map(|group| row(props, group)) }
                    </tbody>
                </table>
                if timeline.groups.len() > shown {
                    <div class="timeline__more">
                        <button class="button" type="button" data-kind="outlined" onclick={more}>
                            { format!("Show more: {} so far", number(shown as u64)) }
                        </button>
                    </div>
                }
            }
        </div>
    }
}

fn row(props: &TimelineProps, group: &Group) -> Html {
    let key = |(at, value): (usize, &Option<String>)| {
        let title = value.clone();
        let value = short_keys(std::slice::from_ref(value));
        if at == 0 {
            html! { <th scope="row"><code {title}>{ value }</code></th> }
        } else {
            html! { <td><code {title}>{ value }</code></td> }
        }
    };
    let is_taken =
        |event: &EventRef| group.samples.iter().flatten().any(|taken| taken.event == event.event);
    let cell = |found: &GroupFilter| {
        if found.count == 0 {
            return html! {
                <td><span class="timeline__cell" data-verdict="missing">{ "none" }</span></td>
            };
        }
        let left = (found.count as usize).saturating_sub(found.events.len());
        html! {
            <td>
                <span class="timeline__cell">
                    { for found.events.iter().map(|event| event_button(props, event, is_taken(event))) }
                    if left > 0 {
                        <span class="timeline__count">{ format!("+{}", number(left as u64)) }</span>
                    }
                </span>
            </td>
        }
    };
    let sample = |events: &Vec<EventRef>| {
        let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
        html! { <li><code>{ ids.join(" ") }</code></li> }
    };
    let is_complete = !group.samples.is_empty();
    html! {
        <tr data-complete={is_complete.then_some("true")}>
            { for group.keys.iter().enumerate().map(key) }
            { for group.filters.iter().map(cell) }
            <td><ul>{ for group.samples.iter().map(sample) }</ul></td>
            <td class="timeline__why">{ lanes_glyph(is_complete) }{ why(group) }</td>
        </tr>
    }
}

/// The outcome in few words: the filters and keys stand in the columns, the whole sentence below once
/// an event of the group is chosen.
fn why(group: &Group) -> Html {
    let missing: Vec<String> = group
        .filters
        .iter()
        .zip(1..)
        .filter(|(found, _)| found.count == 0)
        .map(|(_, number): (_, u32)| number.to_string())
        .collect();
    match (group.samples.len(), missing.as_slice()) {
        (0, []) => prose(&group.sentence),
        (0, [one]) => html! { { format!("no event for filter {one}") } },
        (0, many) => html! { { format!("no event for filters {}", many.join(", ")) } },
        (n, _) => html! { { counted(n as u32, "sample", "samples") } },
    }
}

fn event_button(props: &TimelineProps, event: &EventRef, is_taken: bool) -> Html {
    let onclick = props.on.reform({
        let event = event.event;
        move |_: MouseEvent| Msg::EventChosen(event)
    });
    let title = event.time.as_ref().map(|time| format!("Event {} at {time}", event.id));
    html! {
        <button class="timeline__event" type="button" {title} {onclick}
            data-taken={is_taken.then_some("true")}
            aria-pressed={(props.selected == Some(event.event)).to_string()}>
            { event.id.clone() }
        </button>
    }
}
