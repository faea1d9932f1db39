//! The event as it is, with the values that decided marked in it.

use std::rc::Rc;

use eqlens_engine::wire::{EventLine, EventPart, Explanation, Outcome, PartKind, Verdict};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::export::Export;
use crate::state::text::visible;
use crate::view::parts::button::{Kind, button};
use crate::view::parts::glyph::verdict_name;
use crate::view::parts::tells::Tells;

/// What the view needs.
#[derive(Properties, PartialEq)]
pub struct EventViewProps {
    /// The condition, for the clause numbers.
    pub outcome: Rc<Outcome>,
    /// The event.
    pub explained: Rc<Explanation>,
    /// The marked node.
    pub marked: Option<u16>,
    /// Its JSON is on the clipboard.
    pub is_copied: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Scrolls itself, and only itself, so that what decided is in view.
#[component]
pub fn EventView(props: &EventViewProps) -> Html {
    let node = use_node_ref();
    use_effect_with(Rc::clone(&props.explained), {
        let node = node.clone();
        move |_| {
            if let Some(pane) = node.cast::<HtmlElement>() {
                show_decisive(&pane);
            }
        }
    });
    let explained = &props.explained;
    let marked_node = props.marked;
    use_effect_with(marked_node, {
        let node = node.clone();
        move |_| {
            if let Some(pane) = node.cast::<HtmlElement>() {
                show_linked(&pane);
            }
        }
    });
    let marked = props.marked.and_then(|node| {
        let nodes = &props.outcome.nodes;
        nodes.get(usize::from(node)).and_then(|node| node.clause)
    });
    let event = explained.event;
    let copy = props.on.reform(move |_: MouseEvent| Msg::ExportWanted {
        what: Export::CopyEvent(event),
        now_ms: 0,
    });
    let line = |line: &EventLine| line_view(line, marked, &props.on);
    let onkeydown = {
        let (explained, on) = (Rc::clone(explained), props.on.clone());
        move |event: KeyboardEvent| {
            let lines: Vec<u16> =
                explained.view.iter().flat_map(|line| line.clauses.iter().copied()).collect();
            let here = lines.iter().position(|clause| Some(*clause) == marked);
            let last = lines.len().saturating_sub(1);
            let to = match (event.key().as_str(), here) {
                ("ArrowDown", here) => here.map_or(0, |at| (at + 1).min(last)),
                ("ArrowUp", here) => here.map_or(last, |at| at.saturating_sub(1)),
                _ => return,
            };
            if let Some(clause) = lines.get(to) {
                event.prevent_default();
                on.emit(Msg::ClausePointed(Some(*clause)));
            }
        }
    };
    let is_marked = |line: &&EventLine| marked.is_some_and(|clause| line.clauses.contains(&clause));
    let said = explained.view.iter().find(is_marked).map(|line| {
        let text: String = line.parts.iter().map(|part| part.text.as_str()).collect();
        format!("Clause {}: {}", marked.unwrap_or_default(), visible(&text))
    });
    html! {
        <div class="event-view">
            <div class="event-view__head">
                <span>{ "Event" }</span>
                <code class="event-view__id" title={explained.id.clone()}>{ explained.id.clone() }</code>
                <code class="event-view__index" title={explained.index.clone()}>
                    { explained.index.clone() }
                </code>
                { button(Kind::Small, if props.is_copied { "Copied" } else { "Copy" }, copy) }
            </div>
            <div class="event-view__body" ref={node} role="region" tabindex="0"
                aria-label="The event" {onkeydown}
                onmouseleave={props.on.tell(|| Msg::ClausePointed(None))}>
                { for explained.view.iter().map(line) }
            </div>
            <span class="app__heading" aria-live="polite">{ said.unwrap_or_default() }</span>
        </div>
    }
}

fn line_view(line: &EventLine, marked: Option<u16>, on: &Callback<Msg>) -> Html {
    let numbers: Vec<_> = line.clauses.iter().map(ToString::to_string).collect();
    let first = line.clauses.first().copied();
    let is_marked = marked.is_some_and(|clause| line.clauses.contains(&clause));
    // The pointed-at clause may share its line with others; it stays the first.
    let clause = marked.filter(|_| is_marked).or(first);
    let blanks = " ".repeat(usize::from(line.indent) * 2);
    html! {
        <div class="event-view__line" data-linked={is_marked.then_some("true")}
            onmouseenter={on.tell_of(clause, Msg::ClausePointed)}>
            <span class="event-view__numbers">{ numbers.join(" ") }</span>
            <span class="event-view__text">{ blanks }{ for line.parts.iter().map(part_view) }</span>
        </div>
    }
}

fn part_view(part: &EventPart) -> Html {
    let text = visible(&part.text).into_owned();
    let text = match part.kind {
        PartKind::String => html! { <span class="code__text">{ text }</span> },
        PartKind::Key | PartKind::Atom | PartKind::Punctuation => html! { { text } },
    };
    match part.mark {
        Some(verdict) => {
            html! { <mark class="event-view__mark" data-verdict={verdict_name(verdict)}>{ text }</mark> }
        }
        None => text,
    }
}

/// Brings the line of the pointed-at clause into view, where it is not.
fn show_linked(pane: &HtmlElement) {
    let found = pane.query_selector("[data-linked] mark, [data-linked]").ok().flatten();
    let Some(line) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) else { return };
    let (top, height) = (line.offset_top() - pane.scroll_top(), pane.client_height());
    if top < 0 || top + line.offset_height() > height {
        pane.set_scroll_top(line.offset_top() - height / 2);
    }
}

/// Brings the first value that stopped the event into the middle, or else the first marked one.
fn show_decisive(pane: &HtmlElement) {
    let fails = format!("mark:not([data-verdict={}])", verdict_name(Verdict::Holds));
    let find = |selector: &str| pane.query_selector(selector).ok().flatten();
    let top = |element: &Element| element.dyn_ref::<HtmlElement>().map(HtmlElement::offset_top);
    let target = find(&fails).or_else(|| find("mark"));
    let offset = target.as_ref().and_then(top).unwrap_or(0);
    pane.set_scroll_top(offset - pane.client_height() / 2);
}
