//! The JavaScript API: one class, plain objects in and out.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::desk::Desk;
use crate::wire::Filter;

/// Most bytes of events, unpacked (product §5).
const MAX_EVENT_BYTES: usize = 2_000_000_000;

/// Events once loaded, rules as they come. JavaScript holds a handle; columns and plans never
/// leave this side.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Engine {
    desk: Desk,
}

#[wasm_bindgen]
impl Engine {
    /// An engine without events.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        console_error_panic_hook::set_once();
        Self::default()
    }

    /// Replaces the events by those of a file, in whatever form it has them: NDJSON, JSON, a
    /// search response, a `_bulk` body, CSV; UTF-8 or UTF-16; gzipped or not. Bad lines come back
    /// in the report, not as a throw.
    ///
    /// # Errors
    /// Throws a string where the bytes are no text, or more of it than 2 GB.
    pub fn load(&mut self, bytes: &[u8]) -> Result<JsValue, JsValue> {
        js(&self.desk.load_bytes(bytes.to_vec(), MAX_EVENT_BYTES)?)
    }

    /// Reads a rule text (a query or a rule document) and runs it over the events. Findings are
    /// part of the outcome; `result` is null where the rule was refused.
    ///
    /// # Errors
    /// Throws only where the outcome cannot be converted.
    pub fn run(&mut self, rule: &str) -> Result<JsValue, JsValue> {
        js(&self.desk.run(rule, &|| 0.0))
    }

    /// Rows of the result list of the last run: `filter` is `all`, `matches` or `near`.
    ///
    /// # Errors
    /// Throws a string where the filter is none of these.
    pub fn rows(&self, filter: &str, first: u32, count: u32) -> Result<JsValue, JsValue> {
        let filter = match filter {
            "all" => Filter::All,
            "matches" => Filter::Matches,
            "near" => Filter::Near,
            other => return Err(format!("unknown filter `{other}`").into()),
        };
        js(&self.desk.rows(filter, first, count))
    }

    /// Why one event matches or not, by the last run; null where there is no such event.
    ///
    /// # Errors
    /// Throws only where the explanation cannot be converted.
    pub fn explain(&self, event: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.explain(event))
    }
}

/// A plain object: `None` becomes null, 64-bit numbers beyond 2⁵³ are refused, not rounded.
fn js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(JsValue::from)
}
