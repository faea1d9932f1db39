//! The words the state is written in: tabs, panes, what floats, where the texts come from.

use std::rc::Rc;

use crate::state::draft::Draft;

/// Tabs of the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The events and why.
    #[default]
    Matches,
    /// The condition as a tree.
    Tree,
    /// How matches came about in time.
    Timeline,
    /// What the rule document says about itself.
    Rule,
    /// What an edit gained and lost.
    Compare,
}

impl Tab {
    /// In the order they are shown.
    pub const ALL: [Self; 5] =
        [Self::Matches, Self::Tree, Self::Timeline, Self::Rule, Self::Compare];

    /// Its label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Matches => "Matches",
            Self::Tree => "Tree",
            Self::Timeline => "Timeline",
            Self::Rule => "Rule",
            Self::Compare => "Compare",
        }
    }

    /// Its name in links and attributes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Matches => "matches",
            Self::Tree => "tree",
            Self::Timeline => "timeline",
            Self::Rule => "rule",
            Self::Compare => "compare",
        }
    }

    /// The tab of a name; a name of a later version opens the first.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.name() == name).unwrap_or_default()
    }
}

/// The three panes; a narrow window shows one at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The rule editor.
    Rule,
    /// The events editor.
    Events,
    /// The result.
    #[default]
    Result,
}

impl Pane {
    /// In the order of F6.
    pub const ALL: [Self; 3] = [Self::Rule, Self::Events, Self::Result];

    /// Its name in attributes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Events => "events",
            Self::Result => "result",
        }
    }
}

/// What the events pane shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventsView {
    /// The events as they were given.
    #[default]
    Text,
    /// The events by their fields.
    Table,
    /// The mapping that gives their fields types.
    Mapping,
}

/// A place the keyboard focus can be sent to by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list or tree of the result.
    Result,
    /// The field over the result list.
    Sieve,
    /// The table of the events.
    Table,
    /// What opened the examples.
    ExamplesButton,
    /// What opened the exports.
    ExportButton,
    /// The first item of the open menu.
    MenuItem,
    /// The way back from a detail, in a narrow window.
    Back,
}

/// Colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Its name in the store and in attributes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

/// What floats over the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The examples menu.
    Examples,
    /// The menu of what can leave the page.
    Export,
    /// The share dialog.
    Share,
    /// The list of shortcuts.
    Shortcuts,
}

/// In a narrow window the list and the detail are two levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// The list.
    #[default]
    List,
    /// One event.
    Detail,
}

/// What the texts on the page are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The visitor's own work.
    #[default]
    Draft,
    /// An example nobody has touched yet; it is not kept.
    Example,
    /// Somebody's link. Edits stay with the link, the draft is elsewhere.
    Link(OpenedLink),
}

/// A link whose content is on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenedLink {
    /// Where edits on it are kept.
    pub key: String,
    /// Its title; may be empty.
    pub title: Rc<str>,
    /// Matches when it was made.
    pub matches: Option<u32>,
    /// It shows edits made in this tab.
    pub is_edited: bool,
}

/// Something to be said above the result until it is dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A link could not be read. In words, why.
    LinkUnreadable(Rc<str>),
    /// The visitor's texts were replaced; they can be brought back.
    PutAside {
        /// What stands there now.
        what: &'static str,
    },
    /// What to look at in the example on the page.
    Look(&'static str),
    /// A file could not be read.
    FileUnreadable(Rc<str>),
    /// Something could not be made of the rule. In words, why.
    NotMade(Rc<str>),
    /// The fragment of the address, which is no link of this page.
    NoLink(Rc<str>),
}

/// Notices that stand there at most; the oldest give way.
pub const MOST_NOTICES: usize = 3;

/// An order to an editor; the number tells one from the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EditorOrder {
    /// Raised with every order.
    pub seq: u32,
    /// The order.
    pub order: Order,
}

/// What an editor can be told to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Nothing.
    #[default]
    None,
    /// Take the focus.
    Focus,
    /// Put the cursor there, in UTF-16 units, and take the focus.
    GoTo(u32, u32),
    /// Bring this range into view.
    Reveal(u32, u32),
    /// Bring this line into view, without the focus.
    Line(u32),
    /// Carry out a fix of a finding: position of the finding among those of the text, of the fix
    /// among its fixes.
    Fix(u32, u32),
    /// Undo the last edit.
    Undo,
}

/// A link on its way through the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingLink {
    /// Its fragment.
    pub fragment: String,
    /// What was changed on it in this tab.
    pub edits: Option<Draft>,
    /// The page was started with it; nothing else is shown yet.
    pub is_first: bool,
}
