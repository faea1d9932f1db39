//! The head of a pane.

use yew::prelude::*;

/// Title, what it holds, and controls at the end.
pub fn head(title: &'static str, note: impl Into<AttrValue>, controls: Html) -> Html {
    let note = note.into();
    html! {
        <div class="pane__head">
            <h2 class="pane__title">{ title }</h2>
            <span class="pane__note" title={note.clone()}>{ note }</span>
            { controls }
        </div>
    }
}
