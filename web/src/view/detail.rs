//! One event: the verdict in a sentence, the tree with its values, the event itself.

use std::rc::Rc;

use eqlens_engine::wire::change::Change;
use eqlens_engine::wire::{Explanation, Outcome, Verdict};
use yew::prelude::*;

use crate::state::Msg;
use crate::view::change::{ChangeProps, change};
use crate::view::event_view::EventView;
use crate::view::parts::code::prose;
use crate::view::parts::glyph;
use crate::view::why::{WhyProps, why};

/// What the detail needs.
pub struct DetailProps {
    /// The condition.
    pub outcome: Rc<Outcome>,
    /// The event.
    pub explained: Rc<Explanation>,
    /// What would have to change, once it was asked for.
    pub change: Option<Rc<Change>>,
    /// See [`ChangeProps`].
    pub is_lines: bool,
    /// The marked node.
    pub marked: Option<u16>,
    /// The event whose JSON is on the clipboard.
    pub copied: Option<u32>,
    /// See [`WhyProps`].
    pub values: Option<(u16, Option<u32>)>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// What the eye meets first is the sentence.
pub fn detail(props: &DetailProps) -> Html {
    let explained = &props.explained;
    let word = glyph::event_word(explained.verdict);
    html! {
        <section class="detail" aria-label="The selected event">
            <div class="detail__sentence" aria-live="polite">
                { glyph::verdict(explained.verdict, word) }
                <h3 class="detail__headline">{ prose(&explained.headline) }</h3>
                // Another sentence is another paragraph, heard as a whole; its words have not moved.
                if !explained.sentence.is_empty() {
                    <p key={explained.sentence.clone()} class="detail__text">{ prose(&explained.sentence) }</p>
                }
                if explained.verdict != Verdict::Holds {
                    { change(&ChangeProps {
                        event: explained.event,
                        change: props.change.clone(),
                        is_lines: props.is_lines,
                        on: props.on.clone(),
                    }) }
                }
            </div>
            <div class="detail__split">
                { why(&WhyProps {
                    outcome: Rc::clone(&props.outcome),
                    explained: Rc::clone(explained),
                    marked: props.marked,
                    values: props.values,
                    on: props.on.clone(),
                }) }
                <EventView outcome={Rc::clone(&props.outcome)} explained={Rc::clone(explained)}
                    marked={props.marked} is_copied={props.copied == Some(explained.event)}
                    on={props.on.clone()} />
            </div>
        </section>
    }
}
