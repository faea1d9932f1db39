//! In a narrow window: which pane is shown.

use yew::prelude::*;

use crate::state::Msg;
use crate::state::model::Pane;
use crate::state::text::number;
use crate::view::parts::tells::Tells;

/// What the switcher needs.
pub struct SwitcherProps {
    /// The pane shown.
    pub pane: Pane,
    /// Number of problems of the rule.
    pub problems: u32,
    /// Number of events.
    pub events: u32,
    /// Number of matches, where it is known.
    pub matches: Option<u32>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Three buttons with their counts.
pub fn switcher(props: &SwitcherProps) -> Html {
    let button = |pane: Pane, label: &'static str, count: Option<u32>| {
        html! {
            <button class="switcher__button" type="button"
                aria-pressed={(props.pane == pane).to_string()}
                onclick={props.on.tell_of::<MouseEvent, _>(pane, Msg::PaneChosen)}>
                { label }
                if let Some(count) = count {
                    <span class="switcher__count">{ number(count.into()) }</span>
                }
            </button>
        }
    };
    html! {
        <nav class="switcher" aria-label="Panes">
            { button(Pane::Rule, "Rule", Some(props.problems).filter(|count| *count > 0)) }
            { button(Pane::Events, "Events", Some(props.events)) }
            { button(Pane::Result, "Result", props.matches) }
        </nav>
    }
}
