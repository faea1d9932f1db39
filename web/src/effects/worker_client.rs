//! The page's end of the worker: spawns it, holds requests back until it listens, decodes what
//! it says, notices when it dies.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};

use crate::effects::Report;
use crate::protocol::{Request, Response, decode, encode};
use crate::state::Msg;

#[wasm_bindgen(js_namespace = eqlens)]
extern "C" {
    #[wasm_bindgen(js_name = whenEngineReady, catch)]
    async fn when_engine_ready() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = spawnWorker, catch)]
    fn spawn_worker() -> Result<Worker, JsValue>;
}

/// The one worker, whichever it is at the moment.
pub struct WorkerClient {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    report: Report,
    live: Option<Live>,
    /// Requests for a worker that does not listen yet.
    waiting: VecDeque<Vec<u8>>,
    /// The worker's code has arrived.
    is_loaded: bool,
    /// When the newest run was asked for.
    asked_at: f64,
}

struct Live {
    worker: Worker,
    listens: bool,
    /// What a panicking worker says before it dies.
    last_words: Option<String>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
    _on_garbled: Closure<dyn FnMut(Event)>,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}

impl WorkerClient {
    /// Starts a worker as soon as its code is here.
    #[must_use]
    pub fn new(report: Report) -> Self {
        let inner = Rc::new(RefCell::new(Inner {
            report: Rc::clone(&report),
            live: None,
            waiting: VecDeque::new(),
            is_loaded: false,
            asked_at: 0.0,
        }));
        let client = Self { inner: Rc::clone(&inner) };
        spawn_local(async move {
            // Where the code cannot be had, the page says so outside the app.
            if when_engine_ready().await.is_ok() {
                inner.borrow_mut().is_loaded = true;
                spawn(&inner);
            }
        });
        client
    }

    /// Sends a request, or keeps it until the worker listens.
    pub fn ask(&self, request: &Request) {
        let mut inner = self.inner.borrow_mut();
        if matches!(request, Request::Run { .. }) {
            inner.asked_at = now();
        }
        match encode(request) {
            Ok(bytes) => inner.send(bytes),
            Err(message) => later(&inner.report, Msg::WorkerDied(message)),
        }
    }

    /// Ends the worker and whatever it was asked, and starts another.
    pub fn respawn(&self) {
        let is_loaded = {
            let mut inner = self.inner.borrow_mut();
            inner.live = None;
            inner.waiting.clear();
            inner.is_loaded
        };
        if is_loaded {
            spawn(&self.inner);
        }
    }
}

impl Inner {
    fn send(&mut self, bytes: Vec<u8>) {
        match &self.live {
            Some(live) if live.listens => {
                if let Err(error) = post(&live.worker, &bytes) {
                    later(&self.report, Msg::WorkerDied(words(&error)));
                }
            }
            _ => self.waiting.push_back(bytes),
        }
    }
}

fn post(worker: &Worker, bytes: &[u8]) -> Result<(), JsValue> {
    let array = Uint8Array::from(bytes);
    worker.post_message_with_transfer(&array, &Array::of1(&array.buffer()))
}

fn spawn(inner: &Rc<RefCell<Inner>>) {
    let worker = match spawn_worker() {
        Ok(worker) => worker,
        Err(error) => {
            return later(&inner.borrow().report, Msg::WorkerDied(words(&error)));
        }
    };
    let weak = Rc::downgrade(inner);
    let on_message = {
        let weak = Weak::clone(&weak);
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(inner) = weak.upgrade() {
                heard(&inner, &event.data());
            }
        })
    };
    let on_error = {
        let weak = Weak::clone(&weak);
        Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            died(&weak, event.message());
        })
    };
    let on_garbled = Closure::<dyn FnMut(Event)>::new(move |_: Event| {
        died(&weak, "a message of the worker could not be read".to_owned());
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    worker.set_onmessageerror(Some(on_garbled.as_ref().unchecked_ref()));
    inner.borrow_mut().live = Some(Live {
        worker,
        listens: false,
        last_words: None,
        _on_message: on_message,
        _on_error: on_error,
        _on_garbled: on_garbled,
    });
}

/// Text is about the worker itself, bytes are an answer.
fn heard(inner: &Rc<RefCell<Inner>>, data: &JsValue) {
    if let Some(text) = data.as_string() {
        let mut inner = inner.borrow_mut();
        let Some(live) = &mut inner.live else { return };
        if text != "ready" {
            live.last_words = Some(text);
            return;
        }
        live.listens = true;
        inner.asked_at = now();
        for bytes in std::mem::take(&mut inner.waiting) {
            inner.send(bytes);
        }
        return;
    }
    let Some(array) = data.dyn_ref::<Uint8Array>() else { return };
    let (report, after) = {
        let inner = inner.borrow();
        (Rc::clone(&inner.report), now() - inner.asked_at)
    };
    report(match decode::<Response>(&array.to_vec()) {
        Ok(response) => Msg::Answered { response, after_ms: after.clamp(0.0, 1e9) as u32 },
        Err(message) => Msg::WorkerDied(message),
    });
}

fn died(inner: &Weak<RefCell<Inner>>, message: String) {
    let Some(inner) = inner.upgrade() else { return };
    let (report, said) = {
        let mut inner = inner.borrow_mut();
        let said = inner.live.as_mut().and_then(|live| live.last_words.take());
        (Rc::clone(&inner.report), said)
    };
    report(Msg::WorkerDied(said.unwrap_or(message)));
}

/// Reports after the current update is through.
fn later(report: &Report, msg: Msg) {
    let report = Rc::clone(report);
    spawn_local(async move { report(msg) });
}

fn words(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &"message".into()).ok();
    message.and_then(|text| text.as_string()).unwrap_or_else(|| "unknown reason".to_owned())
}

fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}
