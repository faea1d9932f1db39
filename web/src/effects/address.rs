//! The address bar.

use wasm_bindgen::JsValue;

/// The fragment with its `#`, where there is one. A mail or chat often takes the end of a sentence
/// for a part of a link; nothing of it can stand at the end of one.
#[must_use]
pub fn fragment() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let hash = hash.trim_end_matches(['.', ',', ';', ':', '!', ')', ']', '>', '"', '\'']);
    (hash.len() > 1).then(|| hash.to_owned())
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
