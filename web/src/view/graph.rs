//! The condition drawn from left to right. The outline beside it says the same in words.

use std::collections::BTreeSet;
use std::rc::Rc;

use eqlens_engine::wire::{Explanation, Node, NodeKind, Outcome, Verdict};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::number;
use crate::state::tree_layout::{Edge, Part, PartKind, is_on_failing_path, layout, text_width};
use crate::view::parts::glyph::{verdict_name, verdict_shape};

/// What the drawing needs.
#[derive(Properties, PartialEq)]
pub struct GraphProps {
    /// The condition.
    pub outcome: Rc<Outcome>,
    /// The event whose verdicts are shown.
    pub explained: Option<Rc<Explanation>>,
    /// Nodes drawn as one row.
    pub collapsed: Rc<BTreeSet<u16>>,
    /// The marked node.
    pub marked: Option<u16>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Laid out again only when the condition changes.
#[component]
pub fn Graph(props: &GraphProps) -> Html {
    let key = (Rc::clone(&props.outcome), Rc::clone(&props.collapsed));
    let drawing = use_memo(key, |(outcome, collapsed)| layout(&outcome.nodes, collapsed));
    let nodes = &props.outcome.nodes;
    let explained = props.explained.as_deref();
    let edge = |edge: &Edge| {
        let fails =
            explained.is_some_and(|explained| is_on_failing_path(nodes, explained, edge.to));
        html! { <path class="graph__edge" data-fails={fails.then_some("true")} d={edge.path.clone()} /> }
    };
    // The emphasised path is drawn last, over the others.
    let (emphasised, others): (Vec<_>, Vec<_>) = drawing.edges.iter().partition(|edge| {
        explained.is_some_and(|explained| is_on_failing_path(nodes, explained, edge.to))
    });
    let (width, height) = (drawing.width.to_string(), drawing.height.to_string());
    let part = |part: &Part| part_view(props, part, drawing.width);
    html! {
        <div class="graph" role="region" tabindex="0" aria-label="Drawing of the condition">
            <svg class="graph__drawing" {width} {height} role="img"
                viewBox={format!("0 0 {} {}", drawing.width, drawing.height)}
                aria-label="The condition as a tree; the outline holds the same"
                onmouseleave={props.on.reform(|_| Msg::NodePointed(None))}>
                { for others.into_iter().map(edge) }
                { for emphasised.into_iter().map(edge) }
                { for drawing.parts.iter().map(part) }
            </svg>
        </div>
    }
}

fn part_view(props: &GraphProps, part: &Part, width: f32) -> Html {
    let id = part.row.node;
    let Some(node) = props.outcome.nodes.get(usize::from(id)) else { return Html::default() };
    let verdict = props
        .explained
        .as_ref()
        .and_then(|explained| explained.nodes.get(usize::from(id)))
        .map(|node| node.verdict);
    let searched = props.outcome.result.as_ref().map_or(0, |result| result.searched);
    let inside = match part.kind {
        PartKind::Category => category(part, node, searched),
        PartKind::Op => operator(part, node, verdict),
        PartKind::Leaf => leaf(part, node, verdict, searched, width),
    };
    let kind = match part.kind {
        PartKind::Category => "category",
        PartKind::Op => "op",
        PartKind::Leaf => "leaf",
    };
    html! {
        <g key={id} class="graph__part" data-kind={kind} data-verdict={verdict.map(verdict_name)}
            data-linked={(props.marked == Some(id)).then_some("true")}
            onmouseenter={props.on.reform(move |_| Msg::NodePointed(Some(id)))}
            onclick={props.on.reform(move |_: MouseEvent| Msg::NodeChosen(id))}>
            { inside }
        </g>
    }
}

fn rect(part: &Part, radius: f32) -> Html {
    html! {
        <rect class="graph__box" x={part.x.to_string()} y={part.y.to_string()}
            width={part.width.to_string()} height={part.height.to_string()} rx={radius.to_string()} />
    }
}

fn text(class: &'static str, x: f32, y: f32, text: String) -> Html {
    html! { <text {class} x={x.to_string()} y={y.to_string()}>{ text }</text> }
}

fn sign(verdict: Option<Verdict>, x: f32, y: f32) -> Html {
    let Some(verdict) = verdict else { return Html::default() };
    html! {
        <g class="glyph" data-verdict={verdict_name(verdict)} transform={format!("translate({x} {y})")}>
            { verdict_shape(verdict) }
        </g>
    }
}

fn category(part: &Part, node: &Node, searched: u32) -> Html {
    let middle = part.x + part.width / 2.0;
    let count =
        node.count.map(|count| format!("{} of {}", number(count.into()), number(searched.into())));
    html! {
        <>
            { rect(part, 2.0) }
            { text("graph__op", middle, part.y + 17.0, part.text.clone()) }
            { text("graph__note", middle, part.y + 33.0, count.unwrap_or_default()) }
        </>
    }
}

fn operator(part: &Part, node: &Node, verdict: Option<Verdict>) -> Html {
    // With a sign the word moves to the right half.
    let middle = part.x + if verdict.is_some() { 31.0 } else { part.width / 2.0 };
    let count = node.count.map_or_else(String::new, |count| number(count.into()));
    html! {
        <>
            { rect(part, part.height / 2.0) }
            { sign(verdict, part.x + 6.0, part.y + 5.0) }
            { text("graph__op", middle, part.y + 15.0, part.text.clone()) }
            { text("graph__note", part.x + part.width / 2.0, part.y + 36.0, count) }
        </>
    }
}

/// Dots from the text to its number, where there is room for them.
fn lead(part: &Part, bar: f32) -> Html {
    let from = part.x + text_width(&part.text) + 8.0;
    let to = bar - 32.0;
    if to - from < 12.0 {
        return Html::default();
    }
    let y = (part.y + 15.0).to_string();
    html! {
        <line class="graph__lead" x1={from.to_string()} x2={to.to_string()} y1={y.clone()} y2={y} />
    }
}

fn leaf(part: &Part, node: &Node, verdict: Option<Verdict>, searched: u32, width: f32) -> Html {
    let base = part.y + 16.0;
    let clause = part.row.clause.map_or_else(String::new, |clause| clause.to_string());
    let (count, share) = match node.count {
        Some(count) => (number(count.into()), f64::from(count) / f64::from(searched.max(1))),
        None => (String::new(), 0.0),
    };
    let (bar, full) = (width - 30.0, 26.0_f64);
    let label = match (node.kind, part.text.strip_prefix("not ")) {
        (NodeKind::Not, Some(rest)) => html! {
            <><tspan class="graph__word">{ "not " }</tspan>{ rest.to_owned() }</>
        },
        _ => html! { { part.text.clone() } },
    };
    html! {
        <>
            <title>{ node.label.clone() }</title>
            { rect(part, 2.0) }
            { text("graph__number", part.x + 14.0, base, clause) }
            { sign(verdict, part.x + 19.0, part.y + 6.0) }
            <text class="graph__label" x={(part.x + 37.0).to_string()} y={base.to_string()}>
                { label }
            </text>
            { lead(part, bar) }
            { text("graph__count", bar - 5.0, base, count) }
            <rect class="meter__all" x={bar.to_string()} y={(part.y + 10.0).to_string()}
                width={full.to_string()} height="4" />
            <rect class="meter__part" x={bar.to_string()} y={(part.y + 10.0).to_string()}
                width={format!("{:.1}", share.clamp(0.0, 1.0) * full)} height="4" />
        </>
    }
}
