//! The two texts, and which part of the rule text the editor shows.

use std::ops::Range;
use std::rc::Rc;

use eqlens_engine::sort;
use eqlens_engine::wire::{Edit, Outcome, Span};

use crate::state::draft::Draft;
use crate::state::window::{WHOLE, Window};

/// Which form of the rule the editor shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RuleView {
    /// The whole text as pasted.
    #[default]
    Source,
    /// Only the query of it.
    Query,
}

/// A longer text of events is shown as a table, and edited only on demand.
pub const EVENTS_EDITOR_BYTES: usize = 4_000_000;

/// The rule and the events, as they stand.
#[derive(Clone, Debug, Default)]
pub struct Docs {
    /// The whole rule text.
    pub rule: Rc<str>,
    /// The whole events text.
    pub events: Rc<str>,
    /// The whole mapping text; usually empty.
    pub mapping: Rc<str>,
    /// Raised with every change of the mapping, whoever made it.
    pub mapping_version: u32,
    /// Raised when the mapping editor has to take over a new text from here.
    pub mapping_rev: u32,
    /// Raised when other documents take the place of these: what was typed before is no longer
    /// undone.
    pub epoch: u32,
    /// Raised when the rule editor has to take over a new text from here.
    pub rule_rev: u32,
    /// Raised when the events editor has to take over a new text from here.
    pub events_rev: u32,
    /// Raised with every change of the events, whoever made it.
    pub events_version: u32,
    /// The events stand in their editor: it holds long ones only once it has been looked at.
    pub is_in_editor: bool,
    /// Which form of the rule is shown.
    pub view: RuleView,
    /// Where the query stands in `rule`; `None` for a bare query or where it is not known.
    pub query: Option<Window>,
    /// True until the visitor chooses a form: a document that arrives whole opens as its query.
    pub is_view_automatic: bool,
    /// The rule that was last pasted over, so that undo finds it again, and then redo the other.
    pasted_over: Option<PastedOver>,
    /// What the query view held before it was emptied: pasted back, it is no new rule.
    emptied: Rc<str>,
}

/// A rule text, and what of it the editor showed.
#[derive(Clone, Debug)]
struct PastedOver {
    rule: Rc<str>,
    query: Option<Window>,
    view: RuleView,
}

impl PastedOver {
    fn shown(&self) -> Option<&str> {
        match (self.view, &self.query) {
            (RuleView::Query, Some(query)) => query.text(&self.rule),
            _ => Some(&self.rule),
        }
    }
}

impl Docs {
    /// Replaces all texts; the editors take them over and begin a new history.
    pub fn replace(&mut self, draft: Draft) {
        self.replace_rule(draft.rule);
        self.replace_events(draft.events);
        self.mapping = with_plain_line_ends(draft.mapping);
        self.mapping_version += 1;
        self.mapping_rev += 1;
        self.epoch += 1;
        self.pasted_over = None;
        self.emptied = Rc::default();
    }

    /// Takes over what was typed into the mapping editor.
    pub fn edit_mapping(&mut self, text: Rc<str>) {
        self.mapping = text;
        self.mapping_version += 1;
    }

    /// Replaces the rule text; the editor takes it over.
    pub fn replace_rule(&mut self, rule: Rc<str>) {
        self.rule = with_plain_line_ends(rule);
        self.rule_rev += 1;
        self.view = RuleView::Source;
        self.query = None;
        self.is_view_automatic = true;
    }

    /// Replaces the events text; the editor takes it over.
    pub fn replace_events(&mut self, events: Rc<str>) {
        self.events = with_plain_line_ends(events);
        self.is_in_editor = self.events.len() <= EVENTS_EDITOR_BYTES;
        self.events_rev += 1;
        self.events_version += 1;
    }

