//! The Compare tab: the rule as it stands beside the version it is compared with.

use std::rc::Rc;

use eqlens_engine::wire::Span;
use eqlens_engine::wire::compare::{Clause, ClausePair, ClauseState, Comparison};

use crate::protocol::{Request, RunId};
use crate::state::model::{Origin, State, Tab};
use crate::state::update::edited;
use crate::state::{Effect, Msg};

/// Where the version one compares with comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// The visitor set it.
    Set,
    /// An example, as it was loaded.
    Example,
    /// A link, as it was opened.
    Link,
    /// A file, as it was opened.
    File,
    /// A text that was pasted over the rule.
    Pasted,
    /// The draft that the page began with.
    #[default]
    Draft,
}

impl Base {
    /// What it is, after "Version A is".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Set => "the baseline you set",
            Self::Example => "the example as it was loaded",
            Self::Link => "the rule of the link as it was opened",
            Self::File => "the file as it was opened",
            Self::Pasted => "the rule as it was pasted",
            Self::Draft => "the draft this page began with",
        }
    }
}

/// What is compared, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct CompareTab {
    /// The version that the visitor set.
    set: Option<Rc<str>>,
    /// The rule as it came onto the page, and how it came.
    came: (Rc<str>, Base),
    /// The text of the baseline is being edited.
    pub is_editing: bool,
    /// The last comparison of two versions that both ran.
    pub found: Option<Rc<Compared>>,
    /// Why the newest one says nothing: a version is broken.
    pub refused: Option<Rc<Comparison>>,
    /// The newest question.
    run: RunId,
    asked: Option<Asked>,
}

/// What a comparison is of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    old: Rc<str>,
    new: Rc<str>,
    /// Versions of the events and of the mapping.
    data: (u32, u32),
}

/// An answer, and the texts it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The answer.
    pub comparison: Comparison,
    /// The text of version A.
    pub old: Rc<str>,
    /// The text of version B.
    pub new: Rc<str>,
}

impl CompareTab {
    /// The version one compares with.
    #[must_use]
    pub fn baseline(&self) -> &Rc<str> {
        self.set.as_ref().unwrap_or(&self.came.0)
    }

    /// Where it comes from.
    #[must_use]
    pub fn base(&self) -> Base {
        if self.set.is_some() { Base::Set } else { self.came.1 }
    }

    /// What of it is kept with the draft: only what the visitor set.
    #[must_use]
    pub fn kept(&self) -> Rc<str> {
        self.set.clone().unwrap_or_default()
    }

    /// The worker is gone, and what it was asked with it.
    pub fn lost(&mut self) {
        self.asked = None;
    }
}

/// A rule has come onto the page. What the visitor set stays, unless another document came.
pub(super) fn came(state: &mut State, base: Base) {
    state.compare.came = (Rc::clone(&state.docs.rule), base);
}

/// Other documents stand on the page.
pub(super) fn opened(state: &mut State, baseline: Rc<str>) {
    let set = Some(baseline).filter(|text| !text.trim().is_empty());
    state.compare = CompareTab { run: state.compare.run, set, ..CompareTab::default() };
    came(
        state,
        match state.origin {
            Origin::Draft => Base::Draft,
            Origin::Example => Base::Example,
            Origin::Link(_) => Base::Link,
        },
    );
}

pub(super) fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let tab = &mut state.compare;
    match msg {
        Msg::BaselineSet => tab.set = Some(Rc::clone(&state.docs.rule)),
        Msg::BaselineCleared => (tab.set, tab.is_editing) = (None, false),
        Msg::BaselineEdited(text) => tab.set = Some(text),
        Msg::BaselineOpened(is_open) => {
            tab.is_editing = is_open;
            return Vec::new();
        }
        Msg::VersionsSwapped => {
            let (old, new) = (Rc::clone(tab.baseline()), Rc::clone(&state.docs.rule));
            tab.set = Some(new);
            state.docs.replace_rule(old);
            return edited(state);
        }
        _ => {}
    }
    let mut effects = ask(state);
    // On an untouched example or link there is nothing to keep yet; the next edit keeps both.
    let keeps = match &state.origin {
        Origin::Draft => true,
        Origin::Link(link) => link.is_edited,
        Origin::Example => false,
    };
    if keeps {
        state.is_unsaved = true;
        effects.push(Effect::SaveSoon);
    }
    effects
}

/// Asks for the comparison, where it is shown, not known, and the worker has what it takes. A newer
/// edit that waits asks again.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    let data = (state.docs.events_version, state.docs.mapping_version);
    let tab = &mut state.compare;
    let (old, new) = (Rc::clone(tab.baseline()), Rc::clone(&state.docs.rule));
    let is_ready = state.engine.loaded == Some(data.0) && !state.engine.is_queued;
    let is_blank = |text: &Rc<str>| text.trim().is_empty();
    if state.tab != Tab::Compare || !is_ready || is_blank(&old) || is_blank(&new) || old == new {
        return Vec::new();
    }
    let asked = Asked { old, new, data };
    if tab.asked.as_ref() == Some(&asked) {
        return Vec::new();
    }
    tab.run = tab.run.next();
    let (old, new) = (asked.old.to_string(), asked.new.to_string());
    tab.asked = Some(asked);
    vec![Effect::Ask(Request::Compare { run: tab.run, old, new })]
}

