//! The traces as a table: the same facts as in the drawing, for keyboards and screen readers.

use eqlens_engine::wire::cursor::SlotState;
use eqlens_engine::wire::timeline::{Ended, EventRef, Point, Stage, Standing, Trace, Track};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::{number, time_parts, visible};
use crate::state::timeline::lanes::{Tone, number_of_by, number_word};
use crate::state::timeline::names::{keys_of, row_name, short_keys};
use crate::state::timeline::rows::Row;
use crate::state::timeline::scale::span_words;
use crate::state::timeline::{PAGE, TimelineMsg};
use crate::view::parts::code::prose;
use crate::view::parts::tells::Tells;
use crate::view::timeline::{TimelineProps, tone_glyph};

pub(super) fn traces(props: &TimelineProps) -> Html {
    let timeline = &props.timeline;
    let head = |stage: &Stage| {
        let word = number_word(timeline, stage.number);
        let name = if stage.until {
            format!("until {}", stage.label)
        } else if stage.missing {
            format!("![{word}] {}", stage.label)
        } else {
            format!("{word} {}", stage.label)
        };
        html! { <th scope="col">{ name }</th> }
    };
    // The column of the `until` term is there only where it ended something.
    let has_until = timeline.traces.iter().any(|trace| trace.ended == Ended::Until);
    let stages: Vec<&Stage> =
        timeline.stages.iter().filter(|stage| has_until || !stage.until).collect();
    let row =
        |at: &usize| timeline.traces.get(*at).map(|trace| row_view(props, trace, *at, &stages));
    let shown = PAGE.saturating_mul(props.pages + 1);
    let all = || props.rows.iter().flat_map(Row::traces);
    let is_cut = all().count() > shown;
    let more = props.on.tell::<MouseEvent>(|| Msg::Timeline(TimelineMsg::MoreWanted));
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
                <tbody>{ for all().take(shown).filter_map(row) }</tbody>
            </table>
            if is_cut {
                <div class="timeline__more">
                    <button class="button" type="button" data-kind="outlined" onclick={more}>
                        { format!("Show more: {} so far", number(shown as u64)) }
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
                    { tone_glyph(tone) }{ trace.ended.name() }
                </span>
            </th>
            <td>{ visible(&trace.host).into_owned() }</td>
            <td><code title={keys_of(&trace.keys)}>{ visible(&short_keys(&trace.keys)).into_owned() }</code></td>
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
        (Some(None), None) if stage.missing => {
            let slot = trace.slots.iter().find(|slot| slot.stage == stage.number);
            let words = match slot.map(|slot| slot.state) {
                Some(SlotState::Undecided) => "not decided",
                Some(SlotState::Violated) => "was there",
                _ => "none",
            };
            html! { { words } }
        }
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

/// Hosts of an event query, and what of each matches or nearly does.
pub(super) fn tracks(props: &TimelineProps) -> Html {
    let timeline = &props.timeline;
    let row = |(at, track): (usize, &Track)| {
        let count = |count: u32| html! { <td data-number="true">{ number(count.into()) }</td> };
        let points = |standing: Standing| {
            let all = || track.points.iter().filter(move |point| point.standing == standing);
            let left = all().count().saturating_sub(FEW);
            html! {
                <td>
                    <span class="timeline__cell">
                        { for all().take(FEW).map(|point| point_button(props, point)) }
                        if left > 0 {
                            <span class="timeline__count">{ format!("+{}", number(left as u64)) }</span>
                        }
                    </span>
                </td>
            }
        };
        html! {
            <tr key={at}>
                <th scope="row">{ visible(&row_name(timeline, &Row::Track(at))).into_owned() }</th>
                { count(track.searched) }
                { count(track.matched) }
                { count(track.near) }
                { points(Standing::Matches) }
                { points(Standing::Near) }
            </tr>
        }
    };
    html! {
        <div class="timeline__twin" tabindex="0" data-focus="result" role="region"
            aria-label="Hosts as a table">
            <table class="timeline__table">
                <thead>
                    <tr>
                        <th scope="col">{ "Host" }</th>
                        <th scope="col" data-number="true">{ "Searched" }</th>
                        <th scope="col" data-number="true">{ "Match" }</th>
                        <th scope="col" data-number="true">{ "Nearly" }</th>
                        <th scope="col">{ "Matches" }</th>
                        <th scope="col">{ "Near misses" }</th>
                    </tr>
                </thead>
                <tbody>{ for timeline.tracks.iter().enumerate().map(row) }</tbody>
            </table>
        </div>
    }
}

/// Events that a cell names.
const FEW: usize = 10;

fn point_button(props: &TimelineProps, point: &Point) -> Html {
    let event = point.event;
    let onclick = props
        .on
        .reform(move |_: MouseEvent| Msg::Timeline(TimelineMsg::EventChosen { trace: 0, event }));
    let time = eqlens_engine::time::Instant::from_millis(point.time_ms).to_string();
    let (_, clock, _) = time_parts(&time);
    html! {
        <button class="timeline__event" type="button" title={format!("Event {} at {time}", point.id)}
            aria-pressed={(props.selected == Some(event)).to_string()} {onclick}>
            { clock.to_owned() }
        </button>
    }
}
