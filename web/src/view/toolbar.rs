//! The bar at the top.

use js_sys::Date;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::boot::Example;
use crate::state::export::Export;
use crate::state::model::{Overlay, Theme};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::icon;
use crate::view::parts::menu::{Item, MenuProps, menu};
use crate::view::parts::tells::Tells;

/// What the bar needs.
pub struct ToolbarProps {
    /// What floats; a menu of the bar, or something else.
    pub overlay: Overlay,
    /// Shipped examples.
    pub examples: &'static [Example],
    /// A draft gave way and can be had back.
    pub has_aside: bool,
    /// The theme in force.
    pub theme: Theme,
    /// Why what the export menu offers cannot be had, item by item.
    pub hindrances: [Option<&'static str>; Export::MENU.len()],
    /// There is something to share.
    pub can_share: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
    /// Takes a picked file.
    pub on_file: Callback<File>,
}

/// Brand, examples, files, share, export, theme, help.
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
    let help = on.tell::<MouseEvent>(|| Msg::OverlayOpened(Overlay::Shortcuts));
    let share = on.tell::<MouseEvent>(|| Msg::OverlayOpened(Overlay::Share));
    html! {
        <header class="toolbar">
            <h1 class="toolbar__brand">{ icon::brand() }{ "EQLens" }</h1>
            { examples(props) }
            <span class="toolbar__open">
                { button(Kind::Plain, "Open\u{2026}", on.tell(|| Msg::FileWanted)) }
            </span>
            <input hidden=true type="file" data-role="open-file"
                aria-label="Open a rule or events"
                accept=".ndjson,.json,.jsonl,.toml,.md,.eql,.txt,.csv,.log,.gz" {onchange} />
            <span class="toolbar__push" />
            <button class="button" type="button" data-kind="outlined"
                disabled={!props.can_share} onclick={share}>
                { "Share" }
            </button>
            { exports(props) }
            <button class="button" type="button" data-kind="plain" aria-label={theme}
                title={theme} onclick={on.tell(|| Msg::ThemeToggled)}>
                { icon::theme() }
            </button>
            <button class="button" type="button" data-kind="plain"
                aria-label="Keyboard shortcuts" title="Keyboard shortcuts" onclick={help}>
                { "?" }
            </button>
        </header>
    }
}

fn examples(props: &ToolbarProps) -> Html {
    let on = &props.on;
    let item = |text: &'static str, about: &'static str, press: Callback<MouseEvent>| Item {
        text: text.into(),
        about: about.into(),
        is_off: false,
        is_narrow: false,
        press,
    };
    let mut groups: Vec<(&'static str, Vec<Item>)> = Vec::new();
    for (at, example) in props.examples.iter().enumerate() {
        let press = on.tell_of::<MouseEvent, _>(at, Msg::ExampleChosen);
        let item = item(example.title, example.about, press);
        match groups.iter_mut().find(|(name, _)| *name == example.group) {
            Some((_, items)) => items.push(item),
            None => groups.push((example.group, vec![item])),
        }
    }
    let mut others = Vec::new();
    if props.has_aside {
        let about = "What was here before; what is here now takes its place";
        others.push(item("Your draft", about, on.tell(|| Msg::AsideWanted)));
    }
    let open = item("Open a file\u{2026}", "", on.tell(|| Msg::FileWanted));
    others.push(Item { is_narrow: true, ..open });
    others.push(item("Clear rule and events", "", on.tell(|| Msg::Cleared)));
    groups.push(("", others));
    menu(&MenuProps {
        label: "Examples",
        focus: "examples",
        overlay: Overlay::Examples,
        is_open: props.overlay == Overlay::Examples,
        groups: &groups,
        on,
    })
}

fn exports(props: &ToolbarProps) -> Html {
    let item = |((what, text, about), hindrance): ((Export, _, _), Option<&'static str>)| Item {
        text: AttrValue::Static(text),
        about: AttrValue::Static(hindrance.unwrap_or(about)),
        is_off: hindrance.is_some(),
        is_narrow: false,
        press: props
            .on
            .reform(move |_: MouseEvent| Msg::ExportWanted { what, now_ms: Date::now() as i64 }),
    };
    let items = Export::MENU.into_iter().zip(props.hindrances).map(item);
    menu(&MenuProps {
        label: "Export",
        focus: "export",
        overlay: Overlay::Export,
        is_open: props.overlay == Overlay::Export,
        groups: &[("", items.collect())],
        on: &props.on,
    })
}
