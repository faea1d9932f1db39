//! What stands in place of a result where there is none.

use eqlens_engine::wire::Verdict;
use yew::prelude::*;

use crate::protocol::Wish;
use crate::state::Msg;
use crate::state::boot::Example;
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// What the page can offer.
pub struct BlankProps {
    /// There is a rule, but no result: it was refused.
    pub is_refused: bool,
    /// There are no events, though there is a rule.
    pub lacks_events: bool,
    /// Shipped examples.
    pub examples: &'static [Example],
    /// Something was put aside and can be had back.
    pub has_aside: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Ways to go on, and how to read the answer.
pub fn blank(props: &BlankProps) -> Html {
    let on = &props.on;
    let (title, text) = match (props.is_refused, props.lacks_events) {
        (true, _) => (
            "This rule cannot be run yet",
            "Problems under the rule say where and why. The answer appears as soon as it is sound.",
        ),
        (false, true) => (
            "The rule is read; there are no events yet",
            "Paste at least one event, and the answer appears here at once.",
        ),
        (false, false) => (
            "Nothing to show yet",
            "A rule and at least one event, and the answer appears here at once.",
        ),
    };
    let link = |text: &'static str, onclick: Callback<MouseEvent>| {
        html! { <li><button class="blank__link" type="button" {onclick}>{ text }</button></li> }
    };
    // Those that show one thing each are for whoever reads the menu.
    let is_whole = |(_, example): &(usize, &Example)| example.event.is_none();
    let example = |(at, example): (usize, &Example)| {
        let onclick = on.tell_of::<MouseEvent, _>(at, Msg::ExampleChosen);
        html! {
            <li>
                <button class="blank__link" type="button" {onclick}>{ example.title }</button>
                <span class="blank__about">{ example.about }</span>
            </li>
        }
    };
    let shape = |verdict: Verdict, text: &'static str| {
        html! { <li class="blank__shape">{ glyph::silent_verdict(verdict) }{ text }</li> }
    };
    html! {
        <div class="blank" tabindex="0" data-focus="result" role="group" aria-label="No result yet">
            <h3 class="blank__title">{ title }</h3>
            <p>{ text }</p>
            <ul class="blank__ways">
                if props.lacks_events && !props.is_refused {
                    { link("Make events that match", on.tell(|| Msg::Wished(Wish::Events))) }
                }
                { for props.examples.iter().enumerate().filter(is_whole).map(example) }
                { link("Open a file", on.tell(|| Msg::FileWanted)) }
                if props.has_aside {
                    { link("Bring back what was cleared", on.tell(|| Msg::AsideWanted)) }
                }
            </ul>
            <h4 class="blank__heading">{ "How to read the answer" }</h4>
            <ul class="blank__shapes">
                { shape(Verdict::Holds, "the clause holds, or the event matches") }
                { shape(Verdict::Fails, "it does not, with the value that decided") }
                { shape(Verdict::Missing, "it does not, because there is no value") }
            </ul>
        </div>
    }
}
