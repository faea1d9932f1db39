//! The Timeline tab: how matches came about in time.

mod drawing;
mod grid;
mod lane;
mod strip;
mod table;

use std::rc::Rc;

use eqlens_engine::wire::Explanation;
use eqlens_engine::wire::timeline::{Ended, QueryForm, Timeline, Trace};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::Step;
use crate::state::model::Tab;
use crate::state::text::{counted, number};
use crate::state::timeline::lanes::Tone;
use crate::state::timeline::scale::{Range, span_words};
use crate::state::timeline::{TimelineMsg, events_of};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::prose;
use crate::view::parts::glyph;
use crate::view::parts::segmented::{Segment, segmented};
use crate::view::timeline::drawing::Drawing;

/// What the tab needs.
pub struct TimelineProps {
    /// The answer of the worker.
    pub timeline: Rc<Timeline>,
    /// What is shown of it.
    pub range: Range,
    /// All there is.
    pub all: Range,
    /// The table in place of the drawing.
    pub is_table: bool,
    /// Only what matched.
    pub only_matched: bool,
    /// Traces in view, by index.
    pub lanes: Rc<[usize]>,
    /// Pages beyond the first.
    pub pages: usize,
    /// The trace of the selected event.
    pub current: Option<usize>,
    /// The selected event.
    pub selected: Option<u32>,
    /// Why it matches or not.
    pub explained: Option<Rc<Explanation>>,
    /// Events searched.
    pub searched: u32,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Tools, a line that sums up, the drawing or its twin, the selected event.
pub fn timeline_tab(props: &TimelineProps) -> Html {
    let form = props.timeline.form;
    let body = match form {
        QueryForm::Sample => grid::grid(props),
        QueryForm::Sequence if props.is_table => table::table(props),
        QueryForm::Sequence | QueryForm::Event => html! {
            <Drawing timeline={Rc::clone(&props.timeline)} range={props.range} all={props.all}
                lanes={Rc::clone(&props.lanes)} current={props.current}
                selected={props.selected} searched={props.searched} on={props.on.clone()} />
        },
    };
    html! {
        <div class="timeline">
            if form != QueryForm::Sample {
                { tools(props) }
            }
            { summary(props) }
            { body }
            { detail(props) }
        </div>
    }
}

fn tell(on: &Callback<Msg>, msg: TimelineMsg) -> Callback<MouseEvent> {
    on.reform(move |_| Msg::Timeline(msg))
}

fn tools(props: &TimelineProps) -> Html {
    let on = &props.on;
    let is_sequence = props.timeline.form == QueryForm::Sequence;
    let view = |is_table: bool, text: &'static str| Segment {
        text: text.into(),
        is_pressed: props.is_table == is_table,
        press: on.reform(move |_| Msg::Timeline(TimelineMsg::TableChosen(is_table))),
    };
    let plain = |text: &'static str, msg: TimelineMsg| button(Kind::Outlined, text, tell(on, msg));
    let zoom = |text: &'static str, name: &'static str, percent: u16| {
        let onclick = tell(on, TimelineMsg::Zoomed { percent, permille: None });
        html! {
            <button class="button" type="button" data-kind="outlined" aria-label={name} {onclick}>
                { text }
            </button>
        }
    };
    html! {
        <div class="timeline__tool">
            if is_sequence {
                { segmented("View", [view(false, "Timeline"), view(true, "Table")]) }
            }
            if is_sequence && !props.is_table {
                <span class="timeline__step">
                    { plain("\u{2039} Previous", TimelineMsg::EventStepped(Step::Previous)) }
                    { plain("Next \u{203a}", TimelineMsg::EventStepped(Step::Next)) }
                </span>
            }
            <span class="timeline__push" />
            if !props.is_table || !is_sequence {
                { zoom("\u{2212}", "Zoom out", 200) }
                { zoom("+", "Zoom in", 50) }
                { plain("Fit", TimelineMsg::Fitted) }
            }
        </div>
    }
}

/// `2 matched of 8 traces`, what the marks mean, what is not seen.
fn summary(props: &TimelineProps) -> Html {
    let all = &props.timeline;
    let said = match all.form {
        QueryForm::Sequence => {
            html! { <><b>{ format!("{} matched", number(all.matched.into())) }</b>
            { format!(" of {}", counted(all.total, "trace", "traces")) }</> }
        }
        QueryForm::Sample => {
            html! { <><b>{ counted(all.matched, "sample", "samples") }</b>
            { format!(" from {}", counted(all.total, "key", "keys")) }</> }
        }
        QueryForm::Event => {
            html! { <><b>{ counted(all.matched, "match", "matches") }</b>
            { format!(" in {}", counted(props.searched, "event", "events")) }</> }
        }
    };
    let choice = |only: bool, text: &'static str| Segment {
        text: text.into(),
        is_pressed: props.only_matched == only,
        press: props.on.reform(move |_| Msg::Timeline(TimelineMsg::OnlyMatched(only))),
    };
    let is_mixed = all.form == QueryForm::Sequence && all.matched > 0 && all.matched < all.total;
    let item = |sign: Html, text: String| {
        html! { <span class="timeline__key">{ sign }{ text }</span> }
    };
    let is_drawn = all.form == QueryForm::Sequence && !props.is_table && all.total > 0;
    let has = |ended: Ended| all.traces.iter().any(|trace| trace.ended == ended);
    let cut = all.total as usize > all.traces.len().max(all.groups.len());
    html! {
        <div class="timeline__summary">
            <span>{ said }</span>
            if is_mixed {
                { segmented("Traces shown", [
                    choice(false, "All"), choice(true, "Matched"),
                ]) }
            }
            if is_drawn {
                { item(lane::sample_mark(), "stage".to_owned()) }
                if let Some(span) = all.maxspan_ms {
                    { item(lane::sample_bracket(), format!("maxspan {}", span_words(span))) }
                }
                if all.stages.iter().any(|stage| stage.missing) {
                    { item(lane::sample_slot(), "must not happen here".to_owned()) }
                }
                if has(Ended::MaxspanExpired) {
                    { item(lane::sample_late(), "too late by".to_owned()) }
                }
            }
            if all.without_time > 0 && all.form == QueryForm::Sequence {
                <span class="timeline__note">
                    { format!("{} without a time are not seen",
                        counted(all.without_time, "event", "events")) }
                </span>
            }
            if cut && all.form != QueryForm::Event {
                <span class="timeline__note">
                    { format!("shown are {}; those that match come first to be kept",
                        number(all.traces.len().max(all.groups.len()) as u64)) }
                </span>
            }
        </div>
    }
}

