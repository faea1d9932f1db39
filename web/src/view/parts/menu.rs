//! A button that opens a menu, after the pattern of the same name: arrows, Home and End move, Escape
//! closes and gives the focus back, Tab leaves.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::model::Overlay;
use crate::view::parts::code::prose;
use crate::view::parts::tells::Tells;

/// One thing to choose.
pub struct Item {
    /// What it is called.
    pub text: AttrValue,
    /// What it does, in one line; of one that cannot be chosen, why.
    pub about: AttrValue,
    /// It cannot be chosen now; it says why all the same.
    pub is_off: bool,
    /// Shown in a narrow window only.
    pub is_narrow: bool,
    /// It is chosen.
    pub press: Callback<MouseEvent>,
}

/// What the menu needs.
pub struct MenuProps<'m> {
    /// Name of the button, and of the menu.
    pub label: &'static str,
    /// Name for sending the focus to the button.
    pub focus: &'static str,
    /// What floats while it is open.
    pub overlay: Overlay,
    /// It is open.
    pub is_open: bool,
    /// Its items in groups; a group without a name has a line above it.
    pub groups: &'m [(&'static str, Vec<Item>)],
    /// Takes what happens.
    pub on: &'m Callback<Msg>,
}

/// The button and, while it is open, the menu. Leaving it closes it.
pub fn menu(props: &MenuProps<'_>) -> Html {
    let (on, overlay, is_open) = (props.on, props.overlay, props.is_open);
    let onfocusout = {
        let on = on.clone();
        move |event: FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
            let stays = menu_of(&event).is_some_and(|menu| menu.contains(to.as_ref()));
            if is_open && !stays && to.is_some() {
                on.emit(Msg::OverlayLeft);
            }
        }
    };
    let onkeydown = {
        let on = on.clone();
        move |event: KeyboardEvent| pressed(&event, overlay, is_open, &on)
    };
    let toggle = on.tell_of::<MouseEvent, _>(overlay, Msg::OverlayOpened);
    html! {
        <div class="menu" data-menu={props.focus} {onfocusout} {onkeydown}>
            <button class="button" type="button" data-kind="plain" data-focus={props.focus}
                aria-haspopup="menu" aria-expanded={is_open.to_string()} onclick={toggle}>
                { props.label }{ " \u{25be}" }
            </button>
            if is_open {
                <div class="menu__list" role="menu" aria-label={props.label}>
                    { for props.groups.iter().map(|(name, items)| group(name, items)) }
                </div>
            }
        </div>
    }
}

fn group(name: &'static str, items: &[Item]) -> Html {
    let item = |item: &Item| {
        let press = if item.is_off { Callback::noop() } else { item.press.clone() };
        html! {
            <button class="menu__item" type="button" role="menuitem" tabindex="-1"
                aria-disabled={item.is_off.then_some("true")}
                data-narrow={item.is_narrow.then_some("true")} onclick={press}>
                { item.text.clone() }
                if !item.about.is_empty() {
                    <span class="menu__about">{ prose(&item.about) }</span>
                }
            </button>
        }
    };
    html! {
        <div class="menu__group" role="group" aria-label={(!name.is_empty()).then_some(name)}>
            if !name.is_empty() {
                <p class="menu__heading" aria-hidden="true">{ name }</p>
            }
            { for items.iter().map(item) }
        </div>
    }
}

/// The menu an event came from. Yew listens at the root, so that the current target says nothing.
fn menu_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(".menu").ok()?
}

fn pressed(event: &KeyboardEvent, overlay: Overlay, is_open: bool, on: &Callback<Msg>) {
    let key = event.key();
    if !is_open {
        if key == "ArrowDown" || key == "ArrowUp" {
            event.prevent_default();
            on.emit(Msg::OverlayOpened(overlay));
        }
        return;
    }
    let Some(menu) = menu_of(event) else { return };
    let all = menu.get_elements_by_class_name("menu__item");
    let item = |at: u32| all.item(at)?.dyn_into::<HtmlElement>().ok();
    // What a wide window does not show cannot be gone to.
    let items: Vec<HtmlElement> =
        (0..all.length()).filter_map(item).filter(|item| item.client_height() > 0).collect();
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let at = items.iter().position(|item| Some(item) == target.as_ref());
    let last = items.len().saturating_sub(1);
    let to = match (key.as_str(), at) {
        ("Home", _) | ("ArrowDown", None) => 0,
        ("End", _) | ("ArrowUp", None) => last,
        ("ArrowDown", Some(at)) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        ("ArrowUp", Some(at)) => at.checked_sub(1).unwrap_or(last),
        _ => {
            // Letters are no shortcuts of the page while a menu is open.
            if key.chars().count() == 1 && key != " " && !event.ctrl_key() && !event.meta_key() {
                event.prevent_default();
            }
            return;
        }
    };
    event.prevent_default();
    if let Some(item) = items.get(to) {
        // A button takes the focus.
        let _ = item.focus();
    }
}
