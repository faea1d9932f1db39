//! One lane, drawn; and the marks of the legend.

use eqlens_engine::wire::timeline::{Ended, Timeline, Trace};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::timeline::TimelineMsg;
use crate::state::timeline::lanes::{Lane, Mark, Tone};
use crate::view::timeline::{keys_of, name_of, short_keys, tone_glyph};

/// Heights within a lane.
const BRACKET_Y: f64 = 16.0;
const MARKS_Y: f64 = 38.0;
/// Half a square.
const HALF: f64 = 8.0;

/// A length as an attribute.
pub(super) fn px(length: f64) -> String {
    format!("{length:.1}")
}

/// What a lane is drawn from.
pub(super) struct LaneView<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) trace: &'a Trace,
    pub(super) at: usize,
    pub(super) lane: &'a Lane,
    pub(super) is_current: bool,
    pub(super) selected: Option<u32>,
    pub(super) width: f64,
    pub(super) on: &'a Callback<Msg>,
}

/// Label and drawing.
pub(super) fn lane_view(view: &LaneView<'_>) -> Html {
    let LaneView { trace, lane, at, .. } = *view;
    let first = trace.events.iter().flatten().chain(&trace.by).next().map(|event| event.event);
    let onclick = first.map(|event| {
        view.on.reform(move |_: MouseEvent| {
            Msg::Timeline(TimelineMsg::EventChosen { trace: at, event })
        })
    });
    let all_keys = keys_of(&trace.keys);
    let keys = short_keys(&trace.keys);
    let has_name = !trace.host.is_empty() || !trace.label.is_empty();
    html! {
        <div key={at} class="timeline__lane" role="listitem" id={format!("trace-{at}")}
            data-current={view.is_current.then_some("true")} data-tone={lane.tone.name()}>
            <div class="timeline__label" {onclick}>
                <span class="timeline__name" title={name_of(trace)}>
                    if has_name {
                        <b>{ trace.host.clone() }</b>{ " " }{ trace.label.clone() }
                    } else {
                        <b>{ keys.clone() }</b>
                    }
                </span>
                <span class="timeline__keys" title={all_keys}>
                    { if has_name { keys.clone() } else { String::new() } }
                </span>
                <span class="timeline__outcome">
                    { tone_glyph(lane.tone) }{ trace.outcome.clone() }
                </span>
            </div>
            <svg class="timeline__marks" role="img"
                aria-label={format!("{}: {}", name_of(trace), trace.outcome)}>
                if lane.off == 0 {
                    { for lane.bracket.iter().map(|one| bracket(one.from, one.to, one.is_open, &one.label, view)) }
                    { for lane.slots.iter().map(slot) }
                    { for lane.links.iter().map(link) }
                    { for lane.late.map(|(from, to)| html! {
                        <line class="timeline__late" x1={px(from)} x2={px(to)}
                            y1={px(MARKS_Y)} y2={px(MARKS_Y)} />
                    }) }
                    { for lane.marks.iter().map(|mark| mark_view(mark, view)) }
                }
                { outcome(view) }
            </svg>
        </div>
    }
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

fn slot(slot: &crate::state::timeline::lanes::Slot) -> Html {
    let tone = if slot.is_hit { "fails" } else { "holds" };
    html! {
        <rect class="timeline__slot" data-tone={tone} x={px(slot.from)} y={px(MARKS_Y - 6.0)}
            width={px((slot.to - slot.from).max(1.0))} height="12" fill={format!("url(#hatch-{tone})")} />
    }
}

fn link(link: &crate::state::timeline::lanes::Link) -> Html {
    html! {
        <line class="timeline__link" data-tone={link.tone.name()}
            data-dashed={link.is_dashed.then_some("true")}
            x1={px(link.from)} x2={px(link.to)} y1={px(MARKS_Y)} y2={px(MARKS_Y)} />
    }
}

fn mark_view(mark: &Mark, view: &LaneView<'_>) -> Html {
    let (trace, event) = (view.at, mark.event);
    let onclick = view
        .on
        .reform(move |_: MouseEvent| Msg::Timeline(TimelineMsg::EventChosen { trace, event }));
    let is_selected = view.selected == Some(event);
    let label = number_word(view.timeline, mark.number);
    let half = if label.len() > 2 { HALF + 4.0 } else { HALF };
    let is_moved = (mark.x - mark.at).abs() > 1.0;
    let dashed = view.trace.ended == Ended::KeyMissing && mark.tone != Tone::Neutral;
    html! {
        <g class="timeline__mark" data-tone={mark.tone.name()} data-event={event.to_string()}
            data-dashed={dashed.then_some("true")}
            data-selected={is_selected.then_some("true")} {onclick}>
            <title>{ mark.title.clone() }</title>
            if is_moved {
                // The square made room; where the event lies is marked below it.
                <path class="timeline__pin" d={format!("M{:.1} {}L{:.1} {}V{}", mark.x,
                    MARKS_Y + HALF, mark.at, MARKS_Y + HALF + 5.0, MARKS_Y + HALF + 10.0)} />
            }
            <rect x={px(mark.x - half)} y={px(MARKS_Y - HALF)} width={px(2.0 * half)}
                height={px(2.0 * HALF)} />
            <text x={px(mark.x)} y={px(MARKS_Y + 4.0)}>{ label }</text>
        </g>
    }
}

/// The number of a stage; `U` for the `until` term.
pub(super) fn number_word(timeline: &Timeline, number: u16) -> String {
    match timeline.stages.iter().find(|stage| stage.number == number) {
        Some(stage) if stage.until => "U".to_owned(),
        _ => number.to_string(),
    }
}

fn outcome(view: &LaneView<'_>) -> Html {
    let words = &view.lane.words;
    let text = match view.lane.off {
        0 => view.trace.outcome.clone(),
        side if side < 0 => format!("\u{2039} earlier: {}", view.trace.outcome),
        _ => format!("later: {} \u{203a}", view.trace.outcome),
    };
    let text = match text.char_indices().nth(words.room) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or(&text)),
        None => text,
    };
    html! {
        <g class="timeline__words" data-tone={view.lane.tone.name()}>
            <title>{ view.trace.outcome.clone() }</title>
            <g transform={format!("translate({:.1} {})", words.glyph, MARKS_Y - 6.0)}>
                { tone_shape(view.lane.tone) }
            </g>
            <text class="timeline__text" data-before={words.is_before.then_some("true")}
                x={px(words.text)} y={px(MARKS_Y + 4.0)}>{ text }</text>
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

pub(super) fn sample_slot() -> Html {
    html! {
        <svg class="timeline__sample" viewBox="0 0 22 16" aria-hidden="true">
            <rect class="timeline__slot" data-tone="holds" x=".5" y="2" width="21" height="12"
                fill="url(#hatch-holds)" />
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