/// Host and label of a trace, or its keys.
fn name_of(trace: &Trace) -> String {
    let words: Vec<&str> =
        [trace.host.as_str(), trace.label.as_str()].into_iter().filter(|w| !w.is_empty()).collect();
    if words.is_empty() { keys_of(&trace.keys) } else { words.join(" ") }
}

/// `8c1f · –`: a dash for a key without a value.
fn keys_of(keys: &[Option<String>]) -> String {
    let keys: Vec<&str> = keys.iter().map(|key| key.as_deref().unwrap_or("\u{2013}")).collect();
    keys.join(" \u{b7} ")
}

/// Long keys by their ends, which tell them apart: `4c2b…17e0`.
fn short_keys(keys: &[Option<String>]) -> String {
    let short = |key: &Option<String>| {
        let key = key.as_ref()?;
        let count = key.chars().count();
        if count <= 12 {
            return Some(key.clone());
        }
        let (head, tail): (String, String) =
            (key.chars().take(4).collect(), key.chars().skip(count - 6).collect());
        Some(format!("{head}\u{2026}{tail}"))
    };
    keys_of(&keys.iter().map(short).collect::<Vec<_>>())
}

/// The glyph of a tone.
fn tone_glyph(tone: Tone) -> Html {
    use eqlens_engine::wire::Verdict;
    glyph::silent_verdict(match tone {
        Tone::Holds => Verdict::Holds,
        Tone::Fails => Verdict::Fails,
        Tone::Missing => Verdict::Missing,
        Tone::Neutral => Verdict::Unsearched,
    })
}

/// The glyph of a group of a sample.
fn lanes_glyph(is_complete: bool) -> Html {
    tone_glyph(if is_complete { Tone::Holds } else { Tone::Missing })
}

/// The reason as machines say it.
fn ended_name(ended: Ended) -> &'static str {
    match ended {
        Ended::Matched => "matched",
        Ended::Overwritten => "overwritten",
        Ended::MaxspanExpired => "maxspan_expired",
        Ended::Until => "until",
        Ended::MissingEventSeen => "missing_event_seen",
        Ended::KeyMissing => "key_missing",
        Ended::OpenAtEndOfData => "open_at_end_of_data",
    }
}

/// The lane one is in and the selected event, with the way to its clauses.
fn detail(props: &TimelineProps) -> Html {
    let explained = props.explained.as_ref().filter(|one| Some(one.event) == props.selected);
    let trace = props.current.and_then(|at| props.timeline.traces.get(at).zip(Some(at)));
    let time = trace.and_then(|(trace, _)| {
        events_of(trace).find(|one| Some(one.event) == props.selected)?.time.clone()
    });
    html! {
        <section class="timeline__detail" aria-label="The selected event" aria-live="polite">
            if let Some((trace, _)) = trace {
                <p class="timeline__sentence">
                    { tone_glyph(Tone::of(trace.ended)) }
                    <span><b>{ name_of(trace) }</b>{ " " }{ prose(&trace.sentence) }</span>
                </p>
            }
            if let Some(explained) = explained {
                <p class="timeline__sentence">
                    { glyph::silent_verdict(explained.verdict) }
                    <span>
                        <b>{ format!("Event {}", explained.id) }</b>
                        { time.map(|time| format!(" at {time}")).unwrap_or_default() }
                        { ": " }{ prose(&explained.headline) }
                    </span>
                </p>
            }
            if explained.is_some() {
                <div class="timeline__ways">
                    { button(Kind::Outlined, "Why, clause by clause",
                        props.on.reform(|_| Msg::TabChosen(Tab::Matches))) }
                    if let Some((_, at)) = trace.filter(|_| !props.is_table) {
                        { button(Kind::Outlined, "Zoom to this trace",
                            tell(&props.on, TimelineMsg::ZoomedTo(at))) }
                    }
                </div>
            } else {
                <p class="timeline__sentence timeline__note">
                    { "Choose an event to see its part." }
                </p>
            }
        </section>
    }
}
