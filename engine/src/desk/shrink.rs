//! The fewest events that give the same matches, for a link or a test.

use crate::change;
use crate::desk::roles::{Roles, concerns};
use crate::desk::{Desk, Run};
use crate::eval::{self, Evaluated};
use crate::hir::Form;
use crate::ingest::is_lines;
use crate::join::{Input, KeySpace, Trails};
use crate::plan::NodeId;
use crate::run::{Hits, Options, ResultPosition, Searched, cut, search_in};
use crate::shrink::minimal;
use crate::store::Bits;
use crate::time::Instant;
use crate::wire::shrink::Kept;

/// Most events that are looked at to find out what is needed, all runs together.
const MAX_SEEN: u64 = 60_000_000;

impl Desk {
    /// The fewest of the loaded events that give the same matches of the last run, with `near` near
    /// misses as well. With `keep` that event stays, and what is said of it. `None` where there was
    /// no run, and where nothing smaller than all of them was found to be sure.
    #[must_use]
    pub fn shrink(&self, keep: Option<u32>, near: u32) -> Option<Kept> {
        let run = self.last.as_ref()?;
        let n = self.store.n_events();
        let (needed, extras) = self.needed(run, keep, near)?;
        let bits = |more: &[u32]| {
            let mut bits = needed.clone();
            more.iter().for_each(|event| bits.set(*event));
            bits
        };
        let mut texts = (String::new(), bits(&extras));
        self.write(&texts.1, &mut texts.0);
        if !self.is_same_alone(run, &texts.1, &texts.0, keep) {
            // Values elsewhere say what type a field has, and the last event what time it is.
            let mut more = extras;
            self.witnesses(run, &mut more);
            texts = (String::new(), bits(&more));
            self.write(&texts.1, &mut texts.0);
            if !self.is_same_alone(run, &texts.1, &texts.0, keep) {
                return None;
            }
        }
        let (text, kept) = texts;
        let events: Vec<u32> = kept.iter().collect();
        let shown = cut(&run.found.all, &run.plan, usize::MAX, ResultPosition::Tail).len();
        let what = run.plan.whole();
        let plural = match (shown, what) {
            (1, _) => "",
            (_, "match") => "es",
            _ => "s",
        };
        let sentence = format!(
            "Kept {} of {} events; the same {shown} {what}{plural}.",
            grouped(events.len()),
            grouped(n as usize)
        );
        Some(Kept { events, of: n, bytes: text.len() as u64, text, sentence })
    }

    /// The events that have to stay, and others that matches turn out the same with.
    fn needed(&self, run: &Run, keep: Option<u32>, near: u32) -> Option<(Bits, Vec<u32>)> {
        let n = self.store.n_events();
        let keep = keep.filter(|event| *event < n);
        let mut needed = run.found.matches.clone();
        let others = run.near.iter().filter(|event| !run.found.matches.get(**event));
        others.take(near as usize).chain(&keep).for_each(|event| needed.set(*event));
        if run.plan.form() == Form::Event && run.plan.pipes().is_empty() {
            return Some((needed, Vec::new()));
        }
        // Whatever passes no filter is nothing to a sequence, except that its time passes.
        let mut extras = run.recording.bits(NodeId(0))?.clone();
        run.found.ordinals.last().iter().for_each(|(_, last)| extras.set(*last));
        let extras: Vec<u32> = extras.iter().filter(|event| !needed.get(*event)).collect();
        let evaluated = eval::run(&run.plan, &self.store, &mut ());
        let mut keys = KeySpace::default();
        let wanted =
            self.said(run, &evaluated, &Bits::all(n), &run.found.ordinals, keep, &mut keys);
        let mut parts = needed.clone();
        extras.iter().for_each(|event| parts.set(*event));
        let mut ordinals = Vec::new();
        let all = run.found.ordinals.iter();
        ordinals.extend(all.filter(|(_, event)| parts.get(*event)).copied());
        let mut seen = 0;
        let mut same = |more: &[u32]| {
            let mut bits = needed.clone();
            more.iter().for_each(|event| bits.set(*event));
            seen += u64::from(n) / 16 + ordinals.len() as u64;
            seen < MAX_SEEN
                && self.said(run, &evaluated, &bits, &ordinals, keep, &mut keys) == wanted
        };
        if !same(&extras) {
            return None;
        }
        let kept = minimal(extras, &mut same);
        Some((needed, kept))
    }

