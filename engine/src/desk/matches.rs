//! Matches as NDJSON: the events as they were, with the clauses that decided.

use crate::desk::grounds::Ground;
use crate::desk::timeline::Drawing;
use crate::desk::{Desk, Run};
use crate::hir::Form;
use crate::json::quoted;
use crate::plan::NodeId;
use crate::run::{Hits, ResultPosition, cut};
use crate::wire::timeline::{EventRef, Trace};

/// Of a sample that was found; the order of its events says nothing.
pub(super) const IN_EACH_FILTER: &str = "One event fits each filter.";

impl Desk {
    /// The matches of the last run, one a line: hits of events, or the events of a sequence or sample
    /// under `events`; what is ours stands under `eqlens`. With `near`, then those that narrowly do not
    /// match: events one clause away, sequences that came to nothing, groups of a sample that lack an
    /// event. Line ends between the tokens of an event become blanks; nothing else of it changes.
    /// `None` where there was no run.
    #[must_use]
    pub fn matches_ndjson(&self, near: bool) -> Option<String> {
        let run = self.last.as_ref()?;
        let writer =
            Writer { desk: self, run, drawing: Drawing { desk: self, run, keys: &run.found.keys } };
        let mut out = String::new();
        match cut(&run.found.all, &run.plan, usize::MAX, ResultPosition::Tail) {
            Hits::Events(events) => {
                for event in events {
                    writer.event(&mut out, event, &self.grounds(run, NodeId(0), event));
                }
                if near {
                    let near = run.near.iter().filter(|event| !run.found.matches.get(**event));
                    for event in near {
                        writer.event(&mut out, *event, &self.obstacles(run, *event));
                    }
                }
            }
            Hits::Joined(matches) => {
                for hit in &matches {
                    writer.joined(&mut out, &writer.drawing.matched(hit, None), true);
                }
                if near {
                    writer.came_to_nothing(&mut out);
                }
            }
        }
        Some(out)
    }
}

struct Writer<'d> {
    desk: &'d Desk,
    run: &'d Run,
    drawing: Drawing<'d>,
}

impl Writer<'_> {
    fn event(&self, out: &mut String, event: u32, grounds: &[Ground]) {
        let verdict = self.desk.verdict_name(self.run, event);
        out.push('{');
        self.hit(out, event);
        out.push_str(&format!(",\"eqlens\":{{\"verdict\":\"{verdict}\""));
        clauses(out, grounds);
        out.push_str("}}\n");
    }

    /// The members of a hit.
    fn hit(&self, out: &mut String, event: u32) {
        let store = &self.desk.store;
        let source = self.desk.source(event).unwrap_or("{}");
        let (index, id) = (quoted(&store.index(event)), quoted(&store.id(event)));
        out.push_str(&format!("\"_index\":{index},\"_id\":{id},\"_source\":"));
        out.extend(source.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
    }

    /// An event of a stage, or that there is none.
    fn member(&self, out: &mut String, at: usize, event: Option<u32>) {
        let stage = self.run.plan.stages().get(at);
        out.push('{');
        match event {
            Some(event) => self.hit(out, event),
            // As Elasticsearch writes it (spec §7.33).
            None => out.push_str(r#""_index":"","_id":"","_source":{},"missing":true"#),
        }
        out.push_str(&format!(",\"eqlens\":{{\"stage\":{}", at + 1));
        if let (Some(stage), Some(event)) = (stage, event) {
            clauses(out, &self.desk.grounds(self.run, stage.node, event));
        }
        out.push_str("}}");
    }

    /// One sequence or sample, found or not. A stage before the events of a trace that its key hid has
    /// no event to show.
    fn joined(&self, out: &mut String, trace: &Trace, holds: bool) {
        out.push_str("{\"events\":[");
        let mut is_first = true;
        for (at, event) in trace.events.iter().enumerate() {
            let is_missing = self.run.plan.stages().get(at).is_some_and(|stage| stage.missing);
            if event.is_none() && !is_missing {
                continue;
            }
            comma(out, &mut is_first);
            self.member(out, at, event.as_ref().map(|event| event.event));
        }
        out.push(']');
        let is_sample = self.run.plan.form() == Form::Sample;
        let sentence = if is_sample { IN_EACH_FILTER } else { &trace.sentence };
        self.head(out, holds, &trace.keys, sentence);
        if !is_sample {
            let (ended, stage) = (trace.ended.name(), trace.stage);
            out.push_str(&format!(",\"ended\":\"{ended}\",\"stage\":{stage}"));
            let id = |event: &EventRef| quoted(&event.id);
            for (name, value) in [
                ("by", trace.by.as_ref().map(id)),
                ("late_ms", trace.late_ms.map(|late| late.to_string())),
                ("field", trace.field.as_deref().map(quoted)),
            ] {
                if let Some(value) = value {
                    out.push_str(&format!(",\"{name}\":{value}"));
                }
            }
        }
        out.push_str("}}\n");
    }

    fn came_to_nothing(&self, out: &mut String) {
        for trail in self.run.trails.nearest(usize::MAX) {
            self.joined(out, &self.drawing.trail(trail, None), false);
        }
        for group in self.run.found.groups.iter().filter(|group| group.matches.is_empty()) {
            let told = self.drawing.group(group, &[]);
            out.push_str("{\"events\":[");
            let mut is_first = true;
            for (at, filter) in told.filters.iter().enumerate() {
                for event in &filter.events {
                    comma(out, &mut is_first);
                    self.member(out, at, Some(event.event));
                }
            }
            out.push(']');
            self.head(out, false, &told.keys, &told.sentence);
            out.push_str("}}\n");
        }
    }

    /// The beginning of what is ours about a sequence or sample.
    fn head(&self, out: &mut String, holds: bool, keys: &[Option<String>], sentence: &str) {
        let verdict = if holds { "holds" } else { "fails" };
        out.push_str(&format!(",\"eqlens\":{{\"verdict\":\"{verdict}\",\"keys\":["));
        let mut is_first = true;
        for (field, value) in self.drawing.key_names().iter().zip(keys) {
            comma(out, &mut is_first);
            let value = value.as_deref().map_or_else(|| "null".to_owned(), quoted);
            out.push_str(&format!("{{\"field\":{},\"value\":{value}}}", quoted(field)));
        }
        out.push_str(&format!("],\"sentence\":{}", quoted(sentence)));
    }
}

fn comma(out: &mut String, is_first: &mut bool) {
    if !std::mem::take(is_first) {
        out.push(',');
    }
}

fn clauses(out: &mut String, grounds: &[Ground]) {
    out.push_str(",\"clauses\":[");
    let mut is_first = true;
    for ground in grounds {
        comma(out, &mut is_first);
        let (label, reason, field) = (quoted(&ground.label), ground.reason, quoted(&ground.field));
        out.push_str(&format!(
            "{{\"clause\":{},\"text\":{label},\"reason\":\"{reason}\",\"field\":{field},\"values\":[",
            ground.clause
        ));
        let values: Vec<String> = ground.values.iter().map(|value| quoted(value)).collect();
        out.push_str(&values.join(","));
        out.push_str("]}");
    }
    out.push(']');
}
