//! An Elasticsearch mapping, as `GET /_mapping` answers it or as an index template holds it.

use hashbrown::HashMap;

use crate::json::{Mistake, Tree};
use crate::schema::{FieldInfo, KnownBy};
use crate::time::DateFormats;
use crate::ty::Type;

/// Field types a user gave. Empty by default.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    fields: HashMap<Box<str>, FieldInfo>,
}

impl Mapping {
    /// Reads mapping JSON: `{index: {"mappings": …}}`, `{"mappings": …}` or `{"properties": …}`.
    /// The mappings of several indices are laid over each other.
    ///
    /// # Errors
    /// In words, where the text is not JSON or holds no `properties`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let json = Tree::parse(text).map_err(|mistake| placed(text, &mistake))?;
        let mut mapping = Self::default();
        let mut aliases = Vec::new();
        if !mapping.find(&json, 0, &mut aliases) {
            return Err("expected an object with `properties`".into());
        }
        for (name, target) in aliases {
            let info = mapping.fields.get(target.as_str()).cloned();
            let info = info.unwrap_or(FieldInfo {
                ty: Type::String,
                column: target.into(),
                known_by: KnownBy::Mapping,
            });
            mapping.fields.insert(name.into(), info);
        }
        Ok(mapping)
    }

    /// What the mapping says of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<FieldInfo> {
        self.fields.get(name).cloned()
    }

    /// All its fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(AsRef::as_ref)
    }

    /// True where no field is mapped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Looks for `properties` on this level, under `mappings`, or under index names.
    fn find(&mut self, json: &Tree, depth: u8, aliases: &mut Vec<(String, String)>) -> bool {
        if depth >= 3 {
            return false;
        }
        if let Some(properties @ Tree::Object(_)) = json.get("properties") {
            self.properties(properties.members(), "", false, aliases);
            return true;
        }
        if let Some(mappings) = json.get("mappings") {
            return self.find(mappings, depth + 1, aliases);
        }
        let mut any = false;
        for (_, index) in json.members() {
            any |= self.find(index, depth + 1, aliases);
        }
        any
    }

    fn properties(
        &mut self,
        properties: &[(String, Tree)],
        prefix: &str,
        below_nested: bool,
        aliases: &mut Vec<(String, String)>,
    ) {
        for (key, field) in properties {
            let name = format!("{prefix}{key}");
            let ty = field.text("type");
            if let Some(Tree::Object(inner)) = field.get("properties") {
                let nested = below_nested || ty == Some("nested");
                if nested {
                    self.insert(&name, &name, Type::Nested);
                }
                self.properties(inner, &format!("{name}."), nested, aliases);
                continue;
            }
            if let ("alias", Some(path)) = (ty.unwrap_or("object"), field.text("path")) {
                aliases.push((name, path.to_owned()));
                continue;
            }
            let mut family = family_of(field);
            if let (Type::Date(formats), Some(text)) = (&mut family, field.text("format")) {
                *formats = DateFormats::parse(text);
            }
            let is_text = family == Type::Text;
            for (sub, definition) in field.get("fields").map(Tree::members).unwrap_or_default() {
                let sub_family = family_of(definition);
                if is_text && sub_family == Type::String {
                    // The exact sub-field is used silently; of two, neither (spec §3.5).
                    family = if family == Type::Text { Type::String } else { Type::Inexact };
                }
                self.insert(&format!("{name}.{sub}"), &name, sub_family);
            }
            let family = if below_nested { Type::Nested } else { family };
            self.insert(&name, &name, family);
        }
    }

    fn insert(&mut self, name: &str, column: &str, mut ty: Type) {
        // Indices may write the dates of one field in different ways.
        if let (Some(Type::Date(before)), Type::Date(formats)) =
            (self.fields.get(name).map(|info| &info.ty), &mut ty)
            && before != formats
        {
            *formats = before.with(formats);
        }
        let info = FieldInfo { ty, column: column.into(), known_by: KnownBy::Mapping };
        self.fields.insert(name.into(), info);
    }
}

/// A mistake with its line and column, from 1, in bytes.
fn placed(text: &str, mistake: &Mistake) -> String {
    let before = text.get(..mistake.at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
    format!("{} at line {line} column {column}", mistake.reason)
}

/// The family of a field by its definition.
fn family_of(definition: &Tree) -> Type {
    match Type::of_mapping(definition.text("type").unwrap_or("object")) {
        Type::String if definition.get("normalizer").is_some() => Type::Inexact,
        family => family,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_of_every_shape_are_read() {
        let properties = r#"{"properties": {
            "event": {"properties": {"category": {"type": "alias", "path": "event_type"}}},
            "event_type": {"type": "keyword"},
            "hostname": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
            "message": {"type": "text"},
            "lower": {"type": "keyword", "normalizer": "lowercase"},
            "many": {"type": "text", "fields": {"a": {"type": "keyword"}, "b": {"type": "wildcard"}}},
            "one": {"type": "text", "fields": {
                "a": {"type": "keyword"}, "b": {"type": "keyword", "normalizer": "lowercase"}
            }},
            "dll": {"type": "nested", "properties": {"path": {"type": "keyword"}}},
            "place": {"type": "geo_point"}
        }}"#;
        for text in [
            properties.to_owned(),
            format!(r#"{{"mappings": {properties}}}"#),
            format!(r#"{{"logs": {{"mappings": {properties}}}}}"#),
        ] {
            let mapping = Mapping::parse(&text).unwrap();
            let of = |name: &str| {
                let info = mapping.field(name).unwrap();
                (info.ty, info.column.to_string())
            };
            assert_eq!(of("event.category"), (Type::String, "event_type".into()));
            assert_eq!(of("hostname"), (Type::String, "hostname".into()));
            assert_eq!(of("hostname.keyword"), (Type::String, "hostname".into()));
            assert_eq!(of("message").0, Type::Text);
            assert_eq!((of("lower").0, of("many").0), (Type::Inexact, Type::Inexact));
            assert_eq!((of("one").0, of("one.b").0), (Type::String, Type::Inexact));
            assert_eq!(of("dll.path").0, Type::Nested);
            assert_eq!(of("place").0, Type::Unsupported("geo_point".into()));
        }
        assert!(Mapping::parse("[]").is_err() && Mapping::parse("{").is_err());
    }
}
