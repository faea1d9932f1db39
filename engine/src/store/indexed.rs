//! Values as the indices of a mapping hold them, where that is not what stands in the documents:
//! numbers rounded to the size of their field, long texts left out, `constant_keyword`, aliases and
//! types that differ from index to index.

use std::borrow::Cow;

use crate::schema::{Held, Mapping};
use crate::store::{Code, Column, Store};
use crate::ty::Type;
use crate::value::{Number, Scalar, Value};

impl Store {
    /// Holds the values as the indices of the mapping do. Every document of a mapping of one index
    /// is of that index; of several, it is of the one it names. A further call begins again with
    /// the values of the documents.
    pub fn hold_as(&mut self, mapping: &Mapping) {
        let mut changed = !self.replaced.is_empty();
        for (id, column) in std::mem::take(&mut self.replaced) {
            if let Some(slot) = self.columns.get_mut(id as usize) {
                *slot = column;
            }
        }
        let of_event = self.indices_of(mapping);
        let mut new = Vec::new();
        for name in mapping.held() {
            let Some(info) = mapping.field(name) else { continue };
            // Most indices of a data stream are alike, and a value need be read once for all of them.
            let mut held: Vec<Option<&Held>> = Vec::new();
            let kinds = mapping.indices().iter().map(|index| {
                let of_index = index.held(name);
                held.iter().position(|known| *known == of_index).unwrap_or_else(|| {
                    held.push(of_index);
                    held.len() - 1
                })
            });
            let kinds: Vec<usize> = kinds.collect();
            let kind_of = |index: &Option<usize>| kinds.get((*index)?).copied();
            let column = self.held_column(name, &info.ty, &held, of_event.iter().map(kind_of));
            new.extend(column.map(|column| (name, column)));
        }
        changed |= !new.is_empty();
        for (name, column) in new {
            let id = self.column_id(name);
            if let Some(slot) = self.columns.get_mut(id as usize) {
                self.replaced.push((id, std::mem::replace(slot, column)));
            }
        }
        if changed {
            self.orders.forget();
        }
    }

    /// Per event the position of its index in the mapping.
    fn indices_of(&self, mapping: &Mapping) -> Vec<Option<usize>> {
        let n = self.n_events();
        if mapping.indices().len() < 2 {
            return vec![Some(0); n as usize];
        }
        let by_code: Vec<Option<usize>> = self
            .indices
            .dictionary()
            .map(|name| {
                let name = name.to_string();
                mapping.indices().iter().position(|index| *index.name == *name)
            })
            .collect();
        let of = |event| *by_code.get(self.indices.codes_of(event).first()?.0 as usize)?;
        (0..n).map(of).collect()
    }

    /// The column of a field; `None` where it is the one that there is. `held` are the kinds of
    /// index, `of_event` says per event which kind its index is.
    fn held_column(
        &self,
        name: &str,
        ty: &Type,
        held: &[Option<&Held>],
        of_event: impl Iterator<Item = Option<usize>>,
    ) -> Option<Column> {
        let own = self.column(name);
        // Per kind of index the column that its values are read from, and what becomes of each of them.
        let sources: Vec<(Option<&Column>, Vec<Option<Value<'_>>>)> = held
            .iter()
            .map(|held| {
                let column = held.map_or(own, |held| self.column(&held.column));
                let values = column.into_iter().flat_map(Column::dictionary);
                let values = values.map(|value| match held {
                    Some(held) => held.value(value, ty),
                    None => Some(value),
                });
                (column, values.collect())
            })
            .collect();
        let same = held.iter().zip(&sources).all(|(held, (_, values))| {
            let is_own = held.is_none_or(|held| *held.column == *name && held.constant.is_none());
            let before = own.into_iter().flat_map(Column::dictionary);
            is_own && before.zip(values).all(|(a, b)| b.as_ref().is_some_and(|b| identical(&a, b)))
        });
        if same {
            return None;
        }
        let mut new = Column::default();
        for (event, kind) in of_event.enumerate() {
            let event = event as u32;
            let held = kind.and_then(|kind| *held.get(kind)?);
            if let Some(constant) = held.and_then(|held| held.constant.as_ref()) {
                new.push(event, &Value::Str(Cow::Borrowed(constant)));
                continue;
            }
            let source = kind.and_then(|kind| sources.get(kind));
            let (column, values) = source.map_or((own, None), |(c, values)| (*c, Some(values)));
            for code in column.map_or(&[][..], |column| column.codes_of(event)) {
                let Code(at) = *code;
                let value = match values {
                    Some(values) => values.get(at as usize).cloned().flatten(),
                    None => column.and_then(|column| column.value(*code)),
                };
                if let Some(value) = value {
                    new.push(event, &value);
                }
            }
        }
        Some(new)
    }
}

/// The same value in the same form.
fn identical(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Num(a), Value::Num(b)) => {
            matches!(a, Number::Float(_)) == matches!(b, Number::Float(_)) && a == b
        }
        _ => a == b,
    }
}

impl Held {
    /// A value of a document as the index holds it; `None` where it does not hold it. `ty` is the
    /// type that the field has over all indices.
    fn value<'v>(&self, value: Value<'v>, ty: &Type) -> Option<Value<'v>> {
        let too_long = |text: &str| {
            self.longest.is_some_and(|most| {
                text.len() > most && text.chars().map(char::len_utf16).sum::<usize>() > most
            })
        };
        if let Value::Str(text) = &value
            && too_long(text)
        {
            return None;
        }
        match Scalar::coerce(&value, &self.ty) {
            Some(Scalar::Num(number)) => self.precision.held(number).map(Value::Num),
            // What is read by the type that it has everywhere needs no other form.
            _ if self.ty == *ty => Some(value),
            Some(Scalar::Date(instant)) => Some(Value::Str(instant.to_string().into())),
            Some(Scalar::Ip(address)) => {
                Some(Value::Str(address.to_canonical().to_string().into()))
            }
            Some(Scalar::Bool(value)) => Some(Value::Bool(value)),
            Some(Scalar::Str(text)) => Some(Value::Str(text.into_owned().into())),
            _ => None,
        }
    }
}