    /// The window the rule editor shows; `None` where it shows the whole text.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        self.query.as_ref().filter(|_| self.view == RuleView::Query)
    }

    /// The window the rule editor shows; the whole text where there is no smaller one.
    #[must_use]
    pub fn shown_window(&self) -> Window {
        self.window().cloned().unwrap_or(WHOLE)
    }

    /// The text the rule editor shows.
    #[must_use]
    pub fn shown_rule(&self) -> Rc<str> {
        let text = self.window().and_then(|window| window.text(&self.rule));
        text.map_or_else(|| Rc::clone(&self.rule), Rc::from)
    }

    /// Takes over what the rule editor holds after a change.
    ///
    /// In the query view the text goes back to its place in the document; a text that arrives in
    /// place of all that stood there is a new rule. The editor keeps one undo history over both
    /// views, so a text that is exactly the other view is a step of it, not an edit. Answers whether
    /// it is a new rule.
    pub fn edit_rule(&mut self, text: Rc<str>) -> bool {
        if let Some(query) = &self.query {
            let other = match self.view {
                RuleView::Query => self.rule.get(..),
                RuleView::Source => query.text(&self.rule),
            };
            if other == Some(&*text) && *text != *self.shown_rule() {
                self.view = match self.view {
                    RuleView::Query => RuleView::Source,
                    RuleView::Source => RuleView::Query,
                };
                self.is_view_automatic = false;
                return false;
            }
        }
        let shown = self.shown_rule();
        // Where both look the same, nothing tells an undo from an edit; nothing is lost without.
        self.pasted_over.take_if(|before| before.shown() == Some(&*shown));
        if let Some(before) = self.pasted_over.take_if(|before| before.shown() == Some(&*text)) {
            self.pasted_over = Some(self.as_it_is());
            (self.rule, self.query, self.view) = (before.rule, before.query, before.view);
            self.is_view_automatic = false;
            return false;
        }
        let is_back = shown.trim().is_empty() && has_its_words(&self.emptied, &text);
        let arrives = !is_back && arrives_whole(&shown, &text);
        match self.window().cloned() {
            Some(window) if !arrives => {
                if text.trim().is_empty() && !shown.trim().is_empty() {
                    self.emptied = shown;
                }
                let (range, written) = window.written(&self.rule, &text);
                self.splice(window, range, &written);
            }
            _ => {
                if arrives {
                    self.pasted_over = Some(self.as_it_is());
                }
                self.emptied = Rc::default();
                self.is_view_automatic |= arrives;
                self.view = RuleView::Source;
                self.query = None;
                self.rule = text;
            }
        }
        arrives
    }

    /// Makes changes of the rule text, in source order, which the editor takes over as an edit of its
    /// own. In the query view those outside the query are left out.
    pub fn rewrite(&mut self, edits: &[Edit]) {
        let window = self.shown_window();
        let (mut rule, mut end) = (self.rule.to_string(), window.end);
        let inside = |span: &Span| window.start <= span.start && span.end <= window.end;
        for Edit { span, text } in edits.iter().rev().filter(|edit| inside(&edit.span)) {
            let range = span.start as usize..span.end as usize;
            if rule.get(range.clone()).is_some() {
                rule.replace_range(range, text);
                end = end.saturating_add(text.len() as u32).saturating_sub(span.end - span.start);
            }
        }
        self.rule = rule.into();
        if self.window().is_some() {
            self.query = Some(window.until(end, &self.rule));
        }
        self.rule_rev += 1;
    }

    fn as_it_is(&self) -> PastedOver {
        PastedOver { rule: Rc::clone(&self.rule), query: self.query.clone(), view: self.view }
    }

    /// Writes into the window, which grows or shrinks with it.
    fn splice(&mut self, window: Window, range: Range<usize>, text: &str) {
        let (Some(before), Some(after)) =
            (self.rule.get(..range.start), self.rule.get(range.end..))
        else {
            return;
        };
        let behind = self.rule.len().saturating_sub(window.end as usize);
        self.rule = [before, text, after].concat().into();
        let end = u32::try_from(self.rule.len() - behind).unwrap_or(u32::MAX);
        self.query = Some(window.until(end, &self.rule));
    }

    /// Takes over what was typed into the events editor.
    pub fn edit_events(&mut self, text: Rc<str>) {
        self.events = text;
        self.events_version += 1;
    }

    /// Shows the other form of the rule.
    pub fn choose_view(&mut self, view: RuleView) {
        self.is_view_automatic = false;
        if self.view != view && (view == RuleView::Source || self.query.is_some()) {
            self.view = view;
            self.rule_rev += 1;
        }
    }

    /// Takes over what the engine found out about exactly this rule text.
    pub fn recognised(&mut self, outcome: &Outcome) {
        let found = match (outcome.escaped_span, outcome.query_span) {
            (Some(span), _) => Window::escaped(span, &self.rule),
            (None, span) => span.filter(|_| !outcome.rule.is_bare).map(Window::of),
        };
        match (self.view, found) {
            // While the visitor types in the query view, neither a passing state of the document
            // nor blanks that the engine leaves out may pull the text from under the cursor.
            (RuleView::Query, None) => {}
            (RuleView::Query, Some(found)) => {
                let holds = |query: &Window| query.holds(&found);
                if !self.query.as_ref().is_some_and(holds) {
                    self.query = Some(found);
                    self.rule_rev += 1;
                }
            }
            (RuleView::Source, found) => {
                self.query = found;
                if self.is_view_automatic && self.query.is_some() {
                    self.view = RuleView::Query;
                    self.rule_rev += 1;
                }
            }
        }
        self.is_view_automatic = false;
    }
}

