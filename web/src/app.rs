//! The one struct component: holds the state, feeds it messages, carries out its effects, and
//! hands each view what it needs.

use std::rc::Rc;

use eqlens_engine::wire::{LoadReport, Outcome, RunResult};
use web_sys::File;
use yew::prelude::*;

use crate::effects::{World, boot, document, files};
use crate::examples::EXAMPLES;
use crate::state::closely::{cell_words, failing_condition, strip_window};
use crate::state::engine::Status;
use crate::state::export::{Export, hindrance};
use crate::state::model::{Origin, Overlay, Pane, Tab};
use crate::state::problems::{Problem, TextKind, worst};
use crate::state::text::{duration, matches};
use crate::state::tree::{MarginEntry, gaps, margin};
use crate::state::update::start;
use crate::state::window::Window;
use crate::state::{Msg, State, update};
use crate::view::banners::{BannersProps, banners, first_error};
use crate::view::blank::{BlankProps, blank};
use crate::view::compare::{CompareProps, compare_tab};
use crate::view::events_pane::{EventsPaneProps, events_pane, summary};
use crate::view::list::skeleton;
use crate::view::matches::{MatchesProps, matches_tab};
use crate::view::parts::by_pointer::ByPointer;
use crate::view::parts::strip::Window as Strip;
use crate::view::parts::tells::Tells;
use crate::view::rule_card::{RuleCardProps, rule_card};
use crate::view::rule_pane::{RulePaneProps, rule_pane};
use crate::view::share::{ShareProps, share_dialog};
use crate::view::shortcuts::{ShortcutsProps, shortcuts};
use crate::view::status_bar::{StatusBarProps, status_bar};
use crate::view::switcher::{SwitcherProps, switcher};
use crate::view::table::Table;
use crate::view::tabs::{TabsProps, tabs};
use crate::view::timeline::{TimelineProps, timeline_tab};
use crate::view::toolbar::{ToolbarProps, toolbar};
use crate::view::tree_tab::{TreeTabProps, tree_tab};

/// Draws the page into its place.
pub fn run() {
    console_error_panic_hook::set_once();
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<App>::with_root(root).render(),
        None => yew::Renderer::<App>::new().render(),
    };
}

/// The page.
pub struct App {
    state: State,
    world: World,
    on: Callback<Msg>,
    on_file: Callback<File>,
    glyphs: Memo<GlyphKey, Rc<[u8]>>,
    rule_text: Memo<(ByPointer<str>, Window), Rc<str>>,
    gaps: Memo<ByPointer<Outcome>, Rc<[bool]>>,
}

/// What the glyphs before the events follow from.
type GlyphKey = (Option<ByPointer<LoadReport>>, Option<ByPointer<Outcome>>);

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        let report: crate::effects::Report = Rc::new(move |msg| link.send_message(msg));
        let mut world = World::new(Rc::clone(&report));
        let (state, effects) = start(boot(EXAMPLES));
        for effect in effects {
            world.carry_out(effect);
        }
        let on_file = Callback::from(move |file| files::read(file, Rc::clone(&report)));
        let on = ctx.link().callback(|msg| msg);
        let (glyphs, rule_text, gaps) = (Memo::default(), Memo::default(), Memo::default());
        Self { state, world, on, on_file, glyphs, rule_text, gaps }
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        // A question changes nothing that is seen.
        let is_seen = !matches!(msg, Msg::HelpWanted { .. });
        for effect in update(&mut self.state, msg) {
            self.world.carry_out(effect);
        }
        is_seen
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        document::follow_cursor();
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let state = &self.state;
        let on = &self.on;
        let problems = state.problems();
        let ondrop = {
            let on_file = self.on_file.clone();
            move |event: DragEvent| {
                let files = event.data_transfer().and_then(|data| data.files());
                if let Some(file) = files.and_then(|files| files.get(0)) {
                    event.prevent_default();
                    on_file.emit(file);
                }
            }
        };
        let ondragover = |event: DragEvent| {
            let is_file =
                event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
            if is_file {
                event.prevent_default();
            }
        };
        let bar = toolbar(&ToolbarProps {
            overlay: state.overlay,
            hindrances: Export::MENU.map(|(what, ..)| hindrance(state, what)),
            examples: state.examples,
            has_aside: state.aside.is_some(),
            theme: state.theme_in_force(),
            can_share: !state.docs.rule.trim().is_empty(),
            on: on.clone(),
            on_file: self.on_file.clone(),
        });
        let switcher_bar = switcher(&SwitcherProps {
            pane: state.pane,
            matches: self.shown_matches(),
            problems: problems.iter().filter(|p| p.text == TextKind::Rule).count() as u32,
            events: state.report.as_ref().map_or(0, |report| report.events),
            on: on.clone(),
        });
        html! {
            <div class="app" data-pane={state.pane.name()} data-blank={state.is_blank().to_string()}
                {ondrop} {ondragover}>
                { bar }
                <main class="app__main">
                    <div class="app__left">
                        { self.rule_pane(&problems) }
                        { self.events_pane(&problems) }
                    </div>
                    { self.result_pane(&problems) }
                </main>
                { switcher_bar }
                { self.status_bar(&problems) }
                { self.overlay() }
            </div>
        }
    }
}

