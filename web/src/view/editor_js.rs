//! The editor's JavaScript interface, as `web/js/README.md` has it.

use std::rc::Rc;

use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

use eqlens_engine::lint;
use eqlens_engine::wire::Severity;

use crate::protocol::Help;
use crate::state::problems::{Problem, SILENCE};
use crate::state::text::{counted, number, short};
use crate::state::tree::MarginEntry;
use crate::state::window::{WHOLE, Window};

#[wasm_bindgen]
extern "C" {
    /// An editor in its shadow root.
    #[derive(Clone, Debug, PartialEq)]
    pub type EditorHandle;

    #[wasm_bindgen(js_namespace = eqlens, js_name = whenEditorReady, catch)]
    async fn when_editor_ready() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = eqlens, js_name = createEditor, catch)]
    fn create_editor(host: &HtmlElement, options: &JsValue) -> Result<EditorHandle, JsValue>;

    #[wasm_bindgen(method, js_name = setDoc)]
    fn set_doc(this: &EditorHandle, text: &str, options: &JsValue);
    #[wasm_bindgen(method, js_name = setLanguage)]
    fn set_language(this: &EditorHandle, language: &str);
    #[wasm_bindgen(method, js_name = setFindings)]
    fn set_findings(this: &EditorHandle, findings: &JsValue);
    #[wasm_bindgen(method, js_name = setMargin)]
    fn set_margin(this: &EditorHandle, entries: &JsValue);
    #[wasm_bindgen(method, js_name = setGlyphs)]
    fn set_glyphs(this: &EditorHandle, verdicts: &Uint8Array);
    #[wasm_bindgen(method, js_name = setMarks)]
    fn set_marks(this: &EditorHandle, marks: &JsValue);
    #[wasm_bindgen(method, js_name = setCurrentLine)]
    fn set_current_line(this: &EditorHandle, line: &JsValue);
    #[wasm_bindgen(method)]
    fn reveal(this: &EditorHandle, from: f64, to: f64, options: &JsValue);
    #[wasm_bindgen(method, js_name = applyFix)]
    fn apply_fix(this: &EditorHandle, finding: u32, fix: u32);
    #[wasm_bindgen(method)]
    fn answer(this: &EditorHandle, help: &JsValue);
    #[wasm_bindgen(method, js_name = setStale)]
    fn set_stale(this: &EditorHandle, stale: bool);
    #[wasm_bindgen(method)]
    fn focus(this: &EditorHandle);
    #[wasm_bindgen(method)]
    fn undo(this: &EditorHandle) -> bool;
    #[wasm_bindgen(method)]
    fn destroy(this: &EditorHandle);
}

#[wasm_bindgen]
extern "C" {
    /// The browser's encoder, which takes the browser's own strings.
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method)]
    fn encode(this: &TextEncoder, text: &JsString) -> Uint8Array;
}

/// Length from which on a text comes over as bytes.
const LONG: u32 = 10_000;

/// A text of the browser. The usual way goes letter by letter, which is too slow for long ones.
pub(super) fn text_of(text: &JsString) -> Rc<str> {
    if text.length() < LONG {
        return String::from(text).into();
    }
    let bytes = TextEncoder::new().encode(text).to_vec();
    // The encoder gives nothing but UTF-8.
    String::from_utf8(bytes).unwrap_or_default().into()
}

/// Waits for the editor's code and mounts one in `host`; `None` where either fails.
pub(super) async fn mount(host: &HtmlElement, options: &[(&str, JsValue)]) -> Option<EditorHandle> {
    when_editor_ready().await.ok()?;
    create_editor(host, &object(options)).ok()
}

impl EditorHandle {
    pub(super) fn show(&self, text: &str) {
        self.set_doc(text, &object(&[("keepHistory", true.into())]));
    }

    /// The first text: nothing to undo before it.
    pub(super) fn start(&self, text: &str) {
        self.set_doc(text, &JsValue::UNDEFINED);
    }

    pub(super) fn speak(&self, language: &str) {
        self.set_language(language);
    }

    pub(super) fn underline(&self, findings: &[Problem], window: &Window, is_events: bool) {
        let list: Array = (0_u32..)
            .zip(findings)
            .filter_map(|(id, problem)| finding_object(id, problem, window, is_events))
            .collect();
        self.set_findings(&list);
    }

