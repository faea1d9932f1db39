//! The address bar.

use wasm_bindgen::JsValue;

/// The fragment with its `#`, where there is one.
#[must_use]
pub fn fragment() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    (hash.len() > 1).then_some(hash)
}

/// The address without its fragment.
#[must_use]
pub fn base() -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok());
    let href = href.unwrap_or_default();
    href.split_once('#').map_or(href.as_str(), |(base, _)| base).to_owned()
}

/// Takes the fragment away, without a step in the history.
pub fn clear() {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        // A refusal (too many changes in a short time) leaves the old address: no harm.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&base()));
    }
}
