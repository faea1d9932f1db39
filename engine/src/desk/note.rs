//! A case note in Markdown: what was searched, what was found, and why.

use crate::desk::grounds::Ground;
use crate::desk::matches::IN_EACH_FILTER;
use crate::desk::timeline::Drawing;
use crate::desk::{Desk, Run};
use crate::explain::{Nulls, event_sentence, summary};
use crate::hir::Form;
use crate::markdown::{cell, code, fence, sentence, sentence_cell, text};
use crate::plan::NodeId;
use crate::rule::Threat;
use crate::run::{Hits, ResultPosition, cut};
use crate::time::Instant;
use crate::wire::export::NoteOptions;
use crate::wire::timeline::{EventRef, Group, Trace};
use crate::wire::{NodeVerdict, Verdict};

/// Most matches in the table of an event query.
const MAX_ROWS: usize = 100;

/// Most matches whose clauses are told, and most sequences or samples.
const MAX_TOLD: usize = 10;

/// Most of what narrowly did not match.
const MAX_NEAR: usize = 20;

/// Longest value that is given whole, in characters.
const MAX_CHARS: usize = 160;

impl Desk {
    /// A case note in Markdown about the last run; `None` where there was none. The same run and the
    /// same options give the same text.
    #[must_use]
    pub fn note(&self, options: &NoteOptions) -> Option<String> {
        let run = self.last.as_ref()?;
        let drawing = Drawing { desk: self, run, keys: &run.found.keys };
        let mut note = Note { desk: self, run, drawing, out: String::new() };
        note.head(options);
        match cut(&run.found.all, &run.plan, usize::MAX, ResultPosition::Tail) {
            Hits::Events(events) => note.events(&events),
            Hits::Joined(matches) => {
                let found: Vec<Trace> = matches
                    .iter()
                    .take(MAX_TOLD)
                    .map(|hit| note.drawing.matched(hit, None))
                    .collect();
                note.joined(&found, matches.len());
                note.came_to_nothing();
            }
        }
        if let Some(event) = options.event {
            note.selected(event);
        }
        note.foot(options);
        Some(note.out)
    }
}

struct Note<'d> {
    desk: &'d Desk,
    run: &'d Run,
    drawing: Drawing<'d>,
    out: String,
}

