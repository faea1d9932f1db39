//! The state of the matcher at the play-head: what the event did, what waits, what has ended.

use std::rc::Rc;

use eqlens_engine::time::Instant;
use eqlens_engine::wire::Severity;
use eqlens_engine::wire::cursor::{Cursor, Past, Pending, SlotState};
use eqlens_engine::wire::timeline::{EventRef, Timeline};
use yew::prelude::*;

use crate::state::text::{number, time_parts, visible};
use crate::state::timeline::lanes::{Tone, number_word};
use crate::state::timeline::names::{keys_of, short_keys};
use crate::state::timeline::scale::span_words;
use crate::view::parts::code::prose;
use crate::view::parts::glyph;
use crate::view::timeline::tone_glyph;

/// Rows that are shown below the drawing; the table has more.
const FEW: (usize, usize) = (12, 6);

/// What the event at the play-head did, and which one it is.
pub(super) fn log(cursor: &Cursor) -> Html {
    html! {
        <p class="timeline__sentence" data-part="log">
            { glyph::severity(Severity::Info) }
            <span class="timeline__did" aria-live="polite">{ prose(&cursor.sentence) }</span>
            <span class="timeline__place">
                { format!("{} of {}", number(cursor.at.into()), number(cursor.total.into())) }
            </span>
        </p>
    }
}

/// What waits and what has ended, one row each.
pub(super) fn state(timeline: &Timeline, cursor: &Rc<Cursor>, is_whole: bool) -> Html {
    let time = |event: &EventRef| event.time.as_deref().map(clock);
    let at = cursor.event.as_ref().and_then(time);
    let head = at.map_or_else(|| "Pending".to_owned(), |at| format!("Pending at {at}"));
    let (waiting, ended) = if is_whole { (usize::MAX, usize::MAX) } else { FEW };
    let shown = waiting.min(cursor.pending.len()) + ended.min(cursor.ended.len());
    let more = (cursor.n_pending as usize + cursor.n_ended as usize).saturating_sub(shown);
    html! {
        <table class="timeline__table" data-part="state">
            <caption class="timeline__said">{ "Partial sequences at the play-head" }</caption>
            <thead>
                <tr>
                    <th scope="col">{ head }</th>
                    <th scope="col">{ "Key" }</th>
                    <th scope="col">{ "Holds" }</th>
                    <th scope="col" data-number="true">{ "Window ends" }</th>
                    <th scope="col" data-number="true">{ "Left" }</th>
                    <th scope="col">{ "Last change" }</th>
                </tr>
            </thead>
            <tbody>
                { for cursor.pending.iter().take(waiting).map(|one| pending(timeline, one)) }
                { for cursor.ended.iter().take(ended).map(past) }
                if shown == 0 {
                    <tr data-quiet="true"><td colspan="6">{ "Nothing waits, and nothing has ended." }</td></tr>
                }
                if more > 0 {
                    <tr data-quiet="true"><td colspan="6">
                        { format!("{} more, ended or waiting", number(more as u64)) }
                    </td></tr>
                }
            </tbody>
        </table>
    }
}

fn clock(time: &str) -> String {
    let (_, clock, fraction) = time_parts(time);
    format!("{clock}{fraction}")
}

fn who(host: &str, label: &str) -> String {
    visible(format!("{host} {label}").trim()).into_owned()
}

fn keys(keys: &[Option<String>]) -> Html {
    html! { <td><code title={keys_of(keys)}>{ visible(&short_keys(keys)).into_owned() }</code></td> }
}

const NONE: &str = "\u{2013}";

fn pending(timeline: &Timeline, one: &Pending) -> Html {
    let held: Vec<&str> = one.events.iter().flatten().map(|event| event.id.as_str()).collect();
    let ends = one.window_ends_ms.map(|ms| clock(&Instant::from_millis(ms).to_string()));
    let left = match one.left_ms {
        _ if one.is_late => "over".to_owned(),
        Some(ms) => span_words(ms),
        None => NONE.to_owned(),
    };
    let slots: String = one
        .slots
        .iter()
        .map(|slot| {
            let known = match slot.state {
                SlotState::Satisfied => "has stayed away",
                SlotState::Violated => "was there",
                SlotState::Undecided => "not decided",
            };
            format!("; ![{}] {known}", number_word(timeline, slot.stage))
        })
        .collect();
    html! {
        <tr data-current={one.is_now.then_some("true")}>
            <th scope="row">
                <i class="timeline__slot-no">{ number_word(timeline, one.stage) }</i>
                { who(&one.host, &one.label) }
            </th>
            { keys(&one.keys) }
            <td><code>{ visible(&held.join(" ")).into_owned() }</code></td>
            <td data-number="true">{ ends.unwrap_or_else(|| NONE.to_owned()) }</td>
            <td data-number="true">{ left }</td>
            <td>{ prose(&one.change) }{ slots }</td>
        </tr>
    }
}

fn past(one: &Past) -> Html {
    html! {
        <tr data-quiet="true" data-current={one.is_now.then_some("true")}>
            <th scope="row">
                <i class="timeline__slot-no" data-empty="true">{ NONE }</i>
                { who(&one.host, &one.label) }
            </th>
            { keys(&one.keys) }
            <td>{ "empty" }</td>
            <td data-number="true">{ NONE }</td>
            <td data-number="true">{ NONE }</td>
            <td class="timeline__gone">
                { tone_glyph(Tone::of(one.ended)) }
                <span>{ prose(&one.outcome) }</span>
            </td>
        </tr>
    }
}
