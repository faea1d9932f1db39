//! Sets of characters, and the classes of characters that no pattern tells apart.

use super::memo::Memo;
use crate::value::Case;

/// Code points from the first to the second, both included.
pub(super) type Range = (u32, u32);

/// Every code point there is.
pub(super) const ANY: Range = (0, LAST);

const LAST: u32 = char::MAX as u32;

/// The ranges of `\d`, `\w` and `\s` (spec §5.13); none for other letters.
pub(super) fn predefined(letter: char) -> Option<&'static [Range]> {
    Some(match letter {
        'd' => &[(0x30, 0x39)],
        'w' => &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)],
        's' => &[(0x09, 0x0a), (0x0d, 0x0d), (0x20, 0x20)],
        _ => return None,
    })
}

/// Sorts few items. The sort of the standard library is much longer, once for each type.
fn sort<T: Ord>(items: &mut [T]) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && items.get(at - 1) > items.get(at) {
            items.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// One character, and its other case if case does not count (spec §5.16).
#[inline(never)]
pub(super) fn single(c: char, case: Case) -> Vec<Range> {
    let range = |c: char| (u32::from(c), u32::from(c));
    match case {
        Case::Insensitive if c.is_ascii_alphabetic() => {
            vec![range(c.to_ascii_uppercase()), range(c.to_ascii_lowercase())]
        }
        _ => vec![range(c)],
    }
}

/// The one form of a set: ranges sorted, apart from each other, none adjacent.
#[inline(never)]
pub(super) fn normal(mut ranges: Vec<Range>) -> Vec<Range> {
    sort(&mut ranges);
    ranges.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1.saturating_add(1);
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
    ranges
}

/// Every code point that is not in the set. Takes and gives the normal form.
#[inline(never)]
pub(super) fn negated(ranges: &[Range]) -> Vec<Range> {
    let mut from = 0;
    let mut gaps = Vec::new();
    for (first, last) in ranges {
        if from < *first {
            gaps.push((from, first - 1));
        }
        from = last + 1;
    }
    if from <= LAST {
        gaps.push((from, LAST));
    }
    gaps
}

/// The code points that are in both sets. Takes and gives the normal form.
#[inline(never)]
pub(super) fn both(a: &[Range], b: &[Range]) -> Vec<Range> {
    let mut outside = negated(a);
    outside.extend(negated(b));
    negated(&normal(outside))
}

/// Is the code point in the set, which is in normal form?
#[inline(never)]
pub(super) fn contains(ranges: &[Range], point: u32) -> bool {
    let at = ranges.partition_point(|(_, last)| *last < point);
    ranges.get(at).is_some_and(|(first, _)| *first <= point)
}

/// A class: characters that are in the same sets of a pattern, so that all of them lead from a
/// state to the same state.
pub(super) type Class = u16;

/// The classes of a pattern.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    ascii: [Class; 128],
    /// Where a stretch of one class begins; sorted, the first at 0.
    starts: Vec<(u32, Class)>,
    /// One code point of each class.
    samples: Vec<u32>,
}

impl Classes {
    /// The classes that the sets make; each set is in normal form.
    pub(super) fn new(sets: &[&[Range]]) -> Self {
        let mut bounds = vec![0];
        for (first, last) in sets.iter().copied().flatten() {
            bounds.extend([*first, last + 1]);
        }
        sort(&mut bounds);
        bounds.dedup();
        bounds.retain(|point| *point <= LAST);
        // One class at first; each set splits each class into what it holds and what it does not.
        let mut starts: Vec<_> = bounds.into_iter().map(|point| (point, 0)).collect();
        let mut samples = vec![0];
        for set in sets {
            let mut split = Memo::default();
            samples.clear();
            for (point, class) in &mut starts {
                let (old, holds) = (u32::from(*class), u32::from(contains(set, *point)));
                let new = split.get(old, holds).unwrap_or_else(|| {
                    // A pattern has at most 1000 characters and so far less than 65,536 classes.
                    let new = samples.len() as u32;
                    samples.push(*point);
                    split.insert(old, holds, new);
                    new
                });
                *class = Class::try_from(new).unwrap_or(Class::MAX);
            }
        }
        let mut classes = Self { ascii: [0; 128], starts, samples };
        let ascii = std::array::from_fn(|byte| classes.search(byte as u32));
        classes.ascii = ascii;
        classes
    }

    /// The class of a character.
    pub(super) fn of(&self, c: char) -> Class {
        match self.ascii.get(c as usize) {
            Some(class) => *class,
            None => self.search(c.into()),
        }
    }

    /// How many classes there are: at least one.
    pub(super) fn count(&self) -> usize {
        self.samples.len()
    }

    /// A code point of the class.
    pub(super) fn sample(&self, class: Class) -> u32 {
        self.samples.get(usize::from(class)).copied().unwrap_or_default()
    }

    fn search(&self, point: u32) -> Class {
        let after = self.starts.partition_point(|(start, _)| *start <= point);
        after.checked_sub(1).and_then(|at| self.starts.get(at)).map_or(0, |(_, class)| *class)
    }
}
