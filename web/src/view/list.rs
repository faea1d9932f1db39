//! The result list. Only the rows in view are in the document, however many there are.

use std::rc::Rc;

use eqlens_engine::wire::Row;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::{CHUNK, Chunks, Step};
use crate::state::text::{time_parts, visible};
use crate::view::parts::{glyph, strip};

/// What the list needs.
#[derive(Properties, PartialEq)]
pub struct ListProps {
    /// Loaded rows.
    pub chunks: Rc<Chunks>,
    /// Rows there are.
    pub total: u32,
    /// The selected event.
    pub selected: Option<u32>,
    /// Of an event query; else events have parts in sequences or samples.
    pub is_event: bool,
    /// Which clauses the strips show.
    pub window: strip::Window,
    /// The cell that is pointed at: event and clause.
    pub cell: Option<(u32, u16)>,
    /// The row to be brought into view, and a number that tells one request from the next.
    pub reveal: Option<(u32, u32)>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Rows kept ready above and below the visible ones.
const OVERSCAN: u32 = 8;

/// Measures of the list in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Measures {
    /// Height of the visible part.
    height: f64,
    /// Height of one row.
    row: f64,
    /// Height of the head, which stays on top.
    head: f64,
}

/// A listbox with one tab stop; the arrow keys move the selection.
#[component]
pub fn List(props: &ListProps) -> Html {
    let node = use_node_ref();
    let measures = use_state_eq(Measures::default);
    // The first row in view, not the place in pixels: between two rows nothing is drawn again.
    let top = use_state_eq(|| 0_u32);
    use_effect_with((), {
        let (node, measures) = (node.clone(), measures.clone());
        move |()| observe(node.cast::<HtmlElement>(), measures.setter())
    });
    let (first, end) = range(*top, *measures, props.total);
    use_effect_with((first, end, props.total), {
        let on = props.on.clone();
        move |(first, end, _)| on.emit(Msg::RowsSeen { first: *first, end: *end })
    });
    use_effect_with((props.reveal, measures.row > 0.0), {
        let (node, measures) = (node.clone(), *measures);
        move |(reveal, _)| {
            if let (Some((_, index)), Some(list)) = (reveal, node.cast::<Element>()) {
                bring_into_view(&list, *index, measures);
            }
        }
    });
    let onscroll = {
        let (node, top, row) = (node.clone(), top.clone(), measures.row);
        move |_: Event| {
            if let Some(list) = node.cast::<Element>() {
                top.set(first_row(f64::from(list.scroll_top()), row));
            }
        }
    };
    let onmouseover = {
        let (on, cell) = (props.on.clone(), props.cell);
        move |event: MouseEvent| {
            let over = cell_at(&event);
            if over.is_some() || cell.is_some() {
                on.emit(Msg::CellPointed(over));
            }
        }
    };
    let onmouseleave = {
        let (on, cell) = (props.on.clone(), props.cell);
        move |_: MouseEvent| {
            if cell.is_some() {
                on.emit(Msg::CellPointed(None));
            }
        }
    };
    let onkeydown = {
        let (on, selected) = (props.on.clone(), props.selected);
        move |event: KeyboardEvent| {
            let msg = match event.key().as_str() {
                "ArrowDown" => Msg::SelectionMoved(Step::Next),
                "ArrowUp" => Msg::SelectionMoved(Step::Previous),
                "Home" => Msg::SelectionMoved(Step::First),
                "End" => Msg::SelectionMoved(Step::Last),
                "ArrowRight" => Msg::CellMoved(Step::Next),
                "ArrowLeft" => Msg::CellMoved(Step::Previous),
                "Enter" => match selected {
                    Some(event) => Msg::EventChosen(event),
                    None => return,
                },
                _ => return,
            };
            event.prevent_default();
            on.emit(msg);
        }
    };
    let row_at = |index: u32| {
        let loaded = props.chunks.get(&(index / CHUNK));
        match loaded.and_then(|rows| rows.get((index % CHUNK) as usize)) {
            Some(row) => row_view(row, index, props),
            None => bones(index),
        }
    };
    let is_active = props.selected.is_some_and(|event| {
        (first..end).any(|index| {
            let rows = props.chunks.get(&(index / CHUNK));
            rows.and_then(|rows| rows.get((index % CHUNK) as usize))
                .is_some_and(|row| row.event == event)
        })
    });
    let active = props.selected.filter(|_| is_active).map(|event| format!("row-{event}"));
    let space = |rows: u32| format!("height:{}px", f64::from(rows) * measures.row);
    html! {
        <div class="list" ref={node} role="listbox" tabindex="0" aria-label="Result"
            data-focus="result" aria-activedescendant={active} {onscroll} {onkeydown}
            {onmouseover} {onmouseleave}>
            <div class="list__row" data-part="head" role="presentation" aria-hidden="true">
                <span /><span>{ "Time" }</span><span>{ "Host" }</span><span>{ "Command line" }</span>
                <span class="list__why">
                    { if props.is_event { "First clause that stops it" } else { "Its part" } }
                </span>
                { strip::numbers(&props.window) }
            </div>
            <div class="list__space" role="presentation" ~style={space(first)} />
            { for (first..end).map(row_at) }
            <div class="list__space" role="presentation"
                ~style={space(props.total.saturating_sub(end))} />
        </div>
    }
}

