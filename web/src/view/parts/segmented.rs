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
    let button = |segment: Segment| {
        let Segment { text, is_pressed, press: onclick } = segment;
        html! {
            <button class="segmented__button" type="button"
                aria-pressed={is_pressed.to_string()} {onclick}>
                { text }
            </button>
        }
    };
    html! {
        <div class="segmented" role="group" aria-label={label}>
            { for segments.into_iter().map(button) }
        </div>
    }
}
