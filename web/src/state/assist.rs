//! Help for the rule editor: what may be written, and what a word means.

use std::rc::Rc;

use eqlens_engine::wire::assist::{Completions, Hover};

use crate::protocol::{Help, Request, RunId};
use crate::state::Effect;
use crate::state::model::State;

/// The newest questions, and the newest answers to them.
#[derive(Clone, Debug, Default)]
pub struct Assist {
    asked: RunId,
    list_run: RunId,
    word_run: RunId,
    /// What may be written. Every answer is another one, even where it says the same.
    pub list: Option<Rc<Completions>>,
    /// What the word means.
    pub word: Option<Rc<Option<Hover>>>,
}

/// Asks at a place of the text the rule editor shows, in UTF-16 units.
pub(super) fn ask(state: &mut State, at: u32, is_hover: bool) -> Vec<Effect> {
    let at = at + state.docs.shown_window().start_utf16;
    let assist = &mut state.assist;
    let run = assist.asked.next();
    assist.asked = run;
    *(if is_hover { &mut assist.word_run } else { &mut assist.list_run }) = run;
    let rule = state.docs.rule.to_string();
    vec![Effect::Ask(Request::Assist { run, rule, at, is_hover })]
}

/// Takes an answer, unless there is a newer question of its kind.
pub(super) fn answered(state: &mut State, run: RunId, help: Help) {
    let assist = &mut state.assist;
    match help {
        Help::List(list) if run == assist.list_run => assist.list = Some(Rc::new(list)),
        Help::Word(word) if run == assist.word_run => assist.word = Some(Rc::new(word)),
        Help::List(_) | Help::Word(_) => {}
    }
}
