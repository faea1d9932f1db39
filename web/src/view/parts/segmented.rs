//! A row of buttons of which one is pressed.

use yew::prelude::*;

/// One of the buttons.
pub struct Segment {
    /// Its text.
    pub text: AttrValue,
    /// It is the one.
    pub is_pressed: bool,
    /// Takes its pressing.
    pub press: Callback<MouseEvent>,
}

/// The row.
pub fn segmented(label: &'static str, segments: impl IntoIterator<Item = Segment>) -> Html {
    row(label, segments.into_iter().map(one).collect())
}

#[inline(never)]
fn one(segment: Segment) -> Html {
    let Segment { text, is_pressed, press: onclick } = segment;
    html! {
        <button class="segmented__button" type="button"
            aria-pressed={if is_pressed { "true" } else { "false" }} {onclick}>
            { text }
        </button>
    }
}

#[inline(never)]
fn row(label: &'static str, buttons: Vec<Html>) -> Html {
    html! {
        <div class="segmented" role="group" aria-label={label}>{ for buttons }</div>
    }
}
