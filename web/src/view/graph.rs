//! The condition drawn from left to right. The outline beside it says the same in words.

use std::rc::Rc;

use eqlens_engine::wire::{Explanation, Node, NodeKind, Outcome, Verdict};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::number;
use crate::state::tree::{Nodes, row_node};
use crate::state::tree_layout::{Edge, Part, PartKind, is_on_failing_path, layout, text_width};
use crate::view::outline::count_of;
use crate::view::parts::glyph::{verdict_name, verdict_shape};
use crate::view::parts::tells::Tells;

/// What the drawing needs.
#[derive(Properties, PartialEq)]
pub struct GraphProps {
    /// The condition.
    pub outcome: Rc<Outcome>,
    /// The event whose verdicts are shown.
    pub explained: Option<Rc<Explanation>>,
    /// Nodes drawn as one row.
    pub collapsed: Rc<Nodes>,
    /// The marked node.
    pub marked: Option<u16>,
    /// Numbers tell how many events get as far as a node.
    pub shows_reach: bool,
    /// Where the cursor of the outline is.
    pub cursor: u16,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// How much nearer or farther one step of zoom goes.
const STEP: f64 = 1.25;

/// The least and the most of zoom.
const ZOOM: (f64, f64) = (0.1, 4.0);

/// What is in the document goes beyond what is in view by as much as this, in the drawing's units.
const BAND: f64 = 600.0;

/// A point that stays where it is while the drawing is zoomed: as a part of the drawing, and in pixels
/// from the corner of the frame.
type Anchor = ((f64, f64), (f64, f64));

/// Laid out again only when the condition changes. Zoomed by buttons, keys and the wheel with Ctrl;
/// moved by scrolling or dragging. Of a large drawing only what is near the view is in the document.
#[component]
pub fn Graph(props: &GraphProps) -> Html {
    let key = (Rc::clone(&props.outcome), Rc::clone(&props.collapsed));
    let drawing = use_memo(key, |(outcome, collapsed)| layout(&outcome.nodes, collapsed));
    let (frame, zoom) = (use_node_ref(), use_state_eq(|| None::<f64>));
    let seen = use_state_eq(|| (0.0, 4.0 * BAND));
    let anchor = use_mut_ref(|| None::<Anchor>);
    let size = (f64::from(drawing.width), f64::from(drawing.height));
    let look = {
        let (frame, seen) = (frame.clone(), seen.setter());
        move || {
            if let Some(frame) = frame.cast::<Element>() {
                seen.set(band(&frame, scale(&frame, size)));
            }
        }
    };
    use_effect_with((*zoom, size), {
        let (frame, anchor, look) = (frame.clone(), Rc::clone(&anchor), look.clone());
        move |(_, size)| {
            if let (Some(frame), Some((part, at))) = (frame.cast::<Element>(), anchor.take()) {
                let scale = scale(&frame, *size);
                frame.set_scroll_left((part.0 * size.0 * scale - at.0) as i32);
                frame.set_scroll_top((part.1 * size.1 * scale - at.1) as i32);
            }
            look();
        }
    });
    use_effect_with(props.cursor, {
        let (frame, drawing, nodes) =
            (frame.clone(), Rc::clone(&drawing), Rc::clone(&props.outcome));
        move |cursor| {
            let node = row_node(&nodes.nodes, *cursor);
            let part = drawing.parts.iter().find(|part| part.row.node == node);
            if let (Some(part), Some(frame)) = (part, frame.cast::<Element>()) {
                bring_into_view(&frame, f64::from(part.y) * scale(&frame, size));
            }
        }
    });
    let zoom_to = {
        let (frame, anchor, set) = (frame.clone(), Rc::clone(&anchor), zoom.setter());
        move |how: Zoom, at: Option<(f64, f64)>| {
            let Some(frame) = frame.cast::<Element>() else { return };
            let (old, inner) = (scale(&frame, size), inner_size(&frame));
            let new = match how {
                Zoom::By(factor) => (old * factor).clamp(ZOOM.0, ZOOM.1),
                Zoom::Fit => (inner.0 / size.0).min(inner.1 / size.1).clamp(ZOOM.0, 1.0),
            };
            let at = at.unwrap_or((inner.0 / 2.0, inner.1 / 2.0));
            let scrolled = (f64::from(frame.scroll_left()), f64::from(frame.scroll_top()));
            let part = |scroll: f64, at: f64, size: f64| (scroll + at) / (size * old);
            *anchor.borrow_mut() =
                Some(((part(scrolled.0, at.0, size.0), part(scrolled.1, at.1, size.1)), at));
            set.set(Some(new));
        }
    };
    use_effect_with(size, {
        let (frame, zoom_to) = (frame.clone(), zoom_to.clone());
        move |_| {
            let listener = frame.cast::<Element>().map(|frame| wheel(&frame, zoom_to));
            move || drop(listener)
        }
    });
    let onkeydown = {
        let zoom_to = zoom_to.clone();
        move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let how = match event.key().as_str() {
                "+" | "=" => Zoom::By(STEP),
                "-" => Zoom::By(1.0 / STEP),
                "0" | "f" | "F" => Zoom::Fit,
                _ => return,
            };
            event.prevent_default();
            zoom_to(how, None);
        }
    };
    let onscroll = move |_: Event| look();
    let drag = use_mut_ref(|| None::<(i32, i32)>);
    let onpointerdown = {
        let drag = Rc::clone(&drag);
        move |event: PointerEvent| {
            // Fingers scroll by themselves.
            if event.button() == 0 && event.pointer_type() == "mouse" {
                *drag.borrow_mut() = Some((event.client_x(), event.client_y()));
            }
        }
    };
    let onpointermove = {
        let (drag, frame) = (Rc::clone(&drag), frame.clone());
        move |event: PointerEvent| {
            let mut from = drag.borrow_mut();
            let (Some((x, y)), Some(frame)) = (*from, frame.cast::<Element>()) else { return };
            if event.buttons() == 0 {
                *from = None;
                return;
            }
            let by = (x - event.client_x(), y - event.client_y());
            if by.0.abs() + by.1.abs() > 3 || frame.has_pointer_capture(event.pointer_id()) {
                // With the capture, what is under the pointer is not chosen at the end of the drag.
                let _ = frame.set_pointer_capture(event.pointer_id());
                frame.set_scroll_left(frame.scroll_left() + by.0);
                frame.set_scroll_top(frame.scroll_top() + by.1);
                *from = Some((event.client_x(), event.client_y()));
            }
        }
    };
    let onpointerup = move |_: PointerEvent| *drag.borrow_mut() = None;