fn row_view(row: &Row, index: u32, props: &ListProps) -> Html {
    let event = row.event;
    let is_selected = props.selected == Some(event);
    let pointed = props.cell.filter(|(of, _)| *of == event).map(|(_, clause)| clause);
    let onclick = props.on.reform(move |_: MouseEvent| Msg::EventChosen(event));
    let time = row.time.as_deref().unwrap_or("");
    let (_, clock, fraction) = time_parts(time);
    let host = visible(row.host.as_deref().unwrap_or_default()).into_owned();
    let summary = visible(&row.summary).into_owned();
    let why = visible(&row.why).into_owned();
    html! {
        <div key={format!("e{event}")} class="list__row" role="option" id={format!("row-{event}")}
            aria-selected={is_selected.to_string()}
            aria-posinset={(index + 1).to_string()} aria-setsize={props.total.to_string()}
            data-odd={(index % 2 == 1).then_some("true")} {onclick}>
            { glyph::verdict(row.verdict, glyph::event_word(row.verdict)) }
            <time class="list__time" datetime={row.time.clone()}>
                { clock.to_owned() }<span class="list__fraction">{ fraction.to_owned() }</span>
            </time>
            <span class="list__host" title={host.clone()}>{ host.clone() }</span>
            <span class="list__summary" title={summary.clone()}>{ summary }</span>
            <span class="list__why" title={why.clone()}>
                { for row.stages.iter().map(|stage| html! {
                    <i class="list__stage" data-verdict={glyph::verdict_name(row.verdict)}>{ *stage }</i>
                }) }
                { why }
            </span>
            { strip::cells(&row.cells, &props.window, pointed) }
        </div>
    }
}

/// A row that is still on its way.
fn bones(index: u32) -> Html {
    html! {
        <div key={format!("i{index}")} class="list__row" data-part="bones" role="presentation">
            <span /><span class="list__bone" /><span class="list__bone" />
            <span class="list__bone" />
        </div>
    }
}

/// Rows for a list whose result is still on its way.
pub fn skeleton() -> Html {
    html! { <div class="list" aria-hidden="true">{ for (0..5).map(bones) }</div> }
}

/// The event and the clause of the cell under the pointer.
fn cell_at(event: &MouseEvent) -> Option<(u32, u16)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let clause = target.get_attribute("data-clause")?.parse().ok()?;
    let row = target.closest("[role=option]").ok()??;
    Some((row.id().strip_prefix("row-")?.parse().ok()?, clause))
}

/// The row at a place in pixels.
fn first_row(top: f64, row: f64) -> u32 {
    // Before the first measurement: as high as a usual row.
    let row = if row > 0.0 { row } else { 24.0 };
    (top / row).max(0.0) as u32
}

/// First and one past the last row to have in the document.
fn range(first: u32, measures: Measures, total: u32) -> (u32, u32) {
    // Before the first measurement: as many as a usual list shows.
    let (row, height) =
        if measures.row > 0.0 { (measures.row, measures.height) } else { (24.0, 240.0) };
    let seen = (height / row).ceil() as u32 + 1;
    (
        first.saturating_sub(OVERSCAN).min(total),
        first.saturating_add(seen).saturating_add(OVERSCAN).min(total),
    )
}

fn bring_into_view(list: &Element, index: u32, measures: Measures) {
    if measures.row <= 0.0 {
        return;
    }
    let top = f64::from(index) * measures.row;
    let room = measures.height - measures.head;
    let seen = f64::from(list.scroll_top());
    if top < seen {
        list.set_scroll_top(top as i32);
    } else if top + measures.row > seen + room {
        list.set_scroll_top((top + measures.row - room).ceil() as i32);
    }
}

/// Measures the list now and whenever its size changes.
fn observe(list: Option<HtmlElement>, set: UseStateSetter<Measures>) -> impl FnOnce() {
    let measured = list.clone();
    let on_resize = Closure::<dyn FnMut()>::new(move || {
        if let Some(list) = &measured {
            set.set(measure(list));
        }
    });
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(list)) = (&observer, &list) {
        observer.observe(list);
    }
    move || {
        if let Some(observer) = observer {
            observer.disconnect();
        }
        drop(on_resize);
    }
}

fn measure(list: &HtmlElement) -> Measures {
    let height = |selector: &str| {
        let found = list.query_selector(selector).ok().flatten();
        found.map_or(0.0, |element| element.get_bounding_client_rect().height())
    };
    Measures {
        height: f64::from(list.client_height()),
        row: height("[role=option], [data-part=bones]"),
        head: height("[data-part=head]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURES: Measures = Measures { height: 264.0, row: 24.0, head: 24.0 };

    #[test]
    fn few_rows_are_in_the_document() {
        let at = |top: f64| range(first_row(top, MEASURES.row), MEASURES, 100_000);
        assert_eq!(at(0.0), (0, 20));
        assert_eq!(at(1_200_000.0), (49_992, 50_020));
        assert_eq!(at(2_399_760.0).1, 100_000);
    }

    #[test]
    fn a_list_that_has_shrunk_stays_within_its_end() {
        assert_eq!(range(100, MEASURES, 5), (5, 5));
        assert_eq!(range(0, Measures::default(), 3), (0, 3));
    }
}
