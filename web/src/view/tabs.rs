//! The tabs of the result.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::state::Msg;
use crate::state::model::Tab;
use crate::state::text::number;
use crate::view::parts::tells::Tells;

/// What the tabs need.
pub struct TabsProps {
    /// The open one.
    pub tab: Tab,
    /// Number of matches, where it is known.
    pub matches: Option<u32>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// One tab stop; arrows move between the tabs.
pub fn tabs(props: &TabsProps) -> Html {
    let onkeydown = {
        let (on, open) = (props.on.clone(), props.tab);
        move |event: KeyboardEvent| {
            let all = Tab::ALL.len();
            let at = Tab::ALL.iter().position(|tab| *tab == open).unwrap_or(0);
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % all,
                "ArrowLeft" => (at + all - 1) % all,
                "Home" => 0,
                "End" => all - 1,
                _ => return,
            };
            event.prevent_default();
            let Some(tab) = Tab::ALL.get(to).copied() else { return };
            on.emit(Msg::TabChosen(tab));
            let row = event.current_target().and_then(|row| row.dyn_into::<HtmlElement>().ok());
            let button = row.and_then(|row| row.children().item(to as u32));
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                // A button takes the focus.
                let _ = button.focus();
            }
        }
    };
    let tab = |tab: &Tab| {
        let tab = *tab;
        let is_open = tab == props.tab;
        let count = props.matches.filter(|_| tab == Tab::Matches);
        html! {
            <button class="tabs__tab" type="button" role="tab" id={format!("tab-{}", tab.name())}
                aria-selected={is_open.to_string()} aria-controls={is_open.then_some("result")}
                tabindex={if is_open { "0" } else { "-1" }}
                onclick={props.on.tell_of::<MouseEvent, _>(tab, Msg::TabChosen)}>
                { tab.label() }
                if let Some(count) = count {
                    <span class="tabs__count">{ number(count.into()) }</span>
                }
            </button>
        }
    };
    html! {
        <div class="tabs" role="tablist" aria-label="Result" {onkeydown}>
            { for Tab::ALL.iter().map(tab) }
        </div>
    }
}