impl App {
    /// The result, where it is that of the rule as it stands.
    fn final_result(&self) -> Option<&RunResult> {
        self.state.result().filter(|_| !self.state.is_stale())
    }

    /// Those on the page, whether or not they are of the rule as it stands.
    fn shown_matches(&self) -> Option<u32> {
        let result = self.state.result().filter(|_| !self.state.lacks_text());
        result.map(|result| result.matches)
    }

    fn final_matches(&self) -> Option<u32> {
        self.final_result().filter(|_| !self.state.lacks_text()).map(|result| result.matches)
    }

    fn rule_pane(&self, problems: &Rc<[Problem]>) -> Html {
        let state = &self.state;
        let docs = &state.docs;
        let window = docs.shown_window();
        let read = state.read.as_ref();
        let name = read.and_then(|read| read.rule.name.clone()).unwrap_or_default();
        let margin: Rc<[MarginEntry]> = match (self.final_result(), &state.shown) {
            (Some(result), Some(shown)) if result.events > 0 => {
                margin(&shown.nodes, result.searched, &window).into()
            }
            _ => Rc::default(),
        };
        let text =
            self.rule_text.get((ByPointer::from(&docs.rule), window.clone()), || docs.shown_rule());
        let focus = self.on.tell::<FocusEvent>(|| Msg::PaneChosen(Pane::Rule));
        let pane = rule_pane(&RulePaneProps {
            name: name.into(),
            view: docs.view,
            has_query: docs.query.is_some(),
            rev: docs.rule_rev,
            epoch: docs.epoch,
            text: ByPointer(text),
            findings: of_text(problems, TextKind::Rule),
            window,
            margin,
            help: state.assist.help.as_ref().map(ByPointer::from),
            marks: state.mark().into_iter().collect(),
            is_stale: state.is_stale(),
            order: state.rule_order,
            problems: Rc::clone(problems),
            hides_problems: state.hides_problems,
            notes: state.notes(),
            shows_notes: state.shows_notes,
            on: self.on.clone(),
        });
        html! {
            <div class="app__rule" onfocusin={focus}>
                { pane }
            </div>
        }
    }

    fn events_pane(&self, problems: &[Problem]) -> Html {
        let state = &self.state;
        let docs = &state.docs;
        let report = state.report.as_deref();
        let is_blank = docs.events.trim().is_empty();
        let note = report.filter(|_| !is_blank).map(summary).unwrap_or_default();
        let key =
            (state.report.as_ref().map(ByPointer::from), state.shown.as_ref().map(ByPointer::from));
        let glyphs = self.glyphs.get(key, || state.glyphs());
        let focus = self.on.tell::<FocusEvent>(|| Msg::PaneChosen(Pane::Events));
        let events = report.map_or(0, |report| report.events);
        let table = if is_blank || events == 0 {
            let is_reading = state.reading().is_some();
            let text =
                if is_reading { "The table appears when they are read." } else { "No events." };
            html! { <p class="matches__none" tabindex="0" data-focus="table">{ text }</p> }
        } else {
            html! {
                <Table held={ByPointer::from(&state.table.held)} total={events}
                    by_time={state.table.by_time} selected={state.selected}
                    reveal={state.table.reveal} is_stale={state.is_stale()}
                    on={self.on.clone()} />
            }
        };
        let pane = events_pane(&EventsPaneProps {
            is_in_editor: docs.is_in_editor,
            table,
            note: note.into(),
            has_rule: state.read.as_ref().is_some_and(|read| read.result.is_some()),
            has_less: state.has_less(),
            selected: state.selected,
            view: state.events_view,
            mapping_rev: docs.mapping_rev,
            mapping: ByPointer::from(&docs.mapping),
            report: Rc::clone(&state.mapping),
            mapping_order: state.mapping_order,
            epoch: docs.epoch,
            rev: docs.events_rev,
            text: ByPointer::from(&docs.events),
            findings: of_text(problems, TextKind::Events),
            mapping_findings: of_text(problems, TextKind::Mapping),
            glyphs: ByPointer(glyphs),
            line: state.selected_line(),
            is_stale: state.is_stale(),
            order: state.events_order,
            on: self.on.clone(),
        });
        html! {
            <div class="app__events" onfocusin={focus}>
                { pane }
            </div>
        }
    }

