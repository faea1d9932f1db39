//! One row, drawn; and the marks of the legend.

use eqlens_engine::wire::timeline::{Ended, Standing, Timeline, Trace};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::{counted, number, time_parts, visible};
use crate::state::timeline::lanes::{Lane, Link, Mark, Slot, Tone, lane};
use crate::state::timeline::names::{keys_of, name_of, row_name, short_keys};
use crate::state::timeline::rows::{Bar, Row, Spot, bars};
use crate::state::timeline::scale::Range;
use crate::state::timeline::{TimelineMsg, events_of};
use crate::view::timeline::tone_glyph;

/// Heights within a lane.
const BRACKET_Y: f64 = 16.0;
const MARKS_Y: f64 = 38.0;
/// Half a square.
const HALF: f64 = 8.0;
/// Heights of rows of bars: of a host or key, a strip, a strip with nothing below it; as
/// `tokens.css` has them.
const TRACK_PX: f64 = 48.0;
const STRIP_PX: f64 = 72.0;
const WIDE_PX: f64 = 160.0;

/// A length as an attribute.
pub(super) fn px(length: f64) -> String {
    format!("{length:.1}")
}

/// What a row is drawn from.
pub(super) struct LaneView<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) row: &'a Row,
    /// Its place among so many.
    pub(super) at: usize,
    pub(super) of: usize,
    pub(super) range: Range,
    /// Strips have the place to themselves.
    pub(super) is_wide: bool,
    pub(super) is_current: bool,
    /// The mark the arrow keys went to.
    pub(super) spot: Option<Spot>,
    pub(super) selected: Option<u32>,
    pub(super) width: f64,
    pub(super) on: &'a Callback<Msg>,
}

/// Label and drawing.
pub(super) fn row_view(view: &LaneView<'_>) -> Html {
    let trace = match view.row {
        Row::Trace(at) => view.timeline.traces.get(*at).map(|trace| (trace, *at)),
        _ => None,
    };
    let (part, tone, label, marks) = match trace {
        Some((trace, at)) => {
            let lane = lane(view.timeline, trace, view.range, view.width);
            (None, lane.tone.name(), label(trace, at), marks(view, trace, at, &lane))
        }
        None => counts(view),
    };
    html! {
        <div key={view.at} class="timeline__lane" role="listitem" id={format!("row-{}-lane", view.at)}
            aria-posinset={(view.at + 1).to_string()} aria-setsize={view.of.to_string()}
            data-part={part} data-current={view.is_current.then_some("true")} data-tone={tone}>
            { label }
            { marks }
        </div>
    }
}

fn label(trace: &Trace, at: usize) -> Html {
    let first = events_of(trace).next().map(|event| event.event.to_string());
    let all_keys = keys_of(&trace.keys);
    let keys = short_keys(&trace.keys);
    let has_name = !trace.host.is_empty() || !trace.label.is_empty();
    html! {
        <div class="timeline__label" data-event={first} data-trace={at.to_string()}>
            <span class="timeline__name" title={name_of(trace)}>
                if has_name {
                    <b>{ visible(&trace.host).into_owned() }</b>{ " " }
                    { visible(&trace.label).into_owned() }
                } else {
                    <b>{ visible(&keys).into_owned() }</b>
                }
            </span>
            <span class="timeline__keys" title={all_keys}>
                { if has_name { visible(&keys).into_owned() } else { String::new() } }
            </span>
            <span class="timeline__outcome" title={trace.outcome.clone()}>
                { tone_glyph(Tone::of(trace.ended)) }<span>{ trace.outcome.clone() }</span>
            </span>
        </div>
    }
}

