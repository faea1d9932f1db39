//! What the page finds when it starts.

use crate::state::draft::{Draft, Stored};
use crate::state::model::{Tab, Theme};

/// A rule with events that belong to it, shipped with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What the menu calls it.
    pub title: &'static str,
    /// What it shows, or what to look at in it, in one line.
    pub about: &'static str,
    /// The part of the menu it stands in.
    pub group: &'static str,
    /// The tab it opens on.
    pub tab: Tab,
    /// The event that is selected then, where one tells the tale: of its lane in the timeline.
    pub event: Option<u32>,
    /// The rule text.
    pub rule: &'static str,
    /// The events text.
    pub events: &'static str,
}

/// Everything the page is started with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boot {
    /// The address without its fragment.
    pub base: String,
    /// The fragment, where there is one, with its `#`.
    pub fragment: Option<String>,
    /// What was changed in this tab on the link of `fragment` before a reload.
    pub link_edits: Option<Draft>,
    /// What the browser's store holds.
    pub stored: Stored,
    /// A draft that gave way to the stored one.
    pub aside: Option<Draft>,
    /// The tab that was open last.
    pub tab: Option<Tab>,
    /// The theme the visitor once chose.
    pub theme: Option<Theme>,
    /// What the system asks for.
    pub system_theme: Theme,
    /// The examples.
    pub examples: &'static [Example],
}
