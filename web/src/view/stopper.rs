//! What rules out most, in a sentence, where nothing matches.

use eqlens_engine::wire::{RunResult, Verdict};
use yew::prelude::*;

use crate::state::Msg;
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::prose;
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// The sentence; with a way to the clause and its events where `has_way`. Nothing where something
/// matches.
pub fn stopper(result: Option<&RunResult>, has_way: bool, on: &Callback<Msg>) -> Html {
    let stopper = result.filter(|result| result.matches == 0).and_then(|it| it.stopper.as_ref());
    let Some(stopper) = stopper else { return Html::default() };
    let show = on.tell::<MouseEvent>(|| Msg::StopperWanted);
    html! {
        <div class="stopper">
            { glyph::silent_verdict(Verdict::Fails) }
            <p key={stopper.sentence.clone()} class="stopper__text">{ prose(&stopper.sentence) }</p>
            if has_way && stopper.node > 0 {
                { button(Kind::Outlined, "Show them", show) }
            }
        </div>
    }
}