/// Takes an answer, unless there is a newer question. Where a version is broken, the last
/// comparison stays.
pub(super) fn answered(state: &mut State, run: RunId, mut comparison: Comparison) {
    let error = comparison.new.findings.first().filter(|_| comparison.new.matches.is_none());
    if let Some(span) = error.map(|error| error.span)
        && let Some((line, column)) = state.docs.shown_window().place(&span)
    {
        // The place as the rule editor numbers it.
        let place = |line, column| format!("(line {line}, column {column})");
        let said = place(span.line, span.column);
        comparison.sentence = comparison.sentence.replace(&said, &place(line, column));
    }
    let tab = &mut state.compare;
    let Some(asked) = tab.asked.as_ref().filter(|_| run == tab.run) else { return };
    if comparison.old.matches.is_none() || comparison.new.matches.is_none() {
        tab.refused = Some(Rc::new(comparison));
        return;
    }
    tab.refused = None;
    let (old, new) = (Rc::clone(&asked.old), Rc::clone(&asked.new));
    tab.found = Some(Rc::new(Compared { comparison, old, new }));
}

/// A stretch of a rule text, and what became of the clause that it is.
pub type Stretch<'t> = (Option<ClauseState>, &'t str);

/// The query of a version, clause by clause; without a place for it the whole text.
#[must_use]
pub fn stretches<'t>(
    text: &'t str,
    query: Option<Span>,
    clauses: &[ClausePair],
    side: fn(&ClausePair) -> Option<&Clause>,
) -> Vec<Stretch<'t>> {
    let (mut at, end) =
        query.map_or((0, text.len()), |span| (span.start as usize, span.end as usize));
    let mut marks: Vec<(usize, usize, ClauseState)> = clauses
        .iter()
        .filter(|pair| pair.state != ClauseState::Kept)
        .filter_map(|pair| {
            let span = side(pair)?.span;
            Some((span.start as usize, span.end as usize, pair.state))
        })
        .collect();
    eqlens_engine::sort::by(&mut marks, |one, two| one.0.cmp(&two.0));
    let mut found = Vec::new();
    for (from, to, state) in marks {
        // Places of a text that was mended may lie in each other.
        if from >= at && to <= end {
            found.push((None, text.get(at..from).unwrap_or_default()));
            found.push((Some(state), text.get(from..to).unwrap_or_default()));
            at = to;
        }
    }
    found.push((None, text.get(at..end).unwrap_or_default()));
    found.retain(|(_, text)| !text.is_empty());
    found
}

/// Bytes that two texts have in common at their beginning and at their end, in whole words.
#[must_use]
pub fn common(one: &str, other: &str) -> (usize, usize) {
    let words = |text: &str| -> Vec<String> {
        let words = text.split_inclusive(|c: char| c.is_whitespace() || ",()".contains(c));
        words.map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let same = |pair: &(&String, &String)| pair.0 == pair.1;
    let head = one.iter().zip(&other).take_while(same).count();
    let most = one.len().min(other.len()) - head;
    let tail = one.iter().rev().zip(other.iter().rev()).take(most).take_while(same).count();
    let length = |words: &mut dyn Iterator<Item = &String>| words.map(String::len).sum();
    (length(&mut one.iter().take(head)), length(&mut one.iter().rev().take(tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_clauses_share_is_told_in_whole_words() {
        for (one, other, expected) in [
            ("n == 1", "n == 2", ("n == ", "")),
            ("name == \"sh\"", "name == \"bash\"", ("name == ", "")),
            ("a in (\"x\", \"z\")", "a in (\"x\", \"y\", \"z\")", ("a in (\"x\", ", "\"z\")")),
            ("a == 1", "not a == 1", ("", "a == 1")),
            ("", "a", ("", "")),
        ] {
            let (head, tail) = common(one, other);
            assert_eq!((&one[..head], &one[one.len() - tail..]), expected, "{one} {other}");
        }
    }

    #[test]
    fn only_what_changed_is_marked_in_a_version() {
        let pair = |state, start: u32, end: u32| ClausePair {
            state,
            old: Some(Clause { span: Span { start, end, ..Span::default() }, ..Clause::default() }),
            ..ClausePair::default()
        };
        let clauses = [
            pair(ClauseState::Removed, 12, 13),
            pair(ClauseState::Kept, 3, 4),
            pair(ClauseState::Changed, 5, 8),
            // Beside the query, and within another.
            pair(ClauseState::Changed, 6, 7),
            pair(ClauseState::Changed, 15, 19),
        ];
        let query = Some(Span { start: 3, end: 14, ..Span::default() });
        let found = stretches("0123456789abcdefghi", query, &clauses, |pair| pair.old.as_ref());
        let (changed, removed) = (Some(ClauseState::Changed), Some(ClauseState::Removed));
        assert_eq!(
            found,
            [(None, "34"), (changed, "567"), (None, "89ab"), (removed, "c"), (None, "d")]
        );
    }
}
