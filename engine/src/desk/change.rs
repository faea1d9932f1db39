//! What would have to change in an event for it to match.

use crate::change;
use crate::desk::{Desk, Run, roles};
use crate::eval::{self, Recording};
use crate::explain::{duration, trail_words};
use crate::hir::Form;
use crate::ingest::load;
use crate::join::{End, Trail};
use crate::plan::{NodeId, Stage};
use crate::rule::IndexPatterns;
use crate::run::{Options, search};
use crate::sort;
use crate::store::Bits;
use crate::synth::{Held, Stopped, repair};
use crate::time::Instant;
use crate::value::{Number, Value};
use crate::wire::change::{Action, Change, FieldEdit};

/// Most bytes of events that are read again for one question, all attempts together.
const MAX_BYTES: u64 = 32_000_000;
/// Most values of join keys that are tried.
const MAX_KEYS: usize = 24;

/// Columns of join keys and the values they would have to have.
type Keys<'p> = Vec<(&'p str, Value<'static>)>;

/// An edited event.
struct Edited {
    source: String,
    edits: Vec<FieldEdit>,
    is_smallest: bool,
}

impl Desk {
    /// The smallest edit of one event that makes it match, by the last run; of a sequence or sample,
    /// that makes it fit the nearest stage, or where it fits one, what keeps it from a match. `None`
    /// where there is no such event or no run.
    #[must_use]
    pub fn change(&self, event: u32) -> Option<Change> {
        let run = self.last.as_ref()?;
        let source = self.source(event)?;
        let mut found = Change { event, id: self.store.id(event), ..Change::default() };
        let is_match = run.found.matches.get(event);
        let holds = run.recording.holds(NodeId(0), event);
        if !run.found.searched.get(event) {
            let index = self.store.index(event);
            found.sentence = format!("`{index}` is not searched: no edit of its fields can do it.");
        } else if is_match {
            found.sentence = "It matches as it is.".into();
        } else if run.plan.form() != Form::Event {
            self.change_of_part(run, event, source, &mut found);
        } else if holds {
            found.sentence = "It matches, and a pipe leaves it out.".into();
        } else {
            match self.mend(run, event, source, NodeId(0)) {
                Ok(edited) => {
                    found.sentence = format!("{} it match.", makes(&edited.edits));
                    found.take(edited);
                }
                Err(why) => found.sentence = why,
            }
        }
        Some(found)
    }

    /// The event as [`Desk::change`] edits it, with an id of its own, as a line of NDJSON; with
    /// `alone` false behind all others, each a line. `None` where no edit was found.
    #[must_use]
    pub fn tried(&self, event: u32, alone: bool) -> Option<String> {
        let source = self.change(event)?.source?;
        let mut id = format!("{}-edited", self.store.id(event));
        while self.store.event_by_id(&id).is_some() {
            id.push_str("-2");
        }
        let mut out = String::new();
        if !alone {
            self.write(&Bits::all(self.store.n_events()), &mut out);
        }
        out.push_str(&change::hit(&source, Some(&id), &self.store.index(event)));
        Some(out)
    }

    /// Edits the event so that a query or a stage holds, or says why not.
    fn mend(&self, run: &Run, event: u32, source: &str, root: NodeId) -> Result<Edited, String> {
        let held = |column: &str| {
            let values = self.store.column(column).map(|column| column.values_of(event));
            let values: Vec<_> = values.into_iter().flatten().map(owned).collect();
            Held { is_list: values.len() > 1 || change::values(source, column).1, values }
        };
        let (mended, least) =
            repair(&run.plan, root, &held).map_err(|stopped| why_not(run, &stopped))?;
        let is_smallest = mended.len() <= least.max(1) as usize;
        let mut edited = Edited { source: source.to_owned(), edits: Vec::new(), is_smallest };
        for field in &mended {
            let clause = field.leaf.and_then(|leaf| clause_of(run, leaf));
            edited.put(&field.column, &field.values, clause);
        }
        if self.fits(run, event, &edited.source, root) {
            Ok(edited)
        } else {
            Err("No edit was found: what was tried does not come out right.".into())
        }
    }

    /// Does the query, or a stage of it, hold for the event with this document?
    fn fits(&self, run: &Run, event: u32, document: &str, root: NodeId) -> bool {
        let line = change::hit(document, Some(&self.store.id(event)), &self.store.index(event));
        let mut store = load(&line).store;
        store.hold_as(&self.mapping);
        let mut recording = Recording::default();
        eval::run(&run.plan, &store, &mut recording);
        recording.holds(root, 0)
    }

