//! Names like a given one.

/// The candidates within a small edit distance of `name`, nearest first; names are compared
/// without regard to case, dots and underscores are letters like others.
#[must_use]
pub fn nearest<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> Vec<String> {
    let limit = (name.chars().count() / 4).clamp(1, 3);
    let wanted: Vec<char> = name.to_ascii_lowercase().chars().collect();
    let mut found: Vec<(usize, &str)> = candidates
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit)
        .filter(|candidate| are_near_by_parts(name, candidate))
        .map(|candidate| (edit_distance(&wanted, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= limit && candidate != name)
        .collect();
    crate::sort::up(&mut found);
    found.dedup();
    found.into_iter().take(5).map(|(_, candidate)| candidate.to_owned()).collect()
}

/// Is each part between dots like its counterpart? A long beginning makes two short endings no more
/// alike. Names with another number of parts differ by a dot.
fn are_near_by_parts(name: &str, candidate: &str) -> bool {
    let parts = |text: &str| text.bytes().filter(|byte| *byte == b'.').count();
    parts(name) != parts(candidate)
        || name.split('.').zip(candidate.split('.')).all(|(part, other)| {
            let part: Vec<char> = part.to_ascii_lowercase().chars().collect();
            edit_distance(&part, other) <= (part.len() / 3).clamp(1, 3)
        })
}

/// Insertions, deletions, replacements and swaps of neighbours between the two texts
/// (restricted Damerau distance).
fn edit_distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.to_ascii_lowercase().chars().collect();
    let at = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX / 2);
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        (before_last, last) = (last, row);
    }
    at(&last, b.len())
}

/// Is it the word, in other letters or with a slip in it?
#[must_use]
pub fn is_like(name: &str, word: &str) -> bool {
    name.eq_ignore_ascii_case(word) || !nearest(name, std::iter::once(word)).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["process.name", "process.pid", "host.name", "md5", "process.command_line"];
        let near = |name| nearest(name, names.iter().copied());
        assert_eq!(near("process.nmae"), ["process.name"]);
        assert_eq!(near("process.commandline"), ["process.command_line"]);
        assert_eq!(near("md4"), ["md5"]);
        assert!(near("dns.question").is_empty());
        assert!(nearest("process.foo", ["process.io"].into_iter()).is_empty());
        assert_eq!(nearest("process.pdi", ["process.pid"].into_iter()), ["process.pid"]);
    }
}
