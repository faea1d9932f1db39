//! Files the visitor picks or drops.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use crate::effects::Report;
use crate::state::Msg;

/// The largest file taken: the page holds it as text more than once.
const LIMIT_BYTES: f64 = 200e6;

/// Reads a file; reports [`Msg::FileRead`] or [`Msg::FileRefused`].
pub fn read(file: File, report: Report) {
    let name = file.name();
    if file.size() > LIMIT_BYTES {
        let size = file.size() / 1e6;
        let why = format!("`{name}` has {size:.0} MB; the page takes 200 MB at most");
        return report(Msg::FileRefused(why));
    }
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        report(match text {
            Some(text) => Msg::FileRead { name, text: text.into() },
            None => Msg::FileRefused(format!("`{name}` could not be read")),
        });
    });
}
