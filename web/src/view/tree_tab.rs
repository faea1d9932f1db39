//! The Tree tab: the condition drawn and as an outline.

use std::rc::Rc;

use eqlens_engine::wire::list::Failing;
use eqlens_engine::wire::{Explanation, Outcome};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::number;
use crate::state::tree::Nodes;
use crate::state::window::Window;
use crate::view::failing::{FailingProps, failing};
use crate::view::graph::Graph;
use crate::view::outline::{OutlineProps, outline};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::segmented::{Segment, segmented};
use crate::view::parts::tells::Tells;
use crate::view::stopper::stopper;

/// What the tab needs.
pub struct TreeTabProps {
    /// The condition.
    pub outcome: Rc<Outcome>,
    /// The selected event.
    pub explained: Option<Rc<Explanation>>,
    /// Its verdicts are wanted.
    pub shows_event: bool,
    /// Where the outline's cursor is.
    pub cursor: u16,
    /// The marked node.
    pub marked: Option<u16>,
    /// Numbers tell how many events get as far as a node.
    pub shows_reach: bool,
    /// Closed nodes.
    pub collapsed: Rc<Nodes>,
    /// Some events that the chosen node stops.
    pub failing: Option<Rc<Failing>>,
    /// The list can show all of them.
    pub can_list: bool,
    /// The selected event.
    pub selected: Option<u32>,
    /// What the rule editor shows, for the outline's places.
    pub window: Window,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Drawing and outline say the same; the outline is the one for keyboards and screen readers.
pub fn tree_tab(props: &TreeTabProps) -> Html {
    let on = &props.on;
    let explained = props.explained.clone().filter(|_| props.shows_event);
    let choice = props.explained.as_ref().map(|explained| {
        let segment = |shows: bool, text: String| Segment {
            text: text.into(),
            is_pressed: props.shows_event == shows,
            press: on.tell_of(shows, Msg::TreeEventShown),
        };
        let event = format!("Counts and event {}", explained.id);
        segmented("Show", [segment(false, "Counts only".to_owned()), segment(true, event)])
    });
    let reach = |shows: bool, text: &'static str| Segment {
        text: text.into(),
        is_pressed: props.shows_reach == shows,
        press: on.tell_of(shows, Msg::TreeReachShown),
    };
    let what = if props.shows_reach {
        "events that get this far"
    } else {
        "events for which the clause alone holds"
    };
    let searched = props.outcome.result.as_ref().map_or(0, |result| result.searched);
    let is_closed = !props.collapsed.is_empty();
    let toggle = if is_closed { "Expand all" } else { "Collapse all" };
    let toggled = on.reform(move |_| Msg::AllToggled { collapse: !is_closed });
    html! {
        <div class="tree-tab">
            <div class="tree-tab__tool">
                { for choice }
                { segmented("Count", [reach(false, "Alone"), reach(true, "So far")]) }
                <span class="tree-tab__note">
                    { format!("Numbers: {what}, of {}", number(searched.into())) }
                </span>
                { button(Kind::Outlined, toggle, toggled) }
            </div>
            { stopper(props.outcome.result.as_ref(), true, on) }
            <div class="tree-tab__body">
            <div class="tree-tab__split">
                <Graph outcome={Rc::clone(&props.outcome)} collapsed={Rc::clone(&props.collapsed)} explained={explained.clone()}
                    marked={props.marked} shows_reach={props.shows_reach} cursor={props.cursor}
                    on={on.clone()} />
                { outline(&OutlineProps {
                    outcome: Rc::clone(&props.outcome),
                    explained,
                    cursor: props.cursor,
                    marked: props.marked,
                    shows_reach: props.shows_reach,
                    collapsed: Rc::clone(&props.collapsed),
                    window: props.window.clone(),
                    on: on.clone(),
                }) }
            </div>
            if let Some(found) = &props.failing {
                { failing(&FailingProps {
                    outcome: Rc::clone(&props.outcome),
                    failing: Rc::clone(found),
                    selected: props.selected,
                    can_list: props.can_list,
                    on: on.clone(),
                }) }
            }
            </div>
        </div>
    }
}
