//! A text that some patterns match and others do not: the nearest accepting state of the
//! derivatives of one expression, the intersection of what is wanted with the complement of what
//! is not.

use super::Regex;
use super::chars::{self, Class, Classes};
use super::expr::{self, Arena, Expr};
use super::memo::Memo;
use crate::value::Case;

/// Most states that are looked at, and most that the arena may hold meanwhile.
const MAX_STATES: usize = 400;
const MAX_COST: usize = 1 << 14;

/// Characters in the order in which they are liked: whatever else a pattern allows, a text of
/// letters reads best.
const LIKED: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./\\ :=+,@%&\
                     #~()[]{}<>!?;'\"*|$^`";

/// What is known of texts in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// One such text, of the shortest.
    Text(String),
    /// There is none.
    None,
    /// None was found before the search was given up.
    Unknown,
}

/// Texts described by patterns of every kind of the language.
#[derive(Debug)]
pub struct Texts {
    arena: Arena,
    /// What all texts are.
    all: Vec<Expr>,
    /// The alternatives that are being collected.
    any: Vec<Expr>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { arena: Arena::new(), all: Vec::new(), any: Vec::new() }
    }
}

impl Texts {
    /// An alternative: this text, or where `wildcards` a pattern with `*` and `?` (spec §5.2).
    pub fn or_text(&mut self, text: &str, case: Case, wildcards: bool) {
        let expr = self.text(text, case, wildcards, expr::EMPTY_TEXT);
        self.any.push(expr);
    }

    /// An alternative: what begins with this text, ends with it, or holds it.
    pub fn or_around(&mut self, before: bool, text: &str, after: bool, case: Case) {
        let end = if after { expr::EVERYTHING } else { expr::EMPTY_TEXT };
        let mut expr = self.text(text, case, false, end);
        if before {
            expr = self.arena.concat(expr::EVERYTHING, expr);
        }
        self.any.push(expr);
    }

    /// Drops the alternatives that have been collected since the last ones were closed.
    pub fn forget(&mut self) {
        self.any.clear();
    }

    fn text(&mut self, text: &str, case: Case, wildcards: bool, end: Expr) -> Expr {
        let mut expr = end;
        // From the end, so that every concatenation has one piece on its left.
        for c in text.chars().rev() {
            let piece = match c {
                '*' if wildcards => expr::EVERYTHING,
                '?' if wildcards => self.arena.set(vec![chars::ANY]),
                c => self.arena.set(chars::single(c, case)),
            };
            expr = self.arena.concat(piece, expr);
        }
        expr
    }

    /// An alternative: what a regular expression matches.
    pub fn or_regex(&mut self, regex: &Regex) {
        let expr = self.arena.import_other(&regex.program.arena, regex.program.start);
        self.any.push(expr);
    }

    /// An alternative: any text but the empty one.
    pub fn or_some(&mut self) {
        let any = self.arena.set(vec![chars::ANY]);
        let expr = self.arena.concat(any, expr::EVERYTHING);
        self.any.push(expr);
    }

    /// Closes the alternatives: a text must be (or, with `wanted` false, must not be) one of them.
    pub fn close(&mut self, wanted: bool) {
        let parts = std::mem::take(&mut self.any);
        let any = self.arena.union(parts);
        let expr = if wanted { any } else { self.arena.not(any) };
        self.all.push(expr);
    }

    /// A text that is all that was said; breadth first, so one of the shortest; and how many
    /// states were looked at.
    #[must_use]
    pub fn witness(mut self) -> (Witness, usize) {
        let start = self.arena.inter(self.all);
        let classes = Classes::new(&self.arena.sets());
        let letters = letters(&classes);
        // Each state with the one before it and the character between.
        let mut states: Vec<(Expr, usize, char)> = vec![(start, 0, ' ')];
        let mut seen = Memo::default();
        seen.insert(start.0, 0, 0);
        let mut at = 0;
        while let Some((expr, ..)) = states.get(at).copied() {
            if self.arena.nullable(expr) {
                return (Witness::Text(text_to(&states, at)), states.len());
            }
            for (letter, class) in &letters {
                let next = self.arena.derivative(expr, *class, u32::from(*letter));
                if next != expr::NOTHING && seen.get(next.0, 0).is_none() {
                    seen.insert(next.0, 0, 0);
                    states.push((next, at, *letter));
                }
            }
            if states.len() > MAX_STATES || self.arena.cost() > MAX_COST {
                return (Witness::Unknown, states.len());
            }
            at += 1;
        }
        (Witness::None, states.len())
    }
}

/// The characters on the way to a state.
fn text_to(states: &[(Expr, usize, char)], mut at: usize) -> String {
    let mut back = Vec::new();
    while let Some((_, before, letter)) = states.get(at).filter(|_| at > 0) {
        back.push(*letter);
        at = *before;
    }
    back.into_iter().rev().collect()
}

/// The character that stands for each class, liked ones first.
fn letters(classes: &Classes) -> Vec<(char, Class)> {
    let mut letters: Vec<(char, Class)> = Vec::new();
    let samples = (0..classes.count()).filter_map(|class| {
        // The first code point of a class may be half of a pair, which no text holds.
        let sample = classes.sample(Class::try_from(class).ok()?);
        char::from_u32(sample)
    });
    let mut seen = vec![false; classes.count()];
    for letter in LIKED.chars().chain(samples) {
        let class = classes.of(letter);
        if let Some(seen) = seen.get_mut(usize::from(class)).filter(|seen| !**seen) {
            *seen = true;
            letters.push((letter, class));
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn witness(wanted: &[&str], unwanted: &[&str]) -> Witness {
        let mut texts = Texts::default();
        for (patterns, want) in [(wanted, true), (unwanted, false)] {
            for pattern in patterns {
                match pattern.strip_prefix("re:") {
                    Some(pattern) => {
                        texts.or_regex(&Regex::new(&[pattern], Case::Sensitive).unwrap());
                    }
                    None => texts.or_text(pattern, Case::Insensitive, true),
                }
                texts.close(want);
            }
        }
        texts.witness().0
    }

    #[test]
    fn the_shortest_text_in_common_is_found() {
        for (wanted, unwanted, expected) in [
            (&["a*", "*b"][..], &[][..], Some("ab")),
            (&["a*"], &["a"], Some("aa")),
            (&["a?*"], &["aa*", "ab*"], Some("ac")),
            (&["re:[0-9]{3}"], &["0*"], Some("100")),
            (&["re:a~(b*)c"], &["*aac"], Some("acc")),
            (&["re:x+", "re:(xx)*", "re:(xxx)*"], &[""], Some("xxxxxx")),
            (&["a*"], &["*"], None),
            (&["ab", "a"], &[], None),
            (&["re:a|b"], &["a", "b"], None),
            (&["re:<10-12>"], &["10", "11"], Some("12")),
            (&["re:."], &[&LIKED[..1]], Some("b")),
        ] {
            let expected = expected.map_or(Witness::None, |text| Witness::Text(text.into()));
            assert_eq!(witness(wanted, unwanted), expected, "{wanted:?} without {unwanted:?}");
        }
    }

    #[test]
    fn a_hard_question_is_given_up() {
        let hard = "re:.*a.{40}";
        assert_eq!(witness(&[hard, "re:.*b.{40}", "re:.*c.{40}"], &[]), Witness::Unknown);
    }
}