fn marks(view: &LaneView<'_>, trace: &Trace, at: usize, lane: &Lane) -> Html {
    html! {
        <svg class="timeline__marks" role="img" data-trace={at.to_string()}
            aria-label={format!("{}: {}", name_of(trace), trace.outcome)}>
            if lane.off == 0 {
                { for lane.bracket.iter().map(|one| bracket(one.from, one.to, one.is_open, &one.label, view)) }
                { for lane.slots.iter().map(slot) }
                { for lane.links.iter().map(link) }
                { for lane.late.map(|(from, to)| html! {
                    <line class="timeline__late" x1={px(from)} x2={px(to)}
                        y1={px(MARKS_Y)} y2={px(MARKS_Y)} />
                }) }
                { for lane.marks.iter().filter(|mark| is_seen(mark.x, view.width))
                    .map(|mark| mark_view(mark, view, trace, at)) }
            }
            { outcome(trace, lane) }
        </svg>
    }
}

/// A row of bars: a strip, a host, a key.
fn counts(view: &LaneView<'_>) -> (Option<&'static str>, &'static str, Html, Html) {
    let timeline = view.timeline;
    let name = row_name(timeline, view.row);
    let (part, height) = match view.row {
        Row::Strip(_) if view.is_wide => ("wide", WIDE_PX),
        Row::Strip(_) => ("strip", STRIP_PX),
        Row::Key(_) => ("key", TRACK_PX),
        _ => ("track", TRACK_PX),
    };
    let sum = |of: &dyn Fn(&eqlens_engine::wire::timeline::Track) -> u32| {
        timeline.tracks.iter().map(of).sum::<u32>()
    };
    let events = |count: u32| counted(count, "event", "events");
    let note = match view.row {
        Row::Strip(Standing::Matches) => events(timeline.matched),
        Row::Strip(Standing::Near) => {
            let count = sum(&|track| track.near);
            format!("{}, one clause away", events(count))
        }
        Row::Strip(Standing::Searched) => events(sum(&|track| track.searched)),
        Row::Track(at) => timeline.tracks.get(*at).map_or_else(String::new, |track| {
            let searched = number(track.searched.into());
            format!(
                "{} of {searched}, {} near",
                number(track.matched.into()),
                number(track.near.into())
            )
        }),
        Row::Key(all) => {
            let has = |at: &&usize| {
                timeline.traces.get(**at).is_some_and(|trace| trace.ended == Ended::Matched)
            };
            let matched = all.iter().filter(has).count() as u32;
            format!("{} of {} matched", number(matched.into()), number(all.len() as u64))
        }
        Row::Trace(_) => String::new(),
    };
    let drawn = bars(timeline, view.row, view.range, view.width, height);
    let open = view.row.traces().first().map(|at| {
        let at = *at;
        view.on.reform(move |_: MouseEvent| Msg::Timeline(TimelineMsg::KeyChosen(Some(at))))
    });
    let shown = visible(&name).into_owned();
    let label = html! {
        <div class="timeline__label">
            <span class="timeline__name" title={name.clone()}>
                if let Some(onclick) = open {
                    <button class="timeline__open" type="button" {onclick}>{ shown }</button>
                } else {
                    <b>{ shown }</b>
                }
            </span>
            <span class="timeline__keys" title={note.clone()}>{ note.clone() }</span>
        </div>
    };
    let bar = |bar: &Bar| {
        let is_it = |event: Option<u32>| event.is_some() && bar.first.map(|(_, at)| at) == event;
        html! {
            <rect class="timeline__bar" data-tone={bar.tone.name()}
                data-event={bar.first.map(|(_, event)| event.to_string())}
                data-trace={bar.first.map(|(trace, _)| trace.to_string())}
                data-selected={is_it(view.selected).then_some("true")}
                data-spot={is_it(view.spot.map(|spot| spot.2)).then_some("true")}
                x={px(bar.x)} y={px(bar.y)} width={px(bar.wide)} height={px(bar.high)}>
                <title>{ bar.title.clone() }</title>
            </rect>
        }
    };
    // What is chosen, or walked to, may stand within a bar.
    let inside = |event: Option<u32>, part: &'static str| {
        let spots = view.row.spots(timeline);
        let spot = spots.iter().find(|spot| Some(spot.2) == event)?;
        let x = view.range.x(spot.0?, view.width);
        Some(html! {
            <path class="timeline__here" data-part={part}
                d={format!("M{x:.1} {}l-4 6h8z", height - 7.0)} />
        })
    };
    let marks = html! {
        <svg class="timeline__marks" data-part={part} role="img" aria-label={format!("{name}: {note}")}>
            { for drawn.iter().map(bar) }
            if view.is_current {
                { for inside(view.selected, "selected") }
            }
            { for view.spot.and_then(|spot| inside(Some(spot.2), "spot")) }
        </svg>
    };
    (Some(part), "neutral", label, marks)
}

