//! What leaves the page: case notes, matches, an event; on the clipboard or as a file.

use std::rc::Rc;

use eqlens_engine::wire::export::NoteOptions;

use crate::protocol::{self, Request, RunId};
use crate::state::draft::Draft;
use crate::state::engine::Status;
use crate::state::model::State;
use crate::state::text::{matches, size};
use crate::state::{Effect, moves, timeline};

/// Something that can leave the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The case note, on the clipboard.
    CopyNote,
    /// The case note, as a file.
    SaveNote,
    /// The matches, as a file.
    SaveMatches,
    /// The timeline, as a file.
    SaveTimeline,
    /// The JSON of an event, on the clipboard.
    CopyEvent(u32),
}

impl Export {
    /// What the menu offers: label and what it is good for.
    pub const MENU: [(Self, &'static str, &'static str); 4] = [
        (
            Self::CopyNote,
            "Copy case note (Markdown)",
            "For a ticket: query, matches and why, near misses",
        ),
        (Self::SaveNote, "Save case note (.md)", "The same note as a file"),
        (
            Self::SaveMatches,
            "Save matches (.ndjson)",
            "Each event as it was, with the clauses that decided",
        ),
        (Self::SaveTimeline, "Save timeline (.svg)", "A picture for a report, as it is drawn here"),
    ];
}

/// What is on its way out, and what was said of the last.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    run: RunId,
    /// What the worker was asked for; newest wins.
    asked: Option<Export>,
    /// What the clipboard was given, and its size in bytes.
    copying: Option<(Export, u64)>,
    /// What became of the last.
    pub said: Option<Rc<str>>,
    /// The event whose JSON is on the clipboard.
    pub copied: Option<u32>,
    /// The link that the visitor took along, and the texts it is of.
    link: Option<(Rc<str>, Draft)>,
}

/// Why something cannot leave the page, in few words.
#[must_use]
pub fn hindrance(state: &State, what: Export) -> Option<&'static str> {
    let is_failed = matches!(state.engine.status, Status::Failed | Status::Cancelled);
    let result = state.result().filter(|_| !state.lacks_text());
    match (what, result) {
        (_, None) => Some("There is no result yet"),
        _ if state.is_stale() => Some("The rule has an error; this result is of an older one"),
        _ if is_failed && !state.is_shown_held => Some("The engine stopped; run the rule again"),
        (Export::SaveMatches, Some(result)) if result.matches == 0 => Some("Nothing matches"),
        _ => None,
    }
}

/// Asks the worker for the text.
pub(super) fn ask(state: &mut State, what: Export, now_ms: i64) -> Vec<Effect> {
    let is_event = matches!(what, Export::CopyEvent(_));
    if !is_event && hindrance(state, what).is_some() {
        return Vec::new();
    }
    let export = match what {
        Export::CopyNote | Export::SaveNote => protocol::Export::Note(NoteOptions {
            now_ms: Some(now_ms),
            event: state.selected,
            link: link_of(state),
            in_page: true,
        }),
        Export::SaveMatches => protocol::Export::Matches,
        Export::SaveTimeline => {
            let mut effects = timeline::save_svg(state);
            effects.extend(moves::close_overlay(state));
            return effects;
        }
        Export::CopyEvent(event) => protocol::Export::Event(event),
    };
    let exports = &mut state.export;
    exports.run = exports.run.next();
    exports.asked = Some(what);
    exports.said = None;
    exports.copied = None;
    let mut effects = vec![Effect::Ask(Request::Export { run: exports.run, export })];
    effects.extend(moves::close_overlay(state));
    effects
}

/// The link that was copied, while it is of the texts on the page. None is ever made for a note: the
/// visitor decides what a link holds.
fn link_of(state: &State) -> Option<String> {
    let (link, texts) = state.export.link.as_ref()?;
    (*texts == state.texts()).then(|| link.to_string())
}

/// The visitor took a link along, or the clipboard refused it.
pub(super) fn link_made(state: &mut State, is_done: bool) {
    let link = state.share.link.clone().filter(|_| is_done);
    state.export.link = link.map(|link| (link, state.texts()));
}

/// The worker has written the text.
pub(super) fn answered(state: &mut State, run: RunId, text: Option<String>) -> Vec<Effect> {
    if run != state.export.run {
        return Vec::new();
    }
    let Some(what) = state.export.asked.take() else { return Vec::new() };
    let Some(text) = text else {
        state.export.said = Some("Nothing to export: the result is gone".into());
        return Vec::new();
    };
    let bytes = text.len() as u64;
    let (ending, mime, said) = match what {
        Export::CopyNote | Export::CopyEvent(_) => {
            state.export.copying = Some((what, bytes));
            return vec![Effect::Copy(text.into())];
        }
        // The page draws it; no answer is of it.
        Export::SaveTimeline => return Vec::new(),
        Export::SaveNote => ("case-note.md", "text/markdown", "Case note".to_owned()),
        Export::SaveMatches => {
            let of = state.result().map(|result| matches(result.form, result.matches));
            ("matches.ndjson", "application/x-ndjson", of.unwrap_or_default())
        }
    };
    state.export.said = Some(format!("{said}: saved, {}", size(bytes)).into());
    let name = format!("{}-{ending}", stem(state));
    vec![Effect::SaveFile { name, mime, text }]
}

/// The clipboard took an export, or not; false where it was given something else.
pub(super) fn copied(state: &mut State, is_done: bool) -> bool {
    let Some((what, bytes)) = state.export.copying.take() else { return false };
    let size = size(bytes);
    let said = match (is_done, what) {
        (false, Export::CopyEvent(_)) => {
            "The browser refused the clipboard; copy from the events".to_owned()
        }
        (false, _) => "The browser refused the clipboard; save the note instead".to_owned(),
        (true, Export::CopyEvent(event)) => {
            state.export.copied = Some(event);
            format!("Event copied, {size}")
        }
        (true, _) => format!("Case note copied, {size}"),
    };
    state.export.said = Some(said.into());
    true
}

/// Longest name of a rule in the name of a file.
const STEM: usize = 60;

/// The name of the rule as a file may have it.
fn stem(state: &State) -> String {
    let name = state.read.as_ref().and_then(|read| read.rule.name.as_deref()).unwrap_or_default();
    let mut stem = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            stem.push(c.to_ascii_lowercase());
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
        if stem.len() == STEM {
            break;
        }
    }
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() { "eqlens".to_owned() } else { stem.to_owned() }
}
