//! The drawing: overview, axis and rows, with wheel, drag and pinch.

use std::rc::Rc;

use eqlens_engine::wire::timeline::{EventRef, QueryForm, Timeline};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::Step;
use crate::state::text::{counted, time_parts};
use crate::state::timeline::TimelineMsg;
use crate::state::timeline::lanes::number_word;
use crate::state::timeline::rows::{Row, Spot};
use crate::state::timeline::scale::{Range, Tick, span_words, ticks};
use crate::view::timeline::gestures::{self, Measures, Pointer, USUAL};
use crate::view::timeline::lane::{LaneView, px, row_view, spot_words};

/// What the drawing needs; see the tab.
#[derive(Properties, PartialEq)]
pub(super) struct DrawingProps {
    /// The answer of the worker.
    pub timeline: Rc<Timeline>,
    /// What is shown of it.
    pub range: Range,
    /// All there is.
    pub all: Range,
    /// The rows.
    pub rows: Rc<[Row]>,
    /// The row of the selected event.
    pub current: Option<usize>,
    /// The selected event.
    pub selected: Option<u32>,
    /// The mark the arrow keys went to.
    pub spot: Option<(usize, Spot)>,
    /// The event at the play-head.
    pub head: Option<EventRef>,
    /// Events searched.
    pub searched: u32,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// More lanes than these are not all in the document.
const WHOLE: usize = 24;
/// Lanes kept ready above and below the visible ones.
const OVERSCAN: usize = 3;

/// One tab stop: arrows go through rows and marks; the other keys act from anywhere.
#[component]
pub(super) fn Drawing(props: &DrawingProps) -> Html {
    let plot = use_node_ref();
    let axis = use_node_ref();
    let measured = use_state_eq(|| USUAL);
    let top = use_state_eq(|| 0_usize);
    use_effect_with(props.rows.is_empty(), {
        let (plot, axis, set) = (plot.clone(), axis.clone(), measured.setter());
        move |_| gestures::observe(plot.cast::<HtmlElement>(), axis.cast::<Element>(), set)
    });
    use_effect_with((), {
        let (plot, axis, on) = (plot.clone(), axis.clone(), props.on.clone());
        move |()| {
            let listener = plot.cast::<Element>().map(|plot| gestures::wheel(&plot, axis, on));
            move || drop(listener)
        }
    });
    let Measures { width, lane: lane_px, seen } = *measured;
    let to = props.spot.map(|(row, _)| row).or(props.current);
    use_effect_with((to, props.selected), {
        let plot = plot.clone();
        move |(row, _)| {
            if let (Some(row), Some(plot)) = (row, plot.cast::<HtmlElement>()) {
                gestures::bring_into_view(&plot, *row, lane_px);
            }
        }
    });
    let onscroll = {
        let (plot, top) = (plot.clone(), top.clone());
        move |_: Event| {
            if let Some(plot) = plot.cast::<Element>() {
                top.set((f64::from(plot.scroll_top()) / lane_px) as usize);
            }
        }
    };
    let pointers = use_mut_ref(Vec::<Pointer>::new);
    let onpointerdown = {
        let (pointers, axis) = (Rc::clone(&pointers), axis.clone());
        move |event: PointerEvent| gestures::pressed(&mut pointers.borrow_mut(), &event, &axis)
    };
    let onpointermove = {
        let (pointers, plot, axis, on) =
            (Rc::clone(&pointers), plot.clone(), axis.clone(), props.on.clone());
        move |event: PointerEvent| {
            let mut all = pointers.borrow_mut();
            if let Some(msg) = gestures::moved(&mut all, &event, &plot, &axis, width) {
                on.emit(Msg::Timeline(msg));
            }
        }
    };
    let onpointerup = move |event: PointerEvent| {
        pointers.borrow_mut().retain(|one| one.id != event.pointer_id());
    };
    // One listener for all marks: there may be thousands.
    let onclick = {
        let on = props.on.clone();
        move |event: MouseEvent| {
            if let Some(msg) = gestures::chosen(&event) {
                on.emit(Msg::Timeline(msg));
            }
        }
    };
    let onkeydown = {
        let on = props.on.clone();
        move |event: KeyboardEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let is_button = target.is_some_and(|target| target.tag_name() == "BUTTON");
            let msg = match event.key().as_str() {
                "ArrowDown" => TimelineMsg::RowStepped(Step::Next),
                "ArrowUp" => TimelineMsg::RowStepped(Step::Previous),
                "Home" => TimelineMsg::RowStepped(Step::First),
                "End" => TimelineMsg::RowStepped(Step::Last),
                "ArrowRight" => TimelineMsg::MarkStepped(Step::Next),
                "ArrowLeft" => TimelineMsg::MarkStepped(Step::Previous),
                "Enter" if !is_button => TimelineMsg::SpotChosen,
                _ => return,
            };
            event.prevent_default();
            on.emit(Msg::Timeline(msg));
        }
    };
    let timeline = &props.timeline;
    let lines = ticks(props.range, width);
    let end = props.range.x(timeline.end_ms, width);
    let is_event = timeline.form == QueryForm::Event;
    let head = props.head.as_ref().and_then(|event| {
        let x = props.range.x(event.time_ms?, width);
        (0.0..=width).contains(&x).then(|| (x, event.time.clone().unwrap_or_default()))
    });
    let n_rows = props.rows.len();
    let (first, last) = if n_rows <= WHOLE || is_event {
        (0, n_rows)
    } else {
        let in_view = (seen / lane_px) as usize + 2;
        let last = top.saturating_add(in_view + OVERSCAN).min(n_rows);
        (top.saturating_sub(OVERSCAN).min(last), last)
    };
    let lane_of = |(at, row): (usize, &Row)| {
        row_view(&LaneView {
            timeline,
            row,
            at,
            of: n_rows,
            range: props.range,
            is_wide: is_event && timeline.tracks.len() < 2,
            is_current: props.current == Some(at),
            spot: props.spot.filter(|(row, _)| *row == at).map(|(_, spot)| spot),
            selected: props.selected,
            width,
            on: &props.on,
        })
    };
    let space = |rows: usize| {
        let height = format!("height:{}px", rows as f64 * lane_px);
        (rows > 0).then(|| html! { <div role="presentation" ~style={height} /> })
    };
    let tick = |tick: &Tick| {
        // A label at an edge would be cut, and two would cover each other.
        let is_whole = tick.x > 28.0
            && tick.x < width - 28.0
            && (tick.x - end).abs() > 40.0
            && head.as_ref().is_none_or(|(x, _)| (tick.x - x).abs() > FLAG_PX + 28.0);
        html! {
            <>
                <line class="timeline__tick" data-part="axis" x1={px(tick.x)} x2={px(tick.x)}
                    y1="22" y2="28" />
                if is_whole {
                    <text class="timeline__text" data-part="tick" x={px(tick.x)} y="18">
                        { tick.label.clone() }
                    </text>
                }
            </>
        }
    };
    let is_end_seen = (0.0..=width - 24.0).contains(&end);
    let is_end_free = head.as_ref().is_none_or(|(x, _)| (x - end - 14.0).abs() > FLAG_PX + 14.0);
    let keys = if is_event { "UTC".to_owned() } else { timeline.keys.join(" \u{b7} ") };
    let said = props.spot.and_then(|(row, spot)| spot_words(timeline, props.rows.get(row)?, spot));
    html! {
        <div class="timeline__plot" ref={plot} tabindex="0" data-focus="result" role="group"
            aria-label="Timeline; arrow keys go through its marks, T shows it as a table" {onclick}
            {onkeydown} {onscroll} {onpointerdown} {onpointermove}
            onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
            <p class="timeline__said" aria-live="polite">{ said }</p>
            <div class="timeline__head">
                { overview(props) }
                <div class="timeline__row" data-part="axis">
                    <span class="timeline__label" title={keys.clone()}>{ keys.clone() }</span>
                    <svg class="timeline__axis" ref={axis} aria-hidden="true">
                        { for lines.iter().map(tick) }
                        if is_end_seen {
                            <line class="timeline__end" x1={px(end)} x2={px(end)} y1="0" y2="28" />
                            if is_end_free {
                                <text class="timeline__text" x={px(end + 4.0)} y="18">{ "end" }</text>
                            }
                        }
                        { for head.as_ref().map(|(x, time)| flag(*x, time, width)) }
                    </svg>
                </div>
            </div>
            <div class="timeline__lanes" role={(n_rows > 0).then_some("list")}
                aria-label={(n_rows > 0).then_some(if is_event { "Events" } else { "Traces" })}>
                <svg class="timeline__lines" aria-hidden="true" role="presentation">
                    <defs>{ hatch("holds") }{ hatch("fails") }</defs>
                    if end < width {
                        <rect class="timeline__beyond" x={px(end.max(0.0))} y="0"
                            width={px(width - end.max(0.0))} height="100%" />
                    }
                    { for lines.iter().map(|tick| html! {
                        <line class="timeline__tick" x1={px(tick.x)} x2={px(tick.x)} y1="0"
                            y2="100%" />
                    }) }
                    if is_end_seen {
                        <line class="timeline__end" x1={px(end)} x2={px(end)} y1="0" y2="100%" />
                    }
                    { for head.as_ref().map(|(x, _)| html! {
                        <line class="timeline__playhead" x1={px(*x)} x2={px(*x)} y1="0" y2="100%" />
                    }) }
                </svg>
                if n_rows == 0 {
                    <p class="timeline__none">{ nothing(timeline) }</p>
                }
                { for space(first) }
                { for props.rows.iter().enumerate().take(last).skip(first).map(lane_of) }
                { for space(n_rows - last) }
            </div>
        </div>
    }
}

