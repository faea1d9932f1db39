//! The list of problems under the rule; owns no state, asks for the cursor to be moved.

use std::rc::Rc;

use eqlens_engine::explain::capital;
use eqlens_engine::lint::{self, Lint};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::problems::{Problem, SILENCE, TextKind};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::prose;
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// What the list needs.
pub struct FindingsProps {
    /// The problems.
    pub problems: Rc<[Problem]>,
    /// Only the head is shown.
    pub is_hidden: bool,
    /// How many notes there are.
    pub notes: usize,
    /// They stand among the problems.
    pub shows_notes: bool,
    /// There is no rule yet.
    pub is_blank: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// As high with no problem as with one or two: what is below does not move while one types.
pub fn findings(props: &FindingsProps) -> Html {
    let all = props.problems.len();
    if all == 0 && props.is_blank {
        return Html::default();
    }
    let fix_button = |problem, fix, title: &str| {
        let kind = if title.starts_with(SILENCE) { Kind::Small } else { Kind::Outlined };
        let chosen = props.on.reform(move |_| Msg::FixChosen { problem, fix });
        button(kind, title.replace('`', ""), chosen)
    };
    let row = |(at, problem): (usize, &Problem)| {
        let onclick = props.on.tell_of::<MouseEvent, _>(at, Msg::ProblemChosen);
        let finding = &problem.finding;
        let about = lint::lookup(&finding.code);
        html! {
            <li key={format!("{at} {}", finding.code)}>
                <button class="findings__row" type="button" {onclick}>
                    { glyph::severity(finding.severity) }
                    <span key={finding.message.clone()} class="findings__message">
                        { prose(&capital(&finding.message)) }
                        <span class="findings__code">{ finding.code.clone() }</span>
                    </span>
                    <span class="findings__where">{ place(problem) }</span>
                    if let Some(help) = &finding.help {
                        <span class="findings__help">{ prose(&capital(help)) }</span>
                    }
                </button>
                if !finding.fixes.is_empty() || about.is_some() {
                    <div class="findings__fixes">
                        { for (0..).zip(&finding.fixes).map(|(fix, it)| fix_button(at, fix, &it.title)) }
                        { for about.map(explained) }
                    </div>
                }
            </li>
        }
    };
    let toggle = if props.is_hidden { "Show" } else { "Hide" };
    html! {
        <section class="findings" aria-label="Problems"
            data-hidden={props.is_hidden.then_some("true")}>
            <div class="findings__head">
                <h3 class="findings__title">{ "Problems" }</h3>
                <span class="findings__count">{ props.problems.len() }</span>
                if props.notes > 0 {
                    <button class="button" type="button" data-kind="small"
                        aria-pressed={props.shows_notes.to_string()}
                        onclick={props.on.tell::<MouseEvent>(|| Msg::NotesToggled)}>
                        { format!("Notes ({})", props.notes) }
                    </button>
                }
                { button(Kind::Small, toggle, props.on.tell(|| Msg::ProblemsToggled)) }
            </div>
            if all == 0 && !props.is_hidden {
                <p class="findings__none">{ "Nothing is wrong with the rule or the events." }</p>
            }
            if !props.is_hidden {
                <ul class="findings__list">
                    { for props.problems.iter().enumerate().map(row) }
                </ul>
            }
        </section>
    }
}

/// What the lint is about, and an example of it; folded away until somebody asks.
fn explained(lint: &Lint) -> Html {
    html! {
        <details class="findings__about">
            <summary class="button" data-kind="small">{ "Why?" }</summary>
            <p class="findings__why">{ prose(lint.why) }</p>
            <dl class="findings__example">
                <dt>{ "Instead of" }</dt>
                <dd><code>{ lint.bad }</code></dd>
                if !lint.good.is_empty() {
                    <dt>{ "write" }</dt>
                    <dd><code>{ lint.good }</code></dd>
                }
            </dl>
        </details>
    }
}

fn place(problem: &Problem) -> String {
    let text = match problem.text {
        TextKind::Rule => "rule",
        TextKind::Events => "events",
        TextKind::Mapping => "mapping",
    };
    match problem.place {
        Some((line, column)) => format!("{text} {line}:{column}"),
        None => format!("{text}, outside the query"),
    }
}
