//! What is known of every field and of its values, put together once for the loaded events.

use crate::schema::{FieldInfo, KnownBy, Mapping, Schema, ValueTypes, table_names};
use crate::store::{Code, Column, Store};
use crate::ty::Type;
use crate::value::Value;

/// A field that may be named.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: Box<str>,
    /// Its type, in a word.
    pub(super) ty: Type,
    /// Where the type is from.
    pub(super) known_by: KnownBy,
    /// How many events have a value.
    pub(super) events: u32,
}

/// All fields: of the events, of the mapping, of the bundled table.
#[derive(Clone, Debug)]
pub struct Known {
    pub(super) fields: Vec<Field>,
}

impl Known {
    /// Looks at every column once.
    #[must_use]
    pub fn new(store: &Store, mapping: &Mapping) -> Self {
        let schema = Schema { mapping, values: store };
        let mut fields = Vec::new();
        let mut add = |name: &str| {
            let FieldInfo { ty, column, known_by, .. } = schema.field(name);
            let events = store.column(&column).map_or(0, Column::n_events);
            // Objects hold no value, and a field of the table stands for its twin `.text` as well.
            let is_object = matches!(ty, Type::Null | Type::Nested | Type::Unsupported(_));
            let is_twin = known_by == KnownBy::Table
                && name
                    .strip_suffix(".text")
                    .is_some_and(|name| schema.field(name).known_by == KnownBy::Table);
            if events > 0 || !(is_object || is_twin || name.is_empty()) {
                fields.push(Field { name: name.into(), ty, known_by, events });
            }
        };
        store.names().for_each(&mut add);
        let is_new = |name: &&str| store.known_column(name).is_none();
        mapping.names().filter(is_new).for_each(&mut add);
        let is_new = |name: &&str| is_new(name) && mapping.field(name).is_none();
        table_names().filter(is_new).for_each(&mut add);
        Self { fields }
    }
}

/// How many texts of a column are searched for what was typed; those that begin with it are found
/// among all.
const SEARCHED_BYTES: usize = 200_000;

/// The most frequent values of a column that are like `typed`, with the number of events that have
/// each: those that begin with it first.
pub(super) fn top_values<'c>(
    column: &'c Column,
    typed: &str,
    limit: usize,
) -> Vec<(Value<'c>, u32)> {
    let (counts, _) = column.counts();
    let mut budget = SEARCHED_BYTES;
    let by_code = |a: u32, b: u32| a < b;
    let mut best = Best::new(limit, &by_code);
    for (code, &count) in (0..).zip(&counts) {
        let class = match column.value(Code(code)) {
            _ if typed.is_empty() => Some(0),
            Some(Value::Str(text)) => like(&text, typed, &mut budget),
            Some(value) => like(&value.to_string(), typed, &mut budget),
            None => None,
        };
        if let Some(class) = class.filter(|_| count > 0) {
            best.add(u64::from(class) << 32 | u64::from(u32::MAX - count), code);
        }
    }
    let value = |(key, code): (u64, u32)| Some((column.value(Code(code))?, u32::MAX - key as u32));
    best.found.into_iter().filter_map(value).collect()
}

/// The few best of many, without sorting them all: the smallest keys first.
pub(super) struct Best<'b> {
    limit: usize,
    is_before: &'b dyn Fn(u32, u32) -> bool,
    /// Keys with what they are of.
    pub(super) found: Vec<(u64, u32)>,
}

impl<'b> Best<'b> {
    /// At most `limit`; `is_before` orders what has the same key.
    pub(super) fn new(limit: usize, is_before: &'b dyn Fn(u32, u32) -> bool) -> Self {
        Self { limit, is_before, found: Vec::new() }
    }

    /// Takes one into account.
    pub(super) fn add(&mut self, key: u64, id: u32) {
        let is_less = |it: &(u64, u32)| it.0 < key || it.0 == key && (self.is_before)(it.1, id);
        if self.found.len() == self.limit && self.found.last().is_none_or(is_less) {
            return;
        }
        let at = self.found.partition_point(is_less);
        self.found.insert(at, (key, id));
        self.found.truncate(self.limit);
    }
}

/// 0 where the text begins with what was typed, 1 where it holds it; letter case does not count.
fn like(text: &str, typed: &str, budget: &mut usize) -> Option<u8> {
    if begins(text, typed) {
        return Some(0);
    }
    *budget = budget.saturating_sub(text.len());
    (*budget > 0 && holds(text, typed)).then_some(1)
}

/// Does the text begin with `typed`, without regard to the case of ASCII letters?
pub(super) fn begins(text: &str, typed: &str) -> bool {
    text.as_bytes()
        .get(..typed.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(typed.as_bytes()))
}

/// Does the text hold `typed`, without regard to the case of ASCII letters?
pub(super) fn holds(text: &str, typed: &str) -> bool {
    let typed = typed.as_bytes();
    typed.is_empty()
        || text.as_bytes().windows(typed.len()).any(|it| it.eq_ignore_ascii_case(typed))
}

/// How well a field's name fits what was typed: 0 the name itself, 1 it begins so, 2 one of its parts
/// does, and so on part by part (`par.na` for `process.parent.name`), 3 it holds it, without regard
/// to the marks between words.
pub(super) fn fits(name: &str, typed: &str) -> Option<u8> {
    if begins(name, typed) {
        return Some(u8::from(name.len() != typed.len()));
    }
    let mut starts = name.match_indices('.').map(|(at, _)| name.get(at + 1..).unwrap_or_default());
    let by_parts = |rest: &str| {
        let mut parts = rest.split('.');
        typed.split('.').all(|typed| parts.next().is_some_and(|part| begins(part, typed)))
    };
    if by_parts(name) || starts.any(by_parts) {
        return Some(2);
    }
    (holds(name, typed) || holds_loosely(name, typed)).then_some(3)
}

/// Does the name hold what was typed, whatever marks stand between the words? `cmdline` is
/// `process.command_line`.
fn holds_loosely(name: &str, typed: &str) -> bool {
    let squeezed = |text: &str| text.replace(['_', '.'], "");
    let typed = squeezed(&typed.to_ascii_lowercase());
    // Fewer letters stand in too many names.
    typed.len() >= 4 && holds(&squeezed(name), &typed.replacen("cmd", "command", 1))
}
