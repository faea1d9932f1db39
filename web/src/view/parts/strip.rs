//! The clause strip: one cell per clause. Of very many clauses a window of them is shown, and where what
//! decides lies outside it, its number stands at that side.

use eqlens_engine::wire::{Cell, Verdict};
use yew::prelude::*;

use crate::view::parts::glyph::verdict_name;

/// Which clauses the strips show.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// For each clause: does a gap stand before its cell?
    pub gaps: std::rc::Rc<[bool]>,
    /// First and one past the last clause that is shown, from 0.
    pub shown: (usize, usize),
}

impl Window {
    fn is_part(&self) -> bool {
        self.shown != (0, self.gaps.len())
    }

    fn gap(&self, at: usize) -> Option<&'static str> {
        let has = at > self.shown.0 && self.gaps.get(at).copied().unwrap_or(false);
        has.then_some("true")
    }

    fn size(&self) -> Option<&'static str> {
        match self.gaps.len() {
            100.. => Some("huge"),
            13.. => Some("large"),
            _ => None,
        }
    }
}

/// The cells of one event; `pointed` is the clause that is pointed at, from 1.
pub fn cells(all: &[Cell], window: &Window, pointed: Option<u16>) -> Html {
    let (first, end) = window.shown;
    let cell = |(at, cell): (usize, &Cell)| {
        let clause = at + 1;
        html! {
            <i class="strip__cell" data-verdict={verdict_name(cell.verdict)}
                data-decisive={cell.decisive.then_some("true")} data-clause={clause.to_string()}
                data-pointed={(pointed.map(usize::from) == Some(clause)).then_some("true")}
                data-gap={window.gap(at)} />
        }
    };
    let deciding = |part: Option<&[Cell]>, before: usize| {
        let at = part.and_then(|part| part.iter().position(|cell| cell.decisive));
        at.map(|at| (before + at + 1).to_string()).unwrap_or_default()
    };
    let beyond = |text: String, mark: &'static str| {
        html! {
            if window.is_part() {
                <i class="strip__beyond" data-side={mark}>{ text }</i>
            }
        }
    };
    html! {
        <span class="strip" role="img" aria-label={words(all)} data-size={window.size()}>
            { beyond(deciding(all.get(..first), 0), "before") }
            { for all.iter().enumerate().skip(first).take(end - first).map(cell) }
            { beyond(deciding(all.get(end..), end), "after") }
        </span>
    }
}

/// The numbers over the cells.
pub fn numbers(window: &Window) -> Html {
    let (first, end) = window.shown;
    let number = |at: usize| {
        html! { <i class="strip__number" data-gap={window.gap(at)}>{ at + 1 }</i> }
    };
    let beyond = || html! { if window.is_part() { <i class="strip__beyond" /> } };
    html! {
        <span class="strip" aria-hidden="true" data-size={window.size()}>
            { beyond() }{ for (first..end).map(number) }{ beyond() }
        </span>
    }
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
