//! A text editor: CodeMirror in a shadow root, told what to show by its props.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::protocol::Help;
use crate::state::Msg;
use crate::state::model::{EditorOrder, Order};
use crate::state::problems::Problem;
use crate::state::tree::MarginEntry;
use crate::state::window::Window;
use crate::view::editor_js::{EditorHandle, mount, text_of};
use crate::view::parts::by_pointer::ByPointer;

/// Which text an editor holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorKind {
    /// The rule.
    Rule,
    /// The events.
    Events,
    /// The mapping.
    Mapping,
}

/// What an editor shows.
#[derive(Clone, PartialEq, Properties)]
pub struct EditorProps {
    /// Which text.
    pub kind: EditorKind,
    /// Its name.
    pub label: AttrValue,
    /// What stands there while it is empty.
    pub placeholder: AttrValue,
    /// Raised when the editor is to take over `text`; in between it owns its text.
    pub rev: u32,
    /// Raised with `rev` where the text is another document: its history begins anew.
    #[prop_or_default]
    pub epoch: u32,
    /// The text as it stands.
    pub text: ByPointer<str>,
    /// How to colour it.
    pub language: &'static str,
    /// What to underline, in positions of the whole source.
    pub findings: Rc<[Problem]>,
    /// Which part of the source is shown.
    pub window: Window,
    /// Counts before the lines.
    #[prop_or_default]
    pub margin: Rc<[MarginEntry]>,
    /// Verdicts before the lines.
    #[prop_or_default]
    pub glyphs: ByPointer<[u8]>,
    /// Marked stretches.
    #[prop_or_default]
    pub marks: Rc<[(u32, u32, &'static str)]>,
    /// The newest answer to what it asked.
    #[prop_or_default]
    pub help: Option<ByPointer<Help>>,
    /// Line of the selected event.
    #[prop_or_default]
    pub line: Option<u32>,
    /// Margin and glyphs belong to an older result.
    pub is_stale: bool,
    /// The latest order.
    pub order: EditorOrder,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// The closures an editor calls; they live as long as it does.
struct Mounted {
    handle: EditorHandle,
    _on_change: Closure<dyn FnMut(JsString)>,
    _on_cursor: Closure<dyn FnMut(f64)>,
    _on_hover: Closure<dyn FnMut(Option<f64>)>,
    _on_ask: Closure<dyn FnMut(f64, bool)>,
    _on_line: Closure<dyn FnMut(f64)>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.handle.end();
    }
}

/// The host of an editor. The props are compared one by one, so that a keystroke does not hand
/// over a hundred thousand glyphs again.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let host = use_node_ref();
    let mounted = use_mut_ref(|| None::<Mounted>);
    let handle = use_state_eq(|| None::<EditorHandle>);
    let shown_rev = use_mut_ref(|| (props.rev, props.epoch));
    let latest = use_mut_ref(|| props.clone());
    *latest.borrow_mut() = props.clone();

    use_effect_with((), {
        let (host, mounted, handle) = (host.clone(), Rc::clone(&mounted), handle.clone());
        let (latest, shown_rev) = (Rc::clone(&latest), Rc::clone(&shown_rev));
        move |()| {
            let slot = Rc::clone(&mounted);
            spawn_local(async move {
                let Some(host) = host.cast::<HtmlElement>() else { return };
                let Some(editor) = open(&host, &latest, &shown_rev).await else { return };
                handle.set(Some(editor.handle.clone()));
                *slot.borrow_mut() = Some(editor);
            });
            move || drop(mounted.borrow_mut().take())
        }
    });

    let here = (*handle).clone();
    use_follow(&here, (props.rev, props.epoch), {
        let text = props.text.clone();
        move |editor, (rev, epoch)| {
            let (old_rev, old_epoch) = shown_rev.replace((*rev, *epoch));
            match (old_rev == *rev, old_epoch == *epoch) {
                (true, _) => {}
                (false, true) => editor.show(&text),
                (false, false) => editor.start(&text),
            }
        }
    });
    use_follow(&here, props.language, |editor, language| editor.speak(language));
    let is_rule = props.kind == EditorKind::Rule;
    let is_events = !is_rule;
    use_follow(
        &here,
        (Rc::clone(&props.findings), props.window.clone()),
        move |editor, (findings, window)| {
            editor.underline(findings, window, is_events);
        },
    );
    use_follow(&here, Rc::clone(&props.margin), move |editor, margin| {
        if !is_events {
            editor.count(margin);
        }
    });
    use_follow(&here, props.glyphs.clone(), move |editor, glyphs| {
        if is_events {
            editor.judge(glyphs);
        }
    });
    let window = props.window.clone();
    use_follow(&here, props.help.clone(), move |editor, help| {
        if let Some(help) = help {
            editor.tell(help, &window);
        }
    });
    use_follow(&here, Rc::clone(&props.marks), |editor, marks| editor.mark(marks));
    use_follow(&here, props.line, |editor, line| editor.set_line(*line));
    use_follow(&here, props.is_stale, |editor, is_stale| editor.grey(*is_stale));
    use_follow(&here, props.order, {
        let text = props.text.clone();
        move |editor, order| obey(editor, order.order, &text)
    });

    let kind = if is_rule { "rule" } else { "events" };
    html! { <div ref={host} class="editor" data-kind={kind} /> }
}

/// Calls `tell` when the editor is there, and whenever `value` changes.
#[hook]
fn use_follow<T: PartialEq + 'static>(
    handle: &Option<EditorHandle>,
    value: T,
    tell: impl Fn(&EditorHandle, &T) + 'static,
) {
    use_effect_with((handle.clone(), value), move |(handle, value)| {
        if let Some(handle) = handle {
            tell(handle, value);
        }
    });
}

