//! The bar at the bottom.

use std::rc::Rc;

use eqlens_engine::wire::Severity;
use yew::prelude::*;

use crate::state::Msg;
use crate::view::parts::tells::Tells;
use crate::view::parts::{glyph, icon};

/// What the bar says.
pub struct StatusBarProps {
    /// Number of problems, and the worst of them.
    pub problems: Option<(usize, Severity)>,
    /// What was recognised in the events.
    pub events: AttrValue,
    /// Matches, or how the run stands.
    pub result: AttrValue,
    /// What became of the last export.
    pub said: Option<Rc<str>>,
    /// Time the engine took.
    pub took: AttrValue,
    /// What the store refused.
    pub trouble: Option<Rc<str>>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Ends with the promise of the page.
pub fn status_bar(props: &StatusBarProps) -> Html {
    let onclick = props.on.tell::<MouseEvent>(|| Msg::ProblemChosen(0));
    html! {
        <footer class="status-bar">
            // Its place is kept: what stands behind it does not move while one types.
            <button class="status-bar__problems" type="button" disabled={props.problems.is_none()}
                {onclick}>
                if let Some((count, worst)) = props.problems {
                    { glyph::severity(worst) }{ format!("Problems {count}") }
                } else {
                    { "Problems 0" }
                }
            </button>
            <span class="status-bar__wide">{ props.events.clone() }</span>
            <span class="status-bar__result" role="status">{ props.result.clone() }</span>
            <span class="status-bar__wide">{ props.took.clone() }</span>
            <span class="status-bar__said" role="status">
                { props.said.as_deref().unwrap_or_default().to_owned() }
            </span>
            if let Some(trouble) = &props.trouble {
                <span class="status-bar__trouble" role="alert" title={trouble.to_string()}>
                    { trouble.to_string() }
                </span>
            }
            <span class="status-bar__sent">{ icon::lock() }{ "nothing sent" }</span>
        </footer>
    }
}