    /// What a run over some of the events finds, and what is said of one of them.
    fn said(
        &self,
        run: &Run,
        evaluated: &Evaluated,
        among: &Bits,
        order: &[(Instant, u32)],
        keep: Option<u32>,
        keys: &mut KeySpace,
    ) -> (Hits, Option<(String, String)>) {
        let mut searched = run.found.searched.clone();
        searched &= among;
        let mut ordinals = Vec::new();
        ordinals.extend(order.iter().filter(|(_, event)| searched.get(*event)).copied());
        let input = Input {
            plan: &run.plan,
            store: &self.store,
            searched: &searched,
            evaluated,
            ordinals: &ordinals,
        };
        let options = Options::default().for_rule(&run.rule);
        let mut trails = Trails::new(if keep.is_some() { usize::MAX } else { 0 });
        let Searched { all, .. } = search_in(input, &options, keys, &mut trails);
        let said = keep.filter(|_| run.plan.form() != Form::Event).and_then(|event| {
            let trails = trails.nearest(usize::MAX);
            let trail = trails.into_iter().rfind(|trail| concerns(trail, event));
            Roles::new(&run.plan, &all).sentence_among(event, run, &self.store, trail, &ordinals)
        });
        (cut(&all, &run.plan, usize::MAX, ResultPosition::Tail), said)
    }

    /// Events that tell what type the fields of the query have, and the last one.
    fn witnesses(&self, run: &Run, events: &mut Vec<u32>) {
        events.extend(run.found.ordinals.last().map(|(_, event)| event));
        for column in run.plan.columns() {
            let Some(column) = self.store.column(column) else { continue };
            let types: Vec<_> = column.dictionary().map(|value| value.ty()).collect();
            let mut told: Vec<_> = Vec::new();
            for ty in &types {
                if !told.contains(&ty) {
                    told.push(ty);
                    let holds: Vec<bool> = types.iter().map(|known| known == ty).collect();
                    events.extend(column.first_event_with_any(&holds));
                }
            }
        }
    }

    /// Do the events by themselves give the same?
    fn is_same_alone(&self, run: &Run, kept: &Bits, text: &str, keep: Option<u32>) -> bool {
        let mut alone = Self { mapping: self.mapping.clone(), ..Self::default() };
        alone.load(text);
        let events: Vec<u32> = kept.iter().collect();
        if alone.store.n_events() as usize != events.len() {
            return false;
        }
        let outcome = alone.run_read((run.rule.clone(), Vec::new()), &run.rule.query, &|| 0.0);
        if outcome.result.is_none() {
            return false;
        }
        let original = |event: Option<u32>| event.and_then(|at| events.get(at as usize).copied());
        let matches = alone.matches().into_iter();
        let is_same =
            matches.map(|hit| hit.into_iter().map(original).collect::<Vec<_>>()).eq(self.matches());
        let said = |desk: &Self, event: u32| Some(desk.explain(event)?.headline);
        is_same
            && keep.is_none_or(|keep| {
                let at = events.iter().position(|event| *event == keep);
                at.and_then(|at| said(&alone, at as u32)) == said(self, keep)
            })
    }

    /// Events as NDJSON.
    pub(super) fn write(&self, events: &Bits, out: &mut String) {
        for event in events.iter() {
            out.push_str(&self.line(event).unwrap_or_default());
            out.push('\n');
        }
    }

    /// An event as a line of NDJSON: its own line where it stands on one, otherwise with its id and
    /// index around it.
    #[must_use]
    pub fn line(&self, event: u32) -> Option<String> {
        let (id, index) = (self.store.id(event), self.store.index(event));
        // What has no id is called by its position.
        let id = (id != event.to_string()).then_some(id);
        if let Some(line) = self.own_line(event) {
            return Some(line.to_owned());
        }
        Some(change::hit(self.source(event)?, id.as_deref(), &index))
    }
}

impl Desk {
    /// The line of NDJSON that holds just this event, without blanks around it and the comma after it.
    fn own_line(&self, event: u32) -> Option<&str> {
        let place = self.store.place(event)?;
        let text = self.sources.text(place.source)?;
        let is_other = |at: Option<u32>| {
            at.and_then(|at| self.store.place(at))
                .is_none_or(|other| (other.source, other.line) != (place.source, place.line))
        };
        if !is_lines(text) || !is_other(event.checked_sub(1)) || !is_other(event.checked_add(1)) {
            return None;
        }
        let (start, end) = (place.start as usize, place.end as usize);
        let before = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let after = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at);
        let line = text.get(before..after)?.trim();
        Some(line.strip_suffix(',').unwrap_or(line))
    }
}

/// A number with a comma every three digits.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
