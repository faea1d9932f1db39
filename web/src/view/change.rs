//! What would have to change in the selected event for it to match.

use std::rc::Rc;

use eqlens_engine::wire::change::{Action, Change, FieldEdit};
use yew::prelude::*;

use crate::protocol::Wish;
use crate::state::Msg;
use crate::state::text::visible;
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::prose;
use crate::view::parts::tells::Tells;

/// What the question and its answer need.
pub struct ChangeProps {
    /// The selected event.
    pub event: u32,
    /// The answer, once it was asked for.
    pub change: Option<Rc<Change>>,
    /// An edited event goes behind the others as a line of its own; otherwise all become lines.
    pub is_lines: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// More edits than fit in a small window.
const MANY: usize = 4;

/// A quiet question; the answer opens below it.
pub fn change(props: &ChangeProps) -> Html {
    let &ChangeProps { event, is_lines, .. } = props;
    let ask = props.on.tell_of::<MouseEvent, _>(Wish::Change(event), Msg::Wished);
    let try_it =
        props.on.tell_of::<MouseEvent, _>(Wish::Try { event, is_line: is_lines }, Msg::Wished);
    html! {
        <div class="change">
            <button class="change__ask" type="button" onclick={ask}
                aria-expanded={props.change.is_some().to_string()}>
                { "What would have to change" }
            </button>
            if let Some(change) = &props.change {
                <div class="change__answer" role="status">
                    <p class="change__text">{ prose(&change.sentence) }</p>
                    if !change.edits.is_empty() {
                        // Many of them scroll, also by keyboard.
                        <ul class="change__edits" aria-label="Edits"
                            tabindex={(change.edits.len() > MANY).then_some("0")}>
                            { for change.edits.iter().map(edit) }
                        </ul>
                        { button(Kind::Outlined, "Try it", try_it) }
                    }
                </div>
            }
        </div>
    }
}

fn edit(edit: &FieldEdit) -> Html {
    let shown = |text: &str| visible(text).into_owned();
    let before = edit.from.first().filter(|_| edit.action != Action::Add);
    let sign = if before.is_some() { "\u{2192}" } else { "+" };
    let more = edit.from.len().saturating_sub(1);
    html! {
        <li class="change__edit">
            <code class="change__field">{ &edit.field }</code>
            <span class="change__values">
                if let Some(before) = before {
                    <del class="change__value">{ shown(before) }</del>
                    if edit.action == Action::Delete && more > 0 {
                        <span>{ format!("and {more} more") }</span>
                    }
                }
                if let Some(to) = &edit.to {
                    <span aria-hidden="true">{ sign }</span>
                    <ins class="change__value">{ shown(to) }</ins>
                }
            </span>
            if let Some(clause) = edit.clause {
                <span class="change__clause">{ format!("clause {clause}") }</span>
            }
        </li>
    }
}