    pub(super) fn mend(&self, finding: u32, fix: u32) {
        self.apply_fix(finding, fix);
    }

    pub(super) fn tell(&self, help: &Help, window: &Window) {
        let texts = |texts: &[String]| {
            texts.iter().map(|text| JsValue::from(&**text)).collect::<Array>().into()
        };
        // About what is shown with its escapes read one asks as if it were all there is.
        let window = if window.is_escaped() { &WHOLE } else { window };
        let range = window.range(&help.span).filter(|_| !help.texts.is_empty());
        let (from, to) = range.unwrap_or_default();
        self.answer(&object(&[
            ("isHover", help.is_hover.into()),
            ("at", window.shown_at(help.at).into()),
            ("from", from.into()),
            ("to", to.into()),
            ("texts", texts(if range.is_some() { &help.texts } else { &[] })),
            ("values", texts(&help.values)),
        ]));
    }

    pub(super) fn count(&self, entries: &[MarginEntry]) {
        let entry = |entry: &MarginEntry| {
            object(&[
                ("line", entry.line.into()),
                ("text", entry.count.map_or_else(String::new, short).into()),
                ("stage", (&*entry.stage).into()),
                ("stageTitle", (&*entry.stage_title).into()),
                ("stageMissing", entry.is_missing.into()),
                ("share", entry.share.into()),
                ("title", (&*entry.title).into()),
            ])
        };
        let list: Array = entries.iter().map(entry).collect();
        self.set_margin(&list);
    }

    pub(super) fn judge(&self, glyphs: &[u8]) {
        self.set_glyphs(&Uint8Array::from(glyphs));
    }

    pub(super) fn mark(&self, marks: &[(u32, u32, &'static str)]) {
        let mark = |(from, to, kind): &(u32, u32, &'static str)| {
            object(&[("from", (*from).into()), ("to", (*to).into()), ("kind", (*kind).into())])
        };
        let list: Array = marks.iter().map(mark).collect();
        self.set_marks(&list);
    }

    pub(super) fn set_line(&self, line: Option<u32>) {
        self.set_current_line(&line.map_or(JsValue::NULL, JsValue::from));
    }

    pub(super) fn go_to(&self, from: u32, to: u32, with_cursor: bool) {
        let options = object(&[("cursor", with_cursor.into())]);
        self.reveal(from.into(), to.into(), &options);
    }

    pub(super) fn grey(&self, is_stale: bool) {
        self.set_stale(is_stale);
    }

    pub(super) fn take_focus(&self) {
        self.focus();
    }

    pub(super) fn take_back(&self) {
        self.undo();
    }

    pub(super) fn end(&self) {
        self.destroy();
    }
}

fn finding_object(id: u32, problem: &Problem, window: &Window, is_events: bool) -> Option<JsValue> {
    let finding = &problem.finding;
    let (from, to) = window.range(&finding.span)?;
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let fixes: Array = finding
        .fixes
        .iter()
        .filter_map(|fix| {
            let edits: Option<Array> = fix
                .edits
                .iter()
                .map(|edit| {
                    let (from, to) = window.range(&edit.span)?;
                    let text: JsValue = (&*edit.text).into();
                    Some(object(&[("from", from.into()), ("to", to.into()), ("text", text)]))
                })
                .collect();
            Some(object(&[
                ("title", (&*fix.title).into()),
                ("isQuiet", fix.title.starts_with(SILENCE).into()),
                ("edits", edits?.into()),
            ]))
        })
        .collect();
    let mut members = vec![
        ("id", id.into()),
        ("from", from.into()),
        ("to", to.into()),
        ("severity", severity.into()),
        ("code", (&*finding.code).into()),
        ("message", (&*finding.message).into()),
        ("fixes", fixes.into()),
    ];
    if let Some(help) = &finding.help {
        members.push(("help", (&**help).into()));
    }
    if let Some(lint) = lint::lookup(&finding.code) {
        members.push(("why", lint.why.into()));
    }
    if let Some((holds, of)) = problem.holds {
        let holds = number(u64::from(holds));
        let text = format!("Its clause holds for {holds} of {}.", counted(of, "event", "events"));
        members.push(("holds", text.into()));
    }
    if is_events {
        let note = format!("Column {}: {}.", finding.span.column, finding.message.replace('`', ""));
        members.push(("note", note.into()));
    }
    Some(object(&members))
}

/// A plain object.
pub(super) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A plain object takes any member.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
