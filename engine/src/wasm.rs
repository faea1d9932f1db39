//! The JavaScript API: one class, plain objects in and out.
//!
//! `engine/npm` wraps it: there strings and bytes are both taken, and what is thrown here, panics
//! included, becomes an error value.

use std::cell::RefCell;
use std::panic;

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::desk::Desk;
use crate::schema::Mapping;
use crate::span::byte_of_utf16;
use crate::wire::cursor::CursorAt;
use crate::wire::export::NoteOptions;
use crate::wire::timeline::Of;
use crate::wire::{Filter, Formatted};

thread_local! {
    /// What the last panic said.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What the last panic said; empty if there was none. Works although the engine has panicked.
#[wasm_bindgen(js_name = lastPanic)]
#[must_use]
pub fn last_panic() -> String {
    LAST_PANIC.with(|last| last.try_borrow().map(|last| last.clone()).unwrap_or_default())
}

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
        panic::set_hook(Box::new(|info| {
            LAST_PANIC.with(|last| {
                if let Ok(mut last) = last.try_borrow_mut() {
                    *last = info.to_string();
                }
            });
        }));
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

    /// Uses an Elasticsearch mapping (JSON) from the next run on.
    ///
    /// # Errors
    /// Throws a string where it cannot be read.
    #[wasm_bindgen(js_name = setMapping)]
    pub fn set_mapping(&mut self, mapping: &str) -> Result<(), JsValue> {
        self.desk.set_mapping(Mapping::parse(mapping)?);
        Ok(())
    }

    /// Reads a rule text (a query or a rule document) and runs it over the events. Findings are
    /// part of the outcome; `result` is null where the rule was refused.
    ///
    /// # Errors
    /// Throws only where the outcome cannot be converted.
    pub fn run(&mut self, rule: &str) -> Result<JsValue, JsValue> {
        js(&self.desk.run(rule, &|| 0.0))
    }

    /// What is wrong with a rule text, for the loaded events. The last run stays.
    ///
    /// # Errors
    /// Throws only where the findings cannot be converted.
    pub fn check(&self, rule: &str) -> Result<JsValue, JsValue> {
        js(&self.desk.check(rule))
    }

    /// Which rules of some texts match: one entry per rule. A text may hold many rules. The last
    /// run stays.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn scan(&self, texts: Vec<String>) -> Result<JsValue, JsValue> {
        js(&self.desk.scan(&texts))
    }

    /// Rows of the result list of the last run: `filter` is `all`, `matches` or `near`.
    ///
    /// # Errors
    /// Throws a string where the filter is none of these.
    pub fn rows(&self, filter: &str, first: u32, count: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.rows(named(filter)?, first, count))
    }

    /// The same, of the rows that fit a text alone: a condition of EQL, or words.
    ///
    /// # Errors
    /// Throws a string where the filter is none of these.
    pub fn sifted(
        &mut self,
        text: &str,
        filter: &str,
        first: u32,
        count: u32,
    ) -> Result<JsValue, JsValue> {
        js(&self.desk.sifted(text, named(filter)?, first, count))
    }

    /// The searched events that one node of the condition stops, at most `count` of them, by the last
    /// run; null where there is no such node.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn failing(&self, node: u16, count: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.failing(node, count))
    }

    /// Why one event matches or not, by the last run; null where there is no such event.
    ///
    /// # Errors
    /// Throws only where the explanation cannot be converted.
    pub fn explain(&self, event: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.explain(event))
    }

    /// The events that do not match the last run's rule, at most `count`, nearest first; of a
    /// sequence or sample also what got furthest.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn nearest(&self, count: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.nearest(count))
    }

    /// What may be written at a place of a rule text, in UTF-16 units.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn complete(&self, rule: &str, at: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.complete(rule, byte_of_utf16(rule, at)))
    }

    /// What the word at a place of a rule text means, in UTF-16 units; null where there is nothing
    /// to say.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn hover(&self, rule: &str, at: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.hover(rule, byte_of_utf16(rule, at)))
    }

    /// What has to be replaced in a rule text so that its query is formatted; where that cannot be,
    /// what is wrong with the rule.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn format(&self, rule: &str) -> Result<JsValue, JsValue> {
        let (edits, findings) = match self.desk.format(rule) {
            Ok(edits) => (edits, Vec::new()),
            Err(findings) => (Vec::new(), findings),
        };
        js(&Formatted { edits, findings })
    }

    /// The query of a rule text in plain English, line by line; null where it cannot be read.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn describe(&self, rule: &str) -> Result<JsValue, JsValue> {
        js(&self.desk.describe(rule))
    }

    /// Events that match a rule text and, if `near`, near misses of each of its clauses. The loaded
    /// events and the last run stay.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn synthesise(&self, rule: &str, near: bool) -> Result<JsValue, JsValue> {
        js(&self.desk.synthesise(rule, near))
    }

    /// The smallest edit of one event that makes it match, by the last run; null where there is no
    /// such event.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn change(&self, event: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.change(event))
    }

    /// The fewest loaded events that give the same matches, `keep` and so many near misses among
    /// them; null where there was no run, and where nothing smaller is sure to do.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn shrink(&self, keep: Option<u32>, near: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.shrink(keep, near))
    }

    /// What a new version of a rule text matches that the old one does not, and the other way round,
    /// and which clauses made the difference. The last run stays.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn compare(&self, old: &str, new: &str) -> Result<JsValue, JsValue> {
        js(&self.desk.compare(old, new))
    }

    /// The loaded events from position `first` on, in the order of the input or of time, with the
    /// given fields, or those the last run reads.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn table(
        &self,
        first: u32,
        count: u32,
        by_time: bool,
        columns: Vec<String>,
    ) -> Result<JsValue, JsValue> {
        js(&self.desk.table(by_time, (first, count), None, &columns))
    }

    /// How the matches of the last run came about: traces of a sequence, groups of a sample.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn timeline(&self) -> Result<JsValue, JsValue> {
        js(&self.desk.timeline())
    }

    /// A case note in Markdown about the last run, written at `now_ms` (since the epoch; not told if
    /// it is no number), with one event explained and a link, where they are given; null where there
    /// was no run.
    #[must_use]
    pub fn note(&self, now_ms: f64, event: Option<u32>, link: Option<String>) -> Option<String> {
        let now_ms = now_ms.is_finite().then_some(now_ms as i64);
        self.desk.note(&NoteOptions { now_ms, event, link, in_page: false })
    }

    /// The matches of the last run as NDJSON and, if `near`, what narrowly does not match; null where
    /// there was no run.
    #[wasm_bindgen(js_name = matchesNdjson)]
    #[must_use]
    pub fn matches_ndjson(&self, near: bool) -> Option<String> {
        self.desk.matches_ndjson(near)
    }

    /// The traces or groups of the keys of one event, all of them.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    #[wasm_bindgen(js_name = timelineOfEvent)]
    pub fn timeline_of_event(&self, event: u32) -> Result<JsValue, JsValue> {
        js(&self.desk.timeline_of(&Of::Event(event)))
    }

    /// The traces or groups with these key values, all of them; what is no text is a missing value.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    #[wasm_bindgen(js_name = timelineOfKeys)]
    pub fn timeline_of_keys(&self, keys: Vec<JsValue>) -> Result<JsValue, JsValue> {
        js(&self.desk.timeline_of(&Of::Keys(keys.iter().map(JsValue::as_string).collect())))
    }

    /// The state of a sequence's matcher after one event: the relevant event of this number, from 1, or
    /// the event at this position of the input. Null where there is none.
    ///
    /// # Errors
    /// Throws only where the answer cannot be converted.
    pub fn cursor(&self, at: u32, is_event: bool) -> Result<JsValue, JsValue> {
        js(&self.desk.cursor(if is_event { CursorAt::Event(at) } else { CursorAt::Nth(at) }))
    }

    /// Panics, so that a test can see what becomes of it.
    #[wasm_bindgen(js_name = crashForTest)]
    #[allow(clippy::panic, reason = "that is what it is for")]
    pub fn crash_for_test(&mut self) {
        panic!("asked to");
    }
}

/// The filter of a name.
fn named(filter: &str) -> Result<Filter, JsValue> {
    match filter {
        "all" => Ok(Filter::All),
        "matches" => Ok(Filter::Matches),
        "near" => Ok(Filter::Near),
        other => Err(format!("unknown filter `{other}`").into()),
    }
}

/// A plain object: `None` becomes null, 64-bit numbers beyond 2⁵³ are refused, not rounded.
fn js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(JsValue::from)
}
