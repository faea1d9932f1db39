//! Keyboard shortcuts: one table for the keys and for the list under `?`.

use crate::protocol::Wish;
use crate::state::list::Step;
use crate::state::model::{Overlay, Tab};
use crate::state::msg::Msg;
use crate::state::timeline::TimelineMsg;

/// A key as the browser reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// `KeyboardEvent.key`.
    pub key: String,
    /// Ctrl, or Command on a Mac.
    pub is_ctrl: bool,
    /// Shift.
    pub is_shift: bool,
    /// Alt.
    pub is_alt: bool,
    /// The focus is where letters are typed.
    pub is_typing: bool,
}

/// What a key does, wherever the focus is. Lists and trees handle their arrows themselves.
#[must_use]
pub fn shortcut(key: &Key) -> Option<Msg> {
    let name = key.key.as_str();
    if key.is_alt {
        // On a Mac the key writes another letter with Alt.
        let is_format = key.is_shift && !key.is_ctrl && matches!(name, "F" | "f" | "\u{cf}");
        return is_format.then_some(Msg::Wished(Wish::Format));
    }
    if key.is_ctrl {
        return match (name, key.is_shift) {
            ("S" | "s", true) => Some(Msg::OverlayOpened(Overlay::Share)),
            ("o" | "O", false) => Some(Msg::FileWanted),
            (digit, false) => tab_at(digit).map(Msg::TabChosen),
            _ => None,
        };
    }
    let step = if key.is_shift { Step::Previous } else { Step::Next };
    match name {
        "F6" => Some(Msg::PaneStepped(step)),
        "F8" if !key.is_typing => Some(Msg::ProblemStepped(step)),
        "Escape" => Some(Msg::Escaped),
        "?" if !key.is_typing => Some(Msg::OverlayOpened(Overlay::Shortcuts)),
        "/" if !key.is_typing => Some(Msg::SieveWanted),
        "n" | "N" if !key.is_typing => Some(Msg::NearMissSought(step)),
        _ if !key.is_typing => in_timeline(name).map(Msg::Timeline),
        _ => None,
    }
}

/// Keys of the timeline; they do nothing while another tab is open.
fn in_timeline(name: &str) -> Option<TimelineMsg> {
    Some(match name {
        "w" | "W" | "+" | "=" => TimelineMsg::Zoomed { percent: 50, permille: None },
        "s" | "S" | "-" => TimelineMsg::Zoomed { percent: 200, permille: None },
        "a" | "A" => TimelineMsg::Panned { permille: -250 },
        "d" | "D" => TimelineMsg::Panned { permille: 250 },
        "f" | "F" => TimelineMsg::Fitted,
        "t" | "T" => TimelineMsg::TableToggled,
        "." => TimelineMsg::HeadStepped(Step::Next),
        "," => TimelineMsg::HeadStepped(Step::Previous),
        _ => return None,
    })
}

fn tab_at(digit: &str) -> Option<Tab> {
    let at = digit.parse::<usize>().ok()?.checked_sub(1)?;
    Tab::ALL.get(at).copied()
}

/// Keys and what they do, for the dialog. `` ` `` never stands in them.
pub const SHORTCUTS: &[(&[&str], &str)] = &[
    (&["Ctrl 1", "\u{2026}", "Ctrl 5"], "Matches, Tree, Timeline, Rule, Compare"),
    (&["F6", "Shift F6"], "next, previous pane"),
    (&["\u{2191}", "\u{2193}", "Home", "End"], "move in a list, tree or table; the detail follows"),
    (&["Page \u{2191}", "Page \u{2193}"], "a page on in the table of events"),
    (
        &["\u{2190}", "\u{2192}"],
        "close and open a node, or the values of a clause; timeline: mark by mark",
    ),
    (&["Enter"], "choose the event one is on"),
    (&["/"], "filter the list; \u{2190} \u{2192} there go along the clauses"),
    (&["N", "Shift N"], "next, previous near miss"),
    (&[".", ","], "timeline: play-head to the next, previous event"),
    (&["W", "S", "A", "D", "F"], "timeline: zoom in and out, pan, fit"),
    (&["T"], "timeline or its table"),
    (&["Ctrl Space"], "in the rule: what may be written here"),
    (&["Ctrl ."], "the finding at the cursor, with its fixes"),
    (&["Shift Alt F"], "format the rule"),
    (&["F8", "Shift F8"], "next, previous problem"),
    (&["Ctrl O"], "open a file"),
    (&["Ctrl Shift S"], "share"),
    (&["?"], "this list"),
    (&["Esc"], "close what floats"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, mods: &str, is_typing: bool) -> Option<Msg> {
        shortcut(&Key {
            key: key.to_owned(),
            is_ctrl: mods.contains('C'),
            is_shift: mods.contains('S'),
            is_alt: mods.contains('A'),
            is_typing,
        })
    }

    #[test]
    fn letters_act_only_outside_the_editors() {
        assert_eq!(press("n", "", false), Some(Msg::NearMissSought(Step::Next)));
        assert_eq!(press("N", "S", false), Some(Msg::NearMissSought(Step::Previous)));
        assert_eq!(press("n", "", true), None);
        assert_eq!(press("?", "S", true), None);
    }

    #[test]
    fn digits_choose_tabs_that_exist() {
        assert_eq!(press("2", "C", true), Some(Msg::TabChosen(Tab::Tree)));
        assert_eq!(press("9", "C", true), None);
        assert_eq!(press("2", "CA", true), None);
    }

    #[test]
    fn the_rule_is_formatted_from_an_editor() {
        assert_eq!(press("F", "SA", true), Some(Msg::Wished(Wish::Format)));
        assert_eq!(press("f", "A", true), None);
    }

    #[test]
    fn panes_can_be_left_from_an_editor() {
        assert_eq!(press("F6", "S", true), Some(Msg::PaneStepped(Step::Previous)));
        assert_eq!(press("F8", "", true), None, "the editor has its own");
    }
}
