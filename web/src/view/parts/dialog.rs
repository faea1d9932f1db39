//! A modal dialog: the browser's own, which keeps the focus inside.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::state::Msg;
use crate::view::parts::icon;
use crate::view::parts::tells::Tells;

/// What the dialog is made of.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Its title.
    pub title: AttrValue,
    /// A line beside the title.
    #[prop_or_default]
    pub note: AttrValue,
    /// Which dialog, for its measures.
    pub name: AttrValue,
    /// Takes what happens.
    pub on: Callback<Msg>,
    /// What stands at the bottom.
    #[prop_or_default]
    pub footer: Html,
    /// What it shows.
    pub children: Html,
}

/// Opens itself when it is mounted. Escape and a click beside it close it.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            let before = focused();
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            }
            move || {
                if let Some(before) = before {
                    // What is gone by now cannot take it, and that is all.
                    let _ = before.focus();
                }
            }
        }
    });
    let oncancel = props.on.reform(|event: Event| {
        event.prevent_default();
        Msg::OverlayClosed
    });
    // A click on the dialog element itself is one on its backdrop: its content covers the rest.
    let onclick = {
        let (on, node) = (props.on.clone(), node.clone());
        move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if target.is_some() && target == node.get() {
                on.emit(Msg::OverlayClosed);
            }
        }
    };
    let close = props.on.tell::<MouseEvent>(|| Msg::OverlayClosed);
    html! {
        <dialog ref={node} class="dialog" data-dialog={props.name.clone()}
            aria-label={props.title.clone()} {oncancel} {onclick}>
            <div class="dialog__frame">
                <header class="dialog__head">
                    <h2 class="dialog__title">{ props.title.clone() }</h2>
                    <span class="dialog__note">{ props.note.clone() }</span>
                    <button class="button" type="button" data-kind="plain" aria-label="Close"
                        onclick={close}>
                        { icon::close() }
                    </button>
                </header>
                { props.children.clone() }
                { props.footer.clone() }
            </div>
        </dialog>
    }
}

/// What has the focus now; inside an editor, its text.
fn focused() -> Option<HtmlElement> {
    let element = web_sys::window()?.document()?.active_element()?;
    let inside = element.shadow_root().and_then(|root| root.active_element());
    inside.unwrap_or(element).dyn_into().ok()
}
