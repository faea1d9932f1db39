//! Files the visitor picks or drops.

use js_sys::Uint8Array;
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
        // As bytes: to hand over a long text letter by letter would hold up the page.
        let bytes = JsFuture::from(file.array_buffer()).await.ok();
        let bytes = bytes.map(|buffer| Uint8Array::new(&buffer).to_vec());
        report(match bytes.map(String::from_utf8) {
            Some(Ok(text)) => Msg::FileRead { name, text: text.into() },
            Some(Err(_)) => Msg::FileRefused(format!("`{name}` is not UTF-8 text")),
            None => Msg::FileRefused(format!("`{name}` could not be read")),
        });
    });
}
