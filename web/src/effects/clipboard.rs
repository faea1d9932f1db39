//! The clipboard.

use std::rc::Rc;

use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::effects::Report;
use crate::state::Msg;

/// Copies a text; reports [`Msg::Copied`].
pub fn copy(text: Rc<str>, report: Report) {
    // Absent outside secure contexts, whatever the binding says.
    let clipboard = web_sys::window()
        .map(|window| window.navigator().clipboard())
        .filter(|clipboard| !clipboard.is_undefined());
    let Some(clipboard) = clipboard else { return report(Msg::Copied(false)) };
    spawn_local(async move {
        let is_done = JsFuture::from(clipboard.write_text(&text)).await.is_ok();
        report(Msg::Copied(is_done));
    });
}
