//! Everything the page knows.

use std::rc::Rc;

use eqlens_engine::wire::list::Failing;
use eqlens_engine::wire::{
    Explanation, Filter, LoadReport, Outcome, RunResult, Severity, Span, Verdict,
};

use crate::protocol::{MappingReport, Request, RunId};
use crate::state::anchor::{self, Anchor};
use crate::state::assist::Assist;
use crate::state::boot::{Boot, Example};
use crate::state::compare::CompareTab;
use crate::state::docs::{Docs, EVENTS_EDITOR_BYTES};
use crate::state::draft::Draft;
use crate::state::engine::Engine;
use crate::state::export::Exports;
use crate::state::list::{self, List};
use crate::state::making::Making;
pub use crate::state::page::{
    EditorOrder, EventsView, Level, MOST_NOTICES, Notice, OpenedLink, Order, Origin, Overlay, Pane,
    Place, ReadingLink, Tab, Theme,
};
use crate::state::problems::{Found, Problem, problems};
use crate::state::share::Share;
use crate::state::table::EventsTable;
use crate::state::timeline::TimelineTab;
use crate::state::tree;

/// The whole state of the page.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The texts.
    pub docs: Docs,
    /// The worker.
    pub engine: Engine,
    /// The newest outcome of the rule as it stands, sound or not.
    pub read: Option<Rc<Outcome>>,
    /// The last outcome with a result, and the run it is of.
    pub shown: Option<Rc<Outcome>>,
    /// The run `shown` is of.
    pub shown_run: RunIdOf,
    /// The rule text `shown` is of.
    pub shown_rule: Rc<str>,
    /// What became of the events text.
    pub report: Option<Rc<LoadReport>>,
    /// What became of the mapping.
    pub mapping: Rc<MappingReport>,
    /// The events as text or as a table, or the mapping.
    pub events_view: EventsView,
    /// The events as a table.
    pub table: EventsTable,
    /// The result list.
    pub list: List,
    /// The selected event.
    pub selected: Option<u32>,
    /// Where it stands in the text, from an edit until it is read again.
    pub anchor: Option<Anchor>,
    /// Why it matches or not.
    pub explained: Option<Rc<Explanation>>,
    /// The cell of the list that is pointed at: event and clause.
    pub cell: Option<(u32, u16)>,
    /// Its event explained, where that is not the selected one.
    pub peek: Option<Rc<Explanation>>,
    /// The clause whose values stand open in the tree of the selected event, and the one the cursor is
    /// at.
    pub values: Option<(u16, Option<u32>)>,
    /// Some events that the node chosen in the tree tab stops.
    pub failing: Option<Rc<Failing>>,
    /// The run and the node they were asked for.
    pub failing_of: Option<(RunId, u16)>,
    /// The node under the pointer or with the focus, in a tree.
    pub pointed: Option<u16>,
    /// The place in the rule that the words under the pointer speak of. Words are told without a run,
    /// so that there need be no node for it yet.
    pub pointed_place: Option<Span>,
    /// The node the cursor of the rule editor is in.
    pub at_caret: Option<u16>,
    /// The node chosen in the tree tab, by the visitor or by the cursor in the rule editor.
    pub tree_node: Option<u16>,
    /// Nodes whose children the outline hides.
    pub collapsed: Rc<tree::Nodes>,
    /// The numbers in the tree tab tell how many events get as far as a node, not for how many it alone
    /// holds.
    pub tree_shows_reach: bool,
    /// The tree tab shows verdicts of the selected event beside the counts.
    pub tree_shows_event: bool,
    /// The timeline and where one is in it.
    pub timeline: TimelineTab,
    /// Help for the rule editor.
    pub assist: Assist,
    /// What is made of the rule on demand.
    pub making: Making,
    /// The version one compares with, and what came of it.
    pub compare: CompareTab,
    /// The open tab.
    pub tab: Tab,
    /// The pane a narrow window shows.
    pub pane: Pane,
    /// The level a narrow window shows.
    pub level: Level,
    /// The list of problems is hidden.
    pub hides_problems: bool,
    /// Notes stand among the problems.
    pub shows_notes: bool,
    /// The problem F8 went to last.
    pub problem: Option<usize>,
    /// The chosen theme; `None` follows the system.
    pub theme: Option<Theme>,
    /// What the system asks for.
    pub system_theme: Theme,
    /// What floats.
    pub overlay: Overlay,
    /// The share dialog.
    pub share: Share,
    /// What leaves the page.
    pub export: Exports,
    /// What the texts are.
    pub origin: Origin,
    /// The visitor's draft while something else is on the page.
    pub draft: Option<Draft>,
    /// Texts that were replaced.
    pub aside: Option<Draft>,
    /// They are not in the store yet.
    pub is_aside_unsaved: bool,
    /// What is said above the result, the newest first.
    pub notices: Vec<Notice>,
    /// What the store refused, once.
    pub store_trouble: Option<Rc<str>>,
    /// It is because the store refuses now, not because of what was found in it.
    pub is_store_refusing: bool,
    /// The draft was edited since it was last written.
    pub is_unsaved: bool,
    /// Order to the rule editor.
    pub rule_order: EditorOrder,
    /// Order to the events editor.
    pub events_order: EditorOrder,
    /// Order to the mapping editor.
    pub mapping_order: EditorOrder,
    /// Address of the page, without its fragment.
    pub base: Rc<str>,
    /// Shipped examples.
    pub examples: &'static [Example],
    /// Selection that a link asks for.
    pub wanted_event: Option<u32>,
    /// The link that is being read.
    pub reading_link: Option<ReadingLink>,
    /// The newest file that was opened.
    pub file_run: RunId,
    /// The worker holds `shown`, so it can be asked for rows and explanations of it.
    pub is_shown_held: bool,
}

