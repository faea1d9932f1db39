//! Relations between the texts and wildcards of leaves: does one hold all that another does, is
//! there a value that fits both?

use std::borrow::Cow;

use crate::span::Span;

/// A text of a leaf, as a set of values.
#[derive(Clone, Debug)]
pub(super) struct Values<'t> {
    /// As written; escapes are resolved.
    pub(super) text: Cow<'t, str>,
    /// Where it stands.
    pub(super) span: Span,
    /// `*` and `?` are wildcards, and there are some.
    pub(super) is_wild: bool,
    /// Letter case does not count.
    pub(super) folds: bool,
}

impl Values<'_> {
    /// A step of a wildcard or a letter: the byte, and whether it stands for others.
    fn at(&self, i: usize) -> Option<(u8, bool)> {
        let byte = *self.text.as_bytes().get(i)?;
        Some((byte, self.is_wild && matches!(byte, b'*' | b'?')))
    }

    /// Does every value of `other` belong to these? False where that takes a closer look.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let letter = |a: u8, b: u8| match (self.folds, other.folds) {
            (true, _) => a.eq_ignore_ascii_case(&b),
            (false, true) => a == b && !a.is_ascii_alphabetic(),
            (false, false) => a == b,
        };
        if !self.is_wild {
            let (a, b) = (self.text.as_bytes(), other.text.as_bytes());
            return !other.is_wild && a.len() == b.len() && same(a, b, letter);
        }
        let (mut p, mut t) = (0, 0);
        let mut retry = None;
        loop {
            let fits = match (self.at(p), other.at(t)) {
                (None, None) => return true,
                (Some((b'*', true)), _) => {
                    p += 1;
                    retry = Some((p, t));
                    continue;
                }
                // Only `*` holds what `*` may stand for.
                (_, Some((b'*', true))) | (None, _) | (_, None) => false,
                (Some((b'?', true)), Some(_)) => true,
                (Some(_), Some((b'?', true))) => false,
                (Some((a, _)), Some((b, _))) => letter(a, b),
            };
            if fits {
                p += 1;
                t += 1;
                continue;
            }
            let Some((after, from)) = retry else { return false };
            if other.at(from).is_none() {
                return false;
            }
            retry = Some((after, from + 1));
            (p, t) = (after, from + 1);
        }
    }

    /// Is there a value that belongs to both?
    pub(super) fn meets(&self, other: &Self) -> bool {
        let folds = self.folds || other.folds;
        let letter = |a: u8, b: u8| a == b || folds && a.eq_ignore_ascii_case(&b);
        let (a, b) = (self.text.as_bytes(), other.text.as_bytes());
        match (self.is_wild, other.is_wild) {
            (false, false) => return a.len() == b.len() && same(a, b, letter),
            // Of one value, to meet is to hold it.
            (true, false) => return wild_meets(self, other, folds),
            (false, true) => return wild_meets(other, self, folds),
            // `?` is one character, which may take several bytes.
            (true, true) if !self.text.is_ascii() || !other.text.is_ascii() => return true,
            (true, true) => {}
        }
        // Most pairs differ before the first wildcard or behind the last.
        let wild = |byte: &u8| matches!(byte, b'*' | b'?');
        let ends = |x: &[u8], y: &[u8], from: fn(&[u8], usize) -> Option<&u8>| {
            for i in 0.. {
                match (from(x, i), from(y, i)) {
                    (Some(x), Some(y)) if wild(x) || wild(y) => return true,
                    (Some(x), Some(y)) if letter(*x, *y) => {}
                    (None, None) => return true,
                    (Some(x), None) | (None, Some(x)) => return wild(x),
                    _ => return false,
                }
            }
            true
        };
        let front = ends(a, b, |text, i| text.get(i));
        let back = front && ends(a, b, |text, i| text.get(text.len().checked_sub(i + 1)?));
        back && self.meets_wild(other, letter)
    }

    /// By table: after each step of the one, the places in the other that can be reached.
    fn meets_wild(&self, other: &Self, letter: impl Fn(u8, u8) -> bool) -> bool {
        let n = other.text.len();
        let star = |step: Option<(u8, bool)>| step == Some((b'*', true));
        let mut reach = vec![false; n + 1];
        let mut first = true;
        for i in 0..=self.text.len() {
            // In row `i`, cell `j`: the first `i` steps here and the first `j` there fit one text.
            let mut row = vec![false; n + 1];
            for j in 0..=n {
                let up = |at: usize| reach.get(at).copied().unwrap_or(false);
                let here = i.checked_sub(1).and_then(|i| self.at(i));
                let there = j.checked_sub(1).and_then(|j| other.at(j));
                let left = j > 0 && row.get(j - 1).copied().unwrap_or(false);
                let fits = match (here, there) {
                    (None, None) => first,
                    _ if star(here) && (up(j) || left) => true,
                    _ if star(there) && (left || up(j)) => true,
                    (Some((a, a_any)), Some((b, b_any))) if !star(here) && !star(there) => {
                        j > 0 && up(j - 1) && (a_any || b_any || letter(a, b))
                    }
                    _ => false,
                };
                if let Some(cell) = row.get_mut(j) {
                    *cell = fits;
                }
            }
            first = false;
            reach = row;
        }
        reach.last().copied().unwrap_or(false)
    }
}

