//! The list of keyboard shortcuts.

use yew::prelude::*;

use crate::state::Msg;
use crate::state::keys::SHORTCUTS;
use crate::view::parts::dialog::Dialog;

/// What the dialog needs.
pub struct ShortcutsProps {
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Only what works.
pub fn shortcuts(props: &ShortcutsProps) -> Html {
    let row = |(keys, does): &(&'static [&'static str], &'static str)| {
        html! {
            <div class="shortcuts__row">
                <dt class="shortcuts__keys">
                    { for keys.iter().map(|key| html! { <kbd class="shortcuts__key">{ *key }</kbd> }) }
                </dt>
                <dd class="shortcuts__does">{ *does }</dd>
            </div>
        }
    };
    html! {
        <Dialog title="Keyboard" name="shortcuts" on={props.on.clone()}>
            <dl class="shortcuts">{ for SHORTCUTS.iter().map(row) }</dl>
            <p class="shortcuts__note">{ "Letters act outside the editors and fields only." }</p>
        </Dialog>
    }
}
