//! Files the visitor picks or drops.

use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

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
