//! The one program of the page: the page itself in a window, the engine in a worker.
//!
//! One program and not two, although each runs only half of it: what both need (the messages, the
//! standard library) then comes over the wire once.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

use eqlens_web::{app, worker};

fn main() {
    if js_sys::global().is_instance_of::<web_sys::Window>() {
        app::run();
    } else {
        worker::listen();
    }
}

/// Panics: the fault that the browser test injects to see that the page survives it.
#[wasm_bindgen]
#[allow(clippy::panic)]
pub fn crash() {
    panic!("crashed on purpose");
}
