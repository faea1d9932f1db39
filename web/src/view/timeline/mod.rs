//! The Timeline tab: how matches came about in time.

mod drawing;
mod gestures;
mod grid;
mod head;
mod lane;
mod table;

use std::rc::Rc;

use eqlens_engine::wire::Explanation;
use eqlens_engine::wire::cursor::Cursor;
use eqlens_engine::wire::timeline::{Ended, Group, QueryForm, Standing, Timeline};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::Step;
use crate::state::model::Tab;
use crate::state::text::{counted, number, visible};
use crate::state::timeline::lanes::Tone;
use crate::state::timeline::names::{keys_of, name_of};
use crate::state::timeline::rows::{Row, Spot};
use crate::state::timeline::scale::{Range, span_words};
use crate::state::timeline::{TimelineMsg, events_of};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::prose;
use crate::view::parts::glyph;
use crate::view::parts::segmented::{Segment, segmented};
use crate::view::parts::tells::Tells;
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
    /// The rows of the drawing.
    pub rows: Rc<[Row]>,
    /// Only the traces of this key.
    pub key: Option<Vec<Option<String>>>,
    /// Pages of a table beyond the first.
    pub pages: usize,
    /// The trace of the selected event.
    pub current: Option<usize>,
    /// Its row.
    pub current_row: Option<usize>,
    /// The mark the arrow keys went to.
    pub spot: Option<(usize, Spot)>,
    /// The state of the matcher at the play-head.
    pub cursor: Option<Rc<Cursor>>,
    /// The play-head goes on by itself.
    pub is_playing: bool,
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
        QueryForm::Sequence if props.is_table => table::traces(props),
        QueryForm::Event if props.is_table => table::tracks(props),
        QueryForm::Sequence | QueryForm::Event => html! {
            <Drawing timeline={Rc::clone(&props.timeline)} range={props.range} all={props.all}
                rows={Rc::clone(&props.rows)} current={props.current_row} spot={props.spot}
                head={props.cursor.as_ref().and_then(|cursor| cursor.event.clone())}
                selected={props.selected} searched={props.searched} on={props.on.clone()} />
        },
    };
    html! {
        <div class="timeline" data-form={form_name(form)}>
            { tools(props) }
            { summary(props) }
            { body }
            { detail(props) }
        </div>
    }
}

fn tell(on: &Callback<Msg>, msg: TimelineMsg) -> Callback<MouseEvent> {
    on.tell_of(msg, Msg::Timeline)
}

fn form_name(form: QueryForm) -> &'static str {
    match form {
        QueryForm::Event => "event",
        QueryForm::Sequence => "sequence",
        QueryForm::Sample => "sample",
    }
}

fn tools(props: &TimelineProps) -> Html {
    let on = &props.on;
    let form = props.timeline.form;
    let view = |is_table: bool, text: &'static str| Segment {
        text: text.into(),
        is_pressed: props.is_table == is_table,
        press: on.tell_of(is_table, |is_it| Msg::Timeline(TimelineMsg::TableChosen(is_it))),
    };
    let plain = |text: &'static str, msg: TimelineMsg| button(Kind::Outlined, text, tell(on, msg));
    let named = |text: &'static str, name: &'static str, msg: TimelineMsg| {
        html! {
            <button class="button" type="button" data-kind="outlined" aria-label={name}
                onclick={tell(on, msg)}>{ text }</button>
        }
    };
    let zoom = |percent: u16| TimelineMsg::Zoomed { percent, permille: None };
    let play = if props.is_playing { "Pause" } else { "Play" };
    html! {
        <div class="timeline__tool">
            if form != QueryForm::Sample {
                { segmented("View", [view(false, "Timeline"), view(true, "Table")]) }
            }
            if form == QueryForm::Sequence && props.cursor.is_some() {
                <span class="timeline__step">
                    { named("\u{2039} Previous", "Previous event (,)", TimelineMsg::HeadStepped(Step::Previous)) }
                    { named("Next \u{203a}", "Next event (.)", TimelineMsg::HeadStepped(Step::Next)) }
                    { plain(play, TimelineMsg::PlayToggled) }
                </span>
            }
            <span class="timeline__push" />
            if form != QueryForm::Sample && !props.is_table {
                <span class="timeline__step" data-part="zoom">
                    { named("\u{2212}", "Zoom out", zoom(200)) }
                    { named("+", "Zoom in", zoom(50)) }
                    { plain("Fit", TimelineMsg::Fitted) }
                </span>
            }
            <span class="timeline__step" data-part="save">
                { button(Kind::Outlined, "Save SVG", on.tell(|| Msg::TimelineSvgWanted)) }
            </span>
        </div>
    }
}

