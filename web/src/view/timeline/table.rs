//! The traces as a table: the same facts as in the drawing, for keyboards and screen readers.

use eqlens_engine::wire::timeline::{Ended, EventRef, Stage, Trace};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::time_parts;
use crate::state::timeline::lanes::{Tone, number_of_by};
use crate::state::timeline::scale::span_words;
use crate::state::timeline::{PAGE, TimelineMsg};
use crate::view::parts::code::prose;
use crate::view::timeline::{TimelineProps, ended_name, keys_of, short_keys, tone_glyph};

pub(super) fn table(props: &TimelineProps) -> Html {
    let timeline = &props.timeline;
    let head = |stage: &Stage| {
        let name = if stage.until {
            format!("until {}", stage.label)
        } else if stage.missing {
            format!("![{}] {}", stage.number, stage.label)
        } else {
            format!("{} {}", stage.number, stage.label)
        };
        html! { <th scope="col">{ name }</th> }
    };
    // The column of the `until` term is there only where it ended something.
    let has_until = timeline.traces.iter().any(|trace| trace.ended == Ended::Until);
    let stages: Vec<&Stage> =
        timeline.stages.iter().filter(|stage| has_until || !stage.until).collect();
    let row =
        |at: &usize| timeline.traces.get(*at).map(|trace| row_view(props, trace, *at, &stages));
    let is_cut = props.lanes.len() >= PAGE && props.lanes.len() < timeline.traces.len();
    let more = props.on.reform(|_: MouseEvent| Msg::Timeline(TimelineMsg::MoreWanted));
    html! {
        <div class="timeline__twin" tabindex="0" data-focus="result" role="region"
            aria-label="Traces as a table">
            <table class="timeline__table">
                <thead>
                    <tr>
                        <th scope="col">{ "Outcome" }</th>
                        <th scope="col">{ "Host" }</th>
                        <th scope="col">{ "Key" }</th>
                        { for stages.iter().copied().map(head) }
                        <th scope="col" data-number="true">{ "Span" }</th>
                        <th scope="col">{ "Why it ended" }</th>
                    </tr>
                </thead>
                <tbody>{ for props.lanes.iter().filter_map(row) }</tbody>
            </table>
            if is_cut {
                <div class="timeline__more">
                    <button class="button" type="button" data-kind="outlined" onclick={more}>
                        { format!("Show more: {} so far", props.lanes.len()) }
                    </button>
                </div>
            }
        </div>
    }
}

fn row_view(props: &TimelineProps, trace: &Trace, at: usize, stages: &[&Stage]) -> Html {
    let tone = Tone::of(trace.ended);
    let cell = |stage: &Stage| html! { <td>{ stage_cell(props, trace, at, stage) }</td> };
    let times = || trace.events.iter().flatten().chain(&trace.by).filter_map(|one| one.time_ms);
    let own = || trace.events.iter().flatten().filter_map(|one| one.time_ms);
    let ends = match trace.ended {
        Ended::MaxspanExpired => times().min().zip(times().max()),
        _ => own().min().zip(own().max()),
    };
    let span = ends.filter(|(first, last)| first < last);
    html! {
        <tr key={at} data-current={(props.current == Some(at)).then_some("true")}>
            <th scope="row">
                <span class="timeline__ended" data-tone={tone.name()}>
                    { tone_glyph(tone) }{ ended_name(trace.ended) }
                </span>
            </th>
            <td>{ trace.host.clone() }</td>
            <td><code title={keys_of(&trace.keys)}>{ short_keys(&trace.keys) }</code></td>
            { for stages.iter().copied().map(cell) }
            <td data-number="true">
                { span.map(|(first, last)| span_words(last.abs_diff(first))).unwrap_or_default() }
            </td>
            <td class="timeline__why">{ prose(&trace.sentence) }</td>
        </tr>
    }
}

fn stage_cell(props: &TimelineProps, trace: &Trace, at: usize, stage: &Stage) -> Html {
    let position = usize::from(stage.number).checked_sub(1);
    let slot = position.and_then(|position| trace.events.get(position)).filter(|_| !stage.until);
    let is_by = number_of_by(&props.timeline, trace) == stage.number
        && !matches!(trace.ended, Ended::Overwritten | Ended::Matched);
    let by = trace.by.as_ref().filter(|_| is_by);
    match (slot, by) {
        (Some(Some(event)), _) => event_button(props, at, event),
        (_, Some(event)) => event_button(props, at, event),
        (Some(None), None) if stage.missing => html! { { "none" } },
        _ => Html::default(),
    }
}

/// The time of an event; choosing it selects the event.
fn event_button(props: &TimelineProps, trace: usize, event: &EventRef) -> Html {
    let number = event.event;
    let onclick = props.on.reform(move |_: MouseEvent| {
        Msg::Timeline(TimelineMsg::EventChosen { trace, event: number })
    });
    let (_, clock, fraction) = time_parts(event.time.as_deref().unwrap_or(&event.id));
    html! {
        <button class="timeline__event" type="button" title={format!("Event {}", event.id)}
            aria-pressed={(props.selected == Some(number)).to_string()} {onclick}>
            { format!("{clock}{fraction}") }
        </button>
    }
}
