//! The clause strip: one cell per clause.

use eqlens_engine::wire::{Cell, Verdict};
use yew::prelude::*;

use crate::view::parts::glyph::verdict_name;

/// The cells of one event.
pub fn cells(all: &[Cell], gaps: &[bool]) -> Html {
    let cell = |(at, cell): (usize, &Cell)| {
        html! {
            <i class="strip__cell" data-verdict={verdict_name(cell.verdict)}
                data-decisive={cell.decisive.then_some("true")}
                data-gap={gap(gaps, at)} />
        }
    };
    html! {
        <span class="strip" role="img" aria-label={words(all)}>
            { for all.iter().enumerate().map(cell) }
        </span>
    }
}

/// The numbers over the cells.
pub fn numbers(gaps: &[bool]) -> Html {
    let number = |at: usize| {
        html! { <i class="strip__number" data-gap={gap(gaps, at)}>{ at + 1 }</i> }
    };
    html! { <span class="strip" aria-hidden="true">{ for (0..gaps.len()).map(number) }</span> }
}

fn gap(gaps: &[bool], at: usize) -> Option<&'static str> {
    gaps.get(at).copied().unwrap_or(false).then_some("true")
}

/// The strip in words.
fn words(cells: &[Cell]) -> String {
    let holding = cells.iter().filter(|cell| cell.verdict == Verdict::Holds).count();
    let decisive: Vec<_> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.decisive)
        .map(|(at, _)| (at + 1).to_string())
        .collect();
    let all = cells.len();
    match decisive.as_slice() {
        [] => format!("{holding} of {all} clauses hold"),
        [one] => format!("{holding} of {all} clauses hold, clause {one} decides"),
        more => format!("{holding} of {all} clauses hold, clauses {} decide", more.join(", ")),
    }
}