    /// The same for a sequence or sample.
    fn change_of_part(&self, run: &Run, event: u32, source: &str, found: &mut Change) {
        let stages = run.plan.stages();
        let fits = roles::stages(&run.plan, &run.recording, event);
        let own = fits.iter().find_map(|number| {
            let stage = stages.get(usize::from(*number) - 1)?;
            (!stage.missing).then_some((*number, stage))
        });
        let what = run.plan.whole();
        let Some((number, stage)) = own else {
            let explainer = self.explainer(run);
            let mut near: Vec<(usize, usize, &Stage)> = Vec::new();
            for (at, stage) in stages.iter().enumerate() {
                if !stage.missing && near.iter().all(|(_, _, known)| known.node != stage.node) {
                    let flips = explainer.flips_for(stage.node, event).len();
                    // No flips at all: none would help.
                    near.push((flips.wrapping_sub(1), at, stage));
                }
            }
            sort::by(&mut near, |one, two| one.0.cmp(&two.0));
            // Of stages that are equally near, one with which it is part of a match comes first.
            let mut nearest = None;
            for (flips, at, stage) in near.into_iter().take(8) {
                if nearest.is_some_and(|nearest| nearest != flips) {
                    break;
                }
                match self.mend(run, event, source, stage.node) {
                    Ok(edited) => {
                        let changed = [(event, Some(edited.source.as_str()))];
                        let matches = self.matches_with(run, &changed);
                        let joins = matches.as_ref().is_some_and(|all| all.contains(&event));
                        if nearest.is_some() && !joins {
                            continue;
                        }
                        nearest = Some(flips);
                        let then = match (joins, matches) {
                            (true, _) => format!(" It is part of a {what} then."),
                            (_, Some(_)) => format!(" It is part of no {what} yet."),
                            _ => String::new(),
                        };
                        let makes = makes(&edited.edits);
                        found.sentence =
                            format!("{makes} it fit {} {}.{then}", run.plan.part(), at + 1);
                        found.stage = Some(at as u16 + 1);
                        found.take(edited);
                        if joins {
                            return;
                        }
                    }
                    Err(why) if found.sentence.is_empty() => found.sentence = why,
                    Err(_) => {}
                }
            }
            return;
        };
        found.stage = Some(number);
        let trail = run.trail_of(&self.store, event);
        let trail = trail.as_ref();
        let fits = roles::stage(&run.plan, number);
        if run.roles.words(event, run, &self.store).as_deref() == Some(roles::CUT) {
            found.sentence = format!("It is part of a {what}, and a pipe leaves that out.");
        } else if !self.another_time(run, event, trail, found)
            && !self.without_another(run, event, trail, what, found)
            && !self.other_keys(run, event, source, stage, what, found)
        {
            let why = match trail {
                Some(trail) => {
                    let first = trail.events.first();
                    let waited = first.and_then(|first| run.waited_ms(&self.store, *first));
                    trail_words(trail, &run.plan, &self.store, waited).1
                }
                None => format!("No {what} waits for it."),
            };
            found.sentence =
                format!("It fits {fits}; no edit of it alone makes it part of a {what}. {why}");
        }
    }

    /// Of a sequence that came to an end by its span: how much earlier the last event would have to
    /// come.
    fn another_time(
        &self,
        run: &Run,
        event: u32,
        trail: Option<&Trail>,
        found: &mut Change,
    ) -> bool {
        let Some(Trail { end: End::MaxspanExpired { by, late_ms }, .. }) = trail else {
            return false;
        };
        let (by, time) = (*by, run.plan.time());
        let column = time.timestamp.as_ref();
        let (Some(source), Some(came)) = (self.source(by), self.store.time(time, by)) else {
            return false;
        };
        // What is late by less than a millisecond is late by one.
        for late in [*late_ms, late_ms.saturating_add(1)] {
            let when = came.millis().saturating_sub(i64::try_from(late).unwrap_or(i64::MAX));
            let value = match change::values(source, column).0.first() {
                Some(Value::Num(_)) => Value::Num(Number::Int(when)),
                _ => Value::Str(Instant::from_millis(when).to_string().into()),
            };
            let mut edited =
                Edited { source: source.to_owned(), edits: Vec::new(), is_smallest: true };
            edited.put(column, &[value], None);
            let matches = self.matches_with(run, &[(by, Some(edited.source.as_str()))]);
            if late > 0 && matches.is_some_and(|matches| matches.contains(&event)) {
                found.sentence = format!(
                    "Event `{}` would have to come {} earlier.",
                    self.store.id(by),
                    duration(late)
                );
                if by == event {
                    found.take(edited);
                }
                return true;
            }
        }
        false
    }

