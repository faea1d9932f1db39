//! Files the visitor picks or drops, and files the page hands out.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, File, HtmlElement, Url};

use crate::effects::Report;
use crate::protocol::{Bytes, FILE_LIMIT_BYTES};
use crate::state::Msg;

/// Reads a file; reports [`Msg::FileOpened`] or [`Msg::FileRefused`]. What its bytes say is for
/// the worker to find out.
pub fn read(file: File, report: Report) {
    let name = file.name();
    if file.size() > FILE_LIMIT_BYTES as f64 {
        let (size, limit) = (file.size() / 1e6, FILE_LIMIT_BYTES / 1_000_000);
        let why = format!("`{name}` has {size:.0} MB; the page takes {limit} MB at most");
        return report(Msg::FileRefused(why));
    }
    spawn_local(async move {
        let buffer = JsFuture::from(file.array_buffer()).await;
        report(match buffer {
            Ok(buffer) => {
                let bytes = Bytes(Rc::new(Uint8Array::new(&buffer).to_vec()));
                Msg::FileOpened { name, bytes }
            }
            Err(_) => Msg::FileRefused(format!("`{name}` could not be read")),
        });
    });
}

/// How long the address of a saved file stays good: browsers that ask where to put it look it up again.
const SAVING_MS: u32 = 60_000;

/// Saves a text under a name, as a click on a link with `download` does. The text never leaves the
/// page's memory on the way, so that no policy has to allow a connection for it.
pub fn save(name: &str, mime: &str, text: &str) {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind);
    let Some(url) = blob.ok().and_then(|blob| Url::create_object_url_with_blob(&blob).ok()) else {
        return;
    };
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        // Only names that are no XML names could be refused.
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", name);
        link.click();
    }
    Timeout::new(SAVING_MS, move || {
        // An address that is gone already is what was wanted.
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
}