/// Half the width of the flag with the time.
const FLAG_PX: f64 = 45.0;

/// The time at the play-head.
fn flag(x: f64, time: &str, width: f64) -> Html {
    let (_, clock, fraction) = time_parts(time);
    let at = x.clamp(FLAG_PX, (width - FLAG_PX).max(FLAG_PX));
    html! {
        <g class="timeline__flag">
            <line class="timeline__playhead" x1={px(x)} x2={px(x)} y1="14" y2="28" />
            <rect x={px(at - FLAG_PX)} y="3" width={px(2.0 * FLAG_PX)} height="20" rx="3" />
            <text x={px(at)} y="17">{ format!("{clock}{fraction}") }</text>
        </g>
    }
}

fn nothing(timeline: &Timeline) -> String {
    match timeline.stages.iter().find(|stage| !stage.missing && !stage.until) {
        Some(stage) if stage.count == 0 => {
            format!(
                "No event fits stage {}, so no sequence starts.",
                number_word(timeline, stage.number)
            )
        }
        _ => "No sequence starts in these events.".to_owned(),
    }
}

fn hatch(tone: &'static str) -> Html {
    html! {
        <pattern id={format!("hatch-{tone}")} width="6" height="6" patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)">
            <path class="timeline__hatch" data-tone={tone} d="M0 0V6" stroke-width="2.4" />
        </pattern>
    }
}

