//! The share dialog.

use std::rc::Rc;

use crate::protocol::RunId;

/// What a link is to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Include {
    /// Only the rule.
    Rule,
    /// The rule and every event.
    #[default]
    RuleAndEvents,
}

/// What became of the copying.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Copy {
    /// Not asked for.
    #[default]
    NotAsked,
    /// The link is on the clipboard.
    Done,
    /// The browser refused; the link can be selected by hand.
    Refused,
}

/// The open share dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Newest request for a link.
    pub run: RunId,
    /// Title for people.
    pub title: Rc<str>,
    /// What to include.
    pub include: Include,
    /// The whole link; `None` while it is made.
    pub link: Option<Rc<str>>,
    /// In words, why there is no link.
    pub refused: Option<Rc<str>>,
    /// What became of the copying.
    pub copy: Copy,
}

/// A place where links are pasted, and what it does to long ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub name: &'static str,
    /// Characters it lets pass.
    pub limit: u32,
}

/// Known limits, smallest first.
pub const CHANNELS: [Channel; 2] =
    [Channel { name: "Mail, Discord", limit: 2_000 }, Channel { name: "Slack", limit: 4_000 }];

/// Length of the drawn scale, in characters.
pub const SCALE: u32 = 5_000;