    let nodes = &props.outcome.nodes;
    let explained = props.explained.as_deref();
    let fails = |edge: &Edge| {
        explained.is_some_and(|explained| is_on_failing_path(nodes, explained, edge.to))
    };
    let edge = |edge: &Edge, fails: bool| {
        html! { <path class="graph__edge" data-fails={fails.then_some("true")} d={edge.path.clone()} /> }
    };
    let near = |top: f32, bottom: f32| {
        f64::from(bottom) >= seen.0 - BAND && f64::from(top) <= seen.1 + BAND
    };
    // The emphasised path is drawn last, over the others.
    let shown = drawing.edges.iter().filter(|edge| near(edge.y.0, edge.y.1));
    let (emphasised, others): (Vec<&Edge>, Vec<&Edge>) = shown.partition(|edge| fails(edge));
    let part = |part: &Part| part_view(props, part, drawing.width);
    let shown = drawing.parts.iter().filter(|part| near(part.y, part.y + part.height));
    let (width, height) = match *zoom {
        Some(zoom) => (size.0 * zoom, size.1 * zoom),
        None => size,
    };
    let way = |sign: &'static str, name: &'static str, how: Zoom| {
        let zoom_to = zoom_to.clone();
        html! {
            <button class="segmented__button" type="button" aria-label={name}
                onclick={move |_: MouseEvent| zoom_to(how, None)}>
                { sign }
            </button>
        }
    };
    html! {
        <div class="graph">
            <div class="graph__frame" ref={frame} role="region" tabindex="0"
                aria-label="Drawing of the condition; plus and minus zoom, 0 fits" {onkeydown}
                {onscroll} {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()}
                onpointercancel={onpointerup}>
                <svg class="graph__drawing" width={width.to_string()} height={height.to_string()}
                    role="img" data-zoomed={zoom.is_some().then_some("true")}
                    viewBox={format!("0 0 {} {}", drawing.width, drawing.height)}
                    aria-label="The condition as a tree; the outline holds the same"
                    onmouseleave={props.on.tell(|| Msg::NodePointed(None))}>
                    { for others.into_iter().map(|it| edge(it, false)) }
                    { for emphasised.into_iter().map(|it| edge(it, true)) }
                    { for shown.map(part) }
                </svg>
            </div>
            <div class="graph__zoom segmented" role="group" aria-label="Zoom">
                { way("\u{2212}", "Zoom out", Zoom::By(1.0 / STEP)) }
                { way("+", "Zoom in", Zoom::By(STEP)) }
                { way("Fit", "Fit", Zoom::Fit) }
            </div>
        </div>
    }
}

