//! The condition as an outline: a tree for arrow keys and screen readers.

use std::rc::Rc;

use eqlens_engine::wire::{Explanation, Node, NodeKind, Outcome, Span};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::list::Step;
use crate::state::msg::TreeMove;
use crate::state::text::number;
use crate::state::tree::{self, has_children, row_node, stage_name};
use crate::state::window::Window;
use crate::view::parts::code::eql;
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// What the outline needs.
pub struct OutlineProps {
    /// The condition.
    pub outcome: Rc<Outcome>,
    /// The event whose verdicts are shown beside the counts.
    pub explained: Option<Rc<Explanation>>,
    /// Where the cursor is.
    pub cursor: u16,
    /// The marked node.
    pub marked: Option<u16>,
    /// Numbers tell how many events get as far as a node.
    pub shows_reach: bool,
    /// Closed nodes.
    pub collapsed: Rc<tree::Nodes>,
    /// What the rule editor shows: places are of that.
    pub window: Window,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// One tab stop; up and down move, left closes or climbs, right opens or descends.
pub fn outline(props: &OutlineProps) -> Html {
    let onkeydown = {
        let on = props.on.clone();
        move |event: KeyboardEvent| {
            if let Some(step) = tree_move(&event) {
                event.prevent_default();
                on.emit(Msg::TreeMoved(step));
            }
        }
    };
    let visible = tree::outline(&props.outcome.nodes, &props.collapsed);
    let row = |node: &u16| row_view(props, *node);
    // A closed node hides what the cursor may be at.
    let active = visible.contains(&props.cursor).then(|| format!("outline-{}", props.cursor));
    html! {
        <div class="outline">
            <div class="outline__head">
                <span>{ "Outline" }</span>
                <span class="outline__head-place">{ "line : column" }</span>
            </div>
            <div class="outline__tree" role="tree" tabindex="0" aria-label="Outline of the condition"
                data-focus="result" data-active="true" aria-activedescendant={active}
                {onkeydown} onmouseleave={props.on.tell(|| Msg::NodePointed(None))}>
                { for visible.iter().map(row) }
            </div>
        </div>
    }
}

/// What a key does in a tree.
pub(super) fn tree_move(event: &KeyboardEvent) -> Option<TreeMove> {
    Some(match event.key().as_str() {
        "ArrowDown" => TreeMove::Step(Step::Next),
        "ArrowUp" => TreeMove::Step(Step::Previous),
        "Home" => TreeMove::Step(Step::First),
        "End" => TreeMove::Step(Step::Last),
        "ArrowRight" => TreeMove::Right,
        "ArrowLeft" => TreeMove::Left,
        _ => return None,
    })
}

/// The number beside a node.
pub(super) fn count_of(node: &Node, shows_reach: bool) -> Option<u32> {
    if shows_reach { node.reach } else { node.count }
}

fn row_view(props: &OutlineProps, at: u16) -> Html {
    let nodes = &props.outcome.nodes;
    let Some(node) = nodes.get(usize::from(at)) else { return Html::default() };
    let is_branch = has_children(nodes, at);
    let is_closed = props.collapsed.contains(at);
    let verdict = props
        .explained
        .as_ref()
        .and_then(|explained| explained.nodes.get(usize::from(at)))
        .map(|node| node.verdict);
    let is_marked = props.marked == Some(row_node(nodes, at)) && at > 0;
    let twist = match (is_branch, is_closed) {
        (false, _) => "",
        (true, true) => "\u{25b8}",
        (true, false) => "\u{25be}",
    };
    let toggle = props.on.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Msg::NodeToggled(at)
    });
    let point = props.on.tell_of(Some(at).filter(|at| *at > 0), Msg::NodePointed);
    let choose = props.on.tell_of::<MouseEvent, _>(at, Msg::NodeChosen);
    let Span { line, column, .. } = node.span;
    let (line, column) = props.window.place(&node.span).unwrap_or((line, column));
    html! {
        <div key={at} class="outline__row" role="treeitem" id={format!("outline-{at}")}
            aria-level={(node.depth + 1).to_string()}
            aria-selected={(props.cursor == at).to_string()}
            aria-expanded={is_branch.then(|| (!is_closed).to_string())}
            data-linked={is_marked.then_some("true")} onmouseenter={point} onclick={choose}>
            { for (0..node.depth).map(|_| html! { <span class="outline__indent" /> }) }
            <span class="outline__twist" aria-hidden="true"
                onclick={is_branch.then_some(toggle)}>{ twist }</span>
            if let Some(verdict) = verdict {
                { glyph::verdict(verdict, glyph::verdict_name(verdict)) }
            }
            <span class="outline__kind">{ kind_name(nodes, node, at) }</span>
            <span class="outline__label" title={node.label.clone()}>{ label(nodes, node, at) }</span>
            if let Some(count) = count_of(node, props.shows_reach) {
                <span class="outline__count">{ number(count.into()) }</span>
            }
            <span class="outline__place">{ format!("{line}:{column}") }</span>
        </div>
    }
}

fn kind_name(nodes: &[Node], node: &Node, at: u16) -> String {
    match node.kind {
        NodeKind::Stage => stage_name(nodes, at),
        _ => node.title.clone(),
    }
}

fn label(nodes: &[Node], node: &Node, at: u16) -> Html {
    let operands = || nodes.iter().filter(|node| node.parent == Some(at)).count();
    match node.kind {
        NodeKind::And | NodeKind::Or => {
            html! { <code>{ format!("{} operands", operands()) }</code> }
        }
        NodeKind::Query | NodeKind::Not => Html::default(),
        NodeKind::Sequence
        | NodeKind::Sample
        | NodeKind::Stage
        | NodeKind::Category
        | NodeKind::Leaf => eql(&node.label),
    }
}
