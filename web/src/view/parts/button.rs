//! Buttons.

use yew::prelude::*;

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text only.
    Plain,
    /// With a border.
    Outlined,
    /// The one thing to do.
    Primary,
    /// Small, in the head of a pane.
    Small,
}

/// A button with a text.
pub fn button(kind: Kind, text: impl Into<AttrValue>, onclick: Callback<MouseEvent>) -> Html {
    button_of(kind, text.into(), onclick)
}

#[inline(never)]
fn button_of(kind: Kind, text: AttrValue, onclick: Callback<MouseEvent>) -> Html {
    let kind = match kind {
        Kind::Plain => "plain",
        Kind::Outlined => "outlined",
        Kind::Primary => "primary",
        Kind::Small => "small",
    };
    html! { <button class="button" type="button" data-kind={kind} {onclick}>{ text }</button> }
}
