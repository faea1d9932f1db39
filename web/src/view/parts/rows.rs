//! Rows of one height, however many: only those in view are in the document.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// Rows kept ready above and below the visible ones.
const OVERSCAN: u32 = 8;

/// Measures of the scroller in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Measures {
    /// Height of the visible part.
    height: f64,
    /// Height of one row.
    row: f64,
    /// Height of the head, which stays on top.
    head: f64,
}

/// A scroller and what of it is in view.
pub struct Rows {
    /// To be set on the scroller.
    pub node: NodeRef,
    /// First row to have in the document.
    pub first: u32,
    /// One past the last.
    pub end: u32,
    /// To be set on the scroller.
    pub onscroll: Callback<Event>,
    total: u32,
    measures: Measures,
}

impl Rows {
    /// The style of what holds the head and all rows: as high as they would be together, whichever
    /// of them are there. Were it only as high as its content, then the browser would take the
    /// scroller back wherever it looks while that is being exchanged.
    #[must_use]
    pub fn whole(&self) -> String {
        let Measures { row, head, .. } = self.measures;
        format!("height:{}px", f64::from(self.total) * row + head)
    }

    /// The style of the space that stands for the rows before the first.
    #[must_use]
    pub fn before(&self) -> String {
        format!("height:{}px", f64::from(self.first) * self.measures.row)
    }

    /// How many rows a page of them has.
    #[must_use]
    pub fn page(&self) -> i32 {
        let Measures { height, row, .. } = self.measures;
        if row > 0.0 { ((height / row) as i32 - 2).max(1) } else { 1 }
    }
}

/// Follows the scroller. Its head has `data-part=head`, each row `aria-selected`, a row still on its
/// way `data-part=bones`. `reveal` is the row to be brought into view, with a number that tells one
/// request from the next; `seen` learns which rows are wanted.
#[hook]
pub fn use_rows(total: u32, reveal: Option<(u32, u32)>, seen: Callback<(u32, u32)>) -> Rows {
    let node = use_node_ref();
    let measures = use_state_eq(Measures::default);
    // The first row in view, not the place in pixels: between two rows nothing is drawn again.
    let top = use_state_eq(|| 0_u32);
    use_effect_with((), {
        let (node, measures) = (node.clone(), measures.clone());
        move |()| observe(node.cast::<HtmlElement>(), measures.setter())
    });
    let (first, end) = range(*top, *measures, total);
    use_effect_with((first, end, total), move |(first, end, _)| seen.emit((*first, *end)));
    use_effect_with((reveal, measures.row > 0.0), {
        let (node, measures) = (node.clone(), *measures);
        move |(reveal, _)| {
            if let (Some((_, index)), Some(list)) = (reveal, node.cast::<Element>()) {
                bring_into_view(&list, *index, measures);
            }
        }
    });
    let onscroll = {
        let (node, top, row) = (node.clone(), top.clone(), measures.row);
        Callback::from(move |_: Event| {
            if let Some(list) = node.cast::<Element>() {
                top.set(first_row(f64::from(list.scroll_top()), row));
            }
        })
    };
    Rows { node, first, end, onscroll, total, measures: *measures }
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
        row: height("[aria-selected], [data-part=bones]"),
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
