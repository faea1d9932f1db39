//! The bundled field table: names and types of the Elastic Common Schema and of integrations.

use hashbrown::HashMap;
use std::sync::OnceLock;

use crate::ty::Type;

static TEXT: &str = include_str!("fields.txt");

fn table() -> &'static HashMap<&'static str, &'static str> {
    static TABLE: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    TABLE.get_or_init(|| {
        TEXT.lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(' '))
            .flat_map(|(ty, names)| names.split(' ').map(move |name| (name, ty)))
            .collect()
    })
}

/// The type of a field of the table. Without a mapping every JSON string counts as a keyword
/// (spec §3.5), and objects of any kind are told by what they hold; so text and object types of
/// the table say nothing.
pub(super) fn field_type(name: &str) -> Option<Type> {
    match Type::of_mapping(table().get(name)?) {
        Type::Text => Some(Type::String),
        // Nobody says that the field is no `date_nanos`: all digits count.
        Type::Date(_) => Some(Type::date()),
        Type::Inexact | Type::Nested | Type::Unsupported(_) => None,
        ty => Some(ty),
    }
}

/// All names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    table().keys().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_fields_have_their_types() {
        assert_eq!(field_type("process.name"), Some(Type::String));
        assert_eq!(field_type("process.pid"), Some(Type::Integer));
        assert_eq!(field_type("source.ip"), Some(Type::Ip));
        assert_eq!(field_type("@timestamp"), Some(Type::date()));
        assert_eq!(field_type("no.such.field"), None);
        assert!(names().count() > 2_500);
    }
}
