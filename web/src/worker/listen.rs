//! The worker's ear: bytes in, bytes out.

use std::cell::RefCell;

use eqlens_engine::desk::Desk;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::protocol::{Response, decode, encode};
use crate::worker::handle;

/// Installs the handler of messages and says that it is ready.
pub fn listen() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // The page learns of the panic as an error event, which does not carry its message.
        let _ = scope().post_message(&info.to_string().into());
    }));
    let desk = RefCell::new(Desk::new());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let response = match event.data().dyn_into::<Uint8Array>() {
            Ok(bytes) => {
                // The message is let go before it is answered: it may be large.
                let request = decode(&bytes.to_vec());
                match request {
                    Ok(request) => handle(&mut desk.borrow_mut(), request, &now),
                    Err(message) => Response::Garbled { message },
                }
            }
            Err(_) => Response::Garbled { message: "not a message of the page".to_owned() },
        };
        answer(&response);
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The handler lives as long as the worker.
    on_message.forget();
    let _ = scope().post_message(&JsValue::from_str("ready"));
}

fn answer(response: &Response) {
    let bytes = encode(response)
        .or_else(|message| encode(&Response::Garbled { message }))
        .unwrap_or_default();
    let array = Uint8Array::from(&*bytes);
    let _ = scope().post_message_with_transfer(&array, &Array::of1(&array.buffer()));
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn now() -> f64 {
    scope().performance().map_or(0.0, |clock| clock.now())
}
