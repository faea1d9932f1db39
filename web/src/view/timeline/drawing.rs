//! The drawing: overview, axis and lanes, with wheel and drag.

use std::rc::Rc;

use eqlens_engine::wire::timeline::{QueryForm, Timeline};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver, WheelEvent};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::Step;
use crate::state::text::{counted, number};
use crate::state::timeline::lanes::lane;
use crate::state::timeline::scale::{Range, span_words, ticks};
use crate::state::timeline::{PAGE, TimelineMsg};
use crate::view::timeline::lane::{LaneView, lane_view, px};
use crate::view::timeline::strip;

/// What the drawing needs; see the tab.
#[derive(Properties, PartialEq)]
pub(super) struct DrawingProps {
    /// The answer of the worker.
    pub timeline: Rc<Timeline>,
    /// What is shown of it.
    pub range: Range,
    /// All there is.
    pub all: Range,
    /// Traces in view, by index.
    pub lanes: Rc<[usize]>,
    /// The trace of the selected event.
    pub current: Option<usize>,
    /// The selected event.
    pub selected: Option<u32>,
    /// Events searched.
    pub searched: u32,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Before the first measurement: as wide as a usual one.
const USUAL_PX: f64 = 700.0;

/// One tab stop: up and down go through the lanes; the other keys act from anywhere.
#[component]
pub(super) fn Drawing(props: &DrawingProps) -> Html {
    let plot = use_node_ref();
    let axis = use_node_ref();
    let measured = use_state_eq(|| USUAL_PX);
    use_effect_with((), {
        let (axis, set) = (axis.clone(), measured.setter());
        move |()| observe(axis.cast::<Element>(), set)
    });
    use_effect_with((), {
        let (plot, axis, on) = (plot.clone(), axis.clone(), props.on.clone());
        move |()| {
            let listener = plot.cast::<Element>().map(|plot| wheel(&plot, axis, on));
            move || drop(listener)
        }
    });
    use_effect_with((props.current, props.selected), {
        let plot = plot.clone();
        move |(current, _)| {
            if let (Some(at), Some(plot)) = (current, plot.cast::<HtmlElement>()) {
                bring_into_view(&plot, *at);
            }
        }
    });
    let drag = use_mut_ref(|| None::<Drag>);
    let width = *measured;
    let onpointerdown = {
        let (drag, axis) = (Rc::clone(&drag), axis.clone());
        move |event: PointerEvent| {
            let over = axis.cast::<Element>().map(|axis| axis.get_bounding_client_rect().left());
            let x = f64::from(event.client_x());
            if event.button() == 0 && over.is_some_and(|left| x >= left) {
                *drag.borrow_mut() = Some(Drag { x, is_on: false });
            }
        }
    };
    let onpointermove = {
        let (drag, plot, on) = (Rc::clone(&drag), plot.clone(), props.on.clone());
        move |event: PointerEvent| {
            let mut slot = drag.borrow_mut();
            let Some(drag) = slot.as_mut() else { return };
            if event.buttons() == 0 {
                *slot = None;
                return;
            }
            let by = drag.x - f64::from(event.client_x());
            if !drag.is_on && by.abs() < DRAG_PX {
                return;
            }
            if !drag.is_on
                && let Some(plot) = plot.cast::<Element>()
            {
                // Without the capture the drag ends at the edge, and that is all.
                let _ = plot.set_pointer_capture(event.pointer_id());
            }
            drag.is_on = true;
            let permille = (by / width * 1000.0) as i32;
            // What is too little for a step is kept for the next.
            drag.x -= f64::from(permille) * width / 1000.0;
            if permille != 0 {
                on.emit(Msg::Timeline(TimelineMsg::Panned { permille }));
            }
        }
    };
    let onpointerup = move |_: PointerEvent| *drag.borrow_mut() = None;
    let onkeydown = {
        let on = props.on.clone();
        move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => Step::Next,
                "ArrowUp" => Step::Previous,
                "Home" => Step::First,
                "End" => Step::Last,
                _ => return,
            };
            event.prevent_default();
            on.emit(Msg::Timeline(TimelineMsg::TraceStepped(step)));
        }
    };
    let timeline = &props.timeline;
    let lines = ticks(props.range, width);
    let end = props.range.x(timeline.end_ms, width);
    let is_event = timeline.form == QueryForm::Event;
    let lane_of = |at: &usize| {
        let trace = timeline.traces.get(*at)?;
        let lane = lane(timeline, trace, props.range, width);
        Some(lane_view(&LaneView {
            timeline,
            trace,
            at: *at,
            lane: &lane,
            is_current: props.current == Some(*at),
            selected: props.selected,
            width,
            on: &props.on,
        }))
    };
    let tick = |tick: &crate::state::timeline::scale::Tick| {
        // A label at an edge would be cut.
        let is_whole = tick.x > 28.0 && tick.x < width - 28.0 && (tick.x - end).abs() > 40.0;
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
    let keys = if is_event { "UTC".to_owned() } else { timeline.keys.join(" \u{b7} ") };
    html! {
        <div class="timeline__plot" ref={plot} tabindex="0" data-focus="result" role="group"
            aria-label="Timeline; T shows it as a table" {onkeydown} {onpointerdown}
            {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
            <div class="timeline__head">
                { overview(props) }
                <div class="timeline__row" data-part="axis">
                    <span class="timeline__label" title={keys.clone()}>{ keys.clone() }</span>
                    <svg class="timeline__axis" ref={axis} aria-hidden="true">
                        { for lines.iter().map(tick) }
                        if is_end_seen {
                            <line class="timeline__end" x1={px(end)} x2={px(end)} y1="0" y2="28" />
                            <text class="timeline__text" x={px(end + 4.0)} y="18">{ "end" }</text>
                        }
                    </svg>
                </div>
            </div>
            <div class="timeline__lanes" role={(!is_event).then_some("list")}
                aria-label={(!is_event).then_some("Traces")}>
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
                </svg>
                if is_event {
                    { strip::strips(timeline, props.range, width, &props.on) }
                } else if props.lanes.is_empty() {
                    <p class="timeline__none">{ nothing(timeline) }</p>
                }
                { for props.lanes.iter().filter_map(lane_of) }
            </div>
            { for more_button(props) }
        </div>
    }
}

/// A pointer on its way.
struct Drag {
    x: f64,
    is_on: bool,
}

/// How far a pointer moves before it drags.
const DRAG_PX: f64 = 4.0;

fn nothing(timeline: &Timeline) -> String {
    match timeline.stages.iter().find(|stage| !stage.missing && !stage.until) {
        Some(stage) if stage.count == 0 => {
            format!("No event fits stage {}, so no sequence starts.", stage.number)
        }
        _ => "No sequence starts in these events.".to_owned(),
    }
}

/// A button for the next lanes, where some are left out.
fn more_button(props: &DrawingProps) -> Option<Html> {
    let shown = props.lanes.len();
    let is_whole = shown < PAGE || !shown.is_multiple_of(PAGE);
    if is_whole || shown >= props.timeline.traces.len() {
        return None;
    }
    let onclick = props.on.reform(|_: MouseEvent| Msg::Timeline(TimelineMsg::MoreWanted));
    Some(html! {
        <div class="timeline__more">
            <button class="button" type="button" data-kind="outlined" {onclick}>
                { format!("Show more: {} so far", number(shown as u64)) }
            </button>
        </div>
    })
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

/// Zooms at the pointer; over the labels the lanes scroll as everything does.
fn wheel(plot: &Element, axis: NodeRef, on: Callback<Msg>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(plot, "wheel", options, move |event| {
        let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
        let Some(axis) = axis.cast::<Element>() else { return };
        let rect = axis.get_bounding_client_rect();
        let at = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        if at < 0.0 {
            return;
        }
        event.prevent_default();
        let lines = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { 24.0 } else { 1.0 };
        let (x, y) = (event.delta_x() * lines, event.delta_y() * lines);
        let is_sideways = x.abs() > y.abs() || event.shift_key();
        let msg = if is_sideways {
            let by = if x == 0.0 { y } else { x };
            TimelineMsg::Panned { permille: (by / rect.width().max(1.0) * 1000.0) as i32 }
        } else {
            let percent = (y * 0.003).exp().clamp(0.25, 4.0) * 100.0;
            let permille = Some((at.min(1.0) * 1000.0) as u16);
            TimelineMsg::Zoomed { percent: percent.round() as u16, permille }
        };
        on.emit(Msg::Timeline(msg));
    })
}

/// Scrolls the lanes, and nothing else, so that one of them is to be seen whole.
fn bring_into_view(plot: &HtmlElement, at: usize) {
    let find = |selector: &str| plot.query_selector(selector).ok().flatten();
    let (Some(lane), Some(head)) = (find(&format!("#trace-{at}")), find(".timeline__head")) else {
        return;
    };
    let (seen, lane) = (plot.get_bounding_client_rect(), lane.get_bounding_client_rect());
    let top = seen.top() + head.get_bounding_client_rect().height();
    let by = if lane.top() < top {
        lane.top() - top
    } else if lane.bottom() > seen.bottom() {
        lane.bottom() - seen.bottom()
    } else {
        return;
    };
    plot.set_scroll_top(plot.scroll_top() + by.round() as i32);
}

/// Measures the width now and whenever it changes.
fn observe(axis: Option<Element>, set: UseStateSetter<f64>) -> impl FnOnce() {
    let measured = axis.clone();
    let on_resize = Closure::<dyn FnMut()>::new(move || {
        let width = measured.as_ref().map_or(0.0, |axis| axis.get_bounding_client_rect().width());
        if width > 0.0 {
            set.set(width);
        }
    });
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(axis)) = (&observer, &axis) {
        observer.observe(axis);
    }
    move || {
        if let Some(observer) = observer {
            observer.disconnect();
        }
        drop(on_resize);
    }
}
