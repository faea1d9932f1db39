//! What the page finds when it starts.

use crate::state::draft::{Draft, Stored};
use crate::state::model::{Tab, Theme};

/// A rule with events that belong to it, shipped with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What the menu calls it.
    pub title: &'static str,
    /// What it shows, in one line.
    pub about: &'static str,
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
