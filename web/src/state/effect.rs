//! What `update` wants done outside. Carried out by `effects`.

use std::rc::Rc;

use crate::protocol::{Request, RunId};
use crate::state::draft::Draft;
use crate::state::model::{Place, Tab, Theme};

/// An order to the world outside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this to the worker.
    Ask(Request),
    /// End the worker, start a fresh one.
    Respawn,
    /// Report [`super::Msg::Settled`] after `ms`; 0 means in the next frame.
    Settle { run: RunId, ms: u32 },
    /// Report [`super::Msg::RunGrewLong`] after two seconds.
    Watch(RunId),
    /// Report [`super::timeline::TimelineMsg::Ticked`] when the play-head is to go on.
    PlaySoon,
    /// Report [`super::Msg::SaveDue`] a moment after the last of these orders.
    SaveSoon,
    /// Write the draft.
    WriteDraft(Draft),
    /// Write the draft that gave way.
    WriteAside(Draft),
    /// Write what became of an opened link, for this tab only.
    WriteLinkEdits { key: String, edits: Draft },
    /// Use and remember a theme.
    ApplyTheme(Theme),
    /// Remember the open tab.
    KeepTab(Tab),
    /// Take the fragment out of the address.
    ClearAddress,
    /// Put this text on the clipboard, report [`super::Msg::Copied`].
    Copy(Rc<str>),
    /// Hand this text to the visitor as a file of this name, through the browser's own download.
    SaveFile { name: String, mime: &'static str, text: String },
    /// Move the keyboard focus.
    Focus(Place),
    /// Show the browser's file picker.
    PickFile,
}