/// What the arrow keys are on, in words.
pub(super) fn spot_words(
    timeline: &Timeline,
    row: &Row,
    (time, trace, event): Spot,
) -> Option<String> {
    let name = row_name(timeline, row);
    if row.traces().is_empty() {
        let point = row.points(timeline).find(|point| point.event == event)?;
        let said = match point.standing {
            Standing::Matches => "matches",
            Standing::Near => "nearly matches",
            Standing::Searched => "searched",
        };
        let time = eqlens_engine::time::Instant::from_millis(time?).to_string();
        let (_, clock, fraction) = time_parts(&time);
        return Some(format!("{name}: event {} at {clock}{fraction}, {said}", point.id));
    }
    let of = timeline.traces.get(trace)?;
    let stage = of.events.iter().position(|one| one.as_ref().is_some_and(|one| one.event == event));
    let part = match stage {
        Some(at) => format!("stage {}", at + 1),
        None => "what ended it".to_owned(),
    };
    let id = events_of(of).find(|one| one.event == event).map(|one| one.id.clone())?;
    Some(format!("{}: {part}, event {id}. {}", name_of(of), of.outcome))
}

/// A mark is in the document only where some of it is in view.
fn is_seen(x: f64, width: f64) -> bool {
    (-2.0 * HALF..=width + 2.0 * HALF).contains(&x)
}

fn bracket(from: f64, to: f64, is_open: bool, label: &str, view: &LaneView<'_>) -> Html {
    let (low, high) = (BRACKET_Y + 7.0, BRACKET_Y - 4.0);
    let end = if is_open { String::new() } else { format!("M{to:.1} {high}V{low}") };
    // The label stands in the middle of what is in view.
    let middle = f64::midpoint(from.max(0.0), to.min(view.width));
    html! {
        <>
            <path class="timeline__span" data-open={is_open.then_some("true")}
                d={format!("M{from:.1} {high}V{low}M{from:.1} {BRACKET_Y}H{to:.1}{end}")} />
            if !label.is_empty() {
                <text class="timeline__text" data-part="span" x={px(middle)} y={px(BRACKET_Y + 3.5)}>
                    { label.to_owned() }
                </text>
            }
        </>
    }
}

fn slot(slot: &Slot) -> Html {
    let tone = slot.tone();
    let title = match tone {
        Tone::Holds => "Nothing unwanted came in here",
        Tone::Fails => "Something unwanted came in here",
        _ => "Not decided: something unwanted may still come in here",
    };
    html! {
        <rect class="timeline__slot" data-tone={tone.name()} x={px(slot.from)} y={px(MARKS_Y - 6.0)}
            width={px((slot.to - slot.from).max(1.0))} height="12"
            fill={slot_fill(tone)}>
            <title>{ title }</title>
        </rect>
    }
}

/// What is known is hatched.
fn slot_fill(tone: Tone) -> &'static str {
    match tone {
        Tone::Holds => "url(#hatch-holds)",
        Tone::Fails => "url(#hatch-fails)",
        _ => "none",
    }
}

fn link(link: &Link) -> Html {
    html! {
        <line class="timeline__link" data-tone={link.tone.name()}
            data-dashed={link.is_dashed.then_some("true")}
            x1={px(link.from)} x2={px(link.to)} y1={px(MARKS_Y)} y2={px(MARKS_Y)} />
    }
}