/// `2 matched of 8 traces`, what the marks mean, what is not seen.
fn summary(props: &TimelineProps) -> Html {
    let all = &props.timeline;
    let said = match all.form {
        QueryForm::Sequence => {
            html! { <><b>{ format!("{} matched", number(all.matched.into())) }</b>
            { format!(" of {}", counted(all.total, "partial sequence", "partial sequences")) }</> }
        }
        QueryForm::Sample => {
            html! { <><b>{ counted(all.matched, "sample", "samples") }</b>
            { format!(" from {}", counted(all.total, "key", "keys")) }</> }
        }
        QueryForm::Event => {
            html! { <><b>{ counted(all.matched, "match", "matches") }</b>
            { format!(", {} in {}", counted(near_of(all), "near miss", "near misses"),
                counted(props.searched, "event", "events")) }</> }
        }
    };
    let choice = |only: bool, text: &'static str| Segment {
        text: text.into(),
        is_pressed: props.only_matched == only,
        press: props.on.tell_of(only, |only| Msg::Timeline(TimelineMsg::OnlyMatched(only))),
    };
    let is_mixed = all.form == QueryForm::Sequence && all.matched > 0 && all.matched < all.total;
    let item = |sign: Html, text: String| {
        html! { <span class="timeline__key">{ sign }{ text }</span> }
    };
    let is_drawn = all.form == QueryForm::Sequence && !props.is_table && all.total > 0;
    let is_drawn_event = all.form == QueryForm::Event && !props.is_table;
    let has = |ended: Ended| all.traces.iter().any(|trace| trace.ended == ended);
    let is_bars = props.rows.iter().any(|row| matches!(row, Row::Key(_)));
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
                if all.stages.iter().any(|stage| stage.missing && !stage.until) {
                    { item(lane::sample_slot(Tone::Holds), "did not happen here".to_owned()) }
                    { item(lane::sample_slot(Tone::Fails), "did".to_owned()) }
                    { item(lane::sample_slot(Tone::Missing), "not decided".to_owned()) }
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
            if is_drawn_event {
                { item(lane::sample_bar(Tone::Holds), "match".to_owned()) }
                { item(lane::sample_bar(Tone::Fails), "near miss".to_owned()) }
                { item(lane::sample_bar(Tone::Neutral), "searched".to_owned()) }
            }
            if let Some(key) = &props.key {
                <span class="timeline__key">
                    { "Only the key " }<code>{ keys_of(key) }</code>
                    { button(Kind::Small, "All keys", tell(&props.on, TimelineMsg::KeyChosen(None))) }
                </span>
            }
            if let Some(note) = left_out(all) {
                <span class="timeline__note">{ note }</span>
            }
            if is_bars && !props.is_table {
                <span class="timeline__note">
                    { "Too many for a lane each: one lane a key, counted in bars. Choose a key to see its \
                        partial sequences one by one." }
                </span>
            }
        </div>
    }
}

fn near_of(timeline: &Timeline) -> u32 {
    timeline.tracks.iter().map(|track| track.near).sum()
}