    fn result_pane(&self, problems: &Rc<[Problem]>) -> Html {
        let state = &self.state;
        // The rule tab is about the rule as it stands.
        let is_stale = state.is_stale() && state.tab != Tab::Rule && !state.lacks_text();
        let stale = if is_stale {
            first_error(problems).or_else(|| Some((None, "see the problems".into())))
        } else {
            None
        };
        let link = match &state.origin {
            Origin::Link(link) => Some(link.clone()),
            Origin::Draft | Origin::Example => None,
        };
        let has_draft = state.draft.is_some();
        let focus = self.on.tell::<FocusEvent>(|| Msg::PaneChosen(Pane::Result));
        let took_us = self.final_result().map(|result| result.took_us);
        let tab_row =
            tabs(&TabsProps { tab: state.tab, matches: self.shown_matches(), on: self.on.clone() });
        let banner_rows = banners(&BannersProps {
            reading: state.reading(),
            partial: state.engine.partial,
            status: state.engine.status,
            crash: state.engine.crash.clone(),
            took_us,
            stale,
            link,
            matches: self.final_matches(),
            notices: state.notices.clone(),
            has_aside: state.aside.is_some(),
            has_draft,
            on: self.on.clone(),
        });
        html! {
            <section class="app__right" data-pane="result" aria-label="Result" onfocusin={focus}>
                <h2 class="app__heading">{ "Result" }</h2>
                { tab_row }
                { banner_rows }
                <div class="app__view" role="tabpanel" id="result"
                    aria-labelledby={format!("tab-{}", state.tab.name())}
                    data-stale={is_stale.then_some("true")}>
                    { self.tab() }
                </div>
            </section>
        }
    }

    fn tab(&self) -> Html {
        let state = &self.state;
        let on = &self.on;
        let shown = state.shown.as_ref();
        let is_open = |tab| state.tab == tab;
        if let Some(read) = state.read.as_ref().filter(|_| is_open(Tab::Rule)) {
            return rule_card(&RuleCardProps {
                outcome: Rc::clone(read),
                reading: state.making.reading_of(&state.docs.rule),
                on: on.clone(),
            });
        }
        if let Some(shown) = shown.filter(|shown| is_open(Tab::Tree) && !shown.nodes.is_empty()) {
            return tree_tab(&TreeTabProps {
                outcome: Rc::clone(shown),
                explained: state.explained.clone(),
                shows_event: state.tree_shows_event,
                cursor: state.tree_cursor(),
                marked: state.marked(),
                collapsed: Rc::clone(&state.collapsed),
                shows_reach: state.tree_shows_reach,
                failing: state.failing.clone(),
                can_list: failing_condition(state).is_some(),
                selected: state.selected,
                window: state.docs.shown_window(),
                on: on.clone(),
            });
        }
        let has_answer = shown.is_some() && !state.lacks_text();
        if is_open(Tab::Timeline) && has_answer {
            let tab = &state.timeline;
            let Some(timeline) = tab.timeline.clone() else { return skeleton() };
            return timeline_tab(&TimelineProps {
                timeline,
                range: tab.shown(),
                all: tab.all(),
                is_table: tab.is_table,
                only_matched: tab.only_matched,
                rows: Rc::clone(&tab.rows),
                key: tab.key.clone(),
                pages: tab.more,
                current: tab.current(state.selected),
                current_row: tab.current_row(state.selected),
                spot: tab.spot,
                cursor: tab.head.cursor.clone(),
                is_playing: tab.head.is_playing,
                selected: state.selected,
                explained: state.explained.clone(),
                searched: state.result().map_or(0, |result| result.searched),
                on: on.clone(),
            });
        }
        if let Some(shown) = shown.filter(|_| is_open(Tab::Matches) && !state.lacks_text()) {
            return matches_tab(&MatchesProps {
                outcome: Rc::clone(shown),
                filter: state.filter(),
                chunks: Rc::clone(&state.list.chunks),
                window: Strip {
                    gaps: self.gaps.get(ByPointer::from(shown), || gaps(&shown.nodes).into()),
                    shown: strip_window(state),
                },
                cell: state.cell,
                cell_words: cell_words(state),
                text: Rc::clone(&state.list.text),
                sieve: state.list.sieve.clone(),
                rows: state.total(),
                values: state.values,
                reveal: state.list.reveal,
                selected: state.selected,
                unread: state.unread_line(),
                skipped: state.report.as_ref().map_or(0, |report| report.skipped),
                explained: state.explained.clone(),
                change: state.making.change_of(state.selected),
                is_lines: state
                    .report
                    .as_ref()
                    .is_some_and(|report| report.format.starts_with("NDJSON")),
                marked: state.linked(),
                copied: state.export.copied,
                level: state.level,
                on: on.clone(),
            });
        }
        if shown.is_some() && is_open(Tab::Compare) && !state.lacks_text() {
            let tab = &state.compare;
            return compare_tab(&CompareProps {
                base: tab.base(),
                baseline: Rc::clone(tab.baseline()),
                is_same: *tab.baseline() == state.docs.rule,
                is_editing: tab.is_editing,
                found: tab.found.clone(),
                refused: tab.refused.clone(),
                is_behind: matches!(state.engine.status, Status::Cancelled | Status::Failed),
                searched: state.result().map_or(0, |result| result.searched),
                selected: state.selected,
                on: on.clone(),
            });
        }
        let has_rule = !state.docs.rule.trim().is_empty();
        let is_answered = state.read.is_some() || state.engine.status == Status::Idle;
        if has_rule && !is_answered && state.engine.status != Status::Failed {
            return skeleton();
        }
        let is_refused = state.read.as_ref().is_some_and(|read| read.result.is_none());
        blank(&BlankProps {
            is_refused,
            lacks_events: has_rule && state.docs.events.trim().is_empty(),
            examples: state.examples,
            has_aside: state.aside.is_some(),
            on: on.clone(),
        })
    }

