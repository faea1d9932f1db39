//! Field name to type, and names like a given one.

mod mapping;
mod table;

use crate::ty::Type;

pub use mapping::Mapping;

/// What is known about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its type.
    pub ty: Type,
    /// The field that holds its values: itself, the target of an alias, or the field a
    /// multi-field belongs to.
    pub column: Box<str>,
    /// Where the type is from.
    pub known_by: KnownBy,
}

/// Sources of types, strongest first (product §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// A mapping the user gave.
    Mapping,
    /// The bundled table of ECS and integration fields.
    Table,
    /// The values of the loaded events.
    Values,
    /// Nothing: no event, mapping or table has the field.
    Nothing,
}

/// What the events themselves say of a field.
pub trait ValueTypes {
    /// The type of the values; `None` where no event has one.
    fn value_type(&self, name: &str) -> Option<Type>;
    /// All fields that have values.
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_>;
    /// The distinct texts of a field, each once.
    fn texts(&self, name: &str) -> Vec<String>;
}

/// The field types of one search.
#[derive(Clone, Copy)]
pub struct Schema<'s> {
    /// The user's mapping; may be empty.
    pub mapping: &'s Mapping,
    /// The loaded events.
    pub values: &'s dyn ValueTypes,
}

impl Schema<'_> {
    /// What is known about a field.
    #[must_use]
    pub fn field(&self, name: &str) -> FieldInfo {
        if let Some(mapped) = self.mapping.field(name) {
            return mapped;
        }
        let in_values = self.values.value_type(name);
        let (ty, known_by) = match (table::field_type(name), in_values) {
            (Some(ty), _) => (ty, KnownBy::Table),
            (None, Some(ty)) => (ty, KnownBy::Values),
            (None, None) => (Type::Null, KnownBy::Nothing),
        };
        FieldInfo { ty, column: name.into(), known_by }
    }

    /// Does any loaded event have a value in the field?
    #[must_use]
    pub fn has_values(&self, info: &FieldInfo) -> bool {
        self.values.value_type(&info.column).is_some()
    }

    /// At most three names like the given one, most alike first: of the events, the mapping and
    /// the table, in this order of trust.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Vec<String> {
        let mut near = nearest(name, self.values.names());
        near.extend(nearest(name, self.mapping.names()));
        if near.is_empty() {
            near = nearest(name, table::names());
        }
        near.dedup();
        near.truncate(3);
        near
    }
}

/// All names of the bundled table.
pub fn table_names() -> impl Iterator<Item = &'static str> {
    table::names()
}

/// The values that ECS allows in `event.category`.
pub const CATEGORIES: [&str; 20] = [
    "api",
    "authentication",
    "configuration",
    "database",
    "driver",
    "email",
    "file",
    "host",
    "iam",
    "intrusion_detection",
    "library",
    "malware",
    "network",
    "package",
    "process",
    "registry",
    "session",
    "threat",
    "vulnerability",
    "web",
];

impl Schema<'_> {
    /// A category that is probably meant by `name`: one of the loaded events or of ECS that is
    /// like it. `None` where the name is one of these itself, or like none.
    #[must_use]
    pub fn meant_category(&self, column: &str, name: &str) -> Option<String> {
        let found = self.values.texts(column);
        let known = || found.iter().map(String::as_str).chain(CATEGORIES);
        if known().any(|category| category == name) {
            return None;
        }
        let same = known().find(|category| category.eq_ignore_ascii_case(name));
        same.map(str::to_owned).or_else(|| nearest(name, known()).into_iter().next())
    }
}

/// The candidates within a small edit distance of `name`, nearest first; names are compared
/// without regard to case, dots and underscores are letters like others.
#[must_use]
pub fn nearest<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> Vec<String> {
    let limit = (name.chars().count() / 4).clamp(1, 3);
    let wanted: Vec<char> = name.to_ascii_lowercase().chars().collect();
    let mut found: Vec<(usize, &str)> = candidates
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit)
        .map(|candidate| (edit_distance(&wanted, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= limit && candidate != name)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(5).map(|(_, candidate)| candidate.to_owned()).collect()
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
    }
}
