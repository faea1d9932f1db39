//! What is kept of the visitor's work between visits.

use std::rc::Rc;

/// A rule text, an events text, and a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The rule, as it stood.
    pub rule: Rc<str>,
    /// The events, as they stood.
    pub events: Rc<str>,
    /// The mapping; usually empty.
    pub mapping: Rc<str>,
    /// The version of the rule to compare with, where the visitor set one; usually empty.
    pub baseline: Rc<str>,
}

impl Draft {
    /// True where there is nothing but blanks.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.rule, &self.events, &self.mapping].into_iter().all(|text| text.trim().is_empty())
    }
}

/// What the browser's store held for us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stored {
    /// Nothing: a first visit.
    #[default]
    Nothing,
    /// The last draft.
    Draft(Draft),
    /// Something that is no draft; it was set aside. In words, why.
    Broken(String),
    /// The browser refuses the store. In words, why.
    Refused(String),
}

/// Names the place where edits on an opened link are kept: a 64-bit FNV-1a hash of the
/// fragment, so that the key stays short however long the link is.
#[must_use]
pub fn link_key(fragment: &str) -> String {
    let hash = fragment.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("eqlens.link.{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_keys_are_short_and_differ() {
        let (one, two) = (link_key("#v0.a"), link_key("#v0.b"));
        assert_ne!(one, two);
        assert_eq!(one.len(), "eqlens.link.".len() + 16);
        assert_eq!(one, link_key("#v0.a"));
    }
}