    fn status_bar(&self, problems: &[Problem]) -> Html {
        let state = &self.state;
        let report = state.report.as_deref().filter(|_| !state.docs.events.trim().is_empty());
        let result = match (state.engine.status, self.final_matches()) {
            _ if state.is_blank() => "No rule, no events".to_owned(),
            _ if state.reading().is_some() => "reading\u{2026}".to_owned(),
            (Status::Running { is_long: true }, _) => "computing\u{2026}".to_owned(),
            (Status::Cancelled, _) => "stopped".to_owned(),
            (Status::Failed, _) => "the engine stopped".to_owned(),
            _ if state.is_stale() && !state.lacks_text() => "last valid result".to_owned(),
            (_, Some(count)) => {
                matches(state.result().map_or_else(Default::default, |result| result.form), count)
            }
            _ => String::new(),
        };
        let took = self.final_result().filter(|_| !state.lacks_text());
        status_bar(&StatusBarProps {
            problems: worst(problems).map(|worst| (problems.len(), worst)),
            events: (report.map(summary).unwrap_or_default()).into(),
            result: result.into(),
            said: state.export.said.clone(),
            took: (took.map(|result| duration(result.took_us)).unwrap_or_default()).into(),
            trouble: state.store_trouble.clone(),
            on: self.on.clone(),
        })
    }

    fn overlay(&self) -> Html {
        let state = &self.state;
        match state.overlay {
            Overlay::Share => share_dialog(&ShareProps {
                share: state.share.clone(),
                rule: Rc::clone(&state.docs.rule),
                events: Rc::clone(&state.docs.events),
                has_mapping: !state.docs.mapping.trim().is_empty(),
                count: state.report.as_ref().map_or(0, |report| report.events),
                kept: state.making.n_kept(),
                selected: state.selected,
                on: self.on.clone(),
            }),
            Overlay::Shortcuts => shortcuts(&ShortcutsProps { on: self.on.clone() }),
            Overlay::None | Overlay::Examples | Overlay::Export => Html::default(),
        }
    }
}

/// The problems of one of the texts.
fn of_text(problems: &[Problem], text: TextKind) -> Rc<[Problem]> {
    problems.iter().filter(|problem| problem.text == text).cloned().collect()
}

/// Keeps the last value of a costly reading. Keys keep what they point at alive, so that an
/// address cannot come to mean something else.
struct Memo<K, V> {
    kept: std::cell::RefCell<Option<(K, V)>>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { kept: std::cell::RefCell::new(None) }
    }
}

impl<K: PartialEq, V: Clone> Memo<K, V> {
    fn get(&self, key: K, make: impl FnOnce() -> V) -> V {
        let mut kept = self.kept.borrow_mut();
        match &*kept {
            Some((old, value)) if *old == key => value.clone(),
            _ => {
                let value = make();
                *kept = Some((key, value.clone()));
                value
            }
        }
    }
}
