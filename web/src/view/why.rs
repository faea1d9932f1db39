//! The condition as a tree, with what each clause found in the event.

use std::rc::Rc;

use eqlens_engine::wire::{Explanation, Node, NodeKind, NodeVerdict, Outcome, Verdict};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::closely::{WhyItem, is_value_decisive, values_of, why_items};
use crate::state::text::visible;
use crate::state::tree::{TreeRow, op_word, stage_name};
use crate::state::tree_layout::category_word;
use crate::view::outline::tree_move;
use crate::view::parts::code::{eql, prose};
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// What the tree needs.
pub struct WhyProps {
    /// The condition.
    pub outcome: Rc<Outcome>,
    /// The event.
    pub explained: Rc<Explanation>,
    /// The marked node.
    pub marked: Option<u16>,
    /// The clause whose values stand open, and the value the cursor is at.
    pub values: Option<(u16, Option<u32>)>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// One tab stop; the arrow keys move through the rows and mark them in rule and event.
pub fn why(props: &WhyProps) -> Html {
    let nodes = &props.outcome.nodes;
    let open = props.values.map(|(node, _)| node);
    let all = why_items(nodes, &props.explained, open);
    let onkeydown = {
        let on = props.on.clone();
        move |event: KeyboardEvent| {
            if let Some(step) = tree_move(&event) {
                event.prevent_default();
                on.emit(Msg::WhyMoved(step));
            }
        }
    };
    let value = props.values.filter(|(node, _)| Some(*node) == props.marked);
    let active = props.marked.map(|node| match value {
        Some((_, Some(at))) => format!("why-{node}-{at}"),
        _ => format!("why-{node}"),
    });
    let row = |item: &WhyItem| match item {
        WhyItem::Row(row) => row_view(props, row),
        WhyItem::Value(row, at) => value_view(props, row, *at),
    };
    html! {
        <div class="why">
            <div class="why__head">
                <span>{ "Why, clause by clause" }</span>
                <span class="why__head-value">{ "value in the event" }</span>
            </div>
            <div class="why__tree" role="tree" tabindex="0" aria-label="Why, clause by clause"
                data-active="true" aria-activedescendant={active} {onkeydown}
                onmouseleave={props.on.tell(|| Msg::NodePointed(None))}
                onblur={props.on.tell(|| Msg::NodePointed(None))}>
                { for all.iter().map(row) }
            </div>
        </div>
    }
}

fn row_view(props: &WhyProps, row: &TreeRow) -> Html {
    let nodes = &props.outcome.nodes;
    let verdicts = &props.explained.nodes;
    let at = |node: u16| verdicts.get(usize::from(node));
    let (Some(node), Some(of_node)) = (nodes.get(usize::from(row.node)), at(row.node)) else {
        return Html::default();
    };
    let of_leaf = at(row.leaf).unwrap_or(of_node);
    let verdict = of_node.verdict;
    let is_hot = !row.is_op && is_decisive(of_node, of_leaf) && verdict != Verdict::Holds;
    let is_dim = !row.is_op && !is_hot && verdict != Verdict::Holds;
    // A `not` tells what its leaf found; some engines put it on the one, some on the other.
    let told = |pick: fn(&NodeVerdict) -> &str| {
        let own = pick(of_node);
        if own.is_empty() { pick(of_leaf) } else { own }
    };
    let value = visible(told(|verdict| &verdict.value));
    let note = told(|verdict| &verdict.note);
    let text = told(|verdict| &verdict.text);
    let reason = of_node.reason.as_deref().or(of_leaf.reason.as_deref());
    let id = row.node;
    let is_marked = props.marked == Some(id);
    let kind = match (row.is_op, is_hot, is_dim) {
        (true, _, _) => "op",
        (_, true, _) => "hot",
        (_, _, true) => "dim",
        _ => "plain",
    };
    let is_open = props.values.is_some_and(|(node, _)| node == id);
    let count = values_of(&props.explained, row).len();
    let expanded = match (row.is_op, count) {
        (true, _) => Some("true"),
        (false, 0) => None,
        (false, _) => Some(if is_open { "true" } else { "false" }),
    };
    let toggle = props.on.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Msg::ValuesToggled(id)
    });
    let guides = || (0..row.depth).map(|_| html! { <span class="why__guide" /> }).collect::<Html>();
    html! {
        <div key={id} class="why__row" role="treeitem" id={format!("why-{id}")}
            aria-level={(row.depth + 1).to_string()} aria-selected={is_marked.to_string()}
            aria-expanded={expanded} data-kind={kind}
            ~style={format!("--depth:{}", row.depth)}
            onmouseenter={props.on.tell_of(Some(id), Msg::NodePointed)}
            onclick={props.on.tell_of::<MouseEvent, _>(id, Msg::NodeChosen)}>
            <span class="why__number">
                { row.clause.map_or_else(String::new, |clause| clause.to_string()) }
            </span>
            <span class="why__clause">
                { guides() }
                { glyph::verdict(verdict, glyph::verdict_name(verdict)) }
                { label(nodes, node, row) }
            </span>
            <span class="why__value">
                if !value.is_empty() {
                    <code title={value.clone().into_owned()}>{ value.clone().into_owned() }</code>
                }
                if count > 1 {
                    <span class="why__more" onclick={toggle}>
                        { if is_open { "\u{25be} " } else { "\u{25b8} " } }{ note.to_owned() }
                    </span>
                } else {
                    <span>{ note.to_owned() }</span>
                }
            </span>
            if is_hot && !text.is_empty() {
                <span class="why__reason">
                    { guides() }
                    <span class="why__text">
                        { prose(text) }
                        if let Some(reason) = reason {
                            { " " }<code class="why__code">{ reason.to_owned() }</code>
                        }
                    </span>
                </span>
            }
        </div>
    }
}

/// One of the values a clause looked at.
fn value_view(props: &WhyProps, row: &TreeRow, at: u32) -> Html {
    let id = row.node;
    let value = values_of(&props.explained, row).get(at as usize).map_or("", String::as_str);
    let value = visible(value).into_owned();
    let is_here = props.marked == Some(id) && props.values == Some((id, Some(at)));
    let fits = is_value_decisive(&props.explained, row, at);
    html! {
        <div key={format!("{id}-{at}")} class="why__row" role="treeitem" id={format!("why-{id}-{at}")}
            aria-level={(row.depth + 2).to_string()} aria-selected={is_here.to_string()}
            data-kind="value" ~style={format!("--depth:{}", row.depth)}>
            <span class="why__number" />
            <span class="why__one">
                <span class="why__place">{ format!("value {}", at + 1) }</span>
                <code data-fits={fits.then_some("true")}>{ value }</code>
                if fits {
                    <span class="why__place">{ "fits" }</span>
                }
            </span>
        </div>
    }
}

fn is_decisive(of_node: &NodeVerdict, of_leaf: &NodeVerdict) -> bool {
    of_node.decisive || of_leaf.decisive
}

fn label(nodes: &[Node], node: &Node, row: &TreeRow) -> Html {
    match node.kind {
        NodeKind::Category => eql(&format!("{} where", category_word(nodes, row))),
        NodeKind::Stage => html! {
            <span class="why__label">
                <b>{ stage_name(nodes, row.node) }</b>{ " " }{ eql(&node.label) }
            </span>
        },
        _ if row.is_op => html! { <code class="code">{ op_word(node.kind) }</code> },
        _ => {
            html! { <span class="why__label" title={node.label.clone()}>{ eql(&node.label) }</span> }
        }
    }
}
