//! Help for the rule editor: what may be written, and what a word means.

use std::rc::Rc;

use crate::protocol::{Help, Request, RunId};
use crate::state::Effect;
use crate::state::model::State;

/// The newest questions, and the newest answer.
#[derive(Clone, Debug, Default)]
pub struct Assist {
    asked: RunId,
    /// The newest question for suggestions, and about a word.
    newest: [RunId; 2],
    /// The newest answer. Each is another one, even where it says the same.
    pub help: Option<Rc<Help>>,
}

impl Assist {
    fn newest(&mut self, is_hover: bool) -> &mut RunId {
        let [list, word] = &mut self.newest;
        if is_hover { word } else { list }
    }
}

/// Asks at a place of the text the rule editor shows, in UTF-16 units.
pub(super) fn ask(state: &mut State, at: u32, is_hover: bool) -> Vec<Effect> {
    let run = state.assist.asked.next();
    state.assist.asked = run;
    *state.assist.newest(is_hover) = run;
    let window = state.docs.shown_window();
    // What is shown with its escapes read is asked about as if it were all there is: what is
    // suggested gets its escapes when it is taken over.
    let (rule, at) = match window.is_escaped() {
        true => (state.docs.shown_rule(), at),
        false => (Rc::clone(&state.docs.rule), window.source_at(at)),
    };
    let rule = rule.to_string();
    vec![Effect::Ask(Request::Assist { run, rule, at, is_hover })]
}

/// Takes an answer, unless there is a newer question of its kind.
pub(super) fn answered(state: &mut State, run: RunId, help: Help) {
    if *state.assist.newest(help.is_hover) == run {
        state.assist.help = Some(Rc::new(help));
    }
}
