//! The events that the chosen node of the condition stops, as a table under the drawn tree.

use std::rc::Rc;

use eqlens_engine::wire::list::{Failing, FailingRow};
use eqlens_engine::wire::{NodeKind, Outcome};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::closely::failing_words;
use crate::state::text::{number, time_parts, visible};
use crate::state::tree::{op_word, stage_name};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::eql;
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// What the table needs.
pub struct FailingProps {
    /// The condition.
    pub outcome: Rc<Outcome>,
    /// The events.
    pub failing: Rc<Failing>,
    /// The selected event.
    pub selected: Option<u32>,
    /// The list can show all of them.
    pub can_list: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Which node, how many it stops, and some of them: those that it alone stops first.
pub fn failing(props: &FailingProps) -> Html {
    let failing = &props.failing;
    let nodes = &props.outcome.nodes;
    let Some(node) = nodes.get(usize::from(failing.node)) else { return Html::default() };
    let name = match (node.clause, node.kind) {
        (Some(clause), _) => format!("Clause {clause}"),
        (None, NodeKind::Stage) => stage_name(nodes, failing.node),
        (None, _) => node.title.clone(),
    };
    let label = match node.kind {
        NodeKind::Query => Html::default(),
        kind @ (NodeKind::And | NodeKind::Or) => {
            html! { <code class="code">{ op_word(kind) }</code> }
        }
        _ => eql(&node.label),
    };
    let show = props.on.tell::<MouseEvent>(|| Msg::FailingWanted);
    let more = failing.fails.saturating_sub(failing.rows.len() as u32);
    let has = match &*failing.field {
        "" => "Value".to_owned(),
        field => format!("{field} has"),
    };
    html! {
        <section class="failing" aria-label="Events it stops">
            <div class="failing__head">
                <b>{ name }</b>
                <span class="failing__label" title={node.label.clone()}>{ label }</span>
                <span class="failing__words" role="status">{ failing_words(failing) }</span>
                if props.can_list && failing.fails > 0 {
                    { button(Kind::Small, "Show them in Matches", show) }
                }
            </div>
            if failing.fails > 0 {
                <div class="failing__frame" role="region" tabindex="0" aria-label="Table of the events it stops">
                    <table class="failing__table">
                        <thead>
                            <tr>
                                <th scope="col">{ "Fails for" }</th>
                                <th scope="col">{ "Time" }</th>
                                <th scope="col">{ "Host" }</th>
                                <th scope="col">{ has }</th>
                                <th scope="col">{ "Everything else" }</th>
                            </tr>
                        </thead>
                        <tbody>{ for failing.rows.iter().map(|row| row_view(props, row)) }</tbody>
                    </table>
                    if more > 0 {
                        <p class="failing__more">
                            { format!("and {} more, farther from a match", number(more.into())) }
                        </p>
                    }
                </div>
            }
        </section>
    }
}

fn row_view(props: &FailingProps, row: &FailingRow) -> Html {
    let event = row.event;
    let (_, clock, fraction) = time_parts(row.time.as_deref().unwrap_or(""));
    let is_selected = props.selected == Some(event);
    let onclick = props.on.tell_of::<MouseEvent, _>(event, Msg::EventChosen);
    let choose = props.on.reform(move |event_: MouseEvent| {
        event_.stop_propagation();
        Msg::EventChosen(event)
    });
    let value = visible(&row.value).into_owned();
    html! {
        <tr key={event} data-current={is_selected.then_some("true")} {onclick}>
            <td>
                <button class="failing__event" type="button" aria-pressed={is_selected.to_string()}
                    onclick={choose}>
                    { glyph::verdict(row.verdict, glyph::event_word(row.verdict)) }
                    { visible(&row.id).into_owned() }
                </button>
            </td>
            <td><code>{ format!("{clock}{fraction}") }</code></td>
            <td class="failing__value">{ visible(row.host.as_deref().unwrap_or_default()).into_owned() }</td>
            <td class="failing__value">
                if !value.is_empty() {
                    <code title={value.clone()}>{ value.clone() }</code>
                }
                <span>{ row.note.clone() }</span>
            </td>
            <td data-alone={row.is_alone.then_some("true")}>{ row.rest.clone() }</td>
        </tr>
    }
}
