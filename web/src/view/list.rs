//! The result list. Only the rows in view are in the document, however many there are.

use std::rc::Rc;

use eqlens_engine::wire::Row;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::{CHUNK, Chunks, Step};
use crate::state::text::{time_parts, visible};
use crate::view::parts::rows::use_rows;
use crate::view::parts::tells::Tells;
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

/// A listbox with one tab stop; the arrow keys move the selection.
#[component]
pub fn List(props: &ListProps) -> Html {
    let seen = props.on.reform(|(first, end)| Msg::RowsSeen { first, end });
    let rows = use_rows(props.total, props.reveal, seen);
    let (first, end) = (rows.first, rows.end);
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
        let loaded = props.chunks.get(index / CHUNK);
        match loaded.and_then(|rows| rows.get((index % CHUNK) as usize)) {
            Some(row) => row_view(row, index, props),
            None => bones(index),
        }
    };
    let is_active = props.selected.is_some_and(|event| {
        (first..end).any(|index| {
            let rows = props.chunks.get(index / CHUNK);
            rows.and_then(|rows| rows.get((index % CHUNK) as usize))
                .is_some_and(|row| row.event == event)
        })
    });
    let active = props.selected.filter(|_| is_active).map(|event| format!("row-{event}"));
    html! {
        <div class="list" ref={rows.node.clone()} role="listbox" tabindex="0" aria-label="Result"
            data-focus="result" aria-activedescendant={active} onscroll={rows.onscroll.clone()}
            {onkeydown} {onmouseover} {onmouseleave}>
            <div role="presentation" ~style={rows.whole()}>
                <div class="list__row" data-part="head" role="presentation" aria-hidden="true">
                    <span /><span>{ "Time" }</span><span>{ "Host" }</span><span>{ "Command line" }</span>
                    <span class="list__why">
                        { if props.is_event { "First clause that stops it" } else { "Its part" } }
                    </span>
                    { strip::numbers(&props.window) }
                </div>
                <div class="list__space" role="presentation" ~style={rows.before()} />
                { for (first..end).map(row_at) }
            </div>
        </div>
    }
}

fn row_view(row: &Row, index: u32, props: &ListProps) -> Html {
    let event = row.event;
    let is_selected = props.selected == Some(event);
    let pointed = props.cell.filter(|(of, _)| *of == event).map(|(_, clause)| clause);
    let onclick = props.on.tell_of::<MouseEvent, _>(event, Msg::EventChosen);
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
                    <i class="list__stage" data-verdict={glyph::verdict_name(row.verdict)}>{ stage_mark(*stage) }</i>
                }) }
                { why }
            </span>
            { strip::cells(&row.cells, &props.window, pointed) }
        </div>
    }
}

/// The number of a stage; `until` has none.
fn stage_mark(stage: u16) -> String {
    if stage == 0 { "until".to_owned() } else { stage.to_string() }
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
