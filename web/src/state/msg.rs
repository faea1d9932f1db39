//! What can happen. Facts, in the past tense.

use std::rc::Rc;

use eqlens_engine::wire::{Filter, Span};

use crate::protocol::{Bytes, Response, RunId, Wish};
use crate::state::docs::RuleView;
use crate::state::draft::Draft;
use crate::state::export::Export;
use crate::state::list::Step;
use crate::state::model::{EventsView, Overlay, Pane, Tab, Theme};
use crate::state::share::Include;
use crate::state::table::TableMsg;
use crate::state::timeline::TimelineMsg;

/// A movement in the outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeMove {
    /// Up, down, to the first, to the last.
    Step(Step),
    /// Closes the node, or goes to its parent.
    Left,
    /// Opens the node, or goes to its first child.
    Right,
}

/// Something that happened. It happens once: a copy of it, with a whole answer inside, would cost
/// code in the program that nobody needs.
#[derive(Debug, PartialEq, Eq)]
pub enum Msg {
    /// The rule editor holds a new text.
    RuleEdited(Rc<str>),
    /// The events editor holds a new text.
    EventsEdited(Rc<str>),
    /// The cursor of the rule editor moved, in UTF-16 units of what it shows.
    RuleCaretMoved(u32),
    /// The pointer is over the text of the rule editor, or left it.
    RuleHovered(Option<u32>),
    /// The cursor of the events editor came to another line.
    EventLineEntered(u32),
    /// The mapping editor holds a new text.
    MappingEdited(Rc<str>),
    /// The events as text or as a table, or the mapping.
    EventsViewChosen(EventsView),
    /// In the table of the events.
    Table(TableMsg),
    /// Whole or only the query.
    RuleViewChosen(RuleView),

    /// A tab was opened.
    TabChosen(Tab),
    /// A pane was opened, in a narrow window.
    PaneChosen(Pane),
    /// F6.
    PaneStepped(Step),
    /// Back from the detail to the list, in a narrow window.
    DetailLeft,
    /// A filter was chosen.
    FilterChosen(Filter),
    /// Only what fits this text is wanted in the list.
    SieveTyped(Rc<str>),
    /// The keyboard is wanted in the field for that text.
    SieveWanted,
    /// From that field into the list.
    SieveLeft,
    /// The strips were turned to another page of clauses.
    StripTurned(Step),
    /// The cell of an event and a clause is pointed at, or no longer.
    CellPointed(Option<(u32, u16)>),
    /// Arrow keys along the strip of the selected row.
    CellMoved(Step),
    /// These rows of the list are in view.
    RowsSeen { first: u32, end: u32 },
    /// An event was selected.
    EventChosen(u32),
    /// Arrow keys in the list.
    SelectionMoved(Step),
    /// N.
    NearMissSought(Step),
    /// A node is pointed at, or no longer.
    NodePointed(Option<u16>),
    /// A line of the rule's words is pointed at, which speaks of this place, or no longer.
    PlacePointed(Option<Span>),
    /// A clause number is pointed at, or no longer.
    ClausePointed(Option<u16>),
    /// A node was selected in the tree tab.
    NodeChosen(u16),
    /// A node of the outline was opened or closed.
    NodeToggled(u16),
    /// Arrow keys in the outline.
    TreeMoved(TreeMove),
    /// Arrow keys in the tree of the selected event.
    WhyMoved(TreeMove),
    /// The values of a clause were opened or closed there.
    ValuesToggled(u16),
    /// The events that the chosen node stops are wanted in the list.
    FailingWanted,
    /// All nodes of the outline are to be closed, or opened.
    AllToggled { collapse: bool },
    /// Verdicts of the selected event in the tree tab, or counts only.
    TreeEventShown(bool),
    /// How many events get as far as a node, or for how many it alone holds.
    TreeReachShown(bool),
    /// The clause that stops most is wanted, with its events.
    StopperWanted,
    /// In the timeline.
    Timeline(TimelineMsg),
    /// The timeline is wanted as a file.
    TimelineSvgWanted,
    /// A problem was clicked.
    ProblemChosen(usize),
    /// F8.
    ProblemStepped(Step),
    /// The list of problems was hidden or shown.
    ProblemsToggled,
    /// Notes are wanted among the problems, or no longer.
    NotesToggled,
    /// A fix of a problem was chosen.
    FixChosen { problem: usize, fix: usize },
    /// Something is to be made of the rule.
    Wished(Wish),
    /// The rule as it stands becomes version A of comparisons.
    BaselineSet,
    /// Version A is again the rule as it came onto the page.
    BaselineCleared,
    /// The text of version A was edited.
    BaselineEdited(Rc<str>),
    /// The text of version A is to be edited, or no longer.
    BaselineOpened(bool),
    /// The rule becomes version A, and version A the rule.
    VersionsSwapped,
    /// The rule editor wants help at a place, in UTF-16 units of what it shows: what the word means,
    /// or what may be written.
    HelpWanted { at: u32, is_hover: bool },

    /// Something is to leave the page, at this time in milliseconds since the epoch.
    ExportWanted { what: Export, now_ms: i64 },

    /// An example was chosen.
    ExampleChosen(usize),
    /// Both texts were cleared.
    Cleared,
    /// What was replaced is wanted back.
    AsideWanted,
    /// A file was opened or dropped.
    FileOpened { name: String, bytes: Bytes },
    /// A file could not be read. In words, why.
    FileRefused(String),
    /// Ctrl+O.
    FileWanted,
    /// The theme button.
    ThemeToggled,
    /// The system changed its theme.
    SystemThemeChanged(Theme),
    /// Something floats now.
    OverlayOpened(Overlay),
    /// Nothing floats any more.
    OverlayClosed,
    /// The focus left what floats; it is where the visitor wants it.
    OverlayLeft,
    /// Escape.
    Escaped,

    /// The title of the link to be was edited.
    ShareTitleEdited(Rc<str>),
    /// What the link is to hold was chosen.
    ShareIncludeChosen(Include),
    /// The link is wanted on the clipboard.
    CopyWanted,
    /// The clipboard took what it was given, or not.
    Copied(bool),

    /// The fragment of the address changed; with what was changed on that link before.
    AddressChanged { fragment: Option<String>, edits: Option<Draft> },
    /// The opened link becomes the draft.
    LinkKept,
    /// The draft is wanted in place of the opened link.
    DraftWanted,

    /// Time to run, if nothing newer came.
    Settled(RunId),
    /// A run takes more than two seconds.
    RunGrewLong(RunId),
    /// The run is to be stopped.
    RunStopped,
    /// A stopped run is wanted again.
    RunWanted,
    /// The worker answered after so many milliseconds.
    Answered { response: Response, after_ms: u32 },
    /// The worker died. In words, why.
    WorkerDied(String),

    /// Time to write the draft.
    SaveDue,
    /// The page is being left or hidden.
    PageLeft,
    /// The store refused something. In words, why.
    StoreRefused(String),
    /// The store took what it was given.
    StoreTook,
    /// A notice was dismissed.
    NoticeDismissed(usize),
    /// All notices were dismissed.
    NoticesDismissed,
    /// The crash banner was dismissed.
    CrashDismissed,
    /// What happened?
    CrashQuestioned,
    /// To the line that broke the rule.
    StaleLineWanted,
    /// Undo the edit that broke the rule.
    UndoWanted,
}