/// How to zoom.
#[derive(Clone, Copy)]
enum Zoom {
    /// By a factor.
    By(f64),
    /// Until all of it is in view.
    Fit,
}

/// The size of the frame without its padding.
fn inner_size(frame: &Element) -> (f64, f64) {
    const PADDING: (f64, f64) = (32.0, 68.0);
    (
        (f64::from(frame.client_width()) - PADDING.0).max(1.0),
        (f64::from(frame.client_height()) - PADDING.1).max(1.0),
    )
}

/// Pixels per unit of the drawing, as it is now.
fn scale(frame: &Element, size: (f64, f64)) -> f64 {
    let drawn = frame.first_element_child();
    let width = drawn.map_or(0.0, |svg| svg.get_bounding_client_rect().width());
    if width > 0.0 && size.0 > 0.0 { width / size.0 } else { 1.0 }
}

/// Scrolls the drawing, and only it, where this height of it is out of view.
fn bring_into_view(frame: &Element, y: f64) {
    let (top, height) = (f64::from(frame.scroll_top()), f64::from(frame.client_height()));
    if y < top || y + 24.0 > top + height {
        frame.set_scroll_top((y - height / 2.0) as i32);
    }
}

/// What of the drawing is in view, from top to bottom, in steps: between them nothing is drawn again.
fn band(frame: &Element, scale: f64) -> (f64, f64) {
    let step = BAND / 2.0;
    let top = f64::from(frame.scroll_top()) / scale;
    let bottom = top + f64::from(frame.client_height()) / scale;
    ((top / step).floor() * step, (bottom / step).ceil() * step)
}

/// Zooms at the pointer; without Ctrl the wheel scrolls, as everywhere.
fn wheel(frame: &Element, zoom_to: impl Fn(Zoom, Option<(f64, f64)>) + 'static) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    let of = frame.clone();
    EventListener::new_with_options(frame, "wheel", options, move |event| {
        let Some(event) = event.dyn_ref::<WheelEvent>().filter(|event| event.ctrl_key()) else {
            return;
        };
        event.prevent_default();
        let corner = of.get_bounding_client_rect();
        let at = (
            f64::from(event.client_x()) - corner.left(),
            f64::from(event.client_y()) - corner.top(),
        );
        let factor = if event.delta_y() < 0.0 { STEP } else { 1.0 / STEP };
        zoom_to(Zoom::By(factor), Some(at));
    })
}

fn part_view(props: &GraphProps, part: &Part, width: f32) -> Html {
    let id = part.row.node;
    let Some(node) = props.outcome.nodes.get(usize::from(id)) else { return Html::default() };
    let verdict = props
        .explained
        .as_ref()
        .and_then(|explained| explained.nodes.get(usize::from(id)))
        .map(|node| node.verdict);
    let searched = props.outcome.result.as_ref().map_or(0, |result| result.searched);
    let count = count_of(node, props.shows_reach);
    let inside = match part.kind {
        PartKind::Category => category(part, count, searched),
        PartKind::Op => operator(part, count, verdict),
        PartKind::Leaf => leaf(part, node, count, verdict, (searched, width)),
    };
    let kind = match part.kind {
        PartKind::Category => "category",
        PartKind::Op => "op",
        PartKind::Leaf => "leaf",
    };
    html! {
        <g key={id} class="graph__part" data-kind={kind} data-verdict={verdict.map(verdict_name)}
            data-linked={(props.marked == Some(id)).then_some("true")}
            onmouseenter={props.on.tell_of(Some(id), Msg::NodePointed)}
            onclick={props.on.tell_of::<MouseEvent, _>(id, Msg::NodeChosen)}>
            { inside }
        </g>
    }
}

