//! The loaded events as a table, with the fields the rule reads.

use eqlens_engine::wire::table::{Table as Held, TableCell, TableRow};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::table::TableMsg;
use crate::state::text::{number, time_parts, visible};
use crate::view::parts::by_pointer::ByPointer;
use crate::view::parts::glyph;
use crate::view::parts::rows::use_rows;
use crate::view::parts::tells::Tells;

/// What the table needs.
#[derive(Properties, PartialEq)]
pub struct TableProps {
    /// The stretch that is held.
    pub held: ByPointer<Held>,
    /// Events there are.
    pub total: u32,
    /// In time order; else in that of the input.
    pub by_time: bool,
    /// The selected event.
    pub selected: Option<u32>,
    /// The row to be brought into view, and a number that tells one request from the next.
    pub reveal: Option<(u32, u32)>,
    /// Verdicts belong to an older result.
    pub is_stale: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// A grid with one tab stop; the arrow keys move the selection. Its orders are buttons of their own.
#[component]
pub fn Table(props: &TableProps) -> Html {
    let act = props.on.reform(Msg::Table);
    let seen = act.reform(|(first, end)| TableMsg::Seen { first, end });
    let rows = use_rows(props.total, props.reveal, seen);
    let page = rows.page();
    let onkeydown = {
        let (act, on, selected) = (act.clone(), props.on.clone(), props.selected);
        move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                "PageDown" => page,
                "PageUp" => -page,
                "Home" => i32::MIN,
                "End" => i32::MAX,
                "Enter" => {
                    // The heads are buttons; on a row it is what a click is.
                    if event.target() == event.current_target()
                        && let Some(selected) = selected
                    {
                        event.prevent_default();
                        on.emit(Msg::EventChosen(selected));
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            act.emit(TableMsg::Moved(by));
        }
    };
    let held = &*props.held;
    let row_at = |at: u32| {
        let here = at.checked_sub(held.first).and_then(|at| held.rows.get(at as usize));
        match here {
            Some(row) => row_view(row, at, props),
            None => bones(at),
        }
    };
    let order = |by_time: bool, text: &'static str, label: &'static str| {
        let is_it = props.by_time == by_time;
        let onclick = act.reform(move |_: MouseEvent| TableMsg::Sorted { by_time });
        html! {
            <span class="table__head" role="columnheader"
                aria-sort={if is_it { "ascending" } else { "none" }}>
                <button class="table__sort" type="button" aria-label={label} title={label} {onclick}>
                    { text }<i aria-hidden="true">{ if is_it { " \u{25b4}" } else { "" } }</i>
                </button>
            </span>
        }
    };
    let head = |text: &str| {
        let text = text.to_owned();
        html! {
            <span class="table__head" role="columnheader" title={text.clone()}>{ text }</span>
        }
    };
    let drawn = rows.first.max(held.first)..rows.end.min(held.first + held.rows.len() as u32);
    let is_drawn = |event: &u32| {
        drawn.clone().any(|at| {
            held.rows.get((at - held.first) as usize).is_some_and(|row| row.event == *event)
        })
    };
    let active = props.selected.filter(is_drawn).map(|event| format!("cell-{event}"));
    let style = format!("--columns:{};{}", held.columns.len() + 1, rows.whole());
    html! {
        <div class="table" ref={rows.node.clone()} role="grid" tabindex="0" data-focus="table"
            aria-label="Events" aria-rowcount={(props.total + 1).to_string()}
            aria-colcount={(held.columns.len() + 5).to_string()} aria-activedescendant={active}
            data-stale={props.is_stale.then_some("true")}
            onscroll={rows.onscroll.clone()} {onkeydown}>
            <div class="table__rows" role="rowgroup" ~style={style}>
                <div class="table__row" data-part="head" role="row" aria-rowindex="1">
                    { order(false, "#", "In the order of the input") }
                    <span class="table__head" role="columnheader">
                        <span class="table__unseen">{ "Verdict" }</span>
                    </span>
                    { order(true, "Time", "In the order of time") }
                    { head("Host") }
                    { for held.columns.iter().map(|name| head(name)) }
                    { head("Summary") }
                </div>
                <div role="presentation" ~style={rows.before()} />
                { for (rows.first..rows.end).map(row_at) }
            </div>
        </div>
    }
}

fn row_view(row: &TableRow, at: u32, props: &TableProps) -> Html {
    let event = row.event;
    let onclick = props.on.tell_of::<MouseEvent, _>(event, Msg::EventChosen);
    let time = row.time.as_deref().unwrap_or_default();
    let (date, clock, fraction) = time_parts(time);
    let summary = visible(&row.summary).into_owned();
    html! {
        <div key={format!("e{event}")} class="table__row" role="row" id={format!("cell-{event}")}
            aria-rowindex={(at + 2).to_string()}
            aria-selected={(props.selected == Some(event)).to_string()} {onclick}>
            <span class="table__number" role="gridcell">{ number(u64::from(event) + 1) }</span>
            <span class="table__verdict" role="gridcell">
                { for row.verdict.map(|it| glyph::verdict(it, glyph::event_word(it))) }
            </span>
            <span class="table__cell" role="gridcell" title={date.to_owned()}>
                if time.is_empty() {
                    { slot(false) }
                } else {
                    { clock.to_owned() }<span class="table__fraction">{ fraction.to_owned() }</span>
                }
            </span>
            { cell(&row.host) }
            { for row.cells.iter().map(cell) }
            <span class="table__cell" role="gridcell" title={summary.clone()}>{ summary }</span>
        </div>
    }
}

fn cell(cell: &TableCell) -> Html {
    let text = visible(&cell.text).into_owned();
    html! {
        <span class="table__cell" role="gridcell" title={text.clone()}>
            if cell.values == 0 { { slot(cell.is_null) } } else { { text } }
        </span>
    }
}

/// What stands in place of a value: nothing in a dashed frame, or the word for a null.
fn slot(is_null: bool) -> Html {
    if is_null {
        html! { <i class="table__slot" data-kind="null">{ "null" }</i> }
    } else {
        html! { <i class="table__slot" role="img" aria-label="missing" /> }
    }
}

/// A row that is still on its way.
fn bones(at: u32) -> Html {
    html! {
        <div key={format!("i{at}")} class="table__row" data-part="bones" role="presentation">
            <span /><span /><i class="list__bone" /><i class="list__bone" />
        </div>
    }
}
