//! Field name to type, and names like a given one.

mod mapping;
mod table;

use crate::near::nearest;
use crate::ty::Type;
use crate::value::Precision;

pub use mapping::{Held, IndexMapping, Mapping};

/// What is known about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its type.
    pub ty: Type,
    /// The field that holds its values: itself, the target of an alias, or the field a
    /// multi-field belongs to.
    pub column: Box<str>,
    /// How exactly the index holds its numbers.
    pub precision: Precision,
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
        FieldInfo { ty, column: name.into(), precision: Precision::Exact, known_by }
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
