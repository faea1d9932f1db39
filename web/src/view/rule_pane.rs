//! The rule: its editor and what is wrong with it.

use std::rc::Rc;

use yew::prelude::*;

use crate::protocol::{Help, Wish};
use crate::state::Msg;
use crate::state::docs::RuleView;
use crate::state::model::EditorOrder;
use crate::state::problems::Problem;
use crate::state::tree::MarginEntry;
use crate::state::window::Window;
use crate::view::editor::{Editor, EditorKind};
use crate::view::findings::{FindingsProps, findings};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::by_pointer::ByPointer;
use crate::view::parts::pane;
use crate::view::parts::segmented::{Segment, segmented};
use crate::view::parts::tells::Tells;

/// What the pane needs.
pub struct RulePaneProps {
    /// Name of the rule, where one was read.
    pub name: AttrValue,
    /// Which form is shown.
    pub view: RuleView,
    /// There is a query to be shown by itself.
    pub has_query: bool,
    /// See [`Editor`].
    pub rev: u32,
    /// See [`Editor`].
    pub epoch: u32,
    /// See [`Editor`].
    pub text: ByPointer<str>,
    /// See [`Editor`].
    pub findings: Rc<[Problem]>,
    /// See [`Editor`].
    pub window: Window,
    /// See [`Editor`].
    pub margin: Rc<[MarginEntry]>,
    /// See [`Editor`].
    pub marks: Rc<[(u32, u32, &'static str)]>,
    /// See [`Editor`].
    pub is_stale: bool,
    /// See [`Editor`].
    pub order: EditorOrder,
    /// See [`Editor`].
    pub help: Option<ByPointer<Help>>,
    /// All problems.
    pub problems: Rc<[Problem]>,
    /// They are hidden.
    pub hides_problems: bool,
    /// How many notes there are.
    pub notes: usize,
    /// They are shown.
    pub shows_notes: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Head, editor, problems.
pub fn rule_pane(props: &RulePaneProps) -> Html {
    let segment = |view, text: &'static str| Segment {
        text: text.into(),
        is_pressed: props.view == view,
        press: props.on.tell_of(view, Msg::RuleViewChosen),
    };
    let views = [segment(RuleView::Source, "Rule"), segment(RuleView::Query, "EQL")];
    let format = props.on.tell::<MouseEvent>(|| Msg::Wished(Wish::Format));
    let baseline = props.on.tell::<MouseEvent>(|| Msg::BaselineSet);
    let controls = html! {
        <>
            if !props.text.trim().is_empty() {
                { button(Kind::Small, "Set baseline", baseline) }
                { button(Kind::Small, "Format", format) }
            }
            if props.has_query {
                { segmented("Show", views) }
            }
        </>
    };
    // A whole document is no EQL; only of a bare query the source is.
    let is_eql = props.view == RuleView::Query || !props.has_query;
    let problems = findings(&FindingsProps {
        problems: Rc::clone(&props.problems),
        is_hidden: props.hides_problems,
        notes: props.notes,
        shows_notes: props.shows_notes,
        is_blank: props.text.trim().is_empty(),
        on: props.on.clone(),
    });
    html! {
        <section class="pane" data-pane="rule" aria-label="Rule">
            { pane::head("Rule", props.name.clone(), controls) }
            <Editor kind={EditorKind::Rule} label="Rule"
                placeholder={PLACEHOLDER}
                language={if is_eql { "eql" } else { "text" }}
                rev={props.rev} epoch={props.epoch} text={props.text.clone()}
                findings={Rc::clone(&props.findings)} window={props.window.clone()}
                margin={Rc::clone(&props.margin)} marks={Rc::clone(&props.marks)}
                help={props.help.clone()}
                is_stale={props.is_stale} order={props.order} on={props.on.clone()} />
            { problems }
        </section>
    }
}

const PLACEHOLDER: &str = "Paste a rule: a bare query, a rule\nfile (TOML), a Kibana rule or search\n\
                           as JSON, or a page about a rule.";