/// A run, or none yet.
pub type RunIdOf = Option<RunId>;

impl State {
    /// The state the page starts in, before anything is loaded.
    #[must_use]
    pub fn new(boot: &Boot) -> Self {
        Self {
            theme: boot.theme,
            system_theme: boot.system_theme,
            base: boot.base.as_str().into(),
            examples: boot.examples,
            tree_shows_event: true,
            ..Self::default()
        }
    }

    /// Says something above the result, in place of what was said of the same kind where only the
    /// newest counts.
    pub fn say(&mut self, notice: Notice) {
        let is_other = |old: &Notice| match (&notice, old) {
            (Notice::PutAside { .. }, Notice::PutAside { .. })
            | (Notice::LinkUnreadable(_), Notice::LinkUnreadable(_))
            | (Notice::NoLink(_), Notice::NoLink(_))
            | (Notice::NotMade(_), Notice::NotMade(_)) => false,
            _ => *old != notice,
        };
        self.notices.retain(is_other);
        self.notices.insert(0, notice);
        self.notices.truncate(MOST_NOTICES);
    }

    /// What is being read and takes a while: name of a file, bytes so far and in all, events so far.
    #[must_use]
    pub fn reading(&self) -> Option<(String, usize, usize, u32)> {
        if let Some(reading) = &self.engine.reading {
            return Some((String::new(), reading.at, reading.all, reading.report.events));
        }
        self.engine.open_requests.iter().find_map(|open| match open {
            Request::Decode { name, bytes, .. } if bytes.0.len() > EVENTS_EDITOR_BYTES => {
                Some((name.clone(), 0, bytes.0.len(), 0))
            }
            _ => None,
        })
    }

    /// The texts as they stand.
    #[must_use]
    pub fn texts(&self) -> Draft {
        let Docs { rule, events, mapping, .. } = &self.docs;
        Draft {
            rule: Rc::clone(rule),
            events: Rc::clone(events),
            mapping: Rc::clone(mapping),
            baseline: self.compare.kept(),
        }
    }

    /// The result on the page.
    #[must_use]
    pub fn result(&self) -> Option<&RunResult> {
        self.shown.as_ref().and_then(|shown| shown.result.as_ref())
    }