/// All events as a strip, and which part of it is shown. In units of its own, stretched.
fn overview(props: &DrawingProps) -> Html {
    const WIDTH: f64 = 1000.0;
    let timeline = &props.timeline;
    let most = timeline.density.iter().copied().max().unwrap_or(0).max(1);
    let data = timeline.end_ms.saturating_sub(timeline.start_ms).max(1) as f64;
    let slice = data / timeline.density.len().max(1) as f64;
    let all = props.all;
    let to_x = |ms: f64| (ms - all.start) * WIDTH / all.span();
    let bars: String = timeline
        .density
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(at, count)| {
            let x = to_x(timeline.start_ms as f64 + (at as f64 + 0.5) * slice);
            let high = 4.0 + 13.0 * f64::from(*count) / f64::from(most);
            format!("M{x:.1} 21v-{high:.1}")
        })
        .collect();
    let (from, to) = (to_x(props.range.start), to_x(props.range.end));
    let point = |event: &PointerEvent| {
        let target = event.current_target()?.dyn_into::<Element>().ok()?;
        let rect = target.get_bounding_client_rect();
        let at = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        Some(TimelineMsg::Centred { permille: (at.clamp(0.0, 1.0) * 1000.0) as u16 })
    };
    let onpointerdown = {
        let on = props.on.clone();
        move |event: PointerEvent| {
            event.stop_propagation();
            if let Some(msg) = point(&event) {
                on.emit(Msg::Timeline(msg));
            }
        }
    };
    let onpointermove = {
        let on = props.on.clone();
        move |event: PointerEvent| {
            event.stop_propagation();
            if let Some(msg) = point(&event).filter(|_| event.buttons() & 1 == 1) {
                on.emit(Msg::Timeline(msg));
            }
        }
    };
    let span = timeline.end_ms.abs_diff(timeline.start_ms);
    let note = format!("{}, {}", counted(props.searched, "event", "events"), span_words(span));
    html! {
        <div class="timeline__row" data-part="overview">
            <span class="timeline__label">{ note }</span>
            <svg class="timeline__overview" viewBox="0 0 1000 24" preserveAspectRatio="none"
                aria-hidden="true" {onpointerdown} {onpointermove}>
                if props.range != all {
                    <rect class="timeline__brush" x={px(from)} y="1" width={px(to - from)}
                        height="22" />
                }
                <path class="timeline__density" d={bars} />
                <rect class="timeline__frame" x={px(from)} y="1" width={px(to - from)} height="22" />
            </svg>
        </div>
    }
}
