//! What is made of the rule on demand: its query formatted, events that match it, its words.

use std::rc::Rc;

use eqlens_engine::wire::change::Change;
use eqlens_engine::wire::reading::Reading;

use crate::protocol::{Kept, Made, Request, RunId, Wish};
use crate::state::model::{Notice, Origin, Overlay, Place, State, Tab};
use crate::state::update::edited;
use crate::state::{Effect, link};

/// Questions under way, and what is kept of the answers.
#[derive(Clone, Debug, Default)]
pub struct Making {
    run: RunId,
    /// The rule texts that were asked about, and what for.
    asked: Vec<(RunId, Rc<str>, Wish)>,
    /// The newest events that were made.
    events: Rc<str>,
    /// The query in plain English, and the rule text it is of.
    reading: Option<(Rc<str>, Option<Rc<Reading>>)>,
    /// What would have to change in an event.
    change: Option<Rc<Change>>,
    /// The events that the matches need, of the texts as they stand.
    kept: Option<Rc<Kept>>,
}

impl Making {
    /// The query of a rule text in plain English, where that is known.
    #[must_use]
    pub fn reading_of(&self, rule: &str) -> Option<Rc<Reading>> {
        let (of, reading) = self.reading.as_ref()?;
        reading.clone().filter(|_| **of == *rule)
    }

    /// What would have to change in an event, where that was asked for.
    #[must_use]
    pub fn change_of(&self, event: Option<u32>) -> Option<Rc<Change>> {
        self.change.clone().filter(|change| Some(change.event) == event)
    }

    /// How many events the matches need, where that is known and not all.
    #[must_use]
    pub fn n_kept(&self) -> Option<u32> {
        self.kept.as_ref().map(|kept| kept.count)
    }
}

/// What the place for events holds then, for the notice.
const MADE: &str = "what was made of the rule";
const KEPT: &str = "only what the matches and the selected event need";

/// What was said about an older text is over once the visitor goes on from it.
pub(super) fn went_on(state: &mut State) {
    let is_made = state.docs.events == state.making.events;
    (state.making.change, state.making.kept) = (None, None);
    state.notices.retain(|notice| match notice {
        Notice::NotMade(_) => false,
        Notice::PutAside { what } => is_made || !matches!(*what, MADE | KEPT),
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
    match wish {
        // Asked for again, it is to go.
        Wish::Change(event) if making.change.take().is_some_and(|old| old.event == event) => {
            return Vec::new();
        }
        Wish::Keep { is_now: true, .. } => {
            if let Some(kept) = making.kept.take() {
                return show_kept(state, &kept);
            }
        }
        _ => {}
    }
    let making = &mut state.making;
    making.run = making.run.next();
    let run = making.run;
    let request = Request::Make { run, rule: rule.to_string(), wish };
    making.asked.push((run, rule, wish));
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
    let found = asked.iter().position(|(asked, ..)| *asked == run).map(|at| asked.remove(at));
    // Answers come in order: what was asked before is lost with a worker that died.
    asked.retain(|(asked, ..)| *asked > run);
    let Some((_, rule, wish)) = found.filter(|(_, rule, _)| *rule == state.docs.rule) else {
        return Vec::new();
    };
    let is_of_events = matches!(made, Made::Change(_) | Made::Tried(_) | Made::Kept(_));
    if is_of_events && state.engine.loaded != Some(state.docs.events_version) {
        return Vec::new();
    }
    state.notices.retain(|notice| !matches!(notice, Notice::NotMade(_)));
    match made {
        Made::Reading(reading) => state.making.reading = Some((rule, reading.map(Rc::new))),
        Made::Change(change) => state.making.change = change.map(Rc::new),
        Made::Tried(Some(text)) => {
            let text = match wish {
                Wish::Try { is_line: true, .. } => {
                    format!("{}\n{text}", state.docs.events.trim_end())
                }
                _ => text,
            };
            // It comes last.
            state.wanted_event = state.report.as_ref().map(|report| report.events);
            state.docs.replace_events(text.into());
            let mut effects = edited(state);
            // The button that had the focus is gone.
            effects.extend([Effect::Focus(Place::Back), Effect::Focus(Place::Result)]);
            return effects;
        }
        Made::Tried(None) => {}
        Made::Kept(kept) => match (kept, wish) {
            (Some(kept), Wish::Keep { is_now: true, .. }) => return show_kept(state, &kept),
            (None, Wish::Keep { is_now: true, .. }) => {
                let why = "The matches and the selected event need all of these events";
                state.notices.push(Notice::NotMade(why.into()));
            }
            (kept, _) => state.making.kept = kept.map(Rc::new),
        },
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
            state.list.choice = None;
            return show(state, events.into());
        }
        Made::Format(Err(why)) | Made::Events(Err(why)) => {
            state.say(Notice::NotMade(why.into()));
        }
    }
    Vec::new()
}

/// Shows only the events that the matches need. What stood there can be had back.
fn show_kept(state: &mut State, kept: &Kept) -> Vec<Effect> {
    link::set_own_aside(state, KEPT);
    if state.origin != Origin::Draft && state.aside.is_none() {
        state.aside = Some(state.texts());
        state.is_aside_unsaved = true;
        state.notices.push(Notice::PutAside { what: KEPT });
    }
    let mut effects = show(state, kept.text.trim_end().into());
    state.wanted_event = kept.event;
    if state.overlay == Overlay::Share {
        effects.extend(link::make_link(state));
    }
    effects
}

/// Shows other events, as if they had been typed.
fn show(state: &mut State, events: Rc<str>) -> Vec<Effect> {
    state.docs.replace_events(events);
    state.making.events = Rc::clone(&state.docs.events);
    state.selected = None;
    state.explained = None;
    edited(state)
}