/// True where `new` takes the place of `old` as a whole, as a paste over everything does, and is
/// not what typing makes of it. Two rules often share their first words; an edit keeps most.
fn arrives_whole(old: &str, new: &str) -> bool {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let head = old.bytes().zip(new.bytes()).take_while(same).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.bytes().rev().zip(new.bytes().rev()).take(most).take_while(same).count();
    new.len() - head - tail >= ARRIVES_BYTES
        && (head + tail) * 4 <= old.len()
        && !has_its_words(old, new)
}

/// True where both have most of their words in common: it was indented, wrapped or put in another
/// order, and is the same rule.
fn has_its_words(old: &str, new: &str) -> bool {
    let words = |text: &'_ str| {
        let mut words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        sort::by(&mut words, Ord::cmp);
        words.dedup();
        words
    };
    let (old, new) = (words(old), words(new));
    let common = old.iter().filter(|word| new.binary_search(word).is_ok()).count();
    let all = old.len() + new.len() - common;
    !old.is_empty() && common * 10 >= all * 7
}

/// From how many bytes on an insertion can be a paste of a whole rule.
const ARRIVES_BYTES: usize = 12;

/// The editor knows only `\n`; positions must mean the same here and there.
fn with_plain_line_ends(text: Rc<str>) -> Rc<str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}

#[cfg(test)]
mod tests {
    use eqlens_engine::wire::Rule;

    use super::*;

    const TOML: &str = "# Regel \u{e4}\u{1f600}\nquery = '''process where x'''\n";

    fn recognised() -> Docs {
        let mut docs = Docs::default();
        docs.replace(Draft { rule: TOML.into(), ..Draft::default() });
        docs.recognised(&info(TOML));
        docs
    }

    /// What the engine says of a text that is nothing but a query.
    fn bare() -> Outcome {
        let rule = Rule { is_bare: true, ..Rule::default() };
        Outcome { rule, ..Outcome::default() }
    }

    fn info(text: &str) -> Outcome {
        let start = text.find("process").unwrap();
        let end = text.find("'''\n").unwrap();
        let units = |to: usize| u32::try_from(text[..to].encode_utf16().count()).unwrap();
        Outcome {
            query_span: Some(Span {
                start: u32::try_from(start).unwrap(),
                end: u32::try_from(end).unwrap(),
                line: 2,
                column: 12,
                start_utf16: units(start),
                end_utf16: units(end),
            }),
            ..Outcome::default()
        }
    }

