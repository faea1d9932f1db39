//! An Elasticsearch mapping, as `GET /_mapping` answers it or as an index template holds it.

use hashbrown::HashMap;

use crate::json::{Mistake, Tree};
use crate::schema::{FieldInfo, KnownBy};
use crate::sort;
use crate::time::DateFormats;
use crate::ty::Type;
use crate::value::{Number, Precision};

/// Field types a user gave. Empty by default.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    fields: HashMap<Box<str>, FieldInfo>,
    indices: Vec<IndexMapping>,
    /// Fields of which some index holds other values than stand in the documents, or other ones
    /// than the rest; sorted.
    held: Vec<Box<str>>,
}

/// The mapping of one index.
#[derive(Clone, Debug, Default)]
pub struct IndexMapping {
    /// Its name; empty where the text names none.
    pub name: Box<str>,
    fields: HashMap<Box<str>, Held>,
}

/// What an index makes of the values of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The field's type in this index.
    pub ty: Type,
    /// How exactly it holds numbers.
    pub precision: Precision,
    /// Where its values stand in the documents: in the field itself, in the target of an alias, or
    /// in the field that a multi-field belongs to.
    pub column: Box<str>,
    /// The one value of every document (`constant_keyword`).
    pub constant: Option<Box<str>>,
    /// Longest text that is held, in UTF-16 units (`ignore_above`).
    pub longest: Option<usize>,
    /// An alias of `column`.
    is_alias: bool,
}

impl IndexMapping {
    /// What the index makes of the values of a field; `None` where it does not map it.
    #[must_use]
    pub fn held(&self, name: &str) -> Option<&Held> {
        self.fields.get(name)
    }

    fn insert(&mut self, name: &str, held: Held) {
        self.fields.insert(name.into(), held);
    }

    fn properties(&mut self, properties: &[(String, Tree)], prefix: &str, below_nested: bool) {
        for (key, field) in properties {
            let name = format!("{prefix}{key}");
            let ty = field.text("type");
            if let Some(Tree::Object(inner)) = field.get("properties") {
                let nested = below_nested || ty == Some("nested");
                if nested {
                    self.insert(&name, Held { ty: Type::Nested, ..held(field, &name) });
                }
                self.properties(inner, &format!("{name}."), nested);
                continue;
            }
            if let ("alias", Some(path)) = (ty.unwrap_or("object"), field.text("path")) {
                let alias = Held { ty: Type::Null, is_alias: true, ..held(field, path) };
                self.insert(&name, alias);
                continue;
            }
            let mut of_field = held(field, &name);
            let is_text = of_field.ty == Type::Text;
            for (sub, definition) in field.get("fields").map(Tree::members).unwrap_or_default() {
                let of_sub = held(definition, &name);
                if is_text && of_sub.ty.is_text() {
                    // The exact sub-field is used silently; of two, neither (spec §3.5).
                    let ty = if of_field.ty == Type::Text { Type::String } else { Type::Inexact };
                    of_field = Held { ty, longest: of_sub.longest, ..of_field };
                }
                self.insert(&format!("{name}.{sub}"), of_sub);
            }
            if below_nested {
                of_field.ty = Type::Nested;
            }
            self.insert(&name, of_field);
        }
    }

    /// Aliases get all of their targets but the name.
    fn resolve(&mut self) {
        let aliases: Vec<(Box<str>, Held)> = self
            .fields
            .iter()
            .filter(|(_, held)| held.is_alias)
            .map(|(name, alias)| {
                let target = self.fields.get(&alias.column).filter(|target| !target.is_alias);
                let target = target.cloned().unwrap_or(Held { ty: Type::String, ..alias.clone() });
                (name.clone(), Held { is_alias: true, ..target })
            })
            .collect();
        self.fields.extend(aliases);
    }
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
        if !mapping.find(&json, "", 0) {
            return Err("expected an object with `properties`".into());
        }
        mapping.merge();
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

    /// The mapping of each index, in the order of the text.
    #[must_use]
    pub fn indices(&self) -> &[IndexMapping] {
        &self.indices
    }

    /// The fields whose values an index may hold in another form than the documents have them.
    pub fn held(&self) -> impl Iterator<Item = &str> {
        self.held.iter().map(AsRef::as_ref)
    }