/// What there is and is not shown, and why that is so.
fn left_out(timeline: &Timeline) -> Option<String> {
    let drawn = |kind| {
        let points = timeline.tracks.iter().flat_map(|track| &track.points);
        points.filter(|point| point.standing == kind).count() as u32
    };
    let showing = |shown: usize, what: &str| {
        let total = number(timeline.total.into());
        format!("showing {} of {total} {what}", number(shown as u64))
    };
    match timeline.form {
        QueryForm::Event => {
            let shown = drawn(Standing::Matches);
            (shown < timeline.matched).then(|| showing(shown as usize, "matches, the first ones"))
        }
        QueryForm::Sample => {
            let shown = timeline.groups.len();
            (shown < timeline.total as usize)
                .then(|| showing(shown, "keys; complete ones are kept first"))
        }
        QueryForm::Sequence => {
            let shown = timeline.traces.len();
            if shown >= timeline.total as usize {
                return None;
            }
            let reasons = timeline.ended.iter().filter_map(|(ended, count)| {
                let shown = timeline.traces.iter().filter(|trace| trace.ended == *ended).count();
                let left = count.saturating_sub(shown as u32);
                (left > 0).then(|| format!("{} {}", number(left.into()), ended.name()))
            });
            let reasons: Vec<String> = reasons.collect();
            let shown = showing(shown, "partial sequences");
            Some(format!("{shown}; left out: {}", reasons.join(", ")))
        }
    }
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

/// What the event at the play-head did, the trace one is in, the selected event, with the way to its
/// clauses; and what the matcher holds.
fn detail(props: &TimelineProps) -> Html {
    let cursor = props.cursor.as_ref();
    let explained = props.explained.as_ref().filter(|one| Some(one.event) == props.selected);
    let trace = props.current.and_then(|at| props.timeline.traces.get(at).zip(Some(at)));
    let time = trace.and_then(|(trace, _)| {
        events_of(trace).find(|one| Some(one.event) == props.selected)?.time.clone()
    });
    let has_it = |group: &&Group| {
        let mut found = group.filters.iter().flat_map(|filter| &filter.events);
        found.any(|event| Some(event.event) == props.selected)
    };
    let group = props.timeline.groups.iter().find(has_it);
    let is_told = cursor.is_some_and(|cursor| {
        let here = cursor.event.as_ref().map(|event| event.event);
        here.is_some() && here == props.selected
    });
    html! {
        <section class="timeline__detail" aria-label="The selected event" tabindex="0">
            { for cursor.map(|cursor| head::log(cursor)) }
            if let Some((trace, _)) = trace {
                <p class="timeline__sentence">
                    { tone_glyph(Tone::of(trace.ended)) }
                    <span><b>{ visible(&name_of(trace)).into_owned() }</b>{ " " }{ prose(&trace.sentence) }</span>
                </p>
            }
            if let Some(explained) = explained.filter(|_| !is_told) {
                <p class="timeline__sentence" aria-live="polite">
                    { glyph::silent_verdict(explained.verdict) }
                    <span>
                        <b>{ visible(&format!("Event {}", explained.id)).into_owned() }</b>
                        { time.map(|time| format!(" at {time}")).unwrap_or_default() }
                        { ": " }{ prose(&explained.headline) }
                        if props.timeline.form == QueryForm::Event {
                            { " " }{ prose(&explained.sentence) }
                        }
                    </span>
                </p>
            }
            if let Some(group) = group {
                <p class="timeline__sentence">
                    { lanes_glyph(!group.samples.is_empty()) }
                    <span>{ prose(&group.sentence) }</span>
                </p>
            }
            if explained.is_some() {
                <div class="timeline__ways">
                    if let Some((_, at)) = trace.filter(|_| !props.is_table) {
                        { button(Kind::Outlined, "Zoom to this trace",
                            tell(&props.on, TimelineMsg::ZoomedTo(at))) }
                    }
                    { button(Kind::Outlined, "Why, clause by clause",
                        props.on.tell(|| Msg::TabChosen(Tab::Matches))) }
                </div>
            } else if cursor.is_none() {
                <p class="timeline__sentence timeline__note">
                    { "Choose an event to see its part." }
                </p>
            }
            { for cursor.map(|cursor| head::state(&props.timeline, cursor, props.is_table)) }
        </section>
    }
}