    #[test]
    fn a_document_opens_as_its_query() {
        let docs = recognised();
        assert_eq!(docs.view, RuleView::Query);
        assert_eq!(&*docs.shown_rule(), "process where x");
    }

    #[test]
    fn edits_in_the_query_go_back_into_the_document() {
        let mut docs = recognised();
        docs.edit_rule("process where yes".into());
        assert_eq!(&*docs.rule, TOML.replace("where x", "where yes"));
        assert_eq!(&*docs.shown_rule(), "process where yes");
        docs.edit_rule("p".into());
        assert_eq!(&*docs.rule, TOML.replace("process where x", "p"));
    }

    #[test]
    fn a_text_pasted_over_all_of_the_query_is_a_new_rule() {
        let mut docs = recognised();
        docs.edit_rule("file where true".into());
        assert_eq!(&*docs.rule, "file where true");
        assert_eq!(docs.view, RuleView::Source);
        docs.recognised(&bare());
        docs.edit_rule("process where x".into());
        assert_eq!((&*docs.rule, docs.view), (TOML, RuleView::Query), "undo finds the document");
        docs.edit_rule("file where true".into());
        assert_eq!((&*docs.rule, docs.view), ("file where true", RuleView::Source), "redo");
    }

    #[test]
    fn undo_of_a_pasted_document_finds_the_query_before_it_and_redo_the_document() {
        let mut docs = Docs::default();
        docs.replace(Draft { rule: "file where true".into(), ..Draft::default() });
        docs.recognised(&bare());
        docs.edit_rule(TOML.into());
        docs.recognised(&info(TOML));
        assert_eq!(&*docs.shown_rule(), "process where x");
        docs.edit_rule("file where true".into());
        assert_eq!((&*docs.rule, docs.view), ("file where true", RuleView::Source));
        docs.edit_rule("process where x".into());
        assert_eq!((&*docs.rule, docs.view), (TOML, RuleView::Query));
    }

    #[test]
    fn a_document_over_its_own_query_is_not_undone_by_typing() {
        let mut docs = Docs::default();
        docs.replace(Draft { rule: "process where x".into(), ..Draft::default() });
        docs.recognised(&bare());
        docs.edit_rule(TOML.into());
        docs.recognised(&info(TOML));
        docs.edit_rule("process where xy".into());
        docs.edit_rule("process where x".into());
        assert_eq!(&*docs.rule, TOML);
    }

    #[test]
    fn the_query_pasted_back_into_the_emptied_view_keeps_the_document() {
        let mut docs = recognised();
        docs.edit_rule("".into());
        docs.recognised(&bare());
        docs.edit_rule("process where x".into());
        assert_eq!(&*docs.rule, TOML);
        docs.edit_rule("".into());
        docs.edit_rule("file where file.path : \"/etc/*\"".into());
        assert_eq!(docs.view, RuleView::Source, "another rule is one");
    }

    #[test]
    fn undo_walks_through_a_change_of_view() {
        let mut docs = Docs::default();
        docs.edit_rule("any where true".into());
        docs.recognised(&bare());
        docs.edit_rule(TOML.into());
        docs.recognised(&info(TOML));
        assert_eq!(docs.view, RuleView::Query);
        docs.edit_rule(TOML.into());
        assert_eq!((&*docs.rule, docs.view), (TOML, RuleView::Source));
        docs.recognised(&info(TOML));
        assert_eq!(docs.view, RuleView::Source, "undo is not pulled forward again");
        docs.edit_rule("process where x".into());
        assert_eq!((&*docs.rule, docs.view), (TOML, RuleView::Query), "redo");
    }

    #[test]
    fn line_ends_are_made_plain() {
        let mut docs = Docs::default();
        docs.replace(Draft { rule: "a\r\nb\rc".into(), events: "\r\n".into(), ..Draft::default() });
        assert_eq!((&*docs.rule, &*docs.events), ("a\nb\nc", "\n"));
    }

