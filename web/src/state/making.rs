//! What is made of the rule on demand: its query formatted, events that match it, its words.

use std::rc::Rc;

use eqlens_engine::wire::reading::Reading;

use crate::protocol::{Made, Request, RunId, Wish};
use crate::state::model::{Notice, State, Tab};
use crate::state::update::edited;
use crate::state::{Effect, link};

/// Questions under way, and what is kept of the answers.
#[derive(Clone, Debug, Default)]
pub struct Making {
    run: RunId,
    /// The rule texts that were asked about.
    asked: Vec<(RunId, Rc<str>)>,
    /// The newest events that were made.
    events: Rc<str>,
    /// The query in plain English, and the rule text it is of.
    reading: Option<(Rc<str>, Option<Rc<Reading>>)>,
}

impl Making {
    /// The query of a rule text in plain English, where that is known.
    #[must_use]
    pub fn reading_of(&self, rule: &str) -> Option<Rc<Reading>> {
        let (of, reading) = self.reading.as_ref()?;
        reading.clone().filter(|_| **of == *rule)
    }
}

/// What the place for events holds then, for the notice.
const MADE: &str = "what was made of the rule";

/// What was said about an older text is over once the visitor goes on from it.
pub(super) fn went_on(state: &mut State) {
    let is_made = state.docs.events == state.making.events;
    state.notices.retain(|notice| match notice {
        Notice::NotMade(_) => false,
        Notice::PutAside { what } => is_made || *what != MADE,
        _ => true,
    });
}

/// Asks for something to be made of the rule as it stands.
pub(super) fn ask(state: &mut State, wish: Wish) -> Vec<Effect> {
    let rule = Rc::clone(&state.docs.rule);
    if rule.trim().is_empty() {
        return Vec::new();
    }
    let making = &mut state.making;
    making.run = making.run.next();
    let run = making.run;
    let request = Request::Make { run, rule: rule.to_string(), wish };
    making.asked.push((run, rule));
    vec![Effect::Ask(request)]
}

/// Asks for the words of the rule, where they are shown and not known.
pub(super) fn ask_reading(state: &mut State) -> Vec<Effect> {
    let is_known = state.making.reading.as_ref().is_some_and(|(of, _)| *of == state.docs.rule);
    if state.tab != Tab::Rule || is_known {
        return Vec::new();
    }
    ask(state, Wish::Reading)
}

/// Takes what was made. Of a rule that has changed since then it is of no use.
pub(super) fn made(state: &mut State, run: RunId, made: Made) -> Vec<Effect> {
    let asked = &mut state.making.asked;
    let rule = asked.iter().position(|(asked, _)| *asked == run).map(|at| asked.remove(at).1);
    // Answers come in order: what was asked before is lost with a worker that died.
    asked.retain(|(asked, _)| *asked > run);
    let Some(rule) = rule.filter(|rule| *rule == state.docs.rule) else { return Vec::new() };
    state.notices.retain(|notice| !matches!(notice, Notice::NotMade(_)));
    match made {
        Made::Reading(reading) => state.making.reading = Some((rule, reading.map(Rc::new))),
        Made::Format(Ok(edits)) if edits.is_empty() => {}
        Made::Format(Ok(edits)) => {
            state.docs.rewrite(&edits);
            return edited(state);
        }
        Made::Events(Ok(events)) => {
            // What was made is no work of the visitor's: it must not take the place of what is kept.
            if state.docs.events != state.making.events {
                link::set_own_aside(state, MADE);
            }
            state.docs.replace_events(events.into());
            state.making.events = Rc::clone(&state.docs.events);
            state.selected = None;
            state.explained = None;
            state.list.choice = None;
            return edited(state);
        }
        Made::Format(Err(why)) | Made::Events(Err(why)) => {
            state.say(Notice::NotMade(why.into()));
        }
    }
    Vec::new()
}
