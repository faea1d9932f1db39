//! The document: keys, focus, theme, what happens to the window.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use crate::effects::{Report, address, storage};
use crate::state::Msg;
use crate::state::draft::link_key;
use crate::state::keys::{Key, shortcut};
use crate::state::model::{Place, Theme};

/// Listeners for as long as the page lives.
pub struct Listeners {
    _all: Vec<EventListener>,
}

impl Listeners {
    /// Starts to listen.
    #[must_use]
    pub fn new(report: &Report) -> Self {
        let mut all = Vec::new();
        let Some(window) = web_sys::window() else { return Self { _all: all } };
        let take = Rc::clone(report);
        all.push(EventListener::new(&window, "hashchange", move |_| {
            let fragment = address::fragment();
            let edits = fragment
                .as_deref()
                .and_then(|fragment| storage::read_link_edits(&link_key(fragment)));
            take(Msg::AddressChanged { fragment, edits });
        }));
        for left in ["pagehide", "beforeunload"] {
            let take = Rc::clone(report);
            all.push(EventListener::new(&window, left, move |_| take(Msg::PageLeft)));
        }
        if let Some(document) = window.document() {
            let take = Rc::clone(report);
            all.push(EventListener::new(&document, "visibilitychange", move |_| {
                take(Msg::PageLeft);
            }));
            let take = Rc::clone(report);
            let options = EventListenerOptions::enable_prevent_default();
            let listen = move |event: &Event| pressed(event, &take);
            all.push(EventListener::new_with_options(&document, "keydown", options, listen));
        }
        if let Some(query) = dark_query() {
            let take = Rc::clone(report);
            all.push(EventListener::new(&query, "change", move |_| {
                take(Msg::SystemThemeChanged(system_theme()));
            }));
        }
        Self { _all: all }
    }
}

fn pressed(event: &Event, report: &Report) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if event.default_prevented() || event.is_composing() {
        return;
    }
    let key = Key {
        key: event.key(),
        is_ctrl: event.ctrl_key() || event.meta_key(),
        is_shift: event.shift_key(),
        is_alt: event.alt_key(),
        is_typing: event.target().is_some_and(|target| is_typing(&target)),
    };
    if let Some(msg) = shortcut(&key) {
        // Escape also belongs to dialogs and fields; everything else is ours alone.
        if msg != Msg::Escaped {
            event.prevent_default();
        }
        report(msg);
    }
}

/// An editor (its insides are retargeted to its host) or a text field.
fn is_typing(target: &web_sys::EventTarget) -> bool {
    let Some(element) = target.dyn_ref::<Element>() else { return false };
    let field = "input:not([type=radio]):not([type=checkbox]), textarea, select, .editor";
    element.closest(field).is_ok_and(|found| found.is_some())
}

/// Sets the theme for everything below the root.
pub fn apply_theme(theme: Theme) {
    let root = document().and_then(|document| document.document_element());
    if let Some(root) = root {
        // Only a name that is no XML name could fail.
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

/// What the system asks for.
#[must_use]
pub fn system_theme() -> Theme {
    match dark_query() {
        Some(query) if query.matches() => Theme::Dark,
        _ => Theme::Light,
    }
}

/// Moves the focus, once the page has been drawn as the state now says.
pub fn focus(place: Place) {
    let selector = match place {
        Place::Result => "[data-focus=result]",
        Place::Sieve => "[data-focus=sieve]",
        Place::Table => "[data-focus=table]",
        Place::ExamplesButton => "[data-focus=examples]",
        Place::ExportButton => "[data-focus=export]",
        Place::MenuItem => "[role=menuitem]",
        Place::Back => "[data-focus=back]",
    };
    Timeout::new(0, move || {
        if let Some(element) = find::<HtmlElement>(selector) {
            // An element that cannot take the focus leaves it where it is.
            let _ = element.focus();
        }
    })
    .forget();
}

/// Brings what the cursor of a tree is at into view. The focus stays with the tree, so that the browser
/// does not do it.
pub fn follow_cursor() {
    let tree = document().and_then(|document| document.active_element());
    let Some(tree) = tree.filter(|tree| tree.has_attribute("data-active")) else { return };
    let id = tree.get_attribute("aria-activedescendant").unwrap_or_default();
    if let Some(row) = document().and_then(|document| document.get_element_by_id(&id)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Opens the browser's file picker.
pub fn pick_file() {
    if let Some(input) = find::<HtmlInputElement>("[data-role=open-file]") {
        input.click();
    }
}

fn find<T: JsCast>(selector: &str) -> Option<T> {
    document()?.query_selector(selector).ok()??.dyn_into().ok()
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn dark_query() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok()?
}
