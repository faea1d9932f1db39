//! What the browser keeps: the draft and the theme for good, edits on a link for this tab.
//!
//! Drafts are stored as JSON, `{"v":1,"rule":"…","events":"…","mapping":"…","baseline":"…"}`, so that a
//! person can read and rescue them.

use js_sys::{JSON, JsString, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

use crate::state::draft::{Draft, Stored};
use crate::state::model::{Tab, Theme};

const DRAFT: &str = "eqlens.draft";
const ASIDE: &str = "eqlens.draft.previous";
const BROKEN: &str = "eqlens.draft.broken";
const THEME: &str = "eqlens.theme";
const TAB: &str = "eqlens.tab";
const VERSION: f64 = 1.0;
/// Stores take about five million characters in all; a longer text is not even tried.
const EVENTS_LIMIT: usize = 4_000_000;

#[wasm_bindgen]
extern "C" {
    /// A store that takes the browser's own strings: a long one need not come over here and back.
    type TextStore;
    #[wasm_bindgen(method, catch, js_name = setItem)]
    fn set_text(this: &TextStore, key: &str, text: &JsString) -> Result<(), JsValue>;
}

/// The last draft. One that cannot be read is moved aside, not deleted.
#[must_use]
pub fn read_draft() -> Stored {
    let store = match local() {
        Ok(store) => store,
        Err(why) => return Stored::Refused(why),
    };
    let text = match store.get_item(DRAFT) {
        Ok(Some(text)) => text,
        Ok(None) => return Stored::Nothing,
        Err(error) => return Stored::Refused(words(&error)),
    };
    match parse(&text) {
        Ok(draft) => Stored::Draft(draft),
        Err(why) => {
            // Room for the second copy comes from the first; put it back if that fails.
            let _ = store.remove_item(DRAFT);
            if store.set_item(BROKEN, &text).is_err() {
                let _ = store.set_item(DRAFT, &text);
            }
            Stored::Broken(why)
        }
    }
}

/// Writes the draft; of events too long for a store, it keeps the rule beside them.
///
/// # Errors
/// In words, where the browser refuses, or where the events are too long.
pub fn write_draft(draft: &Draft) -> Result<(), String> {
    write(&local()?, DRAFT, draft)
}

/// The draft that gave way to the last one.
#[must_use]
pub fn read_aside() -> Option<Draft> {
    parse(&local().ok()?.get_item(ASIDE).ok()??).ok()
}

/// Writes the draft that gave way.
///
/// # Errors
/// In words, where the browser refuses, or where the events are too long.
pub fn write_aside(draft: &Draft) -> Result<(), String> {
    write(&local()?, ASIDE, draft)
}

/// What was changed in this tab on a link.
#[must_use]
pub fn read_link_edits(key: &str) -> Option<Draft> {
    parse(&session().ok()?.get_item(key).ok()??).ok()
}

/// Writes what was changed on a link.
///
/// # Errors
/// In words, where the browser refuses.
pub fn write_link_edits(key: &str, edits: &Draft) -> Result<(), String> {
    write(&session()?, key, edits)
}

/// The theme the visitor chose.
#[must_use]
pub fn read_theme() -> Option<Theme> {
    Theme::named(&local().ok()?.get_item(THEME).ok()??)
}

/// Remembers the theme.
///
/// # Errors
/// In words, where the browser refuses.
pub fn write_theme(theme: Theme) -> Result<(), String> {
    local()?.set_item(THEME, theme.name()).map_err(|error| words(&error))
}

/// The tab that was open last.
#[must_use]
pub fn read_tab() -> Option<Tab> {
    local().ok()?.get_item(TAB).ok()?.map(|name| Tab::named(&name))
}

/// Remembers the open tab. Where the store refuses, the draft will have said so.
pub fn write_tab(tab: Tab) {
    if let Ok(store) = local() {
        let _ = store.set_item(TAB, tab.name());
    }
}

fn local() -> Result<Storage, String> {
    let window = web_sys::window().ok_or("no window")?;
    window.local_storage().map_err(|error| words(&error))?.ok_or_else(|| "it is off".to_owned())
}

fn session() -> Result<Storage, String> {
    let window = web_sys::window().ok_or("no window")?;
    window.session_storage().map_err(|error| words(&error))?.ok_or_else(|| "it is off".to_owned())
}

fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|text| text.as_string());
    message.unwrap_or_else(|| "unknown reason".to_owned())
}

fn write(store: &Storage, key: &str, draft: &Draft) -> Result<(), String> {
    let is_too_long = draft.events.len() > EVENTS_LIMIT;
    let events = if is_too_long { "" } else { &*draft.events };
    let text = print(draft, events).map_err(|error| words(&error))?;
    let store = store.unchecked_ref::<TextStore>();
    store.set_text(key, &text).map_err(|error| words(&error))?;
    if is_too_long {
        return Err("the events are too long for its store; the rule is kept".to_owned());
    }
    Ok(())
}

fn print(draft: &Draft, events: &str) -> Result<JsString, JsValue> {
    let object = Object::new();
    Reflect::set(&object, &"v".into(), &VERSION.into())?;
    for (name, text) in [
        ("rule", &*draft.rule),
        ("events", events),
        ("mapping", &*draft.mapping),
        ("baseline", &*draft.baseline),
    ] {
        if !text.is_empty() || matches!(name, "rule" | "events") {
            Reflect::set(&object, &name.into(), &text.into())?;
        }
    }
    JSON::stringify(&object)
}

fn parse(text: &str) -> Result<Draft, String> {
    let object = JSON::parse(text).map_err(|error| words(&error))?;
    let member = |name: &str| Reflect::get(&object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if member("v").as_f64() != Some(VERSION) {
        return Err("it has another form than this version writes".to_owned());
    }
    match (member("rule").as_string(), member("events").as_string()) {
        (Some(rule), Some(events)) => Ok(Draft {
            rule: rule.into(),
            events: events.into(),
            mapping: member("mapping").as_string().unwrap_or_default().into(),
            baseline: member("baseline").as_string().unwrap_or_default().into(),
        }),
        _ => Err("rule or events are missing in it".to_owned()),
    }
}