fn rect(part: &Part, radius: f32) -> Html {
    html! {
        <rect class="graph__box" x={part.x.to_string()} y={part.y.to_string()}
            width={part.width.to_string()} height={part.height.to_string()} rx={radius.to_string()} />
    }
}

fn text(class: &'static str, x: f32, y: f32, text: String) -> Html {
    html! { <text {class} x={x.to_string()} y={y.to_string()}>{ text }</text> }
}

fn sign(verdict: Option<Verdict>, x: f32, y: f32) -> Html {
    let Some(verdict) = verdict else { return Html::default() };
    html! {
        <g class="glyph" data-verdict={verdict_name(verdict)} transform={format!("translate({x} {y})")}>
            { verdict_shape(verdict) }
        </g>
    }
}

fn category(part: &Part, count: Option<u32>, searched: u32) -> Html {
    let middle = part.x + part.width / 2.0;
    let count = count.map(|count| {
        let count = number(count.into());
        let whole = format!("{count} of {}", number(searched.into()));
        // Of many events the box has room for one number; of how many stands over the drawing.
        if text_width(&whole) < text_width("") + part.width { whole } else { count }
    });
    html! {
        <>
            { rect(part, 2.0) }
            { text("graph__op", middle, part.y + 17.0, part.text.clone()) }
            { text("graph__note", middle, part.y + 33.0, count.unwrap_or_default()) }
        </>
    }
}

fn operator(part: &Part, count: Option<u32>, verdict: Option<Verdict>) -> Html {
    // With a sign the word moves to the right half.
    let middle = part.x + if verdict.is_some() { 31.0 } else { part.width / 2.0 };
    let count = count.map_or_else(String::new, |count| number(count.into()));
    html! {
        <>
            { rect(part, part.height / 2.0) }
            { sign(verdict, part.x + 6.0, part.y + 5.0) }
            { text("graph__op", middle, part.y + 15.0, part.text.clone()) }
            { text("graph__note", part.x + part.width / 2.0, part.y + 36.0, count) }
        </>
    }
}

/// Dots from the text to its number, where there is room for them.
fn lead(part: &Part, bar: f32) -> Html {
    let from = part.x + text_width(&part.text) + 8.0;
    let to = bar - 32.0;
    if to - from < 12.0 {
        return Html::default();
    }
    let y = (part.y + 15.0).to_string();
    html! {
        <line class="graph__lead" x1={from.to_string()} x2={to.to_string()} y1={y.clone()} y2={y} />
    }
}

fn leaf(
    part: &Part,
    node: &Node,
    count: Option<u32>,
    verdict: Option<Verdict>,
    (searched, width): (u32, f32),
) -> Html {
    let base = part.y + 16.0;
    let clause = part.row.clause.map_or_else(String::new, |clause| clause.to_string());
    let (count, share) = match count {
        Some(count) => (number(count.into()), f64::from(count) / f64::from(searched.max(1))),
        None => (String::new(), 0.0),
    };
    let (bar, full) = (width - 30.0, 26.0_f64);
    let label = match (node.kind, part.text.strip_prefix("not ")) {
        (NodeKind::Not, Some(rest)) => html! {
            <><tspan class="graph__word">{ "not " }</tspan>{ rest.to_owned() }</>
        },
        _ => html! { { part.text.clone() } },
    };
    html! {
        <>
            <title>{ node.label.clone() }</title>
            { rect(part, 2.0) }
            { text("graph__number", part.x + 14.0, base, clause) }
            { sign(verdict, part.x + 19.0, part.y + 6.0) }
            <text class="graph__label" x={(part.x + 37.0).to_string()} y={base.to_string()}>
                { label }
            </text>
            { lead(part, bar) }
            { text("graph__count", bar - 5.0, base, count) }
            <rect class="meter__all" x={bar.to_string()} y={(part.y + 10.0).to_string()}
                width={full.to_string()} height="4" />
            <rect class="meter__part" x={bar.to_string()} y={(part.y + 10.0).to_string()}
                width={format!("{:.1}", share.clamp(0.0, 1.0) * full)} height="4" />
        </>
    }
}