/// A wildcard and a single text, of which either may fold.
fn wild_meets(wild: &Values<'_>, text: &Values<'_>, folds: bool) -> bool {
    let wild = Values { text: Cow::Borrowed(&wild.text), folds, ..*wild };
    let text = Values { text: Cow::Borrowed(&text.text), folds: false, ..*text };
    wild.covers(&text)
}

fn same(a: &[u8], b: &[u8], letter: impl Fn(u8, u8) -> bool) -> bool {
    a.iter().zip(b).all(|(a, b)| letter(*a, *b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pattern::Wildcard;
    use crate::value::Case;

    fn values(text: &str, folds: bool) -> Values<'_> {
        let is_wild = text.contains(['*', '?']);
        Values { text: text.into(), span: Span::empty(0), is_wild, folds }
    }

    #[test]
    fn sets_cover_and_meet() {
        for (a, b, covers, meets) in [
            ("a*", "ab", true, true),
            ("ab", "a*", false, true),
            ("a*", "*b", false, true),
            ("a*", "b*", false, false),
            ("*a", "*b", false, false),
            ("a*c", "a?c", true, true),
            ("a?c", "a*c", false, true),
            ("*", "?*", true, true),
            ("?*", "*", false, true),
            ("a*b*c", "a*c", false, true),
            ("abc", "abc", true, true),
            ("abc", "ABC", false, false),
            ("*x*", "a*b*", false, true),
            ("a?", "a", false, false),
            ("", "", true, true),
            ("", "a", false, false),
        ] {
            assert_eq!(values(a, false).covers(&values(b, false)), covers, "{a} covers {b}");
            assert_eq!(values(a, false).meets(&values(b, false)), meets, "{a} meets {b}");
        }
        assert!(values("abc", true).covers(&values("ABC", false)));
        assert!(!values("abc", false).covers(&values("ABC", true)));
        assert!(values("abc", false).meets(&values("ABC", true)));
        assert!(values("1*", false).covers(&values("12", true)));
    }

    proptest! {
        #[test]
        fn agree_with_the_values_themselves(a in "[ab*?]{0,5}", b in "[aAb*?]{0,5}", fold_a: bool, fold_b: bool) {
            let case = |folds| if folds { Case::Insensitive } else { Case::Sensitive };
            let (x, y) = (Wildcard::new(&a, case(fold_a)), Wildcard::new(&b, case(fold_b)));
            let mut texts = vec![String::new()];
            for at in 0.. {
                let Some(text) = texts.get(at).cloned() else { break };
                if text.len() < 6 {
                    texts.extend(["a", "b", "A"].map(|c| format!("{text}{c}")));
                }
            }
            let (va, vb) = (values(&a, fold_a), values(&b, fold_b));
            let both = texts.iter().any(|text| x.is_match(text) && y.is_match(text));
            // A common text of two short wildcards may be longer than those tried.
            prop_assert!(va.meets(&vb) || !both, "{a} {b}");
            if !(va.is_wild && vb.is_wild) {
                prop_assert_eq!(va.meets(&vb), both, "{} {}", a, b);
            }
            if va.covers(&vb) {
                prop_assert!(texts.iter().all(|text| !y.is_match(text) || x.is_match(text)), "{a} {b}");
            }
        }
    }
}
