//! The bar at the top.

use wasm_bindgen::JsCast;
use web_sys::{File, HtmlElement, HtmlInputElement, Node};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::boot::Example;
use crate::state::model::{Overlay, Theme};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::icon;

/// What the bar needs.
pub struct ToolbarProps {
    /// The examples menu is open.
    pub is_menu_open: bool,
    /// Shipped examples.
    pub examples: &'static [Example],
    /// A draft gave way and can be had back.
    pub has_aside: bool,
    /// The theme in force.
    pub theme: Theme,
    /// There is something to share.
    pub can_share: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
    /// Takes a picked file.
    pub on_file: Callback<File>,
}

/// Brand, examples, files, share, theme, help.
pub fn toolbar(props: &ToolbarProps) -> Html {
    let on = &props.on;
    let onchange = {
        let on_file = props.on_file.clone();
        move |event: Event| {
            let target = event.target().and_then(|target| target.dyn_into().ok());
            let Some(input): Option<HtmlInputElement> = target else { return };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                on_file.emit(file);
            }
            // The same file may be picked again.
            input.set_value("");
        }
    };
    let theme = match props.theme {
        Theme::Light => "Dark theme",
        Theme::Dark => "Light theme",
    };
    let help = on.reform(|_: MouseEvent| Msg::OverlayOpened(Overlay::Shortcuts));
    let share = on.reform(|_: MouseEvent| Msg::OverlayOpened(Overlay::Share));
    html! {
        <header class="toolbar">
            <h1 class="toolbar__brand">{ icon::brand() }{ "EQLens" }</h1>
            <Menu is_open={props.is_menu_open} examples={props.examples} has_aside={props.has_aside} on={on.clone()} />
            <span class="toolbar__open">
                { button(Kind::Plain, "Open\u{2026}", on.reform(|_| Msg::FileWanted)) }
            </span>
            <input hidden=true type="file" data-role="open-file"
                aria-label="Open a rule or events"
                accept=".ndjson,.json,.jsonl,.toml,.md,.eql,.txt,.csv,.log,.gz" {onchange} />
            <span class="toolbar__push" />
            <button class="button" type="button" data-kind="outlined"
                disabled={!props.can_share} onclick={share}>
                { "Share" }
            </button>
            <button class="button" type="button" data-kind="plain" aria-label={theme}
                title={theme} onclick={on.reform(|_| Msg::ThemeToggled)}>
                { icon::theme() }
            </button>
            <button class="button" type="button" data-kind="plain"
                aria-label="Keyboard shortcuts" title="Keyboard shortcuts" onclick={help}>
                { "?" }
            </button>
        </header>
    }
}

/// What the menu needs.
#[derive(Properties, PartialEq)]
struct MenuProps {
    is_open: bool,
    examples: &'static [Example],
    has_aside: bool,
    on: Callback<Msg>,
}

/// The examples. Leaving it closes it.
#[component]
fn Menu(props: &MenuProps) -> Html {
    let on = &props.on;
    let list = use_node_ref();
    use_effect_with(props.is_open, {
        let list = list.clone();
        move |is_open| {
            let first = list.cast::<HtmlElement>().filter(|_| *is_open).and_then(|list| {
                list.query_selector("button").ok()??.dyn_into::<HtmlElement>().ok()
            });
            if let Some(first) = first {
                // A button takes the focus.
                let _ = first.focus();
            }
        }
    });
    let toggle = on.reform(|_: MouseEvent| Msg::OverlayOpened(Overlay::Examples));
    let onfocusout = {
        let (on, is_open) = (on.clone(), props.is_open);
        move |event: FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
            let here = event.current_target().and_then(|here| here.dyn_into::<Node>().ok());
            let stays = matches!((&here, &to), (Some(here), Some(to)) if here.contains(Some(to)));
            if is_open && !stays && to.is_some() {
                on.emit(Msg::OverlayLeft);
            }
        }
    };
    let example = |(at, example): (usize, &Example)| {
        let onclick = on.reform(move |_: MouseEvent| Msg::ExampleChosen(at));
        html! {
            <li><button class="toolbar__item" type="button" {onclick}>
                { example.title }<span class="toolbar__about">{ example.about }</span>
            </button></li>
        }
    };
    let open = on.reform(|_: MouseEvent| Msg::FileWanted);
    let aside = on.reform(|_: MouseEvent| Msg::AsideWanted);
    let clear = on.reform(|_: MouseEvent| Msg::Cleared);
    html! {
        <div class="toolbar__menu" {onfocusout}>
            <button class="button" type="button" data-kind="plain" data-focus="examples"
                aria-expanded={props.is_open.to_string()} onclick={toggle}>
                <span class="toolbar__wide">{ "Examples \u{25be}" }</span>
                <span class="toolbar__narrow">{ "Open \u{25be}" }</span>
            </button>
            if props.is_open {
                <ul class="toolbar__list" ref={list} aria-label="Examples">
                    <li class="toolbar__narrow">
                        <button class="toolbar__item" type="button" onclick={open}>
                            { "A file\u{2026}" }
                            <span class="toolbar__about">
                                { "A rule or events, also gzipped; it stays in this tab" }
                            </span>
                        </button>
                    </li>
                    { for props.examples.iter().enumerate().map(example) }
                    if props.has_aside {
                        <li class="toolbar__last">
                            <button class="toolbar__item" type="button" onclick={aside}>
                                { "Your draft" }
                                <span class="toolbar__about">
                                    { "What was here before; what is here now takes its place" }
                                </span>
                            </button>
                        </li>
                    }
                    <li class="toolbar__last">
                        <button class="toolbar__item" type="button" onclick={clear}>
                            { "Clear rule and events" }
                        </button>
                    </li>
                </ul>
            }
        </div>
    }
}