    /// True where the result on the page is not that of the rule as it stands.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        match (&self.shown, &self.read) {
            (Some(_), Some(read)) => read.result.is_none(),
            _ => false,
        }
    }

    /// Some events match and others do not, by the rule as it stands: perhaps not all are needed.
    #[must_use]
    pub fn has_less(&self) -> bool {
        let result = self.result().filter(|_| !self.is_stale());
        result.is_some_and(|result| 0 < result.matches && result.matches < result.events)
    }

    /// The filter in force.
    #[must_use]
    pub fn filter(&self) -> Filter {
        self.list.filter(self.result())
    }

    /// Rows under the filter in force.
    #[must_use]
    pub fn total(&self) -> u32 {
        match (&self.list.sieve, self.result()) {
            (Some(sieve), Some(_)) => sieve.total,
            (_, result) => result.map_or(0, |result| list::total(result, self.filter())),
        }
    }

    /// The theme in force.
    #[must_use]
    pub fn theme_in_force(&self) -> Theme {
        self.theme.unwrap_or(self.system_theme)
    }

    /// Problems of all texts; notes only where they are wanted.
    #[must_use]
    pub fn problems(&self) -> Rc<[Problem]> {
        let events = self.report.as_ref().map_or(&[][..], |report| &report.findings);
        let nodes = self.shown.as_ref().filter(|_| !self.is_stale());
        problems(&Found {
            read: self.read.as_deref(),
            source: &self.docs.rule,
            window: self.docs.shown_window(),
            nodes: nodes.map_or(&[][..], |shown| &shown.nodes),
            searched: self.result().map_or(0, |result| result.searched),
            events,
            mapping: &self.mapping.findings,
            shows_notes: self.shows_notes,
        })
    }

    /// How many notes there are about all texts.
    #[must_use]
    pub fn notes(&self) -> usize {
        let rule = self.read.iter().flat_map(|read| &read.findings);
        let events = self.report.iter().flat_map(|report| &report.findings);
        let all = rule.chain(events).chain(&self.mapping.findings);
        all.filter(|finding| finding.severity == Severity::Info).count()
    }

    /// True with neither rule nor events.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.docs.rule.trim().is_empty() && self.docs.events.trim().is_empty()
    }

    /// The line of the selected event, where no event can be read on it.
    #[must_use]
    pub fn unread_line(&self) -> Option<u32> {
        self.selected_line().filter(|_| self.selected.is_none())
    }

    /// True where there is nothing to run: no rule, or no events.
    #[must_use]
    pub fn lacks_text(&self) -> bool {
        self.docs.rule.trim().is_empty() || self.docs.events.trim().is_empty()
    }

    /// The node the visitor looks at: pointed at, or at the cursor of the rule editor.
    #[must_use]
    pub fn linked(&self) -> Option<u16> {
        self.pointed.or(self.at_caret)
    }

    /// The node marked in the rule and in the tree tab: the one looked at, else the clause that
    /// decides about the selected event.
    #[must_use]
    pub fn marked(&self) -> Option<u16> {
        self.linked().or_else(|| {
            let (shown, explained) = (self.shown.as_ref()?, self.explained.as_ref()?);
            tree::decisive(&shown.nodes, explained)
        })
    }

    /// What is marked in the rule editor: start and end in UTF-16 units of the text it shows, and
    /// how. Nodes are those of the result, which a stale one no longer places.
    #[must_use]
    pub fn mark(&self) -> Option<(u32, u32, &'static str)> {
        let node = || {
            let shown = self.shown.as_ref().filter(|_| !self.is_stale())?;
            Some(shown.nodes.get(usize::from(self.marked()?))?.span)
        };
        let (from, to) = self.docs.shown_window().range(&self.pointed_place.or_else(node)?)?;
        let is_pointed = self.pointed.is_some() || self.pointed_place.is_some();
        Some((from, to, if is_pointed { "linked" } else { "sel" }))
    }

    /// Where the cursor of the outline is.
    #[must_use]
    pub fn tree_cursor(&self) -> u16 {
        self.tree_node.or(self.marked()).unwrap_or(0)
    }

    /// One byte per line of the events text, as the editor wants them: 1 holds, 2 fails,
    /// 3 missing, 4 not searched, 5 not readable.
    #[must_use]
    pub fn glyphs(&self) -> Rc<[u8]> {
        let Some(report) = &self.report else { return Rc::default() };
        let verdicts = self.result().map_or(&[][..], |result| &result.verdicts);
        let bad = report.findings.iter().map(|finding| finding.span.line);
        let last = report.lines.iter().copied().chain(bad.clone()).max().unwrap_or(0);
        let mut glyphs = vec![0; last as usize];
        let mut set = |line: u32, glyph: u8| {
            let slot = (line as usize).checked_sub(1).and_then(|at| glyphs.get_mut(at));
            if let Some(slot) = slot {
                *slot = glyph;
            }
        };
        for (line, verdict) in report.lines.iter().zip(verdicts) {
            set(*line, glyph(*verdict));
        }
        bad.for_each(|line| set(line, 5));
        glyphs.into()
    }

    /// The line of the selected event in the events text.
    #[must_use]
    pub fn selected_line(&self) -> Option<u32> {
        match anchor::current(self) {
            Some(anchor) => Some(anchor.line),
            None => self.report.as_ref()?.lines.get(self.selected? as usize).copied(),
        }
    }
}

fn glyph(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Holds => 1,
        Verdict::Fails => 2,
        Verdict::Missing => 3,
        Verdict::Unsearched => 4,
    }
}