impl Note<'_> {
    /// A block with an empty line before it.
    fn block(&mut self, block: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.line(block);
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// A row of a table, its cells ready.
    fn row(&mut self, cells: &[&str]) {
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    /// The first rows of a table.
    fn table(&mut self, columns: &[&str]) {
        self.out.push('\n');
        self.row(columns);
        self.row(&vec!["---"; columns.len()]);
    }

    fn left_out(&mut self, total: usize, shown: usize) {
        if total > shown {
            self.block(&format!("And {} more, left out of this note.", total - shown));
        }
    }

    fn head(&mut self, options: &NoteOptions) {
        let (rule, run) = (&self.run.rule, self.run);
        let name = rule.name.as_deref().unwrap_or("EQL query");
        self.block(&format!("# Case note: {}", text(name)));
        let mut rows = Vec::new();
        if let Some(id) = &rule.id {
            rows.push(("Rule", cell(id)));
        }
        let risk = rule.risk_score.map(|score| format!("risk score {score}"));
        let severity: Vec<String> = rule.severity.iter().map(|it| text(it)).chain(risk).collect();
        if !severity.is_empty() {
            rows.push(("Severity", severity.join(", ")));
        }
        let mut threats = Vec::new();
        rule.threat.iter().for_each(|threat| threats_in(threat, &mut threats));
        if !threats.is_empty() {
            rows.push(("ATT&amp;CK", threats.join("; ")));
        }
        if !rule.indices.is_empty() {
            let patterns: Vec<String> = rule.indices.iter().map(|it| cell(it)).collect();
            rows.push(("Searched in", patterns.join(", ")));
        }
        let at = options.now_ms.map(|now| format!("{}, ", Instant::from_millis(now)));
        rows.push(("Run", format!("{}EQLens {}", at.unwrap_or_default(), crate::VERSION)));
        let (events, searched) = (self.desk.store.n_events(), run.found.searched.count());
        rows.push(("Events", format!("{events}, {searched} of them searched")));
        let result = cut(&run.found.all, &run.plan, usize::MAX, ResultPosition::Tail).len();
        let near = run.near.len() - run.matches.len();
        let (one, near) = match run.plan.form() {
            Form::Event => ("event", counted(near, "near miss", "near misses")),
            Form::Sequence { .. } => {
                ("sequence", counted(run.trails.len(), "came to nothing", "came to nothing"))
            }
            Form::Sample => {
                let lacking = run.found.groups.iter().filter(|group| group.matches.is_empty());
                let lacking = lacking.count();
                ("sample", counted(lacking, "key without one", "keys without one"))
            }
        };
        let plural = if result == 1 { " matches" } else { "s match" };
        rows.push(("Result", format!("{result} {one}{plural}; {near}")));
        self.table(&["", ""]);
        for (name, value) in rows {
            self.row(&[name, &value]);
        }
        self.block("## Query");
        self.block(&fence(&run.rule.query, "eql"));
    }

    /// Time, id, host and summary of an event, as cells.
    fn cells(&self, event: u32) -> [String; 4] {
        let store = &self.desk.store;
        let time = store.time(self.run.plan.time(), event);
        let host = store.column("host.name").and_then(|host| host.values_of(event).next());
        let host = host.map(|host| cell(&host.to_string())).unwrap_or_default();
        let line = summary(store, event);
        let line = if line.is_empty() { line } else { cell(&clipped(&line)) };
        let time = time.map(|time| time.to_string()).unwrap_or_default();
        [time, cell(&store.id(event)), host, line]
    }

    fn events(&mut self, matches: &[u32]) {
        self.block("## Matches");
        if matches.is_empty() {
            self.block("No event matches.");
        } else {
            self.table(&["Time", "Id", "Host", "Event"]);
            for event in matches.iter().take(MAX_ROWS) {
                let [time, id, host, line] = self.cells(*event);
                self.row(&[&time, &id, &host, &line]);
            }
            self.left_out(matches.len(), MAX_ROWS);
            self.block("## Why they match");
            for event in matches.iter().take(MAX_TOLD) {
                self.block(&format!("### {}", code(&self.desk.store.id(*event))));
                self.grounds(&self.desk.grounds(self.run, NodeId(0), *event));
            }
            self.left_out(matches.len(), MAX_TOLD);
        }
        let near = self.run.near.iter().copied();
        let near: Vec<u32> = near.filter(|event| !self.run.found.matches.get(*event)).collect();
        if near.is_empty() {
            return;
        }
        self.block("## Near misses");
        self.table(&["Time", "Id", "Host", "Event", "What stops it"]);
        for event in near.iter().take(MAX_NEAR) {
            let [time, id, host, line] = self.cells(*event);
            let why = match self.desk.obstacles(self.run, *event).as_slice() {
                [one] => format!("{} {}: {}", one.clause, cell(&one.label), said(one, true)),
                _ => {
                    let explainer = self.desk.explainer(self.run);
                    let nulls = Nulls::of(self.desk.source(*event));
                    let flips = explainer.flips(*event);
                    let patterns = &self.run.rule.indices;
                    sentence_cell(&event_sentence(&explainer, *event, &flips, &nulls, patterns).1)
                }
            };
            self.row(&[&time, &id, &host, &line, &why]);
        }
        self.left_out(near.len(), MAX_NEAR);
    }

    /// A list of clauses, each with what decided it.
    fn grounds(&mut self, grounds: &[Ground]) {
        self.out.push('\n');
        for ground in grounds {
            let (clause, label) = (ground.clause, code(&ground.label));
            self.line(&format!("- Clause {clause} {label}: {}", said(ground, false)));
        }
    }

    fn joined(&mut self, found: &[Trace], total: usize) {
        let is_sample = self.run.plan.form() == Form::Sample;
        let (title, one, stage) = if is_sample {
            ("## Samples", "Sample", "Filter")
        } else {
            ("## Sequences", "Sequence", "Stage")
        };
        self.block(title);
        if found.is_empty() {
            self.block("None was found.");
        }
        for (at, trace) in found.iter().enumerate() {
            let outcome = if is_sample { "found" } else { &trace.outcome };
            self.block(&format!("### {one} {}: {}", at + 1, text(outcome)));
            self.keys(&trace.keys);
            self.stages(stage, &trace.events);
            let said = if is_sample { IN_EACH_FILTER } else { &trace.sentence };
            self.block(&sentence(said));
            for (at, event) in trace.events.iter().enumerate() {
                let stage_of = self.run.plan.stages().get(at);
                if let (Some(event), Some(of)) = (event, stage_of) {
                    self.block(&format!("{stage} {}, {}:", at + 1, code(&event.id)));
                    self.grounds(&self.desk.grounds(self.run, of.node, event.event));
                }
            }
        }
        self.left_out(total, found.len());
    }

    fn keys(&mut self, keys: &[Option<String>]) {
        let names = self.drawing.key_names();
        let keys: Vec<String> = names
            .iter()
            .zip(keys)
            .map(|(name, value)| match value {
                Some(value) => format!("{} {}", code(name), code(&clipped(value))),
                None => format!("{} has no value", code(name)),
            })
            .collect();
        if !keys.is_empty() {
            self.block(&format!("Joined by {}.", keys.join(", ")));
        }
    }

    /// The stages that were reached, one a row.
    fn stages(&mut self, stage: &str, events: &[Option<EventRef>]) {
        self.table(&[stage, "Time", "Id", "Host", "Event"]);
        for (at, event) in events.iter().enumerate() {
            let is_unwanted = self.run.plan.stages().get(at).is_some_and(|stage| stage.missing);
            let [time, id, host, line] = match event {
                Some(event) => self.cells(event.event),
                None if is_unwanted => ["", "", "", "no such event"].map(str::to_owned),
                None => continue,
            };
            self.row(&[&(at + 1).to_string(), &time, &id, &host, &line]);
        }
    }

    fn came_to_nothing(&mut self) {
        let trails = &self.run.trails;
        if !trails.is_empty() {
            self.block("## Sequences that came to nothing");
            let told: Vec<Trace> = trails
                .nearest(MAX_NEAR)
                .into_iter()
                .map(|trail| self.drawing.trail(trail, None))
                .collect();
            for trace in &told {
                let reached = trace.events.iter().flatten().map(|event| code(&event.id));
                let reached: Vec<String> = reached.collect();
                let (ids, outcome) = (reached.join(", "), text(&trace.outcome));
                self.block(&format!("### From {ids}: {outcome}"));
                self.keys(&trace.keys);
                self.stages("Stage", &trace.events);
                // An event without its key has reached nothing.
                let reached = match trace.field {
                    Some(_) => String::new(),
                    None => {
                        let stages = self.run.plan.stages().len();
                        format!("Stage {} of {stages} was reached. ", trace.stage)
                    }
                };
                self.block(&format!("{reached}{}", sentence(&trace.sentence)));
            }
            self.left_out(trails.len(), MAX_NEAR);
        }
        let groups = self.run.found.groups.iter().filter(|group| group.matches.is_empty());
        let (total, told) = (groups.clone().count(), groups.take(MAX_NEAR));
        let told: Vec<Group> = told.map(|group| self.drawing.group(group, &[])).collect();
        if told.is_empty() {
            return;
        }
        self.block("## Keys without a sample");
        for group in &told {
            self.block(&format!("### {}", sentence(&group.sentence)));
            self.keys(&group.keys);
            self.table(&["Filter", "Events", "Ids"]);
            for (at, filter) in group.filters.iter().enumerate() {
                let ids: Vec<String> = filter.events.iter().map(|event| cell(&event.id)).collect();
                let (number, count) = ((at + 1).to_string(), filter.count.to_string());
                self.row(&[&number, &count, &ids.join(", ")]);
            }
        }
        self.left_out(total, told.len());
    }

    fn selected(&mut self, event: u32) {
        let Some(told) = self.desk.explain(event) else { return };
        self.block(&format!("## Event {}", code(&told.id)));
        let (headline, rest) = (sentence(&told.headline), sentence(&told.sentence));
        self.block(&format!("**{headline}** {rest}"));
        self.table(&["Clause", "", "Verdict", "Value", "Why"]);
        for ((id, _), says) in self.run.plan.iter().zip(&told.nodes) {
            let Some(name) = self.run.clauses.name(id) else { continue };
            let Some(clause) = name.clause else { continue };
            let value =
                if says.value.is_empty() { String::new() } else { cell(&clipped(&says.value)) };
            let (number, label) = (clause.to_string(), cell(&name.label));
            let why = [sentence_cell(&says.text), text(&says.note)];
            let why = why.into_iter().find(|why| !why.is_empty()).unwrap_or_default();
            self.row(&[&number, &label, verdict(says), &value, &why]);
        }
    }

    fn foot(&mut self, options: &NoteOptions) {
        if options.link.is_none() && !options.in_page {
            return;
        }
        self.block("---");
        match &options.link {
            Some(link) => self.block(&format!("Link: {}", address(link))),
            None => self.block("No link to this investigation was made."),
        }
        if options.in_page {
            self.block("The run was made in the browser; nothing left it.");
        }
    }
}

fn verdict(says: &NodeVerdict) -> &'static str {
    match (says.verdict, says.decisive) {
        (Verdict::Holds, false) => "holds",
        (Verdict::Holds, true) => "**holds, decides**",
        (Verdict::Fails, false) => "fails",
        (Verdict::Fails, true) => "**fails, decides**",
        (Verdict::Missing, false) => "no value",
        (Verdict::Missing, true) => "**no value, decides**",
        (Verdict::Unsearched, _) => "not searched",
    }
}

/// What decided a clause: its values, or the reason as a sentence.
fn said(ground: &Ground, in_cell: bool) -> String {
    let span = if in_cell { cell } else { code };
    if !ground.sentence.is_empty() {
        return if in_cell { sentence_cell } else { sentence }(&ground.sentence);
    }
    let values: Vec<String> =
        ground.values.iter().take(MAX_VALUES).map(|value| span(&clipped(value))).collect();
    let more = match ground.values.len().saturating_sub(MAX_VALUES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let note =
        if ground.note.is_empty() { String::new() } else { format!(" ({})", text(&ground.note)) };
    format!("{}{more}{note}", values.join(", "))
}

/// Most values of one clause.
const MAX_VALUES: usize = 5;

/// `TA0002 Execution`, then its techniques.
fn threats_in(threat: &Threat, out: &mut Vec<String>) {
    let parts = [&threat.id, &threat.name].map(|part| text(part));
    out.push(parts.join(" ").trim().to_owned());
    threat.below.iter().for_each(|below| threats_in(below, out));
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}\u{2026}", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A link of its own, where it is nothing but an address.
fn address(link: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>\\`".contains(c);
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    if is_web && link.chars().all(is_plain) { format!("<{link}>") } else { code(link) }
}