fn mark_view(mark: &Mark, view: &LaneView<'_>, trace: &Trace, at: usize) -> Html {
    let is_spot = view.spot.is_some_and(|spot| (spot.1, spot.2) == (at, mark.event));
    let half = if mark.word.len() > 2 { HALF + 4.0 } else { HALF };
    let is_moved = (mark.x - mark.at).abs() > 1.0;
    let dashed = trace.ended == Ended::KeyMissing && mark.tone != Tone::Neutral;
    html! {
        <g class="timeline__mark" data-tone={mark.tone.name()} data-event={mark.event.to_string()}
            data-trace={at.to_string()} data-dashed={dashed.then_some("true")}
            data-spot={is_spot.then_some("true")}
            data-selected={(view.selected == Some(mark.event)).then_some("true")}>
            <title>{ mark.title.clone() }</title>
            if is_moved {
                // The square made room; where the event lies is marked below it.
                <path class="timeline__pin" d={format!("M{:.1} {}L{:.1} {}V{}", mark.x,
                    MARKS_Y + HALF, mark.at, MARKS_Y + HALF + 5.0, MARKS_Y + HALF + 10.0)} />
            }
            <rect x={px(mark.x - half)} y={px(MARKS_Y - HALF)} width={px(2.0 * half)}
                height={px(2.0 * HALF)} />
            <text x={px(mark.x)} y={px(MARKS_Y + 4.0)}>{ mark.word.clone() }</text>
        </g>
    }
}

fn outcome(trace: &Trace, lane: &Lane) -> Html {
    let words = &lane.words;
    let text = match lane.off {
        0 => trace.outcome.clone(),
        side if side < 0 => format!("\u{2039} earlier: {}", trace.outcome),
        _ => format!("later: {} \u{203a}", trace.outcome),
    };
    let text = match text.char_indices().nth(words.room) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or(&text)),
        None => text,
    };
    html! {
        <g class="timeline__words" data-tone={lane.tone.name()}>
            <title>{ trace.outcome.clone() }</title>
            <g transform={format!("translate({:.1} {})", words.glyph, MARKS_Y - 6.0 + words.drop)}>
                { tone_shape(lane.tone) }
            </g>
            <text class="timeline__text" data-before={words.is_before.then_some("true")}
                x={px(words.text)} y={px(MARKS_Y + 4.0 + words.drop)}>{ text }</text>
        </g>
    }
}

fn tone_shape(tone: Tone) -> Html {
    use crate::view::parts::glyph::verdict_shape;
    use eqlens_engine::wire::Verdict;
    verdict_shape(match tone {
        Tone::Holds => Verdict::Holds,
        Tone::Fails => Verdict::Fails,
        Tone::Missing | Tone::Neutral => Verdict::Missing,
    })
}

/// Marks of the legend.
pub(super) fn sample_mark() -> Html {
    html! {
        <svg class="timeline__sample" viewBox="0 0 22 16" aria-hidden="true">
            <g class="timeline__mark" data-tone="neutral">
                <rect x="3" y="0" width="16" height="16" /><text x="11" y="12">{ "1" }</text>
            </g>
        </svg>
    }
}

pub(super) fn sample_bracket() -> Html {
    html! {
        <svg class="timeline__sample" viewBox="0 0 22 16" aria-hidden="true">
            <path class="timeline__span" d="M1 13V4M1 8H21M21 13V4" />
        </svg>
    }
}

pub(super) fn sample_slot(tone: Tone) -> Html {
    html! {
        <svg class="timeline__sample" viewBox="0 0 22 16" aria-hidden="true">
            <rect class="timeline__slot" data-tone={tone.name()} x=".5" y="2" width="21" height="12"
                fill={slot_fill(tone)} />
        </svg>
    }
}

pub(super) fn sample_bar(tone: Tone) -> Html {
    let y = if tone == Tone::Neutral { "8" } else { "1" };
    html! {
        <svg class="timeline__sample" viewBox="0 0 22 16" aria-hidden="true">
            <rect class="timeline__bar" data-tone={tone.name()} x="9" {y} width="4" height={
                if tone == Tone::Neutral { "7" } else { "14" }
            } />
        </svg>
    }
}

pub(super) fn sample_late() -> Html {
    html! {
        <svg class="timeline__sample" viewBox="0 0 22 16" aria-hidden="true">
            <line class="timeline__late" x1="0" x2="22" y1="8" y2="8" />
        </svg>
    }
}