fn obey(editor: &EditorHandle, order: Order, text: &str) {
    match order {
        Order::None => {}
        Order::Focus => editor.take_focus(),
        Order::GoTo(from, to) => {
            editor.go_to(from, to, true);
            editor.take_focus();
        }
        Order::Fix(finding, fix) => {
            editor.mend(finding, fix);
        }
        Order::Reveal(from, to) => editor.go_to(from, to, false),
        Order::Line(line) => {
            let start = line_start(text, line);
            editor.go_to(start, start, false);
        }
        Order::Undo => {
            editor.take_back();
            editor.take_focus();
        }
    }
}

/// The UTF-16 offset at which a line begins.
fn line_start(text: &str, line: u32) -> u32 {
    let before = text.split_inclusive('\n').take((line as usize).saturating_sub(1));
    let units: usize = before.map(|line| line.encode_utf16().count()).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

async fn open(
    host: &HtmlElement,
    latest: &Rc<RefCell<EditorProps>>,
    shown_rev: &Rc<RefCell<(u32, u32)>>,
) -> Option<Mounted> {
    let (on, kind, label, placeholder) = {
        let props = latest.borrow();
        (props.on.clone(), props.kind, props.label.clone(), props.placeholder.clone())
    };
    let is_rule = kind == EditorKind::Rule;
    let report = on.clone();
    let on_change = Closure::<dyn FnMut(JsString)>::new(move |text: JsString| {
        let text = text_of(&text);
        report.emit(match kind {
            EditorKind::Rule => Msg::RuleEdited(text),
            EditorKind::Events => Msg::EventsEdited(text),
            EditorKind::Mapping => Msg::MappingEdited(text),
        });
    });
    let report = on.clone();
    let on_cursor = Closure::<dyn FnMut(f64)>::new(move |at: f64| {
        report.emit(Msg::RuleCaretMoved(at as u32));
    });
    let report = on.clone();
    let on_ask = Closure::<dyn FnMut(f64, bool)>::new(move |at: f64, is_hover: bool| {
        report.emit(Msg::HelpWanted { at: at as u32, is_hover });
    });
    let report = on.clone();
    let on_hover = Closure::<dyn FnMut(Option<f64>)>::new(move |at: Option<f64>| {
        report.emit(Msg::RuleHovered(at.map(|at| at as u32)));
    });
    let on_line = Closure::<dyn FnMut(f64)>::new(move |line: f64| {
        on.emit(Msg::EventLineEntered(line as u32));
    });
    let function = |closure: &JsValue| closure.clone();
    let mut options: Vec<(&str, JsValue)> = vec![
        ("kind", if is_rule { "rule" } else { "events" }.into()),
        ("label", (&*label).into()),
        ("placeholder", (&*placeholder).into()),
        ("onChange", function(on_change.as_ref())),
    ];
    match kind {
        EditorKind::Rule => {
            options.push(("onCursor", function(on_cursor.as_ref())));
            options.push(("onHover", function(on_hover.as_ref())));
            options.push(("onAsk", function(on_ask.as_ref())));
        }
        EditorKind::Events => options.push(("onFocusLine", function(on_line.as_ref()))),
        EditorKind::Mapping => {}
    }
    let handle = mount(host, &options).await?;
    // The text may have changed while the editor's code was on its way.
    let (rev, text) = {
        let props = latest.borrow();
        ((props.rev, props.epoch), props.text.clone())
    };
    *shown_rev.borrow_mut() = rev;
    handle.start(&text);
    Some(Mounted {
        handle,
        _on_change: on_change,
        _on_cursor: on_cursor,
        _on_hover: on_hover,
        _on_ask: on_ask,
        _on_line: on_line,
    })
}

#[cfg(test)]
mod tests {
    use super::line_start;

    #[test]
    fn lines_start_in_utf16_units() {
        assert_eq!(line_start("a\n\u{1f600}\nb", 1), 0);
        assert_eq!(line_start("a\n\u{1f600}\nb", 2), 2);
        assert_eq!(line_start("a\n\u{1f600}\nb", 3), 5);
    }
}
