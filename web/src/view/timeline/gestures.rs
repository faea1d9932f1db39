//! What wheel, fingers and clicks mean in the drawing, and how it is measured.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver, WheelEvent};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::timeline::TimelineMsg;

/// Measures in CSS pixels.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Measures {
    /// Of the axis.
    pub(super) width: f64,
    /// Height of a lane.
    pub(super) lane: f64,
    /// Height of what is seen of the lanes.
    pub(super) seen: f64,
}

/// Before the first measurement: as a usual one.
pub(super) const USUAL: Measures = Measures { width: 700.0, lane: 64.0, seen: 640.0 };

/// A pointer on its way.
pub(super) struct Pointer {
    pub(super) id: i32,
    x: f64,
    is_on: bool,
}

/// How far a pointer moves before it drags.
const DRAG_PX: f64 = 4.0;

/// Left edge of the axis, in the window.
fn left_of(axis: &NodeRef) -> Option<f64> {
    Some(axis.cast::<Element>()?.get_bounding_client_rect().left())
}

/// A pointer goes down; what is left of the axis are labels.
pub(super) fn pressed(all: &mut Vec<Pointer>, event: &PointerEvent, axis: &NodeRef) {
    let x = f64::from(event.client_x());
    if event.button() == 0 && left_of(axis).is_some_and(|left| x >= left) {
        if event.is_primary() {
            all.clear();
        }
        all.push(Pointer { id: event.pointer_id(), x, is_on: false });
    }
}

/// A pointer moves: one drags, two pinch.
pub(super) fn moved(
    all: &mut Vec<Pointer>,
    event: &PointerEvent,
    plot: &NodeRef,
    axis: &NodeRef,
    width: f64,
) -> Option<TimelineMsg> {
    if event.buttons() == 0 {
        all.clear();
    }
    let id = event.pointer_id();
    let x = f64::from(event.client_x());
    if let [one, two] = all.as_mut_slice() {
        // The stretch between two fingers becomes as long as they are apart.
        let (moved, other) = if one.id == id { (one, two) } else { (two, one) };
        let apart = |x: f64| (other.x - x).abs().max(1.0);
        let percent = (apart(moved.x) / apart(x) * 100.0).clamp(25.0, 400.0).round() as u16;
        if moved.id != id || percent == 100 {
            return None;
        }
        moved.x = x;
        let middle = f64::midpoint(other.x, x) - left_of(axis)?;
        let permille = Some(((middle / width).clamp(0.0, 1.0) * 1000.0) as u16);
        return Some(TimelineMsg::Zoomed { percent, permille });
    }
    let drag = all.iter_mut().find(|one| one.id == id)?;
    let by = drag.x - x;
    if !drag.is_on && by.abs() < DRAG_PX {
        return None;
    }
    if !drag.is_on
        && let Some(plot) = plot.cast::<Element>()
    {
        // Without the capture the drag ends at the edge, and that is all.
        let _ = plot.set_pointer_capture(id);
    }
    drag.is_on = true;
    let permille = (by / width * 1000.0) as i32;
    // What is too little for a step is kept for the next.
    drag.x -= f64::from(permille) * width / 1000.0;
    (permille != 0).then_some(TimelineMsg::Panned { permille })
}

/// What a click is on: a mark or bar, or the label of a lane.
pub(super) fn chosen(event: &MouseEvent) -> Option<TimelineMsg> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let of = target.closest("[data-event]").ok().flatten()?;
    let number = |name: &str| of.get_attribute(name)?.parse::<u32>().ok();
    let event = number("data-event")?;
    Some(TimelineMsg::EventChosen { trace: number("data-trace")? as usize, event })
}

/// Ctrl and the wheel, or two fingers on a touchpad, zoom at the pointer; Shift and the wheel, or a
/// wheel to the side, pan. A plain wheel scrolls, as everywhere.
pub(super) fn wheel(plot: &Element, axis: NodeRef, on: Callback<Msg>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(plot, "wheel", options, move |event| {
        let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
        let Some(axis) = axis.cast::<Element>() else { return };
        let is_zoom = event.ctrl_key() || event.meta_key();
        let (x, y) = (event.delta_x(), event.delta_y());
        if !is_zoom && !event.shift_key() && x.abs() <= y.abs() {
            return;
        }
        event.prevent_default();
        let rect = axis.get_bounding_client_rect();
        let lines = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { 24.0 } else { 1.0 };
        let msg = if is_zoom {
            let at = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
            // A pinch comes in small steps, a wheel in large ones.
            let per_px = if y.abs() < 50.0 { 0.01 } else { 0.003 };
            let percent = (y * lines * per_px).exp().clamp(0.25, 4.0) * 100.0;
            let permille = Some((at.clamp(0.0, 1.0) * 1000.0) as u16);
            TimelineMsg::Zoomed { percent: percent.round() as u16, permille }
        } else {
            let by = if x == 0.0 { y } else { x };
            TimelineMsg::Panned { permille: (by * lines / rect.width().max(1.0) * 1000.0) as i32 }
        };
        on.emit(Msg::Timeline(msg));
    })
}

/// Scrolls the lanes, and nothing else, so that one of them is to be seen whole.
pub(super) fn bring_into_view(plot: &HtmlElement, row: usize, lane_px: f64) {
    let find =
        |selector: &str| Some(plot.query_selector(selector).ok()??.get_bounding_client_rect());
    let (Some(head), Some(lanes)) = (find(".timeline__head"), find(".timeline__lanes")) else {
        return;
    };
    let seen = plot.get_bounding_client_rect();
    // One that is not in the document has its place all the same.
    let (from, to) = match find(&format!("#row-{row}-lane")) {
        Some(lane) => (lane.top(), lane.bottom()),
        None => {
            let from = lanes.top() + row as f64 * lane_px;
            (from, from + lane_px)
        }
    };
    let (top, bottom) = (seen.top() + head.height(), seen.top() + f64::from(plot.client_height()));
    let by = if from < top {
        from - top
    } else if to > bottom {
        to - bottom
    } else {
        return;
    };
    plot.set_scroll_top(plot.scroll_top() + by.round() as i32);
}

/// Measures now and whenever the size changes.
pub(super) fn observe(
    plot: Option<HtmlElement>,
    axis: Option<Element>,
    set: UseStateSetter<Measures>,
) -> impl FnOnce() {
    let measured = plot.clone().zip(axis);
    let on_resize = Closure::<dyn FnMut()>::new(move || {
        let Some((plot, axis)) = &measured else { return };
        let width = axis.get_bounding_client_rect().width();
        let lane = plot.query_selector(".timeline__lane").ok().flatten();
        let lane = lane.map_or(USUAL.lane, |lane| lane.get_bounding_client_rect().height());
        if width > 0.0 {
            set.set(Measures { width, lane, seen: f64::from(plot.client_height()) });
        }
    });
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(plot)) = (&observer, &plot) {
        observer.observe(plot);
    }
    move || {
        if let Some(observer) = observer {
            observer.disconnect();
        }
        drop(on_resize);
    }
}