    /// Of a sequence that another event ended: it would have to be gone.
    fn without_another(
        &self,
        run: &Run,
        event: u32,
        trail: Option<&Trail>,
        what: &str,
        found: &mut Change,
    ) -> bool {
        let by = match trail.map(|trail| trail.end) {
            Some(
                End::Overwritten { by } | End::Until { by } | End::MissingEventSeen { by, .. },
            ) if by != event => by,
            _ => return false,
        };
        let matches = self.matches_with(run, &[(by, None)]);
        let is_enough = matches.is_some_and(|matches| matches.contains(&event));
        if is_enough {
            found.sentence = format!(
                "Event `{}` would have to be gone: without it this one is part of a {what}.",
                self.store.id(by)
            );
        }
        is_enough
    }

    /// The keys of an event of another stage, with which it becomes part of a match.
    fn other_keys(
        &self,
        run: &Run,
        event: u32,
        source: &str,
        stage: &Stage,
        what: &str,
        found: &mut Change,
    ) -> bool {
        let first = |column: &str, event: u32| {
            let column = self.store.column(column)?;
            column.values_of(event).next().map(owned)
        };
        // Those that differ least come first, then those that stand nearest.
        let mut tries: Vec<(usize, u32, Keys<'_>)> = Vec::new();
        let mut others: Vec<(u32, &Stage)> = Vec::new();
        for other in run.plan.stages().iter().filter(|other| !other.missing) {
            let bits = run.recording.bits(other.node).filter(|_| other.node != stage.node);
            others.extend(bits.into_iter().flat_map(|bits| bits.iter()).map(|at| (at, other)));
        }
        sort::by(&mut others, |one, two| one.0.abs_diff(event).cmp(&two.0.abs_diff(event)));
        for (other, theirs) in others {
            let mut keys: Keys<'_> = Vec::new();
            for (own, their) in stage.keys.iter().zip(&theirs.keys) {
                let own = own.field.column.as_ref();
                let value = first(&their.field.column, other);
                if let Some(value) = value.filter(|value| first(own, event).as_ref() != Some(value))
                {
                    keys.push((own, value));
                }
            }
            if !keys.is_empty() && tries.iter().all(|(_, _, known)| *known != keys) {
                tries.push((keys.len(), other.abs_diff(event), keys));
            }
            if tries.len() >= MAX_KEYS {
                break;
            }
        }
        sort::by(&mut tries, |one, two| (one.0, one.1).cmp(&(two.0, two.1)));
        let mut room = MAX_BYTES;
        for (_, _, keys) in tries {
            let mut edited =
                Edited { source: source.to_owned(), edits: Vec::new(), is_smallest: true };
            for (column, value) in &keys {
                edited.put(column, std::slice::from_ref(value), None);
            }
            let changed = [(event, Some(edited.source.as_str()))];
            room = room.saturating_sub(self.size_of_parts(run));
            if room == 0 {
                return false;
            }
            if self.matches_with(run, &changed).is_some_and(|matches| matches.contains(&event)) {
                let keys: Vec<String> = keys
                    .iter()
                    .map(|(column, value)| format!("`{column}` would have to be `{value}`"))
                    .collect();
                found.sentence = format!("{}: then it is part of a {what}.", keys.join(" and "));
                found.take(edited);
                return true;
            }
        }
        false
    }

    /// How many bytes the events have that pass a filter of a sequence or sample.
    fn size_of_parts(&self, run: &Run) -> u64 {
        let parts = run.recording.bits(NodeId(0)).into_iter().flat_map(|bits| bits.iter());
        let places = parts.filter_map(|event| self.store.place(event));
        places.map(|place| place.end - place.start).sum::<u64>() + 1
    }

    /// The events of the matches of a sequence or sample, where some events have other documents or
    /// are gone. `None` where there are too many to run it again.
    fn matches_with(&self, run: &Run, changed: &[(u32, Option<&str>)]) -> Option<Vec<u32>> {
        if self.size_of_parts(run) > MAX_BYTES {
            return None;
        }
        let mut parts = run.recording.bits(NodeId(0))?.clone();
        changed.iter().for_each(|(event, _)| parts.set(*event));
        // It says how long was waited.
        run.found.ordinals.last().iter().for_each(|(_, last)| parts.set(*last));
        let mut text = String::new();
        let mut events = Vec::new();
        for event in parts.iter() {
            let new = changed.iter().find(|(changed, _)| *changed == event);
            let document = new.map_or_else(|| self.source(event), |(_, document)| *document);
            let Some(document) = document else { continue };
            let index = self.store.index(event);
            text.push_str(&change::hit(document, Some(&self.store.id(event)), &index));
            text.push('\n');
            events.push(event);
        }
        let mut store = load(&text).store;
        store.hold_as(&self.mapping);
        let patterns = IndexPatterns::new(&run.rule.indices);
        let options = Options::default().for_rule(&run.rule);
        let found = search(&run.plan, &store, &patterns, &options, &mut (), &mut ());
        Some(found.matches.iter().filter_map(|at| events.get(at as usize).copied()).collect())
    }
}

impl Change {
    fn take(&mut self, edited: Edited) {
        self.edits = edited.edits;
        self.source = Some(edited.source);
        self.is_smallest = edited.is_smallest;
    }
}

impl Edited {
    /// Gives a field other values.
    fn put(&mut self, column: &str, values: &[Value<'_>], clause: Option<u16>) {
        let all: Vec<String> =
            change::values(&self.source, column).0.iter().map(ToString::to_string).collect();
        let Some((source, steps)) = change::with(&self.source, column, values) else { return };
        self.source = source;
        for step in steps {
            let (action, sentence) = match (&step.from, &step.to) {
                (Some(from), Some(to)) => {
                    (Action::Set, format!("Set `{column}` to `{to}`; it is `{from}`."))
                }
                (None, Some(to)) if all.is_empty() => {
                    (Action::Set, format!("Set `{column}` to `{to}`; it has no value."))
                }
                (None, to) => {
                    let to = to.as_deref().unwrap_or_default();
                    (Action::Add, format!("Add `{to}` to `{column}`."))
                }
                (Some(_), None) if values.is_empty() => {
                    (Action::Delete, format!("Delete `{column}`."))
                }
                (Some(from), None) => (Action::Remove, format!("Remove `{from}` from `{column}`.")),
            };
            // What is deleted goes at once.
            if action == Action::Delete
                && self.edits.last().is_some_and(|last| last.field == column)
            {
                continue;
            }
            let mut from = all.clone();
            if let Some(at) = from.iter().position(|value| Some(value) == step.from.as_ref())
                && action != Action::Delete
            {
                from.swap(0, at);
            }
            self.edits.push(FieldEdit {
                field: column.into(),
                action,
                from,
                to: step.to,
                clause,
                sentence,
            });
        }
    }
}

fn makes(edits: &[FieldEdit]) -> String {
    match edits.len() {
        1 => "One edit makes".into(),
        n => format!("{n} edits make"),
    }
}

/// The number of the clause of a leaf, which may stand under a `not`.
fn clause_of(run: &Run, leaf: NodeId) -> Option<u16> {
    let number = |node: NodeId| run.clauses.name(node)?.clause;
    number(leaf).or_else(|| number(run.plan.node(leaf)?.parent?))
}

fn why_not(run: &Run, stopped: &Stopped) -> String {
    let numbers = |leaves: &[NodeId]| -> Vec<String> {
        leaves.iter().filter_map(|leaf| clause_of(run, *leaf)).map(|n| n.to_string()).collect()
    };
    match stopped {
        Stopped::Constant => {
            "No edit of one event can do it: a clause is the same for every event.".into()
        }
        Stopped::Clash(leaves, true) => format!(
            "No edit of one event can do it: clauses {} exclude each other.",
            numbers(leaves).join(" and ")
        ),
        Stopped::Clash(leaves, false) if !leaves.is_empty() => format!(
            "No edit was found: no values suit clause {} beside the others.",
            numbers(leaves).join(" and ")
        ),
        Stopped::Clash(..) => "No edit was found: no values suit all clauses.".into(),
        Stopped::Budget => "No edit was found: there are too many choices to try.".into(),
    }
}

fn owned(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Str(text) => Value::Str(text.into_owned().into()),
        Value::Num(number) => Value::Num(number),
        Value::Bool(value) => Value::Bool(value),
    }
}