    /// Looks for `properties` on this level, under `mappings`, or under index names.
    fn find(&mut self, json: &Tree, name: &str, depth: u8) -> bool {
        if depth >= 3 {
            return false;
        }
        if let Some(properties @ Tree::Object(_)) = json.get("properties") {
            let mut index = IndexMapping { name: name.into(), fields: HashMap::new() };
            index.properties(properties.members(), "", false);
            index.resolve();
            self.indices.push(index);
            return true;
        }
        if let Some(mappings) = json.get("mappings") {
            return self.find(mappings, name, depth + 1);
        }
        let mut any = false;
        for (name, index) in json.members() {
            any |= self.find(index, name, depth + 1);
        }
        any
    }

    /// Lays the mappings of the indices over each other.
    fn merge(&mut self) {
        let mut all: Vec<&str> =
            self.indices.iter().flat_map(|index| index.fields.keys()).map(AsRef::as_ref).collect();
        sort::up(&mut all);
        all.dedup();
        let (mut fields, mut to_hold) = (HashMap::new(), Vec::new());
        for name in all {
            let each: Vec<&Held> =
                self.indices.iter().filter_map(|index| index.held(name)).collect();
            let Some((first, rest)) = each.split_first() else { continue };
            let ty = rest.iter().fold(first.ty.clone(), |ty, held| merged(ty, &held.ty));
            let same = |what: &dyn Fn(&Held) -> bool| each.iter().all(|held| what(held));
            let precision = same(&|held| held.precision == first.precision);
            let everywhere = each.len() == self.indices.len();
            // Where an alias is something else in another index, its values are copied.
            let one_column =
                same(&|held| held.column == first.column) && (everywhere || !first.is_alias);
            let is_sub_field = same(&|held| !held.is_alias && *held.column != *name);
            let plain = same(&|held| {
                held.constant.is_none()
                    && held.longest.is_none()
                    && matches!(held.precision, Precision::Exact)
                    && held.ty == ty
            });
            if !is_sub_field && (!one_column || !plain && !first.is_alias) {
                to_hold.push(name.into());
            }
            let info = FieldInfo {
                ty,
                column: if one_column { first.column.clone() } else { name.into() },
                precision: if precision { first.precision } else { Precision::Exact },
                known_by: KnownBy::Mapping,
            };
            fields.insert(name.into(), info);
        }
        self.fields = fields;
        self.held = to_hold;
    }
}

/// The type of a field that has these in two indices. Elasticsearch refuses a field of two
/// families; here each value is compared with literals of its own (spec §3.6).
fn merged(a: Type, b: &Type) -> Type {
    let refused =
        |ty: &Type| matches!(ty, Type::Text | Type::Inexact | Type::Nested | Type::Unsupported(_));
    match (&a, b) {
        (a, b) if a == b => b.clone(),
        // Indices may write the dates of one field in different ways.
        (Type::Date(a), Type::Date(b)) => Type::Date(a.with(b)),
        (a, b) if a.is_text() && b.is_text() => Type::String,
        (a, _) if refused(a) => a.clone(),
        (_, b) if refused(b) => b.clone(),
        _ => Type::Mixed,
    }
}

/// A mistake with its line and column, from 1, in bytes.
fn placed(text: &str, mistake: &Mistake) -> String {
    let before = text.get(..mistake.at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
    format!("{} at line {line} column {column}", mistake.reason)
}

/// What an index makes of a field by its definition; `column` is where its values stand.
fn held(definition: &Tree, column: &str) -> Held {
    let name = definition.text("type").unwrap_or("object");
    let mut ty = Type::of_mapping(name);
    if let (Type::Date(formats), Some(text)) = (&mut ty, definition.text("format")) {
        *formats = DateFormats::parse(text).as_fine_as(formats);
    }
    if ty == Type::String && definition.get("normalizer").is_some() {
        ty = Type::Inexact;
    }
    let number = |key: &str| definition.text(key).and_then(Number::parse);
    let whole = |bits, signed| Precision::Whole { bits, signed };
    let precision = match name {
        "byte" => whole(8, true),
        "short" => whole(16, true),
        "integer" => whole(32, true),
        "long" => whole(64, true),
        "unsigned_long" => whole(64, false),
        "float" => Precision::Single,
        "half_float" => Precision::Half,
        "scaled_float" => number("scaling_factor")
            .map_or(Precision::Exact, |factor| Precision::Scaled(factor.to_f64().to_bits())),
        _ => Precision::Exact,
    };
    let constant = definition.text("value").filter(|_| name == "constant_keyword");
    Held {
        ty,
        precision,
        column: column.into(),
        constant: constant.map(Into::into),
        longest: number("ignore_above").and_then(|n| usize::try_from(n.to_i128()).ok()),
        is_alias: false,
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