    #[test]
    fn emptying_the_query_keeps_the_document() {
        let mut docs = recognised();
        docs.edit_rule("".into());
        assert_eq!(&*docs.rule, TOML.replace("process where x", ""));
    }

    #[test]
    fn a_bare_query_stays_as_it_is() {
        let mut docs = Docs::default();
        docs.replace(Draft { rule: "any where true".into(), ..Draft::default() });
        let rev = docs.rule_rev;
        docs.recognised(&bare());
        assert_eq!((docs.view, docs.rule_rev), (RuleView::Source, rev));
    }

    #[test]
    fn typing_in_the_document_does_not_switch_the_view() {
        let mut docs = recognised();
        docs.choose_view(RuleView::Source);
        docs.edit_rule(TOML.replace("Regel", "Regeln").into());
        docs.recognised(&info(&TOML.replace("Regel", "Regeln")));
        assert_eq!(docs.view, RuleView::Source);
        assert!(docs.query.is_some());
    }

    #[test]
    fn a_passing_loss_of_the_document_leaves_the_query_view_alone() {
        let mut docs = recognised();
        let rev = docs.rule_rev;
        docs.edit_rule("".into());
        docs.recognised(&bare());
        assert_eq!((docs.view, docs.rule_rev), (RuleView::Query, rev));
        docs.edit_rule("any".into());
        assert_eq!(&*docs.rule, TOML.replace("process where x", "any"));
    }

    #[test]
    fn blanks_at_the_end_of_the_query_stay_while_typing() {
        let mut docs = recognised();
        let rev = docs.rule_rev;
        docs.edit_rule("process where x \n".into());
        // The engine does not count them as part of the query.
        let mut found = info(&docs.rule);
        if let Some(span) = &mut found.query_span {
            span.end -= 2;
            span.end_utf16 -= 2;
        }
        docs.recognised(&found);
        assert_eq!((&*docs.shown_rule(), docs.rule_rev), ("process where x \n", rev));
    }

    #[test]
    fn a_query_that_keeps_its_words_is_the_same_rule() {
        let old = "process where process.name == \"openssl\" and process.args == \"s_client\"";
        let wrapped = old.replace(' ', "\n    ");
        assert!(!arrives_whole(old, &wrapped));
        // A page that holds the same query among much else is another text.
        let page =
            format!("# A rule page\n\nWhat it is about, in some words of its own.\n\n{wrapped}");
        assert!(arrives_whole(old, &page));
        assert!(arrives_whole(old, "any where file.path : \"/etc/*\" and user.id != \"0\""));
    }

    #[test]
    fn a_rewritten_query_stays_in_its_document() {
        let edit = |docs: &Docs| {
            let start = docs.rule.find(" where").unwrap() as u32;
            let span = Span { start, end: start + 1, ..Span::default() };
            [Edit { span, text: "\n  ".into() }]
        };
        let formatted = TOML.replace(" where", "\n  where");
        let mut docs = recognised();
        let rev = docs.rule_rev;
        docs.rewrite(&edit(&docs));
        assert_eq!((&*docs.rule, docs.rule_rev), (&*formatted, rev + 1));
        assert_eq!(&*docs.shown_rule(), "process\n  where x");
        docs.choose_view(RuleView::Source);
        docs.edit_rule(TOML.into());
        docs.rewrite(&edit(&docs));
        assert_eq!(&*docs.rule, formatted);
    }

    #[test]
    fn spans_shift_into_the_window() {
        let docs = recognised();
        let whole = info(TOML).query_span.unwrap();
        let window = docs.shown_window();
        assert_eq!(window.range(&whole), Some((0, 15)));
        assert_eq!(window.place(&whole), Some((1, 1)));
        assert_eq!(window.range(&Span::default()), None);
    }
}
